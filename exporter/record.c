/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of a run go into counters, its words into a few strings, and the result itself is gone
 * with its arena. Series are there from the first scrape, because rate() does not see the first
 * increment of one that appears with it: a histogram for each phase of the plan, a counter for each
 * failure that causes.def expects there. What nobody expected is added when it comes.
 */
#include "record_private.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "render_parts.h"

enum { SCRATCH = 1 << 20 };

static _Atomic uint64_t sequence;

uint64_t
record_changed(void)
{
	return atomic_fetch_add(&sequence, 1) + 1;
}

uint64_t
record_sequence(void)
{
	return atomic_load(&sequence);
}

double
wall_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

char *
record_copy(slice s)
{
	char *copy = malloc(s.n + 1);

	if (!copy)
		return NULL;
	if (s.n > 0)
		memcpy(copy, s.at, s.n);
	copy[s.n] = '\0';
	return copy;
}

static void
add_label(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s%s=\"", out->n > 0 ? "," : "", name);
	escape_label(out, slice_z(value));
	str_addc(out, '"');
}

static char *
labels_of(const struct target *target, struct arena *arena)
{
	struct str labels = str_in(arena);

	add_label(&labels, "target", target->name);
	add_label(&labels, "module", target->module->name);
	for (size_t i = 0; i < target->label_count; i++)
		add_label(&labels, target->labels[i].name, target->labels[i].value);
	return arena_failed(arena) ? NULL : record_copy(str_slice(&labels));
}

/* Everything that decides what a run does and which series it has. */
static slice
identity_of(const struct target *target, const struct config *config, struct arena *arena)
{
	struct str text = str_in(arena);

	str_addf(&text, "%s\n%s\n%u\n%s\n", target->name, target->host, target->port,
	    target->module->name);
	str_add(&text, target->module->text);
	for (size_t i = 0; i < config->bucket_count; i++)
		str_addf(&text, "\n%lld", (long long)config->buckets[i].ns);
	str_addf(&text, "\n%u", config->history);
	return str_slice(&text);
}

int
record_phase_index(struct record *record, slice name)
{
	struct series *more, *series;

	for (size_t i = 0; i < record->phase_count; i++)
		if (slice_eq(name, slice_z(record->phases[i].name)))
			return (int)i;
	more = realloc(record->phases, (record->phase_count + 1) * sizeof *more);
	if (!more || record->phase_count == UINT16_MAX)
		return PHASE_NONE;
	record->phases = more;
	series = &more[record->phase_count];
	*series = (struct series){
		.name = record_copy(name),
		.buckets = calloc(record->bucket_count + 1, sizeof *series->buckets),
	};
	if (series->name && series->buckets)
		return (int)record->phase_count++;
	free(series->name);
	free(series->buckets);
	return PHASE_NONE;
}

void
record_count_failure(struct record *record, int phase, enum cause cause, uint32_t n)
{
	struct failure_count *more;

	for (size_t i = 0; i < record->failure_count; i++) {
		struct failure_count *count = &record->failures[i];

		if (count->phase == phase && count->cause == cause) {
			count->n += n;
			return;
		}
	}
	more = realloc(record->failures, (record->failure_count + 1) * sizeof *more);
	if (!more)
		return;
	record->failures = more;
	more[record->failure_count++] = (struct failure_count){ phase, cause, n };
}

/* The phase of a lap's name: "ehlo_2" is EHLO. PHASES for none. */
static enum phase
phase_called(slice name)
{
	struct lap lap;

	return lap_called(NULL, name, &lap) ? lap.phase : PHASES;
}

/* Whether any of them is about a value that is counted. */
static bool
limit_values(const struct thresholds *thresholds, const char *probe)
{
	enum side side;
	slice mailbox;

	for (size_t i = 0; i < thresholds->n; i++)
		if (fact_called(probe, thresholds->items[i].name, &side, &mailbox) != FACTS)
			return true;
	return false;
}

