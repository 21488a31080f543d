# SPDX-License-Identifier: BSD-2-Clause
"""Courier: every mailbox below "INBOX.", one process for each connection, GnuTLS.

Its four servers are what couriertcpd starts for a connection, told by the environment what they
may do; authdaemond judges passwords by a database of two files, made here as makeuserdb does it.
Courier logs by standard error where no logger is given.
"""

import os
import re
import subprocess
import time

from mailstore import Mailstore
from server import HOST, PASSWORD, SECOND, USER

CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=REFERENCES SORT QUOTA IDLE AUTH=CRAM-MD5"
QUOTA = 10485760

ENVIRONMENT = f"""\
IMAP_CAPABILITY="{CAPABILITY}"
IMAP_CAPABILITY_TLS="{CAPABILITY} AUTH=PLAIN AUTH=LOGIN"
IMAP_KEYWORDS=1
IMAP_ACL=0
IMAP_CHECK_ALL_FOLDERS=0
IMAP_EMPTYTRASH=
IMAP_ENHANCEDIDLE=0
IMAP_IDLE_TIMEOUT=60
IMAP_MAILBOX_SANITY_CHECK=1
IMAP_MOVE_EXPUNGE_TO_TRASH=0
IMAP_OBSOLETE_CLIENT=0
IMAP_TRASHFOLDERNAME=Trash
IMAP_UMASK=022
IMAP_USELOCKS=1
POP3AUTH="CRAM-MD5"
POP3AUTH_TLS="CRAM-MD5 PLAIN LOGIN"
COURIERTLS=/usr/bin/couriertls
TLS_CERTFILE=/etc/tls/mx.pem
TLS_PRIVATE_KEYFILE=/etc/tls/mx.key
TLS_TRUSTCERTS=/etc/tls/ca.pem
TLS_VERIFYPEER=PEER
TLS_EXTERNAL=CN
LANG=C
"""

HOMES = {USER: "/home/probe", SECOND: "/home/second"}

AUTHDAEMON = """\
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
LOGGEROPTS=""
"""

# What couriertcpd starts for a connection, by the protocol.
LOGINS = {"imap": "/usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir",
          "pop3": "/usr/lib/courier/courier/courierpop3login "
                  "/usr/lib/courier/courier/courierpop3d Maildir"}
STARTTLS = {"imap": "IMAP_STARTTLS=YES IMAP_TLS_REQUIRED=0",
            "pop3": "POP3_STARTTLS=YES POP3_TLS_REQUIRED=0"}
TLS = {"imap": "IMAP_STARTTLS=NO IMAP_TLS_REQUIRED=0 IMAP_TLS=1",
       "pop3": "POP3_STARTTLS=NO POP3_TLS_REQUIRED=0 POP3_TLS=1"}
MAKEDAT = "/usr/lib/courier/courier-authlib/makedatprog"


class Courier(Mailstore):
    name = "courier"
    instances = 4           # it sleeps 5 s after a wrong password, 2 s at each RENAME and DELETE
    sleeps = True
    separator = b"."
    prefix = b"INBOX."
    logs = ("/var/log/console",)
    mechanisms = ("CRAM-MD5", "PLAIN", "LOGIN", "login")
    pop3_mechanisms = ("CRAM-MD5", "PLAIN", "LOGIN", "user")
    key_owner = "courier"
    retr_flags = (rb"\seen",)
    clear_logins = False
    ended = re.compile(r"INFO: (?:LOGOUT|DISCONNECTED|TIMEOUT|I/O error).*")
    polite = re.compile(r"LOGOUT")
    complaint = re.compile(r"DISCONNECTED|TIMEOUT|I/O error|ERR:|couriertls:|"
                           r"Unexpected SSL")

    def configure(self):
        self.write("/etc/courier/environment", ENVIRONMENT)
        self.write("/etc/courier/authdaemonrc", AUTHDAEMON)
        crypted = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=PASSWORD, text=True,
                                 check=True, stdout=subprocess.PIPE).stdout.strip()
        hmac = self.run("/usr/sbin/userdbpw", "-hmac-md5", input=PASSWORD + "\n").strip()
        users = HOMES.items()
        self._database("userdb", 0o644, {
            user: f"uid=61010|gid=61010|home={home}" for user, home in users})
        self._database("userdbshadow", 0o600, {
            user: f"systempw={crypted}|hmac-md5pw={hmac}" for user, _ in users})
        for _, home in users:
            for part in "", "/Maildir", "/Maildir/cur", "/Maildir/new", "/Maildir/tmp":
                self.folder(home + part, "probe", 0o700)
            self.write(home + "/Maildir/maildirsize", f"{QUOTA}S\n", "probe")
        for inside in "/run/courier/authdaemon", "/var/lib/courier":
            self.folder(inside, "courier", 0o755)

    def _database(self, name, mode, records):
        inside = "/etc/courier/" + name
        self.run(MAKEDAT, "-", inside + ".tmp", inside + ".dat",
                 input="".join(f"{user}\t{fields}\n" for user, fields in records.items()) + ".\n")
        os.chmod(self.path(inside + ".dat"), mode)

    def commands(self):
        return [["/usr/lib/courier/courier-authlib/authdaemond"],
                *(["/bin/sh", "-c", self._listen(service)] for service in Courier.services)]

    def _listen(self, service):
        protocol = service.removesuffix("s")
        tcpd = (f"exec /usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 "
                f"-nodnslookup -noidentlookup {self.ports[service]}")
        env, tls = STARTTLS[protocol], ""
        if service != protocol:
            env, tls = TLS[protocol], "/usr/bin/couriertls -server -tcpd -user=courier"
        return f"set -a; . /etc/courier/environment; {env}; {tcpd} {tls} {LOGINS[protocol]}"

    def arrive(self, user, flags, age, text):
        """By the maildir: Courier takes what is appended over IMAP for something seen before."""
        when = int(time.time() - age)
        inside = f"{HOMES[user]}/Maildir/new/{when}.{time.time_ns()}.{HOST}"
        self.write(inside, text.replace(b"\r\n", b"\n"), "probe", 0o600)
        os.utime(self.path(inside), (when, when))
        with open(self.path(f"{HOMES[user]}/Maildir/maildirsize"), "a", encoding="ascii") as sizes:
            sizes.write(f"{os.path.getsize(self.path(inside))} 1\n")
        return 0
