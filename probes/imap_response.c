/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IMAP's responses by their grammar: RFC 9051 section 9, and from RFC 3501 what servers of today
 * still say. Here is what tells them apart, and conditions with their codes; a row of `rules` for
 * each untagged response that matters to us, whose data imap_data.c reads. Strict in what decides:
 * tags, conditions, numbers, strings, parentheses. Lenient in the rest: letter case, more blanks
 * than one, items and codes that nobody has heard of. What may surprise: the brackets of a response
 * code are looked for in sentences that people write, so one that does not close is a sentence, and
 * no error.
 */
#include "imap_data.h"

static bool
resp_condition(slice word, enum imap_condition *condition)
{
	static const slice words[] = {
		[IMAP_OK] = SLICE("OK"),
		[IMAP_NO] = SLICE("NO"),
		[IMAP_BAD] = SLICE("BAD"),
		[IMAP_BYE] = SLICE("BYE"),
		[IMAP_PREAUTH] = SLICE("PREAUTH"),
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (slice_eqi(word, words[i])) {
			*condition = (enum imap_condition)i;
			return true;
		}
	}
	return false;
}

/*
 * Where the bracket is that ends a code. One within a quoted string does not count (BADURL, RFC
 * 4467), unless that string never ends.
 */
static size_t
code_end(slice code)
{
	bool quoted = false;

	for (size_t i = 0; i < code.n; i++) {
		if (code.at[i] == '"')
			quoted = !quoted;
		else if (code.at[i] == '\\' && quoted)
			i++;
		else if (code.at[i] == ']' && !quoted)
			return i;
	}
	return slice_find(code, S("]"));
}

/*
 * resp-text      = ["[" resp-text-code "]" SP] [text]
 * resp-text-code = ... / atom [SP 1*<any TEXT-CHAR except "]">]
 */
static void
resp_text(slice rest, struct imap_response *r)
{
	slice code = slice_skip(rest, 1), name;
	size_t end = code_end(code);

	r->text = slice_trim(rest);
	if (!slice_starts(rest, S("[")) || end == code.n)
		return;
	r->text = slice_trim(slice_skip(code, end + 1));
	code = slice_trim(slice_head(code, end));
	name = slice_cut(&code, ' ');
	if (name.n == 0)
		return;
	r->code = name;
	r->code_arguments = code;
}

/* What is left of the line, as words for people or of its own making. */
static slice
rest_of_line(struct scan *s)
{
	slice rest = slice_trim(s->rest);

	s->rest = slice_skip(s->rest, s->rest.n);
	return rest;
}

/* capability-data = "CAPABILITY" *(SP capability) ... */
static bool
capability_data(struct scan *s, struct imap_response *r)
{
	r->text = rest_of_line(s);
	return true;
}

/*
 * Any other untagged response. What it says is nobody's business, so nothing in it is broken; but a
 * literal where a value may stand is one, or its bytes would be taken for responses. Quotes need no
 * look: what stands between them does not end a line.
 */
static bool
other(struct scan *s, struct imap_response *r)
{
	struct imap_string skipped;
	uint64_t octets;

	(void)r;
	for (scan_blanks(s); s->rest.n > 0; scan_blanks(s)) {
		size_t n = 1;

		if (scan_announced(s, &octets)) {
			if (!scan_string(s, IMAP_SKIP, &skipped))
				return false;
			continue;
		}
		if (!scan_at(s, '(') && !scan_at(s, ')'))
			while (n < s->rest.n && !memchr(" \t()", s->rest.at[n], 4))
				n++;
		s->rest = slice_skip(s->rest, n);
	}
	return true;
}

/* What has a number in front and nothing behind: "EXISTS", "RECENT", "EXPUNGE". */
static bool
nothing(struct scan *s, struct imap_response *r)
{
	(void)s;
	(void)r;
	return true;
}

static const struct rule {
	slice word;
	enum imap_kind kind;
	enum { NO_NUMBER, NUMBER, NZ_NUMBER } number; /* in front of the word */
	bool (*parse)(struct scan *, struct imap_response *);
} rules[] = {
	{ .word = SLICE("FETCH"), .kind = IMAP_FETCH, .number = NZ_NUMBER, .parse = data_fetch },
	{ .word = SLICE("EXISTS"), .kind = IMAP_EXISTS, .number = NUMBER, .parse = nothing },
	{ .word = SLICE("RECENT"), .kind = IMAP_RECENT, .number = NUMBER, .parse = nothing },
	{ .word = SLICE("EXPUNGE"), .kind = IMAP_EXPUNGE, .number = NZ_NUMBER, .parse = nothing },
	{ .word = SLICE("LIST"), .kind = IMAP_LIST, .parse = data_list },
	{ .word = SLICE("CAPABILITY"), .kind = IMAP_CAPABILITY, .parse = capability_data },
	{ .word = SLICE("FLAGS"), .kind = IMAP_FLAGS, .parse = data_flags },
	{ .word = SLICE("STATUS"), .kind = IMAP_STATUS, .parse = data_status },
	{ .word = SLICE("SEARCH"), .kind = IMAP_SEARCH, .parse = data_search },
	{ .word = SLICE("ESEARCH"), .kind = IMAP_ESEARCH, .parse = data_esearch },
	{ .word = SLICE("NAMESPACE"), .kind = IMAP_NAMESPACE, .parse = data_namespace },
	{ .word = SLICE("QUOTA"), .kind = IMAP_QUOTA, .parse = data_quota },
	{ .word = SLICE("QUOTAROOT"), .kind = IMAP_QUOTAROOT, .parse = data_quotaroot },
};

