# SPDX-License-Identifier: BSD-2-Clause
"""What the servers of IMAP and POP3 have in common: four ports, two accounts, and their mail.

The mail is put there over IMAP, as a client would, so that each server has it in a form of its
own; then a session that selects INBOX takes \\Recent from all but the message that comes last.
"""

import imaplib
import time

from account import Account, Imap, quoted
from server import SECOND, USER, Server

SUBJECT = "Grüße"
INTERNATIONAL = b"&ANw-bersicht &- &ZeVnLA-"      # Übersicht & 日本, by RFC 3501 section 5.1.3
DAY = 86400


def message(subject, body):
    """A message with CRLF, whose body is bytes."""
    return b"\r\n".join([
        b"From: Sender <sender@elsewhere.test>", b"To: probe@mail.test", b"Subject: " + subject,
        b"Date: Mon, 02 Feb 2026 10:00:00 +0100", b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit", b"", body])


# Of each its flags, its age in seconds, and what it is.
MAILS = [
    (rb"\Seen", 300 * DAY, message(b"plain", b"Hello\r\nthere\r\n")),
    (rb"", 200 * DAY, message(b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße, 日本\r\n".encode())),
    (rb"\Flagged", 100 * DAY, message(b"long lines", b"".join(
        bytes([c]) * 990 + b"\r\n" for c in b"abc."))),
    (rb"\Deleted", 20 * DAY, message(b"dots", b".\r\n..\r\n.x\r\n...\r\n\r\n.\r\n")),
    (rb"\Seen \Answered", 10 * DAY, message(b"large", b"".join(
        b"%07d %s\r\n" % (i, b"x" * (i % 120)) for i in range(15000)))),
    (rb"", 2 * DAY, message(b"no line end", b"first\r\nlast")),
    (rb"", 7200, message(b"last", b"The newest.\r\n")),
]


def append(imap, mailbox, flags, age, text):
    date = imaplib.Time2Internaldate(time.time() - age).encode()
    imap.append(quoted(mailbox), b"(" + flags + b")", date, text)


class Mailstore(Server):
    instances = 1           # that share the cases
    services = ("imap", "imaps", "pop3", "pop3s")
    bannered = ("imap", "imaps", "pop3", "pop3s")

    separator = b"/"        # between the levels of the mailbox hierarchy
    prefix = b""            # in front of every mailbox but INBOX
    odd = rb'Say "hi" \ (all)'      # a mailbox name as odd as the server lets it be
    pop3_mechanisms = ()    # as `mechanisms`, over POP3; with the commands that are none
    old_bindings = ()       # mechanisms with channel binding that work up to TLS 1.2 only
    retr_flags = ()         # what the server itself does to a message that is retrieved
    clear_logins = True     # whether it takes a password in clear, from its own address
    sleeps = False          # whether some commands take it longer than a deadline here
    external = True         # whether a client certificate is a login

    def __init__(self, live, temp, ca, number):
        super().__init__(live, temp, ca)
        self.root += f".{number}"

    def start(self):
        super().start()
        for user in USER, SECOND:
            self.seed(user)
        self.seeded = self.account(USER, bodies=True)

    def reader(self, user=USER):
        return Imap(self.ports["imaps"], self.ca.file, user)

    def account(self, user=USER, bodies=False):
        with self.reader(user) as imap:
            return Account(imap, bodies)

    def attend(self, user):
        """Told before a visit of the check, for what the server does not log unless asked to."""

    def reflect(self, user):
        """Told after a visit, when it is over."""

    def mailbox(self, *levels):
        """The name of a mailbox, as this server puts it together."""
        return self.prefix + self.separator.join(levels)

    def folders(self):
        """The mailboxes beside INBOX: one below another, one not in ASCII, one odd."""
        return [self.mailbox(b"Archive"), self.mailbox(b"Archive", b"2026"), self.mailbox(b"Info"),
                self.mailbox(INTERNATIONAL), self.mailbox(self.odd)]

    def seed(self, user):
        with self.reader(user) as imap:
            for folder in self.folders():
                imap.command(b"CREATE", quoted(folder))
            imap.command(b"SUBSCRIBE", quoted(self.mailbox(b"Info")))
            for mail in MAILS[:3]:
                append(imap, self.mailbox(b"Archive", b"2026"), *mail)
            for mail in MAILS[:-1]:
                append(imap, b"INBOX", *mail)
            imap.command(b"SELECT", b"INBOX")
        self.arrive(user, *MAILS[-1])

    def arrive(self, user, flags, age, text):
        """Puts a message into INBOX that nobody has seen yet; returns how many sessions it took."""
        with self.reader(user) as imap:
            append(imap, b"INBOX", flags, age, text)
        return 1
