/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Certificates, made fresh and kept nowhere.  The authorities are made once, before the player
 * forks; a server's certificate is made when a script asks for it, so that one that ends "in ten
 * days" does so at the moment of the test.  All share one key: only the names and dates differ.
 */
#include "player.h"

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum signer { BY_CA, BY_OTHER, BY_ITSELF, BY_MIDDLE, BY_ANCHOR };

enum { DAY = 86400, SERIAL_REVOKED = 666, WEAK_BITS = 1024 };

struct kind {
	const char *name, *subject, *names, *usage;
	long from, until;               /* seconds from now */
	long serial;
	enum signer signer;
	bool weak, bare;                /* bare: the middle certificate is not sent */
};

static const char all_names[] = "DNS:localhost,DNS:mx.test,IP:127.0.0.1,IP:::1,"
    "IP:192.0.2.1,IP:192.0.2.2,IP:2001:db8::1";

/* What a row leaves out: all names, the year around now, signed by the CA. */
static const struct kind kinds[] = {
	{ .name = "good" },
	{ .name = "expired", .from = -20 * DAY, .until = -DAY },
	{ .name = "not-yet", .from = DAY, .until = 20 * DAY },
	{ .name = "wrong-name", .subject = "localhost", .names = "DNS:other.test" },
	{ .name = "self-signed", .signer = BY_ITSELF },
	{ .name = "untrusted", .signer = BY_OTHER },
	{ .name = "hostile", .subject = "\x1b[31m|evil\xc2\x9b\n\x7f", .signer = BY_ITSELF },
	{ .name = "untrusted-expired", .signer = BY_OTHER, .from = -20 * DAY, .until = -DAY },
	{ .name = "weak", .weak = true },
	{ .name = "revoked", .serial = SERIAL_REVOKED },
	{ .name = "ip", .names = "IP:127.0.0.1,IP:::1,IP:192.0.2.1" },
	{ .name = "cn-only", .subject = "localhost", .names = "" },
	{ .name = "wildcard", .names = "DNS:*.wild.test" },
	{ .name = "partial-wildcard", .names = "DNS:m*.wild.test" },
	{ .name = "inner-wildcard", .names = "DNS:mx.*.wild.test" },
	{ .name = "client-only", .usage = "clientAuth" },
	{ .name = "chain", .signer = BY_MIDDLE },
	{ .name = "chain-cut", .signer = BY_MIDDLE, .bare = true },
	{ .name = "expiring" },
	{ .name = "chain-expiring", .signer = BY_MIDDLE },
	{ .name = "anchor", .signer = BY_ANCHOR },
};

static struct authority {
	X509 *cert;
	EVP_PKEY *key;
} ca, other, anchor, middle, signer;

static EVP_PKEY *leaf_key;

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	e = need(X509V3_EXT_conf_nid(NULL, &ctx, nid, value));
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
}

static X509 *
blank(const char *subject, EVP_PKEY *key, long serial, long from, long until)
{
	X509 *cert = need(X509_new());

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), from);
	X509_gmtime_adj(X509_getm_notAfter(cert), until);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
	    (const unsigned char *)subject, -1, -1, 0);
	X509_set_pubkey(cert, key);
	return cert;
}

static void
sign(X509 *cert, const struct authority *by)
{
	X509_set_issuer_name(cert, X509_get_subject_name(by->cert));
	if (!X509_sign(cert, by->key, EVP_sha256()))
		need(NULL);
}

