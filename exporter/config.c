/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file as a whole, its targets, and what all of it adds up to. Reading goes on behind an error,
 * so that one attempt shows all of them; a file with any is refused whole.
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "conn.h"
#include "escape.h"
#include "mailbox.h"
#include "metrics.h"

/* Bounds a file of some hundred thousand targets. */
enum { MEMORY_CEILING = 2047 << 20 };

enum { HISTORY = 120, PROBES = 64, QUEUE = 256, HOST_PROBES = 10, HOST_RATE = 10 };

/* Threads that are there beside the schedule's and /probe's: for pages, reloads, passwords. */
enum { SPARE_WORKERS = 4, WORKERS_MAX = 30000 };

static const double default_buckets[] = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
	30 };

struct reader {
	struct config *config;
	struct arena *arena;
	struct problems *problems;
	const struct node *targets;
};

static bool
read_history(void *into, const struct node *node)
{
	struct reader *r = into;
	uint64_t number;

	if (!tree_number(node, 10000, &number, r->problems))
		return false;
	r->config->history = number ? (unsigned)number : 1;
	return true;
}

static bool
read_limit(struct reader *r, const struct node *node, uint64_t max, unsigned *limit)
{
	uint64_t number;

	if (!tree_number(node, max, &number, r->problems))
		return false;
	*limit = (unsigned)number;
	return true;
}

static bool
read_probes(void *into, const struct node *node)
{
	struct reader *r = into;

	return read_limit(r, node, WORKERS_MAX, &r->config->probes);
}

static bool
read_queue(void *into, const struct node *node)
{
	struct reader *r = into;

	return read_limit(r, node, 1000000, &r->config->queue);
}

static bool
read_host_probes(void *into, const struct node *node)
{
	struct reader *r = into;

	return read_limit(r, node, WORKERS_MAX, &r->config->host_probes);
}

static bool
read_host_rate(void *into, const struct node *node)
{
	struct reader *r = into;
	unsigned rate;

	if (!read_limit(r, node, 1000000, &rate))
		return false;
	r->config->host_rate = rate;
	return true;
}

static bool
read_limits(void *into, const struct node *node)
{
	static const struct tree_key keys[] = {
		{ "probes", read_probes },
		{ "queue", read_queue },
		{ "host_concurrency", read_host_probes },
		{ "host_rate", read_host_rate },
		{ NULL, NULL },
	};

	return tree_map(node, keys, into, ((struct reader *)into)->problems);
}

static bool
read_buckets(void *into, const struct node *node)
{
	struct reader *r = into;
	struct config *config = r->config;

	config->bucket_count = 0;
	if (node->kind != NODE_LIST)
		return tree_wrong(r->problems, node, "is no list: write [0.01, 0.1, 1]");
	for (const struct node *item = node->first; item; item = item->next) {
		size_t n = config->bucket_count;

		if (n == BUCKETS_MAX)
			return tree_wrong(
			    r->problems, item, "is one bucket too many: write %d", BUCKETS_MAX);
		if (!tree_span(item, &config->buckets[n], r->problems))
			return false;
		if (config->buckets[n].ns <= (n > 0 ? config->buckets[n - 1].ns : 0))
			return tree_wrong(r->problems, item, "does not rise");
		config->bucket_count++;
	}
	return true;
}

static bool
read_metrics(void *into, const struct node *node)
{
	static const struct tree_key keys[] = { { "buckets", read_buckets }, { NULL, NULL } };

	return tree_map(node, keys, into, ((struct reader *)into)->problems);
}

/*
 * Adds what stands below `node` in one form, whatever form it was written in: as JSON, so that no
 * two things look the same.
 */
static void
canonical(struct str *out, const struct node *node)
{
	bool map = node->kind == NODE_MAP;

	if (node->kind == NODE_SCALAR) {
		if (node->text.at)
			escape_json(out, node->text);
		else
			str_addz(out, "null");
		return;
	}
	str_addc(out, map ? '{' : '[');
	for (const struct node *child = node->first; child; child = child->next) {
		str_addz(out, child == node->first ? "" : ",");
		if (map) {
			escape_json(out, child->key);
			str_addc(out, ':');
		}
		canonical(out, child);
	}
	str_addc(out, map ? '}' : ']');
}

