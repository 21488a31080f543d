/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * generate KIND PROBE [VERSION]: writes what is made from a probe's table of options to standard
 * output. KIND is `man` (manual page), `nagios` (command definitions) or `icinga2` (CheckCommand).
 * Built with the sources it documents, so that it cannot speak of others; pages.h has the rest.
 */
#include <stdio.h>
#include <stdlib.h>

#include "opts.h"
#include "pages.h"
#include "probes.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { MEMORY = 8 << 20, WORDS = 64, LINE = 72 };

static const struct probe_type *const probes[] = {
#define PROBE(name) &probe_##name,
#include "probes.def"
#undef PROBE
};

struct document {
	const struct probe_type *probe;
	const struct opt_table *table;
	const struct page *page;
	const char *version;
	struct arena *arena;
	struct str out;
	bool broken;
};

/* Splits as a shell does that knows blanks and single quotes alone. */
static int
split(struct document *d, const char *options, char **argv)
{
	struct str word = str_in(d->arena);
	int argc = 0;

	for (const char *c = options;; c++) {
		if (*c == '\'') {
			for (c++; *c && *c != '\''; c++)
				str_addc(&word, *c);
			continue;
		}
		if (*c && *c != ' ') {
			str_addc(&word, *c);
			continue;
		}
		if (word.n > 0 && argc < WORDS)
			argv[argc++] = word.at;
		word = str_in(d->arena);
		if (!*c)
			return argc;
	}
}

/* $MACROS$ of Nagios: 1 where one is a value, nothing where it is a place for more options. */
static const char *
without_macros(struct document *d, const char *options)
{
	struct str out = str_in(d->arena);

	while (*options) {
		const char *end = *options == '$' ? strchr(options + 1, '$') : NULL;
		bool quoted = out.n > 0 && out.at[out.n - 1] == '\'';

		if (end && (quoted || (out.n > 0 && out.at[out.n - 1] == '=')))
			str_addc(&out, '1');
		else if (!end)
			str_addc(&out, *options);
		options = end ? end + 1 : options + 1;
	}
	return str_z(&out);
}

/* A command line in our documentation has to be one that the program takes. */
static void
verify(struct document *d, const char *options)
{
	char program[] = "generate", *words[WORDS + 1] = { program };
	struct str error = str_in(d->arena);
	void *opts = arena_alloc(d->arena, d->probe->opts_size);
	int argc = 1 + split(d, without_macros(d, options), words + 1);

	if (!opts)
		return;
	memcpy(opts, d->probe->defaults, d->probe->opts_size);
	if (opts_parse(d->table, opts, argc, words, d->arena, &error) == OPTS_RUN)
		return;
	fprintf(stderr, "%s %s\n\t%s\n", d->table->program, options, str_z(&error));
	d->broken = true;
}

/* Its own rows and the common ones are in different files: no name or letter may be in both. */
static void
verify_table(struct document *d)
{
	for (size_t i = 0; i < opts_count(d->table); i++) {
		for (size_t j = 0; j < i; j++) {
			const struct opt *a = opts_row(d->table, i), *b = opts_row(d->table, j);
			bool name = a->name && b->name && strcmp(a->name, b->name) == 0;

			if (!name && (!a->letter || a->letter != b->letter))
				continue;
			fprintf(stderr, "%s has two options --%s or -%c\n", d->table->program,
			    a->name ? a->name : "", a->letter ? a->letter : ' ');
			d->broken = true;
		}
	}
}

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
section(struct document *d, const char *name)
{
	str_addf(&d->out, ".SH %s\n", name);
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
	    "What is learnt on the way, under the names of --output=json. Those with a "
	    "second name are counted: they appear under it in performance data, and -w "
	    "and -c can name it.");
	for (int i = 0; i < FACTS; i++) {
		const struct fact_info *fact = &fact_infos[i];

		if (!probes_have(fact->probes, d->probe->name))
			continue;
		entry(d, fact->name, fact->value ? str_f(d->arena, ", %s", fact->value).at : "",
		    fact->help);
	}
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

