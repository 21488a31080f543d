/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMTP and LMTP for the fuzzer of sessions: a reply is what the codes in front of its lines make
 * one, and a verdict of OK has to be backed by a reply for all that was asked for.
 */
#include "fuzz_session.h"
#include "probes.h"
#include "smtp.h"

static const struct choice choices[] = {
	{ 'r', { "--rcpt=one@mx.test" } },
	{ '2', { "--rcpt=two@mx.test" } },
	{ 's', { "--rcpt=one@mx.test", "--send" } },
	{ 'p', { "--rcpt=one@mx.test", "--pipelining" } },
	{ 'l', { "--lmtp" } },
	{ 'f', { "--from=probe@mx.test" } },
	{ 'd', { "--deny-rcpt=else@where.test" } },
	{ 'c', { "--command=NOOP", "--response=^250" } },
	{ 'e', { "--expect=ESMTP" } },
	{ 'q', { "--require=PIPELINING" } },
	{ 'n', { "--forbid=VRFY" } },
	{ 'u', { "--until=ehlo" } },
	{ 'a', { "--user=probe", "--password=" PASSWORD, "--tls=none" } },
	{ 'P', { "--auth=PLAIN" } },
	{ 'L', { "--auth=LOGIN" } },
	{ 'C', { "--auth=CRAM-MD5" } },
	{ 'S', { "--auth=SCRAM-SHA-256" } },
	{ 't', { "--tls=starttls" } },
	{ 'o', { "--tls=opportunistic" } },
	{ 'x', { "--proxy-protocol=1" } },
};

static bool
heard_line(struct peer *peer)
{
	slice line = { peer->line, peer->line_n };

	if (slice_starts(line, S("PROXY ")))
		return false;
	if (!peer->content) {
		hear(peer, slice_head(line, 4), line, false);
		return false;
	}
	if (!slice_eq(line, S(".")))
		return false;
	peer->content = false;
	for (size_t i = 0; i < (chosen(peer, 'l') ? peer->accepted : 1); i++)
		hear(peer, S("."), line, false);
	return false;
}

/* A line with a hyphen behind its code is not the last of a reply. */
static slice
next_reply(struct peer *peer, const struct exchange *exchange, int *answer)
{
	static char out[8192];
	uint64_t code = 0;
	size_t n = 0;

	while (peer->script.n > 0) {
		slice line = script_line(peer);

		if (line.n > sizeof out - n)
			break;
		memcpy(out + n, line.at, line.n);
		n += line.n;
		if (line.n < 4 || line.at[3] != '-')
			break;
	}
	if (slice_number((slice){ out, n < 3 ? n : 3 }, 999, &code))
		*answer = (int)code;
	script_behind(peer, out, sizeof out, &n);
	peer->content |= slice_eq(exchange->verb, S("DATA")) && *answer == 354;
	peer->secured |= slice_eq(exchange->verb, S("STAR")) && *answer == 220;
	peer->accepted += slice_eq(exchange->verb, S("RCPT")) && *answer / 100 == 2;
	return (slice){ out, n };
}

/* How often `verb` was answered with a code of that hundred; 0 for any code. */
static size_t
answers(const struct peer *peer, const char *verb, int hundred)
{
	size_t n = 0;

	for (size_t i = 0; i < peer->answered; i++)
		n += slice_eq(peer->exchanges[i].verb, slice_z(verb))
		    && (!hundred || peer->exchanges[i].answer / 100 == hundred);
	return n;
}

static bool
logged_in(const struct peer *peer)
{
	for (size_t i = 0; i < peer->answered; i++)
		if (peer->exchanges[i].answer == 235)
			return answers(peer, "AUTH", 0) > 0;
	return false;
}

static void
deserved(const struct peer *peer, const void *options)
{
	const struct smtp_opts *opts = options;
	const char *hello = opts->lmtp ? "LHLO" : "EHLO";

	demand(peer->answered > 1 && peer->exchanges[0].answer == 220);
	demand(answers(peer, hello, 0) > 0);
	if (opts->common.until) /* of EHLO, perhaps, in whose place HELO would have come */
		return;
	demand(answers(peer, hello, 2) + answers(peer, "HELO", 2) > 0);
	demand(!probe_opts_login(&opts->common) || logged_in(peer));
	demand(opts->common.tls != TLS_STARTTLS);
	demand(answers(peer, "RCPT", 2) >= opts->rcpt.n);
	demand(answers(peer, "RCPT", 5) >= opts->deny_rcpt.n);
	demand(answers(peer, "MAIL", 2) >= (opts->rcpt.n > 0) + (size_t)(opts->deny_rcpt.n > 0));
	demand(!opts->send || answers(peer, ".", 2) == (opts->lmtp ? opts->rcpt.n : 1));
	demand(!opts->send || answers(peer, "DATA", 3) == 1);
}

static void
harmless(const struct peer *peer, const void *options, const struct result *result)
{
	const struct smtp_opts *opts = options;

	(void)result;
	demand(opts->send || said(peer, "DATA") == 0);
}

static const struct dialect smtp = {
	.probe = &probe_smtp,
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
	return fuzz_session(&smtp, data, n);
}
