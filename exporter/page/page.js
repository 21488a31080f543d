// SPDX-License-Identifier: BSD-2-Clause
/*
 * The status page: asks the exporter every few seconds what changed, and draws the view that the address names.
 *   #/?q=TEXT&state=critical,warning&label=site=paris   all targets, worst first
 *   #/target/NAME                                       one of them
 *   #/probe?target=HOST:PORT&module=NAME                a probe at once
 * The address holds the filter, so that it can be sent to somebody else. One timer asks and one looks at the age of
 * the last answer; all that is drawn is drawn from `data`, by render(), as often as one likes.
 */
import { STATES, age, attr, badge, ceiling, clock, count, el, goodbye, held, hold, keyed, paintBar, paintStrip,
	plural, say, seconds, setBadge, stateOf, strip, tell, visible } from "./draw.js";
import { probeView, targetView } from "./target.js";

const EVERY = 3000;
const EVERY_HIDDEN = 30000;
const WAITS = [3000, 5000, 10000, 15000]; // after failures in a row
const PATIENCE = 20000; // for one answer
const STALE_AFTER = 8; // seconds
const PAGE = 200; // rows
const LABELS = 300; // entries of the select

const $ = (id) => document.getElementById(id);

const data = {
	targets: new Map(), sequence: null, started: null, status: null,
	answered: null, // when, by the clock of this machine, in milliseconds
	skew: 0, // the exporter's clock less ours, in seconds
	trouble: null, failures: 0,
};
const view = { name: "", filter: { words: "", states: new Set(), labels: [] }, limit: PAGE, list: "#/", scroll: 0 };

const now = () => Date.now() / 1000 + data.skew;

// ---- asking

async function ask(path, { patience = PATIENCE, signal, ...options } = {}) {
	const limits = [signal, patience && AbortSignal.timeout(patience)].filter(Boolean);
	const response = await fetch(path, { ...options, cache: "no-store", redirect: "error", credentials: "same-origin",
		signal: limits.length ? AbortSignal.any(limits) : undefined });
	const type = response.headers.get("content-type") ?? "";
	const body = type.includes("json") ? await response.json() : null;

	if (!response.ok)
		throw Object.assign(new Error(body?.error ?? `status ${response.status}`), { status: response.status });
	return body;
}

let timer = 0;
let asking = false;

async function poll() {
	clearTimeout(timer);
	timer = 0;
	if (asking)
		return;
	asking = true;
	try {
		const since = data.sequence == null ? "" : `?since=${data.sequence}`;

		take(await ask(`api/v1/status${since}`));
		data.trouble = null;
		data.failures = 0;
	} catch (error) {
		data.trouble = error.status
			? `The exporter answers with an error: ${visible(error.message)}.`
			: "No answer from the exporter.";
		data.failures++;
	}
	asking = false;
	draw();
	plan();
}

function plan() {
	const wait = data.failures ? WAITS[Math.min(data.failures, WAITS.length) - 1] : EVERY;

	clearTimeout(timer);
	timer = setTimeout(poll, document.hidden ? Math.max(wait, EVERY_HIDDEN) : views[view.name]?.hurry?.() ? 700 : wait);
}

function take(status) {
	if (!status || !Array.isArray(status.targets))
		throw new Error("no status");
	if (!status.complete && status.started !== data.started) { // another process, which cannot know what we have
		data.sequence = null;
		setTimeout(poll);
		return;
	}
	if (status.complete)
		data.targets.clear();
	for (const target of status.targets) {
		const slowest = (target.phases ?? []).filter((p) => !goodbye(p.name));

		target.length = slowest.reduce((sum, p) => sum + p.duration, 0);
		target.state = target.state ?? null;
		target.text = [target.name, target.target, target.module, target.probe, target.summary, target.phase, target.cause,
			...Object.entries(target.labels ?? {}).map(([k, v]) => `${k}=${v}`)].join("\n").toLowerCase();
		data.targets.set(target.name, target);
	}
	data.fresh = status.complete || status.targets.length > 0;
	data.sequence = status.sequence;
	data.started = status.started;
	data.answered = Date.now();
	data.skew = status.now - Date.now() / 1000;
	data.status = { ...data.status, ...status, targets: null };
}

