/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What is offered, TLS, and logging in: LOGIN, and AUTHENTICATE around the mechanisms of sasl.h
 * with an initial response (RFC 4959), `*` to cancel. Behind a login other things are offered
 * than before, as many servers do it, and the confirmation says so.
 */
#include "imap.h"

#include <stdlib.h>

#include "accounts.h"
#include "reply.h"

static void
add(const struct conn *c, struct bytes *text, const char *name)
{
	if (imap_offers(c, name))
		bytes_format(text, " %s", name);
}

static void
add_login(const struct conn *c, struct bytes *text)
{
	const struct mechanism *m;

	if (!conn_secure(c) && !conn_faulty(c, FAULT_NO_STARTTLS))
		add(c, text, "STARTTLS");
	if (!sasl_offers(c) || !sasl_wanted(c, "login"))
		add(c, text, "LOGINDISABLED");
	for (size_t i = 0; (m = sasl_mechanism(i)); i++) {
		struct bytes name = { 0 };

		bytes_format(&name, "AUTH=%s", m->name);
		bytes_add(&name, "", 1);
		if (sasl_offers(c) && sasl_offered(m, c))
			add(c, text, name.at);
		bytes_free(&name);
	}
}

void
imap_capabilities(const struct conn *c, struct bytes *text)
{
	static const char *const later[] = { "NAMESPACE", "CHILDREN", "SPECIAL-USE", "UIDPLUS",
	    "UNSELECT", "IDLE", "ESEARCH", "STATUS=SIZE", "QUOTA", "QUOTA=RES-STORAGE" };
	const struct imap *s = c->session;

	bytes_text(text, conn_faulty(c, FAULT_IMAP4REV2) ? "IMAP4rev2" : "IMAP4rev1");
	add(c, text, "SASL-IR");
	add(c, text, "LITERAL+");
	add(c, text, "ID");
	if (!s->user)
		add_login(c, text);
	for (size_t i = 0; s->user && i < sizeof(later) / sizeof(*later); i++)
		add(c, text, later[i]);
	if (conn_faulty(c, FAULT_EHLO_LONG))
		for (long i = 1; i <= fault_number(&c->listener->faults, FAULT_EHLO_LONG); i++)
			bytes_format(text, " X-UNKNOWN-%ld", i);
}

void
imap_capability(struct conn *c, struct args *a)
{
	struct imap *s = c->session;

	(void)a;
	if (!conn_faulty(c, FAULT_CAPABILITY_MISSING)) {
		bytes_text(&s->answer, "* CAPABILITY ");
		imap_capabilities(c, &s->answer);
		bytes_text(&s->answer, "\r\n");
	}
	imap_done(c, "OK", "CAPABILITY completed");
}

void
imap_starttls(struct conn *c, struct args *a)
{
	(void)a;
	if (conn_secure(c) || conn_faulty(c, FAULT_NO_STARTTLS)) {
		imap_bad(c, "STARTTLS is not offered");
		return;
	}
	imap_done(c, "OK", "Begin TLS negotiation now");
	if (!c->ending)
		conn_upgrade(c);
}

static void
refuse(struct conn *c, struct slice last)
{
	const char *code = fault_text(&c->listener->faults, FAULT_LOGIN_NO);

	if (conn_faulty(c, FAULT_LOGIN_BAD))
		imap_done(c, "BAD", "Not understood");
	else if (conn_faulty(c, FAULT_LOGIN_NO))
		imap_done(c, "NO", "%s%s%sNot today", code ? "[" : "", code ? code : "",
		    code ? "] " : "");
	else if (conn_faulty(c, FAULT_AUTH_ECHO))
		imap_done(c, "NO", "Not accepted: %.*s", (int)last.len, last.at);
	else
		imap_done(c, "NO", "[AUTHENTICATIONFAILED] Authentication failed");
}

