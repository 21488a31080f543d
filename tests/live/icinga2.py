# SPDX-License-Identifier: BSD-2-Clause
"""Icinga 2, with services whose custom variables take every form that our CheckCommands know.

It says what became of a check by its perfdata writer, in a template of ours, into files that it
puts in place once a second. No API is started, so nothing listens.
"""

import contextlib
import glob
import os
import re

from check import want
from material import Case, collect
from monitor import (ACCOUNT, CA, HOST, OURS, PASSWORD_FILE, PROBES, Monitor, Result, Service,
                     checked, judge)
from server import STOP_SECONDS, Failed, wait_for

# The options whose order our CheckCommands keep: a check does these steps as they are written.
STEPS = frozenset((
    "--list", "--examine", "--select", "--status", "--sizes", "--search", "--fetch", "--cycle",
    "--append", "--idle", "--quota", "--stat", "--uidl", "--retr", "--dele"))
RESULTS = "/var/spool/icinga2/perfdata/"
END = "\x1e"    # a line of the writer's is a record, and who knows what an output holds
SEPARATOR = "\x1f"

CONFIG = """\
include <itl>
include "ours/*.conf"
const PluginDir = "/usr/lib/nagios/plugins"
object CheckerComponent "checker" {{ }}
object PerfdataWriter "perfdata" {{
	service_format_template = "{template}"
	rotation_interval = 1s
}}
object Host "{host}" {{
	check_command = "dummy"
	enable_active_checks = false
	address = "127.0.0.1"
}}
object Host "localhost" {{
	check_command = "dummy"
	enable_active_checks = false
	address6 = "::1"
}}
"""

# Icinga spreads the first checks over the interval: this one is so short for that.
SERVICE = """\
object Service "{name}" {{
	host_name = "{host}"
	check_command = "mail_{probe}"
	check_interval = 1s
	retry_interval = 1s
	max_check_attempts = 1
	vars.mail_{probe}_port = {port}
{given}
}}
"""

ADDRESS = ("--address", "127.0.0.1")
NAME = ("--hostname", HOST)
PORT = ("--port", "{port}")
TRUST = ("--ca-file", CA)

SMTP = (
    Service("banner", "smtp", {}, (*ADDRESS, *NAME, *PORT),
            r"SMTP OK - service ready in [\d.]+s", labels=("time_banner",)),
    Service("message", "submission", {
        "ca_file": CA, "tls": "starttls", "user": ACCOUNT, "password_file": PASSWORD_FILE,
        "auth": ["SCRAM-SHA-256", "PLAIN"], "rcpt": [ACCOUNT, "second@sandbox.test"],
        "send": True, "subject": "a subject of 'several' \"words\"", "pipelining": True,
        "header": ["X-One: 1", "X-Two: $$2"], "require": ["PIPELINING", "8BITMIME"],
        "forbid": ["VRFY"], "warning": ["8", "auth=6"], "critical": ["9", "auth=7", "rcpt=7"],
        "certificate": "14,3", "insecure": False, "use_ipv4": True, "timeout": 9.5},
        (*ADDRESS, "--auth", "SCRAM-SHA-256", "--auth", "PLAIN", *TRUST, "--certificate", "14,3",
         "--critical", "9", "--critical", "auth=7", "--critical", "rcpt=7", "--forbid", "VRFY",
         "--header", "X-One: 1", "--header", "X-Two: $2", *NAME, "--password-file", PASSWORD_FILE,
         "--pipelining", *PORT, "--rcpt", ACCOUNT, "--rcpt", "second@sandbox.test",
         "--require", "PIPELINING", "--require", "8BITMIME", "--send",
         "--subject", "a subject of 'several' \"words\"", "--timeout", "9.500000", "--tls=starttls",
         "--use-ipv4", "--user", ACCOUNT, "--warning", "8", "--warning", "auth=6"),
        r"SMTP OK - message accepted in .*, AUTH SCRAM-SHA-256\b.*",
        time=("8", "9", "0", "9.5"), labels=("time_auth", "time_send", "cert_days")),
    Service("expired", "smtp,fault=cert-expired",
            {"ca_file": CA, "tls": "starttls", "require": "STARTTLS", "critical": [5]},
            (*ADDRESS, *TRUST, "--critical", "5", *NAME, *PORT, "--require", "STARTTLS",
             "--tls=starttls"),
            r"SMTP CRITICAL - tls: cert_expired: .*", "CRITICAL", time=("", "5", "0", "10"),
            labels=("cert_days",)),
    Service("expired-ignored", "smtp,fault=cert-expired",
            {"ca_file": CA, "tls": "starttls", "ignore_certificate_expiration": True},
            (*ADDRESS, *TRUST, *NAME, "--ignore-certificate-expiration", *PORT, "--tls=starttls"),
            r"SMTP OK - .*"),
    Service("null-sender", "smtp", {"from": "<>", "rcpt": ACCOUNT},
            (*ADDRESS, "--from", "<>", *NAME, *PORT, "--rcpt", ACCOUNT),
            r"SMTP OK - recipient accepted in .*", labels=("time_mail", "time_rcpt")),
    Service("relay", "smtp,fault=open-relay", {"deny_rcpt": ["a@elsewhere.test"]},
            (*ADDRESS, "--deny-rcpt", "a@elsewhere.test", *NAME, *PORT),
            r"SMTP CRITICAL - rcpt: open_relay: .*", "CRITICAL"),
    Service("lmtp", "lmtp", {"lmtp": True, "rcpt": ACCOUNT, "send": False},
            (*ADDRESS, *NAME, "--lmtp", *PORT, "--rcpt", ACCOUNT),
            r"LMTP OK - recipient accepted in .*"),
    Service("hostile-banner", "smtp,fault=reply:banner=554 a|b=1;2 'c' $host.name$", {},
            (*ADDRESS, *NAME, *PORT),
            r"""SMTP CRITICAL - banner: rejected: "554 a\\x7cb=1;2 'c' \$host\.name\$" after .*""",
            "CRITICAL"),
    Service("greylisted", "smtp,fault=greylist", {"rcpt": ACCOUNT}, (*ADDRESS, *NAME, *PORT,
            "--rcpt", ACCOUNT), r"SMTP WARNING - rcpt: tempfail: .*", "WARNING"),
    Service("usage", "smtp", {"tls": "sideways"}, (*ADDRESS, *NAME, *PORT, "--tls=sideways"),
            r"SMTP UNKNOWN - .*sideways.*", "UNKNOWN", time=None),
)

