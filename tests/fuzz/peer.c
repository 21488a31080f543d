/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server, the run, and what must hold of each: see fuzz_session.h. A verdict in time, laps
 * without gaps, nothing left open, no password in any output, and no line before its answer.
 */
#include "fuzz_session.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../golden/golden.h"
#include "probes.h"
#include "render.h"

enum { WORDS = 64, LETTERS = 16, PATIENCE_MS = 20, SLACK_SECONDS = 4 };

slice
remember(struct peer *peer, slice bytes)
{
	char *at = peer->memory + peer->memory_n;

	if (bytes.n > sizeof peer->memory - peer->memory_n) {
		peer->overfull = true;
		return S("");
	}
	if (bytes.n > 0)
		memcpy(at, bytes.at, bytes.n);
	peer->memory_n += bytes.n;
	return (slice){ at, bytes.n };
}

void
hear(struct peer *peer, slice verb, slice command, bool more)
{
	struct exchange *exchange = &peer->exchanges[peer->heard];

	if (peer->heard == EXCHANGES) {
		peer->overfull = true;
		return;
	}
	exchange->verb = remember(peer, verb);
	exchange->command = remember(peer, command);
	exchange->more = more;
	peer->heard++;
}

bool
chosen(const struct peer *peer, char letter)
{
	return peer->letters.n > 0 && memchr(peer->letters.at, letter, peer->letters.n) != NULL;
}

size_t
said(const struct peer *peer, const char *verb)
{
	size_t n = 0;

	for (size_t i = 0; i < peer->heard; i++)
		n += slice_eq(peer->exchanges[i].verb, slice_z(verb)) && !peer->exchanges[i].more;
	return n;
}

size_t
answered(const struct peer *peer, const char *verb, int answer)
{
	size_t n = 0;

	for (size_t i = 0; i < peer->answered; i++)
		n += slice_eq(peer->exchanges[i].verb, slice_z(verb))
		    && peer->exchanges[i].answer == answer;
	return n;
}

slice
script_line(struct peer *peer)
{
	const char *at = peer->script.at;
	slice line = slice_cut(&peer->script, '\n');

	return (slice){ at, line.n + (peer->script.at != NULL) };
}

void
script_behind(struct peer *peer, char *out, size_t size, size_t *n)
{
	while (slice_starts(peer->script, S("~"))) {
		slice line = slice_skip(script_line(peer), 1);

		if (line.n > size - *n)
			return;
		memcpy(out + *n, line.at, line.n);
		*n += line.n;
	}
}

/* Says what is due: a reply to each command. False when nothing is left to say. */
static bool
answer(struct peer *peer, int fd)
{
	while (peer->answered < peer->heard) {
		struct exchange *exchange = &peer->exchanges[peer->answered];
		int code = 0;
		slice reply = peer->dialect->reply(peer, exchange, &code);

		if (reply.n == 0 || send(fd, reply.at, reply.n, MSG_NOSIGNAL) < 0)
			return false;
		exchange->reply = remember(peer, reply);
		exchange->answer = code;
		peer->answered++;
	}
	return peer->script.n > 0;
}

static void
hear_octet(struct peer *peer, char octet)
{
	if (peer->line_n == sizeof peer->line)
		peer->overfull = true;
	else
		peer->line[peer->line_n++] = octet;
}

/* A whole line. What behind it has come with it was said too early. */
static bool
hear_line(struct peer *peer, int fd, bool last)
{
	size_t before = peer->heard;

	if (peer->line_n > 0 && peer->line[peer->line_n - 1] == '\r')
		peer->line_n--;
	else
		peer->unended = true;
	if (!peer->dialect->line(peer))
		peer->line_n = 0;
	peer->rushed |= peer->heard > before && !last;
	return answer(peer, fd);
}

/* Something comes that is TLS's: the script goes on, and nothing is remembered. */
static bool
garble(struct peer *peer, int fd)
{
	const struct exchange none = { 0 };
	int code;
	slice reply = peer->dialect->reply(peer, &none, &code);

	return reply.n > 0 && send(fd, reply.at, reply.n, MSG_NOSIGNAL) >= 0;
}

static bool
hear_bytes(struct peer *peer, int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[4096];
	ssize_t n = poll(&ready, 1, PATIENCE_MS) > 0 ? recv(fd, bytes, sizeof bytes, 0) : 0;

	if (n > 0 && peer->secured)
		return garble(peer, fd);
	for (ssize_t i = 0; i < n; i++) {
		if (peer->literal == 0 && bytes[i] == '\n') {
			if (!hear_line(peer, fd, i + 1 == n))
				return false;
			continue;
		}
		hear_octet(peer, bytes[i]);
		if (peer->literal > 0 && --peer->literal == 0 && peer->due <= peer->line_n)
			peer->message = remember(peer,
			    (slice){ peer->line + peer->line_n - peer->due, (size_t)peer->due });
	}
	return n > 0;
}

