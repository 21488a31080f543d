/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OPTS_VALUE_H
#define OPTS_VALUE_H

/* One value of one option, from its text into its field. */

#include "opts.h"

/*
 * As opts_set(), with the option `spelled` in errors as its user spelled it: "-p", "--po",
 * "plugins.ini:12: --port". An OPT_KIND_HELP, _VERSION or _EXTRA has no field to be set and is an
 * error.
 */
bool opts_value(const struct opt *opt, void *opts, const char *value, slice spelled,
    struct arena *arena, struct str *error);

/* `s` fit for a line of text: control characters as '?', cut when it is long. */
const char *opts_plain(struct arena *arena, slice s);

/* Adds it so, in quotes. */
void opts_quote(struct str *out, slice s);

/* Whether there is no control character in it. */
bool opts_printable(const char *text);

/* "--name", or "-l" for an option that has a letter alone. */
slice opts_name(const struct opt *opt, struct arena *arena);

#endif
