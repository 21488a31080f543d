/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The little that the player has to know of a protocol: where a reply ends, what a goodbye looks
 * like and how it is answered, how a challenge begins, what a literal is.  All else of SMTP, IMAP
 * and POP3 stands in the scripts.  Which of them is spoken, the name of the check says.
 */
#include "player.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum protocol
protocol_of(const char *run)
{
	const size_t len = strcspn(run, " \t");
	const char *imap = memmem(run, len, "imap", 4), *pop3 = memmem(run, len, "pop3", 4);

	return imap ? PROTOCOL_IMAP : pop3 ? PROTOCOL_POP3 : PROTOCOL_SMTP;
}

const char *
protocol_prompt(const struct play *p)
{
	return p->protocol == PROTOCOL_SMTP ? "334 " : "+ ";
}

/* A tag begins each command of IMAP, and neither an answer to a challenge nor what stands behind
 * a literal. */
void
protocol_heard(struct play *p, const char *line, size_t len)
{
	const bool command = !p->behind_literal;
	size_t word = 0;

	p->behind_literal = false;
	p->line = (struct text){0};
	text_add(&p->line, line, len);
	while (word < len && isalnum((unsigned char)line[word]))
		word++;
	if (p->protocol != PROTOCOL_IMAP || !command || !word || word == len || line[word] != ' ')
		return;
	p->tag = (struct text){0};
	text_add(&p->tag, line, word);
}

/* The timestamp of a POP3 banner (RFC 1939 section 7), for APOP. */
void
protocol_said(struct play *p, const char *bytes, size_t len)
{
	const char *from = p->stamp.len || !len ? NULL : memchr(bytes, '<', len), *to;

	if (p->protocol != PROTOCOL_POP3 || !from)
		return;
	to = memchr(from, '>', len - (size_t)(from - bytes));
	if (to)
		text_add(&p->stamp, from, (size_t)(to + 1 - from));
}

bool
protocol_goodbye(const struct play *p, const char *line, size_t len)
{
	size_t tag = 0;

	if (p->protocol != PROTOCOL_IMAP)
		return len == 4 && !strncasecmp(line, "QUIT", 4);
	while (tag < len && isalnum((unsigned char)line[tag]))
		tag++;
	return tag && len == tag + 7 && !strncasecmp(line + tag, " LOGOUT", 7);
}

void
protocol_answer(const struct play *p, const char *line, size_t len, struct text *answer)
{
	const bool bye = protocol_goodbye(p, line, len);
	const void *blank = memchr(line, ' ', len);
	const int tag = blank ? (int)((const char *)blank - line) : (int)p->tag.len;

	switch (p->protocol) {
	case PROTOCOL_SMTP:
		text_str(answer, bye ? "221 2.0.0 bye\r\n" : "250 2.0.0 ok\r\n");
		break;
	case PROTOCOL_IMAP:
		text_printf(answer, "%s%.*s OK done\r\n", bye ? "* BYE bye\r\n" : "", tag,
		    blank ? line : p->tag.at ? p->tag.at : "");
		break;
	case PROTOCOL_POP3:
		text_str(answer, bye ? "+OK bye\r\n" : "+OK\r\n");
		break;
	}
}

/* Commands of POP3 whose reply, if it is +OK, ends in a line of a single dot. */
static bool
listing(const struct text *command)
{
	static const char *const whole[] = { "CAPA", "LIST", "UIDL" };
	const char *line = command->at ? command->at : "";

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (!strcasecmp(line, whole[i]))
			return true;
	return !strncasecmp(line, "RETR ", 5) || !strncasecmp(line, "TOP ", 4);
}

/* Whether this line, with its line end, is the last of a reply. */
static bool
ends_reply(const struct play *p, const char *line, size_t len)
{
	switch (p->protocol) {
	case PROTOCOL_SMTP:
		return len > 3 && line[3] != '-';
	case PROTOCOL_IMAP:
		return !p->tag.len || *line == '+' || (len > p->tag.len &&
		    line[p->tag.len] == ' ' && !memcmp(line, p->tag.at, p->tag.len));
	case PROTOCOL_POP3:
		return !listing(&p->line) || *line == '-' || (len <= 3 && *line == '.');
	}
	return false;
}

