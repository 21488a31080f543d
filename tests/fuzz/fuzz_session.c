/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole session against a server that says anything. An input is text: a line of letters that
 * choose the options (the table below), and from then on what the server says.
 *
 * The server is a thread on a loopback socket. It says one reply, waits for a line of the client,
 * says the next, so that the session gets as far as its replies are worth; when it has no more, or
 * hears nothing for a while, it closes. It remembers what it answered to what, from which a verdict
 * of OK is judged afterwards without a look at the prober's own record.
 */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../golden/golden.h"
#include "fuzz.h"
#include "probes.h"
#include "render.h"
#include "smtp.h"

enum { WORDS = 40, PATIENCE_MS = 20, COMMANDS = 64, SLACK_SECONDS = 4 };

#define PASSWORD "open-sesame"

static const struct {
	char letter;
	const char *words[3];
} choices[] = {
	{ 'r', { "--rcpt=one@mx.test" } },
	{ '2', { "--rcpt=two@mx.test" } },
	{ 's', { "--rcpt=one@mx.test", "--send" } },
	{ 'p', { "--rcpt=one@mx.test", "--pipelining" } },
	{ 'l', { "--lmtp" } },
	{ 'f', { "--from=probe@mx.test" } },
	{ 'd', { "--deny-rcpt=else@where.test" } },
	{ 'c', { "--command=NOOP", "--response=^250" } },
	{ 'e', { "--expect=ESMTP" } },
	{ 'q', { "--require=PIPELINING" } },
	{ 'n', { "--forbid=VRFY" } },
	{ 'u', { "--until=ehlo" } },
	{ 'a', { "--user=probe", "--password=" PASSWORD, "--tls=none" } },
	{ 'P', { "--auth=PLAIN" } },
	{ 'L', { "--auth=LOGIN" } },
	{ 'C', { "--auth=CRAM-MD5" } },
	{ 'S', { "--auth=SCRAM-SHA-256" } },
	{ 't', { "--tls=starttls" } },
	{ 'o', { "--tls=opportunistic" } },
	{ 'x', { "--proxy-protocol=1" } },
};

/* What a server remembers: each command, and the reply it has had, in order. */
struct server {
	int listener;
	slice script; /* what is left to say */
	bool lmtp;
	struct {
		char verb[5];
		unsigned code; /* of the reply; 0 while there is none */
	} commands[COMMANDS];
	size_t heard, answered; /* commands[0] stands for the greeting */
	bool content;           /* between 354 and the lone dot */
	size_t accepted;        /* recipients, for the replies of LMTP */
	char line[1024];
	size_t line_n;
};

/* The script's next reply, by the rule that a line with a hyphen behind its code is not the last. */
static slice
next_reply(slice *script)
{
	slice reply = { script->at, 0 };

	while (script->n > 0) {
		slice line = slice_cut(script, '\n');

		reply.n += line.n + (script->at != NULL);
		if (line.n < 4 || line.at[3] != '-')
			break;
	}
	return reply;
}

static unsigned
code_of(slice reply)
{
	uint64_t code = 0;

	return slice_number(slice_head(reply, 3), 999, &code) ? (unsigned)code : 0;
}

/* Says what is due: a reply to each command that has had none. False when nothing is left to say. */
static bool
answer(struct server *server, int fd)
{
	while (server->answered < server->heard) {
		slice reply = next_reply(&server->script);
		unsigned code = code_of(reply);

		if (reply.n == 0 || send(fd, reply.at, reply.n, MSG_NOSIGNAL) < 0)
			return false;
		server->commands[server->answered].code = code;
		if (strcmp(server->commands[server->answered].verb, "DATA") == 0 && code == 354)
			server->content = true;
		if (strcmp(server->commands[server->answered].verb, "RCPT") == 0 && code / 100 == 2)
			server->accepted++;
		server->answered++;
	}
	return server->script.n > 0;
}

