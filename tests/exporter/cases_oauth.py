# SPDX-License-Identifier: BSD-2-Clause
"""Modules whose logins are by OAuth 2.0: their keys, and many threads that want one token."""

import concurrent.futures
import os
import pathlib
import sys
import tempfile

from harness import USER, case

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(TOP / "tests/oauth"), str(TOP / "tests/live")]

from ca import Ca  # noqa: E402
from endpoint import CLIENT, SECRET, Endpoint  # noqa: E402

TOKEN = "ya29.token-that-the-sandbox-takes"


@case
def one_token_for_many_threads(t):
    box = t.sandbox("submission:0", "imap:0", options=[f"--token={USER}:{TOKEN}"])
    with tempfile.TemporaryDirectory() as folder:
        ca = Ca(folder + "/ca")
        endpoint = Endpoint(*ca.issue("endpoint", "endpoint", "DNS:localhost", "serverAuth"), lambda form: TOKEN)
        try:
            many_threads(t, box, ca, endpoint, folder)
        finally:
            endpoint.close()


def many_threads(t, box, ca, endpoint, folder):
    both = "".join(pathlib.Path(path).read_text(encoding="ascii") for path in (ca.file, box.ca))

    def module(path, kind="smtp", **more):
        auth = {"user": USER, "oauth_endpoint": endpoint.url(path), "oauth_client_id": CLIENT,
                "oauth_client_secret_file": "secret", **more}
        return {"probe": kind, "timeout": "20s", "tls": {"mode": "starttls", "ca_file": "both.pem"}, "auth": auth,
                "allowed_targets": ["localhost", "127.0.0.0/8", "::1"]}

    cache = os.path.join(folder, "tokens")
    config = {"limits": {"host_concurrency": 0, "host_rate": 0}, "modules": {
        "kept": module("late", oauth_cache=cache), "mail": module("late", "imap", oauth_cache=cache),
        "each": module("token"), "broken": module("invalid-client")}}
    e = t.exporter(config, files={"secret": SECRET + "\n", "both.pem": both})
    ports = {"kept": box["submission"], "mail": box["imap"], "each": box["submission"]}
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(e.probe, f"localhost:{ports[name]}", name) for _ in range(8) for name in ("kept", "mail")]
        good = [b"\nprobe_success 1\n" in b"\n" + job.result().body for job in jobs]
        t.check("16 probes at once log in with one token", all(good), good)
        t.equal("the endpoint was asked once", len(endpoint.requests), 1)
        jobs = [pool.submit(e.probe, f"localhost:{ports['each']}", "each") for _ in range(16)]
        good = [b"\nprobe_success 1\n" in b"\n" + job.result().body for job in jobs]
        t.check("16 probes at once get a token each", all(good), good)
        t.equal("the endpoint was asked by each", len(endpoint.requests), 17)
    answer = e.probe(f"localhost:{box['submission']}", "broken", debug="true")
    t.check("phase and cause of a token that was refused",
            b'phase="token",cause="oauth_token"' in answer.body, answer)
    t.check("no secret is in it", SECRET.encode() not in answer.body and TOKEN.encode() not in answer.body, answer)
    del config["modules"]["each"]["allowed_targets"]
    t.check("a module with an endpoint needs allowed_targets", e.reload(config).status != 200)
