/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data of IMAP's untagged responses, RFC 9051 section 9 and RFC 3501 section 9: one function
 * per rule. Lists go on until their parenthesis closes; what looks for an item and finds the end of
 * the line instead is broken, so each ends. What we do not know is a name and a value, and passed
 * over.
 */
#include "imap_data.h"

/* flag-list = "(" [flag *(SP flag)] ")" */
bool
data_flags(struct scan *s, struct imap_response *r)
{
	(void)r;
	if (!scan_at(s, '('))
		return scan_broken(s, "flags without parentheses");
	return scan_value(s);
}

/* (DQUOTE QUOTED-CHAR DQUOTE / nil); empty quotes are taken for NIL */
static bool
delimiter(struct scan *s, char *c)
{
	struct imap_string string;

	*c = '\0';
	if (scan_nil(s))
		return true;
	if (!scan_quoted(s, &string))
		return false;
	if (string.octets > 1)
		return scan_broken(s, "a hierarchy delimiter of several characters");
	if (string.octets == 1)
		*c = string.raw.at[string.raw.n - 1];
	return true;
}

/*
 * mbx-list-flags = *(mbx-list-oflag SP) mbx-list-sflag *(SP mbx-list-oflag) / ...
 * mbx-list-sflag = "\NonExistent" / "\Noselect" / "\Marked" / "\Unmarked"
 * RFC 6154: use-attr = "\All" / ... / "\Junk" / ...
 */
static bool
mbx_list_flags(struct scan *s, struct imap_response *r)
{
	slice flag;

	if (!scan_open(s))
		return false;
	while (!scan_close(s)) {
		if (!scan_atom(s, &flag))
			return false;
		if (slice_eqi(flag, S("\\Noselect")) || slice_eqi(flag, S("\\NonExistent")))
			r->list.no_select = true;
		r->list.junk |= slice_eqi(flag, S("\\Junk"));
	}
	return true;
}

/*
 * mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
 *                [SP mbox-list-extended]
 * mailbox      = "INBOX" / astring
 */
bool
data_list(struct scan *s, struct imap_response *r)
{
	if (!mbx_list_flags(s, r) || !scan_space(s) || !delimiter(s, &r->list.delimiter)
	    || !scan_space(s) || !scan_astring(s, IMAP_HOLD, &r->list.name))
		return false;
	scan_blanks(s);
	return !scan_at(s, '(') || scan_value(s);
}

/*
 * status-att-val = ("MESSAGES" SP number) / ("UIDNEXT" SP nz-number) / ("UIDVALIDITY" SP nz-number)
 *                / ("UNSEEN" SP number) / ("SIZE" SP number64) / ...
 * RFC 3501: ("RECENT" SP number)
 *
 * RFC 7162, 7889, 8474 and others add items whose values are of any form. A zero where there should
 * be none decides nothing.
 */
static bool
status_att_val(struct scan *s, struct imap_response *r)
{
	static const struct {
		slice name;
		uint64_t most;
	} items[IMAP_ITEMS] = {
		[IMAP_MESSAGES] = { SLICE("MESSAGES"), UINT32_MAX },
		[IMAP_UNSEEN] = { SLICE("UNSEEN"), UINT32_MAX },
		[IMAP_RECENTS] = { SLICE("RECENT"), UINT32_MAX },
		[IMAP_UIDNEXT] = { SLICE("UIDNEXT"), UINT32_MAX },
		[IMAP_UIDVALIDITY] = { SLICE("UIDVALIDITY"), UINT32_MAX },
		[IMAP_SIZE] = { SLICE("SIZE"), INT64_MAX },
	};
	slice name;

	if (!scan_atom(s, &name) || !scan_space(s))
		return false;
	for (size_t i = 0; i < IMAP_ITEMS; i++) {
		if (!slice_eqi(name, items[i].name))
			continue;
		r->status.known[i] = true;
		return scan_number(s, 0, items[i].most, &r->status.numbers[i]);
	}
	return scan_value(s);
}

/* "STATUS" SP mailbox SP "(" [status-att-list] ")" */
bool
data_status(struct scan *s, struct imap_response *r)
{
	if (!scan_astring(s, IMAP_HOLD, &r->status.name) || !scan_space(s) || !scan_open(s))
		return false;
	while (!scan_close(s))
		if (!status_att_val(s, r))
			return false;
	return true;
}

/*
 * RFC 3501: "SEARCH" *(SP nz-number); RFC 7162 section 3.1.5 adds
 * search-sort-mod-seq = "(" "MODSEQ" SP mod-sequence-value ")"
 */
