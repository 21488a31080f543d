/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening a ledger: whose is the file, is it whole, and a new one.
 *
 * What surprises: we look at the header through SQLite's own handle. A descriptor of ours would,
 * when closed, release the locks of every other ledger of this process on the same file.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "file.h"
#include "ledger_private.h"

/* "mprl", in the header of the file. */
enum { APPLICATION = 0x6d70726c, LAYOUT = 1 };

enum {
	CACHE_KIB = 128,
	CHECKPOINT_PAGES = 100, /* so far PATH-wal grows, about */
	SOUND_SIZE = 1 << 18,   /* LEDGER_KEPT rows are 144 KiB */
};

/* clang-format off */
/* As often as it is run, by however many at once, the outcome is the same. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS books (instance INTEGER NOT NULL, sent INTEGER NOT NULL,"
    " received INTEGER NOT NULL, lost INTEGER NOT NULL, late INTEGER NOT NULL,"
    " copies INTEGER NOT NULL) STRICT;"
    "INSERT INTO books SELECT %lld, 0, 0, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM books);"
    "CREATE TABLE IF NOT EXISTS messages (sequence INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " sent INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS open_messages ON messages (until) WHERE state <= 2;"
    "PRAGMA application_id = %d; PRAGMA user_version = %d";
/* clang-format on */

static bool
script(struct ledger *ledger, const char *text)
{
	return sqlite3_exec(ledger->db, text, NULL, NULL, NULL) == SQLITE_OK
	    || ledger_failed(ledger);
}

static uint32_t
number_at(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8
	    | bytes[3];
}

/*
 * Whether the file is one of ours, or empty, by the header that is described in SQLite's "Database
 * File Format", 1.3. Nothing is locked, made or written by that, and no journal looked for.
 */
static bool
recognize(struct ledger *ledger, bool *complete, int64_t *size)
{
	enum { HEADER = 100, WRITE_FORMAT = 18, USER_VERSION = 60, APPLICATION_ID = 68, WAL = 2 };
	static const char magic[16] = "SQLite format 3";
	unsigned char header[HEADER];
	sqlite3_file *file = NULL;
	struct stat st;

	*complete = false;
	/* SQLite takes a file of one byte for an empty one, and would write over it. */
	if (stat(sqlite3_db_filename(ledger->db, "main"), &st) != 0)
		return ledger_because(ledger, strerror(errno));
	*size = st.st_size;
	if (*size == 0)
		return true;
	if (*size < HEADER)
		return ledger_because(ledger, "is no ledger of mailprobe");
	if (sqlite3_file_control(ledger->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
	    || file->pMethods->xRead(file, header, HEADER, 0) != SQLITE_OK)
		return ledger_because(ledger, strerror(errno));
	if (memcmp(header, magic, sizeof magic) != 0)
		return ledger_because(ledger, "is no ledger of mailprobe");
	if (number_at(header + APPLICATION_ID) != APPLICATION)
		return ledger_because(ledger, "is another program's database");
	if (number_at(header + USER_VERSION) > LAYOUT)
		return ledger_because(ledger, "is of a newer version of mailprobe");
	if (number_at(header + USER_VERSION) != LAYOUT)
		return ledger_because(ledger, "is damaged");
	*complete = header[WRITE_FORMAT] == WAL;
	return true;
}

/*
 * What is torn, cut off or overwritten inside is found before anything is changed, in files as
 * small as ours are: half a millisecond for a full one.
 */
static bool
sound(struct ledger *ledger)
{
	sqlite3_stmt *statement;
	const char *text;
	bool good;

	if (sqlite3_prepare_v2(ledger->db, "PRAGMA quick_check(1)", -1, &statement, NULL)
	    != SQLITE_OK)
		return ledger_failed(ledger);
	if (sqlite3_step(statement) != SQLITE_ROW) {
		ledger_failed(ledger);
		sqlite3_finalize(statement);
		return false;
	}
	text = (const char *)sqlite3_column_text(statement, 0);
	good = text && strcmp(text, "ok") == 0;
	sqlite3_finalize(statement);
	return good || ledger_because(ledger, "is damaged");
}

/* Only behind the commit comes WAL mode: a header that has it belongs to a complete file. */
static bool
establish(struct ledger *ledger)
{
	uint64_t instance;
	int64_t size;
	bool complete, good;
	char *text;

	if (getrandom(&instance, sizeof instance, 0) != sizeof instance)
		return ledger_because(ledger, strerror(errno));
	text = sqlite3_mprintf(schema, (sqlite3_int64)instance, APPLICATION, LAYOUT);
	if (!text)
		return ledger_because(ledger, "there is no memory for it");
	/* Once more, with nobody else writing: whose is it now? */
	good = script(ledger, "BEGIN EXCLUSIVE") && recognize(ledger, &complete, &size)
	    && script(ledger, text) && ledger_run(ledger, COMMIT, 0, 0, 0)
	    && script(ledger, "PRAGMA journal_mode = WAL");
	sqlite3_free(text);
	return good;
}

/* A file that somebody else may have made cannot have us run what it brings along. */
static bool
configure(struct ledger *ledger, span patience)
{
	int64_t ms = patience.ns / 1000000;
	char text[96];

	sqlite3_busy_timeout(ledger->db, ms > INT_MAX ? INT_MAX : (int)ms);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_wal_autocheckpoint(ledger->db, CHECKPOINT_PAGES);
	sqlite3_snprintf(
	    sizeof text, text, "PRAGMA cache_size = %d; PRAGMA synchronous = NORMAL", -CACHE_KIB);
	return script(ledger, text);
}

static bool
open_at(struct ledger *ledger, const char *place, span patience)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	int64_t books[2] = { 0, 0 };
	int64_t size;
	bool complete;

	if (strlen(place) + strlen("-journal") > (size_t)sqlite3_vfs_find(NULL)->mxPathname)
		return ledger_because(ledger, "has too long a path for SQLite");
	if (sqlite3_open_v2(place, &ledger->db, flags, NULL) != SQLITE_OK)
		return ledger_failed(ledger);
	/* It opens for reading what it may not write to, and says nothing. */
	if (sqlite3_db_readonly(ledger->db, "main") != 0)
		return ledger_because(ledger, "may not be written to");
	if (!recognize(ledger, &complete, &size) || !configure(ledger, patience)
	    || (complete && size <= SOUND_SIZE && !sound(ledger))
	    || (!complete && !establish(ledger)) || !ledger_ask(ledger, INSTANCE, 0, books, 2))
		return false;
	ledger->instance = (uint64_t)books[0];
	return books[1] == 1 || ledger_because(ledger, "is damaged");
}

bool
ledger_open(
    struct arena *arena, const char *path, span patience, struct ledger **ledger, struct str *error)
{
	struct ledger *made = arena_alloc(arena, sizeof *made);
	const char *place, *name = arena_copy(arena, slice_z(path)).at;

	if (!made || !name) {
		str_addf(error, "%s: there is no memory for it", path);
		return false;
	}
	*made = (struct ledger){ .arena = arena, .path = name };
	if (!file_state(arena, path, &place, error))
		return false;
	if (!open_at(made, place, patience)) {
		str_addf(error, "%s: %s", path, made->why);
		ledger_close(made);
		return false;
	}
	*ledger = made;
	return true;
}

void
ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(ledger->prepared[i]);
	sqlite3_close(ledger->db);
}
