/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line against the table of the common options and a few rows of every other shape. A
 * case is a line of words and what it must set, written out by dump(): all that differs from the
 * defaults.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "opts_value.h"
#include "probe_opts.h"
#include "sasl.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { WORDS = 16, CEILING = 1 << 20 };

struct own {
	struct probe_opts common;
	bool lmtp;
	struct list rcpt;
	const char *from;
};

static const struct opt own_rows[] = {
	OPT(struct own, lmtp, .name = "lmtp", .letter = 'L', .group = "Own", .help = "speak it"),
	OPT(struct own, rcpt, .name = "rcpt", .letter = 'r', .arg = "ADDR", .help = "a recipient"),
	OPT(struct own, from, .name = "from", .letter = 'f', .arg = "ADDR", .help = "the sender"),
	OPT(struct own, common.tls, .name = "starttls", .letter = 'S', .set = "starttls",
	    .words = tls_words, .compat = true, .help = "the same as --tls=starttls"),
	OPT(struct own, common.tls, .letter = 's', .set = "implicit", .words = tls_words,
	    .compat = true, .help = "the same as --tls=implicit"),
	OPT(struct own, common.password, .name = "secret", .arg = "SECRET", .secret = true,
	    .compat = true, .help = "the same as --password"),
};

static struct opt_table
table(void)
{
	return (struct opt_table){ .program = "check_test",
		.probe = "smtp",
		.about = "tests a test",
		.own = own_rows,
		.own_count = COUNT(own_rows),
		.common = common_options,
		.common_count = &common_option_count,
		.operand = offsetof(struct own, common.host) };
}

static size_t
field_size(enum opt_kind kind)
{
	switch (kind) {
	case OPT_KIND_FLAG:
		return sizeof(bool);
	case OPT_KIND_WORD:
		return sizeof(unsigned);
	case OPT_KIND_STRING:
		return sizeof(const char *);
	case OPT_KIND_LIST:
		return sizeof(struct list);
	case OPT_KIND_PORT:
		return sizeof(struct port);
	case OPT_KIND_DEADLINE:
		return sizeof(struct deadline);
	case OPT_KIND_STATE:
		return sizeof(struct state_choice);
	case OPT_KIND_EXPIRY:
		return sizeof(struct expiry);
	default:
		return 0;
	}
}

static void
dump_field(const struct opt *opt, const void *field, struct str *out)
{
	const struct expiry *expiry = field;
	const struct deadline *deadline = field;
	const struct list *list = field;

	switch (opt->kind) {
	case OPT_KIND_FLAG:
		str_addf(out, "%d", *(const bool *)field);
		break;
	case OPT_KIND_WORD:
		str_addf(out, "%u", *(const unsigned *)field);
		break;
	case OPT_KIND_STRING:
		str_addz(out, *(const char *const *)field);
		break;
	case OPT_KIND_PORT:
		str_addf(out, "%u", ((const struct port *)field)->number);
		break;
	case OPT_KIND_STATE:
		str_addz(out, state_name(((const struct state_choice *)field)->state));
		break;
	case OPT_KIND_DEADLINE:
		str_addf(
		    out, "%gs/%s", span_as_seconds(deadline->after), state_name(deadline->state));
		break;
	case OPT_KIND_EXPIRY:
		str_addf(out, "%g", expiry->warning);
		if (expiry->has_critical)
			str_addf(out, ",%g", expiry->critical);
		break;
	case OPT_KIND_LIST:
		for (size_t i = 0; i < list->n; i++)
			str_addf(
			    out, "%s%.*s", i ? "+" : "", (int)list->items[i].n, list->items[i].at);
		break;
	default:
		break;
	}
}

/* "port=25 hostname=mx", in the order of the table; what two rows share under the first's name. */
static void
dump_rows(const struct opt *rows, size_t n, const struct own *o, const struct own *defaults,
    struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		const char *field = (const char *)o + rows[i].at;
		bool again = rows[i].compat || rows[i].kind >= OPT_KIND_HELP;

		for (size_t j = 0; j < i; j++)
			again |= rows[j].at == rows[i].at && rows[j].kind == rows[i].kind;
		if (again
		    || memcmp(field, (const char *)defaults + rows[i].at, field_size(rows[i].kind))
		        == 0)
			continue;
		str_addf(out, "%s%s=", out->n ? " " : "", rows[i].name);
		dump_field(&rows[i], field, out);
	}
}

