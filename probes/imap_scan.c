/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IMAP's terminals, RFC 9051 section 9. A place in a response is a line and what is left of it; a
 * literal ends the line, and the place goes on in the next. Where that has not been read yet, the
 * rule that wanted it fails with IMAP_MORE, and so does every rule around it: there is no state
 * to come back to, the whole is parsed anew. Responses are short and literals in them few, so this
 * costs nothing, and no rule needs to know that it may be interrupted.
 */
#include "imap_scan.h"

struct scan
scan_start(const struct imap_text *text)
{
	return (struct scan){ .text = text, .rest = text->pieces[0].line };
}

bool
scan_broken(struct scan *s, const char *why)
{
	s->status = IMAP_BROKEN;
	s->need.why = why;
	return false;
}

bool
scan_at(const struct scan *s, char c)
{
	return s->rest.n > 0 && s->rest.at[0] == c;
}

void
scan_blanks(struct scan *s)
{
	while (scan_at(s, ' ') || scan_at(s, '\t'))
		s->rest = slice_skip(s->rest, 1);
}

bool
scan_space(struct scan *s)
{
	if (!scan_at(s, ' ') && !scan_at(s, '\t'))
		return scan_broken(s, "no blank where one is due");
	scan_blanks(s);
	return true;
}

bool
scan_end(struct scan *s)
{
	scan_blanks(s);
	return s->rest.n == 0 || scan_broken(s, "something stands where the response should end");
}

bool
scan_open(struct scan *s)
{
	if (!scan_at(s, '('))
		return scan_broken(s, "no parenthesis where one is due");
	s->rest = slice_skip(s->rest, 1);
	return true;
}

bool
scan_close(struct scan *s)
{
	scan_blanks(s);
	if (!scan_at(s, ')'))
		return false;
	s->rest = slice_skip(s->rest, 1);
	return true;
}

/*
 * ATOM-CHAR     = <any CHAR except atom-specials>
 * atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials / resp-specials
 *
 * Wildcards, backslash and bracket are taken: flags have them, and nothing else begins with them.
 */
static bool
atom_char(char c)
{
	return (unsigned char)c > ' ' && c != 127 && c != '(' && c != ')' && c != '{' && c != '"';
}

slice
scan_run(struct scan *s, slice but)
{
	slice run = s->rest;
	size_t n = 0;

	while (n < run.n && atom_char(run.at[n]) && !memchr(but.at, run.at[n], but.n))
		n++;
	s->rest = slice_skip(run, n);
	return slice_head(run, n);
}

/* atom = 1*ATOM-CHAR */
bool
scan_atom(struct scan *s, slice *atom)
{
	slice run = scan_run(s, S(""));

	if (run.n == 0)
		return scan_broken(s,
		    s->rest.n > 0 ? "a character that may not stand there"
		                  : "the line ends too early");
	*atom = run;
	return true;
}

/*
 * number    = 1*DIGIT             ; 32 bits
 * number64  = 1*DIGIT             ; 63 bits
 * nz-number = digit-nz *DIGIT
 */
bool
scan_number(struct scan *s, uint64_t least, uint64_t most, uint64_t *number)
{
	uint64_t value;

	if (!slice_number(scan_run(s, S("")), most, &value) || value < least)
		return scan_broken(s, "no number where one is due, or one out of range");
	*number = value;
	return true;
}

/*
 * literal  = "{" number64 ["+"] "}" CRLF *CHAR8
 * literal8 = "~{" number64 "}" CRLF *OCTET
 */
bool
scan_announced(const struct scan *s, uint64_t *octets)
{
	slice digits = slice_skip(s->rest, scan_at(s, '~'));

	if (digits.n < 2 || digits.at[0] != '{' || digits.at[digits.n - 1] != '}')
		return false;
	digits = slice_head(slice_skip(digits, 1), digits.n - 2);
	if (digits.n > 0 && digits.at[digits.n - 1] == '+')
		digits.n--;
	return slice_number(digits, INT64_MAX, octets);
}

static bool
more(struct scan *s, uint64_t octets, enum imap_use use)
{
	s->status = IMAP_MORE;
	s->need.octets = octets;
	s->need.use = use;
	return false;
}

static bool
literal(struct scan *s, enum imap_use use, struct imap_string *string)
{
	const struct imap_piece *piece = &s->text->pieces[s->piece];
	uint64_t octets;

	if (!scan_announced(s, &octets))
		return scan_broken(s, "a literal that is not announced as one");
	if (use == IMAP_HOLD && octets > IMAP_NAME_MAX)
		return scan_broken(s, "a name of more than 8,192 octets");
	if (s->piece == IMAP_LITERALS)
		return scan_broken(s, "more than 32 literals in one response");
	if (s->piece + 1 == s->text->n)
		return more(s, octets, use);
	*string = (struct imap_string){ IMAP_LITERAL, piece->literal, octets };
	s->piece++;
	s->rest = s->text->pieces[s->piece].line;
	return true;
}

/*
 * quoted      = DQUOTE *QUOTED-CHAR DQUOTE
 * QUOTED-CHAR = <any TEXT-CHAR except quoted-specials> / "\" quoted-specials / UTF8-2 / ...
 */
