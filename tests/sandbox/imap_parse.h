/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The arguments of a command, taken off the front one by one, by the grammar of RFC 9051 section
 * 9. The text is the whole command, literals included; quoted strings are unescaped in place.
 */
#ifndef SANDBOX_IMAP_PARSE_H
#define SANDBOX_IMAP_PARSE_H

#include <stdint.h>
#include <time.h>

#include "bytes.h"

struct args {
	char *at, *end;
};

/* A sequence set with its numbers resolved. */
struct range {
	uint32_t low, high;
};

struct ranges {
	struct range *at;               /* owned */
	size_t count;
};

bool args_done(const struct args *a);
bool args_char(struct args *a, char c);
bool args_space(struct args *a);
bool args_word(struct args *a, const char *word);       /* in any case, and whole */
bool args_atom(struct args *a, struct slice *out);
bool args_string(struct args *a, struct slice *out);
bool args_astring(struct args *a, struct slice *out);
bool args_pattern(struct args *a, struct slice *out);
bool args_number(struct args *a, uint32_t *out);
bool args_set(struct args *a, struct slice *out);
/* Flags in parentheses, or without them; keywords are taken and ignored. */
bool args_flags(struct args *a, bool parentheses, unsigned *flags);
bool args_date(struct args *a, time_t *out);
bool args_date_time(struct args *a, time_t *out);

/* `most` is what * stands for. */
struct ranges ranges_of(struct slice set, uint32_t most);
bool ranges_have(const struct ranges *r, uint32_t number);
void ranges_free(struct ranges *r);
bool is_tag_char(char c);

#endif
