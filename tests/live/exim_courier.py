# SPDX-License-Identifier: BSD-2-Clause
"""The way of a message through Exim into a maildir that Courier serves, in one root.

pair@ is two addresses of one mailbox, kept@ one of each mailbox, and what nobody has bounces: Exim
takes all, and looks afterwards. What is submitted on the port `held` waits for release(). No
mailbox of Courier's is for junk, for none has attributes.
"""

import os
import re

from courier import QUOTA, Courier
from exim import Exim
from server import DOMAIN, HOST, PASSWORD, SECOND, START_SECONDS, USER, detailed, wait_for

CONFIG = """\
primary_hostname = {host}
domainlist local_domains = {domain}
local_interfaces = 127.0.0.1
daemon_smtp_ports = {submission} : {held}
keep_environment =
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim-%s.log
log_selector = +smtp_protocol_error +smtp_syntax_error +smtp_connection +smtp_incomplete_transaction
pid_file_path = /run/exim.pid
host_lookup =
rfc1413_hosts =
never_users = root
tls_advertise_hosts = *
tls_certificate = /etc/tls/mx.pem
tls_privatekey = /etc/tls/exim.key
auth_advertise_hosts = ${{if def:tls_in_cipher{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl

rcpt:
  warn condition = ${{if eq{{$received_port}}{{{held}}}}}
       control = queue
  accept authenticated = *
  deny message = relay not permitted

begin routers

pair:
  driver = redirect
  domains = +local_domains
  local_parts = pair
  data = {user}, {copy}

kept:
  driver = redirect
  domains = +local_domains
  local_parts = kept
  data = {user}, {second}

mailbox:
  driver = accept
  domains = +local_domains
  local_parts = probe : second
  local_part_suffix = +*
  local_part_suffix_optional
  transport = maildir

begin transports

maildir:
  driver = appendfile
  directory = /home/$local_part_data/Maildir
  maildir_format
  maildir_tag = ,S=$message_size
  maildir_use_size_file
  quota = {quota}
  user = probe
  return_path_add
  envelope_to_add
  delivery_date_add

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \\
    ${{if and {{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{${{readfile{{/etc/exim4/secret}}}}}}}}}}}}
  server_set_id = $auth2
"""


class EximCourier(Courier):
    name = origin = "exim-courier"
    services = (*Courier.services, "submission", "held")
    bannered = (*Courier.bannered, "submission")
    logs = (*Courier.logs, *(log for log in Exim.logs if log not in Courier.logs))
    # What it reads of a folder may lack a message when others come and go, which then has a new UID.
    keeps_uids = False
    begun = re.compile(r"TCP/IP connection count|LOGIN, user=")
    ended = re.compile(f"{Exim.ended.pattern}|{Courier.ended.pattern}")
    polite = re.compile(f"{Exim.polite.pattern}|{Courier.polite.pattern}")
    complaint = re.compile(f"{Exim.complaint.pattern}|{Courier.complaint.pattern}")

    junk = None

    def __init__(self, live, temp, ca):
        super().__init__(live, temp, ca, 0)

    def configure(self):
        super().configure()
        self.write("/etc/exim4/exim4.conf", CONFIG.format(
            host=HOST, domain=DOMAIN, user=USER, second=SECOND, copy=detailed("copy"),
            quota=QUOTA, **self.ports), mode=0o640)
        os.chown(self.path("/etc/exim4/exim4.conf"), 0, 61004)
        self.write("/etc/exim4/secret", PASSWORD, "Debian-exim", 0o600)
        self.copy(self.path("/etc/tls/mx.key"), "/etc/tls/exim.key", "Debian-exim", 0o600)
        self.folder("/var/spool/exim4", "Debian-exim", 0o750)
        self.folder("/var/log", "Debian-exim")

    def commands(self):
        return [*super().commands(), ["/usr/sbin/exim4", "-bdf"]]

    def held(self):
        log = self.log()
        return [path for path in self.queue()
                if os.path.basename(path).removesuffix("-H") + " <= " in log]

    def release(self):
        """By queue runs: one passes over a message that its receiver has not let go of yet."""
        def run():
            self.run("/usr/sbin/exim4", "-qff")
            return not self.queue()
        wait_for("empty queue", START_SECONDS, run)

    def queue(self):
        return [os.path.join(folder, file) for folder, _, files
                in os.walk(self.path("/var/spool/exim4/input")) for file in files]