/* An authority signed by another, or by itself when there is none. */
static struct authority
authority(const char *subject, const struct authority *by, long until)
{
	struct authority a = { .key = need(EVP_EC_gen("P-256")) };
	static long serial = 1;

	a.cert = blank(subject, a.key, serial++, -DAY, until);
	extend(a.cert, by ? by->cert : a.cert, NID_basic_constraints, "critical,CA:TRUE");
	extend(a.cert, by ? by->cert : a.cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	extend(a.cert, by ? by->cert : a.cert, NID_subject_key_identifier, "hash");
	sign(a.cert, by ? by : &a);
	return a;
}

static FILE *
file_in(const char *root, const char *name)
{
	struct text path = {0};

	text_printf(&path, "%s/%s", root, name);
	return need(fopen(path.at, "w"));
}

static void
crl_make(const char *root, const char *name, const struct authority *by, bool with_revoked,
    long until)
{
	X509_CRL *crl = need(X509_CRL_new());
	ASN1_TIME *t = need(ASN1_TIME_new());
	X509_REVOKED *r = need(X509_REVOKED_new());
	ASN1_INTEGER *serial = need(ASN1_INTEGER_new());
	FILE *f = file_in(root, name);

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->cert));
	X509_gmtime_adj(t, -2 * DAY);
	X509_CRL_set1_lastUpdate(crl, t);
	ASN1_INTEGER_set(serial, SERIAL_REVOKED);
	X509_REVOKED_set_serialNumber(r, serial);
	X509_REVOKED_set_revocationDate(r, t);
	if (with_revoked)
		X509_CRL_add0_revoked(crl, r);
	X509_gmtime_adj(t, until);
	X509_CRL_set1_nextUpdate(crl, t);
	X509_CRL_sign(crl, by->key, EVP_sha256());
	PEM_write_X509_CRL(f, crl);
	fclose(f);
}

static X509 *
leaf(const struct kind *k, EVP_PKEY *key, const struct authority *by)
{
	static long serial = 1000;
	const char *names = k->names ? k->names : all_names;
	X509 *cert = blank(k->subject ? k->subject : "mx.test", key, k->serial ? k->serial :
	    serial++, k->from ? k->from : -DAY, k->until ? k->until : 365 * DAY);
	struct authority self = { cert, key };

	extend(cert, cert, NID_basic_constraints, "critical,CA:FALSE");
	extend(cert, cert, NID_ext_key_usage, k->usage ? k->usage : "serverAuth");
	if (*names)
		extend(cert, cert, NID_subject_alt_name, names);
	sign(cert, by ? by : &self);
	return cert;
}

/* The folder form of the same: OpenSSL finds a CA in it by the hash of its name. */
static void
hashed_make(const char *root)
{
	struct text name = {0}, path = {0};
	FILE *f;

	text_printf(&path, "%s/hashed", root);
	mkdir(path.at, 0700);
	text_printf(&name, "hashed/%08lx.0", X509_NAME_hash_ex(X509_get_subject_name(ca.cert), NULL,
	    NULL, NULL));
	f = file_in(root, name.at);
	PEM_write_X509(f, ca.cert);
	fclose(f);
}

void
certs_make(const char *root)
{
	static const struct kind client = {
		.subject = "client.test", .names = "email:probe@mx.test", .usage = "clientAuth",
	};
	EVP_PKEY *key = need(EVP_EC_gen("P-256"));
	FILE *f;

	leaf_key = need(EVP_EC_gen("P-256"));
	ca = authority("Player CA", NULL, 3650L * DAY);
	other = authority("Another CA", NULL, 3650L * DAY);
	f = file_in(root, "ca.pem");
	PEM_write_X509(f, ca.cert);
	fclose(f);
	f = file_in(root, "client.pem");
	PEM_write_X509(f, leaf(&client, key, &ca));
	fclose(f);
	f = file_in(root, "client.key");
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	f = file_in(root, "client.locked");
	PEM_write_PrivateKey(f, key, EVP_aes_128_cbc(), (const unsigned char *)"locked", 6, NULL, NULL);
	fclose(f);
	crl_make(root, "crl.pem", &ca, true, 30 * DAY);
	crl_make(root, "empty.crl", &ca, false, 30 * DAY);
	crl_make(root, "stale.crl", &ca, true, -DAY);
	hashed_make(root);
}

X509 *
certs_ca(void)
{
	return ca.cert;
}

void
certs_anchor(const char *dir, double days)
{
	FILE *f = file_in(dir, "anchor.pem");

	anchor = authority("Player Short CA", NULL, (long)(days * DAY));
	PEM_write_X509(f, anchor.cert);
	fclose(f);
}

