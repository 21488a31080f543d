/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POP3's verbs up to the login, in the order of RFC 1939 and RFC 2449, and its goodbye. Each waits
 * for the reply to its command before the next may go out.
 *
 * QUIT is what deletes (RFC 1939 section 6). So once a DELE was said, QUIT is only said where all
 * went well, or behind a RSET that the server has confirmed; where it has not, nothing is said, for
 * a connection that just ends deletes nothing.
 */
#include "pop3.h"
#include "capabilities.h"
#include "login.h"

enum { HEARD = 1 << 18 };

static struct pop3 *
of(struct session *s)
{
	return s->protocol;
}

bool
pop3_prepare(struct session *s)
{
	struct pop3 *pop3 = arena_alloc(s->arena, sizeof *pop3);

	if (!pop3)
		return false;
	pop3->opts = s->opts;
	pop3->heard = str_in(s->arena);
	pop3->deaf = true; /* until it has spoken: what is said earlier gets a client banned */
	pop3->banner_lap = pop3->list_lap = LAP_NONE;
	pop3->wanted = arena_array(s->arena, pop3->opts->steps.n + 1, sizeof *pop3->wanted);
	s->protocol = pop3;
	return pop3->wanted != NULL;
}

bool
pop3_ok(struct session *s)
{
	return of(s)->reply.status == POP3_OK;
}

/* Nothing may have come that nobody asked for: it would be taken for the answer to what we say. */
static bool
nothing_unasked(struct session *s)
{
	if (s->leaving || !conn_pending(s))
		return true;
	return pop3_listen(s)
	    && fail_reply(s, CAUSE_PROTOCOL, of(s)->line, "a reply nobody asked for");
}

bool
pop3_say(struct session *s, slice line, slice shown)
{
	struct str sent = str_in(s->arena);

	if (!nothing_unasked(s))
		return false;
	transcript(s, 'C', shown.at ? shown : line);
	str_add(&sent, line);
	str_add(&sent, S("\r\n"));
	return conn_send(s, str_slice(&sent));
}

bool
pop3_listen(struct session *s)
{
	struct pop3 *pop3 = of(s);
	const char *why;
	slice line;

	if (!conn_line(s, &line))
		return false;
	transcript(s, 'S', s->exchange && slice_starts(line, S("+ ")) ? S("+ ****") : line);
	pop3->line = arena_copy(s->arena, line);
	pop3->deaf = false;
	if (!pop3_reply_parse(pop3->line, &pop3->reply, &why))
		return fail_reply(s, CAUSE_PROTOCOL, line, "%s", why);
	pop3->deaf = pop3->reply.status == POP3_CONTINUE; /* it waits for base64, or for "*" */
	return !arena_failed(s->arena);
}

bool
pop3_refused(struct session *s, enum cause plain)
{
	const struct pop3 *pop3 = of(s);
	const struct pop3_reply *reply = &pop3->reply;

	if (reply->status != POP3_ERR)
		return fail_reply(s, CAUSE_PROTOCOL, pop3->line, "out of place here");
	if (pop3_code_is(reply, S("IN-USE")) || pop3_code_is(reply, S("LOGIN-DELAY")))
		return fail_busy(s, pop3->line);
	if (pop3_code_is(reply, S("SYS/TEMP")))
		return fail_reply(s, CAUSE_TEMPFAIL, pop3->line, NULL);
	return fail_reply(s, reply->code.at ? CAUSE_REJECTED : plain, pop3->line, NULL);
}

bool
pop3_exchange(struct session *s, enum phase in, slice line)
{
	return phase(s, in) && pop3_say(s, line, (slice){ NULL, 0 }) && pop3_listen(s);
}

bool
pop3_command(struct session *s, enum phase in, slice line)
{
	return pop3_exchange(s, in, line) && (pop3_ok(s) || pop3_refused(s, CAUSE_REJECTED));
}

bool
pop3_next(struct session *s, slice *line)
{
	slice got;

	if (!conn_line(s, &got))
		return false;
	transcript(s, 'S', got);
	of(s)->midway = pop3_line(got, line);
	return of(s)->midway && !arena_failed(s->arena);
}

