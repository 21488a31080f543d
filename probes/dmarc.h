/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DMARC_H
#define DMARC_H

/*
 * DMARC policy records, at _dmarc.DOMAIN: RFC 7489 sections 6.3 and 6.6.3, np= of RFC 9091. No I/O.
 *
 * Where a domain has no record, that of its organizational domain counts. Which one that is we do
 * not look up in a list of public suffixes: the caller asks DOMAIN, then each dmarc_parent() of it,
 * down to two labels. The first record found counts, with sp= in place of p= where it is a
 * parent's; the shortest name that has one is the organizational domain, as in the tree walk of
 * DMARC's next edition. That a suffix of two labels ("co.uk") has a record is not thought of.
 */

#include "txt_record.h"

enum dmarc_policy { DMARC_UNSAID, DMARC_NO_ACTION, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc {
	enum txt_status status;
	slice record;
	enum dmarc_policy p;
	enum dmarc_policy sp, np; /* of subdomains, of those that do not exist; or unsaid */
	bool adkim_strict, aspf_strict;
	unsigned pct;         /* 100 where it is not said */
	struct list rua, ruf; /* URIs that have a URI's form, without their limit of size */

	/* Why it is TXT_BROKEN; missing when it is not. */
	slice error;

	/*
	 * The first thing in it that is wrong and that receivers pass over; missing without, and
	 * when it is broken.
	 */
	slice fault;
};

/*
 * `records` are the TXT records of that name; those of other kinds are passed over. Several of
 * DMARC's are TXT_BROKEN, and so is one without a valid p= or with an sp= that is none, unless it
 * has a URI in rua=: then receivers take p=none for said (section 6.6.3), and so does `p`, and it
 * is a fault. Sentences and lists are in the arena, all else a part of the record.
 */
void dmarc_parse(struct arena *arena, const struct list *records, struct dmarc *dmarc);

/*
 * The next name to ask behind `*domain`: without its first label, but seven labels of one that has
 * more than eight. False, `*domain` untouched, where that would have fewer than two labels.
 */
bool dmarc_parent(slice *domain);

/* "none", "quarantine", "reject"; missing for what is unsaid. */
slice dmarc_policy_name(enum dmarc_policy policy);

#endif
