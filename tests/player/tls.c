/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handshake as the server of a script does it, with a certificate as wrong as the script
 * wants, and the bytes that go under or beside TLS.  A client that breaks the handshake off is
 * no failure: that is what most of these certificates are for.  It has then left the connection,
 * and a line wanted from it will be missed.
 */
#include "player.h"

#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct wishes {
	const char *cert, *version, *staple, *client;
	bool no_notify, must_fail;
};

static bool
wishes_read(struct wishes *w, const char *options)
{
	const char *value;
	char *word;
	bool broken;

	*w = (struct wishes){ .cert = "good" };
	while ((word = text_word(&options, &broken))) {
		if ((value = text_option(word, "cert")))
			w->cert = value;
		else if ((value = text_option(word, "version")))
			w->version = value;
		else if ((value = text_option(word, "staple")))
			w->staple = value;
		else if ((value = text_option(word, "request-cert")))
			w->client = *value ? value : "required";
		else if (!strcmp(word, "no-notify"))
			w->no_notify = true;
		else if (!strcmp(word, "fails"))
			w->must_fail = true;
		else
			return false;
	}
	return !broken;
}

static int
version_number(const char *name)
{
	static const struct { const char *name; int number; } versions[] = {
		{ .name = "1.0", .number = TLS1_VERSION },
		{ .name = "1.1", .number = TLS1_1_VERSION },
		{ .name = "1.2", .number = TLS1_2_VERSION },
		{ .name = "1.3", .number = TLS1_3_VERSION },
	};

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (!strcmp(versions[i].name, name))
			return versions[i].number;
	return 0;
}

/* Level 0, or our own side would refuse the weak and the old before the client can. */
static SSL_CTX *
context(struct play *p, const struct wishes *w)
{
	SSL_CTX *ctx = need(SSL_CTX_new(TLS_server_method()));
	int version = w->version ? version_number(w->version) : 0;

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, version ? version : TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, version);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if ((w->version && !version) || !certs_use(ctx, w->cert)) {
		play_fail(p, "no such version or certificate");
		return NULL;
	}
	if (w->staple && !certs_staple(ctx, w->staple)) {
		play_fail(p, "no such staple: %s", w->staple);
		return NULL;
	}
	if (w->client) {
		X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), certs_ca());
		SSL_CTX_add_client_CA(ctx, certs_ca());
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | (strcmp(w->client, "optional") ?
		    SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
	}
	return ctx;
}

/* False when the client does not go through with it. */
static bool
handshake(struct play *p)
{
	struct pollfd fd = { .fd = p->wire.fd };
	int result, error;

	for (;;) {
		ERR_clear_error();
		result = SSL_accept(p->wire.ssl);
		if (result > 0)
			return true;
		error = SSL_get_error(p->wire.ssl, result);
		if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
			return false;
		fd.events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
		if (play_wait(p, &fd, 1, -1, false) != WAIT_READY)
			return false;
	}
}

static void
tell(struct play *p, bool done)
{
	struct text t = {0};
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	text_printf(&t, "handshake: %s %s", done ? SSL_get_version(p->wire.ssl) : "failed,",
	    done ? "" : reason ? reason : "the client is gone");
	play_log(p, '-', t.at, t.len);
}

bool
tls_accept(struct play *p, const char *options)
{
	struct wire *w = &p->wire;
	struct wishes wishes;
	SSL_CTX *ctx;
	bool done;

	if (!wishes_read(&wishes, options))
		return play_fail(p, "unknown option of tls: %s", options);
	wire_flush(p);
	if (w->in.len > w->taken)
		return play_fail(p, "plaintext where the handshake should begin");
	ctx = context(p, &wishes);
	if (!ctx)
		return false;
	w->ssl = need(SSL_new(ctx));
	SSL_CTX_free(ctx);
	SSL_set_fd(w->ssl, w->fd);
	w->no_notify = wishes.no_notify;
	done = handshake(p);
	run_sample(p);
	tell(p, done);
	p->spoke = false;
	if (!done)
		w->ended = true;
	if (done && wishes.must_fail)
		return play_fail(p, "wanted a handshake that fails");
	return true;
}

static bool
act_tls(struct play *p, const struct step *s)
{
	return meet(p) && tls_accept(p, s->arg);
}

static bool
act_sni(struct play *p, const struct step *s)
{
	const char *name;

	if (!serve_begin(p) || !p->wire.ssl)
		return play_fail(p, "no TLS");
	name = SSL_get_servername(p->wire.ssl, TLSEXT_NAMETYPE_host_name);
	return !strcmp(name ? name : "none", s->arg) ||
	    play_fail(p, "wanted the server name %s, got %s", s->arg, name ? name : "none");
}

/* Past our own TLS, straight to the socket: what a broken or an attacked connection looks like. */
static bool
act_raw(struct play *p, const struct step *s)
{
	struct text t = {0};

	if (!serve_begin(p))
		return false;
	if (!text_unescape(&t, s->arg))
		return play_fail(p, "bad escape");
	wire_flush(p);
	p->spoke = true;
	play_log(p, 'R', t.at, t.len);
	if (send(p->wire.fd, t.at, t.len, MSG_NOSIGNAL) != (ssize_t)t.len)
		p->wire.ended = true;
	return true;
}

/* Reads a ClientHello and leaves the answer to the script. */
static bool
act_client_hello(struct play *p, const struct step *s)
{
	struct wire *w = &p->wire;
	const unsigned char *at;
	size_t len = 5;

	(void)s;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	while (w->in.len - w->taken < len) {
		if (!wire_read(p, true))
			return play_fail(p, "wanted a ClientHello");
		at = (unsigned char *)w->in.at + w->taken;
		if (at[0] != 22)
			return play_fail(p, "wanted a ClientHello, got a byte 0x%02x", at[0]);
		if (w->in.len - w->taken >= 5)
			len = 5 + ((size_t)at[3] << 8 | at[4]);
	}
	w->taken += len;
	w->bare_tls = true;
	p->spoke = false;
	play_log(p, '-', "ClientHello", 11);
	return true;
}

const struct directive tls_directives[] = {
	{ .name = "tls", .stage = STAGE_SERVE, .act = act_tls },
	{ .name = "sni", .stage = STAGE_SERVE, .act = act_sni },
	{ .name = "raw", .stage = STAGE_SERVE, .act = act_raw },
	{ .name = "client-hello", .stage = STAGE_SERVE, .act = act_client_hello },
	{ .name = NULL },
};
