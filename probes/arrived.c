/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The message as a whole: its header's fields handed to their parsers (arrived_received.c,
 * arrived_results.c), one field by name, and the body compared with what was sent.
 */
#include "arrived_scan.h"

/* Received fields stand with the newest on top; those that are too many are the oldest. */
static void
hops(struct arrived *arrived)
{
	slice header = arrived->header, name, value;
	size_t n = 0;

	while (n < ARRIVED_HOPS && arrived_next(&header, &name, &value))
		if (slice_eqi(name, S("Received")))
			arrived_received(value, &arrived->hops[n++]);
	arrived->hop_count = n;
	for (size_t i = 0; i < n / 2; i++) {
		struct arrived_hop hop = arrived->hops[i];

		arrived->hops[i] = arrived->hops[n - 1 - i];
		arrived->hops[n - 1 - i] = hop;
	}
}

/* message = (fields / obs-fields) [CRLF body] */
bool
arrived_parse(struct arena *arena, slice message, struct arrived *arrived)
{
	slice header, body, rest, name, value;

	arrived_split(message, &header, &body);
	rest = header;
	if (!arrived_next(&rest, &name, &value))
		return false;
	*arrived = (struct arrived){ .header = header, .body = body };
	hops(arrived);
	arrived_results(arena, arrived);
	return true;
}

slice
arrived_field(struct arena *arena, slice header, slice name)
{
	return arrived_unfold(arena, arrived_raw(header, name));
}

/* Whether nothing but empty lines is left. */
static bool
only_empty_lines(slice rest)
{
	while (rest.n > 0)
		if (arrived_line(&rest).n > 0)
			return false;
	return true;
}

bool
arrived_same_body(slice a, slice b)
{
	while (a.n > 0 && b.n > 0)
		if (!slice_eq(arrived_line(&a), arrived_line(&b)))
			return false;
	return only_empty_lines(a) && only_empty_lines(b);
}
