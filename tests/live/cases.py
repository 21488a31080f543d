# SPDX-License-Identifier: BSD-2-Clause
"""What a check must be able to say to any mail server."""

import statistics

from check import Mismatch, want
from material import (BODIES, ENVELOPE, FOREIGN, OWN, SENDER, UNKNOWN, Case, accepted, as_sent,
                      body_of, collect, delivered, expected, header_of, same, undelivered)
from server import PASSWORD, USER
from tap import Tap

# A client that leaves TCP's delayed acknowledgements alone reads 40 ms where a server took one.
FALSE_SECONDS = 0.020

COMMON = []


@collect(COMMON, "plain banner, EHLO, QUIT")
def plain(bench):
    result = bench.check(bench.plain_port, "--tls=none").ok()
    want("phases", list(result.seconds()), ["connect", "banner", "ehlo", "quit"])
    if "mx.mail.test" not in result.fact("banner"):
        raise Mismatch(f"banner is {result.fact('banner')!r}")


@collect(COMMON, "STARTTLS, verified")
def starttls(bench):
    result = bench.check(bench.port("submission"), "--tls=starttls").ok()
    want("phases", list(result.seconds()),
         ["connect", "banner", "ehlo", "starttls", "tls", "ehlo_2", "quit"])
    want("TLS version", result.fact("tls_version"), "TLSv1.3")


@collect(COMMON, "STARTTLS with TLS 1.2 at most")
def starttls_old(bench):
    result = bench.check(bench.port("submission"), "--tls=starttls", "--tls-max=1.2").ok()
    want("TLS version", result.fact("tls_version"), "TLSv1.2")


@collect(COMMON, "opportunistic TLS")
def opportunistic(bench):
    result = bench.check(bench.port("submission"), "--tls=opportunistic").ok()
    want("TLS version", result.fact("tls_version"), "TLSv1.3")


@collect(COMMON, "implicit TLS")
def implicit(bench):
    result = bench.check(bench.port("smtps"), "--tls=implicit").ok()
    want("phases", list(result.seconds()), ["connect", "tls", "banner", "ehlo", "quit"])


@collect(COMMON, "certificate of an unknown CA")
def wrong_ca(bench):
    result = bench.check(bench.port("submission"), "--tls=starttls", ca=bench.other_ca.file)
    result.judged("CRITICAL", "tls", "cert_untrusted")


@collect(COMMON, "certificate of an unknown CA, no password follows")
def wrong_ca_password(bench):
    result = bench.check(bench.port("smtps"), "--tls=implicit", *bench.check.login,
                         ca=bench.other_ca.file)
    result.judged("CRITICAL", "tls", "cert_untrusted")
    want("auth phase", result.seconds().get("auth"), None)


@collect(COMMON, "certificate of another name")
def wrong_name(bench):
    result = bench.check(bench.port("submission"), "--tls=starttls", host="other.mail.test")
    result.judged("CRITICAL", "tls", "cert_name")


@collect(COMMON, "--insecure, without the CA")
def insecure(bench):
    bench.check(bench.port("submission"), "--tls=starttls", "--insecure").ok()


@collect(COMMON, "certificate's age against -D")
def certificate_days(bench):
    port = bench.port("submission")
    bench.check(port, "--tls=starttls", "-D", "15,5").ok()
    bench.check(port, "--tls=starttls", "-D", "60,5").judged("WARNING", "tls", "cert_expiring")
    bench.check(port, "--tls=starttls", "-D", "90,60").judged("CRITICAL", "tls", "cert_expiring")


@collect(COMMON, "strongest mechanism by itself")
def strongest(bench):
    result = bench.submit().ok()
    want("mechanism", result.fact("auth_mechanism"), bench.server.mechanisms[0])


@collect(COMMON, "password from the environment")
def from_environment(bench):
    bench.check(bench.port("submission"), "-U", USER, "--password-env", "SECRET",
                env={"SECRET": PASSWORD}).ok()


