# SPDX-License-Identifier: BSD-2-Clause
"""Names of the tests' own, signed: NSD with a root and zones below it, and two resolvers before it.

Each has an address of 127/8 to itself, where it has port 53, since that is where programs ask:

    authority   NSD
    resolver    Unbound that validates nothing, so that it hands on what is bogus, signatures and all
    validating  Unbound that validates from the anchor down, for programs that trust their resolver

`anchor` is a file with the root's DS record. Neither resolver caches, so that what publish() has
published is what is answered.
"""

import contextlib
import os
import random
import re
import socket
import struct
import time

from server import START_SECONDS, Failed, Server, wait_for

ZONES_FOLDER = "/zones"
DAY = 86400
ALGORITHM = "ECDSAP256SHA256"

NSD = """\
server:
  ip-address: {authority}
  server-count: 1
  username: ""
  zonesdir: {folder}
  database: ""
  pidfile: ""
  xfrdfile: ""
  zonelistfile: /run/zone.list
  logfile: /var/log/console
  do-ip6: no
remote-control:
  control-enable: no
"""

UNBOUND = """\
server:
  interface: {address}
  module-config: "{modules}"
  chroot: ""
  username: ""
  directory: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  num-threads: 1
  do-ip6: no
  do-not-query-localhost: no
  qname-minimisation: no
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  val-bogus-ttl: 0
  infra-cache-max-rtt: 1000
  local-zone: "test." nodefault
  local-zone: "127.in-addr.arpa." nodefault
  unblock-lan-zones: yes
  trust-anchor-file: {folder}/anchor
  trust-anchor-signaling: no
remote-control:
  control-enable: no
stub-zone:
  name: "."
  stub-addr: {authority}
"""


class Zone:
    """What is in a zone, and what is wrong with it.

    `signed` is "NSEC", "NSEC3" or None; `chained` says whether its parent has its DS record, `expired`
    whether its signatures have ended; `forged` are pairs of texts: the second takes the place of the
    first when all is signed.
    """

    def __init__(self, records, signed="NSEC", chained=True, expired=False, forged=()):
        self.records = list(records)
        self.signed = signed
        self.chained = chained and signed is not None
        self.expired = expired
        self.forged = forged
        self.key = self.ds = None
        self.serial = 0
        self.published = None


def hierarchy():
    """The zones to begin with, by name; all that are in it below each other are delegated."""
    return {
        ".": Zone([]),
        "test.": Zone(["ns A {authority}", "plain A 127.0.0.1"]),
        "secure.test.": Zone([
            "@ MX 10 mx1", "@ MX 20 mx2.secure.test.", "mx1 A 127.0.0.1", "mx1 AAAA ::1",
            "mx2 A 127.0.0.2", "_25._tcp.mx1 TLSA 3 1 1 " + "ab" * 32,
            "alias CNAME mx1", "far CNAME alias.insecure.test.", "nowhere CNAME missing",
            "broken CNAME www.bogus.test.", "loop CNAME loop2", "loop2 CNAME loop",
            'text TXT "one string, " "and another"', "*.wild A 127.0.0.3",
            *(f'large TXT "{number:03} {"x" * 200}"' for number in range(40))], "NSEC3"),
        "insecure.test.": Zone([
            "@ MX 10 mx", "mx A 127.0.0.1", "_25._tcp.mx TLSA 3 1 1 " + "cd" * 32,
            "alias CNAME mx", "near CNAME mx1.secure.test."], None),
        "unchained.test.": Zone(["www A 127.0.0.1"], chained=False),
        "bogus.test.": Zone([
            "www A 127.0.0.1", "fine A 127.0.0.1", "_25._tcp.www TLSA 3 1 1 " + "ef" * 32],
            forged=[("www.bogus.test.\t300\tIN\tA\t127.0.0.1", "www.bogus.test.\t300\tIN\tA\t127.0.0.66"),
                    ("TLSA\t3 1 1 ef", "TLSA\t3 1 1 00")]),
        "expired.test.": Zone(["www A 127.0.0.1"], expired=True),
        "127.in-addr.arpa.": Zone(["1.0.0 PTR mx1.secure.test."]),
    }


def parent_of(name, zones):
    """The zone that a zone is delegated from, or None for the root."""
    found = [zone for zone in zones if zone != name and (zone == "." or name.endswith("." + zone))]
    return max(found, key=len, default=None) if name != "." else None


