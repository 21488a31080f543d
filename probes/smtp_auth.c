/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AUTH, RFC 4954: choosing a mechanism and carrying SASL's messages in base64. The mechanisms are
 * in common/sasl.c.
 *
 * What reveals the password goes only to a peer that was verified as the options demand. On
 * loopback it may go in clear; under --insecure the user has said that any peer will do, but not
 * that of opportunistic TLS, which an attacker can choose.
 */
#include "b64.h"
#include "sasl.h"
#include "smtp.h"

enum { COMMAND_LINE = 512 }; /* RFC 5321 section 4.5.3.1.4, CRLF included */

static struct smtp *
of(struct session *s)
{
	return s->protocol;
}

/* Whether the credentials given are the ones that the mechanism works with. */
static bool
permitted(const struct probe_opts *opts, const struct sasl_mechanism *mechanism)
{
	return (!mechanism->password || opts->password) && (!mechanism->token || opts->token)
	    && (!mechanism->certificate || opts->client_cert) && (!mechanism->user || opts->user);
}

static bool protected(struct session *s)
{
	const struct probe_opts *opts = s->common;

	if (opts->allow_cleartext_auth || conn_loopback(s) || conn_verified(s))
		return true;
	return conn_encrypted(s) && opts->insecure && opts->tls != TLS_OPPORTUNISTIC;
}

/* Why a mechanism is not taken, the reason that comes nearest to taking it being the highest. */
enum fitness { NOT_PERMITTED, NOT_OFFERED, UNPROTECTED, FIT };

static enum fitness
fitness(struct session *s, const struct sasl_mechanism *mechanism)
{
	slice type, data;

	if (!permitted(s->common, mechanism))
		return NOT_PERMITTED;
	if (!smtp_has(s, S("AUTH"), slice_z(mechanism->name)))
		return NOT_OFFERED;
	if (mechanism->binding && !conn_binding(s, &type, &data))
		return NOT_OFFERED;
	return mechanism->revealing && !protected(s) ? UNPROTECTED : FIT;
}

/*
 * The first that fits: in the order of --auth, else the strongest. NULL, and the best reason, if
 * none.
 */
static const struct sasl_mechanism *
choose(struct session *s, enum fitness *best)
{
	const struct list *wanted = &s->common->auth;
	const struct sasl_mechanism *mechanism;

	*best = NOT_PERMITTED;
	for (size_t i = 0; wanted->n ? i < wanted->n : sasl_mechanisms[i].name != NULL; i++) {
		enum fitness fit;

		mechanism = wanted->n ? sasl_mechanism(wanted->items[i]) : &sasl_mechanisms[i];
		fit = mechanism ? fitness(s, mechanism) : NOT_PERMITTED;
		if (fit > *best)
			*best = fit;
		if (fit == FIT)
			return mechanism;
	}
	return NULL;
}

/* The server's own list, for the text of `auth_unavailable`. */
static slice
offered(struct session *s)
{
	const struct list *capabilities = &of(s)->capabilities;

	for (size_t i = 0; i < capabilities->n; i++) {
		slice parameters;

		if (slice_eqi(smtp_keyword(capabilities->items[i], &parameters), S("AUTH")))
			return parameters;
	}
	return S("");
}

static bool
none(struct session *s, enum fitness best)
{
	slice list = offered(s);

	if (best == UNPROTECTED)
		return unmet(s, PHASE_AUTH, CAUSE_AUTH_CLEARTEXT,
		    conn_encrypted(s)
		        ? "the server's certificate does not verify: no password was sent"
		        : "the connection is not encrypted: no password was sent "
		          "(--tls=starttls, or --allow-cleartext-auth)");
	if (!smtp_has(s, S("AUTH"), S("")))
		return unmet(s, PHASE_AUTH, CAUSE_AUTH_UNAVAILABLE, "AUTH is not offered");
	return unmet(s, PHASE_AUTH, CAUSE_AUTH_UNAVAILABLE,
	    "no mechanism in common, the server offers %.*s", (int)list.n, list.at);
}

/* RFC 5802 section 6: whether the server speaks channel binding at all, with whatever hash. */
static bool
plus_offered(struct session *s)
{
	return smtp_has(s, S("AUTH"), S("SCRAM-SHA-256-PLUS"))
	    || smtp_has(s, S("AUTH"), S("SCRAM-SHA-1-PLUS"));
}

static struct sasl *
begin(struct session *s, const struct sasl_mechanism *mechanism)
{
	const struct probe_opts *opts = s->common;
	struct sasl_credentials credentials = {
		.user = slice_z(opts->user),
		.password = slice_z(opts->password),
		.token = slice_z(opts->token),
		.host = slice_z(opts->host),
		.port = opts->port.number,
		.plus_offered = plus_offered(s),
	};

	if (opts->password)
		secret(s, sasl_prepare(s->arena, credentials.password));
	conn_binding(s, &credentials.binding_type, &credentials.binding_data);
	return sasl_start(s->arena, mechanism, &credentials);
}

/*
 * The next message of ours in base64, and what may be shown of it. False: cancelled, with a
 * finding.
 */
