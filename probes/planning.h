/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PLANNING_H
#define PLANNING_H

/* How a probe's `plan` is written: the labels in the order of the transaction, until --until. */

#include "conn.h"

struct planning {
	struct arena *arena;
	struct plan *plan;
	const char *until;
	enum side side;
	unsigned runs[SIDES][PHASES];
	bool stopped; /* --until has come */
};

/* With what comes before the greeting in it, and the greeting. */
struct planning planning(const struct probe_opts *opts, struct arena *arena, struct plan *plan);

/* The same for a further connection, on the side that `p` is at. */
void plan_connection(struct planning *p, const struct probe_opts *opts);

/* One more run of a phase. */
void plan_phase(struct planning *p, enum phase phase);

/* The same for what is done on the way out, whatever --until says. */
void plan_farewell(struct planning *p, enum phase phase);

/* A counted value; of one of several mailboxes unless `mailbox` is missing. */
void plan_value(struct planning *p, enum fact fact, slice mailbox);

/* One that is another number each time that it is counted: what a search has found. */
void plan_value_each(struct planning *p, enum fact fact, slice mailbox);

/*
 * Whether every counted value that a threshold names is among those that the plan has, and is one
 * number. False with a sentence that names it: a threshold that nothing is ever held against
 * would keep quiet for good. For a probe's `complete`, at its end, with its contract.
 */
bool plan_counts(void (*plan)(const void *, struct arena *, struct plan *), const void *opts,
    struct arena *arena, enum cause *cause, struct str *error);

#endif
