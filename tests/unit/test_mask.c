/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Masking: a secret in every form in which a server, or a library on the way, may write it. What is
 * left of a base64 text around a mask is what the neighbours' bits decide, too.
 */
#include "check.h"

#include "b64.h"
#include "mask.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { SECRETS = 3, CEILING = 1 << 20 };

static const struct {
	const char *name;
	slice secrets[SECRETS], text, wanted;
} cases[] = {
	{ "plain", { SLICE("hunter2") }, SLICE("535 hunter2 is wrong"),
	    SLICE("535 **** is wrong") },
	{ "all there is", { SLICE("hunter2") }, SLICE("hunter2"), SLICE("****") },
	{ "all but its last byte", { SLICE("hunter2") }, SLICE("hunter"), SLICE("hunter") },
	{ "twice", { SLICE("hunter2") }, SLICE("hunter2, hunter2"), SLICE("****, ****") },
	{ "adjacent", { SLICE("hunter2") }, SLICE("<hunter2hunter2>"), SLICE("<********>") },
	{ "letter case", { SLICE("hunter2") }, SLICE("HUNTER2 Hunter2"), SLICE("**** ****") },
	{ "between NULs", { SLICE("hunter2") }, SLICE("\0hunter2\0"), SLICE("\0****\0") },
	{ "begun in vain", { SLICE("aab") }, SLICE("aaab"), SLICE("a****") },

	{ "two secrets", { SLICE("probe"), SLICE("hunter2") }, SLICE("probehunter2 probe"),
	    SLICE("******** ****") },
	{ "the longer behind the shorter", { SLICE("abc"), SLICE("abcdef") }, SLICE("abcdefg abcg"),
	    SLICE("****g ****g") },
	{ "the shorter behind the longer", { SLICE("abcdef"), SLICE("abc") }, SLICE("abcdefg abcg"),
	    SLICE("****g ****g") },
	{ "one within the other", { SLICE("bcd"), SLICE("abcde") }, SLICE("abcde bcd"),
	    SLICE("**** ****") },
	{ "an empty one beside", { SLICE(""), SLICE("hunter2") }, SLICE("a hunter2"),
	    SLICE("a ****") },

	{ "base64", { SLICE("hunter2") }, SLICE("aHVudGVyMg=="), SLICE("****g==") },
	{ "base64, one byte before it", { SLICE("hunter2") }, SLICE("eGh1bnRlcjI="),
	    SLICE("eG****I=") },
	{ "base64, two bytes before it", { SLICE("hunter2") }, SLICE("eHhodW50ZXIy"),
	    SLICE("eHh****") },
	{ "base64 of a login", { SLICE("hunter2") }, SLICE("334 AHByb2JlAGh1bnRlcjI="),
	    SLICE("334 AHByb2JlAG****I=") },
	{ "base64 of one byte", { SLICE("q") }, SLICE("(cQ==)"), SLICE("(****)") },
	{ "base64 of two bytes", { SLICE("qz") }, SLICE("(cXo=)"), SLICE("(****)") },
	{ "base64 of three bytes", { SLICE("qzx") }, SLICE("(cXp4)"), SLICE("(****)") },
	{ "base64 for addresses", { SLICE("\xfb\xef\xbe\xff\xff\xff") }, SLICE("++++//// ----____"),
	    SLICE("**** ****") },
	{ "base64 for addresses, shifted", { SLICE("\xff\xff\xff\xff") }, SLICE("eP____8="),
	    SLICE("eP****8=") },
	{ "base64 of one byte for addresses", { SLICE("\xff") }, SLICE("(_w==)"), SLICE("(****)") },

	{ "hexadecimal", { SLICE("jKl\xff") }, SLICE("(6a4b6cff) (6A4B6CFF)"),
	    SLICE("(****) (****)") },
	{ "percent, all of it", { SLICE("jKl") }, SLICE("%6a%4b%6c %6A%4B%6C"),
	    SLICE("**** ****") },
	{ "percent, what has to be", { SLICE("p ss/w") }, SLICE("p%20ss%2fw p%20ss%2Fw"),
	    SLICE("**** ****") },
	{ "percent, above ASCII", { SLICE("p\xc3\xa4ss") }, SLICE("p%c3%a4ss p%C3%A4ss"),
	    SLICE("**** ****") },
	{ "a quoted string", { SLICE("a\"b\\c") }, SLICE("\"a\\\"b\\\\c\""), SLICE("\"****\"") },
	{ "JSON with its slash", { SLICE("a/b\"c") }, SLICE("a\\/b\\\"c a/b\\\"c"),
	    SLICE("**** ****") },
	{ "HTML by name", { SLICE("a<b&c") }, SLICE("a&lt;b&amp;c"), SLICE("****") },
	{ "HTML by hexadecimal numbers", { SLICE("a<b") }, SLICE("a&#x3C;b"), SLICE("****") },
	{ "JSON's \\u", { SLICE("a<b") }, SLICE("a\\u003cb"), SLICE("****") },
	{ "HTML by numbers", { SLICE("a<b&c") }, SLICE("a&#60;b&#38;c"), SLICE("****") },
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *arena = arena_new(CEILING);
		struct list masks = { 0 };

		for (size_t j = 0; j < SECRETS; j++)
			mask_add(arena, &masks, cases[i].secrets[j]);
		check_slice(cases[i].name, "masked", mask_apply(arena, &masks, cases[i].text),
		    cases[i].wanted);
		assert_false(arena_failed(arena));
		arena_free(arena);
	}
}

