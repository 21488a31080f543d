# SPDX-License-Identifier: BSD-2-Clause
"""The faults of delivery: cases for test_faults.py."""

import email
import email.utils
import re
import time

from harness import MESSAGE, OTHER, USER, DeliveryCase, run


class Delivery(DeliveryCase):
    def sender(self, box, number=0):
        s = self.connect(box.ports[number])
        s.reply()
        s.ask("LHLO t" if box.lines[number][1] == "lmtp" else "EHLO t")
        return s

    def accepted(self, client, **options):
        self.send(client, **options)
        self.assertTrue(client.reply().startswith("250 "))

    def subjects(self, client):
        """Of all messages that this session knows of after a NOOP."""
        client.ask("NOOP")
        answer = client.ask("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (Subject)])")[:-1]
        return [a.split("Subject: ")[1].split("\r\n")[0] for a in answer]

    def test_late(self):
        for protocol in ("smtp", "lmtp"):
            box, c = self.boxes(f"{protocol}:0,fault=deliver-late:500")
            s = self.sender(box)
            c.say("IDLE")
            c.response()
            begun = time.monotonic()
            self.accepted(s)
            self.assertLess(time.monotonic() - begun, 0.4)
            self.assertEqual(c.response(), "* 1 EXISTS\r\n")
            self.assertGreater(time.monotonic() - begun, 0.49)

    def test_what_never_comes_does_not_hold_up_the_rest(self):
        box, c = self.boxes("smtp:0,fault=deliver-never", "smtp:0")
        for number, subject in enumerate("ab"):
            self.accepted(self.sender(box, number), text=f"Subject: {subject}\r\n\r\n")
        self.assertEqual(self.subjects(c), ["b"])

    def test_twice(self):
        box, c = self.boxes("smtp:0,fault=deliver-twice")
        self.accepted(self.sender(box), to=(USER, OTHER))
        self.assertEqual(self.subjects(c), ["new", "new"])
        self.assertEqual(self.subjects(self.opened(box, OTHER)), ["new", "new"])

    def test_swapped(self):
        box, c = self.boxes("smtp:0,fault=deliver-swapped", "smtp:0")
        s = self.sender(box)
        for subject, there in (("a", ""), ("b", "ba"), ("c", "ba"), ("d", "badc")):
            self.accepted(s, text=f"Subject: {subject}\r\n\r\n")
            self.assertEqual("".join(self.subjects(c)), there)
        self.accepted(s, text="Subject: e\r\n\r\n")
        self.accepted(self.sender(box, 1), text="Subject: f\r\n\r\n")
        self.assertEqual(self.subjects(c)[-1], "f")

    def test_junk(self):
        box, c = self.boxes("smtp:0,fault=deliver-junk")
        other = self.opened(box, OTHER)
        for count in (1, 2):
            self.accepted(self.sender(box), to=(USER, OTHER))
            for client in (c, other):
                self.assertIn('* LIST (\\HasNoChildren \\Junk) "/" "Junk"\r\n',
                              client.ask('LIST "" *'))
                self.assertIn("* 0 EXISTS\r\n", client.ask("EXAMINE INBOX"))
                self.assertIn(f"* {count} EXISTS\r\n", client.ask("SELECT Junk"))
                self.assertEqual(self.message(client)[-len(MESSAGE):], MESSAGE)

    def delivered(self, fault, text=MESSAGE, sender="a@elsewhere.test"):
        """What is behind Return-Path: the trace of the server, and the rest."""
        box, c = self.boxes(f"smtp:0,fault={fault}")
        self.accepted(self.sender(box), text=text, sender=sender)
        self.assertEqual(c.ask("NOOP")[0], "* 1 EXISTS\r\n")
        return re.fullmatch(r"(?s)Return-Path: [^\n]*\n((?:Received: [^\n]*\n(?:\t[^\n]*\n)+)+)(.*)",
                            self.message(c)).groups()

    def test_altered_and_cut(self):
        header = "Subject: x\r\n\r\n"
        for text, gap in ((header, ""), (header + "hello\r\n", ""), ("\r\nbody\r\n", ""),
                          ("Subject: x\r\n", "\r\n")):
            self.assertRegex(self.delivered("deliver-altered", text)[1],
                             rf"^{text}{gap}This [^\r\n]*\.\r\n$")
        for body, left in (("0123456789\r\n", "01234\r\n"), ("x\r\n", "\r\n"), ("", ""),
                           ("abc\r\ndefg\r\n", "abc\r\n")):
            self.assertEqual(self.delivered("deliver-cut", header + body)[1], header + left, body)

    def test_other_id(self):
        other = r"Message-ID: <\w+@mx\.sandbox\.test>\r\n"
        for header, wanted in (
                ("A: b\r\nmessage-id: <x@y>\r\nC: d\r\n", rf"A: b\r\n{other}C: d\r\n"),
                ("Message-ID:\r\n <x@y>\r\n\t(z)\r\nC: d\r\n", rf"{other}C: d\r\n"),
                ("A: b\r\nMessage-ID: <x@y>\r\n", rf"A: b\r\n{other}"),
                ("A: b\r\n", rf"{other}A: b\r\n"), ("", other)):
            text = self.delivered("deliver-other-id", header + "\r\nMessage-ID: <x@y>\r\n")[1]
            self.assertRegex(text, rf"^{wanted}\r\nMessage-ID: <x@y>\r\n$", header)

    def test_hops(self):
        for fault, ahead in (("deliver-hops", 60), ("deliver-hops:3600", 3600)):
            trace, text = self.delivered(fault)
            self.assertEqual(text, MESSAGE)
            hops = re.findall(r"Received: from (\S+) \(.*\r\n\tby (\S+) [^;]*; (.*)\r\n", trace)
            self.assertEqual([hop[:2] for hop in hops],
                             [("filter.sandbox.test", "store.sandbox.test"),
                              ("mx.sandbox.test", "filter.sandbox.test"), ("t", "mx.sandbox.test")])
            last, first, own = (email.utils.parsedate_to_datetime(hop[2]).timestamp()
                                for hop in hops)
            self.assertLessEqual(abs(last - own), 1)
            self.assertLessEqual(abs(first - own - ahead), 1)

    def test_auth(self):
        for fault, sender, result, domain in (
                ("deliver-auth", "a@elsewhere.test", "pass", "elsewhere.test"),
                ("deliver-auth:fail", "", "fail", "t")):
            self.assertEqual(
                self.delivered(fault, sender=sender)[1],
                f"Authentication-Results: mx.sandbox.test;\r\n\tspf={result} smtp.mailfrom={domain}"
                f";\r\n\tdkim={result} header.d={domain};\r\n\tdmarc={result} header.from={domain}"
                f"\r\n{MESSAGE}")

    def report(self, client):
        """What the last message says: its header, the fields of the report, the original's header."""
        text = self.message(client)
        self.assertTrue(text.startswith("Return-Path: <>\r\nReceived: by mx.sandbox.test "))
        m = email.message_from_string(text)
        self.assertEqual((m.get_content_type(), m.get_param("report-type"), m.defects),
                         ("multipart/report", "delivery-status", []))
        prose, status, original = m.get_payload()
        self.assertEqual([p.get_content_type() for p in (prose, status, original)],
                         ["text/plain", "message/delivery-status", "text/rfc822-headers"])
        return m, status.get_payload(), email.message_from_string(original.get_payload())

    def test_bounce(self):
        for fault, status, diagnosis in (("deliver-bounce", "5.1.1", "smtp; 550 5.1.1 "),
                                         ("deliver-bounce:4.4.7", "4.4.7", "smtp; 450 4.4.7 ")):
            box, c = self.boxes(f"smtp:0,fault={fault}")
            other = self.opened(box, OTHER)
            s = self.sender(box)
            self.accepted(s, sender=OTHER, to=(USER, "x@sandbox.test"))
            self.assertEqual(c.ask("NOOP"), ["OK NOOP completed\r\n"])
            self.assertEqual(other.ask("NOOP")[0], "* 1 EXISTS\r\n")
            m, (about, *each), original = self.report(other)
            self.assertEqual((m["To"], m["Auto-Submitted"]), (OTHER, "auto-replied"))
            self.assertEqual(about["Reporting-MTA"], "dns; mx.sandbox.test")
            self.assertEqual([(r["Final-Recipient"], r["Action"], r["Status"]) for r in each],
                             [("rfc822; " + who, "failed", status)
                              for who in (USER, "x@sandbox.test")])
            self.assertTrue(each[0]["Diagnostic-Code"].startswith(diagnosis))
            self.assertNotIn("Will-Retry-Until", each[0])
            self.assertEqual((original["Message-ID"], original["Return-Path"]),
                             ("<x1@probe.test>", f"<{OTHER}>"))
            for sender in ("", "x@sandbox.test"):
                self.accepted(s, sender=sender, to=(OTHER,))
            self.assertEqual(other.ask("NOOP"), ["OK NOOP completed\r\n"])
        for wrong in ("2.0.0", "5.1", "5.1.1x", "5.1.1234", ""):
            r = run("--state-dir=/x", "--listen=smtp:0,fault=deliver-bounce:" + wrong)
            self.assertEqual(r.returncode, 2, wrong)

    def test_delayed_report(self):
        box, c = self.boxes("smtp:0,fault=deliver-delayed-report:500")
        s = self.sender(box)
        other = self.opened(box, OTHER)
        c.say("IDLE")
        c.response()
        begun = time.monotonic()
        self.accepted(s, sender=OTHER)
        self.assertEqual(other.ask("NOOP")[0], "* 1 EXISTS\r\n")
        self.assertLess(time.monotonic() - begun, 0.4)
        _, (_, each), original = self.report(other)
        self.assertEqual((each["Action"], each["Status"]), ("delayed", "4.4.1"))
        self.assertIn("Will-Retry-Until", each)
        self.assertEqual(original["Message-ID"], "<x1@probe.test>")
        self.assertEqual(c.response(), "* 1 EXISTS\r\n")
        self.assertGreater(time.monotonic() - begun, 0.49)

    def test_idle_late(self):
        box = self.start("smtp:0", "imap:0,fault=idle-late:300")
        c = self.opened(box)
        for again in (False, True):
            c.say("IDLE")
            c.response()
            begun = time.monotonic()
            self.accepted(self.sender(box))
            if again:       # who asks is told
                c.send("DONE\r\n")
                self.assertEqual(c.completed()[0], "* 5 EXISTS\r\n")
            else:
                self.assertEqual(c.response(), "* 4 EXISTS\r\n")
                self.assertGreater(time.monotonic() - begun, 0.29)
                c.send("DONE\r\n")
                c.completed()
