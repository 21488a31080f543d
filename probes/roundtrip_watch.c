/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One IMAP session for all whose messages come into a mailbox. It searches for the tokens that it
 * is given, and tells of what it finds; whose a message is, and what is to become of it, others
 * know. The memory of a session grows with what is said in it, so that they end it when it has
 * become old, and begin the next.
 */
#include "probes.h"
#include "roundtrip.h"

enum { PATIENCE_MS = 30000, PARTING_MS = 1000, AT_A_TIME = 16 };

struct watching {
	struct roundtrip_opts of; /* struct probe_opts first, as in all options */
	const struct roundtrip_watch *watch;
};

static void
no_plan(const void *opts, struct arena *arena, struct plan *plan)
{
	(void)opts;
	(void)arena;
	(void)plan;
}

static bool
prepare(struct session *s)
{
	const struct watching *w = s->opts;
	struct roundtrip *rt = roundtrip_new(s);

	if (rt)
		rt->wake = w->watch->wake;
	return rt;
}

/* Each step has its own deadline: the session has none. */
static void
refresh(struct session *s, instant from)
{
	span patience = s->common->timeout.after;

	s->deadline = instant_after(
	    from, patience.ns < span_ms(PATIENCE_MS).ns ? patience : span_ms(PATIENCE_MS));
}

static bool
is_held(const struct roundtrip_turn *turn, const struct roundtrip_copy *copy)
{
	for (size_t i = 0; i < turn->held_count; i++)
		if (turn->held[i].uid == copy->uid && turn->held[i].junk == copy->junk)
			return true;
	return false;
}

/* Tells of what was found. */
static bool
tell(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct roundtrip_turn *turn)
{
	struct session *s = rt->s;
	struct roundtrip_found found = { .after = clock_now() };

	for (size_t i = 0; i < rt->copy_count; i++) {
		struct roundtrip_copy *copy = &rt->copies[i];
		struct str text = str_in(s->arena);
		struct arrived arrived;

		copy->swept = true; /* another program's run may be faster */
		if (is_held(turn, copy))
			continue;
		if (!roundtrip_imap.read(rt, copy, &text))
			return false;
		found.text = str_slice(&text);
		if (found.text.n == 0 || !arrived_parse(s->arena, found.text, &arrived))
			continue;
		found.token = arrived_field(s->arena, arrived.header, S("X-Mailprobe-Token"));
		found.id = arrived_field(s->arena, arrived.header, S("Message-ID"));
		found.uid = copy->uid;
		found.junk = copy->junk;
		found.date = copy->date;
		watch->found(watch->data, &found);
	}
	return true;
}

/* Whether something has come since the last look. */
static bool
arrivals(struct roundtrip *rt)
{
	const struct imap *imap = rt->s->protocol;
	bool news = rt->anew || rt->reports != imap->mailbox.arrivals;

	if (rt->in_junk)
		return false;
	rt->reports = imap->mailbox.arrivals;
	rt->anew = false;
	return news;
}

/*
 * A search for each so many tokens: a command has its length. Each of them looks into the junk
 * mailbox, or does not because something was found elsewhere: the next look will.
 */
static bool
look(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct roundtrip_turn *turn)
{
	const struct list *tokens = &turn->wait;
	uint64_t junk_next_uid = UINT64_MAX;

	arrivals(rt);
	rt->asked = clock_now();
	rt->next_uid = turn->from;
	for (size_t i = 0; i < tokens->n; i += AT_A_TIME) {
		size_t n = tokens->n - i < AT_A_TIME ? tokens->n - i : AT_A_TIME;

		rt->wanted = (struct list){ .items = tokens->items + i, .n = n };
		rt->copy_count = 0;
		rt->junk_next_uid = turn->junk_from;
		rt->looks++;
		if (!roundtrip_imap.look(rt) || !tell(rt, watch, turn))
			return false;
		if (rt->junk_next_uid < junk_next_uid)
			junk_next_uid = rt->junk_next_uid;
	}
	watch->looked(watch->data, rt->asked, junk_next_uid);
	return true;
}

