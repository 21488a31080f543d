# SPDX-License-Identifier: BSD-2-Clause
"""A server and the check, as the cases see them, and the server's opinion of each visit."""

import contextlib
import os

from check import Mismatch
from endpoint import CLIENT, FIRST_REFRESH, SECRET, Endpoint
from server import USER, wait_for

LOG_SECONDS = 5


class Bench:
    """One server and the check, as the cases see them."""

    def __init__(self, server, check, other_ca, client_certificate):
        self.server = server
        self.check = check
        self.other_ca = other_ca
        self.client_certificate = client_certificate
        self.plain_port = server.ports[server.services[0]]
        self.begin()

    def port(self, service):
        return self.server.ports[service]

    def submit(self, *options, **how):
        """A run of the check that logs in on the submission port."""
        return self.check(self.port("submission"), *self.check.login, *options, **how)

    def begin(self):
        self.held = 0           # sessions that a case keeps open
        self.mark = self.server.mark()
        self.check.runs = 0
        self.check.last = None

    def sessions(self):
        """The line that ended each session of this case."""
        return self.server.sessions(self.mark)

    def visits(self):
        """How many sessions the server has had in this case, and has no more."""
        return self.check.runs - self.held

    def settle(self):
        """Waits until the server has logged the end of every session of this case."""
        wait_for(f"end of {self.visits()} sessions in the log", LOG_SECONDS,
                 lambda: self.server.settled(self.mark, self.visits(), self.held))

    def end(self, excuse):
        self.settle()
        for line in self.sessions():
            if not self.server.polite.search(line):
                raise Mismatch(f"the server saw no proper end: {line}")
        for complaint in self.server.complaint.findall(self.server.log(self.mark)):
            if complaint != excuse:
                raise Mismatch(f"the server's log complains: {complaint}")

    def evidence(self):
        return f"{self.last() or ''}\n{self.server.tail(self.mark)}"

    def last(self):
        """The result of the last run."""
        return self.check.last

    @contextlib.contextmanager
    def endpoint(self, path, lifetime=3600):
        """A token endpoint of the tests', whose tokens the server takes, and options to ask it."""
        def issue(_form):
            token = self.server.token(USER, lifetime)
            self.check.secrets.append(token)
            return token
        self.check.secrets += [secret for secret in (SECRET, FIRST_REFRESH)
                               if secret not in self.check.secrets]
        label = "endpoint-" + os.urandom(8).hex()
        endpoint = Endpoint(*self.check.ca.issue(label, "endpoint", "DNS:localhost", "serverAuth"),
                            issue)
        try:
            yield endpoint, [
                f"--oauth-endpoint={endpoint.url(path)}", f"--oauth-client-id={CLIENT}",
                f"--oauth-client-secret-file={self.check.file('secret', SECRET)}",
                f"--oauth-cache={os.path.join(self.check.folder, label + '.cache')}"]
        finally:
            endpoint.close()

    def refresh(self):
        return f"--oauth-refresh-token-file={self.check.file('refresh', FIRST_REFRESH)}"

    def token(self, lifetime=3600):
        token = self.server.token(USER, lifetime)
        self.check.secrets.append(token)
        return self.check.file("token", token + "\n")
