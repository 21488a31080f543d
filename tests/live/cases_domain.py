# SPDX-License-Identifier: BSD-2-Clause
"""What must be said of a domain: its MX and addresses, its servers, its policies and its records."""

import subprocess
import time

from check import Mismatch, want
from domainbench import INSECURE, free_addresses
from material import collect

CASES = []
PARALLEL_SECONDS = 1.5


def case(name):
    return collect(CASES, name)


def told(result, *parts):
    """Of the findings, one has all the parts."""
    texts = [finding["text"] for finding in result.json["findings"]]
    if not any(all(part in text for part in parts) for text in texts):
        raise Mismatch(f"no finding has {parts}: {texts}")


def has(result, fact, *parts):
    lines = result.fact(fact)
    lines = lines if isinstance(lines, list) else [lines]
    for part in parts:
        if not any(part in str(line) for line in lines):
            raise Mismatch(f"{fact} has no {part!r}: {lines}")


def simple(bench, domain, *faults, **how):
    """A domain with one MX; returns the addresses of that."""
    zone = {key: how[key] for key in ("zone",) if key in how}
    addresses = bench.servers(f"mx.{domain}", *faults, **how)
    bench.names(f"{domain} MX 10 mx.{domain}", **zone)
    return addresses


def dkim_key(bits=2048):
    key = subprocess.run(["sh", "-c", f"openssl genrsa {bits} 2>/dev/null | openssl rsa -pubout -outform DER 2>/dev/null"
                          " | base64 -w0"], capture_output=True, text=True, check=True).stdout
    return " ".join(f'"{part}"' for part in ("v=DKIM1; k=rsa; p=" + key[:200], key[200:]))


@case("all that a domain can have, at six servers")
def everything(bench):
    first = bench.servers("mx1.whole", count=3)
    second = bench.servers("mx2.whole", count=3)
    bench.names("whole MX 10 mx1.whole", "whole MX 20 mx2.whole", 'whole TXT "v=spf1 mx ip4:192.0.2.0/24 -all"',
                'whole TXT "some-verification=1"', '_dmarc.whole TXT "v=DMARC1; p=reject"',
                '_smtp._tls.whole TXT "v=TLSRPTv1; rua=mailto:tls@secure.test"',
                f"sel._domainkey.whole TXT {dkim_key()}",
                *(f"_25._tcp.mx{n}.whole TLSA 3 1 1 {bench.tlsa(at[0])}" for n, at in ((1, first), (2, second))))
    bench.names(*(f"{'.'.join(reversed(at.split('.')[1:]))} PTR mx1.whole.secure.test." for at in first),
                zone="127.in-addr.arpa")
    bench.policy("whole", "enforce", "mx1.whole.secure.test", "*.whole.secure.test")
    result = bench("whole", "--dkim-selector=sel", "--require-policies=starttls,dane,mta-sts,tls-rpt,spf,dkim,dmarc").ok()
    want("mx", result.fact("mx"), ["10 mx1.whole.secure.test: OK", "20 mx2.whole.secure.test: OK"])
    want("dnssec", result.fact("dnssec"), True)
    want("servers found and well", [result.fact("servers_found"), result.fact("servers_well")], [6, 6])
    has(result, "servers", *(f"[{at}]: OK, TLSv1.3, DANE" for at in first + second))
    has(result, "ptr", *(f"{at}: mx1.whole.secure.test, which has this address" for at in first),
        *(f"{at}: no name" for at in second))
    has(result, "spf_record", "v=spf1 mx")
    want("lookups of SPF", result.fact("spf_lookups"), 1)
    has(result, "dkim_keys", "sel: rsa, 2048 bits")
    has(result, "dmarc_record", "p=reject")
    has(result, "mta_sts", "enforce, for 86400 s, id 20260101")
    has(result, "tls_rpt", "mailto:tls@secure.test")
    want("odd ones", result.fact("odd") or [], [])
    want("phases", list(result.seconds()), ["mx", "hosts", "records", "policy", "servers"])


@case("nothing but an MX, without signatures; what is required and not there")
def bare(bench):
    simple(bench, "bare", zone=INSECURE)
    result = bench("bare", zone=INSECURE).ok()
    want("dnssec", result.fact("dnssec"), False)
    for policy in "dane", "mta-sts", "tls-rpt", "spf", "dmarc":
        told(bench("bare", f"--require-policies={policy}", zone=INSECURE).judged("WARNING", "servers", "record_missing"),
             policy)


@case("no MX: the domain itself is taken")
def implicit(bench):
    bench.servers("itself")
    has(bench("itself").ok(), "mx", "no MX")
    has(bench("itself", zone="secure.test.").ok(), "mx", "itself.secure.test (no MX")


@case("a null MX, no such domain, an answer that is bogus, a resolver that says nothing")
def nobody(bench):
    bench.names("null MX 0 .")
    bench("null").judged("CRITICAL", "mx", "rejected")
    bench("nosuch").judged("CRITICAL", "mx", "dns_not_found")
    told(bench("www", zone="bogus.test").judged("CRITICAL", "hosts", "dns_failure"), "bogus")
    bench("null", "--resolver=" + free_addresses(1, 53)[0], "-t", "2").judged("CRITICAL", "mx", "timeout")


