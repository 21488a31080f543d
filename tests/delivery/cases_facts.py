# SPDX-License-Identifier: BSD-2-Clause
"""What the message tells, thresholds, --until, and what the outputs always have."""

import concurrent.futures
import re

from harness import case

OK = "OK", None, None


@case
def hops_and_clocks(t):
    box = t.sandbox("submission:0", "submission:0,name=hops,fault=deliver-hops:60",
                    "submission:0,name=behind,fault=deliver-hops:600", "smtp:0,name=clear,fault=no-starttls", "lmtp:0",
                    "imaps:0", "pop3s:0", options=["--messages=0"])
    for fetch in "imaps", "pop3s":
        for submit, ahead in ("hops", 60), ("behind", 600):
            got = box.run(submit=submit, fetch=fetch)
            hops = got.facts["hops"]
            t.check(f"{submit}, {fetch}: three hosts, and the clock of one is {ahead} s ahead", got.verdict == OK
                    and len(hops) == 3 and abs(got.facts["clock_offset"] - ahead) <= 2
                    and sum("ahead" in hop for hop in hops) == 1, hops)
            t.check(f"{submit}, {fetch}: no time is negative or as long as the clock is wrong",
                    all(0 <= value <= 3 for name, value in got.json["values"].items() if name.startswith("hop_delay")),
                    got.json["values"])
            t.check(f"{submit}, {fetch}: the time of each host is a value", len([name for name in got.json["values"]
                    if name.startswith("hop_delay[")]) == len({hop.split(":")[0] for hop in hops}), got.json["values"])
        for submit, clear in ("submission", 0), ("clear", 1), ("lmtp", 1):
            got = box.run(submit=submit, fetch=fetch)
            t.check(f"{submit}, {fetch}: one hop, {clear} in clear", len(got.facts["hops"]) == 1
                    and got.facts["hops_in_clear"] == clear and got.facts["clock_offset"] == 0
                    and ("in clear" in got.facts["hops"][0]) == bool(clear), got.facts["hops"])


@case
def authentication_results(t):
    results = "pass", "fail", "softfail", "none", "temperror"
    box = t.sandbox(*[f"submission:0,name={result},fault=deliver-auth:{result}" for result in results], "submission:0",
                    "imaps:0", options=["--messages=0"])
    for result in results:
        got = box.run("--require-auth-results=spf,dkim", "--require-auth-results=DMARC", submit=result)
        t.equal(f"{result}: the verdict", got.verdict,
                OK if result == "pass" else ("WARNING", "retrieve", "unexpected"), got)
        t.equal(f"{result}: the facts", [got.facts.get(name) for name in ("spf", "dkim", "dmarc")], [result] * 3, got)
        t.check(f"{result}: by whom", "sandbox.test" in got.facts["auth_results_by"], got)
        t.equal(f"{result}: required is what is asked for", box.run(submit=result).verdict, OK)
    got = box.run("--require-auth-results=spf")
    t.check("not told", got.verdict == ("WARNING", "retrieve", "unexpected") and "not told" in got.json["summary"]
            and "spf" not in got.facts, got)


THRESHOLDS = (
    ("delay=0.05", "delivery", "threshold"), ("delivery=0.05", "delivery", "slow"),
    ("hop_delay=@0:9", None, "threshold"),
    ("hops_in_clear=@0", None, "threshold"), ("looks=1", None, "threshold"), ("submit=0.0000001", "submit", "slow"),
    ("copies=2:", None, "threshold"), ("attempts=2:", None, "threshold"), ("message_size=10", None, "threshold"),
    ("clock_offset=@0", None, "threshold"), ("recipients=2:", None, "threshold"), ("sent=0", None, "threshold"),
    ("received=0", None, "threshold"), ("in_flight=1:", None, "threshold"), ("late=1:", None, "threshold"),
    ("lost=1:", None, "threshold"), ("fetch_auth=0.0000001", "fetch_auth", "slow"),
    ("submit_tls=0.0000001", "submit_tls", "slow"), ("retrieve=0.0000001", "retrieve", "slow"),
    ("cleanup=0.0000001", "cleanup", "slow"), ("fetch_cert_days=100:", None, "threshold"),
    ("submit_cert_days=100:", None, "threshold"), ("fetch_tcp_rtt=@0:9", None, "threshold"),
    ("time=0.001", "total", "slow"), ("0.001", "total", "slow"),
)


@case
def thresholds(t):
    box = t.sandbox("submission:0,fault=deliver-late:150", "imaps:0", options=["--messages=0"])
    words = ["--key-file=key", "--state-file=state.db"]

    def one(row):
        text, phase, cause = row
        words = ["--key-file=key", f"--state-file={re.sub('[^a-z]', '', text)}.db"]
        for option, state in ("-w", "WARNING"), ("-c", "CRITICAL"):
            got = box.run(*words, option, text)
            t.check(f"{option} {text}: {state}, {cause}", got.verdict[0] == state and got.verdict[2] == cause
                    and phase in (None, got.verdict[1]), got)

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        list(pool.map(one, THRESHOLDS))
    t.equal("whatever is found slow, the message is removed", box.mailbox().messages(), {})
    loose = [word for text in ("delay", "hop_delay", "looks", "submit", "delivery", "time") for word in ("-c",
            f"{text}=200")]
    got = box.run(*words, *loose)
    t.equal("within all of them", got.verdict, OK, got)


