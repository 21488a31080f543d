/* SPDX-License-Identifier: BSD-2-Clause */
/* Targets: each checked as it will be run, with its module's options aimed at it. */
#include <stdlib.h>

#include "config.h"
#include "mailbox.h"
#include "metrics.h"

struct reader {
	struct config *config;
	struct arena *arena;
	struct problems *problems;
	struct target *target; /* that is being read */
	const char *module;
	const struct node *module_node;
};

static int
target_order(const void *a, const void *b)
{
	return strcmp((*(struct target *const *)a)->name, (*(struct target *const *)b)->name);
}

static bool
read_name(void *into, const struct node *node)
{
	struct reader *r = into;

	if (slice_eq(node->text, S(".")) || slice_eq(node->text, S("..")))
		return tree_wrong(
		    r->problems, node, "has no page of its own by that name: take another");
	return tree_text(node, &r->target->name, r->problems);
}

static bool
read_host(void *into, const struct node *node)
{
	struct reader *r = into;
	struct str error = str_in(r->arena);
	const char *text;

	if (!tree_text(node, &text, r->problems))
		return false;
	return target_parse(slice_z(text), r->arena, &r->target->host, &r->target->port, &error)
	    || tree_wrong(r->problems, node, "%s", str_z(&error));
}

static bool
read_module_name(void *into, const struct node *node)
{
	struct reader *r = into;

	r->module_node = node;
	return tree_text(node, &r->module, r->problems);
}

static bool
read_interval(void *into, const struct node *node)
{
	struct reader *r = into;

	if (!tree_span(node, &r->target->interval, r->problems))
		return false;
	return r->target->interval.ns >= 1000000000
	    || tree_wrong(r->problems, node, "is below a second: write 1s or more");
}

static bool
label_name_good(slice name)
{
	static const char *const reserved[] = { "target", "module", "le" };

	for (size_t i = 0; i < name.n; i++) {
		char c = name.at[i] | 0x20;

		if (!((c >= 'a' && c <= 'z') || name.at[i] == '_'
		        || (i > 0 && name.at[i] >= '0' && name.at[i] <= '9')))
			return false;
	}
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (slice_eq(name, slice_z(reserved[i])))
			return false;
	for (enum metric metric = 0; metric < METRICS; metric++)
		if (probes_have(metric_infos[metric].labels, name.at)
		    && metric_infos[metric].labels[0])
			return false;
	return name.n > 0 && !slice_starts(name, S("__"));
}

static bool
read_labels(void *into, const struct node *node)
{
	struct reader *r = into;
	struct target *target = r->target;
	bool good = true;

	if (node->kind != NODE_MAP)
		return tree_wrong(r->problems, node, "is no mapping: write {site: paris}");
	target->labels = arena_array(r->arena, tree_count(node) + 1, sizeof *target->labels);
	for (const struct node *child = node->first; child && target->labels; child = child->next) {
		struct label *label = &target->labels[target->label_count];

		if (!label_name_good(child->key))
			good = tree_wrong(r->problems, child,
			    "cannot be a label: letters, digits and _ only, and none that our "
			    "metrics have");
		else if (!tree_text(child, &label->value, r->problems))
			good = false;
		else {
			label->name = child->key.at;
			target->label_count++;
		}
	}
	return good;
}

static bool
check_interval(struct reader *r, const struct node *node)
{
	const struct target *target = r->target;

	return target->module->opts->timeout.after.ns <= target->interval.ns
	    || tree_wrong(r->problems, node,
	        "its interval is shorter than the timeout of its module (%g s)",
	        span_as_seconds(target->module->opts->timeout.after));
}

static bool
check_pair(struct reader *r, const struct node *node, const struct module *module)
{
	r->target->module = module;
	if (!module->opts)
		return true; /* the module has been complained about */
	r->target->host = module->opts->host;
	return check_interval(r, node);
}

