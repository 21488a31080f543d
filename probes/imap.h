/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IMAP_H
#define IMAP_H

/*
 * The verbs of IMAP (RFC 9051, and RFC 3501 for servers that do not speak it yet), each one
 * command and its completion, timed in its own phase. Each may wait until the session's deadline,
 * and records what went wrong.
 *
 * Untagged responses are taken wherever they come: what they say about the open mailbox, and
 * [ALERT]s, are kept; a BYE ends the session with `closed`.
 */

#include "check_tcp.h"
#include "conn.h"
#include "imap_response.h"
#include "message.h"

/* Limits on what comes within one command, and of one response with its literals. */
enum {
	IMAP_UNASKED_MAX = 10000,
	IMAP_ENTRIES_MAX = 1000000,
	IMAP_TEXT_MAX = 1 << 20,
	IMAP_FOUND_MAX = 200, /* UIDs that are kept of a search */
};

/* Something to do, as the options ask: one of --list, --examine ... */
struct imap_task {
	const struct imap_verb *verb;
	slice name;    /* as it was written: of the mailbox, or the argument */
	slice mailbox; /* as it goes to the server; LIST: the pattern */
	slice reference;
	slice counted; /* the mailbox whose values it counts; missing: they are not counted */
};

struct imap_verb {
	const char *option; /* "examine" */
	bool (*run)(struct session *s, const struct imap_task *task);
	bool opened;          /* a mailbox has to be open */
	bool closes;          /* and is so no more */
	bool extensions;      /* what it says depends on capabilities */
	bool scratch;         /* it needs a mailbox of our own */
	bool repeats;         /* done twice, it counts something else */
	enum phase phases[8]; /* that it runs; ended by 0, which is nobody's */
	enum fact facts[8];   /* that it counts; ended by 0, likewise */
};

struct imap_opts {
	struct probe_opts common;
	struct steps steps;
	struct check_tcp tcp;

	struct imap_task *tasks; /* once complete: the steps, and what they need before them */
	size_t task_count;
	slice first;  /* the mailbox whose counted values have no name behind them */
	bool several; /* mailboxes: counted values are told apart */
	bool scratch; /* a mailbox of our own is needed */
};

/* UIDs that were searched for. */
struct imap_found {
	uint64_t items[IMAP_FOUND_MAX];
	size_t n;
};

/* The mailbox that is open. */
struct imap_mailbox {
	uint64_t exists;   /* messages in it now */
	uint64_t expunged; /* that have left it since it was opened */
	uint64_t arrivals; /* how often it has grown */
	bool counted;      /* EXISTS has come */
};

/* A mailbox of our own making, and what killed runs have left. */
struct imap_scratch {
	bool prepared;
	uint32_t machine;
	slice prefix, base;    /* of its name: the namespace's, and ours but for RANDOM */
	uint64_t random;       /* of the next */
	slice name, renamed;   /* whole */
	bool there;            /* one of these may exist */
	bool moving, moved;    /* it may be the second; it is */
	bool open;             /* it is the mailbox that is open */
	bool proven;           /* which has nothing in it but our message */
	struct list leftovers; /* that may be removed */
};

/* A session's own state of the protocol. */
struct imap {
	const struct imap_opts *opts;
	unsigned commands; /* said so far */
	slice tag;         /* of the one whose completion is awaited; missing: none */

	struct imap_text text;         /* the response that is being read */
	struct imap_response response; /* the last */
	struct str held;               /* what of it must outlast the next line */
	struct {
		size_t line, line_n, literal, literal_n;
	} marks[IMAP_LITERALS]; /* where in it */
	struct str decoded;     /* imap_decoded()'s */
	struct str reply;       /* the last completion, condition or BYE as it came */

	/* The command's own: what it takes of untagged responses, and the octets of BODY[]. */
	bool (*takes)(struct session *s, const struct imap_response *response);
	slice status_of;  /* the mailbox that STATUS is due of */
	slice expected;   /* what BODY[] has to be; missing: anything */
	bool altered;     /* it is not */
	struct str *kept; /* where BODY[] is kept, up to IMAP_TEXT_MAX; NULL: nowhere */
	size_t unasked, entries;