// ---- frame: title, icon, freshness

const ICONS = {
	CRITICAL: '<path fill="#c62828" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>',
	UNKNOWN: '<path fill="#8e5bb5" d="M8 0l8 8-8 8-8-8z"/>',
	WARNING: '<path fill="#e09400" d="M8 1l8 14H0z"/>',
	PENDING: '<circle cx="8" cy="8" r="6" fill="none" stroke="#75808c" stroke-width="2"/>',
	OK: '<circle cx="8" cy="8" r="6.5" fill="#3c8d63"/>',
	STALE: '<path fill="none" stroke="#75808c" stroke-width="2.5" d="M3 3l10 10M13 3L3 13"/>',
};
let icon = "";

function frame(counts) {
	const worst = Object.keys(STATES).find((name) => counts[name] > 0) ?? "PENDING";
	const stale = !$("stale").hidden;
	const name = stale ? "STALE" : worst;
	const state = stale ? "no answer" : !data.status ? "" : !data.targets.size ? "no targets"
		: worst === "OK" ? "ok" : `${counts[worst]} ${STATES[worst].word}`;
	const title = [state, views[view.name]?.title?.(), "mailprobe"].filter(Boolean).join(" · ");

	if (document.title !== title)
		document.title = title;
	if (icon !== name) {
		icon = name;
		$("icon").href = `data:image/svg+xml,${encodeURIComponent(
			`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${ICONS[name]}</svg>`)}`;
	}
}

let shown = Date.now(); // since when somebody looks

function freshness() {
	const from = Math.max(data.answered ?? 0, shown);
	const late = (Date.now() - from) / 1000;
	const stale = data.failures > 0 || (!document.hidden && late > STALE_AFTER);
	const node = $("stale");

	if (stale) {
		const since = data.answered ?? shown;

		say($("stale-what"), data.trouble ?? "No answer from the exporter.");
		say($("stale-since"), data.answered
			? `Since ${age((Date.now() - since) / 1000, true)}. What you see is of ${clock(since / 1000)}.`
			: `Since ${age((Date.now() - since) / 1000, true)}.`);
	} else
		say($("stale-what"), "");
	if (node.hidden === stale) {
		node.hidden = !stale;
		document.body.classList.toggle("is-stale", stale);
		draw();
	}
	say($("fresh"), stale || !data.answered ? "" : `as of ${clock(data.answered / 1000)}`);
}

function foot() {
	const s = data.status;
	const reload = s?.reload;

	$("reload").hidden = !reload || reload.successful !== false;
	if (reload?.successful === false)
		tell($("reload"), `The last reload of the configuration, at ${clock(reload.time)}, failed: ${
			reload.error ?? "no reason given"}. The one before is in force.`);
	if (s)
		tell($("foot"), `mailprobe-exporter ${s.version}, up since ${clock(s.started)} · ${
			s.workers.busy} of ${plural(s.workers.running, "worker")} busy · queue ${s.queue.length}`);
}

// ---- list

function tally() {
	const counts = Object.fromEntries(Object.keys(STATES).map((name) => [name, 0]));

	for (const target of data.targets.values())
		counts[stateOf(target.state)]++;
	return counts;
}

const text = new Intl.Collator("en", { numeric: true });

function chosen() {
	const { words, states, labels } = view.filter;
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);

	return [...data.targets.values()].filter((t) => (!states.size || states.has(stateOf(t.state)))
		&& labels.every(([k, v]) => t.labels?.[k] === v)
		&& wanted.every((word) => t.text.includes(word)))
		.sort((a, b) => STATES[stateOf(a.state)].rank - STATES[stateOf(b.state)].rank
			|| (b.since ?? 0) - (a.since ?? 0) || text.compare(a.name, b.name));
}

