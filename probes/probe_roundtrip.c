/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe of the round trip: its options and what they mean. Each side's options are those of
 * every check under a prefix, from the same rows; the URLs fill in what they leave open.
 */
#include "file.h"
#include "imap_name.h"
#include "planning.h"
#include "probes.h"
#include "roundtrip.h"

#define ROW(field, ...) OPT(struct roundtrip_opts, field, __VA_ARGS__)

static const struct opt roundtrip_options[] = {
	ROW(submit_url, .name = "submit", .arg = "URL", .group = "Round trip",
	    .help = "where the message is submitted: submission://USER@HOST, also smtps:, smtp: or "
	            "lmtp:, with :PORT where it is another"),
	ROW(fetch_url, .name = "fetch", .arg = "URL",
	    .help = "where it must arrive: imaps://USER@HOST/MAILBOX (default INBOX), imap:, "
	            "pop3s: or pop3:"),
	ROW(from, .name = "from", .arg = "ADDR",
	    .help = "the sender (default: the submitting user, where that is an address)"),
	ROW(rcpt, .name = "rcpt", .arg = "ADDR",
	    .help = "the recipient whose mail is in that mailbox (default: the fetching user, "
	            "where that is an address); repeatable"),
	ROW(submit.subject, .name = "subject", .arg = "TEXT", .help = "the message's subject"),
	ROW(submit.headers, .name = "header", .arg = "NAME:VALUE",
	    .help = "a header field of it, added or in the place of ours; repeatable"),
	ROW(submit.body_file, .name = "body-file", .arg = "FILE", .help = "its text"),
	ROW(key_file, .name = "key-file", .arg = "FILE",
	    .help = "the key that messages are signed with, 16 bytes or more (default: another "
	            "for each run, which then knows nothing of earlier ones)"),
	ROW(state_file, .name = "state-file", .arg = "FILE",
	    .help = "the books of what was sent and what has come, an SQLite database"),
	ROW(deferred, .name = "deferred",
	    .help = "judge the messages of earlier runs, and send the next without waiting for it: "
	            "for mail that takes minutes. Needs --state-file and --key-file."),
	ROW(lost_after, .name = "lost-after", .arg = "SECONDS",
	    .help = "with --deferred: a message that has not come by then is lost (default 3600)"),
	ROW(require_auth_results, .name = "require-auth-results", .arg = "spf,dkim,dmarc",
	    .separator = ',',
	    .help = "what the receiving host must have found to pass, by its "
	            "Authentication-Results"),

#define GROUP(text) .group = "Submitting: " text
#define NAME(text) .name = "submit-" text
#define LETTER(c) .letter = 0
#define SIDE(field, ...) ROW(submit.common.field, __VA_ARGS__),
	ROW(submit.fqdn, NAME("fqdn"), .arg = "NAME", GROUP("Where to connect"),
	    .help = "the name to greet with (default: the machine's full name)"),
	ROW(submit.pipelining, NAME("pipelining"),
	    .help = "send MAIL, RCPT and DATA in one group where the server offers PIPELINING"),
#include "options_connect.def"
#include "options_peer.def"
#undef GROUP
#undef NAME
#undef SIDE

#define GROUP(text) .group = "Fetching: " text
#define NAME(text) .name = "fetch-" text
#define SIDE(field, ...) ROW(fetch.field, __VA_ARGS__),
#include "options_connect.def"
#include "options_peer.def"
#undef GROUP
#undef NAME
#undef SIDE
#undef LETTER
};

static const struct roundtrip_opts roundtrip_defaults = {
	.common = PROBE_OPTS_DEFAULTS("roundtrip"),
	.common.sides = true,
	.submit.common = PROBE_OPTS_DEFAULTS("smtp"),
	.fetch = PROBE_OPTS_DEFAULTS("imap"),
};

static const struct opt_table roundtrip_table = {
	.program = "check_mail_roundtrip",
	.usage = "--submit=URL --fetch=URL [OPTION]...",
	.probe = "roundtrip",
	.about = "submits a message, waits until it is in the mailbox, looks at it and removes it",
	.own = roundtrip_options,
	.own_count = sizeof roundtrip_options / sizeof roundtrip_options[0],
	.common = run_options,
	.common_count = &run_option_count,
	.operand = NO_OPERAND,
};

