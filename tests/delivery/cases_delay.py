# SPDX-License-Identifier: BSD-2-Clause
"""How well the moment of an arrival is known, and how often is asked for it."""

import re
import socket
import statistics
import threading
import time

from harness import Options, Stop, alone, case, wait_for


class Watcher:
    """Learns by a NOOP each millisecond when a message has come into INBOX."""

    def __init__(self, box):
        self.reader = box.mailbox()
        self.count, self.came, self.ending = int(self.reader.imap.select("INBOX")[1][0]), [], False
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while not self.ending:
            self.reader.imap.noop()
            _, data = self.reader.imap.response("EXISTS")
            now = time.monotonic()
            new = int(data[-1]) if data and data[-1] else self.count
            gone = self.reader.imap.response("EXPUNGE")[1]
            if new > self.count:
                self.came.append(now)
            self.count = new - (len(gone) if gone and gone[0] else 0)
            time.sleep(0.001)

    def stop(self):
        self.ending = True
        self.thread.join(5)


class Wire:
    """Passes one connection after the other on to a port, and notes when a server's line with a word went by."""

    def __init__(self, port, word):
        self.port_behind, self.word, self.seen = port, word, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        try:
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port_behind))
                for pair in (near, far, False), (far, near, True):
                    pair[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()
        except OSError:
            return

    def _pump(self, source, sink, look):
        try:
            while data := source.recv(65536):
                if look and self.word in data:
                    self.seen.append(time.monotonic())
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


TIMES = ((50, 5), (300, 3), (2000, 1))
HOW = ("imaps", ""), ("imaps", "imap-without:IDLE"), ("imaps", "idle-late"), ("imaps", "flood-exists:20"), ("pop3s", "")
# The message stays, or it would be gone before the watcher looks again.
STAYS = {"imaps": "store-no", "pop3s": "dele-no"}


@alone
def the_delay_is_that_of_the_delivery(t):
    listeners = [f"smtp:0,name=s{ms},fault=no-starttls,fault=deliver-late:{ms}" for ms, _ in TIMES]
    listeners += [f"{protocol}:0,name=f{i}" + f",fault={STAYS[protocol]}" + (odd and f",fault={odd}")
                  for i, (protocol, odd) in enumerate(HOW)]
    box = t.sandbox(*listeners, options=["--messages=0"])
    watcher = Watcher(box)
    t.started.append(watcher)
    for ms, times in TIMES:
        wire = Wire(box.ports[f"s{ms}"], b"queued as")
        t.started.append(wire)
        for i, (protocol, odd) in enumerate(HOW if ms < 2000 else HOW[:1] + HOW[-1:]):
            errors, told = [], []
            for _ in range(times):
                before = len(watcher.came), len(wire.seen)
                got = box.run(submit=f"smtp://localhost:{wire.port}", fetch=f"f{i}")
                if got.verdict[1] != "cleanup":
                    raise Stop(repr(got))
                wait_for(lambda: len(watcher.came) > before[0], 2, "the watcher")
                real = watcher.came[before[0]] - wire.seen[before[1]]
                errors.append(got.facts["delay"] - real)
                told.append((got.facts["delay"], real, got.facts["looks"]))
            # By POP3 a look is a session, which takes its time; and whoever measures is late as well.
            allowed = (max(0.010, 0.02 * ms / 1000) + 0.003) * Options.factor + (0.005 if protocol == "pop3s" else 0)
            t.check(f"{ms} ms by {protocol}, {odd or 'as it is'}: within {allowed * 1000:.0f} ms",
                    abs(statistics.median(errors)) <= allowed, told)
    watcher.stop()


def asked(run):
    """When each NOOP that asks for news was said, in ms, and whether the answer before it told of an arrival."""
    found, arrival, token = [], False, None
    for line in run.err.splitlines():
        words = re.match(r" *(\d+\.\d+) ([CS]) (.*)", line)
        if not words:
            continue
        if re.search(r"\d+ EXISTS", words[3]):
            arrival = True
        if words[2] == "C" and words[3].endswith(" NOOP"):
            found.append((round(float(words[1]) * 1000), arrival))
            arrival = False
    return found


@alone
def nobody_is_asked_too_often(t):
    box = t.sandbox("submission:0,name=late,fault=deliver-late:1500", "submission:0,name=never,fault=deliver-never",
                    "imaps:0", "imaps:0,name=plain,fault=imap-without:IDLE/SPECIAL-USE", "pop3s:0",
                    options=["--messages=0"])
    for submit, fetch, more in (("late", "imaps", []), ("late", "plain", []), ("never", "imaps", ["--timeout=2"]),
                                ("never", "plain", ["--timeout=4"])):
        got = box.run("-vv", *more, submit=submit, fetch=fetch)
        times = asked(got)
        # A command may be noted later than it was meant for, where others want the processor.
        near = [(a, b) for (a, _), (b, arrival) in zip(times, times[1:]) if b - a < 10 and not arrival]
        t.check(f"{submit}, {fetch}: never twice in 20 ms", len(times) >= 10 and not near
                and len(times) <= (times[-1][0] - times[0][0]) / 20 + 3, (near, times))
        t.check(f"{submit}, {fetch}: the looks are counted, and no more than 200", got.facts["looks"] <= len(times)
                <= got.facts["looks"] + 1 and got.facts["looks"] <= 200, (got.facts["looks"], times))
    got = box.run("-vv", "--timeout=2", submit="never", fetch="pop3s")
    connected = rf" *(\d+\.\d+) \* connected to [^ ]* port {box.ports['pop3s']}"
    times = [round(float(x) * 1000) for x in re.findall(connected, got.err)]
    t.check("by POP3: never twice in 20 ms, by as many sessions as looks", len(times) - 1 == got.facts["looks"]
            and all(b - a >= 10 for a, b in zip(times[1:], times[2:]))
            and len(times) <= (times[-1] - times[1]) / 20 + 3, (times, got.facts["looks"]))


@case
def a_busy_mailbox_is_not_asked_more_often(t):
    box = t.sandbox("submission:0,name=never,fault=deliver-never", "imaps:0", options=["--messages=0"])
    ending = threading.Event()

    def others():
        writer = box.mailbox()
        while not ending.is_set():
            writer.append(b"Subject: busy\r\n\r\nvery\r\n")

    threads = [threading.Thread(target=others, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    got = box.run("-vv", "--timeout=3", submit="never")
    ending.set()
    for thread in threads:
        thread.join(10)
    times = asked(got)
    t.check("no more than twice for a look", len(times) <= 2 * got.facts["looks"], (len(times), got.facts["looks"]))
    reports = len(re.findall(r"C a\d+ UID SEARCH UID \d+:\* HEADER Content-Type report", got.err))
    t.check("once a look for reports", reports <= got.facts["looks"], (reports, got.facts["looks"]))
    t.equal("and its verdict stands", got.verdict, ("CRITICAL", "delivery", "not_delivered"), got)
