# SPDX-License-Identifier: BSD-2-Clause
"""The round trip as a module: both servers are in the configuration, a request names none of them but as a check."""

import pathlib
import subprocess

from harness import PASSWORD, USER, Options, case, probe_path, samples, total, value, wait_for
from cases_config import Folder

OPEN = {"host_concurrency": 0, "host_rate": 0}
KEY = "a key of more than sixteen bytes\n"


def module(box, submit="submission", fetch="imaps", **more):
    own = {"key_file": "key", "state_file": "state.db", **more.pop("roundtrip", {})}
    return {"probe": "roundtrip", "timeout": more.pop("timeout", "5s"),
            "submit": {"url": f"submission://{USER}@localhost:{box[submit]}", "tls": {"ca_file": box.ca},
                       "auth": {"password_file": "pass"}},
            "fetch": {"url": f"{fetch.split('-')[0]}://{USER}@localhost:{box[fetch]}", "tls": {"ca_file": box.ca},
                      "auth": {"password_file": "pass"}},
            "roundtrip": {name: text for name, text in own.items() if text is not None}, **more}


def config(modules, *targets, **more):
    return {"limits": OPEN, "modules": modules, "targets": list(targets), **more}


def files():
    return {"pass": PASSWORD + "\n", "key": KEY}


def books(found, **labels):
    return tuple(value(found, f"mailprobe_roundtrip_{name}", **labels)
                 for name in ("sent_total", "received_total", "lost_total", "in_flight"))


def run_once(exporter, name):
    before = total(exporter.metrics(), "mailprobe_runs_total", target=name)
    exporter.post(f"/api/v1/targets/{name}/run")
    wait_for(lambda: total(exporter.metrics(), "mailprobe_runs_total", target=name) > before, what="one more run")
    return exporter.metrics()


@case
def round_trips_on_demand(t):
    box = t.sandbox("submission:0", "imaps:0", "pop3s:0", "submission:0,name=altered,fault=deliver-altered",
                    "submission:0,name=hops,fault=deliver-hops", "imaps:0,name=imaps-no,fault=auth-rejected")
    e = t.exporter(config({"loop": module(box), "pop": module(box, fetch="pop3s"),
                           "altered": module(box, submit="altered"), "hops": module(box, submit="hops"),
                           "no": module(box, fetch="imaps-no"),
                           "plain": module(box, roundtrip={"state_file": None, "key_file": None})}), files=files())
    right = f"localhost:{box['submission']}"
    for name in "loop", "pop", "hops":
        for target in (right, None) if name == "loop" else (None,):
            answer = e.probe(target, name) if target else e.get(f"/probe?module={name}")
            found = samples(answer.text) if answer.status == 200 else {}
            t.check(f"{name} {'with' if target else 'without'} a target succeeds", answer.status == 200
                    and value(found, "probe_success") == 1 and value(found, "mailprobe_state") == 0, answer.text)
            t.check(f"{name}: the delivery", 0 <= value(found, "mailprobe_roundtrip_delivery_seconds") < 5, answer.text)
            t.check(f"{name}: the books balance", books(found)[0] == sum(books(found)[1:]) and books(found)[0] > 0,
                    books(found))
            t.check(f"{name}: TLS of both sides", all(value(found, "mailprobe_tls_info", side=side) == 1
                    for side in ("submit", "fetch")), answer.text)
            t.check(f"{name}: both logins", all(value(found, "mailprobe_auth_info", side=side) == 1
                    for side in ("submit", "fetch")), answer.text)
            t.check(f"{name}: the hops", value(found, "mailprobe_hop_delay_seconds", hop="mx.sandbox.test") is not None,
                    answer.text)
            t.check(f"{name}: the phases", all(value(found, "mailprobe_phase_duration_seconds", phase=phase) is not None
                    for phase in ("submit", "delivery", "retrieve", "cleanup", "submit_auth", "fetch_auth")),
                            answer.text)
    found = samples(e.get("/probe?module=hops").text)
    t.equal("each host's delay is one sample", len([1 for name, _ in found if name == "mailprobe_hop_delay_seconds"]),
            3)
    for name, phase, cause in ("altered", "retrieve", "content_altered"), ("no", "fetch_auth", "auth_rejected"):
        found = samples(e.get(f"/probe?module={name}").text)
        t.check(f"{name}: {cause}", value(found, "probe_success") == 0
                and value(found, "mailprobe_failure_info", phase=phase, cause=cause) == 1, found)
    found = samples(e.get("/probe?module=plain").text)
    t.check("without books there are no counters", value(found, "probe_success") == 1
            and books(found) == (None,) * 4, found)
    for wrong in ("localhost:1", f"127.0.0.1:{box['submission']}", "example.org", f"localhost:{box['imaps']}"):
        answer = e.probe(wrong, "loop")
        t.check(f"400: {wrong}", answer.status == 400, answer)
        answer = e.api_probe(wrong, "loop")
        t.check(f"400 by the API: {wrong}", answer.status == 400 and list(answer.json) == ["error"], answer)
    answer = e.get("/probe?module=loop", {"Accept": "application/openmetrics-text; version=1.0.0"})
    t.check("as OpenMetrics", books(samples(answer.text, openmetrics=True))[0] > 0, answer)
    answer = e.get("/api/v1/probe?module=loop")
    t.check("by the API", answer.status == 200 and answer.json["state"] == "OK" and answer.json["facts"]["copies"] == 1
            and PASSWORD not in answer.text and KEY.strip() not in answer.text, answer)
    answer = e.get("/probe?module=loop&debug=true")
    t.check("debug has both sides, and no secret", answer.status == 200 and "UID SEARCH" in answer.text
            and "RCPT TO" in answer.text and PASSWORD not in answer.text and KEY.strip() not in answer.text, answer)


