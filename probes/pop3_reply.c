/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POP3's replies by their grammar. Strict in what decides: the status, numbers, the lone dot.
 * Lenient in the rest: letter case, runs of blanks, a tab for one, any bytes as text.
 *
 * A message is read by where in a line it stands and by nothing else, so that one of 100 MB takes
 * no more memory than an empty one. A dot ends it in front of a bare LF as well: who sends such
 * line ends and means the dot as text has to double it like any other.
 */
#include "pop3_reply.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static slice
skip_blanks(slice s)
{
	while (s.n > 0 && blank(s.at[0]))
		s = slice_skip(s, 1);
	return s;
}

/* resp-code = "[" resp-level *("/" resp-level) "]" -- RFC 2449 section 8 */
static slice
response_code(slice text)
{
	size_t n = 1;

	if (text.n == 0 || text.at[0] != '[')
		return (slice){ NULL, 0 };
	while (n < text.n && text.at[n] != ']' && text.at[n] > ' ' && text.at[n] < 127)
		n++;
	if (n == text.n || text.at[n] != ']' || n == 1)
		return (slice){ NULL, 0 };
	return (slice){ text.at + 1, n - 1 };
}

/*
 * single-line = status [SP text] CRLF; status = "+OK" / "-ERR" -- RFC 2449 section 9
 * continue-req = "+" SP [base64] CRLF -- RFC 5034 section 4
 */
bool
pop3_reply_parse(slice line, struct pop3_reply *reply, const char **why)
{
	static const struct {
		slice word;
		enum pop3_status status;
	} words[] = {
		{ SLICE("+OK"), POP3_OK },
		{ SLICE("-ERR"), POP3_ERR },
		{ SLICE("+"), POP3_CONTINUE },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		slice rest = slice_skip(line, words[i].word.n);

		if (!slice_startsi(line, words[i].word) || (rest.n > 0 && !blank(rest.at[0])))
			continue;
		reply->status = words[i].status;
		reply->text = slice_trim(rest);
		reply->code = reply->status == POP3_CONTINUE ? (slice){ NULL, 0 }
		                                             : response_code(reply->text);
		return true;
	}
	*why = "neither +OK nor -ERR at the start of the line";
	return false;
}

bool
pop3_code_is(const struct pop3_reply *reply, slice code)
{
	return reply->code.at && slice_eqi(reply->code, code);
}

/* dot-stuffed = *CHAR CRLF / "." CRLF -- RFC 2449 section 9 */
bool
pop3_line(slice line, slice *inner)
{
	bool dot = line.n > 0 && line.at[0] == '.';

	if (dot && line.n == 1)
		return false;
	*inner = slice_skip(line, dot);
	return true;
}

/* The first word as a message's number or count; what is behind it and its blanks stays. */
static bool
leading_number(slice *text, uint64_t *number)
{
	slice rest = skip_blanks(*text);

	if (!slice_number(slice_cut(&rest, ' '), POP3_MESSAGE_MAX, number))
		return false;
	*text = rest;
	return true;
}

/* listing = number SP size [SP *CHAR] -- RFC 1939 section 5, "scan listing" and "drop listing" */
bool
pop3_pair(slice text, uint64_t *number, uint64_t *size)
{
	uint64_t first, second;

	if (!leading_number(&text, &first)
	    || !slice_number(slice_cut(&text, ' '), POP3_SIZE_MAX, &second))
		return false;
	*number = first;
	*size = second;
	return true;
}

/*
 * unique-id listing = number SP 1*70(%x21-7E) -- RFC 1939 section 7. Longer ones and 8-bit ones
 * are about, and harm nobody.
 */
bool
pop3_unique_id(slice text, uint64_t *number, slice *id)
{
	slice unique;
	uint64_t first;

	if (!leading_number(&text, &first) || first == 0)
		return false;
	unique = slice_cut(&text, ' ');
	if (unique.n == 0)
		return false;
	*number = first;
	*id = unique;
	return true;
}

