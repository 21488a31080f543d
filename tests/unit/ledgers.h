/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LEDGERS_H
#define LEDGERS_H

/* What the tests of the ledger share: a folder of their own, and a ledger called "ledger" in it. */

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "ledger.h"

enum { NOW = 1700000000, LIFE = 600 };

struct place {
	char home[64];
	struct arena *arena;
	struct str error;
	struct ledger *ledger;
};

static inline int
sweep(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st, (void)what, (void)at;
	return remove(path);
}

static inline int
set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	if (!place)
		return -1;
	/* In memory, where there is such a folder: each ledger that is closed waits for its disk. */
	strcpy(place->home, "/dev/shm/mailprobe-ledger-XXXXXX");
	if (!mkdtemp(place->home)) {
		strcpy(place->home, "/tmp/mailprobe-ledger-XXXXXX");
		if (!mkdtemp(place->home))
			return -1;
	}
	if (chdir(place->home) != 0)
		return -1;
	place->arena = arena_new(1 << 24);
	place->error = str_in(place->arena);
	*state = place;
	return 0;
}

static inline int
tear_down(void **state)
{
	struct place *place = *state;

	ledger_close(place->ledger);
	arena_free(place->arena);
	if (chdir("/") != 0 || nftw(place->home, sweep, 4, FTW_DEPTH | FTW_PHYS) != 0)
		return -1;
	free(place);
	return 0;
}

static inline struct ledger *
opened(struct place *place, const char *path, double patience)
{
	struct ledger *ledger = NULL;

	if (!ledger_open(place->arena, path, span_seconds(patience), &ledger, &place->error))
		fail_msg("not opened: %s", str_z(&place->error));
	return ledger;
}

/* Fails with the sentence, unless that was good. */
#define GOOD(place, call) \
	do { \
		if (!(call)) \
			fail_msg("%s: %s", #call, str_z(&(place)->error)); \
	} while (0)

static inline struct ledger_counts
counts_of(struct place *place, struct ledger *ledger)
{
	struct ledger_counts counts = { 0 };

	GOOD(place, ledger_counts(ledger, &counts, &place->error));
	return counts;
}

#endif
