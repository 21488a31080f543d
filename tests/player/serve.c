/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server side of a script: what it says, what it must be told, how it misbehaves.  A script
 * that ends while the client still talks grants it a goodbye: one QUIT or LOGOUT is answered,
 * anything more is a failure.  So the misdeed can be the last line of a script.
 */
#include "player.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FLOOD_SIZE = 4096, LINE_MAX_5321 = 998 };

/* Everything but a PROXY header comes after the handshake that mode tls puts first. */
bool
serve_begin(struct play *p)
{
	if (!meet(p))
		return false;
	if (p->wire.tls_due) {
		p->wire.tls_due = false;
		tls_accept(p, "");
	}
	return true;
}

/* A guest waits for the reply: nothing may be there before we speak. */
bool
serve_speak(struct play *p)
{
	struct wire *w = &p->wire;

	if (!serve_begin(p))
		return false;
	if (p->spoke || w->ended)
		return true;
	p->spoke = true;
	wire_read(p, false);
	if (w->in.len == w->taken)
		return true;
	play_log(p, 'C', w->in.at + w->taken, w->in.len - w->taken);
	return play_fail(p, "the client spoke before it had an answer");
}

static bool
act_s(struct play *p, const struct step *s)
{
	struct text t = {0};

	if (!serve_speak(p))
		return false;
	text_printf(&t, "%s\r\n", play_expand(p, s->arg));
	protocol_said(p, t.at, t.len);
	wire_send(p, t.at, t.len);
	return true;
}

/* What stands behind a whole reply travels with the end of that reply, in every mode: whether it
 * is there when the client looks must not be left to luck. */
static bool
act_s_bytes(struct play *p, const struct step *s)
{
	struct text t = {0};
	size_t head;

	if (!serve_speak(p) || !play_bytes(p, s->arg, &t))
		return false;
	protocol_said(p, t.at, t.len);
	head = p->mode == MODE_BYTES || p->wire.drip ? protocol_before_more(p, &t) : t.len;
	wire_send(p, t.at, head);
	if (head < t.len) {
		play_log(p, 'S', t.at + head, t.len - head);
		wire_flood(p, t.at + head, t.len - head);
	}
	return true;
}

/* Each line in a record of its own, where there is TLS, and all of them in one segment: they have
 * arrived together, in every mode. */
