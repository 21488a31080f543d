/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONFIG_H
#define CONFIG_H

/*
 * The configuration as one snapshot: read whole, checked whole, never changed, freed when the last
 * who uses it lets go. Modules are a probe's options under the names they have everywhere; targets
 * are what the schedule runs.
 */

#include "allowed.h"
#include "session.h"
#include "tree.h"

struct module {
	const char *name;
	const char *word; /* what `probe` says: "smtp", "lmtp" */
	const struct probe_type *type;
	struct probe_opts *opts; /* complete, but for the host; of type->opts_size */
	struct allowed allowed;
	bool credentials;
	slice text; /* what stands in the file, to tell whether it has changed */

	/* One of the pairs of a module with senders and receivers; NULL for any other. */
	const char *mesh, *sender, *receiver;
	struct mailbox
	    *mailbox; /* the receiver's, kept open for all of them; NULL where it is not */
	bool keeps;   /* it is the first of them, and lets go of it */
};

struct label {
	const char *name, *value;
};

struct target {
	const char *name;
	const char *host;
	unsigned port; /* 0: the module's */
	const struct module *module;
	span interval;
	struct label *labels;
	size_t label_count;
	unsigned line;
	size_t index; /* in config->targets */
};

enum { BUCKETS_MAX = 40 };

struct config {
	struct arena *arena;
	_Atomic unsigned references;
	const char *path;

	struct module **modules; /* by name */
	size_t module_count;
	struct target **targets; /* by name */
	size_t target_count;

	span buckets[BUCKETS_MAX]; /* upper bounds of the histograms, rising */
	size_t bucket_count;
	unsigned history;     /* runs that are kept of a target */
	unsigned probes;      /* on demand at a time */
	unsigned queue;       /* that wait for one of these */
	unsigned host_probes; /* of one target host at a time; 0: any number */
	double host_rate;     /* and a second; 0: any number */
	unsigned workers;     /* what all of it adds up to */
};

/* Reads and checks `path`. NULL with at least one problem. Whoever calls holds the reference. */
struct config *config_read(const char *path, struct problems *problems);

struct config *config_hold(struct config *config);
void config_drop(struct config *config); /* NULL is accepted */

/*
 * Has the mailboxes that are kept open closed: round trips that wait in them end. config_left()
 * waits until then whether goodbye was said in all. NULL is accepted.
 */
void config_leave(struct config *config);
bool config_left(struct config *config, instant until);

/* By name; NULL when there is none. */
const struct module *config_module(const struct config *config, slice name);
const struct target *config_target(const struct config *config, slice name);

/*
 * "HOST", "HOST:PORT", "[v6]:PORT", or an IPv6 address alone. False with a sentence in `error`. The
 * host is not looked at: probe_opts_aim() does that.
 */
bool target_parse(
    slice text, struct arena *arena, const char **host, unsigned *port, struct str *error);

/*
 * A copy of the module's options, aimed at a target; in the arena. NULL with a sentence in `error`.
 */
struct probe_opts *config_aim(const struct module *module, const char *host, unsigned port,
    struct arena *arena, struct str *error);

/*
 * Where the i-th row of a probe's options stands in a module: its key, in the mapping `section`, ""
 * being the module itself. False where no configuration has it. For documents.
 */
bool config_key(const struct probe_type *type, size_t i, struct arena *arena, const char **section,
    const char **key);

/* The option of a key in a section, or NULL with the keys that there are added to `known`. */
const struct opt *config_option(
    const struct probe_type *type, const char *section, slice key, struct str *known);

/*
 * The section that a key begins within another, "" being the module itself: "submit", "submit.tls".
 * NULL where it begins none.
 */
const char *config_section_within(const struct probe_type *type, const char *section, slice key);

/* For config.c: the list `targets`, once the modules are there. False with problems. */
bool config_read_targets(
    struct config *config, const struct node *targets, struct problems *problems);

/* For config.c: lets go of what the runs of a module share. */
void config_unshare(struct module *module);

/*
 * For config.c: reads modules.NAME into `module`, of a pair with its sender's and its receiver's
 * mapping besides, else NULL. False with problems.
 */
bool config_read_module(struct module *module, const struct node *node, const struct node *sender,
    const struct node *receiver, struct arena *arena, struct problems *problems);

#endif
