/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The dialogue of AUTH (RFC 4954): base64 both ways around a mechanism of sasl.h, an initial
 * response where the client sends one, `*` to cancel.
 */
#include "smtp.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

static bool
offered(const struct conn *c, const struct mechanism *m)
{
	if (conn_faulty(c, FAULT_AUTH_ONLY)
	    && !list_has(fault_text(&c->listener->faults, FAULT_AUTH_ONLY), '/', m->name))
		return false;
	return sasl_possible(m, c);
}

static bool
auth_offered(const struct conn *c)
{
	return smtp_offers(c, "AUTH") && !conn_faulty(c, FAULT_AUTH_NONE)
	    && (conn_secure(c) || !conn_faulty(c, FAULT_AUTH_TLS_ONLY));
}

void
smtp_auth_offer(const struct conn *c, struct bytes *text)
{
	const struct mechanism *m;
	bool any = false;

	if (!auth_offered(c))
		return;
	for (size_t i = 0; (m = sasl_mechanism(i)); i++) {
		if (!offered(c, m))
			continue;
		bytes_format(text, "%s %s", any ? "" : "250-AUTH", m->name);
		any = true;
	}
	if (any)
		bytes_text(text, "\r\n");
}

static void
done(struct conn *c, struct smtp *s, bool good, struct slice last)
{
	if (good && !conn_faulty(c, FAULT_AUTH_REJECTED)) {
		s->user = make_text(s->sasl->user, strlen(s->sasl->user));
		reply(c, VERB_AUTH, "235 2.7.0 Authentication successful\r\n");
	} else if (conn_faulty(c, FAULT_AUTH_ECHO)) {
		reply(c, VERB_AUTH, "535 5.7.8 Error: not accepted: %.*s\r\n", (int)last.len,
		    last.at);
	} else {
		reply(c, VERB_AUTH, "535 5.7.8 Error: authentication failed\r\n");
	}
	sasl_free(s->sasl);
	s->sasl = NULL;
}

static void
challenge(struct conn *c, const struct bytes *raw)
{
	struct bytes text = { 0 };

	base64_add(&text, raw->at, raw->len);
	reply(c, VERB_CHALLENGE, "334 %s%.*s\r\n",
	    fault_at(&c->listener->faults, FAULT_AUTH_MALFORMED, VERB_CHALLENGE) ? "%%" : "",
	    (int)text.len, text.at ? text.at : "");
	bytes_free(&text);
}

/* One turn: what the client said, still in base64, through the mechanism. */
static void
turn(struct conn *c, struct slice encoded)
{
	struct smtp *s = c->session;
	struct bytes said = { 0 };
	enum sasl_turn next = SASL_BROKEN;

	s->sasl->out.len = 0;
	if (base64_decode(&said, encoded)) {
		bytes_add(&said, "", 1);        /* a terminator that does not count */
		next = s->sasl->mechanism->turn(s->sasl, (struct slice){ said.at, said.len - 1 });
	}
	switch (next) {
	case SASL_CHALLENGE:
		challenge(c, &s->sasl->out);
		break;
	case SASL_SUCCESS:
	case SASL_FAILURE:
		done(c, s, next == SASL_SUCCESS, encoded);
		break;
	case SASL_BROKEN:
		reply(c, VERB_AUTH, "501 5.5.2 Malformed authentication data\r\n");
		sasl_free(s->sasl);
		s->sasl = NULL;
	}
	bytes_free(&said);
}

static const char *
no_auth(const struct conn *c, const struct smtp *s)
{
	if (s->user)
		return "503 5.5.1 Already authenticated";
	if (s->envelope)
		return "503 5.5.1 Not inside a transaction";
	if (!s->extended || !auth_offered(c))
		return "503 5.5.1 AUTH is not offered";
	return NULL;
}

void
smtp_auth(struct conn *c, struct slice args)
{
	struct smtp *s = c->session;
	struct slice name = slice_until(&args, ' ');
	const char *wrong = no_auth(c, s);
	const struct mechanism *m = sasl_find(name);

	if (!wrong && (!m || !offered(c, m)))
		wrong = "504 5.5.4 Mechanism not supported";
	if (!wrong && args.len && m->no_initial)
		wrong = "501 5.7.0 This mechanism takes no initial response";
	if (wrong) {
		reply(c, VERB_AUTH, "%s\r\n", wrong);
		return;
	}
	s->sasl = sasl_new(m, c);
	if (slice_equals(args, "="))
		turn(c, slice_of(""));
	else if (args.len || m->server_first)
		turn(c, args);
	else
		challenge(c, &s->sasl->out);
}

void
smtp_auth_answer(struct conn *c, struct slice line)
{
	struct smtp *s = c->session;

	if (!slice_equals(line, "*")) {
		turn(c, line);
		return;
	}
	sasl_free(s->sasl);
	s->sasl = NULL;
	reply(c, VERB_AUTH, "501 5.7.0 Authentication cancelled\r\n");
}
