/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that options name. The folder is opened first and the file through it, so that what was
 * judged (who may write here?) is what is read: monitoring plugins have been made to print files of
 * root's through a link in a folder of somebody else's (CVE-2014-4701 and its two neighbours). In
 * a folder that only root or we write to, links are everyday (Kubernetes, Debian's alternatives).
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 4096, SECRET_LIMIT = 65536 };

const char *
file_path(struct arena *arena, const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const char *candidate;

	if (strchr(path, '/') || !folder || !*folder)
		return path;
	candidate = str_f(arena, "%s/%s", folder, path).at;
	return candidate && access(candidate, F_OK) == 0 ? candidate : path;
}

static bool
complain(struct str *error, const char *path, const char *what)
{
	str_addf(error, "%s: %s", path, what);
	return false;
}

static bool
others_write(const struct stat *folder)
{
	return (folder->st_mode & (S_IWGRP | S_IWOTH)) != 0
	    || (folder->st_uid != 0 && folder->st_uid != geteuid());
}

/*
 * Opens `name` in the folder `at`, and no link where others may write to that folder. Closes `at`.
 */
static int
step(int at, const char *name, int flags)
{
	struct stat st;
	int fd = -1, why;

	if (fstat(at, &st) == 0)
		fd = openat(at, name, flags | O_CLOEXEC | (others_write(&st) ? O_NOFOLLOW : 0));
	why = errno;
	close(at);
	errno = why;
	return fd;
}

/* Follows a path name by name. -1 with errno: ELOOP or ENOTDIR for a link that is not followed. */
static int
walk(struct arena *arena, const char *path, int flags)
{
	slice rest = slice_z(path);
	int at = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	while (at >= 0 && rest.at) {
		const char *name = arena_copy(arena, slice_cut(&rest, '/')).at;

		if (!name || (!*name && rest.at))
			continue;
		at = step(at, *name ? name : ".", rest.at ? O_PATH | O_DIRECTORY : flags);
	}
	return at;
}

/* What has not been opened. With O_DIRECTORY a link that is not followed is "not a folder". */
static bool
unopened(struct str *error, const char *path, int why)
{
	struct stat st;

	if (why == ELOOP || (why == ENOTDIR && stat(path, &st) == 0))
		return complain(
		    error, path, "is a link, or behind one, in a folder that others may write to");
	return complain(error, path, strerror(why));
}

/* The descriptor of a regular file, or -1 with a sentence. */
static int
open_regular(struct arena *arena, const char *path, struct str *error)
{
	int fd = walk(arena, path, O_RDONLY | O_NONBLOCK | O_NOCTTY), why = errno;
	struct stat st;

	if (fd < 0) {
		unopened(error, path, why);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	complain(error, path, "is not a regular file");
	return -1;
}

bool
file_check(struct arena *arena, const char *path, struct str *error)
{
	int fd = open_regular(arena, path, error);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* An O_PATH descriptor of the file, which is made where it is missing; -1 with errno. */
static int
find_or_make(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	slice folder = slash ? (slice){ path, (size_t)(name - path) } : S("./");
	const char *copy = arena_copy(arena, folder).at;
	int at = copy ? walk(arena, copy, O_PATH | O_DIRECTORY) : -1, why;

	if (at < 0 || mknodat(at, name, S_IFREG | 0600, 0) == 0 || errno == EEXIST)
		return at < 0 ? -1 : step(at, name, O_PATH);
	why = errno;
	close(at);
	errno = why;
	return -1;
}

bool
file_state(struct arena *arena, const char *path, const char **place, struct str *error)
{
	int fd = find_or_make(arena, path), why = errno;
	struct stat judged, found;
	char real[PATH_MAX];
	slice copy;

	if (fd < 0)
		return arena_failed(arena) ? complain(error, path, "there is no memory for it")
		                           : unopened(error, path, why);
	fstat(fd, &judged);
	close(fd);
	/* With O_PATH a link that is not followed is opened itself. */
	if (S_ISLNK(judged.st_mode))
		return unopened(error, path, ELOOP);
	if (!S_ISREG(judged.st_mode))
		return complain(error, path, "is not a regular file");
	if (!realpath(path, real))
		return complain(error, path, strerror(errno));
	if (lstat(real, &found) != 0 || found.st_dev != judged.st_dev
	    || found.st_ino != judged.st_ino)
		return complain(error, path, "was changed for another file just now");
	copy = arena_copy(arena, slice_z(real));
	if (!copy.at)
		return complain(error, path, "there is no memory for it");
	*place = copy.at;
	return true;
}

static bool
read_all(int fd, const char *path, size_t limit, struct str *into, struct str *error)
{
	char chunk[CHUNK];
	ssize_t n;

	for (;;) {
		n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		str_add(into, (slice){ chunk, (size_t)n });
		if (into->n > limit || arena_failed(into->arena))
			break;
	}
	explicit_bzero(chunk, sizeof chunk);
	if (n < 0)
		return complain(error, path, strerror(errno));
	if (arena_failed(into->arena))
		return complain(error, path, "there is no memory for it");
	if (into->n > limit) {
		str_addf(error, "%s: is larger than %zu bytes", path, limit);
		return false;
	}
	return true;
}

bool
file_read(struct arena *arena, const char *path, size_t limit, slice *content, struct str *error)
{
	struct str read_in = str_in(arena);
	bool done;
	int fd;

	path = file_path(arena, path);
	if ((fd = open_regular(arena, path, error)) < 0)
		return false;
	done = read_all(fd, path, limit, &read_in, error);
	close(fd);
	if (done)
		*content = str_slice(&read_in);
	return done;
}

bool
file_secret(struct arena *arena, const char *path, const char **secret, struct str *error)
{
	slice content, line;

	if (!file_read(arena, path, SECRET_LIMIT, &content, error))
		return false;
	line = slice_cut(&content, '\n');
	if (line.n > 0 && line.at[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0)
		return complain(error, path, "its first line is empty");
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.at[i] < ' ' || line.at[i] == 0x7f)
			return complain(error, path, "has a control character in its first line");
	line = arena_copy(arena, line);
	if (!line.at)
		return complain(error, path, "there is no memory for it");
	*secret = line.at;
	return true;
}
