/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Reports on delivery (RFC 3464 in RFC 6522) to the sender of a message, with its header. They go
 * to accounts only, and never to the null sender (RFC 5321 section 4.5.5).
 */
#include <stdlib.h>
#include <time.h>

#include "accounts.h"
#include "mail.h"
#include "smtp.h"

#define HEADER_MOST (64 * 1024)
#define GIVEN_UP (5 * 24 * 60 * 60) /* seconds, from the arrival */

static void
heading(const struct server *s, const struct envelope *e, const struct report *r, const char *id,
    struct bytes *text)
{
	char date[MAIL_DATE];

	mail_date(time(NULL), date);
	bytes_format(text,
	    "Return-Path: <>\r\n"
	    "Received: by %s (mailprobe sandbox)\r\n\tid %s; %s\r\n"
	    "Date: %s\r\n"
	    "From: Mail Delivery System <MAILER-DAEMON@%s>\r\n"
	    "To: %s\r\n"
	    "Subject: %s\r\n"
	    "Message-ID: <%s@%s>\r\n"
	    "Auto-Submitted: auto-replied\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
	    "\tboundary=\"%s/%s\"\r\n"
	    "Content-Transfer-Encoding: %s\r\n"
	    "\r\n",
	    s->hostname, id, date, date, s->hostname, e->from, r->subject, id, s->hostname, id,
	    s->hostname, e->eight_bit ? "8bit" : "7bit");
}

static void
part(const struct server *s, const char *id, const char *type, struct bytes *text)
{
	bytes_format(text, "--%s/%s\r\nContent-Type: %s\r\n\r\n", id, s->hostname, type);
}

static void
status(const struct server *s, const struct envelope *e, const struct report *r,
    const struct message *m, struct bytes *text)
{
	char arrival[MAIL_DATE], until[MAIL_DATE];

	mail_date(m->received, arrival);
	mail_date(m->received + GIVEN_UP, until);
	bytes_format(
	    text, "Reporting-MTA: dns; %s\r\nArrival-Date: %s\r\n\r\n", s->hostname, arrival);
	for (size_t i = 0; i < e->rcpt_count; i++) {
		bytes_format(text,
		    "Final-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\n"
		    "Diagnostic-Code: smtp; %c50 %s %s\r\n",
		    e->rcpts[i], r->action, r->status, *r->status, r->status, r->text);
		if (r->retries)
			bytes_format(text, "Will-Retry-Until: %s\r\n", until);
		bytes_text(text, "\r\n");
	}
}

static void
original_header(const struct message *m, struct bytes *text)
{
	char *header = make(HEADER_MOST);
	size_t len = mail_header_size(m, HEADER_MOST);

	mail_read(m, 0, header, len);
	bytes_add(text, header, len);
	free(header);
}

void
smtp_report(
    struct server *s, const struct envelope *e, const struct report *r, const struct message *m)
{
	struct bytes text = { 0 };
	struct message *message;
	char id[MAIL_ID];

	if (!accounts_has(s->accounts, slice_of(e->from)))
		return;
	mail_new_id(s->mail, id);
	heading(s, e, r, id, &text);
	part(s, id, "text/plain; charset=us-ascii", &text);
	bytes_format(&text, "%s The status is %s: %s.\r\n\r\n", r->prose, r->status, r->text);
	part(s, id, "message/delivery-status", &text);
	status(s, e, r, m, &text);
	part(s, id, "text/rfc822-headers", &text);
	original_header(m, &text);
	bytes_format(&text, "\r\n--%s/%s--\r\n", id, s->hostname);
	message = mail_message(s->mail, id, &text);
	if (!message)
		return;
	mail_deliver(s->mail, e->from, message, false);
	mail_done(s->mail, message);
}
