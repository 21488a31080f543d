/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The store. Users are found by a hash of their name in lower case. A message knows how many hold
 * it and goes with the last of them, so that a session can go on reading what another has removed.
 */
#define _GNU_SOURCE 1    /* memmem */

#include "mail.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox.h"
#include "seed.h"

#define BUCKETS 1024
#define FULL    (512u * 1024 * 1024)    /* bytes in the store */

struct mail {
	struct user *buckets[BUCKETS];
	const char *spool;
	size_t bytes;
	uint64_t started, serial;
};

struct mail *
mail_new(const char *spool)
{
	struct mail *m = make(sizeof(*m));

	m->spool = spool;
	m->started = (uint64_t)time(NULL);
	return m;
}

void
mail_done(struct mail *m, struct message *message)
{
	if (--message->holders)
		return;
	m->bytes -= message->text.len;
	bytes_free(&message->text);
	free(message);
}

void
mail_free(struct mail *m)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct user *user = m->buckets[i], *next;

		for (; user; user = next) {
			next = user->next;
			mailbox_free_all(user);
			free(user->name);
			free(user);
		}
	}
	free(m);
}

void
mail_new_id(struct mail *m, char id[MAIL_ID])
{
	snprintf(id, MAIL_ID, "%08llX%06llX", (unsigned long long)m->started & 0xffffffff,
	    (unsigned long long)++m->serial & 0xffffffff);
}

void
mail_date(time_t when, char text[MAIL_DATE])
{
	struct tm tm;

	strftime(text, MAIL_DATE, "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&when, &tm));
}

struct message *
mail_message(struct mail *m, const char *id, struct bytes *text)
{
	struct message *message;

	if (m->bytes + text->len > FULL) {
		bytes_free(text);
		return NULL;
	}
	message = make(sizeof(*message));
	snprintf(message->id, sizeof(message->id), "%s", id);
	message->received = time(NULL);
	message->text = *text;
	message->size = text->len;
	message->holders = 1;
	m->bytes += text->len;
	*text = (struct bytes){ 0 };
	return message;
}

struct message *
mail_seed(struct mail *m, uint32_t number, size_t size)
{
	struct message *message = make(sizeof(*message));

	mail_new_id(m, message->id);
	message->received = time(NULL);
	message->size = size;
	message->seed = number;
	message->holders = 1;
	return message;
}

size_t
mail_read(const struct message *message, size_t from, char *at, size_t len)
{
	if (from >= message->size)
		return 0;
	if (len > message->size - from)
		len = message->size - from;
	if (message->seed)
		return seed_read(message, from, at, len);
	memcpy(at, message->text.at + from, len);
	return len;
}

size_t
mail_header_size(const struct message *message, size_t most)
{
	char *text = make(most + 1), *end;
	size_t len = mail_read(message, 0, text, most);

	end = len >= 2 && !memcmp(text, "\r\n", 2) ? text - 2 : memmem(text, len, "\r\n\r\n", 4);
	if (end)
		len = (size_t)(end + 4 - text);
	free(text);
	return len;
}

struct user *
mail_user(struct mail *m, struct slice name)
{
	char *lower = make_text(name.at, name.len);
	uint32_t hash = 2166136261u;
	struct user **user;

	for (char *p = lower; *p; p++) {
		*p = (char)tolower((unsigned char)*p);
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	}
	for (user = &m->buckets[hash % BUCKETS]; *user; user = &(*user)->next) {
		if (!strcmp((*user)->name, lower)) {
			free(lower);
			return *user;
		}
	}
	*user = make(sizeof(**user));
	(*user)->name = lower;
	(*user)->mail = m;
	(*user)->uid_validity = (uint32_t)m->started;
	mailbox_make(*user, "INBOX", NULL);
	return *user;
}

static bool
write_whole(int fd, const struct bytes *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t n = write(fd, text->at + done, text->len - done);

		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* SPOOL/USER/ID, by way of a name that no reader takes for a message. */
bool
mail_spool(struct mail *m, const char *name, const struct message *message)
{
	char folder[1024], part[1200], whole[1200];
	int fd;
	bool ok;

	if (!m->spool)
		return true;
	snprintf(folder, sizeof(folder), "%s/%.255s", m->spool,
	    mail_user(m, slice_of(name))->name);
	for (char *p = folder + strlen(m->spool) + 1; *p; p++)
		if (*p == '/' || (*p == '.' && p[-1] == '/'))
			*p = '_';
	if (mkdir(folder, 0700) && errno != EEXIST)
		return false;
	snprintf(part, sizeof(part), "%s/.%s", folder, message->id);
	snprintf(whole, sizeof(whole), "%s/%s", folder, message->id);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write_whole(fd, &message->text);
	return !close(fd) && ok && !rename(part, whole);
}

static struct mailbox *
junk_of(struct user *user)
{
	struct mailbox *box = mailbox_find(user, slice_of("Junk"));

	if (!box || box->no_select)
		box = mailbox_make(user, "Junk", NULL);
	box->use = "\\Junk";
	return box;
}

void
mail_deliver(struct mail *m, const char *name, struct message *message, bool junk)
{
	struct user *user = mail_user(m, slice_of(name));
	struct mailbox *box = junk ? junk_of(user) : user->boxes;

	if (box->count >= box->limit)
		mailbox_drop(box, 0);
	mailbox_add(box, message, 0, time(NULL));
}
