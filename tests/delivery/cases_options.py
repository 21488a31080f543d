# SPDX-License-Identifier: BSD-2-Clause
"""What is wrong on our side: "usage" for the options, "local" for the machine. Nothing is connected to then."""

import os
import pathlib
import sqlite3
import subprocess

from harness import KEY, PASSWORD, Options, Run, case

SUBMIT, FETCH = "--submit=submission://a@b.test@localhost:1", "--fetch=imaps://a@b.test@localhost:1"
SECRETS = ["--submit-password-env=SECRET", "--fetch-password-env=SECRET"]
GOOD = [SUBMIT, FETCH, *SECRETS]
STATE, KEYED = "--state-file=state", "--key-file=key"

# The words of the command, and a part of what must be said.
USAGE = (
    ([FETCH, *SECRETS], "--submit is required"), ([SUBMIT, *SECRETS], "--fetch is required"),
    ([SUBMIT, "--fetch=localhost", *SECRETS], "--fetch: does not begin as a mail server's URL"),
    (["--submit=http://localhost", FETCH, *SECRETS], "--submit: does not begin as a mail server's URL"),
    (["--submit=submission://a:b@localhost", FETCH, *SECRETS], "--submit: has a password in it"),
    (["--submit=submission://a@localhost:0", FETCH, *SECRETS], "--submit: has a port that is no number"),
    (["--submit=submission://a@", FETCH, *SECRETS], "--submit: has no host"),
    (["--submit=submission://a@localhost/INBOX", FETCH, *SECRETS], "--submit: has a path"),
    ([SUBMIT, "--fetch=pop3s://a@b.test@localhost/INBOX", *SECRETS], "--fetch: has a path"),
    ([SUBMIT, "--fetch=imaps://a%2@localhost", *SECRETS], "--fetch: has a user in it that is no name"),
    ([SUBMIT, "--fetch=imaps://a@b.test@localhost/%ff", *SECRETS], "--fetch: its mailbox is not UTF-8"),
    (["--submit=imaps://a@localhost", FETCH, *SECRETS], "--submit: nothing can be submitted there"),
    ([SUBMIT, "--fetch=smtp://a@localhost", *SECRETS], "--fetch: nothing can be fetched there"),
    ([SUBMIT, FETCH, SECRETS[0]], "password"),
    ([SUBMIT, "--fetch=imaps://localhost:1", "--rcpt=a@b.test", SECRETS[0]], "--fetch: needs a login"),
    (["--submit=smtp://localhost:1", FETCH, SECRETS[1]], "--from is required"),
    (["--submit=submission://a@localhost:1", FETCH, *SECRETS], "--from is required"),
    ([SUBMIT, "--fetch=imaps://a@localhost:1", *SECRETS], "--rcpt is required"),
    ([*GOOD, "--require-auth-results=spf,arc"], "--require-auth-results: write a list of spf, dkim, dmarc"),
    ([*GOOD, "--deferred", KEYED], "--deferred: needs books: write --state-file"),
    ([*GOOD, "--deferred", STATE], "--deferred: needs a key"), ([*GOOD, STATE], "--state-file: needs a key"),
    ([*GOOD, "--state-file=", KEYED], "--state-file: is empty"),
    ([*GOOD, "--lost-after=5"], "--lost-after: without --deferred"),
    ([*GOOD, "--deferred", STATE, KEYED, "--lost-after=0"], "--lost-after: write a number of seconds"),
    ([*GOOD, "--deferred", STATE, KEYED, "--lost-after=2592001"], "--lost-after: write a number of seconds"),
    ([*GOOD, "--deferred", STATE, KEYED, "--lost-after=1h"], "--lost-after: write a number of seconds"),
    ([*GOOD, "--key-file=short"], "--key-file: is too short"),
    ([*GOOD, "--rcpt=no address"], "--rcpt"), ([*GOOD, "--from=no address"], "--from"),
    ([*GOOD, "--header=none"], "--header"), ([*GOOD, "--subject=a\nb"], "--subject"),
    ([*GOOD, "--submit-tls=ssl"], "--submit-tls"), ([*GOOD, "--fetch-port=0"], "--fetch-port"),
    ([*GOOD, "--fetch-auth=NTLM"], "fetch: --auth"), ([*GOOD, "--submit-proxy-protocol=3"], "--submit-proxy-protocol"),
    ([*GOOD, "-w", "nothing=1"], "nothing"), ([*GOOD, "-c", "lost=0"], "lost"),
    ([*GOOD, "--until=nothing"], "--until"), ([*GOOD, "-H", "localhost"], "-H"), ([*GOOD, "operand"], "operand"),
    ([*GOOD, "--pipelining"], "--pipelining"), ([*GOOD, "--select=INBOX"], "--select"),
)
LOCAL = (
    ([*GOOD, "--key-file=nowhere"], "nowhere"), ([*GOOD, "--key-file=folder"], "folder"),
    ([*GOOD, "--key-file=long"], "long"), ([*GOOD, "--body-file=nowhere"], "nowhere"),
    ([SUBMIT, FETCH, "--submit-password-file=nowhere", SECRETS[1]], "nowhere"),
    ([SUBMIT, FETCH, SECRETS[0], "--fetch-password-file=nowhere"], "nowhere"),
    ([*GOOD, "--fetch-ca-file=key"], "key"), ([*GOOD, "--fetch-ca-file=nowhere"], "nowhere"),
    ([*GOOD, "--fetch-client-cert=nowhere"], "nowhere"),
    ([*GOOD, KEYED, "--state-file=nowhere/state"], "nowhere/state"), ([*GOOD, KEYED, "--state-file=folder"], "folder"),
)


