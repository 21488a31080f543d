/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libunbound's pluggable events (unbound-event.h), on poll. It makes a few dozen of them, of which
 * those that wait are few: they are in one list, which is walked. What it frees is kept for the
 * next it makes, for the arena takes nothing back.
 *
 * A callback may free, change and make any events. So whatever has happened is first written into
 * the events, and then the list is begun anew after each callback.
 */
#include "dns_events.h"

#include <sys/time.h>

#include <unbound-event.h>

struct event {
	struct ub_event own; /* first: libunbound has pointers to it */
	struct events *events;
	struct event *next; /* in `all` or in `unused` */
	int fd;
	short bits;
	void (*callback)(int fd, short bits, void *data);
	void *data;
	bool waits;
	bool timed;
	span timeout;
	instant due;
	short happened; /* bits to tell, once in a round */
};

struct events {
	struct ub_event_base own; /* first, likewise */
	struct session *session;
	struct event *all, *unused;
	struct pollfd *fds;
	size_t fds_size;
	bool heard;
};

static void
add_bits(struct ub_event *own, short bits)
{
	((struct event *)own)->bits |= bits;
}

static void
delete_bits(struct ub_event *own, short bits)
{
	((struct event *)own)->bits &= (short)~bits;
}

static void
set_fd(struct ub_event *own, int fd)
{
	((struct event *)own)->fd = fd;
}

static int delete (struct ub_event *own)
{
	struct event *event = (struct event *)own;

	event->waits = false;
	event->happened = 0;
	return 0;
}

static void
release(struct ub_event *own)
{
	struct event *event = (struct event *)own, **link = &event->events->all;

	delete (own);
	while (*link != event)
		link = &(*link)->next;
	*link = event->next;
	event->next = event->events->unused;
	event->events->unused = event;
}

static int
add(struct ub_event *own, struct timeval *after)
{
	struct event *event = (struct event *)own;

	event->waits = true;
	event->timed = after != NULL;
	if (after) {
		event->timeout = (span){ (int64_t)after->tv_sec * 1000000000
			+ (int64_t)after->tv_usec * 1000 };
		event->due = instant_after(clock_now(), event->timeout);
	}
	return 0;
}

static int
add_timer(struct ub_event *own, struct ub_event_base *base, void (*callback)(int, short, void *),
    void *data, struct timeval *after)
{
	struct event *event = (struct event *)own;

	(void)base;
	event->fd = -1;
	event->bits = UB_EV_TIMEOUT;
	event->callback = callback;
	event->data = data;
	return add(own, after);
}

/* There are no signals for libunbound in somebody else's loop. */
static int
no_signal_timed(struct ub_event *own, struct timeval *after)
{
	(void)own;
	(void)after;
	return -1;
}

static int
no_signal(struct ub_event *own)
{
	(void)own;
	return -1;
}

static void
no_wsaevent(struct ub_event *own)
{
	(void)own;
}

static void
no_wouldblock(struct ub_event *own, int bit)
{
	(void)own;
	(void)bit;
}

/* libunbound's header wants them writable, and does not write. */
static const struct ub_event_vmt event_methods = {
	.add_bits = add_bits,
	.del_bits = delete_bits,
	.set_fd = set_fd,
	.free = release,
	.add = add,
	.del = delete,
	.add_timer = add_timer,
	.del_timer = delete,
	.add_signal = no_signal_timed,
	.del_signal = no_signal,
	.winsock_unregister_wsaevent = no_wsaevent,
	.winsock_tcp_wouldblock = no_wouldblock,
};

static struct ub_event *
new_event(struct ub_event_base *base, int fd, short bits, void (*callback)(int, short, void *),
    void *data)
{
	struct events *events = (struct events *)base;
	struct event *event = events->unused;

	if (event)
		events->unused = event->next;
	else if (!(event = arena_alloc(events->session->arena, sizeof *event)))
		return NULL;
	*event = (struct event){
		.own = { .magic = UB_EVENT_MAGIC, .vmt = (struct ub_event_vmt *)&event_methods },
		.events = events,
		.next = events->all,
		.fd = fd,
		.bits = bits,
		.callback = callback,
		.data = data,
	};
	events->all = event;
	return &event->own;
}

static void
base_free(struct ub_event_base *base)
{
	(void)base;
}

