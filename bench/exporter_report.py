# SPDX-License-Identifier: BSD-2-Clause
"""Tables and goals of the exporter's benchmark. Ratios are medians of those within a round."""

import os
import statistics

OURS, PEER = "mailprobe-exporter", "blackbox_exporter"
BARE_FORM = ", bare request"
THREADS, EPOLL = "bare client, threads", "bare client, epoll"
RATES = "{:35} {:>6} {:>8} {:>8} {:>5} {:>9} {:>8}  {:22} {:>10}"
LATENCY = "{:35} {:>8} {:>8} {:>12}"
PHASES = "{:24} {:>6} {:>8} {:>8}   {:>6} {:>8} {:>8}"
MEMORY = "{:24} {:17} {:>8} {:>8} {:>8} {:>12}"


def heading(rounds, seconds, remarks):
    print(f"{rounds} rounds of {seconds} s each; load before {os.getloadavg()[0]:.2f}")
    for remark in remarks:
        print(remark)


def middle(values):
    return statistics.median(values) if values else None


def spread(values):
    """Median and, in brackets, the middle half."""
    if len(values) < 2:
        return f"{values[0]:.3f}" if values else "-"
    low, half, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{half:.3f} ({low:.3f}-{high:.3f})"


def rates(found):
    for exchange in found.exchanges:
        for in_flight in exchange.in_flight:
            print(f"\n{exchange.title}; {in_flight} in flight")
            print(RATES.format("", "CPU µs", "a second", "measured", "busy", "others µs", "took ms",
                               "× bare, threads", "× blackbox"))
            for subject in found.subjects:
                samples = found.of(exchange.name, in_flight, subject.label)
                if samples:
                    print(RATES.format(*row(found, exchange.name, in_flight, subject.label,
                                            samples)).rstrip())
    for failure in found.failures:
        print(f"failed: {failure}")


def row(found, exchange, in_flight, label, samples):
    half = {name: middle([getattr(sample, name) for sample in samples])
            for name in samples[0]._fields}
    to_bare = found.ratios(exchange, in_flight, label, THREADS)
    peer = PEER + (BARE_FORM if label.endswith(BARE_FORM) else "")
    to_peer = found.ratios(exchange, in_flight, peer, label)
    return (label, f"{half['cpu_us']:.0f}", f"{1e6 / half['cpu_us']:.0f}", f"{half['rate']:.0f}",
            f"{100 * half['busy']:.0f}%", f"{half['others_us']:.0f}", f"{half['took_ms']:.2f}",
            "1" if label == THREADS else spread(to_bare),
            "1" if label == peer else f"{middle(to_peer):.2f}" if to_peer else "-")


def latency(found):
    print("\nOne at a time, ms: the whole request; what it took beyond the exchange that the answer "
          "tells of;\nbeyond the bare client's exchange, round by round")
    for exchange in found.exchanges:
        print(LATENCY.format(exchange.name, "took", "added", "beyond bare"))
        for subject in found.subjects:
            samples = found.of(exchange.name, 1, subject.label)
            if not samples:
                continue
            bare = subject.label in (EPOLL, THREADS)
            beyond = found.beyond(exchange.name, subject.label, THREADS)
            print(LATENCY.format(
                "  " + subject.label, f"{middle([s.took_ms for s in samples]):.3f}",
                "" if bare else f"{middle([s.added_ms for s in samples]):.3f}",
                "" if bare or not beyond else f"{middle(beyond):.3f}").rstrip())


def memory(rows, failures):
    print("\nResident memory; own: what belongs to no file; each: of those that wait, beyond idle")
    print(MEMORY.format("", "", "waiting", "MiB", "own MiB", "KiB for each"))
    idle = {row.label: row for row in rows if row.state == "idle"}
    for row in rows:
        base = idle.get(row.label)
        bare = base is None
        print(MEMORY.format(
            row.label, row.state, row.waiting or "", f"{row.total / 1024:.1f}",
            "" if bare else f"{row.own / 1024:.1f}",
            f"{each(row, base):.1f}" if row.waiting and not bare else "").rstrip())
    for failure in failures:
        print(f"failed: {failure}")


def each(row, base):
    return (row.total - base.total) / row.waiting


def schedule(many, paces, failures):
    if many:
        grown = (many.later - many.once) / many.count / many.passes if many.passes else 0
        print(f"\n{many.count} targets of the schedule: {many.fresh / 1024:.1f} MiB before they ran, "
              f"{many.once / 1024:.1f} MiB when each had run once"
              + (f",\nand {grown:.2f} KiB more for each run of a target that is remembered"
                 if many.passes else ""))
        for scrape in many.scrapes:
            print(f"  /metrics, {scrape.coding:8} {scrape.size / 1048576:7.1f} MiB in "
                  f"{scrape.ms:.0f} ms, the slowest {scrape.slowest_ms:.0f}, "
                  f"{scrape.cpu_ms:.0f} ms of CPU")
    for pace in paces:
        print(f"{pace.title}: due {pace.due:.0f} a second, done {pace.done:.0f} ± {pace.unsure:.0f}, "
              f"skipped {pace.skipped}; 99 % began within {pace.late_ms:g} ms;\n  CPU {pace.cpu_us:.0f} µs "
              f"for one, {100 * pace.busy:.0f} % of a core, so {6e7 / pace.cpu_us:.0f} a minute at "
              f"most; {pace.resident / 1024:.0f} MiB")
    for failure in failures:
        print(f"failed: {failure}")


