# SPDX-License-Identifier: BSD-2-Clause
"""Postfix 3.7 that delivers to Dovecot 2.3 by LMTP, both Debian's, as the live tests have them.

The account has the sandbox's user and password, and three messages in its mailbox, so that what is
submitted to the sandbox can be submitted here. How long a delivery takes is measured by a client
that is logged in already and asks the server every half a millisecond.
"""

import contextlib
import imaplib
import os
import shutil
import smtplib
import ssl
import subprocess
import tempfile
import time

from real import LIVE_TESTS, Furnished
from sandbox import PASSWORD, USER, hashed

# pylint: disable=wrong-import-order
from ca import Ca
from postfix import Postfix
from server import Server, guard

# As a server has it that is in use: processes that wait for sessions. To start them takes 9 ms.
MORE = """
service lmtp {{
  process_min_avail = 1
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
}}
service imap {{
  service_count = 1000
  process_min_avail = 3
}}
"""
PATIENCE_SECONDS = 10
STEP_SECONDS = 0.0005


class Store(Furnished):
    services = (*Furnished.services, "lmtp")
    bannered = (*Furnished.bannered, "lmtp")

    def configure(self):
        super().configure()
        path = "/etc/dovecot/dovecot.conf"
        with open(self.path(path), encoding="utf-8") as file:
            text = file.read().replace("protocols = imap pop3", "protocols = imap pop3 lmtp")
        self.write(path, text + MORE.format(port=self.ports["lmtp"]))


class Sender(Postfix):
    """To the store, whose port must be known first."""

    store_port = None

    def configure(self):
        super().configure()
        path = "/etc/postfix/main.cf"
        with open(self.path(path), encoding="utf-8") as file:
            lines = [line for line in file.read().splitlines()
                     if not line.startswith(("virtual_mailbox_maps", "virtual_mailbox_domains"))]
        self.write(path, "\n".join([
            *lines, "virtual_mailbox_maps = static:all",
            "virtual_mailbox_domains = " + USER.partition("@")[2],
            f"virtual_transport = lmtp:inet:127.0.0.1:{self.store_port}\n"]))
        self.write("/etc/dovecot/users",
                   f"{USER}:{{PLAIN}}{PASSWORD}:61010:61010::/home/probe::\n", "dovecot", 0o600)

    def start(self):
        Server.start(self)


class PostfixDovecot:
    """For as long as a `with` block runs; with `ports`, `ca_file` and `ca_path` as the sandbox."""

    def __init__(self, live):
        self.live = os.path.realpath(live)

    def __enter__(self):
        subprocess.run([os.path.join(LIVE_TESTS, "fetch"), self.live, "postfix", "dovecot-2.3"],
                       check=True)
        with contextlib.ExitStack() as stack:
            folder = tempfile.mkdtemp(prefix="run.", dir=self.live)
            os.chmod(folder, 0o755)
            stack.callback(os.close, guard(folder))     # last: it would remove the folder, too
            stack.callback(shutil.rmtree, folder)
            ca = Ca(os.path.join(folder, "ca"))
            self.ca_file = ca.file
            self.ca_path = hashed(ca.file, os.path.join(folder, "hashed"))
            store = Store(self.live, folder, ca, 0)
            stack.callback(store.stop)
            store.start()
            sender = Sender(self.live, folder, ca)
            sender.store_port = store.ports["lmtp"]
            stack.callback(sender.stop)
            sender.start()
            self.ports = {**store.ports, "submission": sender.ports["submission"]}
            self.ends = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.ends.close()


class Delivery:
    """Measures how long it is from the acceptance of a message to its being in the mailbox."""

    def __init__(self, server):
        self.server = server
        self.context = ssl.create_default_context(cafile=server.ca_file)

    def __enter__(self):
        self.imap = imaplib.IMAP4_SSL("localhost", self.server.ports["imaps"],
                                      ssl_context=self.context)
        self.imap.login(USER, PASSWORD)
        self.there = int(self.imap.select("INBOX")[1][0])
        return self

    def __exit__(self, *_):
        self.imap.logout()

    def submit(self, port):
        """Seconds on the monotonic clock when it was accepted; what is said behind that costs the
        server no time that would count."""
        with smtplib.SMTP("localhost", port) as smtp:
            smtp.starttls(context=self.context)
            smtp.login(USER, PASSWORD)
            smtp.sendmail(USER, [USER], f"From: {USER}\r\nSubject: delivery\r\n\r\nx\r\n")
            return time.monotonic()

    def look(self):
        self.imap.noop()
        exists = self.imap.response("EXISTS")[1]
        return int(exists[-1]) if exists and exists[-1] else None

    def milliseconds(self):
        self.look()
        begun = self.submit(self.server.ports["submission"])
        while (exists := self.look() or self.there) <= self.there:
            if time.monotonic() > begun + PATIENCE_SECONDS:
                raise RuntimeError("a message was not delivered")
            time.sleep(STEP_SECONDS)    # asked without a pause the server does nothing else
        seconds = time.monotonic() - begun
        self.imap.store(str(exists), "+FLAGS.SILENT", r"(\Deleted)")
        self.imap.expunge()
        self.imap.response("EXISTS")
        return 1e3 * seconds
