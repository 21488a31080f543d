/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that thresholds and perfdata use: whose they are, and the values of several mailboxes. */
#include "planning.h"
#include "result.h"

#include "check.h" /* last: its fail() is another */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *probe, *name;
	enum fact fact;
	const char *mailbox;
} called[] = {
	{ "imap", "messages", FACT_MESSAGES, NULL },
	{ "imap", "messages[INBOX]", FACT_MESSAGES, "INBOX" },
	{ "imap", "messages[a]b[c]", FACT_MESSAGES, "a]b[c" },
	{ "imap", "oldest_age[Archive/2026]", FACT_OLDEST_AGE, "Archive/2026" },
	{ "imap", "messages[]", FACTS, "" },
	{ "imap", "messages[INBOX", FACTS, "INBOX" },
	{ "imap", "messages]", FACTS, NULL },
	{ "imap", "mailboxes[INBOX]", FACTS, "INBOX" },
	{ "imap", "tcp_rtt[INBOX]", FACTS, "INBOX" },
	{ "imap", "recipients", FACTS, NULL },
	{ "smtp", "recipients", FACT_RECIPIENTS, NULL },
	{ "smtp", "messages", FACTS, NULL },
	{ NULL, "messages", FACT_MESSAGES, NULL },
	{ "pop3", "unseen", FACTS, NULL },
	{ "pop3", "size_bytes", FACT_SIZE_BYTES, NULL },
	{ "imap", "uid_next", FACTS, NULL }, /* not counted */
	{ "imap", "banner", FACTS, NULL },
	{ "imap", "", FACTS, NULL },
};

static void
test_called(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(called); i++) {
		enum side side;
		slice mailbox;
		enum fact fact = fact_called(
		    called[i].probe, slice_z(called[i].name), &side, &mailbox);

		check_number(called[i].name, "fact", fact, called[i].fact);
		if (fact != FACTS)
			check_slice(called[i].name, "mailbox", mailbox, slice_z(called[i].mailbox));
	}
}

static void
test_probes(void **state)
{
	(void)state;
	assert_true(probes_have("", "imap"));
	assert_true(probes_have("imap pop3", "pop3"));
	assert_true(probes_have("imap pop3", NULL));
	assert_false(probes_have("imap pop3", "smtp"));
	assert_false(probes_have("imap pop3", "pop"));
	assert_false(probes_have("imap", ""));
}

static void
test_values(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct result *result = result_new(arena, "imap", "IMAP");
	double number = 0;
	int lap = 0;

	(void)state;
	assert_false(result_value(result, S("messages[A]"), &number, &lap));
	result_set_value(result, FACT_MESSAGES, S("A"), 1, 0);
	result_set_value(result, FACT_MESSAGES, S("B"), 2, 0);
	result_set_value(result, FACT_MESSAGES, S("A"), 3, 1);
	assert_int_equal(result->value_count, 2);
	assert_true(result_value(result, S("messages[A]"), &number, &lap));
	assert_true(number == 3 && lap == 1);
	assert_false(result_value(result, S("messages"), &number, &lap));
	arena_free(arena);
}

/* Labels of a plan: each value once, runs counted, nothing but the farewell behind --until. */
static void
test_plan(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct probe_opts opts = { .host = "192.0.2.1", .tls = TLS_NONE, .until = "list_2" };
	struct plan plan = { 0 };
	struct planning p = planning(&opts, arena, &plan);
	struct str got = str_in(arena);

	(void)state;
	plan_phase(&p, PHASE_LIST);
	plan_phase(&p, PHASE_LIST);
	plan_phase(&p, PHASE_SELECT);
	plan_farewell(&p, PHASE_LOGOUT);
	plan_value(&p, FACT_MESSAGES, (slice){ NULL, 0 });
	plan_value(&p, FACT_MESSAGES, S("A"));
	plan_value(&p, FACT_MESSAGES, (slice){ NULL, 0 });
	for (size_t i = 0; i < plan.phases.n; i++)
		str_addf(&got, "%s ", plan.phases.items[i].at);
	for (size_t i = 0; i < plan.values.n; i++)
		str_addf(&got, "%s ", plan.values.items[i].at);
	check_slice("plan", "labels", str_slice(&got),
	    S("connect banner list list_2 logout tcp_rtt messages messages[A] "));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_called),
		cmocka_unit_test(test_probes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
