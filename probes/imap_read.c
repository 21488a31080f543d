/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Responses in, RFC 9051 section 2.2.2. A response is read as the parser asks for
 * it: line, literal, line. Of what is long nothing is held: BODY[] is counted and compared as it
 * streams past, and a SEARCH response, which servers give as one line however much was found, is
 * counted in parts.
 */
#include "imap.h"

static const slice MISSING = { NULL, 0 };

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

/* The pieces of the response that are held, which may have moved. */
static void
place_pieces(struct imap *imap)
{
	for (size_t i = 0; i < imap->text.n; i++) {
		struct imap_piece *piece = &imap->text.pieces[i];

		piece->line = (slice){ imap->held.at + imap->marks[i].line, imap->marks[i].line_n };
		piece->literal = MISSING;
		if (imap->marks[i].literal_n > 0)
			piece->literal = (slice){ imap->held.at + imap->marks[i].literal,
				imap->marks[i].literal_n };
		else if (piece->octets == 0)
			piece->literal = S("");
	}
}

slice
imap_decoded(struct imap *imap, const struct imap_string *string)
{
	str_cut(&imap->decoded, 0);
	for (size_t i = 0; i < string->raw.n; i++) {
		if (string->form == IMAP_QUOTED && string->raw.at[i] == '\\')
			i++;
		str_addc(&imap->decoded, string->raw.at[i]);
	}
	return str_slice(&imap->decoded);
}

void
imap_body(struct imap *imap, slice octets)
{
	if (imap->kept && imap->kept->n + octets.n <= IMAP_TEXT_MAX)
		str_add(imap->kept, octets);
	if (!imap->expected.at)
		return;
	imap->altered |= octets.n > imap->expected.n
	    || memcmp(octets.at, imap->expected.at, octets.n) != 0;
	imap->expected = slice_skip(imap->expected, octets.n);
}

/* Takes the literal behind the line that was read last, which is then a piece like the others. */
static bool
literal(struct session *s, slice line, const struct imap_need *need)
{
	struct imap *imap = of(s);
	size_t i = imap->text.n++;
	uint64_t left = need->octets;
	slice octets;

	imap->marks[i].line = imap->held.n;
	imap->marks[i].line_n = line.n;
	str_add(&imap->held, line);
	imap->marks[i].literal = imap->held.n;
	for (; left > 0; left -= octets.n) {
		if (!conn_take(s, left, &octets))
			return false;
		if (need->use == IMAP_HOLD)
			str_add(&imap->held, octets);
		else if (need->use == IMAP_BODY)
			imap_body(imap, octets);
	}
	imap->marks[i].literal_n = imap->held.n - imap->marks[i].literal;
	imap->text.pieces[i].octets = need->octets;
	if (s->common->transcript)
		transcript(s, '*',
		    str_f(
		        s->arena, "(a literal of %llu octets)", (unsigned long long)need->octets));
	return imap->held.n <= IMAP_TEXT_MAX
	    || fail(s, CAUSE_PROTOCOL, "a response of more than %d bytes", IMAP_TEXT_MAX);
}

/* The rest of a SEARCH response too long for a line, of which the first `numbers` have come. */
static bool
long_search(struct session *s, slice numbers)
{
	struct imap *imap = of(s);
	struct imap_tally tally = { 0 };
	bool whole = false;

	while (imap_tally_feed(&tally, numbers)) {
		if (whole && imap_tally_end(&tally)) {
			imap->response = (struct imap_response){ .kind = IMAP_SEARCH,
				.number = tally.count };
			return true;
		}
		if (whole)
			break;
		if (tally.count > IMAP_ENTRIES_MAX)
			return fail(s, CAUSE_PROTOCOL, "a listing of more than %d entries",
			    IMAP_ENTRIES_MAX);
		if (!conn_part(s, &numbers, &whole))
			return false;
	}
	return fail(s, CAUSE_PROTOCOL, "SEARCH found what is no number");
}

static bool
long_line(struct session *s, slice part)
{
	slice numbers;

	if (of(s)->text.n == 0 && imap_search_begins(part, &numbers))
		return long_search(s, numbers);
	return fail(s, CAUSE_PROTOCOL, "a line of more than %d bytes", CONN_LINE_MAX);
}

