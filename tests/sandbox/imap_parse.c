/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The grammar of commands, one function for a rule. Each leaves the arguments as they were if it
 * fails, so that alternatives can be tried one behind the other.
 */
#define _GNU_SOURCE 1    /* timegm, strptime */

#include "imap_parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mailbox.h"

/* ATOM-CHAR: any CHAR but atom-specials; in a tag there is no "+" either. */
static bool
is_atom_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("(){%*\"\\]", c);
}

/* ASTRING-CHAR = ATOM-CHAR / resp-specials */
static bool
is_astring_char(char c)
{
	return is_atom_char(c) || c == ']';
}

static bool
is_pattern_char(char c)
{
	return is_astring_char(c) || c == '%' || c == '*';
}

static bool
is_set_char(char c)
{
	return isdigit((unsigned char)c) || c == ':' || c == ',' || c == '*';
}

bool
is_tag_char(char c)
{
	return is_astring_char(c) && c != '+';
}

static bool
take(struct args *a, bool (*is)(char), struct slice *out)
{
	char *p = a->at;

	while (p < a->end && is(*p))
		p++;
	if (p == a->at)
		return false;
	*out = (struct slice){ a->at, (size_t)(p - a->at) };
	a->at = p;
	return true;
}

bool
args_done(const struct args *a)
{
	return a->at == a->end;
}

bool
args_char(struct args *a, char c)
{
	if (a->at == a->end || *a->at != c)
		return false;
	a->at++;
	return true;
}

bool
args_space(struct args *a)
{
	return args_char(a, ' ');
}

static bool
is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '-';
}

bool
args_word(struct args *a, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(a->end - a->at) < len || strncasecmp(a->at, word, len)
	    || (a->at + len < a->end && is_word_char(a->at[len]) && is_word_char(word[len - 1])))
		return false;
	a->at += len;
	return true;
}

bool
args_atom(struct args *a, struct slice *out)
{
	return take(a, is_atom_char, out);
}

/* quoted = DQUOTE *QUOTED-CHAR DQUOTE; only \ and " are escaped, and must be. */
static bool
quoted(struct args *a, struct slice *out)
{
	char *from = a->at + 1, *to = from;

	out->at = from;
	for (; from < a->end && *from != '"'; from++) {
		if (*from == '\\' && (++from == a->end || (*from != '"' && *from != '\\')))
			return false;
		if (*from == '\r' || *from == '\n')
			return false;
		*to++ = *from;
	}
	if (from == a->end)
		return false;
	out->len = (size_t)(to - out->at);
	a->at = from + 1;
	return true;
}

/* literal = "{" number ["+"] "}" CRLF *CHAR8; that it is all there was seen to before. */
static bool
literal(struct args *a, struct slice *out)
{
	char *p;
	size_t size = strtoul(a->at + 1, &p, 10);

	p += *p == '+';
	if (a->end - p < 3 || memcmp(p, "}\r\n", 3) || (size_t)(a->end - p - 3) < size)
		return false;
	*out = (struct slice){ p + 3, size };
	a->at = p + 3 + size;
	return true;
}

bool
args_string(struct args *a, struct slice *out)
{
	if (a->at == a->end)
		return false;
	return *a->at == '"' ? quoted(a, out) : *a->at == '{' && literal(a, out);
}

bool
args_astring(struct args *a, struct slice *out)
{
	return args_string(a, out) || take(a, is_astring_char, out);
}

/* list-mailbox = 1*list-char / string */
bool
args_pattern(struct args *a, struct slice *out)
{
	return args_string(a, out) || take(a, is_pattern_char, out);
}

