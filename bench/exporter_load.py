# SPDX-License-Identifier: BSD-2-Clause
"""Probes a second and CPU for each, and what /probe adds to one: by the programs client.c and load.c.

A round is one run of every subject at every number in flight, in an order drawn anew; ratios are
taken within the round. Before anything is timed each subject is watched at its exchange.
"""

import os
import random
import subprocess
from typing import NamedTuple

from exporter_subjects import EXCHANGES, HOST, LOGIN, WRONG_LOGIN, probe_path, variants
from measuring import WRONG_NAME, Failed
from witness import Witness, missing, missing_under_tls

PATIENCE_SECONDS = 60
ALL = tuple(exchange.name for exchange in EXCHANGES)


class Sample(NamedTuple):
    cpu_us: float               # of the process, for one probe
    rate: float                 # probes a second
    busy: float                 # of the CPU it has
    took_ms: float              # median, one exchange or one request
    added_ms: float             # median of what a request took beyond the exchange it tells of
    others_us: float            # CPU of server and load, for one probe


def spoken(command, cpu):
    """Runs a program that says `name=value` for each thing it measured."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_SECONDS,
                          preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
    if done.returncode:
        raise Failed(f"{os.path.basename(command[0])}: {done.stderr.strip()[-800:]}")
    return {name: value for name, _, value in
            (word.partition("=") for word in done.stdout.split())}


class Bare:
    """The client of client.c; `mode` is epoll or threads."""

    def __init__(self, bench, mode):
        self.bench, self.mode, self.label = bench, mode, f"bare client, {mode}"
        self.exchanges = ALL

    def run(self, exchange, in_flight, seconds, port=None, ca_file=None, name=HOST, login=LOGIN):
        bench = self.bench
        command = [bench.program("client"), "127.0.0.1", str(port or bench.ports[exchange.service]),
                   exchange.name, self.mode, str(in_flight), str(seconds),
                   ca_file or bench.ca_file, name, login]
        return spoken(command, bench.cpu)

    def once(self, exchange, port, wrong=""):
        """Whether one exchange succeeds."""
        change = {"": {}, "-chain": {"ca_file": self.bench.other_ca}, "-name": {"name": WRONG_NAME},
                  "-password": {"login": WRONG_LOGIN}}[wrong]
        try:
            return int(self.run(exchange, 1, 0, port, **change)["transactions"]) == 1
        except Failed:
            return False

    def sample(self, exchange, in_flight, seconds):
        before = self.bench.server_cpu()
        said = self.run(exchange, in_flight, seconds)
        done, took, cpu = (float(said[key]) for key in ("transactions", "seconds", "cpu"))
        return Sample(1e6 * cpu / done, done / took, cpu / took, 1e3 * float(said["median"]), 0,
                      1e6 * (self.bench.server_cpu() - before) / done)


class Asked:
    """A program that has /probe. `form` is what the request looks like: that of a Prometheus
    server, which takes gzip, or a bare one."""

    def __init__(self, bench, process, form):
        self.bench, self.process, self.form = bench, process, form
        self.label = process.label + ("" if form == "prometheus" else ", bare request")
        self.exchanges = ALL if form == "prometheus" else ("plain", "starttls")

    def once(self, exchange, port, wrong=""):
        status, body = self.process.get(probe_path(port, exchange.name + wrong))
        if status != 200 or "\nprobe_success " not in body:
            raise Failed(f"{self.label}, {exchange.name}{wrong}: {status}: {body[:800]}")
        return "\nprobe_success 1" in body

    def sample(self, exchange, in_flight, seconds):
        before = self.bench.server_cpu(), self.process.cpu_seconds(), children_cpu()
        said = spoken([self.bench.program("load"), "127.0.0.1", str(self.process.port),
                       probe_path(self.bench.ports[exchange.service], exchange.name),
                       str(in_flight), str(seconds), self.form], self.bench.others_cpu)
        cpu = self.process.cpu_seconds() - before[1]
        done, took = float(said["answers"]), float(said["seconds"])
        others = self.bench.server_cpu() - before[0] + children_cpu() - before[2]
        return Sample(1e6 * cpu / done, done / took, cpu / took, 1e3 * float(said["took"]),
                      1e3 * float(said["added"]), 1e6 * others / done)


def children_cpu():
    times = os.times()
    return times.children_user + times.children_system


def watch(subject, exchange, port):
    """Sees the exchange done, and fail where it must."""
    with Witness(port) as seen:
        if not subject.once(exchange, seen.port):
            raise Failed(f"{subject.label}, {exchange.name}: the probe failed")
    lacks = (missing_under_tls(seen, exchange.turns) if exchange.turns
             else missing(seen, exchange.tls))
    if lacks:
        raise Failed(f"{subject.label}, {exchange.name}: {lacks}")
    for wrong in variants(exchange)[1:]:
        if subject.once(exchange, port, wrong):
            raise Failed(f"{subject.label}, {exchange.name}: takes a wrong {wrong[1:]}")


class Rates:
    """Samples by exchange, number in flight and subject; a subject that fails is left out of that
    exchange from there on, and named."""

    def __init__(self, bench, subjects, exchanges):
        self.bench, self.subjects, self.exchanges = bench, subjects, exchanges
        self.samples, self.failures = {}, []
        self.out = set()

    def _try(self, subject, exchange, action):
        if (subject.label, exchange.name) in self.out:
            return None
        try:
            return action()
        except (Failed, OSError, subprocess.TimeoutExpired, ZeroDivisionError) as failure:
            self.failures.append(f"{subject.label}, {exchange.name}: {failure}")
            self.out.add((subject.label, exchange.name))
            return None

    def watch(self):
        for exchange in self.exchanges:
            for subject in self.subjects:
                self._try(subject, exchange, lambda: watch(
                    subject, exchange, self.bench.ports[exchange.service]))

    def round(self, seconds, kept):
        """One run of each; `kept` is false for the round that warms up."""
        runs = [(exchange, subject, in_flight) for exchange in self.exchanges
                for in_flight in dict.fromkeys((1, *exchange.in_flight))
                for subject in self.subjects if exchange.name in subject.exchanges]
        # Exchange after exchange, so that runs that are compared are minutes neither apart.
        runs = sorted(random.sample(runs, len(runs)), key=lambda run: run[0].name)
        for exchange, subject, in_flight in runs:
            sample = self._try(subject, exchange,
                               lambda: subject.sample(exchange, in_flight, seconds))
            if sample and kept:
                key = exchange.name, in_flight, subject.label
                self.samples.setdefault(key, []).append(sample)

    def of(self, exchange, in_flight, label):
        if (label, exchange) in self.out:
            return []
        return self.samples.get((exchange, in_flight, label), [])

    def ratios(self, exchange, in_flight, label, other, what="cpu_us"):
        """One over the other, by round."""
        pairs = zip(self.of(exchange, in_flight, label), self.of(exchange, in_flight, other))
        return [getattr(a, what) / getattr(b, what) for a, b in pairs]

    def beyond(self, exchange, label, other):
        """Milliseconds that a request takes beyond the bare exchange, by round."""
        pairs = zip(self.of(exchange, 1, label), self.of(exchange, 1, other))
        return [a.took_ms - b.took_ms for a, b in pairs]

