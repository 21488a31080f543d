/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * One thread, one epoll descriptor, one heap of timers behind one timerfd. Sources are edge or
 * level triggered as their owner registers them. Timers fire after all the events of a batch, so
 * that a timer may free any connection, while an event handler may free only its own.
 */
#ifndef SANDBOX_LOOP_H
#define SANDBOX_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	void (*ready)(struct source *, uint32_t events);
};

struct timer {
	void (*fire)(struct timer *);
	uint64_t due;           /* nanoseconds of the monotonic clock */
	size_t place;           /* in the heap, counted from one; zero is not set */
};

struct loop {
	struct source clock;
	struct timer **heap;
	size_t count, cap;
	uint64_t armed;         /* what the timerfd is set to; zero is nothing */
	int epoll, timerfd;
	bool due, stop;
};

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)

bool loop_open(struct loop *l);
bool loop_watch(struct loop *l, int fd, struct source *s, uint32_t events);
bool loop_rewatch(struct loop *l, int fd, struct source *s, uint32_t events);
/* Runs until `stop` is set by a handler. */
void loop_run(struct loop *l);
void loop_close(struct loop *l);

/* Sets or resets a timer, `after` nanoseconds from now; clearing one that is not set is allowed. */
void timer_set(struct loop *l, struct timer *t, uint64_t after);
void timer_clear(struct loop *l, struct timer *t);

#endif
