/* SPDX-License-Identifier: BSD-2-Clause */
/* The books of a round trip: what each event counts, time, pruning, and several at once. */
#include <pthread.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "ledgers.h"

static int
set_up_open(void **state)
{
	struct place *place;

	if (set_up(state) != 0)
		return -1;
	place = *state;
	place->ledger = opened(place, "ledger", 5);
	return 0;
}

static uint64_t
begun(struct place *place, time_t now)
{
	uint64_t sequence = 0;

	GOOD(place, ledger_begin(place->ledger, now, now + LIFE, &sequence, &place->error));
	return sequence;
}

static uint64_t
sent(struct place *place, time_t now)
{
	uint64_t sequence = begun(place, now);

	GOOD(place, ledger_sending(place->ledger, sequence, &place->error));
	return sequence;
}

static enum ledger_outcome
seen(struct place *place, uint64_t sequence)
{
	enum ledger_outcome outcome = LEDGER_UNKNOWN;

	GOOD(place, ledger_received(place->ledger, sequence, &outcome, &place->error));
	return outcome;
}

/* Gives the number of losses. */
static size_t
expired(struct place *place, time_t now, struct ledger_loss **losses)
{
	struct ledger_loss *found;
	size_t n = 0;

	GOOD(place, ledger_expire(place->ledger, now, &found, &n, &place->error));
	if (losses)
		*losses = found;
	return n;
}

/*
 * The life of one message, a letter for each event: b begin, s sending, a accepted, x refused,
 * r received, m removed, c copied, e expired; a capital where `s` must fail. What the sightings were, by
 * number of the outcome, and the counts at the end.
 */
static const struct {
	const char *life, *outcomes;
	struct ledger_counts counts;
} lives[] = {
	{ "b", "", { 0 } },
	{ "bs", "", { .sent = 1, .in_flight = 1 } },
	{ "bsa", "", { .sent = 1, .in_flight = 1 } },
	{ "bx", "", { 0 } },
	{ "bsx", "", { 0 } },
	{ "bsxx", "", { 0 } },
	{ "bsar", "0", { .sent = 1, .received = 1 } },
	{ "bsr", "0", { .sent = 1, .received = 1 } },    /* killed, or seen before the reply */
	{ "bsra", "0", { .sent = 1, .received = 1 } },   /* and the reply came after that */
	{ "bsrx", "0", { .sent = 1, .received = 1 } },   /* refused, and delivered */
	{ "bsarr", "01", { .sent = 1, .received = 1 } }, /* a killed run's, or a copy */
	{ "bsarmr", "03", { .sent = 1, .received = 1 } },
	{ "bsarmrr", "033", { .sent = 1, .received = 1 } }, /* a replay stays one */
	{ "bsarmrc", "03", { .sent = 1, .received = 1, .copies = 1 } },
	{ "bsarmrcr", "031", { .sent = 1, .received = 1, .copies = 1 } },
	{ "bsarmrcc", "03", { .sent = 1, .received = 1, .copies = 1 } },
	{ "bsarmrcmrc", "033", { .sent = 1, .received = 1, .copies = 2 } },
	{ "bsac", "", { .sent = 1, .in_flight = 1 } },
	{ "bsae", "", { .sent = 1, .lost = 1 } },
	{ "bse", "", { .sent = 1, .lost = 1 } },
	{ "bsaee", "", { .sent = 1, .lost = 1 } },
	{ "bsea", "", { .sent = 1, .lost = 1 } },
	{ "bsex", "", { .sent = 1, .lost = 1 } }, /* its loss has been told by now */
	{ "bsaer", "2", { .sent = 1, .lost = 1, .late = 1 } },
	{ "bsaerr", "21", { .sent = 1, .lost = 1, .late = 1 } },
	{ "bsaermrc", "23", { .sent = 1, .lost = 1, .late = 1, .copies = 1 } },
	{ "bsare", "0", { .sent = 1, .received = 1 } },
	{ "bsarme", "0", { .sent = 1, .received = 1 } },
	{ "br", "4", { 0 } },
	{ "bsxr", "4", { 0 } },
	{ "be", "", { 0 } },
	{ "beS", "", { 0 } },
	{ "bsS", "", { .sent = 1, .in_flight = 1 } },
	{ "bxS", "", { 0 } },
	{ "bsrS", "0", { .sent = 1, .received = 1 } },
	{ "bm", "", { 0 } },
	{ "bsam", "", { .sent = 1, .in_flight = 1 } },
};

