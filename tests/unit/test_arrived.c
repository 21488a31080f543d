/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages as they arrive: what each server of the world writes into Received and
 * Authentication-Results, dates in all their forms, clocks that are wrong. The names are examples,
 * the forms are those of the servers. Reports have a file of their own.
 */
#include "check.h"

#include "arrived_scan.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TEN " 3 Mar 2026 10:00:00 +0000"
#define AT_TEN " 1772532000"

enum { T10 = 1772532000 };

static struct arena *arena;

/* FROM > BY with WITH[ network][ tls[ VERSION]] TIME; "-" for what is missing. */
static const struct {
	const char *value, *wanted;
} received[] = {
	/* Postfix */
	{ "from mail.a.test (mail.a.test [192.0.2.1])\r\n"
	  "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
	  "\t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\r\n"
	  "\t(No client certificate requested)\r\n"
	  "\tby mx.b.test (Postfix) with ESMTPS id 4Fq0aB1cDz\r\n"
	  "\tfor <user@b.test>; Tue,  3 Mar 2026 10:00:00 +0000 (UTC)",
	  "mail.a.test > mx.b.test with ESMTPS network tls TLSv1.3" AT_TEN },
	{ "by mx.b.test (Postfix, from userid 1000)\r\n\tid 4Fq0aB1cDz; Tue, 3 Mar 2026 11:00:00 +0100 (CET)",
	  "- > mx.b.test with -" AT_TEN },
	{ "from localhost (localhost [127.0.0.1])\n\tby mx.b.test (Postfix) with ESMTP id 1\n\tfor <u@b.test>;"
	  TEN,
	  "localhost > mx.b.test with ESMTP network" AT_TEN },
	{ "from [192.0.2.7] (unknown [192.0.2.7]) (Authenticated sender: u@b.test) by mx.b.test (Postfix) "
	  "with ESMTPSA id 1;" TEN,
	  "[192.0.2.7] > mx.b.test with ESMTPSA network tls" AT_TEN },
	/* Dovecot */
	{ "from mx.b.test ([127.0.0.1])\r\n\tby store.b.test with LMTP\r\n\tid 8Pk6Aa0xpWk7BAAA1b2c3d\r\n"
	  "\t(envelope-from <p@a.test>)\r\n\tfor <user@b.test>; Tue, 03 Mar 2026 10:00:00 +0000",
	  "mx.b.test > store.b.test with LMTP network" AT_TEN },
	{ "from mx.b.test ([192.0.2.2]) by store.b.test with LMTPS id 1;" TEN,
	  "mx.b.test > store.b.test with LMTPS network tls" AT_TEN },
	/* Exim */
	{ "from mail.a.test ([192.0.2.1] helo=a.test)\r\n"
	  "\tby mx.b.test with esmtps  (TLS1.3) tls TLS_AES_256_GCM_SHA384\r\n"
	  "\t(Exim 4.96)\r\n\t(envelope-from <p@a.test>)\r\n\tid 1vxMRd-000abc-1A\r\n\tfor user@b.test;\r\n"
	  "\tTue, 03 Mar 2026 10:00:00 +0000",
	  "mail.a.test > mx.b.test with esmtps network tls TLSv1.3" AT_TEN },
	{ "from mail.a.test ([192.0.2.1]) by mx.b.test with esmtps "
	  "(TLS1.2:ECDHE_RSA_AES_256_GCM_SHA384:256) (Exim 4.92) id 1;" TEN,
	  "mail.a.test > mx.b.test with esmtps network tls TLSv1.2" AT_TEN },
	{ "from u by mx.b.test with local (Exim 4.96) (envelope-from <u@b.test>) id 1;" TEN,
	  "u > mx.b.test with local" AT_TEN },
	/* Sendmail */
	{ "from mail.a.test (mail.a.test [192.0.2.1])\r\n\tby mx.b.test (8.17.1/8.17.1) with ESMTPS id 623A001\r\n"
	  "\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO)\r\n"
	  "\tfor <user@b.test>; Tue, 3 Mar 2026 10:00:00 GMT",
	  "mail.a.test > mx.b.test with ESMTPS network tls TLSv1.3" AT_TEN },
	{ "from a.test (a.test [192.0.2.1]) by b.test (8.13/8.13) with ESMTP id 1 "
	  "(version=TLSv1/SSLv3 cipher=DHE-RSA-AES256-SHA bits=256 verify=NO);" TEN,
	  "a.test > b.test with ESMTP network tls" AT_TEN },
	{ "(from root@localhost)\n\tby b.test (8.17.1/8.17.1/Submit) id 623A002\n\tfor u;" TEN,
	  "- > b.test with -" AT_TEN },
	/* Exchange */
	{ "from AA1.b.test (2001:db8::1)\r\n by BB2.b.test (2001:db8::2) with Microsoft SMTP\r\n"
	  " Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\r\n"
	  " 15.20.9654.15; Tue, 3 Mar 2026 10:00:00 +0000",
	  "AA1.b.test > BB2.b.test with SMTP network tls TLSv1.2" AT_TEN },
	{ "from AA1.b.test ([fe80::1]) by BB2.b.test ([fe80::2%4]) with mapi id 15.20.1.2;" TEN,
	  "AA1.b.test > BB2.b.test with mapi" AT_TEN },
	{ "from a.test (192.0.2.1) by BB2.b.test (192.0.2.2) with Microsoft SMTP Server\r\n"
	  " (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9.1 via Frontend Transport;" TEN,
	  "a.test > BB2.b.test with SMTP network tls TLSv1.3" AT_TEN },
	{ "from a.test (192.0.2.1) by b.test (192.0.2.2) with Microsoft SMTP Server (TLS) id 14.3.1;" TEN,
	  "a.test > b.test with SMTP network tls" AT_TEN },
	/* Gmail */
	{ "by 2002:a05:6402:1:b0:5:6 with SMTP id n1csp1;\r\n        Tue, 3 Mar 2026 02:00:00 -0800 (PST)",
	  "- > 2002:a05:6402:1:b0:5:6 with SMTP network" AT_TEN },
	{ "from a.test (a.test. [192.0.2.1])\r\n        by mx.g.test with ESMTPS id a1-2.3.2026.03.03\r\n"
	  "        for <u@g.test>\r\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n"
	  "        Tue, 03 Mar 2026 02:00:00 -0800 (PST)",
	  "a.test > mx.g.test with ESMTPS network tls TLSv1.3" AT_TEN },
	{ "from a.test by mx.g.test with HTTPREST;" TEN, "a.test > mx.g.test with HTTPREST" AT_TEN },
	/* qmail and its kind */
	{ "(qmail 1234 invoked by uid 89); 3 Mar 2026 10:00:00 -0000", "- > - with -" AT_TEN },
	{ "from unknown (HELO a.test) (192.0.2.1)\n  by b.test with SMTP; 3 Mar 2026 10:00:00 -0000",
	  "unknown > b.test with SMTP network" AT_TEN },
	{ "from a.test (192.0.2.1) by b.test (qpsmtpd/0.96) with (TLS_AES_256_GCM_SHA384 encrypted) ESMTPS;" TEN,
	  "a.test > b.test with ESMTPS network tls" AT_TEN },
	{ "from a by b with QMTP;" TEN, "a > b with QMTP network" AT_TEN },
	/* Courier */
	{ "from a.test (a.test [::ffff:192.0.2.1])\n  (TLS: TLSv1.3,256bits,TLS_AES_256_GCM_SHA384)\n"
	  "  by b.test with ESMTPS\n  id 00000000001A.0001; Tue, 03 Mar 2026 10:00:00 +0000",
	  "a.test > b.test with ESMTPS network tls TLSv1.3" AT_TEN },
	{ "from a.test (a.test [::ffff:192.0.2.1])\n  (AUTH: PLAIN u@b.test, TLS: TLSv1.2,256bits,X)\n"
	  "  by b.test with ESMTPSA;" TEN,
	  "a.test > b.test with ESMTPSA network tls TLSv1.2" AT_TEN },
	{ "(envelope-sender <p@a.test>) by b.test with ESMTP;" TEN, "- > b.test with ESMTP network" AT_TEN },
	/* Cyrus */
	{ "from mx.b.test ([unix socket])\r\n\t by mx.b.test (Cyrus 3.6.1) with LMTPA;\r\n\t Tue," TEN,
	  "mx.b.test > mx.b.test with LMTPA network" AT_TEN },
	/* OpenSMTPD */
	{ "from mail.a.test (mail.a.test [192.0.2.1])\r\n\tby mx.b.test (OpenSMTPD) with ESMTPS id 1a2b3c4d "
	  "(TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO)\r\n\tfor <user@b.test>;\r\n\tTue, 3 Mar 2026 10:00:00 +0000 (UTC)",
	  "mail.a.test > mx.b.test with ESMTPS network tls TLSv1.3" AT_TEN },
	/* Zimbra, Haraka, MDaemon, MailEnable, SMTPUTF8 */
	{ "from localhost (localhost [127.0.0.1])\n\tby z.b.test (Postfix) with ESMTP id 1;" TEN,
	  "localhost > z.b.test with ESMTP network" AT_TEN },
	{ "from a.test (a.test [192.0.2.1]) by b.test (Haraka/3.0.2) with ESMTP id A.1 envelope-from <p@a.test> "
	  "tls TLS_AES_256_GCM_SHA384;" TEN,
	  "a.test > b.test with ESMTP network tls" AT_TEN },
	{ "from a.test by b.test (MDaemon PRO v24) with ESMTPS id md1.msg for <u@b.test>;" TEN,
	  "a.test > b.test with ESMTPS network tls" AT_TEN },
	{ "from a.test ([192.0.2.1]) by b.test with MailEnable ESMTP; Tue," TEN,
	  "a.test > b.test with ESMTP network" AT_TEN },
	{ "from SMTP32-FWD by b.test\n  (SMTP32) id A0000012C ; Tue," TEN, "SMTP32-FWD > b.test with -" AT_TEN },
	{ "from a by b with UTF8SMTPSA id 1;" TEN, "a > b with UTF8SMTPSA network tls" AT_TEN },
	{ "from a by b with utf8lmtp;" TEN, "a > b with utf8lmtp network" AT_TEN },
	{ "from a by b with asmtp (TLS-1.0:RSA_AES_256:32) (Exim 4.44);" TEN, "a > b with asmtp network" AT_TEN },

	/* Names that a client gave itself are not TLS. */
	{ "from TLSv1.3 (TLSv1.3 [192.0.2.1]) by b with SMTP;" TEN, "TLSv1.3 > b with SMTP network" AT_TEN },
	{ "from x (HELO version=TLSv1.3) by b with SMTP;" TEN, "x > b with SMTP network" AT_TEN },
	{ "from x (HELO TLS: TLSv1.3) by b with SMTP;" TEN, "x > b with SMTP network" AT_TEN },
	{ "from x (helo=TLSv1.3) by b with SMTP;" TEN, "x > b with SMTP network" AT_TEN },
	{ "from x (version=NONE) (using nothing) (TLS_AES_128) (using) (TLS:) (AUTH: x) () by b with SMTP;" TEN,
	  "x > b with SMTP network" AT_TEN },

	/* Words out of place, and no words. */
	{ "", "- > - with - undated" },
	{ ";", "- > - with - undated" },
	{ " ; ; ;" TEN, "- > - with -" AT_TEN },
	{ "from by with id for;" TEN, "- > - with -" AT_TEN },
	{ "FROM a BY b WITH esmtp ID 1 FOR c;" TEN, "a > b with esmtp network" AT_TEN },
	{ "from a by b with smtp (a;b) id \"x;y\"; Tue; " TEN, "a > b with smtp network" AT_TEN },
	{ "from a b c by d e from f by g;" TEN, "a > d with -" AT_TEN },
	{ "from a by b with SMTPX;" TEN, "a > b with SMTPX" AT_TEN },
	{ "from a by b with SMTP for <\"a; b (\"@c>;" TEN, "a > b with SMTP network" AT_TEN },
	{ "from a) by b) with SMTP);" TEN, "a > b with SMTP network" AT_TEN },
	{ "from a (b (c \\) (d) e) f) by g;" TEN, "a > g with -" AT_TEN },
	{ "from a by b with SMTP (never closed;" TEN, "a > b with SMTP network undated" },
	{ "from a by b with SMTP id \"never closed;" TEN, "a > b with SMTP network undated" },
	{ "from a ((((((((((((((((x)))))))))))))))) by b;" TEN, "a > b with -" AT_TEN },
	{ "from a (((((((((((((((((x))))))))))))))))) by b;" TEN, "a > - with - undated" },
	{ "from a by b with SMTP id 1 for <c@d>", "a > b with SMTP network undated" },
};

