/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a user has: mailboxes, the first of which is INBOX, and in each the messages by ascending
 * UID. Names are kept as IMAP sends them (modified UTF-7), with `/` between the levels.
 */
#ifndef SANDBOX_MAILBOX_H
#define SANDBOX_MAILBOX_H

#include "mail.h"

enum {
	FLAG_SEEN = 1,
	FLAG_ANSWERED = 2,
	FLAG_FLAGGED = 4,
	FLAG_DELETED = 8,
	FLAG_DRAFT = 16,
};

struct entry {
	struct message *message;
	time_t date;
	uint32_t uid;
	unsigned char flags;
	bool recent;
};

/* Somebody who wants to hear of changes. */
struct watcher {
	void (*changed)(struct watcher *);
	struct watcher *next, **back;   /* `back` is NULL while it is in no list */
};

struct mailbox {
	char *name;
	const char *use;                /* a special-use attribute, or NULL */
	struct user *user;
	struct mailbox *next;
	struct entry *entries;
	size_t count, cap, limit;       /* above the limit the oldest make room for deliveries */
	uint32_t uid_next, uid_validity;
	uint64_t changes;               /* counts them */
	size_t holders;                 /* the user's list, and sessions */
	struct watcher *watchers;
	bool no_select;
};

struct user {
	char *name;
	struct user *next;
	struct mail *mail;
	struct mailbox *boxes;
	uint64_t bytes, messages;       /* in all mailboxes */
	uint32_t uid_validity;          /* given out last */
	bool locked;                    /* by a POP3 session */
};

void mailbox_free_all(struct user *user);
/* NULL if there is none. INBOX goes by any case. */
struct mailbox *mailbox_find(const struct user *user, struct slice name);
/* Makes it, and what is above it, which then holds mailboxes only. */
struct mailbox *mailbox_make(struct user *user, const char *name, const char *use);
bool mailbox_has_children(const struct mailbox *box);
/* With its messages; one that has others below stays as their name. */
void mailbox_remove(struct mailbox *box);
/* With all below it. */
void mailbox_rename(struct mailbox *box, const char *name);
/* A session has it open; with the last one a removed mailbox goes. */
void mailbox_hold(struct mailbox *box);
void mailbox_release(struct mailbox *box);

/* The entry is good until the next is added. */
struct entry *mailbox_add(struct mailbox *box, struct message *m, unsigned flags, time_t date);
void mailbox_drop(struct mailbox *box, size_t index);
/* The index of the first with that UID or a higher one. */
size_t mailbox_index(const struct mailbox *box, uint32_t uid);
struct entry *mailbox_entry(const struct mailbox *box, uint32_t uid);
void mailbox_changed(struct mailbox *box);

void mailbox_watch(struct mailbox *box, struct watcher *w);
void mailbox_unwatch(struct watcher *w);

#endif
