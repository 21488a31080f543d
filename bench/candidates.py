# SPDX-License-Identifier: BSD-2-Clause
"""The programs that are compared, and how each is asked for the same exchange.

One row per program. Where a peer cannot do exactly what is asked it does the nearest thing, and the
row says so in `remark`: the remarks are printed under the tables.
"""

import base64
import os
from dataclasses import dataclass
from typing import Callable

from scenarios import Target

HOMEMADE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "homemade.py")
SMTP = ("plain", "starttls", "auth")
MAILBOXES = ("imaps", "pop3s")


@dataclass(frozen=True)
class Candidate:
    label: str
    program: str                        # relative to the build folder, or absolute
    exchanges: tuple
    arguments: Callable[[str, Target], list]
    package: str = ""                   # of Debian, for what is not ours
    floor: str = "floor"                # what it is compared with
    required: bool = False
    proves: tuple = ("password", "reply")       # what it fails at, if it does the exchange
    remark: str = ""


def floor(exchange, target):
    return ["127.0.0.1", str(target.port), exchange, target.ca_path, target.name, target.user]


def check_mail(exchange, target):
    common = ["-H", target.name, "-I", "127.0.0.1", "-p", str(target.port),
              f"--ca-path={target.ca_path}"]
    login = ["-U", target.user, f"--password-file={target.password_file}", "--auth=PLAIN"]
    return common + {"plain": ["--tls=none"],
                     "starttls": ["--tls=starttls"],
                     "auth": ["--tls=starttls", *login],
                     "imaps": ["--tls=implicit", *login, "--examine=INBOX"],
                     "pop3s": ["--tls=implicit", *login, "--list"]}[exchange]


def check_smtp(exchange, target):
    common = ["-H", "127.0.0.1", "-p", str(target.port)]
    login = ["-A", "LOGIN", "-U", target.user, "-P", target.password]
    return common + {"plain": [], "starttls": ["-S"], "auth": ["-S", *login]}[exchange]


def check_tcp(_, target):
    return ["-H", "127.0.0.1", "-p", str(target.port)]


def check_simap_blind(exchange, target):
    """What is sent goes out at once, before the greeting; what follows when it was answered as
    expected is read by nobody. All that the server lets go out at once does."""
    login = rf"a1 LOGIN {target.user} {target.password}\r\n"
    examine, logout = r"a2 EXAMINE INBOX\r\n", r"a3 LOGOUT\r\n"
    said = (["-s", login, "-e", "a1 OK", "-q", examine + logout] if target.strict else
            ["-s", login + examine, "-e", "a2 OK", "-q", logout])
    return [*check_tcp(exchange, target), "-E", *said]


def check_spop_blind(exchange, target):
    """As above. The account has three messages: Dovecot says so to LIST, the sandbox to the login
    already."""
    message = base64.b64encode(f"\0{target.user}\0{target.password}".encode()).decode()
    login, listing, bye = rf"AUTH PLAIN {message}\r\n", r"LIST\r\n", r"QUIT\r\n"
    said = (["-s", login, "-q", listing + bye] if target.strict else
            ["-s", login + listing, "-q", bye])
    return [*check_tcp(exchange, target), "-E", *said, "-e", "+OK 3 messages"]


def swaks(exchange, target):
    common = ["--server", "127.0.0.1", "--port", str(target.port), "--helo", "bench.test"]
    tls = ["--tls", "--tls-verify", "--tls-ca-path", target.ca_path, "--tls-sni", target.name]
    login = ["--auth", "PLAIN", "--auth-user", target.user, "--auth-password", target.password]
    return common + {"plain": ["--quit-after", "EHLO"],
                     "starttls": [*tls, "--quit-after", "EHLO"],
                     "auth": [*tls, *login, "--quit-after", "AUTH"]}[exchange]


