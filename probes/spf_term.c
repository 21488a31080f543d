/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terms of an SPF record: RFC 7208 section 12 has the grammar. What may surprise: the length of
 * a prefix is taken off a term's end, since "/" may stand in a domain-spec too; and a mechanism's
 * name with "=" in place of ":" is an unknown modifier, which the grammar allows.
 */
#include "spf_term.h"

#include <arpa/inet.h>

enum {
	NAME_MAX = 253,
	LABEL_MAX = 63,
	PARTS_MAX = 128, /* of a name that is not longer than NAME_MAX */
	ADDRESS_MAX = INET6_ADDRSTRLEN,
};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
among(char c, slice set)
{
	return memchr(set.at, c, set.n) != NULL;
}

/* One of a macro-string: a literal or an escape, which stands for `text`, or a macro. */
struct piece {
	bool macro;  /* macro-expand, the escapes included */
	char letter; /* in lower case; 0 for a literal or an escape */
	slice text;
	uint64_t parts; /* 0: all */
	bool reverse;
	slice delimiters;
};

static slice
run(slice s, bool (*belongs)(char))
{
	size_t n = 0;

	while (n < s.n && belongs(s.at[n]))
		n++;
	return slice_head(s, n);
}

static bool
delimiter(char c)
{
	return among(c, S(".-+,/_="));
}

/* transformers = *DIGIT [ "r" ] ; then *delimiter */
static bool
transformers(slice inside, struct piece *piece)
{
	slice digits = run(inside, digit);

	inside = slice_skip(inside, digits.n);
	if (digits.n > 0 && !slice_number(digits, PARTS_MAX, &piece->parts))
		piece->parts = PARTS_MAX;
	if (digits.n > 0 && piece->parts == 0)
		return false;
	piece->reverse = slice_startsi(inside, S("r"));
	inside = slice_skip(inside, piece->reverse);
	piece->delimiters = run(inside, delimiter);
	return piece->delimiters.n == inside.n;
}

/* macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-" */
static bool
macro_expand(slice *rest, struct piece *piece)
{
	slice inside;
	size_t n;

	piece->macro = true;
	if (rest->n < 2)
		return false;
	if (rest->at[1] != '{') {
		piece->text = rest->at[1] == '%' ? S("%") : rest->at[1] == '_' ? S(" ") : S("%20");
		if (!among(rest->at[1], S("%_-")))
			return false;
		*rest = slice_skip(*rest, 2);
		return true;
	}
	n = slice_find(*rest, S("}"));
	if (n == rest->n || n < 3 || !alpha(rest->at[2]))
		return false;
	inside = slice_skip(slice_head(*rest, n), 3);
	piece->letter = (char)(rest->at[2] | 0x20);
	*rest = slice_skip(*rest, n + 1);
	return among(piece->letter, S("slodiphcrtv")) && transformers(inside, piece);
}

/* macro-string = *( macro-expand / macro-literal ) ; macro-literal = %x21-24 / %x26-7E */
static bool
next_piece(slice *rest, struct piece *piece)
{
	*piece = (struct piece){ .text = slice_head(*rest, 1) };
	if (rest->at[0] == '%')
		return macro_expand(rest, piece);
	if (rest->at[0] <= ' ' || rest->at[0] > '~')
		return false;
	*rest = slice_skip(*rest, 1);
	return true;
}

static bool
macro_string(slice s)
{
	struct piece piece;

	while (s.n > 0)
		if (!next_piece(&s, &piece))
			return false;
	return true;
}

/*
 * toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
 */
static bool
toplabel(slice label)
{
	bool all_digits = true;

	for (size_t i = 0; i < label.n; i++) {
		if (!alpha(label.at[i]) && !digit(label.at[i]) && label.at[i] != '-')
			return false;
		all_digits = all_digits && digit(label.at[i]);
	}
	return label.n > 0 && !all_digits && label.at[0] != '-' && label.at[label.n - 1] != '-';
}

/*
 * domain-spec = macro-string domain-end
 * domain-end  = ( "." toplabel [ "." ] ) / macro-expand
 *
 * Section 7.2: the letters c, r and t stand only in an explanation's text.
 */
