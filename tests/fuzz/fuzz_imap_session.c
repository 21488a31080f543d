/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IMAP for the fuzzer of sessions. A reply ends with the line that a tag begins, or "+"; a tag of
 * the form "a7" is made the one that is waited for, so that a script is good with any options.
 * @LITERAL@ and @LITERALSIZE@ are the literal that was heard last. (Where a literal of the server
 * has such a line in it, its rest is not said: the server falls silent.)
 *
 * What must hold besides: nothing is created, renamed, deleted, stored or expunged but in a mailbox
 * of the session's own name or one that a run before it has left, and what was created is deleted.
 */
#include <errno.h>
#include <time.h>

#include "fuzz_session.h"
#include "imap.h"
#include "probes.h"

enum { YES = 1, NO, GOES_ON };

static const struct choice choices[] = {
	{ 'a', { "--user=probe", "--password=" PASSWORD, "--tls=none" } },
	{ 'g', { "--auth=login" } },
	{ 'P', { "--auth=PLAIN" } },
	{ 'L', { "--auth=LOGIN" } },
	{ 'C', { "--auth=CRAM-MD5" } },
	{ 'S', { "--auth=SCRAM-SHA-256" } },
	{ 'l', { "--list" } },
	{ 'k', { "--list=Archive/,%" } },
	{ 'e', { "--examine=INBOX" } },
	{ 's', { "--select=Archive/2026" } },
	{ 'u', { "--status=INBOX" } },
	{ 'U', { "--status=Entw\xc3\xbcrfe" } },
	{ 'z', { "--sizes" } },
	{ 'h', { "--search=UNSEEN" } },
	{ 'H', { "--search=SUBJECT \"gr\xc3\xbcn\"" } },
	{ 'f', { "--fetch=last" } },
	{ 'F', { "--fetch=7" } },
	{ 'y', { "--cycle" } },
	{ 'A', { "--append" } },
	{ 'i', { "--idle" } },
	{ 'q', { "--quota" } },
	{ 'c', { "--send=x1 NOOP" } },
	{ 'd', { "--send=x2 LOGIN probe " PASSWORD, "--tls=none" } },
	{ 'D', { "--send=x3 AUTHENTICATE PLAIN", "--send=AHByb2JlAEtub2NrLWtub2Nr" } },
	{ 'Q', { "--quit=x9 LOGOUT" } },
	{ 'x', { "--expect=ready" } },
	{ 'r', { "--require=IDLE" } },
	{ 'n', { "--forbid=XOFF" } },
	{ 'j', { "--jail" } },
	{ 'v', { "--until=select" } },
	{ 'V', { "--until=append" } },
	{ 'w', { "--until=rename" } },
	{ 'W', { "--until=capability" } },
	{ 't', { "--tls=starttls" } },
	{ 'o', { "--tls=opportunistic" } },
	{ '1', { "--proxy-protocol=1" } },
};

/* The commands that no option has asked for, and those of scratch mailboxes. */
static const char *const always[] = { "CAPABILITY", "STARTTLS", "AUTHENTICATE", "LOGIN", "LOGOUT",
	"NOOP", "EXAMINE", "NAMESPACE", "LIST", "" };
static const char *const scratch_only[] = { "CREATE", "RENAME", "DELETE", "APPEND", "UID STORE",
	"UID EXPUNGE", "CLOSE" };

/* Octets that are announced at the end of a line: "{5}", "{5+}". */
static bool
announced(slice line, uint64_t *octets, bool *asks)
{
	size_t at = line.n;

	if (line.n == 0 || line.at[line.n - 1] != '}')
		return false;
	while (at > 0 && line.at[at - 1] != '{')
		at--;
	line = slice_head(slice_skip(line, at), line.n - at - 1);
	*asks = line.n == 0 || line.at[line.n - 1] != '+';
	return at > 0 && slice_number(*asks ? line : slice_head(line, line.n - 1), 8192, octets);
}

static slice
verb_of(slice command)
{
	slice rest = command, verb;

	slice_cut(&rest, ' ');
	verb = slice_cut(&rest, ' ');
	if (slice_eq(verb, S("UID")) && rest.at)
		verb.n += 1 + slice_cut(&rest, ' ').n;
	return verb;
}

/* Where the line before was answered by "+", this one goes on with the same command. */
static bool
heard_line(struct peer *peer)
{
	slice line = { peer->line, peer->line_n };
	bool more = peer->heard > 0 && peer->exchanges[peer->heard - 1].answer == GOES_ON, asks;

	if (slice_starts(line, S("PROXY ")))
		return false;
	if (announced(line, &peer->due, &asks)) {
		if (asks)
			hear(peer, verb_of(line), line, more);
		else
			peer->literal = peer->due;
		return true;
	}
	hear(peer, more ? peer->exchanges[peer->heard - 1].verb : verb_of(line), line, more);
	return false;
}

