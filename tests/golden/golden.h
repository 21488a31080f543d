/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GOLDEN_H
#define GOLDEN_H

/* Results built by hand, and strict readers of what is rendered from them. */

#include "judge.h"

struct golden_case {
	const char *name;
	size_t ceiling; /* of the run's arena; 0 for plenty */
	void (*build)(struct result *result, struct thresholds *thresholds);
};

extern const struct golden_case golden_cases[];
extern const size_t golden_case_count;

/*
 * Each returns NULL or what is wrong. They share no code with common/: a mistake there must not
 * hide itself. Everything must be UTF-8 without control characters but the line feed.
 */
const char *strict_text(const char *text, size_t n);
const char *strict_nagios(const char *text, size_t n);
const char *strict_json(const char *text, size_t n);
const char *strict_openmetrics(const char *text, size_t n);
/* No line takes more than `columns`, one per character of what the cases have. */
const char *strict_waterfall(const char *text, size_t n, unsigned columns);
const char *strict_ascii(const char *text, size_t n, unsigned columns);

#endif
