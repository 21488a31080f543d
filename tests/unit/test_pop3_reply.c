/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POP3's grammar, by tables: status lines and their codes, listings, the greeting's timestamp, and
 * messages in one piece, byte by byte and cut at every place.
 */
#include "check.h"

#include "pop3_reply.h"

static const struct {
	slice line;
	enum pop3_status status;
	slice code, text;
} replies[] = {
	{ SLICE("+OK"), POP3_OK, SLICE(""), SLICE("") },
	{ SLICE("+OK "), POP3_OK, SLICE(""), SLICE("") },
	{ SLICE("+ok  hello "), POP3_OK, SLICE(""), SLICE("hello") },
	{ SLICE("+OK\tready"), POP3_OK, SLICE(""), SLICE("ready") },
	{ SLICE("+OK Dovecot ready. <1a2b.3.4@mx.test>"), POP3_OK, SLICE(""),
	    SLICE("Dovecot ready. <1a2b.3.4@mx.test>") },
	{ SLICE("-ERR"), POP3_ERR, SLICE(""), SLICE("") },
	{ SLICE("-Err no"), POP3_ERR, SLICE(""), SLICE("no") },
	{ SLICE("-ERR [AUTH] Authentication failed."), POP3_ERR, SLICE("AUTH"),
	    SLICE("[AUTH] Authentication failed.") },
	{ SLICE("-ERR   [sys/temp]"), POP3_ERR, SLICE("sys/temp"), SLICE("[sys/temp]") },
	{ SLICE("-ERR [IN-USE]locked"), POP3_ERR, SLICE("IN-USE"), SLICE("[IN-USE]locked") },
	{ SLICE("+OK [LOGIN-DELAY] hm"), POP3_OK, SLICE("LOGIN-DELAY"), SLICE("[LOGIN-DELAY] hm") },
	{ SLICE("-ERR not [AUTH] first"), POP3_ERR, SLICE(""), SLICE("not [AUTH] first") },
	{ SLICE("-ERR [AUTH"), POP3_ERR, SLICE(""), SLICE("[AUTH") },
	{ SLICE("-ERR [not a code] no"), POP3_ERR, SLICE(""), SLICE("[not a code] no") },
	{ SLICE("-ERR [] no"), POP3_ERR, SLICE(""), SLICE("[] no") },
	{ SLICE("-ERR ["), POP3_ERR, SLICE(""), SLICE("[") },
	{ SLICE("-ERR [\xc3\xa9] no"), POP3_ERR, SLICE(""), SLICE("[\xc3\xa9] no") },
	{ SLICE("+"), POP3_CONTINUE, SLICE(""), SLICE("") },
	{ SLICE("+ "), POP3_CONTINUE, SLICE(""), SLICE("") },
	{ SLICE("+ PDE4OTYu"), POP3_CONTINUE, SLICE(""), SLICE("PDE4OTYu") },
	{ SLICE("+ [AUTH]"), POP3_CONTINUE, SLICE(""), SLICE("[AUTH]") },
};

static const slice no_replies[] = {
	SLICE(""),
	SLICE(" "),
	SLICE("OK"),
	SLICE(" +OK"),
	SLICE("+OKAY"),
	SLICE("+OK, ready"),
	SLICE("+O"),
	SLICE("-"),
	SLICE("-ER"),
	SLICE("-ERROR"),
	SLICE("-ERR: no"),
	SLICE("+PDE4OTYu"),
	SLICE("++ a"),
	SLICE("-OK"),
	SLICE("+ERR"),
	SLICE("."),
	SLICE("220 mx.test ESMTP"),
	SLICE("* OK IMAP4rev1"),
	SLICE("\xef\xbb\xbf+OK"),
};

static void
status_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		const char *name = replies[i].line.at, *why = NULL;
		struct pop3_reply reply;

		check_number(name, "read", pop3_reply_parse(replies[i].line, &reply, &why), true);
		check_number(name, "status", reply.status, replies[i].status);
		check_slice(name, "code", reply.code, replies[i].code);
		check_slice(name, "text", reply.text, replies[i].text);
	}
}

