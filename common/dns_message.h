/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

/*
 * The answer in a DNS message (RFC 1035 section 4): what there is of a name and a type, behind its
 * aliases. Bytes in, struct out, no I/O.
 */

#include "result.h"

struct dns_message {
	unsigned rcode;
	/*
	 * Raw RDATA of each record of the type, in their order. The names in those of NS, CNAME,
	 * SOA, PTR, MX and SRV are no longer compressed.
	 */
	struct list records;
	slice
	    canonical; /* the last alias's target, as text without its last dot; missing if none */
	uint32_t ttl;  /* the least of all records that the answer is made of; 0 without any */
};

/*
 * Reads the answer to the message's only question, which must be of class IN and of this type.
 * Aliases are followed in the order in which they stand; records of other names, types and classes
 * are passed over. False, and `*message` untouched, for what is no such message, or has more than
 * 500 records.
 */
bool dns_message_read(struct arena *arena, slice bytes, unsigned type, struct dns_message *message);

#endif
