/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where options stand in a module, and under which key: by the heading that --help has them under,
 * and for a probe of two servers in a section for each, which has sections of its own.
 */
#include "config.h"

/* Keys that read better than the option's name with its prefix cut off. */
static const struct {
	const char *option, *key;
} renamed[] = {
	{ "tls", "mode" },
	{ "tls-min", "min_version" },
	{ "tls-max", "max_version" },
	{ "auth", "mechanisms" },
};

/* A probe of two servers: the options of each, by their prefix, and sections within its section. */
static const struct {
	const char *option, *prefix, *section, *tls, *auth;
} sides[] = {
	{ "submit", "submit-", "submit", "submit.tls", "submit.auth" },
	{ "fetch", "fetch-", "fetch", "fetch.tls", "fetch.auth" },
};

enum { SIDES_OF_A_MODULE = sizeof sides / sizeof sides[0] };

/* Which of them an option is of; SIDES_OF_A_MODULE for none. */
static size_t
side_of(const struct probe_type *type, const struct opt *opt)
{
	size_t i = 0;

	while (i < SIDES_OF_A_MODULE
	    && (!type->side
	        || (strcmp(opt->name, sides[i].option) != 0
	            && !slice_starts(slice_z(opt->name), slice_z(sides[i].prefix)))))
		i++;
	return i;
}

/* The option's name within its section. */
static const char *
name_of(const struct probe_type *type, const struct opt *opt)
{
	size_t side = side_of(type, opt);

	if (side == SIDES_OF_A_MODULE)
		return opt->name;
	return strcmp(opt->name, sides[side].option) == 0 ? "url"
	                                                  : opt->name + strlen(sides[side].prefix);
}

static bool
ends(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* The section that an option belongs to; NULL for one that no configuration has. */
static const char *
section_of(const struct probe_type *type, const char *group, const struct opt *opt)
{
	static const char *const other[] = { "hostname", "warning", "critical", "password" };
	size_t side;

	if (!opt->name || opt->compat || opt->kind >= OPT_KIND_HELP)
		return NULL;
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (strcmp(name_of(type, opt), other[i]) == 0)
			return NULL;
	side = side_of(type, opt);
	if (side < SIDES_OF_A_MODULE)
		return ends(group, ": TLS")  ? sides[side].tls
		    : ends(group, ": Login") ? sides[side].auth
		                             : sides[side].section;
	if (opt >= type->options->own && opt < type->options->own + type->options->own_count)
		return type->name;
	if (strcmp(group, "Output") == 0)
		return NULL;
	return strcmp(group, "TLS") == 0 ? "tls" : strcmp(group, "Login") == 0 ? "auth" : "";
}

static bool
key_is(const char *name, slice key)
{
	for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++)
		if (strcmp(name, renamed[i].option) == 0)
			return slice_eq(key, slice_z(renamed[i].key));
	if (key.n != strlen(name))
		return false;
	for (size_t i = 0; i < key.n; i++)
		if (key.at[i] != (name[i] == '-' ? '_' : name[i]))
			return false;
	return true;
}

static void
add_key(struct str *out, const char *name)
{
	str_addz(out, out->n > 0 ? ", " : "");
	for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++)
		if (strcmp(name, renamed[i].option) == 0) {
			str_addz(out, renamed[i].key);
			return;
		}
	for (const char *c = name; *c; c++)
		str_addc(out, *c == '-' ? '_' : *c);
}

bool
config_key(const struct probe_type *type, size_t i, struct arena *arena, const char **section,
    const char **key)
{
	struct str name = str_in(arena);
	const char *group = "";

	for (size_t j = 0; j <= i; j++)
		if (opts_row(type->options, j)->group)
			group = opts_row(type->options, j)->group;
	*section = section_of(type, group, opts_row(type->options, i));
	if (!*section)
		return false;
	add_key(&name, name_of(type, opts_row(type->options, i)));
	*key = str_z(&name);
	return true;
}

const struct opt *
config_option(const struct probe_type *type, const char *section, slice key, struct str *known)
{
	const char *group = "";

	for (size_t i = 0; i < opts_count(type->options); i++) {
		const struct opt *opt = opts_row(type->options, i);
		const char *its;

		group = opt->group ? opt->group : group;
		its = section_of(type, group, opt);
		if (!its || strcmp(its, section) != 0)
			continue;
		if (key_is(name_of(type, opt), key))
			return opt;
		add_key(known, name_of(type, opt));
	}
	return NULL;
}

const char *
config_section_within(const struct probe_type *type, const char *section, slice key)
{
	if (!type->side && !*section)
		return slice_eq(key, S("tls")) ? "tls" : slice_eq(key, S("auth")) ? "auth" : NULL;
	for (size_t i = 0; type->side && i < SIDES_OF_A_MODULE; i++) {
		if (!*section && slice_eq(key, slice_z(sides[i].section)))
			return sides[i].section;
		if (strcmp(section, sides[i].section) == 0)
			return slice_eq(key, S("tls")) ? sides[i].tls
			    : slice_eq(key, S("auth")) ? sides[i].auth
			                               : NULL;
	}
	return NULL;
}