	struct str capability_text;
	struct list capabilities; /* of the last list */
	bool listed;              /* since it was asked for */
	bool preauth, authenticated;
	bool deaf;    /* no command can be said: before the greeting, after BYE, in a literal */
	bool parting; /* LOGOUT was said: BYE is what must come */

	int banner_lap, list_lap;
	slice greeting;
	struct str heard;
	bool hearing;   /* what comes is kept for --expect */
	bool heard_out; /* all that it may be in has come */

	/* A round trip's: what its last search has found, the mailbox marked \Junk. */
	struct imap_found *found;
	slice junk;

	struct imap_mailbox mailbox;
	struct imap_scratch scratch;
	struct message message; /* for --append */

	/* What the command that runs has counted. */
	struct {
		uint64_t n, size, largest;
		time_t oldest, newest;
		uint64_t number; /* of the message, in FETCH */
		bool dated, sized, found, absurd;
		uint64_t uid;
		bool known[IMAP_ITEMS];
		uint64_t numbers[IMAP_ITEMS];
		double percent, used, limit;
		bool limited, stored;
	} count;
};

/* Before the clock starts: makes s->protocol, and the message of --append. */
bool imap_prepare(struct session *s);

/* The greeting: OK or PREAUTH. Phase `banner`. */
bool imap_greeting(struct session *s);

/* CAPABILITY, unless the list is known. */
bool imap_capability(struct session *s);

/*
 * Whether the last list has this one, "LITERAL+" or "AUTH=PLAIN"; imap_can(): or IMAP4rev2, which
 * it is a part of (RFC 9051 appendix E).
 */
bool imap_has(struct session *s, slice capability);
bool imap_can(struct session *s, slice capability);

/* STARTTLS, up to the consent; imap_ask_starttls(): true whatever the answer. */
bool imap_starttls(struct session *s);
bool imap_ask_starttls(struct session *s);

/* The handshake; everything that was known is forgotten, and CAPABILITY is asked for again. */
bool imap_upgrade(struct session *s);

/* Everything from the connection to the login, as the options ask. */
bool imap_begin(struct session *s);

/* LOGIN or AUTHENTICATE, unless the greeting was PREAUTH. Then CAPABILITY where it is needed. */
bool imap_auth(struct session *s);

/*
 * Whether something will be asked of the capabilities that hold after the login. They may differ
 * from those before it, and not every server tells them with it.
 */
bool imap_capabilities_matter(const struct imap_opts *opts);

/* Whether search keys have octets above 127 in quoted strings only, and do not end in a literal. */
bool imap_search_keys(slice keys);

/* The lines of --send. */
bool imap_sends(struct session *s);

/* What an option asks for, by its name. */
extern const struct imap_verb imap_verbs[];
const struct imap_verb *imap_verb(const char *option);

/* The verbs of tasks. In imap_mailbox.c, imap_fetch.c and imap_scratch.c. */
bool imap_list(struct session *s, const struct imap_task *task);
bool imap_select(struct session *s, const struct imap_task *task);
bool imap_status(struct session *s, const struct imap_task *task);
bool imap_sizes(struct session *s, const struct imap_task *task);
bool imap_search(struct session *s, const struct imap_task *task);
bool imap_fetch(struct session *s, const struct imap_task *task);
bool imap_idle(struct session *s, const struct imap_task *task);
bool imap_quota(struct session *s, const struct imap_task *task);
bool imap_cycle(struct session *s, const struct imap_task *task);
bool imap_append(struct session *s, const struct imap_task *task);

/* SELECT or EXAMINE (`verb`); its values are counted as `counted`'s. */
bool imap_open(struct session *s, const char *verb, slice mailbox, slice counted);

/*
 * UID FETCH of the message `which`, "123" or "*": its size is looked at, its octets are compared.
 */
bool imap_fetch_message(struct session *s, const char *which);

/*
 * Whether a mailbox of this name, its namespace's prefix taken off, was left by a run that is over.
 * `machine` is ours; `now` 0 when the time does not matter.
 */