static bool
sweep(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct roundtrip_turn *turn)
{
	rt->instance = turn->instance;
	rt->copy_count = 0;
	if (!roundtrip_imap.earlier(rt) || !tell(rt, watch, turn))
		return false;
	watch->swept(watch->data, rt->junk);
	return true;
}

static bool
remove_gone(
    struct roundtrip *rt, const struct roundtrip_watch *watch, const struct roundtrip_turn *turn)
{
	const struct fact_value *left = &rt->s->result->facts[FACT_LEFT];

	rt->copy_count = turn->gone_count;
	memcpy(rt->copies, turn->gone, turn->gone_count * sizeof *turn->gone);
	fact_clear(rt->s, FACT_LEFT);
	if (!roundtrip_imap.remove(rt))
		return false;
	watch->removed(watch->data, left->list.n > 0 ? left->list.items[0] : (slice){ NULL, 0 });
	return true;
}

static bool
still_there(struct session *s)
{
	struct imap_command noop = imap_command(s, "NOOP");

	return imap_done(s, &noop, CAUSE_REJECTED);
}

/* Until something is to be done, or may be. `*news`: the server has told of an arrival. */
static bool
rest(struct roundtrip *rt, const struct roundtrip_turn *turn, bool *news)
{
	struct session *s = rt->s;

	*news = arrivals(rt);
	if (*news)
		return true;
	refresh(s, turn->look);
	if (!roundtrip_imap.pause(rt, turn->look))
		return false;
	refresh(s, clock_now());
	*news = arrivals(rt);
	return !turn->idle || instant_before(clock_now(), turn->look) || still_there(s);
}

static void
tell_place(struct roundtrip *rt, const struct roundtrip_watch *watch)
{
	const struct imap *imap = rt->s->protocol;
	struct roundtrip_place place = { .validity = imap->count.numbers[IMAP_UIDVALIDITY],
		.next_uid = rt->next_uid,
		.junk_next_uid = rt->junk_next_uid,
		.junk = rt->junk };

	watch->opened(watch->data, &place);
}

static bool
turns(struct roundtrip *rt, const struct roundtrip_watch *watch)
{
	struct session *s = rt->s;
	bool good = true, news = false;

	rt->asked = clock_now();
	while (good) {
		struct roundtrip_turn next = { .end = false };

		refresh(s, clock_now());
		watch->turn(watch->data, s->arena, news, &next);
		news = false;
		if (next.end)
			break;
		if (next.gone_count > 0)
			good = remove_gone(rt, watch, &next);
		else if (next.sweep)
			good = sweep(rt, watch, &next);
		else if (next.wait.n > 0)
			good = look(rt, watch, &next);
		else
			good = rest(rt, &next, &news);
	}
	s->deadline = instant_after(clock_now(), span_ms(PARTING_MS));
	return good;
}

static bool
transaction(struct session *s)
{
	const struct watching *w = s->opts;
	struct roundtrip *rt = s->protocol;
	bool good;

	roundtrip_turn(rt, &rt->fetch);
	good = roundtrip_imap.open(rt) && stage(s, PHASE_DELIVERY);
	if (good) {
		tell_place(rt, w->watch);
		good = turns(rt, w->watch);
	}
	unstaged(s);
	roundtrip_turn(rt, NULL);
	return good;
}

static const struct probe_type watch_type = {
	.name = "roundtrip",
	.label = "ROUNDTRIP",
	.plan = no_plan,
	.prepare = prepare,
	.transaction = transaction,
	.bye = roundtrip_bye,
};

struct result *
roundtrip_watch(
    const struct roundtrip_opts *opts, const struct roundtrip_watch *watch, struct arena *arena)
{
	struct watching w = { .of = *opts, .watch = watch };
	struct result *result = session_run(&watch_type, &w, arena);

	if (result)
		judge(result, &w.of.common.thresholds);
	return result;
}
