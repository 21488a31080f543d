# SPDX-License-Identifier: BSD-2-Clause
"""What check_mail_imap must be able to say to any server, and that it leaves no trace of it."""

import base64
import os
import re
import time

from account import quoted
from check import Mismatch, kill, want
from gate import Gate
from mailstore import INTERNATIONAL, MAILS, SUBJECT, append
from material import Case, collect
from server import SECOND, USER

COMMON = []
CLOSING = []            # when all others have been
AGE_SECONDS = 30        # by how much our clock and the run may differ on how old a message is
GATE_SECONDS = 10
DEADLINE = 3            # of a run that is to meet it
SLACK = 0.3             # for starting a process and ending it
SCRATCH = re.compile(rb"mailprobe-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)-([0-9a-f]+)(-renamed)?$")


def case(name, **how):
    return collect(COMMON, "IMAP: " + name, **how)


def decoded(name):
    """A mailbox name as people read it, from modified UTF-7 (RFC 3501 section 5.1.3)."""
    def shifted(match):
        code = match.group(1).replace(b",", b"/")
        text = base64.b64decode(code + b"=" * (-len(code) % 4)).decode("utf-16-be")
        return (text or "&").encode()
    return re.sub(rb"&([^-]*)-", shifted, name).decode()


def facts(result, **wanted):
    """Holds facts against the truth, and the values of the same names."""
    for name, value in wanted.items():
        want(name, result.fact(name), value)
        if name not in ("uid_next", "uid_validity"):
            want(f"value {name}", result.json["values"].get(name), value)


def steps(result):
    """The phases after the login, without the goodbye, nor a look at what there is now."""
    names = list(result.seconds())
    return [name for name in names[names.index("auth") + 1:-1] if not name.startswith("capab")]


def near(what, got, wanted):
    if got is None or abs(got - wanted) > AGE_SECONDS:
        raise Mismatch(f"{what} is {got}, not about {wanted:.0f}")


# --- looking ---

@case("INBOX by itself")
def inbox(bench):
    status = bench.account().status[b"INBOX"]
    result = bench.imap().ok()
    want("steps", steps(result), ["select"])
    facts(result, messages=status["MESSAGES"], recent=status["RECENT"],
          uid_validity=status["UIDVALIDITY"])


@case("--list of everything")
def listed(bench):
    result = bench.imap("--list").ok()
    account = bench.account()
    facts(result, mailboxes=len(account.status))
    want("names", sorted(result.fact("mailbox_names")), sorted(map(decoded, account.attributes)))


@case("--list by reference and pattern")
def listed_some(bench):
    archive = bench.server.mailbox(b"Archive")
    inner = bench.server.mailbox(b"Archive", b"2026")
    separator = bench.server.separator.decode()
    for reference, pattern, wanted in (
            ("", "INBOX", [b"INBOX"]),
            ("", archive.decode(), [archive]),
            ("", archive.decode() + "*", [archive, inner]),
            (archive.decode() + separator, "%", [inner]),
            ("", "no-such-*", [])):
        result = bench.imap(f"--list={reference},{pattern}").ok()
        want(f"names below {reference!r} like {pattern!r}",
             sorted(result.fact("mailbox_names") or []), [name.decode() for name in wanted])
        facts(result, mailboxes=len(wanted))


@case("--list, then INBOX")
def listed_first(bench):
    want("steps", steps(bench.imap("--list", "--sizes").ok()), ["list", "select", "sizes"])


@case("--examine of a subfolder")
def examined(bench):
    name = bench.server.mailbox(b"Archive", b"2026")
    status = bench.account().status[name]
    result = bench.imap(f"--examine={name.decode()}").ok()
    facts(result, messages=status["MESSAGES"], recent=status["RECENT"])
    facts(bench.imap("--examine=inbox").ok(), messages=len(MAILS))


@case("--examine of a name that is not ASCII, and of one that needs quoting")
def examined_odd(bench):
    name = bench.server.mailbox(INTERNATIONAL)
    bench.imap(f"--examine={decoded(name)}").ok()
    bench.imap(f"--examine={name.decode()}").ok()
    bench.imap(f"--examine={bench.server.mailbox(bench.server.odd).decode()}").ok()


