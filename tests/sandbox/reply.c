/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Answers and how they go wrong. Each spoiler is a small function on the answer's text, which is
 * the end of `out` from `start` on; a table says which fault calls which, and their order there
 * is the order in which they are applied: first what is said, then its form, then when it goes.
 */
#include "reply.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

static void
silent(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	c->out.len = start;
	conn_mute(c);
}

static void
close_instead(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	c->out.len = start;
	conn_end(c, POLITE);
}

static void
reset_instead(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	c->out.len = start;
	conn_end(c, ABRUPT);
}

static void
close_after(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	(void)start;
	conn_end(c, POLITE);
}

static void
half(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	c->out.len = start + (c->out.len - start) / 2;
	conn_end(c, POLITE);
}

static void
other_text(struct conn *c, enum verb v, size_t start)
{
	const char *text = c->listener->faults.replies[v];

	c->out.len = start;
	bytes_format(&c->out, "%s\r\n", text);
	if (!strncmp(text, "421", 3))
		conn_end(c, POLITE);
}

static void
lower_case(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	for (size_t i = start; i < c->out.len; i++)
		c->out.at[i] = (char)tolower((unsigned char)c->out.at[i]);
}

static void
nul(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	if (c->out.len - start > 5)
		bytes_insert(&c->out, start + 5, "", 1);
}

static void
bad_code(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	if (c->out.len > start)
		c->out.at[start + 1] = 'x';
}

static void
blank(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	bytes_insert(&c->out, start, " ", 1);
}

/* Where the last line of the answer begins. */
static size_t
last_line(const struct conn *c, size_t start)
{
	size_t at = c->out.len;

	for (at -= at > start + 1 ? 2 : 0; at > start && c->out.at[at - 1] != '\n'; at--)
		;
	return at;
}

static void
mixed(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	bytes_insert(&c->out, last_line(c, start), "253-another code\r\n", 18);
}

static void
hyphen(struct conn *c, enum verb v, size_t start)
{
	size_t last = last_line(c, start);

	(void)v;
	if (c->out.len > last + 3)
		c->out.at[last + 3] = '-';
}

static void
bare(struct conn *c, enum verb v, size_t start)
{
	char line[5];

	(void)v;
	hyphen(c, v, start);
	memcpy(line, c->out.at + start, 3);
	memcpy(line + 3, "\r\n", 2);
	bytes_add(&c->out, line, sizeof(line));
}

static void
unasked(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	(void)start;
	bytes_text(&c->out, "250 2.0.0 Nobody asked for this\r\n");
}

static void
inject(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	(void)start;
	bytes_text(&c->out, "250-injected\r\n250 AUTH PLAIN\r\n");
}

static void
endless_lines(struct conn *c, enum verb v, size_t start)
{
	c->out.len = start;
	c->endless = v == VERB_BANNER ? "220-and so on\r\n" : "250-X-AND-SO-ON\r\n";
	conn_mute(c);
}

static void
endless_line(struct conn *c, enum verb v, size_t start)
{
	c->out.len = start;
	bytes_text(&c->out, v == VERB_BANNER ? "220 " : "250-");
	c->endless = "abcdefghijklmnop";
	conn_mute(c);
}

static void
bad_record(struct conn *c, enum verb v, size_t start)
{
	static const unsigned char record[5 + 32] = { 23, 3, 3, 0, 32 };

	(void)v;
	if (!conn_secure(c))
		return;
	c->out.len = start;
	conn_raw(c, record, sizeof(record));
	conn_mute(c);
}

static void
bare_lf(struct conn *c, enum verb v, size_t start)
{
	size_t to = start;

	(void)v;
	for (size_t i = start; i < c->out.len; i++)
		if (c->out.at[i] != '\r')
			c->out.at[to++] = c->out.at[i];
	c->out.len = to;
}

static void
drip(struct conn *c, enum verb v, size_t start)
{
	enum fault f = v == VERB_BANNER && fault_on(&c->listener->faults, FAULT_BANNER_DRIP)
	    ? FAULT_BANNER_DRIP : FAULT_DRIP;

	(void)start;
	c->drip = (uint64_t)fault_number(&c->listener->faults, f) * MILLISECOND;
	c->paused = c->drip > 0;
}

