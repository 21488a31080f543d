/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The round trip's transaction. The fetching side logs in and opens its mailbox first: a message
 * that nobody could look for is not sent, and when it is sent the wait begins at once. QUIT is said
 * right behind the acceptance and answered while the mailbox is looked into.
 *
 * Who waits for a message looks in steps of at least 20 ms that grow with the time waited, so that
 * the moment of its arrival, taken as the middle between the last look without it and the first
 * with it, is known to 10 ms or 2 %.
 */
#include "roundtrip.h"

#include <sys/random.h>

#include "escape.h"
#include "message.h"
#include "probes.h"

enum {
	FIRST_LOOK = 5,
	LEAST_GAP = 20,
	LEAST_ROOM = 100,
	LONG_LOOK = 1000,
	KEPT_BACK = 1000,
	RANDOM_KEY = 32,
	LATECOMERS = 3,
};

/*
 * The next look comes after this part of the time waited. Within a minute ROUNDTRIP_LOOKS suffice
 * for less than the 4 % that make an error of 2 %, so that the looks themselves may take time.
 */
#define GROWTH 0.04
#define GROWTH_OF_A_MINUTE 0.03

void
roundtrip_turn(struct roundtrip *rt, struct roundtrip_side *side)
{
	struct session *s = rt->s;

	if (rt->turn) {
		rt->turn->conn = s->conn;
		rt->turn->protocol = s->protocol;
	}
	rt->turn = side;
	s->type = side ? side->type : &probe_roundtrip;
	s->opts = side ? side->opts : rt->opts;
	s->common = s->opts;
	s->conn = side ? side->conn : NULL;
	s->protocol = side ? side->protocol : rt;
	s->side = side ? side->side : SIDE_NONE;
}

bool
roundtrip_connect(struct roundtrip *rt)
{
	struct session *s = rt->s;
	const char *label = s->result->label;
	bool ready = conn_new(s) && s->type->prepare(s);

	s->result->label = label;
	return ready;
}

/* What holds for the run holds for its sides. */
static void
inherit(struct session *s, struct probe_opts *side)
{
	side->transcript = s->common->transcript;
	side->until = s->common->until;
	side->timeout = s->common->timeout;
	if (side->password)
		secret(s, slice_z(side->password));
	if (side->token)
		secret(s, slice_z(side->token));
}

static bool
local(struct session *s, const struct str *why)
{
	return fail(s, CAUSE_LOCAL, "%s", str_z(why));
}

static bool
open_books(struct roundtrip *rt)
{
	const struct roundtrip_opts *o = rt->opts;
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	struct ledger_counts counts;
	/* Of whole seconds: one more, or it would be over before the run is. */
	time_t until = s->result->wall + 1
	    + (o->deferred ? o->patience.ns : o->common.timeout.after.ns + 999999999) / 1000000000;

	rt->token = (struct token){ .sent = s->result->wall, .until = until };
	if (!o->state_file) {
		rt->instance = token_instance(rt->key);
		if (getrandom(&rt->token.sequence, sizeof rt->token.sequence, GRND_NONBLOCK)
		    != sizeof rt->token.sequence)
			return fail(s, CAUSE_LOCAL, "no random numbers for a message");
		return true;
	}
	if (!ledger_open(s->arena, o->state_file, (span){ o->common.timeout.after.ns / 4 },
	        &rt->ledger, &why)
	    || !ledger_counts(rt->ledger, &counts, &why)
	    || !ledger_begin(rt->ledger, s->result->wall, until, &rt->token.sequence, &why))
		return local(s, &why);
	rt->instance = ledger_instance(rt->ledger);
	return true;
}

static bool
choose_key(struct roundtrip *rt)
{
	char *random;

	rt->key = rt->opts->key;
	if (rt->key.at)
		return true;
	random = arena_bytes(rt->s->arena, RANDOM_KEY);
	if (random && getrandom(random, RANDOM_KEY, GRND_NONBLOCK) != RANDOM_KEY)
		return fail(rt->s, CAUSE_LOCAL, "no random numbers for a key");
	rt->key = (slice){ random, RANDOM_KEY };
	return random != NULL;
}

