# SPDX-License-Identifier: BSD-2-Clause
"""What the cases share: an exporter, the sandbox, silent servers, HTTP without a library's help, and verdicts.

A case is a function with @case that gets a Case; each `t.check(name, good, got)` prints a line. What a case starts is
ended, by process id, when it is over, and an exporter has to end with status 0 and without a sanitizer's report.
"""

import contextlib
import gzip
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import traceback
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
USER, PASSWORD = "probe@sandbox.test", "correct-horse"
cases = []
printing = threading.Lock()


class Options:
    bin = pathlib.Path("build/bin")
    exporter = bin / "mailprobe-exporter"
    san = False
    factor = 1          # by which bounds of time are wider
    long = False
    filters = ()


def case(function):
    cases.append(function)
    return function


def alone(function):
    """For a case whose measurements others would spoil: it runs when they are through."""
    function.alone = True
    return case(function)


def _reports(pid="*"):
    """What sanitizers have reported of a process, or of any, by file; and forgets it."""
    found = {}
    for path in pathlib.Path(os.environ.get("SANITIZERS_REPORTS", "/nonexistent")).glob(f"*.{pid}"):
        found[path.name] = path.read_text(errors="replace")
        path.unlink()
    return found


@contextlib.contextmanager
def sanitizers():
    """Has the sanitizers of all that is started report into one folder, which nobody's exit status or closed log hides.
    Gives a function that tells of what no case has told, and whether there was nothing."""
    more = {"TSAN": f"suppressions={HERE.parent}/tsan.supp:atexit_sleep_ms=0"}

    def quiet():
        left = _reports()
        for name, text in left.items():
            print(f"not ok exporter: no report of a sanitizer: {name}")
            print("".join(f"#   {line}\n" for line in text[:6000].splitlines()), end="")
        return not left

    with tempfile.TemporaryDirectory(prefix="exporter-reports-") as folder:
        os.chmod(folder, 0o1777)        # for those that run as nobody
        os.environ["SANITIZERS_REPORTS"] = folder
        for name in "ASAN", "UBSAN", "TSAN":
            os.environ[f"{name}_OPTIONS"] = f"log_path={folder}/{name.lower()}:{more.get(name, '')}"
        yield quiet


def start_fails():
    """The environment of an exporter that cannot start: it says so and leaves the rest to the end of the process."""
    return {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


class Stop(Exception):
    """A case cannot go on."""


def wait_for(condition, seconds=15, what=None):
    """What `condition` returns, once that is true; Stop when it never is."""
    limit = time.monotonic() + seconds * Options.factor
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > limit:
            raise Stop(f"waited {seconds * Options.factor} s in vain for {what or condition.__doc__ or condition}")
        time.sleep(0.02)


class Answer:
    def __init__(self, status, headers, body, seconds):
        self.status, self.headers, self.raw, self.seconds = status, headers, body, seconds

    def header(self, name):
        return self.headers.get(name.lower(), "")

    @property
    def body(self):
        return gzip.decompress(self.raw) if self.header("Content-Encoding") == "gzip" else self.raw

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.headers.get('content-type')} {self.raw[:300]!r} {self.seconds:.2f} s>"


class Connection:
    """One HTTP connection. Requests are bytes, so that they can be wrong."""

    def __init__(self, port, timeout=30):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=timeout * Options.factor)
        self.buffer = b""

    def send(self, data):
        self.sock.sendall(data)

    def ask(self, method, path, headers=None, body=None):
        lines = [f"{method} {path} HTTP/1.1".encode("latin-1")]
        headers = {"Host": "localhost", **(headers or {})}
        if body is not None:
            headers["Content-Length"] = len(body)
        lines += [f"{name}: {value}".encode("latin-1") for name, value in headers.items() if value is not None]
        begun = time.monotonic()
        self.send(b"\r\n".join(lines) + b"\r\n\r\n" + (body or b""))
        return self.answer(method == "HEAD", begun)

    def fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError(f"closed after {self.buffer!r}")
        self.buffer += data

    def answer(self, head=False, begun=None):
        begun = begun or time.monotonic()
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        top, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = top.decode("latin-1").split("\r\n")
        words = first.split(" ", 2)
        assert words[0] in ("HTTP/1.1", "HTTP/1.0"), first
        headers = {}
        for line in rest:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        size = 0 if head or words[1] in ("304", "204") else int(headers["content-length"])
        while len(self.buffer) < size:
            self.fill()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return Answer(int(words[1]), headers, body, time.monotonic() - begun)

    def ended(self, seconds=10):
        """Whether the peer closes the connection."""
        self.sock.settimeout(seconds * Options.factor)
        with contextlib.suppress(ConnectionError):
            try:
                while self.sock.recv(65536):
                    pass
            except TimeoutError:
                return False
        return True

    def close(self):
        self.sock.close()


