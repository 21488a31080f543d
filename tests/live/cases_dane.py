# SPDX-License-Identifier: BSD-2-Clause
"""What must come of --dane: by which records a server is verified, by which not, and by which lies."""

import concurrent.futures
import struct
from dataclasses import dataclass
from urllib.parse import quote

from between import NXDOMAIN, SERVFAIL, TYPES, Between, forge, question_of
from check import Mismatch, want
from danebench import matching, told
from danehost import ZONE
from material import Case, collect
from server import USER

CASES = []
GOOD, WRONG = ("OK", None, None), ("CRITICAL", "tls", "dane_mismatch")
NONE = ("CRITICAL", "dns", "dane_mismatch")
MATCH, OTHER, UNUSABLE = "matches", "does not match", "cannot be used for mail"
WEAKER = "does not count beside a stronger digest"
OPT, DO = 41, 0x8000
HOME = b"\x7f\0\0\1"


def case(name):
    return collect(CASES, name)


@dataclass(frozen=True)
class Row:
    """TLSA records of a name, in the words of DaneHost.record(), and what comes of them at a port."""

    label: str          # the first label of the name
    service: str
    records: tuple
    verdict: tuple
    said: tuple         # of each record

    @property
    def title(self):
        return f"{', '.join(self.records)}, of {self.service}"


def rows():
    number = 0
    for service, verdict, *pairs in (
            ("selfsigned", GOOD, "3 1 1 selfsigned", MATCH),
            ("selfsigned", GOOD, "3 1 2 selfsigned", MATCH),
            ("selfsigned", GOOD, "3 0 1 selfsigned", MATCH),
            ("selfsigned", GOOD, "3 1 0 selfsigned", MATCH),
            ("selfsigned", GOOD, "3 0 0 selfsigned", MATCH),
            ("private", GOOD, "3 1 1 private", MATCH),
            ("private", GOOD, "2 0 1 ca", MATCH),
            ("private", GOOD, "2 1 1 ca", MATCH),
            ("private", GOOD, "2 0 0 ca", MATCH),
            ("private", GOOD, "2 1 0 ca", MATCH),
            # A rollover; and what was forgotten after one.
            ("selfsigned", GOOD, "3 1 1 next", OTHER, "3 1 1 selfsigned", MATCH),
            ("private", GOOD, "3 1 1 next", OTHER, "2 1 1 ca", MATCH),
            # RFC 7671 section 5.1: neither date nor name counts.
            ("ended", GOOD, "3 1 1 ended", MATCH),
            ("other", GOOD, "3 1 1 other", MATCH),
            ("selfsigned", GOOD, "3 1 9 selfsigned", UNUSABLE, "0 0 1 selfsigned", UNUSABLE,
             "3 1 1 selfsigned", MATCH),
            # RFC 7671 section 9: of the digests of a kind only the strongest counts.
            ("selfsigned", WRONG, "3 1 1 selfsigned", WEAKER, "3 1 2 next", OTHER),
            ("selfsigned", GOOD, "3 1 1 next", WEAKER, "3 1 2 selfsigned", MATCH),
            ("selfsigned", GOOD, "3 0 1 selfsigned", MATCH, "3 1 2 next", OTHER),
            ("selfsigned", GOOD, "3 1 0 selfsigned", MATCH, "3 1 2 next", OTHER),
            ("selfsigned", WRONG, "3 1 1 next", OTHER),
            ("selfsigned", WRONG, "3 1 1 next", OTHER, "3 0 1 next", OTHER),
            ("selfsigned", WRONG, "2 1 1 ca", OTHER),
            ("private", WRONG, "3 1 1 ca", OTHER),
            ("private", WRONG, "2 1 1 private", OTHER),
            ("other", WRONG, "2 1 1 ca", OTHER),
            ("ended", WRONG, "2 1 1 ca", OTHER),
            ("private", WRONG, "0 0 1 ca", UNUSABLE, "1 1 1 private", UNUSABLE),
            ("selfsigned", WRONG, "3 1 9 selfsigned", UNUSABLE),
            ("selfsigned", WRONG, "3 2 1 selfsigned", UNUSABLE),
            ("selfsigned", WRONG, "3 1 1 abcdef", UNUSABLE),
            ("selfsigned", WRONG, "3 1 0 abcdef", UNUSABLE),
            ("selfsigned", WRONG, "3 1 1 " + "ab" * 4000, UNUSABLE)):
        number += 1
        yield Row(f"row{number}", service, tuple(pairs[0::2]), verdict, tuple(pairs[1::2]))


