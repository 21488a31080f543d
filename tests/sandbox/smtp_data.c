/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What follows DATA: lines until the lone dot, and what becomes of them. Only CR LF ends a line
 * here; a message with a bare CR or LF, a line too long, or 8-bit text nobody announced is read to
 * its end and then refused, so that a client which makes such messages is found out.
 */
#include "smtp.h"

#include <string.h>

#include "mail.h"
#include "reply.h"

#define LINE_MOST  1000         /* RFC 5321 section 4.5.3.1.6, CRLF included */
#define PIECE_MOST (16 * 1024)

static void
complain(struct smtp *s, const char *what)
{
	if (!s->complaint)
		s->complaint = what;
}

void
smtp_data_begin(struct conn *c)
{
	struct smtp *s = c->session;

	s->in_data = s->after_crlf = true;
	s->complaint = NULL;
}

/* RFC 2033 section 4.2: LMTP answers the dot once for each recipient. */
static void
answer(struct conn *c, struct smtp *s, const char *wrong, const char *id)
{
	if (!c->listener->protocol->lmtp) {
		if (wrong)
			reply(c, VERB_SEND, "%s\r\n", wrong);
		else
			reply(c, VERB_SEND, "250 2.0.0 Ok: queued as %s\r\n", id);
		return;
	}
	for (size_t i = 0; i < s->envelope->rcpt_count && !c->ending && !c->mute; i++) {
		if (wrong)
			reply(c, VERB_SEND, "%s\r\n", wrong);
		else if (i && conn_faulty(c, FAULT_SEND_PARTIAL))
			reply(c, VERB_SEND, "552 5.2.2 <%s> Mailbox full\r\n",
			    s->envelope->rcpts[i]);
		else
			reply(c, VERB_SEND, "250 2.0.0 <%s> Ok: saved as %s\r\n",
			    s->envelope->rcpts[i], id);
	}
}

static bool
refused(struct conn *c, const struct smtp *s)
{
	size_t answers = c->listener->protocol->lmtp ? s->envelope->rcpt_count : 1;

	if (!reply_refused(c, VERB_SEND))
		return false;
	while (--answers && !c->ending && !c->mute)
		reply_refused(c, VERB_SEND);
	return true;
}

static void
accept_message(struct conn *c)
{
	struct smtp *s = c->session;
	char id[MAIL_ID];

	if (!refused(c, s)) {
		mail_new_id(c->server->mail, id);
		if (!s->complaint && !conn_faulty(c, FAULT_ACCEPT_AND_LOSE) && !smtp_deliver(c, id))
			complain(s, "452 4.3.1 The sandbox is full");
		answer(c, s, s->complaint, id);
	}
	smtp_reset(s);
}

static void
judge(struct smtp *s, const char *at, size_t len)
{
	if (memchr(at, '\r', len))
		complain(s, "554 5.6.11 A CR without LF in the message");
	if (len + 2 > LINE_MOST)
		complain(s, "554 5.6.0 A line of the message is longer than 998 bytes");
	for (size_t i = 0; i < len && !s->envelope->eight_bit && !s->complaint; i++)
		if ((unsigned char)at[i] > 127)
			complain(s, "554 5.6.1 8-bit text without BODY=8BITMIME");
}

static void
keep(struct smtp *s, const char *at, size_t len)
{
	if (s->text.len + len > SMTP_SIZE)
		complain(s, "552 5.3.4 Message too big");
	else if (!s->complaint)
		bytes_add(&s->text, at, len);
}

size_t
smtp_data(struct conn *c, const char *at, size_t len)
{
	struct smtp *s = c->session;
	const char *end = memchr(at, '\n', len);
	size_t used = end ? (size_t)(end - at) + 1 : len;
	bool crlf = end && end > at && end[-1] == '\r';
	size_t dot = s->after_crlf && *at == '.';

	if (!end && len < PIECE_MOST)
		return 0;
	if (dot && crlf && used == 3) {
		accept_message(c);
		return used;
	}
	if (!end)
		complain(s, "554 5.6.0 A line of the message is longer than 998 bytes");
	else if (!crlf)
		complain(s, "554 5.6.11 A LF without CR in the message");
	judge(s, at, used - (crlf ? 2 : end ? 1 : 0));
	keep(s, at + dot, used - dot);
	s->after_crlf = crlf;
	return used;
}
