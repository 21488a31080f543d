/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WEB_PRIVATE_H
#define WEB_PRIVATE_H

/* What the files that implement web.h share. */

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <sys/stat.h>

#include "web.h"

enum client_auth {
	CLIENT_AUTH_NONE,
	CLIENT_AUTH_REQUEST,
	CLIENT_AUTH_REQUIRE_ANY,
	CLIENT_AUTH_VERIFY_GIVEN,
	CLIENT_AUTH_REQUIRE_VERIFY,
};

/* PEM text: in a file, or in the configuration itself. */
struct web_pem {
	const struct node *node; /* NULL: not configured */
	const char *path;        /* NULL: `text` */
	slice text;
};

/* What of a file changes when it is replaced or written to. */
struct web_stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

enum { SUITES_MAX = 16, CURVES_MAX = 4 };

/* A choice of versions, cipher suites and curves, the latter by their row in web_suites.c. */
struct web_suites {
	const struct node *suites_node, *curves_node, *min_node, *max_node; /* may be NULL */
	unsigned suites[SUITES_MAX], curves[CURVES_MAX];
	size_t suite_count, curve_count; /* 0: all there are */
	unsigned min, max;               /* versions */
	bool server_order;
};

/* A certificate and its key, ready for handshakes. */
struct web_pair;

struct web_tls {
	const struct web *web;
	struct web_pem cert, key, client_ca;
	enum client_auth client_auth;
	const struct node *client_auth_node, *sans_node;
	struct list sans; /* names a client's certificate has to have one of; none: any */
	struct web_suites suites;
	const char *priorities;
	gnutls_priority_t priority;
	gnutls_x509_trust_list_t trust;
	struct MHD_OptionItem options[4];

	pthread_mutex_t lock; /* guards what follows */
	struct web_pair *pair;
	struct web_stamp
	    tried[2]; /* of the files when they were read last, with success or without */
};

struct web_user {
	slice name;
	const char *hash;
	unsigned cost;
};

struct web_header {
	const char *name, *value;
};

enum { WEB_HEADERS_MAX = 5 };

struct web {
	struct arena *arena;
	_Atomic unsigned references;
	struct web_tls *tls; /* NULL: in clear */
	struct web_user *users;
	size_t user_count; /* 0: everybody may in */
	unsigned cost;     /* the highest of theirs */
	struct web_header headers[WEB_HEADERS_MAX];
	size_t header_count;
	span interval; /* between two requests, 0: any */
	double burst;
	pthread_mutex_t lock; /* guards what follows */
	double tokens;
	instant counted; /* when `tokens` was right */
};

struct web_reader {
	struct web *web;
	struct arena *arena;
	struct problems *problems;
	const struct node *interval, *burst;
};

/* tls_server_config, basic_auth_users: for tree_map(), with a reader. */
bool web_read_tls(void *reader, const struct node *node);
bool web_read_users(void *reader, const struct node *node);

/* TLS 1.2 and 1.3, any suite and curve, the server's order. */
void web_suites_defaults(struct web_suites *suites);

/* Keys of tls_server_config that end in web_suites. */
bool web_read_min_version(void *reader, const struct node *node);
bool web_read_max_version(void *reader, const struct node *node);
bool web_read_cipher_suites(void *reader, const struct node *node);
bool web_read_curves(void *reader, const struct node *node);

/*
 * Makes tls->priorities and tls->priority of what was read. False with a problem, also where GnuTLS
 * would allow more than what is named; `node` is the mapping.
 */
bool web_suites_settle(struct web_reader *reader, struct web_tls *tls, const struct node *node);

/* Reads the pair for the first time. False with a problem. */
bool web_pair_settle(struct web_reader *reader, struct web_tls *tls);

/* The text of a PEM source. False with a sentence in `error`. */
bool web_pem_text(const struct web_pem *pem, struct arena *arena, slice *text, struct str *error);

/* What web_options() gives. */
void web_tls_options(struct web_tls *tls);

/* Whether the certificate that this connection's client has shown will do, or the lack of one. */
bool web_tls_client(const struct web_tls *tls, struct MHD_Connection *connection);

void web_tls_free(struct web_tls *tls); /* NULL is accepted; its own memory is the arena's */

/* Of an Authorization header, `at` NULL where there is none; see web_access(). */
enum web_access web_users_access(struct web *web, slice header, struct web_claim **claim);

#endif
