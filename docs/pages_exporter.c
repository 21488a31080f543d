/* SPDX-License-Identifier: BSD-2-Clause */
/* mailprobe-exporter(8) in prose. */
#include "pages.h"

const struct block exporter_blocks[] = {
	{ .section = "DESCRIPTION",
	    .text = "Probes mail servers and tells Prometheus how they are. A probe is one "
	            "SMTP, LMTP, IMAP or POP3 conversation as check_mail_smtp(8), "
	            "check_mail_imap(8) and check_mail_pop3(8) have it, or a message's round trip "
	            "as check_mail_roundtrip(8) has it, with the same verdict: which step failed, "
	            "why, and how long each step took." },
	{ .text = "It probes on demand, for whoever asks /probe as blackbox_exporter is asked; "
	          "on a schedule of its own, for the targets of its configuration, with the "
	          "results on /metrics; and it has a page for people, http://127.0.0.1:10821/, "
	          "with the history of each target and the transcripts of its last failures." },
	{ .text = "How to probe (modules) and what (targets) is said in the configuration file, "
	          "see mailprobe.yml(5)." },

	{ .section = "OPTIONS", .made = exporter_options },
	{ .text = "ADDRESS is an IPv4 address, an IPv6 address in brackets, or a name, of whose "
	          "addresses the first is taken. Port 0 is any that is free; the log says "
	          "which. 32 addresses at most are listened on." },

	{ .section = "HTTP",
	    .text = "Metrics are in OpenMetrics 1.0 or in the text format 0.0.4, as Accept "
	            "wants it; what is below /api/ is JSON. Answers are packed by gzip for "
	            "clients that take that." },
	{ .term = "/probe?target=",
	    .behind = "HOST[:PORT]&module=NAME[&debug=true]",
	    .text =
	        "One probe now, by that module: its metrics. HOST is a name or an address, IPv6 in "
	        "brackets where a port follows; without PORT the module's port is taken. A module "
	        "of a roundtrip has its servers, and takes no target. The status is 200 also when "
	        "the server is down: probe_success and mailprobe_state tell. With debug=true the "
	        "transcript stands in front as comments, secrets masked. The deadline is the "
	        "module's timeout, or that of the scrape (X-Prometheus-Scrape-Timeout-Seconds) "
	        "less half a second, where that is shorter; the time for which a request waits for "
	        "its turn is part of it." },
	{ .term = "/metrics",
	    .text = "The scheduled targets, and the exporter itself. Nothing is probed for it." },
	{ .term = "/", .text = "The status page." },
	{ .term = "/api/v1/status",
	    .behind = "[?since=SEQUENCE]",
	    .text = "What the page shows: all targets, with state, times and history. With the "
	            "sequence of an earlier answer only what has changed since, unless complete "
	            "is true." },
	{ .term = "/api/v1/targets/",
	    .behind = "NAME",
	    .text = "One target: its last result, the runs that are kept, the last five "
	            "failures with their transcripts." },
	{ .term = "POST /api/v1/targets/",
	    .behind = "NAME/run",
	    .text = "Has the target run as soon as a worker is free: 202." },
	{ .term = "/api/v1/probe?target=",
	    .behind = "HOST[:PORT]&module=NAME",
	    .text = "One probe now, under the rules of /probe: what a check prints with -v -o "
	            "json." },
	{ .term = "/-/healthy", .text = "200 as long as the process answers." },
	{ .term = "/-/ready",
	    .text = "200 once configuration and listeners stand, 503 when it has begun to stop." },
	{ .term = "POST /-/reload",
	    .text = "Reads the configuration anew: 200, or 500 with all that is wrong with it." },

	{ .heading = "Status codes" },
	{ .term = "304", .text = "A file of the page that the browser has is still the same." },
	{ .term = "400",
	    .text = "target or module is missing, there is no such module, or the target is "
	            "none; or a roundtrip is given another target than its own." },
	{ .term = "401", .text = "A user name and a password are wanted (basic_auth_users)." },
	{ .term = "403",
	    .text = "The target is not among the module's allowed_targets: no connection was "
	            "made. Or the page of another site has had a browser ask for a probe or a "
	            "POST. Or the client's certificate will not do (client_auth_type)." },
	{ .term = "404", .text = "There is no such path, or no target of that name." },
	{ .term = "405",
	    .text = "GET and HEAD ask, POST does something; Allow says what this path takes." },
	{ .term = "429",
	    .text = "The host is probed too often (limits.host_rate) or by too many at a time "
	            "(limits.host_concurrency): Retry-After says in how many seconds it may be "
	            "otherwise. Or too much is asked in all (rate_limit), or too many passwords "
	            "are being looked at." },
	{ .term = "500", .text = "A reload was refused, or there is no memory." },
	{ .term = "503",
	    .text = "Too many wait for their turn (limits.queue): Retry-After is 1. Or the "
	            "deadline passed before it was this probe's turn, or the exporter is "
	            "stopping." },

	{ .section = "WHO MAY ASK WHAT",
	    .text = "Whoever reaches /probe makes this machine connect to mail servers. So it "
	            "listens on loopback only, unless it is told otherwise; for other machines "
	            "there are TLS and passwords in the file of --web.config.file." },
	{ .heading = "Targets",
	    .text = "A module without allowed_targets is open: it probes any target that it is "
	            "asked for. A module with credentials, which are a user, a password, a "
	            "token or a client certificate, has to have allowed_targets; [] lets nobody "
	            "ask. They bind /probe and /api/v1/probe. The targets of the schedule need "
	            "no other permission than that they stand in the file." },
	{ .text = "The list has names, networks, or both:" },
	{ .term = "mail.example.org", .text = "this name, in any letter case" },
	{ .term = "*.example.org",
	    .text = "every name below it, at any depth, but not example.org itself" },
	{ .term = "*", .text = "every name" },
	{ .term = "192.0.2.25",
	    .behind = ", 192.0.2.0/24, 2001:db8::/32",
	    .text = "an address, or a network, with zeros behind the prefix" },
	{ .text = "Names alone: the HOST that is asked for has to be one of them, and a bare "
	          "address is none. None of its addresses may be loopback, link-local, "
	          "multicast or unspecified, for whoever owns a name may point it there; only "
	          "localhost and the names below it may be on loopback. Private networks are "
	          "not refused: write networks where that matters." },
	{ .text = "Networks alone: HOST may be any name or address, if every address that it "
	          "has is in one of them." },
	{ .text = "Names and networks: HOST has to be one of the names or a bare address, and "
	          "every address that it has in one of the networks." },
	{ .text = "Addresses are judged when all are known and before a packet leaves for one "
	          "of them, and the probe connects to those that were judged and no others. An "
	          "IPv4-mapped IPv6 address is the IPv4 address that it reaches. Ports are not "
	          "judged." },
	{ .heading = "Limits",
	    .text = "So many probes of /probe run at a time (limits.probes), so many requests "
	            "wait (limits.queue). Of one host, by the name that is asked for in any "
	            "letter case, so many probes run at a time (limits.host_concurrency), and "
	            "begin within a second (limits.host_rate). The schedule keeps to the limits "
	            "of a host as well: its runs wait." },
	{ .heading = "The file of --web.config.file",
	    .text = "is in the format of Prometheus' exporters, and holds for every path. Names "
	            "of files in it are relative to its own folder, but for those that "
	            "$CREDENTIALS_DIRECTORY has." },
	{ .term = "tls_server_config",
	    .behind = ": cert_file, key_file, or cert, key",
	    .text = "serve over TLS, with this certificate and its chain, and this key: files, "
	            "which are read again at the next handshake when they have changed, or the "
	            "PEM text itself" },
	{ .term = "tls_server_config",
	    .behind = ": client_auth_type, client_ca_file, or client_ca, client_allowed_sans",
	    .text = "client certificates: NoClientCert (the default), RequestClientCert, "
	            "RequireAnyClientCert, VerifyClientCertIfGiven or "
	            "RequireAndVerifyClientCert; the CA to verify them by; names of which they "
	            "have to have one" },
	{ .term = "tls_server_config",
	    .behind = ": min_version, max_version, cipher_suites, prefer_server_cipher_suites, "
	              "curve_preferences",
	    .text = "what TLS may be, in Go's words: TLS12 (the least, unless it says "
	            "otherwise), TLS13, TLS_AES_128_GCM_SHA256, X25519" },
	{ .term = "http_server_config",
	    .behind = ": headers: Content-Security-Policy, X-Frame-Options, "
	              "X-Content-Type-Options, X-XSS-Protection, Strict-Transport-Security",
	    .text = "headers of every answer" },
	{ .term = "http_server_config",
	    .behind = ": http2",
	    .text = "true or false, and HTTP/1.1 in any case" },
	{ .term = "basic_auth_users",
	    .behind = ": NAME: HASH",
	    .text = "users, with the bcrypt hash of their password, of a cost from 4 to 15, as "
	            "htpasswd -nB prints it" },
	{ .term = "rate_limit",
	    .behind = ": interval, burst",
	    .text = "one request each interval, and so many at once; interval has a unit, as in "
	            "100ms, or is 0: any number" },

	{ .section = "SCHEDULE",
	    .text = "The first run of a target begins within an interval of the start, at a "
	            "moment that its name decides, so that ten thousand do not begin at once "
	            "and a restart changes nothing. From then on a run begins each interval. A "
	            "run takes no longer than its timeout, and a timeout no longer than the "
	            "interval, so that a target never runs twice at a time." },
	{ .text = "What is late is not made up for: times that passed before a worker was free, "
	          "or before the limits of a host let the run begin, are left out and counted "
	          "(mailprobe_skipped_runs_total). mailprobe_lateness_seconds tells how late "
	          "runs begin. Where a timeout is as long as its interval, a server that never "
	          "answers is asked each interval all the same: behind a run that took up to "
	          "its whole time, the next may begin late by a tenth of the interval, a second "
	          "at most." },
	{ .text = "Each probe under way has a thread. As many can be as schedule and limits add "
	          "up to: timeout divided by interval for each target, which is when all "
	          "servers are silent, limits.probes, and 5 for the rest; 30,000 at most. That "
	          "sum is mailprobe_workers_limit. While servers answer, a few of them are "
	          "there." },

	{ .section = "SIGNALS" },
	{ .term = "SIGHUP",
	    .text = "Reads both configuration files anew. If either has an error, all goes on "
	            "as it was, the log has each error, and "
	            "mailprobe_config_last_reload_successful is 0. What a reload keeps is in "
	            "mailprobe.yml(5). It changes neither where it listens nor whether there is "
	            "TLS." },
	{ .term = "SIGTERM",
	    .behind = ", SIGINT",
	    .text = "Ends within a second: nothing new begins, requests that wait are answered "
	            "with 503, and probes under way have 0.7 seconds to come to their end." },

	{ .section = "SERVICE",
	    .text = "Under systemd, with the units of this package or with others:" },
	{ .term = "Type=notify",
	    .text = "READY=1 comes when configuration and listeners stand; RELOADING=1 and "
	            "READY=1 around a reload by SIGHUP, with its outcome as STATUS=; STOPPING=1 "
	            "at the end." },
	{ .term = "WatchdogSec=",
	    .text = "WATCHDOG=1 comes twice in that time, as long as the schedule hands out "
	            "runs. A probe that waits for its server holds up nothing." },
	{ .term = "ListenStream=",
	    .text = "Sockets that systemd has opened are served, up to 32 of them, instead of "
	            "--web.listen-address: a restart refuses no scrape, and ports below 1024 "
	            "want no privilege." },
	{ .term = "LoadCredential=",
	    .text = "Files that either configuration names without a slash are looked for in "
	            "$CREDENTIALS_DIRECTORY first. systemd puts copies there at start: one that "
	            "has changed wants a restart." },

	{ .section = "METRICS",
	    .text = "docs/metrics.md lists all, with what they mean and queries that use them. "
	            "/metrics explains each in a comment. The probe_* metrics are "
	            "blackbox_exporter's, by name and meaning, so that its alerts and "
	            "dashboards go on working; contrib/prometheus has alerts of our own." },

	{ .section = "LOG",
	    .text = "One line an event on standard error: ts, level, msg, and what belongs to "
	            "the event. What servers said is escaped, and secrets are masked. The level "
	            "info has the start, each configuration that was loaded, and each change of "
	            "a target's state, with its phase, cause and reply; warn has what the "
	            "machine is short of; error has each error in a configuration, and why it "
	            "cannot start." },

	{ .section = "EXIT STATUS" },
	{ .term = "0",
	    .text = "It was ended by SIGTERM or SIGINT; --config.check found nothing wrong; "
	            "--help, --version." },
	{ .term = "1",
	    .text = "Wrong options, a configuration with an error, an address that cannot be "
	            "listened on. Standard error says which." },

	{ .section = "ENVIRONMENT" },
	{ .term = "CREDENTIALS_DIRECTORY", .text = "see LoadCredential= above" },
	{ .term = "NOTIFY_SOCKET",
	    .behind = ", WATCHDOG_USEC, WATCHDOG_PID, LISTEN_FDS, LISTEN_PID",
	    .text = "what systemd says of notifications, watchdog and sockets, see sd_notify(3) "
	            "and sd_listen_fds(3)" },

	{ .section = "FILES" },
	{ .term = "/etc/mailprobe/mailprobe.yml",
	    .text = "the configuration that the unit names; contrib/mailprobe.yml is one to "
	            "begin with" },
	{ .term = "/etc/default/mailprobe-exporter", .text = "ARGS=, more options for the unit" },
	{ .term = "mailprobe-exporter.service",
	    .behind = ", mailprobe-exporter.socket",
	    .text = "the units; the second is optional" },

	{ .section = "EXAMPLES", .text = "Is the configuration right? Nothing is probed." },
	{ .command = "--config.file=/etc/mailprobe/mailprobe.yml --config.check" },
	{ .text = "For Prometheus on another machine, behind TLS and a password, and for this "
	          "machine." },
	{ .command = "--config.file=/etc/mailprobe/mailprobe.yml "
	             "--web.config.file=/etc/mailprobe/web.yml "
	             "--web.listen-address=192.0.2.7:10821 "
	             "--web.listen-address=127.0.0.1:10821" },
	{ .text = "Its web.yml:" },
	{ .code = "tls_server_config: {cert_file: web.pem, key_file: web.key}\n"
	          "basic_auth_users:\n"
	          "  prometheus: $2y$10$...\n" },
	{ .text = "What does a probe of the module submission say, and what was spoken?" },
	{ .code = "curl -G http://127.0.0.1:10821/probe -d target=mail.example.org \\\n"
	          "    -d module=submission -d debug=true\n" },
	{ .text = "For Prometheus: the targets of the schedule, and targets that it knows "
	          "itself." },
	{ .code = "scrape_configs:\n"
	          "  - job_name: mailprobe\n"
	          "    static_configs:\n"
	          "      - targets: [\"127.0.0.1:10821\"]\n"
	          "  - job_name: mailprobe-banner\n"
	          "    metrics_path: /probe\n"
	          "    params: {module: [banner]}\n"
	          "    static_configs:\n"
	          "      - targets: [\"mx1.example.org\", \"mx2.example.org\"]\n"
	          "    relabel_configs:\n"
	          "      - source_labels: [__address__]\n"
	          "        target_label: __param_target\n"
	          "      - source_labels: [__param_target]\n"
	          "        target_label: instance\n"
	          "      - target_label: __address__\n"
	          "        replacement: \"127.0.0.1:10821\"\n" },

	{ .section = "SEE ALSO",
	    .text = "mailprobe.yml(5), check_mail_smtp(8), check_mail_imap(8), "
	            "check_mail_pop3(8), systemd.service(5), systemd.socket(5), "
	            "systemd.exec(5), sd_notify(3)" },
	{ .last = true },
};
