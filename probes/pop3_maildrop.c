/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is done with a maildrop once it is open: STAT, LIST, UIDL, RETR, DELE, in the order asked
 * for, and QUIT where it deletes. The maildrop is locked and does not change in a session (RFC 1939
 * section 4), so all that counts it has to agree.
 *
 * Listings are added up as they come and not kept: of a million messages as of one, only the sizes
 * that --retr will need.
 */
#include "pop3.h"

static struct pop3 *
of(struct session *s)
{
	return s->protocol;
}

/* What `command` has counted: a fact, and to be the same as before. */
static bool
count(struct session *s, const char *command, uint64_t messages)
{
	struct pop3 *pop3 = of(s);

	if (pop3->counted && pop3->messages != messages)
		return fail(s, CAUSE_PROTOCOL, "%s has %llu messages, there were %llu", command,
		    (unsigned long long)messages, (unsigned long long)pop3->messages);
	pop3->counted = true;
	pop3->messages = messages;
	fact_number(s, FACT_MESSAGES, (double)messages);
	achieved(s,
	    str_f(
	        s->arena, "%llu message%s", (unsigned long long)messages, messages == 1 ? "" : "s")
	        .at);
	return true;
}

static bool
measure(struct session *s, const char *command, uint64_t octets)
{
	struct pop3 *pop3 = of(s);

	if (pop3->measured && pop3->octets != octets)
		return fail(s, CAUSE_PROTOCOL, "%s adds up to %llu octets, there were %llu",
		    command, (unsigned long long)octets, (unsigned long long)pop3->octets);
	pop3->measured = true;
	pop3->octets = octets;
	fact_number(s, FACT_SIZE_BYTES, (double)octets);
	return true;
}

static bool
stat_drop(struct session *s)
{
	uint64_t messages, octets;

	if (!pop3_command(s, PHASE_STAT, S("STAT")))
		return false;
	if (!pop3_pair(of(s)->reply.text, &messages, &octets))
		return fail_reply(
		    s, CAUSE_PROTOCOL, of(s)->line, "no number of messages and size in it");
	return count(s, "STAT", messages) && measure(s, "STAT", octets);
}

/* Keeps what --retr will need of one line of LIST. */
static void
remember(struct pop3 *pop3, uint64_t number, uint64_t size)
{
	struct pop3_message message = { .number = number, .size = size, .sized = true };

	for (size_t i = 0; i < pop3->opts->steps.n; i++)
		if (pop3->wanted[i].number == number)
			pop3->wanted[i] = message;
	if (number >= pop3->last.number)
		pop3->last = message;
}

/* The numbers of a listing, which are 1 to as many as there are, without those that are marked. */
struct numbers {
	uint64_t n, last, highest;
};

/* The next of them. That one comes behind a higher one is no harm; that it comes twice is. */
static bool
next_number(struct session *s, struct numbers *numbers, uint64_t number, slice line)
{
	if (++numbers->n > POP3_ENTRIES)
		return fail(s, CAUSE_PROTOCOL, "a listing of more than 1,000,000 messages");
	if (number == numbers->last)
		return fail_reply(s, CAUSE_PROTOCOL, line, "the same message twice");
	numbers->last = number;
	numbers->highest = number > numbers->highest ? number : numbers->highest;
	return true;
}

static bool
count_numbers(struct session *s, const char *command, const struct numbers *numbers)
{
	if (numbers->highest > numbers->n + of(s)->marked.n)
		return fail(s, CAUSE_PROTOCOL, "%s has a message %llu among %llu", command,
		    (unsigned long long)numbers->highest, (unsigned long long)numbers->n);
	return count(s, command, numbers->n);
}

static bool
list_drop(struct session *s)
{
	struct pop3 *pop3 = of(s);
	struct numbers numbers = { 0 };
	uint64_t octets = 0, largest = 0, number, size;
	slice line;

	if (!pop3_command(s, PHASE_LIST, S("LIST")))
		return false;
	pop3->midway = true;
	while (pop3_next(s, &line)) {
		if (!pop3_pair(line, &number, &size) || number == 0)
			return fail_reply(s, CAUSE_PROTOCOL, line, "no number and size in it");
		if (!next_number(s, &numbers, number, line))
			return false;
		octets += size;
		if (octets > POP3_SIZE_MAX)
			return fail(s, CAUSE_PROTOCOL, "a listing of more than 8 PiB");
		largest = size > largest ? size : largest;
		remember(pop3, number, size);
	}
	if (pop3->midway || !count_numbers(s, "LIST", &numbers) || !measure(s, "LIST", octets))
		return false;
	fact_number(s, FACT_LARGEST_BYTES, (double)largest);
	return true;
}

static bool
uidl_drop(struct session *s)
{
	struct pop3 *pop3 = of(s);
	struct numbers numbers = { 0 };
	uint64_t number;
	slice line, id;

	if (!pop3_command(s, PHASE_UIDL, S("UIDL")))
		return false;
	pop3->midway = true;
	while (pop3_next(s, &line)) {
		if (!pop3_unique_id(line, &number, &id))
			return fail_reply(
			    s, CAUSE_PROTOCOL, line, "no number and unique identifier in it");
		if (!next_number(s, &numbers, number, line))
			return false;
	}
	return !pop3->midway && count_numbers(s, "UIDL", &numbers);
}

static bool
is_marked(struct pop3 *pop3, uint64_t number)
{
	for (size_t i = 0; i < pop3->marked.n; i++) {
		uint64_t marked;

		if (slice_number(pop3->marked.items[i], POP3_MESSAGE_MAX, &marked)
		    && marked == number)
			return true;
	}
	return false;
}

