/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_SESSION_H
#define FUZZ_SESSION_H

/*
 * What the fuzzers of whole sessions share: a server that says anything, the run against it, and
 * what must hold of every run. An input is text: a line of letters that choose the options, in that
 * order, and from then on what the server says.
 *
 * The server is a thread on a loopback socket. It says one reply, waits for a line of the client,
 * says the next, so that the session gets as far as its replies are worth; when it has no more, or
 * hears nothing for a while, it closes. A line that begins with "~" comes with the reply before it,
 * without the "~". It remembers what it answered to what, from which verdict and behaviour are
 * judged afterwards, without a look at the prober's own record.
 */

#include "fuzz.h"
#include "probe_opts.h"
#include "session.h"

enum { EXCHANGES = 200 };

/* It and its base64 begin with what no escape ends in, as the c9 of \xc9. */
#define PASSWORD "Knock-knock"

/* What a server has been told, and what it answered. */
struct exchange {
	slice verb;    /* "UID FETCH" */
	slice command; /* the whole of it, without line end */
	slice reply;   /* missing: none has gone out */
	int answer;    /* the reply's code, as the dialect has it; 0 without a reply */
	bool more;     /* the line goes on with a command that was not done */
};

struct peer {
	const struct dialect *dialect;
	int listener;
	slice letters, script; /* chosen options; what is left to say */

	struct exchange exchanges[EXCHANGES]; /* the first stands for the greeting */
	size_t heard, answered;
	bool rushed;   /* more was heard before the answer had gone out */
	bool unended;  /* a line without CR was heard */
	bool overfull; /* not all could be remembered */
	bool secured;  /* what comes now is TLS's */

	char line[16384]; /* what was heard and is not a command yet */
	size_t line_n;
	uint64_t literal, due; /* octets that belong to it whatever they are; once they may come */
	slice message;         /* the last literal */

	bool content;    /* SMTP: between 354 and the lone dot */
	size_t accepted; /* LMTP: recipients, for the replies behind the dot */

	size_t memory_n;
	char memory[1 << 18]; /* of all slices above; not cleared between runs */
};

struct choice {
	char letter;
	const char *words[4];
};

/* A protocol, as the server has it. */
struct dialect {
	const struct probe_type *probe;
	const struct choice *choices;
	size_t choice_count;

	/* Hears peer->line, a whole line. True: it is kept, because more of the command follows. */
	bool (*line)(struct peer *peer);

	/* Takes the reply that is due out of peer->script; and what it is, in *answer. */
	slice (*reply)(struct peer *peer, const struct exchange *exchange, int *answer);

	/* Demands of a run that was judged OK, and of every run. */
	void (*deserved)(const struct peer *peer, const void *opts);
	void (*harmless)(const struct peer *peer, const void *opts, const struct result *result);
};

/* One input. For LLVMFuzzerTestOneInput(), whose result it is. */
int fuzz_session(const struct dialect *dialect, const uint8_t *data, size_t n);

/* For the dialects. Remembers a command; memory for what it says; whether a letter was chosen. */
void hear(struct peer *peer, slice verb, slice command, bool more);
slice remember(struct peer *peer, slice bytes);
bool chosen(const struct peer *peer, char letter);

/* Demands that every command has waited for the answer to the one before, where all went well. */
void waited(const struct peer *peer, const struct probe_opts *opts, const struct result *result);

/* How often a command with this verb was said; was answered so. */
size_t said(const struct peer *peer, const char *verb);
size_t answered(const struct peer *peer, const char *verb, int answer);

/* The script's next line with its line end; and those that come with it, added to `out`. */
slice script_line(struct peer *peer);
void script_behind(struct peer *peer, char *out, size_t size, size_t *n);

#endif
