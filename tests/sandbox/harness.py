# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the sandbox share: a running sandbox, and clients of its protocols, TLS, SCRAM.

The clients are written on sockets and ssl, so that nothing of the prober is needed to test what
the prober is tested with. `main` takes the path of mailprobe-sandbox as its first argument.
"""

import base64
import contextlib
import hashlib
import hmac
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

PROGRAM = "build/bin/mailprobe-sandbox"
USER, PASSWORD, TOKEN = "probe@sandbox.test", "correct-horse", "sandbox-token"
OTHER = "other@sandbox.test"
MESSAGE = "Subject: new\r\nMessage-ID: <x1@probe.test>\r\n\r\nhello\r\n"
tried = set()


class Sandbox:
    """A running server, its folder, and the ports of its listeners in order."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory()
        self.state = self.folder.name + "/state"
        self.process = subprocess.Popen(
            [PROGRAM, "--state-dir=" + self.state, "--exit-after=60", "--with-parent", *options],
            stdout=subprocess.PIPE, text=True)
        count = sum(1 for o in options if o.startswith("--listen="))
        self.lines = [self.process.stdout.readline().split() for _ in range(count)]
        self.ports = [int(words[3]) for words in self.lines]

    def file(self, name):
        return os.path.join(self.state, name)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(10)
        self.process.stdout.close()
        self.folder.cleanup()
        return status


class Client:
    """Lines over a socket, with or without TLS."""

    def __init__(self, port, host="127.0.0.1", first=b""):
        self.sock = socket.create_connection((host, port), timeout=10)
        self.buffer = b""
        self.segments = []
        if first:
            self.sock.sendall(first)

    def read(self):
        data = self.sock.recv(65536)
        self.segments.append(data)
        return data

    def line(self):
        while b"\n" not in self.buffer:
            data = self.read()
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line + b"\n"

    def reply(self):
        lines = [self.line()]
        while lines[-1][3:4] == b"-":
            lines.append(self.line())
        return b"".join(lines).decode("latin-1")

    def send(self, text):
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def ask(self, command):
        self.send(command + "\r\n")
        return self.reply()

    def code(self, command):
        return int(self.ask(command)[:3])

    def secure(self, state=None, **options):
        self.sock = context(state, **options).wrap_socket(self.sock, server_hostname="localhost")

    def starttls(self, state=None, **options):
        assert self.code("EHLO test") == 250
        assert self.code("STARTTLS") == 220
        self.secure(state, **options)
        return self.ask("EHLO test")

    def rest(self):
        data = self.buffer
        with contextlib.suppress(ConnectionError):
            while True:
                more = self.read()
                if not more:
                    return data
                data += more
        return data

    def quiet(self):
        """Nothing comes while another listener, asked later, has long answered."""
        self.sock.settimeout(0.3)
        try:
            return not self.buffer and self.sock.recv(1) is None
        except TimeoutError:
            return True
        finally:
            self.sock.settimeout(10)

    def close(self):
        self.sock.close()


class ImapClient(Client):
    """Commands with tags; responses are texts, each with its literals inside."""

    count = 0

    def exactly(self, size):
        while len(self.buffer) < size:
            data = self.read()
            if not data:
                raise EOFError(self.buffer)
            self.buffer += data
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def response(self):
        text = line = self.line()
        while literal := re.search(rb"\{(\d+)\}\r\n$", line):
            line = self.exactly(int(literal[1]))
            text += line
            line = self.line()
            text += line
        return text.decode("latin-1")

    reply = response

    def say(self, command):
        self.count += 1
        self.tag = f"a{self.count}"
        self.send(f"{self.tag} {command}\r\n")

    def ask(self, command):
        """All responses to it, without the tag of the last one."""
        self.say(command)
        return self.completed()

    def completed(self):
        responses = [self.response()]
        while not responses[-1].startswith(self.tag + " "):
            responses.append(self.response())
        responses[-1] = responses[-1][len(self.tag) + 1:]
        return responses

    def status(self, command):
        return self.ask(command)[-1].split()[0]

    def code(self, command):
        """Status and response code of the completion: "NO [NONEXISTENT]"."""
        return re.match(r"\S+( \[[^\]]+\])?", self.ask(command)[-1])[0]

    def login(self, user=USER, password=PASSWORD):
        return self.ask(f"LOGIN {user} {password}")

    def examine(self):
        self.login()
        return self.ask("EXAMINE INBOX")

    def starttls(self, state=None, **options):
        assert self.status("STARTTLS") == "OK"
        self.secure(state, **options)
        return self.ask("CAPABILITY")[0]


class Pop3Client(Client):
    def reply(self):
        return self.line().decode("latin-1")

    def lines(self, command):
        """The lines behind the first, dots undone."""
        self.send(command + "\r\n")
        lines = [self.line()]
        assert lines[0].startswith(b"+OK"), lines
        while (line := self.line()) != b".\r\n":
            lines.append(line[line.startswith(b"."):])
        return lines[1:]

    def status(self, command):
        return self.ask(command).split()[0]

    def login(self, user=USER, password=PASSWORD):
        self.ask("USER " + user)
        return self.ask("PASS " + password)

    def starttls(self, state=None, **options):
        assert self.status("STLS") == "+OK"
        self.secure(state, **options)
        return b"".join(self.lines("CAPA")).decode()


