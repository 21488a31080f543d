# SPDX-License-Identifier: BSD-2-Clause
"""/probe: verdicts, deadlines, what is shown and in which form."""

import base64
import re
import time

from harness import PASSWORD, USER, Options, Stop, alone, case, check_binary, probe_path, samples, value, wait_for

HERE = ["localhost", "127.0.0.0/8", "::1"]
OPEN = {"host_concurrency": 0, "host_rate": 0}


def auth(**more):
    return {"user": USER, "password_file": "pass", **more}


# Label, listener, module, kind of check, its arguments. CA and password are added where the module has them.
FAULTS = (
    ("banner-554", "smtp:0", "plain", "smtp", ["--tls=none"]),
    ("banner-421", "smtp:0", "plain", "smtp", ["--tls=none"]),
    ("close-after-banner", "smtp:0", "plain", "smtp", ["--tls=none"]),
    ("reply-nul", "smtp:0", "plain", "smtp", ["--tls=none"]),
    ("no-starttls", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("starttls-inject", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("cert-expired", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("cert-name", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("cert-self-signed", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("tls-alert", "smtp:0", "starttls", "smtp", ["--tls=starttls"]),
    ("auth-rejected", "submission:0", "submission", "smtp", ["--tls=starttls", "--auth=PLAIN"]),
    ("auth-wrong-server-signature", "submission:0", "scram", "smtp", ["--tls=starttls", "--auth=SCRAM-SHA-256"]),
    ("rcpt-rejected", "submission:0", "rcpt", "smtp", ["--tls=starttls", f"--from={USER}", f"--rcpt={USER}"]),
    ("greylist", "submission:0", "rcpt", "smtp", ["--tls=starttls", f"--from={USER}", f"--rcpt={USER}"]),
    ("login-no:UNAVAILABLE", "imap:0", "imap", "imap", ["--tls=starttls"]),
    ("select-no", "imap:0", "imap", "imap", ["--tls=starttls"]),
    ("fetch-cut", "imap:0", "fetch", "imap", ["--tls=starttls", "--fetch=last"]),
    ("stat-no", "pop3:0", "pop3", "pop3", ["--tls=starttls", "--stat"]),
)

HEALTHY = (
    ("smtp", "plain", "smtp", []), ("smtp", "starttls", "smtp", []), ("submission", "submission", "smtp", []),
    ("lmtp", "lmtp", "smtp", []), ("imap", "imap", "imap", []), ("imaps", "imaps", "imap", []),
    ("pop3", "pop3", "pop3", []), ("pop3s", "pop3s", "pop3", []),
)


def modules(ca):
    tls = {"mode": "starttls", "ca_file": ca}
    secret = {"auth": auth(), "allowed_targets": HERE}
    return {
        "plain": {"probe": "smtp", "tls": {"mode": "none"}},
        "starttls": {"probe": "smtp", "tls": tls},
        "submission": {"probe": "smtp", "tls": tls, **secret, "auth": auth(mechanisms="PLAIN")},
        "scram": {"probe": "smtp", "tls": tls, **secret, "auth": auth(mechanisms=["SCRAM-SHA-256"])},
        "rcpt": {"probe": "smtp", "tls": tls, **secret, "smtp": {"from": USER, "rcpt": [USER]}},
        "lmtp": {"probe": "lmtp", "tls": {"mode": "none"}, "smtp": {"from": USER, "rcpt": [USER]}},
        "imap": {"probe": "imap", "tls": tls, **secret},
        "imaps": {"probe": "imap", "tls": {"mode": "implicit", "ca_file": ca}, **secret},
        "fetch": {"probe": "imap", "tls": tls, **secret, "imap": {"fetch": "last"}},
        "pop3": {"probe": "pop3", "tls": tls, **secret, "pop3": {"stat": True}},
        "pop3s": {"probe": "pop3", "tls": {"mode": "implicit", "ca_file": ca}, **secret, "pop3": {"stat": "true"}},
        "warning": {"probe": "smtp", "tls": {"mode": "none"}, "expect": ["no such words"]},
        "slow": {"probe": "smtp", "tls": {"mode": "none"}, "thresholds": {"time": {"warning": "@0:60"}}},
    }


@case
def verdicts(t):
    box = t.sandbox(*{f"{word}:0,name={word}" for word, *_ in HEALTHY},
                    *[f"{listen},name=f{i},fault={fault}" for i, (fault, listen, *_) in enumerate(FAULTS)])
    e = t.exporter({"limits": OPEN, "modules": modules(box.ca)}, files={"pass": PASSWORD + "\n"})
    secret = ["-U", USER, f"--password-file={e.folder}/pass"]
    for label, module, _, _ in HEALTHY:
        answer = e.probe(f"localhost:{box[label]}", module)
        found = samples(answer.text)
        t.check(f"{module} at {label} succeeds", answer.status == 200 and value(found, "probe_success") == 1
                and value(found, "mailprobe_state") == 0 and value(found, "probe_ip_protocol") == 4
                and value(found, "probe_duration_seconds") > 0, answer.text)
        if module in ("starttls", "imaps", "pop3"):
            t.check(f"{module} at {label} tells of TLS", value(found, "probe_ssl_earliest_cert_expiry") > time.time()
                    and value(found, "probe_tls_version_info") == 1 and value(found, "mailprobe_tls_info") == 1,
                    answer.text)
        if module == "imaps":
            t.check("the mechanism is told", value(found, "mailprobe_auth_info", mechanism="SCRAM-SHA-256-PLUS") == 1,
                    answer.text)
            t.equal("the values are told", value(found, "mailprobe_value", name="messages"), 3)
    for i, (fault, _, module, kind, arguments) in enumerate(FAULTS):
        port = box[f"f{i}"]
        wanted = check_binary(kind, "-H", "localhost", "-p", str(port), "-v", *arguments,
                              *(["--ca-file", box.ca] if "starttls" in arguments[0] else []),
                              *(secret if "auth" in modules("")[module] else []))
        text = e.probe(f"localhost:{port}", module).text
        found = samples(text)
        failure = next((dict(labels) for name, labels in found if name == "mailprobe_failure_info"), {})
        result = e.api_probe(f"localhost:{port}", module).json
        t.equal(f"{fault}: state, phase and cause of the check", (value(found, "mailprobe_state"), failure.get("phase"),
                failure.get("cause")), (wanted["code"], wanted["phase"] or "", wanted["cause"]))
        t.equal(f"{fault}: the same by the API", [result[k] for k in ("state", "phase", "cause", "reply")],
                [wanted[k] for k in ("state", "phase", "cause", "reply")])
        t.equal(f"{fault}: probe_success", value(found, "probe_success"), float(wanted["code"] <= 1))
        t.check(f"{fault}: the same members", set(result) == set(wanted) and result["transcript"],
                (set(result) ^ set(wanted), result["transcript"]))
    for module in "warning", "slow":
        found = samples(e.probe(f"localhost:{box['smtp']}", module).text)
        t.equal(f"a WARNING is a success ({module})", (value(found, "mailprobe_state"), value(found, "probe_success")),
                (1, 1))
    refused = samples(e.probe("127.0.0.1:1", "plain").text)
    t.check("nobody listens: probe_success 0, and metrics that are always there", value(refused, "probe_success") == 0
            and value(refused, "mailprobe_failure_info", phase="connect", cause="connect_refused") == 1
            and value(refused, "probe_dns_lookup_time_seconds") is not None, refused)
    t.equal("the protocol of the address that was tried", value(refused, "probe_ip_protocol"), 4)
    t.equal("of another", value(samples(e.probe("[::1]:1", "plain").text), "probe_ip_protocol"), 6)
    t.equal("of none", value(samples(e.probe("nobody.invalid:1", "plain").text), "probe_ip_protocol"), 0)


@case
def strange_targets(t):
    silent = t.server()
    e = t.exporter({"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "2s"}}})
    ask = lambda query: e.get("/probe?" + query)
    for name, query in (
            ("no parameters", ""), ("no module", "target=localhost"), ("no target", "module=plain"),
            ("empty target", "target=&module=plain"), ("empty module", "target=localhost&module="),
            ("a module that is not there", "target=localhost&module=nope"),
            ("a module's name in another letter case", "target=localhost&module=PLAIN"),
            ("a long target", "target=" + "a" * 400 + "&module=plain"),
            ("a long name", "target=" + "a." * 140 + "&module=plain"),
            ("a long label", "target=" + "a" * 70 + ".example&module=plain"),
            ("a long module", "target=localhost&module=" + "a" * 3000),
            ("port 0", "target=localhost:0&module=plain"), ("port 65536", "target=localhost:65536&module=plain"),
            ("port -1", "target=localhost:-1&module=plain"), ("port +25", "target=localhost:%2B25&module=plain"),
            ("port of letters", "target=localhost:smtp&module=plain"),
            ("an empty port", "target=localhost:&module=plain"),
            ("port with a blank", "target=localhost:25%20&module=plain"),
            ("a port alone", "target=:25&module=plain"), ("a blank", "target=local%20host&module=plain"),
            ("a line end", "target=localhost%0d%0aRSET&module=plain"), ("a tab", "target=local%09host&module=plain"),
            ("a URL", "target=smtp://localhost&module=plain"), ("a user", "target=probe@localhost&module=plain"),
            ("a slash", "target=localhost/x&module=plain"), ("an option", "target=-Hlocalhost&module=plain"),
            ("an open bracket", "target=[::1&module=plain"), ("a bracket closed twice",
                    "target=[::1]]:25&module=plain"),
            ("brackets with a rest", "target=[::1]25&module=plain"),
            ("brackets with a name", "target=[localhost]:25&module=plain"),
            ("empty brackets", "target=[]:25&module=plain"), ("dots", "target=..&module=plain"),
            ("an empty label", "target=a..b&module=plain"), ("quotes", "target=%22%3E%3Cscript%3E&module=plain"),
            ("invalid UTF-8", "target=%ff%fe&module=plain"), ("a percent sign", "target=%25&module=plain")):
        answer = ask(query)
        t.check(f"400: {name}", answer.status == 400 and answer.text.endswith("\n")
                and answer.header("Content-Type").startswith("text/plain"), answer)
        answer = e.get("/api/v1/probe?" + query)
        t.check(f"400 by the API: {name}", answer.status == 400 and list(answer.json) == ["error"], answer)
    answer = ask(f"target=localhost%00.example:{silent.port}&module=plain")
    t.check("400: a NUL byte in the target", answer.status == 400, answer)
    answer = ask("target=localhost:1&module=plain%00x")
    t.check("400: a NUL byte in the module", answer.status == 400, answer)
    for name, target in ("[::1]", "[::1]:1"), ("::1", "::1"), ("a trailing dot", "localhost.:1"), ("letter case",
            "LocalHost:1"):
        answer = ask(f"target={target}&module=plain")
        t.check(f"200: {name}", answer.status == 200 and value(samples(answer.text), "probe_success") == 0, answer)


@case
def deadlines(t):
    silent = t.server()
    e = t.exporter({"limits": OPEN, "modules": {"short": {"probe": "smtp", "timeout": "1.2s"},
                                                "long": {"probe": "smtp", "timeout": "20s"},
                                                "state": {"probe": "smtp", "timeout": "500ms:warning"}}})
    target = f"127.0.0.1:{silent.port}"

    def ask(name, module, header, low, high):
        answer = e.probe(target, module, {"X-Prometheus-Scrape-Timeout-Seconds": header})
        found = samples(answer.text) if answer.status == 200 else {}
        t.check(name, low - 0.02 <= answer.seconds <= high * Options.factor
                and value(found, "mailprobe_failure_info", phase="banner", cause="timeout") == 1
                and low - 0.1 <= value(found, "probe_duration_seconds") <= answer.seconds, answer)

    ask("the module's own", "short", None, 1.2, 1.9)
    ask("a scrape's, less half a second", "long", "1.7", 1.2, 1.68)
    ask("a scrape's that is longer", "short", "30", 1.2, 1.9)
    ask("a scrape's that is short", "long", "0.8", 0.2, 0.79)
    ask("a scrape's of a whole number", "long", "2", 1.5, 1.98)
    for word in "", "x", "nan", "inf", "-3", "0", "1e1", "0x2", "2,5", " ", "\xff", "9" * 400, "2 2":
        answer = e.probe(target, "short", {"X-Prometheus-Scrape-Timeout-Seconds": word})
        t.check(f"garbage is ignored: {word[:20]!r}", answer.status == 200
                and 1.18 <= answer.seconds < 1.9 * Options.factor, answer)
    answer = e.probe(target, "state")
    t.equal("timeout: 500ms:warning", value(samples(answer.text), "mailprobe_state"), 1)


@case
def secrets_in_transcripts(t):
    """A server that repeats what the client sent, and a debug log: no secret in any form, anywhere."""
    secret, token = "Gr\u00fcn&<pass>w0rd=%", "ya29.a0AfH6SMBx-secret-token-value"
    mechanisms = ("PLAIN", "LOGIN", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2")
    box = t.sandbox("submission:0,name=smtp,fault=auth-echo", "imap:0,name=imap,fault=auth-echo",
                    "pop3:0,name=pop3,fault=auth-echo",
                    options=[f"--account={USER}:another", f"--token={USER}:another"])
    tls = {"mode": "starttls", "ca_file": box.ca}
    config = {"limits": OPEN, "modules": {}, "targets": []}
    for kind in "smtp", "imap", "pop3":
        for mechanism in mechanisms + {"smtp": (), "imap": ("login",), "pop3": ("user", "apop")}[kind]:
            login = {"user": USER, "mechanisms": mechanism}
            login |= {"token_file": "token"} if "OAUTH" in mechanism else {"password_file": "pass"}
            config["modules"][f"{kind}-{mechanism}"] = {"probe": kind, "tls": tls, "auth": login,
                                                        "allowed_targets": HERE}
            config["targets"].append({"name": f"{kind}-{mechanism}", "target": f"localhost:{box[kind]}",
                                      "module": f"{kind}-{mechanism}", "interval": "3600s"})
    e = t.exporter(config, "--log.level=debug", files={"pass": secret + "\n", "token": token + "\n"})
    forms = set()
    for word in secret.encode(), token.encode(), f"\0{USER}\0{secret}".encode(), f"{USER}\0{secret}".encode():
        forms.add(word)
        for shift in range(3):
            # What stands in base64 whatever is in front and behind: the groups that the word fills alone.
            encoded = base64.b64encode(b"\0" * shift + word + b"\0" * 2)
            forms.add(encoded[(0, 2, 3)[shift] + 2:(shift + len(word)) * 8 // 6 - 2])
    everything = []
    for target in config["targets"]:
        module, where = target["module"], target["target"]
        answer = e.probe(where, module, debug="true")
        comments = [line for line in answer.text.split("\n") if re.match(r"#\s+\d+\.\d+ ", line)]
        found = samples(answer.text)
        t.check(f"{module}: refused, with a transcript", value(found, "mailprobe_failure_info", phase="auth") == 1
                and any(" C AUTH" in c or "AUTHENTICATE" in c or "LOGIN" in c or "USER" in c or "PASS" in c
                        or "APOP" in c
                        for c in comments), answer.text)
        sent = b"".join(line.split(" C ", 1)[1].encode() for line in comments if " C " in line)
        for proof in re.findall(rb"[A-Za-z0-9+/]{20,}={0,2}", sent):
            plain = base64.b64decode(proof[:len(proof) // 4 * 4])
            t.check(f"{module}: no proof of SCRAM", b",p=" not in plain, plain)
        everything.append((module + " debug", answer.raw))
        everything.append((module + " API", e.api_probe(where, module).raw))
        e.post(f"/api/v1/targets/{module}/run")
    for target in config["targets"]:
        wait_for(lambda: e.target(target["name"])["state"], 15, "a scheduled run")
        everything.append((target["name"] + " target", e.get(f"/api/v1/targets/{target['name']}").raw))
    for path in "/metrics", "/api/v1/status", "/", "/-/healthy":
        everything.append((path, e.get(path).raw))
    everything.append(("log", e.logged().encode()))
    with open(f"/proc/{e.pid}/cmdline", "rb") as file:
        everything.append(("command line", file.read()))
    for name, text in everything:
        seen = [form for form in forms if form in text]
        t.check(f"no secret: {name}", len(text) > 0 and not seen, (seen, text[:1500]))


@case
def debug(t):
    box = t.sandbox("smtp:0,name=smtp", "smtp:0,name=hostile,fault=reply:banner=220 # HELP x y\x1b[31m| \u202e\"")
    e = t.exporter({"limits": OPEN, "modules": {"plain": {"probe": "smtp"}}})
    target = f"localhost:{box['smtp']}"
    plain, verbose = e.probe(target, "plain"), e.probe(target, "plain", debug="true")
    t.check("without debug there is no transcript", "EHLO" not in plain.text, plain.text)
    t.check("with debug=true there is one", re.search(r"^# +\d+\.\d+ C EHLO", verbose.text, re.M), verbose.text)
    t.equal("the metrics are the same", {k for k in samples(plain.text)}, {k for k in samples(verbose.text)})
    t.check("debug=false", "EHLO" not in e.probe(target, "plain", debug="false").text)
    text = e.probe(f"localhost:{box['hostile']}", "plain", debug="true").text
    t.check("a hostile banner", len(samples(text)) > 5 and "\x1b" not in text and "\u202e" not in text, text)
    answer = e.probe(target, "plain", {"Accept": "application/openmetrics-text"}, debug="true")
    t.check("debug is text, whoever likes OpenMetrics", "text/plain" in answer.header("Content-Type")
            and samples(answer.text), answer)


OM, TEXT = "application/openmetrics-text", "text/plain; version=0.0.4"
PROMETHEUS = ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
              "application/openmetrics-text;version=0.0.1;q=0.5,"
              "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")


@case
def negotiation(t):
    box = t.sandbox("smtp:0,name=smtp")
    target = f"localhost:{box['smtp']}"
    e = t.exporter({"limits": OPEN, "modules": {"plain": {"probe": "smtp"}},
                    "targets": [{"name": "a", "target": target, "module": "plain", "interval": "1h"}]})
    e.post("/api/v1/targets/a/run")
    wait_for(lambda: value(e.metrics(), "probe_success", target="a"))
    for path in probe_path(target, "plain"), "/metrics":
        where = path.split("?")[0]
        for accept, openmetrics in (
                (None, False), ("*/*", False), ("text/plain", False), (OM, True), (PROMETHEUS, True),
                (OM + ";q=0", False), (f"{OM};q=0.1, text/plain;q=0.9", False), (f"text/plain;q=0.5,{OM};q=0.7", True),
                (f"{OM};q=0.5, */*;q=0.9", False), (f"{OM.upper()}; VERSION=1.0.0", True), ("application/json", False),
                (f"{OM}; q=0.000, text/plain", False), (f"text/plain , {OM}", True), (",,;;q=,", False),
                ("a" * 4000, False)):
            answer = e.get(path, {"Accept": accept})
            kind = answer.header("Content-Type")
            good = OM in kind and "version=1.0.0" in kind if openmetrics else kind.startswith(TEXT)
            found = samples(answer.text, openmetrics) if good else None
            t.check(f"{where} by Accept: {str(accept)[:70]}", answer.status == 200 and good and "utf-8" in kind
                    and found, answer)
        plain = e.get(path, {"Accept": OM}).body
        for accept, packed in ((None, False), ("gzip", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False),
                               ("identity", False),
                               ("*", True), ("gzip;q=0, *", False), ("*;q=0", False), ("GZIP", True),
                               ("x-gzip-not", False),
                               ("gzip;q=0.001", True), ("br, deflate", False)):
            answer = e.get(path, {"Accept": OM, "Accept-Encoding": accept})
            coded = answer.header("Content-Encoding") == "gzip"
            names = {k[0] for k in samples(answer.body.decode(), True)}
            t.check(f"{where} by Accept-Encoding: {accept}", coded == packed
                    and answer.raw[:2] == (b"\x1f\x8b" if packed else plain[:2])
                    and names == {k[0] for k in samples(plain.decode(), True)}, answer)
        head = e.ask("HEAD", path)
        t.check(f"HEAD {where}", head.status == 200 and not head.raw and int(head.header("Content-Length")) > 100, head)
    for path in probe_path(target, "plain"), "/metrics", "/api/v1/status", "/", "/-/healthy", "/-/ready":
        for method in "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW":
            answer = e.ask(method, path, body=b"x" if method in ("POST", "PUT") else None)
            t.check(f"405 with Allow: {method} {path.split('?')[0]}", answer.status == 405
                    and {"GET", "HEAD"} <= set(answer.header("Allow").split(", ")), answer)
    answer = e.get("/-/reload")
    t.check("405 with Allow: GET /-/reload", answer.status == 405 and answer.header("Allow") == "POST", answer)


@case
def packed_answers_leave_the_gate(t):
    """Each probe gives its place at the host back, in whatever form its answer goes out."""
    box = t.sandbox("smtp:0,name=smtp")
    e = t.exporter({"limits": {"host_concurrency": 2, "host_rate": 0}, "modules": {"plain": {"probe": "smtp"}}})
    for path in "/probe", "/api/v1/probe":
        got = [e.get(probe_path(f"localhost:{box['smtp']}", "plain", path, **more), {"Accept-Encoding": "gzip"}).status
               for more in ({}, {"debug": "true"}) * 4]
        t.equal(f"8 of {path} one after the other, packed", got, [200] * 8)
