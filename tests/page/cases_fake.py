# SPDX-License-Identifier: BSD-2-Clause
"""What the page does with an exporter of words: many targets, hostile strings, one that is gone, slow or reloaded."""

import re
import time

import fake
from browser import CONTRAST, OVERFLOW, Failed, Keys, equal, expect

HOSTILE = ("<img src=x onerror=\"hit=1\"><script>hit=1</script><b>&amp;\u202egnp.exe\u2066 \u0007\u001b[2J\u200b"
           "\ud83d\udce8 end")
SHOWN = ("<img src=x onerror=\"hit=1\"><script>hit=1</script><b>&amp;\\u202egnp.exe\\u2066 \\u0007\\u001b[2J\\u200b"
         "\ud83d\udce8 end").encode("utf-16", "surrogatepass").decode("utf-16")
HOSTILE = HOSTILE.encode("utf-16", "surrogatepass").decode("utf-16")
LONG = "x" * 5000
NAMES = ["a/b", "50%", "q?x=1&y=2", "#hash", "with blank", "Grüße 漢字", "__proto__", "constructor", "%2F", "a+b",
         "'\"<b>",
         "x/run", "\\back", ";s", HOSTILE]

ROW = ("[...document.querySelectorAll('#rows .row')]"
       ".find((r) => r.querySelector('.name').textContent === arguments[0])")
IN_ROW = ROW + "?.textContent.includes(arguments[1])"


def ready(b, count=None):
    rows = "document.querySelectorAll('#rows .row').length"
    try:
        b.wait(f"{count or 'any'} rows", rows + (f" === {count}" if count else " > 0"))
    except Failed as failure:
        raise Failed(f"{failure}; there are {b.js('return ' + rows)} at {b.js('return location.href')}") from None


def small(exporter, count=30):
    fake.populate(exporter, count)


def worst_first(b, e):
    """all targets, worst first, newest change first"""
    small(e)
    b.open(e.url)
    ready(b, 30)
    equal(b.names()[:7], ["mx2.fallback", "mx1", "imap-front", "lists", "relay-greylisting", "webmail", "just-added"],
          "order")
    ages = [-e.targets[name]["since"] for name in b.names()[7:]]
    equal(ages, sorted(ages), "order of those that are well")
    equal(b.texts("#counts .count"), ["3critical", "1unknown", "2warning", "1not yet run", "23ok"], "counts")
    equal(b.js("return [...document.querySelectorAll('#rows .row')].slice(5, 8).map((r) => r.children[0].textContent)"),
          ["warning", "not yet run", "ok"], "words of states")
    expect("auth_rejected" in b.js(f"return {ROW}.textContent", "mx1"), "the verdict stands in the row")
    bars = b.js("return [...document.querySelectorAll('#rows .bar')].map((n) => ["
                "n.getAttribute('aria-label'),"
                " getComputedStyle(n).backgroundImage])")
    expect("auth" in bars[1][0] and "failed" in bars[1][0], f"phases of a failed run: {bars[1][0]}")
    expect(bars[9][1].count("rgb") > 8, "a bar has its phases")
    expect(b.js("return document.querySelector('#rows .bar').classList.contains('cut')"),
           "a timeout is longer than the scale")
    equal(b.js("return document.querySelector('#rows .row:nth-child(2) .strip').getAttribute('aria-label')"),
          "last 60 runs: 4 critical, 2 warning, 54 ok", "history, spoken")


def title_and_icon(b, e):
    """title and icon tell the worst state"""
    small(e, 9)
    b.open(e.url)
    ready(b, 9)
    b.wait("title", "document.title === '3 critical · mailprobe'")
    icon = b.js("return document.getElementById('icon').href")
    for name in list(e.targets):
        e.run(name)
    b.poke()
    b.wait("title", "document.title === 'ok · mailprobe'")
    expect(b.js("return document.getElementById('icon').href") != icon, "the icon changes too")
    expect(icon.startswith("data:image/svg+xml,"), "the icon is of the page's making")


