/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file as a whole: what it says about HTTP, and the order in which a request is looked at. TLS
 * is in web_tls.c, the reading of its part in web_tls_read.c, users are in web_users.c.
 */
#include "web_private.h"

#include <stdatomic.h>

enum { MEMORY_CEILING = 256 << 20, CLEAR_CEILING = 1 << 16, BURST_MAX = 1000000 };

static bool
read_http2(void *into, const struct node *node)
{
	bool ignored; /* HTTP/1.1 is what every client of HTTP/2 can talk as well */

	return tree_flag(node, &ignored, ((struct web_reader *)into)->problems);
}

/* Missing and empty values mean: do not send it. */
static bool
read_header(struct web_reader *r, const struct node *node, const char *const *words)
{
	struct web_header *header = &r->web->headers[r->web->header_count];
	struct str choice = str_in(r->arena);
	const char *value;

	if (node->kind == NODE_SCALAR && node->text.n == 0)
		return true;
	if (!tree_text(node, &value, r->problems))
		return false;
	for (size_t i = 0; words && words[i]; i++) {
		if (strcmp(value, words[i]) == 0)
			words = NULL;
		else
			str_addf(&choice, "%s%s", i > 0 ? " or " : "", words[i]);
	}
	if (words)
		return tree_wrong(
		    r->problems, node, "is \"%.80s\": write %s", value, str_z(&choice));
	if (r->web->header_count == WEB_HEADERS_MAX) /* one stands there twice: told already */
		return false;
	*header = (struct web_header){ node->key.at, value };
	r->web->header_count++;
	return true;
}

static bool
read_any_header(void *into, const struct node *node)
{
	return read_header(into, node, NULL);
}

static bool
read_frame_options(void *into, const struct node *node)
{
	static const char *const words[] = { "deny", "sameorigin", NULL };

	return read_header(into, node, words);
}

static bool
read_type_options(void *into, const struct node *node)
{
	static const char *const words[] = { "nosniff", NULL };

	return read_header(into, node, words);
}

static bool
read_headers(void *into, const struct node *node)
{
	static const struct tree_key keys[WEB_HEADERS_MAX + 1] = {
		{ "Content-Security-Policy", read_any_header },
		{ "X-Frame-Options", read_frame_options },
		{ "X-Content-Type-Options", read_type_options },
		{ "X-XSS-Protection", read_any_header },
		{ "Strict-Transport-Security", read_any_header },
		{ NULL, NULL },
	};

	return tree_map(node, keys, into, ((struct web_reader *)into)->problems);
}

static bool
read_http(void *into, const struct node *node)
{
	static const struct tree_key keys[] = {
		{ "http2", read_http2 },
		{ "headers", read_headers },
		{ NULL, NULL },
	};

	return tree_map(node, keys, into, ((struct web_reader *)into)->problems);
}

/* A bare number would be nanoseconds to the toolkit, and seconds everywhere else here. */
static bool
read_interval(void *into, const struct node *node)
{
	struct web_reader *r = into;
	uint64_t number;

	r->interval = node;
	if (node->kind == NODE_SCALAR && slice_number(node->text, UINT64_MAX, &number)
	    && number > 0)
		return tree_wrong(r->problems, node, "has no unit: write 1s, 500ms or 0");
	return tree_span(node, &r->web->interval, r->problems);
}

static bool
read_burst(void *into, const struct node *node)
{
	struct web_reader *r = into;
	uint64_t number;

	r->burst = node;
	if (!tree_number(node, BURST_MAX, &number, r->problems))
		return false;
	r->web->burst = (double)number;
	return true;
}

static bool
read_limit(void *into, const struct node *node)
{
	static const struct tree_key keys[] = {
		{ "interval", read_interval },
		{ "burst", read_burst },
		{ NULL, NULL },
	};
	struct web_reader *r = into;

	if (!tree_map(node, keys, r, r->problems))
		return false;
	if (!r->interval)
		return tree_wrong(r->problems, node, "interval is missing: write 1s, or 0 for any");
	if (r->web->interval.ns > 0 && r->web->burst < 1)
		return tree_wrong(r->problems, r->burst ? r->burst : node,
		    "nobody could ask for anything: write burst: 1 or more");
	r->web->tokens = r->web->burst;
	r->web->counted = clock_now();
	return true;
}

