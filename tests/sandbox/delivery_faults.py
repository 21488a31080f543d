# SPDX-License-Identifier: BSD-2-Clause
"""The faults of delivery: cases for test_faults.py."""

import time

from harness import MESSAGE, OTHER, USER, DeliveryCase


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
