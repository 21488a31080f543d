// SPDX-License-Identifier: BSD-2-Clause
/*
 * One run in full (verdict, waterfall, transcript, facts), and the two views that show it: a target's own page, which
 * has its history too, and the form for a probe at once.
 */
import { age, attr, badge, clock, el, goodbye, keyed, paintFacts, paintPlot, paintWaterfall, plotOrder, plural, say,
	seconds, selected, setBadge, colour, stateOf, svg, tell, transcript, visible, waterfall } from "./draw.js";

const section = (title, ...children) => el("section", { class: "part" }, el("h2", {}, title), ...children);

/* What is known of the certificate has a place of its own. */
const isCertificate = (name) => name.startsWith("cert_");

function certificate(facts, now) {
	const pairs = {};
	const add = (what, text) => {
		const end = Date.parse(text ?? "") / 1000;

		if (Number.isNaN(end))
			return;
		const date = text.replace("T", " ").replace("Z", " UTC");

		pairs[what + (end >= now ? "ends" : "ended")] = end >= now
			? `in ${plural(Math.floor((end - now) / 86400), "day")}, ${date}` : `${age(now - end, true)} ago, ${date}`;
	};

	add("", facts.cert_not_after);
	if (facts.cert_sent_not_after !== facts.cert_not_after)
		add("one that was sent ", facts.cert_sent_not_after);
	for (const title of ["error", "subject", "issuer", "names"])
		if (facts[`cert_${title}`] != null)
			pairs[title] = facts[`cert_${title}`];
	return pairs;
}

/* A run as `-o json` gives it. `meanings` says what causes mean, where the exporter tells. */
function runView(data) {
	const heading = badge();
	const sentence = el("span");
	const reply = el("bdi", { class: "reply" });
	const quote = el("figure", {}, el("figcaption", {}, "The server said"), el("blockquote", {}, reply));
	const others = el("ul", { class: "findings" });
	const water = waterfall();
	const waterPart = section("Last run", el("p", { class: "quiet" }), water);
	const lines = el("details", { class: "lines" }, el("summary", {}, "Transcript"));
	const factList = el("dl", { class: "facts" });
	const certList = el("dl", { class: "facts" });
	const facts = section("Facts", factList);
	const certs = section("Certificate", certList);
	let drawn = null;

	heading.classList.add("large");
	const verdict = el("div", { class: "verdict" }, el("p", { class: "sentence" }, heading, " ", sentence), quote, others);

	/* phase and cause apart from the words between them, so that a glance finds them */
	const phase = el("b");
	const cause = el("b");
	const meaning = el("bdi");
	const before = el("span");
	const between = el("span");

	sentence.append(before, phase, between, cause, meaning);

	function words(run) {
		const lap = run.phases.find((p) => p.name === run.phase);
		const finding = (run.findings ?? []).find((f) => f.phase === run.phase && f.cause === run.cause);
		const after = lap ? lap.start_seconds + lap.duration_seconds : run.duration_seconds;
		const known = finding?.text || data.status?.causes?.[run.cause] || (run.reply == null ? run.summary : "");

		say(before, run.cause == null ? "" : run.phase == null ? "" : "in ");
		tell(phase, run.cause == null ? "" : run.phase ?? "");
		say(between, run.cause == null || run.phase == null ? "" : ` after ${seconds(after)}: `);
		tell(cause, run.cause ?? "");
		tell(meaning, run.cause == null ? run.summary ?? "" : known ? `, ${known}` : "");
		quote.hidden = run.reply == null;
		keyed(reply, String(run.reply ?? "").trimEnd().split(/\r?\n/).map((l, i) => [i, l]), ([i]) => i,
			() => el("bdi"), (node, [, line]) => tell(node, line));
		const rest = (run.findings ?? []).filter((f) => f !== finding);

		others.hidden = !rest.length;
		keyed(others, rest.map((f, i) => [i, f]), ([i]) => i, () => el("li", {}, badge(), " ", el("bdi")),
			(node, [, f]) => {
				setBadge(node.firstChild, f.state);
				tell(node.lastChild, [f.phase, f.cause, f.text || (f.reply ? `“${f.reply.trimEnd()}”` : "")]
					.filter(Boolean).join(": "));
			});
	}

	return {
		verdict, waterPart, lines, facts, certs,
		set(run, when, now) {
			setBadge(heading, run.state);
			attr(verdict, "data-state", stateOf(run.state));
			words(run);
			say(waterPart.querySelector("p"), [when, run.target?.address
				? `${visible(run.target.address)} port ${run.target.port}` : "",
			`${seconds(run.duration_seconds)}${run.phases.some((p) => goodbye(p.name)) ? ", and the goodbye" : ""}`]
				.filter(Boolean).join(" · "));
			water.hidden = !run.phases.length;
			paintWaterfall(water, run.phases, run.state);
			const pairs = Object.entries(run.facts ?? {});
			const cert = certificate(run.facts ?? {}, now);

			paintFacts(factList, Object.fromEntries(pairs.filter(([name]) => !isCertificate(name))));
			paintFacts(certList, cert);
			facts.hidden = pairs.every(([name]) => isCertificate(name));
			certs.hidden = !Object.keys(cert).length;
			lines.hidden = !run.transcript?.length;
			if (run.transcript?.length && drawn !== run && !reading(lines)) {
				drawn = run;
				lines.querySelector("ol")?.remove();
				lines.append(transcript(run.transcript));
			}
		},
	};
}

