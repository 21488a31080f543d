/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The phases as bars on one time axis, from the run's start to its last lap's end. Bars begin at a
 * whole cell and end at an eighth of one, so that even a phase of microseconds leaves a mark. The
 * goodbye, which is no part of the total, is drawn lighter.
 *
 * Nothing is wider than the terminal: sentences are wrapped, and a failed lap's cause stands behind
 * its bar, else before it, else on a line of its own. Widths are counted on the safe side: what may
 * be wide in East Asian scripts counts as two columns. Without UTF-8 all is ASCII, the server's
 * text included, because to other terminals the bytes of a UTF-8 character may be control codes.
 */
#include "render_parts.h"

enum { NARROWEST = 40, WIDEST_NAME = 16, GAP = 2 };

struct canvas {
	struct str *out;
	const struct result *result;
	bool utf8;
	unsigned columns;
	unsigned names, times; /* widths of the first two columns */
	span axis;
};

static unsigned
char_width(uint32_t c)
{
	return c < 0x1100 ? 1 : 2;
}

static unsigned
width_of(slice s)
{
	unsigned columns = 0;

	while (s.n > 0)
		columns += char_width(utf8_take(&s));
	return columns;
}

static void
spaces(struct str *out, unsigned n)
{
	str_addf(out, "%*s", (int)n, "");
}

/* Text as this terminal can take it: one line, and the same however often it is asked. */
static slice
visible(const struct canvas *canvas, slice raw)
{
	struct str safe = str_in(canvas->out->arena), ascii = str_in(canvas->out->arena);
	slice s;

	escape_text(&safe, raw);
	s = str_slice(&safe);
	if (canvas->utf8)
		return s;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.at[i] < 0x80)
			str_addc(&ascii, s.at[i]);
		else
			str_addf(&ascii, "\\x%02x", (unsigned char)s.at[i]);
	return str_slice(&ascii);
}

/*
 * Adds visible text from column `at` on, wrapped, each further line indented; returns the column
 * behind it.
 */
static unsigned
flow(const struct canvas *canvas, slice text, unsigned indent, unsigned at)
{
	struct str *out = canvas->out;
	bool first = true;

	while (text.at) {
		slice word = slice_cut(&text, ' ');
		unsigned wide = width_of(word);

		if (!first && at + 1 + wide > canvas->columns && at > indent) {
			str_addc(out, '\n');
			spaces(out, indent);
			at = indent;
		} else if (!first) {
			str_addc(out, ' ');
			at++;
		}
		first = false;
		while (word.n > 0) {
			slice piece = word;
			unsigned step = char_width(utf8_take(&word));

			piece.n -= word.n;
			if (at + step > canvas->columns) {
				str_addc(out, '\n');
				spaces(out, indent);
				at = indent;
			}
			str_add(out, piece);
			at += step;
		}
	}
	return at;
}

static void
head(const struct canvas *canvas)
{
	const struct result *result = canvas->result;
	struct str line = str_in(canvas->out->arena), sentence = str_in(canvas->out->arena);
	bool brackets = result->host.n > 0 && result->host.at[0] != '['
	    && slice_find(result->host, S(":")) < result->host.n;

	str_addz(&line, brackets ? "[" : "");
	str_add(&line, result->host);
	str_addz(&line, brackets ? "]" : "");
	if (result->port > 0)
		str_addf(&line, ":%u", result->port);
	if (result->address.n > 0 && !slice_eq(result->address, result->host)) {
		str_addz(&line, " (");
		str_add(&line, result->address);
		str_addc(&line, ')');
	}
	str_addf(&line, "%s%s %s", line.n > 0 ? ": " : "", result->label,
	    state_name(result->verdict.state));
	flow(canvas, visible(canvas, str_slice(&line)), 2, 0);
	str_addc(canvas->out, '\n');
	part_summary(&sentence, result);
	spaces(canvas->out, 2);
	flow(canvas, visible(canvas, str_slice(&sentence)), 2, 2);
	str_addc(canvas->out, '\n');
}

