/* SPDX-License-Identifier: BSD-2-Clause */
/* Escapes and numbers, by table. */
#include "check.h"

#include <locale.h>
#include <math.h>

#include "escape.h"
#include "render.h"

static struct str
fresh(void **state)
{
	return str_in(*state);
}

static void
texts(void **state)
{
	static const struct {
		const char *name;
		slice raw, text, json, label;
	} cases[] = {
		{ "plain", SLICE("250 ok"), SLICE("250 ok"), SLICE("\"250 ok\""), SLICE("250 ok") },
		{ "empty", SLICE(""), SLICE(""), SLICE("\"\""), SLICE("") },
		{ "escape", SLICE("\x1b[1m"), SLICE("\\x1b[1m"), SLICE("\"\\u001b[1m\""),
		    SLICE("\xef\xbf\xbd[1m") },
		{ "line ends", SLICE("a\r\nb"), SLICE("a\\x0d\\x0ab"),
		    SLICE("\"a\\u000d\\u000ab\""), SLICE("a\xef\xbf\xbd\\nb") },
		{ "NUL", SLICE("a\0b"), SLICE("a\\x00b"), SLICE("\"a\\u0000b\""),
		    SLICE("a\xef\xbf\xbd"
		          "b") },
		{ "bar", SLICE("a|b"), SLICE("a\\x7cb"), SLICE("\"a\\u007cb\""), SLICE("a|b") },
		{ "quote", SLICE("\"\\"), SLICE("\"\\"), SLICE("\"\\\"\\\\\""), SLICE("\\\"\\\\") },
		{ "DEL", SLICE("\x7f"), SLICE("\\x7f"), SLICE("\"\\u007f\""),
		    SLICE("\xef\xbf\xbd") },
		{ "C1", SLICE("\xc2\x9b"), SLICE("\\xc2\\x9b"), SLICE("\"\\u009b\""),
		    SLICE("\xef\xbf\xbd") },
		{ "override", SLICE("\xe2\x80\xae"), SLICE("\\xe2\\x80\\xae"), SLICE("\"\\u202e\""),
		    SLICE("\xef\xbf\xbd") },
		{ "separator", SLICE("\xe2\x80\xa9"), SLICE("\\xe2\\x80\\xa9"),
		    SLICE("\"\\u2029\""), SLICE("\xef\xbf\xbd") },
		{ "two bytes", SLICE("\xc3\xa9"), SLICE("\xc3\xa9"), SLICE("\"\xc3\xa9\""),
		    SLICE("\xc3\xa9") },
		{ "last character", SLICE("\xf4\x8f\xbf\xbf"), SLICE("\xf4\x8f\xbf\xbf"),
		    SLICE("\"\xf4\x8f\xbf\xbf\""), SLICE("\xf4\x8f\xbf\xbf") },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str text = fresh(state), json = fresh(state), label = fresh(state);

		escape_text(&text, cases[i].raw);
		escape_json(&json, cases[i].raw);
		escape_label(&label, cases[i].raw);
		check_slice(cases[i].name, "text", str_slice(&text), cases[i].text);
		check_slice(cases[i].name, "JSON", str_slice(&json), cases[i].json);
		check_slice(cases[i].name, "label", str_slice(&label), cases[i].label);
	}
}

/*
 * How many U+FFFD there are is fixed by Unicode chapter 3.9, tables 3-8 to 3-11; '.' stands for
 * one.
 */
static void
subparts(void **state)
{
	static const struct {
		const char *name;
		slice raw;
		const char *wanted;
	} cases[] = {
		{ "overlong", SLICE("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41"), "........A" },
		{ "surrogates", SLICE("\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41"), "........A" },
		{ "too high", SLICE("\xf4\x91\x92\x93\xff\x41\x80\xbf\x42"), ".....A..B" },
		{ "cut", SLICE("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41"), "....A" },
		{ "cut at the end", SLICE("a\xf0\x9f\x93"), "a." },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str got = fresh(state);

		for (slice s = cases[i].raw; s.n > 0;) {
			uint32_t c = utf8_take(&s);

			str_addc(&got, c == UTF8_BAD ? '.' : (char)c);
		}
		check_slice(cases[i].name, "characters", str_slice(&got), slice_z(cases[i].wanted));
	}
}

