# SPDX-License-Identifier: BSD-2-Clause
"""allowed_targets, with names and addresses of our own: who is refused, and that no packet leaves for whom."""

import socket
import threading

from harness import USER, PASSWORD, case, smtp_talk, value, wait_for
from space import A, Names, add_address

GOOD, GOOD6, BAD, BAD6, OTHER = "192.0.2.1", "2001:db8::1", "198.51.100.1", "2001:db9::1", "192.0.2.77"

# Addresses that no name should lead to where the list has names only.
INNER = ("127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
         "ff02::1",
         "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1", "::ffff:255.255.255.255")

TABLE = {
    "mx.good.test": [GOOD], "a.b.good.test": [GOOD], "exact.test": [GOOD], "good.test": [GOOD], "evil-good.test": [BAD],
    "mx.good.test.evil.test": [BAD], "xgood.test": [BAD], "sub.exact.test": [BAD], "mx6.good.test": [GOOD6],
    "out.good.test": [BAD], "out6.good.test": [BAD6], "mix.good.test": [GOOD, BAD], "mix6.good.test": [GOOD, BAD6],
    "inner.good.test": [GOOD, "127.0.0.1"], "inner6.good.test": [GOOD, "::1"],
    "mapped.good.test": [GOOD, "::ffff:127.0.0.1"],
    "many.good.test": [f"192.0.2.{i}" for i in range(1, 20)] + [BAD], "other.test": [GOOD], "elsewhere.test": [BAD],
    "rebind.good.test": lambda n: [GOOD] if n % 2 else ["127.0.0.1"],
    "rebind.test": lambda n: [GOOD] if n % 2 else [BAD],
    **{f"in{i}.good.test": [address] for i, address in enumerate(INNER)},
}

MODULES = {
    "names": ["*.good.test", "Exact.Test."], "nets": ["192.0.2.0/24", "2001:db8::/32"],
    "both": ["*.good.test", "192.0.2.0/24"],
    "none": [], "any": ["*"], "local": ["localhost"], "address": [GOOD, OTHER], "all": ["0.0.0.0/0", "::/0"],
    "mapped": ["::ffff:192.0.2.1"],
}

# Module, target, status, where the connection goes; None: nowhere. ANY: no status is wrong, but a connection would be.
ANY = 0
ROWS = [
    ("names", "mx.good.test", 200, GOOD), ("names", "MX.Good.TEST", 200, GOOD), ("names", "mx.good.test.", 200, GOOD),
    ("names", "a.b.good.test", 200, GOOD), ("names", "mx6.good.test", 200, GOOD6), ("names", "exact.test", 200, GOOD),
    ("names", "EXACT.test.", 200, GOOD), ("names", "good.test", 403, None), ("names", "good.test.", 403, None),
    ("names", "evil-good.test", 403, None), ("names", "xgood.test", 403, None), ("names", "sub.exact.test", 403, None),
    ("names", "mx.good.test.evil.test", 403, None), ("names", ".good.test", ANY, None),
    ("names", "*.good.test", ANY, None),
    ("names", "mx.good.test..", ANY, None), ("names", "exact.test..", ANY, None),
    ("names", "mx.good.test%00.evil.test", ANY, None),
    ("names", "localhost", 403, None), ("names", GOOD, 403, None), ("names", f"[{GOOD6}]", 403, None),
    ("names", "127.0.0.1", 403, None),
    ("names", "mix.good.test", 200, GOOD), ("names", "inner.good.test", 403, None),
    ("names", "inner6.good.test", 403, None),
    ("names", "mapped.good.test", 403, None), ("names", "nowhere.good.test", 200, None),
    *[("names", f"in{i}.good.test", 403, None) for i in range(len(INNER))],
    ("nets", GOOD, 200, GOOD), ("nets", BAD, 403, None), ("nets", f"[{GOOD6}]", 200, GOOD6),
    ("nets", f"[{BAD6}]", 403, None),
    ("nets", "other.test", 200, GOOD), ("nets", "elsewhere.test", 403, None), ("nets", "mix.good.test", 403, None),
    ("nets", "mix6.good.test", 403, None), ("nets", "inner6.good.test", 403, None),
    ("nets", "many.good.test", 403, None),
    ("nets", "mapped.good.test", 403, None), ("nets", "[::ffff:192.0.2.1]", 200, GOOD),
    ("nets", "[::ffff:198.51.100.1]", 403, None),
    ("nets", "[::ffff:c633:6401]", 403, None), ("nets", "[0:0:0:0:0:ffff:198.51.100.1]", 403, None),
    ("nets", "[::198.51.100.1]", 403, None),
    ("nets", "localhost", 403, None), ("nets", "127.0.0.1", 403, None), ("nets", "[::1]", 403, None),
    ("nets", "[::]", 403, None),
    ("nets", "0.0.0.0", 403, None), ("nets", "[fe80::1%25lo]", ANY, None), ("nets", "[2001:db9::1%25lo]", ANY, None),
    ("nets", "[2001:db8::1%252001:db9::1]", ANY, None), ("nets", "nowhere.test", 200, None),
    *[("nets", spelled, ANY, None) for spelled in (
        "3325256705", "0xC6336401", "0306.063.0144.01", "0xc6.0x33.0x64.0x1", "198.51.25601", "198.3368961", "127.1",
        "2130706433", "0x7f000001",
        "0177.0.0.1", "017700000001", "127.0.0.01", "0", "127.0.0.1.", "[127.0.0.1]", "%31%32%37.0.0.1",
        "127%2e0%2e0%2e1",
        "\uff11\uff12\uff17.0.0.1", "127.0.0.1%00192.0.2.1", "127\u30020\u30020\u30021", "192.0.2.1@127.0.0.1",
        "192.0.2.1%23@127.0.0.1",
        "127.0.0.1%20192.0.2.1", "198.51.100.1,192.0.2.1", "192.0.2.1%0a198.51.100.1")],
    ("both", "mx.good.test", 200, GOOD), ("both", "out.good.test", 403, None), ("both", "out6.good.test", 403, None),
    ("both", "other.test", 403, None), ("both", GOOD, 200, GOOD), ("both", BAD, 403, None),
    ("both", "mix.good.test", 403, None),
    ("none", "mx.good.test", 403, None), ("none", GOOD, 403, None), ("none", "localhost", 403, None),
    ("any", "other.test", 200, GOOD), ("any", "inner.good.test", 403, None), ("any", GOOD, 403, None),
    ("any", "localhost", 200, "::1"),
    ("any", "127.1", ANY, None), ("any", "2130706433", ANY, None), ("any", "0x7f.1", ANY, None),
    ("local", "localhost", 200, "::1"), ("local", "LOCALHOST.", 200, "::1"), ("local", "mx.good.test", 403, None),
    ("local", "localhost.evil.test", 403, None),
    ("address", GOOD, 200, GOOD), ("address", "other.test", 200, GOOD), ("address", BAD, 403, None),
    ("address", "192.0.2.2", 403, None),
    ("address", "mix.good.test", 403, None), ("all", BAD, 200, BAD), ("all", f"[{BAD6}]", 200, BAD6),
    ("mapped", GOOD, 200, GOOD), ("mapped", "[::ffff:192.0.2.1]", 200, GOOD), ("mapped", BAD, 403, None),
    ("open", BAD, 200, BAD),
]


