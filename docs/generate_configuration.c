/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailprobe.yml(5): prose, and what the code knows. Keys of modules come from the probes' tables of
 * options, by the rules of the code that reads them; defaults from the configuration that an empty
 * file makes; and each range is tried.
 */
#include "config.h"
#include "generate.h"
#include "metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct probe_type *const types[] = {
#define PROBE(name) &probe_##name,
#include "probes.def"
#undef PROBE
};

static void
write_file(struct document *d, const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) == EOF || fclose(file) != 0) {
		perror(path);
		d->broken = true;
	}
}

/* Reads the text as the exporter would, which finds the secrets that our examples name. */
static struct config *
read_text(struct document *d, const char *text, struct problems *problems)
{
	char folder[] = "/tmp/mailprobe.XXXXXX";
	const char *file, *secret, *key;
	struct config *config;

	if (!mkdtemp(folder)) {
		perror(folder);
		return NULL;
	}
	file = str_f(d->arena, "%s/mailprobe.yml", folder).at;
	secret = str_f(d->arena, "%s/probe.pass", folder).at;
	write_file(d, file, text);
	key = str_f(d->arena, "%s/probe.key", folder).at;
	write_file(d, secret, "secret\n");
	write_file(d, key, "sixteen bytes or more\n");
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	config = config_read(file, problems);
	unlink(file);
	unlink(secret);
	unlink(key);
	rmdir(folder);
	return config;
}

void
verify_configuration(struct document *d, const char *yaml, bool good)
{
	struct problems problems = { .arena = d->arena };
	struct config *config = read_text(d, yaml, &problems);

	if ((config != NULL) != good) {
		fprintf(stderr, "%s\tshould be %s\n", yaml, good ? "accepted" : "refused");
		for (size_t i = 0; i < problems.sentences.n; i++)
			fprintf(stderr, "\t%s\n", problems.sentences.items[i].at);
		d->broken = true;
	}
	config_drop(config);
}

/* A whole number from 0 to `most`, which is tried. `mapping` has the key; NULL: the file itself. */
static void
number(struct document *d, const char *mapping, const char *key, unsigned most, unsigned otherwise,
    const char *text)
{
	for (unsigned i = 0; i < 2; i++) {
		slice line = mapping ? str_f(d->arena, "%s: {%s: %u}\n", mapping, key, most + i)
		                     : str_f(d->arena, "%s: %u\n", key, most + i);

		verify_configuration(d, line.at, i == 0);
	}
	entry(d, key, str_f(d->arena, ": 0 to %u", most).at,
	    str_f(d->arena, "%s (default %u)", text, otherwise).at);
}

/* What holds where the file does not say. */
static struct config *
defaults(struct document *d)
{
	struct problems problems = { .arena = d->arena };
	struct config *config = read_text(d, "", &problems);

	d->broken |= !config;
	return config;
}

void
configuration_numbers(struct document *d)
{
	struct config *config = defaults(d);

	if (config)
		number(d, NULL, "history", 10000, config->history,
		    "how many runs of each target are kept for its page; one at least is");
	config_drop(config);
}

void
configuration_limits(struct document *d)
{
	struct config *config = defaults(d);

	if (!config)
		return;
	number(d, "limits", "probes", 30000, config->probes,
	    "so many probes that were asked for run at a time; with 0 none does: whoever asks is "
	    "answered by 503 at once");
	number(d, "limits", "queue", 1000000, config->queue, "so many more wait for their turn");
	number(d, "limits", "host_concurrency", 30000, config->host_probes,
	    "so many probes of one host run at a time, 0 being any number");
	number(d, "limits", "host_rate", 1000000, (unsigned)config->host_rate,
	    "so many probes of one host begin in a second, 0 being any number");
	config_drop(config);
}

void
configuration_buckets(struct document *d)
{
	struct config *config = defaults(d);
	struct str text = str_in(d->arena);

	if (!config)
		return;
	str_addf(&text,
	    "the upper bounds of the buckets of mailprobe_phase_duration_seconds, rising, %d at "
	    "most (default ",
	    BUCKETS_MAX);
	for (size_t i = 0; i < config->bucket_count; i++)
		str_addf(&text, "%s%g", i > 0 ? ", " : "[", span_as_seconds(config->buckets[i]));
	str_addz(&text, "]). Each is one more series for each phase of each target: few will do.");
	entry(d, "buckets", ": LIST of DURATION", str_z(&text));
	config_drop(config);
}

