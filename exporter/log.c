/* SPDX-License-Identifier: BSD-2-Clause */
/* One event, one line, one write(): lines of different threads do not mix. */
#include "log.h"

#include <time.h>
#include <unistd.h>

#include "escape.h"
#include "render.h"

enum { LINE_CEILING = 1 << 20 };

static enum log_level least = LOG_LEVEL_INFO;
static enum log_format form = LOG_FORMAT_LOGFMT;

void
log_setup(enum log_level level, enum log_format format)
{
	least = level;
	form = format;
}

static bool
plain(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] <= ' ' || s.at[i] == '"' || s.at[i] == '=' || s.at[i] == '\\'
		    || s.at[i] >= 0x7f)
			return false;
	return s.n > 0;
}

static void
add(struct str *out, const char *key, slice value)
{
	if (form == LOG_FORMAT_JSON) {
		str_addz(out, out->n > 1 ? "," : "");
		escape_json(out, slice_z(key));
		str_addc(out, ':');
		escape_json(out, value);
		return;
	}
	str_addf(out, "%s%s=", out->n > 0 ? " " : "", key);
	if (plain(value))
		str_add(out, value);
	else
		escape_json(out, value);
}

static void
add_time(struct str *out)
{
	struct str text = str_in(out->arena);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	escape_time(&text, now.tv_sec);
	str_cut(&text, text.n - 1);
	str_addf(&text, ".%03ldZ", now.tv_nsec / 1000000);
	add(out, "ts", str_slice(&text));
}

/* Where nobody listens to the log, nobody is left to be told. */
static void
write_all(slice line)
{
	ssize_t n;

	while (line.n > 0 && (n = write(STDERR_FILENO, line.at, line.n)) > 0)
		line = slice_skip(line, (size_t)n);
}

void
log_event(enum log_level level, const char *message, const struct log_field *fields)
{
	static const char *const levels[] = {
		[LOG_LEVEL_DEBUG] = "debug",
		[LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_WARN] = "warn",
		[LOG_LEVEL_ERROR] = "error",
	};
	struct arena *arena = level >= least ? arena_new(LINE_CEILING) : NULL;
	struct str line = str_in(arena);

	if (!arena)
		return;
	if (form == LOG_FORMAT_JSON)
		str_addc(&line, '{');
	add_time(&line);
	add(&line, "level", slice_z(levels[level]));
	add(&line, "msg", slice_z(message));
	for (; fields->key; fields++)
		add(&line, fields->key, fields->value);
	str_addz(&line, form == LOG_FORMAT_JSON ? "}\n" : "\n");
	if (!arena_failed(arena))
		write_all(str_slice(&line));
	arena_free(arena);
}
