/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Answers of IMAP: untagged responses are gathered, then the completion is put behind them, with
 * what has changed in the mailbox meanwhile, and the faults that stand between the two.
 */
#include "imap.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"

void
imap_say(struct conn *c, const char *format, ...)
{
	struct imap *s = c->session;
	va_list args;

	va_start(args, format);
	bytes_vformat(&s->answer, format, args);
	va_end(args);
}

/* Unsolicited responses, as many as were asked for, and true all of them. */
static void
flood(struct conn *c, struct imap *s)
{
	static const enum fault faults[] = { FAULT_FLOOD_EXISTS, FAULT_FLOOD_EXPUNGE,
	    FAULT_FLOOD_FETCH, FAULT_FLOOD_RECENT, FAULT_FLOOD_FLAGS };
	size_t n = s->view.count;

	for (size_t f = 0; f < sizeof(faults) / sizeof(*faults); f++) {
		long times = conn_faulty(c, faults[f])
		    ? fault_number(&c->listener->faults, faults[f]) : 0;

		for (long i = 0; i < times; i++) {
			if (faults[f] == FAULT_FLOOD_EXISTS)
				imap_say(c, "* %zu EXISTS\r\n", n);
			else if (faults[f] == FAULT_FLOOD_EXPUNGE && !s->keep_numbers)
				imap_say(c, "* %zu EXISTS\r\n* %zu EXPUNGE\r\n", n + 1, n + 1);
			else if (faults[f] == FAULT_FLOOD_FETCH && n)
				imap_flags_line(c, n, false);
			else if (faults[f] == FAULT_FLOOD_RECENT)
				imap_say(c, "* %zu RECENT\r\n", imap_recent(s));
			else if (faults[f] == FAULT_FLOOD_FLAGS)
				imap_say(c, "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen "
				    "\\Draft)\r\n");
		}
	}
}

/* The tag that comes next if the client counts: the digits at its end, one up. */
static void
next_tag(struct conn *c, const char *tag)
{
	size_t len = strcspn(tag, " "), digits = len;

	while (digits && isdigit((unsigned char)tag[digits - 1]))
		digits--;
	imap_say(c, "%.*s%lu OK Too early\r\n", (int)digits, tag,
	    strtoul(tag + digits, NULL, 10) + 1);
}

void
imap_complete(struct conn *c, const char *status, const char *text)
{
	const struct fault_set *faults = &c->listener->faults;
	struct imap *s = c->session;

	if (s->view.box) {
		if (!s->keep_numbers)
			imap_sync(c);
		flood(c, s);
	}
	if (fault_at(faults, FAULT_ALERT, s->verb))
		imap_say(c, "* OK [ALERT] The sandbox will be emptied tonight\r\n");
	if (fault_at(faults, FAULT_BYE, s->verb)) {
		s->answer.len = 0;
		imap_say(c, "* BYE The sandbox is closing\r\n");
		conn_end(c, POLITE);
		return;
	}
	imap_say(c, "%s%s%s %s\r\n", fault_at(faults, FAULT_TAG_WRONG, s->verb) ? "x" : "", s->tag,
	    status, text);
	if (fault_at(faults, FAULT_TAG_EARLY, s->verb))
		next_tag(c, s->tag);
}

void
imap_done(struct conn *c, const char *status, const char *format, ...)
{
	struct imap *s = c->session;
	struct bytes text = { 0 };
	va_list args;

	va_start(args, format);
	bytes_vformat(&text, format, args);
	va_end(args);
	bytes_add(&text, "", 1);
	imap_complete(c, status, text.at);
	bytes_free(&text);
	reply_bytes(c, s->verb, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
}

void
imap_bad(struct conn *c, const char *text)
{
	struct imap *s = c->session;

	s->answer.len = 0;
	imap_done(c, "BAD", "%s", text);
}

/* Octets above 127 may be quoted in IMAP4rev2 only. */
static bool
needs_literal(const struct conn *c, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\r' || text.at[i] == '\n'
		    || ((unsigned char)text.at[i] > 126 && !conn_faulty(c, FAULT_IMAP4REV2)))
			return true;
	return false;
}

void
imap_string(struct conn *c, struct slice text, bool literal)
{
	struct imap *s = c->session;

	if (literal || needs_literal(c, text)) {
		imap_say(c, "{%zu}\r\n", text.len);
		bytes_add(&s->answer, text.at, text.len);
		return;
	}
	bytes_text(&s->answer, "\"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"' || text.at[i] == '\\')
			bytes_text(&s->answer, "\\");
		bytes_add(&s->answer, text.at + i, 1);
	}
	bytes_text(&s->answer, "\"");
}
