/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manual page, section by section, in the macros of man(7). The tables give options, phases,
 * causes and values, the page the prose.
 */
#include "generate.h"

/* A section of prose that a page may be without. */
static void
man_section(struct document *d, const char *name, const char *const *text)
{
	if (!text)
		return;
	section(d, name);
	paragraphs(d, text);
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
			option(d, opt);
	}
	if (d->probe->side)
		return;
	str_addz(&d->out, ".SS For configurations of the Monitoring Plugins\n");
	for (size_t i = 0; i < opts_count(d->table); i++)
		if (opts_row(d->table, i)->compat)
			option(d, opts_row(d->table, i));
}

static void
man_thresholds(struct document *d)
{
	section(d, "THRESHOLDS");
	roff_line(d, "-w and -c take [NAME=]RANGE, which says what is good.");
	ranges(d);
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
	for (enum side side = SIDE_NONE; side < SIDES; side++)
		for (enum phase i = 0; i < PHASES; i++)
			if (probe_has_phase(d->probe->name, side, i))
				entry(d,
				    str_f(d->arena, "%s%s", side_infos[side].prefix,
				        phase_infos[i].name)
				        .at,
				    "", phase_infos[i].meaning);
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

		if (!probes_have(fact->probes, d->probe->name)
		    || (d->probe->side && !*fact->probes))
			continue;
		if (fact->value && strcmp(fact->value, fact->name) == 0)
			counted = " (counted)";
		else if (fact->value)
			counted = str_f(d->arena, " (counted as %s)", fact->value).at;
		entry(d, fact->name, counted, fact->help);
	}
	if (d->probe->side) {
		paragraph(
		    d, "Of each of the two servers, with submit_ and fetch_ in front of the name:");
		for (int i = 0; i < FACTS; i++)
			if (!*fact_infos[i].probes)
				entry(d, fact_infos[i].name,
				    fact_infos[i].value ? " (counted)" : "", fact_infos[i].help);
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

static void
man_examples(struct document *d)
{
	section(d, "EXAMPLES");
	for (const struct example *example = d->page->examples; example->text; example++) {
		verify(d, example->options);
		paragraph(d, example->text);
		command(d, example->options);
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

	title(d, program, 8, d->table->about);
	section(d, "SYNOPSIS");
	str_addf(&d->out, ".B %s\n", program);
	if (d->table->usage)
		roff_line(d, d->table->usage);
	else
		str_addz(&d->out, "\\fB\\-H\\fR \\fIHOST\\fR [\\fIOPTION\\fR]...\n");
	section(d, "DESCRIPTION");
	paragraphs(d, d->page->description);
	man_section(d, "STEPS", d->page->steps);
	man_section(d, "CHANGES ON THE SERVER", d->page->changes);
	man_options(d);
	man_thresholds(d);
	man_phases(d);
	man_causes(d);
	man_values(d);
	if (d->page->more)
		blocks(d, d->page->more);
	man_status(d);
	man_environment(d);
	man_examples(d);
	section(d, "SEE ALSO");
	roff_line(d, d->page->see_also);
}