ACCESS = {"ca_file": CA, "user": ACCOUNT, "password_file": PASSWORD_FILE}
LOGIN = (*ADDRESS, *NAME, *PORT, *TRUST, "--user", ACCOUNT, "--password-file", PASSWORD_FILE)

IMAP = (
    Service("imap", "imap", {}, (*ADDRESS, *NAME, *PORT), r"IMAP OK - greeted in [\d.]+s",
            labels=("time_banner",)),
    # Of every step as much as it takes, in the order in which the definition has them.
    Service("imap-all", "imap", {
        **ACCESS, "list": ",Archive/%", "examine": ["INBOX", "Info"], "status": ["Sent", "Entwürfe"],
        "sizes": True, "search": ["SEEN", 'SUBJECT "a b"'], "fetch": [1, "last"], "cycle": True,
        "append": True, "idle": True, "quota": True, "send": "NOOP", "tls": "starttls",
        "auth": ["SCRAM-SHA-256", "login"], "require": ["IDLE", "QUOTA"], "forbid": "IMAP4REV2",
        "warning": ["8", "quota_used_percent=80"], "critical": ["9", "messages=5"],
        "certificate": "14,3", "insecure": False, "verbose": False, "use_ipv4": True,
        "timeout": 9.5},
        (*LOGIN, "--tls=starttls", "--auth", "SCRAM-SHA-256", "--auth", "login", "--send", "NOOP",
         "--require", "IDLE", "--require", "QUOTA", "--forbid", "IMAP4REV2", "--warning", "8",
         "--warning", "quota_used_percent=80", "--critical", "9", "--critical", "messages=5",
         "--certificate", "14,3", "--use-ipv4", "--timeout", "9.500000", "--list=,Archive/%",
         "--examine", "INBOX", "--examine", "Info", "--status", "Sent", "--status", "Entwürfe",
         "--sizes", "--search", "SEEN", "--search", 'SUBJECT "a b"', "--fetch", "1",
         "--fetch", "last", "--cycle", "--append", "--idle", "--quota"),
        r"IMAP OK - quota told in .*, AUTH SCRAM-SHA-256\b.*", time=("8", "9", "0", "9.5"),
        labels=("time_command", "time_list", "time_status_2", "time_search_2", "time_rename",
                "time_append", "time_expunge", "time_idle"),
        values={"messages": "3;;5", "messages[Info]": "1", "unseen[Entwürfe]": "0",
                "size_bytes[Info]": "2048B", "matches[Info]": "0", "mailboxes": "1",
                "quota_used_percent": r"0\.\d+%;80"}),
    # The array's order, and behind it what has a variable of its own.
    Service("imap-steps", "imaps", {
        **ACCESS, "tls": "implicit", "search": "ALL", "quota": True, "fetch": [],
        "steps": ["--examine=Info", "--sizes", "--examine=Archive/2026", "--fetch=last",
                  "--examine=INBOX", "--sizes"]},
        (*LOGIN, "--tls=implicit", "--examine=Info", "--sizes", "--examine=Archive/2026",
         "--fetch=last", "--examine=INBOX", "--sizes", "--search", "ALL", "--quota"),
        r"IMAP OK - quota told in .*", labels=("time_sizes_2", "time_select_3"), values={
            "messages": "1", "messages[Archive/2026]": "2", "messages[INBOX]": "3",
            "message_size": "2048B", "size_bytes": "2048B", "size_bytes[INBOX]": "6144B",
            "oldest_age[INBOX]": r"72\d\d(\.\d+)?s", "matches[INBOX]": "3"}),
    Service("imap-old", "imaps", {
        **ACCESS, "tls": "implicit", "select": "INBOX", "sizes": True,
        "warning": "oldest_age=3600", "critical": ["oldest_age=86400", "size_bytes=1:"]},
        (*LOGIN, "--tls=implicit", "--select", "INBOX", "--sizes", "--warning", "oldest_age=3600",
         "--critical", "oldest_age=86400", "--critical", "size_bytes=1:"),
        r"IMAP WARNING - sizes: threshold: oldest_age .*", "WARNING", values={
            "messages": "3", "size_bytes": "6144B;;1:",
            "oldest_age": r"72\d\d(\.\d+)?s;3600;86400"}),
    Service("imap-no-mailbox", "imaps", {
        **ACCESS, "tls": "implicit", "examine": "Entwürfe & \"mehr\"", "fetch": "last"},
        (*LOGIN, "--tls=implicit", "--examine", "Entwürfe & \"mehr\"", "--fetch", "last"),
        r'IMAP CRITICAL - select: mailbox_missing: "a\d NO \[NONEXISTENT\] .*', "CRITICAL",
        values={"messages": "U", "message_size": "U"}),
    Service("imap-bye", "imap,fault=reply:banner=* BYE a|b=1;2 'c' $host.name$", {},
            (*ADDRESS, *NAME, *PORT),
            r'''IMAP CRITICAL - banner: rejected: "\* BYE a\\x7cb=1;2 'c' \$host\.name\$" .*''',
            "CRITICAL"),
    Service("imap-usage", "imap", {"steps": ["--examine=INBOX", "--frobnicate"]},
            (*ADDRESS, *NAME, *PORT, "--examine=INBOX", "--frobnicate"),
            r"IMAP UNKNOWN - .*frobnicate.*", "UNKNOWN", time=None),
)

