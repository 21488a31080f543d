/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The wait. Who waits for a message looks in steps of at least 20 ms that grow with the time
 * waited, so that the moment of its arrival, taken as the middle between the last look without it
 * and the first with it, is known to 10 ms or 2 %.
 */
#include "roundtrip.h"

enum {
	FIRST_LOOK = 5,
	LEAST_GAP = 20,
	LEAST_ROOM = 100,
	LONG_LOOK = 1000,
	KEPT_BACK = 1000,
};

/*
 * The next look comes after this part of the time waited. Within a minute ROUNDTRIP_LOOKS suffice
 * for less than the 4 % that make an error of 2 %, so that the looks themselves may take time.
 */
#define GROWTH 0.04
#define GROWTH_OF_A_MINUTE 0.03

instant
roundtrip_soonest(const struct roundtrip *rt)
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
	instant next, least = roundtrip_soonest(rt);

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

	if (s->reserved.ns == 0 || span_between(rt->asked, clock_now()).ns > span_ms(LONG_LOOK).ns
	    || result->finding_count != before + 1
	    || result->findings[before].cause != CAUSE_TIMEOUT)
		return false;
	result_take_back(s->result, before);
	rt->ready = false; /* an answer is still to come */
	return not_delivered(rt, begin);
}

bool
roundtrip_look(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, instant begin)
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

bool
roundtrip_wait(
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
		if (final && rt->looks > 0 && instant_before(last, roundtrip_soonest(rt)))
			return not_delivered(rt, begin); /* it was the last */
		if (final)
			next = last;
		if (!mailbox->pause(rt, next))
			return false;
		before = rt->looks > 0 ? rt->asked : begin;
		if (!roundtrip_look(rt, mailbox, begin))
			return false;
	}
	*seen = instant_between(before, clock_now());
	if (rt->found.after.ns > 0)
		*seen = instant_between(
		    instant_before(rt->found.before, begin) ? begin : rt->found.before,
		    rt->found.after);
	return true;
}
