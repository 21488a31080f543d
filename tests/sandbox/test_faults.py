#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does each fault of the sandbox do what its line in the table says?

Run as `test_faults.py PATH-OF-mailprobe-sandbox`. Each fault has a case that would fail if the
fault did nothing, and the last case fails if a fault has none.
"""

import base64
import contextlib
import os
import re
import smtplib
import ssl
import subprocess
import time
import unittest

import delivery_faults
import dns_faults
import imap_faults
import pop3_faults
from harness import PASSWORD, USER, Case, Scram, b64, context, main, run, tried

Delivery, Dns = delivery_faults.Delivery, dns_faults.Dns
Imap, Pop3 = imap_faults.Imap, pop3_faults.Pop3


class AuthFaults(Case):
    def scram_fault(self, name):
        c = self.fault(name, "submission")
        c.starttls()
        s = Scram("sha256")
        return s.run(c, "SCRAM-SHA-256"), s

    def test_scram_faults(self):
        self.assertEqual(self.scram_fault("auth-wrong-server-signature")[0], ("235", False))
        self.assertEqual(self.scram_fault("auth-no-server-signature")[0], ("235", None))
        self.assertEqual(self.scram_fault("auth-early-success")[0], ("235", None))
        verdict, scram = self.scram_fault("auth-bad-nonce")
        self.assertFalse(scram.fields["r"].startswith("fyko+d2lbbFgONRv9qkxdawL"))
        self.assertEqual(self.scram_fault("auth-iterations:12345")[1].fields["i"], "12345")
        with self.assertRaises(ValueError):
            self.scram_fault("auth-malformed")

    def test_other_faults(self):
        login = "AUTH PLAIN " + b64(f"\0{USER}\0{PASSWORD}")
        for fault, code in (("auth-unavailable", 454), ("auth-rejected", 535), ("auth-none", 503),
                            ("auth-only:LOGIN/CRAM-MD5", 504), ("auth-tls-only", 503)):
            c = self.fault(fault)
            offered = re.findall(r"AUTH ([^\r]*)", c.ask("EHLO t"))
            self.assertEqual(c.code(login), code, fault)
            if fault.startswith("auth-only"):
                self.assertEqual(offered, ["CRAM-MD5 LOGIN"])
            elif code == 503:
                self.assertEqual(offered, [])
        c = self.fault("auth-tls-only")
        self.assertIn("AUTH", c.starttls())
        self.assertEqual(c.code(login), 235)
        bad = b64(f"\0{USER}\0wrong")
        c = self.fault("auth-echo")
        c.ask("EHLO t")
        self.assertIn(bad, c.ask("AUTH PLAIN " + bad))


class Tls(Case):
    def refused(self, fault, reason):
        c = self.fault(fault)
        with self.assertRaises(ssl.SSLCertVerificationError) as caught:
            c.starttls(c.box.state)
        self.assertRegex(str(caught.exception), reason)

    def test_bad_certificates(self):
        for fault, reason in (
                ("cert-expired", "has expired"), ("cert-not-yet-valid", "not yet valid"),
                ("cert-name", "Hostname mismatch"), ("cert-cn-only", "Hostname mismatch"),
                ("cert-wildcard", "Hostname mismatch"), ("cert-self-signed", "self-signed"),
                ("cert-untrusted", "unable to get local issuer"), ("cert-purpose", "purpose"),
                ("cert-weak", "too weak"), ("cert-no-chain", "unable to get local issuer"),
                ("cert-chain:0", "has expired")):
            with self.subTest(fault):
                self.refused(fault, reason)

    def test_good_certificates(self):
        for fault in ("cert-expiring:3", "cert-chain:3", "ocsp-good"):
            c = self.fault(fault)
            self.assertIn("250", c.starttls(c.box.state))
            ends = ssl.cert_time_to_seconds(c.sock.getpeercert()["notAfter"])
            days = 3 if fault == "cert-expiring:3" else 90
            self.assertAlmostEqual(ends, time.time() + days * 86400, delta=60)

    def s_client(self, port, state, *more):
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-starttls", "smtp",
             "-CAfile", state + "/ca.pem", *more], input="", capture_output=True, text=True,
            timeout=20).stdout

    def test_staples_and_crls(self):
        box = self.start(*(f"smtp:0,fault={f}" for f in
                           ("ocsp-good", "cert-revoked", "ocsp-stale", "ocsp-garbage")))
        good, revoked, stale, garbage = (self.s_client(p, box.state, "-status") for p in box.ports)
        self.assertIn("Cert Status: good", good)
        self.assertIn("Cert Status: revoked", revoked)
        self.assertIn("Cert Status: good", stale)
        self.assertIn("response parse error", garbage)
        update = re.search("Next Update: (.*)", stale)[1]
        self.assertLess(ssl.cert_time_to_seconds(update), time.time())
        for name, text in (("clean", "Verification: OK"), ("revoked", "certificate revoked")):
            self.assertIn(text, self.s_client(box.ports[0], box.state, "-crl_check", "-CRL",
                                              box.file(f"crl-{name}.pem")))

    def test_versions(self):
        for fault, version in (("tls12", "TLSv1.2"), ("tls11", "TLSv1.1")):
            c = self.fault(fault)
            with self.assertWarns(DeprecationWarning) if fault == "tls11" else \
                    contextlib.nullcontext():
                c.starttls(low=ssl.TLSVersion.TLSv1_1)
            self.assertEqual(c.sock.version(), version)

    def test_no_starttls(self):
        c = self.fault("no-starttls")
        self.assertNotIn("STARTTLS", c.ask("EHLO t"))
        self.assertEqual(c.code("STARTTLS"), 502)
        c = self.fault("starttls-refused")
        self.assertIn("STARTTLS", c.ask("EHLO t"))
        self.assertEqual(c.code("STARTTLS"), 454)

    def test_injection(self):
        c = self.fault("starttls-inject")
        c.ask("EHLO t")
        c.segments.clear()
        c.ask("STARTTLS")
        self.assertRegex(c.segments[0], rb"^220 [^\n]*\r\n250-injected\r\n")

    def test_handshakes_that_fail(self):
        for fault, reason in (("tls-garbage", "WRONG_VERSION"), ("tls-alert", "HANDSHAKE_FAILURE"),
                              ("tls-close", "EOF|reset")):
            for protocol in ("smtp", "smtps"):
                c = self.fault(fault, protocol)
                with self.assertRaisesRegex(OSError, reason):
                    c.secure() if protocol == "smtps" else c.starttls()

    def test_handshakes_that_wait(self):
        for protocol in ("smtp", "smtps"):
            c = self.fault("tls-silent", protocol)
            c.sock.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                c.secure() if protocol == "smtps" else c.starttls()
        c = self.fault("tls-slow:300", "smtps")
        begun = time.monotonic()
        c.secure()
        self.assertGreater(time.monotonic() - begun, 0.29)

    def test_bad_record(self):
        c = self.fault("tls-bad-record")
        with self.assertRaisesRegex(ssl.SSLError, "(?i)bad|decrypt"):
            c.starttls()

    def test_close_notify(self):
        box = self.start("smtps:0", "smtps:0,fault=no-close-notify")
        for port, clean in zip(box.ports, (True, False)):
            c = self.connect(port)
            tls = context(box.state)    # some versions of Python set SSL_OP_IGNORE_UNEXPECTED_EOF
            tls.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0x80)
            c.sock = tls.wrap_socket(c.sock, server_hostname="localhost",
                                     suppress_ragged_eofs=False)
            c.reply()
            c.ask("QUIT")
            if clean:
                self.assertEqual(c.sock.recv(1), b"")
            else:
                with self.assertRaisesRegex(ssl.SSLError, "(?i)eof"):
                    c.sock.recv(1)

    def test_resumption(self):
        box = self.start("smtps:0")
        tls = context(box.state)
        session = None
        for again in (False, True):
            c = self.connect(box.ports[0])
            c.sock = tls.wrap_socket(c.sock, server_hostname="localhost", session=session)
            c.reply()
            self.assertEqual(c.sock.session_reused, again)
            session = c.sock.session


class Faults(Case):
    def test_delays(self):
        def timed(client, command):
            begun = time.monotonic()
            if command is None:
                client.reply()
            else:
                client.send(command)
                client.reply()
            return time.monotonic() - begun

        before = ["EHLO t\r\n", "AUTH PLAIN " + b64(f"\0{USER}\0{PASSWORD}") + "\r\n",
                  "MAIL FROM:<>\r\n", "RCPT TO:<a@sandbox.test>\r\n", "DATA\r\n", ".\r\n"]
        faults = ["banner-slow", "ehlo-slow", "auth-slow", "mail-slow", "rcpt-slow", "data-slow",
                  "send-slow"]
        box = self.start(*(f"smtp:0,fault={f}:200" for f in faults), "smtp:0,fault=slow:50")
        for i, port in enumerate(box.ports):
            c = self.connect(port)
            for n, command in enumerate([None, *before]):
                took = timed(c, command)
                slow = 0.05 if i == len(faults) else 0.2 if n == i else 0
                self.assertGreaterEqual(took, slow, (port, command))
                self.assertLess(took, slow + 0.1, (port, command))

    def test_delays_hold_up_nobody_else(self):
        box = self.start("smtp:0,fault=banner-slow:60000", "smtp:0")
        slow = [self.connect(box.ports[0]) for _ in range(50)]
        self.assertTrue(self.connect(box.ports[1]).reply().startswith("220"))
        self.assertTrue(slow[0].quiet())

    def test_slow_keeps_pipelined_answers_apart(self):
        c = self.fault("slow:60")
        c.ask("EHLO t")
        c.send("MAIL FROM:<>\r\nRCPT TO:<a@sandbox.test>\r\nRSET\r\n")
        times = []
        for _ in range(3):
            self.assertTrue(c.reply().startswith("250"))
            times.append(time.monotonic())
        self.assertGreater(times[1] - times[0], 0.05)
        self.assertGreater(times[2] - times[1], 0.05)

    def test_banners(self):
        c = self.fault("banner-554", greeted=False)
        self.assertTrue(c.reply().startswith("554 "))
        self.assertEqual([c.code("EHLO t"), c.code("QUIT")], [503, 221])
        c = self.fault("banner-421", greeted=False)
        self.assertRegex(c.rest(), rb"^421 [^\n]*\n$")
        c = self.fault("banner-silent", greeted=False)
        self.assertTrue(c.quiet())
        c = self.fault("close-after-banner", greeted=False)
        self.assertRegex(c.rest(), rb"^220 [^\n]*\n$")
        c = self.fault("banner-multiline", greeted=False)
        self.assertEqual(c.reply().count("\n"), 3)
        c = self.fault("banner-8bit", greeted=False)
        self.assertIn("é", c.reply())

    def test_drips(self):
        for fault, command in (("banner-drip:5", None), ("drip:2", "NOOP")):
            c = self.fault(fault, greeted=False)
            begun = time.monotonic()
            banner = c.reply()
            self.assertGreater(len(c.segments), len(banner) / 2)
            self.assertGreater(time.monotonic() - begun, (len(banner) - 1) * 0.002)
            c.segments.clear()
            c.ask("NOOP")
            self.assertEqual(len(c.segments) > 5, command is not None)

    def test_one_byte(self):
        c = self.fault("one-byte", "smtps")
        c.secure()
        banner = c.reply()
        self.assertEqual(len(c.segments), len(banner))

    def test_pregreet(self):
        c = self.fault("pregreet:100")
        self.assertEqual(c.code("EHLO t"), 250)
        c = self.connect(c.box.ports[0], first=b"EHLO t\r\n")
        c.reply()
        self.assertTrue(c.reply().startswith("554 "))

    def test_ehlo(self):
        c = self.fault("ehlo-refused")
        self.assertEqual([c.code("EHLO t"), c.code("HELO t"), c.code("MAIL FROM:<>")],
                         [502, 250, 250])
        self.assertEqual(self.fault("ehlo-bare").ask("EHLO t"), "250 HELP\r\n")
        self.assertEqual(self.fault("ehlo-long:50").ask("EHLO t").count("X-UNKNOWN"), 50)
        answer = self.fault("lower-case").ask("EHLO t")
        self.assertEqual(answer, answer.lower())
        c = self.fault("lf-only")
        self.assertNotIn("\r", c.ask("EHLO t"))
        c = self.fault("ehlo-without:PIPELINING/SIZE")
        answer = c.ask("EHLO t")
        self.assertNotRegex(answer, "PIPELINING|SIZE")
        self.assertEqual(c.code("MAIL FROM:<> SIZE=1"), 555)
        c.send("MAIL FROM:<>\r\nRSET\r\n")
        self.assertTrue(c.reply().startswith("503 "))
        c = self.fault("reset-after-ehlo")
        self.assertEqual(c.code("EHLO t"), 250)
        with self.assertRaises(ConnectionResetError):
            c.ask("NOOP")

    def test_refusals(self):
        talk = ["EHLO t", "MAIL FROM:<>", "RCPT TO:<a@sandbox.test>", "DATA", "."]
        for fault, place, code in (
                ("mail-rejected", 1, 553), ("mail-tempfail", 1, 451), ("rcpt-rejected", 2, 550),
                ("greylist", 2, 450), ("data-rejected", 3, 554), ("send-rejected", 4, 554),
                ("send-tempfail", 4, 451), ("reply:rcpt=421 4.3.2 x", 2, 421),
                ("reply:ehlo=250 x", 0, 250)):
            c = self.fault(fault)
            for n, command in enumerate(talk[:place + 1]):
                answer = c.ask(command)
                expected = code if n == place else 354 if n == 3 else 250
                self.assertEqual(int(answer[:3]), expected, (fault, command))
            if fault.startswith("reply"):
                self.assertEqual(answer, fault.split("=")[1] + "\r\n")

    def test_recipients(self):
        c = self.fault("greylist-once")
        c.ask("EHLO t")
        c.ask("MAIL FROM:<>")
        answers = [c.code(f"RCPT TO:<{who}@sandbox.test>") for who in "aabB"]
        self.assertEqual(answers, [450, 250, 450, 250])
        c = self.fault("open-relay")
        c.ask("EHLO t")
        c.ask("MAIL FROM:<>")
        self.assertEqual(c.code("RCPT TO:<a@elsewhere.test>"), 250)

    def test_accept_and_lose(self):
        box = self.start("smtp:0,fault=accept-and-lose", "smtp:0", options=("--spool",))
        for port, there in zip(box.ports, (False, True)):
            with smtplib.SMTP("127.0.0.1", port) as s:
                s.sendmail("", "a@sandbox.test", "x")
            self.assertEqual(os.path.exists(box.file("mail/a@sandbox.test")), there)

    def test_ends(self):
        for fault, said in (("quit-close", b""), ("close:quit", b""),
                            ("close-mid-reply:quit", b"221 2"),
                            ("close-after:quit", b"221 2.0.0 Bye\r\n")):
            c = self.fault(fault)
            c.ask("EHLO t")
            c.send("QUIT\r\n")
            rest = c.rest()
            self.assertTrue(rest.startswith(said) and (rest == b"") == (said == b""), fault)
        c = self.fault("close-after:rset")
        self.assertEqual(c.code("RSET"), 250)
        self.assertEqual(c.rest(), b"")
        c = self.fault("close-mid-reply:rset")
        c.send("RSET\r\n")
        self.assertNotIn(b"\n", c.rest())
        for fault in ("quit-silent", "silent:quit"):
            c = self.fault(fault)
            c.send("QUIT\r\n")
            self.assertTrue(c.quiet())
        c = self.fault("reset:quit")
        c.send("QUIT\r\n")
        with self.assertRaises(ConnectionResetError):
            c.read()

    def test_endless(self):
        for fault, line in (("reply-endless", True), ("line-endless", False)):
            c = self.fault(fault)
            c.send("EHLO t\r\n")
            data = b""
            while len(data) < 3000000:
                data += c.read()
            self.assertEqual(b"\n" in data, line)
            self.assertNotIn(b"\n250 ", data)

    def test_malformed(self):
        for fault, form in (
                ("reply-nul:rset", rb"250 2\0\.0\.0 Ok\r\n"),
                ("reply-bad-code:rset", rb"2x0 .*\r\n"),
                ("reply-blank:rset", rb" 250 .*\r\n"),
                ("reply-hyphen:rset", rb"250-2\.0\.0 Ok\r\n"),
                ("reply-mixed:rset", rb"253-.*\r\n250 .*\r\n"),
                ("reply-bare:rset", rb"250-2\.0\.0 Ok\r\n250\r\n"),
                ("reply-unasked:rset", rb"250 .*\r\n250 .*\r\n")):
            c = self.fault(fault)
            c.send("RSET\r\n")
            c.line()
            c.send("QUIT\r\n")
            c.rest()
            said = b"".join(c.segments[1:])
            self.assertRegex(said, rb"^" + form + rb"221 ", fault)

    def test_lmtp(self):
        c = self.connect(self.start("lmtp:0,fault=send-partial").ports[0])
        c.reply()
        self.assertEqual(c.code("EHLO t"), 500)
        self.assertEqual(c.code("LHLO t"), 250)
        c.ask("MAIL FROM:<>")
        c.ask("RCPT TO:<a@sandbox.test>")
        self.assertEqual(c.code("RCPT TO:<unknown@sandbox.test>"), 550)
        c.ask("RCPT TO:<b@sandbox.test>")
        c.ask("DATA")
        c.send("x\r\n.\r\n")
        self.assertRegex(c.reply(), r"^250 .*<a@sandbox\.test>")
        self.assertRegex(c.reply(), r"^552 .*<b@sandbox\.test>")
        self.assertEqual(c.code("NOOP"), 250)

    def test_proxy_headers(self):
        box = self.start("smtp:0,fault=proxy", "smtps:0,fault=proxy", options=("--spool",))
        v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"
        v2 += bytes((192, 0, 2, 1, 127, 0, 0, 1, 4, 0, 0, 25))
        for first in (b"PROXY TCP4 192.0.2.1 127.0.0.1 1024 25\r\n", v2):
            c = self.connect(box.ports[0], first=first)
            c.reply()
            c.ask("EHLO t")
            c.ask("MAIL FROM:<>")
            c.ask("RCPT TO:<a@sandbox.test>")
            c.ask("DATA")
            c.send(".\r\n")
            name = c.reply().split()[-1]
            with open(box.file("mail/a@sandbox.test/" + name), "rb") as f:
                self.assertIn(b"([192.0.2.1])", f.read())
        c = self.connect(box.ports[1], first=v2)
        c.secure(box.state)
        self.assertTrue(c.reply().startswith("220 "))
        c = self.connect(box.ports[0], first=b"EHLO t\r\n")
        self.assertEqual(c.rest(), b"")


class ZEveryFault(unittest.TestCase):
    """Runs last: a fault in the list that no case above has asked for is an error."""

    def test_every_fault_was_tried(self):
        known = set(re.findall(r"^  ([a-z0-9-]+)", run("--list-faults").stdout, re.M))
        self.assertEqual(known - tried, set())

    def test_every_fault_has_its_row(self):
        listed = re.findall(r"^  (\S+) +(.*)$", run("--list-faults").stdout, re.M)
        with open(os.path.join(os.path.dirname(__file__), "README.md"), encoding="utf-8") as page:
            rows = re.findall(r"^\| `([a-z0-9[:=A-Z\]-]+)` \| (.*) \|$", page.read(), re.M)
        self.assertEqual([row for row in rows if not row[0].startswith("--")], listed)


if __name__ == "__main__":
    main()
