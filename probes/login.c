/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Choosing how to log in, and the exchange of SASL's messages, RFC 4422. The mechanisms are in
 * common/sasl.c, the protocols' own commands in their files.
 *
 * What reveals the password goes only to a peer that was verified as the options demand. On
 * loopback it may go in clear; under --insecure the user has said that any peer will do, but not
 * that of opportunistic TLS, which an attacker can choose.
 */
#include "login.h"

#include "b64.h"

static const slice MISSING = { NULL, 0 };

/* A SASL mechanism or a word, one of the two being NULL. */
struct method {
	const struct sasl_mechanism *sasl;
	const struct login_word *word;
};

static bool
none_of(struct method method)
{
	return !method.sasl && !method.word;
}

static slice
name_of(struct method method)
{
	return slice_z(method.sasl ? method.sasl->name : method.word->name);
}

/* Whether the credentials given are the ones that the method works with. */
static bool
permitted(const struct session *s, struct method method)
{
	const struct probe_opts *opts = s->common;
	const struct sasl_mechanism *sasl = method.sasl;

	if (!sasl)
		return opts->password && opts->user;
	return (!sasl->password || opts->password) && (!sasl->token || s->token.at)
	    && (!sasl->certificate || opts->client_cert) && (!sasl->user || opts->user);
}

static bool protected(struct session *s)
{
	const struct probe_opts *opts = s->common;

	if (opts->allow_cleartext_auth || conn_loopback(s) || conn_verified(s))
		return true;
	return conn_encrypted(s) && opts->insecure && opts->tls != TLS_OPPORTUNISTIC;
}

/* Why a method is not taken, the reason that comes nearest to taking it being the highest. */
enum fitness { NOT_PERMITTED, NOT_OFFERED, UNPROTECTED, FIT };

static enum fitness
fitness(struct session *s, const struct login *login, struct method method)
{
	bool revealing = method.sasl ? method.sasl->revealing : method.word->revealing;
	slice type, data;

	if (!permitted(s, method))
		return NOT_PERMITTED;
	if (!login->offers(s, name_of(method)))
		return NOT_OFFERED;
	if (method.sasl && method.sasl->binding && !conn_binding(s, &type, &data))
		return NOT_OFFERED;
	return revealing && !protected(s) ? UNPROTECTED : FIT;
}

static struct method
method_called(const struct login *login, slice name)
{
	struct method method = { .sasl = sasl_mechanism(name) };

	/* LOGIN is a mechanism, and login IMAP's command: a word's own letter case tells. */
	for (const struct login_word *word = login->words; word && word->name; word++)
		if (slice_eq(name, slice_z(word->name))
		    || (!method.sasl && slice_eqi(name, slice_z(word->name))))
			return (struct method){ .word = word };
	return method;
}

/* The methods from the strongest to the weakest; none behind the last. */
static struct method
method_ranked(const struct login *login, size_t rank)
{
	const struct sasl_mechanism *sasl = sasl_mechanisms;

	for (size_t at = 0;; sasl++) {
		for (const struct login_word *word = login->words; word && word->name; word++) {
			bool here = sasl->name && word->before ? !strcmp(word->before, sasl->name)
			                                       : !sasl->name && !word->before;

			if (here && at++ == rank)
				return (struct method){ .word = word };
		}
		if (!sasl->name)
			return (struct method){ NULL, NULL };
		if (at++ == rank)
			return (struct method){ .sasl = sasl };
	}
}

/* The first that fits: in the order of --auth, else the strongest. None, and the best reason. */
static struct method
choose(struct session *s, const struct login *login, enum fitness *best)
{
	const struct list *wanted = &s->common->auth;

	*best = NOT_PERMITTED;
	for (size_t i = 0;; i++) {
		struct method method = { NULL, NULL };
		enum fitness fit;

		if (wanted->n && i < wanted->n)
			method = method_called(login, wanted->items[i]);
		else if (!wanted->n)
			method = method_ranked(login, i);
		if (none_of(method)) /* complete() knows all that --auth may name */
			return method;
		fit = fitness(s, login, method);
		if (fit > *best)
			*best = fit;
		if (fit == FIT)
			return method;
	}
}