class Names(Server):
    name = "dns"
    logs = ("/var/log/console",)

    def __init__(self, live, temp, ca, zones=None):
        super().__init__(live, temp, ca)
        self.zones = hierarchy() if zones is None else zones
        self.authority = self.resolver = self.validating = None

    @property
    def anchor(self):
        return self.path(ZONES_FOLDER + "/anchor")

    def configure(self):
        self.folder(ZONES_FOLDER)
        self._take_addresses()
        for name, zone in self.zones.items():
            zone.published = None
            if zone.signed:
                self._make_key(name, zone)
        self.write(ZONES_FOLDER + "/anchor", self.zones["."].ds)
        for name in self.zones:
            self._write_zone(name)
        where = {"authority": self.authority, "folder": ZONES_FOLDER}
        self.write("/etc/nsd.conf", NSD.format(**where) + "".join(
            f'zone:\n  name: "{name}"\n  zonefile: {ZONES_FOLDER}/{name}zone\n'
            for name in self.zones))
        for program, modules in ("resolver", "iterator"), ("validating", "validator iterator"):
            self.write(f"/etc/{program}.conf", UNBOUND.format(
                address=getattr(self, program), modules=modules, **where))

    def commands(self):
        return [["/usr/sbin/nsd", "-d", "-c", "/etc/nsd.conf"],
                ["/usr/sbin/unbound", "-d", "-p", "-c", "/etc/resolver.conf"],
                ["/usr/sbin/unbound", "-d", "-p", "-c", "/etc/validating.conf"]]

    def start(self):
        super().start()
        self._await()

    def add(self, name, *records):
        """Adds records to a zone, in master file form, names relative to it; for publish()."""
        self.zones[name].records += records

    def remove(self, name, *records):
        for record in records:
            self.zones[name].records.remove(record)

    def publish(self):
        """Signs anew what has changed since, and returns when it is served."""
        if any([self._write_zone(name) for name in self.zones]):
            # Told to reload, it has two processes for a moment, of which the old one may answer, too.
            old = self.processes.pop(0)
            old.terminate()
            old.wait(START_SECONDS)
            self._spawn(self.commands()[0])
            self.processes.insert(0, self.processes.pop(-1))
            self._await()

    def _take_addresses(self):
        """Three addresses whose port 53 nobody has."""
        found = []
        while len(found) < 3:
            address = "127." + ".".join(str(random.randrange(1, 255)) for _ in range(3))
            with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
                with contextlib.suppress(OSError):
                    stream.bind((address, 53))
                    datagram.bind((address, 53))
                    found.append(address)
        self.authority, self.resolver, self.validating = found

    def _make_key(self, name, zone):
        said = self.run("/usr/bin/ldns-keygen", "-r", "/dev/urandom", "-a", ALGORITHM, "-k", name)
        base = said.split()[-1]
        with open(self.path(f"/{base}.ds"), encoding="ascii") as file:
            zone.ds = file.read()
        for part in "key", "private", "ds":
            os.rename(self.path(f"/{base}.{part}"), self.path(f"{ZONES_FOLDER}/{name}{part}"))
        zone.key = f"{ZONES_FOLDER}/{name.removesuffix('.')}."

    def _source(self, name):
        """All of a zone but its SOA record: what was asked for, and its delegations."""
        lines = ["@ NS ns.test.\n"]
        for child, zone in self.zones.items():
            if parent_of(child, self.zones) == name:
                lines.append(f"{child} NS ns.test.\n")
                if zone.chained:
                    lines.append(zone.ds)
        if name == ".":
            lines.append("ns.test. A {authority}\n")
        lines += [record + "\n" for record in self.zones[name].records]
        return "".join(lines).replace("{authority}", self.authority)

    def _write_zone(self, name):
        """Whether there was something to write."""
        zone = self.zones[name]
        source = self._source(name)
        if source == zone.published:
            return False
        zone.published = source
        zone.serial += 1
        inside = f"{ZONES_FOLDER}/{name}source"
        self.write(inside, f"$ORIGIN {name}\n$TTL 300\n@ SOA ns.test. postmaster.test. "
                           f"{zone.serial} 3600 600 86400 60\n{source}")
        if zone.signed:
            end = int(time.time()) + (-30 if zone.expired else 30) * DAY
            nsec3 = ["-n", "-t", "0"] if zone.signed == "NSEC3" else []
            self.run("/usr/bin/ldns-signzone", "-i", str(end - 60 * DAY), "-e", str(end), *nsec3,
                     "-o", name, "-f", inside + ".signed", inside, zone.key.removesuffix("."))
            inside += ".signed"
        with open(self.path(inside), encoding="ascii") as file:
            text = file.read()
        for old, new in zone.forged:
            if old not in text:
                raise Failed(f"{old!r} is not in {name}:\n{text}")
            text = text.replace(old, new)
        self.write(f"{ZONES_FOLDER}/{name}zone", text)
        return True

    def _serial(self, address, name):
        """Of a zone as it is answered; None when it is not."""
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label)
        query = struct.pack("!6H", 7, 0x0110, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 6, 1)
        with socket.socket(type=socket.SOCK_DGRAM) as asking, contextlib.suppress(OSError):
            asking.settimeout(1)
            asking.connect((address, 53))
            asking.send(query)
            answer = asking.recv(4096)
            found = re.search(rb"\x00\x06\x00\x01.{4}(..)", answer[len(query):], re.DOTALL)
            if found:
                length = int.from_bytes(found.group(1), "big")
                return int.from_bytes(answer[len(query):][found.end():][length - 20:length - 16], "big")
        return None

    def _await(self):
        wanted = [(self.authority, name) for name in self.zones]
        for address, name in (*wanted, (self.resolver, "."), (self.validating, ".")):
            serial = self.zones[name].serial
            wait_for(f"serial {serial} of {name} at {address}", START_SECONDS,
                     lambda a=address, n=name, s=serial: self._ended_early()
                     or self._serial(a, n) == s)

    def _ended_early(self):
        for process in self.processes:
            if process.poll() is not None:
                raise Failed(f"{process.args[2]} ended with {process.returncode}")
