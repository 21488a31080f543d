/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An SMTP server's reply, line by line, then the two readers of what stands in it. What is a reply
 * line is worked out a second time here, in the plainest way.
 */
#include "fuzz.h"
#include "smtp_reply.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* reply-line = ("2" / "3" / "4" / "5") DIGIT DIGIT [ ("-" / SP / HTAB) *OCTET ] */
static bool
well_formed(slice line)
{
	return line.n >= 3 && line.at[0] >= '2' && line.at[0] <= '5' && digit(line.at[1])
	       && digit(line.at[2])
	       && (line.n == 3 || line.at[3] == '-' || line.at[3] == ' ' || line.at[3] == '\t');
}

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

static void
read_text(slice text)
{
	slice parameters, id = smtp_queue_id(text), keyword = smtp_keyword(text, &parameters);

	demand(within(id, text) && !has_any(id, " ", 1));
	demand(within(keyword, text) && !has_any(keyword, " \t=", 3));
	demand(within(parameters, text) && slice_eq(parameters, slice_trim(parameters)));
}

static bool
same_code(slice line, unsigned code)
{
	return (unsigned)(line.at[0] - '0') * 100 + (unsigned)(line.at[1] - '0') * 10
	           + (unsigned)(line.at[2] - '0')
	       == code;
}

/* Feeds one line, and tells whether the reply goes on. */
static bool
feed(struct smtp_reply *reply, slice line)
{
	size_t lines = reply->lines.n, bytes = reply->whole.n;
	unsigned code = reply->code;
	const char *why = "unset";
	enum smtp_reply_status status = smtp_reply_feed(reply, line, &why);
	bool good = well_formed(line) && (lines == 0 || same_code(line, code))
	            && lines < SMTP_REPLY_LINES;

	if (status == SMTP_REPLY_BROKEN) {
		demand(why && *why);
		demand(!good || bytes + line.n > SMTP_REPLY_BYTES);
		demand(reply->lines.n == lines && reply->whole.n == bytes);
		return false;
	}
	demand(good && !why);
	demand(same_code(line, reply->code) && reply->code >= 200 && reply->code <= 599);
	demand(reply->lines.n == lines + 1 && reply->whole.n == bytes + (lines > 0) + line.n);
	demand(slice_eq(reply->lines.items[lines], slice_skip(line, 4)));
	demand((status == SMTP_REPLY_MORE) == (line.n > 3 && line.at[3] == '-'));
	read_text(reply->lines.items[lines]);
	return status == SMTP_REPLY_MORE;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice rest = { (const char *)data, n };
	struct arena *arena = arena_new(64 << 20);
	struct smtp_reply reply;

	demand(arena != NULL);
	read_text(rest);
	reply = smtp_reply_new(arena);
	while (rest.at && rest.n > 0)
		if (!feed(&reply, slice_cut(&rest, '\n')))
			reply = smtp_reply_new(arena);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
