# SPDX-License-Identifier: BSD-2-Clause
"""What check_mail_roundtrip must be able to say of any way that a message takes."""

import contextlib
import os
import time

from flights import Flights

from check import Mismatch, kill, want
from material import Case, collect
from pathbench import MAILDIR, Stock
from postgrey import DELAY_SECONDS
from server import DOMAIN, HOST, SECOND, detailed, wait_for

COMMON, POSTFIX = [], []
SUBMITTED = ["submit_connect", "submit_banner", "submit_ehlo", "submit_starttls", "submit_tls",
             "submit_ehlo_2", "submit_auth", "submit"]
ARRIVED = ["delivery", "retrieve", "cleanup"]
SIDE_BY_SIDE = 5
SOON = 4                # seconds in which a server delivers, whatever else the machine has to do
FAR = 0.05              # seconds, for each way
KEY = b"0123456789abcdef0123456789abcdef"


def case(name, **how):
    return collect(COMMON, name, **how)


def postfix(name):
    return collect(POSTFIX, name)


def phases(result):
    return list(result.seconds())


def books(bench, name):
    """The options for a key and a state file of this name."""
    return (f"--key-file={bench.check.file(name + '.key', KEY)}",
            f"--state-file={bench.check.folder}/{name}.{bench.server.name}.db")


def counted(result, **wanted):
    """Holds values against what they must be."""
    values = result.json["values"]
    want("values", {name: values.get(name) for name in wanted}, wanted)


@case("delivered, by IMAP")
def delivered(bench):
    result = bench.trip().ok()
    got = phases(result)
    want("phases but the fetching side's", [name for name in got if not name.startswith("fetch_")],
         [*SUBMITTED, *ARRIVED, "submit_quit"])
    want("the fetching side's",
         [name for name in phases(result) if name.startswith("fetch_")
          and name != "fetch_capability"],          # Courier does not tell by itself
         ["fetch_connect", "fetch_tls", "fetch_banner", "fetch_auth", "fetch_select",
          "fetch_logout"])
    want("landed in", result.fact("landed_in"), "INBOX")
    counted(result, copies=1, attempts=1, recipients=1)
    for name in "delivery", "retrieve", "cleanup", "submit":
        if result.seconds()[name] <= 0:
            raise Mismatch(f"phase {name} took no time")
    delay = result.json["values"]["delay"]
    if delay > SOON:
        raise Mismatch(f"it was seen after {delay} s only")
    if abs(delay - result.seconds()["delivery"]) > 0.1:
        raise Mismatch(f"delay is {delay}, delivery took {result.seconds()['delivery']}")
    if not result.fact("message_id").rstrip(">").endswith("@" + DOMAIN):
        raise Mismatch(f"message id is {result.fact('message_id')}")
    if not result.fact("hops") or "mx.mail.test" not in result.fact("hops")[0]:
        raise Mismatch(f"hops are {result.fact('hops')}")


@case("delivered, by IMAP with STARTTLS")
def starttls(bench):
    result = bench.trip(protocol="imap").ok()
    if "fetch_starttls" not in phases(result):
        raise Mismatch(f"phases are {phases(result)}")


@case("delivered, by POP3")
def pop3(bench):
    result = bench.trip(protocol="pop3s").ok()
    want("phases", [name for name in phases(result) if name in ARRIVED], ARRIVED)
    counted(result, copies=1)


@case("a bounce from an unknown user")
def bounce(bench):
    result = bench.trip(rcpt="nobody@" + DOMAIN).judged("CRITICAL", "delivery", "rejected")
    status = {"postfix-dovecot": "5.1.1", "exim-courier": "5.0.0"}[bench.server.name]
    if status not in (result.json["reply"] or "") and status not in result.json["summary"]:
        raise Mismatch(f"status {status} is not in {result.json['reply']!r}, "
                       f"{result.json['summary']!r}")


@case("a bounce from an unknown user, by POP3")
def bounce_pop3(bench):
    bench.trip(rcpt="nobody@" + DOMAIN, protocol="pop3s") \
        .judged("CRITICAL", "delivery", "rejected")


def duplicated(protocol):
    def run(bench):
        result = bench.at_once(rcpt="pair@" + DOMAIN, protocol=protocol)
        result.judged("WARNING", "retrieve", "duplicated")
        counted(result, copies=2)
    return run


COMMON.append(Case("an alias that duplicates", duplicated("imaps")))
COMMON.append(Case("an alias that duplicates, by POP3", duplicated("pop3s")))


@case("wrong password for either side, nothing is sent")
def passwords(bench):
    right, wrong = bench.check.password, bench.check.wrong
    result = bench.trip(passwords=(wrong, right))
    result.judged("CRITICAL", "submit_auth", "auth_rejected")
    result = bench.trip(passwords=(right, wrong))
    result.judged("CRITICAL", "fetch_auth", "auth_rejected")
    want("submit phase", result.seconds().get("submit"), None)


