/* SPDX-License-Identifier: BSD-2-Clause */
/* UID SEARCH, with ESEARCH (RFC 4731) where it is offered. */
#include "imap.h"

/* sequence-set = (seq-number / seq-range) ["," sequence-set], or SEARCH's numbers. */
static bool
takes_uids(struct session *s, const struct imap_response *response)
{
	struct imap *imap = s->protocol;
	slice rest = response->text;

	if (response->kind != IMAP_SEARCH && response->kind != IMAP_ESEARCH)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		uint64_t first, last;
		slice range = slice_skip(rest, i), low;
		size_t n = 0;

		while (n < range.n && range.at[n] != ',' && range.at[n] != ' ')
			n++;
		i += n;
		range = slice_head(range, n);
		low = slice_cut(&range, ':');
		if (!slice_number(low, UINT32_MAX, &first))
			continue;
		last = first;
		if (range.at && !slice_number(range, UINT32_MAX, &last))
			continue;
		for (; first <= last && imap->found->n < IMAP_FOUND_MAX; first++)
			imap->found->items[imap->found->n++] = first;
	}
	return true;
}

bool
imap_find(struct session *s, slice keys)
{
	struct imap *imap = s->protocol;
	struct imap_command command = imap_command(s, "UID SEARCH ");

	imap->found->n = 0;
	if (imap_can(s, S("ESEARCH")))
		str_addz(&command.text, "RETURN (ALL) ");
	str_add(&command.text, keys);
	return imap_gather(s, PHASE_SEARCH, &command, takes_uids, CAUSE_REJECTED);
}