bool
scan_quoted(struct scan *s, struct imap_string *string)
{
	slice rest = slice_skip(s->rest, 1);
	size_t n = 0, escapes = 0;

	if (!scan_at(s, '"'))
		return scan_broken(s, "no quoted string where one is due");
	for (; n < rest.n && rest.at[n] != '"'; n++) {
		if (rest.at[n] != '\\')
			continue;
		if (++n == rest.n || (rest.at[n] != '"' && rest.at[n] != '\\'))
			return scan_broken(s, "a backslash in front of what needs none");
		escapes++;
	}
	if (n >= rest.n)
		return scan_broken(s, "a quoted string that does not end");
	*string = (struct imap_string){ IMAP_QUOTED, slice_head(rest, n), n - escapes };
	s->rest = slice_skip(rest, n + 1);
	return true;
}

/* string = quoted / literal */
bool
scan_string(struct scan *s, enum imap_use use, struct imap_string *string)
{
	return scan_at(s, '"') ? scan_quoted(s, string) : literal(s, use, string);
}

static bool
begins_string(const struct scan *s)
{
	uint64_t octets;

	return scan_at(s, '"') || scan_at(s, '{')
	    || (scan_at(s, '~') && scan_announced(s, &octets));
}

/*
 * astring      = 1*ASTRING-CHAR / string
 * ASTRING-CHAR = ATOM-CHAR / resp-specials
 */
bool
scan_astring(struct scan *s, enum imap_use use, struct imap_string *string)
{
	slice atom;

	if (begins_string(s))
		return scan_string(s, use, string);
	if (!scan_atom(s, &atom))
		return false;
	*string = (struct imap_string){ IMAP_ATOM, atom, atom.n };
	return true;
}

/* nil = "NIL" */
bool
scan_nil(struct scan *s)
{
	struct scan ahead = *s;

	if (!slice_eqi(scan_run(&ahead, S("")), S("NIL")))
		return false;
	s->rest = ahead.rest;
	return true;
}

/* nstring = string / nil */
bool
scan_nstring(struct scan *s, enum imap_use use, struct imap_string *string)
{
	if (begins_string(s))
		return scan_string(s, use, string);
	if (!scan_nil(s))
		return scan_broken(s, "no string where one is due");
	*string = (struct imap_string){ .form = IMAP_NIL };
	return true;
}

/*
 * tagged-ext-val  = tagged-ext-simple / "(" [tagged-ext-comp] ")"
 * tagged-ext-comp = astring / tagged-ext-comp *(SP tagged-ext-comp) / "(" tagged-ext-comp ")"
 */
bool
scan_value(struct scan *s)
{
	struct imap_string skipped;
	unsigned depth = 0;

	do {
		scan_blanks(s);
		if (depth == IMAP_NESTING && scan_at(s, '('))
			return scan_broken(s, "more than 32 parentheses within each other");
		if (scan_at(s, '(')) {
			s->rest = slice_skip(s->rest, 1);
			depth++;
		} else if (depth > 0 && scan_close(s)) {
			depth--;
		} else if (!scan_astring(s, IMAP_SKIP, &skipped)) {
			return false;
		}
	} while (depth > 0);
	return true;
}

/* date-month = "Jan" / "Feb" / ... / "Dec" */
static bool
date_month(slice text, int *month)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++) {
		if (slice_eqi(text, (slice){ names + 3 * i, 3 })) {
			*month = i;
			return true;
		}
	}
	return false;
}

/*
 * date-day-fixed = (SP DIGIT) / 2DIGIT
 * date           = date-day-fixed "-" date-month "-" date-year
 *
 * One digit without the blank will do.
 */
static bool
date(slice text, struct tm *tm)
{
	slice day = slice_trim(slice_cut(&text, '-')), month = slice_cut(&text, '-');
	uint64_t days, year;

	if (day.n > 2 || !slice_number(day, 31, &days) || !date_month(month, &tm->tm_mon)
	    || text.n != 4 || !slice_number(text, 9999, &year))
		return false;
	tm->tm_mday = (int)days;
	tm->tm_year = (int)year - 1900;
	return true;
}

/* Two digits at `at`. */
static bool
two_digits(slice text, size_t at, uint64_t most, int *number)
{
	uint64_t value;

	if (text.n < at + 2 || !slice_number(slice_head(slice_skip(text, at), 2), most, &value))
		return false;
	*number = (int)value;
	return true;
}

/* time = 2DIGIT ":" 2DIGIT ":" 2DIGIT ; a leap second is one */
static bool
time_of_day(slice text, int *seconds)
{
	int hour, minute, second;

	if (text.n != 8 || text.at[2] != ':' || text.at[5] != ':' || !two_digits(text, 0, 23, &hour)
	    || !two_digits(text, 3, 59, &minute) || !two_digits(text, 6, 60, &second))
		return false;
	*seconds = (hour * 60 + minute) * 60 + second;
	return true;
}

/* zone = ("+" / "-") 4DIGIT */
static bool
zone(slice text, int *seconds)
{
	int hours, minutes;

	if (text.n != 5 || (text.at[0] != '+' && text.at[0] != '-')
	    || !two_digits(text, 1, 23, &hours) || !two_digits(text, 3, 59, &minutes))
		return false;
	*seconds = (text.at[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
	return true;
}

/*
 * date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
 *
 * timegm() would take the 31st of February for the 3rd of March, and a day 0 for the one before.
 */
bool
imap_date(slice text, time_t *when)
{
	slice rest = slice_trim(text), day = slice_cut(&rest, ' '), clock = slice_cut(&rest, ' ');
	struct tm tm = { 0 };
	int seconds, offset, mday;
	time_t midnight;

	if (!date(day, &tm) || !time_of_day(clock, &seconds) || !zone(rest, &offset))
		return false;
	mday = tm.tm_mday;
	midnight = timegm(&tm);
	if (tm.tm_mday != mday)
		return false;
	*when = midnight + seconds - offset;
	return true;
}