static void
name_of(char *out, size_t size, slice s)
{
	snprintf(out, size, "%.*s", s.at ? (int)s.n : 1, s.at ? s.at : "-");
}

static void
tell(const struct arrived_hop *hop, char *out, size_t size)
{
	char from[80], by[80], with[80], version[80], when[40];

	name_of(from, sizeof from, hop->from);
	name_of(by, sizeof by, hop->by);
	name_of(with, sizeof with, hop->with);
	name_of(version, sizeof version, hop->tls_version);
	snprintf(when, sizeof when, hop->dated ? "%lld" : "undated", (long long)hop->time);
	snprintf(out, size, "%s > %s with %s%s%s%s%s %s", from, by, with, hop->network ? " network" : "",
	    hop->tls ? " tls" : "", hop->tls_version.at ? " " : "", hop->tls_version.at ? version : "", when);
}

static void
received_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(received); i++) {
		struct arrived_hop hop;
		char got[500];

		arrived_received(slice_z(received[i].value), &hop);
		tell(&hop, got, sizeof got);
		check_slice(received[i].value, "hop", slice_z(got), slice_z(received[i].wanted));
	}
}

static const struct {
	const char *text;
	long long when;
} dates[] = {
	{ "Tue, 3 Mar 2026 10:00:00 +0000", T10 },
	{ "Tue,  3 Mar 2026 10:00:00 +0000 (UTC)", T10 },
	{ "tue, 03 MAR 2026 10:00:00 -0000", T10 },
	{ "Tue 3 Mar 2026 10:00:00 +0000", T10 },
	{ "3 Mar 2026 10:00:00 +0000", T10 },
	{ " \r\n\t3 Mar\r\n 2026 10:00:00\r\n\t+0000 ", T10 },
	{ "3 Mar 2026 10:00 +0000", T10 },
	{ "3 Mar 2026 11:30:00 +0130", T10 },
	{ "3 Mar 2026 02:00:00 -0800 (PST)", T10 },
	{ "3 Mar 26 10:00:00 +0000", T10 },
	{ "3 Mar 126 10:00:00 +0000", T10 },
	{ "3 Mar 2026 9:00:00 -0100", T10 },
	{ "3 Mar 2026 10:00:60 +0000", T10 + 60 },
	{ "3 Mar 2026 10:00:00 UT", T10 },
	{ "3 Mar 2026 10:00:00 GMT", T10 },
	{ "3 Mar 2026 10:00:00 UTC", T10 },
	{ "3 Mar 2026 10:00:00 z", T10 },
	{ "3 Mar 2026 05:00:00 EST", T10 },
	{ "3 Mar 2026 06:00:00 EDT", T10 },
	{ "3 Mar 2026 04:00:00 CST", T10 },
	{ "3 Mar 2026 05:00:00 CDT", T10 },
	{ "3 Mar 2026 03:00:00 MST", T10 },
	{ "3 Mar 2026 04:00:00 MDT", T10 },
	{ "3 Mar 2026 02:00:00 PST", T10 },
	{ "3 Mar 2026 03:00:00 PDT", T10 },
	{ "Tue (day) , (a (b)) 3 (c) Mar (d) 2026 (e) 10 : (f) 00 : 00 (g) +0000 (h", T10 },
	{ "3 Mar 2026 10:00:00 +0000 and more", T10 },
	{ "31 Dec 69 23:59:59 +0000", -1 },
	{ "1 Jan 70 00:00:00 +0000", 0 },
	{ "31 Dec 49 00:00:00 +0000", 2524521600 },
	{ "1 Jan 50 00:00:00 +0000", -631152000 },
	{ "29 Feb 2024 00:00:00 +0000", 1709164800 },
	{ "31 Dec 9999 23:59:59 +0000", 253402300799 },
};