static void
what_is_no_status_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof no_replies / sizeof *no_replies; i++) {
		struct pop3_reply reply;
		const char *why = NULL;

		check_number(
		    no_replies[i].at, "read", pop3_reply_parse(no_replies[i], &reply, &why), false);
		assert_non_null(why);
	}
}

static void
codes_in_any_letter_case(void **state)
{
	struct pop3_reply reply;
	const char *why;

	(void)state;
	assert_true(pop3_reply_parse(S("-ERR [Sys/Temp] later"), &reply, &why));
	assert_true(pop3_code_is(&reply, S("SYS/TEMP")));
	assert_false(pop3_code_is(&reply, S("SYS")));
	assert_false(pop3_code_is(&reply, S("SYS/PERM")));
	assert_false(pop3_code_is(&reply, S("")));
	assert_true(pop3_reply_parse(S("-ERR later"), &reply, &why));
	assert_false(pop3_code_is(&reply, S("")));
}

static const struct {
	slice line;
	bool more;
	slice inner;
} lines[] = {
	{ SLICE("."), false, SLICE("") },
	{ SLICE(""), true, SLICE("") },
	{ SLICE(".."), true, SLICE(".") },
	{ SLICE("..."), true, SLICE("..") },
	{ SLICE(".x"), true, SLICE("x") },
	{ SLICE(". "), true, SLICE(" ") },
	{ SLICE("1 120"), true, SLICE("1 120") },
	{ SLICE("x."), true, SLICE("x.") },
};

static void
lines_of_a_multi_line_reply(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		slice inner = S("");

		check_number(
		    lines[i].line.at, "more", pop3_line(lines[i].line, &inner), lines[i].more);
		check_slice(lines[i].line.at, "inner", inner, lines[i].inner);
	}
}

enum { NONE = -1 };

static const struct {
	slice text;
	long long number, size;
} pairs[] = {
	{ SLICE("1 120"), 1, 120 },
	{ SLICE("0 0"), 0, 0 },
	{ SLICE("2  \t 320"), 2, 320 },
	{ SLICE(" 2 320"), 2, 320 },
	{ SLICE("2 320 "), 2, 320 },
	{ SLICE("2 320 octets"), 2, 320 },
	{ SLICE("007 08"), 7, 8 },
	{ SLICE("4294967295 9007199254740992"), 4294967295, 9007199254740992 },
	{ SLICE("4294967296 1"), NONE, 0 },
	{ SLICE("1 9007199254740993"), NONE, 0 },
	{ SLICE("1 18446744073709551615"), NONE, 0 },
	{ SLICE("1 99999999999999999999999999"), NONE, 0 },
	{ SLICE(""), NONE, 0 },
	{ SLICE(" "), NONE, 0 },
	{ SLICE("1"), NONE, 0 },
	{ SLICE("1 "), NONE, 0 },
	{ SLICE("x 1"), NONE, 0 },
	{ SLICE("1 x"), NONE, 0 },
	{ SLICE("1 -1"), NONE, 0 },
	{ SLICE("-1 1"), NONE, 0 },
	{ SLICE("+1 1"), NONE, 0 },
	{ SLICE("1 0x10"), NONE, 0 },
	{ SLICE("1 1e3"), NONE, 0 },
	{ SLICE("1 320octets"), NONE, 0 },
	{ SLICE("1,2"), NONE, 0 },
	{ SLICE("1. 120"), NONE, 0 },
	{ SLICE("\xd9\xa1 1"), NONE, 0 },
};

static void
numbers_and_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		uint64_t number = 77, size = 77;
		bool got = pop3_pair(pairs[i].text, &number, &size);
		bool wanted = pairs[i].number != NONE;

		check_number(pairs[i].text.at, "read", got, wanted);
		check_number(
		    pairs[i].text.at, "number", (long long)number, wanted ? pairs[i].number : 77);
		check_number(
		    pairs[i].text.at, "size", (long long)size, wanted ? pairs[i].size : 77);
	}
}

