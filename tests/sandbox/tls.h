/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The TLS of a listener: its certificate, what it staples, its versions, and channel bindings.
 */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <stddef.h>

#include <openssl/ssl.h>

#include "bytes.h"
#include "server.h"

struct tls {
	SSL_CTX *ctx;
	struct tls *next;
	const struct fault_set *like;   /* the listener it was made for */
	unsigned char *staple;
	int staple_len;
};

/* Gives the listener a context, shared with an earlier one whose faults of TLS are the same. On
 * failure writes a sentence to `error`. */
bool tls_prepare(struct listener *l, char *error, size_t size);
void tls_free(struct tls *tls);

/* The binding of that name (RFC 5929, RFC 9266), at most EVP_MAX_MD_SIZE bytes; 0 if none. */
size_t tls_binding(SSL *ssl, struct slice name, unsigned char *data);

#endif