static void
heads(void **state)
{
	static const struct {
		const char *name;
		slice s;
		size_t limit, wanted;
	} cases[] = {
		{ "shorter", SLICE("abc"), 5, 3 },
		{ "as long", SLICE("abc"), 3, 3 },
		{ "ASCII", SLICE("abc"), 2, 2 },
		{ "none", SLICE("abc"), 0, 0 },
		{ "before a character", SLICE("a\xe2\x82\xac"), 1, 1 },
		{ "in it", SLICE("a\xe2\x82\xac"), 3, 1 },
		{ "in four", SLICE("ab\xf0\x9f\x93\xab"), 5, 2 },
		{ "not text", SLICE("\xbf\xbf\xbf\xbf\xbf\xbf"), 5, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_number(cases[i].name, "bytes",
		    (long long)utf8_head(cases[i].s, cases[i].limit).n, (long long)cases[i].wanted);
}

static void
seconds(void **state)
{
	static const struct {
		int64_t ns;
		unsigned decimals;
		const char *wanted;
	} cases[] = {
		{ 0, 6, "0.000000" },
		{ 214312000, 6, "0.214312" },
		{ 214312000, 3, "0.214" },
		{ 1999500000, 3, "2.000" },
		{ 1999499999, 3, "1.999" },
		{ 499, 6, "0.000000" },
		{ 500, 6, "0.000001" },
		{ 1, 9, "0.000000001" },
		{ 1500000000, 0, "2" },
		{ -1500000, 3, "-0.002" },
		{ -1, 3, "0.000" },
		{ INT64_MAX, 9, "9223372036.854775807" },
		{ INT64_MIN, 9, "-9223372036.854775808" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str got = fresh(state);

		escape_seconds(&got, (span){ cases[i].ns }, cases[i].decimals);
		check_slice(cases[i].wanted, "seconds", str_slice(&got), slice_z(cases[i].wanted));
	}
}

static void
numbers(void **state)
{
	static const struct {
		double number;
		const char *wanted;
	} cases[] = {
		{ 0, "0" },
		{ -0.0, "0" },
		{ 41, "41" },
		{ -3, "-3" },
		{ 0.1, "0.1" },
		{ 2.5, "2.5" },
		{ 1e20, "100000000000000000000" },
		{ 1e300, "1e+300" },
		{ 4.2e-7, "4.2e-07" },
		{ INFINITY, "+Inf" },
		{ -INFINITY, "-Inf" },
		{ NAN, "NaN" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str got = fresh(state);

		escape_number(&got, cases[i].number);
		check_slice(cases[i].wanted, "number", str_slice(&got), slice_z(cases[i].wanted));
	}
}

static void
times(void **state)
{
	static const struct {
		time_t time;
		const char *wanted;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1767225599, "2025-12-31T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ -62167219200, "0000-01-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ -62167219201, "" },
		{ 253402300800, "" },
		{ INT64_MAX, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str got = fresh(state);
		bool good = escape_time(&got, cases[i].time);

		check_slice("time", cases[i].wanted, str_slice(&got), slice_z(cases[i].wanted));
		check_number("time", cases[i].wanted, good, *cases[i].wanted != '\0');
	}
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
		cmocka_unit_test_setup_teardown(texts, begin, end),
		cmocka_unit_test_setup_teardown(subparts, begin, end),
		cmocka_unit_test_setup_teardown(heads, begin, end),
		cmocka_unit_test_setup_teardown(seconds, begin, end),
		cmocka_unit_test_setup_teardown(numbers, begin, end),
		cmocka_unit_test_setup_teardown(times, begin, end),
	};

	/* Of whatever machine this is: numbers must not care. */
	setlocale(LC_ALL, "");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
