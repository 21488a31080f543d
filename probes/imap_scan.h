/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IMAP_SCAN_H
#define IMAP_SCAN_H

/*
 * The terminals of IMAP's grammar, and a place in a response that they move on: atoms, numbers,
 * strings, parentheses, and values of any form to be passed over. For imap_response.c alone.
 *
 * A function that is false has said why in `status` and `need`; it must not be asked on then.
 */

#include "imap_response.h"

struct scan {
	const struct imap_text *text;
	size_t piece; /* of `text` */
	slice rest;   /* of the piece's line */
	enum imap_status status;
	struct imap_need need;
};

/* At the start of `text`, which has a piece. */
struct scan scan_start(const struct imap_text *text);

/* Always false: the response is broken, and `why` is the sentence for it. */
bool scan_broken(struct scan *s, const char *why);

/* Whether `c` stands here. */
bool scan_at(const struct scan *s, char c);

/* Passes blanks, if there are any. */
void scan_blanks(struct scan *s);

/* SP: at least one blank. */
bool scan_space(struct scan *s);

/* The end of the response; blanks in front of it do not matter. */
bool scan_end(struct scan *s);

/* "(" */
bool scan_open(struct scan *s);

/*
 * Whether ")" stands here, behind blanks if need be; takes it. Loops go on until it does, and end
 * because what they look for instead is broken at the end of a line.
 */
bool scan_close(struct scan *s);

/* All that can be in an atom and is none of `but`; empty where there is none. Cannot fail. */
slice scan_run(struct scan *s, slice but);

/* atom, with "%", "*", "]", "\" and octets above 127 in it as they come. */
bool scan_atom(struct scan *s, slice *atom);

/* number, number64, nz-number, as `least` and `most` say. */
bool scan_number(struct scan *s, uint64_t least, uint64_t most, uint64_t *number);

/* Whether a literal is announced here: that it is, only the grammar knows. */
bool scan_announced(const struct scan *s, uint64_t *octets);

/* Whether NIL stands here; takes it. */
bool scan_nil(struct scan *s);

/* quoted */
bool scan_quoted(struct scan *s, struct imap_string *string);

/* string, literal8 too. */
bool scan_string(struct scan *s, enum imap_use use, struct imap_string *string);
bool scan_astring(struct scan *s, enum imap_use use, struct imap_string *string);
bool scan_nstring(struct scan *s, enum imap_use use, struct imap_string *string);

/* A value of any form, "tagged-ext-val" or "nstring" or a list of lists, which is not looked at. */
bool scan_value(struct scan *s);

#endif
