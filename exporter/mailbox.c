/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round trips wait here for what the thread that keeps the session finds. A run puts its token on
 * the list, sleeps, and is woken when its message has come, the session has failed, or its time is
 * over; the thread looks as often as the most impatient of them would by itself.
 *
 * To the run this is a mailbox like those of IMAP and POP3 (struct roundtrip_mailbox). All that is
 * shared is guarded by one lock; the thread lets go of it while it talks.
 */
#include "mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "roundtrip.h"

enum {
	CEILING = 256 << 20, /* of a session's memory */
	FIRST_LOOK = 5,      /* ms after the submission */
	LEAST_GAP = 20,      /* ms */
	IDLE_SECONDS = 600,  /* nobody has waited for so long: the session ends */
	RETRY_MS = 1000,     /* between one that failed and the next */
};

/* One round trip that waits. It is the run's, and on the list while it does. */
struct waiter {
	struct waiter *next;
	char *token;
	instant since, looked;
	bool waits; /* it has been submitted: it is looked for */
	bool found, gone, removed;
	bool junk;
	char *text;
	size_t text_n;
	time_t date;
	instant before, after;
};

struct mailbox {
	const struct roundtrip_opts *opts;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	int wake;
	bool running, stopping, open;
	unsigned failures; /* sessions that have failed: who came before one has failed with it */
	enum cause cause;
	char *why;
	instant idle_since;
	struct waiter *waiters;
};

bool
mailbox_shareable(const struct probe_opts *opts)
{
	return ((const struct roundtrip_opts *)opts)->protocol == MAIL_IMAP;
}

struct mailbox *
mailbox_new(struct probe_opts *opts)
{
	struct mailbox *mailbox = calloc(1, sizeof *mailbox);
	pthread_condattr_t monotonic;

	if (!mailbox)
		return NULL;
	mailbox->opts = (const struct roundtrip_opts *)opts;
	mailbox->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&mailbox->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&mailbox->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (mailbox->wake >= 0)
		return mailbox;
	free(mailbox);
	return NULL;
}

static void
wake(struct mailbox *mailbox)
{
	uint64_t one = 1;
	ssize_t n = write(mailbox->wake, &one, sizeof one);

	(void)n; /* full: it is readable already */
}

void
mailbox_free(struct mailbox *mailbox)
{
	bool running;

	if (!mailbox)
		return;
	pthread_mutex_lock(&mailbox->lock);
	mailbox->stopping = true;
	running = mailbox->running;
	wake(mailbox);
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
	if (running)
		pthread_join(mailbox->thread, NULL);
	close(mailbox->wake);
	free(mailbox->why);
	pthread_cond_destroy(&mailbox->changed);
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

/* The thread's side: all of it is called by roundtrip_watch(). */

static void
opened(void *data)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	mailbox->open = true;
	mailbox->idle_since = clock_now();
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

/* As a round trip that looks by itself does: see roundtrip.c. */
static instant
next_look(const struct waiter *waiter)
{
	span gap = { span_between(waiter->since, waiter->looked).ns / 25 };

	if (gap.ns == 0)
		return instant_after(waiter->since, span_ms(FIRST_LOOK));
	if (gap.ns < span_ms(LEAST_GAP).ns)
		gap = span_ms(LEAST_GAP);
	return instant_after(waiter->looked, gap);
}

static void
turn(void *data, struct arena *arena, struct roundtrip_turn *turn)
{
	struct mailbox *mailbox = data;
	instant now = clock_now();
	uint64_t woken;
	ssize_t n = read(mailbox->wake, &woken, sizeof woken);

	(void)n;
	pthread_mutex_lock(&mailbox->lock);
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		slice token = arena_copy(arena, slice_z(w->token));

		mailbox->idle_since = now;
		if (w->gone && !w->removed)
			list_add(arena, &turn->gone, token);
		if (w->found || !w->waits)
			continue;
		turn->look = turn->wait.n > 0 ? instant_earlier(turn->look, next_look(w))
		                              : next_look(w);
		list_add(arena, &turn->wait, token);
	}
	/* Those who are looked for together have been looked for at the same moment. */
	for (struct waiter *w = mailbox->waiters; w; w = w->next)
		if (w->waits && !w->found)
			w->looked = instant_before(turn->look, now) ? now : turn->look;
	turn->end = mailbox->stopping
	    || (!mailbox->waiters
	        && instant_before(
	            instant_after(mailbox->idle_since, span_ms(IDLE_SECONDS * 1000)), now));
	pthread_mutex_unlock(&mailbox->lock);
}