static void
live(struct place *place, const char *life, struct str *outcomes)
{
	uint64_t sequence = 0;

	for (; *life; life++)
		switch (*life) {
		case 'b':
			sequence = begun(place, NOW);
			break;
		case 's':
			GOOD(place, ledger_sending(place->ledger, sequence, &place->error));
			break;
		case 'S':
			assert_false(ledger_sending(place->ledger, sequence, &place->error));
			break;
		case 'a':
			GOOD(place, ledger_accepted(place->ledger, sequence, &place->error));
			break;
		case 'x':
			GOOD(place, ledger_refused(place->ledger, sequence, &place->error));
			break;
		case 'r':
			str_addf(outcomes, "%d", seen(place, sequence));
			break;
		case 'm':
			GOOD(place, ledger_removed(place->ledger, sequence, &place->error));
			break;
		case 'c':
			GOOD(place, ledger_copied(place->ledger, sequence, &place->error));
			break;
		default:
			expired(place, NOW + LIFE, NULL);
		}
}

static void
test_lives(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
		const char *name = str_f(place->arena, "%s", lives[i].life).at;
		const char *path = str_f(place->arena, "ledger-%s", name).at;
		const struct ledger_counts *wanted = &lives[i].counts;
		struct str outcomes = str_in(place->arena);
		struct ledger_counts got;

		ledger_close(place->ledger);
		place->ledger = opened(place, path, 5);
		live(place, name, &outcomes);
		ledger_close(place->ledger); /* what counts is what the next run finds */
		place->ledger = opened(place, path, 5);
		got = counts_of(place, place->ledger);
		check_slice(name, "outcomes", str_slice(&outcomes), slice_z(lives[i].outcomes));
		check_number(name, "sent", got.sent, wanted->sent);
		check_number(name, "received", got.received, wanted->received);
		check_number(name, "lost", got.lost, wanted->lost);
		check_number(name, "in flight", got.in_flight, wanted->in_flight);
		check_number(name, "late", got.late, wanted->late);
		check_number(name, "copies", got.copies, wanted->copies);
		check_number(name, "oldest", got.oldest, wanted->in_flight ? NOW : 0);
	}
}

static void
test_unknown(void **state)
{
	struct place *place = *state;
	time_t when = 5;

	assert_int_equal(seen(place, 1), LEDGER_UNKNOWN);
	assert_int_equal(seen(place, 0), LEDGER_UNKNOWN);
	assert_int_equal(seen(place, UINT64_MAX), LEDGER_UNKNOWN);
	assert_false(ledger_sent_at(place->ledger, 1, &when));
	assert_int_equal(when, 5);
	assert_true(ledger_sent_at(place->ledger, sent(place, NOW), &when));
	assert_int_equal(when, NOW);
}

/* Sequences are never given out again, also that of one that was refused. */
static void
test_sequences(void **state)
{
	struct place *place = *state;
	uint64_t first = sent(place, NOW), instance = ledger_instance(place->ledger);

	GOOD(place, ledger_refused(place->ledger, first, &place->error));
	ledger_close(place->ledger);
	place->ledger = opened(place, "ledger", 5);
	assert_int_equal(begun(place, NOW), first + 1);
	assert_true(ledger_instance(place->ledger) == instance);
	ledger_close(place->ledger);
	place->ledger = opened(place, "other", 5);
	assert_true(ledger_instance(place->ledger) != instance);
}