def filters(b, e):
    """filter by text, state and label, in the address"""
    small(e)
    b.open(e.url)
    ready(b, 30)
    b.keys("/", "auth_", "rej")
    b.wait("one row", "document.querySelectorAll('#rows .row').length === 1")
    equal(b.names(), ["mx1"], "by cause")
    expect("q=auth_rej" in b.js("return location.hash"), "text stands in the address")
    b.keys(Keys.ESCAPE)
    ready(b, 30)
    b.click("#counts [data-state=CRITICAL]")
    b.click("#counts [data-state=UNKNOWN]")
    ready(b, 4)
    equal(b.js("return location.hash"), "#/?state=critical%2Cunknown", "states stand in the address")
    equal(b.js("return document.querySelector('#counts [data-state=UNKNOWN]').ariaPressed"), "true", "pressed")
    b.js("const s = document.getElementById('label'); s.value = JSON.stringify(['site', 'paris']);"
         "s.dispatchEvent(new Event('change', { bubbles: true }))")
    ready(b, 1)
    equal(b.names(), ["mx1"], "by state and label")
    b.driver.refresh()
    ready(b, 1)
    equal(b.texts("#chips .chip"), ["site=paris ✕"], "the filter survives reloading")
    equal(b.text("#matches"), "1 of 30", "how many match")
    b.driver.back()
    ready(b, 4)
    b.open(e.url + "#/?q=nothing-like-it")
    b.wait_text("#nothing", "No target matches the filter.")


def in_place(b, e):
    """an update keeps focus, scroll position and selection"""
    small(e, 60)
    b.open(e.url)
    ready(b, 60)
    name = b.names()[40]
    b.js("window.row = " + ROW + "; row.querySelector('a').focus(); row.scrollIntoView({ block: 'center' })", name)
    before = b.js("return row.getBoundingClientRect().top")
    # Another one turns critical: a row comes in above, and what is looked at stays where it is.
    other = b.names()[50]
    e.run(other, "timeout")
    b.poke()
    b.wait("order", "document.querySelector('#rows .name').textContent === arguments[0]", other)
    after = b.js("return row.getBoundingClientRect().top")
    expect(abs(after - before) < 3, f"the row stays where it is: {before} {after}")
    # The one with the focus turns critical itself: it moves, and keeps the focus.
    e.run(name, "auth_rejected")
    b.poke()
    b.wait("first", "document.querySelector('#rows .name').textContent === arguments[0]", name)
    expect(b.js("return document.activeElement === row.querySelector('a') && row.isConnected"), "the focus stays")
    # A selection stays, with what is selected; given up, the text is the new one.
    b.js("const r = document.createRange(); window.cell = row.querySelector('.what bdi'); r.selectNodeContents(cell);"
         "getSelection().removeAllRanges(); getSelection().addRange(r)")
    selected = b.js("return String(getSelection())")
    expect("auth_rejected" in selected, f"selected {selected!r}")
    e.run(name, "connect_refused")
    third = b.names()[30]
    e.run(third, "tempfail")
    b.poke()
    b.wait("the other's update", IN_ROW, third, "tempfail")
    equal(b.js("return String(getSelection())"), selected, "selection")
    b.js("getSelection().removeAllRanges()")
    b.wait("what was put off", IN_ROW, name, "connect_refused")
    # With a filter that it does not match any more, the row with the focus stays until it is left.
    b.js("location.hash = '#/?state=critical'")
    b.wait("filter", "!document.querySelector('#rows [data-state=OK]')")
    b.js("row.querySelector('a').focus()")
    e.run(name)
    b.poke()
    b.wait("well again", "row.dataset.state === 'OK'")
    expect(b.js("return document.activeElement === row.querySelector('a')"),
           "the focus stays in a row that does not match")
    b.js("document.activeElement.blur()")
    b.wait("gone", "!row.isConnected")
    # So does that of a target which is configured no more.
    b.js("location.hash = '#/'")
    b.wait("all", "document.querySelectorAll('#rows .row').length === 60")
    b.js("window.row = " + ROW + "; row.querySelector('a').focus()", name)
    with e.lock:
        e.replace()
        e.add("one")
    b.poke()
    ready(b, 2)
    expect(b.js("return document.activeElement === row.querySelector('a')"), "the focus stays in a row of the past")
    b.js("document.activeElement.blur()")
    ready(b, 1)


def patches(b, e):
    """an update touches what changed and nothing else"""
    small(e, 60)
    b.open(e.url)
    ready(b, 60)
    name = b.names()[30]
    b.js("""window.touched = new Set();
        new MutationObserver((all) => all.forEach((m) => touched.add((m.target.closest?.('.row')
            ?? m.target.parentElement?.closest('.row'))?.querySelector('.name').textContent)))
        .observe(document.getElementById('rows'),
            { subtree: true, childList: true, characterData: true, attributes: true })""")
    e.run(name, factor=0.7)
    b.poke()
    b.wait("a change", "touched.size > 0")
    touched = b.js("return [...touched]")
    # The age of one or two may have passed a minute.
    expect(name in touched and len(touched) <= 4, f"touched: {touched}")


