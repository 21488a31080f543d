/* SPDX-License-Identifier: BSD-2-Clause */
/* What manual pages are made of, in the macros of man(7). */
#include "generate.h"

enum { LINE = 72 };

void
roff(struct document *d, const char *text)
{
	const struct {
		char c;
		const char *escape;
	} escapes[] = { { '\\', "\\e" }, { '-', "\\-" }, { '\'', "\\(aq" }, { '^', "\\(ha" },
		{ '~', "\\(ti" }, { '`', "\\(ga" } };

	if (*text == '.')
		str_addz(&d->out, "\\&");
	for (const char *c = text; *c; c++) {
		size_t i = 0;

		while (i < COUNT(escapes) && escapes[i].c != *c)
			i++;
		if (i < COUNT(escapes))
			str_addz(&d->out, escapes[i].escape);
		else
			str_addc(&d->out, *c);
	}
}

void
roff_line(struct document *d, const char *text)
{
	roff(d, text);
	str_addc(&d->out, '\n');
}

void
paragraph(struct document *d, const char *text)
{
	str_addz(&d->out, ".PP\n");
	roff_line(d, text);
}

void
paragraphs(struct document *d, const char *const *text)
{
	for (; *text; text++)
		paragraph(d, *text);
}

void
title(struct document *d, const char *name, unsigned chapter, const char *about)
{
	str_addz(&d->out, ".\\\" Made from the tables of options: changes belong there.\n.TH ");
	for (const char *c = name; *c; c++)
		str_addc(&d->out, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	str_addf(&d->out, " %u \"\" \"mailprobe %s\" \"mailprobe\"\n", chapter, d->version);
	section(d, "NAME");
	roff(d, name);
	str_addz(&d->out, " \\- ");
	roff_line(d, about);
}

void
section(struct document *d, const char *name)
{
	str_addf(&d->out, ".SH %s\n", name);
}

void
entry(struct document *d, const char *name, const char *behind, const char *text)
{
	str_addz(&d->out, ".TP\n\\fB");
	roff(d, name);
	str_addz(&d->out, "\\fR");
	roff_line(d, behind);
	roff_line(d, text);
}

void
option(struct document *d, const struct opt *opt)
{
	str_addz(&d->out, ".TP\n");
	if (opt->letter)
		str_addf(&d->out, "\\fB\\-%c\\fR%s", opt->letter, opt->name ? ", " : "");
	if (opt->name) {
		str_addz(&d->out, "\\fB\\-\\-");
		roff(d, opt->name);
		str_addz(&d->out, "\\fR");
	}
	if (opt->arg) {
		str_addz(&d->out, opt->bare ? "[=\\fI" : opt->name ? "=\\fI" : " \\fI");
		roff(d, opt->arg);
		str_addz(&d->out, opt->bare ? "\\fR]" : "\\fR");
	}
	str_addc(&d->out, '\n');
	roff_line(d, opt->help);
}

void
ranges(struct document *d)
{
	entry(d, "10", "", "alerts below 0 and above 10");
	entry(d, "10:", "", "alerts below 10");
	entry(d, "~:10", "", "alerts above 10");
	entry(d, "10:20", "", "alerts below 10 and above 20");
	entry(d, "@10:20", "", "alerts from 10 to 20");
}

/* What must stay in one line: a word with its quoted blanks, a letter with its value. */
static slice
unit(slice *rest)
{
	bool letter = rest->n > 3 && rest->at[0] == '-' && rest->at[2] == ' ', quoted = false;
	size_t n = letter ? 3 : 0;
	slice whole;

	for (; n < rest->n && (quoted || rest->at[n] != ' '); n++)
		quoted ^= rest->at[n] == '\'';
	whole = slice_head(*rest, n);
	*rest = n < rest->n ? slice_skip(*rest, n + 1) : (slice){ NULL, 0 };
	return whole;
}

void
command(struct document *d, const char *options)
{
	struct str line = str_in(d->arena);
	slice rest = slice_z(options);

	str_addz(&d->out, ".PP\n.RS\n.EX\n");
	str_addz(&line, d->table->program);
	while (rest.at) {
		slice word = unit(&rest);

		if (line.n + 1 + word.n > LINE) {
			str_addz(&line, " \\");
			roff_line(d, str_z(&line));
			line = str_in(d->arena);
			str_addz(&line, "   ");
		}
		str_addf(&line, " %.*s", (int)word.n, word.at);
	}
	roff_line(d, str_z(&line));
	str_addz(&d->out, ".EE\n.RE\n");
}

void
code(struct document *d, const char *lines)
{
	slice rest = slice_z(lines);

	str_addz(&d->out, ".PP\n.RS\n.EX\n");
	while (rest.n > 0)
		roff_line(d, arena_copy(d->arena, slice_cut(&rest, '\n')).at);
	str_addz(&d->out, ".EE\n.RE\n");
}

void
blocks(struct document *d, const struct block *block)
{
	for (; !block->last; block++) {
		if (block->section)
			section(d, block->section);
		if (block->heading)
			str_addf(&d->out, ".SS %s\n", block->heading);
		if (block->term)
			entry(d, block->term, block->behind ? block->behind : "", block->text);
		else if (block->text)
			paragraph(d, block->text);
		if (block->command) {
			verify(d, block->command);
			command(d, block->command);
		}
		if (block->yaml)
			verify_configuration(d, block->yaml, true);
		if (block->code || block->yaml)
			code(d, block->code ? block->code : block->yaml);
		if (block->made)
			block->made(d);
	}
}
