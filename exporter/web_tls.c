/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS as the snapshot has it that was presented last. libmicrohttpd settles all of TLS once, when
 * it starts. But it tells of each connection before it talks, and there the session is given
 * priorities, credentials and a judge of our own: so a reload changes versions and client
 * certificates as well, and a certificate that will not do ends the handshake, with an alert. Where
 * that could not be done, the session has what libmicrohttpd gave it: a certificate callback that
 * has none, and every handshake fails.
 *
 * A client certificate is judged again at each request, by the snapshot that holds then: the
 * connection may be older.
 */
#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "log.h"
#include "web_private.h"

/* GnuTLS itself takes sixteen. */
enum { CHAIN_MAX = 16, SAN_BUFFER = 1100, ERROR_CEILING = 16 << 20 };

struct web_pair {
	_Atomic unsigned references;
	gnutls_certificate_credentials_t credentials;
};

/* What a connection uses for as long as it lasts. */
struct visit {
	struct web *web;
	struct web_pair *pair;
};

static struct {
	pthread_mutex_t lock;
	struct web *web;
} present = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
pair_drop(struct web_pair *pair)
{
	if (!pair || atomic_fetch_sub_explicit(&pair->references, 1, memory_order_acq_rel) > 1)
		return;
	if (pair->credentials)
		gnutls_certificate_free_credentials(pair->credentials);
	free(pair);
}

static bool
certificate_good(const gnutls_datum_t *pem)
{
	gnutls_x509_crt_t *certs;
	unsigned n;

	if (gnutls_x509_crt_list_import2(&certs, &n, pem, GNUTLS_X509_FMT_PEM, 0) < 0)
		return false;
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(certs[i]);
	gnutls_free(certs);
	return n > 0;
}