/* A command line as the kernel lays it out: word behind word. */
struct line {
	char bytes[512];
	size_t n;
	char *argv[WORDS + 1];
	int argc;
};

static void
split(struct line *line, const char *text)
{
	memset(line, 0, sizeof *line);
	line->n = strlen(text);
	assert_true(line->n < sizeof line->bytes);
	memcpy(line->bytes, text, line->n);
	line->argv[line->argc++] = line->bytes;
	for (size_t i = 0; i < line->n; i++) {
		if (line->bytes[i] != ' ')
			continue;
		line->bytes[i] = '\0';
		assert_true(line->argc < WORDS);
		line->argv[line->argc++] = &line->bytes[i + 1];
	}
	for (size_t i = 0; i < line->n; i++)
		if (line->bytes[i] == '_')
			line->bytes[i] = ' ';
}

static const struct own defaults = { .common = PROBE_OPTS_DEFAULTS(NULL) };

static const char *
parse(struct line *line, struct arena *arena, enum opts_outcome *outcome)
{
	struct opt_table t = table();
	struct own o = defaults;
	struct str error = str_in(arena), out = str_in(arena);

	*outcome = opts_parse(&t, &o, line->argc, line->argv, arena, &error);
	if (*outcome != OPTS_RUN)
		return str_z(&error);
	dump_rows(own_rows, COUNT(own_rows), &o, &defaults, &out);
	dump_rows(common_options, common_option_count, &o, &defaults, &out);
	return str_z(&out);
}

