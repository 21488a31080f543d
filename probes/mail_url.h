/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MAIL_URL_H
#define MAIL_URL_H

/*
 * Where mail is submitted or fetched, as a URL: SCHEME://[USER@]HOST[:PORT][/MAILBOX] (RFC 3986;
 * RFC 5092 for imap, RFC 2384 for pop3). A password has no place in it.
 */

#include "probe_opts.h"

enum mail_protocol { MAIL_SMTP, MAIL_LMTP, MAIL_IMAP, MAIL_POP3 };

struct mail_url {
	enum mail_protocol protocol;
	enum tls_mode tls;
	unsigned port;
	const char *host; /* an address of IPv6 has its brackets */
	const char *user; /* NULL where there is none */
	slice mailbox;    /* missing where there is none */
};

/* False with a sentence in `error`, which does not repeat what may be a password. */
bool mail_url_parse(struct arena *arena, const char *text, struct mail_url *url, struct str *error);

#endif
