/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REQUEST_H
#define REQUEST_H

/* One HTTP request on its way, for the files that answer requests. */

#include "http.h"

/* What was asked for, as mailprobe_http_requests_total tells it. */
enum handler {
#define HANDLER(id, name, codes) HANDLER_##id,
#include "handlers.def"
#undef HANDLER
	HANDLERS
};

struct demand;

struct http {
	struct exporter *exporter;
	struct MHD_Daemon **daemons;
	size_t daemon_count;
	struct demand *demand;
	_Atomic bool ready, stopping;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t settled;
	unsigned open; /* requests that have begun and are not answered */
	struct counted {
		enum handler handler;
		unsigned status;
		uint64_t n;
	} * counts;
	size_t count_count;
};

struct request {
	struct job job; /* first: what a worker gets */
	struct http *http;
	struct MHD_Connection *connection;
	struct web *web;
	enum handler handler;
	bool post, head, openmetrics, gzip;
	bool suspended;          /* a worker has it, or had it until it resumed the connection */
	struct web_claim *claim; /* that a worker is to look at */
	bool refused;            /* the claim was wrong */
	bool admitted;
	const char *name; /* the rest of the path, where it names a target */
	unsigned status;
	struct MHD_Response *response; /* set: it can be sent */
	struct probing *probing;
};

/*
 * Answers with a text of so many pieces, which `release` frees with `owned` once they have been
 * sent, packed where the client likes it so. Whatever is wrong with memory becomes a 500.
 */
void answer(struct request *request, unsigned status, const char *type, const slice *pieces,
    size_t n, void (*release)(void *owned), void *owned);

/* A text in an arena, which goes with the answer. */
void answer_arena(struct request *request, unsigned status, const char *type, struct str *text);

/* A copy of it, so that the arena remains the caller's. */
void answer_copy(struct request *request, unsigned status, const char *type, struct str *text);

/*
 * 200 with so many buffers, which go with the answer, and with the array they stand in. One that
 * failed, or no array, is a 500.
 */
void answer_pieces(struct request *request, const char *type, struct buffer *buffers, size_t n);

/* A text that is always there. */
void answer_static(struct request *request, unsigned status, const char *type, const char *text);

/* What went wrong, as the path's users expect it: a line of text, or {"error":...} below /api/. */
void answer_error(struct request *request, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void add_header(struct request *request, const char *name, const char *value);

/*
 * Has `run` called by a worker, who sets the response and calls request_resume(). From now on the
 * request is the worker's.
 */
void request_later(struct request *request, void (*run)(struct job *));
void request_resume(struct request *request);

/* Reads what the client takes: sets request->openmetrics and ->gzip. */
void request_negotiate(struct request *request);

/* A header field, the first query parameter of that name; missing when there is none. */
slice request_header(const struct request *request, const char *name);
slice request_query(const struct request *request, const char *name);

/* "/metrics": what it is counted under, and the path that leads to it. */
const char *handler_name(enum handler handler);

/* How many requests there are and have been: see requests.c. The last is for scrape(). */
void requests_setup(struct http *http);
void requests_begin(struct http *http);
void requests_end(struct http *http);
void requests_count(struct http *http, enum handler handler, unsigned status);
void requests_lines(void *http, struct buffer *out);

/* /probe and /api/v1/probe: see demand.c. */
void handle_probe(struct request *request);
struct demand *demand_new(void);
void demand_stop(struct demand *demand); /* answers all that wait */
void demand_sweep(struct http *http);    /* those that have waited too long; begins what may */
unsigned demand_waiting(struct demand *demand);
void demand_refused(struct demand *demand, struct buffer *out);
void probing_free(struct probing *probing);

/* The data of the page: see api.c. */
void handle_status(struct request *request);
void handle_target(struct request *request);

/* The page and its files: see assets.c. Whether there is one of that name. */
bool handle_asset(struct request *request, const char *path);

#endif
