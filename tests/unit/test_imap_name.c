/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mailbox names: the examples of RFC 3501 section 5.1.3 and names as people give them, both ways;
 * and what only resembles the form, which is shown as it came.
 */
#include "check.h"

#include "imap_name.h"

static const struct {
	slice name, encoded;
} pairs[] = {
	{ SLICE("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"),
	  SLICE("~peter/mail/&U,BTFw-/&ZeVnLIqe-") },
	{ SLICE("Entw\xc3\xbcrfe"), SLICE("Entw&APw-rfe") },
	{ SLICE("Gel\xc3\xb6schte Objekte"), SLICE("Gel&APY-schte Objekte") },
	{ SLICE("\xc3\x89l\xc3\xa9ments envoy\xc3\xa9s"), SLICE("&AMk-l&AOk-ments envoy&AOk-s") },
	{ SLICE("[Gmail]/Papierkorb & M\xc3\xbcll"), SLICE("[Gmail]/Papierkorb &- M&APw-ll") },
	{ SLICE("\xd0\x9e\xd1\x82\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbd\xd1\x8b"
	        "\xd0\xb5"),
	  SLICE("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-") },
	{ SLICE("\xf0\x9f\x93\xa7"), SLICE("&2D3c5w-") },
	{ SLICE("a\xf4\x8f\xbf\xbf" "b"), SLICE("a&2,,f,w-b") },
	{ SLICE("\xf0\x90\x80\x80"), SLICE("&2ADcAA-") },
	{ SLICE("\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"), SLICE("&1,,gAP,,-") },
	{ SLICE("\xc3\xa4-\xc3\xa4"), SLICE("&AOQ--&AOQ-") },
	{ SLICE("\xc3\xa4&\xc3\xa4"), SLICE("&AOQ-&-&AOQ-") },
	{ SLICE("&&\xc2\x80"), SLICE("&-&-&AIA-") },
	{ SLICE("\t\xc3\xa4\x7f\n"), SLICE("&AAkA5AB,AAo-") },
};

/* All ASCII: as it stands, since it may be encoded already. */
static const slice plain[] = {
	SLICE("INBOX"),
	SLICE(""),
	SLICE("Entw&APw-rfe"),
	SLICE("Papierkorb & Co"),
	SLICE("a\\\"b\t"),
};

static const slice not_utf8[] = {
	SLICE("\xe4"),
	SLICE("Entw\xfcrfe"),
	SLICE("a\xc3"),
	SLICE("\xc3\xa4\xe2\x82"),
	SLICE("\xc0\x80"),
	SLICE("\xed\xa0\x80"),
	SLICE("\xf4\x90\x80\x80"),
	SLICE("\x80"),
};

static const struct {
	slice encoded, shown;
} decoded[] = {
	{ SLICE("INBOX"), SLICE("INBOX") },
	{ SLICE(""), SLICE("") },
	{ SLICE("&-"), SLICE("&") },
	{ SLICE("&AOQ-&AOQ-"), SLICE("\xc3\xa4\xc3\xa4") },
	{ SLICE("&AOQA9g-"), SLICE("\xc3\xa4\xc3\xb6") },
};

/* Not in the form, and shown as they stand. */
static const slice odd[] = {
	SLICE("&"),
	SLICE("a & b"),
	SLICE("R&D"),
	SLICE("R&D-x"),
	SLICE("&AOQ"),
	SLICE("&A-"),
	SLICE("&AO-"),
	SLICE("&AOR-"),          /* bits that are left over and not zero */
	SLICE("&AOQA-"),         /* a digit too many */
	SLICE("&AOQAA-"),        /* half a character */
	SLICE("&AOQ=-"),         /* padding */
	SLICE("&U/BTFw-"),       /* "/" for "," */
	SLICE("&AGEAYgBj-"),     /* what must not be shifted */
	SLICE("&ACY-"),          /* the same for "&" itself */
	SLICE("&AAA-"),          /* NUL */
	SLICE("&2D0-"),          /* half of a pair */
	SLICE("&3OfYPQ-"),       /* a pair the wrong way round */
	SLICE("&3Ofc5w-"),       /* two second halves */
	SLICE("&2D0A5A-"),       /* a pair with another for its second */
	SLICE("&AOQ-&AO"),       /* a good beginning */
	SLICE("Entw\xc3\xbcrfe"), /* UTF-8 */
	SLICE("Entw\xfcrfe &APw-"),
	SLICE("a\tb"),
	SLICE("a\0b"),
};

static struct arena *
memory(void)
{
	struct arena *arena = arena_new(1 << 16);

	assert_non_null(arena);
	return arena;
}

/* What comes of `name` behind what there was. */
static slice
shown(struct arena *arena, slice name)
{
	struct str out = str_in(arena);

	str_addz(&out, "x");
	imap_name_decode(&out, name);
	return slice_skip(str_slice(&out), 1);
}

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena *arena = memory();
		struct str out = str_in(arena);

		str_addz(&out, "\"");
		assert_true(imap_name_encode(&out, pairs[i].name));
		check_slice(pairs[i].encoded.at, "encoded", slice_skip(str_slice(&out), 1),
		    pairs[i].encoded);
		check_slice(pairs[i].encoded.at, "decoded", shown(arena, pairs[i].encoded),
		    pairs[i].name);
		arena_free(arena);
	}
}

static void
ascii_goes_as_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		struct arena *arena = memory();
		struct str out = str_in(arena);

		assert_true(imap_name_encode(&out, plain[i]));
		check_slice(plain[i].at, "encoded", str_slice(&out), plain[i]);
		arena_free(arena);
	}
}

static void
what_is_not_utf8_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof not_utf8 / sizeof *not_utf8; i++) {
		struct arena *arena = memory();
		struct str out = str_in(arena);

		str_addz(&out, "before");
		assert_false(imap_name_encode(&out, not_utf8[i]));
		check_slice(not_utf8[i].at, "what stood there", str_slice(&out), S("before"));
		arena_free(arena);
	}
}

static void
decoding(void **state)
{
	struct arena *arena = memory();

	(void)state;
	for (size_t i = 0; i < sizeof decoded / sizeof *decoded; i++)
		check_slice(decoded[i].encoded.at, "shown", shown(arena, decoded[i].encoded),
		    decoded[i].shown);
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		check_slice(odd[i].at, "shown", shown(arena, odd[i]), odd[i]);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(ascii_goes_as_it_stands),
		cmocka_unit_test(what_is_not_utf8_is_refused),
		cmocka_unit_test(decoding),
	};

	return cmocka_run_group_tests_name("imap_name", tests, NULL, NULL);
}
