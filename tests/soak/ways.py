# SPDX-License-Identifier: BSD-2-Clause
"""How a round trip of the soak is made: with books and waiting, deferred, without books, by POP3.

Each way has an instance of its own, by its books or by the key, and its own sender: so the
server's spool can be told apart without reading our tokens.
"""

import collections
import json
import os
import random
import re
import sqlite3
import subprocess
import time
from urllib.parse import quote

from sandbox import PASSWORD

TIMEOUT = 6
LOST_AFTER = 5
NOBODY = "nobody@sandbox.test"      # is accepted, and in no mailbox that anybody looks into
OWN_STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
ROUTES = ("submission",) * 5 + ("late", "twice", "junk")

Counts = collections.namedtuple("Counts", "sent received lost in_flight late copies")


class Books:
    """A ledger, read by SQLite and nothing of ours."""

    def __init__(self, name, path):
        self.name, self.path = name, path

    def _ask(self, query):
        books = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)
        try:
            return books.execute(query).fetchone()
        finally:
            books.close()

    def read(self):
        """None while there are none yet."""
        try:
            return Counts(*self._ask(
                "SELECT sent, received, lost, (SELECT count(*) FROM messages"
                " WHERE state IN (1, 2)), late, copies FROM books"))
        except (sqlite3.OperationalError, TypeError):
            if os.path.exists(self.path) and os.path.getsize(self.path):
                raise
            return None

    def instance(self):
        return b"mp1-%016x-" % (self._ask("SELECT instance FROM books")[0] % 2**64)

    def sound(self):
        return self._ask("PRAGMA integrity_check")[0]


class Way:
    def __init__(self, name, words, allowed=(), environment=None):
        self.name, self.words, self.allowed = name, words, frozenset(allowed)
        self.environment = environment

    def start(self):
        return subprocess.Popen(self.words, env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self):
        child = self.start()
        output, _ = child.communicate()
        return child.returncode, output

    def judge(self, status, output):
        """Its exit status and the causes that it found."""
        try:
            return status, {finding["cause"] for finding in json.loads(output)["findings"]}
        except ValueError:
            return status, {"no JSON"}


class Ways:
    def __init__(self, build, sandbox, users):
        self.sandbox, self.users = sandbox, users
        self.program = os.path.join(build, "bin/check_mail_roundtrip")
        for name, text in ("key", os.urandom(32)), ("password", PASSWORD.encode()):
            with open(sandbox.path(name), "wb",
                      opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(text)
        self.books = {name: Books(name, sandbox.path(name + ".books"))
                      for name in ("waits", "deferred", "pop3")}
        self.last = time.time()

    def way(self, name, route="submission", lost=False, allowed=()):
        protocol = "pop3" if name == "pop3" else "imap"
        user, box = self.users[protocol], self.sandbox
        words = [self.program, "-o", "json", "-t", str(TIMEOUT), f"--key-file={box.path('key')}",
                 f"--submit=submission://{quote(user)}@localhost:{box.ports[route]}",
                 f"--fetch={protocol}s://{quote(user)}@localhost:{box.ports[protocol + 's']}",
                 f"--from={name}@sandbox.test", f"--rcpt={NOBODY if lost else user}"]
        for side in "submit", "fetch":
            words += [f"--{side}-password-file={box.path('password')}",
                      f"--{side}-ca-path={box.ca_path}", f"--{side}-address=127.0.0.1"]
        if name in self.books:
            words += [f"--state-file={self.books[name].path}"]
        if name == "deferred":
            words += ["--deferred", f"--lost-after={LOST_AFTER}"]
        return Way(name, words, allowed)

    def random(self, names):
        name = random.choice(names)
        route = random.choice(ROUTES[:-1] if name == "pop3" else ROUTES)
        allowed = {"duplicated"}
        if name == "deferred":      # it speaks of what the runs before it have sent
            allowed |= {"junked", "not_delivered"}
            return self.way(name, route, random.random() < 0.05, allowed)
        if route == "junk":
            allowed.add("junked")
        if name == "pop3":          # a killed session may hold the maildrop for a moment
            allowed.add("tempfail")
        return self.way(name, route, False, allowed)

    def genuine(self, name):
        """A message that was sent, received and removed, and whose run is over."""
        way = self.way(name)
        way.words[way.words.index("-t") + 1] = "1"
        status, output = way.run()
        if status != 0:
            raise RuntimeError(f"the first trip failed: {output}")
        folder = os.path.join(self.sandbox.path("mail"), self.users["pop3" if name == "pop3"
                                                                     else "imap"])
        (file,) = os.listdir(folder)
        with open(os.path.join(folder, file), "rb") as text:
            text = text.read()
        token = re.search(rb"X-Mailprobe-Token: (\S+)", text)[1].split(b"-")
        time.sleep(max(0, int(token[4], 16) + 1 - time.time()))
        return text

    def settling(self, name):
        """Deferred, a run that can send nothing: what it would send would be there again."""
        return self.way(name, "refusing" if name == "deferred" else "submission")

    def wait_until_over(self):
        """Until the time of every message that was sent by now is over."""
        time.sleep(max(TIMEOUT, LOST_AFTER) + 2)

    def prefix(self, name):
        return (self.books[name].instance() if name in self.books
                else f"From: {name}@sandbox.test".encode())

    def spooled(self, folder):
        """By way, the tokens of the messages that the server took for a mailbox of ours."""
        found = collections.defaultdict(set)
        for user in self.users.values():
            for name in os.listdir(os.path.join(folder, user)):
                with open(os.path.join(folder, user, name), "rb") as text:
                    header = text.read().partition(b"\r\n\r\n")[0]
                sender = re.search(rb"^Return-Path: <(\w+)@", header, re.M)
                token = re.search(rb"^X-Mailprobe-Token: (\S+)", header, re.M)
                if sender and token and sender[1] != b"elsewhere":
                    found[sender[1].decode()].add(token[1])
        return found
