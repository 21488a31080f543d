#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the sandbox speak SMTP, submission, LMTP and SASL as the RFCs say?

Run as `test_protocol.py PATH-OF-mailprobe-sandbox`.
"""

import base64
import hashlib
import hmac
import os
import re
import smtplib
import ssl
import subprocess
import tempfile

from harness import (PASSWORD, USER, Case, Client, Scram, b64, context, main, program, run)


class Healthy(Case):
    def test_ready_file(self):
        box = self.start("smtp:0", "smtp:0,name=x", "smtp:0", "lmtp:0,address=::1")
        with open(box.file("ready"), encoding="ascii") as ready:
            self.assertEqual([line.split() for line in ready], box.lines)
        self.assertEqual([w[0] for w in box.lines], ["smtp", "x", "smtp-2", "lmtp"])
        self.assertTrue(self.connect(box.ports[3], host="::1").reply().startswith("220 "))

    def test_smtplib_sends(self):
        box = self.start("submission:0", "smtps:0", options=("--spool",))
        tls = context(box.state)
        with smtplib.SMTP("127.0.0.1", box.ports[0]) as s:
            s.starttls(context=tls)
            s.login(USER, PASSWORD)
            s.sendmail(USER, ["a@elsewhere.test", "b@sandbox.test"], "Subject: x\n\n.dot\n\n..\n")
        with smtplib.SMTP_SSL("127.0.0.1", box.ports[1], context=tls) as s:
            s.login(USER, PASSWORD)
            s.sendmail(USER, USER, "Subject: y\r\n\r\n" + "line\r\n" * 200000)
        for who in ("a@elsewhere.test", "b@sandbox.test"):
            folder = box.file("mail/" + who)
            (name,) = os.listdir(folder)
            with open(os.path.join(folder, name), "rb") as f:
                text = f.read()
            self.assertRegex(text, rb"^Return-Path: <probe@sandbox\.test>\r\n"
                             rb"Received: .*\r\n(\t.*\r\n)*\t.* with ESMTPSA id " + name.encode()
                             + rb";.*\r\nSubject: x\r\n\r\n\.dot\r\n\r\n\.\.\r\n$")

    def test_order_and_syntax(self):
        c = self.connect(self.start("smtp:0").ports[0])
        self.assertRegex(c.reply(), r"^220 mx\.sandbox\.test ESMTP ")
        for command, code in (
                ("MAIL FROM:<a@b>", 503), ("AUTH PLAIN", 503), ("EHLO", 501), ("EHLO t", 250),
                ("RCPT TO:<a@sandbox.test>", 503), ("DATA", 503), ("MAIL FROM:a@b", 501),
                ("MAIL FROM:<a@b> SIZE=99999999", 552), ("MAIL FROM:<a@b> X=Y", 555),
                ("MAIL FROM:<é@b>", 553), ("MAIL FROM: <a@b> SIZE=5 BODY=8BITMIME", 250),
                ("MAIL FROM:<a@b>", 503), ("DATA", 554), ("RCPT TO:<unknown@sandbox.test>", 550),
                ("RCPT TO:<a@elsewhere.test>", 554), ("RCPT TO:<postmaster>", 250),
                ("RCPT TO:<@x,@y:\"a>b\"@sandbox.test>", 250), ("RSET", 250), ("NOOP", 250),
                ("mail from:<> smtputf8", 250), ("VRFY a", 252), ("BDAT 3", 500),
                ("HELP", 214), ("x" * 20000, 500), ("EHLO " + "x" * 300, 501), ("NO\rOP", 500),
                ("RSET", 250), ("MAIL FROM:<" + "x" * 300 + "@b>", 501), ("NO\0OP", 500), ("LHLO t", 500),
                ("STARTTLS x", 501), ("HELO t", 250), ("QUIT", 221)):
            self.assertEqual(c.code(command), code, command)
        self.assertEqual(c.rest(), b"")

    def test_pipelining_is_answered_at_once(self):
        c = self.connect(self.start("smtp:0").ports[0])
        c.reply()
        c.ask("EHLO t")
        c.segments.clear()
        c.send("MAIL FROM:<a@b>\r\nRCPT TO:<a@sandbox.test>\r\n"
               "RCPT TO:<b@sandbox.test>\r\nDATA\r\n")
        self.assertEqual([c.reply()[:3] for _ in range(4)], ["250", "250", "250", "354"])
        self.assertEqual(len(c.segments), 1)
        c.send("Subject: x\r\n\r\n.\r\nMAIL FROM:<a@b>\r\nQUIT\r\n")
        self.assertEqual([c.reply()[:3] for _ in range(3)], ["250", "250", "221"])

    def test_careless_messages_are_refused(self):
        c = self.connect(self.start("smtp:0").ports[0])
        c.reply()
        c.ask("EHLO t")
        for text, code in (("a\nb\r\n", 554), ("a\rb\r\n", 554), ("a" * 999 + "\r\n", 554),
                           ("é\r\n", 554), ("a" * 998 + "\r\n", 250), ("a\n.\n\r\n", 554),
                           ("x" * 40000 + "\r\n", 554), ("", 250),
                           (("y" * 78 + "\r\n") * 140000, 552)):
            c.ask("MAIL FROM:<>")
            c.ask("RCPT TO:<a@sandbox.test>")
            c.ask("DATA")
            c.send(text + ".\r\n")
            self.assertEqual(int(c.reply()[:3]), code, text[:20])

    def test_plaintext_behind_starttls(self):
        c = self.connect(self.start("smtp:0").ports[0])
        c.reply()
        c.ask("EHLO t")
        c.send("STARTTLS\r\nMAIL FROM:<a@b>\r\n")
        self.assertTrue(c.reply().startswith("503 "))
        self.assertEqual(c.rest(), b"")

    def test_state_is_forgotten_by_tls(self):
        c = self.connect(self.start("submission:0").ports[0])
        c.reply()
        self.assertIn("STARTTLS", c.ask("EHLO t"))
        c.ask("AUTH PLAIN " + b64(f"\0{USER}\0{PASSWORD}"))
        self.assertEqual(c.code("MAIL FROM:<a@b>"), 250)
        self.assertEqual(c.code("STARTTLS"), 220)
        c.secure()
        self.assertEqual(c.code("MAIL FROM:<a@b>"), 503)
        self.assertNotIn("STARTTLS", c.ask("EHLO t"))
        self.assertEqual(c.code("MAIL FROM:<a@b>"), 530)
        self.assertEqual(c.code("STARTTLS"), 503)

    def test_mistakes_end_with_2(self):
        for options in (["--listen=smtp:0"], ["--state-dir=/x"], ["--listen=smtp"], ["--nope"],
                        ["--listen=ftp:0"], ["--listen=smtp:99999"], ["--fault=nope"], ["word"],
                        ["--listen=smtp:0,fault=slow:x"], ["--listen=smtp:0,fault=silent:nowhere"],
                        ["--listen=smtp:0,fault=reply"], ["--listen=smtp:0,fault=no-starttls:1"],
                        ["--account=x"], ["--account-file=/nonexistent"], ["--exit-after=x"],
                        ["--state-dir=/proc/x", "--listen=smtp:0"]):
            r = run(*options)
            self.assertEqual(r.returncode, 2, options)
            self.assertNotEqual(r.stderr, "", options)


class Auth(Case):
    def login(self, client, name, *answers):
        reply = client.ask("AUTH " + name)
        for answer in answers:
            self.assertTrue(reply.startswith("334 "), reply)
            reply = client.ask(answer if isinstance(answer, str) else answer(reply[4:].strip()))
        return int(reply[:3])

    def fresh(self, port, **options):
        c = self.connect(port)
        c.reply()
        c.starttls(**options)
        return c

    def test_passwords(self):
        port = self.start("submission:0").ports[0]
        plain, bad = b64(f"\0{USER}\0{PASSWORD}"), b64(f"\0{USER}\0wrong")

        def cram(password):
            return lambda challenge: b64(USER + " " + hmac.new(
                password.encode(), base64.b64decode(challenge), "md5").hexdigest())

        for name, answers, code in (
                ("PLAIN", [plain], 235), ("PLAIN " + plain, [], 235), ("plain " + bad, [], 535),
                ("PLAIN =", [], 501), ("PLAIN ***", [], 501), ("PLAIN", ["*"], 501),
                ("PLAIN " + b64(f"other\0{USER}\0{PASSWORD}"), [], 535),
                ("LOGIN", [b64(USER), b64(PASSWORD)], 235),
                ("LOGIN " + b64(USER), [b64(PASSWORD)], 235),
                ("LOGIN", [b64(USER), b64("wrong")], 535),
                ("CRAM-MD5", [cram(PASSWORD)], 235), ("CRAM-MD5", [cram("wrong")], 535),
                ("CRAM-MD5 " + plain, [], 501), ("EXTERNAL =", [], 504), ("NTLM", [], 504)):
            self.assertEqual(self.login(self.fresh(port), name, *answers), code, (name, answers))

    def test_scram(self):
        port = self.start("submission:0").ports[0]
        for digest, name in (("sha256", "SCRAM-SHA-256"), ("sha1", "SCRAM-SHA-1")):
            c = self.connect(port)
            c.reply()
            self.assertNotIn("PLUS", c.ask("EHLO t"))
            self.assertEqual(Scram(digest).run(c, name), ("235", True))
            self.assertEqual(Scram(digest, password="x").run(self.fresh(port), name)[0], "535")
            self.assertEqual(Scram(digest, user="x").run(self.fresh(port), name)[0], "535")
            c = self.fresh(port, high=ssl.TLSVersion.TLSv1_2)
            data = c.sock.get_channel_binding("tls-unique")
            self.assertEqual(Scram(digest, "tls-unique", data).run(c, name + "-PLUS"),
                             ("235", True))
            c = self.fresh(port)
            der = hashlib.sha256(c.sock.getpeercert(True)).digest()
            self.assertEqual(Scram(digest, "tls-server-end-point", der).run(c, name + "-PLUS"),
                             ("235", True))
            self.assertEqual(Scram(digest, "tls-server-end-point", b"x" * 32).run(
                self.fresh(port), name + "-PLUS")[0], "535")
            self.assertEqual(Scram(digest).run(self.fresh(port), name + "-PLUS")[0], "501")
            y = Scram(digest)
            y.gs2 = "y,,"
            self.assertEqual(y.run(self.fresh(port), name)[0], "535")

    def test_external(self):
        box = self.start("submission:0")
        self.assertNotIn("EXTERNAL", self.fresh(box.ports[0]).ask("EHLO t"))
        c = self.fresh(box.ports[0], client=box.state)
        self.assertIn("EXTERNAL", c.ask("EHLO t"))
        self.assertEqual(c.code("AUTH EXTERNAL " + b64("other")), 535)
        self.assertEqual(c.code("AUTH EXTERNAL ="), 235)
        stranger = self.start("smtp:0")
        self.assertNotIn("EXTERNAL", self.fresh(box.ports[0], client=stranger.state).ask("EHLO t"))

    def test_tokens(self):
        box = self.start("submission:0", options=("--token=a@b:c:d",))
        xoauth2, bearer = "user=a@b\1auth=Bearer {}\1\1", "n,a=a@b,\1host=h\1auth=Bearer {}\1\1"
        for name, form, dummy in (("XOAUTH2", xoauth2, ""), ("OAUTHBEARER", bearer, b64("\1"))):
            c = self.fresh(box.ports[0])
            reply = c.ask(f"AUTH {name} {b64(form.format('wrong'))}")
            self.assertRegex(base64.b64decode(reply[4:]).decode(), '^{"status":')
            self.assertEqual(c.code(dummy), 535)
            self.assertEqual(c.code(f"AUTH {name} {b64(form.format('c:d'))}"), 235)

    def test_accounts(self):
        with tempfile.NamedTemporaryFile("w") as f:
            f.write("# these\n\nx@y:one:two\n")
            f.flush()
            box = self.start("submission:0",
                             options=("--account=z:three", "--account-file=" + f.name))
        for user, password, code in (("x@y", "one:two", 235), ("Z", "three", 235),
                                     (USER, PASSWORD, 535)):
            self.assertEqual(self.login(self.fresh(box.ports[0]), "PLAIN " +
                             b64(f"\0{user}\0{password}")), code)


class Process(Case):
    def test_signal_and_parent(self):
        box = self.start("smtp:0")
        self.assertTrue(os.path.exists(box.file("ready")))
        with tempfile.TemporaryDirectory() as folder:
            parent = subprocess.Popen(
                ["sh", "-c", f"{program()} --with-parent --state-dir={folder} --listen=smtp:0 "
                 "--exit-after=60 & wait"], stdout=subprocess.PIPE, text=True)
            port = int(parent.stdout.readline().split()[3])
            c = self.connect(port)
            c.reply()
            parent.kill()
            self.assertEqual(c.rest(), b"")
            parent.wait()
            parent.stdout.close()

    def test_many_connections(self):
        box = self.start("smtp:0")
        clients = [Client(box.ports[0]) for _ in range(400)]
        for c in clients:
            self.assertTrue(c.reply().startswith("220"))
        for c in clients:
            c.send("EHLO t\r\n")
        for c in clients:
            self.assertTrue(c.reply().startswith("250"))
            c.close()


if __name__ == "__main__":
    main()
