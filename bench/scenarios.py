# SPDX-License-Identifier: BSD-2-Clause
"""What is measured: an exchange, by the name the floor has for it, with a server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    exchange: str
    service: str                        # the port of the server
    server: str = "sandbox"

    @property
    def tls(self):
        return self.exchange != "plain"

    @property
    def implicit(self):
        """Whether TLS comes first."""
        return self.exchange in ("imaps", "pop3s")

    @property
    def login(self):
        return self.implicit or self.exchange == "auth"


@dataclass(frozen=True)
class Target:
    """A server as a candidate is told of it. `strict`: it hangs up on who sends a command behind a
    login without waiting for the answer. `refusing` is a port where EXAMINE or LIST is refused, if
    there is one."""
    port: int
    ca_file: str
    ca_path: str
    user: str
    password: str
    password_file: str
    name: str = "localhost"
    strict: bool = False
    refusing: int = None


IMAPS = "TLS, login, EXAMINE INBOX, LOGOUT"
POP3S = "TLS, login, LIST, QUIT"
SCENARIOS = {scenario.name: scenario for scenario in (
    Scenario("plain", "SMTP plain: banner, EHLO, QUIT", "plain", "submission"),
    Scenario("starttls", "STARTTLS: banner, EHLO, STARTTLS, TLS, EHLO, QUIT", "starttls",
             "submission"),
    Scenario("auth", "STARTTLS and AUTH PLAIN: the same with a login", "auth", "submission"),
    Scenario("imaps", f"IMAPS: {IMAPS}", "imaps", "imaps"),
    Scenario("pop3s", f"POP3S: {POP3S}", "pop3s", "pop3s"),
    Scenario("imaps-dovecot", f"IMAPS of Dovecot 2.3: {IMAPS}", "imaps", "imaps", "dovecot"),
    Scenario("pop3s-dovecot", f"POP3S of Dovecot 2.3: {POP3S}", "pop3s", "pop3s", "dovecot"),
)}
