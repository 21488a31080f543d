/* SPDX-License-Identifier: BSD-2-Clause */
/* Ranges, thresholds, and the verdict: the fold over findings. */
#include "check.h"

#include <math.h>

#include "judge.h"

static void
ranges(void **state)
{
	static const struct {
		const char *text;
		bool good, inside;
		double low, high;
	} cases[] = {
		{ .text = "10", .good = true, .low = 0, .high = 10 },
		{ .text = "10:", .good = true, .low = 10, .high = INFINITY },
		{ .text = "~:10", .good = true, .low = -INFINITY, .high = 10 },
		{ .text = "10:20", .good = true, .low = 10, .high = 20 },
		{ .text = "@10:20", .good = true, .inside = true, .low = 10, .high = 20 },
		{ .text = "@5", .good = true, .inside = true, .low = 0, .high = 5 },
		{ .text = ":10", .good = true, .low = 0, .high = 10 },
		{ .text = "~:", .good = true, .low = -INFINITY, .high = INFINITY },
		{ .text = "0.25", .good = true, .low = 0, .high = 0.25 },
		{ .text = ".5", .good = true, .low = 0, .high = 0.5 },
		{ .text = "-10:-5.5", .good = true, .low = -10, .high = -5.5 },
		{ .text = "10:10", .good = true, .low = 10, .high = 10 },
		{ .text = "+3", .good = true, .low = 0, .high = 3 },
		{ .text = "" },
		{ .text = "@" },
		{ .text = ":" },
		{ .text = "." },
		{ .text = "-" },
		{ .text = "20:10" },
		{ .text = "-5" },
		{ .text = "10:~" },
		{ .text = "~" },
		{ .text = "1:2:3" },
		{ .text = "@@1" },
		{ .text = " 10" },
		{ .text = "10 " },
		{ .text = "10s" },
		{ .text = "1e3" },
		{ .text = "0x10" },
		{ .text = "inf" },
		{ .text = "nan" },
		{ .text = "1,5" },
		{ .text = "1.2.3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct range range = { 0 };
		bool good = range_parse(slice_z(cases[i].text), &range);

		check_number(cases[i].text, "a range", good, cases[i].good);
		if (!good)
			continue;
		check_number(cases[i].text, "inside", range.inside, cases[i].inside);
		if (range.low != cases[i].low || range.high != cases[i].high)
			fail_msg("%s: got %g to %g, wanted %g to %g", cases[i].text, range.low,
			    range.high, cases[i].low, cases[i].high);
	}
}

static void
alerts(void **state)
{
	static const struct {
		const char *text;
		double value;
		bool wanted;
	} cases[] = {
		{ "10", 10, false },
		{ "10", 10.001, true },
		{ "10", -0.001, true },
		{ "10", 0, false },
		{ "10:", 9.99, true },
		{ "10:", 10, false },
		{ "~:10", -1e9, false },
		{ "~:10", 11, true },
		{ "10:20", 9, true },
		{ "10:20", 15, false },
		{ "10:20", 21, true },
		{ "@10:20", 9, false },
		{ "@10:20", 10, true },
		{ "@10:20", 20, true },
		{ "@10:20", 21, false },
		{ "10", NAN, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct range range;

		assert_true(range_parse(slice_z(cases[i].text), &range));
		check_number(
		    cases[i].text, "alerts", range_alerts(&range, cases[i].value), cases[i].wanted);
	}
}

/* `error`: what the sentence must begin with; NULL where the threshold is good. */
static void
names(void **state)
{
	static const struct {
		const char *spec, *name, *error;
	} cases[] = {
		{ "2", "time", NULL },
		{ "time=2", "time", NULL },
		{ "auth=2", "auth", NULL },
		{ "ehlo_2=2", "ehlo_2", NULL },
		{ "rcpt_117=2", "rcpt_117", NULL },
		{ "cert_days=30:", "cert_days", NULL },
		{ "tcp_rtt=@1:2", "tcp_rtt", NULL },
		{ "auht=2", NULL,
		    "-w auht=2: \"auht\" is neither a phase nor a counted value: write time, a" },
		{ "=2", NULL, "-w =2: \"\" is neither" },
		{ "AUTH=2", NULL, "-w AUTH=2: \"AUTH\" is neither" },
		{ "ehlo_1=2", NULL, "-w ehlo_1=2: \"ehlo_1\" is neither" },
		{ "ehlo_02=2", NULL, "-w ehlo_02=2: \"ehlo_02\" is neither" },
		{ "ehlo_=2", NULL, "-w ehlo_=2: \"ehlo_\" is neither" },
		{ "ehlo_x=2", NULL, "-w ehlo_x=2: \"ehlo_x\" is neither" },
		{ "cert_days_2=2", NULL, "-w cert_days_2=2: \"cert_days_2\" is neither" },
		{ "time_2=2", NULL, "-w time_2=2: \"time_2\" is neither" },
		{ "a=b=2", NULL, "-w a=b=2: \"a=b\" is neither" },
		{ "auth=", NULL,
		    "-w auth=: \"\" is not a range: write 10, 10:, ~:10, 10:20 or @10:20" },
		{ "", NULL, "-w : \"\" is not a range" },
		{ "auth", NULL, "-w auth: \"auth\" is not a range" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct thresholds thresholds = { 0 };
		struct str error = str_in(*state);
		slice wanted = slice_z(cases[i].error);
		bool good = thresholds_add(
		    &thresholds, *state, slice_z(cases[i].spec), STATE_WARNING, &error);

		check_number(cases[i].spec, "is good", good, !cases[i].error);
		check_slice(
		    cases[i].spec, "error", slice_head(str_slice(&error), wanted.n), wanted);
		check_number(cases[i].spec, "thresholds", (long long)thresholds.n, good);
		if (good)
			check_slice(cases[i].spec, "name", thresholds.items[0].name,
			    slice_z(cases[i].name));
	}
}

static void
later_replaces_earlier(void **state)
{
	struct thresholds thresholds = { 0 };
	struct str error = str_in(*state);
	const struct threshold *time;
	char spec[32];

	assert_true(thresholds_add(&thresholds, *state, S("1"), STATE_WARNING, &error));
	for (int i = 2; i < 40; i++) {
		snprintf(spec, sizeof spec, "rcpt_%d=%d", i, i);
		assert_true(
		    thresholds_add(&thresholds, *state, slice_z(spec), STATE_CRITICAL, &error));
	}
	assert_true(thresholds_add(&thresholds, *state, S("5"), STATE_CRITICAL, &error));
	assert_true(thresholds_add(&thresholds, *state, S("time=2"), STATE_WARNING, &error));
	check_number("all", "thresholds", (long long)thresholds.n, 39);
	assert_non_null(time = threshold_for(&thresholds, S("time")));
	check_slice("time", "warning", time->warning.text, S("2"));
	check_slice("time", "critical", time->critical.text, S("5"));
	check_slice("rcpt_39", "critical", threshold_for(&thresholds, S("rcpt_39"))->critical.text,
	    S("39"));
	assert_false(threshold_for(&thresholds, S("rcpt_39"))->has_warning);
	assert_null(threshold_for(&thresholds, S("rcpt")));
}

/*
 * A run of dns 0.1 s, connect 0.2 s, auth 2.3 s, an unmet starttls and quit 3 s. `findings` are
 * letters, each a finding: place (d, c, a, s, q, T for the total, N for none), then state (w, c,
 * u).
 */
static struct result *
run(struct arena *arena, const char *findings)
{
	static const struct {
		enum phase phase;
		int ms;
	} laps[] = { { PHASE_DNS, 100 }, { PHASE_CONNECT, 200 }, { PHASE_AUTH, 2300 },
		{ PHASE_STARTTLS, 0 }, { PHASE_QUIT, 3000 } };
	struct result *result = result_new(arena, "smtp", "SMTP");

	assert_non_null(result);
	result->laps = arena_array(arena, 5, sizeof *result->laps);
	assert_non_null(result->laps);
	for (size_t i = 0; i < 5; i++)
		result->laps[result->lap_count++] = (struct lap){ .phase = laps[i].phase,
			.run = 1,
			.length = span_ms(laps[i].ms),
			.ran = laps[i].ms > 0,
			.goodbye = i == 4 };
	result->total = span_ms(2600);
	result->facts[FACT_CERT_DAYS] = (struct fact_value){
		.known = true, .lap = 2, .number = 12
	};
	for (const char *f = findings; *f; f += 2) {
		const char *place = strchr("dcasq", *f);

		result_add(result,
		    (struct finding){ .cause = CAUSE_REJECTED,
		        .state = f[1] == 'w' ? STATE_WARNING
		            : f[1] == 'c'    ? STATE_CRITICAL
		                             : STATE_UNKNOWN,
		        .lap = place    ? (int)(place - "dcasq")
		            : *f == 'T' ? LAP_TOTAL
		                        : LAP_NONE,
		        .text = slice_z(f) });
	}
	return result;
}

static void
verdicts(void **state)
{
	static const struct {
		const char *findings,
		    *threshold; /* "-w ..." or "-c ..."; several divided by a blank */
		enum state state;
		enum cause cause;
		const char *phase, *text; /* of a recorded finding: its letters and all behind */
	} cases[] = {
		{ "", "", STATE_OK, CAUSE_NONE, NULL, "" },
		{ "awac", "", STATE_CRITICAL, CAUSE_REJECTED, "auth", "ac" },
		{ "accc", "", STATE_CRITICAL, CAUSE_REJECTED, "connect", "cc" },
		{ "dwaudc", "", STATE_CRITICAL, CAUSE_REJECTED, "dns", "dc" },
		{ "dwau", "", STATE_UNKNOWN, CAUSE_REJECTED, "auth", "au" },
		{ "Tcqc", "", STATE_CRITICAL, CAUSE_REJECTED, "quit", "qc" },
		{ "dcNc", "", STATE_CRITICAL, CAUSE_REJECTED, NULL, "Nc" },
		{ "Tc", "", STATE_CRITICAL, CAUSE_REJECTED, "total", "Tc" },
		{ "sc", "", STATE_CRITICAL, CAUSE_REJECTED, "starttls", "sc" },
		{ "", "-c auth=2", STATE_CRITICAL, CAUSE_SLOW, "auth",
		    "2.300s is above 2s (-c auth=2)" },
		{ "", "-w auth=2.3", STATE_OK, CAUSE_NONE, NULL, "" },
		{ "", "-w auth=2.2999", STATE_WARNING, CAUSE_SLOW, "auth",
		    "2.300000s is above 2.2999s (-w auth=2.2999)" },
		{ "", "-w 1 -c 2", STATE_CRITICAL, CAUSE_SLOW, "total",
		    "2.600s is above 2s (-c 2)" },
		{ "", "-w 1 -c 5", STATE_WARNING, CAUSE_SLOW, "total",
		    "2.600s is above 1s (-w 1)" },
		{ "", "-w time=3:", STATE_WARNING, CAUSE_SLOW, "total",
		    "2.600s is below 3s (-w 3:)" },
		{ "", "-c dns=@0:1", STATE_CRITICAL, CAUSE_SLOW, "dns",
		    "0.100s is within 0:1 (-c dns=@0:1)" },
		{ "", "-c cert_days=14:", STATE_CRITICAL, CAUSE_THRESHOLD, "auth",
		    "cert_days 12 is below 14 (-c cert_days=14:)" },
		{ "", "-c tcp_rtt=0 -c starttls=1: -c mail=1:", STATE_OK, CAUSE_NONE, NULL, "" },
		{ "", "-c quit=1", STATE_CRITICAL, CAUSE_SLOW, "quit",
		    "3.000s is above 1s (-c quit=1)" },
		{ "ac", "-c auth=2", STATE_CRITICAL, CAUSE_REJECTED, "auth", "ac" },
		{ "aw", "-w dns=0 -w 0", STATE_WARNING, CAUSE_SLOW, "dns",
		    "0.100s is above 0s (-w dns=0)" },
		{ "dw", "-c 1", STATE_CRITICAL, CAUSE_SLOW, "total", "2.600s is above 1s (-c 1)" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct result *result = run(*state, cases[i].findings);
		struct thresholds thresholds = { 0 };
		struct str error = str_in(*state);
		slice rest = slice_z(cases[i].threshold);
		struct str name = str_in(*state);

		str_addf(&name, "findings \"%s\" thresholds \"%s\"", cases[i].findings,
		    cases[i].threshold);
		while (rest.n > 0) {
			slice option = slice_cut(&rest, ' ');

			assert_true(thresholds_add(&thresholds, *state, slice_cut(&rest, ' '),
			    option.at[1] == 'w' ? STATE_WARNING : STATE_CRITICAL, &error));
		}
		judge(result, &thresholds);
		check_number(str_z(&name), "state", result->verdict.state, cases[i].state);
		check_number(str_z(&name), "cause", result->verdict.cause, cases[i].cause);
		check_slice(str_z(&name), "phase", result->verdict.phase, slice_z(cases[i].phase));
		check_slice(str_z(&name), "text",
		    slice_head(result->verdict.text, strlen(cases[i].text)),
		    slice_z(cases[i].text));
	}
}

static void
findings_are_left_in_order(void **state)
{
	static const char wanted[] = "NcacscTcaudwcwTw";
	struct result *result = run(*state, "dwTccwacTwauscNc");

	judge(result, &(struct thresholds){ 0 });
	check_number("order", "findings", (long long)result->finding_count, 8);
	for (size_t i = 0; i < 8; i++)
		check_slice("order", "finding", slice_head(result->findings[i].text, 2),
		    (slice){ wanted + 2 * i, 2 });
}

static void
no_memory_is_local(void **state)
{
	struct arena *small = arena_new(65536);
	struct result *result;

	(void)state;
	assert_non_null(small);
	result = run(small, "acdw");
	assert_null(arena_alloc(small, 1 << 20));
	judge(result, &(struct thresholds){ 0 });
	check_number("no memory", "state", result->verdict.state, STATE_UNKNOWN);
	check_number("no memory", "cause", result->verdict.cause, CAUSE_LOCAL);
	check_number("no memory", "findings", (long long)result->finding_count, 0);
	check_number("no memory", "a phase", result->verdict.phase.at != NULL, false);
	assert_true(result->verdict.text.n > 0);
	arena_free(small);
}

/* Nothing ran: there is no time that could be too short. */
static void
wrong_options_are_not_slow(void **state)
{
	struct result *result = result_new(*state, "smtp", "SMTP");
	struct thresholds thresholds = { 0 };
	struct str error = str_in(*state);

	assert_true(thresholds_add(&thresholds, *state, S("1:"), STATE_CRITICAL, &error));
	result_add(result,
	    (struct finding){
	        .cause = CAUSE_USAGE, .state = STATE_UNKNOWN, .lap = LAP_NONE, .text = S("x") });
	judge(result, &thresholds);
	check_number("usage", "state", result->verdict.state, STATE_UNKNOWN);
	check_number("usage", "cause", result->verdict.cause, CAUSE_USAGE);
}

static int
begin(void **state)
{
	*state = arena_new(1 << 20);
	return *state ? 0 : -1;
}

static int
end(void **state)
{
	int failed = arena_failed(*state);

	arena_free(*state);
	return failed;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges),
		cmocka_unit_test(alerts),
		cmocka_unit_test_setup_teardown(names, begin, end),
		cmocka_unit_test_setup_teardown(later_replaces_earlier, begin, end),
		cmocka_unit_test_setup_teardown(verdicts, begin, end),
		cmocka_unit_test_setup_teardown(findings_are_left_in_order, begin, end),
		cmocka_unit_test(no_memory_is_local),
		cmocka_unit_test_setup_teardown(wrong_options_are_not_slow, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
