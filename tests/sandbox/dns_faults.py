# SPDX-License-Identifier: BSD-2-Clause
"""The faults of the names, as check_mail_domain sees them: cases for test_faults.py."""

import json
import os
import socket
import subprocess
import time

from harness import Case, program


class Dns(Case):
    def look(self, *faults, seconds=10):
        """What it makes of the domain: the state, then place and cause of the worst finding."""
        box = self.start("smtp:0", ",".join(("dns:0", *("fault=" + f for f in faults))))
        check = os.path.join(os.path.dirname(program()), "check_mail_domain")
        run = subprocess.run(
            [check, "sandbox.test", f"--port={box.ports[0]}", "--fqdn=probe.test",
             f"--resolver=127.0.0.1@{box.ports[1]}", "--dnssec-anchor=" + box.file("anchor"),
             "--ca-file=" + box.file("ca.pem"), f"--timeout={seconds}", "--output=json"],
            capture_output=True, text=True, timeout=20, check=False)
        result = json.loads(run.stdout)
        return result["state"], result["phase"], result["cause"]

    def test_sound_names(self):
        self.assertEqual(self.look(), ("OK", None, None))

    def test_names(self):
        for fault, verdict in (
                ("dns-null-mx", ("CRITICAL", "mx", "rejected")),
                ("dns-mx-gone", ("CRITICAL", "hosts", "dns_not_found")),
                ("dns-spf-many", ("WARNING", "records", "record_broken")),
                ("dns-dmarc-broken", ("WARNING", "records", "record_broken")),
                ("dns-servfail", ("CRITICAL", "mx", "dns_failure"))):
            with self.subTest(fault):
                self.assertEqual(self.look(fault), verdict)

    def test_names_that_wait(self):
        for fault, causes in (("dns-silent", ("timeout",)),
                              ("dns-garbage", ("timeout", "dns_failure"))):
            with self.subTest(fault):
                begun = time.monotonic()
                state, phase, cause = self.look(fault, seconds=2)
                self.assertEqual((state, phase), ("CRITICAL", "mx"))
                self.assertIn(cause, causes)
                self.assertLess(time.monotonic() - begun, 3)

    def test_garbage(self):
        box = self.start("dns:0,fault=dns-garbage")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(10)
            s.connect(("127.0.0.1", box.ports[0]))
            answers = set()
            for _ in range(2):
                s.send(b"\x12\x34\1\0" + bytes(8))
                answers.add(s.recv(65536))
        self.assertEqual({a[:2] for a in answers}, {b"\x12\x34"})
        self.assertEqual(len(answers), 2)
