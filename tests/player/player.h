/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the session script player share.  README.md has the language of the
 * scripts.  Every playing of a script in a mode is a process of its own, so memory is taken and
 * never given back: the end of the process returns it.
 */
#ifndef PLAYER_H
#define PLAYER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Growing bytes, always with a NUL behind them that len does not count. */
struct text {
	char *at;
	size_t len, room;
};

void text_add(struct text *t, const void *bytes, size_t len);
void text_str(struct text *t, const char *s);
void text_printf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Resolves \r \n \t \0 \xNN and \\; false on any other backslash. */
bool text_unescape(struct text *t, const char *s);
/* Appends the bytes in a form fit for a terminal. */
void text_show(struct text *t, const void *bytes, size_t len);
void text_base64(struct text *t, const void *bytes, size_t len);
/* Strict: no white space, padding required; false leaves t as it was. */
bool text_unbase64(struct text *t, const char *s, size_t len);
/* Takes the next blank-separated word, quotes as in a shell; NULL at the end or on an open quote,
 * which *broken tells apart. */
char *text_word(const char **s, bool *broken);
/* Value of a word NAME=VALUE, "" for the bare NAME, NULL for another word. */
const char *text_option(const char *word, const char *name);
/* The whole of s against a pattern in which * stands for any run of bytes. */
bool text_glob(const char *pattern, const char *s, size_t len);
bool text_holds(const struct text *t, const char *needle, size_t len);
bool text_utf8(const char *s, size_t len);
void text_file(struct text *t, int fd);
void *need(void *allocated);

enum protocol { PROTOCOL_SMTP, PROTOCOL_IMAP, PROTOCOL_POP3 };

enum mode { MODE_WRITTEN, MODE_BYTES, MODE_COALESCED, MODE_TLS, MODE_JSON, MODES };
extern const char *const mode_names[MODES];

/* When a directive is acted on; the stages follow each other in this order. */
enum stage { STAGE_PLAYER, STAGE_SPACE, STAGE_LISTEN, STAGE_FILES, STAGE_SERVE, STAGE_JUDGE };

struct play;
struct step;

struct directive {
	const char *name;
	enum stage stage;
	bool (*act)(struct play *p, const struct step *s);
};

/* One line of a script.  block is what was indented under it. */
struct step {
	const struct directive *what;
	const char *arg;
	struct text block;
	int line;
};

struct script {
	const char *path, *name;
	const char *run;                /* the command line as written */
	struct step *steps;
	size_t len;
	unsigned modes;                 /* bit for each mode it is played in */
	bool space;                     /* wants a network of its own */
	struct text errors;
};

/* Reads a script; what is wrong with it is in errors, nothing there means it can be played. */
void script_read(struct script *s, const char *path);
bool script_has(const struct script *s, const char *name);

extern const struct directive meet_directives[], serve_directives[], tls_directives[];
extern const struct directive sasl_directives[], protocol_directives[];
extern const struct directive space_directives[], dns_directives[], file_directives[];
extern const struct directive judge_directives[];

/* By the name of the check in a run line. */
enum protocol protocol_of(const char *run);
/* What a challenge begins with. */
const char *protocol_prompt(const struct play *p);
/* A line of the client, without its end; some bytes of ours. */
void protocol_heard(struct play *p, const char *line, size_t len);
void protocol_said(struct play *p, const char *bytes, size_t len);
bool protocol_goodbye(const struct play *p, const char *line, size_t len);
/* The plain yes to a line of the client. */
void protocol_answer(const struct play *p, const char *line, size_t len, struct text *answer);
/* Where in these bytes a reply is complete but for its LF, with more behind it; else their end. */
size_t protocol_before_more(const struct play *p, const struct text *t);

/* One connection, as the scripted server sees it. */
struct wire {
	int fd;
	SSL *ssl;
	struct text in;                 /* received; what was asked for is up to taken */
	size_t taken;
	struct text out;                /* held back to go in one write */
	int drip;                       /* milliseconds between bytes, or 0 */
	bool open;                      /* accepted and not finished */
	bool ended;                     /* the client closed it, or it is gone */
	bool said_end;                  /* we closed our direction */
	bool tls_due;                   /* mode tls: the handshake comes before anything else */
	bool no_notify;
	bool bare_tls;                  /* the client talks TLS that we do not: alerts may follow */
};

struct listener {
	int fd;
	bool deaf;
};

/* What a keep directive saw, under the name that gives it back. */
struct kept {
	char name[16];
	struct text value;
};

