# SPDX-License-Identifier: BSD-2-Clause
"""The schedule, what it counts, and the API that shows it."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.parse

from harness import PASSWORD, USER, Options, case, samples, smtp_talk, total, value, wait_for

OPEN = {"host_concurrency": 0, "host_rate": 0}
STATES = ("ok", "warning", "critical", "unknown")


class Moody:
    """An SMTP server whose greeting is what `mood` says, and which knows when it was asked."""

    def __init__(self, t):
        self.mood, self.times = b"220 mx.test ESMTP", []
        self.server = t.server(talk=self.talk)
        self.port = self.server.port

    def talk(self, peer, lines):
        self.times.append(time.monotonic())
        peer.sendall(self.mood + b"\r\n")
        for line in lines:
            quit = line.upper().startswith(b"QUIT")
            peer.sendall(b"221 bye\r\n" if quit else b"250 mx.test\r\n")
            if quit:
                return


def config(*targets, **more):
    return {"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "1s", "tls": {"mode": "none"}},
                                        "choosy": {"probe": "smtp", "timeout": "1s", "tls": {"mode": "none"},
                                                   "expect": ["ESMTP"]}},
            "targets": list(targets), **more}


@case
def spread(t):
    """First runs are not all at once, an interval is kept, and a name decides where in it."""
    server = Moody(t)
    targets = [{"name": f"mx{i}", "target": f"127.0.0.1:{server.port}", "module": "plain", "interval": "2s"}
               for i in range(40)]
    e = t.exporter(config(*targets))
    due = {one["name"]: one["next_run"] for one in e.status()["targets"]}
    wait_for(lambda: len(server.times) >= 120, 15, "three runs of each")
    times = sorted(server.times)[:40]
    gaps = [b - a for a, b in zip(times, times[1:])]
    t.check("first runs are spread over the interval", 1.2 < times[-1] - times[0] < 2.2 * Options.factor
            and max(gaps) < 0.8 * Options.factor,
            (times[-1] - times[0], max(gaps)))
    runs = [run["time"] for run in e.target("mx0")["runs"]]
    t.check("each is one interval behind the last", len(runs) >= 2
            and all(abs(b - a - 2) < 0.2 * Options.factor for a, b in zip(runs, runs[1:])), runs)
    found = e.metrics()
    t.check("lateness is told and small", value(found, "mailprobe_lateness_seconds_count") >= 120
            and value(found, "mailprobe_lateness_seconds_sum") / value(found,
                    "mailprobe_lateness_seconds_count") < 0.1 * Options.factor,
            value(found, "mailprobe_lateness_seconds_sum"))
    t.equal("no slot was missed", total(found, "mailprobe_skipped_runs_total"), 0)
    again = t.exporter(config(*targets))
    later = {one["name"]: one["next_run"] for one in again.status()["targets"]}
    shifts = [((later[name] - due[name]) - (later["mx0"] - due["mx0"]) + 1) % 2 - 1 for name in due]
    # Some may have had a run since, and be due an interval later.
    t.check("after a restart each has the same place in the interval", max(map(abs, shifts)) < 0.005, shifts)


@case
def states(t):
    """Counters of a target through all states, what the log says of them, and the first scrape."""
    server = Moody(t)
    where = {"target": f"127.0.0.1:{server.port}", "module": "choosy", "interval": "1h"}
    e = t.exporter(config({"name": "mx", **where, "labels": {"site": "b"}}, {"name": "calm", **where}, history=4))
    first = e.metrics()
    for state in STATES:
        t.equal(f"there from the start: runs_total {state}", value(first, "mailprobe_runs_total", target="mx",
                state=state), 0)
    for phase in "connect", "banner", "ehlo", "quit":
        t.equal(f"there from the start: histogram of {phase}",
                value(first, "mailprobe_phase_duration_seconds_count", target="mx", phase=phase), 0)
    for phase, cause in ("connect", "connect_refused"), ("banner", "timeout"), ("banner", "rejected"), ("banner",
            "unexpected"), ("banner", "closed"):
        t.equal(f"there from the start: failures_total {phase} {cause}",
                value(first, "mailprobe_failures_total", target="mx", phase=phase, cause=cause), 0)
    for name in "mailprobe_skipped_runs_total", "mailprobe_last_run_timestamp_seconds", "mailprobe_interval_seconds":
        t.check(f"there from the start: {name}", value(first, name, target="mx") in (0, 3600))
    one = e.target("mx")
    t.equal("before the first run", [one[k] for k in ("state", "duration", "summary", "phase", "cause", "phases",
                                                      "cert_not_after", "history", "last", "runs",
                                                     "failures")], [None] * 5 + [[], None, "", None, [], []])
    turns = [(b"220 mx.test ESMTP", "OK", None, None)] * 2 + [
        (b"220 mx.test hello", "WARNING", "banner", "unexpected"), (b"554 go away", "CRITICAL", "banner", "rejected"),
        (b"554 go away", "CRITICAL", "banner", "rejected"), (b"garbage", "CRITICAL", "banner", "protocol"),
        (b"220 mx.test ESMTP", "OK", None, None)]
    for turn, (mood, state, phase, cause) in enumerate(turns, 1):
        server.mood = mood
        answer = e.post("/api/v1/targets/mx/run")
        t.equal(f"turn {turn}: 202", answer.status, 202)
        wait_for(lambda: total(e.metrics(), "mailprobe_runs_total", target="mx") == turn, what="the run")
        one, found = e.target("mx"), e.metrics()
        t.equal(f"turn {turn}: state, phase, cause", (one["state"], one["phase"], one["cause"]), (state, phase, cause))
        t.equal(f"turn {turn}: gauges", (value(found, "mailprobe_state", target="mx", site="b"),
                                         value(found, "probe_success", target="mx"),
                                         value(found, "mailprobe_failure_info", target="mx")),
                (["OK", "WARNING", "CRITICAL"].index(state), float(state != "CRITICAL"), 1 if phase else None))
        t.equal(f"turn {turn}: runs_total adds up", {s: value(found, "mailprobe_runs_total", target="mx", state=s)
                                                     for s in STATES},
                {s: sum(x[1].lower() == s for x in turns[:turn]) for s in STATES})
        t.equal(f"turn {turn}: failures_total adds up", (total(found, "mailprobe_failures_total", target="mx"),
                cause and value(found, "mailprobe_failures_total", target="mx", phase=phase, cause=cause)),
                (sum(bool(x[2]) for x in turns[:turn]), cause and sum(x[2:] == (phase, cause) for x in turns[:turn])))
        t.equal(f"turn {turn}: histograms count the runs", [value(found, "mailprobe_phase_duration_seconds_count",
                target="mx", phase=p)
                                                           for p in ("connect", "banner")], [turn, turn])
        t.equal(f"turn {turn}: history", one["history"], "".join(x[1][0] for x in turns[:turn])[-4:])
        t.check(f"turn {turn}: last is the run", one["last"]["state"] == state and one["last"]["cause"] == cause
                and "transcript" not in one["last"] and abs(one["last_run"] - time.time()) < 20 * Options.factor,
                one["last"])
    failures = one["failures"]
    t.check("failures are kept, the newest first, with transcripts", [f["result"]["cause"] for f in failures] ==
            ["protocol", "rejected", "rejected", "unexpected"] and all(f["result"]["transcript"] for f in failures),
            failures)
    t.equal("since when it is in its state", one["since"], one["last_run"])
    t.check("runs have what a diagram wants", len(one["runs"]) == 4
            and set(one["runs"][0]) == {"time", "state", "duration", "phase", "cause", "phases"}
            and one["runs"][-1]["phases"].keys() >= {"connect", "banner", "ehlo"}
            and one["runs"][0]["cause"] == "rejected", one["runs"])
    changes = [line for line in e.logged().splitlines() if "msg=state" in line]
    t.equal("the log tells changes and nothing else", [re.search(r"state=(\w+)", line)[1] for line in changes],
            ["WARNING", "CRITICAL", "OK"])
    t.check("with where and why", all("target=mx" in line for line in changes) and "cause=rejected" in changes[1]
            and "phase=banner" in changes[1], changes)
    t.check("another target is untouched", total(e.metrics(), "mailprobe_runs_total", target="calm") == 0)
    for _ in range(7):
        server.mood = b"554 no"
        before = total(e.metrics(), "mailprobe_runs_total", target="mx")
        e.post("/api/v1/targets/mx/run")
        wait_for(lambda: total(e.metrics(), "mailprobe_runs_total", target="mx") == before + 1)
    t.equal("five failures are kept", len(e.target("mx")["failures"]), 5)


@case
def thresholds_from_the_start(t):
    """A counter of what a threshold may find is there before it does."""
    box = t.sandbox("smtp:0,name=smtp")
    plain = {"probe": "smtp", "timeout": "5s", "tls": {"mode": "starttls", "ca_file": box.ca}}
    limits = {"value": {"cert_days": {"warning": "100000:"}}, "rtt": {"tcp_rtt": {"critical": "10"}},
              "time": {"time": {"warning": "10"}}, "none": {}}
    e = t.exporter({"limits": OPEN, "modules": {name: {**plain, **({"thresholds": these} if these else {})}
                                               for name, these in limits.items()},
                    "targets": [{"name": name, "target": f"localhost:{box['smtp']}", "module": name, "interval": "1h"}
                                for name in limits]})
    found = e.metrics()
    counted = {name: {dict(pairs)["phase"]: v for (metric, pairs), v in found.items() if metric ==
                      "mailprobe_failures_total" and {("target", name), ("cause", "threshold")} <= pairs}
               for name in limits}
    t.check("in the phase where it is learnt", counted["value"].get("tls") == 0 and counted["rtt"].get("connect") == 0,
            counted)
    t.check("not where there is no limit of a value", not counted["time"] and not counted["none"], counted)
    e.post("/api/v1/targets/value/run")
    wait_for(lambda: e.target("value")["state"] == "WARNING")
    t.equal("and it is that one that counts", value(e.metrics(), "mailprobe_failures_total", target="value",
                                                    phase="tls", cause="threshold"), 1)


@case
def timeout_as_long_as_interval(t):
    """A server that never answers is asked each interval all the same: a run ends a moment behind the next slot."""
    silent = t.server()
    e = t.exporter(config({"name": "mx", "target": f"127.0.0.1:{silent.port}", "module": "plain", "interval": "1s"}, {
        "name": "calm", "target": "127.0.0.1:1", "module": "plain", "interval": "1s"}))
    wait_for(lambda: total(e.metrics(), "mailprobe_runs_total", target="mx") >= 4, 15)
    found = e.metrics()
    if Options.factor == 1:
        t.equal("no slot is skipped", value(found, "mailprobe_skipped_runs_total", target="mx"), 0)
    seconds = time.time() - value(found, "process_start_time_seconds")
    got = total(found, "mailprobe_runs_total", target="mx") + value(found, "mailprobe_skipped_runs_total", target="mx")
    t.check("runs and skipped runs are the slots", seconds - 3 * Options.factor <= got <= seconds + 1, (got, seconds))
    t.check("others keep their time", total(found, "mailprobe_runs_total",
                                            target="calm") >= seconds - 2 * Options.factor, seconds)


@case
def skipped(t):
    """Slots that pass while nothing can begin are skipped and counted; none of them is made up for."""
    server = Moody(t)
    e = t.exporter(config({"name": "mx", "target": f"127.0.0.1:{server.port}", "module": "plain", "interval": "1s"}))
    wait_for(lambda: total(e.metrics(), "mailprobe_runs_total", target="mx") >= 2, 15)
    os.kill(e.pid, signal.SIGSTOP)
    time.sleep(3.4)     # the length of a standstill, not a wait
    os.kill(e.pid, signal.SIGCONT)
    runs = total(e.metrics(), "mailprobe_runs_total", target="mx")
    wait_for(lambda: total(e.metrics(), "mailprobe_runs_total", target="mx") >= runs + 2, 15)
    found = e.metrics()
    seconds = time.time() - value(found, "process_start_time_seconds")
    skips = value(found, "mailprobe_skipped_runs_total", target="mx")
    got = total(found, "mailprobe_runs_total", target="mx") + skips
    t.check("slots of a standstill were skipped", 2 <= skips <= 3 * Options.factor, skips)
    t.check("runs and skipped runs are the slots", seconds - 2 * Options.factor <= got <= seconds + 1, (got, seconds))


MEMBERS = {"name", "target", "module", "probe", "labels", "interval", "timeout", "state", "since", "last_run",
           "next_run", "duration", "summary",
           "phase", "cause", "phases", "cert_not_after", "history"}


@case
def status_api(t):
    box = t.sandbox("smtp:0,name=smtp", "imaps:0,name=imaps")
    e = t.exporter({"limits": OPEN, "history": 3, "modules": {
        "starttls": {"probe": "smtp", "tls": {"mode": "starttls", "ca_file": box.ca}, "timeout": "5s"},
        "imaps": {"probe": "imap", "tls": {"mode": "implicit", "ca_file": box.ca},
                  "auth": {"user": USER, "password_file": "pass"},
                  "allowed_targets": ["localhost"]}}, "targets": [
        {"name": "a/b c%?#\u00e4\"<", "target": f"localhost:{box['smtp']}", "module": "starttls", "interval": "1h",
         "labels": {"x": "<b>", "y": "\""}},
        {"target": f"localhost:{box['imaps']}", "module": "imaps", "interval": "90s"},
        {"name": "six", "target": "::1", "module": "starttls"},
        {"name": "a/run", "target": "127.0.0.1:1", "module": "starttls", "interval": "1h"}]}, files={"pass": PASSWORD})
    status = e.status()
    t.check("the whole has its members", {"version", "now", "started", "sequence", "complete", "reload", "workers",
                                          "queue", "modules", "targets"}
            <= set(status) and status["complete"] is True, status.keys())
    t.check("times are now", abs(status["now"] - time.time()) < 5 * Options.factor
            and 0 <= status["now"] - status["started"] < 60)
    t.equal("modules", status["modules"], [{"name": "imaps", "probe": "imap"}, {"name": "starttls", "probe": "smtp"}])
    t.check("workers", status["workers"].keys() == {"running", "busy", "limit"}
            and status["queue"] == {"length": 0, "limit": 256}, status["workers"])
    t.equal("targets have their members", [set(one) ^ MEMBERS for one in status["targets"]], [set()] * 4)
    t.equal("names", {one["name"] for one in status["targets"]}, {"a/b c%?#\u00e4\"<", f"localhost:{box['imaps']}",
            "six", "a/run"})
    odd = "a/b c%?#\u00e4\"<"
    one = e.target(odd)
    t.check("a name of many characters", one["name"] == odd and one["labels"] == {"x": "<b>", "y": "\""}, one)
    t.equal("an address is told with brackets and port", e.target("six")["target"], "[::1]:25")
    t.equal("a name that ends with /run", (e.target("a/run")["name"], e.post("/api/v1/targets/a%2Frun/run").status),
            ("a/run", 202))
    quoted = urllib.parse.quote(odd, safe="")
    wait_for(lambda: e.target("a/run")["state"] == "CRITICAL")
    wait_for(lambda: e.target("a/run")["next_run"] > time.time())
    sequence = e.status()["sequence"]
    news = e.status(sequence)
    t.equal("no news", (news["complete"], news["targets"]), (False, []))
    t.equal("run it", e.post(f"/api/v1/targets/{quoted}/run").status, 202)
    wait_for(lambda: e.target(odd)["state"])
    news = e.status(sequence)
    t.equal("news are what has changed", (news["complete"], [one["name"] for one in news["targets"]]), (False, [odd]))
    t.check("and have what it is now", news["targets"][0]["state"] == "OK"
            and news["targets"][0]["cert_not_after"] > time.time()
            and news["targets"][0]["summary"] and news["targets"][0]["next_run"] > time.time() + 3000, news["targets"])
    t.check("the sequence goes on", news["sequence"] > sequence and e.status(news["sequence"])["targets"] == [])
    for name, since in ("0", "0"), ("of the future", str(news["sequence"] + 1000)), ("words", "abc"), ("-1",
            "-1"), ("1e9", "1e9"), ("empty", ""), ("huge", "9" * 50):
        got = e.status(since)
        t.check(f"since={name}: all", got["complete"] and len(got["targets"]) == 4, got)
    one = e.target(odd)
    phases = [p["name"] for p in one["phases"]]
    t.check("phases of the last run", phases[:2] == ["dns", "connect"] and "tls" in phases
            and all(p["ok"] and p["duration"] >= 0 for p in one["phases"])
            and list(one["runs"][0]["phases"]) == phases, one["phases"])
    t.check("last is what -o json prints", one["last"].keys() >= {"probe", "target", "state", "code", "summary",
            "phases", "facts", "values", "reply"}
            and one["last"]["facts"]["tls_version"].startswith("TLSv1"), one["last"])
    answer = e.api_probe(f"localhost:{box['smtp']}", "starttls")
    t.check("one probe now, with transcript", answer.status == 200 and answer.json["state"] == "OK"
            and {line["from"] for line in answer.json["transcript"]} >= {"client", "server"}, answer)
    for path in "/api/v1/status", f"/api/v1/targets/{quoted}", "/api/v1/targets/nope", "/api/v1/probe", "/":
        answer = e.get(path)
        t.check(f"headers of {path}", "default-src 'none'" in answer.header("Content-Security-Policy")
                and answer.header("X-Content-Type-Options") == "nosniff"
                and answer.header("Referrer-Policy") == "no-referrer" and answer.header("Cache-Control"),
                answer.headers)
    for path, status in ("/api/v1/targets/", 404), ("/api/v1/targets/nope", 404), ("/api/v1/targets", 404), ("/api/v1/",
            404), ("/api/v2/status", 404):
        answer = e.get(path)
        t.check(f"{status}: {path}", answer.status == status and (not path.startswith("/api/v1/targets/")
                or list(answer.json) == ["error"]), answer)
    asset = e.get("/")
    again = e.get("/", {"If-None-Match": asset.header("ETag")})
    t.check("a page that is known is not sent again", asset.status == 200 and asset.header("ETag")
            and again.status == 304 and not again.raw, again)


@case
def news_of_the_next_run(t):
    """When the next run is due is on the page: what moves it is news, too."""
    silent = t.server()
    e = t.exporter({"limits": {"host_concurrency": 1, "host_rate": 0},
                    "modules": {"plain": {"probe": "smtp", "timeout": "20s", "tls": {"mode": "none"}}},
                    "targets": [{"name": name, "target": f"127.0.0.1:{silent.port}", "module": "plain",
                                 "interval": "1h"} for name in ("first", "second")]})
    e.post("/api/v1/targets/first/run")
    wait_for(lambda: silent.count == 1, what="a run that does not end")
    sequence, due = e.status()["sequence"], e.target("second")["next_run"]
    e.post("/api/v1/targets/second/run")
    wait_for(lambda: e.target("second")["next_run"] != due, what="its wait for the first")
    news = e.status(sequence)
    t.check("the target that waits is among the news", not news["complete"]
            and [one["name"] for one in news["targets"]] == ["second"]
            and news["targets"][0]["next_run"] < time.time() + 10, news)


HOSTILE = (b"220 <img src=x onerror=alert(1)> \xe2\x80\xae\"gpj.exe\" \\ {} # HELP",
           b"220 \xff\xfe\xc0\xaf\xed\xa0\x80 \x1b[31m\x07\x08|'`$(id)", b"220-a\r\n220 b\tc\x7f",
           b"554 \"} 1\\nprobe_success 1\\n\\", b"554 \xe2\x80\xa8\xe2\x80\xa9\xef\xbf\xbf\xf4\x90\x80\x80</script>",
           b"x\x00y", b"554 " + b"\xf0\x9f\x92\xa9" * 200, b"")


@case
def hostile_bytes(t):
    """Whatever a server says: JSON stays JSON, metrics stay metrics, a log line stays a line."""
    servers = []
    for text in HOSTILE:
        server = Moody(t)
        server.mood = text
        servers.append(server)
    e = t.exporter({"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "1s", "tls": {"mode": "none"}}},
                    "targets": [
        {"name": f"h{i}\"\\<", "target": f"127.0.0.1:{server.port}", "module": "plain", "interval": "1h",
         "labels": {"l": "a\"b\\c<"}}
        for i, server in enumerate(servers)]}, "--log.level=debug")
    for one in e.status()["targets"]:
        e.post(f"/api/v1/targets/{urllib.parse.quote(one['name'], safe='')}/run")
    wait_for(lambda: all(one["state"] for one in e.status()["targets"]), 10)
    for i, server in enumerate(servers):
        for accept in "text/plain", "application/openmetrics-text":
            for debug in "false", "true":
                answer = e.probe(f"127.0.0.1:{server.port}", "plain", {"Accept": accept}, debug=debug)
                found = samples(answer.text, "openmetrics" in answer.header("Content-Type"))
                t.check(f"/probe, greeting {i}, {accept}, debug={debug}", value(found, "mailprobe_state") in (0, 2)
                        and not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e\u2028]", answer.text), answer.text)
        result = e.api_probe(f"127.0.0.1:{server.port}", "plain")
        t.check(f"/api/v1/probe, greeting {i}", result.json["transcript"]
                and not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", result.body), result)
        one = e.get(f"/api/v1/targets/{urllib.parse.quote(e.status()['targets'][i]['name'], safe='')}")
        t.check(f"/api/v1/targets, greeting {i}", one.json["last"]
                and not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", one.body), one)
    t.equal("labels come through", value(e.metrics(), "mailprobe_targets"), len(HOSTILE))
    t.check("labels are what they were", value(e.metrics(), "mailprobe_interval_seconds", target="h0\"\\<",
                                               l="a\"b\\c<") == 3600)
    raw = b"".join(e.log)
    t.check("the log has no raw byte of theirs", b"\x1b" not in raw and b"\x00" not in raw
            and "\u202e".encode() not in raw and raw.decode(), raw[-2000:])
    for line in e.log:
        if not line.startswith(b"ts=20"):
            t.check("a log line begins like one", False, line)
    for accept in "text/plain", "application/openmetrics-text":
        text = e.get("/metrics", {"Accept": accept}).text
        samples(text, "open" in accept)
        if accept == "text/plain":
            done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            complaints = [line for line in done.stderr.splitlines() if "error" in line or "parse" in line]
            t.check("promtool reads /metrics", not complaints and done.returncode in (0, 3), done.stderr[:2000])


@case
def json_log(t):
    server = Moody(t)
    server.mood = HOSTILE[0].replace(b"220", b"554")
    e = t.exporter(config({"name": "a\"<", "target": f"127.0.0.1:{server.port}", "module": "plain", "interval": "1s"}),
                   "--log.format=json")
    wait_for(lambda: e.target("a\"<")["state"] == "CRITICAL")
    e.reload("x: 1")
    wait_for(lambda: "refused" in e.logged())
    lines = [json.loads(line) for line in e.log]
    t.check("each line is JSON with ts, level, msg", all({"ts", "level", "msg"} <= set(line) for line in lines), lines)
    t.check("the change of state is there", any(line["msg"] == "state" and line["target"] == "a\"<"
                                                and line["cause"] == "rejected" for line in lines), lines)
