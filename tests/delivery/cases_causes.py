# SPDX-License-Identifier: BSD-2-Clause
"""Each cause that a round trip can have, in its phase, from either side."""

import concurrent.futures

from harness import PASSWORD, Options, case, gaps

REFUSED = "submission://probe@sandbox.test@localhost:1", "imaps://probe@sandbox.test@localhost:1"
NOWHERE = "submission://probe@sandbox.test@nobody.onion", "imaps://probe@sandbox.test@nobody.onion"
CRITICAL, WARNING, UNKNOWN = "CRITICAL", "WARNING", "UNKNOWN"

# What stands between a side's connection and its login, by fault of the listener: cause, phase, fault, the option
# that is needed besides.
CONNECTION = (
    ("tls_error", "tls", "tls-alert"), ("tls_error", "tls", "tls-garbage"), ("tls_error", "tls", "tls-close"),
    ("cert_expired", "tls", "cert-expired"), ("cert_not_yet_valid", "tls", "cert-not-yet-valid"),
    ("cert_name", "tls", "cert-name"), ("cert_untrusted", "tls", "cert-self-signed"),
    ("cert_untrusted", "tls", "cert-untrusted"), ("cert_revoked", "tls", "cert-revoked"),
    ("timeout", "tls", "tls-silent", "timeout=1"),
    ("auth_rejected", "auth", "auth-rejected"), ("auth_server", "auth", "auth-wrong-server-signature"),
    ("auth_server", "auth", "auth-early-success"), ("timeout", "auth", "auth-stall", "timeout=1"),
)
OF_SUBMIT = (
    ("auth_unavailable", "auth", "auth-none"), ("auth_unavailable", "auth", "auth-unavailable"),
    ("starttls_missing", "starttls", "no-starttls"), ("starttls_refused", "starttls", "starttls-refused"),
    ("starttls_injection", "starttls", "starttls-inject"),
    ("closed", "ehlo", "close:ehlo"), ("tls_error", "ehlo_2", "tls-bad-record"), ("tempfail", "banner", "banner-421"),
    ("rejected", "banner", "banner-554"), ("timeout", "banner", "banner-silent", "timeout=1"),
    ("protocol", "ehlo", "reply-nul:ehlo"),
)
OF_FETCH = (
    ("auth_unavailable", "auth", "login-no:UNAVAILABLE"), ("auth_unavailable", "auth", "login-bad"),
    ("closed", "auth", "close:auth"), ("rejected", "banner", "banner-bye"),
    ("timeout", "banner", "banner-silent", "timeout=1"), ("protocol", "banner", "reply-nul:banner"),
)
IMAP = ("starttls_missing", "starttls", "no-starttls"), ("starttls_refused", "starttls", "starttls-refused"), \
    ("starttls_injection", "starttls", "starttls-inject")

