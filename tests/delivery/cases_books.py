# SPDX-License-Identifier: BSD-2-Clause
"""sent = received + lost + in flight, whatever becomes of the messages and of the runs."""

import concurrent.futures
import os
import random
import subprocess
import time

from harness import USER, Options, case, wait_for

OK = "OK", None, None
BOOKS = ["--key-file=key", "--state-file=state.db"]


def until(run):
    """When the time of a run's message is over, by its token."""
    return int(run.facts["message_id"].split("-")[4], 16)


def is_over(run):
    wait_for(lambda: time.time() > until(run) + 1, 15, "a message's time to be over")


class Step:
    """Runs that are judged with their books: (sent, received, lost, in flight)."""

    def __init__(self, t, box, *words, **which):
        self.t, self.box, self.words, self.which = t, box, words, which

    def __call__(self, name, books, verdict=OK, *words, **which):
        got = self.box.run(*self.words, *words, **{**self.which, **which})
        self.t.equal(f"{name}: the verdict", got.verdict, verdict, got)
        self.t.equal(f"{name}: the books", got.books, books, got)
        return got


@case
def deferred(t):
    for fetch in "imaps", "pop3s":
        box = t.sandbox("submission:0", f"{fetch}:0", options=["--messages=2"])
        reader, step = box.mailbox(), Step(t, box, *BOOKS, "--deferred", fetch=fetch)
        for i in range(1, 5):
            got = step(f"{fetch}, run {i}", (i, i - 1, 0, 1))
            t.equal(f"{fetch}, run {i}: one is in the mailbox", len(reader.ours()), 1)
            t.check(f"{fetch}, run {i}: the phases in this order",
                    [p["name"] for p in got.json["phases"] if p["name"] in
                    ("delivery", "retrieve", "cleanup", "submit")] == ["delivery", "retrieve", "cleanup", "submit"],
                    got)
            t.equal(f"{fetch}, run {i}: a delay of whole seconds where one has come", "delay" in got.facts and
                    got.facts["delay"] == int(got.facts["delay"]) < 3, i > 1, got)
        t.check(f"{fetch}: others' mail is left", len(reader.messages()) == 3, reader.messages().keys())


@case
def deferred_through_servers_that_change_what_they_take(t):
    box = t.sandbox("submission:0", "submission:0,name=other,fault=deliver-other-id",
                    "submission:0,name=altered,fault=deliver-altered", "submission:0,name=twice,fault=deliver-twice",
                    "submission:0,name=junk,fault=deliver-junk", "imaps:0", options=["--messages=0"])
    step = Step(t, box, *BOOKS, "--deferred")
    step("another Message-ID", (1, 0, 0, 1), submit="other")
    step("it is known by its other field", (2, 1, 0, 1), submit="altered")
    step("altered", (3, 2, 0, 1), ("CRITICAL", "retrieve", "content_altered"), submit="twice")
    got = step("twice", (4, 3, 0, 1), ("WARNING", "retrieve", "duplicated"), submit="junk")
    t.equal("both are removed", (box.mailbox().messages(), len(box.mailbox("Junk").messages())), ({}, 1), got)
    step("in the junk mailbox", (5, 4, 0, 1), ("WARNING", "delivery", "junked"))


@case
def late_and_lost(t):
    box = t.sandbox("submission:0", "submission:0,name=late,fault=deliver-late:4000",
                    "submission:0,name=never,fault=deliver-never", "imaps:0", options=["--messages=0"])
    step = Step(t, box, *BOOKS, "--deferred", "--lost-after=1")
    begun = step("sent, to be late", (1, 0, 0, 1), submit="late")
    sent = time.monotonic()
    is_over(begun)
    lost = "CRITICAL", "delivery", "not_delivered"
    got = step("lost", (2, 0, 1, 1), lost)
    t.check("how many and since when is told", "1 message did not come within 1 s" in got.json["summary"], got)
    reader = box.mailbox()
    wait_for(lambda: time.monotonic() > sent + 4 and len(reader.ours()) == 2, 10, "what comes late")
    got = step("late", (3, 1, 1, 1))
    t.equal("it is counted as late", got.facts["late"], 1, got)
    got = step("in time again", (4, 2, 1, 1), submit="never")
    is_over(got)
    step("lost again", (5, 2, 2, 1), lost)
    step("and again in time", (6, 3, 2, 1))


