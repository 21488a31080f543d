# SPDX-License-Identifier: BSD-2-Clause
"""limits: what waits, what is sent away, and what the counters say of it."""

import threading
import time

from harness import Options, case, smtp_talk, total, value, wait_for


class Asking:
    """A request on a thread of its own."""

    def __init__(self, exporter, target, module, headers=None, path=None):
        self.answer = self.error = None
        self.thread = threading.Thread(target=self._ask, args=(exporter, target, module, headers), daemon=True)
        self.thread.start()

    def _ask(self, exporter, target, module, headers):
        try:
            self.answer = exporter.probe(target, module, headers)
        except Exception as error:
            self.error = error

    def wait(self, seconds=20):
        self.thread.join(seconds * Options.factor)
        return self.answer


def config(**limits):
    return {"limits": limits, "modules": {"short": {"probe": "smtp", "timeout": "1s"},
                                          "long": {"probe": "smtp", "timeout": "20s"}}}


def refused(exporter):
    found = exporter.metrics()
    return {r: value(found, "mailprobe_on_demand_refused_total", reason=r)
            for r in ("queue_full", "host_concurrency", "host_rate", "forbidden")}


@case
def queue(t):
    """Two run, three wait, the sixth is sent away; what waits gets its turn when a place is free."""
    silent = t.server(b"220 here\r\n")
    e = t.exporter(config(probes=2, queue=3, host_concurrency=0, host_rate=0))
    target = f"127.0.0.1:{silent.port}"
    t.equal("all reasons are there from the start", refused(e), dict.fromkeys(refused(e), 0))
    running = [Asking(e, target, "long") for _ in range(2)]
    wait_for(lambda: silent.count == 2)
    waiting = [Asking(e, target, "long") for _ in range(3)]
    wait_for(lambda: value(e.metrics(), "mailprobe_queue_length") == 3)
    status = e.status()
    t.check("queue and workers are told", status["queue"] == {"length": 3, "limit": 3}
            and status["workers"]["busy"] >= 2
            and value(e.metrics(), "mailprobe_queue_limit") == 3, status["queue"])
    answer = e.probe(target, "long")
    t.check("503 beyond the queue, with Retry-After", answer.status == 503 and int(answer.header("Retry-After")) >= 1
            and answer.seconds < 1, answer)
    answer = e.api_probe(target, "long")
    t.check("503 by the API", answer.status == 503 and int(answer.header("Retry-After")) >= 1 and answer.json["error"],
            answer)
    t.equal("only two run", silent.count, 2)
    t.check("other pages answer meanwhile", e.get("/-/healthy").status == 200 and e.get("/").status == 200)
    t.equal("refusals are counted", refused(e)["queue_full"], 2)
    silent.release()
    wait_for(lambda: silent.count == 4, what="two more that run")
    t.equal("the two that ran are answered", [a.wait().status for a in running], [200, 200])
    t.equal("one waits", value(e.metrics(), "mailprobe_queue_length"), 1)
    silent.release()
    wait_for(lambda: silent.count == 5, what="the last")
    silent.release()
    t.equal("those that waited are answered", [a.wait().status for a in waiting], [200] * 3)
    t.equal("no more is refused", refused(e)["queue_full"], 2)


@case
def more_places(t):
    """A reload that lets more run at a time lets those begin that wait already."""
    silent = t.server(b"220 here\r\n")
    one = config(probes=1, queue=5, host_concurrency=0, host_rate=0)
    e = t.exporter(one)
    asking = [Asking(e, f"127.0.0.1:{silent.port}", "long") for _ in range(4)]
    wait_for(lambda: value(e.metrics(), "mailprobe_queue_length") == 3)
    e.reload(config(probes=3, queue=5, host_concurrency=0, host_rate=0))
    wait_for(lambda: silent.count == 3, 5, "three that run")
    t.equal("one still waits", value(e.metrics(), "mailprobe_queue_length"), 1)
    e.reload(one)
    for n in 3, 4:
        wait_for(lambda: silent.count == n, what="the next")
        silent.release()
    t.equal("all are answered", [a.wait().status for a in asking], [200] * 4)


@case
def waiting_counts(t):
    """The clock of a scrape runs while it waits."""
    silent = t.server()
    e = t.exporter(config(probes=1, queue=5, host_concurrency=0, host_rate=0))
    target = f"127.0.0.1:{silent.port}"
    first = Asking(e, target, "long", {"X-Prometheus-Scrape-Timeout-Seconds": "2"})
    wait_for(lambda: silent.count == 1)
    second = Asking(e, target, "long", {"X-Prometheus-Scrape-Timeout-Seconds": "3.5"})
    wait_for(lambda: value(e.metrics(), "mailprobe_queue_length") == 1)
    third = Asking(e, target, "long", {"X-Prometheus-Scrape-Timeout-Seconds": "1.5"})
    t.check("the first has its 1.5 s", 1.4 < first.wait().seconds < 1.9 * Options.factor, first.answer)
    t.check("the second what is left of 3 s", 2.7 < second.wait().seconds < 3.4 * Options.factor
            and second.answer.status == 200, second.answer)
    t.check("the third is told that there was no time", third.wait().status == 503, third.answer)
    t.check("and before its scrape is over", third.answer.seconds < 1.5 * Options.factor, third.answer)


