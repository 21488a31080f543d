/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Connections. `progress` is the whole life of one: send what may go, then take the next step,
 * until neither gets on; each event and each timer only calls it again. The steps are `preface`
 * (a PROXY header), `handshake`, `talk`, `swallow` and `linger`; the TLS faults are steps too.
 * The surprise: at the end we shut our side down and read until the peer has closed, for a close
 * with unread bytes would be a RST that overtakes the last reply.
 */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "proxy.h"

#define EVENTS      (EPOLLIN | EPOLLRDHUP | EPOLLET)
#define ENDLESS     (16 * 1024)         /* bytes a millisecond */
#define LINGER      (2 * SECOND)

static bool talk(struct conn *c);
static bool swallow(struct conn *c);

static void
lose(struct conn *c)
{
	c->lost = true;
}

/* Bytes read, 0 if there are none now. The end of the stream, however it comes, loses the peer. */
static size_t
pull(struct conn *c, char *at, size_t size)
{
	ssize_t n;

	if (c->ssl && !c->broken) {
		ERR_clear_error();
		n = SSL_read(c->ssl, at, (int)size);
		if (n > 0)
			return (size_t)n;
		switch (SSL_get_error(c->ssl, (int)n)) {
		case SSL_ERROR_WANT_READ:
		case SSL_ERROR_WANT_WRITE:
			return 0;
		case SSL_ERROR_ZERO_RETURN:
			if (!conn_faulty(c, FAULT_NO_CLOSE_NOTIFY))
				SSL_shutdown(c->ssl);
		}
		lose(c);
		return 0;
	}
	if (!c->readable)
		return 0;
	do
		n = recv(c->fd, at, size, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0 && (n == 0 || errno != EAGAIN))
		lose(c);
	/* A short read has emptied the socket; only the peer's end could have been missed. */
	if (n < (ssize_t)size && !c->hung_up)
		c->readable = false;
	return n > 0 ? (size_t)n : 0;
}

static void
await_room(struct conn *c)
{
	if (!c->wants_write)
		loop_rewatch(&c->server->loop, c->fd, &c->source, EVENTS | EPOLLOUT);
	c->wants_write = true;
}

static size_t
push(struct conn *c, const char *at, size_t len)
{
	ssize_t n;

	if (c->ssl && !c->broken) {
		ERR_clear_error();
		n = SSL_write(c->ssl, at, (int)len);
		if (n > 0)
			return (size_t)n;
		switch (SSL_get_error(c->ssl, (int)n)) {
		case SSL_ERROR_WANT_READ:
			return 0;
		case SSL_ERROR_WANT_WRITE:
			break;
		default:
			lose(c);
			return 0;
		}
	} else {
		n = send(c->fd, at, len, MSG_NOSIGNAL);
		if (n >= 0)
			return (size_t)n;
		if (errno != EAGAIN && errno != EINTR) {
			lose(c);
			return 0;
		}
	}
	await_room(c);
	return 0;
}

/* Sends what the gate lets through; a drip is one byte for each firing of the timer. */
static void
send_out(struct conn *c)
{
	bool one_byte = c->drip || conn_faulty(c, FAULT_ONE_BYTE);
	size_t sent = 0;

	while (!c->lost && sent < c->out.len && sent < c->gate && !(c->drip && c->timer.place)) {
		size_t most = c->out.len < c->gate ? c->out.len : c->gate;
		size_t n = push(c, c->out.at + sent, one_byte ? 1 : most - sent);

		if (!n)
			break;
		sent += n;
		if (c->drip && sent < c->out.len)
			timer_set(&c->server->loop, &c->timer, c->drip);
	}
	if (!sent)
		return;
	if (c->gate != SIZE_MAX)
		c->gate -= sent;
	bytes_drop(&c->out, sent);
	if (!c->out.len && c->drip) {
		c->drip = 0;
		c->paused = false;
	}
}

static void
feed_endless(struct conn *c)
{
	size_t len = strlen(c->endless);

	if (c->timer.place)
		return;
	for (size_t n = 0; n < ENDLESS; n += len)
		bytes_add(&c->out, c->endless, len);
	timer_set(&c->server->loop, &c->timer, MILLISECOND);
	send_out(c);
}

static bool
linger(struct conn *c)
{
	c->broken = true;
	return pull(c, c->server->scratch, sizeof(c->server->scratch)) > 0;
}

