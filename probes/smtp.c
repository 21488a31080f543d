/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMTP's verbs, in the order of RFC 5321 section 3. Each waits for the reply to its command before
 * the next may go out: a prober is a guest, and only so can phases be told apart.
 */
#include <regex.h>

#include "capabilities.h"
#include "login.h"
#include "smtp.h"

enum { MATCHED = 2048 };

static struct smtp *
of(struct session *s)
{
	return s->protocol;
}

bool
smtp_prepare(struct session *s)
{
	struct smtp *smtp = arena_alloc(s->arena, sizeof *smtp);

	if (!smtp)
		return false;
	smtp->opts = s->opts;
	smtp->heard = str_in(s->arena);
	smtp->deaf = true; /* until it has spoken: what is said earlier gets a client banned */
	smtp->banner_lap = smtp->list_lap = LAP_NONE;
	s->protocol = smtp;
	if (smtp->opts->lmtp)
		s->result->label = "LMTP";
	smtp->name = smtp->opts->fqdn ? slice_z(smtp->opts->fqdn) : conn_machine_name(s);
	return !smtp->opts->send || smtp_make_message(s, !smtp->opts->seven_bit);
}

bool
smtp_is(struct session *s, unsigned hundred)
{
	return of(s)->reply.code / 100 == hundred;
}

bool
smtp_done(struct session *s)
{
	return of(s)->reply.code >= 250 && of(s)->reply.code <= 252;
}

/*
 * Nothing may have come that nobody asked for, or we would take it for the answer to what we say
 * now. Except 421, which a server may say at any time (RFC 5321 section 3.8): that is the answer.
 */
bool
smtp_unasked(struct session *s)
{
	if (s->leaving || !conn_pending(s))
		return true;
	if (!smtp_listen(s))
		return false;
	if (of(s)->reply.code == 421)
		return smtp_refused(s);
	return fail_reply(
	    s, CAUSE_PROTOCOL, str_slice(&of(s)->reply.whole), "a reply nobody asked for");
}

bool
smtp_say(struct session *s, slice line, slice shown)
{
	struct str sent = str_in(s->arena);

	if (!smtp_unasked(s))
		return false;
	transcript(s, 'C', shown.at ? shown : line);
	str_add(&sent, line);
	str_add(&sent, S("\r\n"));
	return conn_send(s, str_slice(&sent));
}

bool
smtp_listen(struct session *s)
{
	struct smtp *smtp = of(s);
	enum smtp_reply_status status;
	const char *why;
	slice line;

	smtp->reply = smtp_reply_new(s->arena);
	do {
		if (!conn_line(s, &line))
			return false;
		if (s->exchange && slice_starts(line, S("334 ")))
			transcript(s, 'S', S("334 ****"));
		else
			transcript(s, 'S', line);
		status = smtp_reply_feed(&smtp->reply, line, &why);
	} while (status == SMTP_REPLY_MORE && !arena_failed(s->arena));
	/* Deaf to commands is who is leaving (RFC 5321 section 3.8), or waits for content (3yz). */
	smtp->deaf = status == SMTP_REPLY_DONE && (smtp->reply.code == 421 || smtp_is(s, 3));
	if (status == SMTP_REPLY_BROKEN)
		return fail_reply(s, CAUSE_PROTOCOL, line, "%s", why);
	return !arena_failed(s->arena);
}

bool
smtp_refused(struct session *s)
{
	slice reply = str_slice(&of(s)->reply.whole);

	if (smtp_is(s, 4))
		return fail_reply(s, CAUSE_TEMPFAIL, reply, NULL);
	if (smtp_is(s, 5))
		return fail_reply(s, CAUSE_REJECTED, reply, NULL);
	return fail_reply(s, CAUSE_PROTOCOL, reply, "out of place here");
}

bool
smtp_exchange(struct session *s, enum phase in, slice line)
{
	return phase(s, in) && smtp_say(s, line, (slice){ NULL, 0 }) && smtp_listen(s);
}

bool
smtp_command(struct session *s, enum phase in, slice line)
{
	return smtp_exchange(s, in, line) && (smtp_done(s) || smtp_refused(s));
}

