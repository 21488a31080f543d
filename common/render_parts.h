/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RENDER_PARTS_H
#define RENDER_PARTS_H

/*
 * What several renderers say in the same words. For render_*.c only. All of it adds raw bytes,
 * which the renderer then escapes. What a server said is cut to TEXT_LIMIT bytes, so that a line
 * stays readable.
 */

#include "escape.h"
#include "render.h"

enum { TEXT_LIMIT = 300 };

/*
 * Adds at most TEXT_LIMIT bytes of `s`, its lines joined by " / ", with "..." where something is
 * left out.
 */
void part_text(struct str *out, slice s);

/* `auth: auth_rejected: "535 ..." after 0.083s` */
void part_finding(struct str *out, const struct result *result, const struct finding *finding);

/*
 * The sentence of the status line behind "SMTP OK - ", raw: what was achieved, or
 * `auth: auth_rejected: "535 ..." after 0.083s`.
 */
void part_summary(struct str *out, const struct result *result);

/* A fact's value as people read it; lists joined by ", ". */
void part_fact(struct str *out, enum fact fact, const struct fact_value *value);

/* A text among facts; missing when not known or empty. */
slice part_known(const struct fact_value *facts, enum fact fact);

/* From the run's start to the end of this lap. */
span part_elapsed(const struct result *result, const struct lap *lap);

#endif
