# SPDX-License-Identifier: BSD-2-Clause
"""What is compared: mailprobe-exporter, blackbox_exporter and the bare client, and the
configurations that make them do the same exchanges.

Both configurations are written as JSON, which is YAML. Beside a module for each exchange there are
those that must fail: with a CA that did not sign, with a name that is not in the certificate, with
a wrong password.
"""

import base64
import contextlib
import http.client
import json
import os
import re
import resource
import socket
import subprocess
import time
from dataclasses import dataclass

from measuring import WRONG_NAME, Failed
from sandbox import PASSWORD, USER

START_SECONDS = 60
SETTLE_SECONDS = 1.5
HOST = "localhost"
TIMEOUT = "5s"                  # below every interval
WAIT = "120s"                   # longer than anything here is made to wait
LIMITS = {"probes": 20000, "queue": 20000, "host_concurrency": 0, "host_rate": 0}
LOGIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
WRONG_LOGIN = base64.b64encode(f"\0{USER}\0wrong".encode()).decode()


@dataclass(frozen=True)
class Exchange:
    name: str
    title: str
    service: str                # the port of the sandbox
    tls: bool
    login: bool
    in_flight: tuple
    turns: int = 0              # of the client, at least, where nothing is said in clear


EXCHANGES = (
    Exchange("plain", "SMTP plain: banner, EHLO, QUIT", "smtp", False, False, (8, 64)),
    Exchange("starttls", "SMTP STARTTLS, verified: banner, EHLO, STARTTLS, TLS 1.3, EHLO, QUIT",
             "smtp", True, False, (8, 64)),
    Exchange("imaps", "IMAPS, verified: TLS 1.3, login, EXAMINE INBOX, LOGOUT", "imaps", True,
             True, (8, 64), 5),
    Exchange("pop3s", "POP3S, verified: TLS 1.3, login, LIST, QUIT (a maildrop takes one at a time)",
             "pop3s", True, True, (1,), 5),
)


class Process:
    """A program that runs on one CPU for as long as the `with` block does; what it says is kept."""

    def __init__(self, command, cpu, log, environment=None):
        self.command, self.cpu, self.log = command, cpu, log
        self.environment = {**os.environ, **(environment or {})}
        self.port = None

    def __enter__(self):
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment, preexec_fn=lambda: os.sched_setaffinity(0, {self.cpu}))
        self.pid = self.process.pid
        try:
            self._await_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _await_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{self.command[0]} did not start:\n{self.said()[-1000:]}")
            time.sleep(0.02)

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def cpu_seconds(self):
        return cpu_seconds(self.pid)

    def resident_kib(self):
        """All of it, and of that what is its own and no file's."""
        with open(f"/proc/{self.pid}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmRSS"].split()[0]), int(lines["RssAnon"].split()[0])

    def get(self, path, headers=(), timeout=60):
        """Status and body; not timed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")


def cpu_seconds(pid):
    """Of all threads, those that have ended too, by the scheduler's own account: see CPUCLOCK_SCHED
    and MAKE_PROCESS_CPUCLOCK in the kernel. /proc/PID/stat has hundredths of a second only."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


class Exporter(Process):
    label = "mailprobe-exporter"

    def __init__(self, program, cpu, folder, modules, targets=(), **more):
        config = os.path.join(folder, "exporter.yml")
        with open(config, "w") as out:
            for key, value in {"limits": LIMITS, "modules": modules, **more}.items():
                out.write(f"{key}: {json.dumps(value)}\n")
            out.write("targets:\n" if targets else "")
            out.writelines(f"- {json.dumps(target)}\n" for target in targets)
        super().__init__([program, f"--config.file={config}", "--web.listen-address=127.0.0.1:0"],
                         cpu, os.path.join(folder, "exporter.log"))

    def ready(self):
        found = re.search(r'msg="?listening"?.* address="?127\.0\.0\.1:(\d+)', self.said())
        self.port = int(found[1]) if found else None
        return found


class Blackbox(Process):
    label = "blackbox_exporter"

    def __init__(self, program, cpu, folder, modules):
        config = os.path.join(folder, "blackbox.yml")
        with open(config, "w") as out:
            json.dump({"modules": modules}, out)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        super().__init__([program, f"--config.file={config}",
                          f"--web.listen-address=127.0.0.1:{port}"],
                         cpu, os.path.join(folder, "blackbox.log"), {"GOMAXPROCS": "1"})
        self.port = port

    def ready(self):
        with contextlib.suppress(OSError):
            return self.get("/-/healthy")[0] == 200


