# SPDX-License-Identifier: BSD-2-Clause
"""A name server with a handful of names, for servers that look up keys and policies.

A resolver asks port 53 only, so it has an address of 127/8 to itself there; what it does not have
does not exist. RFC 1035 as far as these questions go: one question, over UDP, answered whole.
"""

import contextlib
import random
import socket
import struct
import threading

TYPES = {"A": 1, "MX": 15, "TXT": 16}


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def record(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "MX":
        return struct.pack("!H", 10) + name(value)
    parts = [value[i:i + 255].encode() for i in range(0, len(value), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts)


class Nameserver:
    """Serves from its making on; `records` is {(name, type): value}, and may change at any time."""

    def __init__(self, records):
        self.records = records
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while True:
            self.address = "127." + ".".join(str(random.randrange(1, 255)) for _ in range(3))
            with contextlib.suppress(OSError):
                self.socket.bind((self.address, 53))
                break
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            with contextlib.suppress(IndexError, struct.error, UnicodeDecodeError):
                self.socket.sendto(self._answer(question), peer)

    def _answer(self, question):
        labels, place = [], 12
        while length := question[place]:
            labels.append(question[place + 1:place + 1 + length].decode())
            place += 1 + length
        asked, (kind,) = ".".join(labels).lower(), struct.unpack_from("!H", question, place + 1)
        self.asked.append((asked, kind))
        known = {of for of, _ in self.records}
        answers = [record(of_kind, value) for (of, of_kind), value in self.records.items()
                   if (of, TYPES[of_kind]) == (asked, kind)]
        exists = any(of == asked or of.endswith("." + asked) for of in known)
        flags = 0x8580 if exists else 0x8583        # authoritative, recursion available; NXDOMAIN
        return (question[:2] + struct.pack("!5H", flags, 1, len(answers), 0, 0)
                + question[12:place + 5]
                + b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
                           for data in answers))

    def close(self):
        self.socket.close()
