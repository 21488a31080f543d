/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the message that came tells: where it waited, who had it in clear, what the receiving host
 * found on it, and whether it is what was sent.
 */
#include "roundtrip.h"

#include "escape.h"

static slice
hop_text(struct roundtrip *rt, const struct arrived_hop *hop)
{
	struct str text = str_in(rt->s->arena);
	slice version = hop->tls_version.at ? hop->tls_version : S("TLS");

	str_add(&text, hop->by.at ? hop->by : S("(unnamed)"));
	if (hop->dated) {
		str_addz(&text, ": ");
		escape_number(&text, hop->delay);
		str_addz(&text, " s");
	}
	if (hop->network) {
		str_addz(&text, ", ");
		str_add(&text, hop->tls ? version : S("in clear"));
	}
	if (hop->with.at)
		str_addf(&text, " (%.*s)", (int)hop->with.n, hop->with.at);
	if (hop->offset != 0) {
		str_addz(&text, ", its clock seems to be ");
		escape_number(&text, hop->offset < 0 ? -hop->offset : hop->offset);
		str_addz(&text, hop->offset < 0 ? " s behind" : " s ahead");
	}
	return str_slice(&text);
}

/* The longest is `hop_delay`, a host's longest `hop_delay[HOST]`. */
static void
hops(struct roundtrip *rt, const struct arrived *arrived)
{
	struct session *s = rt->s;
	double longest = 0, offset = 0;
	unsigned clear = 0;

	fact_list(s, FACT_HOPS);
	for (size_t i = 0; i < arrived->hop_count; i++) {
		const struct arrived_hop *hop = &arrived->hops[i];
		double before;
		int lap;
		slice name;

		fact_add(s, FACT_HOPS, hop_text(rt, hop));
		clear += hop->network && !hop->tls;
		if (!hop->dated)
			continue;
		longest = hop->delay > longest ? hop->delay : longest;
		if (hop->offset > offset || -hop->offset > offset)
			offset = hop->offset < 0 ? -hop->offset : hop->offset;
		if (!hop->by.at)
			continue;
		name = str_f(s->arena, "hop_delay[%.*s]", (int)hop->by.n, hop->by.at);
		if (!result_value(s->result, name, &before, &lap) || before < hop->delay)
			fact_number_of(s, FACT_HOP_DELAY, hop->by, hop->delay);
	}
	fact_number(s, FACT_HOP_DELAY, longest);
	fact_number(s, FACT_HOPS_IN_CLEAR, clear);
	fact_number(s, FACT_CLOCK_OFFSET, offset);
}

static void
auth_results(struct roundtrip *rt, const struct arrived *arrived)
{
	static const struct {
		slice name;
		enum fact fact;
	} methods[ARRIVED_METHODS] = {
		[ARRIVED_SPF] = { SLICE("spf"), FACT_SPF },
		[ARRIVED_DKIM] = { SLICE("dkim"), FACT_DKIM },
		[ARRIVED_DMARC] = { SLICE("dmarc"), FACT_DMARC },
	};
	const struct list *required = &rt->opts->require_auth_results;
	struct session *s = rt->s;

	if (arrived->judge.at)
		fact_text(s, FACT_AUTH_RESULTS_BY, arrived->judge);
	for (size_t i = 0; i < ARRIVED_METHODS; i++) {
		slice result = arrived->results[i];

		if (result.at)
			fact_text(s, methods[i].fact, result);
		for (size_t j = 0; j < required->n; j++)
			if (slice_eqi(required->items[j], methods[i].name)
			    && !slice_eqi(result, S("pass")))
				note(s, CAUSE_UNEXPECTED, "%s is %.*s%s%.*s", methods[i].name.at,
				    result.at ? (int)result.n : 8,
				    result.at ? result.at : "not told",
				    arrived->judge.at ? " by " : "", (int)arrived->judge.n,
				    arrived->judge.at ? arrived->judge.at : "");
	}
}

/* The first line that is another. */
static size_t
first_difference(slice sent, slice came)
{
	size_t line = 1;

	while (sent.n > 0 && came.n > 0) {
		slice a = slice_cut(&sent, '\n'), b = slice_cut(&came, '\n');

		if (!slice_eq(slice_head(a, a.n - (a.n > 0 && a.at[a.n - 1] == '\r')),
		        slice_head(b, b.n - (b.n > 0 && b.at[b.n - 1] == '\r'))))
			return line;
		line++;
	}
	return line;
}

static void
content(struct roundtrip *rt, const struct roundtrip_copy *copy, const struct arrived *arrived)
{
	struct session *s = rt->s;

	if (token_digest(arrived->body) == copy->token.body)
		return;
	if (copy->token.sequence != rt->token.sequence) {
		note(s, CAUSE_CONTENT_ALTERED, "its body is not the one that was sent");
		return;
	}
	note(s, CAUSE_CONTENT_ALTERED, "its body is another from line %zu on: %zu octets for %zu",
	    first_difference(rt->body, arrived->body), arrived->body.n, rt->body.n);
}

void
roundtrip_examine(struct roundtrip *rt, struct roundtrip_copy *copy, slice text, time_t came)
{
	struct arrived arrived;

	if (!arrived_parse(rt->s->arena, text, &arrived))
		return;
	arrived_delays(&arrived, copy->token.sent, came);
	hops(rt, &arrived);
	auth_results(rt, &arrived);
	content(rt, copy, &arrived);
}
