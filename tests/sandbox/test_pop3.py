#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the sandbox speak POP3 as the RFCs say?

Run as `test_pop3.py PATH-OF-mailprobe-sandbox`.
"""

import base64
import hashlib
import hmac
import poplib
import re
import smtplib

from harness import PASSWORD, USER, Case, Pop3Client, Scram, b64, context, main


class Pop3(Case):
    def client(self, port):
        c = self.connect(port, Pop3Client)
        self.greeting = c.reply()
        return c

    def inside(self, *options):
        self.box = self.start("pop3:0", options=options)
        c = self.client(self.box.ports[0])
        self.assertTrue(c.login().startswith("+OK"))
        return c

    def test_states_and_syntax(self):
        c = self.client(self.start("pop3:0").ports[0])
        self.assertRegex(self.greeting, r"^\+OK .* <\d+\.\d+@mx\.sandbox\.test>\r\n$")
        capabilities = [line.decode().strip() for line in c.lines("CAPA")]
        self.assertEqual(capabilities, [
            "TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "STLS", "USER",
            "SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN OAUTHBEARER XOAUTH2",
            "IMPLEMENTATION mailprobe-sandbox"])
        for command, status in (
                ("STAT", "-ERR"), ("NOOP", "-ERR"), ("X", "-ERR"), ("USER", "-ERR"),
                ("PASS x", "-ERR"), ("CAPA x", "-ERR"), ("AUTH", "-ERR"), ("AUTH NTLM", "-ERR"),
                ("user " + USER, "+OK"), ("PASS wrong", "-ERR"), ("PASS " + PASSWORD, "-ERR"),
                ("USER " + USER, "+OK"), ("pass " + PASSWORD, "+OK"), ("USER x", "-ERR"),
                ("STLS", "-ERR"), ("NOOP", "+OK"), ("STAT x", "-ERR"), ("LIST 4", "-ERR"),
                ("LIST x", "-ERR"), ("LIST 0", "-ERR"), ("RETR", "-ERR"),
                ("RETR 99999999999999999999", "-ERR"), ("TOP 1", "-ERR"), ("DELE -1", "-ERR"),
                ("LIST 3", "+OK"), ("x" * 300, "-ERR"), ("NO\0OP", "-ERR"), ("RSET", "+OK")):
            self.assertEqual(c.status(command), status, command)
        c.send("NOOP\n")
        self.assertTrue(c.reply().startswith("-ERR"))
        self.assertEqual(c.status("QUIT"), "+OK")
        self.assertEqual(c.rest(), b"")

    def test_nothing_behind_stls_or_login(self):
        box = self.start("pop3:0")
        for said in ("STLS\r\nNOOP\r\n", "USER x\r\nPASS y\r\n", "AUTH PLAIN\r\nAAAA\r\n"):
            c = self.client(box.ports[0])
            c.send(said)
            self.assertRegex(c.rest(), rb"^-ERR [^\n]*\n$")

    def test_reading(self):
        c = self.inside("--messages=5:3000")
        self.assertEqual(c.ask("STAT"), "+OK 5 15000\r\n")
        self.assertEqual(c.lines("LIST"), [b"%d 3000\r\n" % n for n in range(1, 6)])
        self.assertEqual(c.ask("LIST 2"), "+OK 2 3000\r\n")
        unique = [line.split() for line in c.lines("UIDL")]
        self.assertEqual([n for n, _ in unique], [b"1", b"2", b"3", b"4", b"5"])
        self.assertEqual(len({u for _, u in unique}), 5)
        self.assertEqual(c.ask("UIDL 3").split()[2].encode(), unique[2][1])
        text = b"".join(c.lines("RETR 2"))
        self.assertEqual(len(text), 3000)
        self.assertRegex(text, rb"(?s)\r\n\r\n\.\r\nA lone .*\r\n\.A dot.*\r\n\.\.Two ")
        header, body = text.split(b"\r\n\r\n", 1)
        lines = body.splitlines(True)
        for count in (0, 1, 3, 1000):
            self.assertEqual(b"".join(c.lines(f"TOP 2 {count}")),
                             header + b"\r\n\r\n" + b"".join(lines[:count]))

    def test_pipelining(self):
        c = self.inside()
        c.send("STAT\r\nLIST 1\r\nNOOP\r\n")
        self.assertEqual([c.reply() for _ in range(3)],
                         ["+OK 3 6144\r\n", "+OK 1 2048\r\n", "+OK\r\n"])
        c.send("RETR 1\r\nRETR 2\r\nSTAT\r\n")
        data = b""
        while not data.endswith(b"+OK 3 6144\r\n"):
            data += c.read()
        self.assertEqual(data.count(b"\r\n.\r\n+OK"), 2)

    def test_deleting(self):
        c = self.inside()
        self.assertEqual([c.status(x) for x in ("DELE 1", "DELE 1", "RETR 1", "LIST 1")],
                         ["+OK", "-ERR", "-ERR", "-ERR"])
        self.assertEqual(c.ask("STAT"), "+OK 2 4096\r\n")
        self.assertEqual(c.lines("LIST"), [b"2 2048\r\n", b"3 2048\r\n"])
        c.ask("RSET")
        self.assertEqual(c.ask("STAT"), "+OK 3 6144\r\n")
        c.ask("DELE 3")
        c.close()
        again = self.client(self.box.ports[0])
        while not again.login().startswith("+OK"):
            pass                # until the server has seen the end of the first
        self.assertEqual(again.ask("STAT"), "+OK 3 6144\r\n")
        again.ask("DELE 2")
        self.assertEqual(again.status("QUIT"), "+OK")
        last = self.client(self.box.ports[0])
        last.login()
        self.assertEqual(len(last.lines("UIDL")), 2)
        self.assertIn(b"Subject: Test message 3\r\n", last.lines("RETR 2"))

    def test_lock(self):
        c = self.inside()
        other = self.client(self.box.ports[0])
        self.assertTrue(other.login().startswith("-ERR [IN-USE] "))
        self.assertEqual(c.status("QUIT"), "+OK")
        self.assertTrue(other.login().startswith("+OK"))

    def test_deliveries_come_with_the_next_login(self):
        box = self.start("pop3:0", "smtp:0", "imap:0", options=("--account=x@sandbox.test:y",))
        port = box.ports[0]
        for count in (0, 1):
            c = self.client(port)
            c.login("x@sandbox.test", "y")
            self.assertEqual(c.ask("STAT").split()[1], str(3 + count))
            with smtplib.SMTP("127.0.0.1", box.ports[1]) as s:
                s.sendmail("a@b.test", "X@sandbox.test", "Subject: new\r\n\r\n.\r\n..\r\n")
            self.assertEqual(c.ask("STAT").split()[1], str(3 + count))
            c.ask("QUIT")
        c = self.client(port)
        c.login("x@sandbox.test", "y")
        self.assertTrue(b"".join(c.lines("RETR 5")).endswith(b"\r\n\r\n.\r\n..\r\n"))

    def test_poplib(self):
        box = self.start("pop3:0", "pop3s:0")
        tls = context(box.state)
        m = poplib.POP3("127.0.0.1", box.ports[0])
        m.stls(tls)
        m.apop(USER, PASSWORD)
        self.assertEqual(m.stat(), (3, 6144))
        m.quit()
        m = poplib.POP3_SSL("127.0.0.1", box.ports[1], context=tls)
        m.user(USER)
        m.pass_(PASSWORD)
        self.assertEqual(sum(len(line) + 2 for line in m.retr(2)[1]), 2048)
        m.quit()

    def test_a_big_message(self):
        c = self.inside("--messages=1:60000000")
        c.send("RETR 1\r\n")
        size, tail = 0, b""
        while not tail.endswith(b"\r\n.\r\n"):
            data = c.sock.recv(1 << 20)
            size += len(data)
            tail = (tail + data)[-5:]
        self.assertEqual(size, len("+OK 60000000 octets\r\n") + 60000000 + len(".\r\n"))
        with open(f"/proc/{self.box.process.pid}/status", encoding="ascii") as status:
            self.assertLess(int(re.search(r"VmHWM:\s*(\d+)", status.read())[1]), 20000)


class Auth(Case):
    def fresh(self, port, **options):
        c = self.connect(port, Pop3Client)
        self.greeting = c.reply()
        self.offered = c.starttls(**options)
        return c

    def login(self, client, name, *answers):
        reply = client.ask("AUTH " + name)
        for answer in answers:
            self.assertTrue(reply.startswith("+ "), reply)
            reply = client.ask(answer if isinstance(answer, str) else answer(reply[2:].strip()))
        return reply.split()[0]

    def test_mechanisms(self):
        box = self.start("pop3:0")
        port = box.ports[0]
        plain, bad = b64(f"\0{USER}\0{PASSWORD}"), b64(f"\0{USER}\0wrong")
        scram = Scram("sha256")

        def cram(challenge):
            return b64(USER + " " + hmac.new(PASSWORD.encode(), base64.b64decode(challenge),
                                             "md5").hexdigest())

        for name, answers, status in (
                ("PLAIN", [plain], "+OK"), ("PLAIN " + plain, [], "+OK"),
                ("PLAIN " + bad, [], "-ERR"), ("PLAIN =", [], "-ERR"), ("PLAIN ***", [], "-ERR"),
                ("PLAIN", ["*"], "-ERR"), ("LOGIN", [b64(USER), b64(PASSWORD)], "+OK"),
                ("CRAM-MD5", [cram], "+OK"), ("CRAM-MD5 " + plain, [], "-ERR"),
                ("EXTERNAL =", [], "-ERR"),
                ("SCRAM-SHA-256 " + scram.first(), [scram.final, ""], "+OK"),
                ("XOAUTH2 " + b64(f"user={USER}\1auth=Bearer sandbox-token\1\1"), [], "+OK")):
            c = self.fresh(port)
            self.assertEqual(self.login(c, name, *answers), status, (name, answers))
            c.ask("QUIT")
        c = self.fresh(port, client=box.state)
        self.assertNotIn("STLS", self.offered)
        self.assertRegex(self.offered, r"SASL SCRAM-SHA-256-PLUS .* EXTERNAL ")
        self.assertEqual(self.login(c, "EXTERNAL ="), "+OK")

    def test_apop(self):
        port = self.start("pop3:0").ports[0]
        for password, status in (("wrong", "-ERR"), (PASSWORD, "+OK")):
            c = self.connect(port, Pop3Client)
            timestamp = re.search("<.*>", c.reply())[0]
            digest = hashlib.md5((timestamp + password).encode()).hexdigest()
            self.assertEqual(c.status(f"APOP {USER} {digest}"), status)


if __name__ == "__main__":
    main()
