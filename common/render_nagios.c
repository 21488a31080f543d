/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The output of a monitoring plugin: "LABEL STATE - sentence | performance data", then long text.
 * The labels come from the plan and not from what was measured, because a graph whose columns come
 * and go with the outcome is lost to the tools that store it; what has no number is "U". `time` is
 * in seconds like everything else here: a graph of milliseconds and seconds side by side misleads.
 */
#include <math.h>

#include "render_parts.h"

/* 'label'= ; quotes where the plugin guidelines ask for them. */
static void
label(struct str *out, const char *prefix, slice name)
{
	struct str text = str_in(out->arena);
	bool quoted;
	slice rest;

	str_addz(&text, prefix);
	escape_text(&text, name);
	rest = str_slice(&text);
	quoted = rest.n == 0;
	for (size_t i = 0; i < rest.n; i++)
		quoted |= rest.at[i] == '=' || rest.at[i] == '\'' || rest.at[i] == ' ';
	if (!quoted) {
		str_add(out, rest);
		str_addc(out, '=');
		return;
	}
	str_addc(out, '\'');
	for (size_t i = 0; i < rest.n; i++) {
		str_addc(out, rest.at[i]);
		if (rest.at[i] == '\'')
			str_addc(out, '\'');
	}
	str_addz(out, "'=");
}

/* ";warn;crit", without the empty fields at the end. */
static void
limits(struct str *out, const struct threshold *threshold)
{
	bool warning = threshold && threshold->has_warning;
	bool critical = threshold && threshold->has_critical;

	if (warning || critical)
		str_addc(out, ';');
	if (warning)
		str_add(out, threshold->warning.text);
	if (critical) {
		str_addc(out, ';');
		str_add(out, threshold->critical.text);
	}
}

static void
time_total(struct str *out, const struct result *result, const struct threshold *threshold)
{
	label(out, "", S("time"));
	if (result->lap_count > 0) {
		escape_seconds(out, result->total, 6);
		str_addc(out, 's');
	} else
		str_addc(out, 'U');
	str_addc(out, ';');
	if (threshold && threshold->has_warning)
		str_add(out, threshold->warning.text);
	str_addc(out, ';');
	if (threshold && threshold->has_critical)
		str_add(out, threshold->critical.text);
	str_addz(out, ";0;");
	escape_number(out, span_as_seconds(result->timeout));
}

static void
time_phase(
    struct str *out, const struct result *result, slice name, const struct threshold *threshold)
{
	const struct lap *lap = result_lap(result, name);

	label(out, "time_", name);
	if (lap && lap->ran) {
		escape_seconds(out, lap->length, 6);
		str_addc(out, 's');
	} else
		str_addc(out, 'U');
	limits(out, threshold);
}

static void
counted(struct str *out, const struct result *result, slice name, const struct threshold *threshold)
{
	const char *unit = value_unit(name);
	double number;
	int lap;

	label(out, "", name);
	if (!result_value(result, name, &number, &lap) || !isfinite(number))
		str_addc(out, 'U');
	else {
		if (strcmp(unit, "s") == 0 && fabs(number) < 1e9)
			escape_seconds(out, span_seconds(number), 6);
		else
			escape_number(out, number);
		str_addz(out, unit);
	}
	limits(out, threshold);
}

static void
performance(struct str *out, const struct result *result, const struct thresholds *thresholds)
{
	const struct list *phases = &result->plan.phases, *values = &result->plan.values;

	time_total(out, result, threshold_for(thresholds, S("time")));
	for (size_t i = 0; i < phases->n; i++) {
		str_addc(out, ' ');
		time_phase(
		    out, result, phases->items[i], threshold_for(thresholds, phases->items[i]));
	}
	for (size_t i = 0; i < values->n; i++) {
		str_addc(out, ' ');
		counted(out, result, values->items[i], threshold_for(thresholds, values->items[i]));
	}
}

static void
phases_text(struct str *out, const struct result *result)
{
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		str_addz(out, "phase ");
		str_add(out, lap_name(out->arena, lap));
		if (lap->ran) {
			str_addz(out, ": ");
			escape_seconds(out, lap->length, 6);
			str_addz(out, lap->failed ? "s, failed\n" : "s\n");
		} else
			str_addz(out, ": did not run\n");
	}
}

static void
facts_text(struct str *out, const struct result *result)
{
	for (enum side side = SIDE_NONE; side < SIDES; side++) {
		const struct fact_value *values = result_facts(result, side);

		for (enum fact fact = 0; values && fact < FACTS; fact++) {
			struct str text = str_in(out->arena);

			if (!values[fact].known)
				continue;
			part_fact(&text, fact, &values[fact]);
			str_addf(out, "%s%s: ", side_infos[side].prefix, fact_infos[fact].name);
			escape_text(out, str_slice(&text));
			str_addc(out, '\n');
		}
	}
}

/* All but the first, which is the verdict. */
static void
findings_text(struct str *out, const struct result *result)
{
	for (size_t i = 1; i < result->finding_count; i++) {
		struct str text = str_in(out->arena);

		part_finding(&text, result, &result->findings[i]);
		str_addf(out, "also %s - ", state_name(result->findings[i].state));
		escape_text(out, str_slice(&text));
		str_addc(out, '\n');
	}
}

void
render_nagios(
    const struct result *result, const struct thresholds *thresholds, int verbose, struct str *out)
{
	struct str text = str_in(out->arena);

	part_summary(&text, result);
	str_addf(out, "%s %s - ", result->label, state_name(result->verdict.state));
	escape_text(out, str_slice(&text));
	if (result->verdict.cause != CAUSE_USAGE) {
		str_addz(out, " | ");
		performance(out, result, thresholds);
	}
	str_addc(out, '\n');
	if (verbose < 1)
		return;
	phases_text(out, result);
	facts_text(out, result);
	findings_text(out, result);
}
