# SPDX-License-Identifier: BSD-2-Clause
"""SpamAssassin, asked for its opinion of one message; by its own rules, and nobody else's lists."""

import re
import subprocess

from server import Failed, Server

JUDGE_SECONDS = 60


class Spamassassin(Server):
    name = "spamassassin"
    origin = "perl"

    def configure(self):
        self.folder("/home/probe/.spamassassin", "probe", 0o700)

    def commands(self):
        return []

    def rules(self, message):
        """The rules that a message hits, each with its score."""
        done = subprocess.run(
            ["chroot", "--userspec=61010:61010", self.root, "/usr/bin/spamassassin", "--local",
             "--cf=add_header all Rules _TESTSSCORES(,)_", "--cf=fold_headers 0"],
            input=message, capture_output=True, timeout=JUDGE_SECONDS, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/home/probe"})
        found = re.search(rb"^X-Spam-Rules: (.*)$", done.stdout, re.M)
        if done.returncode != 0 or not found:
            raise Failed(f"SpamAssassin says: {done.stderr.decode()}\n{done.stdout.decode()}")
        hits = [hit.partition("=") for hit in found.group(1).decode().split(",")]
        return {rule: float(score or 0) for rule, _, score in hits if rule != "none"}