@case
def round_trips_on_schedule(t):
    box = t.sandbox("submission:0", "imaps:0", "submission:0,name=never,fault=deliver-never")
    late = module(box, submit="never", timeout="1s", roundtrip={"deferred": True, "lost_after": "1",
                                                                "state_file": "lost.db"})
    good = config({"loop": module(box), "lost": late},
                  {"name": "a", "module": "loop", "interval": "1h", "labels": {"site": "paris"}},
                  {"name": "b", "module": "lost", "interval": "1h"})
    e = t.exporter(good, files=files())
    run_once(e, "b")
    run_once(e, "a")
    found = run_once(e, "a")
    count = books(found, target="a")[0]
    t.check("a target needs no host", value(found, "mailprobe_state", target="a", site="paris") == 0
            and value(found, "probe_success", target="a") == 1, found)
    t.check("the books of it", count >= 2 and books(found, target="a") == (count, count, 0, 0),
            books(found, target="a"))
    t.check("a histogram of each phase", all(value(found, "mailprobe_phase_duration_seconds_count", target="a",
            phase=phase)
            == count for phase in ("submit", "delivery", "retrieve", "cleanup")), found)
    t.check("TLS of both sides", all(value(found, "mailprobe_tls_info", target="a", side=side) == 1
            for side in ("submit", "fetch")), found)
    t.check("the hops", value(found, "mailprobe_hop_delay_seconds", target="a", hop="mx.sandbox.test") is not None)
    t.check("causes that may come are counted from the first scrape",
            value(found, "mailprobe_failures_total", target="a",
            phase="delivery", cause="not_delivered") in (0, None), found)
    wait_for(lambda: books(run_once(e, "b"), target="b")[2] >= 1, 10, "one to be lost")
    found = e.metrics()
    lost = books(found, target="b")
    t.check("what is lost is counted, in balance", lost[0] == sum(lost[1:]) and lost[1] == 0, lost)
    answer = e.reload({**good, "targets": [*good["targets"], {"name": "c", "module": "loop", "interval": "2h"}]})
    found = e.metrics()
    t.check("a reload keeps the counters", answer.status == 200 and books(found, target="a") == (count, count, 0, 0)
            and total(found, "mailprobe_runs_total", target="a") == count,
            (answer, books(found, target="a"), total(found, "mailprobe_runs_total", target="a"), count))
    t.equal("the exporter ends", e.stop(5)[0], 0)
    e2 = t.exporter(good, files={**files(), **{name: pathlib.Path(e.folder, name).read_bytes()
                                               for name in ("state.db", "lost.db")}})
    run_once(e2, "a")
    found = run_once(e2, "b")
    t.equal("the counters go on after a restart", books(found, target="a"), (count + 1, count + 1, 0, 0))
    t.check("the lost ones too", books(found, target="b")[2] >= lost[2] and books(found, target="b")[0] == lost[0] + 1,
            books(found, target="b"))
    detail = e2.target("a")
    t.check("the API has a target's last run", "copies" in str(detail) and PASSWORD not in str(detail), detail)


TOP = "modules:\n  a:\n    probe: roundtrip\n"
GOOD = ("    submit:\n      url: submission://a@b.test@localhost\n      auth: {password_file: pass}\n"
        "    fetch:\n      url: imaps://a@b.test@localhost\n      auth: {password_file: pass}\n")