bool imap_leftover(slice base, uint32_t machine, time_t now);

/* Before the clock starts: the name of our own mailbox and its message, where one is needed. */
bool imap_scratch_prepare(struct session *s);

/* Deletes what killed runs have left: for the end of a run that has gone well. */
bool imap_sweep(struct session *s);

/* Deletes what is left of our own mailbox: for the goodbye. */
void imap_clean_up(struct session *s);

/* Compares --expect, --require and --forbid with what was heard, and records the list. */
void imap_compare(struct session *s);

/* Cleans up, and LOGOUT. */
void imap_bye(struct session *s);

/*
 * The primitives. A command under construction: its text, cut where literals go out.
 */
struct imap_literal {
	size_t at; /* in the text of its command */
	slice octets;
};

struct imap_command {
	struct str text;
	struct imap_literal *literals;
	size_t n, size;
	slice shown;  /* for the transcript; missing: the text itself */
	bool opens;   /* it is SELECT or EXAMINE: what comes behind it is of another mailbox */
	bool logs_in; /* the capabilities that come behind it are others */
	/* Whether an untagged response behind it was asked for. NULL: none is. */
	bool (*takes)(struct session *s, const struct imap_response *response);
};

struct imap_command imap_command(struct session *s, const char *text);

/* Adds a string, quoted; as a literal where it has what cannot be quoted. */
void imap_add_string(struct imap_command *command, slice string);

/* Adds octets as a literal. */
void imap_add_literal(struct imap_command *command, slice octets);

/*
 * Says the command under a new tag and waits for its completion, which imap->response then is;
 * for imap_say() also a continuation. False, with a finding, where none comes. imap_start() does
 * not wait, and is for commands without literals. imap_done() also wants OK: what else comes is
 * imap_refused() with `missing`; imap_ok() is the same in a phase of its own.
 */
bool imap_start(struct session *s, struct imap_command *command);
bool imap_say(struct session *s, struct imap_command *command);
bool imap_done(struct session *s, struct imap_command *command, enum cause missing);
bool imap_ok(struct session *s, enum phase in, struct imap_command *command, enum cause missing);

/* Reads one response of any kind into imap->response; nothing is done about it. */
bool imap_receive(struct session *s);

/* Does what the last response's code is about: capabilities, alerts. */
void imap_heed(struct session *s);

/* Takes leave of a server whose BYE is the last response. */
void imap_farewell(struct session *s);

/* Takes note of what has come unasked. False with a finding for what must not: a completion. */
bool imap_unasked(struct session *s);

/* Waits for something that comes unasked, and takes note of it and of what has come behind it. */
bool imap_hear(struct session *s);

/*
 * imap_ok(), with what comes before the completion going through `takes`, which returns whether
 * it was asked for. imap->count is zero when it begins.
 */
bool imap_gather(struct session *s, enum phase in, struct imap_command *command,
    bool (*takes)(struct session *, const struct imap_response *), enum cause missing);

/* UID SEARCH; what it finds is in imap->found, which is there. A refusal is a finding. */
bool imap_find(struct session *s, slice keys);

/* A string without its backslashes; valid until the next call. */
slice imap_decoded(struct imap *imap, const struct imap_string *string);

/* Octets of BODY[], held against imap->expected. */
void imap_body(struct imap *imap, slice octets);

/* Says a line that is no command: DONE, SASL's. */
bool imap_say_line(struct session *s, slice line, slice shown);

/* Waits for the completion, or a continuation; imap_complete() for the completion alone. */
bool imap_await(struct session *s);
bool imap_complete(struct session *s);

/* Whether the last response is the completion OK; a continuation. */
bool imap_is_ok(struct session *s);
bool imap_goes_on(struct session *s);

/*
 * Records what a NO or BAD means and returns false: `missing` for a NO that says no reason of
 * another kind.
 */
bool imap_refused(struct session *s, enum cause missing);

/* Whether the last response has this response code. */
bool imap_code(struct session *s, slice code);

/* Records what was counted in a mailbox; nothing where `mailbox` is missing. */
void imap_count(struct session *s, enum fact fact, slice mailbox, uint64_t number);

#endif
