/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked about messages: their sizes and dates, what SEARCH finds, and one of them whole.
 * RFC 9051 sections 6.4.4, 6.4.5 and 6.4.9. Always BODY.PEEK[], which sets no flag; always by
 * UID, which no other session's EXPUNGE can shift. A mailbox of any size is counted as it comes,
 * and nothing of it held.
 */
#include "imap.h"

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

static bool
takes_sizes(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);
	time_t date = response->fetch.date;

	if (response->kind != IMAP_FETCH || !response->fetch.has_size)
		return false;
	imap->count.n++;
	imap->count.absurd |= __builtin_add_overflow(
	    imap->count.size, response->fetch.size, &imap->count.size);
	if (response->fetch.size > imap->count.largest)
		imap->count.largest = response->fetch.size;
	if (!response->fetch.has_date)
		return true;
	if (!imap->count.dated || date < imap->count.oldest)
		imap->count.oldest = date;
	if (!imap->count.dated || date > imap->count.newest)
		imap->count.newest = date;
	imap->count.dated = true;
	return true;
}

/*
 * Fewer sizes than messages: some may have been expunged by another session, which the server tells
 * when it may, as in the answer to NOOP (RFC 9051 section 7.5.1).
 */
static bool
all_there(struct session *s, uint64_t due)
{
	struct imap *imap = of(s);
	struct imap_command noop = imap_command(s, "NOOP");
	uint64_t expunged = imap->mailbox.expunged;

	if (imap->count.n >= due)
		return true;
	if (!imap_done(s, &noop, CAUSE_REJECTED))
		return false;
	due -= imap->mailbox.expunged - expunged < due ? imap->mailbox.expunged - expunged : due;
	if (imap->count.n >= due)
		return true;
	return fail(s, CAUSE_PROTOCOL, "EXISTS says %llu messages, FETCH gave the sizes of %llu",
	    (unsigned long long)due, (unsigned long long)imap->count.n);
}

static void
count_age(struct session *s, enum fact fact, slice name, time_t date)
{
	time_t now = s->result->wall;

	imap_count(s, fact, name, now > date ? (uint64_t)(now - date) : 0);
}

bool
imap_sizes(struct session *s, const struct imap_task *task)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(
	    s, "UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)");
	uint64_t exists = imap->mailbox.exists, expunged = imap->mailbox.expunged;
	slice name = task->counted;

	memset(&imap->count, 0, sizeof imap->count);
	if (exists > 0) {
		if (!imap_gather(s, PHASE_SIZES, &command, takes_sizes, CAUSE_REJECTED))
			return false;
		if (imap->count.absurd)
			return fail(s, CAUSE_PROTOCOL, "sizes that no mailbox can have");
		expunged = imap->mailbox.expunged - expunged;
		if (imap->count.n > imap->mailbox.exists + expunged)
			return fail(s, CAUSE_PROTOCOL,
			    "EXISTS says %llu messages, FETCH gave the sizes of %llu",
			    (unsigned long long)imap->mailbox.exists,
			    (unsigned long long)imap->count.n);
		if (!all_there(s, exists > expunged ? exists - expunged : 0))
			return false;
	}
	imap_count(s, FACT_SIZE_BYTES, name, imap->count.size);
	imap_count(s, FACT_LARGEST_BYTES, name, imap->count.largest);
	if (imap->count.dated) {
		count_age(s, FACT_OLDEST_AGE, name, imap->count.oldest);
		count_age(s, FACT_NEWEST_AGE, name, imap->count.newest);
	}
	achieved(s, "messages sized");
	return true;
}

/* "{30}" or "{30+}" at the end: the server would take what we say next for a part of the keys. */
static bool
ends_in_literal(slice keys)
{
	size_t at = keys.n > 0 ? keys.n - 1 : 0;

	if (keys.n < 3 || keys.at[at] != '}')
		return false;
	at -= keys.at[at - 1] == '+';
	while (at > 0 && keys.at[at - 1] >= '0' && keys.at[at - 1] <= '9')
		at--;
	return at > 0 && keys.at[at - 1] == '{';
}

bool
imap_search_keys(slice keys)
{
	bool quoted = false;

	for (size_t i = 0; i < keys.n; i++) {
		if (quoted && keys.at[i] == '\\')
			i++;
		else if (keys.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && (unsigned char)keys.at[i] > 0x7e)
			return false;
	}
	return !quoted && !ends_in_literal(slice_trim(keys));
}

static bool
takes_search(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);
	bool extended = response->kind == IMAP_ESEARCH;

	if (response->kind != (imap_can(s, S("ESEARCH")) ? IMAP_ESEARCH : IMAP_SEARCH))
		return false;
	if (extended && response->tag.at && !slice_eq(response->tag, imap->tag))
		return false;                    /* RFC 4466 section 2.6.2: of another command */
	imap->count.absurd |= imap->count.found; /* a list may come in parts, not a count */
	imap->count.found |= response->known;
	imap->count.n += response->number;
	return true;
}

