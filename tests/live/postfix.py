# SPDX-License-Identifier: BSD-2-Clause
"""Postfix, with Dovecot in the same root for SASL and as LMTP server.

Mail to probe@mail.test goes by virtual(8) to a maildir; the same address over Dovecot's LMTP
lands in another. Nobody is trusted for where they come from (mynetworks), so relaying is refused
on loopback too, on the port `deferring` in the words that a Postfix has by default. All that
slows a client on purpose is off, but for postscreen's test of patience on the port `screened`.
Dovecot judges OAuth tokens itself.
"""

import os
import re

from server import DOMAIN, HOST, PASSWORD, SECOND, USER, Server
from tokens import Tokens

MAIN = """\
compatibility_level = 3.6
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = /var/log/postfix.log
myhostname = {host}
mydestination =
mynetworks = 192.0.2.1/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_mailbox_base = /home/probe
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/tls/mx.key, /etc/tls/mx.pem
smtpd_tls_loglevel = 1
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
in_flow_delay = 0
smtputf8_enable = yes
postscreen_greet_wait = 1s
postscreen_greet_banner = {host} ESMTP patience
postscreen_greet_action = enforce
postscreen_pipelining_enable = yes
postscreen_pipelining_action = enforce
postscreen_non_smtp_command_enable = yes
postscreen_non_smtp_command_action = enforce
postscreen_bare_newline_enable = yes
postscreen_bare_newline_action = enforce
postscreen_access_list =
postscreen_cache_map = btree:/var/lib/postfix/postscreen_cache
postscreen_cache_cleanup_interval = 0
"""

MASTER = """\
{smtp} inet n - n - - smtpd
{submission} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
{smtps} inet n - n - - smtpd
  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
{proxied} inet n - n - - smtpd
  -o syslog_name=postfix/proxied
  -o smtpd_upstream_proxy_protocol=haproxy
{deferring} inet n - n - - smtpd
  -o syslog_name=postfix/deferring
  -o smtpd_relay_restrictions=defer_unauth_destination
{screened} inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
  -o syslog_name=postfix/screened
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
"""

INNER = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT = """\
base_dir = /run/dovecot
state_dir = /var/lib/dovecot
log_path = /var/log/dovecot.log
protocols = lmtp
listen = 127.0.0.1
hostname = {host}
ssl = yes
ssl_cert = </etc/tls/mx.pem
ssl_key = </etc/tls/mx.key
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
passdb {{
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = username_format=%u /etc/dovecot/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = /etc/dovecot/oauth2.conf
}}
userdb {{
  driver = passwd-file
  args = username_format=%u /etc/dovecot/users
}}
mail_location = maildir:~/LmtpMaildir
first_valid_uid = 1000
service auth {{
  unix_listener /var/spool/postfix/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
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

QUEUES = "active bounce corrupt defer deferred flush hold incoming private saved trace".split()


def spool(server):
    """The folders that Postfix needs and would not make."""
    server.folder("/var/spool/postfix")
    for queue in QUEUES:
        server.folder("/var/spool/postfix/" + queue, "postfix", 0o700)
    server.folder("/var/spool/postfix/maildrop", "postfix", 0o730, "postdrop")
    server.folder("/var/spool/postfix/public", "postfix", 0o710, "postdrop")
    server.folder("/var/spool/postfix/pid")
    server.folder("/var/lib/postfix", "postfix", 0o700)


def queued(server):
    top = server.path("/var/spool/postfix")
    return [os.path.join(folder, file)
            for queue in ("maildrop", "incoming", "active", "deferred", "hold", "corrupt")
            for folder, _, files in os.walk(os.path.join(top, queue)) for file in files]


class Postfix(Server):
    name = "postfix"
    services = ("smtp", "submission", "smtps", "proxied", "deferring", "screened", "lmtp")
    bannered = ("smtp", "lmtp")
    logs = ("/var/log/postfix.log", "/var/log/dovecot.log", "/var/log/console")
    maildir = "/home/probe/Maildir"
    mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
    token_mechanisms = ("OAUTHBEARER", "XOAUTH2")
    ended = re.compile(r"smtpd\[\d+\]: disconnect from .*|postscreen\[\d+\]: (?:DIS|HANGUP).*|"
                       r"lmtp\(\d+\): Info: Disconnect from .*")
    polite = re.compile(r" quit=1 |DISCONNECT|Logged out")
    complaint = re.compile(r"lost connection|improper command pipelining|timeout after|"
                           r"SSL_accept error|PREGREET|HANGUP|BARE NEWLINE|COMMAND PIPELINING|"
                           r"non-SMTP command|too many errors|fatal:|panic:", re.I)
    accepted = "{id}: client="
    lmtp_maildir = "/home/probe/LmtpMaildir"

    def configure(self):
        facts = {"host": HOST, "domain": DOMAIN, "uid": 61010, **self.ports}
        self.write("/etc/postfix/main.cf", MAIN.format(**facts))
        self.write("/etc/postfix/master.cf", MASTER.format(**facts) + INNER)
        self.write("/etc/postfix/mailboxes", f"{USER} Maildir/\n{SECOND} Maildir/\n")
        spool(self)
        self.write("/etc/dovecot/dovecot.conf", DOVECOT.format(**facts))
        self.tokens = Tokens(self)
        self.write("/etc/dovecot/users", "".join(
            f"{user}:{{PLAIN}}{PASSWORD}:61010:61010::/home/probe::\n" for user in (USER, SECOND)),
            "dovecot", 0o600)
        self.folder("/var/lib/dovecot")

    def commands(self):
        return [["/usr/sbin/dovecot", "-F"],
                ["/usr/lib/postfix/sbin/master", "-d", "-c", "/etc/postfix"]]

    def queue(self):
        return queued(self)

    def token(self, user=USER, lifetime=3600):
        """An access token for user, valid for lifetime seconds (expired when negative)."""
        return self.tokens.issue(user, lifetime)
