# SPDX-License-Identifier: BSD-2-Clause
"""What many probes and reloads leave behind: nothing. --long: 100,000 and 1,000, with the figures."""

import concurrent.futures
import time

from harness import Options, alone, case, probe_path, smtp_talk, value, wait_for

MIB = 1 << 20


@alone
def growth(t):
    probes, reloads = (100000, 1000) if Options.long else (3000, 100)
    box = t.sandbox("smtp:0,name=smtp", "smtp:0,name=wrong,fault=banner-554")
    modules = {"plain": {"probe": "smtp", "timeout": "5s", "tls": {"mode": "none"}},
               "starttls": {"probe": "smtp", "timeout": "5s", "tls": {"mode": "starttls", "ca_file": box.ca}}}

    def config(turn):
        return {"limits": {"host_concurrency": 0, "host_rate": 0}, "history": 10, "modules": modules, "targets": [
            {"name": f"t{turn % 3}-{i}", "target": f"localhost:{box['wrong' if i % 2 else 'smtp']}", "module": "plain",
             "interval": "5s",
             "labels": {"turn": str(turn)}} for i in range(20)]}

    e = t.exporter(config(0))
    paths = [probe_path(f"localhost:{box['smtp']}", "plain"), probe_path(f"localhost:{box['smtp']}", "starttls",
            debug="true"),
             probe_path(f"localhost:{box['wrong']}", "plain"), "/probe?target=x%20y&module=plain", "/metrics",
             "/api/v1/status",
             probe_path(f"localhost:{box['smtp']}", "starttls", "/api/v1/probe"), "/api/v1/targets/t0-1"]
    wrong = []

    def load(count):
        connection = e.connect()
        for i in range(count):
            answer = connection.ask("GET", paths[i % len(paths)], {"Accept-Encoding": "gzip"} if i % 3 else {})
            if answer.status not in (200, 400, 404):
                wrong.append(answer)
        connection.close()

    def round(probes, reloads):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            loads = [pool.submit(load, probes * len(paths) // 5 // 4) for _ in range(4)]     # five in eight are probes
            for turn in range(reloads):
                if e.reload(config(turn)).status != 200:
                    wrong.append("reload")
            for one in loads:
                one.result()

    def figures():
        wait_for(lambda: value(e.metrics(), "mailprobe_workers_busy") <= 1, 10, "idle workers")
        return e.descriptors(), e.threads(), e.resident()

    round(300, 10)              # what is allocated once and for all
    before, begun = figures(), time.monotonic()
    round(probes, reloads)
    took = time.monotonic() - begun
    after = figures()
    if Options.long:
        print(f"# {probes} probes and {reloads} reloads in {took:.0f} s: descriptors {before[0]} to {after[0]}, "
              f"threads {before[1]} to "
              f"{after[1]}, memory {before[2] / MIB:.1f} MiB to {after[2] / MIB:.1f} MiB")
    t.check("all answers are right", not wrong, wrong[:3])
    t.check("descriptors as before", after[0] <= before[0] + 3, (before[0], after[0]))
    t.check("threads as before", after[1] <= before[1] + 20, (before[1], after[1]))
    t.check("memory as before", Options.san or after[2] <= before[2] + 12 * MIB,
            [f"{x / MIB:.1f} MiB" for x in (before[2], after[2])])
