/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sentences that people read, made once for all outputs. "after" is the time from the run's
 * start to the end of the lap that a finding stands in: what was not done at all has a lap without
 * a length, and the reader wants to know how long it took to get there.
 */
#include "render_parts.h"

void
part_text(struct str *out, slice s)
{
	/*
	 * Joining only lengthens: what is behind the limit before it is behind the limit
	 * afterwards.
	 */
	slice rest = slice_head(s, TEXT_LIMIT + 8);
	struct str joined = str_in(out->arena);
	slice whole;

	for (bool first = true; rest.at; first = false) {
		slice line = slice_cut(&rest, '\n');

		if (line.n > 0 && line.at[line.n - 1] == '\r')
			line.n--;
		if (!rest.n && !line.n && !first)
			break; /* the last line was ended */
		if (!first)
			str_addz(&joined, " / ");
		str_add(&joined, line);
	}
	whole = str_slice(&joined);
	if (s.n <= TEXT_LIMIT + 8 && whole.n <= TEXT_LIMIT) {
		str_add(out, whole);
		return;
	}
	str_add(out, utf8_head(whole, TEXT_LIMIT));
	str_addz(out, "...");
}

span
part_elapsed(const struct result *result, const struct lap *lap)
{
	return span_between(result->start, instant_after(lap->start, lap->length));
}

/* The reply, our words, or both; the cause's meaning where there is neither. */
static void
reason(struct str *out, enum cause cause, slice text, slice reply)
{
	if (reply.at) {
		str_addc(out, '"');
		part_text(out, reply);
		str_addc(out, '"');
		if (text.n > 0) {
			str_addz(out, " (");
			part_text(out, text);
			str_addc(out, ')');
		}
	} else
		part_text(out, text.n > 0 ? text : slice_z(cause_infos[cause].meaning));
}

static void
sentence(struct str *out, const struct result *result, const struct verdict *v)
{
	const struct lap *lap = result_lap(result, v->phase);

	if (v->phase.n > 0) {
		str_add(out, v->phase);
		str_addz(out, ": ");
	}
	str_addz(out, cause_infos[v->cause].name);
	str_addz(out, ": ");
	reason(out, v->cause, v->text, v->reply);
	if (v->phase.n > 0) {
		str_addz(out, " after ");
		escape_seconds(out, lap ? part_elapsed(result, lap) : result->total, 3);
		str_addc(out, 's');
	}
}

void
part_finding(struct str *out, const struct result *result, const struct finding *finding)
{
	struct verdict v = { .state = finding->state,
		.cause = finding->cause,
		.text = finding->text,
		.reply = finding->reply };

	if (finding->lap == LAP_TOTAL)
		v.phase = S("total");
	else if (finding->lap != LAP_NONE)
		v.phase = lap_name(out->arena, &result->laps[finding->lap]);
	sentence(out, result, &v);
}

slice
part_known(const struct fact_value *facts, enum fact fact)
{
	const struct fact_value *value = &facts[fact];

	return value->known && value->text.n > 0 ? value->text : (slice){ NULL, 0 };
}

void
part_summary(struct str *out, const struct result *result)
{
	slice tls = part_known(result->facts, FACT_TLS_VERSION);
	slice mechanism = part_known(result->facts, FACT_AUTH_MECHANISM);

	if (result->verdict.cause != CAUSE_NONE) {
		sentence(out, result, &result->verdict);
		return;
	}
	str_addz(out, result->achieved ? result->achieved : "finished");
	str_addz(out, " in ");
	escape_seconds(out, result->total, 3);
	str_addc(out, 's');
	if (tls.at) {
		str_addz(out, ", ");
		part_text(out, tls);
	}
	if (mechanism.at) {
		str_addz(out, ", AUTH ");
		part_text(out, mechanism);
	}
}

static void
items(struct str *out, const struct list *list)
{
	size_t begin = out->n;

	for (size_t i = 0; i < list->n; i++) {
		str_addz(out, i > 0 ? ", " : "");
		if (out->n - begin > (size_t)4 * TEXT_LIMIT) {
			str_addf(out, "and %zu more", list->n - i);
			return;
		}
		part_text(out, list->items[i]);
	}
}

void
part_fact(struct str *out, enum fact fact, const struct fact_value *value)
{
	switch (fact_infos[fact].kind) {
	case FACT_TEXT:
		part_text(out, value->text);
		break;
	case FACT_LIST:
		items(out, &value->list);
		break;
	case FACT_NUMBER:
		escape_number(out, value->number);
		str_addz(out, fact_infos[fact].unit ? fact_infos[fact].unit : "");
		break;
	case FACT_TIME:
		if (!escape_time(out, value->time))
			str_addz(out, "beyond the calendar");
		break;
	case FACT_FLAG:
		str_addz(out, value->flag ? "yes" : "no");
		break;
	}
}