static const struct rule anything = { .kind = IMAP_OTHER, .parse = other };

static const struct rule *
rule_for(slice word)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (slice_eqi(word, rules[i].word))
			return &rules[i];
	return &anything;
}

/* The word that says what a response is: an atom, and all that were defined begin with a letter. */
static bool
response_word(struct scan *s, slice *word)
{
	slice atom = scan_run(s, S(""));
	char first = atom.n > 0 ? (char)(atom.at[0] | 0x20) : '\0';

	if (first < 'a' || first > 'z')
		return scan_broken(s, "no response's name where one is due");
	*word = atom;
	return s->rest.n == 0 || scan_space(s);
}

/*
 * response-data = "*" SP (resp-cond-state / resp-cond-bye / mailbox-data / message-data /
 *                 capability-data / enable-data) CRLF
 * message-data  = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att))
 * mailbox-data  = ... / number SP "EXISTS" / number SP "RECENT"
 */
static bool
response_data(struct scan *s, struct imap_response *r)
{
	bool numbered = s->rest.n > 0 && s->rest.at[0] >= '0' && s->rest.at[0] <= '9';
	const struct rule *rule;
	slice word;

	if (numbered && (!scan_number(s, 0, UINT32_MAX, &r->number) || !scan_space(s)))
		return false;
	if (!response_word(s, &word))
		return false;
	if (!numbered && resp_condition(word, &r->condition)) {
		r->kind = IMAP_CONDITION;
		resp_text(rest_of_line(s), r);
		return true;
	}
	rule = rule_for(word);
	r->kind = rule->kind;
	if (rule != &anything && numbered != (rule->number != NO_NUMBER))
		return scan_broken(
		    s, "a number in front of what has none, or none where one is due");
	if (rule->number == NZ_NUMBER && r->number == 0)
		return scan_broken(s, "a message with the number 0");
	return rule->parse(s, r) && scan_end(s);
}

/*
 * response-tagged = tag SP resp-cond-state CRLF
 * resp-cond-state = ("OK" / "NO" / "BAD") SP resp-text
 * tag             = 1*<any ASTRING-CHAR except "+">
 */
static bool
response_tagged(struct scan *s, struct imap_response *r)
{
	r->kind = IMAP_COMPLETION;
	r->tag = scan_run(s, S("+*%"));
	if (r->tag.n == 0 || !scan_space(s) || !resp_condition(scan_run(s, S("")), &r->condition)
	    || r->condition == IMAP_BYE || r->condition == IMAP_PREAUTH
	    || (s->rest.n > 0 && !scan_space(s)))
		return scan_broken(s, "no response of IMAP");
	resp_text(rest_of_line(s), r);
	return true;
}

/*
 * response      = *(continue-req / response-data) response-done
 * response-done = response-tagged / response-fatal
 * continue-req  = "+" SP (resp-text / base64) CRLF
 */
static bool
response(struct scan *s, struct imap_response *r)
{
	if (scan_at(s, '*')) {
		s->rest = slice_skip(s->rest, 1);
		return scan_space(s) && response_data(s, r);
	}
	if (!scan_at(s, '+'))
		return response_tagged(s, r);
	s->rest = slice_skip(s->rest, 1);
	if (s->rest.n > 0 && !scan_space(s))
		return scan_broken(s, "no response of IMAP");
	r->kind = IMAP_CONTINUATION;
	r->text = rest_of_line(s);
	return true;
}

enum imap_status
imap_parse(const struct imap_text *text, struct imap_response *r, struct imap_need *need)
{
	struct scan s = scan_start(text);
	struct imap_response parsed = { 0 };

	if (response(&s, &parsed) && s.piece + 1 != text->n)
		scan_broken(&s, "a literal that was not announced");
	if (s.status == IMAP_DONE)
		*r = parsed;
	*need = s.need;
	return s.status;
}

slice
imap_string(struct arena *arena, const struct imap_string *string)
{
	slice raw = string->raw;
	char *bytes;
	size_t n = 0;

	if (string->form != IMAP_QUOTED || string->octets == raw.n)
		return raw;
	if (!(bytes = arena_bytes(arena, string->octets)))
		return (slice){ NULL, 0 };
	for (size_t i = 0; i < raw.n; i++) {
		i += raw.at[i] == '\\';
		bytes[n++] = raw.at[i];
	}
	return (slice){ bytes, n };
}

slice
imap_word(slice *rest)
{
	slice word;

	*rest = slice_trim(*rest);
	word = slice_cut(rest, ' ');
	return word.n > 0 ? word : (slice){ NULL, 0 };
}
