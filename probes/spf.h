/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SPF_H
#define SPF_H

/*
 * SPF records as a receiver would evaluate them: RFC 7208. No I/O but by the caller's functions.
 *
 * What is evaluated is the mail of a stranger, an address that no mechanism names: that way goes
 * through all of the record, its includes and its redirect, and costs the most queries. What
 * depends on the sender's address or name by a macro cannot be known here, and matches nothing.
 */

#include "txt_record.h"

/* Limits of RFC 7208 section 4.6.4, and ours. */
enum {
	SPF_LOOKUPS_MAX = 10,  /* terms that cause DNS queries */
	SPF_VOIDS_MAX = 2,     /* of those, terms whose answer is empty */
	SPF_MX_MAX = 10,       /* names that one "mx" leads to */
	SPF_LOOKUPS_SEEN = 30, /* how far we go on to count, so that it can be said how many */
	SPF_SPEC_MAX = 512,    /* octets of a domain-spec */
};

enum spf_query { SPF_ADDRESS, SPF_ADDRESS_4, SPF_MX };

/*
 * The resolver. Names are without a final dot, and have only visible ASCII without backslashes and
 * labels of a right length. Each returns false where the DNS failed, and has an empty answer for
 * a name that does not exist, or has no such record.
 */
struct spf_dns {
	void *data;

	/* Adds the text of each TXT record; never NULL. */
	bool (*txt)(void *data, slice domain, struct list *records);

	/*
	 * How many records there are: SPF_ADDRESS A and AAAA together, SPF_ADDRESS_4 A alone.
	 * NULL: then neither empty answers of other terms than include and redirect are counted,
	 * nor the names of an "mx".
	 */
	bool (*count)(void *data, enum spf_query query, slice domain, size_t *n);
};

enum spf_status {
	SPF_NONE,      /* there is no record */
	SPF_GOOD,      /* there is one, and receivers can evaluate it */
	SPF_PERMERROR, /* they cannot: several records, wrong syntax, a limit, an empty include */
	SPF_TEMPERROR  /* the DNS failed */
};

struct spf {
	enum spf_status status;
	slice record;

	/*
	 * '+', '-', '~', '?': the qualifier of the "all" that is reached, by redirect too; 0
	 * without one. And what a stranger's mail comes to: the same mostly, '?' without "all",
	 * '+' where an include ends in "+all". 0 for both where the evaluation does not come to
	 * its end.
	 */
	char all, stranger;

	/* Terms of RFC 7208 section 4.6.4, counted up to SPF_LOOKUPS_SEEN. */
	unsigned lookups, voids;

	bool depends; /* an include or redirect was not followed: it has a sender's macro */

	/* The first term that lets everyone pass, as +all and ip4:0.0.0.0/0 do; missing without. */
	slice open;

	/* Why it is an error, with the term and the domain whose record has it; missing without. */
	slice error;
};

/*
 * `records` are the TXT records of `domain`; those of other kinds are passed over. Sentences are in
 * the arena, all else a part of the records.
 */
void spf_check(struct arena *arena, slice domain, const struct list *records,
    const struct spf_dns *dns, struct spf *spf);

#endif