static void
keep_heard(struct session *s, slice line)
{
	struct imap *imap = of(s);

	if (s->exchange && slice_starts(line, S("+")))
		transcript(s, 'S', S("+ ****"));
	else
		transcript(s, 'S', line);
	if (!imap->hearing || imap->heard.n > IMAP_TEXT_MAX)
		return;
	str_add(&imap->heard, line);
	str_addc(&imap->heard, '\n');
}

static void
keep_reply(struct imap *imap)
{
	enum imap_kind kind = imap->response.kind;

	if (imap->text.n == 0
	    || (kind != IMAP_CONTINUATION && kind != IMAP_COMPLETION && kind != IMAP_CONDITION))
		return;
	str_cut(&imap->reply, 0);
	str_add(&imap->reply, imap->text.pieces[0].line);
}

bool
imap_receive(struct session *s)
{
	struct imap *imap = of(s);
	struct imap_need need;
	bool whole;
	slice line;

	imap->text.n = 0;
	str_cut(&imap->held, 0);
	for (;;) {
		struct imap_piece *last;

		if (!conn_part(s, &line, &whole))
			return false;
		keep_heard(s, line);
		if (!whole)
			return long_line(s, line);
		place_pieces(imap);
		last = &imap->text.pieces[imap->text.n++];
		*last = (struct imap_piece){ .line = line };
		switch (imap_parse(&imap->text, &imap->response, &need)) {
		case IMAP_DONE:
			keep_reply(imap);
			return !arena_failed(s->arena);
		case IMAP_BROKEN:
			return fail_reply(
			    s, CAUSE_PROTOCOL, imap->text.pieces[0].line, "%s", need.why);
		case IMAP_MORE:
			imap->text.n--;
			if (!literal(s, line, &need))
				return false;
		}
	}
}

/* "a b c" as the list of capabilities. The memory of the list before is used again. */
static void
capabilities(struct session *s, slice words)
{
	struct imap *imap = of(s);
	slice rest, word;

	str_cut(&imap->capability_text, 0);
	str_add(&imap->capability_text, words);
	imap->capabilities.n = 0;
	rest = str_slice(&imap->capability_text);
	while ((word = imap_word(&rest)).n > 0)
		list_add(s->arena, &imap->capabilities, word);
	imap->listed = true;
	imap->list_lap = s->running;
}

void
imap_heed(struct session *s)
{
	const struct imap_response *response = &of(s)->response;

	if (slice_eqi(response->code, S("CAPABILITY")))
		capabilities(s, response->code_arguments);
	else if (slice_eqi(response->code, S("ALERT")))
		fact_add(s, FACT_ALERTS, response->text);
	else if (slice_eqi(response->code, S("CLOSED"))) /* what came was the last mailbox's */
		of(s)->mailbox = (struct imap_mailbox){ 0 };
}

void
imap_farewell(struct session *s)
{
	of(s)->deaf = true;
	fact_text(s, FACT_BYE, of(s)->response.text);
}

static bool
condition(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	imap_heed(s);
	if (response->condition == IMAP_PREAUTH)
		return fail_reply(
		    s, CAUSE_PROTOCOL, str_slice(&imap->reply), "PREAUTH is a greeting");
	if (response->condition != IMAP_BYE || imap->parting)
		return true;
	imap_farewell(s);
	return fail_reply(s, CAUSE_CLOSED, str_slice(&imap->reply), NULL);
}

static void
mailbox_data(struct imap_mailbox *mailbox, const struct imap_response *response)
{
	if (response->kind == IMAP_EXISTS) {
		mailbox->arrivals += mailbox->counted && response->number > mailbox->exists;
		mailbox->exists = response->number;
		mailbox->counted = true;
	} else if (response->kind == IMAP_EXPUNGE) {
		mailbox->exists -= mailbox->exists > 0;
		mailbox->expunged++;
	}
}

