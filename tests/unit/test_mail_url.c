/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs of mail servers, good and bad. */
#include <string.h>

#include "mail_url.h"

#include "check.h" /* last: its fail() is another */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *text;
	enum mail_protocol protocol;
	enum tls_mode tls;
	unsigned port;
	const char *host, *user, *mailbox; /* NULL: missing */
} good[] = {
	{ "smtp://mx.test", MAIL_SMTP, TLS_OPPORTUNISTIC, 25, "mx.test", NULL, NULL },
	{ "smtps://mx.test", MAIL_SMTP, TLS_IMPLICIT, 465, "mx.test", NULL, NULL },
	{ "submission://mx.test", MAIL_SMTP, TLS_STARTTLS, 587, "mx.test", NULL, NULL },
	{ "submissions://mx.test", MAIL_SMTP, TLS_IMPLICIT, 465, "mx.test", NULL, NULL },
	{ "lmtp://mx.test", MAIL_LMTP, TLS_NONE, 24, "mx.test", NULL, NULL },
	{ "imap://mx.test", MAIL_IMAP, TLS_STARTTLS, 143, "mx.test", NULL, NULL },
	{ "imaps://mx.test", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, NULL },
	{ "pop3://mx.test", MAIL_POP3, TLS_STARTTLS, 110, "mx.test", NULL, NULL },
	{ "pop3s://mx.test", MAIL_POP3, TLS_IMPLICIT, 995, "mx.test", NULL, NULL },
	{ "IMAPS://mx.test", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, NULL },
	{ "imaps://mx.test/", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, NULL },
	{ "pop3s://mx.test/", MAIL_POP3, TLS_IMPLICIT, 995, "mx.test", NULL, NULL },
	{ "smtp://mx.test:2525", MAIL_SMTP, TLS_OPPORTUNISTIC, 2525, "mx.test", NULL, NULL },
	{ "smtp://mx.test:1", MAIL_SMTP, TLS_OPPORTUNISTIC, 1, "mx.test", NULL, NULL },
	{ "smtp://mx.test:65535", MAIL_SMTP, TLS_OPPORTUNISTIC, 65535, "mx.test", NULL, NULL },
	{ "smtp://192.0.2.1:25", MAIL_SMTP, TLS_OPPORTUNISTIC, 25, "192.0.2.1", NULL, NULL },
	{ "smtp://[2001:db8::1]", MAIL_SMTP, TLS_OPPORTUNISTIC, 25, "[2001:db8::1]", NULL, NULL },
	{ "smtp://[::1]:26", MAIL_SMTP, TLS_OPPORTUNISTIC, 26, "[::1]", NULL, NULL },
	{ "imaps://joe@mx.test", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", "joe", NULL },
	{ "imaps://joe@b.test@mx.test", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", "joe@b.test",
	    NULL },
	{ "imaps://joe%40b.test@mx.test:994/INBOX", MAIL_IMAP, TLS_IMPLICIT, 994, "mx.test",
	    "joe@b.test", "INBOX" },
	{ "imaps://a%2Fb%3ac@mx.test", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", "a/b:c", NULL },
	{ "imaps://joe@[::1]:994/a", MAIL_IMAP, TLS_IMPLICIT, 994, "[::1]", "joe", "a" },
	{ "imaps://mx.test/Archive/2026", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL,
	    "Archive/2026" },
	{ "imaps://mx.test/a%20b%C3%BC", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL,
	    "a b\xc3\xbc" },
	{ "imaps://mx.test/a@b", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, "a@b" },
	{ "imaps://mx.test/a:b", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, "a:b" },
	{ "imaps://mx.test/a://b", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, "a://b" },
	{ "imaps://mx.test//", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, "/" },
	{ "imaps://mx.test/%25", MAIL_IMAP, TLS_IMPLICIT, 993, "mx.test", NULL, "%" },
};

static const struct {
	const char *text, *said;
} bad[] = {
	{ "", "does not begin as a mail server's URL" },
	{ "mx.test", "does not begin" },
	{ "imaps:mx.test", "does not begin" },
	{ "imaps:/mx.test", "does not begin" },
	{ "://mx.test", "does not begin" },
	{ "http://mx.test", "does not begin" },
	{ "imap s://mx.test", "does not begin" },
	{ " imaps://mx.test", "does not begin" },
	{ "mailto:joe@b.test", "does not begin" },
	{ "imaps://", "has no host" },
	{ "imaps:///INBOX", "has no host" },
	{ "imaps://joe@", "has no host" },
	{ "imaps://:993", "has no host" },
	{ "imaps://joe@:993/INBOX", "has no host" },
	{ "imaps://mx.test:", "has a port" },
	{ "imaps://mx.test:0", "has a port" },
	{ "imaps://mx.test:65536", "has a port" },
	{ "imaps://mx.test:-1", "has a port" },
	{ "imaps://mx.test:+993", "has a port" },
	{ "imaps://mx.test:99999999999999999999", "has a port" },
	{ "imaps://mx.test:imap", "has a port" },
	{ "imaps://2001:db8::1", "has a port" },
	{ "imaps://[::1]993", "behind the address in brackets" },
	{ "imaps://[::1]x:993", "behind the address in brackets" },
	{ "imaps://[::1]:", "has a port" },
	{ "imaps://joe:secret@mx.test", "has a password in it" },
	{ "imaps://joe:@mx.test", "has a password in it" },
	{ "imaps://:secret@mx.test", "has a password in it" },
	{ "imaps://joe:sec@ret@mx.test", "has a password in it" },
	{ "imaps://@mx.test", "has a user in it that is no name" },
	{ "imaps://a%@mx.test", "has a user in it that is no name" },
	{ "imaps://a%4@mx.test", "has a user in it that is no name" },
	{ "imaps://a%4g@mx.test", "has a user in it that is no name" },
	{ "imaps://a%00b@mx.test", "has a user in it that is no name" },
	{ "imaps://a%0ab@mx.test", "has a user in it that is no name" },
	{ "imaps://mx.test/a%", "has a mailbox that is no name" },
	{ "imaps://mx.test/a%zz", "has a mailbox that is no name" },
	{ "imaps://mx.test/a%0d%0aNOOP", "has a mailbox that is no name" },
	{ "pop3s://mx.test/INBOX", "has a path" },
	{ "smtp://mx.test/x", "has a path" },
	{ "lmtp://mx.test//", "has a path" },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		struct mail_url url;

		if (!mail_url_parse(arena, good[i].text, &url, &error)) {
			print_error("%s: %s\n", good[i].text, str_z(&error));
			fail();
		}
		check_number(good[i].text, "protocol", url.protocol, good[i].protocol);
		check_number(good[i].text, "tls", url.tls, good[i].tls);
		check_number(good[i].text, "port", url.port, good[i].port);
		check_slice(good[i].text, "host", slice_z(url.host), slice_z(good[i].host));
		check_slice(good[i].text, "user", slice_z(url.user), slice_z(good[i].user));
		check_number(good[i].text, "a user", url.user != NULL, good[i].user != NULL);
		check_slice(good[i].text, "mailbox", url.mailbox, slice_z(good[i].mailbox));
		check_number(good[i].text, "no error", (long long)error.n, 0);
		arena_free(arena);
	}
}

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		struct mail_url url;

		check_number(
		    bad[i].text, "taken", mail_url_parse(arena, bad[i].text, &url, &error), 0);
		if (!strstr(str_z(&error), bad[i].said)) {
			print_error(
			    "%s: %s\n  wanted %s\n", bad[i].text, str_z(&error), bad[i].said);
			fail();
		}
		assert_null(strstr(str_z(&error), "sec"));
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
