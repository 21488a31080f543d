/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What the parts of the sandbox know of each other: the server, its listeners, and the protocols
 * they speak. A protocol is a row in protocols.c: a dialect (the verbs) and how it differs, or
 * what answers a datagram.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "bytes.h"
#include "faults.h"
#include "loop.h"

struct conn;
struct delivery;
struct listener;

enum family { FAMILY_SMTP, FAMILY_IMAP, FAMILY_POP3, FAMILY_COUNT };

/* The verbs of a protocol family. `begin` may leave a session in the connection, `end` frees it. */
struct dialect {
	enum family family;
	void (*begin)(struct conn *);
	void (*greet)(struct conn *);
	/* Takes one command or one piece of a message off the front; 0 when it needs more. */
	size_t (*input)(struct conn *, const char *at, size_t len);
	/* TLS begins by STARTTLS: everything learnt before is forgotten (RFC 3207 section 4.2). */
	void (*secured)(struct conn *);
	/* What stands before the status of an answer, its blank included; NULL if nothing ever. */
	const char *(*tag)(const struct conn *);
	void (*end)(struct conn *);
};

/* One of datagrams has no dialect: `answer` appends what goes back for one, or nothing. */
struct protocol {
	const char *name;
	const struct dialect *dialect;
	void (*answer)(const struct listener *, struct slice datagram, struct bytes *answer);
	bool implicit_tls, submission, lmtp;
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct listener {
	struct source source;
	struct server *server;
	const struct protocol *protocol;
	char *spec;                     /* owned: labels and fault texts point into it */
	const char *label, *address;
	char name[64];                  /* the label as made unique */
	union address bound;
	socklen_t bound_len;
	unsigned port;
	int fd;
	struct fault_set faults;
	SSL_CTX *tls;                   /* shared by listeners whose TLS is alike */
};

struct server {
	struct loop loop;
	struct listener *listeners;
	size_t listener_count;
	struct conn *conns;             /* a list, to end them all */
	const char *hostname, *state_dir;
	struct accounts *accounts;
	struct pki *pki;
	struct tls *tls;
	struct mail *mail;
	struct delivery *deliveries;    /* a list, of what is on its way */
	struct greylist *greylist;
	int spare;                      /* a descriptor given up to refuse one when all are taken */
	char scratch[32 * 1024];        /* what was read last, from whichever connection */
};

const struct protocol *protocol_find(const char *name, size_t len);
/* The names in their order, NULL behind the last. */
const char *protocol_name(size_t index);

bool listener_open(struct listener *l);
/* The numeric address of a peer or socket, and its port. */
void address_text(const union address *a, char *text, size_t size);
unsigned address_port(const union address *a);

#endif
