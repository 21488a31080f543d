/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One pass over the answer section, RFC 1035 section 4.1.3. Names are unpacked by the C library,
 * which bounds their length and does not follow pointers in circles; they are compared in the form
 * of the wire, where a dot within a label is no dot.
 */
#include "dns_message.h"

#include <arpa/nameser.h>

enum {
	HEADER_SIZE = 12,
	RECORDS_MAX = 500, /* a name of 14 bytes may unfold to 255 */
	SOA_NUMBERS = 20,  /* bytes of SERIAL to MINIMUM */
};

struct reader {
	struct arena *arena;
	slice bytes;
	size_t at;
};

struct record {
	unsigned char owner[NS_MAXCDNAME];
	unsigned type, class;
	uint32_t ttl;
	slice data;
};

static bool
number(struct reader *r, size_t size, uint32_t *value)
{
	*value = 0;
	if (size > r->bytes.n - r->at)
		return false;
	for (size_t i = 0; i < size; i++)
		*value = *value << 8 | (unsigned char)r->bytes.at[r->at++];
	return true;
}

/* A name at `at`, without pointers; `*length` is what it takes there. */
static bool
unpack(slice bytes, size_t at, unsigned char name[NS_MAXCDNAME], size_t *length)
{
	const unsigned char *from = (const unsigned char *)bytes.at;
	int n = at < bytes.n ? ns_name_unpack(from, from + bytes.n, from + at, name, NS_MAXCDNAME)
	                     : -1;

	if (n <= 0)
		return false;
	*length = (size_t)n;
	return true;
}

static slice
wire(const unsigned char name[NS_MAXCDNAME])
{
	size_t n = 0;

	while (name[n] != 0)
		n += 1U + name[n];
	return (slice){ (const char *)name, n + 1 };
}

/* "example.org": with the escapes of RFC 1035 section 5.1 where it needs them. */
static slice
text(struct arena *arena, const unsigned char name[NS_MAXCDNAME])
{
	char plain[NS_MAXDNAME];

	return ns_name_ntop(name, plain, sizeof plain) < 0 ? (slice){ NULL, 0 }
	                                                   : arena_copy(arena, slice_z(plain));
}

/*
 * "NAME, TYPE, CLASS, TTL, RDLENGTH, RDATA" (RFC 1035 section 4.1.3). "The most significant bit is
 * set": then the TTL is 0 (RFC 2181 section 8).
 */
static bool
read_record(struct reader *r, struct record *record)
{
	uint32_t type, class, n;
	size_t length;

	if (!unpack(r->bytes, r->at, record->owner, &length))
		return false;
	r->at += length;
	if (!number(r, 2, &type) || !number(r, 2, &class) || !number(r, 4, &record->ttl)
	    || !number(r, 2, &n) || n > r->bytes.n - r->at)
		return false;
	record->type = type;
	record->class = class;
	record->ttl = record->ttl > INT32_MAX ? 0 : record->ttl;
	record->data = (slice){ r->bytes.at + r->at, n };
	r->at += n;
	return true;
}

/* How many bytes stand before the first name in the RDATA of a type, and how many names follow. */
static size_t
names_in(unsigned type, size_t *before)
{
	*before = type == ns_t_mx ? 2 : type == ns_t_srv ? 6 : 0;
	switch (type) {
	case ns_t_ns:
	case ns_t_cname:
	case ns_t_ptr:
	case ns_t_mx:
	case ns_t_srv:
		return 1;
	case ns_t_soa:
		return 2;
	default:
		return 0;
	}
}

/* Adds the RDATA, its names unpacked. False where it is not what its type says. */
static bool
keep(struct reader *r, const struct record *record, struct list *records)
{
	size_t before, names = names_in(record->type, &before), left = names;
	size_t at = (size_t)(record->data.at - r->bytes.at), end = at + record->data.n;
	/* Names are looked for in what ends with these data, lest one go on behind them. */
	slice until = slice_head(r->bytes, end);
	struct str data = str_in(r->arena);
	unsigned char name[NS_MAXCDNAME];
	size_t length;

	if (before > record->data.n || records->n == RECORDS_MAX)
		return false;
	str_add(&data, slice_head(record->data, before));
	for (at += before; left > 0; left--, at += length) {
		if (!unpack(until, at, name, &length))
			return false;
		str_add(&data, wire(name));
	}
	if (names > 0 && end - at != (record->type == ns_t_soa ? SOA_NUMBERS : 0))
		return false;
	str_add(&data, slice_skip(until, at));
	list_add(r->arena, records, str_slice(&data));
	return true;
}

/*
 * What one record of the section adds to the answer about `name`, which an alias replaces. The
 * least TTL counts (RFC 2181 section 5.2).
 */
static bool
take(struct reader *r, const struct record *record, unsigned type, unsigned char name[NS_MAXCDNAME],
    struct dns_message *found)
{
	bool alias = record->type == ns_t_cname && type != ns_t_cname;
	size_t length;

	if (record->class != ns_c_in || (record->type != type && !alias)
	    || !slice_eqi(wire(record->owner), wire(name)))
		return true;
	if (record->ttl < found->ttl)
		found->ttl = record->ttl;
	if (!alias)
		return keep(r, record, &found->records);
	if (!unpack(slice_head(r->bytes, (size_t)(record->data.at - r->bytes.at) + record->data.n),
	        (size_t)(record->data.at - r->bytes.at), name, &length)
	    || length != record->data.n)
		return false;
	found->canonical = text(r->arena, name);
	return true;
}

bool
dns_message_read(struct arena *arena, slice bytes, unsigned type, struct dns_message *message)
{
	struct reader r = { .arena = arena, .bytes = bytes, .at = 2 };
	struct dns_message found = { .ttl = UINT32_MAX };
	uint32_t flags, questions, answers, asked, class;
	unsigned char name[NS_MAXCDNAME];
	struct record record;
	size_t length;

	if (bytes.n < HEADER_SIZE || !number(&r, 2, &flags) || !number(&r, 2, &questions)
	    || !number(&r, 2, &answers) || !(flags & 0x8000) || questions != 1)
		return false;
	r.at = HEADER_SIZE;
	if (!unpack(bytes, r.at, name, &length))
		return false;
	r.at += length;
	if (!number(&r, 2, &asked) || !number(&r, 2, &class) || asked != type || class != ns_c_in)
		return false;
	for (; answers > 0; answers--)
		if (!read_record(&r, &record) || !take(&r, &record, type, name, &found))
			return false;
	found.rcode = flags & 0xf;
	if (found.ttl == UINT32_MAX)
		found.ttl = 0;
	*message = found;
	return true;
}