static slice
tag_of(const struct exchange *exchange)
{
	slice rest = exchange->command;

	return slice_cut(&rest, ' ');
}

static bool
is_tag(slice word)
{
	uint64_t number;

	return slice_starts(word, S("a")) && slice_number(slice_skip(word, 1), UINT32_MAX, &number);
}

struct out {
	char *at;
	size_t n, size;
};

static void
add(struct out *out, slice bytes)
{
	if (bytes.n > out->size - out->n)
		bytes.n = out->size - out->n;
	if (bytes.n > 0)
		memcpy(out->at + out->n, bytes.at, bytes.n);
	out->n += bytes.n;
}

/* A line of the script with the literal in place of its name. */
static void
add_line(struct peer *peer, struct out *out, slice line)
{
	while (line.n > 0) {
		size_t n = slice_find(line, S("@LITERAL"));
		char number[24];

		add(out, slice_head(line, n));
		line = slice_skip(line, n);
		if (slice_starts(line, S("@LITERAL@"))) {
			add(out, peer->message);
			line = slice_skip(line, sizeof "@LITERAL@" - 1);
		} else if (slice_starts(line, S("@LITERALSIZE@"))) {
			snprintf(number, sizeof number, "%zu", peer->message.n);
			add(out, slice_z(number));
			line = slice_skip(line, sizeof "@LITERALSIZE@" - 1);
		} else {
			add(out, slice_head(line, 1));
			line = slice_skip(line, 1);
		}
	}
}

static int
outcome(slice line)
{
	slice word;

	if (line.n == 0 || line.at[line.n - 1] != '\n')
		return NO;
	line.n--;
	if (line.n > 0 && line.at[line.n - 1] == '\r')
		line.n--;
	slice_cut(&line, ' ');
	word = line.at ? slice_cut(&line, ' ') : S("");
	return slice_eqi(word, S("OK")) || slice_eqi(word, S("PREAUTH")) ? YES : NO;
}

/*
 * The tag of a command in parts is the first part's. A client that goes on has the server's consent
 * to a literal, which is then due.
 */
static slice
open_tag(const struct peer *peer, const struct exchange *exchange)
{
	while (exchange > peer->exchanges && exchange->more)
		exchange--;
	return tag_of(exchange);
}

static slice
next_reply(struct peer *peer, const struct exchange *exchange, int *answer)
{
	static char memory[32768];
	struct out out = { memory, 0, sizeof memory };
	uint64_t due;
	bool asks, greeting = exchange == peer->exchanges;

	while (peer->script.n > 0 && !*answer) {
		slice line = script_line(peer), rest = line, word = slice_cut(&rest, ' ');

		if (greeting)
			*answer = outcome(line);
		else if (slice_starts(line, S("+")))
			*answer = GOES_ON;
		else if (is_tag(word) && exchange->command.at) {
			*answer = outcome(line);
			add(&out, open_tag(peer, exchange));
			line = slice_skip(line, word.n);
		} else if (!slice_starts(line, S("*")) && rest.at && exchange->command.at
		    && slice_eq(word, open_tag(peer, exchange)))
			*answer = outcome(line);
		add_line(peer, &out, line);
	}
	script_behind(peer, out.at, out.size, &out.n);
	if (exchange->command.at && announced(exchange->command, &due, &asks)) {
		peer->literal = *answer == GOES_ON ? peer->due : 0;
		peer->line_n = *answer == GOES_ON ? peer->line_n : 0;
	}
	peer->secured |= slice_eq(exchange->verb, S("STARTTLS")) && *answer == YES;
	return (slice){ out.at, out.n };
}

/* How many steps have this verb. */
static size_t
asked(const struct imap_opts *opts, const char *option)
{
	size_t n = 0;

	for (size_t i = 0; i < opts->steps.n; i++)
		n += strcmp(opts->steps.items[i].option, option) == 0;
	return n;
}

static bool
is_step(const struct exchange *exchange)
{
	return !slice_starts(exchange->command, S("x")) && !slice_eq(exchange->verb, S("LOGOUT"))
	    && !slice_eq(exchange->verb, S("STARTTLS")) && !slice_eq(exchange->verb, S("DELETE"));
}

/* What was stored has come back. */
static bool
returned(const struct peer *peer)
{
	for (size_t i = 0; i < peer->answered; i++)
		if (slice_eq(peer->exchanges[i].verb, S("UID FETCH"))
		    && slice_find(peer->exchanges[i].reply, peer->message)
		        < peer->exchanges[i].reply.n)
			return true;
	return false;
}

