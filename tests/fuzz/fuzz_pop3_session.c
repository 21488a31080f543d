/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POP3 for the fuzzer of sessions. A reply is a line, or where the command has a listing and the
 * line is +OK, all up to the lone dot.
 *
 * What must hold besides: only what --dele names is marked, and QUIT, which deletes it, is said
 * behind it only where nothing else has gone wrong, or behind a RSET that was confirmed.
 */
#include "fuzz_session.h"
#include "pop3.h"
#include "probes.h"

enum { YES = 1, NO, GOES_ON, OTHER };

static const struct choice choices[] = {
	{ 'a', { "--user=probe", "--password=" PASSWORD, "--tls=none" } },
	{ 'g', { "--auth=user" } },
	{ 'O', { "--auth=apop" } },
	{ 'P', { "--auth=PLAIN" } },
	{ 'L', { "--auth=LOGIN" } },
	{ 'C', { "--auth=CRAM-MD5" } },
	{ 'S', { "--auth=SCRAM-SHA-256" } },
	{ 's', { "--stat" } },
	{ 'l', { "--list" } },
	{ 'u', { "--uidl" } },
	{ 'f', { "--retr=last" } },
	{ 'F', { "--retr=1" } },
	{ 'm', { "--dele=1" } },
	{ 'M', { "--dele=3" } },
	{ 'c', { "--send=NOOP" } },
	{ 'k', { "--send=LIST", "--send=RETR 1" } },
	{ 'd', { "--send=USER probe", "--send=PASS " PASSWORD, "--tls=none" } },
	{ 'D', { "--send=AUTH PLAIN", "--send=AHByb2JlAEtub2NrLWtub2Nr" } },
	{ 'Q', { "--quit=QUIT" } },
	{ 'x', { "--expect=ready" } },
	{ 'r', { "--require=UIDL" } },
	{ 'n', { "--forbid=XOFF" } },
	{ 'j', { "--jail" } },
	{ 'v', { "--until=stat" } },
	{ 'V', { "--until=dele" } },
	{ 'w', { "--until=retr" } },
	{ 'W', { "--until=capa" } },
	{ 't', { "--tls=starttls" } },
	{ 'o', { "--tls=opportunistic" } },
	{ '1', { "--proxy-protocol=1" } },
};

static bool
heard_line(struct peer *peer)
{
	slice line = { peer->line, peer->line_n }, rest = line;
	bool more = peer->heard > 0 && peer->exchanges[peer->heard - 1].answer == GOES_ON;

	if (!slice_starts(line, S("PROXY ")))
		hear(peer, more ? S("AUTH") : slice_cut(&rest, ' '), line, more);
	return false;
}