static struct waiter *
waiter_of(struct mailbox *mailbox, slice token)
{
	struct waiter *w = mailbox->waiters;

	while (w && !slice_eq(slice_z(w->token), token))
		w = w->next;
	return w;
}

static void
found(void *data, slice token, bool junk, slice text, time_t date, instant before, instant after)
{
	struct mailbox *mailbox = data;
	struct waiter *w;

	pthread_mutex_lock(&mailbox->lock);
	w = waiter_of(mailbox, token);
	if (w && !w->found && (w->text = malloc(text.n + 1))) {
		memcpy(w->text, text.at, text.n);
		w->text_n = text.n;
		w->found = true;
		w->junk = junk;
		w->date = date;
		w->before = before;
		w->after = after;
		pthread_cond_broadcast(&mailbox->changed);
	}
	pthread_mutex_unlock(&mailbox->lock);
}

static void
removed(void *data, slice token)
{
	struct mailbox *mailbox = data;
	struct waiter *w;

	pthread_mutex_lock(&mailbox->lock);
	if ((w = waiter_of(mailbox, token)))
		w->removed = true;
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

/* Why it ended, for those who wait. The lock is held. */
static void
fail_all(struct mailbox *mailbox, const struct result *result)
{
	const struct verdict *v = result ? &result->verdict : NULL;
	struct arena *arena = arena_new(1 << 20);
	struct str why = str_in(arena);

	mailbox->failures++;
	mailbox->cause = v ? v->cause : CAUSE_LOCAL;
	if (arena && v) {
		str_add(&why, v->reply.n > 0 ? v->reply : v->text);
		if (v->phase.n > 0)
			str_addf(&why, " (%.*s)", (int)v->phase.n, v->phase.at);
	}
	free(mailbox->why);
	mailbox->why = strdup(arena && v ? str_z(&why) : "no memory for its session");
	arena_free(arena);
}

/* One session. */
static void
session(struct mailbox *mailbox)
{
	const struct roundtrip_watch watch = { .data = mailbox,
		.wake = mailbox->wake,
		.opened = opened,
		.turn = turn,
		.found = found,
		.removed = removed };
	struct arena *arena = arena_new(CEILING);
	struct result *result = arena ? roundtrip_watch(mailbox->opts, &watch, arena) : NULL;

	pthread_mutex_lock(&mailbox->lock);
	mailbox->open = false;
	if (!result || result->finding_count > 0)
		fail_all(mailbox, result);
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
	arena_free(arena);
}

static void
wait_until(struct mailbox *mailbox, instant until)
{
	struct timespec at = { until.ns / 1000000000, until.ns % 1000000000 };

	pthread_cond_timedwait(&mailbox->changed, &mailbox->lock, &at);
}

static void *
keep(void *data)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	while (!mailbox->stopping) {
		unsigned failures = mailbox->failures;
		instant again;

		if (!mailbox->waiters) {
			pthread_cond_wait(&mailbox->changed, &mailbox->lock);
			continue;
		}
		pthread_mutex_unlock(&mailbox->lock);
		session(mailbox);
		pthread_mutex_lock(&mailbox->lock);
		again = instant_after(clock_now(), span_ms(RETRY_MS));
		while (failures != mailbox->failures && !mailbox->stopping
		    && instant_before(clock_now(), again))
			wait_until(mailbox, again);
	}
	pthread_mutex_unlock(&mailbox->lock);
	return NULL;
}

/* The side of the runs. */

static struct mailbox *
of(const struct roundtrip *rt)
{
	return rt->opts->shared_data;
}

static bool
begin_thread(struct mailbox *mailbox)
{
	if (!mailbox->running)
		mailbox->running = pthread_create(&mailbox->thread, NULL, keep, mailbox) == 0;
	return mailbox->running;
}

/* What a session that has failed says to one who waits. The lock is held. */
static bool
failed(struct roundtrip *rt)
{
	const struct mailbox *mailbox = of(rt);

	return fail(rt->s, mailbox->cause, "%s", mailbox->why ? mailbox->why : "");
}

