/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SMTP replies by their grammar (RFC 5321 section 4.2). Strict in what decides: three digits, a
 * hyphen or not, the same code on every line. Lenient in the rest: no text at all, a tab for the
 * blank, any bytes as text.
 */
#include "smtp_reply.h"

struct smtp_reply
smtp_reply_new(struct arena *arena)
{
	return (struct smtp_reply){ .whole = str_in(arena) };
}

/*
 * Reply-code = %x32-35 %x30-35 %x30-39 -- the second digit is taken as it comes: Exchange says 571.
 */
static bool
reply_code(slice line, unsigned *code)
{
	uint64_t number;

	if (!slice_number(slice_head(line, 3), 599, &number) || number < 200 || line.n < 3)
		return false;
	*code = (unsigned)number;
	return true;
}

enum smtp_reply_status
smtp_reply_feed(struct smtp_reply *reply, slice line, const char **why)
{
	char separator = line.n > 3 ? line.at[3] : ' ';
	unsigned code;

	*why = NULL;
	if (!reply_code(line, &code))
		*why = "no reply code at the start of the line";
	else if (separator != ' ' && separator != '-' && separator != '\t')
		*why = "no blank or hyphen behind the reply code";
	else if (reply->lines.n > 0 && code != reply->code)
		*why = "two codes in one reply";
	else if (reply->lines.n >= SMTP_REPLY_LINES)
		*why = "a reply of more than 1,000 lines";
	else if (reply->whole.n + line.n > SMTP_REPLY_BYTES)
		*why = "a reply of more than 1 MiB";
	if (*why)
		return SMTP_REPLY_BROKEN;
	reply->code = code;
	if (reply->lines.n > 0)
		str_addc(&reply->whole, '\n');
	str_add(&reply->whole, line);
	list_add(
	    reply->whole.arena, &reply->lines, arena_copy(reply->whole.arena, slice_skip(line, 4)));
	return separator == '-' ? SMTP_REPLY_MORE : SMTP_REPLY_DONE;
}

/* `text` behind an enhanced status code "2.0.0 " (RFC 3463), if it begins with one. */
static slice
skip_enhanced(slice text)
{
	slice rest = text, code = slice_cut(&rest, ' ');
	uint64_t number;

	for (int i = 0; i < 3; i++) {
		slice part = slice_cut(&code, '.');

		if (!slice_number(part, 999, &number) || (i < 2 && !code.at))
			return text;
	}
	return code.at ? text : rest;
}

/* The word behind `mark`, up to a blank or one of the characters that cannot be in a queue id. */
static slice
word_behind(slice text, slice mark)
{
	size_t at = slice_find(text, mark), n = 0;
	slice word = slice_skip(text, at + mark.n);

	if (at == text.n)
		return (slice){ NULL, 0 };
	while (n < word.n && !memchr(" \t,;>])", word.at[n], 7))
		n++;
	return n > 0 ? slice_head(word, n) : (slice){ NULL, 0 };
}

/* The last word in front of `mark`. */
static slice
word_before(slice text, slice mark)
{
	size_t end = slice_find(text, mark);
	slice rest = slice_trim(slice_head(text, end)), word = { NULL, 0 };

	if (end == text.n)
		return word;
	while (rest.n > 0)
		word = slice_cut(&rest, ' ');
	return word;
}

slice
smtp_queue_id(slice text)
{
	static const slice marks[] = {
		SLICE("queued as "),  /* Postfix */
		SLICE("id="),         /* Exim */
		SLICE("InternalId="), /* Exchange */
		SLICE(" qp "),        /* qmail */
		SLICE("Ok. "),        /* Courier */
	};
	static const slice before[] = {
		SLICE("Message accepted for delivery"), /* Sendmail, OpenSMTPD */
		SLICE("Saved"),                         /* Dovecot's LMTP */
		SLICE("- gsmtp"),                       /* Gmail */
	};
	slice id;

	text = skip_enhanced(text);
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if ((id = word_behind(text, marks[i])).n > 0)
			return id;
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
		if ((id = word_before(text, before[i])).n > 0)
			return id;
	return (slice){ NULL, 0 };
}

slice
smtp_keyword(slice capability, slice *parameters)
{
	size_t n = 0;

	capability = slice_trim(capability);
	while (n < capability.n && !memchr(" \t=", capability.at[n], 3))
		n++;
	*parameters = slice_trim(slice_skip(capability, n + 1));
	return slice_head(capability, n);
}
