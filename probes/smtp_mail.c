/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mail transactions: MAIL, RCPT, DATA and the content, or RSET where nothing shall be delivered.
 * One by one, or in the groups that RFC 2920 allows: everything up to DATA or RSET, then the
 * content with QUIT behind it. Replies are read in order either way, each in its own phase; within
 * a group a phase lasts from the reply before to its own.
 *
 * Two rules keep a group from doing harm: a server that takes DATA without a recipient gets a lone
 * dot (RFC 2920 section 3.1), and once it waits for content no command is ever said to it.
 */
#include <sys/random.h>

#include "message.h"
#include "smtp.h"

static struct smtp *
of(struct session *s)
{
	return s->protocol;
}

/* Whether the sender or any of the recipients is not ASCII: SMTPUTF8 is due (RFC 6531). */
static bool
utf8_any(const struct smtp_opts *opts, const struct list *rcpt)
{
	if (!message_ascii(slice_z(opts->sender)))
		return true;
	for (size_t i = 0; i < rcpt->n; i++)
		if (!message_ascii(rcpt->items[i]))
			return true;
	return false;
}

static slice
mail_line(struct session *s, size_t size, bool eight_bit, bool utf8)
{
	struct str line = str_in(s->arena);

	str_addf(&line, "MAIL FROM:<%s>", of(s)->opts->sender);
	if (size > 0 && smtp_has(s, S("SIZE"), S("")))
		str_addf(&line, " SIZE=%zu", size);
	if (eight_bit)
		str_addz(&line, " BODY=8BITMIME");
	if (utf8)
		str_addz(&line, " SMTPUTF8");
	return str_slice(&line);
}

static slice
rcpt_line(struct session *s, slice address)
{
	return str_f(s->arena, "RCPT TO:<%.*s>", (int)address.n, address.at);
}

/* MAIL. `size` 0 unless a message of that size follows. */
static bool
mail(struct session *s, size_t size, bool eight_bit, bool utf8)
{
	if (utf8 && !smtp_has(s, S("SMTPUTF8"), S("")))
		return unmet(s, PHASE_MAIL, CAUSE_CAPABILITY_MISSING,
		    "SMTPUTF8 is not offered, and an address or header is not ASCII");
	if (!smtp_command(s, PHASE_MAIL, mail_line(s, size, eight_bit, utf8)))
		return false;
	of(s)->transaction = true;
	achieved(s, "sender accepted");
	return true;
}

bool
smtp_mail(struct session *s, bool utf8)
{
	return mail(s, 0, false, utf8);
}

/* What the last reply says to one RCPT: counted, or a finding. */
static void
rcpt_reply(struct session *s, slice address)
{
	struct smtp *smtp = of(s);

	if (smtp_done(s))
		list_add(s->arena, &smtp->accepted, address);
	fact_number(s, FACT_RECIPIENTS, (double)smtp->accepted.n);
	if (!smtp_done(s)) {
		smtp_refused(s);
		return;
	}
	achieved(s, smtp->accepted.n > 1 ? "recipients accepted" : "recipient accepted");
}

/* RCPT for each of --rcpt. A refusal does not stop the others; true when one was accepted. */
static bool
recipients(struct session *s)
{
	struct smtp *smtp = of(s);
	const struct list *rcpt = &smtp->opts->rcpt;

	for (size_t i = 0; i < rcpt->n; i++) {
		if (!smtp_exchange(s, PHASE_RCPT, rcpt_line(s, rcpt->items[i])))
			return false;
		rcpt_reply(s, rcpt->items[i]);
		if (smtp->reply.code == 421) /* the server is leaving */
			return false;
	}
	return smtp->accepted.n > 0;
}

/* A 4yz leaves it undecided whether the server would relay, and says so. */
static void
must_be_refused(struct session *s, slice address)
{
	slice reply = str_slice(&of(s)->reply.whole);

	if (smtp_is(s, 2))
		note_reply(
		    s, CAUSE_OPEN_RELAY, reply, "%.*s was accepted", (int)address.n, address.at);
	else if (!smtp_is(s, 5))
		smtp_refused(s);
}

