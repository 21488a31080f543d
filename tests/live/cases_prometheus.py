# SPDX-License-Identifier: BSD-2-Clause
"""What Prometheus reads from our exporters, by its query API, and what blackbox_exporter says beside."""

import collections
import math
import os
import re
import ssl
import subprocess

from check import STATES, Mismatch, want
from material import Case, collect
from monitor import checked
from prometheus import BESIDE, DEADLINE, EVERY, INTERVAL, SHARED, TARGETS

METRICS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../common/metrics.def")
METRIC = re.compile(r'^METRIC\(\w+, "(\w+)", (\w+), (?:"(\w*)"|NULL), (\w+), "[^"]*", "(.*)"\)$', re.M)
BLACKBOX = ("probe_success", "probe_duration_seconds", "probe_dns_lookup_time_seconds", "probe_ip_protocol",
            "probe_ssl_earliest_cert_expiry", "probe_ssl_last_chain_expiry_timestamp_seconds",
            "probe_tls_version_info")
# What Prometheus adds to each scrape: up, and four that begin with scrape_.
ADDED = 5
# Targets of the jobs that ask our exporters.
OURS = 2 + len(TARGETS) + len(SHARED) + len(BESIDE)
CASES = []


def case(name):
    return collect(CASES, name)


def only(what, samples):
    """The one sample that there must be."""
    if len(samples) != 1:
        raise Mismatch(f"{what}: {len(samples)} samples for one: {samples}")
    return samples[0]


def label(samples, name):
    return sorted(labels.get(name, "") for labels, _ in samples)


# --- scraping ---

@case("promtool accepts scrape.yml and the rules with these addresses and times")
def accepted(watch):
    checked(watch.server, "/usr/bin/promtool", "check", "config", "/etc/prometheus/prometheus.yml")


@case("every target is up, relabelled as it should be")
def up(watch):
    server = watch.server
    server.awaited("targets that are up", "up == 1", lambda samples: len(samples) == OURS + len(BESIDE))
    active = server.api("targets", state="active")["activeTargets"]
    want("errors of scraping", [(one["scrapeUrl"], one["lastError"]) for one in active if one["lastError"]], [])
    want("instances of /metrics", label(server.query('up{job="mailprobe"}'), "instance"),
         sorted(server.address(name) for name in ("exporter-1", "exporter-2")))
    found = server.query('up{job="mailprobe-probe"}')
    want("instance, module and site of /probe",
         sorted((labels["instance"], labels["module"], labels["site"]) for labels, _ in found),
         sorted((server.instance(one.port), one.module, one.site) for one in TARGETS))
    want("labels that had to give way", server.query('{__name__=~".+", exported_instance!=""}')
         + server.query('{__name__=~".+", exported_job!=""}'), [])


def series(server, target):
    """Of both ways to a target, the labels that select it."""
    yield "scheduled", f'job="mailprobe", target="{target.name}", site="{target.site}"'
    yield "on demand", (f'job="mailprobe-probe", instance="{server.instance(target.port)}", '
                        f'module="{target.module}", site="{target.site}"')


def verdict(target):
    """The function of the case that holds both ways to a target against the check."""
    def run(watch):
        server = watch.server
        result = server.verdict(target).judged(*target.verdict)
        state, phase, cause = target.verdict
        for way, which in series(server, target):
            server.awaited(f"state of {target.name}, {way}", f"mailprobe_state{{{which}}}",
                           lambda samples: [value for _, value in samples] == [result.exit])
            server.awaited(f"probe_success of {target.name}, {way}", f"probe_success{{{which}}}",
                           lambda samples: [value for _, value in samples] == [float(result.exit < 2)])
            failures = server.query(f"mailprobe_failure_info{{{which}}}")
            want(f"where and why, {way}", [(labels.get("phase"), labels.get("cause"), value)
                 for labels, value in failures], [(phase, cause, 1)] if cause else [])
            version = result.fact("tls_version")
            want(f"TLS version, {way}", label(server.query(f"mailprobe_tls_info{{{which}}}"), "version"),
                 [version] if version else [])
            mechanism = result.fact("auth_mechanism")
            want(f"mechanism, {way}", label(server.query(f"mailprobe_auth_info{{{which}}}"), "mechanism"),
                 [mechanism] if mechanism else [])
            values = {labels["name"]: value for labels, value in server.query(f"mailprobe_value{{{which}}}")}
            # Phases are values to a threshold; here they are metrics of their own.
            phases = {"time", *(one["name"] for one in result.json["phases"])}
            want(f"names of values, {way}", set(values), set(result.json["values"]) - phases)
        server.awaited(
            f"runs of {target.name} as {STATES[result.exit]}",
            f'mailprobe_runs_total{{target="{target.name}", state="{state.lower()}"}} > 1', len)
        want("failures counted", server.query(
            f'mailprobe_failures_total{{target="{target.name}"}} > 1') != [], bool(cause))
    return run


