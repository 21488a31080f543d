/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLSA records held against a chain, by a handshake within the process: what matches, and RDATA of
 * every length and kind that must do nothing. Servers and zones are in the live tests.
 */
#include "conn_private.h" /* before cmocka, which has a fail() too */

#include "check.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { ARENA = 64 << 20, LONGEST = 65535, POINT = 65 };

struct fixture {
	struct arena *arena;
	struct probe_opts opts;
	struct session s;
	SSL_CTX *server_context;
	SSL *server;
	X509 *cert;
	slice spki;
};

/* Without an extension, where `nid` is 0; signed by itself, where there is no issuer. */
static X509 *
made(EVP_PKEY *key, const char *name, const X509 *issuer, EVP_PKEY *signing, int nid,
    const char *value)
{
	X509 *cert = X509_new();

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer : cert));
	if (nid) {
		X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

		assert_true(X509_add_ext(cert, extension, -1));
		X509_EXTENSION_free(extension);
	}
	assert_true(X509_sign(cert, signing, EVP_sha256()) > 0);
	return cert;
}

static slice
spki_of(struct fixture *f, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	slice spki;

	assert_true(n > 0);
	spki = arena_copy(f->arena, (slice){ (char *)der, (size_t)n });
	OPENSSL_free(der);
	return spki;
}

static void
serve(struct fixture *f)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	f->cert = made(key, "mx", NULL, key, 0, NULL);
	f->spki = spki_of(f, key);
	f->server_context = SSL_CTX_new(TLS_server_method());
	assert_true(SSL_CTX_use_certificate(f->server_context, f->cert) == 1);
	assert_true(SSL_CTX_use_PrivateKey(f->server_context, key) == 1);
	EVP_PKEY_free(key);
}

/* A chain of two, in place of what was served; `spki` is then that of its CA. */
static void
serve_issued(struct fixture *f, int nid, const char *value)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *authority = EVP_EC_gen("P-256");
	X509 *ca = made(authority, "ca", NULL, authority, NID_basic_constraints, "critical,CA:TRUE");

	X509_free(f->cert);
	f->cert = made(key, "mx", ca, authority, nid, value);
	f->spki = spki_of(f, authority);
	assert_true(SSL_CTX_use_cert_and_key(f->server_context, f->cert, key, NULL, 1) == 1);
	assert_true(SSL_CTX_add0_chain_cert(f->server_context, ca) == 1);
	EVP_PKEY_free(authority);
	EVP_PKEY_free(key);
}

static void
shake_hands(struct fixture *f)
{
	struct conn *conn = f->s.conn;
	BIO *near, *far;

	f->server = SSL_new(f->server_context);
	conn->tls = SSL_new(conn->context);
	assert_true(BIO_new_bio_pair(&near, 0, &far, 0) == 1);
	SSL_set_bio(conn->tls, near, near);
	SSL_set_bio(f->server, far, far);
	SSL_set_app_data(conn->tls, &f->s);
	SSL_set_accept_state(f->server);
	for (int i = 0; i < 10 && !SSL_is_init_finished(f->server); i++) {
		SSL_connect(conn->tls);
		SSL_do_handshake(f->server);
	}
	assert_true(SSL_is_init_finished(conn->tls));
}

static int
set_up(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);

	f->arena = arena_new(ARENA);
	f->opts = (struct probe_opts){ .host = "mx", .tls = TLS_STARTTLS, .dane = true };
	f->s = (struct session){ .opts = &f->opts,
		.common = &f->opts,
		.arena = f->arena,
		.result = result_new(f->arena, "", ""),
		.running = LAP_NONE,
		.deadline = instant_after(clock_now(), span_ms(60000)) };
	assert_true(conn_new(&f->s));
	serve(f);
	shake_hands(f);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	conn_close(&f->s);
	SSL_free(f->server);
	SSL_CTX_free(f->server_context);
	X509_free(f->cert);
	arena_free(f->arena);
	test_free(f);
	return 0;
}

/* Whether a server with these records would be verified. */
static bool
held(struct fixture *f, const struct list *records)
{
	bool match;

	assert_true(dane_keep(&f->s, "mx", records));
	match = dane_matches(&f->s);
	assert_false(arena_failed(f->arena));
	return match;
}

static bool
one_held(struct fixture *f, slice record)
{
	struct list records = { 0 };

	list_add(f->arena, &records, record);
	return held(f, &records);
}

/* What was told of the record that was held last. */
static slice
told(const struct fixture *f)
{
	const struct list *list = &f->s.result->facts[FACT_TLSA].list;

	return list->items[list->n - 1];
}