static void
test_losses(void **state)
{
	struct place *place = *state;
	struct ledger_loss *losses;
	uint64_t first = sent(place, NOW), second = sent(place, NOW + 1), third;

	GOOD(place, ledger_accepted(place->ledger, second, &place->error));
	third = sent(place, NOW + 2);
	assert_int_equal(expired(place, NOW + LIFE - 1, NULL), 0);
	assert_int_equal(expired(place, NOW + LIFE + 1, &losses), 2);
	assert_int_equal(losses[0].sequence, first);
	assert_int_equal(losses[0].sent, NOW);
	assert_false(losses[0].accepted);
	assert_int_equal(losses[1].sequence, second);
	assert_int_equal(losses[1].sent, NOW + 1);
	assert_true(losses[1].accepted);
	assert_int_equal(counts_of(place, place->ledger).oldest, NOW + 2);
	assert_int_equal(expired(place, NOW + LIFE + 2, &losses), 1);
	assert_int_equal(losses[0].sequence, third);
	for (int i = 0; i < LEDGER_LOSSES + 7; i++)
		sent(place, NOW);
	assert_int_equal(expired(place, NOW + LIFE, NULL), LEDGER_LOSSES);
	assert_int_equal(counts_of(place, place->ledger).in_flight, 7);
	assert_int_equal(expired(place, NOW + LIFE, NULL), 7);
	assert_int_equal(counts_of(place, place->ledger).lost, LEDGER_LOSSES + 10);
}

/* Sent by a clock that was a year ahead: lost after its time by the right one, not in a year. */
static void
test_clock_set_back(void **state)
{
	struct place *place = *state;
	time_t ahead = NOW + 31536000, when;
	uint64_t sequence = sent(place, ahead);

	begun(place, ahead);
	assert_int_equal(expired(place, NOW, NULL), 0);
	assert_true(ledger_sent_at(place->ledger, sequence, &when));
	assert_int_equal(when, NOW);
	assert_int_equal(expired(place, NOW + LIFE - 1, NULL), 0);
	assert_int_equal(expired(place, NOW + LIFE, NULL), 1);
	/* Two runs that looked at the clock one after the other are no clock set back. */
	sequence = sent(place, NOW + 60);
	expired(place, NOW, NULL);
	assert_true(ledger_sent_at(place->ledger, sequence, &when));
	assert_int_equal(when, NOW + 60);
}

static void
by_hand(const char *path, const char *text)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What is over is known for LEDGER_KEPT more messages; what is in flight for as long as it is. */
static void
test_pruned(void **state)
{
	struct place *place = *state;
	uint64_t flying = sent(place, NOW), done = sent(place, NOW), due = sent(place, NOW);
	const char *text;

	seen(place, done);
	GOOD(place, ledger_removed(place->ledger, done, &place->error));
	seen(place, due);
	text = str_f(place->arena,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
	    " INSERT INTO messages (state, sent, until) SELECT 4, %d, %d FROM n",
	    LEDGER_KEPT - 2, NOW, NOW)
	           .at;
	by_hand("ledger", text);
	expired(place, NOW, NULL);
	assert_int_equal(seen(place, done), LEDGER_DONE);
	begun(place, NOW); /* one too many */
	expired(place, NOW, NULL);
	assert_int_equal(seen(place, done), LEDGER_UNKNOWN);
	assert_int_equal(seen(place, due), LEDGER_AGAIN);
	begun(place, NOW);
	expired(place, NOW, NULL);
	assert_int_equal(seen(place, due), LEDGER_UNKNOWN);
	assert_int_equal(seen(place, flying), LEDGER_FIRST);
	assert_int_equal(counts_of(place, place->ledger).sent, 3);
}

/*
 * POSIX locks are a process's: were a descriptor of the file closed by us, the locks of the ledger
 * that is open beside would be gone, and the next process to close would think itself the last
 * and take the log away under it.
 */
