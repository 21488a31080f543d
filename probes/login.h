/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LOGIN_H
#define LOGIN_H

/*
 * Logging in, the same for all protocols: choosing a method and carrying SASL's messages in base64
 * (RFC 4422). What differs between protocols is a struct login, one constant of each.
 */

#include "conn.h"
#include "sasl.h"

/* What a server's answer within an exchange is. */
enum login_turn {
	LOGIN_CHALLENGE, /* the exchange goes on */
	LOGIN_DONE,
	LOGIN_REFUSED,
	LOGIN_BROKEN, /* no challenge that can be answered: a finding was recorded */
	LOGIN_LOST,   /* no answer at all: a finding was recorded */
};

/* A way to log in that is not SASL and works with user and password. */
struct login_word {
	const char *name;   /* "apop" */
	const char *before; /* the mechanism that it is preferred to; NULL: it comes last */
	bool revealing;     /* as in struct sasl_mechanism */
	bool (*login)(struct session *s); /* the whole of it, in the phase `auth` that runs */
};

struct login {
	const char *command;            /* "AUTH": what is not offered where nothing is */
	const struct login_word *words; /* ended by a NULL name; NULL: none */

	/*
	 * Whether the server offers this mechanism, in capitals, or word; and all that it offers,
	 * for people to read, missing where it offers nothing.
	 */
	bool (*offers)(struct session *s, slice name);
	slice (*offered)(struct session *s);

	/* The octets of base64 that fit behind the command; 0 where no initial response may be. */
	size_t (*room)(struct session *s, slice mechanism);

	/*
	 * Says the command that begins an exchange, `initial` behind it unless that is missing;
	 * says one base64 line. `shown` is what may be seen of it.
	 */
	bool (*begin)(struct session *s, slice mechanism, slice initial, slice shown);
	bool (*say)(struct session *s, slice line, slice shown);

	/* Waits for the server's answer; `*challenge` is its base64. */
	enum login_turn (*hear)(struct session *s, slice *challenge);

	/* Records why the last answer refused the login, and returns false. */
	bool (*refused)(struct session *s);

	/* The last answer as it came. */
	slice (*reply)(struct session *s);
};

/*
 * Logs in by the first of the methods that --auth allows, or by the strongest, that is offered and
 * fits the credentials. What reveals the password goes only to a peer that was verified as
 * the options demand.
 * Phase `auth`; the fact `auth_mechanism`. False with a finding.
 */
bool login_run(struct session *s, const struct login *login);

/*
 * Makes a secret of what a user logs in with by hand: a password in quotes perhaps, or in base64,
 * with NULs between its parts.
 */
void login_secret(struct session *s, slice word);

#endif