static const char *const no_dates[] = {
	"29 Feb 2026 00:00:00 +0000",
	"31 Apr 2026 00:00:00 +0000",
	"0 Mar 2026 10:00:00 +0000",
	"32 Mar 2026 10:00:00 +0000",
	"003 Mar 2026 10:00:00 +0000",
	"3 Mrz 2026 10:00:00 +0000",
	"3 March 2026 10:00:00 +0000",
	"3 Mar 6 10:00:00 +0000",
	"3 Mar 12026 10:00:00 +0000",
	"3 Mar 1899 10:00:00 +0000",
	"3 Mar 2026 24:00:00 +0000",
	"3 Mar 2026 10:60:00 +0000",
	"3 Mar 2026 10:00:61 +0000",
	"3 Mar 2026 10 +0000",
	"3 Mar 2026 10:00: +0000",
	"3 Mar 2026 10:00:00",
	"3 Mar 2026 10:00:00 CET",
	"3 Mar 2026 10:00:00 A",
	"3 Mar 2026 10:00:00 +00",
	"3 Mar 2026 10:00:00 +00:00",
	"3 Mar 2026 10:00:00 +0060",
	"3 Mar 2026 10:00:00 0000",
	"3 Mar 2026 10:00:00 +-100",
	"Tue Mar  3 10:00:00 2026",
	"2026-03-03T10:00:00Z",
	"Tue,",
	", 3 Mar 2026 10:00:00 +0000",
	"",
};