def target_page(b, e):
    """a target's page: verdict, waterfall, plot, failures, certificate, facts"""
    small(e)
    b.open(e.url)
    ready(b, 30)
    b.js(f"{ROW}.querySelector('.what').click()", "mx1")
    b.wait_text("#target .sentence", "auth_rejected")
    sentence = b.text("#target .sentence")
    expect(re.fullmatch(r"critical in auth after [\d.]+ m?s: auth_rejected, wrong credentials",
                        " ".join(sentence.split())), sentence)
    equal(b.text("#target .reply"), "535 5.7.8 Error: authentication failed", "reply")
    expect(b.text("#target .verdict").count("In this state since"), "since when")
    rows = b.js("return [...document.querySelectorAll('#target .waterfall tbody tr')].map((r) => ["
                "r.cells[0].textContent,"
                " r.className, r.cells[4].textContent, r.querySelector('.water-bar').getBoundingClientRect().left])")
    equal([r[0] for r in rows], [p["name"] for p in e.details["mx1"]["last"]["phases"]], "phases")
    equal([r[1] for r in rows], [""] * 7 + ["failed", "bye"], "marks")
    equal(rows[7][2], "✕ failed", "the failed one is marked")
    lefts = [r[3] for r in rows]
    equal(lefts, sorted(lefts), "bars begin one behind the other")
    equal(len(b.texts("#target .legend li")), 12, "legend")
    expect(b.js("return [...document.querySelectorAll('#target .plot path:not([class])')]"
                ".every((p) => p.getAttribute('d'))"), "plot")
    expect(len(b.texts("#target .plot text")) >= 6, "axis")
    equal(b.js("return document.querySelectorAll('#target .plot-mark[data-state=CRITICAL]')[0].getAttribute('d')"
               ".split('M').length - 1"), 4, "failed runs are marked in the plot")
    b.js("document.querySelector('.plot-frame').focus()")
    told = b.text("#target .told")
    b.keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    expect(b.text("#target .told") not in ("", told), "arrow keys go through the runs")
    equal(len(b.texts("#target .failures details")), 5, "failures")
    b.click("#target .failures details:nth-child(2) summary")
    b.wait_text("#target .failures details:nth-child(2)", "AUTH SCRAM-SHA-256 [masked]")
    expect("in 41 days" in b.text("#target .columns"), "the certificate ends")
    expect("in 52 days" in b.text("#target .columns"), "one that was sent ends later")
    expect("R11" in b.text("#target .columns"), "its issuer")
    expect("PIPELINING" in b.text("#target .body > .part:last-child"), "capabilities")
    # Another run: what is open stays open, what is read stays in place.
    b.js("window.details = document.querySelector('#target .failures details[open]'); window.row = "
         "document.querySelector('#target .waterfall tbody tr'); scrollTo(0, 300)")
    e.run("mx1", "starttls_missing")
    b.poke()
    b.wait_text("#target .sentence", "starttls_missing, STARTTLS is not offered")
    equal(b.js("return [details.open, details.isConnected, row.isConnected]"), [True] * 3, "open, and the same nodes")
    scrolled = b.js("return scrollY")
    expect(abs(scrolled - 300) < 120, f"scrolled from 300 to {scrolled}")  # what is above became shorter
    for _ in range(5):  # it is among the last five no more
        e.run("mx1", "timeout")
    b.poke()
    b.wait_text("#target .sentence", "timeout, the deadline passed in this phase")
    equal(b.js("return [details.open, details.isConnected]"), [True] * 2, "what is open stays")
    equal(len(b.texts("#target .failures details")), 6, "besides the last five")
    b.js("details.open = false; document.activeElement.blur()")
    b.wait("closed and left, it goes", "!details.isConnected")
    e.run("mx1")
    b.poke()
    b.wait_text("#target .sentence", "message accepted")
    expect(b.js("return document.querySelector('#target figure').hidden"), "no reply where all is well")
    b.js("location.hash = '#/target/just-added'")
    b.wait_text("#target .says", "It has not run yet.")
    equal(b.js("return [...document.querySelectorAll('#target .body :is(section, .verdict)')]"
               ".filter((n) => n.checkVisibility()).length"),
          0, "parts of a page of no run")
    b.js("location.hash = '#/target/nobody'")
    b.wait_text("#target .says", "The configuration has no target of this name.")


