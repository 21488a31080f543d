/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of the options that every check has. Letters and names are those of the Monitoring
 * Plugins where they have one for the purpose and give it the same meaning in all of their mail
 * checks; the others (-A, -r, -S, -s, --sni) are in the tables of the probes. What the options
 * mean together is in probe_opts_complete.c.
 */
#include "probe_opts.h"

#define ROW(field, ...) OPT(struct probe_opts, field, __VA_ARGS__)

const struct opt_word tls_words[] = {
	{ "none", TLS_NONE },
	{ "starttls", TLS_STARTTLS },
	{ "opportunistic", TLS_OPPORTUNISTIC },
	{ "implicit", TLS_IMPLICIT },
	{ NULL, 0 },
};

const struct opt_word family_words[] = {
	{ "4", FAMILY_4 },
	{ "6", FAMILY_6 },
	{ NULL, 0 },
};

const struct opt_word proxy_words[] = {
	{ "1", 1 },
	{ "2", 2 },
	{ NULL, 0 },
};

const struct opt_word oauth_client_auth_words[] = {
	{ "post", OAUTH_CLIENT_POST },
	{ "basic", OAUTH_CLIENT_BASIC },
	{ NULL, 0 },
};

static const struct opt_word output_words[] = {
	{ "nagios", OUTPUT_NAGIOS },
	{ "json", OUTPUT_JSON },
	{ "openmetrics", OUTPUT_OPENMETRICS },
	{ "waterfall", OUTPUT_WATERFALL },
	{ NULL, 0 },
};

static const struct opt_word format_words[] = {
	{ "one-line", OUTPUT_NAGIOS },
	{ "summary-only", OUTPUT_NAGIOS },
	{ "multi-line", OUTPUT_NAGIOS },
	{ "icingaweb2", OUTPUT_NAGIOS },
	{ NULL, 0 },
};

const struct opt_word version_words[] = {
	{ "1.0", TLS_VERSION_1_0 },
	{ "1.1", TLS_VERSION_1_1 },
	{ "1.2", TLS_VERSION_1_2 },
	{ "1.3", TLS_VERSION_1_3 },
	{ "TLSv1", TLS_VERSION_1_0 },
	{ "TLSv1.0", TLS_VERSION_1_0 },
	{ "TLSv1.1", TLS_VERSION_1_1 },
	{ "TLSv1.2", TLS_VERSION_1_2 },
	{ "TLSv1.3", TLS_VERSION_1_3 },
	{ NULL, 0 },
};

/* clang-format off */
/* Of a run as a whole, however many servers it talks to. */
#define TIME_OPTIONS \
	ROW(timeout, .name = "timeout", .letter = 't', .arg = "SECONDS[:STATE]", \
	    .group = "Time and thresholds", \
	    .help = "the deadline of the whole run, name resolution included (default 10), and " \
	            "the state when it passes (default critical)"), \
	ROW(warning, .name = "warning", .letter = 'w', .arg = "[NAME=]RANGE", \
	    .help = "WARNING when the total time, or what NAME says, is outside RANGE; " \
	            "repeatable"), \
	ROW(critical, .name = "critical", .letter = 'c', .arg = "[NAME=]RANGE", \
	    .help = "CRITICAL when it is outside RANGE; repeatable"), \
	ROW(tempfail, .name = "tempfail", .arg = "STATE", \
	    .help = "the state of a temporary refusal, wherever it comes: ok, warning, critical " \
	            "or unknown"), \
	ROW(unexpected, .name = "unexpected", .arg = "STATE", \
	    .help = "the state when --expect and the like are not met (default warning)"), \
	ROW(until, .name = "until", .arg = "PHASE", \
	    .help = "stop politely after this phase; one that does not occur runs the whole")

#define OUTPUT_OPTIONS \
	ROW(output, .name = "output", .letter = 'o', .arg = "nagios|json|openmetrics|waterfall", \
	    .words = output_words, .group = "Output", \
	    .help = "the form of the result (default nagios)"), \
	ROW(verbose, .name = "verbose", .letter = 'v', \
	    .help = "say more; twice: the transcript on standard error"), \
	{ .name = "extra-opts", \
	    .arg = "[SECTION][@FILE]", \
	    .bare = "", \
	    .kind = OPT_KIND_EXTRA, \
	    .help = "take options from SECTION (default: the name of this program) of an ini " \
	            "FILE (default: monitoring-plugins.ini in its usual places); the command " \
	            "line has the last word over them" }, \
	{ .name = "version", \
	    .letter = 'V', \
	    .kind = OPT_KIND_VERSION, \
	    .help = "print the version and exit with status 3" }, \
	{ .name = "help", \
	    .letter = 'h', \
	    .kind = OPT_KIND_HELP, \
	    .help = "print this help and exit with status 3" }
/* clang-format on */

#define NAME(text) .name = text
#define LETTER(c) .letter = c
#define GROUP(text) .group = text
#define SIDE(field, ...) ROW(field, __VA_ARGS__),

const struct opt common_options[] = {
	ROW(host, .name = "hostname", .letter = 'H', .arg = "HOST", .group = "Where to connect",
	    .help = "the server: the name to resolve, to announce by SNI and to find in the "
	            "certificate; an address works too. A word without a dash is taken as HOST."),
#include "options_connect.def"
	TIME_OPTIONS,
#include "options_peer.def"
	OUTPUT_OPTIONS,

	ROW(user, .name = "authuser", .arg = "USER", .compat = true, .help = "--user=USER"),
	ROW(password, .name = "authpass", .arg = "PASSWORD", .secret = true, .compat = true,
	    .help = "--password=PASSWORD"),
	ROW(output, .name = "output-format", .arg = "FORMAT", .words = format_words, .compat = true,
	    .help = "one-line, summary-only, multi-line and icingaweb2 all mean --output=nagios"),
};

const struct opt run_options[] = { TIME_OPTIONS, OUTPUT_OPTIONS };

const size_t run_option_count = sizeof(run_options) / sizeof(run_options)[0];
const size_t common_option_count = sizeof(common_options) / sizeof(common_options)[0];