def probe_path(target, module, path="/probe", **more):
    return f"{path}?" + urllib.parse.urlencode({"target": target, "module": module, **more})


class Exporter:
    """A running exporter with a configuration, which is text or a structure; its folder is its working directory."""

    def __init__(self, config, *arguments, files=None, env=None, program=None, start=True, prefix=(), **popen):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="exporter-test-"))
        self.file = self.folder / "mailprobe.yml"
        for name, content in (files or {}).items():
            self.write(name, content)
        self.configure(config)
        self.log = []
        self.port = self.process = None
        self.command = [*prefix, str(program or Options.exporter), f"--config.file={self.file}",
                        "--web.listen-address=127.0.0.1:0", *arguments]
        self.env = {**os.environ, **(env or {})}
        self.popen = popen
        if start:
            self.start()

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def configure(self, config):
        """The file as it will be from the next reload on: put in place in one step, so that none reads half."""
        new = self.folder / "mailprobe.yml.new"
        data = config if isinstance(config, (bytes, str)) else json.dumps(config, indent=1)
        new.write_bytes(data if isinstance(data, bytes) else data.encode())
        new.rename(self.file)

    def start(self):
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        cwd=self.folder,
                                        env=self.env, **self.popen)
        self.pid = self.process.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        wait_for(lambda: self.port or self.process.poll() is not None, 15, "msg=listening")
        if not self.port:
            raise Stop(f"exporter ended with {self.process.returncode}: {self.logged()}")

    def _read(self):
        for line in self.process.stderr:
            self.log.append(line)
            found = re.search(rb'msg"?[=:]"?listening"? ?,?"?address"?[=:]"?\S*:(\d+)', line)
            if found and not self.port:
                self.port = int(found[1])

    def logged(self):
        return b"".join(self.log).decode(errors="replace")

    def connect(self, timeout=30):
        return Connection(self.port, timeout)

    def ask(self, method, path, headers=None, body=None, timeout=30):
        with contextlib.closing(self.connect(timeout)) as connection:
            return connection.ask(method, path, headers, body)

    def get(self, path, headers=None, **more):
        return self.ask("GET", path, headers, **more)

    def post(self, path, headers=None, **more):
        return self.ask("POST", path, headers, **more)

    def probe(self, target, module, headers=None, **more):
        return self.get(probe_path(target, module, **more), headers)

    def api_probe(self, target, module):
        return self.get(probe_path(target, module, "/api/v1/probe"))

    def metrics(self):
        """{(name, frozenset of labels): value}, of what a strict reader takes."""
        return samples(self.get("/metrics").text)

    def status(self, since=None):
        return self.get("/api/v1/status" + (f"?since={since}" if since is not None else "")).json

    def target(self, name):
        return self.get("/api/v1/targets/" + urllib.parse.quote(name, safe="")).json

    def reload(self, config=None):
        if config is not None:
            self.configure(config)
        return self.post("/-/reload")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.pid}/status").read_text())[1]) * 1024

    def stop(self, seconds=3):
        """Its exit status after SIGTERM, and how long it took; None when it had to be killed."""
        if not self.process or self.process.returncode is not None:
            return self.process and self.process.returncode, 0
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(seconds * Options.factor)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.reader.join(5)
        return status, time.monotonic() - begun

    def ended(self):
        """Its exit status, once it has ended by itself and all that it logged was read."""
        status = self.process.wait(5 * Options.factor)
        self.reader.join(5)
        return status

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def reports(self):
        """What a sanitizer has to say; see start_fails()."""
        told = "".join(_reports(self.pid).values() if self.process else ())
        return told[:4000] if self.port or "LeakSanitizer" not in told else ""


