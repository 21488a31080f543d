/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of messages and a table with one row of counters, changed together in one transaction. In
 * WAL mode a commit writes without waiting for the disk; SQLite sees to it that a killed run leaves
 * the whole of a transaction or nothing.
 *
 * The number in flight is not kept but counted from the rows, so that the balance is a proof and
 * not a definition: where it does not hold, the file is damaged.
 */
#include <errno.h>
#include <string.h>

#include "ledger_private.h"

enum { CLOCK_SLACK = 60 }; /* seconds; see ledger_expire() */

/* Of a message. They are in the file, and open_messages has the first three. */
enum state { BEGUN, SENDING, ACCEPTED, SEEN, DONE, LOST, WITHDRAWN, STATES };

/* clang-format off */
static const char *const sql[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[INSTANCE] = "SELECT instance, 1 FROM books",
	[ADD] = "INSERT INTO messages (state, sent, until) VALUES (0, ?1, ?2)",
	[MOVE] = "UPDATE messages SET state = ?3 WHERE sequence = ?1 AND state = ?2",
	[LOOK] = "SELECT state, sent FROM messages WHERE sequence = ?1",
	[COUNT_SENT] = "UPDATE books SET sent = sent + 1",
	[COUNT_REFUSED] = "UPDATE books SET sent = sent - 1",
	[COUNT_RECEIVED] = "UPDATE books SET received = received + 1",
	[COUNT_LATE] = "UPDATE books SET late = late + 1",
	[COUNT_COPY] = "UPDATE books SET copies = copies + 1",
	[COUNT_LOST] = "UPDATE books SET lost = lost + ?1",
	[TURN_BACK] = "UPDATE messages SET until = until - sent + ?1, sent = ?1"
	    " WHERE state <= 2 AND sent > ?1 + ?2",
	[OVERDUE] = "SELECT sequence, sent, state FROM messages"
	    " WHERE state <= 2 AND state > 0 AND until <= ?1 ORDER BY until LIMIT ?2",
	[FORGET] = "UPDATE messages SET state = 6 WHERE state <= 2 AND state = 0 AND until <= ?1",
	[PRUNE] = "DELETE FROM messages WHERE state > 2"
	    " AND sequence <= (SELECT max(sequence) FROM messages) - ?1",
	[BOOKS] = "SELECT sent, received, lost, late, copies,"
	    " (SELECT count(*) FROM messages WHERE state <= 2 AND state > 0),"
	    " (SELECT min(sent) FROM messages WHERE state <= 2 AND state > 0) FROM books",
};

/* clang-format on */

bool
ledger_because(struct ledger *ledger, const char *why)
{
	ledger->why = why;
	return false;
}

bool
ledger_failed(struct ledger *ledger)
{
	int code = ledger->db ? sqlite3_errcode(ledger->db) & 0xff : SQLITE_NOMEM;
	int number = ledger->db ? sqlite3_system_errno(ledger->db) : 0;

	switch (code) {
	case SQLITE_FULL:
		return ledger_because(ledger, "the disk is full");
	case SQLITE_NOMEM:
		return ledger_because(ledger, "there is no memory for it");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return ledger_because(ledger, "other runs are writing to it, for too long");
	case SQLITE_READONLY:
		if (sqlite3_extended_errcode(ledger->db) == SQLITE_READONLY_DIRECTORY)
			return ledger_because(ledger, "its folder may not be written to");
		return ledger_because(ledger, "may not be written to");
	case SQLITE_PERM:
		return ledger_because(ledger, "may not be written to");
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		if (number == ENOSPC)
			return ledger_because(ledger, "the disk is full");
		return ledger_because(
		    ledger, number ? strerror(number) : sqlite3_errmsg(ledger->db));
	default: /* no table, no index, a text for a number: not what we have written */
		return ledger_because(ledger, "is damaged");
	}
}

/* Ready to be stepped, its numbers bound; NULL when it could not be made. */
static sqlite3_stmt *
ready(struct ledger *ledger, enum ledger_statement which, const int64_t numbers[3])
{
	sqlite3_stmt **made = &ledger->prepared[which];

	if (!*made && sqlite3_prepare_v2(ledger->db, sql[which], -1, made, NULL) != SQLITE_OK) {
		ledger_failed(ledger);
		return NULL;
	}
	for (int i = 0; i < sqlite3_bind_parameter_count(*made); i++)
		sqlite3_bind_int64(*made, i + 1, numbers[i]);
	return *made;
}

