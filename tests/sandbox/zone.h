/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The names that the sandbox serves: those of its accounts' domain, which say that its first SMTP
 * listener takes the mail. Names and data are as they are on the wire (RFC 1035 section 3).
 */
#ifndef SANDBOX_ZONE_H
#define SANDBOX_ZONE_H

#include "bytes.h"

#define NAME_MOST    255
#define LABEL_MOST   63
#define RECORDS_MOST 12

enum record_type {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
};

struct listener;

struct domain_name {
	unsigned char at[NAME_MOST];
	size_t len;             /* the root's zero included */
};

struct record {
	struct domain_name owner;
	unsigned type;
	struct bytes data;
};

struct zone {
	struct record records[RECORDS_MOST];
	size_t count;
	const struct record *soa;
};

/* What a listener serves, its faults included. */
void zone_make(struct zone *z, const struct listener *l);
void zone_free(struct zone *z);
/* Letters in any case. */
bool name_is(const struct domain_name *a, const struct domain_name *b);
/* Whether a is b, or ends in it. */
bool name_below(const struct domain_name *a, const struct domain_name *b);
/* Writes DIR/anchor, a trust anchor that has none of these names below it: they are unsigned. */
bool zone_write_anchor(const char *folder);

#endif
