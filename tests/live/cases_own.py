# SPDX-License-Identifier: BSD-2-Clause
"""What a check must be able to say to one server in particular."""

import cases_dane
import cases_dns
import cases_imap
import cases_mail
import cases_pop3
import cases_prometheus
import cases_roundtrip
import icinga2
import nagios
from cases import COMMON, OPEN, mechanism
from check import Mismatch, want
from material import (BODIES, DELIVERY_SECONDS, ENVELOPE, FOREIGN, SENDER, UNKNOWN, Case, accepted,
                      body_of, collect, delivered, expected, same, undelivered)
from server import SECOND, USER, wait_for
from tap import Tap

POSTFIX = []


def counted(bench, result, wanted):
    """Postfix counts the commands of a session, which it logs as `ehlo=1 quit=1`."""
    del result
    want("commands as Postfix counts them", bench.sessions()[-1].partition("] ")[2], wanted)


@collect(POSTFIX, "commands of each form")
def commands(bench):
    for wanted, port, options in (
            ("ehlo=1 quit=1 commands=2", "smtp", ["--tls=none"]),
            ("ehlo=2 starttls=1 quit=1 commands=4", "smtp", ["--tls=starttls"]),
            ("ehlo=2 starttls=1 auth=1 quit=1 commands=5", "submission", bench.check.login),
            ("ehlo=1 mail=1 rcpt=1 rset=1 quit=1 commands=5", "smtp", ["--tls=none", *ENVELOPE])):
        result = bench.check(bench.port(port), *options).ok()
        bench.settle()
        counted(bench, result, wanted)


@collect(POSTFIX, "relaying undecided, as Postfix does it by default")
def relaying_deferred(bench):
    bench.check(bench.port("deferring"), "--tls=none", "-f", SENDER, f"--deny-rcpt={FOREIGN}") \
        .judged("WARNING", "rcpt", "tempfail")


def proxied(version):
    def run(bench):
        mark = bench.server.mark()
        result = bench.check(bench.port("proxied"), "--tls=starttls", f"--proxy-protocol={version}",
                             "--source-address=127.0.0.2").ok()
        want("second phase", list(result.seconds())[1], "proxy")
        bench.settle()
        log = bench.server.log(mark)
        if "proxied/smtpd" not in log or "[127.0.0.2]" not in log:
            raise Mismatch("Postfix did not take the address from the PROXY header")
    return run


POSTFIX.append(Case("PROXY protocol, version 1", proxied(1)))
POSTFIX.append(Case("PROXY protocol, version 2", proxied(2)))


@collect(POSTFIX, "postscreen: greeting delayed, then a stranger put off, then let in")
def screened(bench):
    result = bench.check(bench.port("screened"), "--tls=none", *ENVELOPE)
    result.judged("WARNING", "rcpt", "tempfail")
    if result.seconds()["banner"] < 0.9:
        raise Mismatch("the banner did not wait for postscreen's own")
    bench.check(bench.port("screened"), "--tls=none", *ENVELOPE).ok()
    want("postscreen's opinion", "PASS NEW" in bench.server.log(bench.mark), True)


@collect(POSTFIX, "message above the server's limit is refused by its SIZE")
def too_big(bench):
    body = bench.check.file("body", (b"x" * 99 + b"\n") * 110000)
    result = undelivered(bench, lambda: bench.check(
        bench.port("smtp"), "--tls=none", *ENVELOPE, "--send", "--body-file", body))
    result.judged("CRITICAL", "mail", "rejected")


@collect(POSTFIX, "parameters of MAIL: SIZE and BODY")
def parameters(bench):
    body = bench.check.file("body", BODIES["8-bit"])
    with Tap(bench.port("smtp")) as tap:
        delivered(bench, lambda: bench.check(
            tap.port, "--tls=none", *ENVELOPE, "--send", "--body-file", body))
    mail = tap.sent.partition(b"MAIL ")[2].partition(b"\r\n")[0].split(b" ")
    size = [int(word[5:]) for word in mail if word.startswith(b"SIZE=")]
    want("BODY=8BITMIME", b"BODY=8BITMIME" in mail, True)
    want("SIZE", size, [len(tap.message())])


@collect(POSTFIX, "sender that needs SMTPUTF8")
def international(bench):
    undelivered(bench, lambda: bench.check(
        bench.port("smtp"), "--tls=none", "-f", "grüße@elsewhere.test", "--rcpt", USER)).ok()