def check(box, words, user=None, program=None, **more):
    words = [str(program or Options.bin / "check_mail_roundtrip"), "-o", "json", *words]
    who = {"user": user, "group": user, "extra_groups": []} if user else {}
    return Run(words, subprocess.run(words, capture_output=True, cwd=box.folder, timeout=60,
                                     env={**os.environ, "SECRET": PASSWORD}, **who, **more), 0)


@case
def what_cannot_be_asked_for(t):
    box = t.sandbox()
    box.write("short", "15 bytes, alas.")
    box.write("long", "x" * 4097)
    pathlib.Path(box.path("folder")).mkdir()
    for cause, rows in ("usage", USAGE), ("local", LOCAL):
        for words, said in rows:
            got = check(box, words)
            what = " ".join(words[-2:] if words[:len(GOOD)] != GOOD else words[len(GOOD):])
            t.check(f"{cause}: {what!r}", got.verdict == ("UNKNOWN", None, cause) and not got.json["phases"]
                    and said in got.json["summary"] + got.err, f"wanted {said}\n{got!r}")
    t.equal("no file was made", sorted(p.name for p in box.folder.iterdir()),
            ["folder", "key", "long", "pass", "short", "state"])


def whole(box, name):
    """The bytes of a state file, and what is beside it."""
    return box.folder.joinpath(name).read_bytes(), sorted(p.name for p in box.folder.glob(name + "*"))


@case
def state_files_that_cannot_be_used(t):
    box = t.sandbox("submission:0", "imaps:0", options=["--messages=0"])
    run = lambda name, **more: box.run(KEYED, f"--state-file={name}.db", **more)
    good = run("good")
    t.equal("a new one is made", (good.verdict, good.books), (("OK", None, None), (1, 1, 0, 0)), good)
    data = pathlib.Path(box.path("good.db")).read_bytes()
    box.write("text.db", "dear diary\n" * 1000)
    box.write("cut.db", data[:len(data) // 2])
    box.write("damaged.db", data[:4096] + bytes(len(data) - 4096))
    box.write("other.db", "")
    with sqlite3.connect(box.path("other.db")) as other:
        other.execute("CREATE TABLE recipes (cake TEXT)")
    other.close()
    box.write("unbalanced.db", data)
    with sqlite3.connect(box.path("unbalanced.db")) as books:
        books.execute("UPDATE books SET sent = sent + 1")
    books.close()
    for name, said in (("text", "text.db"), ("cut", "cut.db"), ("damaged", "damaged.db"), ("other", "other.db"),
                       ("unbalanced", "do not balance")):
        before = whole(box, name + ".db")
        got = run(name)
        t.check(f"{name}: UNKNOWN and unchanged", got.verdict == ("UNKNOWN", None, "local")
                and said in got.json["summary"] and whole(box, name + ".db") == before and not got.json["phases"],
                (len(before[0]), before[1], whole(box, name + ".db")[1], got))
    before = whole(box, "good.db")
    got = run("good", prefix=["prlimit", "--fsize=4096", "--"])
    t.check("no room: UNKNOWN and unchanged", got.verdict == ("UNKNOWN", None, "local")
            and whole(box, "good.db")[0] == before[0] and not box.mailbox().messages(), got)
    got = run("good")
    t.equal("the books go on where there is room", (got.verdict, got.books), (("OK", None, None), (2, 2, 0, 0)), got)


@case
def state_files_that_may_not_be_written(t):
    box = t.sandbox("submission:0", "imaps:0", options=["--messages=0"])
    first = box.run(KEYED, "--state-file=books/state.db" if pathlib.Path(box.path("books")).mkdir() is None else "")
    t.equal("a first run", first.verdict, ("OK", None, None), first)
    program, user = None, None
    if os.geteuid() == 0:       # whom no mode stops
        program, user = box.folder / "check", 65534
        subprocess.run(["cp", str(Options.bin / "check_mail_roundtrip"), str(program)], check=True)
        for path, mode in ((box.folder, 0o755), (box.folder / "state", 0o755), (box.folder / "pass", 0o644)):
            path.chmod(mode)
        box.folder.joinpath("key").chmod(0o644)
    state, books = box.folder / "books/state.db", box.folder / "books"
    before = state.read_bytes()
    words = box.words(KEYED, "--state-file=books/state.db")[1:]
    for name, file, folder in (("the file", 0o444, 0o777), ("the folder", 0o644, 0o555), ("both", 0o444, 0o555)):
        state.chmod(file)
        books.chmod(folder)
        got = check(box, words, user, program)
        t.check(f"{name} may not be written to: UNKNOWN and unchanged", got.verdict == ("UNKNOWN", None, "local")
                and "books" in got.json["summary"] and state.read_bytes() == before
                and [p.name for p in books.iterdir()] == ["state.db"], got)
    t.equal("nothing was sent", box.mailbox().messages(), {})


@case
def keys(t):
    box = t.sandbox("submission:0", "imaps:0", options=["--messages=0"])
    box.write("16", KEY[:16])
    got = box.run("--key-file=16")
    t.equal("16 bytes are enough", got.verdict, ("OK", None, None), got)
    got = box.run("--submit-ca-file=nowhere")
    t.check("a CA file of the submitting side that is not there", got.verdict == ("UNKNOWN", None, "local")
            and not box.mailbox().messages(), got)
    got = box.run("--key-file=key", env={"CREDENTIALS_DIRECTORY": str(box.folder)}, path="/INBOX")
    t.equal("from CREDENTIALS_DIRECTORY", got.verdict, ("OK", None, None), got)