struct completion {
	struct roundtrip_opts *opts;
	struct arena *arena;
	enum cause *cause;
	struct str *error;
};

static bool
wrong(struct completion *c, const char *what)
{
	str_addz(c->error, what);
	*c->cause = CAUSE_USAGE;
	return false;
}

/* What the options of a side leave open is what its URL says. */
static bool
side(struct completion *c, const char *option, const char *text, struct probe_opts *side,
    struct mail_url *url)
{
	struct str why = str_in(c->arena);

	if (!text) {
		str_addf(c->error, "%s is required: write %s=URL", option, option);
		*c->cause = CAUSE_USAGE;
		return false;
	}
	if (!mail_url_parse(c->arena, text, url, &why)) {
		str_addf(c->error, "%s: %s", option, str_z(&why));
		*c->cause = CAUSE_USAGE;
		return false;
	}
	side->host = url->host;
	if (!side->user)
		side->user = url->user;
	if (side->port.number == 0)
		side->port.number = (uint16_t)url->port;
	if (side->tls == TLS_AUTO)
		side->tls = url->tls;
	side->timeout = c->opts->common.timeout;
	side->tempfail = c->opts->common.tempfail;
	side->unexpected = c->opts->common.unexpected;
	return true;
}

/* A side's own sentence says "-H" where we have a URL: name the side. */
static bool
of_side(struct completion *c, const char *name, bool good, struct str *why)
{
	if (good)
		return true;
	str_addf(c->error, "%s: %s", name, str_z(why));
	return false;
}

static bool
address_like(const char *text)
{
	return text && strchr(text, '@');
}

static bool
envelope(struct completion *c)
{
	struct roundtrip_opts *o = c->opts;

	for (size_t i = 0; i < o->submit.headers.n; i++) {
		slice name = message_field(o->submit.headers.items[i]);

		if (slice_eqi(name, S("Message-ID")) || slice_eqi(name, S("X-Mailprobe-Token")))
			return wrong(c,
			    "--header: Message-ID and X-Mailprobe-Token are what the "
			    "message is known by: leave them out");
	}
	if (!o->from && address_like(o->submit.common.user))
		o->from = o->submit.common.user;
	if (!o->from)
		return wrong(c,
		    "--from is required where the submitting user is no address: write "
		    "--from=ADDR, or <> for none");
	if (o->rcpt.n == 0 && address_like(o->fetch.user))
		list_add(c->arena, &o->rcpt, slice_z(o->fetch.user));
	if (o->rcpt.n == 0)
		return wrong(c,
		    "--rcpt is required where the fetching user is no address: write --rcpt=ADDR");
	o->submit.from = o->from;
	o->submit.rcpt = o->rcpt;
	o->submit.send = true;
	o->submit.seven_bit = true;
	return true;
}

static bool
auth_results(struct completion *c)
{
	const struct list *list = &c->opts->require_auth_results;

	for (size_t i = 0; i < list->n; i++)
		if (!slice_eqi(list->items[i], S("spf")) && !slice_eqi(list->items[i], S("dkim"))
		    && !slice_eqi(list->items[i], S("dmarc")))
			return wrong(c, "--require-auth-results: write a list of spf, dkim, dmarc");
	return true;
}

static bool
key(struct completion *c)
{
	struct roundtrip_opts *o = c->opts;
	struct str why = str_in(c->arena);

	if (!o->key_file)
		return !o->deferred
		    || wrong(c,
		        "--deferred: needs a key by which the next run knows this one's "
		        "messages: write --key-file=FILE too");
	if (!file_read(c->arena, o->key_file, ROUNDTRIP_KEY_MAX, &o->key, &why)) {
		str_addf(c->error, "--key-file: %s", str_z(&why));
		*c->cause = CAUSE_LOCAL;
		return false;
	}
	return o->key.n >= ROUNDTRIP_KEY_MIN
	    || wrong(c,
	        "--key-file: is too short: put 16 bytes or more into it, as "
	        "`head -c 32 /dev/urandom` gives");
}

