# SPDX-License-Identifier: BSD-2-Clause
"""The page on the real exporter, with a sandbox as the mail server."""

import contextlib
import pathlib
import re
import subprocess
import tempfile
import threading
import time

from browser import OVERFLOW, Failed, equal, expect
from cases_fake import IN_ROW, ROW, ready

START = 15
BANNER = "220 <img src=x onerror=\"hit=1\"><script>hit=1</script> \u202egnp.exe"
BANNER_SHOWN = "<img src=x onerror=\"hit=1\"><script>hit=1</script> \\u202egnp.exe"
CONFIG = """\
history: 30
modules:
  banner: {{probe: smtp, timeout: 2s}}
  choosy: {{probe: smtp, timeout: 2s, expect: "no such banner"}}
  submission:
    probe: smtp
    timeout: 2s
    tls: {{mode: starttls, ca_file: "{box}/ca.pem"}}
    auth: {{user: probe@sandbox.test, password_file: "{box}/pass"}}
    allowed_targets: ["localhost"]
targets:
  - {{name: "mx/1 %", target: "localhost:{submission}", module: submission, interval: 2s, labels: {{site: paris}}}}
  - {{name: fragile, target: "localhost:{fragile}", module: banner, interval: 2s}}
  - {{name: hostile, target: "localhost:{hostile}", module: banner, interval: 2s}}
  - {{name: refused, target: "localhost:{refusing}", module: banner, interval: 2s, labels: {{site: oslo}}}}
"""


def end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def sandbox(program, folder, *listeners):
    """A sandbox, and its ports by label."""
    folder.mkdir()
    command = [program, f"--state-dir={folder}", "--with-parent", *[f"--listen={x}" for x in listeners]]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        limit = time.monotonic() + START
        while not (folder / "ready").exists():
            if process.poll() is not None or time.monotonic() > limit:
                raise Failed(f"sandbox: {process.stderr.read1() if process.poll() is not None else 'not ready'}")
            time.sleep(0.02)
        yield process, {line.split()[0]: int(line.split()[3]) for line in (folder / "ready").read_text().splitlines()}
    finally:
        end(process)


@contextlib.contextmanager
def exporter(program, config):
    """An exporter on a port of its choice: its address, and what it logged."""
    process = subprocess.Popen([program, f"--config.file={config}", "--web.listen-address=127.0.0.1:0"],
                               stderr=subprocess.PIPE, text=True, errors="replace")
    log = []
    listening = threading.Event()

    def read():
        for line in process.stderr:
            log.append(line)
            if "msg=" in line and "listening" in line and "address=" in line:
                listening.set()
        listening.set()

    threading.Thread(target=read, daemon=True).start()
    try:
        listening.wait(START)
        found = re.search(r"address=\"?127\.0\.0\.1:(\d+)", "".join(log))
        if not found:
            raise Failed("the exporter does not listen:\n" + "".join(log[-20:]))
        yield f"http://127.0.0.1:{found[1]}/", log
    finally:
        end(process)


class Real:
    """Both programs, for all cases of this file."""

    def __init__(self, stack, programs):
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="page-")))
        _, ports = stack.enter_context(sandbox(
            programs.sandbox, self.folder / "box", "submission:0", f"smtp:0,name=hostile,fault=reply:banner={BANNER}",
            "smtp:0,name=refusing,fault=banner-554"))
        self.box, fragile = stack.enter_context(
            sandbox(programs.sandbox, self.folder / "fragile", "smtp:0,name=fragile"))
        self.ports = {**ports, **fragile}
        (self.folder / "box" / "pass").write_text("correct-horse\n")
        config = self.folder / "config.yml"
        config.write_text(CONFIG.format(box=self.folder / "box", **self.ports))
        self.url, self.log = stack.enter_context(exporter(programs.exporter, config))


def list_appears(b, real):
    """the list appears, and every target runs"""
    b.open(real.url)
    ready(b, 4)
    b.wait("no target waits for its first run", "!document.querySelector('#rows [data-state=PENDING]')")
    equal(b.js(f"return {ROW}.dataset.state", "mx/1 %"), "OK",
          "state of the sound one: " + b.js(f"return {ROW}.textContent", "mx/1 %"))
    equal(b.names()[0], "refused", "the worst is first")
    expect(b.js(f"return {IN_ROW}", "refused", "rejected"), "its verdict")
    expect(b.js("return document.title").startswith("1 critical"), "title")
    b.js("location.hash = '#/?label=site%3Dparis'")
    ready(b, 1)
    b.size(360, 740)
    b.open(real.url)
    ready(b, 4)
    equal(b.js(OVERFLOW), [], "overflow")


