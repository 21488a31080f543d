# SPDX-License-Identifier: BSD-2-Clause
"""The way of a message through Postfix into Dovecot, in one root: submission, MX, LMTP, Sieve.

Every way is a port to submit to, on which all is as on the first but what it is named for:

    submission  at once by LMTP
    signed      signed by OpenDKIM, then by SMTP with TLS to the MX, which verifies: OpenDKIM
                for DKIM, OpenDMARC for SPF and DMARC
    unsigned    the same without the signature
    altered     a line is added to the message
    spoiled     signed, a line added on the way to the MX in clear, which verifies
    queued      the MX greylists, by postgrey; Postfix keeps the message and comes again
    held        kept in the queue until release()
    greylisting greylists who submits, himself; neither TLS nor login
    tempfailing 450 to every recipient

What an address does: probe+junk is filed into the junk mailbox by Sieve, probe+lost nowhere,
pair@ is two addresses of one mailbox, kept@ one of each mailbox, and what nobody has bounces, for
only Dovecot knows.
"""

import os
import re
import subprocess

from dovecot_mail import DovecotOld
from footer import Footer
from nameserver import Nameserver
from postfix import INNER, MAIN, queued, spool
from server import DOMAIN, HOST, SECOND, USER, detailed

MAIN_MORE = """\
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_alias_maps = texthash:/etc/postfix/aliases
smtp_tls_security_level = may
smtpd_tls_received_header = yes
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
transport_retry_time = 1s
service_throttle_time = 1s
milter_default_action = tempfail
"""

# The ports that a probe comes to log as "probed", apart from those that Postfix itself comes to.
SUBMISSION = """\
  -o syslog_name=postfix/probed
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
"""

MASTER = """\
{submission} inet n - n - - smtpd
SUBMISSION
{signed} inet n - n - - smtpd
SUBMISSION
  -o smtpd_milters=inet:127.0.0.1:{signer}
  -o receive_override_options=no_address_mappings
  -o content_filter=smtp:[127.0.0.1]:{mx}
{unsigned} inet n - n - - smtpd
SUBMISSION
  -o receive_override_options=no_address_mappings
  -o content_filter=smtp:[127.0.0.1]:{mx}
{altered} inet n - n - - smtpd
SUBMISSION
  -o receive_override_options=no_address_mappings
  -o content_filter=clear:[127.0.0.1]:{footer_plain}
{spoiled} inet n - n - - smtpd
SUBMISSION
  -o smtpd_milters=inet:127.0.0.1:{signer}
  -o receive_override_options=no_address_mappings
  -o content_filter=clear:[127.0.0.1]:{footer_mx}
{queued} inet n - n - - smtpd
SUBMISSION
  -o receive_override_options=no_address_mappings
  -o content_filter=smtp:[127.0.0.1]:{greymx}
{held} inet n - n - - smtpd
SUBMISSION
  -o smtpd_end_of_data_restrictions=check_client_access,static:HOLD
{greylisting} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{postgrey}
{tempfailing} inet n - n - - smtpd
  -o syslog_name=postfix/probed
  -o smtpd_recipient_restrictions=defer
{mx} inet n - n - - smtpd
  -o myhostname=in.{domain}
  -o smtpd_milters=inet:127.0.0.1:{verifier},inet:127.0.0.1:{judge}
{greymx} inet n - n - - smtpd
  -o myhostname=in.{domain}
  -o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:{postgrey}
{plain} inet n - n - - smtpd
  -o myhostname=in.{domain}
clear unix - - n - - smtp
  -o smtp_tls_security_level=none
""".replace("SUBMISSION\n", SUBMISSION)

DOVECOT_MORE = """\
protocols = imap pop3 lmtp
hostname = store.{domain}
namespace inbox {{
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
}}
protocol lmtp {{
  mail_plugins = $mail_plugins sieve
}}
plugin {{
  sieve_before = /etc/dovecot/sieve/sort.sieve
}}
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
"""

SIEVE = """\
require ["envelope", "fileinto", "subaddress"];
if envelope :detail "to" "junk" { fileinto "Junk"; stop; }
if envelope :detail "to" "lost" { discard; stop; }
"""

DKIM = """\
Syslog no
Mode {mode}
Socket inet:{port}@127.0.0.1
UserID opendkim
PidFile /run/opendkim.{mode}.pid
AuthservID in.{domain}
Domain {domain}
Selector probe
KeyFile /etc/dkim/probe.key
Canonicalization relaxed/simple
OversignHeaders From
InternalHosts {internal}
ResolverConfiguration /etc/dkim/unbound.conf
AlwaysAddARHeader yes
"""

# By itself its resolver asks nobody on loopback, and knows that there is nothing below "test".
UNBOUND = """\
server:
  do-not-query-localhost: no
  local-zone: test. nodefault
forward-zone:
  name: "."
  forward-addr: {nameserver}
"""

DMARC = """\
Syslog no
Socket inet:{judge}@127.0.0.1
UserID opendmarc
PidFile /run/opendmarc.pid
AuthservID in.{domain}
TrustedAuthservIDs in.{domain}
SPFIgnoreResults yes
SPFSelfValidate yes
IgnoreHosts /etc/dkim/nobody
RejectFailures no
"""


