/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLOCK_H
#define CLOCK_H

/*
 * Moments and durations of the monotonic clock, as types of their own: a number of seconds or
 * milliseconds cannot be mistaken for either. Wall-clock time (certificates, mail dates) is time_t.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t ns;
} instant;

typedef struct {
	int64_t ns;
} span;

/* The present moment. Never goes back, does not follow changes of the machine's date. */
instant clock_now(void);

static inline span
span_seconds(double seconds)
{
	return (span){ (int64_t)(seconds * 1e9) };
}

static inline span
span_ms(int64_t ms)
{
	return (span){ ms * 1000000 };
}

static inline double
span_as_seconds(span s)
{
	return (double)s.ns / 1e9;
}

/* From `a` to `b`; negative when `b` is the earlier. */
static inline span
span_between(instant a, instant b)
{
	return (span){ b.ns - a.ns };
}

static inline instant
instant_after(instant t, span s)
{
	return (instant){ t.ns + s.ns };
}

static inline bool
instant_before(instant a, instant b)
{
	return a.ns < b.ns;
}

static inline instant
instant_earlier(instant a, instant b)
{
	return a.ns < b.ns ? a : b;
}

/* The middle of two moments. */
static inline instant
instant_between(instant a, instant b)
{
	return (instant){ a.ns + (b.ns - a.ns) / 2 };
}

#endif