@case("many at once")
def many(bench):
    before = Stock(bench.server)
    running = [bench.start("-t", "15") for _ in range(SIDE_BY_SIDE)]
    results = [bench.check.finish(process).ok() for process in running]
    want("different messages", len({result.fact("message_id") for result in results}),
         SIDE_BY_SIDE)
    bench.still()
    before.unchanged(Stock(bench.server))


@case("the books of three runs")
def booked(bench):
    options = books(bench, "three")
    for i in 1, 2, 3:
        counted(bench.trip(*options).ok(), sent=i, received=i, lost=0, in_flight=0)


@case("outputs: nagios, openmetrics, waterfall")
def outputs(bench):
    result = bench.trip(output="nagios")
    want("exit", result.exit, 0)
    if not result.out.startswith("ROUNDTRIP OK - ") or "time_delivery=" not in result.out:
        raise Mismatch(f"status line is {result.out!r}")
    result = bench.trip(output="openmetrics")
    if "\nmailprobe_roundtrip_delivery_seconds " not in result.out:
        raise Mismatch(f"metrics are {result.out!r}")
    want("exit", bench.trip(output="waterfall").exit, 0)


@case("deferred: each run judges the message of the one before")
def deferred(bench):
    options = *books(bench, "deferred"), "--deferred"
    before = Stock(bench.server)
    first = bench.trip(*options, harmless=False).ok()
    counted(first, sent=1, received=0, lost=0, in_flight=1)
    second = bench.trip(*options, harmless=False, protocol="pop3s").ok()
    counted(second, sent=2, received=1, lost=0, in_flight=1)
    # The third message goes elsewhere, so that none is left.
    third = bench.trip(*options, harmless=False, rcpt=SECOND).ok()
    counted(third, sent=3, received=2, lost=0, in_flight=1)
    before.unchanged(Stock(bench.server))


@case("killed while it waits, finished by the next run")
def killed(bench):
    options = books(bench, "killed")
    before = Stock(bench.server)
    with bench.held_up(*options, "-t", "3") as process:
        kill(process)
        bench.settle()
        bench.mark = bench.server.mark()        # it could not say goodbye
    wait_for("end of its time", 10, lambda: time.monotonic() > process.began + 5)
    counted(bench.trip(*options, harmless=False).ok(), sent=2, received=2, lost=0, in_flight=0)
    before.unchanged(Stock(bench.server))


@contextlib.contextmanager
def arrived(bench, text):
    """A message that has come into the mailbox by other ways, and is gone in the end."""
    path = f"{MAILDIR}/cur/{time.time_ns()}.copy.{HOST}:2,"
    bench.server.write(path, text, "probe", 0o600)
    os.utime(bench.server.path(path))
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(bench.server.path(path))


@case("a message of another run's is not ours")
def foreign(bench):
    _, text = bench.kept()
    with arrived(bench, text):
        counted(bench.trip().ok(), copies=1)
        counted(bench.trip(protocol="pop3s").ok(), copies=1)


@case("a copy that comes later is taken, a replay stays")
def later(bench):
    options, before = books(bench, "later"), Stock(bench.server)
    began = time.monotonic()
    _, text = bench.kept("-t", "5", *options)
    with arrived(bench, text):
        # As long as its time runs, the message may be awaited by somebody.
        wait_for("end of its time", 10, lambda: time.monotonic() > began + 7)
        bench.trip(*options, harmless=False).judged("WARNING", "cleanup", "duplicated")
        before.unchanged(Stock(bench.server))
    with arrived(bench, text):
        result = bench.trip(*options).ok()
        if "replay" not in "".join(result.fact("left") or ()):
            raise Mismatch(f"left are {result.fact('left')}")


@case("SpamAssassin has nothing to say about it")
def spam(bench):
    for service in [name for name in ("submission", "signed") if name in bench.server.ports]:
        result, text = bench.kept(service=service)
        result.ok()
        # As it is, and as if a stranger with a proper name had brought it: the former is trusted.
        strange = text.replace(b"(unknown [127.0.0.1])", b"(mail.test [9.9.9.9])")
        for seen in text, strange:
            rules = bench.spam.rules(seen)
            if sum(rules.values()) >= 1 or any(score > 0 for score in rules.values()):
                raise Mismatch(f"SpamAssassin's rules are {rules}\n{seen.decode()}")


# --- Postfix into Dovecot ---

@postfix("signed and verified: SPF, DKIM, DMARC")
def signed(bench):
    result = bench.trip("--require-auth-results=spf,dkim,dmarc", service="signed").ok()
    for name in "spf", "dkim", "dmarc":
        want(name, result.fact(name), "pass")
    want("by", result.fact("auth_results_by"), "in." + DOMAIN)
    hops = result.fact("hops")
    want("hops", [any(hop.startswith(name) for hop in hops)
                  for name in ("mx.mail.test", "in.mail.test", "store.mail.test")], [True] * 3)
    counted(result, hops_in_clear=1)        # LMTP


