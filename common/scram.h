/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRAM_H
#define SCRAM_H

/*
 * The client's half of SCRAM (RFC 5802), a function for each of the three turns, called in this
 * order and each at most once. sasl.c is the only caller. A function that gives another cause than
 * CAUSE_NONE leaves a sentence in `error` and ends the exchange.
 */

#include "sasl.h"

enum { SCRAM_DIGEST_MAX = 32 };

enum scram_hash { SCRAM_HASH_SHA_1, SCRAM_HASH_SHA_256 };

struct scram {
	struct arena *arena;
	enum scram_hash hash;
	bool plus;                        /* a -PLUS form: bind to the channel */
	struct sasl_credentials identity; /* prepared; must outlive the exchange */
	slice nonce;                      /* ours */

	slice first_bare;                          /* client-first-message-bare */
	unsigned char signature[SCRAM_DIGEST_MAX]; /* that the server has to show */
	bool proven;                               /* it has shown it */
};

/* Adds client-first-message. */
enum cause scram_first(struct scram *scram, struct str *answer, slice *error);

/* Takes server-first-message, adds client-final-message. */
enum cause scram_final(struct scram *scram, slice challenge, struct str *answer, slice *error);

/*
 * Takes server-final-message: sets `proven`, or gives CAUSE_AUTH_SERVER. CAUSE_NONE and the
 * server's word in `error` where it reports one: its refusal follows.
 */
enum cause scram_verify(struct scram *scram, slice challenge, slice *error);

/* Adds a saslname (RFC 5801 section 4): "," and "=" of the name stand as "=2C" and "=3D". */
void scram_saslname(struct str *out, slice name);

#endif