static int
module_order(const void *a, const void *b)
{
	return strcmp((*(struct module *const *)a)->name, (*(struct module *const *)b)->name);
}

static struct module *
add_module(struct reader *r, const struct node *node, const char *name)
{
	struct module *module = arena_alloc(r->arena, sizeof *module);
	struct str text = str_in(r->arena);

	if (!module || !name)
		return NULL;
	module->name = name;
	canonical(&text, node);
	module->text = str_slice(&text);
	r->config->modules[r->config->module_count++] = module;
	return module;
}

/* The mailbox of a receiver is opened once, for all who send to it. */
static bool
open_mailbox(struct module *module, struct mailbox **mailbox)
{
	module->keeps = !*mailbox;
	if (!*mailbox)
		*mailbox = mailbox_new(module->opts);
	module->mailbox = *mailbox;
	return *mailbox;
}

static bool
some(struct reader *r, const struct node *module, const struct node *node, const char *key)
{
	if (node && node->kind == NODE_MAP && node->first)
		return true;
	return tree_wrong(r->problems, node ? node : module,
	    node ? "is no mapping with anything in it: write %s: {NAME: {url: ...}}"
	         : "has no `%s`: write %s: {NAME: {url: ...}}",
	    key, key);
}

/* A module of senders and receivers is one for each pair, NAME:SENDER:RECEIVER. */
static bool
read_pairs(struct reader *r, const struct node *node)
{
	const struct node *senders = tree_child(node, "senders");
	const struct node *receivers = tree_child(node, "receivers");
	bool good = true;

	if (!some(r, node, senders, "senders") | !some(r, node, receivers, "receivers"))
		return add_module(r, node, node->key.at) && false; /* so that targets find it */
	for (const struct node *to = receivers->first; to; to = to->next) {
		struct mailbox *mailbox = NULL;

		for (const struct node *from = senders->first; from; from = from->next) {
			struct module *module = add_module(r, node,
			    str_f(r->arena, "%s:%s:%s", node->key.at, from->key.at, to->key.at).at);

			if (!module)
				return false;
			module->mesh = node->key.at;
			module->sender = from->key.at;
			module->receiver = to->key.at;
			if (!config_read_module(module, node, from, to, r->arena, r->problems))
				good = false;
			else if (mailbox_shareable(module->opts) && !open_mailbox(module, &mailbox))
				return false;
		}
	}
	return good;
}

static bool
is_mesh(const struct node *node)
{
	return node->kind == NODE_MAP
	    && (tree_child(node, "senders") || tree_child(node, "receivers"));
}

/* As many modules as there can be: of pairs, their product. */
static size_t
count_modules(const struct node *node)
{
	size_t n = 0;

	for (const struct node *child = node->first; child; child = child->next) {
		const struct node *senders = is_mesh(child) ? tree_child(child, "senders") : NULL;
		const struct node *receivers = senders ? tree_child(child, "receivers") : NULL;

		n += receivers ? tree_count(senders) * tree_count(receivers) : 1;
	}
	return n;
}

static bool
read_modules(void *into, const struct node *node)
{
	struct reader *r = into;
	struct config *config = r->config;
	bool good = true;

	if (node->kind != NODE_MAP)
		return tree_wrong(r->problems, node, "is no mapping: write NAME: {probe: smtp}");
	config->modules = arena_array(r->arena, count_modules(node) + 1, sizeof(void *));
	for (const struct node *child = node->first; child && config->modules;
	     child = child->next) {
		struct module *module;

		if (is_mesh(child)) {
			good &= read_pairs(r, child);
			continue;
		}
		if (!(module = add_module(r, child, child->key.at)))
			return false;
		good &= config_read_module(module, child, NULL, NULL, r->arena, r->problems);
	}
	if (config->modules)
		qsort(config->modules, config->module_count, sizeof(void *), module_order);
	return good;
}

/* Only where they stand: modules have to be known first. */
static bool
find_targets(void *into, const struct node *node)
{
	struct reader *r = into;

	r->targets = node;
	return node->kind == NODE_LIST
	    || tree_wrong(r->problems, node, "is no list: write - {name: mx1, target: HOST, ...}");
}

