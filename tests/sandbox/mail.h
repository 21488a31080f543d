/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The mailboxes: messages in memory, one copy for all the recipients of a message, and on disk
 * too if there is a spool. The protocols that read mail use the same store as those that take it.
 */
#ifndef SANDBOX_MAIL_H
#define SANDBOX_MAIL_H

#include <time.h>

#include "bytes.h"

#define MAIL_ID 24

struct mail;

struct message {
	char id[MAIL_ID];
	time_t received;
	struct bytes text;
	size_t holders;                 /* mailboxes, and whoever is delivering */
};

/* `spool` is a folder that exists, or NULL; it must outlive the store. */
struct mail *mail_new(const char *spool);
void mail_free(struct mail *m);
void mail_new_id(struct mail *m, char id[MAIL_ID]);
/* Takes the text over. NULL, with the text freed, if the store is full. */
struct message *mail_message(struct mail *m, const char *id, struct bytes *text);
/* Into the mailbox of that name, which is made if need be; false if the spool cannot be written. */
bool mail_deliver(struct mail *m, const char *mailbox, struct message *message);
/* The one who asked for the message has delivered it. */
void mail_done(struct mail *m, struct message *message);

#endif