static bool
key_good(const gnutls_datum_t *pem)
{
	gnutls_privkey_t key;
	int status;

	if (gnutls_privkey_init(&key) < 0)
		return false;
	status = gnutls_privkey_import_x509_raw(key, pem, GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_privkey_deinit(key);
	return status == 0;
}

static int judge(gnutls_session_t session);

/* False with what is wrong, and with which of both. */
static bool
pair_fill(struct web_pair *pair, const struct web_tls *tls, slice cert, slice key,
    const struct web_pem **which, struct str *error)
{
	gnutls_datum_t cert_pem = { (unsigned char *)cert.at, (unsigned)cert.n };
	gnutls_datum_t key_pem = { (unsigned char *)key.at, (unsigned)key.n };
	gnutls_datum_t ca_pem = { (unsigned char *)tls->client_ca.text.at,
		(unsigned)tls->client_ca.text.n };
	const char *why = NULL;

	*which = &tls->cert;
	if (!certificate_good(&cert_pem))
		why = "has no certificate in it";
	else if (*which = &tls->key, !key_good(&key_pem))
		why = "has no private key in it that can be read without a password";
	else if (gnutls_certificate_allocate_credentials(&pair->credentials) < 0)
		why = "there is no memory for it";
	else if (gnutls_certificate_set_x509_key_mem2(
	             pair->credentials, &cert_pem, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0)
	    < 0)
		why = "is not the key of the certificate";
	else if (tls->trust /* for the names of CAs that a client gets to read */
	    && gnutls_certificate_set_x509_trust_mem(
	           pair->credentials, &ca_pem, GNUTLS_X509_FMT_PEM)
	        <= 0)
		why = "there is no memory for it";
	if (!why) {
		gnutls_certificate_set_verify_function(pair->credentials, judge);
		return true;
	}
	str_addf(
	    error, "%s%s%s", (*which)->path ? (*which)->path : "", (*which)->path ? ": " : "", why);
	return false;
}

static struct web_pair *
pair_read(const struct web_tls *tls, const struct web_pem **which, struct str *error)
{
	struct web_pair *pair = calloc(1, sizeof *pair);
	slice cert, key;

	*which = &tls->cert;
	if (!pair) {
		str_addz(error, "no memory");
		return NULL;
	}
	pair->references = 1;
	if (web_pem_text(&tls->cert, error->arena, &cert, error)
	    && (*which = &tls->key, web_pem_text(&tls->key, error->arena, &key, error))
	    && pair_fill(pair, tls, cert, key, which, error))
		return pair;
	pair_drop(pair);
	return NULL;
}

static struct web_stamp
stamp(const struct web_pem *pem)
{
	struct stat st;

	if (!pem->path || stat(pem->path, &st) != 0)
		return (struct web_stamp){ 0 };
	return (struct web_stamp){ st.st_dev, st.st_ino, st.st_size, st.st_mtim, st.st_ctim };
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Looks before anything is read, so that what changes meanwhile is read again. */
static bool
changed(struct web_tls *tls)
{
	struct web_stamp now[2] = { stamp(&tls->cert), stamp(&tls->key) };
	bool same = true;

	for (size_t i = 0; i < 2; i++) {
		const struct web_stamp *a = &now[i], *b = &tls->tried[i];

		same &= a->device == b->device && a->inode == b->inode && a->size == b->size
		    && same_time(a->modified, b->modified) && same_time(a->changed, b->changed);
		tls->tried[i] = now[i];
	}
	return !same;
}

bool
web_pair_settle(struct web_reader *r, struct web_tls *tls)
{
	struct str error = str_in(r->arena);
	const struct web_pem *which;

	changed(tls);
	if ((tls->pair = pair_read(tls, &which, &error)))
		return true;
	return tree_wrong(r->problems, which->node, "%s", str_z(&error));
}

static void
renew(struct web_tls *tls)
{
	struct arena *arena = arena_new(ERROR_CEILING);
	struct str error = str_in(arena);
	const struct web_pem *which;
	struct web_pair *pair = arena ? pair_read(tls, &which, &error) : NULL;

	if (pair) {
		pair_drop(tls->pair);
		tls->pair = pair;
		LOG(INFO, "certificate renewed", );
	} else
		LOG(WARN, "certificate not renewed, the old one stays",
		    { "error", arena ? str_slice(&error) : S("no memory") }, );
	arena_free(arena);
}

static struct web_pair *
pair_now(struct web_tls *tls)
{
	struct web_pair *pair;

	pthread_mutex_lock(&tls->lock);
	if (changed(tls))
		renew(tls);
	pair = tls->pair;
	atomic_fetch_add_explicit(&pair->references, 1, memory_order_relaxed);
	pthread_mutex_unlock(&tls->lock);
	return pair;
}

/* As text, but for addresses, which have several spellings. */
static bool
san_is(slice wanted, unsigned type, slice san)
{
	unsigned char address[16];

	if (type == GNUTLS_SAN_IPADDRESS)
		return inet_pton(san.n == 4 ? AF_INET : AF_INET6, wanted.at, address) == 1
		    && slice_eq((slice){ (char *)address, san.n == 4 ? 4 : 16 }, san);
	return (type == GNUTLS_SAN_DNSNAME || type == GNUTLS_SAN_RFC822NAME
	           || type == GNUTLS_SAN_URI)
	    && slice_eq(wanted, san);
}

static bool
san_allowed(const struct web_tls *tls, gnutls_x509_crt_t cert)
{
	char san[SAN_BUFFER];

	for (unsigned i = 0;; i++) {
		size_t n = sizeof san;
		unsigned type;
		int status = gnutls_x509_crt_get_subject_alt_name2(cert, i, san, &n, &type, NULL);

		if (status == GNUTLS_E_SHORT_MEMORY_BUFFER) /* longer than any that is allowed */
			continue;
		if (status < 0)
			return false;
		for (size_t k = 0; k < tls->sans.n; k++)
			if (san_is(tls->sans.items[k], type, (slice){ san, n }))
				return true;
	}
}

/* Signatures, dates and purpose of the whole chain, and the names of its first. */
static bool
chain_good(const struct web_tls *tls, const gnutls_datum_t *chain, unsigned n)
{
	gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
		(unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0 };
	gnutls_x509_crt_t certs[CHAIN_MAX];
	unsigned count = 0, status = ~0u;
	bool good = n <= CHAIN_MAX;

	while (good && count < n && gnutls_x509_crt_init(&certs[count]) == 0) {
		good = gnutls_x509_crt_import(certs[count], &chain[count], GNUTLS_X509_FMT_DER)
		    == 0;
		count++;
	}
	good = good && count == n
	    && gnutls_x509_trust_list_verify_crt2(tls->trust, certs, n, &purpose, 1,
	           GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_LOW), &status, NULL)
	        == 0
	    && status == 0 && (tls->sans.n == 0 || san_allowed(tls, certs[0]));
	while (count-- > 0)
		gnutls_x509_crt_deinit(certs[count]);
	return good;
}

/* False with the alert that says why. */
static bool
client_good(const struct web_tls *tls, gnutls_session_t session, gnutls_alert_description_t *alert)
{
	const gnutls_datum_t *chain;
	unsigned n = 0;

	if (tls->client_auth <= CLIENT_AUTH_REQUEST)
		return true;
	chain = gnutls_certificate_get_peers(session, &n);
	if (!chain || n == 0) {
		*alert = gnutls_protocol_get_version(session) == GNUTLS_TLS1_3
		    ? GNUTLS_A_CERTIFICATE_REQUIRED
		    : GNUTLS_A_HANDSHAKE_FAILURE; /* RFC 5246 section 7.4.6 */
		return tls->client_auth == CLIENT_AUTH_VERIFY_GIVEN;
	}
	*alert = GNUTLS_A_BAD_CERTIFICATE;
	return gnutls_certificate_type_get2(session, GNUTLS_CTYPE_PEERS) == GNUTLS_CRT_X509
	    && (tls->client_auth == CLIENT_AUTH_REQUIRE_ANY || chain_good(tls, chain, n));
}

/* Called by GnuTLS in a handshake, where a certificate was asked for. */
static int
judge(gnutls_session_t session)
{
	const struct visit *visit = gnutls_session_get_ptr(session);
	gnutls_alert_description_t alert;

	if (client_good(visit->web->tls, session, &alert))
		return 0;
	gnutls_alert_send(session, GNUTLS_AL_FATAL, alert); /* libmicrohttpd sends none */
	return -1;
}

bool
web_tls_client(const struct web_tls *tls, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	gnutls_alert_description_t alert;

	return info && info->tls_session && client_good(tls, info->tls_session, &alert);
}

void
web_present(struct web *web)
{
	pthread_mutex_lock(&present.lock);
	present.web = web;
	pthread_mutex_unlock(&present.lock);
}

static void
visit_end(struct visit *visit)
{
	if (!visit)
		return;
	pair_drop(visit->pair);
	web_drop(visit->web);
	free(visit);
}

/* Credentials come last: without them there is no handshake. */
static bool
visit_begin(struct visit *visit, gnutls_session_t session)
{
	struct web_tls *tls;

	pthread_mutex_lock(&present.lock);
	visit->web = present.web ? web_hold(present.web) : NULL;
	pthread_mutex_unlock(&present.lock);
	if (!visit->web || !(tls = visit->web->tls))
		return false;
	visit->pair = pair_now(tls);
	gnutls_session_set_ptr(session, visit);
	gnutls_certificate_server_set_request(session,
	    tls->client_auth == CLIENT_AUTH_NONE ? GNUTLS_CERT_IGNORE : GNUTLS_CERT_REQUEST);
	return gnutls_priority_set(session, tls->priority) == 0
	    && gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, visit->pair->credentials)
	    == 0;
}

