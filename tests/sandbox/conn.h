/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * One connection: bytes in, bytes out, TLS, and time. A dialect reads through its `input` and
 * writes by appending to `out`, best through reply.h; what it appended during one wake goes out
 * in one write. Registration is edge triggered, so reading goes on until the socket is dry.
 */
#ifndef SANDBOX_CONN_H
#define SANDBOX_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "bytes.h"
#include "server.h"

enum ending { STAY, POLITE, ABRUPT };

struct conn {
	struct source source;
	struct timer timer;
	struct server *server;
	const struct listener *listener;
	struct conn *next, **back;
	/* What to do next: true if it got on and wants to be called again. */
	bool (*step)(struct conn *);
	void *session;                  /* the dialect's */
	SSL *ssl;
	struct bytes in, out;
	size_t gate;                    /* bytes of `out` that may go now */
	uint64_t drip;                  /* nanoseconds between bytes, zero for none */
	const char *endless;            /* repeated for ever once `out` is empty */
	/* Adds the next piece of a long answer once `out` is empty, and clears itself after the
	 * last; nothing is read meanwhile. */
	void (*more)(struct conn *);
	union address peer;
	int fd;
	enum ending ending;
	unsigned readable : 1;          /* the socket may have bytes, or its end */
	unsigned hung_up : 1;           /* the peer has ended its side */
	unsigned paused : 1;            /* nothing is read until what is held back has gone */
	unsigned retry : 1;             /* `in` holds what was not looked at because of a pause */
	unsigned upgrade : 1;           /* TLS begins when `out` is empty */
	unsigned greeted : 1;
	unsigned heard : 1;             /* something was read after the greeting */
	unsigned early : 1;             /* the peer spoke before the greeting */
	unsigned lost : 1;              /* to be freed */
	unsigned mute : 1;
	unsigned broken : 1;            /* TLS has failed: no close_notify */
	unsigned wants_write : 1;
};

void conn_new(const struct listener *l, int fd, const union address *peer);
void conn_free(struct conn *c);
bool conn_faulty(const struct conn *c, enum fault f);
/* Whether TLS is up. */
bool conn_secure(const struct conn *c);
/* The name of a client certificate that verified against the sandbox's CA, or false. */
bool conn_certified(const struct conn *c, char *name, size_t size);

/* For dialects and faults. All but the first take effect when the current input is dealt with. */
void conn_hold(struct conn *c, size_t from, uint64_t delay);    /* out[from..] goes later */
void conn_mute(struct conn *c);                                 /* reads on, never answers */
void conn_end(struct conn *c, enum ending how);                 /* once `out` is empty */
void conn_upgrade(struct conn *c);                              /* STARTTLS was answered */
/* Goes on with what it was doing, outside of its events: only from a timer. It may be freed. */
void conn_poke(struct conn *c);
void conn_raw(struct conn *c, const void *at, size_t len);      /* past TLS, at once */

#endif
