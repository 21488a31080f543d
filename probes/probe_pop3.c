/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The POP3 probe: its options, what they mean, and the transaction they ask for.
 */
#include "oauth.h"
#include "planning.h"
#include "pop3.h"
#include "probes.h"

#define ROW(field, ...) OPT(struct pop3_opts, field, __VA_ARGS__)

static const char *const auth_words[] = { "apop", "user", NULL };

static const struct opt pop3_options[] = {
	ROW(steps, .name = "stat", .group = "POP3",
	    .help = "count the messages and their size by STAT (default with credentials). This "
	            "and the following are done in the order in which they are written; each can "
	            "be repeated."),
	ROW(steps, .name = "list",
	    .help = "list all messages with their sizes; that has to agree with STAT"),
	ROW(steps, .name = "uidl",
	    .help = "list all messages with their unique identifiers; that has to agree with STAT"),
	ROW(steps, .name = "retr", .arg = "N|last",
	    .help = "retrieve this message, or the one with the highest number, and compare its "
	            "size with what LIST says"),
	ROW(steps, .name = "dele", .arg = "N",
	    .help = "delete this message, for good, where everything else has gone well; where "
	            "something has not, nothing is deleted. QUIT does it, and is waited for and "
	            "judged then."),
	CHECK_TCP_OPTIONS(struct pop3_opts),
};

static const struct pop3_opts pop3_defaults = {
	.common = PROBE_OPTS_DEFAULTS("pop3"),
	.common.auth_words = auth_words,
};

static const struct opt_table pop3_table = {
	.program = "check_mail_pop3",
	.probe = "pop3",
	.about = "runs one POP3 transaction and tells which step failed and why",
	.own = pop3_options,
	.own_count = sizeof pop3_options / sizeof pop3_options[0],
	.common = common_options,
	.common_count = &common_option_count,
	.operand = offsetof(struct pop3_opts, common.host),
};

static bool
is(const struct step *step, const char *option)
{
	return slice_eq(slice_z(step->option), slice_z(option));
}

static bool
asks_for(const struct pop3_opts *opts, const char *option)
{
	for (size_t i = 0; i < opts->steps.n; i++)
		if (is(&opts->steps.items[i], option))
			return true;
	return false;
}

/* A message's number is written as RFC 1939 has it: from 1, without zeros in front. */
static bool
message(const struct step *step, enum cause *cause, struct str *error)
{
	bool retr = is(step, "retr");
	uint64_t number;

	if (retr && slice_eq(step->value, S("last")))
		return true;
	if (slice_number(step->value, POP3_MESSAGE_MAX, &number) && step->value.at[0] != '0')
		return true;
	str_addf(error, "--%s: \"%s\" is not a message: write its number, from 1%s", step->option,
	    step->value.at, retr ? ", or last" : "");
	*cause = CAUSE_USAGE;
	return false;
}

static bool
steps(struct pop3_opts *opts, enum cause *cause, struct str *error)
{
	const struct list *quit = &opts->tcp.quit;

	for (size_t i = 0; i < opts->steps.n; i++)
		if ((is(&opts->steps.items[i], "retr") || is(&opts->steps.items[i], "dele"))
		    && !message(&opts->steps.items[i], cause, error))
			return false;
	*cause = CAUSE_USAGE;
	if (opts->steps.n > 0 && !probe_opts_login(&opts->common) && opts->tcp.send.n == 0) {
		str_addf(error, "--%s: nobody is logged in: write --user and --password-file too",
		    opts->steps.items[0].option);
		return false;
	}
	if (quit->n > 0 && asks_for(opts, "dele") && !slice_eqi(quit->items[0], S("QUIT"))) {
		str_addz(error, "--dele: QUIT is what deletes: leave --quit out");
		return false;
	}
	return true;
}

/* Whether the list after the login is what is wanted, and is therefore asked for. */
static bool
lists_again(const struct probe_opts *opts)
{
	return probe_opts_login(opts) && (opts->require.n > 0 || opts->forbid.n > 0);
}

/* What a --retr has to ask first depends on what was asked before it. */
struct knowledge {
	bool counted, sized;
};

static void
plan_step(struct planning *p, const struct step *step, struct knowledge *known)
{
	if (is(step, "retr")) {
		if (slice_eq(step->value, S("last")) && !known->counted) {
			plan_phase(p, PHASE_STAT);
			known->counted = true;
		}
		if (!known->sized)
			plan_phase(p, PHASE_LIST);
		plan_phase(p, PHASE_RETR);
	} else if (is(step, "dele"))
		plan_phase(p, PHASE_DELE);
	else {
		plan_phase(p,
		    is(step, "stat")       ? PHASE_STAT
		        : is(step, "list") ? PHASE_LIST
		                           : PHASE_UIDL);
		known->counted = true;
		known->sized |= is(step, "list");
	}
}

