/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session begins and ends with: greeting, capabilities, TLS, and the goodbye. Logging in
 * is in imap_auth.c, what is done with mailboxes in imap_mailbox.c, imap_fetch.c and
 * imap_scratch.c.
 *
 * What a server says before TLS is forgotten behind it, and a greeting that has its capabilities in
 * it, or a login whose completion has, saves the trip to ask for them.
 */
#include "imap.h"
#include "capabilities.h"
#include "login.h"

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

bool
imap_prepare(struct session *s)
{
	struct imap *imap = arena_alloc(s->arena, sizeof *imap);

	if (!imap)
		return false;
	imap->opts = s->opts;
	imap->held = imap->decoded = imap->reply = imap->capability_text = imap->heard = str_in(
	    s->arena);
	imap->banner_lap = imap->list_lap = LAP_NONE;
	imap->deaf = true;
	s->protocol = imap;
	return imap_scratch_prepare(s);
}

bool
imap_has(struct session *s, slice capability)
{
	const struct list *capabilities = &of(s)->capabilities;

	for (size_t i = 0; i < capabilities->n; i++)
		if (slice_eqi(capabilities->items[i], capability))
			return true;
	return false;
}

bool
imap_can(struct session *s, slice capability)
{
	return imap_has(s, capability) || imap_has(s, S("IMAP4rev2"));
}

void
imap_count(struct session *s, enum fact fact, slice mailbox, uint64_t number)
{
	if (!mailbox.at)
		return;
	if (slice_eq(mailbox, of(s)->opts->first))
		fact_number(s, fact, (double)number);
	if (of(s)->opts->several)
		fact_number_of(s, fact, mailbox, (double)number);
}

/* resp-cond-auth / resp-cond-bye, RFC 9051 section 7.1; a NO or BAD is no greeting. */
static bool
greeted(struct session *s)
{
	struct imap *imap = of(s);
	const struct imap_response *greeting = &imap->response;

	if (greeting->kind != IMAP_CONDITION || greeting->condition == IMAP_NO
	    || greeting->condition == IMAP_BAD)
		return fail_reply(s, CAUSE_PROTOCOL, imap->greeting, "no greeting");
	imap_heed(s);
	if (greeting->condition == IMAP_BYE) {
		imap_farewell(s);
		return imap_refused(s, CAUSE_REJECTED);
	}
	imap->preauth = greeting->condition == IMAP_PREAUTH;
	imap->deaf = false;
	fact_text(s, FACT_BANNER, greeting->text);
	achieved(s, imap->preauth ? "greeted as logged in" : "greeted");
	return true;
}

bool
imap_greeting(struct session *s)
{
	struct imap *imap = of(s);

	if (!phase(s, PHASE_BANNER))
		return false;
	imap->banner_lap = s->running;
	imap->hearing = true;
	if (!imap_receive(s))
		return false;
	imap->hearing = false;
	imap->heard_out = imap->opts->tcp.send.n == 0;
	imap->greeting = arena_copy(s->arena, imap->text.n > 0 ? imap->text.pieces[0].line : S(""));
	return greeted(s);
}

bool
imap_capability(struct session *s)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "CAPABILITY");

	if (imap->listed)
		return true;
	if (!imap_ok(s, PHASE_CAPABILITY, &command, CAUSE_REJECTED))
		return false;
	if (!imap->listed)
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
		    "no CAPABILITY response came before it");
	achieved(s, imap->authenticated ? "logged in" : "service ready");
	return true;
}

bool
imap_ask_starttls(struct session *s)
{
	struct imap_command command = imap_command(s, "STARTTLS");

	if (!phase(s, PHASE_STARTTLS) || !imap_say(s, &command))
		return false;
	of(s)->deaf = imap_is_ok(s); /* to commands in clear */
	return !imap_goes_on(s) || imap_refused(s, CAUSE_REJECTED);
}

bool
imap_starttls(struct session *s)
{
	if (of(s)->preauth)
		return unmet(s, PHASE_STARTTLS, CAUSE_STARTTLS_MISSING,
		    "the greeting is PREAUTH: TLS cannot be had any more");
	if (!imap_has(s, S("STARTTLS")))
		return unmet(s, PHASE_STARTTLS, CAUSE_STARTTLS_MISSING, "STARTTLS is not offered");
	return imap_ask_starttls(s)
	    && (imap_is_ok(s)
	        || fail_reply(s, CAUSE_STARTTLS_REFUSED, str_slice(&of(s)->reply), NULL));
}