def any_name(b, e):
    """names of any characters"""
    for name in NAMES:
        e.add(name, "auth_rejected", labels={"of": name})
    b.open(e.url)
    ready(b, len(NAMES))
    for name in NAMES:
        shown = SHOWN if name == HOSTILE else name
        b.js("location.hash = '#/'")
        b.wait("list", "!document.getElementById('list').hidden")
        b.js(f"{ROW}.querySelector('a').click()", shown)
        b.wait(f"page of {name!r}", "document.querySelector('#target h1')?.textContent === arguments[0]"
               " && document.querySelector('#target .sentence')?.textContent.includes('auth_rejected')", shown)
        b.js("document.querySelector('#target .chip').click()")
        b.wait(f"label {name!r}", "document.querySelectorAll('#rows .row').length === 1"
               " && document.querySelector('#rows .name').textContent === arguments[0]", shown)
    b.open(e.url + "#/target/%")  # no name at all
    b.wait_text("#target .says", "no target of this name")


def run_now(b, e):
    """run now"""
    small(e, 9)
    b.open(e.url + "#/target/mx1")
    b.wait_text("#target .sentence", "auth_rejected")
    b.click("#target button.main")
    b.wait_text("#target .says", "It runs as soon as a worker is free")
    expect(b.js("return document.querySelector('#target button.main').disabled"), "not twice at a time")
    b.wait_text("#target .sentence", "message accepted")
    b.wait("ready again", "!document.querySelector('#target button.main').disabled")
    equal(e.asked("/api/v1/targets/mx1/run"), [("POST", "/api/v1/targets/mx1/run")], "one POST")
    e.details.pop("mx1")
    e.targets.pop("mx1")
    b.click("#target button.main")
    b.wait_text("#target .says", "It was not started: no such target.")


def form(b, e):
    """the form: verdict, waterfall and transcript, refusals as sentences"""
    small(e, 9)
    asked = []

    def probe(query):
        asked.append(query)
        target = {"target": "mail.example.org:587", "probe": "smtp", "timeout": 10.0}
        return 200, fake.with_transcript(fake.result(target, "tempfail"))

    e.answer_probe = probe
    b.open(e.url + "#/probe?target=a.example.org:25&module=banner")
    b.wait("modules", "document.querySelectorAll('#ask-module option').length === 2")
    equal(b.js("return document.getElementById('ask-module').value"), "banner", "the address fills the form")
    expect(not asked, "an address alone probes nothing")
    b.js("document.getElementById('ask-target').select()")
    b.click("#ask-target")
    b.js("document.getElementById('ask-target').value = ''")
    b.keys("[2001:db8::1]:25 ", Keys.ENTER)
    b.wait_text("#answer .sentence", "warning in rcpt")
    equal(asked, [{"target": "[2001:db8::1]:25", "module": "banner"}], "what was asked")
    equal(b.texts("#answer .reply > bdi"), ["450 4.2.0 <sink@example.org>: Recipient address rejected: Greylisted,",
                                            "450 4.2.0 see https://example.org/greylist"], "lines of the reply")
    expect(len(b.texts("#answer .waterfall tbody tr")) > 8, "waterfall")
    expect("EHLO prober.example.org" in b.text("#answer .transcript"), "transcript")
    for status, error, sentence in [
            (400, "target: no such port", "The exporter does not understand this: target: no such port."),
            (403, "module banner is not for this host.", "This is not allowed: module banner is not for this host."),
            (429, "10 probes of it run", "There are too many probes of this host just now: 10 probes of it run."),
            (503, "the queue is full", "The exporter has too much to do just now: the queue is full."),
            (500, HOSTILE, f"The exporter answers with an error: {SHOWN}.")]:
        e.answer_probe = status, {"error": error}
        b.click("#ask button.main")
        b.wait("sentence", "document.getElementById('ask-says').textContent === arguments[0]", sentence)
        expect(not b.js("return document.querySelector('#answer').childElementCount"), "no old answer beside it")
    e.answer_probe = lambda query: time.sleep(3) or (200, {})
    b.click("#ask button.main")
    b.wait("button to stop", "!document.getElementById('ask-stop').hidden")
    b.click("#ask-stop")
    b.wait_text("#ask-says", "Stopped waiting.")