/*
 * The keys as they were written, but what is not ASCII as literals, which need no UTF8=ACCEPT (RFC
 * 9051 section 6.4.4). It stands in quotes: imap_search_keys() has seen to that.
 */
static void
add_keys(struct session *s, struct imap_command *command, slice keys)
{
	while (keys.at) {
		slice before = slice_cut(&keys, '"'), inner = { NULL, 0 };
		struct str string = str_in(s->arena);

		str_add(&command->text, before);
		for (size_t i = 0; keys.at && i < keys.n && !inner.at; i++) {
			if (keys.at[i] == '"') {
				inner = str_slice(&string);
				keys = slice_skip(keys, i + 1);
				break;
			}
			i += keys.at[i] == '\\' && i + 1 < keys.n;
			str_addc(&string, keys.at[i]);
		}
		if (inner.at)
			imap_add_string(command, inner);
	}
}

bool
imap_search(struct session *s, const struct imap_task *task)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "UID SEARCH ");
	bool extended = imap_can(s, S("ESEARCH"));

	if (extended)
		str_addz(&command.text, "RETURN (COUNT) ");
	if (!message_ascii(task->name)) {
		str_addz(&command.text, "CHARSET UTF-8 ");
		add_keys(s, &command, task->name);
	} else
		str_add(&command.text, task->name);
	if (!imap_gather(s, PHASE_SEARCH, &command, takes_search, CAUSE_REJECTED))
		return false;
	/* Some servers say no SEARCH where nothing is found; ESEARCH is never left out. */
	if (extended && (!imap->count.found || imap->count.absurd))
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
		    "%s COUNT came before it", imap->count.found ? "more than one" : "no");
	imap_count(s, FACT_MATCHES, task->counted, imap->count.n);
	achieved(s, "mailbox searched");
	return true;
}

/* The one message that was asked for; other FETCHes tell of flags that others have changed. */
static bool
takes_message(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	if (response->kind != IMAP_FETCH
	    || (!response->fetch.has_body && !response->fetch.has_size))
		return false;
	if (imap->count.number != response->number) { /* it may come in parts */
		imap->count.n++;
		imap->count.number = response->number;
	}
	if (response->fetch.has_uid)
		imap->count.uid = response->fetch.uid;
	if (response->fetch.has_size) {
		imap->count.sized = true;
		imap->count.size = response->fetch.size;
	}
	if (!response->fetch.has_body || response->fetch.body.form == IMAP_NIL)
		return true;
	imap->count.absurd |= imap->count.found;
	imap->count.found = true;
	imap->count.largest = response->fetch.body.octets;
	if (response->fetch.body.form == IMAP_QUOTED)
		imap_body(imap, imap_decoded(imap, &response->fetch.body));
	return true;
}

bool
imap_fetch_message(struct session *s, const char *which)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "UID FETCH ");
	slice reply;

	str_addf(&command.text, "%s (UID RFC822.SIZE BODY.PEEK[])", which);
	if (!imap_gather(s, PHASE_FETCH, &command, takes_message, CAUSE_REJECTED))
		return false;
	reply = str_slice(&imap->reply);
	if (imap->count.n > 1 || imap->count.absurd)
		return fail_reply(s, CAUSE_PROTOCOL, reply, "more than one message came before it");
	if (!imap->count.found) /* none, or RFC 2180 section 4.1.3: NIL is what is left of one */
		return fail_reply(s, CAUSE_MESSAGE_MISSING, reply, "no message came before it");
	if (!imap->count.sized || imap->count.uid == 0)
		return fail_reply(s, CAUSE_PROTOCOL, reply, "the message came without its %s",
		    imap->count.sized ? "UID" : "size");
	fact_number(s, FACT_MESSAGE_SIZE, (double)imap->count.largest);
	if (imap->count.size != imap->count.largest)
		return fail(s, CAUSE_PROTOCOL, "RFC822.SIZE says %llu octets, %llu came",
		    (unsigned long long)imap->count.size, (unsigned long long)imap->count.largest);
	return true;
}

bool
imap_fetch(struct session *s, const struct imap_task *task)
{
	struct imap *imap = of(s);
	bool last = slice_eqi(task->name, S("last"));
	uint64_t uid = 0;

	if (last && imap->mailbox.exists == 0)
		return unmet(s, PHASE_FETCH, CAUSE_MESSAGE_MISSING, "the mailbox is empty");
	if (!imap_fetch_message(s, last ? "*" : task->name.at))
		return false;
	slice_number(task->name, UINT32_MAX, &uid);
	if (!last && imap->count.uid != uid)
		return fail(s, CAUSE_PROTOCOL, "the message that came has the UID %llu",
		    (unsigned long long)imap->count.uid);
	achieved(s, "message fetched");
	return true;
}