/* "\3\1\1" and the digest of the key, or its whole, in a block of just that size. */
static slice
good(struct fixture *f, char matching)
{
	unsigned char digest[SHA512_DIGEST_LENGTH];
	slice data = f->spki;
	struct str text = str_in(f->arena);

	if (matching == 1)
		data = (slice){ (char *)SHA256((const unsigned char *)data.at, data.n, digest),
			SHA256_DIGEST_LENGTH };
	else if (matching == 2)
		data = (slice){ (char *)SHA512((const unsigned char *)data.at, data.n, digest),
			SHA512_DIGEST_LENGTH };
	str_addc(&text, 3);
	str_addc(&text, 1);
	str_addc(&text, matching);
	str_add(&text, data);
	return str_slice(&text);
}

/* A copy that a sanitizer knows the end of. */
static bool
exactly(struct fixture *f, slice record, size_t n)
{
	char *block = test_malloc(n + (n == 0));
	bool match;

	memset(block, 'x', n);
	memcpy(block, record.at, n < record.n ? n : record.n);
	match = one_held(f, (slice){ block, n });
	test_free(block);
	return match;
}

static void
lengths(void **state)
{
	struct fixture *f = *state;

	for (char matching = 0; matching <= 2; matching++) {
		slice record = good(f, matching);

		for (size_t n = 0; n <= record.n + 2; n++) {
			check_number("3 1", "matches", exactly(f, record, n), n == record.n);
			if (n != record.n)
				assert_true(slice_find(told(f), S("cannot be used")) < told(f).n);
		}
		assert_false(exactly(f, record, LONGEST));
	}
}

/* Every usage, selector and matching type; only 3, and of these the right one, matches. */
static void
kinds(void **state)
{
	struct fixture *f = *state;
	slice record = good(f, 1);

	for (unsigned place = 0; place < 3; place++)
		for (unsigned value = 0; value < 256; value++) {
			char bytes[3 + SHA256_DIGEST_LENGTH];

			memcpy(bytes, record.at, sizeof bytes);
			bytes[place] = (char)value;
			check_number("kind", "matches", one_held(f, (slice){ bytes, sizeof bytes }),
			    value == (unsigned char)record.at[place]);
		}
}

/*
 * Bytes that look like a certificate or a key up to some place. Those two that say how many bits
 * the point of the curve has, and in which form, are left out: the same key can be written with
 * others.
 */
static void
broken(void **state)
{
	struct fixture *f = *state;
	slice record = good(f, 0);
	size_t head = record.n - POINT - 1;

	for (size_t i = 3; i < record.n; i++)
		for (unsigned bit = 0; bit < 8 && i != head && i != head + 1; bit++) {
			char *bytes = test_malloc(record.n);

			memcpy(bytes, record.at, record.n);
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
			for (char usage = 2; usage <= 3; usage++)
				for (char selector = 0; selector <= 1; selector++) {
					bytes[0] = usage;
					bytes[1] = selector;
					assert_false(one_held(f, (slice){ bytes, record.n }));
				}
			test_free(bytes);
		}
}

/* More records than count: the first hundred do. */
static void
many(void **state)
{
	struct fixture *f = *state;
	slice record = good(f, 1);

	for (unsigned at = 99; at <= 100; at++) {
		struct list records = { 0 };

		for (unsigned i = 0; i < 500; i++)
			list_add(f->arena, &records, i == at ? record : S("\3\1\1x"));
		check_number("many", "matches", held(f, &records), at == 99);
	}
}

/* A certificate's names are those of its subjectAltName: a CN that is like a host's name is none. */
static void
names(void **state)
{
	static const struct {
		int nid;
		const char *value;
		bool match;
	} rows[] = { { NID_subject_alt_name, "DNS:mx", true },
		{ NID_subject_alt_name, "DNS:other", false }, { 0, NULL, false } };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		slice record;

		SSL_free(f->s.conn->tls);
		SSL_free(f->server);
		SSL_CTX_clear_chain_certs(f->server_context);
		serve_issued(f, rows[i].nid, rows[i].value);
		shake_hands(f);
		record = arena_copy(f->arena, good(f, 1));
		((char *)record.at)[0] = 2;
		check_number("names", "matches", one_held(f, record), rows[i].match);
	}
}

static void
late(void **state)
{
	struct fixture *f = *state;

	f->s.deadline = clock_now();
	assert_false(one_held(f, good(f, 1)));
	assert_int_equal(f->s.result->findings[0].cause, CAUSE_TIMEOUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lengths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(late, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("dane", tests, NULL, NULL);
}