static bool
act_s_records(struct play *p, const struct step *s)
{
	static const int on = 1, off = 0;
	struct text t = {0};
	const char *at, *end, *lf;

	if (!serve_speak(p) || !play_bytes(p, s->arg, &t))
		return false;
	wire_flush(p);
	setsockopt(p->wire.fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
	for (at = t.at, end = t.at + t.len; at < end; at = lf) {
		lf = memchr(at, '\n', (size_t)(end - at));
		lf = lf ? lf + 1 : end;
		play_log(p, 'S', at, (size_t)(lf - at));
		wire_flood(p, at, (size_t)(lf - at));
	}
	setsockopt(p->wire.fd, IPPROTO_TCP, TCP_CORK, &off, sizeof(off));
	return true;
}

/* @I@ is the number of this copy. */
static void
add_copy(struct text *t, const struct text *unit, long number)
{
	const char *at = unit->at, *end = unit->at + unit->len, *mark;

	for (; (mark = memmem(at, (size_t)(end - at), "@I@", 3)); at = mark + 3) {
		text_add(t, at, (size_t)(mark - at));
		text_printf(t, "%ld", number);
	}
	text_add(t, at, (size_t)(end - at));
}

static bool
act_fill(struct play *p, const struct step *s)
{
	struct text unit = {0}, t = {0};
	char *rest;
	long times;

	if (!serve_speak(p))
		return false;
	times = strtol(play_expand(p, s->arg), &rest, 10);
	rest += strspn(rest, " \t");
	if (!text_unescape(&unit, rest) || !unit.len || times < 1)
		return play_fail(p, "wanted: fill TIMES BYTES");
	for (long i = 1; i <= times; i++)
		add_copy(&t, &unit, i);
	wire_send(p, t.at, t.len);
	return true;
}

static bool
act_endless(struct play *p, const struct step *s)
{
	struct text unit = {0}, t = {0};

	if (!serve_speak(p))
		return false;
	if (!text_unescape(&unit, s->arg) || !unit.len)
		return play_fail(p, "wanted: endless BYTES");
	while (t.len < FLOOD_SIZE)
		text_add(&t, unit.at, unit.len);
	wire_flush(p);
	play_log(p, 'S', t.at, t.len);
	while (!p->wire.ended && wire_flood(p, t.at, t.len))
		;
	return true;
}

static bool
act_c(struct play *p, const struct step *s)
{
	char *wanted = play_expand(p, s->arg), *line;
	size_t len;

	if (!serve_begin(p) || !wire_line(p, wanted, &line, &len))
		return false;
	p->spoke = false;
	p->quit = protocol_goodbye(p, line, len);
	protocol_heard(p, line, len);
	return text_glob(wanted, line, len) ||
	    play_fail(p, "wanted from the client: %s\ngot: %.*s", wanted, (int)len, line);
}

/* The last word of the line is base64, and shown decoded to the pattern. */
static bool
act_c_base64(struct play *p, const struct step *s)
{
	char *wanted = play_expand(p, s->arg), *line, *blank;
	struct text plain = {0}, shown = {0};
	size_t len, before;

	if (!serve_begin(p) || !wire_line(p, wanted, &line, &len))
		return false;
	p->spoke = p->quit = false;
	protocol_heard(p, line, len);
	blank = memrchr(line, ' ', len);
	before = blank ? (size_t)(blank + 1 - line) : 0;
	text_add(&shown, line, before);
	if (!text_unbase64(&plain, line + before, len - before))
		return play_fail(p, "wanted base64, got: %.*s", (int)len, line);
	text_show(&shown, plain.at, plain.len);
	return text_glob(wanted, shown.at, shown.len) ||
	    play_fail(p, "wanted from the client: %s\ngot: %s", wanted, shown.at);
}

/* As act_c; what stands from the first * of the pattern to its last is kept under a name. */
static bool
act_keep(struct play *p, const struct step *s)
{
	const size_t name = strcspn(s->arg, " \t");
	const char *wanted = s->arg + name + strspn(s->arg + name, " \t");
	const struct step line = { .what = s->what, .arg = wanted, .line = s->line };
	const char *star, *last;
	size_t before;

	if (!act_c(p, &line))
		return false;
	wanted = play_expand(p, wanted);
	star = strchr(wanted, '*');
	last = strrchr(wanted, '*');
	if (!star || strspn(s->arg, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != name)
		return play_fail(p, "wanted: keep NAME PATTERN, the name in capitals");
	before = (size_t)(star - wanted);
	play_keep(p, s->arg, name, p->line.at + before, p->line.len - before - strlen(last + 1));
	return true;
}

/* Where the contract leaves a choice: this line, answered with a plain yes, or not. */
static bool
act_may(struct play *p, const struct step *s)
{
	const char *wanted = play_expand(p, s->arg), *at, *end;
	struct wire *w = &p->wire;
	struct text reply = {0};
	size_t len;

	if (!serve_begin(p))
		return false;
	wire_flush(p);
	do {
		at = w->in.at ? w->in.at + w->taken : "";
		end = memchr(at, '\n', w->in.len - w->taken);
	} while (!end && wire_read(p, true));
	len = end ? (size_t)(end - at) : 0;
	if (!len || at[len - 1] != '\r' || !text_glob(wanted, at, len - 1))
		return true;
	play_log(p, 'C', at, len + 1);
	protocol_heard(p, at, len - 1);
	protocol_answer(p, at, len - 1, &reply);
	w->taken += len + 1;
	wire_send(p, reply.at, reply.len);
	return true;
}

static size_t
line_len(const struct text *t)
{
	size_t len = t->len;

	while (len && strchr("\r\n", t->at[len - 1]))
		len--;
	return len;
}

static bool
act_c_bytes(struct play *p, const struct step *s)
{
	struct wire *w = &p->wire;
	struct text wanted = {0}, shown = {0};
	bool same;

	if (!serve_begin(p))
		return false;
	if (!play_bytes(p, s->arg, &wanted))
		return false;
	wire_flush(p);
	while (w->in.len - w->taken < wanted.len && wire_read(p, true))
		;
	p->spoke = false;
	if (w->in.len - w->taken < wanted.len) {
		play_log(p, 'C', w->in.at + w->taken, w->in.len - w->taken);
		return play_fail(p, "wanted %zu bytes from the client, it closed after %zu",
		    wanted.len, w->in.len - w->taken);
	}
	play_log(p, 'C', w->in.at + w->taken, wanted.len);
	same = !memcmp(w->in.at + w->taken, wanted.at, wanted.len);
	text_show(&shown, w->in.at + w->taken, wanted.len);
	protocol_heard(p, w->in.at + w->taken, line_len(&wanted));
	w->taken += wanted.len;
	return same || play_fail(p, "wanted from the client: %s\ngot: %s", s->arg, shown.at);
}

static bool
act_c_until(struct play *p, const struct step *s)
{
	char *wanted = play_expand(p, s->arg), *line;
	size_t len;

	p->lines = (struct text){0};
	do {
		if (!serve_begin(p) || !wire_line(p, wanted, &line, &len))
			return false;
		if (len > LINE_MAX_5321)
			return play_fail(p, "a line of %zu bytes; RFC 5321 allows 998", len);
		text_add(&p->lines, line, len);
		text_add(&p->lines, "\n", 1);
	} while (!text_glob(wanted, line, len));
	p->spoke = p->quit = false;
	return true;
}

static bool
passed_over(struct play *p, const char *wanted)
{
	const char *end;

	for (const char *line = p->lines.at; line && *line; line = end + 1) {
		end = strchr(line, '\n');
		if (text_glob(wanted, line, (size_t)(end - line)))
			return true;
	}
	return false;
}

static bool
act_had(struct play *p, const struct step *s)
{
	char *wanted = play_expand(p, s->arg);

	return passed_over(p, wanted) || play_fail(p, "wanted among these lines: %s", wanted);
}

static bool
act_hadnt(struct play *p, const struct step *s)
{
	char *unwanted = play_expand(p, s->arg);

	return !passed_over(p, unwanted) ||
	    play_fail(p, "unwanted among these lines: %s", unwanted);
}

static bool
act_close(struct play *p, const struct step *s)
{
	(void)s;
	if (!serve_begin(p))
		return false;
	wire_say_end(p);
	return true;
}

static bool
act_reset(struct play *p, const struct step *s)
{
	(void)s;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	wire_drop(p, true);
	return true;
}

static bool
act_drip(struct play *p, const struct step *s)
{
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	p->wire.drip = atoi(s->arg);
	return true;
}

static bool
act_delay(struct play *p, const struct step *s)
{
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	if (play_wait(p, NULL, 0, atoi(s->arg), false) == WAIT_LATE)
		return play_fail(p, "the time was over while the server waited");
	return true;
}

static bool
act_silent(struct play *p, const struct step *s)
{
	(void)s;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	play_log(p, '-', "server is silent", 16);
	while (wire_read(p, true))
		;
	p->wire.taken = p->wire.in.len;
	return true;
}

static bool
act_deaf(struct play *p, const struct step *s)
{
	(void)s;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	play_log(p, '-', "server reads no more", 20);
	play_wait(p, NULL, 0, -1, true);
	wire_drop(p, false);
	return true;
}

static bool
act_eof(struct play *p, const struct step *s)
{
	struct wire *w = &p->wire;

	(void)s;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	wire_read(p, true);
	if (w->in.len == w->taken && w->ended && !p->late)
		return true;
	play_log(p, 'C', w->in.at + w->taken, w->in.len - w->taken);
	return play_fail(p, "wanted: the client closes");
}

/* One goodbye is answered; what else there is stays unread, and is judged. */
static void
goodbye(struct play *p)
{
	struct wire *w = &p->wire;
	struct text reply = {0};
	const char *at;
	size_t len;

	do {
		len = w->in.len - w->taken;
		at = len ? w->in.at + w->taken : "";
		if (!memchr(at, '\n', len))
			continue;
		if (len < 2 || at[len - 2] != '\r' || !protocol_goodbye(p, at, len - 2))
			break;
		play_log(p, 'C', at, len);
		protocol_answer(p, at, len - 2, &reply);
		w->taken = w->in.len;
		p->quit = true;
		wire_send(p, reply.at, reply.len);
	} while (!p->quit && wire_read(p, true));
	wire_flush(p);
}

bool
serve_finish(struct play *p)
{
	struct wire *w = &p->wire;

	if (!w->open)
		return true;
	if (!serve_begin(p))
		return false;
	wire_flush(p);
	if (!p->quit)
		goodbye(p);
	if (p->spoke)
		wire_say_end(p);
	while (w->in.len == w->taken && wire_read(p, true))
		;
	if (w->in.len == w->taken || w->bare_tls) {
		wire_drop(p, false);
		return true;
	}
	play_log(p, 'C', w->in.at + w->taken, w->in.len - w->taken);
	return play_fail(p, "the client sent more than the script has");
}

static bool
act_connection(struct play *p, const struct step *s)
{
	(void)s;
	return serve_finish(p) && meet(p);
}

const struct directive serve_directives[] = {
	{ .name = "S", .stage = STAGE_SERVE, .act = act_s },
	{ .name = "S+", .stage = STAGE_SERVE, .act = act_s_bytes },
	{ .name = "S++", .stage = STAGE_SERVE, .act = act_s_records },
	{ .name = "C", .stage = STAGE_SERVE, .act = act_c },
	{ .name = "C+", .stage = STAGE_SERVE, .act = act_c_bytes },
	{ .name = "C64", .stage = STAGE_SERVE, .act = act_c_base64 },
	{ .name = "keep", .stage = STAGE_SERVE, .act = act_keep },
	{ .name = "may", .stage = STAGE_SERVE, .act = act_may },
	{ .name = "C~", .stage = STAGE_SERVE, .act = act_c_until },
	{ .name = "had", .stage = STAGE_SERVE, .act = act_had },
	{ .name = "hadnt", .stage = STAGE_SERVE, .act = act_hadnt },
	{ .name = "fill", .stage = STAGE_SERVE, .act = act_fill },
	{ .name = "endless", .stage = STAGE_SERVE, .act = act_endless },
	{ .name = "close", .stage = STAGE_SERVE, .act = act_close },
	{ .name = "reset", .stage = STAGE_SERVE, .act = act_reset },
	{ .name = "drip", .stage = STAGE_SERVE, .act = act_drip },
	{ .name = "delay", .stage = STAGE_SERVE, .act = act_delay },
	{ .name = "silent", .stage = STAGE_SERVE, .act = act_silent },
	{ .name = "deaf", .stage = STAGE_SERVE, .act = act_deaf },
	{ .name = "eof", .stage = STAGE_SERVE, .act = act_eof },
	{ .name = "connection", .stage = STAGE_SERVE, .act = act_connection },
	{ .name = NULL },
};
