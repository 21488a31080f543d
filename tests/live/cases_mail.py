# SPDX-License-Identifier: BSD-2-Clause
"""What the checks of IMAP and POP3 must be able to say to any server: TLS and the login.

The cases of both protocols are the same but for words, so a table of cases is made for each:
`visit` is then bench.imap or bench.pop3, `plain` and `secure` are the ports.
"""

from check import Mismatch, want
from material import Case, collect
from server import PASSWORD, USER

UNKNOWN = "no-such-person@mail.test"

# Of each protocol: its name on the status line, the phases of its list and its goodbye, a
# capability that every server tells at once, and one that they all have.
WORDS = {"imap": ("IMAP", "capability", "logout", "IMAP4rev1", "IDLE"),
         "pop3": ("POP3", "capa", "quit", "UIDL", "TOP")}


def phases(result):
    return list(result.seconds())


def login_cases(protocol):
    """The cases of a protocol, whatever the server."""
    table = []
    title, listing, goodbye, everywhere, common = WORDS[protocol]
    secure = protocol + "s"

    def case(name, **how):
        return collect(table, f"{title}: {name}", **how)

    def run(bench, *options, **how):
        return bench.visit(protocol, how.pop("service", secure), *options, **how)

    @case("banner alone, in clear")
    def banner(bench):
        result = run(bench, "--tls=none", service=protocol, user=None).ok()
        # Every server of IMAP here greets with its capabilities, which spares the question.
        want("phases", phases(result), ["connect", "banner", goodbye] if protocol == "imap"
             else ["connect", "banner", listing, goodbye])
        if everywhere not in result.fact("capabilities"):
            raise Mismatch(f"capabilities are {result.fact('capabilities')}")

    @case("STARTTLS and login")
    def starttls(bench):
        result = run(bench, service=protocol).ok()
        got = phases(result)
        want("phases", got, ["connect", "banner", "starttls", "tls", "capability", "auth", "select",
                             "logout"] if protocol == "imap" else
             ["connect", "banner", "capa", "starttls", "tls", "capa_2", "auth", "stat", "quit"])
        want("TLS version", result.fact("tls_version"), "TLSv1.3")

    @case("implicit TLS and login")
    def implicit(bench):
        result = run(bench).ok()
        got = phases(result)
        want("phases", got, ["connect", "tls", "banner", "auth", "select", "logout"]
             if protocol == "imap" else
             ["connect", "tls", "banner", "capa", "auth", "stat", "quit"])
        want("mechanism", result.fact("auth_mechanism"), strongest(bench, protocol))

    @case("TLS 1.2 at most")
    def older(bench):
        for service in protocol, secure:
            result = run(bench, "--tls-max=1.2", service=service).ok()
            want("TLS version", result.fact("tls_version"), "TLSv1.2")

    @case("opportunistic TLS")
    def opportunistic(bench):
        result = run(bench, "--tls=opportunistic", service=protocol, user=None).ok()
        want("TLS version", result.fact("tls_version"), "TLSv1.3")
        run(bench, "--tls=opportunistic", service=protocol, user=None,
            ca=bench.other_ca.file).ok()

    @case("certificate of an unknown CA, no password follows")
    def wrong_ca(bench):
        for service in protocol, secure:
            result = run(bench, service=service, ca=bench.other_ca.file)
            result.judged("CRITICAL", "tls", "cert_untrusted")
            want("auth phase", result.seconds().get("auth"), None)

    @case("certificate of another name")
    def wrong_name(bench):
        run(bench, host="other.mail.test").judged("CRITICAL", "tls", "cert_name")

    @case("--insecure, without the CA")
    def insecure(bench):
        run(bench, "--insecure").ok()

    @case("certificate's age against -D")
    def certificate_days(bench):
        run(bench, "-D", "15,5", user=None).ok()
        run(bench, "-D", "60,5", user=None).judged("WARNING", "tls", "cert_expiring")
        run(bench, "--tls=starttls", "-D", "90,60", user=None, service=protocol) \
            .judged("CRITICAL", "tls", "cert_expiring")

    @case("unknown user")
    def unknown_user(bench):
        result = run(bench, "-U", UNKNOWN, "--password-file", bench.check.password, user=None)
        result.judged("CRITICAL", "auth", "auth_rejected")

    @case("password from the environment, and on the command line")
    def elsewhere(bench):
        run(bench, "-U", USER, "--password-env", "SECRET", user=None, env={"SECRET": PASSWORD}).ok()
        run(bench, "-U", USER, "-P", PASSWORD, user=None).ok()

    @case("login in clear on loopback")
    def in_clear(bench):
        run(bench, "--tls=none", "--auth=CRAM-MD5", service=protocol).ok()

    @case("login in clear where the server does not want it")
    def not_in_clear(bench):
        result = run(bench, "--tls=none", "--auth=PLAIN", service=protocol)
        if bench.server.clear_logins:
            result.ok()
        else:
            result.judged("CRITICAL", "auth", "auth_unavailable")

    @case("require and forbid")
    def capabilities(bench):
        for how in {}, {"user": None}:
            run(bench, f"--require={everywhere}", "--forbid=XNEVER", **how).ok()
            want("cause", run(bench, f"--require={everywhere},XNEVER", **how).json["cause"],
                 "capability_missing")
            want("cause", run(bench, f"--forbid={everywhere}", **how).json["cause"],
                 "capability_forbidden")
        run(bench, f"--require={common}").ok()

    @case("stopped early by --until")
    def until(bench):
        for phase, service in (("banner", secure), ("auth", secure), ("tls", protocol)):
            result = run(bench, f"--until={phase}", service=service).ok()
            want("last phases", phases(result)[-2:], [phase, goodbye])

    @case("name resolved by ourselves, certificate that names the address")
    def addressed(bench):
        result = run(bench, host="localhost", address=None).ok()
        want("first phases", phases(result)[:2], ["dns", "connect"])
        run(bench, host="127.0.0.1", address=None).ok()

    @case("outputs: nagios, openmetrics, waterfall")
    def outputs(bench):
        result = run(bench, output="nagios")
        want("exit", result.exit, 0)
        if not result.out.startswith(f"{title} OK - ") or "| time=" not in result.out:
            raise Mismatch(f"status line is {result.out!r}")
        result = run(bench, output="openmetrics")
        want("exit", result.exit, 0)
        success = [line for line in result.out.splitlines() if line.startswith("probe_success")]
        want("probe_success", success, ["probe_success 1"])
        want("exit", run(bench, output="waterfall").exit, 0)

    return table


