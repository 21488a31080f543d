/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of performance data, counted as the session counts laps. */
#include "planning.h"

static bool
has(const struct list *list, slice name)
{
	for (size_t i = 0; i < list->n; i++)
		if (slice_eq(list->items[i], name))
			return true;
	return false;
}

static void
add(struct planning *p, slice name)
{
	list_add(p->arena, &p->plan->phases, name);
	p->stopped |= p->until && slice_eq(name, slice_z(p->until));
}

void
plan_connection(struct planning *p, const struct probe_opts *opts)
{
	size_t first = p->plan->phases.n;

	if (opts->oauth_endpoint)
		plan_phase(p, PHASE_TOKEN);
	if (p->stopped)
		return;
	conn_plan(opts, p->side, p->arena, p->plan);
	for (size_t i = first; i < p->plan->phases.n; i++)
		p->stopped |= p->until && slice_eq(p->plan->phases.items[i], slice_z(p->until));
	if (opts->tls == TLS_IMPLICIT)
		plan_phase(p, PHASE_TLS);
	plan_phase(p, PHASE_BANNER);
}

struct planning
planning(const struct probe_opts *opts, struct arena *arena, struct plan *plan)
{
	struct planning p = { .arena = arena, .plan = plan, .until = opts->until };

	plan_connection(&p, opts);
	return p;
}

void
plan_farewell(struct planning *p, enum phase phase)
{
	struct lap lap = { .side = p->side, .phase = phase, .run = ++p->runs[p->side][phase] };

	add(p, lap_name(p->arena, &lap));
}

void
plan_phase(struct planning *p, enum phase phase)
{
	if (!p->stopped)
		plan_farewell(p, phase);
}

static slice
value_name(struct planning *p, enum fact fact, slice mailbox)
{
	const char *value = fact_infos[fact].value;

	return mailbox.at ? str_f(p->arena, "%s[%.*s]", value, (int)mailbox.n, mailbox.at)
	                  : slice_z(value);
}

void
plan_value(struct planning *p, enum fact fact, slice mailbox)
{
	slice name = value_name(p, fact, mailbox);

	if (!has(&p->plan->values, name))
		list_add(p->arena, &p->plan->values, name);
}

void
plan_value_each(struct planning *p, enum fact fact, slice mailbox)
{
	slice name = value_name(p, fact, mailbox);

	if (has(&p->plan->values, name))
		list_add(p->arena, &p->plan->again, name);
	plan_value(p, fact, mailbox);
}

bool
plan_counts(void (*make)(const void *, struct arena *, struct plan *), const void *opts,
    struct arena *arena, enum cause *cause, struct str *error)
{
	const struct probe_opts *common = opts;
	const struct thresholds *thresholds = &common->thresholds;
	struct plan plan = { 0 };
	enum side side;
	slice mailbox;

	make(opts, arena, &plan);
	for (size_t i = 0; i < thresholds->n; i++) {
		const struct threshold *threshold = &thresholds->items[i];

		bool again = has(&plan.again, threshold->name);

		/* What hosts a message passes is not known before. */
		if (fact_called(NULL, threshold->name, &side, &mailbox) == FACTS
		    || (mailbox.at && slice_starts(threshold->name, S("hop_delay[")))
		    || (has(&plan.values, threshold->name) && !again))
			continue;
		str_addf(error, "%s %.*s: %s", threshold->has_warning ? "-w" : "-c",
		    (int)threshold->name.n, threshold->name.at,
		    again ? "more than one of these options counts it: write one of them"
		          : "nothing that these options ask for counts it");
		*cause = CAUSE_USAGE;
		return false;
	}
	return true;
}