static void
header_dates(void **state)
{
	time_t when;

	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		when = -77;
		check_number(dates[i].text, "is a date", arrived_date(slice_z(dates[i].text), &when), true);
		check_number(dates[i].text, "moment", when, dates[i].when);
	}
	for (size_t i = 0; i < COUNT(no_dates); i++) {
		when = -77;
		check_number(no_dates[i], "is a date", arrived_date(slice_z(no_dates[i]), &when), false);
		check_number(no_dates[i], "moment", when, -77);
	}
}

/* Hops as "HOST+SECONDS" after T10, the oldest first; "HOST" alone has no date. */
static const struct {
	const char *hops;
	int sent, seen;
	const char *wanted; /* DELAY or DELAY@OFFSET of each */
} delays[] = {
	{ "a+0 b+1 c+3", 0, 4, "0 1 2" },
	{ "a+2 b+2 c+2", 0, 4, "2 0 0" },
	{ "a b+3 c", 0, 4, "0 3 0" },
	{ "a-1 b+5", 0, 4, "0 4" },           /* a second is none */
	{ "a+3 b+2 c+4", 0, 4, "3 0 1" },
	{ "a+100 b+3", 0, 5, "3@97 0" },      /* ahead, and b makes sense */
	{ "a+1 b+3600 c+2", 0, 5, "1 1@3598 0" },
	{ "a+1 b-3600 c+2", 0, 5, "1 0@-3601 1" },
	{ "a+1 b+2 c+3605", 0, 5, "1 1 3@3600" },
	{ "a-3600", 0, 5, "0@-3600" },
	{ "a+5 b+1", 0, 9, "5 0@-4" },        /* before the hop in front of it */
	{ "a+5 b+1 a+7", 0, 9, "5 0@-4 2" },
	{ "a+1 b+100 a+3 b+102", 0, 9, "1 2@97 0 2@97" }, /* as little as it takes */
	{ "a+101 b+2 a+103", 0, 9, "2@99 0 2@99" },     /* a host has one clock */
	{ "A+101 b+2 a+103", 0, 9, "2@99 0 2@99" },
	{ "a+100 b+200 c+300", 0, 9, "9@91 0@191 0@291" },
	{ "a+100 a-100", 0, 9, "9@91 0@91" }, /* a clock that was set on the way */
	{ "-+100 -+2", 0, 9, "2@98 0" },      /* hosts without a name are not one */
	{ "a+1 b+2", 5, 0, "0@-4 0@-3" },     /* our own clock was set back */
	{ "a b", 0, 9, "0 0" },
	{ "", 0, 9, "" },
};