function makeRow(target) {
	const part = (name, ...children) => el("span", { role: "cell", class: name }, ...children);
	const link = el("a", { class: "name", href: `#/target/${encode(target.name)}` }, el("bdi"));
	const row = el("div", { role: "row", class: "row" },
		part("state", badge()),
		part("who", link, el("bdi", { class: "meta" })),
		part("what", el("bdi")),
		part("bar-cell", el("span", { class: "bar", role: "img" })),
		part("took number"),
		part("past", strip()),
		part("since number"));

	row.parts = [...row.children];
	row.of = target.name;
	return row;
}

/* A target whose runs are overdue is told from one that is well. */
function overdue(t) {
	const late = t.last_run == null ? 0 : now() - t.last_run - 2 * t.interval - (t.timeout ?? 0);

	return late > 0 && data.failures === 0 ? `last run ${age(now() - t.last_run)} ago` : "";
}

function setRow(row, t, scale) {
	const [state, who, what, bar, took, past, since] = row.parts;

	say(since, t.since == null ? "" : age(now() - t.since));
	const late = overdue(t);

	if (row.seen === t && row.scale === scale && row.late === late)
		return;
	const earlier = held();

	attr(row, "data-state", stateOf(t.state));
	row.classList.toggle("bad", STATES[stateOf(t.state)].rank < STATES.PENDING.rank);
	row.classList.toggle("late", late !== "");
	setBadge(state.firstChild, t.state);
	tell(who.firstChild.firstChild, t.name);
	tell(who.lastChild, [t.target, t.module, ...Object.entries(t.labels ?? {}).map(([k, v]) => `${k}=${v}`)].join(" · "));
	tell(what.firstChild, [late, t.summary ?? "has not run yet"].filter(Boolean).join("; "));
	attr(what, "title", t.summary == null ? null : visible(t.summary));
	attr(since, "title", t.since == null ? null : `since ${clock(t.since)}`);
	paintBar(bar.firstChild, t.phases ?? [], t.duration, scale);
	say(took, t.duration == null ? "" : seconds(t.duration));
	paintStrip(past.firstChild, t.history ?? "");
	const part = held();

	row.seen = part ? null : t; // what was put off is drawn again
	row.scale = scale;
	row.late = late;
	if (earlier || part)
		hold();
}

function counters(counts) {
	keyed($("counts"), Object.keys(STATES).filter((name) => name !== "PENDING" || counts.PENDING
		|| view.filter.states.has(name)), String,
	(name) => {
		const button = el("button", { type: "button", class: "count", "data-state": name },
			el("span", { class: "shape", "aria-hidden": "true" }), el("b"), el("span"));

		button.addEventListener("click", () => {
			const states = view.filter.states;

			states.delete(name) || states.add(name);
			filtered(true);
		});
		return button;
	},
	(node, name) => {
		say(node.children[1], count(counts[name]));
		say(node.children[2], STATES[name].word);
		attr(node, "aria-pressed", String(view.filter.states.has(name)));
		node.classList.toggle("none", counts[name] === 0);
	});
	const spoken = data.status ? `${Object.keys(STATES).filter((name) => name !== "OK" && counts[name])
		.map((name) => `${counts[name]} ${STATES[name].word}`).join(", ") || "all targets ok"}` : "";

	say($("spoken"), spoken); // read out only when it changes, and not with each run of a sound target
}

let pairsOf = null;

