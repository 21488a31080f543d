/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How POP3 logs in: AUTH (RFC 5034), APOP and USER with PASS (RFC 1939 section 7). The choice and
 * the exchange of SASL's messages are in login.c.
 *
 * A server that knows no CAPA cannot say that it has USER, which RFC 1939 left optional and nobody
 * left out: there it is taken as offered.
 */
#include <openssl/evp.h>

#include "login.h"
#include "pop3.h"

enum { COMMAND_LINE = 255 }; /* RFC 2449 section 4, CRLF included */

static struct pop3 *
of(struct session *s)
{
	return s->protocol;
}

static bool
offers(struct session *s, slice name)
{
	if (slice_eqi(name, S("apop")))
		return of(s)->timestamp.at;
	if (slice_eqi(name, S("user")))
		return !of(s)->listed || pop3_has(s, S("USER"), S(""));
	return pop3_has(s, S("SASL"), name);
}

static slice
offered(struct session *s)
{
	const struct list *capabilities = &of(s)->capabilities;
	struct str all = str_in(s->arena);

	for (size_t i = 0; i < capabilities->n; i++) {
		slice parameters;

		if (slice_eqi(pop3_keyword(capabilities->items[i], &parameters), S("SASL")))
			str_add(&all, parameters);
	}
	if (offers(s, S("apop")))
		str_addz(&all, all.n ? " apop" : "apop");
	if (offers(s, S("user")))
		str_addz(&all, all.n ? " user" : "user");
	return all.n ? str_slice(&all) : (slice){ NULL, 0 };
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
		return pop3_say(s, line, initial);
	return pop3_say(s, str_f(s->arena, "%s %s", line.at, initial.at),
	    str_f(s->arena, "%s %s", line.at, shown.at));
}

static enum login_turn
hear(struct session *s, slice *challenge)
{
	if (!pop3_listen(s))
		return LOGIN_LOST;
	switch (of(s)->reply.status) {
	case POP3_OK:
		return LOGIN_DONE;
	case POP3_CONTINUE:
		*challenge = of(s)->reply.text;
		return LOGIN_CHALLENGE;
	default:
		return LOGIN_REFUSED;
	}
}

/* The credentials, the mailbox, or the server's own inability: RFC 3206, RFC 2449 section 8.1. */
static bool
refused(struct session *s)
{
	const struct pop3 *pop3 = of(s);
	const struct pop3_reply *reply = &pop3->reply;

	if (reply->status != POP3_ERR)
		return fail_reply(s, CAUSE_PROTOCOL, pop3->line, "out of place in a login");
	if (pop3_code_is(reply, S("IN-USE")) || pop3_code_is(reply, S("LOGIN-DELAY")))
		return fail_busy(s, pop3->line);
	if (pop3_code_is(reply, S("SYS/TEMP")) || pop3_code_is(reply, S("SYS/PERM")))
		return fail_reply(s, CAUSE_AUTH_UNAVAILABLE, pop3->line, NULL);
	return fail_reply(s, CAUSE_AUTH_REJECTED, pop3->line, NULL);
}

static slice
last_reply(struct session *s)
{
	return of(s)->line;
}

static bool
say_and_hear(struct session *s, slice line, slice shown)
{
	return pop3_say(s, line, shown) && pop3_listen(s) && (pop3_ok(s) || refused(s));
}

/* The MD5 of the timestamp and the password, in hexadecimal; missing where there is no MD5. */
static slice
digest(struct session *s)
{
	struct str shared = str_in(s->arena), hex = str_in(s->arena);
	unsigned char md5[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	str_add(&shared, of(s)->timestamp);
	str_addz(&shared, s->common->password);
	if (EVP_Digest(str_z(&shared), shared.n, md5, &n, EVP_md5(), NULL) != 1)
		return (slice){ NULL, 0 };
	for (unsigned i = 0; i < n; i++)
		str_addf(&hex, "%02x", md5[i]);
	return str_slice(&hex);
}

static bool
apop(struct session *s)
{
	slice line = str_f(s->arena, "APOP %s ", s->common->user), hex = digest(s);

	if (!hex.at)
		return fail(s, CAUSE_LOCAL, "OpenSSL has no MD5 here, which APOP needs");
	secret(s, hex);
	return say_and_hear(
	    s, str_f(s->arena, "%s%s", line.at, hex.at), str_f(s->arena, "%s****", line.at));
}

static bool
user_and_password(struct session *s)
{
	const struct probe_opts *opts = s->common;

	return say_and_hear(s, str_f(s->arena, "USER %s", opts->user), (slice){ NULL, 0 })
	    && say_and_hear(s, str_f(s->arena, "PASS %s", opts->password), S("PASS ****"));
}

static const struct login_word words[] = {
	{ .name = "apop", .before = "PLAIN", .revealing = true, .login = apop },
	{ .name = "user", .revealing = true, .login = user_and_password },
	{ .name = NULL },
};

static const struct login pop3_login = {
	.command = "a login",
	.words = words,
	.offers = offers,
	.offered = offered,
	.room = room,
	.begin = begin,
	.say = pop3_say,
	.hear = hear,
	.refused = refused,
	.reply = last_reply,
};

bool
pop3_auth(struct session *s)
{
	return login_run(s, &pop3_login);
}
