/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The way of a message from its acceptance into mailboxes: at once, unless a fault of the listener
 * that took it says otherwise. What is still on its way is in a list of the server's.
 */
#ifndef SANDBOX_DELIVERY_H
#define SANDBOX_DELIVERY_H

#include "mail.h"
#include "server.h"

/* Into the mailboxes of these recipients; keeps the message for as long as it needs it. */
void delivery_send(const struct listener *l, struct message *m, char *const *rcpts, size_t count);
void delivery_free_all(struct server *s);

#endif
