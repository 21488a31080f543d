/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: whole ones for the plain cases, single fields and bodies for the others, and for
 * everything that is made the rules that every message has to keep.
 */
#include "check.h"

#include "b64.h"
#include "message.h"

#define NOW 1700000000 /* Tue, 14 Nov 2023 22:13:20 UTC */
#define DATE "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
#define ID "Message-ID: <1@mx.test>\r\n"
#define AUTO "Auto-Submitted: auto-generated\r\n"
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LINE_990 \
	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN TEN TEN TEN \
	    TEN TEN TEN TEN TEN
#define LINE_998 LINE_990 "01234567"
#define EURO "\xe2\x82\xac"
#define EUROS_8 EURO EURO EURO EURO EURO EURO EURO EURO

enum { LISTED = 8 };

struct sample {
	const char *name;
	struct message_opts opts; /* now, host and id are filled in where they are missing */
	slice rcpt[LISTED], headers[LISTED];
	slice text;     /* the whole message, or: */
	slice field;    /* a line or lines that must be in the header */
	slice no_field; /* and what must not */
	slice body;     /* all behind the empty line; missing: not compared */
	slice id;
	bool eight_bit, utf8;
};

/* clang-format off */
static const struct sample good[] = {
	{ .name = "plain", .opts = { .from = SLICE("a@x.test"), .subject = SLICE("Hello"),
	    .body = SLICE("one\ntwo\r\n.\nend") }, .rcpt = { SLICE("b@y.test") },
	  .id = SLICE("<1@mx.test>"), .text = SLICE(DATE "From: a@x.test\r\nTo: b@y.test\r\n"
	    "Subject: Hello\r\n" ID AUTO "\r\none\r\ntwo\r\n.\r\nend\r\n") },
	{ .name = "null sender, address literal, no recipient, empty body",
	  .opts = { .host = SLICE("[127.0.0.1]"), .body = SLICE(""), .subject = SLICE("") },
	  .id = SLICE("<1@[127.0.0.1]>"), .text = SLICE(DATE "From: mailprobe@[127.0.0.1]\r\n"
	    "To: undisclosed-recipients:;\r\nSubject: \r\nMessage-ID: <1@[127.0.0.1]>\r\n" AUTO "\r\n") },
	{ .name = "fields replaced in place, others behind ours",
	  .opts = { .body = SLICE("x\n"), .from = SLICE("a@x.test") }, .rcpt = { SLICE("b@y.test") },
	  .headers = { SLICE("X-Probe: 1"), SLICE("SUBJECT: theirs"), SLICE("message-id:  <own@id> "),
	    SLICE("From: Somebody <a@x.test>"), SLICE("X-Probe: 2"), SLICE("Auto-submitted: no") },
	  .id = SLICE("<own@id>"), .text = SLICE(DATE "From: Somebody <a@x.test>\r\nTo: b@y.test\r\n"
	    "SUBJECT: theirs\r\nmessage-id:  <own@id> \r\nAuto-submitted: no\r\n"
	    "X-Probe: 1\r\nX-Probe: 2\r\n\r\nx\r\n") },
	{ .name = "defaults", .opts = { .from = SLICE("a@x.test") }, .rcpt = { SLICE("b@y.test") },
	  .field = SLICE("\r\nSubject: mailprobe test message\r\n"), .no_field = SLICE("MIME-Version") },
	{ .name = "many recipients are folded", .opts = { .body = SLICE("") },
	  .rcpt = { SLICE("recipient.number.one@a-host.test"), SLICE("recipient.two@a-host.test"),
	    SLICE("recipient.number.three@a-host.test"), SLICE("four@x") },
	  .field = SLICE("\r\nTo: recipient.number.one@a-host.test, recipient.two@a-host.test,\r\n"
	    " recipient.number.three@a-host.test, four@x\r\n") },
	{ .name = "a long subject is folded at its blanks", .opts = { .body = SLICE(""),
	    .subject = SLICE(TEN TEN TEN TEN " " TEN TEN TEN "  " TEN TEN) },
	  .field = SLICE("\r\nSubject: " TEN TEN TEN TEN "\r\n " TEN TEN TEN "  " TEN TEN "\r\n") },
	{ .name = "a subject in UTF-8", .opts = { .body = SLICE(""),
	    .subject = SLICE("Gr\xc3\xbc\xc3\x9f" "e") },
	  .field = SLICE("\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"), .no_field = SLICE("MIME") },
	{ .name = "encoded words hold whole characters", .opts = { .body = SLICE(""),
	    .subject = SLICE("x" EUROS_8 EUROS_8 EUROS_8 EUROS_8) },
	  .field = SLICE("\r\n"
	    "Subject: =?utf-8?B?eOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrOKCrA==?=\r\n"
	    " =?utf-8?B?4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs?=\r\n"
	    " =?utf-8?B?4oKs4oKs4oKs4oKs4oKs?=\r\n") },
	{ .name = "a subject in no known charset", .opts = { .body = SLICE(""),
	    .subject = SLICE("Gr\xfc\xdf" "e") },
	  .field = SLICE("\r\nSubject: =?unknown-8bit?B?R3L832U=?=\r\n") },
	{ .name = "8BITMIME", .opts = { .body = SLICE("\xc3\xa4\n"), .eight_bit = true },
	  .field = SLICE("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n"), .body = SLICE("\xc3\xa4\r\n"), .eight_bit = true },
	{ .name = "8BITMIME, no UTF-8", .opts = { .body = SLICE("\xe4\n"), .eight_bit = true },
	  .field = SLICE("Content-Type: text/plain; charset=unknown-8bit\r\n"),
	  .body = SLICE("\xe4\r\n"), .eight_bit = true },
	{ .name = "no 8BITMIME", .opts = { .body = SLICE("\xc3\xa4\n\r\n") },
	  .field = SLICE("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n"), .body = SLICE("w6QNCg0K\r\n") },
	{ .name = "8BITMIME is no excuse for a NUL", .opts = { .body = SLICE("\xc3\xa4\0"),
	    .eight_bit = true },
	  .field = SLICE("Content-Transfer-Encoding: base64\r\n"), .body = SLICE("w6QA\r\n") },
	{ .name = "a CR alone", .opts = { .body = SLICE("a\rb\n") },
	  .field = SLICE("charset=us-ascii\r\nContent-Transfer-Encoding: base64\r\n"),
	  .body = SLICE("YQ1iDQo=\r\n") },
	{ .name = "a CR at the end", .opts = { .body = SLICE("a\n\r") },
	  .field = SLICE("Content-Transfer-Encoding: base64\r\n"), .body = SLICE("YQ0KDQ==\r\n") },
	{ .name = "two CRs before a LF", .opts = { .body = SLICE("a\r\r\n") },
	  .field = SLICE("Content-Transfer-Encoding: base64\r\n"), .body = SLICE("YQ0NCg==\r\n") },
	{ .name = "the longest line", .opts = { .body = SLICE(LINE_998 "\r\n") },
	  .no_field = SLICE("MIME-Version"), .body = SLICE(LINE_998 "\r\n") },
	{ .name = "the longest line, not ended", .opts = { .body = SLICE("a\n" LINE_998) },
	  .no_field = SLICE("MIME-Version"), .body = SLICE("a\r\n" LINE_998 "\r\n") },
	{ .name = "a line too long", .opts = { .body = SLICE(LINE_998 "9\n") },
	  .field = SLICE("charset=us-ascii\r\nContent-Transfer-Encoding: base64\r\n") },
	{ .name = "a type from the options, plain body", .opts = { .body = SLICE("<p>\n") },
	  .headers = { SLICE("Content-Type: text/html") }, .body = SLICE("<p>\r\n"),
	  .field = SLICE("MIME-Version: 1.0\r\nContent-Type: text/html\r\n"),
	  .no_field = SLICE("Content-Transfer-Encoding") },
	{ .name = "a type from the options, encoded body", .opts = { .body = SLICE("\xe2\x82\xac") },
	  .headers = { SLICE("content-type: text/html") }, .body = SLICE("4oKs\r\n"),
	  .field = SLICE("MIME-Version: 1.0\r\ncontent-type: text/html\r\n"
	    "Content-Transfer-Encoding: base64\r\n") },
	{ .name = "an encoding from the options", .opts = { .body = SLICE("=E2=82=AC\n") },
	  .headers = { SLICE("Content-Transfer-Encoding: quoted-printable") },
	  .field = SLICE("MIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n"),
	  .body = SLICE("=E2=82=AC\r\n") },
	{ .name = "the longest field", .opts = { .body = SLICE("") },
	  .headers = { SLICE("X: " LINE_990 "01234") }, .field = SLICE("X: " LINE_990 "01234\r\n") },
	{ .name = "an internationalized recipient", .opts = { .body = SLICE("") },
	  .rcpt = { SLICE("j\xc3\xb6rg@x.test") }, .field = SLICE("\r\nTo: j\xc3\xb6rg@x.test\r\n"),
	  .utf8 = true },
	{ .name = "an internationalized recipient that the header does not show",
	  .opts = { .body = SLICE("") }, .rcpt = { SLICE("j\xc3\xb6rg@x.test") },
	  .headers = { SLICE("To: x@x.test") }, .field = SLICE("\r\nTo: x@x.test\r\n"), .utf8 = true },
	{ .name = "an internationalized sender", .headers = { SLICE("From: x@x.test") },
	  .opts = { .body = SLICE(""), .from = SLICE("j\xc3\xb6rg@x.test") }, .utf8 = true },
	{ .name = "a field in UTF-8", .opts = { .body = SLICE("") },
	  .headers = { SLICE("X-Name: J\xc3\xb6rg") }, .field = SLICE("X-Name: J\xc3\xb6rg\r\n"),
	  .utf8 = true },
};