/* What is there once all keys are read. */
static bool
check_target(struct reader *r, const struct node *node)
{
	struct target *target = r->target;
	const struct probe_opts *aimed;
	struct arena *scratch;
	struct str error;
	bool good;

	if (!r->module)
		return tree_wrong(r->problems, node, "has no `module`");
	target->module = config_module(r->config, slice_z(r->module));
	if (!target->module)
		return tree_wrong(
		    r->problems, r->module_node, "there is no module \"%s\"", r->module);
	if (!target->module->opts) { /* the module has been complained about */
		if (!target->name)
			target->name = target->host ? target->host : target->module->name;
		return true;
	}
	if (!target->host && target->module->type->side) {
		if (!target->name)
			target->name = target->module->name;
	} else if (!target->host)
		return tree_wrong(r->problems, node, "has no `target`");
	else if (!target->name)
		target->name = tree_child(node, "target")->text.at;
	if (!check_interval(r, node))
		return false;
	if (!(scratch = arena_new(1 << 20)))
		return false;
	error = str_in(scratch);
	aimed = config_aim(target->module, target->host, target->port, scratch, &error);
	good = aimed || tree_wrong(r->problems, node, "%s", str_z(&error));
	if (aimed) /* without brackets */
		target->host = arena_copy(r->arena, slice_z(aimed->host)).at;
	arena_free(scratch);
	return good;
}

/* A target of its own for each pair of the module, with labels that tell them apart. */
static bool
add_pairs(struct reader *r, const struct node *node)
{
	const struct target mesh = *r->target;
	bool good = true;

	if (mesh.host)
		return tree_wrong(r->problems, node,
		    "the servers of module %s are in the configuration: leave the target out",
		    r->module);
	for (size_t i = 0; i < mesh.label_count; i++)
		if (strcmp(mesh.labels[i].name, "sender") == 0
		    || strcmp(mesh.labels[i].name, "receiver") == 0)
			return tree_wrong(r->problems, node,
			    "has the labels sender and receiver already: take other names");
	for (size_t i = 0; i < r->config->module_count; i++) {
		const struct module *module = r->config->modules[i];
		struct target *target;

		if (!module->mesh || strcmp(module->mesh, r->module) != 0)
			continue;
		target = arena_alloc(r->arena, sizeof *target);
		if (!target)
			return false;
		*target = mesh;
		target->labels = arena_array(r->arena, mesh.label_count + 2, sizeof(struct label));
		if (!target->labels)
			return false;
		if (mesh.label_count > 0)
			memcpy(
			    target->labels, mesh.labels, mesh.label_count * sizeof(struct label));
		target->labels[target->label_count++] = (struct label){ "sender", module->sender };
		target->labels[target->label_count++] = (struct label){ "receiver",
			module->receiver };
		target->name = mesh.name
		    ? str_f(r->arena, "%s:%s:%s", mesh.name, module->sender, module->receiver).at
		    : module->name;
		r->target = target;
		if (check_pair(r, node, module))
			r->config->targets[r->config->target_count++] = target;
		else
			good = false;
	}
	return good;
}

static bool
is_mesh(const struct config *config, const char *name)
{
	for (size_t i = 0; name && i < config->module_count; i++)
		if (config->modules[i]->mesh && strcmp(config->modules[i]->mesh, name) == 0)
			return true;
	return false;
}

/* How many targets an entry of the list can become. */
static size_t
count_targets(const struct config *config, const struct node *targets)
{
	size_t n = tree_count(targets), pairs = 0;

	for (size_t i = 0; i < config->module_count; i++)
		pairs += config->modules[i]->mesh != NULL;
	for (const struct node *node = targets->first; node && pairs > 0; node = node->next) {
		const struct node *module = node->kind == NODE_MAP ? tree_child(node, "module")
		                                                   : NULL;

		n += module && is_mesh(config, module->text.at) ? pairs : 0;
	}
	return n;
}

