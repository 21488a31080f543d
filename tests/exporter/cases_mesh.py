# SPDX-License-Identifier: BSD-2-Clause
"""Many senders to many receivers: a round trip for each pair, and one session for each mailbox."""

import collections
import imaplib
import re
import signal
import socket
import sqlite3
import threading
import time
import urllib.parse

from harness import PASSWORD, Options, case, wait_for

ENV = {"MESH_PASSWORD": PASSWORD, "MESH_WRONG": "wrong"}
FAULTS = {"plain": "", "late": ",fault=deliver-late:300", "junk": ",fault=deliver-junk",
          "twice": ",fault=deliver-twice", "altered": ",fault=deliver-altered", "never": ",fault=deliver-never"}
KEY = "0123456789abcdef0123456789abcdef"


class Proxy:
    """In front of a server, in clear: sees each line that a client says, and can end all sessions at once."""

    def __init__(self, port):
        self.target, self.lines, self.pairs, self.lock = port, [], [], threading.Lock()
        self.refusing = self.silent = False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.refusing:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            for one in client, server:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.pairs.append((client, server))
            threading.Thread(target=self.forward, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.forward, args=(server, client, False), daemon=True).start()

    def forward(self, here, there, said):
        rest = b""
        try:
            while data := here.recv(65536):
                if said:
                    *lines, rest = (rest + data).split(b"\r\n")
                    with self.lock:
                        self.lines += [(time.monotonic(), line.decode("latin-1")) for line in lines]
                if not self.silent:
                    there.sendall(data)
        except OSError:
            pass
        for one in here, there:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def kill(self):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for client, server in pairs:
            for one in client, server:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def said(self, word):
        """When: of each line with that word."""
        with self.lock:
            return [when for when, line in self.lines if re.search(rf"\b{word}\b", line)]

    def logins(self):
        return len(self.said("LOGIN|AUTHENTICATE"))

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        self.kill()


def proxy(t, port):
    one = Proxy(port)
    t.started.append(one)
    return one


def servers(t, *senders, messages=20):
    """The sandbox: a listener for each sender, and for IMAP and POP3; the first account has messages."""
    return t.sandbox(*[f"smtp:0,name={name}{FAULTS[name]}" for name in senders], "imap:0", "pop3:0",
                     options=[f"--messages={messages}:600", *[f"--account={name}@sandbox.test:{PASSWORD}"
                                                              for name in ("one", "two", "pop", "sender")]])


def receiver(scheme, user, port, password="MESH_PASSWORD"):
    return {"url": f"{scheme}://{user}%40sandbox.test@127.0.0.1:{port}", "tls": {"mode": "none"},
            "auth": {"password_env": password, "allow_cleartext_auth": True}}


def mesh(box, senders, receivers, *, timeout="5s", key="key", target=None, **more):
    module = {"probe": "roundtrip", "timeout": timeout, "receivers": receivers,
              "senders": {name: {"url": f"smtp://127.0.0.1:{box[name]}", "from": "sender@sandbox.test",
                                 "tls": {"mode": "none"}} for name in senders}, **more}
    if key:
        module["roundtrip"] = {"key_file": key, **module.get("roundtrip", {})}
    return {"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": {"m": module},
            "targets": [{"name": "t", "module": "m", "interval": "1h", **(target or {})}]}


def exporter(t, config, **more):
    """With all first runs behind it, or under way."""
    return t.exporter(config, env=ENV, files={"key": KEY}, **more)


def runs(e):
    """How many of each target are over."""
    found = collections.Counter()
    for labels, number in re.findall(r"^mailprobe_runs_total\{(.*)\} (\d+)$", e.get("/metrics").text, re.M):
        found[re.search(r'\btarget="([^"]*)"', labels)[1]] += int(number)
    return found


def start(e, *names):
    """Asks for a run of each; gives a function that waits for them and gives what they told."""
    before = runs(e)
    for name in names:
        e.post(f"/api/v1/targets/{urllib.parse.quote(name, safe='')}/run")

    def results(seconds=15):
        wait_for(lambda: all(runs(e)[name] > before[name] for name in names), seconds, f"runs of {names}")
        return {name: e.target(name)["last"] for name in names}
    return results


