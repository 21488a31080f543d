/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that options name, in a temporary folder: content, limits, links, and what is no file. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct place {
	char home[64];
	struct arena *arena;
	struct str error;
};

static void
put(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
}

static int
set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	char home[] = "/tmp/mailprobe-file-XXXXXX";

	if (!place || !mkdtemp(home) || chdir(home) != 0)
		return -1;
	memcpy(place->home, home, sizeof home);
	place->arena = arena_new(1 << 20);
	place->error = str_in(place->arena);
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;
	const char *const files[] = { "open/link", "open/file", "open/way", "open", "inner/file",
		"inner", "credentials/pass", "credentials", "link", "pipe", "pass", "file",
		"secret" };

	for (size_t i = 0; i < COUNT(files); i++)
		remove(files[i]);
	arena_free(place->arena);
	if (chdir("/") != 0 || rmdir(place->home) != 0)
		return -1;
	free(place);
	return 0;
}

static void
refused(struct place *place, const char *path, const char *why)
{
	slice content = S("untouched");

	place->error = str_in(place->arena);
	assert_false(file_read(place->arena, path, 16, &content, &place->error));
	if (!strstr(str_z(&place->error), why) || !strstr(str_z(&place->error), path))
		fail_msg("%s: got \"%s\", wanted \"%s\"", path, str_z(&place->error), why);
	assert_string_equal(content.at, "untouched");
}

static void
is_read(struct place *place, const char *path, const char *wanted)
{
	slice content = { NULL, 0 };

	if (!file_read(place->arena, path, 16, &content, &place->error))
		fail_msg("%s", str_z(&place->error));
	assert_true(slice_eq(content, slice_z(wanted)));
}

static void
test_limit(void **state)
{
	struct place *place = *state;

	put("file", "0123456789abcdef", 16);
	is_read(place, "file", "0123456789abcdef");
	put("file", "0123456789abcdefg", 17);
	refused(place, "file", "larger than 16 bytes");
	put("file", "", 0);
	is_read(place, "./file", "");
}

static void
test_no_file(void **state)
{
	struct place *place = *state;

	refused(place, "missing", "No such file");
	refused(place, "missing/file", "No such file");
	refused(place, "/", "not a regular file");
	refused(place, ".", "not a regular file");
	refused(place, "/dev/null", "not a regular file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	refused(place, "pipe", "not a regular file");
}

static void
test_links(void **state)
{
	struct place *place = *state;

	put("file", "data", 4);
	assert_int_equal(symlink("file", "link"), 0);
	is_read(place, "link", "data");
	assert_int_equal(mkdir("open", 0700), 0);
	assert_int_equal(symlink("../file", "open/link"), 0);
	put("open/file", "there", 5);
	is_read(place, "open/link", "data");
	assert_int_equal(chmod("open", 01777), 0);
	refused(place, "open/link", "in a folder that others may write to");
	is_read(place, "open/file", "there");
	assert_int_equal(chmod("open", 0770), 0);
	refused(place, "open/link", "in a folder that others may write to");
}

/* It is the folder a link stands in that makes it suspect, not the one of the file. */
static void
test_links_on_the_way(void **state)
{
	struct place *place = *state;
	const char *absolute = str_f(place->arena, "%s/open/way/file", place->home).at;

	assert_int_equal(mkdir("inner", 0700), 0);
	put("inner/file", "data", 4);
	assert_int_equal(mkdir("open", 0700), 0);
	assert_int_equal(symlink("../inner", "open/way"), 0);
	is_read(place, "open/way/file", "data");
	is_read(place, absolute, "data");
	assert_int_equal(chmod("open", 01777), 0);
	refused(place, "open/way/file", "in a folder that others may write to");
	refused(place, "./open//way/./file", "in a folder that others may write to");
	refused(place, absolute, "in a folder that others may write to");
	assert_false(file_check(place->arena, "open/way/file", &place->error));
	is_read(place, "open/../inner/file", "data");
	assert_int_equal(chmod("open", 0770), 0);
	refused(place, "open/way/file", "in a folder that others may write to");
}

static void
test_credentials(void **state)
{
	struct place *place = *state;
	const char *secret;

	put("pass", "here\n", 5);
	assert_int_equal(mkdir("credentials", 0700), 0);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "credentials", 1), 0);
	assert_true(file_secret(place->arena, "pass", &secret, &place->error));
	assert_string_equal(secret, "here");
	put("credentials/pass", "there\n", 6);
	assert_true(file_secret(place->arena, "pass", &secret, &place->error));
	assert_string_equal(secret, "there");
	assert_true(file_secret(place->arena, "./pass", &secret, &place->error));
	assert_string_equal(secret, "here");
	assert_string_equal(file_path(place->arena, "pass"), "credentials/pass");
	assert_string_equal(file_path(place->arena, "other"), "other");
}

