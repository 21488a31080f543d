/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * FETCH. Its answer may be longer than memory, so it is made in pieces: `next_piece` goes on where
 * the last one ended, between two messages, two items, or in the middle of a text, and the
 * connection asks for the next when that has been sent. A message that is being sent is held, so
 * that nobody can take it away meanwhile.
 */
#include "imap.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

#define PIECE  (32 * 1024)
#define ITEMS  16
#define HEADER (64 * 1024)      /* of a header, at most */

enum kind { ITEM_UID, ITEM_FLAGS, ITEM_DATE, ITEM_SIZE, ITEM_TEXT };
enum section { WHOLE, HEAD, BODY, FIELDS };

struct item {
	enum kind kind;
	enum section section;
	bool peek;
	bool partial;
	uint32_t from, most;
	char *name;                     /* owned: how the answer names it */
	struct slice fields;            /* in `name` */
};

struct fetch {
	struct item items[ITEMS];
	size_t count;
	struct ranges ranges;
	bool uid, texts, seen;          /* `seen`: some item sets \Seen */
	bool now_seen;                  /* it did, in this message */
	size_t number;                  /* of the message; 0 before the first */
	size_t item;                    /* the next of it */
	struct message *message;        /* held */
	size_t at, left;                /* of a text that is being sent */
	struct bytes made;              /* it, where it was put together from header fields */
	size_t altered;                 /* the octet that a fault alters */
};

void
imap_fetch_free(struct imap *s)
{
	struct fetch *f = s->fetch;

	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++)
		free(f->items[i].name);
	if (f->message)
		mail_done(s->user->mail, f->message);
	ranges_free(&f->ranges);
	bytes_free(&f->made);
	free(f);
	s->fetch = NULL;
	s->conn->more = NULL;
}

/* section = "[" [section-text] "]"; a header-list is kept as it was written. */
static bool
section(struct args *a, struct item *item)
{
	if (!args_char(a, '['))
		return false;
	if (args_word(a, "HEADER.FIELDS ")) {
		char *open = a->at, *close = memchr(a->at, ')', (size_t)(a->end - a->at));

		if (!args_char(a, '(') || !close)
			return false;
		item->section = FIELDS;
		item->fields = (struct slice){ open + 1, (size_t)(close - open - 1) };
		a->at = close + 1;
	} else if (args_word(a, "HEADER")) {
		item->section = HEAD;
	} else if (args_word(a, "TEXT")) {
		item->section = BODY;
	}
	return args_char(a, ']');
}

/* "<" number "." nz-number ">" */
static bool
partial(struct args *a, struct item *item)
{
	if (!args_char(a, '<'))
		return true;
	item->partial = true;
	return args_number(a, &item->from) && args_char(a, '.') && args_number(a, &item->most)
	    && item->most && args_char(a, '>');
}

/* The name in the answer is the one in the question, without .PEEK and the partial's length. */
static void
name_text(struct item *item, const char *begin, const char *end)
{
	struct bytes name = { 0 };

	bytes_text(&name, "BODY");
	bytes_add(&name, begin, (size_t)(end - begin));
	if (item->partial)
		bytes_format(&name, "<%u>", item->from);
	bytes_add(&name, "", 1);
	if (item->section == FIELDS)
		item->fields.at = name.at + 4 + (item->fields.at - begin);
	item->name = name.at;
}

static bool
body_item(struct args *a, struct item *item)
{
	char *begin, *end;

	item->kind = ITEM_TEXT;
	item->peek = args_word(a, "BODY.PEEK");
	if (!item->peek && !args_word(a, "BODY"))
		return false;
	begin = a->at;
	if (!section(a, item))
		return false;
	end = a->at;
	if (!partial(a, item))
		return false;
	name_text(item, begin, end);
	return true;
}

static bool
item(struct args *a, struct item *out)
{
	static const struct {
		const char *name;
		struct item item;
	} simple[] = {
		{ "UID", { .kind = ITEM_UID } },
		{ "FLAGS", { .kind = ITEM_FLAGS } },
		{ "INTERNALDATE", { .kind = ITEM_DATE } },
		{ "RFC822.SIZE", { .kind = ITEM_SIZE } },
		{ "RFC822.HEADER", { .kind = ITEM_TEXT, .section = HEAD, .peek = true } },
		{ "RFC822.TEXT", { .kind = ITEM_TEXT, .section = BODY } },
		{ "RFC822", { .kind = ITEM_TEXT } },
	};

	for (size_t i = 0; i < sizeof(simple) / sizeof(*simple); i++) {
		if (!args_word(a, simple[i].name))
			continue;
		*out = simple[i].item;
		if (out->kind == ITEM_TEXT)
			out->name = make_text(simple[i].name, strlen(simple[i].name));
		return true;
	}
	return body_item(a, out);
}

