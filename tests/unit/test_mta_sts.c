/* SPDX-License-Identifier: BSD-2-Clause */
/* MTA-STS: records, policies and which MX they cover, with the examples of RFC 8461; and TLSRPT. */
#include "check.h"

#include "mta_sts.h"
#include "tls_rpt.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define V "version: STSv1\n"
#define LABEL "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"

static struct arena *arena;

/* The id of the record, "" for none, or why it is broken. */
static const struct {
	const char *records[3], *wanted;
} records[] = {
	{ { NULL }, "" },
	{ { "v=STSv2; id=1", "v=spf1 -all", "STSv1" }, "" },
	{ { "v=STSv1; id=20160831085700Z;" }, "20160831085700Z" },
	{ { "x", "v=STSv1;id=a" }, "a" },
	{ { "v=STSv1 ; id=a ; x-y.z=1" }, "a" },
	{ { "v=STSv1; id=12345678901234567890123456789012" }, "12345678901234567890123456789012" },
	{ { "v=STSv1; id=123456789012345678901234567890123" }, "id= is not one to 32 letters and digits" },
	{ { "v=STSv1; id=a-b" }, "id= is not one to 32 letters and digits" },
	{ { "v=STSv1; id=" }, "id= is not one to 32 letters and digits" },
	{ { "v=STSv1" }, "it has no id=" },
	{ { "v=STSv1; ID=1" }, "it has no id=" },
	{ { "v = STSv1; id=1" }, "\"v\" has a blank around its \"=\"" },
	{ { "v=STSv1; id= 1" }, "\"id\" has a blank around its \"=\"" },
	{ { "v=STSv1; id=1; id=2" }, "\"id=2\" is not the first of its name" },
	{ { "v=STSv1; id=1; x" }, "\"x\" has no \"=\"" },
	{ { "v=STSv1; id=1", "v=STSv1; id=1" }, "there are 2 records, and one is allowed" },
};

static void
records_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		struct list list = { .n = 0 };
		struct mta_sts_record sts;

		for (size_t n = 0; n < 3 && records[i].records[n]; n++)
			list_add(arena, &list, slice_z(records[i].records[n]));
		mta_sts_record_parse(arena, &list, &sts);
		check_slice(list.n > 0 ? records[i].records[0] : "nothing", "id or error",
		    sts.status == TXT_BROKEN ? sts.error : sts.id, slice_z(records[i].wanted));
		check_number(records[i].wanted, "there is one", sts.status != TXT_NONE, *records[i].wanted != 0);
	}
}

