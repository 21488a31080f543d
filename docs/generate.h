/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENERATE_H
#define GENERATE_H

/* One document being made, and what makes each kind of it. */

#include "opts.h"
#include "pages.h"
#include "probes.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct document {
	const struct probe_type *probe; /* NULL with the next but one: of the exporter */
	const struct opt_table *table;
	const struct page *page;
	const char *version;
	struct arena *arena;
	struct str out;
	bool broken;
};

/*
 * A command line in our documentation has to be one that the program takes; where it is not, says
 * so on standard error and marks the document as broken.
 */
void verify(struct document *d, const char *options);

/* The same of a configuration file, which has to be one that the exporter takes or refuses. */
void verify_configuration(struct document *d, const char *yaml, bool good);

/* The whole text, into d->out: manual page, command definitions, CheckCommand. */
void man_page(struct document *d);
void nagios_commands(struct document *d);
void icinga2_command(struct document *d);

/* The same of what there is only one of. */
void exporter_page(struct document *d);
void configuration_page(struct document *d);
void metrics_reference(struct document *d);

/* Text in a manual page, escaped, without and with its line end. */
void roff(struct document *d, const char *text);
void roff_line(struct document *d, const char *text);

/* What a manual page has: its head, ended by what is in the section NAME. */
void title(struct document *d, const char *name, unsigned chapter, const char *about);
void section(struct document *d, const char *name);
void paragraph(struct document *d, const char *text);
void paragraphs(struct document *d, const char *const *text);
/* An entry of a list: its name in bold, what follows it, and the text. */
void entry(struct document *d, const char *name, const char *behind, const char *text);
void option(struct document *d, const struct opt *opt);
/* The program with its options, cut into lines that a shell takes together again. */
void command(struct document *d, const char *options);
/* Lines as they are. */
void code(struct document *d, const char *lines);
/* All of them, one below the other. */
void blocks(struct document *d, const struct block *block);

#endif
