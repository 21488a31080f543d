/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thread that keeps a mailbox open, and when it looks for whose message. Each round trip has
 * the steps that it would have by itself (see roundtrip.c), so that each message is looked for as
 * often and no more often; those that are due together are looked for together. What the server
 * says of arrivals brings a look forward while the steps to come leave one over.
 */
#include "mailbox_private.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	CEILING = 64 << 20, /* of a session's memory */
	FIRST_LOOK = 5,     /* ms after the submission */
	LEAST_GAP = 20,     /* ms */
	IDLE_SECONDS = 600, /* nobody has waited for so long: the session ends */
	RETRY_MS = 1000,    /* between one that failed and the next */
	REST_SECONDS =
	    300,       /* in which nobody waits, until the server is asked whether it is there */
	OLD = 8 << 20, /* bytes: all that was said in it is still there */
};

/* As roundtrip.c has them: the part of the time waited, up to so many seconds. */
static const double GROWTH = 0.04, GROWTH_UNTIL = 400;

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
	if (mailbox->wake < 0) {
		free(mailbox);
		return NULL;
	}
	pthread_mutex_init(&mailbox->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&mailbox->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return mailbox;
}

void
mailbox_wake(struct mailbox *mailbox)
{
	uint64_t one = 1;
	ssize_t n = write(mailbox->wake, &one, sizeof one);

	(void)n; /* full: it is readable already */
}

void
mailbox_wait(struct mailbox *mailbox, instant until)
{
	struct timespec at = { until.ns / 1000000000, until.ns % 1000000000 };

	pthread_cond_timedwait(&mailbox->changed, &mailbox->lock, &at);
}