# Behind the logins: cause, phase, state, what is wrong with the submitting and with the fetching listener, options.
INSIDE = (
    ("closed", "submit", CRITICAL, "close:mail", "", []), ("closed", "submit", CRITICAL, "close:rcpt", "", []),
    ("closed", "submit", CRITICAL, "close:data", "", []), ("closed", "submit", CRITICAL, "close:send", "", []),
    ("closed", "fetch_select", CRITICAL, "", "close:select", []),
    ("closed", "fetch_select", CRITICAL, "", "bye:status", []),
    ("closed", "delivery", CRITICAL, "", "close:search", []),
    ("closed", "retrieve", CRITICAL, "", "close:fetch", []), ("closed", "retrieve", CRITICAL, "", "fetch-cut", []),
    ("closed", "cleanup", CRITICAL, "", "close:store", []), ("closed", "cleanup", CRITICAL, "", "bye:expunge", []),
    ("closed", "delivery", CRITICAL, "deliver-never", "close:idle", []),
    ("timeout", "submit", CRITICAL, "silent:mail", "", ["--timeout=1"]),
    ("timeout", "submit", CRITICAL, "silent:send", "", ["--timeout=1"]),
    ("timeout", "submit", WARNING, "silent:rcpt", "", ["--timeout=1:warning"]),
    ("timeout", "fetch_select", CRITICAL, "", "silent:select", ["--timeout=1"]),
    ("timeout", "delivery", CRITICAL, "", "silent:search", ["--timeout=2"]),
    ("timeout", "retrieve", CRITICAL, "", "silent:fetch", ["--timeout=2"]),
    ("timeout", "cleanup", CRITICAL, "", "silent:expunge", ["--timeout=2"]),
    ("protocol", "submit", CRITICAL, "reply-nul:rcpt", "", []),
    ("protocol", "submit", CRITICAL, "reply-bad-code:send", "", []),
    ("protocol", "delivery", CRITICAL, "", "tag-wrong:search", []),
    ("protocol", "fetch_select", CRITICAL, "", "select-no-exists", []),
    ("protocol", "retrieve", CRITICAL, "", "fetch-huge", []),
    ("rejected", "submit", CRITICAL, "mail-rejected", "", []),
    ("rejected", "submit", CRITICAL, "rcpt-rejected", "", []),
    ("rejected", "submit", CRITICAL, "data-rejected", "", []),
    ("rejected", "submit", CRITICAL, "send-rejected", "", []),
    ("rejected", "fetch_select", CRITICAL, "", "select-bad", []),
    ("rejected", "delivery", CRITICAL, "", "search-no", []),
    ("rejected", "retrieve", CRITICAL, "", "fetch-no", []), ("rejected", "cleanup", CRITICAL, "", "store-no", []),
    ("rejected", "cleanup", CRITICAL, "", "expunge-no", []),
    ("rejected", "delivery", CRITICAL, "deliver-bounce:5.2.2", "", []),
    ("tempfail", "submit", WARNING, "mail-tempfail", "", ["--timeout=1"]),
    ("tempfail", "submit", WARNING, "greylist", "", ["--timeout=2"]),
    ("tempfail", "submit", CRITICAL, "send-tempfail", "", ["--timeout=1", "--tempfail=critical"]),
    ("tempfail", "fetch_select", WARNING, "", "select-no:INUSE", []),
    ("tempfail", "fetch_select", CRITICAL, "", "select-no:UNAVAILABLE", []),
    ("mailbox_missing", "fetch_select", CRITICAL, "", "select-no", []),
    ("message_missing", "retrieve", CRITICAL, "", "fetch-missing", []),
    ("not_delivered", "delivery", CRITICAL, "deliver-never", "", ["--timeout=2"]),
    ("not_delivered", "delivery", CRITICAL, "accept-and-lose", "", ["--timeout=2"]),
    ("content_altered", "retrieve", CRITICAL, "deliver-altered", "", []),
    ("content_altered", "retrieve", CRITICAL, "deliver-cut", "", []),
    ("content_altered", "retrieve", CRITICAL, "", "fetch-altered", ["--body-file=long"]),
    ("duplicated", "retrieve", WARNING, "deliver-twice", "", []),
    ("junked", "delivery", WARNING, "deliver-junk", "", []),
    ("unexpected", "retrieve", WARNING, "deliver-auth:fail", "", ["--require-auth-results=spf,dkim"]),
    ("unexpected", "retrieve", CRITICAL, "", "", ["--require-auth-results=dmarc", "--unexpected=critical"]),
    ("unexpected", "submit_banner", WARNING, "", "", ["--submit-expect=nobody says this"]),
    ("unexpected", "fetch_banner", WARNING, "", "", ["--fetch-expect=nobody says this"]),
    ("capability_missing", "submit_ehlo_2", CRITICAL, "", "", ["--submit-require=CHUNKING"]),
    ("capability_forbidden", "submit_ehlo_2", CRITICAL, "", "", ["--submit-forbid=SIZE"]),
    ("capability_missing", "fetch_auth", CRITICAL, "", "", ["--fetch-require=XNEVER"]),
    ("capability_forbidden", "fetch_auth", CRITICAL, "", "", ["--fetch-forbid=IDLE"]),
    ("cert_expiring", "submit_tls", WARNING, "cert-expiring", "", ["--submit-certificate=10"]),
    ("cert_expiring", "fetch_tls", CRITICAL, "", "cert-expiring", ["--fetch-certificate=10,8"]),
    ("slow", "delivery", WARNING, "deliver-late:50", "", ["-w", "delivery=0.01"]),
    ("slow", "total", CRITICAL, "", "", ["-c", "0.0001"]),
    ("threshold", "delivery", CRITICAL, "deliver-late:100", "", ["-c", "delay=0.05"]),
)
OF_POP3 = (
    ("closed", "fetch_uidl", CRITICAL, "", "close:uidl", []), ("rejected", "fetch_uidl", CRITICAL, "", "uidl-no", []),
    ("rejected", "fetch_uidl", CRITICAL, "", "quit-no", []),
    ("timeout", "fetch_uidl", CRITICAL, "", "silent:uidl", ["--timeout=1"]),
    ("tempfail", "fetch_auth", WARNING, "", "login-no:IN-USE", []),
    ("closed", "delivery", CRITICAL, "", "close:retr", []),
    ("message_missing", "delivery", CRITICAL, "", "retr-no", []),
    ("message_missing", "cleanup", CRITICAL, "", "dele-no", []), ("closed", "cleanup", CRITICAL, "", "close:dele", []),
    ("not_delivered", "delivery", CRITICAL, "deliver-never", "", ["--timeout=4"]),
    ("content_altered", "retrieve", CRITICAL, "deliver-cut", "", []),
    ("duplicated", "retrieve", WARNING, "deliver-twice", "", []),
    ("rejected", "delivery", CRITICAL, "deliver-bounce", "", []),
)


