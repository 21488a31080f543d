/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mailboxes from outside: which there are, what is in them, their making, moving and removing,
 * and the quota (RFC 9208), of which there is one root for all that a user has.
 */
#include "imap.h"

#include <string.h>

#define STORAGE_LIMIT  (UINT64_C(4) * 1024 * 1024)      /* in units of 1024 octets */
#define MESSAGE_LIMIT  UINT64_C(1000000)

struct mailbox *
imap_mailbox(struct conn *c, struct slice name)
{
	struct imap *s = c->session;
	struct bytes inside = { 0 };
	struct mailbox *box = NULL;
	const char *why;

	if (imap_name_in(c, name, &inside, &why)) {
		box = mailbox_find(s->user, slice_of(inside.at));
		why = !box ? "[NONEXISTENT] No such mailbox" : box->no_select
		    ? "[CANNOT] This name holds mailboxes only" : NULL;
	}
	bytes_free(&inside);
	if (!why)
		return box;
	imap_done(c, "NO", "%s", why);
	return NULL;
}

void
imap_namespace(struct conn *c, struct args *a)
{
	(void)a;
	if (conn_faulty(c, FAULT_NAMESPACE_NIL))
		imap_say(c, "* NAMESPACE NIL NIL NIL\r\n");
	else if (conn_faulty(c, FAULT_LIST_INBOX))
		imap_say(c, "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n");
	else if (imap_delimiter(c))
		imap_say(c, "* NAMESPACE ((\"\" \"%c\")) NIL NIL\r\n", imap_delimiter(c));
	else
		imap_say(c, "* NAMESPACE ((\"\" NIL)) NIL NIL\r\n");
	imap_done(c, "OK", "NAMESPACE completed");
}

static void
list_line(struct conn *c, const char *verb, const struct mailbox *box, struct slice name)
{
	char delimiter = imap_delimiter(c);
	struct imap *s = c->session;
	const char *use = box && imap_offers(c, "SPECIAL-USE") ? box->use : NULL;

	if (box)
		imap_say(c, "* %s (%s\\Has%sChildren%s%s) ", verb,
		    box->no_select ? "\\Noselect " : "",
		    mailbox_has_children(box) ? "" : "No", use ? " " : "", use ? use : "");
	else
		imap_say(c, "* %s (\\Noselect) ", verb);
	if (delimiter)
		imap_say(c, "\"%c\" ", delimiter);
	else
		imap_say(c, "NIL ");
	imap_string(c, name, conn_faulty(c, FAULT_LIST_LITERALS));
	bytes_text(&s->answer, "\r\n");
}

static void
list_all(struct conn *c, const char *verb, struct slice pattern, bool special)
{
	struct imap *s = c->session;

	for (struct mailbox *box = s->user->boxes; box; box = box->next) {
		struct bytes name = { 0 };

		if (special && !box->use)
			continue;
		imap_name_out(c, box->name, &name);
		if (imap_name_matches(c, pattern, (struct slice){ name.at, name.len }))
			list_line(c, verb, box, (struct slice){ name.at, name.len });
		bytes_free(&name);
	}
}

static void
list(struct conn *c, const char *verb, struct args *a)
{
	struct bytes whole = { 0 };
	struct slice reference, pattern;
	bool special = false;

	/* RFC 6154 section 2: list-select-opt */
	if (imap_offers(c, "SPECIAL-USE") && args_char(a, '('))
		special = args_word(a, "SPECIAL-USE") && args_char(a, ')') && args_space(a);
	if (!args_astring(a, &reference) || !args_space(a) || !args_pattern(a, &pattern)
	    || !args_done(a)) {
		imap_bad(c, "A reference and a pattern are wanted");
		return;
	}
	bytes_add(&whole, reference.at, reference.len);
	bytes_add(&whole, pattern.at, pattern.len);
	if (conn_faulty(c, FAULT_LIST_EMPTY))
		;
	else if (!pattern.len)          /* RFC 9051 section 6.3.9: what is the delimiter? */
		list_line(c, verb, NULL, slice_of(""));
	else
		list_all(c, verb, (struct slice){ whole.at, whole.len }, special);
	bytes_free(&whole);
	imap_done(c, "OK", "%s completed", verb);
}

void
imap_list(struct conn *c, struct args *a)
{
	list(c, "LIST", a);
}

/* All mailboxes are subscribed to. */
void
imap_lsub(struct conn *c, struct args *a)
{
	list(c, "LSUB", a);
}

void
imap_subscribe(struct conn *c, struct args *a)
{
	struct slice name;

	if (!args_astring(a, &name) || !args_done(a))
		imap_bad(c, "A mailbox is wanted");
	else
		imap_done(c, "OK", "All mailboxes are subscribed to");
}

/* A name for a mailbox that is not there yet, or NO was said. One that holds mailboxes only may
 * become a mailbox, but none may be moved there. */
static bool
new_name(struct conn *c, struct slice name, bool move, struct bytes *inside)
{
	struct imap *s = c->session;
	struct mailbox *box;
	const char *why;

	if (imap_name_in(c, name, inside, &why)) {
		box = mailbox_find(s->user, slice_of(inside->at));
		if (!box || (box->no_select && !move))
			return true;
		why = "[ALREADYEXISTS] There is such a mailbox";
	}
	imap_done(c, "NO", "%s", why);
	return false;
}

void
imap_create(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct bytes inside = { 0 };
	struct slice name;

	if (!args_astring(a, &name) || !args_done(a)) {
		imap_bad(c, "CREATE mailbox");
	} else if (new_name(c, name, false, &inside)) {
		mailbox_make(s->user, inside.at, NULL);
		imap_done(c, "OK", "CREATE completed");
	}
	bytes_free(&inside);
}

