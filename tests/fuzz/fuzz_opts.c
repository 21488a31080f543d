/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A command line, one word to a line of the input, through everything that happens before a run:
 * parsing and both completions. A first line "imap" or "pop3" is not a word: it says whose command
 * line that is. Options files and files of secrets are opened if they are named: run it in an empty
 * folder.
 */
#include "fuzz.h"
#include "imap.h"
#include "pop3.h"
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
completed_smtp(const struct smtp_opts *opts)
{
	demand(opts->sender && !strpbrk(opts->sender, "\r\n"));
	demand(!opts->fqdn || !strpbrk(opts->fqdn, "\r\n "));
	demand(!opts->send || opts->rcpt.n > 0);
	for (size_t i = 0; i < opts->rcpt.n; i++)
		demand(!strpbrk(opts->rcpt.items[i].at, "\r\n<> "));
	for (size_t i = 0; i < opts->commands.n; i++)
		demand(!strpbrk(opts->commands.items[i].at, "\r\n"));
}

/* What goes to the server as a line of its own. */
static void
completed_tcp(const struct check_tcp *tcp)
{
	for (size_t i = 0; i < tcp->send.n; i++)
		demand(tcp->send.items[i].n > 0 && !strpbrk(tcp->send.items[i].at, "\n"));
	for (size_t i = 0; i < tcp->quit.n; i++)
		demand(tcp->quit.items[i].n > 0 && !strpbrk(tcp->quit.items[i].at, "\n"));
}

static bool
has_line_end(slice s)
{
	return slice_find(s, S("\r")) < s.n || slice_find(s, S("\n")) < s.n;
}

static void
completed_imap(const struct imap_opts *opts)
{
	bool open = false;

	completed_tcp(&opts->tcp);
	for (size_t i = 0; i < opts->task_count; i++) {
		const struct imap_task *task = &opts->tasks[i];

		demand(task->verb && task->verb->run);
		demand(!has_line_end(task->mailbox) && !has_line_end(task->reference));
		demand(task->verb->run != imap_search || !has_line_end(task->name));
		open |= task->verb->run == imap_select;
		demand(open || !task->verb->opened);
		open &= !task->verb->closes;
	}
}

static void
completed_pop3(const struct pop3_opts *opts)
{
	uint64_t number;

	completed_tcp(&opts->tcp);
	for (size_t i = 0; i < opts->steps.n; i++)
		demand(strcmp(opts->steps.items[i].option, "dele") != 0
		    || slice_number(opts->steps.items[i].value, POP3_MESSAGE_MAX, &number));
}

static void
completed(const struct probe_type *probe, const struct probe_opts *opts)
{
	demand(opts->host && *opts->host && opts->port.number > 0);
	demand(opts->timeout.after.ns > 0 && opts->tls != TLS_AUTO);
	if (probe == &probe_imap)
		completed_imap((const void *)opts);
	else if (probe == &probe_pop3)
		completed_pop3((const void *)opts);
	else
		completed_smtp((const void *)opts);
}

static void
parse(const struct probe_type *probe, struct arena *arena, slice input, int argc, char **argv)
{
	struct probe_opts *opts = arena_alloc(arena, probe->opts_size);
	struct str error = str_in(arena);
	enum cause cause = CAUSE_NONE;

	demand(opts != NULL);
	memcpy(opts, probe->defaults, probe->opts_size);
	switch (opts_parse(probe->options, opts, argc, argv, arena, &error)) {
	case OPTS_RUN: break;
	case OPTS_WRONG:
	case OPTS_LOCAL: readable(str_slice(&error)); return;
	default: return;
	}
	wiped(opts, input, argc, argv);
	if (probe_opts_complete(opts, arena, &cause, &error)
	    && probe->complete(opts, arena, &cause, &error)) {
		demand(error.n == 0);
		completed(probe, opts);
		return;
	}
	demand(cause == CAUSE_USAGE || cause == CAUSE_LOCAL);
	readable(str_slice(&error));
}

/* The probe that the first line names, which is then taken off. */
static const struct probe_type *
probe_of(slice *input)
{
	slice rest = *input, first = slice_cut(&rest, '\n');
	const struct probe_type *probe = slice_eq(first, S("imap")) ? &probe_imap
	    : slice_eq(first, S("pop3"))                            ? &probe_pop3
	                                                            : &probe_smtp;

	if (probe != &probe_smtp)
		*input = rest;
	return probe;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n }, rest;
	const struct probe_type *probe = probe_of(&input);
	struct arena *arena = arena_new(64 << 20);
	char *argv[WORDS + 2];
	int argc = 1;

	demand(arena != NULL);
	argv[0] = word(slice_z(probe->options->program));
	rest = input;
	while (rest.at && rest.n > 0 && argc < WORDS)
		argv[argc++] = word(slice_cut(&rest, '\n'));
	argv[argc] = NULL;
	parse(probe, arena, input, argc, argv);
	demand(!arena_failed(arena));
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	arena_free(arena);
	return 0;
}