/* MODE MAX_AGE MX...; or why it is none */
static const struct {
	slice text;
	const char *wanted;
} policies[] = {
	{ SLICE(V "mode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\n"
	          "max_age: 604800"),
	  "enforce 604800 mail.example.com *.example.net backupmx.example.com" },
	{ SLICE("version: STSv1\r\nmode: testing\r\nmx: a.test\r\nmax_age: 0\r\n"), "testing 0 a.test" },
	{ SLICE("max_age:31557600\nmx:a.test \t\r\nmode:none\n\nversion:STSv1\n\n"), "none 31557600 a.test" },
	{ SLICE(V "mode: none\nmax_age: 86400\n"), "none 86400" },
	{ SLICE(V "x-key.1: \xc3\xa4:b\nmode: none\nmode: enforce\nmax_age: 1\nmax_age: x\nversion: 2\n"), "none 1" },
	{ SLICE(V "mode: none\nmax_age: 31557601\n"),
	  "\"max_age: 31557601\" is no number of seconds up to 31557600" },
	{ SLICE(V "mode: none\nmax_age: -1\n"), "\"max_age: -1\" is no number of seconds up to 31557600" },
	{ SLICE(V "mode: none\nmax_age: 1 day\n"), "\"max_age: 1 day\" is no number of seconds up to 31557600" },
	{ SLICE(V "mode: Enforce\n"), "\"mode: Enforce\" is no mode" },
	{ SLICE("version: STSv2\nmode: none\nmax_age: 1\n"), "\"version: STSv2\" is not version STSv1" },
	{ SLICE(V "mode: enforce\nmax_age: 1\n"), "it has no \"mx\"" },
	{ SLICE(V "mode: testing\nmx: a.test"), "it has no \"max_age\"" },
	{ SLICE(V "mx: a.test\nmax_age: 1"), "it has no \"mode\"" },
	{ SLICE("mode: none\nmax_age: 1"), "it has no \"version\"" },
	{ SLICE(""), "it has no \"version\"" },
	{ SLICE("<!DOCTYPE html>\n"), "\"<!DOCTYPE html>\" is no key and value" },
	{ SLICE(V "mode : none\n"), "\"mode : none\" is no key and value" },
	{ SLICE(V "mode\n"), "\"mode\" is no key and value" },
	{ SLICE(V ": x\n"), "\": x\" is no key and value" },
	{ SLICE("version: STSv1\rmode: none\rmax_age: 1"),
	  "\"version: STSv1\rmode: none\rmax_age: 1\" is not version STSv1" },
	{ SLICE(V "mode: enforce\nmx: a.test, b.test\n"), "\"mx: a.test, b.test\" is no name of an MX and no pattern" },
	{ SLICE(V "mx: *\n"), "\"mx: *\" is no name of an MX and no pattern" },
	{ SLICE(V "mx: *.*.test\n"), "\"mx: *.*.test\" is no name of an MX and no pattern" },
	{ SLICE(V "mx: .a.test\n"), "\"mx: .a.test\" is no name of an MX and no pattern" },
	{ SLICE(V "mx: a.test.\n"), "\"mx: a.test.\" is no name of an MX and no pattern" },
	{ SLICE(V "mx: -a.test\n"), "\"mx: -a.test\" is no name of an MX and no pattern" },
	{ SLICE(V "mx:\n"), "\"mx:\" is no name of an MX and no pattern" },
	{ SLICE(V "mode: none\nmx: " LABEL "\nmax_age: 1"), "none 1 " LABEL },
	{ SLICE(V "mode: none\nmx: d" LABEL "\nmax_age: 1"),
	  "\"mx: d" LABEL "\" is no name of an MX and no pattern" },
};

static void
policies_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(policies); i++) {
		struct mta_sts_policy policy = { .max_age = 99 };
		struct str out = str_in(arena);
		slice error = { NULL, 0 };

		if (mta_sts_policy_parse(arena, policies[i].text, &policy, &error)) {
			str_add(&out, mta_sts_mode_name(policy.mode));
			str_addf(&out, " %u", (unsigned)policy.max_age);
			for (size_t n = 0; n < policy.mx.n; n++) {
				str_addc(&out, ' ');
				str_add(&out, policy.mx.items[n]);
			}
		} else {
			check_number(policies[i].wanted, "untouched", (long long)policy.max_age, 99);
			str_add(&out, error);
		}
		check_slice(policies[i].wanted, "policy", str_slice(&out), slice_z(policies[i].wanted));
	}
}

static void
patterns_are_bounded(void **state)
{
	struct mta_sts_policy policy;
	struct str text = str_in(arena);
	slice error;

	(void)state;
	str_addz(&text, V "mode: enforce\nmax_age: 1\n");
	for (int i = 0; i < MTA_STS_PATTERNS_MAX; i++)
		str_addf(&text, "mx: m%d.test\n", i);
	assert_true(mta_sts_policy_parse(arena, str_slice(&text), &policy, &error));
	check_number("policy", "patterns", (long long)policy.mx.n, MTA_STS_PATTERNS_MAX);
	str_addz(&text, "mx: x.test\n");
	assert_false(mta_sts_policy_parse(arena, str_slice(&text), &policy, &error));
	check_slice("policy", "error", error, S("\"mx: x.test\" is one MX too many"));
}