def causes(result):
    return sorted({one["cause"] for one in result["findings"]})


def mailbox(box, user):
    """All messages of all mailboxes, with their flags."""
    found = {}
    with imaplib.IMAP4("127.0.0.1", box["imap"]) as client:
        client.login(f"{user}@sandbox.test", PASSWORD)
        for name in "INBOX", "Junk", "Archive/2026", "Info":
            if client.select(f'"{name}"', readonly=True)[0] == "OK":
                _, answer = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")
                found[name] = [(re.sub(rb"\\Recent ?", b"", part[0]), part[1]) for part in answer
                           if isinstance(part, tuple)]   # SELECT takes \Recent, whoever says it
    return found


def ours(found):
    return sum(b"X-Mailprobe-Token" in part[1] for parts in found.values() for part in parts)


def steps_good(t, name, proxied):
    """As the proxy sees them, which may be late itself."""
    looks = proxied.said("SEARCH.* UID \\d+")
    spans = [b - a for a, b in zip(looks, looks[20:])]
    t.check(f"{name}: no more than a look in 20 ms", looks and all(span > 0.35 for span in spans), sorted(spans)[:5])


@case
def verdicts(t):
    box = servers(t, *FAULTS)
    one, two = proxy(t, box["imap"]), proxy(t, box["imap"])
    before = {user: mailbox(box, user) for user in ("one", "two", "pop")}
    e = exporter(t, mesh(box, FAULTS, {"one": receiver("imap", "one", one.port),
                                       "two": receiver("imap", "two", two.port),
                                       "pop": receiver("pop3", "pop", box["pop3"])}, timeout="3s"))
    wanted = {"plain": [], "late": [], "junk": ["junked"], "twice": ["duplicated"], "altered": ["content_altered"],
              "never": ["not_delivered"]}
    for turn in range(2):
        results = start(e, *[f"t:{sender}:{to}" for sender in FAULTS for to in ("one", "two")])()
        for name, result in results.items():
            sender = name.split(":")[1]
            if turn == 0 and sender == "junk" and name.endswith("two"):
                continue    # the mailbox for junk is made by this very message, and known from then on
            t.check(f"{name}: {wanted[sender] or 'delivered'}", causes(result) == wanted[sender], result)
            delay = result["facts"].get("delay", -1)
            low, high = {"late": (0.2, 0.4), "never": (-1, 0)}.get(sender, (0, 0.2))
            t.check(f"{name}: its delay", low <= delay <= high * Options.factor, delay)
            if sender == "junk":
                t.equal(f"{name}: where it landed", result["facts"]["landed_in"], "Junk")
            if sender == "twice":
                t.equal(f"{name}: copies", result["facts"]["copies"], 2)
    for sender in "plain", "late", "twice", "altered":
        result = start(e, f"t:{sender}:pop")()[f"t:{sender}:pop"]
        t.check(f"by POP3 from {sender}", causes(result) == wanted[sender], result)
    labels = {(dict(pairs)["sender"], dict(pairs)["receiver"]) for (name, pairs), _ in e.metrics().items()
              if name == "mailprobe_runs_total"}
    t.equal("labels of each pair", labels, {(a, b) for a in FAULTS for b in ("one", "two", "pop")})
    for name, proxied in ("one", one), ("two", two):
        t.equal(f"{name}: one login for all runs of all pairs", proxied.logins(), 1)
        steps_good(t, name, proxied)
    status, seconds = e.stop()
    t.check("SIGTERM: at once", status == 0 and seconds < 1 * Options.factor, (status, seconds))
    for name, proxied in ("one", one), ("two", two):
        t.equal(f"{name}: goodbye is said", len(proxied.said("LOGOUT")), 1)
    for user in "one", "pop":
        t.check(f"{user}: others' messages are untouched and none of ours is left", mailbox(box, user) == before[user],
                mailbox(box, user))
    t.check("two: at most what came before there was a mailbox for junk", ours(mailbox(box, "two")) <= 1)


