# SPDX-License-Identifier: BSD-2-Clause
"""Runs one candidate: timed, watched, or counted.

The timing itself is done by the small C program beside this file, for the reason given there. Every
run is judged by its exit status.
"""

import dataclasses
import os
import re
import shutil
import subprocess
from typing import NamedTuple, Optional

from witness import Witness, missing, missing_under_tls

LIMIT_SECONDS = 20
WRONG = ("chain", "name", "password", "reply")
WRONG_NAME = "wrong.example"


class Failed(Exception):
    """A candidate could not run, or did not do what it was asked for."""


class Sample(NamedTuple):
    cpu_ms: float
    wall_ms: float
    peak_mib: float


class Counts(NamedTuple):
    objects: int
    calls: Optional[int]


def split_cpus():
    """One CPU for the server and one for what is measured, and a sentence on it."""
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        return None, -1, "one CPU only: server and clients share it, wall times include both"
    return cpus[0], cpus[-1], f"server on CPU {cpus[0]}, clients on CPU {cpus[-1]}"


class Bench:
    """One scenario at one target; `folder` is for the candidates' files."""

    def __init__(self, build, folder, scenario, target, cpu, locale):
        self.build = build
        self.folder = folder
        self.scenario = scenario
        self.target = target
        self.cpu = cpu
        self.locale = locale
        self.untrusting = self.path("no-ca")
        os.makedirs(self.untrusting, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", opener=lambda p, f: os.open(p, f, 0o600)) as out:
            out.write(text)
        return self.path(name)

    def command(self, candidate, target=None):
        return [os.path.join(self.build, candidate.program),
                *candidate.arguments(self.scenario.exchange, target or self.target)]

    def environment(self, target=None, **more):
        return {"PATH": "/usr/bin:/bin", "LANG": self.locale, "HOME": self.folder,
                "BENCH_PASSWORD": (target or self.target).password, **more}

    def sample(self, candidate):
        command = [os.path.join(self.build, "bench/measure"), str(self.cpu), str(LIMIT_SECONDS),
                   *self.command(candidate)]
        source, sink = os.pipe()
        said, says = os.pipe()      # as a monitoring system reads it: a file charges its blocks
        pid = os.posix_spawn(command[0], command, self.environment(), file_actions=[
            (os.POSIX_SPAWN_DUP2, sink, 3),
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, says, 1),
            (os.POSIX_SPAWN_DUP2, says, 2)])
        os.close(sink)
        os.close(says)
        with open(said, errors="replace") as text, open(source) as answer:
            output, fields = text.read(), answer.read().split()
        os.waitpid(pid, 0)
        if len(fields) != 4 or fields[0] != "0":
            self._fail(candidate, fields[0] if fields else "?", output)
        _, wall, cpu, peak = map(int, fields)
        return Sample(cpu / 1e3, wall / 1e6, peak / 1024)

    def watch(self, candidate):
        """Sees the exchange done once, and tells what the candidate refuses: 'chain, name' if it
        lets neither an unknown CA nor a wrong name pass."""
        with Witness(self.target.port) as seen:
            done = self._run(candidate, port=seen.port)
        if done.returncode:
            self._fail(candidate, done.returncode, done.stdout)
        lacks = self._lacks(candidate, seen)
        if lacks:
            self._fail(candidate, 0, f"{lacks}\n{done.stdout}")
        refuses = self._refuses(candidate)
        must = candidate.proves if candidate.package else WRONG
        taken = [what for what, refused in refuses.items() if what in must and not refused]
        if taken:
            self._fail(candidate, 0, f"takes a wrong {', '.join(taken)}")
        refused = ", ".join(what for what in refuses if refuses[what])
        return refused or ("nothing" if refuses else "")

    def _lacks(self, candidate, seen):
        if not self.scenario.implicit:
            return missing(seen, self.scenario.tls)
        # The ClientHello, Finished, login, command and goodbye; who awaits no answer has fewer.
        return missing_under_tls(seen, 5 if "reply" in candidate.proves else 3)

    def _refuses(self, candidate):
        """For each that can be tried here, whether the candidate failed at it, as it should."""
        tried = {}
        if self.scenario.tls:
            tried["chain"] = {"ca_path": self.untrusting, "ca_file": "/dev/null"}
            tried["name"] = {"name": WRONG_NAME}
        if self.scenario.login:
            tried["password"] = {"password": "wrong"}
        if self.target.refusing:
            tried["reply"] = {"port": self.target.refusing}
        return {what: self._run(candidate, **change).returncode != 0
                for what, change in tried.items()}

    def count(self, candidate, trace):
        """Shared objects initialised in the process, by dlopen too, and system calls made. The
        dynamic linker itself is not counted: it reports no initialisation of its own."""
        prefix = self.path("objects")
        self._run(candidate, environment={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": prefix})
        objects = set()
        for name in os.listdir(self.folder):
            if name.startswith("objects."):
                path = self.path(name)
                with open(path, errors="replace") as text:
                    objects |= set(re.findall(r"calling init: (\S+)", text.read()))
                os.unlink(path)
        objects = {path for path in objects if not os.path.basename(path).startswith("ld-linux")}
        return Counts(len(objects), self._calls(candidate) if trace else None)

    def _calls(self, candidate):
        if not shutil.which("strace"):
            return None
        output = self.path("strace")
        self._run(candidate, before=["strace", "-f", "-c", "-o", output])
        try:
            with open(output) as text:
                total = re.search(r"^100\.00 +\S+ +\S+ +(\d+) .*total$", text.read(), re.M)
        except FileNotFoundError:
            return None
        return int(total[1]) if total else None

    def _run(self, candidate, before=(), environment=None, **change):
        """Not timed; of the target only what is given differs."""
        if "password" in change:
            change["password_file"] = self.write("wrong-password", change["password"] + "\n")
        target = dataclasses.replace(self.target, **change)
        command = [*before, *self.command(candidate, target)]
        try:
            return subprocess.run(
                command, env=self.environment(target, **environment or {}), timeout=LIMIT_SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace")
        except subprocess.TimeoutExpired:
            self._fail(candidate, "none", f"not done after {LIMIT_SECONDS} s")

    def _fail(self, candidate, status, text):
        raise Failed(f"{candidate.label}, {self.scenario.name}: exit status {status}: "
                     f"{text.strip()[-600:]}")