void
mailbox_stop(struct mailbox *mailbox)
{
	if (!mailbox)
		return;
	pthread_mutex_lock(&mailbox->lock);
	mailbox->stopping = true;
	mailbox_wake(mailbox);
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

bool
mailbox_ended(struct mailbox *mailbox, instant until)
{
	bool ended, joins;

	if (!mailbox)
		return true;
	pthread_mutex_lock(&mailbox->lock);
	while (mailbox->running && !mailbox->ended && instant_before(clock_now(), until))
		mailbox_wait(mailbox, until);
	ended = !mailbox->running || mailbox->ended;
	joins = mailbox->running && ended;
	mailbox->running = !ended;
	pthread_mutex_unlock(&mailbox->lock);
	if (joins)
		pthread_join(mailbox->thread, NULL);
	return ended;
}

void
mailbox_free(struct mailbox *mailbox)
{
	if (!mailbox)
		return;
	mailbox_stop(mailbox);
	if (mailbox->running)
		pthread_join(mailbox->thread, NULL);
	close(mailbox->wake);
	free(mailbox->why);
	free(mailbox->junk);
	pthread_cond_destroy(&mailbox->changed);
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

/* What follows is called by roundtrip_watch(). */

/* Who has waited through the end of a session looks for what has come between the two as well. */
static void
opened(void *data, const struct roundtrip_place *place)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		if (!w->ready)
			continue; /* nothing has been submitted: attach() will know from where */
		if (place->validity != mailbox->validity)
			w->from = 1;
		w->junk_from = 1; /* whose validity nobody has asked for */
	}
	mailbox->validity = place->validity;
	mailbox->next_uid = place->next_uid;
	mailbox->junk_next_uid = place->junk_next_uid;
	free(mailbox->junk);
	mailbox->junk = place->junk.at ? strndup(place->junk.at, place->junk.n) : NULL;
	mailbox->session++;
	mailbox->open = true;
	mailbox->idle_since = clock_now();
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

/* From one look to the next, by how long the message has been waited for. */
static span
gap(const struct mailbox *mailbox, span waited)
{
	double most = span_as_seconds(mailbox->opts->common.timeout.after), growth = GROWTH;
	span gap;

	if (most > GROWTH_UNTIL)
		growth *= most / GROWTH_UNTIL;
	gap = span_seconds(span_as_seconds(waited) * growth);
	return gap.ns < span_ms(LEAST_GAP).ns ? span_ms(LEAST_GAP) : gap;
}

/* Whether the steps up to the last that there is time for leave a look over. */
static bool
one_over(const struct mailbox *mailbox, const struct waiter *w)
{
	span waited = span_between(w->since, w->looked);
	unsigned looks = w->looks;

	while (waited.ns < mailbox->opts->common.timeout.after.ns && looks < ROUNDTRIP_LOOKS) {
		waited.ns += gap(mailbox, waited).ns;
		looks++;
	}
	return looks < ROUNDTRIP_LOOKS;
}

static instant
later(instant a, instant b)
{
	return instant_before(a, b) ? b : a;
}

/* When the message is to be looked for next. */
static instant
due(const struct mailbox *mailbox, const struct waiter *w)
{
	instant least = instant_after(mailbox->asked, span_ms(LEAST_GAP));
	instant next = w->looks == 0
	    ? instant_after(w->since, span_ms(FIRST_LOOK))
	    : instant_after(w->looked, gap(mailbox, span_between(w->since, w->looked)));

	if (instant_before(w->looked, mailbox->news) && one_over(mailbox, w))
		next = instant_earlier(next, mailbox->news);
	return later(next, least);
}

/* Those that are proven to be ours, as many at a time as a session can have. */
static void
hand_gone(struct waiter *w, struct roundtrip_turn *turn)
{
	size_t n = turn->gone_count;

	for (const struct held *held = w->held; held; held = held->next)
		if (held->remove && n == ROUNDTRIP_COPIES)
			return;
		else if (held->remove)
			turn->gone[n++] = (struct roundtrip_copy){
				.uid = held->uid, .junk = held->junk, .mine = true
			};
	w->going = true;
	turn->gone_count = n;
}

/* What somebody has already need not be fetched. */
static void
hand_held(const struct mailbox *mailbox, struct arena *arena, struct roundtrip_turn *turn)
{
	size_t n = 0;

	for (const struct waiter *w = mailbox->waiters; w; w = w->next)
		for (const struct held *held = w->held; held; held = held->next)
			n++;
	turn->held = arena_array(arena, n, sizeof *turn->held);
	for (const struct waiter *w = mailbox->waiters; w && turn->held; w = w->next)
		for (const struct held *held = w->held; held; held = held->next)
			if (w->session == mailbox->session)
				turn->held[turn->held_count++] = (struct roundtrip_copy){
					.uid = held->uid, .junk = held->junk
				};
}

/* Adds a waiter to those that are looked for now, or tells when it will be its time. */
static void
hand_wait(const struct mailbox *mailbox, struct waiter *w, instant now, struct arena *arena,
    struct roundtrip_turn *turn)
{
	instant next = due(mailbox, w);

	turn->idle = false;
	w->looking = !instant_before(now, next);
	if (!w->looking) {
		turn->look = instant_earlier(turn->look, next);
		return;
	}
	if (turn->wait.n == 0 || w->from < turn->from)
		turn->from = w->from;
	if (turn->wait.n == 0 || w->junk_from < turn->junk_from)
		turn->junk_from = w->junk_from;
	list_add(arena, &turn->wait, arena_copy(arena, slice_z(w->token)));
}

static void
turn(void *data, struct arena *arena, bool news, struct roundtrip_turn *turn)
{
	struct mailbox *mailbox = data;
	instant now = clock_now();
	bool busy = false; /* a UID that somebody has is of this session */
	uint64_t woken;
	ssize_t n = read(mailbox->wake, &woken, sizeof woken);

	(void)n;
	turn->idle = true;
	turn->look = instant_after(now, span_ms(REST_SECONDS * 1000));
	pthread_mutex_lock(&mailbox->lock);
	if (news)
		mailbox->news = now;
	if (mailbox->waiters)
		mailbox->idle_since = now;
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		bool current = w->session == mailbox->session;

		busy |= w->held || (w->sweep && !w->swept);
		if (w->gone && !w->removed && current)
			hand_gone(w, turn);
		if (w->sweep && !w->swept && (!turn->sweep || w->instance == turn->instance)) {
			turn->sweep = w->sweeping = true;
			turn->instance = w->instance;
		}
		if (w->waits && !w->found && w->looks < ROUNDTRIP_LOOKS)
			hand_wait(mailbox, w, now, arena, turn);
	}
	if (turn->sweep)
		hand_held(mailbox, arena, turn);
	turn->end = (mailbox->stopping || arena_size(arena) > OLD
	                || instant_before(
	                    instant_after(mailbox->idle_since, span_ms(IDLE_SECONDS * 1000)), now))
	    && !busy;
	pthread_mutex_unlock(&mailbox->lock);
}

