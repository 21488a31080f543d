/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The verbs of SMTP and LMTP. A table says for each verb what must have happened before; the
 * function behind it then only does its own part. The server is strict where a careless client
 * would go unnoticed: order, syntax, pipelining that was not offered, bytes behind STARTTLS.
 */
#include "smtp.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

#define NAME_MOST 255           /* RFC 5321 section 4.5.3.1.2, of the name in EHLO */
#define LINE_MOST 12288         /* RFC 4954 section 4: what a base64 line may take */

enum {
	NEEDS_HELLO = 1,
	NEEDS_LOGIN = 2,
	NEEDS_MAIL = 4,
	NEEDS_RCPT = 8,
};

void
smtp_reset(struct smtp *s)
{
	if (s->envelope) {
		for (size_t i = 0; i < s->envelope->rcpt_count; i++)
			free(s->envelope->rcpts[i]);
		free(s->envelope->from);
		free(s->envelope);
		s->envelope = NULL;
	}
	bytes_free(&s->text);
	s->complaint = NULL;
	s->in_data = false;
}

static void
forget(struct smtp *s)
{
	smtp_reset(s);
	sasl_free(s->sasl);
	free(s->hello);
	free(s->user);
	*s = (struct smtp){ 0 };
}

bool
smtp_offers(const struct conn *c, const char *extension)
{
	if (!strcmp(extension, "STARTTLS") && (conn_secure(c) || conn_faulty(c, FAULT_NO_STARTTLS)))
		return false;
	return !conn_faulty(c, FAULT_EHLO_WITHOUT)
	    || !list_has(fault_text(&c->listener->faults, FAULT_EHLO_WITHOUT), '/', extension);
}

static void
greet(struct conn *c)
{
	struct smtp *s = c->session;
	const char *host = c->server->hostname;
	const char *kind = c->listener->protocol->lmtp ? "LMTP" : "ESMTP";

	if (reply_refused(c, VERB_BANNER)) {
		s->refused = true;
		return;
	}
	if (conn_faulty(c, FAULT_BANNER_MULTILINE))
		reply(c, VERB_BANNER, "220-%s %s mailprobe sandbox\r\n"
		    "220-It is made to be probed,\r\n220 and to be broken\r\n", host, kind);
	else if (conn_faulty(c, FAULT_BANNER_8BIT))
		reply(c, VERB_BANNER, "220 %s %s bo\xc3\xaete \xe9\xe8\r\n", host, kind);
	else
		reply(c, VERB_BANNER, "220 %s %s mailprobe sandbox\r\n", host, kind);
}

/* The EHLO answer is gathered as "250-" lines; the last one's hyphen becomes a blank. */
static void
offer(const struct conn *c, struct bytes *text)
{
	static const struct {
		const char *name, *line;
	} extensions[] = {
		{ "PIPELINING", "250-PIPELINING\r\n" },
		{ "SIZE", "250-SIZE 10485760\r\n" },
		{ "8BITMIME", "250-8BITMIME\r\n" },
		{ "SMTPUTF8", "250-SMTPUTF8\r\n" },
		{ "ENHANCEDSTATUSCODES", "250-ENHANCEDSTATUSCODES\r\n" },
		{ "STARTTLS", "250-STARTTLS\r\n" },
	};

	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (smtp_offers(c, extensions[i].name))
			bytes_text(text, extensions[i].line);
	if (smtp_offers(c, "AUTH"))
		smtp_auth_offer(c, text);
	if (conn_faulty(c, FAULT_EHLO_LONG))
		for (long i = 1; i <= fault_number(&c->listener->faults, FAULT_EHLO_LONG); i++)
			bytes_format(text, "250-X-UNKNOWN-%ld a b=c\r\n", i);
}

static void
hello(struct conn *c, struct slice name, bool extended)
{
	struct smtp *s = c->session;

	smtp_reset(s);
	free(s->hello);
	s->hello = make_text(name.at, name.len);
	s->extended = extended;
}

