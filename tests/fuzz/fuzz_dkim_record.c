/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DKIM key records, a line each: a usable key has a type and bits that it can have, whatever is not
 * usable has a reason, and a second record breaks the first.
 */
#include "dkim_record.h"
#include "records.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n };
	struct arena *arena = arena_new(40 * n + (1 << 16));
	struct list records;
	struct dkim_record dkim;

	demand(arena != NULL);
	records = records_of(arena, text);
	dkim_record_parse(arena, &records, &dkim);
	demand((dkim.status == TXT_NONE) == (records.n == 0));
	demand((dkim.status == TXT_BROKEN) >= (records.n > 1));
	demand(dkim.error.at ? dkim.use != DKIM_USABLE : dkim.use == DKIM_USABLE);
	demand(dkim.status == TXT_GOOD || dkim.use == DKIM_UNUSABLE);
	if (dkim.use == DKIM_WEAK)
		demand(dkim.bits >= DKIM_BITS_MIN && dkim.bits < DKIM_BITS_GOOD);
	if (dkim.use == DKIM_USABLE)
		demand(slice_eq(dkim.type, S("rsa")) ? dkim.bits >= DKIM_BITS_GOOD : dkim.bits == 256);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
