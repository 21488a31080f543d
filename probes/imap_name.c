/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Modified UTF-7, RFC 3501 section 5.1.3: printable ASCII stands for itself, "&" is "&-", and all
 * else is UTF-16 in base64 with "," for "/", without padding, between "&" and "-". Decoding is
 * strict, because a name that only resembles the form must be shown as it stands: two mailboxes
 * would get one name otherwise.
 */
#include "imap_name.h"

#include "escape.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Bits on their way between octets of six and units of sixteen. */
struct bits {
	uint32_t held;
	unsigned n;
};

static bool
printable(uint32_t character)
{
	return character >= 0x20 && character <= 0x7e;
}

static bool
ascii(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.at[i] > 127)
			return false;
	return true;
}

static void
add_unit(struct str *out, struct bits *bits, uint32_t unit)
{
	bits->held = (bits->held << 16 | unit) & 0x3fffff;
	for (bits->n += 16; bits->n >= 6; bits->n -= 6)
		str_addc(out, alphabet[bits->held >> (bits->n - 6) & 63]);
}

/* The characters at the front of `s` that must be shifted; false for what is no UTF-8. */
static bool
shift(struct str *out, slice *s)
{
	struct bits bits = { 0, 0 };

	str_addc(out, '&');
	while (s->n > 0 && !printable((unsigned char)s->at[0])) {
		uint32_t character = utf8_take(s);

		if (character == UTF8_BAD)
			return false;
		if (character > 0xffff) {
			add_unit(out, &bits, 0xd7c0 + (character >> 10));
			character = 0xdc00 + (character & 0x3ff);
		}
		add_unit(out, &bits, character);
	}
	if (bits.n > 0)
		str_addc(out, alphabet[bits.held << (6 - bits.n) & 63]);
	str_addc(out, '-');
	return true;
}

bool
imap_name_encode(struct str *out, slice name)
{
	size_t before = out->n;

	if (ascii(name)) {
		str_add(out, name);
		return true;
	}
	while (name.n > 0) {
		if (!printable((unsigned char)name.at[0])) {
			if (!shift(out, &name)) {
				str_cut(out, before);
				return false;
			}
			continue;
		}
		str_addc(out, name.at[0]);
		if (name.at[0] == '&')
			str_addc(out, '-');
		name = slice_skip(name, 1);
	}
	return true;
}

static void
add_utf8(struct str *out, uint32_t character)
{
	if (character < 0x80) {
		str_addc(out, (char)character);
		return;
	}
	if (character < 0x800) {
		str_addc(out, (char)(0xc0 | character >> 6));
	} else {
		if (character < 0x10000) {
			str_addc(out, (char)(0xe0 | character >> 12));
		} else {
			str_addc(out, (char)(0xf0 | character >> 18));
			str_addc(out, (char)(0x80 | (character >> 12 & 63)));
		}
		str_addc(out, (char)(0x80 | (character >> 6 & 63)));
	}
	str_addc(out, (char)(0x80 | (character & 63)));
}

/* Takes one unit of UTF-16 off the front of base64; false where there is no whole one. */
static bool
take_unit(slice *text, struct bits *bits, uint32_t *unit)
{
	for (; bits->n < 16; bits->n += 6) {
		const char *digit = text->n > 0 ? memchr(alphabet, text->at[0], 64) : NULL;

		if (!digit)
			return false;
		bits->held = bits->held << 6 | (uint32_t)(digit - alphabet);
		*text = slice_skip(*text, 1);
	}
	bits->n -= 16;
	*unit = bits->held >> bits->n & 0xffff;
	bits->held &= (1U << bits->n) - 1;
	return true;
}

/* A character of one unit or two. Neither NUL nor what must not be shifted. */
static bool
take_character(slice *text, struct bits *bits, uint32_t *character)
{
	uint32_t high, low;

	if (!take_unit(text, bits, &high))
		return false;
	*character = high;
	if (high < 0xd800 || high > 0xdfff)
		return high != 0 && !printable(high);
	if (high > 0xdbff || !take_unit(text, bits, &low) || low < 0xdc00 || low > 0xdfff)
		return false;
	*character = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
	return true;
}

/* What stands between "&" and "-". The bits of the last digit that are left over are zero. */
static bool
unshift(struct str *out, slice text)
{
	struct bits bits = { 0, 0 };
	uint32_t character;

	while (text.n > 0) {
		if (!take_character(&text, &bits, &character))
			return false;
		add_utf8(out, character);
	}
	return bits.held == 0;
}

static bool
decode(struct str *out, slice name)
{
	while (name.n > 0) {
		slice direct = name, shifted;

		if (name.at[0] != '&') {
			direct.n = 1;
			if (!printable((unsigned char)name.at[0]))
				return false;
			str_add(out, direct);
			name = slice_skip(name, 1);
			continue;
		}
		name = slice_skip(name, 1);
		shifted = slice_cut(&name, '-');
		if (!name.at)
			return false;
		if (shifted.n == 0)
			str_addc(out, '&');
		else if (!unshift(out, shifted))
			return false;
	}
	return true;
}

void
imap_name_decode(struct str *out, slice name)
{
	size_t before = out->n;

	if (decode(out, name))
		return;
	str_cut(out, before);
	str_add(out, name);
}