static void
ehlo(struct conn *c, struct slice args)
{
	struct bytes text = { 0 };
	size_t last;

	if (!args.len || args.len > NAME_MOST) {
		reply(c, VERB_EHLO, "501 5.5.4 EHLO wants a name\r\n");
		return;
	}
	hello(c, args, true);
	if (conn_faulty(c, FAULT_EHLO_BARE)) {
		reply(c, VERB_EHLO, "250 HELP\r\n");
		return;
	}
	bytes_format(&text, "250-%s\r\n", c->server->hostname);
	offer(c, &text);
	for (last = text.len - 2; last && text.at[last - 1] != '\n'; last--)
		;
	text.at[last + 3] = ' ';
	reply(c, VERB_EHLO, "%.*s", (int)text.len, text.at);
	bytes_free(&text);
}

static void
helo(struct conn *c, struct slice args)
{
	if (!args.len || args.len > NAME_MOST) {
		reply(c, VERB_HELO, "501 5.5.4 HELO wants a name\r\n");
		return;
	}
	hello(c, args, false);
	reply(c, VERB_HELO, "250 %s\r\n", c->server->hostname);
}

static void
starttls(struct conn *c, struct slice args)
{
	if (!smtp_offers(c, "STARTTLS"))
		reply(c, VERB_STARTTLS, "%s\r\n", conn_secure(c)
		    ? "503 5.5.1 TLS is already up" : "502 5.5.1 Command not implemented");
	else if (args.len)
		reply(c, VERB_STARTTLS, "501 5.5.4 STARTTLS takes no parameter\r\n");
	else {
		reply(c, VERB_STARTTLS, "220 2.0.0 Ready to start TLS\r\n");
		conn_upgrade(c);
	}
}

static void
data(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_DATA, "354 End data with <CR><LF>.<CR><LF>\r\n");
	smtp_data_begin(c);
}

static void
rset(struct conn *c, struct slice args)
{
	(void)args;
	smtp_reset(c->session);
	reply(c, VERB_RSET, "250 2.0.0 Ok\r\n");
}

static void
noop(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_OTHER, "250 2.0.0 Ok\r\n");
}

static void
vrfy(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_OTHER, "252 2.0.0 Send some mail and see\r\n");
}

static void
help(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_OTHER, "214 2.0.0 RFC 5321 has it all\r\n");
}

static void
quit(struct conn *c, struct slice args)
{
	(void)args;
	reply(c, VERB_QUIT, "221 2.0.0 Bye\r\n");
	if (!c->mute)
		conn_end(c, POLITE);
}

enum { ON_SMTP = 1, ON_LMTP = 2, ON_BOTH = 3 };

static const struct command {
	const char *name;
	enum verb verb;
	void (*run)(struct conn *c, struct slice args);
	unsigned where, needs;
} commands[] = {
	{ "EHLO", VERB_EHLO, ehlo, ON_SMTP, 0 },
	{ "LHLO", VERB_EHLO, ehlo, ON_LMTP, 0 },
	{ "HELO", VERB_HELO, helo, ON_SMTP, 0 },
	{ "STARTTLS", VERB_STARTTLS, starttls, ON_BOTH, NEEDS_HELLO },
	{ "AUTH", VERB_AUTH, smtp_auth, ON_BOTH, NEEDS_HELLO },
	{ "MAIL", VERB_MAIL, smtp_mail, ON_BOTH, NEEDS_HELLO | NEEDS_LOGIN },
	{ "RCPT", VERB_RCPT, smtp_rcpt, ON_BOTH, NEEDS_MAIL },
	{ "DATA", VERB_DATA, data, ON_BOTH, NEEDS_MAIL | NEEDS_RCPT },
	{ "RSET", VERB_RSET, rset, ON_BOTH, 0 },
	{ "NOOP", VERB_OTHER, noop, ON_BOTH, 0 },
	{ "VRFY", VERB_OTHER, vrfy, ON_BOTH, 0 },
	{ "HELP", VERB_OTHER, help, ON_BOTH, 0 },
	{ "QUIT", VERB_QUIT, quit, ON_BOTH, 0 },
};

