/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PROBE_OPTS_H
#define PROBE_OPTS_H

/*
 * The options that all probes share, as data, and their table. A probe's own options struct has
 * this as its first member. Strings belong to the arena they were parsed into.
 */

#include "clock.h"
#include "judge.h"
#include "opts.h"
#include "result.h"

struct sockaddr;
struct ssl_ctx_st;

/*
 * Who decides where a run may connect to: asked about each address of the target, however it was
 * found, before any packet leaves for one of them. One that is refused ends the run with `usage`.
 */
struct permit {
	bool (*allows)(void *data, const struct sockaddr *address);
	void *data;
};

/* AUTO: implicit on the protocol's TLS port, else STARTTLS with credentials and none without. */
enum tls_mode { TLS_AUTO, TLS_NONE, TLS_STARTTLS, TLS_OPPORTUNISTIC, TLS_IMPLICIT };

enum output { OUTPUT_NAGIOS, OUTPUT_JSON, OUTPUT_OPENMETRICS, OUTPUT_WATERFALL };

enum family { FAMILY_ANY, FAMILY_4, FAMILY_6 };

/* How a client shows who it is: RFC 6749 section 2.3.1. */
enum oauth_client_auth { OAUTH_CLIENT_POST, OAUTH_CLIENT_BASIC };

struct probe_opts {
	const char *host;    /* never NULL once complete */
	const char *address; /* connect here instead; NULL: to the host */
	struct port port;    /* 0: the protocol's own */
	enum family family;
	const char *source_address;
	unsigned proxy_protocol; /* 0, 1 or 2 */
	const char *resolver;    /* ADDRESS[@PORT]; NULL: those of resolv.conf */

	struct deadline timeout;       /* of the whole run, with the state of `timeout` */
	struct list warning, critical; /* "[NAME=]RANGE", parsed by thresholds_add() */
	struct thresholds thresholds;
	struct state_choice tempfail, unexpected; /* states set by --tempfail and --unexpected */
	struct state_choice refused;              /* of `connect_refused` */
	unsigned verbose;
	enum output output;
	const char *until;
	bool transcript; /* keep the dialogue: no option, set from verbose and output */

	enum tls_mode tls;
	const char *ca_file, *ca_path, *crl_file;
	bool insecure;
	const char *server_name; /* for SNI and verification, instead of the host */
	enum tls_version tls_min, tls_max;
	const char *ciphers;
	const char *client_cert, *client_key;
	struct expiry certificate; /* -D */
	bool ignore_certificate_expiration;
	bool dane;
	const char *dnssec_anchor; /* NULL: where the system has it */

	const char *user;
	const char *password; /* -P; replaced by what a file or the environment gave */
	const char *password_file, *password_env, *token_file;
	const char *token; /* what --token-file held */
	const char *oauth_endpoint, *oauth_client_id, *oauth_scope, *oauth_cache;
	const char *oauth_client_secret_file, *oauth_refresh_token_file;
	const char *oauth_client_secret, *oauth_refresh_token; /* what these held */
	enum oauth_client_auth oauth_client_auth;
	struct list auth; /* mechanisms allowed, in order of preference; empty: any */
	/*
	 * What --auth may name beside SASL mechanisms, each working with user and password; ended
	 * by NULL. No option: a probe's defaults set it.
	 */
	const char *const *auth_words;
	bool allow_cleartext_auth;

	struct list expect; /* what the greeting must contain, each */
	bool expect_any;    /* one of them suffices */
	bool jail;          /* nothing that the server has said may be in the result */
	struct list require, forbid;

	bool sides; /* it has no server of its own, but sides that have: no option, by defaults */

	/* What no option sets, for programs that run a probe many times over. */
	const struct permit *permit;    /* NULL: anywhere */
	struct ssl_ctx_st *tls_context; /* these two by conn_share(); NULL: a run makes its own */
	const char *machine_name;       /* "" where the machine has no full name */
	enum tls_mode tls_asked;        /* these two by probe_opts_transport(), as it found them */
	uint16_t own_port, own_tls_port;
};

/*
 * What no option has changed. For the defaults of a probe: .common = PROBE_OPTS_DEFAULTS("smtp").
 */
#define PROBE_OPTS_DEFAULTS(name) \
	{ \
		.timeout = { .after = { INT64_C(10000000000) }, .state = STATE_CRITICAL }, \
		.thresholds = { \
			.probe = name \
		} \
	}

/* The words of some of them, for options of a probe's own that mean the same. */
extern const struct opt_word tls_words[], proxy_words[], family_words[], version_words[],
    oauth_client_auth_words[];

extern const struct opt common_options[];
extern const size_t common_option_count;

/* Those of them that are about the run as a whole: time, thresholds, output. */
extern const struct opt run_options[];
extern const size_t run_option_count;

/*
 * Fills in what the options say indirectly, before the probe's own completion: reads the files of
 * secrets, checks that combinations can be meant. False with a sentence in `error`, and in `*cause`
 * CAUSE_USAGE or CAUSE_LOCAL.
 */
bool probe_opts_complete(
    struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error);

/*
 * Decides on TLS and port where the options leave them open, the protocol's own ports being `port`
 * and `tls_port`; refuses options that mean nothing without TLS where there is none. For a probe's
 * `complete`, with its contract.
 */
bool probe_opts_transport(struct probe_opts *opts, unsigned port, unsigned tls_port,
    enum cause *cause, struct str *error);

/*
 * Aims complete options at another server: `host` as --hostname has it, `port` as --port, 0 for
 * what they had. TLS and port follow each other as they did. False with a sentence in `error`. The
 * options may be a copy: what they point to is left as it is.
 */
bool probe_opts_aim(struct probe_opts *opts, const char *host, unsigned port, struct arena *arena,
    struct str *error);

/*
 * What the options about OAuth 2.0 mean together, the files of secrets apart. A part of
 * probe_opts_complete(), with its contract.
 */
bool probe_opts_oauth(
    struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error);

/* Whether these options ask to log in. */
bool probe_opts_login(const struct probe_opts *opts);

#endif
