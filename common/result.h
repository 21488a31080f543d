/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RESULT_H
#define RESULT_H

/*
 * What a probe yields: laps, findings and facts, as data. Probes fill it through the session, the
 * judge adds thresholds and draws the verdict, renderers only read it. All of it lives in the run's
 * arena. Bytes of the server are kept raw, but masked: no secret is in a result. Each renderer
 * escapes for its own format.
 */

#include <time.h>

#include "clock.h"
#include "str.h"

enum state { STATE_OK, STATE_WARNING, STATE_CRITICAL, STATE_UNKNOWN };

enum cause {
	CAUSE_NONE,
#define CAUSE(id, name, state, probes, phases, meaning) CAUSE_##id,
#include "causes.def"
#undef CAUSE
	CAUSES
};

enum phase {
#define PHASE(id, name, patience, probes, meaning) PHASE_##id,
#include "phases.def"
#undef PHASE
	PHASES
};

enum fact {
#define FACT(id, name, kind, value, unit, probes, help) FACT_##id,
#include "facts.def"
#undef FACT
	FACTS
};

enum fact_kind { FACT_TEXT, FACT_LIST, FACT_NUMBER, FACT_TIME, FACT_FLAG };

struct cause_info {
	const char *name;
	enum state state;   /* unless an option or the phase says otherwise */
	const char *probes; /* that can have it: "imap pop3"; "" is all of them */
	const char *phases; /* it is looked for in: see causes.def */
	const char *meaning;
};

struct phase_info {
	const char *name;
	enum state patience; /* the state of `tempfail` in it */
	const char *probes;
	const char *meaning;
};

struct fact_info {
	const char *name; /* JSON member */
	enum fact_kind kind;
	const char *
	    value; /* what thresholds, perfdata and metrics call it; NULL where it is not counted */
	const char *unit; /* "s", "B", "%" or "" */
	const char *probes;
	const char *help;
};

extern const struct cause_info cause_infos[CAUSES];
extern const struct phase_info phase_infos[PHASES];
extern const struct fact_info fact_infos[FACTS];

/* Whether a row with these `probes` is one of `probe`'s; `probe` NULL: of any. */
bool probes_have(const char *probes, const char *probe);

/* Whether counters of that cause in that phase should be there before it happens. */
bool cause_expected(enum cause cause, enum phase phase);

/* Adds the names of `probe`'s phases, of its counted values, separated by `separator`. */
void phase_names(struct str *out, const char *probe, const char *separator);
void value_names(struct str *out, const char *probe, const char *separator);

/* "OK", "WARNING", "CRITICAL", "UNKNOWN". */
const char *state_name(enum state state);

/* The state of a name as options write it, in any letter case. False for anything else. */
bool state_of(slice name, enum state *state);

/* The worse of two: CRITICAL, UNKNOWN, WARNING, OK. */
enum state state_worse(enum state a, enum state b);

/* A list of texts that grows in an arena. */
struct list {
	slice *items;
	size_t n, size;
};

void list_add(struct arena *arena, struct list *list, slice item);

/*
 * Of which of its two servers a step or a fact of a round trip is; SIDE_NONE of its own, and of all
 * other probes. In names it is a prefix: submit_auth.
 */
enum side { SIDE_NONE, SIDE_SUBMIT, SIDE_FETCH, SIDES };

struct side_info {
	const char *prefix; /* "submit_" */
	const char *probe;  /* "submit": what stands for it in the tables' `probes` */
};

extern const struct side_info side_infos[SIDES];

/*
 * One timed step. Laps follow each other without a gap. One that did not run (`ran` false) has no
 * length: it is there because something could not be done that the options asked for.
 */
struct lap {
	enum phase phase;
	enum side side;
	unsigned run; /* 1, or 2 and more for the suffix: ehlo_2 */
	instant start;
	span length;
	bool ran;
	bool goodbye; /* behind the end of the total: quit, logout */
	bool failed;  /* a finding that is not OK stands in it */
};

/* A place in the run: a lap by number, or one of these. */
enum { LAP_NONE = -1, LAP_TOTAL = -2 };

struct finding {
	enum cause cause;
	enum state state;
	int lap;    /* index into laps, LAP_NONE (usage, local) or LAP_TOTAL (slow on the total) */
	slice text; /* in our words; may be missing where the reply says it all */
	slice
	    reply; /* the server's own words, lines separated by \n; missing where there is none */
};