/* A blank ends a word, '_' is a blank in one. */
static const struct {
	const char *line, *wanted;
	enum opts_outcome outcome;
} lines[] = {
	{ "check mx", "hostname=mx", OPTS_RUN },
	{ "check -H mx", "hostname=mx", OPTS_RUN },
	{ "check -Hmx", "hostname=mx", OPTS_RUN },
	{ "check --hostname mx", "hostname=mx", OPTS_RUN },
	{ "check --host=mx", "hostname=mx", OPTS_RUN },
	{ "check -- mx", "hostname=mx", OPTS_RUN },
	{ "check mx -p 25 -L", "lmtp=1 hostname=mx port=25", OPTS_RUN },
	{ "check -t5 mx", "hostname=mx timeout=5s/CRITICAL", OPTS_RUN },
	{ "check -t 0.25:warning", "timeout=0.25s/WARNING", OPTS_RUN },
	{ "check --timeout=86400:Unknown", "timeout=86400s/UNKNOWN", OPTS_RUN },
	{ "check -to 3 -wt 1 -ct 2", "timeout=3s/CRITICAL warning=1 critical=2", OPTS_RUN },
	{ "check -vv", "verbose=2", OPTS_RUN },
	{ "check -v4Lv", "lmtp=1 use-ipv4=1 verbose=2", OPTS_RUN },
	{ "check -46", "use-ipv4=2", OPTS_RUN },
	{ "check -p 1 -p 65535", "port=65535", OPTS_RUN },
	{ "check -p -f -x", "\"-f\" is not a port", OPTS_WRONG },
	{ "check -w 1 -w auth=2:3 -c 5", "warning=1+auth=2:3 critical=5", OPTS_RUN },
	{ "check -r a@x --rcpt=b,c@x", "rcpt=a@x+b,c@x", OPTS_RUN },
	{ "check --require=a,_b_ --require c", "require=a+b+c", OPTS_RUN },
	{ "check --auth=PLAIN", "auth=PLAIN", OPTS_RUN },
	{ "check --tls mx", "hostname=mx tls=4", OPTS_RUN },
	{ "check --tls=OPPORTUNISTIC", "tls=3", OPTS_RUN },
	{ "check -S", "tls=2", OPTS_RUN },
	{ "check -s", "tls=4", OPTS_RUN },
	{ "check --tls-min=1.2 --tls-max=TLSv1.3", "tls-min=3 tls-max=4", OPTS_RUN },
	{ "check -D 30", "certificate=30", OPTS_RUN },
	{ "check -D 30,7.5", "certificate=30,7.5", OPTS_RUN },
	{ "check -D 0", "certificate=0", OPTS_RUN },
	{ "check -o json", "output=1", OPTS_RUN },
	{ "check --output-format=icingaweb2 -o json", "output=1", OPTS_RUN },
	{ "check --tempfail ok --unexpected=critical", "tempfail=OK unexpected=CRITICAL",
	    OPTS_RUN },
	{ "check --proxy-protocol=2", "proxy-protocol=2", OPTS_RUN },
	{ "check -f_", "from= ", OPTS_RUN },
	{ "check --from=", "from=", OPTS_RUN },
	{ "check -U u -P pw mx", "hostname=mx user=u password=pw", OPTS_RUN },
	{ "check -e 220 -e two_words", "expect=220+two words", OPTS_RUN },
	{ "check -h", "", OPTS_HELP },
	{ "check -h --bogus", "", OPTS_HELP },
	{ "check --version", "", OPTS_VERSION },

	{ "check --bogus -h", "--bogus: there is no such option: see --help", OPTS_WRONG },
	{ "check --prot=25", "--prot: there is no such option: write --port, or", OPTS_WRONG },
	{ "check --pasword=hunter2", "--pasword: there is no such option: write --password, or",
	    OPTS_WRONG },
	{ "check --nosuch", "--nosuch: there is no such option", OPTS_WRONG },
	{ "check --=x", "--: there is no such option", OPTS_WRONG },
	{ "check -vZ", "-Z: there is no such option: see --help", OPTS_WRONG },
	{ "check --pass=x",
	    "--pass: fits more than one option: write one of --password-file, "
	    "--password-env, --password",
	    OPTS_WRONG },
	{ "check --port=abc", "--port: \"abc\" is not a port: write a number from 1 to 65535",
	    OPTS_WRONG },
	{ "check --po=0", "--po: \"0\" is not a port", OPTS_WRONG },
	{ "check -p 65536", "-p: \"65536\" is not a port", OPTS_WRONG },
	{ "check -p +25", "-p: \"+25\" is not a port", OPTS_WRONG },
	{ "check -p", "-p: needs a value: write -p PORT", OPTS_WRONG },
	{ "check --port", "--port: needs a value: write --port=PORT", OPTS_WRONG },
	{ "check --lmtp=yes", "--lmtp: takes no value", OPTS_WRONG },
	{ "check --starttls=implicit", "--starttls: takes no value", OPTS_WRONG },
	{ "check -t 0", "-t: \"0\" is not a time limit", OPTS_WRONG },
	{ "check -t 86401", "-t: \"86401\" is not a time limit", OPTS_WRONG },
	{ "check -t 1e3", "is not a time limit", OPTS_WRONG },
	{ "check -t 1.", "is not a time limit", OPTS_WRONG },
	{ "check -t .5", "is not a time limit", OPTS_WRONG },
	{ "check -t 5:", "does not end in a state", OPTS_WRONG },
	{ "check -t 5:bad", "does not end in a state: write SECONDS:STATE", OPTS_WRONG },
	{ "check -D 30,", "-D: \"30,\" is not a number of days", OPTS_WRONG },
	{ "check -D -1", "is not a number of days", OPTS_WRONG },
	{ "check --tempfail=bad", "--tempfail: \"bad\" is not a state: write ok, ", OPTS_WRONG },
	{ "check --tls=yes",
	    "--tls: \"yes\" is unknown: write none, starttls, opportunistic, implicit",
	    OPTS_WRONG },
	{ "check --tls-min=1.4", "\"1.4\" is unknown: write 1.0, 1.1, 1.2, 1.3", OPTS_WRONG },
	{ "check --output-format=mp-test-json", "write one-line", OPTS_WRONG },
	{ "check --auth=", "--auth: \"\" is empty", OPTS_WRONG },
	{ "check --auth=PLAIN,,LOGIN", "has an empty name between commas", OPTS_WRONG },
	{ "check mx other", "\"other\" is one word too many", OPTS_WRONG },
	{ "check -H mx other", "\"other\" is one word too many", OPTS_WRONG },
	{ "check other -H mx", "\"other\" is one word too many", OPTS_WRONG },
	{ "check -H mx -P my secret", "the word behind the secret is one word too many",
	    OPTS_WRONG },
	{ "check -f a\rb", "-f: \"a?b\" has a control character", OPTS_WRONG },
	{ "check --rcpt=a\nDATA", "--rcpt: \"a?DATA\" has a control character", OPTS_WRONG },
	{ "check a\tb", "--hostname: \"a?b\" has a control character", OPTS_WRONG },
	{ "check -P a\x7f"
	  "b",
	    "-P: the value has a control character", OPTS_WRONG },
	{ "check --\n", "--?: there is no such option", OPTS_WRONG },
};

