/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands out, RFC 9051 section 2.2.1: strings quoted, or as literals where they cannot be,
 * without waiting for leave where the server has said that it takes them so (RFC 7888).
 */
#include "imap.h"

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

struct imap_command
imap_command(struct session *s, const char *text)
{
	struct imap_command command = { .text = str_in(s->arena) };

	str_addz(&command.text, text);
	return command;
}

void
imap_add_literal(struct imap_command *command, slice octets)
{
	size_t size = command->size ? command->size * 2 : 4;
	struct imap_literal *literals = command->literals;

	if (command->n == command->size) {
		literals = arena_array(command->text.arena, size, sizeof *literals);
		if (!literals)
			return;
		if (command->n > 0)
			memcpy(literals, command->literals, command->n * sizeof *literals);
		command->literals = literals;
		command->size = size;
	}
	literals[command->n++] = (struct imap_literal){ .at = command->text.n, .octets = octets };
}

/* quoted = DQUOTE *QUOTED-CHAR DQUOTE */
void
imap_add_string(struct imap_command *command, slice string)
{
	for (size_t i = 0; i < string.n; i++)
		if ((unsigned char)string.at[i] > 0x7e || (unsigned char)string.at[i] < ' ') {
			imap_add_literal(command, string);
			return;
		}
	str_addc(&command->text, '"');
	for (size_t i = 0; i < string.n; i++) {
		if (string.at[i] == '"' || string.at[i] == '\\')
			str_addc(&command->text, '\\');
		str_addc(&command->text, string.at[i]);
	}
	str_addc(&command->text, '"');
}

/* RFC 7888: whether a literal of this size may go without waiting for a continuation. */
static bool
unasked_literal(struct session *s, size_t n)
{
	return imap_has(s, S("LITERAL+"))
	    || ((imap_has(s, S("LITERAL-")) || imap_has(s, S("IMAP4rev2"))) && n <= 4096);
}

/*
 * Says "text{n}" and the literal behind it. False: lost, or the server has completed the command.
 */
static bool
say_literal(struct session *s, slice text, slice octets)
{
	struct imap *imap = of(s);
	bool unasked = unasked_literal(s, octets.n);
	slice line = str_f(
	    s->arena, "%.*s{%zu%s}\r\n", (int)text.n, text.at, octets.n, unasked ? "+" : "");

	if (!conn_send(s, line))
		return false;
	imap->deaf = true; /* until the server has the literal, nothing else can be said */
	if (!unasked) {
		if (!imap_await(s))
			return false;
		if (!imap_goes_on(s)) {
			imap->deaf = false;
			return false;
		}
	}
	if (!imap_unasked(s) || !conn_send(s, octets))
		return false;
	imap->deaf = false;
	return true;
}

static void
show_command(struct session *s, const struct imap_command *command)
{
	slice shown = command->shown.at ? command->shown : str_slice(&command->text);
	struct str line = str_in(s->arena);

	if (!s->common->transcript)
		return;
	str_add(&line, of(s)->tag);
	str_addc(&line, ' ');
	str_add(&line, shown);
	for (size_t i = 0; i < command->n; i++)
		str_addf(&line, "%s(a literal of %zu octets)", i ? ", " : " ",
		    command->literals[i].octets.n);
	transcript(s, 'C', str_slice(&line));
}

/* What comes from now on may be its answer. */
static void
begin(struct imap *imap, const struct imap_command *command)
{
	if (command->takes)
		memset(&imap->count, 0, sizeof imap->count);
	imap->takes = command->takes;
	if (command->opens)
		imap->mailbox = (struct imap_mailbox){ 0 };
	imap->listed &= !command->logs_in;
}

/*
 * Says all of it. False: lost, or, with no tag left to wait for, completed where a
 * literal was due.
 */
bool
imap_start(struct session *s, struct imap_command *command)
{
	struct imap *imap = of(s);
	struct str text = str_in(s->arena);
	slice whole = str_slice(&command->text);
	size_t said = 0;

	imap->tag = str_f(s->arena, "a%u", ++imap->commands);
	if (!imap_unasked(s))
		return false;
	begin(imap, command);
	show_command(s, command);
	str_add(&text, imap->tag);
	str_addc(&text, ' ');
	for (size_t i = 0; i < command->n; i++) {
		size_t at = command->literals[i].at;

		str_add(&text, (slice){ whole.at + said, at - said });
		said = at;
		if (!say_literal(s, str_slice(&text), command->literals[i].octets))
			return false;
		str_cut(&text, 0);
	}
	str_add(&text, slice_skip(whole, said));
	str_addz(&text, "\r\n");
	return conn_send(s, str_slice(&text));
}

bool
imap_say(struct session *s, struct imap_command *command)
{
	if (imap_start(s, command))
		return imap_await(s);
	if (of(s)->tag.at)
		return false;
	return !imap_is_ok(s)
	    || fail_reply(s, CAUSE_PROTOCOL, str_slice(&of(s)->reply),
	        "success before all of the command was said");
}

bool
imap_say_line(struct session *s, slice line, slice shown)
{
	if (!imap_unasked(s))
		return false;
	transcript(s, 'C', shown.at ? shown : line);
	of(s)->deaf = false;
	return conn_send(s, str_f(s->arena, "%.*s\r\n", (int)line.n, line.at));
}

bool
imap_done(struct session *s, struct imap_command *command, enum cause missing)
{
	return imap_say(s, command) && (imap_is_ok(s) || imap_refused(s, missing));
}

bool
imap_ok(struct session *s, enum phase in, struct imap_command *command, enum cause missing)
{
	return phase(s, in) && imap_done(s, command, missing);
}

bool
imap_gather(struct session *s, enum phase in, struct imap_command *command,
    bool (*takes)(struct session *, const struct imap_response *), enum cause missing)
{
	command->takes = takes;
	return imap_ok(s, in, command, missing);
}