static bool
read_target(struct reader *r, const struct node *node)
{
	static const struct tree_key keys[] = {
		{ "name", read_name },
		{ "target", read_host },
		{ "module", read_module_name },
		{ "interval", read_interval },
		{ "labels", read_labels },
		{ NULL, NULL },
	};

	r->target = arena_alloc(r->arena, sizeof *r->target);
	if (!r->target)
		return false;
	r->target->interval = span_seconds(60);
	r->target->line = node->line;
	r->module = NULL;
	if (!tree_map(node, keys, r, r->problems))
		return false;
	if (is_mesh(r->config, r->module))
		return add_pairs(r, node);
	if (!check_target(r, node))
		return false;
	r->config->targets[r->config->target_count++] = r->target;
	return true;
}

bool
config_read_targets(struct config *config, const struct node *targets, struct problems *problems)
{
	struct reader r = { .config = config, .arena = config->arena, .problems = problems };
	bool good = true;

	config->targets = arena_array(
	    config->arena, count_targets(config, targets) + 1, sizeof(void *));
	if (!config->targets)
		return false;
	for (const struct node *node = targets->first; node; node = node->next)
		good &= read_target(&r, node);
	qsort(config->targets, config->target_count, sizeof(void *), target_order);
	for (size_t i = 0; i < config->target_count; i++)
		config->targets[i]->index = i;
	for (size_t i = 1; i < config->target_count; i++) {
		const struct target *a = config->targets[i - 1], *b = config->targets[i];

		if (strcmp(a->name, b->name) != 0)
			continue;
		problems_add(problems,
		    str_f(problems->arena,
		        "%s:%u: targets: there is another target \"%s\" in line %u", problems->path,
		        a->line > b->line ? a->line : b->line, a->name,
		        a->line > b->line ? b->line : a->line));
		good = false;
	}
	return good;
}

const struct target *
config_target(const struct config *config, slice name)
{
	struct target key = { .name = name.at }, *wanted = &key;
	struct target **found = config->target_count == 0
	    ? NULL
	    : bsearch(&wanted, config->targets, config->target_count, sizeof(void *), target_order);

	return found ? *found : NULL;
}

bool
target_parse(slice text, struct arena *arena, const char **host, unsigned *port, struct str *error)
{
	slice name = text, number = { NULL, 0 };
	size_t close = slice_find(text, S("]"));
	uint64_t parsed = 0;

	if (text.n > 0 && text.at[0] == '[' && close < text.n) {
		name = slice_head(text, close + 1);
		if (close + 1 < text.n)
			number = slice_skip(text, close + 2);
		if (close + 1 < text.n && text.at[close + 1] != ':')
			name = text; /* which no option takes */
	} else if (slice_find(text, S(":")) < text.n) {
		number = text;
		name = slice_cut(&number, ':');
		if (slice_find(number, S(":")) < number.n) { /* an IPv6 address alone */
			name = text;
			number = (slice){ NULL, 0 };
		}
	}
	if (number.at && (!slice_number(number, 65535, &parsed) || parsed == 0)) {
		str_addf(error, "\"%.*s\" is not a port: write a number from 1 to 65535",
		    (int)(number.n < 80 ? number.n : 80), number.at);
		return false;
	}
	*host = arena_copy(arena, name).at;
	*port = (unsigned)parsed;
	return true;
}

struct probe_opts *
config_aim(const struct module *module, const char *host, unsigned port, struct arena *arena,
    struct str *error)
{
	struct probe_opts *opts = arena_bytes(arena, module->type->opts_size);
	struct str why = str_in(arena);
	slice sentence;

	if (!opts || (!host && !module->type->side))
		return NULL;
	memcpy(opts, module->opts, module->type->opts_size);
	if (module->mailbox)
		mailbox_lend(module->mailbox, opts);
	if (module->type->side) {
		if (!host
		    || (slice_eqi(slice_z(host), slice_z(opts->host))
		        && (port == 0 || port == opts->port.number)))
			return opts;
		str_addf(error,
		    "the servers of module %s are in the configuration: leave the target out",
		    module->name);
		return NULL;
	}
	if (probe_opts_aim(opts, host, port, arena, &why))
		return opts;
	sentence = str_slice(&why); /* it may name an option that nobody has written here */
	str_add(error, slice_starts(sentence, S("-H: ")) ? slice_skip(sentence, 4) : sentence);
	return NULL;
}
