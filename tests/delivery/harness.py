# SPDX-License-Identifier: BSD-2-Clause
"""What the cases share: a sandbox, round trips through it, a reader of its mailboxes, and verdicts.

A case is a function with @case that gets a Case; each `t.check(name, good, got)` prints a line. What a case starts is
ended, by process id, when it is over.
"""

import contextlib
import imaplib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import traceback

USER, PASSWORD, TOKEN = "probe@sandbox.test", "correct-horse", "sandbox-token"
KEY = "a key of more than sixteen bytes\n"
cases = []
printing = threading.Lock()


class Options:
    bin = pathlib.Path("build/bin")
    sandbox = bin / "mailprobe-sandbox"
    san = False
    factor = 1          # by which bounds of time are wider


def case(function):
    cases.append(function)
    return function


def alone(function):
    """For a case whose measurements others would spoil: it runs when they are through."""
    function.alone = True
    return case(function)


class Stop(Exception):
    """A case cannot go on."""


def wait_for(condition, seconds=15, what=None, step=0.01):
    """What `condition` returns, once that is true; Stop when it never is."""
    limit = time.monotonic() + seconds * Options.factor
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > limit:
            raise Stop(f"waited {seconds * Options.factor} s in vain for {what or condition}")
        time.sleep(step)


class Run:
    """How a round trip ended."""

    def __init__(self, words, done, seconds):
        self.words, self.status, self.seconds = words, done.returncode, seconds
        self.out, self.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        if "Sanitizer" in self.err or "runtime error" in self.err:
            raise Stop(f"{' '.join(words)}\n{self.err}")
        self.json = json.loads(self.out) if self.out.startswith("{") else {}
        if self.json and self.json["code"] != self.status:
            raise Stop(f"exit status {self.status}: {self.out}")

    @property
    def verdict(self):
        return self.json["state"], self.json["phase"], self.json["cause"]

    @property
    def facts(self):
        return self.json["facts"]

    @property
    def books(self):
        return tuple(self.facts.get(name) for name in ("sent", "received", "lost", "in_flight"))

    def finding(self, cause):
        return next((f for f in self.json["findings"] if f["cause"] == cause), {})

    def phase(self, name):
        return next((p for p in self.json["phases"] if p["name"] == name), None)

    def __repr__(self):
        return (f"{' '.join(self.words)}\nexit status {self.status}, {self.seconds:.2f} s\n{self.out}\n"
                f"{self.err[-6000:]}")


class Mailbox:
    """Reads and fills a mailbox of the sandbox, without TLS and without the prober's code."""

    def __init__(self, port, name="INBOX", user=USER):
        self.imap = imaplib.IMAP4("127.0.0.1", port)
        self.imap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.imap.login(user, PASSWORD)
        self.name = name
        self.imap.select(name)

    def messages(self):
        """{UID: (flags, the bytes)}; \\Recent is the session's own."""
        self.imap.select(self.name)     # anew: what came meanwhile is in it
        status, answer = self.imap.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
        if status != "OK":
            raise Stop(f"{status} {answer}")
        found = {}
        for part, rest in zip(answer, answer[1:]):
            if isinstance(part, tuple):
                words = part[0] + (rest if isinstance(rest, bytes) else b"")
                uid = int(re.search(rb"UID (\d+)", words)[1])
                flags = re.search(rb"FLAGS \(([^)]*)\)", words)[1].split()
                found[uid] = frozenset(flags) - {b"\\Recent"}, part[1]
        return found

    def append(self, text, flags=""):
        status, answer = self.imap.append(self.name, f"({flags})" if flags else None, None, text)
        if status != "OK":
            raise Stop(f"{status} {answer}")

    def flag(self, uid, flags="\\Deleted"):
        self.imap.uid("STORE", str(uid), "+FLAGS", f"({flags})")

    def ours(self):
        return {uid: m for uid, m in self.messages().items() if b"X-Mailprobe-Token" in m[1]}

    def stop(self):
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self.imap.logout()