static void
hear(struct smtp *smtp)
{
	str_add(&smtp->heard, str_slice(&smtp->reply.whole));
	str_addc(&smtp->heard, '\n');
}

bool
smtp_banner(struct session *s)
{
	struct smtp *smtp = of(s);
	struct str text = str_in(s->arena);

	if (!phase(s, PHASE_BANNER))
		return false;
	smtp->banner_lap = s->running;
	if (!smtp_listen(s))
		return false;
	if (smtp->reply.code != 220)
		return smtp_refused(s);
	smtp->greeting = str_slice(&smtp->reply.whole);
	hear(smtp);
	for (size_t i = 0; i < smtp->reply.lines.n; i++) {
		str_addz(&text, i ? "\n" : "");
		str_add(&text, smtp->reply.lines.items[i]);
	}
	fact_text(s, FACT_BANNER, str_slice(&text));
	achieved(s, "greeted");
	return true;
}

static void
record_capabilities(struct session *s)
{
	struct smtp *smtp = of(s);
	uint64_t size;

	fact_list(s, FACT_CAPABILITIES);
	fact_clear(s, FACT_SIZE_LIMIT);
	smtp->capabilities = (struct list){ 0 };
	/* The first line is the server's name (RFC 5321 section 4.1.1.1). */
	for (size_t i = 1; i < smtp->reply.lines.n; i++) {
		slice line = slice_trim(smtp->reply.lines.items[i]), parameters;

		list_add(s->arena, &smtp->capabilities, line);
		fact_add(s, FACT_CAPABILITIES, line);
		if (slice_eqi(smtp_keyword(line, &parameters), S("SIZE"))
		    && slice_number(parameters, UINT64_MAX, &size) && size > 0)
			fact_number(s, FACT_SIZE_LIMIT, (double)size);
	}
}

/* HELO has no capabilities. */
static bool
helo(struct session *s)
{
	of(s)->reply = smtp_reply_new(s->arena);
	record_capabilities(s);
	return smtp_command(s, PHASE_HELO, str_f(s->arena, "HELO %s", of(s)->name.at));
}

bool
smtp_ehlo(struct session *s)
{
	struct smtp *smtp = of(s);
	bool lmtp = smtp->opts->lmtp;
	unsigned code;

	if (!smtp->name.at)
		smtp->name = conn_own_literal(s);
	if (!smtp_exchange(
	        s, PHASE_EHLO, str_f(s->arena, "%s %s", lmtp ? "LHLO" : "EHLO", smtp->name.at)))
		return false;
	code = smtp->reply.code;
	if (code / 100 == 5 && code != 521 && code != 554 && !lmtp) {
		if (!helo(s))
			return false;
	} else if (smtp_done(s))
		record_capabilities(s);
	else
		return smtp_refused(s);
	smtp->list_lap = s->running;
	hear(smtp);
	achieved(s, "service ready");
	return true;
}

bool
smtp_has(struct session *s, slice keyword, slice parameter)
{
	return capabilities_have(&of(s)->capabilities, smtp_keyword, keyword, parameter);
}

bool
smtp_ask_starttls(struct session *s)
{
	if (!smtp_exchange(s, PHASE_STARTTLS, S("STARTTLS")))
		return false;
	if (of(s)->reply.code != 220)
		return true;
	of(s)->deaf = true;  /* to all but TLS */
	if (conn_pending(s)) /* RFC 3207 section 4.2: nothing from before TLS counts */
		return fail(s, CAUSE_STARTTLS_INJECTION, "plaintext behind the reply to STARTTLS");
	return true;
}

bool
smtp_upgrade(struct session *s)
{
	bool good;

	of(s)->list_lap = LAP_NONE; /* nothing from before TLS counts */
	good = conn_tls(s);
	of(s)->deaf = !conn_encrypted(s);
	return good && smtp_ehlo(s);
}

bool
smtp_starttls(struct session *s)
{
	if (!smtp_has(s, S("STARTTLS"), S("")))
		return unmet(s, PHASE_STARTTLS, CAUSE_STARTTLS_MISSING, "STARTTLS is not offered");
	if (!smtp_ask_starttls(s))
		return false;
	if (of(s)->reply.code != 220)
		return fail_reply(s, CAUSE_STARTTLS_REFUSED, str_slice(&of(s)->reply.whole), NULL);
	return true;
}

