/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SESSION_H
#define SESSION_H

/*
 * One run of one probe against one server: its clock, its memory, its connection and its record. A
 * verb is a bool function on a session; false means "stop here", and all that is worth saying has
 * been recorded by then.
 */

#include "probe_opts.h"
#include "result.h"

struct conn;
struct session;

/* A kind of probe. One constant of it stands in each probes/probe_*.c. */
struct probe_type {
	const char *name;  /* "smtp" */
	const char *label; /* "SMTP" */

	const struct opt_table *options; /* its own and the common ones, for opts_parse() */
	const void *defaults; /* an options struct, whose first member is struct probe_opts */
	size_t opts_size;

	/*
	 * Fills in what follows from other options (a port from --tls) and refuses what cannot be
	 * meant. Called after probe_opts_complete(), with the same contract.
	 */
	bool (*complete)(void *opts, struct arena *arena, enum cause *cause, struct str *error);

	/* The options of one of its two servers, in its own; NULL for a probe of one server. */
	struct probe_opts *(*side)(void *opts, enum side side);

	/* What these options can yield: see struct plan. */
	void (*plan)(const void *opts, struct arena *arena, struct plan *plan);

	/*
	 * Does all that needs no server, before the clock starts: our own time must not pass for
	 * the server's. False with a finding.
	 */
	bool (*prepare)(struct session *s);

	bool (*transaction)(struct session *s);

	/*
	 * Says goodbye: after success and failure alike, changes no verdict. Not called without a
	 * connection. Of a probe with sides (opts->sides), which opens its connections itself, it
	 * is always called, and closes them.
	 */
	void (*bye)(struct session *s);
};

struct session {
	const struct probe_type *type;
	const void *opts;
	const struct probe_opts *common; /* the same, as what all probes share */
	struct arena *arena;
	struct result *result;
	struct conn *conn;
	void *protocol; /* the probe's own state, in the arena */
	instant deadline;
	span reserved; /* of the time up to it, for what must be cleaned up */
	slice token; /* of OAuth 2.0, to log in with: --token-file's, or one that was got for it */
	instant token_until; /* of one that was got */
	int running;         /* index of the lap that runs, LAP_NONE before the first */
	enum side side;      /* whose steps and facts these are */
	bool within;         /* the steps are part of the lap that runs: see stage() */
	bool leaving;        /* the goodbye has begun: nothing that happens is a finding any more */
	bool over;           /* the total has ended */
	bool exchange; /* SASL's messages go back and forth: challenges are nobody's business */
	size_t transcript_bytes; /* that are kept so far */
	struct list secrets;     /* never to be seen in a result */
};

/*
 * Runs one probe within opts->timeout and returns its result, findings recorded and not yet judged.
 * `opts` is complete. All memory is taken from `arena`; descriptors and TLS are released on return.
 * Never fails: what goes wrong is a finding. NULL only when there was no memory for a result at
 * all. Touches nothing outside its arguments, so that probes may run side by side on threads.
 */
struct result *session_run(const struct probe_type *type, const void *opts, struct arena *arena);

/*
 * The same in two steps, for those who wait for the result: it is in the session that
 * session_talk() returns (NULL without memory), and what held the connection is torn down by
 * session_close(), before the arena goes.
 */
struct session *session_talk(const struct probe_type *type, const void *opts, struct arena *arena);
void session_close(struct session *s);

/*
 * Ends the running lap and starts the next with the same instant. False, with no finding, when the
 * lap that ended is the one that --until names: the transaction stops politely.
 */
bool phase(struct session *s, enum phase phase);

/*
 * Begins a lap of the probe's own, of which all steps that follow are part, until the next or
 * unstaged(). For probes of several conversations.
 */
bool stage(struct session *s, enum phase phase);
void unstaged(struct session *s);

/* The same for QUIT or LOGOUT: with it the total has ended. */
bool farewell(struct session *s, enum phase phase);

/*
 * Records a finding in the running lap, `format` being a sentence without a full stop (NULL or ""
 * when the reply says it all). The cause's state is taken from the table, the phase and the
 * options. fail() returns false and note() true, for the verb to return.
 */
bool fail(struct session *s, enum cause cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool note(struct session *s, enum cause cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the server's own words. */
bool fail_reply(struct session *s, enum cause cause, slice reply, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool note_reply(struct session *s, enum cause cause, slice reply, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * `tempfail` where somebody else just has what is wanted (INUSE): it passes by itself, WARNING
 * unless --tempfail says otherwise.
 */
bool fail_busy(struct session *s, slice reply);

/* As note(), in the state that an option has set for it. */
bool note_state(struct session *s, enum state state, enum cause cause, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* As note_reply(), in an earlier lap: for what a later reply has decided. */
bool note_in(struct session *s, int lap, enum cause cause, slice reply, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * What could not be done stands in its own phase, with no length: adds such a lap and the finding
 * in it. False, and no finding where --until has stopped the transaction before it.
 */
bool unmet(struct session *s, enum phase phase, enum cause cause, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Records a fact, masked; a later value replaces an earlier one. */
void fact_text(struct session *s, enum fact fact, slice text);
void fact_list(struct session *s, enum fact fact); /* begins a LIST, with nothing in it */
void fact_add(struct session *s, enum fact fact, slice item); /* one more item of it */
void fact_clear(struct session *s, enum fact fact);
void fact_number(struct session *s, enum fact fact, double number);
/* As fact_number(), of one mailbox of several: it is counted as VALUE[MAILBOX]. */
void fact_number_of(struct session *s, enum fact fact, slice mailbox, double number);
void fact_time(struct session *s, enum fact fact, time_t time);
void fact_flag(struct session *s, enum fact fact, bool flag);

/* The furthest that was reached, in a few words for the status line: "message accepted". */
void achieved(struct session *s, const char *what);

/*
 * From now on neither these bytes nor their base64 in any alignment appear in anything that is
 * recorded. The bytes are copied.
 */
void secret(struct session *s, slice bytes);

/* The same with all the secrets that these options have. */
void secrets(struct session *s, const struct probe_opts *opts);

/*
 * A line of the dialogue for -v: 'C', 'S' or '*'. Kept masked, and only when a transcript was asked
 * for.
 */
void transcript(struct session *s, char from, slice text);

#endif