ROWS = tuple(rows())
# TLSA records of names that are in no row: owner, service, records.
OWN = (
    ("with.insecure.test.", "selfsigned", "3 1 1 selfsigned"),
    ("half", "selfsigned", "3 1 1 selfsigned"),
    ("end", "chosen", "3 1 1 selfsigned"),
    ("end", "private", "2 1 1 ca"),
    ("named", "selfsigned", "3 1 1 selfsigned"),
    ("both", "private", "3 1 1 next"),
    ("end", "selfsigned", "3 1 1 next"),
    ("both", "selfsigned", "3 1 1 selfsigned"),
    ("stuck", "bare", "3 1 1 selfsigned"),
    ("changed", "login", "3 1 1 next"),
    ("end", "login", "3 1 1 selfsigned"),
    ("apart.test.", "private", "2 1 1 ca"),
    ("thief", "selfsigned", "3 1 1 selfsigned"),
    ("refuge", "selfsigned", "3 1 1 selfsigned"),
    *(("end", service, "3 1 1 selfsigned") for service in ("imap", "imaps", "pop3", "pop3s")),
    *(("changed", service, "3 1 1 next") for service in ("imap", "imaps", "pop3", "pop3s")),
    ("fine.bogus.test.", "selfsigned", "3 1 1 selfsigned"),
)


def at(row):
    def run(bench):
        result = bench.dane(row.label, row.service).judged(*row.verdict)
        matching(result, *row.said)
        bench.agreed(row.label, row.service, row.verdict == GOOD)
    return run


CASES += [Case(row.title[:100], at(row)) for row in ROWS]


@case("a record is told by its first bytes")
def first_bytes(bench):
    row = ROWS[0]
    [fact] = bench.dane(row.label, row.service).fact("tlsa")
    digest = bench.server.record("3 1 1 selfsigned").split()[-1]
    want("fact", fact, f"3 1 1 {digest[:16]}...: matches")


@case("a name with the root's dot")
def dotted(bench):
    bench.dane(f"end.{ZONE}.", "private").ok()


@case("usage 2, of a name that its certificate is not for")
def apart(bench):
    bench.dane("apart.test", "private").judged(*WRONG)
    bench.agreed("apart.test", "private", False)


@case("-D, of a certificate that need not be dated")
def dates(bench):
    end = next(row for row in ROWS if row.service == "ended")
    bench.dane(end.label, "ended", "-D", "14").judged("CRITICAL", "tls", "cert_expired")
    bench.dane(end.label, "ended", "-D", "14", "--ignore-certificate-expiration").ok()
    bench.dane(ROWS[0].label, "selfsigned", "-D", "40,7").judged("WARNING", "tls", "cert_expiring")
    bench.dane(ROWS[0].label, "selfsigned", "-D", "14,7").ok()


@case("no TLSA records, as a signed zone proves")
def none(bench):
    told(bench.dane("none", "selfsigned").judged(*NONE), "as its zone proves")
    bench.agreed("none", "selfsigned", False)


@case("a zone that is not signed, with and without TLSA records")
def unsigned(bench):
    for host in "with.insecure.test", "plain.insecure.test":
        told(bench.dane(host, "selfsigned").judged(*NONE), "not signed")
        bench.agreed(host, "selfsigned", False)


@case("bogus: addresses, TLSA records")
def bogus(bench):
    for host in "www.bogus.test", "fine.bogus.test":
        told(bench.dane(host, "selfsigned").judged("CRITICAL", "dns", "dns_failure"), "bogus")
        bench.agreed(host, "selfsigned", False)


@case("a resolver that validates by itself")
def validating(bench):
    at_it = bench.names.validating
    bench.dane(ROWS[0].label, "selfsigned", resolver=at_it).ok()
    bench.dane("www.bogus.test", "selfsigned", resolver=at_it).judged("CRITICAL", "dns", "dns_failure")


def lying(lies):
    """An `answer` that forges what is in `lies`, by name and type: RDATA, a code, or a function."""
    def answer(between, question, tcp):
        name, kind, _ = question_of(question)
        for (of, of_kind), lie in lies.items():
            if (of, TYPES[of_kind]) == (name, kind):
                lie = lie(question) if callable(lie) else lie
                if lie is not None:
                    return forge(question, code=lie) if isinstance(lie, int) else forge(question, *lie)
        return between.ask(question, tcp)
    return answer


