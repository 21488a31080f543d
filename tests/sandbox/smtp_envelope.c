/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * MAIL and RCPT: their syntax, their parameters, and who is welcome. Mail is taken for accounts
 * and for anybody at sandbox.test but `unknown`; only those who have logged in may send on, and
 * what they send on goes into a mailbox here too: nothing ever leaves the sandbox.
 */
#include "smtp.h"

#include <stdint.h>
#include <string.h>

#include "accounts.h"
#include "greylist.h"
#include "reply.h"

#define PATH_MOST 256           /* RFC 5321 section 4.5.3.1.3 */

/* "<" [ source route ":" ] mailbox ">"; a quoted local part may contain a ">" */
static bool
path(struct slice *args, const char *keyword, struct slice *address)
{
	size_t end = 1;
	bool quoted = false;

	if (!slice_skip(args, keyword))
		return false;
	while (args->len && *args->at == ' ')
		slice_skip(args, " ");
	if (!args->len || *args->at != '<')
		return false;
	for (; end < args->len && (quoted || args->at[end] != '>'); end++) {
		if (args->at[end] == '\\' && quoted)
			end++;
		else if (args->at[end] == '"')
			quoted = !quoted;
	}
	if (end >= args->len || end > PATH_MOST)
		return false;
	*address = (struct slice){ args->at + 1, end - 1 };
	args->at += end + 1;
	args->len -= end + 1;
	if (address->len && *address->at == '@' && memchr(address->at, ':', address->len))
		slice_until(address, ':');
	return !args->len || *args->at == ' ';
}

static bool
has_8bit(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] > 127)
			return true;
	return false;
}

static bool
number(struct slice s, uint64_t *value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(s.at[i] - '0');
	}
	*value = n;
	return s.len && s.len < 20;
}

/* One parameter of MAIL: NULL, or the answer that refuses it. */
static const char *
mail_parameter(const struct conn *c, struct envelope *e, struct slice p)
{
	uint64_t size;

	if (slice_skip(&p, "SIZE=") && smtp_offers(c, "SIZE")) {
		if (!number(p, &size))
			return "501 5.5.4 SIZE is not a number";
		return size > SMTP_SIZE ? "552 5.3.4 Message too big" : NULL;
	}
	if (slice_is(p, "BODY=8BITMIME") && smtp_offers(c, "8BITMIME")) {
		e->eight_bit = true;
		return NULL;
	}
	if (slice_is(p, "BODY=7BIT") && smtp_offers(c, "8BITMIME"))
		return NULL;
	if (slice_is(p, "SMTPUTF8") && smtp_offers(c, "SMTPUTF8")) {
		e->utf8 = true;
		return NULL;
	}
	if (slice_skip(&p, "AUTH=") && smtp_offers(c, "AUTH"))
		return NULL;
	return "555 5.5.4 Parameter not known";
}

void
smtp_mail(struct conn *c, struct slice args)
{
	struct smtp *s = c->session;
	struct envelope *e;
	struct slice from, parameter;
	const char *wrong = NULL;

	if (s->envelope) {
		reply(c, VERB_MAIL, "503 5.5.1 Nested MAIL\r\n");
		return;
	}
	if (!path(&args, "FROM:", &from)) {
		reply(c, VERB_MAIL, "501 5.5.4 Write MAIL FROM:<address>\r\n");
		return;
	}
	e = s->envelope = make(sizeof(*e));
	e->from = make_text(from.at, from.len);
	while (args.len && !wrong) {
		parameter = slice_until(&args, ' ');
		if (parameter.len)
			wrong = s->extended ? mail_parameter(c, e, parameter)
			    : "555 5.5.4 Parameters need EHLO";
	}
	if (!wrong && has_8bit(from) && !e->utf8)
		wrong = "553 5.6.7 This address needs SMTPUTF8";
	if (wrong)
		smtp_reset(s);
	reply(c, VERB_MAIL, "%s\r\n", wrong ? wrong : "250 2.1.0 Ok");
}

/* NULL if the recipient is welcome, else the answer that refuses it. */
static const char *
unwelcome(const struct conn *c, const struct smtp *s, struct slice to)
{
	struct slice domain = { to.at + to.len, 0 };
	struct slice local = to;

	if (conn_faulty(c, FAULT_OPEN_RELAY))
		return NULL;
	while (domain.at > to.at && domain.at[-1] != '@') {
		domain.at--;
		domain.len++;
	}
	if (domain.at == to.at)
		return slice_is(to, "postmaster") ? NULL : "501 5.1.3 Write <user@domain>";
	local.len = to.len - domain.len - 1;
	if (!local.len || !domain.len)
		return "501 5.1.3 Write <user@domain>";
	if (slice_is(local, "unknown"))
		return "550 5.1.1 User unknown";
	if (slice_is(domain, "sandbox.test") || accounts_has(c->server->accounts, to) || s->user)
		return NULL;
	return "554 5.7.1 Relay access denied";
}

void
smtp_rcpt(struct conn *c, struct slice args)
{
	struct smtp *s = c->session;
	struct envelope *e = s->envelope;
	struct slice to;
	const char *wrong;

	if (!path(&args, "TO:", &to) || !to.len) {
		reply(c, VERB_RCPT, "501 5.5.4 Write RCPT TO:<address>\r\n");
		return;
	}
	wrong = unwelcome(c, s, to);
	if (args.len)
		wrong = "555 5.5.4 Parameter not known";
	else if (has_8bit(to) && !e->utf8)
		wrong = "553 5.6.7 This address needs SMTPUTF8";
	else if (!wrong && e->rcpt_count == SMTP_RCPTS)
		wrong = "452 4.5.3 Too many recipients";
	else if (!wrong && conn_faulty(c, FAULT_GREYLIST_ONCE)
	    && greylist_first(c->server->greylist, &c->peer, e->from, to))
		wrong = "450 4.2.0 Greylisted, try again later";
	if (!wrong)
		e->rcpts[e->rcpt_count++] = make_text(to.at, to.len);
	reply(c, VERB_RCPT, "%s\r\n", wrong ? wrong : "250 2.1.5 Ok");
}