class PostfixDovecot(DovecotOld):
    name = origin = "postfix-dovecot"
    services = (*DovecotOld.services, "submission", "signed", "unsigned", "altered", "spoiled",
                "queued", "held", "greylisting", "tempfailing", "mx", "greymx", "plain", "lmtp",
                "signer", "verifier", "judge")
    bannered = (*DovecotOld.bannered, "submission", "mx", "lmtp")
    silent = ("signer", "verifier", "judge")
    logs = (*DovecotOld.logs, "/var/log/postfix.log")
    keeps_uids = True
    begun = re.compile(r"probed/smtpd\[\d+\]: connect from|-login: Info: Login: ")
    ended = re.compile(r"probed/smtpd\[\d+\]: disconnect from .*|" + DovecotOld.ended.pattern)
    polite = re.compile(r" quit=1 |" + DovecotOld.polite.pattern)
    # Dovecot's LMTP says "Connection closed" of Postfix, which keeps connections for a while.
    complaint = re.compile(r"lost connection|improper command pipelining|timeout after|"
                           r"SSL_accept error|too many errors|warning: (?!.*authentication failed)|"
                           r"[Tt]oo many|[Dd]isconnected: (?:Inactivity|for)|[Ff]atal|[Pp]anic|"
                           r"Error:")
    junk = "/home/probe/Maildir/Junk"

    def __init__(self, live, temp, ca, postgrey):
        super().__init__(live, temp, ca, 0)
        self.postgrey = postgrey
        self.helpers = []

    def configure(self):
        super().configure()
        self.names = Nameserver(self._key())
        footers = {name: Footer(self.ports[target])
                   for name, target in (("footer_plain", "plain"), ("footer_mx", "mx"))}
        self.helpers = [self.names, *footers.values()]
        facts = {"host": HOST, "domain": DOMAIN, "uid": 61010,
                 "postgrey": self.postgrey.ports["policy"], "nameserver": self.names.address,
                 **{name: footer.port for name, footer in footers.items()}, **self.ports}
        # Behind what is there, as a later setting takes the place of an earlier one.
        with open(self.path("/etc/dovecot/dovecot.conf"), encoding="utf-8") as file:
            self.write("/etc/dovecot/dovecot.conf", file.read() + DOVECOT_MORE.format(**facts))
        self.write("/etc/dovecot/sieve/sort.sieve", SIEVE)
        self.run("/usr/bin/sievec", "/etc/dovecot/sieve/sort.sieve")
        # A parameter that stands there twice is warned of.
        more = MAIN_MORE.format(**facts)
        mine = {line.partition(" ")[0] for line in more.splitlines()}
        self.write("/etc/postfix/main.cf", "".join(
            line + "\n" for line in MAIN.format(**facts).splitlines()
            if line.partition(" ")[0] not in mine) + more)
        self.write("/etc/postfix/master.cf", MASTER.format(**facts) + INNER)
        self.write("/etc/postfix/aliases", f"pair@{DOMAIN} {USER}, {detailed('copy')}\n"
                   f"kept@{DOMAIN} {USER}, {SECOND}\n")
        spool(self)
        self.write("/etc/resolv.conf", f"nameserver {self.names.address}\n")
        for mode, service, internal in (("s", "signer", "127.0.0.1"),
                                        ("v", "verifier", "192.0.2.1")):
            self.write(f"/etc/dkim/{service}.conf", DKIM.format(
                mode=mode, port=self.ports[service], internal=internal, **facts))
        self.write("/etc/dkim/unbound.conf", UNBOUND.format(**facts))
        self.write("/etc/dkim/nobody", "192.0.2.1\n")
        self.write("/etc/dkim/dmarc.conf", DMARC.format(**facts))

    def _key(self):
        """Makes the key that signs; returns what the name server tells of this domain."""
        private = subprocess.run(["openssl", "genrsa", "2048"], check=True,
                                 capture_output=True).stdout
        self.write("/etc/dkim/probe.key", private, "opendkim", 0o600)
        key = self.path("/etc/dkim/probe.key")
        public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, text=True,
                                capture_output=True).stdout
        return {(DOMAIN, "A"): "127.0.0.1",
                (DOMAIN, "MX"): "in." + DOMAIN,
                (DOMAIN, "TXT"): "v=spf1 ip4:127.0.0.1 -all",
                ("_dmarc." + DOMAIN, "TXT"): "v=DMARC1; p=reject",
                ("probe._domainkey." + DOMAIN, "TXT"):
                    "v=DKIM1; k=rsa; p=" + "".join(public.split("\n")[1:-2])}

    def commands(self):
        return [*super().commands(),
                ["/usr/sbin/opendkim", "-f", "-x", "/etc/dkim/signer.conf"],
                ["/usr/sbin/opendkim", "-f", "-x", "/etc/dkim/verifier.conf"],
                ["/usr/sbin/opendmarc", "-f", "-c", "/etc/dkim/dmarc.conf"],
                ["/usr/lib/postfix/sbin/master", "-d", "-c", "/etc/postfix"]]

    def queue(self):
        return queued(self)

    def held(self):
        return os.listdir(self.path("/var/spool/postfix/hold"))

    def release(self):
        self.run("/usr/sbin/postsuper", "-H", "ALL")

    def stop(self):
        super().stop()
        for helper in self.helpers:
            helper.close()
        self.helpers = []
