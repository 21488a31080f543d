/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One connection of the scripted server: bytes in and out, plain or under TLS, cut into
 * segments as the mode asks.  Losing the client is no failure here: a script may want it, and
 * whoever waits for a line will say what is missing.
 */
#include "player.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 16384, LINE_LIMIT = 1 << 20 };

static bool
wait_for(struct play *p, short events)
{
	struct pollfd fd = { .fd = p->wire.fd, .events = events };

	return play_wait(p, &fd, 1, -1, false) == WAIT_READY;
}

/* What OpenSSL wants before it can go on; false when it never will. */
static bool
tls_wait(struct play *p, int result)
{
	int error = SSL_get_error(p->wire.ssl, result);

	ERR_clear_error();
	if (error == SSL_ERROR_WANT_READ)
		return wait_for(p, POLLIN);
	if (error == SSL_ERROR_WANT_WRITE)
		return wait_for(p, POLLOUT);
	return false;
}

static bool
write_once(struct play *p, const char *bytes, size_t len, size_t *put)
{
	struct wire *w = &p->wire;
	ssize_t got;
	int result;

	for (;;) {
		if (w->ssl) {
			ERR_clear_error();
			result = SSL_write_ex(w->ssl, bytes, len, put);
			if (result > 0)
				return true;
			if (!tls_wait(p, result))
				return false;
			continue;
		}
		got = send(w->fd, bytes, len, MSG_NOSIGNAL);
		if (got >= 0) {
			*put = (size_t)got;
			return true;
		}
		if (errno != EAGAIN || !wait_for(p, POLLOUT))
			return false;
	}
}

/* While dripping, the client may leave: then there is nobody to drip on. */
static bool
pause_drip(struct play *p)
{
	struct pollfd fd = { .fd = p->wire.fd, .events = POLLIN };
	double until = seconds_now() + p->wire.drip / 1000.0, left;

	while ((left = until - seconds_now()) > 0) {
		switch (play_wait(p, &fd, 1, (int)(left * 1000) + 1, false)) {
		case WAIT_READY:
			if (!wire_read(p, false))
				return false;
			break;
		case WAIT_TIME:
			break;
		default:
			return false;
		}
	}
	return true;
}

static void
write_out(struct play *p, const char *bytes, size_t len)
{
	struct wire *w = &p->wire;
	bool single = w->drip || p->mode == MODE_BYTES;
	size_t put;

	while (len && !w->ended && !w->said_end) {
		if (!write_once(p, bytes, single ? 1 : len, &put)) {
			w->ended = true;
			return;
		}
		bytes += put;
		len -= put;
		if (w->drip && !pause_drip(p))
			return;
	}
}

void
wire_flush(struct play *p)
{
	struct text out = p->wire.out;

	p->wire.out = (struct text){0};
	write_out(p, out.at, out.len);
}

void
wire_send(struct play *p, const void *bytes, size_t len)
{
	if (p->wire.said_end || p->wire.ended)
		return;
	play_log(p, 'S', bytes, len);
	if (p->mode == MODE_COALESCED)
		text_add(&p->wire.out, bytes, len);
	else
		write_out(p, bytes, len);
}

bool
wire_flood(struct play *p, const char *bytes, size_t len)
{
	size_t put;

	for (; len; bytes += put, len -= put)
		if (!write_once(p, bytes, len, &put)) {
			p->wire.ended = true;
			return false;
		}
	return true;
}

bool
wire_read(struct play *p, bool wait)
{
	struct wire *w = &p->wire;
	char part[READ_SIZE];
	size_t len = 0;
	ssize_t got;
	int result;

	while (!w->ended) {
		if (w->ssl) {
			ERR_clear_error();
			result = SSL_read_ex(w->ssl, part, sizeof(part), &len);
			if (result > 0)
				break;
			if (!wait && SSL_get_error(w->ssl, result) == SSL_ERROR_WANT_READ)
				return true;
			w->ended = !tls_wait(p, result);
		} else {
			got = recv(w->fd, part, sizeof(part), 0);
			len = got > 0 ? (size_t)got : 0;
			if (len)
				break;
			if (got == 0 || errno != EAGAIN)
				w->ended = true;
			else if (!wait)
				return true;
			else
				w->ended = !wait_for(p, POLLIN);
		}
	}
	if (w->ended)
		return false;
	run_sample(p);
	text_add(&w->in, part, len);
	return true;
}

bool
wire_line(struct play *p, const char *wanted, char **line, size_t *len)
{
	struct wire *w = &p->wire;
	char *end = NULL;

	wire_flush(p);
	for (;;) {
		if (w->in.len > w->taken)
			end = memchr(w->in.at + w->taken, '\n', w->in.len - w->taken);
		if (end || w->in.len - w->taken > LINE_LIMIT || !wire_read(p, true))
			break;
	}
	if (!end) {
		if (w->in.len > w->taken)
			play_log(p, 'C', w->in.at + w->taken, w->in.len - w->taken);
		return play_fail(p, "wanted from the client: %s\n%s", wanted, p->late ?
		    "it sent nothing until its time was over" : "it closed the connection");
	}
	*line = w->in.at + w->taken;
	*len = (size_t)(end - *line) + 1;
	w->taken += *len;
	play_log(p, 'C', *line, *len);
	if (*len < 2 || end[-1] != '\r')
		return play_fail(p, "a line of the client ends in a bare LF");
	*len -= 2;
	if (memchr(*line, '\r', *len))
		return play_fail(p, "a bare CR in a line of the client");
	return true;
}

void
wire_say_end(struct play *p)
{
	struct wire *w = &p->wire;
	int result;

	wire_flush(p);
	if (w->said_end)
		return;
	if (w->ssl && !w->no_notify && !w->ended)
		do {
			ERR_clear_error();
			result = SSL_shutdown(w->ssl);
		} while (result < 0 && SSL_get_error(w->ssl, result) == SSL_ERROR_WANT_WRITE &&
		    wait_for(p, POLLOUT));
	shutdown(w->fd, SHUT_WR);
	w->said_end = true;
	play_log(p, '-', "server closes", 13);
}

void
wire_drop(struct play *p, bool reset)
{
	static const struct linger none = { .l_onoff = 1, .l_linger = 0 };
	struct wire *w = &p->wire;

	if (reset) {
		setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
		play_log(p, '-', "server resets", 13);
	}
	close(w->fd);
	SSL_free(w->ssl);
	*w = (struct wire){ .fd = -1 };
}