class Sandbox:
    """The sandbox mail server: ports by label."""

    def __init__(self, *listeners, options=()):
        self.folder = tempfile.mkdtemp(prefix="exporter-sandbox-")
        self.state = self.folder + "/state"
        self.process = subprocess.Popen(
            [str(Options.bin / "mailprobe-sandbox"), "--state-dir=" + self.state, "--exit-after=900", "--with-parent",
             *[f"--listen={text}" for text in listeners], *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        ready = pathlib.Path(self.state, "ready")
        wait_for(lambda: ready.exists() or self.process.poll() is not None, 20, "the sandbox")
        if not ready.exists():
            raise Stop(f"sandbox: {self.process.stderr.read()!r}")
        self.ports = {line.split()[0]: int(line.split()[3]) for line in ready.read_text().splitlines()}
        self.ca = self.state + "/ca.pem"

    def __getitem__(self, label):
        return self.ports[label]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """A listener that counts who comes. It says `greeting`, answers nothing, and holds connections until it stops."""

    def __init__(self, greeting=b"", address="127.0.0.1", port=0, talk=None):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, port), family=family, backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.greeting, self.talk, self.count, self.peers = greeting, talk, 0, []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                self.count += 1
                self.peers.append(peer)
                with contextlib.suppress(OSError):
                    peer.sendall(self.greeting)
                if self.talk:
                    threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        with contextlib.suppress(OSError, ValueError):
            with peer, peer.makefile("rb") as lines:
                self.talk(peer, lines)

    def release(self):
        """Ends all conversations."""
        peers, self.peers = self.peers, []
        for peer in peers:
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
            peer.close()

    def stop(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)
        self.release()


def smtp_talk(peer, lines):
    """An SMTP server in as few lines as a prober needs."""
    peer.sendall(b"220 mx.test ESMTP\r\n")
    for line in lines:
        verb = line.split()[0].upper() if line.split() else b""
        peer.sendall(b"250 mx.test\r\n" if verb in (b"EHLO", b"HELO", b"RSET") else
                     b"221 bye\r\n" if verb == b"QUIT" else b"502 what?\r\n")
        if verb == b"QUIT":
            return


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL}(?:,{LABEL})*)?)\}})? "
                    rf"(-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN|\+Inf)")
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",), "info": ("_info",)}


def _family(name, families, openmetrics):
    for suffix in ("", "_bucket", "_sum", "_count", "_total"):
        base = name[:len(name) - len(suffix)] if name.endswith(suffix) else None
        kind = families.get(base)
        if kind and suffix in (SUFFIXES[kind] if openmetrics or kind == "histogram" else ("",)):
            return base
    raise ValueError(f"{name}: no TYPE for it")


def _histograms(found):
    """Buckets rise, end with +Inf, and agree with their count."""
    series = {}
    for (name, labels), value in found.items():
        if name.endswith("_bucket"):
            rest = frozenset(pair for pair in labels if pair[0] != "le")
            le = dict(labels)["le"]
            series.setdefault((name[:-7], rest), []).append((float(le.replace("Inf", "inf")), value))
    for (name, labels), buckets in series.items():
        buckets.sort()
        numbers = [value for _, value in buckets]
        assert numbers == sorted(numbers), f"{name}: buckets fall: {buckets}"
        assert buckets[-1][0] == float("inf"), f"{name}: no +Inf"
        assert found[name + "_count", labels] == numbers[-1], f"{name}: count"
        assert (name + "_sum", labels) in found, f"{name}: no sum"


