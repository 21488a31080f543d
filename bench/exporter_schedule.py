# SPDX-License-Identifier: BSD-2-Clause
"""The exporter's own schedule: memory with many targets, what /metrics takes, what a run costs, and
whether a hundred thousand targets a minute are kept up with.
"""

import gzip
import re
import socket
import statistics
import subprocess
import time
from typing import NamedTuple

from exporter_subjects import HOST, SETTLE_SECONDS, Exporter
from measuring import Failed

ACCEPT = ("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,"
          "*/*;q=0.1")
SCRAPE_SECONDS = 300


class Scrape(NamedTuple):
    coding: str
    ms: float                   # median
    slowest_ms: float
    cpu_ms: float               # of the exporter in the meantime: the schedule's runs too
    size: int


class Many(NamedTuple):
    count: int
    fresh: int                  # KiB before the first run
    once: int                   # when each had run once
    later: int                  # some runs later
    passes: float               # how many
    scrapes: tuple


class Pace(NamedTuple):
    title: str
    tls: bool
    due: float                  # runs a second that the configuration asks for
    done: float                 # that there were, give or take
    unsure: float               # so many: a scrape takes time, and counts as it goes
    skipped: int
    late_ms: float              # 99 of 100 runs began within
    cpu_us: float               # for one run
    busy: float
    resident: int


def targets(bench, module, service, count, interval):
    target = f"{HOST}:{bench.ports[service]}"
    return [{"name": f"target{number:06}", "target": target, "module": module,
             "interval": f"{interval}s", "labels": {"site": f"site{number % 10}"}}
            for number in range(count)]


def scrape(process, coding, buffer):
    """Time to the last byte, and the body as a view. Read as it comes, into one buffer: the reader
    must not be what is measured."""
    with socket.create_connection(("127.0.0.1", process.port), SCRAPE_SECONDS) as to:
        field = "Accept-Encoding: gzip\r\n" if coding == "gzip" else ""
        began = time.monotonic()
        to.sendall(f"GET /metrics HTTP/1.1\r\nHost: bench\r\nAccept: {ACCEPT}\r\n{field}"
                   "Connection: close\r\n\r\n".encode())
        held, view = 0, memoryview(buffer)
        while got := to.recv_into(view[held:]):
            held += got
            if held == len(buffer):
                raise Failed("/metrics is longer than expected")
        took = time.monotonic() - began
    end = buffer.find(b"\r\n\r\n", 0, 8192)
    header = bytes(view[:end]).lower()
    if not header.startswith(b"http/1.1 200 "):
        raise Failed(f"/metrics: {header[:300]!r}")
    if (b"content-encoding: gzip" in header) != (coding == "gzip"):
        raise Failed(f"/metrics: asked for {coding}: {header[:300]!r}")
    body = view[end + 4:held]
    return took, joined(bytes(body)) if b"transfer-encoding: chunked" in header else body


def joined(chunks):
    """RFC 9112 section 7.1."""
    parts, at = [], 0
    while True:
        end = chunks.index(b"\r\n", at)
        length = int(chunks[at:end].split(b";")[0], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(chunks[end + 2:end + 2 + length])
        at = end + 2 + length + 2


def scrapes(process, count, times):
    """Alternately in both codings; each target must be there, in both."""
    buffer = bytearray(64 * 1024 * 1024 + count * 40000)
    taken, bodies = {"identity": [], "gzip": []}, {}
    for _ in range(times):
        for coding, each in taken.items():
            before = process.cpu_seconds()
            took, body = scrape(process, coding, buffer)
            each.append((took, process.cpu_seconds() - before))
            bodies[coding] = bytes(body)
    for coding, each in taken.items():
        body = bodies[coding]
        text = gzip.decompress(body) if coding == "gzip" else body
        there = text.count(b"\nprobe_success{")
        if there != count:
            raise Failed(f"/metrics, {coding}: {there} of {count} targets")
        yield Scrape(coding, 1e3 * statistics.median(took for took, _ in each),
                     1e3 * max(took for took, _ in each),
                     1e3 * statistics.median(cpu for _, cpu in each), len(body))


def many(bench, modules, count, interval, passes, times):
    """Runs are spread over one interval; then all have run once."""
    with Exporter(bench.exporter, bench.cpu, bench.folder, modules,
                  targets(bench, "plain", "smtp", count, interval)) as process:
        fresh = process.resident_kib()[0]
        time.sleep(interval + SETTLE_SECONDS)
        once = process.resident_kib()[0]
        time.sleep(passes * interval)
        later = process.resident_kib()[0]
        return Many(count, fresh, once, later, passes, tuple(scrapes(process, count, times)))


def total(text, name):
    return sum(float(value) for value in re.findall(
        rb"\n" + name + rb"[{ ](?:[^\n]*\} )?([0-9.e+]+)", text))


def buckets(text):
    return sorted((float(edge), float(value)) for edge, value in re.findall(
        rb'\nmailprobe_lateness_seconds_bucket\{le="([^"]+)"\} ([0-9.e+]+)', text))


def sums(process, buffer):
    """Of /metrics: when it was asked for, runs by then, runs skipped, the buckets of lateness, and
    how long it took."""
    began = time.monotonic()
    took, text = scrape(process, "identity", buffer)
    return (began, total(text, b"mailprobe_runs_total"),
            total(text, b"mailprobe_skipped_runs_total"), buckets(text), took)


def within(before, after, share):
    """The upper edge of the bucket where so large a share of the runs between began, in ms."""
    counts = [(edge, value - dict(before).get(edge, 0)) for edge, value in after]
    if not counts or counts[-1][1] <= 0:
        return float("nan")
    return next(1e3 * edge for edge, value in counts if value >= share * counts[-1][1])


def pace(bench, modules, title, module, count, interval, intervals):
    """Once the first runs are over: how many there are in whole intervals, over which targets need
    not be spread evenly, as the exporter counts them between two scrapes; and its CPU between
    these."""
    with Exporter(bench.exporter, bench.cpu, bench.folder, modules,
                  targets(bench, module, "smtp", count, interval)) as process:
        buffer = bytearray(64 * 1024 * 1024 + count * 40000)
        time.sleep(interval + SETTLE_SECONDS)
        first = sums(process, buffer)
        began, cpu = time.monotonic(), process.cpu_seconds()
        time.sleep(max(0, first[0] + intervals * interval - began))
        busy = (process.cpu_seconds() - cpu) / (time.monotonic() - began)
        resident = process.resident_kib()[0]
        second = sums(process, buffer)
    lasted = second[0] - first[0]
    done = (second[1] - first[1]) / lasted
    if not done:
        raise Failed(f"{title}: nothing ran")
    return Pace(title, module != "plain", count / interval, done,
                done * max(first[4], second[4]) / lasted, int(second[2] - first[2]),
                within(first[3], second[3], 0.99), 1e6 * busy / done, busy, resident)


def attempt(failures, action, *arguments):
    try:
        return action(*arguments)
    except (Failed, OSError, ValueError, subprocess.TimeoutExpired) as failure:
        failures.append(f"{action.__name__}: {failure}")
        return None
