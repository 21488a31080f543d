/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * APPEND (RFC 9051 section 6.3.12). As strict about a message as Cyrus: it begins with a header
 * field, and CR and LF come in pairs only.
 */
#include "imap.h"

#include <string.h>

#include "reply.h"

static const char *
wrong_with(struct slice text)
{
	const char *colon = memchr(text.at, ':', text.len), *p;

	if (memchr(text.at, '\0', text.len))
		return "A message has no NUL";
	if (!colon || colon == text.at)
		return "A message begins with a header";
	for (p = text.at; p < colon; p++)
		if (*p <= ' ' || *p > 126)
			return "A message begins with a header";
	for (size_t i = 0; i < text.len; i++) {
		bool next = i + 1 < text.len && text.at[i + 1] == '\n';

		if (text.at[i] == '\r' && next)
			i++;
		else if (text.at[i] == '\r' || text.at[i] == '\n')
			return "A message has no CR or LF alone";
	}
	return NULL;
}

bool
imap_append_may(struct conn *c, struct args *a)
{
	struct imap *s = c->session;
	struct bytes inside = { 0 };
	struct mailbox *box = NULL;
	struct slice name;
	const char *why = NULL;

	if (!args_astring(a, &name) || !args_space(a))
		return true;            /* the literal may be the mailbox's name */
	if (imap_name_in(c, name, &inside, &why))
		box = mailbox_find(s->user, slice_of(inside.at));
	bytes_free(&inside);
	if (box && !box->no_select)
		return true;
	imap_done(c, "NO", "%s", why ? why : "[TRYCREATE] No such mailbox");
	return false;
}

static struct message *
keep(struct conn *c, struct slice literal)
{
	struct bytes text = { 0 };
	char id[MAIL_ID];

	bytes_add(&text, literal.at, literal.len);
	if (conn_faulty(c, FAULT_APPEND_ALTERED)) {
		size_t at = text.len - 3;

		memmove(text.at + at, text.at + at + 1, text.len - at - 1);
		text.len--;
	}
	mail_new_id(c->server->mail, id);
	return mail_message(c->server->mail, id, &text);
}

static void
add(struct conn *c, struct mailbox *box, struct slice literal, unsigned flags, time_t date)
{
	struct message *m;
	struct entry *e;
	const char *wrong = wrong_with(literal);

	if (wrong) {
		imap_done(c, "NO", "[CANNOT] %s", wrong);
		return;
	}
	m = keep(c, literal);
	if (!m) {
		imap_done(c, "NO", "[OVERQUOTA] The sandbox is full");
		return;
	}
	e = mailbox_add(box, m, flags, date);
	mail_done(c->server->mail, m);
	if (imap_offers(c, "UIDPLUS"))
		imap_done(c, "OK", "[APPENDUID %u %u] APPEND completed", box->uid_validity, e->uid);
	else
		imap_done(c, "OK", "APPEND completed");
}

/* append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal */
void
imap_append(struct conn *c, struct args *a)
{
	struct slice name, text;
	time_t date = time(NULL);
	unsigned flags = 0;
	struct args again;
	struct mailbox *box;
	bool good = args_astring(a, &name) && args_space(a);

	again = *a;
	if (good && args_flags(a, true, &flags))
		good = args_space(a);
	else
		*a = again;
	if (good && args_date_time(a, &date))
		good = args_space(a);
	if (!good || a->at == a->end || *a->at != '{' || !args_string(a, &text) || !args_done(a)
	    || !text.len) {
		imap_bad(c, "APPEND mailbox (flags) \"date\" {literal}");
		return;
	}
	box = imap_mailbox(c, name);
	if (box)
		add(c, box, text, flags, date);
}
