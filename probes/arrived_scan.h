/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARRIVED_SCAN_H
#define ARRIVED_SCAN_H

/* What the parsers of arrived*.c share: lines, fields, the words of a field's value. RFC 5322. */

#include "arrived.h"

/* Takes off a line and returns it without its line end, CRLF or LF. */
slice arrived_line(slice *rest);

/* Header and body of a message or of a part; all is header where no line is empty. */
void arrived_split(slice message, slice *header, slice *body);

/*
 * Takes off the next field, its value as it stands there, folded. Lines that are none ("From " of
 * a mailbox file) are passed over, and fields longer than ARRIVED_FIELD_MAX. False at the end.
 */
bool arrived_next(slice *header, slice *name, slice *value);

/* The value of the first field of that name as it stands there; missing without. */
slice arrived_raw(slice header, slice name);

/* A value unfolded and trimmed, in the arena. */
slice arrived_unfold(struct arena *arena, slice value);

/* The same in lower case. */
slice arrived_lower(struct arena *arena, slice word);

enum arrived_kind { ARRIVED_END, ARRIVED_WORD, ARRIVED_COMMENT, ARRIVED_SPECIAL };

struct arrived_token {
	enum arrived_kind kind;
	slice text; /* a comment's without its parentheses, a word's with its quotes */
};

/*
 * Takes off the next token: a comment, one character of `specials`, or a word, which is a run of
 * anything else, quoted strings included, up to blanks. A comment or a quoted string that does
 * not end is the end of all.
 */
struct arrived_token arrived_token(slice *rest, slice specials);

/* The same, comments passed over. */
struct arrived_token arrived_token_proper(slice *rest, slice specials);

/* Whether the next token but comments is a word; takes it off. */
bool arrived_word(slice *rest, slice specials, slice *word);

/* Takes off all up to the next ";" that is in no comment and no quoted string, and drops that. */
slice arrived_clause(slice *rest);

/* What a word means, without quotes: itself, or in the arena. */
slice arrived_unquote(struct arena *arena, slice word);

/* date-time of RFC 5322 sections 3.3 and 4.3, at the beginning of the text. */
bool arrived_date(slice text, time_t *when);

/* The fields Received and Authentication-Results; `value` as it stands in the message. */
void arrived_received(slice value, struct arrived_hop *hop);
void arrived_results(struct arena *arena, struct arrived *arrived);

#endif
