/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all check binaries do around their one probe. A wrong option, too, becomes a result, so that
 * every output format can say it; the exit status is the state in all of them.
 */
#include "plugin.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "mask.h"
#include "render.h"

/*
 * Bounds what a run may hold: a message of 32 MiB in its three forms, and every reply at its limit.
 * What is made of the result has memory of its own, so that a run that used up its share can still
 * be told.
 */
enum { MEMORY_CEILING = 512 << 20, OUTPUT_CEILING = 64 << 20 };

/*
 * Passwords must not reach a core file; neither a peer that goes away may kill us, nor a limit of
 * what a file can hold.
 */
static void
harden(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* All of `text`, or as much as the descriptor takes. */
static void
put(int fd, slice text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.at, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text = slice_skip(text, (size_t)n);
	}
}

/* No memory for so much as a result. */
static int
speechless(void)
{
	put(STDOUT_FILENO, S("UNKNOWN - local: no memory\n"));
	return STATE_UNKNOWN;
}

static void
put_transcript(const struct result *result, struct arena *arena)
{
	for (size_t i = 0; i < result->transcript_count; i++) {
		const struct transcript_line *line = &result->transcript[i];
		struct str out = str_in(arena);

		str_addf(&out, "%8.3f %c ",
		    span_as_seconds(span_between(result->start, line->when)), line->from);
		escape_text(&out, line->text);
		str_addc(&out, '\n');
		put(STDERR_FILENO, str_slice(&out));
	}
}

static unsigned
terminal_columns(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	uint64_t number;

	if (columns && slice_number(slice_z(columns), 1000, &number) && number >= 40)
		return (unsigned)number;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

/*
 * Whether the locale's character set is UTF-8, by the variables that decide it (POSIX, chapter
 * 8.2).
 */
static bool
terminal_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		slice value = slice_z(getenv(names[i]));

		if (value.n == 0)
			continue;
		for (; value.n > 0; value = slice_skip(value, 1))
			if (slice_startsi(value, S("UTF-8")) || slice_startsi(value, S("UTF8")))
				return true;
		return false;
	}
	return false;
}

static void
render(const struct result *result, const struct probe_opts *opts, struct str *out)
{
	switch (opts->output) {
	case OUTPUT_NAGIOS:
		render_nagios(result, &opts->thresholds, (int)opts->verbose, out);
		break;
	case OUTPUT_JSON:
		render_json(result, out);
		break;
	case OUTPUT_OPENMETRICS:
		render_openmetrics(result, out);
		break;
	case OUTPUT_WATERFALL:
		render_waterfall(result, terminal_columns(), terminal_utf8(), out);
		break;
	}
}

static int
answer(struct result *result, const struct probe_opts *opts)
{
	struct arena *arena = arena_new(OUTPUT_CEILING);
	struct str out = str_in(arena);
	int status = STATE_UNKNOWN;

	judge(result, &opts->thresholds);
	if (arena) {
		render(result, opts, &out);
		if (opts->verbose > 1)
			put_transcript(result, arena);
		status = (int)result->verdict.state;
	}
	if (!arena || arena_failed(arena)) { /* half an answer would be a wrong one */
		put(STDOUT_FILENO, S("UNKNOWN - local: no memory for the answer\n"));
		status = STATE_UNKNOWN;
	} else
		put(STDOUT_FILENO, str_slice(&out));
	arena_free(arena);
	return status;
}

/* Options that cannot be meant, or a file of theirs that cannot be read: a result without a run. */
static int
refuse(const struct probe_type *type, struct probe_opts *opts, struct arena *arena,
    enum cause cause, slice sentence)
{
	struct result *result = result_new(arena, type->name, type->label);
	struct list secrets = { 0 };

	if (!result)
		return speechless();
	mask_add(arena, &secrets, slice_z(opts->password));
	mask_add(arena, &secrets, slice_z(opts->token));
	mask_add(arena, &secrets, slice_z(opts->oauth_client_secret));
	mask_add(arena, &secrets, slice_z(opts->oauth_refresh_token));
	sentence = mask_apply(arena, &secrets, sentence); /* it may quote another option */
	result->host = slice_z(opts->host);
	result->port = opts->port.number;
	result->timeout = opts->timeout.after;
	/* The options can be meant: performance data has their labels. */
	if (cause == CAUSE_LOCAL && (opts->host || opts->address)) {
		struct str ignored = str_in(arena);

		type->complete(opts, arena, &(enum cause){ CAUSE_NONE }, &ignored);
		type->plan(opts, arena, &result->plan);
	}
	result_add(result,
	    (struct finding){ .cause = cause,
	        .state = cause_infos[cause].state,
	        .lap = LAP_NONE,
	        .text = sentence });
	if (opts->output != OUTPUT_NAGIOS) {
		struct str line = str_in(arena);

		escape_text(&line, sentence);
		str_addc(&line, '\n');
		put(STDERR_FILENO, str_slice(&line));
	}
	return answer(result, opts);
}

static int
run(const struct probe_type *type, struct probe_opts *opts, struct arena *arena, int argc,
    char **argv)
{
	struct str text = str_in(arena);
	enum cause cause = CAUSE_USAGE;
	struct result *result;

	switch (opts_parse(type->options, opts, argc, argv, arena, &text)) {
	case OPTS_HELP:
		opts_help(type->options, &text);
		put(STDOUT_FILENO, str_slice(&text));
		return STATE_UNKNOWN;
	case OPTS_VERSION:
		put(STDOUT_FILENO, str_f(arena, "%s %s\n", type->options->program, VERSION));
		return STATE_UNKNOWN;
	case OPTS_LOCAL:
		cause = CAUSE_LOCAL;
		/* fall through */
	case OPTS_WRONG:
		return refuse(type, opts, arena, cause, str_slice(&text));
	case OPTS_RUN:
		break;
	}
	if (!probe_opts_complete(opts, arena, &cause, &text)
	    || !type->complete(opts, arena, &cause, &text))
		return refuse(type, opts, arena, cause, str_slice(&text));
	opts->transcript = opts->verbose > 1 || (opts->verbose > 0 && opts->output == OUTPUT_JSON);
	result = session_run(type, opts, arena);
	return result ? answer(result, opts) : speechless();
}

int
plugin_main(const struct probe_type *type, int argc, char **argv)
{
	struct arena *arena = arena_new(MEMORY_CEILING);
	struct probe_opts *opts = arena ? arena_alloc(arena, type->opts_size) : NULL;
	int status;

	harden();
	if (opts) {
		memcpy(opts, type->defaults, type->opts_size);
		status = run(type, opts, arena, argc, argv);
	} else
		status = speechless();
	arena_free(arena);
	return status;
}
