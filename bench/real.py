# SPDX-License-Identifier: BSD-2-Clause
"""The Dovecot of Debian 12, as the live tests unpack and start it, with one account more.

That has the sandbox's user and password, and three messages: the candidates are asked for the very
same at both servers. What the live tests put into mailboxes for themselves is left out.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from sandbox import PASSWORD, USER, hashed

LIVE_TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live")
sys.path.append(LIVE_TESTS)

# pylint: disable=wrong-import-position
from ca import Ca
from dovecot_mail import DovecotOld
from server import Failed, Server, guard

HOME = "/home/bench"
MESSAGE = "From: a@bench.test\r\nSubject: message {}\r\n\r\n" + 30 * (64 * "x" + "\r\n")


class Furnished(DovecotOld):
    def configure(self):
        super().configure()
        self.write("/etc/dovecot/users", f"{USER}:{{PLAIN}}{PASSWORD}:61010:61010::{HOME}::\n",
                   "dovecot", 0o600)
        for folder in "", "/Maildir", "/Maildir/new", "/Maildir/cur", "/Maildir/tmp":
            self.folder(HOME + folder, "probe", 0o700)
        for number in 1, 2, 3:
            self.write(f"{HOME}/Maildir/cur/{number}.bench:2,S", MESSAGE.format(number), "probe",
                       0o600)

    def start(self):
        Server.start(self)


class Dovecot:
    """For as long as a `with` block runs; with `ports`, `ca_file` and `ca_path` as the sandbox."""

    strict = False

    def __init__(self, live):
        self.live = os.path.realpath(live)
        self.folder = self.server = None

    def __enter__(self):
        subprocess.run([os.path.join(LIVE_TESTS, "fetch"), self.live], check=True)
        self.folder = tempfile.mkdtemp(prefix="run.", dir=self.live)
        os.chmod(self.folder, 0o755)
        self.lifeline = guard(self.folder)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.server:
            self.server.stop()
        shutil.rmtree(self.folder)
        os.close(self.lifeline)

    def _start(self):
        ca = Ca(os.path.join(self.folder, "ca"))
        self.ca_file, self.ca_path = ca.file, hashed(ca.file, os.path.join(self.folder, "hashed"))
        self.server = Furnished(self.live, self.folder, ca, 0)
        try:
            self.server.start()
        except Failed as problem:
            raise RuntimeError(str(problem)) from None
        self.ports = self.server.ports