static bool
step(struct session *s, struct sasl *sasl, slice challenge, slice *base64, slice *shown)
{
	struct str response = str_in(s->arena), encoded = str_in(s->arena);
	enum cause cause = sasl_step(sasl, challenge, &response);

	if (cause != CAUSE_NONE) {
		slice why = sasl_error(sasl);

		return fail(s, cause, "%.*s", (int)why.n, why.at ? why.at : "");
	}
	b64_encode(&encoded, str_slice(&response));
	*base64 = str_slice(&encoded);
	*shown = *base64;
	if (sasl_sensitive(sasl)) {
		secret(s, str_slice(&response));
		secret(s, *base64);
		secret(s, sasl_proof(sasl, str_slice(&response)));
		*shown = S("****");
	}
	return !arena_failed(s->arena);
}

/*
 * RFC 4954 section 4: a client cancels by a lone "*" and hears the server refuse. The finding
 * stands.
 */
static bool
cancel(struct session *s)
{
	if (smtp_say(s, S("*"), (slice){ NULL, 0 }))
		smtp_listen(s);
	return false;
}

/* AUTH with the initial response, where there is one and it fits a command line. */
static bool
say_auth(struct session *s, const struct sasl_mechanism *mechanism, struct sasl *sasl, slice *held)
{
	slice initial = { NULL, 0 }, shown = { NULL, 0 };
	slice line = str_f(s->arena, "AUTH %s", mechanism->name);

	if (mechanism->initial && !step(s, sasl, (slice){ NULL, 0 }, &initial, &shown))
		return false;
	if (initial.at && line.n + 1 + initial.n + 2 > COMMAND_LINE) {
		*held = initial;
		initial.at = NULL;
	}
	if (!initial.at)
		return smtp_say(s, line, (slice){ NULL, 0 });
	/* An empty initial response is "=": nothing at all would mean there is none. */
	return smtp_say(s, str_f(s->arena, "%s %s", line.at, initial.n ? initial.at : "="),
	    str_f(s->arena, "%s %s", line.at, initial.n ? shown.at : "="));
}

/* The last reply's text, which RFC 4954 section 4 wants in one line of base64. */
static bool
challenge_of(struct session *s, const struct sasl_mechanism *mechanism, struct str *challenge)
{
	const struct list *lines = &of(s)->reply.lines;

	if (lines->n != 1)
		return fail(s, CAUSE_PROTOCOL, "a challenge of several lines");
	if (!b64_decode(challenge, lines->items[0]) && !mechanism->prompting)
		return fail(s, CAUSE_PROTOCOL, "the challenge is not base64");
	return true;
}

/* Answers one 334. `held` is an initial response that did not fit the command line. */
static bool
answer(struct session *s, const struct sasl_mechanism *mechanism, struct sasl *sasl, slice *held)
{
	struct str challenge = str_in(s->arena);
	slice base64, shown;

	if (held->at) {
		base64 = *held;
		*held = (slice){ NULL, 0 };
		return smtp_say(s, base64, S("****"));
	}
	if (!challenge_of(s, mechanism, &challenge)
	    || !step(s, sasl, str_slice(&challenge), &base64, &shown))
		return cancel(s);
	return smtp_say(s, base64, shown);
}

/* The replies that end an exchange badly: the credentials, or the server's own inability. */
static bool
refused(struct session *s, struct sasl *sasl)
{
	unsigned code = of(s)->reply.code;
	slice reply = str_slice(&of(s)->reply.whole), why = sasl_error(sasl);
	enum cause cause = CAUSE_PROTOCOL;

	if (code / 100 == 4 || code == 500 || code == 502 || code == 503 || code == 504)
		cause = CAUSE_AUTH_UNAVAILABLE;
	else if (code / 100 == 5)
		cause = CAUSE_AUTH_REJECTED;
	if (why.n > 0)
		fact_text(s, FACT_AUTH_ERROR, why);
	return fail_reply(
	    s, cause, reply, "%s", cause == CAUSE_PROTOCOL ? "out of place in AUTH" : "");
}

static bool
exchange(struct session *s, const struct sasl_mechanism *mechanism, struct sasl *sasl)
{
	struct smtp *smtp = of(s);
	slice held = { NULL, 0 };

	if (!say_auth(s, mechanism, sasl, &held) || !smtp_listen(s))
		return false;
	while (smtp->reply.code == 334)
		if (!answer(s, mechanism, sasl, &held) || !smtp_listen(s))
			return false;
	if (smtp->reply.code != 235)
		return refused(s, sasl);
	if (!sasl_proven(sasl))
		return fail_reply(s, CAUSE_AUTH_SERVER, str_slice(&smtp->reply.whole),
		    "success before the server proved that it knows the password");
	if (!sasl_spoken(sasl) || held.at)
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&smtp->reply.whole),
		    "success before the credentials were given");
	if (sasl_error(sasl).at)
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&smtp->reply.whole),
		    "success after the server had refused the credentials");
	return true;
}

bool
smtp_auth(struct session *s)
{
	enum fitness best;
	const struct sasl_mechanism *mechanism = choose(s, &best);
	struct sasl *sasl;
	bool done;

	if (!mechanism)
		return none(s, best);
	if (!phase(s, PHASE_AUTH))
		return false;
	fact_text(s, FACT_AUTH_MECHANISM, slice_z(mechanism->name));
	if (!(sasl = begin(s, mechanism)))
		return fail(s, CAUSE_LOCAL, "no random numbers for a nonce");
	of(s)->exchange = true;
	done = exchange(s, mechanism, sasl);
	of(s)->exchange = false;
	if (done)
		achieved(s, "logged in");
	return done;
}
