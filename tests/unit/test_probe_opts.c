/* SPDX-License-Identifier: BSD-2-Clause */
/* What the common options mean together: command lines, completed, with what comes of them. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe_opts.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { WORDS = 16, LINE = 512 };

#define OAUTH "mx -U u --oauth-endpoint=https://a/t --oauth-client-id=i"

static const char *const words[] = { "login", NULL };

static bool
complete(const char *text, struct probe_opts *opts, struct arena *arena, enum cause *cause,
    struct str *error)
{
	const struct opt_table table = { .program = "check_test",
		.about = "tests a test",
		.common = common_options,
		.common_count = &common_option_count,
		.operand = offsetof(struct probe_opts, host) };
	char *line = arena_alloc(arena, LINE);
	char *argv[WORDS + 1] = { line };
	int argc = 1;

	assert_true(snprintf(line, LINE, "check %s", text) < LINE);
	for (char *c = line; *c; c++)
		if (*c == ' ') {
			*c = '\0';
			assert_true(argc < WORDS);
			argv[argc++] = c + 1;
		}
	*opts = (struct probe_opts)PROBE_OPTS_DEFAULTS(NULL);
	opts->auth_words = words;
	if (opts_parse(&table, opts, argc, argv, arena, error) != OPTS_RUN)
		fail_msg("%s: %s", text, str_z(error));
	return probe_opts_complete(opts, arena, cause, error);
}

static const struct {
	const char *line;
	const char *error; /* NULL: complete */
	enum cause cause;
} cases[] = {
	{ "mx", NULL, CAUSE_NONE },
	{ "mx.example.org.", NULL, CAUSE_NONE },
	{ "_dmarc.example.org", NULL, CAUSE_NONE },
	{ "xn--bcher-kva.example", NULL, CAUSE_NONE },
	{ "192.0.2.1", NULL, CAUSE_NONE },
	{ "2001:db8::1", NULL, CAUSE_NONE },
	{ "[2001:db8::1]", NULL, CAUSE_NONE },
	{ "fe80::1%lo", NULL, CAUSE_NONE },
	{ "fe80::1%lo:1", "names a network interface", CAUSE_USAGE },
	{ "-I 192.0.2.1", NULL, CAUSE_NONE },
	{ "-v", "-H is required: write -H HOST", CAUSE_USAGE },
	{ "-H=", "-H: \"=\" is not a host name", CAUSE_USAGE },
	{ "--hostname=", "--hostname: is empty: write HOST", CAUSE_USAGE },
	{ "b\xc3\xbc"
	  "cher.example",
	    "write the A-label form", CAUSE_USAGE },
	{ "a..b", "-H: \"a..b\" is not a host name", CAUSE_USAGE },
	{ ".", "is not a host name", CAUSE_USAGE },
	{ ".a", "is not a host name", CAUSE_USAGE },
	{ "a_b@c", "is not a host name", CAUSE_USAGE },
	{ "-H -p", "is not a host name", CAUSE_USAGE },
	{ "mx:25", "the port with -p", CAUSE_USAGE },
	{ "smtp://mx", "the port with -p", CAUSE_USAGE },
	{ "192.0.2.256", "is not an IPv4 address", CAUSE_USAGE },
	{ "0300.0.2.1", "is not an IPv4 address", CAUSE_USAGE },
	{ "[192.0.2.1]", "is not an IPv6 address in brackets", CAUSE_USAGE },
	{ "[mx]", "is not an IPv6 address in brackets", CAUSE_USAGE },
	{ "mx -I a/b", "-I: \"a/b\" is not a host name", CAUSE_USAGE },
	{ "mx --server-name=a:b", "--server-name: \"a:b\" is not", CAUSE_USAGE },
	{ "mx --source-address=here", "--source-address: \"here\" is not an address", CAUSE_USAGE },
	{ "mx --source-address=[::1]", NULL, CAUSE_NONE },
	{ "mx -I ::1 --source-address=127.0.0.1", "is not of the family", CAUSE_USAGE },
	{ "-4 192.0.2.1", NULL, CAUSE_NONE },
	{ "-4 ::1", "-4: the address of -H is IPv6: leave out -4", CAUSE_USAGE },
	{ "-6 ::1 -I 192.0.2.1", "-6: the address of -I is IPv4", CAUSE_USAGE },
	{ "-6 mx --source-address=192.0.2.1", "-6: the address of --source-address", CAUSE_USAGE },

	{ "mx --resolver=192.0.2.53", NULL, CAUSE_NONE },
	{ "mx --resolver=2001:db8::53@5353", NULL, CAUSE_NONE },
	{ "mx --resolver=ns", "--resolver: \"ns\" is not an address: write one like", CAUSE_USAGE },
	{ "mx --resolver=192.0.2.53:53", "is not an address", CAUSE_USAGE },
	{ "mx --resolver=192.0.2.53@", "is not an address", CAUSE_USAGE },
	{ "mx --resolver=192.0.2.53@0", "is not an address", CAUSE_USAGE },
	{ "mx --resolver=192.0.2.53@65536", "is not an address", CAUSE_USAGE },
	{ "mx --resolver=@53", "is not an address", CAUSE_USAGE },
	{ "mx --resolver=fe80::1%lo", "is not an address", CAUSE_USAGE },

	{ "mx --until=ehlo", NULL, CAUSE_NONE },
	{ "mx --until=ehlo_2", NULL, CAUSE_NONE },
	{ "mx --until=ehlo_1", "--until: \"ehlo_1\" is not a phase: write one of token, dns, ",
	    CAUSE_USAGE },
	{ "mx --until=ehlo_", "is not a phase", CAUSE_USAGE },
	{ "mx --until=total", "is not a phase", CAUSE_USAGE },
	{ "mx -w 1 -c auth=2:3", NULL, CAUSE_NONE },
	{ "mx -w x", "-w", CAUSE_USAGE },
	{ "mx -c nothing=1", "-c", CAUSE_USAGE },
	{ "mx --require=A,B --forbid=b", "--forbid: \"b\" is also in --require", CAUSE_USAGE },

	{ "mx --insecure", NULL, CAUSE_NONE },
	{ "mx --insecure --ca-file=x", "--insecure and --ca-file: ", CAUSE_USAGE },
	{ "mx --insecure --crl-file=x", "--insecure and --crl-file: ", CAUSE_USAGE },
	{ "mx --insecure --dane", "--insecure and --dane: ", CAUSE_USAGE },
	{ "mx --dane --dnssec-anchor=x", NULL, CAUSE_NONE },
	{ "mx -D 3", NULL, CAUSE_NONE },
	{ "mx --tls-min=1.3 --tls-max=1.2", "--tls-min: is above --tls-max", CAUSE_USAGE },
	{ "mx --tls-min=1.2 --tls-max=1.2", NULL, CAUSE_NONE },
	{ "mx --client-key=k", "--client-key: there is no certificate for it", CAUSE_USAGE },
	{ "mx --client-cert=c", NULL, CAUSE_NONE },

	{ "mx -U u -P p", NULL, CAUSE_NONE },
	{ "mx --user=u --password=p --auth=LOGIN", NULL, CAUSE_NONE },
	{ "mx -U u", "-U: there is no password for it", CAUSE_USAGE },
	{ "mx -P p", "-U is required", CAUSE_USAGE },
	{ "mx -U u --password=", "--password: is empty", CAUSE_USAGE },
	{ "mx -U u -P p --password-file=good", "--password and --password-file: write one",
	    CAUSE_USAGE },
	{ "mx -U u -P p --token-file=good", "--password and --token-file: write one", CAUSE_USAGE },
	{ "mx -U u --password-file=good", NULL, CAUSE_NONE },
	{ "mx -U u --password-file=missing", "--password-file: missing: No such file",
	    CAUSE_LOCAL },
	{ "mx -U u --token-file=empty", "--token-file: empty: its first line is empty",
	    CAUSE_LOCAL },
	{ "mx -U u --token-file=good", NULL, CAUSE_NONE },
	{ "mx --token-file=good", "-U is required", CAUSE_USAGE },
	{ "mx --token-file=good --auth=OAUTHBEARER", NULL, CAUSE_NONE },
	{ "mx -U u --oauth-client-id=i", "--oauth-client-id: there is no endpoint", CAUSE_USAGE },
	{ "mx -U u --oauth-cache=c", "--oauth-cache: there is no endpoint", CAUSE_USAGE },
	{ "mx -U u --oauth-client-auth=basic", "--oauth-client-auth: there is no endpoint",
	    CAUSE_USAGE },
	{ "mx -U u --oauth-endpoint=http://a/", "--oauth-endpoint: \"http://a/\" is no URL",
	    CAUSE_USAGE },
	{ "mx -U u --oauth-endpoint=", "--oauth-endpoint: is empty", CAUSE_USAGE },
	{ "mx -U u --oauth-endpoint=https://a/t", "write --oauth-client-id=ID too", CAUSE_USAGE },
	{ OAUTH, "write --oauth-client-secret-file=FILE or", CAUSE_USAGE },
	{ OAUTH " --oauth-client-secret-file=good", NULL, CAUSE_NONE },
	{ OAUTH " --oauth-client-secret-file=good --oauth-client-auth=basic", NULL, CAUSE_NONE },
	{ OAUTH " --oauth-client-secret-file=missing",
	    "--oauth-client-secret-file: missing: No such", CAUSE_LOCAL },
	{ OAUTH " --oauth-client-secret-file=empty", "--oauth-client-secret-file: empty: its first",
	    CAUSE_LOCAL },
	{ OAUTH " --oauth-refresh-token-file=good", "where to keep it, --oauth-cache=FILE",
	    CAUSE_USAGE },
	{ OAUTH " --oauth-refresh-token-file=good --oauth-cache=c", NULL, CAUSE_NONE },
	{ OAUTH " --oauth-refresh-token-file=good --oauth-cache=c --oauth-client-auth=basic",
	    "there is no secret to show", CAUSE_USAGE },
	{ OAUTH " --oauth-refresh-token-file=missing --oauth-cache=c",
	    "--oauth-refresh-token-file: missing: No such", CAUSE_LOCAL },
	{ OAUTH " --oauth-client-secret-file=good --oauth-scope=\xc3\xa9",
	    "must be printable ASCII", CAUSE_USAGE },
	{ OAUTH " --oauth-client-secret-file=good --token-file=good",
	    "--token-file and --oauth-endpoint: write one", CAUSE_USAGE },
	{ OAUTH " --oauth-client-secret-file=good -P p",
	    "--password and --oauth-endpoint: write one", CAUSE_USAGE },
	{ OAUTH " --oauth-client-secret-file=good --auth=XOAUTH2", NULL, CAUSE_NONE },
	{ OAUTH " --oauth-client-secret-file=good --auth=PLAIN",
	    "--auth: none of these mechanisms works", CAUSE_USAGE },
	{ "mx --oauth-endpoint=https://a/t --oauth-client-id=i --oauth-client-secret-file=good",
	    "-U is required", CAUSE_USAGE },
	{ "mx -U u --password-env=TEST_PASSWORD", NULL, CAUSE_NONE },
	{ "mx -U u --password-env=TEST_NONE", "--password-env: \"TEST_NONE\" is not in",
	    CAUSE_USAGE },
	{ "mx -U u --password-env=TEST_EMPTY", "\"TEST_EMPTY\" is empty", CAUSE_USAGE },
	{ "mx -U u --password-env=TEST_LINES", "has a control character", CAUSE_USAGE },
	{ "mx -U u -P p --auth=plain,scram-sha-256", NULL, CAUSE_NONE },
	{ "mx -U u -P p --auth=login", NULL, CAUSE_NONE },
	{ "mx -U u -P p --auth=NTLM",
	    "--auth: \"NTLM\" is not a mechanism that we speak: write one of "
	    "SCRAM-SHA-256-PLUS, ",
	    CAUSE_USAGE },
	{ "mx -U u -P p --auth=apop", ", login", CAUSE_USAGE },
	{ "mx --auth=PLAIN", "--auth: none of these mechanisms works", CAUSE_USAGE },
	{ "mx -U u -P p --auth=XOAUTH2", "--auth: none of these mechanisms works", CAUSE_USAGE },
	{ "mx --auth=EXTERNAL", "--auth: none of these mechanisms works", CAUSE_USAGE },
	{ "mx --auth=EXTERNAL --client-cert=c", NULL, CAUSE_NONE },
	{ "mx --auth=EXTERNAL --client-cert=c -U u", NULL, CAUSE_NONE },
};

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int
set_up(void **state)
{
	char home[] = "/tmp/mailprobe-opts-XXXXXX";

	if (!mkdtemp(home) || chdir(home) != 0)
		return -1;
	put("good", "from the file\n");
	put("empty", "");
	setenv("TEST_PASSWORD", "from the environment", 1);
	setenv("TEST_EMPTY", "", 1);
	setenv("TEST_LINES", "a\nb", 1);
	unsetenv("TEST_NONE");
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = strdup(home);
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	int failed;

	remove("good");
	remove("empty");
	failed = chdir("/") != 0 || rmdir(*state) != 0;
	free(*state);
	return failed;
}

