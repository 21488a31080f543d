/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENERATE_H
#define GENERATE_H

/* One document being made, and what makes each kind of it. */

#include "opts.h"
#include "pages.h"
#include "probes.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct document {
	const struct probe_type *probe;
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

/* The whole text, into d->out: manual page, command definitions, CheckCommand. */
void man_page(struct document *d);
void nagios_commands(struct document *d);
void icinga2_command(struct document *d);

#endif
