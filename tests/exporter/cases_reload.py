# SPDX-License-Identifier: BSD-2-Clause
"""A new configuration under way: refused whole or taken whole, and nothing is lost that has not changed."""

import concurrent.futures
import contextlib
import pathlib
import signal
import time

from harness import PASSWORD, USER, Options, case, smtp_talk, total, value, wait_for

OPEN = {"host_concurrency": 0, "host_rate": 0}


def config(*targets, **more):
    return {"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "1s", "tls": {"mode": "none"}}},
            "targets": list(targets), **more}


def target(name, port, **more):
    return {"name": name, "target": f"127.0.0.1:{port}", "module": "plain", "interval": "1h", **more}


def runs(exporter, name):
    return total(exporter.metrics(), "mailprobe_runs_total", target=name)


def run_once(exporter, name):
    before = runs(exporter, name)
    exporter.post(f"/api/v1/targets/{name}/run")
    wait_for(lambda: runs(exporter, name) == before + 1, what="one more run")


@case
def refused_reload(t):
    box = t.server(talk=smtp_talk)
    good = config(target("a", box.port))
    e = t.exporter(good)
    run_once(e, "a")
    first = e.metrics()
    t.check("a first configuration is successful", value(first, "mailprobe_config_last_reload_successful") == 1
            and abs(value(first, "mailprobe_config_last_reload_success_timestamp_seconds") - time.time()) < 60)
    wrong = "histroy: 1\nmodules: {a: {probe: nope}, b: {probe: smtp, port: x}}\n"
    answer = e.reload(wrong)
    t.check("500 with all errors", answer.status == 500 and len(answer.text.splitlines()) == 3
            and "histroy" in answer.text
            and "modules.a.probe" in answer.text and "modules.b.port" in answer.text, answer)
    found, status = e.metrics(), e.status()
    t.equal("the metric says so", value(found, "mailprobe_config_last_reload_successful"), 0)
    t.equal("the time of the last good one stays", value(found,
            "mailprobe_config_last_reload_success_timestamp_seconds"),
            value(first, "mailprobe_config_last_reload_success_timestamp_seconds"))
    t.check("the API says so", not status["reload"]["successful"] and "histroy" in status["reload"]["error"],
            status["reload"])
    wait_for(lambda: "configuration refused" in e.logged() and "modules.b.port" in e.logged(), what="it in the log")
    t.check("the old one goes on", e.probe(f"127.0.0.1:{box.port}", "plain").status == 200 and runs(e, "a") == 1
            and len(status["targets"]) == 1)
    answer = e.reload("history: 1\n" + "".join(f"x{i}: 1\n" for i in range(130)))
    lines = answer.text.splitlines()
    t.equal("of many errors the first, and how many more there are", (answer.status, len(lines), lines[-1]),
            (500, 101, "and 30 more"))
    wait_for(lambda: "and 30 more" in e.logged(), what="the same in the log")
    t.check("in the API", e.status()["reload"]["error"].endswith("and 30 more"), e.status()["reload"])
    for name, text in ("YAML that is none", "a: ["), ("a file that is too much", "x: &x [1]\n" * 3), ("NUL", "a\0b"):
        answer = e.reload(text)
        t.check(f"500: {name}", answer.status == 500 and answer.text.isprintable() or "\n" in answer.text
                and "\0" not in answer.text, answer)
    e.file.unlink()
    answer = e.reload()
    t.check("500: a file that is gone", answer.status == 500 and "mailprobe.yml" in answer.text, answer)
    e.configure(wrong)
    e.process.send_signal(signal.SIGHUP)
    wait_for(lambda: e.logged().count("histroy") >= 2, what="SIGHUP to be refused")
    t.equal("SIGHUP: the old one goes on", (e.process.poll(), runs(e, "a")), (None, 1))
    loaded = e.logged().count("configuration loaded")
    answer = e.reload(good)
    t.check("a good one is taken", answer.status == 200 and answer.text == "reloaded\n", answer)
    found, status = e.metrics(), e.status()
    t.check("and all is well again", value(found, "mailprobe_config_last_reload_successful") == 1
            and status["reload"]["successful"] and status["reload"]["error"] is None and runs(e, "a") == 1,
            status["reload"])
    logged = lambda count: lambda: e.logged().count("configuration loaded") == loaded + count
    wait_for(logged(1), what="it in the log")
    e.process.send_signal(signal.SIGHUP)
    wait_for(logged(2), what="SIGHUP to be taken")
    t.check("SIGHUP takes a good one", True)