static void
test_cases(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		enum cause cause = CAUSE_NONE;
		struct probe_opts opts;
		bool good = complete(cases[i].line, &opts, arena, &cause, &error);

		if (good != !cases[i].error || cause != cases[i].cause
		    || !strstr(str_z(&error), cases[i].error ? cases[i].error : "")) {
			print_error("%s\n  got    %s: %s\n  wanted %s: %s\n", cases[i].line,
			    cause_infos[cause].name, str_z(&error),
			    cause_infos[cases[i].cause].name, cases[i].error ? cases[i].error : "");
			bad++;
		}
		assert_true(!good || error.n == 0);
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

static void
test_values(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	enum cause cause;
	struct probe_opts o;

	(void)state;
	assert_true(complete("-I [::1] -w 1 -c 2 -c auth=3", &o, arena, &cause, &error));
	assert_string_equal(o.host, "::1");
	assert_string_equal(o.address, "::1");
	assert_int_equal(o.thresholds.n, 2);
	assert_true(threshold_for(&o.thresholds, S("time"))->has_warning);
	assert_false(probe_opts_login(&o));
	assert_true(complete("mx -U u --password-file=good", &o, arena, &cause, &error));
	assert_string_equal(o.password, "from the file");
	assert_true(probe_opts_login(&o));
	assert_true(complete("mx -U u --password-env=TEST_PASSWORD", &o, arena, &cause, &error));
	assert_string_equal(o.password, "from the environment");
	assert_true(complete("mx -U u --token-file=good", &o, arena, &cause, &error));
	assert_string_equal(o.token, "from the file");
	assert_null(o.password);
	assert_true(complete("mx --client-cert=c", &o, arena, &cause, &error));
	assert_string_equal(o.client_key, "c");
	assert_false(probe_opts_login(&o));
	assert_true(complete("mx --client-cert=c --auth=EXTERNAL", &o, arena, &cause, &error));
	assert_true(probe_opts_login(&o));
	arena_free(arena);
}

static void
test_tls_options(void **state)
{
	static const struct {
		const char *line, *wanted;
	} lines[] = {
		{ "mx", NULL },
		{ "mx --insecure", NULL },
		{ "mx -D 3", "-D" },
		{ "mx --ca-file=good", NULL },
		{ "mx --crl-file=good", "--crl-file" },
		{ "mx --client-cert=x", "--client-cert" },
		{ "mx --tls-min=1.2", "--tls-min" },
		{ "mx --server-name=a.example", "--server-name" },
		{ "mx --ciphers=ALL", "--ciphers" },
		{ "mx --dane", "--dane" },
		{ "mx --dnssec-anchor=x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		enum cause cause;
		struct probe_opts o;
		bool good;

		assert_true(complete(lines[i].line, &o, arena, &cause, &error));
		o.tls = TLS_NONE;
		good = probe_opts_transport(&o, 25, 465, &cause, &error);
		if (good != !lines[i].wanted
		    || (!good && !slice_starts(str_slice(&error), slice_z(lines[i].wanted))))
			fail_msg(
			    "%s: got %s, wanted %s", lines[i].line, str_z(&error), lines[i].wanted);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cases, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_tls_options, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