static void
a_star_is_one_label(void **state)
{
	static const struct {
		const char *mx;
		bool covered;
	} names[] = {
		{ "mail.example.com", true },
		{ "MAIL.example.com.", true },
		{ "a.example.net", true },
		{ "A.EXAMPLE.NET", true },
		{ "a.b.example.net", false },
		{ "example.net", false },
		{ ".example.net", false },
		{ "xexample.net", false },
		{ "example.com", false },
		{ "a.mail.example.com", false },
		{ "mail.example.co", false },
		{ ".", false },
		{ "", false },
	};
	struct mta_sts_policy policy;
	slice error;

	(void)state;
	assert_true(mta_sts_policy_parse(arena, policies[0].text, &policy, &error));
	for (size_t i = 0; i < COUNT(names); i++)
		check_number(names[i].mx, "covered", mta_sts_covers(&policy, slice_z(names[i].mx)), names[i].covered);
}

/* URIs with "," between, "" for no record, or why it is broken */
static const struct {
	const char *records[3], *wanted;
} reports[] = {
	{ { NULL }, "" },
	{ { "v=spf1 -all", "v=tlsrptv1; rua=mailto:a@b.test" }, "" },
	{ { "v=TLSRPTv1; rua=mailto:reports@example.com" }, "mailto:reports@example.com" },
	{ { "v=TLSRPTv1;rua=https://reporting.example.com/v1/tlsrpt , MAILTO:a@b.test;", "x" },
	  "https://reporting.example.com/v1/tlsrpt,MAILTO:a@b.test" },
	{ { "v=TLSRPTv1; rua=mailto:a%2Cb@c.test?subject=x; ext=1" }, "mailto:a%2Cb@c.test?subject=x" },
	{ { "v=TLSRPTv1" }, "it has no rua=" },
	{ { "v=TLSRPTv1; rua=" }, "\"\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=a@b.test" }, "\"a@b.test\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=http://b.test/" }, "\"http://b.test/\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=https:///x" }, "\"https:///x\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=https:b.test" }, "\"https:b.test\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=mailto:a@b.test!1k" }, "\"mailto:a@b.test!1k\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua=mailto:a@b.test," }, "\"\" is no mailto: or https: URI" },
	{ { "v=TLSRPTv1; rua =mailto:a@b.test" }, "\"rua\" has a blank around its \"=\"" },
	{ { "v=TLSRPTv1; rua=mailto:a@b.test; rua=mailto:a@b.test" },
	  "\"rua=mailto:a@b.test\" is not the first of its name" },
	{ { "v=TLSRPTv1; rua=mailto:a@b.test", "v=TLSRPTv1; rua=mailto:a@b.test" },
	  "there are 2 records, and one is allowed" },
};

static void
report_records_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reports); i++) {
		struct list list = { .n = 0 };
		struct str out = str_in(arena);
		struct tls_rpt rpt;

		for (size_t n = 0; n < 3 && reports[i].records[n]; n++)
			list_add(arena, &list, slice_z(reports[i].records[n]));
		tls_rpt_parse(arena, &list, &rpt);
		for (size_t n = 0; rpt.status == TXT_GOOD && n < rpt.rua.n; n++) {
			str_addz(&out, n > 0 ? "," : "");
			str_add(&out, rpt.rua.items[n]);
		}
		check_slice(reports[i].wanted, "URIs or error", rpt.status == TXT_BROKEN ? rpt.error : str_slice(&out),
		    slice_z(reports[i].wanted));
		check_number(reports[i].wanted, "there is one", rpt.status != TXT_NONE, *reports[i].wanted != 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(policies_are_read),
		cmocka_unit_test(patterns_are_bounded),
		cmocka_unit_test(a_star_is_one_label),
		cmocka_unit_test(report_records_are_read),
	};
	int failed;

	arena = arena_new(1 << 20);
	failed = cmocka_run_group_tests_name("mta_sts", tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
