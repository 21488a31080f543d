# SPDX-License-Identifier: BSD-2-Clause
"""A relay that stops the answers at a command of our choice, to look at a run in mid-flight."""

import contextlib
import re
import socket
import threading

IDLE_SECONDS = 20
COMMAND = re.compile(rb"[A-Za-z]+\d+ [A-Z]")       # of IMAP, and no part of a message


class Gate:
    """`with Gate(port, rb" CREATE ") as gate:` serves one connection at gate.port.

    The command that matches still reaches the server. `reached` is set then, and no answer comes
    back any more; with `until_next` the answers flow again when the client says another command.
    """

    def __init__(self, target, pattern, until_next=False):
        self.target = target
        self.pattern = re.compile(pattern)
        self.until_next = until_next
        self.reached = threading.Event()
        self.open = threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(IDLE_SECONDS)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.open.set()
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
                back = threading.Thread(target=self._answers, args=(server, client))
                back.start()
                self._commands(client, server)
                self.open.set()
                back.join()

    def _commands(self, client, server):
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.reached.is_set() and self.until_next and COMMAND.match(data):
                    self.open.set()
                if self.pattern.search(data):
                    self.reached.set()
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _answers(self, server, client):
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self.reached.is_set():
                    self.open.wait(IDLE_SECONDS)
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
