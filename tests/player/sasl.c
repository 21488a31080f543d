/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's half of the challenge mechanisms, CRAM-MD5 (RFC 2195) and SCRAM (RFC 5802, 7677),
 * since their lines cannot be written into a script.  A directive plays from the AUTH command up
 * to the point where the final reply is due; that reply the script says.  What the client sends
 * is verified, also the channel binding, against the connection as the server knows it.
 */
#include "player.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGEST_MAX = 64, SALT = 16 };

struct scram {
	const char *user, *password, *iterations, *nonce, *gs2, *salt, *spoil, *authzid;
	const char *misdeed;
	const EVP_MD *md;
	bool plus, reject, prompted;
	struct text binding;            /* the gs2 header as the client sent it */
	struct text client_first, server_first, client_nonce, both_nonces;
	unsigned char salt_bytes[SALT];
};

static void
challenge(struct play *p, const void *bytes, size_t len)
{
	struct text t = {0};

	if (!serve_speak(p))
		return;
	text_str(&t, protocol_prompt(p));
	text_base64(&t, bytes, len);
	text_str(&t, "\r\n");
	wire_send(p, t.at, t.len);
}

/* A line of the client, decoded. */
static bool
response(struct play *p, struct text *plain)
{
	size_t len;
	char *line;

	if (!serve_begin(p) || !wire_line(p, "base64", &line, &len))
		return false;
	p->spoke = false;
	protocol_heard(p, line, len);
	text_add(plain, "", 0);
	return text_unbase64(plain, line, len) ||
	    play_fail(p, "wanted base64 from the client, got: %.*s", (int)len, line);
}

/* The command that begins an exchange, alone or with an initial response, decoded. */
static bool
command(struct play *p, const char *mechanism, struct text *initial)
{
	const bool imap = p->protocol == PROTOCOL_IMAP;
	struct text wanted = {0};
	size_t len, skip;
	char *line;

	text_printf(&wanted, "%s %s%s", imap ? "AUTHENTICATE" : "AUTH", mechanism,
	    initial ? " " : "");
	if (!serve_begin(p) || !wire_line(p, wanted.at, &line, &len))
		return false;
	p->spoke = p->quit = false;
	protocol_heard(p, line, len);
	skip = imap ? strcspn(p->line.at, " ") + 1 : 0;
	skip = skip > len ? len : skip;
	if (len - skip < wanted.len || strncmp(line + skip, wanted.at, wanted.len) ||
	    (!initial && len - skip != wanted.len))
		return play_fail(p, "wanted from the client: %s%s%s\ngot: %.*s", imap ? "TAG " : "",
		    wanted.at, initial ? "*" : "", (int)len, line);
	skip += wanted.len;
	return !initial || text_unbase64(initial, line + skip, len - skip) ||
	    play_fail(p, "wanted base64 from the client, got: %.*s", (int)len, line);
}

static void
hmac(const EVP_MD *md, const void *key, size_t key_len, const char *data, size_t len,
    unsigned char *digest)
{
	need(HMAC(md, key, (int)key_len, (const unsigned char *)data, len, digest, NULL));
}

static bool
act_cram_md5(struct play *p, const struct step *s)
{
	const char *words = s->arg;
	bool broken, reject;
	char *user = text_word(&words, &broken), *password = text_word(&words, &broken), *extra;
	struct text question = {0}, got = {0}, wanted = {0};
	unsigned char digest[DIGEST_MAX];
	size_t len;

	extra = text_word(&words, &broken);
	reject = extra && !strcmp(extra, "reject");
	if (!password || !command(p, "CRAM-MD5", NULL))
		return play_fail(p, "(cram-md5 USER PASSWORD)");
	text_printf(&question, "<%d.%ld@mx.test>", rand(), (long)getpid());
	challenge(p, question.at, question.len);
	if (!response(p, &got))
		return false;
	hmac(EVP_md5(), password, strlen(password), question.at, question.len, digest);
	text_printf(&wanted, "%s ", user);
	len = strcspn(got.at, " ");
	len += got.at[len] == ' ';
	for (int i = 0; i < 16; i++)
		text_printf(&wanted, "%02x", digest[i]);
	text_add(&p->proof, got.at + len, got.len - len);
	return !strcmp(wanted.at, got.at) != reject ||
	    play_fail(p, "wanted: %s%s\ngot: %s", reject ? "not " : "", wanted.at, got.at);
}

