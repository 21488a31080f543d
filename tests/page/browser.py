# SPDX-License-Identifier: BSD-2-Clause
"""Chromium, without a screen, and what the cases ask of it. All waiting is for a condition, with a bound."""

import json
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

BOUND = 15
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--disable-dev-shm-usage", "--disable-extensions"]
# Runs before the page's own scripts, and is not bound by its policy.
SPY = """
window.hit = 0;
window.violations = [];
window.delays = [];
window.pretendHidden = false;
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => violations.push("error: " + e.message));
addEventListener("unhandledrejection", (e) => violations.push("rejection: " + e.reason));
Object.defineProperty(document, "hidden", { get: () => window.pretendHidden });
const later = window.setTimeout;
window.setTimeout = (f, ms, ...rest) => { delays.push(ms); return later(f, ms, ...rest); };
"""
# Contrast of each visible piece of text with the backgrounds that are behind it: those that are too weak.
CONTRAST = """
const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number);
	if (c.startsWith("color(srgb")) return [m[0] * 255, m[1] * 255, m[2] * 255, m[3] ?? 1];
	return [m[0], m[1], m[2], m[3] ?? 1]; };
const light = (c) => { const f = c.slice(0, 3).map((v) => { v /= 255;
	return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
	return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
const ground = (node) => { for (let n = node; n; n = n.parentElement) {
	const c = parse(getComputedStyle(n).backgroundColor); if (c[3] > 0.99) return c; }
	return document.documentElement.matches(":root") && matchMedia("(prefers-color-scheme: dark)").matches
		? [18, 18, 18, 1] : [255, 255, 255, 1]; };
const weak = new Set();
let looked = 0;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
	const node = walk.currentNode.parentElement;
	if (!walk.currentNode.data.trim() || node.closest(".unseen, [disabled]")
		|| !node.checkVisibility({ visibilityProperty: true })) continue;
	looked++;
	const svg = node instanceof SVGElement;
	const style = getComputedStyle(node);
	const front = light(parse(svg ? style.fill : style.color));
	const back = light(ground(node));
	const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
	if (ratio < 4.5)
		weak.add(`${ratio.toFixed(2)} ${node.tagName}.${node.className} ${walk.currentNode.data.slice(0, 40)}`);
}
return [looked, [...weak]];
"""
# What sticks out of the window to the right, unless something around it cuts it off or scrolls.
OVERFLOW = """
const out = [];
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) out.push("the page scrolls: " + document.documentElement.scrollWidth);
for (const node of document.body.querySelectorAll("*")) {
	if (!node.checkVisibility() || node.closest(".unseen")) continue;
	const box = node.getBoundingClientRect();
	if (box.width === 0 || box.right <= width + 0.5) continue;
	let held = false;
	for (let n = node.parentElement; n && n !== document.body; n = n.parentElement)
		held ||= getComputedStyle(n).overflowX !== "visible" && n.getBoundingClientRect().right <= width + 0.5;
	if (!held) out.push(`${node.tagName}.${node.getAttribute("class")} to ${box.right}`);
}
return out.slice(0, 8);
"""


class Failed(Exception):
    """A case did not find what it wanted."""


class Browser:
    """One Chromium with a profile of its own, for all cases."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="page-")
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in [*ARGUMENTS, f"--user-data-dir={self.profile}"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(30)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        self.reset()

    def quit(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def reset(self):
        """An empty page, a wide window, light, and empty logs."""
        self.driver.get("about:blank")
        self.size(1280, 900)
        self.media()
        self.driver.get_log("browser")
        self.driver.get_log("performance")

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 500)

    def media(self, scheme="light", motion="no-preference"):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme},
                                                         {"name": "prefers-reduced-motion", "value": motion}])

    def open(self, url):
        """Anew, also where only the part behind # differs."""
        self.driver.get("about:blank")
        self.driver.get(url)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, what, script, *arguments, bound=BOUND):
        """Until the expression is true; what it is then."""
        end = time.monotonic() + bound
        while True:
            value = self.js(f"return {script}", *arguments)
            if value:
                return value
            if time.monotonic() > end:
                raise Failed(f"waited {bound} s for: {what}")
            time.sleep(0.04)

    def wait_text(self, selector, text, bound=BOUND):
        self.wait(f"{text!r} in {selector}, where is {self.text(selector)[:300]!r}",
                  "(document.querySelector(arguments[0])?.textContent ?? '').includes(arguments[1])",
                  selector, text, bound=bound)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def texts(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].map((n) => n.textContent)", selector)

    def names(self):
        return self.texts("#rows .name")

    def poke(self):
        """The page asks now, not in three seconds."""
        self.js("document.dispatchEvent(new Event('visibilitychange'))")

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def click(self, selector):
        self.driver.find_element("css selector", selector).click()

    def findings(self, url, network=False):
        """What no case may leave behind: console errors, violations, script of a server's, other origins."""
        bad = self.js("return window.violations ?? []")
        if self.js("return window.hit"):
            bad.append("a string from outside was run as script")
        for entry in self.driver.get_log("browser"):
            if not (network and entry["source"] == "network"):
                bad.append(f"{entry['source']}: {entry['message']}")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked = message["params"]["request"]["url"]
                if not asked.startswith((url, "data:image/svg+xml,", "about:")):
                    bad.append(f"asked {asked[:200]}")
        return bad


def expect(condition, what):
    if not condition:
        raise Failed(what)


def equal(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: got {got!r}, wanted {wanted!r}")


__all__ = ["BOUND", "CONTRAST", "OVERFLOW", "Browser", "Failed", "Keys", "equal", "expect"]
