/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A queue of jobs, a stack of idle threads, one lock. Each thread waits on a word of its own, so
 * that a job wakes one thread, and the one it wants; by futex(2) and not by a condition, behind
 * which the woken thread would first run into the lock that its waker still holds. Probes block in
 * poll() for as long as their server takes: straight code, whose stack trace names the verb, for
 * some tens of kilobytes each.
 */
#include "pool.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"

/* Enough for a handshake and the deepest parser, with room; only what is touched takes memory. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK = 2 << 20 };
#else
enum { STACK = 256 << 10 };
#endif

enum { IDLE_SECONDS = 60 };

struct worker {
	struct pool *pool;
	struct worker *below;  /* in the stack of idle threads */
	struct job *job;       /* handed over by who woke it, NULL to end */
	_Atomic unsigned idle; /* 1 while it is in the stack: the word it waits on */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct job *first, **last; /* that no thread was free for */
	struct worker *idle;
	unsigned threads, sleeping, limit;
	bool stopping;
	pthread_attr_t attributes;
};

struct pool *
pool_new(unsigned limit)
{
	struct pool *pool = calloc(1, sizeof *pool);
	pthread_condattr_t monotonic;

	if (!pool)
		return NULL;
	pool->limit = limit;
	pool->last = &pool->first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->ended, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_attr_init(&pool->attributes);
	pthread_attr_setdetachstate(&pool->attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&pool->attributes, STACK);
	return pool;
}

static struct job *
dequeue(struct pool *pool)
{
	struct job *job = pool->first;

	if (!job)
		return NULL;
	pool->first = job->next;
	if (!pool->first)
		pool->last = &pool->first;
	return job;
}

/* The lock is held. */
static struct worker *
take_idle(struct pool *pool, struct job *job)
{
	struct worker *worker = pool->idle;

	pool->idle = worker->below;
	pool->sleeping--;
	worker->job = job;
	atomic_store_explicit(&worker->idle, 0, memory_order_release);
	return worker;
}

/*
 * Without the lock. It may have ended by now; then nobody waits at that address, or somebody who
 * looks again.
 */
static void
wake(struct worker *worker)
{
	syscall(SYS_futex, &worker->idle, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* One thread less. The lock is held: whoever submits next counts on what it says. */
static void
leave(struct pool *pool)
{
	pool->threads--;
	pthread_cond_signal(&pool->ended);
}

/* There has been nothing to do for a while. False: there just is again. */
static bool
retire(struct pool *pool, struct worker *worker)
{
	struct worker **link = &pool->idle;
	bool idle;

	pthread_mutex_lock(&pool->lock);
	idle = atomic_load_explicit(&worker->idle, memory_order_relaxed);
	if (idle) {
		while (*link != worker)
			link = &(*link)->below;
		*link = worker->below;
		pool->sleeping--;
		leave(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return idle;
}

/* The lock is held, and not any more when it returns. The next job; NULL: the thread has left. */
static struct job *
await(struct pool *pool, struct worker *worker)
{
	const struct timespec patience = { .tv_sec = IDLE_SECONDS };

	worker->below = pool->idle;
	pool->idle = worker;
	pool->sleeping++;
	atomic_store_explicit(&worker->idle, 1, memory_order_relaxed);
	pthread_mutex_unlock(&pool->lock);
	while (atomic_load_explicit(&worker->idle, memory_order_acquire))
		if (syscall(SYS_futex, &worker->idle, FUTEX_WAIT_PRIVATE, 1, &patience, NULL, 0) < 0
		    && errno == ETIMEDOUT && retire(pool, worker))
			return NULL;
	if (worker->job)
		return worker->job;
	pthread_mutex_lock(&pool->lock); /* it was woken to end */
	leave(pool);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void *
work(void *data)
{
	struct worker *worker = data;
	struct pool *pool = worker->pool;
	struct job *job = worker->job;

	while (job) {
		job->run(job);
		pthread_mutex_lock(&pool->lock);
		if (pool->stopping || pool->threads > pool->limit) {
			leave(pool);
			pthread_mutex_unlock(&pool->lock);
			break;
		}
		job = dequeue(pool);
		if (job)
			pthread_mutex_unlock(&pool->lock);
		else
			job = await(pool, worker);
	}
	free(worker);
	return NULL;
}

/* One more thread, with this job to begin with. The lock is held. */
static bool
spawn(struct pool *pool, struct job *job)
{
	struct worker *worker = calloc(1, sizeof *worker);
	pthread_t thread;

	if (!worker)
		return false;
	worker->pool = pool;
	worker->job = job;
	if (pthread_create(&thread, &pool->attributes, work, worker) == 0) {
		pool->threads++;
		return true;
	}
	free(worker);
	LOG(WARN, "no more threads can be made");
	return false;
}

void
pool_submit(struct pool *pool, struct job *job)
{
	struct worker *worker = NULL;

	job->next = NULL;
	pthread_mutex_lock(&pool->lock);
	if (pool->idle)
		worker = take_idle(pool, job);
	else if (pool->threads >= pool->limit || !spawn(pool, job)) {
		*pool->last = job;
		pool->last = &job->next;
	}
	pthread_mutex_unlock(&pool->lock);
	if (worker)
		wake(worker);
}

void
pool_limit(struct pool *pool, unsigned limit)
{
	pthread_mutex_lock(&pool->lock);
	pool->limit = limit;
	while (pool->first && pool->threads < limit) {
		struct job *job = dequeue(pool);

		if (spawn(pool, job))
			continue;
		job->next = pool->first;
		pool->first = job;
		if (!job->next)
			pool->last = &job->next;
		break;
	}
	pthread_mutex_unlock(&pool->lock);
}

struct pool_state
pool_state(struct pool *pool)
{
	struct pool_state state;

	pthread_mutex_lock(&pool->lock);
	state = (struct pool_state){
		.threads = pool->threads,
		.busy = pool->threads - pool->sleeping,
		.limit = pool->limit,
	};
	pthread_mutex_unlock(&pool->lock);
	return state;
}

bool
pool_stop(struct pool *pool, instant until)
{
	struct timespec bound = { until.ns / 1000000000, until.ns % 1000000000 };
	bool all;

	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	while (pool->idle)
		wake(take_idle(pool, NULL));
	while (pool->threads > 0 && pthread_cond_timedwait(&pool->ended, &pool->lock, &bound) == 0)
		;
	all = pool->threads == 0;
	pthread_mutex_unlock(&pool->lock);
	return all;
}

void
pool_free(struct pool *pool)
{
	pthread_attr_destroy(&pool->attributes);
	pthread_cond_destroy(&pool->ended);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