bool
imap_upgrade(struct session *s)
{
	struct imap *imap = of(s);
	bool secured;

	/*
	 * RFC 9051 section 6.2.1: nothing from before TLS counts, least of all what came too
	 * early.
	 */
	if (conn_pending(s))
		return fail(s, CAUSE_STARTTLS_INJECTION, "plaintext behind the reply to STARTTLS");
	imap->capabilities.n = 0;
	imap->listed = false;
	imap->list_lap = LAP_NONE;
	secured = conn_tls(s);
	imap->deaf = !conn_encrypted(s);
	if (!secured)
		return false;
	imap->mailbox = (struct imap_mailbox){ 0 };
	fact_clear(s, FACT_ALERTS);
	return imap_capability(s);
}

/*
 * A line of the user's own, "a1 NOOP": its first word is the tag that its completion will have.
 * What answers a continuation has no tag, and may be anything: a password.
 */
static bool
send_line(struct session *s, slice line)
{
	struct imap *imap = of(s);
	bool answer = imap->deaf; /* something else than a command is waited for */
	slice rest = line, shown = answer ? S("****") : check_tcp_shown(s, line);

	if (answer)
		login_secret(s, line);
	else
		imap->tag = slice_cut(&rest, ' ');
	if (!imap_say_line(s, line, shown))
		return false;
	imap->parting |= slice_eqi(slice_trim(rest), S("LOGOUT"));
	if (!imap_await(s))
		return false;
	imap->deaf |= imap->parting;
	return true;
}

bool
imap_sends(struct session *s)
{
	struct imap *imap = of(s);
	const struct list *lines = &imap->opts->tcp.send;

	for (size_t i = 0; i < lines->n; i++) {
		if (!phase(s, PHASE_COMMAND))
			return false;
		imap->hearing = true;
		if (!send_line(s, lines->items[i]))
			return false;
		imap->hearing = false;
	}
	if (lines->n > 0)
		achieved(s, "commands answered");
	imap->heard_out = true;
	return true;
}

void
imap_compare(struct session *s)
{
	struct imap *imap = of(s);

	if (imap->list_lap != LAP_NONE)
		fact_list(s, FACT_CAPABILITIES);
	for (size_t i = 0; i < imap->capabilities.n; i++)
		fact_add(s, FACT_CAPABILITIES, imap->capabilities.items[i]);
	/* Not where an answer that it may be in was never asked for. */
	check_tcp_expect(s, &imap->opts->tcp, str_slice(&imap->heard),
	    imap->heard_out ? imap->banner_lap : LAP_NONE, imap->greeting);
	capabilities_compare(s, imap->list_lap, imap_has);
}

static void
logout(struct session *s)
{
	struct imap *imap = of(s);
	const struct list *quit = &imap->opts->tcp.quit;
	struct imap_command command = imap_command(s, "LOGOUT");

	imap->parting = true;
	for (size_t i = 0; i < quit->n; i++)
		if (!send_line(s, quit->items[i]))
			return;
	if (quit->n == 0)
		imap_say(s, &command);
}

void
imap_bye(struct session *s)
{
	struct imap *imap = of(s);
	bool ungreeted = imap->banner_lap == LAP_NONE;

	if (s->result->finding_count == 0 && !ungreeted && !imap->deaf)
		imap_unasked(s);
	s->leaving = true;
	if (!imap->deaf && conn_usable(s))
		imap_clean_up(s); /* which is no goodbye, and has the whole deadline */
	conn_leave(s);
	if (s->common->tls == TLS_IMPLICIT && !conn_encrypted(s))
		return;
	if (ungreeted && farewell(s, PHASE_LOGOUT) && imap_receive(s)) /* hears it out first */
		imap->deaf = imap->response.kind != IMAP_CONDITION
		    || imap->response.condition == IMAP_BYE;
	if (!imap->deaf && conn_usable(s) && (ungreeted || farewell(s, PHASE_LOGOUT)))
		logout(s);
}
