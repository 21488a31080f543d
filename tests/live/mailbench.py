# SPDX-License-Identifier: BSD-2-Clause
"""A server of IMAP and POP3 and both checks, as the cases see them.

Around every visit with a login the account is looked at, and must be as it was. A look is a
session of its own, whose end the server logs like any other.
"""

from bench import Bench
from server import USER


class MailBench(Bench):
    def __init__(self, server, checks, other_ca, client_certificate):
        self.checks = checks            # by protocol
        self.accounts = {}              # each as it was when last looked at, by user
        super().__init__(server, checks["imap"], other_ca, client_certificate)
        self.account()

    def begin(self):
        super().begin()
        self.looks = 0
        for check in self.checks.values():
            check.runs = 0
            check.last = None
        self.current = self.check

    def visits(self):
        return self.looks + sum(check.runs for check in self.checks.values()) - self.held

    def last(self):
        return self.current.last

    def look(self, user=USER, bodies=False):
        self.looks += 1
        return self.server.account(user, bodies)

    def account(self, user=USER):
        """The account as it is known to be."""
        if user not in self.accounts:
            self.accounts[user] = self.look(user)
        return self.accounts[user]

    def imap(self, *options, service="imaps", **how):
        return self.visit("imap", service, *options, **how)

    def pop3(self, *options, service="pop3s", **how):
        return self.visit("pop3", service, *options, **how)

    def visit(self, protocol, service, *options, user=USER, password=None, port=None, unless=(),
              harmless=True, named=True, **how):
        """A run of the check, as `user` unless None; `unless` as Account.unchanged has it.

        Not named, the user is known to the server by other means, which `options` must have.
        """
        check = self.current = self.checks[protocol]
        if not any(option.startswith("--tls=") for option in options):
            options = "--tls=implicit" if service.endswith("s") else "--tls=starttls", *options
        if user and named:
            options = "-U", user, *options
        if user and named and not any(option.startswith(("--token", "--oauth"))
                                         for option in options):
            options = "--password-file", password or check.password, *options
        before = self.account(user) if user else None
        self.server.attend(user or USER)
        result = check(port or self.port(service), *options, **how)
        self.settle()
        self.server.reflect(user or USER)
        if user:
            self.compare(user, before, unless, harmless)
        return result

    def compare(self, user, before, unless=(), harmless=True):
        del self.accounts[user]
        after = self.account(user)
        if harmless:
            before.unchanged(after, frozenset(unless))
