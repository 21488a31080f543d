/* SPDX-License-Identifier: BSD-2-Clause */
/* Data of DNS records: strings joined, names in text, and what is cut short or has too much. */
#include "check.h"

#include "dns_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN
#define LABEL "\x3f" SIXTY "xyz"

static struct arena *arena;

static const struct {
	slice rdata, text; /* text missing: refused */
} strings[] = {
	{ SLICE("\x03" "abc"), SLICE("abc") },
	{ SLICE("\x03" "abc" "\x02" "de"), SLICE("abcde") },
	{ SLICE("\x00"), SLICE("") },
	{ SLICE("\x00\x00\x01" "a\x00"), SLICE("a") },
	{ SLICE("\x02" "a\x00"), SLICE("a\0") },
	{ SLICE("\x02\xff\n"), SLICE("\xff\n") },
	{ .rdata = SLICE("") },
	{ .rdata = SLICE("\x04" "abc") },
	{ .rdata = SLICE("\x03" "abc\x01") },
	{ .rdata = SLICE("\xff") },
}, names[] = {
	{ SLICE("\x02mx\x07" "example\x03" "Org\x00"), SLICE("mx.example.Org") },
	{ SLICE("\x00"), SLICE(".") },
	{ SLICE("\x01" "a\x00"), SLICE("a") },
	{ SLICE("\x05_25\\.\x01 \x00"), SLICE("_25\\\\\\..\\032") },
	{ SLICE("\x03\x00\x7f\xe4\x00"), SLICE("\\000\\127\\228") },
	{ SLICE(LABEL "\x00"), SLICE(SIXTY "xyz") },
	{ SLICE(LABEL LABEL LABEL "\x3d" SIXTY "x\x00"),
	  SLICE(SIXTY "xyz." SIXTY "xyz." SIXTY "xyz." SIXTY "x") },
	{ .rdata = SLICE(LABEL LABEL LABEL "\x3e" SIXTY "xy\x00") },
	{ .rdata = SLICE("\x40" SIXTY "wxyz\x00") },
	{ .rdata = SLICE("") },
	{ .rdata = SLICE("\x01" "a") },
	{ .rdata = SLICE("\x02" "a\x00") },
	{ .rdata = SLICE("\x01" "a\x00\x00") },
	{ .rdata = SLICE("\x00\x00") },
	{ .rdata = SLICE("\xc0\x0c") },
	{ .rdata = SLICE("\x01" "a\xc0\x00") },
};

static void
texts_are_joined_strings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct str out = str_in(arena);

		str_addc(&out, 'x');
		assert_int_equal(txt_rdata(strings[i].rdata, &out), strings[i].text.at != NULL);
		check_slice("TXT", "text", slice_skip(str_slice(&out), 1), strings[i].text);
	}
}

static void
names_are_labels_and_dots(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct str out = str_in(arena);

		str_addc(&out, 'x');
		assert_int_equal(name_rdata(names[i].rdata, &out), names[i].text.at != NULL);
		check_slice("name", "text", slice_skip(str_slice(&out), 1), names[i].text);
	}
}

static void
mx_is_preference_and_name(void **state)
{
	struct str out = str_in(arena);
	unsigned preference = 7;

	(void)state;
	assert_false(mx_rdata(S(""), &preference, &out));
	assert_false(mx_rdata(S("\x00\x0a"), &preference, &out));
	assert_false(mx_rdata(S("\x00\x0a\x01" "a"), &preference, &out));
	check_number("MX", "preference, untouched", preference, 7);
	check_slice("MX", "name, untouched", str_slice(&out), S(""));
	assert_true(mx_rdata(S("\x80\xff\x01" "a\x00"), &preference, &out));
	check_number("MX", "preference", preference, 33023);
	check_slice("MX", "name", str_slice(&out), S("a"));
	out = str_in(arena);
	assert_true(mx_rdata(S("\x00\x00\x00"), &preference, &out));
	check_number("null MX", "preference", preference, 0);
	check_slice("null MX", "name", str_slice(&out), S("."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_joined_strings),
		cmocka_unit_test(names_are_labels_and_dots),
		cmocka_unit_test(mx_is_preference_and_name),
	};
	int failed;

	arena = arena_new(1 << 20);
	failed = cmocka_run_group_tests_name("dns_text", tests, NULL, NULL);
	arena_free(arena);
	return failed;
}