static void
test_lines(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct arena *arena = arena_new(CEILING);
		struct line line;
		enum opts_outcome outcome;
		const char *got;
		bool good;

		split(&line, lines[i].line);
		got = parse(&line, arena, &outcome);
		good = outcome == OPTS_RUN ? strcmp(got, lines[i].wanted) == 0
		                           : strstr(got, lines[i].wanted) != NULL;
		good = good && outcome == lines[i].outcome;
		if (!good) {
			bad++;
			print_error("%s\n  got    %d %s\n  wanted %d %s\n", lines[i].line, outcome,
			    got, lines[i].outcome, lines[i].wanted);
		}
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

static const char *
sample(const struct opt *opt)
{
	if (!opt->arg)
		return NULL;
	switch (opt->kind) {
	case OPT_KIND_WORD:
		return opt->words[0].value ? opt->words[0].word : opt->words[1].word;
	case OPT_KIND_PORT:
		return "2525";
	case OPT_KIND_DEADLINE:
		return "3:unknown";
	case OPT_KIND_STATE:
		return "critical";
	case OPT_KIND_EXPIRY:
		return "30,7";
	default:
		return "text";
	}
}

/* Each option alone changes its own field, and nothing else. */
static void
test_fields(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < common_option_count; i++) {
		const struct opt *opt = &common_options[i];
		struct arena *arena = arena_new(CEILING);
		struct str error = str_in(arena);
		struct probe_opts before, after;
		size_t size = field_size(opt->kind);

		memset(&before, 0, sizeof before);
		memset(&after, 0, sizeof after);
		if (size == 0) {
			assert_false(opts_set(opt, &after, NULL, arena, &error));
			assert_memory_equal(&before, &after, sizeof after);
		} else if (!opts_set(opt, &after, sample(opt), arena, &error)) {
			print_error("--%s: %s\n", opt->name, str_z(&error));
			bad++;
		} else if (memcmp((char *)&before + opt->at, (char *)&after + opt->at, size) == 0
		    && !(opt->compat && opt->words)) { /* --output-format means the default */
			print_error("--%s changes nothing\n", opt->name);
			bad++;
		} else {
			memcpy((char *)&after + opt->at, (char *)&before + opt->at, size);
			if (memcmp(&before, &after, sizeof after) != 0) {
				print_error("--%s changes more than its own field\n", opt->name);
				bad++;
			}
		}
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

/* No two rows of the table answer to the same name or letter. */
static void
test_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < common_option_count; i++) {
		const struct opt *a = &common_options[i];

		assert_true(a->name || a->letter);
		assert_non_null(a->help);
		for (size_t j = 0; j < i; j++) {
			const struct opt *b = &common_options[j];

			if (a->name && b->name)
				assert_string_not_equal(a->name, b->name);
			assert_true(!a->letter || a->letter != b->letter);
		}
	}
}

static const struct {
	const char *line, *left; /* what remains, the words as in `line`, then nothing but NULs */
} secrets[] = {
	{ "check -P hunter2 mx", "check -P  mx" },
	{ "check -Phunter2 mx -v", "check -P mx -v" },
	{ "check -vPhunter2", "check -vP" },
	{ "check --password=hunter2 -v", "check --password= -v" },
	{ "check --password hunter2 -v", "check --password  -v" },
	{ "check --secr hunter2 -P hunter2 mx -v", "check --secr  -P  mx -v" },
	{ "check --password=hunter2", "check --password=" },
	{ "check --bogus -P hunter2 mx", "check --bogus -P  mx" },
	{ "check -h -P hunter2", "check -h -P " },
};

