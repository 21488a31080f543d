# SPDX-License-Identifier: BSD-2-Clause
"""The mailboxes of the soak, as a reader of its own sees them, and the other people's mail in them.

Among that mail is what looks like ours and is not: a token that nobody signed, one whose signature
was altered, and a genuine message that somebody sends again when it is long settled.
"""

import hashlib
import imaplib
import re
import smtplib
import ssl

from sandbox import PASSWORD

ORDINARY = 40
FLAGS = (r"\Deleted", r"\Seen", r"\Flagged")


def login(sandbox, user):
    context = ssl.create_default_context(cafile=sandbox.ca_file)
    imap = imaplib.IMAP4_SSL("localhost", sandbox.ports["imaps"], ssl_context=context)
    imap.login(user, PASSWORD)
    return imap


class Mailbox:
    """One account: what is there when this is made belongs to others."""

    def __init__(self, sandbox, user, folders):
        self.sandbox, self.user, self.folders = sandbox, user, folders
        self.before = self.look()

    def look(self):
        """Each message: its folder and UID, flags without \\Recent, digest of its bytes; header."""
        found = {}
        with login(self.sandbox, self.user) as imap:
            for folder in self.folders:
                imap.select(folder, readonly=True)
                _, answers = imap.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
                for answer in answers:
                    if not isinstance(answer, tuple):
                        continue
                    head, text = answer
                    uid = int(re.search(rb"UID (\d+)", head)[1])
                    flags = re.search(rb"FLAGS \(([^)]*)\)", head)[1].split()
                    date = re.search(rb'INTERNALDATE "([^"]*)"', head)[1]
                    found[folder, uid] = (
                        sorted(flag for flag in flags if flag != rb"\Recent"), date,
                        hashlib.sha256(text).hexdigest(), text.partition(b"\r\n\r\n")[0])
        return found

    def ours(self):
        return [f"{self.user} {folder} {uid}: {line.decode(errors='replace')}"
                for (folder, uid), (_, _, _, header) in self.look().items()
                if (folder, uid) not in self.before
                for line in header.split(b"\r\n") if line.lower().startswith(b"message-id")]

    def holds(self, prefix):
        """Whether a message is there that has come since and has that in its header."""
        return any(key not in self.before and prefix in value[3]
                   for key, value in self.look().items())

    def changes(self):
        after = self.look()
        return [f"{self.user} {key}: {value[:3]} became {after.get(key, ('nothing',))[:3]}"
                for key, value in self.before.items() if after.get(key) != value]


def submit(sandbox, user, messages):
    with smtplib.SMTP("localhost", sandbox.ports["submission"]) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=sandbox.ca_file))
        smtp.login(user, PASSWORD)
        for message in messages:
            smtp.sendmail("elsewhere@sandbox.test", [user], message)


def crowd(sandbox, user, prefix, count):
    """Messages that only the search for ours takes for ours."""
    submit(sandbox, user, [
        b"From: a@elsewhere.test\r\nSubject: crowd\r\n"
        b"Message-ID: <%s%x-6b08ae8a-6b08ae94-%016x-%032x@sandbox.test>\r\n\r\nx\r\n" % (prefix, i, i, i) for i in range(1, count + 1)])


def bystanders(sandbox, ways, users):
    """Fills the mailboxes. A trip is made before, for a token to be altered, and one to replay."""
    for name, user in zip(("waits", "pop3"), users):
        genuine = ways.genuine(name)
        token = re.search(rb"X-Mailprobe-Token: (\S+)", genuine)[1]
        other = token[:-1] + (b"0" if token[-1:] != b"0" else b"1")
        foreign = b"mp1-%s-1-%s" % (b"1" * 16, token.split(b"-", 3)[3])
        mail = [b"From: a@elsewhere.test\r\nSubject: message %d\r\nMessage-ID: <%d@elsewhere.test>"
                b"\r\n\r\nNumber %d.\r\n" % (i, i, i) for i in range(ORDINARY)]
        mail += [genuine.replace(token, other), genuine.replace(token, foreign), genuine]
        submit(sandbox, user, mail)
        with login(sandbox, user) as imap:
            imap.select("INBOX")
            for uid in range(1, ORDINARY):
                if uid % 4:
                    imap.uid("STORE", str(uid), "+FLAGS.SILENT", f"({FLAGS[uid % 4 - 1]})")
