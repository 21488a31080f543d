/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLSRPT records, a line each: a good one has URIs, all of them mailto: or https:, a broken one a
 * reason; and without blanks it is as good.
 */
#include "records.h"
#include "tls_rpt.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n };
	struct arena *arena = arena_new(40 * n + (1 << 16));
	struct str bare = str_in(arena);
	struct list records, again = { .n = 0 };
	struct tls_rpt rpt, other;

	demand(arena != NULL);
	records = records_of(arena, text);
	tls_rpt_parse(arena, &records, &rpt);
	demand(part_of(rpt.record, text));
	demand((rpt.status == TXT_BROKEN) == (rpt.error.at != NULL));
	demand(rpt.status != TXT_GOOD || (rpt.rua.n > 0 && rpt.rua.n <= 100));
	for (size_t i = 0; i < rpt.rua.n; i++) {
		slice uri = rpt.rua.items[i];

		demand(txt_uri(uri) && part_of(uri, rpt.record));
		demand(slice_startsi(uri, S("mailto:")) || slice_startsi(uri, S("https:")));
	}
	for (size_t i = 0; i < rpt.record.n; i++)
		if (rpt.record.at[i] != ' ' && rpt.record.at[i] != '\t')
			str_addc(&bare, rpt.record.at[i]);
	list_add(arena, &again, str_slice(&bare));
	tls_rpt_parse(arena, &again, &other);
	demand(rpt.status != TXT_GOOD || (other.status == TXT_GOOD && other.rua.n == rpt.rua.n));
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
