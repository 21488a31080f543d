/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor of the exporter's benchmark: a bare client that does the exchanges of floor.c again and
 * again, N of them in flight, in one process that has prepared TLS once. It verifies chain and
 * name, shakes hands in full each time, and looks at what tells the end of a reply and whether it
 * is the right one. A prober cannot cost less with the same library.
 *
 * One function, drive(), takes a connection as far as it gets. Mode `epoll` calls it from one
 * edge-triggered loop; `threads` has a thread for each in flight, that waits in poll(): what that
 * costs beyond is the price of threads alone. `steps` is `epoll` with a look at the clock after
 * each reply and handshake. Nothing is read before something came, no connect is waited for where
 * the server speaks first, no descriptor is registered twice. It shares no code with the product.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define REPLY_MAX 4096
#define STEPS_MAX 7             /* behind them, among the times, that of the handshake */
#define SAMPLES 65536
#define STACK_BYTES (128 * 1024)
#define GRACE_SECONDS 2.0       /* for what is in flight when the time is up */

enum shape { NONE, SMTP, LINE, TAGGED, DOTTED };
enum verdict { WRONG, PARTIAL, WHOLE };

struct step {
	const char *say;
	bool login;             /* with the PLAIN message behind it */
	enum shape reply;
	const char *start;      /* how the reply must begin */
	bool tls;               /* begins behind the reply, or at once where there is none */
};

/* clang-format off: a table */
static const struct exchange {
	const char *name;
	struct step steps[STEPS_MAX + 1];
} exchanges[] = {
	{ .name = "plain", .steps = {
	    { .reply = SMTP, .start = "220" },
	    { .say = "EHLO floor.test\r\n", .reply = SMTP, .start = "250" },
	    { .say = "QUIT\r\n", .reply = SMTP, .start = "221" } } },
	{ .name = "starttls", .steps = {
	    { .reply = SMTP, .start = "220" },
	    { .say = "EHLO floor.test\r\n", .reply = SMTP, .start = "250" },
	    { .say = "STARTTLS\r\n", .reply = SMTP, .start = "220", .tls = true },
	    { .say = "EHLO floor.test\r\n", .reply = SMTP, .start = "250" },
	    { .say = "QUIT\r\n", .reply = SMTP, .start = "221" } } },
	{ .name = "imaps", .steps = {
	    { .tls = true },
	    { .reply = LINE, .start = "* OK" },
	    { .say = "a1 AUTHENTICATE PLAIN ", .login = true, .reply = TAGGED, .start = "a1 OK" },
	    { .say = "a2 EXAMINE INBOX\r\n", .reply = TAGGED, .start = "a2 OK" },
	    { .say = "a3 LOGOUT\r\n", .reply = TAGGED, .start = "a3 OK" } } },
	{ .name = "pop3s", .steps = {
	    { .tls = true },
	    { .reply = LINE, .start = "+OK" },
	    { .say = "AUTH PLAIN ", .login = true, .reply = LINE, .start = "+OK" },
	    { .say = "LIST\r\n", .reply = DOTTED, .start = "+OK" },
	    { .say = "QUIT\r\n", .reply = LINE, .start = "+OK" } } },
	{ .name = NULL },
};
/* clang-format on */

struct conn {
	int fd;
	SSL *ssl;
	bool shaking;
	const struct step *step;
	double began, lap;
	size_t held;
	char in[REPLY_MAX];
};

static struct {
	const struct exchange *exchange;
	struct sockaddr_in server;
	SSL_CTX *tls;
	const char *name;
	const char *login;
	bool steps;
	double end;
	atomic_uint started, done;
	float took[SAMPLES];
	struct { double worst, sum; } step[STEPS_MAX + 1];
} run;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
begins(const char *text, const char *end, const char *with)
{
	size_t length = strlen(with);

	return (size_t)(end - text) >= length && memcmp(text, with, length) == 0;
}

/* RFC 5321 section 4.2.1, RFC 9051 section 2.2.2, RFC 1939 section 3. */
static enum verdict
judge(const struct step *step, const char *text, size_t length)
{
	const char *end = text + length, *next;
	bool first = true, last = false;

	while (text < end && (next = memchr(text, '\n', (size_t)(end - text)))) {
		next++;
		last = step->reply == LINE
		    || (step->reply == SMTP && (next - text < 4 || text[3] != '-'))
		    || (step->reply == TAGGED && !begins(text, next, "* "))
		    || (step->reply == DOTTED && !first && begins(text, next, ".\r\n"));
		if ((step->reply == SMTP || (step->reply == DOTTED ? first : last))
		    && !begins(text, next, step->start))
			return WRONG;
		if (last)
			return next == end ? WHOLE : WRONG;
		first = false;
		text = next;
	}
	return PARTIAL;
}

