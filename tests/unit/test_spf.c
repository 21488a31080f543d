/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SPF: the grammar's terms by table, then records that lead through a little DNS of our own, with
 * the limits of RFC 7208 section 4.6.4 at, below and above each.
 */
#include "check.h"

#include "spf.h"
#include "spf_term.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FIVE "a:1.test a:2.test a:3.test a:4.test a:5.test"
#define LABEL "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"

static struct arena *arena;

/* What is wrong with a term; NULL for a right one. */
static const struct {
	slice term;
	const char *why;
} terms[] = {
	{ .term = SLICE("all") },
	{ .term = SLICE("-ALL") },
	{ SLICE("all:x.test"), "has something behind its name" },
	{ SLICE("all/24"), "has something behind its name" },
	{ .term = SLICE("?include:x.test") },
	{ .term = SLICE("include:_spf.%{d}") },
	{ .term = SLICE("include:x.test.") },
	{ SLICE("include"), "has no domain" },
	{ SLICE("include:"), "has no right domain" },
	{ SLICE("include=x.test."), NULL },
	{ SLICE("include:test"), "has no right domain" },
	{ SLICE("include:x.1"), "has no right domain" },
	{ SLICE("include:x.-t"), "has no right domain" },
	{ SLICE("include:x.t-"), "has no right domain" },
	{ SLICE("include:x.t_t"), "has no right domain" },
	{ .term = SLICE("include:x.xn--p1ai") },
	{ .term = SLICE("include:x_y!.t1") },
	{ SLICE("include:x.test/24"), "has no right domain" },
	{ SLICE("include:x\x01.test"), "has no right domain" },
	{ SLICE("include:\xc3\xa4.test"), "has no right domain" },
	{ .term = SLICE("a") },
	{ .term = SLICE("a/24") },
	{ .term = SLICE("a//64") },
	{ .term = SLICE("A:x.test/24//64") },
	{ .term = SLICE("mx:x/y.test/0//0") },
	{ .term = SLICE("mx/32//128") },
	{ .term = SLICE("~mx:%{d2}") },
	{ SLICE("a/33"), "has a wrong length of a prefix" },
	{ SLICE("a//129"), "has a wrong length of a prefix" },
	{ SLICE("a/024"), "has a wrong length of a prefix" },
	{ SLICE("a/99999999999999999999999"), "has a wrong length of a prefix" },
	{ SLICE("a/"), "has something wrong behind its name" },
	{ SLICE("a:/24"), "has no right domain" },
	{ SLICE("a:x.test/"), "has no right domain" },
	{ SLICE("a//64/24"), "has something wrong behind its name" },
	{ SLICE("ax"), "is no mechanism" },
	{ SLICE("a:"), "has no right domain" },
	{ .term = SLICE("ptr") },
	{ .term = SLICE("ptr:x.test") },
	{ SLICE("ptr/24"), "has something wrong behind its name" },
	{ SLICE("ptr:"), "has no right domain" },
	{ .term = SLICE("ip4:192.0.2.1") },
	{ .term = SLICE("ip4:192.0.2.0/24") },
	{ SLICE("ip4:192.0.2.0/33"), "has a wrong length of a prefix" },
	{ SLICE("ip4:192.0.2.0/04"), "has a wrong length of a prefix" },
	{ SLICE("ip4:192.0.2"), "has no IPv4 address" },
	{ SLICE("ip4:192.0.2.01"), "has no IPv4 address" },
	{ SLICE("ip4:192.0.2.256"), "has no IPv4 address" },
	{ SLICE("ip4:192.0.2.1\0"), "has no address" },
	{ SLICE("ip4:x.test"), "has no IPv4 address" },
	{ SLICE("ip4:2001:db8::1"), "has no IPv4 address" },
	{ SLICE("ip4:"), "has no IPv4 address" },
	{ SLICE("ip4"), "has no address" },
	{ SLICE("ip4/24"), "has no address" },
	{ .term = SLICE("ip6:2001:db8::/32") },
	{ .term = SLICE("ip6:::ffff:192.0.2.1/128") },
	{ .term = SLICE("ip6:::") },
	{ SLICE("ip6:2001:db8::/129"), "has a wrong length of a prefix" },
	{ SLICE("ip6:192.0.2.1"), "has no IPv6 address" },
	{ SLICE("ip6:fe80::1%lo"), "has no IPv6 address" },
	{ SLICE("ip6:00000000000000000000000000000000000000000000000000000000001"), "has no address" },
	{ SLICE("ipv4:192.0.2.1"), "is no mechanism" },
	{ SLICE("192.0.2.1"), "is no mechanism" },
	{ .term = SLICE("exists:%{ir}.%{l1r+-}._spf.%{d}") },
	{ .term = SLICE("exists:%{I}.%%%_%-.x.test") },
	{ .term = SLICE("exists:%{o128R.-+,/_=}") },
	{ SLICE("exists:%{i"), "has no right domain" },
	{ SLICE("exists:%{}.test"), "has no right domain" },
	{ SLICE("exists:%{x}.test"), "has no right domain" },
	{ SLICE("exists:%{d0}"), "has no right domain" },
	{ SLICE("exists:%{d1rr}"), "has no right domain" },
	{ SLICE("exists:%{dr1}"), "has no right domain" },
	{ SLICE("exists:%{d:}"), "has no right domain" },
	{ .term = SLICE("exists:%{d99999999999999999999999}") },
	{ SLICE("exists:%(d)"), "has no right domain" },
	{ SLICE("exists:x.test%"), "has no right domain" },
	{ SLICE("exists:%{t}.test"), "has no right domain" },
	{ SLICE("exists:%{d}test"), "has no right domain" },
	{ SLICE("exists:x.%{d}test"), "has no right domain" },
	{ .term = SLICE("redirect=x.test") },
	{ .term = SLICE("Redirect=%{d}") },
	{ SLICE("redirect="), "has no right domain" },
	{ SLICE("redirect:x.test"), "is no mechanism" },
	{ SLICE("-redirect=x.test"), "is no mechanism" },
	{ .term = SLICE("exp=explain.%{d}") },
	{ SLICE("exp=x"), "has no right domain" },
	{ .term = SLICE("foo=") },
	{ .term = SLICE("ra-2.x_y=%{c}.%{r}%{t}") },
	{ SLICE("foo=%{z}"), "has a wrong macro" },
	{ SLICE("2foo=x"), "is no mechanism" },
	{ SLICE("foo"), "is no mechanism" },
	{ SLICE("\ta"), "is no mechanism" },
	{ SLICE("--all"), "is no mechanism" },
	{ SLICE("-"), "is no mechanism" },
};