WRONG = (
    ("no side", TOP, ["c.yml:3: modules.a", "--fetch"]),
    ("no fetching side", TOP + "    submit: {url: 'smtp://localhost'}\n", ["modules.a", "fetch"]),
    ("a URL that is none", TOP + GOOD.replace("submission:", "http:"), ["modules.a", "submit", "does not begin"]),
    ("unknown key of a side", TOP + "    submit:\n      ulr: x\n",
    ["c.yml:5: modules.a.submit.ulr: there is no such key"]),
    ("unknown key of a side's TLS", TOP + GOOD + "      tls:\n        mood: x\n",
     ["c.yml:11: modules.a.fetch.tls.mood: there is no such key"]),
    ("unknown key of a side's login", TOP + "    submit:\n      auth: {usr: x}\n",
     ["c.yml:5: modules.a.submit.auth.usr: there is no such key"]),
    ("a word that is unknown", TOP + GOOD + "      tls: {mode: ssl}\n",
    ["c.yml:10: modules.a.fetch.tls.mode", "is unknown"]),
    ("a port", TOP + "    fetch: {port: 65536}\n", ["c.yml:4: modules.a.fetch.port"]),
    ("the keys of one server", TOP + GOOD + "    tls: {mode: none}\n",
    ["c.yml:10: modules.a.tls: there is no such key"]),
    ("auth of one server", TOP + GOOD + "    auth: {user: a}\n", ["c.yml:10: modules.a.auth: there is no such key"]),
    ("unknown key of its own", TOP + GOOD + "    roundtrip: {keyfile: x}\n",
     ["c.yml:10: modules.a.roundtrip.keyfile: there is no such key"]),
    ("a scalar for a side", TOP + "    submit: smtp://localhost\n", ["c.yml:4: modules.a.submit: is"]),
    ("deferred without books", TOP + GOOD + "    roundtrip: {deferred: true}\n", ["modules.a", "--deferred", "needs"]),
    ("a key that is too short", TOP + GOOD + "    roundtrip: {key_file: pass}\n", ["modules.a", "too short"]),
    ("a key that is not there", TOP + GOOD + "    roundtrip: {key_file: nowhere}\n", ["modules.a", "nowhere"]),
    ("a password file that is not there", TOP + GOOD.replace("pass}", "nowhere}"), ["modules.a", "nowhere"]),
    ("a CA file that is not there", TOP + GOOD + "      tls: {ca_file: nowhere}\n", ["modules.a", "nowhere"]),
    ("a threshold for nothing", TOP + GOOD + "    thresholds: {lost: {critical: 0}}\n", ["modules.a", "lost"]),
    ("a word of another probe", TOP + GOOD + "    imap: {list: true}\n",
    ["c.yml:10: modules.a.imap: there is no such key"]),
    ("a target with a host", TOP + GOOD + "targets:\n  - {name: x, target: elsewhere.test, module: a}\n",
     ["c.yml:11: targets[0]"]),
)


@case
def wrong_configurations_of_round_trips(t):
    folder = Folder(t)
    for name, text, said in WRONG:
        done = folder.check(text)
        told = done.stderr.decode()
        t.check(name, done.returncode == 1 and all(part in told for part in said), (done.returncode, told, said))
    done = folder.check(TOP + GOOD + "targets:\n  - {name: x, module: a}\n")
    t.check("one that is right", done.returncode == 0, done)
    folder.write("key", KEY)
    done = folder.check(TOP + GOOD + "    roundtrip: {key_file: key, state_file: state.db, deferred: true}\n")
    t.check("checking makes no state file", done.returncode == 0 and not (folder.path / "state.db").exists(), done)


@case
def books_that_cannot_be_kept(t):
    box = t.sandbox("submission:0", "imaps:0")
    e = t.exporter(config({"loop": module(box)}), files={**files(), "state.db": b"no books\n" * 2000})
    found = samples(e.get("/probe?module=loop").text)
    t.check("a foreign file: UNKNOWN, and as it was", value(found, "mailprobe_state") == 3
            and value(found, "mailprobe_failure_info", cause="local") == 1
            and (e.folder / "state.db").read_bytes() == b"no books\n" * 2000, found)
    (e.folder / "state.db").unlink()
    found = samples(e.get("/probe?module=loop").text)
    t.check("once it is gone all is well", value(found, "mailprobe_state") == 0 and books(found) == (1, 1, 0, 0), found)
