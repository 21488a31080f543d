# SPDX-License-Identifier: BSD-2-Clause
"""A relay of SMTP in clear that adds a line to every message, as lists and scanners do."""

import contextlib
import socket
import threading

IDLE_SECONDS = 60
LINE = b"This message was looked at on its way.\r\n"


class Footer:
    """Listens on self.port from its making on, and hands all on to `target`."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._relay, args=self.listener.accept()[:1],
                                 daemon=True).start()

    def _relay(self, client):
        with contextlib.suppress(OSError), client, \
                socket.create_connection(("127.0.0.1", self.target)) as server:
            for end in client, server:
                end.settimeout(IDLE_SECONDS)
            back = threading.Thread(target=_copy, args=(server, client))
            back.start()
            content = False
            for line in client.makefile("rb"):
                if content and line == b".\r\n":
                    line = LINE + line
                content = not line.endswith(b"\n.\r\n") if content else line.upper() == b"DATA\r\n"
                server.sendall(line)
            server.shutdown(socket.SHUT_WR)
            back.join()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def _copy(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
