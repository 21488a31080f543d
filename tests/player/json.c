/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader of JSON (RFC 8259), strict on purpose: it stands for whoever parses what our programs
 * print.  One value, valid UTF-8, no repeated names, no lone surrogates, nothing behind it.
 */
#include "player.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { DEPTH_LIMIT = 64 };
static const double seam = 0.001;       /* seconds that phases may be apart from the whole */

struct reader {
	const char *at, *end;
	struct text *reason;
	int depth;
};

static bool value(struct reader *r, struct json *j);

static bool
broken(struct reader *r, const char *why)
{
	size_t left = (size_t)(r->end - r->at);

	if (!r->reason->len)
		text_printf(r->reason, "%s before: %.*s", why, left < 40 ? (int)left : 40, r->at);
	return false;
}

static void
blanks(struct reader *r)
{
	while (r->at < r->end && memchr(" \t\r\n", *r->at, 4))
		r->at++;
}

static bool
take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
hex4(struct reader *r, unsigned *point)
{
	*point = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		if (r->at == r->end || !isxdigit((unsigned char)*r->at))
			return broken(r, "bad \\u");
		*point = *point << 4 | (unsigned)(isdigit((unsigned char)*r->at) ? *r->at - '0' :
		    tolower(*r->at) - 'a' + 10);
	}
	return true;
}

static void
put_utf8(struct text *t, unsigned point)
{
	const int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const unsigned char marks[] = { 0, 0xc0, 0xe0, 0xf0 };
	unsigned char c = (unsigned char)(marks[more] | point >> (6 * more));

	text_add(t, &c, 1);
	for (int i = more - 1; i >= 0; i--) {
		c = (unsigned char)(0x80 | (point >> (6 * i) & 0x3f));
		text_add(t, &c, 1);
	}
}

static bool
unicode(struct reader *r, struct text *t)
{
	unsigned point, low;

	if (!hex4(r, &point))
		return false;
	if (point >= 0xdc00 && point < 0xe000)
		return broken(r, "lone surrogate");
	if (point >= 0xd800 && point < 0xdc00) {
		if (!take(r, '\\') || !take(r, 'u') || !hex4(r, &low) || low < 0xdc00 ||
		    low >= 0xe000)
			return broken(r, "lone surrogate");
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	}
	put_utf8(t, point);
	return true;
}

static bool
string(struct reader *r, struct text *t)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	text_add(t, "", 0);
	while (r->at < r->end && *r->at != '"') {
		if ((unsigned char)*r->at < 0x20)
			return broken(r, "control byte in a string");
		if (!take(r, '\\')) {
			text_add(t, r->at++, 1);
			continue;
		}
		if (take(r, 'u')) {
			if (!unicode(r, t))
				return false;
			continue;
		}
		found = r->at < r->end ? memchr(from, *r->at, sizeof(from) - 1) : NULL;
		if (!found)
			return broken(r, "bad escape");
		text_add(t, to + (found - from), 1);
		r->at++;
	}
	return take(r, '"') || broken(r, "open string");
}

static size_t
digits(struct reader *r)
{
	const char *from = r->at;

	while (r->at < r->end && isdigit((unsigned char)*r->at))
		r->at++;
	return (size_t)(r->at - from);
}

/* number = [ minus ] int [ frac ] [ exp ] */
static bool
number(struct reader *r, struct json *j)
{
	const char *from = r->at;

	j->kind = 'n';
	take(r, '-');
	if (!take(r, '0') && !digits(r))
		return broken(r, "no value");
	if (take(r, '.') && !digits(r))
		return broken(r, "bad number");
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '+'))
			take(r, '-');
		if (!digits(r))
			return broken(r, "bad number");
	}
	text_add(&j->text, from, (size_t)(r->at - from));
	return true;
}

static bool
word(struct reader *r, struct json *j)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t len;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if ((size_t)(r->end - r->at) >= len && !strncmp(r->at, words[i], len)) {
			r->at += len;
			j->kind = i == 2 ? 'z' : words[i][0];
			text_str(&j->text, words[i]);
			return true;
		}
	}
	return number(r, j);
}

static bool
name(struct reader *r, struct json *j)
{
	struct json *mine;

	j->names = need(realloc(j->names, (j->len + 1) * sizeof(*j->names)));
	mine = &j->names[j->len];
	*mine = (struct json){ .kind = 's' };
	blanks(r);
	if (!take(r, '"') || !string(r, &mine->text))
		return broken(r, "no name");
	for (size_t i = 0; i < j->len; i++)
		if (!strcmp(j->names[i].text.at, mine->text.at))
			return broken(r, "repeated name");
	blanks(r);
	return take(r, ':') || broken(r, "no colon");
}

