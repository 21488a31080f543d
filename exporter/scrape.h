/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRAPE_H
#define SCRAPE_H

/* What /metrics says: all targets, and the exporter itself. */

#include "exporter.h"

/* Numbers that the HTTP side keeps. */
struct scrape_extra {
	unsigned queue_length;
	void (*requests)(
	    void *data, struct buffer *out); /* lines of mailprobe_http_requests_total */
	void (*refused)(void *data, struct buffer *out); /* of mailprobe_on_demand_refused_total */
	void *data;
};

/*
 * A piece of text for each metric, in the order of the table, the last with what ends the whole. In
 * OpenMetrics 1.0 or text format 0.0.4. The caller frees the pieces.
 */
void scrape(struct exporter *exporter, const struct scrape_extra *extra, bool openmetrics,
    struct buffer pieces[METRICS]);

#endif