static bool
items(struct args *a, struct fetch *f)
{
	bool list;

	if (args_word(a, "FAST")) {
		f->items[f->count++].kind = ITEM_FLAGS;
		f->items[f->count++].kind = ITEM_DATE;
		f->items[f->count++].kind = ITEM_SIZE;
		return args_done(a);
	}
	list = args_char(a, '(');
	do {
		struct item *next = &f->items[f->count];

		if (f->count == ITEMS || !item(a, next))
			return false;
		f->count++;
		f->texts |= next->kind == ITEM_TEXT;
		f->seen |= next->kind == ITEM_TEXT && !next->peek;
	} while (list && args_space(a));
	return (!list || args_char(a, ')')) && args_done(a);
}

/* UID FETCH answers with the UID, asked for or not (RFC 9051 section 6.4.9). */
static void
add_uid(struct fetch *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].kind == ITEM_UID)
			return;
	if (f->uid && f->count < ITEMS)
		f->items[f->count++].kind = ITEM_UID;
}

static bool
named(struct slice list, struct slice field)
{
	while (list.len) {
		struct slice name = slice_until(&list, ' ');

		if (name.len >= 2 && *name.at == '"') {
			name.at++;
			name.len -= 2;
		}
		if (name.len == field.len) {
			char *copy = make_text(name.at, name.len);
			bool same = slice_is(field, copy);

			free(copy);
			if (same)
				return true;
		}
	}
	return false;
}

/* The header fields asked for, with their folded lines, and the blank line. */
static void
gather_fields(struct fetch *f, const struct item *asked, size_t header)
{
	char *text = make(header + 1);
	struct slice rest = { text, mail_read(f->message, 0, text, header) };
	bool wanted = false;

	f->made.len = 0;
	while (rest.len) {
		struct slice line = { rest.at, 0 }, field;

		slice_until(&rest, '\n');
		line.len = (size_t)(rest.at - line.at);
		field = line;
		if (*line.at != ' ' && *line.at != '\t')
			wanted = named(asked->fields, slice_until(&field, ':'));
		if (wanted)
			bytes_add(&f->made, line.at, line.len);
	}
	bytes_text(&f->made, "\r\n");
	free(text);
}

/* Where the text of an item begins and how long it is. */
static void
begin_text(struct fetch *f, const struct item *asked)
{
	size_t header = asked->section ? mail_header_size(f->message, HEADER) : 0, from;

	f->at = asked->section == BODY ? header : 0;
	f->left = asked->section == HEAD ? header : f->message->size - f->at;
	f->made.len = 0;
	if (asked->section == FIELDS) {
		gather_fields(f, asked, header);
		f->left = f->made.len;
	}
	if (asked->partial) {
		from = asked->from < f->left ? asked->from : f->left;
		f->at += from;
		f->left -= from;
		f->left = asked->most < f->left ? asked->most : f->left;
	}
	f->altered = f->at + f->left / 2;
}

static void
say_text(struct conn *c, struct fetch *f, const struct item *asked)
{
	const struct fault_set *faults = &c->listener->faults;
	size_t said;

	begin_text(f, asked);
	said = f->left;
	if (conn_faulty(c, FAULT_FETCH_LONG)) {
		size_t less = (size_t)fault_number(faults, FAULT_FETCH_LONG);

		said -= less < said ? less : said;
	}
	if (conn_faulty(c, FAULT_FETCH_SHORT))
		said += (size_t)fault_number(faults, FAULT_FETCH_SHORT);
	if (conn_faulty(c, FAULT_FETCH_HUGE))
		imap_say(c, "%s {9223372036854775808}\r\n", asked->name);
	else
		imap_say(c, "%s {%zu}\r\n", asked->name, said);
}

static void
say_item(struct conn *c, struct fetch *f, const struct item *asked)
{
	struct imap *s = c->session;
	const struct seen *seen = &s->view.seen[f->number - 1];
	const struct entry *e = mailbox_entry(s->view.box, seen->uid);
	char date[64];
	size_t size = f->message->size;
	struct tm tm;

	switch (asked->kind) {
	case ITEM_UID:
		imap_say(c, "UID %u", seen->uid);
		break;
	case ITEM_FLAGS:
		imap_flags(c, seen);
		break;
	case ITEM_DATE:
		gmtime_r(e ? &e->date : &f->message->received, &tm);
		strftime(date, sizeof(date), "%d-%b-%Y %H:%M:%S +0000", &tm);
		imap_say(c, "INTERNALDATE \"%s\"", date);
		break;
	case ITEM_SIZE:
		if (conn_faulty(c, FAULT_FETCH_SIZE))
			size += (size_t)fault_number(&c->listener->faults, FAULT_FETCH_SIZE);
		imap_say(c, "RFC822.SIZE %zu", size);
		break;
	case ITEM_TEXT:
		say_text(c, f, asked);
	}
}