static void
quick(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void
fail(const struct conn *c, const char *what)
{
	errx(1, "%s, step %d: %s: %s %.*s", run.exchange->name,
	    (int)(c->step - run.exchange->steps), what,
	    c->ssl ? X509_verify_cert_error_string(SSL_get_verify_result(c->ssl)) : "",
	    (int)c->held, c->in);
}

static bool
wants(struct conn *c, int got, short *events)
{
	int error = c->ssl ? SSL_get_error(c->ssl, got)
	    : got < 0 && errno == EAGAIN ? SSL_ERROR_WANT_READ : SSL_ERROR_SYSCALL;

	*events = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
	return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ;
}

static void
command(struct conn *c)
{
	char text[REPLY_MAX];
	const char *say = c->step->say;
	int length = (int)strlen(say);

	if (c->step->login) {
		length = snprintf(text, sizeof text, "%s%s\r\n", say, run.login);
		say = text;
	}
	if ((c->ssl ? SSL_write(c->ssl, say, length)
	    : (int)send(c->fd, say, (size_t)length, MSG_NOSIGNAL)) != length)
		fail(c, "cannot send");
}

static void
encrypt(struct conn *c)
{
	c->ssl = SSL_new(run.tls);
	if (!c->ssl || !SSL_set_fd(c->ssl, c->fd) || !SSL_set_tlsext_host_name(c->ssl, run.name))
		errx(1, "cannot prepare TLS");
	c->shaking = true;
}

static void
lap(struct conn *c)
{
	long number = c->step->tls && c->ssl ? STEPS_MAX : c->step - run.exchange->steps;
	double at = now(), took = at - c->lap;

	c->lap = at;
	run.step[number].sum += took;
	if (took > run.step[number].worst)
		run.step[number].worst = took;
}

/* From the end of a reply to the next wait; false where there is none. */
static bool
proceed(struct conn *c)
{
	c->held = 0;
	if (run.steps && !c->shaking)
		lap(c);
	if (c->step->tls && !c->ssl) {
		encrypt(c);
		return true;
	}
	c->step++;
	if (c->step->say)
		command(c);
	return c->step->reply != NONE;
}

/* True: what was waited for has come. */
static bool
arrived(struct conn *c, short *events)
{
	int got = c->shaking ? SSL_connect(c->ssl)
	    : c->ssl ? SSL_read(c->ssl, c->in + c->held, (int)(sizeof c->in - c->held))
	    : (int)recv(c->fd, c->in + c->held, sizeof c->in - c->held, 0);
	enum verdict verdict;

	if (got <= 0) {
		if (!wants(c, got, events))
			fail(c, "the server ended the session");
		return false;
	}
	quick(c->fd);
	if (c->shaking) {
		c->shaking = false;
		return true;
	}
	c->held += (size_t)got;
	*events = POLLIN;
	verdict = judge(c->step, c->in, c->held);
	if (verdict == WRONG)
		fail(c, "unexpected");
	return verdict == WHOLE;
}

/* Called when the socket is ready; what to wait for, or 0 at the end of the exchange. */
static short
drive(struct conn *c)
{
	short events = POLLIN;

	ERR_clear_error();
	do {
		if (!arrived(c, &events))
			return events;
		if (!proceed(c))
			return 0;
		events = POLLIN;
	} while (c->shaking || (c->ssl && SSL_has_pending(c->ssl)));
	return events;
}

/* What to wait for first: who hears a greeting need not wait for the connect. */
static short
dial(struct conn *c)
{
	int on = 1;

	c->held = 0;
	c->ssl = NULL;
	c->shaking = false;
	c->step = run.exchange->steps;
	c->began = c->lap = now();
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		err(1, "socket");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(c->fd, (struct sockaddr *)&run.server, sizeof run.server) < 0
	    && errno != EINPROGRESS)
		err(1, "connect");
	atomic_fetch_add(&run.started, 1);
	if (c->step->reply != NONE)
		return POLLIN;
	encrypt(c);
	return POLLOUT;
}

static void
hang_up(struct conn *c)
{
	unsigned number;

	if (c->ssl) {
		SSL_shutdown(c->ssl);
		SSL_free(c->ssl);
	}
	close(c->fd);
	number = atomic_fetch_add(&run.done, 1);
	run.took[number % SAMPLES] = (float)(now() - c->began);
}

static bool
over(void)
{
	return now() >= run.end;
}

/* Edge-triggered, for all that can come: it is never changed. */
static void
launch(int loop, struct conn *c)
{
	struct epoll_event event = { .events = EPOLLET | EPOLLIN, .data.ptr = c };

	event.events |= (uint32_t)dial(c);
	if (epoll_ctl(loop, EPOLL_CTL_ADD, c->fd, &event) < 0)
		err(1, "epoll_ctl");
}

