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
auth_offered(const struct conn *c)
{
	return smtp_offers(c, "AUTH") && sasl_offers(c);
}

void
smtp_auth_offer(const struct conn *c, struct bytes *text)
{
	const struct mechanism *m;
	bool any = false;

	if (!auth_offered(c))
		return;
	for (size_t i = 0; (m = sasl_mechanism(i)); i++) {
		if (!sasl_offered(m, c))
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
challenge(struct conn *c, const struct bytes *text)
{
	reply(c, VERB_CHALLENGE, "334 %.*s\r\n", (int)text->len, text->at ? text->at : "");
}

static void
turn(struct conn *c, struct slice encoded)
{
	struct smtp *s = c->session;
	struct bytes text = { 0 };
	enum sasl_turn next = sasl_take(s->sasl, encoded, &text);

	switch (next) {
	case SASL_CHALLENGE:
		challenge(c, &text);
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
	bytes_free(&text);
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

	if (!wrong && (!m || !sasl_offered(m, c)))
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
		challenge(c, &(struct bytes){ 0 });
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
