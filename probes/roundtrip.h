/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ROUNDTRIP_H
#define ROUNDTRIP_H

/*
 * The round trip: a message is submitted, seen in the mailbox, looked at and removed. Two sessions
 * and a wait: the verbs are those of SMTP, IMAP and POP3 as they are. One session struct serves
 * both sides in turn; what each side says after its login counts as a part of one of the probe's
 * own phases: submit, delivery, retrieve, cleanup.
 */

#include "arrived.h"
#include "imap.h"
#include "ledger.h"
#include "mail_url.h"
#include "pop3.h"
#include "smtp.h"
#include "token.h"

enum {
	ROUNDTRIP_LOOKS = 200,  /* into the mailbox, for one message */
	ROUNDTRIP_COPIES = 66,  /* messages that are told apart and removed */
	ROUNDTRIP_SWEPT = 50,   /* messages of earlier runs that one run takes */
	ROUNDTRIP_KEY_MIN = 16, /* bytes of a key */
	ROUNDTRIP_KEY_MAX = 4096,
};

struct roundtrip_opts {
	struct probe_opts common;
	const char *submit_url, *fetch_url;
	const char *from; /* NULL: the submitting user, where that is an address */
	struct list rcpt;
	const char *key_file, *state_file;
	const char *lost_after;
	bool deferred;
	struct list require_auth_results;

	struct smtp_opts submit;
	struct imap_opts imap; /* one of these two */
	struct pop3_opts pop3;
	struct probe_opts fetch; /* of that one: as the options have it */

	/*
	 * No option: for programs that keep the mailbox open for many, who look into it then. NULL:
	 * each run opens it.
	 */
	const struct roundtrip_mailbox *shared;
	void *shared_data;

	/* Once complete. */
	enum mail_protocol protocol; /* MAIL_IMAP or MAIL_POP3 */
	slice mailbox;               /* to look into, as IMAP has its name */
	slice key;                   /* missing: each run makes its own */
	span patience;               /* --lost-after */
};

/* A message in the mailbox that may be ours. */
struct roundtrip_copy {
	uint64_t uid; /* POP3: its number in this session */
	bool junk;    /* it is in the junk mailbox */
	bool removed;
	bool judged; /* it was looked at */
	bool swept;  /* an earlier run's, maybe: another run beside this one may remove it first */
	bool mine;   /* proven: it may be removed */
	time_t date; /* INTERNALDATE; 0 where it is not known */
	struct token token;
};

/* A side of it while it has not the turn. */
struct roundtrip_side {
	enum side side;
	const struct probe_type *type;
	const void *opts;
	struct conn *conn;
	void *protocol;
	slice token; /* these two as in the session */
	instant token_until;
};

struct roundtrip {
	struct session *s;
	const struct roundtrip_opts *opts;
	struct roundtrip_side submit, fetch, *turn; /* NULL: nobody's */
	struct smtp_opts *submitting;

	slice key;
	struct ledger *ledger; /* NULL without --state-file */
	uint64_t instance;
	struct token token; /* of the message that is sent */
	slice text;         /* the same as text */
	slice message;      /* as it is sent */
	slice body;
	time_t sent_wall;
	bool accepted;

	/* The fetching side. */
	struct list wanted; /* texts of the tokens that are looked for */
	int wake;           /* readable when a pause is to end; -1: none */
	void *shared;       /* what opts->shared keeps of this run */
	struct {
		instant before, after; /* where others have looked: when it was not and was there */
	} found;
	bool ready; /* a session is there in which messages can be looked for */
	bool idles;
	uint64_t next_uid, junk_next_uid; /* what comes from now on has these or higher ones */
	slice junk;                       /* that mailbox; missing where there is none */
	bool in_junk;                     /* it is the one that is open */
	bool anew;                        /* IMAP: opened again, and not yet searched */
	uint64_t arrivals, reports;       /* IMAP: searched for ours, for a report */
	struct list known;                /* POP3: unique-ids of what was there before */
	span least;                       /* POP3: between two sessions (LOGIN-DELAY) */
	bool compared;                    /* POP3: its first session was, with what is required */

	struct roundtrip_copy copies[ROUNDTRIP_COPIES];
	size_t copy_count, base; /* base: those that were there before this look */
	time_t swept; /* before the earlier ones were looked for: what is due is due by then */
	unsigned looks;
	instant asked; /* when the last look began */
	span longest_look;
	int delivery_lap; /* in which it was waited for */
	struct arrived_report report;
	uint64_t report_uid;
	bool reported, examined, duplicated, junked;
};

/* How a mailbox is looked into, by protocol. All record what goes wrong. */
struct roundtrip_mailbox {
	/* From the connection to where messages can be looked for, before anything is sent. */
	bool (*open)(struct roundtrip *rt);
	/* Looks for the message once; what is found is in rt->copies. */
	bool (*look)(struct roundtrip *rt);
	/* Waits until `until`, or until the server says that something has come. */
	bool (*pause)(struct roundtrip *rt, instant until);
	/* The message whole; nothing where a swept one is there no more. */
	bool (*read)(struct roundtrip *rt, struct roundtrip_copy *copy, struct str *text);
	/* Adds what earlier runs may have left to rt->copies, ROUNDTRIP_SWEPT at most. */
	bool (*earlier)(struct roundtrip *rt);
	/* Removes the copies that are ours, and is the end; what cannot be removed is a fact. */
	bool (*remove)(struct roundtrip *rt);
	/* Whether something has come since the last look; NULL where that is not known. */
	bool (*grown)(struct roundtrip *rt);
	/* Lets go of what open() took; NULL where the connection is all. Called in any case. */
	void (*close)(struct roundtrip *rt);
};

