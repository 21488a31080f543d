/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scanner of JSON, RFC 8259: a function for each rule. It is here, and no library, because six
 * members of one object are all that is wanted of it, and what a stranger sends should meet little
 * code.
 */
#include "oauth_reply.h"

enum { LIFE_MAX = 366 * 86400 };

struct scanner {
	struct arena *arena;
	slice rest;
	unsigned depth;
};

enum kind { NOTHING, TEXT, NUMBER, OTHER };

struct value {
	enum kind kind;
	slice text; /* decoded; of a number its digits and the rest of it */
};

/* ws = *( %x20 / %x09 / %x0A / %x0D ) */
static void
blanks(struct scanner *s)
{
	while (s->rest.n > 0 && memchr(" \t\n\r", *s->rest.at, 4))
		s->rest = slice_skip(s->rest, 1);
}

/* A structural character, or name, with blanks behind it. */
static bool
take(struct scanner *s, slice word)
{
	if (!slice_starts(s->rest, word))
		return false;
	s->rest = slice_skip(s->rest, word.n);
	blanks(s);
	return true;
}

/* 4HEXDIG */
static bool
four(struct scanner *s, unsigned *unit)
{
	*unit = 0;
	if (s->rest.n < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = s->rest.at[i];
		int digit = c >= '0' && c <= '9' ? c - '0'
		    : c >= 'a' && c <= 'f'       ? c - 'a' + 10
		    : c >= 'A' && c <= 'F'       ? c - 'A' + 10
		                                 : -1;

		if (digit < 0)
			return false;
		*unit = *unit << 4 | (unsigned)digit;
	}
	s->rest = slice_skip(s->rest, 4);
	return true;
}

/*
 * escape ( %x22 / %x5C / %x2F / b / f / n / r / t / u 4HEXDIG ). What is not ASCII becomes a
 * question mark: it can only be in a text for people.
 */
static bool
escaped(struct scanner *s, struct str *out)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *found;
	unsigned unit;

	if (s->rest.n == 0)
		return false;
	found = memchr(names, *s->rest.at, sizeof names - 1);
	if (!found && *s->rest.at != 'u')
		return false;
	s->rest = slice_skip(s->rest, 1);
	if (!found && !four(s, &unit))
		return false;
	str_addc(out, found ? bytes[found - names] : unit < 0x80 ? (char)unit : '?');
	return true;
}

/* string = quotation-mark *char quotation-mark ; unescaped = %x20-21 / %x23-5B / %x5D-10FFFF */
static bool
string(struct scanner *s, slice *text)
{
	struct str out = str_in(s->arena);

	if (s->rest.n == 0 || *s->rest.at != '"')
		return false;
	s->rest = slice_skip(s->rest, 1);
	while (s->rest.n > 0) {
		unsigned char c = (unsigned char)*s->rest.at;

		s->rest = slice_skip(s->rest, 1);
		if (c == '"') {
			*text = str_slice(&out);
			blanks(s);
			return true;
		}
		if (c < ' ' || (c == '\\' && !escaped(s, &out)))
			return false;
		if (c != '\\')
			str_addc(&out, (char)c);
	}
	return false;
}

/* number = [ minus ] int [ frac ] [ exp ], or any run of the characters that one can have */
static bool
number(struct scanner *s, slice *text)
{
	size_t n = 0;

	while (n < s->rest.n && memchr("0123456789+-.eE", s->rest.at[n], 15))
		n++;
	*text = slice_head(s->rest, n);
	s->rest = slice_skip(s->rest, n);
	blanks(s);
	return n > 0;
}

static bool value(struct scanner *s, struct value *value);

/* What stands in brackets or braces and is nothing to us. */
static bool
nested(struct scanner *s, bool object)
{
	slice close = object ? S("}") : S("]"), name;
	struct value passed;
	bool done;

	if (++s->depth > OAUTH_DEPTH_MAX)
		return false;
	done = take(s, close);
	while (!done) {
		if (object && (!string(s, &name) || !take(s, S(":"))))
			return false;
		if (!value(s, &passed))
			return false;
		done = take(s, close);
		if (!done && !take(s, S(",")))
			return false;
	}
	s->depth--;
	return true;
}

/* value = false / null / true / object / array / number / string */
static bool
value(struct scanner *s, struct value *value)
{
	*value = (struct value){ .kind = OTHER };
	if (take(s, S("{")))
		return nested(s, true);
	if (take(s, S("[")))
		return nested(s, false);
	if (take(s, S("true")) || take(s, S("false")))
		return true;
	if (take(s, S("null"))) {
		value->kind = NOTHING;
		return true;
	}
	value->kind = s->rest.n > 0 && *s->rest.at == '"' ? TEXT : NUMBER;
	return value->kind == TEXT ? string(s, &value->text) : number(s, &value->text);
}

/* Seconds, without their fraction. More than a year is a year: nothing is kept for so long. */
static bool
life(const struct value *value, struct oauth_reply *reply)
{
	size_t whole = 0;

	while (
	    whole < value->text.n && value->text.at[whole] >= '0' && value->text.at[whole] <= '9')
		whole++;
	if (value->kind == NOTHING)
		return true;
	if (value->kind == OTHER || whole == 0 || reply->limited
	    || (whole < value->text.n && value->text.at[whole] != '.'))
		return false;
	reply->limited = true;
	if (!slice_number(slice_head(value->text, whole), LIFE_MAX, &reply->expires_in))
		reply->expires_in = LIFE_MAX;
	return true;
}

/* Keeps a member of ours. */
static bool
member(slice name, const struct value *value, struct oauth_reply *reply)
{
	const struct {
		slice name, *place;
	} texts[] = {
		{ S("access_token"), &reply->access_token },
		{ S("token_type"), &reply->token_type },
		{ S("refresh_token"), &reply->refresh_token },
		{ S("error"), &reply->error },
		{ S("error_description"), &reply->description },
	};

	if (slice_eq(name, S("expires_in")))
		return life(value, reply);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (!slice_eq(name, texts[i].name) || value->kind == NOTHING)
			continue;
		if (value->kind != TEXT || texts[i].place->at)
			return false;
		*texts[i].place = value->text;
	}
	return true;
}

/* object = begin-object [ member *( value-separator member ) ] end-object */
bool
oauth_reply_parse(struct arena *arena, slice json, struct oauth_reply *reply)
{
	struct scanner s = { .arena = arena, .rest = json };
	struct oauth_reply parsed = { .limited = false };
	struct value its;
	slice name;
	bool done;

	blanks(&s);
	if (!take(&s, S("{")))
		return false;
	done = take(&s, S("}"));
	while (!done) {
		if (!string(&s, &name) || !take(&s, S(":")) || !value(&s, &its)
		    || !member(name, &its, &parsed))
			return false;
		done = take(&s, S("}"));
		if (!done && !take(&s, S(",")))
			return false;
	}
	if (s.rest.n > 0 || arena_failed(arena))
		return false;
	*reply = parsed;
	return true;
}
