/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The round trip's transaction. The fetching side logs in and opens its mailbox first: a message
 * that nobody could look for is not sent, and when it is sent the wait begins at once. QUIT is said
 * right behind the acceptance and answered while the mailbox is looked into.
 */
#include "roundtrip.h"

#include "escape.h"
#include "probes.h"

enum { LATECOMERS = 3 };

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
		instant next = roundtrip_soonest(rt);

		rt->base = rt->copy_count;
		if (conn_pause(rt->s, next) < 0 || !roundtrip_look(rt, mailbox, next)
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
		came = roundtrip_wait(rt, mailbox, begin, &seen);
		fact_number(s, FACT_LOOKS, rt->looks);
		if (!came)
			return rt->ready && (rt->opts->shared || conn_usable(s))
			    && stage(s, PHASE_CLEANUP) && clean_up(rt, mailbox) && false;
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
		fail(s, CAUSE_LOCAL, "%s", str_z(&why));
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
