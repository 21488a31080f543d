/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Masking by value. A secret inside a longer base64 text begins at a byte offset of 0, 1 or 2
 * within a group of three; its first and last characters then mix with the neighbours' bits. What
 * is left between them is fixed, and is what we look for.
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
		if (slice_eqi(masks->items[i], bytes))
			return;
	list_add(arena, masks, arena_copy(arena, bytes));
}

/* The same in the alphabet for addresses (RFC 4648 section 5). */
static void
add_both_alphabets(struct arena *arena, struct list *masks, slice base64)
{
	struct str other = str_in(arena);

	for (size_t i = 0; i < base64.n; i++)
		str_addc(&other,
		    base64.at[i] == '+'       ? '-'
		        : base64.at[i] == '/' ? '_'
		                              : base64.at[i]);
	add(arena, masks, base64);
	add(arena, masks, str_slice(&other));
}

static void
add_base64(struct arena *arena, struct list *masks, slice secret, size_t offset)
{
	struct str padded = str_in(arena), text = str_in(arena);
	size_t first = (offset * 8 + 5) / 6, end = (offset + secret.n) * 8 / 6;

	str_add(&padded, slice_head(S("\0\0"), offset));
	str_add(&padded, secret);
	b64_encode(&text, str_slice(&padded));
	if (end - first >= SHORTEST_CORE)
		add_both_alphabets(
		    arena, masks, slice_head(slice_skip(str_slice(&text), first), end - first));
	else if (offset == 0)
		add_both_alphabets(arena, masks, str_slice(&text));
}

/* Each byte by `format`, but for those that `as_is` allows. */
static void
add_escaped(struct arena *arena, struct list *masks, slice secret, const char *format,
    bool (*as_is)(unsigned char c))
{
	struct str text = str_in(arena);

	for (size_t i = 0; i < secret.n; i++) {
		unsigned char c = (unsigned char)secret.at[i];

		if (as_is && as_is(c))
			str_addc(&text, (char)c);
		else
			str_addf(&text, format, c);
	}
	add(arena, masks, str_slice(&text));
}

static bool
unreserved(unsigned char c) /* RFC 3986 section 2.3 */
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
	    || c == '-' || c == '.' || c == '_' || c == '~';
}

static bool
unquoted(unsigned char c) /* what a quoted string, JSON's or IMAP's, has without a backslash */
{
	return c != '"' && c != '\\' && c != '/';
}

static bool
unquoted_but_slash(unsigned char c)
{
	return c == '/' || unquoted(c);
}

static bool
unmarked(unsigned char c) /* what HTML has as it is */
{
	return c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

void
mask_add(struct arena *arena, struct list *masks, slice secret)
{
	if (secret.n == 0)
		return;
	add(arena, masks, secret);
	for (size_t offset = 0; offset < 3; offset++)
		add_base64(arena, masks, secret, offset);
	add_escaped(arena, masks, secret, "%02x", NULL);
	add_escaped(arena, masks, secret, "%%%02x", NULL);
	add_escaped(arena, masks, secret, "%%%02x", unreserved);
	add_escaped(arena, masks, secret, "\\%c", unquoted);
	add_escaped(arena, masks, secret, "\\%c", unquoted_but_slash);
	add_escaped(arena, masks, secret, "&#%u;", unmarked);
}

/* The longest mask that stands at the front of `text`, in any letter case, or 0. */
static size_t
masked_here(const struct list *masks, slice text)
{
	size_t longest = 0;

	for (size_t i = 0; i < masks->n; i++)
		if (masks->items[i].n > longest && slice_startsi(text, masks->items[i]))
			longest = masks->items[i].n;
	return longest;
}

/* How many bytes in front of the first mask in `text`. */
static size_t
clean(const struct list *masks, slice text)
{
	size_t n = 0;

	while (n < text.n && masked_here(masks, slice_skip(text, n)) == 0)
		n++;
	return n;
}

slice
mask_apply(struct arena *arena, const struct list *masks, slice text)
{
	struct str out = str_in(arena);
	size_t n = masks->n > 0 ? clean(masks, text) : text.n;

	if (n == text.n)
		return text;
	while (text.n > 0) {
		str_add(&out, slice_head(text, n));
		text = slice_skip(text, n);
		if (text.n > 0)
			str_addz(&out, "****");
		text = slice_skip(text, masked_here(masks, text));
		n = clean(masks, text);
	}
	return str_slice(&out);
}
