/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines, fields and words: RFC 5322 sections 2.2, 3.2 and 4.5. What may surprise: values are read
 * folded, since a line end between words is a blank like others; and a word is whatever stands
 * between blanks, because what programs write into Received keeps to no narrower rule.
 */
#include "arrived_scan.h"

slice
arrived_line(slice *rest)
{
	size_t n = slice_find(*rest, S("\n"));
	slice line = slice_head(*rest, n);
	bool ended = n < rest->n;

	*rest = slice_skip(*rest, n + ended);
	if (ended && n > 0 && line.at[n - 1] == '\r')
		line.n--;
	return line;
}

void
arrived_split(slice message, slice *header, slice *body)
{
	slice rest = message, line;

	*header = message;
	while (rest.n > 0) {
		line = arrived_line(&rest);
		if (line.n == 0) {
			*header = slice_head(message, (size_t)(line.at - message.at));
			break;
		}
	}
	*body = rest;
}

/* field-name = 1*ftext ; ftext = %d33-57 / %d59-126, all printable but ":" */
static bool
field_name(slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.at[i] < 33 || name.at[i] > 126)
			return false;
	return name.n > 0;
}

/* A line and those that go on with it (RFC 5322 section 2.2.3), without the last line end. */
static slice
folded_lines(slice *header)
{
	slice whole = *header, line = arrived_line(header);

	while (header->n > 0 && (header->at[0] == ' ' || header->at[0] == '\t'))
		line = arrived_line(header);
	return slice_head(whole, (size_t)(line.at + line.n - whole.at));
}

/* field = field-name *WSP ":" unstructured CRLF ; with the blanks of section 4.5.8 */
bool
arrived_next(slice *header, slice *name, slice *value)
{
	while (header->n > 0) {
		slice rest = folded_lines(header), before = slice_cut(&rest, ':');

		while (before.n > 0
		    && (before.at[before.n - 1] == ' ' || before.at[before.n - 1] == '\t'))
			before.n--;
		if (!rest.at || rest.n > ARRIVED_FIELD_MAX || !field_name(before))
			continue;
		*name = before;
		*value = rest;
		return true;
	}
	return false;
}

slice
arrived_raw(slice header, slice name)
{
	slice found, value;

	while (arrived_next(&header, &found, &value))
		if (slice_eqi(found, name))
			return value;
	return (slice){ NULL, 0 };
}

static bool
white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* RFC 5322 section 2.2.3: the line ends go, the blanks behind them stay. */
slice
arrived_unfold(struct arena *arena, slice value)
{
	char *bytes;
	size_t n = 0;

	if (!value.at || !(bytes = arena_bytes(arena, value.n + 1)))
		return (slice){ NULL, 0 };
	while (value.n > 0) {
		slice line = arrived_line(&value);

		memcpy(bytes + n, line.at, line.n);
		n += line.n;
	}
	return slice_trim((slice){ bytes, n });
}

slice
arrived_lower(struct arena *arena, slice word)
{
	char *bytes = arena_bytes(arena, word.n + 1);

	if (!bytes)
		return (slice){ NULL, 0 };
	for (size_t i = 0; i < word.n; i++)
		bytes[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] + 32)
		                                                  : word.at[i];
	return (slice){ bytes, word.n };
}

/*
 * comment  = "(" *([FWS] ccontent) [FWS] ")"
 * ccontent = ctext / quoted-pair / comment
 *
 * The length of the one that begins here; 0 where it does not end, or is nested too deep.
 */
static size_t
comment(slice s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '(' && ++depth > ARRIVED_COMMENTS_DEEP)
			return 0;
		else if (s.at[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE ; the length, 0 where it does not end */
static size_t
quoted_string(slice s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == '"')
			return i + 1;
	}
	return 0;
}

static bool
special(char c, slice specials)
{
	return specials.n > 0 && memchr(specials.at, c, specials.n);
}

/* word = atom / quoted-string, and whatever else stands together; 0 as above */
static size_t
word_length(slice s, slice specials)
{
	size_t n, i = 0;

	while (i < s.n && !white(s.at[i]) && s.at[i] != '(' && s.at[i] != ')'
	    && !special(s.at[i], specials)) {
		n = s.at[i] == '"' ? quoted_string(slice_skip(s, i)) : 1;
		if (n == 0)
			return 0;
		i += n;
	}
	return i;
}

struct arrived_token
arrived_token(slice *rest, slice specials)
{
	struct arrived_token token = { .kind = ARRIVED_WORD };
	size_t n;

	while (rest->n > 0 && (white(rest->at[0]) || rest->at[0] == ')'))
		*rest = slice_skip(*rest, 1);
	if (rest->n > 0 && special(rest->at[0], specials)) {
		token.kind = ARRIVED_SPECIAL;
		n = 1;
	} else if (rest->n > 0 && rest->at[0] == '(') {
		token.kind = ARRIVED_COMMENT;
		n = comment(*rest);
	} else {
		n = word_length(*rest, specials);
	}
	token.text = slice_head(*rest, n);
	*rest = slice_skip(*rest, n > 0 ? n : rest->n);
	if (n == 0)
		return (struct arrived_token){ .kind = ARRIVED_END };
	if (token.kind == ARRIVED_COMMENT)
		token.text = slice_skip(slice_head(token.text, n - 1), 1);
	return token;
}

struct arrived_token
arrived_token_proper(slice *rest, slice specials)
{
	struct arrived_token token;

	do
		token = arrived_token(rest, specials);
	while (token.kind == ARRIVED_COMMENT);
	return token;
}

bool
arrived_word(slice *rest, slice specials, slice *word)
{
	struct arrived_token token = arrived_token_proper(rest, specials);

	if (token.kind != ARRIVED_WORD)
		return false;
	*word = token.text;
	return true;
}

slice
arrived_clause(slice *rest)
{
	struct arrived_token token;
	slice whole = *rest;

	do
		token = arrived_token(rest, S(";"));
	while (token.kind == ARRIVED_WORD || token.kind == ARRIVED_COMMENT);
	return slice_head(whole, whole.n - rest->n - (token.kind == ARRIVED_SPECIAL));
}

/* quoted-pair = "\" (VCHAR / WSP) ; the line ends of a fold are no part of what is quoted */
slice
arrived_unquote(struct arena *arena, slice word)
{
	bool quoted = false;
	char *bytes;
	size_t n = 0;

	if (slice_find(word, S("\"")) == word.n)
		return word;
	if (!(bytes = arena_bytes(arena, word.n)))
		return (slice){ NULL, 0 };
	for (size_t i = 0; i < word.n; i++) {
		if (word.at[i] == '"') {
			quoted = !quoted;
			continue;
		}
		i += quoted && word.at[i] == '\\';
		if (word.at[i] != '\r' && word.at[i] != '\n')
			bytes[n++] = word.at[i];
	}
	return (slice){ bytes, n };
}
