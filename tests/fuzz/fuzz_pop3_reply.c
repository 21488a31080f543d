/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a POP3 server says, through every parser of it: each line as whatever it could be, and all
 * of it as a message, in pieces whose length the first byte of the input chooses. What must come of
 * it is worked out a second time here, in the plainest way.
 */
#include "fuzz.h"
#include "pop3_reply.h"

static bool
within(slice part, slice whole)
{
	return part.n == 0 || (part.at >= whole.at && part.at + part.n <= whole.at + whole.n);
}

static bool
has_any(slice s, const char *characters, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr(characters, s.at[i], n))
			return true;
	return false;
}

static bool
word_then_blank(slice line, const char *word)
{
	size_t n = strlen(word);

	return slice_startsi(line, slice_z(word))
	    && (line.n == n || line.at[n] == ' ' || line.at[n] == '\t');
}

static void
read_status(slice line)
{
	const char *why = NULL;
	struct pop3_reply reply = { .code = { NULL, 0 } };
	bool good = pop3_reply_parse(line, &reply, &why);

	demand(good
	    == (word_then_blank(line, "+OK") || word_then_blank(line, "-ERR")
	        || word_then_blank(line, "+")));
	demand(good || (why && *why));
	if (!good)
		return;
	demand(line.at[0] == (reply.status == POP3_ERR ? '-' : '+'));
	demand((reply.status == POP3_CONTINUE)
	    == (line.n == 1 || line.at[1] == ' ' || line.at[1] == '\t'));
	demand(within(reply.text, line) && slice_eq(reply.text, slice_trim(reply.text)));
	if (!reply.code.at)
		return;
	demand(reply.code.n > 0 && within(reply.code, reply.text)
	    && reply.code.at == reply.text.at + 1);
	demand(reply.text.at[0] == '[' && reply.code.at[reply.code.n] == ']');
	demand(!has_any(reply.code, " \t]\r\n\0", 6));
	demand(pop3_code_is(&reply, reply.code) && !pop3_code_is(&reply, S("")));
}

static void
read_listing(slice line)
{
	uint64_t number = 77, size = 77;
	slice id = S("untouched");

	if (pop3_pair(line, &number, &size))
		demand(number <= POP3_MESSAGE_MAX && size <= POP3_SIZE_MAX);
	else
		demand(number == 77 && size == 77);
	number = 77;
	if (pop3_unique_id(line, &number, &id))
		demand(number > 0 && number <= POP3_MESSAGE_MAX && id.n > 0 && within(id, line)
		    && !has_any(id, " \t", 2));
	else
		demand(number == 77 && slice_eq(id, S("untouched")));
}

static void
read_line(slice line)
{
	slice inner = line, parameters, keyword = pop3_keyword(line, &parameters);
	slice timestamp = pop3_timestamp(line);

	demand(pop3_line(line, &inner) == !slice_eq(line, S(".")));
	demand(within(inner, line) && (inner.n == line.n || inner.n + 1 == line.n || line.n == 1));
	demand(within(keyword, line) && !has_any(keyword, " \t", 2));
	demand(within(parameters, line) && slice_eq(parameters, slice_trim(parameters)));
	read_status(line);
	read_listing(line);
	if (!timestamp.at)
		return;
	demand(within(timestamp, line) && timestamp.n >= 5 && timestamp.at[0] == '<');
	demand(timestamp.at[timestamp.n - 1] == '>' && !has_any(timestamp, " \t\r\n\0\x7f", 6));
	demand(slice_find(slice_skip(timestamp, 1), S("<")) == timestamp.n - 1);
}

/* The message again, a line at a time, from bytes that are all there. */
static struct pop3_content
plainly(slice bytes, size_t *taken, bool *done)
{
	struct pop3_content content = { 0 };

	*taken = bytes.n;
	*done = false;
	for (size_t from = 0; from < bytes.n;) {
		const char *end = memchr(bytes.at + from, '\n', bytes.n - from);
		slice line = { bytes.at + from,
			end ? (size_t)(end - bytes.at) - from : bytes.n - from };
		bool cr = line.n > 0 && line.at[line.n - 1] == '\r',
		     dot = line.n > 0 && line.at[0] == '.';

		from += line.n + (end != NULL);
		if (end && dot && line.n - cr == 1) {
			*done = true;
			*taken = from;
			break;
		}
		/* Cut behind a dot, or a dot and CR, it is not known yet what they are. */
		if (!end && dot && line.n - cr == 1)
			break;
		content.octets += line.n - dot + (end != NULL);
		content.crlf += end && cr;
		content.lf += end && !cr;
	}
	return content;
}

static void
read_message(slice bytes, size_t step)
{
	struct pop3_content content = { 0 }, wanted;
	size_t taken = 0, wanted_taken;
	bool done = false, wanted_done;

	while (taken < bytes.n && !done) {
		slice piece = slice_head(slice_skip(bytes, taken), step);
		size_t n = pop3_content_feed(&content, piece, &done);

		demand(n <= piece.n && (done || n == piece.n));
		taken += n;
	}
	wanted = plainly(bytes, &wanted_taken, &wanted_done);
	demand(taken == wanted_taken && done == wanted_done);
	demand(content.octets == wanted.octets && content.crlf == wanted.crlf
	    && content.lf == wanted.lf);
	demand(pop3_content_fits(&content, content.octets));
	demand(pop3_content_fits(&content, content.octets + content.lf));
	demand(!pop3_content_fits(&content, content.octets + content.lf + 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n }, rest;
	size_t step = (size_t)feed_byte(&input) + 1;

	read_line(input);
	for (rest = input; rest.at && rest.n > 0;) {
		slice line = slice_cut(&rest, '\n');

		if (line.n > 0 && line.at[line.n - 1] == '\r')
			line.n--;
		read_line(line);
	}
	read_message(input, step);
	read_message(input, 1);
	return 0;
}