@case("a null MX beside another, an MX that is an alias, one that has no address")
def dangling(bench):
    simple(bench, "dangling")
    bench.names("dangling MX 20 gone.dangling", "dangling MX 30 alias.dangling", "dangling MX 0 .",
                "alias.dangling CNAME mx.dangling")
    result = bench("dangling").judged("CRITICAL", "hosts", "dns_not_found")
    told(result, "gone.dangling.secure.test has no address")
    told(result, "alias.dangling.secure.test is an alias")
    told(result, "null MX")
    want("servers that are well", result.fact("servers_well"), 2)
    has(result, "mx", "10 mx.dangling.secure.test: OK", "20 gone.dangling.secure.test: CRITICAL, no address")


@case("one address that refuses, one that rejects, one that is silent: each is told, by its own name and step")
def some(bench):
    addresses = simple(bench, "some", "banner-554", "banner-silent", count=3)
    gone = free_addresses(1, 25)[0]
    bench.names(f"mx.some A {gone}")
    result = bench("some", "-t", "3")
    want("state", result.json["state"], "CRITICAL")
    told(result, f"[{gone}], connect")
    told(result, f"[{addresses[0]}], banner")
    told(result, f"[{addresses[1]}], banner")
    has(result, "servers", f"[{gone}]: CRITICAL, connect_refused", f"[{addresses[0]}]: CRITICAL, rejected",
        f"[{addresses[1]}]: CRITICAL, timeout", f"[{addresses[2]}]: OK")
    want("whether what is well comes last", "OK" in result.fact("servers")[-1], True)
    want("mx", result.fact("mx"), ["10 mx.some.secure.test: CRITICAL"])
    if result.elapsed > 5:
        raise Mismatch(f"it took {result.elapsed} s, with a deadline of 3 s")


@case("five MX of four addresses each take as long as the slowest address")
def side_by_side(bench):
    bench.servers("mx0.wide", *[f"ehlo-slow:{int(PARALLEL_SECONDS * 1000)}"] * 4)
    for number in range(1, 5):
        bench.servers(f"mx{number}.wide", *[f"ehlo-slow:{int(PARALLEL_SECONDS * 1000)}"] * 4)
    bench.names(*(f"wide MX {10 * n} mx{n}.wide" for n in range(5)))
    began = time.monotonic()
    result = bench("wide", "-t", "15").ok()
    want("servers", result.fact("servers_well"), 20)
    # EHLO is said twice; forty such waits, one behind the other, would be a minute.
    if result.seconds()["servers"] > 4 * PARALLEL_SECONDS:
        raise Mismatch(f"{result.seconds()['servers']} s for the servers, {time.monotonic() - began} s in all")


@case("the odd one out")
def odd(bench):
    addresses = simple(bench, "pool", "ehlo-without:8BITMIME", count=4)
    result = bench("pool").ok()
    has(result, "odd", addresses[0])
    want("odd ones", len(result.fact("odd")), 1)


@case("a certificate that does not verify is nobody's business without a policy; one that ends soon is")
def opportunistic(bench):
    simple(bench, "selfmade", "cert-self-signed")
    has(bench("selfmade").ok(), "servers", "its certificate does not verify")
    bench("selfmade", "--require-policies=starttls").ok()
    simple(bench, "ending", "cert-expiring:5")
    bench("ending").ok()
    told(bench("ending", "-D", "10,2").judged("WARNING", "servers", "cert_expiring"), "mx.ending")


@case("a server without STARTTLS, where it is required")
def clear(bench):
    simple(bench, "clear", "no-starttls", count=2)
    bench("clear").ok()
    told(bench("clear", "--require-policies=starttls").judged("WARNING", "servers", "record_missing"), "starttls")
    bench("clear", "--require-policies=starttls", "--unexpected=critical").judged("CRITICAL", "servers", "record_missing")


@case("DANE: a self-signed certificate that its record names, and one that it does not")
def dane(bench):
    address, = simple(bench, "dane", "cert-self-signed")
    key = bench.tlsa(address)
    bench.names(f"_25._tcp.mx.dane TLSA 3 1 1 {key}", f"_25._tcp.mx.dane TLSA 3 1 1 {'cd' * 32}")
    has(bench("dane", "--require-policies=dane").ok(), "servers", "OK, TLSv1.3",
        f"3 1 1 {key[:16]}...: matches", f"3 1 1 {'cd' * 8}...: ")
    simple(bench, "stale")
    bench.names(f"_25._tcp.mx.stale TLSA 3 1 1 {'ab' * 32}")
    told(bench("stale").judged("CRITICAL", "servers", "dane_mismatch"), "mx.stale")
    simple(bench, "unsigned", zone=INSECURE)
    bench.names(f"_25._tcp.mx.unsigned TLSA 3 1 1 {'ab' * 32}", zone=INSECURE)
    bench("unsigned", zone=INSECURE).ok()
    bench.names("elsewhere MX 10 mx.unsigned.insecure.test.")
    bench("elsewhere").ok()


