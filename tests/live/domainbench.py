# SPDX-License-Identifier: BSD-2-Clause
"""Domains of the tests' own: their names signed, their servers and policies on addresses of 127/8.

A server of mail is a sandbox, with port 25 of as many addresses as it is to have, since that is
where a domain's servers are; a server of policies has port 443 of its address.
"""

import contextlib
import http.server
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

from check import Check
from server import START_SECONDS, Failed, free_port, wait_for

CONFIGURATION = """\
modules:
  domain:
    probe: domain
    {more}
    domain: {{resolver: {resolver}, dnssec_anchor: {anchor}, ca_file: {trust}, fqdn: probe.mail.test}}
"""
ZONE = "secure.test"
INSECURE = "insecure.test"


def free_addresses(count, port):
    found = []
    while len(found) < count:
        address = "127." + ".".join(str(random.randrange(1, 255)) for _ in range(3))
        with socket.socket() as trying, contextlib.suppress(OSError):
            trying.bind((address, port))
            found.append(address)
    return found


class Policies:
    """https://mta-sts.DOMAIN for every domain in `texts`: (status, text, more header fields)."""

    def __init__(self, ca):
        self.ca = ca
        self.texts = {}
        self.address = free_addresses(1, 443)[0]
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.sni_callback = self._choose
        policies = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):           # pylint: disable=invalid-name
                domain = self.headers["Host"].removeprefix("mta-sts.")
                status, text, more = policies.texts[domain]
                body = text.encode() if self.path == "/.well-known/mta-sts.txt" else b""
                self.send_response(status if body else 404)
                for name, value in {"Content-Type": "text/plain", "Content-Length": len(body), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format, *args):   # pylint: disable=redefined-builtin
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self):
                stream, where = super().get_request()
                return policies.tls.wrap_socket(stream, server_side=True, do_handshake_on_connect=False), where

            def handle_error(self, request, client_address):
                """A client that does not like the certificate is what some cases are about."""

        self.listener = Listener((self.address, 443), Handler)
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def _choose(self, stream, name, context):
        del context
        chosen = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        names = "DNS:elsewhere.test" if "misnamed" in name else f"DNS:{name}"
        chosen.load_cert_chain(*self.ca.issue("policy-" + name, "policies", names, "serverAuth"))
        stream.context = chosen

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


class DomainBench:
    """`names` are served already; `binaries` is the folder of check_mail_domain and the sandbox."""

    def __init__(self, names, ca, binaries):
        self.server = names
        self.ca = ca
        self.sandbox = os.path.join(binaries, "mailprobe-sandbox")
        self.exporter = os.path.join(binaries, "mailprobe-exporter")
        self.folder = tempfile.mkdtemp(prefix="domains.", dir=os.path.dirname(names.root))
        self.check = Check(os.path.join(binaries, "check_mail_domain"), ca, self.folder)
        self.policies = Policies(ca)
        self.processes = []
        self.added = []
        self.trust = None
        self.begin()

    def begin(self):
        self.check.last = None

    def settle(self):
        """Ends the servers of a case, and forgets its names."""
        while self.processes:
            process = self.processes.pop()
            process.kill()
            process.wait()
        while self.added:
            zone, record = self.added.pop()
            self.server.remove(zone, record)
        self.policies.texts.clear()
        self.trust = None

    def end(self, excuse):
        del excuse
        self.settle()

    def close(self):
        self.settle()
        self.policies.close()
        shutil.rmtree(self.folder)

    def evidence(self):
        return str(self.check.last or "")

    def names(self, *records, zone=ZONE):
        """Records in master file form, names relative to the zone; check() publishes them."""
        for record in records:
            self.server.add(zone + ".", record)
            self.added.append((zone + ".", record))

    def servers(self, host, *faults, count=1, zone=ZONE, named=True):
        """Servers of one host, a fault for each and healthy ones for the rest of `count`."""
        count = max(count, len(faults))
        addresses = free_addresses(count, 25)
        faults += (None,) * (count - len(faults))
        state = tempfile.mkdtemp(dir=self.folder)
        listeners = [f"--listen=smtp:25,address={address},name=l{i}" + (f",fault={fault}" if fault else "")
                     for i, (address, fault) in enumerate(zip(addresses, faults))]
        # pylint: disable-next=consider-using-with
        self.processes.append(subprocess.Popen(
            [self.sandbox, f"--state-dir={state}", f"--hostname={host}.{zone}", "--with-parent", *listeners],
            stdout=subprocess.DEVNULL))
        wait_for("sandbox", START_SECONDS, lambda: os.path.exists(state + "/ready"))
        with open(state + "/ca.pem", encoding="ascii") as file:
            self._trust(file.read())
        if named:
            self.names(*(f"{host} A {address}" for address in addresses), zone=zone)
        return addresses

    def _trust(self, pem):
        if not self.trust:
            self.trust = os.path.join(tempfile.mkdtemp(dir=self.folder), "trust.pem")
            with open(self.ca.file, encoding="ascii") as file:
                pem = file.read() + pem
        with open(self.trust, "a", encoding="ascii") as file:
            file.write(pem)

    def tlsa(self, address):
        """The SHA-256 of the public key that is served at an address, as 3 1 1 has it."""
        script = ("openssl s_client -starttls smtp -connect $0:25 </dev/null 2>/dev/null"
                  " | openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum")
        said = subprocess.run(["sh", "-c", script, address], capture_output=True, text=True, check=True,
                              timeout=START_SECONDS).stdout
        found = re.match("[0-9a-f]{64}", said)
        if not found or said.startswith("e3b0c44298fc1c14"):
            raise Failed(f"no key at {address}")
        return found.group()

    def policy(self, domain, mode, *patterns, text=None, status=200, **fields):
        """Announces and serves an MTA-STS policy."""
        self.names(f'_mta-sts.{domain} TXT "v=STSv1; id=20260101;"', f"mta-sts.{domain} A {self.policies.address}")
        self.policies.texts[f"{domain}.{ZONE}"] = status, text or "".join(
            line + "\r\n" for line in ("version: STSv1", f"mode: {mode}", "max_age: 86400",
                                       *(f"mx: {pattern}" for pattern in patterns))), fields

    def scrape(self, domain, more="", status=False):
        """What the exporter says of a domain that it is asked for, or only the status of its answer."""
        self.server.publish()
        port = free_port()
        configuration = self.check.file("mailprobe.yml", CONFIGURATION.format(
            resolver=self.server.resolver, anchor=self.server.anchor, trust=self.trust, more=more))
        with subprocess.Popen([self.exporter, f"--config.file={configuration}",
                               f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.PIPE, text=True) as running:
            try:
                for line in running.stderr:
                    if "msg=listening" in line:
                        break
                url = f"http://127.0.0.1:{port}/probe?module=domain&target={domain}.{ZONE}"
                try:
                    with urllib.request.urlopen(url, timeout=START_SECONDS) as answer:
                        return answer.status if status else answer.read().decode()
                except urllib.error.HTTPError as answer:
                    if not status:
                        raise
                    return answer.code
            finally:
                running.kill()

    def __call__(self, domain, *options, zone=ZONE):
        self.server.publish()
        # pylint: disable-next=attribute-defined-outside-init
        self.check.last = self.check.finish(self.check.spawn(
            [f"{domain}.{zone}", f"--resolver={self.server.resolver}", f"--dnssec-anchor={self.server.anchor}",
             "-F", "probe.mail.test", "--ca-file", self.trust or self.ca.file, *options]))
        return self.check.last
