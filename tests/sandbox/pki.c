/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The authority. All keys are P-256, since making one takes microseconds, but for the RSA key of
 * the weak certificate; all servers share one key, for only their certificates differ. Failures
 * of OpenSSL here mean a lack of memory or entropy: the caller reports them once.
 */
#include "pki.h"

#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "bytes.h"
#include "pki_file.h"

#define ISSUED 128

struct authority {
	X509 *certificate;
	EVP_PKEY *key;
};

struct pki {
	const char *hostname;
	struct authority ca, other;
	EVP_PKEY *server_key;
	uint64_t issued[ISSUED];
	size_t issued_count;
};

static bool
extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	bool ok;

	X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = e && X509_add_ext(certificate, e, -1);
	X509_EXTENSION_free(e);
	return ok;
}

static bool
set_serial(ASN1_INTEGER *field, uint64_t *serial)
{
	RAND_bytes((unsigned char *)serial, sizeof(*serial));
	*serial >>= 1;
	return ASN1_INTEGER_set_uint64(field, *serial);
}

/* A certificate without its extensions and signature. */
static X509 *
blank(const char *name, EVP_PKEY *key, long from, long to, uint64_t *serial)
{
	X509 *x = X509_new();
	X509_NAME *subject = x ? X509_get_subject_name(x) : NULL;

	if (!x)
		return NULL;
	X509_set_version(x, X509_VERSION_3);
	set_serial(X509_get_serialNumber(x), serial);
	X509_gmtime_adj(X509_getm_notBefore(x), from);
	X509_gmtime_adj(X509_getm_notAfter(x), to);
	X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
	    (const unsigned char *)"mailprobe sandbox", -1, -1, 0);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
	    -1, 0);
	X509_set_pubkey(x, key);
	return x;
}

static bool
sign(X509 *x, const struct authority *by)
{
	return X509_set_issuer_name(x, X509_get_subject_name(by->certificate))
	    && X509_sign(x, by->key, EVP_sha256()) > 0;
}

/* A CA under `by`, or a root if that is NULL. */
static bool
make_authority(struct authority *a, const char *name, long to, const struct authority *by)
{
	uint64_t serial;

	a->key = EVP_EC_gen("P-256");
	a->certificate = a->key ? blank(name, a->key, -DAY, to, &serial) : NULL;
	if (!a->certificate)
		return false;
	if (!by)
		by = a;
	return X509_set_issuer_name(a->certificate, X509_get_subject_name(by->certificate))
	    && extend(a->certificate, by->certificate, NID_basic_constraints, "critical,CA:TRUE")
	    && extend(a->certificate, by->certificate, NID_key_usage,
		"critical,keyCertSign,cRLSign,digitalSignature")
	    && extend(a->certificate, by->certificate, NID_subject_key_identifier, "hash")
	    && extend(a->certificate, by->certificate, NID_authority_key_identifier, "keyid")
	    && sign(a->certificate, by);
}

static void
free_authority(struct authority *a)
{
	X509_free(a->certificate);
	EVP_PKEY_free(a->key);
}

struct pki *
pki_new(const char *hostname)
{
	struct pki *p = make(sizeof(*p));

	p->hostname = hostname;
	p->server_key = EVP_EC_gen("P-256");
	if (p->server_key && make_authority(&p->ca, "Throwaway CA", 3650 * DAY, NULL))
		return p;
	pki_free(p);
	return NULL;
}

void
pki_free(struct pki *p)
{
	if (!p)
		return;
	free_authority(&p->ca);
	free_authority(&p->other);
	EVP_PKEY_free(p->server_key);
	free(p);
}

X509 *
pki_ca(const struct pki *p)
{
	return p->ca.certificate;
}

static bool
add_names(const struct pki *p, X509 *x, X509 *issuer, enum pki_names names)
{
	struct bytes list = { 0 };
	bool ok;

	switch (names) {
	case NAMES_NONE:
		return true;
	case NAMES_OTHER:
		return extend(x, issuer, NID_subject_alt_name, "DNS:other.example,DNS:*.example");
	case NAMES_WILDCARD:
		return extend(x, issuer, NID_subject_alt_name, "DNS:*.sandbox.test");
	case NAMES_ALL:
		break;
	}
	bytes_format(&list, "DNS:%s,DNS:localhost,DNS:*.sandbox.test,IP:127.0.0.1,IP:::1",
	    p->hostname);
	bytes_add(&list, "", 1);
	ok = extend(x, issuer, NID_subject_alt_name, list.at);
	bytes_free(&list);
	return ok;
}

static bool
leaf_extensions(X509 *x, X509 *issuer, bool client)
{
	return extend(x, issuer, NID_basic_constraints, "critical,CA:FALSE")
	    && extend(x, issuer, NID_key_usage, "critical,digitalSignature")
	    && extend(x, issuer, NID_ext_key_usage, client ? "clientAuth" : "serverAuth")
	    && extend(x, issuer, NID_subject_key_identifier, "hash")
	    && extend(x, issuer, NID_authority_key_identifier, "keyid");
}

