/* SPDX-License-Identifier: BSD-2-Clause */
/* The string builder. Room doubles, so the arena holds at most twice the finished string. */
#include "str.h"

#include <stdio.h>

enum { MOSTLY_ENOUGH = 48 }; /* for what one format makes */

/* Room for `more` bytes and the final NUL. */
static bool
room(struct str *str, size_t more)
{
	size_t size = str->size ? str->size : 64;
	char *grown;

	if (more < str->size - str->n)
		return true;
	if (more > SIZE_MAX / 4 - str->n)
		size = SIZE_MAX / 2;
	while (size <= str->n + more)
		size *= 2;
	if (!(grown = arena_bytes(str->arena, size)))
		return false;
	if (str->n > 0)
		memcpy(grown, str->at, str->n);
	str->at = grown;
	str->size = size;
	return true;
}

void
str_add(struct str *str, slice s)
{
	if (!room(str, s.n))
		return;
	if (s.n > 0)
		memcpy(str->at + str->n, s.at, s.n);
	str->n += s.n;
	str->at[str->n] = '\0';
}

void
str_addz(struct str *str, const char *z)
{
	str_add(str, slice_z(z));
}

void
str_addc(struct str *str, char c)
{
	str_add(str, (slice){ &c, 1 });
}

void
str_cut(struct str *str, size_t n)
{
	str->n = n;
	if (str->at)
		str->at[n] = '\0';
}

void
str_addv(struct str *str, const char *format, va_list arguments)
{
	va_list again;
	size_t left;
	int n;

	if (!room(str, MOSTLY_ENOUGH))
		return;
	left = str->size - str->n;
	va_copy(again, arguments);
	n = vsnprintf(str->at + str->n, left, format, again);
	va_end(again);
	if (n > 0 && (size_t)n >= left) { /* it did not fit: once more, with room */
		if (!room(str, (size_t)n)) {
			str_cut(str, str->n);
			return;
		}
		vsnprintf(str->at + str->n, (size_t)n + 1, format, arguments);
	}
	str->n += n > 0 ? (size_t)n : 0;
}

void
str_addf(struct str *str, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	str_addv(str, format, arguments);
	va_end(arguments);
}

slice
str_f(struct arena *arena, const char *format, ...)
{
	struct str str = str_in(arena);
	va_list arguments;

	va_start(arguments, format);
	str_addv(&str, format, arguments);
	va_end(arguments);
	return str_slice(&str);
}
