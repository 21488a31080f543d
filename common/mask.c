/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Masking by value. A secret inside a longer base64 text begins at a byte offset of 0, 1 or 2 within a
 * group of three; its first and last characters then mix with the neighbours' bits. What is left
 * between them is fixed, and is what we look for.
 */
#include "mask.h"

#include "b64.h"

/* Shorter pieces of base64 are in too many innocent words, and give little away. */
enum { SHORTEST_CORE = 3 };

static void
add(struct arena *arena, struct list *masks, slice bytes)
{
	if (bytes.n == 0)
		return;
	for (size_t i = 0; i < masks->n; i++)
		if (slice_eq(masks->items[i], bytes))
			return;
	list_add(arena, masks, arena_copy(arena, bytes));
}

static void
add_base64(struct arena *arena, struct list *masks, slice secret, size_t offset)
{
	struct str padded = str_in(arena), text = str_in(arena);
	size_t first = (offset * 8 + 5) / 6, end = (offset + secret.n) * 8 / 6;

	str_add(&padded, slice_head(S("\0\0"), offset));
	str_add(&padded, secret);
	b64_encode(&text, str_slice(&padded));
	if (end > text.n || end - first < SHORTEST_CORE)
		return;
	add(arena, masks, slice_head(slice_skip(str_slice(&text), first), end - first));
}

static void
add_percent(struct arena *arena, struct list *masks, slice secret)
{
	struct str text = str_in(arena);

	for (size_t i = 0; i < secret.n; i++) {
		unsigned char c = (unsigned char)secret.at[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
		    || c == '-' || c == '.' || c == '_' || c == '~';

		if (plain)
			str_addc(&text, (char)c);
		else
			str_addf(&text, "%%%02X", c);
	}
	add(arena, masks, str_slice(&text));
}

void
mask_add(struct arena *arena, struct list *masks, slice secret)
{
	add(arena, masks, secret);
	for (size_t offset = 0; offset < 3; offset++)
		add_base64(arena, masks, secret, offset);
	add_percent(arena, masks, secret);
}

/* The longest mask that stands at the front of `text`, or 0. */
static size_t
masked_here(const struct list *masks, slice text)
{
	size_t longest = 0;

	for (size_t i = 0; i < masks->n; i++)
		if (masks->items[i].n > longest && slice_starts(text, masks->items[i]))
			longest = masks->items[i].n;
	return longest;
}

static bool
occurs(const struct list *masks, slice text)
{
	for (size_t i = 0; i < masks->n; i++)
		if (slice_find(text, masks->items[i]) < text.n)
			return true;
	return false;
}

slice
mask_apply(struct arena *arena, const struct list *masks, slice text)
{
	struct str out = str_in(arena);

	if (!occurs(masks, text))
		return text;
	while (text.n > 0) {
		size_t n = masked_here(masks, text);

		if (n > 0)
			str_addz(&out, "****");
		else
			str_addc(&out, text.at[0]);
		text = slice_skip(text, n ? n : 1);
	}
	return str_slice(&out);
}