static bool
domain_spec(slice spec)
{
	slice rest = spec, literals = spec;
	struct piece piece = { .macro = false };

	while (rest.n > 0) {
		if (!next_piece(&rest, &piece) || (piece.letter && among(piece.letter, S("crt"))))
			return false;
		if (piece.macro)
			literals = rest;
	}
	if (piece.macro)
		return true;
	if (literals.n > 0 && literals.at[literals.n - 1] == '.')
		literals.n--;
	for (size_t i = literals.n; i-- > 0;)
		if (literals.at[i] == '.')
			return toplabel(slice_skip(literals, i + 1));
	return false;
}

/* "/" ( "0" / %x31-39 *DIGIT ), up to `max` */
static bool
prefix_length(slice s, uint64_t max, uint64_t *length)
{
	s = slice_skip(s, 1);
	return slice_number(s, max, length) && (s.n == 1 || s.at[0] != '0');
}

/* How long the "/" with digits behind it is that `s` ends with; 0 where it does not. */
static size_t
slash_at_end(slice s)
{
	size_t n = 0;

	while (n < s.n && digit(s.at[s.n - n - 1]))
		n++;
	return n > 0 && n < s.n && s.at[s.n - n - 1] == '/' ? n + 1 : 0;
}

static slice
tail(slice s, size_t n)
{
	return slice_skip(s, s.n - n);
}

/* dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ] ; takes it off the end */
static bool
dual_cidr_length(slice *s)
{
	size_t n = slash_at_end(*s);
	uint64_t length;

	if (n > 0 && n < s->n && s->at[s->n - n - 1] == '/') {
		if (!prefix_length(tail(*s, n), 128, &length))
			return false;
		s->n -= n + 1;
		n = slash_at_end(*s);
	}
	if (n > 0 && !prefix_length(tail(*s, n), 32, &length))
		return false;
	s->n -= n;
	return true;
}

/* ptr = "ptr" [ ":" domain-spec ] */
static const char *
maybe_domain(slice rest, struct spf_term *term)
{
	if (rest.n == 0)
		return NULL;
	if (rest.at[0] != ':')
		return "has something wrong behind its name";
	term->domain = slice_skip(rest, 1);
	return domain_spec(term->domain) ? NULL : "has no right domain";
}

/* a = "a" [ ":" domain-spec ] [ dual-cidr-length ] ; mx the same */
static const char *
with_prefixes(slice rest, struct spf_term *term)
{
	return dual_cidr_length(&rest) ? maybe_domain(rest, term)
	                               : "has a wrong length of a prefix";
}

/* include = "include" ":" domain-spec ; exists the same */
static const char *
with_domain(slice rest, struct spf_term *term)
{
	return rest.n > 0 ? maybe_domain(rest, term) : "has no domain";
}

static const char *
alone(slice rest, struct spf_term *term)
{
	(void)term;
	return rest.n == 0 ? NULL : "has something behind its name";
}

/* ip4 = "ip4" ":" ip4-network [ ip4-cidr-length ] ; ip6 the same */
static const char *
network(slice rest, struct spf_term *term)
{
	bool six = term->kind == SPF_TERM_IP6;
	uint64_t length = 128;
	char address[ADDRESS_MAX + 1];
	unsigned char bytes[16];
	slice text;
	size_t n;

	if (rest.n == 0 || rest.at[0] != ':')
		return "has no address";
	text = slice_skip(rest, 1);
	n = slash_at_end(text);
	if (n > 0 && !prefix_length(tail(text, n), six ? 128 : 32, &length))
		return "has a wrong length of a prefix";
	text.n -= n;
	if (text.n > ADDRESS_MAX || (text.n > 0 && memchr(text.at, '\0', text.n)))
		return "has no address";
	memcpy(address, text.at, text.n);
	address[text.n] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, address, bytes) != 1)
		return six ? "has no IPv6 address" : "has no IPv4 address";
	term->everyone = length == 0;
	return NULL;
}

static const struct {
	slice name;
	enum spf_kind kind;
	const char *(*rest)(slice rest, struct spf_term *term);
} mechanisms[] = {
	{ .name = SLICE("all"), .kind = SPF_TERM_ALL, .rest = alone },
	{ .name = SLICE("include"), .kind = SPF_TERM_INCLUDE, .rest = with_domain },
	{ .name = SLICE("a"), .kind = SPF_TERM_A, .rest = with_prefixes },
	{ .name = SLICE("mx"), .kind = SPF_TERM_MX, .rest = with_prefixes },
	{ .name = SLICE("ptr"), .kind = SPF_TERM_PTR, .rest = maybe_domain },
	{ .name = SLICE("ip4"), .kind = SPF_TERM_IP4, .rest = network },
	{ .name = SLICE("ip6"), .kind = SPF_TERM_IP6, .rest = network },
	{ .name = SLICE("exists"), .kind = SPF_TERM_EXISTS, .rest = with_domain },
};