static void
send_text(struct conn *c, struct fetch *f)
{
	struct imap *s = c->session;
	char text[8192];
	size_t len = f->left < sizeof(text) ? f->left : sizeof(text);

	if (f->made.len)
		memcpy(text, f->made.at + f->at, len);
	else
		len = mail_read(f->message, f->at, text, len);
	if (conn_faulty(c, FAULT_FETCH_ALTERED) && f->at <= f->altered && f->altered < f->at + len)
		text[f->altered - f->at] ^= 1;
	if (conn_faulty(c, FAULT_FETCH_CUT) && f->at <= f->altered && f->altered < f->at + len) {
		len = f->altered - f->at;
		f->left = len;
		conn_end(c, POLITE);
	}
	bytes_add(&s->answer, text, len);
	f->at += len;
	f->left -= len;
}

static bool
left_out(const struct conn *c, const struct imap *s, size_t number)
{
	return conn_faulty(c, FAULT_FETCH_MISSING) && number == s->view.count;
}

/* The next message that was asked for and is still there; false if there is none. */
static bool
next_message(struct conn *c, struct imap *s, struct fetch *f)
{
	while (f->number < s->view.count) {
		struct seen *seen = &s->view.seen[f->number++];
		struct entry *e;

		if (!ranges_have(&f->ranges, f->uid ? seen->uid : (uint32_t)f->number)
		    || left_out(c, s, f->number))
			continue;
		e = mailbox_entry(s->view.box, seen->uid);
		if (!e)
			continue;
		f->now_seen = f->seen && !s->view.read_only && !(e->flags & FLAG_SEEN);
		if (f->now_seen) {
			seen->flags = e->flags |= FLAG_SEEN;
			mailbox_changed(s->view.box);
		}
		f->message = e->message;
		f->message->holders++;
		f->item = 0;
		return true;
	}
	return false;
}

/* Adds to the answer until it is a piece; true if that was the last. */
static bool
next_piece(struct conn *c, struct imap *s, struct fetch *f)
{
	while (s->answer.len < PIECE && !c->ending) {
		if (f->left) {
			send_text(c, f);
		} else if (!f->message) {
			if (!next_message(c, s, f)) {
				imap_complete(c, "OK", "FETCH completed");
				return true;
			}
			imap_say(c, "* %zu FETCH (", f->number);
		} else if (f->item < f->count) {
			if (f->item)
				imap_say(c, " ");
			say_item(c, f, &f->items[f->item++]);
		} else {
			mail_done(s->user->mail, f->message);
			f->message = NULL;
			if (f->now_seen) {
				imap_say(c, " ");
				imap_flags(c, &s->view.seen[f->number - 1]);
			}
			imap_say(c, ")\r\n");
		}
	}
	return c->ending;
}

static void
go_on(struct conn *c)
{
	struct imap *s = c->session;
	bool last = next_piece(c, s, s->fetch);

	reply_more(c, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
	if (last)
		imap_fetch_free(s);
}

static void
fetch(struct conn *c, struct args *a, bool uid)
{
	struct imap *s = c->session;
	struct fetch *f = s->fetch = make(sizeof(*f));
	struct slice set;
	bool last;

	f->uid = uid;
	s->keep_numbers = !uid;
	if (!args_set(a, &set) || !args_space(a) || !items(a, f)) {
		imap_fetch_free(s);
		imap_bad(c, "FETCH set (items)");
		return;
	}
	add_uid(f);
	s->verb = f->texts ? VERB_FETCH : VERB_SIZES;
	f->ranges = imap_ranges(s, set, uid);
	if (!uid && (!s->view.count || f->ranges.at[f->ranges.count - 1].high > s->view.count)) {
		imap_fetch_free(s);
		imap_bad(c, "There is no such message");
		return;
	}
	last = next_piece(c, s, f);
	reply_bytes(c, s->verb, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
	if (last || c->ending || c->mute)
		imap_fetch_free(s);
	else
		c->more = go_on;
}

void
imap_fetch(struct conn *c, struct args *a)
{
	fetch(c, a, false);
}

void
imap_uid_fetch(struct conn *c, struct args *a)
{
	fetch(c, a, true);
}
