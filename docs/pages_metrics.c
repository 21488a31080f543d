/* SPDX-License-Identifier: BSD-2-Clause */
/* docs/metrics.md in prose. */
#include "pages.h"

const struct block metrics_blocks[] = {
	{ .text = "`/metrics` has all targets of the schedule, and the exporter itself. "
	          "`/probe` has one run, made when it is asked for. What one run yields is the "
	          "same in both; on `/metrics` each series has the labels `target`, the "
	          "target's name, and `module`, and those that the configuration gives to the "
	          "target. On `/probe` Prometheus adds what it knows: `instance`." },
	{ .text = "Both are in OpenMetrics 1.0 or in the text format 0.0.4, as the client wants "
	          "it. What was not measured is absent: there is no `mailprobe_tls_info` where "
	          "there was no TLS." },
	{ .text = "[contrib/prometheus](../contrib/prometheus/README.md) has alerts that use "
	          "these metrics, and [scale.md](scale.md) says what they cost." },

	{ .section = "In the place of blackbox_exporter",
	    .text = "The metrics that begin with `probe_` have the names and the meaning that "
	            "they have there, so that its alerts and dashboards go on working. What to "
	            "know:" },
	{ .term = "**`probe_success`",
	    .text = " is 1 for OK and for WARNING.** A service that is slow, puts a recipient "
	            "off or has a certificate that ends next week is not down. "
	            "`mailprobe_state` tells the two apart, and `mailprobe_failure_info` says "
	            "why. UNKNOWN, which is a mistake in the configuration or on the prober's "
	            "machine, is 0, as CRITICAL is." },
	{ .term = "`probe_duration_seconds`",
	    .text = " ends before the goodbye, as all our times do: a slow QUIT is no slow "
	            "service." },
	{ .term = "`probe_tls_version_info`",
	    .text = " spells `TLS 1.3` as there; `mailprobe_tls_info` has OpenSSL's `TLSv1.3`." },
	{ .term = "`probe_ssl_earliest_cert_expiry`",
	    .text = " is the end of the certificate that ends first of those that the server "
	            "sent, whether anybody needs them or not;" },
	{ .term = "`probe_ssl_last_chain_expiry_timestamp_seconds`",
	    .text = " of those of the chain that was verified, with the trust anchor, which is "
	            "not sent: what `-D` (`tls.certificate`) counts, and from when on clients "
	            "refuse. There is none where the certificate did not verify, where "
	            "blackbox_exporter has one of the year 1." },

	{ .section = "Of a probe", .made = metrics_of_runs },
	{ .text =
	        "`phase` is a step of the conversation: `dns`, `connect`, `tls`, `banner`, `ehlo`, "
	        "`auth` and so on, with a number where it was done again (`ehlo_2`), and of a "
	        "round trip's servers with `submit_` or `fetch_` in front; phases follow each "
	        "other without gaps. `cause` is a word from a fixed list, which is why it can be a "
	        "label. Both are explained in the manual pages of the checks "
	        "([SMTP](man/check_mail_smtp.8), [IMAP](man/check_mail_imap.8), "
	        "[POP3](man/check_mail_pop3.8), [round trip](man/check_mail_roundtrip.8)). `phase` "
	        "is `total` where the whole was too slow, and empty for the causes `usage` and "
	        "`local`. `state` is `ok`, `warning`, `critical` or `unknown`." },

	{ .section = "A gauge here, a histogram there",
	    .text = "`mailprobe_phase_duration_seconds` is a gauge on `/probe`: the times of "
	            "the one run. On `/metrics` it is a histogram over all runs since the "
	            "start, so that runs between two scrapes are in it, and quantiles of any "
	            "time and of several targets can be computed. The buckets are "
	            "`metrics.buckets` of the configuration. Where both are scraped into one "
	            "Prometheus, the suffixes `_bucket`, `_sum` and `_count` tell them apart. "
	            "`probe_duration_seconds` is the last run's in both." },

	{ .section = "From the first scrape",
	    .text = "`rate()` and `increase()` do not see the first event of a counter that "
	            "appears with it. So counters of a target are there from the start, at 0: "
	            "`mailprobe_runs_total` for each state, a histogram for each phase that the "
	            "module's options lead to, and `mailprobe_failures_total` for each cause "
	            "that can be expected in each of those phases. What nobody expected is "
	            "added when it happens, and stays. They go back to 0 when the exporter "
	            "restarts, and when a reload changes what is asked of the target." },

	{ .section = "How many there are", .text = "A target has on `/metrics`" },
	{ .term = "for each phase",
	    .text = " as many series as there are buckets, and 3 more: 15 with the buckets of "
	            "the default. SMTP with STARTTLS and a login has 9 phases;" },
	{ .term = "for each phase and cause",
	    .text = " that can be expected one of `mailprobe_failures_total`;" },
	{ .term = "beside these",
	    .text = " some twenty, and one of `mailprobe_value` for each value that is counted." },
	{ .text = "That number does not grow with time: no label has a server's words in it, an "
	          "address, a message's name or a moment. But `hop` is a name that servers have "
	          "given themselves in the message's Received fields, 32 at most: a large provider "
	          "has many." },

	{ .section = "Of a round trip",
	    .text = "`mailprobe_roundtrip_delivery_seconds` is the delay of the message that the "
	            "last run has seen, and of several the longest. It is not there when none "
	            "came. The counters are those of the module's `state_file`: they go on where "
	            "they were when the exporter restarts, and are not there without one. At any "
	            "moment `sent` is `received` + `lost` + `in_flight`; what was lost and comes "
	            "after all stays lost, and is counted by `mailprobe_value{name=\"late\"}`. "
	            "`hop` is the server's own name for itself; the times between two are of whole "
	            "seconds. Where a metric is of one connection (`mailprobe_tcp_rtt_seconds`, "
	            "`mailprobe_tls_info`, `mailprobe_auth_info`), `side` says of which server: "
	            "`submit` or `fetch`." },

	{ .section = "Values",
	    .text = "`mailprobe_value` has what the probe counted, in the label `name`; only "
	            "what the module's options ask for is there. Of several mailboxes each has "
	            "its own: `messages[Queue]`." },
	{ .made = metrics_values },

	{ .section = "Of the exporter", .made = metrics_of_exporter },
	{ .made = metrics_handlers },
	{ .text = "`reason` is `queue_full`, `forbidden` (allowed_targets), `host_concurrency` "
	          "or `host_rate`." },

	{ .section = "Queries", .text = "What is down, and where and why?" },
	{ .code = "mailprobe_failure_info\n"
	          "  and on (instance, target, module) mailprobe_state == 2\n" },
	{ .text = "How much of the time was it up, in the last thirty days?" },
	{ .code = "sum by (target) (increase(mailprobe_runs_total{state=~\"ok|warning\"}[30d]))\n"
	          "  / sum by (target) (increase(mailprobe_runs_total[30d]))\n" },
	{ .text = "What failed most, in the last day?" },
	{ .code = "topk(10,\n"
	          "  sum by (target, phase, cause) (\n"
	          "    increase(mailprobe_failures_total[1d])) > 0)\n" },
	{ .text = "How long do nine of ten logins take at most?" },
	{ .code = "histogram_quantile(0.9,\n"
	          "  sum by (target, le) (\n"
	          "    rate(mailprobe_phase_duration_seconds_bucket{phase=\"auth\"}[30m])))\n" },
	{ .text = "Where does the time go, on average?" },
	{ .code = "rate(mailprobe_phase_duration_seconds_sum[30m])\n"
	          "  / rate(mailprobe_phase_duration_seconds_count[30m])\n" },
	{ .text = "Which certificates end within two weeks?" },
	{ .code = "(probe_ssl_last_chain_expiry_timestamp_seconds > 0) - time() < 14 * 86400\n"
	          "  or (probe_ssl_earliest_cert_expiry > 0\n"
	          "    unless probe_ssl_last_chain_expiry_timestamp_seconds > 0)\n"
	          "    - time() < 14 * 86400\n" },
	{ .text = "Is it the network that is slow?" },
	{ .code = "mailprobe_tcp_rtt_seconds > 0.1\n" },
	{ .text = "How long does mail take, nine times out of ten, in the last hour? And where "
	          "does it wait?" },
	{ .code = "quantile_over_time(0.9, mailprobe_roundtrip_delivery_seconds[1h])\n" },
	{ .code = "topk(3, avg_over_time(mailprobe_hop_delay_seconds[1h]))\n" },
	{ .text = "How much of the mail was lost, in the last week?" },
	{ .code = "increase(mailprobe_roundtrip_lost_total[7d])\n"
	          "  / increase(mailprobe_roundtrip_sent_total[7d])\n" },
	{ .text = "Does a queue folder fill up?" },
	{ .code = "delta(mailprobe_value{name=\"messages[Queue]\"}[1h]) > 100\n" },
	{ .text = "Does the exporter do what it should? Targets that have not run for three "
	          "intervals, and how near it is to its limit." },
	{ .code = "time() - mailprobe_last_run_timestamp_seconds\n"
	          "  > 3 * mailprobe_interval_seconds\n" },
	{ .code = "mailprobe_workers_busy / mailprobe_workers_limit\n" },
	{ .last = true },
};