def gone(b, e):
    """the exporter is gone, and back"""
    small(e, 9)
    b.open(e.url)
    ready(b, 9)
    e.close()
    b.poke()
    b.wait("message", "!document.getElementById('stale').hidden")
    b.wait_text("#stale", "No answer from the exporter.")
    expect(re.search(r"Since \d+ s\. What you see is of \d\d:\d\d:\d\d\.", b.text("#stale")), b.text("#stale"))
    first = b.text("#stale-since")
    b.wait("its age grows", "document.getElementById('stale-since').textContent !== arguments[0]", first)
    expect(b.js("return document.title").startswith("no answer · "), "title")
    equal(len(b.names()), 9, "what was known is still there")
    for _ in range(4):
        b.js("window.had = delays.length")
        b.poke()
        b.wait("another plan", "delays.length > had")
    equal(max(d for d in b.js("return delays") if d), 15000, "it asks less often")
    e.listen()
    b.poke()
    b.wait("all well", "document.getElementById('stale').hidden")
    b.wait("title", "document.title === '3 critical · mailprobe'")
    equal(b.js("return delays.at(-1)"), 3000, "and as often as before")


def never_there(b, e):
    """an error instead of an answer, from the start"""
    small(e, 3)
    e.status = lambda since: 1 / 0
    b.open(e.url)
    b.wait_text("#stale", "No answer from the exporter.")
    b.wait_text("#nothing", "Asking the exporter")
    del e.status
    b.poke()
    ready(b, 3)


def slow(b, e):
    """slow answers"""
    small(e, 9)
    b.open(e.url)
    ready(b, 9)
    e.delay = 14
    b.poke()
    b.wait("message", "!document.getElementById('stale').hidden", bound=20)
    b.poke()
    e.delay = 0
    equal(len([r for r in e.requests if "since=" in r[1]]), 1, "it does not ask twice at a time")
    b.wait("all well", "document.getElementById('stale').hidden", bound=20)


def hidden(b, e):
    """a tab that nobody sees asks seldom"""
    small(e, 3)
    b.open(e.url)
    ready(b, 3)
    b.js("window.pretendHidden = true")
    b.wait("seldom", "delays.at(-1) === 30000")
    asked = len(e.requests)
    b.js("window.pretendHidden = false")
    b.poke()
    b.wait("at once", "delays.at(-1) === 3000")
    expect(len(e.requests) > asked, "asked when seen again")


def reloaded(b, e):
    """the configuration is reloaded, the exporter is started anew"""
    small(e, 30)
    b.open(e.url)
    ready(b, 30)
    with e.lock:
        e.replace()
        e.add("new1", "timeout")
        e.add("mx1")
        e.reload = {"successful": False, "time": time.time(), "error": "line 3: " + HOSTILE}
    b.poke()
    ready(b, 2)
    equal(b.names(), ["new1", "mx1"], "what is configured now")
    b.wait_text("#reload", "failed: line 3: " + SHOWN)
    with e.lock:  # another process may have the same numbers
        e.replace()
        e.sequence = e.floor = 0
        e.started += 1000
        e.add("other")
        e.reload["successful"] = True
        e.sequence = 5000
    b.poke()
    ready(b, 1)
    equal(b.names(), ["other"], "of the new process")
    expect(b.js("return document.getElementById('reload').hidden"), "no notice any more")
    with e.lock:
        e.replace()
    b.poke()
    b.wait_text("#nothing", "The configuration has no targets.")


def overdue(b, e):
    """a target whose runs are overdue is told from one that is well"""
    e.add("sound")
    e.add("forgotten")["last_run"] -= 900
    for width in 1280, 360:
        b.size(width, 740)
        b.open(e.url)
        ready(b, 2)
        expect(b.js(f"return {IN_ROW}", "forgotten", "last run 15 min ago"), "it is said")
        expect(not b.js(f"return {IN_ROW}", "sound", "last run"), "only of that one")
        expect(b.js(f"return {ROW}.querySelector('.what').checkVisibility()", "forgotten"),
               f"and to be seen at {width}")


