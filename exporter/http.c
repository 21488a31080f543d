/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a request to the function that answers it. libmicrohttpd calls take() when the headers are
 * there, for each part of a body, when all has come, and again when a worker has resumed the
 * connection; with libmicrohttpd's word for it, a suspended connection is out of its thread's sight
 * until then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "request.h"
#include "scrape.h"

/*
 * What a connection may take for its request. Many wait at the same time, and what libmicrohttpd
 * has for one of them it clears, and so touches, when a kept connection begins the next request.
 */
enum { CONNECTION_MEMORY = 8192, CONNECTION_SECONDS = 120, SPARE_CONNECTIONS = 256 };

static void
add_refused(void *data, struct buffer *out)
{
	demand_refused(((struct http *)data)->demand, out);
}

slice
request_query(const struct request *request, const char *name)
{
	return slice_z(
	    MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name));
}

static void
suspend(struct request *request, struct pool *pool, void (*run)(struct job *))
{
	request->job.run = run;
	request->suspended = true;
	MHD_suspend_connection(request->connection);
	pool_submit(pool, &request->job);
}

void
request_later(struct request *request, void (*run)(struct job *))
{
	suspend(request, request->http->exporter->pages, run);
}

void
request_resume(struct request *request)
{
	MHD_resume_connection(request->connection);
}

/* On a worker: all of /metrics. */
static void
render_metrics(struct job *job)
{
	struct request *request = (struct request *)job;
	struct http *http = request->http;
	struct buffer *pieces = calloc(METRICS, sizeof *pieces);
	struct scrape_extra extra = { .queue_length = demand_waiting(http->demand),
		.requests = requests_lines,
		.refused = add_refused,
		.data = http };

	if (pieces)
		scrape(http->exporter, &extra, request->openmetrics, pieces);
	answer_pieces(request,
	    request->openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
	                         : "text/plain; version=0.0.4; charset=utf-8",
	    pieces, METRICS);
	request_resume(request);
}

/* On a worker: reads the configuration anew, and says what came of it. */
static void
reload(struct job *job)
{
	struct request *request = (struct request *)job;
	struct arena *arena = arena_new(64 << 20);
	struct problems problems = { .arena = arena };
	struct str text = str_in(arena);
	bool good = arena && exporter_reload(request->http->exporter, &problems);

	if (good)
		str_addz(&text, "reloaded\n");
	for (size_t i = 0; i < problems.sentences.n; i++) {
		str_add(&text, problems.sentences.items[i]);
		str_addc(&text, '\n');
	}
	if (arena)
		answer_arena(request, good ? MHD_HTTP_OK : MHD_HTTP_INTERNAL_SERVER_ERROR,
		    "text/plain; charset=utf-8", &text);
	else
		answer_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "no memory");
	request_resume(request);
}

/*
 * A page of somebody else's may make a browser ask for things here (CSRF), but not without saying
 * that it is another site's page that wants it.
 */
static bool
foreign(struct request *request)
{
	slice site = request_header(request, "Sec-Fetch-Site");
	slice origin = request_header(request, "Origin");
	size_t scheme = slice_find(origin, S("://"));

	if (slice_eqi(site, S("cross-site")) || slice_eqi(site, S("same-site")))
		return true;
	return origin.at
	    && (scheme == origin.n
	        || !slice_eqi(slice_skip(origin, scheme + 3), request_header(request, "Host")));
}

static bool
want_post(struct request *request)
{
	if (!request->post) {
		answer_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "only POST does this");
		add_header(request, "Allow", "POST");
	}
	return request->post;
}

static void
handle_target_post(struct request *request)
{
	slice name = slice_z(request->name), end = S("/run");
	char *target;

	if (!want_post(request))
		return;
	target = name.n > end.n && slice_eq(slice_skip(name, name.n - end.n), end)
	    ? strndup(name.at, name.n - end.n)
	    : NULL;
	if (target && schedule_hurry(request->http->exporter->schedule, slice_z(target)))
		answer_static(
		    request, MHD_HTTP_ACCEPTED, "application/json", "{\"accepted\":true}\n");
	else
		answer_error(request, MHD_HTTP_NOT_FOUND, "there is no target of that name");
	free(target);
}