/* A counted value of one mailbox of several, "messages[INBOX]". */
struct value {
	slice name;
	int lap;        /* in which it was learnt */
	enum fact fact; /* what it is: its unit */
	double number;
};

/* There are dozens in each run that waits, and few that are known. */
struct fact_value {
	bool known;
	int lap; /* a NUMBER's: in which it was learnt */
	union {  /* by the fact's kind */
		bool flag;
		double number;
		time_t time;
		slice text;
		struct list list;
	};
};

/* What these options can yield, whatever happens: the labels of perfdata. */
struct plan {
	struct list phases; /* lap names in order: "ehlo", "ehlo_2" */
	struct list values; /* names of counted values */
	struct list again;  /* those that are counted more than once, and not of the same thing */
};

/* What the probe as a whole has come to. */
struct verdict {
	enum state state;
	enum cause cause; /* CAUSE_NONE with OK */
	slice phase; /* "auth", "ehlo_2", "total"; missing with OK and where a cause has no phase */
	slice text, reply;
};

struct transcript_line {
	instant when;
	char from;  /* 'C' client, 'S' server, '*' an event in our words */
	slice text; /* masked, without line end */
};

struct result {
	struct arena *arena;
	const char *probe; /* "smtp": probe_type.name */
	const char *label; /* "SMTP": what a status line begins with */

	slice host; /* as asked for */
	unsigned port;
	slice address; /* that was used, without port; missing when no connection was made */

	struct plan plan;
	span timeout; /* that the run had */

	instant start, end; /* of the run */
	span total;         /* start to the goodbye */
	time_t wall;        /* when it ran, for certificates and metrics */

	struct lap *laps;
	size_t lap_count, laps_size;
	struct finding *findings;
	size_t finding_count, findings_size;
	struct fact_value facts[FACTS];
	struct fact_value *sides[SIDES]; /* FACTS of each side; NULL where there are none */
	struct value *values;            /* those of several mailboxes */
	size_t value_count, values_size;
	const char
	    *achieved; /* the furthest that was reached: "message accepted"; NULL for nothing */

	struct transcript_line *transcript; /* NULL unless asked for */
	size_t transcript_count, transcript_size;

	struct verdict verdict; /* set by judge() */
};

/*
 * A result of the run that starts now, in `arena`, which it does not own. NULL only without memory.
 */
struct result *result_new(struct arena *arena, const char *probe, const char *label);

/* The facts of one side; NULL where there are none. */
static inline const struct fact_value *
result_facts(const struct result *result, enum side side)
{
	return side == SIDE_NONE ? result->facts : result->sides[side];
}

/* "ehlo", "ehlo_2", "submit_auth": the name of a lap, in the arena. */
slice lap_name(struct arena *arena, const struct lap *lap);

/*
 * The lap that a name means: its side, phase and run. False for a name that `probe` has no lap of;
 * NULL is any probe.
 */
bool lap_called(const char *probe, slice name, struct lap *lap);

/* Whether laps of that phase and side occur in `probe`'s runs. */
bool probe_has_phase(const char *probe, enum side side, enum phase phase);

/*
 * For the session and the judge: adds a lap, a finding (and marks its lap), a line of the
 * transcript. Without memory nothing is added, and the arena remembers.
 */
struct lap *result_add_lap(struct result *result, struct lap lap);
void result_add(struct result *result, struct finding finding);
void result_take_back(struct result *result, size_t findings); /* all but the first so many */
void result_add_transcript(struct result *result, struct transcript_line line);

/* The lap called `name`, or NULL. A lap that did not run is found too. */
const struct lap *result_lap(const struct result *result, slice name);

/* A counted value of one mailbox, learnt in a lap. A later one of that mailbox replaces it. */
void result_set_value(struct result *result, enum fact fact, slice mailbox, double number, int lap);

/*
 * The number of a counted value by its threshold name, and the lap that it was learnt in; false
 * when unknown or not measured.
 */
bool result_value(const struct result *result, slice name, double *number, int *lap);

/* Whether it may be counted of several: mailboxes, or hops. */
#define FACT_OF_MANY(fact) \
	(((fact) >= FACT_MESSAGES && (fact) <= FACT_MATCHES) || (fact) == FACT_HOP_DELAY)

/*
 * The fact that a threshold's name means, "messages" or "messages[INBOX]", as far as `probe` can
 * learn it, and on which side; FACTS for a name that means none. `*mailbox` is what stands in
 * brackets, missing without them. `probe` NULL: what any can learn.
 */
enum fact fact_called(const char *probe, slice name, enum side *side, slice *mailbox);

#endif
