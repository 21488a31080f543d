/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SPF_TERM_H
#define SPF_TERM_H

/* The terms of an SPF record and their macros: RFC 7208 sections 5 to 7 and 12. No I/O. */

#include "str.h"

enum spf_kind {
	SPF_TERM_ALL,
	SPF_TERM_INCLUDE,
	SPF_TERM_A,
	SPF_TERM_MX,
	SPF_TERM_PTR,
	SPF_TERM_IP4,
	SPF_TERM_IP6,
	SPF_TERM_EXISTS,
	SPF_TERM_REDIRECT,
	SPF_TERM_EXP,
	SPF_TERM_UNKNOWN, /* a modifier that is not ours to know */
};

struct spf_term {
	enum spf_kind kind;
	slice text;     /* all of it */
	char qualifier; /* '+' where none is said, and for modifiers */
	slice domain;   /* domain-spec, not expanded; missing without */
	bool everyone;  /* ip4 or ip6 with /0 */
};

/* Takes the next term off what stands behind "v=spf1". False at the end. */
bool spf_term_next(slice *rest, slice *text);

/* False, with what is wrong with it in `*why`, for a term that the RFC's grammar does not have. */
bool spf_term_parse(slice text, struct spf_term *term, const char **why);

/*
 * The name that a domain-spec of the right syntax stands for, cut to 253 octets from the left
 * (section 7.3), in the arena. False, `*name` untouched, where it has a macro of what only a
 * message says; %{d}, the `domain` whose record it is, and %{o}, that of the `sender`, are known.
 */
bool spf_term_expand(struct arena *arena, slice spec, slice domain, slice sender, slice *name);

/* Whether a name can be asked for, as struct spf_dns of spf.h has it. */
bool spf_term_is_name(slice name);

#endif
