# SPDX-License-Identifier: BSD-2-Clause
"""Other people's mail is the same afterwards, byte for byte and flag for flag, whatever it claims to be."""

import contextlib
import re
import smtplib
import subprocess
import time

from harness import USER, Run, case, wait_for

OK = "OK", None, None
BOUNCE = b"""From: MAILER-DAEMON@sandbox.test\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; sandbox.test\r
\r
Final-Recipient: rfc822; probe@sandbox.test\r
Action: failed\r
Status: 5.2.2\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
%s\r
--b--\r
"""


def forged(real):
    """Variants of a message of ours, none of which is ours: (name, text)."""
    token = re.search(rb"X-Mailprobe-Token: (\S+)", real)[1]
    head, numbers, signature = token.split(b"-", 1)[0], token.split(b"-")[1:-1], token.split(b"-")[-1]
    other = lambda number: b"%x" % (int(number, 16) + 1)
    for i, name in enumerate(("instance", "sequence", "sent", "until", "body")):
        changed = [other(n).zfill(len(n)) if i == j else n for j, n in enumerate(numbers)]
        yield f"another {name}", real.replace(token, b"-".join([head, *changed, signature]))
    yield "another signature", real.replace(signature, b"0" * len(signature))
    yield "a signature cut", real.replace(token, token[:-1])
    yield "a signature longer", real.replace(token, token + b"0")
    yield "upper case", real.replace(token, token.upper())
    yield "no signature", real.replace(b"-" + signature, b"")
    yield "an empty signature", real.replace(signature, b"")
    yield "a token of another version", real.replace(token, token.replace(b"mp1-", b"mp2-"))


def pile(reader, count=200):
    """Mail of all kinds."""
    flags = ("", "\\Seen", "\\Deleted", "\\Flagged", "\\Answered \\Seen", "\\Draft", "\\Deleted \\Seen \\Flagged")
    for i in range(count):
        text = f"Message-ID: <{i}@elsewhere.test>\r\nSubject: number {i}\r\n"
        if i % 5 == 0:
            text += f"X-Mailprobe-Token: mp1-{i:016x}-1-{i:x}-7fffffff-0123456789abcdef-{i:032x}\r\n"
        if i % 7 == 0:
            text += "X-Mailprobe-Token:\r\n"
        if i % 11 == 0:
            text += "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n"
        reader.append((text + "\r\n.dots\r\n..\r\n\r\n" * (i % 3 + 1)).encode() + bytes([0xe4, 13, 10]), flags[i % 7])


@case
def a_mailbox_of_others(t):
    box = t.sandbox("submission:0", "smtp:0", "imaps:0", "imaps:0,name=stuck,fault=store-no", "pop3s:0",
                    "submission:0,name=twice,fault=deliver-twice", "submission:0,name=altered,fault=deliver-altered",
                    "submission:0,name=bounce,fault=deliver-bounce", "submission:0,name=junk,fault=deliver-junk",
                    "imaps:0,name=poor,fault=imap-without:UIDPLUS",
                    options=["--messages=3"])
    ours = ["--key-file=key", "--state-file=state.db", "--timeout=2"]
    reader = box.mailbox()
    stuck = box.run(*ours, fetch="stuck")
    t.equal("a message is left by a run that cannot remove it", stuck.verdict, ("CRITICAL", "cleanup", "rejected"),
            stuck)
    (uid, (_, real)), = reader.ours().items()
    until = int(stuck.facts["message_id"].split("-")[4], 16)
    wait_for(lambda: time.time() > until + 1, 10, "its time to be over")
    got = box.run(*ours)
    t.check("the next run removes it", got.verdict == OK and not reader.ours() and got.books == (2, 2, 0, 0), got)
    foreign = box.run("--key-file=key", "--state-file=foreign.db", "--timeout=2", fetch="stuck")
    t.equal("one of another instance with the same key", foreign.verdict, ("CRITICAL", "cleanup", "rejected"), foreign)
    pile(reader)
    with smtplib.SMTP("127.0.0.1", box.ports["smtp"]) as smtp:              # replays, after its time
        smtp.sendmail("a@elsewhere.test", USER, real)
        smtp.sendmail("a@elsewhere.test", USER, real.replace(b"\r\n\r\n", b"\r\n\r\nbuy this\r\n", 1))
    reader.flag(max(reader.messages()))
    names = [name for name, text in forged(real) if reader.append(text) is None]
    reader.append(b"Subject: quoted\r\n\r\n" + real)
    box.mailbox("Junk").append(real)
    before, junk = reader.messages(), box.mailbox("Junk").messages()
    t.check("all is there", len(before) == 3 + 1 + 200 + 2 + len(names) + 1 and len(junk) == 1, len(before))

    def same(name, got, wanted=OK, waiting=0):
        """Nothing but what waits for the next deferred run has come."""
        after = reader.messages()
        changed = {uid: (before.get(uid), after.get(uid)) for uid in before.keys() | after.keys()
                   if before.get(uid) != after.get(uid)}
        changed = [(uid, pair) for uid, pair in changed.items() if uid in before or not waiting]
        t.check(f"{name}: {wanted[2] or 'OK'}", got.verdict == wanted, got)
        t.check(f"{name}: others' mail is the same", not changed and box.mailbox("Junk").messages() == junk,
                (changed[:3], got))
        t.check(f"{name}: the books balance", not got.facts.get("sent") or got.books[0] == sum(got.books[1:])
                and waiting <= got.books[3] <= waiting + 1, got.books)

    for i in range(3):
        same(f"run {i}", box.run(*ours))
    got = box.run(*ours)
    same("what is left and why is told", got)
    t.check("a replay is listed", any("replay" in text for text in got.facts.get("left", [])), got)
    same("one with the key alone", box.run("--key-file=key", "--timeout=2"))
    same("one without a key", box.run())
    same("duplicated", box.run(*ours, submit="twice"), ("WARNING", "retrieve", "duplicated"))
    same("altered", box.run(*ours, submit="altered"), ("CRITICAL", "retrieve", "content_altered"))
    same("bounced", box.run(*ours, submit="bounce"), ("CRITICAL", "delivery", "rejected"))
    same("junked", box.run(*ours, submit="junk"), ("WARNING", "delivery", "junked"))
    same("by POP3", box.run(*ours, fetch="pop3s"))
    for fetch in "imaps", "imaps", "pop3s", "imaps":
        same(f"deferred by {fetch}", box.run(*ours, "--deferred", fetch=fetch), waiting=1)