/* Whether a transcript is being read: it stays then. */
const reading = (node) => node.contains(document.activeElement) || selected(node);

// ---- history

function historyPart(data) {
	const plot = svg("svg", { class: "plot", role: "img" });
	const frame = el("div", { class: "plot-frame", tabindex: "0", role: "group",
		"aria-label": "Phases of each run; the arrow keys go from run to run" }, plot);
	const told = el("p", { class: "told", "aria-live": "polite" });
	const legend = el("ul", { class: "legend" });
	let runs = [];
	let names = [];
	let at = null;
	let width = 0;

	const describe = (run) => [clock(run.time), run.state ?? "", run.phase, run.cause, seconds(run.duration)]
		.filter(Boolean).join(" · ");
	const parts = (run) => names.filter((n) => run.phases[n] > 0).map((n) => `${n} ${seconds(run.phases[n])}`).join(", ");

	function point(i) {
		at = i;
		plot.show?.(i);
		const run = runs[i ?? runs.length - 1];

		tell(told, run ? `${i == null ? "Last run: " : ""}${describe(run)}${run.duration ? `: ${parts(run)}` : ""}` : "");
	}
	plot.addEventListener("pointermove", (event) => {
		const box = plot.getBoundingClientRect();

		if (runs.length && plot.at)
			point(plot.at((event.clientX - box.left) * width / box.width));
	});
	plot.addEventListener("pointerleave", () => point(null));
	frame.addEventListener("keydown", (event) => {
		const to = { ArrowLeft: (at ?? runs.length) - 1, ArrowRight: (at ?? runs.length - 2) + 1, Home: 0,
			End: runs.length - 1 }[event.key];

		if (to == null || !runs.length)
			return;
		event.preventDefault();
		point(Math.max(0, Math.min(runs.length - 1, to)));
	});
	frame.addEventListener("blur", () => point(null));

	const node = section("History", el("p", { class: "quiet" }), frame, told, legend);
	let drawn = "";

	return {
		node,
		set(all) {
			runs = all.map((run) => ({ ...run, phases: run.phases ?? {} }));
			names = plotOrder(runs);
			width = Math.round(frame.clientWidth) || width || 600;
			node.hidden = !runs.length;
			const bad = runs.filter((run) => run.state !== "OK").length;

			attr(plot, "aria-label", `Length of ${plural(runs.length, "run")} by phase`);
			const state = `${width} ${runs.length} ${runs.at(-1)?.time} ${runs[0]?.time}`;

			if (drawn !== state && runs.length) {
				drawn = state;
				paintPlot(plot, runs, names, width);
				point(at == null ? null : Math.min(at, runs.length - 1));
			}
			say(node.querySelector("p"), `${plural(runs.length, "run")}, ${bad || "none"} not ok. Below, the median of each`
				+ ` phase.${plot.cuts ? " What is longer than the scale ends in a slash." : ""}`);
			keyed(legend, names, String, () => el("li", {}, el("span", { class: "swatch" }), el("bdi"), el("span")),
				(li, name) => {
					const sorted = runs.map((r) => r.phases[name]).filter((n) => n != null).sort((a, b) => a - b);

					li.firstChild.style.backgroundColor = colour(name);
					tell(li.children[1], name);
					say(li.lastChild, seconds(sorted[sorted.length >> 1]));
					attr(li, "title", `median ${seconds(sorted[sorted.length >> 1])}, longest ${seconds(sorted.at(-1))}`);
				});
		},
	};
}

