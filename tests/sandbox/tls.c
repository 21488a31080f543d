/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Contexts. A table says what certificate each fault asks for. Contexts and certificates are made
 * only where a listener needs its own, because fifty of them would take longer than all the rest
 * of the start. A client certificate is always asked for and never required: whether it verifies
 * is looked at when EXTERNAL is offered.
 */
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "pki.h"

#define MONTHS (90 * DAY)

/* VALUE, in days, goes where `days` says. */
enum days { NO_DAYS, DAYS_ENDED, DAYS_TO_BEGIN, DAYS_LEFT, DAYS_ISSUER };

static const struct variant {
	enum fault fault;
	enum days days;
	struct pki_plan plan;
} variants[] = {
	{ FAULT_CERT_EXPIRED, DAYS_ENDED, { .from = -MONTHS } },
	{ FAULT_CERT_NOT_YET_VALID, DAYS_TO_BEGIN, { .to = MONTHS } },
	{ FAULT_CERT_EXPIRING, DAYS_LEFT, { .from = -MONTHS } },
	{ FAULT_CERT_NAME, NO_DAYS, { -DAY, MONTHS, .names = NAMES_OTHER } },
	{ FAULT_CERT_CN_ONLY, NO_DAYS, { -DAY, MONTHS, .names = NAMES_NONE } },
	{ FAULT_CERT_WILDCARD, NO_DAYS, { -DAY, MONTHS, .names = NAMES_WILDCARD } },
	{ FAULT_CERT_SELF_SIGNED, NO_DAYS, { -DAY, MONTHS, .issuer = BY_ITSELF } },
	{ FAULT_CERT_UNTRUSTED, NO_DAYS, { -DAY, MONTHS, .issuer = BY_OTHER_CA } },
	{ FAULT_CERT_PURPOSE, NO_DAYS, { -DAY, MONTHS, .for_clients = true } },
	{ FAULT_CERT_WEAK, NO_DAYS, { -DAY, MONTHS, .weak = true } },
	{ FAULT_CERT_CHAIN, DAYS_ISSUER, { -DAY, MONTHS, .issuer = BY_INTERMEDIATE } },
	{ FAULT_CERT_NO_CHAIN, NO_DAYS,
	  { -DAY, MONTHS, .issuer = BY_INTERMEDIATE, .issuer_to = MONTHS } },
	{ FAULT_COUNT, NO_DAYS, { -DAY, MONTHS, .names = NAMES_ALL } },
};

/* Faults, besides those of the certificate, that make contexts differ. */
static const enum fault others[] = {
	FAULT_CERT_REVOKED, FAULT_OCSP_GOOD, FAULT_OCSP_STALE, FAULT_OCSP_GARBAGE, FAULT_TLS11,
	FAULT_TLS12,
};

static bool
same(const struct fault_set *a, const struct fault_set *b, enum fault f)
{
	return fault_on(a, f) == fault_on(b, f)
	    && (!fault_on(a, f) || fault_number(a, f) == fault_number(b, f));
}

static bool
alike(const struct fault_set *a, const struct fault_set *b)
{
	for (const struct variant *v = variants; v->fault != FAULT_COUNT; v++)
		if (!same(a, b, v->fault))
			return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!same(a, b, others[i]))
			return false;
	return true;
}

static bool
choose(const struct listener *l, struct pki_plan *plan, char *error, size_t size)
{
	const struct variant *chosen = NULL, *v;
	long days;

	for (v = variants; v->fault != FAULT_COUNT; v++) {
		if (!fault_on(&l->faults, v->fault))
			continue;
		if (chosen) {
			snprintf(error, size, "listener '%s' cannot have both %s and %s",
			    l->name, fault_name(chosen->fault), fault_name(v->fault));
			return false;
		}
		chosen = v;
	}
	if (!chosen)
		chosen = v;
	*plan = chosen->plan;
	if (chosen->days == NO_DAYS)
		return true;
	days = fault_number(&l->faults, chosen->fault) * DAY;
	switch (chosen->days) {
	case DAYS_ENDED:
		plan->to = -days;
		plan->from -= days;
		break;
	case DAYS_TO_BEGIN:
		plan->from = days;
		plan->to += days;
		break;
	case DAYS_LEFT:
		plan->to = days;
		break;
	default:
		plan->issuer_to = days;
	}
	return true;
}

static int
take_any_certificate(int good, X509_STORE_CTX *ctx)
{
	(void)good;
	(void)ctx;
	return 1;
}

static int
staple(SSL *ssl, void *arg)
{
	const struct tls *tls = arg;
	unsigned char *copy = OPENSSL_memdup(tls->staple, (size_t)tls->staple_len);

	if (!copy)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	SSL_set_tlsext_status_ocsp_resp(ssl, copy, tls->staple_len);
	return SSL_TLSEXT_ERR_OK;
}

