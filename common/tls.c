/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLS on the session's descriptor: the context, the handshake, and one loop for every OpenSSL
 * operation.
 *
 * The handshake is let through whatever the certificate, and cert_judge() decides right after it,
 * before a byte of ours goes out: so all that is wrong with a certificate can be told, and a
 * refused server still gets its QUIT. The context is made before the run's clock starts, and
 * without OpenSSL's configuration file unless $OPENSSL_CONF names one, because reading it costs
 * every check a third of a millisecond.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/err.h>

#include "conn_private.h"
#include "file.h"

/* What becomes of an operation on the connection. */
enum outcome { AGAIN, ENDED, CUT, BROKEN, STOPPED };

/*
 * The one loop's turn: after an operation returned `rc`, waits if it must. Errors stay in OpenSSL's
 * queue.
 */
static enum outcome
turn(struct session *s, int rc)
{
	struct pollfd fd = { .fd = s->conn->fd, .events = POLLIN };
	unsigned long error;

	switch (SSL_get_error(s->conn->tls, rc)) {
	case SSL_ERROR_WANT_WRITE:
		fd.events = POLLOUT;
		/* fall through */
	case SSL_ERROR_WANT_READ:
		return conn_wait(s, &fd, 1, NULL) < 0 ? STOPPED : AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return ENDED;
	case SSL_ERROR_SYSCALL:
		return CUT;
	default:
		error = ERR_peek_last_error();
		return ERR_GET_LIB(error) == ERR_LIB_SSL
		        && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING
		    ? CUT
		    : BROKEN;
	}
}

ssize_t
tls_receive(struct session *s, char *buffer, size_t size)
{
	struct conn *conn = s->conn;
	struct pollfd fd = { .fd = conn->fd, .events = POLLIN };
	enum outcome outcome;

	if (conn->fault.at) {
		conn->broken = true;
		fail(s, CAUSE_TLS_ERROR, "%s", conn->fault.at);
		return RECEIVE_FAILED;
	}
	/* Mostly nothing has come yet: waiting first spares a read that finds nothing. */
	if (!SSL_has_pending(conn->tls) && conn_wait(s, &fd, 1, NULL) < 0)
		return RECEIVE_FAILED;
	do {
		int rc;

		ERR_clear_error();
		rc = SSL_read(conn->tls, buffer, size > INT_MAX ? INT_MAX : (int)size);
		if (rc > 0)
			return rc;
		outcome = turn(s, rc);
	} while (outcome == AGAIN);
	if (outcome == ENDED)
		return RECEIVE_ENDED;
	conn->broken = true;
	if (outcome == CUT)
		fail(s, CAUSE_CLOSED, "the connection was cut without TLS close_notify");
	else if (outcome == BROKEN)
		fail(s, CAUSE_TLS_ERROR, "%s", tls_reason(s).at);
	return RECEIVE_FAILED;
}

bool
tls_pending(struct session *s)
{
	struct conn *conn = s->conn;
	char byte;
	int rc;

	if (conn->broken || conn->fault.at)
		return false;
	ERR_clear_error();
	rc = SSL_peek(conn->tls, &byte, 1);
	if (rc <= 0 && SSL_get_error(conn->tls, rc) == SSL_ERROR_SSL
	    && ERR_GET_REASON(ERR_peek_last_error()) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
		conn->fault = tls_reason(s);
	ERR_clear_error();
	return rc > 0;
}

bool
tls_send(struct session *s, slice bytes)
{
	struct conn *conn = s->conn;

	while (bytes.n > 0 && !conn->broken) {
		int rc;

		ERR_clear_error();
		rc = SSL_write(conn->tls, bytes.at, bytes.n > INT_MAX ? INT_MAX : (int)bytes.n);
		if (rc > 0) {
			bytes = slice_skip(bytes, (size_t)rc);
			continue;
		}
		switch (turn(s, rc)) {
		case AGAIN:
			break;
		case STOPPED:
			return false;
		default: /* the peer's last words may explain it: conn_line() reads them */
			conn->broken = true;
		}
	}
	return true;
}

static int
protocol_version(enum tls_version version)
{
	static const int versions[] = {
		[TLS_VERSION_DEFAULT] = 0,
		[TLS_VERSION_1_0] = TLS1_VERSION,
		[TLS_VERSION_1_1] = TLS1_1_VERSION,
		[TLS_VERSION_1_2] = TLS1_2_VERSION,
		[TLS_VERSION_1_3] = TLS1_3_VERSION,
	};

	return versions[version];
}

static bool
bad_option(struct session *s, enum cause cause, const char *option, const char *value)
{
	return fail(s, cause, "%s: cannot use \"%s\": %s", option, value, tls_reason(s).at);
}

/*
 * Below TLS 1.2 nothing works at OpenSSL's default security level: asking for it asks for level 0.
 * Certificates are still judged by the default.
 */
static bool
prepare_versions(struct session *s, SSL_CTX *context)
{
	const struct probe_opts *opts = s->common;
	enum tls_version lowest = opts->tls_min ? opts->tls_min : opts->tls_max;

	if (lowest == TLS_VERSION_1_0 || lowest == TLS_VERSION_1_1) {
		X509_VERIFY_PARAM_set_auth_level(
		    SSL_CTX_get0_param(context), SSL_CTX_get_security_level(context));
		SSL_CTX_set_security_level(context, 0);
	}
	if (opts->tls_min
	    && !SSL_CTX_set_min_proto_version(context, protocol_version(opts->tls_min)))
		return bad_option(s, CAUSE_USAGE, "--tls-min", "that version");
	if (opts->tls_max
	    && !SSL_CTX_set_max_proto_version(context, protocol_version(opts->tls_max)))
		return bad_option(s, CAUSE_USAGE, "--tls-max", "that version");
	if (opts->ciphers && !SSL_CTX_set_cipher_list(context, opts->ciphers))
		return bad_option(s, CAUSE_USAGE, "--ciphers", opts->ciphers);
	return true;
}

/*
 * OpenSSL would wait for ever for a pipe, and says of a missing file that the "system lib" failed.
 */
static bool
readable(struct session *s, const char *option, const char *path)
{
	struct str error = str_in(s->arena);

	return file_check(s->arena, path, &error)
	    || fail(s, CAUSE_LOCAL, "%s: %s", option, str_z(&error));
}

/* What OpenSSL says to a file. */
static bool
load(struct session *s, int done, const char *option, const char *path)
{
	return done == 1 || bad_option(s, CAUSE_LOCAL, option, path);
}

/* Nobody is there to be asked for the passphrase of a key. */
static int
no_passphrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer, (void)size, (void)writing, (void)data;
	return -1;
}