static void *
serve(void *data)
{
	struct peer *peer = data;
	struct pollfd ready = { .fd = peer->listener, .events = POLLIN };
	int fd = poll(&ready, 1, PATIENCE_MS * 100) > 0 ? accept(peer->listener, NULL, NULL) : -1;

	if (fd < 0)
		return NULL;
	hear(peer, S(""), S(""), false);
	if (answer(peer, fd))
		while (hear_bytes(peer, fd))
			;
	close(fd);
	return NULL;
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

static void
add_word(struct arena *arena, char **argv, int *argc, slice word)
{
	argv[(*argc)++] = (char *)(uintptr_t)arena_copy(arena, word).at;
	argv[*argc] = NULL;
}

static void
add_choice(const struct dialect *dialect, struct arena *arena, char letter, char **argv, int *argc)
{
	for (size_t i = 0; i < dialect->choice_count; i++)
		for (size_t w = 0;
		     dialect->choices[i].letter == letter && w < 4 && dialect->choices[i].words[w];
		     w++)
			add_word(arena, argv, argc, slice_z(dialect->choices[i].words[w]));
}

/*
 * The options of a run, as the command line would give them. NULL for a combination that cannot be.
 */
static struct probe_opts *
options(const struct peer *peer, struct arena *arena, unsigned port)
{
	const struct probe_type *probe = peer->dialect->probe;
	struct probe_opts *opts = arena_alloc(arena, probe->opts_size);
	struct str error = str_in(arena);
	enum cause cause;
	char *argv[WORDS + 1];
	int argc = 0;

	add_word(arena, argv, &argc, slice_z(probe->options->program));
	add_word(arena, argv, &argc, S("-H127.0.0.1"));
	add_word(arena, argv, &argc, str_f(arena, "-p%u", port));
	add_word(arena, argv, &argc, S("-t1"));
	for (size_t i = 0; i < peer->letters.n && i < LETTERS && argc < WORDS - 4; i++)
		add_choice(peer->dialect, arena, peer->letters.at[i], argv, &argc);
	memcpy(opts, probe->defaults, probe->opts_size);
	if (opts_parse(probe->options, opts, argc, argv, arena, &error) != OPTS_RUN
	    || !probe_opts_complete(opts, arena, &cause, &error)
	    || !probe->complete(opts, arena, &cause, &error))
		return NULL;
	opts->transcript = true;
	return opts;
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

/* The password, and what of its base64 does not depend on its surroundings. */
static bool
tells(const struct str *out)
{
	static const slice secrets[] = { SLICE(PASSWORD), SLICE("S25vY2sta25vY2"),
		SLICE("tub2NrLWtub2Nr"), SLICE("Lbm9jay1rbm9ja") };

	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
		if (slice_find(str_slice(out), secrets[i]) < out->n)
			return true;
	return false;
}

static void
rendered(const struct result *result, const struct probe_opts *opts)
{
	struct arena *arena = arena_new(64 << 20);
	struct str nagios = str_in(arena), json = str_in(arena), metrics = str_in(arena),
	           waterfall = str_in(arena);
	const char *wrong;

	render_nagios(result, &opts->thresholds, 2, &nagios);
	render_json(result, &json);
	render_openmetrics(result, &metrics);
	render_waterfall(result, 80, true, &waterfall);
	demand(!arena_failed(arena));
	if ((wrong = strict_text(nagios.at, nagios.n)) || (wrong = strict_json(json.at, json.n))
	    || (wrong = strict_openmetrics(metrics.at, metrics.n))
	    || (wrong = strict_waterfall(waterfall.at, waterfall.n, 80)))
		fprintf(stderr, "%s\n", wrong);
	demand(!wrong);
	demand(!opts->password
	    || !(tells(&nagios) || tells(&json) || tells(&metrics) || tells(&waterfall)));
	arena_free(arena);
}

static int
lowest_free(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/* Where something has gone wrong, the answer cannot always be told from what is garbled. */
void
waited(const struct peer *peer, const struct probe_opts *opts, const struct result *result)
{
	demand(!peer->rushed || result->verdict.state != STATE_OK || opts->until);
}

static void
run(struct peer *peer, const struct probe_opts *opts, struct arena *arena)
{
	int before = lowest_free();
	struct result *result;
	pthread_t thread;

	demand(pthread_create(&thread, NULL, serve, peer) == 0);
	result = session_run(peer->dialect->probe, opts, arena);
	pthread_join(thread, NULL);
	demand(lowest_free() == before);
	demand(result != NULL);
	timed(result);
	judge(result, &opts->thresholds);
	if (!peer->overfull) {
		demand(!peer->unended);
		if (result->verdict.state == STATE_OK)
			peer->dialect->deserved(peer, opts);
		peer->dialect->harmless(peer, opts, result);
	}
	if (result->verdict.state != STATE_OK)
		demand(result->verdict.cause != CAUSE_NONE && result->verdict.cause != CAUSE_USAGE);
	rendered(result, opts);
}

int
fuzz_session(const struct dialect *dialect, const uint8_t *data, size_t n)
{
	static unsigned port;
	static int fd = -1;
	static struct peer peer;
	slice script = { (const char *)data, n }, letters = slice_cut(&script, '\n');
	struct arena *arena = arena_new(64 << 20);
	const struct probe_opts *opts;

	demand(arena != NULL);
	if (fd < 0) {
		signal(SIGPIPE, SIG_IGN); /* as every program with a session does */
		fd = listener(&port);
	}
	memset(&peer, 0, offsetof(struct peer, memory));
	peer.dialect = dialect;
	peer.listener = fd;
	peer.letters = letters;
	peer.script = script;
	opts = options(&peer, arena, port);
	if (opts)
		run(&peer, opts, arena);
	arena_free(arena);
	return 0;
}
