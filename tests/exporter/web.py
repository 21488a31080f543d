#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--web.config.file on a running exporter: tests/exporter/web.py --exporter=PATH [--san] [FILTER...]

TLS versions, cipher suites and curves; certificates that change; client certificates in all modes, by TLS 1.2 and 1.3;
users; headers; the limit; reloads; what is refused. --bin=FOLDER is --exporter=FOLDER/mailprobe-exporter.
"""

import argparse
import base64
import concurrent.futures
import contextlib
import ctypes
import http.client
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import warnings

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import harness  # noqa: E402

PATH = "/-/healthy"
CONFIG = {"modules": {"banner": {"probe": "smtp", "timeout": "2s"}}}
V10, V11, V12, V13 = (getattr(ssl.TLSVersion, name) for name in ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"))
MODES = "NoClientCert", "RequestClientCert", "RequireAnyClientCert", \
    "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"
REFUSED = "refused"     # by TLS: no answer at all
P256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")

warnings.filterwarnings("ignore", category=DeprecationWarning)      # TLS 1.0 and 1.1
crypt = ctypes.CDLL("libcrypt.so.1").crypt
crypt.restype = ctypes.c_char_p


def bcrypt(password, cost=5, kind="2y"):
    return crypt(password.encode(), f"${kind}${cost:02}$abcdefghijklmnopqrstuu".encode()).decode()


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, stdin=subprocess.DEVNULL, capture_output=True)


class Ca:
    """Certificates in a folder, made as they are needed: (certificate, key), both paths."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.file, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        openssl("req", "-x509", *P256, "-nodes", "-subj", f"/CN={name}", "-days", 30, "-addext",
                "keyUsage=critical,keyCertSign", "-keyout", self.key, "-out", self.file)

    def issue(self, label, names="DNS:localhost,IP:127.0.0.1", usage="serverAuth", key=P256, days=30):
        pem, secret, request, extensions = (
            self.folder / f"{self.name}-{label}.{end}" for end in ("pem", "key", "csr", "ext"))
        extensions.write_text(f"subjectAltName={names}\nextendedKeyUsage={usage}\nbasicConstraints=critical,CA:FALSE\n")
        openssl("req", "-new", *key, "-nodes", "-subj", "/CN=localhost", "-keyout", secret, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-days", days, "-set_serial",
                "0x" + os.urandom(8).hex(), "-extfile", extensions, "-out", pem)
        return pem, secret


class Web:
    """An exporter with a web configuration, and clients for it."""

    def __init__(self, text, start=True, **more):
        self.start = start
        self.exporter = harness.Exporter(CONFIG, start=False, program=OPTIONS.exporter, files={"web.yml": text}, **more)
        self.exporter.command.append(f"--web.config.file={self.exporter.folder}/web.yml")

    def __enter__(self):
        if self.start:
            self.exporter.start()
        return self

    def __exit__(self, kind, *_):
        status, _ = self.exporter.stop(5)
        logged, reports = self.exporter.logged(), self.exporter.reports()
        self.exporter.remove()
        if reports or (kind is None and status != 0):
            raise AssertionError(f"status {status}\n{logged[-4000:]}\n{reports}")

    def context(self, cert=None, low=V12, high=V13, ciphers=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(SPACE.ca.file)
        context.set_ciphers(ciphers or "DEFAULT@SECLEVEL=0")
        context.minimum_version, context.maximum_version = low, high
        if cert:
            context.load_cert_chain(*cert)
        return context

    def connect(self, **more):
        """A connection to make requests on; `socket` is the SSL socket's."""
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.exporter.port, timeout=20, context=self.context(**more))
        connection.connect()
        return connection

    def get(self, user=None, path=PATH, header=None, method="GET", **more):
        """(status, headers), or REFUSED."""
        with contextlib.ExitStack() as stack:
            try:
                connection = stack.enter_context(contextlib.closing(self.connect(**more)))
                return ask(connection, user, path, header, method)
            except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
                return REFUSED, {}

    def status(self, *arguments, **more):
        return self.get(*arguments, **more)[0]

    def session(self, **more):
        """(version, cipher suite, certificate) of a handshake, or REFUSED."""
        try:
            with contextlib.closing(self.connect(**more)) as connection:
                # With TLS 1.3 the client is through before the server is.
                ask(connection)
                return connection.sock.version(), connection.sock.cipher()[0], connection.sock.getpeercert(True)
        except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
            return REFUSED, None, None

    def reload(self, text):
        """By SIGHUP, until the log tells of it; what was logged."""
        self.exporter.write("web.yml.new", text).rename(self.exporter.folder / "web.yml")
        before = len(self.exporter.log)
        self.exporter.process.send_signal(signal.SIGHUP)
        harness.wait_for(lambda: any(word in line for line in self.exporter.log[before:]
                                     for word in (b"loaded", b"refused")), 15, "a reload")
        time.sleep(0.1)
        return b"".join(self.exporter.log[before:]).decode()


