/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARENA_H
#define ARENA_H

/*
 * The memory of one run: allocated piece by piece, freed at once. It has a ceiling, which bounds
 * what a hostile peer can make us keep, and it is wiped when freed, because it holds passwords.
 *
 * Running out is sticky: from the first allocation that fails, all fail, and arena_failed() says
 * so. The runner then gives `local` as the run's only verdict, so that recording code may drop what
 * it cannot keep and go on.
 */

#include "slice.h"

struct arena;

/* NULL when there is no memory. `ceiling` is in bytes, of everything the arena will ever hold. */
struct arena *arena_new(size_t ceiling);

/* Wipes and frees all. NULL is accepted. */
void arena_free(struct arena *arena);

/* `n` zeroed bytes, aligned for any type, or NULL. */
void *arena_alloc(struct arena *arena, size_t n);

/* The same, not zeroed: for text, which is written before it is read. */
void *arena_bytes(struct arena *arena, size_t n);

/*
 * As arena_alloc(), for `count` members of `size` bytes each; NULL also where the product
 * overflows.
 */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of `s`, with a NUL behind it that does not count. Missing when there is no memory. */
slice arena_copy(struct arena *arena, slice s);

/* The bytes that it holds, used or not. */
size_t arena_size(const struct arena *arena);

/* True once an allocation has failed. */
bool arena_failed(const struct arena *arena);

#endif
