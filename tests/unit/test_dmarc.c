/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMARC records: RFC 7489's examples and what receivers make of wrong ones; parents of a domain;
 * alignment.
 */
#include "check.h"

#include "dmarc.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct arena *arena;

/* STATUS p sp np adkim aspf pct rua ruf; then "! " and the error, "? " and the fault */
static const struct {
	const char *records[4]; /* up to four, then NULL */
	const char *wanted;
} cases[] = {
	{ { NULL }, "none" },
	{ { "v=spf1 -all", "v=DMARC2; p=none", "dmarc", "v=dmarc1; p=none" }, "none" },
	{ { "v=DMARC1; p=none" }, "good none - - r r 100 - -" },
	{ { "v=DMARC1;p=reject;" }, "good reject - - r r 100 - -" },
	{ { "x", "v = DMARC1 ; p = Quarantine ; pct=25;sp=none; np=reject; adkim=s; aspf=S", "y" },
	  "good quarantine none reject s s 25 - -" },
	{ { "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com" },
	  "good none - - r r 100 mailto:dmarc-feedback@example.com mailto:auth-reports@example.com" },
	{ { "v=DMARC1; p=none; rua=mailto:a@x.test!10m , https://x.test/r?a=1!9" },
	  "good none - - r r 100 mailto:a@x.test,https://x.test/r?a=1 -" },
	{ { "v=DMARC1; p=none; fo=1; rf=afrf; ri=86400; future=x" }, "good none - - r r 100 - -" },
	{ { "v=DMARC1; p=none", "v=DMARC1; p=none" }, "broken - - - r r 100 - - ! there are 2 records, and one is allowed" },
	{ { "v=DMARC1" }, "broken - - - r r 100 - - ! it has no p=" },
	{ { "v=DMARC1; sp=none" }, "broken - - - r r 100 - - ! it has no p=" },
	{ { "v=DMARC1; p=monitor" }, "broken - - - r r 100 - - ! p= is no policy" },
	{ { "v=DMARC1; p=" }, "broken - - - r r 100 - - ! p= is no policy" },
	{ { "v=DMARC1; p=reject; sp=off" }, "broken - - - r r 100 - - ! sp= is no policy" },
	{ { "v=DMARC1; p=reject; sp=off; rua=mailto:a@b.test" },
	  "good none - - r r 100 mailto:a@b.test - ? sp= is no policy" },
	{ { "v=DMARC1; rua=mailto:a@b.test" }, "good none - - r r 100 mailto:a@b.test - ? it has no p=" },
	{ { "v=DMARC1; p=x; rua=a@b.test" },
	  "broken - - - r r 100 - - ! p= is no policy" },
	{ { "v=DMARC1; pct=10; p=reject" }, "good reject - - r r 10 - - ? \"p=\" is not the second tag" },
	{ { "v=DMARC1; p=reject; p=none" }, "good reject - - r r 100 - - ? \"p=none\" is not the first of its name" },
	{ { "v=DMARC1; p=reject; pct=101" }, "good reject - - r r 100 - - ? \"101\" is no percentage" },
	{ { "v=DMARC1; p=reject; pct=" }, "good reject - - r r 100 - - ? \"\" is no percentage" },
	{ { "v=DMARC1; p=reject; pct=0050" }, "good reject - - r r 100 - - ? \"0050\" is no percentage" },
	{ { "v=DMARC1; p=reject; np=all" }, "good reject - - r r 100 - - ? \"all\" is no policy" },
	{ { "v=DMARC1; p=reject; adkim=strict" },
	  "good reject - - r r 100 - - ? \"strict\" is no alignment: r or s" },
	{ { "v=DMARC1; p=reject; rua=a@b.test,mailto:c@d.test" },
	  "good reject - - r r 100 mailto:c@d.test - ? \"a@b.test\" is no URI to report to" },
	{ { "v=DMARC1; p=reject; rua=mailto:a@b.test!x" },
	  "good reject - - r r 100 - - ? \"mailto:a@b.test!x\" is no URI to report to" },
	{ { "v=DMARC1; p=reject; ruf=mailto:" }, "good reject - - r r 100 - - ? \"mailto:\" is no URI to report to" },
	{ { "v=DMARC1; p=reject; ruf=mailto:a@b@c" },
	  "good reject - - r r 100 - - ? \"mailto:a@b@c\" is no URI to report to" },
	{ { "v=DMARC1; p=reject; ruf=mailto:a%2Cb@c.test,mailto:a%2xb@c.test" },
	  "good reject - - r r 100 - mailto:a%2Cb@c.test ? \"mailto:a%2xb@c.test\" is no URI to report to" },
	{ { "v=DMARC1; p=reject; garbage; =x" }, "good reject - - r r 100 - - ? \"garbage\" has no \"=\"" },
	{ { "v=DMARC1; p=reject; x=\x01" },
	  "good reject - - r r 100 - - ? \"x=\x01\" has bytes that are not visible ASCII" },
	{ { "v=DMARC1;; p=reject; " }, "good reject - - r r 100 - -" },
};

