/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of a run: laps that follow each other on one clock, findings in them, facts.
 * Everything that goes into the result passes the mask here, so that no verb has to remember it.
 */
#include "session.h"

#include "mask.h"

enum {
	TRANSCRIPT_LINES = 4000,
	TRANSCRIPT_BYTES = 1 << 20,
	TRANSCRIPT_LINE = 2000,
	TEXT_KEPT = 4000, /* of a reply or a fact */
	LIST_KEPT = 1000,
};

static const slice NOTHING = { NULL, 0 };

static struct lap *
running(struct session *s)
{
	return s->running >= 0 ? &s->result->laps[s->running] : NULL;
}

/* The number a new lap of this phase gets: one more than those that ran. */
static unsigned
next_run(const struct session *s, enum phase phase)
{
	const struct result *result = s->result;
	unsigned run = 1;

	for (size_t i = 0; i < result->lap_count; i++)
		run += result->laps[i].phase == phase && result->laps[i].side == s->side;
	return run;
}

/* Whether --until names the lap that runs. */
static bool
until_reached(struct session *s)
{
	const struct lap *lap = running(s);

	return lap && s->common->until && !s->leaving
	    && slice_eq(lap_name(s->arena, lap), slice_z(s->common->until));
}

static bool
begin_lap(struct session *s, enum phase phase)
{
	struct lap *lap = running(s), *next;
	instant now = lap ? clock_now() : s->result->start;

	if (until_reached(s))
		return false;
	next = result_add_lap(s->result,
	    (struct lap){
	        .phase = phase,
	        .side = s->side,
	        .run = next_run(s, phase),
	        .start = now,
	        .ran = true,
	        .goodbye = s->over,
	    });
	if (!next)
		return false;
	lap = running(s); /* the array may have moved */
	if (lap)
		lap->length = span_between(lap->start, now);
	s->running = (int)s->result->lap_count - 1;
	return true;
}

bool
phase(struct session *s, enum phase phase)
{
	return s->within || begin_lap(s, phase);
}

bool
stage(struct session *s, enum phase phase)
{
	enum side side = s->side;

	s->side = SIDE_NONE;
	s->within = begin_lap(s, phase);
	s->side = side;
	return s->within;
}

void
unstaged(struct session *s)
{
	s->within = false;
}

bool
farewell(struct session *s, enum phase last)
{
	s->over = true;
	return phase(s, last);
}

/* The state of a cause here and now: the table's, unless the phase or an option says otherwise. */
static enum state
state_here(struct session *s, enum cause cause, int lap)
{
	const struct probe_opts *opts = s->common;

	if (cause == CAUSE_TIMEOUT)
		return opts->timeout.state;
	if (cause == CAUSE_TEMPFAIL && opts->tempfail.given)
		return opts->tempfail.state;
	if (cause == CAUSE_TEMPFAIL && lap >= 0)
		return phase_infos[s->result->laps[lap].phase].patience;
	if ((cause == CAUSE_UNEXPECTED || cause == CAUSE_RECORD_MISSING) && opts->unexpected.given)
		return opts->unexpected.state;
	if (cause == CAUSE_CONNECT_REFUSED && opts->refused.given)
		return opts->refused.state;
	return cause_infos[cause].state;
}

/* Masked, and then cut: a secret must not be cut in two before it is looked for. */
static slice
masked(struct session *s, slice text)
{
	if (!text.at)
		return text;
	return arena_copy(s->arena, slice_head(mask_apply(s->arena, &s->secrets, text), TEXT_KEPT));
}

/* `state` NULL: the cause's own. The masks see the whole text before anything is cut off it. */
static void
record(struct session *s, int lap, enum cause cause, const enum state *state, slice reply,
    const char *format, va_list arguments)
{
	struct str text = str_in(s->arena);

	if (s->leaving || arena_failed(s->arena))
		return;
	if (format)
		str_addv(&text, format, arguments);
	result_add(s->result,
	    (struct finding){
	        .cause = cause,
	        .state = state ? *state : state_here(s, cause, lap),
	        .lap = cause == CAUSE_USAGE || cause == CAUSE_LOCAL ? LAP_NONE : lap,
	        .text = text.n > 0 ? masked(s, str_slice(&text)) : NOTHING,
	        .reply = s->common->jail ? NOTHING : masked(s, reply),
	    });
}

bool
fail(struct session *s, enum cause cause, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, NULL, NOTHING, format, arguments);
	va_end(arguments);
	return false;
}

bool
note(struct session *s, enum cause cause, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, NULL, NOTHING, format, arguments);
	va_end(arguments);
	return true;
}

bool
fail_reply(struct session *s, enum cause cause, slice reply, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, NULL, reply, format, arguments);
	va_end(arguments);
	return false;
}

/* As fail_reply(), in a state of the caller's choosing. */
static bool
fail_in(struct session *s, enum state state, enum cause cause, slice reply, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, &state, reply, format, arguments);
	va_end(arguments);
	return false;
}

