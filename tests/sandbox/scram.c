/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * SCRAM (RFC 5802, RFC 7677), the server's side, with channel binding: tls-exporter (RFC 9266),
 * tls-unique up to TLS 1.2, and tls-server-end-point (RFC 5929). The faults that make a server
 * untrustworthy are here too, since they need the real computation to be wrong in one place only.
 */
#include "sasl.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "accounts.h"
#include "tls.h"

struct scram {
	const struct scram_keys *keys;
	struct bytes header;            /* gs2-header, and the binding's data behind it */
	struct bytes first;             /* client-first-message-bare "," server-first-message */
	struct bytes nonce;             /* both halves */
	char *user;
};

void
scram_free(struct scram *scram)
{
	if (!scram)
		return;
	bytes_free(&scram->header);
	bytes_free(&scram->first);
	bytes_free(&scram->nonce);
	free(scram->user);
	free(scram);
}

static const EVP_MD *
digest(const struct sasl *s)
{
	return strcmp(s->mechanism->digest, "SHA1") ? EVP_sha256() : EVP_sha1();
}

/* saslname: "=2C" stands for a comma, "=3D" for an equals sign */
static char *
saslname(struct slice text)
{
	char *name = make(text.len + 1);
	size_t to = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool coded = text.at[i] == '=' && i + 2 < text.len;

		name[to++] = !coded ? text.at[i] : text.at[i + 1] == '2' ? ',' : '=';
		i += coded ? 2 : 0;
	}
	return name;
}

/* gs2-cbind-flag: ("p=" cb-name) / "n" / "y" */
static enum sasl_turn
binding(struct sasl *s, struct slice flag)
{
	unsigned char data[EVP_MAX_MD_SIZE];
	size_t len;

	if (slice_equals(flag, "n") || slice_equals(flag, "y")) {
		/* "y" says that we offer no binding; under TLS we do, so somebody took it away. */
		bool downgraded = *flag.at == 'y' && conn_secure(s->conn);

		return s->mechanism->plus ? SASL_BROKEN
		    : downgraded ? SASL_FAILURE : SASL_CHALLENGE;
	}
	if (!slice_skip(&flag, "p=") || !s->mechanism->plus)
		return SASL_BROKEN;
	len = tls_binding(s->conn->ssl, flag, data);
	if (!len)
		return SASL_FAILURE;
	bytes_add(&s->scram->header, data, len);
	return SASL_CHALLENGE;
}

static void
server_first(struct sasl *s, struct slice client_nonce)
{
	struct scram *scram = s->scram;
	const struct fault_set *faults = &s->conn->listener->faults;
	unsigned char random[18], salt[SCRAM_SALT];
	long iterations = SCRAM_ITERATIONS;

	RAND_bytes(random, sizeof(random));
	RAND_bytes(salt, sizeof(salt));         /* for a user who is not there */
	if (fault_on(faults, FAULT_AUTH_ITERATIONS))
		iterations = fault_number(faults, FAULT_AUTH_ITERATIONS);
	if (!fault_on(faults, FAULT_AUTH_BAD_NONCE))
		bytes_add(&scram->nonce, client_nonce.at, client_nonce.len);
	base64_add(&scram->nonce, random, sizeof(random));
	bytes_format(&s->out, "r=%.*s,s=", (int)scram->nonce.len, scram->nonce.at);
	base64_add(&s->out, scram->keys ? scram->keys->salt : salt, SCRAM_SALT);
	bytes_format(&s->out, ",i=%ld", iterations);
	bytes_text(&scram->first, ",");
	bytes_add(&scram->first, s->out.at, s->out.len);
}

