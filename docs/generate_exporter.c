/* SPDX-License-Identifier: BSD-2-Clause */
/* mailprobe-exporter(8): prose, and the options from their table. */
#include "generate.h"

void
exporter_options(struct document *d)
{
	roff_line(d,
	    "As of getopt_long(3): a long name may be cut short where that is unambiguous. The "
	    "last of several wins, except where an option is called repeatable.");
	for (size_t i = 0; i < opts_count(d->table); i++) {
		const struct opt *opt = opts_row(d->table, i);

		if (opt->group)
			str_addf(&d->out, ".SS %s\n", opt->group);
		option(d, opt);
	}
}

void
exporter_page(struct document *d)
{
	title(d, d->table->program, 8, d->table->about);
	section(d, "SYNOPSIS");
	str_addf(&d->out, ".B %s\n", d->table->program);
	roff_line(d, d->table->usage);
	blocks(d, exporter_blocks);
}
