/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Commands of IMAP: how they are read, in which state each may come, how they are answered. A
 * command is gathered whole, literals included, before anything looks at it; only where a literal
 * waits for leave is its beginning looked at, so that a server which does not want the message
 * says so before it comes. Strict where a careless client would go unnoticed: CRLF, one blank
 * between arguments, a literal or a STARTTLS whose answer was not waited for.
 */
#include "imap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "reply.h"

#define LINE_MOST    (64 * 1024)
#define COMMAND_MOST (256 * 1024)       /* but for APPEND */
#define APPEND_MOST  (64 * 1024 * 1024)

/* Some faults can be met by a client that does without an extension only. */
bool
imap_offers(const struct conn *c, const char *capability)
{
	if ((conn_faulty(c, FAULT_LITERAL_NO) && !strcmp(capability, "LITERAL+"))
	    || (conn_faulty(c, FAULT_SEARCH_LONG) && !strcmp(capability, "ESEARCH")))
		return false;
	return !conn_faulty(c, FAULT_IMAP_WITHOUT)
	    || !list_has(fault_text(&c->listener->faults, FAULT_IMAP_WITHOUT), '/', capability);
}

static void
noop(struct conn *c, struct args *a)
{
	(void)a;
	imap_done(c, "OK", "NOOP completed");
}

static void
id(struct conn *c, struct args *a)
{
	a->at = a->end;
	imap_say(c, "* ID (\"name\" \"mailprobe-sandbox\")\r\n");
	imap_done(c, "OK", "ID completed");
}

static void
logout(struct conn *c, struct args *a)
{
	(void)a;
	imap_leave(c->session);
	if (!conn_faulty(c, FAULT_LOGOUT_NO_BYE))
		imap_say(c, "* BYE Logging out\r\n");
	imap_done(c, "OK", "LOGOUT completed");
	if (!c->mute)
		conn_end(c, POLITE);
}

enum { BEFORE = 1, INSIDE = 2, SELECTED = 4, ALWAYS = 7, LOGGED_IN = INSIDE | SELECTED };
enum { BARE, ARGUMENTS };