/* "HOST+SECONDS", "HOST-SECONDS" or "HOST"; the host "-" has no name. */
static void
add_hop(struct arrived *arrived, slice word)
{
	struct arrived_hop *hop = &arrived->hops[arrived->hop_count++];
	uint64_t seconds = 0;

	hop->by = slice_head(word, 1);
	if (slice_eq(hop->by, S("-")))
		hop->by = (slice){ NULL, 0 };
	hop->dated = word.n > 1;
	if (hop->dated)
		assert_true(slice_number(slice_skip(word, 2), UINT32_MAX, &seconds));
	hop->time = T10 + (word.n > 1 && word.at[1] == '-' ? -(time_t)seconds : (time_t)seconds);
}

static void
clocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(delays); i++) {
		struct arrived arrived = { 0 };
		slice rest = slice_z(delays[i].hops);
		struct str got = str_in(arena);

		while (rest.n > 0)
			add_hop(&arrived, slice_cut(&rest, ' '));
		arrived_delays(&arrived, T10 + delays[i].sent, T10 + delays[i].seen);
		for (size_t k = 0; k < arrived.hop_count; k++) {
			str_addf(&got, "%s%g", k > 0 ? " " : "", arrived.hops[k].delay);
			if (arrived.hops[k].offset != 0)
				str_addf(&got, "@%g", arrived.hops[k].offset);
		}
		check_slice(delays[i].hops, "delays", str_slice(&got), slice_z(delays[i].wanted));
	}
}