/* The secret's base64 behind `before` and in front of `after` other bytes: what is its own is masked. */
static void
shifted(slice secret, size_t before, size_t after)
{
	struct arena *arena = arena_new(CEILING);
	struct str bytes = str_in(arena), text = str_in(arena), wanted = str_in(arena);
	struct list masks = { 0 };
	size_t first = (before * 8 + 5) / 6, end = (before + secret.n) * 8 / 6;

	str_add(&bytes, slice_head(S("......"), before));
	str_add(&bytes, secret);
	str_add(&bytes, slice_head(S("......"), after));
	b64_encode(&text, str_slice(&bytes));
	str_add(&wanted, slice_head(str_slice(&text), first));
	str_addz(&wanted, "****");
	str_add(&wanted, slice_skip(str_slice(&text), end));
	mask_add(arena, &masks, secret);
	check_slice(str_f(arena, "%zu bytes behind %zu, before %zu", secret.n, before, after).at,
	    "masked", mask_apply(arena, &masks, str_slice(&text)), str_slice(&wanted));
	arena_free(arena);
}

static void
test_alignments(void **state)
{
	(void)state;
	for (size_t n = 3; n <= 12; n++)
		for (size_t before = 0; before <= 6; before++)
			for (size_t after = 0; after <= 3; after++)
				shifted(slice_head(S("q7Zk!vW2#xLp"), n), before, after);
}

/* What has nothing to hide is not copied. */
static void
test_same_slice(void **state)
{
	struct arena *arena = arena_new(CEILING);
	struct list masks = { 0 };
	slice text = S("250 2.0.0 ok"), got;

	(void)state;
	got = mask_apply(arena, &masks, text);
	assert_ptr_equal(got.at, text.at);
	check_slice("no masks", "text", got, text);
	mask_add(arena, &masks, S("hunter2"));
	got = mask_apply(arena, &masks, text);
	assert_ptr_equal(got.at, text.at);
	check_slice("none found", "text", got, text);
	got = mask_apply(arena, &masks, S(""));
	check_number("empty text", "length", (long long)got.n, 0);
	arena_free(arena);
}

static void
test_empty_secret(void **state)
{
	struct arena *arena = arena_new(CEILING);
	struct list masks = { 0 };

	(void)state;
	mask_add(arena, &masks, S(""));
	mask_add(arena, &masks, (slice){ NULL, 0 });
	check_number("empty and missing", "masks", (long long)masks.n, 0);
	mask_add(arena, &masks, S("hunter2"));
	for (size_t i = 0; i < masks.n; i++)
		assert_true(masks.items[i].n > 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_alignments),
		cmocka_unit_test(test_same_slice),
		cmocka_unit_test(test_empty_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