/* gs2-cbind-flag "," [authzid] "," "n=" saslname ",r=" c-nonce ["," extensions] */
static enum sasl_turn
client_first(struct sasl *s, struct slice said)
{
	struct scram *scram = s->scram = make(sizeof(*scram));
	struct slice bare = said, flag = slice_until(&bare, ','), authzid, user, nonce;
	enum sasl_turn turn;

	authzid = slice_until(&bare, ',');
	bytes_add(&scram->header, said.at, (size_t)(bare.at - said.at));
	bytes_add(&scram->first, bare.at, bare.len);
	user = slice_until(&bare, ',');
	nonce = slice_until(&bare, ',');
	if (!slice_skip(&user, "n=") || !slice_skip(&nonce, "r=") || !user.len || !nonce.len)
		return SASL_BROKEN;
	turn = binding(s, flag);
	if (turn != SASL_CHALLENGE)
		return turn;
	scram->user = saslname(user);
	if (slice_skip(&authzid, "a=") && !slice_is(authzid, scram->user))
		return SASL_FAILURE;
	scram->keys = accounts_scram(s->conn->server->accounts, slice_of(scram->user),
	    s->mechanism->digest);
	if (conn_faulty(s->conn, FAULT_AUTH_EARLY_SUCCESS)) {
		s->user = make_text(scram->user, strlen(scram->user));
		return SASL_SUCCESS;
	}
	server_first(s, nonce);
	return SASL_CHALLENGE;
}

static bool
same_header(const struct scram *scram, struct slice encoded)
{
	struct bytes expected = { 0 };
	bool same;

	base64_add(&expected, scram->header.at, scram->header.len);
	same = expected.len == encoded.len && !memcmp(expected.at, encoded.at, encoded.len);
	bytes_free(&expected);
	return same;
}

/* ClientKey = ClientProof XOR ClientSignature; its hash must be the StoredKey. */
static bool
proven(const struct sasl *s, struct slice auth, struct slice encoded)
{
	const struct scram_keys *k = s->scram->keys;
	unsigned char signature[EVP_MAX_MD_SIZE], hash[EVP_MAX_MD_SIZE];
	size_t len = (size_t)EVP_MD_get_size(digest(s));
	struct bytes proof = { 0 };
	bool good = base64_decode(&proof, encoded) && proof.len == len && k;

	if (good) {
		HMAC(digest(s), k->stored, (int)len, (const unsigned char *)auth.at, auth.len,
		    signature, NULL);
		for (size_t i = 0; i < len; i++)
			signature[i] ^= (unsigned char)proof.at[i];
		EVP_Digest(signature, len, hash, NULL, digest(s), NULL);
		good = !CRYPTO_memcmp(hash, k->stored, len);
	}
	bytes_free(&proof);
	return good;
}

static void
server_final(struct sasl *s, struct slice auth)
{
	unsigned char signature[EVP_MAX_MD_SIZE];
	size_t len = (size_t)EVP_MD_get_size(digest(s));

	HMAC(digest(s), s->scram->keys->server, (int)len, (const unsigned char *)auth.at,
	    auth.len, signature, NULL);
	if (conn_faulty(s->conn, FAULT_AUTH_WRONG_SIGNATURE))
		signature[0] ^= 1;
	bytes_text(&s->out, "v=");
	base64_add(&s->out, signature, len);
}

/* "c=" base64 ",r=" nonce ["," extensions] ",p=" base64 */
static enum sasl_turn
client_final(struct sasl *s, struct slice said)
{
	struct slice rest = said, c = slice_until(&rest, ','), r = slice_until(&rest, ',');
	struct slice p = { NULL, 0 }, without = said;
	const struct bytes *nonce = &s->scram->nonce;
	struct bytes *auth = &s->scram->first;

	while (rest.len)
		p = slice_until(&rest, ',');
	without.len -= without.len > p.len ? p.len + 1 : without.len;
	if (!slice_skip(&c, "c=") || !slice_skip(&r, "r=") || !slice_skip(&p, "p="))
		return SASL_BROKEN;
	bytes_text(auth, ",");
	bytes_add(auth, without.at, without.len);
	if (!same_header(s->scram, c) || r.len != nonce->len || memcmp(r.at, nonce->at, r.len)
	    || !proven(s, (struct slice){ auth->at, auth->len }, p))
		return SASL_FAILURE;
	s->user = make_text(s->scram->user, strlen(s->scram->user));
	if (conn_faulty(s->conn, FAULT_AUTH_NO_SIGNATURE))
		return SASL_SUCCESS;
	server_final(s, (struct slice){ auth->at, auth->len });
	return SASL_CHALLENGE;
}

enum sasl_turn
scram_turn(struct sasl *s, struct slice said)
{
	switch (s->turns++) {
	case 0:
		return client_first(s, said);
	case 1:
		return client_final(s, said);
	default:
		return said.len ? SASL_BROKEN : SASL_SUCCESS;
	}
}
