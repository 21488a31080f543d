/* SPDX-License-Identifier: BSD-2-Clause */
/* docs/metrics.md: prose in Markdown, and a row for each metric of the table. */
#include "generate.h"
#include "metrics.h"

enum { COLUMNS = 118 };

static const char *const kinds[] = {
	[METRIC_GAUGE] = "gauge",
	[METRIC_COUNTER] = "counter",
	[METRIC_HISTOGRAM] = "histogram",
};

static const char *const places[] = {
	[METRIC_RUN] = "both",
	[METRIC_ONCE] = "`/probe`",
	[METRIC_TARGET] = "`/metrics`",
	[METRIC_EXPORTER] = "`/metrics`",
};

/* A paragraph, its lines behind the first indented. */
static void
fill(struct document *d, const char *text, const char *first, const char *indent)
{
	slice rest = slice_z(text);
	size_t column = strlen(first);

	str_addz(&d->out, first);
	for (bool begun = false; rest.at; begun = true) {
		slice word = slice_cut(&rest, ' ');
		bool fits = column + 1 + word.n <= COLUMNS;

		if (begun && fits)
			str_addc(&d->out, ' ');
		else if (begun) {
			str_addf(&d->out, "\n%s", indent);
			column = strlen(indent);
		}
		str_add(&d->out, word);
		column += word.n + (begun && fits);
	}
	str_addc(&d->out, '\n');
}

/* A cell of a table, in which a bar would begin the next one. */
static void
cell(struct document *d, const char *text)
{
	str_addz(&d->out, " ");
	for (; *text; text++) {
		str_addz(&d->out, *text == '|' ? "\\" : "");
		str_addc(&d->out, *text);
	}
	str_addz(&d->out, " |");
}

/* "phase cause" is `phase` `cause`. */
static void
labels(struct document *d, const char *names)
{
	struct str text = str_in(d->arena);
	slice rest = slice_z(names);

	while (rest.n > 0) {
		slice name = slice_cut(&rest, ' ');

		str_addf(&text, "%s`%.*s`", text.n > 0 ? " " : "", (int)name.n, name.at);
	}
	cell(d, str_z(&text));
}

static void
row(struct document *d, enum metric metric, bool where)
{
	const struct metric_info *info = &metric_infos[metric];

	str_addc(&d->out, '|');
	cell(d, str_f(d->arena, "`%s`", info->name).at);
	cell(d, kinds[info->kind]);
	cell(d, info->unit ? info->unit : "");
	labels(d, info->labels);
	if (where)
		cell(d, places[info->scope]);
	cell(d, info->help);
	str_addc(&d->out, '\n');
}

void
metrics_of_runs(struct document *d)
{
	str_addz(&d->out,
	    "\n| name | type | unit | labels | where | |\n| --- | --- | --- | --- | --- | --- |\n");
	for (enum metric metric = 0; metric < METRICS; metric++)
		if (metric_infos[metric].scope != METRIC_EXPORTER)
			row(d, metric, true);
}

void
metrics_of_exporter(struct document *d)
{
	str_addz(&d->out, "\n| name | type | unit | labels | |\n| --- | --- | --- | --- | --- |\n");
	for (enum metric metric = 0; metric < METRICS; metric++)
		if (metric_infos[metric].scope == METRIC_EXPORTER)
			row(d, metric, false);
}

void
metrics_values(struct document *d)
{
	str_addz(&d->out, "\n| name | unit | probes | |\n| --- | --- | --- | --- |\n");
	for (enum fact fact = 0; fact < FACTS; fact++) {
		const struct fact_info *info = &fact_infos[fact];
		const char *unit = info->value ? info->unit : "";

		if (!info->value)
			continue;
		str_addc(&d->out, '|');
		cell(d, str_f(d->arena, "`%s`", info->value).at);
		cell(d,
		    *unit == 's'       ? "seconds"
		        : *unit == 'B' ? "bytes"
		        : *unit == '%' ? "percent"
		                       : "");
		cell(d, *info->probes ? info->probes : "all");
		cell(d, info->help);
		str_addc(&d->out, '\n');
	}
}

void
metrics_handlers(struct document *d)
{
	static const char *const names[] = {
#define HANDLER(id, name, codes) name,
#include "handlers.def"
#undef HANDLER
	};

	struct str text = str_in(d->arena);

	str_addz(&text, "`handler` is the path without what it asks for:");
	for (size_t i = 0; i < COUNT(names); i++)
		str_addf(&text, "%s `%s`", i > 0 ? "," : "", names[i]);
	str_addz(&text,
	    ", the last being any that there is not. "
	    "What is usual of each is there from the start.");
	str_addc(&d->out, '\n');
	fill(d, str_z(&text), "", "");
}

/* One below the other: what a page is in Markdown. */
static void
markdown(struct document *d, const struct block *block)
{
	bool listed = false; /* the one before was an entry of a list */

	for (; !block->last; block++) {
		if (block->section)
			str_addf(&d->out, "\n## %s\n", block->section);
		if (block->term) {
			str_addz(&d->out, listed ? "" : "\n");
			listed = true;
			fill(d, block->text, str_f(d->arena, "* %s", block->term).at, "  ");
			continue;
		}
		listed = false;
		if (block->text) {
			str_addc(&d->out, '\n');
			fill(d, block->text, "", "");
		}
		if (block->code)
			str_addf(&d->out, "\n```promql\n%s```\n", block->code);
		if (block->made)
			block->made(d);
	}
}

void
metrics_reference(struct document *d)
{
	str_addz(&d->out,
	    "<!-- Made from common/metrics.def and docs/pages_metrics.c: changes belong there. "
	    "-->\n\n# Metrics of mailprobe-exporter\n");
	markdown(d, metrics_blocks);
}
