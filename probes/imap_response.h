/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IMAP_RESPONSE_H
#define IMAP_RESPONSE_H

/*
 * The parser of what an IMAP server says: bytes in, struct out, no I/O and no allocation. RFC 9051
 * section 9; what only RFC 3501 section 9 has (RECENT, SEARCH) is understood too.
 *
 * A response is lines with literals between them. Only the grammar knows whether a "{5}" at the end
 * of a line announces one or is part of a sentence; so the parser gets what there is, and where a
 * literal is due it says so (IMAP_MORE) and what it is for. The reader takes the literal and the
 * next line from the connection, adds them, and parses anew. Only literals that are names are ever
 * held; the others stream past and are known by their length.
 */

#include "arena.h"
#include "slice.h"

#include <time.h>

/* Limits of one response. */
enum {
	IMAP_LITERALS = 32,   /* literals in it */
	IMAP_NAME_MAX = 8192, /* octets of a literal that is held */
	IMAP_NESTING = 32,    /* parentheses within parentheses */
	IMAP_RESOURCES = 8,   /* of a quota root; more are left out */
};

/* What a literal is for. */
enum imap_use {
	IMAP_SKIP, /* nothing that matters to us */
	IMAP_HOLD, /* a name: its bytes are wanted */
	IMAP_BODY, /* the message: BODY[] */
};

struct imap_piece {
	slice line;      /* without line end */
	slice literal;   /* behind it: its bytes where the use is IMAP_HOLD, else missing */
	uint64_t octets; /* of the literal */
};

/* A response so far: each piece but the last has a literal behind its line. */
struct imap_text {
	struct imap_piece pieces[IMAP_LITERALS + 1];
	size_t n;
};

/* "string", "astring", "nstring": as it stands, without its quotes. */
struct imap_string {
	enum imap_form { IMAP_NIL, IMAP_ATOM, IMAP_QUOTED, IMAP_LITERAL } form;
	slice raw;       /* of a quoted one with its backslashes; missing for a literal not held */
	uint64_t octets; /* its length once they are taken out */
};

enum imap_kind {
	IMAP_CONTINUATION, /* continue-req: `text` is what stands behind "+ ", maybe nothing */
	IMAP_COMPLETION,   /* response-tagged: `tag`, `condition`, `code`, `text` */
	IMAP_CONDITION,    /* untagged OK, NO, BAD, BYE, PREAUTH: the same without `tag` */
	IMAP_CAPABILITY,   /* `text`: the capabilities, separated by blanks */
	IMAP_LIST,         /* `list` */
	IMAP_STATUS,       /* `status` */
	IMAP_SEARCH,       /* `number`: how many were found; `text`: which, separated by blanks */
	IMAP_ESEARCH,      /* `number`: COUNT, if `known`; `tag`: whose answer it is, or missing;
	                      `text`: ALL, a sequence-set, missing where there is none */
	IMAP_FLAGS,
	IMAP_EXISTS,    /* `number` */
	IMAP_RECENT,    /* `number` */
	IMAP_EXPUNGE,   /* `number` */
	IMAP_FETCH,     /* `number`, `fetch` */
	IMAP_NAMESPACE, /* `list`: the first personal namespace, if `known` */
	IMAP_QUOTA,     /* `quota` */
	IMAP_QUOTAROOT, /* `number`: how many roots the mailbox has */
	IMAP_OTHER,     /* anything else untagged that has the general form of a response */
};

enum imap_condition { IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH };

enum imap_item {
	IMAP_MESSAGES,
	IMAP_UNSEEN,
	IMAP_RECENTS,
	IMAP_UIDNEXT,
	IMAP_UIDVALIDITY,
	IMAP_SIZE,
	IMAP_ITEMS
};

struct imap_response {
	enum imap_kind kind;
	slice tag;
	enum imap_condition condition;
	slice code; /* resp-text-code's name, "NONEXISTENT"; missing where there is none */
	slice code_arguments; /* the rest of it up to the bracket, raw */
	slice text;
	uint64_t number;
	bool known;

	struct {
		bool no_select; /* \Noselect or \NonExistent: no mailbox, only a node of the tree */
		bool junk;      /* \Junk (RFC 6154) */
		char delimiter; /* NUL for NIL */
		struct imap_string name; /* or a namespace's prefix */
	} list;

	struct {
		struct imap_string name;
		bool known[IMAP_ITEMS];
		uint64_t numbers[IMAP_ITEMS];
	} status;

	struct {
		bool has_uid, has_size, has_date, has_body;
		uint64_t uid, size;
		time_t date;             /* INTERNALDATE */
		struct imap_string body; /* BODY[], IMAP_NIL too */
	} fetch;

	struct {
		struct imap_string root;
		struct {
			slice name; /* "STORAGE" */
			uint64_t usage, limit;
		} resources[IMAP_RESOURCES];
		size_t n;
	} quota;
};

enum imap_status { IMAP_DONE, IMAP_MORE, IMAP_BROKEN };

/* What the parser wants besides (MORE), or why it cannot go on (BROKEN). */
struct imap_need {
	uint64_t octets;
	enum imap_use use;
	const char *why;
};

/*
 * Parses one response; `text` has one piece at least. DONE: `*response` is filled; its slices point
 * into `text`. MORE: a literal of need->octets octets follows, then a line. BROKEN: need->why is a
 * sentence, as also for too many literals, a name that is too long, too deep nesting.
 */
enum imap_status imap_parse(
    const struct imap_text *text, struct imap_response *response, struct imap_need *need);

/*
 * For a line so long that it comes in parts: whether it begins a SEARCH response, and what stands
 * behind the word. That is then fed part by part into a tally; so is the rest of the line.
 */
bool imap_search_begins(slice line, slice *numbers);

/* A count of numbers separated by blanks, over parts that may end within one. Begins as zeros. */
struct imap_tally {
	uint64_t count, number;
	bool within; /* a number, whose digits so far are in `number` */
	bool behind; /* all numbers: what follows is RFC 7162's "(MODSEQ n)" */
};

/*
 * False for what is no number from 1 to 2^32 - 1. At the end of the line, imap_tally_end() counts
 * the last one.
 */
bool imap_tally_feed(struct imap_tally *tally, slice part);
bool imap_tally_end(struct imap_tally *tally);

/* The bytes of a string, its backslashes taken out; in `arena` where that needs a copy. */
slice imap_string(struct arena *arena, const struct imap_string *string);

/* The next of the words of a capability list; missing at its end. */
slice imap_word(slice *rest);

/* date-time: "17-Jul-1996 02:44:25 -0700", without the quotes. */
bool imap_date(slice text, time_t *when);

#endif