static bool
read_all(struct web *web, const char *path, struct problems *problems)
{
	static const struct tree_key keys[] = {
		{ "tls_server_config", web_read_tls },
		{ "http_server_config", read_http },
		{ "basic_auth_users", web_read_users },
		{ "rate_limit", read_limit },
		{ NULL, NULL },
	};
	struct web_reader r = { .web = web, .arena = web->arena, .problems = problems };
	size_t before = problems_count(problems);
	const struct node *root = tree_read(path, web->arena, problems);
	bool good;

	if (!root)
		return false;
	good = tree_map(root, keys, &r, problems);
	if (arena_failed(web->arena))
		list_add(problems->arena, &problems->sentences,
		    str_f(problems->arena, "%s: no memory for it", path));
	/* A key that stands twice is a problem that only the list of them tells. */
	return good && problems_count(problems) == before;
}

struct web *
web_read(const char *path, struct problems *problems)
{
	struct arena *arena = arena_new(path ? MEMORY_CEILING : CLEAR_CEILING);
	struct web *web = arena ? arena_alloc(arena, sizeof *web) : NULL;

	problems->path = path;
	if (!web) {
		arena_free(arena);
		list_add(problems->arena, &problems->sentences, S("no memory"));
		return NULL;
	}
	web->arena = arena;
	web->references = 1;
	pthread_mutex_init(&web->lock, NULL);
	if (!path || read_all(web, path, problems))
		return web;
	web_drop(web);
	return NULL;
}

struct web *
web_hold(struct web *web)
{
	atomic_fetch_add_explicit(&web->references, 1, memory_order_relaxed);
	return web;
}

void
web_drop(struct web *web)
{
	if (!web || atomic_fetch_sub_explicit(&web->references, 1, memory_order_acq_rel) > 1)
		return;
	web_tls_free(web->tls);
	pthread_mutex_destroy(&web->lock);
	arena_free(web->arena);
}

bool
web_tls(const struct web *web)
{
	return web->tls != NULL;
}

unsigned
web_flags(const struct web *web)
{
	return web->tls ? MHD_USE_TLS : 0;
}

const struct MHD_OptionItem *
web_options(struct web *web)
{
	static const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	if (!web->tls)
		return none;
	web_tls_options(web->tls);
	return web->tls->options;
}

void
web_headers(const struct web *web, struct MHD_Response *response)
{
	for (size_t i = 0; i < web->header_count; i++) {
		const struct web_header *header = &web->headers[i];
		const char *there = MHD_get_response_header(response, header->name);

		if (there && strcmp(there, header->value) == 0)
			continue;
		if (there && strcmp(header->name, "Content-Security-Policy") != 0)
			MHD_del_response_header(response, header->name, there);
		MHD_add_response_header(response, header->name, header->value);
	}
}

/* A token falls into the bucket each interval, and a request takes one out. */
static bool
spent(struct web *web)
{
	bool empty;
	instant now;

	if (web->interval.ns <= 0)
		return false;
	pthread_mutex_lock(&web->lock);
	now = clock_now();
	web->tokens += span_as_seconds(span_between(web->counted, now))
	    / span_as_seconds(web->interval);
	web->counted = now;
	if (web->tokens > web->burst)
		web->tokens = web->burst;
	empty = web->tokens < 1;
	if (!empty)
		web->tokens -= 1;
	pthread_mutex_unlock(&web->lock);
	return empty;
}

enum web_access
web_access(struct web *web, struct MHD_Connection *connection, struct web_claim **claim)
{
	slice header = { NULL, 0 };

	if (spent(web))
		return WEB_LIMITED;
	if (web->tls && !web_tls_client(web->tls, connection))
		return WEB_FORBIDDEN;
	MHD_lookup_connection_value_n(connection, MHD_HEADER_KIND, "Authorization",
	    sizeof "Authorization" - 1, &header.at, &header.n);
	return web_users_access(web, header, claim);
}
