# SPDX-License-Identifier: BSD-2-Clause
"""No password and no key in anything that is printed, nor in the process list."""

import base64
import pathlib
import subprocess

from harness import KEY, USER, Options, case, wait_for

SUBMITS, FETCHES = ("sender@sandbox.test", "Sesame-0pen-Submit"), (USER, "Sesame-0pen-Fetch!")
WRONG = "Sesame-0pen-Wrong?"
MECHANISMS = (("PLAIN", "PLAIN"), ("LOGIN", "LOGIN"), ("CRAM-MD5", "CRAM-MD5"), ("SCRAM-SHA-256", "SCRAM-SHA-1"),
              ("PLAIN", "login"), ("LOGIN", "user"), ("PLAIN", "apop"))


def forms(secret):
    """The secret as it is, in hexadecimal, and in base64 wherever it begins."""
    yield secret
    yield secret.hex().encode()
    for skip in range(3):
        whole = base64.b64encode(b"x" * skip + secret)
        yield whole[4 if skip else 0:len(whole) - 4]


def told(run, *secrets):
    everything = (run.out + run.err).encode()
    return [form for secret in secrets for form in forms(secret.encode()) if form in everything]


def accounts(submits=SUBMITS, fetches=FETCHES):
    return ["--messages=0", *[f"--account={user}:{password}" for user, password in (fetches, submits)]]


@case
def nothing_that_is_printed_has_a_secret(t):
    box = t.sandbox("submission:0", "imaps:0", "pop3s:0", "submission:0,name=echo,fault=auth-echo",
                    "imaps:0,name=echoes,fault=auth-echo", "submission:0,name=rejected,fault=auth-rejected",
                    "imaps:0,name=no,fault=login-no", options=accounts())
    box.write("submit", SUBMITS[1] + "\n")
    box.write("fetch", FETCHES[1] + "\n")
    box.write("wrong", WRONG + "\n")
    secrets = WRONG, SUBMITS[1], FETCHES[1], KEY.strip()
    words = ["--submit-password-file=submit", "--fetch-password-file=fetch", "--key-file=key", "--state-file=state.db",
             f"--from={SUBMITS[0]}"]
    for output in "nagios", "json", "openmetrics", "waterfall":
        for submit_by, fetch_by in MECHANISMS if output == "nagios" else MECHANISMS[:1]:
            fetch = "pop3s" if fetch_by in ("user", "apop") else "imaps"
            got = box.run(*words, f"--submit-auth={submit_by}", f"--fetch-auth={fetch_by}", "-vvv", out=output,
                    fetch=fetch,
                          submit_user=SUBMITS[0])
            t.check(f"{output}, {submit_by} and {fetch_by}", got.status == 0 and not told(got, *secrets),
                    (told(got, *secrets), got))
        for submit, fetch in ("echo", "imaps"), ("rejected", "imaps"), ("submission", "echoes"), ("submission", "no"):
            side = "fetch" if submit == "submission" else "submit"
            for by in "PLAIN", "LOGIN":
                got = box.run(*words, f"--{side}-auth={by}", f"--{side}-password-file=wrong", "-vvv", out=output,
                              submit=submit, fetch=fetch, submit_user=SUBMITS[0])
                t.check(f"{output}, {submit} and {fetch}, {by}", got.status == 2 and not told(got, *secrets),
                        (told(got, *secrets), got))
    got = box.run(f"--submit-password={SUBMITS[1]}", f"--fetch-password={FETCHES[1]}", "-vvv", "-w", "nothing=1")
    t.check("what is said of wrong options", got.status == 3 and not told(got, *secrets), got)


@case
def the_process_list_has_no_password(t):
    box = t.sandbox("submission:0", "imaps:0,name=silent,fault=banner-silent", options=accounts())
    words = [str(Options.bin / "check_mail_roundtrip"), f"--submit={box.url('submission', SUBMITS[0])}",
             f"--fetch={box.url('silent', USER)}", f"--submit-password={SUBMITS[1]}", f"--fetch-password={FETCHES[1]}",
             "--submit-password", SUBMITS[1], "--timeout=20"]
    run = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    line = pathlib.Path(f"/proc/{run.pid}/cmdline")
    try:
        wait_for(lambda: b"--timeout" in line.read_bytes() and SUBMITS[1].encode() not in line.read_bytes()
                 and FETCHES[1].encode() not in line.read_bytes(), 5, "the command line to be wiped")
        t.check("both are wiped at the start", run.poll() is None)
    finally:
        run.kill()
        run.wait()


@case
def a_password_goes_to_its_own_side_only(t):
    """Each side has the other's password: both are refused."""
    box = t.sandbox("submission:0", "imaps:0", options=accounts())
    box.write("submit", SUBMITS[1] + "\n")
    box.write("fetch", FETCHES[1] + "\n")
    right = ["--submit-password-file=submit", "--fetch-password-file=fetch"]
    got = box.run(*right, submit_user=SUBMITS[0])
    t.equal("its own", got.verdict, ("OK", None, None), got)
    got = box.run(right[0], "--fetch-password-file=submit", submit_user=SUBMITS[0])
    t.equal("the submitting side's where is fetched", got.verdict, ("CRITICAL", "fetch_auth", "auth_rejected"), got)
    got = box.run("--submit-password-file=fetch", right[1], submit_user=SUBMITS[0])
    t.equal("the fetching side's where is submitted", got.verdict, ("CRITICAL", "submit_auth", "auth_rejected"), got)
