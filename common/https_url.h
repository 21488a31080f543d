/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HTTPS_URL_H
#define HTTPS_URL_H

/*
 * URLs of the https scheme (RFC 9110 section 4.2.2), as narrow as our own use of them: no user
 * information, no fragment, nothing but printable ASCII, so that no two readers of one can take
 * different hosts out of it.
 */

#include "str.h"

struct https_url {
	const char *host; /* a name, or an address without its brackets */
	unsigned port;
	bool bracketed; /* the host stands in brackets: an IPv6 address */
};

/*
 * Takes `text` apart. False with the end of a sentence in `error`, of which the URL is the
 * beginning.
 */
bool https_url_parse(
    struct arena *arena, const char *text, struct https_url *url, struct str *error);

#endif
