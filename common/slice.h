/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SLICE_H
#define SLICE_H

/*
 * A slice is a pointer and a length: bytes that belong to somebody else, not terminated, possibly
 * with NULs in them. Everything that came from a peer is handled as slices. Passed by value.
 * A missing slice (`at` NULL) differs from an empty one where a contract says so, and compares as
 * empty everywhere else. Letter case is ASCII's, whatever the locale.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const char *at;
	size_t n;
} slice;

/* A slice of a string literal, usable in initializers too. */
#define SLICE(literal) \
	{ \
		"" literal, sizeof(literal) - 1 \
	}
#define S(literal) ((slice)SLICE(literal))

/* A slice of a terminated string; missing for NULL. */
static inline slice
slice_z(const char *z)
{
	return (slice){ z, z ? strlen(z) : 0 };
}

/* What is left of `s` behind its first `n` bytes; empty when it has no more than those. */
static inline slice
slice_skip(slice s, size_t n)
{
	return n < s.n ? (slice){ s.at + n, s.n - n } : (slice){ s.at ? s.at + s.n : NULL, 0 };
}

/* The first `n` bytes of `s`, or all of it. */
static inline slice
slice_head(slice s, size_t n)
{
	return (slice){ s.at, n < s.n ? n : s.n };
}

bool slice_eq(slice a, slice b);
bool slice_eqi(slice a, slice b); /* letter case ignored */
bool slice_starts(slice s, slice prefix);
bool slice_startsi(slice s, slice prefix);

/* Where `needle` first stands in `s`, or `s.n` when it does not. An empty needle stands at 0. */
size_t slice_find(slice s, slice needle);

/* `s` without blanks and tabs at either end. */
slice slice_trim(slice s);

/*
 * Takes off the front of `*rest` everything before `separator`, and drops the separator. Without
 * one in it, takes all and leaves `*rest` missing. `separator` ' ' means a run of blanks and tabs.
 */
slice slice_cut(slice *rest, char separator);

/*
 * The one parser of numbers from the network: one or more decimal digits, nothing else, at most
 * `max`. False, and `*number` untouched, otherwise.
 */
bool slice_number(slice s, uint64_t max, uint64_t *number);

#endif
