/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probes on demand. Who may be probed is judged three times: the module by its name, the target by
 * the name asked for, before anything is done, and by every address it has, once they are known and
 * before a packet leaves; the probe then connects to the addresses that were judged and no others.
 *
 * So many run at a time, so many wait, and the rest is told to come again. The clock of a scrape
 * runs from its arrival: what waiting took is not there for the probe any more.
 */
#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "render.h"
#include "request.h"

enum { RUN_CEILING = 512 << 20, TARGET_LIMIT = 300 };

/* What a scrape's timeout leaves for the answer to come back, as in blackbox_exporter. */
static const double OFFSET = 0.5;

enum refusal { REFUSAL_QUEUE, REFUSAL_FORBIDDEN, REFUSAL_BUSY, REFUSAL_RATE, REFUSALS };

static const char *const refusals[REFUSALS] = {
	[REFUSAL_QUEUE] = "queue_full",
	[REFUSAL_FORBIDDEN] = "forbidden",
	[REFUSAL_BUSY] = "host_concurrency",
	[REFUSAL_RATE] = "host_rate",
};

struct demand {
	pthread_mutex_t lock;
	unsigned running, waiting;
	struct request *first, **last; /* by probing->next */
	bool stopping;
	uint64_t refused[REFUSALS];
};

struct probing {
	struct request *next;
	struct config *config;
	const struct module *module;
	struct arena *arena;
	struct probe_opts *opts; /* in the arena, as all that is asked for */
	const char *host;        /* as it was asked for; what the gate knows it by */
	instant deadline;
	bool debug;
	_Atomic bool forbidden; /* an address was refused; a domain's servers have threads */
};

struct demand *
demand_new(void)
{
	struct demand *demand = calloc(1, sizeof *demand);

	if (!demand)
		return NULL;
	pthread_mutex_init(&demand->lock, NULL);
	demand->last = &demand->first;
	return demand;
}

void
probing_free(struct probing *probing)
{
	if (!probing)
		return;
	config_drop(probing->config);
	arena_free(probing->arena);
	free(probing);
}

unsigned
demand_waiting(struct demand *demand)
{
	unsigned waiting;

	pthread_mutex_lock(&demand->lock);
	waiting = demand->waiting;
	pthread_mutex_unlock(&demand->lock);
	return waiting;
}

void
demand_refused(struct demand *demand, struct buffer *out)
{
	uint64_t refused[REFUSALS];

	pthread_mutex_lock(&demand->lock);
	memcpy(refused, demand->refused, sizeof refused);
	pthread_mutex_unlock(&demand->lock);
	for (size_t i = 0; i < REFUSALS; i++)
		buffer_addf(out, "%s{reason=\"%s\"} %llu\n", metric_infos[METRIC_REFUSED].name,
		    refusals[i], (unsigned long long)refused[i]);
}

static void
count_refusal(struct demand *demand, enum refusal refusal)
{
	pthread_mutex_lock(&demand->lock);
	demand->refused[refusal]++;
	pthread_mutex_unlock(&demand->lock);
}

/* Whole seconds to come again after, one at least (RFC 9110 section 10.2.3). */
static void
retry_after(struct request *request, span wait)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)(wait.ns / 1000000000 + 1));
	add_header(request, "Retry-After", text);
}

static void
forbid(struct request *request, const char *what)
{
	count_refusal(request->http->demand, REFUSAL_FORBIDDEN);
	answer_error(request, MHD_HTTP_FORBIDDEN,
	    "%s is not among the allowed_targets of module %s", what,
	    request->probing->module->name);
}

/* For conn_open(): each address of the target, before any is connected to. */
static bool
allows(void *data, const struct sockaddr *address)
{
	struct probing *probing = data;
	bool allowed = allowed_address(&probing->module->allowed, probing->host, address);

	if (!allowed)
		probing->forbidden = true;
	return allowed;
}

/* The transcript as comments, which a scraper reads over. */
static void
add_transcript(struct str *out, const struct result *result)
{
	for (size_t i = 0; i < result->transcript_count; i++) {
		const struct transcript_line *line = &result->transcript[i];

		str_addf(out, "# %8.3f %c ",
		    span_as_seconds(span_between(result->start, line->when)), line->from);
		escape_text(out, line->text);
		str_addc(out, '\n');
	}
}

