/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POP3_H
#define POP3_H

/*
 * The verbs of POP3 (RFC 1939), each one command and its reply, timed in its own phase. Each may
 * wait until the session's deadline, and records what went wrong.
 */

#include "check_tcp.h"
#include "conn.h"
#include "pop3_reply.h"

/* Limits of a capability list, and of what a listing may count. */
enum { POP3_CAPABILITIES = 1000, POP3_CAPABILITY_BYTES = 1 << 20, POP3_ENTRIES = 1000000 };

struct pop3_opts {
	struct probe_opts common;
	struct check_tcp tcp;
	struct steps steps; /* --stat, --list, --uidl, --retr, --dele */
};

/* What is known of one message. */
struct pop3_message {
	uint64_t number; /* 0: not known */
	uint64_t size;
	bool sized;
};

/* A session's own state of the protocol. */
struct pop3 {
	const struct pop3_opts *opts;
	slice line;              /* the last status line as it came */
	struct pop3_reply reply; /* the same, read */
	slice greeting;          /* the banner as it came */
	slice timestamp;         /* of the banner, for APOP; missing where there is none */
	bool listed;             /* there is a capability list */
	struct list capabilities;
	int banner_lap, list_lap; /* LAP_NONE while neither greeting nor CAPA were waited for */
	bool heard_out;           /* all that -e may be in has come */
	struct str heard;         /* the banner and the answers to -s: what -e is looked for in */
	bool deaf;      /* no command can be said: before it speaks, within STLS, in an exchange */
	bool midway;    /* a multi-line reply has begun and not ended */
	bool quit_sent; /* QUIT, which --dele waits for */

	/* The maildrop: what STAT, LIST and UIDL have said of it, which has to agree. */
	bool counted, measured;
	uint64_t messages, octets;
	struct pop3_message *wanted; /* one for each step: those of --retr by number */
	struct pop3_message last;    /* the highest number of LIST */
	struct list marked;          /* the numbers of what DELE has marked, as texts */
	bool marking;                /* a DELE was said: QUIT would carry it out */
};

/* Before the clock starts: makes s->protocol. */
bool pop3_prepare(struct session *s);

/* Everything from the connection to the login, as the options ask. */
bool pop3_begin(struct session *s);

/* The greeting: +OK. Phase `banner`. */
bool pop3_banner(struct session *s);

/* CAPA, RFC 2449. Forgets all capabilities first; that it is refused is no finding. */
bool pop3_capa(struct session *s);

/*
 * Whether the last list has the keyword, with that parameter among its own unless it is missing.
 */
bool pop3_has(struct session *s, slice keyword, slice parameter);

/*
 * STLS, RFC 2595, where it is required: up to the server's consent. pop3_ask_stls() is the same
 * where it is not: true whatever the reply. Behind it comes pop3_upgrade(): the handshake, and CAPA
 * again.
 */
bool pop3_stls(struct session *s);
bool pop3_ask_stls(struct session *s);
bool pop3_upgrade(struct session *s);

/* AUTH (RFC 5034), APOP or USER and PASS, with the strongest that is offered and permitted. */
bool pop3_auth(struct session *s);

/*
 * The lines of --send, each in a phase of its own. What they are answered is no finding, and of
 * several lines where it has several.
 */
bool pop3_commands(struct session *s);

/*
 * The steps in their order; STAT where there are none and somebody is logged in. What counts the
 * maildrop twice must come to the same.
 */
bool pop3_steps(struct session *s);

/*
 * Compares what was heard with what the options want. For the end, however it came, but before
 * pop3_commit().
 */
void pop3_compare(struct session *s);

/*
 * QUIT as the deletion that --dele asked for, where all has gone well: with the whole deadline, and
 * judged. Where something has not, it says nothing, and pop3_bye() takes the deletion back.
 */
bool pop3_commit(struct session *s);

/* RSET where a message was to be deleted and is not, and QUIT: the goodbye. */
void pop3_bye(struct session *s);

/*
 * The primitives, for the other files of POP3. pop3_say() sends a line: `shown` is what the
 * transcript gets, the line itself if missing. pop3_listen() reads a status line into pop3->reply;
 * both record what goes wrong on the connection. pop3_exchange() does both in a phase of its own,
 * and pop3_command() lets only +OK go on. pop3_refused() records a refusal by its response code and
 * returns false, `plain` being its cause where there is none.
 */
bool pop3_say(struct session *s, slice line, slice shown);
bool pop3_listen(struct session *s);
bool pop3_exchange(struct session *s, enum phase in, slice line);
bool pop3_command(struct session *s, enum phase in, slice line);
bool pop3_refused(struct session *s, enum cause plain);

/*
 * The next line of a multi-line reply, behind a status line of +OK and pop3->midway set. False at
 * its end, which clears pop3->midway, and for what went wrong, which does not.
 */
bool pop3_next(struct session *s, slice *line);

/* Whether the last reply is +OK. */
bool pop3_ok(struct session *s);

#endif
