/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes hostile bytes harmless. All rests on one UTF-8 decoder, which cuts ill-formed input into
 * the maximal subparts of Unicode chapter 3.9, so that every output replaces the same bytes. What
 * it lets through may still reorder or erase a terminal's line: unsafe() names those
 * characters, and no output has them raw.
 */
#include "escape.h"

#include <math.h>
#include <stdio.h>

#include "render.h"

#define REPLACEMENT "\xef\xbf\xbd"

/*
 * Unicode table 3-7: how many bytes follow a first byte, and between what the second one must lie.
 * The narrower ranges shut out overlong forms, surrogates and what is above U+10FFFF.
 */
static const struct lead {
	unsigned char from, to;
	unsigned char more, low, high;
	unsigned char bits; /* of the first byte that belong to the character */
} leads[] = {
	{ .from = 0xc2, .to = 0xdf, .more = 1, .low = 0x80, .high = 0xbf, .bits = 0x1f },
	{ .from = 0xe0, .to = 0xe0, .more = 2, .low = 0xa0, .high = 0xbf, .bits = 0x0f },
	{ .from = 0xe1, .to = 0xec, .more = 2, .low = 0x80, .high = 0xbf, .bits = 0x0f },
	{ .from = 0xed, .to = 0xed, .more = 2, .low = 0x80, .high = 0x9f, .bits = 0x0f },
	{ .from = 0xee, .to = 0xef, .more = 2, .low = 0x80, .high = 0xbf, .bits = 0x0f },
	{ .from = 0xf0, .to = 0xf0, .more = 3, .low = 0x90, .high = 0xbf, .bits = 0x07 },
	{ .from = 0xf1, .to = 0xf3, .more = 3, .low = 0x80, .high = 0xbf, .bits = 0x07 },
	{ .from = 0xf4, .to = 0xf4, .more = 3, .low = 0x80, .high = 0x8f, .bits = 0x07 },
};

static const struct lead *
lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
		if (byte >= leads[i].from && byte <= leads[i].to)
			return &leads[i];
	return NULL;
}

uint32_t
utf8_take(slice *s)
{
	const unsigned char *at = (const unsigned char *)s->at;
	const struct lead *lead = at[0] < 0x80 ? NULL : lead_of(at[0]);
	uint32_t c = at[0];
	size_t used = 1, have = s->n;

	if (lead)
		c &= lead->bits;
	else if (c >= 0x80)
		c = UTF8_BAD;
	for (; lead && used <= lead->more; used++) {
		unsigned char low = used == 1 ? lead->low : 0x80;
		unsigned char high = used == 1 ? lead->high : 0xbf;

		if (used >= have || at[used] < low || at[used] > high) {
			c = UTF8_BAD;
			break;
		}
		c = c << 6 | (at[used] & 0x3fU);
	}
	*s = slice_skip(*s, used);
	return c;
}

/*
 * Whether a character may change more on a screen or in a log than its own place: control
 * characters, line separators, marks and overrides of the writing direction.
 */
static bool
unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f
	    || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

slice
utf8_head(slice s, size_t limit)
{
	size_t n = limit;

	if (s.n <= limit)
		return s;
	/*
	 * Back to a first byte; where there is none within a character's length, the bytes are no
	 * text.
	 */
	while (n > 0 && limit - n < 3 && ((unsigned char)s.at[n] & 0xc0) == 0x80)
		n--;
	return slice_head(s, ((unsigned char)s.at[n] & 0xc0) == 0x80 ? limit : n);
}

/* How many bytes at the front are printable ASCII, and no bar: they need no further look. */
static size_t
harmless(slice s)
{
	size_t n = 0;

	while (n < s.n && s.at[n] >= ' ' && s.at[n] < 0x7f && s.at[n] != '|')
		n++;
	return n;
}

void
escape_text(struct str *out, slice s)
{
	for (;;) {
		size_t n = harmless(s);
		slice piece = slice_skip(s, n);
		uint32_t c;

		str_add(out, slice_head(s, n));
		s = piece;
		if (s.n == 0)
			return;
		c = utf8_take(&s);

		piece.n -= s.n;
		if (c != UTF8_BAD && !unsafe(c) && c != '|')
			str_add(out, piece);
		else
			for (size_t i = 0; i < piece.n; i++)
				str_addf(out, "\\x%02x", (unsigned char)piece.at[i]);
	}
}

void
escape_json(struct str *out, slice s)
{
	str_addc(out, '"');
	while (s.n > 0) {
		slice piece = s;
		uint32_t c = utf8_take(&s);

		piece.n -= s.n;
		if (c == UTF8_BAD)
			str_addz(out, REPLACEMENT);
		else if (unsafe(c) || c == '|') /* all are below U+10000: no surrogates */
			str_addf(out, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			str_addf(out, "\\%c", (char)c);
		else
			str_add(out, piece);
	}
	str_addc(out, '"');
}

void
escape_label(struct str *out, slice s)
{
	while (s.n > 0) {
		slice piece = s;
		uint32_t c = utf8_take(&s);

		piece.n -= s.n;
		if (c == '\n')
			str_addz(out, "\\n");
		else if (c == UTF8_BAD || unsafe(c))
			str_addz(out, REPLACEMENT);
		else if (c == '"' || c == '\\')
			str_addf(out, "\\%c", (char)c);
		else
			str_add(out, piece);
	}
}

void
escape_seconds(struct str *out, span s, unsigned decimals)
{
	uint64_t ns = s.ns < 0 ? 0 - (uint64_t)s.ns : (uint64_t)s.ns, unit = 1;
	char text[32], *at = text + sizeof text;

	for (unsigned i = decimals; i < 9; i++)
		unit *= 10;
	ns = ns / unit + (ns % unit >= (unit + 1) / 2 && unit > 1);
	if (s.ns < 0 && ns > 0)
		str_addc(out, '-');
	/* By hand, from the last digit: a status line has a dozen of them, and formats are slow. */
	for (unsigned digits = 0; ns > 0 || digits <= decimals; digits++, ns /= 10) {
		if (digits == decimals && decimals > 0)
			*--at = '.';
		*--at = (char)('0' + ns % 10);
	}
	str_add(out, (slice){ at, (size_t)(text + sizeof text - at) });
}

void
escape_number(struct str *out, double number)
{
	char text[40];
	bool point = false, whole;

	if (isnan(number) || isinf(number)) {
		str_addz(out, isnan(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf");
		return;
	}
	/* trunc() is in a library of its own. Above 2^53 there are only whole numbers. */
	whole = fabs(number) >= 0x1p53 || number == (double)(int64_t)number;
	if (whole && fabs(number) < 1e21) {
		str_addf(out, "%.0f", number + 0.0); /* -0 becomes 0 */
		return;
	}
	snprintf(text, sizeof text, "%.15g", number);
	for (const char *c = text; *c; c++) {
		bool ours = (*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || *c == 'e';

		/*
		 * Whatever else is there is the locale's decimal point, possibly of several bytes.
		 */
		if (ours)
			str_addc(out, *c);
		else if (!point)
			str_addc(out, '.');
		point = !ours;
	}
}

bool
escape_time(struct str *out, time_t time)
{
	struct tm tm;

	if (!gmtime_r(&time, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
		return false;
	str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return true;
}
