/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Test messages. A text is a header and then blocks of BLOCK octets, so that any part of it can be
 * made without the rest; what is left over makes the last block longer. In every third message the
 * lines are of the kind that a careless reader trips over: a lone dot, dots in front, 8-bit text.
 */
#include "seed.h"

#include <stdio.h>
#include <string.h>

#include "mailbox.h"

#define BLOCK  78
#define HEADER 512
#define EVERY  3600             /* seconds between two messages */

static const char plain[BLOCK + 1] =
    "The quick brown fox jumps over the lazy dog, which goes on to sleep in it...\r\n";
static const char odd[][BLOCK + 1] = {
	".\r\nA lone dot stood above; who takes it for the end loses all of the rest...\r\n",
	".A dot in front of a line is doubled on its way, and must be one at home....\r\n",
	"..Two dots in front; fran\xc3\xa7""ais, "
	"\xd1\x80\xd1\x83\xd1\x81\xd1\x81\xd0\xba\xd0\xb8\xd0\xb9 and \xe2\x82\xac: octets above 127....\r\n",
	"The quick brown fox jumps over the lazy dog, which goes on to sleep in it...\r\n",
};

static size_t
header(const struct message *m, char text[HEADER])
{
	char date[MAIL_DATE];

	mail_date(m->received, date);
	return (size_t)snprintf(text, HEADER,
	    "Return-Path: <postmaster@sandbox.test>\r\n"
	    "Date: %s\r\n"
	    "From: Sandbox <postmaster@sandbox.test>\r\n"
	    "To: Probe <probe@sandbox.test>\r\n"
	    "Subject: Test message %u\r\n"
	    "Message-ID: <seed-%u@sandbox.test>\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n"
	    "\r\n", date, m->seed, m->seed);
}

/* A block of the body, which is as long as `size` says if it is the last. */
static size_t
block(const struct message *m, size_t index, size_t size, char *text)
{
	const char *line = m->seed % 3 == 2 ? odd[index % 4] : plain;

	memcpy(text, line, BLOCK);
	if (size > BLOCK) {
		memset(text + BLOCK - 2, '.', size - BLOCK);
		memcpy(text + size - 2, "\r\n", 2);
	}
	return size;
}

size_t
seed_read(const struct message *m, size_t from, char *at, size_t len)
{
	char text[HEADER + 2 * BLOCK];
	size_t head = header(m, text), blocks = (m->size - head) / BLOCK, done = 0;

	while (done < len) {
		size_t begin = 0, size = head, part;

		if (from >= head) {
			size_t index = (from - head) / BLOCK;

			index = index < blocks ? index : blocks - 1;
			begin = head + index * BLOCK;
			size = block(m, index, index + 1 < blocks ? BLOCK : m->size - begin, text);
		}
		part = begin + size - from;
		if (part > len - done)
			part = len - done;
		memcpy(at + done, text + (from - begin), part);
		done += part;
		from += part;
	}
	return done;
}

/* Messages came one an hour, the last just now; the first has been seen, then every third. */
static void
fill(struct mail *m, struct mailbox *box, uint32_t messages, size_t size)
{
	time_t now = time(NULL);

	for (uint32_t i = 1; i <= messages; i++) {
		struct message *message = mail_seed(m, i, size);
		struct entry *e;

		message->received = now - (time_t)(messages - i) * EVERY;
		e = mailbox_add(box, message, i % 3 == 1 ? FLAG_SEEN : 0, message->received);
		e->recent = !(e->flags & FLAG_SEEN);
		mail_done(m, message);
	}
	box->limit += messages;
}

void
seed_user(struct mail *m, const char *name, uint32_t messages, size_t size)
{
	static const struct {
		const char *name, *use;
		uint32_t most;
	} boxes[] = {
		{ "Archive/2026", NULL, 2 },
		{ "Info", NULL, 1 },
		{ "Entw&APw-rfe", "\\Drafts", 0 },
		{ "Sent", "\\Sent", 0 },
		{ "Junk", "\\Junk", 0 },
	};
	struct user *user = mail_user(m, slice_of(name));

	fill(m, user->boxes, messages, size);
	for (size_t i = 0; i < sizeof(boxes) / sizeof(*boxes); i++)
		fill(m, mailbox_make(user, boxes[i].name, boxes[i].use),
		    messages < boxes[i].most ? messages : boxes[i].most, size);
}
