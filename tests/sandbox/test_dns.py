#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the sandbox serve the names of its domain, and bear with what is no question?

Run as `test_dns.py PATH-OF-mailprobe-sandbox`.
"""

import ipaddress
import random
import socket
import struct

from harness import Case, main

A, NS, SOA, PTR, MX, TXT, AAAA = 1, 2, 6, 12, 15, 16, 28
NO_NAME, REFUSED = 3, 5


def name(text):
    """On the wire."""
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def text(data):
    return bytes([len(data)]) + data.encode()


def query(owner, kind, flags=0x0100, count=1, of=1):
    return struct.pack(">HHHHHH", 0x1234, flags, count, 0, 0, 0) + owner \
        + struct.pack(">HH", kind, of)


class Dns(Case):
    def serve(self, smtp="smtp:0", options=()):
        box = self.start(smtp, "dns:0", options=options)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.sock.close)
        self.sock.settimeout(10)
        self.sock.connect(("127.0.0.1", box.ports[1]))
        return box

    def exchange(self, packet):
        self.sock.send(packet)
        answer = self.sock.recv(65536)
        self.assertEqual(answer[:2], packet[:2])
        self.assertTrue(answer[2] & 0x80)
        self.assertLess(len(answer), 1232)
        return answer

    def ask(self, owner, kind):
        """The code, the data of the answers, and whose SOA there is."""
        question = query(name(owner), kind)
        answer = self.exchange(question)
        self.assertEqual(answer[12:len(question)], question[12:])
        counts = struct.unpack_from(">HHHH", answer, 4)
        self.assertEqual((counts[0], counts[3]), (1, 0))
        at = len(question)
        found, soa = [], None
        for number in range(counts[1] + counts[2]):
            end = answer.index(b"\0", at) + 1
            whose, of, size = answer[at:end], *struct.unpack_from(">H6xH", answer, end)
            at = end + 10 + size
            if number < counts[1]:
                self.assertEqual((whose.lower(), of), (name(owner).lower(), kind))
                found.append(answer[end + 10:at])
            else:
                self.assertEqual(of, SOA)
                soa = whose
        self.assertEqual(at, len(answer))
        return answer[3] & 15, found, soa

    def test_records(self):
        self.serve()
        host = name("mx.sandbox.test")
        for owner, kind, data in (
                ("sandbox.test", MX, b"\0\x0a" + host), ("SandBox.TEST", NS, host),
                ("sandbox.test", TXT, text("v=spf1 mx -all")),
                ("_dmarc.sandbox.test", TXT, text("v=DMARC1; p=reject")),
                ("_smtp._tls.sandbox.test", TXT,
                 text("v=TLSRPTv1; rua=mailto:postmaster@sandbox.test")),
                ("mx.sandbox.test", A, bytes((127, 0, 0, 1))),
                ("1.0.0.127.in-addr.arpa", PTR, host)):
            self.assertEqual(self.ask(owner, kind), (0, [data], None), owner)
        self.assertEqual(len(self.ask("sandbox.test", SOA)[1]), 1)

    def test_what_is_not_there(self):
        self.serve()
        zone = name("sandbox.test")
        for owner, kind in (("sandbox.test", A), ("mx.sandbox.test", AAAA),
                            ("_tls.sandbox.test", TXT)):
            self.assertEqual(self.ask(owner, kind), (0, [], zone), owner)
        for owner in ("gone.sandbox.test", "_mta-sts.sandbox.test", "_25._tcp.mx.sandbox.test"):
            self.assertEqual(self.ask(owner, TXT), (NO_NAME, [], zone), owner)
        for owner in ("example.org", "andbox.test", "notsandbox.test", "com"):
            self.assertEqual(self.ask(owner, MX), (NO_NAME, [], None), owner)

    def test_host_and_address(self):
        self.serve("smtp:0,address=::1", options=("--hostname=mail.probe.test",))
        host, address = name("mail.probe.test"), ipaddress.ip_address("::1")
        self.assertEqual(self.ask("sandbox.test", MX)[1], [b"\0\x0a" + host])
        self.assertEqual(self.ask("mail.probe.test", AAAA)[1], [address.packed])
        self.assertEqual(self.ask("mail.probe.test", A), (0, [], None))
        self.assertEqual(self.ask(address.reverse_pointer, PTR)[1], [host])

    def test_without_smtp(self):
        self.serve("imap:0")
        self.assertEqual(self.ask("mx.sandbox.test", A)[:2], (NO_NAME, []))

    def test_no_questions(self):
        self.serve()
        zone = name("sandbox.test")
        malformed, unknown = 1, 4
        for packet, code in (
                (query(zone, MX, count=0), malformed), (query(zone, MX, count=2), malformed),
                (query(zone, MX)[:-1], malformed), (query(zone, MX)[:12], malformed),
                (query(zone, MX)[:17], malformed), (query(b"\xc0\x0c", MX), malformed),
                (query(b"\x07sandbox\xc0\x0c", MX), malformed),
                (query(b"\x40" + b"a" * 64 + b"\0", MX), malformed),
                (query(b"\x01a" * 128 + b"\0", MX), malformed),
                (query(zone, MX, flags=0x2900), unknown), (query(zone, MX, of=3), REFUSED),
                (query(b"\x0csandbox.test\0", MX), NO_NAME),
                (query(b"\x01a" * 127 + b"\0", MX), NO_NAME), (query(b"\0", NS), 0)):
            self.assertEqual(self.exchange(packet)[3] & 15, code, packet)

    def test_no_answers(self):
        self.serve()
        for packet in (b"", b"\x12\x34", query(b"", MX)[:11],
                       query(name("sandbox.test"), MX, flags=0x8400)):
            self.sock.send(packet)
        last = b"\x43\x21" + query(name("sandbox.test"), MX)[2:]
        self.exchange(last)     # nothing has come before it

    def test_noise(self):
        self.serve()
        seed = random.Random(1)
        sound = query(name("sandbox.test"), MX)
        for size in list(range(64)) * 8 + [512, 1400, 9000]:
            self.sock.send(b"\0\0" + seed.randbytes(size))
            self.sock.send(sound)
            while self.sock.recv(65536)[:2] != sound[:2]:
                pass


if __name__ == "__main__":
    main()