bool
data_search(struct scan *s, struct imap_response *r)
{
	size_t end = slice_find(s->rest, S("("));
	struct imap_tally tally = { 0 };

	if (!imap_tally_feed(&tally, slice_head(s->rest, end)) || !imap_tally_end(&tally))
		return scan_broken(s, "what was found is no list of numbers");
	r->text = slice_head(s->rest, end);
	s->rest = slice_skip(s->rest, end);
	r->number = tally.count;
	return s->rest.n == 0 || scan_value(s);
}

/*
 * search-correlator = SP "(" "TAG" SP tag-string ")"
 *
 * RFC 7377 puts the mailbox and its UIDVALIDITY behind the tag.
 */
static bool
search_correlator(struct scan *s, struct imap_response *r)
{
	struct imap_string value;
	slice name;

	if (!scan_open(s))
		return false;
	while (!scan_close(s)) {
		if (!scan_atom(s, &name) || !scan_space(s) || !scan_astring(s, IMAP_SKIP, &value))
			return false;
		if (slice_eqi(name, S("TAG")))
			r->tag = value.raw;
	}
	scan_blanks(s);
	return true;
}

/*
 * esearch-response   = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)
 * search-return-data = "MIN" SP nz-number / "MAX" SP nz-number / "ALL" SP sequence-set
 *                    / "COUNT" SP number / search-ret-data-ext
 */
bool
data_esearch(struct scan *s, struct imap_response *r)
{
	slice name;

	if (scan_at(s, '(') && !search_correlator(s, r))
		return false;
	while (s->rest.n > 0) {
		if (!scan_atom(s, &name))
			return false;
		if (slice_eqi(name, S("UID"))) {
			scan_blanks(s);
			continue;
		}
		if (!scan_space(s))
			return false;
		if (slice_eqi(name, S("COUNT"))) {
			r->known = true;
			if (!scan_number(s, 0, UINT32_MAX, &r->number))
				return false;
		} else if (slice_eqi(name, S("ALL"))) {
			if (!scan_atom(s, &r->text))
				return false;
		} else if (!scan_value(s)) {
			return false;
		}
		scan_blanks(s);
	}
	return true;
}

/*
 * section = "[" [section-spec] "]" ["<" number ">"] ; its header field names are astrings
 *
 * `whole` is whether all of the message is meant.
 */
static bool
section(struct scan *s, bool *whole)
{
	struct imap_string field;
	uint64_t octets;

	s->rest = slice_skip(s->rest, 1);
	*whole = scan_at(s, ']');
	while (!scan_at(s, ']')) {
		if (s->rest.n == 0)
			return scan_broken(s, "a section's bracket does not close");
		if (!scan_at(s, '"') && !scan_announced(s, &octets))
			s->rest = slice_skip(s->rest, 1);
		else if (!scan_string(s, IMAP_SKIP, &field))
			return false;
	}
	s->rest = slice_skip(s->rest, 1);
	if (scan_run(s, S("")).n > 0)
		*whole = false;
	return true;
}

/* "INTERNALDATE" SP date-time */
static bool
internal_date(struct scan *s, struct imap_response *r)
{
	struct imap_string date;

	if (!scan_quoted(s, &date))
		return false;
	r->fetch.has_date = imap_date(date.raw, &r->fetch.date);
	return r->fetch.has_date || scan_broken(s, "an INTERNALDATE that is no date");
}

/*
 * msg-att-dynamic = "FLAGS" SP "(" [flag-fetch *(SP flag-fetch)] ")"
 * msg-att-static  = "INTERNALDATE" SP date-time / "RFC822.SIZE" SP number64
 *                 / "BODY" section ["<" number ">"] SP nstring / "UID" SP uniqueid / ...
 */
static bool
msg_att_item(struct scan *s, struct imap_response *r)
{
	slice name = scan_run(s, S("["));
	bool whole = false;

	if (name.n == 0)
		return scan_broken(s, "no item's name where one is due");
	if (scan_at(s, '[') && !section(s, &whole))
		return false;
	if (!scan_space(s))
		return false;
	if (slice_eqi(name, S("UID"))) {
		r->fetch.has_uid = true;
		return scan_number(s, 1, UINT32_MAX, &r->fetch.uid);
	}
	if (slice_eqi(name, S("RFC822.SIZE"))) {
		r->fetch.has_size = true;
		return scan_number(s, 0, INT64_MAX, &r->fetch.size);
	}
	if (slice_eqi(name, S("INTERNALDATE")))
		return internal_date(s, r);
	if (slice_eqi(name, S("BODY")) && whole) {
		r->fetch.has_body = true;
		return scan_nstring(s, IMAP_BODY, &r->fetch.body);
	}
	return scan_value(s);
}

