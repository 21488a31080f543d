/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of tokens: its lines, what damage does to them, and the file with its lock. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "oauth_cache.h"

#define WHOSE "0123456789abcdef"
#define ORIGIN "fedcba9876543210"

static const struct oauth_key ours = { SLICE(WHOSE), { NULL, 0 } };
static const struct oauth_key refreshing = { SLICE(WHOSE), SLICE(ORIGIN) };
static const struct oauth_key others = { SLICE("ffff"), { NULL, 0 } };

static const struct oauth_entry full = {
	.access = SLICE("ya29.a token"),
	.refresh = SLICE("1//r"),
	.obtained = 1000,
	.expires = 4600,
};

static void
same(const char *name, const struct oauth_entry *got, const struct oauth_entry *wanted)
{
	check_slice(name, "access", got->access, wanted->access);
	check_slice(name, "refresh", got->refresh, wanted->refresh);
	check_number(name, "obtained", got->obtained, wanted->obtained);
	check_number(name, "expires", got->expires, wanted->expires);
}

static void
lines(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct oauth_entry got, empty = { .obtained = 5 };
	slice content = oauth_replaced(arena, S(""), &ours, &full);

	(void)state;
	check_number("one", "found", oauth_find(arena, content, &ours, &got), OAUTH_ENTRY);
	same("one", &got, &full);
	check_number("other", "found", oauth_find(arena, content, &others, &got), OAUTH_NONE);
	check_number("origin", "found", oauth_find(arena, content, &refreshing, &got), OAUTH_NONE);
	content = oauth_replaced(arena, content, &others, &empty);
	check_number("two", "found", oauth_find(arena, content, &ours, &got), OAUTH_ENTRY);
	same("two", &got, &full);
	check_number("empty", "found", oauth_find(arena, content, &others, &got), OAUTH_ENTRY);
	same("empty", &got, &empty);
	content = oauth_replaced(arena, content, &refreshing, &empty);
	check_number("place", "found", oauth_find(arena, content, &ours, &got), OAUTH_NONE);
	check_number("place", "found", oauth_find(arena, content, &refreshing, &got), OAUTH_ENTRY);
	check_number("other", "found", oauth_find(arena, content, &others, &got), OAUTH_ENTRY);
	arena_free(arena);
}

/* Whatever byte is another: never a token that was not there. */
static void
damage(void **state)
{
	struct arena *arena = arena_new(64 << 20);
	slice whole = oauth_replaced(arena, S(""), &refreshing, &full);
	struct oauth_entry got;

	(void)state;
	for (size_t i = 0; i < whole.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			char *bytes = (char *)arena_copy(arena, whole).at;

			bytes[i] ^= (char)(1 << bit);
			if (oauth_find(arena, (slice){ bytes, whole.n }, &refreshing, &got)
			    == OAUTH_ENTRY)
				check_number("damage", "at", (long long)i, (long long)whole.n - 1);
		}
	for (size_t n = 1; n + 1 < whole.n; n++)
		check_number("cut", "found",
		    oauth_find(arena, slice_head(whole, n), &refreshing, &got), OAUTH_DAMAGED);
	check_number("no end", "found",
	    oauth_find(arena, slice_head(whole, whole.n - 1), &refreshing, &got), OAUTH_ENTRY);
	arena_free(arena);
}

static void
strangers_lines(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct oauth_entry got;
	slice content = oauth_replaced(arena, S("what is\n\nthis"), &ours, &full);

	(void)state;
	check_slice("kept", "content", slice_head(content, 13), S("what is\nthis\n"));
	check_number("kept", "found", oauth_find(arena, content, &ours, &got), OAUTH_ENTRY);
	check_number("kept", "found", oauth_find(arena, content, &others, &got), OAUTH_DAMAGED);
	content = oauth_replaced(arena, S(WHOSE " - 1 2 damaged\nx\n"), &ours, &full);
	check_slice("ours", "content", slice_head(content, 2 + sizeof WHOSE - 1), S("x\n" WHOSE));
	arena_free(arena);
}

static void
digests(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	const slice ab_c[] = { SLICE("ab"), SLICE("c") }, a_bc[] = { SLICE("a"), SLICE("bc") };
	slice one, other;

	(void)state;
	assert_true(oauth_digest(arena, ab_c, 2, &one) && oauth_digest(arena, a_bc, 2, &other));
	check_number("digest", "length", (long long)one.n, 64);
	check_number("parts", "same", slice_eq(one, other), 0);
	arena_free(arena);
}

static void
file(void **state)
{
	char folder[] = "/tmp/test_oauth_cache-XXXXXX";
	struct arena *arena = arena_new(16 << 20);
	struct str error = str_in(arena);
	struct oauth_cache one, two;
	const char *path, *names[] = { "", ".lock", ".new" };
	struct stat st;
	slice content;
	bool held;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = str_f(arena, "%s/cache", folder).at;
	assert_true(oauth_cache_open(&one, arena, path, &error));
	assert_true(oauth_cache_open(&two, arena, path, &error));
	assert_true(oauth_cache_lock(&one, &held, &error) && held);
	assert_true(oauth_cache_lock(&two, &held, &error) && !held);
	assert_true(oauth_cache_prepare(&one, &error));
	assert_true(oauth_cache_write(&one, S("x\n"), &error));
	assert_true(oauth_cache_read(&two, &content, &error));
	check_slice("written", "content", content, S("x\n"));
	assert_true(stat(path, &st) == 0);
	check_number("written", "mode", st.st_mode & 07777, 0600);
	oauth_cache_close(&one);
	assert_true(oauth_cache_lock(&two, &held, &error) && held);
	assert_true(oauth_cache_prepare(&two, &error)); /* and not written */
	oauth_cache_close(&two);
	assert_true(access(str_f(arena, "%s.new", path).at, F_OK) != 0);
	assert_true(chmod(path, 0644) == 0);
	assert_false(oauth_cache_open(&one, arena, path, &error));
	assert_non_null(strstr(str_z(&error), "chmod 600"));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(str_f(arena, "%s%s", path, names[i]).at);
	assert_true(symlink("/tmp/x", path) == 0 && chmod(folder, 0777) == 0);
	assert_false(oauth_cache_open(&one, arena, path, &error));
	unlink(path);
	rmdir(folder);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(damage),
		cmocka_unit_test(strangers_lines),
		cmocka_unit_test(digests),
		cmocka_unit_test(file),
	};

	return cmocka_run_group_tests_name("oauth_cache", tests, NULL, NULL);
}
