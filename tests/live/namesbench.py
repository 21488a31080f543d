# SPDX-License-Identifier: BSD-2-Clause
"""The signed names and a program that asks for them, as the cases see them."""

import json
import subprocess
import time

from check import Mismatch

RUN_SECONDS = 30


class NamesBench:
    """`program` is dns_ask, which shows what its library makes of each question; `check` is any check."""

    def __init__(self, server, program, check):
        self.server = server
        self.program = program
        self.check = check
        self.begin()

    def begin(self):
        self.said = ""
        self.elapsed = None

    def end(self, excuse):
        """Names have no sessions, whose ends would have to be looked at."""

    settle = begin

    def evidence(self):
        return f"{self.said}\n{self.server.tail()}"

    def ask(self, *words, resolver=None, anchor=None, timeout=10, conf=None):
        """What is said of each question "NAME TYPE"; options may stand in front of them.

        With `conf` no resolver is named, and this file is /etc/resolv.conf.
        """
        command = [*(["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf; exec "$@"', conf]
                     if conf else []),
                   self.program, f"--dnssec-anchor={anchor or self.server.anchor}",
                   *([] if conf else [f"--resolver={resolver or self.server.resolver}"]),
                   f"--timeout={timeout}",
                   *(part for word in words for part in word.rsplit(" ", 1))]
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=RUN_SECONDS, check=False)
        self.elapsed = time.monotonic() - began
        self.said = f"$ {' '.join(command)}\n{done.stdout}exit {done.returncode}"
        try:
            return [json.loads(line) for line in done.stdout.splitlines()]
        except ValueError:
            raise Mismatch("this is not one object to a line, and nothing else") from None

    def one(self, *words, **how):
        """The only thing that is said."""
        said = self.ask(*words, **how)
        if len(said) != 1:
            raise Mismatch(f"{len(said)} lines, and not one")
        return said[0]
