/* SPDX-License-Identifier: BSD-2-Clause */
/* Slices: missing against empty, NULs and high bytes, and numbers at their limits. */
#include "check.h"

#define MISSING \
	{ \
		NULL, 0 \
	}

static const struct {
	slice a, b;
	bool eq, eqi, starts, startsi;
} comparisons[] = {
	{ SLICE(""), SLICE(""), .eq = true, .eqi = true, .starts = true, .startsi = true },
	{ MISSING, SLICE(""), .eq = true, .eqi = true, .starts = true, .startsi = true },
	{ SLICE(""), MISSING, .eq = true, .eqi = true, .starts = true, .startsi = true },
	{ MISSING, MISSING, .eq = true, .eqi = true, .starts = true, .startsi = true },
	{ MISSING, SLICE("a"), .eq = false },
	{ SLICE("a"), MISSING, .starts = true, .startsi = true },
	{ SLICE("abc"), SLICE("abc"), .eq = true, .eqi = true, .starts = true, .startsi = true },
	{ SLICE("aBc"), SLICE("AbC"), .eqi = true, .startsi = true },
	{ SLICE("abcd"), SLICE("abc"), .starts = true, .startsi = true },
	{ SLICE("abcd"), SLICE("ABC"), .startsi = true },
	{ SLICE("abc"), SLICE("abcd"), .eq = false },
	{ SLICE("a\0b"), SLICE("a\0c"), .eq = false },
	{ SLICE("a\0b"), SLICE("a\0B"), .eqi = true, .startsi = true },
	{ SLICE("@["), SLICE("`{"), .eq = false },
	{ SLICE("\xc4"), SLICE("\xe4"), .eq = false },
	{ SLICE("\xc3\x84"), SLICE("\xc3\xa4"), .eq = false },
};

static const struct {
	slice text, needle;
	size_t at;
} finds[] = {
	{ SLICE("abcabc"), SLICE("abc"), 0 },
	{ SLICE("abcabc"), SLICE("ca"), 2 },
	{ SLICE("abcabc"), SLICE("bc"), 1 },
	{ SLICE("abc"), SLICE("abcd"), 3 },
	{ SLICE("abc"), SLICE("B"), 3 },
	{ SLICE("abc"), SLICE(""), 0 },
	{ SLICE("a\0b"), SLICE("\0b"), 1 },
	{ SLICE(""), SLICE("a"), 0 },
	{ MISSING, SLICE("a"), 0 },
	{ MISSING, MISSING, 0 },
};

static const struct {
	slice text, trimmed;
} trims[] = {
	{ SLICE(" \ta b\t "), SLICE("a b") },
	{ SLICE("a"), SLICE("a") },
	{ SLICE(" \t "), SLICE("") },
	{ SLICE(""), SLICE("") },
	{ SLICE("\ra\n"), SLICE("\ra\n") },
	{ SLICE("\0 "), SLICE("\0") },
	{ MISSING, MISSING },
};

static const struct {
	slice text;
	char separator;
	slice head, rest;
	bool more;
} cuts[] = {
	{ SLICE("a,b,c"), ',', SLICE("a"), SLICE("b,c"), true },
	{ SLICE("a,"), ',', SLICE("a"), SLICE(""), true },
	{ SLICE(",a"), ',', SLICE(""), SLICE("a"), true },
	{ SLICE(",,a"), ',', SLICE(""), SLICE(",a"), true },
	{ SLICE("a"), ',', SLICE("a"), MISSING, false },
	{ SLICE(""), ',', SLICE(""), MISSING, false },
	{ MISSING, ',', MISSING, MISSING, false },
	{ SLICE("a b"), ',', SLICE("a b"), MISSING, false },
	{ SLICE("a \t b c"), ' ', SLICE("a"), SLICE("b c"), true },
	{ SLICE("a\tb"), ' ', SLICE("a"), SLICE("b"), true },
	{ SLICE("a \t"), ' ', SLICE("a"), SLICE(""), true },
	{ SLICE(" a"), ' ', SLICE(""), SLICE("a"), true },
	{ SLICE("a\0b"), '\0', SLICE("a"), SLICE("b"), true },
};

enum { UNTOUCHED = 77 };