static void
no_state(struct place *place, const char *path, const char *why)
{
	const char *real = "untouched";

	place->error = str_in(place->arena);
	assert_false(file_state(place->arena, path, &real, &place->error));
	if (!strstr(str_z(&place->error), why) || !strstr(str_z(&place->error), path))
		fail_msg("%s: got \"%s\", wanted \"%s\"", path, str_z(&place->error), why);
	assert_string_equal(real, "untouched");
}

static void
is_state(struct place *place, const char *path, const char *wanted)
{
	const char *real = NULL;

	if (!file_state(place->arena, path, &real, &place->error))
		fail_msg("%s", str_z(&place->error));
	assert_string_equal(real, str_f(place->arena, "%s/%s", place->home, wanted).at);
}

static void
test_state(void **state)
{
	struct place *place = *state;
	struct stat st;

	is_state(place, "file", "file");
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(st.st_size, 0);
	put("file", "data", 4);
	is_state(place, "./file", "file");
	is_read(place, "file", "data");
	assert_int_equal(symlink("file", "link"), 0);
	is_state(place, "link", "file");
	assert_int_equal(mkdir("open", 0700), 0);
	assert_int_equal(symlink("../file", "open/link"), 0);
	assert_int_equal(mkdir("inner", 0700), 0);
	assert_int_equal(symlink("../inner", "open/way"), 0);
	is_state(place, "open/link", "file");
	is_state(place, "open/way/file", "inner/file");
	assert_int_equal(chmod("open", 01777), 0);
	no_state(place, "open/link", "in a folder that others may write to");
	no_state(place, "open/way/file", "in a folder that others may write to");
	is_state(place, "open/file", "open/file");
	no_state(place, "missing/file", "No such file");
	no_state(place, "open/", "No such file");
	no_state(place, "inner", "not a regular file");
	no_state(place, "/", "No such file");
	no_state(place, "", "No such file");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	no_state(place, "pipe", "not a regular file");
	remove("link");
	assert_int_equal(symlink("nowhere", "link"), 0);
	no_state(place, "link", "No such file");
}

static const struct {
	const char *content;
	size_t n;
	const char *secret; /* NULL: refused, */
	const char *error;  /* with this in the sentence */
} secrets[] = {
	{ "pw", 2, "pw", NULL },
	{ "pw\n", 3, "pw", NULL },
	{ "pw\r\n", 4, "pw", NULL },
	{ " p w \nmore\n", 11, " p w ", NULL },
	{ "p\xc3\xa4ss\n", 6, "p\xc3\xa4ss", NULL },
	{ "", 0, NULL, "first line is empty" },
	{ "\npw\n", 4, NULL, "first line is empty" },
	{ "\r\n", 2, NULL, "first line is empty" },
	{ "p\0w\n", 4, NULL, "control character" },
	{ "p\rw\n", 4, NULL, "control character" },
};

static void
test_secrets(void **state)
{
	struct place *place = *state;
	unsigned bad = 0;

	for (size_t i = 0; i < COUNT(secrets); i++) {
		const char *got = NULL;
		bool good;

		put("secret", secrets[i].content, secrets[i].n);
		place->error = str_in(place->arena);
		good = file_secret(place->arena, "secret", &got, &place->error)
		    ? secrets[i].secret && strcmp(got, secrets[i].secret) == 0
		    : secrets[i].error && strstr(str_z(&place->error), secrets[i].error) && !got;
		if (!good) {
			print_error("case %zu: got \"%s\" %s\n  wanted \"%s\" %s\n", i,
			    got ? got : "", str_z(&place->error),
			    secrets[i].secret ? secrets[i].secret : "",
			    secrets[i].error ? secrets[i].error : "");
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links_on_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_credentials, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_secrets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_state, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