bool
ledger_run(struct ledger *ledger, enum ledger_statement which, int64_t a, int64_t b, int64_t c)
{
	sqlite3_stmt *statement = ready(ledger, which, (const int64_t[]){ a, b, c });
	bool good;

	if (!statement)
		return false;
	good = sqlite3_step(statement) == SQLITE_DONE || ledger_failed(ledger);
	sqlite3_reset(statement);
	return good;
}

bool
ledger_ask(
    struct ledger *ledger, enum ledger_statement which, int64_t about, int64_t *columns, int n)
{
	sqlite3_stmt *statement = ready(ledger, which, (const int64_t[]){ about, 0, 0 });
	int code;

	if (!statement)
		return false;
	code = sqlite3_step(statement);
	for (int i = 0; code == SQLITE_ROW && i < n; i++)
		columns[i] = sqlite3_column_int64(statement, i);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		ledger_failed(ledger);
	sqlite3_reset(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* Ends the transaction, if there is one: with all that was done or, with a sentence, nothing. */
static bool
finish(struct ledger *ledger, bool good, struct str *error)
{
	if (good && (sqlite3_get_autocommit(ledger->db) || ledger_run(ledger, COMMIT, 0, 0, 0)))
		return true;
	str_addf(error, "%s: %s", ledger->path, ledger->why);
	if (!sqlite3_get_autocommit(ledger->db))
		sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

uint64_t
ledger_instance(const struct ledger *ledger)
{
	return ledger->instance;
}

bool
ledger_begin(struct ledger *ledger, time_t now, time_t until, uint64_t *sequence, struct str *error)
{
	if (!finish(ledger, ledger_run(ledger, ADD, now, until, 0), error))
		return false;
	*sequence = (uint64_t)sqlite3_last_insert_rowid(ledger->db);
	return true;
}

/* Whether the last MOVE has found its message in the state to be left. */
static bool
moved(struct ledger *ledger)
{
	return sqlite3_changes(ledger->db) == 1;
}

static bool
move(struct ledger *ledger, uint64_t sequence, enum state from, enum state to)
{
	return ledger_run(ledger, MOVE, (int64_t)sequence, from, to);
}

bool
ledger_sending(struct ledger *ledger, uint64_t sequence, struct str *error)
{
	bool good = ledger_run(ledger, BEGIN, 0, 0, 0) && move(ledger, sequence, BEGUN, SENDING)
	    && (moved(ledger)
	        || ledger_because(ledger, "the message is not one that waits to be sent"))
	    && ledger_run(ledger, COUNT_SENT, 0, 0, 0);

	return finish(ledger, good, error);
}

bool
ledger_accepted(struct ledger *ledger, uint64_t sequence, struct str *error)
{
	return finish(ledger, move(ledger, sequence, SENDING, ACCEPTED), error);
}

bool
ledger_refused(struct ledger *ledger, uint64_t sequence, struct str *error)
{
	bool good = ledger_run(ledger, BEGIN, 0, 0, 0) && move(ledger, sequence, SENDING, WITHDRAWN)
	    && (moved(ledger) ? ledger_run(ledger, COUNT_REFUSED, 0, 0, 0)
	                      : move(ledger, sequence, BEGUN, WITHDRAWN));

	return finish(ledger, good, error);
}

/* What it is to see a message in that state, and to count for it. COMMIT: nothing. */
static const struct {
	enum ledger_outcome outcome;
	enum ledger_statement count;
} sight[STATES] = {
	[BEGUN] = { LEDGER_UNKNOWN, COMMIT },
	[SENDING] = { LEDGER_FIRST, COUNT_RECEIVED },
	[ACCEPTED] = { LEDGER_FIRST, COUNT_RECEIVED },
	[SEEN] = { LEDGER_AGAIN, COMMIT },
	[DONE] = { LEDGER_DONE, COMMIT },
	[LOST] = { LEDGER_LATE, COUNT_LATE },
	[WITHDRAWN] = { LEDGER_UNKNOWN, COMMIT },
};

bool
ledger_received(
    struct ledger *ledger, uint64_t sequence, enum ledger_outcome *outcome, struct str *error)
{
	int64_t state = WITHDRAWN; /* no row */
	bool good = ledger_run(ledger, BEGIN, 0, 0, 0)
	    && ledger_ask(ledger, LOOK, (int64_t)sequence, &state, 1)
	    && ((state >= 0 && state < STATES) || ledger_because(ledger, "is damaged"));

	if (good && sight[state].count != COMMIT)
		good = move(ledger, sequence, (enum state)state, SEEN)
		    && ledger_run(ledger, sight[state].count, 0, 0, 0);
	if (!finish(ledger, good, error))
		return false;
	*outcome = sight[state].outcome;
	return true;
}

bool
ledger_removed(struct ledger *ledger, uint64_t sequence, struct str *error)
{
	return finish(ledger, move(ledger, sequence, SEEN, DONE), error);
}

bool
ledger_copied(struct ledger *ledger, uint64_t sequence, struct str *error)
{
	bool good = ledger_run(ledger, BEGIN, 0, 0, 0) && move(ledger, sequence, DONE, SEEN)
	    && (!moved(ledger) || ledger_run(ledger, COUNT_COPY, 0, 0, 0));

	return finish(ledger, good, error);
}

bool
ledger_sent_at(struct ledger *ledger, uint64_t sequence, time_t *sent)
{
	int64_t row[2] = { STATES, 0 };

	if (!ledger_ask(ledger, LOOK, (int64_t)sequence, row, 2) || row[0] == STATES)
		return false;
	*sent = row[1];
	return true;
}

static bool
overdue(struct ledger *ledger, time_t now, struct ledger_loss *losses, size_t *n)
{
	sqlite3_stmt *statement = ready(
	    ledger, OVERDUE, (const int64_t[]){ now, LEDGER_LOSSES, 0 });
	int code = SQLITE_ERROR;

	while (statement && (code = sqlite3_step(statement)) == SQLITE_ROW)
		losses[(*n)++] = (struct ledger_loss){
			.sequence = (uint64_t)sqlite3_column_int64(statement, 0),
			.sent = sqlite3_column_int64(statement, 1),
			.accepted = sqlite3_column_int64(statement, 2) == ACCEPTED,
		};
	if (statement && code != SQLITE_DONE)
		ledger_failed(ledger);
	sqlite3_reset(statement);
	return code == SQLITE_DONE;
}

bool
ledger_expire(
    struct ledger *ledger, time_t now, struct ledger_loss **losses, size_t *n, struct str *error)
{
	struct ledger_loss found[LEDGER_LOSSES], *kept = NULL;
	size_t count = 0;
	bool good = ledger_run(ledger, BEGIN, 0, 0, 0)
	    && ledger_run(ledger, TURN_BACK, now, CLOCK_SLACK, 0)
	    && overdue(ledger, now, found, &count);

	for (size_t i = 0; good && i < count; i++)
		good = move(
		    ledger, found[i].sequence, found[i].accepted ? ACCEPTED : SENDING, LOST);
	good = good && (count == 0 || ledger_run(ledger, COUNT_LOST, (int64_t)count, 0, 0))
	    && ledger_run(ledger, FORGET, now, 0, 0)
	    && ledger_run(ledger, PRUNE, LEDGER_KEPT, 0, 0);
	if (good && count > 0) {
		kept = arena_array(ledger->arena, count, sizeof *kept);
		good = kept || ledger_because(ledger, "there is no memory for it");
	}
	if (!finish(ledger, good, error))
		return false;
	if (kept)
		memcpy(kept, found, count * sizeof *kept);
	*losses = kept;
	*n = count;
	return true;
}

bool
ledger_counts(struct ledger *ledger, struct ledger_counts *counts, struct str *error)
{
	enum { SENT, RECEIVED, LOSSES, LATE, COPIES, IN_FLIGHT, OLDEST, COLUMNS };
	int64_t row[COLUMNS] = { -1 };
	bool good = ledger_ask(ledger, BOOKS, 0, row, COLUMNS);

	if (good && row[SENT] != row[RECEIVED] + row[LOSSES] + row[IN_FLIGHT])
		good = ledger_because(ledger, "is damaged: its books do not balance");
	if (!finish(ledger, good, error))
		return false;
	*counts = (struct ledger_counts){
		.sent = (uint64_t)row[SENT],
		.received = (uint64_t)row[RECEIVED],
		.lost = (uint64_t)row[LOSSES],
		.late = (uint64_t)row[LATE],
		.copies = (uint64_t)row[COPIES],
		.in_flight = (uint64_t)row[IN_FLIGHT],
		.oldest = row[OLDEST],
	};
	return true;
}
