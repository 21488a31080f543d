# SPDX-License-Identifier: BSD-2-Clause
"""A forwarder that makes the network slow, and so sees how often a client waits for it.

What one side sends is held until that side has been quiet for `delay`, then passed on whole: one
flight. However a peer cuts its bytes into segments or records, all it says before it must wait for
the other is in the same flight. A round trip is a flight of the client and the server's after it.
By rule TCP's connect is the first round trip and the banner ends the second, as on a real network,
where the banner leaves when the client's ACK has come.

Two decisions would surprise. Nothing that the server sends after the client has ended its side is
counted, for nobody waits for it. And the first flight is held longer, so that the run takes the
time that as many round trips of twice the delay would take: the clock then has a say of its own.
"""

import select
import socket
import threading
import time

CLIENT, SERVER, END = "client", "server", "end"
LIMIT_SECONDS = 30


class Flights:
    """Forwards one connection from `port` to the server's while the `with` block runs."""

    def __init__(self, server_port, delay):
        self.server_port = server_port
        self.delay = delay
        self.seen = []
        self.began = self.ended = 0.0

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)     # wakes an accept that nobody answered
        self.thread.join(LIMIT_SECONDS)
        self.listener.close()

    def trips(self):
        """Round trips: TCP's connect, and each flight of the server that the client waited for."""
        counted = self.seen[:self.seen.index(END)] if END in self.seen else self.seen
        before = [None, *counted]
        return 1 + sum(side == SERVER and last != SERVER for last, side in zip(before, counted))

    def trips_by_clock(self):
        return (self.ended - self.began) / (2 * self.delay)

    def _serve(self):
        try:
            near, _ = self.listener.accept()
            self.began = time.monotonic()
            far = socket.create_connection(("127.0.0.1", self.server_port), LIMIT_SECONDS)
        except OSError:
            return
        with near, far:
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._pump, args=(far, near, SERVER), daemon=True)
            back.start()
            self._pump(near, far, CLIENT)
            self.ended = time.monotonic()
            self.seen.append(END)
            for end in (near, far):
                _hang_up(end)                 # wakes a server's flight that nobody waits for
            back.join(LIMIT_SECONDS)

    def _pump(self, source, sink, side):
        try:
            while data := self._gather(source, self.delay if side == SERVER else 0):
                if not self.seen:
                    time.sleep(self.delay * (3 if side == SERVER else 2))
                self.seen.append(side)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _gather(self, source, last):
        """The next flight, empty at the end; the one that the end cuts short takes `last`."""
        data = b""
        wait = LIMIT_SECONDS
        while select.select([source], [], [], wait)[0]:
            more = source.recv(65536)
            if not more:
                time.sleep(last if data else 0)
                break
            data += more
            wait = self.delay
        return data


def _hang_up(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass                                  # the peer was first