static bool
books(struct completion *c)
{
	struct roundtrip_opts *o = c->opts;
	uint64_t seconds = 3600;

	if (o->deferred && !o->state_file)
		return wrong(c, "--deferred: needs books: write --state-file=FILE too");
	if (o->state_file && !o->key_file)
		return wrong(c,
		    "--state-file: needs a key by which the next run knows this one's "
		    "messages: write --key-file=FILE too");
	if (o->state_file && !*o->state_file)
		return wrong(c, "--state-file: is empty: write the name of a file");
	if (o->lost_after && !o->deferred)
		return wrong(c,
		    "--lost-after: without --deferred a message is lost at the "
		    "deadline: write --timeout");
	if (o->lost_after
	    && (!slice_number(slice_z(o->lost_after), 30 * 86400, &seconds) || seconds == 0))
		return wrong(c, "--lost-after: write a number of seconds from 1 to 2592000");
	o->patience = span_seconds((double)seconds);
	return true;
}

/* Behind the submission there is no place to stop in: a message would be left behind. */
static bool
stop(struct completion *c)
{
	struct lap lap;

	if (!c->opts->common.until
	    || !lap_called("roundtrip", slice_z(c->opts->common.until), &lap))
		return true;
	if (lap.side != SIDE_NONE || lap.phase == PHASE_CLEANUP
	    || (c->opts->deferred && lap.phase == PHASE_SUBMIT))
		return true;
	return wrong(c, "--until: a message would be left behind: write a phase before submit");
}

static bool
submitting(struct completion *c)
{
	struct roundtrip_opts *o = c->opts;
	struct str why = str_in(c->arena);
	struct mail_url url;

	if (!side(c, "--submit", o->submit_url, &o->submit.common, &url))
		return false;
	if (url.protocol != MAIL_SMTP && url.protocol != MAIL_LMTP)
		return wrong(c,
		    "--submit: nothing can be submitted there: write submission://, "
		    "smtps://, smtp:// or lmtp://");
	o->submit.lmtp = url.protocol == MAIL_LMTP;
	return envelope(c)
	    && of_side(c, "submit",
	        probe_opts_complete(&o->submit.common, c->arena, c->cause, &why)
	            && probe_smtp.complete(&o->submit, c->arena, c->cause, &why),
	        &why);
}

static bool
fetching(struct completion *c)
{
	struct roundtrip_opts *o = c->opts;
	struct str why = str_in(c->arena), mailbox = str_in(c->arena);
	const struct probe_type *type;
	struct probe_opts *common;
	struct mail_url url;

	if (!side(c, "--fetch", o->fetch_url, &o->fetch, &url))
		return false;
	if (url.protocol != MAIL_IMAP && url.protocol != MAIL_POP3)
		return wrong(c,
		    "--fetch: nothing can be fetched there: write imaps://, imap://, "
		    "pop3s:// or pop3://");
	o->protocol = url.protocol;
	type = url.protocol == MAIL_IMAP ? &probe_imap : &probe_pop3;
	memcpy(url.protocol == MAIL_IMAP ? (void *)&o->imap : (void *)&o->pop3, type->defaults,
	    type->opts_size);
	common = url.protocol == MAIL_IMAP ? &o->imap.common : &o->pop3.common;
	o->fetch.auth_words = common->auth_words;
	o->fetch.thresholds = common->thresholds;
	if (!imap_name_encode(&mailbox, url.mailbox.n > 0 ? url.mailbox : S("INBOX")))
		return wrong(c, "--fetch: its mailbox is not UTF-8");
	o->mailbox = str_slice(&mailbox);
	if (!of_side(c, "fetch", probe_opts_complete(&o->fetch, c->arena, c->cause, &why), &why))
		return false;
	*common = o->fetch;
	if (!probe_opts_login(common))
		return wrong(c, "--fetch: needs a login: write --fetch-password-file=FILE too");
	return of_side(c, "fetch",
	    url.protocol == MAIL_IMAP
	        ? check_tcp_complete(&o->imap.tcp, common, 143, c->arena, c->cause, &why)
	            && probe_opts_transport(common, 143, 993, c->cause, &why)
	        : check_tcp_complete(&o->pop3.tcp, common, 110, c->arena, c->cause, &why)
	            && probe_opts_transport(common, 110, 995, c->cause, &why),
	    &why);
}

static void plan(const void *options, struct arena *arena, struct plan *plan);

