/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

/*
 * Parsers of what an SMTP or LMTP server says: bytes in, struct out, no I/O. RFC 5321 section 4.2.
 */

#include "result.h"

/* Limits of one reply. */
enum { SMTP_REPLY_LINES = 1000, SMTP_REPLY_BYTES = 1 << 20 };

struct smtp_reply {
	unsigned code;     /* 200 to 599 */
	struct list lines; /* the text of each line, without code and separator */
	struct str whole;  /* all lines as they came, separated by \n */
};

enum smtp_reply_status { SMTP_REPLY_DONE, SMTP_REPLY_MORE, SMTP_REPLY_BROKEN };

/* An empty reply, to be fed. */
struct smtp_reply smtp_reply_new(struct arena *arena);

/*
 * Adds one line, without its line end. BROKEN, with a sentence in `*why`, for what is no reply
 * line, has another code than the lines before, or goes beyond the limits.
 */
enum smtp_reply_status smtp_reply_feed(struct smtp_reply *reply, slice line, const char **why);

/*
 * The name that the server gave to an accepted message, from the text of its last reply line, in
 * the wordings of Postfix, Exim, Sendmail, OpenSMTPD, Exchange, Courier, qmail, Dovecot and Gmail.
 * Missing when it says none.
 */
slice smtp_queue_id(slice text);

/*
 * A capability line's keyword ("AUTH" of "AUTH PLAIN LOGIN" and of the old "AUTH=PLAIN"), and the
 * rest.
 */
slice smtp_keyword(slice capability, slice *parameters);

#endif
