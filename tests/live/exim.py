# SPDX-License-Identifier: BSD-2-Clause
"""Exim, the heavy build of Debian: GnuTLS, and SASL by Cyrus, so two more implementations to meet.

PLAIN, LOGIN and CRAM-MD5 are Exim's own; SCRAM comes from Cyrus SASL and its database; EXTERNAL
takes the certificate's mail address. Debian builds Exim without GSASL, so it offers no SCRAM with
channel binding. It staples an OCSP response, except on the port `broken`, where that file is
missing, and STARTTLS is therefore offered and refused.
"""

import os
import re

from server import DOMAIN, HOST, PASSWORD, USER, Server

CONFIG = """\
SECRET = ${{readfile{{/etc/exim4/secret}}}}
primary_hostname = {host}
domainlist local_domains = {domain}
local_interfaces = 127.0.0.1
daemon_smtp_ports = {smtp} : {submission} : {smtps} : {broken}
tls_on_connect_ports = {smtps}
keep_environment =
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim-%s.log
log_selector = +smtp_protocol_error +smtp_syntax_error +smtp_connection +smtp_incomplete_transaction
pid_file_path = /run/exim.pid
host_lookup =
rfc1413_hosts =
smtp_accept_max = 100
smtp_accept_max_per_connection = 1000
never_users = root
smtputf8_advertise_hosts = *
tls_advertise_hosts = *
tls_certificate = /etc/tls/mx.pem
tls_privatekey = /etc/tls/mx.key
tls_ocsp_file = /etc/tls/${{if eq{{$received_port}}{{{broken}}}{{missing}}{{mx}}}}.ocsp
tls_verify_certificates = /etc/tls/ca.pem
tls_try_verify_hosts = *
auth_advertise_hosts = ${{if inlist{{$received_port}}{{{submission}:{smtps}}}{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = data

begin acl

rcpt:
  deny message = relay not permitted
       domains = !+local_domains
       !authenticated = *
  deny message = unknown user
       domains = +local_domains
       !local_parts = probe
  accept

data:
  accept

begin routers

local:
  driver = accept
  domains = +local_domains
  local_parts = probe
  transport = maildir

begin transports

maildir:
  driver = appendfile
  directory = /home/probe/Maildir
  maildir_format
  user = probe
  return_path_add
  envelope_to_add
  delivery_date_add

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and {{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{SECRET}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}

login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if and {{{{eq{{$auth1}}{{{user}}}}}{{eq{{$auth2}}{{SECRET}}}}}}}}
  server_set_id = $auth1
  server_advertise_condition = ${{if def:tls_in_cipher}}

cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{if eq{{$auth1}}{{{user}}}{{SECRET}}fail}}
  server_set_id = $auth1

scram_sha_1:
  driver = cyrus_sasl
  public_name = SCRAM-SHA-1
  server_hostname = {host}
  server_realm = {domain}
  server_set_id = $auth1

scram_sha_256:
  driver = cyrus_sasl
  public_name = SCRAM-SHA-256
  server_hostname = {host}
  server_realm = {domain}
  server_set_id = $auth1

external:
  driver = external
  public_name = EXTERNAL
  server_param2 = ${{certextract{{subj_altname,mail,>:}}{{$tls_in_peercert}}}}
  server_condition = ${{if and {{{{eq{{$auth2}}{{{user}}}}} \
      {{or {{{{eq{{$auth1}}{{}}}}{{eq{{$auth1}}{{$auth2}}}}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if bool{{$tls_in_certificate_verified}}}}
"""


class Exim(Server):
    name = "exim"
    services = ("smtp", "submission", "smtps", "broken")
    bannered = ("smtp", "submission")
    logs = ("/var/log/exim-main.log", "/var/log/exim-reject.log", "/var/log/exim-panic.log",
            "/var/log/console")
    maildir = "/home/probe/Maildir"
    mechanisms = ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
    ended = re.compile(r"SMTP connection from (?!.*connection count).*")
    polite = re.compile(r"closed by QUIT")
    complaint = re.compile(r"synchronization error|unexpected disconnection|lost while reading|"
                           r"TLS error|protocol error|syntax error|dropped|panic", re.I)
    accepted = "{id} <= "
    key_owner = "Debian-exim"

    def configure(self):
        self.write("/etc/exim4/exim4.conf", CONFIG.format(
            host=HOST, domain=DOMAIN, user=USER, **self.ports), mode=0o640)
        os.chown(self.path("/etc/exim4/exim4.conf"), 0, 61004)
        self.write("/etc/exim4/secret", PASSWORD, "Debian-exim", 0o600)
        self.copy(self.ca.staple(self.certificate), "/etc/tls/mx.ocsp")
        self.folder("/var/spool/exim4", "Debian-exim", 0o750)
        self.folder("/var/log", "Debian-exim")
        self.write("/usr/lib/sasl2/exim.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\n"
                   "sasldb_path: /etc/exim4/sasldb\nmech_list: SCRAM-SHA-1 SCRAM-SHA-256\n")
        self.run("/usr/sbin/saslpasswd2", "-p", "-c", "-f", "/etc/exim4/sasldb", "-u", DOMAIN,
                 USER.split("@", maxsplit=1)[0], input=PASSWORD)
        os.chown(self.path("/etc/exim4/sasldb"), 61004, 61004)

    def commands(self):
        return [["/usr/sbin/exim4", "-bdf"]]

    def queue(self):
        return [os.path.join(folder, file) for folder, _, files
                in os.walk(self.path("/var/spool/exim4/input")) for file in files]
