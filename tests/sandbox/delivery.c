/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Deliveries. One is in the server's list from beginning to end, mostly within one call; a timer
 * ends those that come late, and the next message of its listener one that is held for it.
 */
#include "delivery.h"

#include <stdlib.h>
#include <string.h>

struct delivery {
	struct timer timer; /* first: it finds the delivery */
	struct delivery *next, **back;
	struct server *server;
	struct message *message;
	struct bytes rcpts; /* each with a NUL behind */
	uint64_t delay;
	unsigned copies;
	bool junk;
	const struct listener *holder; /* lets it go when the next has come; NULL if none */
};

static uint64_t
delay(const struct fault_set *set, enum fault f)
{
	return fault_on(set, f) ? (uint64_t)fault_number(set, f) * MILLISECOND : 0;
}

static struct delivery *
begin(const struct listener *l, struct message *m, char *const *rcpts, size_t count)
{
	const struct fault_set *f = &l->faults;
	struct delivery *d = make(sizeof(*d));

	d->server = l->server;
	d->message = m;
	m->holders++;
	for (size_t i = 0; i < count; i++)
		bytes_add(&d->rcpts, rcpts[i], strlen(rcpts[i]) + 1);
	d->delay = delay(f, FAULT_DELIVER_LATE) + delay(f, FAULT_DELIVER_DELAYED_REPORT);
	d->copies = fault_on(f, FAULT_DELIVER_TWICE) ? 2 : 1;
	d->junk = fault_on(f, FAULT_DELIVER_JUNK);
	d->next = l->server->deliveries;
	d->back = &l->server->deliveries;
	if (d->next)
		d->next->back = &d->next;
	return l->server->deliveries = d;
}

static void
end(struct delivery *d)
{
	timer_clear(&d->server->loop, &d->timer);
	*d->back = d->next;
	if (d->next)
		d->next->back = d->back;
	mail_done(d->server->mail, d->message);
	bytes_free(&d->rcpts);
	free(d);
}

static void
arrive(struct timer *t)
{
	struct delivery *d = (struct delivery *)t;
	struct mail *mail = d->server->mail;

	for (size_t at = 0; at < d->rcpts.len; at += strlen(d->rcpts.at + at) + 1)
		for (unsigned i = 0; i < d->copies; i++)
			mail_deliver(mail, d->rcpts.at + at, d->message, d->junk);
	end(d);
}

static void
go(struct delivery *d)
{
	d->holder = NULL;
	d->timer.fire = arrive;
	if (d->delay)
		timer_set(&d->server->loop, &d->timer, d->delay);
	else
		arrive(&d->timer);
}

static struct delivery *
held_by(const struct listener *l)
{
	struct delivery *d = l->server->deliveries;

	while (d && d->holder != l)
		d = d->next;
	return d;
}

void
delivery_send(const struct listener *l, struct message *m, char *const *rcpts, size_t count)
{
	struct delivery *first = held_by(l), *d;

	if (fault_on(&l->faults, FAULT_DELIVER_NEVER))
		return;
	d = begin(l, m, rcpts, count);
	if (fault_on(&l->faults, FAULT_DELIVER_SWAPPED) && !first) {
		d->holder = l;
		return;
	}
	go(d);
	if (first)
		go(first);
}

void
delivery_free_all(struct server *s)
{
	while (s->deliveries)
		end(s->deliveries);
}
