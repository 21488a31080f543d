/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of the DNS, by a table of messages: aliases, names that point elsewhere, records of others,
 * and each message cut at every place, which makes it none.
 */
#include "check.h"

#include <arpa/nameser.h>

#include "dns_message.h"

#define HEAD(flags, answers) "\x12\x34" flags "\0\1\0" answers "\0\0\0\0"
#define ANSWER "\x81\x80"
#define QUESTION(type) "\1a\4test\0\0" type "\0\1"
#define AT "\xc0\x0c" /* the name in the question */
#define TTL "\0\0\1\x2c"
#define RR(type, ttl, length, data) "\0" type "\0\1" ttl "\0" length data
#define A "\1"
#define CNAME "\5"
#define SOA "\6"
#define PTR "\14"
#define MX "\17"
#define TXT "\20"
#define SRV "\41"

static const struct {
	const char *name;
	slice bytes;
	unsigned type, rcode;
	slice records[3], canonical;
	uint32_t ttl;
} messages[] = {
	{ "one address", SLICE(HEAD(ANSWER, "\1") QUESTION(A) AT RR(A, TTL, "\4", "\177\0\0\1")),
	    ns_t_a, 0, { SLICE("\177\0\0\1") }, SLICE(""), 300 },
	{ "letter case of names does not count",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(A) "\1A\4TesT\0" RR(A, TTL, "\4", "\177\0\0\1")),
	    ns_t_a, 0, { SLICE("\177\0\0\1") }, SLICE(""), 300 },
	{ "the least TTL counts",
	    SLICE(HEAD(ANSWER, "\2") QUESTION(A) AT RR(A, TTL, "\4", "\177\0\0\1")
	            AT RR(A, "\0\0\0\7", "\4", "\177\0\0\2")),
	    ns_t_a, 0, { SLICE("\177\0\0\1"), SLICE("\177\0\0\2") }, SLICE(""), 7 },
	{ "a TTL with its first bit set is none",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(A) AT RR(A, "\x80\0\0\7", "\4", "\177\0\0\1")),
	    ns_t_a, 0, { SLICE("\177\0\0\1") }, SLICE(""), 0 },
	{ "no such name", SLICE(HEAD("\x81\x83", "\0") QUESTION(A)), ns_t_a, ns_r_nxdomain,
	    { { 0 } }, SLICE(""), 0 },
	{ "no data", SLICE(HEAD(ANSWER, "\0") QUESTION(A)), ns_t_a, 0, { { 0 } }, SLICE(""), 0 },
	{ "refused", SLICE(HEAD("\x81\x85", "\0") QUESTION(A)), ns_t_a, ns_r_refused, { { 0 } },
	    SLICE(""), 0 },
	{ "an alias",
	    SLICE(HEAD(ANSWER, "\2") QUESTION(A) AT RR(CNAME, "\0\0\0\5", "\4",
	        "\1b\xc0\x0e") "\1b\xc0\x0e" RR(A, TTL, "\4", "\177\0\0\1")),
	    ns_t_a, 0, { SLICE("\177\0\0\1") }, SLICE("b.test"), 5 },
	{ "an alias of a name that is not there",
	    SLICE(HEAD("\x81\x83", "\1") QUESTION(A) AT RR(CNAME, TTL, "\4", "\1b\xc0\x0e")),
	    ns_t_a, ns_r_nxdomain, { { 0 } }, SLICE("b.test"), 300 },
	{ "an alias with odd characters",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(A) AT RR(CNAME, TTL, "\7", "\4b.\\\0\xc0\x0e")),
	    ns_t_a, 0, { { 0 } }, SLICE("b\\.\\\\\\000.test"), 300 },
	{ "the alias itself is asked for",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(CNAME) AT RR(CNAME, TTL, "\4", "\1b\xc0\x0e")),
	    ns_t_cname, 0, { SLICE("\1b\4test\0") }, SLICE(""), 300 },
	{ "records of another name, type and class",
	    SLICE(HEAD(ANSWER, "\4") QUESTION(A) "\1b\xc0\x0e" RR(A, TTL, "\4", "\177\0\0\2")
	            AT RR(TXT, TTL, "\2", "\1x") AT "\0" A "\0\3" TTL "\0\4"
	                                            "\177\0\0\3" AT RR(A, TTL, "\4", "\177\0\0\1")),
	    ns_t_a, 0, { SLICE("\177\0\0\1") }, SLICE(""), 300 },
	{ "a mail exchanger, compressed",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\7", "\0\12\2mx\xc0\x0c")),
	    ns_t_mx, 0, { SLICE("\0\12\2mx\1a\4test\0") }, SLICE(""), 300 },
	{ "a null MX", SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\3", "\0\0\0")),
	    ns_t_mx, 0, { SLICE("\0\0\0") }, SLICE(""), 300 },
	{ "a pointer", SLICE(HEAD(ANSWER, "\1") QUESTION(PTR) AT RR(PTR, TTL, "\2", "\xc0\x0e")),
	    ns_t_ptr, 0, { SLICE("\4test\0") }, SLICE(""), 300 },
	{ "a service",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(SRV) AT RR(SRV, TTL, "\10", "\0\1\0\2\0\31\xc0\x0c")),
	    ns_t_srv, 0, { SLICE("\0\1\0\2\0\31\1a\4test\0") }, SLICE(""), 300 },
	{ "a start of authority",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(SOA) AT RR(
	        SOA, TTL, "\30", "\xc0\x0c\xc0\x0e\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5")),
	    ns_t_soa, 0, { SLICE("\1a\4test\0\4test\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5") },
	    SLICE(""), 300 },
	{ "text is left as it is, with nothing in it too",
	    SLICE(HEAD(ANSWER, "\2") QUESTION(TXT) AT RR(TXT, TTL, "\3", "\2\xc0\x0c")
	            AT RR(TXT, TTL, "\0", "")),
	    ns_t_txt, 0, { SLICE("\2\xc0\x0c"), SLICE("") }, SLICE(""), 300 },
};