/* "NAME[,...]" is NAME in a list. */
static const char *
value_of(struct document *d, const struct opt *opt)
{
	slice arg = slice_z(opt->arg);
	size_t more = slice_find(arg, S("[,...]"));

	if (!opt->arg)
		return opt->kind == OPT_KIND_STEPS ? ": true" : ": BOOL";
	if (opt->kind == OPT_KIND_DEADLINE)
		return ": DURATION[:STATE]";
	if (opt->kind == OPT_KIND_STEPS && opt->bare)
		return str_f(d->arena, ": true|%s", opt->arg).at;
	return str_f(
	    d->arena, ": %.*s%s", (int)more, arg.at, opt->kind == OPT_KIND_LIST ? ", or LIST" : "")
	    .at;
}

/* Whether a key of that name and meaning is in the section too. */
static bool
is_in(struct document *d, const struct probe_type *type, const char *section, const char *key,
    const char *help)
{
	for (size_t i = 0; section && i < opts_count(type->options); i++) {
		const char *at, *its;

		if (config_key(type, i, d->arena, &at, &its) && strcmp(at, section) == 0
		    && strcmp(its, key) == 0 && strcmp(opts_row(type->options, i)->help, help) == 0)
			return true;
	}
	return false;
}

/* All keys of a probe that a section of its modules has, but those that section `but` has. */
static void
keys(struct document *d, const struct probe_type *type, const char *wanted, const char *but)
{
	for (size_t i = 0; i < opts_count(type->options); i++) {
		const struct opt *opt = opts_row(type->options, i);
		const char *at, *key;

		if (config_key(type, i, d->arena, &at, &key) && strcmp(at, wanted) == 0
		    && !is_in(d, type, but, key, opt->help))
			entry(d, key, value_of(d, opt), opt->help);
	}
}

void
configuration_common(struct document *d)
{
	keys(d, types[0], "", NULL);
}

void
configuration_tls(struct document *d)
{
	keys(d, types[0], "tls", NULL);
}

void
configuration_auth(struct document *d)
{
	keys(d, types[0], "auth", NULL);
}

void
configuration_probes(struct document *d)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		str_addf(&d->out, ".SS %s%s\n", types[i]->name,
		    types[i] == &probe_smtp ? ", or lmtp where that is the probe" : "");
		keys(d, types[i], types[i]->name, NULL);
	}
}

void
configuration_submit(struct document *d)
{
	keys(d, &probe_roundtrip, "submit", NULL);
}

void
configuration_fetch(struct document *d)
{
	keys(d, &probe_roundtrip, "fetch", "submit");
}

/* Whether an earlier metric has that label. */
static bool
known_before(enum metric metric, slice name)
{
	for (enum metric i = 0; i < metric; i++) {
		slice rest = slice_z(metric_infos[i].labels);

		while (rest.n > 0)
			if (slice_eq(slice_cut(&rest, ' '), name))
				return true;
	}
	return false;
}

void
configuration_labels(struct document *d)
{
	struct str text = str_in(d->arena);

	str_addz(
	    &text, "Labels that our metrics have themselves cannot be set: target, module, le");
	for (enum metric metric = 0; metric < METRICS; metric++) {
		slice rest = slice_z(metric_infos[metric].labels);

		while (rest.n > 0) {
			slice name = slice_cut(&rest, ' ');

			if (known_before(metric, name))
				continue;
			str_addf(&text, ", %.*s", (int)name.n, name.at);
			verify_configuration(d,
			    str_f(d->arena,
			        "modules: {m: {probe: smtp}}\n"
			        "targets: [{target: a.test, module: m, labels: {%.*s: x}}]\n",
			        (int)name.n, name.at)
			        .at,
			    false);
		}
	}
	str_addc(&text, '.');
	paragraph(d, str_z(&text));
}

void
configuration_page(struct document *d)
{
	title(d, "mailprobe.yml", 5, "the configuration of mailprobe-exporter(8)");
	section(d, "SYNOPSIS");
	roff_line(d, "mailprobe-exporter --config.file=/etc/mailprobe/mailprobe.yml");
	blocks(d, configuration_blocks);
}
