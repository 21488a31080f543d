/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SMTP, submission and LMTP probe: its options, what they mean, and the transaction they ask
 * for.
 */
#include <regex.h>

#include "file.h"
#include "message.h"
#include "oauth.h"
#include "planning.h"
#include "probes.h"
#include "smtp.h"

enum { BODY_MAX = 32 << 20 };

#define ROW(field, ...) OPT(struct smtp_opts, field, __VA_ARGS__)

static const struct opt smtp_options[] = {
	ROW(fqdn, .name = "fqdn", .letter = 'F', .arg = "NAME", .group = "SMTP",
	    .help = "the name to greet with (default: the machine's full name, its address "
	            "where it has none)"),
	ROW(lmtp, .name = "lmtp", .letter = 'L',
	    .help = "speak LMTP: LHLO, port 24, a reply for each recipient"),
	ROW(from, .name = "from", .letter = 'f', .arg = "ADDR",
	    .help = "try this sender in MAIL FROM; <> for the null one (default where MAIL is "
	            "needed: the user if that is an address, else <>)"),
	ROW(rcpt, .name = "rcpt", .arg = "ADDR",
	    .help = "try this recipient; repeatable. It is taken back by RSET, and nothing is "
	            "delivered, unless --send is given."),
	ROW(deny_rcpt, .name = "deny-rcpt", .arg = "ADDR",
	    .help = "this recipient must be refused for good (a test for an open relay); a "
	            "server that only defers it, as Postfix may with 454, leaves that "
	            "undecided: WARNING; repeatable"),
	ROW(send, .name = "send", .help = "send a message to the recipients"),
	ROW(subject, .name = "subject", .arg = "TEXT", .help = "its subject"),
	ROW(headers, .name = "header", .arg = "NAME:VALUE",
	    .help = "a header field of it, added or in the place of ours; repeatable"),
	ROW(body_file, .name = "body-file", .arg = "FILE", .help = "its text"),
	ROW(pipelining, .name = "pipelining",
	    .help = "send MAIL, RCPT and DATA in one group, and the message with QUIT, where "
	            "the server offers PIPELINING"),
	ROW(commands, .name = "command", .letter = 'C', .arg = "LINE", .secret = true,
	    .help = "say this line; repeatable. Behind the login; behind MAIL FROM where --from"
	            " is given without --rcpt."),
	ROW(responses, .name = "response", .letter = 'R', .arg = "REGEX",
	    .help = "the reply to the command of the same position must match this extended "
	            "regular expression; repeatable"),
	ROW(common.tls, .name = "starttls", .letter = 'S', .set = "starttls", .words = tls_words,
	    .compat = true, .help = "--tls=starttls"),
	ROW(common.tls, .name = "ssl", .letter = 's', .set = "implicit", .words = tls_words,
	    .compat = true, .help = "--tls=implicit"),
	ROW(common.auth, .name = "authtype", .letter = 'A', .arg = "MECHANISM", .separator = ',',
	    .compat = true, .help = "--auth=MECHANISM"),
	ROW(common.proxy_protocol, .name = "proxy", .letter = 'r', .set = "1", .words = proxy_words,
	    .compat = true, .help = "--proxy-protocol=1"),
	ROW(sni, .name = "sni", .compat = true,
	    .help = "announce HOST by SNI, which is always done"),
	ROW(ignore_quit_failure, .name = "ignore-quit-failure", .letter = 'q', .compat = true,
	    .help = "do not mind a failing QUIT, which is never minded"),
};

static const struct smtp_opts smtp_defaults = { .common = PROBE_OPTS_DEFAULTS("smtp") };

static const struct opt_table smtp_table = {
	.program = "check_mail_smtp",
	.probe = "smtp",
	.about =
	    "runs one SMTP, submission or LMTP transaction and tells which step failed and why",
	.own = smtp_options,
	.own_count = sizeof smtp_options / sizeof smtp_options[0],
	.common = common_options,
	.common_count = &common_option_count,
	.operand = offsetof(struct smtp_opts, common.host),
};

static bool
usage(enum cause *cause, struct str *error, const char *sentence)
{
	*cause = CAUSE_USAGE;
	str_addz(error, sentence);
	return false;
}

/*
 * "<a@b>" as in check_smtp, or bare. An address has no brackets or blanks of its own (RFC 5321
 * 4.1.2).
 */
static bool
address(struct arena *arena, slice *text, const char *option, bool null, enum cause *cause,
    struct str *error)
{
	slice inner = *text;

