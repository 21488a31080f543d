# SPDX-License-Identifier: BSD-2-Clause
"""Icinga 2, with services whose custom variables take every form that our CheckCommand knows.

It says what became of a check by its perfdata writer, in a template of ours, into files that it
puts in place once a second. No API is started, so nothing listens.
"""

import contextlib
import glob
import os
import re

from check import want
from material import Case, collect
from monitor import ACCOUNT, CA, HOST, PASSWORD_FILE, Monitor, Result, Service, checked, judge
from server import STOP_SECONDS, Failed, wait_for

DEFINITION = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "../../plugins/icinga2/check_mail_smtp.conf")
RESULTS = "/var/spool/icinga2/perfdata/"
END = "\x1e"    # a line of the writer's is a record, and who knows what an output holds
SEPARATOR = "\x1f"

CONFIG = """\
include <itl>
include "check_mail_smtp.conf"
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
	check_command = "mail_smtp"
	check_interval = 1s
	retry_interval = 1s
	max_check_attempts = 1
	vars.mail_smtp_port = {port}
{given}
}}
"""

ADDRESS = ("--address", "127.0.0.1")
NAME = ("--hostname", HOST)
PORT = ("--port", "{port}")
TRUST = ("--ca-file", CA)

SERVICES = (
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
    table = (*SERVICES, OTHER_HOST)
    logs = ("/var/log/console",)
    complaint = re.compile(r".*(?:warning|critical)/.*")

    def configure(self):
        super().configure()
        self.copy(DEFINITION, "/etc/icinga2/check_mail_smtp.conf")
        template = SEPARATOR.join(f"$service.{part}$" for part in (
            "name", "state", "output", "perfdata")) + END
        self.write("/etc/icinga2/icinga2.conf", CONFIG.format(
            host=HOST, template=template) + "".join(
            SERVICE.format(name=one.name, host="localhost" if one is OTHER_HOST else HOST,
                           port=self.ports[one.name], given="\n".join(
                               f"\tvars.mail_smtp_{name} = {literal(value)}"
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
        """By the names of options: Icinga has an order of its own, but for the values of one."""
        options = []
        for word in words:
            if word.startswith("--"):
                options.append([])
            options[-1].append(word)
        return [word for option in sorted(options, key=lambda option: option[0])
                for word in option]

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


@collect(CASES, "icinga2 daemon -C finds nothing wrong with our CheckCommand")
def verified(watch):
    said = checked(watch.server, watch.server.program(), "daemon", "-C")
    want("complaints", watch.server.complaint.findall(said), [])


CASES.extend(Case(f"service {one.name}: {one.state}", judge(one)) for one in Icinga2.table)
