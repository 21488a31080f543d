/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The event loop. The timerfd holds the time of the earliest timer and is set again only when
 * that time becomes earlier, or when it has fired: a wrong early wake costs less than a system
 * call for each reply that is delayed.
 */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"

#define BATCH 256

static uint64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * SECOND + (uint64_t)ts.tv_nsec;
}

static void
put(struct loop *l, size_t place, struct timer *t)
{
	l->heap[place] = t;
	t->place = place;
}

static void
rise(struct loop *l, struct timer *t)
{
	size_t at = t->place;

	for (; at > 1 && l->heap[at / 2]->due > t->due; at /= 2)
		put(l, at, l->heap[at / 2]);
	put(l, at, t);
}

static void
sink(struct loop *l, struct timer *t)
{
	size_t at = t->place, child;

	for (; (child = at * 2) <= l->count; at = child) {
		if (child < l->count && l->heap[child + 1]->due < l->heap[child]->due)
			child++;
		if (l->heap[child]->due >= t->due)
			break;
		put(l, at, l->heap[child]);
	}
	put(l, at, t);
}

static void
arm(struct loop *l)
{
	uint64_t due = l->count ? l->heap[1]->due : 0;
	struct itimerspec when = { .it_value = { (time_t)(due / SECOND), (long)(due % SECOND) } };

	if (!due || (l->armed && l->armed <= due))
		return;
	timerfd_settime(l->timerfd, TFD_TIMER_ABSTIME, &when, NULL);
	l->armed = due;
}

void
timer_set(struct loop *l, struct timer *t, uint64_t after)
{
	timer_clear(l, t);
	if (l->count + 2 > l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 64;
		struct timer **heap = make(cap * sizeof(*heap));

		for (size_t i = 1; i <= l->count; i++)
			heap[i] = l->heap[i];
		free(l->heap);
		l->heap = heap;
		l->cap = cap;
	}
	t->due = now() + after;
	put(l, ++l->count, t);
	rise(l, t);
	arm(l);
}

void
timer_clear(struct loop *l, struct timer *t)
{
	struct timer *last;

	if (!t->place)
		return;
	last = l->heap[l->count--];
	if (last != t) {
		put(l, t->place, last);
		rise(l, last);
		sink(l, last);
	}
	t->place = 0;
}

static void
clock_ready(struct source *s, uint32_t events)
{
	struct loop *l = (struct loop *)s;      /* its first member */
	uint64_t times;

	(void)events;
	if (read(l->timerfd, &times, sizeof(times)) > 0)
		l->due = true;
}

static void
fire_timers(struct loop *l)
{
	uint64_t until = now();

	l->due = false;
	l->armed = 0;
	while (l->count && l->heap[1]->due <= until) {
		struct timer *t = l->heap[1];

		timer_clear(l, t);
		t->fire(t);
	}
	arm(l);
}

bool
loop_open(struct loop *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	l->clock.ready = clock_ready;
	return l->epoll >= 0 && l->timerfd >= 0 && loop_watch(l, l->timerfd, &l->clock, EPOLLIN);
}

bool
loop_watch(struct loop *l, int fd, struct source *s, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = s };

	return !epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e);
}

bool
loop_rewatch(struct loop *l, int fd, struct source *s, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = s };

	return !epoll_ctl(l->epoll, EPOLL_CTL_MOD, fd, &e);
}

void
loop_run(struct loop *l)
{
	struct epoll_event events[BATCH];

	while (!l->stop) {
		int n = epoll_wait(l->epoll, events, BATCH, -1);

		if (n < 0 && errno != EINTR)
			return;
		for (int i = 0; i < n; i++) {
			struct source *s = events[i].data.ptr;

			s->ready(s, events[i].events);
		}
		if (l->due)
			fire_timers(l);
	}
}

void
loop_close(struct loop *l)
{
	free(l->heap);
	close(l->epoll);
	close(l->timerfd);
}