/* Whoever sends without end what nobody asked for must not be listened to without end. */
static bool
untagged(struct session *s)
{
	struct imap *imap = of(s);
	const struct imap_response *response = &imap->response;
	bool taken = imap->takes && imap->takes(s, response);

	mailbox_data(&imap->mailbox, response);
	if (response->kind == IMAP_CAPABILITY)
		capabilities(s, response->text);
	imap->entries += !taken ? 0 : response->kind == IMAP_SEARCH ? response->number : 1;
	imap->unasked += !taken;
	if (imap->entries > IMAP_ENTRIES_MAX || imap->unasked > IMAP_UNASKED_MAX)
		return fail(s, CAUSE_PROTOCOL,
		    taken ? "a listing of more than %d entries"
		          : "more than %d responses that nobody asked for",
		    taken ? IMAP_ENTRIES_MAX : IMAP_UNASKED_MAX);
	return response->kind != IMAP_CONDITION || condition(s, response);
}

bool
imap_await(struct session *s)
{
	struct imap *imap = of(s);

	for (;;) {
		const struct imap_response *response = &imap->response;

		if (!imap_receive(s))
			return false;
		if (response->kind == IMAP_CONTINUATION) {
			imap->deaf = true; /* to commands: it waits for something else */
			return true;
		}
		if (response->kind != IMAP_COMPLETION) {
			if (!untagged(s))
				return false;
			continue;
		}
		if (!slice_eq(response->tag, imap->tag) && s->leaving)
			continue; /* of what we did not wait for to the end */
		if (!slice_eq(response->tag, imap->tag))
			return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
			    "the completion of a command that was not given");
		imap->tag = MISSING;
		imap->takes = NULL;
		imap_heed(s);
		return true;
	}
}

bool
imap_complete(struct session *s)
{
	return imap_await(s)
	    && (!imap_goes_on(s)
	        || fail_reply(s, CAUSE_PROTOCOL, str_slice(&of(s)->reply),
	            "a continuation that nobody asked for"));
}

bool
imap_is_ok(struct session *s)
{
	const struct imap_response *response = &of(s)->response;

	return response->kind == IMAP_COMPLETION && response->condition == IMAP_OK;
}

bool
imap_goes_on(struct session *s)
{
	return of(s)->response.kind == IMAP_CONTINUATION;
}

bool
imap_code(struct session *s, slice name)
{
	return slice_eqi(of(s)->response.code, name);
}

bool
imap_refused(struct session *s, enum cause missing)
{
	const struct imap_response *response = &of(s)->response;
	slice reply = str_slice(&of(s)->reply);

	if (response->condition == IMAP_OK || response->kind == IMAP_CONTINUATION)
		return fail_reply(s, CAUSE_PROTOCOL, reply, "out of place here");
	if (response->condition == IMAP_BAD)
		return fail_reply(s, CAUSE_REJECTED, reply, NULL);
	if (imap_code(s, S("INUSE")))
		return fail_busy(s, reply);
	if (imap_code(s, S("UNAVAILABLE")) || imap_code(s, S("LIMIT")))
		return fail_reply(s, CAUSE_TEMPFAIL, reply, NULL);
	if (!response->code.at || imap_code(s, S("ALERT")) || imap_code(s, S("NONEXISTENT")))
		return fail_reply(s, missing, reply, NULL);
	return fail_reply(s, CAUSE_REJECTED, reply, NULL);
}

/*
 * What has come unasked is taken note of before we speak; but a completion among it, or a
 * continuation, would pass for the answer to what we say now.
 */
bool
imap_unasked(struct session *s)
{
	struct imap *imap = of(s);

	imap->unasked = imap->entries = 0;
	while (!s->leaving && conn_pending(s)) {
		if (!imap_receive(s))
			return false;
		if (imap->response.kind == IMAP_COMPLETION
		    || imap->response.kind == IMAP_CONTINUATION)
			return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
			    "an answer to what was not said yet");
		if (!untagged(s))
			return false;
	}
	return true;
}

bool
imap_hear(struct session *s)
{
	struct imap *imap = of(s);

	imap->unasked = imap->entries = 0;
	if (!imap_receive(s))
		return false;
	if (imap->response.kind == IMAP_COMPLETION || imap->response.kind == IMAP_CONTINUATION)
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
		    "an answer to what was not said yet");
	return untagged(s) && imap_unasked(s);
}