def samples(text, openmetrics=False):
    """Reads an exposition as strictly as the formats are written; ValueError where it is none."""
    found, families, helped, done, current = {}, {}, set(), set(), None
    if not text.endswith("\n"):
        raise ValueError("does not end with a line end")
    lines = text[:-1].split("\n")
    if openmetrics and lines.pop() != "# EOF":
        raise ValueError("does not end with # EOF")
    for line in lines:
        if meta := re.fullmatch(rf"# (HELP|TYPE|UNIT) ({NAME})(?: (.*))?", line):
            word, name, rest = meta.groups()
            if word == "UNIT" and not openmetrics:
                continue
            if name != current:
                if name in done:
                    raise ValueError(f"{name} stands in two places")
                done.add(name)
                current = name
            if word == "TYPE":
                if rest not in SUFFIXES or name in families:
                    raise ValueError(f"wrong or second type: {line!r}")
                families[name] = rest
            elif word == "HELP" and (name in helped or not rest or re.search(r"\\(?![\\n])", rest)):
                raise ValueError(f"wrong or second help: {line!r}")
            elif word == "HELP":
                helped.add(name)
            elif openmetrics and not name.endswith("_" + rest):
                raise ValueError(f"unit and name: {line!r}")
            continue
        if line.startswith("#"):
            if openmetrics:
                raise ValueError(f"comment: {line!r}")
            continue
        sample = SAMPLE.fullmatch(line)
        if not sample:
            raise ValueError(f"no sample: {line!r}")
        name, labels, number = sample.groups()
        if _family(name, families, openmetrics) != current:
            raise ValueError(f"apart from its family: {line!r}")
        pairs = [tuple(pair.split("=", 1)) for pair in re.findall(LABEL, labels or "")]
        key = name, frozenset((k, re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], v[1:-1])) for k, v in pairs)
        if len({k for k, _ in pairs}) != len(pairs) or key in found:
            raise ValueError(f"twice: {line!r}")
        found[key] = float(number.replace("Inf", "inf"))
    _histograms(found)
    return found


def value(found, name, /, **labels):
    """The one sample of that name with at least these labels; None without."""
    matching = [v for (n, pairs), v in found.items() if n == name and labels.items() <= dict(pairs).items()]
    if len(matching) > 1:
        raise Stop(f"{name} {labels}: {len(matching)} samples")
    return matching[0] if matching else None


def total(found, name, /, **labels):
    return sum(v for (n, pairs), v in found.items() if n == name and labels.items() <= dict(pairs).items())


def check_binary(kind, *arguments, timeout=30):
    """What check_mail_KIND -o json prints."""
    done = subprocess.run([str(Options.bin / f"check_mail_{kind}"), "-o", "json", *arguments], capture_output=True,
                          timeout=timeout * Options.factor, env={**os.environ, "LC_ALL": "C"})
    return json.loads(done.stdout)


class Case:
    def __init__(self, function):
        self.function, self.lines, self.failed, self.checks = function, [], 0, 0
        self.started = []

    def check(self, name, good, got=None):
        self.checks += 1
        self.failed += not good
        lines = [f"{'ok' if good else 'not ok'} exporter: {self.function.__name__.replace('_', ' ')}: {name}"]
        if not good and got is not None:
            lines += [f"#   {line}" for line in str(got)[:3000].splitlines()[:40]]
        with printing:      # at once: a process in a network of its own writes to the same place
            print("\n".join(lines) + "\n", end="", flush=True)
        return good

    def equal(self, name, got, wanted):
        return self.check(name, got == wanted, f"got {got!r}\nwanted {wanted!r}")

    def exporter(self, *arguments, **more):
        exporter = Exporter(*arguments, start=False, **more)
        self.started.append(exporter)
        exporter.start()
        return exporter

    def sandbox(self, *listeners, **more):
        sandbox = Sandbox(*listeners, **more)
        self.started.append(sandbox)
        return sandbox

    def server(self, *arguments, **more):
        server = Server(*arguments, **more)
        self.started.append(server)
        return server

    def end(self):
        for thing in reversed(self.started):
            if isinstance(thing, Exporter):
                status, _ = thing.stop(5)
                if status != 0 and thing.process and not getattr(thing, "may_fail", False):
                    self.check(f"the exporter ends with 0", False, f"status {status}\n{thing.logged()[-2500:]}")
                if reports := thing.reports():
                    self.check("no report of a sanitizer", False, reports)
                thing.remove()
            else:
                thing.stop()

    def run(self):
        begun = time.monotonic()
        try:
            self.function(self)
        except Exception:
            self.check("comes to its end", False, traceback.format_exc(limit=-4))
        try:
            self.end()
        except Exception:
            self.check("cleans up", False, traceback.format_exc(limit=-4))
        self.seconds = time.monotonic() - begun
        return self
