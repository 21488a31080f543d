# SPDX-License-Identifier: BSD-2-Clause
"""Prometheus with two of our exporters and blackbox_exporter, all in one root.

Prometheus is configured by contrib/prometheus as it is shipped, but for addresses and for times, which
are shorter. The targets are Postfix and Dovecot as they are on these ports, what is wrong on purpose is
the sandbox's. All of it listens on ports of its own choice and logs which; only then is Prometheus told.
"""

import json
import os
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from check import Check, Mismatch
from monitor import Monitor
from server import HOST, PASSWORD, START_SECONDS, USER, Failed, wait_for

CONTRIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../contrib/prometheus")
ANSWER_SECONDS = 10
POLL_SECONDS = 0.1
# What Prometheus needs to find its targets (5 s), to read them twice, and to have an alert last.
RESULT_SECONDS = 45

PASSWORD_FILE = "/etc/mailprobe/password"
WRONG_FILE = "/etc/mailprobe/wrong"
CA = "/etc/mailprobe/ca.pem"
BOX = "/var/sandbox"
BOX_USER = "probe@sandbox.test"

EVERY = 3               # seconds from run to run; a run that lasts as long as that would leave the next out
TIMEOUT = 2.5           # of the modules
INTERVAL = 2            # of the scrapes of /probe, and their timeout
DEADLINE = 1.5          # of /probe and of blackbox_exporter then: half a second less
ANCHOR_DAYS = 20        # until the CA ends that is trusted: before the certificates that it signed
SHARED = [f"t{number:02}.mail.test" for number in range(1, 21)]

TLS = {"mode": "starttls", "ca_file": CA}
LOGIN = {"allowed_targets": [HOST, "127.0.0.0/8"], "tls": TLS,
         "auth": {"user": USER, "password_file": PASSWORD_FILE}}
MODULES = {
    "banner": {"probe": "smtp"},
    "starttls": {"probe": "smtp", "tls": TLS},
    "grey": {"probe": "smtp", "smtp": {"rcpt": [BOX_USER]}},
    "submission": {"probe": "smtp", **LOGIN, "smtp": {"rcpt": [USER]}},
    "wrong": {"probe": "smtp", **LOGIN, "auth": {"user": USER, "password_file": WRONG_FILE}},
    "imap": {"probe": "imap", **LOGIN},
    "pop3": {"probe": "pop3", **LOGIN},
}


@dataclass(frozen=True)
class Target:
    """A target, scheduled and asked for; what the check says of it, and the words to ask that with."""

    name: str
    port: str               # which of the ports
    module: str
    words: tuple            # a file in them stands in braces
    verdict: tuple = ("OK", None, None)
    site: str = "paris"

    @property
    def probe(self):
        return MODULES[self.module]["probe"]


AS_USER = ("--tls=starttls", "-U", USER, "--password-file={password}")
TARGETS = (
    Target("mx", "smtp", "starttls", ("--tls=starttls",)),
    Target("submission", "submission", "submission", (*AS_USER, f"--rcpt={USER}")),
    Target("imap", "imap", "imap", AS_USER, site="lyon"),
    Target("pop3", "pop3", "pop3", AS_USER, site="lyon"),
    Target("wrong", "submission", "wrong", ("--tls=starttls", "-U", USER, "--password-file={wrong}"),
           ("CRITICAL", "auth", "auth_rejected")),
    Target("closed", "closed", "banner", ("--tls=none",), ("CRITICAL", "connect", "connect_refused")),
    Target("old", "old", "starttls", ("--tls=starttls",), ("CRITICAL", "tls", "cert_expired")),
    Target("silent", "silent", "banner", ("--tls=none", "-t", "1"), ("CRITICAL", "banner", "timeout")),
    Target("grey", "grey", "grey", ("--tls=none", f"--rcpt={BOX_USER}"), ("WARNING", "rcpt", "tempfail")),
)
# What both exporters look at by STARTTLS, side by side, and whether that goes well.
BESIDE = {"smtp": True, "good": True, "tls12": True, "chain": True, "old": False, "closed": False,
          "silent": False}
FAULTS = {"good": "", "tls12": ",fault=tls12", "chain": ",fault=cert-chain", "old": ",fault=cert-expired",
          "silent": ",fault=banner-silent", "grey": ",fault=greylist"}

BLACKBOX = f"""\
modules:
  starttls:
    prober: tcp
    timeout: 5s
    tcp:
      tls_config: {{ca_file: {CA}}}
      query_response:
        - {{expect: "^220 "}}
        - {{send: "EHLO probe.mail.test"}}
        - {{expect: "^250[ -]STARTTLS"}}
        - {{expect: "^250 "}}
        - {{send: "STARTTLS"}}
        - {{expect: "^220 "}}
        - {{starttls: true}}
        - {{send: "EHLO probe.mail.test"}}
        - {{expect: "^250 "}}
        - {{send: "QUIT"}}
        - {{expect: "^221 "}}
"""