static int
base_dispatch(struct ub_event_base *base)
{
	(void)base;
	return -1;
}

static int
base_loopexit(struct ub_event_base *base, struct timeval *after)
{
	(void)base;
	(void)after;
	return -1;
}

static struct ub_event *
base_new_signal(
    struct ub_event_base *base, int fd, void (*callback)(int, short, void *), void *data)
{
	(void)base;
	(void)fd;
	(void)callback;
	(void)data;
	return NULL;
}

static struct ub_event *
base_wsaevent(
    struct ub_event_base *base, void *wsaevent, void (*callback)(int, short, void *), void *data)
{
	(void)base;
	(void)wsaevent;
	(void)callback;
	(void)data;
	return NULL;
}

static const struct ub_event_base_vmt base_methods = {
	.free = base_free,
	.dispatch = base_dispatch,
	.loopexit = base_loopexit,
	.new_event = new_event,
	.new_signal = base_new_signal,
	.winsock_register_wsaevent = base_wsaevent,
};

struct events *
events_new(struct session *s)
{
	struct events *events = arena_alloc(s->arena, sizeof *events);

	if (!events)
		return NULL;
	events->own.magic = UB_EVENT_MAGIC;
	events->own.vmt = (struct ub_event_base_vmt *)&base_methods;
	events->session = s;
	return events;
}

struct ub_event_base *
events_base(struct events *events)
{
	return &events->own;
}

bool
events_heard(const struct events *events)
{
	return events->heard;
}

/* Room for `n` descriptors. False without memory. */
static bool
room(struct events *events, size_t n)
{
	struct pollfd *larger;

	if (n <= events->fds_size)
		return true;
	larger = arena_array(events->session->arena, 2 * n, sizeof *larger);
	if (!larger)
		return false;
	events->fds = larger;
	events->fds_size = 2 * n;
	return true;
}

static bool
on_descriptor(const struct event *event)
{
	return event->waits && event->fd >= 0 && (event->bits & (UB_EV_READ | UB_EV_WRITE));
}

/* What to wait for: descriptors, how many, and until when. False without memory. */
static bool
collect(struct events *events, nfds_t *n, instant *until)
{
	*until = (instant){ INT64_MAX };
	*n = 0;
	for (struct event *event = events->all; event; event = event->next)
		*n += on_descriptor(event);
	if (!room(events, *n))
		return false;
	*n = 0;
	for (struct event *event = events->all; event; event = event->next) {
		if (on_descriptor(event))
			events->fds[(*n)++] = (struct pollfd){
				.fd = event->fd,
				.events = (short)((event->bits & UB_EV_READ ? POLLIN : 0)
				    | (event->bits & UB_EV_WRITE ? POLLOUT : 0)),
			};
		if (event->waits && event->timed)
			*until = instant_earlier(*until, event->due);
	}
	return true;
}

/* Writes what has happened into the events. The descriptors are those of collect(), in order. */
static void
remember(struct events *events)
{
	const struct pollfd *fd = events->fds;
	instant now = clock_now();

	for (struct event *event = events->all; event; event = event->next) {
		event->happened = 0;
		if (on_descriptor(event)) {
			short came = fd++->revents;

			if (came & (POLLIN | POLLERR | POLLHUP))
				event->happened |= event->bits & UB_EV_READ;
			if (came & (POLLOUT | POLLERR | POLLHUP))
				event->happened |= event->bits & UB_EV_WRITE;
			events->heard |= came == POLLIN;
		}
		if (!event->happened && event->waits && event->timed
		    && !instant_before(now, event->due))
			event->happened = UB_EV_TIMEOUT;
	}
}

/* One callback. False when none is due any more. */
static bool
tell(struct events *events)
{
	struct event *event = events->all;
	short happened;

	while (event && !event->happened)
		event = event->next;
	if (!event)
		return false;
	happened = event->happened;
	event->happened = 0;
	if (!(event->bits & UB_EV_PERSIST))
		event->waits = false;
	else if (event->timed)
		event->due = instant_after(clock_now(), event->timeout);
	event->callback(event->fd, happened, event->data);
	return true;
}

bool
events_turn(struct events *events)
{
	instant until;
	nfds_t n;

	if (!collect(events, &n, &until) || conn_wait(events->session, events->fds, n, &until) < 0)
		return false;
	remember(events);
	while (tell(events))
		;
	return true;
}
