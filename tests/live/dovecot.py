# SPDX-License-Identifier: BSD-2-Clause
"""Dovecot 2.4 as a submission server: the one that offers SCRAM with channel binding.

It speaks SMTP by itself and hands what it accepts to another server, the backend, while the client
waits; so it keeps no queue, and its mail lands where the other's does.
"""

import re

from server import HOST, PASSWORD, USER, Server

CONFIG = """\
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = /run/dovecot
state_dir = /var/lib/dovecot
log_path = /var/log/dovecot.log
protocols {{
  submission = yes
}}
listen = 127.0.0.1
ssl = yes
ssl_server_cert_file = /etc/tls/mx.pem
ssl_server_key_file = /etc/tls/mx.key
hostname = {host}
auth_allow_cleartext = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 scram-sha-1-plus scram-sha-256-plus
auth_failure_delay = 0
auth_verbose = yes
passdb passwd-file {{
  passwd_file_path = /etc/dovecot/users
}}
userdb passwd-file {{
  passwd_file_path = /etc/dovecot/users
}}
mail_driver = maildir
mail_path = ~/Maildir
first_valid_uid = 1000
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_ssl = no
submission_timeout = 10 secs
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = {smtps}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class Dovecot(Server):
    name = "dovecot"
    services = ("submission", "smtps")
    bannered = ("submission",)
    mechanisms = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1",
                  "CRAM-MD5", "PLAIN", "LOGIN")
    ended = re.compile(r"Login aborted: .*|Info: Disconnected: .*")
    polite = re.compile(r"Logged out")
    complaint = re.compile(r"Connection closed|Fatal|Panic|Error:")
    logs = ("/var/log/dovecot.log", "/var/log/console")

    def __init__(self, live, temp, ca, backend):
        super().__init__(live, temp, ca)
        self.backend = backend

    @property
    def store(self):
        return self.backend

    def configure(self):
        self.write("/etc/dovecot/dovecot.conf", CONFIG.format(
            host=HOST, relay=self.backend.ports["smtp"], **self.ports))
        self.write("/etc/dovecot/users", f"{USER}:{{PLAIN}}{PASSWORD}:61010:61010::/home/probe::\n",
                   "dovecot", 0o600)
        self.folder("/var/lib/dovecot")

    def commands(self):
        return [["/usr/sbin/dovecot", "-F"]]