/* The command, cut into lines that a shell takes together again. */
static void
command(struct document *d, const char *options)
{
	struct str line = str_in(d->arena);
	slice rest = slice_z(options);

	str_addz(&line, d->table->program);
	while (rest.at) {
		slice word = slice_cut(&rest, ' ');

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

static void
man(struct document *d)
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
	for (const char *const *text = d->page->description; *text; text++)
		paragraph(d, *text);
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

static void
nagios(struct document *d)
{
	str_addf(&d->out,
	    "# Made from the tables of options: changes belong there.\n#\n"
	    "# Commands of %s. The host's name is used for SNI and to verify the certificate:\n"
	    "# where it is no name of the server's, give --server-name=NAME. Passwords are in\n"
	    "# files that custom variables name: in a macro they would be in the process list.\n",
	    d->table->program);
	for (const struct command *c = d->page->commands; c->name; c++) {
		verify(d, c->options);
		str_addf(&d->out,
		    "\n# %s\ndefine command {\n\tcommand_name\t%s\n"
		    "\tcommand_line\t$USER1$/%s -H '$HOSTNAME$' -I '$HOSTADDRESS$' %s\n}\n",
		    c->text, c->name, d->table->program, c->options);
	}
}

/* "mail_smtp_ca_file" */
static const char *
variable(struct document *d, const struct opt *opt)
{
	struct str name = str_in(d->arena);

	str_addf(&name, "mail_%s_", d->probe->name);
	for (const char *c = opt->name; *c; c++)
		str_addc(&name, *c == '-' ? '_' : *c);
	return str_z(&name);
}

static void
icinga_string(struct document *d, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_addc(&d->out, '\\');
		str_addz(&d->out, *text == '$' ? "$$" : (char[]){ *text, '\0' });
	}
}

static void
icinga_argument(struct document *d, const struct opt *opt)
{
	const char *name = variable(d, opt);

	str_addf(&d->out, "\t\t\"--%s\" = {\n", opt->name);
	if (!opt->arg)
		str_addf(&d->out, "\t\t\tset_if = \"$%s$\"\n", name);
	else if (opt->bare)
		str_addf(&d->out, "\t\t\tvalue = \"--%s=$%s$\"\n\t\t\tskip_key = true\n", opt->name,
		    name);
	else
		str_addf(&d->out, "\t\t\tvalue = \"$%s$\"\n", name);
	if (strcmp(opt->name, "address") == 0) /* a host object may be without */
		str_addf(&d->out, "\t\t\tset_if = {{ macro(\"$%s$\") != \"\" }}\n", name);
	if (opt->kind == OPT_KIND_LIST || (opt->kind == OPT_KIND_STEPS && opt->arg))
		str_addz(&d->out, "\t\t\trepeat_key = true\n");
	if (opt->kind == OPT_KIND_STEPS) /* they are done in the order in which they stand */
		str_addf(&d->out, "\t\t\torder = %d\n", (int)(opt - d->table->own));
	if (opt->at == d->table->operand && opt->kind == OPT_KIND_STRING)
		str_addz(&d->out, "\t\t\trequired = true\n");
	str_addz(&d->out, "\t\t\tdescription = \"");
	icinga_string(d, opt->help);
	str_addz(&d->out, "\"\n\t\t}\n");
}

/* No password in an object that every user of the interface may read. */
static bool
icinga_has(const struct opt *opt)
{
	return opt->name && !opt->compat && !(opt->secret && opt->kind == OPT_KIND_STRING)
	    && opt->kind != OPT_KIND_HELP && opt->kind != OPT_KIND_VERSION;
}

static void
icinga2(struct document *d)
{
	const char *probe = d->probe->name;

	str_addf(&d->out,
	    "/* Made from the tables of options: changes belong there. */\n\n"
	    "object CheckCommand \"mail_%s\" {\n"
	    "\tcommand = [ PluginDir + \"/%s\" ]\n\n\targuments = {\n",
	    probe, d->table->program);
	for (size_t i = 0; i < opts_count(d->table); i++)
		if (icinga_has(opts_row(d->table, i)))
			icinga_argument(d, opts_row(d->table, i));
	str_addf(&d->out,
	    "\t}\n\n\tvars.mail_%s_hostname = \"$host.name$\"\n"
	    "\tvars.mail_%s_address = \"$address$\"\n}\n",
	    probe, probe);
}

static bool
choose(struct document *d, const char *name)
{
	for (size_t i = 0; i < COUNT(probes); i++)
		if (strcmp(probes[i]->name, name) == 0)
			d->probe = probes[i];
	for (size_t i = 0; i < COUNT(pages); i++)
		if (strcmp(pages[i].probe, name) == 0)
			d->page = &pages[i];
	if (!d->probe || !d->page) {
		fprintf(stderr, "generate: %s is not in both of probes.def and pages.h\n", name);
		return false;
	}
	d->table = d->probe->options;
	verify_table(d);
	return true;
}

static void (*writer(const char *kind))(struct document *)
{
	const struct {
		const char *kind;
		void (*write)(struct document *);
	} kinds[] = { { "man", man }, { "nagios", nagios }, { "icinga2", icinga2 } };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].write;
	return NULL;
}

int
main(int argc, char **argv)
{
	struct document d = { .arena = arena_new(MEMORY), .version = argc > 3 ? argv[3] : "" };
	bool done = false;

	d.out = str_in(d.arena);
	if (argc < 3 || argc > 4 || !d.arena || !writer(argv[1])) {
		fprintf(stderr, "usage: generate man|nagios|icinga2 PROBE [VERSION]\n");
	} else if (choose(&d, argv[2])) {
		writer(argv[1])(&d);
		done = !d.broken && !arena_failed(d.arena)
		    && fwrite(d.out.at, 1, d.out.n, stdout) == d.out.n && fflush(stdout) == 0;
	}
	arena_free(d.arena);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
