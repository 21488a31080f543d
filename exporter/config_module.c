/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module: the options of its probe, each under its own name. The heading under which --help has
 * an option says where it stands here: those about TLS under `tls`, about the login under `auth`,
 * the probe's own under the probe's name, and the others in the module itself. So an option that is
 * added to a table is a key here, and is checked by the same code as on the command line.
 */
#include "config.h"
#include "conn.h"
#include "escape.h"
#include "mailbox.h"
#include "opts_value.h"
#include "probes.h"
#include "roundtrip.h"

/* Every kind of probe that a module can have, by the word for it. */
static const struct probe_type *const types[] = {
#define PROBE(name) &probe_##name,
#include "probes.def"
#undef PROBE
};

struct reading {
	struct module *module;
	struct arena *arena;
	struct problems *problems;
	const char *section; /* whose keys are being read; "" for the module's own */
	bool pair;           /* of a sender and a receiver, who have the envelope's addresses too */
};

/* Whether the option names a file or a folder, by what its argument is called. */
static bool
names_file(const struct opt *opt)
{
	return opt->kind == OPT_KIND_STRING && opt->arg
	    && (strcmp(opt->arg, "FILE") == 0 || strcmp(opt->arg, "DIR") == 0);
}

static bool
set(struct reading *r, const struct opt *opt, const struct node *node, const char *value)
{
	struct str error = str_in(r->arena);
	slice key = node->key.at ? node->key : node->parent->key;

	if (value && *value && names_file(opt)
	    && !(value = tree_file(r->problems, r->arena, value)))
		return false;
	if (opts_value(opt, r->module->opts, value, key, r->arena, &error))
		return true;
	return tree_wrong(r->problems, node, "%s", str_z(&error));
}

/* "10s", "10s:warning": the length in seconds, as the option wants it. */
static bool
set_deadline(struct reading *r, const struct opt *opt, const struct node *node)
{
	slice state = node->text;
	slice length = slice_cut(&state, ':');
	struct str value = str_in(r->arena);
	span parsed;

	if (!span_parse(length, &parsed))
		return tree_wrong(
		    r->problems, node, "is not a length of time: write 10s, 500ms or 1m30s");
	escape_seconds(&value, parsed, 9);
	if (state.at)
		str_addf(&value, ":%.*s", (int)state.n, state.at);
	return set(r, opt, node, str_z(&value));
}

static bool
set_scalar(struct reading *r, const struct opt *opt, const struct node *node)
{
	const char *text;
	bool flag = true;

	if (!opt->arg) { /* present or not */
		if (!tree_flag(node, &flag, r->problems))
			return false;
		return !flag || set(r, opt, node, NULL);
	}
	if (opt->bare && opt->kind == OPT_KIND_STEPS && slice_eqi(node->text, S("true")))
		return set(r, opt, node, NULL);
	if (node->kind == NODE_SCALAR && opt->kind == OPT_KIND_STRING && node->text.at
	    && node->text.n == 0)
		return set(r, opt, node, ""); /* from: "" */
	if (!tree_text(node, &text, r->problems))
		return false;
	return opt->kind == OPT_KIND_DEADLINE ? set_deadline(r, opt, node)
	                                      : set(r, opt, node, text);
}

static bool
set_option(struct reading *r, const struct opt *opt, const struct node *node)
{
	bool good = true;

	if (node->kind == NODE_SCALAR)
		return set_scalar(r, opt, node);
	if (node->kind != NODE_LIST || (opt->kind != OPT_KIND_LIST && opt->kind != OPT_KIND_STEPS))
		return tree_wrong(r->problems, node, "is no %s: write %s",
		    node->kind == NODE_LIST ? "list" : "mapping", opt->arg ? opt->arg : "true");
	for (const struct node *item = node->first; item; item = item->next)
		good &= set_scalar(r, opt, item);
	return good;
}

static bool
read_option(struct reading *r, const struct node *node)
{
	struct str known = str_in(r->arena);
	const struct opt *opt = config_option(r->module->type, r->section, node->key, &known);

	if (!opt && r->pair
	    && ((strcmp(r->section, "submit") == 0 && slice_eq(node->key, S("from")))
	        || (strcmp(r->section, "fetch") == 0 && slice_eq(node->key, S("rcpt")))))
		opt = config_option(r->module->type, r->module->type->name, node->key, &known);
	if (opt)
		return set_option(r, opt, node);
	return tree_wrong(
	    r->problems, node, "there is no such key: write one of %s", str_z(&known));
}

/*
 * `steps: [{examine: A}, sizes, {examine: B}]`: as on a command line, where the order counts and
 * an option may stand more than once.
 */