@case("a module of the exporter")
def module(bench):
    simple(bench, "module")
    text = bench.scrape("module")
    for line in "probe_success 1", "mailprobe_state 0", 'mailprobe_value{name="servers_well"} 1':
        if line not in text.splitlines():
            raise Mismatch(f"no {line}\n{text}")
    want("status, where its servers' addresses are not allowed",
         bench.scrape("module", "allowed_targets: [192.0.2.0/24]", status=True), 403)


@case("MTA-STS: an MX that the policy does not name; an MX whose certificate is not good for it")
def sts(bench):
    simple(bench, "sts")
    for mode, state in ("enforce", "CRITICAL"), ("testing", "WARNING"):
        bench.policy("sts", mode, "other.secure.test")
        told(bench("sts").judged(state, "servers", "mta_sts_mismatch"), "mx.sts.secure.test is not among")
        bench.policies.texts.clear()
        while bench.added[-1][1].split(" ")[0] in ("_mta-sts.sts", "mta-sts.sts"):
            bench.server.remove(*bench.added.pop())
    bench.policy("sts", "none")
    bench("sts").ok()
    for fault in "cert-self-signed", "no-starttls":
        domain = "sts-" + fault
        simple(bench, domain, fault)
        bench.policy(domain, "enforce", f"mx.{domain}.secure.test")
        told(bench(domain).judged("CRITICAL", "servers", "mta_sts_mismatch"), f"mx.{domain}")


@case("MTA-STS: policies that cannot be had, or cannot be read, are as none to a sender: WARNING")
def sts_broken(bench):
    for domain, how, part in (
            ("moved", {"status": 301, "Location": "https://mta-sts.moved.secure.test/"}, "301"),
            ("absent", {"status": 404}, "404"),
            ("garbage", {"text": "<html>\n"}, "policy"),
            ("misnamed", {}, "mta-sts.misnamed"),
            ("huge", {"text": "mx: a.test\r\n" * 6000}, "mta-sts.huge")):
        simple(bench, domain)
        bench.policy(domain, "enforce", f"mx.{domain}.secure.test", **how)
        told(bench(domain).judged("WARNING", "policy", "mta_sts_mismatch"), part)
    simple(bench, "unreadable")
    bench.names('_mta-sts.unreadable TXT "v=STSv1; id=;"')
    told(bench("unreadable").judged("WARNING", "records", "record_broken"), "MTA-STS")


@case("SPF: eleven lookups, two records, everybody, an include of nothing")
def spf(bench):
    bench.names(*(f'i{n} TXT "v=spf1 a:plain.test -all"' for n in range(6)))
    for domain, records, part in (
            ("spf-many", ["v=spf1 " + " ".join(f"include:i{n}.secure.test" for n in range(6)) + " -all"], "eleventh"),
            ("spf-two", ["v=spf1 -all", "v=spf1 mx -all"], "2 records"),
            ("spf-open", ["v=spf1 +all"], "everybody"),
            ("spf-void", ["v=spf1 include:nowhere-at-all.secure.test -all"], "nowhere-at-all")):
        simple(bench, domain)
        bench.names(*(f'{domain} TXT "{record}"' for record in records))
        result = bench(domain)
        result.judged("WARNING", "records", "record_broken")
        told(result, "SPF", part)


@case("DKIM: no such selector, a key that is revoked, one that is too short")
def dkim(bench):
    simple(bench, "dkim")
    bench.names('old._domainkey.dkim TXT "v=DKIM1; p="', f"short._domainkey.dkim TXT {dkim_key(512)}",
                f"good._domainkey.dkim TXT {dkim_key()}")
    bench("dkim", "--dkim-selector=good").ok()
    for selector in "nosuch", "old", "short":
        result = bench("dkim", "--dkim-selector=good", f"--dkim-selector={selector}")
        result.judged("WARNING", "records", "record_broken")
        told(result, f"DKIM, {selector}")
    told(bench("dkim", "--dkim-selector=old", "--require-policies=dkim"), "dkim is required")


@case("TLSRPT: one that is broken")
def tls_rpt(bench):
    simple(bench, "tlsrpt")
    bench.names('_smtp._tls.tlsrpt TXT "v=TLSRPTv1; rua=nowhere"')
    told(bench("tlsrpt").judged("WARNING", "records", "record_broken"), "TLSRPT")


@case("DMARC: of the domain above, and one that is broken")
def dmarc(bench):
    simple(bench, "below.dmarc")
    bench.names('_dmarc.dmarc TXT "v=DMARC1; p=reject; sp=quarantine; aspf=s"')
    has(bench("below.dmarc").ok(), "dmarc_record",
        "(of dmarc.secure.test: quarantine; aligned by SPF strict, by DKIM relaxed)")
    bench.names('_dmarc.below.dmarc TXT "v=DMARC1; p=whatever"')
    result = bench("below.dmarc")
    result.judged("WARNING", "records", "record_broken")
    told(result, "DMARC")