def hostile(b, e):
    """strings of a hostile server are text"""

    def spoil(value):
        if isinstance(value, dict):
            return {k: spoil(v) for k, v in value.items()}
        if isinstance(value, list):
            return [spoil(v) for v in value] or [HOSTILE]
        return HOSTILE + LONG if isinstance(value, str) else value

    def change(run):
        phases = run["phases"]
        phases[3]["name"] = HOSTILE
        run.update(summary=HOSTILE, cause=HOSTILE, phase=HOSTILE, reply=HOSTILE + "\r\n" + LONG,
                   facts=spoil(run["facts"]), findings=spoil(run["findings"]))
        run["facts"]["cert_not_after"] = "2030-01-01T00:00:00Z"
        run["target"]["address"] = HOSTILE

    e.add(HOSTILE, labels={HOSTILE: HOSTILE, "__proto__": "x", "long": LONG}, module=HOSTILE)
    e.run(HOSTILE, "auth_rejected", change=change)
    e.targets[HOSTILE]["target"] = HOSTILE
    e.details[HOSTILE]["failures"] = [{"time": 1, "result": {
        **e.details[HOSTILE]["last"], "state": HOSTILE, "transcript": [
            {"time_seconds": 0, "from": HOSTILE, "text": HOSTILE + "\r\n"}] * 1200}}]
    e.answer_probe = lambda query: (200, {**e.details[HOSTILE]["last"], "transcript": e.details[HOSTILE]["failures"][0]
                                          ["result"]["transcript"]})
    for width in 1280, 360:
        b.size(width, 740)
        b.open(e.url)
        ready(b, 1)
        equal(b.names(), [SHOWN], "name")
        equal(b.text("#rows .what"), SHOWN, "verdict")
        equal(b.js(OVERFLOW), [], f"overflow at {width}")
        b.js("document.querySelector('#rows a').click()")
        b.wait_text("#target .reply", SHOWN)
        equal(b.text("#target .sentence b:nth-of-type(2)"), SHOWN, "cause")
        expect(b.texts("#target .reply > bdi")[1].endswith("x … (1000 characters more)"),
               "a line of a reply is bounded")
        b.click("#target .failures summary")
        b.wait_text("#target .transcript", SHOWN)
        equal(len(b.texts("#target .transcript li")), 1001, "lines of a transcript are bounded")
        equal(b.js(OVERFLOW), [], f"overflow at {width}")
        b.js("location.hash = '#/probe'; document.getElementById('ask-target').value = 'x'")
        b.wait("modules", "document.querySelectorAll('#ask-module option').length")
        b.click("#ask button.main")
        b.wait_text("#answer .reply", SHOWN)
        equal(b.js(OVERFLOW), [], f"overflow at {width}")
    equal(b.js("return document.querySelectorAll('main :is(img, script, iframe, object, style)').length"), 0,
          "elements of theirs")
    expect(not b.js("return /[\\u202a-\\u202e\\u2066-\\u2069\\u0007\\u001b]/.test(document.documentElement.textContent"
                    " + document.title + [...document.querySelectorAll('[title], [aria-label]')]"
                    ".map((n) => n.title + n.getAttribute('aria-label')))"), "what turns text around is spelled out")


def many(b, e):
    """5,000 targets"""
    fake.populate(e, 5000)
    begin = time.monotonic()
    b.open(e.url)
    ready(b, 200)
    took = time.monotonic() - begin
    expect(took < 10, f"first rows after {took:.1f} s")
    # Rows out of sight have the height that they are guessed to have: a button under them must not jump when they come.
    for width in 1280, 360:
        b.size(width, 740)
        b.open(e.url)
        ready(b, 200)
        b.js("scrollTo(0, 0)")
        guessed = b.js("return document.documentElement.scrollHeight")
        b.js("document.getElementById('more').scrollIntoView()")
        b.wait("two pictures", "window.frames2 ??= (requestAnimationFrame(() => requestAnimationFrame(() => {"
               " window.frames2 = 2 })), 1), window.frames2 === 2")
        real = b.js("return document.documentElement.scrollHeight")
        expect(abs(real - guessed) <= 25, f"height at {width}: guessed {guessed}, is {real}")
    b.size(1280, 900)
    b.open(e.url)
    ready(b, 200)
    equal(b.text("#more"), "Show 200 more (4\u202f800 not shown)", "more")
    b.click("#more")
    ready(b, 400)
    b.js("window.scrollTo(0, 0)")
    e.run("mx4711", "timeout")
    began = time.monotonic()
    b.poke()
    b.wait("the update", "document.querySelector('#rows .name').textContent === 'mx4711'", bound=10)
    expect(time.monotonic() - began < 5, "an update takes seconds")
    b.keys("/", "mx4999")
    ready(b, 1)
    b.js("performance.mark('a'); for (const w of ['m', 'mx', 'mx1', 'mx12', '']) {"
         "const t = document.getElementById('text'); t.value = w; t.dispatchEvent(new Event('input')) }"
         "performance.mark('b')")
    typed = b.js("return performance.measure('t', 'a', 'b').duration / 5")
    expect(typed < 1000, f"a letter in the filter takes {typed:.0f} ms")
    print(f"# 5,000 targets: {took:.2f} s to the first rows, {typed:.0f} ms a letter in the filter")


