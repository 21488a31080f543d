/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * IMAP4rev1 (RFC 3501), with what RFC 9051 took in. imap.c reads commands and has the table of
 * them; imap_parse.c takes arguments apart, imap_name.c mailbox names (imap_utf7.c their letters);
 * imap_answer.c answers; imap_auth.c logs in; imap_folder.c deals with mailboxes from outside,
 * imap_select.c from inside; imap_fetch.c, imap_search.c and imap_append.c have a verb each.
 */
#ifndef SANDBOX_IMAP_H
#define SANDBOX_IMAP_H

#include "bytes.h"
#include "conn.h"
#include "imap_parse.h"
#include "mailbox.h"
#include "sasl.h"

extern const struct dialect imap_dialect;

/* A message as this session knows it: what it was told last. */
struct seen {
	uint32_t uid;
	unsigned char flags;
	bool recent;
};

/* The mailbox that is open, by this session's numbers. */
struct view {
	struct mailbox *box;            /* NULL if none is */
	struct seen *seen;
	size_t count, cap;
	uint64_t changes;               /* of the mailbox, when it was looked at last */
	bool read_only;
};

struct fetch;

struct imap {
	struct conn *conn;
	struct bytes command;           /* lines and literals so far */
	uint64_t literal;               /* octets of a literal that are still to come */
	bool overlong;                  /* inside a line that was too long */
	bool idle;
	char tag[64];                   /* of the command, with a blank behind */
	enum verb verb;                 /* the place of its answer */
	bool keep_numbers;              /* no EXPUNGE may be told now (RFC 9051 section 7.5.1) */
	struct bytes answer;
	struct user *user;              /* who has logged in */
	struct sasl *sasl;              /* inside AUTHENTICATE */
	struct view view;
	struct fetch *fetch;            /* that is being answered */
	struct watcher watcher;         /* while idle */
	struct timer nudge;
};

bool imap_offers(const struct conn *c, const char *capability);

/* imap_answer.c: adds to the answer. */
void imap_say(struct conn *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the answer and sends it: "OK", "NO" or "BAD" and a text. */
void imap_done(struct conn *c, const char *status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void imap_bad(struct conn *c, const char *text);
/* The end of an answer, without sending it. */
void imap_complete(struct conn *c, const char *status, const char *text);
/* Quoted, or as a literal where it has to be or a fault wants it. */
void imap_string(struct conn *c, struct slice text, bool literal);

/* imap_name.c: between the client's names and the store's. */
char imap_delimiter(const struct conn *c);      /* 0 for none */
/* The store's name; false if this is none, with the reason. */
bool imap_name_in(const struct conn *c, struct slice name, struct bytes *out, const char **why);
void imap_name_out(const struct conn *c, const char *name, struct bytes *out);
bool imap_name_matches(const struct conn *c, struct slice pattern, struct slice name);

/* imap_auth.c */
void imap_capabilities(const struct conn *c, struct bytes *text);
void imap_capability(struct conn *c, struct args *a);
void imap_starttls(struct conn *c, struct args *a);
void imap_login(struct conn *c, struct args *a);
void imap_authenticate(struct conn *c, struct args *a);
void imap_auth_answer(struct conn *c, struct slice line);

/* imap_folder.c */
struct mailbox *imap_mailbox(struct conn *c, struct slice name);       /* or NO was said */
void imap_namespace(struct conn *c, struct args *a);
void imap_list(struct conn *c, struct args *a);
void imap_lsub(struct conn *c, struct args *a);
void imap_create(struct conn *c, struct args *a);
void imap_delete(struct conn *c, struct args *a);
void imap_rename(struct conn *c, struct args *a);
void imap_subscribe(struct conn *c, struct args *a);
void imap_status(struct conn *c, struct args *a);
void imap_quota(struct conn *c, struct args *a);
void imap_quotaroot(struct conn *c, struct args *a);

/* imap_select.c */
void imap_select(struct conn *c, struct args *a);
void imap_examine(struct conn *c, struct args *a);
void imap_close(struct conn *c, struct args *a);
void imap_unselect(struct conn *c, struct args *a);
void imap_expunge(struct conn *c, struct args *a);
void imap_uid_expunge(struct conn *c, struct args *a);
void imap_store(struct conn *c, struct args *a);
void imap_uid_store(struct conn *c, struct args *a);
void imap_idle(struct conn *c, struct args *a);
void imap_idle_answer(struct conn *c, struct slice line);
void imap_leave(struct imap *s);        /* closes the mailbox and expunges nothing */
void imap_sync(struct conn *c);         /* tells what has changed */
void imap_flags(struct conn *c, const struct seen *seen);
/* As a FETCH response of its own. */
void imap_flags_line(struct conn *c, size_t number, bool uid);
size_t imap_recent(const struct imap *s);
struct ranges imap_ranges(const struct imap *s, struct slice set, bool uid);

/* imap_fetch.c */
void imap_fetch(struct conn *c, struct args *a);
void imap_uid_fetch(struct conn *c, struct args *a);
void imap_fetch_free(struct imap *s);

/* imap_search.c */
void imap_search(struct conn *c, struct args *a);
void imap_uid_search(struct conn *c, struct args *a);

/* imap_append.c */
void imap_append(struct conn *c, struct args *a);
/* Before a literal is asked for: false if NO was said, for there is no such mailbox. */
bool imap_append_may(struct conn *c, struct args *a);

#endif
