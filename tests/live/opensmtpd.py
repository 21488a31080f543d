# SPDX-License-Identifier: BSD-2-Clause
"""OpenSMTPD, portable, as Debian builds it: no PIPELINING, and SASL and TLS in ways of its own."""

import os
import re
import subprocess

from server import DOMAIN, HOST, PASSWORD, USER, Server

CONFIG = """\
pki "{host}" cert "/etc/tls/mx.pem"
pki "{host}" key "/etc/tls/mx.key"
table creds file:/etc/creds
listen on 127.0.0.1 port {smtp} tls pki "{host}" hostname {host}
listen on 127.0.0.1 port {submission} tls-require pki "{host}" auth <creds> hostname {host}
listen on 127.0.0.1 port {smtps} smtps pki "{host}" auth <creds> hostname {host}
action "deliver" maildir "/home/probe/Maildir"
match from any for domain "{domain}" action "deliver"
"""


# Read at start, though only a sender would use it.
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


class Opensmtpd(Server):
    name = "opensmtpd"
    services = ("smtp", "submission", "smtps")
    bannered = ("smtp", "submission")
    logs = ("/var/log/console",)
    mechanisms = ("PLAIN", "LOGIN")
    ended = re.compile(r"smtp disconnected reason=.*")
    polite = re.compile(r"reason=quit")
    complaint = re.compile(r"io-error|fatal|bad-input|pipelin", re.I)
    accepted = "msgid={id}"
    maildir = "/home/probe/Maildir"

    def configure(self):
        self.write("/etc/smtpd.conf", CONFIG.format(host=HOST, domain=DOMAIN, **self.ports),
                   mode=0o600)
        crypted = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, text=True,
                                 check=True, stdout=subprocess.PIPE).stdout.strip()
        self.write("/etc/creds", f"{USER} {crypted}\n", "opensmtpd", 0o600)
        self.copy(self.ca.file, BUNDLE)
        self.folder("/var/lib/opensmtpd/empty")
        self.folder("/var/spool/smtpd", mode=0o711)
        for name, owner, mode, group in (
                ("queue", "opensmtpq", 0o700, "root"), ("corrupt", "opensmtpq", 0o700, "root"),
                ("incoming", "opensmtpq", 0o700, "root"), ("purge", "opensmtpq", 0o700, "root"),
                ("temporary", "opensmtpq", 0o700, "root"), ("offline", "root", 0o770, "opensmtpq")):
            self.folder("/var/spool/smtpd/" + name, owner, mode, group)

    def commands(self):
        return [["/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"]]

    def queue(self):
        return [os.path.join(folder, file) for part in ("queue", "incoming") for folder, _, files
                in os.walk(self.path("/var/spool/smtpd/" + part)) for file in files]
