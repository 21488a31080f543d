/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Readers that accept nothing but what the formats allow, by recursive descent over a cursor. They
 * are short because they need not understand what they read, only whether it is well-formed.
 */
#include <stdlib.h>
#include <string.h>

#include "golden.h"

struct cursor {
	const char *at, *end;
};

/* The character that begins here, its length in `n`; 0xffffffff when it is not UTF-8. */
static uint32_t
character(const unsigned char *at, size_t left, size_t *n)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = at[0];

	*n = c < 0x80            ? 1
	    : (c & 0xe0) == 0xc0 ? 2
	    : (c & 0xf0) == 0xe0 ? 3
	    : (c & 0xf8) == 0xf0 ? 4
	                         : 0;
	if (*n == 0 || *n > left)
		return UINT32_MAX;
	c = *n == 1 ? c : c & (0x7fU >> *n);
	for (size_t i = 1; i < *n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		c = c * 64 + (at[i] & 0x3f);
	}
	if (c < least[*n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return UINT32_MAX;
	return c;
}

static bool
dangerous(uint32_t c)
{
	static const uint32_t directions[] = { 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
		0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069 };

	for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
		if (c == directions[i])
			return true;
	return c < 32 || (c > 126 && c < 160);
}

const char *
strict_text(const char *text, size_t n)
{
	for (size_t i = 0, step; i < n; i += step) {
		uint32_t c = character((const unsigned char *)text + i, n - i, &step);

		if (c == UINT32_MAX)
			return "not UTF-8";
		if (c != '\n' && dangerous(c))
			return "a raw control, separator or direction character";
	}
	return n == 0 || text[n - 1] != '\n' ? "the last line is not ended" : NULL;
}

const char *
strict_nagios(const char *text, size_t n)
{
	const char *wrong = strict_text(text, n), *line_end;
	size_t bars = 0, later = 0;
	bool usage;

	if (wrong)
		return wrong;
	line_end = memchr(text, '\n', n);
	usage = n > 22 && memcmp(text, "SMTP UNKNOWN - usage: ", 22) == 0;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '|')
			*(text + i < line_end ? &bars : &later) += 1;
	if (bars != (usage ? 0 : 1))
		return "not exactly one bar in the status line";
	if (line_end - text > 4096)
		return "the status line is too long";
	return later > 0 ? "a bar in the long text" : NULL;
}

static bool
take(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
		return false;
	c->at += n;
	return true;
}

static bool
digits(struct cursor *c)
{
	const char *begin = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > begin;
}

/* RFC 8259 section 6; OpenMetrics takes the same. */
static bool
number(struct cursor *c)
{
	take(c, "-");
	if (!take(c, "0") && !digits(c))
		return false;
	if (take(c, ".") && !digits(c))
		return false;
	if (!take(c, "e") && !take(c, "E"))
		return true;
	if (!take(c, "+"))
		take(c, "-");
	return digits(c);
}

static bool
hex4(struct cursor *c)
{
	for (int i = 0; i < 4; i++, c->at++)
		if (c->at >= c->end || !strchr("0123456789abcdef", *c->at) || !*c->at)
			return false;
	return true;
}

/* What stands between quotes, with the escapes that the format has. */
static bool
quoted(struct cursor *c, const char *escapes)
{
	if (!take(c, "\""))
		return false;
	while (c->at < c->end && *c->at != '"') {
		if (*c->at == '\n')
			return false;
		if (*c->at++ != '\\')
			continue;
		if (c->at >= c->end || !*c->at || !strchr(escapes, *c->at))
			return false;
		if (*c->at++ == 'u' && !hex4(c))
			return false;
	}
	return take(c, "\"");
}

static bool value(struct cursor *c, unsigned depth);

static bool
members(struct cursor *c, unsigned depth, bool named, const char *end)
{
	if (take(c, end))
		return true;
	do
		if ((named && (!quoted(c, "\"\\u") || !take(c, ":"))) || !value(c, depth))
			return false;
	while (take(c, ","));
	return take(c, end);
}

static bool
value(struct cursor *c, unsigned depth)
{
	if (depth == 0)
		return false;
	if (take(c, "{"))
		return members(c, depth - 1, true, "}");
	if (take(c, "["))
		return members(c, depth - 1, false, "]");
	if (take(c, "null") || take(c, "true") || take(c, "false"))
		return true;
	return c->at < c->end && *c->at == '"' ? quoted(c, "\"\\u") : number(c);
}

