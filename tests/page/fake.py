#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""An exporter of words only: it serves the page with the headers that the real one sends, and answers the API from
a table that a test writes into. With it the page is shown what no real exporter does on demand.

By itself, to look at the page: tests/page/fake.py [--port=N] [--targets=N]
"""

import argparse
import contextlib
import http.server
import json
import pathlib
import random
import re
import socket
import threading
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGE = TOP / "exporter" / "page"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LETTERS = {"OK": "O", "WARNING": "W", "CRITICAL": "C", "UNKNOWN": "U"}
STEPS = [("dns", 1), ("connect", 11), ("banner", 24), ("ehlo", 11), ("starttls", 11), ("tls", 31), ("ehlo_2", 11),
         ("auth", 46), ("mail", 12), ("rcpt", 12), ("data", 11), ("send", 33), ("quit", 11)]
TROUBLE = {  # cause: phase, state, reply, text
    "auth_rejected": ("auth", "CRITICAL", "535 5.7.8 Error: authentication failed", None),
    "timeout": ("banner", "CRITICAL", None, None),
    "connect_refused": ("connect", "CRITICAL", None, None),
    "starttls_missing": ("starttls", "CRITICAL", None, "STARTTLS is not offered"),
    "tempfail": ("rcpt", "WARNING", "450 4.2.0 <sink@example.org>: Recipient address rejected: Greylisted,\r\n"
                                    "450 4.2.0 see https://example.org/greylist", None),
    "cert_expiring": ("tls", "WARNING", None, "ends in 12 days"),
    "auth_cleartext": ("auth", "UNKNOWN", None, None),
}


def meanings():
    """Of the causes, by the table of the probes."""
    text = (TOP / "common" / "causes.def").read_text()
    return dict(re.findall(r'^CAUSE\(\w+, "(\w+)",.*"([^"]*)"\)$', text, re.M))


MEANINGS = meanings()


def laps(cause=None, factor=1.0, timeout=10.0):
    """Phases of a run that ended by the cause, or by none."""
    out = []
    at = 0.0
    phase = TROUBLE[cause][0] if cause else None
    for name, length in STEPS:
        took = length / 1000 * factor * random.uniform(0.8, 1.3)
        failed = name == phase
        if failed and cause == "timeout":
            took = timeout - at
        if failed and cause == "starttls_missing":
            took = 0.0
        out.append({"name": name, "start_seconds": at, "duration_seconds": took, "ok": not failed})
        at += took
        if failed and cause not in ("cert_expiring",):
            if cause not in ("timeout", "connect_refused"):
                out.append({"name": "quit", "start_seconds": at, "duration_seconds": 0.012, "ok": True})
            break
    return out


def result(target, cause=None, factor=1.0):
    """What `-o json` prints."""
    phases = laps(cause, factor, target["timeout"])
    total = sum(p["duration_seconds"] for p in phases if p["name"] != "quit")
    phase, state, reply, text = TROUBLE[cause] if cause else (None, "OK", None, None)
    after = next((p["start_seconds"] + p["duration_seconds"] for p in phases if p["name"] == phase), total)
    why = '"' + reply.replace("\r\n", " / ") + '"' if reply else text or MEANINGS.get(cause)
    host, _, port = target["target"].rpartition(":")
    return {
        "probe": target["probe"], "target": {"host": host, "port": int(port), "address": "192.0.2.25"},
        "state": state, "code": list(LETTERS).index(state),
        "summary": f"{phase}: {cause}: {why} after {after:.3f}s" if cause
        else f"message accepted in {total:.3f}s, TLSv1.3, AUTH SCRAM-SHA-256",
        "phase": phase, "cause": cause, "reply": reply, "duration_seconds": total, "phases": phases,
        "facts": {"banner": "mail.example.org ESMTP ready", "capabilities": ["PIPELINING", "SIZE 52428800", "8BITMIME",
                  "AUTH SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN", "ENHANCEDSTATUSCODES"], "tls_version": "TLSv1.3",
                  "tls_cipher": "TLS_AES_256_GCM_SHA384", "tls_group": "x25519", "tls_resumed": False,
                  "cert_subject": "CN = mail.example.org", "cert_issuer": "C = US, O = Example Trust, CN = R11",
                  "cert_names": ["mail.example.org", "mx1.example.org", "autoconfig.example.org"],
                  "cert_not_after": time.strftime("%Y-%m-%dT23:59:59Z", time.gmtime(time.time() + 41 * 86400)),
                  "cert_sent_not_after": time.strftime("%Y-%m-%dT23:59:59Z", time.gmtime(time.time() + 52 * 86400)),
                  "cert_days": 41, "auth_mechanism": "SCRAM-SHA-256", "tcp_rtt_seconds": 0.010874,
                  "message_size": 734, "queue_id": "4XyZ12abc"},
        "values": {"time": total},
        "findings": [{"state": state, "phase": phase, "cause": cause, "text": text, "reply": reply}] if cause else [],
    }


def with_transcript(run):
    """The same with a transcript."""
    texts = [("note", "connected to 192.0.2.25 port 587"), ("server", "220 mail.example.org ESMTP ready\r\n"),
             ("client", "EHLO prober.example.org\r\n"), ("server", "250-mail.example.org\r\n"),
             ("server", "250-PIPELINING\r\n"), ("server", "250 STARTTLS\r\n"), ("client", "STARTTLS\r\n"),
             ("server", "220 2.0.0 Ready to start TLS\r\n"), ("note", "TLSv1.3, TLS_AES_256_GCM_SHA384"),
             ("client", "AUTH SCRAM-SHA-256 [masked]\r\n"), ("server", (run["reply"] or "235 2.7.0 ok") + "\r\n")]
    lines = [{"time_seconds": i * 0.011, "from": who, "text": text} for i, (who, text) in enumerate(texts)]
    return {**run, "transcript": lines}


class Exporter:
    """The table, and a server of it: `with Exporter() as e:` listens at e.url."""

    def __init__(self, port=0):
        self.lock = threading.RLock()
        self.port = port
        self.targets = {}
        self.changed = {}
        self.details = {}
        self.sequence = 100
        self.floor = 0  # older sequences get everything
        self.started = time.time() - 86400 * 3
        self.reload = {"successful": True, "time": self.started, "error": None}
        self.requests = []
        self.delay = 0.0
        self.answer_probe = None  # (status, object), or a function of the parameters
        self.server = None
        self.causes = MEANINGS

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_):
        self.close()

    def listen(self):
        exporter = self

        class Bound(Handler):
            owner = exporter

        self.server = Server(("127.0.0.1", self.port), Bound)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        """As if the exporter were gone: no listener, and its connections are cut."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server.cut()
            self.server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def add(self, name, cause=None, ran=True, history=None, labels=None, since=3600, factor=1.0, module="submission"):
        """A target as if it had run so, with that many seconds since the last change."""
        now = time.time()
        target = {"name": name, "target": f"{re.sub('[^a-z0-9]+', '-', name.lower())[:40]}.example.org:587",
                  "module": module, "probe": "smtp", "labels": labels or {}, "interval": 60, "timeout": 10.0,
                  "state": None, "since": None, "last_run": None, "next_run": now + 5, "duration": None,
                  "summary": None, "phase": None, "cause": None, "phases": [], "cert_not_after": None, "history": ""}
        with self.lock:
            self.targets[name] = target
            self.details[name] = {"last": None, "runs": [], "failures": []}
            if ran:
                for letter in history or "":
                    self._history(target, letter)
                self.run(name, cause, factor, since)
            self.touch(name)
        return target

    def _history(self, target, letter):
        state = next(s for s, known in LETTERS.items() if known == letter)
        cause = next((c for c, t in TROUBLE.items() if t[1] == state), None)
        target["history"] += letter
        detail = self.details[target["name"]]
        run = result(target, cause, random.uniform(0.9, 1.4))
        detail["runs"].append(brief(run, 0))
        if cause:
            detail["failures"].insert(0, {"time": 0, "result": with_transcript(run)})

    def run(self, name, cause=None, factor=1.0, since=None, change=None):
        """The target runs, with that outcome; `change` may spoil the result."""
        with self.lock:
            target = self.targets[name]
            now = time.time()
            run = result(target, cause, factor)
            if change:
                change(run)
            if target["state"] != run["state"] or since is not None:
                target["since"] = now - (since or 0)
            target.update(state=run["state"], last_run=now, next_run=now + 60, duration=run["duration_seconds"],
                          summary=run["summary"], phase=run["phase"], cause=run["cause"],
                          phases=[{"name": p["name"], "duration": p["duration_seconds"], "ok": p["ok"]}
                                  for p in run["phases"]],
                          cert_not_after=now + 41 * 86400,
                          history=(target["history"] + LETTERS[run["state"]])[-120:])
            detail = self.details[name]
            detail["last"] = run
            detail["runs"] = (detail["runs"] + [brief(run, now)])[-120:]
            if run["state"] != "OK":
                detail["failures"] = ([{"time": now, "result": with_transcript(run)}] + detail["failures"])[:5]
            for i, old in enumerate(reversed(detail["runs"])):
                old["time"] = now - 60 * i
            for i, old in enumerate(detail["failures"]):
                old["time"] = old["time"] or now - 600 * (i + 1)
            self.touch(name)

    def touch(self, name):
        self.sequence += 1
        self.changed[name] = self.sequence

    def replace(self):
        """The configuration was reloaded: clear the table, and let the next answer be complete."""
        self.targets.clear()
        self.changed.clear()
        self.details.clear()
        self.sequence += 1
        self.floor = self.sequence

    def status(self, since):
        with self.lock:
            complete = since is None or since < self.floor or since > self.sequence
            return {"version": "0.1.0", "now": time.time(), "started": self.started, "sequence": self.sequence,
                    "complete": complete, "reload": self.reload, "causes": self.causes,
                    "workers": {"running": 3, "busy": 1, "limit": 20}, "queue": {"length": 0, "limit": 256},
                    "modules": [{"name": "submission", "probe": "smtp"}, {"name": "banner", "probe": "smtp"}],
                    "targets": [t for n, t in self.targets.items() if complete or self.changed[n] > since]}

    def asked(self, path):
        return [r for r in self.requests if r[1].startswith(path)]


