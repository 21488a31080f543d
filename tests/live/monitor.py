# SPDX-License-Identifier: BSD-2-Clause
"""What the monitoring systems of the live tests have in common.

A Monitor is started as the servers are, by chroot in a copy of its own root, and reads the command
definitions that we ship. In the same root runs a sandbox mail server for each service: the port
tells which service a command line was built for, and no mailbox is another's, which POP3 would
find locked. The plugins are where the system looks for them: scripts that keep the words they were
given and then become the check.
"""

import os
import re
import subprocess
import time
from dataclasses import dataclass, field

from check import Mismatch, want
from server import START_SECONDS, Failed, Server, wait_for

OURS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../plugins")
PROBES = "smtp", "imap", "pop3"

HOST = "mx.sandbox.test"
ACCOUNT = "probe@sandbox.test"
SECRET = "correct-horse"
PLUGINS = "/usr/lib/nagios/plugins"
SANDBOX = "/var/sandbox/{name}"
CA = SANDBOX + "/ca.pem"
PASSWORD_FILE = "/etc/mail/password"
WRONG_FILE = "/etc/mail/wrong"
# Twice the deadline of a check, and what a system takes to get up and to write down a result.
RESULT_SECONDS = 20

WORDS = "/var/spool/words"
RECORDER = """\
#!/bin/sh
printf '%s\\n' "$@" >{words}/$$
exec {check} "$@"
"""

VALUE = re.compile(r"([a-z][a-z0-9_]*(?:\[[^]=' ]+\])?)="
                   r"((?:U|-?\d+(?:\.\d+)?)(?:s|B|%)?)((?:;[^;]*){0,4})")


@dataclass(frozen=True)
class Result:
    """What a monitoring system kept of one check."""

    state: str
    output: str
    performance: str

    def __str__(self):
        return f"{self.state}: {self.output}\nperformance data: {self.performance}"


@dataclass(frozen=True)
class Service:
    """A service to define: what it is given, and what must come of it.

    In what it is given and in its words {port} stands for its listener's, {name} for its own.
    """

    name: str
    listener: str           # of the sandbox, without port
    given: object           # in the form of its system
    words: tuple            # of the command line
    output: str             # regular expression of the text; Icinga leaves the blank before the |
    state: str = "OK"
    time: tuple = ("", "", "0", "10")   # thresholds and limits of the total; None: no data at all
    labels: tuple = ()      # some that must be in the performance data
    values: dict = field(default_factory=dict)  # the same, with a regular expression of the value

    @property
    def probe(self):
        """The check that it needs, without check_mail_."""
        protocol = self.listener.partition(",")[0].removesuffix("s")
        return protocol if protocol in PROBES else "smtp"


