/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays session scripts against a check: see README.md.  A process for each script, side by
 * side, and in it a process for each mode, one after the other, since their results are
 * compared.  Reports are collected and printed whole.
 */
#include "player.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_LIMIT = 64, VERDICT_SIZE = 2048 };

/* Shared between the processes. */
struct shared {
	int good, bad;
};

struct outcome {
	bool judged, good;
	char verdict[VERDICT_SIZE];
};

struct options {
	const char *bin;
	unsigned modes;
	long jobs;
	double margin;
	bool verbose;
};

struct job {
	pid_t pid;
	FILE *report;
};

static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static volatile sig_atomic_t stopped;

static void
on_stop(int number)
{
	stopped = number;
}

static void
on_child(int number)
{
	(void)number;
}

static void
indent(FILE *to, const char *title, const struct text *t)
{
	const char *at = t->at, *end;
	struct text line;

	fprintf(to, "# %s:\n", title);
	for (; at && at < t->at + t->len; at = end + 1) {
		end = memchr(at, '\n', t->len - (size_t)(at - t->at));
		if (!end)
			end = t->at + t->len;
		line = (struct text){0};
		text_add(&line, "", 0);
		text_show(&line, at, (size_t)(end - at));
		fprintf(to, "#   %s\n", line.at);
	}
}

static void
report(FILE *to, const struct play *p, bool good, bool verbose)
{
	fprintf(to, "%s %s [%s]\n", good ? "ok" : "not ok", p->script->name, mode_names[p->mode]);
	if (good && !verbose)
		return;
	if (p->failures.len)
		indent(to, "failed", &p->failures);
	indent(to, "dialogue", &p->log);
	indent(to, "stdout", &p->out);
	indent(to, "stderr", &p->err);
}

static void
play_child(const struct options *o, const struct script *s, const char *root, enum mode mode,
    struct outcome *outcomes, FILE *to)
{
	struct play p = {
		.script = s, .mode = mode, .protocol = protocol_of(s->run), .bin = o->bin,
		.root = root, .margin = o->margin, .wire = { .fd = -1 },
	};
	const struct outcome *first = &outcomes[MODE_WRITTEN];
	struct outcome *mine = &outcomes[mode];
	struct text verdict = {0};
	sigset_t child;