void
imap_delete(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct mailbox *box;
	struct slice name;

	if (!args_astring(a, &name) || !args_done(a)) {
		imap_bad(c, "DELETE mailbox");
		return;
	}
	box = imap_mailbox(c, name);
	if (box == s->user->boxes) {
		imap_done(c, "NO", "[CANNOT] INBOX cannot be deleted");
	} else if (box) {
		mailbox_remove(box);
		imap_done(c, "OK", "DELETE completed");
	}
}

void
imap_rename(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct bytes inside = { 0 };
	struct slice from, to;
	struct mailbox *box;

	if (!args_astring(a, &from) || !args_space(a) || !args_astring(a, &to) || !args_done(a)) {
		imap_bad(c, "RENAME mailbox mailbox");
		return;
	}
	box = imap_mailbox(c, from);
	if (box == s->user->boxes) {
		imap_done(c, "NO", "[CANNOT] INBOX is not renamed here");
	} else if (box && new_name(c, to, true, &inside)) {
		mailbox_rename(box, inside.at);
		imap_done(c, "OK", "RENAME completed");
	}
	bytes_free(&inside);
}

enum { MESSAGES, RECENT, UIDNEXT, UIDVALIDITY, UNSEEN, DELETED, SIZE, ITEMS };

static uint64_t
status_value(const struct mailbox *box, int item)
{
	uint64_t sum = 0;

	switch (item) {
	case MESSAGES:
		return box->count;
	case UIDNEXT:
		return box->uid_next;
	case UIDVALIDITY:
		return box->uid_validity;
	}
	for (size_t i = 0; i < box->count; i++) {
		const struct entry *e = &box->entries[i];

		sum += item == RECENT ? e->recent : item == UNSEEN ? !(e->flags & FLAG_SEEN)
		    : item == DELETED ? !!(e->flags & FLAG_DELETED) : e->message->size;
	}
	return sum;
}

static bool
status_items(struct conn *c, struct args *a, const struct mailbox *box, struct bytes *text)
{
	static const char *const names[ITEMS] = { "MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY",
	    "UNSEEN", "DELETED", "SIZE" };
	struct slice word;

	if (!args_char(a, '('))
		return false;
	do {
		int item = 0;

		if (!args_atom(a, &word))
			return false;
		while (item < ITEMS && !slice_is(word, names[item]))
			item++;
		if (item == ITEMS || (item == RECENT && conn_faulty(c, FAULT_IMAP4REV2))
		    || (item == SIZE && !imap_offers(c, "STATUS=SIZE")))
			return false;
		bytes_format(text, "%s%s %llu", text->len ? " " : "", names[item],
		    (unsigned long long)(box ? status_value(box, item) : 0));
	} while (args_space(a));
	return args_char(a, ')') && args_done(a);
}

void
imap_status(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct bytes text = { 0 }, inside = { 0 };
	struct mailbox *box = NULL;
	const char *why;
	struct slice name;

	if (!args_astring(a, &name) || !args_space(a)) {
		imap_bad(c, "STATUS mailbox (items)");
		return;
	}
	if (imap_name_in(c, name, &inside, &why))
		box = mailbox_find(s->user, slice_of(inside.at));
	bytes_free(&inside);
	if (!status_items(c, a, box, &text)) {
		imap_bad(c, "STATUS knows no such items");
	} else if (imap_mailbox(c, name)) {
		if (!conn_faulty(c, FAULT_STATUS_MISSING)) {
			bytes_text(&s->answer, "* STATUS ");
			imap_string(c, name, conn_faulty(c, FAULT_LIST_LITERALS));
			bytes_text(&s->answer, " (");
			bytes_add(&s->answer, text.at, text.len);
			bytes_text(&s->answer, ")\r\n");
		}
		imap_done(c, "OK", "STATUS completed");
	}
	bytes_free(&text);
}

static void
quota(struct conn *c)
{
	struct imap *s = c->session;
	unsigned long long used = (s->user->bytes + 1023) / 1024, limit = STORAGE_LIMIT;

	if (conn_faulty(c, FAULT_QUOTA_MISSING))
		return;
	if (conn_faulty(c, FAULT_QUOTA_NONE)) {
		imap_say(c, "* QUOTA \"all\" ()\r\n");
		return;
	}
	if (conn_faulty(c, FAULT_QUOTA_FULL))
		used = limit;
	imap_say(c, "* QUOTA \"all\" (STORAGE %llu %llu MESSAGE %llu %llu)\r\n", used, limit,
	    (unsigned long long)s->user->messages, (unsigned long long)MESSAGE_LIMIT);
}

void
imap_quotaroot(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct slice name;

	if (!args_astring(a, &name) || !args_done(a)) {
		imap_bad(c, "GETQUOTAROOT mailbox");
	} else if (imap_mailbox(c, name)) {
		bytes_text(&s->answer, "* QUOTAROOT ");
		imap_string(c, name, conn_faulty(c, FAULT_LIST_LITERALS));
		bytes_text(&s->answer, " \"all\"\r\n");
		quota(c);
		imap_done(c, "OK", "GETQUOTAROOT completed");
	}
}

void
imap_quota(struct conn *c, struct args *a)
{
	struct slice root;

	if (!args_astring(a, &root) || !args_done(a)) {
		imap_bad(c, "GETQUOTA root");
	} else if (!slice_equals(root, "all")) {
		imap_done(c, "NO", "[NONEXISTENT] No such quota root");
	} else {
		quota(c);
		imap_done(c, "OK", "GETQUOTA completed");
	}
}
