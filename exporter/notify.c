/* SPDX-License-Identifier: BSD-2-Clause */
/* A datagram to $NOTIFY_SOCKET; numbers out of the environment. */
#include "notify.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "slice.h"

enum { FIRST_SOCKET = 3 };

void
notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	int fd;

	if (n == 0 || n >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@') /* in the abstract namespace */
		to.sun_path[0] = '\0';
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return;
	sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to, size);
	close(fd);
}

void
notify_reloading(void)
{
	char state[64];

	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)(clock_now().ns / 1000));
	notify(state);
}

/* The number in a variable, 0 without one. */
static uint64_t
number(const char *name)
{
	uint64_t found = 0;

	slice_number(slice_z(getenv(name)), INT64_MAX / 1000, &found);
	return found;
}

/* Whether variables of that kind are meant for this process and not for its parent. */
static bool
ours(const char *name)
{
	return !getenv(name) || number(name) == (uint64_t)getpid();
}

span
notify_watchdog(void)
{
	return (span){ ours("WATCHDOG_PID") ? (int64_t)number("WATCHDOG_USEC") * 500 : 0 };
}

int
notify_sockets(void)
{
	uint64_t n = number("LISTEN_PID") == (uint64_t)getpid() ? number("LISTEN_FDS") : 0;

	n = n > INT_MAX ? INT_MAX : n;
	for (int i = 0; i < (int)n && fcntl(FIRST_SOCKET + i, F_SETFD, FD_CLOEXEC) == 0; i++)
		;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return (int)n;
}
