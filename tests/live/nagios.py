# SPDX-License-Identifier: BSD-2-Clause
"""Nagios 4, with a service for each of our commands and some for what can go wrong.

It says what became of a check in status.dat, which it replaces every second.
"""

import contextlib
import os
import re

from check import want
from material import Case, collect
from monitor import (ACCOUNT, CA, HOST, PASSWORD_FILE, PLUGINS, WRONG_FILE, Monitor, Result,
                     Service, checked, judge)

DEFINITIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           "../../plugins/nagios/check_mail_smtp.cfg")
STATES = {"0": "OK", "1": "WARNING", "2": "CRITICAL", "3": "UNKNOWN"}

MAIN = """\
cfg_file=/etc/nagios4/check_mail_smtp.cfg
cfg_file=/etc/nagios4/objects.cfg
resource_file=/etc/nagios4/resource.cfg
nagios_user=nagios
nagios_group=nagios
lock_file=/var/nagios/lock
log_file=/var/nagios/nagios.log
object_cache_file=/var/nagios/objects.cache
precached_object_file=/var/nagios/objects.precache
status_file=/var/nagios/status.dat
status_update_interval=1
check_result_path=/var/nagios/results
temp_path=/tmp
temp_file=/var/nagios/temp
command_file=/var/nagios/commands
query_socket=/var/nagios/socket
check_workers=2
service_inter_check_delay_method=n
host_inter_check_delay_method=n
retain_state_information=0
process_performance_data=1
use_syslog=0
check_for_updates=0
illegal_macro_output_chars=`~$&|'"<>
"""

OBJECTS = """\
define timeperiod {{
	timeperiod_name  always
	alias            Always
	monday           00:00-24:00
	tuesday          00:00-24:00
	wednesday        00:00-24:00
	thursday         00:00-24:00
	friday           00:00-24:00
	saturday         00:00-24:00
	sunday           00:00-24:00
}}
define command {{
	command_name  nobody
	command_line  /bin/true
}}
define contact {{
	contact_name                   nobody
	host_notifications_enabled     0
	service_notifications_enabled  0
	host_notification_period       always
	service_notification_period    always
	host_notification_options      n
	service_notification_options   n
	host_notification_commands     nobody
	service_notification_commands  nobody
}}
define host {{
	host_name            {host}
	address              127.0.0.1
	max_check_attempts   1
	check_period         always
	notification_period  always
	contacts             nobody
}}
"""

SERVICE = """\
define service {{
	service_description  {name}
	host_name            {host}
	check_command        {command}
	check_interval       60
	retry_interval       60
	max_check_attempts   1
	check_period         always
	notification_period  always
	notification_interval  0
	contacts             nobody
	_MAIL_USER           {user}
	_MAIL_PASSWORD_FILE  {password}
	_MAIL_RCPT           {user}
}}
"""

HERE = ("-H", HOST, "-I", "127.0.0.1")
PORT = ("-p", "{port}")
TRUST = (f"--ca-file={CA}",)
STARTTLS = (*HERE, "--tls=starttls", "-D", "14,3")
LOGIN = (*HERE, "-p", "587", "--tls=starttls", "-U", ACCOUNT)
RIGHT = f"--password-file={PASSWORD_FILE}"
TLS = ("time_tls", "cert_days")