static void
plan_values(struct planning *p, const struct pop3_opts *opts, const struct knowledge *known)
{
	const slice none = { NULL, 0 };

	if (known->counted)
		plan_value(p, FACT_MESSAGES, none);
	if (p->runs[SIDE_NONE][PHASE_STAT] > 0 || known->sized)
		plan_value(p, FACT_SIZE_BYTES, none);
	if (known->sized)
		plan_value(p, FACT_LARGEST_BYTES, none);
	for (size_t i = 0; i < opts->steps.n; i++)
		if (is(&opts->steps.items[i], "retr"))
			plan_value_each(p, FACT_MESSAGE_SIZE, none);
}

static void
plan(const void *options, struct arena *arena, struct plan *plan)
{
	const struct pop3_opts *opts = options;
	const struct probe_opts *common = &opts->common;
	struct planning p = planning(common, arena, plan);
	struct knowledge known = { false, false };

	plan_phase(&p, PHASE_CAPA);
	if (common->tls == TLS_STARTTLS || common->tls == TLS_OPPORTUNISTIC) {
		plan_phase(&p, PHASE_STARTTLS);
		plan_phase(&p, PHASE_TLS);
		plan_phase(&p, PHASE_CAPA);
	}
	if (probe_opts_login(common))
		plan_phase(&p, PHASE_AUTH);
	if (lists_again(common))
		plan_phase(&p, PHASE_CAPA);
	for (size_t i = 0; i < opts->tcp.send.n; i++)
		plan_phase(&p, PHASE_COMMAND);
	for (size_t i = 0; i < opts->steps.n; i++)
		plan_step(&p, &opts->steps.items[i], &known);
	if (opts->steps.n == 0 && probe_opts_login(common))
		plan_step(&p, &(struct step){ .option = "stat" }, &known);
	plan_farewell(&p, PHASE_QUIT);
	plan_values(&p, opts, &known);
}

static bool
complete(void *options, struct arena *arena, enum cause *cause, struct str *error)
{
	struct pop3_opts *opts = options;

	return check_tcp_complete(&opts->tcp, &opts->common, 110, arena, cause, error)
	    && probe_opts_transport(&opts->common, 110, 995, cause, error)
	    && steps(opts, cause, error) && plan_counts(plan, opts, arena, cause, error);
}

/* As SMTP's: where TLS cannot be had, go on without, and keep it as a fact (RFC 7435). */
static bool
opportunistic(struct session *s)
{
	struct pop3 *pop3 = s->protocol;

	if (!pop3_has(s, S("STLS"), S(""))) {
		fact_text(s, FACT_STARTTLS_ERROR, S("not offered"));
		return true;
	}
	if (!pop3_ask_stls(s))
		return false;
	if (!pop3_ok(s)) {
		fact_text(s, FACT_STARTTLS_ERROR, pop3->line);
		return true;
	}
	return pop3_upgrade(s);
}

static bool
secure(struct session *s)
{
	switch (s->common->tls) {
	case TLS_STARTTLS:
		return pop3_stls(s) && pop3_upgrade(s);
	case TLS_OPPORTUNISTIC:
		return conn_dane(s) ? pop3_stls(s) && pop3_upgrade(s) : opportunistic(s);
	default:
		return true;
	}
}

static bool
login(struct session *s)
{
	struct pop3 *pop3 = s->protocol;

	if (!lists_again(s->common))
		return pop3_auth(s);
	pop3->list_lap = LAP_NONE; /* the list that counts is yet to come */
	return pop3_auth(s) && pop3_capa(s);
}

/* clang-format off: a verb a line */
bool
pop3_begin(struct session *s)
{
	return oauth_token(s) && conn_open(s) && (s->common->tls != TLS_IMPLICIT || conn_tls(s))
	    && pop3_banner(s) && pop3_capa(s) && secure(s)
	    && (!probe_opts_login(s->common) || login(s) || oauth_refused(s));
}

static bool
conversation(struct session *s)
{
	return pop3_begin(s) && pop3_commands(s) && pop3_steps(s);
}
/* clang-format on */

static bool
transaction(struct session *s)
{
	bool done = conversation(s);

	pop3_compare(s);
	return done && pop3_commit(s);
}

const struct probe_type probe_pop3 = {
	.name = "pop3",
	.label = "POP3",
	.options = &pop3_table,
	.defaults = &pop3_defaults,
	.opts_size = sizeof pop3_defaults,
	.complete = complete,
	.plan = plan,
	.prepare = pop3_prepare,
	.transaction = transaction,
	.bye = pop3_bye,
};
