/* SPDX-License-Identifier: BSD-2-Clause */
/* What --help prints, from the table: 80 columns, options for old configurations last. */
#include "opts.h"

enum { WIDTH = 79, HELP_COLUMN = 26 };

/* Text that is wrapped and indented as it is added. */
struct fill {
	struct str *out;
	size_t indent, column;
};

static void
new_line(struct fill *fill)
{
	str_addc(fill->out, '\n');
	for (size_t i = 0; i < fill->indent; i++)
		str_addc(fill->out, ' ');
	fill->column = fill->indent;
}

static void
add_words(struct fill *fill, const char *text)
{
	slice rest = slice_z(text);

	while (rest.at) {
		slice word = slice_cut(&rest, ' ');

		if (fill->column > fill->indent && fill->column + 1 + word.n > WIDTH)
			new_line(fill);
		if (fill->column > fill->indent) {
			str_addc(fill->out, ' ');
			fill->column++;
		}
		str_add(fill->out, word);
		fill->column += word.n;
	}
}

static void
paragraph(struct str *out, size_t indent, const char *text)
{
	struct fill fill = { .out = out, .indent = indent };

	for (; fill.column < indent; fill.column++)
		str_addc(out, ' ');
	add_words(&fill, text);
	str_addc(out, '\n');
}

/* "  -p, --port=PORT" */
static void
option(const struct opt *opt, struct str *out)
{
	size_t begin = out->n, width;
	struct fill fill = { .out = out, .indent = HELP_COLUMN, .column = HELP_COLUMN };

	if (opt->letter)
		str_addf(out, "  -%c%s", opt->letter, opt->name ? ", " : "");
	else
		str_addz(out, "      ");
	if (opt->name)
		str_addf(out, "--%s", opt->name);
	if (opt->arg && opt->bare)
		str_addf(out, "[=%s]", opt->arg);
	else if (opt->arg)
		str_addf(out, "%s%s", opt->name ? "=" : " ", opt->arg);
	width = out->n - begin;
	if (width >= HELP_COLUMN)
		new_line(&fill);
	for (; width < HELP_COLUMN; width++)
		str_addc(out, ' ');
	add_words(&fill, opt->help);
	str_addc(out, '\n');
}

static void
rows(const struct opt *rows, size_t n, bool compat, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].group && !compat)
			str_addf(out, "\n%s:\n", rows[i].group);
		if (rows[i].compat == compat)
			option(&rows[i], out);
	}
}

static void
names(struct str *out, const char *probe)
{
	struct str text = str_in(out->arena);

	str_addz(&text, "NAME is `time`, the total, which is meant where there is none; a phase: ");
	phase_names(&text, probe, ", ");
	str_addz(&text, " (tls_2 the second time); or a value: ");
	value_names(&text, probe, ", ");
	str_addz(&text, ".");
	paragraph(out, 2, str_z(&text));
}

static bool
has_compat(const struct opt_table *table)
{
	bool any = false;

	for (size_t i = 0; i < opts_count(table); i++)
		any |= opts_row(table, i)->compat;
	return any;
}

void
opts_help(const struct opt_table *table, struct str *out)
{
	str_addf(out, "Usage: %s %s\n", table->program,
	    table->usage ? table->usage : "-H HOST [OPTION]...");
	paragraph(out, 0, table->about);
	rows(table->own, table->own_count, false, out);
	rows(table->common, *table->common_count, false, out);
	if (!table->probe)
		return;
	if (has_compat(table))
		str_addz(out, "\nFor configurations of the Monitoring Plugins:\n");
	rows(table->own, table->own_count, true, out);
	rows(table->common, *table->common_count, true, out);
	str_addz(out, "\nThresholds, [NAME=]RANGE:\n");
	paragraph(out, 2,
	    "RANGE is what is good: 5 means 0 to 5; 5: at least 5; ~:5 at most 5; "
	    "5:10 between the two; @5:10 not between them.");
	names(out, table->probe);
	str_addz(out, "\nExit status:\n");
	paragraph(out, 2,
	    "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (wrong options, or something on "
	    "this machine).");
}