static bool
list(struct reader *r, struct json *j, char end)
{
	blanks(r);
	if (take(r, end))
		return true;
	do {
		if (end == '}' && !name(r, j))
			return false;
		j->items = need(realloc(j->items, (j->len + 1) * sizeof(*j->items)));
		j->items[j->len] = (struct json){0};
		if (!value(r, &j->items[j->len]))
			return false;
		j->len++;
		blanks(r);
	} while (take(r, ','));
	return take(r, end) || broken(r, "no comma or end");
}

static bool
value(struct reader *r, struct json *j)
{
	bool good;

	if (r->depth++ == DEPTH_LIMIT)
		return broken(r, "too deep");
	blanks(r);
	if (take(r, '"')) {
		j->kind = 's';
		good = string(r, &j->text);
	} else if (take(r, '{')) {
		j->kind = 'o';
		good = list(r, j, '}');
	} else if (take(r, '[')) {
		j->kind = 'a';
		good = list(r, j, ']');
	} else {
		good = word(r, j);
	}
	r->depth--;
	return good;
}

const struct json *
json_read(const char *s, size_t len, struct text *reason)
{
	struct json *j = need(calloc(1, sizeof(*j)));
	struct reader r = { .at = s, .end = s + len, .reason = reason };

	if (!text_utf8(s, len)) {
		text_str(reason, "invalid UTF-8");
		return NULL;
	}
	if (!value(&r, j))
		return NULL;
	blanks(&r);
	if (r.at < r.end) {
		broken(&r, "more behind the value,");
		return NULL;
	}
	return j;
}

const struct json *
json_member(const struct json *j, const char *wanted)
{
	for (size_t i = 0; j && j->kind == 'o' && i < j->len; i++)
		if (!strcmp(j->names[i].text.at, wanted))
			return &j->items[i];
	return NULL;
}

const struct json *
json_find(const struct json *j, const char *path, size_t star)
{
	struct text step;
	size_t len, index;

	while (j && *path) {
		path += *path == '.';
		step = (struct text){0};
		if (!strncmp(path, "[\"", 2)) {
			len = strcspn(path + 2, "\"");
			text_add(&step, path + 2, len);
			j = json_member(j, step.at);
			path += len + 4;
		} else if (*path == '[') {
			index = path[1] == '*' ? star : (size_t)atol(path + 1);
			j = j->kind == 'a' && index < j->len ? &j->items[index] : NULL;
			path += strcspn(path, "]") + 1;
		} else {
			len = strcspn(path, ".[");
			text_add(&step, path, len);
			j = json_member(j, step.at);
			path += len;
		}
	}
	return j;
}

static double
number_of(const struct json *j)
{
	return j && j->kind == 'n' ? atof(j->text.at) : NAN;
}

/* Phases follow each other without a gap, and without the goodbye make up the whole. */
static void
phases_seamless(struct play *p, const struct json *j)
{
	const struct json *phases = json_member(j, "phases"), *item, *title;
	double at = 0, whole = 0, start, span;

	for (size_t i = 0; phases && i < phases->len; i++) {
		item = &phases->items[i];
		title = json_member(item, "name");
		start = number_of(json_member(item, "start_seconds"));
		span = number_of(json_member(item, "duration_seconds"));
		if (!title || isnan(start) || isnan(span) || fabs(start - at) > seam)
			play_fail(p, "phase %zu, %s: wanted a start at %.6f, got %.6f and %.6f", i,
			    title ? title->text.at : "nameless", at, start, span);
		at = start + span;
		if (title && strcmp(title->text.at, "quit") && strcmp(title->text.at, "logout"))
			whole = at;
	}
	span = number_of(json_member(j, "duration_seconds"));
	if (phases && phases->len && !(fabs(span - whole) <= seam))
		play_fail(p, "the phases make %.6f s, duration_seconds says %.6f", whole, span);
}

void
json_invariants(struct play *p, const struct json *j)
{
	static const char *const states[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	static const char *const members[] = { "probe", "target", "state", "code", "summary",
	    "phase", "cause", "reply", "duration_seconds", "phases", "facts", "values" };
	const struct json *state = json_member(j, "state"), *code = json_member(j, "code");
	int status = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!json_member(j, members[i]))
			play_fail(p, "the result has no member %s", members[i]);
	if (!code || code->kind != 'n' || atoi(code->text.at) != status)
		play_fail(p, "code is not the exit status");
	if (!state || status < 0 || status > 3 || strcmp(state->text.at, states[status]))
		play_fail(p, "state is not the exit status");
	phases_seamless(p, j);
}
