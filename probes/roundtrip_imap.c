/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mailbox by IMAP. Looking is a SEARCH for our Message-ID among what has come since the mailbox
 * was opened, and where that finds nothing the STATUS of the mailbox marked \Junk (RFC 6154), which
 * is opened when something has come there. A message that is not ours is never fetched: what
 * SEARCH finds has our token in it, whose signature is looked at before anything else.
 */
#include "roundtrip.h"

enum {
	IDLE_WORTH = 200, /* ms */
	SEARCH_EACH = 8,  /* looks */
};

static const slice MISSING = { NULL, 0 };

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

static void
add_copy(struct roundtrip *rt, uint64_t uid)
{
	for (size_t i = 0; i < rt->copy_count; i++)
		if (rt->copies[i].uid == uid && rt->copies[i].junk == rt->in_junk)
			return;
	if (uid > 0 && rt->copy_count < ROUNDTRIP_COPIES)
		rt->copies[rt->copy_count++] = (struct roundtrip_copy){ .uid = uid,
			.junk = rt->in_junk };
}

static bool
takes_junk(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	if (response->kind != IMAP_LIST)
		return false;
	if (response->list.junk && !response->list.no_select && !imap->junk.at)
		imap->junk = arena_copy(s->arena, imap_decoded(imap, &response->list.name));
	return true;
}

static bool
takes_next_uid(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	if (response->kind != IMAP_STATUS
	    || !slice_eqi(imap_decoded(imap, &response->status.name), imap->status_of))
		return false;
	imap->count.uid = response->status.numbers[IMAP_UIDNEXT];
	return true;
}

/* The UID that the junk mailbox will give to what comes next; 0 where it does not say. */
static bool
junk_next_uid(struct roundtrip *rt, uint64_t *next)
{
	struct session *s = rt->s;
	struct imap_command command = imap_command(s, "STATUS ");

	imap_add_string(&command, rt->junk);
	str_addz(&command.text, " (UIDNEXT)");
	of(s)->status_of = rt->junk;
	if (!imap_gather(s, PHASE_STATUS, &command, takes_next_uid, CAUSE_REJECTED))
		return false;
	*next = of(s)->count.uid;
	return true;
}

static bool
list_junk(struct session *s, const char *text)
{
	struct imap_command list = imap_command(s, text);

	list.takes = takes_junk;
	return imap_say(s, &list)
	    && (of(s)->response.kind == IMAP_COMPLETION || imap_refused(s, CAUSE_REJECTED));
}

/*
 * Where special uses are known: those alone, which RFC 6154 has for a server to select; else among
 * all mailboxes. That this is refused is no finding: then we know of no junk mailbox.
 */
static bool
find_junk(struct roundtrip *rt)
{
	struct session *s = rt->s;

	if (!imap_can(s, S("SPECIAL-USE")))
		return true;
	if (!list_junk(s, "LIST (SPECIAL-USE) \"\" \"*\"")
	    || (!imap_is_ok(s) && !list_junk(s, "LIST \"\" \"*\"")))
		return false;
	if (!of(s)->junk.at || slice_eq(of(s)->junk, rt->opts->mailbox))
		return true;
	rt->junk = of(s)->junk;
	return junk_next_uid(rt, &rt->junk_next_uid);
}

static bool
takes_uid(struct session *s, const struct imap_response *response)
{
	if (response->kind != IMAP_FETCH || !response->fetch.has_uid)
		return false;
	if (response->fetch.uid > of(s)->count.uid)
		of(s)->count.uid = response->fetch.uid;
	return true;
}

/* For servers that do not tell UIDNEXT, which they only should (RFC 3501 section 6.3.1). */
static bool
highest_uid(struct session *s, uint64_t *next)
{
	struct imap_command command = imap_command(s, "UID FETCH * (UID)");

	if (!imap_gather(s, PHASE_FETCH, &command, takes_uid, CAUSE_REJECTED))
		return false;
	*next = of(s)->count.uid + (of(s)->count.uid > 0);
	return true;
}

static bool
select_mailbox(struct roundtrip *rt, bool junk)
{
	struct session *s = rt->s;
	uint64_t next;

	if (!imap_open(s, "SELECT", junk ? rt->junk : rt->opts->mailbox, MISSING))
		return false;
	next = of(s)->count.numbers[IMAP_UIDNEXT];
	rt->in_junk = junk;
	rt->arrivals = rt->reports = 0;
	rt->anew = rt->next_uid > 0;
	if (next == 0 && rt->next_uid == 0 && of(s)->mailbox.exists > 0 && !highest_uid(s, &next))
		return false;
	if (!junk && rt->next_uid == 0)
		rt->next_uid = next > 0 ? next : 1;
	return true;
}

