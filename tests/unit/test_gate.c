/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of a host: how many at a time, how many a second, and for whom. */
#include <malloc.h>

#include "check.h"
#include "gate.h"

static void
at_a_time(void **state)
{
	struct gate *gate = gate_new();
	span wait;

	(void)state;
	gate_limits(gate, 2, 0);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	assert_int_equal(gate_enter(gate, "A.TEST", &wait), GATE_OPEN);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_BUSY);
	assert_true(wait.ns > 0);
	assert_int_equal(gate_enter(gate, "b.test", &wait), GATE_OPEN);
	gate_leave(gate, "a.test");
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_BUSY);
	gate_limits(gate, 0, 0);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	gate_free(gate);
}

/* However it is written, it is one host. */
static void
spellings(void **state)
{
	static const char *const same[][2] = {
		{ "a.test", "A.Test." },
		{ "::1", "0:0::1" },
		{ "::1", "::1%lo" },
		{ "fe80::A", "fe80:0::a%1" },
		{ "127.0.0.1", "::ffff:127.0.0.1" },
		{ "127.0.0.1", "::ffff:7f00:1" },
	};
	span wait;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		struct gate *gate = gate_new();

		gate_limits(gate, 1, 0);
		assert_int_equal(gate_enter(gate, same[i][0], &wait), GATE_OPEN);
		assert_int_equal(gate_enter(gate, same[i][1], &wait), GATE_BUSY);
		gate_leave(gate, same[i][1]);
		assert_int_equal(gate_enter(gate, same[i][0], &wait), GATE_OPEN);
		gate_free(gate);
	}
}

/* Who leaves learns whether another was sent away meanwhile. */
static void
turns(void **state)
{
	struct gate *gate = gate_new();
	span wait;

	(void)state;
	gate_limits(gate, 1, 0);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	assert_false(gate_leave(gate, "a.test"));
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	assert_int_equal(gate_enter(gate, "b.test", &wait), GATE_OPEN);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_BUSY);
	assert_false(gate_leave(gate, "b.test"));
	assert_true(gate_leave(gate, "a.test"));
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_OPEN);
	assert_false(gate_leave(gate, "a.test"));
	gate_free(gate);
}

/* Enters and leaves until it is refused, and says how often it was let in. */
static unsigned
burst(struct gate *gate, const char *host, unsigned most, span *wait)
{
	unsigned n = 0;

	while (n < most && gate_enter(gate, host, wait) == GATE_OPEN) {
		gate_leave(gate, host);
		n++;
	}
	return n;
}

static void
a_second(void **state)
{
	struct gate *gate = gate_new();
	span wait;

	(void)state;
	gate_limits(gate, 0, 5);
	/* A second's worth at once; on a slow machine a token or two may come meanwhile. */
	assert_in_range(burst(gate, "a.test", 100, &wait), 5, 7);
	assert_int_equal(gate_enter(gate, "a.test", &wait), GATE_RATE);
	assert_in_range(wait.ns, 1, 200000000);
	assert_in_range(burst(gate, "b.test", 100, &wait), 5, 7);
	gate_limits(gate, 0, 0);
	assert_int_equal(burst(gate, "a.test", 100, &wait), 100);
	gate_free(gate);
}

/* A name that was asked for once must not be remembered for ever: URLs are hostile input. */
static void
forgets(void **state)
{
	struct gate *gate = gate_new();
	size_t before = mallinfo2().uordblks;
	char name[32];
	span wait;

	(void)state;
	gate_limits(gate, 1, 0);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "host%u.test", i);
		assert_int_equal(gate_enter(gate, name, &wait), GATE_OPEN);
		gate_leave(gate, name);
	}
	/* A chain drops the idle hosts it has when it is walked: some are left, and not all. */
	assert_in_range(mallinfo2().uordblks - before, 0, 1 << 20);
	gate_free(gate);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_a_time),
		cmocka_unit_test(spellings),
		cmocka_unit_test(turns),
		cmocka_unit_test(a_second),
		cmocka_unit_test(forgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