def owner(bench, host, service):
    return f"_{bench.port(service)}._tcp.{host}"


def rdata(bench, text):
    usage, selector, matching_type, data = bench.server.record(text).split()[1:]
    return bytes([int(usage), int(selector), int(matching_type)]) + bytes.fromhex(data)


@case("a lying resolver: TLSA records hidden, forged, failing; addresses forged")
def lies(bench):
    far = f"refuge.{ZONE}"
    record = owner(bench, far, "selfsigned"), "TLSA"
    for told_lies in ({record: []}, {record: NXDOMAIN}, {record: [rdata(bench, "3 1 1 next")]},
                      {(far, "A"): [b"\x7f\0\0\2"]}, {record: SERVFAIL},
                      {(f"none.{ZONE}", "A"): [HOME], (owner(bench, f"none.{ZONE}", "selfsigned"), "TLSA"):
                          [rdata(bench, "3 1 1 selfsigned")]}):
        host = next(iter(told_lies))[0].removeprefix(f"_{bench.port('selfsigned')}._tcp.")
        with Between(bench.names.resolver, lying(told_lies)) as between:
            bench.dane(host, "selfsigned", resolver=between.at) \
                .judged("CRITICAL", "dns", "dns_failure")


def asks_for_proof(question):
    """Whether the bit DO of EDNS is set (RFC 3225): whoever does not set it believes everything."""
    _, _, end = question_of(question)
    return question[end + 1:end + 3] == struct.pack("!H", OPT) \
        and struct.unpack_from("!H", question, end + 7)[0] & DO != 0


@case("an alias that is not signed, of a thief's name that is")
def stolen(bench):
    """Whoever can lie about the zone has as good as these records in it."""
    bench.dane("out.insecure.test", "private", address="127.0.0.1").judged(*NONE)
    lie = {("stolen.insecure.test", "A"): lambda question: None if asks_for_proof(question) else [HOME]}
    with Between(bench.names.resolver, lying(lie)) as between:
        result = bench.dane("stolen.insecure.test", "selfsigned", resolver=between.at)
    want("phase, cause", (result.json["phase"], result.json["cause"]), NONE[1:])
    want("records", result.fact("tlsa"), None)


@case("aliases within signed zones: the records at their end, and their name by SNI")
def alias_end(bench):
    bench.dane("toend.test", "chosen").ok()
    bench.agreed("toend.test", "chosen", True)
    bench.dane("toend.test", "private").ok()
    bench.agreed("toend.test", "private", True)


@case("aliases within signed zones: both have records, and those at the end count")
def alias_both(bench):
    matching(bench.dane("both", "private").ok(), MATCH)
    bench.agreed("both", "private", True)
    bench.dane("both", "selfsigned").judged(*WRONG)
    bench.agreed("both", "selfsigned", False)


@case("aliases within signed zones: records at the name only")
def alias_name(bench):
    bench.dane("named", "selfsigned").ok()
    bench.agreed("named", "selfsigned", True)


@case("aliases within signed zones: those at the end cannot be had")
def alias_failing(bench):
    record = owner(bench, f"end.{ZONE}", "selfsigned"), "TLSA"
    for lie in SERVFAIL, []:
        with Between(bench.names.resolver, lying({record: lie})) as between:
            bench.dane("both", "selfsigned", resolver=between.at).judged("CRITICAL", "dns", "dns_failure")


@case("an alias into a zone that is not signed, and out of one")
def alias_unsigned(bench):
    bench.dane("out.insecure.test", "private").judged(*NONE)
    bench.agreed("out.insecure.test", "private", False)
    # RFC 7672 section 2.2.2: an alias that is signed is as good as a name.
    bench.dane("half", "selfsigned").ok()
    bench.agreed("half", "selfsigned", True)


@case("a dead resolver: the deadline")
def dead(bench):
    with Between(None, lambda *_: None) as between:
        result = bench.dane(ROWS[0].label, "selfsigned", "-t", "1", resolver=between.at)
        result.judged("CRITICAL", "dns", "timeout")
        # The address is there, the records are not.
        late = bench.dane(ROWS[0].label, "selfsigned", "-t", "1", resolver=between.at, address="127.0.0.1")
        late.judged("CRITICAL", "dns", "timeout")
    for run in result, late:
        want("whether it ends in time", run.elapsed < 1.5, True)