@case("several mailboxes, each with values of its own")
def several(bench):
    names = [b"INBOX", bench.server.mailbox(b"Archive", b"2026"), bench.server.mailbox(b"Info")]
    result = bench.imap(*(f"--examine={name.decode()}" for name in names)).ok()
    want("steps", steps(result), ["select", "select_2", "select_3"])
    account = bench.account()
    facts(result, messages=account.status[b"INBOX"]["MESSAGES"])
    for name in names:
        want(f"messages in {name}", result.json["values"].get(f"messages[{name.decode()}]"),
             account.status[name]["MESSAGES"])


@case("--select, which takes \\Recent and nothing else")
def selected(bench):
    arrived(bench)
    bench.accounts.pop(SECOND, None)
    result = bench.imap("--select=INBOX", user=SECOND, unless=(rb"\recent",)).ok()
    facts(result, messages=bench.account(SECOND).status[b"INBOX"]["MESSAGES"])
    result = bench.imap(f"--select={bench.server.mailbox(b'Info').decode()}", user=SECOND).ok()
    facts(result, messages=0)


@case("mailbox that does not exist")
def missing(bench):
    name = bench.server.mailbox(b"Nowhere").decode()
    for option, phase in (("examine", "select"), ("select", "select"), ("status", "status")):
        result = bench.imap(f"--{option}={name}")
        result.judged("CRITICAL", phase, "mailbox_missing")


@case("--status")
def status_of(bench):
    for name in b"INBOX", bench.server.mailbox(b"Archive", b"2026"):
        truth = bench.account().status[name]
        result = bench.imap(f"--status={name.decode()}").ok()
        facts(result, messages=truth["MESSAGES"], unseen=truth["UNSEEN"], recent=truth["RECENT"],
              uid_next=truth["UIDNEXT"], uid_validity=truth["UIDVALIDITY"])


@case("--sizes")
def sizes(bench):
    result = bench.imap("--sizes").ok()
    account = bench.account()
    facts(result, messages=len(MAILS), size_bytes=sum(account.sizes()),
          largest_bytes=max(account.sizes()))
    near("oldest age", result.fact("oldest_age_seconds"), max(account.ages()))
    near("newest age", result.fact("newest_age_seconds"), min(account.ages()))


@case("--sizes of an empty mailbox")
def sizes_of_none(bench):
    name = bench.server.mailbox(b"Info").decode()
    facts(bench.imap(f"--examine={name}", "--sizes").ok(), messages=0, size_bytes=0)


@case("--search")
def searched(bench):
    account = bench.account()
    unseen = len(account.mails[b"INBOX"]) - len(account.flagged(rb"\seen"))
    for keys, matches in (("ALL", len(MAILS)), ("UNSEEN", unseen), ("FLAGGED", 1), ("DELETED", 1),
                          (f'SUBJECT "{SUBJECT}"', 1), ('SUBJECT "dots"', 1),
                          ('SUBJECT "nothing like it"', 0), ("LARGER 1000000 SEEN", 1)):
        facts(bench.imap(f"--search={keys}").ok(), matches=matches)


@case("--search by keys that are none")
def searched_badly(bench):
    bench.imap("--search=NONSENSE").judged("CRITICAL", "search", "rejected")


@case("--fetch of each message")
def fetched(bench):
    for uid, mail in bench.account().mails[b"INBOX"].items():
        facts(bench.imap(f"--fetch={uid}").ok(), message_size=mail.size)


@case("--fetch of the last")
def fetched_last(bench):
    facts(bench.imap("--fetch=last").ok(), message_size=bench.account().sizes()[-1])
    name = bench.server.mailbox(b"Archive", b"2026")
    facts(bench.imap(f"--examine={name.decode()}", "--fetch=last").ok(),
          message_size=bench.account().sizes(name)[-1])


