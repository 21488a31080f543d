/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * generate FOLDER VERSION: writes what is made from tables into FOLDER: for each probe its manual
 * page, its commands for Nagios and its CheckCommand for Icinga 2; for the exporter its manual
 * page, that of its configuration, and the list of its metrics. Built with the sources it
 * documents, so that it cannot speak of others; the pages have the rest.
 *
 * A document with a mistake in it is not written, and fails the run.
 */
#include "generate.h"
#include "exporter_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { MEMORY = 8 << 20, WORDS = 64 };

static const struct kind {
	const struct probe_type *probe;
	const struct page *page;
} kinds[] = {
#define PROBE(name) { &probe_##name, &page_##name },
#include "probes.def"
#undef PROBE
};

static const struct form {
	const char *before, *after; /* of the program's name in the file's */
	void (*write)(struct document *d);
} forms[] = {
	{ "docs/man/", ".8", man_page },
	{ "plugins/nagios/", ".cfg", nagios_commands },
	{ "plugins/icinga2/", ".conf", icinga2_command },
};

/* Of the exporter there is only one. */
static const struct single {
	const char *path;
	void (*write)(struct document *d);
} singles[] = {
	{ "docs/man/mailprobe-exporter.8", exporter_page },
	{ "docs/man/mailprobe.yml.5", configuration_page },
	{ "docs/metrics.md", metrics_reference },
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

/*
 * $MACROS$ of Nagios: 1 where one is a value, a host behind -H, a user and host in a URL, nothing
 * where it is a place for more options.
 */
static const char *
without_macros(struct document *d, const char *options)
{
	struct str out = str_in(d->arena);

	while (*options) {
		const char *end = *options == '$' ? strchr(options + 1, '$') : NULL;
		bool quoted = out.n > 0 && out.at[out.n - 1] == '\'';

		if (end && quoted && out.n > 3 && memcmp(&out.at[out.n - 4], "-H ", 3) == 0)
			str_addz(&out, "host");
		else if (end && (quoted || (out.n > 0 && out.at[out.n - 1] == '=')))
			str_addc(&out, '1');
		else if (end && out.n > 0 && out.at[out.n - 1] == '/')
			str_addz(&out, "user@host");
		else if (!end)
			str_addc(&out, *options);
		options = end ? end + 1 : options + 1;
	}
	return str_z(&out);
}

/* What the program itself would say of them, but that files which they name are not there. */
static bool
complete(struct document *d, void *opts, struct str *error)
{
	struct probe_opts *common = opts;
	enum cause cause = CAUSE_NONE;

	if (!common->host)
		common->host = "localhost";
	return (probe_opts_complete(opts, d->arena, &cause, error) || cause == CAUSE_LOCAL)
	    && (d->probe->complete(opts, d->arena, &cause, error) || cause == CAUSE_LOCAL);
}

static bool
probe_takes(struct document *d, int argc, char **argv, struct str *error)
{
	void *opts = arena_alloc(d->arena, d->probe->opts_size);

	if (!opts)
		return false;
	memcpy(opts, d->probe->defaults, d->probe->opts_size);
	return opts_parse(d->table, opts, argc, argv, d->arena, error) == OPTS_RUN
	    && complete(d, opts, error);
}

void
verify(struct document *d, const char *options)
{
	char program[] = "generate", *words[WORDS + 1] = { program };
	struct str error = str_in(d->arena);
	int argc = 1 + split(d, without_macros(d, options), words + 1);
	struct exporter_options exporter;

	if (d->probe ? probe_takes(d, argc, words, &error)
	             : exporter_options_parse(&exporter, argc, words, d->arena, &error) == OPTS_RUN)
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

/* Makes the folders in front of the last slash. */
static bool
make_folders(char *path)
{
	for (char *c = path + 1; *c; c++) {
		bool made;

		if (*c != '/')
			continue;
		*c = '\0';
		made = mkdir(path, 0777) == 0 || errno == EEXIST;
		*c = '/';
		if (!made)
			return false;
	}
	return true;
}

static bool
put(const char *folder, const char *name, const struct document *d)
{
	struct str path = str_in(d->arena);
	FILE *file;
	bool done;

	str_addf(&path, "%s/%s", folder, name);
	if (arena_failed(d->arena))
		return false;
	file = make_folders(path.at) ? fopen(path.at, "w") : NULL;
	done = file && fwrite(d->out.at, 1, d->out.n, file) == d->out.n;
	if (file)
		done &= fclose(file) == 0;
	if (!done)
		perror(path.at);
	return done;
}

/* `d` says of what; `name` is the file's, or what stands before and behind the program's in it. */
static bool
make(struct document d, const char *folder, const char *name, const char *after,
    void (*write)(struct document *d))
{
	bool done = false;

	d.arena = arena_new(MEMORY);
	if (!d.arena)
		return false;
	d.out = str_in(d.arena);
	verify_table(&d);
	write(&d);
	if (after)
		name = str_f(d.arena, "%s%s%s", name, d.table->program, after).at;
	done = !d.broken && name && put(folder, name, &d);
	arena_free(d.arena);
	return done;
}

static bool
make_all(const char *folder, const char *version)
{
	struct document d = { .version = version };
	bool done = true;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		d.probe = kinds[i].probe;
		d.table = kinds[i].probe->options;
		d.page = kinds[i].page;
		for (size_t j = 0; j < COUNT(forms); j++)
			done &= make(d, folder, forms[j].before, forms[j].after, forms[j].write);
	}
	d = (struct document){ .version = version, .table = &exporter_table };
	for (size_t i = 0; i < COUNT(singles); i++)
		done &= make(d, folder, singles[i].path, NULL, singles[i].write);
	return done;
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: generate FOLDER VERSION\n");
		return EXIT_FAILURE;
	}
	return make_all(argv[1], argv[2]) ? EXIT_SUCCESS : EXIT_FAILURE;
}