static void
handle_ready(struct request *request)
{
	struct http *http = request->http;

	if (http->ready && !http->stopping)
		answer_static(request, MHD_HTTP_OK, "text/plain; charset=utf-8", "ready\n");
	else
		answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready");
}

static void
handle(struct request *request, const char *path)
{
	bool acts = request->post || request->handler == HANDLER_PROBE
	    || request->handler == HANDLER_API_PROBE;

	if (acts && foreign(request)) {
		answer_error(request, MHD_HTTP_FORBIDDEN, "this comes from another site's page");
		return;
	}
	switch (request->handler) {
	case HANDLER_PROBE:
	case HANDLER_API_PROBE:
		handle_probe(request);
		break;
	case HANDLER_METRICS:
		request_later(request, render_metrics);
		break;
	case HANDLER_HEALTHY:
		answer_static(request, MHD_HTTP_OK, "text/plain; charset=utf-8", "healthy\n");
		break;
	case HANDLER_READY:
		handle_ready(request);
		break;
	case HANDLER_RELOAD:
		if (want_post(request))
			request_later(request, reload);
		break;
	case HANDLER_STATUS:
		handle_status(request);
		break;
	case HANDLER_TARGET:
		if (request->post)
			handle_target_post(request);
		else
			handle_target(request);
		break;
	default:
		if (handle_asset(request, path))
			request->handler = HANDLER_PAGE;
		else
			answer_error(request, MHD_HTTP_NOT_FOUND, "there is nothing of that name");
	}
}

static enum handler
handler_of(struct request *request, const char *path)
{
	slice prefix = slice_z(handler_name(HANDLER_TARGET));

	if (slice_starts(slice_z(path), prefix)) {
		request->name = path + prefix.n;
		return HANDLER_TARGET;
	}
	for (enum handler handler = 0; handler < HANDLERS; handler++)
		if (strcmp(path, handler_name(handler)) == 0)
			return handler;
	return HANDLER_OTHER;
}

static void
route(struct request *request, const char *path, const char *method)
{
	request->post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	request->head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	if (!request->post && !request->head && strcmp(method, MHD_HTTP_METHOD_GET) != 0) {
		answer_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "GET, HEAD or POST");
		add_header(request, "Allow", "GET, HEAD, POST");
		return;
	}
	request->handler = handler_of(request, path);
	if (request->post && request->handler != HANDLER_RELOAD
	    && request->handler != HANDLER_TARGET) {
		answer_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "this cannot be posted to");
		add_header(request, "Allow", "GET, HEAD");
		return;
	}
	request_negotiate(request);
	handle(request, path);
}

/* On a worker: bcrypt takes its time. */
static void
verify(struct job *job)
{
	struct request *request = (struct request *)job;

	request->refused = !web_verify(request->web, request->claim);
	request->claim = NULL;
	request_resume(request);
}

/* Whether the request may pass. False: it was answered, or a worker looks at it. */
static bool
admit(struct request *request)
{
	enum web_access access;

	if (request->suspended) { /* a worker has looked */
		request->suspended = false;
		access = request->refused ? WEB_DENIED : WEB_GRANTED;
	} else
		access = web_access(request->web, request->connection, &request->claim);
	if (access == WEB_UNKNOWN) {
		suspend(request, request->http->exporter->passwords, verify);
		return false;
	}
	request->admitted = true;
	switch (access) {
	case WEB_GRANTED:
		return true;
	case WEB_FORBIDDEN: /* after a reload; a new connection may do better */
		answer_error(request, MHD_HTTP_FORBIDDEN, "a client certificate is wanted now");
		add_header(request, "Connection", "close");
		break;
	case WEB_LIMITED:
		answer_error(request, MHD_HTTP_TOO_MANY_REQUESTS, "too many requests");
		break;
	default:
		answer_error(request, MHD_HTTP_UNAUTHORIZED, "Unauthorized");
		add_header(request, "WWW-Authenticate", "Basic realm=\"mailprobe\"");
	}
	return false;
}

