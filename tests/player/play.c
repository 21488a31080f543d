/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One playing of one script in one mode: the order of things, the one place that waits, and the
 * record of what was said and what went wrong.  It ends when the check has ended; if that is
 * later than the script allows, the check is killed, and that is a failure.
 */
#include "player.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { LOG_LINE = 400, LOG_LIMIT = 100000 };

const char *const mode_names[MODES] = { "written", "bytes", "coalesced", "tls", "json" };

bool
play_fail(struct play *p, const char *format, ...)
{
	va_list args;
	char *s;

	va_start(args, format);
	if (vasprintf(&s, format, args) < 0)
		need(NULL);
	va_end(args);
	text_printf(&p->failures, "%s\n", s);
	return false;
}

void
play_log(struct play *p, char who, const void *bytes, size_t len)
{
	if (p->log.len > LOG_LIMIT)
		return;
	text_printf(&p->log, "%6.3f %c ", p->started > 0 ? seconds_now() - p->started : 0, who);
	text_show(&p->log, bytes, len < LOG_LINE ? len : LOG_LINE);
	text_printf(&p->log, len < LOG_LINE ? "\n" : " ... (%zu bytes)\n", len);
}

void
play_keep(struct play *p, const char *name, size_t name_len, const char *value, size_t len)
{
	const size_t count = sizeof(p->kept) / sizeof(p->kept[0]);

	for (size_t i = 0; i < count && name_len < sizeof(p->kept[i].name); i++) {
		if (*p->kept[i].name && (strlen(p->kept[i].name) != name_len ||
		    strncmp(p->kept[i].name, name, name_len)))
			continue;
		snprintf(p->kept[i].name, sizeof(p->kept[i].name), "%.*s", (int)name_len, name);
		p->kept[i].value = (struct text){0};
		text_add(&p->kept[i].value, value, len);
		return;
	}
	play_fail(p, "no room for another name: %.*s", (int)name_len, name);
}

/* Something of this run, in a form that text_unescape() makes the same bytes of where it will. */
static void
expand_bytes(struct text *t, const struct text *bytes, bool escape)
{
	for (size_t i = 0; i < bytes->len; i++)
		if (escape && (bytes->at[i] == '\\' || bytes->at[i] == '\0'))
			text_printf(t, "\\x%02x", (unsigned char)bytes->at[i]);
		else
			text_add(t, bytes->at + i, 1);
}

static bool
expand_seen(const struct play *p, struct text *t, const char *name, size_t len, bool escape)
{
	const size_t count = sizeof(p->kept) / sizeof(p->kept[0]);

	if (len == 7 && !strncmp(name, "LITERAL", 7)) {
		expand_bytes(t, &p->literal, escape);
		return true;
	}
	if (len == 3 && !strncmp(name, "TAG", 3)) {
		expand_bytes(t, &p->tag, escape);
		return true;
	}
	if (len == 11 && !strncmp(name, "LITERALSIZE", 11)) {
		text_printf(t, "%zu", p->literal.len);
		return true;
	}
	for (size_t i = 0; i < count; i++)
		if (strlen(p->kept[i].name) == len && !strncmp(p->kept[i].name, name, len)) {
			expand_bytes(t, &p->kept[i].value, escape);
			return true;
		}
	return false;
}

static void
expand_name(struct play *p, struct text *t, const char *name, size_t len, bool escape)
{
	static const struct { const char *name, *file; } files[] = {
		{ .name = "CA", .file = "ca.pem" },
		{ .name = "CAPATH", .file = "hashed" },
		{ .name = "CERT", .file = "client.pem" },
		{ .name = "KEY", .file = "client.key" },
		{ .name = "LOCKEDKEY", .file = "client.locked" },
		{ .name = "CRL", .file = "crl.pem" },
		{ .name = "STALECRL", .file = "stale.crl" },
		{ .name = "EMPTYCRL", .file = "empty.crl" },
	};

	if (expand_seen(p, t, name, len, escape))
		return;
	if (len == 4 && !strncmp(name, "PORT", 4)) {
		text_printf(t, "%d", p->port);
		return;
	}
	if (len == 2 && (!strncmp(name, "CR", 2) || !strncmp(name, "LF", 2))) {
		text_str(t, *name == 'C' ? "\r" : "\n");
		return;
	}
	if (len == 5 && !strncmp(name, "PROOF", 5)) {
		text_add(t, p->proof.at, p->proof.len);
		return;
	}
	if (len == 10 && !strncmp(name, "CODEDPROOF", 10)) {
		text_base64(t, p->proof.at, p->proof.len);
		return;
	}
	if (len == 3 && !strncmp(name, "DIR", 3)) {
		text_str(t, p->dir);
		return;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strlen(files[i].name) == len && !strncmp(files[i].name, name, len)) {
			text_printf(t, "%s/%s", p->root, files[i].file);
			return;
		}
	text_printf(t, "@%.*s@", (int)len, name);
}

