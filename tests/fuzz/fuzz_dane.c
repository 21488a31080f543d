/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLSA records, each behind its length, held against a chain by a handshake within the process. The
 * server's key is a new one in each process, which the fuzzer gets to know by what it sees compared:
 * only an input that has it, the certificate, or a digest of one in it may match. What is told of a
 * record is one line without control characters.
 */
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "conn_private.h"
#include "fuzz.h"

static struct probe_opts opts = { .host = "mx", .tls = TLS_STARTTLS, .dane = true };
static struct session session = { .opts = &opts, .common = &opts, .running = LAP_NONE };

/* What a record that matches has in it. */
static struct list matching;

/* `der`, which is OpenSSL's, and its digests. */
static void
can_match(int n, unsigned char **der_of)
{
	unsigned char *der = *der_of;
	char *digests = (char *)arena_alloc(
	    session.arena, SHA256_DIGEST_LENGTH + SHA512_DIGEST_LENGTH);
	slice whole = arena_copy(session.arena, (slice){ (char *)der, (size_t)n });

	demand(n > 0 && digests);
	SHA256(der, whole.n, (unsigned char *)digests);
	SHA512(der, whole.n, (unsigned char *)digests + SHA256_DIGEST_LENGTH);
	OPENSSL_free(der);
	list_add(session.arena, &matching, whole);
	list_add(session.arena, &matching, (slice){ digests, SHA256_DIGEST_LENGTH });
	list_add(session.arena, &matching,
	    (slice){ digests + SHA256_DIGEST_LENGTH, SHA512_DIGEST_LENGTH });
}

static SSL *
server(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	unsigned char *key_der = NULL, *cert_der = NULL;
	SSL *tls;

	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	demand(X509_set_pubkey(cert, key) && X509_sign(cert, key, EVP_sha256()) > 0);
	demand(SSL_CTX_use_cert_and_key(context, cert, key, NULL, 1) == 1);
	can_match(i2d_PUBKEY(key, &key_der), &key_der);
	can_match(i2d_X509(cert, &cert_der), &cert_der);
	X509_free(cert);
	EVP_PKEY_free(key);
	tls = SSL_new(context);
	SSL_CTX_free(context);
	return tls;
}

/* Both ends live as long as the process. */
static void
shake_hands(void)
{
	static SSL *far;
	BIO *here, *there;
	SSL *near;

	session.arena = arena_new(1 << 16);
	session.deadline = instant_after(clock_now(), span_ms(60000));
	session.result = result_new(session.arena, "", "");
	demand(conn_new(&session) && BIO_new_bio_pair(&here, 0, &there, 0));
	near = session.conn->tls = SSL_new(session.conn->context);
	far = server();
	SSL_set_bio(near, here, here);
	SSL_set_bio(far, there, there);
	SSL_set_app_data(near, &session);
	SSL_set_accept_state(far);
	for (int i = 0; i < 10 && !SSL_is_init_finished(far); i++) {
		SSL_connect(near);
		SSL_do_handshake(far);
	}
	demand(SSL_is_init_finished(near));
}

static bool
may_match(slice text)
{
	for (size_t i = 0; i < matching.n; i++)
		if (slice_find(text, matching.items[i]) < text.n)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice rest = { (const char *)data, n };
	struct list records = { 0 };
	const struct list *told;

	if (!session.conn)
		shake_hands();
	session.arena = arena_new(40 * n + (1 << 20));
	session.deadline = instant_after(clock_now(), span_ms(60000));
	demand(session.arena && (session.result = result_new(session.arena, "", "")));
	while (rest.n > 0)
		list_add(session.arena, &records, feed_piece(&rest));
	demand(dane_keep(&session, "mx", &records));
	demand(!dane_matches(&session) || may_match((slice){ (const char *)data, n }));
	told = &session.result->facts[FACT_TLSA].list;
	demand(told->n > 0 || records.n == 0);
	for (size_t i = 0; i < told->n; i++)
		for (size_t j = 0; j < told->items[i].n; j++)
			demand((unsigned char)told->items[i].at[j] >= ' ');
	demand(!arena_failed(session.arena));
	arena_free(session.arena);
	return 0;
}
