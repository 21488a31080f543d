/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that says anything, to each mechanism. An input is text: a letter for the mechanism ("a"
 * the first of the table), then one challenge per line; the empty one stands for none before a
 * client-first mechanism has spoken. What must hold whatever is said is checked, not only memory.
 */
#include "fuzz.h"
#include "sasl.h"

static const struct sasl_credentials with = {
	.user = SLICE("us,er=\xc3\xa4"), .password = SLICE("pen\xc2\xad" "cil"), .token = SLICE("token"),
	.host = SLICE("mx.test"), .port = 587, .binding_type = SLICE("tls-exporter"),
	.binding_data = SLICE("\0\1\2\3"),
};

/* Iterations are bounded, but a thousand of them are enough to fuzz what surrounds them. */
static bool
laborious(slice input)
{
	size_t digits = 0;

	for (size_t i = 0; i < input.n; i++) {
		digits = input.at[i] >= '0' && input.at[i] <= '9' ? digits + 1 : 0;
		if (digits > 3 && slice_find(slice_head(input, i), S("i=")) < i)
			return true;
	}
	return false;
}

static void
converse(struct arena *arena, const struct sasl_mechanism *mechanism, slice rest)
{
	struct sasl *sasl = sasl_start_nonce(arena, mechanism, &with, S("abc"));
	bool scram = slice_starts(slice_z(mechanism->name), S("SCRAM"));
	enum cause before = CAUSE_NONE;

	demand(sasl != NULL);
	for (unsigned turn = 0; rest.at && turn < 6; turn++) {
		struct str response = str_in(arena);
		enum cause cause = sasl_step(sasl, slice_cut(&rest, '\n'), &response);

		demand(cause == CAUSE_NONE || cause == CAUSE_PROTOCOL || cause == CAUSE_AUTH_SERVER);
		demand(before == CAUSE_NONE || cause == CAUSE_PROTOCOL);
		demand(cause == CAUSE_NONE || (response.n == 0 && sasl_error(sasl).n > 0));
		demand(turn < 3 || cause == CAUSE_PROTOCOL);
		demand(!scram || !sasl_proven(sasl) || (turn == 2 && cause == CAUSE_NONE));
		demand(scram || sasl_proven(sasl));
		before = cause;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice rest = { (const char *)data, n };
	slice choice = slice_cut(&rest, '\n');
	struct arena *arena;
	unsigned mechanism;

	if (choice.n != 1 || laborious(rest))
		return 0;
	mechanism = (unsigned)(unsigned char)choice.at[0] - 'a';
	for (unsigned i = 0; i <= mechanism; i++)
		if (!sasl_mechanisms[i].name)
			return 0;
	arena = arena_new(1 << 20);
	demand(arena != NULL);
	converse(arena, &sasl_mechanisms[mechanism], rest);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