static bool
options_read(struct play *p, struct scram *c, const char *words)
{
	struct { const char *name, **value; } values[] = {
		{ .name = "user", .value = &c->user },
		{ .name = "password", .value = &c->password },
		{ .name = "iterations", .value = &c->iterations },
		{ .name = "gs2", .value = &c->gs2 },
		{ .name = "nonce", .value = &c->nonce },
		{ .name = "salt", .value = &c->salt },
		{ .name = "authzid", .value = &c->authzid },
		{ .name = "server-first", .value = &c->spoil },
	};
	const size_t len = sizeof(values) / sizeof(values[0]);
	const char *value;
	char *word;
	size_t i;
	bool broken;

	while ((word = text_word(&words, &broken))) {
		for (i = 0; i < len; i++)
			if ((value = text_option(word, values[i].name))) {
				*values[i].value = value;
				break;
			}
		if (i < len)
			continue;
		if (!strcmp(word, "reject"))
			c->reject = true;
		else if (!strcmp(word, "prompted"))
			c->prompted = true;
		else if (!strncmp(word, "early-success", 13) || !strcmp(word, "no-signature") ||
		    !strcmp(word, "wrong-signature") || !strncmp(word, "error=", 6))
			c->misdeed = word;
		else
			return play_fail(p, "unknown option: %s", word);
	}
	return c->user && c->password ? true : play_fail(p, "wanted user= and password=");
}

/* gs2-header = gs2-cbind-flag "," [ "a=" saslname ] "," */
static bool
header_read(struct play *p, struct scram *c, const struct text *first)
{
	const char *comma = strchr(first->at, ','), *second = comma ? strchr(comma + 1, ',') : NULL;
	const char *nonce = second ? strstr(second, ",r=") : NULL;
	struct text wanted = {0};

	if (!second || !nonce)
		return play_fail(p, "not a SCRAM client-first-message: %s", first->at);
	text_add(&c->binding, first->at, (size_t)(second + 1 - first->at));
	text_str(&c->client_first, second + 1);
	text_str(&c->client_nonce, nonce + 3);
	text_printf(&wanted, "%s,%s%s,", c->gs2 ? c->gs2 : c->plus ? "p=*" : "*",
	    c->authzid ? "a=" : "", c->authzid ? c->authzid : "");
	if (!text_glob(wanted.at, c->binding.at, c->binding.len) ||
	    (c->plus != (first->at[0] == 'p')))
		return play_fail(p, "wanted a GS2 header %s, got %s", wanted.at, c->binding.at);
	wanted.len = 0;
	text_printf(&wanted, "n=%s,r=", c->user);
	return !strncmp(c->client_first.at, wanted.at, wanted.len) ||
	    play_fail(p, "wanted %s..., got %s", wanted.at, c->client_first.at);
}

static void
server_first(struct play *p, struct scram *c)
{
	unsigned char nonce[18];

	RAND_bytes(nonce, sizeof(nonce));
	RAND_bytes(c->salt_bytes, SALT);
	text_str(&c->both_nonces, c->nonce && !strcmp(c->nonce, "bad") ? "notyours" :
	    c->client_nonce.at);
	if (!c->nonce || strcmp(c->nonce, "same"))
		text_base64(&c->both_nonces, nonce, sizeof(nonce));
	text_printf(&c->server_first, "r=%s,s=", c->both_nonces.at);
	if (c->salt)
		text_str(&c->server_first, c->salt);
	else
		text_base64(&c->server_first, c->salt_bytes, SALT);
	text_printf(&c->server_first, ",i=%s", c->iterations ? c->iterations : "4096");
	if (c->spoil) {
		c->server_first.len = 0;
		text_str(&c->server_first, c->spoil);
	}
	challenge(p, c->server_first.at, c->server_first.len);
}