/* All that belongs to opening the mailbox is one phase. */
static bool
open_mailbox(struct roundtrip *rt)
{
	struct session *s = rt->s;
	bool opened;

	if (!roundtrip_connect(rt) || !(of(s)->found = arena_alloc(s->arena, sizeof *of(s)->found))
	    || !imap_begin(s) || !imap_capability(s) || !phase(s, PHASE_SELECT))
		return false;
	s->within = true;
	rt->idles = imap_can(s, S("IDLE"));
	opened = find_junk(rt) && select_mailbox(rt, false);
	unstaged(s);
	return opened;
}

/*
 * What has come since, and has one of the tokens that are looked for; no report about it, whose
 * attached header Courier searches too.
 */
static slice
own_keys(struct roundtrip *rt, uint64_t from)
{
	struct str keys = str_in(rt->s->arena);

	str_addf(&keys, "UID %llu:* NOT HEADER Content-Type report", (unsigned long long)from);
	for (size_t i = 0; i < rt->wanted.n; i++)
		str_addf(&keys, "%s OR HEADER Message-ID %s HEADER X-Mailprobe-Token %s",
		    i + 1 < rt->wanted.n ? " OR" : "", rt->wanted.items[i].at,
		    rt->wanted.items[i].at);
	return str_slice(&keys);
}

static void
keep_found(struct roundtrip *rt)
{
	const struct imap *imap = of(rt->s);

	for (size_t i = 0; i < imap->found->n; i++)
		add_copy(rt, imap->found->items[i]);
}

static bool
look_into_junk(struct roundtrip *rt)
{
	uint64_t next;

	if (!rt->junk.at)
		return true;
	if (!junk_next_uid(rt, &next))
		return false;
	if (next == rt->junk_next_uid || next == 0)
		return true;
	if (!select_mailbox(rt, true)
	    || !imap_find(rt->s, own_keys(rt, rt->junk_next_uid > 0 ? rt->junk_next_uid : 1)))
		return false;
	rt->junk_next_uid = next;
	keep_found(rt);
	return rt->copy_count > rt->base || select_mailbox(rt, false);
}

static bool
takes_text(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	if (response->kind != IMAP_FETCH || !response->fetch.has_body)
		return false;
	imap->count.found |= response->fetch.body.form != IMAP_NIL;
	if (response->fetch.has_date)
		imap->count.oldest = response->fetch.date;
	if (response->fetch.body.form == IMAP_QUOTED)
		imap_body(imap, imap_decoded(imap, &response->fetch.body));
	return true;
}

/* The message whole, with no flag set; nothing where it may be `gone` and is (RFC 2180, 4.1). */
static bool
fetch(struct roundtrip *rt, uint64_t uid, bool gone, struct str *text, time_t *date)
{
	struct session *s = rt->s;
	struct imap_command command = imap_command(s, "UID FETCH ");
	bool good;

	str_addf(&command.text, "%llu (UID INTERNALDATE BODY.PEEK[])", (unsigned long long)uid);
	of(s)->kept = text;
	command.takes = takes_text;
	good = phase(s, PHASE_FETCH) && imap_say(s, &command);
	of(s)->kept = NULL;
	if (!good)
		return false;
	if (!imap_is_ok(s))
		return (gone && of(s)->response.condition == IMAP_NO)
		    || imap_refused(s, CAUSE_REJECTED);
	*date = of(s)->count.oldest;
	return of(s)->count.found || gone
	    || fail_reply(
	        s, CAUSE_MESSAGE_MISSING, str_slice(&of(s)->reply), "no message came before it");
}

/* Something has come that is not our message: it may say what became of it. */
static bool
look_for_report(struct roundtrip *rt, bool due)
{
	struct session *s = rt->s;
	struct imap *imap = of(s);
	uint64_t uid;

	if (!rt->text.at || (!due && imap->mailbox.arrivals == rt->reports))
		return true;
	rt->reports = imap->mailbox.arrivals;
	if (!imap_find(s,
	        str_f(s->arena, "UID %llu:* HEADER Content-Type report TEXT %s",
	            (unsigned long long)rt->next_uid, rt->text.at)))
		return false;
	for (size_t i = imap->found->n; i > 0; i--) {
		struct str text = str_in(s->arena);
		time_t date;

		uid = imap->found->items[i - 1];
		if (uid == rt->report_uid)
			continue;
		if (!fetch(rt, uid, false, &text, &date))
			return false;
		roundtrip_report(rt, uid, str_slice(&text));
		break;
	}
	return true;
}

/*
 * NOOP is how a server is asked whether something has come: Courier's SEARCH sees nothing that came
 * behind its last answer to that, and the others answer it for less than a SEARCH. So there is one
 * when something has, or may have because the mailbox was opened anew; and now and then in any
 * case, in case that a server does not tell.
 */
