/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a run finds around it: files in its folder, environment variables, and the time it may
 * take.
 */
#include "player.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
content(struct play *p, const struct step *s, bool raw, long times, struct text *all)
{
	struct text plain = {0};
	char *block = play_expand(p, s->block.at ? s->block.at : "");
	size_t len = strlen(block);

	text_add(&plain, "", 0);
	if (raw) {
		for (char *end; *block; block = end + 1) {
			end = block + strcspn(block, "\n");
			*end = '\0';
			if (!text_unescape(&plain, block))
				return play_fail(p, "bad escape");
		}
	} else {
		text_add(&plain, block, len);
	}
	while (times--)
		text_add(all, plain.at, plain.len);
	return true;
}

/* file NAME [raw] [xN] [mode=OCTAL] */
static bool
act_file(struct play *p, const struct step *s)
{
	const char *at = s->arg, *value;
	char *name, *word;
	struct text all = {0}, path = {0};
	long times = 1;
	mode_t mode = 0600;
	bool raw = false, broken;
	int fd;

	name = text_word(&at, &broken);
	if (!name || strchr(name, '/'))
		return play_fail(p, "wanted: file NAME");
	while ((word = text_word(&at, &broken))) {
		value = text_option(word, "mode");
		if (value)
			mode = (mode_t)strtoul(value, NULL, 8);
		else if (word[0] == 'x')
			times = atol(word + 1);
		raw = raw || !strcmp(word, "raw");
	}
	if (!content(p, s, raw, times, &all))
		return false;
	text_printf(&path, "%s/%s", p->dir, name);
	fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0 || write(fd, all.at, all.len) != (ssize_t)all.len)
		return play_fail(p, "cannot write %s", path.at);
	close(fd);
	return true;
}

static bool
act_env(struct play *p, const struct step *s)
{
	if (p->envs == sizeof(p->env) / sizeof(p->env[0]) || !strchr(s->arg, '='))
		return play_fail(p, "wanted: env NAME=VALUE");
	text_str(&p->env[p->envs++], play_expand(p, s->arg));
	return true;
}

static bool
act_anchor(struct play *p, const struct step *s)
{
	certs_anchor(p->dir, strtod(s->arg, NULL));
	return true;
}

/* What a careless reader waits for: nobody writes to it. */
static bool
act_fifo(struct play *p, const struct step *s)
{
	struct text path = {0};

	text_printf(&path, "%s/%s", p->dir, s->arg);
	return mkfifo(path.at, 0600) == 0 || play_fail(p, "cannot make %s", path.at);
}

static bool
act_middle(struct play *p, const struct step *s)
{
	(void)s;
	certs_middle(p->dir);
	return true;
}

static bool
act_within(struct play *p, const struct step *s)
{
	p->bound = strtod(s->arg, NULL);
	return p->bound > 0 || play_fail(p, "wanted: within SECONDS");
}

const struct directive file_directives[] = {
	{ .name = "file", .stage = STAGE_FILES, .act = act_file },
	{ .name = "env", .stage = STAGE_FILES, .act = act_env },
	{ .name = "fifo", .stage = STAGE_FILES, .act = act_fifo },
	{ .name = "anchor", .stage = STAGE_FILES, .act = act_anchor },
	{ .name = "middle", .stage = STAGE_FILES, .act = act_middle },
	{ .name = "within", .stage = STAGE_FILES, .act = act_within },
	{ .name = NULL },
};
