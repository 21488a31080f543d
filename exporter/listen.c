/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets to listen on, by the addresses that people write. */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

/* Splits "HOST:PORT". False for what is none. */
static bool
split(slice address, struct arena *arena, const char **host, const char **port)
{
	size_t colon = address.n;
	uint64_t number;

	while (colon > 0 && address.at[colon - 1] != ':')
		colon--;
	if (colon == 0 || !slice_number(slice_skip(address, colon), 65535, &number))
		return false;
	*port = arena_copy(arena, slice_skip(address, colon)).at;
	address.n = colon - 1;
	if (address.n > 1 && address.at[0] == '[' && address.at[address.n - 1] == ']')
		address = (slice){ address.at + 1, address.n - 2 };
	*host = address.n > 0 ? arena_copy(arena, address).at : NULL;
	return *port != NULL;
}

static int
open_socket(const struct addrinfo *at, bool all)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ !all }, sizeof(int));
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

int
listen_on(slice address, struct arena *arena, struct str *error)
{
	const char *host, *port;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
	int status, fd;

	if (!split(address, arena, &host, &port)) {
		str_addf(error, "\"%.*s\" is no address to listen on: write 127.0.0.1:10821",
		    (int)address.n, address.at);
		return -1;
	}
	if (!host) /* every address: IPv6's takes IPv4 too, where there is IPv6 */
		hints.ai_family = AF_INET6;
	status = getaddrinfo(host, port, &hints, &found);
	fd = status == 0 ? open_socket(found, !host) : -1;
	if (status == 0)
		freeaddrinfo(found);
	if (fd < 0 && !host) {
		hints.ai_family = AF_INET;
		status = getaddrinfo(host, port, &hints, &found);
		fd = status == 0 ? open_socket(found, true) : -1;
		if (status == 0)
			freeaddrinfo(found);
	}
	if (fd < 0)
		str_addf(error, "cannot listen on %.*s: %s", (int)address.n, address.at,
		    status != 0 ? gai_strerror(status) : strerror(errno));
	return fd;
}

slice
listen_name(int socket, struct arena *arena)
{
	struct sockaddr_storage at;
	socklen_t size = sizeof at;
	char host[INET6_ADDRSTRLEN + 20], port[8];

	if (getsockname(socket, (struct sockaddr *)&at, &size) < 0
	    || getnameinfo((struct sockaddr *)&at, size, host, sizeof host, port, sizeof port,
	           NI_NUMERICHOST | NI_NUMERICSERV)
	        != 0)
		return S("?");
	return str_f(arena, at.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}
