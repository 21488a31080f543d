/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The maildrop by POP3, which shows what has come only to a new session (RFC 1939 section 3). What
 * was there before is known by its unique-ids; of what has come since, the header is looked at
 * by TOP, and only our own message is retrieved. The session that finds it is kept until it is
 * removed.
 */
#include "roundtrip.h"

enum { UNIQUE_IDS = 100000, HEADER_MAX = 1 << 18 };

static struct pop3 *
of(struct session *s)
{
	return s->protocol;
}

static bool
knows(const struct list *known, slice id)
{
	for (size_t i = known->n; i > 0; i--)
		if (slice_eq(known->items[i - 1], id))
			return true;
	return false;
}

/* Ends the session in good order; a message that was marked is deleted by it. */
static bool
quit(struct roundtrip *rt)
{
	struct session *s = rt->s;
	bool good = pop3_say(s, S("QUIT"), (slice){ NULL, 0 }) && pop3_listen(s);

	if (good && !pop3_ok(s))
		good = pop3_refused(s, CAUSE_REJECTED);
	conn_close(s);
	rt->ready = false;
	return good;
}

/* UIDL: the numbers and unique-ids of what is not known yet go to `fresh`. */
struct fresh {
	uint64_t numbers[ROUNDTRIP_SWEPT];
	slice ids[ROUNDTRIP_SWEPT];
	size_t n;
};

/* The newest of them are kept where there are more. */
static void
keep(struct fresh *fresh, uint64_t number, slice id)
{
	if (fresh->n == ROUNDTRIP_SWEPT) {
		fresh->n--;
		memmove(fresh->numbers, fresh->numbers + 1, fresh->n * sizeof *fresh->numbers);
		memmove(fresh->ids, fresh->ids + 1, fresh->n * sizeof *fresh->ids);
	}
	fresh->numbers[fresh->n] = number;
	fresh->ids[fresh->n++] = id;
}

static bool
list_fresh(struct roundtrip *rt, struct fresh *fresh)
{
	struct session *s = rt->s;
	uint64_t number;
	slice line, id;

	fresh->n = 0;
	if (!pop3_command(s, PHASE_UIDL, S("UIDL")))
		return false;
	of(s)->midway = true;
	while (pop3_next(s, &line)) {
		if (!pop3_unique_id(line, &number, &id))
			return fail_reply(
			    s, CAUSE_PROTOCOL, line, "no number and unique identifier in it");
		if (!knows(&rt->known, id))
			keep(fresh, number, arena_copy(s->arena, id));
	}
	return !of(s)->midway;
}

/* Lines up to the lone dot, with CRLF behind each. What is beyond `most` bytes is not kept. */
static bool
hear_lines(struct session *s, size_t most, struct str *text)
{
	slice line;

	of(s)->midway = true;
	while (pop3_next(s, &line)) {
		if (text->n + line.n > most)
			continue;
		str_add(text, line);
		str_addz(text, "\r\n");
	}
	return !of(s)->midway;
}

static bool
retrieve(struct session *s, uint64_t number, struct str *text)
{
	if (!pop3_exchange(s, PHASE_RETR, str_f(s->arena, "RETR %llu", (unsigned long long)number)))
		return false;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_MESSAGE_MISSING);
	return hear_lines(s, IMAP_TEXT_MAX, text);
}

/* Its header; where there is no TOP (it is optional), the message. */
static bool
top(struct session *s, uint64_t number, struct str *text)
{
	if (of(s)->listed && !pop3_has(s, S("TOP"), S("")))
		return retrieve(s, number, text);
	if (!pop3_exchange(
	        s, PHASE_RETR, str_f(s->arena, "TOP %llu 0", (unsigned long long)number)))
		return false;
	return pop3_ok(s) ? hear_lines(s, HEADER_MAX, text) : retrieve(s, number, text);
}

static bool
session(struct roundtrip *rt)
{
	rt->ready = roundtrip_connect(rt) && pop3_begin(rt->s);
	return rt->ready;
}

/*
 * Somebody else has the maildrop just now (RFC 2449 section 8.1.2), as others may who wait for
 * theirs in it: that is no finding of a look, but a reason for another.
 */
static bool
in_use(struct roundtrip *rt, size_t before)
{
	struct session *s = rt->s;
	const struct result *result = s->result;

	for (size_t i = before; i < result->finding_count; i++)
		if (result->findings[i].cause != CAUSE_TEMPFAIL)
			return false;
	if (result->finding_count == before)
		return false;
	conn_close(s);
	result_take_back(s->result, before);
	return true;
}

/* LOGIN-DELAY seconds, maybe with USER behind them (RFC 2449 section 6.5). */
static void
login_delay(struct roundtrip *rt)
{
	const struct list *capabilities = &of(rt->s)->capabilities;

	for (size_t i = 0; i < capabilities->n; i++) {
		slice rest = slice_trim(capabilities->items[i]);
		uint64_t seconds;

		if (slice_eqi(slice_cut(&rest, ' '), S("LOGIN-DELAY")) && rest.at
		    && slice_number(slice_cut(&rest, ' '), 3600, &seconds))
			rt->least = span_ms((int64_t)seconds * 1000);
	}
}

