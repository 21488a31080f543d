/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where client and server meet: the listening sockets, who came from where to which of them, and
 * the PROXY header that tells it once more.  Without a listen directive a script is served on
 * 127.0.0.1 and ::1 at one port, so that "localhost" is right whatever a machine makes of it.
 */
#include "player.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROXY1_LIMIT = 107, PROXY2_HEAD = 16, LISTENERS = 16, BACKLOG = 16, PORT_TRIES = 20 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

static bool
address_read(union address *a, const char *host, int port)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->any.sa_family = AF_INET;
		a->v4.sin_port = htons((uint16_t)port);
	} else if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->any.sa_family = AF_INET6;
		a->v6.sin6_port = htons((uint16_t)port);
	} else {
		return false;
	}
	return true;
}

/* Errno in place of a result, since one address may be missing on a machine and that be fine. */
static int
listen_at(struct play *p, const char *host, int port, int backlog)
{
	static const int on = 1;
	union address a;
	socklen_t len = sizeof(a);
	int fd, error;

	if (p->listening == LISTENERS || !address_read(&a, host, port))
		return EINVAL;
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a.any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &a.any, sizeof(a)) || (backlog >= 0 && listen(fd, backlog)) ||
	    getsockname(fd, &a.any, &len)) {
		error = errno;
		close(fd);
		return error;
	}
	if (!p->port)
		p->port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
	p->listeners[p->listening++] = (struct listener){ fd, backlog < 0 };
	return 0;
}

static bool
listen_words(struct play *p, const struct step *s, int backlog)
{
	char host[INET6_ADDRSTRLEN + 1] = "";
	int port = p->port, error;

	if (sscanf(s->arg, "%46s %d", host, &port) < 1)
		return play_fail(p, "wanted: %s ADDRESS [PORT]", s->what->name);
	error = listen_at(p, host, port, backlog);
	return !error || play_fail(p, "%s: %s", s->arg, strerror(error));
}

static bool
act_listen(struct play *p, const struct step *s)
{
	return listen_words(p, s, BACKLOG);
}

/* Bound and not listening: the port is ours, and connecting to it is refused. */
static bool
act_refuse(struct play *p, const struct step *s)
{
	return listen_words(p, s, -1);
}

bool
serve_listen(struct play *p)
{
	int error = 0;

	for (int i = 0; !p->listening && i < PORT_TRIES; i++) {
		p->port = 0;
		error = listen_at(p, "127.0.0.1", 0, BACKLOG);
		if (error)
			break;
		error = listen_at(p, "::1", p->port, BACKLOG);
		if (error != EADDRINUSE)
			return true;
		close(p->listeners[--p->listening].fd);
	}
	return p->listening || play_fail(p, "listening: %s", strerror(error));
}

static bool
connection_opened(struct play *p, int fd)
{
	static const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	p->wire = (struct wire){ .fd = fd, .open = true, .tls_due = p->mode == MODE_TLS };
	p->met = true;
	p->spoke = p->quit = false;
	p->line = p->tag = p->stamp = (struct text){0};
	p->behind_literal = false;
	play_log(p, '-', "client connects", 15);
	return true;
}