static void
verdict(struct conn *c, const char *user, struct slice last)
{
	struct imap *s = c->session;
	struct bytes text = { 0 };

	if (!user || conn_faulty(c, FAULT_AUTH_REJECTED) || conn_faulty(c, FAULT_LOGIN_NO)
	    || conn_faulty(c, FAULT_LOGIN_BAD)) {
		refuse(c, last);
		return;
	}
	s->user = mail_user(c->server->mail, slice_of(user));
	if (conn_faulty(c, FAULT_LOGIN_ALERT))
		imap_say(c, "* OK [ALERT] Your password will expire tonight\r\n");
	if (!conn_faulty(c, FAULT_BANNER_BARE)) {
		bytes_text(&text, "[CAPABILITY ");
		imap_capabilities(c, &text);
		bytes_text(&text, "] ");
	}
	imap_done(c, "OK", "%.*sLogged in", (int)text.len, text.at ? text.at : "");
	bytes_free(&text);
}

void
imap_login(struct conn *c, struct args *a)
{
	struct slice user, password;
	char *name;

	if (!args_astring(a, &user) || !args_space(a) || !args_astring(a, &password)
	    || !args_done(a)) {
		imap_bad(c, "LOGIN user password");
		return;
	}
	if (!sasl_offers(c) || !sasl_wanted(c, "login")) {
		imap_done(c, "NO", "[PRIVACYREQUIRED] LOGIN is disabled");
		return;
	}
	name = make_text(user.at, user.len);
	verdict(c, accounts_check(c->server->accounts, user, password) ? name : NULL, password);
	free(name);
}

static void
challenge(struct conn *c, const struct bytes *text)
{
	reply(c, VERB_CHALLENGE, "+%s%.*s\r\n",
	    !text->len && conn_faulty(c, FAULT_PLUS_BARE) ? "" : " ", (int)text->len,
	    text->at ? text->at : "");
}

static void
turn(struct conn *c, struct slice encoded)
{
	struct imap *s = c->session;
	struct bytes text = { 0 };
	enum sasl_turn next = sasl_take(s->sasl, encoded, &text);
	struct sasl *over = s->sasl;

	if (next == SASL_CHALLENGE) {
		challenge(c, &text);
		bytes_free(&text);
		return;
	}
	s->sasl = NULL;
	s->verb = VERB_AUTH;
	if (next == SASL_BROKEN)
		imap_bad(c, "Malformed authentication data");
	else
		verdict(c, next == SASL_SUCCESS ? over->user : NULL, encoded);
	sasl_free(over);
}

void
imap_authenticate(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct slice name, initial = { a->at, 0 };
	const struct mechanism *m;

	if (!args_atom(a, &name)) {
		imap_bad(c, "AUTHENTICATE mechanism");
		return;
	}
	if (args_space(a)) {
		initial = (struct slice){ a->at, (size_t)(a->end - a->at) };
		a->at = a->end;
	}
	m = sasl_find(name);
	if (!args_done(a) || (initial.len && !imap_offers(c, "SASL-IR"))) {
		imap_bad(c, "No initial response here");
	} else if (!m || !sasl_offers(c) || !sasl_offered(m, c)) {
		imap_done(c, "NO", "[CANNOT] Mechanism not supported");
	} else if (initial.len && m->no_initial) {
		imap_bad(c, "This mechanism takes no initial response");
	} else {
		s->sasl = sasl_new(m, c);
		if (initial.len || m->server_first)
			turn(c, slice_equals(initial, "=") ? slice_of("") : initial);
		else
			challenge(c, &(struct bytes){ 0 });
	}
}

void
imap_auth_answer(struct conn *c, struct slice line)
{
	struct imap *s = c->session;

	if (!slice_equals(line, "*")) {
		turn(c, line);
		return;
	}
	sasl_free(s->sasl);
	s->sasl = NULL;
	s->verb = VERB_AUTH;
	imap_bad(c, "Authentication cancelled");
}
