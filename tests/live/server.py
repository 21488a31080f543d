# SPDX-License-Identifier: BSD-2-Clause
"""What the real servers of the live tests have in common.

A Server runs inside a copy of the root that `fetch` unpacked for it, by chroot: there it finds
its files under the paths that were compiled in, its users in its own /etc/passwd, and nothing of
the machine's. The copy is made of hard links, so nothing may write into an unpacked file; `write`
replaces. Every process that has this copy as its root belongs to the server, which is how they
are all found in the end, whatever they forked.
"""

import contextlib
import glob
import os
import random
import signal
import socket
import ssl
import stat
import subprocess
import threading
import time

HOST = "mx.mail.test"
DOMAIN = "mail.test"
USER = "probe@mail.test"
SECOND = "second@mail.test"     # another address of the same mailbox, where a test needs two
# Blanks, quotes and all that a shell, a configuration file or a template might take for its own.
PASSWORD = 'pr0be "q\\uot\'ed" $x=%41+ä/|&;<#>{}'

UIDS = {"postfix": 61001, "dovecot": 61002, "dovenull": 61003, "Debian-exim": 61004,
        "opensmtpd": 61005, "opensmtpq": 61006, "nagios": 61008, "cyrus": 61009, "probe": 61010,
        "courier": 61011, "opendkim": 61013, "opendmarc": 61014, "postgrey": 61015, "nobody": 65534}
GIDS = {**UIDS, "postdrop": 61007, "mail": 61012}

# How a server greets on a port, and how one leaves again; anything not named here speaks SMTP.
MANNERS = {"imap": (b"* OK", b"a LOGOUT\r\n"), "pop3": (b"+OK", b"QUIT\r\n")}

START_SECONDS = 15
STOP_SECONDS = 5
LOG_LINES = 60


class Failed(Exception):
    """A server did not do what the tests need of it."""


