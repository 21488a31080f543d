# SPDX-License-Identifier: BSD-2-Clause
"""The way of a message and check_mail_roundtrip, as the cases see them.

The mailbox is full of other people's mail, with every flag. Around each trip it is looked at in
two ways, by the files of the maildir and by IMAP, and must be as it was: the same names, flags,
dates and bytes, UIDs and subscriptions. Only that a message is new to everybody does not outlast
a session that selects the mailbox; so \\Recent does not count, nor in which of a maildir's two
folders a file is.
"""

import contextlib
import hashlib
import os
import signal
from urllib.parse import quote

from account import Account, Imap
from bench import LOG_SECONDS, Bench
from check import Check, Mismatch, kill
from server import DOMAIN, HOST, USER, wait_for

MAILDIR = "/home/probe/Maildir"
SECOND_MAILDIR = "/home/second/Maildir"
FILLING = 300
FLAGS = "", "S", "T", "F", "RS", "ST", "D"      # T: it is to be deleted
QUEUE_SECONDS = 10
RECENT = frozenset([rb"\recent"])
URLS = {"submission": f"submission://{quote(USER)}@{HOST}", "smtp": f"smtp://{HOST}",
        "imaps": f"imaps://{quote(USER)}@{HOST}", "imap": f"imap://{quote(USER)}@{HOST}",
        "pop3s": f"pop3s://{quote(USER)}@{HOST}"}
OPEN = "greylisting", "tempfailing"             # these want no login


def fill(server):
    """Puts other people's mail into the mailbox, and into the junk mailbox where there is one."""
    for folder in (MAILDIR, server.junk) if server.junk else (MAILDIR,):
        for part in "", "/cur", "/new", "/tmp":
            server.folder(folder + part, "probe", 0o700)
        for i in range(FILLING if folder == MAILDIR else 5):
            inside = f"{folder}/cur/{1700000000 + i}.{i}.{HOST}:2,{FLAGS[i % len(FLAGS)]}"
            text = (f"From: sender@elsewhere.test\nTo: {USER}\nSubject: mailprobe {i}\n"
                    f"Message-ID: <{i}@elsewhere.test>\n\nNumber {i}.\n")
            server.write(inside, text, "probe", 0o600)
            os.utime(server.path(inside), (1700000000 + i,) * 2)


def files(server):
    """Every message of the maildir: its name and flags, when it came, and its bytes."""
    found, top = {}, server.path(MAILDIR)
    for folder, _, names in os.walk(top):
        if os.path.basename(folder) in ("cur", "new"):
            for name in names:
                path = os.path.join(folder, name)
                inside = os.path.relpath(os.path.dirname(folder), top)
                with open(path, "rb") as file:
                    found[os.path.join(inside, name.removesuffix(":2,"))] = (
                        int(os.path.getmtime(path)), hashlib.sha256(file.read()).hexdigest())
    return found


class Stock:
    """What there was before a trip, or after it."""

    def __init__(self, server):
        with Imap(server.ports["imaps"], server.ca.file, USER) as imap:
            account = Account(imap)
        self.lines = [f"subscribed {account.subscribed}"]
        for name, mails in account.mails.items():
            self.lines.append(f"{name} {account.status[name]['UIDVALIDITY']}")
            self.lines += [f"{name} {uid if server.keeps_uids else '-'}: {mail.line(RECENT)}"
                           for uid, mail in mails.items()]
        self.lines += [f"{name} {facts}" for name, facts in sorted(files(server).items())]

    def unchanged(self, after):
        if sorted(self.lines) != sorted(after.lines):
            was, now = set(self.lines), set(after.lines)
            raise Mismatch("the mailbox is not as it was\n" + "\n".join(
                [f"  gone {line}" for line in self.lines if line not in now] +
                [f"  new  {line}" for line in after.lines if line not in was]))


class RoundtripCheck(Check):
    def begin(self, server, service, protocol, *options, passwords=None, fetch_port=None,
              output="json"):
        """Starts a run from the port `service` to the mailbox over `protocol`."""
        submit, fetch = passwords or (self.password, self.password)
        scheme = "smtp" if service in OPEN else "submission"
        mailbox = "/INBOX" if protocol.startswith("imap") else ""
        login = () if service in OPEN else ("--submit-password-file", submit)
        return self.spawn([
            f"--submit={URLS[scheme]}:{server.ports[service]}", "--submit-address=127.0.0.1",
            f"--submit-ca-file={self.ca.file}", *login,
            f"--fetch={URLS[protocol]}:{fetch_port or server.ports[protocol]}{mailbox}",
            "--fetch-address=127.0.0.1", f"--fetch-ca-file={self.ca.file}",
            "--fetch-password-file", fetch, f"--from={USER}", *options], output=output)


class PathBench(Bench):
    def __init__(self, server, check, spam):
        self.spam = spam
        fill(server)
        super().__init__(server, check, None, None)

    def trip(self, *options, service="submission", protocol="imaps", rcpt=USER, harmless=True,
             **how):
        """A run, after which the mailbox is as it was before."""
        before = Stock(self.server)
        result = self.check(self.server, service, protocol, f"--rcpt={rcpt}",
                            *(() if "-t" in options else ("-t", "15")), *options, **how)
        self.still()
        if harmless:
            before.unchanged(Stock(self.server))
        return result

    def kept(self, *options, **how):
        """A trip that leaves a copy in the second mailbox; returns the result, and that copy."""
        before = self.server.mails(SECOND_MAILDIR)
        result = self.trip(*options, rcpt="kept@" + DOMAIN, **how)
        [(path, text)] = wait_for("copy in the second mailbox", QUEUE_SECONDS, lambda: [
            mail for mail in self.server.mails(SECOND_MAILDIR).items() if mail[0] not in before])
        os.unlink(path)
        return result, text

    def start(self, *options, service="submission", protocol="imaps", rcpt=USER):
        """Starts a run, for check.finish() or kill()."""
        return self.check.begin(self.server, service, protocol, f"--rcpt={rcpt}", *options)

    @contextlib.contextmanager
    def held_up(self, *options, **how):
        """A run whose message waits in the queue; it and the message do so no longer in the end."""
        process = self.start(*options, service="held", **how)
        try:
            wait_for("message in the queue", QUEUE_SECONDS, self.server.held)
            yield process
        finally:
            if process.poll() is None:
                kill(process)
            self.server.release()
            self.still()

    def at_once(self, *options, **how):
        """A run that finds all that comes of its message at one and the same look."""
        before = Stock(self.server)
        with self.held_up("-t", "15", *options, **how) as process:
            process.send_signal(signal.SIGSTOP)
            self.server.release()
            self.still()
            process.send_signal(signal.SIGCONT)
            result = self.check.finish(process)
        before.unchanged(Stock(self.server))
        return result

    def still(self):
        """Waits until nothing is on its way any more, as far as this server knows."""
        wait_for("empty queue", QUEUE_SECONDS, lambda: not self.server.queue())

    def settle(self):
        def over():
            log = self.server.log(self.mark)
            begun, ended = (len(pattern.findall(log))
                            for pattern in (self.server.begun, self.server.ended))
            return ended >= begun
        wait_for("end of every session in the log", LOG_SECONDS, over)
