/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chain of malloc'ed blocks, the newest first, each twice the last up to a limit: a plain probe
 * that waits for its server holds one small block, a chatty one pays few calls.
 */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_STEP = 65536 };

struct block {
	struct block *next;
	size_t used, size;
	max_align_t bytes[];
};

struct arena {
	struct block *newest;
	size_t left; /* of the ceiling */
	size_t size;
	size_t step; /* the next block's size */
	bool failed;
};

struct arena *
arena_new(size_t ceiling)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (!arena)
		return NULL;
	arena->left = ceiling;
	arena->step = FIRST_BLOCK;
	return arena;
}

void
arena_free(struct arena *arena)
{
	struct block *block, *next;

	if (!arena)
		return;
	for (block = arena->newest; block; block = next) {
		next = block->next;
		explicit_bzero(block->bytes, block->used);
		free(block);
	}
	free(arena);
}

static struct block *
grow(struct arena *arena, size_t n)
{
	size_t size = n > arena->step ? n : arena->step;
	struct block *block;

	if (size > arena->left)
		size = arena->left;
	if (size < n || !(block = malloc(sizeof *block + size)))
		return NULL;
	arena->left -= size;
	arena->size += size;
	if (arena->step < LARGEST_STEP)
		arena->step *= 2;
	*block = (struct block){ .next = arena->newest, .size = size };
	return arena->newest = block;
}

void *
arena_bytes(struct arena *arena, size_t n)
{
	struct block *block = arena->newest;
	void *memory;

	if (arena->failed || n > arena->left + (block ? block->size : 0))
		goto none;
	n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!block || block->size - block->used < n)
		block = grow(arena, n);
	if (!block)
		goto none;
	memory = (char *)block->bytes + block->used;
	block->used += n;
	return memory;
none:
	arena->failed = true;
	return NULL;
}

void *
arena_alloc(struct arena *arena, size_t n)
{
	void *memory = arena_bytes(arena, n);

	return memory ? memset(memory, 0, n) : NULL;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		n = SIZE_MAX;
	return arena_alloc(arena, n);
}

slice
arena_copy(struct arena *arena, slice s)
{
	char *copy = s.n < SIZE_MAX ? arena_bytes(arena, s.n + 1) : NULL;

	if (!copy)
		return (slice){ NULL, 0 };
	if (s.n > 0)
		memcpy(copy, s.at, s.n);
	copy[s.n] = '\0';
	return (slice){ copy, s.n };
}

size_t
arena_size(const struct arena *arena)
{
	return arena->size;
}

bool
arena_failed(const struct arena *arena)
{
	return arena->failed;
}
