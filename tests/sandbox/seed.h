/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The mail that is there from the start: a few mailboxes, and test messages whose text is made
 * when somebody reads it, so that a hundred thousand of them, or one of 100 MB, cost nothing.
 */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H

#include "mail.h"

#define SEED_LEAST 600          /* octets in a message */

/* INBOX gets that many messages of that many octets, some other mailboxes one or two. */
void seed_user(struct mail *m, const char *user, uint32_t messages, size_t size);
/* What mail_read() gives of such a message. */
size_t seed_read(const struct message *message, size_t from, char *at, size_t len);

#endif
