# SPDX-License-Identifier: BSD-2-Clause
"""Whether the number of a phase is true: at a sandbox that delays its answers by a known time, alone
and while a thousand other probes run.

What is expected of a phase is the delay for each answer that it waits for, and nothing where none is
delayed; of a TLS handshake also what it takes the bare client at a server that delays nothing, since
that time is spent. The error is all that the metric says beyond or below. So what the sandbox itself
is late counts as an error: the bare client, on the other CPU, looks at that with its own clock in the
same moments.
"""

import concurrent.futures
import re
import statistics
import subprocess
import time
from typing import NamedTuple

from exporter_load import spoken
from exporter_subjects import HOST, Exporter, probe_path
from measuring import Failed

DELAY_MS = 50
OTHERS = 1000
SLOW_MS = 200                   # an answer to the others
AT_A_TIME = 4
CLOCK_SECONDS = 0.6             # about what one run of all cases takes
CYCLE_SECONDS = 3 * SLOW_MS / 1000      # of one of the others; they are spread over it
HANDSHAKE = "step7"             # as client.c calls it
FULL = {
    "smtp": {"from": "probe@sandbox.test", "rcpt": ["probe@sandbox.test"], "send": True},
    "imap": {"steps": [{"examine": "INBOX"}, {"status": "INBOX"}, {"search": "ALL"}, "quota"]},
    "pop3": {"steps": ["stat", "list", "uidl"]},
}


class Case(NamedTuple):
    name: str
    protocol: str               # of the sandbox's port
    module: str
    faults: tuple
    delayed: tuple              # the phases that it delays, each by one answer

    @property
    def label(self):
        return self.name.replace(" ", "-")


ALL = {
    "smtp": ("banner", "ehlo", "starttls", "tls", "ehlo_2", "auth", "mail", "rcpt", "data", "send",
             "quit"),
    "imap": ("banner", "starttls", "tls", "capability", "auth", "select", "status", "search",
             "quota", "logout"),
    "pop3": ("banner", "capa", "starttls", "tls", "capa_2", "auth", "stat", "list", "uidl", "quit"),
}


def cases():
    """The long ones first."""
    for probe, protocol in ("smtp", "submission"), ("imap", "imap"), ("pop3", "pop3"):
        yield Case(f"all of {probe}", protocol, f"full-{probe}", ("slow", "tls-slow"), ALL[probe])
    yield Case("ehlo", "submission", "full-smtp", ("ehlo-slow",), ("ehlo", "ehlo_2"))
    for phase in "banner", "tls", "auth", "mail", "rcpt", "data", "send":
        yield Case(phase, "submission", "full-smtp", (f"{phase}-slow",), (phase,))


def listens():
    for case in cases():
        faults = "".join(f",fault={fault}:{DELAY_MS}" for fault in case.faults)
        yield f"{case.protocol}:0,name={case.label}{faults}"
    yield f"smtp:0,name=clock,fault=slow:{DELAY_MS}"


def modules(base):
    """The longest transactions, from the modules that log in."""
    login = {key: base["imaps"][key] for key in ("auth", "allowed_targets")}
    return {f"full-{probe}": {"probe": probe, "timeout": "10s", "use_ipv4": True, **login, probe: own,
                              "tls": {**base["imaps"]["tls"], "mode": "starttls"}}
            for probe, own in FULL.items()}


class Errors:
    """Of each phase in each case, in ms."""

    def __init__(self, handshake_ms):
        self.found = {}
        self.handshake_ms = handshake_ms
        self.clock = []         # of the sandbox, as the bare client sees it

    def add(self, case, body):
        phases = dict(re.findall(
            r'\nmailprobe_phase_duration_seconds\{phase="(\w+)"\} (\S+)', body))
        if "\nprobe_success 1" not in body or set(case.delayed) - set(phases):
            raise Failed(f"phases, {case.name}: no {set(case.delayed) - set(phases)}\n{body[:3000]}")
        for phase, seconds in phases.items():
            wanted = (DELAY_MS if phase in case.delayed else 0) + (
                self.handshake_ms if phase == "tls" else 0)
            self.found.setdefault((case.name, phase), []).append(1e3 * float(seconds) - wanted)

    def delayed(self):
        """The errors of each phase where it is delayed, and under None those of all others."""
        where = {case.name: case.delayed for case in cases()}
        sorted_out = {}
        for (case, phase), errors in self.found.items():
            sorted_out.setdefault(phase if phase in where[case] else None, []).extend(errors)
        return sorted_out

    def largest(self):
        """Error, case, phase."""
        return max(((abs(error), *key) for key, errors in self.found.items() for error in errors),
                   default=None)

    def share(self, bound):
        """Of all numbers, how many are so near."""
        every = [error for errors in self.found.values() for error in errors]
        return statistics.fmean(abs(error) <= bound for error in every)


def handshake_ms(bench):
    """What it takes the bare client on the exporter's CPU."""
    said = spoken([bench.program("client"), "127.0.0.1", str(bench.ports["smtp"]), "starttls", "steps",
                   "1", "1", bench.ca_file, HOST], bench.cpu)
    return 1e3 * float(said[HANDSHAKE].split("/")[0])


def look(bench, process, sandbox, times):
    """The cases side by side, each one run after the other: a maildrop takes one session."""
    errors = Errors(handshake_ms(bench))

    def run(case):
        for _ in range(times):
            status, body = process.get(probe_path(sandbox.ports[case.label], case.module))
            if status != 200:
                raise Failed(f"phases, {case.name}: {status}: {body[:500]}")
            errors.add(case, body)

    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME + 1) as pool:
        clock = pool.submit(spoken, [
            bench.program("client"), "127.0.0.1", str(sandbox.ports["clock"]), "plain", "steps", "1",
            str(times * CLOCK_SECONDS)], bench.others_cpu)
        list(pool.map(run, cases()))
        for name, value in clock.result().items():
            if name.startswith("step"):
                mean, worst = (1e3 * float(each) - DELAY_MS for each in value.split("/"))
                errors.clock.append((mean, worst))
    return errors


def measure(bench, base, sandbox, times):
    """Alone, then beside the others."""
    with Exporter(bench.exporter, bench.cpu, bench.folder, {**base, **modules(base)}) as process:
        alone = look(bench, process, sandbox, times)
        load = subprocess.Popen(
            [bench.program("load"), "127.0.0.1", str(process.port),
             probe_path(bench.waiting.ports["slow"], "plain"), str(OTHERS), "600", "prometheus",
             str(CYCLE_SECONDS)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            time.sleep(2)
            cpu, began = process.cpu_seconds(), time.monotonic()
            beside = look(bench, process, sandbox, times)
            busy = (process.cpu_seconds() - cpu) / (time.monotonic() - began)
            if load.poll() is not None:
                raise Failed("phases: the load of other probes ended")
        finally:
            load.kill()
            load.wait()
    return alone, beside, busy

