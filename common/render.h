/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RENDER_H
#define RENDER_H

/*
 * Four ways to write a judged result. None of them decides anything. Each escapes the server's
 * bytes for its own format. Output is added to `out`, complete with its last line end.
 */

#include "judge.h"
#include "result.h"

/*
 * Nagios/Icinga plugin output: a status line with performance data, then with `verbose` long text
 * (phases, facts, further findings). The set of labels is result->plan's, whatever happened; what
 * has no number is "U".
 */
void render_nagios(
    const struct result *result, const struct thresholds *thresholds, int verbose, struct str *out);

/* One JSON object on one line (RFC 8259). The transcript is in it when the result has one. */
void render_json(const struct result *result, struct str *out);

/* OpenMetrics 1.0 text, ended by "# EOF". Names are the exporter's. */
void render_openmetrics(const struct result *result, struct str *out);

/* The same in Prometheus's text format 0.0.4, where a counter's family has its whole name. */
void render_prometheus(const struct result *result, struct str *out);

/* Phases as bars, for a terminal `columns` wide (at least 40), in UTF-8 when `utf8`. */
void render_waterfall(const struct result *result, unsigned columns, bool utf8, struct str *out);

/*
 * Adds `s` as one line of plain text that is safe in a terminal, a log and a status line: control
 * characters (C0, DEL, C1), invalid UTF-8, bidirectional overrides, line separators and '|', which
 * begins performance data, become \xNN.
 */
void escape_text(struct str *out, slice s);

#endif
