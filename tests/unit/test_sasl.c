/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole exchanges as tables: what the server sends, what must come of it. The first of each
 * mechanism is its RFC's own example; the proofs of the others were computed by another
 * implementation (Python's hashlib). Every way to refuse a server's message has a row.
 */
#include "check.h"

#include "sasl.h"

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define NONCE_256 "rOprNGfwEbeRWgbNEkqO"
#define BINDING \
	"\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17" \
	"\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37"
#define ERROR_JSON "{\"status\":\"401\",\"scope\":\"mail\"}"

/* Longer than any challenge may be, and otherwise a good server-first-message. */
static char endless[9300];

struct turn {
	slice challenge;
	slice response; /* of a turn that is answered */
	slice error;    /* compared where it is given */
	enum cause cause;
	bool sensitive, proven;
};

enum { TURNS = 4 };

struct exchange {
	const char *name, *mechanism;
	slice nonce;
	struct sasl_credentials with;
	struct turn turns[TURNS];
	size_t n;
};

#define WITH(...) .with = { __VA_ARGS__ }
#define PENCIL .user = SLICE("user"), .password = SLICE("pencil")

/* clang-format off */
static const struct exchange exchanges[] = {
	{ .name = "RFC 5802 section 5", .mechanism = "SCRAM-SHA-1", .nonce = SLICE(NONCE),
	  WITH(PENCIL), .n = 4, .turns = {
		{ .response = SLICE("n,,n=user,r=" NONCE) },
		{ .challenge = SLICE("r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"),
		  .response = SLICE("c=biws,r=" NONCE "3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="),
		  .sensitive = true },
		{ .challenge = SLICE("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), .proven = true },
		{ .challenge = SLICE("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), .cause = CAUSE_PROTOCOL } } },
	{ .name = "RFC 7677 section 3", .mechanism = "SCRAM-SHA-256", .nonce = SLICE(NONCE_256),
	  WITH(PENCIL), .n = 3, .turns = {
		{ .challenge = SLICE(""), .response = SLICE("n,,n=user,r=" NONCE_256) },
		{ .challenge = SLICE("r=" NONCE_256 "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
		      "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
		  .response = SLICE("c=biws,r=" NONCE_256 "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
		      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
		  .sensitive = true },
		{ .challenge = SLICE("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=1"),
		  .proven = true } } },
	{ .name = "tls-exporter, escaped name, prepared password", .mechanism = "SCRAM-SHA-256-PLUS",
	  .nonce = SLICE("abc"),
	  WITH(.user = SLICE("a,b=c"), .password = SLICE("I\xc2\xadX"), .plus_offered = true,
	      .binding_type = SLICE("tls-exporter"), .binding_data = SLICE(BINDING)),
	  .n = 3, .turns = {
		{ .response = SLICE("p=tls-exporter,,n=a=2Cb=3Dc,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=1"),
		  .response = SLICE("c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,"
		      "r=abcXYZ,p=wPCuBsUfx1/KGsArQ2yMiXFS8EBnK4yA6vEVRFVnUaI="),
		  .sensitive = true },
		{ .challenge = SLICE("v=yCfyFWkHNVt9AuQjcgrRKw06VsIJ6JsKOgwp8IAu1NE="),
		  .proven = true } } },
	{ .name = "tls-unique", .mechanism = "SCRAM-SHA-1-PLUS", .nonce = SLICE("abc"),
	  WITH(PENCIL, .plus_offered = true, .binding_type = SLICE("tls-unique"),
	      .binding_data = SLICE("\0\1\2\3\4\5\6\7\10\11\12\13")),
	  .n = 3, .turns = {
		{ .response = SLICE("p=tls-unique,,n=user,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=7"),
		  .response = SLICE("c=cD10bHMtdW5pcXVlLCwAAQIDBAUGBwgJCgs=,r=abcXYZ,"
		      "p=PKywvB86hywP2V2GyyWrsEelYCQ="),
		  .sensitive = true },
		{ .challenge = SLICE("v=eK5lOI8MctpNNnGI3yIhg/ZcvbE="), .proven = true } } },
	{ .name = "no -PLUS offered, an empty password, an extension", .mechanism = "SCRAM-SHA-1",
	  .nonce = SLICE("abc"),
	  WITH(.user = SLICE("user"), .password = SLICE(""), .binding_type = SLICE("tls-exporter"),
	      .binding_data = SLICE(BINDING)),
	  .n = 3, .turns = {
		{ .response = SLICE("y,,n=user,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=2,x=ignored"),
		  .response = SLICE("c=eSws,r=abcXYZ,p=pfISQe6bGEj9LWBnv3ziB53md+o="),
		  .sensitive = true },
		{ .challenge = SLICE("v=/O5bgqV9tACNPJkBeU/gWtJFyog="), .proven = true } } },
	{ .name = "-PLUS offered and not chosen", .mechanism = "SCRAM-SHA-1", .nonce = SLICE("abc"),
	  WITH(PENCIL, .plus_offered = true, .binding_type = SLICE("tls-exporter"),
	      .binding_data = SLICE(BINDING)),
	  .n = 1, .turns = { { .response = SLICE("n,,n=user,r=abc") } } },
	{ .name = "a password that SASLprep prohibits", .mechanism = "SCRAM-SHA-256",
	  .nonce = SLICE("abc"), WITH(.user = SLICE("user"), .password = SLICE("\xd8\xa7" "1")),
	  .n = 3, .turns = {
		{ .response = SLICE("n,,n=user,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=1"),
		  .response = SLICE("c=biws,r=abcXYZ,p=YS0azV9RhhFL673l0DBuHuXjb27tbMiWr3EW3jy7zzs="),
		  .sensitive = true },
		{ .challenge = SLICE("v=hOMN6X9KGAYlSnKWKzohl2uiX8PEFadYqJmg0JfRNWk="),
		  .proven = true } } },
	{ .name = "a password that is not UTF-8", .mechanism = "SCRAM-SHA-256", .nonce = SLICE("abc"),
	  WITH(.user = SLICE("user"), .password = SLICE("\xff")), .n = 3, .turns = {
		{ .response = SLICE("n,,n=user,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=1"),
		  .response = SLICE("c=biws,r=abcXYZ,p=WAv3hLa5V8x/vh7kpgd0MlzZSdLz80qwy5d7PyvGR+w="),
		  .sensitive = true },
		{ .challenge = SLICE("v=zBYKOu2ejuoi8Dd+v/g/bm13laQN+OgwFKdFoYpAQes="),
		  .proven = true } } },
	{ .name = "as many iterations as may be, then an error", .mechanism = "SCRAM-SHA-256",
	  .nonce = SLICE("abc"), WITH(PENCIL), .n = 4, .turns = {
		{ .response = SLICE("n,,n=user,r=abc") },
		{ .challenge = SLICE("r=abcXYZ,s=c2FsdA==,i=200000"),
		  .response = SLICE("c=biws,r=abcXYZ,p=UZjuBmsahEA3wW3viY+FNbkmgNsFjCNFmW2pJGE0B20="),
		  .sensitive = true },
		{ .challenge = SLICE("e=other-error"), .error = SLICE("other-error") },
		{ .challenge = SLICE("v=8rHLYrL5mJjLpPZkkwx2Z0YxLGI3v8VsuiFw9jOYG5A="),
		  .cause = CAUSE_PROTOCOL } } },

	{ .name = "RFC 2195 section 2", .mechanism = "CRAM-MD5",
	  WITH(.user = SLICE("tim"), .password = SLICE("tanstaaftanstaaf")), .n = 2, .turns = {
		{ .challenge = SLICE("<1896.697170952@postoffice.reston.mci.net>"),
		  .response = SLICE("tim b913a602c7eda7a495b4e6e7334d3890"),
		  .sensitive = true, .proven = true },
		{ .challenge = SLICE("<2@x>"), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "an empty CRAM-MD5 challenge", .mechanism = "CRAM-MD5", WITH(PENCIL), .n = 1,
	  .turns = { { .challenge = SLICE(""), .cause = CAUSE_PROTOCOL, .proven = true } } },

	{ .name = "RFC 4616 section 4", .mechanism = "PLAIN",
	  WITH(.user = SLICE("tim"), .password = SLICE("tanstaaftanstaaf")), .n = 2, .turns = {
		{ .response = SLICE("\0tim\0tanstaaftanstaaf"), .sensitive = true, .proven = true },
		{ .challenge = SLICE(""), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "PLAIN prepared", .mechanism = "PLAIN",
	  WITH(.user = SLICE("\xe2\x85\xa8"), .password = SLICE("\xc2\xaa")),
	  .n = 1, .turns = {
		{ .response = SLICE("\0IX\0" "a"), .sensitive = true, .proven = true } } },
	{ .name = "PLAIN prepared, the character that grows most", .mechanism = "PLAIN",
	  WITH(.user = SLICE("u"), .password = SLICE("\xef\xb7\xba")), .n = 1, .turns = {
		{ .response = SLICE("\0u\0"
		      "\xd8\xb5\xd9\x84\xd9\x89\x20\xd8\xa7\xd9\x84\xd9\x84\xd9\x87\x20\xd8\xb9"
		      "\xd9\x84\xd9\x8a\xd9\x87\x20\xd9\x88\xd8\xb3\xd9\x84\xd9\x85"),
		  .sensitive = true, .proven = true } } },
	{ .name = "PLAIN leaves ASCII alone", .mechanism = "PLAIN",
	  WITH(.user = SLICE("a\7"), .password = SLICE(" \x7f")), .n = 1, .turns = {
		{ .response = SLICE("\0a\7\0 \x7f"), .sensitive = true, .proven = true } } },
	{ .name = "a NUL in PLAIN", .mechanism = "PLAIN",
	  WITH(.user = SLICE("tim"), .password = SLICE("a\0b")), .n = 1,
	  .turns = { { .cause = CAUSE_USAGE, .proven = true } } },
	{ .name = "the server speaks first in PLAIN", .mechanism = "PLAIN", WITH(PENCIL), .n = 2,
	  .turns = { { .challenge = SLICE("?"), .cause = CAUSE_PROTOCOL, .proven = true },
		{ .cause = CAUSE_PROTOCOL, .proven = true } } },

	{ .name = "LOGIN", .mechanism = "LOGIN", WITH(PENCIL), .n = 3, .turns = {
		{ .challenge = SLICE("Username:"), .response = SLICE("user"), .proven = true },
		{ .challenge = SLICE("Password:"), .response = SLICE("pencil"), .sensitive = true,
		  .proven = true },
		{ .challenge = SLICE("Again:"), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "LOGIN with odd prompts", .mechanism = "LOGIN", WITH(PENCIL), .n = 2, .turns = {
		{ .challenge = SLICE(""), .response = SLICE("user"), .proven = true },
		{ .challenge = SLICE("User Name\0"), .response = SLICE("pencil"), .sensitive = true,
		  .proven = true } } },

	{ .name = "EXTERNAL", .mechanism = "EXTERNAL", .n = 2, .turns = {
		{ .response = SLICE(""), .proven = true },
		{ .challenge = SLICE(""), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "EXTERNAL as somebody", .mechanism = "EXTERNAL",
	  WITH(.user = SLICE("fred@example.com")), .n = 1, .turns = {
		{ .response = SLICE("fred@example.com"), .proven = true } } },
	{ .name = "a NUL in EXTERNAL", .mechanism = "EXTERNAL", WITH(.user = SLICE("a\0b")), .n = 1,
	  .turns = { { .cause = CAUSE_USAGE, .proven = true } } },

	{ .name = "RFC 7628 section 4.1", .mechanism = "OAUTHBEARER",
	  WITH(.user = SLICE("user@example.com"), .host = SLICE("server.example.com"), .port = 143,
	      .token = SLICE("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")),
	  .n = 3, .turns = {
		{ .response = SLICE("n,a=user@example.com,\1host=server.example.com\1port=143\1"
		      "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1"),
		  .sensitive = true, .proven = true },
		{ .challenge = SLICE(ERROR_JSON), .response = SLICE("\1"), .error = SLICE(ERROR_JSON),
		  .proven = true },
		{ .challenge = SLICE(ERROR_JSON), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "OAUTHBEARER with nothing but a token", .mechanism = "OAUTHBEARER",
	  WITH(.token = SLICE("t")), .n = 1, .turns = {
		{ .response = SLICE("n,,\1auth=Bearer t\1\1"), .sensitive = true, .proven = true } } },
	{ .name = "OAUTHBEARER escapes the name", .mechanism = "OAUTHBEARER",
	  WITH(.user = SLICE("a,=\xc2\xaa"), .token = SLICE("t")), .n = 1, .turns = {
		{ .response = SLICE("n,a=a=2C=3D\xc2\xaa,\1auth=Bearer t\1\1"), .sensitive = true,
		  .proven = true } } },
	{ .name = "a separator in the token", .mechanism = "OAUTHBEARER",
	  WITH(.token = SLICE("t\1auth=")), .n = 1,
	  .turns = { { .cause = CAUSE_USAGE, .proven = true } } },

	{ .name = "XOAUTH2", .mechanism = "XOAUTH2",
	  WITH(.user = SLICE("someuser@example.com"),
	      .token = SLICE("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")),
	  .n = 3, .turns = {
		{ .response = SLICE("user=someuser@example.com\1auth=Bearer "
		      "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1"),
		  .sensitive = true, .proven = true },
		{ .challenge = SLICE(ERROR_JSON), .response = SLICE(""), .error = SLICE(ERROR_JSON),
		  .proven = true },
		{ .challenge = SLICE(""), .cause = CAUSE_PROTOCOL, .proven = true } } },
	{ .name = "a separator in the name", .mechanism = "XOAUTH2",
	  WITH(.user = SLICE("a\1auth="), .token = SLICE("t")), .n = 1,
	  .turns = { { .cause = CAUSE_USAGE, .proven = true } } },
};

/* Answers to "n,,n=user,r=abc" that end the exchange. */
static const struct {
	slice message;
	enum cause cause;
} bad_first[] = {
	{ SLICE(""), CAUSE_PROTOCOL },
	{ SLICE("e=unknown-user"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA=="), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,i=1,s=c2FsdA=="), CAUSE_PROTOCOL },
	{ SLICE("s=c2FsdA==,r=abcX,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abc X,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abc\0X,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abc\xc3\xa9,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE(" r=abcX,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("rabcX,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA=,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdB==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i="), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=0"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=01"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=-1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=1 "), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=200001"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=4294967297"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=18446744073709551617"), CAUSE_PROTOCOL },
	{ SLICE("m=must,r=abcX,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=1,m=must"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=1,"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=1,1=x"), CAUSE_PROTOCOL },
	{ SLICE("r=abcX,s=c2FsdA==,i=1,x=\0"), CAUSE_PROTOCOL },
	{ { endless, sizeof endless }, CAUSE_PROTOCOL },
	{ SLICE("r=abc,s=c2FsdA==,i=1"), CAUSE_AUTH_SERVER },
	{ SLICE("r=abX,s=c2FsdA==,i=1"), CAUSE_AUTH_SERVER },
	{ SLICE("r=ABCX,s=c2FsdA==,i=1"), CAUSE_AUTH_SERVER },
	{ SLICE("r=Xabc,s=c2FsdA==,i=1"), CAUSE_AUTH_SERVER },
};

/* After "r=abcXYZ,s=c2FsdA==,i=1"; GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y= is right. */
static const struct {
	slice message;
	enum cause cause;
} bad_final[] = {
	{ SLICE(""), CAUSE_AUTH_SERVER },
	{ SLICE("v="), CAUSE_AUTH_SERVER },
	{ SLICE("v=HNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y="), CAUSE_AUTH_SERVER },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8c="), CAUSE_AUTH_SERVER },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG"), CAUSE_AUTH_SERVER },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8YA"), CAUSE_AUTH_SERVER },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y"), CAUSE_PROTOCOL },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Z="), CAUSE_PROTOCOL },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y=,"), CAUSE_PROTOCOL },
	{ SLICE("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y=,m=x"), CAUSE_PROTOCOL },
	{ SLICE("V=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y="), CAUSE_PROTOCOL },
	{ SLICE("x=1,v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y="), CAUSE_PROTOCOL },
	{ SLICE("GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y="), CAUSE_PROTOCOL },
	{ SLICE("r=abcXYZ,s=c2FsdA==,i=1"), CAUSE_PROTOCOL },
	{ { endless, sizeof endless }, CAUSE_PROTOCOL },
};
/* clang-format on */

static struct arena *
memory(void)
{
	struct arena *arena = arena_new(1 << 20);

	assert_non_null(arena);
	return arena;
}

static void
take_turn(const struct exchange *e, size_t number, struct sasl *sasl, struct arena *arena)
{
	const struct turn *turn = &e->turns[number];
	struct str response = str_in(arena);
	char name[100];
	enum cause cause;

	snprintf(name, sizeof name, "%s, turn %zu", e->name, number);
	cause = sasl_step(sasl, turn->challenge, &response);
	check_number(name, "cause", cause, turn->cause);
	check_slice(name, "response", str_slice(&response), turn->response);
	check_number(name, "sensitive", sasl_sensitive(sasl), turn->sensitive);
	check_number(name, "proven", sasl_proven(sasl), turn->proven);
	if (turn->cause != CAUSE_NONE)
		check_number(name, "a sentence", sasl_error(sasl).n > 0, true);
	else
		check_slice(name, "error", sasl_error(sasl), turn->error);
}

static void
exchanges_go_as_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
		const struct exchange *e = &exchanges[i];
		struct arena *arena = memory();
		struct sasl *sasl;

		sasl = sasl_start_nonce(arena, sasl_mechanism(slice_z(e->mechanism)), &e->with,
		    e->nonce.at ? e->nonce : S("unused"));
		assert_non_null(sasl);
		for (size_t turn = 0; turn < e->n; turn++)
			take_turn(e, turn, sasl, arena);
		arena_free(arena);
	}
}

/* Begins as "user" with "pencil" and our nonce "abc", and has spoken first. */
static struct sasl *
begun(struct arena *arena)
{
	const struct sasl_credentials with = { PENCIL };
	struct sasl *sasl = sasl_start_nonce(
	    arena, sasl_mechanism(S("scram-sha-256")), &with, S("abc"));
	struct str response = str_in(arena);

	assert_non_null(sasl);
	assert_int_equal(sasl_step(sasl, (slice){ NULL, 0 }, &response), CAUSE_NONE);
	return sasl;
}

/* What the message does to an exchange; and that nothing revives it afterwards. */
static void
refused(struct sasl *sasl, struct arena *arena, slice message, enum cause wanted)
{
	struct str response = str_in(arena);
	char name[80];
	enum cause got = sasl_step(sasl, message, &response);

	snprintf(name, sizeof name, "\"%.*s\"", (int)slice_head(message, 70).n, message.at);
	check_number(name, "cause", got, wanted);
	check_slice(name, "response", str_slice(&response), S(""));
	check_number(name, "a sentence", sasl_error(sasl).n > 0, true);
	got = sasl_step(sasl, S("v=GNlBQjX5Joem5DnUUWX+DMiw4mVHRteUcNxYI0PG+8Y="), &response);
	check_number(name, "cause of another step", got, CAUSE_PROTOCOL);
	check_number(name, "proven", sasl_proven(sasl), false);
}

static void
malformed_first_messages_are_refused(void **state)
{
	(void)state;
	memset(endless, 'X', sizeof endless);
	memcpy(endless, "r=abc", 5);
	memcpy(endless + sizeof endless - 16, ",s=c2FsdA==,i=10", 16);
	for (size_t i = 0; i < sizeof bad_first / sizeof *bad_first; i++) {
		struct arena *arena = memory();

		refused(begun(arena), arena, bad_first[i].message, bad_first[i].cause);
		arena_free(arena);
	}
}

static void
wrong_signatures_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_final / sizeof *bad_final; i++) {
		struct arena *arena = memory();
		struct sasl *sasl = begun(arena);
		struct str response = str_in(arena);

		assert_int_equal(
		    sasl_step(sasl, S("r=abcXYZ,s=c2FsdA==,i=1"), &response), CAUSE_NONE);
		check_slice("", "final", str_slice(&response),
		    S("c=biws,r=abcXYZ,p=Vg02V5OXt01c5dPgetAHN+usKyfhPEnRKnhKOJeeCYI="));
		refused(sasl, arena, bad_final[i].message, bad_final[i].cause);
		arena_free(arena);
	}
}

static void
mechanisms_are_found_by_name(void **state)
{
	static const char *const order[] = { "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256",
		"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN", "EXTERNAL",
		"OAUTHBEARER", "XOAUTH2" };
	const size_t n = sizeof order / sizeof *order;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(sasl_mechanisms[i].name, order[i]);
		assert_ptr_equal(sasl_mechanism(slice_z(order[i])), &sasl_mechanisms[i]);
	}
	assert_null(sasl_mechanisms[n].name);
	assert_ptr_equal(sasl_mechanism(S("xOauth2")), &sasl_mechanisms[n - 1]);
	assert_null(sasl_mechanism(S("")));
	assert_null(sasl_mechanism(S("SCRAM-SHA-256-PLU")));
	assert_null(sasl_mechanism(S("PLAIN\0")));
	assert_null(sasl_mechanism(S("DIGEST-MD5")));
}

/*
 * A revealing mechanism is one whose responses hold the password or token as it is; CRAM-MD5 counts
 * as one because whoever chose the challenge can try passwords by the thousand million.
 */
static void
the_table_knows_what_reveals(void **state)
{
	const struct sasl_credentials with = { .user = SLICE("user"),
		.password = SLICE("SECRET"),
		.token = SLICE("SECRET"),
		.binding_type = SLICE("tls-exporter"),
		.binding_data = SLICE("x") };

	(void)state;
	for (const struct sasl_mechanism *m = sasl_mechanisms; m->name; m++) {
		struct arena *arena = memory();
		struct sasl *sasl = sasl_start_nonce(arena, m, &with, S("abc"));
		struct str sent = str_in(arena);

		if (m->initial)
			sasl_step(sasl, (slice){ NULL, 0 }, &sent);
		sasl_step(sasl, S("r=abcX,s=c2FsdA==,i=1"), &sent);
		sasl_step(sasl, S("Password:"), &sent);
		check_number(m->name, "revealing",
		    slice_find(str_slice(&sent), S("SECRET")) < sent.n
		        || m == sasl_mechanism(S("CRAM-MD5")),
		    m->revealing);
		arena_free(arena);
	}
}

static void
nonces_differ(void **state)
{
	const struct sasl_credentials with = { PENCIL };
	struct arena *arena = memory();
	struct str one = str_in(arena), two = str_in(arena);

	(void)state;
	sasl_step(sasl_start(arena, sasl_mechanism(S("SCRAM-SHA-1")), &with), S(""), &one);
	sasl_step(sasl_start(arena, sasl_mechanism(S("SCRAM-SHA-1")), &with), S(""), &two);
	assert_int_equal(one.n, sizeof "n,,n=user,r=" - 1 + 24);
	assert_int_equal(two.n, one.n);
	assert_memory_not_equal(one.at, two.at, one.n);
	arena_free(arena);
}

/* With every amount of memory an exchange is either right or `local`. */
static void
running_out_of_memory_is_local(void **state)
{
	const struct sasl_credentials with = { PENCIL };
	enum cause cause = CAUSE_LOCAL;

	(void)state;
	for (size_t ceiling = 16; cause != CAUSE_NONE; ceiling += 16) {
		struct arena *arena = arena_new(ceiling), *other = memory();
		struct str response = str_in(other);
		struct sasl *sasl = sasl_start_nonce(
		    arena, sasl_mechanism(S("SCRAM-SHA-1")), &with, S(NONCE));

		cause = sasl ? sasl_step(sasl, S(""), &response) : CAUSE_LOCAL;
		if (cause == CAUSE_NONE)
			cause = sasl_step(sasl,
			    S("r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"),
			    &response);
		if (cause == CAUSE_NONE)
			cause = sasl_step(sasl, S("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), &response);
		assert_true(cause == CAUSE_NONE || cause == CAUSE_LOCAL);
		assert_true(ceiling < 1 << 16);
		if (cause == CAUSE_LOCAL && sasl)
			assert_false(sasl_proven(sasl));
		arena_free(arena);
		arena_free(other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_go_as_written),
		cmocka_unit_test(malformed_first_messages_are_refused),
		cmocka_unit_test(wrong_signatures_are_refused),
		cmocka_unit_test(mechanisms_are_found_by_name),
		cmocka_unit_test(the_table_knows_what_reveals),
		cmocka_unit_test(nonces_differ),
		cmocka_unit_test(running_out_of_memory_is_local),
	};

	return cmocka_run_group_tests_name("sasl", tests, NULL, NULL);
}
