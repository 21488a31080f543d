# SPDX-License-Identifier: BSD-2-Clause
"""Compiles the C programs of a benchmark, with the flags Debian builds its packages with."""

import os
import subprocess

from measuring import Failed

HERE = os.path.dirname(os.path.abspath(__file__))
HARDENED = ("-g", "-O2", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2", "-fPIE", "-pie",
            "-Wl,-z,relro")


def compile_programs(build, programs):
    """`programs` are rows of source, program, flags, libraries; they go to bench in the build
    folder. The linker's remarks on static glibc are only shown when it fails."""
    folder = os.path.join(build, "bench")
    os.makedirs(folder, exist_ok=True)
    for source, program, flags, libraries in programs:
        source, program = os.path.join(HERE, source), os.path.join(folder, program)
        if os.path.exists(program) and os.path.getmtime(program) > os.path.getmtime(source):
            continue
        done = subprocess.run([os.environ.get("CC", "cc"), *flags, "-o", program, source,
                               *libraries], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        if done.returncode:
            raise Failed(f"cannot build {program}:\n{done.stderr}")