static const struct {
	slice text;
	long long number;
	slice id;
} ids[] = {
	{ SLICE("1 whqtswO00WBw418f9t5JxYwZ"), 1, SLICE("whqtswO00WBw418f9t5JxYwZ") },
	{ SLICE("2  000000054c9b5f6b "), 2, SLICE("000000054c9b5f6b") },
	{ SLICE("3 a b"), 3, SLICE("a") },
	{ SLICE("4 \xc3\xa9"), 4, SLICE("\xc3\xa9") },
	{ SLICE("5 1234567890123456789012345678901234567890123456789012345678901234567890+"), 5,
	    SLICE("1234567890123456789012345678901234567890123456789012345678901234567890+") },
	{ SLICE("0 x"), NONE, SLICE("") },
	{ SLICE("1"), NONE, SLICE("") },
	{ SLICE("1 "), NONE, SLICE("") },
	{ SLICE("x 1"), NONE, SLICE("") },
	{ SLICE(""), NONE, SLICE("") },
	{ SLICE("4294967296 x"), NONE, SLICE("") },
};

static void
unique_ids(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		uint64_t number = 77;
		slice id = S("");
		bool wanted = ids[i].number != NONE;

		check_number(
		    ids[i].text.at, "read", pop3_unique_id(ids[i].text, &number, &id), wanted);
		check_number(
		    ids[i].text.at, "number", (long long)number, wanted ? ids[i].number : 77);
		check_slice(ids[i].text.at, "id", id, ids[i].id);
	}
}

static const struct {
	slice line, keyword, parameters;
} capabilities[] = {
	{ SLICE("STLS"), SLICE("STLS"), SLICE("") },
	{ SLICE("SASL PLAIN LOGIN"), SLICE("SASL"), SLICE("PLAIN LOGIN") },
	{ SLICE(" SASL\tPLAIN  LOGIN "), SLICE("SASL"), SLICE("PLAIN  LOGIN") },
	{ SLICE("EXPIRE 60 USER"), SLICE("EXPIRE"), SLICE("60 USER") },
	{ SLICE("A=B C"), SLICE("A=B"), SLICE("C") },
	{ SLICE(""), SLICE(""), SLICE("") },
	{ SLICE("  "), SLICE(""), SLICE("") },
};

static void
capability_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
		slice parameters, keyword = pop3_keyword(capabilities[i].line, &parameters);

		check_slice(capabilities[i].line.at, "keyword", keyword, capabilities[i].keyword);
		check_slice(
		    capabilities[i].line.at, "parameters", parameters, capabilities[i].parameters);
	}
}

static const struct {
	slice greeting, timestamp;
} greetings[] = {
	{ SLICE("POP3 server ready <1896.697170952@dbc.mtview.ca.us>"),
	    SLICE("<1896.697170952@dbc.mtview.ca.us>") },
	{ SLICE("<1.2@a>"), SLICE("<1.2@a>") },
	{ SLICE("ready <1.2@a> [x] (y)"), SLICE("<1.2@a>") },
	{ SLICE("a <b> c <1.2@a> d"), SLICE("<1.2@a>") },
	{ SLICE("a < b <1.2@a> d"), SLICE("<1.2@a>") },
	{ SLICE("<1@a> <2@b>"), SLICE("<1@a>") },
	{ SLICE("<1@(none)>"), SLICE("<1@(none)>") },
	{ SLICE("ready"), SLICE("") },
	{ SLICE(""), SLICE("") },
	{ SLICE("<"), SLICE("") },
	{ SLICE(">"), SLICE("") },
	{ SLICE("<>"), SLICE("") },
	{ SLICE("<@>"), SLICE("") },
	{ SLICE("<a@>"), SLICE("") },
	{ SLICE("<@a>"), SLICE("") },
	{ SLICE("<a>"), SLICE("") },
	{ SLICE("<a@b"), SLICE("") },
	{ SLICE("a@b>"), SLICE("") },
	{ SLICE("<a@b@c>"), SLICE("") },
	{ SLICE("<a@@c>"), SLICE("") },
	{ SLICE("<a b@c>"), SLICE("") },
	{ SLICE("<a\t@c>"), SLICE("") },
	{ SLICE("<a\x01@c>"), SLICE("") },
	{ SLICE("<a\x7f@c>"), SLICE("") },
	{ SLICE("<a\xff@c>"), SLICE("") },
	{ SLICE("><<><"), SLICE("") },
};

