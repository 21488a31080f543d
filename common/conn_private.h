/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONN_PRIVATE_H
#define CONN_PRIVATE_H

/*
 * What the files that make up a connection (conn.c, connect.c, tls.c, cert.c) share, and nobody
 * else sees.
 */

#include <netinet/in.h>

#include <openssl/ssl.h>

#include "conn.h"

enum { ADDRESSES_MAX = 32 };

struct address {
	union {
		struct sockaddr_in6 six;
		struct sockaddr_in four;
		struct sockaddr any;
	} at; /* sockaddr_storage has four times that size, and a thread would hold 32 of them */
	socklen_t size;
};

struct addresses {
	struct address items[ADDRESSES_MAX];
	size_t n;
};

/* Why a certificate does not verify: the first error of each cause, by our own callback. */
struct cert_errors {
	struct {
		enum cause cause;
		slice text;
	} items[8];
	size_t n;
};

struct conn {
	int fd; /* -1 when there is none */
	struct address peer;
	char *in; /* received and not yet taken: in[from..to) */
	size_t in_size, from, to;
	bool ended;  /* the peer's stream has ended */
	bool broken; /* nothing can be sent any more */

	SSL_CTX *context; /* NULL where the options want no TLS */
	SSL *tls;         /* NULL in clear */
	bool established, verified;
	slice fault;      /* a TLS error that was met while nobody waited; missing if none */
	const char *name; /* to verify; without brackets and trailing dot */
	bool name_is_address;
	struct dane *dane; /* signed TLSA records of the server; NULL where none count */
	struct cert_errors errors;
	unsigned char binding[64];
};

enum { RECEIVE_FAILED = -1, RECEIVE_ENDED = 0 };

/*
 * Receives what is there into `buffer`, waiting for the first byte. Above 0: how many.
 * RECEIVE_ENDED: the stream has ended in good order. RECEIVE_FAILED: a finding was recorded.
 */
ssize_t tls_receive(struct session *s, char *buffer, size_t size);

/* Whether there is something to read already. An error is kept for tls_receive(). */
bool tls_pending(struct session *s);

/* Sends all. False with a finding, or true with conn->broken when the peer has gone. */
bool tls_send(struct session *s, slice bytes);

/* OpenSSL's newest error in words, in the arena; its queue is emptied. */
slice tls_reason(struct session *s);

/*
 * The context (trust anchors, CRL, versions, client certificate), or the shared one, and the name
 * to verify. False with a finding.
 */
bool tls_prepare(struct session *s);

/* Lets go of a context that tls_prepare() has made. */
void tls_release(SSL_CTX *context);

/* Says close_notify without waiting, and frees what TLS holds. */
void tls_close(struct conn *conn);

/*
 * Collects verification errors into conn->errors and lets the handshake go on: cert_judge()
 * decides.
 */
int cert_callback(int ok, X509_STORE_CTX *context);

/* Loads --crl-file. False with a finding when it cannot be read or is past its date. */
bool cert_load_crl(struct session *s);

/* Records the certificate's facts, then judges it as the options ask. False with findings. */
bool cert_judge(struct session *s);

/*
 * Asks for the server's TLSA records, where --dane wants them, into conn->dane; phase `dns` runs
 * already. That there are none that count is a finding, and no reason to stop: false where there
 * is.
 */
bool dane_ask(struct session *s);

/*
 * Has the server held against these TLSA records, raw RDATA of `base`, whose name it has then: 100
 * at most count. False without memory.
 */
bool dane_keep(struct session *s, const char *base, const struct list *records);

/*
 * Whether one of them matches the chain that is served; each is told. A finding where none does, or
 * where the deadline came first.
 */
bool dane_matches(struct session *s);

/* The numeric address in `text`, "fe80::1%eth0" too. */
bool address_parse(const char *text, struct address *address);

/* The addresses of a name, in RFC 6724 order. False with a finding. Phase `dns` runs already. */
bool dns_addresses(struct session *s, const char *name, struct addresses *addresses);

#endif