#define AR "Authentication-Results: "
#define BY(host) "Received: from x by " host " with ESMTP;" TEN "\r\n"

/* judge: SPF DKIM DMARC; "-" for what is missing. */
static const struct {
	const char *header, *wanted;
} results[] = {
	/* OpenDKIM, OpenDMARC and policyd-spf, each a field of its own */
	{ AR "mx.b.test; spf=pass (mailfrom) smtp.mailfrom=a.test (client-ip=192.0.2.1; helo=a.test;\r\n"
	  " envelope-from=p@a.test; receiver=b.test)\r\n" BY("mx.b.test")
	  AR "mx.b.test; dmarc=pass (p=none dis=none) header.from=a.test\r\n"
	  AR "mx.b.test;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=a.test header.i=@a.test\r\n"
	  "\theader.a=rsa-sha256 header.s=s1 header.b=AbC/+d=;\r\n\tdkim-atps=neutral\r\n",
	  "mx.b.test: pass pass pass" },
	/* rspamd */
	{ AR "mx.b.test;\r\n\tdkim=pass header.d=a.test header.s=s1 header.b=AbCdEfGh;\r\n"
	  "\tdmarc=fail reason=\"No valid SPF; no (DKIM\" header.from=a.test (policy=reject);\r\n"
	  "\tspf=softfail (mx.b.test: 192.0.2.1 is neither permitted nor denied) smtp.mailfrom=p@a.test\r\n",
	  "mx.b.test: softfail pass fail" },
	/* Gmail */
	{ BY("2002:a05:1") BY("mx.g.test") "Received-SPF: pass (g.test: domain of p@a.test) client-ip=192.0.2.1;\r\n"
	  AR "mx.g.test;\r\n       dkim=pass header.i=@a.test header.s=s1 header.b=\"a/b;c\";\r\n"
	  "       spf=pass (g.test: domain of p@a.test designates 192.0.2.1 as permitted sender) "
	  "smtp.mailfrom=p@a.test;\r\n       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=a.test\r\n"
	  BY("a.test"),
	  "mx.g.test: pass pass pass" },
	/* Microsoft, which names nobody */
	{ BY("AA1.b.test") AR "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=a.test; dkim=none (message not "
	  "signed)\r\n header.d=none;dmarc=bestguesspass action=none\r\n header.from=a.test;compauth=pass reason=109\r\n",
	  ": pass none bestguesspass" },
	{ AR "b.test; auth=pass; spf=Pass smtp.mailfrom=x\r\n", "b.test: pass - -" },
	{ AR "b.test 1; spf/1=pass; dkim / 1 = (x) fail (y)\r\n", "b.test: pass fail -" },
	{ AR "(c) \"b.test\" (d) 1 (e); (f) spf (g) = (h) none\r\n", "b.test: none - -" },
	{ AR "\"b.\\\r\n te\\st\"; spf=pass\r\n", "b. test: pass - -" }, /* a fold that was quoted */
	{ AR "b.test; none\r\n", "b.test: - - -" },
	{ AR "b.test\r\n", "b.test: - - -" },
	{ AR ";spf=pass\r\n" AR "b.test; spf=fail\r\n", "b.test: fail - -" },
	{ AR "\r\n", "missing: - - -" },
	{ "Subject: x\r\n", "missing: - - -" },
	/* Several results of one method */
	{ AR "b.test; dkim=fail header.d=x; dkim=pass header.d=y; dkim=neutral\r\n", "b.test: - pass -" },
	{ AR "b.test; dkim=neutral; dkim=fail\r\n", "b.test: - neutral -" },
	{ AR "b.test; spf=fail; spf=pass\r\n", "b.test: fail - -" },
	{ AR "b.test; dkim=fail\r\n" AR "b.test; dkim=pass; spf=pass\r\n", "b.test: pass fail -" },
	/* Others' */
	{ AR "b.test; spf=fail\r\n" AR "evil.test; dkim=pass\r\n" AR "B.Test; dmarc=none\r\n", "b.test: fail - none" },
	{ BY("b.test") AR "b.test; spf=fail\r\n" BY("a.test") AR "b.test; dkim=pass\r\n", "b.test: fail - -" },
	{ BY("b.test") AR "b.test; spf=fail\r\nReceived: (qmail 1 invoked by uid 2);" TEN "\r\n"
	  AR "b.test; dkim=pass\r\n",
	  "b.test: fail - -" },
	{ BY("mx.b.test") AR "b.test; spf=fail\r\n" BY("mx.b.test") AR "b.test; dkim=none\r\n" BY("a.test")
	  AR "b.test; dmarc=pass\r\n",
	  "b.test: fail none -" },
	{ BY("store.b.test") AR "mx.b.test; spf=fail\r\n" BY("mx.b.test") AR "mx.b.test; dkim=none\r\n",
	  "mx.b.test: fail none -" },
	{ "ARC-" AR "i=1; b.test; spf=pass\r\nX-" AR "c.test; spf=pass\r\n", "missing: - - -" },
	/* Out of form */
	{ AR "b.test; spf; dkim=; =pass; dmarc=pass\r\n", "b.test: - - pass" },
	{ AR "b.test; dkim=fail reason=\"never closed; dkim=pass\r\n", "b.test: - fail -" },
	{ AR "b.test; spf=fail (never closed; dmarc=pass\r\n", "b.test: fail - -" },
	{ AR "b.test; x.spf=pass; spf.x=pass; spfx=pass; (spf=pass)\r\n", "b.test: - - -" },
};

