/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round trips wait here for what the thread that keeps the session finds. A run puts its token on
 * the list, sleeps, and is woken when its message has come or its time is over. To the run this is
 * a mailbox like those of IMAP and POP3 (struct roundtrip_mailbox).
 */
#include "mailbox_private.h"

#include <stdlib.h>

static struct mailbox *
of(const struct roundtrip *rt)
{
	return rt->opts->shared_data;
}

/* Why there is no session. The lock is held. */
static bool
failed(struct roundtrip *rt)
{
	const struct mailbox *mailbox = of(rt);

	if (mailbox->stopping)
		return fail(rt->s, CAUSE_LOCAL, "the mailbox is not watched any more");
	return fail(rt->s, mailbox->cause, "%s", mailbox->why ? mailbox->why : "");
}

/* Waits until the session is open, which begins with whoever wants it. The lock is held. */
static bool
await_session(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct session *s = rt->s;
	unsigned failures = mailbox->failures;

	if (mailbox->stopping)
		return failed(rt);
	if (!mailbox_begin(mailbox))
		return fail(s, CAUSE_LOCAL, "no thread for the mailbox");
	while (!mailbox->open && !mailbox->stopping && mailbox->failures == failures
	    && instant_before(clock_now(), s->deadline))
		mailbox_wait(mailbox, s->deadline);
	if (mailbox->open)
		return true;
	return mailbox->stopping || mailbox->failures != failures
	    ? failed(rt)
	    : fail(s, CAUSE_TIMEOUT, "the mailbox was not open in time");
}

/* From here on the waiter is on the list, and is taken off by detach(). */
static bool
attach(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = calloc(1, sizeof *w);
	bool good;

	if (!w || !(w->token = strdup(rt->text.at))) {
		free(w);
		return fail(rt->s, CAUSE_LOCAL, "no memory");
	}
	w->instance = rt->instance;
	rt->shared = w;
	if (!phase(rt->s, PHASE_SELECT))
		return false;
	pthread_mutex_lock(&mailbox->lock);
	w->next = mailbox->waiters;
	mailbox->waiters = w;
	pthread_cond_broadcast(&mailbox->changed);
	good = w->ready = await_session(rt);
	w->from = mailbox->next_uid;
	w->junk_from = mailbox->junk_next_uid;
	pthread_mutex_unlock(&mailbox->lock);
	return good;
}

static void
detach(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;
	struct held *held, *next;

	if (!w)
		return;
	pthread_mutex_lock(&mailbox->lock);
	for (struct waiter **link = &mailbox->waiters; *link; link = &(*link)->next)
		if (*link == w) {
			*link = w->next;
			break;
		}
	if (mailbox->stopping)
		mailbox_wake(mailbox); /* it may have been what kept it */
	pthread_mutex_unlock(&mailbox->lock);
	for (held = w->held; held; held = next) {
		next = held->next;
		free((char *)held->text.at);
		free(held);
	}
	free(w->token);
	free(w->left);
	free(w);
	rt->shared = NULL;
}

/*
 * Until it has come, or has been looked for as often as may be, or there is no more time: the steps
 * are the thread's, and the session may fail and come again meanwhile.
 */
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
		mailbox_wake(mailbox);
	}
	until = instant_after(rt->s->deadline, (span){ -rt->s->reserved.ns });
	while (!w->found && !mailbox->stopping && w->looks < ROUNDTRIP_LOOKS
	    && instant_before(clock_now(), until))
		mailbox_wait(mailbox, until);
	pthread_mutex_unlock(&mailbox->lock);
	return true;
}

/* What has been found for this run and is not among its copies yet. The lock is held. */
static void
take(struct roundtrip *rt)
{
	const struct waiter *w = rt->shared;
	size_t n = rt->copy_count;

	for (const struct held *held = w->held; held && rt->copy_count < ROUNDTRIP_COPIES;
	     held = held->next) {
		bool known = false;

		for (size_t i = 0; i < n; i++)
			known |= rt->copies[i].uid == held->uid && rt->copies[i].junk == held->junk;
		if (!known)
			rt->copies[rt->copy_count++] = (struct roundtrip_copy){
				.uid = held->uid, .junk = held->junk, .date = held->date
			};
	}
}

/* Not found in all the time that there was, the session may be why. */
static bool
look(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	const struct waiter *w = rt->shared;
	bool good;

	pthread_mutex_lock(&mailbox->lock);
	good = w->found || (mailbox->open && !mailbox->stopping) || failed(rt);
	rt->looks = w->looks > 0 ? w->looks : 1;
	rt->found.before = w->before;
	rt->found.after = w->after;
	if (mailbox->junk)
		rt->junk = arena_copy(rt->s->arena, slice_z(mailbox->junk));
	if (w->found)
		take(rt);
	pthread_mutex_unlock(&mailbox->lock);
	return good;
}

static bool
read_copy(struct roundtrip *rt, struct roundtrip_copy *copy, struct str *text)
{
	struct mailbox *mailbox = of(rt);
	const struct waiter *w = rt->shared;

	pthread_mutex_lock(&mailbox->lock);
	for (const struct held *held = w->held; held; held = held->next)
		if (held->uid == copy->uid && held->junk == copy->junk)
			str_add(text, held->text);
	pthread_mutex_unlock(&mailbox->lock);
	return true;
}

/* Until the thread has done what it was asked for, in the session that it was asked in. */
static bool
await_done(struct roundtrip *rt, const bool *done, const char *what)
{
	struct mailbox *mailbox = of(rt);
	const struct session *s = rt->s;
	unsigned session = mailbox->session;

	mailbox_wake(mailbox);
	while (!*done && mailbox->open && mailbox->session == session
	    && instant_before(clock_now(), s->deadline))
		mailbox_wait(mailbox, s->deadline);
	if (*done)
		return true;
	return mailbox->open && mailbox->session == session
	    ? fail(rt->s, CAUSE_TIMEOUT, "%s in time", what)
	    : failed(rt);
}

/* The thread looks for them, as what belongs to others must not be fetched again. */
static bool
earlier(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;
	bool good;

	pthread_mutex_lock(&mailbox->lock);
	w->sweep = true;
	good = await_done(rt, &w->swept, "earlier messages were not looked for");
	take(rt);
	pthread_mutex_unlock(&mailbox->lock);
	return good;
}

/* Marks what is to go. A UID is of the session that has told it. The lock is held. */
static bool
mark(struct roundtrip *rt)
{
	struct waiter *w = rt->shared;
	bool any = false;

	for (size_t i = 0; i < rt->copy_count; i++)
		for (struct held *held = w->held; held && rt->copies[i].mine; held = held->next)
			if (held->uid == rt->copies[i].uid && held->junk == rt->copies[i].junk)
				any = held->remove = true;
	return any;
}

static bool
remove_copies(struct roundtrip *rt)
{
	struct mailbox *mailbox = of(rt);
	struct waiter *w = rt->shared;
	bool good = true;

	pthread_mutex_lock(&mailbox->lock);
	if (mark(rt)) {
		w->gone = true;
		good = w->session == mailbox->session
		    ? await_done(rt, &w->removed, "the message was not removed")
		    : failed(rt);
	}
	if (w->left)
		fact_add(rt->s, FACT_LEFT, slice_z(w->left));
	for (size_t i = 0; i < rt->copy_count; i++)
		rt->copies[i].removed |= rt->copies[i].mine && good;
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
