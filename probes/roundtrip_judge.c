/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a message is, and what became of it. Its token is the only proof: signed with our key, and
 * of our instance. Beside this run's own, a message is ours to count and to remove when the books
 * say that it is due; and without books when the run that sent it is over and its body is, octet
 * for octet, what its token vouches for. A token that has been settled before is a copy when it
 * came within the time of its run, and may be somebody's replay when it came later: that is left
 * alone. Or it is there no more, because a run beside this one has settled and
 * removed it since we read it.
 */
#include "roundtrip.h"

struct token
roundtrip_token(struct roundtrip *rt, slice header)
{
	struct arena *arena = rt->s->arena;
	struct token token;

	if (token_read(rt->key, arrived_field(arena, header, S("X-Mailprobe-Token")), &token)
	    || token_read(rt->key, arrived_field(arena, header, S("Message-ID")), &token))
		return token;
	return (struct token){ 0 };
}

static void
leave(struct roundtrip *rt, const struct roundtrip_copy *copy, const char *why)
{
	fact_add(rt->s, FACT_LEFT,
	    str_f(rt->s->arena, "message %llx: %s", (unsigned long long)copy->token.sequence, why));
}

/* When it came, as the mailbox has it; without, as the last server stamped it. */
static time_t
came(const struct roundtrip_copy *copy, const struct arrived *arrived)
{
	if (copy->date > 0)
		return copy->date;
	for (size_t i = arrived->hop_count; i > 0; i--)
		if (arrived->hops[i - 1].dated)
			return arrived->hops[i - 1].time;
	return time(NULL);
}

static void
count_late(struct roundtrip *rt)
{
	const struct fact_value *late = &rt->s->result->facts[FACT_LATE];

	fact_number(rt->s, FACT_LATE, late->known ? late->number + 1 : 1);
}

/* How long it took, by whole seconds; the longest counts. */
static void
delay(struct roundtrip *rt, const struct roundtrip_copy *copy, time_t when)
{
	const struct fact_value *known = &rt->s->result->facts[FACT_DELAY];
	double seconds = when > copy->token.sent ? (double)(when - copy->token.sent) : 0;

	if (!known->known || seconds > known->number)
		fact_number(rt->s, FACT_DELAY, seconds);
}

/* One that was settled before. What a run has counted it has removed first. */
static bool
again(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, struct roundtrip_copy *copy,
    time_t when)
{
	struct session *s = rt->s;
	struct str text = str_in(s->arena), why = str_in(s->arena);

	if (when > copy->token.until) {
		leave(rt, copy, "it was received before, and may be a replay");
		return true;
	}
	if (!mailbox->read(rt, copy, &text))
		return false;
	if (text.n == 0)
		return true;
	if (!ledger_copied(rt->ledger, copy->token.sequence, &why))
		return fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	copy->mine = true;
	return note(s, CAUSE_DUPLICATED, "a message that had come before came again");
}

/* An earlier run's, by the books. */
static bool
settle(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, struct roundtrip_copy *copy,
    slice text, const struct arrived *arrived)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	enum ledger_outcome outcome;
	time_t when = came(copy, arrived);

	if (!ledger_received(rt->ledger, copy->token.sequence, &outcome, &why))
		return fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	copy->mine = outcome == LEDGER_FIRST || outcome == LEDGER_AGAIN || outcome == LEDGER_LATE;
	if (outcome == LEDGER_FIRST)
		delay(rt, copy, when);
	if (outcome == LEDGER_FIRST && rt->opts->deferred) {
		roundtrip_landed(rt, copy);
		roundtrip_examine(rt, copy, text, when);
	}
	if (outcome == LEDGER_LATE)
		count_late(rt);
	if (outcome == LEDGER_UNKNOWN)
		leave(rt, copy, "the books do not know it");
	return outcome != LEDGER_DONE || again(rt, mailbox, copy, when);
}

/* Without books: of a run that is over, and unaltered. */
static void
sweep(struct roundtrip *rt, struct roundtrip_copy *copy, const struct arrived *arrived)
{
	copy->mine = token_digest(arrived->body) == copy->token.body;
	if (copy->mine)
		count_late(rt);
	else
		leave(rt, copy, "it is an earlier run's, and altered");
}

