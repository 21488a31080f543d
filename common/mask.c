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
	bytes = arena_copy(arena, bytes);
	if (bytes.at) /* without memory the arena remembers, and nothing is believed */
		list_add(arena, masks, bytes);
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

/* The forms that a program gives to bytes it repeats, one byte at a time. */

static void
hexadecimal(struct str *out, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	str_addc(out, digits[c >> 4]);
	str_addc(out, digits[c & 15]);
}

static void
percent_all(struct str *out, unsigned char c)
{
	str_addc(out, '%');
	hexadecimal(out, c);
}

static bool
one_of(unsigned char c, const char *characters)
{
	return c && strchr(characters, c);
}

static void
percent(struct str *out, unsigned char c) /* but for RFC 3986's unreserved ones */
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
	    || one_of(c, "-._~"))
		str_addc(out, (char)c);
	else
		percent_all(out, c);
}

static void
quoted(struct str *out, unsigned char c)
{
	str_addz(out, one_of(c, "\"\\") ? "\\" : "");
	str_addc(out, (char)c);
}

static void
quoted_slash(struct str *out, unsigned char c)
{
	str_addz(out, one_of(c, "\"\\/") ? "\\" : "");
	str_addc(out, (char)c);
}

/* `c` as `format` has it where it is one of `characters`, else as it is. */
static void
formatted(struct str *out, unsigned char c, const char *characters, const char *format)
{
	if (one_of(c, characters))
		str_addf(out, format, c);
	else
		str_addc(out, (char)c);
}

static void
unicode(struct str *out, unsigned char c)
{
	formatted(out, c, "&<>\"'\\/", "\\u%04x");
}

static void
html_decimal(struct str *out, unsigned char c)
{
	formatted(out, c, "&<>\"'", "&#%u;");
}

static void
html_hexadecimal(struct str *out, unsigned char c)
{
	formatted(out, c, "&<>\"'", "&#x%x;");
}

static void
html_named(struct str *out, unsigned char c)
{
	const char *name = c == '&' ? "&amp;"
	    : c == '<'              ? "&lt;"
	    : c == '>'              ? "&gt;"
	    : c == '"'              ? "&quot;"
	    : c == '\''             ? "&#39;"
	                            : NULL;

	if (name)
		str_addz(out, name);
	else
		str_addc(out, (char)c);
}

static void (*const forms[])(struct str *out, unsigned char c) = {
	hexadecimal,
	percent_all,
	percent,
	quoted,
	quoted_slash,
	unicode,
	html_decimal,
	html_hexadecimal,
	html_named,
};

void
mask_add(struct arena *arena, struct list *masks, slice secret)
{
	if (secret.n == 0)
		return;
	add(arena, masks, secret);
	for (size_t offset = 0; offset < 3; offset++)
		add_base64(arena, masks, secret, offset);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct str text = str_in(arena);

		for (size_t k = 0; k < secret.n; k++)
			forms[i](&text, (unsigned char)secret.at[k]);
		add(arena, masks, str_slice(&text));
	}
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

/* Which bytes some mask begins with: most bytes of a text are passed over by a look at this. */
struct starts {
	bool with[256];
};

static struct starts
starts_of(const struct list *masks)
{
	struct starts starts = { 0 };

	for (size_t i = 0; i < masks->n; i++) {
		unsigned char c = (unsigned char)masks->items[i].at[0];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		starts.with[c] = true;
		starts.with[letter ? c ^ 0x20 : c] = true;
	}
	return starts;
}

/* How many bytes in front of the first mask in `text`. */
static size_t
clean(const struct list *masks, const struct starts *starts, slice text)
{
	size_t n = 0;

	while (n < text.n
	    && (!starts->with[(unsigned char)text.at[n]]
	        || masked_here(masks, slice_skip(text, n)) == 0))
		n++;
	return n;
}

slice
mask_apply(struct arena *arena, const struct list *masks, slice text)
{
	const struct starts starts = starts_of(masks);
	struct str out = str_in(arena);
	size_t n = masks->n > 0 ? clean(masks, &starts, text) : text.n;

	if (n == text.n)
		return text;
	while (text.n > 0) {
		str_add(&out, slice_head(text, n));
		text = slice_skip(text, n);
		if (text.n > 0)
			str_addz(&out, "****");
		text = slice_skip(text, masked_here(masks, text));
		n = clean(masks, &starts, text);
	}
	return str_slice(&out);
}
