/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens: whatever is not exactly what the key has signed is none. */
#include <stdlib.h>
#include <string.h>

#include "token.h"

#include "check.h" /* last: its fail() is another */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct token usual = { 0x0123456789abcdef, 42, 1700000000, 1700000010,
	0xfedcba9876543210 };

static bool
reads(const char *key, slice value, struct token *token)
{
	return token_read(slice_z(key), value, token);
}

static void
check_token(const char *name, const struct token *got, const struct token *wanted)
{
	check_number(name, "instance", (long long)got->instance, (long long)wanted->instance);
	check_number(name, "sequence", (long long)got->sequence, (long long)wanted->sequence);
	check_number(name, "sent", got->sent, wanted->sent);
	check_number(name, "until", got->until, wanted->until);
	check_number(name, "body", (long long)got->body, (long long)wanted->body);
}

static void
test_there_and_back(void **state)
{
	static const struct token tokens[] = {
		{ 0, 0, 0, 0, 0 },
		{ UINT64_MAX, UINT64_MAX, INT64_MAX, INT64_MAX, UINT64_MAX },
		{ 1, 1, 1, 1, 1 },
	};
	struct arena *arena = arena_new(1 << 20);
	struct token got;

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		slice text = token_make(arena, S("a key"), &tokens[i]);

		assert_true(text.at && text.n < 130);
		for (size_t j = 0; j < text.n; j++)
			assert_true(strchr("mp0123456789abcdef-", text.at[j]));
		assert_true(reads("a key", text, &got));
		check_token("there and back", &got, &tokens[i]);
		assert_true(slice_starts(text, token_prefix(arena, tokens[i].instance)));
	}
	assert_false(slice_starts(token_make(arena, S("a key"), &usual), token_prefix(arena, 1)));
	arena_free(arena);
}

/* What stands around it in a field; %s is the token. */
static const struct {
	const char *name, *value;
	bool read;
} fields[] = {
	{ "bare", "%s", true },
	{ "a Message-ID", "<%s@example.org>", true },
	{ "blanks", " \t%s ", true },
	{ "a comment", "(before) <%s@example.org> (behind)", true },
	{ "folded", "\r\n <%s@example.org>", true },
	{ "in the middle of a word", "x%s.y", true },
	{ "a digit behind", "%s0", false },
	{ "a hyphen behind", "%s-", false },
	{ "a hyphen and a digit behind", "%s-0", false },
	{ "another beginning before", "mp1-%s", false },
	{ "cut by a blank", "mp1- %s", false },
};

static void
test_fields(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	slice text = token_make(arena, S("a key"), &usual);
	struct token got;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct str value = str_in(arena);
		const char *hole = strstr(fields[i].value, "%s");

		str_add(&value, (slice){ fields[i].value, (size_t)(hole - fields[i].value) });
		str_add(&value, text);
		str_addz(&value, hole + 2);
		check_number(fields[i].name, "read", reads("a key", str_slice(&value), &got),
		    fields[i].read);
		if (fields[i].read)
			check_token(fields[i].name, &got, &usual);
	}
	assert_false(reads("a key", (slice){ NULL, 0 }, &got));
	assert_false(reads("a key", S(""), &got));
	assert_false(reads("a key", S("mp1-"), &got));
	assert_false(reads("a key", S("mp1-----------------"), &got));
	arena_free(arena);
}

/* Every byte of it is every other byte once. */
static void
test_forged(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	slice text = token_make(arena, S("a key"), &usual);
	struct token got = { .sequence = 7 };
	char forged[256];

	(void)state;
	for (size_t i = 0; i < text.n; i++)
		for (int c = 0; c < 256; c++) {
			memcpy(forged, text.at, text.n);
			if (forged[i] == (char)c)
				continue;
			forged[i] = (char)c;
			if (reads("a key", (slice){ forged, text.n }, &got)) {
				print_error("byte %zu as %d is taken\n", i, c);
				fail();
			}
		}
	check_number("forged", "what was there is untouched", (long long)got.sequence, 7);
	arena_free(arena);
}

static void
test_cut(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	slice text = token_make(arena, S("a key"), &usual);
	struct token got;

	(void)state;
	for (size_t i = 0; i < text.n; i++) {
		char *copy = malloc(i + 1); /* of just that length, for the sanitizers to see */

		memcpy(copy, text.at, i);
		assert_false(reads("a key", (slice){ copy, i }, &got));
		free(copy);
		assert_false(i > 0 && reads("a key", slice_skip(text, i), &got));
	}
	arena_free(arena);
}

static void
test_other_forms(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	slice text = token_make(arena, S("a key"), &usual);
	struct str upper = str_in(arena), zeros = str_in(arena);
	struct token got;

	(void)state;
	for (size_t i = 0; i < text.n; i++)
		str_addc(&upper,
		    text.at[i] >= 'a' && text.at[i] <= 'z' ? (char)(text.at[i] - 32) : text.at[i]);
	assert_false(reads("a key", str_slice(&upper), &got));
	str_addz(&zeros, "mp1-0123456789abcdef-00002a"); /* the same numbers, in other words */
	str_add(&zeros, slice_skip(text, strlen("mp1-0123456789abcdef-2a")));
	assert_false(reads("a key", str_slice(&zeros), &got));
	assert_false(reads("a kez", text, &got));
	assert_false(reads("a key ", text, &got));
	assert_false(reads("", text, &got));
	arena_free(arena);
}

static void
test_instance(void **state)
{
	(void)state;
	assert_true(token_instance(S("a key")) == token_instance(S("a key")));
	assert_true(token_instance(S("a key")) != token_instance(S("a kez")));
}

static const struct {
	const char *name, *one, *other;
	bool same;
} bodies[] = {
	{ "the same", "a\r\nb\r\n", "a\r\nb\r\n", true },
	{ "line ends", "a\r\nb\r\n", "a\nb\n", true },
	{ "empty lines at the end", "a\r\n", "a\r\n\r\n\r\n", true },
	{ "no line end at the end", "a\r\nb", "a\r\nb\r\n", true },
	{ "nothing and empty lines", "", "\r\n\n", true },
	{ "an empty line at the beginning", "a\r\n", "\r\na\r\n", false },
	{ "an empty line between", "a\r\nb\r\n", "a\r\n\r\nb\r\n", false },
	{ "a line less", "a\r\nb\r\n", "a\r\n", false },
	{ "a line more", "a\r\n", "a\r\nb\r\n", false },
	{ "a blank at a line's end", "a\r\n", "a \r\n", false },
	{ "a blank in an empty line", "a\r\n\r\nb\r\n", "a\r\n \r\nb\r\n", false },
	{ "a CR more", "a\r\n", "a\r\r\n", false },
	{ "two lines as one", "a\r\nb\r\n", "ab\r\n", false },
	{ "another letter", "a\r\n", "A\r\n", false },
};

static void
test_digest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++)
		check_number(bodies[i].name, "same",
		    token_digest(slice_z(bodies[i].one)) == token_digest(slice_z(bodies[i].other)),
		    bodies[i].same);
	assert_true(token_digest(S("a\0b\r\n")) != token_digest(S("a\0c\r\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_other_forms),
		cmocka_unit_test(test_instance),
		cmocka_unit_test(test_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
