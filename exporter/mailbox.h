/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MAILBOX_H
#define MAILBOX_H

/*
 * A mailbox into which many senders' messages come: one IMAP session, kept by a thread of its own
 * for all round trips that wait for theirs. The session begins with the first of them, and ends
 * when nobody has waited for a while, or with the configuration.
 */

#include "probe_opts.h"

struct mailbox;

/* Whether the options of a round trip are of a mailbox that can be kept open: by IMAP. */
bool mailbox_shareable(const struct probe_opts *opts);

/*
 * The mailbox of these options, which are the first of those who share it, complete, and outlive
 * it. NULL without memory. mailbox_free() says goodbye and waits for that, a second at most; nobody
 * may be waiting for a message any more. NULL is accepted.
 */
struct mailbox *mailbox_new(struct probe_opts *opts);
void mailbox_free(struct mailbox *mailbox);

/* Has the round trips of these options, a copy of a module's, look into it. */
void mailbox_lend(struct mailbox *mailbox, struct probe_opts *opts);

#endif
