# SPDX-License-Identifier: BSD-2-Clause
"""Dovecot as a server of IMAP and POP3: 2.3 of bookworm for everything, 2.4 for channel binding.

The hierarchy's separator is "/", on a maildir with folders below folders. By Dovecot's own default
a session of POP3, whosever it is, marks what it retrieves as \\Seen and takes \\Recent from all;
pop3_no_flag_updates leaves that out, so that what remains can be the check's doing only.
"""

import re

from mailstore import Mailstore
from server import PASSWORD, SECOND, USER
from tokens import Tokens

COMMON = """\
base_dir = /run/dovecot
state_dir = /var/lib/dovecot
log_path = /var/log/dovecot.log
listen = 127.0.0.1
ssl = yes
auth_failure_delay = 0
auth_verbose = yes
pop3_no_flag_updates = yes
pop3_lock_session = yes
first_valid_uid = 1000
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""

OLD = """\
protocols = imap pop3
ssl_cert = </etc/tls/mx.pem
ssl_key = </etc/tls/mx.key
ssl_ca = </etc/tls/ca.pem
ssl_require_crl = no
ssl_verify_client_cert = yes
ssl_cert_username_field = commonName
auth_ssl_username_from_cert = yes
auth_mechanisms = {mechanisms}
passdb {{
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 apop
  args = username_format=%u /etc/dovecot/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = /etc/dovecot/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = external
  args = nopassword
}}
userdb {{
  driver = passwd-file
  args = username_format=%u /etc/dovecot/users
}}
mail_location = maildir:~/Maildir:LAYOUT=fs
namespace inbox {{
  inbox = yes
  separator = /
}}
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = count:User quota
  quota_rule = *:storage=10M
  quota_vsizes = yes
}}
"""

NEW = """\
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
protocols {{
  imap = yes
  pop3 = yes
}}
ssl_server_cert_file = /etc/tls/mx.pem
ssl_server_key_file = /etc/tls/mx.key
auth_mechanisms = {mechanisms}
passdb passwd-file {{
  passwd_file_path = /etc/dovecot/users
}}
userdb passwd-file {{
  passwd_file_path = /etc/dovecot/users
}}
mail_driver = maildir
mail_path = ~/Maildir
mailbox_list_layout = fs
namespace inbox {{
  inbox = yes
  separator = /
}}
mail_plugins {{
  quota = yes
}}
protocol imap {{
  mail_plugins {{
    imap_quota = yes
  }}
}}
quota "User quota" {{
  driver = count
  storage_size = 10M
}}
haproxy_trusted_networks = 127.0.0.0/8
service imap-login {{
  inet_listener proxied {{
    port = {proxied}
    haproxy = yes
  }}
}}
"""


class DovecotMail(Mailstore):
    logs = ("/var/log/dovecot.log", "/var/log/console")
    mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN", "login")
    # A process whose end comes before the log has heard of its user is logged without him.
    ended = re.compile(r"(?:imap|pop3)-login: Info: (?:Disconnected|Login aborted): .*|"
                       r"(?:imap|pop3)(?:\(\S+?\)<.*?>)?: Info: Disconnected: .*")
    polite = re.compile(r"Logged out|logging out|Couldn't lock POP3 session")
    complaint = re.compile(r"Connection closed|[Tt]oo many|[Dd]isconnected: (?:Inactivity|for)|"
                           r"Fatal|Panic|Error:")

    head = None

    def configure(self):
        names = " ".join(name.lower() for name in self.configured)
        self.write("/etc/dovecot/dovecot.conf",
                   (self.head + COMMON).format(mechanisms=names, **self.ports))
        self.write("/etc/dovecot/users", "".join(
            f"{user}:{{PLAIN}}{PASSWORD}:61010:61010::{home}::\n"
            for user, home in ((USER, "/home/probe"), (SECOND, "/home/second"))),
            "dovecot", 0o600)
        self.folder("/home/second", "probe", 0o700)
        self.folder("/var/lib/dovecot")

    def commands(self):
        return [["/usr/sbin/dovecot", "-F"]]


class DovecotOld(DovecotMail):
    name = "dovecot-2.3"
    head = OLD
    token_mechanisms = ("OAUTHBEARER", "XOAUTH2")
    configured = (*DovecotMail.mechanisms[:-1], "EXTERNAL", "APOP", "XOAUTH2", "OAUTHBEARER")
    pop3_mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "apop", "PLAIN", "LOGIN",
                       "user")

    def configure(self):
        super().configure()
        self.tokens = Tokens(self)

    def token(self, user=USER, lifetime=3600):
        return self.tokens.issue(user, lifetime)


class DovecotNew(DovecotMail):
    name = "dovecot-2.4"
    services = (*DovecotMail.services, "proxied")
    origin = "dovecot"
    head = NEW
    external = False
    mechanisms = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS",
                  *DovecotMail.mechanisms[1:])
    pop3_mechanisms = (*mechanisms[:-1], "user")
    configured = mechanisms[:-1]
