/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The store. Mailboxes are found by a hash of their name in lower case; a mailbox is a ring of
 * its last MOST messages, so that a benchmark which sends for an hour does not fill the memory.
 */
#include "mail.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUCKETS 1024
#define MOST    1000                    /* messages in a mailbox, the oldest make room */
#define FULL    (512u * 1024 * 1024)    /* bytes in the store */

struct mailbox {
	char *name;
	struct mailbox *next;
	struct message *ring[MOST];
	size_t first, count;
};

struct mail {
	struct mailbox *buckets[BUCKETS];
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

static void
release(struct mail *m, struct message *message)
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
		struct mailbox *box = m->buckets[i], *next;

		for (; box; box = next) {
			next = box->next;
			for (size_t n = 0; n < box->count; n++)
				release(m, box->ring[(box->first + n) % MOST]);
			free(box->name);
			free(box);
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
	message->holders = 1;
	m->bytes += text->len;
	*text = (struct bytes){ 0 };
	return message;
}

void
mail_done(struct mail *m, struct message *message)
{
	release(m, message);
}

static struct mailbox *
open_mailbox(struct mail *m, const char *name)
{
	char *lower = make_text(name, strlen(name));
	uint32_t hash = 2166136261u;
	struct mailbox **box;

	for (char *p = lower; *p; p++) {
		*p = (char)tolower((unsigned char)*p);
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	}
	for (box = &m->buckets[hash % BUCKETS]; *box; box = &(*box)->next) {
		if (!strcmp((*box)->name, lower)) {
			free(lower);
			return *box;
		}
	}
	*box = make(sizeof(**box));
	(*box)->name = lower;
	return *box;
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

/* SPOOL/MAILBOX/ID, by way of a name that no reader takes for a message. */
static bool
spool(const struct mail *m, const char *mailbox, const struct message *message)
{
	char folder[1024], part[1200], whole[1200];
	int fd;
	bool ok;

	snprintf(folder, sizeof(folder), "%s/%.255s", m->spool, mailbox);
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

bool
mail_deliver(struct mail *m, const char *mailbox, struct message *message)
{
	struct mailbox *box = open_mailbox(m, mailbox);

	if (m->spool && !spool(m, box->name, message))
		return false;
	if (box->count == MOST) {
		release(m, box->ring[box->first]);
		box->first = (box->first + 1) % MOST;
		box->count--;
	}
	box->ring[(box->first + box->count++) % MOST] = message;
	message->holders++;
	return true;
}
