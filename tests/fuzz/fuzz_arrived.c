/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A message as it arrived: header and body are its parts, LF in place of CRLF changes nothing, no
 * time is negative nor longer than there was, a date written anew is the same date, and what is kept
 * is bounded by the message's own size.
 */
#include "arrived_scan.h"
#include "fuzz.h"

enum { SENT = 1772532000, SEEN = SENT + 60 };

static bool
lower(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] >= 'A' && s.at[i] <= 'Z')
			return false;
	return true;
}

static void
check_hop(const struct arrived_hop *hop)
{
	demand(!hop->from.at || hop->from.n > 0);
	demand(!hop->by.at || hop->by.n > 0);
	demand(!hop->network || hop->with.n > 0);
	demand(!hop->tls_version.at || hop->tls);
	demand(hop->dated || hop->time == 0);
}

static void
check_delays(struct arrived *arrived)
{
	double sum = 0;

	arrived_delays(arrived, SENT, SEEN);
	for (size_t i = 0; i < arrived->hop_count; i++) {
		const struct arrived_hop *hop = &arrived->hops[i];

		demand(hop->delay >= 0);
		demand(hop->dated || (hop->delay == 0 && hop->offset == 0));
		demand(hop->offset == 0 || hop->offset > 1 || hop->offset < -1);
		sum += hop->delay;
	}
	demand(sum <= SEEN - SENT);
}

static void
check_date(slice text)
{
	time_t when = SENT, again;
	char back[60];
	struct tm tm;

	if (!arrived_date(text, &when)) {
		demand(when == SENT);
		return;
	}
	demand(gmtime_r(&when, &tm) != NULL);
	if (tm.tm_year < 0 || tm.tm_year > 9999 - 1900)
		return; /* by its zone */
	strftime(back, sizeof back, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	demand(arrived_date(slice_z(back), &again) && again == when);
}

/* The message with LF only, but where a CR stood twice. */
static slice
unix_lines(struct arena *arena, slice message)
{
	struct str out = str_in(arena);

	for (size_t i = 0; i < message.n; i++)
		if (message.at[i] != '\r' || !slice_starts(slice_skip(message, i + 1), S("\n")))
			str_addc(&out, message.at[i]);
	return str_slice(&out);
}

static void
same(const struct arrived *a, const struct arrived *b)
{
	demand(a->hop_count == b->hop_count && slice_eq(a->judge, b->judge));
	for (size_t i = 0; i < a->hop_count; i++) {
		demand(a->hops[i].network == b->hops[i].network && a->hops[i].tls == b->hops[i].tls);
		demand(a->hops[i].dated == b->hops[i].dated && a->hops[i].time == b->hops[i].time);
	}
	for (size_t i = 0; i < ARRIVED_METHODS; i++)
		demand(slice_eq(a->results[i], b->results[i]));
	demand(arrived_same_body(a->body, b->body));
}

static void
check_report(struct arena *arena, slice message, slice other)
{
	struct arrived_report report = { 0 }, again = { 0 };

	demand(arrived_report(arena, message, &report) == arrived_report(arena, other, &again));
	demand(slice_eq(report.status, again.status) && slice_eq(report.action, again.action));
	demand(slice_eq(report.diagnostic, again.diagnostic));
	if (!report.action.at && !report.status.at) {
		demand(!report.diagnostic.at && !report.recipient.at && !report.returned_id.at);
		return;
	}
	demand(lower(report.action) && report.status.n <= sizeof "5.111.111" - 1);
	demand(slice_find(report.diagnostic, S("\n")) == report.diagnostic.n);
	demand(!report.returned_id.at || (slice_starts(report.returned_id, S("<")) && report.returned_id.n > 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice message = { (const char *)data, n }, other;
	struct arena *arena = arena_new(40 * n + (1 << 16)), *lines = arena_new(8 * n + (1 << 16));
	struct arrived arrived, again;
	bool header;

	demand(arena && lines);
	other = unix_lines(lines, message);
	check_date(message);
	header = arrived_parse(arena, message, &arrived);
	/* A CR that stood before CRLF is now a part of a line end: that is another message. */
	if (memmem(data, n, "\r\r\n", 3))
		other = message;
	demand(arrived_parse(arena, other, &again) == header);
	if (header) {
		demand(arrived.header.at == message.at && arrived.hop_count <= ARRIVED_HOPS);
		demand(arrived.header.n <= n && arrived.body.at + arrived.body.n == message.at + n);
		for (size_t i = 0; i < arrived.hop_count; i++)
			check_hop(&arrived.hops[i]);
		for (size_t i = 0; i < ARRIVED_METHODS; i++)
			demand(lower(arrived.results[i]) && (arrived.judge.at || !arrived.results[i].at));
		same(&arrived, &again);
		check_delays(&arrived);
	}
	check_report(arena, message, other);
	demand(arrived_same_body(message, message));
	demand(!arena_failed(arena) && !arena_failed(lines));
	arena_free(arena);
	arena_free(lines);
	return 0;
}