/*
 * The hashed directory, read on use, and not the bundle: parsing 150 certificates costs four times
 * the rest of a check.
 */
static bool
prepare_trust(struct session *s, SSL_CTX *context)
{
	const struct probe_opts *opts = s->common;
	const char *file = opts->ca_file, *path = opts->ca_path;

	if (!file && !path) {
		file = secure_getenv(X509_get_default_cert_file_env());
		path = secure_getenv(X509_get_default_cert_dir_env());
		path = path ? path : X509_get_default_cert_dir();
	}
	if (file
	    && !(readable(s, "--ca-file", file)
	        && load(s, SSL_CTX_load_verify_file(context, file), "--ca-file", file)))
		return false;
	if (opts->ca_path && access(path, R_OK | X_OK) != 0)
		return fail(s, CAUSE_LOCAL, "--ca-path: %s: %m", path);
	if (path && !load(s, SSL_CTX_load_verify_dir(context, path), "--ca-path", path))
		return false;
	return !opts->crl_file || (readable(s, "--crl-file", opts->crl_file) && cert_load_crl(s));
}

static bool
prepare_client_certificate(struct session *s, SSL_CTX *context)
{
	const struct probe_opts *opts = s->common;
	const char *key = opts->client_key ? opts->client_key : opts->client_cert;

	if (!opts->client_cert)
		return true;
	if (!readable(s, "--client-cert", opts->client_cert) || !readable(s, "--client-key", key))
		return false;
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	return load(s, SSL_CTX_use_certificate_chain_file(context, opts->client_cert),
	           "--client-cert", opts->client_cert)
	    && load(s, SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM), "--client-key",
	        key);
}

/*
 * What to verify and to ask for: --server-name or the host, without the root's dot or an IPv6 zone.
 */
static bool
prepare_name(struct session *s)
{
	struct conn *conn = s->conn;
	slice name = slice_z(s->common->server_name ? s->common->server_name : s->common->host);
	struct address address;

	if (name.n > 1 && name.at[name.n - 1] == '.')
		name.n--;
	if (slice_find(name, S(":")) < name.n)
		name = slice_head(name, slice_find(name, S("%")));
	conn->name = arena_copy(s->arena, name).at;
	if (!conn->name)
		return false;
	conn->name_is_address = address_parse(conn->name, &address);
	return true;
}

void
tls_library(void)
{
	/*
	 * The texts of errors, a twentieth of a check, are loaded by tls_reason() once there is
	 * one.
	 */
	uint64_t init = OPENSSL_INIT_NO_ATEXIT | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
	    | OPENSSL_INIT_NO_LOAD_SSL_STRINGS;

	if (!secure_getenv("OPENSSL_CONF"))
		init |= OPENSSL_INIT_NO_LOAD_CONFIG;
	OPENSSL_init_ssl(init, NULL);
}

static bool
prepare_context(struct session *s)
{
	SSL_CTX *context;

	tls_library();
	ERR_clear_error();
	s->conn->context = context = SSL_CTX_new(TLS_client_method());
	if (!context)
		return fail(s, CAUSE_LOCAL, "OpenSSL: %s", tls_reason(s).at);
	SSL_CTX_set_mode(context,
	    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
	        | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, cert_callback);
	if (s->common->dane && SSL_CTX_dane_enable(context) <= 0)
		return fail(s, CAUSE_LOCAL, "OpenSSL: %s", tls_reason(s).at);
	return prepare_versions(s, context) && prepare_trust(s, context)
	    && prepare_client_certificate(s, context);
}

