/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One IMAP session for all whose messages come into a mailbox. It knows of tokens only: what is
 * searched for are those that are waited for, and whose message it is decides who waits. The
 * memory of a session is the arena's and grows with what is said, so that it ends when it has
 * become old, and somebody opens the next.
 */
#include "probes.h"
#include "roundtrip.h"

enum { PATIENCE = 30, REST = 300, OLD = 20000, AT_A_TIME = 16 };

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
refresh(struct session *s)
{
	s->deadline = instant_after(clock_now(), span_ms(PATIENCE * 1000));
}

/* The token among `tokens` that the message has; missing for none. */
static slice
token_of(struct session *s, slice text, const struct list *tokens)
{
	struct arrived arrived;
	slice id, own;

	if (!arrived_parse(s->arena, text, &arrived))
		return (slice){ NULL, 0 };
	id = arrived_field(s->arena, arrived.header, S("Message-ID"));
	own = arrived_field(s->arena, arrived.header, S("X-Mailprobe-Token"));
	for (size_t i = 0; i < tokens->n; i++)
		if (slice_eq(own, tokens->items[i]) || slice_find(id, tokens->items[i]) < id.n)
			return tokens->items[i];
	return (slice){ NULL, 0 };
}

/* Tells of what was found and not told of yet. */
static bool
tell(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct list *tokens,
    instant before)
{
	struct session *s = rt->s;
	instant now = clock_now();

	for (size_t i = 0; i < rt->copy_count; i++) {
		struct roundtrip_copy *copy = &rt->copies[i];
		struct str text = str_in(s->arena);

		if (copy->judged)
			continue;
		copy->judged = true;
		if (!roundtrip_imap.read(rt, copy, &text))
			return false;
		copy->text = token_of(s, str_slice(&text), tokens);
		if (copy->text.at)
			watch->found(watch->data, copy->text, copy->junk, str_slice(&text),
			    copy->date, before, now);
	}
	return true;
}

/* A look for each so many tokens: a command has its length. */
static bool
look(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct list *tokens)
{
	instant before = rt->asked;

	rt->asked = clock_now();
	for (size_t i = 0; i < tokens->n; i += AT_A_TIME) {
		size_t n = tokens->n - i < AT_A_TIME ? tokens->n - i : AT_A_TIME;

		rt->wanted = (struct list){ .items = tokens->items + i, .n = n };
		rt->base = rt->copy_count;
		rt->looks++;
		if (!roundtrip_imap.look(rt))
			return false;
	}
	return tell(rt, watch, tokens, before);
}

static bool
remove_gone(struct roundtrip *rt, const struct roundtrip_watch *watch, const struct list *gone)
{
	size_t left = 0;
	bool any = false;

	for (size_t i = 0; i < rt->copy_count; i++)
		for (size_t j = 0; j < gone->n; j++)
			if (slice_eq(rt->copies[i].text, gone->items[j]))
				any = rt->copies[i].mine = true;
	if (any && !roundtrip_imap.remove(rt))
		return false;
	for (size_t i = 0; i < rt->copy_count; i++)
		if (!rt->copies[i].removed)
			rt->copies[left++] = rt->copies[i];
	rt->copy_count = left;
	for (size_t i = 0; i < gone->n; i++)
		watch->removed(watch->data, gone->items[i]);
	return true;
}

static bool
still_there(struct session *s)
{
	struct imap_command noop = imap_command(s, "NOOP");

	return imap_done(s, &noop, CAUSE_REJECTED);
}

static bool
turn(struct roundtrip *rt, const struct roundtrip_watch *watch, struct roundtrip_turn *turn)
{
	struct session *s = rt->s;
	instant until = turn->wait.n > 0 ? turn->look
	                                 : instant_after(clock_now(), span_ms(REST * 1000));

	if (turn->gone.n > 0 && !remove_gone(rt, watch, &turn->gone))
		return false;
	s->deadline = instant_after(until, span_ms(PATIENCE * 1000));
	if (!roundtrip_imap.pause(rt, until))
		return false;
	refresh(s);
	if (turn->wait.n == 0)
		return still_there(s);
	return instant_before(clock_now(), turn->look) || look(rt, watch, &turn->wait);
}

static bool
transaction(struct session *s)
{
	const struct watching *w = s->opts;
	struct roundtrip *rt = s->protocol;
	unsigned turns = 0;
	bool good;

	roundtrip_turn(rt, &rt->fetch);
	good = roundtrip_imap.open(rt) && stage(s, PHASE_DELIVERY);
	if (good)
		w->watch->opened(w->watch->data);
	rt->asked = clock_now();
	while (good) {
		struct roundtrip_turn next = { .end = false };

		refresh(s);
		w->watch->turn(w->watch->data, s->arena, &next);
		if (next.end || (++turns > OLD && next.wait.n + next.gone.n == 0))
			break;
		good = turn(rt, w->watch, &next);
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
