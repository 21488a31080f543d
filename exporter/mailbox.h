/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MAILBOX_H
#define MAILBOX_H

/*
 * A mailbox into which many senders' messages come: one IMAP session, kept by a thread of its own
 * for all round trips that wait for theirs. The session begins with the first of them, and ends
 * when nobody has waited for a while, when it has become old, or with the configuration; when it
 * breaks, those who wait wait on, and the next is begun a second later.
 */

#include "probe_opts.h"

struct mailbox;

/* Whether the options of a round trip are of a mailbox that can be kept open: by IMAP. */
bool mailbox_shareable(const struct probe_opts *opts);

/*
 * The mailbox of these options, which are the first of those who share it, complete, and outlive
 * it. NULL without memory.
 */
struct mailbox *mailbox_new(struct probe_opts *opts);

/*
 * Says goodbye, and does not wait for that. Who still waits for a message is told. mailbox_ended()
 * waits until then whether it has been said, and mailbox_free() waits for it, which may take as
 * long as a command has; nobody may be waiting for a message then. NULL is accepted.
 */
void mailbox_stop(struct mailbox *mailbox);
bool mailbox_ended(struct mailbox *mailbox, instant until);
void mailbox_free(struct mailbox *mailbox);

/* Has the round trips of these options, a copy of a module's, look into it. */
void mailbox_lend(struct mailbox *mailbox, struct probe_opts *opts);

#endif
