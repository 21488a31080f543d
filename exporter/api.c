/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data of the status page as JSON. A page that asks again says up to which change it knows all,
 * and gets the targets that have changed since; after a reload it gets all of them, because some
 * may be gone.
 */
#include <stdlib.h>

#include "escape.h"
#include "request.h"

enum { CEILING = 1 << 30 };

static void
key(struct str *out, const char *name)
{
	str_addz(out, ",\"");
	str_addz(out, name);
	str_addz(out, "\":");
}

static void
text_or_null(struct str *out, slice s)
{
	if (s.at)
		escape_json(out, s);
	else
		str_addz(out, "null");
}

/* A moment or a length in seconds, to the microsecond. */
static void
seconds(struct str *out, double number)
{
	escape_seconds(out, span_seconds(number), 6);
}

static void
labels(struct str *out, const struct target *target)
{
	str_addc(out, '{');
	for (size_t i = 0; i < target->label_count; i++) {
		str_addz(out, i > 0 ? "," : "");
		escape_json(out, slice_z(target->labels[i].name));
		str_addc(out, ':');
		escape_json(out, slice_z(target->labels[i].value));
	}
	str_addc(out, '}');
}

static slice
address(struct arena *arena, const struct target *target)
{
	unsigned port = target->port ? target->port : target->module->opts->port.number;
	bool colon = strchr(target->host, ':') && target->host[0] != '[';

	return str_f(arena, colon ? "[%s]:%u" : "%s:%u", target->host, port);
}

static slice
cause_of(const struct run *run)
{
	return run && run->cause != CAUSE_NONE ? slice_z(cause_infos[run->cause].name)
	                                       : (slice){ NULL, 0 };
}