static void
count_workers(struct config *config)
{
	double sum = 0;

	for (size_t i = 0; i < config->target_count; i++)
		sum += span_as_seconds(config->targets[i]->module->opts->timeout.after)
		    / span_as_seconds(config->targets[i]->interval);
	sum += config->probes + SPARE_WORKERS + 1; /* a part of one is one */
	config->workers = sum < WORKERS_MAX ? (unsigned)sum : WORKERS_MAX;
}

static bool
read_all(struct config *config, struct problems *problems)
{
	static const struct tree_key keys[] = {
		{ "history", read_history },
		{ "limits", read_limits },
		{ "metrics", read_metrics },
		{ "modules", read_modules },
		{ "targets", find_targets },
		{ NULL, NULL },
	};
	struct reader r = { .config = config, .arena = config->arena, .problems = problems };
	const struct node *root = tree_read(config->path, config->arena, problems);
	bool good;

	if (!root)
		return false;
	good = tree_map(root, keys, &r, problems);
	if (r.targets && r.targets->kind == NODE_LIST)
		good &= config_read_targets(config, r.targets, problems);
	if (good && arena_failed(config->arena)) {
		list_add(problems->arena, &problems->sentences,
		    str_f(problems->arena, "%s: no memory for it", config->path));
		good = false;
	}
	if (good)
		count_workers(config);
	return good;
}

struct config *
config_read(const char *path, struct problems *problems)
{
	struct arena *arena = arena_new(MEMORY_CEILING);
	struct config *config = arena ? arena_alloc(arena, sizeof *config) : NULL;
	size_t before = problems_count(problems); /* the tree has complaints of its own */

	problems->path = path;
	if (!config) {
		arena_free(arena);
		list_add(problems->arena, &problems->sentences, S("no memory"));
		return NULL;
	}
	*config = (struct config){
		.arena = arena,
		.references = 1,
		.path = arena_copy(arena, slice_z(path)).at,
		.bucket_count = sizeof default_buckets / sizeof default_buckets[0],
		.history = HISTORY,
		.probes = PROBES,
		.queue = QUEUE,
		.host_probes = HOST_PROBES,
		.host_rate = HOST_RATE,
	};
	for (size_t i = 0; i < config->bucket_count; i++)
		config->buckets[i] = span_seconds(default_buckets[i]);
	if (read_all(config, problems) && problems_count(problems) == before)
		return config;
	config_drop(config);
	return NULL;
}

struct config *
config_hold(struct config *config)
{
	atomic_fetch_add_explicit(&config->references, 1, memory_order_relaxed);
	return config;
}

/* Goodbyes are said by servers' clocks: nobody who drops a configuration waits for them. */
static void *
dismantle(void *data)
{
	struct config *config = data;

	for (size_t i = 0; i < config->module_count; i++)
		config_unshare(config->modules[i]);
	arena_free(config->arena);
	return NULL;
}

void
config_drop(struct config *config)
{
	pthread_t thread;

	if (!config || atomic_fetch_sub_explicit(&config->references, 1, memory_order_acq_rel) > 1)
		return;
	config_leave(config);
	if (config_left(config, clock_now())
	    || pthread_create(&thread, NULL, dismantle, config) != 0)
		dismantle(config);
	else
		pthread_detach(thread);
}

void
config_leave(struct config *config)
{
	for (size_t i = 0; config && i < config->module_count; i++)
		if (config->modules[i]->keeps)
			mailbox_stop(config->modules[i]->mailbox);
}

bool
config_left(struct config *config, instant until)
{
	bool left = true;

	for (size_t i = 0; config && i < config->module_count; i++)
		if (config->modules[i]->keeps)
			left &= mailbox_ended(config->modules[i]->mailbox, until);
	return left;
}

const struct module *
config_module(const struct config *config, slice name)
{
	struct module key = { .name = name.at }, *wanted = &key;
	struct module **found = config->module_count == 0
	    ? NULL
	    : bsearch(&wanted, config->modules, config->module_count, sizeof(void *), module_order);

	return found ? *found : NULL;
}
