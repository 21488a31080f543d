/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which mailboxes are leftovers of ours: a name that differs from the form in the least is somebody's
 * mailbox, and must never be deleted.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "imap.h"

#include "check.h" /* last: its fail() is another */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { NOW = 0x6b000000, MACHINE = 0x1234abcd };

static const struct {
	const char *name;
	bool leftover;
} names[] = {
	{ "mailprobe-6affffff-1-2-f", true },
	{ "mailprobe-6affffff-1234abcd-7fffffff-0123456789abcdef", true },
	{ "mailprobe-6affffff-1-2-f-renamed", true },
	{ "mailprobe-6b000000-1-2-f", false }, /* the very second */
	{ "mailprobe-6b000001-1-2-f", false }, /* another machine's, alive for all we know */
	{ "mailprobe-6affffff-1-2", false },
	{ "mailprobe-6affffff-1-2-", false },
	{ "mailprobe-6affffff-1-2-f-", false },
	{ "mailprobe-6affffff-1-2-f-renamed-renamed", false },
	{ "mailprobe-6affffff-1-2-f-Renamed", false },
	{ "mailprobe-6affffff-1-2-f.renamed", false },
	{ "mailprobe-6affffff-1-2-f/notes", false },
	{ "mailprobe-6affffff-1-2-F", false },
	{ "mailprobe-6affffff-1-2-g", false },
	{ "mailprobe-6affffff--2-f", false },
	{ "mailprobe-6affffff-1-2-00123456789abcdef", false },
	{ "mailprobe-6affffff-1-2-f ", false },
	{ " mailprobe-6affffff-1-2-f", false },
	{ "Mailprobe-6affffff-1-2-f", false },
	{ "mailprobe-notes", false },
	{ "mailprobe-", false },
	{ "mailprobe", false },
	{ "INBOX", false },
	{ "", false },
};

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		check_number(names[i].name, "leftover",
		    imap_leftover(slice_z(names[i].name), MACHINE, NOW), names[i].leftover);
}

/* Before its time, a leftover is one whose process was of this machine and is no more. */
static void
test_processes(void **state)
{
	pid_t gone = fork();
	char name[100];

	(void)state;
	if (gone == 0)
		_exit(0);
	assert_true(gone > 0 && waitpid(gone, NULL, 0) == gone);
	snprintf(name, sizeof name, "mailprobe-6bffffff-%x-%x-f", MACHINE, (unsigned)gone);
	assert_true(imap_leftover(slice_z(name), MACHINE, NOW));
	assert_false(imap_leftover(slice_z(name), MACHINE + 1, NOW));
	snprintf(name, sizeof name, "mailprobe-6bffffff-%x-%x-f", MACHINE, (unsigned)getpid());
	assert_false(imap_leftover(slice_z(name), MACHINE, NOW));
	snprintf(name, sizeof name, "mailprobe-6bffffff-%x-1-f", MACHINE);
	assert_false(imap_leftover(slice_z(name), MACHINE, NOW));
	snprintf(name, sizeof name, "mailprobe-6bffffff-%x-ffffffff-f", MACHINE);
	assert_false(imap_leftover(slice_z(name), MACHINE, NOW));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