	if (inner.n >= 2 && inner.at[0] == '<' && inner.at[inner.n - 1] == '>')
		inner = (slice){ inner.at + 1, inner.n - 2 };
	if (inner.n == 0 && !null) {
		str_addf(error, "%s: is empty: write an address", option);
		*cause = CAUSE_USAGE;
		return false;
	}
	for (size_t i = 0; i < inner.n; i++)
		if (strchr("<> ", inner.at[i])) {
			str_addf(error, "%s: \"%s\" is not a mail address: write user@example.org",
			    option, text->at);
			*cause = CAUSE_USAGE;
			return false;
		}
	*text = arena_copy(arena, inner);
	return true;
}

static bool
addresses(struct smtp_opts *opts, struct arena *arena, enum cause *cause, struct str *error)
{
	const char *user = opts->common.user;
	slice from = slice_z(opts->from);

	if (from.at && !address(arena, &from, "--from", true, cause, error))
		return false;
	opts->from = from.at;
	opts->sender = from.at ? from.at : user && strchr(user, '@') ? user : "";
	for (size_t i = 0; i < opts->rcpt.n; i++)
		if (!address(arena, &opts->rcpt.items[i], "--rcpt", false, cause, error))
			return false;
	for (size_t i = 0; i < opts->deny_rcpt.n; i++)
		if (!address(arena, &opts->deny_rcpt.items[i], "--deny-rcpt", false, cause, error))
			return false;
	return true;
}

static bool
patterns(const struct smtp_opts *opts, enum cause *cause, struct str *error)
{
	if (opts->fqdn && strpbrk(opts->fqdn, " \t"))
		return usage(cause, error, "--fqdn: has a blank in it: write a name");
	if (opts->fqdn && !*opts->fqdn)
		return usage(
		    cause, error, "--fqdn: is empty: write a name, or leave the option out");
	for (size_t i = 0; i < opts->commands.n; i++)
		if (opts->commands.items[i].n == 0)
			return usage(cause, error, "--command: is empty: write a line to say");
	if (opts->responses.n > opts->commands.n)
		return usage(cause, error,
		    "--response: there are more of them than of --command: write one "
		    "for each command, in the same order");
	for (size_t i = 0; i < opts->responses.n; i++) {
		regex_t regex;
		char why[100];
		int status = regcomp(&regex, opts->responses.items[i].at, REG_EXTENDED | REG_NOSUB);

		if (status == 0) {
			regfree(&regex);
			continue;
		}
		regerror(status, &regex, why, sizeof why);
		str_addf(error, "--response: \"%s\" is not an extended regular expression: %s",
		    opts->responses.items[i].at, why);
		*cause = CAUSE_USAGE;
		return false;
	}
	return true;
}

static bool
message_options(struct smtp_opts *opts, struct arena *arena, enum cause *cause, struct str *error)
{
	struct str why = str_in(arena);

	if (opts->send && opts->rcpt.n == 0)
		return usage(cause, error, "--send: nobody to send to: write --rcpt=ADDR too");
	if (!opts->send && (opts->subject || opts->headers.n > 0 || opts->body_file))
		return usage(cause, error,
		    "--subject, --header, --body-file: no message is sent without --send");
	if (opts->pipelining && opts->rcpt.n + opts->deny_rcpt.n == 0)
		return usage(cause, error,
		    "--pipelining: nothing to send in a group: write --rcpt=ADDR too");
	for (size_t i = 0; i < opts->headers.n; i++)
		if (!message_field(opts->headers.items[i]).at) {
			str_addf(error,
			    "--header: \"%s\" is no header field: write \"Name: value\"",
			    opts->headers.items[i].at);
			*cause = CAUSE_USAGE;
			return false;
		}
	if (!opts->body_file || file_read(arena, opts->body_file, BODY_MAX, &opts->body, &why))
		return true;
	str_addf(error, "--body-file: %s", str_z(&why));
	*cause = CAUSE_LOCAL;
	return false;
}

static bool
complete(void *options, struct arena *arena, enum cause *cause, struct str *error)
{
	struct smtp_opts *opts = options;

	return probe_opts_transport(&opts->common, opts->lmtp ? 24 : 25, 465, cause, error)
	    && addresses(opts, arena, cause, error) && patterns(opts, cause, error)
	    && message_options(opts, arena, cause, error);
}

/* -f without a recipient of any kind: MAIL is said for itself, in front of what -C says. */
static bool
sender_alone(const struct smtp_opts *opts)
{
	return opts->from && opts->rcpt.n == 0 && opts->deny_rcpt.n == 0;
}

static void
add_times(struct planning *p, enum phase phase, size_t times)
{
	for (size_t i = 0; i < times; i++)
		plan_phase(p, phase);
}

