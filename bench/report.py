# SPDX-License-Identifier: BSD-2-Clause
"""Tables and goals, from samples.

A ratio is taken within each round and then the median of these is shown, with the middle half of
them behind it: two medians divided by each other would compare different minutes of the machine.
"""

import os
import statistics
from typing import NamedTuple

from scenarios import Scenario

COLUMNS = "{:24} {:>7} {:>8} {:>6} {:>8} {:>6}  {:22} {}"

GOALS = (         # scenario, who, compared with whom, at most
    ("plain", "check_mail_smtp", "check_smtp", 1.0),
    ("starttls", "check_mail_smtp", "floor", 1.15),
    ("auth", "check_mail_smtp", "floor", 1.15),
    ("plain", "check_mail_smtp, static", "floor, static", 1.15),
    ("starttls", "check_mail_smtp, static", "floor, static", 1.15),
    ("auth", "check_mail_smtp, static", "floor, static", 1.15),
) + tuple(
    (scenario, *goal)
    for protocol, check, peer in (("imaps", "check_mail_imap", "check_simap, blind"),
                                  ("pop3s", "check_mail_pop3", "check_spop, blind"))
    for scenario in (protocol, protocol + "-dovecot")
    for goal in ((check, "floor", 1.15), (check + ", static", "floor, static", 1.15),
                 (check, peer, 1.0)))


class Result(NamedTuple):
    scenario: Scenario
    candidates: list
    samples: dict
    watched: dict
    counted: dict
    failures: list


def ratios(samples, label, other):
    """First quartile, median and third quartile of the CPU of one over the other, by round."""
    each = [a.cpu_ms / b.cpu_ms for a, b in zip(samples[label], samples[other])]
    if len(each) == 1:
        return each * 3
    return statistics.quantiles(each, n=4, method="inclusive")


def heading(rounds, remark, absent):
    print(f"{rounds} rounds; {remark}; load before {os.getloadavg()[0]:.2f}")
    print("CPU, wall and peak are medians; × floor is CPU over the floor of the same kind, round "
          "by round:\nmedian and, in brackets, the middle half.")
    for sentence in absent:
        print(sentence)


def table(result):
    print(f"\n{result.scenario.title}")
    print(COLUMNS.format("", "CPU ms", "wall ms", "MiB", "objects", "calls", "× floor",
                         "refuses a wrong").rstrip())
    for candidate in result.candidates:
        runs = result.samples[candidate.label]
        counts = result.counted[candidate.label]
        low, middle, high = ratios(result.samples, candidate.label, candidate.floor)
        own = candidate.label == candidate.floor
        print(COLUMNS.format(
            candidate.label,
            f"{statistics.median(run.cpu_ms for run in runs):.2f}",
            f"{statistics.median(run.wall_ms for run in runs):.2f}",
            f"{statistics.median(run.peak_mib for run in runs):.1f}",
            counts.objects, "-" if counts.calls is None else counts.calls,
            "1" if own else f"{middle:.3f} ({low:.3f}-{high:.3f})",
            result.watched[candidate.label]).rstrip())
    for failure in result.failures:
        print(f"failed: {failure}")


def remarks(results):
    print()
    measured = {c.label: c for result in results.values() for c in result.candidates}
    for candidate in measured.values():
        if candidate.remark:
            print(f"{candidate.label}: {candidate.remark}")
    print(f"load after {os.getloadavg()[0]:.2f}")


def goals(results):
    """Where the other is no floor, what the floor itself reaches is said too: less is out of
    reach."""
    print("\nGoals, CPU")
    for scenario, label, other, limit in GOALS:
        text = f"{scenario}: {label} at most {limit:.2f} of {other}"
        result = results.get(scenario)
        measured = {c.label: c for c in result.candidates} if result else {}
        if label not in measured or other not in measured:
            print(f"not measured  {text}")
            continue
        _, middle, _ = ratios(result.samples, label, other)
        floor = measured[label].floor
        if other != floor:
            text += f" (the floor: {ratios(result.samples, floor, other)[1]:.3f})"
        print(f"{'met' if middle <= limit else 'not met':13} {text}: {middle:.3f}")
