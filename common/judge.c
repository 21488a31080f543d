/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Thresholds and the verdict. Ranges have a number parser of their own: strtod() follows the locale
 * and takes hexadecimal, "inf" and "nan". The verdict is the first of the findings once they are in
 * order, so that the order is written down in one place; renderers use it too.
 */
#include "judge.h"

#include <limits.h>
#include <math.h>

#include "escape.h"

#define RANGE_FORMS "10, 10:, ~:10, 10:20 or @10:20"

/* A sign, digits, a point, digits: at least one digit. */
static bool
decimal(slice s, double *number)
{
	double sign = 1, value = 0, scale = 0;
	size_t digits = 0;

	if (s.n > 0 && (s.at[0] == '-' || s.at[0] == '+')) {
		sign = s.at[0] == '-' ? -1 : 1;
		s = slice_skip(s, 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.at[i] - '0';

		if (s.at[i] == '.' && scale == 0) {
			scale = 1;
			continue;
		}
		if (digit > 9)
			return false;
		value = value * 10 + digit;
		scale *= 10;
		digits++;
	}
	value = scale > 0 ? value / scale : value;
	if (digits == 0 || !isfinite(value))
		return false;
	*number = sign * value;
	return true;
}

bool
range_parse(slice text, struct range *range)
{
	struct range r = { .low = 0, .high = INFINITY, .text = text };
	slice low, high = text;
	size_t colon;

	if (high.n > 0 && high.at[0] == '@') {
		r.inside = true;
		high = slice_skip(high, 1);
	}
	if (high.n < 1 || slice_eq(high, S(":")))
		return false;
	colon = slice_find(high, S(":"));
	if (colon < high.n) {
		low = slice_head(high, colon);
		high = slice_skip(high, colon + 1);
		if (slice_eq(low, S("~")))
			r.low = -INFINITY;
		else if (low.n > 0 && !decimal(low, &r.low))
			return false;
	}
	if ((high.n > 0 && !decimal(high, &r.high)) || r.low > r.high)
		return false;
	*range = r;
	return true;
}

bool
range_alerts(const struct range *range, double value)
{
	bool within = value >= range->low && value <= range->high;

	return range->inside ? within : !within;
}

/* The phase or counted value of that name: what thresholds may speak of. */
static bool
known(const char *probe, slice name)
{
	enum side side;
	slice mailbox;

	struct lap lap;

	return slice_eq(name, S("time")) || fact_called(probe, name, &side, &mailbox) != FACTS
	    || lap_called(probe, name, &lap);
}

static void
name_error(struct str *error, const char *probe, const char *option, slice spec, slice name)
{
	str_addf(error, "%s ", option);
	str_add(error, spec);
	str_addz(error, ": \"");
	str_add(error, name);
	str_addz(error, "\" is neither a phase nor a counted value: write time, a phase (");
	phase_names(error, probe, " ");
	str_addz(error, ") or a value (");
	value_names(error, probe, " ");
	str_addz(error, ")");
}

static void
range_error(struct str *error, const char *option, slice spec, slice text)
{
	str_addf(error, "%s ", option);
	str_add(error, spec);
	str_addz(error, ": \"");
	str_add(error, text);
	str_addz(error, "\" is not a range: write " RANGE_FORMS);
}

/* The threshold for `name`, a new one where there is none; NULL without memory. */
static struct threshold *
entry(struct thresholds *thresholds, struct arena *arena, slice name)
{
	size_t size = thresholds->size ? thresholds->size * 2 : 8;
	struct threshold *items = thresholds->items;

	for (size_t i = 0; i < thresholds->n; i++)
		if (slice_eq(items[i].name, name))
			return &items[i];
	if (thresholds->n == thresholds->size) {
		if (!(items = arena_array(arena, size, sizeof *items)))
			return NULL;
		if (thresholds->n > 0)
			memcpy(items, thresholds->items, thresholds->n * sizeof *items);
		thresholds->items = items;
		thresholds->size = size;
	}
	items[thresholds->n] = (struct threshold){ .name = arena_copy(arena, name) };
	return &items[thresholds->n++];
}

bool
thresholds_add(struct thresholds *thresholds, struct arena *arena, slice spec, enum state state,
    struct str *error)
{
	const char *option = state == STATE_WARNING ? "-w" : "-c";
	slice name = S("time"), text = spec;
	size_t equals = spec.n;
	struct threshold *threshold;
	struct range range;

	/* The last one: no range has an equals sign, the name of a mailbox may. */
	while (equals > 0 && spec.at[equals - 1] != '=')
		equals--;
	if (equals > 0) {
		name = slice_head(spec, equals - 1);
		text = slice_skip(spec, equals);
	}
	if (!known(thresholds->probe, name)) {
		name_error(error, thresholds->probe, option, spec, name);
		return false;
	}
	if (!range_parse(text, &range)) {
		range_error(error, option, spec, text);
		return false;
	}
	range.text = arena_copy(arena, text);
	if (!(threshold = entry(thresholds, arena, name)) || !range.text.at) {
		str_addf(error, "%s: out of memory", option);
		return false;
	}
	if (state == STATE_WARNING) {
		threshold->has_warning = true;
		threshold->warning = range;
	} else {
		threshold->has_critical = true;
		threshold->critical = range;
	}
	return true;
}

const struct threshold *
threshold_for(const struct thresholds *thresholds, slice name)
{
	for (size_t i = 0; i < thresholds->n; i++)
		if (slice_eq(thresholds->items[i].name, name))
			return &thresholds->items[i];
	return NULL;
}

static void
quantity(struct str *out, double number, const char *unit)
{
	escape_number(out, number);
	str_addz(out, unit);
}

/*
 * What was measured, with the three decimals of a status line, or more where these would hide the
 * excess.
 */
static void
measured(struct str *out, double number, const char *unit, double limit)
{
	if (strcmp(unit, "s") != 0 || fabs(number) > 1e9)
		quantity(out, number, unit);
	else {
		escape_seconds(out, span_seconds(number), fabs(number - limit) < 0.001 ? 6 : 3);
		str_addz(out, unit);
	}
}

/*
 * "2.300s is above 2s (-c auth=2)"; `named`: the name of the value stands before it, because the
 * phase of the finding does not say it.
 */
static slice
excess(struct arena *arena, const struct threshold *threshold, const struct range *range,
    double number, const char *unit, bool named)
{
	struct str text = str_in(arena);
	double limit = number < range->low ? range->low : range->high;

	if (named) {
		str_add(&text, threshold->name);
		str_addc(&text, ' ');
	}
	measured(&text, number, unit, limit);
	if (range->inside) {
		str_addz(&text, " is within ");
		str_add(&text, slice_skip(range->text, 1));
	} else {
		str_addz(&text, number < range->low ? " is below " : " is above ");
		quantity(&text, limit, unit);
	}
	str_addz(&text, range == &threshold->critical ? " (-c " : " (-w ");
	if (!slice_eq(threshold->name, S("time"))) {
		str_add(&text, threshold->name);
		str_addc(&text, '=');
	}
	str_add(&text, range->text);
	str_addc(&text, ')');
	return str_slice(&text);
}

/* Holds one number against its threshold; of -c and -w only the worse is recorded. */
static void
hold(struct result *result, const struct threshold *threshold, double number, const char *unit,
    struct finding finding)
{
	const struct range *range = NULL;

	if (threshold->has_critical && range_alerts(&threshold->critical, number))
		range = &threshold->critical;
	else if (threshold->has_warning && range_alerts(&threshold->warning, number))
		range = &threshold->warning;
	if (!range)
		return;
	finding.state = range == &threshold->critical ? STATE_CRITICAL : STATE_WARNING;
	finding.text = excess(
	    result->arena, threshold, range, number, unit, finding.cause == CAUSE_THRESHOLD);
	result_add(result, finding);
}

const char *
value_unit(slice name)
{
	enum side side;
	slice mailbox;
	enum fact fact = fact_called(NULL, name, &side, &mailbox);

	return fact == FACTS ? "" : fact_infos[fact].unit;
}

static void
apply(struct result *result, const struct threshold *threshold)
{
	const struct lap *lap = result_lap(result, threshold->name);
	double number;
	int learnt;

	if (slice_eq(threshold->name, S("time"))) {
		/* Wrong options and unreadable files come before any lap: nothing was timed. */
		if (result->lap_count > 0)
			hold(result, threshold, span_as_seconds(result->total), "s",
			    (struct finding){ .cause = CAUSE_SLOW, .lap = LAP_TOTAL });
	} else if (lap) {
		if (lap->ran)
			hold(result, threshold, span_as_seconds(lap->length), "s",
			    (struct finding){
			        .cause = CAUSE_SLOW, .lap = (int)(lap - result->laps) });
	} else if (result_value(result, threshold->name, &number, &learnt))
		hold(result, threshold, number, value_unit(threshold->name),
		    (struct finding){ .cause = CAUSE_THRESHOLD, .lap = learnt });
}

/* Whether `a` says more about the run than `b`: the worse, then the earlier. */
static bool
before(const struct finding *a, const struct finding *b)
{
	int place_a = a->lap == LAP_TOTAL ? INT_MAX : a->lap;
	int place_b = b->lap == LAP_TOTAL ? INT_MAX : b->lap;

	if (a->state != b->state)
		return state_worse(a->state, b->state) == a->state;
	return place_a < place_b;
}

/*
 * By insertion: stable, so that of one phase the first recorded stays first, and the list is short.
 */
static void
sort(struct finding *findings, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct finding moving = findings[i];
		size_t at = i;

		for (; at > 0 && before(&moving, &findings[at - 1]); at--)
			findings[at] = findings[at - 1];
		findings[at] = moving;
	}
}

static slice
place(struct result *result, int lap)
{
	if (lap == LAP_TOTAL)
		return S("total");
	return lap == LAP_NONE ? (slice){ NULL, 0 } : lap_name(result->arena, &result->laps[lap]);
}

void
judge(struct result *result, const struct thresholds *thresholds)
{
	const struct finding *worst;

	for (size_t i = 0; i < thresholds->n; i++)
		apply(result, &thresholds->items[i]);
	sort(result->findings, result->finding_count);
	result->verdict = (struct verdict){ .state = STATE_OK, .cause = CAUSE_NONE };
	worst = result->finding_count > 0 ? &result->findings[0] : NULL;
	if (worst && worst->state != STATE_OK)
		result->verdict = (struct verdict){ .state = worst->state,
			.cause = worst->cause,
			.phase = place(result, worst->lap),
			.text = worst->text,
			.reply = worst->reply };
	if (arena_failed(result->arena)) {
		/*
		 * What was recorded may lack just the finding that counts: none of it is believed.
		 */
		result->finding_count = 0;
		result->verdict = (struct verdict){ .state = STATE_UNKNOWN,
			.cause = CAUSE_LOCAL,
			.text = S("the memory set aside for a run did not suffice") };
	}
}