static const struct sample bad[] = {
	{ .name = "a CR LF in a field", .headers = { SLICE("X: a\r\nBcc: b@y.test") } },
	{ .name = "a LF in a field", .headers = { SLICE("X: a\n b") } },
	{ .name = "a CR in a field", .headers = { SLICE("X: a\r") } },
	{ .name = "a NUL in a field", .headers = { SLICE("X: a\0") } },
	{ .name = "a field without colon", .headers = { SLICE("X-Probe") } },
	{ .name = "a field without name", .headers = { SLICE(": x") } },
	{ .name = "an empty field", .headers = { SLICE("") } },
	{ .name = "a blank in the name", .headers = { SLICE("Subject : x") } },
	{ .name = "a name that is not ASCII", .headers = { SLICE("S\xc3\xbc: x") } },
	{ .name = "a line end in the subject", .opts = { .subject = SLICE("a\r\nb") } },
	{ .name = "a line end in the sender", .opts = { .from = SLICE("a@x\nb") } },
	{ .name = "a line end in a recipient", .rcpt = { SLICE("a@x"), SLICE("b@y\r\nX: y") } },
	{ .name = "a line end in the host", .opts = { .host = SLICE("x\r\ny") } },
	{ .name = "a field too long", .headers = { SLICE("X: " LINE_990 "012345") } },
	{ .name = "a word too long", .opts = { .subject = SLICE(LINE_998) } },
	{ .name = "a field that is not UTF-8", .headers = { SLICE("X: \xe4") } },
	{ .name = "an address that is not UTF-8", .rcpt = { SLICE("\xe4@x.test") } },
	{ .name = "an encoding that cannot be kept", .opts = { .body = SLICE("\xc3\xa4") },
	  .headers = { SLICE("Content-Transfer-Encoding: 8bit") } },
	{ .name = "a multipart that cannot be kept", .opts = { .body = SLICE("--x\n\xc3\xa4\n--x--") },
	  .headers = { SLICE("Content-Type: Multipart/mixed; boundary=x") } },
	{ .name = "a message that cannot be kept", .opts = { .body = SLICE("\xc3\xa4") },
	  .headers = { SLICE("Content-Type:message/rfc822") } },
};
/* clang-format on */

