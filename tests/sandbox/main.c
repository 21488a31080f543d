/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * mailprobe-sandbox: a mail server that exists to be probed. It keeps mail in memory, believes a
 * certification authority that it has just made, sends nothing anywhere, and can be broken in as
 * many ways as faults.def has rows. It shares no code with the prober, so that one mistake cannot
 * be made on both sides.
 *
 * main starts the parts in order, says where it listens once everything does, and ends at a
 * signal. It must never be the slow part of a benchmark: one thread, one epoll loop.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts.h"
#include "conn.h"
#include "delivery.h"
#include "greylist.h"
#include "mail.h"
#include "options.h"
#include "pki.h"
#include "seed.h"
#include "tls.h"
#include "zone.h"

struct program {
	struct server server;           /* first: timers and sources below find it */
	struct options options;
	struct source signals;
	struct timer end;
	int signalfd;
	char *spool, *ready;
};

static struct program *
program_of(void *member, size_t offset)
{
	return (struct program *)((char *)member - offset);
}

static void
signalled(struct source *s, uint32_t events)
{
	(void)events;
	program_of(s, offsetof(struct program, signals))->server.loop.stop = true;
}

static void
time_is_up(struct timer *t)
{
	program_of(t, offsetof(struct program, end))->server.loop.stop = true;
}

static void
watch_signals(struct program *p)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	p->signals.ready = signalled;
	p->signalfd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (p->signalfd < 0 || !loop_watch(&p->server.loop, p->signalfd, &p->signals, EPOLLIN))
		die("no signalfd: %s", strerror(errno));
}

/* A parent that ended before the call is not noticed by it, so we look again. */
static void
follow_parent(void)
{
	pid_t parent = getppid();

	if (prctl(PR_SET_PDEATHSIG, SIGTERM))
		die("--with-parent: %s", strerror(errno));
	if (getppid() != parent)
		exit(0);
}

static void
raise_limits(void)
{
	struct rlimit files;

	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static char *
in_state(const struct server *s, const char *name)
{
	struct bytes path = { 0 };

	bytes_format(&path, "%s/%s", s->state_dir, name);
	bytes_add(&path, "", 1);
	return path.at;
}

static void
folder(const char *path)
{
	if (mkdir(path, 0700) && errno != EEXIST)
		die("cannot make the folder %s: %s", path, strerror(errno));
}

static bool
needs_tls(const struct listener *l)
{
	return l->protocol->implicit_tls
	    || (l->protocol->dialect && !fault_on(&l->faults, FAULT_NO_STARTTLS));
}

static void
open_listeners(struct server *s)
{
	char error[256];

	for (size_t i = 0; i < s->listener_count; i++) {
		struct listener *l = &s->listeners[i];

		if (needs_tls(l) && !tls_prepare(l, error, sizeof(error)))
			die("%s", error);
		if (!listener_open(l))
			die("cannot listen on %s port %u: %s", l->address, l->port,
			    strerror(errno));
	}
}

static void
announce(const struct program *p)
{
	const struct server *s = &p->server;
	char *part = in_state(s, ".ready");
	FILE *out = fopen(part, "we");

	if (!out)
		die("cannot write %s: %s", part, strerror(errno));
	for (size_t i = 0; i < s->listener_count; i++) {
		const struct listener *l = &s->listeners[i];

		fprintf(out, "%s %s %s %u\n", l->name, l->protocol->name, l->address, l->port);
		printf("%s %s %s %u\n", l->name, l->protocol->name, l->address, l->port);
	}
	if (fclose(out) || rename(part, p->ready))
		die("cannot write %s: %s", p->ready, strerror(errno));
	fflush(stdout);         /* only now: who reads this may look for the file */
	free(part);
}

static void
start(struct program *p)
{
	struct server *s = &p->server;
	const char *user = accounts_default(s->accounts), *failed;

	folder(s->state_dir);
	p->ready = in_state(s, "ready");
	unlink(p->ready);
	if (p->options.spool)
		folder(p->spool = in_state(s, "mail"));
	s->mail = mail_new(p->spool);
	seed_user(s->mail, user, p->options.messages, p->options.message_size);
	s->greylist = greylist_new();
	s->pki = pki_new(s->hostname);
	if (!s->pki)
		die("OpenSSL cannot make a certificate");
	open_listeners(s);
	failed = pki_write(s->pki, s->state_dir, user);
	if (failed)
		die("cannot write %s/%s: %s", s->state_dir, failed, strerror(errno));
	if (!zone_write_anchor(s->state_dir))
		die("cannot write %s/anchor: %s", s->state_dir, strerror(errno));
	s->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	p->end.fire = time_is_up;
	if (p->options.exit_after)
		timer_set(&s->loop, &p->end, p->options.exit_after);
	announce(p);
}

static void
stop(struct program *p)
{
	struct server *s = &p->server;

	unlink(p->ready);
	while (s->conns)
		conn_free(s->conns);
	for (size_t i = 0; i < s->listener_count; i++) {
		close(s->listeners[i].fd);
		free(s->listeners[i].spec);
	}
	delivery_free_all(s);
	tls_free(s->tls);
	pki_free(s->pki);
	mail_free(s->mail);
	greylist_free(s->greylist);
	accounts_free(s->accounts);
	loop_close(&s->loop);
	close(p->signalfd);
	close(s->spare);
	free(s->listeners);
	free(p->spool);
	free(p->ready);
	free(p);
}

int
main(int argc, char **argv)
{
	struct program *p = make(sizeof(*p));

	p->server.hostname = "mx.sandbox.test";
	p->server.accounts = accounts_new();
	options_parse(&p->options, &p->server, argc, argv);
	if (p->options.with_parent)
		follow_parent();
	raise_limits();
	if (!loop_open(&p->server.loop))
		die("no epoll: %s", strerror(errno));
	watch_signals(p);
	start(p);
	loop_run(&p->server.loop);
	stop(p);
	return 0;
}
