# SPDX-License-Identifier: BSD-2-Clause
"""Starts the sandbox mail server for as long as a `with` block runs.

The block begins when every listener is bound and ends with the server gone, whatever happened in
it. The state directory is the server's own and is removed with it; `hashed` in it holds the
throwaway CA under its hashed name, so that a client can be given a directory and reads no bundle.
"""

import os
import shutil
import subprocess
import tempfile
import time

START_SECONDS = 10
USER = "probe@sandbox.test"
PASSWORD = "correct-horse"


def hashed(ca_file, folder):
    """Makes a folder that has a CA certificate under its hashed name, and returns it."""
    os.mkdir(folder)
    shutil.copy(ca_file, folder)
    subprocess.run(["openssl", "rehash", folder], check=True)
    return folder


class Sandbox:
    strict = True       # a command behind a login must wait for its answer

    def __init__(self, program, listens, options=()):
        self.command = [program, "--with-parent", *options]
        self.command += [f"--listen={listen}" for listen in listens]
        self.ports = {}
        self.process = None

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="mailprobe-")
        try:
            self._start()
            self.ca_file = self.path("ca.pem")
            self.ca_path = hashed(self.ca_file, self.path("hashed"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def _start(self):
        with open(self.path("log"), "w") as log:
            self.process = subprocess.Popen(
                [*self.command, f"--state-dir={self.directory}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not os.path.exists(self.path("ready")):
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(self.path("log")) as log:
                    raise RuntimeError(f"the sandbox did not start: {log.read().strip()}")
            time.sleep(0.005)
        with open(self.path("ready")) as ready:
            for line in ready:
                label, _, _, port = line.split()
                self.ports[label] = int(port)