@case
def what_is_refused_was_never_sent(t):
    faults = "mail-rejected", "rcpt-rejected", "data-rejected", "send-rejected", "greylist", "auth-rejected"
    box = t.sandbox("submission:0", *[f"submission:0,name=f{i},fault={fault}" for i, fault in enumerate(faults)],
                    "submission:0,name=cut,fault=close:send",
                    "submission:0,name=gone,fault=close:send,fault=deliver-never",
                    "imaps:0", options=["--messages=0"])
    for i, fault in enumerate(faults):
        got = box.run(*BOOKS, "--timeout=1", submit=f"f{i}")
        t.check(fault, got.books == (0, 0, 0, 0) and got.status in (1, 2), got)
    for i, submit in enumerate(("cut", "gone")):
        got = box.run(*BOOKS, "--timeout=1", submit=submit)
        t.equal(f"{submit}: one whose acceptance is not known is in flight", got.books, (1 + 2 * i, 2 * i, 0, 1), got)
        is_over(got)
        got = box.run(*BOOKS, "--timeout=1")
        t.equal(f"{submit}: then received or lost, and the run that finds that is not to blame",
                (got.books, got.verdict),
                ((2 + 2 * i, 2 + i, i, 0), OK), got)


@case
def waiting_runs(t):
    box = t.sandbox("submission:0", "submission:0,name=late,fault=deliver-late:3000",
                    "submission:0,name=never,fault=deliver-never", "submission:0,name=twice,fault=deliver-twice",
                    "submission:0,name=bounce,fault=deliver-bounce", "imaps:0", "pop3s:0", options=["--messages=0"])
    step = Step(t, box, *BOOKS, "--timeout=2")
    reader = box.mailbox()
    step("one", (1, 1, 0, 0))
    step("twice", (2, 2, 0, 0), ("WARNING", "retrieve", "duplicated"), submit="twice")
    missing = "CRITICAL", "delivery", "not_delivered"
    got = step("late", (3, 2, 0, 1), missing, submit="late")
    wait_for(reader.ours, 10, "what is late")
    is_over(got)
    got = step("it has come meanwhile", (4, 4, 0, 0), OK)
    t.equal("and all is removed", reader.messages(), {})
    got = step("never", (5, 4, 0, 1), missing, submit="never")
    is_over(got)
    step("is lost", (6, 5, 1, 0), fetch="pop3s")
    got = step("a bounce", (7, 5, 1, 1), ("CRITICAL", "delivery", "rejected"), submit="bounce")
    t.check("its status is told, and it is removed", "5.1.1" in got.json["summary"]
            and got.facts["report"].startswith("failed: 5.1.1") and not reader.messages(), got)
    is_over(got)
    step("is lost", (8, 6, 2, 0))


