# SPDX-License-Identifier: BSD-2-Clause
"""Nagios 4, with a service for each of our commands and some for what can go wrong.

It says what became of a check in status.dat, which it replaces every second.
"""

import collections
import contextlib
import os
import re

from check import want
from material import Case, collect
from monitor import (ACCOUNT, CA, HOST, OURS, PASSWORD_FILE, PLUGINS, PROBES, WRONG_FILE, Monitor,
                     Result, Service, checked, judge)

DEFINITIONS = [f"{OURS}/nagios/check_mail_{probe}.cfg" for probe in PROBES]
STATES = {"0": "OK", "1": "WARNING", "2": "CRITICAL", "3": "UNKNOWN"}

MAIN = """\
cfg_dir=/etc/nagios4/ours
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

SMTP = (
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
    Service("smtps-untrusted", "smtps,fault=cert-untrusted",
            f"check_mail_smtps!14,3!-p {{port}} --ca-file={CA}",
            (*HERE, "--tls=implicit", "-D", "14,3", *PORT, *TRUST),
            r"SMTP CRITICAL - tls: cert_untrusted: .*", "CRITICAL"),
    Service("send-refused", "submission,fault=send-rejected",
            f"check_mail_submission_send!-p {{port}} --ca-file={CA}",
            (*LOGIN, RIGHT, f"--rcpt={ACCOUNT}", "--send", *PORT, *TRUST),
            r'SMTP CRITICAL - send: rejected: "554 .*', "CRITICAL"),
    Service("greylisted", "smtp,fault=greylist", f"check_mail_rcpt!{ACCOUNT}!-p {{port}}",
            (*HERE, f"--rcpt={ACCOUNT}", *PORT), r'SMTP WARNING - rcpt: tempfail: "450 .*',
            "WARNING"),
    Service("lmtp-refused", "lmtp,fault=rcpt-rejected", f"check_mail_lmtp!{ACCOUNT}!-p {{port}}",
            (*HERE, "--lmtp", f"--rcpt={ACCOUNT}", *PORT),
            r'LMTP CRITICAL - rcpt: rejected: "550 .*', "CRITICAL"),
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
    # All run at once: with a shorter deadline they could be late for the banner.
    Service("silent", "smtp,fault=banner-silent", "check_mail_smtp!-p {port} -t 2:warning",
            (*HERE, *PORT, "-t", "2:warning"), r"SMTP WARNING - banner: timeout.*", "WARNING",
            time=("", "", "0", "2")),
    Service("ranges", "smtp", "check_mail_smtp!-p {port} -w ehlo=@0:5 -c 4",
            (*HERE, *PORT, "-w", "ehlo=@0:5", "-c", "4"), r"SMTP WARNING - ehlo: slow: .*",
            "WARNING", time=("", "4", "0", "10")),
)

IMPLICIT = (*HERE, "--tls=implicit", "-D", "14,3", *PORT, *TRUST)
IMAPS = (*HERE, "-p", "993", "--tls=implicit", "-U", ACCOUNT, RIGHT)
AGE = "--sizes", "-w", "oldest_age=3600"
QUOTA = "--quota", "-w", "quota_used_percent=80", "-c", "quota_used_percent=95"
BOX = {"messages": "3", "recent": "2"}
NO_BOX = {"messages": "U", "recent": "U"}

IMAP = (
    Service("imap", "imap", "check_mail_imap!-p {port}", (*HERE, *PORT),
            r"IMAP OK - greeted in [\d.]+s", labels=("time_banner", "time_logout")),
    Service("imap-bye", "imap,fault=reply:banner=* BYE a|b=1;2 'c' $HOSTNAME$",
            "check_mail_imap!-p {port} -w 2 -c 3", (*HERE, *PORT, "-w", "2", "-c", "3"),
            r'''IMAP CRITICAL - banner: rejected: "\* BYE a\\x7cb=1:2 'c' \$HOSTNAME\$" after .*''',
            "CRITICAL", time=("2", "3", "0", "10")),
    Service("imap-starttls", "imap", f"check_mail_imap_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"IMAP OK - service ready in [\d.]+s, TLSv1\.3",
            labels=TLS),
    Service("imap-injected", "imap,fault=starttls-inject",
            f"check_mail_imap_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"IMAP CRITICAL - starttls: starttls_injection: .*",
            "CRITICAL", values={"time_tls": "U", "cert_days": "U"}),
    Service("imaps", "imaps", f"check_mail_imaps!14,3!-p {{port}} --ca-file={CA}", IMPLICIT,
            r"IMAP OK - greeted in [\d.]+s, TLSv1\.3", labels=TLS),
    Service("imaps-expiring", "imaps,fault=cert-expiring",
            f"check_mail_imaps!14,3!-p {{port}} --ca-file={CA}", IMPLICIT,
            r"IMAP WARNING - tls: cert_expiring: .*", "WARNING", values={"cert_days": r"5|4\.9\d*"}),
    Service("imap-login", "imaps", f"check_mail_imap_login!-p {{port}} --ca-file={CA}",
            (*IMAPS, *PORT, *TRUST), r"IMAP OK - mailbox opened in .*, AUTH SCRAM-\S+",
            labels=(*TLS, "time_auth", "time_select"), values=BOX),
    Service("imap-login-refused", "imaps",
            f"check_mail_imap_login!-p {{port}} --ca-file={CA} --password-file={WRONG_FILE}",
            (*IMAPS, *PORT, *TRUST, f"--password-file={WRONG_FILE}"),
            r'IMAP CRITICAL - auth: auth_rejected: "a\d NO \[AUTHENTICATIONFAILED\] .*',
            "CRITICAL", values=NO_BOX),
    Service("imap-mailbox", "imaps",
            f"check_mail_imap_mailbox!Archive/2026!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--examine=Archive/2026", "--fetch=last", *PORT, *TRUST),
            r"IMAP OK - message fetched in .*", labels=("time_select", "time_fetch"),
            values={"messages": "2", "recent": "1", "message_size": "2048B"}),
    Service("imap-no-mailbox", "imaps",
            f"check_mail_imap_mailbox!Entwürfe & mehr!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--examine=Entwürfe & mehr", "--fetch=last", *PORT, *TRUST),
            r'IMAP CRITICAL - select: mailbox_missing: "a\d NO \[NONEXISTENT\] .*', "CRITICAL",
            values={**NO_BOX, "message_size": "U"}),
    Service("imap-fetch", "imaps,fault=fetch-size",
            f"check_mail_imap_mailbox!INBOX!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--examine=INBOX", "--fetch=last", *PORT, *TRUST),
            r"IMAP CRITICAL - fetch: protocol: .*", "CRITICAL", values=BOX),
    Service("imap-age", "imaps",
            f"check_mail_imap_age!INBOX!86400!172800!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--examine=INBOX", "--sizes", "-w", "oldest_age=86400",
             "-c", "oldest_age=172800", *PORT, *TRUST),
            r"IMAP OK - messages sized in .*", values={
                **BOX, "size_bytes": "6144B", "largest_bytes": "2048B",
                "oldest_age": r"72\d\d\.\d+s;86400;172800", "newest_age": r"\d\d?\.\d+s"}),
    Service("imap-old", "imaps", f"check_mail_imap_age!INBOX!3600!86400!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--examine=INBOX", *AGE, "-c", "oldest_age=86400", *PORT, *TRUST),
            r"IMAP WARNING - sizes: threshold: oldest_age 72\d\d\.\d+s is above 3600s .*",
            "WARNING", values={**BOX, "oldest_age": r"72\d\d\.\d+s;3600;86400"}),
    Service("imap-quota", "imaps", f"check_mail_imap_quota!80!95!-p {{port}} --ca-file={CA}",
            (*IMAPS, *QUOTA, *PORT, *TRUST), r"IMAP OK - quota told in .*", values={
                **BOX, "quota_used_percent": r"0\.\d+%;80;95", "quota_used_bytes": "12288B"}),
    Service("imap-full", "imaps,fault=quota-full",
            f"check_mail_imap_quota!80!95!-p {{port}} --ca-file={CA}",
            (*IMAPS, *QUOTA, *PORT, *TRUST),
            r"IMAP CRITICAL - quota: threshold: quota_used_percent 100% is above 95% .*",
            "CRITICAL", values={**BOX, "quota_used_percent": "100%;80;95"}),
    Service("imap-cycle", "imaps", f"check_mail_imap_cycle!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--cycle", "--append", *PORT, *TRUST),
            r"IMAP OK - message stored, read back and removed in .*",
            labels=("time_create", "time_rename", "time_append", "time_expunge", "time_delete_2"),
            values={**BOX, "message_size": r"\d{3}B"}),
    Service("imap-altered", "imaps,fault=append-altered",
            f"check_mail_imap_cycle!-p {{port}} --ca-file={CA}",
            (*IMAPS, "--cycle", "--append", *PORT, *TRUST),
            r"IMAP CRITICAL - fetch: content_altered: .*", "CRITICAL",
            labels=("time_append", "time_delete_2"), values=BOX),
)

POP3S = (*HERE, "-p", "995", "--tls=implicit", "-U", ACCOUNT, RIGHT)
LISTINGS = "--stat", "--list", "--uidl"
DROP = {"messages": "3", "size_bytes": "6144B"}
NO_DROP = {"messages": "U", "size_bytes": "U"}

POP3 = (
    Service("pop3", "pop3", "check_mail_pop3!-p {port}", (*HERE, *PORT),
            r"POP3 OK - service ready in [\d.]+s", labels=("time_banner", "time_capa")),
    Service("pop3-down", "pop3,fault=banner-no:SYS/TEMP", "check_mail_pop3!-p {port}",
            (*HERE, *PORT), r'POP3 CRITICAL - banner: tempfail: "-ERR \[SYS/TEMP\] .*', "CRITICAL",
            values={"time_capa": "U"}),
    Service("pop3-starttls", "pop3", f"check_mail_pop3_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"POP3 OK - service ready in [\d.]+s, TLSv1\.3",
            labels=(*TLS, "time_capa_2")),
    Service("pop3-no-starttls", "pop3,fault=no-starttls",
            f"check_mail_pop3_starttls!14,3!-p {{port}} --ca-file={CA}",
            (*STARTTLS, *PORT, *TRUST), r"POP3 CRITICAL - starttls: starttls_missing: .*",
            "CRITICAL", values={"time_tls": "U", "cert_days": "U"}),
    Service("pop3s", "pop3s", f"check_mail_pop3s!14,3!-p {{port}} --ca-file={CA}", IMPLICIT,
            r"POP3 OK - service ready in [\d.]+s, TLSv1\.3", labels=TLS),
    Service("pop3s-expired", "pop3s,fault=cert-expired",
            f"check_mail_pop3s!14,3!-p {{port}} --ca-file={CA}", IMPLICIT,
            r"POP3 CRITICAL - tls: cert_expired: .*", "CRITICAL", values={"cert_days": r"-1(\.0\d*)?"}),
    Service("pop3-login", "pop3s", f"check_mail_pop3_login!-p {{port}} --ca-file={CA}",
            (*POP3S, *PORT, *TRUST), r"POP3 OK - 3 messages in .*, AUTH SCRAM-\S+",
            labels=(*TLS, "time_auth", "time_stat"), values=DROP),
    Service("pop3-locked", "pop3s,fault=login-no:IN-USE",
            f"check_mail_pop3_login!-p {{port}} --ca-file={CA}", (*POP3S, *PORT, *TRUST),
            r'POP3 WARNING - auth: tempfail: "-ERR \[IN-USE\] .*', "WARNING", values=NO_DROP),
    Service("pop3-list", "pop3s", f"check_mail_pop3_list!5!10!-p {{port}} --ca-file={CA}",
            (*POP3S, *LISTINGS, "-w", "messages=5", "-c", "messages=10", *PORT, *TRUST),
            r"POP3 OK - 3 messages in .*", labels=("time_list", "time_uidl"),
            values={**DROP, "messages": "3;5;10", "largest_bytes": "2048B"}),
    Service("pop3-many", "pop3s", f"check_mail_pop3_list!1!2!-p {{port}} --ca-file={CA}",
            (*POP3S, *LISTINGS, "-w", "messages=1", "-c", "messages=2", *PORT, *TRUST),
            r"POP3 CRITICAL - uidl: threshold: messages 3 is above 2 .*", "CRITICAL",
            values={**DROP, "messages": "3;1;2"}),
    Service("pop3-miscounted", "pop3s,fault=stat-count",
            f"check_mail_pop3_list!5!10!-p {{port}} --ca-file={CA}",
            (*POP3S, *LISTINGS, "-w", "messages=5", "-c", "messages=10", *PORT, *TRUST),
            r"POP3 CRITICAL - list: protocol: LIST has 3 messages, .*", "CRITICAL",
            values={"time_uidl": "U"}),
    Service("pop3-retr", "pop3s", f"check_mail_pop3_retr!-p {{port}} --ca-file={CA}",
            (*POP3S, "--retr=last", *PORT, *TRUST), r"POP3 OK - message retrieved in .*",
            labels=("time_retr",), values={**DROP, "message_size": "2048B"}),
    Service("pop3-cut", "pop3s,fault=retr-cut", f"check_mail_pop3_retr!-p {{port}} --ca-file={CA}",
            (*POP3S, "--retr=last", *PORT, *TRUST), r"POP3 CRITICAL - retr: closed.*", "CRITICAL",
            values=DROP),
)

SERVICES = SMTP + IMAP + POP3


class Nagios(Monitor):
    name = "nagios"
    table = SERVICES
    logs = ("/var/log/console", "/var/nagios/nagios.log")
    complaint = re.compile(r"^(?:\[\d+\] )?(?:Warning|Error):.*", re.M)

    def configure(self):
        super().configure()
        for definition in DEFINITIONS:
            self.copy(definition, "/etc/nagios4/ours/" + os.path.basename(definition))
        self.write("/etc/nagios4/nagios.cfg", MAIN)
        self.write("/etc/nagios4/resource.cfg", f"$USER1$={PLUGINS}\n")
        self.write("/etc/nagios4/objects.cfg", OBJECTS.format(host=HOST) + "".join(
            SERVICE.format(name=one.name, host=HOST, user=ACCOUNT, password=PASSWORD_FILE,
                           command=self.fill(one, one.given))
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


@collect(CASES, "each of our commands has a service that is well and one that is not")
def complete(watch):
    del watch
    defined = set()
    for definition in DEFINITIONS:
        with open(definition, encoding="utf-8") as file:
            defined.update(re.findall(r"^\tcommand_name\s+(\S+)", file.read(), re.M))
    seen = collections.defaultdict(set)
    for one in SERVICES:
        seen[one.given.partition("!")[0]].add(one.state == "OK")
    want("commands", dict(seen), {command: {True, False} for command in defined})


CASES.extend(Case(f"service {one.name}: {one.state}", judge(one)) for one in SERVICES)