// ---- a target's page

export function targetView(root, { ask, data, now, poll, render }, listAddress) {
	let name = null;
	let detail = null;
	let had = null; // the run that `detail` is of
	let fetching = null;
	let trouble = "";
	let waiting = null; // the last run at the time another was asked for
	let parts = null;

	function build() {
		const back = el("a", { class: "back" }, "← All targets");
		const title = el("h1", { tabindex: "-1" }, el("bdi"));
		const run = el("button", { type: "button", class: "main" }, "Run now");
		const form = el("a", { class: "button" }, "Probe with transcript");
		const p = {
			back, title, run, form,
			about: el("p", { class: "quiet about" }), labels: el("p", { class: "labels" }),
			says: el("p", { role: "status", class: "says" }), since: el("p", { class: "quiet" }),
			view: runView(data), history: historyPart(data), failures: el("div", { class: "failures" }),
		};

		p.view.verdict.firstChild.after(p.since);
		p.failurePart = section("Last failures", p.failures);
		run.addEventListener("click", start);
		p.body = el("div", { class: "body" }, p.view.verdict, p.view.lines,
			el("div", { class: "columns" }, p.view.waterPart, p.view.certs), p.history.node, p.failurePart, p.view.facts);
		root.replaceChildren(back, el("div", { class: "title" }, title, el("p", { class: "buttons" }, run, form)), p.about,
			p.labels, p.says, p.body);
		return p;
	}

	async function start() {
		const of = name;

		waiting = data.targets.get(of)?.last_run ?? 0;
		trouble = "";
		draw();
		try {
			await ask(`api/v1/targets/${encodeURIComponent(of)}/run`, { method: "POST" });
			poll();
		} catch (error) {
			if (of === name) {
				waiting = null;
				trouble = `It was not started: ${error.status ? error.message : "no answer from the exporter"}.`;
			}
		}
		render();
	}

	async function load() {
		const t = data.targets.get(name);
		const version = t?.last_run ?? 0;

		if (fetching || !t || (detail && had === version))
			return;
		const of = fetching = { name };

		try {
			const answer = await ask(`api/v1/targets/${encodeURIComponent(of.name)}`);

			if (fetching === of) {
				detail = answer;
				had = version;
				trouble = "";
			}
		} catch (error) {
			if (fetching === of && error.status === 404)
				trouble = "The configuration has no target of this name.";
			else if (fetching === of)
				trouble = error.status ? `The exporter answers with an error: ${error.message}.` : "";
		}
		if (fetching === of) {
			fetching = null;
			draw();
		}
	}

	function failure(f) {
		const text = el("bdi");
		const mark = badge();
		const node = el("details", {}, el("summary", {}, el("span", { class: "number" }, clock(f.time)), mark, text));

		setBadge(mark, f.result.state);
		tell(text, f.result.summary ?? "");
		node.addEventListener("toggle", () => {
			if (node.open && node.children.length === 1)
				node.append(f.result.transcript?.length ? transcript(f.result.transcript)
					: el("p", { class: "quiet" }, "There is no transcript of this run."));
		});
		return node;
	}

	function draw() {
		const t = data.targets.get(name) ?? (detail?.name === name ? detail : null);

		parts ??= build();
		parts.back.href = listAddress();
		tell(parts.title.firstChild, name);
		if (waiting != null && t && (t.last_run ?? 0) > waiting)
			waiting = null;
		tell(parts.says, trouble || (waiting != null ? "It runs as soon as a worker is free …"
			: !data.status ? "Asking the exporter …" : !t ? "The configuration has no target of this name." : ""));
		parts.run.disabled = !t || waiting != null;
		parts.form.hidden = !t;
		parts.body.hidden = !detail || !t;
		parts.about.hidden = parts.labels.hidden = !t;
		if (!t)
			return;
		attr(parts.form, "href", `#/probe?${new URLSearchParams({ target: t.target, module: t.module })}`);
		tell(parts.about, [t.target, `module ${t.module}`, t.probe, `every ${age(t.interval, true)}`,
			`timeout ${seconds(t.timeout)}`, t.next_run == null ? ""
				: t.next_run > now() ? `next run ${clock(t.next_run)}` : "next run is due"].filter(Boolean).join(" · "));
		keyed(parts.labels, Object.entries(t.labels ?? {}), JSON.stringify, (pair) => {
			const link = el("a", { class: "chip", href: `#/?${new URLSearchParams({ label: pair.join("=") })}` }, el("bdi"));

			tell(link.firstChild, pair.join("="));
			return link;
		});
		if (!detail)
			return;
		if (detail.last)
			parts.view.set(detail.last, clock(detail.last_run), now());
		say(parts.since, t.since == null ? "" : `In this state since ${clock(t.since)}, ${age(now() - t.since, true)}.`);
		for (const node of [parts.view.verdict, parts.view.waterPart])
			node.hidden = !detail.last;
		if (!detail.last)
			for (const node of [parts.view.lines, parts.view.facts, parts.view.certs])
				node.hidden = true;
		parts.history.set(detail.runs ?? []);
		keyed(parts.failures, detail.failures ?? [], (f) => f.time, failure);
		parts.failurePart.hidden = !parts.failures.childElementCount;
		if (!detail.last)
			say(parts.says, "It has not run yet.");
	}

	return {
		is: () => name,
		title: () => visible(name),
		focus: () => parts.title.focus({ preventScroll: true }),
		hurry: () => waiting != null,
		resize: () => draw(),
		open(which) {
			name = which;
			detail = had = fetching = waiting = parts = null;
			trouble = "";
		},
		render() {
			draw();
			load();
		},
	};
}