@case
def until_a_phase(t):
    box = t.sandbox("submission:0", "imaps:0", "pop3s:0", options=["--messages=0"])
    for fetch, phases in (("imaps", ("fetch_connect", "fetch_tls", "fetch_auth", "fetch_select", "submit_connect",
                                     "submit_ehlo", "submit_tls", "submit_auth")),
                          ("pop3s", ("fetch_auth", "fetch_uidl", "submit_auth"))):
        for phase in phases:
            got = box.run(f"--until={phase}", fetch=fetch)
            last = [p["name"] for p in got.json["phases"] if p["name"] not in
                    ("submit_quit", "fetch_quit", "fetch_logout")][-1]
            t.check(f"{fetch}: {phase} is the last, and nothing was sent", got.verdict == OK and last == phase
                    and not box.mailbox().messages(), got)
    for phase in "submit", "delivery", "retrieve":
        got = box.run(f"--until={phase}", "--key-file=key", "--state-file=state.db")
        t.check(f"{phase}: a message would be left behind", got.verdict[2] == "usage"
                and not box.mailbox().messages(), got)
    got = box.run("--until=cleanup", "--key-file=key", "--state-file=state.db")
    t.check("cleanup is the last, and the books balance", got.verdict == OK and got.books == (1, 1, 0, 0), got)


def labels(run):
    line = run.out.splitlines()[0]
    return [re.sub(r"=.*", "", word) for word in re.findall(r"(?:'[^']*'|\S+)", line.split(" | ")[1])]


@case
def perfdata_is_the_same_whatever_comes(t):
    faults = ("mail-rejected", "greylist", "auth-rejected", "no-starttls", "cert-name", "banner-554", "close:ehlo",
              "deliver-never", "deliver-twice", "deliver-altered", "deliver-bounce")
    odd = "select-no", "close-after-banner", "search-no", "auth-rejected", "cert-expired", "store-no", "imap-without:IDLE"
    box = t.sandbox("submission:0", *[f"submission:0,name=s{i},fault={fault}" for i, fault in enumerate(faults)],
                    "imaps:0", *[f"imaps:0,name=f{i},fault={fault}" for i, fault in enumerate(odd)], "pop3s:0")
    books = ["--key-file=key", "--state-file=state.db"]
    for more in [], books, [*books, "--deferred"]:
        wanted = labels(box.run(*more, out="nagios"))
        t.check(f"{' '.join(more[2:]) or 'no books'}: what is always there", {"time", "time_submit", "time_delivery",
                "time_retrieve", "time_cleanup", "delay", "looks"} <= set(wanted)
                and ("in_flight" in wanted) == bool(more), wanted)
        for i, fault in enumerate(faults):
            got = box.run(*more, "--timeout=1", out="nagios", submit=f"s{i}")
            t.equal(f"{' '.join(more[1:])} {fault}", labels(got), wanted, got)
        for i, fault in enumerate(odd):
            got = box.run(*more, "--timeout=1", out="nagios", fetch=f"f{i}")
            t.equal(f"{' '.join(more[1:])} {fault}", labels(got), wanted, got)
        got = box.run(*more, out="nagios", submit="submission://probe@sandbox.test@localhost:1")
        t.equal(f"{' '.join(more[1:])} refused", labels(got), wanted, got)
    long = labels(box.run("-v", out="nagios"))
    t.check("no label twice", len(set(long)) == len(long), long)


@case
def all_forms_of_output(t):
    box = t.sandbox("submission:0", "submission:0,name=altered,fault=deliver-altered", "imaps:0")
    for submit, status in ("submission", 0), ("altered", 2):
        metrics = box.run(out="openmetrics", submit=submit)
        t.check(f"{submit}: openmetrics", metrics.status == status and metrics.out.endswith("# EOF\n") and
                "mailprobe_roundtrip_delivery_seconds" in metrics.out and 'side="submit"' in metrics.out
                and 'side="fetch"' in metrics.out, metrics)
        families = re.findall(r"(?m)^# TYPE (\S+)", metrics.out)
        t.equal(f"{submit}: each metric stands in one place", sorted(set(families)), sorted(families))
        drawn = box.run(out="waterfall", submit=submit)
        t.check(f"{submit}: waterfall", drawn.status == status and "delivery" in drawn.out and "fetch_auth" in drawn.out, drawn)
        for some in "nagios", "json":
            got = box.run("-v", out=some, submit=submit)
            t.check(f"{submit}: {some}", got.status == status and "message_id" in got.out, got)


@case
def the_message_is_what_was_asked_for(t):
    box = t.sandbox("submission:0", "imaps:0", "imaps:0,name=stuck,fault=store-no", options=["--messages=0", "--spool"])
    box.write("body", "One line.\n.dot\n..\nFrom here\n\n\n")
    got = box.run("--subject=Ping \u00e4", "--header=X-Site: paris", "--body-file=body", "--submit-fqdn=probe.test",
                  fetch="stuck", env={"LC_ALL": "C.UTF-8"})
    (_, text), = box.mailbox().messages().values()
    for part in (b"X-Site: paris\r\n", b"=?", b"Auto-Submitted: auto-generated\r\n", b"Received: from probe.test",
                 b"\r\n\r\nOne line.\r\n.dot\r\n..\r\n", b"Message-ID: <mp1-", b"X-Mailprobe-Token: mp1-"):
        t.check(f"{part!r}", part in text, text)
    t.check("in seven bits", text.isascii(), text)
    t.check("and its body is as it was sent", not got.finding("content_altered") and got.facts["copies"] == 1, got)
    for name in "utf8", "long":
        box.write(name, "\u00e4\u20ac" * 30 + "\n" if name == "utf8" else "x" * 3000 + "\n")
        got = box.run(f"--body-file={name}")
        t.equal(f"{name}: comes unaltered", got.verdict, OK, got)
    for mine in "X-Mailprobe-Token: mine", "Message-ID: <mine@sandbox.test>":
        got = box.run(f"--header={mine}")
        t.equal(f"{mine} is what the message is known by", got.verdict[2], "usage", got)
