# SPDX-License-Identifier: BSD-2-Clause
"""The checks by --dane, the names that they ask for, and posttls-finger, as the cases see them."""

import contextlib

from harness import Exporter

from bench import LOG_SECONDS, Bench
from check import Mismatch, want
from danehost import ZONE
from server import wait_for

# Names that are in no row of the cases' table, by zone.
NAMES = {
    "secure.test.": ["none A 127.0.0.1", "half CNAME plain.insecure.test.", "end A 127.0.0.1",
                     "plainend A 127.0.0.1", "named CNAME plainend", "both CNAME end", "stuck A 127.0.0.1",
                     "changed A 127.0.0.1", "thief TXT nothing", "refuge A 127.0.0.1"],
    "test.": ["toend CNAME end.secure.test.", "apart A 127.0.0.1"],
    "insecure.test.": ["plain A 127.0.0.1", "with A 127.0.0.1", "out CNAME end.secure.test.",
                       "stolen CNAME thief.secure.test."],
    "bogus.test.": [],
}


class DaneBench(Bench):
    """`checks` by protocol, and where the exporter is."""

    def __init__(self, server, names, checks, program):
        self.names = names
        self.checks = checks
        self.program = program
        super().__init__(server, checks["smtp"], None, None)

    def publish(self, rows, own):
        """All names at once: those of `rows` with their records, and of `own` (owner, service, records)."""
        for zone, records in NAMES.items():
            self.names.add(zone, *records)
        for row in rows:
            self.names.add(ZONE + ".", f"{row.label} A 127.0.0.1")
            self.tlsa(row.label, row.service, *row.records)
        for owner, service, *records in own:
            self.tlsa(owner, service, *records)
        self.names.zones["bogus.test."].forged.append(
            ("TLSA\t" + self.server.record("3 1 1 selfsigned")[5:][:14], "TLSA\t3 1 1 00000000"))
        self.names.publish()

    def tlsa(self, owner, service, *records):
        """Adds records to what will be published; the owner is relative to ZONE unless it ends with a dot."""
        zone = ZONE + "."
        if owner.endswith("."):
            zone = max((name for name in NAMES if owner.endswith("." + name)), key=len)
            owner = owner.removesuffix("." + zone)
        self.names.add(zone, *(f"_{self.port(service)}._tcp.{owner} {self.server.record(record)}"
                               for record in records))

    def dane(self, host, service, *options, protocol="smtp", resolver=None, tls="starttls", **how):
        """A run by --dane of the host, relative to ZONE unless there is a dot in it."""
        check = self.check = self.checks[protocol]
        return check(self.port(service), f"--tls={tls}", "--dane", *self.asking(resolver), *options,
                     host=host if "." in host else f"{host}.{ZONE}", **{"address": None, **how})

    def asking(self, resolver=None):
        return f"--resolver={resolver or self.names.resolver}", f"--dnssec-anchor={self.names.anchor}"

    def agreed(self, host, service, verified):
        """Holds the opinion of posttls-finger against what came of a check."""
        got, said = self.server.finger(host if "." in host else f"{host}.{ZONE}", self.port(service))
        if got != verified:
            raise Mismatch(f"whether Postfix takes it for verified: {got}, and not {verified}\n{said}")

    @contextlib.contextmanager
    def exporter(self, config):
        """A running exporter."""
        running = Exporter(config, program=self.program)
        try:
            yield running
        finally:
            running.stop()
            running.remove()

    def settle(self):
        def over():
            log = self.server.log(self.mark)
            begun, ended = (len(pattern.findall(log))
                            for pattern in (self.server.begun, self.server.ended))
            return ended >= begun
        wait_for("end of every session in the log", LOG_SECONDS, over)


def told(result, text):
    """Whether a finding says so."""
    if text not in result.out:
        raise Mismatch(f"{text!r} is not in the result")
    return result


def matching(result, *wanted):
    """Which of the records match, as the fact has it, in any order: the words behind the colon."""
    said = [line.partition(": ")[2] for line in result.fact("tlsa") or []]
    want("what is said of the records", sorted(said), sorted(wanted))