extern const struct roundtrip_mailbox roundtrip_imap, roundtrip_pop3;

/* By IMAP: opens the junk mailbox or the other, unless it is open; removes what is ours. */
bool roundtrip_imap_go_to(struct roundtrip *rt, bool junk);
bool roundtrip_imap_remove(struct roundtrip *rt);

/* What a run, or a watch, works with; NULL without memory. It is s->protocol then. */
struct roundtrip *roundtrip_new(struct session *s);

/* Gives one side the turn: the session is then its. NULL: the probe itself. */
void roundtrip_turn(struct roundtrip *rt, struct roundtrip_side *side);

/* A connection and a protocol's state anew, for the side that has the turn. */
bool roundtrip_connect(struct roundtrip *rt);

/* No look may come before that. */
instant roundtrip_soonest(const struct roundtrip *rt);

/* Looks once. `begin`: since when it is waited for. */
bool roundtrip_look(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, instant begin);

/* Until something is there. `*seen`: the moment that it came, as well as it is known. */
bool roundtrip_wait(
    struct roundtrip *rt, const struct roundtrip_mailbox *mailbox, instant begin, instant *seen);

/* Submits the message, with the patience that greylisting wants. Begins `delivery` behind it. */
bool roundtrip_submit(struct roundtrip *rt);

/* In which mailbox it is: a finding where that is the one for junk. */
void roundtrip_landed(struct roundtrip *rt, const struct roundtrip_copy *copy);

/* Takes note of the delivery report in `text`, where it is about our message. */
void roundtrip_report(struct roundtrip *rt, uint64_t uid, slice text);

/* Whether a report has come that the message will not. */
bool roundtrip_bounced(const struct roundtrip *rt);

/*
 * What the message tells that came: the way it took, what was found on it, whether it is the one
 * that was sent. `came`: when, by our own clock or by the mailbox's.
 */
void roundtrip_examine(struct roundtrip *rt, struct roundtrip_copy *copy, slice text, time_t came);

/*
 * Reads what was found and not looked at yet, and decides whose it is: this run's, an earlier one's
 * that is due, or nobody's that we know. What is counted is in the books then.
 */
bool roundtrip_judge(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox);

/* Gives up, in the books, what is past its time; with --deferred that is a finding in lap `lap`. */
bool roundtrip_expire(struct roundtrip *rt, int lap);

/* A number from `first` to below `end`, another one in each run. */
uint64_t roundtrip_somewhere(const struct roundtrip *rt, uint64_t first, uint64_t end);

/* Removes what is ours, and says so in the books. */
bool roundtrip_remove(struct roundtrip *rt, const struct roundtrip_mailbox *mailbox);

/* The token of a message, by either of the fields that have it; all zero without one of ours. */
struct token roundtrip_token(struct roundtrip *rt, slice header);

/*
 * What keeps a mailbox open for many round trips, and what it asks of them. All of it is called
 * from within roundtrip_watch(); the texts are copied.
 */
struct roundtrip_place {
	uint64_t validity;                /* UIDVALIDITY of the mailbox */
	uint64_t next_uid, junk_next_uid; /* what comes from now on has these or higher ones */
	slice junk;                       /* that mailbox; missing where there is none */
};

struct roundtrip_turn {
	bool end;         /* say goodbye */
	bool idle;        /* nobody waits for anything */
	instant look;     /* when there will be something to do, unless something comes before */
	struct list wait; /* texts of the tokens to look for now */
	uint64_t from, junk_from; /* and the lowest UIDs that they can have */

	struct roundtrip_copy gone[ROUNDTRIP_COPIES]; /* to be removed; .mine is set */
	size_t gone_count;

	bool sweep; /* look for messages of earlier runs, too */
	uint64_t instance;
	struct roundtrip_copy *held; /* that need not be fetched for it */
	size_t held_count;
};

struct roundtrip_found {
	slice token, id; /* of X-Mailprobe-Token and of Message-ID: it is known by either */
	uint64_t uid;
	bool junk;
	time_t date; /* INTERNALDATE; 0 where it is not known */
	slice text;
	instant after; /* it was there by then */
};

struct roundtrip_watch {
	void *data;
	int wake; /* readable when turn() would answer otherwise than it did */
	void (*opened)(void *data, const struct roundtrip_place *place);
	/* `news`: the server has told of an arrival. */
	void (*turn)(void *data, struct arena *arena, bool news, struct roundtrip_turn *turn);
	void (*found)(void *data, const struct roundtrip_found *found);
	/* All that turn() has asked for last was done, those in it found or not. */
	void (*looked)(void *data, instant when, uint64_t junk_next_uid);
	void (*swept)(void *data, slice junk);
	void (*removed)(
	    void *data, slice left); /* why what should have gone is there; or missing */
};

/*
 * Logs in, opens the mailbox, and does what `watch` asks for until it says end or something fails.
 * The result has the findings, judged. NULL without memory.
 */
struct result *roundtrip_watch(
    const struct roundtrip_opts *opts, const struct roundtrip_watch *watch, struct arena *arena);

/* probe_type's. */
bool roundtrip_prepare(struct session *s);
bool roundtrip_transaction(struct session *s);
void roundtrip_bye(struct session *s);

#endif