static const struct {
	enum fault fault;
	void (*spoil)(struct conn *c, enum verb v, size_t start);
} spoilers[] = {
	{ FAULT_REPLY, other_text },
	{ FAULT_LOWER_CASE, lower_case },
	{ FAULT_REPLY_MIXED, mixed },
	{ FAULT_REPLY_HYPHEN, hyphen },
	{ FAULT_REPLY_BARE, bare },
	{ FAULT_REPLY_BAD_CODE, bad_code },
	{ FAULT_REPLY_BLANK, blank },
	{ FAULT_REPLY_NUL, nul },
	{ FAULT_REPLY_UNASKED, unasked },
	{ FAULT_STARTTLS_INJECT, inject },
	{ FAULT_CLOSE_MID_REPLY, half },
	{ FAULT_LF_ONLY, bare_lf },
	{ FAULT_REPLY_ENDLESS, endless_lines },
	{ FAULT_LINE_ENDLESS, endless_line },
	{ FAULT_CLOSE_AFTER_BANNER, close_after },
	{ FAULT_CLOSE_AFTER, close_after },
	{ FAULT_TLS_BAD_RECORD, bad_record },
	{ FAULT_BANNER_SILENT, silent },
	{ FAULT_QUIT_SILENT, silent },
	{ FAULT_SILENT, silent },
	{ FAULT_QUIT_CLOSE, close_instead },
	{ FAULT_CLOSE, close_instead },
	{ FAULT_RESET, reset_instead },
	{ FAULT_BANNER_DRIP, drip },
	{ FAULT_DRIP, drip },
};

static const struct {
	enum fault fault;
	const char *text;
} refusals[] = {
	{ FAULT_BANNER_554, "554 5.3.2 No SMTP service here" },
	{ FAULT_BANNER_421, "421 4.3.2 Too busy, come back later" },
	{ FAULT_EHLO_REFUSED, "502 5.5.1 Command not implemented" },
	{ FAULT_STARTTLS_REFUSED, "454 4.7.0 TLS not available due to local problem" },
	{ FAULT_AUTH_UNAVAILABLE, "454 4.7.0 Temporary authentication failure" },
	{ FAULT_MAIL_REJECTED, "553 5.7.1 Sender not allowed" },
	{ FAULT_MAIL_TEMPFAIL, "451 4.3.0 Queue file write error" },
	{ FAULT_RCPT_REJECTED, "550 5.1.1 Recipient address rejected" },
	{ FAULT_GREYLIST, "450 4.2.0 Greylisted, try again later" },
	{ FAULT_DATA_REJECTED, "554 5.5.1 No message wanted" },
	{ FAULT_SEND_REJECTED, "554 5.7.1 Message content rejected" },
	{ FAULT_SEND_TEMPFAIL, "451 4.3.0 Message not accepted for now" },
};

void
reply(struct conn *c, enum verb v, const char *format, ...)
{
	const struct fault_set *faults = &c->listener->faults;
	size_t start = c->out.len;
	long delay;
	va_list args;

	va_start(args, format);
	bytes_vformat(&c->out, format, args);
	va_end(args);
	if (!faults->any)
		return;
	for (size_t i = 0; i < sizeof(spoilers) / sizeof(*spoilers); i++)
		if (fault_at(faults, spoilers[i].fault, v))
			spoilers[i].spoil(c, v, start);
	delay = fault_delay(faults, v);
	if (delay && !c->mute)
		conn_hold(c, start, (uint64_t)delay * MILLISECOND);
}

bool
reply_refused(struct conn *c, enum verb v)
{
	const struct fault_set *faults = &c->listener->faults;

	if (!faults->any)
		return false;
	if (fault_at(faults, FAULT_REPLY, v) && strchr("45", *faults->replies[v])
	    && *faults->replies[v]) {
		reply(c, v, "%s\r\n", faults->replies[v]);
		return true;
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (fault_at(faults, refusals[i].fault, v)) {
			reply(c, v, "%s\r\n", refusals[i].text);
			if (!strncmp(refusals[i].text, "421", 3))
				conn_end(c, POLITE);
			return true;
		}
	}
	return false;
}