/* For --expect. Of what is endless, a beginning has to do. */
static void
hear(struct pop3 *pop3, slice line)
{
	if (pop3->heard.n > HEARD)
		return;
	str_add(&pop3->heard, line);
	str_addc(&pop3->heard, '\n');
}

bool
pop3_banner(struct session *s)
{
	struct pop3 *pop3 = of(s);

	if (!phase(s, PHASE_BANNER))
		return false;
	pop3->banner_lap = s->running;
	if (!pop3_listen(s))
		return false;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_REJECTED);
	pop3->greeting = pop3->line;
	pop3->heard_out = pop3->opts->tcp.send.n == 0;
	pop3->timestamp = pop3_timestamp(pop3->reply.text);
	hear(pop3, pop3->line);
	fact_text(s, FACT_BANNER, pop3->reply.text);
	achieved(s, "greeted");
	return true;
}

static bool
read_capabilities(struct session *s)
{
	struct pop3 *pop3 = of(s);
	size_t bytes = 0;
	slice line;

	pop3->midway = true;
	while (pop3_next(s, &line)) {
		line = slice_trim(line);
		bytes += line.n;
		if (pop3->capabilities.n >= POP3_CAPABILITIES || bytes > POP3_CAPABILITY_BYTES)
			return fail(s, CAUSE_PROTOCOL,
			    "a capability list of more than 1,000 lines or 1 MiB");
		list_add(s->arena, &pop3->capabilities, arena_copy(s->arena, line));
		fact_add(s, FACT_CAPABILITIES, line);
	}
	pop3->listed = !pop3->midway;
	return pop3->listed;
}

bool
pop3_capa(struct session *s)
{
	struct pop3 *pop3 = of(s);

	fact_clear(s, FACT_CAPABILITIES);
	pop3->capabilities = (struct list){ 0 };
	pop3->listed = false;
	if (!pop3_exchange(s, PHASE_CAPA, S("CAPA")))
		return false;
	pop3->list_lap = s->running;
	if (pop3->reply.status == POP3_CONTINUE)
		return pop3_refused(s, CAUSE_REJECTED);
	achieved(s, "service ready");
	if (!pop3_ok(s)) /* a server of RFC 1939 alone, which is in its right */
		return true;
	fact_list(s, FACT_CAPABILITIES);
	return read_capabilities(s);
}

bool
pop3_has(struct session *s, slice keyword, slice parameter)
{
	return capabilities_have(&of(s)->capabilities, pop3_keyword, keyword, parameter);
}

bool
pop3_ask_stls(struct session *s)
{
	if (!pop3_exchange(s, PHASE_STARTTLS, S("STLS")))
		return false;
	if (!pop3_ok(s))
		return true;
	of(s)->deaf = true;  /* to all but TLS */
	if (conn_pending(s)) /* RFC 2595 section 4: nothing from before TLS counts */
		return fail(s, CAUSE_STARTTLS_INJECTION, "plaintext behind the reply to STLS");
	return true;
}

/*
 * The timestamp of the greeting is all that is kept from before TLS: there is no second greeting,
 * the server works with its own, and what we make of it goes to nobody else.
 */
bool
pop3_upgrade(struct session *s)
{
	bool good;

	of(s)->list_lap = LAP_NONE;
	good = conn_tls(s);
	of(s)->deaf = !conn_encrypted(s);
	return good && pop3_capa(s);
}

bool
pop3_stls(struct session *s)
{
	if (!pop3_has(s, S("STLS"), S("")))
		return unmet(s, PHASE_STARTTLS, CAUSE_STARTTLS_MISSING, "STLS is not offered");
	if (!pop3_ask_stls(s))
		return false;
	if (!pop3_ok(s))
		return fail_reply(s, CAUSE_STARTTLS_REFUSED, of(s)->line, NULL);
	return true;
}

