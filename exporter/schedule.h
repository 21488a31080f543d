/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCHEDULE_H
#define SCHEDULE_H

/*
 * The schedule: targets in a heap by the moment at which they are due, one thread that hands them
 * to the pool. A target's first run is spread over its interval by a hash of its name, so that ten
 * thousand do not begin at once and a restart changes nothing; from then on a run begins each
 * interval. What is late is not made up for: missed slots are skipped and counted.
 */

#include "buffer.h"
#include "gate.h"
#include "pool.h"
#include "record.h"

struct schedule;

/* Begins with no targets. NULL when there is no memory or no thread. */
struct schedule *schedule_new(struct pool *pool, struct gate *gate);

/*
 * From now on the targets of this configuration. A target that is what it was keeps its record and
 * its place in time; what runs already ends under the configuration it began with. False without
 * memory: then all is as before. Not to be called by two threads at a time.
 */
bool schedule_load(struct schedule *schedule, struct config *config);

/* Has the target of that name run as soon as a worker is free. False when there is none. */
bool schedule_hurry(struct schedule *schedule, slice name);

/* All targets as they are at one moment. */
struct schedule_view {
	struct config *config;
	struct record **records; /* those of config->targets, in the same order */
	size_t n;
	uint64_t generation; /* the sequence number when it was loaded */
};

/* What there is now; to be given back. */
struct schedule_view *schedule_view(struct schedule *schedule);
void schedule_view_drop(struct schedule_view *view);

/* Adds the lines of mailprobe_lateness_seconds. */
void schedule_lateness(struct schedule *schedule, struct buffer *out);

/* Whether the thread that hands out runs does so. For a watchdog. */
bool schedule_alive(struct schedule *schedule);

/* Begins no more runs. What runs goes on. */
void schedule_stop(struct schedule *schedule);

#endif
