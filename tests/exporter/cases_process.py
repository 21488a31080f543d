# SPDX-License-Identifier: BSD-2-Clause
"""The process: how it ends, what it tells systemd, what it takes from it, and who may look into it."""

import concurrent.futures
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from harness import PASSWORD, USER, Connection, Exporter, Options, Stop, case, probe_path, smtp_talk, value, wait_for

OPEN = {"host_concurrency": 0, "host_rate": 0}
NOBODY = 65534


def config(*targets, **more):
    return {"limits": OPEN, "modules": {"plain": {"probe": "smtp", "timeout": "20s", "tls": {"mode": "none"}}},
            "targets": list(targets), **more}


def terminate(t, e, name):
    status, seconds = e.stop(5)
    t.check(name, status == 0 and seconds < 1.05 * Options.factor,
            f"status {status} after {seconds:.2f} s\n{e.logged()[-1500:]}")


@case
def end_with_nothing_to_do(t):
    terminate(t, t.exporter(config()), "SIGTERM: at once, with 0")
    e = t.exporter(config())
    e.process.send_signal(signal.SIGINT)
    t.equal("SIGINT too", e.process.wait(5), 0)


@case
def end_with_probes(t):
    """On silent servers, with requests that wait for a place."""
    silent = t.server()
    e = t.exporter(config(*[{"name": f"t{i}", "target": f"127.0.0.1:{silent.port}", "module": "plain",
                             "interval": "20s"} for i in range(5)],
                          limits={**OPEN, "probes": 3, "queue": 10}))
    for i in range(5):
        e.post(f"/api/v1/targets/t{i}/run")
    connections = [e.connect() for _ in range(8)]
    for connection in connections:
        connection.send(f"GET {probe_path(f'127.0.0.1:{silent.port}', 'plain')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    wait_for(lambda: silent.count == 8 and value(e.metrics(), "mailprobe_queue_length") == 5)
    idle = e.connect()
    terminate(t, e, "SIGTERM with 8 probes on silent servers and 5 requests that wait")
    answered = closed = 0
    for connection in connections:
        try:
            answered += connection.answer().status == 503
        except (EOFError, ConnectionError):
            closed += 1
    t.check("those that waited were told, the others were closed", answered == 5 and closed == 3, (answered, closed))
    t.check("an idle connection was closed", idle.ended())


@case
def end_with_probes_that_end(t):
    """What comes to its end in the moment that is left is answered before the process goes."""
    said = threading.Event()

    def slow(peer, lines):
        said.wait(20)
        time.sleep(0.1)     # the end of the process has begun by then, and is not through
        smtp_talk(peer, lines)

    answers = []
    for _ in range(8):
        said.clear()
        server = t.server(talk=slow)
        e = t.exporter(config())
        connections = [e.connect() for _ in range(4)]
        path = probe_path(f"127.0.0.1:{server.port}", "plain")
        for connection in connections:
            connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_for(lambda: server.count == 4)
        e.process.send_signal(signal.SIGTERM)
        said.set()
        for connection in connections:
            try:
                answer = connection.answer()
                answers.append((answer.status, answer.header("Connection").lower()))
            except (EOFError, ConnectionError):
                answers.append("closed")
        t.equal("with 0", e.ended(), 0)
    t.equal("all are answered", answers, [(200, "close")] * 32)


@case
def end_under_load(t):
    """SIGTERM among requests on connections that stay: exit status 0, not a crash, each time."""
    box = t.server(talk=smtp_talk)
    paths = "/metrics", "/api/v1/status", "/-/healthy", "/-/ready", probe_path(f"127.0.0.1:{box.port}",
            "plain"), "/api/v1/targets/a"
    wrong = []
    for turn in range(12):
        e = t.exporter(config({"name": "a", "target": f"127.0.0.1:{box.port}", "module": "plain", "interval": "20s"}))
        e.may_fail = True
        asked = []

        def ask(path):
            with contextlib.suppress(OSError, EOFError), contextlib.closing(e.connect()) as connection:
                while True:
                    connection.ask("GET", path)
                    asked.append(path)

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            for path in paths * 2:
                pool.submit(ask, path)
            wait_for(lambda: len(asked) > 50 + 20 * turn)
            status, seconds = e.stop(5)
            if status != 0 or seconds > 1.05 * Options.factor:
                wrong.append(f"turn {turn}: status {status} after {seconds:.2f} s: {e.logged()[-800:]}")
    t.check("12 times", not wrong, "\n".join(wrong))


@case
def end_among_reloads(t):
    e = t.exporter(config(*[{"name": f"t{i}", "target": "127.0.0.1:1", "module": "plain", "interval": "20s"}
                            for i in range(200)]))
    for _ in range(20):
        e.process.send_signal(signal.SIGHUP)
        with contextlib.suppress(EOFError, OSError):
            e.reload()
    e.process.send_signal(signal.SIGHUP)
    terminate(t, e, "SIGTERM right behind SIGHUP")


class Notify:
    """A socket as systemd has it: what came, with the time."""

    def __init__(self, folder=None):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.name = f"{folder}/notify" if folder else f"@mailprobe-test-{os.getpid()}-{id(self)}"
        self.sock.bind(self.name if folder else "\0" + self.name[1:])
        self.said = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with contextlib.suppress(OSError):
            while True:
                self.said.append((time.monotonic(), dict(line.split("=", 1)
                                                         for line in self.sock.recv(4096).decode().split("\n")
                                                         if line)))

    def words(self):
        return [next(iter(words)) for _, words in self.said if "WATCHDOG" not in words]

    def stop(self):
        self.sock.close()


@case
def readiness(t):
    with tempfile.TemporaryDirectory() as folder:
        for kind in "path", "abstract":
            systemd = Notify(folder if kind == "path" else None)
            t.started.append(systemd)
            e = t.exporter(config(), env={"NOTIFY_SOCKET": systemd.name})
            wait_for(lambda: systemd.said)
            t.equal(f"{kind}: READY=1 first", systemd.said[0][1].get("READY"), "1")
            t.equal(f"{kind}: and /-/ready says so", e.get("/-/ready").status, 200)
            for turn, (name, good) in enumerate((("a reload", True), ("a refused reload", False)), 1):
                e.configure(config() if good else "x: 1")
                before = time.monotonic_ns() // 1000
                e.process.send_signal(signal.SIGHUP)
                wait_for(lambda: len(systemd.words()) == 1 + 2 * turn)
                told = [words for _, words in systemd.said if "WATCHDOG" not in words][-2:]
                t.check(f"{kind}: {name}: RELOADING=1, then READY=1", told[0].get("RELOADING") == "1"
                        and told[1].get("READY") == "1", told)
                t.check(f"{kind}: {name}: with the moment",
                        before <= int(told[0]["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000, told)
            terminate(t, e, f"{kind}: it ends")
            t.check(f"{kind}: STOPPING=1 last", wait_for(lambda: "STOPPING" in systemd.words())
                    and systemd.words()[-1] == "STOPPING", systemd.said)


@case
def watchdog(t):
    systemd = Notify()
    t.started.append(systemd)
    silent = t.server()
    e = t.exporter(config({"name": "a", "target": f"127.0.0.1:{silent.port}", "module": "plain", "interval": "20s"}),
                   env={"NOTIFY_SOCKET": systemd.name, "WATCHDOG_USEC": "600000"})
    begun = time.monotonic()
    wait_for(lambda: sum("WATCHDOG" in words for _, words in systemd.said) >= 6)
    took = time.monotonic() - begun
    beats = [when for when, words in systemd.said if "WATCHDOG" in words]
    t.check("WATCHDOG=1 each half of WATCHDOG_USEC", 1.4 < took < 2.4 * Options.factor
            and max(b - a for a, b in zip(beats, beats[1:])) < 0.6 * Options.factor, beats)
    for name, env, wanted in (("another's WATCHDOG_PID", {"WATCHDOG_PID": "1"}, False),
                              ("no number", {"WATCHDOG_USEC": "x"}, False),
                              ("0", {"WATCHDOG_USEC": "0"}, False)):
        other = Notify()
        t.started.append(other)
        t.exporter(config(), env={"NOTIFY_SOCKET": other.name, "WATCHDOG_USEC": "100000", **env})
        wait_for(lambda: other.said)
        count = len(beats)
        wait_for(lambda: sum("WATCHDOG" in words for _, words in systemd.said) > count + 2)
        t.check(f"{name}: none", any("WATCHDOG" in words for _, words in other.said) == wanted, other.said)
    strange = t.exporter(config(), env={"NOTIFY_SOCKET": "/nonexistent/" + "x" * 200})
    t.equal("a socket that is not there does not matter", strange.get("/-/ready").status, 200)


# The descriptors to be at 3 and behind it, then variables, "--", and the command. In a process of its own: in one that
# is being forked Python has descriptors there itself.
HAND_OVER = """
import os, sys
end = sys.argv.index("--")
fds = [os.dup(int(fd)) for fd in sys.argv[1].split(",")]
fds = [os.dup2(fd, 300 + i, inheritable=True) for i, fd in enumerate(fds)]
for i, fd in enumerate(fds):
    os.dup2(fd, 3 + i, inheritable=True)
    os.close(fd)
os.environ.update(word.replace("$$", str(os.getpid())).split("=", 1) for word in sys.argv[2:end])
os.execv(sys.argv[end + 1], sys.argv[end + 1:])
"""


def hand_over(fds, *variables):
    return [sys.executable, "-c", HAND_OVER, ",".join(map(str, fds)), *variables, "--"]


def activated(t, count=1, pid="$$", number=None, blocking=True):
    """Started as by systemd, with sockets from descriptor 3 on, and their ports."""
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(count)]
    for listener in listeners:
        listener.setblocking(blocking)
    fds = [listener.fileno() for listener in listeners]
    variables = f"LISTEN_FDS={count if number is None else number}", f"LISTEN_PID={pid}"
    e = Exporter(config(), start=False, prefix=hand_over(fds, *variables), pass_fds=fds)
    t.started.append(e)
    e.start()
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return e, ports


@case
def socket_activation(t):
    for blocking in True, False:
        e, ports = activated(t, 2, blocking=blocking)
        name = "blocking" if blocking else "non-blocking"
        wait_for(lambda: e.logged().count("listening") >= 2, what="two addresses")
        t.check(f"{name}: it serves on what it was given, and on nothing else", e.port == ports[0]
                and e.logged().count("listening") == 2, e.logged())
        for port in ports * 2:
            with contextlib.closing(Connection(port, 5)) as connection:
                t.equal(f"{name}: answers", connection.ask("GET", "/-/healthy").status, 200)
        gone = Connection(ports[0])
        gone.close()
        t.equal(f"{name}: a client that was gone at once does not matter", e.get("/-/healthy").status, 200)
        terminate(t, e, f"{name}: it ends")
    e, ports = activated(t, 1, pid="1")
    t.check("LISTEN_PID of another: its own address", e.port != ports[0] and e.get("/-/healthy").status == 200,
            e.logged())
    for number in "0", "x", "-1", "":
        e, ports = activated(t, 1, number=number)
        t.check(f"LISTEN_FDS={number}: its own address", e.port != ports[0] and e.get("/-/healthy").status == 200,
                e.logged())
    with open("/dev/null") as null:
        no_socket = null.fileno()
        for name, number in ("a descriptor that is no socket", 1), ("more than there are", 3), ("more than are taken", 33):
            e = Exporter(config(), start=False, pass_fds=[no_socket],
                         prefix=hand_over([no_socket], f"LISTEN_FDS={number}", "LISTEN_PID=$$"))
            e.may_fail = True
            t.started.append(e)
            with contextlib.suppress(Stop):
                e.start()
            t.check(f"{name}: it says so and ends", not e.port and e.ended() == 1 and "cannot" in e.logged()
                    and ("too many" in e.logged()) == (number > 32),
                    f"{e.process.poll()} {e.port} {e.logged()}")


@case
def hardening(t):
    """Closed to others of its user, without a core file, and without a secret on its command line."""
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        program = shutil.copy(Options.exporter, folder)

        def unprivileged():
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)

        def look(path):
            done = subprocess.run(["cat", path], preexec_fn=unprivileged, capture_output=True)
            return done.returncode, done.stdout

        e = Exporter(config(), start=False, program=program, env={"PROBE_SECRET": "hunter2-in-environment"},
                     preexec_fn=unprivileged)
        e.folder.chmod(0o755)
        t.started.append(e)
        e.start()
        status, _ = look(f"/proc/{e.pid}/environ")
        t.check("its environment is closed", status != 0)
        status, _ = look(f"/proc/{e.pid}/maps")
        t.check("its memory is closed", status != 0)
        _, limits = look(f"/proc/{e.pid}/limits")
        core = [line.split()[4:6] for line in limits.decode().splitlines() if line.startswith("Max core")]
        t.equal("it cannot leave a core file", core, [["0", "0"]])
        t.equal("its command line is as it was", look(f"/proc/{e.pid}/cmdline")[0], 0)
        e.stop()
    finally:
        shutil.rmtree(folder)


@case
def start_that_fails(t):
    for name, text in ("a wrong file", "x: 1"), ("a missing secret",
                                                 {"modules": {"a": {"probe": "smtp", "allowed_targets": [], "auth": {
            "user": "x", "password_file": "nope"}}}}):
        e = Exporter(text, start=False)
        e.may_fail = True
        t.started.append(e)
        with contextlib.suppress(Stop):
            e.start()
        t.check(f"{name}: exit 1, and the log says why", e.ended() == 1
                and "configuration refused" in e.logged()
                and "mailprobe.yml:" in e.logged(), e.logged())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        e = Exporter(config(), f"--web.listen-address=127.0.0.1:{taken.getsockname()[1]}", start=False)
        e.may_fail = True
        t.started.append(e)
        with contextlib.suppress(Stop):
            e.start()
        t.check("an address in use: exit 1, and the log says why", e.ended() == 1
                and "Address already in use" in e.logged(), e.logged())


@case
def without_proc(t):
    """In a root of its own there may be no /proc: what only it can tell is left out."""
    names = "virtual_memory_bytes", "resident_memory_bytes", "threads", "open_fds"
    found = t.exporter(config()).metrics()
    t.check("with /proc all are there", all(value(found, f"process_{name}") > 0 for name in names), found)
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    e = t.exporter(config(), prefix=["unshare", *own, "--mount", "--", "sh", "-c",
                                     'mount -t tmpfs none /proc && exec "$@"', "sh"])
    found = e.metrics()
    t.equal("without it these are not", [value(found, f"process_{name}") for name in names], [None] * 4)
    t.check("and the others are", value(found, "process_max_fds") > 0
            and value(found, "process_cpu_seconds_total") >= 0, found)
