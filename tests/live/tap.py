# SPDX-License-Identifier: BSD-2-Clause
"""A relay that remembers what the client sent, to hold it against what the server delivered."""

import contextlib
import socket
import threading

IDLE_SECONDS = 20


class Tap:
    """`with Tap(port) as tap:` serves one connection at tap.port and hands it on to port."""

    def __init__(self, target):
        self.target = target
        self.sent = b""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(IDLE_SECONDS)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            with client, socket.create_connection(("127.0.0.1", self.target)) as server:
                for end in client, server:
                    end.settimeout(IDLE_SECONDS)
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                back = threading.Thread(target=_copy, args=(server, client))
                back.start()
                _copy(client, server, self._remember)
                back.join()

    def _remember(self, data):
        self.sent += data

    def message(self):
        """What was sent after DATA, without the dots that RFC 5321 section 4.5.2 adds."""
        _, found, rest = self.sent.partition(b"\r\nDATA\r\n")
        text, ended, _ = (b"\r\n" + rest).partition(b"\r\n.\r\n")
        if not found or not ended:
            return None
        return (text + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]


def _copy(source, sink, remember=lambda data: None):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            remember(data)
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
