/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The fault table and its parser. A fault carries the places of the conversation where it acts,
 * so that `quit-silent` and `silent:quit` are the same thing to those that act on it.
 */
#include "faults.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(verb)   (UINT64_C(1) << VERB_##verb)
#define OFFER      (AT(EHLO) | AT(CAPABILITY) | AT(CAPA))
#define NOWHERE    UINT64_C(0)
#define EVERYWHERE UINT64_MAX

static const struct {
	const char *name, *help;
	enum fault_kind kind;
	long number;
	uint64_t places;
} table[FAULT_COUNT] = {
#define FAULT(id, spelt, of, value, where, text) [FAULT_##id] = { \
	.name = spelt, .kind = KIND_##of, .number = value, .places = where, .help = text },
#include "faults.def"
#undef FAULT
};

static const char *const verbs[VERB_COUNT] = {
#define VERB(id, name) [VERB_##id] = name,
#include "verbs.def"
#undef VERB
};

static const struct {
	const char *name;       /* of VALUE in the help; NULL where there is none */
	const char *unit;
} kinds[] = {
	[KIND_NONE] = { NULL, NULL },
	[KIND_MS] = { "MS", " ms" },
	[KIND_INTERVAL] = { "MS", " ms" },
	[KIND_DAYS] = { "DAYS", " days" },
	[KIND_SECONDS] = { "SECONDS", " s" },
	[KIND_NUMBER] = { "N", "" },
	[KIND_TEXT] = { "NAMES", NULL },
	[KIND_CODE] = { "CODE", NULL },
	[KIND_RESULT] = { "RESULT", NULL },
	[KIND_STATUS] = { "STATUS", NULL },
	[KIND_PLACE] = { "PLACE", NULL },
	[KIND_REPLY] = { "PLACE=TEXT", NULL },
};

static bool
find(const char *name, size_t len, enum fault *found)
{
	for (enum fault f = 0; f < FAULT_COUNT; f++) {
		if (strlen(table[f].name) == len && !memcmp(table[f].name, name, len)) {
			*found = f;
			return true;
		}
	}
	return false;
}

static bool
find_verb(const char *name, size_t len, enum verb *found)
{
	for (enum verb v = 0; v < VERB_COUNT; v++) {
		if (strlen(verbs[v]) == len && !memcmp(verbs[v], name, len)) {
			*found = v;
			return true;
		}
	}
	return false;
}

static bool
number(const char *text, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	return !errno && end != text && !*end && *value >= 0;
}

static bool
place(struct fault_set *set, enum fault f, const char *value)
{
	enum verb v;

	if (!find_verb(value, strlen(value), &v))
		return false;
	if (!set->of[f].on)
		set->of[f].places = 0;
	set->of[f].places |= UINT64_C(1) << v;
	return true;
}

static bool
replacement(struct fault_set *set, enum fault f, const char *value)
{
	size_t len = strcspn(value, "=");
	enum verb v;

	if (!value[len] || !find_verb(value, len, &v))
		return false;
	set->of[f].places |= UINT64_C(1) << v;
	set->replies[v] = value + len + 1;
	return true;
}

static bool
is_status(const char *text)
{
	int len = 0;

	sscanf(text, "%*1[45].%*3[0-9].%*3[0-9]%n", &len);
	return len && !text[len];
}

static bool
take_value(struct fault_set *set, enum fault f, const char *value)
{
	switch (table[f].kind) {
	case KIND_NONE:
		return false;
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_RESULT:
		set->of[f].text = value;
		return *value;
	case KIND_STATUS:
		set->of[f].text = value;
		return is_status(value);
	case KIND_PLACE:
		return place(set, f, value);
	case KIND_REPLY:
		return replacement(set, f, value);
	default:
		return number(value, &set->of[f].number);
	}
}

bool
faults_parse(struct fault_set *set, const char *text, char *error, size_t size)
{
	size_t len = strcspn(text, ":");
	const char *value = text[len] ? text + len + 1 : NULL;
	enum fault f;

	if (!find(text, len, &f)) {
		snprintf(error, size, "no fault '%.*s': --list-faults names them", (int)len, text);
		return false;
	}
	if (!set->of[f].on) {
		set->of[f].number = table[f].number;
		set->of[f].places = table[f].places;
	}
	if (!value && (table[f].kind == KIND_TEXT || table[f].kind == KIND_REPLY)) {
		snprintf(error, size, "fault '%s' needs a value: %s:%s", table[f].name,
		    table[f].name, kinds[table[f].kind].name);
		return false;
	}
	if (value && !take_value(set, f, value)) {
		if (table[f].kind == KIND_NONE)
			snprintf(error, size, "fault '%s' takes no value", table[f].name);
		else
			snprintf(error, size, "fault '%s' cannot be '%s': write %s:%s",
			    table[f].name, value, table[f].name, kinds[table[f].kind].name);
		return false;
	}
	set->of[f].on = set->any = true;
	return true;
}

void
faults_merge(struct fault_set *set, const struct fault_set *more)
{
	for (enum fault f = 0; f < FAULT_COUNT; f++) {
		if (more->of[f].on && !set->of[f].on)
			set->of[f] = more->of[f];
		else if (more->of[f].on && table[f].kind == KIND_REPLY)
			set->of[f].places |= more->of[f].places;
	}
	for (enum verb v = 0; v < VERB_COUNT; v++)
		if (!set->replies[v])
			set->replies[v] = more->replies[v];
	set->any |= more->any;
}

bool
fault_on(const struct fault_set *set, enum fault f)
{
	return set->any && set->of[f].on;
}

bool
fault_at(const struct fault_set *set, enum fault f, enum verb v)
{
	return fault_on(set, f) && set->of[f].places >> v & 1;
}

long
fault_number(const struct fault_set *set, enum fault f)
{
	return set->of[f].number;
}

const char *
fault_text(const struct fault_set *set, enum fault f)
{
	return set->of[f].text;
}

const char *
fault_name(enum fault f)
{
	return table[f].name;
}

long
fault_delay(const struct fault_set *set, enum verb v)
{
	long sum = 0;

	if (!set->any)
		return 0;
	for (enum fault f = 0; f < FAULT_COUNT; f++)
		if (table[f].kind == KIND_MS && fault_at(set, f, v))
			sum += set->of[f].number;
	return sum;
}

void
faults_print(FILE *out)
{
	for (enum fault f = 0; f < FAULT_COUNT; f++) {
		enum fault_kind kind = table[f].kind;
		char spelt[64];
		const char *value = kinds[kind].name;

		if (!value)
			snprintf(spelt, sizeof(spelt), "%s", table[f].name);
		else if (kind == KIND_TEXT || kind == KIND_REPLY)
			snprintf(spelt, sizeof(spelt), "%s:%s", table[f].name, value);
		else
			snprintf(spelt, sizeof(spelt), "%s[:%s]", table[f].name, value);
		fprintf(out, "  %-28s %s", spelt, table[f].help);
		if (kinds[kind].unit)
			fprintf(out, " (%ld%s)", table[f].number, kinds[kind].unit);
		fputc('\n', out);
	}
	fputs("PLACE is one of", out);
	for (enum verb v = 0; v < VERB_COUNT; v++)
		fprintf(out, " %s", verbs[v]);
	fputs(" (default: ehlo, capability, capa).\n", out);
}
