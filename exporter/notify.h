/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef NOTIFY_H
#define NOTIFY_H

/*
 * What a service and its manager tell each other: sd_notify(3) and sd_listen_fds(3), by the
 * protocol that those pages describe for programs without libsystemd. That library loads five
 * others, and would cost a process that waits most of its life a megabyte.
 */

#include "clock.h"

/* "READY=1", several lines in one. Nothing where nobody listens. */
void notify(const char *state);

/* RELOADING=1 with the time that goes with it. */
void notify_reloading(void);

/* How often WATCHDOG=1 is wanted, half of the manager's patience; 0: never. */
span notify_watchdog(void);

/*
 * The sockets that the manager has opened for us: how many, from descriptor 3 on. Takes the
 * variables out of the environment.
 */
int notify_sockets(void);

#endif
