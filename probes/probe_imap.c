/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IMAP probe: its options, what they mean, and the transaction they ask for. The steps are
 * done in the order in which they were written; what one needs before it, an open mailbox, is put
 * in front of it here, so that plan and transaction need no more than to walk the list.
 */
#include "imap.h"
#include "imap_name.h"
#include "message.h"
#include "oauth.h"
#include "planning.h"
#include "probes.h"

#define STEP(...) OPT(struct imap_opts, steps, __VA_ARGS__)

static const struct opt imap_options[] = {
	STEP(.name = "list", .arg = "REF,PATTERN", .bare = ",*",
	    .group = "IMAP, in the order in which they are written",
	    .help = "list the mailboxes that match (default: all)"),
	STEP(.name = "examine", .arg = "MAILBOX",
	    .help = "open a mailbox without changing anything; repeatable (default where "
	            "there is a login: INBOX)"),
	STEP(.name = "select", .arg = "MAILBOX",
	    .help = "open a mailbox for writing, which takes the \\Recent flags away; repeatable"),
	STEP(.name = "status", .arg = "MAILBOX",
	    .help = "count the messages of a mailbox, and those unseen, without opening it; "
	            "repeatable"),
	STEP(.name = "sizes",
	    .help = "fetch size and date of every message in the mailbox that is open"),
	STEP(.name = "search", .arg = "KEYS",
	    .help = "count what SEARCH finds in it, as in 'UNSEEN SINCE 1-Feb-2026'; repeatable"),
	STEP(.name = "fetch", .arg = "UID|last",
	    .help = "fetch a message whole, without setting a flag, and compare its size; "
	            "repeatable"),
	STEP(.name = "cycle",
	    .help = "create, rename and delete a mailbox of our own, mailprobe-..."),
	STEP(.name = "append",
	    .help = "store a test message in a mailbox of our own, read it back, remove both"),
	STEP(.name = "idle", .help = "enter and leave IDLE in the mailbox that is open"),
	STEP(.name = "quota", .help = "ask how full the quota of that mailbox is"),
	CHECK_TCP_OPTIONS(struct imap_opts),
};

static const char *const words[] = { "login", NULL };

static const struct imap_opts imap_defaults = {
	.common = PROBE_OPTS_DEFAULTS("imap"),
	.common.auth_words = words,
};

static const struct opt_table imap_table = {
	.program = "check_mail_imap",
	.probe = "imap",
	.about = "runs one IMAP transaction and tells which step failed and why",
	.own = imap_options,
	.own_count = sizeof imap_options / sizeof imap_options[0],
	.common = common_options,
	.common_count = &common_option_count,
	.operand = offsetof(struct imap_opts, common.host),
};

/* clang-format off: a table */
const struct imap_verb imap_verbs[] = {
	{ .option = "list",
	    .run = imap_list,
	    .repeats = true,
	    .phases = { PHASE_LIST },
	    .facts = { FACT_MAILBOXES } },
	{ .option = "examine",
	    .run = imap_select,
	    .phases = { PHASE_SELECT },
	    .facts = { FACT_MESSAGES, FACT_RECENT } },
	{ .option = "select",
	    .run = imap_select,
	    .phases = { PHASE_SELECT },
	    .facts = { FACT_MESSAGES, FACT_RECENT } },
	{ .option = "status",
	    .run = imap_status,
	    .extensions = true,
	    .phases = { PHASE_STATUS },
	    .facts = { FACT_MESSAGES, FACT_RECENT, FACT_UNSEEN } },
	{ .option = "sizes",
	    .run = imap_sizes,
	    .opened = true,
	    .phases = { PHASE_SIZES },
	    .facts = { FACT_SIZE_BYTES, FACT_LARGEST_BYTES, FACT_OLDEST_AGE, FACT_NEWEST_AGE } },
	{ .option = "search",
	    .run = imap_search,
	    .repeats = true,
	    .opened = true,
	    .extensions = true,
	    .phases = { PHASE_SEARCH },
	    .facts = { FACT_MATCHES } },
	{ .option = "fetch",
	    .run = imap_fetch,
	    .repeats = true,
	    .opened = true,
	    .phases = { PHASE_FETCH },
	    .facts = { FACT_MESSAGE_SIZE } },
	{ .option = "cycle",
	    .run = imap_cycle,
	    .extensions = true,
	    .scratch = true,
	    .phases = { PHASE_CREATE, PHASE_RENAME, PHASE_DELETE } },
	{ .option = "append",
	    .run = imap_append,
	    .closes = true,
	    .extensions = true,
	    .scratch = true,
	    .repeats = true,
	    .phases = { PHASE_CREATE, PHASE_APPEND, PHASE_SELECT, PHASE_FETCH, PHASE_EXPUNGE,
	        PHASE_DELETE },
	    .facts = { FACT_MESSAGE_SIZE } },
	{ .option = "idle",
	    .run = imap_idle,
	    .opened = true,
	    .extensions = true,
	    .phases = { PHASE_IDLE } },
	{ .option = "quota",
	    .run = imap_quota,
	    .repeats = true,
	    .opened = true,
	    .extensions = true,
	    .phases = { PHASE_QUOTA },
	    .facts = { FACT_QUOTA_USED_PERCENT, FACT_QUOTA_USED_BYTES, FACT_QUOTA_LIMIT_BYTES } },
	{ .option = NULL },
};
/* clang-format on */