def brief(run, now):
    return {"time": now, "state": run["state"], "duration": run["duration_seconds"], "phase": run["phase"],
            "cause": run["cause"], "phases": {p["name"]: p["duration_seconds"] for p in run["phases"]}}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *arguments):
        self.open = set()
        super().__init__(*arguments)

    def process_request(self, request, client_address):
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.open.discard(request)
        super().shutdown_request(request)

    def cut(self):
        for request in list(self.open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        """A browser that goes away is no error."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def log_message(self, *_):
        pass

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def json(self, value, status=200):
        self.reply(status, "application/json", json.dumps(value).encode())

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        path = urllib.parse.unquote(address.path)
        self.owner.requests.append(("GET", self.path))
        if path.startswith("/api/"):
            time.sleep(self.owner.delay)
            return self.api(path, query)
        file = PAGE / ("index.html" if path == "/" else path[1:])
        if file.parent != PAGE or not file.is_file():
            return self.reply(404, "text/plain", b"not found\n")
        return self.reply(200, TYPES[file.suffix] + "; charset=utf-8", file.read_bytes())

    def api(self, path, query):
        owner = self.owner
        if path == "/api/v1/status":
            return self.json(owner.status(int(query["since"]) if "since" in query else None))
        if path == "/api/v1/probe":
            answer = owner.answer_probe
            status, value = answer(query) if callable(answer) else answer
            return self.json(value, status)
        name = path.removeprefix("/api/v1/targets/")
        with owner.lock:
            if name not in owner.targets:
                return self.json({"error": "no such target"}, 404)
            return self.json({**owner.targets[name], **owner.details[name]})

    def do_POST(self):
        path = urllib.parse.unquote(self.path)
        self.owner.requests.append(("POST", self.path))
        name = path.removeprefix("/api/v1/targets/").removesuffix("/run")
        if name not in self.owner.targets:
            return self.json({"error": "no such target"}, 404)
        threading.Timer(0.3, self.owner.run, (name,)).start()
        return self.json({}, 202)


def populate(exporter, count):
    """A table as a real one might look, some of it in trouble."""
    random.seed(4)
    sites = ["paris", "oslo", "lyon", "berlin"]
    plain = "O" * 90
    for i, (name, cause, since, history) in enumerate([
            ("mx1", "auth_rejected", 840, plain + "WWCCC"), ("mx2.fallback", "timeout", 95, plain),
            ("imap-front", "starttls_missing", 86400 * 2, "C" * 60), ("lists", "auth_cleartext", 4000, "U" * 30),
            ("relay-greylisting", "tempfail", 300, plain[:50] + "W" + plain[:5] + "WW"),
            ("webmail", "cert_expiring", 86400, plain[:20] + "W" * 40)]):
        if i < count:
            exporter.add(name, cause, history=history, since=since, labels={"site": sites[i % 4], "tier": "1"})
    if count > 6:
        exporter.add("just-added", ran=False, labels={"site": "oslo"})
    for i in range(7, count):
        history = plain[:40] if i % 7 else plain[:15] + "C" + plain[:25]
        exporter.add(f"mx{i:04}", history=history if count < 1000 else "",
                     since=random.randint(100, 900000), labels={"site": sites[i % 4], "tier": str(i % 3)},
                     factor=random.uniform(0.4, 1.6))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--targets", type=int, default=30)
    options = parser.parse_args()
    with Exporter(options.port) as exporter:
        populate(exporter, options.targets)
        exporter.answer_probe = lambda query: (200, with_transcript(
            result({"target": "mail.example.org:587", "probe": "smtp", "timeout": 10.0}, "auth_rejected")))
        print(exporter.url, flush=True)
        while True:
            time.sleep(1)
            name = random.choice(list(exporter.targets))
            exporter.run(name, exporter.targets[name]["cause"])


if __name__ == "__main__":
    main()
