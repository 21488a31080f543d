/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C library's functions that our code opens files with (common/file.c takes a path name by
 * name), in the place of which these stand.
 */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool confined;

static int
enter(int at, const char *name, int flags, int mode)
{
	if (confined && (*name == '/' || strstr(name, ".."))) {
		errno = EACCES;
		return -1;
	}
	return (int)syscall(SYS_openat, at, name, flags, mode);
}

static int
mode_of(int flags, va_list more)
{
	return flags & O_CREAT ? va_arg(more, int) : 0;
}

int
open(const char *name, int flags, ...)
{
	va_list more;
	int mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return enter(AT_FDCWD, name, flags, mode);
}

int
openat(int at, const char *name, int flags, ...)
{
	va_list more;
	int mode;

	va_start(more, flags);
	mode = mode_of(flags, more);
	va_end(more);
	return enter(at, name, flags, mode);
}

void
scratch_write(const char *name, const uint8_t *data, size_t n)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	demand(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	confined = true;
}

void
demand_readable(slice sentence)
{
	size_t n = 0;

	while (n < sentence.n && (unsigned char)sentence.at[n] >= ' ' && sentence.at[n] != 0x7f)
		n++;
	if (n < sentence.n)
		fprintf(stderr, "\"%.*s\" goes on with byte %#x\n", (int)n, sentence.at,
		    (unsigned char)sentence.at[n]);
	demand(n > 0 && n == sentence.n);
}