static void
hear(struct server *server, const char *verb)
{
	if (server->heard == COMMANDS)
		return;
	snprintf(server->commands[server->heard].verb, sizeof server->commands[0].verb, "%s", verb);
	server->heard++;
}

static void
hear_line(struct server *server)
{
	server->line[server->line_n] = '\0';
	if (strncmp(server->line, "PROXY ", 6) == 0)
		return;
	if (!server->content) {
		hear(server, server->line);
		return;
	}
	if (strcmp(server->line, ".\r") != 0)
		return;
	server->content = false;
	for (size_t i = 0; i < (server->lmtp ? server->accepted : 1); i++)
		hear(server, ".");
}

static bool
hear_bytes(struct server *server, int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[4096];
	ssize_t n = poll(&ready, 1, PATIENCE_MS) > 0 ? recv(fd, bytes, sizeof bytes, 0) : 0;

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			if (server->line_n < sizeof server->line - 1)
				server->line[server->line_n++] = bytes[i];
			continue;
		}
		hear_line(server);
		server->line_n = 0;
		/* In a group DATA is followed by content only once it was answered. */
		if (!answer(server, fd))
			return false;
	}
	return n > 0;
}

static void *
serve(void *data)
{
	struct server *server = data;
	struct pollfd ready = { .fd = server->listener, .events = POLLIN };
	int fd = poll(&ready, 1, PATIENCE_MS * 100) > 0 ? accept(server->listener, NULL, NULL) : -1;

	if (fd < 0)
		return NULL;
	hear(server, "");
	if (answer(server, fd))
		while (hear_bytes(server, fd))
			;
	close(fd);
	return NULL;
}

static bool
chosen(slice letters, char letter)
{
	return letters.n > 0 && memchr(letters.at, letter, letters.n) != NULL;
}

static int
listener(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	demand(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 8) == 0);
	demand(getsockname(fd, (struct sockaddr *)&at, &size) == 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/*
 * The options of a run, as the command line would give them. False for a combination that cannot
 * be.
 */
static bool
options(struct smtp_opts *opts, struct arena *arena, slice letters, unsigned port)
{
	struct str error = str_in(arena);
	enum cause cause;
	char *argv[WORDS];
	int argc = 0;

	argv[argc++] = (char *)(uintptr_t) "check_mail_smtp";
	argv[argc++] = (char *)(uintptr_t)str_f(arena, "-H127.0.0.1").at;
	argv[argc++] = (char *)(uintptr_t)str_f(arena, "-p%u", port).at;
	argv[argc++] = (char *)(uintptr_t)str_f(arena, "-t1").at;
	for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
		for (size_t w = 0;
		     chosen(letters, choices[i].letter) && w < 3 && choices[i].words[w]; w++)
			argv[argc++]
			    = (char *)(uintptr_t)str_f(arena, "%s", choices[i].words[w]).at;
	argv[argc] = NULL;
	memcpy(opts, probe_smtp.defaults, sizeof *opts);
	if (opts_parse(probe_smtp.options, opts, argc, argv, arena, &error) != OPTS_RUN
	    || !probe_opts_complete(&opts->common, arena, &cause, &error)
	    || !probe_smtp.complete(opts, arena, &cause, &error))
		return false;
	opts->common.transcript = true;
	return true;
}

/* How often `verb` was answered with a code of that hundred; 0 for any code. */
static size_t
answers(const struct server *server, const char *verb, unsigned hundred)
{
	size_t n = 0;

	for (size_t i = 0; i < server->answered; i++)
		n += strcmp(server->commands[i].verb, verb) == 0
		     && (!hundred || server->commands[i].code / 100 == hundred);
	return n;
}

static bool
logged_in(const struct server *server)
{
	for (size_t i = 0; i < server->answered; i++)
		if (server->commands[i].code == 235)
			return answers(server, "AUTH", 0) > 0;
	return false;
}

/* What must have been said for a run to be OK. */
static void
deserved(const struct server *server, const struct smtp_opts *opts)
{
	bool whole = !opts->common.until;

	demand(server->answered > 1 && server->commands[0].code == 220);
	demand(answers(server, opts->lmtp ? "LHLO" : "EHLO", 0) > 0);
	demand(answers(server, opts->lmtp ? "LHLO" : "EHLO", 2) + answers(server, "HELO", 2) > 0);
	if (!whole)
		return;
	demand(!probe_opts_login(&opts->common) || logged_in(server));
	demand(opts->common.tls != TLS_STARTTLS);
	demand(answers(server, "RCPT", 2) >= opts->rcpt.n);
	demand(answers(server, "RCPT", 5) >= opts->deny_rcpt.n);
	demand(answers(server, "MAIL", 2) >= (opts->rcpt.n > 0) + (size_t)(opts->deny_rcpt.n > 0));
	demand(!opts->send || answers(server, ".", 2) == (opts->lmtp ? opts->rcpt.n : 1));
	demand(!opts->send || answers(server, "DATA", 3) == 1);
}

/* Laps follow each other without a gap and make up the run; none goes beyond its time. */
static void
timed(const struct result *result)
{
	instant at = result->start;

	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];

		if (!lap->ran)
			continue;
		demand(lap->start.ns == at.ns && lap->length.ns >= 0);
		at = instant_after(at, lap->length);
	}
	demand(result->lap_count == 0 || at.ns == result->end.ns);
	demand(result->total.ns <= span_between(result->start, result->end).ns);
	demand(span_between(result->start, result->end).ns < span_seconds(1 + SLACK_SECONDS).ns);
}