static void
verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(results); i++) {
		struct arrived arrived;
		struct str got = str_in(arena);

		assert_true(arrived_parse(arena, slice_z(results[i].header), &arrived));
		str_add(&got, arrived.judge.at ? arrived.judge : S("missing"));
		str_addz(&got, ":");
		for (size_t k = 0; k < ARRIVED_METHODS; k++) {
			str_addz(&got, " ");
			str_add(&got, arrived.results[k].at ? arrived.results[k] : S("-"));
		}
		check_slice(results[i].header, "results", str_slice(&got), slice_z(results[i].wanted));
	}
}

static const struct {
	slice message, subject, body;
} messages[] = {
	{ SLICE("Subject: a\r\n\r\nbody\r\n"), SLICE("a"), SLICE("body\r\n") },
	{ SLICE("Subject: a\n\nbody"), SLICE("a"), SLICE("body") },
	{ SLICE("subject \t:a\r\n\r\n"), SLICE("a"), SLICE("") },
	{ SLICE("X: b\r\nSUBJECT:\r\n a\r\n\tb \r\nY: c\r\n\r\nz"), SLICE("a\tb"), SLICE("z") },
	{ SLICE("Subject: a\r\nSubject: b\r\n"), SLICE("a"), SLICE("") },
	{ SLICE("Subject:"), SLICE(""), SLICE("") },
	{ SLICE("From u Tue Mar  3 10:00:00 2026\nSubject: a\n\nb"), SLICE("a"), SLICE("b") },
	{ SLICE(" folded: from nothing\r\nno field\r\n goes: on\r\nSubject: a\r\n\r\n\r\nb"), SLICE("a"),
	    SLICE("\r\nb") },
	{ SLICE("Subject: a\0b\xff\r\n\r\n"), SLICE("a\0b\xff"), SLICE("") },
	{ SLICE("Subject: a\r\n \r\n b\r\n\r\nc"), SLICE("a  b"), SLICE("c") },
	{ SLICE("Sub ject: a\r\nX: y\r\n\r\nSubject: b"), { NULL, 0 }, SLICE("Subject: b") },
};

static const slice no_headers[] = {
	SLICE(""),
	SLICE("\r\nSubject: a\r\n"),
	SLICE("words\r\n\r\nSubject: a\r\n"),
	SLICE(": a\r\n\r\n"),
	{ NULL, 0 },
};

static void
fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(messages); i++) {
		const char *name = messages[i].message.at;
		struct arrived arrived;
		slice subject;

		assert_true(arrived_parse(arena, messages[i].message, &arrived));
		check_number(name, "hops", (long long)arrived.hop_count, 0);
		subject = arrived_field(arena, arrived.header, S("Subject"));
		check_slice(name, "subject", subject, messages[i].subject);
		check_number(name, "is there", subject.at != NULL, messages[i].subject.at != NULL);
		check_slice(name, "body", arrived.body, messages[i].body);
	}
	for (size_t i = 0; i < COUNT(no_headers); i++) {
		struct arrived arrived = { .hop_count = 77 };

		assert_false(arrived_parse(arena, no_headers[i], &arrived));
		check_number("no header", "untouched", (long long)arrived.hop_count, 77);
	}
}