const struct imap_verb *
imap_verb(const char *option)
{
	const struct imap_verb *verb = imap_verbs;

	while (verb->option && strcmp(verb->option, option) != 0)
		verb++;
	return verb;
}

/* The options being completed, and which mailbox is open at the task that comes next. */
struct completion {
	struct imap_opts *opts;
	struct arena *arena;
	enum cause *cause;
	struct str *error;
	struct imap_task opened;
	bool open;
};

static bool
wrong(struct completion *c, const char *option, const char *what)
{
	str_addf(c->error, "--%s: %s", option, what);
	*c->cause = CAUSE_USAGE;
	return false;
}

/* What a step's value means: the name of a mailbox, or whatever else the verb takes. */
static bool
argument(struct completion *c, struct imap_task *task)
{
	const char *option = task->verb->option;
	struct str mailbox = str_in(c->arena), reference = str_in(c->arena);
	slice rest = task->name;
	uint64_t uid;

	if (rest.at && rest.n == 0)
		return wrong(c, option, "is empty: write what it is about");
	if (task->verb->run == imap_fetch && !slice_eqi(rest, S("last"))
	    && (!slice_number(rest, UINT32_MAX, &uid) || uid == 0))
		return wrong(c, option, "write a UID, which is a number from 1 on, or last");
	if (task->verb->run == imap_search)
		return imap_search_keys(rest)
		    || wrong(c, option,
		        "put what is not ASCII into double quotes, and leave literals out");
	if (task->verb->run == imap_list && slice_find(rest, S(",")) < rest.n)
		task->reference = slice_cut(&rest, ',');
	if (!imap_name_encode(&mailbox, rest) || !imap_name_encode(&reference, task->reference))
		return wrong(c, option, "is not UTF-8");
	task->mailbox = arena_copy(c->arena, str_slice(&mailbox));
	task->reference = arena_copy(c->arena, str_slice(&reference));
	return true;
}

static void
add_task(struct completion *c, struct imap_task task)
{
	struct imap_opts *opts = c->opts;

	if (task.verb->run == imap_select) {
		c->opened = task;
		c->open = true;
	} else if (task.verb->run == imap_status)
		task.counted = task.name;
	else if (task.verb->opened) {
		task.counted = c->opened.name;
		task.mailbox = c->opened.mailbox;
	}
	if (task.verb->closes)
		c->open = false;
	opts->scratch |= task.verb->scratch;
	opts->tasks[opts->task_count++] = task;
}

/* Whether the steps have this verb. */
static bool
asked(const struct steps *steps, bool (*run)(struct session *, const struct imap_task *))
{
	for (size_t i = 0; i < steps->n; i++)
		if (imap_verb(steps->items[i].option)->run == run)
			return true;
	return false;
}

/*
 * The steps as tasks, each with what it needs before it: the mailbox that was open, INBOX if
 * there was none. That one is opened in any case, unless another is named; what it holds is not
 * counted where mailboxes are named for counting.
 */
static bool
tasks(struct completion *c)
{
	struct imap_opts *opts = c->opts;
	const struct steps *steps = &opts->steps;
	bool due = !asked(steps, imap_select);

	c->opened = (struct imap_task){
		.verb = imap_verb("examine"),
		.name = S("INBOX"),
		.mailbox = S("INBOX"),
		.counted = asked(steps, imap_status) ? (slice){ NULL, 0 } : S("INBOX"),
	};
	opts->task_count = 0;
	opts->tasks = arena_array(c->arena, 2 * steps->n + 1, sizeof *opts->tasks);
	if (!opts->tasks)
		return false;
	for (size_t i = 0; i < steps->n; i++) {
		struct imap_task task = { .verb = imap_verb(steps->items[i].option),
			.name = steps->items[i].value,
			.counted = steps->items[i].value,
			.reference = S("") };

		if (!argument(c, &task))
			return false;
		if ((due && task.verb->run != imap_list) || (task.verb->opened && !c->open)) {
			add_task(c, c->opened);
			due = false;
		}
		add_task(c, task);
	}
	if (due)
		add_task(c, c->opened);
	return true;
}

/* Whether what a task counts is of one mailbox. */
static bool
counts_mailbox(const struct imap_task *task)
{
	return task->counted.at && task->verb->facts[0] >= FACT_MESSAGES
	    && task->verb->facts[0] <= FACT_MATCHES;
}

/* Which mailbox is the first that values are counted of, and whether there are others. */
static void
mailboxes(struct imap_opts *opts)
{
	opts->first.at = NULL;
	opts->several = false;
	for (size_t i = 0; i < opts->task_count; i++) {
		const struct imap_task *task = &opts->tasks[i];

		if (!counts_mailbox(task))
			continue;
		if (!opts->first.at)
			opts->first = task->counted;
		opts->several |= !slice_eq(opts->first, task->counted);
	}
}