static void
rendered(const struct result *result, const struct smtp_opts *opts)
{
	struct arena *arena = arena_new(64 << 20);
	struct str nagios = str_in(arena), json = str_in(arena), metrics = str_in(arena);
	const char *wrong;

	render_nagios(result, &opts->common.thresholds, 2, &nagios);
	render_json(result, &json);
	render_openmetrics(result, &metrics);
	demand(!arena_failed(arena));
	if ((wrong = strict_text(nagios.at, nagios.n)) || (wrong = strict_json(json.at, json.n))
	    || (wrong = strict_openmetrics(metrics.at, metrics.n)))
		fprintf(stderr, "%s\n", wrong);
	demand(!wrong);
	if (opts->common.password) {
		demand(slice_find(str_slice(&nagios), S(PASSWORD)) == nagios.n);
		demand(slice_find(str_slice(&json), S(PASSWORD)) == json.n);
		demand(slice_find(str_slice(&metrics), S(PASSWORD)) == metrics.n);
	}
	arena_free(arena);
}

static int
lowest_free(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

static void
session(struct arena *arena, const struct smtp_opts *opts, struct server *server)
{
	int before = lowest_free();
	struct result *result;
	pthread_t thread;

	demand(pthread_create(&thread, NULL, serve, server) == 0);
	result = session_run(&probe_smtp, opts, arena);
	pthread_join(thread, NULL);
	demand(lowest_free() == before);
	demand(result != NULL);
	timed(result);
	judge(result, &opts->common.thresholds);
	if (result->verdict.state == STATE_OK)
		deserved(server, opts);
	else
		demand(result->verdict.cause != CAUSE_NONE && result->verdict.cause != CAUSE_USAGE);
	rendered(result, opts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static unsigned port;
	static int fd = -1;
	slice script = { (const char *)data, n }, letters = slice_cut(&script, '\n');
	struct arena *arena = arena_new(64 << 20);
	struct server server = { .script = script };
	struct smtp_opts opts;

	demand(arena != NULL);
	if (fd < 0) {
		signal(SIGPIPE, SIG_IGN); /* as every program with a session does */
		fd = listener(&port);
	}
	server.listener = fd;
	server.lmtp = chosen(letters, 'l');
	if (options(&opts, arena, letters, port))
		session(arena, &opts, &server);
	arena_free(arena);
	return 0;
}