/* The lock is held. */
static struct waiter *
waiter_of(struct mailbox *mailbox, const struct roundtrip_found *found)
{
	struct waiter *sweeps = NULL;

	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		slice token = slice_z(w->token);

		if (slice_eq(found->token, token) || slice_find(found->id, token) < found->id.n)
			return w->waits ? w : NULL;
		if (w->sweeping)
			sweeps = w;
	}
	return sweeps;
}

/* False when it is there already, or there is no memory. */
static bool
hold(struct mailbox *mailbox, struct waiter *w, const struct roundtrip_found *found)
{
	struct held *held, **last = &w->held;

	for (; *last; last = &(*last)->next)
		if ((*last)->uid == found->uid && (*last)->junk == found->junk)
			return false;
	if (!(held = calloc(1, sizeof *held)))
		return false;
	held->text = (slice){ strndup(found->text.at, found->text.n), found->text.n };
	if (!held->text.at) {
		free(held);
		return false;
	}
	held->uid = found->uid;
	held->junk = found->junk;
	held->date = found->date;
	if (!w->held)
		w->session = mailbox->session;
	*last = held;
	return true;
}

static void
found(void *data, const struct roundtrip_found *found)
{
	struct mailbox *mailbox = data;
	struct waiter *w;

	pthread_mutex_lock(&mailbox->lock);
	w = waiter_of(mailbox, found);
	if (w && hold(mailbox, w, found) && w->waits && !w->found && !w->sweeping) {
		w->found = true;
		w->before = w->looks > 0 ? w->looked : w->since;
		w->after = found->after;
		pthread_cond_broadcast(&mailbox->changed);
	}
	pthread_mutex_unlock(&mailbox->lock);
}

static void
looked(void *data, instant when, uint64_t junk_next_uid)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	mailbox->asked = when;
	mailbox->junk_next_uid = junk_next_uid;
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		if (!w->looking)
			continue;
		w->looking = false;
		w->looks++;
		w->looked = when;
		w->junk_from = junk_next_uid;
	}
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

static void
swept(void *data, slice junk)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	if (!mailbox->junk && junk.at)
		mailbox->junk = strndup(junk.at, junk.n);
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		w->swept |= w->sweeping;
		w->sweeping = false;
	}
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
}

static void
removed(void *data, slice left)
{
	struct mailbox *mailbox = data;

	pthread_mutex_lock(&mailbox->lock);
	for (struct waiter *w = mailbox->waiters; w; w = w->next) {
		if (!w->going)
			continue;
		w->going = false;
		w->removed = true;
		w->left = left.at ? strndup(left.at, left.n) : NULL;
	}
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
		.looked = looked,
		.swept = swept,
		.removed = removed };
	struct arena *arena = arena_new(CEILING);
	struct result *result = arena ? roundtrip_watch(mailbox->opts, &watch, arena) : NULL;

	pthread_mutex_lock(&mailbox->lock);
	mailbox->open = false;
	for (struct waiter *w = mailbox->waiters; w; w = w->next)
		w->looking = w->going = w->sweeping = false;
	if (!result || result->finding_count > 0)
		fail_all(mailbox, result);
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
	arena_free(arena);
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
			mailbox_wait(mailbox, again);
	}
	mailbox->ended = true;
	pthread_cond_broadcast(&mailbox->changed);
	pthread_mutex_unlock(&mailbox->lock);
	return NULL;
}

bool
mailbox_begin(struct mailbox *mailbox)
{
	if (!mailbox->running)
		mailbox->running = pthread_create(&mailbox->thread, NULL, keep, mailbox) == 0;
	return mailbox->running;
}
