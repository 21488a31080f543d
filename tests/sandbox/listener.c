/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Listening sockets. Accepting goes in batches until the queue is empty; when descriptors run
 * out, one that is kept in reserve is spent on refusing the caller, or the loop would spin. Where
 * a protocol has datagrams, each is answered at once; one that the kernel does not take is lost,
 * as datagrams are.
 */
#define _GNU_SOURCE 1    /* accept4 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "conn.h"
#include "server.h"

#define BATCH   256
#define BACKLOG 4096

static void
refuse(struct listener *l)
{
	int fd;

	if (l->server->spare < 0)
		return;
	close(l->server->spare);
	fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	l->server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
callers(struct source *s, uint32_t events)
{
	struct listener *l = (struct listener *)s;      /* its first member */

	(void)events;
	for (int i = 0; i < BATCH; i++) {
		union address peer;
		socklen_t len = sizeof(peer);
		int fd = accept4(l->fd, &peer.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			conn_new(l, fd, &peer);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE)
			refuse(l);
		if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

static void
datagrams(struct source *s, uint32_t events)
{
	struct listener *l = (struct listener *)s;      /* its first member */
	struct server *server = l->server;

	(void)events;
	for (int i = 0; i < BATCH; i++) {
		union address peer;
		socklen_t len = sizeof(peer);
		struct bytes answer = { 0 };
		ssize_t got = recvfrom(l->fd, server->scratch, sizeof(server->scratch), 0,
		    &peer.any, &len);

		if (got < 0)
			return;
		l->protocol->answer(l, (struct slice){ server->scratch, (size_t)got }, &answer);
		if (answer.len)
			sendto(l->fd, answer.at, answer.len, 0, &peer.any, len);
		bytes_free(&answer);
	}
}

static bool
parse_address(struct listener *l)
{
	if (inet_pton(AF_INET, l->address, &l->bound.v4.sin_addr) == 1) {
		l->bound.v4.sin_family = AF_INET;
		l->bound.v4.sin_port = htons((uint16_t)l->port);
		l->bound_len = sizeof(l->bound.v4);
		return true;
	}
	if (inet_pton(AF_INET6, l->address, &l->bound.v6.sin6_addr) == 1) {
		l->bound.v6.sin6_family = AF_INET6;
		l->bound.v6.sin6_port = htons((uint16_t)l->port);
		l->bound_len = sizeof(l->bound.v6);
		return true;
	}
	errno = EINVAL;
	return false;
}

/* Accepted sockets inherit TCP_NODELAY, which saves a system call for each. */
bool
listener_open(struct listener *l)
{
	int one = 1, type = l->protocol->answer ? SOCK_DGRAM : SOCK_STREAM;
	socklen_t len = sizeof(l->bound);

	if (!parse_address(l))
		return false;
	l->fd = socket(l->bound.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return false;
	if (type == SOCK_STREAM) {
		setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	}
	if (l->bound.any.sa_family == AF_INET6)
		setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	l->source.ready = type == SOCK_STREAM ? callers : datagrams;
	if (bind(l->fd, &l->bound.any, l->bound_len)
	    || (type == SOCK_STREAM && listen(l->fd, BACKLOG))
	    || getsockname(l->fd, &l->bound.any, &len))
		return false;
	l->port = address_port(&l->bound);
	return loop_watch(&l->server->loop, l->fd, &l->source, EPOLLIN);
}

void
address_text(const union address *a, char *text, size_t size)
{
	const void *at = a->any.sa_family == AF_INET6 ? (const void *)&a->v6.sin6_addr
	    : (const void *)&a->v4.sin_addr;

	if (!inet_ntop(a->any.sa_family, at, text, (socklen_t)size))
		snprintf(text, size, "unknown");
}

unsigned
address_port(const union address *a)
{
	return ntohs(a->any.sa_family == AF_INET6 ? a->v6.sin6_port : a->v4.sin_port);
}