def ask(connection, user=None, path=PATH, header=None, method="GET"):
    headers = {}
    if user is not None:
        header = "Basic " + base64.b64encode(user.encode()).decode()
    if header is not None:
        headers["Authorization"] = header
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers


def tls(more="", cert=None):
    pem, key = cert or SPACE.server
    return f"tls_server_config:\n  cert_file: {pem}\n  key_file: {key}\n{more}"


def same(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


class Space:
    """What all cases use."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.ca, self.other = Ca(self.folder, "ca"), Ca(self.folder, "other")
        self.server = self.ca.issue("server")


def case_versions():
    for low, high, words in (V12, V13, ""), (V13, V13, "  min_version: TLS13\n"), \
            (V12, V12, "  max_version: TLS12\n"), \
            (V10, V11, "  min_version: TLS10\n  max_version: TLS11\n"), (V10, V13, "  min_version: TLS10\n"):
        with Web(tls(words)) as web:
            for version in V10, V11, V12, V13:
                wanted = 200 if low <= version <= high else REFUSED
                got = web.status(low=version, high=version)
                assert got == wanted, f"{words!r} {version!r}: got {got}, wanted {wanted}"
            with socket.create_connection(("127.0.0.1", web.exporter.port), 10) as clear:
                clear.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
                with contextlib.suppress(ConnectionError):
                    assert b"HTTP" not in clear.recv(1000), "an answer in clear"


def case_suites():
    ecdsa = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", \
        "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA"
    never = "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-CCM", "AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"
    for words, allowed in ("", ecdsa), ("  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n", ecdsa[1:2]), \
            ("  cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256]\n", \
             ecdsa[2:3]), \
            ("  cipher_suites:\n  - TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA\n  max_version: TLS12\n", ecdsa[4:]), \
            ("  cipher_suites: [TLS_AES_256_GCM_SHA384]\n", ()):
        with Web(tls(words)) as web:
            for name in (*ecdsa, *never):
                version, suite, _ = web.session(high=V12, ciphers=name + ":@SECLEVEL=0")
                assert (suite == name) == (name in allowed), f"{words!r}: {name}: {version} {suite}"
            if "max_version" not in words:
                same(web.session(low=V13)[0], "TLSv1.3")


def case_order_of_suites():
    text = "  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_{}, TLS_ECDHE_ECDSA_WITH_{}]\n"
    one, two = "AES_256_GCM_SHA384", "AES_128_GCM_SHA256"
    both = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
    for words, wanted in (text.format(one, two), "256"), (text.format(two, one), "128"), \
            (text.format(one, two) + "  prefer_server_cipher_suites: false\n", "128"):
        with Web(tls(words)) as web:
            suite = web.session(ciphers=both)[1]
            assert suite.partition("-AES")[2].startswith(wanted), f"{words}: {suite}"


def case_curves():
    rows = ("", ("X25519", "prime256v1", "secp384r1", "secp521r1")), ("[CurveP384]", ("secp384r1",)), \
        ("[X25519]", ("X25519",)), ("[CurveP521, X25519]", ("secp521r1", "X25519")), ("[CurveP256]", ("prime256v1",))
    rsa = SPACE.ca.issue("rsa", key=("-newkey", "rsa:2048"))
    for words, allowed in rows:
        with Web(tls(f"  curve_preferences: {words}\n" if words else "", rsa)) as web:
            for curve in "X25519", "prime256v1", "secp384r1", "secp521r1":
                for version in "-tls1_2", "-tls1_3":    # Python's ssl cannot choose X25519 everywhere
                    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{web.exporter.port}", version,
                                           "-groups", curve], stdin=subprocess.DEVNULL, capture_output=True)
                    got = done.returncode == 0
                    assert got == (curve in allowed), f"{words} {curve} {version}: {done}"


def case_kinds_of_keys():
    for label, key in ("rsa2", ("-newkey", "rsa:2048")), \
            ("p384", ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")), \
            ("ed", ("-newkey", "ed25519")):
        with Web(tls("", SPACE.ca.issue(label, key=key))) as web:
            for version in V12, V13:
                same(web.status(low=version, high=version), 200)
        with Web(tls("  cipher_suites: [TLS_AES_128_GCM_SHA256]\n", SPACE.ca.issue(label, key=key))) as web:
            same(web.session()[:2], ("TLSv1.3", "TLS_AES_128_GCM_SHA256"))


def case_chain():
    """An intermediate CA's certificate is sent along."""
    between = SPACE.folder / "between"
    between.mkdir(exist_ok=True)
    middle = Ca(between, "middle")
    openssl("x509", "-x509toreq", "-in", middle.file, "-signkey", middle.key, "-out", between / "middle.csr")
    (between / "ext").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
    openssl("x509", "-req", "-in", between / "middle.csr", "-CA", SPACE.ca.file, "-CAkey", SPACE.ca.key, "-days", 30,
            "-set_serial", "77", "-extfile", between / "ext", "-out", middle.file)
    pem, key = middle.issue("leaf")
    chain = between / "chain.pem"
    chain.write_bytes(pem.read_bytes() + middle.file.read_bytes())
    with Web(tls("", (chain, key))) as web:
        same(web.status(), 200)


def case_inline():
    def block(path):
        return "|\n" + "".join(f"    {line}\n" for line in path.read_text().splitlines())

    pem, key = SPACE.server
    client = SPACE.ca.issue("inline-client", usage="clientAuth")
    text = f"tls_server_config:\n  cert: {block(pem)}  key: {block(key)}  client_ca: {block(SPACE.ca.file)}" \
        "  client_auth_type: RequireAndVerifyClientCert\n"
    with Web(text) as web:
        same((web.status(), web.status(cert=client)), (REFUSED, 200))


def case_renewal():
    """While it runs, without a word to it; relative names are beside the file."""
    pairs = [SPACE.ca.issue(f"renewed-{i}") for i in range(3)]
    seen = [ssl.PEM_cert_to_DER_cert(pem.read_text()) for pem, _ in pairs]
    text = "tls_server_config: {cert_file: now.pem, key_file: sub/../now.key}\n"
    with Web(text, start=False) as web:
        folder = web.exporter.folder
        (folder / "sub").mkdir()

        def put(name, data):
            (folder / "new").write_bytes(data)
            (folder / "new").rename(folder / name)

        put("now.pem", pairs[0][0].read_bytes())
        put("now.key", pairs[0][1].read_bytes())
        web.exporter.start()
        same(web.session()[2], seen[0])
        kept = web.connect()
        put("now.pem", pairs[1][0].read_bytes())
        same(web.session()[2], seen[0])         # its key has not come yet
        put("now.key", pairs[1][1].read_bytes())
        same(web.session()[2], seen[1])
        same(ask(kept)[0], 200)
        for data in b"", b"no PEM", pairs[0][1].read_bytes():
            put("now.pem", data)
            same(web.session()[2], seen[1])
        (folder / "now.pem").unlink()
        same(web.session()[2], seen[1])
        (folder / "now.pem").write_bytes(pairs[2][0].read_bytes())      # in place, as cp does
        (folder / "now.key").write_bytes(pairs[2][1].read_bytes())
        same(web.session()[2], seen[2])
        logged = web.exporter.logged()
        for words in "certificate renewed", "certificate not renewed", "is not the key of the certificate", \
                "has no certificate in it":
            assert words in logged, logged


def clients():
    ca, other = SPACE.ca, SPACE.other
    own = SPACE.folder / "own.pem"
    openssl("req", "-x509", *P256, "-nodes", "-subj", "/CN=own", "-keyout", SPACE.folder / "own.key", "-out", own)
    return {"none": None, "own": (own, own.with_suffix(".key")), "right": ca.issue("right", usage="clientAuth"),
            "old": ca.issue("old", usage="clientAuth", days=-1), "purpose": ca.issue("purpose"),
            "other": other.issue("other", usage="clientAuth")}


def case_client_certificates():
    """Which of the modes takes which; both versions: the client is through first with one, last with the other."""
    shown = clients()
    takes = {"NoClientCert": set(shown), "RequestClientCert": set(shown), "RequireAnyClientCert": set(shown) - {"none"},
             "VerifyClientCertIfGiven": {"none", "right"}, "RequireAndVerifyClientCert": {"right"}}
    for mode in MODES:
        ca = "" if mode in MODES[:3] else f"  client_ca_file: {SPACE.ca.file}\n"
        with Web(tls(f"  client_auth_type: {mode}\n{ca}")) as web:
            for label, cert in shown.items():
                for version in V12, V13:
                    got = web.status(cert=cert, low=version, high=version)
                    wanted = 200 if label in takes[mode] else REFUSED
                    assert got == wanted, f"{mode} {label} {version!r}: got {got}, wanted {wanted}"


def case_self_signed_client():
    """A client's own certificate as the CA."""
    pair = clients()["own"]
    with Web(tls(f"  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {pair[0]}\n")) as web:
        same((web.status(cert=pair), web.status()), (200, REFUSED))


def case_alerts():
    """A client gets to read why."""
    shown = clients()
    with Web(tls(f"  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {SPACE.ca.file}\n")) as web:
        for words, cert in ("CERTIFICATE_REQUIRED", None), ("BAD_CERTIFICATE", shown["other"]):
            connection = web.connect(cert=cert, low=V13)
            try:
                connection.sock.recv(100)
                raise AssertionError("no alert")
            except ssl.SSLError as error:
                assert words in str(error), error


def case_names_of_clients():
    names = "DNS:prometheus.test", "IP:192.0.2.7", "IP:2001:db8::7", "email:me@example.org", \
        "URI:spiffe://example.org/p"
    allowed = "[prometheus.test, 192.0.2.7, '2001:DB8:0::7', me@example.org, 'spiffe://example.org/p']"
    wrong = "DNS:prometheus.tes", "DNS:x.prometheus.test", "IP:192.0.2.8", "DNS:192.0.2.7", "email:you@example.org", \
        "URI:spiffe://example.org/"
    text = f"  client_ca_file: {SPACE.ca.file}\n  client_allowed_sans: {allowed}\n  client_auth_type: "
    with Web(tls(text + "RequireAndVerifyClientCert\n")) as web:
        for good, rows in (True, names), (True, [f"DNS:a.test,{names[1]}"]), (False, wrong):
            for i, name in enumerate(rows):
                # DNS:192.0.2.7 is a name, but one that is allowed as text.
                wanted = 200 if good or name == "DNS:192.0.2.7" else REFUSED
                got = web.status(cert=SPACE.ca.issue(f"san-{good}-{i}", names=name, usage="clientAuth"))
                assert got == wanted, f"{name}: got {got}, wanted {wanted}"
        same(web.status(cert=SPACE.other.issue("san", names=names[0], usage="clientAuth")), REFUSED)
    with Web(tls(text + "VerifyClientCertIfGiven\n")) as web:
        stranger = SPACE.ca.issue("san-x", names=wrong[0], usage="clientAuth")
        same((web.status(), web.status(cert=stranger)), (200, REFUSED))


USERS = {"prometheus": "correct horse", "strong": "c\u00f6st seven", "empty": "", "colon": "a:b:c"}


def users(more=""):
    rows = zip(USERS.items(), (5, 7, 4, 5), ("2y", "2b", "2a", "2b"))
    lines = "".join(f"  {name}: {bcrypt(word, cost, kind)}\n" for (name, word), cost, kind in rows)
    return f"basic_auth_users:\n{lines}{more}"


def case_users():
    for text in users(), tls() + users():
        with Web(text) as web:
            get = web.status if text.startswith("tls") else plain(web)
            for _ in "looked at", "remembered":
                for name, word in USERS.items():
                    same((name, get(f"{name}:{word}")), (name, 200))
                    for wrong in f"{word}x", f"{word} ", f"{word}\0", f"{word}:", "x", word.upper() or "y":
                        got = get(f"{name}:{wrong}")
                        assert got == 401, f"{name} {wrong!r}: {got}"
                for wrong in "nobody:correct horse", ":correct horse", "Prometheus:correct horse", "prometheus", \
                        "", ":", \
                        "prometheus\0:correct horse", "prometheus :correct horse", "prometheus:" + 600 * "x":
                    got = get(wrong)
                    assert got == 401, f"{wrong!r}: {got}"
            right = base64.b64encode(b"prometheus:correct horse").decode()
            for header, wanted in (None, 401), ("", 401), ("Basic", 401), ("Basic ", 401), ("Basic !", 401), \
                    (f"Bearer {right}", 401), (right, 401), (f"Basic {right}=", 401), (f"Basic {right[:-1]}", 401), \
                    (f"Basic {right} x", 401), ("Basic " + 5000 * "A", 401), (f"basic {right}", 200), \
                    (f"BASIC   {right}", 200):
                got = get(header=header)
                assert got == wanted, f"{header!r}: {got}"
            for word in USERS.values():
                assert not word or word not in web.exporter.logged(), "a password is in the log"


def clear(web):
    return http.client.HTTPConnection("127.0.0.1", web.exporter.port, timeout=20)


def plain(web):
    def get(user=None, path=PATH, header=None, method="GET"):
        with contextlib.closing(clear(web)) as connection:
            return ask(connection, user, path, header, method)[0]
    return get


def case_every_path_wants_them():
    with Web(users()) as web:
        for request in "GET /", "HEAD /", "GET /metrics", "GET /-/healthy", "GET /-/ready", "POST /-/reload", \
                "GET /page.css", \
                "GET /api/v1/status", "GET /probe?target=localhost&module=banner", "POST /api/v1/targets/x/run", \
                "GET /nothing", "GET //metrics", "OPTIONS /", "DELETE /metrics":
            method, path = request.split(" ")
            with contextlib.closing(clear(web)) as connection:
                status, headers = ask(connection, None, path, None, method)
                assert status == 401 and "Basic" in headers["WWW-Authenticate"], f"{request}: {status} {headers}"
        same(plain(web)("strong:" + USERS["strong"]), 200)


def case_unknown_users_take_as_long():
    """Costs 8 and 11: whoever is asked for, it is the time of the highest. Remembered outcomes come at once."""
    text = f"basic_auth_users: {{low: {bcrypt('a', 8)}, high: {bcrypt('b', 11)}}}\n"
    with Web(text) as web:
        get, times = plain(web), {}
        get("low:warm"), get("high:warm")
        for round_ in range(5):
            for name in "low", "high", "nobody":
                times.setdefault(name, []).append(timed(get, f"{name}:wrong{round_}"))
        best = {name: min(values) for name, values in times.items()}
        assert max(best.values()) < 1.5 * min(best.values()), best
        same(get("low:a"), 200)
        assert min(timed(get, "low:a") for _ in range(5)) < min(best.values()) / 4, best


def timed(function, *arguments):
    begun = time.monotonic()
    function(*arguments)
    return time.monotonic() - begun


def case_guessers():
    """Many at a time: some are turned away, nobody gets in, and who is known goes on without waiting."""
    with Web(f"basic_auth_users: {{one: {bcrypt('right', 10)}}}\n") as web:
        get = plain(web)
        same(get("one:right"), 200)
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            guesses = [pool.submit(get, f"one:{i}") for i in range(64)]
            time.sleep(0.05)
            slow = max(timed(lambda: same(get("one:right"), 200)) for _ in range(5))
            statuses = [guess.result() for guess in guesses]
        assert set(statuses) == {401, 429}, statuses
        assert slow < 0.5 * harness.Options.factor, slow
        same(get("one:right"), 200)


def case_guessers_and_pages():
    """What a page or a scrape takes of a thread is not behind those guesses either."""
    with Web(f"basic_auth_users: {{one: {bcrypt('right', 12)}}}\n") as web:
        get = plain(web)
        same(get("one:right"), 200)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            guesses = [pool.submit(get, f"one:{i}") for i in range(8)]
            time.sleep(0.1)
            slow = max(timed(lambda: same(get("one:right", "/metrics"), 200)) for _ in range(3))
            waited = [guess.done() for guess in guesses]
            statuses = {guess.result() for guess in guesses}
        assert not all(waited) and statuses <= {401, 429}, (waited, statuses)
        assert slow < 0.3 * harness.Options.factor, slow


def case_headers():
    text = "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: sameorigin\n" \
        "    X-Content-Type-Options: nosniff\n    Content-Security-Policy: \"frame-ancestors 'self'\"\n" \
        "    X-XSS-Protection: ''\n" \
        "    Strict-Transport-Security: max-age=300\n"
    with Web(tls() + text + users()) as web:
        for user in f"strong:{USERS['strong']}", "strong:wrong":
            for path in PATH, "/metrics", "/nothing":
                headers = web.get(user, path)[1]
                for name, value in ("X-Frame-Options", "sameorigin"), ("X-Content-Type-Options", "nosniff"), \
                        ("Strict-Transport-Security", "max-age=300"):
                    same((name, headers.get_all(name)), (name, [value]))
                assert "frame-ancestors 'self'" in headers.get_all("Content-Security-Policy"), headers
                assert "X-XSS-Protection" not in headers, headers


def case_limit():
    with Web("rate_limit: {interval: 1s, burst: 3}\n") as web:
        get = plain(web)
        same([get() for _ in range(5)], [200, 200, 200, 429, 429])
        time.sleep(1.1)
        same([get(), get()], [200, 429])


def case_reload():
    """Users, versions and client certificates as of the new file; what is refused changes nothing."""
    client = SPACE.ca.issue("reload", usage="clientAuth")
    demand = f"  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {SPACE.ca.file}\n"
    one, two = (f"basic_auth_users: {{me: {bcrypt(word)}}}\n" for word in ("one", "two"))
    with Web(tls() + one) as web:
        same((web.status("me:one"), web.status("me:two")), (200, 401))
        web.reload(tls() + two)
        same((web.status("me:one"), web.status("me:two")), (401, 200))
        web.reload(tls("  min_version: TLS13\n") + one)
        same((web.status("me:one", high=V12), web.status("me:one")), (REFUSED, 200))
        kept = web.connect()
        same(ask(kept, "me:one")[0], 200)
        web.reload(tls(demand) + one)
        same((web.status("me:one"), web.status("me:one", cert=client), web.status(cert=client)), (REFUSED, 200, 401))
        status, headers = ask(kept, "me:one")
        same((status, headers["Connection"]), (403, "close"))
        logged = web.reload(tls(demand) + "basic_auth_users: {me: one}\n")
        assert "refused" in logged and "is no bcrypt hash" in logged, logged
        assert "one:" not in logged
        same((web.status("me:one"), web.status("me:one", cert=client), web.status(cert=client)), (REFUSED, 200, 401))
        logged = web.reload(one)
        assert "refused" in logged, logged
        same((web.status("me:one"), web.status("me:one", cert=client)), (REFUSED, 200))
        web.reload(tls())
        same((web.status(), web.status(high=V12)), (200, 200))


def case_changes_under_load():
    """Renewals and reloads while others come and go."""
    pairs = [SPACE.ca.issue(f"load-{i}") for i in range(2)]
    text = "tls_server_config: {cert_file: now.pem, key_file: now.key}\n"
    hash_ = bcrypt("x", 4)
    with Web(text, start=False) as web:
        folder, end = web.exporter.folder, time.monotonic() + 4

        def put(pair):
            for path, name in zip(pair, ("now.pem", "now.key")):
                (folder / "new").write_bytes(path.read_bytes())
                (folder / "new").rename(folder / name)

        def come(n):
            got = set()
            while time.monotonic() < end:
                got.add(web.status(f"me:{'x' if n % 2 else n}"))
            return got

        put(pairs[0])
        web.exporter.start()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            comers = [pool.submit(come, n) for n in range(6)]
            for i in range(1000):
                if time.monotonic() > end:
                    break
                put(pairs[i % 2])
                web.reload(text + (f"basic_auth_users: {{me: {hash_}}}\n" if i % 2 else ""))
            seen = set().union(*(comer.result() for comer in comers))
        assert seen <= {200, 401, 429} and 200 in seen, seen


def case_credentials():
    """Bare names are looked for where systemd puts what LoadCredential= names."""
    pem, key = SPACE.server
    folder = SPACE.folder / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "web.key").write_bytes(key.read_bytes())
    text = f"tls_server_config: {{cert_file: {pem}, key_file: web.key}}\n"
    with Web(text, env={"CREDENTIALS_DIRECTORY": str(folder)}) as web:
        same(web.status(), 200)


