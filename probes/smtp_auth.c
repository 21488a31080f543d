/* SPDX-License-Identifier: BSD-2-Clause */
/* AUTH, RFC 4954: how SMTP carries SASL. The choice and the exchange are in login.c. */
#include "login.h"
#include "smtp.h"

enum { COMMAND_LINE = 512 }; /* RFC 5321 section 4.5.3.1.4, CRLF included */

static struct smtp *
of(struct session *s)
{
	return s->protocol;
}

static bool
offers(struct session *s, slice mechanism)
{
	return smtp_has(s, S("AUTH"), mechanism);
}

static slice
offered(struct session *s)
{
	const struct list *capabilities = &of(s)->capabilities;

	for (size_t i = 0; i < capabilities->n; i++) {
		slice parameters;

		if (slice_eqi(smtp_keyword(capabilities->items[i], &parameters), S("AUTH")))
			return parameters;
	}
	return (slice){ NULL, 0 };
}

static size_t
room(struct session *s, slice mechanism)
{
	(void)s;
	return COMMAND_LINE - (sizeof "AUTH  \r\n" - 1) - mechanism.n;
}

static bool
begin(struct session *s, slice mechanism, slice initial, slice shown)
{
	slice line = str_f(s->arena, "AUTH %s", mechanism.at);

	if (!initial.at)
		return smtp_say(s, line, initial);
	return smtp_say(s, str_f(s->arena, "%s %s", line.at, initial.at),
	    str_f(s->arena, "%s %s", line.at, shown.at));
}

/* RFC 4954 section 4 wants a challenge in one line. */
static enum login_turn
hear(struct session *s, slice *challenge)
{
	const struct smtp_reply *reply = &of(s)->reply;

	if (!smtp_listen(s))
		return LOGIN_LOST;
	if (reply->code == 235)
		return LOGIN_DONE;
	if (reply->code != 334)
		return LOGIN_REFUSED;
	if (reply->lines.n != 1) {
		fail(s, CAUSE_PROTOCOL, "a challenge of several lines");
		return LOGIN_BROKEN;
	}
	*challenge = reply->lines.items[0];
	return LOGIN_CHALLENGE;
}

/* The credentials, or the server's own inability. */
static bool
refused(struct session *s)
{
	unsigned code = of(s)->reply.code;
	slice reply = str_slice(&of(s)->reply.whole);

	if (code / 100 == 4 || code == 500 || code == 502 || code == 503 || code == 504)
		return fail_reply(s, CAUSE_AUTH_UNAVAILABLE, reply, NULL);
	if (code / 100 == 5)
		return fail_reply(s, CAUSE_AUTH_REJECTED, reply, NULL);
	return fail_reply(s, CAUSE_PROTOCOL, reply, "out of place in AUTH");
}

static slice
last_reply(struct session *s)
{
	return str_slice(&of(s)->reply.whole);
}

static const struct login smtp_login = {
	.command = "AUTH",
	.offers = offers,
	.offered = offered,
	.room = room,
	.begin = begin,
	.say = smtp_say,
	.hear = hear,
	.refused = refused,
	.reply = last_reply,
};

bool
smtp_auth(struct session *s)
{
	return login_run(s, &smtp_login);
}