class Everywhere:
    """One port at every address, which knows by which of them it was reached."""

    def __init__(self):
        self.listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=256)
        self.port = self.listener.getsockname()[1]
        self.reached = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        try:
            while True:
                peer, _ = self.listener.accept()
                address = peer.getsockname()[0]
                self.reached.append(address.removeprefix("::ffff:") if "." in address else address)
                threading.Thread(target=self._talk, args=(peer,), daemon=True).start()
        except OSError:
            pass

    def _talk(self, peer):
        try:
            with peer, peer.makefile("rb") as lines:
                smtp_talk(peer, lines)
        except OSError:
            pass

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@case
def allowed_targets(t):
    for address in GOOD, GOOD6, BAD, BAD6, OTHER, "192.0.2.2", "169.254.169.254":
        add_address(address)
    names, server = Names(TABLE), Everywhere()
    t.started += [names, server]
    login = {"tls": {"mode": "none"}, "auth": {"user": USER, "password_file": "pass", "allow_cleartext_auth": True}}
    modules = {name: {"probe": "smtp", "timeout": "5s", **login, "allowed_targets": allowed} for name,
               allowed in MODULES.items()}
    modules["open"] = {"probe": "smtp"}
    e = t.exporter({"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": modules,
                    "targets": [{"name": "scheduled", "target": f"{GOOD}:{server.port}", "module": "none",
                                 "interval": "5s"}]},
                   files={"pass": PASSWORD})
    refused = 0
    wait_for(lambda: value(e.metrics(), "mailprobe_runs_total", target="scheduled", state="critical") >= 1)
    t.equal("[] lets nobody ask, and the schedule run", set(server.reached), {GOOD})
    e.reload({"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": modules})
    for module, target, status, where in ROWS:
        server.reached.clear()
        questions = dict(names.asked)
        if "%" not in target:
            target = target.encode().decode("latin-1")
        answer = e.get(f"/probe?target={target}:{server.port}&module={module}")
        refused += answer.status == 403
        reached = list(server.reached)
        t.check(f"{module}: {target}", (status == ANY or answer.status == status)
                and (reached == [where] if where else not reached),
                f"wanted {status} at {where}, reached {reached}\n{answer}")
        name = target.lower().rstrip(".")
        if status == 403 and module in ("names", "both", "none") and not name.endswith(".good.test"):
            t.check(f"{module}: {target}: not even a question", names.asked == questions, names.asked)
    t.equal("refusals are counted", value(e.metrics(), "mailprobe_on_demand_refused_total", reason="forbidden"),
            refused)


@case
def rebinding(t):
    """A name that leads elsewhere the second time it is asked for."""
    for address in GOOD, BAD:
        add_address(address)
    names, server = Names(TABLE), Everywhere()
    t.started += [names, server]
    e = t.exporter({"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": {
        "names": {"probe": "smtp", "tls": {"mode": "none"}, "allowed_targets": MODULES["names"]},
        "nets": {"probe": "smtp", "tls": {"mode": "none"}, "allowed_targets": MODULES["nets"]}}})
    for module, name in ("names", "rebind.good.test"), ("nets", "rebind.test"):
        for turn in range(1, 7):
            server.reached.clear()
            for path in ("/probe",) if turn % 3 else ("/api/v1/probe",):
                answer = e.get(f"{path}?target={name}:{server.port}&module={module}")
            t.equal(f"{name}, turn {turn}: one question, and what it says",
                    (names.count(name, A), answer.status, server.reached),
                    (turn, 200, [GOOD]) if turn % 2 else (turn, 403, []))
