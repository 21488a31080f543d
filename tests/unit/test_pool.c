/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that do jobs: all of them, no more at a time than allowed, and an end to it. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"
#include "pool.h"

enum { JOBS = 20000, LIMIT = 7 };

static struct job jobs[JOBS];
static _Atomic unsigned done, under_way, most;

/* Opened by the test once it has seen what it wanted to. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned waiting;
static bool open;

static void
quick(struct job *job)
{
	unsigned now = atomic_fetch_add(&under_way, 1) + 1, before = most;

	(void)job;
	while (now > before && !atomic_compare_exchange_weak(&most, &before, now))
		;
	atomic_fetch_sub(&under_way, 1);
	atomic_fetch_add(&done, 1);
}

static void
blocked(struct job *job)
{
	(void)job;
	pthread_mutex_lock(&lock);
	waiting++;
	pthread_cond_broadcast(&changed);
	while (!open)
		pthread_cond_wait(&changed, &lock);
	waiting--;
	pthread_mutex_unlock(&lock);
	atomic_fetch_add(&done, 1);
}

static void
await_waiting(unsigned n)
{
	pthread_mutex_lock(&lock);
	while (waiting < n)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void
let_go(void)
{
	pthread_mutex_lock(&lock);
	open = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void
start(void)
{
	done = under_way = most = 0;
	open = false;
}

static void
all_of_them(void **state)
{
	struct pool *pool = pool_new(LIMIT);
	instant late = instant_after(clock_now(), span_seconds(60));

	(void)state;
	start();
	for (size_t i = 0; i < JOBS; i++) {
		jobs[i].run = quick;
		pool_submit(pool, &jobs[i]);
	}
	while (done < JOBS && instant_before(clock_now(), late))
		sched_yield();
	assert_int_equal(done, JOBS);
	assert_in_range(most, 1, LIMIT);
	assert_true(pool_stop(pool, late));
	pool_free(pool);
}

static void
limits(void **state)
{
	struct pool *pool = pool_new(3);
	instant late = instant_after(clock_now(), span_seconds(60));

	(void)state;
	start();
	for (size_t i = 0; i < 10; i++) {
		jobs[i].run = blocked;
		pool_submit(pool, &jobs[i]);
	}
	await_waiting(3);
	assert_int_equal(pool_state(pool).threads, 3);
	assert_int_equal(pool_state(pool).busy, 3);
	pool_limit(pool, 6); /* those that wait begin at once */
	await_waiting(6);
	assert_int_equal(pool_state(pool).threads, 6);
	pool_limit(pool, 1);
	let_go();
	while ((done < 10 || pool_state(pool).threads > 1) && instant_before(clock_now(), late))
		sched_yield();
	assert_int_equal(done, 10);
	assert_in_range(pool_state(pool).threads, 0, 1);
	assert_true(pool_stop(pool, late));
	pool_free(pool);
}

static void
stops(void **state)
{
	struct pool *pool = pool_new(2);

	(void)state;
	start();
	for (size_t i = 0; i < 5; i++) {
		jobs[i].run = blocked;
		pool_submit(pool, &jobs[i]);
	}
	await_waiting(2);
	assert_false(pool_stop(pool, instant_after(clock_now(), span_ms(10))));
	let_go();
	assert_true(pool_stop(pool, instant_after(clock_now(), span_seconds(60))));
	pool_free(pool);
	assert_int_equal(done, 2); /* the others never began */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(limits),
		cmocka_unit_test(stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
