/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PAGES_H
#define PAGES_H

/*
 * What the tables of options do not say, for each probe: prose, examples, commands for Nagios.
 * Every command line in it is parsed when the documents are made: one that names an option that is
 * not there, or a value that it does not take, fails the build.
 */

#include <stdbool.h>
#include <stddef.h>

struct example {
	const char *text, *options;
};

struct command {
	const char *name, *text, *options;
};

struct block;

struct page {
	const char *const *description; /* paragraphs, ended by NULL, as are the next two */
	const char *const *steps;       /* what is done in which order; NULL: nothing to be said */
	const char *const *changes;     /* what is different on the server when it is over */
	const char *values;             /* one more paragraph about them; NULL: none */
	const struct block *more;       /* sections behind these; NULL: none */
	const struct example *examples; /* ended by a NULL text */
	const struct command *commands; /* ended by a NULL name */
	const char *see_also;
};

struct document;

/* A piece of a page that is prose for the greater part, with what the tables say in between. */
struct block {
	const char *section, *heading; /* begins one */
	const char *term, *behind;     /* an entry of a list, what stands behind its name */
	const char *text;              /* of the entry, or a paragraph */
	const char *command;           /* options of mailprobe-exporter, verified */
	const char *yaml;              /* a configuration, verified: lines as they are */
	const char *code;              /* any other such lines */
	void (*made)(struct document *d);
	bool last; /* it ends the page, and has nothing else */
};

extern const struct block exporter_blocks[], configuration_blocks[], metrics_blocks[];

/* What `made` is in them: see generate_*.c. Ranges are the five forms of one, as entries. */
void ranges(struct document *d);
void exporter_options(struct document *d);
void configuration_numbers(struct document *d);
void configuration_limits(struct document *d);
void configuration_buckets(struct document *d);
void configuration_common(struct document *d);
void configuration_tls(struct document *d);
void configuration_auth(struct document *d);
void configuration_probes(struct document *d);
void configuration_submit(struct document *d);
void configuration_fetch(struct document *d);
void configuration_labels(struct document *d);
void metrics_of_runs(struct document *d);
void metrics_of_exporter(struct document *d);
void metrics_values(struct document *d);
void metrics_handlers(struct document *d);

#define PROBE(name) extern const struct page page_##name;
#include "probes.def"
#undef PROBE

#endif