SERVICES = (
    Service("banner", "smtp", "check_mail_smtp!-p {port}", (*HERE, *PORT),
            r"SMTP OK - service ready in [\d.]+s", labels=("time_banner", "time_ehlo")),
    Service("starttls", "smtp", f"check_mail_smtp_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"SMTP OK - service ready in [\d.]+s, TLSv1\.3",
            labels=TLS),
    Service("smtps", "smtps", f"check_mail_smtps!14,3!-p {{port}} --ca-file={CA}",
            (*HERE, "--tls=implicit", "-D", "14,3", *PORT, *TRUST),
            r"SMTP OK - service ready in [\d.]+s, TLSv1\.3", labels=TLS),
    Service("submission", "submission", f"check_mail_submission!-p {{port}} --ca-file={CA}",
            (*LOGIN, RIGHT, *PORT, *TRUST), r"SMTP OK - logged in in .*, AUTH SCRAM-\S+",
            labels=(*TLS, "time_auth")),
    Service("submission-send", "submission",
            f"check_mail_submission_send!-p {{port}} --ca-file={CA}",
            (*LOGIN, RIGHT, f"--rcpt={ACCOUNT}", "--send", *PORT, *TRUST),
            r"SMTP OK - message accepted in .*", labels=(*TLS, "time_auth", "time_send")),
    Service("rcpt", "smtp", f"check_mail_rcpt!{ACCOUNT}!-p {{port}}",
            (*HERE, f"--rcpt={ACCOUNT}", *PORT), r"SMTP OK - recipient accepted in .*",
            labels=("time_rcpt",)),
    Service("relay", "smtp", "check_mail_relay!somebody@elsewhere.test!-p {port}",
            (*HERE, "--deny-rcpt=somebody@elsewhere.test", *PORT), r"SMTP OK - .*",
            labels=("time_rcpt",)),
    Service("open-relay", "smtp,fault=open-relay",
            "check_mail_relay!somebody@elsewhere.test!-p {port}",
            (*HERE, "--deny-rcpt=somebody@elsewhere.test", *PORT),
            r"SMTP CRITICAL - rcpt: open_relay: .*", "CRITICAL"),
    Service("lmtp", "lmtp", f"check_mail_lmtp!{ACCOUNT}!-p {{port}}",
            (*HERE, "--lmtp", f"--rcpt={ACCOUNT}", *PORT), r"LMTP OK - recipient accepted in .*",
            labels=("time_rcpt",)),
    Service("expired", "smtp,fault=cert-expired",
            f"check_mail_smtp_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"SMTP CRITICAL - tls: cert_expired: .*", "CRITICAL",
            labels=TLS),
    Service("expiring", "smtp,fault=cert-expiring",
            f"check_mail_smtp_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"SMTP WARNING - tls: cert_expiring: .*", "WARNING",
            labels=TLS),
    # The address is right and the name is not: what --server-name is for.
    Service("other-name", "smtp,fault=cert-name",
            f"check_mail_smtp_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"SMTP CRITICAL - tls: cert_name: .*", "CRITICAL"),
    Service("login-refused", "submission,fault=auth-rejected",
            f"check_mail_submission!-p {{port}} --ca-file={CA} --password-file={WRONG_FILE}",
            (*LOGIN, RIGHT, *PORT, *TRUST, f"--password-file={WRONG_FILE}"),
            r'SMTP CRITICAL - auth: auth_rejected: "535 .*', "CRITICAL"),
    # What a server says must not be taken for performance data. Nagios itself makes ; a colon.
    Service("hostile-banner", "smtp,fault=reply:banner=554 a|b=1;2 'c' $HOSTNAME$",
            "check_mail_smtp!-p {port} -w 2 -c 3", (*HERE, *PORT, "-w", "2", "-c", "3"),
            r"""SMTP CRITICAL - banner: rejected: "554 a\\x7cb=1:2 'c' \$HOSTNAME\$" after .*""",
            "CRITICAL", time=("2", "3", "0", "10")),
    Service("silent", "smtp,fault=banner-silent", "check_mail_smtp!-p {port} -t 1:warning",
            (*HERE, *PORT, "-t", "1:warning"), r"SMTP WARNING - banner: timeout.*", "WARNING",
            time=("", "", "0", "1")),
    Service("ranges", "smtp", "check_mail_smtp!-p {port} -w ehlo=@0:5 -c 4",
            (*HERE, *PORT, "-w", "ehlo=@0:5", "-c", "4"), r"SMTP WARNING - ehlo: slow: .*",
            "WARNING", time=("", "4", "0", "10")),
)


class Nagios(Monitor):
    name = "nagios"
    table = SERVICES
    logs = ("/var/nagios/nagios.log", "/var/log/console")
    complaint = re.compile(r"^(?:\[\d+\] )?(?:Warning|Error):.*", re.M)

    def configure(self):
        super().configure()
        self.copy(DEFINITIONS, "/etc/nagios4/check_mail_smtp.cfg")
        self.write("/etc/nagios4/nagios.cfg", MAIN)
        self.write("/etc/nagios4/resource.cfg", f"$USER1$={PLUGINS}\n")
        self.write("/etc/nagios4/objects.cfg", OBJECTS.format(host=HOST) + "".join(
            SERVICE.format(name=one.name, host=HOST, user=ACCOUNT, password=PASSWORD_FILE,
                           command=one.given.format(port=self.ports[one.name]))
            for one in SERVICES))
        self.folder("/var/nagios", "nagios")
        self.folder("/var/nagios/results", "nagios")

    def commands(self):
        return [["/usr/sbin/nagios4", "/etc/nagios4/nagios.cfg"]]

    def result(self, name):
        text = ""
        with contextlib.suppress(FileNotFoundError):
            with open(self.path("/var/nagios/status.dat"), encoding="utf-8") as file:
                text = file.read()
        for block in re.findall(r"^servicestatus \{\n(.*?)\n\t\}", text, re.M | re.S):
            fields = dict(line.strip().split("=", 1) for line in block.split("\n"))
            if fields["service_description"] == name and fields["has_been_checked"] == "1":
                return Result(STATES[fields["current_state"]], fields["plugin_output"],
                              fields["performance_data"])
        return None


CASES = []


@collect(CASES, "nagios4 -v finds nothing wrong with our commands")
def verified(watch):
    said = checked(watch.server, "/usr/sbin/nagios4", "-v", "/etc/nagios4/nagios.cfg")
    want("warnings and errors", re.findall(r"^Total (?:Warnings|Errors): +(\d+)", said, re.M),
         ["0", "0"])


@collect(CASES, "each of our commands has a service")
def complete(watch):
    del watch
    with open(DEFINITIONS, encoding="utf-8") as file:
        defined = set(re.findall(r"^\tcommand_name\s+(\S+)", file.read(), re.M))
    want("commands", {one.given.partition("!")[0] for one in SERVICES}, defined)


CASES.extend(Case(f"service {one.name}: {one.state}", judge(one)) for one in SERVICES)