for _target in TARGETS:
    CASES.append(Case(f"{_target.name}: the verdict of the check, scheduled and on demand", verdict(_target)))


@case("counters and histograms rise, rates and quantiles come of them")
def rates(watch):
    server = watch.server
    window = "[10s]"
    server.awaited("rate of runs", f'sum by (target) (rate(mailprobe_runs_total{window}))',
                   lambda samples: label(samples, "target") == sorted(one.name for one in TARGETS)
                   and all(0.5 < value * EVERY < 1.5 for _, value in samples))
    submission = next(one for one in TARGETS if one.name == "submission")
    # The check has no dns: it was given an address.
    phases = sorted(["dns", *server.verdict(submission).seconds()])
    which = 'target="submission"'
    found = server.awaited(
        "quantiles of phases", f"histogram_quantile(0.9, rate(mailprobe_phase_duration_seconds_bucket"
        f"{{{which}}}{window}))", lambda samples: label(samples, "phase") == phases
        and not any(math.isnan(value) for _, value in samples))
    want("quantiles out of bounds", [one for one in found if not 0 < one[1] < INTERVAL], [])
    found = server.query(f"rate(mailprobe_phase_duration_seconds_sum{{{which}}}{window}) / "
                         f"rate(mailprobe_phase_duration_seconds_count{{{which}}}{window})")
    want("phases with a mean", label(found, "phase"), phases)
    want("means out of bounds", [one for one in found if not 0 <= one[1] < INTERVAL], [])
    server.awaited("lateness", f"histogram_quantile(0.5, rate(mailprobe_lateness_seconds_bucket{window}))",
                   lambda samples: any(0 < value < INTERVAL for _, value in samples))
    want("runs left out", [one for one in server.query("mailprobe_skipped_runs_total") if one[1]], [])


@case("types, units and help of all metrics, as OpenMetrics")
def metadata(watch):
    """Prometheus keeps a unit of OpenMetrics only, and there a counter is named without its _total."""
    server = watch.server
    with open(METRICS, encoding="utf-8") as file:
        table = METRIC.findall(file.read())
    want("rows of the table that were understood", len(table) > 30, True)
    # Of process_* nothing is missed: in this root there is no /proc to tell of it. No round trip is asked for.
    unasked = {"mailprobe": ("process_",), "mailprobe-probe": ("mailprobe_roundtrip_", "mailprobe_hop_")}
    for job, scopes in ("mailprobe", ("RUN", "TARGET", "EXPORTER")), ("mailprobe-probe", ("RUN", "ONCE")):
        wanted = {re.sub("_total$", "", name) if kind == "COUNTER" else name: (kind.lower(), unit, text)
                  for name, kind, unit, scope, text in table if scope in scopes}
        found = {}
        for one in server.api("targets/metadata", match_target=f'{{job="{job}"}}'):
            told = one["type"], one["unit"], one["help"]
            want(f"{one['metric']}, as other targets have it", found.setdefault(one["metric"], told), told)
        missing = {name for name in set(wanted) - set(found) if not name.startswith(unasked[job])}
        want(f"metrics of {job} that Prometheus has not heard of", missing, set())
        want(f"types, units and help of {job}", found, {name: wanted.get(name) for name in found})
    targets = server.api("targets/metadata", metric="mailprobe_state")
    want("targets that tell of mailprobe_state", len(targets), OURS)


def complete(samples):
    """Whether of each target there are as many series as it gave, in the one query that yields both."""
    series_of, scraped = collections.Counter(), {}
    for labels, value in samples:
        own = "module" if labels["job"].startswith("mailprobe-") else ""
        target = labels["job"], labels["instance"], labels.get(own)
        series_of[target] += 1
        if labels["__name__"] == "scrape_samples_scraped":
            scraped[target] = value
    return len(scraped) == OURS and scraped == {target: number - ADDED for target, number in series_of.items()}


@case("no sample is lost, none comes twice")
def lossless(watch):
    server = watch.server
    server.awaited("as many series as were scraped",
                   '{job=~"mailprobe.*|beside", __name__!~"ALERTS.*|mailprobe:.*"}', complete)
    text = server.fetch("prometheus", "/metrics")
    for name in ("target_scrapes_sample_duplicate_timestamp", "target_scrapes_sample_out_of_order",
                 "target_scrapes_sample_out_of_bounds", "target_scrapes_exceeded_sample_limit"):
        want(name, re.findall(rf"^prometheus_{name}_total (\S+)$", text, re.M), ["0"])