def variants(exchange):
    """A module's suffix, and what is wrong in it."""
    return ["", *(["-chain", "-name"] if exchange.tls else []),
            *(["-password"] if exchange.login else [])]


def exporter_modules(folder, ca_file, other_ca):
    """By the names of the exchanges; `wait` and `wait-tls` are for servers that never answer."""
    for name, password in ("right", PASSWORD), ("wrong", "wrong"):
        with open(os.path.join(folder, name), "w", opener=private) as out:
            out.write(password + "\n")
    kinds = {"plain": ("smtp", "none", {}),
             "starttls": ("smtp", "starttls", {}),
             "imaps": ("imap", "implicit", {"imap": {"examine": "INBOX"}}),
             "pop3s": ("pop3", "implicit", {"pop3": {"list": True}})}
    modules = {}
    for exchange in EXCHANGES:
        probe, mode, own = kinds[exchange.name]
        for wrong in variants(exchange):
            module = modules[exchange.name + wrong] = {
                "probe": probe, "timeout": TIMEOUT, "use_ipv4": True,
                "tls": {"mode": mode}, **own}
            if exchange.tls:
                module["tls"]["ca_file"] = other_ca if wrong == "-chain" else ca_file
            if wrong == "-name":
                module["tls"]["server_name"] = WRONG_NAME
            if exchange.login:
                password = "wrong" if wrong == "-password" else "right"
                module["auth"] = {"user": USER, "mechanisms": "PLAIN",
                                  "password_file": os.path.join(folder, password)}
                module["allowed_targets"] = [HOST, "127.0.0.0/8", "::1"]
    modules["wait"] = {**modules["plain"], "timeout": WAIT}
    modules["wait-tls"] = {**modules["imaps"], "timeout": WAIT}
    return modules


def private(path, flags):
    return os.open(path, flags, 0o600)


def blackbox_modules(ca_file, other_ca):
    """The nearest thing: expect matches line by line, and what a line says beyond is not read."""
    def ask(*pairs):
        for send, expect in pairs:
            if send:
                yield {"send": send + "\r"}        # it ends lines with LF alone
            yield {"expect": expect}

    def steps(name, login):
        ehlo, bye = ("EHLO bench.test", "^250 "), ("QUIT", "^221 ")
        return list({
            "plain": lambda: ask((None, "^220 "), ehlo, bye),
            "starttls": lambda: [*ask((None, "^220 "), ehlo, ("STARTTLS", "^220 ")),
                                 {"starttls": True}, *ask(ehlo, bye)],
            "imaps": lambda: ask((None, r"^\* OK"),
                                 (f"a1 AUTHENTICATE PLAIN {login}", "^a1 OK"),
                                 ("a2 EXAMINE INBOX", "^a2 OK"), ("a3 LOGOUT", "^a3 OK")),
            "pop3s": lambda: ask((None, r"^\+OK"), (f"AUTH PLAIN {login}", r"^\+OK"),
                                 ("LIST", r"^\.$"), ("QUIT", r"^\+OK")),
        }[name]())

    modules = {}
    for exchange in EXCHANGES:
        for wrong in variants(exchange):
            tcp = {"preferred_ip_protocol": "ip4", "query_response": steps(
                exchange.name, WRONG_LOGIN if wrong == "-password" else LOGIN)}
            if exchange.tls:
                tcp["tls"] = exchange.name != "starttls"
                tcp["tls_config"] = {"ca_file": other_ca if wrong == "-chain" else ca_file}
            if wrong == "-name":
                tcp["tls_config"]["server_name"] = WRONG_NAME
            modules[exchange.name + wrong] = {"prober": "tcp", "timeout": TIMEOUT, "tcp": tcp}
    modules["wait"] = {**modules["plain"], "timeout": WAIT}
    modules["wait-tls"] = {**modules["imaps"], "timeout": WAIT}
    return modules


def probe_path(port, module):
    return f"/probe?target={HOST}:{port}&module={module}"


def at_most_in_flight(wanted):
    """A probe that waits has two descriptors, its own and that of its request."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    fits = (limit - 200) // 2 // 100 * 100
    return min(wanted, fits)
