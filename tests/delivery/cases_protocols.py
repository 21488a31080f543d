# SPDX-License-Identifier: BSD-2-Clause
"""Every way to submit with every way to fetch, and servers that can less or are odd."""

import concurrent.futures

from harness import USER, Options, case, gaps, wait_for

SUBMITS = "submission", "submissions", "smtp", "smtps", "lmtp"
FETCHES = "imap", "imaps", "pop3", "pop3s"
OK = "OK", None, None


@case
def every_pair(t):
    pairs = [(submit, fetch) for submit in SUBMITS for fetch in FETCHES]
    users = [f"u{i}@sandbox.test" for i in range(len(pairs))]
    box = t.sandbox(*[f"{p}:0" for p in SUBMITS], *[f"{p}:0,name=f-{p}" for p in FETCHES],
                    options=["--messages=0", *[f"--account={user}:correct-horse" for user in users]])

    def one(pair):
        (submit, fetch), user = pair
        got = box.run(submit=submit, fetch="f-" + fetch, submit_user=user, user=user)
        t.check(f"{submit} and {fetch}", got.verdict == OK and not gaps(got) and got.facts["copies"] == 1
                and got.facts["landed_in"] == "INBOX" and not box.mailbox(user=user).messages(), got)
        secure = submit in ("submission", "submissions", "smtp", "smtps")
        t.check(f"{submit} and {fetch}: TLS on both sides", ("submit_tls_version" in got.facts) == secure
                and "fetch_tls_version" in got.facts, got)
        t.equal(f"{submit} and {fetch}: the mechanisms", ("submit_auth_mechanism" in got.facts, "fetch_auth_mechanism"
                in got.facts), (submit.startswith("submission"), True))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(one, zip(pairs, users)))


# What is odd of the fetching listener, and of the submitting one.
ODD = (
    ("imaps", "imap-without:UIDPLUS", ""), ("imaps", "imap-without:ESEARCH", ""), ("imaps", "imap-without:IDLE", ""),
    ("imaps", "imap-without:SPECIAL-USE", ""), ("imaps", "imap-without:UIDPLUS/ESEARCH/IDLE/SPECIAL-USE/LITERAL+", ""),
    ("imaps", "imap4rev2", ""), ("imaps", "idle-late", ""), ("imaps", "idle-no", ""), ("imaps", "idle-no-plus", ""),
    ("imaps", "banner-bare", ""), ("imaps", "list-literals", ""), ("imaps", "list-nil", ""),
    ("imaps", "list-empty", ""),
    ("imaps", "list-no", ""), ("imaps", "one-byte", ""), ("imaps", "lf-only", ""), ("imaps", "lower-case", ""),
    ("imaps", "alert:search", ""), ("imaps", "flood-exists:20", ""), ("imaps", "flood-expunge:20", ""),
    ("imaps", "flood-fetch:20", ""), ("imaps", "flood-recent:20", ""), ("imaps", "flood-flags:20", ""),
    ("imaps", "logout-silent", ""), ("imaps", "logout-close", ""), ("imaps", "no-close-notify", ""),
    ("imap", "tls12", "tls12"), ("imaps", "login-alert", ""), ("imaps", "", "ehlo-bare"), ("imaps", "", "one-byte"),
    ("imaps", "", "ehlo-refused"), ("imaps", "", "lf-only"), ("imaps", "", "quit-silent"), ("imaps", "", "quit-close"),
    ("imaps", "", "greylist-once"), ("imaps", "", "ehlo-long"), ("imaps", "", "banner-multiline"),
    ("imaps", "", "deliver-late:300"), ("imaps", "imap-without:IDLE", "deliver-late:300"),
    ("imaps", "idle-late", "deliver-late:300"), ("imaps", "idle-no", "deliver-late:300"),
    ("imaps", "idle-no-plus", "deliver-late:300"), ("imaps", "flood-exists:20", "deliver-late:300"),
    ("imaps", "", "deliver-swapped"), ("imaps", "", "deliver-delayed-report:300"), ("imaps", "", "deliver-other-id"),
    ("pop3s", "capa-without:TOP", ""), ("pop3s", "capa-refused", ""), ("pop3s", "apop-none", ""),
    ("pop3s", "one-byte", ""), ("pop3s", "lf-only", ""), ("pop3s", "", "deliver-late:300"),
    ("pop3s", "", "deliver-other-id"), ("pop3s", "", "deliver-delayed-report:300"), ("pop3", "tls12", ""),
)


