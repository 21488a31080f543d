# SPDX-License-Identifier: BSD-2-Clause
"""Each option of a side acts on that side and on it alone."""

from harness import TOKEN, USER, case

OK = "OK", None, None
REVOKED, UNTRUSTED = ("CRITICAL", "tls", "cert_revoked"), ("CRITICAL", "tls", "cert_untrusted")

# The option without its prefix, its value, the fault of the side that it is for, the verdict, what is said of it. The
# other side is healthy, and must stay so. {} is the folder of the sandbox.
OPTIONS = (
    ("address", "127.0.0.1", "", OK, '"address":"127.0.0.1"'),
    ("port", "1", "", ("CRITICAL", "connect", "connect_refused"), ""),
    ("use-ipv4", None, "", OK, ""), ("use-ipv6", None, "", ("CRITICAL", "connect", "connect_refused"), "::1"),
    ("source-address", "127.0.0.9", "", OK, ""), ("proxy-protocol", "1", "proxy", OK, ""),
    ("proxy-protocol", "2", "proxy", OK, ""), ("tls", "none", "", OK, ""),
    ("tls", "implicit", "", ("CRITICAL", "tls", "tls_error"), ""),
    ("ca-file", "{}/key", "", ("UNKNOWN", None, "local"), "key"),
    ("crl-file", "{}/state/crl-clean.pem", "", OK, ""), ("crl-file", "{}/state/crl-revoked.pem", "", REVOKED, ""),
    ("server-name", "mx.sandbox.test", "", OK, ""),
    ("server-name", "else.test", "", ("CRITICAL", "tls", "cert_name"), ""),
    ("tls-min", "1.3", "tls12", ("CRITICAL", "tls", "tls_error"), ""), ("tls-max", "1.2", "", OK, "TLSv1.2"),
    ("certificate", "100", "", ("WARNING", "tls", "cert_expiring"), ""), ("certificate", "1", "", OK, ""),
    ("ignore-certificate-expiration", None, "cert-expired", OK, ""),
    ("user", "nobody@sandbox.test", "", ("CRITICAL", "auth", "auth_rejected"), ""),
    ("auth", "CRAM-MD5", "", OK, "CRAM-MD5"),
    ("allow-cleartext-auth", None, "", OK, ""), ("expect", "sandbox", "", OK, ""),
    ("expect", "elsewhere", "", ("WARNING", "banner", "unexpected"), "elsewhere"),
    ("require", "XNEVER", "", ("CRITICAL", None, "capability_missing"), "XNEVER"),
)


def words(side, name, value, folder):
    return f"--{side}-{name}" + ("" if value is None else "=" + value.replace("{}", str(folder)))


@case
def each_option_of_each_side(t):
    faults = sorted({fault for _, _, fault, _, _ in OPTIONS})
    box = t.sandbox(*[f"{protocol}:0,name={protocol}-{fault}" + (fault and f",fault={fault}")
                      for protocol in ("submission", "imap", "pop3") for fault in faults], options=["--messages=0"])
    for name, value, fault, wanted, said in OPTIONS:
        for side, fetch in ("submit", "imap"), ("fetch", "imap"), ("fetch", "pop3"):
            got = box.run(words(side, name, value, box.folder),
                    submit=f"submission-{fault if side == 'submit' else ''}",
                          fetch=f"{fetch}-{fault if side == 'fetch' else ''}")
            state, phase, cause = got.verdict
            good = (state, cause) == (wanted[0], wanted[2]) and (
                wanted[1] is None or phase == f"{side}_{wanted[1]}")
            t.check(f"{words(side, name, value, '')} by {fetch if side == 'fetch' else 'submission'}",
                    good and said in got.out
                    and (phase is None or phase.startswith(side)), (wanted, got))
            if name == "tls-max":
                other = "fetch" if side == "submit" else "submit"
                t.equal(f"{name} of {side}: the other side's TLS", got.facts[f"{other}_tls_version"], "TLSv1.3", got)


@case
def options_that_go_together(t):
    box = t.sandbox("submission:0", "imap:0", "pop3:0", options=["--messages=0"])
    box.write("token", TOKEN + "\n")
    where = {side: f"--{side}={box.url(label)}" for side, label in (("submit", "submission"), ("fetch", "imap"))}
    trust = ["--submit-ca-file=state/ca.pem", "--fetch-ca-file=state/ca.pem"]
    logins = {"submit": "--submit-password-file=pass", "fetch": "--fetch-password-file=pass"}
    for name, submit, fetch in (
            ("the password itself", ["--submit-password=correct-horse"], ["--fetch-password=correct-horse"]),
            ("from the environment", ["--submit-password-env=SECRET"], ["--fetch-password-env=SECRET"]),
            ("a token", ["--submit-token-file=token"], ["--fetch-token-file=token"]),
            ("a client's certificate", ["--submit-client-cert=state/client.pem", "--submit-client-key=state/client.key",
                                        "--submit-auth=EXTERNAL"],
             ["--fetch-client-cert=state/client.pem", "--fetch-client-key=state/client.key", "--fetch-auth=EXTERNAL"])):
        for mine, side, other in (submit, "submit", "fetch"), (fetch, "fetch", "submit"):
            got = raw(box, *where.values(), *trust, *mine, logins[other])
            t.equal(f"{name}: {side}", got.verdict, OK, got)
    for side, other in ("submit", "fetch"), ("fetch", "submit"):
        more = [*where.values(), *logins.values(), f"--{other}-ca-file=state/ca.pem"]
        t.equal(f"{side}: not trusted", raw(box, *more).verdict, ("CRITICAL", f"{side}_tls", "cert_untrusted"))
        t.equal(f"{side}: not verified", raw(box, *more, f"--{side}-insecure").verdict, OK)
        t.equal(f"{side}: a folder without it", raw(box, *more, f"--{side}-ca-path=state").verdict,
                ("CRITICAL", f"{side}_tls", "cert_untrusted"))
        got = raw(box, *more, f"--{side}-ca-file=state/ca.pem", f"--{side}-tls-max=1.2",
                  f"--{side}-ciphers=ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305")
        t.check(f"{side}: ciphers", got.verdict == OK and "CHACHA20" in got.facts[f"{side}_tls_cipher"], got)
    got = box.run("--submit-pipelining", "-vv", fetch="imap")
    t.check("pipelining", got.verdict == OK and got.err.index("C DATA") < got.err.index("S 250 2.1.0"), got)


def raw(box, *words):
    from cases_options import check
    return check(box, words)
