/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The store: messages in memory, one copy for all the mailboxes that hold one, and on disk too if
 * there is a spool. The protocols that read mail use the same store as those that take it; what a
 * user has of it is in mailbox.h.
 */
#ifndef SANDBOX_MAIL_H
#define SANDBOX_MAIL_H

#include <stdint.h>
#include <time.h>

#include "bytes.h"

#define MAIL_ID   24
#define MAIL_DATE 64

struct mail;
struct user;

struct message {
	char id[MAIL_ID];
	time_t received;
	struct bytes text;              /* empty in a message that is made when it is read */
	size_t size;
	uint32_t seed;                  /* the number of such a message, else 0 */
	size_t holders;                 /* mailboxes, and whoever is delivering or reading */
};

/* `spool` is a folder that exists, or NULL; it must outlive the store. */
struct mail *mail_new(const char *spool);
void mail_free(struct mail *m);
/* As in a header field. */
void mail_date(time_t when, char text[MAIL_DATE]);
void mail_new_id(struct mail *m, char id[MAIL_ID]);
/* Takes the text over. NULL, with the text freed, if the store is full. */
struct message *mail_message(struct mail *m, const char *id, struct bytes *text);
/* A test message of that many bytes which is never held. */
struct message *mail_seed(struct mail *m, uint32_t number, size_t size);
/* Into the folder of that user, if there is a spool; false if it cannot be written. */
bool mail_spool(struct mail *m, const char *user, const struct message *message);
/* Into the INBOX of that user or the mailbox for junk, all made if need be. */
void mail_deliver(struct mail *m, const char *user, struct message *message, bool junk);
/* The one who asked for the message has delivered it, or read it. */
void mail_done(struct mail *m, struct message *message);
/* At most `len` octets of the text from there on; 0 at its end. */
size_t mail_read(const struct message *message, size_t from, char *at, size_t len);
/* Of the header, the blank line included; at most `most`. */
size_t mail_header_size(const struct message *message, size_t most);

/* The user of that name, in any case, who is made if need be. */
struct user *mail_user(struct mail *m, struct slice name);

#endif
