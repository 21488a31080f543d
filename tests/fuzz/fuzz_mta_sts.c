/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The input as an MTA-STS policy, and its lines as TXT records. A policy that is taken is the same
 * with CRLF, covers what it names and nothing of two labels by its star; what is refused says why.
 */
#include "mta_sts.h"
#include "records.h"

static slice
crlf(struct arena *arena, slice text)
{
	struct str out = str_in(arena);

	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '\n' && (i == 0 || text.at[i - 1] != '\r'))
			str_addc(&out, '\r');
		str_addc(&out, text.at[i]);
	}
	return str_slice(&out);
}

static void
check_pattern(struct arena *arena, const struct mta_sts_policy *policy, slice pattern)
{
	struct mta_sts_policy alone = { .mx = { .items = &pattern, .n = 1 } };
	struct str name = str_in(arena);

	demand(pattern.n > 0);
	demand(mta_sts_covers(policy, pattern));
	if (!slice_starts(pattern, S("*.")))
		return;
	demand(!mta_sts_covers(&alone, slice_skip(pattern, 2)) || slice_starts(slice_skip(pattern, 2), S("*.")));
	str_addz(&name, "a.b");
	str_add(&name, slice_skip(pattern, 1));
	demand(!mta_sts_covers(&alone, str_slice(&name)));
	demand(mta_sts_covers(&alone, slice_skip(str_slice(&name), 2)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n }, error = { NULL, 0 };
	struct arena *arena = arena_new(200 * n + (1 << 16));
	struct mta_sts_policy policy = { .max_age = 7 }, again;
	struct mta_sts_record sts;
	struct list records;

	demand(arena != NULL);
	records = records_of(arena, text);
	mta_sts_record_parse(arena, &records, &sts);
	demand(part_of(sts.record, text) && part_of(sts.id, text) && sts.id.n <= 32);
	demand((sts.status == TXT_GOOD) == (sts.id.n > 0));
	demand((sts.status == TXT_BROKEN) == (sts.error.at != NULL));
	if (!mta_sts_policy_parse(arena, text, &policy, &error)) {
		demand(error.n > 0 && policy.max_age == 7);
		arena_free(arena);
		return 0;
	}
	demand(policy.max_age <= MTA_STS_AGE_MAX && policy.mx.n <= MTA_STS_PATTERNS_MAX);
	demand(policy.mx.n > 0 || policy.mode == MTA_STS_NO_POLICY);
	demand(mta_sts_policy_parse(arena, crlf(arena, text), &again, &error));
	demand(again.mode == policy.mode && again.max_age == policy.max_age && again.mx.n == policy.mx.n);
	for (size_t i = 0; i < policy.mx.n; i++) {
		demand(slice_eq(policy.mx.items[i], again.mx.items[i]));
		check_pattern(arena, &policy, policy.mx.items[i]);
	}
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
