/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encoded words for a header, lines and base64 for a body. Base64 serves for both, never
 * quoted-printable: what a probe sends is read by programs, and one decoder is less to go wrong.
 */
#include "mime.h"

#include "b64.h"
#include "escape.h"

enum {
	FOLD_AT = 76,    /* RFC 2047 section 2, for lines with an encoded word */
	BASE64_LINE = 57 /* bytes that make the 76 characters of RFC 2045 section 6.8 */
};

bool
mime_utf8(slice s)
{
	while (s.n > 0)
		if (utf8_take(&s) == UTF8_BAD)
			return false;
	return true;
}

const char *
mime_charset(slice s)
{
	return mime_utf8(s) ? "utf-8" : "unknown-8bit";
}

/*
 * encoded-word = "=?" charset "?" encoding "?" encoded-text "?=", of 75 characters at most, never
 * with a part of a character (RFC 2047 sections 2 and 5). The blank between two is not text.
 */
void
mime_words(struct str *out, size_t column, slice text)
{
	bool known = mime_utf8(text);
	slice charset = slice_z(mime_charset(text));
	size_t frame = charset.n + 7;

	while (text.n > 0) {
		size_t room = (FOLD_AT - frame - column) / 4 * 3;
		slice head = known ? utf8_head(text, room) : slice_head(text, room);

		str_addz(out, "=?");
		str_add(out, charset);
		str_addz(out, "?B?");
		b64_encode(out, head);
		text = slice_skip(text, head.n);
		str_addz(out, text.n > 0 ? "?=\r\n " : "?=");
		column = 1;
	}
}

bool
mime_unfit(slice body)
{
	while (body.n > 0) {
		slice part = slice_cut(&body, '\n');

		if (body.at && part.n > 0 && part.at[part.n - 1] == '\r')
			part.n--;
		if (part.n > MIME_LINE_LIMIT || memchr(part.at, '\r', part.n)
		    || memchr(part.at, '\0', part.n))
			return true;
	}
	return false;
}

void
mime_lines(struct str *out, slice body)
{
	while (body.n > 0) {
		slice part = slice_cut(&body, '\n');

		if (part.n > 0 && part.at[part.n - 1] == '\r')
			part.n--;
		str_add(out, part);
		str_addz(out, "\r\n");
	}
}

void
mime_base64(struct str *out, slice body)
{
	char bytes[BASE64_LINE];
	size_t n = 0;

	for (size_t i = 0; i < body.n; i++) {
		bool alone = body.at[i] == '\n' && (i == 0 || body.at[i - 1] != '\r');
		slice unit = alone ? S("\r\n") : (slice){ body.at + i, 1 };

		for (size_t j = 0; j < unit.n; j++) {
			bytes[n++] = unit.at[j];
			if (n < BASE64_LINE)
				continue;
			b64_encode(out, (slice){ bytes, n });
			str_addz(out, "\r\n");
			n = 0;
		}
	}
	if (n > 0) {
		b64_encode(out, (slice){ bytes, n });
		str_addz(out, "\r\n");
	}
}