@case
def broken_session(t):
    box = servers(t, "plain", "late", "never")
    one = proxy(t, box["imap"])
    e = exporter(t, mesh(box, ["plain", "late", "never"], {"r": receiver("imap", "one", one.port)}, timeout="4s"))
    t.equal("before", causes(start(e, "t:plain:r")()["t:plain:r"]), [])
    results = start(e, "t:late:r", "t:never:r")
    wait_for(lambda: len(one.said("SEARCH")) > 8, what="them to wait")
    one.kill()
    results = results()
    t.equal("what came while there was no session is found in the next", causes(results["t:late:r"]), [])
    t.equal("what never comes", causes(results["t:never:r"]), ["not_delivered"])
    t.equal("one login more", one.logins(), 2)
    results = start(e, "t:never:r")
    wait_for(lambda: len(one.said("SEARCH")) > 12, what="it to wait")
    one.refusing = True
    one.kill()
    result = results()["t:never:r"]
    t.check("a session that does not come again is the cause", causes(result) == ["closed"], result)
    one.refusing = False
    t.equal("and all is well when it can", causes(start(e, "t:plain:r")()["t:plain:r"]), [])
    t.equal("nothing is left", ours(mailbox(box, "one")), 0)


@case
def wrong_password(t):
    box = servers(t, "plain", "late")
    one, two = proxy(t, box["imap"]), proxy(t, box["imap"])
    e = exporter(t, mesh(box, ["plain", "late"], {"bad": receiver("imap", "one", one.port, "MESH_WRONG"),
                                                  "good": receiver("imap", "two", two.port)}))
    begun = time.monotonic()
    for _ in range(4):
        for name, result in start(e, "t:plain:bad", "t:late:bad", "t:plain:good")().items():
            t.equal(f"{name}: its own verdict", causes(result), ["auth_rejected"] if name.endswith("bad") else [])
    t.check("no more than a login in a second", 1 <= one.logins() <= time.monotonic() - begun + 2, one.logins())
    t.equal("the other mailbox", two.logins(), 1)
    t.check("nothing was sent to nobody's mailbox", ours(mailbox(box, "one")) == 0)


@case
def down_at_first(t):
    box = servers(t, "plain")
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    e = exporter(t, mesh(box, ["plain"], {"r": receiver("imap", "one", port)}))
    t.equal("its cause", causes(start(e, "t:plain:r")()["t:plain:r"]), ["connect_refused"])
    one = proxy(t, box["imap"])
    e.reload(mesh(box, ["plain"], {"r": receiver("imap", "one", one.port)}))
    one.refusing = True
    t.equal("closed at once", causes(start(e, "t:plain:r")()["t:plain:r"]), ["closed"])
    one.refusing = False
    t.equal("up again", causes(start(e, "t:plain:r")()["t:plain:r"]), [])


@case
def reload_while_they_wait(t):
    box = servers(t, "late", "never", "plain")
    one, two = proxy(t, box["imap"]), proxy(t, box["imap"])
    first = mesh(box, ["late", "never", "plain"], {"r": receiver("imap", "one", one.port)}, timeout="3s")
    second = mesh(box, ["late", "never", "plain"], {"r": receiver("imap", "two", two.port)}, timeout="3s")
    e = exporter(t, first)
    start(e, "t:late:r", "t:never:r")
    wait_for(lambda: len(one.said("SEARCH")) > 4, what="them to wait")
    e.configure(second)
    e.process.send_signal(signal.SIGHUP)
    wait_for(lambda: e.logged().count("configuration loaded") == 2, what="the reload")
    t.equal("the new one works at once", causes(start(e, "t:plain:r")()["t:plain:r"]), [])
    wait_for(lambda: one.said("LOGOUT"), what="the old one's goodbye")
    t.equal("a session of each", (one.logins(), two.logins()), (1, 1))
    threads = e.threads()
    for i in range(6):
        e.reload(first if i % 2 else second)
        start(e, "t:plain:r")()
    wait_for(lambda: e.threads() <= threads + 2, what="their threads to end")
    t.equal("nothing is left", ours(mailbox(box, "one")) + ours(mailbox(box, "two")), 0)