@collect(COMMON, "unknown user")
def unknown_user(bench):
    bench.check(bench.port("submission"), "-U", UNKNOWN, "--password-file", bench.check.password) \
        .judged("CRITICAL", "auth", "auth_rejected")


@collect(COMMON, "MAIL and RCPT taken back by RSET")
def taken_back(bench):
    result = undelivered(bench, lambda: bench.submit(*OWN)).ok()
    want("last phases", list(result.seconds())[-4:], ["mail", "rcpt", "rset", "quit"])


@collect(COMMON, "recipient refused")
def refused(bench):
    result = undelivered(bench, lambda: bench.submit("-f", USER, "--rcpt", UNKNOWN))
    result.judged("CRITICAL", "rcpt", "rejected")
    want("reply", result.json["reply"][:3], "550")


@collect(COMMON, "one recipient of two refused")
def half_refused(bench):
    result = undelivered(bench, lambda: bench.submit(*OWN, "--rcpt", UNKNOWN))
    result.judged("CRITICAL", "rcpt_2", "rejected")


@collect(COMMON, "require and forbid")
def capabilities(bench):
    port = bench.port("submission")
    bench.check(port, "--tls=starttls", "--require=8BITMIME,SIZE").ok()
    result = bench.check(port, "--tls=starttls", "--require=8BITMIME,XNEVER")
    result.judged("CRITICAL", "ehlo_2", "capability_missing")
    result = bench.check(port, "--tls=starttls", "--forbid=SIZE")
    result.judged("CRITICAL", "ehlo_2", "capability_forbidden")


@collect(COMMON, "message sent through STARTTLS and AUTH, queue id in the server's log")
def sent(bench):
    body = bench.check.file("body", b"Hello,\n\n.dotted\n")
    result, message = delivered(bench, lambda: bench.submit(
        *OWN, "--send", "--body-file", body,
        "--subject", "live test", "--header", "X-Probe: a: b  c"))
    accepted(bench, result)
    same("body", body_of(message), b"Hello,\n\n.dotted\n")
    want("subject", header_of(message, b"Subject"), [b"live test"])
    want("own header", header_of(message, b"X-Probe"), [b"a: b  c"])
    want("message id", header_of(message, b"Message-ID"), [result.fact("message_id").encode()])
    for name in b"From", b"To", b"Date", b"Auto-Submitted":
        want(f"headers {name.decode()}", len(header_of(message, name)), 1)


@collect(COMMON, "message of our own making")
def own_message(bench):
    _, message = delivered(bench, lambda: bench.submit(*OWN, "--send"))
    if not body_of(message).strip():
        raise Mismatch("the body is empty")


def sends(body, *options):
    def run(bench):
        file = bench.check.file("body", body)
        result, message = delivered(bench, lambda: bench.submit(
            *OWN, "--send", "--body-file", file, *options))
        accepted(bench, result)
        same("body", body_of(message), expected(body))
    return run


for _name, _body in BODIES.items():
    COMMON.append(Case(f"body with {_name} through TLS", sends(_body)))
    COMMON.append(Case(f"body with {_name}, pipelined", sends(_body, "--pipelining")))


@collect(COMMON, "stopped early by --until")
def until(bench):
    result = undelivered(bench, lambda: bench.submit(*OWN, "--send", "--until=auth")).ok()
    want("last phases", list(result.seconds())[-3:], ["ehlo_2", "auth", "quit"])


@collect(COMMON, "commands of one's own, -C and -R")
def own_commands(bench):
    bench.submit("-C", "NOOP", "-R", "250").ok()
    bench.submit("-C", "NOOP", "-R", "251").judged("WARNING", "command", "unexpected")


@collect(COMMON, "options as check_smtp has them")
def drop_in(bench):
    result = bench.check(bench.port("submission"), "-S", "-A", "LOGIN", "-U", USER,
                         "-P", PASSWORD).ok()
    want("mechanism", result.fact("auth_mechanism"), "LOGIN")


@collect(COMMON, "opportunistic TLS with an unknown CA")
def opportunistic_untrusted(bench):
    bench.check(bench.port("submission"), "--tls=opportunistic", ca=bench.other_ca.file).ok()


