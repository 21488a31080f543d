/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels of performance data, counted as the session counts laps. */
#include "planning.h"

static void
add(struct planning *p, slice name)
{
	list_add(p->arena, &p->plan->phases, name);
	p->stopped |= p->until && slice_eq(name, slice_z(p->until));
}

struct planning
planning(const struct probe_opts *opts, struct arena *arena, struct plan *plan)
{
	struct planning p = { .arena = arena, .plan = plan, .until = opts->until };

	conn_plan(opts, arena, plan);
	for (size_t i = 0; i < plan->phases.n; i++)
		p.stopped |= p.until && slice_eq(plan->phases.items[i], slice_z(p.until));
	if (opts->tls == TLS_IMPLICIT)
		plan_phase(&p, PHASE_TLS);
	plan_phase(&p, PHASE_BANNER);
	return p;
}

void
plan_farewell(struct planning *p, enum phase phase)
{
	struct lap lap = { .phase = phase, .run = ++p->runs[phase] };

	add(p, lap_name(p->arena, &lap));
}

void
plan_phase(struct planning *p, enum phase phase)
{
	if (!p->stopped)
		plan_farewell(p, phase);
}

void
plan_value(struct planning *p, enum fact fact, slice mailbox)
{
	const char *value = fact_infos[fact].value;

	list_add(p->arena, &p->plan->values,
	    mailbox.at ? str_f(p->arena, "%s[%.*s]", value, (int)mailbox.n, mailbox.at)
	               : slice_z(value));
}
