/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPORTER_OPTIONS_H
#define EXPORTER_OPTIONS_H

/* The command line of mailprobe-exporter, as data. */

#include "log.h"
#include "opts.h"

struct exporter_options {
	const char *config_file;
	bool config_check;
	struct list listen_address;
	const char *web_config_file;
	enum log_level log_level;
	enum log_format log_format;
};

extern const struct opt_table exporter_table;

/*
 * Reads it. OPTS_HELP and OPTS_VERSION with what to print in `text`, OPTS_WRONG with a sentence.
 */
enum opts_outcome exporter_options_parse(
    struct exporter_options *options, int argc, char **argv, struct arena *arena, struct str *text);

#endif
