/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DNS_EVENTS_H
#define DNS_EVENTS_H

/*
 * The event loop that libunbound runs in, so that it needs neither a thread nor a process of its
 * own: whoever waits for it does so by conn_wait(), under the session's deadline.
 */

#include "conn.h"

struct events;
struct ub_event_base;

/* In the session's arena, as are its events. NULL without memory. */
struct events *events_new(struct session *s);

/* What libunbound takes; the rest of its interface is in unbound-event.h. */
struct ub_event_base *events_base(struct events *events);

/*
 * One round: waits until something happens that libunbound wants to know of, and tells it. False
 * as conn_wait(), and without memory.
 */
bool events_turn(struct events *events);

/* Whether anything has come from the network. */
bool events_heard(const struct events *events);

#endif