def phone(b, e):
    """a telephone: nothing sticks out at 360 px"""
    small(e)
    e.add("a-very-long-name-" + "of-a-target-" * 12, "timeout", labels={"a-long-label": "with-a-long-value" * 5})
    e.answer_probe = 200, fake.with_transcript(fake.result(e.targets["mx1"], "tempfail"))
    b.size(360, 740)
    for where, selector in [("#/", "#rows .row"), ("#/target/mx1", ".plot path"),
                            ("#/?q=a-very-long&label=site%3Dparis", "#chips .chip"),
                            ("#/target/a-very-long-name-" + "of-a-target-" * 12, ".plot path"),
                            ("#/probe", "#ask-module option")]:
        b.open(e.url + where)
        b.wait(where, "document.querySelector(arguments[0])", selector)
        equal(b.js(OVERFLOW), [], f"overflow on {where}")
    b.js("document.getElementById('ask-target').value = 'x'")
    b.click("#ask button.main")
    b.wait_text("#answer .sentence", "tempfail")
    equal(b.js(OVERFLOW), [], "overflow of the answer")
    e.close()
    b.poke()
    b.wait("message", "!document.getElementById('stale').hidden")
    equal(b.js(OVERFLOW), [], "overflow of the message")


def keyboard(b, e):
    """by keyboard alone"""
    small(e)
    b.open(e.url)
    ready(b, 30)
    seen = []
    for _ in range(12):
        b.keys(Keys.TAB)
        where = b.js("const a = document.activeElement; const s = getComputedStyle(a);"
                     " return [a.id || a.className || a.tagName,"
                     " s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, a.dataset.state ?? a.textContent]")
        expect(where[1], f"no visible focus on {where[0]}")
        seen.append(where[0] if where[0] != "name" else where[2])
    equal(seen, ["brand", "to-list", "to-probe", *["count"] * 5, "text", "label", "mx2.fallback", "mx1"],
          "order of the Tab key")
    b.keys(Keys.ARROW_DOWN)
    equal(b.js("return document.activeElement.textContent"), "imap-front", "arrow down")
    b.keys(Keys.ENTER)
    b.wait_text("#target h1", "imap-front")
    b.wait("focus on the heading", "document.activeElement.matches('#target h1')")
    b.keys(Keys.ESCAPE)
    b.wait("list", "!document.getElementById('list').hidden")
    equal(b.js("return document.activeElement.textContent"), "imap-front", "back where one came from")
    b.keys(Keys.ENTER)
    b.wait("page", "!document.getElementById('target').hidden")
    b.keys("/")
    b.wait("filter", "document.activeElement.id === 'text' && !document.getElementById('list').hidden")
    b.keys("mx1", Keys.ENTER)
    equal(b.js("return document.activeElement.textContent"), "mx1", "Enter in the filter goes to the first row")
    b.keys(Keys.ARROW_UP)
    equal(b.js("return document.activeElement.id"), "text", "arrow up goes back")
    b.keys(Keys.ESCAPE)
    ready(b, 30)
    b.keys(Keys.ESCAPE)
    equal(b.js("return document.activeElement.tagName"), "BODY", "Escape leaves the filter")