/* msg-att = "(" (msg-att-dynamic / msg-att-static) *(SP (msg-att-dynamic / msg-att-static)) ")" */
bool
data_fetch(struct scan *s, struct imap_response *r)
{
	if (!scan_open(s))
		return false;
	while (!scan_close(s))
		if (!msg_att_item(s, r))
			return false;
	return true;
}

/* Values up to the parenthesis that closes around them. */
static bool
remaining_values(struct scan *s)
{
	while (!scan_close(s))
		if (!scan_value(s))
			return false;
	return true;
}

/*
 * namespace-descr = "(" string SP (DQUOTE QUOTED-CHAR DQUOTE / nil)
 *                   [namespace-response-extensions] ")"
 */
static bool
namespace_descr(struct scan *s, struct imap_response *r)
{
	if (!scan_open(s))
		return false;
	scan_blanks(s);
	r->known = true;
	return scan_astring(s, IMAP_HOLD, &r->list.name) && scan_space(s)
	    && delimiter(s, &r->list.delimiter) && remaining_values(s);
}

/* namespace = nil / "(" 1*namespace-descr ")" */
static bool
personal_namespace(struct scan *s, struct imap_response *r)
{
	if (scan_nil(s))
		return true;
	return scan_open(s) && (scan_close(s) || (namespace_descr(s, r) && remaining_values(s)));
}

/* namespace-response = "NAMESPACE" SP namespace SP namespace SP namespace */
bool
data_namespace(struct scan *s, struct imap_response *r)
{
	return personal_namespace(s, r) && scan_space(s) && scan_value(s) && scan_space(s)
	    && scan_value(s);
}

/* RFC 9208: quota-resource = resource-name SP resource-usage SP resource-limit */
static bool
quota_resource(struct scan *s, struct imap_response *r)
{
	uint64_t usage, limit;
	slice name;

	if (!scan_atom(s, &name) || !scan_space(s) || !scan_number(s, 0, INT64_MAX, &usage)
	    || !scan_space(s) || !scan_number(s, 0, INT64_MAX, &limit))
		return false;
	if (r->quota.n < IMAP_RESOURCES) {
		r->quota.resources[r->quota.n].name = name;
		r->quota.resources[r->quota.n].usage = usage;
		r->quota.resources[r->quota.n].limit = limit;
		r->quota.n++;
	}
	return true;
}

/*
 * RFC 9208: "QUOTA" SP quota-root-name SP "(" [quota-resource *(SP quota-resource)] ")"
 *
 * Courier says no list at all where nothing is limited.
 */
bool
data_quota(struct scan *s, struct imap_response *r)
{
	if (!scan_astring(s, IMAP_HOLD, &r->quota.root))
		return false;
	scan_blanks(s);
	if (s->rest.n == 0)
		return true;
	if (!scan_open(s))
		return false;
	while (!scan_close(s))
		if (!quota_resource(s, r))
			return false;
	return true;
}

/* RFC 9208: "QUOTAROOT" SP mailbox *(SP quota-root-name) */
bool
data_quotaroot(struct scan *s, struct imap_response *r)
{
	struct imap_string name;

	if (!scan_astring(s, IMAP_SKIP, &name))
		return false;
	for (scan_blanks(s); s->rest.n > 0; scan_blanks(s)) {
		if (!scan_astring(s, IMAP_SKIP, &name))
			return false;
		r->number++;
	}
	return true;
}

/* "SEARCH" of a line that is only begun; what response_data() would find in it. */
bool
imap_search_begins(slice line, slice *numbers)
{
	slice rest = line;

	if (!slice_eq(slice_cut(&rest, ' '), S("*"))
	    || !slice_eqi(slice_cut(&rest, ' '), S("SEARCH")))
		return false;
	*numbers = rest;
	return true;
}

static bool
tally_digit(struct imap_tally *tally, char c)
{
	unsigned digit = (unsigned char)c - '0';

	if (digit > 9)
		return false;
	tally->number = tally->number * 10 + digit;
	tally->within = true;
	return tally->number <= UINT32_MAX;
}

bool
imap_tally_feed(struct imap_tally *tally, slice part)
{
	for (size_t i = 0; i < part.n; i++) {
		bool blank = part.at[i] == ' ' || part.at[i] == '\t';

		if (part.at[i] == '(')
			tally->behind = true;
		if (tally->behind)
			return imap_tally_end(tally);
		if (!(blank ? imap_tally_end(tally) : tally_digit(tally, part.at[i])))
			return false;
	}
	return true;
}

bool
imap_tally_end(struct imap_tally *tally)
{
	bool zero = tally->within && tally->number == 0;

	tally->count += tally->within;
	tally->within = false;
	tally->number = 0;
	return !zero;
}
