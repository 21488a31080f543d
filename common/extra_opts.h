/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXTRA_OPTS_H
#define EXTRA_OPTS_H

/*
 * Options in files, as the Monitoring Plugins have them: --extra-opts=[SECTION][@FILE] names a
 * section of an ini file whose lines are options, "port=587" being --port=587 and "t=5" being -t
 * 5.
 */

#include "opts.h"

struct extra_opt {
	slice key;
	const char *value; /* NULL where the line has no '=' */
	unsigned line;
};

struct extra_opts {
	const char *path;
	struct extra_opt *items;
	size_t n, size;
};

/*
 * Reads the section that `spec` names into `extra`, in the order of the file; a section that
 * occurs more than once is read as one. Without SECTION it is `program`, without FILE the first
 * that there is of $MP_CONFIG_FILE, monitoring-plugins.ini, plugins.ini and nagios-plugins.ini in
 * the folders of $NAGIOS_CONFIG_PATH, and the places the Monitoring Plugins look at. OPTS_RUN;
 * OPTS_LOCAL where there is no file to be read; OPTS_WRONG where it has no such section, or a line
 * that is no option. The latter two with a sentence in `error` that names file and line.
 */
enum opts_outcome extra_opts_read(const char *spec, const char *program, struct arena *arena,
    struct extra_opts *extra, struct str *error);

#endif