def readers(b, e):
    """for screen readers: roles, names, live regions"""
    small(e, 12)
    b.open(e.url)
    ready(b, 12)

    def tree():
        return [n for n in b.cdp("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]

    def roles(nodes, role):
        return [n for n in nodes if n["role"]["value"] == role]

    nodes = tree()
    equal(len(roles(nodes, "table")), 1, "tables")
    equal(len(roles(nodes, "columnheader")), 7, "column headers")
    equal(len(roles(nodes, "row")), 13, "rows")
    expect(len(roles(nodes, "status")) >= 1, "a live region")
    equal(b.text("#spoken"), "3 critical, 1 unknown, 2 warning, 1 not yet run", "what is read out")
    b.open(e.url + "#/target/mx1")
    b.wait_text("#target .sentence", "auth_rejected")
    for nodes in nodes, tree():
        for role in "button", "link", "searchbox", "combobox", "textbox", "img", "image":
            nameless = [n for n in roles(nodes, role) if not n.get("name", {}).get("value")]
            expect(not nameless, f"{role} without a name")
    equal(b.js("return [...document.querySelectorAll('[role=group], section:not(.part)')]"
               ".filter((n) => !n.ariaLabel).length"), 0, "nameless groups")
    expect(roles(nodes, "rowheader"), "phases are row headers")
    equal(b.js("return document.documentElement.lang"), "en", "language")
    # Never by colour alone: words and shapes differ.
    b.open(e.url)
    ready(b, 12)
    shapes = b.js("return [...document.querySelectorAll('#counts .shape')].map((n) => { const s = getComputedStyle(n);"
                  " return s.clipPath + s.borderTopWidth })")
    equal(len(set(shapes)), 5, f"shapes of five states: {shapes}")


def colours(b, e):
    """light and dark, with contrast, and less motion"""
    small(e, 12)
    e.answer_probe = 200, fake.with_transcript(fake.result(e.targets["mx1"], "auth_cleartext"))
    grounds = []
    for scheme in "light", "dark":
        b.media(scheme)
        for where, selector in [("#/?state=critical,unknown,warning,pending,ok", "#rows .row"),
                                ("#/target/mx1", ".plot path"),
                                ("#/probe?target=x", "#ask-module option")]:
            b.open(e.url + where)
            b.wait(where, "document.querySelector(arguments[0])", selector)
            if "probe" in where:
                b.click("#ask button.main")
                b.wait_text("#answer .sentence", "auth_cleartext")
            if "#/target" in where:
                b.click("#target .failures summary")
            b.js("document.activeElement.blur()")
            b.wait("colours at rest", "document.getAnimations().length === 0")
            looked, weak = b.js(CONTRAST)
            expect(looked > 20, f"{looked} pieces of text")
            equal(weak, [], f"contrast below 4.5 ({scheme}, {where})")
        grounds.append(b.js("return getComputedStyle(document.body).backgroundColor"))
    expect(grounds[0] != grounds[1], "dark is not light")
    moves = "return [...document.querySelectorAll('.water-bar, button')].some((n) => "\
        "parseFloat(getComputedStyle(n).transitionDuration))"
    expect(b.js(moves), "with motion")
    b.media("dark", "reduce")
    expect(not b.js(moves), "without")


def files(b, e):
    """the files: few, small, nothing inline, nothing from elsewhere"""
    size = 0
    for file in sorted(fake.PAGE.iterdir()):
        text = file.read_text()
        size += len(text.encode())
        expect("SPDX-License-Identifier: BSD-2-Clause" in text[:300], f"{file.name}: licence")
        outside = [u for u in re.findall(r"https?://[^\s\"'`)]+", text) if u != "http://www.w3.org/2000/svg"]
        equal(outside, [], f"{file.name}: addresses")
        for word in "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function":
            expect(word not in text, f"{file.name}: {word}")
    html = (fake.PAGE / "index.html").read_text()
    expect(not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]* src=)", html), "nothing inline")
    expect(size < 75_000, f"{size} bytes")
    b.open(e.url)
    b.wait_text("#nothing", "The configuration has no targets.")
    try:
        b.js("document.body.append(Object.assign(document.createElement('img'), { src: 'http://192.0.2.1/x' }))")
        b.wait("the policy holds", "violations.length === 1")
    finally:
        b.js("violations.length = 0")
        b.driver.get_log("browser")
        b.driver.get_log("performance")


# Those in which the network is to fail say so: the browser's log tells of it.
CASES = [(worst_first, False), (title_and_icon, False), (filters, False), (in_place, False), (patches, False),
         (target_page, False), (any_name, False), (run_now, True), (form, True), (gone, True), (never_there, True),
         (slow, False), (hidden, False), (reloaded, False),
         (overdue, False), (hostile, False), (many, False),
         (phone, True), (keyboard, False), (readers, False), (colours, False), (files, False)]

__all__ = ["CASES", "Failed"]
