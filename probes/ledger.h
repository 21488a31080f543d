/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LEDGER_H
#define LEDGER_H

/*
 * The books of a round trip: which test messages were sent, and what became of them. A SQLite
 * database, so that two runs at once, a kill at any moment, a full disk or a power cut leave it
 * whole. At any moment, for anybody who reads it:
 *
 *     sent = received + lost + in flight
 *
 * A message has a row from ledger_begin() on. It counts as sent from ledger_sending() on, which is
 * called in the moment before its content goes out; one that was begun and never sending counts
 * nowhere. One that is refused is taken back: `sent` goes down by it. From then on it is in flight,
 * until it has been seen (received), however late that is, or has been given up by ledger_expire()
 * (lost). What was lost stays lost in the count, and is `late` besides when it comes after all.
 *
 * A message is counted as received before it is removed from the mailbox, and its row says that
 * removal is due until ledger_removed(): so a killed run is finished by the next, and nothing is
 * counted twice. Rows that are over are kept for LEDGER_KEPT more messages, to know a replay.
 *
 * A file that is no ledger or is of a version that we do not know is refused as it is, with not a
 * byte changed and no file made beside it. One that is damaged is refused, unchanged, as soon as it
 * shows: when it is opened, when it is used, or when the books do not balance.
 *
 * While it is open there are two files beside it, PATH-wal and PATH-shm, which a killed run leaves
 * and the next one needs. Its folder must be ours to write to, and on a disk of this machine. What
 * was committed within a run survives its kill; a power cut may take back what the last one did.
 *
 * One thread at a time uses a ledger; several may have the same file open, each by a ledger of its
 * own. None may be used across fork().
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "clock.h"
#include "str.h"

enum { LEDGER_KEPT = 10000, LEDGER_LOSSES = 100 };

struct ledger;

enum ledger_outcome {
	LEDGER_FIRST,   /* in flight until now: counted as received */
	LEDGER_AGAIN,   /* was received before and its removal is due: a killed run's, or a copy */
	LEDGER_LATE,    /* was lost: counted as late */
	LEDGER_DONE,    /* was received and removed before: nothing changed; see ledger_copied() */
	LEDGER_UNKNOWN, /* no such message was ever sent, or it is too long ago */
};

struct ledger_counts {
	uint64_t sent, received, lost, in_flight, late, copies;
	time_t oldest; /* when the oldest in flight was begun; 0 without */
};

/* A message whose time is over. */
struct ledger_loss {
	uint64_t sequence;
	time_t sent;
	bool accepted; /* the server had taken it; else its run was ended before it could know */
};

/*
 * Opens or makes it; its folder must be there, and an empty file is a new ledger. `patience`: how
 * long to wait, here and in all that follows, for others that are writing. The file is made with
 * mode 0600, and a symbolic link in a folder that others may write to is refused. False with a
 * sentence in `error` that names the file. The ledger is closed before the arena is freed;
 * ledger_close() takes NULL.
 */
bool ledger_open(struct arena *arena, const char *path, span patience, struct ledger **ledger,
    struct str *error);
void ledger_close(struct ledger *ledger);

/* 64 random bits that tell this ledger from all others, in its tokens; made with the file. */
uint64_t ledger_instance(const struct ledger *ledger);

/*
 * A new message, to be given up at `until`. All of these: false with a sentence, nothing changed.
 * ledger_sending() fails also where the message was given up meanwhile: it must not go out then.
 * To the others it is no failure when a run beside this one has seen it or given it up.
 */
bool ledger_begin(
    struct ledger *ledger, time_t now, time_t until, uint64_t *sequence, struct str *error);
bool ledger_sending(struct ledger *ledger, uint64_t sequence, struct str *error);
bool ledger_accepted(struct ledger *ledger, uint64_t sequence, struct str *error);
bool ledger_refused(struct ledger *ledger, uint64_t sequence, struct str *error);

/* It was seen in the mailbox. Its removal is due from now on, unless it is done or unknown. */
bool ledger_received(
    struct ledger *ledger, uint64_t sequence, enum ledger_outcome *outcome, struct str *error);
bool ledger_removed(struct ledger *ledger, uint64_t sequence, struct str *error);

/*
 * Of one that is LEDGER_DONE: it was not a replay, nor what a run beside this one has removed since
 * it was seen here, but a copy. That is counted, and its removal is due.
 */
bool ledger_copied(struct ledger *ledger, uint64_t sequence, struct str *error);

/* When that message was begun, by its row; false where there is none. */
bool ledger_sent_at(struct ledger *ledger, uint64_t sequence, time_t *sent);

/*
 * Gives up what is past its time, and begun rows past theirs. The losses are new ones, in the
 * arena; where there are LEDGER_LOSSES there may be more, for another call. What was sent more
 * than a minute after `now` was so by a clock that has been set back: its time begins anew.
 */
bool ledger_expire(
    struct ledger *ledger, time_t now, struct ledger_loss **losses, size_t *n, struct str *error);

bool ledger_counts(struct ledger *ledger, struct ledger_counts *counts, struct str *error);

#endif