/* The body as it will go out: what its token must vouch for. */
static bool
body_of(struct roundtrip *rt, const struct smtp_opts *opts)
{
	struct session *s = rt->s;
	struct str error = str_in(s->arena);
	struct message message;
	struct message_opts what = {
		.from = slice_z(opts->sender),
		.rcpt = &opts->rcpt,
		.host = S("localhost"),
		.subject = slice_z(opts->subject),
		.headers = &opts->headers,
		.body = opts->body,
		.now = s->result->wall,
		.id = S("x"),
	};
	struct arrived arrived;

	if (!message_make(s->arena, &what, &message, &error))
		return fail(s, CAUSE_USAGE, "%s", str_z(&error));
	if (!arrived_parse(s->arena, message.text, &arrived))
		return false;
	rt->body = arrived.body;
	return true;
}

/* The message's own name is its token, under the domain that it comes from. */
static bool
name_message(struct roundtrip *rt, struct smtp_opts *opts)
{
	struct session *s = rt->s;
	slice domain = slice_z(opts->sender), machine = conn_machine_name(s);
	struct list headers = { 0 };

	slice_cut(&domain, '@');
	if (domain.n == 0)
		domain = machine.at ? machine : S("localhost");
	rt->token.instance = rt->instance;
	rt->token.body = token_digest(rt->body);
	rt->text = token_make(s->arena, rt->key, &rt->token);
	if (!rt->text.at || rt->token.body == 0)
		return fail(s, CAUSE_LOCAL, "OpenSSL has no HMAC with SHA-256");
	for (size_t i = 0; i < opts->headers.n; i++)
		list_add(s->arena, &headers, opts->headers.items[i]);
	list_add(s->arena, &headers,
	    str_f(s->arena, "Message-ID: <%s@%.*s>", rt->text.at, (int)domain.n, domain.at));
	list_add(s->arena, &headers, str_f(s->arena, "X-Mailprobe-Token: %s", rt->text.at));
	list_add(s->arena, &rt->wanted, rt->text);
	opts->headers = headers;
	return true;
}

struct roundtrip *
roundtrip_new(struct session *s)
{
	const struct roundtrip_opts *o = s->opts;
	struct roundtrip *rt = arena_alloc(s->arena, sizeof *rt);
	struct smtp_opts *submit = arena_bytes(s->arena, sizeof *submit);
	bool imap = o->protocol == MAIL_IMAP;
	size_t size = imap ? sizeof o->imap : sizeof o->pop3;
	struct probe_opts *fetch = arena_bytes(s->arena, size);

	if (!rt || !submit || !fetch)
		return NULL;
	tls_library(); /* tokens come before connections */
	for (enum side side = SIDE_SUBMIT; side < SIDES; side++)
		if (!(s->result->sides[side] = arena_array(
		          s->arena, FACTS, sizeof *s->result->sides[side])))
			return NULL;
	*submit = o->submit;
	memcpy(fetch, imap ? (const void *)&o->imap : (const void *)&o->pop3, size);
	inherit(s, &submit->common);
	inherit(s, fetch);
	rt->s = s;
	rt->opts = o;
	rt->wake = -1;
	rt->submit = (struct roundtrip_side){
		.side = SIDE_SUBMIT, .type = &probe_smtp, .opts = submit
	};
	rt->fetch = (struct roundtrip_side){
		.side = SIDE_FETCH, .type = imap ? &probe_imap : &probe_pop3, .opts = fetch
	};
	s->protocol = rt;
	rt->submitting = submit;
	return rt;
}

bool
roundtrip_prepare(struct session *s)
{
	struct roundtrip *rt = roundtrip_new(s);

	return rt && choose_key(rt) && open_books(rt) && body_of(rt, rt->submitting)
	    && name_message(rt, rt->submitting);
}