@collect(POSTFIX, "message to two recipients, one refused")
def two_recipients(bench):
    store = bench.server.store
    before = set(store.mails())
    result = bench.check(bench.port("smtp"), "--tls=none", *ENVELOPE, "--rcpt", UNKNOWN, "--send")
    result.judged("CRITICAL", "rcpt_2", "rejected")
    accepted(bench, result)
    wait_for("message in the maildir", DELIVERY_SECONDS,
             lambda: set(store.mails()) - before and not store.queue())


@collect(POSTFIX, "LMTP, two recipients")
def lmtp_two(bench):
    before = set(bench.server.mails(bench.server.lmtp_maildir))
    bench.check(bench.port("lmtp"), "--lmtp", "--tls=none", *ENVELOPE, "--rcpt", SECOND,
                "--send").ok()
    want("copies", len(set(bench.server.mails(bench.server.lmtp_maildir)) - before), 2)


def token_case(name):
    def right(bench):
        result = bench.check(bench.port("submission"), "-U", USER, "--token-file", bench.token(),
                             f"--auth={name}").ok()
        want("mechanism", result.fact("auth_mechanism"), name)

    def wrong(bench):
        bench.check(bench.port("submission"), "-U", USER, "--token-file", bench.token(lifetime=-60),
                    f"--auth={name}").judged("CRITICAL", "auth", "auth_rejected")
    def fetched(bench):
        with bench.endpoint("token") as (endpoint, options):
            for _ in range(2):
                result = bench.check(bench.port("submission"), "-U", USER, f"--auth={name}",
                                     *options).ok()
                want("mechanism", result.fact("auth_mechanism"), name)
            want("requests", len(endpoint.requests), 1)

    def at_once(bench):
        with bench.endpoint("late") as (endpoint, options):
            runs = [bench.check.begin(bench.port("submission"), "-U", USER, f"--auth={name}",
                                      *options) for _ in range(20)]
            for run in runs:
                bench.check.finish(run).ok()
            want("requests", len(endpoint.requests), 1)
    yield Case(f"AUTH {name}", right)
    yield Case(f"AUTH {name}, expired token", wrong)
    yield Case(f"AUTH {name}, token from an endpoint, then from the cache", fetched)
    yield Case(f"AUTH {name}, 20 checks at once and one token", at_once)


def lmtp(body, *options):
    def run(bench):
        file = bench.check.file("body", body)
        result, message = delivered(bench, lambda: bench.check(
            bench.port("lmtp"), "--lmtp", *options, *ENVELOPE, "--send", "--body-file", file),
            bench.server.lmtp_maildir)
        same("body", body_of(message), expected(body))
        if (result.fact("queue_id") or "?") not in bench.server.log():
            raise Mismatch(f"queue id {result.fact('queue_id')!r} is not in Dovecot's log")
    return run


for _name, _body in BODIES.items():
    POSTFIX.append(Case(f"LMTP, body with {_name}", lmtp(_body, "--tls=none")))
POSTFIX.append(Case("LMTP through STARTTLS", lmtp(BODIES["dots"], "--tls=starttls")))
POSTFIX.append(Case("LMTP, pipelined", lmtp(BODIES["dots"], "--tls=none", "--pipelining")))


@collect(POSTFIX, "LMTP, recipient refused")
def lmtp_refused(bench):
    bench.check(bench.port("lmtp"), "--lmtp", "--tls=none", "-f", SENDER, "--rcpt", UNKNOWN) \
        .judged("CRITICAL", "rcpt", "rejected")


EXIM = []


@collect(EXIM, "stapled OCSP response")
def staple_good(bench):
    want("OCSP", bench.check(bench.port("submission"), "--tls=starttls").ok().fact("ocsp"), "good")


@collect(EXIM, "STARTTLS offered and refused", excuse="TLS error")
def broken(bench):
    result = bench.check(bench.port("broken"), "--tls=starttls")
    result.judged("CRITICAL", "starttls", "starttls_refused")
    bench.check(bench.port("broken"), "--tls=opportunistic").ok()