struct play {
	const struct script *script;
	enum mode mode;
	enum protocol protocol;
	const char *bin, *root;         /* the programs; the folder of the certificates */
	char dir[256];
	double margin;
	struct listener listeners[16];
	size_t listening;
	int port;
	char **argv;
	struct text env[16];
	size_t envs;
	struct wire wire;
	bool optional;                  /* it is fine if no client comes */
	bool met;                       /* some connection was accepted */
	bool spoke;                     /* the server spoke last: its line may be answered early */
	bool quit;                      /* the client took its leave */
	struct text line;               /* the last line of the client */
	struct text tag;                /* IMAP: of its last command */
	struct text stamp;              /* POP3: of our banner */
	struct text literal;            /* IMAP: what the client sent as one */
	bool behind_literal;            /* what comes next goes on with its command */
	struct text lines;              /* what the last C~ passed over */
	struct kept kept[8];
	struct text proof;              /* what a mechanism computed from the password */
	pid_t pid;
	double started, ended, bound;
	bool exited, late;
	int status;
	int out_fd, err_fd;
	struct text out, err, cmdline;
	struct text log, failures;
};

/* Notes a failure of this playing; always false, to be returned. */
bool play_fail(struct play *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void play_log(struct play *p, char who, const void *bytes, size_t len);
bool play_stage(struct play *p, enum stage stage);
/* @NAME@ and {base64 TEXT} resolved. */
char *play_expand(struct play *p, const char *s);
/* The same, and escapes resolved: bytes; false, with a failure noted, if they are wrong. */
bool play_bytes(struct play *p, const char *s, struct text *bytes);
void play_keep(struct play *p, const char *name, size_t name_len, const char *value, size_t len);
/* All of it: prepares, runs, serves and judges. False if something failed. */
bool play_script(struct play *p);
/* What is wanted of every run, whatever the script. */
void judge_always(struct play *p);
/* The status line in the form in which it must be the same in all modes. */
void play_verdict(struct play *p, struct text *verdict);

enum waited { WAIT_READY, WAIT_TIME, WAIT_LATE, WAIT_EXIT };
struct pollfd;
/* The one place that waits. Ends with WAIT_LATE, the check killed, when its time is over;
 * WAIT_EXIT only if exit_too.  ms < 0 is as long as it takes. */
enum waited play_wait(struct play *p, struct pollfd *fds, size_t len, int ms, bool exit_too);

void run_start(struct play *p);
void run_kill(struct play *p);
void run_reap(struct play *p);
/* Keeps a sample of the command line that others see. */
void run_sample(struct play *p);
bool run_prepare(struct play *p);
double seconds_now(void);
/* In a child: die with the parent. */
void tether(pid_t parent);

bool serve_listen(struct play *p);
/* Accepts a client unless one is being served. */
bool meet(struct play *p);
bool serve_finish(struct play *p);
/* Before a step of the server: a client, and in mode tls its handshake. */
bool serve_begin(struct play *p);
/* Before it says something: has the client waited for it? */
bool serve_speak(struct play *p);
bool tls_accept(struct play *p, const char *options);

void wire_send(struct play *p, const void *bytes, size_t len);
void wire_flush(struct play *p);
/* Writes whole, segments as they fall: for floods. False when the client is gone. */
bool wire_flood(struct play *p, const char *bytes, size_t len);
/* Reads what there is, waiting if told to; false at the end of the stream. */
bool wire_read(struct play *p, bool wait);
/* The next line with its end stripped; false with a failure noted if there is none. */
bool wire_line(struct play *p, const char *wanted, char **line, size_t *len);
void wire_say_end(struct play *p);
void wire_drop(struct play *p, bool reset);

bool space_enter(struct play *p);
bool dns_start(struct play *p);

/* Makes the certificate authorities and what goes to files in root. */
void certs_make(const char *root);
/* Certificate and key of this kind into the context; false if the kind is not known. */
bool certs_use(SSL_CTX *ctx, const char *kind);
/* Makes the authority of the kind "anchor", which ends soon, and anchor.pem in dir. */
void certs_anchor(const char *dir, double days);
/* Makes the authority between CA and "chain" now, and its list, middle.crl, which is empty. */
void certs_middle(const char *dir);
X509 *certs_ca(void);
/* good, revoked, expired, bad (signed by another) or garbage; after certs_use. */
bool certs_staple(SSL_CTX *ctx, const char *kind);

/* A parsed JSON value, see json.c; kind is one of o a s n t f z (object … null). */
struct json {
	char kind;
	struct text text;               /* string decoded, number as it stood */
	struct json *items, *names;
	size_t len;
};
/* NULL and a reason if the bytes are not exactly one value. */
const struct json *json_read(const char *s, size_t len, struct text *reason);
const struct json *json_member(const struct json *j, const char *name);
/* Finds by a path of names, [N] and ["name"]; [*] is item star. */
const struct json *json_find(const struct json *j, const char *path, size_t star);
/* The things that hold of every JSON result. */
void json_invariants(struct play *p, const struct json *j);

#endif
