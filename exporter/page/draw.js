// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the views are made with: nodes that are changed in place, numbers and times as people write them, and the
 * pictures of phases. Text from elsewhere reaches the document by say() and tell() only, as the data of a text node:
 * it is never markup. tell() also spells out what cannot be seen or would turn its surroundings around.
 */

export const STATES = {
	CRITICAL: { word: "critical", letter: "C", rank: 0 },
	UNKNOWN: { word: "unknown", letter: "U", rank: 1 },
	WARNING: { word: "warning", letter: "W", rank: 2 },
	PENDING: { word: "not yet run", letter: "-", rank: 3 },
	OK: { word: "ok", letter: "O", rank: 4 },
};
export const stateOf = (name) => (Object.hasOwn(STATES, name ?? "") ? name : "PENDING");

const SVG = "http://www.w3.org/2000/svg";
const TEXT_LIMIT = 4000;
const LIST_LIMIT = 60;
const LINE_LIMIT = 1000;

// ---- text

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;
const SHORT = { "\t": "\\t", "\r": "\\r", "\n": "\\n" };

function spell(character) {
	const code = character.codePointAt(0).toString(16);

	return SHORT[character] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`);
}

/* Controls, bidirectional overrides, blanks without a width: as escapes. */
export function visible(text) {
	const string = String(text ?? "");

	return (string.length > TEXT_LIMIT
		? `${string.slice(0, TEXT_LIMIT)} … (${string.length - TEXT_LIMIT} characters more)`
		: string).replace(UNSEEN, spell);
}

export function seconds(n) {
	if (n == null || !Number.isFinite(n))
		return "–";
	if (n >= 99.95)
		return `${n.toFixed(0)} s`;
	if (n >= 0.9995)
		return `${n.toFixed(n >= 9.995 ? 1 : 2)} s`;
	return `${(n * 1000).toFixed(n > 0 && n < 0.00995 ? 1 : 0)} ms`;
}

/* How long ago, in one unit, or two where `exact`. */
export function age(n, exact = false) {
	const s = Math.max(0, Math.round(n));
	const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
	const i = units.findIndex(([, size]) => s >= size);

	if (i < 0)
		return "0 s";
	const [unit, size] = units[i];
	const rest = i + 1 < units.length ? Math.floor((s % size) / units[i + 1][1]) : 0;

	return `${Math.floor(s / size)} ${unit}${exact && rest ? ` ${rest} ${units[i + 1][0]}` : ""}`;
}

/* The hour, and the date where it is not today's. */
export function clock(time) {
	const d = new Date(time * 1000);
	const two = (n) => String(n).padStart(2, "0");

	if (time == null || Number.isNaN(d.getTime()))
		return "–";
	const hour = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

	return d.toDateString() === new Date().toDateString()
		? hour
		: `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${hour}`;
}

export const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// ---- nodes

export function el(name, attributes = {}, ...children) {
	const node = document.createElement(name);

	for (const [key, value] of Object.entries(attributes))
		attr(node, key, value);
	node.append(...children);
	return node;
}

export function svg(name, attributes = {}, ...children) {
	const node = document.createElementNS(SVG, name);

	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

export function attr(node, name, value) {
	if (value === false || value == null) {
		if (node.hasAttribute(name))
			node.removeAttribute(name);
	} else if (node.getAttribute(name) !== (value === true ? "" : String(value)))
		node.setAttribute(name, value === true ? "" : value);
}

/*
 * Nothing is taken away from under a reader: text that is selected stays until the selection is given up, a node that
 * has the focus or that was opened stays until it is left. What was put off so is made good by the next drawing,
 * which is due when held() is true and one of these ends.
 */
let putOff = false;

export function held() {
	const was = putOff;

	putOff = false;
	return was;
}

export function hold() {
	putOff = true;
}

export function selected(node) {
	const selection = document.getSelection();

	return Boolean(selection) && !selection.isCollapsed && selection.containsNode(node, true);
}

export function say(node, text) {
	const string = String(text);

	if (node.firstChild ? node.firstChild.data === string : !string)
		return;
	if (selected(node)) {
		hold();
		return;
	}
	if (node.firstChild)
		node.firstChild.data = string;
	else
		node.append(string);
}

export const tell = (node, text) => say(node, visible(text));

const used = (node) => node.contains(document.activeElement) || node.open;

/* The order that is wanted, by moving the others around the one that has the focus, which would lose it by a move. */
function arrange(parent, nodes) {
	const pin = nodes.findIndex((node) => node.contains(document.activeElement));
	let next = nodes[pin];

	for (let i = pin - 1; i >= 0; i--) {
		if (nodes[i].nextSibling !== next)
			parent.insertBefore(nodes[i], next);
		next = nodes[i];
	}
	for (let i = pin + 1; i < nodes.length; i++) {
		const place = i > 0 ? nodes[i - 1].nextSibling : parent.firstChild;

		if (place !== nodes[i])
			parent.insertBefore(nodes[i], place);
	}
}

/* One child of `parent` for each item; those of items that were there before are kept. */
export function keyed(parent, items, key, make, update) {
	const before = parent.byKey ?? new Map();
	const now = new Map();
	const busy = selected(parent);

	for (const item of items) {
		const k = key(item);
		const node = before.get(k) ?? (busy ? null : make(item));

		if (!node) {
			hold();
			continue;
		}
		update?.(node, item);
		now.set(k, node);
		before.delete(k);
	}
	for (const [k, node] of before) {
		if (busy || used(node)) {
			hold();
			now.set(k, node);
		} else
			node.remove();
	}
	parent.byKey = now;
	if (!busy)
		arrange(parent, [...now.values()]);
}

/* A state, as a shape and a word. */
export function badge() {
	return el("span", { class: "badge" }, el("span", { class: "shape", "aria-hidden": "true" }), el("span"));
}

export function setBadge(node, name) {
	attr(node, "data-state", stateOf(name));
	say(node.lastChild, STATES[stateOf(name)].word);
}

// ---- phases

/* Families have a colour, members of one a shade of it: neighbours differ, and there are few colours. */
const FAMILIES = {
	net: ["dns", "connect", "proxy"],
	greet: ["banner", "ehlo", "helo", "capability", "capa"],
	tls: ["tls", "starttls"],
	auth: ["auth"],
	work: ["mail", "rcpt", "data", "send", "rset", "command", "namespace", "list", "select", "status", "sizes", "search",
		"fetch", "stat", "uidl", "retr", "dele", "create", "rename", "append", "expunge", "delete", "idle", "quota",
		"submit", "delivery", "retrieve", "cleanup"],
};
const SHADES = ["100%", "78%", "60%"];
const COLOURS = new Map(Object.entries(FAMILIES).flatMap(([family, names]) =>
	names.map((name, i) => [name, `color-mix(in srgb, var(--${family}) ${SHADES[i % 3]}, var(--shade))`])));
const base = (name) => name.replace(/_\d+$/, "");
const step = (name) => (COLOURS.has(base(name)) ? base(name) : base(name).replace(/^(submit|fetch)_/, ""));

export const goodbye = (name) => /^(?:(?:submit|fetch)_)?(?:quit|logout)$/.test(base(name));

export function colour(name) {
	return COLOURS.get(step(name)) ?? "var(--work)";
}

/* A round number above, and zeros: a scale that does not move with every run. */
export function ceiling(n, steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) {
	if (!(n > 0))
		return 0.001;
	const power = 10 ** Math.floor(Math.log10(n));

	return steps.map((m) => m * power).find((m) => m >= n * 0.9999);
}

const percent = (n) => `${Math.max(0, Math.min(100, n * 100)).toFixed(2)}%`;

/*
 * The phases of a run side by side, as backgrounds of one node: the failed one is as high as the node, the others are
 * lower. What is longer than the scale is cut, and looks it.
 */
export function paintBar(node, phases, duration, scale) {
	const steps = phases.filter((phase) => !goodbye(phase.name));
	const thin = [];
	const high = [];
	let at = 0;

	for (const phase of steps) {
		const from = percent(at / scale);
		const to = percent((at + phase.duration) / scale);

		if (phase.ok)
			thin.push(`${colour(phase.name)} ${from} calc(${to} - 1px)`, `transparent calc(${to} - 1px) ${to}`);
		else
			high.push(`transparent ${from}`,
				`var(--fill) ${from} max(${to}, calc(${from} + 5px))`, "transparent 0");
		if (!phase.ok)
			thin.push(`transparent ${from} ${to}`);
		at += phase.duration;
	}
	thin.push(`transparent ${percent(at / scale)}`);
	const image = `linear-gradient(to right, ${high.length ? high.join(",") : "transparent 0 100%"}),`
		+ `linear-gradient(to right, ${thin.join(",")}, transparent)`;

	if (node.painted !== image) {
		node.style.backgroundImage = image;
		node.painted = image;
	}
	node.classList.toggle("cut", at > scale * 1.001);
	const spoken = steps.length
		? steps.map((p) => `${visible(p.name)} ${seconds(p.duration)}${p.ok ? "" : " failed"}`).join(", ")
		: "no phase yet";

	attr(node, "aria-label", spoken);
	attr(node, "title", steps.length ? `${spoken}; ${seconds(duration)} in all` : false);
}

// ---- history strip: low for OK, higher the worse, so that no colour is needed to read it

const STRIP = { runs: 60, slot: 2.5, height: 14 };
const STRIP_HEIGHT = { O: 4, W: 8, C: 14, U: 14 };

export function strip() {
	return svg("svg", { class: "strip", viewBox: `0 0 ${STRIP.runs * STRIP.slot} ${STRIP.height}`, role: "img" },
		...Object.keys(STRIP_HEIGHT).map((letter) => svg("path", { class: `run-${letter}` })));
}

export function paintStrip(node, history) {
	if (node.painted === history)
		return;
	node.painted = history;
	const runs = history.slice(-STRIP.runs);
	const width = STRIP.slot - 0.75;
	const letters = Object.keys(STRIP_HEIGHT);

	letters.forEach((letter, i) => {
		let d = "";

		for (let at = runs.indexOf(letter); at >= 0; at = runs.indexOf(letter, at + 1)) {
			const x = (STRIP.runs - runs.length + at) * STRIP.slot;
			const high = STRIP_HEIGHT[letter];

			d += letter === "U" // with a gap
				? `M${x} 0h${width}v5h-${width}zM${x} 8h${width}v6h-${width}z`
				: `M${x} ${STRIP.height - high}h${width}v${high}h-${width}z`;
		}
		node.children[i].setAttribute("d", d);
	});
	const parts = Object.values(STATES).map(({ word, letter }) => [runs.split(letter).length - 1, word])
		.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);

	attr(node, "aria-label", runs ? `last ${plural(runs.length, "run")}: ${parts.join(", ")}` : "no run yet");
}

// ---- waterfall

function waterRow() {
	const bar = el("span", { class: "water-bar" });
	const row = el("tr", {}, el("th", { scope: "row" }), el("td", { class: "track" }, bar),
		el("td", { class: "number start" }), el("td", { class: "number" }), el("td", { class: "mark" }));

	row.bar = bar;
	return row;
}

export function waterfall() {
	const table = el("table", { class: "waterfall" },
		el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Phase"),
			el("th", { scope: "col", class: "axis", "aria-label": "Picture" }),
			el("th", { scope: "col", class: "number start" }, "From"), el("th", { scope: "col", class: "number" }, "Took"),
			el("td"))),
		el("tbody"));

	return table;
}

function ticks(longest, most) {
	const gap = ceiling(longest / most, [1, 2, 5, 10]);
	const list = [];

	for (let i = 0; i * gap <= longest * 1.0001; i++)
		list.push(i * gap);
	return list;
}

export function paintWaterfall(table, phases, state) {
	const end = Math.max(0.000001, ...phases.map((p) => p.start_seconds + p.duration_seconds));
	const axis = table.tHead.querySelector(".axis");

	keyed(axis, ticks(end, 4).filter((t) => t < end * 0.93), String, () => el("span"), (node, t) => {
		say(node, seconds(t));
		node.style.left = percent(t / end);
	});
	keyed(table.tBodies[0], phases, (p) => p.name, waterRow, (row, p) => {
		const [name, , from, took, mark] = row.cells;
		const bye = goodbye(p.name);

		tell(name, p.name);
		say(from, seconds(p.start_seconds));
		say(took, p.duration_seconds > 0 || p.ok ? seconds(p.duration_seconds) : "–");
		say(mark, !p.ok && !bye ? "✕ failed" : "");
		row.className = bye ? "bye" : p.ok ? "" : "failed";
		attr(row, "data-state", p.ok || bye ? null : stateOf(state));
		row.bar.style.left = `min(${percent(p.start_seconds / end)}, 100% - 3px)`;
		row.bar.style.width = percent(p.duration_seconds / end);
		row.bar.style.backgroundColor = p.ok && !bye ? colour(p.name) : "";
	});
}

// ---- transcript

const FROM = { client: ["C", "client"], server: ["S", "server"], note: ["·", "note"] };

export function transcript(lines) {
	const list = el("ol", { class: "transcript", tabindex: "0", "aria-label": "Transcript" });

	for (const line of lines.slice(0, LINE_LIMIT)) {
		const [letter, who] = FROM[line.from] ?? FROM.note;
		const text = el("bdi");

		tell(text, String(line.text ?? "").replace(/\r?\n$/, ""));
		list.append(el("li", { class: who }, el("span", { class: "number" }, seconds(line.time_seconds)),
			el("abbr", { title: who }, letter), text));
	}
	if (lines.length > LINE_LIMIT)
		list.append(el("li", { class: "note" }, el("span"), el("span"),
			`and ${plural(lines.length - LINE_LIMIT, "line")} more`));
	return list;
}

// ---- plot of the history: the phases of each run on top of each other, one path for each phase

const EDGE = { top: 16, right: 4, bottom: 22, left: 52, height: 190 };
const MARKS = {
	CRITICAL: (x, y, r) => `M${x - r} ${y - 4}h${2 * r}v8h-${2 * r}z`,
	UNKNOWN: (x, y, r) => `M${x} ${y - 5}l${r} 5l-${r} 5l-${r} -5z`,
	WARNING: (x, y, r) => `M${x} ${y - 5}l${r} 9h-${2 * r}z`,
};

export function plotOrder(runs) {
	const names = [];

	for (const run of runs) {
		let at = 0; // behind the phase before it, whichever run knew it first

		for (const name of Object.keys(run.phases)) {
			const known = names.indexOf(name);

			if (known < 0 && !goodbye(name))
				names.splice(at++, 0, name);
			else if (known >= 0)
				at = known + 1;
		}
	}
	return names;
}

/* Failed runs that took longer than any that finished (timeouts, mostly) would flatten all others. */
export function plotScale(runs) {
	const finished = runs.filter((run) => run.state === "OK" || run.state === "WARNING");

	return ceiling(Math.max(0, ...(finished.length ? finished : runs).map((run) => run.duration ?? 0)));
}

export function paintPlot(node, runs, names, width) {
	const scale = plotScale(runs);
	const inner = Math.max(10, width - EDGE.left - EDGE.right);
	const slot = Math.min(16, inner / Math.max(1, runs.length));
	const thick = Math.max(0.5, slot - (slot > 3 ? 1 : 0));
	const bottom = EDGE.height - EDGE.bottom;
	const y = (s) => bottom - Math.min(1, s / scale) * (bottom - EDGE.top);
	const x = (i) => EDGE.left + inner - (runs.length - i) * slot;
	const paths = new Map(names.map((name) => [name, ""]));
	const marks = Object.fromEntries(Object.keys(MARKS).map((state) => [state, ""]));
	let cuts = "";

	runs.forEach((run, i) => {
		let at = 0;

		for (const name of names) {
			const length = run.phases[name] ?? 0;

			if (length > 0 && at < scale)
				paths.set(name, `${paths.get(name)}M${x(i).toFixed(1)} ${y(at).toFixed(1)}h${thick.toFixed(1)}`
					+ `V${y(at + length).toFixed(1)}h-${thick.toFixed(1)}z`);
			at += length;
		}
		if (at > scale * 1.001)
			cuts += `M${(x(i) - 1).toFixed(1)} ${EDGE.top + 9}l${thick + 2} -5`;
		if (run.state in marks)
			marks[run.state] += MARKS[run.state](x(i) + thick / 2, 6, Math.max(1, Math.min(4.5, thick / 2)));
	});
	node.setAttribute("viewBox", `0 0 ${width} ${EDGE.height}`);
	const grid = ticks(scale, 5);
	const spread = slot * (runs.length - 1); // a label takes some 60 pixels
	const times = spread < 140 ? [1] : spread < 260 ? [0, 1] : [0, 0.5, 1];

	node.replaceChildren(
		...grid.map((s) => svg("path", { class: "grid", d: `M${EDGE.left} ${y(s)}H${width - EDGE.right}` })),
		...grid.map((s) => svg("text", { x: EDGE.left - 6, y: y(s) + 4, "text-anchor": "end" }, seconds(s))),
		...names.map((name) => {
			const path = svg("path", { d: paths.get(name) });

			path.style.fill = colour(name);
			return path;
		}),
		svg("path", { class: "cuts", d: cuts }),
		...Object.entries(marks).map(([state, d]) => svg("path", { class: "plot-mark", "data-state": state, d })),
		svg("path", { class: "here" }),
		...times.map((part) => {
			const i = Math.round(part * (runs.length - 1));
			const where = Math.max(EDGE.left, Math.min(width - EDGE.right, x(i) + thick / 2));

			return svg("text", { x: where, y: EDGE.height - 5,
				"text-anchor": part === 1 ? "end" : where < EDGE.left + 60 ? "start" : "middle" }, clock(runs[i].time));
		}));
	node.cuts = cuts !== "";
	node.at = (px) => Math.max(0, Math.min(runs.length - 1, Math.floor((px - x(0)) / slot)));
	node.show = (i) => node.querySelector(".here").setAttribute("d",
		i == null ? "" : `M${x(i) - 1} ${EDGE.top}h${thick + 2}V${bottom}h-${thick + 2}z`);
}

// ---- facts

const UNITS = /_seconds$|_age$/;
const BYTES = /_bytes$|^message_size$|^size_limit$/;

export function factText(name, value) {
	if (typeof value === "boolean")
		return value ? "yes" : "no";
	if (typeof value !== "number")
		return visible(value);
	if (UNITS.test(name))
		return value >= 120 ? age(value, true) : seconds(value);
	return BYTES.test(name) ? `${count(value)} bytes` : name.endsWith("percent") ? `${value} %` : count(value);
}

/* The facts as pairs: a list stands as its items. */
export function paintFacts(list, facts) {
	keyed(list, Object.entries(facts), ([name]) => name,
		() => el("div", {}, el("dt"), el("dd")),
		(node, [name, value]) => {
			const items = Array.isArray(value) ? value : [value];
			const shown = items.slice(0, LIST_LIMIT).map((item) => factText(name, item));

			if (items.length > LIST_LIMIT)
				shown.push(`and ${items.length - LIST_LIMIT} more`);
			tell(node.firstChild, name.replace(/_seconds$/, "").replaceAll("_", " "));
			node.classList.toggle("items", Array.isArray(value));
			keyed(node.lastChild, shown.map((text, i) => [i, text]), ([i]) => i, () => el("bdi"),
				(item, [, text]) => say(item, text));
		});
}