static void
render(struct request *request, struct result *result)
{
	struct probing *probing = request->probing;
	struct str out = str_in(result->arena);
	bool json = request->handler == HANDLER_API_PROBE;
	bool openmetrics = request->openmetrics && !probing->debug;
	const char *type = json ? "application/json"
	    : openmetrics       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
	                        : "text/plain; version=0.0.4; charset=utf-8";

	if (json)
		render_json(result, &out);
	else {
		add_transcript(&out, result);
		(openmetrics ? render_openmetrics : render_prometheus)(result, &out);
	}
	answer_copy(request, MHD_HTTP_OK, type, &out);
}

/*
 * Returns what is torn down when the answer is on its way: of a run that said goodbye to a server
 * that is well. All others are done with the server by then, for whoever asks again at once.
 */
static struct session *
run(struct request *request, struct arena *arena)
{
	struct probing *probing = request->probing;
	const struct permit permit = { allows, probing };
	struct probe_opts *opts = probing->opts;
	span left = span_between(clock_now(), probing->deadline);
	struct session *session;

	if (left.ns < 10000000) {
		answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE,
		    "the probe waited for its turn until there was no time left");
		return NULL;
	}
	opts->timeout.after = left.ns < opts->timeout.after.ns ? left : opts->timeout.after;
	if (!probing->module->type->side)
		opts->permit = &permit;
	opts->transcript = probing->debug || request->handler == HANDLER_API_PROBE;
	session = session_talk(probing->module->type, opts, arena);
	if (!session) {
		answer_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
		return NULL;
	}
	judge(session->result, &opts->thresholds);
	if (session->result->verdict.state != STATE_OK)
		session_close(session);
	if (probing->forbidden)
		forbid(request, "an address of the target");
	else
		render(request, session->result);
	return session;
}

/* The one that waits longest, if another may begin. The lock is held. */
static struct request *
next(struct demand *demand, unsigned limit)
{
	struct request *request = demand->first;

	if (!request || demand->running >= limit)
		return NULL;
	demand->first = request->probing->next;
	if (!demand->first)
		demand->last = &demand->first;
	demand->waiting--;
	demand->running++;
	return request;
}

/* Has as many begin as may now: a reload may have changed how many that is. */
static void
begin_more(struct http *http)
{
	struct config *config = exporter_config(http->exporter);
	struct demand *demand = http->demand;
	struct request *request;

	do {
		pthread_mutex_lock(&demand->lock);
		request = demand->stopping ? NULL : next(demand, config->probes);
		pthread_mutex_unlock(&demand->lock);
		if (request)
			pool_submit(http->exporter->pool, &request->job);
	} while (request);
	config_drop(config);
}

/* On a worker. */
static void
work(struct job *job)
{
	struct request *request = (struct request *)job;
	struct http *http = request->http;
	struct demand *demand = http->demand;
	struct arena *arena = request->probing->arena;
	struct session *session;
	bool alone;

	request->probing->arena = NULL; /* the request is gone before what is in there */
	session = run(request, arena);
	gate_leave(http->exporter->gate, request->probing->host);
	pthread_mutex_lock(&demand->lock);
	alone = --demand->running == 0;
	pthread_mutex_unlock(&demand->lock);
	request_resume(request);
	begin_more(http);
	if (alone)
		sched_yield(); /* to the thread that sends the answer, and not to another probe */
	session_close(session);
	arena_free(arena);
}

/* Runs it now, lets it wait, or sends it away. */
static void
enter(struct request *request)
{
	struct http *http = request->http;
	struct demand *demand = http->demand;
	const struct config *config = request->probing->config;
	bool now, later;

	request->job.run = work;
	pthread_mutex_lock(&demand->lock);
	now = !demand->stopping && demand->running < config->probes;
	later = !demand->stopping && !now && config->probes > 0 && demand->waiting < config->queue;
	if (now || later) {
		request->suspended = true;
		MHD_suspend_connection(request->connection);
	}
	if (now)
		demand->running++;
	if (later) {
		*demand->last = request;
		demand->last = &request->probing->next;
		demand->waiting++;
	}
	demand->refused[REFUSAL_QUEUE] += !now && !later;
	pthread_mutex_unlock(&demand->lock);
	if (now)
		pool_submit(http->exporter->pool, &request->job);
	if (now || later)
		return;
	gate_leave(http->exporter->gate, request->probing->host);
	answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "the queue is full: come again later");
	add_header(request, "Retry-After", "1");
}

/* Takes those whose time is over out of the queue. */
static struct request *
expired(struct demand *demand)
{
	struct request *late = NULL, **link;
	instant now = clock_now();

	pthread_mutex_lock(&demand->lock);
	for (link = &demand->first; *link;) {
		struct request *request = *link;

		if (instant_before(now, request->probing->deadline)) {
			link = &request->probing->next;
			continue;
		}
		*link = request->probing->next;
		request->probing->next = late;
		late = request;
		demand->waiting--;
	}
	demand->last = link;
	pthread_mutex_unlock(&demand->lock);
	return late;
}

