/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The SMTP family: RFC 5321, submission (RFC 6409), LMTP (RFC 2033). smtp.c has the verbs,
 * smtp_envelope.c MAIL and RCPT, smtp_data.c what follows DATA, smtp_deliver.c what becomes
 * of the message, smtp_alter.c how faults alter it, smtp_report.c what its sender is told;
 * smtp_auth.c has the dialogue of AUTH.
 */
#ifndef SANDBOX_SMTP_H
#define SANDBOX_SMTP_H

#include "bytes.h"
#include "conn.h"
#include "sasl.h"

#define SMTP_SIZE  10485760     /* of a message */
#define SMTP_RCPTS 100

struct message;

extern const struct dialect smtp_dialect;

/* What one MAIL begins and RSET forgets. */
struct envelope {
	char *from;                     /* NULL before MAIL, empty for the null sender */
	char *rcpts[SMTP_RCPTS];
	size_t rcpt_count;
	bool eight_bit, utf8;
};

struct smtp {
	char *hello;                    /* the name the client gave; NULL before EHLO */
	bool extended;                  /* by EHLO or LHLO, not HELO */
	bool refused;                   /* a 554 banner: nothing but QUIT (RFC 5321 section 3.1) */
	bool overlong;                  /* inside a command line that was too long */
	char *user;                     /* who has logged in */
	struct sasl *sasl;              /* inside AUTH */
	struct envelope *envelope;      /* inside a transaction */
	struct bytes text;              /* inside DATA: what has come */
	bool in_data, after_crlf;
	const char *complaint;          /* the answer that the message has earned */
};

bool smtp_offers(const struct conn *c, const char *extension);
void smtp_reset(struct smtp *s);

void smtp_mail(struct conn *c, struct slice args);
void smtp_rcpt(struct conn *c, struct slice args);

void smtp_data_begin(struct conn *c);
size_t smtp_data(struct conn *c, const char *at, size_t len);

/* Keeps the message of this transaction under that id; false if there is no room. */
bool smtp_deliver(struct conn *c, const char *id);

/* smtp_report.c: what the sender is told of a delivery that is late or will never be. */
struct report {
	const char *subject, *prose;
	const char *action, *status, *text;     /* RFC 3464 section 2.3 */
	bool retries;
};

void smtp_report(struct server *s, const struct envelope *e, const struct report *r,
    const struct message *m);

/* smtp_alter.c: what faults make of it. */
void smtp_alter(const struct conn *c, const char *id, struct bytes *text, size_t own);
void smtp_hops(const struct conn *c, const char *id, struct bytes *text);
void smtp_auth_results(const struct conn *c, struct bytes *text);

/* The AUTH line of the EHLO answer, appended to `text`; nothing if there are no mechanisms. */
void smtp_auth_offer(const struct conn *c, struct bytes *text);
void smtp_auth(struct conn *c, struct slice args);
void smtp_auth_answer(struct conn *c, struct slice line);

#endif