static enum MHD_Result
send_answer(struct request *request)
{
	enum MHD_Result result;

	if (!request->response)
		return MHD_NO;
	web_headers(request->web, request->response);
	if (request->http->stopping)
		add_header(request, "Connection", "close");
	result = MHD_queue_response(request->connection, request->status, request->response);
	MHD_destroy_response(request->response);
	request->response = NULL;
	requests_count(request->http, request->handler, request->status);
	return result;
}

static enum MHD_Result
take(void *data, struct MHD_Connection *connection, const char *path, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **context)
{
	struct request *request = *context;

	(void)version, (void)upload;
	if (!request) {
		if (!(request = calloc(1, sizeof *request)))
			return MHD_NO;
		request->http = data;
		request->connection = connection;
		request->handler = HANDLER_OTHER;
		request->web = exporter_web(request->http->exporter);
		*context = request;
		requests_begin(request->http);
		return MHD_YES;
	}
	if (*upload_size > 0) { /* nobody wants a body */
		*upload_size = 0;
		return MHD_YES;
	}
	if (!request->admitted) {
		if (admit(request))
			route(request, path, method);
		if (request->suspended)
			return MHD_YES;
	}
	return send_answer(request);
}

static void
over(void *data, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode why)
{
	struct request *request = *context;

	(void)data, (void)connection, (void)why;
	if (!request)
		return;
	if (request->response)
		MHD_destroy_response(request->response);
	probing_free(request->probing);
	web_drop(request->web);
	requests_end(request->http);
	free(request);
	*context = NULL;
}

static void
complain(void *data, const char *format, va_list arguments)
{
	char text[400];
	slice line;

	(void)data;
	vsnprintf(text, sizeof text, format, arguments);
	line = slice_trim(slice_z(text));
	if (line.n > 0 && line.at[line.n - 1] == '\n')
		line.n--;
	LOG(DEBUG, "http", { "error", line }, );
}

/* A NUL would end a name before its end: it becomes a character that none has. */
static size_t
unescape(void *data, struct MHD_Connection *connection, char *text)
{
	size_t n = MHD_http_unescape(text);

	(void)data, (void)connection;
	for (size_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = 0x7f;
	return n;
}

static bool
start_daemon(struct http *http, int socket)
{
	struct config *config = exporter_config(http->exporter);
	struct web *web = exporter_web(http->exporter);
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME
	    | MHD_USE_ERROR_LOG | MHD_USE_TURBO | web_flags(web);
	unsigned most = config->probes + config->queue + SPARE_CONNECTIONS;
	struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, take, http,
	    MHD_OPTION_EXTERNAL_LOGGER, complain, NULL, MHD_OPTION_LISTEN_SOCKET, socket,
	    MHD_OPTION_NOTIFY_COMPLETED, over, NULL, MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
	    MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)CONNECTION_SECONDS, MHD_OPTION_ARRAY, web_options(web), MHD_OPTION_END);

	config_drop(config);
	web_drop(web);
	if (daemon)
		http->daemons[http->daemon_count++] = daemon;
	return daemon != NULL;
}

struct http *
http_start(struct exporter *exporter, const int *sockets, size_t n, struct str *error)
{
	struct http *http = calloc(1, sizeof *http);

	if (!http || !(http->demand = demand_new())
	    || !(http->daemons = calloc(n, sizeof(struct MHD_Daemon *)))) {
		str_addz(error, "no memory");
		return NULL;
	}
	http->exporter = exporter;
	requests_setup(http);
	for (size_t i = 0; i < n; i++)
		if (!start_daemon(http, sockets[i])) {
			str_addz(error,
			    "libmicrohttpd cannot serve: too few descriptors, or TLS "
			    "parameters that GnuTLS does not take");
			return NULL;
		}
	return http;
}

void
http_tick(struct http *http)
{
	demand_sweep(http);
}

void
http_ready(struct http *http)
{
	http->ready = true;
}

void
http_stop(struct http *http)
{
	http->stopping = true;
	for (size_t i = 0; i < http->daemon_count; i++)
		MHD_quiesce_daemon(http->daemons[i]); /* its thread may be looking at the socket */
	demand_stop(http->demand);
}
