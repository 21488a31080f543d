/* SPDX-License-Identifier: BSD-2-Clause */
/* Base64: the vectors of RFC 4648 section 10, all bytes, and what a strict decoder refuses. */
#include "check.h"

#include "b64.h"

static const struct {
	slice bytes, text;
} pairs[] = {
	{ SLICE(""), SLICE("") },
	{ SLICE("f"), SLICE("Zg==") },
	{ SLICE("fo"), SLICE("Zm8=") },
	{ SLICE("foo"), SLICE("Zm9v") },
	{ SLICE("foob"), SLICE("Zm9vYg==") },
	{ SLICE("fooba"), SLICE("Zm9vYmE=") },
	{ SLICE("foobar"), SLICE("Zm9vYmFy") },
	{ SLICE("\0"), SLICE("AA==") },
	{ SLICE("\0\0\0"), SLICE("AAAA") },
	{ SLICE("\xff\xff\xff"), SLICE("////") },
	{ SLICE("\xfb\xef\xbe"), SLICE("++++") },
	{ SLICE("\0tim\0tanstaaftanstaaf"), SLICE("AHRpbQB0YW5zdGFhZnRhbnN0YWFm") },
};

static const slice broken[] = {
	SLICE("Z"),
	SLICE("Zg"),
	SLICE("Zg="),
	SLICE("Zm9"),
	SLICE("Zm9vY"),
	SLICE("="),
	SLICE("=="),
	SLICE("===="),
	SLICE("Z==="),
	SLICE("=m9v"),
	SLICE("Z=9v"),
	SLICE("Zm=v"),
	SLICE("Zg==Zg=="),
	SLICE("Zm8=Zm8="),
	SLICE("Zg==Zm9v"),
	SLICE("Zh=="),
	SLICE("Zm9="),
	SLICE("Z/=="), /* unused bits that are not zero */
	SLICE("Zm9v\n"),
	SLICE("Zm9v\r\n"),
	SLICE(" Zm9v"),
	SLICE("Zm 9"),
	SLICE("Zm9v\0\0\0\0"),
	SLICE("Zm-v"),
	SLICE("Zm_v"),
	SLICE("Zm9\xff"),
	SLICE("Zm9\x80"),
	SLICE("Zm.v"),
};

static struct arena *
memory(void)
{
	struct arena *arena = arena_new(1 << 20);

	assert_non_null(arena);
	return arena;
}

static void
vectors_go_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena *arena = memory();
		struct str text = str_in(arena), bytes = str_in(arena);

		b64_encode(&text, pairs[i].bytes);
		check_slice(pairs[i].text.at, "encoded", str_slice(&text), pairs[i].text);
		check_number(pairs[i].text.at, "valid", b64_decode(&bytes, pairs[i].text), true);
		check_slice(pairs[i].text.at, "decoded", str_slice(&bytes), pairs[i].bytes);
		arena_free(arena);
	}
}

static void
every_length_and_byte_survives(void **state)
{
	char all[256];

	(void)state;
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)(i * 7 + 3);
	for (size_t n = 0; n <= sizeof all; n++) {
		struct arena *arena = memory();
		struct str text = str_in(arena), bytes = str_in(arena);

		b64_encode(&text, (slice){ all, n });
		assert_int_equal(text.n, (n + 2) / 3 * 4);
		assert_true(b64_decode(&bytes, str_slice(&text)));
		check_slice("all bytes", "decoded", str_slice(&bytes), (slice){ all, n });
		arena_free(arena);
	}
}

static void
broken_text_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct arena *arena = memory();
		struct str bytes = str_in(arena);

		str_addz(&bytes, "before");
		check_number(broken[i].at, "valid", b64_decode(&bytes, broken[i]), false);
		check_slice(broken[i].at, "what stood there", str_slice(&bytes), S("before"));
		check_slice(broken[i].at, "terminated", slice_z(str_z(&bytes)), S("before"));
		arena_free(arena);
	}
}

/* Late in a long text the first groups have been decoded already. */
static void
a_broken_end_takes_back_the_beginning(void **state)
{
	struct arena *arena = memory();
	struct str bytes = str_in(arena);

	(void)state;
	assert_false(b64_decode(&bytes, S("Zm9vYmFyZm9vYmFyZm9vYmFyZm9v!mFy")));
	check_slice("", "out", str_slice(&bytes), S(""));
	str_addz(&bytes, "x");
	check_slice("", "terminated", slice_z(str_z(&bytes)), S("x"));
	arena_free(arena);
}

static void
both_add_to_what_is_there(void **state)
{
	struct arena *arena = memory();
	struct str out = str_in(arena);

	(void)state;
	str_addz(&out, "c=");
	b64_encode(&out, S("n,,"));
	assert_true(b64_decode(&out, S("YQ==")));
	check_slice("", "out", str_slice(&out), S("c=biwsa"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_go_both_ways),
		cmocka_unit_test(every_length_and_byte_survives),
		cmocka_unit_test(broken_text_changes_nothing),
		cmocka_unit_test(a_broken_end_takes_back_the_beginning),
		cmocka_unit_test(both_add_to_what_is_there),
	};

	return cmocka_run_group_tests_name("b64", tests, NULL, NULL);
}