static void
test_locks_stay(void **state)
{
	struct place *place = *state;
	int status;
	pid_t child;

	sent(place, NOW);
	ledger_close(opened(place, "ledger", 5));
	child = fork();
	if (child == 0) {
		execl("/proc/self/exe", "test_ledger", "ledger", NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(access("ledger-wal", F_OK), 0);
	sent(place, NOW);
	assert_int_equal(counts_of(place, place->ledger).sent, 2);
	ledger_close(place->ledger);
	place->ledger = NULL;
	assert_int_equal(access("ledger-wal", F_OK), -1);
	assert_int_equal(access("ledger-shm", F_OK), -1);
}

static void *
hold(void *data)
{
	sqlite3 *db = data;
	struct timespec while_waiting = { .tv_nsec = 50000000 };

	nanosleep(&while_waiting, NULL); /* if it were too short, nobody would wait: no failure */
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	return NULL;
}

static void
test_patience(void **state)
{
	struct place *place = *state;
	struct ledger *hasty = opened(place, "ledger", 0);
	pthread_t holder;
	uint64_t sequence = 7;
	sqlite3 *db;

	assert_int_equal(sqlite3_open("ledger", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_false(ledger_begin(hasty, NOW, NOW + LIFE, &sequence, &place->error));
	assert_string_equal(
	    str_z(&place->error), "ledger: other runs are writing to it, for too long");
	assert_int_equal(sequence, 7);
	counts_of(place, hasty); /* who only reads waits for nobody */
	ledger_close(opened(place, "ledger", 0));
	place->error = str_in(place->arena);
	assert_int_equal(pthread_create(&holder, NULL, hold, db), 0);
	sent(place, NOW);
	pthread_join(holder, NULL);
	sqlite3_close(db);
	ledger_close(hasty);
}

enum { THREADS = 4, EACH = 50 };

static void *
messages(void *data)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	bool good = true;

	(void)data;
	for (int i = 0; good && i < EACH; i++) {
		struct ledger *ledger = NULL;
		struct ledger_counts counts;
		enum ledger_outcome outcome = LEDGER_UNKNOWN;
		uint64_t n;

		good = ledger_open(arena, "crowd", span_seconds(60), &ledger, &error)
		    && ledger_begin(ledger, NOW, NOW + LIFE, &n, &error)
		    && ledger_sending(ledger, n, &error) && ledger_accepted(ledger, n, &error)
		    && ledger_counts(ledger, &counts, &error)
		    && ledger_received(ledger, n, &outcome, &error) && outcome == LEDGER_FIRST
		    && ledger_removed(ledger, n, &error);
		ledger_close(ledger);
	}
	if (!good)
		print_error("%s\n", str_z(&error));
	arena_free(arena);
	return good ? NULL : data;
}

/* They make the file together, too. */
static void
test_threads(void **state)
{
	struct place *place = *state;
	pthread_t threads[THREADS];
	struct ledger_counts counts;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, messages, place), 0);
	for (int i = 0; i < THREADS; i++) {
		void *failure;

		pthread_join(threads[i], &failure);
		assert_null(failure);
	}
	ledger_close(place->ledger);
	place->ledger = opened(place, "crowd", 5);
	counts = counts_of(place, place->ledger);
	assert_int_equal(counts.sent, THREADS * EACH);
	assert_int_equal(counts.received, THREADS * EACH);
}

/* In a process that knows nothing of ours. */
static int
open_and_close(const char *path)
{
	sqlite3 *db;

	return sqlite3_open(path, &db) != SQLITE_OK
	    || sqlite3_exec(db, "SELECT * FROM books", NULL, NULL, NULL) != SQLITE_OK
	    || sqlite3_close(db) != SQLITE_OK;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lives, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_sequences, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_losses, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_clock_set_back, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_pruned, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_locks_stay, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_patience, set_up_open, tear_down),
		cmocka_unit_test_setup_teardown(test_threads, set_up_open, tear_down),
	};

	if (argc == 2)
		return open_and_close(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