def wait_for(what, seconds, look):
    """Polls until look() gives something true, which is returned; never longer than seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Failed(f"no {what} within {seconds} s")
        time.sleep(0.01)
    return found


def detailed(detail):
    """The address of the user, with a detail by which servers may sort (RFC 5233)."""
    return USER.replace("@", f"+{detail}@")


given, given_lock = set(), threading.Lock()


def free_port():
    """A port that nobody has and that was not given out before, below those for outgoing connections."""
    while True:
        port = random.randrange(15000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            with given_lock:                # servers start side by side, and bind later
                if port not in given:
                    given.add(port)
                    return port


def members(folder):
    """Process ids of all whose root is folder, or within it."""
    found = []
    for link in glob.glob("/proc/[0-9]*/root"):
        with contextlib.suppress(OSError):
            if (os.readlink(link) + "/").startswith(folder + "/"):
                found.append(int(link.split("/")[2]))
    return found


def signal_members(folder, number):
    for pid in members(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def guard(folder):
    """Forks a process that outlives us long enough to end the servers in folder and remove it.

    This is for the death that cannot be caught. Being told of a parent's death by the kernel would
    not do: that is forgotten when a server changes its user. Returns a descriptor that must stay
    open while we live.
    """
    reading, writing = os.pipe()
    if os.fork() != 0:
        os.close(reading)
        return writing
    os.setsid()
    os.close(writing)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in 0, 1, 2:
        os.dup2(nothing, standard)
    os.read(reading, 1)
    while members(folder):
        signal_members(folder, signal.SIGKILL)
    subprocess.run(["rm", "-rf", folder], check=False)
    os._exit(0)


class Server:
    name = None         # how it is called in the output
    origin = None       # whose root it has, unless it is of the same name
    services = ()       # names of the ports it wants
    bannered = ()       # those of them that must greet before the server counts as started
    silent = ()         # those that must take a connection, and say nothing first
    logs = ()           # paths of its logs inside the root
    key_owner = "root"  # who reads the private key
    maildir = None      # where mail lands, inside the root

    mechanisms = ()     # SASL mechanisms that it offers under TLS, strongest first
    token_mechanisms = ()
    ended = None        # matches what it logs at the end of a session, in whatever way that came
    polite = None       # matches in such a line, or near it, when the client ended as one should
    complaint = None    # matches what it logs of a client that misbehaves
    accepted = None     # what it logs of a message it accepts; {id} stands for the queue id

    def __init__(self, live, temp, ca):
        self.pristine = os.path.join(live, "root", self.origin or self.name)
        self.root = os.path.join(temp, self.name)
        self.ca = ca
        self.ports = {}
        self.processes = []

    # --- what a server is made of: overridden ---

    def configure(self):
        raise NotImplementedError

    def commands(self):
        """The command lines to start, each a list of words, seen from inside the root."""
        raise NotImplementedError

    def queue(self):
        """Paths of the messages that the server still has, given up to it but not delivered."""
        raise NotImplementedError


    @property
    def store(self):
        """The server where the mail lands that this one accepts."""
        return self

    @property
    def trusting(self):
        """For a client of our own: TLS that trusts this server's CA."""
        return ssl.create_default_context(cafile=self.ca.file)

    # --- files ---

    def path(self, inside):
        return os.path.join(self.root, inside.lstrip("/"))

    def write(self, inside, text, owner="root", mode=0o644):
        path = self.path(inside)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chown(path, UIDS.get(owner, 0), GIDS.get(owner, 0))
        os.chmod(path, mode)
        # Postfix waits until what it reads is no longer fresh, lest somebody still be writing it.
        os.utime(path, (time.time() - 60,) * 2)

    def copy(self, source, inside, owner="root", mode=0o644):
        with open(source, "rb") as file:
            self.write(inside, file.read(), owner, mode)

    def folder(self, inside, owner="root", mode=0o755, group=None):
        path = self.path(inside)
        os.makedirs(path, exist_ok=True)
        os.chown(path, UIDS.get(owner, 0), GIDS.get(group or owner, 0))
        os.chmod(path, mode)

    def mark(self):
        """Where the logs end now, for `log` to begin there."""
        return {inside: os.path.getsize(self.path(inside))
                for inside in self.logs if os.path.exists(self.path(inside))}

    def log(self, since=None):
        text = ""
        for inside in self.logs:
            with contextlib.suppress(FileNotFoundError), open(self.path(inside), "rb") as file:
                file.seek((since or {}).get(inside, 0))
                text += file.read().decode("utf-8", "replace")
        return text

    def sessions(self, since):
        """What was logged at the end of each session."""
        return [match.group() for match in self.ended.finditer(self.log(since))]

    def settled(self, since, visits, held):
        """Whether that many sessions are over, and logged; some others may be held open."""
        del held
        return len(self.sessions(since)) >= visits

    def tail(self, since=None):
        lines = "\n".join(self.log(since).splitlines()[-LOG_LINES:])
        return f"--- log of {self.name} ---\n{lines}"

    def mails(self, maildir=None):
        """The messages in a maildir inside the root, as a dictionary of path to bytes."""
        maildir = maildir or self.maildir
        found = {}
        for path in glob.glob(self.path(maildir) + "/new/*"):
            with open(path, "rb") as file:
                found[path] = file.read()
        return found

    def _furnish(self):
        """The root as a fresh system would have it: accounts, names, devices, certificates."""
        subprocess.run(["cp", "-al", self.pristine, self.root], check=True)
        self.write("/etc/passwd", "root:x:0:0::/:/bin/sh\n" + "".join(
            f"{user}:x:{uid}:{uid}::/home/{user}:/bin/sh\n" for user, uid in UIDS.items()))
        self.write("/etc/group", "root:x:0:\n" + "".join(
            f"{group}:x:{gid}:\n" for group, gid in GIDS.items()))
        self.write("/etc/hosts", f"127.0.0.1 localhost {HOST}\n::1 localhost\n")
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
        self.write("/etc/resolv.conf", "")
        self.folder("/dev")
        for name, minor in (("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)):
            os.mknod(self.path("/dev/" + name), stat.S_IFCHR | 0o666, os.makedev(1, minor))
            os.chmod(self.path("/dev/" + name), 0o666)
        for inside in ("/tmp", "/var/tmp"):
            self.folder(inside, mode=0o1777)
        self.folder("/home/probe", "probe", 0o700)
        self.folder("/run")
        os.makedirs(self.path("/var"), exist_ok=True)
        if not os.path.lexists(self.path("/var/run")):
            os.symlink("/run", self.path("/var/run"))
        self.certify()

    def certify(self):
        self.certificate, key = self.ca.issue(
            os.path.basename(self.root), HOST, f"DNS:{HOST},DNS:localhost,IP:127.0.0.1",
            "serverAuth")
        self.copy(self.ca.file, "/etc/tls/ca.pem")
        self.copy(self.certificate, "/etc/tls/mx.pem")
        self.copy(key, "/etc/tls/mx.key", self.key_owner, 0o600)

    # --- life ---

    def start(self):
        """A port may be taken between our choice and the server's bind: then others are tried."""
        for attempt in (1, 2, 3):
            self.ports = {service: free_port() for service in self.services}
            subprocess.run(["rm", "-rf", self.root], check=True)
            try:
                self._furnish()
                self.configure()
                for command in self.commands():
                    self._spawn(command)
                for service in self.bannered:
                    self._await_banner(service)
                for service in self.silent:
                    self._await_listener(service)
                return
            except Failed as problem:
                log = self.log()
                self.stop()
                if attempt == 3 or "in use" not in log:
                    raise Failed(f"{self.name} does not start: {problem}\n{log}") from None

    def run(self, *command, **options):
        """Runs a command inside the root to its end, and returns what it printed."""
        done = subprocess.run(["chroot", self.root, *command], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=START_SECONDS, check=False,
                              **options)
        if done.returncode != 0:
            raise Failed(f"{command[0]} says: {done.stdout}")
        return done.stdout

    def _spawn(self, command, log="/var/log/console"):
        os.makedirs(self.path("/var/log"), exist_ok=True)
        with open(self.path(log), "ab") as console:
            self.processes.append(subprocess.Popen(
                ["chroot", self.root, *command], cwd="/",
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, stdin=subprocess.DEVNULL,
                stdout=console, stderr=console, start_new_session=True))

    def _await_banner(self, service):
        port = self.ports[service]
        greeting, goodbye = MANNERS.get(service.removesuffix("s"), (b"220 ", b"QUIT\r\n"))

        def greeted():
            for process in self.processes:
                if process.poll() is not None:
                    raise Failed(f"{process.args[2]} ended with {process.returncode}")
            with contextlib.suppress(ConnectionRefusedError):
                with socket.create_connection(("127.0.0.1", port), START_SECONDS) as peer:
                    if service in ("imaps", "pop3s"):
                        peer = self.trusting.wrap_socket(peer, server_hostname=HOST)
                    said = peer.makefile("rb").readline()
                    peer.sendall(goodbye)
                    peer.makefile("rb").read()
                    return said.startswith(greeting)
        try:
            wait_for(f"banner on port {port}", START_SECONDS, greeted)
        except OSError as problem:
            raise Failed(f"port {port}: {problem}") from None

    def _await_listener(self, service):
        def listening():
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", self.ports[service])).close()
                return True
        wait_for(f"listener of {service}", START_SECONDS, listening)

    def stop(self):
        signal_members(self.root, signal.SIGTERM)
        try:
            wait_for("end of " + self.name, STOP_SECONDS, self._ended)
        except Failed:
            signal_members(self.root, signal.SIGKILL)
            wait_for("end of " + self.name, STOP_SECONDS, self._ended)
        self.processes = []

    def _ended(self):
        for process in self.processes:
            process.poll()
        return not members(self.root)
