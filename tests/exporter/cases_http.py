# SPDX-License-Identifier: BSD-2-Clause
"""Strange and hostile HTTP."""

import contextlib
import re
import socket
import time

from harness import Connection, Options, alone, case, probe_path, smtp_talk, value, wait_for

OPEN = {"host_concurrency": 0, "host_rate": 0}


def config(*targets, **more):
    return {"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "10s", "tls": {"mode": "none"}}},
            "targets": list(targets), **more}


def healthy(e):
    answer = e.get("/-/healthy", timeout=5)
    return answer.status == 200 and answer.seconds < 1 * Options.factor


LINES = (
    b"GET /metrics\r\n\r\n", b"\r\n\r\n\r\n", b"GET\r\n\r\n", b" GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET / XTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 200 + b"\r\n\r\n",
    b"GET /\0metrics HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT x:25 HTTP/1.1\r\nHost: x\r\n\r\n", b"EHLO x\r\nQUIT\r\n",
    b"GET http://127.0.0.1/metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\n Host: folded\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", b"A" * 20000 +
    b"\r\n\r\n",
    b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"b" * 100000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 10000 + b"\r\n", b"GET /?" + b"a=b&" * 5000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a=b; " * 2000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + b"A" * 6000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: " + b"gzip;q=0," * 700 + b"\r\n\r\n",
    b"GET /probe?target=%zz&module=%1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /probe?=&&&==&target&module HTTP/1.1\r\nHost: x\r\n\r\n", b"G" * 8000 + b" / HTTP/1.1\r\n\r\n",
)


@case
def requests_that_are_none(t):
    e = t.exporter(config())
    before = e.descriptors()
    for line in LINES:
        with contextlib.closing(e.connect(5)) as connection, contextlib.suppress(ConnectionError):
            connection.send(line)
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_WR)
            got = b""
            connection.sock.settimeout(2 * Options.factor)
            # libmicrohttpd says nothing to some, and keeps them until they are idle for too long.
            with contextlib.suppress(ConnectionError, TimeoutError):
                while data := connection.sock.recv(65536):
                    got += data
                    connection.sock.settimeout(0.2)     # an answer will do
            t.check(f"{line[:60]!r}: an answer, or none", re.match(rb"HTTP/1\.[01] \d\d\d |$", got), got[:300])
        if not healthy(e):
            t.check(f"healthy after {line[:60]!r}", False)
    t.check("hardly one is kept", wait_for(lambda: e.descriptors() <= before + 6, 10, "descriptors"),
            (before, e.descriptors()))


@case
def strange_paths(t):
    box = t.server(talk=smtp_talk)
    e = t.exporter(config({"name": "a", "target": f"127.0.0.1:{box.port}", "module": "plain", "interval": "1h"}))
    for path in ("/nope", "//", "//metrics", "/metrics/", "/Metrics", "/metrics%00", "/metrics%00/x", "/%2e%2e/metrics",
                 "/../metrics", "/-/", "/-/healthy/", "/-",
                 "/page/../index.html", "/..%2f..%2fetc/passwd", "/%ff%fe", "/%c0%af", "/.git/config", "/index.html%00",
                 "/api/v1/targets/a%00",
                 "/api/v1/targets/a%00/x", "/api/v1/targets//a", "/api/v1/targets/../status", "/api/v1/targets/%ff",
                 "/api/v1/targets/" + "a" * 5000,
                 "/api/v1/targets/", "/api/v1/targets", "/api/v1/status/", "/api/v1/probe/", "/probe/", "/\xe2\x80\xae",
                 "/<script>", "/%0d%0aX:%20y", "/;", "/%"):
        answer = e.get(path)
        t.check(f"404: {path[:40]}", answer.status == 404 and b"<script>" not in answer.raw.replace(b"text/plain", b"")
                or answer.status in (400, 414), answer)
        t.check(f"no header comes of it: {path[:40]}", "x" not in answer.headers, answer.headers)
    for path, same in ("/%6detrics", "/metrics"), ("/api/v1/targets/%61", "/api/v1/targets/a"), ("/-/healthy?x=y",
            "/-/healthy"), ("/metrics?", "/metrics"):
        t.equal(f"200: {path}", (e.get(path).status, e.get(same).status), (200, 200))
    t.check("a body that nobody wants", e.post("/-/reload", body=b"x" * 300000).status == 200)
    answer = e.ask("GET", "/-/healthy", body=b"x" * 1000)
    t.check("a GET with a body", answer.status == 200, answer)
    found = e.metrics()
    t.check("requests are counted by handler and code", value(found, "mailprobe_http_requests_total",
            handler="/-/healthy", code="200") >= 2
            and value(found, "mailprobe_http_requests_total", handler="other", code="404") > 5
            and len([k for k in found if k[0] == "mailprobe_http_requests_total"]) < 60,
            [k for k in found if "requests" in k[0]])
    t.check("the log is about this exporter alone", "script" not in e.logged() and "passwd" not in e.logged(),
            e.logged()[-500:])


