/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a script: a directive to a line, its argument behind it as it stands, what is indented
 * below belongs to it.  The words are in the tables of the files that act on them.  Here too is
 * decided in which modes a script is played.
 */
#include "player.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
act_nothing(struct play *p, const struct step *s)
{
	(void)p;
	(void)s;
	return true;
}

static const struct directive script_directives[] = {
	{ .name = "run", .stage = STAGE_PLAYER, .act = act_nothing },
	{ .name = "only", .stage = STAGE_PLAYER, .act = act_nothing },
	{ .name = "skip", .stage = STAGE_PLAYER, .act = act_nothing },
	{ .name = NULL },
};

static const struct directive *const tables[] = {
	script_directives, meet_directives, serve_directives, tls_directives, sasl_directives,
	protocol_directives, space_directives, dns_directives, file_directives, judge_directives,
};

static const struct directive *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct directive *d = tables[i]; d->name; d++)
			if (!strcmp(d->name, name))
				return d;
	return NULL;
}

static void
add_step(struct script *s, char *line, int number)
{
	size_t len = strcspn(line, " \t");
	char *arg = line + len;
	const struct directive *what;

	arg += strspn(arg, " \t");
	line[len] = '\0';
	what = find(line);
	if (!what) {
		text_printf(&s->errors, "line %d: no such directive: %s\n", number, line);
		return;
	}
	s->steps = need(realloc(s->steps, (s->len + 1) * sizeof(*s->steps)));
	s->steps[s->len++] = (struct step){ .what = what, .arg = arg, .line = number };
	if (!strcmp(line, "run")) {
		if (s->run)
			text_printf(&s->errors, "line %d: a second run\n", number);
		s->run = arg;
	}
}

/* The first indented line of a block says how much of the white space is indentation. */
static void
add_indented(struct script *s, const char *line, int number)
{
	static size_t indent;
	struct text *block;

	if (!s->len) {
		text_printf(&s->errors, "line %d: indented under nothing\n", number);
		return;
	}
	block = &s->steps[s->len - 1].block;
	if (!block->len)
		indent = strspn(line, " \t");
	for (size_t i = 0; i < indent && (*line == ' ' || *line == '\t'); i++)
		line++;
	text_printf(block, "%s\n", line);
}

bool
script_has(const struct script *s, const char *name)
{
	for (size_t i = 0; i < s->len; i++)
		if (!strcmp(s->steps[i].what->name, name))
			return true;
	return false;
}

static bool
serves(const struct script *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->steps[i].what->stage == STAGE_SERVE)
			return true;
	return false;
}

/* Whether the run line has one of these options, whatever its argument. */
static bool
chooses(const char *run, const char *const *words)
{
	bool broken;
	char *word;

	while ((word = text_word(&run, &broken)))
		for (size_t i = 0; words[i]; i++)
			if (text_option(word, words[i]) && strcmp(word, "--tls=none"))
				return true;
	return false;
}

static unsigned
named_modes(struct script *s, const struct step *step)
{
	const char *arg = step->arg;
	unsigned modes = 0;
	size_t len;

	while (*arg) {
		len = strcspn(arg, ": \t,");
		for (int i = 0; i < MODES; i++)
			if (strlen(mode_names[i]) == len && !strncmp(arg, mode_names[i], len))
				modes |= 1u << i;
		arg += len;
		if (*arg == ':')
			break;
		arg += strspn(arg, " \t,");
	}
	if (!modes || *arg != ':' || !arg[1])
		text_printf(&s->errors, "line %d: wanted MODES: REASON\n", step->line);
	return modes;
}

static void
choose_modes(struct script *s)
{
	static const char *const tls[] = { "--tls", "-S", "--starttls", "--ssl", NULL };
	static const char *const dashed_s[] = { "-s", NULL };   /* implicit TLS in SMTP alone */
	static const char *const output[] = { "-o", "--output", "--output-format", "-h", "--help",
	    "-V", "--version", NULL };
	const bool smtp = protocol_of(s->run) == PROTOCOL_SMTP;
	unsigned named;

	s->modes = 1u << MODE_WRITTEN;
	if (serves(s))
		s->modes |= 1u << MODE_BYTES | 1u << MODE_COALESCED;
	if (serves(s) && !script_has(s, "tls") && !chooses(s->run, tls) &&
	    !(smtp && chooses(s->run, dashed_s)))
		s->modes |= 1u << MODE_TLS;
	if (!chooses(s->run, output))
		s->modes |= 1u << MODE_JSON;
	for (size_t i = 0; i < s->len; i++) {
		if (!strcmp(s->steps[i].what->name, "only"))
			s->modes &= named_modes(s, &s->steps[i]);
		if (!strcmp(s->steps[i].what->name, "skip")) {
			named = named_modes(s, &s->steps[i]);
			s->modes &= ~named;
		}
	}
	if (!s->modes)
		text_str(&s->errors, "no mode is left to play it in\n");
}

static char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *from = path;
	size_t len;

	if (slash)
		for (from = slash; from > path && from[-1] != '/'; from--)
			;
	len = strlen(from);
	if (len > 2 && !strcmp(from + len - 2, ".t"))
		len -= 2;
	return need(strndup(from, len));
}

static void
read_lines(struct script *s, struct text *all)
{
	char *line = all->at, *end;
	int number = 1;

	for (; line < all->at + all->len; line = end + 1, number++) {
		end = memchr(line, '\n', all->len - (size_t)(line - all->at));
		if (!end)
			end = all->at + all->len;
		*end = '\0';
		if (*line == ' ' || *line == '\t')
			add_indented(s, line, number);
		else if (*line && *line != '#')
			add_step(s, line, number);
	}
}

void
script_read(struct script *s, const char *path)
{
	struct text all = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*s = (struct script){ .path = path, .name = name_of(path) };
	if (fd < 0) {
		text_str(&s->errors, "cannot be read\n");
		return;
	}
	text_file(&all, fd);
	close(fd);
	read_lines(s, &all);
	for (size_t i = 0; i < s->len; i++)
		s->space = s->space || s->steps[i].what->stage == STAGE_SPACE;
	if (!s->run)
		text_str(&s->errors, "no run line\n");
	else
		choose_modes(s);
	if (!script_has(s, "exit"))
		text_str(&s->errors, "no exit line\n");
}