static bool
complete(void *options, struct arena *arena, enum cause *cause, struct str *error)
{
	struct completion c = { .opts = options, .arena = arena, .cause = cause, .error = error };
	struct roundtrip_opts *o = options;

	/* The fetching user may be the recipient: its URL first. */
	if (!fetching(&c) || !submitting(&c) || !auth_results(&c) || !key(&c) || !books(&c)
	    || !stop(&c))
		return false;
	o->common.host = o->submit.common.host;
	o->common.port = o->submit.common.port;
	return plan_counts(plan, o, arena, cause, error);
}

/* From the connection to the login; `greeted` is EHLO and the like. */
static void
plan_side(struct planning *p, const struct probe_opts *common, enum side side, enum phase greeted)
{
	bool later = common->tls == TLS_STARTTLS || common->tls == TLS_OPPORTUNISTIC;

	p->side = side;
	plan_connection(p, common);
	plan_phase(p, greeted);
	if (later) {
		plan_phase(p, PHASE_STARTTLS);
		plan_phase(p, PHASE_TLS);
		plan_phase(p, greeted);
	}
	if (probe_opts_login(common))
		plan_phase(p, PHASE_AUTH);
}

static void
plan_submission(struct planning *p, const struct roundtrip_opts *o)
{
	plan_side(p, &o->submit.common, SIDE_SUBMIT, PHASE_EHLO);
	p->side = SIDE_NONE;
	plan_phase(p, PHASE_SUBMIT);
}

static void
plan(const void *options, struct arena *arena, struct plan *plan)
{
	static const enum fact values[] = { FACT_DELAY, FACT_MESSAGE_SIZE, FACT_RECIPIENTS,
		FACT_ATTEMPTS, FACT_LOOKS, FACT_COPIES, FACT_HOP_DELAY, FACT_HOPS_IN_CLEAR,
		FACT_CLOCK_OFFSET };
	static const enum fact booked[] = { FACT_SENT, FACT_RECEIVED, FACT_LOST, FACT_IN_FLIGHT,
		FACT_LATE, FACT_OLDEST_IN_FLIGHT };
	const struct roundtrip_opts *o = options;
	bool imap = o->protocol == MAIL_IMAP;
	struct planning p = { .arena = arena, .plan = plan, .until = o->common.until };
	slice none = { NULL, 0 };

	if (!o->shared)
		plan_side(&p, imap ? &o->imap.common : &o->pop3.common, SIDE_FETCH,
		    imap ? PHASE_CAPABILITY : PHASE_CAPA);
	if (imap && !o->shared)
		plan_phase(&p, PHASE_CAPABILITY);
	p.side = SIDE_FETCH;
	plan_phase(&p, imap ? PHASE_SELECT : PHASE_UIDL);
	if (!o->deferred)
		plan_submission(&p, o);
	p.side = SIDE_NONE;
	plan_phase(&p, PHASE_DELIVERY);
	plan_phase(&p, PHASE_RETRIEVE);
	plan_phase(&p, PHASE_CLEANUP);
	if (o->deferred)
		plan_submission(&p, o);
	p.side = SIDE_SUBMIT;
	plan_farewell(&p, PHASE_QUIT);
	p.side = SIDE_FETCH;
	if (!o->shared)
		plan_farewell(&p, imap ? PHASE_LOGOUT : PHASE_QUIT);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		plan_value(&p, values[i], none);
	for (size_t i = 0; o->state_file && i < sizeof booked / sizeof booked[0]; i++)
		plan_value(&p, booked[i], none);
}

static struct probe_opts *
side_of(void *options, enum side side)
{
	struct roundtrip_opts *o = options;

	if (side == SIDE_SUBMIT)
		return &o->submit.common;
	return o->protocol == MAIL_IMAP ? &o->imap.common : &o->pop3.common;
}

const struct probe_type probe_roundtrip = {
	.name = "roundtrip",
	.label = "ROUNDTRIP",
	.options = &roundtrip_table,
	.defaults = &roundtrip_defaults,
	.opts_size = sizeof roundtrip_defaults,
	.complete = complete,
	.side = side_of,
	.plan = plan,
	.prepare = roundtrip_prepare,
	.transaction = roundtrip_transaction,
	.bye = roundtrip_bye,
};
