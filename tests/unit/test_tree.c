/* SPDX-License-Identifier: BSD-2-Clause */
/* YAML as a tree: where things stand, what is refused, and lengths of time. */
#include <time.h>

#include "check.h"
#include "tree.h"

static const struct {
	const char *text, *seconds; /* NULL: none */
} spans[] = {
	{ "10s", "10" },
	{ "500ms", "0.5" },
	{ "1m30s", "90" },
	{ "1h", "3600" },
	{ "1d12h", "129600" },
	{ "90", "90" },
	{ "0.25", "0.25" },
	{ "1.5s", "1.5" },
	{ "2w", "1209600" },
	{ "0s", "0" },
	{ "", NULL },
	{ "s", NULL },
	{ "-1s", NULL },
	{ "1s1m", NULL },
	{ "1s1s", NULL },
	{ "0m5", NULL },
	{ "0ms9", NULL },
	{ "1x", NULL },
	{ "1.s", NULL },
	{ ".5s", NULL },
	{ "1e3", NULL },
	{ "0x10", NULL },
	{ "1 s", NULL },
	{ "99999999999999999999s", NULL },
	{ "20y", NULL },
};

/* What is no tree, and the sentence about it. */
static const struct {
	const char *text, *problem;
} wrong[] = {
	{ "a: 1\nb: 2\na: 3\n", "f.yml:3: a: stands here a second time: line 1 has it" },
	{ "b: 1\na: 1\n\nb: {c: 1}\n", "f.yml:4: b: stands here a second time: line 1 has it" },
	{ "a:\n\tb: 1\n", "f.yml:2: found character that cannot start any token" },
	{ "a: 1\nb: \xff\nc: 1\n", "f.yml:2: invalid leading UTF-8 octet" },
	{ "a: 1\n\nb: \xc3(\n", "f.yml:3: invalid trailing UTF-8 octet" },
	{ "a: 1\nb: 1\nc: 1\nd: x\x01y\n", "f.yml:4: control characters are not allowed" },
	{ "a: [1, 2\n", "f.yml:2: did not find expected ',' or ']'" },
	{ "? [1]\n: 2\n", "f.yml:1: a key must be a word" },
	{ "a:\n  \"b\\e[2J\\nc\": {d: 1}\n", "f.yml:2: a: a key must be a word" },
	{ "a: &x [*x]\n",
	    "f.yml:1: a[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: "
	    "is nested too deeply" },
};

static const struct node *
parse(const char *text, struct problems *problems)
{
	problems->path = "f.yml";
	return tree_parse(slice_z(text), problems->arena, problems);
}

static void
lengths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
		span length = { -1 }, wanted;
		bool good = span_parse(slice_z(spans[i].text), &length);

		check_number(spans[i].text, "taken", good, spans[i].seconds != NULL);
		if (!spans[i].seconds) {
			check_number(spans[i].text, "untouched", length.ns, -1);
			continue;
		}
		assert_true(span_parse(slice_z(spans[i].seconds), &wanted));
		check_number(spans[i].text, "length", length.ns, wanted.ns);
	}
}

static void
refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct problems problems = { .arena = arena_new(1 << 22) };

		parse(wrong[i].text, &problems);
		check_number(wrong[i].text, "problems", problems.sentences.n > 0, true);
		check_slice(wrong[i].text, "problem", problems.sentences.items[0],
		    slice_z(wrong[i].problem));
		arena_free(problems.arena);
	}
}

static void
places(void **state)
{
	struct problems problems = { .arena = arena_new(1 << 20) };
	const struct node *root = parse("a: &x\n  b: [p, {c: q}]\nd: *x\ne: ~\nf: ''\n", &problems);
	const struct node *list, *inner;

	(void)state;
	assert_non_null(root);
	assert_int_equal(problems.sentences.n, 0);
	list = tree_child(tree_child(root, "d"), "b"); /* through the alias */
	assert_int_equal(tree_count(list), 2);
	check_slice("alias", "text", list->first->text, S("p"));
	inner = list->first->next->first;
	check_slice("path", "inner", tree_path(inner, problems.arena), S("d.b[1].c"));
	assert_int_equal(inner->line, 2);
	assert_null(tree_child(root, "e")->text.at);
	assert_non_null(tree_child(root, "f")->text.at);
	assert_null(tree_child(root, "g"));
	arena_free(problems.arena);
}

/* Aliases of aliases of aliases: a few lines that would be billions of nodes. */
static void
bomb(void **state)
{
	struct problems problems = { .arena = arena_new(1 << 30) };
	struct str text = str_in(problems.arena);

	(void)state;
	str_addz(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (unsigned i = 1; i < 12; i++)
		str_addf(&text, "a%u: &a%u [*a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u, *a%u]\n", i,
		    i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	assert_null(parse(str_z(&text), &problems));
	assert_true(problems.sentences.n > 0);
	arena_free(problems.arena);
}

/* A mapping of very many keys is looked through for one that stands twice in reasonable time. */
static void
many(void **state)
{
	struct problems problems = { .arena = arena_new(1 << 30) };
	struct str text = str_in(problems.arena);
	clock_t begun = clock();

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		str_addf(&text, "k%u: 1\n", i);
	str_addz(&text, "k50000: 1\n");
	assert_non_null(parse(str_z(&text), &problems));
	assert_int_equal(problems.sentences.n, 1);
	check_slice("many", "problem", problems.sentences.items[0],
	    S("f.yml:100001: k50000: stands here a second time: line 50001 has it"));
	assert_in_range((clock() - begun) / CLOCKS_PER_SEC, 0, 5);
	arena_free(problems.arena);
}

/* Of very many problems the first are told, and how many there are besides. */
static void
shown(void **state)
{
	struct problems problems = { .arena = arena_new(1 << 20) };
	struct str text = str_in(problems.arena);

	(void)state;
	for (unsigned i = 0; i < 250; i++)
		str_addf(&text, "k%u: 1\nk%u: 2\n", i, i);
	assert_non_null(parse(str_z(&text), &problems));
	assert_int_equal(problems.sentences.n, 100);
	assert_int_equal(problems_count(&problems), 250);
	problems_end(&problems);
	check_slice("shown", "last", problems.sentences.items[100], S("and 150 more"));
	arena_free(problems.arena);
}

static void
empty(void **state)
{
	static const char *const texts[] = { "", "# nothing\n", "---\n" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct problems problems = { .arena = arena_new(1 << 20) };
		const struct node *root = parse(texts[i], &problems);

		assert_non_null(root);
		check_number(texts[i], "children", (long long)tree_count(root), 0);
		arena_free(problems.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(refused),
		cmocka_unit_test(places),
		cmocka_unit_test(bomb),
		cmocka_unit_test(many),
		cmocka_unit_test(shown),
		cmocka_unit_test(empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
