# SPDX-License-Identifier: BSD-2-Clause
"""Running the check under test, and judging what it said.

Every run asks for JSON and for the transcript (-vv), so that a failure shows the dialogue and so
that no secret can hide in either: each output is searched for every secret of the run, plain and
in base64 at all three alignments, whatever the test was about.
"""

import base64
import json
import os
import subprocess
import time

from server import HOST, PASSWORD, USER

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
RUN_SECONDS = 20


class Mismatch(Exception):
    """Something was not as wanted; the text says what, got and wanted."""


def want(what, got, wanted):
    if got != wanted:
        raise Mismatch(f"{what}\n  got    {got!r}\n  wanted {wanted!r}")


def encodings(secret):
    """The ways in which the bytes of a secret show in text: plain, and within base64 of more."""
    raw = secret.encode()
    yield secret
    for before in range(3):
        whole = (before + len(raw)) // 3 * 3 - before
        text = base64.b64encode(bytes(before) + raw[:whole]).decode()
        yield text[-(-before * 4 // 3):]


class Result:
    def __init__(self, process, out, err):
        self.arguments = process.args
        self.exit = process.returncode
        self.elapsed = time.monotonic() - process.began
        self.out = out
        self.err = err
        self.json = {}
        if process.output == "json":
            try:
                self.json = json.loads(self.out)
            except ValueError as problem:
                raise Mismatch(f"output is not JSON: {problem}\n{self}") from None
            self._consistent()

    def __str__(self):
        return f"$ {' '.join(self.arguments)}\n{self.out}{self.err}exit {self.exit}"

    def _consistent(self):
        want("exit status and code of the JSON", self.exit, self.json.get("code"))
        want("state of the code", self.json.get("state"), STATES[self.exit])

    def seconds(self):
        """Length of each phase that ran."""
        return {phase["name"]: phase["duration_seconds"] for phase in self.json["phases"]
                if phase["duration_seconds"] is not None}

    def fact(self, name):
        return self.json["facts"].get(name)

    def judged(self, state, phase=None, cause=None):
        got = tuple(self.json[key] for key in ("state", "phase", "cause"))
        want("verdict", got, (state, phase, cause))
        return self

    def ok(self):
        return self.judged("OK")


class Check:
    """A check with the options that all of a run's tests share, `always` being those of its own."""

    def __init__(self, binary, ca, folder, *always):
        self.binary = binary
        self.ca = ca
        self.folder = folder
        self.always = always
        self.secrets = [PASSWORD]
        self.last = None
        self.runs = 0
        self.password = self.file("password", PASSWORD + "\n")
        self.wrong = self.file("wrong", "not the " + PASSWORD + "\n")
        self.login = ["-U", USER, "--password-file", self.password]

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, 0o600)
        return path

    def __call__(self, *words, **how):
        return self.finish(self.begin(*words, **how))

    def begin(self, port, *options, host=HOST, ca=None, address="127.0.0.1", **how):
        """Starts a run, for finish() to wait for, or for kill(); `how` as spawn() has it."""
        where = ("-I", address) if address else ()
        untrusting = {"--insecure", "--tls=none"} & set(options)
        trust = () if untrusting else ("--ca-file", ca or self.ca.file)
        return self.spawn(["-H", host, *where, "-p", str(port), *self.always, *trust, *options],
                          **how)

    def spawn(self, words, output="json", env=None):
        self.runs += 1
        process = subprocess.Popen(
            [self.binary, *words, "-vv", "-o", output],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", errors="surrogateescape",
            env={"PATH": "/usr/bin:/bin", **(env or {})})
        process.output, process.began = output, time.monotonic()
        return process

    def finish(self, process):
        try:
            said = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            kill(process)
            raise
        self.last = Result(process, *said)
        self._discreet(self.last)
        return self.last

    def _discreet(self, result):
        for secret in self.secrets:
            for form in encodings(secret):
                # JSON would escape the quotes of a password; compare what it says, not how.
                for text in (result.out, result.err, json.dumps(result.json, ensure_ascii=False),
                             *_strings(result.json)):
                    if form in text:
                        raise Mismatch(f"a secret is in the output, as {form!r}")


def kill(process):
    """Ends a run as nobody should, and waits for its end."""
    process.kill()
    process.communicate()


def _strings(value):
    """All strings in a JSON value, unescaped."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for part in value:
            yield from _strings(part)