bool
meet(struct play *p)
{
	struct pollfd fds[LISTENERS];
	enum waited why;
	size_t len = 0;
	int fd;

	if (p->wire.open)
		return true;
	for (size_t i = 0; i < p->listening; i++)
		if (!p->listeners[i].deaf)
			fds[len++] = (struct pollfd){ p->listeners[i].fd, POLLIN, 0 };
	why = play_wait(p, fds, len, -1, true);
	for (size_t i = 0; i < len && (why == WAIT_READY || why == WAIT_EXIT); i++) {
		fd = accept4(fds[i].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			return connection_opened(p, fd);
	}
	if (p->optional && why == WAIT_EXIT)
		return false;
	return play_fail(p, "wanted a connection, %s", why == WAIT_EXIT ?
	    "the check ended without one" : "none came in time");
}

static bool
end_name(int fd, bool peer, char *host, size_t room, unsigned *port)
{
	union address a;
	socklen_t len = sizeof(a);
	const void *bytes;

	if (peer ? getpeername(fd, &a.any, &len) : getsockname(fd, &a.any, &len))
		return false;
	bytes = a.any.sa_family == AF_INET6 ? (void *)&a.v6.sin6_addr : &a.v4.sin_addr;
	*port = ntohs(a.v4.sin_port);
	return inet_ntop(a.any.sa_family, bytes, host, (socklen_t)room);
}

static bool
act_at(struct play *p, const struct step *s)
{
	char host[INET6_ADDRSTRLEN];
	unsigned port;

	if (!meet(p) || !end_name(p->wire.fd, false, host, sizeof(host), &port))
		return false;
	return !strcmp(host, s->arg) || play_fail(p, "wanted a connection to %s, got one to %s",
	    s->arg, host);
}

static bool
act_from(struct play *p, const struct step *s)
{
	char host[INET6_ADDRSTRLEN];
	unsigned port;

	if (!meet(p) || !end_name(p->wire.fd, true, host, sizeof(host), &port))
		return false;
	return !strcmp(host, s->arg) || play_fail(p, "wanted a connection from %s, got one from %s",
	    s->arg, host);
}

static bool
read_exactly(struct play *p, void *to, size_t len)
{
	struct pollfd fd = { .fd = p->wire.fd, .events = POLLIN };
	char *at = to;
	ssize_t got;

	for (; len; at += got, len -= (size_t)got) {
		if (play_wait(p, &fd, 1, -1, false) != WAIT_READY)
			return false;
		got = read(p->wire.fd, at, len);
		if (got <= 0)
			return false;
	}
	return true;
}

/* The header stands before TLS, so it is read off the socket, whatever the mode. */
static bool
act_proxy1(struct play *p, const struct step *s)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], byte = '\0';
	struct text wanted = {0}, got = {0};
	unsigned from_port, to_port;

	(void)s;
	if (!meet(p) || !end_name(p->wire.fd, true, from, sizeof(from), &from_port) ||
	    !end_name(p->wire.fd, false, to, sizeof(to), &to_port))
		return false;
	text_printf(&wanted, "PROXY %s %s %s %u %u\r\n", strchr(from, ':') ? "TCP6" : "TCP4",
	    from, to, from_port, to_port);
	text_add(&got, "", 0);
	while (byte != '\n' && got.len < PROXY1_LIMIT && read_exactly(p, &byte, 1))
		text_add(&got, &byte, 1);
	play_log(p, 'C', got.at, got.len);
	return !strcmp(wanted.at, got.at) ||
	    play_fail(p, "wanted from the client: %s\ngot: %s", wanted.at, got.at);
}

/* The addresses and ports of both ends, as version 2 packs them. */
static void
pack(struct text *t, const union address *from, const union address *to)
{
	const union address *ends[] = { from, to };

	for (int i = 0; i < 2; i++)
		if (from->any.sa_family == AF_INET6)
			text_add(t, &ends[i]->v6.sin6_addr, sizeof(ends[i]->v6.sin6_addr));
		else
			text_add(t, &ends[i]->v4.sin_addr, sizeof(ends[i]->v4.sin_addr));
	for (int i = 0; i < 2; i++)
		text_add(t, &ends[i]->v4.sin_port, sizeof(ends[i]->v4.sin_port));
}

static bool
act_proxy2(struct play *p, const struct step *s)
{
	static const char sign[] = "\r\n\r\n\0\r\nQUIT\n\x21";
	char got[PROXY2_HEAD + 36];
	union address from, to;
	socklen_t from_len = sizeof(from), to_len = sizeof(to);
	struct text wanted = {0};

	(void)s;
	if (!meet(p) || getpeername(p->wire.fd, &from.any, &from_len) ||
	    getsockname(p->wire.fd, &to.any, &to_len))
		return false;
	text_add(&wanted, sign, sizeof(sign) - 1);
	text_add(&wanted, from.any.sa_family == AF_INET6 ? "\x21\0\x24" : "\x11\0\x0c", 3);
	pack(&wanted, &from, &to);
	if (!read_exactly(p, got, wanted.len))
		return play_fail(p, "wanted a PROXY header of version 2");
	play_log(p, 'C', got, wanted.len);
	return !memcmp(got, wanted.at, wanted.len) ||
	    play_fail(p, "wanted a PROXY header of version 2 with the true addresses");
}

/* What follows is served only if the client comes. */
static bool
act_maybe(struct play *p, const struct step *s)
{
	(void)s;
	p->optional = true;
	return true;
}

const struct directive meet_directives[] = {
	{ .name = "listen", .stage = STAGE_LISTEN, .act = act_listen },
	{ .name = "refuse", .stage = STAGE_LISTEN, .act = act_refuse },
	{ .name = "maybe", .stage = STAGE_LISTEN, .act = act_maybe },
	{ .name = "at", .stage = STAGE_SERVE, .act = act_at },
	{ .name = "from", .stage = STAGE_SERVE, .act = act_from },
	{ .name = "proxy1", .stage = STAGE_SERVE, .act = act_proxy1 },
	{ .name = "proxy2", .stage = STAGE_SERVE, .act = act_proxy2 },
	{ .name = NULL },
};
