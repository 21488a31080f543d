# SPDX-License-Identifier: BSD-2-Clause
"""Postfix and Dovecot in one root, with certificates that only the DNS vouches for.

Every port of Postfix's is as the first but for its certificate, which it is named for:

    selfsigned  signed by itself
    private     signed by a CA of its own, which is sent too
    other       the same, for another name
    ended       the same, past its date
    chosen      `other`, but `selfsigned` to whom asks for END by SNI
    bare        none: there is no STARTTLS
    login       `selfsigned`, with AUTH

Dovecot has `selfsigned` too. posttls-finger, in the same root, says what Postfix thinks of each.
"""

import hashlib
import os
import re
import subprocess

from ca import Ca, selfsigned
from dovecot_mail import DovecotOld
from postfix import INNER, MAIN, queued, spool
from server import DOMAIN, HOST, START_SECONDS, USER, Server

ZONE = "secure.test"
END = f"end.{ZONE}"
CERTIFICATES = "selfsigned", "private", "other", "ended"
HASHES = {0: lambda data: data, 1: lambda data: hashlib.sha256(data).digest(),
          2: lambda data: hashlib.sha512(data).digest()}

MASTER = """\
{bare} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_tls_security_level=none
{chosen} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_tls_chain_files=/etc/tls/other.pem
  -o tls_server_sni_maps=texthash:/etc/postfix/sni
{login} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_tls_chain_files=/etc/tls/selfsigned.pem
  -o smtpd_sasl_auth_enable=yes
""" + "".join(f"""\
{{{name}}} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_tls_chain_files=/etc/tls/{name}.pem
""" for name in CERTIFICATES)

DOVECOT_MORE = """\
ssl_cert = </etc/tls/selfsigned.pem
ssl_key = </etc/tls/selfsigned.pem
ssl_ca =
ssl_verify_client_cert = no
auth_ssl_username_from_cert = no
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
"""


def der(pem):
    """A certificate and its key's SubjectPublicKeyInfo: what the selectors 0 and 1 stand for."""
    def openssl(*words, given=None):
        return subprocess.run(["openssl", *words], check=True, input=given, capture_output=True).stdout
    public = openssl("x509", "-in", pem, "-noout", "-pubkey")
    return (openssl("x509", "-in", pem, "-outform", "DER"),
            openssl("pkey", "-pubin", "-outform", "DER", given=public))


class DaneHost(DovecotOld):
    name = "dane"
    origin = "postfix-dovecot"
    services = (*CERTIFICATES, "bare", "chosen", "login", *DovecotOld.services)
    bannered = ("selfsigned", "login", "imap", "pop3")
    logs = (*DovecotOld.logs, "/var/log/postfix.log")
    begun = re.compile(r"probed/smtpd\[\d+\]: connect from|-login: Info: Login: ")
    ended = re.compile(r"probed/smtpd\[\d+\]: disconnect from .*|" + DovecotOld.ended.pattern)
    polite = re.compile(r" quit=1 |" + DovecotOld.polite.pattern)
    complaint = re.compile(r"lost connection|improper command pipelining|timeout after|"
                           r"SSL_accept error|too many errors|warning:|[Tt]oo many|"
                           r"[Dd]isconnected: (?:Inactivity|for)|[Ff]atal|[Pp]anic|Error:")

    def __init__(self, live, temp, ca, names):
        super().__init__(live, temp, ca, 0)
        self.names = names
        self.private = Ca(os.path.join(temp, "dane-ca"), "a CA that nobody knows")

    start = Server.start        # the mailbox is as empty as it was

    def certify(self):
        super().certify()
        good, folder = f"DNS:*.{ZONE}", self.private.folder
        pairs = {"selfsigned": selfsigned(folder, "selfsigned", good),
                 "private": self.private.issue("private", "private", good, "serverAuth"),
                 "other": self.private.issue("other", "other", "DNS:other.test", "serverAuth"),
                 "ended": self.private.ended("ended", good),
                 "next": selfsigned(folder, "next", good)}
        self.parts = {name: der(pem) for name, (pem, _) in pairs.items()}
        self.parts["ca"] = der(self.private.file)
        for name, (pem, key) in pairs.items():
            text = ""
            for path in (key, pem, *([] if name == "selfsigned" else [self.private.file])):
                with open(path, encoding="ascii") as file:
                    text += file.read()
            self.write(f"/etc/tls/{name}.pem", text, mode=0o600)

    def configure(self):
        super().configure()
        facts = {"host": HOST, "domain": DOMAIN, "uid": 61010, **self.ports}
        with open(self.path("/etc/dovecot/dovecot.conf"), encoding="utf-8") as file:
            self.write("/etc/dovecot/dovecot.conf", file.read() + DOVECOT_MORE)
        self.write("/etc/postfix/main.cf", MAIN.format(**facts))
        self.write("/etc/postfix/master.cf", MASTER.format(**facts) + INNER)
        self.write("/etc/postfix/mailboxes", f"{USER} Maildir/\n")
        self.write("/etc/postfix/sni", f"{END} /etc/tls/selfsigned.pem\n")
        self.write("/etc/resolv.conf", f"nameserver {self.names.validating}\noptions trust-ad\n")
        spool(self)

    def commands(self):
        return [*super().commands(), ["/usr/lib/postfix/sbin/master", "-d", "-c", "/etc/postfix"]]

    def queue(self):
        return queued(self)

    def record(self, text):
        """"3 1 1 private": what a TLSA record says of that certificate; other data as it stands, in hex."""
        usage, selector, matching, what = text.split()
        data = what
        if what in self.parts:
            hashing = HASHES.get(int(matching), HASHES[1])
            data = hashing(self.parts[what][selector == "1"]).hex()
        return f"TLSA {usage} {selector} {matching} {data}"

    def finger(self, host, port):
        """Whether Postfix, asked to deliver there, would take the server for the one that is meant."""
        done = subprocess.run(
            ["chroot", self.root, "/usr/sbin/posttls-finger", "-c", "-l", "dane", "-L", "summary",
             f"[{host}]:{port}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=START_SECONDS, check=False)
        return "Verified TLS connection established" in done.stdout, done.stdout