DROP = {"messages": "3", "size_bytes": "6144B"}

POP3 = (
    Service("pop3", "pop3", {}, (*ADDRESS, *NAME, *PORT), r"POP3 OK - service ready in [\d.]+s",
            labels=("time_banner", "time_capa")),
    Service("pop3-all", "pop3", {
        **ACCESS, "stat": True, "list": True, "uidl": True, "retr": [1, "last"], "send": ["NOOP"],
        "tls": "starttls", "auth": "SCRAM-SHA-1", "require": ["UIDL", "TOP"], "verbose": False,
        "warning": ["8", "messages=5"], "critical": ["9", "messages=10", "largest_bytes=1:9999"]},
        (*LOGIN, "--tls=starttls", "--auth", "SCRAM-SHA-1", "--require", "UIDL", "--require", "TOP",
         "--send", "NOOP", "--warning", "8", "--warning", "messages=5", "--critical", "9",
         "--critical", "messages=10", "--critical", "largest_bytes=1:9999", "--stat", "--list",
         "--uidl", "--retr", "1", "--retr", "last"),
        r"POP3 OK - message retrieved in .*, AUTH SCRAM-SHA-1\b.*", time=("8", "9", "0", "10"),
        labels=("time_command", "time_stat", "time_list", "time_uidl", "time_retr_2"),
        values={**DROP, "messages": "3;5;10", "largest_bytes": "2048B;;1:9999",
                "message_size": "2048B"}),
    Service("pop3-steps", "pop3s", {
        **ACCESS, "tls": "implicit", "auth": ["apop"], "uidl": True,
        "steps": ["--retr=1", "--list", "--retr=last", "--stat"]},
        (*LOGIN, "--tls=implicit", "--auth", "apop", "--retr=1", "--list", "--retr=last", "--stat",
         "--uidl"),
        r"POP3 OK - 3 messages in .*, AUTH (?i:apop)\b.*",
        labels=("time_retr_2", "time_stat", "time_uidl"), values=DROP),
    Service("pop3-dele", "pop3s,fault=dele-no", {
        **ACCESS, "tls": "implicit", "dele": [1, 2], "stat": True, "list": False},
        (*LOGIN, "--tls=implicit", "--stat", "--dele", "1", "--dele", "2"),
        r'POP3 CRITICAL - dele: message_missing: "-ERR .*', "CRITICAL",
        values={**DROP, "time_dele_2": "U"}),
    Service("pop3-locked", "pop3s,fault=login-no:IN-USE", {**ACCESS, "tls": "implicit"},
            (*LOGIN, "--tls=implicit"), r'POP3 WARNING - auth: tempfail: "-ERR \[IN-USE\] .*',
            "WARNING", values={"messages": "U", "size_bytes": "U"}),
    Service("pop3-usage", "pop3", {"retr": "first"}, (*ADDRESS, *NAME, *PORT, "--retr", "first"),
            r"POP3 UNKNOWN - .*first.*", "UNKNOWN", time=None),
)
# Its host has address6 alone, as others have neither and are found by their names.
OTHER_HOST = Service("no-address", "smtp,address=::1", {}, ("--hostname", "localhost", *PORT),
                     r"SMTP OK - service ready in [\d.]+s")


