/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ini files of --extra-opts, see https://www.monitoring-plugins.org/doc/extra-opts.html. What
 * a line means is opts.c's business; here it is a key and a value. A '#' or ';' begins a comment
 * at the start of a line only: passwords have them in the middle. Lines of other sections are not
 * looked at, so that a mistake in one check's options stops that check alone.
 */
#include "extra_opts.h"

#include <stdlib.h>
#include <unistd.h>

#include "file.h"

enum { FILE_LIMIT = 1 << 20 };

static const char *const file_names[] = {
	"monitoring-plugins.ini",
	"plugins.ini",
	"nagios-plugins.ini",
};

static const char *const places[] = {
	"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
	"/usr/local/etc/monitoring-plugins.ini",
	"/etc/monitoring-plugins/monitoring-plugins.ini",
	"/etc/monitoring-plugins.ini",
	"/etc/nagios/plugins.ini",
	"/usr/local/nagios/etc/plugins.ini",
	"/usr/local/etc/nagios/plugins.ini",
	"/etc/opt/nagios/plugins.ini",
	"/etc/nagios-plugins/nagios-plugins.ini",
	"/etc/nagios-plugins.ini",
	"/usr/local/etc/nagios-plugins.ini",
	"/etc/opt/nagios-plugins.ini",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *
in_folders(struct arena *arena, slice folders)
{
	while (folders.at) {
		slice folder = slice_cut(&folders, ':');

		for (size_t i = 0; folder.n > 0 && i < COUNT(file_names); i++) {
			const char *path =
			    str_f(arena, "%.*s/%s", (int)folder.n, folder.at, file_names[i]).at;

			if (path && access(path, F_OK) == 0)
				return path;
		}
	}
	return NULL;
}

static const char *
default_file(struct arena *arena)
{
	const char *path = getenv("MP_CONFIG_FILE");

	if (path && *path)
		return path;
	if ((path = in_folders(arena, slice_z(getenv("MP_CONFIG_PATH")))))
		return path;
	if ((path = in_folders(arena, slice_z(getenv("NAGIOS_CONFIG_PATH")))))
		return path;
	for (size_t i = 0; i < COUNT(places); i++)
		if (access(places[i], F_OK) == 0)
			return places[i];
	return NULL;
}

static enum opts_outcome
wrong(const struct extra_opts *extra, unsigned line, const char *what, struct str *error)
{
	str_addf(error, "%s:%u: %s", extra->path, line, what);
	return OPTS_WRONG;
}

static void
add(struct arena *arena, struct extra_opts *extra, struct extra_opt opt)
{
	if (extra->n == extra->size) {
		size_t size = extra->size ? extra->size * 2 : 8;
		struct extra_opt *items = arena_array(arena, size, sizeof *items);

		if (!items)
			return;
		if (extra->n > 0)
			memcpy(items, extra->items, extra->n * sizeof *items);
		extra->items = items;
		extra->size = size;
	}
	extra->items[extra->n++] = opt;
}

/* key [ "=" value ] */
static enum opts_outcome
option_line(
    slice text, unsigned line, struct arena *arena, struct extra_opts *extra, struct str *error)
{
	slice value = text;
	slice key = slice_trim(slice_cut(&value, '='));
	struct extra_opt opt = { .key = key, .line = line };

	if (key.n == 0)
		return wrong(extra, line, "there is no name before the =: write name=value", error);
	if (key.at[0] == '-')
		return wrong(extra, line, "names have no dashes here: write name=value", error);
	if (slice_find(text, (slice){ "", 1 }) < text.n)
		return wrong(extra, line, "there is a NUL byte in it", error);
	if (value.at)
		opt.value = arena_copy(arena, slice_trim(value)).at;
	add(arena, extra, opt);
	return OPTS_RUN;
}

/* "[" name "]": whether it is `section`. */
static enum opts_outcome
section_line(slice text, unsigned line, slice section, bool *ours, const struct extra_opts *extra,
    struct str *error)
{
	if (text.at[text.n - 1] != ']')
		return wrong(extra, line, "a section is written [NAME]", error);
	*ours = slice_eq(slice_trim((slice){ text.at + 1, text.n - 2 }), section);
	return OPTS_RUN;
}

static enum opts_outcome
read_section(
    slice content, slice section, struct arena *arena, struct extra_opts *extra, struct str *error)
{
	enum opts_outcome outcome = OPTS_RUN;
	bool any = false, ours = false, found = false;

	for (unsigned line = 1; content.at && outcome == OPTS_RUN; line++) {
		slice text = slice_cut(&content, '\n');

		if (text.n > 0 && text.at[text.n - 1] == '\r')
			text.n--;
		text = slice_trim(text);
		if (text.n == 0 || text.at[0] == '#' || text.at[0] == ';')
			continue;
		if (text.at[0] == '[') {
			outcome = section_line(text, line, section, &ours, extra, error);
			any = true;
			found |= ours;
		} else if (!any) {
			outcome = wrong(extra, line, "stands before the first [SECTION]", error);
		} else if (ours) {
			outcome = option_line(text, line, arena, extra, error);
		}
	}
	if (outcome == OPTS_RUN && !found) {
		str_addf(error,
		    "--extra-opts: %s has no section [%.*s]: write "
		    "--extra-opts=SECTION@FILE",
		    extra->path, (int)section.n, section.at);
		return OPTS_WRONG;
	}
	return outcome;
}

enum opts_outcome
extra_opts_read(const char *spec, const char *program, struct arena *arena,
    struct extra_opts *extra, struct str *error)
{
	slice file = slice_z(spec), content;
	slice section = slice_cut(&file, '@');

	*extra = (struct extra_opts){ .path = NULL };
	if (section.n == 0)
		section = slice_z(program);
	extra->path = file.at ? file.at : default_file(arena);
	if (!extra->path) {
		str_addz(error,
		    "--extra-opts: there is no monitoring-plugins.ini in the usual "
		    "places: write --extra-opts=[SECTION]@FILE");
		return OPTS_LOCAL;
	}
	if (!*extra->path) {
		str_addz(error,
		    "--extra-opts: there is nothing behind the @: write "
		    "[SECTION]@FILE");
		return OPTS_WRONG;
	}
	if (!file_read(arena, extra->path, FILE_LIMIT, &content, error)) {
		str_addz(error, " (--extra-opts)");
		return OPTS_LOCAL;
	}
	return read_section(content, section, arena, extra, error);
}
