/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked about mailboxes: LIST, SELECT and EXAMINE, STATUS, quotas, IDLE. RFC 9051 section
 * 6.3, RFC 9208 (QUOTA), RFC 2177 (IDLE). Nothing here changes a mailbox, but for the \Recent
 * flags that SELECT takes away.
 */
#include "imap.h"
#include "imap_name.h"

enum { NAMES_KEPT = 1000 };

static struct imap *
of(struct session *s)
{
	return s->protocol;
}

static bool
takes_list(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);
	struct str shown = str_in(s->arena);

	if (response->kind != IMAP_LIST)
		return false;
	if (response->list.no_select)
		return true;
	if (imap->count.n++ < NAMES_KEPT) {
		imap_name_decode(&shown, imap_decoded(imap, &response->list.name));
		fact_add(s, FACT_MAILBOX_NAMES, str_slice(&shown));
	}
	return true;
}

bool
imap_list(struct session *s, const struct imap_task *task)
{
	struct imap_command command = imap_command(s, "LIST ");

	imap_add_string(&command, task->reference);
	str_addc(&command.text, ' ');
	imap_add_string(&command, task->mailbox);
	fact_list(s, FACT_MAILBOX_NAMES);
	if (!imap_gather(s, PHASE_LIST, &command, takes_list, CAUSE_REJECTED))
		return false;
	fact_number(s, FACT_MAILBOXES, (double)of(s)->count.n);
	achieved(s, "mailboxes listed");
	return true;
}

/* What is not counted is told of the first mailbox only. */
static void
tell(struct session *s, enum fact fact, slice mailbox, uint64_t number)
{
	if (number > 0 && slice_eq(mailbox, of(s)->opts->first))
		fact_number(s, fact, (double)number);
}

/* The codes of untagged OKs that tell about the mailbox that is being opened. */
static bool
takes_mailbox(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);
	uint64_t number = 0;

	if (response->kind == IMAP_RECENT)
		imap->count.n = response->number;
	else if (response->kind == IMAP_CONDITION
	    && slice_number(slice_trim(response->code_arguments), UINT32_MAX, &number)) {
		if (slice_eqi(response->code, S("UIDNEXT")))
			imap->count.numbers[IMAP_UIDNEXT] = number;
		else if (slice_eqi(response->code, S("UIDVALIDITY")))
			imap->count.numbers[IMAP_UIDVALIDITY] = number;
	}
	imap->count.found |= response->kind == IMAP_RECENT;
	return response->kind == IMAP_RECENT || number > 0;
}

bool
imap_open(struct session *s, const char *verb, slice mailbox, slice counted)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, verb);

	str_addc(&command.text, ' ');
	imap_add_string(&command, mailbox);
	command.opens = true;
	if (!imap_gather(s, PHASE_SELECT, &command, takes_mailbox, CAUSE_MAILBOX_MISSING))
		return false;
	if (!imap->mailbox.counted)
		return fail_reply(
		    s, CAUSE_PROTOCOL, str_slice(&imap->reply), "no EXISTS came before it");
	imap_count(s, FACT_MESSAGES, counted, imap->mailbox.exists);
	if (imap->count.found)
		imap_count(s, FACT_RECENT, counted, imap->count.n);
	if (counted.at) {
		tell(s, FACT_UID_NEXT, counted, imap->count.numbers[IMAP_UIDNEXT]);
		tell(s, FACT_UID_VALIDITY, counted, imap->count.numbers[IMAP_UIDVALIDITY]);
	}
	return true;
}

bool
imap_select(struct session *s, const struct imap_task *task)
{
	bool examine = task->verb == imap_verb("examine");

	if (!imap_open(s, examine ? "EXAMINE" : "SELECT", task->mailbox, task->counted))
		return false;
	achieved(s, "mailbox opened");
	return true;
}

static bool
takes_status(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	/* Letter case is left to the server: INBOX has none, and some have none at all. */
	if (response->kind != IMAP_STATUS
	    || !slice_eqi(imap_decoded(imap, &response->status.name), imap->status_of))
		return false;
	imap->count.found = true;
	for (int i = 0; i < IMAP_ITEMS; i++)
		if (response->status.known[i]) {
			imap->count.known[i] = true;
			imap->count.numbers[i] = response->status.numbers[i];
		}
	return true;
}