// ---- a probe at once

const REFUSALS = {
	400: "The exporter does not understand this",
	403: "This is not allowed",
	404: "The exporter does not know this",
	429: "There are too many probes of this host just now",
	503: "The exporter has too much to do just now",
};

export function probeView(root, { ask, data, now, frame }) {
	const form = root.querySelector("form");
	const [target, module] = [form.querySelector("input"), form.querySelector("select")];
	const [says, answer] = [root.querySelector("#ask-says"), root.querySelector("#answer")];
	const [go, stop] = [form.querySelector("button"), root.querySelector("#ask-stop")];
	let query = null;
	let wanted = "";
	let current = null;

	function refusal(error) {
		if (error.name === "AbortError")
			return "Stopped waiting. The probe itself ends by its timeout.";
		if (!error.status)
			return "No answer from the exporter.";
		const start = REFUSALS[error.status];

		return `${start ? `${start}: ` : "The exporter answers with an error: "}${error.message.replace(/\.$/, "")}.`;
	}

	async function submit(event) {
		event.preventDefault();
		const control = current = new AbortController();
		const parameters = new URLSearchParams({ target: target.value.trim(), module: module.value });
		const began = performance.now();
		const tick = () => say(says, `The probe runs, ${Math.floor((performance.now() - began) / 1000)} s …`);
		const timer = setInterval(tick, 1000);

		query = parameters.toString();
		history.replaceState(null, "", `#/probe?${query}`);
		go.disabled = true;
		stop.hidden = false;
		answer.replaceChildren();
		tick();
		try {
			const run = await ask(`api/v1/probe?${parameters}`, { signal: control.signal, patience: 0 });
			const view = runView(data);

			view.lines.open = true;
			answer.append(view.verdict, view.waterPart, view.lines, view.certs, view.facts);
			view.waterPart.querySelector("h2").textContent = "This run";
			view.set(run, clock(now()), now());
			say(says, `Finished: ${stateOf(run.state).toLowerCase()}.`);
		} catch (error) {
			tell(says, refusal(error));
		}
		clearInterval(timer);
		go.disabled = false;
		stop.hidden = true;
		frame();
	}
	form.addEventListener("submit", submit);
	stop.addEventListener("click", () => {
		current?.abort();
		go.disabled = false;
		go.focus();
	});

	return {
		is: () => query,
		title: () => "probe now",
		focus: () => target.focus({ preventScroll: true }),
		open(which) {
			const parameters = new URLSearchParams(which);

			query = which;
			if (parameters.has("target"))
				target.value = parameters.get("target");
			wanted = parameters.get("module") ?? "";
			if (wanted && [...module.options].some((option) => option.value === wanted))
				module.value = wanted;
		},
		render() {
			if (document.activeElement === module)
				return;
			keyed(module, data.status?.modules ?? [], (m) => m.name, (m) => el("option", { value: m.name }),
				(node, m) => tell(node, `${m.name} (${m.probe})`));
			if (wanted && module.options.length) {
				module.value = wanted;
				wanted = "";
			}
		},
	};
}
