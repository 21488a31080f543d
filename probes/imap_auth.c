/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOGIN and AUTHENTICATE, RFC 9051 section 6.2, with initial responses where SASL-IR is advertised
 * (RFC 4959). The choice and the exchange are in login.c.
 */
#include "imap.h"
#include "login.h"

enum { COMMAND_ROOM = 8000 }; /* below what servers take as a line, 8,192 octets (RFC 7162 4) */

static const slice MISSING = { NULL, 0 };

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

static bool
offers(struct session *s, slice name)
{
	if (slice_eq(name, S("login")))
		return !imap_has(s, S("LOGINDISABLED"));
	return imap_has(s, str_f(s->arena, "AUTH=%.*s", (int)name.n, name.at));
}

/* "PLAIN, login" */
static slice
offered(struct session *s)
{
	const struct list *capabilities = &of(s)->capabilities;
	struct str names = str_in(s->arena);

	for (size_t i = 0; i < capabilities->n; i++)
		if (slice_startsi(capabilities->items[i], S("AUTH="))) {
			str_addz(&names, names.n > 0 ? " " : "");
			str_add(&names, slice_skip(capabilities->items[i], 5));
		}
	if (!imap_has(s, S("LOGINDISABLED")))
		str_addz(&names, names.n > 0 ? " login" : "login");
	return names.n > 0 ? str_slice(&names) : MISSING;
}

static size_t
room(struct session *s, slice mechanism)
{
	(void)mechanism;
	return imap_has(s, S("SASL-IR")) ? COMMAND_ROOM : 0;
}

static bool
begin(struct session *s, slice mechanism, slice initial, slice shown)
{
	struct imap_command command = imap_command(s, "AUTHENTICATE ");
	struct str visible = str_in(s->arena);

	command.logs_in = true;
	str_add(&command.text, mechanism);
	if (initial.at) {
		str_add(&visible, str_slice(&command.text));
		str_addf(&visible, " %.*s", (int)shown.n, shown.at);
		command.shown = str_slice(&visible);
		str_addc(&command.text, ' ');
		str_add(&command.text, initial);
	}
	return imap_start(s, &command);
}

static enum login_turn
hear(struct session *s, slice *challenge)
{
	if (!imap_await(s))
		return LOGIN_LOST;
	*challenge = of(s)->response.text;
	return imap_goes_on(s) ? LOGIN_CHALLENGE : imap_is_ok(s) ? LOGIN_DONE : LOGIN_REFUSED;
}

/* The credentials, or the server's own inability (RFC 9051 section 7.1, RFC 5530). */
static bool
refused(struct session *s)
{
	static const slice unable[] = { SLICE("UNAVAILABLE"), SLICE("SERVERBUG"), SLICE("LIMIT") };
	slice reply = str_slice(&of(s)->reply);

	if (imap_goes_on(s))
		return fail_reply(s, CAUSE_PROTOCOL, reply, "out of place in LOGIN");
	if (of(s)->response.condition == IMAP_BAD)
		return fail_reply(s, CAUSE_AUTH_UNAVAILABLE, reply, NULL);
	if (imap_code(s, S("INUSE")))
		return fail_busy(s, reply);
	for (size_t i = 0; i < sizeof unable / sizeof unable[0]; i++)
		if (imap_code(s, unable[i]))
			return fail_reply(s, CAUSE_AUTH_UNAVAILABLE, reply, NULL);
	return fail_reply(s, CAUSE_AUTH_REJECTED, reply, NULL);
}

static slice
last_reply(struct session *s)
{
	return str_slice(&of(s)->reply);
}

/* LOGIN user password. The password is shown nowhere, in its quoted form neither. */
static bool
login(struct session *s)
{
	struct imap_command command = imap_command(s, "LOGIN ");
	size_t at;
	slice visible;

	command.logs_in = true;
	imap_add_string(&command, slice_z(s->common->user));
	visible = str_f(s->arena, "%.*s ****", (int)command.text.n, command.text.at);
	str_addc(&command.text, ' ');
	at = command.text.n;
	imap_add_string(&command, slice_z(s->common->password));
	if (command.text.n > at + 2)
		secret(s, (slice){ command.text.at + at + 1, command.text.n - at - 2 });
	command.shown = visible;
	return imap_say(s, &command) && (imap_is_ok(s) || refused(s));
}

static const struct login_word words[] = {
	{ .name = "login", .revealing = true, .login = login },
	{ .name = NULL },
};

static const struct login imap_login = {
	.command = "a mechanism",
	.words = words,
	.offers = offers,
	.offered = offered,
	.room = room,
	.begin = begin,
	.say = imap_say_line,
	.hear = hear,
	.refused = refused,
	.reply = last_reply,
};

bool
imap_capabilities_matter(const struct imap_opts *opts)
{
	if (opts->common.require.n > 0 || opts->common.forbid.n > 0)
		return true;
	for (size_t i = 0; i < opts->task_count; i++)
		if (opts->tasks[i].verb->extensions)
			return true;
	return false;
}

bool
imap_auth(struct session *s)
{
	struct imap *imap = of(s);

	if (s->common->require.n + s->common->forbid.n > 0 && !imap->preauth)
		imap->list_lap = LAP_NONE; /* the list that counts is yet to come */
	if (!imap->preauth && !login_run(s, &imap_login))
		return false;
	imap->authenticated = true;
	achieved(s, "logged in");
	return !imap_capabilities_matter(imap->opts) || imap_capability(s);
}
