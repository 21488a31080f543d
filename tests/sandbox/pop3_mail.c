/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The maildrop: INBOX as it was at the login, under a lock (RFC 1939 section 4). Answers of many
 * lines are made in pieces, as the connection has sent the last one, for a maildrop may have a
 * hundred thousand messages and a message 100 MB.
 */
#include "pop3.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"

#define PIECE  (32 * 1024)
#define HEADER (64 * 1024)

/* As a server counts that stores line ends as one octet. */
static size_t
size_in_lf(const struct message *m)
{
	char text[8192];
	size_t at = 0, size = 0, len;

	while ((len = mail_read(m, at, text, sizeof(text)))) {
		for (size_t i = 0; i < len; i++)
			size += text[i] != '\r';
		at += len;
	}
	return size;
}

bool
pop3_open(struct conn *c, struct user *user)
{
	struct pop3 *s = c->session;
	const struct mailbox *inbox = user->boxes;

	if (user->locked)
		return false;
	user->locked = true;
	s->user = user;
	s->count = inbox->count;
	s->drop = make((s->count + 1) * sizeof(*s->drop));
	for (size_t i = 0; i < s->count; i++) {
		struct message *m = inbox->entries[i].message;

		m->holders++;
		s->drop[i] = (struct dropped){ .message = m, .uid = inbox->entries[i].uid,
		    .size = conn_faulty(c, FAULT_LIST_LF) ? size_in_lf(m) : m->size };
	}
	return true;
}

void
pop3_close(struct pop3 *s, bool update)
{
	struct mailbox *inbox = s->user->boxes;

	for (size_t i = 0; i < s->count; i++) {
		if (update && s->drop[i].deleted && mailbox_entry(inbox, s->drop[i].uid))
			mailbox_drop(inbox, mailbox_index(inbox, s->drop[i].uid));
		mail_done(s->user->mail, s->drop[i].message);
	}
	free(s->drop);
	s->drop = NULL;
	s->count = 0;
	s->user->locked = false;
	s->user = NULL;
}

static bool
number(struct slice *args, size_t *out)
{
	struct slice word = slice_until(args, ' ');

	*out = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9' || word.len > 9)
			return false;
		*out = *out * 10 + (size_t)(word.at[i] - '0');
	}
	return word.len > 0;
}

/* The message that the arguments begin with, or -ERR was said. */
static struct dropped *
chosen(struct conn *c, enum verb v, struct slice *args)
{
	struct pop3 *s = c->session;
	size_t n;

	if (!number(args, &n)) {
		reply(c, v, "-ERR A number is wanted\r\n");
		return NULL;
	}
	if (!n || n > s->count || s->drop[n - 1].deleted) {
		reply(c, v, "-ERR No such message\r\n");
		return NULL;
	}
	return &s->drop[n - 1];
}

void
pop3_stat(struct conn *c, struct slice args)
{
	const struct pop3 *s = c->session;
	size_t count = conn_faulty(c, FAULT_STAT_COUNT), size = conn_faulty(c, FAULT_STAT_SIZE);

	(void)args;
	for (size_t i = 0; i < s->count; i++) {
		if (s->drop[i].deleted)
			continue;
		count++;
		size += s->drop[i].size;
	}
	reply(c, VERB_STAT, "+OK %zu %zu\r\n", count, size);
}

static void
list_line(struct conn *c, size_t n)
{
	struct pop3 *s = c->session;
	size_t more = conn_faulty(c, FAULT_LIST_SIZE)
	    ? (size_t)fault_number(&c->listener->faults, FAULT_LIST_SIZE) : 0;

	if (!conn_faulty(c, FAULT_LIST_COUNT) || n < s->count)
		bytes_format(&s->answer, "%zu %zu\r\n", n, s->drop[n - 1].size + more);
}

static void
uidl_line(struct conn *c, size_t n)
{
	struct pop3 *s = c->session;

	if (!conn_faulty(c, FAULT_UIDL_COUNT) || n < s->count)
		bytes_format(&s->answer, "%zu %08x%08x\r\n", n, s->user->boxes->uid_validity,
		    s->drop[n - 1].uid);
}

static void
add_text(struct conn *c, struct pop3 *s)
{
	char text[8192];
	size_t most = s->stop - s->at < sizeof(text) ? s->stop - s->at : sizeof(text);
	struct slice rest = { text, mail_read(s->text, s->at, text, most) };

	s->at += rest.len;
	while (rest.len) {
		const char *begin = rest.at;

		if (s->line_begins && *begin == '.' && !conn_faulty(c, FAULT_RETR_DOTS))
			bytes_text(&s->answer, ".");
		slice_until(&rest, '\n');
		bytes_add(&s->answer, begin, (size_t)(rest.at - begin));
		s->line_begins = rest.at[-1] == '\n';
	}
	if (conn_faulty(c, FAULT_RETR_CUT) && s->at >= s->stop / 2) {
		s->answer.len -= s->answer.len / 2;
		conn_end(c, POLITE);
	}
}