static const struct command {
	const char *name;
	enum verb verb;
	void (*run)(struct conn *c, struct args *a);
	unsigned states;
	bool arguments;
	const char *capability;         /* without which it is not known */
} commands[] = {
	{ "CAPABILITY", VERB_CAPABILITY, imap_capability, ALWAYS, BARE, NULL },
	{ "NOOP", VERB_OTHER, noop, ALWAYS, BARE, NULL },
	{ "CHECK", VERB_OTHER, noop, SELECTED, BARE, NULL },
	{ "ID", VERB_OTHER, id, ALWAYS, ARGUMENTS, "ID" },
	{ "LOGOUT", VERB_LOGOUT, logout, ALWAYS, BARE, NULL },
	{ "STARTTLS", VERB_STARTTLS, imap_starttls, BEFORE, BARE, NULL },
	{ "LOGIN", VERB_AUTH, imap_login, BEFORE, ARGUMENTS, NULL },
	{ "AUTHENTICATE", VERB_AUTH, imap_authenticate, BEFORE, ARGUMENTS, NULL },
	{ "NAMESPACE", VERB_NAMESPACE, imap_namespace, LOGGED_IN, BARE, "NAMESPACE" },
	{ "LIST", VERB_LIST, imap_list, LOGGED_IN, ARGUMENTS, NULL },
	{ "LSUB", VERB_LIST, imap_lsub, LOGGED_IN, ARGUMENTS, NULL },
	{ "SUBSCRIBE", VERB_OTHER, imap_subscribe, LOGGED_IN, ARGUMENTS, NULL },
	{ "UNSUBSCRIBE", VERB_OTHER, imap_subscribe, LOGGED_IN, ARGUMENTS, NULL },
	{ "SELECT", VERB_SELECT, imap_select, LOGGED_IN, ARGUMENTS, NULL },
	{ "EXAMINE", VERB_SELECT, imap_examine, LOGGED_IN, ARGUMENTS, NULL },
	{ "STATUS", VERB_STATUS, imap_status, LOGGED_IN, ARGUMENTS, NULL },
	{ "CREATE", VERB_CREATE, imap_create, LOGGED_IN, ARGUMENTS, NULL },
	{ "DELETE", VERB_DELETE, imap_delete, LOGGED_IN, ARGUMENTS, NULL },
	{ "RENAME", VERB_RENAME, imap_rename, LOGGED_IN, ARGUMENTS, NULL },
	{ "APPEND", VERB_APPEND, imap_append, LOGGED_IN, ARGUMENTS, NULL },
	{ "GETQUOTAROOT", VERB_QUOTA, imap_quotaroot, LOGGED_IN, ARGUMENTS, "QUOTA" },
	{ "GETQUOTA", VERB_QUOTA, imap_quota, LOGGED_IN, ARGUMENTS, "QUOTA" },
	{ "IDLE", VERB_IDLE, imap_idle, LOGGED_IN, BARE, "IDLE" },
	{ "CLOSE", VERB_OTHER, imap_close, SELECTED, BARE, NULL },
	{ "UNSELECT", VERB_OTHER, imap_unselect, SELECTED, BARE, "UNSELECT" },
	{ "EXPUNGE", VERB_EXPUNGE, imap_expunge, SELECTED, BARE, NULL },
	{ "FETCH", VERB_FETCH, imap_fetch, SELECTED, ARGUMENTS, NULL },
	{ "STORE", VERB_STORE, imap_store, SELECTED, ARGUMENTS, NULL },
	{ "SEARCH", VERB_SEARCH, imap_search, SELECTED, ARGUMENTS, NULL },
	{ "UID EXPUNGE", VERB_EXPUNGE, imap_uid_expunge, SELECTED, ARGUMENTS, "UIDPLUS" },
	{ "UID FETCH", VERB_FETCH, imap_uid_fetch, SELECTED, ARGUMENTS, NULL },
	{ "UID STORE", VERB_STORE, imap_uid_store, SELECTED, ARGUMENTS, NULL },
	{ "UID SEARCH", VERB_SEARCH, imap_uid_search, SELECTED, ARGUMENTS, NULL },
};