static bool
judge_copy(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox,
    struct roundtrip_copy *copy, slice text, bool *own)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	enum ledger_outcome outcome;
	struct arrived arrived;

	if (!arrived_parse(s->arena, text, &arrived))
		return true;
	copy->token = roundtrip_token(rt, arrived.header);
	if (copy->token.instance != rt->instance || !copy->token.sent)
		return true;
	if (rt->accepted && copy->token.sequence == rt->token.sequence && !rt->opts->deferred) {
		copy->mine = true;
		if (*own)
			return true;
		*own = true;
		roundtrip_examine(rt, copy, text, time(NULL));
		return !rt->ledger
		    || ledger_received(rt->ledger, copy->token.sequence, &outcome, &why)
		    || fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	}
	if (!rt->opts->deferred && copy->token.until > rt->swept)
		return true; /* another run is waiting for it */
	if (rt->ledger)
		return settle(rt, mailbox, copy, text, &arrived);
	sweep(rt, copy, &arrived);
	return true;
}

static size_t
copies_of(const struct roundtrip *rt, uint64_t sequence)
{
	size_t copies = 0;

	for (size_t i = 0; i < rt->copy_count; i++)
		copies += rt->copies[i].mine && rt->copies[i].token.sequence == sequence;
	return copies;
}

/* This run's message, or one of an earlier run. */
static void
count_copies(struct roundtrip *rt)
{
	size_t most = 0;

	for (size_t i = 0; i < rt->copy_count; i++) {
		size_t copies = copies_of(rt, rt->copies[i].token.sequence);

		if (rt->copies[i].mine && copies > most)
			most = copies;
	}
	if (rt->examined)
		fact_number(rt->s, FACT_COPIES, (double)copies_of(rt, rt->token.sequence));
	if (most > 1 && !rt->duplicated)
		rt->duplicated = note(rt->s, CAUSE_DUPLICATED, "it came %zu times", most);
}

bool
roundtrip_judge(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	bool own = rt->examined;

	for (size_t i = 0; i < rt->copy_count; i++) {
		struct roundtrip_copy *copy = &rt->copies[i];
		struct str text = str_in(rt->s->arena);

		if (copy->judged)
			continue;
		copy->judged = true;
		if (!mailbox->read(rt, copy, &text)
		    || !judge_copy(rt, mailbox, copy, str_slice(&text), &own))
			return false;
	}
	rt->examined = own;
	count_copies(rt);
	return true;
}

bool
roundtrip_expire(struct roundtrip *rt, int lap)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	struct ledger_loss *losses;
	size_t n, lost = 0;
	time_t first = 0;

	if (!rt->ledger)
		return true;
	if (!ledger_expire(rt->ledger, rt->swept, &losses, &n, &why))
		return fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	for (size_t i = 0; i < n; i++) {
		if (!losses[i].accepted)
			continue; /* it is not known whether anybody was ever given it */
		lost++;
		if (!first || losses[i].sent < first)
			first = losses[i].sent;
	}
	return lap == LAP_NONE || lost == 0
	    || note_in(s, lap, CAUSE_NOT_DELIVERED, (slice){ NULL, 0 },
	        "%zu message%s did not come within %g s, the first sent %lld s ago", lost,
	        lost == 1 ? "" : "s", span_as_seconds(rt->opts->patience),
	        (long long)(time(NULL) - first));
}

void
roundtrip_report(struct roundtrip *rt, uint64_t uid, slice text)
{
	struct arrived_report report;
	struct token token;

	if (!arrived_report(rt->s->arena, text, &report)
	    || !token_read(rt->key, report.returned_id, &token)
	    || token.sequence != rt->token.sequence || token.instance != rt->instance)
		return;
	rt->report = report;
	rt->reported = true;
	rt->report_uid = uid;
	fact_text(rt->s, FACT_REPORT,
	    str_f(rt->s->arena, "%.*s: %.*s", (int)report.action.n, report.action.at,
	        (int)report.status.n, report.status.at));
}

bool
roundtrip_remove(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);

	if (!mailbox->remove(rt))
		return false;
	for (size_t i = 0; rt->ledger && i < rt->copy_count; i++)
		if (rt->copies[i].mine && rt->copies[i].removed
		    && !ledger_removed(rt->ledger, rt->copies[i].token.sequence, &why))
			return fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	return true;
}
