/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OAUTH_REPLY_H
#define OAUTH_REPLY_H

/* What a token endpoint answers: RFC 6749 sections 5.1 and 5.2, in JSON (RFC 8259). No I/O. */

#include "str.h"

enum { OAUTH_DEPTH_MAX = 16 }; /* of members that are passed over */

/* Members that are missing, or null, have a NULL `at`. All of it raw, in the arena. */
struct oauth_reply {
	slice access_token, token_type, refresh_token;
	slice error, description;
	bool limited; /* it says how long the token lives */
	uint64_t expires_in;
};

/*
 * Reads an object; members that we do not know may hold anything. False, and `*reply` untouched,
 * when it is not JSON, no object, or has a member of ours twice or of another type. (expires_in may
 * be a number in a string, as some endpoints have it; a fraction is cut off it.)
 */
bool oauth_reply_parse(struct arena *arena, slice json, struct oauth_reply *reply);

#endif
