# SPDX-License-Identifier: BSD-2-Clause
"""Resident memory: idle, and with N probes waiting for a server that accepts and says nothing.

How many wait is counted at the server, by its descriptors. A probe asked for by /probe takes two
descriptors of the exporter; where that is more than the limit allows, fewer are asked for and the
table says how many. Those that the schedule starts take one.
"""

import contextlib
import functools
import os
import subprocess
import time
from typing import NamedTuple

from exporter_load import spoken
from exporter_subjects import (HOST, LOGIN, SETTLE_SECONDS, Blackbox, Exporter, at_most_in_flight,
                               probe_path)
from measuring import Failed

ARRIVE_SECONDS = 45
SPREAD_SECONDS = 60             # the interval, over which the schedule spreads first runs


class Resident(NamedTuple):
    """KiB, of that what belongs to no file, and how many probes were waiting then."""
    label: str
    state: str
    waiting: int
    total: int
    own: int


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def settled(process, label, state, waiting):
    time.sleep(SETTLE_SECONDS)
    return Resident(label, state, waiting, *process.resident_kib())


def arrive(server, base, wanted, seconds):
    """Waits until so many are connected to the server, or no more come, and returns how many are."""
    deadline = time.monotonic() + seconds
    while (now := descriptors(server) - base) < wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    return now


def leave(server, base):
    deadline = time.monotonic() + ARRIVE_SECONDS
    while descriptors(server) > base + 8:
        if time.monotonic() > deadline:
            raise Failed("connections to the silent server do not end")
        time.sleep(0.1)


def waiting(bench, start, wanted, tls):
    """So many requests for /probe are out at a fresh process, and none is answered."""
    count = at_most_in_flight(wanted)
    service, module = ("silent-tls", "wait-tls") if tls else ("silent", "wait")
    server = bench.waiting.process.pid
    base = descriptors(server)
    with start() as process:
        load = subprocess.Popen(
            [bench.program("load"), "127.0.0.1", str(process.port),
             probe_path(bench.waiting.ports[service], module), str(count), "600", "bare"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            arrived = arrive(server, base, count, ARRIVE_SECONDS)
            found = settled(process, process.label, "TLS" if tls else "plain", arrived)
            if load.poll() is not None or arrived < count * 0.99:
                raise Failed(f"{process.label}: {arrived} of {count} probes wait\n"
                             f"{process.said()[-500:]}")
        finally:
            load.kill()
            load.wait()
    leave(server, base)
    return found


def scheduled(bench, modules, count):
    """Targets of the schedule instead: within one interval all of them wait."""
    server = bench.waiting.process.pid
    base = descriptors(server)
    target = f"{HOST}:{bench.waiting.ports['silent']}"
    targets = [{"name": f"t{i}", "target": target, "module": "wait", "interval": WAIT_INTERVAL}
               for i in range(count)]
    modules = {**modules, "wait": {**modules["wait"], "timeout": WAIT_INTERVAL}}
    with Exporter(bench.exporter, bench.cpu, bench.folder, modules, targets) as process:
        most = Resident(process.label, "plain, scheduled", 0, 0, 0)
        deadline = time.monotonic() + SPREAD_SECONDS + 15
        while most.waiting < count and time.monotonic() < deadline:
            time.sleep(0.3)
            now = descriptors(server) - base
            if now > most.waiting:
                most = Resident(process.label, most.state, now, *process.resident_kib())
    leave(server, base)
    return most


WAIT_INTERVAL = f"{SPREAD_SECONDS}s"


def bare(bench, mode, count, tls):
    service, exchange = ("silent-tls", "imaps") if tls else ("silent", "plain")
    said = spoken([bench.program("client"), "127.0.0.1", str(bench.waiting.ports[service]),
                   exchange, mode, str(count), "3", bench.waiting.ca_file, HOST, LOGIN], bench.cpu)
    rss = int(said["rss_kib"])
    return Resident(f"bare client, {mode}", "TLS" if tls else "plain", int(said["started"]), rss,
                    rss)


def idle(start):
    with start() as process:
        return settled(process, process.label, "idle", 0)


def starts(bench):
    """The programs that have /probe, each as something that starts it fresh."""
    trust = bench.waiting.ca_file, bench.ca_file
    return [functools.partial(kind, program, bench.cpu, bench.folder, modules(*trust))
            for program, kind, modules in (
                (bench.exporter, Exporter, bench.exporter_modules),
                (bench.blackbox, Blackbox, bench.blackbox_modules)) if program]


def measure(bench, most):
    """All of it; what cannot be had is in the second list as a sentence."""
    rows, failures = [], []
    steps = []
    for start in starts(bench):
        steps += [lambda start=start: idle(start),
                  lambda start=start: waiting(bench, start, 1000, True),
                  lambda start=start: waiting(bench, start, 1000, False),
                  lambda start=start: waiting(bench, start, most, False)]
    if bench.exporter:
        modules = bench.exporter_modules(bench.waiting.ca_file, bench.ca_file)
        steps.append(lambda: scheduled(bench, modules, most))
    for mode in "epoll", "threads":
        for count, tls in ((1000, True), (1000, False), (most, False)):
            steps.append(lambda mode=mode, count=count, tls=tls: bare(bench, mode, count, tls))
    for step in steps:
        try:
            rows.append(step())
        except (Failed, OSError, subprocess.TimeoutExpired) as failure:
            failures.append(str(failure))
        with contextlib.suppress(Failed):
            leave(bench.waiting.process.pid, bench.waiting_base)
    return rows, failures
