/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * POP3: RFC 1939, with CAPA (RFC 2449), STLS (RFC 2595), AUTH (RFC 5034) and response codes
 * (RFC 3206). pop3.c reads commands and has the table of them, pop3_auth.c logs in, pop3_mail.c
 * has the maildrop.
 */
#ifndef SANDBOX_POP3_H
#define SANDBOX_POP3_H

#include "bytes.h"
#include "conn.h"
#include "mailbox.h"
#include "sasl.h"

extern const struct dialect pop3_dialect;

/* A message of the maildrop as it was at the login. */
struct dropped {
	struct message *message;        /* held */
	size_t size;                    /* as it is told */
	uint32_t uid;
	bool deleted;
};

struct pop3 {
	char *name;                     /* of USER, until PASS */
	char *timestamp;                /* of the banner, or NULL */
	struct user *user;              /* who has logged in, and holds the lock */
	struct sasl *sasl;              /* inside AUTH */
	bool overlong;                  /* inside a line that was too long */
	struct dropped *drop;
	size_t count;
	struct bytes answer;
	/* An answer of many lines: what is next, and the text of a message from `at` to `stop`. */
	void (*line)(struct conn *c, size_t number);
	size_t next;
	struct message *text;
	size_t at, stop;
	bool line_begins;
};

bool pop3_offers(const struct conn *c, const char *capability);

/* pop3_auth.c */
void pop3_make_timestamp(struct conn *c);
void pop3_capa(struct conn *c, struct slice args);
void pop3_stls(struct conn *c, struct slice args);
void pop3_user(struct conn *c, struct slice args);
void pop3_pass(struct conn *c, struct slice args);
void pop3_apop(struct conn *c, struct slice args);
void pop3_auth(struct conn *c, struct slice args);
void pop3_auth_answer(struct conn *c, struct slice line);

/* pop3_mail.c */
bool pop3_open(struct conn *c, struct user *user);      /* false if somebody else has it open */
void pop3_close(struct pop3 *s, bool update);
void pop3_stat(struct conn *c, struct slice args);
void pop3_list(struct conn *c, struct slice args);
void pop3_uidl(struct conn *c, struct slice args);
void pop3_retr(struct conn *c, struct slice args);
void pop3_top(struct conn *c, struct slice args);
void pop3_dele(struct conn *c, struct slice args);
void pop3_rset(struct conn *c, struct slice args);

#endif