@case("opportunistic: with TLSA records STARTTLS must be there, and they must match")
def opportunistic(bench):
    bench.dane("stuck", "bare", tls="opportunistic").judged("CRITICAL", "starttls", "starttls_missing")
    bench.agreed("stuck", "bare", False)
    bench.dane(ROWS[0].label, "selfsigned", tls="opportunistic").ok()
    bench.dane("changed", "login", tls="opportunistic").judged(*WRONG)


@case("opportunistic: without any it goes on as it would")
def opportunistic_none(bench):
    for service, phases in ("bare", {"ehlo", "quit"}), ("selfsigned", {"ehlo_2", "quit"}):
        result = bench.dane("none", service, tls="opportunistic").judged(*NONE)
        want("phases", phases <= set(result.seconds()), True)


@case("a password goes to who is matched, and to nobody else")
def password(bench):
    for host, tls, sent in (("end", "starttls", True), ("end", "opportunistic", True),
                            ("changed", "starttls", False), ("changed", "opportunistic", False)):
        mark = bench.server.mark()
        result = bench.dane(host, "login", *bench.check.login, tls=tls)
        result.judged(*(GOOD if sent else WRONG))
        bench.settle()
        log = bench.server.log(mark)
        want(f"whether {host} saw AUTH, {tls}", "auth=" in log, sent)


@case("--insecure, a literal address, no TLS: usage")
def usage(bench):
    for host, options in (("127.0.0.1", ()), ("::1", ()), (f"end.{ZONE}", ("--insecure",)),
                          (f"end.{ZONE}", ("--tls=none",))):
        bench.dane(host, "selfsigned", *options).judged("UNKNOWN", None, "usage")


@case("-I: the records are of the name")
def literal(bench):
    bench.dane(ROWS[0].label, "selfsigned", address="127.0.0.1").ok()
    bench.dane("half", "selfsigned", address="127.0.0.1").ok()


def store(protocol, service, tls):
    def run(bench):
        login = bench.checks[protocol].login
        matching(bench.dane("end", service, *login, protocol=protocol, tls=tls).ok(), MATCH)
        result = bench.dane("changed", service, *login, protocol=protocol, tls=tls).judged(*WRONG)
        want("whether there was a login", "auth" in result.seconds(), False)
    return run


for _protocol in "imap", "pop3":
    for _service, _tls in ((_protocol + "s", "implicit"), (_protocol, "starttls"), (_protocol, "opportunistic")):
        CASES.append(Case(f"{_protocol}, {_tls}", store(_protocol, _service, _tls)))


@case("round trip: both sides")
def roundtrip(bench):
    check = bench.check = bench.checks["roundtrip"]
    for submit, fetch, verdict in (("end", "end", GOOD),
                                   ("changed", "end", ("CRITICAL", "submit_tls", "dane_mismatch")),
                                   ("end", "changed", ("CRITICAL", "fetch_tls", "dane_mismatch"))):
        sides = [f"--{side}-{option}" for side in ("submit", "fetch") for option in (
            "dane", f"resolver={bench.names.resolver}", f"dnssec-anchor={bench.names.anchor}",
            f"password-file={check.password}")]
        check.finish(check.spawn([
            f"--submit=submission://{quote(USER)}@{submit}.{ZONE}:{bench.port('login')}",
            f"--fetch=imaps://{quote(USER)}@{fetch}.{ZONE}:{bench.port('imaps')}/INBOX", *sides, "-t", "15",
            f"--from={USER}", f"--rcpt={USER}"])).judged(*verdict)


@case("exporter: the same verdicts, 8 at a time")
def exporter(bench):
    module = {"probe": "smtp", "timeout": "10s", "resolver": bench.names.resolver,
              "tls": {"mode": "starttls", "dane": True, "dnssec_anchor": bench.names.anchor}}
    with bench.exporter({"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": {"dane": module}}) as e, \
            concurrent.futures.ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda row: e.probe(
            f"{row.label}.{ZONE}:{bench.port(row.service)}", "dane").text, ROWS))
    for row, text in zip(ROWS, said):
        good = f"probe_success {int(row.verdict == GOOD)}\n" in text
        if not good or (row.verdict != GOOD and 'phase="tls",cause="dane_mismatch"' not in text):
            raise Mismatch(f"{row.title}: wanted {row.verdict}, got {text}")
