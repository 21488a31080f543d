/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several runs at once on one ledger and one mailbox, killed at any moment and started again. All the
 * time the books balance, and in the end they are what the mailbox has seen. LEDGER_SOAK=SECONDS for
 * longer than the one second that it takes; the seed is printed, and read from LEDGER_SEED.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "ledgers.h"

/* So far back the mailbox is searched that nothing in it is older than what a row is kept for. */
enum { RUNS = 3, MOST = 1 << 20, SWEEP = LEDGER_KEPT / 2 };

/* Of a message: it is one store that delivers it, between two of which a run could be killed. */
enum { NOT_YET, THERE, REMOVED };

/* What is outside of all runs: the mailbox, and what they were told. By sequence. */
struct world {
	atomic_uchar mailbox[MOST], first[MOST], late[MOST], given_up[MOST];
	atomic_ulong last, firsts, kills;
	atomic_bool wrong;
};

static struct world *world;

static bool
pick_up(struct ledger *ledger, uint64_t n, struct str *error)
{
	enum ledger_outcome outcome;

	if (!ledger_received(ledger, n, &outcome, error))
		return false;
	if (outcome == LEDGER_FIRST && atomic_fetch_add(&world->first[n], 1) > 0)
		world->wrong = true;
	if (outcome == LEDGER_LATE && atomic_fetch_add(&world->late[n], 1) > 0)
		world->wrong = true;
	if (outcome == LEDGER_UNKNOWN)
		world->wrong = true;
	world->mailbox[n] = REMOVED;
	return ledger_removed(ledger, n, error);
}

static bool
deliver(struct ledger *ledger, int64_t now, unsigned random, struct str *error)
{
	uint64_t n, last;

	if (!ledger_begin(ledger, now, now + 1 + random % 4, &n, error))
		return false;
	if (n >= MOST || world->mailbox[n] != NOT_YET) { /* given out twice */
		world->wrong = true;
		return false;
	}
	if (!ledger_sending(ledger, n, error)) {
		/* Another run, a clock ahead, may have given it up before it was sending. */
		error->n = 0;
		return true;
	}
	last = world->last;
	while (last < n && !atomic_compare_exchange_weak(&world->last, &last, n))
		;
	if (random % 8 == 0)
		return ledger_refused(ledger, n, error);
	if (random % 8 != 1) /* else it gets lost on the way */
		world->mailbox[n] = THERE;
	return ledger_accepted(ledger, n, error);
}

static bool
collect(struct ledger *ledger, int64_t now, struct str *error)
{
	uint64_t last = world->last;
	struct ledger_loss *losses;
	size_t lost;

	for (uint64_t n = last > SWEEP ? last - SWEEP : 1; n <= last; n++)
		if (world->mailbox[n] == THERE && !pick_up(ledger, n, error))
			return false;
	if (!ledger_expire(ledger, now, &losses, &lost, error))
		return false;
	for (size_t i = 0; i < lost; i++)
		if (atomic_fetch_add(&world->given_up[losses[i].sequence], 1) > 0)
			world->wrong = true;
	return true;
}

/* Runs, one after the other, until it is killed. */
static void
runs(unsigned seed)
{
	for (int64_t now = NOW;; now++) {
		struct arena *arena = arena_new(1 << 22);
		struct str error = str_in(arena);
		struct ledger *ledger = NULL;
		struct ledger_counts counts;
		bool good = ledger_open(arena, "ledger", span_seconds(60), &ledger, &error);

		for (int i = 0; good && i < 5; i++)
			good = deliver(ledger, now, (unsigned)rand_r(&seed), &error)
			    && ledger_counts(ledger, &counts, &error) /* they balance */
			    && (rand_r(&seed) % 2 || collect(ledger, now, &error));
		if (!good) {
			print_error("%s\n", str_z(&error));
			world->wrong = true;
			_exit(1);
		}
		ledger_close(ledger);
		arena_free(arena);
	}
}

static pid_t
started(unsigned seed)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		runs(seed);
	return child;
}

static void
soak(double seconds, unsigned seed)
{
	instant until = instant_after(clock_now(), span_seconds(seconds));
	pid_t children[RUNS];

	for (int i = 0; i < RUNS; i++)
		children[i] = started((unsigned)rand_r(&seed));
	while (instant_before(clock_now(), until) && !world->wrong && world->last < MOST - 1000) {
		struct timespec moment = { .tv_nsec = rand_r(&seed) % 8000000 };
		int victim = rand_r(&seed) % RUNS;

		nanosleep(&moment, NULL);
		kill(children[victim], SIGKILL);
		waitpid(children[victim], NULL, 0);
		world->kills++;
		children[victim] = started((unsigned)rand_r(&seed));
	}
	for (int i = 0; i < RUNS; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
}

/* All that is in the mailbox is fetched, and what is out is given up. */
static void
settle(struct place *place)
{
	struct ledger_loss *losses;
	size_t lost;

	for (uint64_t n = 1; n <= world->last; n++)
		if (world->mailbox[n] == THERE)
			GOOD(place, pick_up(place->ledger, n, &place->error));
	do
		GOOD(place, ledger_expire(place->ledger, NOW * 2L, &losses, &lost, &place->error));
	while (lost == LEDGER_LOSSES);
}

static void
test_kills(void **state)
{
	struct place *place = *state;
	const char *seconds = getenv("LEDGER_SOAK"), *wanted = getenv("LEDGER_SEED");
	unsigned seed = wanted ? (unsigned)strtoul(wanted, NULL, 10) : (unsigned)clock_now().ns;
	unsigned long delivered = 0, firsts = 0, given_up = 0;
	struct ledger_counts counts;

	world = mmap(
	    NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(world != MAP_FAILED);
	soak(seconds ? strtod(seconds, NULL) : 1, seed);
	place->ledger = opened(place, "ledger", 5);
	counts = counts_of(place, place->ledger);
	print_message("seed %u: %lu kills; %lu sent, %lu received, %lu lost, %lu in flight\n", seed,
	    world->kills, counts.sent, counts.received, counts.lost, counts.in_flight);
	settle(place);
	counts = counts_of(place, place->ledger);
	for (uint64_t n = 1; n <= world->last; n++) {
		delivered += world->mailbox[n] != NOT_YET;
		firsts += world->first[n];
		given_up += world->given_up[n];
	}
	assert_false(world->wrong);
	check_number("all over", "in flight", counts.in_flight, 0);
	check_number("all over", "sent", counts.sent, counts.received + counts.lost);
	check_number("all over", "received or late", counts.received + counts.late, delivered);
	/* Of what was counted, a killed run may not have had the time to tell. */
	check_number("told", "received",
	    firsts <= counts.received && counts.received <= firsts + world->kills, true);
	check_number("told", "lost", given_up <= counts.lost, true);
	munmap(world, sizeof *world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kills, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
