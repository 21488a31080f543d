/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and meaning of Prometheus' exporters, so that nobody has to learn them anew. */
#include "exporter_options.h"

#define ROW(field, ...) OPT(struct exporter_options, field, __VA_ARGS__)

static const struct opt_word levels[] = {
	{ "debug", LOG_LEVEL_DEBUG },
	{ "info", LOG_LEVEL_INFO },
	{ "warn", LOG_LEVEL_WARN },
	{ "error", LOG_LEVEL_ERROR },
	{ NULL, 0 },
};

static const struct opt_word formats[] = {
	{ "logfmt", LOG_FORMAT_LOGFMT },
	{ "json", LOG_FORMAT_JSON },
	{ NULL, 0 },
};

static const struct opt rows[] = {
	ROW(config_file, .name = "config.file", .arg = "FILE", .group = "Configuration",
	    .help = "modules and targets, see mailprobe.yml(5); required"),
	ROW(config_check, .name = "config.check",
	    .help = "say what is wrong with the configuration, and exit: 0 when nothing is"),
	ROW(listen_address, .name = "web.listen-address", .arg = "ADDRESS:PORT", .group = "HTTP",
	    .help =
	        "listen here (default 127.0.0.1:10821); without ADDRESS on every address of the "
	        "machine; repeatable. Not looked at where systemd hands over a socket."),
	ROW(web_config_file, .name = "web.config.file", .arg = "FILE",
	    .help = "TLS, users and headers, in the format of Prometheus' exporters"),
	ROW(log_level, .name = "log.level", .arg = "LEVEL", .words = levels, .group = "Log",
	    .help = "the least that is logged: debug, info, warn or error (default info)"),
	ROW(log_format, .name = "log.format", .arg = "FORMAT", .words = formats,
	    .help = "logfmt or json (default logfmt)"),
	{ .name = "version",
	    .kind = OPT_KIND_VERSION,
	    .group = "Help",
	    .help = "print the version and exit" },
	{ .name = "help",
	    .letter = 'h',
	    .kind = OPT_KIND_HELP,
	    .help = "print this help and exit" },
};

static const size_t none;

const struct opt_table exporter_table = {
	.program = "mailprobe-exporter",
	.usage = "--config.file=FILE [OPTION]...",
	.about = "probes mail servers for Prometheus: on demand, on a schedule, and on a page",
	.own = rows,
	.own_count = sizeof rows / sizeof rows[0],
	.common_count = &none,
	.operand = NO_OPERAND,
};

enum opts_outcome
exporter_options_parse(
    struct exporter_options *options, int argc, char **argv, struct arena *arena, struct str *text)
{
	enum opts_outcome outcome;

	*options = (struct exporter_options){ .log_level = LOG_LEVEL_INFO };
	outcome = opts_parse(&exporter_table, options, argc, argv, arena, text);
	if (outcome == OPTS_HELP)
		opts_help(&exporter_table, text);
	else if (outcome == OPTS_VERSION)
		str_addf(text, "%s %s\n", exporter_table.program, VERSION);
	else if (outcome == OPTS_RUN && (!options->config_file || !*options->config_file)) {
		str_addz(text, "--config.file is required: write --config.file=FILE");
		outcome = OPTS_WRONG;
	}
	return outcome;
}