def start(box, *words, **which):
    return subprocess.Popen(box.words(*BOOKS, *words, **which), cwd=box.folder, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"})


def settled(t, box, *words):
    """The last run's books, once nothing of ours is left."""
    reader = box.mailbox()
    got = box.run(*BOOKS, *words)
    for _ in range(4):
        if not reader.ours() and got.books[3] == 0:
            break
        is_over(got)
        got = box.run(*BOOKS, *words)
    t.equal("nothing of ours is left in the mailbox", list(reader.ours()), [])
    t.check("the books balance, with nothing in flight", got.books[0] == got.books[1] + got.books[2]
            and got.books[3] == 0, got)
    return got


def spooled(box):
    folder = box.state / "mail" / USER
    return len(list(folder.iterdir())) if folder.exists() else 0


@case
def killed_at_any_moment(t):
    chance = random.Random(5)
    for fetch, count in ("imaps", 50), ("pop3s", 20):
        box = t.sandbox("submission:0", "imaps:0", "pop3s:0", options=["--messages=3", "--spool"])
        before = box.mailbox().messages()
        box.run(*BOOKS, "--timeout=2")
        took = min(box.run(*BOOKS, "--timeout=2").seconds for _ in range(3))
        ended = 0
        for i in range(count):
            run = start(box, "--timeout=2", fetch=fetch)
            time.sleep(chance.uniform(0.3, 1.1) * took)     # this is the moment that is tried
            run.kill()
            ended += run.communicate()[0] != b""
        got = settled(t, box, "--timeout=2")
        t.check(f"{fetch}: some were killed before their end", ended < count, ended)
        t.check(f"{fetch}: each that was taken was counted once", got.books[1] == spooled(box),
                (got.books, spooled(box)))
        t.check(f"{fetch}: others' mail is the same", box.mailbox().messages() == before)


@case
def killed_while_deferred(t):
    chance = random.Random(6)
    box = t.sandbox("submission:0", "imaps:0", options=["--messages=3", "--spool"])
    before = box.mailbox().messages()
    words = ["--deferred", "--lost-after=3"]
    took = min(box.run(*BOOKS, *words).seconds for _ in range(3))
    for i in range(50):
        run = start(box, *words)
        time.sleep(chance.uniform(0.2, 1.1) * took)
        run.kill()
        run.communicate()
    settled(t, box, "--timeout=2")
    got = box.run(*BOOKS, "--timeout=2")
    t.check("each that was taken was counted once", got.books[1] + got.facts["late"] == spooled(box),
            (got.books, got.facts["late"], spooled(box)))
    t.check("others' mail is the same", box.mailbox().messages() == before)


@case
def what_is_there_is_not_lost(t):
    """In whatever second a run finds what a killed one has left, it is received, or waited for."""
    box = t.sandbox("submission:0", "imaps:0", "imaps:0,name=stuck,fault=close:search", options=["--messages=0"])
    for i in range(3):
        first = box.run(*BOOKS, "--timeout=1", fetch="stuck")
        over = until(first)
        while time.time() < over + 1.2:
            got = box.run(*BOOKS, "--timeout=1")
            if got.books[2] or got.facts["late"]:
                break
        t.check(f"message {i} is not lost", got.books[2] == 0 and got.facts["late"] == 0 and got.books[3] == 0, got)
    t.equal("nothing is left", box.mailbox().messages(), {})


@case
def its_time_is_not_over_before_the_run_is(t):
    """By whole seconds, whenever in a second it begins."""
    box = t.sandbox("submission:0", "submission:0,name=late,fault=deliver-late:1400", "imaps:0",
            options=["--messages=0"])

    for fraction in 0.3, 0.6, 0.9, 0.99:
        time.sleep((fraction - time.time()) % 1)
        late = start(box, "--timeout=2", submit="late")
        time.sleep(1.15)
        beside = [box.run(*BOOKS, "--timeout=2") for _ in range(2)]
        waits = late.poll() is None
        late.communicate()
        t.check(f"begun at .{fraction * 100:.0f}: not given up by others while it waits", beside[0].books[2] == 0
                and (beside[1].books[2] == 0 or not waits), beside)
    for fraction in 0.5, 0.97, 0.99, 0.999:
        time.sleep((fraction - time.time()) % 1)
        got = box.run(*BOOKS, "--deferred", "--lost-after=1")
        t.check(f"deferred, begun at .{fraction * 1000:.0f}: it is sent", got.status != 3, got)


@case
def two_at_once(t):
    box = t.sandbox("submission:0", "imaps:0", "pop3s:0", options=["--messages=0", "--spool"])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for i in range(20):
            both = [pool.submit(box.run, *BOOKS) for _ in range(2)]
            for one in both:
                got = one.result()
                if got.verdict != OK or got.facts["copies"] != 1:
                    t.check(f"pair {i}", False, got)
    got = box.run(*BOOKS)
    t.equal("the books of 20 pairs", got.books, (41, 41, 0, 0), got)
    t.check("each was taken once, and nothing is left", spooled(box) == 41 and not box.mailbox().messages())
    words = ["--deferred"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for i in range(10):
            for one in [pool.submit(box.run, *BOOKS, *words) for _ in range(2)]:
                got = one.result()
                if got.verdict[0] not in ("OK", "WARNING") and got.verdict[2] != "message_missing":
                    t.check(f"deferred pair {i}", False, got)
                t.check(f"deferred pair {i}: the books balance", got.books[0] == sum(got.books[1:]), got)
    got = box.run(*BOOKS, *words)
    t.equal("nothing is lost and nothing counted twice", (got.books[0], got.books[2], sum(got.books[1:])), (62, 0, 62),
            got)