static void
by_epoll(unsigned in_flight)
{
	struct conn *conns = calloc(in_flight, sizeof *conns);
	struct epoll_event events[64];
	int loop = epoll_create1(EPOLL_CLOEXEC), count;
	unsigned left = in_flight;

	for (unsigned i = 0; conns && i < in_flight; i++)
		launch(loop, &conns[i]);
	while (left && now() < run.end + GRACE_SECONDS) {
		count = epoll_wait(loop, events, 64, 100);
		for (int i = 0; i < count; i++) {
			if (drive(events[i].data.ptr) != 0)
				continue;
			hang_up(events[i].data.ptr);
			if (over())
				left--;
			else
				launch(loop, events[i].data.ptr);
		}
	}
}

static void *
thread(void *unused)
{
	struct conn c;
	struct pollfd wait = { .fd = -1 };

	(void)unused;
	do {
		wait.events = dial(&c);
		wait.fd = c.fd;
		while (wait.events) {
			if (poll(&wait, 1, -1) < 0)
				err(1, "poll");
			wait.events = drive(&c);
		}
		hang_up(&c);
	} while (!over());
	return NULL;
}

static void
by_threads(unsigned in_flight)
{
	struct timespec moment = { .tv_nsec = 10000000 };
	pthread_attr_t attr;
	pthread_t id;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (unsigned i = 0; i < in_flight; i++)
		if (pthread_create(&id, &attr, thread, NULL) != 0)
			errx(1, "cannot create thread %u", i);
	while (!over())
		nanosleep(&moment, NULL);
	while ((run.started < in_flight || run.done < run.started)
	    && now() < run.end + GRACE_SECONDS)
		nanosleep(&moment, NULL);
}

static SSL_CTX *
trust(const char *ca)
{
	SSL_CTX *ctx;
	X509_VERIFY_PARAM *param;

	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ctx = SSL_CTX_new(TLS_client_method());
	if (!ctx || !SSL_CTX_load_verify_file(ctx, ca))
		errx(1, "cannot prepare TLS with %s", ca);
	param = SSL_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
	    | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	if (!X509_VERIFY_PARAM_set1_host(param, run.name, 0))
		errx(1, "cannot use the name %s", run.name);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(ctx, 1);
	return ctx;
}

static int
ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Of now: the peak of getrusage() begins with that of the program that started this one. */
static long
resident_kib(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (!statm || fscanf(statm, "%*s %ld", &pages) != 1)
		err(1, "/proc/self/statm");
	fclose(statm);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
report(double began, const struct rusage *before)
{
	unsigned done = run.done, kept = done < SAMPLES ? done : SAMPLES;
	double ended = now();
	struct rusage after;

	getrusage(RUSAGE_SELF, &after);
	qsort(run.took, kept, sizeof *run.took, ascending);
	printf("transactions=%u started=%u seconds=%.6f cpu=%.6f rss_kib=%ld median=%.9f p99=%.9f",
	    done, run.started, ended - began,
	    seconds(after.ru_utime) + seconds(after.ru_stime) - seconds(before->ru_utime)
	    - seconds(before->ru_stime), resident_kib(), kept ? run.took[kept / 2] : 0.0,
	    kept ? run.took[kept * 99 / 100] : 0.0);
	for (int i = 0; i <= STEPS_MAX; i++)
		if (run.step[i].sum > 0)
			printf(" step%d=%.9f/%.9f", i, run.step[i].sum / done, run.step[i].worst);
	putchar('\n');
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const char usage[] = "usage: client ADDRESS PORT EXCHANGE epoll|threads|steps "
	    "IN_FLIGHT SECONDS [CA-FILE NAME [PLAIN-MESSAGE]]\n";
	const struct exchange *e = exchanges;
	struct rusage before;
	unsigned in_flight;
	double began;

	if (argc < 7 || argc > 10)
		return fputs(usage, stderr), 2;
	while (e->name && strcmp(e->name, argv[3]) != 0)
		e++;
	in_flight = (unsigned)strtoul(argv[5], NULL, 10);
	run.server.sin_family = AF_INET;
	run.server.sin_port = htons((in_port_t)strtoul(argv[2], NULL, 10));
	if (!e->name || !in_flight || inet_pton(AF_INET, argv[1], &run.server.sin_addr) != 1)
		return fputs(usage, stderr), 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	run.exchange = e;
	run.name = argc > 8 ? argv[8] : "";
	run.login = argc > 9 ? argv[9] : "";
	run.steps = strcmp(argv[4], "steps") == 0;
	if (argc > 7)
		run.tls = trust(argv[7]);
	getrusage(RUSAGE_SELF, &before);
	began = now();
	run.end = began + strtod(argv[6], NULL);
	if (strcmp(argv[4], "threads") == 0)
		by_threads(in_flight);
	else
		by_epoll(in_flight);
	report(began, &before);
	return 0;
}