@case("--fetch of a message that is not there")
def fetched_missing(bench):
    bench.imap("--fetch=4711").judged("CRITICAL", "fetch", "message_missing")
    name = bench.server.mailbox(b"Info").decode()
    bench.imap(f"--examine={name}", "--fetch=last").judged("CRITICAL", "fetch", "message_missing")


@case("--idle")
def idled(bench):
    want("steps", steps(bench.imap("--idle").ok()), ["select", "idle"])


@case("--quota")
def quota(bench):
    [[_, _, resources]] = bench.account().quota
    used, limit = (int(number) for number in resources[1:3])
    result = bench.imap("--quota").ok()
    facts(result, quota_used_bytes=used * 1024, quota_limit_bytes=limit * 1024)
    percent = result.fact("quota_used_percent")
    if percent is None or abs(percent - 100 * used / limit) > 1:
        raise Mismatch(f"{percent} % of the quota are said to be used, {used} of {limit} are")


@case("thresholds on counted values")
def thresholds(bench):
    bench.imap("-w", "messages=7", "-c", "messages=7").ok()
    bench.imap("-w", "messages=6", "-c", "messages=7").judged("WARNING", "select", "threshold")
    bench.imap("--status=INBOX", "-c", "unseen=0").judged("CRITICAL", "status", "threshold")


@case("stopped early by --until among the steps")
def until(bench):
    result = bench.imap("--list", "--sizes", "--append", "--until=select").ok()
    want("steps", steps(result), ["list", "select"])
    result = bench.imap("--cycle", "--append", "--until=create").ok()
    if "append" in steps(result):
        raise Mismatch(f"steps are {steps(result)}")


@case("options as check_imap has them")
def drop_in(bench):
    bench.imap("-e", "* OK", user=None).ok()
    bench.imap("-e", "* NEVER", user=None).judged("WARNING", "banner", "unexpected")
    bench.imap("-E", "-s", "x1 CAPABILITY", "-e", "IMAP4rev1", "-q", "x2 LOGOUT", user=None).ok()
    bench.imap("-S", "-s", "x1 NOOP", "--tls=implicit").ok()


@case("another session adds and expunges messages meanwhile")
def disturbed(bench):
    arrived(bench)
    known, last = bench.look(SECOND).sizes()[-1], unique(MAILS[1])
    check = bench.current = bench.checks["imap"]
    with Gate(bench.port("imap"), rb" EXAMINE ") as gate:
        process = check.begin(
            gate.port, "--tls=none", "-U", SECOND, "--password-file", check.password,
            "--auth=CRAM-MD5", "--sizes", "--search=ALL", "--fetch=last", "--sizes")
        reached = gate.reached.wait(GATE_SECONDS)
        with bench.server.reader(SECOND) as imap:
            imap.command(b"SELECT", b"INBOX")
            [[_, *uids]] = imap.command(b"UID SEARCH", b"ALL")
            imap.command(b"UID STORE", uids[0], b"+FLAGS.SILENT", rb"(\Deleted)")
            imap.command(b"UID EXPUNGE", uids[0])
            append(imap, b"INBOX", *unique(MAILS[0]))
            append(imap, b"INBOX", *last)
        gate.open.set()
        result = check.finish(process)
    want("the command was said", reached, True)
    bench.looks += 1
    bench.accounts.pop(SECOND, None)
    result.ok()
    # When a session hears of what another one does is the server's business.
    if result.fact("message_size") not in (len(last[-1]), known):
        raise Mismatch(f"the last message is said to have {result.fact('message_size')} octets")


# --- writing to a mailbox of our own ---

@case("what a living run uses is let alone by another")
def together(bench):
    before = bench.account()
    check = bench.checks["imap"]
    with Gate(bench.port("imap"), rb" SELECT ") as gate:
        process = check.begin(gate.port, "--tls=none", *check.login, "--auth=CRAM-MD5",
                              "--append", "-t", "15")
        reached = gate.reached.wait(GATE_SECONDS)
        bench.held = 1
        bench.imap("--cycle", harmless=False).ok()
        gate.open.set()
        bench.held = 0
        result = check.finish(process)
    want("the command was said", reached, True)
    result.ok()
    bench.settle()
    bench.compare(USER, before)


