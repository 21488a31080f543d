/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LEDGER_PRIVATE_H
#define LEDGER_PRIVATE_H

/* What ledger.c and ledger_open.c share. */

#include <sqlite3.h>

#include "ledger.h"

enum ledger_statement {
	BEGIN,
	COMMIT,
	INSTANCE,
	ADD,
	MOVE,
	LOOK,
	COUNT_SENT,
	COUNT_REFUSED,
	COUNT_RECEIVED,
	COUNT_LATE,
	COUNT_COPY,
	COUNT_LOST,
	TURN_BACK,
	OVERDUE,
	FORGET,
	PRUNE,
	BOOKS,
	STATEMENTS
};

struct ledger {
	sqlite3 *db;
	struct arena *arena;
	const char *path;
	const char *why; /* of the last failure, without the path */
	uint64_t instance;
	sqlite3_stmt *prepared[STATEMENTS]; /* when first used: a run uses few */
};

/* Both are false, and leave the reason: the one given, or why SQLite has failed just now. */
bool ledger_because(struct ledger *ledger, const char *why);
bool ledger_failed(struct ledger *ledger);

/* A statement that gives no row. Of the numbers it takes as many as it has places. */
bool ledger_run(
    struct ledger *ledger, enum ledger_statement which, int64_t a, int64_t b, int64_t c);

/* One that gives a row of `n` columns; or none, and then `columns` are left as they are. */
bool ledger_ask(
    struct ledger *ledger, enum ledger_statement which, int64_t about, int64_t *columns, int n);

#endif