size_t
protocol_before_more(const struct play *p, const struct text *t)
{
	const char *line = t->at, *end = t->at + t->len, *lf;

	for (; line < end && (lf = memchr(line, '\n', (size_t)(end - line))); line = lf + 1)
		if (lf + 1 < end && ends_reply(p, line, (size_t)(lf + 1 - line)))
			return (size_t)(lf - t->at);
	return t->len;
}

/* literal = "{" number ["+"] "}" at the end of a line; how many octets, or -1 */
static long
literal_size(const struct text *line, bool *waits)
{
	const char *brace = line->len ? memrchr(line->at, '{', line->len) : NULL;
	char *rest;
	long size;

	if (!brace || !isdigit((unsigned char)brace[1]))
		return -1;
	size = strtol(brace + 1, &rest, 10);
	*waits = *rest != '+';
	rest += *rest == '+';
	return strcmp(rest, "}") ? -1 : size;
}

/* What the client announced by {n} or {n+}: with the latter it does not wait to be asked. */
static bool
act_literal(struct play *p, const struct step *s)
{
	struct wire *w = &p->wire;
	struct text go_ahead = {0};
	bool waits = false;
	const long size = literal_size(&p->line, &waits);

	if (!serve_begin(p) || size < 0)
		return play_fail(p, "wanted a literal, got: %s", p->line.at ? p->line.at : "");
	if (waits && !serve_speak(p))
		return false;
	text_printf(&go_ahead, "%s\r\n", *s->arg ? s->arg : "+ go ahead");
	if (waits)
		wire_send(p, go_ahead.at, go_ahead.len);
	wire_flush(p);
	p->spoke = false;
	while (w->in.len - w->taken < (size_t)size && wire_read(p, true))
		;
	if (w->in.len - w->taken < (size_t)size)
		return play_fail(p, "wanted a literal of %ld octets, got %zu", size,
		    w->in.len - w->taken);
	p->literal = (struct text){0};
	text_add(&p->literal, size ? w->in.at + w->taken : "", (size_t)size);
	play_log(p, 'C', p->literal.at, p->literal.len);
	w->taken += (size_t)size;
	p->behind_literal = true;
	return true;
}

/* APOP USER DIGEST, of the banner's timestamp and the password. */
static bool
act_apop(struct play *p, const struct step *s)
{
	const char *words = s->arg;
	bool broken, reject;
	char *user = text_word(&words, &broken), *password = text_word(&words, &broken);
	char *extra = text_word(&words, &broken), *line;
	struct text message = {0}, wanted = {0};
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len;

	reject = extra && !strcmp(extra, "reject");
	if (!password || !p->stamp.len)
		return play_fail(p, "wanted: apop USER PASSWORD, and a banner with <...>");
	if (!serve_begin(p) || !wire_line(p, "APOP *", &line, &len))
		return false;
	p->spoke = p->quit = false;
	protocol_heard(p, line, len);
	text_printf(&message, "%s%s", p->stamp.at, password);
	EVP_Digest(message.at, message.len, digest, NULL, EVP_md5(), NULL);
	text_printf(&wanted, "APOP %s ", user);
	text_add(&p->proof, line + (len < wanted.len ? len : wanted.len),
	    len < wanted.len ? 0 : len - wanted.len);
	for (int i = 0; i < 16; i++)
		text_printf(&wanted, "%02x", digest[i]);
	return (len == wanted.len && !memcmp(line, wanted.at, len)) != reject ||
	    play_fail(p, "wanted: %s%s\ngot: %.*s", reject ? "not " : "", wanted.at, (int)len,
	    line);
}

const struct directive protocol_directives[] = {
	{ .name = "literal", .stage = STAGE_SERVE, .act = act_literal },
	{ .name = "apop", .stage = STAGE_SERVE, .act = act_apop },
	{ .name = NULL },
};
