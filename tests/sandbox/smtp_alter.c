/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What faults do to a message on its way: to its text, of which the client's part begins at `own`,
 * and to its trace.
 */
#define _GNU_SOURCE 1 /* memmem */

#include <string.h>
#include <time.h>

#include "mail.h"
#include "smtp.h"

static const char *
blank_line(const struct bytes *text)
{
	return memmem(text->at, text->len, "\r\n\r\n", 4);
}

/* Where the body begins; at the end if there is none. */
static size_t
body(const struct bytes *text)
{
	const char *blank = blank_line(text);

	return blank ? (size_t)(blank - text->at) + 4 : text->len;
}

/* The half that stays ends in a line end, of its own or not. */
static void
cut(struct bytes *text)
{
	size_t from = body(text), len = text->len - from;

	if (len < 2)
		return;
	text->len = from + (len - 2) / 2;
	text->len -= text->at[text->len - 1] == '\r' ? 1 : 0;
	bytes_text(text, "\r\n");
}

static void
disclaim(struct bytes *text)
{
	if (!blank_line(text))
		bytes_text(text, "\r\n");
	bytes_text(text, "This message is not meant for those for whom it is not meant.\r\n");
}

static bool
is_folded(struct slice rest)
{
	return rest.len && (*rest.at == ' ' || *rest.at == '\t');
}

/* In the place of the client's, or as its first field. */
static void
other_id(const struct conn *c, const char *id, struct bytes *text, size_t own)
{
	struct slice rest = { text->at + own, body(text) - own };
	struct bytes field = { 0 };
	size_t from = own, to = own;

	while (rest.len && to == own) {
		struct slice line = slice_until(&rest, '\n');

		from = (size_t)(line.at - text->at);
		if (!slice_skip(&line, "Message-ID:"))
			continue;
		while (is_folded(rest))
			slice_until(&rest, '\n');
		to = (size_t)(rest.at - text->at);
	}
	from = to == own ? own : from;
	bytes_format(&field, "Message-ID: <%s@%s>\r\n", id, c->server->hostname);
	bytes_insert(text, to, field.at, field.len);
	memmove(text->at + from, text->at + to, text->len - to);
	text->len -= to - from;
	bytes_free(&field);
}

void
smtp_alter(const struct conn *c, const char *id, struct bytes *text, size_t own)
{
	if (conn_faulty(c, FAULT_DELIVER_OTHER_ID))
		other_id(c, id, text, own);
	if (conn_faulty(c, FAULT_DELIVER_CUT))
		cut(text);
	if (conn_faulty(c, FAULT_DELIVER_ALTERED))
		disclaim(text);
}

/* Of two hosts behind this one; the trace is read from the bottom. */
void
smtp_hops(const struct conn *c, const char *id, struct bytes *text)
{
	char date[MAIL_DATE], ahead[MAIL_DATE];
	time_t now = time(NULL);

	if (!conn_faulty(c, FAULT_DELIVER_HOPS))
		return;
	mail_date(now, date);
	mail_date(now + fault_number(&c->listener->faults, FAULT_DELIVER_HOPS), ahead);
	bytes_format(text,
	    "Received: from filter.sandbox.test (filter.sandbox.test [192.0.2.26])\r\n"
	    "\tby store.sandbox.test (mailprobe sandbox) with LMTP id %s-2; %s\r\n"
	    "Received: from %s (%s [192.0.2.25])\r\n"
	    "\tby filter.sandbox.test (mailprobe sandbox) with ESMTPS id %s-1; %s\r\n",
	    id, date, c->server->hostname, c->server->hostname, id, ahead);
}

/* RFC 8601, by this server. */
void
smtp_auth_results(const struct conn *c, struct bytes *text)
{
	const struct smtp *s = c->session;
	const char *result = fault_text(&c->listener->faults, FAULT_DELIVER_AUTH);
	const char *at = strrchr(s->envelope->from, '@'), *domain = at ? at + 1 : s->hello;

	if (!conn_faulty(c, FAULT_DELIVER_AUTH))
		return;
	result = result ? result : "pass";
	bytes_format(text,
	    "Authentication-Results: %s;\r\n\tspf=%s smtp.mailfrom=%s;\r\n"
	    "\tdkim=%s header.d=%s;\r\n\tdmarc=%s header.from=%s\r\n",
	    c->server->hostname, result, domain, result, domain, result, domain);
}