@collect(COMMON, "name resolved by ourselves")
def resolved(bench):
    result = bench.check(bench.port("submission"), "--tls=starttls", host="localhost",
                         address=None).ok()
    want("first phases", list(result.seconds())[:3], ["dns", "connect", "banner"])
    want("address", result.json["target"]["address"], "127.0.0.1")


@collect(COMMON, "certificate that names the address")
def by_address(bench):
    bench.check(bench.port("smtps"), "--tls=implicit", host="127.0.0.1", address=None).ok()


@collect(COMMON, "outputs: nagios, openmetrics, waterfall")
def outputs(bench):
    result = bench.submit(output="nagios")
    want("exit", result.exit, 0)
    if not result.out.startswith("SMTP OK - ") or "| time=" not in result.out:
        raise Mismatch(f"status line is {result.out!r}")
    result = bench.submit(output="openmetrics")
    want("exit", result.exit, 0)
    success = [line for line in result.out.splitlines() if line.startswith("probe_success")]
    want("probe_success", success, ["probe_success 1"])
    want("exit", bench.submit(output="waterfall").exit, 0)


@collect(COMMON, "no phase has TCP's 40 ms for its own")
def no_false_delay(bench):
    """By PLAIN, because SCRAM's thousand rounds are time that a server really spends."""
    phases = {}
    for _ in range(20):
        result = bench.submit("--auth=PLAIN", *OWN).ok()
        names = list(result.seconds())
        for name in names[names.index("tls") + 1:]:
            phases.setdefault(name, []).append(result.seconds()[name])
    medians = {name: statistics.median(lengths) for name, lengths in phases.items()}
    want("phases", list(medians), ["ehlo_2", "auth", "mail", "rcpt", "rset", "quit"])
    late = {name: median for name, median in medians.items() if median > FALSE_SECONDS}
    want(f"phases above {FALSE_SECONDS} s", late, {})


def mechanism(name):
    def right(bench):
        result = bench.submit(f"--auth={name}").ok()
        want("mechanism", result.fact("auth_mechanism"), name)

    def wrong(bench):
        bench.check(bench.port("submission"), "-U", USER, "--password-file", bench.check.wrong,
                    f"--auth={name}").judged("CRITICAL", "auth", "auth_rejected")
    yield Case(f"AUTH {name}", right)
    yield Case(f"AUTH {name}, wrong password", wrong)


# --- servers that take mail from strangers too ---

OPEN = []       # they have a port `smtp`, where nobody logs in


@collect(OPEN, "no mechanism offered")
def no_mechanism(bench):
    result = bench.check(bench.port("smtp"), *bench.check.login)
    result.judged("CRITICAL", "auth", "auth_unavailable")


@collect(OPEN, "relaying refused, as it should be")
def relaying(bench):
    undelivered(bench, lambda: bench.check(
        bench.port("smtp"), "--tls=none", "-f", SENDER, f"--deny-rcpt={FOREIGN}")).ok()


@collect(OPEN, "recipient that had to be refused is accepted")
def open_relay(bench):
    result = undelivered(bench, lambda: bench.check(
        bench.port("smtp"), "--tls=none", "-f", SENDER, f"--deny-rcpt={USER}"))
    want("cause", result.json["cause"], "open_relay")


def tapped(body, *options):
    """In clear a tap can see what we send, headers and all."""
    def run(bench):
        file = bench.check.file("body", body)
        with Tap(bench.port("smtp")) as tap:
            result, message = delivered(bench, lambda: bench.check(
                tap.port, "--tls=none", *ENVELOPE, "--send", "--body-file", file,
                "--header", "X-Probe: 1", *options))
        accepted(bench, result)
        as_sent(tap.message(), message)
    return run


for _name in "dots", "8-bit", "998-byte lines", "long":
    OPEN.append(Case(f"message with {_name} is what was sent, byte for byte",
                     tapped(BODIES[_name])))
OPEN.append(Case("pipelined message is what was sent, byte for byte",
                 tapped(BODIES["dots"], "--pipelining")))
