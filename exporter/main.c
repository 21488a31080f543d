/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailprobe-exporter: options, start, signals, end. All signals are blocked before the first thread
 * begins, and this one waits for them.
 */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "exporter_options.h"
#include "http.h"
#include "listen.h"
#include "log.h"
#include "notify.h"
#include "render.h"

enum { MEMORY = 64 << 20, PATIENCE_MS = 700, HEAPS = 4, PAGES = 4, OWN_MAPPING = 1 << 20 };

/* Secrets must not reach a core file, and a peer that goes away must not kill us. */
static void
harden(void)
{
	struct rlimit files;

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* one for each probe and request */
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	mallopt(M_ARENA_MAX, HEAPS);            /* thousands of threads wait, two or three run */
	mallopt(M_MMAP_THRESHOLD, OWN_MAPPING); /* what /metrics took goes back at once */
}

static void
put(int fd, slice text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.at, text.n);

		if (n <= 0 && errno != EINTR)
			return;
		text = slice_skip(text, n > 0 ? (size_t)n : 0);
	}
}

static void
put_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->sentences.n; i++) {
		put(STDERR_FILENO, problems->sentences.items[i]);
		put(STDERR_FILENO, S("\n"));
	}
}

/* --config.check: says what is wrong with the files, for people, and runs nothing. */
static int
check(const struct exporter_options *options, struct arena *arena)
{
	struct problems problems = { .arena = arena };
	struct config *config = config_read(options->config_file, &problems);
	struct web *web = web_read(options->web_config_file, &problems);
	bool good = config && web;

	problems_end(&problems);
	put_problems(&problems);
	if (good)
		put(STDOUT_FILENO,
		    str_f(arena, "%s: %zu modules, %zu targets, %u threads at most\n",
		        options->config_file, config->module_count, config->target_count,
		        config->workers));
	config_drop(config);
	web_drop(web);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The sockets that the service manager has opened, or those that the options ask for. */
static size_t
sockets(const struct exporter_options *options, struct arena *arena, int *fds, struct str *error)
{
	struct list addresses = options->listen_address;
	size_t given = (size_t)notify_sockets(), n = 0;

	if (given > LISTEN_MAX || addresses.n > LISTEN_MAX) {
		str_addf(error, "%zu addresses to listen on are too many: write %d at most",
		    given > 0 ? given : addresses.n, LISTEN_MAX);
		return 0;
	}
	for (; n < given; n++)
		fds[n] = 3 + (int)n;
	if (given > 0)
		return n;
	if (addresses.n == 0)
		list_add(arena, &addresses, S("127.0.0.1:10821"));
	for (; n < addresses.n; n++)
		if ((fds[n] = listen_on(addresses.items[n], arena, error)) < 0)
			return 0;
	return n;
}

static void
reload(struct exporter *exporter)
{
	struct arena *arena = arena_new(MEMORY);
	struct problems problems = { .arena = arena };
	struct str state = str_in(arena);
	bool good;

	if (!arena)
		return;
	notify_reloading();
	good = exporter_reload(exporter, &problems);
	str_addz(&state, "READY=1\nSTATUS=");
	str_addz(&state, good ? "reloaded" : "refused, the old configuration goes on: ");
	if (problems.sentences.n > 0)
		escape_text(&state, problems.sentences.items[0]);
	notify(str_z(&state));
	arena_free(arena);
}

static sigset_t
block_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	return signals;
}

/* Until SIGTERM or SIGINT. */
static void
serve(struct exporter *exporter, struct http *http, const sigset_t *signals)
{
	span interval = notify_watchdog();
	bool often = interval.ns > 0 && interval.ns < 2000000000;
	const struct timespec turn = { .tv_nsec = often ? interval.ns / 10 : 200000000 };
	instant next = clock_now();

	for (;;) {
		int signal = sigtimedwait(signals, NULL, &turn);

		if (signal == SIGHUP)
			reload(exporter);
		else if (signal > 0)
			return;
		http_tick(http);
		if (interval.ns == 0 || instant_before(clock_now(), next)
		    || !schedule_alive(exporter->schedule))
			continue;
		notify("WATCHDOG=1");
		next = instant_after(clock_now(), interval);
	}
}

/*
 * What runs may end by itself for a moment: most probes take no longer. What is then left goes with
 * the process; a scratch mailbox, if there was one, goes with the next run.
 */
static void
stop(struct exporter *exporter, struct http *http)
{
	instant until = instant_after(clock_now(), span_ms(PATIENCE_MS));
	struct config *config = exporter_config(exporter); /* a reload may be under way */
	bool all;

	notify("STOPPING=1");
	http_stop(http);
	schedule_stop(exporter->schedule);
	config_leave(config);
	all = pool_stop(exporter->pool, until);
	all &= config_left(config, until);
	http_settle(http, until);
	LOG(INFO, all ? "stopped" : "stopped, with probes under way");
	_exit(EXIT_SUCCESS);
}

static int
start(struct exporter *exporter, const struct exporter_options *options, struct arena *arena)
{
	struct problems problems = { .arena = arena };
	sigset_t signals = block_signals();
	struct str error = str_in(arena);
	int fds[LISTEN_MAX];
	struct http *http;
	size_t n;

	exporter->pool = pool_new(1);
	exporter->pages = pool_new(PAGES);
	exporter->passwords = pool_new(1);
	exporter->gate = gate_new();
	exporter->schedule = exporter->pool && exporter->pages && exporter->passwords
	        && exporter->gate
	    ? schedule_new(exporter->pool, exporter->gate)
	    : NULL;
	if (!exporter->schedule) {
		put(STDERR_FILENO, S("mailprobe-exporter: no memory, or no threads\n"));
		return EXIT_FAILURE;
	}
	n = sockets(options, arena, fds, &error);
	if (n == 0) {
		LOG(ERROR, "cannot start", { "error", str_slice(&error) }, );
		return EXIT_FAILURE;
	}
	if (!exporter_reload(exporter, &problems))
		return EXIT_FAILURE;
	if (!(http = http_start(exporter, fds, n, &error))) {
		LOG(ERROR, "cannot start", { "error", str_slice(&error) }, );
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < n; i++)
		LOG(INFO, "listening", { "address", listen_name(fds[i], arena) }, );
	http_ready(http);
	notify("READY=1");
	serve(exporter, http, &signals);
	stop(exporter, http);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(MEMORY);
	struct exporter exporter = {
		.reloading = PTHREAD_MUTEX_INITIALIZER,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.started = wall_now(),
	};
	struct exporter_options options = { 0 };
	struct str text = str_in(arena);
	int status = EXIT_FAILURE;

	if (!arena)
		return EXIT_FAILURE;
	harden();
	switch (exporter_options_parse(&options, argc, argv, arena, &text)) {
	case OPTS_RUN:
		log_setup(options.log_level, options.log_format);
		exporter.config_path = options.config_file;
		exporter.web_path = options.web_config_file;
		status = options.config_check ? check(&options, arena)
		                              : start(&exporter, &options, arena);
		break;
	case OPTS_HELP:
	case OPTS_VERSION:
		put(STDOUT_FILENO, str_slice(&text));
		status = EXIT_SUCCESS;
		break;
	default:
		put(STDERR_FILENO, S("mailprobe-exporter: "));
		put(STDERR_FILENO, str_slice(&text));
		put(STDERR_FILENO, S("\n"));
	}
	arena_free(arena);
	return status;
}
