# SPDX-License-Identifier: BSD-2-Clause
"""A mail account as it stands: all that a visitor could have changed, read over IMAP.

The reader shares nothing with the check and is no more than this needs: it says a command, and
takes what comes apart into atoms, strings and lists. It looks by STATUS, EXAMINE and BODY.PEEK
alone, so that looking changes nothing. `Account` is what it saw, comparable with what it saw
before, and the truth that the values of the check are held against.
"""

import hashlib
import re
import socket
import ssl
import time
from email.utils import parsedate_to_datetime

from check import Mismatch
from server import PASSWORD, Failed

READ_SECONDS = 20
COUNTED = {"RECENT": rb"\recent", "UNSEEN": rb"\seen"}     # the flag that a number depends on
TOKEN = re.compile(rb' |\(|\)|"((?:[^"\\]|\\.)*)"|[^ ()"\r]+')


class Imap:
    """`with Imap(port, ca_file, user) as imap:` is logged in, and logs out."""

    def __init__(self, port, ca_file, user, password=PASSWORD):
        context = ssl.create_default_context(cafile=ca_file)
        plain = socket.create_connection(("127.0.0.1", port), READ_SECONDS)
        self.peer = context.wrap_socket(plain, server_hostname="localhost")
        self.stream = self.peer.makefile("rb")
        self.count = 0
        if not self.stream.readline().startswith(b"* OK"):
            raise Failed("IMAP greeting is not OK")
        self.say(b"LOGIN", (user.encode(),), (password.encode(),))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.command(b"LOGOUT")
        self.stream.read()
        self.peer.close()

    def command(self, *words):
        """Says a command, and returns the untagged responses to it, each a list of its parts."""
        return self.say(*words)[0]

    def say(self, *words, demand=True):
        """As command(); returns the tagged response too. A word in a tuple goes as a literal."""
        self.count += 1
        tag = said = b"t%d" % self.count
        for word in words:
            if isinstance(word, tuple):
                self.peer.sendall(said + b" {%d}\r\n" % len(word[0]))
                self._invited()
                said = word[0]
            else:
                said += b" " + word
        self.peer.sendall(said + b"\r\n")
        found = []
        while (parts := self.response())[0] != tag:
            found.append(parts[1:])
        if demand and parts[1] != b"OK":
            raise Failed(f"IMAP {words[:2]}: {parts}")
        return found, parts

    def _invited(self):
        line = self.stream.readline()
        if not line.startswith(b"+"):
            raise Failed(f"IMAP answer {line!r} where an invitation was due")

    def response(self):
        """Reads one response, as nested lists."""
        tokens = []
        while True:
            line = self.stream.readline()
            if not line.endswith(b"\r\n"):
                raise Failed(f"IMAP session ended after {line!r}")
            literal = re.search(rb"\{(\d+)\+?\}\r\n$", line)
            tokens += _tokens(line[:literal.start()] if literal else line[:-2])
            if not literal:
                return _nest(tokens)
            tokens.append((self.stream.read(int(literal.group(1))),))

    def append(self, mailbox, flags, date, text):
        self.command(b"APPEND", mailbox, flags, date, (text,))


def quoted(name):
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _tokens(line):
    """Atoms and parentheses as they stand, strings in a tuple."""
    found = []
    for match in TOKEN.finditer(line):
        if match.group().startswith(b'"'):
            found.append((re.sub(rb"\\(.)", rb"\1", match.group(1)),))
        elif match.group() != b" ":
            found.append(match.group())
    return found


def _nest(tokens):
    stack = [[]]
    for token in tokens:
        if token == b"(":
            stack.append([])
        elif token == b")" and len(stack) > 1:
            stack[-2].append(stack.pop())
        else:
            stack[-1].append(token[0] if isinstance(token, tuple) else token)
    return stack[0]


def pairs(parts):
    return {parts[i].upper(): parts[i + 1] for i in range(0, len(parts) - 1, 2)}