static void
plan_task(struct planning *p, const struct imap_opts *opts, const struct imap_task *task)
{
	for (const enum phase *phase = task->verb->phases; *phase; phase++)
		plan_phase(p, *phase);
	for (const enum fact *fact = task->verb->facts; *fact; fact++) {
		if (task->verb->run == imap_select && !task->counted.at)
			continue;
		void (*add)(struct planning *, enum fact,
		    slice) = task->verb->repeats ? plan_value_each : plan_value;

		if (!counts_mailbox(task) || slice_eq(task->counted, opts->first))
			add(p, *fact, (slice){ NULL, 0 });
		if (opts->several && counts_mailbox(task))
			add(p, *fact, task->counted);
	}
}

static void
plan(const void *options, struct arena *arena, struct plan *plan)
{
	const struct imap_opts *opts = options;
	const struct probe_opts *common = &opts->common;
	struct planning p = planning(common, arena, plan);
	bool prepared = false;

	plan_phase(&p, PHASE_CAPABILITY);
	if (common->tls == TLS_STARTTLS || common->tls == TLS_OPPORTUNISTIC) {
		plan_phase(&p, PHASE_STARTTLS);
		plan_phase(&p, PHASE_TLS);
		plan_phase(&p, PHASE_CAPABILITY);
	}
	if (probe_opts_login(common))
		plan_phase(&p, PHASE_AUTH);
	if (imap_capabilities_matter(opts))
		plan_phase(&p, PHASE_CAPABILITY);
	for (size_t i = 0; i < opts->tcp.send.n; i++)
		plan_phase(&p, PHASE_COMMAND);
	for (size_t i = 0; i < opts->task_count; i++) {
		if (opts->tasks[i].verb->scratch && !prepared) {
			plan_phase(&p, PHASE_NAMESPACE);
			plan_phase(&p, PHASE_LIST);
			prepared = true;
		}
		plan_task(&p, opts, &opts->tasks[i]);
	}
	plan_farewell(&p, PHASE_LOGOUT);
}

static bool
complete(void *options, struct arena *arena, enum cause *cause, struct str *error)
{
	struct imap_opts *opts = options;
	struct completion c = { .opts = opts, .arena = arena, .cause = cause, .error = error };
	bool login = probe_opts_login(&opts->common);

	if (!check_tcp_complete(&opts->tcp, &opts->common, 143, arena, cause, error)
	    || !probe_opts_transport(&opts->common, 143, 993, cause, error))
		return false;
	if (!login && opts->steps.n > 0 && opts->tcp.send.n == 0)
		return wrong(&c, opts->steps.items[0].option,
		    "needs a login: write -U USER and --password-file=FILE too");
	if ((login || opts->steps.n > 0) && !tasks(&c))
		return false;
	mailboxes(opts);
	return plan_counts(plan, opts, arena, cause, error);
}

/*
 * As a client that does not insist (RFC 7435): where TLS cannot be had, go on without, and keep it
 * as a fact.
 */
static bool
opportunistic(struct session *s)
{
	const struct imap *imap = s->protocol;

	if (imap->preauth || !imap_has(s, S("STARTTLS"))) {
		fact_text(s, FACT_STARTTLS_ERROR,
		    imap->preauth ? S("the greeting is PREAUTH") : S("not offered"));
		return true;
	}
	if (!imap_ask_starttls(s))
		return false;
	if (imap_is_ok(s))
		return imap_upgrade(s);
	fact_text(s, FACT_STARTTLS_ERROR, str_slice(&imap->reply));
	return true;
}

static bool
secure(struct session *s)
{
	switch (s->common->tls) {
	case TLS_STARTTLS:
		return imap_starttls(s) && imap_upgrade(s);
	case TLS_OPPORTUNISTIC:
		return conn_dane(s) ? imap_starttls(s) && imap_upgrade(s) : opportunistic(s);
	default:
		return true;
	}
}

static bool
work(struct session *s)
{
	const struct imap_opts *o = s->opts;

	for (size_t i = 0; i < o->task_count; i++)
		if (!o->tasks[i].verb->run(s, &o->tasks[i]))
			return false;
	return imap_sweep(s);
}

/* clang-format off: a verb a line */
bool
imap_begin(struct session *s)
{
	return oauth_token(s) && conn_open(s) && (s->common->tls != TLS_IMPLICIT || conn_tls(s))
	    && imap_greeting(s) && imap_capability(s) && secure(s)
	    && (!probe_opts_login(s->common) || imap_auth(s) || oauth_refused(s));
}

static bool
conversation(struct session *s)
{
	return imap_begin(s) && imap_sends(s) && work(s);
}
/* clang-format on */

static bool
transaction(struct session *s)
{
	bool done = conversation(s);

	imap_compare(s);
	return done;
}

const struct probe_type probe_imap = {
	.name = "imap",
	.label = "IMAP",
	.options = &imap_table,
	.defaults = &imap_defaults,
	.opts_size = sizeof imap_defaults,
	.complete = complete,
	.plan = plan,
	.prepare = imap_prepare,
	.transaction = transaction,
	.bye = imap_bye,
};