/* Adds to the answer until it is a piece; true if that was the last. */
static bool
next_piece(struct conn *c, struct pop3 *s)
{
	while (s->answer.len < PIECE && !c->ending) {
		if (s->text && s->at < s->stop) {
			add_text(c, s);
		} else if (!s->text && s->next < s->count) {
			if (!s->drop[s->next++].deleted)
				s->line(c, s->next);
		} else {
			if (s->text && !s->line_begins)
				bytes_text(&s->answer, "\r\n");
			if (s->text && conn_faulty(c, FAULT_RETR_NO_DOT))
				conn_mute(c);
			else
				bytes_text(&s->answer, ".\r\n");
			return true;
		}
	}
	return c->ending;
}

static void
finished(struct conn *c, struct pop3 *s)
{
	if (s->text)
		mail_done(s->user->mail, s->text);
	s->text = NULL;
	c->more = NULL;
}

static void
go_on(struct conn *c)
{
	struct pop3 *s = c->session;
	bool last = next_piece(c, s);

	reply_more(c, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
	if (last)
		finished(c, s);
}

/* Sends the answer, whose first line is there. */
static void
answer(struct conn *c, enum verb v)
{
	struct pop3 *s = c->session;
	bool last = next_piece(c, s);

	reply_bytes(c, v, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
	if (last || c->ending || c->mute)
		finished(c, s);
	else
		c->more = go_on;
}

static void
listing(struct conn *c, enum verb v, struct slice args, void (*line)(struct conn *, size_t))
{
	struct pop3 *s = c->session;
	struct dropped *one;

	s->line = line;
	if (!args.len) {
		bytes_text(&s->answer, "+OK They follow\r\n");
		s->next = 0;
		answer(c, v);
		return;
	}
	one = chosen(c, v, &args);
	if (!one)
		return;
	bytes_text(&s->answer, "+OK ");
	line(c, (size_t)(one - s->drop) + 1);
	reply_bytes(c, v, &s->answer);
	bytes_drop(&s->answer, s->answer.len);
}

void
pop3_list(struct conn *c, struct slice args)
{
	listing(c, VERB_LIST, args, list_line);
}

void
pop3_uidl(struct conn *c, struct slice args)
{
	listing(c, VERB_UIDL, args, uidl_line);
}

static void
send_message(struct conn *c, const struct dropped *d, size_t stop)
{
	struct pop3 *s = c->session;

	s->text = d->message;
	s->text->holders++;
	s->at = 0;
	s->stop = stop;
	s->line_begins = true;
	bytes_format(&s->answer, "+OK %zu octets\r\n", d->size);
	answer(c, VERB_RETR);
}

void
pop3_retr(struct conn *c, struct slice args)
{
	const struct dropped *d = chosen(c, VERB_RETR, &args);

	if (d)
		send_message(c, d, d->message->size);
}

/* The header, the blank line and that many lines of the body. */
static size_t
top(const struct message *m, size_t lines)
{
	size_t at = mail_header_size(m, HEADER), len;
	char text[8192];

	while (lines && (len = mail_read(m, at, text, sizeof(text)))) {
		const char *end = memchr(text, '\n', len);

		lines -= end != NULL;
		at += end ? (size_t)(end - text) + 1 : len;
	}
	return at;
}

void
pop3_top(struct conn *c, struct slice args)
{
	const struct dropped *d = chosen(c, VERB_RETR, &args);
	size_t lines;

	if (!d)
		return;
	if (!number(&args, &lines))
		reply(c, VERB_RETR, "-ERR TOP message lines\r\n");
	else
		send_message(c, d, top(d->message, lines));
}

void
pop3_dele(struct conn *c, struct slice args)
{
	struct dropped *d = chosen(c, VERB_DELE, &args);

	if (!d)
		return;
	d->deleted = true;
	reply(c, VERB_DELE, "+OK Marked to be deleted\r\n");
}

void
pop3_rset(struct conn *c, struct slice args)
{
	struct pop3 *s = c->session;

	(void)args;
	for (size_t i = 0; i < s->count; i++)
		s->drop[i].deleted = false;
	reply(c, VERB_RSET, "+OK No message is deleted\r\n");
}