@collect(EXIM, "AUTH EXTERNAL by a client certificate")
def external(bench):
    pem, key = bench.client_certificate
    result = bench.check(bench.port("submission"), "-U", USER, "--auth=EXTERNAL",
                         "--client-cert", pem, "--client-key", key).ok()
    want("mechanism", result.fact("auth_mechanism"), "EXTERNAL")


@collect(EXIM, "AUTH EXTERNAL as somebody else")
def external_other(bench):
    pem, key = bench.client_certificate
    bench.check(bench.port("submission"), "-U", UNKNOWN, "--auth=EXTERNAL", "--client-cert", pem,
                "--client-key", key).judged("CRITICAL", "auth", "auth_rejected")


@collect(EXIM, "AUTH EXTERNAL, certificate that the server does not trust")
def external_untrusted(bench):
    pem, key = bench.other_ca.issue("client", USER, f"email:{USER}", "clientAuth")
    bench.check(bench.port("submission"), "-U", USER, "--auth=EXTERNAL", "--client-cert", pem,
                "--client-key", key).judged("CRITICAL", "auth", "auth_unavailable")


DOVECOT = []


@collect(DOVECOT, "channel binding under TLS 1.2")
def binding_old(bench):
    result = bench.submit("--tls-max=1.2",
                         "--auth=SCRAM-SHA-256-PLUS").ok()
    want("mechanism", result.fact("auth_mechanism"), "SCRAM-SHA-256-PLUS")


DOVECOT_MAIL = []


@collect(DOVECOT_MAIL, "IMAP: LOGIN disabled in clear, from another address")
def login_disabled(bench):
    bench.imap("--tls=none", "--source-address=127.0.0.2", "--auth=login,PLAIN", service="imap") \
        .judged("CRITICAL", "auth", "auth_unavailable")


@collect(DOVECOT_MAIL, "POP3: maildrop locked by another session")
def locked(bench):
    """Dovecot waits ten seconds for the lock, before it says so."""
    with cases_pop3.Maildrop(bench):
        bench.pop3("-t", "15").judged("WARNING", "auth", "tempfail")


def proxied_imap(version):
    def run(bench):
        mark = bench.server.mark()
        result = bench.imap(f"--proxy-protocol={version}", "--source-address=127.0.0.2",
                            service="proxied").ok()
        want("second phase", list(result.seconds())[1], "proxy")
        if "rip=127.0.0.2" not in bench.server.log(mark):
            raise Mismatch("Dovecot did not take the address from the PROXY header")
    return run


DOVECOT_MAIL.append(Case("IMAP: PROXY protocol, version 1", proxied_imap(1)))
DOVECOT_MAIL.append(Case("IMAP: PROXY protocol, version 2", proxied_imap(2)))

CYRUS = []


@collect(CYRUS, "IMAP: channel binding under TLS 1.3, which Cyrus gets wrong")
def binding_new(bench):
    bench.imap("--auth=SCRAM-SHA-256-PLUS").judged("CRITICAL", "auth", "auth_rejected")
    bench.imap("--auth=SCRAM-SHA-256").ok()


MAIL = {"dovecot-2.3": [], "dovecot-2.4": DOVECOT_MAIL, "cyrus": CYRUS, "courier": []}
PATHS = {"postfix-dovecot": cases_roundtrip.POSTFIX, "exim-courier": []}
MONITORS = {"nagios": nagios.CASES, "icinga2": icinga2.CASES,
            "prometheus": cases_prometheus.CASES}


def cases_of(server):
    """All cases for a server, by what it is and offers, or for a monitoring system."""
    if server.name in MONITORS:
        return MONITORS[server.name]
    if server.name == "dns":
        return cases_dns.CASES
    if server.name == "dane":
        return cases_dane.CASES
    if server.name in PATHS:
        return [*cases_roundtrip.COMMON, *PATHS[server.name]]
    if server.name in MAIL:
        return [*cases_mail.cases_of(server, "imap"), *cases_imap.COMMON,
                *cases_mail.cases_of(server, "pop3"), *cases_pop3.COMMON, *MAIL[server.name],
                *cases_imap.CLOSING]
    own = {"postfix": POSTFIX, "exim": EXIM, "opensmtpd": [], "dovecot": DOVECOT}[server.name]
    return [*COMMON,
            *(case for name in server.mechanisms for case in mechanism(name)),
            *(case for name in server.token_mechanisms for case in token_case(name)),
            *(OPEN if "smtp" in server.services else ()),
            *own]
