/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HTTPS_H
#define HTTPS_H

/*
 * One request over HTTPS, by libcurl, which is loaded when the first one is made: a check that
 * makes none does not pay for it, and a static build has none. The certificate is verified whatever
 * --insecure says, against the CAs of --ca-file and --ca-path, else the system's. Redirects are not
 * followed, proxies of the environment not used, and a reply must say where its body ends.
 */

#include "conn.h"

enum {
	HTTPS_BODY_MAX = 65536,
	HTTPS_FIELDS_MAX = 100,   /* header fields, those of interim replies included */
	HTTPS_HEADER_MAX = 65536, /* bytes of them */
};

struct https_request {
	const char *url;    /* one that https_url_parse() takes */
	struct list fields; /* "Name: value" */
	slice form;         /* of a POST: application/x-www-form-urlencoded */
};

/* In the session's arena. */
struct https_reply {
	unsigned status;
	slice type; /* of its content, with parameters; missing where it does not say */
	slice body;
};

/*
 * Makes the request and waits for the whole reply, whatever its status. The phase that it belongs
 * to runs already. False: a finding was recorded (`timeout`, or `local`: no libcurl), or `why` has
 * a sentence without a secret: what is wrong with the other side, for the caller to say.
 */
bool https_get(struct session *s, const struct https_request *request, struct https_reply *reply,
    struct str *why);
bool https_post(struct session *s, const struct https_request *request, struct https_reply *reply,
    struct str *why);

#endif
