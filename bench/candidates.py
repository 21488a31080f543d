# SPDX-License-Identifier: BSD-2-Clause
"""The programs that are compared, and how each is asked for the same exchange.

One row per program. Where a peer cannot do exactly what is asked it does the nearest thing, and the
row says so in `remark`: the remarks are printed under the tables.
"""

from dataclasses import dataclass
from typing import Callable

SCENARIOS = ("plain", "starttls", "auth")


@dataclass(frozen=True)
class Target:
    port: int
    ca_file: str
    ca_path: str
    name: str
    user: str
    password: str
    password_file: str


@dataclass(frozen=True)
class Candidate:
    label: str
    program: str                        # relative to the build folder, or absolute
    arguments: Callable[[str, Target], list]
    package: str = ""                   # of Debian, for what is not ours
    floor: str = "floor"                # what it is compared with
    required: bool = False
    remark: str = ""


def floor(scenario, target):
    return ["127.0.0.1", str(target.port), scenario, target.ca_path, target.name, target.user]


def check_mail_smtp(scenario, target):
    common = ["-H", target.name, "-I", "127.0.0.1", "-p", str(target.port),
              f"--ca-path={target.ca_path}"]
    login = ["-U", target.user, f"--password-file={target.password_file}", "--auth=PLAIN"]
    return common + {"plain": ["--tls=none"], "starttls": ["--tls=starttls"],
                     "auth": ["--tls=starttls", *login]}[scenario]


def check_smtp(scenario, target):
    common = ["-H", "127.0.0.1", "-p", str(target.port)]
    login = ["-A", "LOGIN", "-U", target.user, "-P", target.password]
    return common + {"plain": [], "starttls": ["-S"], "auth": ["-S", *login]}[scenario]


def swaks(scenario, target):
    common = ["--server", "127.0.0.1", "--port", str(target.port), "--helo", "bench.test"]
    tls = ["--tls", "--tls-verify", "--tls-ca-path", target.ca_path, "--tls-sni", target.name]
    login = ["--auth", "PLAIN", "--auth-user", target.user, "--auth-password", target.password]
    return common + {"plain": ["--quit-after", "EHLO"],
                     "starttls": [*tls, "--quit-after", "EHLO"],
                     "auth": [*tls, *login, "--quit-after", "AUTH"]}[scenario]


def curl(scenario, target):
    common = ["-q", "-sS", "-X", "NOOP", "--resolve", f"{target.name}:{target.port}:127.0.0.1",
              f"smtp://{target.name}:{target.port}/bench.test"]
    tls = ["--ssl-reqd", "--cacert", target.ca_file, "--capath", target.ca_path]
    login = ["--user", f"{target.user}:{target.password}", "--login-options", "AUTH=PLAIN",
             "--sasl-ir"]
    return common + {"plain": [], "starttls": tls, "auth": tls + login}[scenario]


CANDIDATES = (
    Candidate("floor", "bench/floor", floor, required=True),
    Candidate("floor, static", "bench/floor-static", floor, floor="floor, static", required=True),
    Candidate("check_mail_smtp", "bin/check_mail_smtp", check_mail_smtp, required=True),
    Candidate("check_mail_smtp, static", "static/bin/check_mail_smtp", check_mail_smtp,
              floor="floor, static"),
    Candidate("check_smtp", "/usr/lib/nagios/plugins/check_smtp", check_smtp,
              package="monitoring-plugins-basic",
              remark="cannot AUTH PLAIN: AUTH LOGIN, one round trip more"),
    Candidate("swaks", "/usr/bin/swaks", swaks, package="swaks, libnet-ssleay-perl"),
    Candidate("curl", "/usr/bin/curl", curl, package="curl",
              remark="has no SMTP without a command: one NOOP more, and a file for the CA"),
)