void
certs_middle(const char *dir)
{
	middle = authority("Player Middle CA", &ca, 300L * DAY);
	crl_make(dir, "middle.crl", &middle, false, 30 * DAY);
}

/* The days behind the colon: of the leaf or of the middle certificate. */
static struct authority
signer_of(struct kind *k, long until)
{
	if (k->signer == BY_MIDDLE)
		return middle.cert && !until ? middle :
		    authority("Player Middle CA", &ca, until ? until : 300L * DAY);
	if (k->signer == BY_ANCHOR)
		return anchor;
	if (until)
		k->until = until;
	return k->signer == BY_OTHER ? other : ca;
}

bool
certs_use(SSL_CTX *ctx, const char *kind)
{
	size_t len = strcspn(kind, ":");
	long until = kind[len] ? (long)(strtod(kind + len + 1, NULL) * DAY) : 0;
	struct kind k;
	EVP_PKEY *key;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) != len || strncmp(kinds[i].name, kind, len))
			continue;
		k = kinds[i];
		if (k.signer == BY_ANCHOR && !anchor.cert)
			return false;
		key = k.weak ? need(EVP_RSA_gen(WEAK_BITS)) : leaf_key;
		signer = signer_of(&k, until);
		SSL_CTX_use_certificate(ctx, leaf(&k, key, k.signer == BY_ITSELF ? NULL : &signer));
		if (k.signer == BY_MIDDLE && !k.bare)
			SSL_CTX_add1_chain_cert(ctx, signer.cert);
		return SSL_CTX_use_PrivateKey(ctx, key) == 1;
	}
	return false;
}

struct staple {
	const char *name;
	int status;
	long from, until;
	const struct authority *by;
};

static int
staple_send(SSL *ssl, void *arg)
{
	const struct text *t = arg;
	unsigned char *copy = need(OPENSSL_memdup(t->at, t->len));

	SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)t->len);
	return SSL_TLSEXT_ERR_OK;
}

static void
staple_make(struct text *t, X509 *cert, const struct staple *s)
{
	OCSP_BASICRESP *basic = need(OCSP_BASICRESP_new());
	OCSP_CERTID *id = need(OCSP_cert_to_id(EVP_sha1(), cert, signer.cert));
	ASN1_TIME *from = need(X509_gmtime_adj(NULL, s->from));
	ASN1_TIME *until = need(X509_gmtime_adj(NULL, s->until));
	unsigned char *der = NULL;
	int len;

	need(OCSP_basic_add1_status(basic, id, s->status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
	    s->status == V_OCSP_CERTSTATUS_REVOKED ? from : NULL, from, until));
	OCSP_basic_sign(basic, s->by->cert, s->by->key, EVP_sha256(), NULL, 0);
	len = i2d_OCSP_RESPONSE(need(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic)),
	    &der);
	text_add(t, der, (size_t)len);
}

bool
certs_staple(SSL_CTX *ctx, const char *kind)
{
	static const struct staple staples[] = {
		{ .name = "good", .status = V_OCSP_CERTSTATUS_GOOD,
		    .from = -3600, .until = DAY, .by = &signer },
		{ .name = "revoked", .status = V_OCSP_CERTSTATUS_REVOKED,
		    .from = -3600, .until = DAY, .by = &signer },
		{ .name = "expired", .status = V_OCSP_CERTSTATUS_GOOD,
		    .from = -9 * DAY, .until = -DAY, .by = &signer },
		{ .name = "bad", .status = V_OCSP_CERTSTATUS_REVOKED,
		    .from = -3600, .until = DAY, .by = &other },
	};
	struct text *t = need(calloc(1, sizeof(*t)));

	if (!strcmp(kind, "garbage"))
		text_str(t, "this is no DER");
	for (size_t i = 0; i < sizeof(staples) / sizeof(staples[0]); i++)
		if (!strcmp(staples[i].name, kind))
			staple_make(t, SSL_CTX_get0_certificate(ctx), &staples[i]);
	SSL_CTX_set_tlsext_status_cb(ctx, staple_send);
	SSL_CTX_set_tlsext_status_arg(ctx, t);
	return t->len > 0;
}