/* No look may come before that. */
static instant
soonest(const struct roundtrip *rt)
{
	span least = span_ms(LEAST_GAP);

	return instant_after(rt->asked, least.ns < rt->least.ns ? rt->least : least);
}

/* When to look next, by how long the message has been waited for. */
static instant
next_look(const struct roundtrip *rt, instant begin)
{
	span waited = span_between(begin, rt->asked);
	double most = span_as_seconds(rt->opts->common.timeout.after);
	double growth = most > 60 ? GROWTH : GROWTH_OF_A_MINUTE;
	instant next, least = soonest(rt);

	if (rt->looks == 0) {
		least = instant_after(rt->asked, rt->least);
		next = instant_after(begin, span_ms(FIRST_LOOK));
		return instant_before(next, least) ? least : next;
	}
	/* So that it does not come to more looks than may be, however long it takes. */
	if (most > 400)
		growth *= most / 400;
	next = instant_after(rt->asked, span_seconds(span_as_seconds(waited) * growth));
	return instant_before(next, least) ? least : next;
}

static bool
not_delivered(struct roundtrip *rt, instant begin)
{
	return fail(rt->s, CAUSE_NOT_DELIVERED, "not in %.*s after %.3g s, looked for %u times",
	    (int)rt->opts->mailbox.n, rt->opts->mailbox.at,
	    span_as_seconds(span_between(begin, clock_now())), rt->looks);
}

bool
roundtrip_bounced(const struct roundtrip *rt)
{
	return rt->reported && slice_eq(rt->report.action, S("failed"));
}

static bool
bounced(struct roundtrip *rt)
{
	const struct arrived_report *report = &rt->report;
	slice reply = report->diagnostic.at ? report->diagnostic : report->status;

	return fail_reply(rt->s, CAUSE_REJECTED, reply, "a bounce with status %.*s has come",
	    (int)report->status.n, report->status.at ? report->status.at : "");
}

/*
 * A look that the time kept back for cleaning up has cut short found nothing in time, either; but
 * one that was answered so late that it is no matter of time is what failed.
 */
static bool
cut_short(struct roundtrip *rt, size_t before, instant begin)
{
	struct session *s = rt->s;
	const struct result *result = s->result;

	if (s->reserved.ns == 0
	    || span_between(rt->asked, clock_now()).ns > span_ms(LONG_LOOK).ns
	    || result->finding_count != before + 1
	    || result->findings[before].cause != CAUSE_TIMEOUT)
		return false;
	result_take_back(s->result, before);
	rt->ready = false; /* an answer is still to come */
	return not_delivered(rt, begin);
}

/* Looks once. */
static bool
look(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, instant begin)
{
	size_t findings = rt->s->result->finding_count;
	span took;

	rt->asked = clock_now();
	rt->looks++;
	if (!mailbox->look(rt))
		return cut_short(rt, findings, begin);
	took = span_between(rt->asked, clock_now());
	if (took.ns > rt->longest_look.ns)
		rt->longest_look = took;
	return true;
}

/* Until something is there. `*seen`: the moment that it came, as well as it is known. */
static bool
wait_for(
    struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, instant begin, instant *seen)
{
	struct session *s = rt->s;
	instant before = begin;
	bool final = false;

	conn_reserve(s, span_ms(KEPT_BACK));
	while (rt->copy_count == rt->base) {
		instant next = next_look(rt, begin);
		/* By POP3 a look is a session: the last must have room for one, and some more. */
		span room = { rt->longest_look.ns * 2 > span_ms(LEAST_ROOM).ns
			    ? rt->longest_look.ns * 2
			    : span_ms(LEAST_ROOM).ns };
		instant last = instant_after(s->deadline, (span){ -s->reserved.ns - room.ns });

		if (roundtrip_bounced(rt))
			return bounced(rt);
		if (final || rt->looks >= ROUNDTRIP_LOOKS)
			return not_delivered(rt, begin);
		final = instant_before(last, next);
		if (final && rt->looks > 0 && instant_before(last, soonest(rt)))
			return not_delivered(rt, begin); /* it was the last */
		if (final)
			next = last;
		if (!mailbox->pause(rt, next))
			return false;
		before = rt->looks > 0 ? rt->asked : begin;
		if (!look(rt, mailbox, begin))
			return false;
	}
	*seen = instant_between(before, clock_now());
	if (rt->found.after.ns > 0)
		*seen = instant_between(
		    instant_before(rt->found.before, begin) ? begin : rt->found.before,
		    rt->found.after);
	return true;
}

