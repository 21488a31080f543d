/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * SASL mechanisms, the server's side. A mechanism is a function that takes what the client said,
 * decoded, and says what comes next; a challenge is left in `out`. What follows the text it is
 * given is a NUL that does not count.
 */
#ifndef SANDBOX_SASL_H
#define SANDBOX_SASL_H

#include "bytes.h"
#include "conn.h"

enum sasl_turn { SASL_CHALLENGE, SASL_SUCCESS, SASL_FAILURE, SASL_BROKEN };

struct scram;
struct sasl;

struct mechanism {
	const char *name;
	enum sasl_turn (*turn)(struct sasl *s, struct slice said);
	bool server_first;              /* the first turn may have nothing from the client */
	bool no_initial;                /* and it must not have */
	bool oauth, certificate, plus;
	const char *digest;             /* SCRAM's hash, as OpenSSL names it */
};

struct sasl {
	const struct mechanism *mechanism;
	const struct conn *conn;
	int turns;
	char *user;                     /* owned: who it is, if it succeeds */
	struct bytes out;
	struct scram *scram;
};

/* The mechanisms, strongest first; NULL behind the last. */
const struct mechanism *sasl_mechanism(size_t index);
const struct mechanism *sasl_find(struct slice name);
/* Whether this connection has what the mechanism needs: TLS, a client certificate, tokens. */
bool sasl_possible(const struct mechanism *m, const struct conn *c);
/* Whether no fault leaves it out: a mechanism, or the commands "login", "apop" and "user". */
bool sasl_wanted(const struct conn *c, const char *name);
/* Whether it is possible and no fault leaves it out. */
bool sasl_offered(const struct mechanism *m, const struct conn *c);
/* Whether anything is: not by some faults, nor by one of them before TLS. */
bool sasl_offers(const struct conn *c);
struct sasl *sasl_new(const struct mechanism *m, const struct conn *c);
void sasl_free(struct sasl *s);
/* One turn in base64: what the client said, and a challenge to come back, if there is one. */
enum sasl_turn sasl_take(struct sasl *s, struct slice encoded, struct bytes *challenge);
void sasl_challenge(const struct sasl *s, struct bytes *challenge);

enum sasl_turn scram_turn(struct sasl *s, struct slice said);
void scram_free(struct scram *scram);

#endif