/* Commands whose +OK has lines behind it: RFC 1939, RFC 2449 section 5. */
static bool
several_lines(slice command)
{
	slice rest = slice_trim(command), word = slice_cut(&rest, ' ');

	if (slice_eqi(word, S("LIST")) || slice_eqi(word, S("UIDL")))
		return rest.n == 0;
	return slice_eqi(word, S("CAPA")) || slice_eqi(word, S("RETR"))
	    || slice_eqi(word, S("TOP"));
}

/* What may be seen of a line of --send: nothing of one that answers a challenge. */
static slice
shown(struct session *s, slice line, bool answer)
{
	if (!answer)
		return check_tcp_shown(s, line);
	login_secret(s, line);
	return S("****");
}

static bool
hear_answer(struct session *s, slice command)
{
	struct pop3 *pop3 = of(s);
	slice line;

	hear(pop3, pop3->line);
	if (!pop3_ok(s) || !several_lines(command))
		return true;
	pop3->midway = true;
	while (pop3_next(s, &line))
		hear(pop3, line);
	return !pop3->midway;
}

bool
pop3_commands(struct session *s)
{
	const struct list *lines = &of(s)->opts->tcp.send;
	bool challenged = false;

	for (size_t i = 0; i < lines->n; i++) {
		slice line = lines->items[i];

		if (!phase(s, PHASE_COMMAND) || !pop3_say(s, line, shown(s, line, challenged))
		    || !pop3_listen(s) || !hear_answer(s, line))
			return false;
		challenged = of(s)->reply.status == POP3_CONTINUE;
		of(s)->quit_sent |= slice_eqi(slice_trim(line), S("QUIT"));
	}
	if (lines->n > 0)
		achieved(s, "commands answered");
	of(s)->heard_out = true;
	return true;
}

/* "STLS", "SASL PLAIN" and "SASL=PLAIN" can be asked for. */
static bool
advertised(struct session *s, slice wanted)
{
	slice parameter = wanted, keyword = slice_cut(&parameter, '=');

	if (!parameter.at)
		keyword = pop3_keyword(wanted, &parameter);
	return pop3_has(s, slice_trim(keyword), slice_trim(parameter));
}

void
pop3_compare(struct session *s)
{
	const struct pop3 *pop3 = of(s);

	check_tcp_expect(s, &pop3->opts->tcp, str_slice(&pop3->heard),
	    pop3->heard_out ? pop3->banner_lap : LAP_NONE, pop3->greeting);
	capabilities_compare(s, pop3->list_lap, advertised);
}

/*
 * Takes back what DELE has marked. True where QUIT may follow: there is nothing to take back, or
 * the server says that it was.
 */
static bool
harmless(struct session *s)
{
	struct pop3 *pop3 = of(s);

	if (!pop3->marking)
		return true;
	return !pop3->midway && pop3_say(s, S("RSET"), (slice){ NULL, 0 }) && pop3_listen(s)
	    && pop3_ok(s);
}

void
pop3_bye(struct session *s)
{
	struct pop3 *pop3 = of(s);
	const struct list *quit = &pop3->opts->tcp.quit;
	bool ungreeted = pop3->banner_lap == LAP_NONE;

	if (s->result->finding_count == 0 && !ungreeted && !pop3->quit_sent)
		nothing_unasked(s);
	conn_leave(s);
	if (pop3->quit_sent || (s->common->tls == TLS_IMPLICIT && !conn_encrypted(s)))
		return;
	if (ungreeted && (!farewell(s, PHASE_QUIT) || !pop3_listen(s)))
		return; /* hears the greeting out first */
	if (pop3->deaf || !conn_usable(s) || (!ungreeted && !farewell(s, PHASE_QUIT)))
		return;
	if (!harmless(s))
		return;
	for (size_t i = 0; i < quit->n; i++)
		if (!pop3_say(s, quit->items[i], (slice){ NULL, 0 }) || !pop3_listen(s))
			return;
	if (quit->n == 0 && pop3_say(s, S("QUIT"), (slice){ NULL, 0 }))
		pop3_listen(s);
}
