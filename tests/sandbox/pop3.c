/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Commands of POP3: how they are read, and in which state each may come. Strict where a careless
 * client would go unnoticed: CRLF, 255 octets to a line (RFC 2449 section 4), commands that did
 * not wait for the answer to STLS or a login.
 */
#include "pop3.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

#define LINE_MOST 255           /* CRLF included */
#define SASL_MOST 12288         /* RFC 4954 section 4, whose syntax RFC 5034 takes */

bool
pop3_offers(const struct conn *c, const char *capability)
{
	return !conn_faulty(c, FAULT_CAPA_WITHOUT)
	    || !list_has(fault_text(&c->listener->faults, FAULT_CAPA_WITHOUT), '/', capability);
}

static void
greet(struct conn *c)
{
	struct pop3 *s = c->session;

	if (reply_refused(c, VERB_BANNER))
		return;
	pop3_make_timestamp(c);
	reply(c, VERB_BANNER, "+OK %s POP3 mailprobe sandbox%s%s%s\r\n", c->server->hostname,
	    conn_faulty(c, FAULT_BANNER_8BIT) ? " bo\xc3\xaete \xe9\xe8" : "",
	    s->timestamp ? " " : "", s->timestamp ? s->timestamp : "");
}

static void
noop(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_OTHER, "+OK\r\n");
}

/* What was marked is removed before the answer is made (RFC 1939 section 6). */
static void
quit(struct conn *c, struct slice args)
{
	struct pop3 *s = c->session;

	(void)args;
	if (s->user)
		pop3_close(s, true);
	reply(c, VERB_QUIT, "+OK Bye\r\n");
	if (!c->mute)
		conn_end(c, POLITE);
}

enum { BEFORE = 1, AFTER = 2, ALWAYS = 3 };
enum { NO_ARGUMENT, AN_ARGUMENT, MAY_HAVE };

static const struct command {
	const char *name;
	enum verb verb;
	void (*run)(struct conn *c, struct slice args);
	unsigned states;
	int arguments;
	const char *capability;         /* without which it is not known */
} commands[] = {
	{ "CAPA", VERB_CAPA, pop3_capa, ALWAYS, NO_ARGUMENT, NULL },
	{ "STLS", VERB_STARTTLS, pop3_stls, BEFORE, NO_ARGUMENT, "STLS" },
	{ "USER", VERB_CHALLENGE, pop3_user, BEFORE, AN_ARGUMENT, "USER" },
	{ "PASS", VERB_AUTH, pop3_pass, BEFORE, AN_ARGUMENT, "USER" },
	{ "APOP", VERB_AUTH, pop3_apop, BEFORE, AN_ARGUMENT, NULL },
	{ "AUTH", VERB_AUTH, pop3_auth, BEFORE, AN_ARGUMENT, "SASL" },
	{ "STAT", VERB_STAT, pop3_stat, AFTER, NO_ARGUMENT, NULL },
	{ "LIST", VERB_LIST, pop3_list, AFTER, MAY_HAVE, NULL },
	{ "UIDL", VERB_UIDL, pop3_uidl, AFTER, MAY_HAVE, "UIDL" },
	{ "RETR", VERB_RETR, pop3_retr, AFTER, AN_ARGUMENT, NULL },
	{ "TOP", VERB_RETR, pop3_top, AFTER, AN_ARGUMENT, "TOP" },
	{ "DELE", VERB_DELE, pop3_dele, AFTER, AN_ARGUMENT, NULL },
	{ "RSET", VERB_RSET, pop3_rset, AFTER, NO_ARGUMENT, NULL },
	{ "NOOP", VERB_OTHER, noop, AFTER, NO_ARGUMENT, NULL },
	{ "QUIT", VERB_QUIT, quit, ALWAYS, NO_ARGUMENT, NULL },
};

static const struct command *
find_command(const struct conn *c, struct slice name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (slice_is(name, commands[i].name)
		    && (!commands[i].capability || pop3_offers(c, commands[i].capability)))
			return &commands[i];
	return NULL;
}

/* `more`: bytes have come behind this line, so the client did not wait for the answer. */
static bool
pipelined(const struct conn *c, const struct command *command, bool more)
{
	return more && (!pop3_offers(c, "PIPELINING") || command->states == BEFORE
	    || command->verb == VERB_QUIT);
}

static void
run(struct conn *c, struct slice line, bool more)
{
	struct pop3 *s = c->session;
	struct slice name = slice_until(&line, ' ');
	const struct command *command = find_command(c, name);

	if (c->early && conn_faulty(c, FAULT_PREGREET)) {
		reply(c, VERB_OTHER, "-ERR Synchronization error\r\n");
		conn_end(c, POLITE);
	} else if (!command) {
		reply(c, VERB_OTHER, "-ERR Command not known\r\n");
	} else if (pipelined(c, command, more)) {
		/* CVE-2011-0411, or a client that does not know what it may do. */
		reply(c, command->verb, "-ERR The answer to this must be waited for\r\n");
		conn_end(c, POLITE);
	} else if (!(command->states & (s->user ? AFTER : BEFORE))) {
		reply(c, command->verb, s->user ? "-ERR Not after the login\r\n"
		    : "-ERR Log in first\r\n");
	} else if (command->arguments != MAY_HAVE && (line.len > 0) != command->arguments) {
		reply(c, command->verb, line.len ? "-ERR No arguments here\r\n"
		    : "-ERR Arguments are missing\r\n");
	} else if (!reply_refused(c, command->verb)) {
		command->run(c, line);
	} else if (command->verb == VERB_QUIT) {
		if (s->user)
			pop3_close(s, false);
		conn_end(c, POLITE);
	}
}

static bool
has_control(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
			return true;
	return false;
}

static size_t
input(struct conn *c, const char *at, size_t len)
{
	struct pop3 *s = c->session;
	const char *end = memchr(at, '\n', len);
	struct slice line = { at, 0 };
	size_t used = end ? (size_t)(end - at) + 1 : len, most = s->sasl ? SASL_MOST : LINE_MOST;

	if (!end && used <= most && !s->overlong)
		return 0;
	if (used > most || s->overlong) {
		s->overlong = !end;
		if (end)
			reply(c, VERB_OTHER, "-ERR The line is too long\r\n");
		return used;
	}
	line.len = used - 2;
	if (used < 2 || end[-1] != '\r' || has_control(line))
		reply(c, VERB_OTHER, "-ERR A command ends in CR LF and has no controls\r\n");
	else if (s->sasl)
		pop3_auth_answer(c, line);
	else
		run(c, line, used < len);
	return used;
}

static void
forget(struct pop3 *s)
{
	if (s->text)
		mail_done(s->user->mail, s->text);
	if (s->user)
		pop3_close(s, false);
	sasl_free(s->sasl);
	free(s->name);
	bytes_free(&s->answer);
	s->text = NULL;
	s->sasl = NULL;
	s->name = NULL;
}

static void
begin(struct conn *c)
{
	c->session = make(sizeof(struct pop3));
}

static void
secured(struct conn *c)
{
	forget(c->session);
}

static void
end(struct conn *c)
{
	struct pop3 *s = c->session;

	forget(s);
	free(s->timestamp);
	free(s);
}

const struct dialect pop3_dialect = {
	.family = FAMILY_POP3,
	.begin = begin,
	.greet = greet,
	.input = input,
	.secured = secured,
	.end = end,
};