/* Where and why the runs of these options may fail, as far as the tables can tell. */
static void
expect_failures(struct record *record, const struct module *module)
{
	const struct thresholds *thresholds = &module->opts->thresholds;
	bool limits = limit_values(thresholds, module->type->name);

	for (size_t i = 0; i < record->phase_count; i++) {
		enum phase phase = phase_called(slice_z(record->phases[i].name));

		if (phase == PHASES || phase == PHASE_QUIT || phase == PHASE_LOGOUT)
			continue;
		for (enum cause cause = CAUSE_NONE + 1; cause < CAUSES; cause++)
			if (probes_have(cause_infos[cause].probes, module->type->name)
			    && cause_expected(cause, phase))
				record_count_failure(record, (int)i, cause, 0);
		if (threshold_for(thresholds, slice_z(record->phases[i].name)))
			record_count_failure(record, (int)i, CAUSE_SLOW, 0);
		if (limits) /* in whichever of them the value is learnt */
			record_count_failure(record, (int)i, CAUSE_THRESHOLD, 0);
	}
	for (size_t i = 0; i < record->phase_count; i++) {
		enum phase phase = phase_called(slice_z(record->phases[i].name));
		bool list = phase == PHASE_EHLO || phase == PHASE_CAPABILITY || phase == PHASE_CAPA;

		if (phase == PHASE_BANNER && module->opts->expect.n > 0)
			record_count_failure(record, (int)i, CAUSE_UNEXPECTED, 0);
		if (list && module->opts->require.n > 0)
			record_count_failure(record, (int)i, CAUSE_CAPABILITY_MISSING, 0);
		if (list && module->opts->forbid.n > 0)
			record_count_failure(record, (int)i, CAUSE_CAPABILITY_FORBIDDEN, 0);
	}
	if (threshold_for(thresholds, S("time")))
		record_count_failure(record, PHASE_TOTAL, CAUSE_SLOW, 0);
	record_count_failure(record, PHASE_NONE, CAUSE_USAGE, 0);
	record_count_failure(record, PHASE_NONE, CAUSE_LOCAL, 0);
}

/* Fills in what takes memory; false without. */
static bool
fill(struct record *record, const struct target *target, const struct config *config,
    struct arena *arena)
{
	struct str error = str_in(arena);
	struct plan plan = { 0 };
	struct probe_opts *opts = config_aim(
	    target->module, target->host, target->port, arena, &error);
	slice identity = identity_of(target, config, arena);

	if (!opts || arena_failed(arena))
		return false;
	target->module->type->plan(opts, arena, &plan);
	record->labels = labels_of(target, arena);
	record->identity = (slice){ record_copy(identity), identity.n };
	record->kept = calloc(record->history, sizeof(struct run *));
	if (!record->labels || !record->identity.at || !record->kept)
		return false;
	for (size_t i = 0; i < plan.phases.n; i++)
		record_phase_index(record, plan.phases.items[i]);
	expect_failures(record, target->module);
	return !arena_failed(arena);
}

struct record *
record_new(const struct target *target, const struct config *config)
{
	struct arena *arena = arena_new(SCRATCH);
	struct record *record = arena ? calloc(1, sizeof *record) : NULL;

	if (!record)
		goto out;
	record->references = 1;
	record->bucket_count = config->bucket_count;
	record->history = config->history;
	record->sequence = record_changed();
	pthread_mutex_init(&record->lock, NULL);
	if (!fill(record, target, config, arena)) {
		record_drop(record);
		record = NULL;
	}
out:
	arena_free(arena);
	return record;
}

bool
record_fits(const struct record *record, const struct target *target, const struct config *config)
{
	struct arena *arena = arena_new(SCRATCH);
	bool fits = arena && slice_eq(record->identity, identity_of(target, config, arena));

	arena_free(arena);
	return fits;
}

bool
record_relabel(struct record *record, const struct target *target)
{
	struct arena *arena = arena_new(SCRATCH);
	char *labels = arena ? labels_of(target, arena) : NULL;

	arena_free(arena);
	if (!labels)
		return false;
	pthread_mutex_lock(&record->lock);
	free(record->labels);
	record->labels = labels;
	record->sequence = record_changed();
	pthread_mutex_unlock(&record->lock);
	return true;
}

struct record *
record_hold(struct record *record)
{
	atomic_fetch_add_explicit(&record->references, 1, memory_order_relaxed);
	return record;
}

void
record_drop(struct record *record)
{
	if (!record || atomic_fetch_sub_explicit(&record->references, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < record->phase_count; i++) {
		free(record->phases[i].name);
		free(record->phases[i].buckets);
	}
	for (size_t i = 0; record->kept && i < record->history; i++)
		free(record->kept[i]);
	for (size_t i = 0; i < FAILURES_KEPT; i++)
		free(record->failed[i].json);
	free(record->phases);
	free(record->failures);
	free(record->kept);
	free(record->tails);
	free(record->last);
	free(record->summary);
	free(record->labels);
	free((char *)record->identity.at);
	pthread_mutex_destroy(&record->lock);
	free(record);
}

const struct run *
record_kept(const struct record *record, size_t i)
{
	return record->kept[(record->first + i) % record->history];
}

const struct run *
record_last(const struct record *record)
{
	return record->kept_count > 0 ? record_kept(record, record->kept_count - 1) : NULL;
}

slice
record_phase(const struct record *record, int phase)
{
	if (phase == PHASE_TOTAL)
		return S("total");
	return phase >= 0 ? slice_z(record->phases[phase].name) : (slice){ NULL, 0 };
}