def literal(value):
    """A value in Icinga's own language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[ " + ", ".join(map(literal, value)) + " ]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


class Icinga2(Monitor):
    name = "icinga2"
    table = (*SMTP, *IMAP, *POP3, OTHER_HOST)
    logs = ("/var/log/console",)
    complaint = re.compile(r".*(?:warning|critical)/.*")

    def configure(self):
        super().configure()
        for probe in PROBES:
            definition = f"check_mail_{probe}.conf"
            self.copy(f"{OURS}/icinga2/{definition}", "/etc/icinga2/ours/" + definition)
        template = SEPARATOR.join(f"$service.{part}$" for part in (
            "name", "state", "output", "perfdata")) + END
        self.write("/etc/icinga2/icinga2.conf", CONFIG.format(
            host=HOST, template=template) + "".join(
            SERVICE.format(name=one.name, host="localhost" if one is OTHER_HOST else HOST,
                           probe=one.probe, port=self.ports[one.name], given="\n".join(
                               f"\tvars.mail_{one.probe}_{name} = "
                               + self.fill(one, literal(value))
                               for name, value in one.given.items()))
            for one in self.table))
        for folder in ("/var/lib/icinga2", "/var/lib/icinga2/api", "/var/cache/icinga2",
                       "/var/log/icinga2", "/run/icinga2", "/var/spool/icinga2", RESULTS,
                       RESULTS + "../tmp"):
            self.folder(folder, self.daemon_user)

        # It lists its descriptors when it starts, to close those it inherited: there are none.
        self.folder("/proc/self/fd")

    def program(self):
        """Not the script in /usr/sbin, which finds out what only its `console` needs to know."""
        found = glob.glob(self.path("/usr/lib/*/icinga2/sbin/icinga2"))
        return "/" + os.path.relpath(found[0], self.root)

    def commands(self):
        return [[self.program(), "daemon"]]

    @staticmethod
    def arranged(words):
        """Steps as they come, then by the names of options: Icinga has an order of its own for
        those, but for the values of one."""
        options = []
        for word in words:
            if word.startswith("--"):
                options.append([])
            options[-1].append(word)
        return [word for option in sorted(options, key=lambda option: "" if option[0].partition(
            "=")[0] in STEPS else option[0]) for word in option]

    def stop(self):
        """Icinga ends its own workers, and may wait for one that we ended behind its back."""
        for process in self.processes:
            process.terminate()
        with contextlib.suppress(Failed):
            wait_for("end of Icinga", STOP_SECONDS, self._ended)
        super().stop()

    def result(self, name):
        for path in glob.glob(self.path(RESULTS) + "service-perfdata.*"):
            with contextlib.suppress(FileNotFoundError), open(path, encoding="utf-8") as file:
                for record in file.read().split(END):
                    found, _, rest = record.strip("\n").partition(SEPARATOR)
                    if found == name:
                        return Result(*rest.split(SEPARATOR))
        return None


CASES = []


@collect(CASES, "icinga2 daemon -C finds nothing wrong with our CheckCommands")
def verified(watch):
    said = checked(watch.server, watch.server.program(), "daemon", "-C")
    want("complaints", watch.server.complaint.findall(said), [])


CASES.extend(Case(f"service {one.name}: {one.state}", judge(one)) for one in Icinga2.table)
