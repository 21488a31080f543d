# SPDX-License-Identifier: BSD-2-Clause
"""A network of our own: a namespace whose loopback interface has any address, and a name server that answers at will.

`run` starts itself again inside it, with the modules space_*.py.
"""

import contextlib
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading

A, AAAA = 1, 28


def command(arguments):
    """`arguments` in a namespace, as root, or as somebody who is root there."""
    more = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *more, "--mount", "--net", "--kill-child", "--fork", "--", sys.executable, "-B", *arguments]


def _netlink(kind, body, *attributes):
    message = body
    for number, data in attributes:
        message += struct.pack("HH", 4 + len(data), number) + data + b"\0" * (-len(data) % 4)
    head = struct.pack("IHHII", 16 + len(message), kind, 0x0605, 1, 0)      # REQUEST ACK CREATE EXCL
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        netlink.send(head + message)
        error = struct.unpack("i", netlink.recv(4096)[16:20])[0]
    if error:
        raise OSError(-error, os.strerror(-error))


def add_address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    packed = socket.inet_pton(family, text)
    lo = socket.if_nametoindex("lo")
    with contextlib.suppress(FileExistsError):
        _netlink(20, struct.pack("BBBBI", family, len(packed) * 8, 0x02, 0, lo), (1, packed), (2, packed))


def raise_loopback():
    _netlink(19, struct.pack("BBHiII", 0, 0, 0, socket.if_nametoindex("lo"), 1, 1))     # IFF_UP


def replace(path, content, folder):
    if pathlib.Path(path).exists():
        new = pathlib.Path(folder, pathlib.Path(path).name)
        new.write_text(content)
        subprocess.run(["mount", "--bind", str(new), path], check=True)


def enter(folder):
    """For the process that was started by command()."""
    replace("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n", folder)
    replace("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n", folder)
    raise_loopback()


class Names:
    """A name server: `table` has for each name its addresses, or a function of how often a type was asked for."""

    def __init__(self, table):
        self.table, self.asked = table, {}
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 53))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def count(self, name, kind=A):
        return self.asked.get((name.lower(), kind), 0)

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                packet, peer = self.sock.recvfrom(512)
                if not packet:
                    return
                self.sock.sendto(self._answer(packet), peer)

    def _answer(self, packet):
        at, labels = 12, []
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]])
            at += 1 + packet[at]
        name = b".".join(labels).decode("latin-1").lower()
        kind = struct.unpack(">H", packet[at + 1:at + 3])[0]
        self.asked[name, kind] = self.count(name, kind) + 1
        addresses = self.table.get(name)
        code = 3 if addresses is None else 0
        if callable(addresses):
            addresses = addresses(self.count(name, kind))
        wanted = [a for a in addresses or () if (":" in a) == (kind == AAAA)]
        answer = packet[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(wanted), 0, 0) + packet[12:at + 5]
        for address in wanted:
            data = socket.inet_pton(socket.AF_INET6 if kind == AAAA else socket.AF_INET, address)
            answer += struct.pack(">HHHIH", 0xc00c, kind, 1, 0, len(data)) + data
        return answer

    def stop(self):
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.sock.close()