static slice
without_end(slice line)
{
	if (line.n > 0 && line.at[line.n - 1] == '\n')
		line.n--;
	if (line.n > 0 && line.at[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* What a line says; nothing where its end is missing. */
static int
outcome(slice line)
{
	slice rest = without_end(line), word = slice_cut(&rest, ' ');

	if (line.n == 0 || line.at[line.n - 1] != '\n')
		return OTHER;
	return slice_eqi(word, S("+OK")) ? YES
	    : slice_eqi(word, S("-ERR")) ? NO
	    : slice_eq(word, S("+"))     ? GOES_ON
	                                 : OTHER;
}

static bool
lists(const struct exchange *exchange)
{
	if (slice_eq(exchange->verb, S("LIST")) || slice_eq(exchange->verb, S("UIDL")))
		return exchange->command.n == 4;
	return slice_eq(exchange->verb, S("CAPA")) || slice_eq(exchange->verb, S("RETR"));
}

static slice
next_reply(struct peer *peer, const struct exchange *exchange, int *answer)
{
	static char out[8192];
	size_t n = 0;
	bool last = false;

	while (peer->script.n > 0 && !last) {
		slice line = script_line(peer);

		if (line.n > sizeof out - n)
			break;
		memcpy(out + n, line.at, line.n);
		if (n == 0)
			*answer = outcome(line);
		last = n == 0 ? *answer != YES || !lists(exchange)
		              : slice_eq(without_end(line), S("."));
		n += line.n;
	}
	script_behind(peer, out, sizeof out, &n);
	peer->secured |= slice_eq(exchange->verb, S("STLS")) && *answer == YES;
	return (slice){ out, n };
}

/* How many steps have this verb. */
static size_t
asked(const struct pop3_opts *opts, const char *option)
{
	size_t n = 0;

	for (size_t i = 0; i < opts->steps.n; i++)
		n += strcmp(opts->steps.items[i].option, option) == 0;
	return n;
}

/* One of the commands that a verdict of OK needs +OK to, whatever was asked for. */
static bool
is_step(const struct exchange *exchange)
{
	static const char *const steps[] = { "PASS", "APOP", "STAT", "UIDL", "RETR", "DELE" };

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (slice_eq(exchange->verb, slice_z(steps[i])))
			return true;
	return slice_eq(exchange->command, S("LIST"));
}

static void
deserved(const struct peer *peer, const void *options)
{
	const struct pop3_opts *opts = options;

	demand(peer->answered > 0 && peer->exchanges[0].answer == YES);
	for (size_t i = 1; i < peer->answered && opts->tcp.send.n == 0; i++)
		demand(!is_step(&peer->exchanges[i]) || peer->exchanges[i].answer == YES);
	if (opts->common.until)
		return;
	demand(opts->common.tls != TLS_STARTTLS);
	demand(!probe_opts_login(&opts->common)
	    || answered(peer, "PASS", YES) + answered(peer, "AUTH", YES)
	            + answered(peer, "APOP", YES)
	        > 0);
	demand(answered(peer, "STAT", YES) >= asked(opts, "stat"));
	demand(answered(peer, "LIST", YES) >= asked(opts, "list"));
	demand(answered(peer, "UIDL", YES) == asked(opts, "uidl"));
	demand(answered(peer, "RETR", YES) >= asked(opts, "retr"));
	demand(answered(peer, "DELE", YES) == asked(opts, "dele"));
	demand(asked(opts, "dele") == 0 || answered(peer, "QUIT", YES) == 1);
}

/* Whether anything went wrong but the QUIT itself. */
static bool
went_wrong(const struct result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];

		if (finding->state != STATE_OK
		    && (finding->lap < 0 || result->laps[finding->lap].phase != PHASE_QUIT))
			return true;
	}
	return false;
}

/* Whether a step asks for a message's deletion. */
static bool
named(const struct pop3_opts *opts, slice number)
{
	for (size_t i = 0; i < opts->steps.n; i++)
		if (strcmp(opts->steps.items[i].option, "dele") == 0
		    && slice_eq(opts->steps.items[i].value, number))
			return true;
	return false;
}

/* Every command is one that was asked for, or that the protocol needs. */
static void
one_command(const struct pop3_opts *opts, const struct exchange *exchange)
{
	static const char *const always[] = { "CAPA", "STLS", "USER", "PASS", "APOP", "AUTH",
		"RSET", "QUIT", "STAT" };
	slice rest = exchange->command;

	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		if (slice_eq(exchange->verb, slice_z(always[i])))
			return;
	slice_cut(&rest, ' ');
	if (slice_eq(exchange->verb, S("DELE")))
		demand(named(opts, rest));
	else if (slice_eq(exchange->verb, S("UIDL")))
		demand(!rest.at && asked(opts, "uidl") > 0);
	else if (slice_eq(exchange->verb, S("LIST")))
		demand(asked(opts, rest.at ? "retr" : "list") > 0);
	else
		demand(slice_eq(exchange->verb, S("RETR")) && asked(opts, "retr") > 0);
}

static void
harmless(const struct peer *peer, const void *options, const struct result *result)
{
	const struct pop3_opts *opts = options;
	bool marked = false, parted = false, deleted = false;

	waited(peer, options, result);
	for (size_t i = 1; i < peer->heard; i++) {
		const struct exchange *exchange = &peer->exchanges[i];

		demand(!parted);
		if (exchange->more || opts->tcp.send.n > 0)
			continue;
		one_command(opts, exchange);
		parted = slice_eq(exchange->verb, S("QUIT"));
		marked |= slice_eq(exchange->verb, S("DELE"));
		if (slice_eq(exchange->verb, S("RSET")) && exchange->answer == YES)
			marked = false;
		demand(!parted || !marked || !went_wrong(result));
		deleted |= parted && marked && exchange->answer == YES;
	}
	demand(opts->tcp.send.n > 0 || result->facts[FACT_DELETED].known == deleted);
}

static const struct dialect pop3 = {
	.probe = &probe_pop3,
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
	return fuzz_session(&pop3, data, n);
}