def phases(delay_ms, found):
    alone, beside, busy = found
    print(f"\nPhases at a server that delays each step by {delay_ms} ms, error in ms: alone; while "
          f"1,000 other probes run\n({100 * busy:.0f} % of the core)")
    print(PHASES.format("", "n", "median", "largest", "n", "median", "largest"))
    here, there = alone.delayed(), beside.delayed()
    for phase in sorted(here, key=lambda phase: phase or "~"):
        print(PHASES.format(phase or "(not delayed, together)", *middle_and_largest(here[phase]),
                            *middle_and_largest(there.get(phase, []))))
    for name, errors in ("alone", alone), ("beside 1,000 others", beside):
        largest, case, phase = errors.largest()
        mean = statistics.fmean(mean for mean, _ in errors.clock)
        worst = max(worst for _, worst in errors.clock)
        print(f"{name}: the largest error is {largest:.3f} ms ({phase}, delayed: {case}); "
              f"{100 * errors.share(2):.2f} % are within 2 ms; the sandbox was late by "
              f"{mean:.3f} ms, at most {worst:.3f}, a bare handshake takes "
              f"{errors.handshake_ms:.3f}")


def middle_and_largest(errors):
    if not errors:
        return 0, "", ""
    return len(errors), f"{middle(errors):.3f}", f"{max(errors, key=abs):.3f}"


def compared(text, value, limit, at_least=False, unit="", digits=2):
    if value is None:
        print(f"not measured  {text}")
        return
    met = value >= limit if at_least else value <= limit
    print(f"{'met' if met else 'not met':13} {text}: {value:.{digits}f}{unit}")


def goals(found, memory_rows, many, paces, truth):
    print("\nGoals")
    for in_flight in (8, 64):
        compared(f"STARTTLS by /probe at most 1.15 of the bare client's CPU, threads, {in_flight} in "
                 "flight", middle(found.ratios("starttls", in_flight, OURS, THREADS)), 1.15)
    for exchange, limit in ("starttls", 1.5), ("plain", 4):
        for in_flight in (8, 64):
            for form, how in ("", ""), (BARE_FORM, ", asked without gzip"):
                compared(f"{exchange}: at least {limit} times blackbox_exporter's rate, {in_flight} "
                         f"in flight{how}",
                         middle(found.ratios(exchange, in_flight, PEER + form, OURS + form)), limit,
                         True)
    for exchange in "plain", "starttls":
        samples = found.of(exchange, 1, OURS)
        compared(f"{exchange}: /probe adds at most 0.15 ms to its exchange",
                 middle([sample.added_ms for sample in samples]), 0.15, digits=3)
        compared(f"{exchange}: a request at most 0.15 ms beyond the bare client's exchange",
                 middle(found.beyond(exchange, OURS, THREADS)), 0.15, digits=3)
    memory_goals([row for row in memory_rows if row.label == OURS])
    scrapes = many.scrapes if many else ()
    for coding in "identity", "gzip":
        compared(f"/metrics of 10,000 targets within 100 ms, {coding}",
                 next((s.ms for s in scrapes if s.coding == coding), None), 100, digits=0)
    pace_goals(paces)
    for number, how in (0, "alone"), (1, "beside 1,000 others"):
        compared(f"every phase within 2 ms, {how}: the largest error",
                 truth[number].largest()[0] if truth else None, 2, unit=" ms", digits=3)


def memory_goals(rows):
    idle = next((row for row in rows if row.state == "idle"), None)
    compared("idle at most 8 MiB", idle and idle.total / 1024, 8, digits=1)
    for row in rows:
        if row.state.startswith("plain") and idle:
            compared(f"at most 30 KiB for each waiting plain probe ({row.waiting}, {row.state})",
                     each(row, idle), 30, digits=1)
    most = max((row for row in rows if row.state == "plain, scheduled"), default=None,
               key=lambda row: row.waiting)
    compared("at most 300 MiB for 10,000 waiting"
             + (f" ({most.waiting})" if most else ""), most and most.total / 1024, 300, digits=0)


def pace_goals(paces):
    clear = next((pace for pace in paces if pace.tls is False), None)
    text = "in clear, what is due is done, as exactly as that can be counted, and nothing skipped"
    if clear:
        kept = not clear.skipped and clear.done + clear.unsure >= clear.due
        print(f"{'met' if kept else 'not met':13} {text} ({60 * clear.due:.0f} targets a minute): "
              f"{100 * clear.done / clear.due:.1f} ± {100 * clear.unsure / clear.due:.1f} %, "
              f"skipped {clear.skipped}")
    else:
        print(f"not measured  {text}")
    tls = next((pace for pace in paces if pace.tls), None)
    compared("to look at: 100,000 targets a minute and core with TLS, by CPU",
             tls and 6e7 / tls.cpu_us, 100000, True, digits=0)