/* "12.3 ms", "123.4 s" */
static slice
duration(struct arena *arena, span s)
{
	struct str text = str_in(arena);
	bool long_one = s.ns >= span_ms(100000).ns;

	escape_seconds(&text, long_one ? s : (span){ s.ns * 1000 }, 1);
	str_addz(&text, long_one ? " s" : " ms");
	return str_slice(&text);
}

/* Why a lap failed; missing when it did not. */
static slice
mark(const struct canvas *canvas, int lap)
{
	const struct result *result = canvas->result;
	const char *cause = NULL;

	for (size_t i = 0; i < result->finding_count && !cause; i++)
		if (result->findings[i].lap == lap)
			cause = cause_infos[result->findings[i].cause].name;
	if (!cause && (lap < 0 || !result->laps[lap].failed))
		return (slice){ NULL, 0 };
	return str_f(canvas->out->arena, "%s %s", canvas->utf8 ? "\xe2\x9c\x97" : "!",
	    cause ? cause : "failed");
}

/* As long as it is wide: the cross is one column, whatever width_of() would say. */
static unsigned
mark_width(const struct canvas *canvas, slice text)
{
	return (unsigned)text.n - (canvas->utf8 && text.n > 0 ? 2 : 0);
}

struct bar {
	unsigned begin, cells; /* cells: whole ones */
	unsigned eighths;      /* of one more */
	bool light;
};

static unsigned
bar_width(const struct bar *bar)
{
	return bar->cells + (bar->eighths > 0);
}

static struct bar
bar_of(const struct canvas *canvas, const struct lap *lap, unsigned area)
{
	double from = span_as_seconds(span_between(canvas->result->start, lap->start));
	double to = from + span_as_seconds(lap->length);
	double axis = span_as_seconds(canvas->axis);
	unsigned most = area * 8, end;
	struct bar bar = { .light = lap->goodbye };

	from = axis > 0 && from > 0 ? from / axis * most : 0;
	to = axis > 0 && to > 0 ? to / axis * most : 0;
	bar.begin = from < most ? (unsigned)from / 8 : area - 1;
	if (!lap->ran)
		return bar;
	end = to < most ? (unsigned)(to + 0.5) : most;
	end = end > bar.begin * 8 ? end - bar.begin * 8 : 1;
	bar.cells = end / 8;
	bar.eighths = end % 8;
	if (!canvas->utf8 || bar.light) {
		/* No eighths to draw with: the nearest whole cell, but one at least. */
		bar.cells += bar.eighths >= 4 || bar.cells == 0;
		bar.eighths = 0;
	}
	return bar;
}

static void
draw(const struct canvas *canvas, const struct bar *bar)
{
	static const char *const eighths[8] = { "", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d",
		"\xe2\x96\x8c", "\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89" };
	const char *light = canvas->utf8 ? "\xe2\x96\x91" : ".";
	const char *full = canvas->utf8 ? "\xe2\x96\x88" : "#";

	for (unsigned i = 0; i < bar->cells; i++)
		str_addz(canvas->out, bar->light ? light : full);
	str_addz(canvas->out, eighths[bar->eighths]);
}

/* The first two columns, up to the last character of the second. */
static void
legend(const struct canvas *canvas, slice name, slice time)
{
	name = slice_head(name, WIDEST_NAME);
	str_add(canvas->out, name);
	spaces(
	    canvas->out, canvas->names - (unsigned)name.n + GAP + canvas->times - (unsigned)time.n);
	str_add(canvas->out, time);
}

