/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef METRICS_H
#define METRICS_H

/* The table of all metrics, and what one run yields of them. */

#include "result.h"

enum metric {
#define METRIC(id, name, kind, unit, scope, labels, help) METRIC_##id,
#include "metrics.def"
#undef METRIC
	METRICS
};

enum metric_kind { METRIC_GAUGE, METRIC_COUNTER, METRIC_HISTOGRAM };

enum metric_scope { METRIC_RUN, METRIC_ONCE, METRIC_TARGET, METRIC_EXPORTER };

struct metric_info {
	const char *name;
	enum metric_kind kind;
	const char *unit; /* NULL for none */
	enum metric_scope scope;
	const char *labels; /* their names, separated by blanks */
	const char *help;
};

extern const struct metric_info metric_infos[METRICS];

/* One line of a metric but for its name: `labels` is what stands in the braces, or empty. */
struct sample {
	enum metric metric;
	slice labels, number;
};

struct samples {
	struct sample *items;
	size_t n, size;
};

/*
 * What a judged result has for RUN and ONCE, in the order of the table, in the arena. What
 * blackbox_exporter always exports is always there, as 0 where there is nothing; of our own, what
 * was not measured is absent.
 */
struct samples samples_of(const struct result *result, struct arena *arena);

/*
 * The comments in front of a metric's lines. In OpenMetrics a counter's family is called without
 * "_total"; the text format 0.0.4 has the whole name there.
 */
void metric_family(struct str *out, enum metric metric, bool openmetrics);

#endif
