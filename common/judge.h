/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef JUDGE_H
#define JUDGE_H

/*
 * Thresholds, and the one function that turns what a probe recorded into a verdict. Ranges are
 * those of the Monitoring Plugins Development Guidelines: "10" alerts below 0 and above 10, "10:"
 * below 10, "~:10" above 10, "10:20" outside, "@10:20" inside, the ends belonging to the range.
 */

#include "result.h"

struct range {
	double low, high; /* either may be infinite */
	bool inside;      /* "@": alert inside, not outside */
	slice text;       /* as it was written, for perfdata */
};

struct threshold {
	slice name; /* "time", a phase, or a counted value */
	bool has_warning, has_critical;
	struct range warning, critical;
};

struct thresholds {
	const char *probe; /* whose names are known; NULL: those of all probes */
	struct threshold *items;
	size_t n, size;
};

/* False for what is not a range; blanks around are no range either. */
bool range_parse(slice text, struct range *range);

/* Whether `value` is where the range alerts. */
bool range_alerts(const struct range *range, double value);

/*
 * Adds one "[NAME=]RANGE" of -w or -c, for `time` without a NAME; a later one for the same NAME
 * replaces the earlier. NAME is "time", a phase of phases.def, with or without _2, or a counted
 * value of facts.def, "messages[INBOX]" too; of those that the probe has. False with a sentence
 * in `error` that says what is wrong and what can be written.
 */
bool thresholds_add(struct thresholds *thresholds, struct arena *arena, slice spec,
    enum state state, struct str *error);

/* The threshold for `name`, or NULL. */
const struct threshold *threshold_for(const struct thresholds *thresholds, slice name);

/* The unit of a counted value: "s", "B", "%" or "", which an unknown name has too. */
const char *value_unit(slice name);

/*
 * Adds `slow` and `threshold` findings, then folds all findings into result->verdict: the worst
 * state, and with equal states the earliest phase (findings without a phase first, the total last).
 * The findings are left in that order, so that the verdict is the first of them. A value that was
 * not measured and a lap that did not run meet every threshold. `slow` stands in the lap or in
 * LAP_TOTAL; `threshold` in the lap in which the value was learnt. When the arena has run
 * out, `local` is the only verdict, and no finding is left.
 */
void judge(struct result *result, const struct thresholds *thresholds);

#endif
