/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ESCAPE_H
#define ESCAPE_H

/*
 * Bytes of a stranger, and numbers, as each output wants them. escape_text() is declared in
 * render.h. Numbers have a decimal point whatever the locale.
 */

#include <time.h>

#include "clock.h"
#include "str.h"

#define UTF8_BAD UINT32_MAX

/*
 * Takes one character off the front of `s`, which is not empty. UTF8_BAD for the longest beginning
 * of a character that is not completed, or for a byte that begins none.
 */
uint32_t utf8_take(slice *s);

/* The first characters of `s` that together have no more than `limit` bytes. */
slice utf8_head(slice s, size_t limit);

/*
 * A JSON string with its quotes (RFC 8259 section 7); unsafe characters as \uNNNN, bad ones as
 * U+FFFD.
 */
void escape_json(struct str *out, slice s);

/* The inside of an OpenMetrics label value; unsafe characters but the line feed become U+FFFD. */
void escape_label(struct str *out, slice s);

/* Seconds with so many decimals, 0 to 9. */
void escape_seconds(struct str *out, span s, unsigned decimals);

/* A number with as many digits as it needs; "+Inf", "-Inf", "NaN" where it is none. */
void escape_number(struct str *out, double number);

/*
 * "2025-01-31T23:59:59Z" (RFC 3339). False, and nothing added, for a year that has not four digits.
 */
bool escape_time(struct str *out, time_t time);

#endif