bool
fail_busy(struct session *s, slice reply)
{
	enum state state = s->common->tempfail.given ? s->common->tempfail.state : STATE_WARNING;

	return fail_in(s, state, CAUSE_TEMPFAIL, reply, NULL);
}

bool
note_reply(struct session *s, enum cause cause, slice reply, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, NULL, reply, format, arguments);
	va_end(arguments);
	return true;
}

bool
note_state(struct session *s, enum state state, enum cause cause, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, s->running, cause, &state, NOTHING, format, arguments);
	va_end(arguments);
	return true;
}

bool
note_in(struct session *s, int lap, enum cause cause, slice reply, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	record(s, lap, cause, NULL, reply, format, arguments);
	va_end(arguments);
	return true;
}

bool
unmet(struct session *s, enum phase phase, enum cause cause, const char *format, ...)
{
	va_list arguments;
	struct lap *lap;

	if (!s->within && until_reached(s))
		return false;
	lap = s->within ? running(s)
	                : result_add_lap(s->result,
	                    (struct lap){
	                        .phase = phase,
	                        .side = s->side,
	                        .run = next_run(s, phase),
	                        .start = clock_now(),
	                    });
	if (!lap)
		return false;
	va_start(arguments, format);
	record(s, (int)(lap - s->result->laps), cause, NULL, NOTHING, format, arguments);
	va_end(arguments);
	return false;
}

/* Whether a fact is the server's own words, which --jail keeps out of the result. */
static bool
jailed(struct session *s, enum fact fact)
{
	return s->common->jail
	    && (fact == FACT_BANNER || fact == FACT_CAPABILITIES || fact == FACT_MAILBOX_NAMES
	        || fact == FACT_ALERTS || fact == FACT_BYE || fact == FACT_STARTTLS_ERROR
	        || fact == FACT_AUTH_ERROR || fact == FACT_QUEUE_ID);
}

/* Where a fact goes: what a round trip as a whole can learn is not one of its sides'. */
static struct fact_value *
place(struct session *s, enum fact fact)
{
	struct fact_value *own = s->result->sides[s->side];
	const char *probes = fact_infos[fact].probes;

	return own && (!*probes || !probes_have(probes, "roundtrip")) ? &own[fact]
	                                                              : &s->result->facts[fact];
}

void
fact_text(struct session *s, enum fact fact, slice text)
{
	if (jailed(s, fact))
		return;
	place(s, fact)->text = masked(s, text);
	place(s, fact)->known = true;
}

void
fact_list(struct session *s, enum fact fact)
{
	*place(s, fact) = (struct fact_value){ .known = !jailed(s, fact) };
}

void
fact_add(struct session *s, enum fact fact, slice item)
{
	struct fact_value *value = place(s, fact);

	if (jailed(s, fact))
		return;
	if (value->list.n < LIST_KEPT)
		list_add(s->arena, &value->list, masked(s, item));
	value->known = true;
}

void
fact_clear(struct session *s, enum fact fact)
{
	*place(s, fact) = (struct fact_value){ 0 };
}

void
fact_number(struct session *s, enum fact fact, double number)
{
	struct fact_value *value = place(s, fact);

	value->number = number;
	value->lap = s->running;
	value->known = true;
}

void
fact_number_of(struct session *s, enum fact fact, slice mailbox, double number)
{
	result_set_value(s->result, fact, mailbox, number, s->running);
}

void
fact_time(struct session *s, enum fact fact, time_t when)
{
	place(s, fact)->time = when;
	place(s, fact)->known = true;
}

void
fact_flag(struct session *s, enum fact fact, bool flag)
{
	place(s, fact)->flag = flag;
	place(s, fact)->known = true;
}

void
achieved(struct session *s, const char *what)
{
	s->result->achieved = what;
}

void
secret(struct session *s, slice bytes)
{
	mask_add(s->arena, &s->secrets, bytes);
}

void
secrets(struct session *s, const struct probe_opts *opts)
{
	const char *const all[] = { opts->password, opts->token, opts->oauth_client_secret,
		opts->oauth_refresh_token };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		secret(s, slice_z(all[i]));
}

void
transcript(struct session *s, char from, slice text)
{
	if (s->common->jail && from == 'S')
		text = S("****");
	if (!s->common->transcript || s->transcript_bytes > TRANSCRIPT_BYTES)
		return;
	text = slice_head(masked(s, text), TRANSCRIPT_LINE);
	s->transcript_bytes += text.n + TRANSCRIPT_BYTES / TRANSCRIPT_LINES;
	if (s->transcript_bytes > TRANSCRIPT_BYTES) {
		from = '*';
		text = S("the transcript ends here: it is full");
	}
	result_add_transcript(
	    s->result, (struct transcript_line){ .when = clock_now(), .from = from, .text = text });
}