function labels() {
	const select = $("label");

	if (pairsOf !== data.status?.sequence && data.fresh && document.activeElement !== select) {
		const counts = new Map();

		for (const target of data.targets.values())
			for (const pair of Object.entries(target.labels ?? {})) {
				const key = JSON.stringify(pair);

				counts.set(key, (counts.get(key) ?? 0) + 1);
			}
		const pairs = [...counts].map(([key, n]) => [...JSON.parse(key), n])
			.sort((a, b) => text.compare(a[0], b[0]) || text.compare(a[1], b[1])).slice(0, LABELS);

		keyed(select, [null, ...pairs], (p) => (p ? JSON.stringify(p.slice(0, 2)) : ""), (p) =>
			el("option", { value: p ? JSON.stringify(p.slice(0, 2)) : "" }),
		(node, p) => tell(node, p ? `${p[0]}=${p[1]} (${p[2]})` : "Label …"));
		select.hidden = !pairs.length;
		pairsOf = data.status?.sequence;
	}
	keyed($("chips"), view.filter.labels, JSON.stringify, (pair) => {
		const button = el("button", { type: "button", class: "chip" }, el("bdi"),
			el("span", { "aria-hidden": "true" }, " ✕"));

		tell(button.firstChild, pair.join("="));
		attr(button, "aria-label", `Remove the filter ${visible(pair.join("="))}`);
		button.addEventListener("click", () => {
			view.filter.labels = view.filter.labels.filter((p) => p.join("\n") !== pair.join("\n"));
			filtered(true);
			$("text").focus();
			draw();
		});
		return button;
	});
}

function renderList(counts) {
	const all = chosen();
	const some = all.slice(0, view.limit);
	const finished = some.filter((t) => t.state === "OK" || t.state === "WARNING");
	const scale = ceiling(Math.max(0, ...(finished.length ? finished : some).map((t) => t.length)));

	counters(counts);
	labels();
	say($("scale"), some.length && data.status ? `0 – ${seconds(scale)}` : "");
	const left = data.targets.get(document.activeElement?.closest("#rows .row")?.of);
	const rest = all.length - some.length;

	if (left && !some.includes(left)) { // it stays until the focus goes
		some.push(left);
		hold();
	}
	keyed($("rows"), some, (t) => t.name, makeRow, (row, t) => setRow(row, t, scale));
	$("table").hidden = !some.length;
	attr($("table"), "aria-rowcount", all.length + 1);
	$("more").hidden = rest <= 0;
	if (rest > 0)
		say($("more"), `Show ${count(Math.min(PAGE, rest))} more (${count(rest)} not shown)`);
	$("nothing").hidden = some.length > 0;
	say($("nothing"), !data.status ? "Asking the exporter …"
		: data.targets.size ? "No target matches the filter." : "The configuration has no targets.");
	say($("matches"), filterText() ? `${count(all.length)} of ${count(data.targets.size)}` : "");
}

// ---- filter

function encode(name) {
	return encodeURIComponent(name.toWellFormed?.() ?? name);
}

function filterText() {
	const { words, states, labels: pairs } = view.filter;
	const query = new URLSearchParams();

	if (words)
		query.set("q", words);
	if (states.size)
		query.set("state", Object.keys(STATES).filter((s) => states.has(s)).map((s) => s.toLowerCase()).join(","));
	pairs.forEach((pair) => query.append("label", pair.join("=")));
	return query.toString();
}

function readFilter(query) {
	view.filter.words = query.get("q") ?? "";
	view.filter.states = new Set((query.get("state") ?? "").toUpperCase().split(",")
		.filter((s) => Object.hasOwn(STATES, s)));
	view.filter.labels = query.getAll("label").map((pair) => {
		const at = pair.indexOf("=");

		return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
	});
	if ($("text").value !== view.filter.words)
		$("text").value = view.filter.words;
}

/* What was typed replaces the address, what was chosen is a step that "back" undoes. */
function filtered(step) {
	const query = filterText();

	view.list = query ? `#/?${query}` : "#/";
	view.limit = PAGE;
	history[step ? "pushState" : "replaceState"](null, "", view.list);
	draw();
}

$("text").addEventListener("input", () => {
	view.filter.words = $("text").value.trim();
	filtered(false);
});
$("filter").addEventListener("submit", (event) => {
	event.preventDefault();
	move(1);
});
$("label").addEventListener("change", () => {
	if (!$("label").value)
		return;
	const pair = JSON.parse($("label").value);

	$("label").value = "";
	if (!view.filter.labels.some((p) => p.join("\n") === pair.join("\n")))
		view.filter.labels.push(pair);
	filtered(true);
});
$("more").addEventListener("click", () => {
	const last = $("rows").lastElementChild;

	view.limit += PAGE;
	draw();
	if ($("more").hidden)
		last?.nextElementSibling?.querySelector("a")?.focus(); // the button is gone, and the focus with it
});
$("rows").addEventListener("click", (event) => {
	const row = event.target.closest?.(".row");

	if (row && !event.target.closest("a") && document.getSelection().isCollapsed && !event.ctrlKey && !event.metaKey)
		row.querySelector("a").click();
});

