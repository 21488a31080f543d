# SPDX-License-Identifier: BSD-2-Clause
"""The faults of POP3, and what the common ones do there: cases for test_faults.py."""

import re
import time

from harness import PASSWORD, USER, Case, Pop3Client, b64


class Pop3(Case):
    def inside(self, fault, options=()):
        c = self.fault(fault, "pop3", options=options)
        self.assertTrue(c.login().startswith("+OK"))
        return c

    def test_banners(self):
        for fault, said in (("banner-no", "-ERR Not today\r\n"),
                            ("banner-no:SYS/TEMP", "-ERR [SYS/TEMP] Not today\r\n")):
            self.assertEqual(self.fault(fault, "pop3", greeted=False).rest().decode(), said)
        c = self.fault("apop-none", "pop3", greeted=False)
        self.assertNotIn("<", c.reply())
        self.assertEqual(c.status(f"APOP {USER} x"), "-ERR")
        self.assertRegex(self.fault("apop-garbage", "pop3", greeted=False).reply(),
                         "<no timestamp\r\n$")
        self.assertIn("é", self.fault("banner-8bit", "pop3", greeted=False).reply())
        c = self.fault("pregreet:100", "pop3")
        c = self.connect(c.box.ports[0], Pop3Client, first=b"CAPA\r\n")
        c.reply()
        self.assertTrue(c.reply().startswith("-ERR"))

    def test_capabilities(self):
        self.assertEqual(self.fault("capa-refused", "pop3").status("CAPA"), "-ERR")
        c = self.fault("capa-without:UIDL/SASL/PIPELINING", "pop3")
        offered = b"".join(c.lines("CAPA"))
        self.assertNotRegex(offered, b"UIDL|SASL|PIPELINING")
        self.assertEqual(c.status("AUTH PLAIN"), "-ERR")
        c.login()
        self.assertEqual(c.status("UIDL"), "-ERR")
        c.send("STAT\r\nNOOP\r\n")
        self.assertRegex(c.rest(), rb"^-ERR [^\n]*\n$")
        self.assertEqual(b"".join(self.fault("ehlo-long:50",
                                             "pop3").lines("CAPA")).count(b"X-UNKNOWN"), 50)
        lower = b"".join(self.fault("lower-case", "pop3").lines("CAPA"))
        self.assertEqual(lower, lower.lower())

    def test_logins(self):
        plain = b64(f"\0{USER}\0{PASSWORD}")
        for fault, code in (
                ("auth-rejected", "[AUTH]"), ("auth-unavailable", "[SYS/TEMP]"),
                ("login-no", "Not"),
                *((f"login-no:{x}", f"[{x}]") for x in ("AUTH", "SYS/TEMP", "SYS/PERM", "IN-USE",
                                                        "LOGIN-DELAY"))):
            c = self.fault(fault, "pop3")
            self.assertEqual(c.ask("AUTH PLAIN " + plain).split()[:2], ["-ERR", code], fault)
            self.assertEqual(c.login().split()[:2], ["-ERR", code], fault)
        for fault, user, apop, sasl in (
                ("auth-none", False, False, False), ("auth-tls-only", False, False, False),
                ("auth-only:user", True, False, False),
                ("auth-only:apop", False, True, False), ("auth-only:PLAIN", False, False, True)):
            c = self.fault(fault, "pop3", greeted=False)
            self.assertEqual("<" in c.reply(), apop, fault)
            offered = b"".join(c.lines("CAPA"))
            self.assertEqual((b"USER\r\n" in offered, b"SASL PLAIN\r\n" in offered), (user, sasl),
                             fault)
            self.assertEqual((c.status("AUTH PLAIN " + plain) == "+OK",
                              c.status("USER " + USER) == "+OK"),
                             (sasl, user), fault)
        c = self.fault("auth-tls-only", "pop3")
        self.assertIn("USER\r\n", c.starttls())
        self.assertIn("wrong", self.fault("auth-echo", "pop3").login(USER, "wrong"))
        for command in ("USER x", "AUTH LOGIN", "AUTH PLAIN " + plain):
            c = self.fault("auth-stall", "pop3")
            c.send(command + "\r\n")
            self.assertTrue(c.quiet(), command)

    def test_refusals(self):
        for fault, command in (("stat-no", "STAT"), ("list-no", "LIST"), ("uidl-no", "UIDL"),
                               ("retr-no", "RETR 1"), ("dele-no", "DELE 1")):
            self.assertRegex(self.inside(fault).ask(command), r"^-ERR [^\[]", fault)
            self.assertRegex(self.inside(fault + ":SYS/TEMP").ask(command), r"^-ERR \[SYS/TEMP\] ",
                             fault)
        self.assertEqual(self.inside("reply:stat=+OK 1").ask("STAT"), "+OK 1\r\n")
        self.assertEqual(self.inside("reply:dele=-ERR [IN-USE] x").ask("DELE 1"),
                         "-ERR [IN-USE] x\r\n")

    def test_quit(self):
        for fault, left, said in (("quit-no", 3, b"-ERR Some"), ("quit-close", 2, b""),
                                  ("slow:1", 2, b"+OK"), ("close-mid-reply:quit", 2, b"+OK")):
            c = self.inside(fault)
            c.ask("DELE 2")
            c.send("QUIT\r\n")
            self.assertTrue(c.rest().startswith(said), fault)
            c = self.connect(c.box.ports[0], Pop3Client)
            c.reply()
            self.assertRegex(c.login(), rf"^\+OK {left} ", fault)
        c = self.inside("quit-silent")
        c.send("QUIT\r\n")
        self.assertTrue(c.quiet())

    def test_contradictions(self):
        def told(fault):
            c = self.inside(fault)
            return (c.ask("STAT").split()[1:], [line.split()[1] for line in c.lines("LIST")],
                    len(c.lines("UIDL")))

        size = b"2048"
        self.assertEqual(told("slow:1"), (["3", "6144"], [size] * 3, 3))
        self.assertEqual(told("stat-count"), (["4", "6144"], [size] * 3, 3))
        self.assertEqual(told("stat-size"), (["3", "6145"], [size] * 3, 3))
        self.assertEqual(told("list-count"), (["3", "6144"], [size] * 2, 3))
        self.assertEqual(told("list-size:5"), (["3", "6144"], [b"2053"] * 3, 3))
        self.assertEqual(told("uidl-count"), (["3", "6144"], [size] * 3, 2))
        c = self.inside("list-lf")
        text = b"".join(c.lines("RETR 2"))
        self.assertEqual(c.ask("LIST 2").split()[2], str(len(text.replace(b"\r\n", b"\n"))))
        self.assertEqual(len(text), 2048)

    def test_retrieving(self):
        def raw(fault, wait):
            # Each has a sandbox of its own, whose message has the date of its start.
            c = self.inside(fault)
            c.send("RETR 2\r\n")
            data = b""
            while not data.endswith(wait) if wait else (more := c.sock.recv(65536)):
                data += c.read() if wait else more
            return c, re.sub(rb"(?m)^Date: .{31}", b"", data)

        _, whole = raw("slow:1", b"\r\n.\r\n")
        _, cut = raw("retr-cut", None)
        self.assertTrue(whole.startswith(cut) and len(whole) / 3 < len(cut) < len(whole) * 2 / 3)
        c, bare = raw("retr-no-dot", whole[-30:-3])
        self.assertEqual(bare, whole[:-3])
        self.assertTrue(c.quiet())
        c = self.inside("retr-dots")
        c.send("RETR 2\r\nNOOP\r\n")
        data = b""
        while not data.endswith(b"+OK\r\n"):
            data += c.read()
        self.assertRegex(data,
                         rb"(?s)\r\n\r\n\.\r\nA lone .*\r\n\.A .*\r\n\.\.Two .*\r\n\.\r\n\+OK")

    def test_common_ones(self):
        for fault, said in (
                ("close", ""), ("close-after", r"\+OK .*\n\.\r\n"), ("close-mid-reply", r"\+OK .*"),
                ("reply-nul", "\\+OK C\0apa.*\n\\.\r\n"), ("reply-bad-code", r"\+xK .*\n\.\r\n"),
                ("reply-blank", r" \+OK .*\n\.\r\n"),
                ("reply-unasked", r"\+OK .*\n\.\r\n\+OK Nobody.*\n"),
                ("lf-only", r"\+OK [^\r]*\n\.\n")):
            c = self.fault(fault, "pop3")
            c.send("CAPA\r\n" + ("" if "close" in fault else "QUIT\r\n"))
            answer = c.rest().decode("latin-1").rpartition("+OK Bye")
            self.assertRegex(answer[0] or answer[2], f"(?s)^{said}$", fault)
        for fault, begin in (("reply-endless", rb"\+OK [^\n]*\n(X-AND-SO-ON\r\n)+"),
                             ("line-endless", rb"\+OK (abcdefghijklmnop)+")):
            c = self.fault(fault, "pop3")
            c.send("CAPA\r\n")
            data = b""
            while len(data) < 300000:
                data += c.read()
            self.assertRegex(data, b"^" + begin)
        c = self.inside("silent:retr")
        c.send("RETR 1\r\n")
        self.assertTrue(c.quiet())

    def test_times(self):
        for fault, command, least in (("slow:60", "STAT", 0.06), ("drip:2", "STAT", 0.02)):
            c = self.inside(fault)
            begun = time.monotonic()
            self.assertEqual(c.ask(command), "+OK 3 6144\r\n")
            self.assertGreater(time.monotonic() - begun, least, fault)
        c = self.inside("one-byte", options=("--messages=1:100000",))
        self.assertEqual(sum(map(len, c.lines("RETR 1"))), 100000)

    def test_tls(self):
        self.assertEqual(self.fault("no-starttls", "pop3").status("STLS"), "-ERR")
        self.assertEqual(self.fault("starttls-refused", "pop3").status("STLS"), "-ERR")
        c = self.fault("starttls-inject", "pop3")
        c.segments.clear()
        c.ask("STLS")
        self.assertRegex(c.segments[0], rb"^\+OK [^\n]*\r\n\+OK injected\r\n")
        c = self.fault("tls-bad-record", "pop3s")
        c.secure()
        c.reply()
        with self.assertRaisesRegex(OSError, "(?i)bad|decrypt"):
            c.ask("CAPA")
        c = self.fault("cert-name", "pop3")
        with self.assertRaisesRegex(OSError, "Hostname mismatch"):
            c.starttls(c.box.state)