static bool
read_steps(struct reading *r, const struct node *node)
{
	bool good = true;

	if (node->kind != NODE_LIST)
		return tree_wrong(r->problems, node, "is no list: write [{examine: INBOX}, sizes]");
	for (const struct node *item = node->first; item; item = item->next) {
		const struct node *step = item->kind == NODE_MAP && item->first
		        && !item->first->next
		    ? item->first
		    : NULL;
		struct str known = str_in(r->arena);
		const struct opt *opt = config_option(
		    r->module->type, r->section, step ? step->key : item->text, &known);

		if (!opt || opt->kind != OPT_KIND_STEPS || (!step && item->kind != NODE_SCALAR))
			good = tree_wrong(r->problems, item, "is no step");
		else
			good &= step ? set_scalar(r, opt, step) : set(r, opt, item, NULL);
	}
	return good;
}

static bool
read_section(struct reading *r, const char *section, const struct node *node)
{
	bool good = true;

	if (node->kind != NODE_MAP)
		return tree_wrong(r->problems, node, "is no mapping: write {key: value}");
	r->section = section;
	for (const struct node *child = node->first; child; child = child->next) {
		if (slice_eq(child->key, S("password")))
			good = tree_wrong(r->problems, child,
			    "a password does not stand in a configuration: write password_file or "
			    "password_env");
		else if (config_section_within(r->module->type, section, child->key))
			good &= read_section(
			    r, config_section_within(r->module->type, section, child->key), child);
		else if (slice_eq(child->key, S("steps"))
		    && strcmp(section, r->module->type->name) == 0)
			good &= read_steps(r, child);
		else
			good &= read_option(r, child);
		r->section = section;
	}
	r->section = "";
	return good;
}

/* `time: {warning: "1", critical: "5"}` is -w time=1 -c time=5. */
static bool
read_threshold(struct reading *r, const struct node *node)
{
	struct probe_opts *opts = r->module->opts;
	bool good = true;

	if (node->kind != NODE_MAP || !node->first)
		return tree_wrong(
		    r->problems, node, "is no mapping: write {warning: RANGE, critical: RANGE}");
	for (const struct node *child = node->first; child; child = child->next) {
		struct str error = str_in(r->arena);
		bool warning = slice_eq(child->key, S("warning"));
		const char *range;

		if (!warning && !slice_eq(child->key, S("critical"))) {
			good = tree_wrong(r->problems, child,
			    "there is no such key: write one of warning, critical");
			continue;
		}
		if (!tree_text(child, &range, r->problems)) {
			good = false;
			continue;
		}
		if (!thresholds_add(&opts->thresholds, r->arena,
		        str_f(r->arena, "%s=%s", node->key.at, range),
		        warning ? STATE_WARNING : STATE_CRITICAL, &error))
			good = tree_wrong(r->problems, child, "%s", str_z(&error));
	}
	return good;
}

static bool
read_thresholds(struct reading *r, const struct node *node)
{
	bool good = true;

	if (node->kind != NODE_MAP)
		return tree_wrong(
		    r->problems, node, "is no mapping: write {time: {warning: \"1\"}}");
	for (const struct node *child = node->first; child; child = child->next)
		good &= read_threshold(r, child);
	return good;
}

static bool
read_allowed(struct reading *r, const struct node *node)
{
	struct allowed *allowed = &r->module->allowed;
	bool good = true;

	allowed->given = true;
	if (node->kind != NODE_LIST)
		return tree_wrong(
		    r->problems, node, "is no list: write [\"*.example.org\", \"192.0.2.0/24\"]");
	for (const struct node *item = node->first; item; item = item->next) {
		struct str error = str_in(r->arena);
		const char *text;

		if (!tree_text(item, &text, r->problems))
			good = false;
		else if (!allowed_add(allowed, r->arena, text, &error))
			good = tree_wrong(r->problems, item, "%s", str_z(&error));
	}
	return good;
}

static bool
read_key(struct reading *r, const struct node *node)
{
	const struct module *module = r->module;
	const char *section;

	if (slice_eq(node->key, S("probe"))
	    || (r->pair
	        && (slice_eq(node->key, S("senders")) || slice_eq(node->key, S("receivers")))))
		return true;
	if (r->pair && (slice_eq(node->key, S("submit")) || slice_eq(node->key, S("fetch"))))
		return tree_wrong(r->problems, node,
		    "stands beside senders and receivers: write it in each of them");
	if (slice_eq(node->key, S("thresholds")))
		return read_thresholds(r, node);
	if (slice_eq(node->key, S("allowed_targets")))
		return read_allowed(r, node);
	if ((section = config_section_within(module->type, "", node->key)))
		return read_section(r, section, node);
	if (slice_eq(node->key, slice_z(module->type->name))
	    || slice_eq(node->key, slice_z(module->word)))
		return read_section(r, module->type->name, node);
	return read_option(r, node);
}

