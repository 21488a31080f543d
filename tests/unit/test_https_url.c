/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs of token endpoints and policies: what is in them, and why others are refused. */
#include "check.h"
#include "https_url.h"

static const struct {
	const char *text, *host;
	unsigned port;
	const char *error; /* NULL: it is one */
} cases[] = {
	{ "https://example.org", "example.org", 443, NULL },
	{ "https://login.example.org/a-b_c/oauth2/v2.0/token?x=y@z:1", "login.example.org", 443,
	    NULL },
	{ "HTTPS://Example.ORG:8443/", "Example.ORG", 8443, NULL },
	{ "https://192.0.2.1/", "192.0.2.1", 443, NULL },
	{ "https://[2001:db8::1]/", "2001:db8::1", 443, NULL },
	{ "https://[::1]:4443?x", "::1", 4443, NULL },
	{ "http://example.org/", NULL, 0, "begins with https://" },
	{ "example.org", NULL, 0, "begins with https://" },
	{ "", NULL, 0, "begins with https://" },
	{ "https:///token", NULL, 0, "no host" },
	{ "https://", NULL, 0, "no host" },
	{ "https://a_b!/", NULL, 0, "no host" },
	{ "https://user:pass@example.org/", NULL, 0, "has a user" },
	{ "https://example.org:0/", NULL, 0, "has a port" },
	{ "https://example.org:/", NULL, 0, "has a port" },
	{ "https://example.org:65536/", NULL, 0, "has a port" },
	{ "https://example.org:44a/", NULL, 0, "has a port" },
	{ "https://[::1/", NULL, 0, "not closed" },
	{ "https://[::1]443/", NULL, 0, "behind the address" },
	{ "https://[fe80::1%25eth0]/", NULL, 0, "no host" },
	{ "https://[]/", NULL, 0, "no host" },
	{ "https://example.org/#top", NULL, 0, "a character" },
	{ "https://example.org\\@evil.example/", NULL, 0, "a character" },
	{ "https://example.org/a b", NULL, 0, "a character" },
	{ "https://b\xc3\xbc"
	  "cher.example/",
	    NULL, 0, "a character" },
	{ "https://example.org/\r\nX: y", NULL, 0, "a character" },
};

static void
urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct str error = str_in(arena);
		struct https_url url = { .host = NULL, .port = 0 };
		bool good = https_url_parse(arena, cases[i].text, &url, &error);
		const char *wanted = cases[i].error ? cases[i].error : "";

		check_number(cases[i].text, "is one", good, !cases[i].error);
		check_slice(cases[i].text, "host", slice_z(url.host), slice_z(cases[i].host));
		check_number(cases[i].text, "port", url.port, cases[i].port);
		if (slice_find(str_slice(&error), slice_z(wanted)) == error.n && error.n > 0)
			check_slice(cases[i].text, "error", str_slice(&error), slice_z(wanted));
		check_number(cases[i].text, "says why", error.n > 0, !good);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(urls) };

	return cmocka_run_group_tests_name("https_url", tests, NULL, NULL);
}