static void
phases(struct str *out, const struct record *record, const struct run *run)
{
	str_addc(out, '[');
	for (size_t i = 0; run && i < run->lap_count; i++) {
		const struct kept_lap *lap = &run->laps[i];

		str_addz(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		escape_json(out, record_phase(record, lap->phase));
		str_addz(out, ",\"duration\":");
		escape_seconds(out, (span){ (int64_t)lap->us * 1000 }, 6);
		str_addz(out, lap->ok ? ",\"ok\":true}" : ",\"ok\":false}");
	}
	str_addc(out, ']');
}

static void
strip(struct str *out, const struct record *record)
{
	static const char letters[] = "OWCU";

	str_addc(out, '"');
	for (size_t i = 0; i < record->kept_count; i++)
		str_addc(out, letters[record_kept(record, i)->state]);
	str_addc(out, '"');
}

/* The members that the list and a target's own page have in common. The record is locked. */
static void
members(struct str *out, const struct target *target, const struct record *record)
{
	const struct run *last = record_last(record);

	str_addz(out, "\"name\":");
	escape_json(out, slice_z(target->name));
	key(out, "target");
	escape_json(out, address(out->arena, target));
	key(out, "module");
	escape_json(out, slice_z(target->module->name));
	key(out, "probe");
	escape_json(out, slice_z(target->module->word));
	key(out, "labels");
	labels(out, target);
	key(out, "interval");
	escape_seconds(out, target->interval, 3);
	key(out, "timeout");
	escape_seconds(out, target->module->opts->timeout.after, 3);
	key(out, "state");
	text_or_null(out, last ? slice_z(state_name(last->state)) : (slice){ NULL, 0 });
	key(out, "since");
	seconds(out, record->since);
	key(out, "last_run");
	seconds(out, last ? last->time : 0);
	key(out, "next_run");
	seconds(out, record->next_run);
	key(out, "duration");
	if (last)
		escape_seconds(out, last->duration, 6);
	else
		str_addz(out, "null");
	key(out, "summary");
	text_or_null(out, slice_z(record->summary));
	key(out, "phase");
	text_or_null(out, last ? record_phase(record, last->phase) : (slice){ NULL, 0 });
	key(out, "cause");
	text_or_null(out, cause_of(last));
	key(out, "phases");
	phases(out, record, last);
	key(out, "cert_not_after");
	if (record->cert_not_after)
		escape_number(out, (double)record->cert_not_after);
	else
		str_addz(out, "null");
	key(out, "history");
	strip(out, record);
}

static void
exporter_members(struct str *out, struct request *request, const struct config *config)
{
	struct exporter *exporter = request->http->exporter;
	struct pool_state pool = pool_state(exporter->pool);

	str_addf(out, "\"version\":\"%s\",\"now\":", VERSION);
	seconds(out, wall_now());
	key(out, "started");
	seconds(out, exporter->started);
	pthread_mutex_lock(&exporter->lock);
	str_addf(out, ",\"reload\":{\"successful\":%s,\"time\":",
	    exporter->reload_successful ? "true" : "false");
	seconds(out, exporter->reload_time);
	key(out, "error");
	text_or_null(out, slice_z(exporter->reload_error));
	pthread_mutex_unlock(&exporter->lock);
	str_addf(out, "},\"workers\":{\"running\":%u,\"busy\":%u,\"limit\":%u}", pool.threads,
	    pool.busy, pool.limit);
	str_addf(out, ",\"queue\":{\"length\":%u,\"limit\":%u}",
	    demand_waiting(request->http->demand), config->queue);
	key(out, "modules");
	str_addc(out, '[');
	for (size_t i = 0; i < config->module_count; i++) {
		str_addz(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		escape_json(out, slice_z(config->modules[i]->name));
		key(out, "probe");
		escape_json(out, slice_z(config->modules[i]->word));
		str_addc(out, '}');
	}
	str_addc(out, ']');
}

/* What the causes mean, for a page that has not been told yet. */
static void
causes(struct str *out)
{
	key(out, "causes");
	for (enum cause cause = CAUSE_NONE + 1; cause < CAUSES; cause++) {
		str_addz(out, cause == CAUSE_NONE + 1 ? "{" : ",");
		escape_json(out, slice_z(cause_infos[cause].name));
		str_addc(out, ':');
		escape_json(out, slice_z(cause_infos[cause].meaning));
	}
	str_addc(out, '}');
}

static void
targets(struct str *out, const struct schedule_view *view, uint64_t since)
{
	const char *between = "";

	key(out, "targets");
	str_addc(out, '[');
	for (size_t i = 0; i < view->n; i++) {
		struct record *record = view->records[i];

		pthread_mutex_lock(&record->lock);
		if (record->sequence > since) {
			str_addz(out, between);
			str_addc(out, '{');
			members(out, view->config->targets[i], record);
			str_addc(out, '}');
			between = ",";
		}
		pthread_mutex_unlock(&record->lock);
	}
	str_addc(out, ']');
}

static void
render_status(struct job *job)
{
	struct request *request = (struct request *)job;
	struct arena *arena = arena_new(CEILING);
	uint64_t sequence = record_sequence(),
	         since = 0; /* before the view, not to miss a reload */
	struct schedule_view *view = schedule_view(request->http->exporter->schedule);
	struct str out = str_in(arena);

	if (!arena) {
		answer_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
		goto out;
	}
	slice_number(request_query(request, "since"), UINT64_MAX, &since);
	if (sequence < view->generation)
		sequence = view->generation;
	if (since < view->generation || since > sequence)
		since = 0;
	str_addc(&out, '{');
	exporter_members(&out, request, view->config);
	str_addf(&out, ",\"sequence\":%llu,\"complete\":%s", (unsigned long long)sequence,
	    since == 0 ? "true" : "false");
	if (since == 0)
		causes(&out);
	targets(&out, view, since);
	str_addz(&out, "}\n");
	answer_arena(request, MHD_HTTP_OK, "application/json", &out);
out:
	schedule_view_drop(view);
	request_resume(request);
}

void
handle_status(struct request *request)
{
	request_later(request, render_status);
}

static void
add_run(struct str *out, const struct record *record, const struct run *run)
{
	str_addz(out, "{\"time\":");
	seconds(out, run->time);
	key(out, "state");
	escape_json(out, slice_z(state_name(run->state)));
	key(out, "duration");
	escape_seconds(out, run->duration, 6);
	key(out, "phase");
	text_or_null(out, record_phase(record, run->phase));
	key(out, "cause");
	text_or_null(out, cause_of(run));
	key(out, "phases");
	str_addc(out, '{');
	for (size_t i = 0; i < run->lap_count; i++) {
		str_addz(out, i > 0 ? "," : "");
		escape_json(out, record_phase(record, run->laps[i].phase));
		str_addc(out, ':');
		escape_seconds(out, (span){ (int64_t)run->laps[i].us * 1000 }, 6);
	}
	str_addz(out, "}}");
}

static void
detail(struct str *out, const struct target *target, struct record *record)
{
	pthread_mutex_lock(&record->lock);
	str_addc(out, '{');
	members(out, target, record);
	key(out, "last");
	str_addz(out, record->last ? record->last : "null");
	key(out, "runs");
	str_addc(out, '[');
	for (size_t i = 0; i < record->kept_count; i++) {
		str_addz(out, i > 0 ? "," : "");
		add_run(out, record, record_kept(record, i));
	}
	str_addc(out, ']');
	key(out, "failures");
	str_addc(out, '[');
	for (size_t i = 0; i < FAILURES_KEPT && record->failed[i].json; i++) {
		str_addz(out, i > 0 ? ",{\"time\":" : "{\"time\":");
		seconds(out, record->failed[i].time);
		key(out, "result");
		str_addz(out, record->failed[i].json);
		str_addc(out, '}');
	}
	str_addz(out, "]}\n");
	pthread_mutex_unlock(&record->lock);
}

static void
render_target(struct job *job)
{
	struct request *request = (struct request *)job;
	struct arena *arena = arena_new(CEILING);
	struct schedule_view *view = schedule_view(request->http->exporter->schedule);
	const struct target *target = config_target(view->config, slice_z(request->name));
	struct str out = str_in(arena);

	if (!target || !arena) {
		answer_error(request, target ? MHD_HTTP_INTERNAL_SERVER_ERROR : MHD_HTTP_NOT_FOUND,
		    target ? "no memory" : "there is no target of that name");
		arena_free(arena);
	} else {
		detail(&out, target, view->records[target->index]);
		answer_arena(request, MHD_HTTP_OK, "application/json", &out);
	}
	schedule_view_drop(view);
	request_resume(request);
}

void
handle_target(struct request *request)
{
	request_later(request, render_target);
}
