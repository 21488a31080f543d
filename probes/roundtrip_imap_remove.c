/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is ours leaves a mailbox by IMAP, and nothing else does: by its UID where the server has
 * UIDPLUS, else only where nothing of others is marked as deleted.
 */
#include "roundtrip.h"

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

/* "3,7": the UIDs to remove in the mailbox that is open; empty for none. */
static slice
uid_set(struct roundtrip *rt, bool junk)
{
	struct str set = str_in(rt->s->arena);

	for (size_t i = 0; i < rt->copy_count; i++)
		if (rt->copies[i].mine && !rt->copies[i].removed && rt->copies[i].junk == junk)
			str_addf(&set, "%s%llu", set.n > 0 ? "," : "",
			    (unsigned long long)rt->copies[i].uid);
	if (rt->reported && !junk)
		str_addf(&set, "%s%llu", set.n > 0 ? "," : "", (unsigned long long)rt->report_uid);
	return str_slice(&set);
}

static bool
flag(struct session *s, slice set)
{
	struct imap_command command = imap_command(s, "UID STORE ");

	str_addf(&command.text, "%s +FLAGS.SILENT (\\Deleted)", set.at);
	return imap_done(s, &command, CAUSE_REJECTED);
}

static bool
is_ours(const struct roundtrip *rt, uint64_t uid)
{
	bool ours = rt->reported && !rt->in_junk && uid == rt->report_uid;

	for (size_t i = 0; i < rt->copy_count; i++)
		ours |= rt->copies[i].mine && rt->copies[i].junk == rt->in_junk
		    && rt->copies[i].uid == uid;
	return ours;
}

/* Whether nothing but ours is marked, so that EXPUNGE takes nobody else's. */
static bool
alone(struct roundtrip *rt, bool *ours)
{
	const struct imap *imap = of(rt->s);

	if (!imap_find(rt->s, S("DELETED")))
		return false;
	*ours = imap->found->n < IMAP_FOUND_MAX;
	for (size_t i = 0; i < imap->found->n; i++)
		*ours &= is_ours(rt, imap->found->items[i]);
	return true;
}

/*
 * With UIDPLUS (RFC 4315) by UID. Without, EXPUNGE removes all that is marked: only where nothing
 * else is, else ours is left with its mark on, for a later run to remove.
 */
static bool
expunge(struct roundtrip *rt, slice set, bool *gone)
{
	struct session *s = rt->s;
	struct imap_command command = imap_command(s, "UID EXPUNGE ");

	*gone = true;
	if (!flag(s, set))
		return false;
	if (imap_can(s, S("UIDPLUS"))) {
		str_add(&command.text, set);
		return imap_done(s, &command, CAUSE_REJECTED);
	}
	if (!alone(rt, gone))
		return false;
	if (!*gone) {
		fact_add(s, FACT_LEFT,
		    S("without UIDPLUS, other messages being marked as deleted: ours is too"));
		return true;
	}
	command = imap_command(s, "EXPUNGE");
	return imap_done(s, &command, CAUSE_REJECTED);
}

bool
roundtrip_imap_remove(struct roundtrip *rt)
{
	for (int junk = 0; junk < 2; junk++) {
		slice set = uid_set(rt, junk);
		bool gone;

		if (set.n == 0)
			continue;
		if (!roundtrip_imap_go_to(rt, junk) || !expunge(rt, set, &gone))
			return false;
		for (size_t i = 0; gone && i < rt->copy_count; i++)
			rt->copies[i].removed |= rt->copies[i].mine && rt->copies[i].junk == junk;
	}
	return true;
}
