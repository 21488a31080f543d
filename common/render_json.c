/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The result as one JSON object on one line. Every member is always there, null where there is
 * nothing to say, so that a script may name it without asking first; only facts and values are left
 * out when they are not known, and the transcript when none was asked for. Nothing is cut here.
 */
#include <math.h>

#include "render_parts.h"

/* The name of a member that is not the first of its object. */
static void
next(struct str *out, const char *name)
{
	str_addc(out, ',');
	escape_json(out, slice_z(name));
	str_addc(out, ':');
}

static void
text_or_null(struct str *out, slice s)
{
	if (s.at)
		escape_json(out, s);
	else
		str_addz(out, "null");
}

static void
number_or_null(struct str *out, double number)
{
	if (isfinite(number))
		escape_number(out, number);
	else
		str_addz(out, "null");
}

static slice
cause_name(enum cause cause)
{
	return cause == CAUSE_NONE ? (slice){ NULL, 0 } : slice_z(cause_infos[cause].name);
}

static void
target(struct str *out, const struct result *result)
{
	str_addz(out, "{\"host\":");
	text_or_null(out, result->host);
	str_addf(out, ",\"port\":%u,\"address\":", result->port);
	text_or_null(out, result->address);
	str_addc(out, '}');
}

static void
verdict(struct str *out, const struct result *result)
{
	const struct verdict *v = &result->verdict;
	struct str summary = str_in(out->arena);

	part_summary(&summary, result);
	next(out, "state");
	escape_json(out, slice_z(state_name(v->state)));
	next(out, "code");
	str_addf(out, "%d", (int)v->state);
	next(out, "summary");
	escape_json(out, str_slice(&summary));
	next(out, "phase");
	text_or_null(out, v->phase);
	next(out, "cause");
	text_or_null(out, cause_name(v->cause));
	next(out, "reply");
	text_or_null(out, v->reply);
}

static void
phases(struct str *out, const struct result *result)
{
	str_addc(out, '[');
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		str_addz(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		escape_json(out, lap_name(out->arena, lap));
		next(out, "start_seconds");
		escape_seconds(out, span_between(result->start, lap->start), 6);
		next(out, "duration_seconds");
		escape_seconds(out, lap->ran ? lap->length : span_ms(0), 6);
		next(out, "ok");
		str_addz(out, lap->ran && !lap->failed ? "true}" : "false}");
	}
	str_addc(out, ']');
}

static void
fact_value(struct str *out, enum fact_kind kind, const struct fact_value *value)
{
	switch (kind) {
	case FACT_TEXT:
		escape_json(out, value->text);
		break;
	case FACT_LIST:
		str_addc(out, '[');
		for (size_t i = 0; i < value->list.n; i++) {
			str_addz(out, i > 0 ? "," : "");
			escape_json(out, value->list.items[i]);
		}
		str_addc(out, ']');
		break;
	case FACT_NUMBER:
		number_or_null(out, value->number);
		break;
	case FACT_TIME: {
		struct str text = str_in(out->arena);

		text_or_null(
		    out, escape_time(&text, value->time) ? str_slice(&text) : (slice){ NULL, 0 });
		break;
	}
	case FACT_FLAG:
		str_addz(out, value->flag ? "true" : "false");
		break;
	}
}

static void
facts(struct str *out, const struct result *result)
{
	const char *separator = "";

	str_addc(out, '{');
	for (enum side side = SIDE_NONE; side < SIDES; side++) {
		const struct fact_value *values = result_facts(result, side);

		for (enum fact fact = 0; values && fact < FACTS; fact++) {
			if (!values[fact].known)
				continue;
			str_addf(out, "%s\"%s%s\":", separator, side_infos[side].prefix,
			    fact_infos[fact].name);
			fact_value(out, fact_infos[fact].kind, &values[fact]);
			separator = ",";
		}
	}
	str_addc(out, '}');
}

/* Everything that a threshold can name and that was measured. */
static void
values(struct str *out, const struct result *result)
{
	const char *separator = "";

	str_addc(out, '{');
	if (result->lap_count > 0) {
		str_addz(out, "\"time\":");
		escape_seconds(out, result->total, 6);
		separator = ",";
	}
	for (size_t i = 0; i < result->lap_count; i++) {
		if (!result->laps[i].ran)
			continue;
		str_addz(out, separator);
		escape_json(out, lap_name(out->arena, &result->laps[i]));
		str_addc(out, ':');
		escape_seconds(out, result->laps[i].length, 6);
		separator = ",";
	}
	for (enum side side = SIDE_NONE; side < SIDES; side++) {
		const struct fact_value *known = result_facts(result, side);

		for (enum fact fact = 0; known && fact < FACTS; fact++) {
			if (!fact_infos[fact].value || !known[fact].known
			    || !isfinite(known[fact].number))
				continue;
			str_addf(out, "%s\"%s%s\":", separator, side_infos[side].prefix,
			    fact_infos[fact].value);
			escape_number(out, known[fact].number);
			separator = ",";
		}
	}
	for (size_t i = 0; i < result->value_count; i++) {
		str_addz(out, separator);
		escape_json(out, result->values[i].name);
		str_addc(out, ':');
		escape_number(out, result->values[i].number);
		separator = ",";
	}
	str_addc(out, '}');
}

static slice
phase_of(struct str *out, const struct result *result, int lap)
{
	if (lap == LAP_TOTAL)
		return S("total");
	return lap == LAP_NONE ? (slice){ NULL, 0 } : lap_name(out->arena, &result->laps[lap]);
}

static void
findings(struct str *out, const struct result *result)
{
	str_addc(out, '[');
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];

		str_addz(out, i > 0 ? ",{\"state\":" : "{\"state\":");
		escape_json(out, slice_z(state_name(finding->state)));
		next(out, "phase");
		text_or_null(out, phase_of(out, result, finding->lap));
		next(out, "cause");
		text_or_null(out, cause_name(finding->cause));
		next(out, "text");
		text_or_null(out, finding->text);
		next(out, "reply");
		text_or_null(out, finding->reply);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

static void
transcript(struct str *out, const struct result *result)
{
	str_addc(out, '[');
	for (size_t i = 0; i < result->transcript_count; i++) {
		const struct transcript_line *line = &result->transcript[i];
		const char *from = line->from == 'C' ? "client"
		    : line->from == 'S'              ? "server"
		                                     : "note";

		str_addz(out, i > 0 ? ",{\"time_seconds\":" : "{\"time_seconds\":");
		escape_seconds(out, span_between(result->start, line->when), 6);
		next(out, "from");
		escape_json(out, slice_z(from));
		next(out, "text");
		escape_json(out, line->text);
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

void
render_json(const struct result *result, struct str *out)
{
	str_addz(out, "{\"probe\":");
	escape_json(out, slice_z(result->probe));
	next(out, "target");
	target(out, result);
	verdict(out, result);
	next(out, "duration_seconds");
	escape_seconds(out, result->total, 6);
	next(out, "phases");
	phases(out, result);
	next(out, "facts");
	facts(out, result);
	next(out, "values");
	values(out, result);
	next(out, "findings");
	findings(out, result);
	if (result->transcript) {
		next(out, "transcript");
		transcript(out, result);
	}
	str_addz(out, "}\n");
}