static bool
name_character(char c)
{
	return alpha(c) || digit(c) || among(c, S("-_."));
}

/*
 * modifier         = redirect / explanation / unknown-modifier
 * unknown-modifier = name "=" macro-string
 */
static const char *
modifier(slice name, slice value, struct spf_term *term)
{
	term->kind = slice_eqi(name, S("redirect")) ? SPF_TERM_REDIRECT
	    : slice_eqi(name, S("exp"))             ? SPF_TERM_EXP
	                                            : SPF_TERM_UNKNOWN;
	if (term->kind == SPF_TERM_UNKNOWN)
		return macro_string(value) ? NULL : "has a wrong macro";
	term->domain = value;
	return domain_spec(value) ? NULL : "has no right domain";
}

/* directive = [ qualifier ] mechanism */
static const char *
directive(slice text, struct spf_term *term)
{
	slice name;

	if (text.n > 0 && among(text.at[0], S("+-?~"))) {
		term->qualifier = text.at[0];
		text = slice_skip(text, 1);
	}
	name = run(text, name_character);
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (!slice_eqi(name, mechanisms[i].name))
			continue;
		term->kind = mechanisms[i].kind;
		return mechanisms[i].rest(slice_skip(text, name.n), term);
	}
	return "is no mechanism";
}

bool
spf_term_next(slice *rest, slice *text)
{
	while (rest->n > 0 && rest->at[0] == ' ')
		*rest = slice_skip(*rest, 1);
	*text = slice_head(*rest, slice_find(*rest, S(" ")));
	*rest = slice_skip(*rest, text->n);
	return text->n > 0;
}

bool
spf_term_parse(slice text, struct spf_term *term, const char **why)
{
	struct spf_term found = { .text = text, .qualifier = '+' };
	slice name = run(text, name_character), rest = slice_skip(text, name.n);
	const char *wrong;

	if (name.n > 0 && alpha(name.at[0]) && slice_starts(rest, S("=")))
		wrong = modifier(name, slice_skip(rest, 1), &found);
	else
		wrong = directive(text, &found);
	if (wrong) {
		*why = wrong;
		return false;
	}
	*term = found;
	return true;
}

/* Section 7.3: split on the delimiters, reversed, the right-hand parts, with dots between. */
static void
transform(struct str *out, const struct piece *piece, slice value)
{
	slice set = piece->delimiters.n > 0 ? piece->delimiters : S("."), parts[PARTS_MAX];
	size_t n = 0, begin = 0, wanted;

	for (size_t i = 0; i <= value.n && n < PARTS_MAX; i++)
		if (i == value.n || among(value.at[i], set)) {
			parts[n++] = slice_head(slice_skip(value, begin), i - begin);
			begin = i + 1;
		}
	wanted = piece->parts > 0 && piece->parts < n ? (size_t)piece->parts : n;
	for (size_t i = n - wanted; i < n; i++) {
		if (i > n - wanted)
			str_addc(out, '.');
		str_add(out, parts[piece->reverse ? n - 1 - i : i]);
	}
}

bool
spf_term_expand(struct arena *arena, slice spec, slice domain, slice sender, slice *name)
{
	struct str out = str_in(arena);
	struct piece piece;
	slice whole;

	while (spec.n > 0 && next_piece(&spec, &piece)) {
		if (piece.letter == 'd')
			transform(&out, &piece, domain);
		else if (piece.letter == 'o')
			transform(&out, &piece, sender);
		else if (piece.letter)
			return false;
		else
			str_add(&out, piece.text);
	}
	whole = str_slice(&out);
	if (whole.n > 0 && whole.at[whole.n - 1] == '.')
		whole.n--;
	while (whole.n > NAME_MAX)
		slice_cut(&whole, '.');
	*name = whole;
	return true;
}

bool
spf_term_is_name(slice name)
{
	if (!name.at || name.n > NAME_MAX)
		return false;
	while (name.at) {
		slice label = slice_cut(&name, '.');

		if (label.n == 0 || label.n > LABEL_MAX)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (label.at[i] <= ' ' || label.at[i] > '~' || label.at[i] == '\\')
				return false;
	}
	return true;
}
