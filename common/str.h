/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STR_H
#define STR_H

/*
 * A string under construction, in an arena. Adding never fails visibly: when memory runs out the
 * arena remembers it, and the string keeps what it had. Look at arena_failed() once, at the end.
 */

#include <stdarg.h>

#include "arena.h"
#include "slice.h"

struct str {
	struct arena *arena;
	char *at; /* always terminated by a NUL that does not count; NULL while nothing was added */
	size_t n, size;
};

static inline struct str
str_in(struct arena *arena)
{
	return (struct str){ .arena = arena };
}

void str_add(struct str *str, slice s);
void str_addz(struct str *str, const char *z);
void str_addc(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with its arguments in a list. */
void str_addv(struct str *str, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Takes back all but the first `n` bytes, of which there are at least so many. */
void str_cut(struct str *str, size_t n);

/* What was built so far; valid until the next addition. */
static inline slice
str_slice(const struct str *str)
{
	return (slice){ str->at ? str->at : "", str->n };
}

/* The same as a terminated string, never NULL. */
static inline const char *
str_z(const struct str *str)
{
	return str->at ? str->at : "";
}

/* A finished string of its own in one call; an empty slice without memory. */
slice str_f(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
