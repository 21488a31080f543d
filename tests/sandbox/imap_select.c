/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The mailbox that is open. A session keeps what it was told of each message; `imap_sync` walks
 * over that and what there is now, both by ascending UID, and tells the difference: what others
 * have expunged, flagged and delivered. So no session needs to know of another.
 */
#include "imap.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

static const char all_flags[] = "\\Answered \\Flagged \\Deleted \\Seen \\Draft";

void
imap_leave(struct imap *s)
{
	mailbox_unwatch(&s->watcher);
	if (s->view.box)
		mailbox_release(s->view.box);
	s->view.box = NULL;
	s->view.count = 0;
}

/* Adds what has come behind the last that is known; the first session to see it has it \Recent. */
static void
look(struct view *v)
{
	size_t from = v->count ? mailbox_index(v->box, v->seen[v->count - 1].uid + 1) : 0;

	for (size_t i = from; i < v->box->count; i++) {
		struct entry *e = &v->box->entries[i];

		if (v->count == v->cap) {
			v->cap = v->cap ? v->cap * 2 : v->box->count + 16;
			v->seen = realloc(v->seen, v->cap * sizeof(*v->seen));
			if (!v->seen)
				abort();
		}
		v->seen[v->count++] = (struct seen){ e->uid, e->flags, e->recent };
		if (!v->read_only)
			e->recent = false;
	}
	v->changes = v->box->changes;
}

size_t
imap_recent(const struct imap *s)
{
	const struct view *v = &s->view;
	size_t n = 0;

	for (size_t i = 0; i < v->count; i++)
		n += v->seen[i].recent;
	return n;
}

void
imap_flags(struct conn *c, const struct seen *seen)
{
	static const char *const names[] = { "\\Seen", "\\Answered", "\\Flagged", "\\Deleted",
	    "\\Draft" };
	struct imap *s = c->session;
	const char *blank = "";

	bytes_text(&s->answer, "FLAGS (");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(seen->flags >> i & 1))
			continue;
		imap_say(c, "%s%s", blank, names[i]);
		blank = " ";
	}
	if (seen->recent && !conn_faulty(c, FAULT_IMAP4REV2))
		imap_say(c, "%s\\Recent", blank);
	bytes_text(&s->answer, ")");
}

void
imap_flags_line(struct conn *c, size_t number, bool uid)
{
	struct imap *s = c->session;
	const struct seen *seen = &s->view.seen[number - 1];

	imap_say(c, "* %zu FETCH (", number);
	if (uid)
		imap_say(c, "UID %u ", seen->uid);
	imap_flags(c, seen);
	bytes_text(&s->answer, ")\r\n");
}

void
imap_sync(struct conn *c)
{
	struct imap *s = c->session;
	struct view *v = &s->view;
	size_t kept = 0, before = v->count;

	if (v->changes == v->box->changes)
		return;
	for (size_t i = 0; i < before; i++) {
		const struct entry *e = mailbox_entry(v->box, v->seen[i].uid);

		if (!e) {
			imap_say(c, "* %zu EXPUNGE\r\n", kept + 1);
			continue;
		}
		v->seen[kept++] = v->seen[i];
		if (e->flags != v->seen[kept - 1].flags) {
			v->seen[kept - 1].flags = e->flags;
			imap_flags_line(c, kept, false);
		}
	}
	v->count = kept;
	look(v);
	if (v->count > kept) {
		imap_say(c, "* %zu EXISTS\r\n", v->count);
		if (!conn_faulty(c, FAULT_IMAP4REV2))
			imap_say(c, "* %zu RECENT\r\n", imap_recent(s));
	}
}

static void
say_mailbox(struct conn *c, struct imap *s)
{
	const struct view *v = &s->view;
	size_t unseen = 0;

	imap_say(c, "* FLAGS (%s)\r\n", all_flags);
	if (!conn_faulty(c, FAULT_SELECT_NO_EXISTS))
		imap_say(c, "* %zu EXISTS\r\n", v->count);
	while (unseen < v->count && v->seen[unseen].flags & FLAG_SEEN)
		unseen++;
	if (!conn_faulty(c, FAULT_IMAP4REV2)) {
		imap_say(c, "* %zu RECENT\r\n", imap_recent(s));
		if (unseen < v->count)
			imap_say(c, "* OK [UNSEEN %zu] The first unseen\r\n", unseen + 1);
	} else {
		struct bytes name = { 0 };

		imap_name_out(c, v->box->name, &name);
		bytes_text(&s->answer, "* LIST () \"/\" ");
		imap_string(c, (struct slice){ name.at, name.len }, false);
		bytes_text(&s->answer, "\r\n");
		bytes_free(&name);
	}
	imap_say(c, "* OK [PERMANENTFLAGS (%s)] %s\r\n", v->read_only ? "" : all_flags,
	    v->read_only ? "None may be changed" : "These may be changed");
	imap_say(c, "* OK [UIDVALIDITY %u] UIDs are valid\r\n", v->box->uid_validity);
	imap_say(c, "* OK [UIDNEXT %u] Comes next\r\n", v->box->uid_next);
}