@case
def pipelined(t):
    box = t.server(talk=smtp_talk)
    e = t.exporter(config())
    paths = ["/-/healthy", "/metrics", probe_path(f"127.0.0.1:{box.port}", "plain"), "/api/v1/status", "/nope",
             "/"] * 10
    with contextlib.closing(e.connect()) as connection:
        connection.send(b"".join(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths))
        got = [connection.answer() for _ in paths]
    t.equal("60 requests at once are answered in order", [a.status for a in got],
            [404 if p == "/nope" else 200 for p in paths])
    t.check("each with its own answer", all(b"probe_success" in a.raw for a in got[2::6])
            and all(b"mailprobe_targets" in a.raw for a in got[1::6]))
    with contextlib.closing(e.connect()) as connection:
        statuses = [connection.ask(method, path).status for method, path in
                    (("GET", "/-/healthy"), ("HEAD", "/metrics"), ("POST", "/probe"), ("GET", "/nope"),
                     ("POST", "/-/reload"), ("GET", "/-/ready"))]
    t.equal("a connection stays", statuses, [200, 200, 405, 404, 200, 200])
    with contextlib.closing(e.connect()) as connection:
        answer = connection.ask("GET", "/-/healthy", {"Connection": "close"})
        t.check("or ends where that is asked for", answer.status == 200 and connection.ended())
    with contextlib.closing(e.connect()) as connection:
        connection.send(b"GET /-/healthy HTTP/1.0\r\n\r\n")
        t.check("HTTP/1.0", connection.answer().status == 200)


@case
def slow_clients(t):
    """One that sends nothing, one that drips, one that does not read."""
    e = t.exporter(config(*[{"name": f"t{i}", "target": "127.0.0.1:1", "module": "plain", "interval": "1h"}
                            for i in range(300)]))
    nothing = [e.connect() for _ in range(20)]
    half = e.connect()
    half.send(b"GET /metrics HTTP/1.1\r\nHost")
    deaf = [Connection(e.port) for _ in range(5)]
    for connection in deaf:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
    begun = time.monotonic()
    for _ in range(10):
        half.send(b"x")
        if not healthy(e) or e.get("/metrics").seconds > 1 * Options.factor:
            break
    t.check("others are served at once", time.monotonic() - begun < 5 * Options.factor, time.monotonic() - begun)
    half.send(b": x\r\n\r\n")
    t.equal("the slow one too, when it is done", half.answer().status, 200)
    for connection in [*nothing, half, *deaf]:
        connection.close()


@case
def idle_connections(t):
    box = t.server(talk=smtp_talk)
    e = t.exporter(config())
    before = e.descriptors()
    idle = [e.connect() for _ in range(500)]
    t.check("500 that say nothing: others are served", healthy(e) and e.get("/metrics").status == 200
            and e.probe(f"127.0.0.1:{box.port}", "plain").status == 200)
    for connection in idle:
        connection.close()
    t.check("and nothing is left of them", wait_for(lambda: e.descriptors() <= before + 1, 10,
                                                    "descriptors to be closed"))


@case
def clients_that_leave(t):
    """In the middle of a probe, and while they wait for one."""
    silent = t.server()
    e = t.exporter(config(limits={**OPEN, "probes": 4, "queue": 50}))
    e.get("/metrics")
    descriptors = e.descriptors()
    for turn in range(3):
        seen = silent.count
        gone = []
        for _ in range(30):
            connection = e.connect()
            path = probe_path(f"127.0.0.1:{silent.port}", "plain")
            connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            gone.append(connection)
        wait_for(lambda: silent.count == seen + 4 and value(e.metrics(), "mailprobe_queue_length") == 26)
        for connection in gone:
            connection.close()
        t.check("others are served", healthy(e))

        def drained():
            silent.release()
            return value(e.metrics(), "mailprobe_queue_length") == 0 and value(e.metrics(),
                    "mailprobe_workers_busy") <= 1

        wait_for(drained, 10, "the queue to be empty")
        silent.release()
    t.check("descriptors as before", wait_for(lambda: e.descriptors() <= descriptors + 1, 10, "descriptors"),
            (descriptors, e.descriptors()))
    t.equal("/probe works as before", e.probe("127.0.0.1:1", "plain").status, 200)


@case
def counted_from_the_start(t):
    """rate() does not see the first event of a series that appears with it."""
    found = t.exporter(config()).metrics()
    probes = [(path, code) for path in ("/probe", "/api/v1/probe") for code in (200, 400, 403, 429, 503)]
    for path, code in [*probes, ("/metrics", 200), ("/-/healthy", 200), ("/-/ready", 503), ("/-/reload", 200),
                       ("/-/reload", 500), ("/api/v1/status", 200), ("/api/v1/targets/", 202),
                       ("/api/v1/targets/", 404), ("/", 200), ("/", 304), ("other", 404)]:
        t.equal(f"{path} {code}", value(found, "mailprobe_http_requests_total", handler=path, code=str(code)), 0)
