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

/* What each protocol says when it has lost its senses. */
static const struct {
	const char *status;             /* before lines without end */
	const char *lines, *line, *unasked, *injected;
} words[FAMILY_COUNT] = {
	[FAMILY_SMTP] = {
		.status = "",
		.lines = "250-X-AND-SO-ON\r\n",
		.line = "250-",
		.unasked = "250 2.0.0 Nobody asked for this\r\n",
		.injected = "250-injected\r\n250 AUTH PLAIN\r\n",
	},
	[FAMILY_IMAP] = {
		.status = "",
		.lines = "* X-AND-SO-ON\r\n",
		.line = "* OK ",
		.unasked = "nobody OK Nobody asked for this\r\n",
		.injected = "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
	},
	[FAMILY_POP3] = {
		.status = "+OK and so on\r\n",
		.lines = "X-AND-SO-ON\r\n",
		.line = "+OK ",
		.unasked = "+OK Nobody asked for this\r\n",
		.injected = "+OK injected\r\n",
	},
};

static enum family
family(const struct conn *c)
{
	return c->listener->protocol->dialect->family;
}

static const char *
tag(const struct conn *c)
{
	return c->listener->protocol->dialect->tag ? c->listener->protocol->dialect->tag(c) : "";
}

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
	bytes_format(&c->out, "%s%s\r\n", *text && strchr("*+", *text) ? "" : tag(c), text);
	if (!strncmp(text, "421", 3))
		conn_end(c, POLITE);
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
lower_case(struct conn *c, enum verb v, size_t start)
{
	size_t stop = *tag(c) ? last_line(c, start) : c->out.len;
	const char *first = memchr(c->out.at + start, '\n', stop - start);

	(void)v;
	if (family(c) == FAMILY_POP3 && first)  /* RFC 1939 section 3: +OK must be upper case */
		start = (size_t)(first - c->out.at);
	for (size_t i = start; i < stop; i++)
		c->out.at[i] = (char)tolower((unsigned char)c->out.at[i]);
}

static void
nul(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	if (c->out.len - start > 5)
		bytes_insert(&c->out, start + 5, "", 1);
}

/* Where the line with the status begins: the first, but in IMAP the last. */
static size_t
status_line(const struct conn *c, size_t start)
{
	return family(c) == FAMILY_IMAP ? last_line(c, start) : start;
}

static void
bad_code(struct conn *c, enum verb v, size_t start)
{
	size_t at = status_line(c, start);

	(void)v;
	if (family(c) == FAMILY_IMAP)
		at += strcspn(c->out.at + at, " ") + 1;
	if (c->out.len > at)
		c->out.at[at + 1] = 'x';
}

static void
blank(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	bytes_insert(&c->out, status_line(c, start), " ", 1);
}

static void
mixed(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	if (family(c) == FAMILY_SMTP)
		bytes_insert(&c->out, last_line(c, start), "253-another code\r\n", 18);
}

static void
hyphen(struct conn *c, enum verb v, size_t start)
{
	size_t last = last_line(c, start);

	(void)v;
	if (family(c) == FAMILY_SMTP && c->out.len > last + 3)
		c->out.at[last + 3] = '-';
}

static void
bare(struct conn *c, enum verb v, size_t start)
{
	char line[5];

	if (family(c) != FAMILY_SMTP)
		return;
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
	bytes_text(&c->out, words[family(c)].unasked);
}

static void
inject(struct conn *c, enum verb v, size_t start)
{
	(void)v;
	(void)start;
	bytes_text(&c->out, words[family(c)].injected);
}

static void
endless_lines(struct conn *c, enum verb v, size_t start)
{
	bool smtp = family(c) == FAMILY_SMTP;

	c->out.len = start;
	bytes_text(&c->out, words[family(c)].status);
	c->endless = smtp && v == VERB_BANNER ? "220-and so on\r\n" : words[family(c)].lines;
	conn_mute(c);
}

