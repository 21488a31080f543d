/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run on its way into the record: what takes time is made of the result first, and under the lock
 * it is only counted and put in the place of what was there.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "record_private.h"
#include "render_parts.h"

enum {
	MEMORY = 8 << 20,
	JSON_MAX = 256 << 10,      /* of a last result */
	TRANSCRIPT_MAX = 64 << 10, /* of a kept failure */
};

/* What is made of a result before the lock is taken. */
struct news {
	struct run *run;
	char *last, *summary, *failure;
	struct tail *tails;
	size_t tail_count;
};

static char *
json_of(const struct result *result, struct arena *arena, size_t most)
{
	struct str json = str_in(arena);

	render_json(result, &json);
	if (arena_failed(arena) || json.n > most || json.n == 0)
		return NULL;
	return record_copy((slice){ json.at, json.n - 1 }); /* without its line end */
}

/* All tails and their text in one piece. */
static void
make_tails(struct news *news, const struct result *result, struct arena *arena)
{
	struct samples samples = samples_of(result, arena);
	size_t bytes = 0, n = 0;
	char *at;

	for (size_t i = 0; i < samples.n; i++)
		bytes += samples.items[i].labels.n + samples.items[i].number.n + 4;
	news->tails = malloc((samples.n + 1) * sizeof *news->tails + bytes);
	if (!news->tails)
		return;
	at = (char *)&news->tails[samples.n + 1];
	for (size_t i = 0; i < samples.n; i++) {
		const struct sample *sample = &samples.items[i];
		char *begin = at;

		if (metric_infos[sample->metric].scope != METRIC_RUN)
			continue;
		if (sample->labels.n > 0)
			*at++ = ',';
		at = mempcpy(at, sample->labels.at, sample->labels.n);
		at = mempcpy(at, "} ", 2);
		at = mempcpy(at, sample->number.at, sample->number.n);
		*at++ = '\n';
		news->tails[n++] = (struct tail){ sample->metric, { begin, (size_t)(at - begin) } };
	}
	news->tail_count = n;
}

static bool
make_news(struct news *news, const struct result *result, struct arena *arena)
{
	struct result bare = *result;
	struct str summary = str_in(arena);

	bare.transcript = NULL;
	part_summary(&summary, result);
	news->summary = record_copy(str_slice(&summary));
	news->last = json_of(&bare, arena, JSON_MAX);
	if (!news->last)
		news->last = record_copy(S("null"));
	if (result->verdict.state != STATE_OK) {
		news->failure = json_of(result, arena, TRANSCRIPT_MAX);
		if (!news->failure)
			news->failure = record_copy(slice_z(news->last));
	}
	make_tails(news, result, arena);
	news->run = calloc(1, sizeof *news->run + result->lap_count * sizeof(struct kept_lap));
	return news->run && news->last && news->summary && news->tails && !arena_failed(arena);
}

static uint32_t
microseconds(span length)
{
	int64_t us = length.ns / 1000;

	return us < 0 ? 0 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

/* The lock is held from here on. */
static void
count_lap(struct record *record, const struct config *config, int phase, span length)
{
	struct series *series = &record->phases[phase];
	size_t bucket = 0;

	while (bucket < record->bucket_count && config->buckets[bucket].ns < length.ns)
		bucket++;
	series->buckets[bucket]++;
	series->sum += length.ns;
}

static void
keep_run(struct record *record, const struct config *config, struct run *run,
    const struct result *result, struct arena *arena)
{
	const struct verdict *v = &result->verdict;

	run->duration = result->total;
	run->state = v->state;
	run->cause = v->cause;
	run->time = wall_now() - span_as_seconds(span_between(result->start, clock_now()));
	run->phase = !v->phase.at            ? PHASE_NONE
	    : slice_eq(v->phase, S("total")) ? PHASE_TOTAL
	                                     : record_phase_index(record, v->phase);
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];
		int phase = record_phase_index(record, lap_name(arena, lap));

		if (phase < 0)
			continue;
		if (lap->ran)
			count_lap(record, config, phase, lap->length);
		run->laps[run->lap_count++] = (struct kept_lap){
			.phase = (uint16_t)phase,
			.ok = lap->ran && !lap->failed,
			.us = lap->ran ? microseconds(lap->length) : 0,
		};
	}
}

static void
add_to_ring(struct record *record, struct run *run)
{
	size_t place = (record->first + record->kept_count) % record->history;

	if (record->kept_count == record->history)
		record->first = (record->first + 1) % record->history;
	else
		record->kept_count++;
	free(record->kept[place]);
	record->kept[place] = run;
}

static void
keep_failure(struct record *record, double time, char *json)
{
	free(record->failed[FAILURES_KEPT - 1].json);
	memmove(
	    &record->failed[1], &record->failed[0], (FAILURES_KEPT - 1) * sizeof record->failed[0]);
	record->failed[0] = (struct kept_failure){ time, json };
}

/* Swaps in what was made, and leaves in `news` what it replaces. */
static void
take(struct record *record, struct news *news, const struct result *result)
{
	const struct run *before = record_last(record);
	const struct fact_value *end = &result->facts[FACT_CERT_NOT_AFTER];
	char *last = record->last, *summary = record->summary;
	struct tail *tails = record->tails;

	if (!before || before->state != news->run->state)
		record->since = news->run->time;
	if (news->failure)
		keep_failure(record, news->run->time, news->failure);
	record->last = news->last;
	record->summary = news->summary;
	record->tails = news->tails;
	record->tail_count = news->tail_count;
	record->cert_not_after = end->known ? end->time : 0;
	add_to_ring(record, news->run);
	*news = (struct news){ .last = last, .summary = summary, .tails = tails };
}

bool
record_run(struct record *record, const struct config *config, const struct result *result)
{
	struct arena *arena = arena_new(MEMORY);
	struct news news = { 0 };
	bool good = arena && make_news(&news, result, arena), changed;
	const struct run *before;

	pthread_mutex_lock(&record->lock);
	before = record_last(record);
	changed = (before ? before->state : STATE_OK) != result->verdict.state;
	record->runs[result->verdict.state]++;
	if (good) {
		keep_run(record, config, news.run, result, arena);
		if (result->verdict.cause != CAUSE_NONE)
			record_count_failure(record, news.run->phase, result->verdict.cause, 1);
		take(record, &news, result);
	}
	record->sequence = record_changed();
	pthread_mutex_unlock(&record->lock);
	free(news.run);
	free(news.last);
	free(news.summary);
	free(news.failure);
	free(news.tails);
	arena_free(arena);
	return changed;
}

void
record_skip(struct record *record, uint32_t n)
{
	pthread_mutex_lock(&record->lock);
	record->skipped += n;
	pthread_mutex_unlock(&record->lock);
}

void
record_next(struct record *record, double next_run)
{
	pthread_mutex_lock(&record->lock);
	record->next_run = next_run;
	record->sequence = record_changed();
	pthread_mutex_unlock(&record->lock);
}
