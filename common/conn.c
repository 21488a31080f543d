/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines in, bytes out, and the one place that waits. The descriptor never blocks; whoever would
 * have to wait asks conn_wait(), which knows the session's deadline and never recharges it, so that
 * a server that drips a byte a second is late like any other.
 *
 * Before each wait for the peer the kernel is told to acknowledge at once what has come so far
 * (TCP_QUICKACK does not last). Otherwise a server whose Nagle algorithm holds back its second
 * segment until ours is acknowledged would seem 40 ms slower than it is.
 */
#include "conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "conn_private.h"

enum { FIRST_BUFFER = 2048 };

static void
quick_ack(const struct conn *conn, const struct pollfd *fds, nfds_t n)
{
	if (n == 1 && conn && fds->fd == conn->fd && (fds->events & POLLIN))
		setsockopt(conn->fd, IPPROTO_TCP, TCP_QUICKACK, &(int){ 1 }, sizeof(int));
}

int
conn_wait(struct session *s, struct pollfd *fds, nfds_t n, const instant *until)
{
	instant deadline = instant_after(s->deadline, (span){ -s->reserved.ns });
	instant bound = until ? instant_earlier(*until, deadline) : deadline;

	quick_ack(s->conn, fds, n);
	for (;;) {
		span left = span_between(clock_now(), bound);
		struct timespec timeout = { left.ns / 1000000000, left.ns % 1000000000 };
		int ready = left.ns > 0 ? ppoll(fds, n, &timeout, NULL) : 0;

		if (ready > 0)
			return ready;
		if (ready < 0 && errno != EINTR) {
			fail(s, CAUSE_LOCAL, "poll: %m");
			return -1;
		}
		if (left.ns > 0)
			continue;
		if (instant_before(bound, deadline))
			return 0;
		left.ns = s->common->timeout.after.ns - s->reserved.ns;
		fail(s, CAUSE_TIMEOUT, "no answer within %g s%s",
		    s->reserved.ns ? (double)(left.ns / 10000000) / 100 : span_as_seconds(left),
		    s->reserved.ns ? ", the rest being kept to clean up" : "");
		return -1;
	}
}

bool
conn_new(struct session *s)
{
	struct conn *conn = arena_alloc(s->arena, sizeof *conn);

	if (!conn || !(conn->in = arena_bytes(s->arena, FIRST_BUFFER)))
		return false;
	conn->in_size = FIRST_BUFFER;
	conn->fd = -1;
	s->conn = conn;
	return s->common->tls == TLS_NONE || tls_prepare(s);
}

bool
conn_share(struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error)
{
	struct session s = {
		.opts = opts,
		.common = opts,
		.arena = arena,
		.result = result_new(arena, "", ""),
		.running = LAP_NONE,
	};

	if (s.result && conn_new(&s)) {
		slice name = conn_machine_name(&s);

		opts->machine_name = name.at ? name.at : "";
		opts->tls_context = s.conn->context;
		return true;
	}
	if (s.conn)
		conn_close(&s);
	*cause = CAUSE_LOCAL;
	if (s.result && s.result->finding_count > 0) {
		*cause = s.result->findings[0].cause;
		str_add(error, s.result->findings[0].text);
	} else
		str_addz(error, "there is no memory for TLS");
	return false;
}

void
conn_unshare(struct probe_opts *opts)
{
	if (opts->tls_context)
		tls_release(opts->tls_context);
	opts->tls_context = NULL;
}

void
conn_close(struct session *s)
{
	struct conn *conn = s->conn;

	if (!conn)
		return;
	tls_close(conn);
	if (conn->fd >= 0)
		close(conn->fd);
	conn->fd = -1;
}

void
conn_reserve(struct session *s, span reserve)
{
	span fifth = { span_between(clock_now(), s->deadline).ns / 5 };

	s->reserved = fifth.ns < reserve.ns ? fifth : reserve;
	if (s->reserved.ns < 0)
		s->reserved.ns = 0;
}

void
conn_leave(struct session *s)
{
	s->leaving = true;
	s->reserved.ns = 0;
	s->deadline = instant_earlier(s->deadline, instant_after(clock_now(), span_ms(1000)));
}

bool
conn_usable(const struct session *s)
{
	const struct conn *conn = s->conn;

	return conn && conn->fd >= 0 && !conn->broken && !conn->ended
	    && (!conn->tls || conn->established);
}

bool
conn_encrypted(const struct session *s)
{
	return s->conn->established;
}

bool
conn_verified(const struct session *s)
{
	return s->conn->established && s->conn->verified;
}

