/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manual page, section by section, in the macros of man(7). The tables give options, phases,
 * causes and values, the page the prose.
 */
#include "generate.h"

enum { LINE = 72 };

static void
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

static void
roff_line(struct document *d, const char *text)
{
	roff(d, text);
	str_addc(&d->out, '\n');
}

static void
paragraph(struct document *d, const char *text)
{
	str_addz(&d->out, ".PP\n");
	roff_line(d, text);
}

static void
paragraphs(struct document *d, const char *const *text)
{
	for (; *text; text++)
		paragraph(d, *text);
}

static void
section(struct document *d, const char *name)
{
	str_addf(&d->out, ".SH %s\n", name);
}

/* A section of prose that a page may be without. */
static void
man_section(struct document *d, const char *name, const char *const *text)
{
	if (!text)
		return;
	section(d, name);
	paragraphs(d, text);
}

/* An entry of a list: its name in bold, what follows it, and the text. */
static void
entry(struct document *d, const char *name, const char *behind, const char *text)
{
	str_addz(&d->out, ".TP\n\\fB");
	roff(d, name);
	str_addz(&d->out, "\\fR");
	roff_line(d, behind);
	roff_line(d, text);
}

static void
man_option(struct document *d, const struct opt *opt)
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

static void
man_options(struct document *d)
{
	section(d, "OPTIONS");
	roff_line(d,
	    "As of getopt_long(3): a long name may be cut short where that is "
	    "unambiguous. The last of several wins, except where an option is called "
	    "repeatable. A file that is given without a slash is looked for in "
	    "$CREDENTIALS_DIRECTORY first.");
	for (size_t i = 0; i < opts_count(d->table); i++) {
		const struct opt *opt = opts_row(d->table, i);

		if (opt->group)
			str_addf(&d->out, ".SS %s\n", opt->group);
		if (!opt->compat)
			man_option(d, opt);
	}
	str_addz(&d->out, ".SS For configurations of the Monitoring Plugins\n");
	for (size_t i = 0; i < opts_count(d->table); i++)
		if (opts_row(d->table, i)->compat)
			man_option(d, opts_row(d->table, i));
}

static void
man_thresholds(struct document *d)
{
	section(d, "THRESHOLDS");
	roff_line(d, "-w and -c take [NAME=]RANGE, which says what is good.");
	entry(d, "10", "", "alerts below 0 and above 10");
	entry(d, "10:", "", "alerts below 10");
	entry(d, "~:10", "", "alerts above 10");
	entry(d, "10:20", "", "alerts below 10 and above 20");
	entry(d, "@10:20", "", "alerts from 10 to 20");
	paragraph(d,
	    "NAME is time, the total without the goodbye, which is meant where there is "
	    "no NAME; one of the PHASES; or a counted one of the VALUES. Times are in "
	    "seconds. A phase that did not run and a value that was not learnt meet every "
	    "threshold.");
}

static void
man_phases(struct document *d)
{
	section(d, "PHASES");
	roff_line(d,
	    "Each is timed, end to end without gaps. One that runs again has a number "
	    "behind its name, from _2 on. Only those that ran appear in a result.");
	for (int i = 0; i < PHASES; i++)
		if (probes_have(phase_infos[i].probes, d->probe->name))
			entry(d, phase_infos[i].name, "", phase_infos[i].meaning);
}

static void
man_causes(struct document *d)
{
	section(d, "CAUSES");
	roff_line(d,
	    "Why a result is not OK, with the state it has unless an option says "
	    "otherwise. The worst state wins: CRITICAL, UNKNOWN, WARNING, OK; with equal "
	    "states the earliest phase.");
	for (int i = CAUSE_NONE + 1; i < CAUSES; i++)
		if (probes_have(cause_infos[i].probes, d->probe->name))
			entry(d, cause_infos[i].name,
			    str_f(d->arena, " (%s)", state_name(cause_infos[i].state)).at,
			    cause_infos[i].meaning);
}

static void
man_values(struct document *d)
{
	section(d, "VALUES");
	roff_line(d,
	    "What is learnt on the way, under the names of --output=json. Those that are "
	    "counted are in performance data too, and -w and -c can name them.");
	for (int i = 0; i < FACTS; i++) {
		const struct fact_info *fact = &fact_infos[i];
		const char *counted = "";

		if (!probes_have(fact->probes, d->probe->name))
			continue;
		if (fact->value && strcmp(fact->value, fact->name) == 0)
			counted = " (counted)";
		else if (fact->value)
			counted = str_f(d->arena, " (counted as %s)", fact->value).at;
		entry(d, fact->name, counted, fact->help);
	}
	if (d->page->values)
		paragraph(d, d->page->values);
}

static void
man_status(struct document *d)
{
	section(d, "EXIT STATUS");
	entry(d, "0", "", "OK");
	entry(d, "1", "", "WARNING");
	entry(d, "2", "", "CRITICAL");
	entry(d, "3", "",
	    "UNKNOWN: wrong options, something on this machine, or --help and "
	    "--version");
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

/* The command, cut into lines that a shell takes together again. */
static void
command(struct document *d, const char *options)
{
	struct str line = str_in(d->arena);
	slice rest = slice_z(options);

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
}

static void
man_examples(struct document *d)
{
	section(d, "EXAMPLES");
	for (const struct example *example = d->page->examples; example->text; example++) {
		verify(d, example->options);
		paragraph(d, example->text);
		str_addz(&d->out, ".PP\n.RS\n.EX\n");
		command(d, example->options);
		str_addz(&d->out, ".EE\n.RE\n");
	}
}

static void
man_environment(struct document *d)
{
	section(d, "ENVIRONMENT");
	entry(d, "CREDENTIALS_DIRECTORY", "",
	    "the folder of the service manager's credentials, "
	    "see systemd.exec(5): files that options name without a slash are looked for there "
	    "first");
	entry(d, "MP_CONFIG_FILE", "", "the file of --extra-opts without @FILE");
	entry(d, "MP_CONFIG_PATH", ", NAGIOS_CONFIG_PATH",
	    "folders, separated by colons, to look "
	    "for monitoring-plugins.ini, plugins.ini and nagios-plugins.ini in");
}

void
man_page(struct document *d)
{
	const char *program = d->table->program;

	str_addz(&d->out, ".\\\" Made from the tables of options: changes belong there.\n.TH ");
	for (const char *c = program; *c; c++)
		str_addc(&d->out, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	str_addf(&d->out, " 8 \"\" \"mailprobe %s\" \"mailprobe\"\n", d->version);
	section(d, "NAME");
	roff(d, program);
	str_addz(&d->out, " \\- ");
	roff_line(d, d->table->about);
	section(d, "SYNOPSIS");
	str_addf(&d->out, ".B %s\n\\fB\\-H\\fR \\fIHOST\\fR [\\fIOPTION\\fR]...\n", program);
	section(d, "DESCRIPTION");
	paragraphs(d, d->page->description);
	man_section(d, "STEPS", d->page->steps);
	man_section(d, "CHANGES ON THE SERVER", d->page->changes);
	man_options(d);
	man_thresholds(d);
	man_phases(d);
	man_causes(d);
	man_values(d);
	man_status(d);
	man_environment(d);
	man_examples(d);
	section(d, "SEE ALSO");
	roff_line(d, d->page->see_also);
}