@case
def odd_servers(t):
    users = [f"u{i}@sandbox.test" for i in range(len(ODD))]
    listeners = []
    for i, (fetch, odd, submit) in enumerate(ODD):
        protocol = "smtp" if submit in ("ehlo-bare", "ehlo-refused", "greylist-once") else "submission"
        listeners += [f"{protocol}:0,name=s{i}" + (submit and ",fault=" + submit),
                      f"{fetch}:0,name=f{i}" + (odd and ",fault=" + odd)]
    box = t.sandbox(*listeners, options=["--messages=3", *[f"--account={user}:correct-horse" for user in users]])

    def one(i):
        fetch, odd, submit = ODD[i]
        reader = box.mailbox(user=users[i])
        reader.append(b"Subject: somebody else's\r\n\r\nkeep\r\n", "\\Flagged")
        before = reader.messages()
        run = lambda: box.run(submit=f"s{i}", fetch=f"f{i}", submit_user=users[i], user=users[i])
        if submit == "deliver-swapped":     # what the next message brings
            with concurrent.futures.ThreadPoolExecutor(2) as pair:
                both = [pair.submit(run), pair.submit(run)]
                got = both[0].result()
                t.check("deliver-swapped: the other", both[1].result().verdict == OK, both[1].result())
        else:
            got = run()
        after = reader.messages()
        t.check(f"{fetch}, {odd or 'nothing'} and {submit or 'nothing'}", got.verdict == OK and not gaps(got)
                and after == before, (before, after, got))
        t.check(f"{fetch}, {odd or 'nothing'} and {submit or 'nothing'}: in time",
                got.seconds < (3.5 if "silent" in odd + submit else 2.5) * Options.factor, got)
        if submit == "greylist-once":
            t.check("greylisted: told, and the second attempt", "450" in got.facts["greylisted"]
                    and got.facts["attempts"] == 2 and got.phase("submit")["duration_seconds"] > 1, got)
        else:
            t.check(f"{fetch}, {odd or 'nothing'} and {submit or 'nothing'}: one attempt",
                    got.facts["attempts"] == 1 and "greylisted" not in got.facts, got)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(len(ODD))))


@case
def without_uidplus_beside_somebody_elses_deleted(t):
    box = t.sandbox("submission:0", "imaps:0,name=poor,fault=imap-without:UIDPLUS", "imaps:0", options=["--messages=0"])
    reader = box.mailbox()
    reader.append(b"Subject: about to be deleted\r\n\r\nnot yet\r\n", "\\Deleted \\Seen")
    before = reader.messages()
    words = ["--key-file=key", "--state-file=state.db", "--timeout=2"]
    got = box.run(*words, fetch="poor")
    ours = reader.ours()
    t.check("ours is left with its mark, and that is said", got.verdict == OK and "UIDPLUS" in got.facts["left"][0]
            and [flags for flags, _ in ours.values()] == [{b"\\Deleted"}], (ours, got))
    t.check("theirs is untouched", before.items() <= reader.messages().items(), reader.messages())
    wait_for(lambda: box.run(*words, "--until=fetch_select").seconds and over(got), 5,
            "the end of the first run's time")
    again = box.run(*words, fetch="poor")
    t.equal("what was left is no duplicate", again.verdict, OK, again)
    t.equal("nor does it count", again.books, (2, 2, 0, 0), again)
    wait_for(lambda: over(again), 5, "the end of the second run's time")
    rich = box.run(*words)
    t.check("with UIDPLUS all of ours goes", rich.verdict == OK and reader.messages() == before
            and "left" not in rich.facts, (reader.messages(), rich))
    reader.imap.expunge()
    got = box.run(fetch="poor")
    t.check("with no mark but ours EXPUNGE is said", got.verdict == OK and not reader.messages()
            and "left" not in got.facts, got)


def over(run):
    """Whether the time of a run's message is over, by its token."""
    import time
    return time.time() > int(run.facts["message_id"].split("-")[4], 16) + 1


@case
def several_recipients(t):
    box = t.sandbox("submission:0", "imaps:0", options=["--messages=0", f"--account={USER}:correct-horse",
                                                       "--account=other@sandbox.test:correct-horse"])
    got = box.run(f"--rcpt={USER}", "--rcpt=other@sandbox.test")
    t.check("one mailbox of two", got.verdict == OK and got.facts["recipients"] == 2, got)


@case
def names_of_mailboxes(t):
    box = t.sandbox("submission:0", "imaps:0")
    for path, name in ("/", "INBOX"), ("/INBOX", "INBOX"), ("/inbox", "inbox"), ("/%49NBOX", "INBOX"):
        got = box.run(path=path)
        t.check(f"{path}", got.verdict == OK and got.facts["landed_in"] == name, got)
    got = box.run("--timeout=2", path="/Entw%C3%BCrfe")
    t.check("one whose name is not ASCII is opened", got.verdict == ("CRITICAL", "delivery", "not_delivered"), got)
    got = box.run("--timeout=2", path="/Archive")
    t.check("one that cannot be opened", got.verdict[:2] == ("CRITICAL", "fetch_select"), got)