void
roundtrip_landed(struct roundtrip *rt, const struct roundtrip_copy *copy)
{
	fact_text(rt->s, FACT_LANDED_IN, copy->junk ? rt->junk : rt->opts->mailbox);
	if (copy->junk && !rt->junked)
		rt->junked = note_in(rt->s, rt->delivery_lap, CAUSE_JUNKED, (slice){ NULL, 0 },
		    "it came into %.*s", (int)rt->junk.n, rt->junk.at);
}

/* What a status line begins with: how long the message took, and that the rest was done. */
static const char *
delivered(struct roundtrip *rt)
{
	struct str text = str_in(rt->s->arena);

	str_addz(&text, "message delivered after ");
	escape_seconds(&text, span_seconds(rt->s->result->facts[FACT_DELAY].number), 3);
	str_addz(&text, "s, all done");
	return str_z(&text);
}

/* Where one copy is in the junk mailbox and one is not, that one counts. */
static void
landed(struct roundtrip *rt)
{
	const struct roundtrip_copy *copy = NULL;

	for (size_t i = 0; i < rt->copy_count; i++)
		if (rt->copies[i].mine && rt->copies[i].token.sequence == rt->token.sequence
		    && (!copy || copy->junk))
			copy = &rt->copies[i];
	if (copy)
		roundtrip_landed(rt, copy);
	achieved(rt->s, delivered(rt));
}

uint64_t
roundtrip_somewhere(const struct roundtrip *rt, uint64_t first, uint64_t end)
{
	/* Knuth's multiplier: numbers that follow each other are far apart then. */
	return end > first ? first + rt->token.sequence * 0x9e3779b97f4a7c15 % (end - first)
	                   : first;
}

static bool
sweep(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	size_t before = rt->copy_count;
	bool looked;

	rt->swept = time(NULL);
	looked = mailbox->earlier(rt);
	for (size_t i = before; i < rt->copy_count; i++)
		rt->copies[i].swept = true;
	return looked;
}

static bool
clean_up(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	conn_reserve(rt->s, span_ms(0));
	return (!rt->opts->key.at
	           || (sweep(rt, mailbox) && roundtrip_judge(rt, mailbox)
	               && roundtrip_expire(rt, LAP_NONE)))
	    && roundtrip_remove(rt, mailbox);
}

/* A copy may come while the first is looked at and removed: the answers to that tell. */
static bool
latecomers(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	for (int i = 0; i < LATECOMERS && mailbox->grown && mailbox->grown(rt); i++) {
		instant next = soonest(rt);

		rt->base = rt->copy_count;
		if (conn_pause(rt->s, next) < 0 || !look(rt, mailbox, next)
		    || !roundtrip_judge(rt, mailbox) || !roundtrip_remove(rt, mailbox))
			return false;
	}
	return true;
}

/*
 * Waits for this run's message, looks at it and removes it. What was found may be nobody's that we
 * know: a message that has ours attached is found by Courier as if it were ours. Then it is waited
 * on.
 */
