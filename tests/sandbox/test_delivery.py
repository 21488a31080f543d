#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does what the sandbox accepts come to its mailboxes, whichever listener has taken it?

Run as `test_delivery.py PATH-OF-mailprobe-sandbox`.
"""

import email.utils
import os
import re
import smtplib
import time

from harness import (MESSAGE, OTHER, PASSWORD, USER, DeliveryCase, Pop3Client, b64, context, main)


class Delivery(DeliveryCase):
    def test_there_when_accepted(self):
        listen = ("smtp:0", "submission:0", "lmtp:0")
        box, c = self.boxes(*listen)
        idle = self.opened(box)
        for number, port in enumerate(box.ports[:3], 1):
            s = self.connect(port)
            s.reply()
            s.ask("LHLO t" if "lmtp" in listen[number - 1] else "EHLO t")
            s.ask("AUTH PLAIN " + b64(f"\0{USER}\0{PASSWORD}"))
            idle.say("IDLE")
            idle.response()
            self.send(s)
            self.assertTrue(s.reply().startswith("250 "))
            self.assertEqual(c.ask("NOOP")[0], f"* {number} EXISTS\r\n")
            self.assertEqual(idle.response(), f"* {number} EXISTS\r\n")
            idle.send("DONE\r\n")
            idle.completed()
        self.assertEqual(c.ask('UID SEARCH HEADER Message-ID "<x1@probe.test>"')[0],
                         "* SEARCH 1 2 3\r\n")
        self.assertEqual(c.ask("UID SEARCH BODY hello TEXT hello UNDELETED")[0],
                         "* SEARCH 1 2 3\r\n")
        self.assertTrue(c.ask("UID STORE 2 +FLAGS (\\Deleted)")[-1].startswith("OK"))
        self.assertEqual(c.ask("UID EXPUNGE 1:2")[0], "* 2 EXPUNGE\r\n")
        self.assertIn("* 0 EXISTS\r\n", self.opened(box, OTHER).ask("EXAMINE INBOX"))

    def test_pop3(self):
        box = self.start("smtp:0", "pop3:0", options=("--messages=0",))
        for count in ("0", "1", "2"):
            p = self.connect(box.ports[1], Pop3Client)
            p.reply()
            p.login()
            self.assertEqual(p.ask("STAT").split()[1], count)
            with smtplib.SMTP("127.0.0.1", box.ports[0]) as s:
                s.sendmail("", USER, MESSAGE)
            self.assertEqual(p.ask("STAT").split()[1], count)
            p.ask("QUIT")
            p.rest()        # the lock goes with the session

    def test_trace(self):
        box, c = self.boxes("smtp:0", "smtp:0,fault=no-starttls")
        for port, user, to, by in (
                (1, None, [USER], f"with ESMTP id ID\r\n\tfor <{USER}>"),
                (0, None, [USER], f"with ESMTPS id ID\r\n\tfor <{USER}>"),
                (0, USER, [USER, OTHER], "with ESMTPSA id ID")):
            with smtplib.SMTP("127.0.0.1", box.ports[port], local_hostname="client.test") as s:
                if not port:
                    s.starttls(context=context(box.state, client=box.state if user else None))
                if user:
                    s.login(user, PASSWORD)
                s.sendmail("a@elsewhere.test", to, MESSAGE)
            c.ask("NOOP")
            text = self.message(c)
            names = os.listdir(box.file("mail/" + USER))
            found = re.fullmatch(
                r"(?s)Return-Path: <a@elsewhere\.test>\r\n"
                r"Received: from client\.test \(\[127\.0\.0\.1\]\)\r\n"
                + (r"" if port else r"\t\(using TLSv1\.3 with cipher TLS_\w+ \(\d+/\d+ bits\)\)\r\n"
                   + (rf'\t\(Client CN "{USER}" \(verified OK\)\)\r\n' if user else
                      r"\t\(Client did not present a certificate\)\r\n"))
                + r"\tby mx\.sandbox\.test \(mailprobe sandbox\) ([^;]*); ([^\r]*)\r\n" + MESSAGE, text)
            self.assertIn(found[1], [by.replace("ID", name) for name in names])
            date = email.utils.parsedate_to_datetime(found[2]).timestamp()
            self.assertLess(abs(date - time.time()), 5)

    def test_lmtp_keeps_what_it_confirms(self):
        box, c = self.boxes("lmtp:0,fault=send-partial")
        s = self.connect(box.ports[0])
        s.reply()
        s.ask("LHLO t")
        self.send(s, to=(OTHER, USER))
        self.assertEqual([s.reply()[:3], s.reply()[:3]], ["250", "552"])
        self.assertEqual(c.ask("NOOP"), ["OK NOOP completed\r\n"])
        self.assertIn("* 1 EXISTS\r\n", self.opened(box, OTHER).ask("EXAMINE INBOX"))

    def test_greylisted_mail_comes_by_the_retry(self):
        box, c = self.boxes("smtp:0,fault=greylist-once")
        for code in (450, 250):
            s = self.connect(box.ports[0])
            s.reply()
            s.ask("EHLO t")
            s.ask("MAIL FROM:<a@b.test>")
            self.assertEqual(s.code(f"RCPT TO:<{USER}>"), code)
        s.ask("DATA")
        s.send(MESSAGE + ".\r\n")
        self.assertTrue(s.reply().startswith("250 "))
        self.assertEqual(c.ask("NOOP")[0], "* 1 EXISTS\r\n")


if __name__ == "__main__":
    main()
