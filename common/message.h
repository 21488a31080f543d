/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MESSAGE_H
#define MESSAGE_H

/* A test message of our own making: RFC 5322, with MIME (RFC 2045) where the body needs it. */

#include <time.h>

#include "result.h"

struct message_opts {
	slice from; /* reverse-path; empty for <>: the From field then is mailprobe@host */
	const struct list *rcpt;
	slice host;    /* the EHLO name: right side of the Message-ID, "[127.0.0.1]" possible */
	slice subject; /* missing: one of ours */
	const struct list
	    *headers; /* "Name: value" each; one of our own fields is replaced by it */
	slice body;   /* missing: one of ours; line ends CRLF or LF */
	time_t now;
	slice id;       /* left side of the Message-ID, unique; ours to choose when missing */
	bool eight_bit; /* the server takes 8BITMIME */
};

struct message {
	slice text;     /* header and body, CRLF everywhere, not dot-stuffed, last line ended */
	slice id;       /* "<...@...>" */
	bool eight_bit; /* its body has octets above 127 as they are: BODY=8BITMIME is due */
	bool
	    utf8; /* an address or a field of the header is not ASCII: SMTPUTF8 is due (RFC 6531) */
};

/*
 * Makes the message. No line is longer than 998 octets (RFC 5322 section 2.1.1); a body that has
 * longer ones, NULs, or octets above 127 where the server does not take 8BITMIME is sent in base64.
 * False with a sentence in `error` when that cannot be done: a header line too long.
 */
bool message_make(struct arena *arena, const struct message_opts *opts, struct message *message,
    struct str *error);

/* The name of a header field "Name: value" (RFC 5322 section 2.2); missing for what is none. */
slice message_field(slice line);

/* Adds `text` as it goes behind DATA: dots doubled (RFC 5321 section 4.5.2), and the final dot. */
void message_stuff(struct str *out, slice text);

/* Whether all octets are below 128. */
bool message_ascii(slice s);

#endif