/* -C may itself log in: what is said then, or as the answer to a 3yz, is kept secret. */
static slice
command_shown(struct session *s, slice line)
{
	slice rest = slice_trim(line);
	bool auth = slice_eqi(slice_cut(&rest, ' '), S("AUTH"));

	if (!auth && !smtp_is(s, 3))
		return line;
	if (auth)
		slice_cut(&rest, ' '); /* the mechanism's name */
	login_secret(s, auth ? rest : line);
	return auth ? line : S("****");
}

/*
 * Compares the last reply with a -R: an extended regular expression, as check_smtp's. Only so much
 * of the reply as cannot make a clumsy expression outlast the deadline.
 */
static bool
matches(struct session *s, slice pattern)
{
	slice reply = slice_head(str_slice(&of(s)->reply.whole), MATCHED);
	regex_t regex;
	bool found;

	if (regcomp(&regex, pattern.at, REG_EXTENDED | REG_NOSUB | REG_NEWLINE) != 0)
		return false; /* complete() has compiled it once: only memory can be short now */
	found = regexec(&regex, str_f(s->arena, "%.*s", (int)reply.n, reply.at).at, 0, NULL, 0)
	    == 0;
	regfree(&regex);
	return found;
}

bool
smtp_commands(struct session *s)
{
	struct smtp *smtp = of(s);
	const struct list *commands = &smtp->opts->commands, *responses = &smtp->opts->responses;

	for (size_t i = 0; i < commands->n; i++) {
		slice line = commands->items[i];

		if (!phase(s, PHASE_COMMAND) || !smtp_say(s, line, command_shown(s, line))
		    || !smtp_listen(s))
			return false;
		if (smtp->reply.code == 421)
			return smtp_refused(s);
		if (i < responses->n && !matches(s, responses->items[i]))
			note_reply(s, CAUSE_UNEXPECTED, str_slice(&smtp->reply.whole),
			    "does not match \"%s\"", responses->items[i].at);
	}
	if (commands->n > 0)
		achieved(s, "commands answered");
	return true;
}

/*
 * As check_smtp does with its -e: in the banner or in what EHLO was answered, before or within TLS.
 */
static void
compare_expect(struct session *s)
{
	const struct smtp *smtp = of(s);
	slice heard = str_slice(&smtp->heard);

	for (size_t i = 0; i < s->common->expect.n && smtp->greeting.at; i++)
		if (slice_find(heard, s->common->expect.items[i]) == heard.n)
			note_in(s, smtp->banner_lap, CAUSE_UNEXPECTED, smtp->greeting,
			    "does not contain \"%s\"", s->common->expect.items[i].at);
}

/* "SIZE", "AUTH PLAIN" and "AUTH=PLAIN" can be asked for. */
static bool
advertised(struct session *s, slice wanted)
{
	slice parameter, keyword = smtp_keyword(wanted, &parameter);

	return smtp_has(s, keyword, parameter);
}

void
smtp_compare(struct session *s)
{
	compare_expect(s);
	capabilities_compare(s, of(s)->list_lap, advertised);
}

void
smtp_bye(struct session *s)
{
	struct smtp *smtp = of(s);
	bool ungreeted = smtp->banner_lap == LAP_NONE;

	if (s->result->finding_count == 0 && !ungreeted && !smtp->quit_sent)
		smtp_unasked(s);
	conn_leave(s);
	if (s->common->tls == TLS_IMPLICIT && !conn_encrypted(s))
		return;
	if (ungreeted
	    && (!farewell(s, PHASE_QUIT) || !smtp_listen(s))) /* hears the greeting out first */
		return;
	if (!smtp->deaf && conn_usable(s))
		smtp_rset(s);
	if (smtp->deaf || !conn_usable(s) || (!ungreeted && !farewell(s, PHASE_QUIT)))
		return;
	if (smtp->quit_sent || smtp_say(s, S("QUIT"), (slice){ NULL, 0 }))
		smtp_listen(s);
}
