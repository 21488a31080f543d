/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RECORD_H
#define RECORD_H

/*
 * What is kept of one target's runs: counters for /metrics, the last result, a history, the last
 * failures with their transcripts. A worker puts a run in, pages and scrapes read: all fields that
 * change are looked at under the lock, which is held for copying and counting only. Times are Unix
 * time.
 */

#include <pthread.h>

#include "config.h"
#include "metrics.h"

/* A place in record->phases, or one of these. */
enum { PHASE_NONE = -1, PHASE_TOTAL = -2 };

/* The histogram of one phase. */
struct series {
	char *name;        /* "ehlo_2" */
	int64_t sum;       /* nanoseconds */
	uint32_t *buckets; /* config->bucket_count, and the one above them all; not cumulative */
};

struct failure_count {
	int phase;
	enum cause cause;
	uint32_t n;
};

struct kept_lap {
	uint16_t phase;
	bool ok;
	uint32_t us;
};

/* One run of the history. */
struct run {
	double time; /* when it began */
	span duration;
	enum state state;
	enum cause cause;
	int phase;
	size_t lap_count;
	struct kept_lap laps[];
};

enum { FAILURES_KEPT = 5 };

struct kept_failure {
	double time;
	char *json; /* with the transcript */
};

/* A metric's line of the last run behind the target's labels: `,name="x"} 3\n`. */
struct tail {
	enum metric metric;
	slice text;
};

struct record {
	_Atomic unsigned references;
	slice identity; /* what the target asks for: two with the same share a record */
	size_t bucket_count;
	unsigned history; /* runs to be kept */
	char *labels;     /* target="...",module="...", and the target's own, escaped */

	pthread_mutex_t lock;
	uint64_t sequence; /* of the last change, by which a page asks for news */
	double next_run;   /* 0 when it is not known */
	uint32_t runs[4];  /* by state */
	uint32_t skipped;
	struct series *phases;
	size_t phase_count;
	struct failure_count *failures;
	size_t failure_count;

	double since;          /* when it came into its state */
	char *last;            /* the last result as JSON, NULL before the first */
	char *summary;         /* its sentence */
	time_t cert_not_after; /* 0: no certificate */
	struct tail *tails;
	size_t tail_count;
	struct run **kept; /* a ring of `history` places */
	size_t first, kept_count;
	struct kept_failure failed[FAILURES_KEPT]; /* the newest first */
};

/*
 * A record of a target that has not run. All series that its runs are expected to have are there.
 * NULL without memory.
 */
struct record *record_new(const struct target *target, const struct config *config);

/* Whether the runs of `target` belong into this record. */
bool record_fits(
    const struct record *record, const struct target *target, const struct config *config);

/* A reload may have given the target other labels. */
bool record_relabel(struct record *record, const struct target *target);

struct record *record_hold(struct record *record);
void record_drop(struct record *record);

/*
 * Puts in a judged result, of a run under `config` or one whose target is the same. Without memory
 * it is counted and not kept. Whether the state has changed; a first run that is OK is no change.
 */
bool record_run(struct record *record, const struct config *config, const struct result *result);

/* `n` runs were left out. */
void record_skip(struct record *record, uint32_t n);

/* When the next run is due. */
void record_next(struct record *record, double next_run);

/* The newest run, or NULL. Under the lock. */
const struct run *record_last(const struct record *record);

/* The i-th of record->kept_count, the oldest first. Under the lock. */
const struct run *record_kept(const struct record *record, size_t i);

/* "auth", "total"; missing for PHASE_NONE. Under the lock. */
slice record_phase(const struct record *record, int phase);

/* The number that changes are told apart by: the highest so far; the next. */
uint64_t record_sequence(void);
uint64_t record_changed(void);

/* The present moment in Unix time. */
double wall_now(void);

#endif
