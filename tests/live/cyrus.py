# SPDX-License-Identifier: BSD-2-Clause
"""Cyrus: mail in a store of its own, which nobody but Cyrus reads, and SASL by Cyrus SASL.

It logs by syslog(3) only, so a thread of ours is its syslogd. It says nothing of how a session
ended, but keeps a session's commands where it finds a folder for them: those of the accounts go
into the log here, too, once the session is over.
"""

import os
import re
import shutil
import socket
import threading

from mailstore import Mailstore
from server import DOMAIN, HOST, PASSWORD, SECOND, USER

IMAPD = f"""\
configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
defaultpartition: default
partition-default: /var/spool/cyrus
altnamespace: yes
unixhierarchysep: yes
virtdomains: userid
defaultdomain: internal
servername: {HOST}
admins: cyrus
allowplaintext: no
allowapop: yes
autocreate_quota: 10240
popminpoll: 0
failedloginpause: 0
hashimapspool: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: /etc/sasldb2
sasl_mech_list: SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN EXTERNAL
tls_server_cert: /etc/tls/mx.pem
tls_server_key: /etc/tls/mx.key
tls_client_ca_file: /etc/tls/ca.pem
tls_client_certs: optional
conversations: no
"""

CYRUS = """\
START {{
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -r"
}}
SERVICES {{
  imap cmd="imapd -U 30" listen="127.0.0.1:{imap}" prefork=1 maxchild=20
  imaps cmd="imapd -s -U 30" listen="127.0.0.1:{imaps}" prefork=1 maxchild=20
  pop3 cmd="pop3d -U 30" listen="127.0.0.1:{pop3}" prefork=0 maxchild=20
  pop3s cmd="pop3d -s -U 30" listen="127.0.0.1:{pop3s}" prefork=0 maxchild=20
}}
EVENTS {{
}}
DAEMON {{
}}
"""


TELEMETRY = "/var/lib/cyrus/log/"


def connections(port):
    """How many connections the server has on a port: established, or closed by the client."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] in ("01", "08")
                   for line in table.readlines()[1:])


class Cyrus(Mailstore):
    name = "cyrus"
    key_owner = "cyrus"
    logs = ("/var/log/syslog", "/var/log/telemetry", "/var/log/console")
    mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN", "login")
    pop3_mechanisms = (*mechanisms[:3], "apop", "PLAIN", "LOGIN", "user")
    old_bindings = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS")
    clear_logins = False
    odd = b"two  blanks*"
    ended = re.compile(r"session on .*")
    polite = re.compile(r" LOGOUT$| QUIT$")
    complaint = re.compile(r"[Ff]atal error|PROTERR|IOERROR|DBERROR|idle for too long|too many|"
                           r"signaled to death")

    def configure(self):
        self.write("/etc/imapd.conf", IMAPD)
        self.write("/etc/cyrus.conf", CYRUS.format(**self.ports))
        for inside in ("/var/lib/cyrus", "/var/spool/cyrus", "/run/cyrus", "/run/cyrus/proc",
                       "/run/cyrus/lock", "/var/lib/cyrus/log", "/var/lib/cyrus/db",
                       "/var/lib/cyrus/socket"):
            self.folder(inside, "cyrus", 0o755)
        for user in USER, SECOND:
            self.run("/usr/sbin/saslpasswd2", "-p", "-c", "-f", "/etc/sasldb2", "-u", DOMAIN,
                     user.partition("@")[0], input=PASSWORD)
        os.chown(self.path("/etc/sasldb2"), 61009, 61009)
        self._syslog()

    def commands(self):
        return [["/usr/lib/cyrus/bin/master"]]

    def settled(self, since, visits, held):
        return sum(connections(port) for port in self.ports.values()) <= held

    def attend(self, user):
        """Cyrus keeps what was said after the login, of each user who has a folder here."""
        self.folder(TELEMETRY + user, "cyrus")

    def reflect(self, user):
        folder = self.path(TELEMETRY + user)
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                said = re.findall(rb"^<\d+<(.*?)\r?$", file.read(), re.M)
            with open(self.path("/var/log/telemetry"), "ab") as log:
                log.write(b"session on %s ended by %s\n" % (name.encode(), (said or [b"?"])[-1]))
        shutil.rmtree(folder)

    def _syslog(self):
        """Takes what is said to /dev/log, the whole path of which may be too long for bind."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        folder = os.open(self.path("/dev"), os.O_PATH)
        listener.bind(f"/proc/self/fd/{folder}/log")
        os.close(folder)
        os.chmod(self.path("/dev/log"), 0o666)
        self.write("/var/log/syslog", "")
        threading.Thread(target=self._keep, args=(listener,), daemon=True).start()

    def _keep(self, listener):
        with open(self.path("/var/log/syslog"), "ab", buffering=0) as log:
            while said := listener.recv(65536):
                log.write(said.partition(b">")[2].rstrip(b"\0\n") + b"\n")