static void
finish(struct conn *c)
{
	struct linger now = { .l_onoff = 1 };

	if (c->step == linger)
		return;
	if (c->ending == ABRUPT) {
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
		lose(c);
		return;
	}
	if (c->ssl && !c->broken && !conn_faulty(c, FAULT_NO_CLOSE_NOTIFY))
		SSL_shutdown(c->ssl);
	shutdown(c->fd, SHUT_WR);
	c->step = linger;
	timer_set(&c->server->loop, &c->timer, LINGER);
}

static size_t
consume(struct conn *c, const char *at, size_t len)
{
	size_t used = 0, n = 1;

	while (used < len && n && !c->paused && !c->ending && !c->upgrade && !c->mute && !c->more) {
		n = c->listener->protocol->dialect->input(c, at + used, len - used);
		used += n;
	}
	c->retry = (c->paused || c->more) && used < len;
	return used;
}

static bool
talk(struct conn *c)
{
	char *at = c->server->scratch;
	size_t n, used;

	if (c->paused || c->ending || c->upgrade || c->more)
		return false;
	if (c->retry) {
		bytes_drop(&c->in, consume(c, c->in.at, c->in.len));
		return true;
	}
	n = pull(c, at, sizeof(c->server->scratch));
	if (!n)
		return false;
	c->heard = true;
	if (c->in.len) {
		bytes_add(&c->in, at, n);
		bytes_drop(&c->in, consume(c, c->in.at, c->in.len));
	} else {
		used = consume(c, at, n);
		bytes_add(&c->in, at + used, n - used);
	}
	return true;
}

static bool
swallow(struct conn *c)
{
	return pull(c, c->server->scratch, sizeof(c->server->scratch)) > 0;
}

static bool
greet(struct conn *c)
{
	c->step = talk;
	if (!c->greeted)
		c->listener->protocol->dialect->greet(c);
	c->greeted = true;
	return true;
}

static bool
handshake(struct conn *c)
{
	int n;

	if (c->paused || c->ending)
		return false;
	ERR_clear_error();
	n = SSL_do_handshake(c->ssl);
	if (n == 1)
		return greet(c);
	switch (SSL_get_error(c->ssl, n)) {
	case SSL_ERROR_WANT_READ:
		return false;
	case SSL_ERROR_WANT_WRITE:
		await_room(c);
		return false;
	default:
		/* OpenSSL has sent its alert; lingering sees that it arrives. */
		c->broken = true;
		conn_end(c, POLITE);
		return true;
	}
}

/* Waits for the ClientHello, for bytes sent before it would be an injection, and misbehaves. */
static bool
misbehave(struct conn *c)
{
	static const unsigned char alert[] = { 21, 3, 3, 0, 2, 2, 40 };

	if (!pull(c, c->server->scratch, sizeof(c->server->scratch)))
		return false;
	if (conn_faulty(c, FAULT_TLS_ALERT))
		bytes_add(&c->out, alert, sizeof(alert));
	else if (conn_faulty(c, FAULT_TLS_GARBAGE))
		bytes_text(&c->out, "500 5.5.2 Error: this does not look like a command\r\n");
	if (conn_faulty(c, FAULT_TLS_GARBAGE))
		conn_mute(c);
	else
		conn_end(c, POLITE);
	return true;
}

static void
secure(struct conn *c)
{
	c->upgrade = false;
	bytes_free(&c->in);
	if (conn_faulty(c, FAULT_TLS_SILENT)) {
		conn_mute(c);
		return;
	}
	if (conn_faulty(c, FAULT_TLS_GARBAGE) || conn_faulty(c, FAULT_TLS_ALERT)
	    || conn_faulty(c, FAULT_TLS_CLOSE)) {
		c->step = misbehave;
		return;
	}
	c->ssl = SSL_new(c->listener->tls);
	if (!c->ssl || !SSL_set_fd(c->ssl, c->fd)) {
		lose(c);
		return;
	}
	SSL_set_accept_state(c->ssl);
	if (c->greeted)
		c->listener->protocol->dialect->secured(c);
	c->step = handshake;
	if (conn_faulty(c, FAULT_TLS_SLOW))
		conn_hold(c, 0, (uint64_t)fault_number(&c->listener->faults, FAULT_TLS_SLOW)
		    * MILLISECOND);
}