/* RFC 5929 (tls-unique, tls-server-end-point) and RFC 9266 (tls-exporter), from our end. */
static bool
binding_data(struct play *p, struct text *to, const char *flag)
{
	unsigned char data[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	SSL *ssl = p->wire.ssl;

	if (!ssl)
		return play_fail(p, "channel binding without TLS");
	if (!strncmp(flag, "p=tls-exporter,", 15)) {
		len = 32;
		if (SSL_export_keying_material(ssl, data, len, "EXPORTER-Channel-Binding", 24, NULL,
		    0, 0) != 1)
			len = 0;
	} else if (!strncmp(flag, "p=tls-unique,", 13) && SSL_version(ssl) < TLS1_3_VERSION) {
		len = (unsigned)SSL_get_peer_finished(ssl, data, sizeof(data));
	} else if (!strncmp(flag, "p=tls-server-end-point,", 23)) {
		X509_digest(SSL_get_certificate(ssl), EVP_sha256(), data, &len);
	}
	text_add(to, data, len);
	return len > 0 || play_fail(p, "a channel binding this connection has not: %s", flag);
}

/* client-final-message-without-proof ",p=" proof; the proof is verified. */
static bool
final_read(struct play *p, struct scram *c, const struct text *final, struct text *signature)
{
	unsigned char salted[DIGEST_MAX], key[DIGEST_MAX], stored[DIGEST_MAX], digest[DIGEST_MAX];
	const size_t size = (size_t)EVP_MD_get_size(c->md);
	const char *proof = strstr(final->at, ",p=");
	struct text binding = {0}, start = {0}, message = {0}, sent = {0};
	bool right;

	text_add(&binding, c->binding.at, c->binding.len);
	if (c->plus && !binding_data(p, &binding, c->binding.at))
		return false;
	text_str(&start, "c=");
	text_base64(&start, binding.at, binding.len);
	text_printf(&start, ",r=%s", c->both_nonces.at);
	if (!proof || (size_t)(proof - final->at) != start.len ||
	    strncmp(start.at, final->at, start.len))
		return play_fail(p, "wanted %s,p=..., got %s", start.at, final->at);
	text_str(&p->proof, proof + 3);
	PKCS5_PBKDF2_HMAC(c->password, -1, c->salt_bytes, SALT, c->iterations ?
	    atoi(c->iterations) : 4096, c->md, (int)size, salted);
	text_printf(&message, "%s,%s,%s", c->client_first.at, c->server_first.at, start.at);
	hmac(c->md, salted, size, "Client Key", 10, key);
	EVP_Digest(key, size, stored, NULL, c->md, NULL);
	hmac(c->md, stored, size, message.at, message.len, digest);
	for (size_t i = 0; i < size; i++)
		digest[i] ^= key[i];
	right = text_unbase64(&sent, proof + 3, strlen(proof + 3)) && sent.len == size &&
	    !memcmp(sent.at, digest, size);
	if (right == c->reject)
		return play_fail(p, "the proof is %s", right ? "right" : "wrong");
	hmac(c->md, salted, size, "Server Key", 10, key);
	hmac(c->md, key, size, message.at, message.len, digest);
	text_base64(signature, digest, size);
	return true;
}

static bool
server_final(struct play *p, const struct scram *c, struct text *signature)
{
	const char *misdeed = c->misdeed ? c->misdeed : "";
	struct text message = {0};
	char *line;
	size_t len;

	if (c->reject || !strcmp(misdeed, "early-success"))
		return true;
	if (!strcmp(misdeed, "wrong-signature"))
		signature->at[5] = signature->at[5] == 'A' ? 'B' : 'A';
	if (!strncmp(misdeed, "error=", 6))
		text_printf(&message, "e=%s", misdeed + 6);
	else if (strcmp(misdeed, "no-signature"))
		text_printf(&message, "v=%s", signature->at);
	challenge(p, message.at ? message.at : "", message.len);
	if (*misdeed)
		return true;
	if (!wire_line(p, "an empty response", &line, &len))
		return false;
	p->spoke = false;
	return !len || play_fail(p, "wanted an empty response, got: %.*s", (int)len, line);
}

static bool
play_scram(struct play *p, const struct step *s, const char *name, const EVP_MD *md, bool plus)
{
	struct scram c = { .md = md, .plus = plus };
	struct text first = {0}, final = {0}, signature = {0};

	text_add(&first, "", 0);
	if (!options_read(p, &c, s->arg) || !command(p, name, c.prompted ? NULL : &first))
		return false;
	if (c.prompted)
		challenge(p, "", 0);
	if ((c.prompted && !response(p, &first)) || !header_read(p, &c, &first))
		return false;
	if (c.misdeed && !strcmp(c.misdeed, "early-success=1"))
		return true;
	server_first(p, &c);
	if (c.spoil || c.salt || c.nonce ||
	    (c.iterations && (atoi(c.iterations) < 1 || atol(c.iterations) > 10000000)))
		return true;
	return response(p, &final) && final_read(p, &c, &final, &signature) &&
	    server_final(p, &c, &signature);
}

static bool
act_sha1(struct play *p, const struct step *s)
{
	return play_scram(p, s, "SCRAM-SHA-1", EVP_sha1(), false);
}

static bool
act_sha1_plus(struct play *p, const struct step *s)
{
	return play_scram(p, s, "SCRAM-SHA-1-PLUS", EVP_sha1(), true);
}

static bool
act_sha256(struct play *p, const struct step *s)
{
	return play_scram(p, s, "SCRAM-SHA-256", EVP_sha256(), false);
}

static bool
act_sha256_plus(struct play *p, const struct step *s)
{
	return play_scram(p, s, "SCRAM-SHA-256-PLUS", EVP_sha256(), true);
}

const struct directive sasl_directives[] = {
	{ .name = "cram-md5", .stage = STAGE_SERVE, .act = act_cram_md5 },
	{ .name = "scram-sha-1", .stage = STAGE_SERVE, .act = act_sha1 },
	{ .name = "scram-sha-1-plus", .stage = STAGE_SERVE, .act = act_sha1_plus },
	{ .name = "scram-sha-256", .stage = STAGE_SERVE, .act = act_sha256 },
	{ .name = "scram-sha-256-plus", .stage = STAGE_SERVE, .act = act_sha256_plus },
	{ .name = NULL },
};
