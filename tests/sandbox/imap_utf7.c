/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Modified UTF-7: base64 of UTF-16, with a comma in place of the slash, between & and -. As
 * strict as it can be read, so that a client which encodes carelessly is found out.
 */
#include "imap_utf7.h"

#include <stdint.h>
#include <string.h>

#define UNITS_MOST 512          /* octets; a name is no longer */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* The UTF-16 between & and -; 0 if there are strange letters or bits left over. */
static size_t
units_of(struct slice shifted, unsigned char units[UNITS_MOST])
{
	unsigned bits = 0, held = 0;
	size_t count = 0;

	if (shifted.len > UNITS_MOST)
		return 0;
	for (size_t i = 0; i < shifted.len; i++) {
		const char *letter = shifted.at[i] ? strchr(letters, shifted.at[i]) : NULL;

		if (!letter)
			return 0;
		bits = (bits << 6 | (unsigned)(letter - letters)) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			units[count++] = (unsigned char)(bits >> held);
		}
	}
	return held < 6 && !(bits & ((1u << held) - 1)) && count % 2 == 0 ? count : 0;
}

/* Surrogates in pairs, and nothing that could be written plainly. */
static bool
units_good(const unsigned char *at, size_t len)
{
	bool high = false;

	for (size_t i = 0; i < len; i += 2) {
		unsigned unit = (unsigned)at[i] << 8 | at[i + 1];
		bool low = unit >= 0xdc00 && unit < 0xe000;

		if (low != high || (unit >= ' ' && unit < 0x7f))
			return false;
		high = unit >= 0xd800 && unit < 0xdc00;
	}
	return len && !high;
}

bool
utf7_good(struct slice name)
{
	unsigned char units[UNITS_MOST];
	bool shifted = false;

	while (name.len) {
		struct slice part;
		size_t count;

		if (*name.at < ' ' || *name.at > 126)
			return false;
		if (*name.at != '&') {
			shifted = false;
			name.at++;
			name.len--;
			continue;
		}
		if (!memchr(name.at, '-', name.len))
			return false;
		part = slice_until(&name, '-');
		part.at++;
		part.len--;
		count = units_of(part, units);
		/* Two shifts in a row would have been one. */
		if (part.len && (shifted || !units_good(units, count)))
			return false;
		shifted = part.len > 0;
	}
	return true;
}

static void
add_utf8(struct bytes *out, uint32_t point)
{
	static const struct {
		uint32_t below;
		unsigned char first;
		int more;
	} forms[] = { { 0x80, 0, 0 }, { 0x800, 0xc0, 1 }, { 0x10000, 0xe0, 2 },
	    { 0x110000, 0xf0, 3 } };
	size_t f = 0;
	char octet;

	while (point >= forms[f].below)
		f++;
	octet = (char)(forms[f].first | point >> 6 * forms[f].more);
	bytes_add(out, &octet, 1);
	for (int i = forms[f].more; i-- > 0;) {
		octet = (char)(0x80 | (point >> 6 * i & 0x3f));
		bytes_add(out, &octet, 1);
	}
}

void
utf7_decode(struct slice name, struct bytes *utf8)
{
	unsigned char units[UNITS_MOST];

	while (name.len) {
		struct slice plain = slice_until(&name, '&'), part;
		size_t count;

		bytes_add(utf8, plain.at, plain.len);
		if (!name.len)
			break;
		part = slice_until(&name, '-');
		if (!part.len)
			bytes_text(utf8, "&");
		count = units_of(part, units);
		for (size_t i = 0; i < count; i += 2) {
			uint32_t unit = (uint32_t)units[i] << 8 | units[i + 1];

			if (unit >= 0xd800 && unit < 0xdc00 && i + 3 < count) {
				i += 2;
				unit = 0x10000 + ((unit & 0x3ff) << 10)
				    + (((uint32_t)units[i] << 8 | units[i + 1]) & 0x3ff);
			}
			add_utf8(utf8, unit);
		}
	}
}

/* One code point off the front; false if it is not well-formed UTF-8 (RFC 3629). */
static bool
take_utf8(struct slice *text, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*text->at;
	size_t more = first < 0x80 ? 0 : first < 0xc0 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2
	    : first < 0xf8 ? 3 : 4;

	if (more >= text->len || more > 3)
		return false;
	*point = more ? first & (0x3fu >> more) : first;
	for (size_t i = 1; i <= more; i++) {
		if ((text->at[i] & 0xc0) != 0x80)
			return false;
		*point = *point << 6 | ((unsigned char)text->at[i] & 0x3f);
	}
	text->at += more + 1;
	text->len -= more + 1;
	return *point >= least[more] && *point < 0x110000 && (*point < 0xd800 || *point > 0xdfff);
}

static void
add_shifted(struct bytes *name, struct bytes *units)
{
	uint32_t bits = 0;
	unsigned held = 0;

	if (!units->len)
		return;
	bytes_text(name, "&");
	for (size_t i = 0; i < units->len; i++) {
		bits = bits << 8 | (unsigned char)units->at[i];
		for (held += 8; held >= 6; held -= 6)
			bytes_add(name, &letters[bits >> (held - 6) & 0x3f], 1);
	}
	if (held)
		bytes_add(name, &letters[bits << (6 - held) & 0x3f], 1);
	bytes_text(name, "-");
	units->len = 0;
}

static void
add_unit(struct bytes *units, uint32_t unit)
{
	char octets[] = { (char)(unit >> 8), (char)unit };

	bytes_add(units, octets, 2);
}

bool
utf7_encode(struct slice utf8, struct bytes *name)
{
	struct bytes units = { 0 };
	uint32_t point = 0;
	bool good = true;

	while (utf8.len && (good = take_utf8(&utf8, &point))) {
		char plain = (char)point;

		if (point >= ' ' && point < 0x7f) {
			add_shifted(name, &units);
			bytes_add(name, &plain, 1);
			bytes_text(name, plain == '&' ? "-" : "");
		} else if (point < 0x10000) {
			add_unit(&units, point);
		} else {
			add_unit(&units, 0xd7c0 + (point >> 10));
			add_unit(&units, 0xdc00 + (point & 0x3ff));
		}
	}
	add_shifted(name, &units);
	bytes_free(&units);
	return good;
}