@case("the scrape's deadline comes before the module's")
def deadline(watch):
    """Less half a second, so that there is an answer, and a scrape that succeeds."""
    server = watch.server
    which = f'instance="{server.instance("silent")}"'
    for job in "mailprobe-probe", "beside", "blackbox":
        these = f'job="{job}", {which}'
        server.awaited(f"end of the probe of {job}", f"probe_duration_seconds{{{these}}}",
                       lambda samples: len(samples) == 1 and abs(samples[0][1] - DEADLINE) < 0.2)
        want(f"up of {job}", only("up", server.query(f"up{{{these}}}"))[1], 1)
        length = only("length of the scrape", server.query(f"scrape_duration_seconds{{{these}}}"))[1]
        want(f"length of the scrape of {job}, {length} s, is below its timeout", length < INTERVAL, True)
    failure = only("failure", server.query(f'mailprobe_failure_info{{job="mailprobe-probe", {which}}}'))[0]
    want("phase and cause", (failure["phase"], failure["cause"]), ("banner", "timeout"))


@case("two exporters share the targets by hashmod")
def shared(watch):
    server = watch.server
    wanted = sorted(f"{name}:{server.ports['good']}" for name in SHARED)
    server.awaited("all that is shared", 'probe_success{job="mailprobe-shared"} == 1',
                   lambda samples: label(samples, "instance") == wanted)
    active = [one for one in server.api("targets", state="active")["activeTargets"]
              if one["labels"]["job"] == "mailprobe-shared"]
    want("targets, each once", sorted(one["labels"]["instance"] for one in active), wanted)
    owners = [re.fullmatch(r"http://(\S+)/probe\?module=banner&target=(\S+)%3A\d+", one["scrapeUrl"])
              for one in active]
    want("URLs that are something else", [one["scrapeUrl"] for one, owner in zip(active, owners) if not owner], [])
    share = {name: sum(owner[1] == server.address(name) for owner in owners)
             for name in ("exporter-1", "exporter-2")}
    want("sum of both shares", sum(share.values()), len(SHARED))
    want(f"each has some: {share}", all(share.values()), True)
    # The second is asked for nothing but its share.
    server.awaited(
        "rate of probes at the second, which has its share alone",
        f'rate(mailprobe_http_requests_total{{instance="{server.address("exporter-2")}", handler="/probe", '
        'code="200"}[10s])',
        lambda samples: len(samples) == 1 and abs(samples[0][1] * INTERVAL / share["exporter-2"] - 1) < 0.3)


# --- beside blackbox_exporter ---

def beside(name, healthy):
    def run(watch):
        server = watch.server
        which = f'instance="{server.instance(name)}"'
        told = {}
        for job in "beside", "blackbox":
            these = f'job="{job}", {which}'
            server.awaited(f"probe_success of {job}", f"probe_success{{{these}}}",
                           lambda samples: [value for _, value in samples] == [float(healthy)])
            want(f"up of {job}", only("up", server.query(f"up{{{these}}}"))[1], 1)
            told[job] = {}
            for labels, value in server.query(f'{{{these}, __name__=~"{"|".join(BLACKBOX)}"}}'):
                key = labels["__name__"], labels.get("version")
                want("series of one name and version", key in told[job], False)
                want("labels", set(labels) - {"__name__", "job", "instance", "version"}, set())
                told[job][key] = value
        ours, theirs = told["beside"], told["blackbox"]
        for one in ours, theirs:
            length, lookup = one.pop(("probe_duration_seconds", None)), one.pop(("probe_dns_lookup_time_seconds", None))
            want(f"time to look a name up: {lookup} of {length} s", 0 <= lookup < length, True)
            bounds = (DEADLINE - 0.2, DEADLINE + 0.2) if name == "silent" else (0, DEADLINE)
            want(f"length in seconds: {length}", bounds[0] < length < bounds[1], True)
        if name == "old":
            # blackbox_exporter ends with the handshake and does not say when the certificate ended: ours does.
            late = ours.pop(("probe_ssl_earliest_cert_expiry", None))
            want("end of what has ended", late < server.query("vector(time())")[0][1], True)
            want("TLS version, of ours alone", ours.pop(("probe_tls_version_info", "TLS 1.3"), None), 1)
        if name == "smtp":
            ends_of(server, ours)
        want("what both say", ours, theirs)
        want("of TLS", {key for key, _ in ours if "tls" in key or "ssl" in key},
             {"probe_ssl_earliest_cert_expiry", "probe_ssl_last_chain_expiry_timestamp_seconds",
              "probe_tls_version_info"} if healthy else set())
    return run