const char *
strict_json(const char *text, size_t n)
{
	static const char *const order[] = { "{\"probe\":", ",\"target\":{\"host\":", ",\"state\":",
		",\"code\":", ",\"summary\":", ",\"phase\":", ",\"cause\":", ",\"reply\":",
		",\"duration_seconds\":", ",\"phases\":[", ",\"facts\":{", ",\"values\":{",
		",\"findings\":[" };
	struct cursor c = { text, text + n };
	const char *wrong = strict_text(text, n);
	slice rest = { text, n };

	if (wrong)
		return wrong;
	if (!take(&c, "{") || !members(&c, 8, true, "}") || !take(&c, "\n") || c.at != c.end)
		return "not one JSON object on one line";
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		slice member = slice_z(order[i]);
		size_t at = slice_find(rest, member);

		if (at == rest.n)
			return order[i];
		rest = slice_skip(rest, at);
	}
	return NULL;
}

static slice
name(struct cursor *c)
{
	slice s = { c->at, 0 };

	while (c->at < c->end && *c->at && strchr("abcdefghijklmnopqrstuvwxyz_0123456789", *c->at))
		c->at++;
	s.n = (size_t)(c->at - s.at);
	return s;
}

static bool
word(struct cursor *c, slice s)
{
	if ((size_t)(c->end - c->at) < s.n || memcmp(c->at, s.at, s.n) != 0)
		return false;
	c->at += s.n;
	return true;
}

static bool
labels(struct cursor *c)
{
	if (!take(c, "{"))
		return true;
	do
		if (name(c).n == 0 || !take(c, "=") || !quoted(c, "\"\\n"))
			return false;
	while (take(c, ","));
	return take(c, "}");
}

/* One sample; what identifies it, name and labels, must not have been seen before in `seen`. */
static const char *
sample(struct cursor *c, slice family, bool counter, slice seen)
{
	bool info = family.n > 5 && memcmp(family.at + family.n - 5, "_info", 5) == 0;
	slice series = { c->at, 0 };

	if (!word(c, family) || (counter && !take(c, "_total")) || !labels(c) || !take(c, " "))
		return "not a sample of its family";
	series.n = (size_t)(c->at - series.at);
	if (slice_find(seen, series) < seen.n)
		return "the same series twice";
	if (info ? !take(c, "1")
	         : !take(c, "NaN") && !take(c, "-Inf") && !take(c, "+Inf") && !number(c))
		return "not a value";
	return take(c, "\n") ? NULL : "more behind a value";
}

/* "# UNIT NAME UNIT": the family's name ends in it; and a name that ends in seconds has one. */
static const char *
unit(struct cursor *c, slice family)
{
	bool seconds = family.n > 8 && memcmp(family.at + family.n - 8, "_seconds", 8) == 0;
	bool given = take(c, "# UNIT ");

	if (given && (!word(c, family) || !take(c, " seconds\n")))
		return "not a unit line";
	return given == seconds ? NULL : "unit and name do not agree";
}

static const char *
one_family(struct cursor *c, slice before)
{
	const char *wrong, *begin = c->at;
	struct cursor at = *c;
	bool counter;
	slice family;

	if (!take(c, "# TYPE "))
		return "no TYPE line";
	at = *c;
	family = name(c);
	if (slice_find(before, (slice){ begin, (size_t)(at.at - begin) + family.n + 1 }) < before.n)
		return "a family twice";
	counter = take(c, " counter\n");
	if (family.n == 0 || (!counter && !take(c, " gauge\n")))
		return "not a TYPE line";
	if ((wrong = unit(c, family)))
		return wrong;
	if (!take(c, "# HELP ") || !word(c, family) || !take(c, " "))
		return "no HELP line";
	while (c->at < c->end && *c->at != '\n' && *c->at != '\\')
		c->at++;
	if (!take(c, "\n"))
		return "not a HELP line";
	begin = c->at;
	do
		if ((wrong = sample(c, family, counter, (slice){ begin, (size_t)(c->at - begin) })))
			return wrong;
	while (c->at < c->end && *c->at != '#');
	return NULL;
}

const char *
strict_openmetrics(const char *text, size_t n)
{
	struct cursor c = { text, text + n };
	const char *wrong = strict_text(text, n);

	while (!wrong && !take(&c, "# EOF\n"))
		wrong = one_family(&c, (slice){ text, (size_t)(c.at - text) });
	return wrong ? wrong : c.at == c.end ? NULL : "more behind the end";
}

const char *
strict_waterfall(const char *text, size_t n, unsigned columns)
{
	const char *wrong = strict_text(text, n);
	unsigned at = 0;

	for (size_t i = 0, step; !wrong && i < n; i += step) {
		uint32_t c = character((const unsigned char *)text + i, n - i, &step);

		/* Ideographs and pictures take two columns. */
		at = c == '\n' ? 0 : at + 1 + (c == 0x6f22 || c == 0x1f4eb);
		if (at > columns)
			wrong = "a line is wider than the terminal";
		if (c == '\n' && i > 0 && text[i - 1] == ' ')
			wrong = "a blank at the end of a line";
	}
	return wrong;
}

const char *
strict_ascii(const char *text, size_t n, unsigned columns)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] > 126)
			return "not ASCII";
	return strict_waterfall(text, n, columns);
}
