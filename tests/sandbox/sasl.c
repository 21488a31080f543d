/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The mechanisms but SCRAM, and the table of all of them: PLAIN (RFC 4616), LOGIN, CRAM-MD5
 * (RFC 2195), EXTERNAL (RFC 4422), OAUTHBEARER (RFC 7628) and XOAUTH2. The order of the table is
 * the order in which they are offered.
 */
#include "sasl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "accounts.h"

static enum sasl_turn
verdict(struct sasl *s, struct slice user, struct slice password)
{
	if (!accounts_check(s->conn->server->accounts, user, password))
		return SASL_FAILURE;
	if (!s->user)                   /* LOGIN has it already */
		s->user = make_text(user.at, user.len);
	return SASL_SUCCESS;
}

/* message = [authzid] NUL authcid NUL passwd */
static enum sasl_turn
plain(struct sasl *s, struct slice said)
{
	struct slice authzid, user;

	if (!memchr(said.at, '\0', said.len))
		return SASL_BROKEN;
	authzid = slice_until(&said, '\0');
	if (!memchr(said.at, '\0', said.len))
		return SASL_BROKEN;
	user = slice_until(&said, '\0');
	if (authzid.len && (authzid.len != user.len || memcmp(authzid.at, user.at, user.len)))
		return SASL_FAILURE;
	return verdict(s, user, said);
}

static enum sasl_turn
login(struct sasl *s, struct slice said)
{
	if (!s->user && !s->turns++ && !said.len) {
		bytes_text(&s->out, "Username:");
		return SASL_CHALLENGE;
	}
	if (!s->user) {
		s->user = make_text(said.at, said.len);
		bytes_text(&s->out, "Password:");
		return SASL_CHALLENGE;
	}
	return verdict(s, slice_of(s->user), said);
}

static bool
cram_digest(const struct sasl *s, struct slice user, char hex[33])
{
	const char *password = accounts_password(s->conn->server->accounts, user);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (!password)
		return false;
	HMAC(EVP_md5(), password, (int)strlen(password), (unsigned char *)s->out.at, s->out.len,
	    digest, &len);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return len == 16;
}

/* The challenge stays in `out` between the turns; only its length was taken away. */
static enum sasl_turn
cram_md5(struct sasl *s, struct slice said)
{
	uint64_t random;
	char hex[33];
	size_t blank;

	if (!s->turns) {
		RAND_bytes((unsigned char *)&random, sizeof(random));
		bytes_format(&s->out, "<%llu.%lld@%s>", (unsigned long long)random,
		    (long long)time(NULL), s->conn->server->hostname);
		s->turns = (int)s->out.len;
		return SASL_CHALLENGE;
	}
	s->out.len = (size_t)s->turns;
	for (blank = said.len; blank && said.at[blank - 1] != ' '; blank--)
		;
	if (!blank)
		return SASL_BROKEN;
	if (!cram_digest(s, (struct slice){ said.at, blank - 1 }, hex)
	    || !slice_equals((struct slice){ said.at + blank, said.len - blank }, hex))
		return SASL_FAILURE;
	s->user = make_text(said.at, blank - 1);
	return SASL_SUCCESS;
}

static enum sasl_turn
external(struct sasl *s, struct slice said)
{
	char name[256];

	if (!conn_certified(s->conn, name, sizeof(name)) || (said.len && !slice_is(said, name)))
		return SASL_FAILURE;
	s->user = make_text(name, strlen(name));
	return SASL_SUCCESS;
}

/* Finds "key=value" among parts that end in ^A. */
static struct slice
part(struct slice text, const char *key)
{
	while (text.len) {
		struct slice p = slice_until(&text, '\1');

		if (slice_skip(&p, key))
			return p;
	}
	return (struct slice){ "", 0 };
}

/* RFC 7628 section 3.2.2: the failure is told in a challenge, whose answer says nothing. */
static enum sasl_turn
token(struct sasl *s, struct slice user, struct slice said, const char *complaint)
{
	struct slice bearer = part(said, "auth=");

	if (s->turns++)
		return SASL_FAILURE;
	if (!said.len)
		return SASL_BROKEN;
	if (slice_skip(&bearer, "Bearer ")
	    && accounts_token(s->conn->server->accounts, user, bearer)) {
		s->user = make_text(user.at, user.len);
		return SASL_SUCCESS;
	}
	bytes_text(&s->out, complaint);
	return SASL_CHALLENGE;
}

