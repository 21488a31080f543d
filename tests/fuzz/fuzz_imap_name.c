/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mailbox names, both ways: a name that was encoded comes back, what is shown of a server's name is
 * UTF-8 in other letters or the name itself, and the form's own letters are all that is sent.
 */
#include "escape.h"
#include "fuzz.h"
#include "imap_name.h"

static bool
ascii(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.at[i] > 127)
			return false;
	return true;
}

static bool
utf8(slice s)
{
	while (s.n > 0)
		if (utf8_take(&s) == UTF8_BAD)
			return false;
	return true;
}

static slice
encoded(struct arena *arena, slice name)
{
	struct str out = str_in(arena);

	str_addz(&out, "x");
	if (!imap_name_encode(&out, name)) {
		demand(slice_eq(str_slice(&out), S("x")) && !utf8(name));
		return (slice){ NULL, 0 };
	}
	demand(ascii(name) || utf8(name));
	return slice_skip(str_slice(&out), 1);
}

static slice
decoded(struct arena *arena, slice name)
{
	struct str out = str_in(arena);

	str_addz(&out, "x");
	imap_name_decode(&out, name);
	return slice_skip(str_slice(&out), 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice name = { (const char *)data, n };
	struct arena *arena = arena_new(1 << 20);
	slice form, shown;

	demand(arena != NULL);
	form = encoded(arena, name);
	if (form.at && ascii(name))
		demand(slice_eq(form, name));
	if (form.at && !ascii(name)) {
		demand(ascii(form) && slice_find(form, S("&")) < form.n);
		/* A NUL is encoded and not decoded: no mailbox of ours has one. */
		demand(memchr(data, 0, n) || slice_eq(decoded(arena, form), name));
	}
	shown = decoded(arena, name);
	demand(slice_eq(shown, name) || utf8(shown));
	if (!ascii(name))
		demand(slice_eq(shown, name));
	/* Two spellings of one name would be one mailbox; only where shifts meet there are two. */
	if (!ascii(shown) && ascii(name) && !memmem(name.at, name.n, "-&", 2))
		demand(slice_eq(encoded(arena, shown), name));
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