/* The answer to a command that comes too early, or NULL. */
static const char *
too_early(const struct conn *c, const struct smtp *s, const struct command *command)
{
	if (s->refused && command->verb != VERB_QUIT)
		return "503 5.5.1 No SMTP service here, only QUIT";
	if (command->needs & NEEDS_HELLO && !s->hello)
		return c->listener->protocol->lmtp ? "503 5.5.1 Say LHLO first"
		    : "503 5.5.1 Say EHLO or HELO first";
	if (command->needs & NEEDS_LOGIN && c->listener->protocol->submission && !s->user)
		return "530 5.7.0 Authentication required";
	if (command->needs & NEEDS_MAIL && !s->envelope)
		return "503 5.5.1 Say MAIL first";
	if (command->needs & NEEDS_RCPT && !s->envelope->rcpt_count)
		return "554 5.5.1 No valid recipients";
	return NULL;
}

/* `more`: bytes have come behind this line, so the client did not wait for the answer. */
static const char *
out_of_place(struct conn *c, const struct smtp *s, const struct command *command, bool more)
{
	if (c->early && conn_faulty(c, FAULT_PREGREET))
		return "554 5.5.0 SMTP synchronization error";
	if (more && command->verb == VERB_STARTTLS)
		return "503 5.5.1 Plaintext behind STARTTLS";    /* CVE-2011-0411 */
	/* RFC 2920 section 3.1: DATA is the last of its group, for its answer decides. */
	if (more && (command->verb == VERB_DATA || !s->extended || !smtp_offers(c, "PIPELINING")))
		return "503 5.5.0 Improper use of pipelining";
	return NULL;
}

static void
run(struct conn *c, struct slice line, bool more)
{
	struct smtp *s = c->session;
	unsigned here = c->listener->protocol->lmtp ? ON_LMTP : ON_SMTP;
	struct slice name = slice_until(&line, ' ');
	const struct command *command = NULL;
	const char *wrong;

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].where & here && slice_is(name, commands[i].name))
			command = &commands[i];
	if (!command) {
		reply(c, VERB_OTHER, "500 5.5.2 Command not known\r\n");
		return;
	}
	while (line.len && line.at[line.len - 1] == ' ')
		line.len--;
	wrong = out_of_place(c, s, command, more);
	if (wrong) {
		reply(c, command->verb, "%s\r\n", wrong);
		conn_end(c, POLITE);
		return;
	}
	if (s->extended && conn_faulty(c, FAULT_RESET_AFTER_EHLO)) {
		conn_end(c, ABRUPT);
		return;
	}
	wrong = too_early(c, s, command);
	if (wrong)
		reply(c, command->verb, "%s\r\n", wrong);
	else if (!reply_refused(c, command->verb))
		command->run(c, line);
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
	struct smtp *s = c->session;
	const char *end;
	struct slice line = { at, 0 };
	size_t used;

	if (s->in_data)
		return smtp_data(c, at, len);
	end = memchr(at, '\n', len);
	used = end ? (size_t)(end - at) + 1 : len;
	if (!end && used <= LINE_MOST && !s->overlong)
		return 0;
	if (used > LINE_MOST || s->overlong) {
		s->overlong = !end;
		if (end)
			reply(c, VERB_OTHER, "500 5.5.6 Line too long\r\n");
		return used;
	}
	line.len = used - (used > 1 && end[-1] == '\r' ? 2 : 1);
	if (has_control(line))
		reply(c, VERB_OTHER, "500 5.5.2 Control character in a command\r\n");
	else if (s->sasl)
		smtp_auth_answer(c, line);
	else
		run(c, line, used < len);
	return used;
}

static void
begin(struct conn *c)
{
	c->session = make(sizeof(struct smtp));
}

static void
secured(struct conn *c)
{
	forget(c->session);
}

static void
end(struct conn *c)
{
	forget(c->session);
	free(c->session);
}

const struct dialect smtp_dialect = {
	.begin = begin,
	.greet = greet,
	.input = input,
	.secured = secured,
	.end = end,
};
