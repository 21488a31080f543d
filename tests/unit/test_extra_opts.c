/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options files: which one is read, what is taken from it, and what the command line makes of it.
 * Each case writes the same file, plugins.ini in a temporary folder, and gives a command line.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "extra_opts.h"
#include "probe_opts.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { WORDS = 8 };

static int
set_up(void **state)
{
	char home[] = "/tmp/mailprobe-extra-XXXXXX";

	if (!mkdtemp(home) || chdir(home) != 0)
		return -1;
	unsetenv("MP_CONFIG_PATH");
	unsetenv("NAGIOS_CONFIG_PATH");
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = strdup(home);
	return setenv("MP_CONFIG_FILE", "plugins.ini", 1);
}

static int
tear_down(void **state)
{
	int failed;

	remove("plugins.ini");
	remove("other.ini");
	failed = chdir("/") != 0 || rmdir(*state) != 0;
	free(*state);
	return failed;
}

static void
put(const char *path, slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.at, text.n), (ssize_t)text.n);
	close(fd);
}

static enum opts_outcome
parse(char *line, struct probe_opts *opts, struct arena *arena, struct str *error)
{
	const struct opt_table table = { .program = "check_test",
		.about = "tests a test",
		.common = common_options,
		.common_count = &common_option_count,
		.operand = offsetof(struct probe_opts, host) };
	char *argv[WORDS + 1] = { line };
	int argc = 1;

	for (char *c = line; *c; c++)
		if (*c == ' ') {
			*c = '\0';
			assert_true(argc < WORDS);
			argv[argc++] = c + 1;
		}
	return opts_parse(&table, opts, argc, argv, arena, error);
}

static const struct {
	const char *file, *line;
	const char *wanted; /* "HOST PORT USER PASSWORD VERBOSE FIRST-REQUIRE", or the error */
	enum opts_outcome outcome;
} cases[] = {
	{ "[check_test]\nport=25\n", "c --extra-opts mx", "has no section [mx]", OPTS_WRONG },
	{ "[check_test]\nport=25\nuser = me\n", "c mx --extra-opts", "mx 25 me - 0 -", OPTS_RUN },
	{ "[check_test]\np=25\n", "c --extra-opts -H mx", "mx 25 - - 0 -", OPTS_RUN },
	{ "[check_test]\np=25\n", "c -H mx --extra-opts=", "mx 25 - - 0 -", OPTS_RUN },
	{ "[x]\nport=1\n[ two ]\nport=2\n", "c --extra-opts two", "- 2 - - 0 -", OPTS_RUN },
	{ "[two]\nport=2\n", "c --extra-opts=two@plugins.ini", "- 2 - - 0 -", OPTS_RUN },
	{ "[check_test]\nport=2\n", "c --extra-opts=@./plugins.ini", "- 2 - - 0 -", OPTS_RUN },
	{ "[a]\nport=2\n[b]\nuser=b\n", "c --extra-opts=a --extra-opts=b", "- 2 b - 0 -",
	    OPTS_RUN },
	{ "[a]\nport=2\n[b]\n[a]\nuser=u\n", "c --extra-opts=a", "- 2 u - 0 -", OPTS_RUN },
	{ "[a]\n", "c --extra-opts=a", "- 0 - - 0 -", OPTS_RUN },
	{ "# port=1\n; port=1\n\n[a]\r\n  port = 2\r\n", "c --extra-opts=a", "- 2 - - 0 -",
	    OPTS_RUN },
	{ "[a]\npassword= p#;a=b \n", "c --extra-opts=a", "- 0 - p#;a=b 0 -", OPTS_RUN },
	{ "[a]\nverbose\nv=\nverbose=\n", "c --extra-opts=a -v", "- 0 - - 4 -", OPTS_RUN },
	{ "[a]\nrequire=x,y\n", "c --extra-opts=a", "- 0 - - 0 x", OPTS_RUN },
	/* The command line has the last word, wherever --extra-opts stands. */
	{ "[a]\nport=2\n", "c -p 3 --extra-opts=a", "- 3 - - 0 -", OPTS_RUN },
	{ "[a]\nhostname=old\n", "c mx --extra-opts=a", "mx 0 - - 0 -", OPTS_RUN },
	/* It is a value here, no option. */
	{ "[a]\nport=2\n", "c -U --extra-opts=a", "- 0 --extra-opts=a - 0 -", OPTS_RUN },
	{ "[a]\nport=2\n", "c -- --extra-opts=a", "--extra-opts=a 0 - - 0 -", OPTS_RUN },

	{ "port=2\n[a]\n", "c --extra-opts=a", "plugins.ini:1: stands before the first [SECTION]",
	    OPTS_WRONG },
	{ "[b]\nport=2\n", "c --extra-opts=a", "plugins.ini has no section [a]", OPTS_WRONG },
	{ "[a\nport=2\n", "c --extra-opts=a", "plugins.ini:1: a section is written [NAME]",
	    OPTS_WRONG },
	{ "[a]\n=2\n", "c --extra-opts=a", "plugins.ini:2: there is no name", OPTS_WRONG },
	{ "[a]\n--port=2\n", "c --extra-opts=a", "plugins.ini:2: names have no dashes",
	    OPTS_WRONG },
	{ "[a]\n\nprot=2\n", "c --extra-opts=a",
	    "plugins.ini:3: --prot: there is no such option: write --port", OPTS_WRONG },
	{ "[a]\nz=2\n", "c --extra-opts=a", "plugins.ini:2: -z: there is no such option",
	    OPTS_WRONG },
	{ "[a]\nport=x\n", "c --extra-opts=a", "plugins.ini:2: --port: \"x\" is not a port",
	    OPTS_WRONG },
	{ "[a]\nport\n", "c --extra-opts=a", "plugins.ini:2: --port: needs a value", OPTS_WRONG },
	{ "[a]\np\n", "c --extra-opts=a", "plugins.ini:2: -p: needs a value: write -p PORT",
	    OPTS_WRONG },
	{ "[a]\nverbose=1\n", "c --extra-opts=a", "plugins.ini:2: --verbose: takes no value",
	    OPTS_WRONG },
	{ "[a]\npassword=a\rb\n", "c --extra-opts=a",
	    "--password: the value has a control character", OPTS_WRONG },
	{ "[a]\nhelp\n", "c --extra-opts=a", "--help: can stand on the command line only",
	    OPTS_WRONG },
	{ "[a]\nextra-opts=b\n", "c --extra-opts=a",
	    "--extra-opts: can stand on the command line only", OPTS_WRONG },
	{ "[a]\n", "c --extra-opts=a@", "nothing behind the @", OPTS_WRONG },
	{ "[a]\n", "c --extra-opts=a\r", "--extra-opts: there is a control character", OPTS_WRONG },
	{ "[a]\n", "c --extra-opts=a@missing.ini", "missing.ini: No such file", OPTS_LOCAL },
	{ "[a]\n", "c --extra-opts=a@/dev/null", "/dev/null: is not a regular file", OPTS_LOCAL },
};

