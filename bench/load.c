/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The load of the exporter's benchmark: asks /probe again and again over connections that stay
 * open, N requests in flight, from one epoll loop. Each answer must be a 200 whose body has the
 * line `probe_success 1`; the first that is not is shown, and all are counted.
 *
 * An answer says itself how long its exchange took: the sum of its phases, the goodbye included,
 * or, where there is no mailprobe_phase_duration_seconds, probe_duration_seconds. What a request
 * took beyond that is what /probe added, and it is reported as such, request by request. Form
 * `prometheus` sends the header fields that a Prometheus server sends, which allow for gzip;
 * `bare` sends none. Chunks are read too (RFC 9112 section 7.1), for Go's server makes them.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#define ANSWER_MAX 32768
#define SAMPLES 131072
#define GRACE_SECONDS 15.0      /* for what is in flight when the time is up */

struct conn {
	int fd;
	double asked;
	size_t held;
	char in[ANSWER_MAX + 1];
};

static struct {
	struct sockaddr_in server;
	char request[1024];
	int length;
	double end;
	unsigned answers, failures;
	float took[SAMPLES], exchange[SAMPLES], added[SAMPLES];
} run;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
ask(struct conn *c)
{
	c->held = 0;
	c->asked = now();
	if (send(c->fd, run.request, (size_t)run.length, MSG_NOSIGNAL) != run.length)
		err(1, "cannot send");
}

/* The value of a field of the header, NULL where it is not there. */
static const char *
field(const char *header, const char *body, const char *name)
{
	size_t length = strlen(name);

	for (; header < body; header = strchr(header, '\n') + 1)
		if (strncasecmp(header, name, length) == 0)
			return header + length;
	return NULL;
}

/* Joins the chunks in place and returns their end; NULL while the last is not there. */
static char *
join_chunks(char *body, const char *end)
{
	char *to = body, *line = body, *data;
	size_t length;

	for (;;) {
		length = strtoul(line, &data, 16);
		data = memchr(data, '\n', (size_t)(end - data));
		if (!data || (size_t)(end - data) < length + 3)
			return NULL;
		data++;
		if (length == 0)
			return to;
		line = data + length + 2;
		memmove(to, data, length);
		to += length;
	}
}

/* Whether the end of the chunks is there, before they are joined. */
static bool
ends(const struct conn *c, const char *body)
{
	static const char last[] = "0\r\n\r\n";
	size_t length = sizeof last - 1;

	return c->in + c->held >= body + length
	    && memcmp(c->in + c->held - length, last, length) == 0;
}

static const char *
inflated(char *body, size_t length)
{
	static char text[ANSWER_MAX + 1];
	z_stream z = { .next_in = (unsigned char *)body, .avail_in = (unsigned)length,
		.next_out = (unsigned char *)text, .avail_out = ANSWER_MAX };

	if (inflateInit2(&z, 15 + 16) != Z_OK || inflate(&z, Z_FINISH) != Z_STREAM_END)
		errx(1, "the answer is no gzip");
	text[z.total_out] = '\0';
	inflateEnd(&z);
	return text;
}

/* The body as text, once the answer is whole. */
static const char *
whole(struct conn *c)
{
	char *body, *end = c->in + c->held;
	const char *length;

	*end = '\0';
	body = strstr(c->in, "\r\n\r\n");
	if (!body)
		return NULL;
	body += 4;
	length = field(c->in, body, "Content-Length:");
	if (length && end < body + strtoul(length, NULL, 10))
		return NULL;
	if (!length && (!ends(c, body) || !(end = join_chunks(body, end))))
		return NULL;
	*end = '\0';
	return field(c->in, body, "Content-Encoding: gzip") ? inflated(body, (size_t)(end - body))
	    : body;
}

static double
exchange_of(const char *body)
{
	static const char phase[] = "\nmailprobe_phase_duration_seconds{";
	static const char whole_probe[] = "\nprobe_duration_seconds ";
	const char *at = body;
	double sum = 0;

	while ((at = strstr(at, phase))) {
		at = strchr(at, '}') + 1;
		sum += strtod(at, NULL);
	}
	if (sum > 0 || !(at = strstr(body, whole_probe)))
		return sum;
	return strtod(at + sizeof whole_probe - 1, NULL);
}

