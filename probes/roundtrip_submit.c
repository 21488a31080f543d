/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The submitting side. A temporary refusal is what greylisting looks like (RFC 6647): the same
 * envelope is tried again, in a new session, after a pause that doubles, for as long as the
 * deadline has room for another try. What was said in between is no finding once it is taken.
 */
#include "roundtrip.h"

enum { FIRST_PAUSE = 1000, LONGEST_PAUSE = 60000, ROOM = 500 };

/* In the moment before the content goes out. */
static bool
sending(struct session *s, void *data)
{
	struct roundtrip *rt = data;
	struct str why = str_in(s->arena);

	rt->sent_wall = time(NULL);
	return !rt->ledger || ledger_sending(rt->ledger, rt->token.sequence, &why)
	    || fail(s, CAUSE_LOCAL, "%s", str_z(&why));
}

static bool
attempt(struct roundtrip *rt, unsigned attempts)
{
	struct session *s = rt->s;
	struct smtp *smtp;
	bool begun;

	if (!roundtrip_connect(rt))
		return false;
	smtp = s->protocol;
	smtp->sending = sending;
	smtp->sending_data = rt;
	begun = smtp_begin(s);
	if (!begun || (attempts == 1 && !stage(s, PHASE_SUBMIT)))
		return false;
	rt->message = smtp->message.text;
	return smtp_message(s);
}

/* Whether all that was found since `before` is a temporary refusal, and what it said. */
static bool
put_off(struct session *s, size_t before, slice *reply)
{
	const struct result *result = s->result;

	if (s->side != SIDE_SUBMIT || !s->within || result->finding_count == before)
		return false;
	for (size_t i = before; i < result->finding_count; i++)
		if (result->findings[i].cause != CAUSE_TEMPFAIL)
			return false;
	*reply = result->findings[result->finding_count - 1].reply;
	return true;
}

/* Ends the session politely, as far as it can be; nothing of it is a finding. */
static void
hang_up(struct session *s)
{
	struct smtp *smtp = s->protocol;
	size_t before = s->result->finding_count;

	if (conn_usable(s) && !smtp->deaf
	    && (smtp->quit_sent || smtp_say(s, S("QUIT"), (slice){ NULL, 0 })))
		smtp_listen(s);
	conn_close(s);
	s->result->finding_count = before;
}

static bool
try_until_taken(struct roundtrip *rt)
{
	struct session *s = rt->s;
	span pause = span_ms(FIRST_PAUSE);
	size_t before = s->result->finding_count;
	slice reply = { NULL, 0 };

	for (unsigned attempts = 1;; attempts++) {
		instant again;
		bool taken = attempt(rt, attempts);

		fact_number(s, FACT_ATTEMPTS, attempts);
		if (taken && reply.at)
			fact_text(s, FACT_GREYLISTED, reply);
		if (taken || !put_off(s, before, &reply))
			return taken;
		again = instant_after(clock_now(), pause);
		if (instant_before(s->deadline, instant_after(again, span_ms(ROOM))))
			return false;
		rt->sent_wall = 0; /* nobody has it */
		hang_up(s);
		result_take_back(s->result, before);
		if (conn_pause(s, again) < 0)
			return false;
		pause.ns = pause.ns * 2 < span_ms(LONGEST_PAUSE).ns ? pause.ns * 2
		                                                    : span_ms(LONGEST_PAUSE).ns;
	}
}

/* A message that nobody has taken is nothing that was sent. */
static bool
refused(struct roundtrip *rt)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	const struct smtp *smtp = s->protocol;
	bool known = !rt->sent_wall || (smtp && smtp->reply.code >= 400 && conn_usable(s));

	if (rt->ledger && known && !ledger_refused(rt->ledger, rt->token.sequence, &why))
		fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	return false;
}

bool
roundtrip_submit(struct roundtrip *rt)
{
	struct session *s = rt->s;
	struct str why = str_in(s->arena);
	struct smtp *smtp;

	unstaged(s);
	roundtrip_turn(rt, &rt->submit);
	if (!try_until_taken(rt))
		return refused(rt);
	rt->accepted = true;
	if (!rt->opts->deferred && !stage(s, PHASE_DELIVERY))
		return false;
	if (rt->ledger && !ledger_accepted(rt->ledger, rt->token.sequence, &why))
		return fail(s, CAUSE_LOCAL, "%s", str_z(&why));
	smtp = s->protocol;
	if (!smtp->quit_sent && smtp_say(s, S("QUIT"), (slice){ NULL, 0 }))
		smtp->quit_sent = true;
	achieved(s, "message accepted");
	return true;
}
