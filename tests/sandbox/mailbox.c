/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mailboxes. Those of a user are a list in the order of their making, for they are few; the
 * messages of one are an array by ascending UID, for they are many. Nothing is told to sessions
 * here: a session compares what it has seen with what there is (imap_mailbox.c).
 */
#include "mailbox.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT 1000              /* messages, so that an hour of a benchmark does not fill memory */

static void
clear(struct mailbox *box)
{
	for (size_t i = 0; i < box->count; i++) {
		box->user->bytes -= box->entries[i].message->size;
		mail_done(box->user->mail, box->entries[i].message);
	}
	box->user->messages -= box->count;
	free(box->entries);
	box->entries = NULL;
	box->count = box->cap = 0;
}

void
mailbox_hold(struct mailbox *box)
{
	box->holders++;
}

void
mailbox_release(struct mailbox *box)
{
	if (--box->holders)
		return;
	clear(box);
	free(box->name);
	free(box);
}

void
mailbox_free_all(struct user *user)
{
	struct mailbox *box = user->boxes, *next;

	for (; box; box = next) {
		next = box->next;
		mailbox_release(box);
	}
}

struct mailbox *
mailbox_find(const struct user *user, struct slice name)
{
	struct mailbox *box = user->boxes;

	if (slice_is(name, "INBOX"))
		return box;
	while (box && !slice_equals(name, box->name))
		box = box->next;
	return box;
}

static struct mailbox *
add_mailbox(struct user *user, const char *name, size_t len)
{
	struct mailbox **end = &user->boxes, *box = make(sizeof(*box));

	box->name = make_text(name, len);
	box->user = user;
	box->holders = 1;
	box->limit = LIMIT;
	box->no_select = true;
	while (*end)
		end = &(*end)->next;
	*end = box;
	return box;
}

/* What is above a new name is made with it, and holds mailboxes only. */
static void
make_above(struct user *user, const char *name)
{
	for (const char *p = name; (p = strchr(p, '/')); p++)
		if (!mailbox_find(user, (struct slice){ name, (size_t)(p - name) }))
			add_mailbox(user, name, (size_t)(p - name));
}

struct mailbox *
mailbox_make(struct user *user, const char *name, const char *use)
{
	struct mailbox *box = mailbox_find(user, slice_of(name));

	make_above(user, name);
	if (!box)
		box = add_mailbox(user, name, strlen(name));
	box->use = use;
	box->no_select = false;
	box->uid_validity = ++user->uid_validity;
	box->uid_next = 1;
	return box;
}

static bool
is_below(const struct mailbox *box, const struct mailbox *above)
{
	size_t len = strlen(above->name);

	return !strncmp(box->name, above->name, len) && box->name[len] == '/';
}

bool
mailbox_has_children(const struct mailbox *box)
{
	for (const struct mailbox *b = box->user->boxes; b; b = b->next)
		if (is_below(b, box))
			return true;
	return false;
}

void
mailbox_remove(struct mailbox *box)
{
	struct mailbox **at = &box->user->boxes;

	clear(box);
	mailbox_changed(box);
	if (mailbox_has_children(box)) {
		box->no_select = true;
		return;
	}
	while (*at != box)
		at = &(*at)->next;
	*at = box->next;
	mailbox_release(box);
}

void
mailbox_rename(struct mailbox *box, const char *name)
{
	size_t old = strlen(box->name);

	make_above(box->user, name);
	for (struct mailbox *b = box->user->boxes; b; b = b->next) {
		struct bytes text = { 0 };

		if (!is_below(b, box))
			continue;
		bytes_format(&text, "%s%s", name, b->name + old);
		free(b->name);
		b->name = make_text(text.at, text.len);
		bytes_free(&text);
	}
	free(box->name);
	box->name = make_text(name, strlen(name));
}

struct entry *
mailbox_add(struct mailbox *box, struct message *m, unsigned flags, time_t date)
{
	struct entry *e;

	if (box->count == box->cap) {
		struct entry *more = make((box->cap ? box->cap * 2 : 16) * sizeof(*more));

		if (box->count)
			memcpy(more, box->entries, box->count * sizeof(*more));
		free(box->entries);
		box->entries = more;
		box->cap = box->cap ? box->cap * 2 : 16;
	}
	e = &box->entries[box->count++];
	*e = (struct entry){ .message = m, .date = date, .uid = box->uid_next++,
	    .flags = (unsigned char)flags, .recent = true };
	m->holders++;
	box->user->bytes += m->size;
	box->user->messages++;
	mailbox_changed(box);
	return e;
}

void
mailbox_drop(struct mailbox *box, size_t index)
{
	struct entry *e = &box->entries[index];

	box->user->bytes -= e->message->size;
	box->user->messages--;
	mail_done(box->user->mail, e->message);
	memmove(e, e + 1, (--box->count - index) * sizeof(*e));
	mailbox_changed(box);
}

size_t
mailbox_index(const struct mailbox *box, uint32_t uid)
{
	size_t low = 0, high = box->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (box->entries[middle].uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct entry *
mailbox_entry(const struct mailbox *box, uint32_t uid)
{
	size_t i = mailbox_index(box, uid);

	return i < box->count && box->entries[i].uid == uid ? &box->entries[i] : NULL;
}

void
mailbox_changed(struct mailbox *box)
{
	box->changes++;
	for (struct watcher *w = box->watchers; w; w = w->next)
		w->changed(w);
}

void
mailbox_watch(struct mailbox *box, struct watcher *w)
{
	w->next = box->watchers;
	w->back = &box->watchers;
	if (w->next)
		w->next->back = &w->next;
	box->watchers = w;
}

void
mailbox_unwatch(struct watcher *w)
{
	if (!w->back)
		return;
	*w->back = w->next;
	if (w->next)
		w->next->back = w->back;
	w->back = NULL;
}
