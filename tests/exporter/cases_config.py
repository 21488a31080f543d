# SPDX-License-Identifier: BSD-2-Clause
"""The configuration: what is wrong is told with file, line and key; what the checks can do, a module can."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

from harness import PASSWORD, USER, Options, case, start_fails, value, wait_for


class Folder:
    """A folder of files for --config.check."""

    def __init__(self, t, **files):
        self.temporary = tempfile.TemporaryDirectory(prefix="exporter-config-")
        self.path = pathlib.Path(self.temporary.name)
        self.write("pass", PASSWORD + "\n")
        self.write("empty", "")
        t.started.append(self)

    def write(self, name, content):
        (self.path / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def check(self, content, name="c.yml", env=None, cwd=None, file=None, arguments=()):
        self.write(name, content)
        return subprocess.run([str(Options.exporter), f"--config.file={file or name}",
                               "--config.check", *arguments],
                              cwd=cwd or self.path, capture_output=True, timeout=20 * Options.factor,
                              env={**os.environ, **(env or {})})

    def stop(self):
        self.temporary.cleanup()


M = "modules:\n  banner: {probe: smtp, timeout: 5s}\n"

# Name, text, and what has to be said, each time "FILE:LINE: KEY" with a part of the sentence.
WRONG = (
    ("unknown key at the top", M + "target: []\n", ["c.yml:3: target: there is no such key"]),
    ("unknown key of limits", M + "limits:\n  probes: 1\n  quue: 2\n", ["c.yml:5: limits.quue: there is no such key"]),
    ("unknown key of metrics", "metrics: {bucket: [1]}\n", ["c.yml:1: metrics.bucket: there is no such key"]),
    ("unknown key of a module", "modules:\n  a:\n    probe: smtp\n    prot: 25\n",
     ["c.yml:4: modules.a.prot: there is no such key"]),
    ("unknown key of tls", "modules:\n  a:\n    probe: smtp\n    tls: {mode: starttls,\n      ca: x}\n",
     ["c.yml:5: modules.a.tls.ca: there is no such key"]),
    ("unknown key of auth", "modules:\n  a: {probe: smtp, auth: {usr: x}}\n",
     ["c.yml:2: modules.a.auth.usr: there is no such key"]),
    ("unknown key of a probe's own", "modules:\n  a: {probe: imap, imap: {retr: 1}}\n",
     ["c.yml:2: modules.a.imap.retr: there is no such key"]),
    ("another probe's section", "modules:\n  a: {probe: smtp, imap: {list: true}}\n",
     ["c.yml:2: modules.a.imap: there is no such key"]),
    ("unknown key of a threshold", "modules:\n  a: {probe: smtp, thresholds: {time: {warn: 1}}}\n",
     ["c.yml:2: modules.a.thresholds.time.warn: there is no such key"]),
    ("unknown key of a target", M + "targets:\n  - {name: x, target: h, modul: banner}\n",
     ["c.yml:4: targets[0].modul: there is no such key"]),
    ("a key in another letter case", "Modules: {}\n", ["c.yml:1: Modules: there is no such key"]),
    ("history of words", "history: many\n", ["c.yml:1: history: is not a whole number"]),
    ("history below 0", "history: -1\n", ["c.yml:1: history: is not a whole number"]),
    ("history with a fraction", "history: 1.5\n", ["c.yml:1: history: is not a whole number"]),
    ("history in hexadecimal", "history: 0x10\n", ["c.yml:1: history: is not a whole number"]),
    ("history too large", "history: 99999999999999999999999\n", ["c.yml:1: history: is not a whole number"]),
    ("a list for a number", "history: [1]\n", ["c.yml:1: history: is not a whole number"]),
    ("a scalar for limits", "limits: 5\n", ["c.yml:1: limits: is a value"]),
    ("a list for modules", "modules: [a]\n", ["c.yml:1: modules: is no mapping"]),
    ("a scalar for a module", "modules:\n  a: smtp\n", ["c.yml:2: modules.a: is no mapping"]),
    ("nothing for a module", "modules:\n  a:\n", ["c.yml:2: modules.a: is no mapping"]),
    ("a mapping for targets", "targets: {a: b}\n", ["c.yml:1: targets: is no list"]),
    ("a scalar for a target", "targets:\n  - mx1\n", ["c.yml:2: targets[0]: is a value"]),
    ("a list for the whole", "- a\n", ["c.yml:1: is a list"]),
    ("a scalar for the whole", "hello\n", ["c.yml:1: is a value"]),
    ("no probe", "modules:\n  a: {timeout: 5s}\n", ["c.yml:2: modules.a: has no `probe`"]),
    ("unknown probe", "modules:\n  a: {probe: http}\n", ["c.yml:2: modules.a.probe: is no kind of probe", "smtp"]),
    ("no duration", "modules:\n  a: {probe: smtp, timeout: soon}\n",
     ["c.yml:2: modules.a.timeout: is not a length of time"]),
    ("a duration of two units, the wrong way", "modules:\n  a: {probe: smtp, timeout: 5s1m}\n",
     ["c.yml:2: modules.a.timeout: is not a length of time"]),
    ("a duration below 0", "modules:\n  a: {probe: smtp, timeout: -5s}\n",
     ["c.yml:2: modules.a.timeout: is not a length of time"]),
    ("a duration of 0", "modules:\n  a: {probe: smtp, timeout: 0s}\n", ["c.yml:2: modules.a.timeout"]),
    ("a duration without number", "modules:\n  a: {probe: smtp, timeout: s}\n",
     ["c.yml:2: modules.a.timeout: is not a length of time"]),
    ("a duration of nothing", "modules:\n  a: {probe: smtp, timeout: }\n", ["c.yml:2: modules.a.timeout"]),
    ("a duration with an unknown state", "modules:\n  a: {probe: smtp, timeout: \"5s:bad\"}\n",
     ["c.yml:2: modules.a.timeout"]),
    ("port 0", "modules:\n  a: {probe: smtp, port: 0}\n", ["c.yml:2: modules.a.port"]),
    ("port 65536", "modules:\n  a: {probe: smtp, port: 65536}\n", ["c.yml:2: modules.a.port"]),
    ("a list for a port", "modules:\n  a: {probe: smtp, port: [25]}\n", ["c.yml:2: modules.a.port: is no list"]),
    ("an unknown word", "modules:\n  a: {probe: smtp, tls: {mode: ssl}}\n",
     ["c.yml:2: modules.a.tls.mode", "is unknown"]),
    ("a flag that is a word", "modules:\n  a: {probe: smtp, tls: {insecure: maybe}}\n",
     ["c.yml:2: modules.a.tls.insecure: is neither true nor false"]),
    ("the keys of the command line", "modules:\n  a: {probe: smtp, tls: {tls: none}}\n",
     ["c.yml:2: modules.a.tls.tls: there is no such key"]),
    ("a host in a module", "modules:\n  a: {probe: smtp, hostname: x}\n",
     ["c.yml:2: modules.a.hostname: there is no such key"]),
    ("the form of output in a module", "modules:\n  a: {probe: smtp, output: json}\n",
     ["c.yml:2: modules.a.output: there is no such key"]),
    ("modules twice", "modules:\n  a: {probe: smtp}\n  b: {probe: smtp}\nmodules:\n  c: {probe: smtp}\n",
     ["c.yml:5: modules: stands here a second time: line 2"]),
    ("labels twice", M + "targets:\n  - target: h\n    module: banner\n    labels: {a: x, b: x, c: x}\n    labels: {d: x}\n",
     ["c.yml:7: targets[0].labels: stands here a second time: line 6"]),
    ("a duplicate key at the top", "history: 1\nhistory: 2\n", ["c.yml:2: history: stands here a second time: line 1"]),
    ("a duplicate module", "modules:\n  a: {probe: smtp}\n  a: {probe: imap}\n",
     ["c.yml:3: modules.a: stands here a second time"]),
    ("a duplicate key in a module", "modules:\n  a:\n    probe: smtp\n    port: 1\n    port: 2\n",
     ["c.yml:5: modules.a.port: stands here a second time"]),
    ("a duplicate label", M + "targets:\n  - target: h\n    module: banner\n    labels:\n      x: a\n      x: b\n",
     ["c.yml:8: targets[0].labels.x: stands here a second time"]),
    ("a duplicate target", M +
     "targets:\n  - {name: x, target: h, module: banner}\n  - {name: x, target: i, module: banner}\n",
     ["c.yml:5: targets", "another target \"x\" in line 4"]),
    ("a duplicate target by its host", M +
     "targets:\n  - {target: h, module: banner}\n  - {target: h, module: banner}\n",
     ["c.yml:5: targets", "\"h\" in line 4"]),
    ("an unknown module", M + "targets:\n  - {name: x, target: h, module: nope}\n",
     ["c.yml:4: targets[0].module: there is no module \"nope\""]),
    ("a target without host", M + "targets:\n  - {name: x, module: banner}\n",
     ["c.yml:4: targets[0]: has no `target`"]),
    ("a target without module", M + "targets:\n  - {name: x, target: h}\n", ["c.yml:4: targets[0]: has no `module`"]),
    ("a target with a wrong port", M + "targets:\n  - {name: x, target: \"h:0\", module: banner}\n",
     ["c.yml:4: targets[0].target", "is not a port"]),
    ("a target with a wrong host", M + "targets:\n  - {name: x, target: \"h h\", module: banner}\n",
     ["c.yml:4: targets[0]"]),
    ("an empty target", M + "targets:\n  - {name: x, target: \"\", module: banner}\n",
     ["c.yml:4: targets[0].target: is empty"]),
    ("a name with a line end", M + "targets:\n  - {name: \"x\\ny\", target: h, module: banner}\n",
     ["c.yml:4: targets[0].name: has a control character"]),
    ("an interval below a second", M + "targets:\n  - {name: x, target: h, module: banner, interval: 500ms}\n",
     ["c.yml:4: targets[0].interval: is below a second"]),
    ("an interval shorter than the timeout", M + "targets:\n  - {name: x, target: h, module: banner, interval: 4s}\n",
     ["c.yml:4: targets[0]: its interval is shorter than the timeout"]),
    ("an interval of a century", M + "targets:\n  - {name: x, target: h, module: banner, interval: 100y}\n",
     ["c.yml:4: targets[0].interval: is not a length of time"]),
    *[(f"label {name}", M + f"targets:\n  - {{name: x, target: h, module: banner, labels: {{\"{name}\": a}}}}\n",
       [f"c.yml:4: targets[0].labels.{name}: cannot be a label"])
      for name in ("target", "module", "le", "phase", "cause", "state", "version", "name", "__x", "1x", "a-b", "a b",
                   "\u00e4")],
    ("an empty label name", M + "targets:\n  - {name: x, target: h, module: banner, labels: {\"\": a}}\n",
     ["c.yml:4:", "cannot be a label"]),
    ("a label that is a list", M + "targets:\n  - {name: x, target: h, module: banner, labels: {a: [b]}}\n",
     ["c.yml:4: targets[0].labels.a"]),
    ("labels that are a list", M + "targets:\n  - {name: x, target: h, module: banner, labels: [a]}\n",
     ["c.yml:4: targets[0].labels: is no mapping"]),
    ("buckets that fall", "metrics:\n  buckets:\n   - 1\n   - 0.5\n", ["c.yml:4: metrics.buckets[1]: does not rise"]),
    ("buckets that stand still", "metrics: {buckets: [1, 1]}\n", ["c.yml:1: metrics.buckets[1]: does not rise"]),
    ("a bucket of 0", "metrics: {buckets: [0, 1]}\n", ["c.yml:1: metrics.buckets[0]: does not rise"]),
    ("a bucket of words", "metrics: {buckets: [a]}\n", ["c.yml:1: metrics.buckets[0]: is not a length of time"]),
    ("buckets that are none", "metrics: {buckets: 1}\n", ["c.yml:1: metrics.buckets: is no list"]),
    ("buckets without end", "metrics: {buckets: [" + ", ".join(map(str, range(1, 60))) + "]}\n",
     ["c.yml:1: metrics.buckets[40]: is one bucket too many"]),
    ("a password in the file",
     "modules:\n  a:\n    probe: smtp\n    allowed_targets: []\n    auth: {user: x,\n      password: hunter2}\n",
     ["c.yml:6: modules.a.auth.password: a password does not stand in a configuration"]),
    ("a missing file of a password",
     "modules:\n  a: {probe: smtp, allowed_targets: [], auth: {user: x, password_file: nope}}\n",
     ["c.yml:2: modules.a", "nope"]),
    ("an empty file of a password",
     "modules:\n  a: {probe: smtp, allowed_targets: [], auth: {user: x, password_file: empty}}\n",
     ["c.yml:2: modules.a", "empty"]),
    ("a folder as file of a password",
     "modules:\n  a: {probe: smtp, allowed_targets: [], auth: {user: x, password_file: /}}\n", ["c.yml:2: modules.a"]),
    ("a variable that is not there",
     "modules:\n  a: {probe: smtp, allowed_targets: [], auth: {user: x, password_env: NOT_THERE_X}}\n",
     ["c.yml:2: modules.a", "NOT_THERE_X"]),
    ("a user without password", "modules:\n  a: {probe: smtp, allowed_targets: [], auth: {user: x}}\n",
     ["c.yml:2: modules.a"]),
    ("credentials for anybody", "modules:\n  a: {probe: smtp, auth: {user: x, password_file: pass}}\n",
     ["c.yml:2: modules.a: has credentials and no allowed_targets"]),
    ("a certificate for anybody", "modules:\n  a: {probe: smtp, tls: {mode: starttls, client_cert: cert.pem}}\n",
     ["c.yml:2: modules.a"]),
    ("a missing CA", "modules:\n  a: {probe: smtp, tls: {mode: starttls, ca_file: nope.pem}}\n",
     ["c.yml:2: modules.a", "nope.pem"]),
    ("a CA that is none", "modules:\n  a: {probe: smtp, tls: {mode: starttls, ca_file: pass}}\n",
     ["c.yml:2: modules.a", "pass"]),
    ("ciphers that are none", "modules:\n  a: {probe: smtp, tls: {mode: starttls, ciphers: nonsense}}\n",
     ["c.yml:2: modules.a", "nonsense"]),
    ("TLS options without TLS", "modules:\n  a: {probe: smtp, tls: {mode: none, min_version: \"1.2\"}}\n",
     ["c.yml:2: modules.a"]),
    ("allowed_targets that are no list", "modules:\n  a: {probe: smtp, allowed_targets: \"*\"}\n",
     ["c.yml:2: modules.a.allowed_targets: is no list"]),
    *[(f"allowed target {word}",
       f"modules:\n  a:\n    probe: smtp\n    allowed_targets:\n    - ok.test\n    - \"{word}\"\n",
       ["c.yml:6: modules.a.allowed_targets[1]"])
      for word in ("192.0.2.1/24", "192.0.2.0/33", "2001:db8::/129", "192.0.2.0/", "192.0.2.0/x", "a*b.test",
                   "*.*.test", "*x.test", "http://x",
                   "h:25", "[::1]", "", " ", "a b", "192.0.2.0/-1", "fe80::1%lo")],
    ("an unknown threshold", "modules:\n  a: {probe: smtp, thresholds: {tme: {warning: 1}}}\n",
     ["c.yml:2: modules.a.thresholds.tme.warning"]),
    ("a range that is none", "modules:\n  a: {probe: smtp, thresholds: {time: {warning: \"5:1\"}}}\n",
     ["c.yml:2: modules.a.thresholds.time.warning"]),
    ("a threshold without mapping", "modules:\n  a: {probe: smtp, thresholds: {time: 5}}\n",
     ["c.yml:2: modules.a.thresholds.time: is no mapping"]),
    ("an unknown phase to stop after", "modules:\n  a: {probe: smtp, until: lunch}\n", ["c.yml:2: modules.a", "lunch"]),
    ("a recipient with a line end", "modules:\n  a: {probe: smtp, smtp: {rcpt: [\"a@b\\r\\nRSET\"]}}\n",
     ["c.yml:2: modules.a.smtp.rcpt", "control character"]),
    ("a step that is none", "modules:\n  a: {probe: imap, imap: {steps: [{dance: a}]}}\n",
     ["c.yml:2: modules.a.imap.steps[0]: is no step"]),
    ("a syntax error", "modules:\n  a: {probe: smtp\nhistory: 1\n", ["c.yml:3: "]),
    ("an open quote", "modules: \"abc\n", ["c.yml:2: "]),
    ("tabs", "modules:\n\ta: {probe: smtp}\n", ["c.yml:2: "]),
    ("a NUL byte", "history: 1\n\0\n", ["c.yml:", "control characters"]),
    ("NUL bytes in a word", "history: \"1\\0\"\n", ["c.yml:1: history: is not a whole number"]),
    ("a NUL byte in a key", M + "\"history\\0x\": 1\n", ["c.yml:1: a key must be a word"]),
    ("a NUL byte in a module's name", "modules: {\"a\\0b\": {probe: smtp}}\n",
     ["c.yml:1: modules: a key must be a word"]),
    ("not UTF-8", b"history: \xff\xfe\n", ["c.yml:1: "]),
    ("not UTF-8 in a comment", b"# caf\xe9\nhistory: 1\n", ["c.yml:1: "]),
    ("an unknown alias", "history: *h\n", ["c.yml:1: "]),
    ("an alias to itself", "modules: &m {a: *m}\n", ["c.yml:1: modules.a"]),
    ("deep nesting", "modules: " + "[" * 200 + "]" * 200 + "\n", ["c.yml:1: ", "nested too deeply"]),
    ("a key that is a list", "[a]: b\n", ["c.yml:1: a key must be a word"]),
    ("a second document", M + "---\nhistory: 1\n", ["c.yml:4: another document"]),
    ("a rest that is no YAML", M + "---\n}\n", ["c.yml:4: "]),
)

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n"
                                               for i in range(9))


@case
def wrong_files(t):
    folder = Folder(t)
    for name, text, wanted in WRONG:
        done = folder.check(text)
        said = done.stderr.decode(errors="replace")
        first = said.splitlines()[:1]
        t.check(name, done.returncode == 1 and all(part in said for part in wanted) and said.endswith("\n") and first
                and first[0].startswith("c.yml:") and len(said.splitlines()) == 1 and not done.stdout,
                f"status {done.returncode}, wanted {wanted}, got\n{said}{done.stdout.decode(errors='replace')}")
        t.check(f"{name}: no value of a secret", "hunter2" not in said and PASSWORD not in said, said)
    done = folder.check(BOMB)
    t.check("an alias bomb", done.returncode == 1 and b"too" in done.stderr, (done.returncode, done.stderr[-500:]))
    several = folder.check("histroy: 1\nlimits: {probes: x}\nmodules:\n  a: {probe: smtp, port: 0, timeout: z}\n  b: "
                           "{probe: nope}\n"
                           "targets:\n  - {target: h, module: c}\n  - {target: i}\n")
    lines = [line.split(":")[1] for line in several.stderr.decode().splitlines()]
    t.check("several errors in one go", several.returncode == 1 and lines == sorted(lines)
            and lines == list("1244577") + ["8"] or
            set(lines) >= set("124578") and len(lines) == 7, several.stderr.decode())
    many = folder.check("modules:\n" + "".join(f"  m{i}: {{probe: nope}}\n" for i in range(5000)))
    t.check("very many errors are cut off, and that is said", many.returncode == 1
            and 50 < len(many.stderr.splitlines()) < 200
            and b"more" in many.stderr.splitlines()[-1], many.stderr[-300:])


@case
def good_files(t):
    folder = Folder(t)
    for name, text in (
            ("an empty file", ""), ("a comment alone", "# nothing\n"), ("nothing", "---\n"),
            ("no targets", M + "targets: []\n"),
            ("a byte order mark", "\ufeff" + M), ("line ends of Windows", M.replace("\n", "\r\n")),
            ("JSON", json.dumps({"modules": {"a": {"probe": "smtp"}}})),
            ("anchors", "modules:\n  a: &a {probe: smtp, timeout: 5s}\n  b: *a\n"),
            ("names of all kinds", "modules: {\"a b/c%\u00e4\": {probe: smtp}}\n"),
            ("durations",
             "modules:\n  a: {probe: smtp, timeout: 1m30s}\n  b: {probe: smtp, timeout: 2}\n  c: {probe: smtp, "
             "timeout: 0.5}\n"
                          "  d: {probe: smtp, timeout: 1500ms}\n  e: {probe: smtp, timeout: \"10s:warning\"}\n"),
            ("thresholds",
             "modules:\n  a: {probe: smtp, thresholds: {time: {warning: \"1\", critical: \"~:5\"}, ehlo: {critical: "
             "\"@10:20\"}}}\n"),
            ("buckets as durations", "metrics: {buckets: [5ms, 0.01, 1s, 1m]}\n"),
            ("no buckets", "metrics: {buckets: []}\n"),
            ("no limits", "limits: {probes: 1, queue: 0, host_concurrency: 0, host_rate: 0}\n"),
            ("history 0", "history: 0\n"),
            ("a null sender", "modules: {a: {probe: smtp, smtp: {from: \"\", rcpt: [x@y.test]}}}\n"),
            ("every kind of target", M + "targets:\n" + "".join(f"  - {{target: \"{x}\", module: banner}}\n" for x in (
                "mx.test", "mx.test:25", "192.0.2.1", "192.0.2.1:25", "::1", "[::1]", "[::1]:25", "mx.test."))),
            ("every kind of allowed target",
             "modules: {a: {probe: smtp, allowed_targets: [mx.test, \"*.x.test\", \"*\", 192.0.2.1, 192.0.2.0/24, "
                                             "\"2001:db8::/32\", \"::1\", \"0.0.0.0/0\", \"a_b.test\"]}}\n"),
            ("steps",
                    "modules: {a: {probe: imap, allowed_targets: [], auth: {user: x, password_file: pass}, imap: "
                    "{steps: [{examine: A}, sizes, {examine: B}]}}}\n")):
        done = folder.check(text)
        t.check(name, done.returncode == 0 and not done.stderr and done.stdout.startswith(b"c.yml: "),
                f"{done.returncode} {done.stderr.decode()}")
    done = folder.check(M + "targets: [{target: a, module: banner, interval: 10s}]\nlimits: {probes: 3}\n")
    t.equal("it says what it adds up to", done.stdout, b"c.yml: 1 modules, 1 targets, 8 threads at most\n")
    login = "modules: {a: {probe: smtp, allowed_targets: [], auth: {user: x, %s}}}\n"
    t.equal("an absolute path", folder.check(login % f"password_file: {folder.path}/pass").returncode, 0)
    (folder.path / "credentials").mkdir()
    (folder.path / "below").mkdir()
    folder.write("below/body", "x\n")
    beside = {"cwd": "/", "file": folder.path / "c.yml"}
    for text in ("password_file: pass", "password_file: ./pass", "password_file: below/../pass"):
        t.equal(f"{text}: beside the file, wherever it was started", folder.check(login % text, **beside).returncode, 0)
    for text, status in (("below/body", 0), ("body", 1)):
        done = folder.check("modules: {a: {probe: smtp, smtp: {from: a@b.test, rcpt: [a@b.test], send: true, "
                            "body_file: %s}}}\n" % text, **beside)
        t.equal(f"body_file: {text}", done.returncode, status)
    done = folder.check("modules: {a: {probe: smtp, tls: {mode: starttls, ca_path: below}}}\n", **beside)
    t.equal("ca_path, a folder", done.returncode, 0)
    t.equal("a relative path where the file's has no folder", folder.check(login % "password_file: pass").returncode, 0)
    folder.write("credentials/secret", "x\n")
    directory = {"CREDENTIALS_DIRECTORY": str(folder.path / "credentials")}
    t.equal("$CREDENTIALS_DIRECTORY", folder.check(login % "password_file: secret", env=directory).returncode, 0)
    t.equal("without it there is none", folder.check(login % "password_file: secret").returncode, 1)
    t.equal("it comes first", folder.check(login % "password_file: secret", env=directory, **beside).returncode, 0)
    for text, status in (("./secret", 1), ("./pass", 0), ("credentials/secret", 0)):
        t.equal(f"a path with a slash is no name of a credential: {text}",
                folder.check(login % f"password_file: {text}", env=directory, **beside).returncode, status)
    t.equal("password_env", folder.check(login % "password_env: PROBE_PW", env={"PROBE_PW": "x"}).returncode, 0)
    done = subprocess.run([str(Options.exporter), "--config.file=nope.yml", "--config.check"],
                          cwd=folder.path, capture_output=True)
    t.check("a file that is not there", done.returncode == 1 and b"nope.yml" in done.stderr, done)
    done = subprocess.run([str(Options.exporter), "--config.file=/", "--config.check"],
                          cwd=folder.path, capture_output=True)
    t.check("a folder as file", done.returncode == 1 and done.stderr, done)
    for name, arguments in (("no option", []), ("an unknown option", ["--config.file=c.yml", "--nope"]),
                            ("a word", ["c.yml"]),
                            ("an unknown level", ["--config.file=c.yml", "--log.level=loud"]),
                            ("an empty file name", ["--config.file="]),
                            ("an address without port", ["--config.file=c.yml", "--web.listen-address=127.0.0.1"]),
                            ("a port too high", ["--config.file=c.yml", "--web.listen-address=127.0.0.1:99999"]),
                            ("too many addresses",
                             ["--config.file=c.yml"] + ["--web.listen-address=127.0.0.1:0"] * 33),
                            ("an address of nobody's", ["--config.file=c.yml", "--web.listen-address=192.0.2.1:0"])):
        folder.write("c.yml", M)
        done = subprocess.run([str(Options.exporter), *arguments], cwd=folder.path, env=start_fails(),
                              capture_output=True, timeout=20 * Options.factor)
        t.check(f"refused: {name}", done.returncode == 1 and len(done.stderr.splitlines()) >= 1
                and done.stderr.isascii(), done)
    for option in "--help", "--version":
        done = subprocess.run([str(Options.exporter), option], capture_output=True)
        t.check(option, done.returncode == 0 and b"mailprobe-exporter" in done.stdout and not done.stderr, done)
        if option == "--help":
            headings = re.findall(rb"^(\w.*):\n(?=  )", done.stdout, re.M)
            t.equal("headings", headings, [b"Configuration", b"HTTP", b"Log", b"Help"])


# Values for options whose argument is of a kind that one word cannot serve; and what has to stand beside them.
VALUES = {
    "NAME[,...]": "PIPELINING", "MECHANISM[,...]": "PLAIN", "1|2": "1", "SECONDS[:STATE]": "5s", "STATE": "warning",
    "PHASE": "banner",
    "VERSION": "1.2", "WARN[,CRIT]": "30,7", "NAME:VALUE": "X-A: b", "N|last": "last", "UID|last": "last", "N": "1",
    "FILE": "pass", "PORT": "2525", "ADDRESS[@PORT]": "192.0.2.53",
    "REF,PATTERN": ",*", "none|starttls|opportunistic|implicit": "starttls", "ADDR": "192.0.2.9",
    "VARIABLE": "PROBE_PW", "DIR": ".",
}
OAUTH = {"oauth-endpoint": "https://tokens.test/", "oauth-client-auth": "basic"}
RENAMED = {"tls": "mode", "tls-min": "min_version", "tls-max": "max_version", "auth": "mechanisms"}
EXCLUDED = {"hostname", "warning", "critical", "password", "output", "verbose", "extra-opts", "version", "help"}


def options_of(kind):
    """(section, long name, argument or None) of each option in --help; those in front are the probe's own."""
    text = subprocess.run([str(Options.bin / f"check_mail_{kind}"), "--help"], capture_output=True, text=True).stdout
    heading = kind
    for line in text.partition("\n\n")[2].splitlines():
        if re.fullmatch(r"[A-Z].*:", line):
            heading = heading if heading == kind and line != "Where to connect:" else line[:-1]
        elif found := re.match(r"  (?:-., |    )--([a-z0-9-]+)(?:\[?=([^\s\[\]]+(?:\[[^\]]*\])*)\]?)?(?:  |$)", line):
            yield heading, found[1], found[2]