static bool
add_staple(struct tls *tls, struct pki *pki, X509 *certificate)
{
	const struct fault_set *f = tls->like;
	bool revoked = fault_on(f, FAULT_CERT_REVOKED), stale = fault_on(f, FAULT_OCSP_STALE);

	if (fault_on(f, FAULT_OCSP_GARBAGE)) {
		tls->staple = OPENSSL_memdup("not a response", 14);
		tls->staple_len = 14;
	} else if (revoked || stale || fault_on(f, FAULT_OCSP_GOOD)) {
		if (!pki_ocsp(pki, certificate, revoked, stale, &tls->staple, &tls->staple_len))
			return false;
	} else {
		return true;
	}
	SSL_CTX_set_tlsext_status_cb(tls->ctx, staple);
	SSL_CTX_set_tlsext_status_arg(tls->ctx, tls);
	return true;
}

static bool
set_versions(SSL_CTX *ctx, const struct fault_set *faults)
{
	if (fault_on(faults, FAULT_TLS11))      /* its signatures are SHA-1: level 0 */
		return SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0")
		    && SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION)
		    && SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
	if (fault_on(faults, FAULT_CERT_WEAK))
		SSL_CTX_set_security_level(ctx, 0);
	return !fault_on(faults, FAULT_TLS12)
	    || SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
}

static bool
set_clients(SSL_CTX *ctx, struct pki *pki)
{
	static const unsigned char id[] = "sandbox";

	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, take_any_certificate);
	return SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1)
	    && SSL_CTX_add_client_CA(ctx, pki_ca(pki))
	    && X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), pki_ca(pki));
}

static bool
set_identity(struct tls *tls, struct pki *pki, const struct pki_plan *plan)
{
	struct pki_identity i;
	bool ok = pki_issue(pki, plan, &i) && SSL_CTX_use_certificate(tls->ctx, i.certificate)
	    && SSL_CTX_use_PrivateKey(tls->ctx, i.key)
	    && (!i.issuer || fault_on(tls->like, FAULT_CERT_NO_CHAIN)
		|| SSL_CTX_add1_chain_cert(tls->ctx, i.issuer))
	    && add_staple(tls, pki, i.certificate);

	pki_identity_free(&i);
	return ok;
}

bool
tls_prepare(struct listener *l, char *error, size_t size)
{
	struct server *server = l->server;
	struct pki_plan plan;
	struct tls *tls;

	for (tls = server->tls; tls; tls = tls->next) {
		if (alike(tls->like, &l->faults)) {
			l->tls = tls->ctx;
			return true;
		}
	}
	if (!choose(l, &plan, error, size))
		return false;
	tls = make(sizeof(*tls));
	tls->like = &l->faults;
	tls->next = server->tls;
	server->tls = tls;
	l->tls = tls->ctx = SSL_CTX_new(TLS_server_method());
	if (!tls->ctx || !set_versions(tls->ctx, &l->faults)
	    || !set_identity(tls, server->pki, &plan) || !set_clients(tls->ctx, server->pki)) {
		snprintf(error, size, "listener '%s': no TLS: %s", l->name,
		    ERR_reason_error_string(ERR_peek_error()));
		return false;
	}
	SSL_CTX_set_read_ahead(tls->ctx, 1);
	SSL_CTX_set_options(tls->ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(tls->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE
	    | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	return true;
}

void
tls_free(struct tls *tls)
{
	while (tls) {
		struct tls *next = tls->next;

		SSL_CTX_free(tls->ctx);
		OPENSSL_free(tls->staple);
		free(tls);
		tls = next;
	}
}

static size_t
end_point(SSL *ssl, unsigned char *data)
{
	unsigned len = 0;

	return X509_digest(SSL_get_certificate(ssl), EVP_sha256(), data, &len) ? len : 0;
}

/* The first Finished of the handshake: ours if the session was resumed (RFC 5929 section 3.1). */
static size_t
unique(SSL *ssl, unsigned char *data)
{
	if (SSL_version(ssl) >= TLS1_3_VERSION)
		return 0;
	return SSL_session_reused(ssl) ? SSL_get_finished(ssl, data, EVP_MAX_MD_SIZE)
	    : SSL_get_peer_finished(ssl, data, EVP_MAX_MD_SIZE);
}

size_t
tls_binding(SSL *ssl, struct slice name, unsigned char *data)
{
	static const char label[] = "EXPORTER-Channel-Binding";

	if (!ssl)
		return 0;
	if (slice_equals(name, "tls-unique"))
		return unique(ssl, data);
	if (slice_equals(name, "tls-server-end-point"))
		return end_point(ssl, data);
	if (slice_equals(name, "tls-exporter")
	    && SSL_export_keying_material(ssl, data, 32, label, sizeof(label) - 1,
		(const unsigned char *)"", 0, 1) == 1)
		return 32;
	return 0;
}
