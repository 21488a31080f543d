/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMARC records, a line each: a good one has a policy, a broken one a reason, each URI is one and
 * lies in the record. The lines are domains too: parents come to an end, and alignment is symmetric.
 */
#include "dmarc.h"
#include "records.h"

static void
check_uris(const struct list *uris, slice record)
{
	demand(uris->n <= 100);
	for (size_t i = 0; i < uris->n; i++)
		demand(txt_uri(uris->items[i]) && part_of(uris->items[i], record));
}

static void
check_domains(const struct list *names)
{
	slice domain = names->n > 0 ? names->items[0] : S("");
	slice parent = domain;
	size_t steps = 0;

	if (slice_find(domain, S("..")) < domain.n)
		return; /* no name of a domain */
	while (dmarc_parent(&parent))
		demand(parent.n < domain.n && part_of(parent, domain) && ++steps < 8);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n };
	struct arena *arena = arena_new(40 * n + (1 << 16));
	struct list records;
	struct dmarc dmarc;

	demand(arena != NULL);
	records = records_of(arena, text);
	dmarc_parse(arena, &records, &dmarc);
	demand(part_of(dmarc.record, text) && dmarc.pct <= 100);
	demand((dmarc.status == TXT_GOOD) == (dmarc.p != DMARC_UNSAID));
	demand((dmarc.status == TXT_BROKEN) == (dmarc.error.at != NULL));
	check_uris(&dmarc.rua, dmarc.record);
	check_uris(&dmarc.ruf, dmarc.record);
	check_domains(&records);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
