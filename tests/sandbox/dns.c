/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Messages of the DNS (RFC 1035 section 4), one question each. Datagrams come from anybody: names
 * are not followed to where they point, and what is an answer itself is never answered, or two
 * servers could be made to talk for ever. Authoritative for the names of zone.h; any other does
 * not exist, so that resolvers that are told to ask here ask nobody else.
 */
#include "dns.h"

#include <string.h>

#include <openssl/rand.h>

#include "server.h"
#include "zone.h"

#define HEADER   12
#define CLASS_IN 1
#define IS_REPLY 0x80   /* of the third octet, as are the next three */
#define OPCODE   0x78
#define IS_OURS  0x04
#define RECURSE  0x01

enum code {
	CODE_OK = 0,
	CODE_MALFORMED = 1,
	CODE_FAILURE = 2,
	CODE_NO_NAME = 3,
	CODE_UNKNOWN = 4,
	CODE_REFUSED = 5,
};

struct question {
	struct domain_name name;
	unsigned type, class;
	size_t len;             /* of all of it, zero if it could not be read */
};

static unsigned
two_at(struct slice s, size_t at)
{
	return (unsigned)(unsigned char)s.at[at] << 8u | (unsigned char)s.at[at + 1];
}

static void
put_two(struct bytes *b, unsigned value)
{
	bytes_add(b, (unsigned char[]){ (unsigned char)(value >> 8u), (unsigned char)value }, 2);
}

/* A length above 63 would be a pointer. */
static bool
read_name(struct slice datagram, struct domain_name *name)
{
	size_t at = HEADER, len;

	do {
		len = at < datagram.len ? (unsigned char)datagram.at[at] : LABEL_MOST + 1;
		if (len > LABEL_MOST || at + 1 + len > datagram.len
		    || name->len + 1 + len > NAME_MOST)
			return false;
		memcpy(name->at + name->len, datagram.at + at, 1 + len);
		name->len += 1 + len;
		at += 1 + len;
	} while (len);
	return true;
}

static enum code
read_question(struct slice datagram, struct question *q)
{
	size_t at;

	if (datagram.at[2] & OPCODE)
		return CODE_UNKNOWN;
	if (two_at(datagram, 4) != 1 || !read_name(datagram, &q->name))
		return CODE_MALFORMED;
	at = HEADER + q->name.len;
	if (at + 4 > datagram.len)
		return CODE_MALFORMED;
	q->type = two_at(datagram, at);
	q->class = two_at(datagram, at + 2);
	q->len = q->name.len + 4;
	return q->class == CLASS_IN ? CODE_OK : CODE_REFUSED;
}

static void
put_record(struct bytes *b, const struct record *r)
{
	bytes_add(b, r->owner.at, r->owner.len);
	put_two(b, r->type);
	put_two(b, CLASS_IN);
	put_two(b, 0);
	put_two(b, 60);         /* seconds it may be kept */
	put_two(b, (unsigned)r->data.len);
	bytes_add(b, r->data.at, r->data.len);
}

/* A name exists that has a record, or another below it that has one (RFC 8020). */
static unsigned
find(const struct zone *z, const struct question *q, struct bytes *found, bool *exists)
{
	unsigned count = 0;

	for (size_t i = 0; i < z->count; i++) {
		const struct record *r = &z->records[i];

		*exists |= name_below(&r->owner, &q->name);
		if (r->type == q->type && name_is(&r->owner, &q->name)) {
			put_record(found, r);
			count++;
		}
	}
	return count;
}

static void
respond(struct bytes *b, struct slice datagram, const struct question *q, enum code code)
{
	unsigned char flags = (unsigned char)datagram.at[2] & (OPCODE | RECURSE);

	bytes_add(b, datagram.at, 2);
	put_two(b, (unsigned)(flags | IS_REPLY | IS_OURS) << 8u | code);
	put_two(b, q->len ? 1 : 0);
	for (int i = 0; i < 3; i++)
		put_two(b, 0);
	bytes_add(b, datagram.at + HEADER, q->len);
}

/* Answers, or the SOA that says how long it is true that there are none (RFC 2308). */
static void
look_up(const struct listener *l, struct slice datagram, const struct question *q, struct bytes *b)
{
	struct zone zone;
	struct bytes found = { 0 };
	bool exists = false;
	unsigned count;

	zone_make(&zone, l);
	count = find(&zone, q, &found, &exists);
	respond(b, datagram, q, exists ? CODE_OK : CODE_NO_NAME);
	if (count) {
		b->at[7] = (char)count;
		bytes_add(b, found.at, found.len);
	} else if (name_below(&q->name, &zone.soa->owner)) {
		b->at[9] = 1;
		put_record(b, zone.soa);
	}
	bytes_free(&found);
	zone_free(&zone);
}

static void
garbage(struct slice datagram, struct bytes *b)
{
	unsigned char noise[64];

	if (RAND_bytes(noise, sizeof(noise)) != 1)
		memset(noise, 0xff, sizeof(noise));
	bytes_add(b, datagram.at, 2);
	bytes_add(b, noise, sizeof(noise));
}

void
dns_answer(const struct listener *l, struct slice datagram, struct bytes *answer)
{
	struct question q = { .len = 0 };
	enum code code;

	if (datagram.len < HEADER || datagram.at[2] & IS_REPLY
	    || fault_on(&l->faults, FAULT_DNS_SILENT))
		return;
	if (fault_on(&l->faults, FAULT_DNS_GARBAGE)) {
		garbage(datagram, answer);
		return;
	}
	code = read_question(datagram, &q);
	if (code == CODE_OK && fault_on(&l->faults, FAULT_DNS_SERVFAIL))
		code = CODE_FAILURE;
	if (code == CODE_OK)
		look_up(l, datagram, &q, answer);
	else
		respond(answer, datagram, &q, code);
}