static ssize_t
plain_receive(struct session *s, char *buffer, size_t size)
{
	struct pollfd fd = { .fd = s->conn->fd, .events = POLLIN };
	ssize_t n;

	do {
		if (conn_wait(s, &fd, 1, NULL) < 0)
			return RECEIVE_FAILED;
		n = recv(fd.fd, buffer, size, MSG_DONTWAIT);
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (n >= 0)
		return n;
	s->conn->broken = true;
	fail(s, CAUSE_CLOSED, "the connection was reset (%m)");
	return RECEIVE_FAILED;
}

static bool
widen(struct session *s, size_t size)
{
	struct conn *conn = s->conn;
	char *larger = arena_bytes(s->arena, size);

	if (!larger)
		return false;
	memcpy(larger, conn->in, conn->to);
	conn->in = larger;
	conn->in_size = size;
	return true;
}

/*
 * Room behind in[to): by moving what is unread to the front, or by doubling up to the longest line.
 */
static bool
make_room(struct session *s)
{
	struct conn *conn = s->conn;

	if (conn->from == conn->to)
		conn->from = conn->to = 0;
	if (conn->to < conn->in_size)
		return true;
	if (conn->from > 0) {
		memmove(conn->in, conn->in + conn->from, conn->to - conn->from);
		conn->to -= conn->from;
		conn->from = 0;
		return true;
	}
	return widen(s, conn->in_size * 2);
}

/* Receives at least one more byte behind in[to). */
static bool
fill(struct session *s)
{
	struct conn *conn = s->conn;
	ssize_t n;

	if (!make_room(s))
		return false;
	n = conn->ended ? RECEIVE_ENDED
	    : conn->tls ? tls_receive(s, conn->in + conn->to, conn->in_size - conn->to)
	                : plain_receive(s, conn->in + conn->to, conn->in_size - conn->to);
	if (n == RECEIVE_FAILED)
		return false;
	if (n == RECEIVE_ENDED) {
		conn->ended = true;
		return fail(s, CAUSE_CLOSED, "the server closed the connection%s",
		    conn->to > conn->from ? " inside a line" : "");
	}
	conn->to += (size_t)n;
	return true;
}

/* A line or part of one without its line end; a NUL in it is nothing that a line can have. */
static bool
line_of(struct session *s, slice got, bool whole, slice *line)
{
	if (whole && got.n > 0 && got.at[got.n - 1] == '\r')
		got.n--;
	if (got.n > 0 && memchr(got.at, '\0', got.n))
		return fail_reply(s, CAUSE_PROTOCOL, got, "a NUL byte in the reply");
	*line = got;
	return true;
}

bool
conn_part(struct session *s, slice *line, bool *whole)
{
	struct conn *conn = s->conn;
	size_t looked = 0;

	for (;;) {
		const char *from = conn->in + conn->from;
		size_t there = conn->to - conn->from;
		const char *end = there > looked ? memchr(from + looked, '\n', there - looked)
		                                 : NULL;

		*whole = end != NULL;
		if (end || there >= CONN_LINE_MAX) {
			size_t n = end ? (size_t)(end - from) : there;

			/* A CR that ends a part may be the first half of a line end. */
			if (!end && from[n - 1] == '\r')
				n--;
			conn->from += n + (end != NULL);
			return line_of(s, (slice){ from, n }, *whole, line);
		}
		looked = there;
		if (!fill(s))
			return false;
	}
}

bool
conn_line(struct session *s, slice *line)
{
	bool whole;

	return conn_part(s, line, &whole)
	    && (whole || fail(s, CAUSE_PROTOCOL, "a line of more than %d bytes", CONN_LINE_MAX));
}

bool
conn_take(struct session *s, uint64_t most, slice *bytes)
{
	struct conn *conn = s->conn;
	size_t there;

	/* Much is coming: in few large pieces it costs less. */
	if (most > conn->in_size && conn->in_size < CONN_LINE_MAX && !widen(s, CONN_LINE_MAX))
		return false;
	if (conn->from == conn->to && !fill(s))
		return false;
	there = conn->to - conn->from;
	*bytes = (slice){ conn->in + conn->from, most < there ? (size_t)most : there };
	conn->from += bytes->n;
	return true;
}

void
conn_put_back(struct session *s, size_t n)
{
	s->conn->from -= n;
}

static bool
plain_send(struct session *s, slice bytes)
{
	struct conn *conn = s->conn;
	struct pollfd fd = { .fd = conn->fd, .events = POLLOUT };

	while (bytes.n > 0 && !conn->broken) {
		ssize_t n = send(conn->fd, bytes.at, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n >= 0)
			bytes = slice_skip(bytes, (size_t)n);
		else if (errno == EAGAIN) {
			if (conn_wait(s, &fd, 1, NULL) < 0)
				return false;
		} else if (errno == ENOBUFS || errno == ENOMEM)
			return fail(s, CAUSE_LOCAL, "send: %m");
		else if (errno != EINTR)
			conn->broken = true;
	}
	return true;
}

bool
conn_send(struct session *s, slice bytes)
{
	if (arena_failed(s->arena)) /* it may not be all that was to be said */
		return false;
	return s->conn->tls ? tls_send(s, bytes) : plain_send(s, bytes);
}

bool
conn_pending(struct session *s)
{
	struct conn *conn = s->conn;
	char byte;

	if (conn->from < conn->to)
		return true;
	if (conn->tls)
		return tls_pending(s);
	return recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

int
conn_listen(struct session *s, instant until, int other)
{
	struct pollfd fds[] = {
		{ .fd = s->conn->fd, .events = POLLIN },
		{ .fd = other, .events = POLLIN },
	};
	int ready = conn_pending(s) ? 1 : conn_wait(s, fds, other < 0 ? 1 : 2, &until);

	return ready <= 0 ? ready : conn_pending(s) || fds[0].revents ? 1 : 2;
}

int
conn_pause(struct session *s, instant until)
{
	return conn_wait(s, NULL, 0, &until);
}

struct ssl_ctx_st *
conn_context(const struct session *s)
{
	return s->conn->context;
}