static void
timestamps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++)
		check_slice(greetings[i].greeting.at, "timestamp",
		    pop3_timestamp(greetings[i].greeting), greetings[i].timestamp);
}

/* What a server sends, how much of it is the message and its end, and what it comes to. */
static const struct {
	slice sent;
	size_t taken; /* its end included; all of it and no end where it does not come */
	bool done;
	unsigned long long octets, crlf, lf;
} messages[] = {
	{ SLICE(".\r\n"), 3, true, 0, 0, 0 },
	{ SLICE(".\n"), 2, true, 0, 0, 0 },
	{ SLICE(".\r\n+OK\r\n"), 3, true, 0, 0, 0 },
	{ SLICE(".\n.\n"), 2, true, 0, 0, 0 },
	{ SLICE("a\r\n.\r\nb"), 6, true, 3, 1, 0 },
	{ SLICE("a\n.\nb"), 4, true, 2, 0, 1 },
	{ SLICE("a\n.\r\n"), 5, true, 2, 0, 1 },
	{ SLICE("a\r\n.\n"), 5, true, 3, 1, 0 },
	{ SLICE("a\r\nb\nc\r\n.\r\n"), 11, true, 8, 2, 1 },
	{ SLICE("\r\n\r\n.\r\n"), 7, true, 4, 2, 0 },
	{ SLICE("..\r\n.\r\n"), 7, true, 3, 1, 0 },
	{ SLICE("...\r\n.\r\n"), 8, true, 4, 1, 0 },
	{ SLICE(".a\r\n.\r\n"), 7, true, 3, 1, 0 },
	{ SLICE("a.\r\n.\r\n"), 7, true, 4, 1, 0 },
	{ SLICE("a\r\n .\r\n.\r\n"), 10, true, 7, 2, 0 },
	{ SLICE(". \r\n.\r\n"), 7, true, 3, 1, 0 },
	{ SLICE(".\r.\r\n.\r\n"), 8, true, 4, 1, 0 },
	{ SLICE(".\r\r\n.\r\n"), 7, true, 3, 1, 0 },
	{ SLICE("\r.\r\n.\r\n"), 7, true, 4, 1, 0 },
	{ SLICE("a\r\r\n.\r\n"), 7, true, 4, 1, 0 },
	{ SLICE("a\rb\r\n.\r\n"), 8, true, 5, 1, 0 },
	{ SLICE("a\0b\r\n\0\r\n.\r\n"), 11, true, 8, 2, 0 },
	{ SLICE("\0.\r\n.\r\n"), 7, true, 4, 1, 0 },
	{ SLICE(".\0\r\n.\r\n"), 7, true, 3, 1, 0 },
	{ SLICE("\xff\xfe\r\n.\r\n"), 7, true, 4, 1, 0 },
	{ SLICE(""), 0, false, 0, 0, 0 },
	{ SLICE("a\r\n"), 3, false, 3, 1, 0 },
	{ SLICE("a\r\n."), 4, false, 3, 1, 0 },
	{ SLICE("a\r\n.\r"), 5, false, 3, 1, 0 },
	{ SLICE("a."), 2, false, 2, 0, 0 },
	{ SLICE("a.\r\n"), 4, false, 4, 1, 0 },
	{ SLICE("a\r.\r"), 4, false, 4, 0, 0 },
};

/* Feeds it in pieces of `step` bytes; the last may be shorter. */
static size_t
feed(slice sent, size_t step, struct pop3_content *content, bool *done)
{
	size_t taken = 0;

	*content = (struct pop3_content){ 0 };
	*done = false;
	while (taken < sent.n && !*done)
		taken += pop3_content_feed(
		    content, slice_head(slice_skip(sent, taken), step), done);
	return taken;
}

