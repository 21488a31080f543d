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

static const struct opt_word family_words[] = {
	{ "4", FAMILY_4 },
	{ "6", FAMILY_6 },
	{ NULL, 0 },
};

const struct opt_word proxy_words[] = {
	{ "1", 1 },
	{ "2", 2 },
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

static const struct opt_word version_words[] = {
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

const struct opt common_options[] = {
	ROW(host, .name = "hostname", .letter = 'H', .arg = "HOST", .group = "Where to connect",
	    .help = "the server: the name to resolve, to announce by SNI and to find in the "
	            "certificate; an address works too. A word without a dash is taken as HOST."),
	ROW(address, .name = "address", .letter = 'I', .arg = "ADDR",
	    .help = "connect to this address, and use HOST as a name only"),
	ROW(port, .name = "port", .letter = 'p', .arg = "PORT",
	    .help = "connect to this port instead of the protocol's own"),
	ROW(family, .name = "use-ipv4", .letter = '4', .set = "4", .words = family_words,
	    .help = "use IPv4 only"),
	ROW(family, .name = "use-ipv6", .letter = '6', .set = "6", .words = family_words,
	    .help = "use IPv6 only"),
	ROW(source_address, .name = "source-address", .arg = "ADDR",
	    .help = "connect from this address of the machine"),
	ROW(proxy_protocol, .name = "proxy-protocol", .arg = "1|2", .words = proxy_words,
	    .help = "begin with a PROXY protocol header of this version, in text (1) or binary "
	            "(2), as a load balancer does"),

	ROW(timeout, .name = "timeout", .letter = 't', .arg = "SECONDS[:STATE]",
	    .group = "Time and thresholds",
	    .help = "the deadline of the whole run, name resolution included (default 10), and the "
	            "state when it passes (default critical)"),
	ROW(warning, .name = "warning", .letter = 'w', .arg = "[NAME=]RANGE",
	    .help = "WARNING when the total time, or what NAME says, is outside RANGE; repeatable"),
	ROW(critical, .name = "critical", .letter = 'c', .arg = "[NAME=]RANGE",
	    .help = "CRITICAL when it is outside RANGE; repeatable"),
	ROW(tempfail, .name = "tempfail", .arg = "STATE",
	    .help = "the state of a temporary refusal, wherever it comes: ok, warning, critical or "
	            "unknown"),
	ROW(unexpected, .name = "unexpected", .arg = "STATE",
	    .help = "the state when --expect and the like are not met (default warning)"),
	ROW(until, .name = "until", .arg = "PHASE",
	    .help = "stop politely after this phase; one that does not occur runs the whole"),

	ROW(tls, .name = "tls", .arg = "none|starttls|opportunistic|implicit", .bare = "implicit",
	    .words = tls_words, .group = "TLS",
	    .help = "when TLS begins. Without this option: at once on the protocol's TLS port, "
	            "else by STARTTLS with credentials, and never without. opportunistic goes on "
	            "in clear where the server has no STARTTLS, and does not insist on a good "
	            "certificate. --tls alone means implicit."),
	ROW(ca_file, .name = "ca-file", .arg = "FILE",
	    .help = "trust the CA certificates in this PEM file, instead of the system's"),
	ROW(ca_path, .name = "ca-path", .arg = "DIR",
	    .help = "trust the CA certificates in this hashed folder, instead of the system's"),
	ROW(crl_file, .name = "crl-file", .arg = "FILE",
	    .help = "refuse the certificates that the revocation lists in this PEM file name"),
	ROW(insecure, .name = "insecure", .help = "do not verify the server's certificate"),
	ROW(server_name, .name = "server-name", .arg = "NAME",
	    .help = "the name to announce by SNI and to find in the certificate, instead of HOST"),
	ROW(tls_min, .name = "tls-min", .arg = "VERSION", .words = version_words,
	    .help = "the lowest TLS version to accept: 1.0, 1.1, 1.2 or 1.3 (default: OpenSSL's)"),
	ROW(tls_max, .name = "tls-max", .arg = "VERSION", .words = version_words,
	    .help = "the highest TLS version to offer"),
	ROW(ciphers, .name = "ciphers", .arg = "LIST",
	    .help = "the cipher suites to offer up to TLS 1.2, as openssl-ciphers(1) writes them"),
	ROW(client_cert, .name = "client-cert", .arg = "FILE",
	    .help = "the certificate to present, in PEM, with its chain"),
	ROW(client_key, .name = "client-key", .arg = "FILE",
	    .help = "its private key, in PEM (default: in the file of --client-cert)"),
	ROW(certificate, .name = "certificate", .letter = 'D', .arg = "WARN[,CRIT]",
	    .help = "WARNING when a certificate of the verified chain ends in less than WARN days, "
	            "CRITICAL in less than CRIT"),
	ROW(ignore_certificate_expiration, .name = "ignore-certificate-expiration",
	    .help = "accept certificates that have ended or will soon"),

	ROW(user, .name = "user", .letter = 'U', .arg = "USER", .group = "Login",
	    .help = "log in as this user"),
	ROW(password_file, .name = "password-file", .arg = "FILE",
	    .help = "the password is the first line of this file"),
	ROW(password_env, .name = "password-env", .arg = "VARIABLE",
	    .help = "the password is in this environment variable"),
	ROW(token_file, .name = "token-file", .arg = "FILE",
	    .help = "an OAuth 2.0 access token is the first line of this file"),
	ROW(password, .name = "password", .letter = 'P', .arg = "PASSWORD", .secret = true,
	    .help = "the password itself: every user of the machine can see it in the process list "
	            "until the check has wiped it. Use --password-file."),
	ROW(auth, .name = "auth", .arg = "MECHANISM[,...]", .separator = ',',
	    .help = "log in by one of these mechanisms only, the first that the server offers: "
	            "SCRAM-SHA-256-PLUS, SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, CRAM-MD5, "
	            "PLAIN, LOGIN, EXTERNAL, OAUTHBEARER, XOAUTH2; for IMAP also login, its "
	            "command, for POP3 apop and user (default: the strongest offered that the "
	            "credentials allow)"),
	ROW(allow_cleartext_auth, .name = "allow-cleartext-auth",
	    .help = "let the password go to another machine without verified TLS"),

	ROW(expect, .name = "expect", .letter = 'e', .arg = "TEXT",
	    .group = "What the server must say",
	    .help = "text that the server's first answers must contain; repeatable: each of them "
	            "(IMAP and POP3: one of them, unless --all)"),
	ROW(require, .name = "require", .arg = "NAME[,...]", .separator = ',',
	    .help = "capabilities that must be advertised; repeatable"),
	ROW(forbid, .name = "forbid", .arg = "NAME[,...]", .separator = ',',
	    .help = "capabilities that must not be advertised; repeatable"),

	ROW(output, .name = "output", .letter = 'o', .arg = "nagios|json|openmetrics|waterfall",
	    .words = output_words, .group = "Output",
	    .help = "the form of the result (default nagios)"),
	ROW(verbose, .name = "verbose", .letter = 'v',
	    .help = "say more; twice: the transcript on standard error"),
	{ .name = "extra-opts",
	    .arg = "[SECTION][@FILE]",
	    .bare = "",
	    .kind = OPT_KIND_EXTRA,
	    .help = "take options from SECTION (default: the name of this program) of an ini FILE "
	            "(default: monitoring-plugins.ini in its usual places); the command line has "
	            "the last word over them" },
	{ .name = "version",
	    .letter = 'V',
	    .kind = OPT_KIND_VERSION,
	    .help = "print the version and exit with status 3" },
	{ .name = "help",
	    .letter = 'h',
	    .kind = OPT_KIND_HELP,
	    .help = "print this help and exit with status 3" },

	ROW(user, .name = "authuser", .arg = "USER", .compat = true, .help = "--user=USER"),
	ROW(password, .name = "authpass", .arg = "PASSWORD", .secret = true, .compat = true,
	    .help = "--password=PASSWORD"),
	ROW(output, .name = "output-format", .arg = "FORMAT", .words = format_words, .compat = true,
	    .help = "one-line, summary-only, multi-line and icingaweb2 all mean --output=nagios"),
};

const size_t common_option_count = sizeof(common_options) / sizeof(common_options)[0];