static void
add_uris(struct str *out, const struct list *uris)
{
	str_addz(out, uris->n > 0 ? " " : " -");
	for (size_t i = 0; i < uris->n; i++) {
		str_addz(out, i > 0 ? "," : "");
		str_add(out, uris->items[i]);
	}
}

static void
add_policy(struct str *out, enum dmarc_policy policy)
{
	str_addc(out, ' ');
	str_add(out, policy == DMARC_UNSAID ? S("-") : dmarc_policy_name(policy));
}

static slice
told(const struct dmarc *dmarc)
{
	static const char *const words[] = {
		[TXT_NONE] = "none", [TXT_GOOD] = "good", [TXT_BROKEN] = "broken"
	};
	struct str out = str_in(arena);

	str_addz(&out, words[dmarc->status]);
	if (dmarc->status == TXT_NONE)
		return str_slice(&out);
	add_policy(&out, dmarc->p);
	add_policy(&out, dmarc->sp);
	add_policy(&out, dmarc->np);
	str_addf(&out, " %c %c %u", dmarc->adkim_strict ? 's' : 'r', dmarc->aspf_strict ? 's' : 'r', dmarc->pct);
	add_uris(&out, &dmarc->rua);
	add_uris(&out, &dmarc->ruf);
	if (dmarc->error.at) {
		str_addz(&out, " ! ");
		str_add(&out, dmarc->error);
	}
	if (dmarc->fault.at) {
		str_addz(&out, " ? ");
		str_add(&out, dmarc->fault);
	}
	return str_slice(&out);
}

static void
records_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct list records = { .n = 0 };
		struct dmarc dmarc;

		for (size_t n = 0; n < 4 && cases[i].records[n]; n++)
			list_add(arena, &records, slice_z(cases[i].records[n]));
		dmarc_parse(arena, &records, &dmarc);
		check_slice(records.n > 0 ? cases[i].records[0] : "nothing", "told", told(&dmarc),
		    slice_z(cases[i].wanted));
	}
}

static void
uris_and_tags_are_bounded(void **state)
{
	struct list records = { .n = 0 };
	struct str record = str_in(arena);
	struct dmarc dmarc;

	(void)state;
	str_addz(&record, "v=DMARC1; p=none; rua=mailto:a@b.test");
	for (int i = 0; i < 1000; i++)
		str_addz(&record, ",mailto:a@b.test");
	for (int i = 0; i < 1000; i++)
		str_addf(&record, "; x%d=", i);
	list_add(arena, &records, str_slice(&record));
	dmarc_parse(arena, &records, &dmarc);
	check_number("rua", "URIs", (long long)dmarc.rua.n, 100);
	check_slice("tags", "fault", dmarc.fault, S("\"x61=\" is one tag too many"));
}

static void
parents_end_at_two_labels(void **state)
{
	static const char *const chains[][9] = {
		{ "example.org" },
		{ "org" },
		{ "" },
		{ "mail.example.org.", "example.org" },
		{ "b.c.d.e.f.g.h.i", "c.d.e.f.g.h.i", "d.e.f.g.h.i", "e.f.g.h.i", "f.g.h.i", "g.h.i", "h.i" },
		{ "w.x.y.z.a.b.c.d.e.f.g.h.i", "c.d.e.f.g.h.i", "d.e.f.g.h.i", "e.f.g.h.i", "f.g.h.i", "g.h.i", "h.i" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(chains); i++) {
		slice domain = slice_z(chains[i][0]);
		size_t n = 1;

		for (; chains[i][n]; n++) {
			assert_true(dmarc_parent(&domain));
			check_slice(chains[i][0], "parent", domain, slice_z(chains[i][n]));
		}
		assert_false(dmarc_parent(&domain));
		if (n > 1)
			check_slice(chains[i][0], "the last", domain, slice_z(chains[i][n - 1]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(uris_and_tags_are_bounded),
		cmocka_unit_test(parents_end_at_two_labels),
	};
	int failed;

	arena = arena_new(1 << 20);
	failed = cmocka_run_group_tests_name("dmarc", tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