static const char *
or_dash(const char *z)
{
	return z ? z : "-";
}

static const char *
summary(const struct probe_opts *o, struct arena *arena)
{
	return str_f(arena, "%s %u %s %s %u %s", or_dash(o->host), o->port.number, or_dash(o->user),
	    or_dash(o->password), o->verbose,
	    o->require.n ? arena_copy(arena, o->require.items[0]).at : "-")
	    .at;
}

static void
test_cases(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		struct probe_opts opts = { .host = NULL };
		enum opts_outcome outcome;
		const char *got;
		char line[128];

		put("plugins.ini", slice_z(cases[i].file));
		snprintf(line, sizeof line, "%s", cases[i].line);
		outcome = parse(line, &opts, arena, &error);
		got = outcome == OPTS_RUN ? summary(&opts, arena) : str_z(&error);
		if (outcome != cases[i].outcome || !strstr(got, cases[i].wanted)) {
			print_error("%s\n%s\n  got    %d %s\n  wanted %d %s\n", cases[i].file,
			    cases[i].line, outcome, got, cases[i].outcome, cases[i].wanted);
			bad++;
		}
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

static void
test_nul(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	struct extra_opts extra;

	(void)state;
	put("plugins.ini", S("[check_test]\nuser=a\0b\n"));
	assert_int_equal(extra_opts_read(NULL, "check_test", arena, &extra, &error), OPTS_WRONG);
	assert_non_null(strstr(str_z(&error), "plugins.ini:2: there is a NUL byte"));
	arena_free(arena);
}

/* $MP_CONFIG_FILE before the folders of $NAGIOS_CONFIG_PATH, these in their order. */
static void
test_places(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	struct extra_opts extra;

	put("other.ini", S("[check_test]\nport=1\n"));
	put("plugins.ini", S("[check_test]\nport=2\n"));
	setenv("MP_CONFIG_FILE", "other.ini", 1);
	setenv("NAGIOS_CONFIG_PATH", str_f(arena, "/nonexistent::%s", (char *)*state).at, 1);
	assert_int_equal(extra_opts_read("", "check_test", arena, &extra, &error), OPTS_RUN);
	assert_string_equal(extra.path, "other.ini");
	unsetenv("MP_CONFIG_FILE");
	assert_int_equal(extra_opts_read("", "check_test", arena, &extra, &error), OPTS_RUN);
	assert_string_equal(extra.path, str_f(arena, "%s/plugins.ini", (char *)*state).at);
	assert_int_equal(extra.n, 1);
	assert_string_equal(extra.items[0].value, "2");
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nul, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