/* "user=" {User} "^Aauth=Bearer " {Token} "^A^A" */
static enum sasl_turn
xoauth2(struct sasl *s, struct slice said)
{
	return token(s, part(said, "user="), said,
	    "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");
}

/* gs2-header kvsep *kvpair kvsep; the gs2-header is "n,a=user," */
static enum sasl_turn
oauthbearer(struct sasl *s, struct slice said)
{
	struct slice rest = said, header = slice_until(&rest, '\1'), user;

	slice_until(&header, ',');
	user = slice_until(&header, ',');
	if (!slice_skip(&user, "a="))
		user.len = 0;
	return token(s, user, said, "{\"status\":\"invalid_token\",\"scope\":\"mail\","
	    "\"openid-configuration\":\"https://sandbox.test/.well-known/openid-configuration\"}");
}

static const struct mechanism table[] = {
	{ .name = "SCRAM-SHA-256-PLUS", .turn = scram_turn, .digest = "SHA256",
	  .plus = true },
	{ .name = "SCRAM-SHA-1-PLUS", .turn = scram_turn, .digest = "SHA1",
	  .plus = true },
	{ .name = "SCRAM-SHA-256", .turn = scram_turn, .digest = "SHA256" },
	{ .name = "SCRAM-SHA-1", .turn = scram_turn, .digest = "SHA1" },
	{ .name = "CRAM-MD5", .turn = cram_md5, .server_first = true, .no_initial = true },
	{ .name = "PLAIN", .turn = plain },
	{ .name = "LOGIN", .turn = login, .server_first = true },
	{ .name = "EXTERNAL", .turn = external, .certificate = true },
	{ .name = "OAUTHBEARER", .turn = oauthbearer, .oauth = true },
	{ .name = "XOAUTH2", .turn = xoauth2, .oauth = true },
};

#define COUNT (sizeof(table) / sizeof(*table))

const struct mechanism *
sasl_mechanism(size_t index)
{
	return index < COUNT ? &table[index] : NULL;
}

const struct mechanism *
sasl_find(struct slice name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (slice_is(name, table[i].name))
			return &table[i];
	return NULL;
}

bool
sasl_possible(const struct mechanism *m, const struct conn *c)
{
	char name[256];

	return (!m->plus || conn_secure(c))
	    && (!m->oauth || accounts_have_tokens(c->server->accounts))
	    && (!m->certificate || conn_certified(c, name, sizeof(name)));
}

/* Case matters: LOGIN is a mechanism, and login the command of IMAP. */
bool
sasl_wanted(const struct conn *c, const char *name)
{
	struct slice rest;

	if (!conn_faulty(c, FAULT_AUTH_ONLY))
		return true;
	rest = slice_of(fault_text(&c->listener->faults, FAULT_AUTH_ONLY));
	while (rest.len)
		if (slice_equals(slice_until(&rest, '/'), name))
			return true;
	return false;
}

bool
sasl_offered(const struct mechanism *m, const struct conn *c)
{
	return sasl_wanted(c, m->name) && sasl_possible(m, c);
}

bool
sasl_offers(const struct conn *c)
{
	return !conn_faulty(c, FAULT_AUTH_NONE)
	    && (conn_secure(c) || !conn_faulty(c, FAULT_AUTH_TLS_ONLY));
}

void
sasl_challenge(const struct sasl *s, struct bytes *challenge)
{
	if (fault_at(&s->conn->listener->faults, FAULT_AUTH_MALFORMED, VERB_CHALLENGE))
		bytes_text(challenge, "%%");
	base64_add(challenge, s->out.at, s->out.len);
}

enum sasl_turn
sasl_take(struct sasl *s, struct slice encoded, struct bytes *challenge)
{
	struct bytes said = { 0 };
	enum sasl_turn next = SASL_BROKEN;

	s->out.len = 0;
	if (base64_decode(&said, encoded)) {
		bytes_add(&said, "", 1);        /* a terminator that does not count */
		next = s->mechanism->turn(s, (struct slice){ said.at, said.len - 1 });
	}
	bytes_free(&said);
	if (next == SASL_CHALLENGE)
		sasl_challenge(s, challenge);
	return next;
}

struct sasl *
sasl_new(const struct mechanism *m, const struct conn *c)
{
	struct sasl *s = make(sizeof(*s));

	s->mechanism = m;
	s->conn = c;
	return s;
}

void
sasl_free(struct sasl *s)
{
	if (!s)
		return;
	scram_free(s->scram);
	free(s->user);
	bytes_free(&s->out);
	free(s);
}
