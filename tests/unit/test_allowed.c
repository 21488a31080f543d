/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may be probed on demand: names, networks, and the disguises of addresses. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "allowed.h"
#include "check.h"

enum { LIST_MAX = 4 };

/* A list, a name asked for, the addresses it has, and what is to come of it. */
static const struct {
	const char *list[LIST_MAX + 1];
	const char *host, *address;
	bool name, at;
} cases[] = {
	{ { "mail.example.org" }, "mail.example.org", "192.0.2.1", true, true },
	{ { "mail.example.org" }, "MAIL.Example.ORG.", "192.0.2.1", true, true },
	{ { "mail.example.org." }, "mail.example.org", "192.0.2.1", true, true },
	{ { "mail.example.org" }, "mail.example.org.evil.test", "192.0.2.1", false, true },
	{ { "mail.example.org" }, "evilmail.example.org", "192.0.2.1", false, true },
	{ { "*.example.org" }, "mail.example.org", "192.0.2.1", true, true },
	{ { "*.example.org" }, "a.b.example.org", "192.0.2.1", true, true },
	{ { "*.example.org" }, "example.org", "192.0.2.1", false, true },
	{ { "*.example.org" }, "evil-example.org", "192.0.2.1", false, true },
	{ { "*.example.org" }, ".example.org", "192.0.2.1", false, true },
	{ { "*" }, "anything.test", "192.0.2.1", true, true },
	/* A list of names alone: no bare address, and nothing that is not reached by a route. */
	{ { "*" }, "192.0.2.1", "192.0.2.1", false, true },
	{ { "*" }, "2001:db8::1", "2001:db8::1", false, true },
	{ { "*" }, "fe80::1%lo", "fe80::1", false, false },
	{ { "*" }, "rebound.test", "127.0.0.1", true, false },
	{ { "*" }, "rebound.test", "::1", true, false },
	{ { "*" }, "rebound.test", "::ffff:127.0.0.1", true, false },
	{ { "*" }, "rebound.test", "::127.0.0.1", true, false },
	{ { "*" }, "rebound.test", "169.254.169.254", true, false },
	{ { "*" }, "rebound.test", "::ffff:169.254.169.254", true, false },
	{ { "*" }, "rebound.test", "0.0.0.0", true, false },
	{ { "*" }, "rebound.test", "::", true, false },
	{ { "*" }, "rebound.test", "224.0.0.1", true, false },
	{ { "*" }, "rebound.test", "255.255.255.255", true, false },
	{ { "*" }, "rebound.test", "fe80::1", true, false },
	{ { "*" }, "rebound.test", "ff02::1", true, false },
	{ { "*" }, "inside.test", "10.0.0.1", true, true },
	{ { "*" }, "localhost", "127.0.0.1", true, true },
	{ { "*" }, "localhost", "::1", true, true },
	{ { "*" }, "mx.localhost.", "127.0.0.1", true, true },
	{ { "*" }, "localhost", "169.254.1.1", true, false },
	{ { "*" }, "notlocalhost", "127.0.0.1", true, false },
	/* Networks alone: any name, if all of its addresses are within. */
	{ { "192.0.2.0/24" }, "any.test", "192.0.2.255", true, true },
	{ { "192.0.2.0/24" }, "any.test", "192.0.3.0", true, false },
	{ { "192.0.2.0/24" }, "192.0.2.7", "192.0.2.7", true, true },
	{ { "192.0.2.0/24" }, "::ffff:192.0.2.7", "::ffff:192.0.2.7", true, true },
	{ { "192.0.2.0/24" }, "::ffff:192.0.3.7", "::ffff:192.0.3.7", true, false },
	{ { "192.0.2.1" }, "any.test", "192.0.2.1", true, true },
	{ { "192.0.2.1" }, "any.test", "192.0.2.2", true, false },
	{ { "::ffff:192.0.2.1" }, "any.test", "192.0.2.1", true, true },
	{ { "2001:db8::/33" }, "any.test", "2001:db8:7fff::1", true, true },
	{ { "2001:db8::/33" }, "any.test", "2001:db8:8000::1", true, false },
	{ { "127.0.0.0/8" }, "any.test", "127.9.9.9", true, true },
	{ { "127.0.0.0/8" }, "any.test", "::1", true, false },
	{ { "0.0.0.0/0" }, "any.test", "203.0.113.1", true, true },
	{ { "0.0.0.0/0" }, "any.test", "2001:db8::1", true, false },
	/* Both: the name is one of the names, and every address in one of the networks. */
	{ { "*.example.org", "192.0.2.0/24" }, "mx.example.org", "192.0.2.1", true, true },
	{ { "*.example.org", "192.0.2.0/24" }, "mx.example.org", "198.51.100.1", true, false },
	{ { "*.example.org", "192.0.2.0/24" }, "mx.example.org", "2001:db8::1", true, false },
	{ { "*.example.org", "192.0.2.0/24" }, "evil.test", "192.0.2.1", false, true },
	{ { "*.example.org", "192.0.2.0/24" }, "192.0.2.9", "192.0.2.9", true, true },
	/* An empty list: nobody. */
	{ { NULL }, "mx.example.org", "192.0.2.1", false, false },
	{ { NULL }, "192.0.2.1", "192.0.2.1", false, false },
};

static const char *const wrong[] = { "", "192.0.2.0/33", "192.0.2.1/24", "2001:db8::1/32",
	"2001:db8::/129", "192.0.2.0/", "192.0.2.0/-1", "192.0.2/24", "a b", "*.", "foo*bar",
	"*.*.x", "http://x", "[::1]", "example.org/24" };

static void
judge(struct arena *arena, size_t i)
{
	struct allowed allowed = { .given = true };
	struct str error = str_in(arena);
	struct sockaddr_storage at = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&at;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&at;
	const char *name =
	    str_f(arena, "case %zu: %s at %s", i, cases[i].host, cases[i].address).at;

	for (const char *const *entry = cases[i].list; *entry; entry++)
		assert_true(allowed_add(&allowed, arena, *entry, &error));
	if (inet_pton(AF_INET, cases[i].address, &four->sin_addr) == 1)
		at.ss_family = AF_INET;
	else {
		assert_int_equal(inet_pton(AF_INET6, cases[i].address, &six->sin6_addr), 1);
		at.ss_family = AF_INET6;
	}
	check_number(name, "name", allowed_name(&allowed, cases[i].host), cases[i].name);
	check_number(name, "address",
	    allowed_address(&allowed, cases[i].host, (struct sockaddr *)&at), cases[i].at);
}

static void
lists(void **state)
{
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		judge(arena, i);
	arena_free(arena);
}

static void
refused(void **state)
{
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct allowed allowed = { .given = true };
		struct str error = str_in(arena);

		check_number(
		    wrong[i], "taken", allowed_add(&allowed, arena, wrong[i], &error), false);
		assert_true(error.n > 0);
	}
	arena_free(arena);
}

static void
without(void **state)
{
	const struct allowed everybody = { 0 };
	const struct sockaddr_in at = { .sin_family = AF_INET };

	(void)state;
	assert_true(allowed_name(&everybody, "anything"));
	assert_true(allowed_address(&everybody, "anything", (const struct sockaddr *)&at));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(refused),
		cmocka_unit_test(without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