static void
deserved(const struct peer *peer, const void *options)
{
	const struct imap_opts *opts = options;

	demand(peer->answered > 0 && peer->exchanges[0].answer == YES);
	if (opts->common.until && opts->scratch) /* what tidies up is no part of it */
		return;
	for (size_t i = 1; i < peer->answered; i++)
		demand(!is_step(&peer->exchanges[i]) || peer->exchanges[i].answer == YES
		    || peer->exchanges[i].answer == GOES_ON);
	if (opts->common.until)
		return;
	demand(opts->common.tls != TLS_STARTTLS);
	demand(!probe_opts_login(&opts->common)
	    || answered(peer, "LOGIN", YES) + answered(peer, "AUTHENTICATE", YES) > 0
	    || slice_startsi(slice_trim(slice_skip(peer->exchanges[0].reply, 1)), S("PREAUTH")));
	demand(answered(peer, "LIST", YES) >= asked(opts, "list"));
	demand(answered(peer, "EXAMINE", YES) >= asked(opts, "examine"));
	demand(answered(peer, "SELECT", YES) >= asked(opts, "select") + asked(opts, "append"));
	demand(answered(peer, "STATUS", YES) == asked(opts, "status"));
	demand(answered(peer, "UID SEARCH", YES) == asked(opts, "search"));
	demand(answered(peer, "UID FETCH", YES) >= asked(opts, "fetch") + asked(opts, "append"));
	demand(answered(peer, "IDLE", YES) == asked(opts, "idle"));
	demand(answered(peer, "GETQUOTAROOT", YES) == asked(opts, "quota"));
	demand(answered(peer, "CREATE", YES) == asked(opts, "cycle") + asked(opts, "append"));
	demand(answered(peer, "RENAME", YES) == asked(opts, "cycle"));
	demand(answered(peer, "APPEND", YES) == asked(opts, "append"));
	demand(answered(peer, "DELETE", YES) >= asked(opts, "cycle") + asked(opts, "append"));
	demand(asked(opts, "append") == 0 || returned(peer));
}

/* The next string of a command, quoted or a literal. */
static slice
string(slice *rest, char *memory, size_t size)
{
	uint64_t octets;
	slice inner, digits;
	size_t n = 0;

	*rest = slice_trim(*rest);
	if (slice_starts(*rest, S("{"))) {
		inner = slice_skip(*rest, 1);
		digits = slice_cut(&inner, '}');
		digits.n -= digits.n > 0 && digits.at[digits.n - 1] == '+';
		demand(slice_number(digits, 8192, &octets));
		*rest = slice_skip(inner, (size_t)octets);
		return slice_head(inner, (size_t)octets);
	}
	demand(slice_starts(*rest, S("\"")));
	for (*rest = slice_skip(*rest, 1); rest->n > 0 && rest->at[0] != '"';
	     *rest = slice_skip(*rest, 1)) {
		if (rest->at[0] == '\\')
			*rest = slice_skip(*rest, 1);
		demand(n < size && rest->n > 0);
		memory[n++] = rest->at[0];
	}
	demand(rest->n > 0);
	*rest = slice_skip(*rest, 1);
	return (slice){ memory, n };
}

static bool
hexadecimal(slice text, uint64_t *number)
{
	char digits[17] = "";

	if (text.n == 0 || text.n > 16)
		return false;
	memcpy(digits, text.at, text.n);
	*number = strtoull(digits, NULL, 16);
	return strspn(digits, "0123456789abcdef") == text.n;
}

/* A name as a run gives it, wherever the namespace begins: its fields. */
static bool
probes_own(slice name, uint64_t fields[4])
{
	size_t at = slice_find(name, S("mailprobe-"));

	if (at == name.n)
		return false;
	name = slice_skip(name, at + sizeof "mailprobe-" - 1);
	for (int i = 0; i < 4; i++)
		if (!name.at || !hexadecimal(slice_cut(&name, '-'), &fields[i]))
			return false;
	return !name.at || slice_eq(name, S("renamed"));
}

/* The mailboxes of the session itself: what it created. */
struct own {
	slice name;
	uint64_t fields[4];
	bool there, open;
};

static bool
is_own(const struct own *own, slice name)
{
	return own->name.at && slice_starts(name, own->name)
	    && (name.n == own->name.n || slice_eq(slice_skip(name, own->name.n), S("-renamed")));
}

/* A mailbox that may go though this session has not made it: the run that has is over. */
static bool
is_leftover(const struct own *own, slice name)
{
	uint64_t fields[4];

	return probes_own(name, fields)
	    && (fields[0] <= (uint64_t)time(NULL) || fields[1] == own->fields[1]);
}

