/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runner: one run from the options to a result. Transactions have no cleanup of their own; the
 * goodbye, the end of the clock and the release of descriptors happen here, on every path.
 */
#include "conn.h"

/* Ends the last lap, and the total where the goodbye began. */
static void
stop_clock(struct session *s)
{
	struct result *result = s->result;

	result->end = clock_now();
	if (s->running >= 0) {
		struct lap *last = &result->laps[s->running];

		last->length = span_between(last->start, result->end);
	}
	result->total = span_between(result->start, result->end);
	for (size_t i = 0; i < result->lap_count; i++)
		if (result->laps[i].goodbye) {
			result->total = span_between(result->start, result->laps[i].start);
			break;
		}
}

struct session *
session_talk(const struct probe_type *type, const void *opts, struct arena *arena)
{
	struct session *s = arena_alloc(arena, sizeof *s);
	struct result *result = result_new(arena, type->name, type->label);
	bool ready;

	if (!s || !result)
		return NULL;
	*s = (struct session){
		.type = type,
		.opts = opts,
		.common = opts,
		.arena = arena,
		.result = result,
		.running = LAP_NONE,
	};
	result->host = slice_z(s->common->host);
	result->port = s->common->port.number;
	result->timeout = s->common->timeout.after;
	type->plan(opts, arena, &result->plan);
	s->token = slice_z(s->common->token);
	secrets(s, s->common);
	ready = (s->common->sides || conn_new(s)) && type->prepare(s);
	result->start = clock_now();
	s->deadline = instant_after(result->start, s->common->timeout.after);
	if (ready)
		type->transaction(s);
	if (s->common->sides || conn_usable(s))
		type->bye(s);
	stop_clock(s);
	return s;
}

void
session_close(struct session *s)
{
	if (s)
		conn_close(s);
}

struct result *
session_run(const struct probe_type *type, const void *opts, struct arena *arena)
{
	struct session *s = session_talk(type, opts, arena);

	session_close(s);
	return s ? s->result : NULL;
}
