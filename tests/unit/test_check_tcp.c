/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of check_tcp: what -E makes of lines, what of them may be shown, how -e is met. */
#include "check_tcp.h"

#include "check.h" /* last: its fail() is another */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct own {
	struct probe_opts common;
	struct check_tcp tcp;
};

static const struct {
	const char *name, *send;
	bool escape;
	const char *wanted; /* lines, each ended by '|'; NULL: an error */
} sends[] = {
	{ "a line", "a1 NOOP", false, "a1 NOOP|" },
	{ "backslashes as they are", "a1 \\r\\n", false, "a1 \\r\\n|" },
	{ "two lines", "a1 NOOP\\r\\na2 NOOP\\r\\n", true, "a1 NOOP|a2 NOOP|" },
	{ "bare line feeds", "a\\nb\\n\\nc", true, "a|b|c|" },
	{ "tab and backslash", "a\\tb\\\\n", true, "a\tb\\n|" },
	{ "an escape that is none", "a\\qb", true, "aqb|" },
	{ "a backslash at the end", "a\\", true, "a\\|" },
	{ "nothing", "", false, "" },
	{ "line ends alone", "\\r\\n\\n", true, "" },
};

static void
test_send(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sends); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct own own = { .tcp.escape = sends[i].escape };
		struct str error = str_in(arena), got = str_in(arena);
		enum cause cause = CAUSE_NONE;
		list_add(arena, &own.tcp.send, slice_z(sends[i].send));
		assert_true(check_tcp_complete(
		    &own.tcp, &own.common, 143, arena, &cause, &error));
		for (size_t j = 0; j < own.tcp.send.n; j++) {
			str_add(&got, own.tcp.send.items[j]);
			str_addc(&got, '|');
		}
		check_slice(sends[i].name, "lines", str_slice(&got), slice_z(sends[i].wanted));
		arena_free(arena);
	}
}

static const struct {
	const char *line, *shown, *secret;
} lines[] = {
	{ "a1 NOOP", "a1 NOOP", NULL },
	{ "a1 SELECT LOGIN", "a1 SELECT LOGIN", NULL },
	{ "a1 LOGIN joe hunter2", "a1 LOGIN joe ****", "hunter2" },
	{ "a1 login joe \"hunter2\"", "a1 login joe ****", "hunter2" },
	{ "a1 LOGIN \"us er\" \"pa ss\"", "a1 LOGIN \"us er\" ****", "pa ss" },
	{ "a1 LOGIN joe \"pa\\\"ss\"", "a1 LOGIN joe ****", "pa\"ss" },
	{ "a1 LOGIN \"a\\\" b\" pass", "a1 LOGIN \"a\\\" b\" ****", "pass" },
	{ "a1 LOGIN \"joe", "a1 LOGIN \"joe", NULL },
	{ "a1 AUTHENTICATE PLAIN AGpvZQBodW50ZXIy", "a1 AUTHENTICATE PLAIN ****", "hunter2" },
	{ "a1 AUTHENTICATE PLAIN", "a1 AUTHENTICATE PLAIN", NULL },
	{ "PASS hunter2", "PASS ****", "hunter2" },
	{ "PASS hunter2 x", "PASS ****", "hunter2 x" },
	{ "APOP joe 0123456789abcdef", "APOP joe ****", "0123456789abcdef" },
	{ "AUTH PLAIN AGpvZQBodW50ZXIy", "AUTH PLAIN ****", "AGpvZQBodW50ZXIy" },
	{ "USER joe", "USER joe", NULL },
};

static void
test_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct probe_opts opts = { .verbose = 2 };
		struct result *result = result_new(arena, "imap", "IMAP");
		struct session s = { .common = &opts, .arena = arena, .result = result };
		slice shown = check_tcp_shown(&s, slice_z(lines[i].line));
		bool kept = false;

		check_slice(lines[i].line, "shown", shown, slice_z(lines[i].shown));
		for (size_t j = 0; j < s.secrets.n; j++)
			kept |= lines[i].secret
			    && slice_eq(s.secrets.items[j], slice_z(lines[i].secret));
		check_number(lines[i].line, "made a secret", kept, lines[i].secret != NULL);
		arena_free(arena);
	}
}

static const struct {
	const char *name, *expect, *heard; /* texts separated by '|' */
	bool all;
	uint64_t most;
	unsigned findings;
} expects[] = {
	{ "there", "OK", "* OK hello", false, UINT64_MAX, 0 },
	{ "not there", "NO", "* OK hello", false, UINT64_MAX, 1 },
	{ "one of two", "NO|hello", "* OK hello", false, UINT64_MAX, 0 },
	{ "none of two is one finding", "NO|BAD", "* OK hello", false, UINT64_MAX, 1 },
	{ "all of two", "OK|hello", "* OK hello", true, UINT64_MAX, 0 },
	{ "not all of two", "OK|NO", "* OK hello", true, UINT64_MAX, 1 },
	{ "none of two where all must be", "BAD|NO", "* OK hello", true, UINT64_MAX, 2 },
	{ "beyond --maxbytes", "hello", "* OK hello", false, 6, 1 },
	{ "just within --maxbytes", "hello", "* OK hello", false, 10, 0 },
	{ "an empty text", "", "", false, UINT64_MAX, 0 },
};

static void
test_expect(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(expects); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct probe_opts opts = { .expect_any = !expects[i].all };
		struct check_tcp tcp = { .most = expects[i].most };
		struct result *result = result_new(arena, "imap", "IMAP");
		struct session s = {
			.common = &opts, .arena = arena, .result = result, .running = LAP_NONE
		};

		for (slice rest = slice_z(expects[i].expect); rest.at;)
			list_add(arena, &opts.expect, arena_copy(arena, slice_cut(&rest, '|')));
		check_tcp_expect(&s, &tcp, slice_z(expects[i].heard), LAP_NONE, S("* OK"));
		check_number(expects[i].name, "without a greeting", result->finding_count, 0);
		result_add_lap(
		    result, (struct lap){ .phase = PHASE_BANNER, .run = 1, .ran = true });
		check_tcp_expect(&s, &tcp, slice_z(expects[i].heard), 0, S("* OK"));
		check_number(
		    expects[i].name, "findings", result->finding_count, expects[i].findings);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_expect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