@case("--cycle leaves nothing behind")
def cycled(bench):
    got = steps(bench.imap("--cycle").ok())
    for name in "namespace", "list", "create", "rename", "delete":
        if name not in got:
            raise Mismatch(f"no {name} among the steps {got}")


@case("--cycle and --append twice in a run")
def twice(bench):
    bench.imap("--cycle", "--append", "--append", "--cycle", "-t", "15").ok()


@case("--append leaves nothing behind")
def appended(bench):
    result = bench.imap("--append").ok()
    for name in "create", "append", "select", "fetch", "expunge", "delete":
        if not any(step.partition("_")[0] == name for step in steps(result)):
            raise Mismatch(f"no {name} among the steps {steps(result)}")
    if not result.fact("message_size"):
        raise Mismatch("no size of the message")


@case("every step in one run, then again in another order")
def everything(bench):
    account = bench.account()
    inner = bench.server.mailbox(b"Archive", b"2026").decode()
    options = ["--list", "--examine=INBOX", f"--status={inner}", "--sizes", "--search=UNSEEN",
               "--fetch=last", "--cycle", "--append", "--idle", "--quota"]
    result = bench.imap(*options).ok()
    facts(result, mailboxes=len(account.status), messages=len(MAILS),
          size_bytes=sum(account.sizes()), matches=account.status[b"INBOX"]["UNSEEN"])
    want("steps", steps(result)[:6], ["list", "select", "status", "sizes", "search", "fetch"])
    result = bench.imap("--append", "--examine=INBOX", "--cycle", "--quota", "--idle",
                        "--fetch=last", "--search=UNSEEN", "--sizes", "--list").ok()
    facts(result, mailboxes=len(account.status), messages=len(MAILS),
          size_bytes=sum(account.sizes()), matches=account.status[b"INBOX"]["UNSEEN"])


def broken(bench, gate, *options):
    """A run that is killed where the gate holds it; the mailbox that it leaves."""
    before = set(bench.account().attributes)
    check = bench.checks["imap"]
    with gate:
        process = check.begin(gate.port, "--tls=none", *check.login, "--auth=CRAM-MD5", *options)
        reached = gate.reached.wait(GATE_SECONDS)
        kill(process)
    want("the command was said", reached, True)
    bench.settle()
    bench.begin()           # what the log says of this one is no wonder
    left = set(bench.look().attributes) - before
    want("mailboxes left by a killed run", len(left), 1)
    return left.pop()


def killed(bench, command, option):
    """A killed run's mailbox is removed by the next run."""
    original = bench.account()
    scratch(broken(bench, Gate(bench.port("imap"), command), option))
    bench.imap("--cycle", harmless=False).ok()
    original.unchanged(bench.account())


def scratch(name):
    match = SCRATCH.search(name)
    if not match:
        raise Mismatch(f"the mailbox is called {name}")
    return match


@case("leftovers are removed, and nothing that only looks like one")
def lookalikes(bench):
    original = bench.account()
    match = scratch(broken(bench, Gate(bench.port("imap"), rb" CREATE "), "--append"))
    machine, random = match.group(2), match.group(4)
    past, future = b"%x" % int(time.time() - 60), b"%x" % int(time.time() + 3600)
    # Cyrus does not delete a name twice within a second, so each has something of its own.
    stays = [b"mailprobe-notes-" + random, b"mailprobe-%s-%s" % (past, random),
             b"mailprobe-%s-x-1-%s" % (past, random),
             b"mailprobe-%s-%s-%x-%s-old" % (past, machine, 1, random),
             b"mailprobe-%s-%s-%x-%s" % (future, machine, os.getpid(), random),
             b"mailprobe-%s-%s-%x-%s" % (future, machine[::-1], 1, random)]
    goes = [b"mailprobe-%s-%s-%x-%s" % (past, machine[::-1], 1, random)]
    names = {which: [bench.server.mailbox(name) for name in which_names]
             for which, which_names in (("stays", stays), ("goes", goes))}
    make(bench, b"CREATE", names["stays"] + names["goes"])
    try:
        bench.imap("--cycle", harmless=False).ok()
        now = set(bench.account().attributes) - set(original.attributes)
        want("mailboxes that remain", sorted(now), sorted(names["stays"]))
    finally:
        make(bench, b"DELETE", sorted(set(bench.look().attributes) - set(original.attributes)))
    bench.accounts.clear()
    original.unchanged(bench.account())


