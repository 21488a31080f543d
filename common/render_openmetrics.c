/* SPDX-License-Identifier: BSD-2-Clause */
/* One probe's metrics in OpenMetrics 1.0, and in text format 0.0.4: they differ in counters. */
#include "metrics.h"
#include "render_parts.h"

static void
render(const struct result *result, struct str *out, bool openmetrics)
{
	struct samples samples = samples_of(result, out->arena);
	enum metric before = METRICS;

	for (size_t i = 0; i < samples.n; i++) {
		const struct sample *sample = &samples.items[i];

		if (sample->metric != before)
			metric_family(out, sample->metric, openmetrics);
		before = sample->metric;
		str_addz(out, metric_infos[sample->metric].name);
		if (sample->labels.n > 0) {
			str_addc(out, '{');
			str_add(out, sample->labels);
			str_addc(out, '}');
		}
		str_addc(out, ' ');
		str_add(out, sample->number);
		str_addc(out, '\n');
	}
	str_addz(out, "# EOF\n");
}

void
render_openmetrics(const struct result *result, struct str *out)
{
	render(result, out, true);
}

void
render_prometheus(const struct result *result, struct str *out)
{
	render(result, out, false);
}
