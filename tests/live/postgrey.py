# SPDX-License-Identifier: BSD-2-Clause
"""postgrey, which has Postfix refuse for a while whom it has not seen before.

It counts whole seconds: with one alone, who comes twice within milliseconds may have waited for it.
"""

from server import Server

DELAY_SECONDS = 2


class Postgrey(Server):
    name = "postgrey"
    origin = "perl"
    services = silent = ("policy",)
    logs = ("/var/log/console",)

    def configure(self):
        self.folder("/var/lib/postgrey", "postgrey", 0o700)
        self.write("/etc/postgrey/nobody", "")

    def commands(self):
        return [["/usr/sbin/postgrey", f"--inet=127.0.0.1:{self.ports['policy']}",
                 f"--delay={DELAY_SECONDS}", "--auto-whitelist-clients=0", "--user=postgrey",
                 "--group=postgrey", "--dbdir=/var/lib/postgrey",
                 "--whitelist-clients=/etc/postgrey/nobody",
                 "--whitelist-recipients=/etc/postgrey/nobody"]]