bool
args_number(struct args *a, uint32_t *out)
{
	uint64_t n = 0;
	char *p = a->at;

	for (; p < a->end && isdigit((unsigned char)*p) && n <= UINT32_MAX; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == a->at || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	a->at = p;
	return true;
}

/* seq-number = nz-number / "*" */
static bool
set_number(struct args *a, uint32_t most, uint32_t *out)
{
	if (args_char(a, '*')) {
		*out = most;
		return true;
	}
	return args_number(a, out) && *out;
}

/* sequence-set = (seq-number / seq-range) *("," sequence-set) */
static bool
set_range(struct args *a, uint32_t most, struct range *out)
{
	if (!set_number(a, most, &out->low))
		return false;
	out->high = out->low;
	if (args_char(a, ':') && !set_number(a, most, &out->high))
		return false;
	if (out->low > out->high)
		*out = (struct range){ out->high, out->low };
	return true;
}

bool
args_set(struct args *a, struct slice *out)
{
	char *begin = a->at;
	struct range ignored;
	struct slice set;
	struct args parts;
	bool good;

	if (!take(a, is_set_char, &set))
		return false;
	parts = (struct args){ begin, a->at };
	do
		good = set_range(&parts, 1, &ignored);
	while (good && args_char(&parts, ','));
	if (!good || !args_done(&parts)) {
		a->at = begin;
		return false;
	}
	*out = set;
	return true;
}

struct ranges
ranges_of(struct slice set, uint32_t most)
{
	struct args a = { (char *)(uintptr_t)set.at, (char *)(uintptr_t)set.at + set.len };
	struct ranges r = { make((set.len / 2 + 1) * sizeof(*r.at)), 0 };

	do
		r.count += set_range(&a, most, &r.at[r.count]);
	while (args_char(&a, ','));
	return r;
}

bool
ranges_have(const struct ranges *r, uint32_t number)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->at[i].low <= number && number <= r->at[i].high)
			return true;
	return false;
}

void
ranges_free(struct ranges *r)
{
	free(r->at);
	*r = (struct ranges){ 0 };
}

static bool
flag(struct args *a, unsigned *flags)
{
	static const struct {
		const char *name;
		unsigned flag;
	} system_flags[] = {
		{ "\\Seen", FLAG_SEEN }, { "\\Answered", FLAG_ANSWERED },
		{ "\\Flagged", FLAG_FLAGGED }, { "\\Deleted", FLAG_DELETED },
		{ "\\Draft", FLAG_DRAFT },
	};
	struct slice keyword;

	for (size_t i = 0; i < sizeof(system_flags) / sizeof(*system_flags); i++) {
		if (args_word(a, system_flags[i].name)) {
			*flags |= system_flags[i].flag;
			return true;
		}
	}
	return args_atom(a, &keyword);
}

/* flag-list = "(" [flag *(SP flag)] ")" */
bool
args_flags(struct args *a, bool parentheses, unsigned *flags)
{
	*flags = 0;
	if (!args_char(a, '(')) {
		if (parentheses)
			return false;
		do
			if (!flag(a, flags))
				return false;
		while (args_space(a));
		return true;
	}
	if (args_char(a, ')'))
		return true;
	do
		if (!flag(a, flags))
			return false;
	while (args_space(a));
	return args_char(a, ')');
}

static bool
by_format(struct slice text, const char *format, time_t *out)
{
	char copy[32], *end;
	struct tm tm = { 0 };
	long zone;

	if (text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	end = strptime(copy, format, &tm);
	if (!end || *end)
		return false;
	zone = tm.tm_gmtoff;    /* timegm() sets it to zero */
	*out = timegm(&tm) - zone;
	return true;
}

/* date = date-text / DQUOTE date-text DQUOTE; date-text = day "-" month "-" year */
bool
args_date(struct args *a, time_t *out)
{
	struct args before = *a;
	struct slice text;

	if (args_astring(a, &text) && by_format(text, "%d-%b-%Y", out))
		return true;
	*a = before;
	return false;
}

/* date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE */
bool
args_date_time(struct args *a, time_t *out)
{
	struct args before = *a;
	struct slice text;

	if (a->at < a->end && *a->at == '"' && args_string(a, &text) && text.len == 26
	    && by_format(text, "%d-%b-%Y %H:%M:%S %z", out))
		return true;
	*a = before;
	return false;
}