@case
def end_while_they_wait(t):
    box = servers(t, "never", "late")
    one = proxy(t, box["imap"])
    e = exporter(t, mesh(box, ["never", "late"], {"r": receiver("imap", "one", one.port)}, timeout="20s"))
    start(e, "t:never:r", "t:late:r")
    wait_for(lambda: len(one.said("SEARCH")) > 4, what="them to wait")
    status, seconds = e.stop()
    t.check("SIGTERM while they wait: within a second", status == 0 and seconds < 1 * Options.factor, seconds)
    t.check("goodbye is said", len(one.said("LOGOUT")) == 1)
    t.check("nothing was left to its own", "stopped, with probes" not in e.logged(), e.logged())


@case
def silent_server(t):
    """It says nothing more: that holds up neither a reload nor the end."""
    box = servers(t, "plain", "late", "never")
    one, two = proxy(t, box["imap"]), proxy(t, box["imap"])
    first = mesh(box, ["plain", "late", "never"], {"r": receiver("imap", "one", one.port)}, timeout="2s")
    second = mesh(box, ["plain", "late", "never"], {"r": receiver("imap", "two", two.port)}, timeout="2s")
    e = exporter(t, first)
    results = start(e, "t:never:r")
    wait_for(lambda: len(one.said("SEARCH")) > 4, what="it to wait")
    one.silent = True
    result = results()["t:never:r"]
    t.check("its cause", set(causes(result)) <= {"timeout", "not_delivered"}, result)
    answer = e.reload(second)
    t.check("reload: at once", answer.status == 200 and answer.seconds < 1 * Options.factor, answer)
    t.equal("the new one", causes(start(e, "t:plain:r")()["t:plain:r"]), [])
    start(e, "t:never:r")
    wait_for(lambda: len(two.said("SEARCH")) > 8, what="it to wait")
    two.silent = True
    status, seconds = e.stop()
    t.check("SIGTERM: within a second", status == 0 and seconds < 1.05 * Options.factor, seconds)


@case
def on_demand_and_deferred(t):
    box = servers(t, "plain", "late")
    one = proxy(t, box["imap"])
    deferred = {"roundtrip": {"key_file": "key", "state_file": "books.db", "deferred": True}}
    e = exporter(t, mesh(box, ["plain", "late"], {"r": receiver("imap", "one", one.port)}, **deferred))
    names = "t:plain:r", "t:late:r"
    start(e, *names)()
    wait_for(lambda: ours(mailbox(box, "one")) == 2, what="the messages")
    for name, result in start(e, *names)().items():
        t.check(f"{name}: the next run has it", causes(result) == [] and result["facts"]["received"] == 1
                and result["facts"]["in_flight"] == 1, result)
    wait_for(lambda: ours(mailbox(box, "one")) == 2, what="the next messages")
    e.reload(mesh(box, ["plain", "late"], {"r": receiver("imap", "one", one.port)}))
    answer = e.get("/probe?module=m:late:r")
    t.check("/probe of a pair", answer.status == 200 and "\nprobe_success 1\n" in answer.text, answer)
    t.equal("/probe of all pairs", e.get("/probe?module=m").status, 400)


@case
def leftovers(t):
    """What came too late for its run goes with a later one, and so do its copies; each pair has books of its own."""
    box = servers(t, "late", "plain", "twice")
    one = proxy(t, box["imap"])
    books = {"roundtrip": {"state_file": "books.db"}}
    config = mesh(box, ["late", "plain", "twice"], {"r": receiver("imap", "one", one.port)}, timeout="250ms")
    patient = mesh(box, ["late", "plain", "twice"], {"r": receiver("imap", "one", one.port)}, timeout="4s")
    e = exporter(t, config)
    result = start(e, "t:late:r")()["t:late:r"]
    t.check("the time is too short", "not_delivered" in causes(result), result)
    wait_for(lambda: ours(mailbox(box, "one")) == 1, what="the late one")
    e.reload(patient)
    # Its run has to be over by its own token, which counts in whole seconds.
    result = wait_for(lambda: (last := start(e, "t:plain:r")()["t:plain:r"])["facts"].get("late") and last)
    t.check("a later run of any pair removes it", causes(result) == [] and result["facts"]["late"] == 1
            and ours(mailbox(box, "one")) == 0, result)
    e.reload(mesh(box, ["late", "plain", "twice"], {"r": receiver("imap", "one", one.port)}, **books))
    for name, result in start(e, "t:late:r", "t:plain:r", "t:twice:r")().items():
        t.check(f"{name}: its own books", result["facts"]["sent"] == 1 and result["facts"]["received"] == 1, result)
    for sender in "late", "plain", "twice":
        with sqlite3.connect(e.folder / f"books.db.{sender}.r") as db:
            t.check(f"the books of {sender}", db.execute("select count(*) from sqlite_master").fetchone()[0] > 0)
    t.equal("nothing is left", ours(mailbox(box, "one")), 0)