static bool
await(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	struct session *s = rt->s;
	instant begin = s->result->laps[s->running].start, seen = begin;

	roundtrip_turn(rt, &rt->fetch);
	while (!rt->examined) {
		bool came;

		rt->delivery_lap = s->running;
		rt->base = rt->copy_count;
		came = wait_for(rt, mailbox, begin, &seen);
		fact_number(s, FACT_LOOKS, rt->looks);
		if (!came)
			return rt->ready && (rt->opts->shared || conn_usable(s)) && stage(s, PHASE_CLEANUP)
			    && clean_up(rt, mailbox) && false;
		fact_number(s, FACT_DELAY, span_as_seconds(span_between(begin, seen)));
		if (!stage(s, PHASE_RETRIEVE) || !roundtrip_judge(rt, mailbox))
			return false;
		if (!rt->examined)
			fact_clear(s, FACT_DELAY);
		if (!rt->examined && !stage(s, PHASE_DELIVERY))
			return false;
	}
	landed(rt);
	return stage(s, PHASE_CLEANUP) && clean_up(rt, mailbox) && latecomers(rt, mailbox);
}

/* Judges the messages of earlier runs, and removes them. */
static bool
settle(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	struct session *s = rt->s;

	if (!stage(s, PHASE_DELIVERY))
		return false;
	rt->delivery_lap = s->running;
	return sweep(rt, mailbox) && stage(s, PHASE_RETRIEVE) && roundtrip_judge(rt, mailbox)
	    && roundtrip_expire(rt, rt->delivery_lap) && stage(s, PHASE_CLEANUP)
	    && roundtrip_remove(rt, mailbox);
}

/* The books as they are now. */
static void
count(struct roundtrip *rt)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	struct ledger_counts counts;

	if (!rt->ledger)
		return;
	if (!ledger_counts(rt->ledger, &counts, &why)) {
		local(s, &why);
		return;
	}
	fact_number(s, FACT_SENT, (double)counts.sent);
	fact_number(s, FACT_RECEIVED, (double)counts.received);
	fact_number(s, FACT_LOST, (double)counts.lost);
	fact_number(s, FACT_IN_FLIGHT, (double)counts.in_flight);
	fact_number(s, FACT_LATE, (double)counts.late);
	fact_number(s, FACT_OLDEST_IN_FLIGHT,
	    counts.oldest > 0 && counts.oldest < s->result->wall
	        ? (double)(s->result->wall - counts.oldest)
	        : 0);
}

static bool
conversation(struct roundtrip *rt)
{
	const struct roundtrip_mailbox *mailbox = rt->opts->shared;

	if (!mailbox)
		mailbox = rt->opts->protocol == MAIL_IMAP ? &roundtrip_imap : &roundtrip_pop3;
	roundtrip_turn(rt, &rt->fetch);
	rt->ready = mailbox->open(rt);
	if (!rt->ready)
		return false;
	if (rt->opts->deferred)
		return settle(rt, mailbox) && roundtrip_submit(rt);
	return roundtrip_submit(rt) && await(rt, mailbox);
}

bool
roundtrip_transaction(struct session *s)
{
	struct roundtrip *rt = s->protocol;
	bool done = conversation(rt);

	unstaged(s);
	roundtrip_turn(rt, &rt->fetch);
	if (s->protocol && rt->opts->protocol == MAIL_IMAP)
		imap_compare(s);
	else if (s->protocol && !rt->compared)
		pop3_compare(s);
	roundtrip_turn(rt, &rt->submit);
	if (s->protocol)
		smtp_compare(s);
	count(rt);
	roundtrip_turn(rt, NULL);
	return done;
}

static void
leave(struct roundtrip *rt, struct roundtrip_side *side)
{
	roundtrip_turn(rt, side);
	if (conn_usable(rt->s))
		side->type->bye(rt->s);
	conn_close(rt->s);
}

void
roundtrip_bye(struct session *s)
{
	struct roundtrip *rt = s->protocol;

	if (!rt)
		return;
	unstaged(s);
	if (rt->opts->shared && rt->opts->shared->close)
		rt->opts->shared->close(rt);
	leave(rt, &rt->submit);
	leave(rt, &rt->fetch);
	ledger_close(rt->ledger);
	rt->ledger = NULL;
	roundtrip_turn(rt, NULL);
}