def gaps(run):
    """What is wrong with the sum of the phases: each begins where the one before ended, `time` ends with the last but
    the goodbyes. What could not be done stands there without a length."""
    wrong, end, total = [], 0, 0
    for phase in run.json["phases"]:
        if phase["duration_seconds"] == 0:
            continue
        if abs(phase["start_seconds"] - end) > 0.00001:
            wrong.append(f"{phase['name']} begins at {phase['start_seconds']}, not at {end}")
        end = phase["start_seconds"] + phase["duration_seconds"]
        if phase["name"] not in ("submit_quit", "fetch_quit", "fetch_logout"):
            total += phase["duration_seconds"]
    if abs(total - run.json["duration_seconds"]) > 0.001:
        wrong.append(f"the phases take {total}, the whole {run.json['duration_seconds']}")
    return wrong


class Sandbox:
    """The sandbox mail server: listeners by label. One for reading is always there."""

    def __init__(self, *listeners, options=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="delivery-"))
        self.state = self.folder / "state"
        self.process = subprocess.Popen(
            [str(Options.sandbox), f"--state-dir={self.state}", "--exit-after=900", "--with-parent", "--listen=imap:0,name=reader",
             *[f"--listen={text}" for text in listeners], *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        ready = self.state / "ready"
        wait_for(lambda: ready.exists() or self.process.poll() is not None, 20, "the sandbox")
        if not ready.exists():
            raise Stop(f"sandbox: {self.process.stderr.read()!r}")
        lines = [line.split() for line in ready.read_text().splitlines()]
        self.ports = {words[0]: int(words[3]) for words in lines}
        self.protocols = {words[0]: words[1] for words in lines}
        self.ca = str(self.state / "ca.pem")
        self.password = self.write("pass", PASSWORD + "\n")
        self.key = self.write("key", KEY)
        self.opened = []

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def path(self, name):
        return str(self.folder / name)

    def url(self, label, user=USER, path=""):
        if "://" in label:
            return label
        scheme = self.protocols[label]
        user = f"{user}@" if user else ""
        return f"{scheme}://{user}localhost:{self.ports[label]}{path}"

    def words(self, *more, submit="submission", fetch="imaps", path="", out="json", submit_user=USER, user=USER):
        """The command. `submit` and `fetch` are labels or URLs; mail comes from the user who fetches it."""
        protocol = self.protocols.get(submit, submit.split(":")[0])
        logs_in = protocol in ("submission", "submissions") and submit_user
        return [str(Options.bin / "check_mail_roundtrip"), f"--submit={self.url(submit, submit_user if logs_in else None)}",
                f"--fetch={self.url(fetch, user, path)}", f"--submit-ca-file={self.ca}", f"--fetch-ca-file={self.ca}",
                *([f"--submit-password-file={self.password}"] if logs_in else [f"--from={user}"]),
                f"--fetch-password-file={self.password}", f"--output={out}", *more]

    def run(self, *more, env=None, prefix=(), **which):
        words = [*prefix, *self.words(*more, **which)]
        begun = time.monotonic()
        done = subprocess.run(words, capture_output=True, timeout=60 * Options.factor, cwd=self.folder,
                              env={**os.environ, "LC_ALL": "C", **(env or {})})
        return Run(words, done, time.monotonic() - begun)

    def mailbox(self, name="INBOX", user=USER):
        box = Mailbox(self.ports["reader"], name, user)
        self.opened.append(box)
        return box

    def stop(self):
        for box in self.opened:
            box.stop()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Case:
    def __init__(self, function):
        self.function, self.failed, self.started, self.seconds = function, 0, [], 0

    def check(self, name, good, got=None):
        self.failed += not good
        lines = [f"{'ok' if good else 'not ok'} delivery: {self.function.__name__.replace('_', ' ')}: {name}"]
        if not good and got is not None:
            lines += [f"#   {line}" for line in str(got)[:9000].splitlines()[:90]]
        with printing:      # at once: a process in a network of its own writes to the same place
            print("\n".join(lines) + "\n", end="", flush=True)
        return good

    def equal(self, name, got, wanted, more=""):
        return self.check(name, got == wanted, f"got {got!r}\nwanted {wanted!r}\n{more}")

    def sandbox(self, *listeners, **more):
        box = Sandbox(*listeners, **more)
        self.started.append(box)
        return box

    def run(self):
        begun = time.monotonic()
        try:
            self.function(self)
        except Exception:
            self.check("comes to its end", False, traceback.format_exc(limit=-4))
        for thing in reversed(self.started):
            thing.stop()
        self.seconds = time.monotonic() - begun
        return self