static const struct command *
find_command(struct slice name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (slice_is(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* tag SP name, where UID and what follows is one name. */
static bool
heading(struct imap *s, struct args *a, struct slice *name)
{
	struct slice more;
	size_t len;

	memcpy(s->tag, "* ", 3);
	for (len = 0; a->at + len < a->end && is_tag_char(a->at[len]); len++)
		;
	if (!len || len > sizeof(s->tag) - 2)
		return false;
	memcpy(s->tag, a->at, len);
	memcpy(s->tag + len, " ", 2);
	a->at += len;
	if (!args_space(a) || !args_atom(a, name))
		return false;
	if (slice_is(*name, "UID") && args_space(a)) {
		if (!args_atom(a, &more))
			return false;
		name->len = (size_t)(more.at + more.len - name->at);
	}
	return true;
}

static unsigned
state(const struct imap *s)
{
	return !s->user ? BEFORE : s->view.box ? SELECTED : INSIDE;
}

/* `more`: bytes have come behind this command, so the client did not wait for the answer. */
static void
run(struct conn *c, struct args *a, bool more)
{
	struct imap *s = c->session;
	const struct command *command;
	struct slice name;

	s->verb = VERB_OTHER;
	s->keep_numbers = false;
	if (c->early && conn_faulty(c, FAULT_PREGREET)) {
		reply(c, VERB_OTHER, "* BYE Synchronization error\r\n");
		conn_end(c, POLITE);
		return;
	}
	if (!heading(s, a, &name)) {
		imap_bad(c, "No tag or no command");
		return;
	}
	command = find_command(name);
	if (!command || (command->capability && !imap_offers(c, command->capability))) {
		imap_bad(c, "Command not known");
		return;
	}
	s->verb = command->verb;
	if (more && (s->verb == VERB_STARTTLS || s->verb == VERB_AUTH || s->verb == VERB_LOGOUT)) {
		imap_bad(c, "The answer to this must be waited for");   /* CVE-2011-0411 */
		conn_end(c, POLITE);
		return;
	}
	if (!(command->states & state(s)))
		imap_bad(c, s->user ? "Not in this state" : "Log in first");
	else if (command->arguments ? !args_space(a) : !args_done(a))
		imap_bad(c, command->arguments ? "Arguments are missing" : "No arguments here");
	else if (!reply_refused(c, s->verb))
		command->run(c, a);
}

/* { number ["+"] } at the end of a line; false if there is none. */
static bool
announced(struct slice line, uint64_t *size, bool *waits)
{
	size_t at = line.len;
	uint64_t unit = 1;

	if (!at || line.at[--at] != '}' || !at)
		return false;
	*waits = line.at[at - 1] != '+';
	at -= !*waits;
	*size = 0;
	for (size_t end = at; at && isdigit((unsigned char)line.at[at - 1]); at--, unit *= 10) {
		if (end - at > 15)
			return false;
		*size += unit * (uint64_t)(line.at[at - 1] - '0');
	}
	return at && line.at[at - 1] == '{' && unit > 1;
}

/* Whether a literal may come; if not, the command has been answered. */
static bool
may_send(struct conn *c, uint64_t size)
{
	struct imap *s = c->session;
	struct bytes copy = { 0 };
	struct args a;
	struct slice name;
	bool append, may;

	bytes_add(&copy, s->command.at, s->command.len);
	a = (struct args){ copy.at, copy.at + copy.len };
	s->verb = VERB_OTHER;
	append = heading(s, &a, &name) && slice_is(name, "APPEND") && s->user;
	s->verb = append ? VERB_APPEND : VERB_OTHER;
	if (size > (append ? APPEND_MOST : COMMAND_MOST)) {
		imap_done(c, append ? "NO" : "BAD", "%sThe literal is too long",
		    append ? "[TOOBIG] " : "");
		may = false;
	} else {
		may = !reply_refused(c, VERB_LITERAL)
		    && (!append || !args_space(&a) || imap_append_may(c, &a));
	}
	bytes_free(&copy);
	return may;
}

static void
ask_for_literal(struct conn *c, uint64_t size, bool waits, bool more)
{
	struct imap *s = c->session;

	if (!waits && imap_offers(c, "LITERAL+")) {
		s->literal = size;
		return;
	}
	if (!waits || more) {
		struct args a = { s->command.at, s->command.at + s->command.len };
		struct slice name;

		heading(s, &a, &name);
		imap_bad(c, waits ? "A literal must wait for leave" : "LITERAL+ is not offered");
		conn_end(c, POLITE);
	} else if (may_send(c, size)) {
		s->literal = size;
		reply(c, VERB_LITERAL, "+%s\r\n",
		    conn_faulty(c, FAULT_PLUS_BARE) ? "" : " Go ahead");
		return;
	}
	bytes_drop(&s->command, s->command.len);
}

static void
take_line(struct conn *c, struct slice line, bool more)
{
	struct imap *s = c->session;
	uint64_t size;
	bool waits;

	if (s->sasl) {
		imap_auth_answer(c, line);
		return;
	}
	if (s->idle) {
		imap_idle_answer(c, line);
		return;
	}
	bytes_add(&s->command, line.at, line.len);
	if (announced(line, &size, &waits)) {
		bytes_text(&s->command, "\r\n");
		ask_for_literal(c, size, waits, more);
		return;
	}
	run(c, &(struct args){ s->command.at, s->command.at + s->command.len }, more);
	bytes_drop(&s->command, s->command.len);
}

static void
nonsense(struct conn *c, const char *text)
{
	struct imap *s = c->session;

	bytes_drop(&s->command, s->command.len);
	s->verb = VERB_OTHER;
	memcpy(s->tag, "* ", 3);
	imap_bad(c, text);
}

static size_t
input(struct conn *c, const char *at, size_t len)
{
	struct imap *s = c->session;
	const char *end;
	struct slice line = { at, 0 };
	size_t used;

	if (s->literal) {
		used = len < s->literal ? len : (size_t)s->literal;
		bytes_add(&s->command, at, used);
		s->literal -= used;
		return used;
	}
	end = memchr(at, '\n', len);
	used = end ? (size_t)(end - at) + 1 : len;
	if (!end && used <= LINE_MOST && !s->overlong)
		return 0;
	if (used > LINE_MOST || s->overlong || s->command.len > APPEND_MOST + LINE_MOST) {
		s->overlong = !end;
		if (end)
			nonsense(c, "The line is too long");
		return used;
	}
	line.len = used - 2;
	if (used < 2 || end[-1] != '\r' || memchr(at, '\r', line.len) || memchr(at, '\0', line.len))
		nonsense(c, "A command ends in CR LF, and has neither of them inside, nor NUL");
	else
		take_line(c, line, used < len);
	return used;
}

static void
forget(struct imap *s)
{
	imap_leave(s);
	imap_fetch_free(s);
	sasl_free(s->sasl);
	bytes_free(&s->command);
	bytes_free(&s->answer);
	free(s->view.seen);
	s->view = (struct view){ 0 };
	s->sasl = NULL;
	s->user = NULL;
	s->idle = false;
}

static void
greet(struct conn *c)
{
	struct imap *s = c->session;
	struct bytes text = { 0 };

	memcpy(s->tag, "* ", 3);
	if (reply_refused(c, VERB_BANNER))
		return;
	if (conn_faulty(c, FAULT_BANNER_PREAUTH))
		s->user = mail_user(c->server->mail,
		    slice_of(accounts_default(c->server->accounts)));
	if (!conn_faulty(c, FAULT_BANNER_BARE)) {
		bytes_text(&text, "[CAPABILITY ");
		imap_capabilities(c, &text);
		bytes_text(&text, "] ");
	}
	reply(c, VERB_BANNER, "* %s %.*s%s IMAP mailprobe sandbox%s\r\n",
	    s->user ? "PREAUTH" : "OK", (int)text.len, text.at ? text.at : "",
	    c->server->hostname, conn_faulty(c, FAULT_BANNER_8BIT) ? " bo\xc3\xaete \xe9\xe8" : "");
	bytes_free(&text);
}

static void
nudged(struct timer *t)
{
	struct imap *s = (struct imap *)((char *)t - offsetof(struct imap, nudge));
	struct conn *c = s->conn;

	if (s->idle) {
		imap_sync(c);
		reply_bytes(c, VERB_OTHER, &s->answer);
		bytes_drop(&s->answer, s->answer.len);
		conn_poke(c);
	}
}

/* Another session has changed the mailbox: this one is told when that one's event is over. */
static void
changed(struct watcher *w)
{
	struct imap *s = (struct imap *)((char *)w - offsetof(struct imap, watcher));
	uint64_t late = conn_faulty(s->conn, FAULT_IDLE_LATE)
	    ? (uint64_t)fault_number(&s->conn->listener->faults, FAULT_IDLE_LATE) : 0;

	if (!s->nudge.place)
		timer_set(&s->conn->server->loop, &s->nudge, late * MILLISECOND);
}

static void
begin(struct conn *c)
{
	struct imap *s = c->session = make(sizeof(*s));

	s->conn = c;
	s->nudge.fire = nudged;
	s->watcher.changed = changed;
}

static void
secured(struct conn *c)
{
	forget(c->session);
}

static void
end(struct conn *c)
{
	struct imap *s = c->session;

	timer_clear(&c->server->loop, &s->nudge);
	forget(s);
	free(s);
}

static const char *
tag(const struct conn *c)
{
	return ((const struct imap *)c->session)->tag;
}

const struct dialect imap_dialect = {
	.family = FAMILY_IMAP,
	.begin = begin,
	.greet = greet,
	.input = input,
	.secured = secured,
	.tag = tag,
	.end = end,
};
