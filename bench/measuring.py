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

from witness import Witness, missing

LIMIT_SECONDS = 20
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
    def __init__(self, build, sandbox, target, cpu, locale):
        self.build = build
        self.sandbox = sandbox
        self.target = target
        self.cpu = cpu
        self.locale = locale
        self.untrusting = sandbox.path("no-ca")
        os.mkdir(self.untrusting)

    def command(self, candidate, scenario, target=None):
        return [os.path.join(self.build, candidate.program),
                *candidate.arguments(scenario, target or self.target)]

    def environment(self, target=None, **more):
        return {"PATH": "/usr/bin:/bin", "LANG": self.locale, "HOME": self.sandbox.directory,
                "FLOOR_PASSWORD": (target or self.target).password, **more}

    def sample(self, candidate, scenario):
        command = [os.path.join(self.build, "bench/measure"), str(self.cpu), str(LIMIT_SECONDS),
                   *self.command(candidate, scenario)]
        source, sink = os.pipe()
        said, says = os.pipe()      # as a monitoring system reads it: a file would charge its blocks
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
            self._fail(candidate, scenario, fields[0] if fields else "?", output)
        _, wall, cpu, peak = map(int, fields)
        return Sample(cpu / 1e3, wall / 1e6, peak / 1024)

    def watch(self, candidate, scenario):
        """Sees the exchange done once, and what the candidate refuses: 'chain, name' if it lets
        neither an unknown CA nor a wrong name pass."""
        with Witness(self.target.port) as seen:
            done = self._run(candidate, scenario, port=seen.port)
        if done.returncode:
            self._fail(candidate, scenario, done.returncode, done.stdout)
        lacks = missing(seen, scenario != "plain")
        if lacks:
            self._fail(candidate, scenario, 0, f"{lacks}\n{done.stdout}")
        if scenario == "auth" and not self._run(candidate, scenario, password="wrong").returncode:
            self._fail(candidate, scenario, 0, "success with a wrong password")
        if scenario == "plain":
            return ""
        refused = self._refuses(candidate, scenario)
        if not candidate.package and refused != "chain, name":
            self._fail(candidate, scenario, 0, f"refuses a wrong {refused}, wanted chain, name")
        return refused

    def _refuses(self, candidate, scenario):
        changed = {"chain": {"ca_path": self.untrusting, "ca_file": "/dev/null"},
                   "name": {"name": WRONG_NAME}}
        return ", ".join(what for what, change in changed.items()
                         if self._run(candidate, scenario, **change).returncode) or "nothing"

    def count(self, candidate, scenario, trace):
        """Shared objects initialised in the process, by dlopen too, and system calls made. The
        dynamic linker itself is not counted: it reports no initialisation of its own."""
        prefix = self.sandbox.path("objects")
        self._run(candidate, scenario, LD_DEBUG="files", LD_DEBUG_OUTPUT=prefix)
        objects = set()
        for name in os.listdir(self.sandbox.directory):
            if name.startswith("objects."):
                path = self.sandbox.path(name)
                with open(path, errors="replace") as text:
                    objects |= set(re.findall(r"calling init: (\S+)", text.read()))
                os.unlink(path)
        objects = {path for path in objects if not os.path.basename(path).startswith("ld-linux")}
        return Counts(len(objects), self._calls(candidate, scenario) if trace else None)

    def _calls(self, candidate, scenario):
        if not shutil.which("strace"):
            return None
        output = self.sandbox.path("strace")
        self._run(candidate, scenario, before=["strace", "-f", "-c", "-o", output])
        try:
            with open(output) as text:
                total = re.search(r"^100\.00 +\S+ +\S+ +(\d+) .*total$", text.read(), re.M)
        except FileNotFoundError:
            return None
        return int(total[1]) if total else None

    def _run(self, candidate, scenario, before=(), port=None, password=None, name=None,
             ca_path=None, ca_file=None, **environment):
        """Not timed; of the target only what is given differs."""
        change = {"port": port, "password": password, "name": name, "ca_path": ca_path,
                  "ca_file": ca_file}
        if password:
            change["password_file"] = self.sandbox.write("wrong-password", password + "\n")
        target = dataclasses.replace(
            self.target, **{key: value for key, value in change.items() if value})
        command = [*before, *self.command(candidate, scenario, target)]
        try:
            return subprocess.run(
                command, env=self.environment(target, **environment), timeout=LIMIT_SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True, errors="replace")
        except subprocess.TimeoutExpired:
            self._fail(candidate, scenario, "none", f"not done after {LIMIT_SECONDS} s")

    def _fail(self, candidate, scenario, status, text):
        raise Failed(f"{candidate.label}, {scenario}: exit status {status}: {text.strip()[-600:]}")