static void
scratch(struct own *own, const struct exchange *exchange, slice arguments)
{
	static char memory[2][8192];
	slice name;

	if (slice_eq(exchange->verb, S("CLOSE")) || slice_eq(exchange->verb, S("UID EXPUNGE"))
	    || slice_eq(exchange->verb, S("UID STORE"))) {
		demand(own->open);
		demand(!slice_eq(exchange->verb, S("UID STORE"))
		    || slice_find(arguments, S(" +FLAGS.SILENT (\\Deleted)")) < arguments.n);
		own->open &= !slice_eq(exchange->verb, S("CLOSE"));
		return;
	}
	name = string(&arguments, memory[0], sizeof memory[0]);
	if (slice_eq(exchange->verb, S("CREATE"))) {
		demand(probes_own(name, own->fields) && own->fields[0] > (uint64_t)time(NULL));
		memcpy(memory[1], name.at, name.n);
		own->name = (slice){ memory[1], name.n };
		own->there = exchange->answer == YES;
	} else if (slice_eq(exchange->verb, S("DELETE"))) {
		demand(is_own(own, name) || is_leftover(own, name));
		own->there &= !is_own(own, name);
	} else
		demand(slice_eq(name, own->name));
	if (slice_eq(exchange->verb, S("RENAME")))
		demand(is_own(own, string(&arguments, memory[0], sizeof memory[0])));
}

static bool
among(slice verb, const char *const *verbs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(verb, slice_z(verbs[i])))
			return true;
	return false;
}

/* Verbs that only a step asks for: SELECT may be of a mailbox of our own. */
static bool
asked_for(const struct imap_opts *opts, slice verb)
{
	if (slice_eq(verb, S("SELECT")))
		return asked(opts, "select") + asked(opts, "append") > 0;
	if (slice_eq(verb, S("STATUS")))
		return asked(opts, "status") > 0;
	if (slice_eq(verb, S("UID SEARCH")))
		return asked(opts, "search") > 0;
	if (slice_eq(verb, S("UID FETCH")))
		return asked(opts, "fetch") + asked(opts, "sizes") + asked(opts, "append") > 0;
	if (slice_eq(verb, S("GETQUOTAROOT")))
		return asked(opts, "quota") > 0;
	return slice_eq(verb, S("IDLE")) && asked(opts, "idle") > 0;
}

static void
one_command(struct own *own, const struct imap_opts *opts, const struct exchange *exchange)
{
	slice rest = exchange->command;
	char memory[8192];

	slice_cut(&rest, ' ');
	rest = slice_skip(rest, exchange->verb.n);
	if (slice_eq(exchange->verb, S("UID FETCH"))) /* elsewhere a name of the server's may have it */
		demand(slice_find(rest, S("BODY[")) == rest.n);
	if (among(exchange->verb, scratch_only, sizeof scratch_only / sizeof scratch_only[0])) {
		demand(opts->scratch);
		scratch(own, exchange, rest);
		return;
	}
	demand(among(exchange->verb, always, sizeof always / sizeof always[0])
	    || asked_for(opts, exchange->verb));
	if (slice_eq(exchange->verb, S("SELECT")) || slice_eq(exchange->verb, S("EXAMINE")))
		own->open = slice_eq(string(&rest, memory, sizeof memory), own->name);
}

/* The exchange that a command in parts ends with; itself where it has none. */
static const struct exchange *
last_part(const struct peer *peer, size_t i)
{
	while (i + 1 < peer->heard && peer->exchanges[i + 1].more)
		i++;
	return &peer->exchanges[i];
}

static void
harmless(const struct peer *peer, const void *options, const struct result *result)
{
	const struct imap_opts *opts = options;
	struct own own = { .there = false };
	uint64_t number, before = 0;
	bool parted = false, asks;

	waited(peer, options, result);
	for (size_t i = 1; i < peer->heard; i++) {
		const struct exchange *exchange = &peer->exchanges[i];
		slice tag = tag_of(exchange);

		demand(!parted);
		parted = slice_eq(exchange->verb, S("LOGOUT"));
		if (exchange->more
		    || (!is_tag(tag) && (opts->tcp.send.n > 0 || opts->tcp.quit.n > 0)))
			continue;
		demand(is_tag(tag) && slice_number(slice_skip(tag, 1), UINT32_MAX, &number));
		demand(number > before);
		before = number;
		if (announced(exchange->command, &number, &asks))
			exchange = last_part(peer, i);
		if (!announced(exchange->command, &number, &asks))
			one_command(&own, opts, exchange);
	}
	demand(!parted || !own.there);
}

static const struct dialect imap = {
	.probe = &probe_imap,
	.choices = choices,
	.choice_count = sizeof choices / sizeof choices[0],
	.line = heard_line,
	.reply = next_reply,
	.deserved = deserved,
	.harmless = harmless,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	return fuzz_session(&imap, data, n);
}