static void
terms_of_the_grammar(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(terms); i++) {
		struct spf_term term = { .qualifier = 0 };
		const char *why = NULL;
		bool right = spf_term_parse(terms[i].term, &term, &why);

		check_slice(terms[i].term.at, "what is wrong", slice_z(why), slice_z(terms[i].why));
		check_number(terms[i].term.at, "qualifier", term.qualifier != 0, right);
		assert_int_equal(right, why == NULL);
	}
}

static void
macros(void **state)
{
	/* Those of section 7.4 that are about the domain, and others; NULL: only a message says it. */
	static const struct {
		const char *spec, *name;
	} specs[] = {
		{ "%{o}", "strong-bad.test" },
		{ "%{d}", "email.example.com" },
		{ "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" },
		{ "%{d2}", "example.com" },
		{ "%{d1}", "com" },
		{ "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" },
		{ "%{d99999999999999999999}", "email.example.com" },
		{ "%{o-}", "strong.bad.test" },
		{ "%{o1r-.}.x.%{D1}", "strong.x.com" },
		{ "_spf.%{d}.", "_spf.email.example.com" },
		{ "a%%%_%-.test", "a% %20.test" },
		{ "%{ir}.%{v}._spf.%{d2}", NULL },
		{ "%{s}", NULL },
		{ "%{l}", NULL },
		{ "%{h}", NULL },
		{ "%{p}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(specs); i++) {
		slice name = { NULL, 0 };
		bool known = spf_term_expand(arena, slice_z(specs[i].spec), S("email.example.com"),
		    S("strong-bad.test"), &name);

		check_slice(specs[i].spec, "name", name, slice_z(specs[i].name));
		assert_int_equal(known, specs[i].name != NULL);
	}
}

static void
a_long_name_is_cut_from_the_left(void **state)
{
	slice name;

	(void)state;
	assert_true(spf_term_expand(arena, S("x.y." LABEL "." LABEL "." LABEL "." LABEL), S(""), S(""), &name));
	check_slice("long", "name", name, S(LABEL "." LABEL "." LABEL));
	assert_true(spf_term_is_name(name));
	assert_true(spf_term_expand(arena, S("x" LABEL ".test"), S(""), S(""), &name));
	assert_false(spf_term_is_name(name));
	assert_false(spf_term_is_name(S("")));
	assert_false(spf_term_is_name(S("a..b")));
	assert_false(spf_term_is_name(S("a\\.b")));
	assert_false(spf_term_is_name(S("a b.test")));
}

/* The DNS. A name that is not here has nothing but an address; "fail" fails. */
static const struct {
	const char *name, *text;
} zone[] = {
	{ "hard.test", "v=spf1 ip4:192.0.2.1 -all" },
	{ "soft.test", "v=spf1 ~all" },
	{ "plus.test", "v=spf1 +all" },
	{ "open.test", "v=spf1 ip6:::/0" },
	{ "neutral.test", "v=spf1" },
	{ "five.test", "v=spf1 " FIVE " -all" },
	{ "four.test", "v=spf1 a mx ptr exists:x.test -all" },
	{ "wrong.test", "v=spf1 foo -all" },
	{ "two.test", "v=spf1 -all" },
	{ "two.test", "v=spf1 -all" },
	{ "none.test", "v=spf2.0/mfrom -all" },
	{ "self.test", "v=spf1 include:Self.test -all" },
	{ "ping.test", "v=spf1 include:pong.test -all" },
	{ "pong.test", "v=spf1 redirect=ping.test" },
	{ "mailfive.test", "v=spf1 include:five.test include:five.test ~all" },
	{ "_spf.example.test", "v=spf1 a:%{d2}.x.test a:%{o}.x.test -all" },
	{ "include-fail.test", "v=spf1 include:fail -all" },
	{ "deep.test", "v=spf1 include:five.test include:wrong.test -all" },
};

static const struct {
	const char *name;
	size_t n;
} counts[] = {
	{ "empty1.test", 0 },
	{ "empty2.test", 0 },
	{ "empty3.test", 0 },
	{ "ten.test", 10 },
	{ "eleven.test", 11 },
};

static bool
texts(void *data, slice domain, struct list *records)
{
	unsigned *asked = data;

	assert_true(spf_term_is_name(domain));
	(*asked)++;
	for (size_t i = 0; i < COUNT(zone); i++)
		if (slice_eqi(domain, slice_z(zone[i].name)))
			list_add(arena, records, slice_z(zone[i].text));
	return !slice_starts(domain, S("fail"));
}

static bool
count(void *data, enum spf_query query, slice domain, size_t *n)
{
	unsigned *asked = data;

	assert_true(spf_term_is_name(domain));
	(*asked)++;
	*n = query == SPF_MX ? 2 : 1;
	for (size_t i = 0; i < COUNT(counts); i++)
		if (slice_eqi(domain, slice_z(counts[i].name)))
			*n = counts[i].n;
	return !slice_starts(domain, S("fail"));
}

/* STATUS ALL STRANGER LOOKUPS VOIDS, "." for none[ depends][ open TERM][: ERROR] */
static const struct {
	const char *records[3], *wanted;
} checks[] = {
	{ { NULL }, "none . . 0 0" },
	{ { "v=spf10 -all", "v=spf1-all", "spf2.0/pra" }, "none . . 0 0" },
	{ { " v=spf1 -all", "v=spf1\t-all" }, "none . . 0 0" },
	{ { "x", "v=spf1" }, "good . ? 0 0" },
	{ { "V=SPF1  mx   -ALL  " }, "good - - 1 0" },
	{ { "v=spf1 -all", "v=spf1 -all" }, "permerror . . 0 0: there are 2 records, and one is allowed" },
	{ { "v=spf1 -all", "v=spf1" }, "permerror . . 0 0: there are 2 records, and one is allowed" },
	{ { "v=spf1 ip4:192.0.2.1 ?all" }, "good ? ? 0 0" },
	{ { "v=spf1 ~all" }, "good ~ ~ 0 0" },
	{ { "v=spf1 +all" }, "good + + 0 0 open +all" },
	{ { "v=spf1 all a mx" }, "good + + 0 0 open all" },
	{ { "v=spf1 ip4:0.0.0.0/0 -all" }, "good - - 0 0 open ip4:0.0.0.0/0" },
	{ { "v=spf1 -ip4:0.0.0.0/0 ?ip6:::/0 -all" }, "good - - 0 0" },
	{ { "v=spf1 a mx ptr exists:%{i}.x.test exp=e.x.test foo=bar -all" }, "good - - 4 0" },
	{ { "v=spf1 -all a mx foo" }, "permerror . . 0 0: \"foo\" is no mechanism" },
	{ { "v=spf1 a\tmx -all" }, "permerror . . 0 0: \"a\tmx\" has something wrong behind its name" },
	{ { "v=spf1 foo bar" }, "permerror . . 0 0: \"foo\" is no mechanism" },
	{ { "v=spf1 redirect=hard.test redirect=hard.test" },
	  "permerror . . 0 0: \"redirect=hard.test\" is the second of its kind" },
	{ { "v=spf1 exp=a.test -all Exp=b.test" }, "permerror . . 0 0: \"Exp=b.test\" is the second of its kind" },
	{ { "v=spf1 a foo=1 foo=2 -all" }, "good - - 1 0" },
	/* include */
	{ { "v=spf1 include:hard.test ~all" }, "good ~ ~ 1 0" },
	{ { "v=spf1 include:neutral.test include:soft.test -all" }, "good - - 2 0" },
	{ { "v=spf1 include:plus.test a mx -all" }, "good . + 1 0 open +all" },
	{ { "v=spf1 ?include:plus.test a mx -all" }, "good . ? 1 0" },
	{ { "v=spf1 -include:plus.test" }, "good . - 1 0" },
	{ { "v=spf1 include:open.test -all" }, "good - - 1 0 open ip6:::/0" },
	{ { "v=spf1 include:four.test mx -all" }, "good - - 6 0" },
	{ { "v=spf1 include:none.test -all" },
	  "permerror . . 1 0: \"include:none.test\" leads to a domain that has no SPF record" },
	{ { "v=spf1 include:nowhere.test -all" },
	  "permerror . . 1 1: \"include:nowhere.test\" leads to a domain that has no SPF record" },
	{ { "v=spf1 include:two.test -all" },
	  "permerror . . 1 0: \"include:two.test\" leads to a domain that has several SPF records" },
	{ { "v=spf1 include:wrong.test -all" },
	  "permerror . . 1 0: \"foo\" is no mechanism, in the record of wrong.test" },
	{ { "v=spf1 include:deep.test -all" },
	  "permerror . . 8 0: \"foo\" is no mechanism, in the record of wrong.test" },
	{ { "v=spf1 include:fail.test -all" }, "temperror . . 1 0: \"include:fail.test\" leads to where the DNS fails" },
	{ { "v=spf1 a:fail.test -all" }, "temperror . . 1 0: \"a:fail.test\" leads to where the DNS fails" },
	{ { "v=spf1 include:a..test -all" }, "permerror . . 1 0: \"include:a..test\" leads to what is no domain name" },
	{ { "v=spf1 a:a..test exists:a\\b.test -all" }, "good - - 2 0" },
	/* redirect */
	{ { "v=spf1 redirect=hard.test" }, "good - - 1 0" },
	{ { "v=spf1 redirect=soft.test a" }, "good ~ ~ 2 0" },
	{ { "v=spf1 redirect=plus.test" }, "good + + 1 0 open +all" },
	{ { "v=spf1 redirect=wrong.test ?all" }, "good ? ? 0 0" },
	{ { "v=spf1 ?all redirect=wrong.test" }, "good ? ? 0 0" },
	{ { "v=spf1 redirect=none.test" },
	  "permerror . . 1 0: \"redirect=none.test\" leads to a domain that has no SPF record" },
	/* loops */
	{ { "v=spf1 include:Example.test -all" },
	  "permerror . . 1 0: \"include:Example.test\" leads back to where it came from" },
	{ { "v=spf1 redirect=%{d}" }, "permerror . . 1 0: \"redirect=%{d}\" leads back to where it came from" },
	{ { "v=spf1 include:self.test -all" },
	  "permerror . . 2 0: \"include:Self.test\" leads back to where it came from, in the record of self.test" },
	{ { "v=spf1 include:ping.test -all" },
	  "permerror . . 3 0: \"redirect=ping.test\" leads back to where it came from, in the record of pong.test" },
	/* macros */
	{ { "v=spf1 include:_spf.%{d} -all" }, "good - - 3 0" },
	{ { "v=spf1 include:%{i}.x.test a -all" }, "good - - 2 0 depends" },
	{ { "v=spf1 a redirect=%{l}.x.test" }, "good . . 2 0 depends" },
	/* limits */
	{ { "v=spf1 " FIVE " " FIVE " -all" }, "good - - 10 0" },
	{ { "v=spf1 " FIVE " include:four.test -all" }, "good - - 10 0" },
	{ { "v=spf1 " FIVE " include:four.test ip4:192.0.2.1 a:6.test ~all" },
	  "permerror . . 11 0: \"a:6.test\" is the eleventh DNS lookup, and ten are allowed" },
	{ { "v=spf1 " FIVE " include:five.test -all" },
	  "permerror . . 11 0: \"a:5.test\" is the eleventh DNS lookup, and ten are allowed, "
	  "in the record of five.test" },
	{ { "v=spf1 " FIVE " " FIVE " redirect=hard.test" },
	  "permerror . . 11 0: \"redirect=hard.test\" is the eleventh DNS lookup, and ten are allowed" },
	{ { "v=spf1 " FIVE " " FIVE " include:five.test include:soft.test ~all" },
	  "permerror . . 17 0: \"include:five.test\" is the eleventh DNS lookup, and ten are allowed" },
	{ { "v=spf1 " FIVE " " FIVE " " FIVE " " FIVE " " FIVE " " FIVE " " FIVE " -all" },
	  "permerror . . 30 0: \"a:1.test\" is the eleventh DNS lookup, and ten are allowed" },
	{ { "v=spf1 " FIVE " " FIVE " -all a a a" }, "good - - 10 0" },
	{ { "v=spf1 a:empty1.test mx:empty2.test -all" }, "good - - 2 2" },
	{ { "v=spf1 a:empty1.test mx:empty2.test exists:empty3.test -all" },
	  "permerror . . 3 3: \"exists:empty3.test\" is the third DNS lookup with an empty answer, "
	  "and two are allowed" },
	{ { "v=spf1 mx:ten.test a:eleven.test -all" }, "good - - 2 0" },
	{ { "v=spf1 mx:eleven.test -all" }, "permerror . . 1 0: \"mx:eleven.test\" leads to more than ten names" },
};

static slice
told(const struct spf *spf)
{
	static const char *const words[] = {
		[SPF_NONE] = "none", [SPF_GOOD] = "good", [SPF_PERMERROR] = "permerror", [SPF_TEMPERROR] = "temperror"
	};
	struct str out = str_in(arena);

	str_addf(&out, "%s %c %c %u %u", words[spf->status], spf->all ? spf->all : '.',
	    spf->stranger ? spf->stranger : '.', spf->lookups, spf->voids);
	str_addz(&out, spf->depends ? " depends" : "");
	if (spf->open.at) {
		str_addz(&out, " open ");
		str_add(&out, spf->open);
	}
	str_addz(&out, spf->error.at ? ": " : "");
	str_add(&out, spf->error);
	return str_slice(&out);
}

static slice
checked(const char *const *texts_of, unsigned *asked)
{
	struct spf_dns dns = { .data = asked, .txt = texts, .count = count };
	struct list records = { .n = 0 };
	struct spf spf;

	*asked = 0;
	for (size_t n = 0; n < 3 && texts_of[n]; n++)
		list_add(arena, &records, slice_z(texts_of[n]));
	spf_check(arena, S("example.test."), &records, &dns, &spf);
	return told(&spf);
}

static void
records_are_evaluated(void **state)
{
	unsigned asked;

	(void)state;
	for (size_t i = 0; i < COUNT(checks); i++)
		check_slice(checks[i].records[0] ? checks[i].records[0] : "nothing", "told",
		    checked(checks[i].records, &asked), slice_z(checks[i].wanted));
}

/* A zone that branches at each level would be 2^10 queries. */
static void
queries_are_bounded(void **state)
{
	static const char *const record[3] = {
		"v=spf1 include:mailfive.test include:mailfive.test include:mailfive.test include:mailfive.test -all"
	};
	unsigned asked;

	(void)state;
	check_slice("branches", "told", checked(record, &asked),
	    S("permerror . . 30 0: \"a:3.test\" is the eleventh DNS lookup, and ten are allowed, "
	      "in the record of five.test"));
	assert_in_range(asked, SPF_LOOKUPS_MAX, SPF_LOOKUPS_SEEN);
}

static void
without_counts_nothing_else_is_asked(void **state)
{
	unsigned asked = 0;
	struct spf_dns dns = { .data = &asked, .txt = texts };
	struct list records = { .n = 0 };
	struct spf spf;

	(void)state;
	list_add(arena, &records, S("v=spf1 a:empty1.test a:empty2.test a:empty3.test mx:eleven.test include:hard.test"));
	spf_check(arena, S("example.test"), &records, &dns, &spf);
	check_slice("without counts", "told", told(&spf), S("good . ? 5 0"));
	check_number("without counts", "queries", asked, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_of_the_grammar),
		cmocka_unit_test(macros),
		cmocka_unit_test(a_long_name_is_cut_from_the_left),
		cmocka_unit_test(records_are_evaluated),
		cmocka_unit_test(queries_are_bounded),
		cmocka_unit_test(without_counts_nothing_else_is_asked),
	};
	int failed;

	arena = arena_new(1 << 22);
	failed = cmocka_run_group_tests_name("spf", tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
