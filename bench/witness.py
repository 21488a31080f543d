# SPDX-License-Identifier: BSD-2-Clause
"""A forwarder that writes down what both sides said, to see whether a client did its exchange.

An exit status alone proves little: a program that hung up after the banner would also be the
fastest. What passes here in clear is read as SMTP; once TLS has begun only the types of its
records can be seen, and whose turn it is. Whether a password was sent, and the answer to a command
read, shows by failing with a wrong one.
"""

import re
import socket
import threading

HANDSHAKE, APPLICATION = 22, 23      # RFC 8446 section 5.1
WAIT_SECONDS = 10


class Witness:
    """Forwards one connection to `port`; afterwards `client` and `server` hold the bytes, and
    `turns` who of them spoke, in turn."""

    def __init__(self, port):
        self.target = port
        self.client = bytearray()
        self.server = bytearray()
        self.turns = []

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(WAIT_SECONDS)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)     # wakes an accept that nobody answered
        self.thread.join(WAIT_SECONDS)
        self.listener.close()

    def _serve(self):
        try:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.target), WAIT_SECONDS)
        except OSError:
            return
        with near, far:
            near.settimeout(WAIT_SECONDS)
            back = threading.Thread(target=self._pump, args=(far, near, "server"), daemon=True)
            back.start()
            self._pump(near, far, "client")
            back.join(WAIT_SECONDS)

    def _pump(self, source, sink, who):
        try:
            while data := source.recv(65536):
                record = getattr(self, who)
                record += data
                if self.turns[-1:] != [who]:
                    self.turns.append(who)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


def _records(data):
    """The types of the TLS records, RFC 8446 section 5.1: type, version, length."""
    types = []
    while len(data) >= 5:
        types.append(data[0])
        data = data[5 + int.from_bytes(data[3:5], "big"):]
    return types


def missing_under_tls(witness, turns):
    """As below, where TLS is there from the start: the client must have had as many turns."""
    types = _records(bytes(witness.client))
    if types[:1] != [HANDSHAKE]:
        return "no TLS handshake"
    had = witness.turns.count("client")
    return None if had >= turns else f"{had} turns of the client, where there must be {turns}"


def missing(witness, tls):
    """What an exchange of SMTP lacks, as a phrase; None when all of it was seen."""
    client, server = bytes(witness.client), bytes(witness.server)
    if not server.startswith(b"220"):
        return "no banner"
    if not re.match(rb"(EHLO|HELO) [^\r\n]+\r\n", client, re.I):
        return "no EHLO"
    if not tls:
        if not re.search(rb"^QUIT\r\n\Z", client, re.I | re.M):
            return "no QUIT"
        return None if re.search(rb"^221 [^\r\n]*\r\n\Z", server, re.M) else "no answer to QUIT"
    start = re.search(rb"^STARTTLS\r\n", client, re.I | re.M)
    if not start:
        return "no STARTTLS"
    types = _records(client[start.end():])
    if not types or types[0] != HANDSHAKE:
        return "no TLS handshake"
    # In TLS 1.3 the client's Finished is the first such record, EHLO and QUIT are two more.
    return None if types.count(APPLICATION) >= 3 else "nothing said under TLS"
