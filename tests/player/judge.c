/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a run was what the script wants: exit, output, secrets.  Some things are wanted of
 * every run and stand in no script: no report of a sanitizer, no control byte and no broken
 * UTF-8 in any output, a status line that agrees with the exit status, JSON without contradictions.
 */
#include "player.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { SECRET_SHORTEST = 4 };

static const char *const states[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

/* Goes through lines; false after the last. */
static bool
next_line(const struct text *t, const char **at, size_t *len)
{
	const char *from = *at ? *at + *len + 1 : t->at, *end;

	if (!from || from >= t->at + t->len)
		return false;
	end = memchr(from, '\n', t->len - (size_t)(from - t->at));
	*len = end ? (size_t)(end - from) : t->len - (size_t)(from - t->at);
	*at = from;
	return true;
}

static bool
some_line(const struct text *t, const char *pattern)
{
	const char *at = NULL;
	size_t len = 0;

	while (next_line(t, &at, &len))
		if (text_glob(pattern, at, len))
			return true;
	return false;
}

static bool
act_exit(struct play *p, const struct step *s)
{
	if (p->exited && WIFEXITED(p->status) && WEXITSTATUS(p->status) == atoi(s->arg))
		return true;
	if (p->exited && WIFSIGNALED(p->status))
		return play_fail(p, "wanted exit %s, got signal %d", s->arg, WTERMSIG(p->status));
	return play_fail(p, "wanted exit %s, got %d", s->arg, WEXITSTATUS(p->status));
}

static bool
act_out(struct play *p, const struct step *s)
{
	const char *at = NULL, *wanted = play_expand(p, s->arg);
	size_t len = 0;

	if (p->mode == MODE_JSON)
		return true;
	if (!next_line(&p->out, &at, &len))
		return play_fail(p, "wanted: %s\ngot no output", wanted);
	return text_glob(wanted, at, len) ||
	    play_fail(p, "wanted: %s\ngot:    %.*s", wanted, (int)len, at);
}

static bool
act_out_some(struct play *p, const struct step *s)
{
	const char *wanted = play_expand(p, s->arg);

	return p->mode == MODE_JSON || some_line(&p->out, wanted) ||
	    play_fail(p, "wanted a line of output: %s", wanted);
}

static bool
act_err(struct play *p, const struct step *s)
{
	const char *wanted = play_expand(p, s->arg);

	return p->mode == MODE_JSON || some_line(&p->err, wanted) ||
	    play_fail(p, "wanted a line on standard error: %s", wanted);
}

static bool
act_not(struct play *p, const struct step *s)
{
	const char *unwanted = play_expand(p, s->arg);

	return (!some_line(&p->out, unwanted) && !some_line(&p->err, unwanted)) ||
	    play_fail(p, "unwanted line of output: %s", unwanted);
}

static bool
hidden(struct play *p, const char *form, const char *needle, size_t len)
{
	const struct { const char *name; const struct text *t; } places[] = {
		{ .name = "standard output", .t = &p->out },
		{ .name = "standard error", .t = &p->err },
		{ .name = "the command line that others see", .t = &p->cmdline },
	};
	bool good = true;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (text_holds(places[i].t, needle, len))
			good = play_fail(p, "the secret is in %s, %s: %.*s", places[i].name, form,
			    (int)len, needle);
	return good;
}

/* Of a base64 text, the part that depends on the secret alone, for each of the places in a group
 * of three bytes where the secret can begin. */
static bool
act_secret(struct play *p, const struct step *s)
{
	static const size_t skips[] = { 0, 2, 3 };
	const size_t len = strlen(s->arg);
	bool good = hidden(p, "plain", s->arg, len);
	struct text shifted, coded;
	size_t end;

	if (len < SECRET_SHORTEST)
		return play_fail(p, "a secret this short is found by chance");
	if (!p->cmdline.len && p->met)
		good = play_fail(p, "the command line was never seen");
	for (size_t i = 0; i < 3; i++) {
		shifted = coded = (struct text){0};
		text_add(&shifted, "xxx", i);
		text_add(&shifted, s->arg, len);
		text_base64(&coded, shifted.at, shifted.len);
		end = shifted.len * 8 / 6;
		good = hidden(p, "in base64", coded.at + skips[i], end - skips[i]) && good;
	}
	return good;
}

static const struct json *
result(struct play *p)
{
	struct text reason = {0};
	const struct json *j = json_read(p->out.at, p->out.len, &reason);

	if (!j)
		play_fail(p, "the output is not JSON: %s", reason.at);
	return j;
}

static void
show_value(struct text *t, const struct json *j)
{
	text_add(t, "", 0);
	if (!j)
		text_str(t, "(nothing)");
	else if (j->kind == 'o' || j->kind == 'a')
		text_printf(t, j->kind == 'o' ? "{%zu}" : "[%zu]", j->len);
	else
		text_add(t, j->text.at, j->text.len);
}

static bool
compare(const struct json *j, char how, const char *wanted)
{
	struct text shown = {0};

	show_value(&shown, j);
	if (how == '=')
		return text_glob(wanted, shown.at, shown.len);
	if (!j || j->kind != 'n')
		return false;
	return how == '<' ? atof(shown.at) < atof(wanted) : atof(shown.at) > atof(wanted);
}

/* json PATH=PATTERN, PATH<NUMBER, PATH>NUMBER, or json PATH absent */
static bool
act_json(struct play *p, const struct step *s)
{
	const size_t len = strcspn(s->arg, "=<> ");
	const char *wanted = play_expand(p, s->arg + len + (s->arg[len] != '\0'));
	char *path = need(strndup(s->arg, len));
	const struct json *j = result(p), *list, *item;
	struct text shown = {0};
	char *star = strstr(path, "[*]");

	if (!j)
		return false;
	if (s->arg[len] == ' ')
		return !json_find(j, path, 0) || play_fail(p, "wanted no %s", path);
	item = json_find(j, path, 0);
	if (star) {
		list = json_find(j, need(strndup(path, (size_t)(star - path))), 0);
		for (size_t i = 0; list && i < list->len; i++)
			if (compare(json_find(j, path, i), s->arg[len], wanted))
				return true;
		return play_fail(p, "wanted some %s%c%s", path, s->arg[len], wanted);
	}
	show_value(&shown, item);
	return compare(item, s->arg[len], wanted) ||
	    play_fail(p, "wanted %s%c%s, got %s", path, s->arg[len], wanted, shown.at);
}

static bool
act_lasts(struct play *p, const struct step *s)
{
	return p->ended - p->started >= atof(s->arg) ||
	    play_fail(p, "wanted a run of %s s or more, it was %.3f s", s->arg,
	    p->ended - p->started);
}

static void
judge_bytes(struct play *p, const char *name, const struct text *t)
{
	for (size_t i = 0; i < t->len; i++)
		if ((iscntrl((unsigned char)t->at[i]) && !strchr("\n\t", t->at[i])) || !t->at[i]) {
			play_fail(p, "a control byte 0x%02x on %s", (unsigned char)t->at[i], name);
			break;
		}
	if (!text_utf8(t->at, t->len))
		play_fail(p, "invalid UTF-8 on %s", name);
}

/* The line begins with a word in capitals, SMTP or LMTP, and then a state. */
static int
status_of(const char *at, size_t len)
{
	size_t label = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	struct text pattern;

	for (int i = 0; i < 4 && label; i++) {
		pattern = (struct text){0};
		text_printf(&pattern, "%.*s %s - *", (int)label, at, states[i]);
		if (text_glob(pattern.at, at, len))
			return i;
	}
	return -1;
}

/* The word must be the exit status, and the perfdata begin only once. */
static void
judge_status(struct play *p)
{
	const char *at = NULL, *bar;
	size_t len = 0;
	int code = p->exited && WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1;

	if (!next_line(&p->out, &at, &len) || status_of(at, len) < 0)
		return;
	if (status_of(at, len) != code)
		play_fail(p, "the status line says %s, the exit status is %d",
		    states[status_of(at, len)], code);
	bar = memchr(at, '|', len);
	if (bar && memchr(bar + 1, '|', len - (size_t)(bar + 1 - at)))
		play_fail(p, "a second | in the status line");
}

void
judge_always(struct play *p)
{
	static const char *const reports[] = {
		"*ERROR: AddressSanitizer*", "*runtime error:*", "*LeakSanitizer*",
		"*ThreadSanitizer*", "*MemorySanitizer*",
	};
	const struct json *j;

	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		if (some_line(&p->err, reports[i]))
			play_fail(p, "a sanitizer reports: %s", reports[i]);
	if (WIFSIGNALED(p->status) && !p->late)
		play_fail(p, "ended by signal %d", WTERMSIG(p->status));
	judge_bytes(p, "standard output", &p->out);
	judge_bytes(p, "standard error", &p->err);
	judge_status(p);
	if (p->out.len && p->out.at[0] == '{') {
		j = result(p);
		if (j)
			json_invariants(p, j);
	}
}

/* Of "SMTP CRITICAL - rcpt: rejected: "550 no" after 0.1s" the state, the phase and the cause;
 * two causes have no phase. */
static void
verdict_line(struct text *verdict, const char *at, size_t len)
{
	const int state = status_of(at, len);
	const char *end = at + len, *phase = memmem(at, len, " - ", 3), *cause, *last;

	text_printf(verdict, " %s", states[state]);
	if (!state)
		return;
	phase += 3;
	cause = memmem(phase, (size_t)(end - phase), ": ", 2);
	last = cause ? cause : end;
	if (cause && strncmp(phase, "usage:", 6) && strncmp(phase, "local:", 6))
		last = memmem(cause + 2, (size_t)(end - cause - 2), ": ", 2);
	text_printf(verdict, " %.*s", (int)((last ? last : end) - phase), phase);
}

/* The same from JSON. */
static void
verdict_json(struct text *verdict, const struct json *j)
{
	static const char *const names[] = { "state", "phase", "cause" };
	const struct json *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = json_member(j, names[i]);
		if (value && value->kind == 's')
			text_printf(verdict, "%s %s", i == 2 && json_member(j, "phase") &&
			    json_member(j, "phase")->kind == 's' ? ":" : "", value->text.at);
	}
}

void
play_verdict(struct play *p, struct text *verdict)
{
	struct text reason = {0};
	const struct json *j;
	const char *at = NULL;
	size_t len = 0;

	text_printf(verdict, "exit %d", WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1);
	if (!next_line(&p->out, &at, &len))
		return;
	if (*at == '{') {
		j = json_read(p->out.at, p->out.len, &reason);
		if (j)
			verdict_json(verdict, j);
	} else if (status_of(at, len) >= 0) {
		verdict_line(verdict, at, len);
	}
}

const struct directive judge_directives[] = {
	{ .name = "exit", .stage = STAGE_JUDGE, .act = act_exit },
	{ .name = "out", .stage = STAGE_JUDGE, .act = act_out },
	{ .name = "out+", .stage = STAGE_JUDGE, .act = act_out_some },
	{ .name = "err", .stage = STAGE_JUDGE, .act = act_err },
	{ .name = "not", .stage = STAGE_JUDGE, .act = act_not },
	{ .name = "secret", .stage = STAGE_JUDGE, .act = act_secret },
	{ .name = "json", .stage = STAGE_JUDGE, .act = act_json },
	{ .name = "lasts", .stage = STAGE_JUDGE, .act = act_lasts },
	{ .name = NULL },
};