static const struct {
	slice text, stuffed;
} stuffings[] = {
	{ SLICE(""), SLICE(".\r\n") },
	{ SLICE("a\r\n"), SLICE("a\r\n.\r\n") },
	{ SLICE(".\r\n"), SLICE("..\r\n.\r\n") },
	{ SLICE("..a\r\nb.\r\n.c\r\n\r\n.\r\n"), SLICE("...a\r\nb.\r\n..c\r\n\r\n..\r\n.\r\n") },
	{ SLICE("a"), SLICE("a\r\n.\r\n") },
	{ SLICE("."), SLICE("..\r\n.\r\n") },
	{ SLICE("a\0\r\n"), SLICE("a\0\r\n.\r\n") },
};

static struct arena *
memory(void)
{
	struct arena *arena = arena_new(1 << 20);

	assert_non_null(arena);
	return arena;
}

static struct list
listed(const slice items[LISTED])
{
	struct list list = { .items = (slice *)(uintptr_t)items };

	while (list.n < LISTED && items[list.n].at)
		list.n++;
	return list;
}

static bool
make(struct arena *arena, const struct sample *sample, struct message *message, struct str *error)
{
	struct list rcpt = listed(sample->rcpt), headers = listed(sample->headers);
	struct message_opts opts = sample->opts;

	opts.rcpt = &rcpt;
	opts.headers = &headers;
	if (opts.now == 0)
		opts.now = NOW;
	if (!opts.host.at)
		opts.host = S("mx.test");
	if (!opts.id.at)
		opts.id = S("1");
	return message_make(arena, &opts, message, error);
}