/* Of MHD_OPTION_NOTIFY_CONNECTION; the session is gone when a connection is told to be closed. */
static void
notify(void *data, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	const union MHD_ConnectionInfo *info;
	struct visit *visit;

	(void)data;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		visit_end(*context);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	visit = info && info->tls_session ? calloc(1, sizeof *visit) : NULL;
	if (visit && !visit_begin(visit, info->tls_session)) {
		visit_end(visit);
		visit = NULL;
	}
	*context = visit;
}

/* What libmicrohttpd wants to begin with. */
static int
no_certificate(gnutls_session_t session, const gnutls_datum_t *names, int name_count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **certs,
    unsigned *cert_count, gnutls_privkey_t *key)
{
	(void)session, (void)names, (void)name_count, (void)algorithms, (void)algorithm_count;
	(void)certs, (void)cert_count, (void)key;
	return -1;
}

void
web_tls_options(struct web_tls *tls)
{
	gnutls_certificate_retrieve_function2 *callback = no_certificate;
	const struct MHD_OptionItem options[] = {
		{ MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notify, NULL },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(intptr_t)tls->priorities },
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(intptr_t)callback },
		{ MHD_OPTION_END, 0, NULL },
	};

	memcpy(tls->options, options, sizeof options);
}

void
web_tls_free(struct web_tls *tls)
{
	if (!tls)
		return;
	pair_drop(tls->pair);
	if (tls->priority)
		gnutls_priority_deinit(tls->priority);
	if (tls->trust)
		gnutls_x509_trust_list_deinit(tls->trust, 1);
	pthread_mutex_destroy(&tls->lock);
}