@case
def origins(t):
    e = t.exporter(config(target("a", 1)))
    here = f"localhost:{e.port}"
    for path in "/-/reload", "/api/v1/targets/a/run":
        for name, origin, status in (("of somebody else", "http://evil.test", 403), ("null", "null", 403),
                                     ("empty", "", 403),
                                     ("of the same name with another port", "http://localhost:1", 403),
                                     ("that begins like ours", f"http://{here}.evil.test", 403),
                                     ("that ends like ours", f"http://evil.test/{here}", 403),
                                     ("our own", f"http://{here}", 200), ("our own under TLS", f"https://{here}", 200),
                                     ("none", None, 200)):
            answer = e.post(path, {"Host": here, "Origin": origin})
            t.check(f"{path} with an Origin {name}", answer.status == 403 if status == 403
                    else answer.status in (200, 202), answer)
    t.equal("a target that is not there", e.post("/api/v1/targets/nope/run").status, 404)
    t.equal("POST without /run", e.post("/api/v1/targets/a").status, 404)


@case
def what_stays(t):
    """Counters, history and the next run of targets that are the same; the others begin anew or go."""
    box = t.server(talk=smtp_talk)
    names = ("same", "labelled", "moved", "gone", "slower")
    e = t.exporter(config(*[target(name, box.port) for name in names]))
    for name in names:
        run_once(e, name)
        run_once(e, name)
    before = {one["name"]: one for one in e.status()["targets"]}
    sequence = e.status()["sequence"]
    answer = e.reload(config(
        target("same", box.port), target("labelled", box.port, labels={"site": "paris \"\\\u00e4"}),
        target("new", box.port),
        {**target("moved", box.port), "target": f"localhost:{box.port}"}, target("slower", box.port, interval="2h")))
    t.equal("reloaded", answer.status, 200)
    found = e.metrics()
    t.equal("the same: counters", value(found, "mailprobe_runs_total", target="same", state="ok"), 2)
    t.equal("the same: histograms", value(found, "mailprobe_phase_duration_seconds_count", target="same",
                                          phase="connect"), 2)
    same = e.target("same")
    t.equal("the same: history and times", [same[k] for k in ("history", "state", "since", "last_run")],
            ["OO", "OK", before["same"]["since"], before["same"]["last_run"]])
    t.check("the same: its place in time", abs(same["next_run"] - before["same"]["next_run"]) < 0.05,
            (same["next_run"], before["same"]["next_run"]))
    t.equal("other labels: nothing is lost", value(found, "mailprobe_runs_total", target="labelled",
                                                   site="paris \"\\\u00e4", state="ok"), 2)
    t.check("other labels: all lines have them", all("site" in dict(labels) for name, labels in found
                                                     if dict(labels).get("target") == "labelled"))
    t.equal("other labels: the API has them", e.target("labelled")["labels"], {"site": "paris \"\\\u00e4"})
    t.check("another host: anew", total(found, "mailprobe_runs_total", target="moved") == 0
            and e.target("moved")["state"] is None)
    slower = e.target("slower")
    t.check("another interval: counters stay, and it is told", runs(e, "slower") == 2 and slower["interval"] == 7200
            and value(found, "mailprobe_interval_seconds", target="slower") == 7200, slower["interval"])
    t.check("another interval: it holds at once", 0 < slower["next_run"] - time.time() <= 7201, slower["next_run"])
    t.check("gone: from the metrics", not any(dict(labels).get("target") == "gone" for _, labels in found))
    t.equal("gone: from the API", (e.get("/api/v1/targets/gone").status, e.post("/api/v1/targets/gone/run").status),
            (404, 404))
    t.equal("new: there with 0", value(found, "mailprobe_runs_total", target="new", state="ok"), 0)
    t.equal("the number of targets", value(found, "mailprobe_targets"), 5)
    status = e.status(sequence)
    t.check("news after a reload are complete", status["complete"] and len(status["targets"]) == 5, status)
    status = e.status(status["sequence"])
    t.check("and then there are none", not status["complete"] and status["targets"] == [], status)
    e.reload(config(target("same", box.port), history=5))
    t.check("another history is taken", e.target("same")["name"] == "same")
    sequence = e.status()["sequence"]
    e.reload(config())
    status = e.status(sequence)
    t.check("without targets: complete, and none", status["complete"] and status["targets"] == [], status)
    e.reload(config(target("same", box.port, interval="1s")))
    wait_for(lambda: runs(e, "same") >= 1, 5, "a run")
    t.check("one that comes back begins anew, and runs", True)