void
demand_sweep(struct http *http)
{
	struct request *request = expired(http->demand), *following;

	begin_more(http);

	for (; request; request = following) {
		following = request->probing->next;
		gate_leave(request->http->exporter->gate, request->probing->host);
		answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE,
		    "the probe waited for its turn until there was no time left");
		request_resume(request);
	}
}

void
demand_stop(struct demand *demand)
{
	struct request *request, *following;

	pthread_mutex_lock(&demand->lock);
	demand->stopping = true;
	request = demand->first;
	demand->first = NULL;
	demand->last = &demand->first;
	demand->waiting = 0;
	pthread_mutex_unlock(&demand->lock);
	for (; request; request = following) {
		following = request->probing->next;
		answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "the exporter is stopping");
		request_resume(request);
	}
}

/* "9.5": how long the scraper waits; 0 when it does not say. */
static double
scrape_timeout(struct request *request)
{
	const char *text = MHD_lookup_connection_value(
	    request->connection, MHD_HEADER_KIND, "X-Prometheus-Scrape-Timeout-Seconds");
	span timeout;

	if (!text || !isdigit((unsigned char)*text) || !span_parse(slice_z(text), &timeout))
		return 0;
	return span_as_seconds(timeout);
}

static void
set_deadline(struct request *request)
{
	struct probing *probing = request->probing;
	double own = span_as_seconds(probing->module->opts->timeout.after);
	double scrape = scrape_timeout(request);
	double timeout = own;

	if (scrape > 0) {
		double usable = scrape > 2 * OFFSET ? scrape - OFFSET : scrape / 2;

		timeout = usable < own ? usable : own;
	}
	probing->deadline = instant_after(clock_now(), span_seconds(timeout));
}

/* Target and module, as far as they can be judged without asking anybody. False: answered. */
static bool
understand(struct request *request)
{
	struct probing *probing = request->probing;
	slice target = request_query(request, "target"), module = request_query(request, "module");
	struct str error = str_in(probing->arena);
	const char *host = NULL;
	unsigned port = 0;

	if (module.n == 0) {
		answer_error(request, MHD_HTTP_BAD_REQUEST,
		    "module: is missing: write module=NAME, one of the configuration's");
		return false;
	}
	probing->module = config_module(probing->config, module);
	if (!probing->module) {
		answer_error(request, MHD_HTTP_BAD_REQUEST, "module: there is none of that name");
		return false;
	}
	if ((target.n == 0 && !probing->module->type->side) || target.n > TARGET_LIMIT) {
		answer_error(request, MHD_HTTP_BAD_REQUEST, "target: %s",
		    target.n == 0 ? "is missing: write target=HOST or target=HOST:PORT"
		                  : "is too long");
		return false;
	}
	if (target.n == 0 || target_parse(target, probing->arena, &host, &port, &error))
		probing->opts = config_aim(probing->module, host, port, probing->arena, &error);
	if (!probing->opts) {
		answer_error(request, MHD_HTTP_BAD_REQUEST, "target: %s", str_z(&error));
		return false;
	}
	probing->host = probing->opts->host; /* without brackets */
	if (probing->module->type->side      /* it is the configuration that says whom to talk to */
	    || allowed_name(&probing->module->allowed, probing->host))
		return true;
	forbid(request, "the target");
	return false;
}

void
handle_probe(struct request *request)
{
	struct probing *probing = calloc(1, sizeof *probing);
	struct http *http = request->http;
	enum gate_answer gate;
	span wait;

	request->probing = probing;
	if (!probing || !(probing->arena = arena_new(RUN_CEILING))) {
		answer_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
		return;
	}
	probing->config = exporter_config(http->exporter);
	probing->debug = slice_eq(request_query(request, "debug"), S("true"));
	if (!understand(request))
		return;
	set_deadline(request);
	gate = gate_enter(http->exporter->gate, probing->host, &wait);
	if (gate == GATE_OPEN) {
		enter(request);
		return;
	}
	count_refusal(http->demand, gate == GATE_BUSY ? REFUSAL_BUSY : REFUSAL_RATE);
	answer_error(request, MHD_HTTP_TOO_MANY_REQUESTS,
	    gate == GATE_BUSY ? "too many probes of this host are under way (host_concurrency)"
	                      : "this host is probed too often (host_rate)");
	retry_after(request, wait);
}