@case
def many_at_once(t):
    """More than one search has room for, into two mailboxes of one account."""
    box = servers(t, "plain", "late", "junk")
    one = proxy(t, box["imap"])
    config = mesh(box, ["plain", "late", "junk"], {"r": receiver("imap", "one", one.port)})
    senders = config["modules"]["m"]["senders"]
    for i in range(36):
        senders[f"s{i}"] = senders[("plain", "late", "junk")[i % 3]]
    e = exporter(t, config)
    for name, result in start(e, *[f"t:s{i}:r" for i in range(36)])().items():
        junk = int(name.split(":")[1][1:]) % 3 == 2
        t.check(f"{name}: found", causes(result) == (["junked"] if junk else []), result)
    t.equal("one login", one.logins(), 1)
    t.equal("nothing is left", ours(mailbox(box, "one")), 0)


@case
def configuration(t):
    box = {"a": 1}
    good = mesh(box, ["a"], {"r": receiver("imap", "one", 1)})
    e = exporter(t, good)

    def module(**changes):
        config = mesh(box, ["a"], {"r": receiver("imap", "one", 1)})
        config["modules"]["m"].update(changes)
        config["modules"]["m"] = {k: v for k, v in config["modules"]["m"].items() if v is not None}
        return config

    sender = good["modules"]["m"]["senders"]["a"]
    for name, config, *words in (
            ("no receivers", module(receivers=None), "modules.m", "receivers"),
            ("no senders", module(senders=None), "modules.m", "senders"),
            ("senders are none", module(senders=[]), "modules.m", "senders"),
            ("nobody sends", module(senders={}), "modules.m", "senders"),
            ("nobody receives", module(receivers={}), "modules.m", "receivers"),
            ("a sender is no mapping", module(senders={"a": "smtp://x"}), "modules.m.senders.a", "no mapping"),
            ("a sender without url", module(senders={"a": {"from": "a@b"}}), "modules.m", "--submit"),
            ("a key that no sender has", module(senders={"a": {**sender, "form": "x"}}), "modules.m.senders.a.form"),
            ("rcpt of a sender", module(senders={"a": {**sender, "rcpt": "a@b"}}), "modules.m.senders.a.rcpt"),
            ("from of a receiver", module(receivers={"r": {**receiver("imap", "o", 1), "from": "a@b"}}),
             "modules.m.receivers.r.from"),
            ("submit beside them", module(submit={"url": "smtp://x"}), "modules.m.submit"),
            ("the wrong probe", module(probe="smtp"), "modules.m"),
            ("a label that is taken", mesh(box, ["a"], {"r": receiver("imap", "one", 1)},
                                           target={"labels": {"sender": "x"}}), "targets", "sender"),
            ("a target of its own", mesh(box, ["a"], {"r": receiver("imap", "one", 1)}, target={"target": "x"}),
             "targets"),
            ("the interval", mesh(box, ["a"], {"r": receiver("imap", "one", 1)}, target={"interval": "1s"}),
             "targets", "interval")):
        answer = e.reload(config)
        t.check(f"refused: {name}", answer.status == 500 and re.match(r"\S*mailprobe.yml:\d+: ", answer.text)
                and all(word in answer.text for word in words) and len(answer.text.splitlines()) == 1, answer.text)
    t.equal("the good one", e.reload(good).status, 200)
    config = mesh(box, ["a"], {"r": {**receiver("imap", "one", 1), "rcpt": "other@sandbox.test"}})
    t.equal("rcpt of a receiver", e.reload(config).status, 200)