/* With all that is there known, the maildrop is let go of: some servers deliver nothing before. */
static bool
open_maildrop(struct roundtrip *rt)
{
	struct session *s = rt->s;
	uint64_t number;
	slice line, id;
	bool good;

	if (!session(rt) || !phase(s, PHASE_UIDL))
		return false;
	s->within = true;
	rt->asked = clock_now();
	login_delay(rt);
	good = pop3_command(s, PHASE_UIDL, S("UIDL"));
	of(s)->midway = good;
	while (good && of(s)->midway && pop3_next(s, &line)) {
		if (!pop3_unique_id(line, &number, &id))
			good = fail_reply(
			    s, CAUSE_PROTOCOL, line, "no number and unique identifier in it");
		else if (rt->known.n == UNIQUE_IDS)
			good = fail(
			    s, CAUSE_PROTOCOL, "a listing of more than %d messages", UNIQUE_IDS);
		else
			list_add(s->arena, &rt->known, arena_copy(s->arena, id));
	}
	good = good && !of(s)->midway;
	if (good && !rt->opts->deferred) {
		pop3_compare(s); /* here, where its banner has a phase of its own */
		rt->compared = true;
		good = quit(rt);
	}
	unstaged(s);
	return good;
}

static void
add_copy(struct roundtrip *rt, uint64_t number)
{
	for (size_t i = 0; i < rt->copy_count; i++)
		if (rt->copies[i].uid == number)
			return;
	if (rt->copy_count < ROUNDTRIP_COPIES)
		rt->copies[rt->copy_count++] = (struct roundtrip_copy){ .uid = number };
}

/* Whether message `number` is ours, or a report about ours. */
static bool
look_at(struct roundtrip *rt, uint64_t number)
{
	struct session *s = rt->s;
	struct str text = str_in(s->arena), whole = str_in(s->arena);
	struct arrived arrived;
	struct token token;
	slice type;

	if (!top(s, number, &text))
		return false;
	if (!arrived_parse(s->arena, str_slice(&text), &arrived))
		return true;
	token = roundtrip_token(rt, arrived.header);
	if (token.sent && token.instance == rt->instance && token.sequence == rt->token.sequence)
		add_copy(rt, number);
	type = arrived_field(s->arena, arrived.header, S("Content-Type"));
	if (!slice_startsi(type, S("multipart/report")))
		return true;
	if (!retrieve(s, number, &whole))
		return false;
	roundtrip_report(rt, number, str_slice(&whole));
	return true;
}

static bool
look(struct roundtrip *rt)
{
	size_t before = rt->s->result->finding_count;
	struct fresh fresh;

	if (!session(rt))
		return in_use(rt, before);
	if (!list_fresh(rt, &fresh))
		return false;
	for (size_t i = 0; i < fresh.n; i++) {
		if (!look_at(rt, fresh.numbers[i]))
			return false;
		if (rt->copy_count == 0 && rt->report_uid != fresh.numbers[i])
			list_add(rt->s->arena, &rt->known, fresh.ids[i]);
	}
	return rt->copy_count > 0 || roundtrip_bounced(rt) || quit(rt);
}

static bool
pause_until(struct roundtrip *rt, instant until)
{
	return conn_pause(rt->s, until) >= 0;
}

static bool
read_copy(struct roundtrip *rt, struct roundtrip_copy *copy, struct str *text)
{
	return retrieve(rt->s, copy->uid, text);
}

/* Of what was there before, the newest are looked at: nothing tells ours from others' but TOP. */
static bool
earlier(struct roundtrip *rt)
{
	struct session *s = rt->s;
	struct list known = rt->known;
	struct fresh fresh;
	bool listed;

	if (!rt->ready && !session(rt))
		return false;
	rt->known.n = 0;
	listed = list_fresh(rt, &fresh);
	rt->known = known;
	for (size_t i = 0; listed && i < fresh.n; i++) {
		struct str text = str_in(s->arena);
		struct arrived arrived;
		struct token token;

		if (!top(s, fresh.numbers[i], &text))
			return false;
		if (!arrived_parse(s->arena, str_slice(&text), &arrived))
			continue;
		token = roundtrip_token(rt, arrived.header);
		if (token.sent && token.instance == rt->instance)
			add_copy(rt, fresh.numbers[i]);
	}
	return listed;
}

static bool delete (struct roundtrip *rt, uint64_t number)
{
	struct session *s = rt->s;

	return pop3_exchange(
	           s, PHASE_DELE, str_f(s->arena, "DELE %llu", (unsigned long long)number))
	    && (pop3_ok(s) || pop3_refused(s, CAUSE_MESSAGE_MISSING));
}

/* DELE, and QUIT, which carries it out. */
static bool
remove_copies(struct roundtrip *rt)
{
	if (!rt->ready)
		return true;
	for (size_t i = 0; i < rt->copy_count; i++)
		if (rt->copies[i].mine && !delete (rt, rt->copies[i].uid))
			return false;
	if (rt->reported && !delete (rt, rt->report_uid))
		return false;
	if (!quit(rt))
		return false;
	for (size_t i = 0; i < rt->copy_count; i++)
		rt->copies[i].removed = rt->copies[i].mine;
	return true;
}

const struct roundtrip_mailbox roundtrip_pop3 = {
	.open = open_maildrop,
	.look = look,
	.pause = pause_until,
	.read = read_copy,
	.earlier = earlier,
	.remove = remove_copies,
};
