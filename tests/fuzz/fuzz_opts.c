/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line, one word to a line of the input, through everything that happens before a run:
 * parsing and both completions. Options files and files of secrets are opened if they are named:
 * run it in an empty folder.
 */
#include "fuzz.h"
#include "probes.h"
#include "smtp.h"

enum { WORDS = 64 };

static char *
word(slice text)
{
	char *copy = malloc(text.n + 1);

	demand(copy != NULL);
	if (text.n > 0)
		memcpy(copy, text.at, text.n);
	copy[text.n] = '\0';
	return copy;
}

/* One line for people: something in it, and no control characters. */
static void
readable(slice sentence)
{
	demand(sentence.n > 0);
	for (size_t i = 0; i < sentence.n; i++)
		demand((unsigned char)sentence.at[i] >= ' ' && sentence.at[i] != 0x7f);
}

static unsigned
occurrences(slice text, slice wanted)
{
	unsigned n = 0;
	size_t at;

	while ((at = slice_find(text, wanted)) < text.n) {
		text = slice_skip(text, at + 1);
		n++;
	}
	return n;
}

/* A password that was given once, as an option, is nowhere in the words any more. */
static void
wiped(const struct probe_opts *opts, slice input, int argc, char **argv)
{
	slice password = slice_z(opts->password);

	if (password.n < 4 || opts->password_file || opts->password_env
	    || occurrences(input, password) != 1)
		return;
	for (int i = 0; i < argc; i++)
		demand(slice_find(slice_z(argv[i]), password) == strlen(argv[i]));
}

static void
completed(const struct smtp_opts *opts)
{
	const struct probe_opts *common = &opts->common;

	demand(common->host && *common->host && common->port.number > 0);
	demand(common->timeout.after.ns > 0 && common->tls != TLS_AUTO);
	demand(opts->sender && !strpbrk(opts->sender, "\r\n"));
	demand(!opts->fqdn || !strpbrk(opts->fqdn, "\r\n "));
	demand(!opts->send || opts->rcpt.n > 0);
	for (size_t i = 0; i < opts->rcpt.n; i++)
		demand(!strpbrk(opts->rcpt.items[i].at, "\r\n<> "));
	for (size_t i = 0; i < opts->commands.n; i++)
		demand(!strpbrk(opts->commands.items[i].at, "\r\n"));
}

static void
parse(struct arena *arena, slice input, int argc, char **argv)
{
	struct smtp_opts opts = *(const struct smtp_opts *)probe_smtp.defaults;
	struct str error = str_in(arena);
	enum cause cause = CAUSE_NONE;

	switch (opts_parse(probe_smtp.options, &opts, argc, argv, arena, &error)) {
	case OPTS_RUN: break;
	case OPTS_WRONG:
	case OPTS_LOCAL: readable(str_slice(&error)); return;
	default: return;
	}
	wiped(&opts.common, input, argc, argv);
	if (probe_opts_complete(&opts.common, arena, &cause, &error)
	    && probe_smtp.complete(&opts, arena, &cause, &error)) {
		demand(error.n == 0);
		completed(&opts);
		return;
	}
	demand(cause == CAUSE_USAGE || cause == CAUSE_LOCAL);
	readable(str_slice(&error));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n }, rest = input;
	struct arena *arena = arena_new(64 << 20);
	char *argv[WORDS + 2];
	int argc = 1;

	demand(arena != NULL);
	argv[0] = word(S("check_mail_smtp"));
	while (rest.at && rest.n > 0 && argc < WORDS)
		argv[argc++] = word(slice_cut(&rest, '\n'));
	argv[argc] = NULL;
	parse(arena, input, argc, argv);
	demand(!arena_failed(arena));
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	arena_free(arena);
	return 0;
}
