# SPDX-License-Identifier: BSD-2-Clause
"""What the cases are made of: names, bodies, and how a delivered message is judged.

A case is a function of a Bench: the server, the check, and what is known of both. The bench
judges after every case what the server thought of the visit: each session must have ended by
QUIT, also where its certificate was refused, and its log must complain of nothing.
"""

from check import Mismatch, want
from server import DOMAIN, USER, wait_for

SENDER = "sender@elsewhere.test"
UNKNOWN = "no-such-person@" + DOMAIN
FOREIGN = "somebody@elsewhere.test"
TRACE = {b"return-path", b"x-original-to", b"delivered-to", b"received", b"envelope-to",
         b"delivery-date"}
DELIVERY_SECONDS = 10

ENVELOPE = ("-f", SENDER, "--rcpt", USER)
OWN = ("-f", USER, "--rcpt", USER)      # who logs in writes to himself


class Case:
    def __init__(self, name, function, excuse=None):
        self.name = name
        self.function = function
        self.excuse = excuse    # what the server may complain of all the same: its own fault


def collect(table, name, excuse=None):
    """Decorator that puts a function into a table of cases."""
    def add(function):
        table.append(Case(name, function, excuse))
        return function
    return add


def delivered(bench, send, maildir=None):
    """Runs send(), and returns its result and the one message that then appears."""
    store = bench.server.store
    before = set(store.mails(maildir))
    result = send().ok()
    wait_for("message in the maildir", DELIVERY_SECONDS,
             lambda: len(store.mails(maildir)) > len(before) and not store.queue())
    after = store.mails(maildir)
    new = [after[path] for path in after if path not in before]
    want("messages delivered", len(new), 1)
    return result, new[0]


def undelivered(bench, run):
    """Runs run(), after which there must be nothing in the server that was not there before."""
    store = bench.server.store
    before = set(store.mails())
    result = run()
    bench.settle()
    want("messages in the queue", store.queue(), [])
    want("new messages in the maildir", set(store.mails()) - before, set())
    return result


def body_of(message):
    return message.partition(b"\n\n")[2]


def header_of(message, name):
    """The values of a header in a message as delivered, unfolded."""
    lines = message.partition(b"\n\n")[0].replace(b"\n\t", b" ").replace(b"\n ", b" ").split(b"\n")
    fields = [line.partition(b":") for line in lines]
    return [value.strip() for field, _, value in fields if field.lower() == name.lower()]


def same(what, got, wanted):
    """As want(), for contents too long to print."""
    if got == wanted:
        return
    place = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b),
                 min(len(got), len(wanted)))
    raise Mismatch(f"{what}: {len(got)} bytes for {len(wanted)}, different from byte {place}\n"
                   f"  got    {got[max(0, place - 40):place + 40]!r}\n"
                   f"  wanted {wanted[max(0, place - 40):place + 40]!r}")


def accepted(bench, result):
    """The queue id in the facts is the one that the server gave."""
    store = bench.server.store
    queue_id = result.fact("queue_id")
    if not queue_id or store.accepted.format(id=queue_id) not in store.log():
        raise Mismatch(f"queue id {queue_id!r} is not in the server's log")


def as_sent(sent, message):
    """A message delivered is the message sent, below the headers that a server adds on top."""
    if sent is None:
        raise Mismatch("no message was seen on the wire")
    sent = sent.replace(b"\r\n", b"\n")
    same("what was delivered", message[-len(sent):], sent)
    trace = message[:-len(sent)].replace(b"\n\t", b" ").replace(b"\n ", b" ").splitlines()
    names = {line.partition(b":")[0].lower() for line in trace}
    want("headers that the server added, beyond trace headers", names - TRACE, set())


BODIES = {
    "dots": b".\n..\n.x\n...\n\n.\n\n",
    "blanks": b"  leading\ntrailing \t \n\n\n\nFrom here\n>From there\n",
    "CRLF file": b"one\r\ntwo\r\n.\r\nfour\r\n",
    "8-bit": "Grüße, \u65e5\u672c, \U0001f4ee\n".encode() + b"Latin-1: \xe4\xf6\xff\x80\n",
    "998-byte lines": b"".join(bytes([c]) * 998 + b"\n" for c in b"abc.") + b"." * 998 + b"\n",
    "long": b"".join(b"%07d %s\n" % (i, b"x" * (i % 120)) for i in range(30000)),
    "no line end at its end": b"first\nlast",
}


def expected(body):
    body = body.replace(b"\r\n", b"\n")
    return body if body.endswith(b"\n") else body + b"\n"