bool
smtp_denied(struct session *s)
{
	const struct list *deny = &of(s)->opts->deny_rcpt;

	if (!smtp_mail(s, utf8_any(of(s)->opts, deny)))
		return false;
	for (size_t i = 0; i < deny->n; i++) {
		if (!smtp_exchange(s, PHASE_RCPT, rcpt_line(s, deny->items[i])))
			return false;
		must_be_refused(s, deny->items[i]);
		if (of(s)->reply.code == 421)
			return false;
	}
	achieved(s, "relaying refused");
	return smtp_rset(s);
}

bool
smtp_rset(struct session *s)
{
	struct smtp *smtp = of(s);

	if (!smtp->transaction)
		return true;
	smtp->transaction = false;
	return smtp_command(s, PHASE_RSET, S("RSET"));
}

/* Message-ID's left side: random, so that two runs in one second differ. */
static slice
unique(struct session *s)
{
	unsigned char random[9];
	struct str id = str_in(s->arena);

	if (getrandom(random, sizeof random, GRND_NONBLOCK) != sizeof random)
		return (slice){ NULL, 0 };
	str_addz(&id, "mailprobe.");
	for (size_t i = 0; i < sizeof random; i++)
		str_addf(&id, "%02x", random[i]);
	return str_slice(&id);
}

bool
smtp_make_message(struct session *s, bool eight_bit)
{
	struct smtp *smtp = of(s);
	const struct smtp_opts *opts = smtp->opts;
	struct str error = str_in(s->arena), content = str_in(s->arena);
	struct message_opts what = {
		.from = slice_z(opts->sender),
		.rcpt = &opts->rcpt,
		.host = smtp->name.at ? smtp->name : S("localhost"),
		.subject = slice_z(opts->subject),
		.headers = &opts->headers,
		.body = opts->body,
		.now = s->result->wall,
		.id = unique(s),
		.eight_bit = eight_bit,
	};

	if (!what.id.at)
		return fail(s, CAUSE_LOCAL, "no random numbers for a Message-ID");
	if (!message_make(s->arena, &what, &smtp->message, &error))
		return fail(s, CAUSE_USAGE, "%s", str_z(&error));
	message_stuff(&content, smtp->message.text);
	smtp->content = str_slice(&content);
	smtp->message.utf8 |= utf8_any(opts, &opts->rcpt);
	return !arena_failed(s->arena);
}

/*
 * One reply after the dot; LMTP has one for each recipient that was accepted (RFC 2033 section
 * 4.2).
 */
static bool
accepted(struct session *s, slice recipient)
{
	struct smtp *smtp = of(s);
	slice last;

	if (!smtp_done(s)) {
		if (recipient.n == 0)
			return smtp_refused(s);
		return fail_reply(s,
		    smtp_is(s, 4)       ? CAUSE_TEMPFAIL
		        : smtp_is(s, 5) ? CAUSE_REJECTED
		                        : CAUSE_PROTOCOL,
		    str_slice(&smtp->reply.whole), "for %.*s", (int)recipient.n, recipient.at);
	}
	last = smtp_queue_id(smtp->reply.lines.items[smtp->reply.lines.n - 1]);
	if (last.n > 0)
		fact_text(s, FACT_QUEUE_ID, last);
	return true;
}

static bool
hear_acceptance(struct session *s)
{
	struct smtp *smtp = of(s);
	size_t replies = smtp->opts->lmtp ? smtp->accepted.n : 1;
	bool all = true;

	for (size_t i = 0; i < replies; i++) {
		if (!smtp_listen(s))
			return false;
		all &= accepted(s, smtp->opts->lmtp ? smtp->accepted.items[i] : (slice){ NULL, 0 });
	}
	if (all)
		achieved(s, "message accepted");
	return all;
}

/* The content and its dot, `behind` being what may follow in the same group. */
static bool
content(struct session *s, const struct message *message, slice behind)
{
	if (!phase(s, PHASE_SEND))
		return false;
	transcript(s, 'C', str_f(s->arena, "(a message of %zu bytes)", message->text.n));
	if (behind.n > 0)
		transcript(s, 'C', slice_head(behind, behind.n - 2));
	of(s)->transaction = false;
	if (!smtp_unasked(s) || (of(s)->sending && !of(s)->sending(s, of(s)->sending_data))) {
		of(s)->deaf = true; /* to all but the content, which it has given its answer to */
		return false;
	}
	return conn_send(s, of(s)->content) && conn_send(s, behind) && hear_acceptance(s);
}

