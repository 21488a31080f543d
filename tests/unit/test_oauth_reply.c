/* SPDX-License-Identifier: BSD-2-Clause */
/* Replies of token endpoints: the RFC's examples, and what must not pass for JSON. */
#include <stdlib.h>

#include "check.h"
#include "oauth_reply.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define T "\"access_token\":\"t\""

static const struct {
	const char *json;
	const char *token, *type, *refresh, *error, *description;
	bool limited;
	uint64_t expires_in;
} good[] = {
	/* RFC 6749 sections 5.1 and 5.2 */
	{ .json =
	        "{\n  \"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\n  \"token_type\":\"example\",\n"
	        "  \"expires_in\":3600,\n  \"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\",\n"
	        "  \"example_parameter\":\"example_value\"\n}",
	    .token = "2YotnFZFEjr1zCsicMWpAA",
	    .type = "example",
	    .refresh = "tGzv3JOkF0XG5Qx2TlKWIA",
	    .limited = true,
	    .expires_in = 3600 },
	{ .json = "{\"error\":\"invalid_request\"}", .error = "invalid_request" },
	{ .json =
	        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7: \\u0022no\\u0022\\n\","
	        "\"error_codes\":[7],\"x\":{\"y\":[{},[],[1,-2.5e3,true,false,null,\"]\"]]}}",
	    .error = "invalid_client",
	    .description = "AADSTS7: \"no\"\n" },
	{ .json = "{}" },
	{ .json = " { } " },
	{ .json = "{" T "}", .token = "t" },
	{ .json = "{ \"access_token\" : \"a\\/b\\\\c\\u002d\\u00e9\" }", .token = "a/b\\c-?" },
	{ .json = "{" T ",\"refresh_token\":null,\"expires_in\":null}", .token = "t" },
	{ .json = "{" T ",\"refresh_token\":\"\"}", .token = "t", .refresh = "" },
	{ .json = "{" T ",\"expires_in\":\"3599\"}",
	    .token = "t",
	    .limited = true,
	    .expires_in = 3599 },
	{ .json = "{" T ",\"expires_in\":59.9}", .token = "t", .limited = true, .expires_in = 59 },
	{ .json = "{" T ",\"expires_in\":0}", .token = "t", .limited = true },
	{ .json = "{" T ",\"expires_in\":99999999999999999999}",
	    .token = "t",
	    .limited = true,
	    .expires_in = 366 * 86400 },
	{ .json = "{\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}" },
};

static const char *const bad[] = {
	"{" T ",\"expires_in\":-1}",
	"{" T ",\"expires_in\":36e2}",
	"{" T ",\"expires_in\":\"3599 s\"}",
	"{" T ",\"expires_in\":\"\"}",
	"{" T ",\"expires_in\":true}",
	"{" T ",\"expires_in\":1,\"expires_in\":2}",
	"{" T "," T "}",
	"{\"access_token\":1}",
	"{\"access_token\":[\"t\"]}",
	"",
	"null",
	"[]",
	"\"t\"",
	"<html>",
	"access_token=t&token_type=bearer",
	"{" T,
	"{" T ",}",
	"{,}",
	"{" T "}}",
	"{" T "} {}",
	"{" T " \"x\":1}",
	"{\"access_token\" \"t\"}",
	"{access_token:\"t\"}",
	"{'access_token':'t'}",
	"{\"access_token\":\"t}",
	"{\"access_token\":\"t\\\"}",
	"{\"access_token\":\"t\\x41\"}",
	"{\"access_token\":\"t\\u12\"}",
	"{\"access_token\":\"t\\u12g4\"}",
	"{\"access_token\":\"a\nb\"}",
	"{\"x\":[1 2]}",
	"{\"x\":[1,]}",
	"{\"x\":tru}",
	"{\"x\":}",
	"{\"x\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}",
};

static void
replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct oauth_reply reply;
		const char *name = good[i].json;

		check_number(name, "is good", oauth_reply_parse(arena, slice_z(name), &reply), 1);
		check_slice(name, "token", reply.access_token, slice_z(good[i].token));
		check_slice(name, "type", reply.token_type, slice_z(good[i].type));
		check_slice(name, "refresh", reply.refresh_token, slice_z(good[i].refresh));
		check_slice(name, "error", reply.error, slice_z(good[i].error));
		check_slice(name, "text", reply.description, slice_z(good[i].description));
		check_number(name, "limited", reply.limited, good[i].limited);
		check_number(
		    name, "expires_in", (long long)reply.expires_in, (long long)good[i].expires_in);
		arena_free(arena);
	}
}

static void
broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct oauth_reply reply = { .expires_in = 42 };

		check_number(
		    bad[i], "is good", oauth_reply_parse(arena, slice_z(bad[i]), &reply), 0);
		check_number(bad[i], "untouched", (long long)reply.expires_in, 42);
		arena_free(arena);
	}
}

/* A NUL ends nothing; bytes behind the slice are not read (sanitizers would tell). */
static void
bounds(void **state)
{
	static const char whole[] = "{" T ",\"x\":[1,\"\\u0041\"],\"expires_in\":3600}";
	struct oauth_reply reply;

	(void)state;
	for (size_t n = 0; n < sizeof whole - 1; n++) {
		struct arena *arena = arena_new(1 << 20);
		char *cut = malloc(n ? n : 1);

		memcpy(cut, whole, n);
		check_number(
		    whole, "is whole", oauth_reply_parse(arena, (slice){ cut, n }, &reply), 0);
		free(cut);
		arena_free(arena);
	}
	struct arena *arena = arena_new(1 << 20);

	check_number("NUL", "is JSON",
	    oauth_reply_parse(arena, S("{\"access_token\":\"a\0b\"}"), &reply), 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies),
		cmocka_unit_test(broken),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests_name("oauth_reply", tests, NULL, NULL);
}
