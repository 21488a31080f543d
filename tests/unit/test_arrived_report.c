/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery status notifications as servers write them, and what only resembles one. The texts were
 * written for this test, after RFC 3464 and the habits of the servers that are named.
 */
#include "check.h"

#include "arrived.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
#define STATUS_OF(fields) \
	REPORT "--b\r\nContent-Type: message/delivery-status\r\n\r\n" fields "\r\n--b--\r\n"
#define RETURNED "Content-Type: message/rfc822\r\n\r\nMessage-ID: <1@a.test>\r\n\r\nbody\r\n"
#define FAILED \
	"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.test\r\n\r\n" \
	"Final-Recipient: rfc822; u@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"

/* ACTION|STATUS|RECIPIENT|RETURNED-ID|DIAGNOSTIC; "-" for what is missing. */
static const struct {
	const char *name, *message, *wanted;
} reports[] = {
	{ "Postfix",
	  "Return-Path: <>\r\nReceived: by b.test (Postfix) id 1; Tue, 3 Mar 2026 10:00:00 +0000 (UTC)\r\n"
	  "From: MAILER-DAEMON@b.test (Mail Delivery System)\r\nAuto-Submitted: auto-replied\r\n"
	  "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n"
	  "\tboundary=\"4Fq0aB1cDz.1772532000/b.test\"\r\nMessage-Id: <report@b.test>\r\n\r\n"
	  "This is a MIME-encapsulated message.\r\n\r\n"
	  "--4Fq0aB1cDz.1772532000/b.test\r\nContent-Description: Notification\r\n"
	  "Content-Type: text/plain; charset=us-ascii\r\n\r\nNot delivered.\r\n\r\n"
	  "--4Fq0aB1cDz.1772532000/b.test\r\nContent-Description: Delivery report\r\n"
	  "Content-Type: message/delivery-status\r\n\r\n"
	  "Reporting-MTA: dns; b.test\r\nX-Postfix-Queue-ID: 4Fq0aB1cDz\r\n"
	  "Arrival-Date: Tue,  3 Mar 2026 10:00:00 +0000 (UTC)\r\n\r\n"
	  "Final-Recipient: rfc822; u@b.test\r\nOriginal-Recipient: rfc822;v@b.test\r\nAction: failed\r\n"
	  "Status: 5.1.1\r\nRemote-MTA: dns; c.test\r\n"
	  "Diagnostic-Code: smtp; 550 5.1.1 <u@b.test>: Recipient address rejected: User\r\n"
	  "    unknown; sorry\r\n\r\n"
	  "--4Fq0aB1cDz.1772532000/b.test\r\nContent-Description: Undelivered Message\r\n"
	  "Content-Type: message/rfc822\r\n\r\n"
	  "Return-Path: <p@a.test>\r\nMessage-ID: <probe.1@a.test>\r\nSubject: x\r\n\r\nMessage-ID: <no@a.test>\r\n\r\n"
	  "--4Fq0aB1cDz.1772532000/b.test--\r\n",
	  "failed|5.1.1|u@b.test|<probe.1@a.test>|550 5.1.1 <u@b.test>: Recipient address rejected: User    "
	  "unknown; sorry" },
	{ "Exim",
	  "X-Failed-Recipients: u@b.test\nAuto-Submitted: auto-replied\n"
	  "Content-Type: multipart/report; report-type=delivery-status; boundary=1772532000-eximdsn-42\n"
	  "References: <probe.1@a.test>\nMessage-Id: <E1@b.test>\n\n"
	  "--1772532000-eximdsn-42\nContent-type: text/plain; charset=us-ascii\n\nNot delivered.\n\n"
	  "--1772532000-eximdsn-42\nContent-type: message/delivery-status\n\n"
	  "Reporting-MTA: dns; b.test\n\nAction: failed\nFinal-Recipient: rfc822;u@b.test\nStatus: 5.0.0\n"
	  "Remote-MTA: dns; c.test\nDiagnostic-Code: smtp; 550 no such user\n\n"
	  "--1772532000-eximdsn-42\nContent-type: message/rfc822\n\n"
	  "Return-path: <p@a.test>\nMessage-ID:\n <probe.1@a.test>\n\n\n--1772532000-eximdsn-42--\n",
	  "failed|5.0.0|u@b.test|<probe.1@a.test>|550 no such user" },
	{ "Sendmail",
	  "Content-Type: multipart/report; report-type=delivery-status;\r\n"
	  "\tboundary=\"623A001.1772532000/b.test\"\r\nAuto-Submitted: auto-generated (failure)\r\n\r\n"
	  "This is a MIME-encapsulated message\r\n\r\n--623A001.1772532000/b.test\r\n\r\nThe message was received\r\n\r\n"
	  "--623A001.1772532000/b.test\r\nContent-Type: message/delivery-status\r\n\r\n"
	  "Reporting-MTA: dns; b.test\r\nReceived-From-MTA: DNS; a.test\r\nArrival-Date: Tue, 3 Mar 2026 10:00:00 GMT\r\n\r\n"
	  "Final-Recipient: RFC822; u@b.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
	  "Diagnostic-Code: SMTP; 550 5.1.1 <u@b.test>... User unknown\r\nLast-Attempt-Date: Tue, 3 Mar 2026 10:00:01 GMT\r\n\r\n"
	  "--623A001.1772532000/b.test\r\nContent-Type: text/rfc822-headers\r\n\r\n"
	  "Return-Path: <p@a.test>\r\nMessage-Id: <probe.1@a.test>\r\n\r\n--623A001.1772532000/b.test--\r\n",
	  "failed|5.1.1|u@b.test|<probe.1@a.test>|550 5.1.1 <u@b.test>... User unknown" },
	{ "Exchange, with parts in a part and one boundary the beginning of the other",
	  "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"aa\"\r\n"
	  "In-Reply-To: <probe.1@a.test>\r\n\r\n"
	  "--aa\r\nContent-Type: multipart/alternative; differences=Content-Type;\r\n\tboundary=\"aa-b\"\r\n\r\n"
	  "--aa-b\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	  "Not delivered.\r\n\r\n--aa-b\r\nContent-Type: text/html\r\n\r\n<p>No.</p>\r\n\r\n--aa-b--\r\n\r\n"
	  "--aa\r\nContent-Type: message/delivery-status\r\n\r\n"
	  "Reporting-MTA: dns;BB2.b.test\r\nReceived-From-MTA: dns;a.test\r\nArrival-Date: Tue, 3 Mar 2026 10:00:00 +0000\r\n\r\n"
	  "Final-Recipient: rfc822;u@b.test\r\nAction: failed\r\nStatus: 5.1.10\r\n"
	  "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\r\n"
	  "X-Display-Name: u@b.test\r\n\r\n"
	  "--aa\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <probe.1@a.test>\r\n"
	  "Content-Type: multipart/mixed; boundary=\"zz\"\r\n\r\n--zz\r\n\r\nx\r\n--zz--\r\n\r\n--aa--\r\n",
	  "failed|5.1.10|u@b.test|<probe.1@a.test>|550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found" },
	{ "delayed, without what it returns",
	  "References: <0@a.test>\r\nIn-Reply-To: (our) <1@a.test> <2@a.test>\r\n" STATUS_OF(
	      "Reporting-MTA: dns; b.test\r\n\r\nFinal-Recipient: rfc822; u@b.test\r\nAction: Delayed (queued)\r\n"
	      "Status: 4.4.1 (no answer)\r\n"),
	  "delayed|4.4.1|u@b.test|<1@a.test>|-" },
	{ "only referring", "References: <1@a.test><2@a.test>\r\n" STATUS_OF("Action: failed\r\n"),
	  "failed|-|-|<1@a.test>|-" },
	{ "referring to no message", "References: 1@a.test\r\nIn-Reply-To: <1@a.test\r\n" STATUS_OF("Action: failed\r\n"),
	  "failed|-|-|-|-" },
	{ "delivered to one, refused for another",
	  STATUS_OF("Reporting-MTA: dns; b.test\r\n\r\nFinal-Recipient: rfc822; t@b.test\r\nAction: delivered\r\n"
	            "Status: 2.0.0\r\n\r\nFinal-Recipient: rfc822; u@b.test\r\nAction: FAILED\r\nStatus: 5.2.2\r\n\r\n"
	            "Final-Recipient: rfc822; v@b.test\r\nAction: failed\r\nStatus: 5.3.0\r\n"),
	  "failed|5.2.2|u@b.test|-|-" },
	{ "delivered and relayed",
	  STATUS_OF("\r\n\r\nAction: relayed\r\nStatus: 2.1.9\r\n\r\n\r\nAction: delivered\r\nStatus: 2.0.0\r\n"),
	  "relayed|2.1.9|-|-|-" },
	{ "status alone", STATUS_OF("Final-Recipient: u@b.test\r\nStatus: 5.0.0\r\nDiagnostic-Code: 550 no; really\r\n"),
	  "-|5.0.0|u@b.test|-|550 no; really" },
	{ "no status", STATUS_OF("Action: failed\r\nStatus: 5.1\r\n"), "failed|-|-|-|-" },
	{ "status of four digits", STATUS_OF("Action: failed\r\nStatus: 5.1.1000\r\n"), "failed|-|-|-|-" },
	{ "status of other letters", STATUS_OF("Action: failed\r\nStatus: 5.1.x\r\n"), "failed|-|-|-|-" },
	{ "status with one number too many", STATUS_OF("Action: failed\r\nStatus: 5.1.1.1\r\n"), "failed|-|-|-|-" },
	{ "diagnostic with a parenthesis that does not close",
	  STATUS_OF("Action: failed\r\nDiagnostic-Code: smtp; 550 (no; \"never\r\n"), "failed|-|-|-|550 (no; \"never" },
	{ "diagnostic of nothing", STATUS_OF("Action: failed\r\nDiagnostic-Code: smtp;\r\n"), "failed|-|-|-|-" },
	{ "international (RFC 6533)",
	  REPORT "--b\r\nContent-Type: message/global-delivery-status\r\n\r\nFinal-Recipient: utf-8; \xc3\xa4@b.test\r\n"
	         "Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/global-headers\r\n\r\n"
	         "Message-ID: <1@a.test>\r\n--b--\r\n",
	  "failed|5.1.1|\xc3\xa4@b.test|<1@a.test>|-" },
	{ "boundary quoted with backslashes",
	  "Content-Type: Multipart / Report (x) ; (y) Boundary = (z) \"a \\\"b\\\\\"\r\n\r\n--a \"b\\ \t\r\n" FAILED
	  "--a \"b\\--\r\n",
	  "failed|5.1.1|u@b.test|-|-" },
	{ "boundary that should be quoted", "Content-Type: multipart/report; boundary==_a/b=\r\n\r\n--=_a/b=\r\n" FAILED,
	  "failed|5.1.1|u@b.test|-|-" },
	{ "no end", REPORT "--b\r\n" FAILED "\r\n--b\r\n" RETURNED, "failed|5.1.1|u@b.test|<1@a.test>|-" },
	{ "cut in the returned header", REPORT "--b\r\n" FAILED "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <1",
	  "failed|5.1.1|u@b.test|-|-" },
	{ "returned first", REPORT "--b\r\n" RETURNED "--b\r\n" FAILED "--b--\r\n", "failed|5.1.1|u@b.test|<1@a.test>|-" },
	{ "the first of each counts",
	  REPORT "--b\r\n" FAILED "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: delivered\r\n--b\r\n" RETURNED
	         "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <2@a.test>\r\n--b--\r\n",
	  "failed|5.1.1|u@b.test|<1@a.test>|-" },
	{ "a report that is about a report",
	  REPORT "--b\r\n" FAILED "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@a.test>\r\n"
	         "Content-Type: multipart/report; boundary=c\r\n\r\n--c\r\nContent-Type: message/rfc822\r\n\r\n"
	         "Message-ID: <2@a.test>\r\n--c--\r\n--b--\r\n",
	  "failed|5.1.1|u@b.test|<1@a.test>|-" },
	{ "identifier with blanks in quotes",
	  REPORT "--b\r\n" FAILED "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: (a) <\"x y\"@a.test> (b)\r\n--b--\r\n",
	  "failed|5.1.1|u@b.test|<\"x y\"@a.test>|-" },

	{ "empty", "", NULL },
	{ "a message", "Subject: x\r\n\r\nAction: failed\r\n", NULL },
	{ "another type", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" FAILED "--b--\r\n", NULL },
	{ "the type as a word", "Content-Type: multipart report; boundary=b\r\n\r\n--b\r\n" FAILED "--b--\r\n", NULL },
	{ "no boundary", "Content-Type: multipart/report\r\n\r\n--\r\n" FAILED "----\r\n", NULL },
	{ "empty boundary", "Content-Type: multipart/report; boundary=\"\"\r\n\r\n--\r\n" FAILED "----\r\n", NULL },
	{ "boundary that is not closed", "Content-Type: multipart/report; boundary=\"b\r\n\r\n--b\r\n" FAILED, NULL },
	{ "another boundary", REPORT "--bb\r\n" FAILED "--bb--\r\n", NULL },
	{ "closed before it began", REPORT "--b--\r\n--b\r\n" FAILED "--b--\r\n", NULL },
	{ "behind the end", REPORT "--b\r\n" RETURNED "--b--\r\n--b\r\n" FAILED, NULL },
	{ "read, not delivered (RFC 8098)",
	  REPORT "--b\r\nContent-Type: message/disposition-notification\r\n\r\nAction: failed\r\n--b--\r\n", NULL },
	{ "in what was returned only",
	  REPORT "--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--b--\r\n",
	  NULL },
	{ "a part without a header", REPORT "--b\r\n\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--b--\r\n",
	  NULL },
	{ "no recipient", STATUS_OF("Reporting-MTA: dns; b.test\r\n"), NULL },
	{ "nothing said", STATUS_OF("Final-Recipient: rfc822; u@b.test\r\nAction:\r\nStatus: none\r\n"), NULL },
	{ "the delimiter within a line", REPORT " --b\r\n" FAILED "x--b--\r\n", NULL },
};

static void
add(struct str *out, slice s)
{
	str_add(out, s.at ? s : S("-"));
	str_addz(out, "|");
}

static void
notifications(void **state)
{
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < COUNT(reports); i++) {
		struct arrived_report report = { .action = S("untouched") };
		struct str got = str_in(arena);

		check_number(reports[i].name, "is a report",
		    arrived_report(arena, slice_z(reports[i].message), &report), reports[i].wanted != NULL);
		if (!reports[i].wanted) {
			check_slice(reports[i].name, "report", report.action, S("untouched"));
			continue;
		}
		add(&got, report.action);
		add(&got, report.status);
		add(&got, report.recipient);
		add(&got, report.returned_id);
		str_add(&got, report.diagnostic.at ? report.diagnostic : S("-"));
		check_slice(reports[i].name, "report", str_slice(&got), slice_z(reports[i].wanted));
	}
	assert_false(arena_failed(arena));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notifications),
	};

	return cmocka_run_group_tests_name("arrived_report", tests, NULL, NULL);
}