static bool
start(struct conn *c)
{
	if (!c->listener->protocol->implicit_tls)
		return greet(c);
	c->upgrade = true;
	c->step = talk;
	return true;
}

static bool
preface(struct conn *c)
{
	switch (proxy_header(c->fd, &c->peer)) {
	case PROXY_DONE:
		return start(c);
	case PROXY_MORE:
		if (!c->hung_up)
			return false;
		/* fall through */
	default:
		lose(c);
		return false;
	}
}

/* What comes once all has been sent; true if that is more to send. */
static bool
go_on(struct conn *c)
{
	if (c->lost || c->out.len)
		return false;
	if (c->endless) {
		feed_endless(c);
	} else if (c->ending) {
		finish(c);
	} else if (c->upgrade) {
		secure(c);
	} else if (c->more && !c->mute) {
		c->more(c);
		return true;
	}
	return false;
}

static void
progress(struct conn *c)
{
	bool again;

	do {
		send_out(c);
		again = go_on(c);
		again |= !c->lost && c->step(c);
	} while (again);
	if (c->lost)
		conn_free(c);
}

static void
conn_ready(struct source *s, uint32_t events)
{
	struct conn *c = (struct conn *)s;      /* its first member */

	if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		c->readable = true;
	if (events & (EPOLLRDHUP | EPOLLHUP))
		c->hung_up = true;
	if (events & (EPOLLHUP | EPOLLERR))
		lose(c);
	progress(c);
}

static void
tick(struct timer *t)
{
	struct conn *c = (struct conn *)((char *)t - offsetof(struct conn, timer));

	if (c->step == linger) {
		conn_free(c);
		return;
	}
	if (c->gate != SIZE_MAX) {
		c->gate = SIZE_MAX;
		c->early |= c->readable && !c->heard && !c->ssl;
		c->paused = c->drip && c->out.len;
	}
	progress(c);
}

void
conn_new(const struct listener *l, int fd, const union address *peer)
{
	struct conn *c = make(sizeof(*c));

	c->source.ready = conn_ready;
	c->timer.fire = tick;
	c->server = l->server;
	c->listener = l;
	c->fd = fd;
	c->peer = *peer;
	c->gate = SIZE_MAX;
	c->step = fault_on(&l->faults, FAULT_PROXY) ? preface : start;
	c->next = c->server->conns;
	c->back = &c->server->conns;
	if (c->next)
		c->next->back = &c->next;
	c->server->conns = c;
	l->protocol->dialect->begin(c);
	if (!loop_watch(&c->server->loop, fd, &c->source, EVENTS))
		lose(c);
	progress(c);
}

void
conn_free(struct conn *c)
{
	*c->back = c->next;
	if (c->next)
		c->next->back = c->back;
	timer_clear(&c->server->loop, &c->timer);
	c->listener->protocol->dialect->end(c);
	SSL_free(c->ssl);
	close(c->fd);
	bytes_free(&c->in);
	bytes_free(&c->out);
	free(c);
}

bool
conn_faulty(const struct conn *c, enum fault f)
{
	return fault_on(&c->listener->faults, f);
}

bool
conn_secure(const struct conn *c)
{
	return c->ssl;
}

bool
conn_certified(const struct conn *c, char *name, size_t size)
{
	X509 *peer = c->ssl ? SSL_get0_peer_certificate(c->ssl) : NULL;

	return peer && SSL_get_verify_result(c->ssl) == X509_V_OK
	    && X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name,
	    (int)size) > 0;
}

void
conn_hold(struct conn *c, size_t from, uint64_t delay)
{
	if (c->gate == SIZE_MAX)
		c->gate = from;
	c->paused = true;
	timer_set(&c->server->loop, &c->timer, delay);
}

void
conn_mute(struct conn *c)
{
	c->mute = true;
	c->step = swallow;
}

void
conn_end(struct conn *c, enum ending how)
{
	if (!c->ending)
		c->ending = how;
}

void
conn_upgrade(struct conn *c)
{
	c->upgrade = true;
}

void
conn_poke(struct conn *c)
{
	progress(c);
}

void
conn_raw(struct conn *c, const void *at, size_t len)
{
	if (send(c->fd, at, len, MSG_NOSIGNAL) < 0)
		lose(c);
}