	sigaction(SIGCHLD, &(struct sigaction){ .sa_handler = on_child }, NULL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	play_script(&p);
	play_verdict(&p, &verdict);
	if (mode != MODE_WRITTEN && first->judged && strcmp(first->verdict, verdict.at))
		play_fail(&p, "wanted as in mode written: %s\ngot: %s", first->verdict, verdict.at);
	snprintf(mine->verdict, sizeof(mine->verdict), "%s", verdict.at);
	mine->judged = true;
	mine->good = p.failures.len == 0;
	report(to, &p, mine->good, o->verbose);
	fflush(to);
}

static void
play_modes(const struct options *o, const char *path, const char *root, struct shared *shared,
    FILE *to)
{
	struct outcome *outcomes = need(mmap(NULL, sizeof(*outcomes) * MODES,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	struct script s;
	pid_t pid, parent = getpid();
	bool good;

	script_read(&s, path);
	if (s.errors.len) {
		fprintf(to, "not ok %s\n", s.name);
		indent(to, path, &s.errors);
		__atomic_add_fetch(&shared->bad, 1, __ATOMIC_RELAXED);
		return;
	}
	for (int mode = 0; mode < MODES; mode++) {
		if (!(s.modes & o->modes & 1u << mode))
			continue;
		fflush(to);
		pid = fork();
		if (pid == 0) {
			tether(parent);
			play_child(o, &s, root, (enum mode)mode, outcomes, to);
			_exit(0);
		}
		if (pid > 0)
			waitpid(pid, NULL, 0);
		good = outcomes[mode].judged && outcomes[mode].good;
		if (!outcomes[mode].judged)
			fprintf(to, "not ok %s [%s]\n# the player itself failed\n", s.name,
			    mode_names[mode]);
		__atomic_add_fetch(good ? &shared->good : &shared->bad, 1, __ATOMIC_RELAXED);
	}
}

static void
print_report(struct job *job)
{
	char part[8192];
	size_t got;

	rewind(job->report);
	while ((got = fread(part, 1, sizeof(part), job->report)) > 0)
		fwrite(part, 1, got, stdout);
	fflush(stdout);
	fclose(job->report);
	*job = (struct job){0};
}

/* Waits for one of the jobs; false when stopped by a signal, with all of them ended. */
static bool
await_job(struct job *jobs, long len)
{
	pid_t pid = stopped ? -1 : waitpid(-1, NULL, 0);

	for (long i = 0; i < len; i++) {
		if (pid > 0 && jobs[i].pid == pid)
			print_report(&jobs[i]);
		if (stopped && jobs[i].pid) {
			kill(jobs[i].pid, SIGKILL);
			waitpid(jobs[i].pid, NULL, 0);
		}
	}
	return !stopped;
}

static struct job *
free_job(struct job *jobs, long len)
{
	for (long i = 0; i < len; i++)
		if (!jobs[i].pid)
			return &jobs[i];
	return NULL;
}

static bool
play_all(const struct options *o, char **paths, const char *root, struct shared *shared)
{
	struct job jobs[JOBS_LIMIT] = {0}, *job;
	pid_t parent = getpid();
	bool busy;

	for (; *paths; paths++) {
		while (!(job = free_job(jobs, o->jobs)))
			if (!await_job(jobs, o->jobs))
				return false;
		job->report = need(fdopen(memfd_create("report", MFD_CLOEXEC), "w+"));
		job->pid = fork();
		if (job->pid == 0) {
			tether(parent);
			for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
				signal(stops[i], SIG_DFL);
			play_modes(o, *paths, root, shared, job->report);
			fflush(job->report);
			_exit(0);
		}
		if (job->pid < 0)
			return false;
	}
	do {
		busy = false;
		for (long i = 0; i < o->jobs; i++)
			busy = busy || jobs[i].pid;
	} while (busy && await_job(jobs, o->jobs));
	return !busy;
}

static int
remove_entry(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	remove(path);
	return 0;
}

static unsigned
mode_bits(const char *name)
{
	for (int i = 0; i < MODES; i++)
		if (!strcmp(mode_names[i], name))
			return 1u << i;
	return 0;
}

static bool
options_read(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{ .name = "mode", .has_arg = 1, .val = 'm' },
		{ .name = "bin", .has_arg = 1, .val = 'b' },
		{ .name = "margin", .has_arg = 1, .val = 'g' },
		{ .name = NULL },
	};
	unsigned modes = 0;
	int c;

	*o = (struct options){ .bin = "build/bin", .jobs = 2, .margin = 0.8 };
	while ((c = getopt_long(argc, argv, "j:v", names, NULL)) != -1) {
		if (c == 'm' && mode_bits(optarg))
			modes |= mode_bits(optarg);
		else if (c == 'b')
			o->bin = optarg;
		else if (c == 'g' && atof(optarg) >= 0)
			o->margin = atof(optarg);
		else if (c == 'j' && atol(optarg) > 0 && atol(optarg) <= JOBS_LIMIT)
			o->jobs = atol(optarg);
		else if (c == 'v')
			o->verbose = true;
		else
			return false;
	}
	o->modes = modes ? modes : (1u << MODES) - 1;
	return optind < argc;
}

int
main(int argc, char **argv)
{
	const char *temporary = getenv("TMPDIR");
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct options o;
	struct text root = {0};
	bool whole;

	if (shared == MAP_FAILED || !options_read(&o, argc, argv)) {
		fputs("usage: player [--mode=written|bytes|coalesced|tls]... [-j N] [-v] "
		    "[--bin=FOLDER] [--margin=SECONDS] FILE...\n", stderr);
		return 2;
	}
	text_printf(&root, "%s/player.XXXXXX", temporary ? temporary : "/tmp");
	if (!mkdtemp(root.at)) {
		fprintf(stderr, "player: %s: %s\n", root.at, strerror(errno));
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaction(stops[i], &(struct sigaction){ .sa_handler = on_stop }, NULL);
	certs_make(root.at);
	whole = play_all(&o, argv + optind, root.at, shared);
	nftw(root.at, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	printf("1..%d\n", shared->good + shared->bad);
	if (shared->bad)
		printf("# %d of %d failed\n", shared->bad, shared->good + shared->bad);
	return !whole || shared->bad || !shared->good;
}