// ---- keys

function move(by) {
	const links = [...$("rows").querySelectorAll("a")];
	const at = links.indexOf(document.activeElement);

	if (at + by < 0)
		$("text").focus();
	else
		links[Math.min(at + by, links.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
	const typing = event.target.closest?.("input, select, textarea");

	if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing)
		return;
	if (event.key === "/" && !typing) {
		event.preventDefault();
		if (view.name !== "list")
			location.hash = view.list;
		route();
		$("text").focus();
		$("text").select();
	} else if (event.key === "Escape") {
		if (event.target === $("text")) {
			if (!$("text").value)
				$("text").blur();
			$("text").value = view.filter.words = "";
			filtered(false);
		} else if (typing)
			event.target.blur();
		else if (!document.getSelection().isCollapsed)
			document.getSelection().removeAllRanges();
		else if (view.name !== "list")
			location.hash = view.list;
	} else if (view.name === "list" && (!typing || event.target === $("text"))) {
		const by = { ArrowDown: 1, ArrowUp: -1, ...(typing ? {} : { j: 1, k: -1 }) }[event.key];
		const inside = typing || event.target.closest?.("#rows") || "jk".includes(event.key);

		if (by && inside) {
			event.preventDefault();
			move(by);
		}
	}
});

// ---- views

const tools = { ask, data, now, poll, render: () => draw(), frame: () => frame(tally()) };
const views = {
	list: { render: renderList },
	target: targetView($("target"), tools, () => view.list),
	probe: probeView($("probe"), tools),
};

function draw() {
	const counts = tally();

	if (view.name)
		views[view.name].render(counts);
	foot();
	frame(counts);
}

function show(name, argument) {
	const from = view.name;

	if (from === "list" && name !== "list")
		view.scroll = scrollY;
	const changed = from !== name || views[name].is?.() !== argument;

	view.name = name;
	for (const other of Object.keys(views))
		$(other).hidden = other !== name;
	attr($("to-list"), "aria-current", name === "list" ? "page" : null);
	attr($("to-probe"), "aria-current", name === "probe" ? "page" : null);
	$("to-list").href = view.list;
	if (changed)
		views[name].open?.(argument);
	draw();
	if (!changed || !from)
		return;
	if (name === "list") {
		scrollTo(0, view.scroll);
		const was = view.last != null && $("rows").byKey?.get(view.last);

		(was ? was.querySelector("a") : $("text")).focus({ preventScroll: true });
	} else {
		scrollTo(0, 0);
		views[name].focus();
	}
}

function decode(name) {
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

function route() {
	const hash = location.hash || "#/";
	const [path, query = ""] = hash.split(/\?(.*)/s);

	if (hash.startsWith("#/target/")) {
		view.last = decode(hash.slice("#/target/".length));
		show("target", view.last);
	} else if (path === "#/probe")
		show("probe", query);
	else {
		readFilter(new URLSearchParams(query));
		view.list = hash;
		show("list");
	}
}

/* What was put off for the sake of a selection, of the focus or of what is open. */
function settle() {
	requestAnimationFrame(() => {
		if (held())
			draw();
	});
}

document.addEventListener("selectionchange", () => document.getSelection().isCollapsed && settle());
document.addEventListener("focusout", settle);
document.addEventListener("toggle", settle, true);
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) {
		shown = Date.now();
		poll();
	}
});
addEventListener("hashchange", route);
addEventListener("popstate", route);
addEventListener("resize", () => views[view.name].resize?.());
history.scrollRestoration = "manual";
setInterval(freshness, 1000);
route();
poll();