class Mail:
    def __init__(self, item):
        self.flags = frozenset(flag.lower() for flag in item[b"FLAGS"])
        self.date = item[b"INTERNALDATE"].strip()
        self.size = int(item[b"RFC822.SIZE"])
        self.body = item.get(b"BODY[]", b"")

    def age(self):
        text = self.date.decode().replace("-", " ", 2)
        return time.time() - parsedate_to_datetime(text).timestamp()

    def line(self, unless=frozenset()):
        flags = b" ".join(sorted(self.flags - unless)).decode()
        body = hashlib.sha256(self.body).hexdigest()[:12]
        return f"flags {flags} date {self.date.decode()} size {self.size} body {body}"


class Account:
    """What there was: mailboxes by name, each with its attributes, STATUS and messages by UID.

    Reading the bodies is most of the work, and left out unless told.
    """

    def __init__(self, imap, bodies=False):
        self.attributes, self.delimiters, self.status, self.mails = {}, {}, {}, {}
        for _, attributes, delimiter, name in _listed(imap, b"LIST"):
            self.attributes[name] = sorted(attribute.lower() for attribute in attributes)
            self.delimiters[name] = delimiter
        self.subscribed = sorted(name for *_, name in _listed(imap, b"LSUB"))
        for name in self.attributes:
            if not {rb"\noselect", rb"\nonexistent"} & set(self.attributes[name]):
                self._look(imap, name, b" BODY.PEEK[]" if bodies else b"")
        self.quota = [part for part in imap.command(b"GETQUOTAROOT", b"INBOX")
                      if part[0] == b"QUOTA"]

    def _look(self, imap, name, bodies):
        [status] = [part for part in imap.command(
            b"STATUS", quoted(name), b"(MESSAGES RECENT UNSEEN UIDNEXT UIDVALIDITY)")
            if part[0] == b"STATUS"]
        self.status[name] = {key.decode(): int(value)
                             for key, value in pairs(status[-1]).items()}
        self.mails[name] = {}
        imap.command(b"EXAMINE", quoted(name))
        if self.status[name]["MESSAGES"]:
            for part in imap.command(
                    b"UID FETCH", b"1:*", b"(UID FLAGS INTERNALDATE RFC822.SIZE" + bodies + b")"):
                if part[1:2] == [b"FETCH"]:
                    item = pairs(part[2])
                    self.mails[name][int(item[b"UID"])] = Mail(item)

    def lines(self, unless=frozenset()):
        """All of it as lines of text, for comparison; `unless` are flags that do not matter."""
        yield f"quota {self.quota}"
        yield f"subscribed {self.subscribed}"
        for name in sorted(self.attributes):
            # Whether a server calls a mailbox marked depends on who has looked at it lately, too.
            attributes = [word for word in self.attributes[name]
                          if word not in (rb"\marked", rb"\unmarked")]
            status = {key: value for key, value in self.status.get(name, {}).items()
                      if COUNTED.get(key) not in unless}
            yield f"{name.decode()}: {attributes} {status}"
            for uid, mail in self.mails.get(name, {}).items():
                yield f"{name.decode()} {uid}: {mail.line(unless)}"

    def unchanged(self, after, unless=frozenset()):
        """Says what is different afterwards, by Mismatch."""
        before, now = list(self.lines(unless)), list(after.lines(unless))
        if before != now:
            raise Mismatch("the account is not as it was\n" + "\n".join(
                [f"  gone {line}" for line in before if line not in now] +
                [f"  new  {line}" for line in now if line not in before]))

    # --- the truth about a mailbox ---

    def sizes(self, name=b"INBOX"):
        return [mail.size for mail in self.mails[name].values()]

    def ages(self, name=b"INBOX"):
        return [mail.age() for mail in self.mails[name].values()]

    def flagged(self, flag, name=b"INBOX"):
        """UIDs of the messages that have a flag."""
        return [uid for uid, mail in self.mails[name].items() if flag in mail.flags]


def _listed(imap, command):
    return [part for part in imap.command(command, b'""', b'"*"') if part[0] == command]
