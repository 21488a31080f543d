/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An IMAP server's responses, one behind the other, with the reader played here that gives the
 * parser the literals it asks for. What must hold is worked out in the plainest way: where the
 * slices point, that parentheses are balanced, that letter case decides nothing, that dates are
 * what they say, that a line counts the same wherever it is cut.
 */
#include <time.h>

#include "fuzz.h"
#include "imap_response.h"

/* A response and its reading. */
struct reading {
	struct imap_text text;
	struct imap_response response;
	struct imap_need need;
	enum imap_status status;
};

static slice
take_line(slice *rest)
{
	slice line = slice_cut(rest, '\n');

	if (line.n > 0 && line.at[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* digits of a literal's announcement at the end of `line`, and that there are some */
static void
announced(slice line, uint64_t octets)
{
	size_t n = line.n;
	uint64_t number;

	demand(n >= 3 && line.at[n - 1] == '}');
	n -= 1 + (line.at[n - 2] == '+');
	line.n = n;
	while (n > 0 && line.at[n - 1] != '{')
		n--;
	demand(n > 0 && slice_number(slice_skip(line, n), INT64_MAX, &number) && number == octets);
}

static struct reading
read_response(slice *rest)
{
	struct reading r = { .text.n = 1, .text.pieces[0].line = take_line(rest) };

	while ((r.status = imap_parse(&r.text, &r.response, &r.need)) == IMAP_MORE) {
		struct imap_piece *piece = &r.text.pieces[r.text.n - 1];

		announced(piece->line, r.need.octets);
		demand(r.need.use != IMAP_HOLD || r.need.octets <= IMAP_NAME_MAX);
		demand(r.text.n <= IMAP_LITERALS);
		if (!rest->at || rest->n < r.need.octets)
			return r;
		piece->octets = r.need.octets;
		if (r.need.use == IMAP_HOLD)
			piece->literal = slice_head(*rest, r.need.octets);
		*rest = slice_skip(*rest, r.need.octets);
		r.text.pieces[r.text.n++].line = take_line(rest);
	}
	return r;
}

static void
lower(char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] = (char)(at[i] + 32);
}

/* The same in small letters is the same. */
static void
case_decides_nothing(const struct reading *r)
{
	struct imap_text text = r->text;
	struct imap_response response;
	struct imap_need need;
	char *copies[IMAP_LITERALS + 1];

	for (size_t i = 0; i < text.n; i++) {
		slice *line = &text.pieces[i].line;

		copies[i] = malloc(line->n + 1);
		demand(copies[i] != NULL);
		if (line->n > 0)
			memcpy(copies[i], line->at, line->n);
		lower(copies[i], line->n);
		line->at = copies[i];
	}
	demand(imap_parse(&text, &response, &need) == r->status);
	if (r->status == IMAP_MORE)
		demand(need.octets == r->need.octets && need.use == r->need.use);
	else if (r->status == IMAP_BROKEN)
		demand(need.why == r->need.why);
	else
		demand(response.kind == r->response.kind && response.number == r->response.number);
	for (size_t i = 0; i < text.n; i++)
		free(copies[i]);
}

static bool
within(slice part, slice whole)
{
	return part.at >= whole.at && part.at + part.n <= whole.at + whole.n;
}

/* A slice of the response points into one of its lines, or is a literal that was held. */
static void
points_into(slice part, const struct imap_text *text)
{
	bool found = !part.at || part.n == 0;

	for (size_t i = 0; i < text->n && !found; i++)
		found = within(part, text->pieces[i].line)
		    || (text->pieces[i].literal.at && within(part, text->pieces[i].literal));
	demand(found);
}

static void
read_string(struct arena *arena, const struct imap_string *string, const struct imap_text *text)
{
	slice bytes = imap_string(arena, string);

	points_into(string->raw, text);
	demand(string->octets <= INT64_MAX);
	demand(!bytes.at || bytes.n == string->octets);
	demand(bytes.at || string->form == IMAP_NIL || string->form == IMAP_LITERAL);
	demand(string->form != IMAP_ATOM || bytes.n > 0);
}

static bool
balanced(const struct imap_text *text)
{
	long depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text->n; i++) {
		slice line = text->pieces[i].line;

		for (size_t j = 0; j < line.n; j++) {
			if (quoted && line.at[j] == '\\')
				j++;
			else if (line.at[j] == '"')
				quoted = !quoted;
			else if (!quoted)
				depth += (line.at[j] == '(') - (line.at[j] == ')');
			if (depth < 0)
				return false;
		}
		if (quoted)
			return false;
	}
	return depth == 0;
}

/* Kinds whose parentheses and quotes are all looked at; but those within brackets are not. */
static void
check_shape(const struct reading *r)
{
	enum imap_kind kind = r->response.kind;

	if (kind == IMAP_CONTINUATION || kind == IMAP_COMPLETION || kind == IMAP_CONDITION
	    || kind == IMAP_CAPABILITY || kind == IMAP_OTHER)
		return;
	for (size_t i = 0; i < r->text.n; i++)
		if (slice_find(r->text.pieces[i].line, S("[")) < r->text.pieces[i].line.n)
			return;
	demand(balanced(&r->text));
}

static void
check_words(slice words)
{
	size_t letters = 0, count = 0;

	for (size_t i = 0; i < words.n; i++)
		letters += words.at[i] != ' ' && words.at[i] != '\t';
	for (slice word; (word = imap_word(&words)).at; count += word.n)
		demand(word.n > 0 && slice_trim(word).n == word.n);
	demand(count == letters);
}

/* Tag and condition, once more: a word, blanks, one of three words, blanks or the end. */
static void
check_completion(const struct reading *r)
{
	slice rest = r->text.pieces[0].line, tag = slice_cut(&rest, ' '),
	      word = slice_cut(&rest, ' ');
	static const slice words[] = { SLICE("OK"), SLICE("NO"), SLICE("BAD") };

	demand(r->text.n == 1 && slice_eq(tag, r->response.tag) && tag.n > 0);
	demand(r->response.condition <= IMAP_BAD && slice_eqi(word, words[r->response.condition]));
	demand(r->response.text.n <= rest.n);
}

/* The line of a SEARCH counts the same in two parts, cut at any place. */
static void
check_search(const struct reading *r)
{
	slice line = r->text.pieces[0].line, numbers = S("");
	size_t step = line.n / 16 + 1;

	demand(imap_search_begins(line, &numbers));
	for (size_t cut = 0; cut <= numbers.n; cut += step) {
		struct imap_tally tally = { 0 };

		demand(imap_tally_feed(&tally, slice_head(numbers, cut)));
		demand(imap_tally_feed(&tally, slice_skip(numbers, cut)));
		demand(imap_tally_end(&tally) && tally.count == r->response.number);
	}
}

static void
check_response(struct arena *arena, const struct reading *r)
{
	const struct imap_response *response = &r->response;

	points_into(response->tag, &r->text);
	points_into(response->code, &r->text);
	points_into(response->code_arguments, &r->text);
	points_into(response->text, &r->text);
	demand(!response->code.at || response->code.n > 0);
	check_shape(r);
	if (response->kind == IMAP_CAPABILITY)
		check_words(response->text);
	if (response->kind == IMAP_COMPLETION)
		check_completion(r);
	if (response->kind == IMAP_SEARCH)
		check_search(r);
	if (response->kind == IMAP_LIST || (response->kind == IMAP_NAMESPACE && response->known))
		read_string(arena, &response->list.name, &r->text);
	if (response->kind == IMAP_STATUS)
		read_string(arena, &response->status.name, &r->text);
	if (response->kind == IMAP_QUOTA)
		read_string(arena, &response->quota.root, &r->text);
	demand(response->quota.n <= IMAP_RESOURCES);
	for (size_t i = 0; i < response->quota.n; i++)
		points_into(response->quota.resources[i].name, &r->text);
	if (response->kind != IMAP_FETCH)
		return;
	demand(response->number > 0 && (!response->fetch.has_uid || response->fetch.uid > 0));
	if (response->fetch.has_body)
		read_string(arena, &response->fetch.body, &r->text);
}

/* What the C library makes of the moment, in the zone that the text names, is the text again. */
static void
check_date(slice text)
{
	char back[40];
	struct tm tm;
	time_t when;
	long offset;
	slice zone;

	if (!imap_date(text, &when))
		return;
	text = slice_trim(text);
	demand(text.n >= 25);
	zone = slice_skip(text, text.n - 5);
	offset = (zone.at[1] - '0') * 36000L + (zone.at[2] - '0') * 3600L
	    + (zone.at[3] - '0') * 600L + (zone.at[4] - '0') * 60L;
	when += zone.at[0] == '-' ? -offset : offset;
	text = slice_trim(slice_head(text, text.n - 5));
	if (slice_starts(slice_skip(text, text.n - 3), S(":60")))
		return;
	demand(gmtime_r(&when, &tm) != NULL);
	snprintf(back, sizeof back, "%d-", tm.tm_mday);
	if (text.at[0] == '0')
		text = slice_skip(text, 1);
	demand(slice_starts(text, slice_z(back)));
	strftime(back, sizeof back, "%b-", &tm);
	demand(slice_find(text, S("-")) < 3);
	text = slice_skip(text, slice_find(text, S("-")) + 1);
	demand(slice_startsi(text, slice_z(back)));
	snprintf(back, sizeof back, "%04d", tm.tm_year + 1900);
	demand(slice_starts(slice_skip(text, 4), slice_z(back)));
	strftime(back, sizeof back, "%H:%M:%S", &tm);
	demand(slice_eq(slice_skip(text, text.n - 8), slice_z(back)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice rest = { (const char *)data, n }, numbers;
	struct imap_tally tally = { 0 };
	struct arena *arena = arena_new(1 << 20);

	demand(arena != NULL);
	for (slice quoted = rest; quoted.at;)
		check_date(slice_cut(&quoted, '"'));
	check_words(rest);
	imap_search_begins(rest, &numbers);
	if (imap_tally_feed(&tally, rest) && imap_tally_end(&tally))
		demand(tally.count <= n && !tally.within);
	while (rest.at && rest.n > 0) {
		struct reading r = read_response(&rest);

		case_decides_nothing(&r);
		demand((r.status == IMAP_BROKEN) == (r.need.why != NULL));
		if (r.status == IMAP_DONE)
			check_response(arena, &r);
	}
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