static char *
expand(struct play *p, const char *s, bool escape)
{
	static const char code[] = "{base64 ";
	struct text t = {0}, plain;
	size_t len;

	text_add(&t, "", 0);
	while (*s) {
		len = *s == '@' ? strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;
		if (len && s[len + 1] == '@') {
			expand_name(p, &t, s + 1, len, escape);
			s += len + 2;
		} else if (!strncmp(s, code, sizeof(code) - 1) && strchr(s, '}')) {
			s += sizeof(code) - 1;
			len = strcspn(s, "}");
			plain = (struct text){0};
			text_add(&plain, "", 0);
			if (!text_unescape(&plain, need(strndup(s, len))))
				play_fail(p, "bad escape in {base64 %.*s}", (int)len, s);
			text_base64(&t, plain.at, plain.len);
			s += len + 1;
		} else {
			text_add(&t, s++, 1);
		}
	}
	return t.at;
}

char *
play_expand(struct play *p, const char *s)
{
	return expand(p, s, false);
}

bool
play_bytes(struct play *p, const char *s, struct text *bytes)
{
	text_add(bytes, "", 0);
	return text_unescape(bytes, expand(p, s, true)) || play_fail(p, "bad escape");
}

bool
play_stage(struct play *p, enum stage stage)
{
	const struct script *script = p->script;
	bool good = true;

	for (size_t i = 0; i < script->len; i++)
		if (script->steps[i].what->stage == stage &&
		    !script->steps[i].what->act(p, &script->steps[i])) {
			if (p->optional && !p->met && p->exited)
				return true;
			good = play_fail(p, "(line %d: %s)", script->steps[i].line,
			    script->steps[i].what->name);
			if (stage != STAGE_JUDGE)
				break;
		}
	return good;
}

enum waited
play_wait(struct play *p, struct pollfd *fds, size_t len, int ms, bool exit_too)
{
	double now = seconds_now(), until = ms < 0 ? now + 1e6 : now + ms / 1000.0;
	double deadline = p->started + p->bound + p->margin;
	struct timespec left;
	sigset_t none;
	int ready;

	sigemptyset(&none);
	for (;;) {
		run_reap(p);
		if (exit_too && p->exited)
			return WAIT_EXIT;
		now = seconds_now();
		if (!p->exited && now >= deadline) {
			p->late = true;
			run_kill(p);
			return WAIT_LATE;
		}
		if (now >= until)
			return WAIT_TIME;
		now = (until < deadline || p->exited ? until : deadline) - now;
		left.tv_sec = (time_t)now;
		left.tv_nsec = (long)((now - (double)left.tv_sec) * 1e9);
		ready = ppoll(fds, len, &left, &none);
		if (ready > 0)
			return WAIT_READY;
		if (ready < 0 && errno != EINTR)
			return WAIT_LATE;
	}
}

/* A connection nobody wrote into the script is as wrong as a line nobody wrote. */
static void
await_end(struct play *p)
{
	struct pollfd fds[16];
	size_t len = 0;

	for (size_t i = 0; i < p->listening; i++)
		if (!p->listeners[i].deaf)
			fds[len++] = (struct pollfd){ p->listeners[i].fd, POLLIN, 0 };
	switch (play_wait(p, fds, len, -1, true)) {
	case WAIT_READY:
		play_fail(p, "one connection more than the script has");
		run_kill(p);
		break;
	default:
		break;
	}
}

static void
serve(struct play *p)
{
	if (play_stage(p, STAGE_SERVE))
		serve_finish(p);
	if (p->wire.open)
		wire_drop(p, false);
	await_end(p);
	run_reap(p);
	text_file(&p->out, p->out_fd);
	text_file(&p->err, p->err_fd);
}

static void
judge_time(struct play *p)
{
	if (p->late)
		play_fail(p, "wanted an end within %.1f s, killed after %.1f s", p->bound,
		    p->ended - p->started);
	else if (p->ended - p->started > p->bound + p->margin)
		play_fail(p, "wanted an end within %.1f s, took %.3f s", p->bound,
		    p->ended - p->started);
}

bool
play_script(struct play *p)
{
	snprintf(p->dir, sizeof(p->dir), "%s/play.XXXXXX", p->root);
	if (!mkdtemp(p->dir) || chmod(p->dir, 0700))
		return play_fail(p, "no folder in %s", p->root);
	if (p->script->space && !space_enter(p))
		return false;
	if (play_stage(p, STAGE_PLAYER) && play_stage(p, STAGE_SPACE) &&
	    (!p->script->space || dns_start(p)) &&
	    play_stage(p, STAGE_LISTEN) && serve_listen(p) && play_stage(p, STAGE_FILES) &&
	    run_prepare(p)) {
		run_start(p);
		serve(p);
		judge_time(p);
		play_stage(p, STAGE_JUDGE);
		judge_always(p);
	}
	return p->failures.len == 0;
}
