/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TXT_RECORD_H
#define TXT_RECORD_H

/*
 * What the parsers of a domain's TXT records share: which of the records it is, a list of tags
 * (RFC 6376 section 3.2, of which DMARC, MTA-STS and TLSRPT have relatives), URIs to report to.
 * A record is the text of one TXT record, its strings joined. All slices are parts of it.
 */

#include "result.h"

enum {
	TXT_TAGS_MAX = 64, /* no record of the world has twenty */
};

enum txt_status {
	TXT_NONE,  /* there is no such record */
	TXT_GOOD,  /* there is one, and it can be used */
	TXT_BROKEN /* there are several, or it cannot be used; a sentence says why */
};

struct txt_tag {
	slice name, value; /* without blanks around */
	bool tight;        /* nor were there any between them and the "=" */
};

struct txt_tags {
	struct txt_tag at[TXT_TAGS_MAX];
	size_t n;

	/*
	 * The first thing that is wrong, and in which field; NULL where nothing is. What is wrong
	 * is not among the tags, and of tags with the same name only the first.
	 */
	const char *fault;
	slice field;
};

/* Reads a whole record. Names are compared with their letter case. Empty fields count for none. */
void txt_tags(slice record, struct txt_tags *tags);

/* The value of the tag with that name; missing without it. */
slice txt_value(const struct txt_tags *tags, slice name);

/* RFC 8460 and RFC 8461 allow no blanks around the "=": such a field is a fault, if the first. */
void txt_tight(struct txt_tags *tags);

/* Sentences: "WHAT" WHY, a long one cut; that there are `n` records in place of one. */
slice txt_fault(struct arena *arena, slice what, const char *why);
slice txt_several(struct arena *arena, size_t n);

/*
 * How many of the records begin with the tag "v" of that value, letter case told apart; the first
 * of them in `*record`, which is untouched for 0.
 */
size_t txt_select(const struct list *records, slice version, slice *record);

/*
 * A URI (RFC 3986) that can be reported to, as far as its form says so: all its characters are a
 * URI's, "," and "!" and ";" are encoded; a mailto: has an address, an https: a host.
 */
bool txt_uri(slice uri);

#endif
