/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FILE_H
#define FILE_H

#include "str.h"

/*
 * Where a file that an option calls `path` is: in $CREDENTIALS_DIRECTORY when `path` has no slash
 * and there is a file of that name, else `path` itself. For files that a library reads.
 */
const char *file_path(struct arena *arena, const char *path);

/*
 * Reads a whole file that an option names, at most `limit` bytes, into the arena, found as
 * file_path() finds it. A last component that is a symbolic link in a folder others may write to
 * is refused, and so are folders, devices and pipes. False with a sentence in `error` that names
 * the path.
 */
bool file_read(
    struct arena *arena, const char *path, size_t limit, slice *content, struct str *error);

/* Whether file_read() would open it, for libraries that read files by themselves. */
bool file_check(struct arena *arena, const char *path, struct str *error);

/*
 * For a file that keeps state, which a library opens by itself: its place, an absolute path without
 * a link in it. One that is missing is made, empty and with mode 0600; its folder must be there.
 * What file_read() would refuse is refused. It is not opened: closing it would let go of every
 * POSIX lock that this process has on it, those of other threads included.
 */
bool file_state(struct arena *arena, const char *path, const char **place, struct str *error);

/* Reads a secret: the first line, without its line end. An empty one is an error. */
bool file_secret(struct arena *arena, const char *path, const char **secret, struct str *error);

#endif