static const struct {
	slice text;
	uint64_t max;
	bool valid;
	uint64_t number;
} numbers[] = {
	{ SLICE("0"), 0, true, 0 },
	{ SLICE("00"), 0, true, 0 },
	{ SLICE("1"), 0, false, UNTOUCHED },
	{ SLICE("9"), 8, false, UNTOUCHED },
	{ SLICE("5"), 9, true, 5 },
	{ SLICE("250"), 599, true, 250 },
	{ SLICE("600"), 599, false, UNTOUCHED },
	{ SLICE("599"), 599, true, 599 },
	{ SLICE("007"), 599, true, 7 },
	{ SLICE("18446744073709551615"), UINT64_MAX, true, UINT64_MAX },
	{ SLICE("18446744073709551616"), UINT64_MAX, false, UNTOUCHED },
	{ SLICE("99999999999999999999999"), UINT64_MAX, false, UNTOUCHED },
	{ SLICE(""), 9, false, UNTOUCHED },
	{ MISSING, 9, false, UNTOUCHED },
	{ SLICE("+1"), 9, false, UNTOUCHED },
	{ SLICE("-1"), UINT64_MAX, false, UNTOUCHED },
	{ SLICE(" 1"), 9, false, UNTOUCHED },
	{ SLICE("1 "), 9, false, UNTOUCHED },
	{ SLICE("0x1"), 99, false, UNTOUCHED },
	{ SLICE("1\0"), 99, false, UNTOUCHED },
	{ SLICE("1.0"), 99, false, UNTOUCHED },
	{ SLICE("\xb2"), 99, false, UNTOUCHED },
};

static void
comparing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		slice a = comparisons[i].a, b = comparisons[i].b;
		char name[60];

		snprintf(name, sizeof name, "row %zu, \"%.*s\"", i, (int)a.n, a.at ? a.at : "");
		check_number(name, "slice_eq", slice_eq(a, b), comparisons[i].eq);
		check_number(name, "slice_eqi", slice_eqi(a, b), comparisons[i].eqi);
		check_number(name, "slice_starts", slice_starts(a, b), comparisons[i].starts);
		check_number(name, "slice_startsi", slice_startsi(a, b), comparisons[i].startsi);
	}
}

static void
finding(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof finds / sizeof *finds; i++)
		check_number(finds[i].needle.at ? finds[i].needle.at : "(missing)", "slice_find",
		    (long long)slice_find(finds[i].text, finds[i].needle), (long long)finds[i].at);
}

static void
trimming(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof trims / sizeof *trims; i++)
		check_slice("slice_trim", "result", slice_trim(trims[i].text), trims[i].trimmed);
}

static void
cutting(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		slice rest = cuts[i].text;
		slice head = slice_cut(&rest, cuts[i].separator);
		char name[40];

		snprintf(name, sizeof name, "cut, row %zu", i);
		check_slice(name, "head", head, cuts[i].head);
		check_slice(name, "rest", rest, cuts[i].rest);
		check_number(name, "rest is there", rest.at != NULL, cuts[i].more);
	}
}

static void
numbering(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		uint64_t number = UNTOUCHED;
		const char *name = numbers[i].text.at ? numbers[i].text.at : "(missing)";

		check_number(name, "valid", slice_number(numbers[i].text, numbers[i].max, &number),
		    numbers[i].valid);
		check_number(name, "number", (long long)number, (long long)numbers[i].number);
	}
}

static void
skipping_and_heads(void **state)
{
	slice none = MISSING;

	(void)state;
	check_slice("abc", "skip 1", slice_skip(S("abc"), 1), S("bc"));
	check_slice("abc", "skip 3", slice_skip(S("abc"), 3), S(""));
	assert_non_null(slice_skip(S("abc"), 3).at);
	check_slice("abc", "skip 4", slice_skip(S("abc"), 4), S(""));
	assert_null(slice_skip(none, 1).at);
	check_slice("abc", "head 2", slice_head(S("abc"), 2), S("ab"));
	check_slice("abc", "head 9", slice_head(S("abc"), 9), S("abc"));
	assert_null(slice_z(NULL).at);
	assert_non_null(slice_z("").at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparing),
		cmocka_unit_test(finding),
		cmocka_unit_test(trimming),
		cmocka_unit_test(cutting),
		cmocka_unit_test(numbering),
		cmocka_unit_test(skipping_and_heads),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
