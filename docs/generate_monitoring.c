/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command definitions for Nagios, which are written out in the page, and a CheckCommand for Icinga
 * 2, which has an argument for each option: its custom variables are named as the options are.
 */
#include "generate.h"

/* Whether what is probed is a host of the monitoring system's. */
static bool
of_a_host(struct document *d)
{
	for (size_t i = 0; i < opts_count(d->table); i++) {
		const char *name = opts_row(d->table, i)->name;

		if (name && strcmp(name, "address") == 0)
			return true;
	}
	return false;
}

void
nagios_commands(struct document *d)
{
	const char *host = of_a_host(d) ? "-H '$HOSTNAME$' -I '$HOSTADDRESS$' " : "";

	str_addf(&d->out,
	    "# Made from the tables of options: changes belong there.\n#\n"
	    "# Commands of %s.%s Passwords are in\n"
	    "# files that custom variables name: in a macro they would be in the process list.\n",
	    d->table->program,
	    *host ? " The host's name is used for SNI and to verify the certificate:\n"
	            "# where it is no name of the server's, give --server-name=NAME."
	          : "");
	for (const struct command *c = d->page->commands; c->name; c++) {
		verify(d, c->options);
		str_addf(&d->out,
		    "\n# %s\ndefine command {\n\tcommand_name\t%s\n"
		    "\tcommand_line\t$USER1$/%s %s%s\n}\n",
		    c->text, c->name, d->table->program, host, c->options);
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
	if (opt->kind == OPT_KIND_LIST || (opt->kind == OPT_KIND_STEPS && opt->arg && !opt->bare))
		str_addz(&d->out, "\t\t\trepeat_key = true\n");
	if (opt->kind == OPT_KIND_STEPS) /* they are done in the order in which they stand */
		str_addf(&d->out, "\t\t\torder = %d\n", (int)(opt - d->table->own));
	if (opt->at == d->table->operand && opt->kind == OPT_KIND_STRING)
		str_addz(&d->out, "\t\t\trequired = true\n");
	str_addz(&d->out, "\t\t\tdescription = \"");
	icinga_string(d, opt->help);
	str_addz(&d->out, "\"\n\t\t}\n");
}

/*
 * Steps one by one are done in the order of the table. For another, and for a step that is done
 * more than once with others between, they are written as they would be on a command line.
 */
static void
icinga_steps(struct document *d)
{
	bool any = false;

	for (size_t i = 0; i < d->table->own_count; i++)
		any |= d->table->own[i].kind == OPT_KIND_STEPS;
	if (!any)
		return;
	str_addf(&d->out,
	    "\t\t\"(steps)\" = {\n"
	    "\t\t\tvalue = \"$mail_%s_steps$\"\n"
	    "\t\t\tskip_key = true\n"
	    "\t\t\trepeat_key = true\n"
	    "\t\t\tdescription = \"steps in an order of your own, each an item of an array and "
	    "written as on the command line; the others are done in the order in which they "
	    "stand here\"\n"
	    "\t\t}\n",
	    d->probe->name);
}

/* No password in an object that every user of the interface may read. */
static bool
icinga_has(const struct opt *opt)
{
	return opt->name && !opt->compat && !(opt->secret && opt->kind == OPT_KIND_STRING)
	    && opt->kind != OPT_KIND_HELP && opt->kind != OPT_KIND_VERSION;
}

void
icinga2_command(struct document *d)
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
	icinga_steps(d);
	str_addz(&d->out, "\t}\n");
	if (of_a_host(d))
		str_addf(&d->out,
		    "\n\tvars.mail_%s_hostname = \"$host.name$\"\n"
		    "\tvars.mail_%s_address = \"$address$\"\n",
		    probe, probe);
	str_addz(&d->out, "}\n");
}