/* capability-line = capa-tag *(SP capa-param) -- RFC 2449 section 9 */
slice
pop3_keyword(slice capability, slice *parameters)
{
	slice rest = slice_trim(capability), keyword = slice_cut(&rest, ' ');

	*parameters = rest;
	return keyword;
}

/* Printable and without brackets, one "@" in it with something on either side. */
static bool
message_id(slice inner)
{
	slice host = inner, name = slice_cut(&host, '@');

	if (name.n == 0 || host.n == 0 || slice_find(host, S("@")) < host.n)
		return false;
	for (size_t i = 0; i < inner.n; i++)
		if (inner.at[i] <= ' ' || inner.at[i] >= 127)
			return false;
	return true;
}

/*
 * timestamp = "<" *VCHAR "@" *VCHAR ">" -- RFC 1939 section 7: a msg-id of RFC 822. A looser one
 * lets a man in the middle try for collisions of MD5 (CVE-2007-1558).
 */
slice
pop3_timestamp(slice greeting)
{
	for (;;) {
		slice from = slice_skip(greeting, slice_find(greeting, S("<")));
		size_t end = slice_find(from, S(">")),
		       again = slice_find(slice_skip(from, 1), S("<"));

		if (end == from.n)
			return (slice){ NULL, 0 };
		if (again + 1 > end && message_id((slice){ from.at + 1, end - 1 }))
			return slice_head(from, end + 1);
		greeting = slice_skip(from, 1);
	}
}

/* Where in a line the next byte stands. */
enum { AT_START, AT_DOT, AT_DOT_CR, AT_TEXT, AT_CR };

/* Counts a line end; `cr` is whether a CR came before the LF. */
static void
line_end(struct pop3_content *content, bool cr)
{
	content->octets++;
	if (cr)
		content->crlf++;
	else
		content->lf++;
	content->at = AT_START;
}

/* Text up to the next LF, not taken itself. Whether the last byte was a CR is all that is kept. */
static size_t
text(struct pop3_content *content, slice bytes)
{
	const char *end = memchr(bytes.at, '\n', bytes.n);
	size_t n = end ? (size_t)(end - bytes.at) : bytes.n;

	content->octets += n;
	if (n > 0)
		content->at = bytes.at[n - 1] == '\r' ? AT_CR : AT_TEXT;
	return n;
}

/*
 * A byte behind a dot at the start of a line: the end, or the first of the text, the dot being
 * stuffing. True for the end.
 */
static bool
behind_dot(struct pop3_content *content, char c)
{
	bool cr = content->at == AT_DOT_CR;

	if (c == '\n')
		return true;
	if (!cr && c == '\r') {
		content->at = AT_DOT_CR;
		return false;
	}
	content->octets += cr ? 2 : 1;
	content->at = c == '\r' ? AT_CR : AT_TEXT;
	return false;
}

size_t
pop3_content_feed(struct pop3_content *content, slice bytes, bool *done)
{
	size_t i = 0;

	*done = false;
	while (i < bytes.n && !*done) {
		char c = bytes.at[i];

		if (content->at == AT_DOT || content->at == AT_DOT_CR) {
			*done = behind_dot(content, c);
			i++;
		} else if (content->at == AT_START && c == '.') {
			content->at = AT_DOT;
			i++;
		} else if (c == '\n') {
			line_end(content, content->at == AT_CR);
			i++;
		} else
			i += text(content, slice_skip(bytes, i));
	}
	return i;
}

bool
pop3_content_fits(const struct pop3_content *content, uint64_t size)
{
	uint64_t ends = content->crlf + content->lf, last = ends > 0;
	uint64_t bare = content->octets - content->crlf; /* all line ends counted as one octet */

	return size == content->octets || size == bare || size == bare - last || size == bare + ends
	    || size == bare + ends - 2 * last;
}