def seconds(word):
    return int(word.split("=")[1].split(":")[0])


def patient(word):
    """With a sanitizer a second is not enough to come to where nothing is answered."""
    if not Options.san or not word.startswith("--timeout="):
        return word
    return word.replace(f"={seconds(word)}", f"={3 * seconds(word)}")


class Table:
    """Listeners with faults, in one sandbox, and a user for each run, so that all can go at once. The first user alone
    has a mailbox for junk from the start."""

    def __init__(self, t):
        self.t, self.rows, self.listeners = t, [], []

    def listener(self, protocol, fault):
        name = f"l{len(self.listeners)}"
        self.listeners.append(f"{protocol}:0,name={name}" + (f",fault={fault}" if fault else ""))
        return name

    def add(self, cause, phase, state, submit, fetch, options):
        self.rows.append((cause, phase, state, submit, fetch, options))

    def faults(self, row):
        return [text.split("fault=")[1] for text in self.listeners
                if "fault=" in text and text.split("name=")[1].split(",")[0] in row[3:5]]

    def users(self):
        junk = [any("junk" in fault or "status" in fault for fault in self.faults(row)) for row in self.rows]
        return [f"user{0 if j else i}@sandbox.test" for i, j in enumerate(junk)]

    def run(self, check):
        box = self.t.sandbox(*self.listeners, options=[
            "--messages=0", *[f"--account=user{i}@sandbox.test:{PASSWORD}" for i in range(len(self.rows))]])

        box.write("long", "A line of a body that is longer than any header.\n" * 100)

        def one(pair):
            user, row = pair
            cause, phase, state, submit, fetch, options = row
            options = [patient(word) for word in options]
            got = box.run(*options, submit=submit, fetch=fetch, submit_user=user, user=user)
            faults = " ".join(self.faults(row))
            check(f"{cause} in {phase} ({faults or ' '.join(options) or 'nothing'})", got, (state, phase, cause))

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(one, zip(self.users(), self.rows)))


def verdicts(t, table):
    def check(name, got, wanted):
        t.check(name, got.verdict == wanted, f"got {got.verdict}\nwanted {wanted}\n{got!r}")
        limit = max([seconds(word) for word in got.words if word.startswith("--timeout=")], default=10)
        t.check(f"{name}: in time, and the phases are all of it",
                got.json["duration_seconds"] <= limit + 0.2 * Options.factor and not gaps(got), (gaps(got), got))
    table.run(check)


@case
def connections_of_the_submitting_side(t):
    table = Table(t)
    good = table.listener("imaps", "")
    for cause, phase, fault, *more in CONNECTION + OF_SUBMIT:
        table.add(cause, f"submit_{phase}", CRITICAL, table.listener("submission", fault), good,
                  ["--" + word for word in more])
    for cause, phase, fault, *more in CONNECTION:
        if phase == "tls":
            table.add(cause, f"submit_{phase}", CRITICAL, table.listener("submissions", fault), good,
                      ["--" + word for word in more])
    table.add("connect_refused", "submit_connect", CRITICAL, REFUSED[0], good, [])
    table.add("dns_not_found", "submit_dns", CRITICAL, NOWHERE[0], good, [])
    verdicts(t, table)


@case
def connections_of_the_fetching_side(t):
    table = Table(t)
    good = table.listener("submission", "")
    for protocol in "imaps", "imap", "pop3s":
        for cause, phase, fault, *more in CONNECTION + (() if protocol == "pop3s" else OF_FETCH) \
                + (IMAP if protocol == "imap" else ()):
            table.add(cause, f"fetch_{phase}", CRITICAL, good, table.listener(protocol, fault),
                      ["--" + word for word in more])
    table.add("connect_refused", "fetch_connect", CRITICAL, good, REFUSED[1], [])
    table.add("dns_not_found", "fetch_dns", CRITICAL, good, NOWHERE[1], [])
    verdicts(t, table)


@case
def inside_the_sessions(t):
    table = Table(t)
    for cause, phase, state, submit, fetch, options in INSIDE:
        table.add(cause, phase, state, table.listener("submission", submit), table.listener("imaps", fetch), options)
    verdicts(t, table)


@case
def inside_the_sessions_by_pop3(t):
    table = Table(t)
    for cause, phase, state, submit, fetch, options in OF_POP3:
        table.add(cause, phase, state, table.listener("submission", submit), table.listener("pop3s", fetch), options)
    verdicts(t, table)
