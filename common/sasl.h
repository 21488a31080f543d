/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SASL_H
#define SASL_H

/*
 * The client side of SASL mechanisms (RFC 4422), as functions from a challenge to a response, both
 * as bytes: a protocol's verbs put them into base64 and onto the wire. No I/O, no session.
 */

#include "result.h"

/* What a mechanism needs from the caller, and what it gives away. */
struct sasl_mechanism {
	const char *name;
	bool password, token, certificate; /* the credential it works with */
	bool user;                         /* it cannot do without a user name */
	bool initial;   /* the client speaks first (RFC 4422 section 5, "client-first") */
	bool revealing; /* who listens learns the secret, or (CRAM-MD5) can try a list of them */
	bool binding;   /* a -PLUS form: needs channel binding */
	bool prompting; /* challenges are prompts for people, whatever they say, base64 or not */
};

/* All of them, the strongest first, ended by a NULL name. */
extern const struct sasl_mechanism sasl_mechanisms[];

/* By name, in any letter case; NULL when we do not speak it. */
const struct sasl_mechanism *sasl_mechanism(slice name);

/* Missing members have a NULL `at`. */
struct sasl_credentials {
	slice user, password, token;
	slice host; /* for OAUTHBEARER's host= */
	unsigned port;
	bool plus_offered;  /* the server offers a -PLUS form: SCRAM tells it what we saw */
	slice binding_type; /* "tls-exporter", "tls-unique"; missing where the channel has none */
	slice binding_data;
};

struct sasl;

/*
 * Begins an exchange; it lives in `arena`, which keeps copies of the credentials. NULL when there
 * is no memory or, for SCRAM's nonce, no entropy.
 */
struct sasl *sasl_start(struct arena *arena, const struct sasl_mechanism *mechanism,
    const struct sasl_credentials *credentials);

/* The same with a nonce given, for tests against the RFCs' examples. */
struct sasl *sasl_start_nonce(struct arena *arena, const struct sasl_mechanism *mechanism,
    const struct sasl_credentials *credentials, slice nonce);

/*
 * Answers one challenge (missing for the initial response of a client-first mechanism). CAUSE_NONE
 * with the bytes to send in `response` (may be empty), or the cause why the exchange must be
 * cancelled, with a sentence from sasl_error(). After an OAuth error challenge the response is the
 * one RFC 7628 asks for and the server's refusal follows: sasl_error() then has what the challenge
 * said.
 */
enum cause sasl_step(struct sasl *sasl, slice challenge, struct str *response);

/* Whether the last response must not be seen by anyone but the server. */
bool sasl_sensitive(const struct sasl *sasl);

/* Whether the client has said all that proves who it is: success before that is out of place. */
bool sasl_spoken(const struct sasl *sasl);

/*
 * The part of a sensitive response that is computed from the password and may turn up alone:
 * SCRAM's proof, CRAM-MD5's digest. Missing for other mechanisms.
 */
slice sasl_proof(const struct sasl *sasl, slice response);

/*
 * A copy of a user name or password, prepared by SASLprep (RFC 4013) where it is not ASCII and can
 * be.
 */
slice sasl_prepare(struct arena *arena, slice s);

/*
 * Whether the server has proven what the mechanism makes it prove; true for those that prove
 * nothing.
 */
bool sasl_proven(const struct sasl *sasl);

/* The reason in words, of ours or the server's; missing when there is none. Server bytes raw. */
slice sasl_error(const struct sasl *sasl);

#endif