def curl(exchange, target):
    place = f"{target.name}:{target.port}"
    common = ["-q", "-sS", "--resolve", f"{place}:127.0.0.1"]
    smtp = ["-X", "NOOP", f"smtp://{place}/bench.test"]
    trust = ["--cacert", target.ca_file, "--capath", target.ca_path]
    login = ["--user", f"{target.user}:{target.password}", "--login-options", "AUTH=PLAIN",
             "--sasl-ir"]
    return common + {"plain": smtp,
                     "starttls": [*smtp, "--ssl-reqd", *trust],
                     "auth": [*smtp, "--ssl-reqd", *trust, *login],
                     "imaps": [*trust, *login, "-X", "EXAMINE INBOX", f"imaps://{place}/"],
                     "pop3s": [*trust, *login, f"pop3s://{place}/"]}[exchange]


def homemade(exchange, target):
    return [HOMEMADE, exchange, "127.0.0.1", str(target.port), target.ca_path, target.name,
            target.user]


PLUGINS = "/usr/lib/nagios/plugins"
MONITORING = "monitoring-plugins-basic"

CANDIDATES = (
    Candidate("floor", "bench/floor", SMTP + MAILBOXES, floor, required=True),
    Candidate("floor, static", "bench/floor-static", SMTP + MAILBOXES, floor,
              floor="floor, static", required=True),
    Candidate("check_mail_smtp", "bin/check_mail_smtp", SMTP, check_mail, required=True),
    Candidate("check_mail_smtp, static", "static/bin/check_mail_smtp", SMTP, check_mail,
              floor="floor, static"),
    Candidate("check_mail_imap", "bin/check_mail_imap", ("imaps",), check_mail, required=True),
    Candidate("check_mail_imap, static", "static/bin/check_mail_imap", ("imaps",), check_mail,
              floor="floor, static"),
    Candidate("check_mail_pop3", "bin/check_mail_pop3", ("pop3s",), check_mail, required=True,
              remark="asks CAPA first, the static one too"),
    Candidate("check_mail_pop3, static", "static/bin/check_mail_pop3", ("pop3s",), check_mail,
              floor="floor, static"),
    Candidate("check_smtp", f"{PLUGINS}/check_smtp", SMTP, check_smtp, MONITORING,
              remark="cannot AUTH PLAIN: AUTH LOGIN, one round trip more"),
    Candidate("check_simap", f"{PLUGINS}/check_simap", ("imaps",), check_tcp, MONITORING,
              proves=(), remark="reads the greeting and logs out: no login"),
    Candidate("check_simap, blind", f"{PLUGINS}/check_simap", ("imaps",), check_simap_blind,
              MONITORING, proves=("password",),
              remark="sends LOGIN before the greeting, to Dovecot EXAMINE with it; the sandbox "
                     "would hang up on\n  that, and has EXAMINE with LOGOUT, the answer unread"),
    Candidate("check_spop", f"{PLUGINS}/check_spop", ("pop3s",), check_tcp, MONITORING,
              proves=(), remark="reads the greeting and says QUIT: no login"),
    Candidate("check_spop, blind", f"{PLUGINS}/check_spop", ("pop3s",), check_spop_blind,
              MONITORING, proves=("password",),
              remark="sends AUTH PLAIN before the greeting, to Dovecot LIST with it; the sandbox "
                     "would hang up on\n  that, and has LIST with QUIT, the answer unread"),
    Candidate("swaks", "/usr/bin/swaks", SMTP, swaks, "swaks, libnet-ssleay-perl"),
    Candidate("curl", "/usr/bin/curl", SMTP + MAILBOXES, curl, "curl",
              remark="has no SMTP without a command: one NOOP more, and a file for the CA; always "
                     "asks\n  CAPABILITY and CAPA first"),
    Candidate("python", "/usr/bin/python3", MAILBOXES, homemade, "python3",
              remark="imaplib asks CAPABILITY first and has LOGIN; poplib has USER and PASS"),
)