/*
 * The number that --retr=last means: DELE leaves the numbers of the others as they are, and STAT
 * counts without what it has marked.
 */
static bool
last_number(struct session *s, struct pop3_message *message)
{
	struct pop3 *pop3 = of(s);
	uint64_t number;

	if (!pop3->counted && !stat_drop(s))
		return false;
	number = pop3->messages + pop3->marked.n;
	while (number > 0 && is_marked(pop3, number))
		number--;
	if (number == 0)
		return unmet(s, PHASE_RETR, CAUSE_MESSAGE_MISSING, "the maildrop is empty");
	if (number == pop3->last.number)
		*message = pop3->last;
	message->number = number;
	return true;
}

/* LIST N. A refusal is left for RETR to explain. */
static bool
list_one(struct session *s, struct pop3_message *message)
{
	struct pop3 *pop3 = of(s);
	uint64_t number, size;

	if (!pop3_exchange(
	        s, PHASE_LIST, str_f(s->arena, "LIST %llu", (unsigned long long)message->number)))
		return false;
	if (pop3->reply.status == POP3_ERR)
		return true;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_REJECTED);
	if (!pop3_pair(pop3->reply.text, &number, &size) || number != message->number)
		return fail_reply(s, CAUSE_PROTOCOL, pop3->line, "no size of message %llu in it",
		    (unsigned long long)message->number);
	message->size = size;
	message->sized = true;
	return true;
}

/* The message behind the reply to RETR, whatever is in it. */
static bool
hear_message(struct session *s, struct pop3_content *content)
{
	bool done = false;
	slice piece;

	of(s)->midway = true;
	while (!done) {
		size_t n;

		if (!conn_take(s, UINT64_MAX, &piece))
			return false;
		n = pop3_content_feed(content, piece, &done);
		conn_put_back(s, piece.n - n);
	}
	of(s)->midway = false;
	transcript(s, 'S',
	    str_f(s->arena, "(a message of %llu octets)", (unsigned long long)content->octets));
	return true;
}

static bool
retrieve(struct session *s, struct pop3_message *message, bool last)
{
	struct pop3_content content = { 0 };

	if ((last && !last_number(s, message)) || (!message->sized && !list_one(s, message)))
		return false;
	if (!pop3_exchange(
	        s, PHASE_RETR, str_f(s->arena, "RETR %llu", (unsigned long long)message->number)))
		return false;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_MESSAGE_MISSING);
	if (!hear_message(s, &content))
		return false;
	fact_number(s, FACT_MESSAGE_SIZE, (double)content.octets);
	if (message->sized && !pop3_content_fits(&content, message->size))
		return fail(s, CAUSE_PROTOCOL, "LIST has %llu octets for it, %llu came",
		    (unsigned long long)message->size, (unsigned long long)content.octets);
	achieved(s, "message retrieved");
	return true;
}

/* From now on the server counts without it (RFC 1939 section 5, STAT). */
static bool
mark(struct session *s, slice number)
{
	struct pop3 *pop3 = of(s);

	if (!phase(s, PHASE_DELE))
		return false;
	pop3->marking = true;
	if (!pop3_say(s, str_f(s->arena, "DELE %s", number.at), (slice){ NULL, 0 })
	    || !pop3_listen(s))
		return false;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_MESSAGE_MISSING);
	list_add(s->arena, &pop3->marked, number);
	pop3->messages -= pop3->counted && pop3->messages > 0;
	pop3->measured = false;
	achieved(s, "message marked for deletion");
	return true;
}

static bool
perform(struct session *s, size_t i)
{
	const struct step *step = &of(s)->opts->steps.items[i];
	slice option = slice_z(step->option);

	if (slice_eq(option, S("stat")))
		return stat_drop(s);
	if (slice_eq(option, S("list")))
		return list_drop(s);
	if (slice_eq(option, S("uidl")))
		return uidl_drop(s);
	if (slice_eq(option, S("retr")))
		return retrieve(s, &of(s)->wanted[i], slice_eq(step->value, S("last")));
	return mark(s, step->value);
}

bool
pop3_steps(struct session *s)
{
	struct pop3 *pop3 = of(s);
	const struct steps *steps = &pop3->opts->steps;

	for (size_t i = 0; i < steps->n; i++)
		slice_number(steps->items[i].value, POP3_MESSAGE_MAX, &pop3->wanted[i].number);
	for (size_t i = 0; i < steps->n; i++)
		if (!perform(s, i))
			return false;
	return steps->n > 0 || !probe_opts_login(s->common) || stat_drop(s);
}

/* Whether anything was found that is not OK, though it may not have stopped the transaction. */
static bool
all_well(const struct session *s)
{
	for (size_t i = 0; i < s->result->finding_count; i++)
		if (s->result->findings[i].state != STATE_OK)
			return false;
	return true;
}

bool
pop3_commit(struct session *s)
{
	struct pop3 *pop3 = of(s);

	if (pop3->marked.n == 0 || !all_well(s))
		return true;
	if (!farewell(s, PHASE_QUIT))
		return false;
	if (!pop3_say(s, S("QUIT"), (slice){ NULL, 0 }))
		return false;
	pop3->quit_sent = true;
	if (!pop3_listen(s))
		return false;
	if (!pop3_ok(s))
		return pop3_refused(s, CAUSE_REJECTED);
	pop3->marking = false;
	fact_list(s, FACT_DELETED);
	for (size_t i = 0; i < pop3->marked.n; i++)
		fact_add(s, FACT_DELETED, pop3->marked.items[i]);
	achieved(s, pop3->marked.n == 1 ? "message deleted" : "messages deleted");
	return true;
}
