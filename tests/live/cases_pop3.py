# SPDX-License-Identifier: BSD-2-Clause
"""What check_mail_pop3 must be able to say to any server, and that it deletes only what it may."""

import poplib

from cases_imap import facts, steps
from check import Mismatch, want
from mailstore import MAILS
from material import collect
from server import PASSWORD, SECOND, USER

COMMON = []


def case(name, **how):
    return collect(COMMON, "POP3: " + name, **how)


class Maildrop(poplib.POP3_SSL):
    """`with Maildrop(bench) as maildrop:` is a session of our own, with an end that is an end."""

    def __init__(self, bench, user=USER):
        super().__init__("localhost", bench.port("pop3s"), context=bench.server.trusting)
        self.bench = bench
        self.user(user)
        self.pass_(PASSWORD)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.quit()
        self.bench.looks += 1

    def close(self):
        if self.file:
            self.file.read()
        super().close()


def listing(bench, user=USER):
    """Number and size of each message, as the server says."""
    with Maildrop(bench, user) as pop:
        return {int(number): int(size) for number, size in
                (line.split() for line in pop.list()[1])}


@case("STAT by itself")
def stat(bench):
    sizes = listing(bench)
    result = bench.pop3().ok()
    want("steps", steps(result), ["stat"])
    facts(result, messages=len(sizes), size_bytes=sum(sizes.values()))


@case("--stat, --list and --uidl")
def looking(bench):
    sizes = listing(bench)
    result = bench.pop3("--stat", "--list", "--uidl").ok()
    want("steps", steps(result), ["stat", "list", "uidl"])
    facts(result, messages=len(sizes), size_bytes=sum(sizes.values()),
          largest_bytes=max(sizes.values()))
    facts(bench.pop3("--list").ok(), messages=len(sizes), largest_bytes=max(sizes.values()))
    bench.pop3("--uidl").ok()


@case("--retr of each message")
def retrieved(bench):
    for number, size in listing(bench, SECOND).items():
        result = bench.pop3(f"--retr={number}", user=SECOND, unless=bench.server.retr_flags).ok()
        got = result.fact("message_size")
        # Dovecot's size of a message without a line end at its end is without the one it adds.
        if got not in (size, size + 2):
            raise Mismatch(f"message {number} of {size} octets is said to have {got}")


@case("--retr of the last")
def retrieved_last(bench):
    sizes = listing(bench, SECOND)
    facts(bench.pop3("--retr=last", user=SECOND, unless=bench.server.retr_flags).ok(),
          message_size=sizes[len(sizes)])


@case("message that is not there")
def missing(bench):
    bench.pop3("--retr=4711").judged("CRITICAL", "retr", "message_missing")
    bench.pop3("--dele=4711").judged("CRITICAL", "dele", "message_missing")


@case("thresholds on counted values")
def thresholds(bench):
    count = len(MAILS)
    bench.pop3("-w", f"messages={count}").ok()
    bench.pop3("-w", f"messages={count - 1}").judged("WARNING", "stat", "threshold")


@case("options as check_pop has them")
def drop_in(bench):
    bench.pop3("-e", "+OK", user=None).ok()
    bench.pop3("-e", "-NEVER", user=None).judged("WARNING", "banner", "unexpected")
    bench.pop3("-E", "-s", "CAPA\\r\\n", "-e", "+OK", "-q", "QUIT\\r\\n", user=None).ok()


@case("--dele and something that fails: nothing is deleted")
def spared(bench):
    result = bench.pop3("--dele=2", "--retr=4711", user=SECOND)
    result.judged("CRITICAL", "retr", "message_missing")
    want("deleted", result.fact("deleted") or [], [])


@case("--dele stopped by --until: nothing is deleted")
def stopped(bench):
    bench.pop3("--dele=2", "--until=stat", "--stat", user=SECOND).ok()


@case("--dele of one message: it is gone, and no other")
def deleted(bench):
    victim(bench, ["2"])


@case("--dele of two messages")
def deleted_two(bench):
    victim(bench, ["1", "3"])


def victim(bench, numbers):
    """Deletes messages, and holds what is left against what was; then puts them back."""
    bench.accounts.pop(SECOND, None)
    before = bench.look(SECOND, bodies=True)
    with Maildrop(bench, SECOND) as pop:
        bodies = [b"\r\n".join(pop.retr(int(number))[1]).rstrip() for number in numbers]
    uids = [uid for uid, mail in before.mails[b"INBOX"].items() if mail.body.rstrip() in bodies]
    want("messages known by their bodies", len(uids), len(numbers))
    result = bench.pop3(*(f"--dele={number}" for number in numbers), user=SECOND,
                        harmless=False).ok()
    want("deleted", result.fact("deleted"), numbers)
    want("last phases", list(result.seconds())[-2:],
         ["dele" if len(numbers) == 1 else f"dele_{len(numbers)}", "quit"])
    after = bench.look(SECOND, bodies=True)
    gone = set(before.mails[b"INBOX"]) - set(after.mails[b"INBOX"])
    want("UIDs that are gone", sorted(gone), sorted(uids))
    for uid, mail in after.mails[b"INBOX"].items():
        want(f"message {uid}", mail.line(frozenset(bench.server.retr_flags)),
             before.mails[b"INBOX"][uid].line(frozenset(bench.server.retr_flags)))
    for name in before.mails:
        if name != b"INBOX":
            want(f"messages in {name}", [mail.line() for mail in after.mails[name].values()],
                 [mail.line() for mail in before.mails[name].values()])
