/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs one command and says what it cost: `measure CPU SECONDS COMMAND [ARGUMENT]...` writes one
 * line to descriptor 3 when the command has ended: exit status (or minus the signal), wall time in
 * nanoseconds, user and system time together in microseconds, peak resident size in KiB.
 *
 * A program of its own because the kernel carries the peak of what called exec over to what exec
 * started: measured from an interpreter every small program would be as large as the interpreter.
 * So this one is linked statically and stays smaller than anything it measures. It pins the command
 * to CPU (-1: anywhere) and kills it after SECONDS.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPORT_FD 3

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void
pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		err(2, "cannot pin to CPU %d", cpu);
}

/* vfork and not fork: copying page tables would be charged to the command. */
static pid_t
start(char **command)
{
	pid_t pid = vfork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(REPORT_FD);
		execv(command[0], command);
		_exit(127);
	}
	if (pid < 0)
		err(2, "vfork");
	return pid;
}

/* A process descriptor becomes readable when the process has ended. */
static void
bound(pid_t pid, int seconds)
{
	struct pollfd p = { .events = POLLIN };

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd < 0)
		err(2, "pidfd_open");
	if (poll(&p, 1, seconds * 1000) == 0)
		kill(pid, SIGKILL);
	close(p.fd);
}

int
main(int argc, char **argv)
{
	struct rusage use;
	long long began, wall, cpu;
	pid_t pid;
	int status;

	if (argc < 4)
		errx(2, "usage: measure CPU SECONDS COMMAND [ARGUMENT]...");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(atoi(argv[1]));

	began = now();
	pid = start(argv + 3);
	bound(pid, atoi(argv[2]));
	while (wait4(pid, &status, 0, &use) < 0)
		if (errno != EINTR)
			err(2, "wait4");
	wall = now() - began;

	cpu = (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000LL
	    + use.ru_utime.tv_usec + use.ru_stime.tv_usec;
	dprintf(REPORT_FD, "%d %lld %lld %ld\n",
	    WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), wall, cpu, use.ru_maxrss);
	return 0;
}