static void
plan_transactions(struct planning *p, const struct smtp_opts *opts)
{
	if (opts->deny_rcpt.n > 0) {
		plan_phase(p, PHASE_MAIL);
		add_times(p, PHASE_RCPT, opts->deny_rcpt.n);
		plan_farewell(p, PHASE_RSET);
	}
	if (opts->rcpt.n == 0)
		return;
	plan_phase(p, PHASE_MAIL);
	add_times(p, PHASE_RCPT, opts->rcpt.n);
	if (opts->send)
		plan_phase(p, PHASE_DATA);
	if (opts->send)
		plan_phase(p, PHASE_SEND);
	else
		plan_farewell(p, PHASE_RSET);
}

static void
plan(const void *options, struct arena *arena, struct plan *plan)
{
	const struct smtp_opts *opts = options;
	const struct probe_opts *common = &opts->common;
	struct planning p = planning(common, arena, plan);
	bool later = common->tls == TLS_STARTTLS || common->tls == TLS_OPPORTUNISTIC;

	plan_phase(&p, PHASE_EHLO);
	/*
	 * The fallback is rare: an "U" for it in each line would only be in the way of who graphs.
	 */
	if (threshold_for(&common->thresholds, slice_z(phase_infos[PHASE_HELO].name)))
		plan_phase(&p, PHASE_HELO);
	if (later) {
		plan_phase(&p, PHASE_STARTTLS);
		plan_phase(&p, PHASE_TLS);
		plan_phase(&p, PHASE_EHLO);
	}
	if (probe_opts_login(common))
		plan_phase(&p, PHASE_AUTH);
	if (sender_alone(opts))
		plan_phase(&p, PHASE_MAIL);
	add_times(&p, PHASE_COMMAND, opts->commands.n);
	if (sender_alone(opts))
		plan_farewell(&p, PHASE_RSET);
	plan_transactions(&p, opts);
	plan_farewell(&p, PHASE_QUIT);
	if (opts->rcpt.n > 0)
		plan_value(&p, FACT_RECIPIENTS, (slice){ NULL, 0 });
	if (opts->send)
		plan_value(&p, FACT_MESSAGE_SIZE, (slice){ NULL, 0 });
}

/*
 * As a sending server does (RFC 7435): where TLS cannot be had, go on without, and keep it as a
 * fact.
 */
static bool
opportunistic(struct session *s)
{
	struct smtp *smtp = s->protocol;

	if (!smtp_has(s, S("STARTTLS"), S(""))) {
		fact_text(s, FACT_STARTTLS_ERROR, S("not offered"));
		return true;
	}
	if (!smtp_ask_starttls(s))
		return false;
	if (smtp->reply.code == 421)
		return smtp_refused(s);
	if (smtp->reply.code != 220) {
		fact_text(s, FACT_STARTTLS_ERROR, str_slice(&smtp->reply.whole));
		return true;
	}
	return smtp_upgrade(s);
}

static bool
secure(struct session *s)
{
	switch (s->common->tls) {
	case TLS_STARTTLS:
		return smtp_starttls(s) && smtp_upgrade(s);
	case TLS_OPPORTUNISTIC:
		return conn_dane(s) ? smtp_starttls(s) && smtp_upgrade(s) : opportunistic(s);
	default:
		return true;
	}
}

/* As check_smtp says MAIL FROM before its -C, so that -C may be RCPT TO. */
static bool
commands(struct session *s)
{
	const struct smtp_opts *o = s->opts;

	if (!sender_alone(o))
		return smtp_commands(s);
	return smtp_mail(s, !message_ascii(slice_z(o->from))) && smtp_commands(s) && smtp_rset(s);
}

/* clang-format off: a verb a line */
bool
smtp_begin(struct session *s)
{
	return oauth_token(s) && conn_open(s) && (s->common->tls != TLS_IMPLICIT || conn_tls(s))
	    && smtp_banner(s) && smtp_ehlo(s) && secure(s)
	    && (!probe_opts_login(s->common) || smtp_auth(s) || oauth_refused(s));
}

static bool
conversation(struct session *s)
{
	const struct smtp_opts *o = s->opts;

	return smtp_begin(s) && commands(s) && (o->deny_rcpt.n == 0 || smtp_denied(s))
	    && (o->rcpt.n == 0 || (o->send ? smtp_message(s) : smtp_envelope(s)));
}
/* clang-format on */

static bool
transaction(struct session *s)
{
	bool done = conversation(s);

	smtp_compare(s);
	return done;
}

const struct probe_type probe_smtp = {
	.name = "smtp",
	.label = "SMTP",
	.options = &smtp_table,
	.defaults = &smtp_defaults,
	.opts_size = sizeof smtp_defaults,
	.complete = complete,
	.plan = plan,
	.prepare = smtp_prepare,
	.transaction = transaction,
	.bye = smtp_bye,
};