static bool
look(struct roundtrip *rt)
{
	struct session *s = rt->s;
	struct imap_command noop = imap_command(s, "NOOP");
	struct imap_mailbox *mailbox = &of(s)->mailbox;
	bool due;

	if ((rt->in_junk && !select_mailbox(rt, false)) || !imap_done(s, &noop, CAUSE_REJECTED))
		return false;
	due = rt->anew || rt->looks % SEARCH_EACH == 0;
	rt->anew = false;
	/* Who looks for many asks for each, and again when its turn comes. */
	for (int i = 0; i < (rt->wake < 0 ? 2 : 1) && rt->copy_count == rt->base; i++) {
		if (rt->wake < 0 && mailbox->arrivals == rt->arrivals && (i > 0 || !due))
			break;
		rt->arrivals = mailbox->arrivals;
		if (!imap_find(s, own_keys(rt, rt->next_uid)))
			return false;
		keep_found(rt);
	}
	if (rt->copy_count > rt->base || rt->looks == 1)
		return true;
	return look_for_report(rt, due) && look_into_junk(rt);
}

/* Until something has come, somebody wakes us, or `until`. */
static bool
listen_until(struct roundtrip *rt, instant until)
{
	struct session *s = rt->s;
	uint64_t exists = of(s)->mailbox.exists;

	while (of(s)->mailbox.exists <= exists) {
		int heard = conn_listen(s, until, rt->wake);

		if (heard != 1)
			return heard >= 0;
		if (!imap_hear(s))
			return false;
	}
	return true;
}

/* IDLE the while. RFC 2177: DONE before the next command. */
static bool
idle(struct roundtrip *rt, instant until)
{
	struct session *s = rt->s;
	struct imap_command command = imap_command(s, "IDLE");

	if (!imap_say(s, &command))
		return false;
	if (!imap_goes_on(s)) {
		rt->idles = false; /* it is not for us, then */
		return of(s)->response.kind == IMAP_COMPLETION || imap_refused(s, CAUSE_REJECTED);
	}
	return listen_until(rt, until) && imap_say_line(s, S("DONE"), MISSING) && imap_complete(s)
	    && (imap_is_ok(s) || imap_refused(s, CAUSE_REJECTED));
}

/*
 * Where IDLE has heard something early, not so early that the server were asked too often. Who can
 * be woken may have other things to do first, and keeps to that by himself.
 */
static bool
pause_until(struct roundtrip *rt, instant until)
{
	struct session *s = rt->s;
	instant soonest = instant_after(rt->asked, span_ms(20));
	instant worth = instant_after(clock_now(), span_ms(IDLE_WORTH));

	if (rt->in_junk && rt->wake >= 0 && !select_mailbox(rt, false))
		return false; /* who listens for long listens where most of it comes */
	if (!rt->idles || !instant_before(worth, until))
		return rt->wake >= 0 ? listen_until(rt, until) : conn_pause(s, until) >= 0;
	return idle(rt, until)
	    && (rt->wake >= 0 || conn_pause(s, instant_earlier(until, soonest)) >= 0);
}

bool
roundtrip_imap_go_to(struct roundtrip *rt, bool junk)
{
	return rt->in_junk == junk || select_mailbox(rt, junk);
}

static bool
read_copy(struct roundtrip *rt, struct roundtrip_copy *copy, struct str *text)
{
	return roundtrip_imap_go_to(rt, copy->junk)
	    && fetch(rt, copy->uid, copy->swept, text, &copy->date);
}

/* Where it is more than a run takes, of forged ones maybe, each run begins somewhere else. */
static bool
earlier(struct roundtrip *rt)
{
	struct session *s = rt->s;
	slice prefix = token_prefix(s->arena, rt->instance);
	slice keys = str_f(
	    s->arena, "OR HEADER Message-ID %s HEADER X-Mailprobe-Token %s", prefix.at, prefix.at);

	if (rt->wake >= 0 && !rt->junk.at && !find_junk(rt)) /* somebody may have made one */
		return false;
	for (int junk = 0; junk < (rt->junk.at ? 2 : 1); junk++) {
		uint64_t end = junk ? rt->junk_next_uid : rt->next_uid, from;

		if (!roundtrip_imap_go_to(rt, junk) || !imap_find(s, keys))
			return false;
		from = roundtrip_somewhere(rt, of(s)->found->items[0], end);
		if (of(s)->found->n > ROUNDTRIP_SWEPT
		    && !imap_find(
		        s, str_f(s->arena, "UID %llu:* %s", (unsigned long long)from, keys.at)))
			return false;
		keep_found(rt);
	}
	return true;
}

static bool
grown(struct roundtrip *rt)
{
	return !rt->in_junk && of(rt->s)->mailbox.arrivals != rt->arrivals;
}

const struct roundtrip_mailbox roundtrip_imap = {
	.open = open_mailbox,
	.look = look,
	.pause = pause_until,
	.read = read_copy,
	.earlier = earlier,
	.remove = roundtrip_imap_remove,
	.grown = grown,
};