@case
def a_replay_within_its_time_is_a_copy(t):
    box = t.sandbox("submission:0", "imaps:0", "imaps:0,name=stuck,fault=store-no", options=["--messages=0"])
    ours = ["--key-file=key", "--state-file=state.db", "--timeout=4"]
    reader = box.mailbox()
    first = box.run(*ours, fetch="stuck")
    (uid, (_, real)), = reader.ours().items()
    reader.append(real)
    until = int(first.facts["message_id"].split("-")[4], 16)
    t.check("it was in time", time.time() < until)
    wait_for(lambda: time.time() > until + 1, 10, "its time to be over")
    got = box.run(*ours)
    t.check("both are removed, and counted once", not reader.messages() and got.books == (2, 2, 0, 0), got)


@case
def without_books_what_is_unaltered_is_removed(t):
    box = t.sandbox("submission:0", "imaps:0", "imaps:0,name=stuck,fault=store-no",
                    "submission:0,name=altered,fault=deliver-altered", options=["--messages=0"])
    reader, ours = box.mailbox(), ["--key-file=key", "--timeout=2"]
    runs = [box.run(*ours, fetch="stuck"), box.run(*ours, submit="altered", fetch="stuck")]
    t.equal("two are left", len(reader.ours()), 2)
    wait_for(lambda: time.time() > int(runs[1].facts["message_id"].split("-")[4], 16) + 1, 10, "their time to be over")
    got = box.run("--key-file=other", "--timeout=2") if box.write("other", "k" * 32) else None
    t.check("another key's run leaves both", got.verdict == OK and len(reader.ours()) == 2, got)
    got = box.run(*ours)
    left = reader.ours()
    t.check("one is removed, the altered one is left and told", got.verdict == OK and len(left) == 1
            and got.facts["late"] == 1 and "altered" in got.facts["left"][0], (left, got))


@case
def a_cap_for_what_one_run_takes(t):
    box = t.sandbox("submission:0", "imaps:0", "pop3s:0", options=["--messages=0"])
    ours = ["--key-file=key", "--state-file=state.db", "--timeout=2"]
    reader = box.mailbox()
    first = box.run(*ours, "--deferred", "--lost-after=1")
    text = next(iter(reader.ours().values()))[1] if reader.ours() else None
    t.check("a message of a run that does not wait stays", text is not None, first)
    for _ in range(79):
        reader.append(text)
    wait_for(lambda: time.time() > int(first.facts["message_id"].split("-")[4], 16) + 1, 10, "its time to be over")
    left = [len(reader.ours())]
    for fetch in "imaps", "pop3s", "imaps":
        got = box.run(*ours, fetch=fetch)
        left.append(len(reader.ours()))
    t.check("some at a time", left[0] == 80 and left[0] - left[1] in range(1, 67), (left, got))


@contextlib.contextmanager
def waiting(box, *more, **which):
    """A run whose message is sent and comes nowhere, and that message's header."""
    begun = time.monotonic()
    run = subprocess.Popen(box.words(*more, **which), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=box.folder)
    spool = box.state / "mail" / USER
    try:
        path = wait_for(lambda: next(iter(spool.glob("*")), None), 10, "the message in the spool")
        header = wait_for(lambda: path.read_bytes().partition(b"\r\n\r\n")[0], 10, "its header")

        def ended():
            out, err = run.communicate(timeout=60)
            return Run(run.args, subprocess.CompletedProcess(run.args, run.returncode, out, err),
                       time.monotonic() - begun)
        yield header, ended
    finally:
        run.kill()
        run.wait()


@case
def somebody_removes_mail_while_a_bounce_comes(t):
    box = t.sandbox("submission:0,fault=deliver-never", "imaps:0", options=["--messages=3", "--spool"])
    reader = box.mailbox()
    with waiting(box, "--timeout=4") as (header, ended):
        reader.flag(min(reader.messages()))
        reader.imap.expunge()
        reader.append(BOUNCE % header)
        got = ended()
    t.equal("the bounce is seen", got.verdict, ("CRITICAL", "delivery", "rejected"), got)


@case
def what_comes_while_junk_is_looked_into(t):
    """No answer tells of it: opening a mailbox again tells what is there, not what has come."""
    box = t.sandbox("submission:0,fault=deliver-never", "imaps:0", options=["--messages=3", "--spool"])
    junk = box.mailbox("Junk")
    with waiting(box, "--timeout=2", "-vv") as (_, ended):
        junk.append(b"Subject: buy this\r\n\r\nnow\r\n")
        got = ended()
    said = [line["text"].split()[0:2] for line in got.json["transcript"] if line["from"] == "client"]
    said = [" ".join(words[1:]) for words in said]
    opened = [i for i, verb in enumerate(said) if verb == "SELECT"]
    t.check("both were opened, INBOX twice", len(opened) == 3, said)
    t.equal("INBOX is searched next", said[opened[2] + 1:opened[2] + 3], ["NOOP", "UID"], said)