# The job that both share, but for the exporter.
JOB = """\
  - job_name: {job}
    metrics_path: /probe
    params: {{module: [starttls]}}
    scrape_interval: {interval}s
    scrape_timeout: {interval}s
    static_configs: [{{targets: {targets}}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: "{exporter}"}}
"""

# Where the program says which port it took.
LISTENING = re.compile(r'msg=(?:listening|"Listening on") address=\S*:(\d+)')


class Prometheus(Monitor):
    name = "prometheus"
    programs_here = ("exporter-1", "exporter-2", "blackbox", "prometheus")
    logs = (*(f"/var/log/{name}.log" for name in programs_here), "/var/log/console")
    complaint = re.compile(r".*level=(?:warn|error|crit).*")

    def __init__(self, live, temp, programs, postfix, mailbox):
        super().__init__(live, temp, programs)
        self.watched = [postfix, mailbox]
        self.closed = None

    def start(self):
        postfix, mailbox = self.watched
        self.mark_before, self.mails, self.account = postfix.mark(), postfix.mails(), mailbox.account()
        super().start()
        self.deadline = time.monotonic() + RESULT_SECONDS

    def stop(self):
        super().stop()
        if self.closed:
            self.closed.close()

    def configure(self):
        postfix, mailbox = self.watched
        self.closed = socket.socket()       # whose port nobody else can have, and where nobody listens
        self.closed.bind(("127.0.0.1", 0))
        self.ports = {"closed": self.closed.getsockname()[1], **{name: postfix.ports[name] for name in
                      ("smtp", "submission")}, **{name: mailbox.ports[name] for name in ("imap", "pop3")}}
        self.write("/etc/hosts", f"127.0.0.1 localhost {HOST} {' '.join(SHARED)}\n::1 localhost\n")
        self._sandbox()
        self.anchor = postfix.ca.ending(ANCHOR_DAYS)
        with open(self.anchor, encoding="ascii") as ours, \
                open(self.path(BOX + "/ca.pem"), encoding="ascii") as theirs:
            self.write(CA, ours.read() + theirs.read())
        self.write(PASSWORD_FILE, PASSWORD + "\n", mode=0o600)
        self.write(WRONG_FILE, "not the " + PASSWORD + "\n", mode=0o600)
        folder = self.root + ".files"
        os.makedirs(folder, exist_ok=True)
        self.checks = {probe: Check(os.path.join(self.programs, "check_mail_" + probe), postfix.ca, folder)
                       for probe in ("smtp", "imap", "pop3")}
        self._exporters()
        self._configure()
        self._launch("prometheus", "/usr/bin/prometheus", "--config.file=/etc/prometheus/prometheus.yml",
                     "--storage.tsdb.path=/var/prometheus", "--web.listen-address=127.0.0.1:0")
        wait_for("answer of Prometheus", START_SECONDS, self._ready)

    def commands(self):
        return []

    def _sandbox(self):
        self.folder(BOX)
        self._spawn([*self._program("mailprobe-sandbox"), f"--state-dir={BOX}", f"--hostname={HOST}",
                     *(f"--listen=smtp:0,name={name}{fault}" for name, fault in FAULTS.items())])
        self._port(BOX)
        with open(self.path(BOX + "/ready"), encoding="ascii") as file:
            self.ports.update({name: int(port) for name, _, _, port in map(str.split, file)})

    def _launch(self, name, *command):
        """Starts a program that is to take a port and to log it; returns the port."""
        log = f"/var/log/{name}.log"
        self._spawn(command, log)

        def told():
            with open(self.path(log), encoding="utf-8") as file:
                return LISTENING.search(file.read()) or self._alive()
        self.ports[name] = int(wait_for("port of " + name, START_SECONDS, told)[1])

    def _exporters(self):
        program = self._program("mailprobe-exporter")
        limits = {"host_concurrency": 0, "host_rate": 0}        # all of this is one host
        modules = {name: {"timeout": f"{TIMEOUT}s", **module} for name, module in MODULES.items()}
        targets = [{"name": one.name, "target": self.instance(one.port), "module": one.module,
                    "interval": f"{EVERY}s", "labels": {"site": one.site}} for one in TARGETS]
        for name, these in ("exporter-1", targets), ("exporter-2", []):
            file = f"/etc/mailprobe/{name}.yml"
            self.write(file, json.dumps({"limits": limits, "modules": modules, "targets": these}))
            self._launch(name, *program, "--config.file=" + file, "--web.listen-address=127.0.0.1:0")
        self.write("/etc/blackbox.yml", BLACKBOX)
        self._launch("blackbox", "/usr/bin/prometheus-blackbox-exporter", "--config.file=/etc/blackbox.yml",
                     "--web.listen-address=127.0.0.1:0")

    def _configure(self):
        """What we ship, with these addresses and times; each must be there to be replaced."""
        probed = "".join(f'      - targets: ["{self.instance(one.port)}"]\n'
                         f"        labels: {{__param_module: {one.module}, site: {one.site}}}\n"
                         for one in TARGETS)
        first, second = (f"127.0.0.1:{self.ports[name]}" for name in ("exporter-1", "exporter-2"))
        scrape = self._shipped("scrape.yml", (
            (r'- targets: \["127\.0\.0\.1:10821"\]', f'- targets: ["{first}", "{second}"]'),
            (r'replacement: "(127\.0\.0\.1|probe-1\.example\.org):10821"', f'replacement: "{first}"'),
            (r'replacement: "probe-2\.example\.org:10821"', f'replacement: "{second}"'),
            (r"(      - targets: \[.*example\.org.*\]\n +labels: \{__param_module.*\n)+", probed),
            (r"(scrape|evaluation)_interval: 30s", r"\1_interval: 1s"),
            (r"scrape_interval: 60s", f"scrape_interval: {INTERVAL}s"),
            (r"scrape_timeout: 15s", f"scrape_timeout: {INTERVAL}s")))
        beside = json.dumps([self.instance(port) for port in BESIDE])
        self.write("/etc/prometheus/prometheus.yml", scrape + "".join(
            JOB.format(job=job, interval=INTERVAL, targets=beside, exporter=f"127.0.0.1:{self.ports[name]}")
            for job, name in (("beside", "exporter-1"), ("blackbox", "blackbox"))))
        self.write("/etc/prometheus/targets/some.yml",
                   json.dumps([{"targets": [f"{name}:{self.ports['good']}" for name in SHARED]}]))
        # Subqueries look at whole minutes only: there may be none yet.
        for file, changes in (("alerts.yml", ((r"for: \d+m", "for: 3s"), (r"\[1h:1m\]", "[1m:1s]"))),
                              ("recording.yml", ((r"\[1h:1m\]", "[1m:1s]"), (r"interval: 5m", "interval: 1s")))):
            self.write("/etc/prometheus/rules/" + file, self._shipped("rules/" + file, changes))

    @staticmethod
    def _shipped(name, changes):
        with open(os.path.join(CONTRIB, name), encoding="utf-8") as file:
            text = file.read()
        for pattern, new in changes:
            text, number = re.subn(pattern, new, text)
            if not number:
                raise Failed(f"{name} has nothing like {pattern}")
        return text

    def _ready(self):
        self._alive()
        try:
            return self.fetch("prometheus", "/-/ready")
        except OSError:
            return None

    # --- what the cases ask ---

    def instance(self, port):
        return f"{HOST}:{self.ports[port]}"

    def address(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    def fetch(self, name, path, **parameters):
        """What one of the programs answers to a GET."""
        query = "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else ""
        try:
            with urllib.request.urlopen(f"http://{self.address(name)}{path}{query}",
                                        timeout=ANSWER_SECONDS) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as problem:
            if problem.code == 503:     # it is not ready yet
                raise
            raise Mismatch(f"{path}{query}: {problem}\n{problem.read().decode()}") from None

    def api(self, path, **parameters):
        answer = json.loads(self.fetch("prometheus", "/api/v1/" + path, **parameters))
        if answer["status"] != "success" or answer.get("warnings"):
            raise Mismatch(f"{path} {parameters}: {answer}")
        return answer["data"]

    def query(self, expression):
        """The samples of an instant vector, as (labels, number)."""
        found = self.api("query", query=expression)["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def awaited(self, what, expression, good):
        """The samples as soon as they are good; all have one deadline."""
        last = []

        def look():
            self._alive()
            last[:] = [self.query(expression)]
            if good(last[0]):
                return last
            time.sleep(POLL_SECONDS)
            return None
        try:
            return wait_for(what, max(0, round(self.deadline - time.monotonic(), 1)), look)[0]
        except Failed as problem:
            raise Mismatch(f"{problem}\n{expression} gives\n"
                           + "\n".join(f"{value} {labels}" for labels, value in last[0])) from None

    def verdict(self, target):
        """What the check says of a target: its result."""
        check = self.checks[target.probe]
        words = [word.format(password=check.password, wrong=check.wrong) for word in target.words]
        return check(self.ports[target.port], *words, ca=self.path(CA))

    def leftovers(self):
        """Mail that was not there before."""
        postfix = self.watched[0]
        return [*postfix.queue(), *(set(postfix.mails()) - set(self.mails))]