static bool
one_by_one(struct session *s, const struct message *message)
{
	struct smtp *smtp = of(s);

	if (!mail(s, message->text.n, message->eight_bit, message->utf8) || !recipients(s))
		return false;
	if (!phase(s, PHASE_DATA) || !smtp_say(s, S("DATA"), (slice){ NULL, 0 }) || !smtp_listen(s))
		return false;
	if (smtp->reply.code != 354)
		return smtp_refused(s);
	return content(s, message, S(""));
}

/* Says MAIL, each RCPT and `last` in one go. */
static bool
say_group(struct session *s, slice first, slice last)
{
	const struct list *rcpt = &of(s)->opts->rcpt;
	struct str group = str_in(s->arena);

	transcript(s, 'C', first);
	str_add(&group, first);
	for (size_t i = 0; i < rcpt->n; i++) {
		slice line = rcpt_line(s, rcpt->items[i]);

		transcript(s, 'C', line);
		str_addf(&group, "\r\n%s", line.at);
	}
	str_addf(&group, "\r\n%s", last.at);
	return smtp_say(s, str_slice(&group), last);
}

/*
 * The replies to MAIL and to each RCPT. What follows a refused MAIL is refused too, and no news.
 * False also when the server is leaving: behind 421 no reply comes.
 */
static bool
hear_envelope(struct session *s)
{
	struct smtp *smtp = of(s);
	const struct list *rcpt = &smtp->opts->rcpt;

	if (!smtp_listen(s))
		return false;
	smtp->transaction = smtp_done(s) || smtp_refused(s);
	for (size_t i = 0; i < rcpt->n && !smtp->deaf; i++) {
		if (!phase(s, PHASE_RCPT) || !smtp_listen(s))
			return false;
		if (smtp->transaction)
			rcpt_reply(s, rcpt->items[i]);
	}
	return !smtp->deaf;
}

/* DATA was taken though nobody is there to receive: a lone dot, whose refusal is what must come. */
static bool
lone_dot(struct session *s)
{
	of(s)->transaction = false;
	if (phase(s, PHASE_SEND) && smtp_say(s, S("."), (slice){ NULL, 0 }))
		smtp_listen(s);
	return false;
}

static bool
in_groups(struct session *s, const struct message *message)
{
	struct smtp *smtp = of(s);
	slice line = mail_line(s, message->text.n, message->eight_bit, message->utf8);

	if (!phase(s, PHASE_MAIL) || !say_group(s, line, S("DATA")) || !hear_envelope(s))
		return false;
	if (!phase(s, PHASE_DATA) || !smtp_listen(s))
		return false;
	if (smtp->accepted.n == 0)
		return smtp->reply.code == 354 && lone_dot(s);
	if (smtp->reply.code != 354)
		return smtp_refused(s);
	smtp->quit_sent = true;
	return content(s, message, S("QUIT\r\n"));
}

/*
 * Whether to speak in groups. --until stops between commands, which a group has none of; and what
 * needs an extension that is not offered is left to the verb that says so.
 */
static bool
grouped(struct session *s, bool utf8)
{
	return of(s)->opts->pipelining && !s->common->until && smtp_has(s, S("PIPELINING"), S(""))
	    && (!utf8 || smtp_has(s, S("SMTPUTF8"), S("")));
}

bool
smtp_message(struct session *s)
{
	struct smtp *smtp = of(s);

	if (smtp->message.eight_bit && !smtp_has(s, S("8BITMIME"), S(""))
	    && !smtp_make_message(s, false))
		return false;
	fact_text(s, FACT_MESSAGE_ID, smtp->message.id);
	fact_number(s, FACT_MESSAGE_SIZE, (double)smtp->message.text.n);
	return grouped(s, smtp->message.utf8) ? in_groups(s, &smtp->message)
	                                      : one_by_one(s, &smtp->message);
}

bool
smtp_envelope(struct session *s)
{
	struct smtp *smtp = of(s);
	bool utf8 = utf8_any(smtp->opts, &smtp->opts->rcpt);

	if (!grouped(s, utf8))
		return smtp_mail(s, utf8) && recipients(s) && smtp_rset(s);
	if (!phase(s, PHASE_MAIL) || !say_group(s, mail_line(s, 0, false, utf8), S("RSET"))
	    || !hear_envelope(s) || !phase(s, PHASE_RSET) || !smtp_listen(s))
		return false;
	smtp->transaction = false;
	return smtp_done(s) || smtp_refused(s);
}
