/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check as a process: its command line, its surroundings, its outputs and its end.  Output
 * goes to memory files, so that a talkative check never blocks on a player that is busy serving.
 * Standard input stays open and nobody types: a check that asks something hangs, and is seen to.
 */
#include "player.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGS_LIMIT = 256 };
static const double grace = 0.2;        /* what a run may take beyond its -t */
static const double usual_timeout = 10;
static const rlim_t output_limit = 64 << 20;

double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
tether(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static double
timeout_of(char **argv)
{
	const char *value;
	double timeout = usual_timeout;

	for (; *argv; argv++) {
		value = NULL;
		if (!strcmp(*argv, "-t") || !strcmp(*argv, "--timeout"))
			value = argv[1];
		else if (!strncmp(*argv, "-t", 2))
			value = *argv + 2;
		else
			value = text_option(*argv, "--timeout");
		if (value && strtod(value, NULL) > 0)
			timeout = strtod(value, NULL);
	}
	return timeout;
}

bool
run_prepare(struct play *p)
{
	const char *s = play_expand(p, p->script->run);
	char *word, **argv = need(calloc(ARGS_LIMIT, sizeof(*argv)));
	size_t len = 0;
	bool broken;

	while (len < ARGS_LIMIT - 3 && (word = text_word(&s, &broken))) {
		if (p->mode == MODE_TLS && !strcmp(word, "--tls=none"))
			continue;
		argv[len++] = word;
	}
	if (broken || !len)
		return play_fail(p, "the run line cannot be split into words");
	if (p->mode == MODE_TLS) {
		argv[len++] = play_expand(p, "--tls=implicit");
		argv[len++] = play_expand(p, "--ca-file=@CA@");
	}
	if (p->mode == MODE_JSON)
		argv[len++] = play_expand(p, "--output=json");
	p->argv = argv;
	if (p->bound <= 0)
		p->bound = timeout_of(argv) + grace;
	return true;
}

static void
child(struct play *p, const char *program, pid_t parent, int input)
{
	const struct rlimit limit = { output_limit, output_limit };
	sigset_t none;

	tether(parent);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setrlimit(RLIMIT_FSIZE, &limit);
	unsetenv("CREDENTIALS_DIRECTORY");
	setenv("HOME", p->dir, 1);
	for (size_t i = 0; i < p->envs; i++)
		putenv(p->env[i].at);
	if (dup2(input, 0) < 0 || dup2(p->out_fd, 1) < 0 ||
	    dup2(p->err_fd, 2) < 0)
		_exit(126);
	execv(program, p->argv);
	dprintf(2, "player: %s: %s\n", program, strerror(errno));
	_exit(127);
}

void
run_start(struct play *p)
{
	struct text program = {0}, shown = {0};
	pid_t parent = getpid();
	int input[2];

	text_printf(&program, "%s/%s", p->bin, p->argv[0]);
	for (char **arg = p->argv; *arg; arg++)
		text_printf(&shown, "%s%s", arg == p->argv ? "" : " ", *arg);
	play_log(p, '$', shown.at, shown.len);
	p->out_fd = memfd_create("stdout", MFD_CLOEXEC);
	p->err_fd = memfd_create("stderr", MFD_CLOEXEC);
	if (pipe2(input, O_CLOEXEC))
		need(NULL);
	p->started = seconds_now();
	p->pid = fork();
	if (p->pid == 0)
		child(p, program.at, parent, input[0]);
	if (p->pid < 0) {
		play_fail(p, "fork: %s", strerror(errno));
		p->exited = true;
	}
}

void
run_reap(struct play *p)
{
	if (!p->exited && p->pid > 0 && waitpid(p->pid, &p->status, WNOHANG) == p->pid) {
		p->exited = true;
		p->ended = seconds_now();
	}
}

void
run_kill(struct play *p)
{
	if (p->exited || p->pid <= 0)
		return;
	kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
		;
	p->exited = true;
	p->ended = seconds_now();
}

void
run_sample(struct play *p)
{
	char path[64];
	int fd;

	if (p->cmdline.len)
		return;
	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)p->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	text_file(&p->cmdline, fd);
	close(fd);
}