static void
take(const struct conn *c, const char *body)
{
	double took = now() - c->asked, exchange = exchange_of(body);
	unsigned number = run.answers++ % SAMPLES;

	run.took[number] = (float)took;
	run.exchange[number] = (float)exchange;
	run.added[number] = (float)(took - exchange);
	if (strncmp(c->in, "HTTP/1.1 200 ", 13) == 0 && strstr(body, "\nprobe_success 1"))
		return;
	if (run.failures++ == 0)
		fprintf(stderr, "load: not a success: %.2000s\n%.4000s\n", c->in, body);
}

/* True: its answer is complete. */
static bool
receive(struct conn *c)
{
	ssize_t got = recv(c->fd, c->in + c->held, ANSWER_MAX - c->held, 0);
	const char *body;

	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0)
		errx(1, "the connection was closed: %.*s", (int)c->held, c->in);
	c->held += (size_t)got;
	body = whole(c);
	if (body)
		take(c, body);
	else if (c->held == ANSWER_MAX)
		errx(1, "the answer is too long");
	return body != NULL;
}

static void
dial(struct conn *c, int loop)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&run.server, sizeof run.server) < 0)
		err(1, "connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	epoll_ctl(loop, EPOLL_CTL_ADD, c->fd, &event);
}

/* The first requests are spread over so many seconds, as Prometheus spreads its scrapes. */
static void
drive(struct conn *conns, unsigned in_flight, double spread, int loop)
{
	double began = now();
	struct epoll_event events[64];
	unsigned left = in_flight, asked = 0;
	int count;

	while (left && now() < run.end + GRACE_SECONDS) {
		while (asked < in_flight && now() >= began + spread * asked / in_flight)
			ask(&conns[asked++]);
		count = epoll_wait(loop, events, 64, asked < in_flight ? 1 : 100);
		for (int i = 0; i < count; i++) {
			if (!receive(events[i].data.ptr))
				continue;
			if (now() < run.end)
				ask(events[i].data.ptr);
			else
				left--;
		}
	}
}

static int
ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void
quantiles(const char *name, float *samples)
{
	unsigned kept = run.answers < SAMPLES ? run.answers : SAMPLES;

	qsort(samples, kept, sizeof *samples, ascending);
	printf(" %s=%.9f %s_p99=%.9f", name, kept ? samples[kept / 2] : 0.0, name,
	    kept ? samples[kept * 99 / 100] : 0.0);
}

#define AS_PROMETHEUS \
	"User-Agent: Prometheus/2.42.0\r\n" \
	"Accept: application/openmetrics-text;version=1.0.0;q=0.8," \
	"text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n" \
	"Accept-Encoding: gzip\r\nX-Prometheus-Scrape-Timeout-Seconds: 10\r\n"

int
main(int argc, char **argv)
{
	static const char usage[] =
	    "usage: load ADDRESS PORT PATH IN_FLIGHT SECONDS bare|prometheus [SPREAD]\n";
	unsigned in_flight = argc == 7 || argc == 8 ? (unsigned)strtoul(argv[4], NULL, 10) : 0;
	struct conn *conns = calloc(in_flight ? in_flight : 1, sizeof *conns);
	int loop = epoll_create1(EPOLL_CLOEXEC);
	double began;

	run.server.sin_family = AF_INET;
	if (!in_flight || !conns || inet_pton(AF_INET, argv[1], &run.server.sin_addr) != 1)
		return fputs(usage, stderr), 2;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run.server.sin_port = htons((in_port_t)strtoul(argv[2], NULL, 10));
	run.length = snprintf(run.request, sizeof run.request,
	    "GET %s HTTP/1.1\r\nHost: %s:%s\r\n%s\r\n", argv[3], argv[1], argv[2],
	    strcmp(argv[6], "prometheus") == 0 ? AS_PROMETHEUS : "");
	if (run.length >= (int)sizeof run.request)
		errx(2, "the path is too long");
	for (unsigned i = 0; i < in_flight; i++)
		dial(&conns[i], loop);
	began = now();
	run.end = began + strtod(argv[5], NULL);
	drive(conns, in_flight, argc == 8 ? strtod(argv[7], NULL) : 0, loop);
	printf("answers=%u failures=%u seconds=%.6f", run.answers, run.failures, now() - began);
	quantiles("took", run.took);
	quantiles("exchange", run.exchange);
	quantiles("added", run.added);
	putchar('\n');
	return run.failures != 0;
}