/* The oldest first; of too many, the newest; a field that is too long is not there. */
static void
limits(void **state)
{
	struct str text = str_in(arena), junk = str_in(arena);
	struct arrived arrived;

	(void)state;
	for (size_t i = 0; i < ARRIVED_FIELD_MAX; i++)
		str_addc(&junk, 'x');
	str_addf(&text, "Received: by %s;" TEN "\r\nSubject: x%s\r\n", str_z(&junk), str_z(&junk));
	for (int i = 0; i < ARRIVED_HOPS + 2; i++)
		str_addf(&text, "Received: by host%d;" TEN "\r\n", i);
	assert_true(arrived_parse(arena, str_slice(&text), &arrived));
	check_number("limits", "hops", (long long)arrived.hop_count, ARRIVED_HOPS);
	check_slice("limits", "newest", arrived.hops[ARRIVED_HOPS - 1].by, S("host0"));
	check_slice("limits", "oldest", arrived.hops[0].by, S("host31"));
	assert_null(arrived_field(arena, arrived.header, S("Subject")).at);
}

/* Time that grows with the square of a field's length would be minutes here. */
static void
hostile_lengths(void **state)
{
	struct str text = str_in(arena), name = str_in(arena), marks = str_in(arena);
	struct arrived arrived;

	(void)state;
	for (int i = 0; i < 60000; i++)
		str_addc(&marks, ';');
	for (int i = 0; i < 256; i++)
		str_addc(&name, 'n');
	for (int i = 0; i < ARRIVED_HOPS; i++)
		str_addf(&text, "Received: from %s by %s with %s%s\r\n", str_z(&name), str_z(&name),
		    str_z(&name), str_z(&marks));
	assert_true(arrived_parse(arena, str_slice(&text), &arrived));
	check_number("hostile", "hops", (long long)arrived.hop_count, ARRIVED_HOPS);
	check_slice("hostile", "longer than a domain may be", arrived.hops[0].by, S(""));
	assert_null(arrived.hops[0].from.at);
	assert_null(arrived.hops[0].with.at);
}

static const struct {
	slice a, b;
	bool same;
} bodies[] = {
	{ SLICE(""), SLICE(""), true },
	{ SLICE(""), SLICE("\r\n\n\r\n"), true },
	{ SLICE("a\r\n"), SLICE("a\n"), true },
	{ SLICE("a\r\n"), SLICE("a"), true },
	{ SLICE("a\r\nb\r\n"), SLICE("a\nb\n\n\r\n"), true },
	{ SLICE("a\r\n\r\nb"), SLICE("a\n\nb"), true },
	{ SLICE("a\r\n\r\nb"), SLICE("a\nb"), false },
	{ SLICE("a\r\n"), SLICE("a \r\n"), false },
	{ SLICE("a\r\n"), SLICE("a\r\n \r\n"), false },
	{ SLICE("a\r\n"), SLICE("b\r\n"), false },
	{ SLICE("a\r\n"), SLICE("a\r\nb"), false },
	{ SLICE("a"), SLICE("ab"), false },
	{ SLICE("a\r"), SLICE("a"), false },
	{ SLICE("a\0b"), SLICE("a\0c"), false },
};

static void
same_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		check_number(bodies[i].a.at, "same", arrived_same_body(bodies[i].a, bodies[i].b), bodies[i].same);
		check_number(bodies[i].b.at, "same", arrived_same_body(bodies[i].b, bodies[i].a), bodies[i].same);
	}
}

static int
begin(void **state)
{
	(void)state;
	return (arena = arena_new(1 << 24)) ? 0 : -1;
}

static int
end(void **state)
{
	bool failed = arena_failed(arena);

	(void)state;
	arena_free(arena);
	return failed ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(received_fields),
		cmocka_unit_test(header_dates),
		cmocka_unit_test(clocks),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(fields),
		cmocka_unit_test(limits),
		cmocka_unit_test(hostile_lengths),
		cmocka_unit_test(same_bodies),
	};

	return cmocka_run_group_tests_name("arrived", tests, begin, end);
}
