/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SMTP_H
#define SMTP_H

/*
 * The verbs of SMTP (RFC 5321), submission and LMTP (RFC 2033), each one command and its reply,
 * timed in its own phase. Each may wait until the session's deadline, and records what went wrong.
 */

#include "conn.h"
#include "message.h"
#include "smtp_reply.h"

struct smtp_opts {
	struct probe_opts common;
	const char *fqdn;   /* EHLO name; NULL: the machine's own */
	const char *from;   /* reverse-path; "" is <>; NULL: not given */
	const char *sender; /* what MAIL says: from, else the user if that is an address, else "" */
	struct list rcpt, deny_rcpt;
	bool send;
	const char *subject, *body_file;
	struct list headers;
	bool lmtp, pipelining;
	struct list commands, responses; /* -C and -R, by position */
	bool sni, ignore_quit_failure;   /* what we always do */
	slice body;                      /* what --body-file held */
	bool seven_bit; /* of the message: no option, for who must know its octets beforehand */
};

/* A session's own state of the protocol. */
struct smtp {
	const struct smtp_opts *opts;
	struct smtp_reply reply;  /* the last */
	struct list capabilities; /* of the last EHLO */
	slice name;               /* how we greet; missing until it is known */
	struct message message;   /* to be sent */
	slice content;            /* the same as it goes behind DATA */
	slice greeting;           /* the banner as it came */
	int banner_lap,
	    list_lap;     /* LAP_NONE while the greeting was not waited for, EHLO not answered */
	struct str heard; /* the banner and each reply to EHLO: what --expect is looked for in */
	bool transaction; /* MAIL was accepted and is not ended */
	bool deaf;        /* no command can be said: before it speaks, after 421, in content */
	bool quit_sent;
	struct list accepted; /* recipients */

	/* Asked right before the content goes out, if there is one. False stops, with a finding. */
	bool (*sending)(struct session *s, void *data);
	void *sending_data;
};

/* Before the clock starts: makes s->protocol, and the message if there is one to send. */
bool smtp_prepare(struct session *s);

/*
 * The message of --send, with its dots doubled. `eight_bit`: octets above 127 may stay as they are.
 * False with a finding.
 */
bool smtp_make_message(struct session *s, bool eight_bit);

/* Everything from the connection to the login, as the options ask. */
bool smtp_begin(struct session *s);

/* The greeting: 220. Phase `banner`. */
bool smtp_banner(struct session *s);

/* EHLO, HELO where EHLO is refused for good, LHLO for LMTP. Forgets all capabilities first. */
bool smtp_ehlo(struct session *s);

/*
 * Whether the last EHLO reply has the keyword, with that parameter among its own unless it is
 * missing.
 */
bool smtp_has(struct session *s, slice keyword, slice parameter);

/*
 * Compares what was heard with what the options want: --expect with the banner and the replies to
 * EHLO, --require and --forbid with the last capabilities. For the end, however it came.
 */
void smtp_compare(struct session *s);

/*
 * STARTTLS, RFC 3207, where it is required: up to the server's consent. smtp_ask_starttls() is the
 * same where it is not: true whatever the reply, which smtp->reply has. Behind it comes
 * smtp_upgrade(): the handshake, and EHLO again.
 */
bool smtp_starttls(struct session *s);
bool smtp_ask_starttls(struct session *s);
bool smtp_upgrade(struct session *s);

/* AUTH, RFC 4954, with the strongest mechanism that is offered and permitted. */
bool smtp_auth(struct session *s);

/* -C commands, each in a phase of its own, with their -R. */
bool smtp_commands(struct session *s);

/* MAIL alone. Ended by smtp_rset(). */
bool smtp_mail(struct session *s, bool utf8);

/*
 * MAIL, RCPT for each of --rcpt, and RSET: nothing is delivered. A refused recipient is a finding
 * and does not stop the others. In one group with --pipelining (RFC 2920).
 */
bool smtp_envelope(struct session *s);

/* RCPT for each of --deny-rcpt, in a transaction of its own, taken back: each must be refused. */
bool smtp_denied(struct session *s);

/* The message of --send, from MAIL to its acceptance; in groups with --pipelining. */
bool smtp_message(struct session *s);

/* RSET, where a transaction is open. */
bool smtp_rset(struct session *s);

/* RSET if need be, and QUIT: the goodbye. */
void smtp_bye(struct session *s);

/*
 * The primitives, for the other files of SMTP. smtp_unasked() is false, with a finding, when a
 * reply has come that nobody asked for. smtp_say() sends a line in its own right: `shown` is what
 * the transcript gets, the line itself if missing. smtp_listen() reads a reply into smtp->reply;
 * both record what goes wrong on the connection. smtp_exchange() does both in a phase of its own,
 * and smtp_command() lets only what smtp_done() allows go on. smtp_refused() records the reply's
 * refusal as `tempfail`, `rejected` or `protocol` and returns false.
 */
bool smtp_unasked(struct session *s);
bool smtp_say(struct session *s, slice line, slice shown);
bool smtp_listen(struct session *s);
bool smtp_exchange(struct session *s, enum phase in, slice line);
bool smtp_command(struct session *s, enum phase in, slice line);
bool smtp_refused(struct session *s);

/* Whether the last reply's code is in the hundred `hundred`. */
bool smtp_is(struct session *s, unsigned hundred);

/*
 * Whether it says "done": 250, or 251 and 252 as to RCPT. Other 2yz codes are answers to other
 * commands (RFC 5321 section 4.3.2), and show that the server is out of step.
 */
bool smtp_done(struct session *s);

#endif
