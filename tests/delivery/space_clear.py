# SPDX-License-Identifier: BSD-2-Clause
"""Other machines, as a network of our own has them: no password goes there in clear."""

import space
from harness import case

ADDRESS = "192.0.2.1"
AWAY = [f"--submit-address={ADDRESS}", f"--fetch-address={ADDRESS}", "--submit-auth=PLAIN", "--fetch-auth=PLAIN"]
OK = "OK", None, None


@case
def passwords_in_clear(t):
    space.add_address(ADDRESS)
    box = t.sandbox(*[f"{protocol}:0,address={ADDRESS}" for protocol in ("submission", "smtp", "imap", "imaps",
            "pop3")],
                    f"submission:0,address={ADDRESS},name=bare,fault=no-starttls", options=["--messages=0", "--spool"])
    for fetch in "imap", "pop3":
        for tls in "none", "opportunistic":
            more = ["--fetch-tls=none"] if tls == "none" else ["--fetch-tls=opportunistic",
                    "--fetch-server-name=else.test"]
            got = box.run(*AWAY, *more, fetch=fetch)
            t.equal(f"fetching by {fetch}, {tls}", got.verdict, ("UNKNOWN", "fetch_auth", "auth_cleartext"), got)
    for submit, more in ("submission", ["--submit-tls=none"]), ("bare", ["--submit-tls=opportunistic"]):
        got = box.run(*AWAY, *more, submit=submit)
        t.equal(f"submitting, {submit}", got.verdict, ("UNKNOWN", "submit_auth", "auth_cleartext"), got)
    got = box.run(*AWAY, "--fetch-tls=none", "--fetch-allow-cleartext-auth", fetch="imap")
    t.equal("allowed for that side", got.verdict, OK, got)
    got = box.run(*AWAY, "--fetch-tls=none", "--submit-allow-cleartext-auth", fetch="imap")
    t.equal("allowed for the other", got.verdict, ("UNKNOWN", "fetch_auth", "auth_cleartext"), got)
    got = box.run(*AWAY)
    t.equal("by TLS", got.verdict, OK, got)
    got = box.run("--submit-address=203.0.113.1", "--fetch-address=192.0.2.1")
    t.equal("where there is no way", got.verdict, ("CRITICAL", "submit_connect", "connect_unreachable"), got)
    got = box.run("--submit-address=192.0.2.1", "--fetch-address=203.0.113.1")
    t.equal("where there is none to fetch", got.verdict, ("CRITICAL", "fetch_connect", "connect_unreachable"), got)
    for side, other, scheme in ("submit", "fetch", "submission"), ("fetch", "submit", "imaps"):
        got = box.run(f"--{other}-address={ADDRESS}", "--timeout=5", **{side: f"{scheme}://a@b.test@name.test"})
        t.equal(f"{side}: without a resolver", got.verdict, ("CRITICAL", f"{side}_dns", "dns_failure"), got)