static bool
none(struct session *s, const struct login *login, enum fitness best)
{
	slice list = login->offered(s);

	if (best == UNPROTECTED)
		return unmet(s, PHASE_AUTH, CAUSE_AUTH_CLEARTEXT,
		    conn_encrypted(s)
		        ? "the server's certificate does not verify: no password was sent"
		        : "the connection is not encrypted: no password was sent "
		          "(--tls=starttls, or --allow-cleartext-auth)");
	if (!list.at)
		return unmet(
		    s, PHASE_AUTH, CAUSE_AUTH_UNAVAILABLE, "%s is not offered", login->command);
	return unmet(s, PHASE_AUTH, CAUSE_AUTH_UNAVAILABLE,
	    s->common->jail ? "no mechanism in common"
	                    : "no mechanism in common, the server offers %.*s",
	    (int)list.n, list.at);
}

static struct sasl *
start(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism)
{
	const struct probe_opts *opts = s->common;
	struct sasl_credentials credentials = {
		.user = slice_z(opts->user),
		.password = slice_z(opts->password),
		.token = s->token,
		.host = slice_z(opts->host),
		.port = opts->port.number,
		/* RFC 5802 section 6: whether the server speaks channel binding at all. */
		.plus_offered = login->offers(s, S("SCRAM-SHA-256-PLUS"))
		    || login->offers(s, S("SCRAM-SHA-1-PLUS")),
	};

	if (opts->password)
		secret(s, sasl_prepare(s->arena, credentials.password));
	if (!mechanism
	         ->revealing) /* SCRAM binds to the channel; who reveals all has no use for it */
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
		slice why = s->common->jail ? MISSING : sasl_error(sasl);

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

/* A client cancels by a lone "*" and hears the server refuse. The finding stands. */
static bool
cancel(struct session *s, const struct login *login)
{
	slice challenge;

	if (login->say(s, S("*"), MISSING))
		login->hear(s, &challenge);
	return false;
}

/*
 * The command, with the initial response where there is one and it fits; else that is `*held`.
 * `*empty` is whether there is nothing in it.
 */
static bool
begin(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism,
    struct sasl *sasl, slice *held, bool *empty)
{
	slice initial = MISSING, shown = MISSING, name = slice_z(mechanism->name);

	if (mechanism->initial && !step(s, sasl, MISSING, &initial, &shown))
		return false;
	if (initial.at && (initial.n ? initial.n : 1) > login->room(s, name)) {
		*held = initial;
		initial.at = NULL;
	}
	/* An empty initial response is "=": nothing at all would mean there is none. */
	*empty = initial.at && initial.n == 0;
	if (*empty)
		initial = shown = S("=");
	return login->begin(s, name, initial, shown);
}

/* Answers one challenge. `held` is an initial response that did not go with the command. */
static bool
answer(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism,
    struct sasl *sasl, slice challenge, slice *held)
{
	struct str decoded = str_in(s->arena);
	slice base64, shown;

	if (held->at) {
		base64 = *held;
		*held = MISSING;
		return login->say(s, base64, S("****"));
	}
	if (!b64_decode(&decoded, challenge) && !mechanism->prompting) {
		fail(s, CAUSE_PROTOCOL, "the challenge is not base64");
		return cancel(s, login);
	}
	if (!step(s, sasl, str_slice(&decoded), &base64, &shown))
		return cancel(s, login);
	return login->say(s, base64, shown);
}

/* The server says that we are in. It has to have earned that. */
static bool
proven(struct session *s, const struct login *login, struct sasl *sasl, bool held)
{
	slice reply = login->reply(s);

	if (!sasl_proven(sasl))
		return fail_reply(s, CAUSE_AUTH_SERVER, reply,
		    "success before the server proved that it knows the password");
	if (!sasl_spoken(sasl) || held)
		return fail_reply(
		    s, CAUSE_PROTOCOL, reply, "success before the credentials were given");
	if (sasl_error(sasl).at)
		return fail_reply(s, CAUSE_PROTOCOL, reply,
		    "success after the server had refused the credentials");
	return true;
}

/* What an exchange has come to. UNBOUND: refused, and maybe for its channel binding. */
enum ending { FAILED, LOGGED_IN, UNBOUND };

/* The same mechanism without channel binding; NULL where there is none. */
static const struct sasl_mechanism *
unbound(const struct sasl_mechanism *mechanism)
{
	slice name = slice_z(mechanism->name), plus = S("-PLUS");

	if (!mechanism->binding || name.n <= plus.n)
		return NULL;
	return sasl_mechanism(slice_head(name, name.n - plus.n));
}

/*
 * Cyrus SASL advertises -PLUS under TLS 1.3 too, but knows no other binding than "tls-unique",
 * which TLS 1.3 does not have, and refuses "tls-exporter" (RFC 9266) once it has seen the proof.
 * Mail clients that know no binding get in. Whoever names mechanisms in --auth means them.
 */
static bool
misbound(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism,
    struct sasl *sasl)
{
	const struct sasl_mechanism *other = unbound(mechanism);
	slice type, data;

	/* A server that has proven to know the password has accepted proof and binding. */
	return other && !sasl_proven(sasl) && s->common->auth.n == 0
	    && login->offers(s, slice_z(other->name)) && conn_binding(s, &type, &data)
	    && slice_eq(type, S("tls-exporter"));
}

static enum ending
exchange(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism,
    struct sasl *sasl)
{
	slice held = MISSING, challenge;
	bool vain = false; /* an empty initial response may be asked for once more */

	if (!begin(s, login, mechanism, sasl, &held, &vain))
		return FAILED;
	for (;; vain = false) {
		switch (login->hear(s, &challenge)) {
		case LOGIN_CHALLENGE:
			if (vain && challenge.n == 0
			        ? login->say(s, S(""), MISSING)
			        : answer(s, login, mechanism, sasl, challenge, &held))
				break;
			return FAILED;
		case LOGIN_DONE:
			return proven(s, login, sasl, held.at) ? LOGGED_IN : FAILED;
		case LOGIN_REFUSED:
			if (misbound(s, login, mechanism, sasl))
				return UNBOUND;
			if (sasl_error(sasl).n > 0)
				fact_text(s, FACT_AUTH_ERROR, sasl_error(sasl));
			login->refused(s);
			return FAILED;
		case LOGIN_BROKEN:
			cancel(s, login);
			return FAILED;
		case LOGIN_LOST:
			return FAILED;
		}
	}
}

static enum ending
by_sasl(struct session *s, const struct login *login, const struct sasl_mechanism *mechanism)
{
	struct sasl *sasl = start(s, login, mechanism);
	enum ending ending;

	fact_text(s, FACT_AUTH_MECHANISM, slice_z(mechanism->name));
	if (!sasl) {
		fail(s, CAUSE_LOCAL, "no random numbers for a nonce");
		return FAILED;
	}
	s->exchange = true;
	ending = exchange(s, login, mechanism, sasl);
	s->exchange = false;
	if (ending != UNBOUND)
		return ending;
	ending = by_sasl(s, login, unbound(mechanism));
	if (ending == LOGGED_IN)
		fact_text(s, FACT_AUTH_ERROR, S("channel binding was refused"));
	return ending;
}

static bool
by_word(struct session *s, const struct login_word *word)
{
	fact_text(s, FACT_AUTH_MECHANISM, slice_z(word->name));
	return word->login(s);
}

bool
login_run(struct session *s, const struct login *login)
{
	enum fitness best;
	struct method method = choose(s, login, &best);
	bool done;

	if (none_of(method))
		return none(s, login, best);
	if (!phase(s, PHASE_AUTH))
		return false;
	done = method.word ? by_word(s, method.word) : by_sasl(s, login, method.sasl) == LOGGED_IN;
	if (done)
		achieved(s, "logged in");
	return done;
}

void
login_secret(struct session *s, slice word)
{
	struct str decoded = str_in(s->arena), plain = str_in(s->arena);
	slice rest;

	if (word.n >= 2 && word.at[0] == '"' && word.at[word.n - 1] == '"')
		word = (slice){ word.at + 1, word.n - 2 };
	for (size_t i = 0; i < word.n; i++) {
		i += word.at[i] == '\\' && i + 1 < word.n;
		str_addc(&plain, word.at[i]);
	}
	secret(s, word);
	secret(s, str_slice(&plain));
	if (!b64_decode(&decoded, word))
		return;
	for (rest = str_slice(&decoded); rest.at;)
		secret(s, slice_cut(&rest, '\0'));
}