static void
test_secrets(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(secrets); i++) {
		struct arena *arena = arena_new(CEILING);
		struct line line, left;
		enum opts_outcome outcome;

		split(&line, secrets[i].line);
		split(&left, secrets[i].left);
		parse(&line, arena, &outcome);
		if (memcmp(line.bytes, left.bytes, sizeof line.bytes) != 0) {
			print_error("%s leaves", secrets[i].line);
			for (int j = 0; j < line.argc; j++)
				print_error(" \"%s\"", line.argv[j]);
			print_error("\n");
			bad++;
		}
		for (int j = 0; j < left.argc; j++)
			assert_string_equal(line.argv[j], left.argv[j]);
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

/* A password of two words that nobody quoted: the second is told of, and not told. */
static const char *const unquoted[] = {
	"check -P my geheim -U u -H x",
	"check -P my geheim x",
	"check -H x -P my geheim",
	"check -Pmy geheim -H x",
	"check --password my geheim -H x",
	"check --password=my geheim -H x",
	"check --secret my geheim -H x",
};

static void
test_unquoted(void **state)
{
	unsigned bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(unquoted); i++) {
		struct arena *arena = arena_new(CEILING);
		enum opts_outcome outcome;
		struct line line;
		const char *got;

		split(&line, unquoted[i]);
		got = parse(&line, arena, &outcome);
		if (outcome != OPTS_WRONG || !strstr(got, "one word too many")
		    || strstr(got, "geheim")) {
			print_error("%s\n  got    %d %s\n", unquoted[i], outcome, got);
			bad++;
		}
		arena_free(arena);
	}
	assert_int_equal(bad, 0);
}

/* Words that do not follow each other in memory: overwritten where they are. */
static void
test_scattered(void **state)
{
	char program[] = "check", letter[] = "-P", password[] = "hunter2", host[] = "mx";
	char *argv[] = { program, letter, password, host, NULL };
	char nothing[sizeof password] = { 0 };
	struct opt_table t = table();
	struct arena *arena = arena_new(CEILING);
	struct str error = str_in(arena);
	struct own o = defaults;

	(void)state;
	assert_int_equal(opts_parse(&t, &o, 4, argv, arena, &error), OPTS_RUN);
	assert_memory_equal(password, nothing, sizeof password);
	assert_string_equal(o.common.password, "hunter2");
	assert_string_equal(o.common.host, "mx");
	arena_free(arena);
}

static void
test_help(void **state)
{
	struct opt_table t = table();
	struct arena *arena = arena_new(CEILING);
	struct str out = str_in(arena);
	const char *compat;
	slice rest;

	(void)state;
	opts_help(&t, &out);
	compat = strstr(str_z(&out), "For configurations of the Monitoring Plugins:");
	assert_non_null(compat);
	for (size_t i = 0; i < common_option_count; i++) {
		slice name = opts_name(&common_options[i], arena);
		const char *at = strstr(str_z(&out), name.at);

		assert_non_null(at);
		assert_true(!common_options[i].compat || strstr(compat, name.at));
	}
	for (const struct sasl_mechanism *m = sasl_mechanisms; m->name; m++)
		assert_non_null(strstr(str_z(&out), m->name));
	rest = str_slice(&out);
	while (rest.at) {
		slice line = slice_cut(&rest, '\n');

		if (line.n > 80)
			print_error("%zu columns: %.*s\n", line.n, (int)line.n, line.at);
		assert_true(line.n <= 80);
		assert_true(line.n == 0 || line.at[line.n - 1] != ' ');
	}
	arena_free(arena);
}

/* However little memory there is: an outcome, and no crash. */
static void
test_no_memory(void **state)
{
	(void)state;
	for (size_t ceiling = 0; ceiling < 4096; ceiling += 16) {
		struct arena *arena = arena_new(ceiling);
		struct opt_table t = table();
		struct own o = defaults;
		struct str error = str_in(arena);
		enum opts_outcome outcome;
		struct line line;

		split(&line, "check -H mx --rcpt=a --require=a,b,c -P pw -e x -t 5:ok -w 1 -f me");
		outcome = opts_parse(&t, &o, line.argc, line.argv, arena, &error);
		assert_true(outcome == (arena_failed(arena) ? OPTS_LOCAL : OPTS_RUN));
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_unique),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_unquoted),
		cmocka_unit_test(test_scattered),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
