/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64, with each input as text and as bytes. The decoder is strict, so that what it takes must
 * be exactly what the encoder makes of the result; and what it refuses must leave no trace.
 */
#include "b64.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n };
	struct arena *arena = arena_new(1 << 20);
	struct str bytes, text, back;

	demand(arena != NULL);
	bytes = text = back = str_in(arena);
	str_addz(&bytes, "before");
	if (b64_decode(&bytes, input)) {
		b64_encode(&text, slice_skip(str_slice(&bytes), 6));
		demand(slice_eq(str_slice(&text), input));
		text = str_in(arena);
	} else {
		demand(slice_eq(str_slice(&bytes), S("before")));
	}
	b64_encode(&text, input);
	demand(b64_decode(&back, str_slice(&text)));
	demand(slice_eq(str_slice(&back), input));
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
