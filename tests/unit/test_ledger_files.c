/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are no ledgers, or are damaged, or may not be written to: refused and left as they are. */
#include <dirent.h>
#include <grp.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "file.h"
#include "ledgers.h"

enum { LARGEST = 1 << 20, NOBODY = 65534 };

static void
put(const char *path, slice content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.at, content.n), (ssize_t)content.n);
	close(fd);
}

static slice
content(struct place *place, const char *path)
{
	slice bytes = { NULL, 0 };

	GOOD(place, file_read(place->arena, path, LARGEST, &bytes, &place->error));
	return bytes;
}

static unsigned
files(const char *path)
{
	DIR *folder = opendir(path);
	unsigned n = 0;

	assert_non_null(folder);
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void
refused(struct place *place, const char *path, const char *why)
{
	struct ledger *ledger = NULL;

	place->error = str_in(place->arena);
	if (ledger_open(place->arena, path, span_seconds(0), &ledger, &place->error))
		fail_msg("%s: opened, wanted \"%s\"", path, why);
	check_slice(
	    path, "sentence", str_slice(&place->error), str_f(place->arena, "%s: %s", path, why));
	assert_null(ledger);
}

/* Not a byte changed, and nothing made beside it. */
static void
refused_untouched(struct place *place, const char *path, const char *why)
{
	slice before = content(place, path);
	struct stat was, is;
	unsigned n = files(".");

	assert_int_equal(stat(path, &was), 0);
	refused(place, path, why);
	assert_int_equal(stat(path, &is), 0);
	check_slice(path, "content", content(place, path), before);
	assert_true(was.st_mtim.tv_sec == is.st_mtim.tv_sec
	    && was.st_mtim.tv_nsec == is.st_mtim.tv_nsec && was.st_mode == is.st_mode);
	check_number(path, "files in the folder", files("."), n);
}

static sqlite3 *
database(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	return db;
}

static void
test_foreign(void **state)
{
	struct place *place = *state;
	char zeros[8192] = "";
	sqlite3 *db;

	put("text", S("root:x:0:0:root:/root:/bin/bash\n"));
	refused_untouched(place, "text", "is no ledger of mailprobe");
	put("byte", S("\n"));
	refused_untouched(place, "byte", "is no ledger of mailprobe");
	put("zeros", (slice){ zeros, sizeof zeros });
	refused_untouched(place, "zeros", "is no ledger of mailprobe");
	sqlite3_close(database("other", "CREATE TABLE a (b)"));
	refused_untouched(place, "other", "is another program's database");
	/* In use, its log beside it. */
	db = database("used", "PRAGMA journal_mode = WAL; CREATE TABLE books (b)");
	refused_untouched(place, "used", "is another program's database");
	sqlite3_close(db);
	ledger_close(opened(place, "newer", 0));
	sqlite3_close(database("newer", "PRAGMA user_version = 2"));
	refused_untouched(place, "newer", "is of a newer version of mailprobe");
	ledger_close(opened(place, "none", 0));
	sqlite3_close(database("none", "PRAGMA user_version = 0"));
	refused_untouched(place, "none", "is damaged");
}

static void
test_no_file(void **state)
{
	struct place *place = *state;
	char deep[1024];

	refused(place, "missing/ledger", "No such file or directory");
	refused(place, ".", "is not a regular file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	refused(place, "pipe", "is not a regular file");
	refused(place, "/dev/null", "is not a regular file");
	/* What SQLite cannot have as a path is no crash. */
	snprintf(deep, sizeof deep, "%0*d", 255, 0);
	assert_int_equal(mkdir(deep, 0700), 0);
	snprintf(deep, sizeof deep, "%0*d/%0*d", 255, 0, 255, 0);
	refused(place, deep, "has too long a path for SQLite");
}

static void
test_new(void **state)
{
	struct place *place = *state;
	struct stat st;

	put("empty", S(""));
	ledger_close(opened(place, "empty", 0));
	place->ledger = opened(place, "ledger", 0);
	for (const char *const *name =
	         (const char *const[]){ "ledger", "ledger-wal", "ledger-shm", NULL };
	     *name; name++) {
		assert_int_equal(stat(*name, &st), 0);
		check_number(*name, "mode", st.st_mode, S_IFREG | 0600);
	}
	/* A name that SQLite would read something into. */
	ledger_close(opened(place, ":memory:", 0));
	ledger_close(opened(place, "file:x?mode=memory", 0));
	assert_int_equal(stat(":memory:", &st) + stat("file:x?mode=memory", &st), 0);
}

static void
test_links(void **state)
{
	struct place *place = *state;
	const char *const why = "is a link, or behind one, in a folder that others may write to";

	assert_int_equal(mkdir("open", 0700), 0);
	assert_int_equal(symlink("../ledger", "open/link"), 0);
	ledger_close(opened(place, "ledger", 0));
	ledger_close(opened(place, "open/link", 0));
	assert_int_equal(chmod("open", 01777), 0);
	refused(place, "open/link", why);
	/* Nor is anything followed that stands where the log would be. */
	put("victim", S(""));
	ledger_close(opened(place, "open/ledger", 0));
	for (const char *const *name = (const char *const[]){ "open/ledger-wal", "open/ledger-shm",
	         "open/ledger-journal", NULL };
	     *name; name++) {
		struct ledger *ledger = NULL;

		assert_int_equal(symlink("../victim", *name), 0);
		if (ledger_open(
		        place->arena, "open/ledger", span_seconds(0), &ledger, &place->error))
			ledger_close(ledger);
		remove(*name);
		check_slice(*name, "victim", content(place, "victim"), S(""));
	}
}

/* In a child, in which cmocka must not go on. */
static bool
is_refused(struct place *place, const char *path, const char *why)
{
	struct ledger *ledger;

	place->error = str_in(place->arena);
	if (!ledger_open(place->arena, path, span_seconds(0), &ledger, &place->error)
	    && slice_eq(str_slice(&place->error), str_f(place->arena, "%s: %s", path, why)))
		return true;
	print_error("%s: got \"%s\", wanted \"%s\"\n", path, str_z(&place->error), why);
	return false;
}

/* As nobody, because root may write everywhere. */
static void
test_read_only(void **state)
{
	struct place *place = *state;
	struct stat st;
	int status;
	pid_t child;

	assert_int_equal(mkdir("closed", 0755), 0);
	ledger_close(opened(place, "closed/ledger", 0));
	ledger_close(opened(place, "file", 0));
	assert_int_equal(chmod("closed/ledger", 0666), 0);
	assert_int_equal(chmod("closed", 0555), 0);
	assert_int_equal(chmod("file", 0444), 0);
	assert_int_equal(chmod(".", 0755), 0);
	child = fork();
	if (child == 0) {
		if (geteuid() == 0 && (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY)))
			_exit(1);
		_exit(!is_refused(place, "closed/ledger", "its folder may not be written to")
		    || !is_refused(place, "closed/new", "Permission denied")
		    || !is_refused(place, "file", "may not be written to"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(stat("closed/new", &st), -1);
	assert_int_equal(chmod("closed", 0755), 0);
}

/* All that a run does. False with a sentence. */
static bool
used(struct place *place, const char *path)
{
	struct ledger *ledger = NULL;
	struct ledger_counts counts;
	struct ledger_loss *losses;
	enum ledger_outcome outcome;
	uint64_t n;
	size_t lost;
	bool good;

	place->error = str_in(place->arena);
	good = ledger_open(place->arena, path, span_seconds(0), &ledger, &place->error)
	    && ledger_begin(ledger, NOW, NOW + LIFE, &n, &place->error)
	    && ledger_sending(ledger, n, &place->error) && ledger_accepted(ledger, n, &place->error)
	    && ledger_received(ledger, n, &outcome, &place->error)
	    && ledger_received(ledger, 3, &outcome, &place->error)
	    && ledger_removed(ledger, n, &place->error)
	    && ledger_expire(ledger, NOW + LIFE, &losses, &lost, &place->error)
	    && ledger_counts(ledger, &counts, &place->error);
	ledger_close(ledger);
	return good;
}

/* Some hundred messages, so that tables have more than one page. */
static slice
filled(struct place *place)
{
	struct ledger *ledger = opened(place, "ledger", 0);
	uint64_t n;

	for (int i = 0; i < 300; i++)
		GOOD(place,
		    ledger_begin(ledger, NOW, NOW + LIFE, &n, &place->error)
		        && ledger_sending(ledger, n, &place->error));
	ledger_close(ledger);
	return content(place, "ledger");
}

static void
test_truncated(void **state)
{
	struct place *place = *state;
	slice whole = filled(place);

	for (size_t n = 1; n < whole.n; n += n < 200 ? 1 : 512) {
		const char *name = str_f(place->arena, "cut at %zu", n).at;
		bool header = n < 100;

		put("cut", (slice){ whole.at, n });
		refused_untouched(
		    place, "cut", header ? "is no ledger of mailprobe" : "is damaged");
		check_number(name, "log", access("cut-wal", F_OK), -1);
	}
	put("cut", whole);
	GOOD(place, used(place, "cut"));
}

/* A bit flipped anywhere: refused as it was, or found by the use, or in nothing that matters. */
static void
test_flipped(void **state)
{
	struct place *place = *state;
	slice whole = filled(place), flipped = arena_copy(place->arena, whole);
	char *bytes = (char *)flipped.at;
	unsigned found = 0, tried = 0;

	for (size_t i = 0; i < whole.n; i += i < 4096 ? 1 : 17) {
		unsigned char bit = (unsigned char)(1 << i % 8);
		bool good;

		bytes[i] = (char)(bytes[i] ^ bit);
		put("flipped", flipped);
		good = used(place, "flipped");
		tried++;
		if (!good) {
			found++;
			if (!strstr(str_z(&place->error), "flipped: "))
				fail_msg("byte %zu: \"%s\"", i, str_z(&place->error));
		}
		bytes[i] = (char)(bytes[i] ^ bit);
		remove("flipped-wal"), remove("flipped-shm"), remove("flipped-journal");
	}
	print_message("%u of %u bit flips found\n", found, tried);
	assert_true(found > tried / 20);
	/* Counters that are whole numbers, in place, and wrong. */
	sqlite3_close(database("ledger", "UPDATE books SET received = received + 1"));
	assert_false(used(place, "ledger"));
	assert_string_equal(str_z(&place->error), "ledger: is damaged: its books do not balance");
	sqlite3_close(database("ledger", "DELETE FROM books"));
	refused_untouched(place, "ledger", "is damaged");
}

/* What a file brings along is not run: triggers, and views in the place of tables. */
static void
test_planted(void **state)
{
	struct place *place = *state;
	struct ledger_counts counts;

	ledger_close(opened(place, "ledger", 0));
	sqlite3_close(database("ledger",
	    "CREATE TRIGGER t AFTER INSERT ON messages BEGIN UPDATE books SET late = 99; END"));
	GOOD(place, used(place, "ledger"));
	place->ledger = opened(place, "ledger", 0);
	counts = counts_of(place, place->ledger);
	assert_int_equal(counts.late, 0);
	ledger_close(place->ledger);
	place->ledger = NULL;
	sqlite3_close(database("ledger",
	    "DROP TRIGGER t; ALTER TABLE books RENAME TO b; CREATE VIEW books AS SELECT * FROM b"));
	refused_untouched(place, "ledger", "is damaged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_foreign, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_new, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_truncated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_flipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_planted, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