static void
endless_line(struct conn *c, enum verb v, size_t start)
{
	bool smtp = family(c) == FAMILY_SMTP;

	c->out.len = start;
	bytes_text(&c->out, smtp && v == VERB_BANNER ? "220 " : words[family(c)].line);
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

/* The octets of a literal that the line which ends at `at` announces; 0 if it does not. */
static size_t
literal(const char *at, size_t len)
{
	size_t size = 0, unit = 1;

	if (len < 3 || at[--len] != '}')
		return 0;
	for (; len && isdigit((unsigned char)at[len - 1]); len--, unit *= 10)
		size += unit * (size_t)(at[len - 1] - '0');
	return len && at[len - 1] == '{' ? size : 0;
}

/* What is inside a literal is counted, and stays as it is. */
static void
bare_lf(struct conn *c, enum verb v, size_t start)
{
	size_t to = start, keep = 0;

	(void)v;
	for (size_t i = start; i < c->out.len; i++) {
		if (!keep && c->out.at[i] == '\n' && family(c) == FAMILY_IMAP)
			keep = literal(c->out.at + start, to - start) + 1;
		if (keep || c->out.at[i] != '\r')
			c->out.at[to++] = c->out.at[i];
		keep -= keep > 0;
	}
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
	{ FAULT_AUTH_STALL, silent },
	{ FAULT_LOGOUT_SILENT, silent },
	{ FAULT_QUIT_SILENT, silent },
	{ FAULT_SILENT, silent },
	{ FAULT_LOGOUT_CLOSE, close_instead },
	{ FAULT_QUIT_CLOSE, close_instead },
	{ FAULT_CLOSE, close_instead },
	{ FAULT_RESET, reset_instead },
	{ FAULT_BANNER_DRIP, drip },
	{ FAULT_DRIP, drip },
};

/* Status and text of an answer that refuses; a fault that names a code puts it between the two. */
static const struct {
	enum fault fault;
	struct {
		const char *status, *text;
	} by[FAMILY_COUNT];
} refusals[] = {
	{ FAULT_BANNER_554, { { "554", "5.3.2 No SMTP service here" } } },
	{ FAULT_BANNER_421, { { "421", "4.3.2 Too busy, come back later" } } },
	{ FAULT_BANNER_NO, { [FAMILY_IMAP] = { "* NO", "Not today" },
	    [FAMILY_POP3] = { "-ERR", "Not today" } } },
	{ FAULT_BANNER_BYE, { [FAMILY_IMAP] = { "* BYE", "Not today" } } },
	{ FAULT_EHLO_REFUSED, { { "502", "5.5.1 Command not implemented" } } },
	{ FAULT_CAPABILITY_REFUSED, { [FAMILY_IMAP] = { "BAD", "Command not known" } } },
	{ FAULT_CAPA_REFUSED, { [FAMILY_POP3] = { "-ERR", "Command not known" } } },
	{ FAULT_STARTTLS_REFUSED, { { "454", "4.7.0 TLS not available due to local problem" },
	    { "NO", "TLS not available due to local problem" },
	    { "-ERR", "TLS not available due to local problem" } } },
	{ FAULT_AUTH_UNAVAILABLE, { { "454", "4.7.0 Temporary authentication failure" },
	    { "NO", "[UNAVAILABLE] Temporary authentication failure" },
	    { "-ERR", "[SYS/TEMP] Temporary authentication failure" } } },
	{ FAULT_MAIL_REJECTED, { { "553", "5.7.1 Sender not allowed" } } },
	{ FAULT_MAIL_TEMPFAIL, { { "451", "4.3.0 Queue file write error" } } },
	{ FAULT_RCPT_REJECTED, { { "550", "5.1.1 Recipient address rejected" } } },
	{ FAULT_GREYLIST, { { "450", "4.2.0 Greylisted, try again later" } } },
	{ FAULT_DATA_REJECTED, { { "554", "5.5.1 No message wanted" } } },
	{ FAULT_SEND_REJECTED, { { "554", "5.7.1 Message content rejected" } } },
	{ FAULT_SEND_TEMPFAIL, { { "451", "4.3.0 Message not accepted for now" } } },
	{ FAULT_NAMESPACE_NO, { [FAMILY_IMAP] = { "NO", "No namespaces" } } },
	{ FAULT_LIST_NO, { [FAMILY_IMAP] = { "NO", "Not listed" },
	    [FAMILY_POP3] = { "-ERR", "Not listed" } } },
	{ FAULT_SELECT_NO, { [FAMILY_IMAP] = { "NO", "No such mailbox" } } },
	{ FAULT_SELECT_BAD, { [FAMILY_IMAP] = { "BAD", "Not understood" } } },
	{ FAULT_STATUS_NO, { [FAMILY_IMAP] = { "NO", "No such mailbox" } } },
	{ FAULT_SEARCH_NO, { [FAMILY_IMAP] = { "NO", "Not searched" } } },
	{ FAULT_FETCH_NO, { [FAMILY_IMAP] = { "NO", "Not fetched" } } },
	{ FAULT_CREATE_NO, { [FAMILY_IMAP] = { "NO", "Not created" } } },
	{ FAULT_RENAME_NO, { [FAMILY_IMAP] = { "NO", "Not renamed" } } },
	{ FAULT_DELETE_NO, { [FAMILY_IMAP] = { "NO", "Not deleted" } } },
	{ FAULT_LITERAL_NO, { [FAMILY_IMAP] = { "NO", "No literal wanted" } } },
	{ FAULT_APPEND_NO, { [FAMILY_IMAP] = { "NO", "Not appended" } } },
	{ FAULT_STORE_NO, { [FAMILY_IMAP] = { "NO", "Not stored" } } },
	{ FAULT_EXPUNGE_NO, { [FAMILY_IMAP] = { "NO", "Not expunged" } } },
	{ FAULT_IDLE_NO, { [FAMILY_IMAP] = { "NO", "No idling here" } } },
	{ FAULT_QUOTA_NO, { [FAMILY_IMAP] = { "NO", "No quota here" } } },
	{ FAULT_STAT_NO, { [FAMILY_POP3] = { "-ERR", "Not counted" } } },
	{ FAULT_UIDL_NO, { [FAMILY_POP3] = { "-ERR", "No identifiers" } } },
	{ FAULT_RETR_NO, { [FAMILY_POP3] = { "-ERR", "No such message" } } },
	{ FAULT_DELE_NO, { [FAMILY_POP3] = { "-ERR", "Not deleted" } } },
	{ FAULT_QUIT_NO, { [FAMILY_POP3] = { "-ERR", "Some messages were not removed" } } },
};

static void
spoil(struct conn *c, enum verb v, size_t start)
{
	const struct fault_set *faults = &c->listener->faults;
	long delay;

	for (size_t i = 0; i < sizeof(spoilers) / sizeof(*spoilers); i++)
		if (fault_at(faults, spoilers[i].fault, v))
			spoilers[i].spoil(c, v, start);
	delay = fault_delay(faults, v);
	if (delay && !c->mute)
		conn_hold(c, start, (uint64_t)delay * MILLISECOND);
}

void
reply(struct conn *c, enum verb v, const char *format, ...)
{
	size_t start = c->out.len;
	va_list args;

	va_start(args, format);
	bytes_vformat(&c->out, format, args);
	va_end(args);
	if (c->listener->faults.any)
		spoil(c, v, start);
}

void
reply_bytes(struct conn *c, enum verb v, const struct bytes *text)
{
	size_t start = c->out.len;

	bytes_add(&c->out, text->at, text->len);
	if (c->listener->faults.any)
		spoil(c, v, start);
}

void
reply_more(struct conn *c, const struct bytes *text)
{
	bytes_add(&c->out, text->at, text->len);
	if (conn_faulty(c, FAULT_DRIP))
		drip(c, VERB_OTHER, 0);
}

static bool
refuses(const struct conn *c, const char *text)
{
	static const char *const begin[][2] = { { "4", "5" }, { "NO", "BAD" }, { "-", "-" } };
	const char *const *b = begin[family(c)];

	return !strncmp(text, b[0], strlen(b[0])) || !strncmp(text, b[1], strlen(b[1]));
}

bool
reply_refused(struct conn *c, enum verb v)
{
	const struct fault_set *faults = &c->listener->faults;

	if (!faults->any)
		return false;
	if (fault_at(faults, FAULT_REPLY, v) && refuses(c, faults->replies[v])) {
		reply(c, v, "%s%s\r\n", tag(c), faults->replies[v]);
		return true;
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const char *status = refusals[i].by[family(c)].status;
		const char *code = fault_text(faults, refusals[i].fault);

		if (!status || !fault_at(faults, refusals[i].fault, v))
			continue;
		reply(c, v, "%s%s%s%s%s %s\r\n", *status == '*' ? "" : tag(c), status,
		    code ? " [" : "", code ? code : "", code ? "]" : "",
		    refusals[i].by[family(c)].text);
		if (!strcmp(status, "421") || (family(c) != FAMILY_SMTP && v == VERB_BANNER))
			conn_end(c, POLITE);
		return true;
	}
	return false;
}
