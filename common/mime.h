/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MIME_H
#define MIME_H

/* The forms in which MIME puts text that is not plain ASCII into a message (RFC 2045, RFC 2047). */

#include "str.h"

/* The longest line of a message, without its line end (RFC 5322 section 2.1.1). */
enum { MIME_LINE_LIMIT = 998 };

/* Whether `s` is UTF-8 from end to end. */
bool mime_utf8(slice s);

/* "utf-8", or "unknown-8bit" (RFC 1428 section 3) for octets that are not UTF-8. */
const char *mime_charset(slice s);

/* Adds `text` as encoded words, folded; the line they begin in has come as far as `column`. */
void mime_words(struct str *out, size_t column, slice text);

/* Whether `body` has what no line of a message may have: NUL, a CR alone, more than 998 octets. */
bool mime_unfit(slice body);

/* Adds `body` with every line end CRLF, the last line ended. */
void mime_lines(struct str *out, slice body);

/* Adds the base64 of `body` in its canonical form, every line end CRLF (RFC 2045 section 6.8). */
void mime_base64(struct str *out, slice body);

#endif