/* From here on the waiter is on the list, and is taken off by detach(). */
static bool
attach(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct session *s = rt->s;
	struct waiter *w = calloc(1, sizeof *w);
	unsigned failures;
	bool good;

	if (!w || !(w->token = strdup(rt->text.at))) {
		free(w);
		return fail(s, CAUSE_LOCAL, "no memory");
	}
	rt->shared = w;
	if (!phase(s, PHASE_SELECT))
		return false;
	pthread_mutex_lock(&mailbox->lock);
	w->next = mailbox->waiters;
	mailbox->waiters = w;
	failures = mailbox->failures;
	good = begin_thread(mailbox) || fail(s, CAUSE_LOCAL, "no thread for the mailbox");
	pthread_cond_broadcast(&mailbox->changed);
	while (good && !mailbox->open && mailbox->failures == failures
	    && instant_before(clock_now(), s->deadline))
		wait_until(mailbox, s->deadline);
	if (good && !mailbox->open)
		good = mailbox->failures != failures
		    ? failed(rt)
		    : fail(s, CAUSE_TIMEOUT, "the mailbox was not open in time");
	pthread_mutex_unlock(&mailbox->lock);
	return good;
}

static void
detach(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;

	if (!w)
		return;
	pthread_mutex_lock(&mailbox->lock);
	for (struct waiter **link = &mailbox->waiters; *link; link = &(*link)->next)
		if (*link == w) {
			*link = w->next;
			break;
		}
	pthread_mutex_unlock(&mailbox->lock);
	free(w->token);
	free(w->text);
	free(w);
	rt->shared = NULL;
}

/* Until it has come, or `until`. The session may fail and come again meanwhile. */
static bool
pause_until(struct roundtrip *rt, instant until)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;

	(void)until;
	pthread_mutex_lock(&mailbox->lock);
	if (!w->waits) {
		w->waits = true;
		w->since = w->looked = clock_now();
		wake(mailbox);
	}
	until = instant_after(rt->s->deadline, (span){ -rt->s->reserved.ns });
	while (!w->found && instant_before(clock_now(), until))
		wait_until(mailbox, until);
	pthread_mutex_unlock(&mailbox->lock);
	return true;
}

static bool
look(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	const struct waiter *w = rt->shared;
	bool good;

	if (!w->found) { /* in all the time that there was: the session may be why */
		pthread_mutex_lock(&mailbox->lock);
		good = mailbox->open || failed(rt);
		pthread_mutex_unlock(&mailbox->lock);
		return good;
	}
	rt->found.before = w->before;
	rt->found.after = w->after;
	rt->junk = w->junk ? S("the junk mailbox") : rt->junk;
	rt->copies[rt->copy_count++] = (struct roundtrip_copy){
		.uid = 1, .junk = w->junk, .date = w->date
	};
	return true;
}

static bool
read_copy(struct roundtrip *rt, struct roundtrip_copy *copy, struct str *text)
{
	const struct waiter *w = rt->shared;

	(void)copy;
	str_add(text, (slice){ w->text, w->text_n });
	return true;
}

/* Nobody knows of what earlier runs have left but who opens the mailbox. */
static bool
earlier(struct roundtrip *rt)
{
	(void)rt;
	return true;
}

static bool
remove_copies(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;
	bool mine = rt->copy_count > 0 && rt->copies[0].mine;
	bool good = true;

	pthread_mutex_lock(&mailbox->lock);
	if (mine) {
		w->gone = true;
		wake(mailbox);
	}
	while (mine && !w->removed && instant_before(clock_now(), rt->s->deadline))
		wait_until(mailbox, rt->s->deadline);
	if (mine && !w->removed)
		good = fail(rt->s, CAUSE_TIMEOUT, "the message was not removed in time");
	else if (mine)
		rt->copies[0].removed = true;
	pthread_mutex_unlock(&mailbox->lock);
	return good;
}

static const struct roundtrip_mailbox shared = {
	.open = attach,
	.look = look,
	.pause = pause_until,
	.read = read_copy,
	.earlier = earlier,
	.remove = remove_copies,
	.close = detach,
};

void
mailbox_lend(struct mailbox *mailbox, struct probe_opts *opts)
{
	struct roundtrip_opts *o = (struct roundtrip_opts *)opts;

	o->shared = &shared;
	o->shared_data = mailbox;
}
