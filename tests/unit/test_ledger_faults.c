/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each call by which SQLite asks the system for something is where a run is killed, is the first one
 * that the disk is full for, or fails; and each of its allocations. Afterwards the books balance, and
 * have exactly what was said to be done.
 */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "ledgers.h"

/* What befalls the call or allocation with the number `at`. */
static enum { NOTHING, KILLED, DISK_FULL, FAILS, NO_MEMORY } fault;
static long at, calls;

static bool
struck(bool writes)
{
	switch (fault) {
	case KILLED:
		if (++calls == at)
			kill(getpid(), SIGKILL);
		return false;
	case DISK_FULL:
		errno = ENOSPC;
		return writes && ++calls >= at;
	case FAILS:
		errno = EIO;
		return ++calls == at;
	default:
		return false;
	}
}

static int
faulty_open(const char *path, int flags, int mode)
{
	/* The file itself is there. */
	return struck((flags & O_CREAT) != 0) ? -1 : open(path, flags | O_CLOEXEC, mode);
}

static int
faulty_ftruncate(int fd, off_t size)
{
	return struck(true) ? -1 : ftruncate(fd, size);
}

static int
faulty_fcntl(int fd, int command, void *argument)
{
	/* To let go of a lock is what cannot fail; SQLite would look for its holder for ten seconds. */
	bool lets_go = command == F_SETLK && ((struct flock *)argument)->l_type == F_UNLCK;

	if (!(lets_go && fault == FAILS) && struck(false))
		return -1;
	return fcntl(fd, command, argument);
}

static ssize_t
faulty_pread(int fd, void *bytes, size_t n, off64_t where)
{
	return struck(false) ? -1 : pread64(fd, bytes, n, where);
}

static ssize_t
faulty_write(int fd, const void *bytes, size_t n)
{
	return struck(true) ? -1 : write(fd, bytes, n);
}

static ssize_t
faulty_pwrite(int fd, const void *bytes, size_t n, off64_t where)
{
	return struck(true) ? -1 : pwrite64(fd, bytes, n, where);
}

static int
faulty_unlink(const char *path)
{
	return struck(false) ? -1 : unlink(path);
}

static void *
faulty_mmap(void *address, size_t n, int protection, int flags, int fd, off_t where)
{
	return struck(false) ? MAP_FAILED : mmap(address, n, protection, flags, fd, where);
}

static const struct {
	const char *name;
	sqlite3_syscall_ptr call;
} faulty[] = {
	{ "open", (sqlite3_syscall_ptr)faulty_open },
	{ "ftruncate", (sqlite3_syscall_ptr)faulty_ftruncate },
	{ "fcntl", (sqlite3_syscall_ptr)faulty_fcntl },
	{ "pread64", (sqlite3_syscall_ptr)faulty_pread },
	{ "write", (sqlite3_syscall_ptr)faulty_write },
	{ "pwrite64", (sqlite3_syscall_ptr)faulty_pwrite },
	{ "unlink", (sqlite3_syscall_ptr)faulty_unlink },
	{ "mmap", (sqlite3_syscall_ptr)faulty_mmap },
};

static sqlite3_mem_methods memory;

static void *
faulty_malloc(int n)
{
	return fault == NO_MEMORY && ++calls >= at ? NULL : memory.xMalloc(n);
}

static void *
faulty_realloc(void *old, int n)
{
	return fault == NO_MEMORY && ++calls >= at ? NULL : memory.xRealloc(old, n);
}

static int
set_up_faults(void **state)
{
	sqlite3_mem_methods methods;
	sqlite3_vfs *vfs;

	(void)state;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory) != SQLITE_OK)
		return -1;
	methods = memory;
	methods.xMalloc = faulty_malloc;
	methods.xRealloc = faulty_realloc;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK
	    || sqlite3_initialize() != SQLITE_OK)
		return -1;
	vfs = sqlite3_vfs_find(NULL);
	for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++)
		if (vfs->xSetSystemCall(vfs, faulty[i].name, faulty[i].call) != SQLITE_OK)
			return -1;
	return 0;
}

/* What a run has been told that it did, in memory that outlives it. */
struct told {
	bool over; /* it was not killed */
	bool opened, begun, sending, accepted, received, removed, expired;
};

static void
run(struct place *place, volatile struct told *told)
{
	struct ledger *ledger = NULL;
	struct ledger_loss *losses;
	enum ledger_outcome outcome;
	struct str *error = &place->error;
	uint64_t n;
	size_t lost;

	if ((told->opened = ledger_open(place->arena, "ledger", span_seconds(0), &ledger, error))
	    && (told->begun = ledger_begin(ledger, NOW, NOW + LIFE, &n, error))
	    && (told->sending = ledger_sending(ledger, n, error))) {
		told->accepted = ledger_accepted(ledger, n, error);
		told->received = ledger_received(ledger, n, &outcome, error);
		told->removed = ledger_removed(ledger, n, error);
		told->expired = ledger_expire(ledger, NOW, &losses, &lost, error);
	}
	ledger_close(ledger);
	told->over = true;
}