static size_t
header_length(slice text)
{
	size_t n = slice_find(text, S("\r\n\r\n"));

	return n < text.n ? n + 4 : n;
}

/* No line too long, no CR or LF alone, no NUL, and the last line ended. */
static void
check_lines(const char *name, slice text)
{
	slice rest = text;

	check_number(name, "NULs", slice_find(text, (slice){ "", 1 }) < text.n, false);
	while (rest.n > 0) {
		slice line = slice_cut(&rest, '\n');

		check_number(name, "ended", rest.at != NULL, true);
		check_number(name, "line length", line.n <= 999, true);
		check_number(
		    name, "first CR", (long long)slice_find(line, S("\r")), (long long)line.n - 1);
	}
}

static void
check_sample(const struct sample *sample, const struct message *message)
{
	size_t n = header_length(message->text);
	slice header = slice_head(message->text, n), body = slice_skip(message->text, n);

	check_lines(sample->name, message->text);
	if (sample->text.at)
		check_slice(sample->name, "text", message->text, sample->text);
	if (sample->body.at)
		check_slice(sample->name, "body", body, sample->body);
	if (sample->id.at)
		check_slice(sample->name, "id", message->id, sample->id);
	if (sample->field.at && slice_find(header, sample->field) == header.n)
		check_slice(sample->name, "header", header, sample->field);
	if (sample->no_field.at && slice_find(header, sample->no_field) < header.n)
		check_slice(
		    sample->name, "header with what it must not have", header, sample->no_field);
	check_number(sample->name, "eight_bit", message->eight_bit, sample->eight_bit);
	check_number(sample->name, "utf8", message->utf8, sample->utf8);
}

static void
messages_are_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct arena *arena = memory();
		struct message message;
		struct str error = str_in(arena);
		bool made = make(arena, &good[i], &message, &error);

		check_slice(good[i].name, "error", str_slice(&error), S(""));
		check_number(good[i].name, "made", made, true);
		check_sample(&good[i], &message);
		arena_free(arena);
	}
}

static void
what_cannot_be_sent_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena *arena = memory();
		struct message message;
		struct str error = str_in(arena);

		check_number(bad[i].name, "made", make(arena, &bad[i], &message, &error), false);
		check_number(bad[i].name, "a sentence", error.n > 0, true);
		arena_free(arena);
	}
}