/* `probe: smtp`. LMTP is SMTP with an option of its own. */
static bool
read_type(struct reading *r, const struct node *node)
{
	const struct node *probe = tree_child(node, "probe");
	struct module *module = r->module;
	struct str known = str_in(r->arena);
	bool lmtp = probe && slice_eq(probe->text, S("lmtp"));
	slice word = lmtp ? S("smtp") : probe ? probe->text : S("");

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		str_addf(&known, "%s, ", types[i]->name);
		if (slice_eq(word, slice_z(types[i]->name)))
			module->type = types[i];
	}
	if (!probe || !module->type)
		return tree_wrong(r->problems, probe ? probe : node,
		    probe ? "is no kind of probe: write one of %slmtp"
		          : "has no `probe`: write one of %slmtp",
		    str_z(&known));
	module->word = probe->text.at;
	module->opts = arena_alloc(r->arena, module->type->opts_size);
	if (!module->opts)
		return false;
	memcpy(module->opts, module->type->defaults, module->type->opts_size);
	return !lmtp
	    || opts_set(config_option(module->type, module->type->name, S("lmtp"), &known),
	        module->opts, NULL, r->arena, &known);
}

static bool
share(struct module *module, struct arena *arena, enum cause *cause, struct str *error)
{
	if (!module->type->side)
		return conn_share(module->opts, arena, cause, error);
	for (enum side side = SIDE_SUBMIT; side < SIDES; side++)
		if (!conn_share(module->type->side(module->opts, side), arena, cause, error))
			return false;
	return true;
}

void
config_unshare(struct module *module)
{
	if (module->keeps)
		mailbox_free(module->mailbox);
	if (!module->opts)
		return;
	if (!module->type->side)
		conn_unshare(module->opts);
	for (enum side side = SIDE_SUBMIT; module->type->side && side < SIDES; side++)
		conn_unshare(module->type->side(module->opts, side));
}

/* As the check binaries do, with a host that any target takes the place of. */
static bool
complete(struct reading *r, const struct node *node)
{
	struct module *module = r->module;
	struct str error = str_in(r->arena);
	enum cause cause = CAUSE_USAGE;

	module->opts->host = module->type->side ? NULL : "localhost";
	if (!probe_opts_complete(module->opts, r->arena, &cause, &error)
	    || !module->type->complete(module->opts, r->arena, &cause, &error)
	    || !share(module, r->arena, &cause, &error))
		return tree_wrong(r->problems, node, "%s", str_z(&error));
	if (module->type->side) /* it sends nothing to anybody that a request could name */
		return true;
	module->credentials = probe_opts_login(module->opts) || module->opts->user
	    || module->opts->client_cert;
	if (module->credentials && !module->allowed.given)
		return tree_wrong(r->problems, node,
		    "has credentials and no allowed_targets: write the names and networks that "
		    "/probe may send them to, or [] for none");
	return true;
}

/* Each pair has books of its own. */
static void
own_books(struct module *module, struct arena *arena)
{
	struct roundtrip_opts *opts = (struct roundtrip_opts *)module->opts;

	if (opts->state_file)
		opts->state_file =
		    str_f(arena, "%s.%s.%s", opts->state_file, module->sender, module->receiver).at;
}

bool
config_read_module(struct module *module, const struct node *node, const struct node *sender,
    const struct node *receiver, struct arena *arena, struct problems *problems)
{
	struct reading r = { .module = module,
		.arena = arena,
		.problems = problems,
		.section = "",
		.pair = sender != NULL };
	bool good = true;

	if (node->kind != NODE_MAP)
		return tree_wrong(problems, node, "is no mapping: write {probe: smtp}");
	if (!read_type(&r, node))
		return false;
	if (r.pair && module->type != &probe_roundtrip) {
		module->opts = NULL;
		return tree_wrong(problems, tree_child(node, "probe"),
		    "has no senders and receivers: write roundtrip");
	}
	for (const struct node *child = node->first; child; child = child->next)
		good &= read_key(&r, child);
	if (r.pair) {
		good &= read_section(&r, "submit", sender) && read_section(&r, "fetch", receiver);
		own_books(module, arena);
	}
	return good && complete(&r, node);
}