/* Opens it without a fault: what was done is done, and what was not may be only if it was killed. */
static void
judge(struct place *place, const volatile struct told *told, const struct ledger_counts *before)
{
	const char *name = str_f(place->arena, "fault %d at %ld", fault, at).at;
	struct ledger_counts after;
	struct ledger *ledger;
	uint64_t new_sent, new_received;

	fault = NOTHING;
	ledger = opened(place, "ledger", 0);
	after = counts_of(place, ledger);
	ledger_close(ledger);
	new_sent = after.sent - before->sent;
	new_received = after.received - before->received;
	if (told->over) {
		check_number(name, "sent", new_sent, told->sending);
		check_number(name, "received", new_received, told->received);
	} else {
		check_number(name, "sent", new_sent <= 1 && new_sent >= told->sending, true);
		check_number(
		    name, "received", new_received <= 1 && new_received >= told->received, true);
	}
	check_number(name, "lost, late, copies", after.lost + after.late + after.copies,
	    before->lost + before->late + before->copies);
	if (told->accepted && told->received && told->removed && told->expired)
		check_number(name, "said without a reason", str_z(&place->error)[0], 0);
	else if (told->over && !strstr(str_z(&place->error), "ledger: "))
		fail_msg("%s: no sentence: \"%s\"", name, str_z(&place->error));
}

static void
start_over(struct place *place, bool anew)
{
	if (anew)
		for (const char *const *name = (const char *const[]){ "ledger", "ledger-wal",
		         "ledger-shm", "ledger-journal", NULL };
		     *name; name++)
			remove(*name);
	arena_free(place->arena);
	place->arena = arena_new(1 << 24);
	place->error = str_in(place->arena);
}

/* Until a fault comes behind all calls; each time with a new file, or always with the same. */
static void
each(struct place *place, int what, bool anew)
{
	struct told *told = mmap(
	    NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(told != MAP_FAILED);
	start_over(place, true);
	for (long n = 1;; n++) {
		struct ledger_counts before = { 0 };
		bool whole;

		start_over(place, anew);
		if (!anew) {
			struct ledger *ledger = opened(place, "ledger", 0);

			before = counts_of(place, ledger);
			ledger_close(ledger);
		}
		*told = (struct told){ 0 };
		fault = (unsigned)what;
		at = n;
		calls = 0;
		if (what == KILLED) {
			pid_t child = fork();

			if (child == 0) {
				run(place, told);
				_exit(0);
			}
			assert_int_equal(waitpid(child, NULL, 0), child);
			whole = told->over;
		} else {
			run(place, told);
			whole = calls < n;
		}
		judge(place, told, &before);
		if (whole)
			break;
	}
	print_message("%ld places\n", at);
	munmap(told, sizeof *told);
}

static void
test_killed(void **state)
{
	each(*state, KILLED, true);
	each(*state, KILLED, false);
}

static void
test_disk_full(void **state)
{
	each(*state, DISK_FULL, true);
	each(*state, DISK_FULL, false);
}

static void
test_failing(void **state)
{
	each(*state, FAILS, true);
	each(*state, FAILS, false);
}

static void
test_no_memory(void **state)
{
	each(*state, NO_MEMORY, true);
	each(*state, NO_MEMORY, false);
}

/* The sentence of the commonest: what the disk has no room for. */
static void
test_disk_full_sentence(void **state)
{
	struct place *place = *state;
	uint64_t n;

	place->ledger = opened(place, "ledger", 0);
	GOOD(place, ledger_begin(place->ledger, NOW, NOW + LIFE, &n, &place->error));
	fault = DISK_FULL;
	at = calls = 0;
	assert_false(ledger_sending(place->ledger, n, &place->error));
	fault = NOTHING;
	assert_string_equal(str_z(&place->error), "ledger: the disk is full");
	GOOD(place, ledger_sending(place->ledger, n, &place->error));
	assert_int_equal(counts_of(place, place->ledger).sent, 1);
}

/* An arena that is full: refused, and the arena remembers. */
static void
test_full_arena(void **state)
{
	struct place *place = *state;
	size_t ceiling = 0;
	bool good = false;

	for (; !good; ceiling += 64) {
		struct arena *arena = arena_new(ceiling);
		struct str error = str_in(arena);
		struct ledger *ledger = NULL;

		good = ledger_open(arena, "ledger", span_seconds(0), &ledger, &error);
		if (!good && !arena_failed(arena))
			fail_msg("arena of %zu: %s", ceiling, str_z(&error));
		ledger_close(ledger);
		arena_free(arena);
	}
	ledger_close(opened(place, "ledger", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_disk_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_disk_full_sentence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_failing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_full_arena, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, set_up_faults, NULL);
}