/* A failing SELECT too leaves no mailbox open (RFC 9051 section 6.3.2). */
static void
open_mailbox(struct conn *c, struct args *a, bool read_only)
{
	struct imap *s = c->session;
	struct mailbox *box;
	struct slice name;

	if (!args_astring(a, &name) || !args_done(a)) {
		imap_bad(c, "A mailbox is wanted");
		return;
	}
	if (s->view.box && conn_faulty(c, FAULT_IMAP4REV2))
		imap_say(c, "* OK [CLOSED] The previous mailbox is closed\r\n");
	imap_leave(s);
	box = imap_mailbox(c, name);
	if (!box)
		return;
	mailbox_hold(box);
	s->view.box = box;
	s->view.read_only = read_only;
	look(&s->view);
	say_mailbox(c, s);
	imap_done(c, "OK", "[READ-%s] %s completed", read_only ? "ONLY" : "WRITE",
	    read_only ? "EXAMINE" : "SELECT");
}

void
imap_select(struct conn *c, struct args *a)
{
	open_mailbox(c, a, false);
}

void
imap_examine(struct conn *c, struct args *a)
{
	open_mailbox(c, a, true);
}

void
imap_unselect(struct conn *c, struct args *a)
{
	(void)a;
	imap_leave(c->session);
	imap_done(c, "OK", "UNSELECT completed");
}

static void
remove_deleted(struct mailbox *box, const struct ranges *only)
{
	for (size_t i = box->count; i-- > 0;)
		if (box->entries[i].flags & FLAG_DELETED
		    && (!only || ranges_have(only, box->entries[i].uid)))
			mailbox_drop(box, i);
}

void
imap_close(struct conn *c, struct args *a)
{
	struct imap *s = c->session;

	(void)a;
	if (!s->view.read_only)
		remove_deleted(s->view.box, NULL);
	imap_leave(s);
	imap_done(c, "OK", "CLOSE completed");
}

void
imap_expunge(struct conn *c, struct args *a)
{
	struct imap *s = c->session;

	(void)a;
	if (s->view.read_only) {
		imap_done(c, "NO", "[READ-ONLY] The mailbox was opened by EXAMINE");
		return;
	}
	remove_deleted(s->view.box, NULL);
	imap_done(c, "OK", "EXPUNGE completed");
}

struct ranges
imap_ranges(const struct imap *s, struct slice set, bool uid)
{
	size_t n = s->view.count;

	return ranges_of(set, uid ? n ? s->view.seen[n - 1].uid : 0 : (uint32_t)n);
}

void
imap_uid_expunge(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct ranges r;
	struct slice set;

	if (!args_set(a, &set) || !args_done(a)) {
		imap_bad(c, "UID EXPUNGE set");
		return;
	}
	if (s->view.read_only) {
		imap_done(c, "NO", "[READ-ONLY] The mailbox was opened by EXAMINE");
		return;
	}
	r = imap_ranges(s, set, true);
	remove_deleted(s->view.box, &r);
	ranges_free(&r);
	imap_done(c, "OK", "EXPUNGE completed");
}

/* store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag))) */
static bool
store_arguments(struct args *a, char *sign, bool *silent, unsigned *flags)
{
	*sign = args_char(a, '+') ? '+' : args_char(a, '-') ? '-' : '=';
	*silent = args_word(a, "FLAGS.SILENT");
	return (*silent || args_word(a, "FLAGS")) && args_space(a) && args_flags(a, false, flags)
	    && args_done(a);
}

static void
store(struct conn *c, struct args *a, bool uid)
{
	struct imap *s = c->session;
	struct view *v = &s->view;
	struct slice set;
	struct ranges r;
	unsigned flags;
	bool silent;
	char sign;

	if (!args_set(a, &set) || !args_space(a) || !store_arguments(a, &sign, &silent, &flags)) {
		imap_bad(c, "STORE set FLAGS (flags)");
		return;
	}
	if (v->read_only) {
		imap_done(c, "NO", "[READ-ONLY] The mailbox was opened by EXAMINE");
		return;
	}
	s->keep_numbers = !uid;
	r = imap_ranges(s, set, uid);
	for (size_t i = 0; i < v->count; i++) {
		struct seen *seen = &v->seen[i];
		struct entry *e;

		if (!ranges_have(&r, uid ? seen->uid : (uint32_t)i + 1))
			continue;
		e = mailbox_entry(v->box, seen->uid);
		if (!e)
			continue;
		e->flags = (unsigned char)(sign == '+' ? e->flags | flags
		    : sign == '-' ? e->flags & ~flags : flags);
		mailbox_changed(v->box);
		seen->flags = e->flags;
		if (!silent)
			imap_flags_line(c, i + 1, uid);
	}
	ranges_free(&r);
	imap_done(c, "OK", "STORE completed");
}

void
imap_store(struct conn *c, struct args *a)
{
	store(c, a, false);
}

void
imap_uid_store(struct conn *c, struct args *a)
{
	store(c, a, true);
}

void
imap_idle(struct conn *c, struct args *a)
{
	struct imap *s = c->session;

	(void)a;
	if (conn_faulty(c, FAULT_IDLE_NO_PLUS)) {
		imap_done(c, "OK", "IDLE is over");
		return;
	}
	reply(c, VERB_IDLE, "+%s\r\n", conn_faulty(c, FAULT_PLUS_BARE) ? "" : " idling");
	s->idle = true;
	if (s->view.box) {
		mailbox_watch(s->view.box, &s->watcher);
		if (s->view.changes != s->view.box->changes)
			s->watcher.changed(&s->watcher);
	}
}

void
imap_idle_answer(struct conn *c, struct slice line)
{
	struct imap *s = c->session;

	s->idle = false;
	mailbox_unwatch(&s->watcher);
	timer_clear(&c->server->loop, &s->nudge);
	s->verb = VERB_DONE;
	if (slice_is(line, "DONE"))
		imap_done(c, "OK", "IDLE completed");
	else
		imap_bad(c, "Only DONE ends an IDLE");
}
