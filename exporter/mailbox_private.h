/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MAILBOX_PRIVATE_H
#define MAILBOX_PRIVATE_H

/*
 * What the thread that keeps a mailbox open (mailbox.c) and the runs that wait in it
 * (mailbox_wait.c) share. All of it is guarded by one lock, which nobody holds while he talks.
 */

#include <pthread.h>

#include "mailbox.h"
#include "roundtrip.h"

/* A message in the mailbox that a run has been given. */
struct held {
	struct held *next;
	uint64_t uid;
	bool junk;
	time_t date;
	bool remove; /* it is proven to be ours */
	slice text;  /* malloc'ed */
};

/* One round trip. It is the run's, and on the list from attach() to detach(). */
struct waiter {
	struct waiter *next;
	char *token;
	uint64_t instance;
	uint64_t from, junk_from; /* its message will have these or higher UIDs */
	bool ready;               /* the mailbox was open for it: it may have been submitted */
	bool waits;               /* it has been submitted: it is looked for */
	instant since, looked;    /* when its last look began */
	unsigned looks;
	bool found;
	instant before, after; /* when it was not there, and was */
	struct held *held;
	unsigned session;   /* in which the first of them was found: UIDs hold within one */
	bool sweep, swept;  /* earlier runs' messages are wanted, and have been looked for */
	bool gone, removed; /* those to be removed are known, and have been removed */
	bool looking, sweeping, going; /* the thread is about one of these */
	char *left;                    /* why one that was to be removed is still there */
};

struct mailbox {
	const struct roundtrip_opts *opts;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	int wake;
	bool running, stopping, open, ended;
	unsigned session, failures; /* failures: who came before one has failed with it */
	enum cause cause;
	char *why, *junk;
	uint64_t validity, next_uid, junk_next_uid;
	instant idle_since, asked, news; /* asked: the last look; news: something has come */
	struct waiter *waiters;
};

void mailbox_wake(struct mailbox *mailbox);

/* With the lock held: until something has changed, or `until`. */
void mailbox_wait(struct mailbox *mailbox, instant until);

/* With the lock held: false when there is no thread. */
bool mailbox_begin(struct mailbox *mailbox);

#endif
