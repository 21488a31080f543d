# SPDX-License-Identifier: BSD-2-Clause
"""A resolver in the middle: hands questions on to another, and does to the answers what it is told to.

RFC 1035 as far as that goes: the name and type of the one question are read, and answers of our own
made of it.
"""

import contextlib
import socket
import struct
import threading
import time

IDLE_SECONDS = 20
LONGEST = 65535
TYPES = {"A": 1, "MX": 15, "TXT": 16, "DS": 43, "DNSKEY": 48, "TLSA": 52}
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
AUTHENTIC, TRUNCATED = 0x0020, 0x0200


def question_of(message):
    """Name and type of the question, and where it ends."""
    labels, place = [], 12
    while length := message[place]:
        labels.append(message[place + 1:place + 1 + length].decode("ascii", "replace"))
        place += 1 + length
    return ".".join(labels).lower(), struct.unpack_from("!H", message, place + 1)[0], place + 5


def forge(question, *answers, code=NOERROR, flags=AUTHENTIC):
    """An answer to a question, which is believed by who believes resolvers: RDATA of the type asked for."""
    _, kind, end = question_of(question)
    return (question[:2] + struct.pack("!5H", 0x8180 | flags | code, 1, len(answers), 0, 0)
            + question[12:end] + b"".join(
                b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(data)) + data for data in answers))


def plain(question):
    """The question without EDNS: whoever is asked so says nothing of signatures."""
    _, _, end = question_of(question)
    return question[:10] + b"\0\0" + question[12:end]


class Between:
    """`with Between(address, answer) as between:` listens at between.at, "ADDRESS@PORT", over UDP and TCP.

    `answer(between, question, tcp)` gives the bytes to answer with, or None for silence;
    between.ask(question, tcp) asks the one behind. Each question is served beside the others.
    """

    def __init__(self, behind, answer=lambda between, question, tcp: between.ask(question, tcp)):
        self.behind = behind
        self.answer = answer
        self.asked = []         # (name, type, whether by TCP)

    def __enter__(self):
        while True:
            self.stream = socket.create_server(("127.0.0.1", 0))
            port = self.stream.getsockname()[1]
            self.datagrams = socket.socket(type=socket.SOCK_DGRAM)
            with contextlib.suppress(OSError):
                self.datagrams.bind(("127.0.0.1", port))
                break
            self.stream.close()
            self.datagrams.close()
        self.at = f"127.0.0.1@{port}"
        for serve in self._serve_datagrams, self._serve_stream:
            threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        for end in self.stream, self.datagrams:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def ask(self, question, tcp):
        with socket.socket(type=socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as asking:
            asking.settimeout(IDLE_SECONDS)
            asking.connect((self.behind, 53))
            if not tcp:
                asking.send(question)
                return asking.recv(LONGEST)
            asking.sendall(struct.pack("!H", len(question)) + question)
            return _read(asking)

    def by_tcp(self):
        return [asked for asked in self.asked if asked[2]]

    def _made(self, question, tcp):
        name, kind, _ = question_of(question)
        self.asked.append((name, kind, tcp))
        return self.answer(self, question, tcp)

    def _serve_datagrams(self):
        def serve(question, peer):
            with contextlib.suppress(OSError, IndexError, struct.error):
                answer = self._made(question, False)
                if answer is not None:
                    self.datagrams.sendto(answer, peer)
        with contextlib.suppress(OSError):
            while True:
                question, peer = self.datagrams.recvfrom(LONGEST)
                threading.Thread(target=serve, args=(question, peer), daemon=True).start()

    def _serve_stream(self):
        def serve(peer):
            with peer, contextlib.suppress(OSError, IndexError, struct.error):
                peer.settimeout(IDLE_SECONDS)
                while question := _read(peer):
                    answer = self._made(question, True)
                    if answer is not None:
                        peer.sendall(struct.pack("!H", len(answer)) + answer)
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(self.stream.accept()[0],), daemon=True).start()


def _read(stream):
    """A message with its length in front, or b"" at the end."""
    data = b""
    while len(data) < 2 or len(data) < 2 + struct.unpack_from("!H", data)[0]:
        more = stream.recv(LONGEST)
        if not more:
            return b""
        data += more
    return data[2:]


def slowly(seconds):
    """An `answer` that is right, and late."""
    def answer(between, question, tcp):
        said = between.ask(question, tcp)
        time.sleep(seconds)
        return said
    return answer