def ends_of(server, said):
    """A CA that ends before what it signed: one metric has what was sent, the other the trust anchor too."""
    want("end of what was sent", said["probe_ssl_earliest_cert_expiry", None], ends(server.watched[0].certificate))
    want("end of the chain that was verified", said["probe_ssl_last_chain_expiry_timestamp_seconds", None],
         ends(server.anchor))


def ends(file):
    """When a certificate ends, by openssl."""
    said = subprocess.run(["openssl", "x509", "-in", file, "-noout", "-enddate"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return float(ssl.cert_time_to_seconds(said.strip().partition("=")[2]))


for _name, _healthy in BESIDE.items():
    CASES.append(Case(f"beside blackbox_exporter at {_name}", beside(_name, _healthy)))


@case("beside blackbox_exporter: the types of what both have")
def types(watch):
    told = [{(one["metric"], one["type"]) for one in watch.server.api(
        "targets/metadata", match_target=f'{{job="{job}"}}') if one["metric"] in BLACKBOX}
            for job in ("beside", "blackbox")]
    want("types", *told)
    want("names", {name for name, _ in told[0]}, set(BLACKBOX))


# --- rules ---

@case("every rule can be evaluated")
def rules(watch):
    server = watch.server
    server.awaited("result of the group that is last", "mailprobe:phase_duration_seconds:p90_30m", len)
    shipped = [rule for group in server.api("rules")["groups"] for rule in group["rules"]]
    want("rules are there", len(shipped) > 20, True)
    want("rules with an error, or not yet evaluated", [(rule["name"], rule.get("lastError")) for rule in shipped
                                 if rule["health"] != "ok"], [])
    text = server.fetch("prometheus", "/metrics")
    failures = re.findall(r"^prometheus_rule_evaluation_failures_total\S* (\S+)$", text, re.M)
    want("failures of rules", set(failures), {"0"})


WHO = ("job", "instance", "target", "module")


def places(server, target):
    """A target as alerts name it, scheduled and on demand."""
    yield "mailprobe", server.address("exporter-1"), target.name, target.module
    yield "mailprobe-probe", server.instance(target.port), "", target.module


def alerting(server, state):
    """Who is in a state, as alerts name it."""
    for one in TARGETS:
        if one.verdict[0] == state:
            yield from places(server, one)
    if state == "CRITICAL":
        for name, healthy in BESIDE.items():
            if not healthy:
                yield "beside", server.instance(name), "", ""


@case("alerts become pending and fire for what is broken, and for nothing else")
def alerts(watch):
    server = watch.server

    def names(samples):
        return sorted(tuple(labels.get(name, "") for name in WHO) for labels, _ in samples)

    for name, state in ("MailServiceDown", "CRITICAL"), ("MailServiceWarning", "WARNING"):
        wanted = sorted(alerting(server, state))
        server.awaited(f"{name} fires", f'ALERTS{{alertname="{name}", alertstate="firing"}}',
                       lambda samples, wanted=wanted: names(samples) == wanted)
        pending = server.query(f'count_over_time(ALERTS{{alertname="{name}", alertstate="pending"}}[5m])')
        want(f"{name} was pending before", set(wanted) - set(names(pending)), set())
    server.awaited("end of a certificate", 'ALERTS{alertname="MailCertificateEndsSoon", alertstate="firing"}',
                   lambda samples: {labels["job"] for labels, _ in samples}
                   == {"mailprobe", "mailprobe-probe", "beside"})
    fired = server.query('ALERTS{alertstate="firing"}')
    want("alerts that fire", set(label(fired, "alertname")),
         {"MailServiceDown", "MailServiceWarning", "MailCertificateEndsSoon"})
    told = {tuple(one["labels"].get(name, "") for name in WHO): one["annotations"]
            for one in server.api("alerts")["alerts"] if one["labels"]["alertname"].startswith("MailService")}
    for one in TARGETS:
        for who in places(server, one):
            if one.verdict[0] != "OK":
                annotations = told[who]
                want(f"who, where and why: {annotations}",
                     annotations["summary"].startswith((who[2] or who[1]) + " ")
                     and annotations["description"].startswith("{1}: {2}. ".format(*one.verdict)), True)


# --- in the end ---

@case("the servers are as they were before all of this")
def harmless(watch):
    server = watch.server
    postfix, mailbox = server.watched
    want("mail that was not there before", server.leftovers(), [])
    server.account.unchanged(mailbox.account())
    visits = [line for line in postfix.log(server.mark_before).splitlines() if "postfix/submission" in line]
    want("sessions of submission were seen", len(visits) > len(TARGETS), True)
    want("complaints about submission", [line for line in visits if postfix.complaint.search(line)], [])
