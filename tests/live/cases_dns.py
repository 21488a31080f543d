# SPDX-License-Identifier: BSD-2-Clause
"""What must come of questions to the DNS: found or not, secure, insecure or bogus, in time."""

import os
import socket

from between import NXDOMAIN, REFUSED, SERVFAIL, TRUNCATED, TYPES, Between, forge, plain, question_of, slowly
from check import Mismatch, want
from material import collect

CASES = []
FORGED = socket.inet_aton("192.0.2.66")
TLSA = bytes([3, 1, 1]) + b"\x66" * 32
AT_ONCE = 60
LATE_SECONDS = 0.3


def case(name):
    return collect(CASES, name)


def wire(name):
    return (b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0").hex()


def judged(answer, outcome, security, *records, canonical=None):
    """Records in any order: a resolver turns them."""
    got = [answer.get(key) for key in ("outcome", "security", "canonical")]
    want("outcome, security, canonical", got, [outcome, security, canonical])
    want("records", sorted(answer["records"]), sorted(records))
    want("whether a reason is given", bool(answer["why"]), outcome == "failed")


def failed(answer, word):
    judged(answer, "failed", "insecure")
    if word not in answer["why"]:
        raise Mismatch(f"the reason is {answer['why']!r}, which has no {word!r} in it")


def bogus(answer):
    judged(answer, "failed", "bogus")


def found(cause, answer):
    want("finding", answer.get("cause"), cause)


@case("secure: found, every type")
def secure(bench):
    a, aaaa, mx, tlsa, text, pointer = bench.ask(
        "mx1.secure.test A", "mx1.secure.test. AAAA", "secure.test MX", "_25._tcp.mx1.secure.test TLSA",
        "text.secure.test TXT", "1.0.0.127.in-addr.arpa PTR")
    judged(a, "found", "secure", "7f000001")
    judged(aaaa, "found", "secure", "00" * 15 + "01")
    judged(mx, "found", "secure", "000a" + wire("mx1.secure.test"), "0014" + wire("mx2.secure.test"))
    judged(tlsa, "found", "secure", "030101" + "ab" * 32)
    judged(text, "found", "secure", "0c" + b"one string, ".hex() + "0b" + b"and another".hex())
    judged(pointer, "found", "secure", wire("mx1.secure.test"))


@case("secure: letter case of a name does not count")
def letters(bench):
    judged(bench.one("MX1.Secure.TEST A"), "found", "secure", "7f000001")


@case("secure: no such name, no data, a wildcard, by NSEC and NSEC3")
def absent(bench):
    names = bench.ask("nosuch.secure.test A", "mx1.secure.test TXT", "x.y.wild.secure.test A",
                      "nosuch.test A", "plain.test TXT", "nosuch A")
    for answer, outcome in zip(names, ("no name", "no data", "found", "no name", "no data", "no name")):
        judged(answer, outcome, "secure", *(["7f000003"] if outcome == "found" else []))


@case("insecure: found, no data, no such name, without a DS record or without signatures")
def insecure(bench):
    a, tlsa, none, nothing, unchained = bench.ask(
        "mx.insecure.test A", "_25._tcp.mx.insecure.test TLSA", "mx.insecure.test TXT",
        "nosuch.insecure.test A", "www.unchained.test A")
    judged(a, "found", "insecure", "7f000001")
    judged(tlsa, "found", "insecure", "030101" + "cd" * 32)
    judged(none, "no data", "insecure")
    judged(nothing, "no name", "insecure")
    judged(unchained, "found", "insecure", "7f000001")


@case("bogus: a record that was changed, and the next one that was not")
def changed(bench):
    a, tlsa, fine = bench.ask("www.bogus.test A", "_25._tcp.www.bogus.test TLSA", "fine.bogus.test A")
    bogus(a)
    bogus(tlsa)
    judged(fine, "found", "secure", "7f000001")
    if "www.bogus.test" not in a["why"]:
        raise Mismatch(f"the reason does not name it: {a['why']}")


@case("bogus: signatures that have ended")
def ended(bench):
    answer = bench.one("www.expired.test A")
    bogus(answer)
    if "expired" not in answer["why"].removeprefix("validation failure <www.expired.test. A IN>"):
        raise Mismatch(f"the reason does not say so: {answer['why']}")


@case("aliases: as insecure as the worst of the way")
def aliases(bench):
    near, far, back, dangling, broken, itself = bench.ask(
        "alias.secure.test A", "far.secure.test A", "near.insecure.test A", "nowhere.secure.test A",
        "broken.secure.test A", "alias.secure.test CNAME")
    judged(near, "found", "secure", "7f000001", canonical="mx1.secure.test")
    judged(far, "found", "insecure", "7f000001", canonical="mx.insecure.test")
    judged(back, "found", "insecure", "7f000001", canonical="mx1.secure.test")
    judged(dangling, "no name", "secure", canonical="missing.secure.test")
    bogus(broken)
    judged(itself, "found", "secure", wire("mx1.secure.test"))


@case("aliases: a circle")
def circle(bench):
    failed(bench.one("loop.secure.test A"), "SERVFAIL")


@case("records that are added are found, and no longer once they are gone")
def added(bench):
    for again in range(2):
        judged(bench.one("later.secure.test A"), "no name", "secure")
        bench.server.add("secure.test.", f"later A 127.0.0.{again + 1}")
        bench.server.publish()
        judged(bench.one("later.secure.test A"), "found", "secure", f"7f00000{again + 1}")
        bench.server.remove("secure.test.", f"later A 127.0.0.{again + 1}")
        bench.server.publish()


@case("a resolver that validates by itself makes no difference")
def validating(bench):
    good, bad, none = bench.ask("mx1.secure.test A", "www.bogus.test A", "mx.insecure.test A",
                                resolver=bench.server.validating)
    judged(good, "found", "secure", "7f000001")
    bogus(bad)
    judged(none, "found", "insecure", "7f000001")


def lying(lies):
    """An `answer` that forges what is in `lies`, by name and type: RDATA, or a code."""
    def answer(between, question, tcp):
        name, kind, _ = question_of(question)
        for (of, of_kind), lie in lies.items():
            if (of, TYPES[of_kind]) == (name, kind):
                return forge(question, code=lie) if isinstance(lie, int) else forge(question, *lie)
        return between.ask(question, tcp)
    return answer


@case("a lying resolver: addresses, mail exchangers and TLSA records of its own")
def lies(bench):
    told = {("mx1.secure.test", "A"): [FORGED], ("_25._tcp.mx1.secure.test", "TLSA"): [TLSA],
            ("secure.test", "MX"): [b"\0\1\0"]}
    with Between(bench.server.resolver, lying(told)) as between:
        for answer in bench.ask("mx1.secure.test A", "_25._tcp.mx1.secure.test TLSA", "secure.test MX",
                                resolver=between.at):
            bogus(answer)


@case("a lying resolver: there is no such name, and no such record")
def denials(bench):
    told = {("mx1.secure.test", "A"): NXDOMAIN, ("_25._tcp.mx1.secure.test", "TLSA"): []}
    with Between(bench.server.resolver, lying(told)) as between:
        for answer in bench.ask("mx1.secure.test A", "_25._tcp.mx1.secure.test TLSA", resolver=between.at):
            bogus(answer)


@case("a lying resolver: the zone is not signed")
def unsigned(bench):
    told = {("secure.test", "DS"): [], ("mx1.secure.test", "A"): [FORGED]}
    with Between(bench.server.resolver, lying(told)) as between:
        bogus(bench.one("mx1.secure.test A", resolver=between.at))


@case("a lying resolver: nobody can tell where nothing is signed")
def unprotected(bench):
    with Between(bench.server.resolver, lying({("mx.insecure.test", "A"): [FORGED]})) as between:
        judged(bench.one("mx.insecure.test A", resolver=between.at), "found", "insecure", FORGED.hex())


@case("a resolver that knows no DNSSEC")
def stripping(bench):
    with Between(bench.server.resolver,
                 lambda between, question, tcp: between.ask(plain(question), tcp)) as between:
        for answer in bench.ask("mx1.secure.test A", "nosuch.secure.test A", "mx.insecure.test A",
                                resolver=between.at):
            bogus(answer)


@case("a resolver that fails or refuses")
def failing(bench):
    for code, word in (SERVFAIL, "SERVFAIL"), (REFUSED, "SERVFAIL"):
        with Between(None, lambda _, question, tcp, c=code: forge(question, code=c)) as between:
            failed(bench.one("mx1.secure.test A", resolver=between.at), word)


def overdue(bench, resolver, timeout=1):
    found("timeout", bench.one("mx1.secure.test A", resolver=resolver, timeout=timeout))
    if not timeout <= bench.elapsed < timeout + 0.5:
        raise Mismatch(f"{bench.elapsed:.3f} s for a deadline of {timeout} s")


@case("a resolver that is silent, over UDP, over TCP, or not there: until the deadline")
def silent(bench):
    with Between(None, lambda *_: None) as between:
        overdue(bench, between.at)
    with Between(None, lambda _, question, tcp: None if tcp else forge(question, flags=TRUNCATED)) as between:
        overdue(bench, between.at)
        want("whether TCP was tried", bool(between.by_tcp()), True)
    overdue(bench, between.at)


@case("a resolver that says nonsense: until the deadline at most")
def nonsense(bench):
    for answer in (lambda _, question, tcp: os.urandom(300), lambda _, question, tcp: question[:2],
                   lambda _, question, tcp: forge(question)[:2] + b"\xff" * 100,
                   lambda _, question, tcp: forge(question, b"\xc0\x0c" * 2)[:-1],
                   lambda _, question, tcp: b"\0\0" + forge(question, FORGED)[2:]):
        with Between(None, answer) as between:
            said = bench.one("mx1.secure.test A", resolver=between.at, timeout=1)
            if said.get("cause") != "timeout":
                want("outcome", said["outcome"], "failed")
            want("whether it took its time", bench.elapsed < 1.5, True)


@case("an answer that is too long for UDP comes by TCP")
def long_answers(bench):
    with Between(bench.server.resolver) as between:
        answer = bench.one("large.secure.test TXT", resolver=between.at)
        want("how many records", len(answer["records"]), 40)
        want("security", answer["security"], "secure")
        want("what came by TCP", between.by_tcp(), [("large.secure.test", TYPES["TXT"], True)])


@case("a resolver that truncates everything")
def truncating(bench):
    def answer(between, question, tcp):
        return between.ask(question, tcp) if tcp else forge(question, flags=TRUNCATED)
    with Between(bench.server.resolver, answer) as between:
        judged(bench.one("mx1.secure.test A", resolver=between.at), "found", "secure", "7f000001")


@case("many questions take the time of one")
def side_by_side(bench):
    with Between(bench.server.resolver, slowly(LATE_SECONDS)) as between:
        bench.one("mx1.secure.test A", resolver=between.at)
        alone = bench.elapsed
        answers = bench.ask(*(f"x{number}.wild.secure.test A" for number in range(AT_ONCE)),
                            resolver=between.at)
    want("how many are found", [answer["outcome"] for answer in answers], ["found"] * AT_ONCE)
    if bench.elapsed > alone + 0.8 * LATE_SECONDS:
        raise Mismatch(f"{AT_ONCE} questions took {bench.elapsed:.3f} s, and one {alone:.3f} s")


@case("threads that ask side by side")
def threads(bench):
    judged(bench.one("--times=8", "mx1.secure.test A"), "found", "secure", "7f000001")


@case("anchors: another's, none, one that is nothing")
def anchors(bench):
    files = {"other": ". IN DS 1 13 2 " + "00" * 32 + "\n", "empty": "; nothing\n", "broken": ". IN DS x\n"}
    for name, content in files.items():
        bench.server.write(f"/tmp/{name}", content)
    bogus(bench.one("mx1.secure.test A", anchor=bench.server.path("/tmp/other")))
    for name in "empty", "broken", "missing":
        found("local", bench.one("mx1.secure.test A", anchor=bench.server.path("/tmp/" + name)))


@case("names that nobody can look up")
def names(bench):
    for answer in bench.ask("a..b A", "a\\.b A", "a b A", "x" * 64 + ".test A", ".".join(["x" * 50] * 6) + " A"):
        failed(answer, "no name")


@case("the resolver of resolv.conf, where no other is named")
def configured(bench):
    bench.server.write("/tmp/resolv.conf", f"search test\nnameserver {bench.server.resolver}\n")
    good, relative = bench.ask("mx1.secure.test A", "mx1.secure A",
                               conf=bench.server.path("/tmp/resolv.conf"))
    judged(good, "found", "secure", "7f000001")
    judged(relative, "no name", "secure")


@case("--resolver, of a check")
def resolver(bench):
    option = f"--resolver={bench.server.resolver}@53"
    bench.check(1, option, host="nosuch.secure.test", address=None).judged("CRITICAL", "dns", "dns_not_found")
    bench.check(1, option, host="mx2.secure.test", address=None).judged("CRITICAL", "connect", "connect_refused")
    want("address", bench.check.last.json["target"]["address"], "127.0.0.2")
