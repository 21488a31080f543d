/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A threshold, alone and with the name it is for. "@" must turn a range around exactly, and
 * whatever is accepted must be a range that a number can be held against.
 */
#include <math.h>

#include "fuzz.h"
#include "judge.h"

static const double probes[] = { -1e300, -10.5, -1, -0.0, 0, 1e-9, 0.5, 1, 9.99, 10, 10.01, 20, 1e9,
	1e300 };

static void
range(struct arena *arena, slice text)
{
	struct range parsed = { .low = 42 }, turned;
	slice other = str_f(arena, "@%.*s", (int)text.n, text.n ? text.at : "");

	if (!range_parse(text, &parsed)) {
		demand(parsed.low == 42 && parsed.text.at == NULL);
		return;
	}
	demand(text.n > 0 && slice_eq(parsed.text, text));
	demand(!isnan(parsed.low) && !isnan(parsed.high) && parsed.low <= parsed.high);
	demand(parsed.inside == (text.at[0] == '@'));
	demand(range_parse(other, &turned) == !parsed.inside);
	for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
		bool alerts = range_alerts(&parsed, probes[i]);
		bool in = probes[i] >= parsed.low && probes[i] <= parsed.high;

		demand(alerts == (in == parsed.inside));
		demand(parsed.inside || range_alerts(&turned, probes[i]) != alerts);
	}
}

/* The whole "[NAME=]RANGE", as -w and as -c, both kept side by side. */
static void
spec(struct arena *arena, slice text)
{
	struct thresholds thresholds = { 0 };
	struct str error = str_in(arena);
	const struct threshold *kept;

	if (!thresholds_add(&thresholds, arena, text, STATE_WARNING, &error)) {
		demand(error.n > 0 && thresholds.n == 0);
		return;
	}
	demand(error.n == 0 && thresholds.n == 1 && thresholds.items[0].has_warning);
	demand(!thresholds.items[0].has_critical);
	demand(thresholds_add(&thresholds, arena, text, STATE_CRITICAL, &error));
	demand(thresholds.n == 1 && thresholds.items[0].has_critical);
	kept = threshold_for(&thresholds, thresholds.items[0].name);
	demand(kept == &thresholds.items[0]);
	demand(slice_eq(kept->warning.text, kept->critical.text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n };
	struct arena *arena = arena_new(16 << 20);

	demand(arena != NULL);
	if (!memchr(data ? (const char *)data : "", '\0', n))
		range(arena, text);
	spec(arena, text);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