bool
tls_prepare(struct session *s)
{
	SSL_CTX *shared = s->common->tls_context;

	if (shared) {
		SSL_CTX_up_ref(shared);
		s->conn->context = shared;
	}
	return (shared || prepare_context(s)) && prepare_name(s);
}

void
tls_release(SSL_CTX *context)
{
	SSL_CTX_free(context);
}

static bool
handshake(struct session *s)
{
	struct conn *conn = s->conn;
	enum outcome outcome;
	int rc;

	do {
		ERR_clear_error();
		rc = SSL_connect(conn->tls);
		if (rc == 1) {
			conn->established = true;
			return true;
		}
		outcome = turn(s, rc);
	} while (outcome == AGAIN);
	conn->broken = true;
	if (outcome == STOPPED)
		return false;
	if (outcome == CUT || outcome == ENDED)
		return fail(
		    s, CAUSE_TLS_ERROR, "the server closed the connection within the handshake");
	return fail(s, CAUSE_TLS_ERROR, "%s", tls_reason(s).at);
}

static void
record_parameters(struct session *s)
{
	SSL *tls = s->conn->tls;
	int group = SSL_get_negotiated_group(tls);
	const char *name = group > 0 ? SSL_group_to_name(tls, group) : NULL;

	fact_text(s, FACT_TLS_VERSION, slice_z(SSL_get_version(tls)));
	fact_text(s, FACT_TLS_CIPHER, slice_z(SSL_get_cipher_name(tls)));
	if (name)
		fact_text(s, FACT_TLS_GROUP, slice_z(name));
	fact_flag(s, FACT_TLS_RESUMED, SSL_session_reused(tls));
	transcript(s, '*',
	    str_f(s->arena, "%s established, %s", SSL_get_version(tls), SSL_get_cipher_name(tls)));
}

/*
 * OpenSSL reads on by itself while records come that carry nothing for us (key updates, requests
 * for a new handshake). Past the deadline it finds nothing to read, and comes back to conn_wait().
 */
static long
stop_reading(
    BIO *bio, int operation, const char *bytes, size_t n, int i, long l, int result, size_t *done)
{
	const struct session *s = (const struct session *)BIO_get_callback_arg(bio);

	(void)bytes, (void)n, (void)i, (void)l, (void)done;
	if (operation != BIO_CB_READ || instant_before(clock_now(), s->deadline))
		return result;
	BIO_set_retry_read(bio);
	return -1;
}

bool
conn_tls(struct session *s)
{
	struct conn *conn = s->conn;

	if (!phase(s, PHASE_TLS))
		return false;
	ERR_clear_error();
	conn->from = conn->to = 0;
	conn->tls = SSL_new(conn->context);
	if (!conn->tls || !SSL_set_fd(conn->tls, conn->fd) || !SSL_set_app_data(conn->tls, s))
		return fail(s, CAUSE_LOCAL, "OpenSSL: %s", tls_reason(s).at);
	BIO_set_callback_ex(SSL_get_rbio(conn->tls), stop_reading);
	BIO_set_callback_arg(SSL_get_rbio(conn->tls), (char *)s);
	SSL_set_tlsext_status_type(conn->tls, TLSEXT_STATUSTYPE_ocsp);
	if (!conn->name_is_address && !SSL_set_tlsext_host_name(conn->tls, conn->name))
		return fail(s, CAUSE_LOCAL, "OpenSSL: %s", tls_reason(s).at);
	if (!handshake(s))
		return false;
	record_parameters(s);
	return cert_judge(s);
}

bool
conn_binding(struct session *s, slice *type, slice *data)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	struct conn *conn = s->conn;
	SSL *tls = conn->tls;
	size_t n;

	if (!conn->established)
		return false;
	if (SSL_version(tls) >= TLS1_3_VERSION) {
		*type = S("tls-exporter");
		n = 32;
		if (!SSL_export_keying_material(
		        tls, conn->binding, n, label, sizeof label - 1, NULL, 0, 0))
			return false;
	} else {
		*type = S(
		    "tls-unique"); /* of a full handshake: the client's Finished is the first */
		n = SSL_session_reused(tls)
		    ? SSL_get_peer_finished(tls, conn->binding, sizeof conn->binding)
		    : SSL_get_finished(tls, conn->binding, sizeof conn->binding);
	}
	*data = (slice){ (const char *)conn->binding, n };
	return true;
}

void
tls_close(struct conn *conn)
{
	if (!conn->context)
		return; /* OpenSSL was never started, and is not for this */
	ERR_clear_error();
	if (conn->established && !conn->broken)
		SSL_shutdown(conn->tls);
	SSL_free(conn->tls);
	SSL_CTX_free(conn->context);
	conn->tls = NULL;
	conn->context = NULL;
	ERR_clear_error();
}
