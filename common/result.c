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

const struct side_info side_infos[SIDES] = {
	[SIDE_NONE] = { "", "" },
	[SIDE_SUBMIT] = { "submit_", "submit" },
	[SIDE_FETCH] = { "fetch_", "fetch" },
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

/* Whether a row with these `probes` is one of `probe`'s, on that side of it. */
static bool
occurs(const char *probes, const char *probe, enum side side)
{
	bool sides = !probe || strcmp(probe, "roundtrip") == 0;

	if (side != SIDE_NONE)
		return sides && probes_have(probes, side_infos[side].probe);
	/* What all probes have is the sides', where there are some. */
	return !probe || (probes_have(probes, probe) && (!sides || *probes));
}

bool
probe_has_phase(const char *probe, enum side side, enum phase phase)
{
	return occurs(phase_infos[phase].probes, probe, side);
}

void
phase_names(struct str *out, const char *probe, const char *separator)
{
	const char *between = "";

	for (enum side side = SIDE_NONE; side < SIDES; side++)
		for (enum phase phase = 0; phase < PHASES; phase++) {
			if (!probe_has_phase(probe, side, phase))
				continue;
			str_addf(out, "%s%s%s", between, side_infos[side].prefix,
			    phase_infos[phase].name);
			between = separator;
		}
}

void
value_names(struct str *out, const char *probe, const char *separator)
{
	const char *between = "";

	for (enum side side = SIDE_NONE; side < SIDES; side++)
		for (enum fact fact = 0; fact < FACTS; fact++) {
			if (!fact_infos[fact].value
			    || !occurs(fact_infos[fact].probes, probe, side))
				continue;
			str_addf(out, "%s%s%s", between, side_infos[side].prefix,
			    fact_infos[fact].value);
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
	const char *prefix = side_infos[lap->side].prefix, *name = phase_infos[lap->phase].name;

	if (lap->run < 2)
		return *prefix ? str_f(arena, "%s%s", prefix, name) : slice_z(name);
	return str_f(arena, "%s%s_%u", prefix, name, lap->run);
}

/* `name` without the side's prefix is a phase's, and "_2" or more where it is a later run. */
static bool
called_on(const char *probe, enum side side, slice name, struct lap *lap)
{
	slice prefix = slice_z(side_infos[side].prefix);

	if (!slice_starts(name, prefix))
		return false;
	name = slice_skip(name, prefix.n);
	for (enum phase phase = 0; phase < PHASES; phase++) {
		slice base = slice_z(phase_infos[phase].name), rest = slice_skip(name, base.n);
		uint64_t run = 1;

		if (!slice_starts(name, base) || !probe_has_phase(probe, side, phase))
			continue;
		/* The first run has no suffix, and numbers no leading zero. */
		if (rest.n > 0
		    && (rest.n < 2 || rest.at[0] != '_' || rest.at[1] == '0'
		        || !slice_number(slice_skip(rest, 1), 1000000, &run) || run < 2))
			continue;
		*lap = (struct lap){ .side = side, .phase = phase, .run = (unsigned)run };
		return true;
	}
	return false;
}

bool
lap_called(const char *probe, slice name, struct lap *lap)
{
	for (enum side side = SIDE_NONE; side < SIDES; side++)
		if (called_on(probe, side, name, lap))
			return true;
	return false;
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
result_take_back(struct result *result, size_t findings)
{
	result->finding_count = findings;
	for (size_t i = 0; i < result->lap_count; i++)
		result->laps[i].failed = false;
	for (size_t i = 0; i < findings; i++)
		if (result->findings[i].lap >= 0 && result->findings[i].state != STATE_OK)
			result->laps[result->findings[i].lap].failed = true;
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
	struct lap wanted;

	if (!lap_called(NULL, name, &wanted))
		return NULL;
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		if (lap->side == wanted.side && lap->phase == wanted.phase
		    && lap->run == wanted.run)
			return lap;
	}
	return NULL;
}

enum fact
fact_called(const char *probe, slice name, enum side *side, slice *mailbox)
{
	size_t open = slice_find(name, S("["));
	slice base = slice_head(name, open);
	bool bracket = open < name.n;

	*mailbox = bracket ? slice_skip(name, open + 1) : (slice){ NULL, 0 };
	if (bracket && (mailbox->n < 2 || mailbox->at[--mailbox->n] != ']'))
		return FACTS;
	for (*side = SIDE_NONE; *side < SIDES; ++*side)
		for (enum fact fact = 0; fact < FACTS; fact++) {
			slice prefix = slice_z(side_infos[*side].prefix);
			slice value = slice_z(fact_infos[fact].value);

			if (value.at && slice_starts(base, prefix)
			    && slice_eq(slice_skip(base, prefix.n), value)
			    && occurs(fact_infos[fact].probes, probe, *side)
			    && (!bracket || FACT_OF_MANY(fact)))
				return fact;
		}
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
	const struct fact_value *facts;
	enum side side;
	enum fact fact;
	slice mailbox;

	for (size_t i = 0; i < result->value_count; i++)
		if (slice_eq(name, result->values[i].name)) {
			*number = result->values[i].number;
			*lap = result->values[i].lap;
			return true;
		}
	fact = fact_called(NULL, name, &side, &mailbox);
	if (fact == FACTS || mailbox.at)
		return false;
	facts = result_facts(result, side);
	if (!facts || !facts[fact].known)
		return false;
	*number = facts[fact].number;
	*lap = facts[fact].lap;
	return true;
}