def own_page(b, real):
    """a target's page: waterfall, history, certificate, transcript of a failure"""
    b.open(real.url)
    ready(b, 4)
    b.js(f"{ROW}.querySelector('a').click()", "mx/1 %")
    b.wait_text("#target h1", "mx/1 %")
    b.wait("waterfall", "document.querySelectorAll('#target .waterfall tbody tr').length > 6")
    phases = b.texts("#target .waterfall tbody th")
    for phase in "connect", "banner", "ehlo", "starttls", "tls", "auth", "quit":
        expect(phase in phases, f"{phase} in {phases}")
    expect(b.js("return document.querySelector('#target .waterfall tbody tr:last-child').className") == "bye",
           "the goodbye is grey")
    b.wait("two runs in the plot", "document.querySelectorAll('#target .plot path:not([class])').length > 6"
           " && /[2-9] runs|\\d\\d runs/.test("
           "document.querySelector('#target .part .quiet + .plot-frame')?.parentNode.textContent)")
    expect(re.search(r"ends.*in \d+ days?", b.text("#target .columns")), "certificate: " + b.text("#target .columns"))
    expect("PIPELINING" in b.text("#target .body"), "capabilities")
    b.js("location.hash = '#/target/refused'")
    b.wait_text("#target .sentence", "rejected")
    expect("554" in b.text("#target .reply"), "the server's reply")
    b.wait("failures", "document.querySelector('#target .failures summary')")
    b.click("#target .failures summary")
    b.wait_text("#target .failures details[open] .transcript", "554")


def run_button(b, real):
    """run now"""
    b.open(real.url + "#/target/mx%2F1%20%25")
    b.wait_text("#target .sentence", "ok")
    b.click("#target button.main")
    b.wait("asked", "document.querySelector('#target button.main').disabled"
           " || document.querySelector('#target .says').textContent === ''")
    b.wait("ran", "!document.querySelector('#target button.main').disabled")
    equal(b.text("#target .says"), "", "no complaint")


def hostile(b, real):
    """markup in a banner is text"""
    b.open(real.url + "#/target/hostile")
    b.wait_text("#target", BANNER_SHOWN)
    equal(b.js("return document.querySelectorAll('main :is(img, script, iframe)').length"), 0, "elements of theirs")


def form(b, real):
    """the form"""
    b.open(real.url + f"#/probe?target=localhost:{real.ports['submission']}&module=banner")
    b.wait("modules", "document.getElementById('ask-module').value === 'banner'")
    b.click("#ask button.main")
    b.wait_text("#answer .sentence", "ok")
    expect("220 " in b.text("#answer .transcript"), "transcript")
    expect("banner" in b.texts("#answer .waterfall tbody th"), "waterfall")
    b.js("document.getElementById('ask-module').value = 'submission';"
         "document.getElementById('ask-target').value = arguments[0]",
         f"127.0.0.1:{real.ports['submission']}")
    b.click("#ask button.main")
    b.wait_text("#ask-says", "This is not allowed: ")
    b.js("document.getElementById('ask-target').value = 'localhost:99999'")
    b.click("#ask button.main")
    b.wait_text("#ask-says", "The exporter does not understand this: ")


def breaks(b, real):
    """a state turns when a server breaks"""
    b.open(real.url)
    ready(b, 4)
    b.wait("well", f"{ROW}.dataset.state === 'OK'", "fragile")
    end(real.box)
    b.wait("broken", f"{ROW}.dataset.state === 'CRITICAL'", "fragile")
    expect(b.js(f"return {IN_ROW}", "fragile", "connect_refused"), "its verdict")
    equal(b.names()[0], "fragile", "the newest change is first")
    b.wait("title", "document.title.startsWith('2 critical')")


CASES = [(list_appears, False), (own_page, False), (run_button, False), (hostile, False), (form, True), (breaks, False)]