bool
imap_status(struct session *s, const struct imap_task *task)
{
	static const enum fact facts[IMAP_ITEMS] = {
		[IMAP_MESSAGES] = FACT_MESSAGES,
		[IMAP_UNSEEN] = FACT_UNSEEN,
		[IMAP_RECENTS] = FACT_RECENT,
		[IMAP_UIDNEXT] = FACT_UID_NEXT,
		[IMAP_UIDVALIDITY] = FACT_UID_VALIDITY,
		[IMAP_SIZE] = FACT_SIZE_BYTES,
	};
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "STATUS ");
	bool rev2 = imap_has(s, S("IMAP4rev2"));

	imap_add_string(&command, task->mailbox);
	imap->status_of = task->mailbox;
	str_addz(&command.text, " (MESSAGES ");
	if (!rev2 || imap_has(s, S("IMAP4rev1"))) /* RFC 9051 appendix E: no \Recent any more */
		str_addz(&command.text, "RECENT ");
	str_addz(&command.text, "UNSEEN UIDNEXT UIDVALIDITY");
	if (rev2 || imap_has(s, S("STATUS=SIZE")))
		str_addz(&command.text, " SIZE");
	str_addc(&command.text, ')');
	if (!imap_gather(s, PHASE_STATUS, &command, takes_status, CAUSE_MAILBOX_MISSING))
		return false;
	if (!imap->count.found)
		return fail_reply(
		    s, CAUSE_PROTOCOL, str_slice(&imap->reply), "no STATUS came before it");
	if (!imap->count.known[IMAP_MESSAGES] || !imap->count.known[IMAP_UNSEEN])
		return fail_reply(s, CAUSE_PROTOCOL, str_slice(&imap->reply),
		    "STATUS left out what it was asked for");
	for (int i = 0; i < IMAP_ITEMS; i++)
		if (imap->count.known[i] && fact_infos[facts[i]].value)
			imap_count(s, facts[i], task->name, imap->count.numbers[i]);
		else if (imap->count.known[i])
			tell(s, facts[i], task->counted, imap->count.numbers[i]);
	achieved(s, "status told");
	return true;
}

bool
imap_idle(struct session *s, const struct imap_task *task)
{
	struct imap_command command = imap_command(s, "IDLE");

	(void)task;
	if (!imap_can(s, S("IDLE")))
		return unmet(s, PHASE_IDLE, CAUSE_CAPABILITY_MISSING, "IDLE is not advertised");
	if (!phase(s, PHASE_IDLE) || !imap_say(s, &command))
		return false;
	if (!imap_goes_on(s))
		return imap_refused(s, CAUSE_REJECTED);
	if (!imap_say_line(s, S("DONE"), (slice){ NULL, 0 }) || !imap_complete(s))
		return false;
	if (!imap_is_ok(s))
		return imap_refused(s, CAUSE_REJECTED);
	achieved(s, "idled");
	return true;
}

/* The fullest of all resources; of storage, which is counted in 1,024 octets, the fullest. */
static bool
takes_quota(struct session *s, const struct imap_response *response)
{
	struct imap *imap = of(s);

	imap->count.found |= response->kind == IMAP_QUOTAROOT;
	for (size_t i = 0; response->kind == IMAP_QUOTA && i < response->quota.n; i++) {
		double usage = (double)response->quota.resources[i].usage;
		double limit = (double)response->quota.resources[i].limit;
		double percent = 100 * usage / limit;

		if (limit == 0) /* how some say that there is none */
			continue;
		if (!imap->count.limited || percent > imap->count.percent)
			imap->count.percent = percent;
		imap->count.limited = true;
		if (!slice_eqi(response->quota.resources[i].name, S("STORAGE"))
		    || (imap->count.stored && usage * imap->count.limit < imap->count.used * limit))
			continue;
		imap->count.stored = true;
		imap->count.used = usage * 1024;
		imap->count.limit = limit * 1024;
	}
	return response->kind == IMAP_QUOTA || response->kind == IMAP_QUOTAROOT;
}

bool
imap_quota(struct session *s, const struct imap_task *task)
{
	struct imap *imap = of(s);
	struct imap_command command = imap_command(s, "GETQUOTAROOT ");

	if (!imap_has(s, S("QUOTA")))
		return unmet(s, PHASE_QUOTA, CAUSE_CAPABILITY_MISSING, "QUOTA is not advertised");
	imap_add_string(&command, task->mailbox);
	if (!imap_gather(s, PHASE_QUOTA, &command, takes_quota, CAUSE_REJECTED))
		return false;
	if (!imap->count.found)
		return fail_reply(
		    s, CAUSE_PROTOCOL, str_slice(&imap->reply), "no QUOTAROOT came before it");
	if (imap->count.limited)
		fact_number(s, FACT_QUOTA_USED_PERCENT, imap->count.percent);
	if (imap->count.stored) {
		fact_number(s, FACT_QUOTA_USED_BYTES, imap->count.used);
		fact_number(s, FACT_QUOTA_LIMIT_BYTES, imap->count.limit);
	}
	achieved(s, "quota told");
	return true;
}
