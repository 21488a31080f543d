/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mailprobe.yml(5) in prose. Its numbers and the keys of modules are made: see
 * generate_configuration.c.
 */
#include "pages.h"

const struct block configuration_blocks[] = {
	{ .section = "DESCRIPTION",
	    .text =
	        "What mailprobe-exporter(8) probes, and how: a file in YAML. Modules say how to "
	        "probe, with the options of check_mail_smtp(8), check_mail_imap(8), "
	        "check_mail_pop3(8) and check_mail_roundtrip(8) as keys; targets say what the "
	        "schedule probes, by which module and how often." },
	{ .yaml = "modules:\n"
	          "  submission:\n"
	          "    probe: smtp\n"
	          "    port: 587\n"
	          "    auth: {user: probe@example.org, password_file: probe.pass}\n"
	          "    thresholds: {time: {warning: 2, critical: 10}}\n"
	          "    allowed_targets: [\"*.example.org\"]\n"
	          "targets:\n"
	          "  - {name: mail, target: mail.example.org, module: submission}\n" },
	{ .text = "The file is read whole and checked whole. A key that is not known or stands "
	          "twice, a value of the wrong kind or out of its range, a combination that "
	          "cannot be meant, a file that cannot be read is an error, told with file, "
	          "line and key, and a configuration with an error is refused. "
	          "mailprobe-exporter --config.check shows all errors and probes nothing. Every "
	          "key may be missing, but for the few that are called required; in an empty "
	          "file there is nothing to probe." },

	{ .section = "VALUES" },
	{ .term = "DURATION",
	    .text = "a number with a unit: 500ms, 10s, 5m, 1h, 1d, 1w, 1y (365 days); or "
	            "several, the largest first, as in 1m30s; a number alone is seconds. 10 "
	            "years at most." },
	{ .term = "BOOL", .text = "true, yes or on; false, no or off" },
	{ .term = "FILE",
	    .text = "one without a slash is looked for in $CREDENTIALS_DIRECTORY first, see "
	            "SECRETS. Any other that does not begin with a slash is relative to the "
	            "folder of the file that it stands in." },
	{ .term = "LIST",
	    .text = "[A, B], or a line with - for each. Where a module's key may have several "
	            "values, one alone needs no brackets." },
	{ .text = "Text with a meaning of its own in YAML has to be in quotes: "
	          "\"*.example.org\", \"@10:20\", \"~:10\". Anchors and aliases (&name, *name) "
	          "can be used; the merge key << cannot." },

	{ .section = "THE FILE", .made = configuration_numbers },
	{ .term = "limits",
	    .behind = ": MAPPING",
	    .text = "what may be asked for at a time, see LIMITS" },
	{ .term = "metrics", .behind = ": {buckets: LIST}", .text = "see METRICS" },
	{ .term = "modules",
	    .behind = ": {NAME: MODULE}",
	    .text = "see MODULES. NAME is what targets and /probe?module=NAME call it." },
	{ .term = "targets", .behind = ": LIST", .text = "see TARGETS" },

	{ .section = "LIMITS", .made = configuration_limits },
	{ .text = "The first two are of /probe and of the page, the other two of a target host, "
	          "by the name that is asked for, whoever asks: the schedule keeps to them too. "
	          "A request over a limit is answered by 429 or 503, see mailprobe-exporter(8); "
	          "a run of the schedule waits." },

	{ .section = "METRICS", .made = configuration_buckets },

	{ .section = "MODULES",
	    .text = "A module is a mapping. Its keys are the options of the check under the "
	            "same names, with _ for -, and have the same meaning. Those about TLS are "
	            "in the mapping tls, those about the login in auth, and those that only one "
	            "kind of probe has in a mapping called after it. Where a text below speaks "
	            "of an option, as in --client-cert, its key is meant; what it calls "
	            "repeatable may be a LIST." },
	{ .term = "probe",
	    .behind = ": smtp|lmtp|imap|pop3|roundtrip",
	    .text = "what is spoken. Required. lmtp is smtp with the key lmtp. A roundtrip has "
	            "two servers, see there." },
	{ .term = "thresholds",
	    .behind = ": {NAME: {warning: RANGE, critical: RANGE}}",
	    .text = "see THRESHOLDS" },
	{ .term = "allowed_targets",
	    .behind = ": LIST",
	    .text = "names (mail.example.org, \"*.example.org\", \"*\"), addresses and networks "
	            "(192.0.2.0/24) that /probe may be asked for with this module; [] for none; "
	            "without it all. Required for a module with credentials: a user, a "
	            "password, a token or a client certificate. It means nothing for a "
	            "roundtrip, whose servers stand in the module; of a domain it is the name "
	            "of the domain, or each address of its servers. The rules are in "
	            "mailprobe-exporter(8), WHO MAY ASK WHAT." },
	{ .made = configuration_common },
	{ .heading = "tls", .made = configuration_tls },
	{ .heading = "auth", .made = configuration_auth },
	{ .made = configuration_probes },
	{ .heading = "submit, of a roundtrip",
	    .text = "A roundtrip has its two servers in the mappings submit and fetch: where "
	            "the message goes and where it must arrive. Each has a url, and mappings tls "
	            "and auth of its own with the keys that are listed above; the user is usually "
	            "in the url. Beside them in the module stand roundtrip, thresholds, timeout, "
	            "tempfail, unexpected and until; no port, tls or auth." },
	{ .made = configuration_submit },
	{ .heading = "fetch, of a roundtrip",
	    .text = "The keys of submit but fqdn and pipelining, of the server that has the "
	            "mailbox." },
	{ .made = configuration_fetch },
	{ .yaml = "modules:\n"
	          "  loop:\n"
	          "    probe: roundtrip\n"
	          "    timeout: 50s\n"
	          "    submit:\n"
	          "      url: submission://probe@example.org@mail.example.org\n"
	          "      auth: {password_file: probe.pass}\n"
	          "    fetch:\n"
	          "      url: imaps://probe@example.org@imap.example.org/INBOX\n"
	          "      auth: {password_file: probe.pass}\n"
	          "      tls: {min_version: \"1.2\"}\n"
	          "    roundtrip:\n"
	          "      key_file: probe.key\n"
	          "    thresholds:\n"
	          "      delay: {warning: 10, critical: 40}\n"
	          "targets:\n"
	          "  - {name: mail loop, module: loop}\n" },
	{ .text =
	        "A target of it has no target, nor has /probe?module=loop: nobody can have the "
	        "message or the passwords sent elsewhere. Whoever reaches /probe can have it sent, "
	        "though, as often as limits.host_rate allows. A state_file lets "
	        "mailprobe_roundtrip_sent_total and its like outlive a restart; it is for one "
	        "module alone. Its folder has to be writable: /var/lib/mailprobe is, in our unit "
	        "for systemd." },
	{ .heading = "senders and receivers, of a roundtrip",
	    .text = "In place of submit and fetch, for many ways that mail can take: each is a "
	            "mapping of names, and below a name stands what submit or fetch would have, "
	            "with from beside a sender's keys and rcpt beside a receiver's. The module "
	            "NAME is a module for each pair then, NAME:SENDER:RECEIVER, and a target of "
	            "it a target for each pair, named likewise behind its own name, with the "
	            "labels sender and receiver; /probe takes module=NAME:SENDER:RECEIVER." },
	{ .yaml = "modules:\n"
	          "  mesh:\n"
	          "    probe: roundtrip\n"
	          "    timeout: 50s\n"
	          "    senders:\n"
	          "      paris:\n"
	          "        url: submission://probe@example.org@paris.example.org\n"
	          "        auth: &password {password_file: probe.pass}\n"
	          "      lyon:\n"
	          "        url: smtp://lyon.example.org\n"
	          "        from: probe@example.org\n"
	          "    receivers:\n"
	          "      imap:\n"
	          "        url: imaps://in@example.org@imap.example.org\n"
	          "        auth: *password\n"
	          "      team:\n"
	          "        url: imaps://probe@imap.example.net\n"
	          "        rcpt: team@example.net\n"
	          "        auth: *password\n"
	          "    roundtrip: {key_file: probe.key}\n"
	          "targets:\n"
	          "  - {name: mail, module: mesh, interval: 5m}\n" },
	{ .text =
	        "The mailbox of a receiver by IMAP is opened once for all who send to it, by a "
	        "session that stays as long as anybody has waited in the last ten minutes, and "
	        "is logged in again from time to time. What it takes to open it is no part of a "
	        "run; where it cannot be opened each pair has the cause, and it is tried again "
	        "after a second, when somebody wants it. When it breaks, those who wait go on "
	        "waiting in the next one. By POP3 each pair has sessions of its own: a run that "
	        "finds another in the maildrop when it begins ends with tempfail, where the server "
	        "lets only one in." },
	{ .text = "A state_file is one for each pair: its name has .SENDER.RECEIVER behind it. "
	          "Bounces are not looked for, as they go to the sender's mailbox, which may be "
	          "another: what was refused behind the first server is not_delivered. With a "
	          "key_file what has come too late is removed by a later run of the same pair, "
	          "and without a state_file of any pair." },
	{ .heading = "Steps",
	    .text = "Some keys of imap and pop3 are steps: they are done in the order in which "
	            "they stand in the mapping. A step that takes no value is given as true; a "
	            "LIST is the step once for each item." },
	{ .yaml = "modules:\n"
	          "  folders:\n"
	          "    probe: imap\n"
	          "    auth: {user: probe@example.org, password_file: probe.pass}\n"
	          "    allowed_targets: []\n"
	          "    imap:\n"
	          "      status: [INBOX, Archive]\n"
	          "      examine: Queue\n"
	          "      sizes: true\n" },
	{ .text = "Where one is done again with others between, the list steps has them all; "
	          "each item is the name of a step, or its name with a value." },
	{ .yaml = "modules:\n"
	          "  queues:\n"
	          "    probe: imap\n"
	          "    auth: {user: probe@example.org, password_file: probe.pass}\n"
	          "    allowed_targets: []\n"
	          "    imap:\n"
	          "      steps: [{examine: Queue}, sizes, {examine: Hold}, sizes]\n" },

	{ .section = "THRESHOLDS",
	    .text = "NAME is time, the total without the goodbye; a phase; or a value that the "
	            "probe counts, also of one mailbox, as in \"messages[Queue]\": the manual "
	            "pages of the checks have the names in PHASES and VALUES. RANGE says what "
	            "is good, in seconds for times." },
	{ .made = ranges },

	{ .section = "SECRETS",
	    .text =
	        "No password stands in the file; a key password is refused. The password is "
	        "the first line of the file that password_file names, or in the environment "
	        "variable that password_env names; token_file has an OAuth 2.0 access "
	        "token; oauth_client_secret_file and oauth_refresh_token_file have what one "
	        "is got with from oauth_endpoint. The configuration may be read by everybody "
	        "then, and the secrets by the exporter alone." },
	{ .text = "Under systemd a line LoadCredential=probe.pass:/etc/mailprobe/probe.pass in "
	          "the unit gives a file of root's to the exporter, who finds it as "
	          "password_file: probe.pass." },
	{ .text = "All files that modules name, secrets, certificates, CAs and texts, are read "
	          "when the configuration is, and again at each reload, also where the "
	          "configuration itself has not changed. But the copies in "
	          "$CREDENTIALS_DIRECTORY are made when the service starts: to change one, "
	          "restart it." },

	{ .section = "TARGETS", .text = "Each is a mapping." },
	{ .term = "name",
	    .behind = ": TEXT",
	    .text = "what its metrics and its page call it. Two targets cannot have the same. "
	            "(Default: what target says, and without one the module's name.)" },
	{ .term = "target",
	    .behind = ": HOST[:PORT]",
	    .text = "the server: a name or an address, IPv6 in brackets where a port follows. "
	            "Without PORT the module's is taken. With it, and where the module does not "
	            "say when TLS begins, the port decides: from the start on 465, 993 and 995. "
	            "Required, but for a module of the kind roundtrip, where it is left out." },
	{ .term = "module", .behind = ": NAME", .text = "how to probe it. Required." },
	{ .term = "interval",
	    .behind = ": DURATION",
	    .text = "the time from one run to the next, from 1s and not shorter than the "
	            "module's timeout (default 60s)" },
	{ .term = "labels",
	    .behind = ": {NAME: TEXT}",
	    .text = "labels of its metrics beside target and module. Names are of letters, "
	            "digits and _, without a digit in front or __." },
	{ .made = configuration_labels },

	{ .section = "RELOADING",
	    .text = "SIGHUP and POST /-/reload read the file anew. If it has an error, all goes "
	            "on as it was. Else runs under way end as they began, and all that begin "
	            "are of the new configuration." },
	{ .text = "A target keeps its counters, its history and its last failures if its name, "
	          "target and module are the same, and what stands in the module, history and "
	          "metrics.buckets too; comments and layout do not count, nor does the content "
	          "of files. If its interval is the same as well, it keeps its place in time. "
	          "Other labels change its metrics from then on and nothing else. Any other "
	          "target begins anew, its counters at 0, and what is not in the file any more "
	          "is gone." },
	{ .text = "How many connections are served at a time, limits.probes and limits.queue "
	          "and 256 more, is settled at the start." },

	{ .section = "EXAMPLES",
	    .text = "contrib/mailprobe.yml has every section, with comments. Here is a server "
	            "for incoming mail that greets, offers STARTTLS, and has a certificate for "
	            "two more weeks; anybody may ask for it." },
	{ .yaml = "modules:\n"
	          "  mx:\n"
	          "    probe: smtp\n"
	          "    tls: {mode: starttls, certificate: \"14,7\"}\n"
	          "targets:\n"
	          "  - {name: mx1, target: mx1.example.org, module: mx, interval: 1m}\n"
	          "  - {name: mx2, target: mx2.example.org, module: mx, interval: 1m,\n"
	          "     labels: {site: paris}}\n" },
	{ .text = "A message, from login to acceptance, every five minutes; a login that takes "
	          "longer than two seconds is a WARNING, and a timeout as well." },
	{ .yaml = "modules:\n"
	          "  send:\n"
	          "    probe: smtp\n"
	          "    port: 465\n"
	          "    timeout: 20s:warning\n"
	          "    auth: {user: probe@example.org, password_file: probe.pass}\n"
	          "    smtp: {rcpt: sink@example.org, send: true, subject: probe}\n"
	          "    thresholds: {auth: {warning: 2}}\n"
	          "    allowed_targets: []\n"
	          "targets:\n"
	          "  - {target: mail.example.org, module: send, interval: 5m}\n" },
	{ .text = "Is the newest message in a POP3 maildrop whole, and is it less than 50 MB in "
	          "all? Whoever may ask may do so for these machines." },
	{ .yaml = "modules:\n"
	          "  pop3s:\n"
	          "    probe: pop3\n"
	          "    port: 995\n"
	          "    auth: {user: probe@example.org, password_file: probe.pass}\n"
	          "    pop3: {stat: true, retr: last}\n"
	          "    thresholds: {size_bytes: {warning: 50000000}}\n"
	          "    allowed_targets: [192.0.2.0/24, \"2001:db8::/32\"]\n" },

	{ .text = "Mail to another provider and back, which may take an hour: a message every ten "
	          "minutes, and each run judges those before it." },
	{ .yaml = "modules:\n"
	          "  far:\n"
	          "    probe: roundtrip\n"
	          "    submit:\n"
	          "      url: submissions://probe@example.org@mail.example.org\n"
	          "      auth: {password_file: probe.pass}\n"
	          "    fetch:\n"
	          "      url: pop3s://probe@example.org@pop.example.org\n"
	          "      auth: {password_file: probe.pass}\n"
	          "    roundtrip:\n"
	          "      rcpt: loop@example.net\n"
	          "      key_file: probe.key\n"
	          "      state_file: /var/lib/mailprobe/far.db\n"
	          "      deferred: true\n"
	          "      lost_after: 3600\n"
	          "    thresholds: {delay: {warning: 900}, in_flight: {warning: 10}}\n"
	          "targets:\n"
	          "  - {name: far and back, module: far, interval: 10m}\n" },

	{ .section = "SEE ALSO",
	    .text = "mailprobe-exporter(8), check_mail_smtp(8), check_mail_imap(8), "
	            "check_mail_pop3(8), check_mail_roundtrip(8), systemd.exec(5)" },
	{ .last = true },
};
