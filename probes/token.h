/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TOKEN_H
#define TOKEN_H

/*
 * What tells a test message of ours from all other mail: a token in its Message-ID and in a field
 * of its own, signed with HMAC-SHA256 (RFC 2104), so that nobody can make one without the key.
 *
 *     mp1-INSTANCE-SEQUENCE-SENT-UNTIL-BODY-SIGNATURE
 *
 * in hexadecimal; BODY and SIGNATURE being the first 64 and 128 bits of the body's digest and of
 * the HMAC over all that stands before it.
 */

#include <time.h>

#include "str.h"

struct token {
	uint64_t instance; /* who has sent it */
	uint64_t sequence;
	time_t sent;
	time_t until;  /* its run is over then, whatever happens */
	uint64_t body; /* digest: token_digest() */
};

/* The text of a token, in the arena. */
slice token_make(struct arena *arena, slice key, const struct token *token);

/*
 * Finds the token in the value of a field, "<mp1-...@example.org>" or bare. False where there is
 * none that the key has signed. Takes the same time wherever a forged signature is wrong.
 */
bool token_read(slice key, slice value, struct token *token);

/* What every token of an instance begins with: for searching. */
slice token_prefix(struct arena *arena, uint64_t instance);

/*
 * The digest of a body: of its lines, whatever ends them, without the empty ones at its end, which
 * mail systems add and take.
 */
uint64_t token_digest(slice body);

/* An instance that is the same for all who have the key. */
uint64_t token_instance(slice key);

#endif