static const struct {
	const char *name;
	slice bytes;
	unsigned type;
} none[] = {
	{ "a question", SLICE(HEAD("\1\0", "\0") QUESTION(A)), ns_t_a },
	{ "another type was asked for", SLICE(HEAD(ANSWER, "\0") QUESTION(TXT)), ns_t_a },
	{ "no question", SLICE("\x12\x34" ANSWER "\0\0\0\0\0\0\0\0"), ns_t_a },
	{ "two questions", SLICE("\x12\x34" ANSWER "\0\2\0\0\0\0\0\0" QUESTION(A) QUESTION(A)),
	    ns_t_a },
	{ "another class", SLICE(HEAD(ANSWER, "\0") "\1a\4test\0\0\1\0\3"), ns_t_a },
	{ "a name that points to itself", SLICE(HEAD(ANSWER, "\0") "\xc0\x0c\0\1\0\1"), ns_t_a },
	{ "names in a circle",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(A) "\xc0\x1a\xc0\x18" RR(A, TTL, "\4", "\177\0\0\1")),
	    ns_t_a },
	{ "a label of 64 bytes or of another kind", SLICE(HEAD(ANSWER, "\0") "\x40x\0\0\1\0\1"),
	    ns_t_a },
	{ "a mail exchanger behind its own end",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\4", "\0\12\2mx\0")), ns_t_mx },
	{ "a mail exchanger before its own end",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\5", "\0\12\xc0\x0c\0")),
	    ns_t_mx },
	{ "a mail exchanger without a name",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\2", "\0\12")), ns_t_mx },
	{ "half a preference", SLICE(HEAD(ANSWER, "\1") QUESTION(MX) AT RR(MX, TTL, "\1", "\0")),
	    ns_t_mx },
	{ "an alias with something behind it",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(A) AT RR(CNAME, TTL, "\3", "\xc0\x0e\0")), ns_t_a },
	{ "a start of authority that lacks a number",
	    SLICE(HEAD(ANSWER, "\1") QUESTION(SOA)
	            AT RR(SOA, TTL, "\24", "\xc0\x0c\xc0\x0e\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4")),
	    ns_t_soa },
};

static void
test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct dns_message got;
		size_t n = 0;

		if (!dns_message_read(arena, messages[i].bytes, messages[i].type, &got))
			fail_msg("%s: is none", messages[i].name);
		while (n < 3 && messages[i].records[n].at)
			n++;
		check_number(messages[i].name, "rcode", got.rcode, messages[i].rcode);
		check_number(messages[i].name, "TTL", got.ttl, messages[i].ttl);
		check_slice(messages[i].name, "canonical", got.canonical, messages[i].canonical);
		check_number(messages[i].name, "records", (long long)got.records.n, (long long)n);
		for (size_t j = 0; j < n; j++)
			check_slice(messages[i].name, "record", got.records.items[j],
			    messages[i].records[j]);
		arena_free(arena);
	}
}

/* Of bytes that end where they end: the sanitizers see one too many that is read. */
static bool
read_copy(slice bytes, unsigned type)
{
	struct arena *arena = arena_new(1 << 20);
	char *copy = test_malloc(bytes.n + !bytes.n);
	struct dns_message got;
	bool good;

	memcpy(copy, bytes.at, bytes.n);
	good = dns_message_read(arena, (slice){ copy, bytes.n }, type, &got);
	test_free(copy);
	arena_free(arena);
	return good;
}

static void
test_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (read_copy(none[i].bytes, none[i].type))
			fail_msg("%s: is taken", none[i].name);
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
		for (size_t n = 0; n < messages[i].bytes.n; n++)
			if (read_copy(slice_head(messages[i].bytes, n), messages[i].type))
				fail_msg("%s: %zu bytes of it are taken", messages[i].name, n);
}

static void
test_many(void **state)
{
	struct arena *arena = arena_new(8 << 20);
	struct str bytes = str_in(arena);
	struct dns_message got;

	(void)state;
	for (unsigned n = 500; n <= 501; n++) {
		bytes = str_in(arena);
		str_add(&bytes, S("\x12\x34" ANSWER "\0\1\1"));
		str_addc(&bytes, (char)(n & 0xff));
		str_add(&bytes, S("\0\0\0\0" QUESTION(A)));
		for (unsigned i = 0; i < n; i++)
			str_add(&bytes, S(AT RR(A, TTL, "\4", "\177\0\0\1")));
		assert_int_equal(
		    dns_message_read(arena, str_slice(&bytes), ns_t_a, &got), n <= 500);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
