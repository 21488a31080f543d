/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64, RFC 4648 section 4. Ours because OpenSSL's decoder accepts white space and cut groups. */
#include "b64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
b64_encode(struct str *out, slice bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		const unsigned char *in = (const unsigned char *)bytes.at + i;
		size_t left = bytes.n - i;
		unsigned group = (unsigned)in[0] << 16 | (left > 1 ? in[1] : 0u) << 8
		    | (left > 2 ? in[2] : 0u);
		char four[4] = {
			alphabet[group >> 18],
			alphabet[group >> 12 & 63],
			left > 1 ? alphabet[group >> 6 & 63] : '=',
			left > 2 ? alphabet[group & 63] : '=',
		};

		str_add(out, (slice){ four, 4 });
	}
}

/* The value of one character, or 64. */
static unsigned
value(char c)
{
	const char *found = c ? strchr(alphabet, c) : NULL;

	return found ? (unsigned)(found - alphabet) : 64;
}

/* One group: how many bytes it holds (1 to 3), 0 when it is broken. */
static size_t
decode_group(const char four[4], char three[3])
{
	unsigned group = 0;
	size_t digits = four[3] != '=' ? 4 : four[2] != '=' ? 3 : 2;

	for (size_t i = 0; i < 4; i++) {
		unsigned v = i < digits ? value(four[i]) : 0;

		if (v == 64)
			return 0;
		group = group << 6 | v;
	}
	if ((digits == 2 && (group & 0xffff)) || (digits == 3 && (group & 0xff)))
		return 0;
	three[0] = (char)(group >> 16);
	three[1] = (char)(group >> 8);
	three[2] = (char)group;
	return digits - 1;
}

bool
b64_decode(struct str *out, slice text)
{
	size_t before = out->n;

	if (text.n % 4 != 0)
		return false;
	for (size_t i = 0; i < text.n; i += 4) {
		char three[3];
		size_t n = decode_group(text.at + i, three);

		if (n == 0 || (n < 3 && i + 4 < text.n)) {
			str_cut(out, before);
			return false;
		}
		str_add(out, (slice){ three, n });
	}
	return true;
}
