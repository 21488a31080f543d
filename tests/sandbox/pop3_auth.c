/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What is offered, TLS, and logging in: USER and PASS, APOP, and AUTH around the mechanisms of
 * sasl.h with an initial response, `*` to cancel.
 */
#include "pop3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "accounts.h"
#include "reply.h"

/* RFC 1939 section 7: a msg-id, another one for each banner. */
void
pop3_make_timestamp(struct conn *c)
{
	struct pop3 *s = c->session;
	struct bytes text = { 0 };
	uint32_t random;

	if (conn_faulty(c, FAULT_APOP_NONE) || !sasl_offers(c) || !sasl_wanted(c, "apop"))
		return;
	RAND_bytes((unsigned char *)&random, sizeof(random));
	if (conn_faulty(c, FAULT_APOP_GARBAGE))
		bytes_text(&text, "<no timestamp");
	else
		bytes_format(&text, "<%u.%lld@%s>", random, (long long)time(NULL),
		    c->server->hostname);
	s->timestamp = make_text(text.at, text.len);
	bytes_free(&text);
}

void
pop3_capa(struct conn *c, struct slice args)
{
	static const char *const names[] = { "TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE",
	    "PIPELINING" };
	struct bytes text = { 0 };
	const struct mechanism *m;
	const char *before = "SASL";

	(void)args;
	bytes_text(&text, "+OK Capabilities follow\r\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (pop3_offers(c, names[i]))
			bytes_format(&text, "%s\r\n", names[i]);
	if (!conn_secure(c) && !conn_faulty(c, FAULT_NO_STARTTLS) && pop3_offers(c, "STLS"))
		bytes_text(&text, "STLS\r\n");
	if (sasl_offers(c) && sasl_wanted(c, "user") && pop3_offers(c, "USER"))
		bytes_text(&text, "USER\r\n");
	for (size_t i = 0; (m = sasl_mechanism(i)); i++) {
		if (!pop3_offers(c, "SASL") || !sasl_offers(c) || !sasl_offered(m, c))
			continue;
		bytes_format(&text, "%s %s", before, m->name);
		before = "";
	}
	bytes_text(&text, *before ? "" : "\r\n");
	if (conn_faulty(c, FAULT_EHLO_LONG))
		for (long i = 1; i <= fault_number(&c->listener->faults, FAULT_EHLO_LONG); i++)
			bytes_format(&text, "X-UNKNOWN-%ld a b=c\r\n", i);
	bytes_text(&text, "IMPLEMENTATION mailprobe-sandbox\r\n.\r\n");
	reply_bytes(c, VERB_CAPA, &text);
	bytes_free(&text);
}

void
pop3_stls(struct conn *c, struct slice args)
{
	(void)args;
	if (conn_secure(c) || conn_faulty(c, FAULT_NO_STARTTLS)) {
		reply(c, VERB_STARTTLS, "-ERR STLS is not offered\r\n");
		return;
	}
	reply(c, VERB_STARTTLS, "+OK Begin TLS negotiation now\r\n");
	if (!c->ending)
		conn_upgrade(c);
}

static void
refuse(struct conn *c, struct slice last)
{
	const char *code = fault_text(&c->listener->faults, FAULT_LOGIN_NO);

	if (conn_faulty(c, FAULT_LOGIN_NO))
		reply(c, VERB_AUTH, "-ERR %s%s%sNot today\r\n", code ? "[" : "", code ? code : "",
		    code ? "] " : "");
	else if (conn_faulty(c, FAULT_AUTH_ECHO))
		reply(c, VERB_AUTH, "-ERR [AUTH] Not accepted: %.*s\r\n", (int)last.len, last.at);
	else
		reply(c, VERB_AUTH, "-ERR [AUTH] Authentication failed\r\n");
}

static void
verdict(struct conn *c, const char *user, struct slice last)
{
	struct pop3 *s = c->session;

	if (!user || conn_faulty(c, FAULT_AUTH_REJECTED) || conn_faulty(c, FAULT_LOGIN_NO))
		refuse(c, last);
	else if (!pop3_open(c, mail_user(c->server->mail, slice_of(user))))
		reply(c, VERB_AUTH, "-ERR [IN-USE] Another session has the maildrop open\r\n");
	else
		reply(c, VERB_AUTH, "+OK %zu messages\r\n", s->count);
}

static bool
command_offered(struct conn *c, const char *name)
{
	if (sasl_offers(c) && sasl_wanted(c, name))
		return true;
	reply(c, VERB_AUTH, "-ERR This login is not offered\r\n");
	return false;
}

void
pop3_user(struct conn *c, struct slice args)
{
	struct pop3 *s = c->session;

	if (!command_offered(c, "user"))
		return;
	free(s->name);
	s->name = make_text(args.at, args.len);
	reply(c, VERB_CHALLENGE, "+OK Now the password\r\n");
}

void
pop3_pass(struct conn *c, struct slice args)
{
	struct pop3 *s = c->session;
	char *name = s->name;

	s->name = NULL;
	if (!name)
		reply(c, VERB_AUTH, "-ERR Say USER first\r\n");
	else
		verdict(c, accounts_check(c->server->accounts, slice_of(name), args) ? name : NULL,
		    args);
	free(name);
}

/* The digest: MD5 of the timestamp, angle brackets included, followed by the password. */
static bool
digest_good(struct conn *c, const char *password, struct slice digest)
{
	const struct pop3 *s = c->session;
	unsigned char md5[EVP_MAX_MD_SIZE];
	struct bytes text = { 0 };
	unsigned len = 0;
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";

	bytes_format(&text, "%s%s", s->timestamp, password);
	EVP_Digest(text.at, text.len, md5, &len, EVP_md5(), NULL);
	bytes_free(&text);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", md5[i]);
	return len && slice_equals(digest, hex);
}

void
pop3_apop(struct conn *c, struct slice args)
{
	const struct pop3 *s = c->session;
	struct slice digest = args, user = slice_until(&digest, ' ');
	const char *password = accounts_password(c->server->accounts, user);
	char *name;

	if (!s->timestamp || conn_faulty(c, FAULT_APOP_GARBAGE)) {
		reply(c, VERB_AUTH, "-ERR APOP is not offered\r\n");
		return;
	}
	name = make_text(user.at, user.len);
	verdict(c, password && digest_good(c, password, digest) ? name : NULL, digest);
	free(name);
}

static void
challenge(struct conn *c, const struct bytes *text)
{
	reply(c, VERB_CHALLENGE, "+ %.*s\r\n", (int)text->len, text->at ? text->at : "");
}

static void
turn(struct conn *c, struct slice encoded)
{
	struct pop3 *s = c->session;
	struct bytes text = { 0 };
	enum sasl_turn next = sasl_take(s->sasl, encoded, &text);
	struct sasl *over = s->sasl;

	if (next == SASL_CHALLENGE) {
		challenge(c, &text);
		bytes_free(&text);
		return;
	}
	s->sasl = NULL;
	if (next == SASL_BROKEN)
		reply(c, VERB_AUTH, "-ERR Malformed authentication data\r\n");
	else
		verdict(c, next == SASL_SUCCESS ? over->user : NULL, encoded);
	sasl_free(over);
}

void
pop3_auth(struct conn *c, struct slice args)
{
	struct pop3 *s = c->session;
	struct slice initial = args, name = slice_until(&initial, ' ');
	const struct mechanism *m = sasl_find(name);

	if (!m || !sasl_offers(c) || !sasl_offered(m, c)) {
		reply(c, VERB_AUTH, "-ERR Mechanism not supported\r\n");
	} else if (initial.len && m->no_initial) {
		reply(c, VERB_AUTH, "-ERR This mechanism takes no initial response\r\n");
	} else {
		s->sasl = sasl_new(m, c);
		if (initial.len || m->server_first)
			turn(c, slice_equals(initial, "=") ? slice_of("") : initial);
		else
			challenge(c, &(struct bytes){ 0 });
	}
}

void
pop3_auth_answer(struct conn *c, struct slice line)
{
	struct pop3 *s = c->session;

	if (!slice_equals(line, "*")) {
		turn(c, line);
		return;
	}
	sasl_free(s->sasl);
	s->sasl = NULL;
	reply(c, VERB_AUTH, "-ERR Authentication cancelled\r\n");
}