@case
def every_option_is_a_key(t):
    folder = Folder(t)
    box = t.sandbox("smtp:0,name=smtp")
    for name in "ca.pem", "client.pem", "client.key", "crl-clean.pem":
        folder.write(name, pathlib.Path(box.state, name).read_bytes())
    files = {"ca-file": "ca.pem", "client-cert": "client.pem", "client-key": "client.key", "crl-file": "crl-clean.pem"}
    heads = {"TLS": "tls", "Login": "auth", "smtp": "smtp", "imap": "imap", "pop3": "pop3"}
    for kind in "smtp", "imap", "pop3":
        seen = 0
        for heading, name, argument in options_of(kind):
            key = RENAMED.get(name, name.replace("-", "_"))
            section = heads.get(heading)
            module = {"probe": kind, "tls": {"mode": "starttls"}, "auth": {"user": USER, "password_file": "pass"},
                      "allowed_targets": []}
            if name in EXCLUDED or "Monitoring Plugins" in heading:
                module[key] = "x"
                said = folder.check(json.dumps({"modules": {"m": module}}), env={"PROBE_PW": "x"})
                t.check(f"{kind}: {name} has no key", said.returncode == 1 and b"no such key" in said.stderr,
                        said.stderr.decode())
                continue
            seen += 1
            setting = files.get(name) or (True if not argument else VALUES.get(argument, "example.test"))
            if name == "address" or name == "source-address":
                setting = "192.0.2.9"
            elif argument == "ADDR":
                setting = "a@b.test"
            elif argument in ("N", "N|last") and name in ("retr", "dele"):
                setting = "1"
            elif name == "ciphers":
                setting = "ECDHE-RSA-AES128-GCM-SHA256"
            place = module.setdefault(section, {}) if section else module
            place[key] = setting
            if name in ("password-env", "token-file"):
                del module["auth"]["password_file"]
            if name.startswith("oauth-"):
                del module["auth"]["password_file"]
                place |= {"oauth_endpoint": "https://tokens.test/", "oauth_client_id": "probe",
                          "oauth_client_secret_file": "pass", "oauth_cache": "cache", key: OAUTH.get(name, setting)}
            if name.startswith("client-"):
                place |= {"client_cert": "client.pem", "client_key": "client.key"}
            if name == "response":
                module["smtp"]["command"] = ["NOOP"]
            if kind == "smtp" and name in ("send", "subject", "header", "body-file", "pipelining"):
                module["smtp"] |= {"from": USER, "rcpt": [USER], "send": True, key: setting}
            said = folder.check(json.dumps({"modules": {"m": module}}), env={"PROBE_PW": "x"})
            sentence = said.stderr.decode(errors="replace")
            t.check(f"{kind}: {section or 'the module'} has {key}", said.returncode == 0, f"{setting!r}: {sentence}")
            if section:
                t.check(f"{kind}: {key} stands there alone", key in ("user", "mode") or b"no such key" in folder.check(
                    json.dumps({"modules": {"m": {"probe": kind, key: setting}}})).stderr, key)
        t.check(f"{kind}: --help was understood", seen > 25, seen)