def run(*options):
    """The program with options that make it end by itself."""
    return subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=10)


def program():
    return PROGRAM


def context(state=None, high=None, low=None, client=None):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if state:
        c.load_verify_locations(state + "/ca.pem")
    else:
        c.check_hostname = False
        c.verify_mode = ssl.CERT_NONE
    if low:
        c.set_ciphers("DEFAULT:@SECLEVEL=0")
        c.minimum_version = low
    if high:
        c.maximum_version = high
    if client:
        c.load_cert_chain(client + "/client.pem", client + "/client.key")
    return c


def b64(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


class Scram:
    """A client of RFC 5802, as little as tells whether the server is right."""

    def __init__(self, digest, binding=None, data=b"", user=USER, password=PASSWORD):
        self.digest, self.user, self.password = digest, user, password
        self.gs2 = f"p={binding},," if binding else "n,,"
        self.cbind = b64(self.gs2.encode() + data)
        self.bare = f"n={user},r=fyko+d2lbbFgONRv9qkxdawL"

    def first(self):
        return b64(self.gs2 + self.bare)

    def final(self, challenge):
        server = base64.b64decode(challenge, validate=True).decode()
        self.fields = dict(f.split("=", 1) for f in server.split(","))
        without = f"c={self.cbind},r={self.fields['r']}"
        salted = hashlib.pbkdf2_hmac(self.digest, self.password.encode(),
                                     base64.b64decode(self.fields["s"]), int(self.fields["i"]))
        auth = f"{self.bare},{server},{without}".encode()
        key = hmac.digest(salted, b"Client Key", self.digest)
        stored = hashlib.new(self.digest, key).digest()
        signature = hmac.digest(stored, auth, self.digest)
        proof = bytes(a ^ b for a, b in zip(key, signature))
        self.expected = hmac.digest(hmac.digest(salted, b"Server Key", self.digest), auth,
                                    self.digest)
        return b64(f"{without},p={b64(proof)}")

    def run(self, client, name):
        """The codes that came, and whether the server's signature was right."""
        answer = client.ask(f"AUTH {name} {self.first()}")
        if not answer.startswith("334 "):
            return answer[:3], None
        answer = client.ask(self.final(answer[4:].strip()))
        if not answer.startswith("334 "):
            return answer[:3], None
        proof = base64.b64decode(answer[4:].strip())
        return client.ask("")[:3], proof == b"v=" + b64(self.expected).encode()


class Case(unittest.TestCase):
    """A case starts a sandbox with one listener for each specification."""

    def start(self, *listen, options=()):
        box = Sandbox(*("--listen=" + spec for spec in listen), *options)
        self.addCleanup(lambda: self.assertEqual(box.stop(), 0, "exit status"))
        for spec in (*listen, *options):
            tried.update(f.split(":")[0] for f in re.findall(r"fault=([a-z0-9-]+)", spec))
        return box

    def connect(self, port, kind=Client, **options):
        client = kind(port, **options)
        self.addCleanup(client.close)
        return client

    def fault(self, name, protocol="smtp", greeted=True, options=()):
        box = self.start(f"{protocol}:0,fault={name}", options=options)
        kind = {"im": ImapClient, "po": Pop3Client}.get(protocol[:2], Client)
        client = self.connect(box.ports[0], kind)
        client.box = box
        if greeted and protocol not in ("smtps", "imaps", "pop3s"):
            self.assertRegex(client.reply(), r"^(220|\* OK|\* PREAUTH|\+OK)")
        return client


class DeliveryCase(Case):
    """Sends, and looks into the mailboxes."""

    def boxes(self, *listen):
        """As many listeners, then IMAP; two accounts, whose INBOX is empty."""
        box = self.start(*listen, "imap:0", options=(
            "--spool", "--messages=0", f"--account={USER}:{PASSWORD}",
            f"--account={OTHER}:{PASSWORD}"))
        return box, self.opened(box)

    def opened(self, box, user=USER, command="SELECT INBOX"):
        c = self.connect(box.ports[-1], ImapClient)
        c.response()
        c.login(user)
        self.assertTrue(c.ask(command)[-1].startswith("OK"))
        return c

    def message(self, client, number="*"):
        return re.match(r"(?s)\* \d+ FETCH \(BODY\[\] \{\d+\}\r\n(.*)\)\r\n$",
                        client.ask(f"FETCH {number} BODY.PEEK[]")[0])[1]

    def send(self, client, sender="a@elsewhere.test", to=(USER,), text=MESSAGE):
        client.ask(f"MAIL FROM:<{sender}>")
        answers = [client.code(f"RCPT TO:<{who}>") for who in to]
        self.assertEqual(client.code("DATA"), 354)
        client.send(text + ".\r\n")
        return answers


def main():
    global PROGRAM
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(module="__main__")
