/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PAGES_H
#define PAGES_H

/*
 * What the tables of options do not say, for each probe: prose, examples, commands for Nagios.
 * Every command line in it is parsed when the documents are made: one that names an option that is
 * not there, or a value that it does not take, fails the build.
 */

#include <stddef.h>

struct example {
	const char *text, *options;
};

struct command {
	const char *name, *text, *options;
};

struct page {
	const char *const *description; /* paragraphs, ended by NULL, as are the next two */
	const char *const *steps;       /* what is done in which order; NULL: nothing to be said */
	const char *const *changes;     /* what is different on the server when it is over */
	const char *values;             /* one more paragraph about them; NULL: none */
	const struct example *examples; /* ended by a NULL text */
	const struct command *commands; /* ended by a NULL name */
	const char *see_also;
};

#define PROBE(name) extern const struct page page_##name;
#include "probes.def"
#undef PROBE

#endif
