/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARRIVED_H
#define ARRIVED_H

/*
 * A message as it arrived: what its header tells of the way that it took, and who stamped what on
 * it. Bytes in, struct out, no I/O: RFC 5322 (fields, folding, comments), RFC 5321 section 4.4
 * (Received), RFC 8601 (Authentication-Results), RFC 3464 (delivery status notifications).
 *
 * All of it was written by strangers. What has no form that we know is left out, never guessed
 * and never an error: only the message itself may be broken (arrived_parse() is false). Slices
 * point into the message, into the arena, or to constants; those of the message are as they stand
 * there, with any octet.
 */

#include <time.h>

#include "str.h"

/*
 * Limits. Of more hops the newest count, which the hosts next to us stamped. A longer field is as
 * if it were not there; a longer name (RFC 5321 section 4.5.3.1.2: domains have 255 octets) is left
 * out; what is nested deeper ends its field.
 */
enum {
	ARRIVED_HOPS = 32,
	ARRIVED_FIELD_MAX = 65536,
	ARRIVED_NAME_MAX = 255,
	ARRIVED_COMMENTS_DEEP = 16
};

/*
 * One Received field. `from` and `by` are the names that stand there. `with` is "ESMTPSA",
 * "LMTP", "local"; of several words ("Microsoft SMTP Server") the one that names a protocol, or
 * the first. Each is missing where it is not said.
 */
struct arrived_hop {
	slice from, by, with;
	bool network; /* came by SMTP, LMTP or one of their kind, and not from a file or a pipe */

	/*
	 * By the keyword (RFC 3848: ...S, ...SA), by the clause "tls" (RFC 8314), or by a comment
	 * in one of the forms that servers have for it; "TLSv1.3" where one has it in whatever
	 * spelling.
	 */
	bool tls;
	slice tls_version;

	bool dated;
	time_t time;

	/*
	 * By arrived_delays(): seconds since the hop before it, never negative, 0 for one without
	 * a date; and seconds that its clock seems to be ahead of ours, 0 where it may be right.
	 */
	double delay, offset;
};

enum arrived_method { ARRIVED_SPF, ARRIVED_DKIM, ARRIVED_DMARC, ARRIVED_METHODS };

struct arrived {
	slice header, body;                    /* body: behind the empty line */
	struct arrived_hop hops[ARRIVED_HOPS]; /* the oldest first, as the message went */
	size_t hop_count;

	/*
	 * authserv-id of the topmost Authentication-Results; empty where that has none
	 * (Microsoft's), missing where there is no such field.
	 */
	slice judge;

	/*
	 * "pass", "fail", "none", in lower case: what that host says topmost; of several results
	 * for DKIM in one field "pass" if it is among them. Missing where it is not said.
	 */
	slice results[ARRIVED_METHODS];
};

/*
 * A delivery status notification: a multipart/report with a part message/delivery-status. Action
 * or status is there; all else may be missing.
 */
struct arrived_report {
	slice action;     /* "failed", "delayed", "delivered", in lower case */
	slice status;     /* "5.1.1" */
	slice diagnostic; /* "550 5.1.1 ... User unknown", without its type */
	slice recipient;  /* without its type */

	/*
	 * Message-ID of the message that it is about, with its brackets: from what was returned
	 * of it, or else what the report answers or refers to (In-Reply-To, References).
	 */
	slice returned_id;
};

/* False, `*arrived` untouched, when there is no field at all. `message` must outlive `*arrived`. */
bool arrived_parse(struct arena *arena, slice message, struct arrived *arrived);

/* The first field of that name: its value unfolded and trimmed, in the arena; missing without. */
slice arrived_field(struct arena *arena, slice header, slice name);

/*
 * Fills in delay and offset. `sent` and `seen` are our own clock's, when the message was handed
 * over and when it was there. Received has whole seconds, so what is within one second is no
 * offset. A clock that cannot be right (before `sent`, behind `seen`, or before the hop in front
 * of it) is taken to be off by what it takes; the delay is then measured between those that can
 * be. Hops of one host (`by`) have one clock. Never more in sum than from `sent` to `seen`.
 */
void arrived_delays(struct arrived *arrived, time_t sent, time_t seen);

/*
 * Whether the message is such a report, and of which message. The first failed recipient counts,
 * or else the first. `*report` is untouched when it is none.
 */
bool arrived_report(struct arena *arena, slice message, struct arrived_report *report);

/*
 * Whether two bodies are the same, but for empty lines at the end, which mail systems add and
 * take (RFC 6376 section 3.4.3), and for LF in place of CRLF.
 */
bool arrived_same_body(slice a, slice b);

#endif