def make(bench, command, names):
    bench.looks += 1
    with bench.server.reader() as imap:
        for name in names:
            imap.command(command, quoted(name))


for _option, _commands in (("--cycle", ("CREATE", "RENAME")),
                           ("--append", ("CREATE", "APPEND", "SELECT", "EXPUNGE"))):
    for _command in _commands:
        COMMON.append(Case(
            f"IMAP: {_option} killed at {_command}, the next run cleans up",
            lambda bench, option=_option, command=_command: killed(
                bench, rb" %s " % command.encode(), option)))


def late(bench, command, option):
    """The deadline comes while the answer to a command is awaited; nothing must remain."""
    with Gate(bench.port("imap"), command, until_next=True) as gate:
        result = bench.imap("--tls=none", "--auth=CRAM-MD5", option, "-t", str(DEADLINE),
                            port=gate.port, harmless=False)
        want("the command was said", gate.reached.is_set(), True)
    if result.elapsed > DEADLINE + SLACK:
        raise Mismatch(f"the run took {result.elapsed:.2f} s")
    want("verdict", (result.json["state"], result.json["cause"]), ("CRITICAL", "timeout"))
    if bench.server.sleeps:
        bench.begin()       # it slept until we had gone, so it saw no proper end


def _late(command, option, said):
    def run(bench):
        before = bench.account()
        late(bench, said, option)
        before.unchanged(bench.account())
    return Case(f"IMAP: deadline in {option} at {command}, nothing remains", run)


COMMON += [_late("CREATE", "--cycle", rb" CREATE "), _late("RENAME", "--cycle", rb" RENAME "),
           _late("the message", "--append", rb"Message-ID: "),
           _late("SELECT", "--append", rb" SELECT "), _late("FETCH", "--append", rb" FETCH "),
           _late("EXPUNGE", "--append", rb" EXPUNGE ")]


@case("what a careless client does would be noticed")
def noticed(bench):
    """The other cases rest on the comparison of accounts; it must not be blind."""
    inner = quoted(bench.server.mailbox(b"Archive", b"2026"))
    stray = quoted(bench.server.mailbox(b"Stray"))
    arrived(bench)
    for words in ((b"NOOP",),                           # after SELECT: \\Recent
                  (b"UID STORE", b"*", b"+FLAGS.SILENT", rb"(\Answered)"),
                  (b"UID FETCH", b"*", b"BODY[]"),
                  (b"COPY", b"*", inner), (b"SUBSCRIBE", inner), (b"UNSUBSCRIBE", inner),
                  (b"CREATE", stray), (b"DELETE", stray), (b"EXPUNGE",)):
        before = bench.look(SECOND)
        with bench.server.reader(SECOND) as imap:
            imap.command(b"SELECT", b"INBOX")
            imap.command(*words)
        bench.looks += 1
        try:
            before.unchanged(bench.look(SECOND))
        except Mismatch:
            continue
        raise Mismatch(f"nobody noticed {words}")
    bench.accounts.pop(SECOND, None)


def unique(mail):
    """One like it, with a body that no other has."""
    flags, age, text = mail
    return flags, age, b"%s%d\r\n" % (text, time.time_ns())


def arrived(bench):
    """Something new for the second account, whose \\Recent other cases took."""
    bench.looks += bench.server.arrive(SECOND, *unique(MAILS[-1]))


@collect(CLOSING, "IMAP: the account is what it was at first, message by message")
def untouched(bench):
    bench.server.seeded.unchanged(bench.look(USER, bodies=True))