static void
messages_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		for (size_t step = 1; step <= messages[i].sent.n + 1; step++) {
			struct pop3_content content;
			bool done;
			char name[200];
			size_t taken = feed(messages[i].sent, step, &content, &done);

			snprintf(name, sizeof name, "message %zu in steps of %zu", i, step);
			check_number(name, "taken", (long long)taken, (long long)messages[i].taken);
			check_number(name, "done", done, messages[i].done);
			check_number(name, "octets", (long long)content.octets,
			    (long long)messages[i].octets);
			check_number(
			    name, "crlf", (long long)content.crlf, (long long)messages[i].crlf);
			check_number(name, "lf", (long long)content.lf, (long long)messages[i].lf);
		}
}

/* The sizes that the same content may have in a listing, and the nearest that it may not. */
static const struct {
	slice sent;
	unsigned long long good[6], bad[6];
} sizes[] = {
	/* 1939's own, without the last line end; Courier's, without it. */
	{ SLICE("abc\r\ndef\r\n.\r\n"), { 10, 8, 8, 7 }, { 0, 6, 9, 11 } },
	{ SLICE("abc\r\ndef\r\nghi\r\n.\r\n"), { 15, 13, 12, 11 }, { 9, 10, 14, 16 } },
	{ SLICE("abc\ndef\nghi\n.\n"), { 15, 13, 12, 11 }, { 9, 10, 14, 16 } },
	{ SLICE("abc\r\ndef\nghi\r\n.\r\n"), { 14, 15, 13, 12 }, { 9, 10, 16 } },
	{ SLICE("\r\n.\r\n"), { 2, 1 }, { 3, 4 } },
	{ SLICE("..\r\n.\r\n"), { 3, 2, 1 }, { 0, 4 } },
	{ SLICE(".\r\n"), { 0 }, { 1, 2, 3, UINT64_MAX, UINT64_MAX - 1 } },
};

static void
sizes_of_listings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct pop3_content content;
		bool done;

		feed(sizes[i].sent, 4096, &content, &done);
		for (size_t j = 0; j < 6 && (j == 0 || sizes[i].good[j] > 0); j++)
			check_number(sizes[i].sent.at, "fits",
			    pop3_content_fits(&content, sizes[i].good[j])
			        ? (long long)sizes[i].good[j]
			        : -1,
			    (long long)sizes[i].good[j]);
		for (size_t j = 0; j < 6 && (j == 0 || sizes[i].bad[j] > 0); j++)
			if (sizes[i].bad[j] > 0)
				check_number(sizes[i].sent.at, "does not fit",
				    pop3_content_fits(&content, sizes[i].bad[j])
				        ? (long long)sizes[i].bad[j]
				        : -1,
				    -1);
	}
}

/* No limit: four gigabytes in one line, counted. */
static void
a_line_has_no_limit(void **state)
{
	static char piece[1 << 20];
	struct pop3_content content = { 0 };
	bool done = false;

	(void)state;
	memset(piece, 'x', sizeof piece);
	for (int i = 0; i < 4096; i++)
		assert_int_equal(pop3_content_feed(&content, (slice){ piece, sizeof piece }, &done),
		    sizeof piece);
	assert_false(done);
	assert_int_equal(pop3_content_feed(&content, S("\r\n.\r\n"), &done), 5);
	assert_true(done);
	assert_true(content.octets == (UINT64_C(1) << 32) + 2 && content.crlf == 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_lines),
		cmocka_unit_test(what_is_no_status_line),
		cmocka_unit_test(codes_in_any_letter_case),
		cmocka_unit_test(lines_of_a_multi_line_reply),
		cmocka_unit_test(numbers_and_sizes),
		cmocka_unit_test(unique_ids),
		cmocka_unit_test(capability_lines),
		cmocka_unit_test(timestamps),
		cmocka_unit_test(messages_in_pieces),
		cmocka_unit_test(sizes_of_listings),
		cmocka_unit_test(a_line_has_no_limit),
	};

	return cmocka_run_group_tests_name("pop3_reply", tests, NULL, NULL);
}