bool
pki_issue(struct pki *p, const struct pki_plan *plan, struct pki_identity *made)
{
	struct authority by = p->ca, own = { 0 };
	uint64_t serial = 0;
	bool ok;

	*made = (struct pki_identity){ .key = plan->weak ? EVP_RSA_gen(1024) : p->server_key };
	if (!plan->weak)
		EVP_PKEY_up_ref(made->key);
	made->certificate = made->key
	    ? blank(p->hostname, made->key, plan->from, plan->to, &serial) : NULL;
	ok = made->certificate;
	if (plan->issuer == BY_OTHER_CA) {
		ok = ok && (p->other.key
		    || make_authority(&p->other, "Another CA", 3650 * DAY, NULL));
		by = p->other;
	} else if (plan->issuer == BY_INTERMEDIATE) {
		ok = ok && make_authority(&own, "Intermediate CA", plan->issuer_to, &p->ca);
		by = own;
		made->issuer = own.certificate;
	} else if (plan->issuer == BY_ITSELF) {
		by = (struct authority){ made->certificate, made->key };
	}
	ok = ok && leaf_extensions(made->certificate, by.certificate, plan->for_clients)
	    && add_names(p, made->certificate, by.certificate, plan->names)
	    && sign(made->certificate, &by);
	EVP_PKEY_free(own.key);
	if (ok && p->issued_count < ISSUED)
		p->issued[p->issued_count++] = serial;
	return ok;
}

void
pki_identity_free(struct pki_identity *i)
{
	X509_free(i->certificate);
	X509_free(i->issuer);
	EVP_PKEY_free(i->key);
}

bool
pki_ocsp(struct pki *p, X509 *certificate, bool revoked, bool stale, unsigned char **der, int *len)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, certificate, p->ca.certificate);
	long back = stale ? -30 * DAY : -3600;
	ASN1_TIME *from = X509_gmtime_adj(NULL, back), *to = X509_gmtime_adj(NULL, back + 7 * DAY);
	OCSP_RESPONSE *response = NULL;

	*der = NULL;
	if (basic && id && from && to
	    && OCSP_basic_add1_status(basic, id,
		revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
		OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked ? from : NULL, from, to)
	    && OCSP_basic_sign(basic, p->ca.certificate, p->ca.key, EVP_sha256(), NULL,
		OCSP_NOCERTS))
		response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	*len = response ? i2d_OCSP_RESPONSE(response, der) : 0;
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	return *len > 0;
}

static bool
revoke(X509_CRL *crl, uint64_t serial)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	ASN1_TIME *when = X509_gmtime_adj(NULL, -3600);
	bool ok = entry && number && when && ASN1_INTEGER_set_uint64(number, serial)
	    && X509_REVOKED_set_serialNumber(entry, number)
	    && X509_REVOKED_set_revocationDate(entry, when);

	ASN1_INTEGER_free(number);
	ASN1_TIME_free(when);
	if (ok && X509_CRL_add0_revoked(crl, entry))
		return true;
	X509_REVOKED_free(entry);
	return false;
}

static X509_CRL *
make_crl(const struct pki *p, bool full)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = X509_gmtime_adj(NULL, -3600), *to = X509_gmtime_adj(NULL, 30 * DAY);
	bool ok = crl && from && to && X509_CRL_set_version(crl, X509_CRL_VERSION_2)
	    && X509_CRL_set_issuer_name(crl, X509_get_subject_name(p->ca.certificate))
	    && X509_CRL_set1_lastUpdate(crl, from) && X509_CRL_set1_nextUpdate(crl, to);

	for (size_t i = 0; full && ok && i < p->issued_count; i++)
		ok = revoke(crl, p->issued[i]);
	ok = ok && X509_CRL_sort(crl) && X509_CRL_sign(crl, p->ca.key, EVP_sha256()) > 0;
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	if (ok)
		return crl;
	X509_CRL_free(crl);
	return NULL;
}

static const char *
write_client(struct pki *p, const char *folder, const char *client)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	uint64_t serial;
	X509 *x = key ? blank(client, key, -DAY, 90 * DAY, &serial) : NULL;
	const char *failed = NULL;

	if (!x || !leaf_extensions(x, p->ca.certificate, true) || !sign(x, &p->ca)
	    || !write_file(folder, "client.pem", 0644, write_certificate, x))
		failed = "client.pem";
	else if (!write_file(folder, "client.key", 0600, write_key, key))
		failed = "client.key";
	X509_free(x);
	EVP_PKEY_free(key);
	return failed;
}

const char *
pki_write(struct pki *p, const char *folder, const char *client)
{
	X509_CRL *clean = make_crl(p, false), *full = make_crl(p, true);
	const char *failed = NULL;

	if (!write_file(folder, "ca.pem", 0644, write_certificate, p->ca.certificate))
		failed = "ca.pem";
	else if (!clean || !write_file(folder, "crl-clean.pem", 0644, write_crl, clean))
		failed = "crl-clean.pem";
	else if (!full || !write_file(folder, "crl-revoked.pem", 0644, write_crl, full))
		failed = "crl-revoked.pem";
	X509_CRL_free(clean);
	X509_CRL_free(full);
	return failed ? failed : write_client(p, folder, client);
}