@case
def no_probes_at_all(t):
    """limits: {probes: 0} must not let requests wait for ever."""
    box = t.server(talk=smtp_talk)
    e = t.exporter(config(probes=0, queue=5, host_concurrency=0, host_rate=0))
    asking = Asking(e, f"127.0.0.1:{box.port}", "short")
    t.check("it is answered", asking.wait(4), "no answer within 4 s")


@case
def host_limits(t):
    silent = t.server()
    e = t.exporter(config(host_concurrency=2, host_rate=0))
    target = f"127.0.0.1:{silent.port}"
    running = [Asking(e, target, "long") for _ in range(2)]
    wait_for(lambda: silent.count == 2)
    for name, other in ("the same target", target), ("another port", "127.0.0.1:1"), ("another module", target):
        answer = e.probe(other, "short" if "module" in name else "long")
        t.check(f"429 with Retry-After: {name}", answer.status == 429 and int(answer.header("Retry-After")) >= 1
                and "host_concurrency" in answer.text, answer)
    answer = e.api_probe(target, "short")
    t.check("429 by the API", answer.status == 429 and answer.json["error"] and int(answer.header("Retry-After")) >= 1,
            answer)
    t.equal("another host has its own", e.probe("127.0.0.2:1", "short").status, 200)
    silent.release()
    t.equal("those that ran are answered", [a.wait().status for a in running], [200] * 2)
    t.equal("then it is open again", e.probe("127.0.0.1:1", "short").status, 200)
    t.equal("refusals are counted", (refused(e)["host_concurrency"], refused(e)["host_rate"]), (4, 0))


@case
def host_names(t):
    """One host, however it is written."""
    silent = t.server()
    silent6 = t.server(address="::1", port=0)
    e = t.exporter({**config(host_concurrency=1, host_rate=0), "targets": [
        {"name": "six", "target": f"[::1]:{silent6.port}", "module": "long", "interval": "20s"}]})
    running = Asking(e, f"localhost.test:{silent.port}", "short")
    running.wait()
    running = Asking(e, f"LocalHost:{silent.port}", "long")
    wait_for(lambda: silent.count == 1 or running.answer)
    t.equal("letter case", e.probe("lOCALhOST:1", "short").status, 429)
    t.equal("a trailing dot", e.probe("localhost.:1", "short").status, 429)
    e.post("/api/v1/targets/six/run")
    wait_for(lambda: silent6.count == 1)
    t.equal("an address in brackets and scheduled", e.probe("[::1]:1", "short").status, 429)


@case
def host_rate(t):
    box = t.server(talk=smtp_talk)
    e = t.exporter(config(host_concurrency=0, host_rate=5))
    target = f"127.0.0.1:{box.port}"
    begun = time.monotonic()
    answers = [e.probe(target, "short") for _ in range(12)]
    took = time.monotonic() - begun
    good = sum(a.status == 200 for a in answers)
    late = [a for a in answers if a.status != 200]
    t.check("a second's worth at once, then no more than the rate", 5 <= good <= 6 + 5 * took, (good, took))
    t.check("429 with Retry-After and the reason", late and all(a.status == 429 and int(a.header("Retry-After")) >= 1
            and "host_rate" in a.text for a in late) if took < 1 else True, late[:2])
    t.equal("as many connections as answers", box.count, good)
    t.equal("refusals are counted", refused(e)["host_rate"], len(late))
    t.equal("another host has its own", e.probe(f"127.0.0.2:{box.port}", "short").status, 200)
    wait_for(lambda: e.probe(target, "short").status == 200, 3, "a token")
    t.check("and they come again", True)


@case
def limits_of_scheduled_targets(t):
    """Targets of one host wait for each other, and slots that pass meanwhile are counted."""
    silent = t.server()
    targets = [{"name": f"t{i}", "target": f"127.0.0.1:{silent.port}", "module": "short", "interval": "1s"}
               for i in range(4)]
    e = t.exporter({**config(host_concurrency=1, host_rate=0), "targets": targets})
    wait_for(lambda: total(e.metrics(), "mailprobe_skipped_runs_total") >= 16, 30)
    found = e.metrics()
    t.check("one at a time", len([p for p in silent.peers if p.fileno() >= 0]) >= 1
            and value(found, "mailprobe_workers_busy") <= 4,
            value(found, "mailprobe_workers_busy"))
    runs = [value(found, "mailprobe_runs_total", target=f"t{i}", state="critical") for i in range(4)]
    seconds = time.time() - value(found, "process_start_time_seconds")
    t.check("no more runs than fit one after the other", 1 <= sum(runs) <= seconds + 1, (runs, seconds))
    # First slots are spread over a second, the last are under way.
    skips = total(found, "mailprobe_skipped_runs_total")
    t.check("runs and skipped runs are the slots", 4 * (seconds - 1.5 * Options.factor) - 1 <= sum(runs) + skips
            <= 4 * (seconds + 1), (runs, skips, seconds))
    t.check("lateness is told", value(found, "mailprobe_lateness_seconds_count") >= sum(runs)
            and value(found, "mailprobe_lateness_seconds_sum") > 0.3, value(found, "mailprobe_lateness_seconds_sum"))
    wait_for(lambda: all(value(e.metrics(), "mailprobe_runs_total", target=f"t{i}", state="critical") >= 1
                         for i in range(4)), 20,
             "a run of each: none starves")
    t.check("none starves", True)
