/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_RECORDS_H
#define FUZZ_RECORDS_H

/* What the fuzzers of a domain's records share: lines of the input as records of a list. */

#include "fuzz.h"
#include "txt_record.h"

static inline struct list
records_of(struct arena *arena, slice text)
{
	struct list records = { .n = 0 };

	while (text.at && text.n > 0)
		list_add(arena, &records, slice_cut(&text, '\n'));
	return records;
}

/* Whether `part` lies within `whole`, or is missing. */
static inline bool
part_of(slice part, slice whole)
{
	return !part.at || (part.at >= whole.at && part.at + part.n <= whole.at + whole.n);
}

#endif
