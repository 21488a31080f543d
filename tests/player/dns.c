/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A name server of a few rules, on port 53 of a namespace's own loopback interface: "dns NAME A
 * ADDRESS" as often as wanted, or one misdeed for all questions about a name (silence for one type, too).  A name without a
 * rule does not exist; a name with addresses of one family has none of the other.  It is a child
 * process of its own, since the scripted server is busy with its client.
 */
#include "player.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RULES = 32, HEAD = 12, PACKET = 512, TYPE_A = 1, TYPE_AAAA = 28 };
enum { NOERROR = 0, SERVFAIL = 2, NXDOMAIN = 3, REFUSED = 5 };

struct rule {
	char name[128], what[16], data[64];
};

static struct rule rules[RULES];
static size_t rules_len;
static bool no_server;

static bool
act_dns(struct play *p, const struct step *s)
{
	struct rule *r = &rules[rules_len];

	if (!strcmp(s->arg, "none")) {
		no_server = true;
		return true;
	}
	if (rules_len == RULES || sscanf(s->arg, "%127s %15s %63s", r->name, r->what, r->data) < 2)
		return play_fail(p, "wanted: dns NAME A|AAAA ADDRESS, or dns NAME MISDEED");
	rules_len++;
	return true;
}

/* The name of the question in dots; its end in the packet, or 0. */
static size_t
question_name(const unsigned char *packet, size_t len, char *name, size_t room)
{
	size_t at = HEAD, put = 0, label;

	while (at < len && (label = packet[at]) != 0) {
		if (label > 63 || at + 1 + label >= len || put + label + 2 > room)
			return 0;
		memcpy(name + put, packet + at + 1, label);
		put += label;
		name[put++] = '.';
		at += 1 + label;
	}
	name[put ? put - 1 : 0] = '\0';
	return at + 5 <= len ? at + 5 : 0;
}

static void
put_answer(struct text *t, unsigned type, const unsigned char *data, unsigned size)
{
	const unsigned char head[] = { 0xc0, HEAD, 0, (unsigned char)type, 0, 1, 0, 0, 0, 1, 0,
	    (unsigned char)size };

	text_add(t, head, sizeof(head));
	text_add(t, data, size);
}

/* False if nothing is to be said. */
static bool
answer(struct text *t, const char *name, unsigned type)
{
	unsigned char data[16];
	unsigned code = NXDOMAIN, count = 0;
	const char *asked = type == TYPE_AAAA ? "AAAA" : type == TYPE_A ? "A" : "";
	bool v6;

	for (const struct rule *r = rules; r < rules + rules_len; r++) {
		if (strcasecmp(r->name, name))
			continue;
		if (!strcmp(r->what, "silent")) {
			if (!*r->data || !strcmp(r->data, asked))
				return false;
			continue;
		}
		code = !strcmp(r->what, "servfail") ? SERVFAIL : !strcmp(r->what, "refused") ?
		    REFUSED : !strcmp(r->what, "nxdomain") ? NXDOMAIN : NOERROR;
		v6 = !strcmp(r->what, "AAAA");
		if (!strcmp(r->what, "garbage")) {
			put_answer(t, type, (const unsigned char *)"\xff", 1);
			t->at[t->len - 2] = 99;
			count++;
		} else if (v6 ? type == TYPE_AAAA : type == TYPE_A && !strcmp(r->what, "A")) {
			if (inet_pton(v6 ? AF_INET6 : AF_INET, r->data, data) == 1)
				put_answer(t, type, data, v6 ? 16 : 4);
			count++;
		}
	}
	t->at[2] = (char)0x84;
	t->at[3] = (char)(0x80 | code);
	t->at[7] = (char)count;
	return true;
}

static void
respond(int fd)
{
	unsigned char packet[PACKET];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct text t = {0};
	char name[256];
	ssize_t got = recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from, &from_len);
	size_t end = got > HEAD ? question_name(packet, (size_t)got, name, sizeof(name)) : 0;

	if (!end)
		return;
	memset(packet + 6, 0, HEAD - 6);
	text_add(&t, packet, end);
	if (answer(&t, name, packet[end - 3]))
		sendto(fd, t.at, t.len, 0, (struct sockaddr *)&from, from_len);
	free(t.at);
}

bool
dns_start(struct play *p)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(53) };
	pid_t pid, parent = getpid();
	int fd;

	if (no_server)
		return true;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)))
		return play_fail(p, "name server: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		tether(parent);
		for (;;)
			respond(fd);
	}
	close(fd);
	return pid > 0 || play_fail(p, "fork: %s", strerror(errno));
}

const struct directive dns_directives[] = {
	{ .name = "dns", .stage = STAGE_SPACE, .act = act_dns },
	{ .name = NULL },
};
