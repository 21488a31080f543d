/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POOL_H
#define POOL_H

/*
 * Threads that do jobs, as many as there is work for and no more than a limit. A thread that has
 * nothing to do for a while ends. The one that became idle last is taken first: its stack is still
 * in the caches.
 */

#include "clock.h"

/* Belongs to whoever submits it, until it runs; then to run(), which may free it. */
struct job {
	void (*run)(struct job *job);
	struct job *next; /* the pool's own */
};

struct pool;

/* NULL without memory. */
struct pool *pool_new(unsigned limit);

/* From now on so many threads at most. Those above it end when they become idle. */
void pool_limit(struct pool *pool, unsigned limit);

/*
 * Has `job` done by the next free thread, in the order of submission. Never waits. A job that was
 * submitted is done sometime, unless the pool is stopped before.
 */
void pool_submit(struct pool *pool, struct job *job);

struct pool_state {
	unsigned threads, busy, limit;
};

struct pool_state pool_state(struct pool *pool);

/*
 * Lets nothing that waits begin, and waits for what runs until `until`. Whether all threads have
 * ended; then pool_free() may follow.
 */
bool pool_stop(struct pool *pool, instant until);
void pool_free(struct pool *pool);

#endif
