/* SPDX-License-Identifier: BSD-2-Clause */
/* One probe's metrics in OpenMetrics 1.0 text, which is text format 0.0.4 too. */
#include "metrics.h"
#include "render_parts.h"

void
render_openmetrics(const struct result *result, struct str *out)
{
	struct samples samples = samples_of(result, out->arena);
	enum metric before = METRICS;

	for (size_t i = 0; i < samples.n; i++) {
		const struct sample *sample = &samples.items[i];

		if (sample->metric != before)
			metric_family(out, sample->metric, true);
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