def case_refusals():
    """All that is wrong in one go, with file, line and key, and no secret."""
    hash_ = bcrypt("secret")[:-1]
    text = f"""tls_server_config:
  cert_file: missing.pem
  key_file: {SPACE.server[1]}
  client_auth_type: Require
  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]
basic_auth_users:
  me: {hash_}
  you: {bcrypt("x", 4).replace("$04$", "$16$")}
http_server_config: {{http2: maybe, headers: {{Server: x}}}}
rate_limits: {{}}
"""
    exporter = harness.Exporter(CONFIG, start=False, program=OPTIONS.exporter, files={"web.yml": text})
    file = f"{exporter.folder}/web.yml"
    for words in ["--config.check"], []:
        done = subprocess.run([*exporter.command, f"--web.config.file={file}", *words], capture_output=True, text=True,
                              env=harness.start_fails(), timeout=60)
        printed = done.stdout + done.stderr
        assert done.returncode == 1, done
        for words in f"{exporter.folder}/missing.pem: No such file", f"{file}:2: tls_server_config.cert_file: ", \
                f"{file}:4: tls_server_config.client_auth_type: ", f"{file}:5: tls_server_config.cipher_suites[0]: ", \
                f"{file}:7: basic_auth_users.me: is no bcrypt hash", \
                f"{file}:8: basic_auth_users.you: has a hash of cost 16", \
                f"{file}:9: http_server_config.http2: ", f"{file}:9: http_server_config.headers.Server: ", \
                f"{file}:10: rate_limits: ":
            assert words in printed, f"{words}\n{printed}"
        assert hash_[8:] not in printed and hash_[-20:] not in printed, printed
    exporter.remove()


def run(function):
    name = function.__name__[5:].replace("_", " ")
    try:
        function()
        print(f"ok exporter: web {name}", flush=True)
        return True
    except Exception:
        print(f"not ok exporter: web {name}")
        for line in traceback.format_exc(limit=-5).splitlines()[:60]:
            print(f"#   {line}", flush=True)
        return False


parser = argparse.ArgumentParser()
parser.add_argument("--exporter", type=pathlib.Path)
parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/bin"))
parser.add_argument("--san", action="store_true")
parser.add_argument("filters", nargs="*")
OPTIONS = parser.parse_args()
OPTIONS.exporter = (OPTIONS.exporter or OPTIONS.bin / "mailprobe-exporter").resolve()
harness.Options.san, harness.Options.factor = OPTIONS.san, 5 if OPTIONS.san else 1
with tempfile.TemporaryDirectory(prefix="exporter-web-") as home, harness.sanitizers() as quiet:
    SPACE = Space(home)
    chosen = [function for name, function in list(globals().items())
              if name.startswith("case_") and (not OPTIONS.filters or any(word in name for word in OPTIONS.filters))]
    results = [run(function) for function in chosen] + [quiet()]
sys.exit(0 if chosen and all(results) else 1)