@case
def what_only_looks_the_same(t):
    """One word with quotes in it is not two words: a target whose module changed so begins anew."""
    box = t.server(talk=smtp_talk)

    def choosy(**module):
        plain = {"probe": "smtp", "timeout": "1s", "tls": {"mode": "none"}, **module}
        return {"limits": OPEN, "modules": {"plain": plain}, "targets": [target("a", box.port)]}

    e = t.exporter(choosy(expect=["ESMTP", "mx"]))
    run_once(e, "a")
    for name, module, wanted in (("the same in other words", {"expect": ["ESMTP", "mx"]}, 1),
                                 ("one word with quotes", {"expect": ['ESMTP","mx']}, 0),
                                 ("with the colon of a key", {"expect": ['ESMTP":"mx']}, 0)):
        e.reload(choosy(**module))
        t.equal(f"runs behind a reload: {name}", runs(e, "a"), wanted)
        e.reload(choosy(expect=["ESMTP", "mx"]))
        if runs(e, "a") == 0:
            run_once(e, "a")


@case
def shorter_interval(t):
    """A target that ran each hour runs each second from the reload on."""
    box = t.server(talk=smtp_talk)
    e = t.exporter(config(target("a", box.port)))
    run_once(e, "a")
    e.reload(config(target("a", box.port, interval="1s")))
    wait_for(lambda: runs(e, "a") >= 3, 6, "runs each second")
    t.check("it does", e.target("a")["history"].startswith("OOO"))


@case
def runs_under_way(t):
    """A reload waits for nobody, and nobody's run is cut."""
    silent, box = t.server(b"220 here\r\n"), t.server(talk=smtp_talk)
    slow = config(target("a", silent.port))
    slow["modules"]["plain"]["timeout"] = "2s"
    e = t.exporter(slow)
    e.post("/api/v1/targets/a/run")
    wait_for(lambda: silent.count == 1)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        probe = pool.submit(e.probe, f"127.0.0.1:{silent.port}", "plain")
        wait_for(lambda: silent.count == 2)
        begun = time.monotonic()
        answer = e.reload(config(target("b", box.port)))
        t.check("the reload is quick", answer.status == 200 and time.monotonic() - begun < 1 * Options.factor, answer)
        run_once(e, "b")
        answer = probe.result()
        t.check("/probe ends under the configuration it began with", answer.status == 200 and answer.seconds > 1.5
                and 'cause="timeout"' in answer.text, answer)
    t.equal("the old target is gone all the same", e.get("/api/v1/targets/a").status, 404)
    e.reload(slow)
    e.post("/api/v1/targets/a/run")
    wait_for(lambda: silent.count == 3)
    e.reload(slow)
    t.check("a run under way comes into the record of the same target", wait_for(lambda: runs(e, "a") == 1, 5))


@case
def pages_after_shrinking(t):
    """Runs that hang under an old, larger configuration must not keep the pages of a smaller one waiting."""
    silent = t.server()
    many = config(*[target(f"t{i}", silent.port, interval="6s") for i in range(60)], limits={**OPEN, "probes": 1})
    many["modules"]["plain"]["timeout"] = "6s"
    e = t.exporter(many)
    for i in range(60):
        e.post(f"/api/v1/targets/t{i}/run")
    wait_for(lambda: silent.count >= 60, what="60 runs at a time")
    t.equal("reloaded", e.reload(config(limits={**OPEN, "probes": 1})).status, 200)
    answer = e.get("/metrics")
    t.check("/metrics comes at once", answer.status == 200 and answer.seconds < 2 * Options.factor,
            f"after {answer.seconds:.1f} s")