/* The base64 lines are 76 characters long, and what they hold is the body with CRLF line ends. */
static void
a_long_body_survives_base64(void **state)
{
	struct arena *arena = memory();
	struct str body = str_in(arena), wanted = str_in(arena), got = str_in(arena);
	struct sample sample = { .name = "long" };
	struct message message;
	struct str error = str_in(arena);
	slice rest;

	(void)state;
	for (int i = 0; i < 500; i++) {
		str_addf(&body, "%d\xc3\xa4%s", i, i % 3 ? "\n" : "\r\n");
		str_addf(&wanted, "%d\xc3\xa4\r\n", i);
	}
	sample.opts.body = str_slice(&body);
	assert_true(make(arena, &sample, &message, &error));
	check_lines(sample.name, message.text);
	rest = slice_skip(message.text, header_length(message.text));
	while (rest.n > 0) {
		slice line = slice_cut(&rest, '\r');

		rest = slice_skip(rest, 1);
		check_number(
		    sample.name, "length", (long long)line.n, rest.n > 0 ? 76 : (long long)line.n);
		assert_true(b64_decode(&got, line));
	}
	check_slice(sample.name, "body", str_slice(&got), str_slice(&wanted));
	arena_free(arena);
}

static void
ids_are_unique_without_being_given(void **state)
{
	const struct message_opts opts = { .host = SLICE("mx.test"), .now = NOW };
	struct arena *arena = memory();
	struct str error = str_in(arena);
	struct message one, two;

	(void)state;
	assert_true(message_make(arena, &opts, &one, &error));
	assert_true(message_make(arena, &opts, &two, &error));
	assert_false(slice_eq(one.id, two.id));
	assert_true(slice_starts(one.id, S("<")));
	assert_true(slice_find(one.id, S("@mx.test>")) == one.id.n - 9);
	assert_true(slice_find(one.text, one.id) < one.text.n);
	arena_free(arena);
}

static void
dates_are_those_of_the_moment(void **state)
{
	static const struct {
		time_t now;
		slice date;
	} dates[] = {
		{ 1, SLICE("Date: Thu, 1 Jan 1970 00:00:01 +0000\r\n") },
		{ 1709251199, SLICE("Date: Thu, 29 Feb 2024 23:59:59 +0000\r\n") },
		{ 4102444800, SLICE("Date: Fri, 1 Jan 2100 00:00:00 +0000\r\n") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
		const struct sample sample = { .opts = { .now = dates[i].now } };
		struct arena *arena = memory();
		struct str error = str_in(arena);
		struct message message;

		assert_true(make(arena, &sample, &message, &error));
		check_slice(
		    "date", "header", slice_head(message.text, dates[i].date.n), dates[i].date);
		arena_free(arena);
	}
}

static void
dots_are_stuffed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stuffings / sizeof *stuffings; i++) {
		struct arena *arena = memory();
		struct str out = str_in(arena);

		message_stuff(&out, stuffings[i].text);
		check_slice(stuffings[i].text.at, "stuffed", str_slice(&out), stuffings[i].stuffed);
		arena_free(arena);
	}
}

static void
running_out_of_memory_makes_no_message(void **state)
{
	struct message message;
	bool made = false;

	(void)state;
	for (size_t ceiling = 16; !made; ceiling += 16) {
		struct arena *arena = arena_new(ceiling), *other = memory();
		struct str error = str_in(other);

		made = make(arena, &good[0], &message, &error);
		if (made)
			check_slice("enough", "text", message.text, good[0].text);
		check_number("little memory", "a sentence", error.n == 0, made);
		assert_true(ceiling < 1 << 16);
		arena_free(arena);
		arena_free(other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_as_written),
		cmocka_unit_test(what_cannot_be_sent_is_refused),
		cmocka_unit_test(a_long_body_survives_base64),
		cmocka_unit_test(ids_are_unique_without_being_given),
		cmocka_unit_test(dates_are_those_of_the_moment),
		cmocka_unit_test(dots_are_stuffed),
		cmocka_unit_test(running_out_of_memory_makes_no_message),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