class Monitor(Server):
    table = ()              # its services
    watched = ()            # servers of the live tests that it needs beside the sandbox
    daemon_user = "nagios"

    def __init__(self, live, temp, programs):
        super().__init__(live, temp, None)
        self.programs = programs

    def certify(self):
        """The certificates are the sandbox's."""

    def queue(self):
        return []

    def start(self):
        super().start()
        self.deadline = time.monotonic() + RESULT_SECONDS

    def await_result(self, name):
        """The Result of a service; all of them have one deadline, and none comes from the dead."""
        return wait_for(f"result of {name}", max(0, round(self.deadline - time.monotonic(), 1)),
                        lambda: self.result(name) or self._alive())

    def _alive(self):
        for process in self.processes:
            if process.poll() is not None:
                raise Failed(f"{process.args[2]} ended with {process.returncode}")

    def configure(self):
        for probe in PROBES:
            check = " ".join(self._program("check_mail_" + probe))
            self.write(f"{PLUGINS}/check_mail_{probe}",
                       RECORDER.format(words=WORDS, check=check), mode=0o755)
        self.folder(WORDS, self.daemon_user)
        self.write(PASSWORD_FILE, SECRET + "\n", self.daemon_user, 0o600)
        self.write(WRONG_FILE, "not " + SECRET + "\n", self.daemon_user, 0o600)
        sandbox = self._program("mailprobe-sandbox")
        for one in self.table:
            protocol, comma, rest = one.listener.partition(",")
            state = SANDBOX.format(name=one.name)
            self.folder(state)
            self._spawn([*sandbox, f"--state-dir={state}", f"--listen={protocol}:0{comma}{rest}"])
        self.ports = {one.name: self._port(SANDBOX.format(name=one.name)) for one in self.table}

    def _port(self, state):
        """Where the sandbox listens that keeps its state there."""
        ready = self.path(state + "/ready")
        wait_for("sandbox", START_SECONDS, lambda: os.path.exists(ready) or self._alive())
        with open(ready, encoding="ascii") as file:
            return int(file.read().split()[-1])

    def _program(self, name):
        """Takes a program of ours into the root with the libraries it was linked with, which need
        not be those of the root; returns how to call it there."""
        source = os.path.join(self.programs, name)
        self.copy(source, "/ours/" + name, mode=0o755)
        linked = subprocess.run(["ldd", source], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, check=False).stdout
        libraries = re.findall(r"(/\S+) \(0x", linked)
        for library in libraries:
            self.copy(library, "/ours/lib/" + os.path.basename(library), mode=0o755)
        loader = [f"/ours/lib/{os.path.basename(one)}" for one in libraries if "/ld-" in one]
        return [*loader, *(["--library-path", "/ours/lib"] if loader else []), "/ours/" + name]

    def fill(self, service, text):
        """A text of the service's, with what is known of it by now."""
        return text.replace("{name}", service.name).replace(
            "{port}", str(self.ports[service.name]))

    def result(self, name):
        """The Result of a service, or None while there is none."""
        raise NotImplementedError

    def words(self, port):
        """The different command lines that named this port."""
        folder = self.path(WORDS)
        lines = []
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                line = file.read().split("\n")[:-1]
            line = self.arranged(line)
            if str(port) in line and line not in lines:
                lines.append(line)
        return lines

    @staticmethod
    def arranged(words):
        """A command line in an order that two can be compared in."""
        return words


class Watch:
    """A monitoring system, as its cases see it."""

    def __init__(self, server):
        self.server = server

    def begin(self):
        pass

    def settle(self):
        """Nothing comes after a result."""

    def end(self, excuse):
        del excuse
        complaints = self.server.complaint.findall(self.server.log())
        want("complaints in the log", complaints, [])

    def evidence(self):
        return self.server.tail()


def judge(service):
    """The function of the case that looks at one service."""
    def run(watch):
        server = watch.server
        result = server.await_result(service.name)
        wanted = [server.fill(service, word) for word in service.words]
        want("command lines", server.words(server.ports[service.name]),
             [server.arranged(wanted)])
        if result.state != service.state or not re.fullmatch(service.output + " ?", result.output):
            raise Mismatch(f"wanted {service.state}: {service.output}\ngot {result}")
        want("password in the result", SECRET in str(result), False)
        if service.time:
            _performance(result, service)
        else:
            want("performance data", result.performance, "")
    return run


def _performance(result, service):
    """Every word must be a value, the total the first of them."""
    values = [VALUE.fullmatch(word) for word in result.performance.split()]
    if not values or None in values:
        raise Mismatch(f"not performance data alone\n{result}")
    labels = [value[1] for value in values]
    want("first label", labels[0], "time")
    want("limits of the total", tuple(values[0][3][1:].split(";")), service.time)
    want("missing labels", [label for label in service.labels if label not in labels], [])
    told = {value[1]: value[2] + value[3] for value in values}
    for label, wanted in service.values.items():
        if not re.fullmatch(wanted, told.get(label, "")):
            raise Mismatch(f"wanted {label}={wanted}\ngot {result}")
    want("labels given twice", len(set(labels)), len(labels))


def checked(server, *command):
    """Runs a system's own check of its configuration; returns what it said."""
    try:
        return server.run(*command)
    except Failed as problem:
        raise Mismatch(str(problem)) from None
