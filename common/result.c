/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables behind causes, phases and facts, and the small operations on a result. */
#include "result.h"

const struct cause_info cause_infos[CAUSES] = {
	[CAUSE_NONE] = { "none", STATE_OK, "", "none", "nothing is wrong" },
#define CAUSE(id, name_, state_, probes_, phases_, meaning_) \
	[CAUSE_##id] = { name_, STATE_##state_, probes_, phases_, meaning_ },
#include "causes.def"
#undef CAUSE
};

const struct phase_info phase_infos[PHASES] = {
#define PHASE(id, name_, patience_, probes_, meaning_) \
	[PHASE_##id] = { name_, STATE_##patience_, probes_, meaning_ },
#include "phases.def"
#undef PHASE
};

const struct fact_info fact_infos[FACTS] = {
#define FACT(id, name_, kind_, value_, unit_, probes_, help_) \
	[FACT_##id] = { name_, FACT_##kind_, value_, unit_, probes_, help_ },
#include "facts.def"
#undef FACT
};

static const struct {
	const char *name;
	int badness;
} states[] = {
	[STATE_OK] = { "OK", 0 },
	[STATE_WARNING] = { "WARNING", 1 },
	[STATE_CRITICAL] = { "CRITICAL", 3 },
	[STATE_UNKNOWN] = { "UNKNOWN", 2 },
};

bool
probes_have(const char *probes, const char *probe)
{
	slice rest = slice_z(probes);
	bool found = rest.n == 0 || !probe;

	while (!found && rest.at)
		found = slice_eq(slice_cut(&rest, ' '), slice_z(probe));
	return found;
}

bool
cause_expected(enum cause cause, enum phase phase)
{
	slice rest = slice_z(cause_infos[cause].phases);
	slice name = slice_z(phase_infos[phase].name);
	bool without = slice_starts(rest, S("-"));

	if (rest.n == 0)
		return true;
	while (rest.at) {
		slice word = slice_cut(&rest, ' ');

		if (slice_eq(without ? slice_skip(word, 1) : word, name))
			return !without;
	}
	return without;
}

void
phase_names(struct str *out, const char *probe, const char *separator)
{
	const char *between = "";

	for (enum phase phase = 0; phase < PHASES; phase++) {
		if (!probes_have(phase_infos[phase].probes, probe))
			continue;
		str_addf(out, "%s%s", between, phase_infos[phase].name);
		between = separator;
	}
}

void
value_names(struct str *out, const char *probe, const char *separator)
{
	const char *between = "";

	for (enum fact fact = 0; fact < FACTS; fact++) {
		if (!fact_infos[fact].value || !probes_have(fact_infos[fact].probes, probe))
			continue;
		str_addf(out, "%s%s", between, fact_infos[fact].value);
		between = separator;
	}
}

const char *
state_name(enum state state)
{
	return states[state].name;
}

bool
state_of(slice name, enum state *state)
{
	for (int i = STATE_OK; i <= STATE_UNKNOWN; i++)
		if (slice_eqi(name, slice_z(states[i].name))) {
			*state = (enum state)i;
			return true;
		}
	return false;
}

enum state
state_worse(enum state a, enum state b)
{
	return states[a].badness >= states[b].badness ? a : b;
}

/*
 * Room for one more member behind `count`: the array as it is, or a larger copy of it; NULL when
 * there is no memory.
 */
static void *
grown(struct arena *arena, void *items, size_t count, size_t *size, size_t member)
{
	size_t more = *size ? *size * 2 : 8;
	void *copy;

	if (count < *size)
		return items;
	if (!(copy = arena_array(arena, more, member)))
		return NULL;
	if (count > 0)
		memcpy(copy, items, count * member);
	*size = more;
	return copy;
}

void
list_add(struct arena *arena, struct list *list, slice item)
{
	slice *items = grown(arena, list->items, list->n, &list->size, sizeof *items);

	if (!items)
		return;
	list->items = items;
	list->items[list->n++] = item;
}

struct result *
result_new(struct arena *arena, const char *probe, const char *label)
{
	struct result *result = arena_alloc(arena, sizeof *result);

	if (!result)
		return NULL;
	result->arena = arena;
	result->probe = probe;
	result->label = label;
	result->start = result->end = clock_now();
	result->wall = time(NULL);
	return result;
}

slice
lap_name(struct arena *arena, const struct lap *lap)
{
	const char *name = phase_infos[lap->phase].name;

	return lap->run < 2 ? slice_z(name) : str_f(arena, "%s_%u", name, lap->run);
}

struct lap *
result_add_lap(struct result *result, struct lap lap)
{
	struct lap *laps = grown(
	    result->arena, result->laps, result->lap_count, &result->laps_size, sizeof *laps);

	if (!laps)
		return NULL;
	result->laps = laps;
	laps[result->lap_count] = lap;
	return &laps[result->lap_count++];
}

void
result_add(struct result *result, struct finding finding)
{
	struct finding *findings = grown(result->arena, result->findings, result->finding_count,
	    &result->findings_size, sizeof *findings);

	if (!findings)
		return;
	result->findings = findings;
	findings[result->finding_count++] = finding;
	if (finding.lap >= 0 && finding.state != STATE_OK)
		result->laps[finding.lap].failed = true;
}

void
result_add_transcript(struct result *result, struct transcript_line line)
{
	struct transcript_line *lines = grown(result->arena, result->transcript,
	    result->transcript_count, &result->transcript_size, sizeof *lines);

	if (!lines)
		return;
	result->transcript = lines;
	lines[result->transcript_count++] = line;
}

const struct lap *
result_lap(const struct result *result, slice name)
{
	uint64_t run = 1;

	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];
		slice base = slice_z(phase_infos[lap->phase].name);
		slice rest = slice_skip(name, base.n);

		if (!slice_starts(name, base))
			continue;
		if (rest.n > 0
		    && (rest.at[0] != '_' || !slice_number(slice_skip(rest, 1), 1000000, &run)))
			continue;
		if (lap->run == (rest.n > 0 ? run : 1))
			return lap;
	}
	return NULL;
}

enum fact
fact_called(const char *probe, slice name, slice *mailbox)
{
	size_t open = slice_find(name, S("["));
	slice base = slice_head(name, open);
	bool bracket = open < name.n;

	*mailbox = bracket ? slice_skip(name, open + 1) : (slice){ NULL, 0 };
	if (bracket && (mailbox->n < 2 || mailbox->at[--mailbox->n] != ']'))
		return FACTS;
	for (enum fact fact = 0; fact < FACTS; fact++)
		if (fact_infos[fact].value && slice_eq(base, slice_z(fact_infos[fact].value))
		    && probes_have(fact_infos[fact].probes, probe)
		    && (!bracket || (fact >= FACT_MESSAGES && fact <= FACT_MATCHES)))
			return fact;
	return FACTS;
}

void
result_set_value(struct result *result, enum fact fact, slice mailbox, double number, int lap)
{
	slice name = str_f(result->arena, "%s[%.*s]", fact_infos[fact].value, (int)mailbox.n,
	    mailbox.at ? mailbox.at : "");
	struct value *values = result->values;

	for (size_t i = 0; i < result->value_count; i++)
		if (slice_eq(values[i].name, name)) {
			values[i].number = number;
			values[i].lap = lap;
			return;
		}
	values = grown(
	    result->arena, values, result->value_count, &result->values_size, sizeof *values);
	if (!values)
		return;
	result->values = values;
	values[result->value_count++] = (struct value){
		.name = name, .lap = lap, .fact = fact, .number = number
	};
}

bool
result_value(const struct result *result, slice name, double *number, int *lap)
{
	for (size_t i = 0; i < result->value_count; i++)
		if (slice_eq(name, result->values[i].name)) {
			*number = result->values[i].number;
			*lap = result->values[i].lap;
			return true;
		}
	for (size_t i = 0; i < FACTS; i++)
		if (fact_infos[i].value && slice_eq(name, slice_z(fact_infos[i].value))
		    && result->facts[i].known) {
			*number = result->facts[i].number;
			*lap = result->facts[i].lap;
			return true;
		}
	return false;
}