@case
def pages_beside_runs_by_hand(t):
    """Runs that somebody asks for, of servers that hang, must not keep the pages waiting either."""
    silent = t.server()
    slow = config(*[target(f"t{i}", silent.port) for i in range(20)], limits={**OPEN, "probes": 1})
    slow["modules"]["plain"]["timeout"] = "6s"
    e = t.exporter(slow)
    for i in range(20):
        e.post(f"/api/v1/targets/t{i}/run")
    wait_for(lambda: silent.count >= 4, what="runs")
    answer = e.get("/metrics")
    t.check("/metrics comes at once", answer.status == 200 and answer.seconds < 2 * Options.factor,
            f"after {answer.seconds:.1f} s")


@case
def secrets_again(t):
    """A password that changes in its file counts from the reload on."""
    box = t.sandbox("submission:0,name=smtp", options=[f"--account={USER}:new"])
    e = t.exporter({"limits": OPEN, "modules": {"login": {
        "probe": "smtp", "tls": {"mode": "starttls", "ca_file": box.ca},
        "auth": {"user": USER, "password_file": "pass"},
        "allowed_targets": ["localhost"]}}, "targets": [
            {"name": "a", "target": f"localhost:{box['smtp']}", "module": "login", "interval": "1h"}]},
            files={"pass": "old\n"})
    where = f"localhost:{box['smtp']}"
    t.check("the old one is refused", 'cause="auth_rejected"' in e.probe(where, "login").text)
    run_once(e, "a")
    e.write("pass", "new\n")
    t.check("without a reload it stays", 'cause="auth_rejected"' in e.probe(where, "login").text)
    e.reload()
    t.equal("after it the new one is used", value(e.metrics(), "mailprobe_runs_total", target="a", state="critical"), 1)
    t.check("by /probe", "\nprobe_success 1\n" in e.probe(where, "login").text)
    run_once(e, "a")
    t.equal("by the schedule, whose counters stay", e.target("a")["history"], "CO")
    pathlib.Path(e.folder, "pass").unlink()
    t.equal("a file that is gone is an error", e.reload().status, 500)
    t.check("and the old password stays", "\nprobe_success 1\n" in e.probe(where, "login").text)


@case
def many_reloads(t):
    """200 under load, one after the other and by several at a time."""
    box = t.server(talk=smtp_talk)
    configs = [config(*[target(f"t{i}", box.port, interval="1s", labels={"n": str(turn)})
                        for i in range(10 + turn % 3)]) for turn in range(5)]
    e = t.exporter(configs[0])
    over, wrong = [], []

    def load(ask):
        while not over:
            with contextlib.suppress(ConnectionResetError):
                answer = ask()
                if answer.status not in (200, 202, 404):
                    wrong.append(answer)

    asks = (lambda: e.probe(f"127.0.0.1:{box.port}", "plain", {"Accept-Encoding": "gzip"}), lambda: e.get("/metrics"),
            lambda: e.get("/api/v1/status?since=5"), lambda: e.post("/api/v1/targets/t11/run"),
            lambda: e.get("/api/v1/targets/t10"))
    with concurrent.futures.ThreadPoolExecutor(len(asks)) as pool:
        loads = [pool.submit(load, ask) for ask in asks]
        try:
            wait_for(lambda: runs(e, "t0") >= 1, what="a run")
            for turn in range(160):
                answer = e.reload(configs[turn % 5])
                if answer.status != 200:
                    wrong.append(answer)
            for turn in range(40):
                e.configure(configs[turn % 5])
                e.process.send_signal(signal.SIGHUP)
        finally:
            over.append(1)
        for one in loads:
            one.result()
    t.check("all answers are right", not wrong, wrong[:3])
    found = e.metrics()
    t.check("the last counts", wait_for(lambda: {dict(k[1]).get("n") for k in e.metrics()
                                                 if k[0] == "mailprobe_interval_seconds"} == {"4"}))
    t.check("targets that stayed kept their counters", runs(e, "t0") >= 1, runs(e, "t0"))
    t.equal("no worker is left behind", wait_for(lambda: value(e.metrics(), "mailprobe_workers_busy") <= 2), True)
    t.check("metrics are whole", value(found, "mailprobe_config_last_reload_successful") == 1)