static void
line(const struct canvas *canvas, int index)
{
	const struct lap *lap = &canvas->result->laps[index];
	struct str *out = canvas->out;
	unsigned area = canvas->columns - canvas->names - canvas->times - 2 * GAP;
	struct bar bar = bar_of(canvas, lap, area);
	slice cause = mark(canvas, index);
	unsigned wide = mark_width(canvas, cause), gap = bar_width(&bar) > 0;
	bool behind = wide > 0 && bar.begin + bar_width(&bar) + gap + wide <= area;
	bool ahead = wide > 0 && !behind && bar.begin >= wide + 1;

	legend(canvas, lap_name(out->arena, lap),
	    lap->ran ? duration(out->arena, lap->length) : S("-"));
	if (bar_width(&bar) > 0 || behind || ahead)
		spaces(out, GAP + bar.begin - (ahead ? wide + 1 : 0));
	if (ahead) {
		str_add(out, cause);
		str_addz(out, bar_width(&bar) > 0 ? " " : "");
	}
	draw(canvas, &bar);
	if (behind) {
		spaces(out, gap);
		str_add(out, cause);
	} else if (wide > 0 && !ahead) {
		str_addc(out, '\n');
		spaces(out, canvas->columns - wide);
		str_add(out, cause);
	}
	str_addc(out, '\n');
}

/* Where the last line's facts stand. */
struct row {
	unsigned indent, at;
	bool begun;
};

/* Adds one fact, on a further line where this one has no room for the whole of it. */
static void
also(const struct canvas *canvas, struct row *row, const char *before, slice raw)
{
	struct str text = str_in(canvas->out->arena);
	slice fact;

	if (raw.n == 0)
		return;
	str_addz(&text, before);
	part_text(&text, raw);
	fact = visible(canvas, str_slice(&text));
	if (!row->begun)
		spaces(canvas->out, GAP);
	else if (row->at + 3 + width_of(fact) <= canvas->columns) { /* and a comma behind it */
		str_addz(canvas->out, ", ");
		row->at += 2;
	} else {
		str_addz(canvas->out, row->at < canvas->columns ? ",\n" : "\n");
		spaces(canvas->out, row->indent);
		row->at = row->indent;
	}
	row->begun = true;
	row->at = flow(canvas, fact, row->indent, row->at);
}

static void
total(const struct canvas *canvas)
{
	const struct result *result = canvas->result;
	const struct fact_value *end = &result->facts[FACT_CERT_NOT_AFTER];
	unsigned indent = canvas->names + canvas->times + 2 * GAP;
	struct row row = { .indent = indent, .at = indent };
	struct str date = str_in(canvas->out->arena);

	legend(canvas, S("total"), duration(canvas->out->arena, result->total));
	also(canvas, &row, "", mark(canvas, LAP_TOTAL));
	also(canvas, &row, "", part_known(result->facts, FACT_TLS_VERSION));
	also(canvas, &row, "", part_known(result->facts, FACT_TLS_CIPHER));
	also(canvas, &row, "AUTH ", part_known(result->facts, FACT_AUTH_MECHANISM));
	if (end->known && escape_time(&date, end->time))
		also(canvas, &row, "cert until ",
		    slice_head(str_slice(&date), strlen("2025-01-31")));
	str_addc(canvas->out, '\n');
}

static void
measure(struct canvas *canvas)
{
	const struct result *result = canvas->result;
	struct arena *arena = canvas->out->arena;

	canvas->names = (unsigned)strlen("total");
	canvas->times = (unsigned)duration(arena, result->total).n;
	for (size_t i = 0; i < result->lap_count; i++) {
		const struct lap *lap = &result->laps[i];
		unsigned name = (unsigned)slice_head(lap_name(arena, lap), WIDEST_NAME).n;
		unsigned time = (unsigned)duration(arena, lap->length).n;
		span end = part_elapsed(result, lap);

		canvas->names = name > canvas->names ? name : canvas->names;
		canvas->times = time > canvas->times ? time : canvas->times;
		canvas->axis = end.ns > canvas->axis.ns ? end : canvas->axis;
	}
}

void
render_waterfall(const struct result *result, unsigned columns, bool utf8, struct str *out)
{
	struct canvas canvas = { .out = out,
		.result = result,
		.utf8 = utf8,
		.columns = columns < NARROWEST ? NARROWEST : columns };

	head(&canvas);
	if (result->lap_count == 0)
		return;
	measure(&canvas);
	str_addc(out, '\n');
	for (size_t i = 0; i < result->lap_count; i++)
		line(&canvas, (int)i);
	total(&canvas);
}