@postfix("not signed: only what is required must pass")
def unsigned(bench):
    result = bench.trip("--require-auth-results=spf,dmarc", service="unsigned").ok()
    want("dkim", result.fact("dkim"), "none")
    result = bench.trip("--require-auth-results=spf,dkim,dmarc", service="unsigned")
    result.judged("WARNING", "retrieve", "unexpected")


@postfix("nobody judged: required results are missing")
def unjudged(bench):
    result = bench.trip("--require-auth-results=spf").judged("WARNING", "retrieve", "unexpected")
    want("spf", result.fact("spf"), None)


@postfix("no policy for DMARC")
def no_policy(bench):
    records = bench.server.names.records
    policy = records.pop(("_dmarc." + DOMAIN, "TXT"))
    try:
        result = bench.trip("--require-auth-results=dmarc", service="signed")
        result.judged("WARNING", "retrieve", "unexpected")
        want("dmarc", result.fact("dmarc"), "none")
    finally:
        records["_dmarc." + DOMAIN, "TXT"] = policy


@postfix("a filter that alters the body")
def altered(bench):
    for protocol in "imaps", "pop3s":
        result = bench.trip(service="altered", protocol=protocol)
        result.judged("CRITICAL", "retrieve", "content_altered")
        counted(result, hops_in_clear=2)


@postfix("a filter that spoils the signature")
def spoiled(bench):
    result = bench.trip("--require-auth-results=dkim", service="spoiled")
    result.judged("CRITICAL", "retrieve", "content_altered")
    want("dkim", result.fact("dkim"), "fail")


@postfix("greylisted on the way, by postgrey")
def queued(bench):
    result = bench.trip(service="queued", rcpt=detailed("queued")).ok()
    if result.seconds()["delivery"] < DELAY_SECONDS / 2:
        raise Mismatch(f"delivery took only {result.seconds()['delivery']} s")
    want("greylisted", result.fact("greylisted"), None)
    delay = result.json["values"].get("hop_delay[in.mail.test]")
    if delay is None or not 1 <= delay <= 5:
        raise Mismatch(f"delay of the hop is {delay}")


@postfix("greylisted at submission, by postgrey")
def greylisted(bench):
    result = bench.trip(service="greylisting", rcpt=detailed("greylisted")).ok()
    if "Greylisted" not in (result.fact("greylisted") or ""):
        raise Mismatch(f"greylisted is {result.fact('greylisted')}")
    if result.seconds()["submit"] < DELAY_SECONDS / 2 or result.fact("attempts") < 2:
        raise Mismatch(f"submitted in {result.seconds()['submit']} s, "
                       f"{result.fact('attempts')} attempts")


@postfix("refused for a while, until the deadline")
def tempfailing(bench):
    result = bench.trip("-t", "4", service="tempfailing")
    result.judged("WARNING", "submit", "tempfail")
    if not result.json["reply"].startswith("450 4.3.2"):
        raise Mismatch(f"reply is {result.json['reply']}")


@postfix("into the junk mailbox by Sieve")
def junked(bench):
    result = bench.trip(rcpt=detailed("junk")).judged("WARNING", "delivery", "junked")
    want("landed in", result.fact("landed_in"), "Junk")


@postfix("into nothing by Sieve")
def lost(bench):
    result = bench.trip("-t", "4", rcpt=detailed("lost"))
    result.judged("CRITICAL", "delivery", "not_delivered")
    if result.elapsed > 4.5:
        raise Mismatch(f"the run took {result.elapsed:.1f} s")


@postfix("a mailbox that is far away")
def far(bench):
    with Flights(bench.server.ports["imaps"], FAR) as flights:
        bench.trip(fetch_port=flights.port).ok()
    with Flights(bench.server.ports["imaps"], FAR) as flights:
        bench.trip("-t", "5", rcpt=detailed("lost"), fetch_port=flights.port) \
            .judged("CRITICAL", "delivery", "not_delivered")


@postfix("lost for good, by the books")
def booked_loss(bench):
    options, began = books(bench, "lost"), time.monotonic()
    result = bench.trip("-t", "3", *options, rcpt=detailed("lost"))
    result.judged("CRITICAL", "delivery", "not_delivered")
    # By whole seconds its time may be over with the run, or soon after.
    counted(result, sent=1, received=0)
    values = result.json["values"]
    want("lost and in flight", values["lost"] + values["in_flight"], 1)
    wait_for("end of its time", 10, lambda: time.monotonic() > began + 5)
    counted(bench.trip(*options).ok(), sent=2, received=1, lost=1, in_flight=0)


@postfix("deferred: given up after some seconds")
def deferred_loss(bench):
    options = *books(bench, "late"), "--deferred", "--lost-after=1"
    began = time.time()
    bench.trip(*options, rcpt=detailed("lost")).ok()
    wait_for("end of that time", 5, lambda: time.time() > began + 3)
    result = bench.trip(*options, rcpt=detailed("lost"))
    result.judged("CRITICAL", "delivery", "not_delivered")
    counted(result, sent=2, received=0, lost=1, in_flight=1)
