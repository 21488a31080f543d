/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table of targets for each configuration, counted by those who use it: the schedule itself,
 * whoever reads it, and each run under way. The heap has the entries of the newest table that are
 * not running; a run of an older one that ends is put into its record, and the entry goes with its
 * table.
 */
#include "schedule.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "log.h"

/* Those of the histogram, in seconds. */
static const double lateness_buckets[] = { 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60 };

enum { LATENESS = sizeof lateness_buckets / sizeof lateness_buckets[0] };

/* How long the thread sleeps at most: a watchdog wants to see it alive. */
enum { HEARTBEAT_MS = 1000, RUN_CEILING = 512 << 20 };

struct table;

struct entry {
	struct job job;
	struct table *table;
	const struct target *target;
	struct record *record;
	/* Under the schedule's lock: when it should have begun, when it is looked at next. */
	instant slot, due;
	bool running; /* handed out */
};

struct table {
	_Atomic unsigned references;
	struct schedule *schedule;
	struct schedule_view view;
	struct entry *entries;
};

struct schedule {
	struct pool *pool;
	struct gate *gate;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct table *table;
	struct entry **heap;
	size_t n;
	_Atomic bool stopping;
	instant beat;
	uint64_t late[LATENESS + 1];
	span late_sum;
};

static void
table_drop(struct table *table)
{
	if (!table || atomic_fetch_sub_explicit(&table->references, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < table->view.n; i++)
		record_drop(table->view.records[i]);
	config_drop(table->view.config);
	free(table->view.records);
	free(table->entries);
	free(table);
}

static struct table *
table_hold(struct table *table)
{
	atomic_fetch_add_explicit(&table->references, 1, memory_order_relaxed);
	return table;
}

/* Where `entry` belongs from place `i` upwards; the entries on the way move down. */
static void
rise(struct schedule *schedule, size_t i, struct entry *entry)
{
	while (i > 0 && instant_before(entry->due, schedule->heap[(i - 1) / 2]->due)) {
		schedule->heap[i] = schedule->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	schedule->heap[i] = entry;
}

static void
sink(struct schedule *schedule, size_t i, struct entry *entry)
{
	for (size_t child; (child = 2 * i + 1) < schedule->n; i = child) {
		if (child + 1 < schedule->n
		    && instant_before(schedule->heap[child + 1]->due, schedule->heap[child]->due))
			child++;
		if (!instant_before(schedule->heap[child]->due, entry->due))
			break;
		schedule->heap[i] = schedule->heap[child];
	}
	schedule->heap[i] = entry;
}

/* The lock is held. The place of the first matters to the thread that waits for it. */
static void
push(struct schedule *schedule, struct entry *entry)
{
	record_next(
	    entry->record, wall_now() + span_as_seconds(span_between(clock_now(), entry->due)));
	rise(schedule, schedule->n++, entry);
	if (schedule->heap[0] == entry)
		pthread_cond_signal(&schedule->changed);
}

static struct entry *
pop(struct schedule *schedule)
{
	struct entry *first = schedule->heap[0], *last = schedule->heap[--schedule->n];

	if (schedule->n > 0)
		sink(schedule, 0, last);
	return first;
}

/*
 * How long after its slot a run that only waited for the one before it may still begin. Where a
 * timeout is as long as its interval, a server that never answers would cost every second run, by
 * the few milliseconds that a run takes to end.
 */
static span
grace(const struct entry *entry)
{
	span tenth = { entry->target->interval.ns / 10 }, second = span_ms(1000);

	return tenth.ns < second.ns ? tenth : second;
}

/* The last slot that has begun by `when`; those that are passed over have been missed. */
static void
skip_to(struct entry *entry, instant when)
{
	int64_t interval = entry->target->interval.ns;
	int64_t missed = span_between(entry->slot, when).ns / interval;

	if (missed <= 0)
		return;
	entry->slot = instant_after(entry->slot, (span){ missed * interval });
	record_skip(entry->record, (uint32_t)missed);
}

/* The slot behind the one that was used: the first that is at most so late by now. */
static void
next_slot(struct entry *entry, instant now, span late)
{
	span interval = entry->target->interval;

	entry->slot = instant_after(entry->slot, interval);
	skip_to(entry, instant_after(now, (span){ interval.ns - 1 - late.ns }));
	entry->due = entry->slot;
}

static void
tell_change(const struct target *target, const struct verdict *v)
{
	LOG(INFO, "state", { "target", slice_z(target->name) },
	    { "state", slice_z(state_name(v->state)) }, { "phase", v->phase },
	    { "cause", slice_z(cause_infos[v->cause].name) }, { "text", v->text },
	    { "reply", v->reply }, );
}

static void
probe(struct entry *entry, struct arena *arena)
{
	const struct target *target = entry->target;
	struct str error = str_in(arena);
	struct probe_opts *opts = config_aim(
	    target->module, target->host, target->port, arena, &error);
	struct result *result;

	if (!opts)
		return;
	opts->transcript = true; /* of a failure it is kept */
	result = session_run(target->module->type, opts, arena);
	if (!result)
		return;
	judge(result, &opts->thresholds);
	/* What is cut short by our own end is no news. */
	if (record_run(entry->record, entry->table->view.config, result)
	    && !entry->table->schedule->stopping)
		tell_change(target, &result->verdict);
}

static void
count_lateness(struct schedule *schedule, span late)
{
	size_t bucket = 0;

	while (bucket < LATENESS && lateness_buckets[bucket] < span_as_seconds(late))
		bucket++;
	schedule->late[bucket]++;
	schedule->late_sum.ns += late.ns;
}

/*
 * A run is over, or could not begin for so long: the entry goes back, if its table is still the
 * schedule's. Where others wait for the same host it is their turn, not at once its own again.
 */
static void
give_back(struct entry *entry, const span *wait, bool wanted)
{
	struct table *table = entry->table;
	struct schedule *schedule = table->schedule;
	instant now = clock_now();

	pthread_mutex_lock(&schedule->lock);
	entry->running = false;
	if (wait) { /* for a slot that may be another one by then */
		entry->due = instant_after(now, *wait);
		skip_to(entry, entry->due);
	} else
		next_slot(entry, now, wanted ? (span){ 0 } : grace(entry));
	if (table == schedule->table && !schedule->stopping)
		push(schedule, entry);
	pthread_mutex_unlock(&schedule->lock);
	table_drop(table);
}

/* On a worker. */
static void
run(struct job *job)
{
	struct entry *entry = (struct entry *)job;
	struct schedule *schedule = entry->table->schedule;
	const char *host = entry->target->host;
	struct arena *arena;
	bool wanted;
	span wait;

	if (gate_enter(schedule->gate, host, &wait) != GATE_OPEN) {
		give_back(entry, &wait, false);
		return;
	}
	pthread_mutex_lock(&schedule->lock);
	count_lateness(schedule, span_between(entry->slot, clock_now()));
	pthread_mutex_unlock(&schedule->lock);
	arena = arena_new(RUN_CEILING);
	if (arena)
		probe(entry, arena);
	arena_free(arena);
	wanted = gate_leave(schedule->gate, host);
	give_back(entry, NULL, wanted);
}

/* The thread: hands out what is due, and sleeps until the next is. */
static void *
hand_out(void *data)
{
	struct schedule *schedule = data;

	pthread_mutex_lock(&schedule->lock);
	while (!schedule->stopping) {
		instant until;
		struct timespec at;

		schedule->beat = clock_now();
		while (schedule->n > 0 && !instant_before(schedule->beat, schedule->heap[0]->due)) {
			struct entry *entry = pop(schedule);

			entry->running = true;
			table_hold(entry->table);
			pool_submit(schedule->pool, &entry->job);
		}
		until = instant_after(schedule->beat, span_ms(HEARTBEAT_MS));
		if (schedule->n > 0)
			until = instant_earlier(until, schedule->heap[0]->due);
		at = (struct timespec){ until.ns / 1000000000, until.ns % 1000000000 };
		pthread_cond_timedwait(&schedule->changed, &schedule->lock, &at);
	}
	pthread_mutex_unlock(&schedule->lock);
	return NULL;
}

struct schedule *
schedule_new(struct pool *pool, struct gate *gate)
{
	struct schedule *schedule = calloc(1, sizeof *schedule);
	pthread_condattr_t monotonic;

	if (!schedule)
		return NULL;
	schedule->pool = pool;
	schedule->gate = gate;
	schedule->beat = clock_now();
	pthread_mutex_init(&schedule->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&schedule->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&schedule->thread, NULL, hand_out, schedule) == 0)
		return schedule;
	free(schedule);
	return NULL;
}

/* A moment within the interval that is always the same one for a name. */
static span
spread(const struct target *target)
{
	uint64_t hash = 14695981039346656037u;

	for (const char *c = target->name; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	hash ^= hash >> 32;
	return (span){ (int64_t)(hash % (uint64_t)target->interval.ns) };
}

/* The entry of the same target in the table before, if what is asked of it is the same. */
static struct entry *
before(const struct entry *entry, const struct table *old)
{
	const struct target *was = old
	    ? config_target(old->view.config, slice_z(entry->target->name))
	    : NULL;

	if (!was
	    || !record_fits(
	        old->view.records[was->index], entry->target, entry->table->view.config))
		return NULL;
	return &old->entries[was->index];
}

/* A new table, with the records of the old one where the target is the same. */
static struct table *
table_new(struct schedule *schedule, struct config *config, const struct table *old)
{
	size_t n = config->target_count;
	struct table *table = calloc(1, sizeof *table);

	if (!table)
		return NULL;
	table->references = 1;
	table->schedule = schedule;
	table->view.config = config_hold(config);
	table->entries = calloc(n + 1, sizeof *table->entries);
	table->view.records = calloc(n + 1, sizeof(void *));
	for (; table->entries && table->view.records && table->view.n < n; table->view.n++) {
		struct entry *entry = &table->entries[table->view.n], *was;

		*entry = (struct entry){
			.job.run = run, .table = table, .target = config->targets[table->view.n]
		};
		was = before(entry, old);
		entry->record = was ? record_hold(was->record) : record_new(entry->target, config);
		if (!entry->record)
			break;
		table->view.records[table->view.n] = entry->record;
	}
	if (table->view.n == n && table->entries && table->view.records)
		return table;
	table_drop(table);
	return NULL;
}

/* Where it is in time: as before, or anywhere in its interval. The lock is held. */
static void
place(struct entry *entry, const struct table *old, instant now)
{
	const struct target *was = old
	    ? config_target(old->view.config, slice_z(entry->target->name))
	    : NULL;
	const struct entry *its = was ? &old->entries[was->index] : NULL;

	if (its && its->record == entry->record && was->interval.ns == entry->target->interval.ns) {
		entry->slot = its->slot;
		entry->due = its->due;
		if (its->running) /* under the old table, to which it goes back */
			entry->due = entry->slot = instant_after(its->slot, was->interval);
		return;
	}
	entry->slot = entry->due = instant_after(now, spread(entry->target));
}

bool
schedule_load(struct schedule *schedule, struct config *config)
{
	struct table *old = schedule->table; /* changed by nobody else */
	struct table *table = table_new(schedule, config, old);
	struct entry **heap = calloc(config->target_count + 1, sizeof(void *)), **old_heap;
	instant now = clock_now();

	if (!table || !heap) {
		table_drop(table);
		free(heap);
		return false;
	}
	for (size_t i = 0; old && i < table->view.n; i++)
		record_relabel(table->view.records[i], config->targets[i]);
	pthread_mutex_lock(&schedule->lock);
	old_heap = schedule->heap;
	schedule->table = table;
	schedule->heap = heap;
	schedule->n = 0;
	for (size_t i = 0; i < table->view.n; i++) {
		place(&table->entries[i], old, now);
		push(schedule, &table->entries[i]);
	}
	table->view.generation = record_changed();
	pthread_cond_signal(&schedule->changed);
	pthread_mutex_unlock(&schedule->lock);
	table_drop(old);
	free(old_heap);
	return true;
}

bool
schedule_hurry(struct schedule *schedule, slice name)
{
	const struct target *target;
	bool found;

	pthread_mutex_lock(&schedule->lock);
	target = config_target(schedule->table->view.config, name);
	found = target != NULL;
	for (size_t i = 0; i < schedule->n; i++) {
		struct entry *entry = schedule->heap[i];

		if (entry->target != target)
			continue;
		/* Its slot comes forward, or it would be late by what is left. */
		entry->slot = entry->due = clock_now();
		rise(schedule, i, entry);
		pthread_cond_signal(&schedule->changed);
		break;
	}
	pthread_mutex_unlock(&schedule->lock);
	return found;
}

struct schedule_view *
schedule_view(struct schedule *schedule)
{
	struct table *table;

	pthread_mutex_lock(&schedule->lock);
	table = table_hold(schedule->table);
	pthread_mutex_unlock(&schedule->lock);
	return &table->view;
}

void
schedule_view_drop(struct schedule_view *view)
{
	table_drop((struct table *)((char *)view - offsetof(struct table, view)));
}

void
schedule_lateness(struct schedule *schedule, struct buffer *out)
{
	const char *name = metric_infos[METRIC_LATENESS].name;
	uint64_t late[LATENESS + 1], sum = 0;
	span total;

	pthread_mutex_lock(&schedule->lock);
	memcpy(late, schedule->late, sizeof late);
	total = schedule->late_sum;
	pthread_mutex_unlock(&schedule->lock);
	for (size_t i = 0; i < LATENESS; i++) {
		bool whole = lateness_buckets[i] >= 1;

		sum += late[i];
		buffer_addf(out, "%s_bucket{le=\"%g%s\"} %llu\n", name, lateness_buckets[i],
		    whole ? ".0" : "", (unsigned long long)sum);
	}
	sum += late[LATENESS];
	buffer_addf(out, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.9f\n%s_count %llu\n", name,
	    (unsigned long long)sum, name, span_as_seconds(total), name, (unsigned long long)sum);
}

bool
schedule_alive(struct schedule *schedule)
{
	instant beat;

	pthread_mutex_lock(&schedule->lock);
	beat = schedule->beat;
	pthread_mutex_unlock(&schedule->lock);
	return span_between(beat, clock_now()).ns < INT64_C(10000000) * HEARTBEAT_MS;
}

void
schedule_stop(struct schedule *schedule)
{
	pthread_mutex_lock(&schedule->lock);
	schedule->stopping = true;
	pthread_cond_signal(&schedule->changed);
	pthread_mutex_unlock(&schedule->lock);
	pthread_join(schedule->thread, NULL);
}