def strongest(bench, protocol):
    """What the check should come to by itself, from what the server offers under TLS."""
    return offered(bench.server, protocol)[0]


def offered(server, protocol):
    return server.mechanisms if protocol == "imap" else server.pop3_mechanisms


def mechanism(protocol, name):
    title = WORDS[protocol][0]

    def right(bench):
        result = bench.visit(protocol, protocol + "s", f"--auth={name}").ok()
        want("mechanism", result.fact("auth_mechanism"), name)
        if not name.endswith("-PLUS"):
            bench.visit(protocol, protocol, f"--auth={name}").ok()

    def wrong(bench):
        result = bench.visit(protocol, protocol + "s", f"--auth={name}",
                             password=bench.check.wrong)
        result.judged("CRITICAL", "auth", "auth_rejected")
    yield Case(f"{title}: AUTH {name}", right)
    yield Case(f"{title}: AUTH {name}, wrong password", wrong)


def binding_old(protocol, name):
    def run(bench):
        result = bench.visit(protocol, protocol + "s", f"--auth={name}", "--tls-max=1.2").ok()
        want("mechanism", result.fact("auth_mechanism"), name)
    yield Case(f"{WORDS[protocol][0]}: AUTH {name} under TLS 1.2", run)


def token_case(protocol, name):
    title = WORDS[protocol][0]

    def right(bench):
        result = bench.visit(protocol, protocol + "s", "--token-file=" + bench.token(),
                             f"--auth={name}").ok()
        want("mechanism", result.fact("auth_mechanism"), name)

    def wrong(bench):
        bench.visit(protocol, protocol + "s", "--token-file=" + bench.token(lifetime=-60),
                    f"--auth={name}").judged("CRITICAL", "auth", "auth_rejected")
    def fetched(bench):
        with bench.endpoint("rotating") as (endpoint, options):
            endpoint.life = 30
            for _ in range(2):
                result = bench.visit(protocol, protocol + "s", bench.refresh(), f"--auth={name}",
                                     *options).ok()
                want("mechanism", result.fact("auth_mechanism"), name)
            want("rotations", (endpoint.rotations, endpoint.reused), (2, 0))

    def useless(bench):
        with bench.endpoint("token", lifetime=-60) as (endpoint, options):
            for _ in range(2):
                bench.visit(protocol, protocol + "s", f"--auth={name}", *options) \
                    .judged("CRITICAL", "auth", "auth_rejected")
            want("requests", len(endpoint.requests), 2)
    yield Case(f"{title}: AUTH {name}", right)
    yield Case(f"{title}: AUTH {name}, expired token", wrong)
    yield Case(f"{title}: AUTH {name}, token by a refresh token that rotates", fetched)
    yield Case(f"{title}: AUTH {name}, token of an endpoint that the server refuses", useless)


def external(protocol):
    """The certificate says who; a name besides is none of Courier's wishes."""
    def run(bench):
        pem, key = bench.client_certificate
        result = bench.visit(protocol, protocol + "s", "--auth=EXTERNAL", "--client-cert", pem,
                             "--client-key", key, named=False).ok()
        want("mechanism", result.fact("auth_mechanism"), "EXTERNAL")
    yield Case(f"{WORDS[protocol][0]}: AUTH EXTERNAL by a client certificate", run)


def cases_of(server, protocol):
    names = offered(server, protocol)
    return [*login_cases(protocol),
            *(case for name in names for case in mechanism(protocol, name)),
            *(case for name in (*names, *server.old_bindings) if name.endswith("-PLUS")
              for case in binding_old(protocol, name)),
            *(case for name in server.token_mechanisms for case in token_case(protocol, name)),
            *(external(protocol) if server.external else ())]
