/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens: the first byte is the key, the rest a field's value. What is taken was signed with that key:
 * made again from its numbers it is the same text. And a token that was changed by the input, a
 * byte of it for a byte, is not taken.
 */
#include <string.h>

#include "fuzz.h"
#include "token.h"

static void
changed(struct arena *arena, slice key, slice value)
{
	struct token token = { 1, 2, 3, 4, 5 }, got;
	slice text = token_make(arena, key, &token);
	char *copy = arena_bytes(arena, text.n);
	bool same = true;

	demand(text.at && copy);
	memcpy(copy, text.at, text.n);
	for (size_t i = 0; i + 1 < value.n; i += 2) {
		size_t at = (unsigned char)value.at[i] % text.n;

		copy[at] = (char)(copy[at] ^ value.at[i + 1]);
	}
	same = memcmp(copy, text.at, text.n) == 0;
	demand(token_read(key, (slice){ copy, text.n }, &got) == same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *arena = arena_new(1 << 20);
	slice all = { (const char *)data, n }, key = slice_head(all, 1), value = slice_skip(all, 1);
	struct token token = { .sequence = 7 };
	uint64_t digest = token_digest(value);
	struct str ended = str_in(arena);

	if (token_read(key, value, &token)) {
		slice text = token_make(arena, key, &token);

		demand(slice_find(value, text) < value.n);
		demand(slice_starts(text, token_prefix(arena, token.instance)));
	} else
		demand(token.sequence == 7);
	changed(arena, key, value);
	str_add(&ended, value);
	str_addz(&ended, "\r\n\n");
	/* A CR at the end is a line's now. */
	demand(token_digest(str_slice(&ended)) == digest
	    || (value.n > 0 && value.at[value.n - 1] == '\r'));
	arena_free(arena);
	return 0;
}
