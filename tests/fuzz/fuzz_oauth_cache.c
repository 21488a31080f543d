/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A cache of tokens that anybody has written: what is found in it, and what is put into it, must be
 * found again, and every other line must be where it was.
 */
#include "fuzz.h"
#include "oauth_cache.h"

static size_t
lines_of_others(slice content, slice whose)
{
	size_t n = 0;

	while (content.n > 0) {
		slice text = slice_cut(&content, '\n'), rest = text;

		n += text.n > 0 && !slice_eq(slice_cut(&rest, ' '), whose);
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct oauth_key key = { SLICE("a1"), SLICE("b2") };
	static const struct oauth_entry new = { .access = SLICE("t"), .obtained = 1, .expires = 2 };
	slice content = { (const char *)data, n }, after;
	struct arena *arena = arena_new(64 << 20);
	struct oauth_entry entry;

	demand(arena != NULL);
	if (oauth_find(arena, content, &key, &entry) == OAUTH_ENTRY) {
		after = oauth_replaced(arena, content, &key, &entry);
		demand(oauth_find(arena, after, &key, &entry) == OAUTH_ENTRY);
		demand(entry.obtained >= 0 && entry.expires >= 0);
	}
	after = oauth_replaced(arena, content, &key, &new);
	demand(oauth_find(arena, after, &key, &entry) == OAUTH_ENTRY);
	demand(slice_eq(entry.access, new.access) && !entry.refresh.at && entry.expires == 2);
	demand(lines_of_others(after, key.whose) == lines_of_others(content, key.whose));
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
