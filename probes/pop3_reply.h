/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef POP3_REPLY_H
#define POP3_REPLY_H

/*
 * Parsers of what a POP3 server says: bytes in, struct out, no I/O, no memory but the struct's own.
 * RFC 1939; CAPA and response codes of RFC 2449; AUTH of RFC 5034. Lines come without their line
 * end. Slices in what is returned are parts of the line.
 */

#include "slice.h"

/* Limits: of a message's number, and of a size, which fits a double without loss. */
#define POP3_MESSAGE_MAX UINT32_MAX
#define POP3_SIZE_MAX (UINT64_C(1) << 53)

enum pop3_status { POP3_OK, POP3_ERR, POP3_CONTINUE };

struct pop3_reply {
	enum pop3_status status;
	slice code; /* "SYS/TEMP" of "[SYS/TEMP]"; missing where there is none */
	slice text; /* all behind the status, the code included, without blanks around */
};

/* Reads a status line. False, with a sentence in `*why`, for what is none. */
bool pop3_reply_parse(slice line, struct pop3_reply *reply, const char **why);

/* Whether the reply has this code, in any letter case. */
bool pop3_code_is(const struct pop3_reply *reply, slice code);

/* One line of a multi-line reply. False for the one that ends it; else without byte-stuffing. */
bool pop3_line(slice line, slice *inner);

/*
 * "N SIZE", as STAT, LIST N and each line of LIST have it, other words behind it ignored; "N UID",
 * a line of UIDL. False for what is none.
 */
bool pop3_pair(slice text, uint64_t *number, uint64_t *size);
bool pop3_unique_id(slice text, uint64_t *number, slice *id);

/* A CAPA line's keyword, and the rest. */
slice pop3_keyword(slice capability, slice *parameters);

/* The timestamp in a greeting that offers APOP, its brackets included; missing where none is. */
slice pop3_timestamp(slice greeting);

/*
 * A message as RETR sends it, in pieces of any length: no limit of a line, NULs allowed, nothing
 * kept. It ends with a lone dot; a line may end in CRLF or in LF.
 */
struct pop3_content {
	uint64_t octets;   /* as they came, without byte-stuffing and the end; line ends included */
	uint64_t crlf, lf; /* how many lines have ended in each */
	unsigned at;       /* where in a line it stands; the parser's own */
};

/*
 * Reads on. Returns how many of the bytes belong to the message: all of them, and `*done` false,
 * until the end has come.
 */
size_t pop3_content_feed(struct pop3_content *content, slice bytes, bool *done);

/*
 * Whether a message that has come whole can be one that LIST says has `size` octets: RFC 1939
 * section 11 counts a line end as two, Courier and qmail as one, and the last may have been added.
 */
bool pop3_content_fits(const struct pop3_content *content, uint64_t size);

#endif
