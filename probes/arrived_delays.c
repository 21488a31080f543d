/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the dates of the Received fields are worth. Each host has its own clock, and all we know
 * is ours at both ends. A host whose clock fits between what is settled before and behind it is
 * right; one that does not fit is off by as little as it takes. Those that fit between our two
 * moments are settled first, in the order of the message's way, and then those that cannot be
 * right: so a clock that is hours off makes no other look wrong.
 */
#include "arrived.h"

struct frame {
	double sent, seen;
	bool settled[ARRIVED_HOPS];
};

static bool
one_host(const struct arrived_hop *a, const struct arrived_hop *b)
{
	return a == b || (a->by.n > 0 && slice_eqi(a->by, b->by));
}

/* Received has whole seconds, and so have our moments. */
static bool
possible(const struct arrived_hop *hop, const struct frame *frame)
{
	return (double)hop->time >= frame->sent - 1 && (double)hop->time <= frame->seen + 1;
}

/* A hop's moment by our clock, as far as it is settled. */
static double
moment(const struct arrived_hop *hop)
{
	return (double)hop->time - hop->offset;
}

/* Between which moments the hop was, by those that are settled. */
static void
bounds(
    const struct arrived *arrived, const struct frame *frame, size_t i, double *from, double *until)
{
	*from = frame->sent;
	*until = frame->seen;
	for (size_t k = 0; k < arrived->hop_count; k++) {
		double at = frame->settled[k] ? moment(&arrived->hops[k]) : 0;

		if (!frame->settled[k])
			continue;
		if (k < i && at > *from)
			*from = at;
		if (k > i && at < *until)
			*until = at;
	}
}

/*
 * Settles the clock of hop `i`, for all hops of its host: the offset next to 0 with which each of
 * them is within its bounds, or as many as there are where no offset is right for all.
 */
static void
settle(struct arrived *arrived, struct frame *frame, size_t i)
{
	double least = -1e18, most = 1e18, from, until, offset;

	for (size_t k = 0; k < arrived->hop_count; k++) {
		const struct arrived_hop *hop = &arrived->hops[k];

		if (!hop->dated || !one_host(&arrived->hops[i], hop))
			continue;
		bounds(arrived, frame, k, &from, &until);
		if ((double)hop->time - until > least)
			least = (double)hop->time - until;
		if ((double)hop->time - from < most)
			most = (double)hop->time - from;
	}
	offset = least > 1 ? least : most < -1 ? most : 0;
	for (size_t k = 0; k < arrived->hop_count; k++) {
		if (arrived->hops[k].dated && one_host(&arrived->hops[i], &arrived->hops[k])) {
			arrived->hops[k].offset = offset;
			frame->settled[k] = true;
		}
	}
}

/* Whether no hop of the same host has a date that cannot be. */
static bool
host_possible(const struct arrived *arrived, const struct frame *frame, size_t i)
{
	for (size_t k = 0; k < arrived->hop_count; k++)
		if (arrived->hops[k].dated && one_host(&arrived->hops[i], &arrived->hops[k])
		    && !possible(&arrived->hops[k], frame))
			return false;
	return true;
}

static void
settle_all(struct arrived *arrived, struct frame *frame)
{
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < arrived->hop_count; i++)
			if (arrived->hops[i].dated && !frame->settled[i]
			    && (round == 1 || host_possible(arrived, frame, i)))
				settle(arrived, frame, i);
}

void
arrived_delays(struct arrived *arrived, time_t sent, time_t seen)
{
	struct frame frame = { .sent = (double)sent, .seen = (double)(seen > sent ? seen : sent) };
	double last = frame.sent, at;

	for (size_t i = 0; i < arrived->hop_count; i++)
		arrived->hops[i].delay = arrived->hops[i].offset = 0;
	settle_all(arrived, &frame);
	for (size_t i = 0; i < arrived->hop_count; i++) {
		if (!arrived->hops[i].dated)
			continue;
		at = moment(&arrived->hops[i]);
		at = at < last ? last : at > frame.seen ? frame.seen : at;
		arrived->hops[i].delay = at - last;
		last = at;
	}
}
