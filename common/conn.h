/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CONN_H
#define CONN_H

/*
 * The connection of a session: name resolution, TCP, PROXY header, TLS, lines in and bytes out.
 * Every call may wait until the session's deadline and no longer; every failure is recorded as a
 * finding in the running lap, with `timeout`, `closed`, `protocol` or what fits, and returned as
 * false.
 */

#include <poll.h>

#include "session.h"

/* Limits on what a peer can make us read. */
enum {
	CONN_LINE_MAX = 65536, /* bytes of a line, its line end included */
};

/*
 * Resolves, connects (phases `dns`, `connect`) and sends the PROXY header (`proxy`). Tries each
 * address in RFC 6724 order with an equal share of the time left, until one accepts. Records
 * `tcp_rtt`.
 */
bool conn_open(struct session *s);

/*
 * The addresses of a host, as text: its own where it is an address. In the phase that runs; false
 * with a finding.
 */
bool conn_resolve(struct session *s, const char *host, struct list *addresses);

/*
 * Adds the phases and values that conn_open() and conn_tls() can yield, `tls` itself not among
 * them.
 */
void conn_plan(
    const struct probe_opts *opts, enum side side, struct arena *arena, struct plan *plan);

/*
 * TLS handshake and verification, phase `tls`, with the facts of the certificate. Under
 * TLS_OPPORTUNISTIC a certificate that does not verify is a fact, else a finding.
 */
bool conn_tls(struct session *s);

/* Whether TLS is established; whether with a peer whose certificate verified. */
bool conn_encrypted(const struct session *s);
bool conn_verified(const struct session *s);

/*
 * Whether the server has signed TLSA records and --dane wants them held against it: TLS is then no
 * matter of opportunity (RFC 7672 section 2.2). After conn_open().
 */
bool conn_dane(const struct session *s);

/* Whether a connection stands on which something can still be said. */
bool conn_usable(const struct session *s);

/* Whether the peer's address, the one that was connected to, is a loopback address. */
bool conn_loopback(const struct session *s);

/*
 * The next line, without its line end (CRLF, or LF alone). It is valid until the next call.
 * A NUL, or more than CONN_LINE_MAX bytes, is `protocol`; the end of the stream `closed`.
 */
bool conn_line(struct session *s, slice *line);

/*
 * The next line as conn_line() gives it, or so much of one that is longer than CONN_LINE_MAX
 * bytes as has come: `*whole` is then false, and the next call goes on behind it.
 */
bool conn_part(struct session *s, slice *line, bool *whole);

/*
 * From 1 to `most` of the next bytes, whatever they are, without waiting for more than the first.
 */
bool conn_take(struct session *s, uint64_t most, slice *bytes);

/* Gives back the last `n` bytes of what conn_take() has just given. */
void conn_put_back(struct session *s, size_t n);

/*
 * Sends all of `bytes`. An error while the peer's last words may explain it is left for
 * conn_line().
 */
bool conn_send(struct session *s, slice bytes);

/* Whether bytes of the peer have arrived that nobody has read. Does not wait. */
bool conn_pending(struct session *s);

/* The machine's own full name, as a greeting wants it; missing where it has none. In the arena. */
slice conn_machine_name(struct session *s);

/* Our end of the connection as an address literal (RFC 5321 section 4.1.3). In the arena. */
slice conn_own_literal(struct session *s);

/*
 * The channel binding of the TLS connection: "tls-exporter" (RFC 9266) on TLS 1.3, "tls-unique"
 * (RFC 5929) below. False without TLS.
 */
bool conn_binding(struct session *s, slice *type, slice *data);

/*
 * The only place that waits: until one of the descriptors is ready, or the deadline or `until`
 * passes, whichever is earlier. Returns how many are ready, 0 when `until` came first; -1 when the
 * session's deadline passed (`timeout` is recorded) or poll failed (`local`). A `until` that is
 * NULL means no bound.
 */
int conn_wait(struct session *s, struct pollfd *fds, nfds_t n, const instant *until);

/*
 * Waits until the peer says something, or `other` is readable (-1: nobody else), at most until
 * `until`: 1 when there is something to read (or the stream has ended), 2 when it is the other, 0
 * when neither; -1 as conn_wait().
 */
int conn_listen(struct session *s, instant until, int other);

/* Waits until then, and does not listen: -1 as conn_wait(). */
int conn_pause(struct session *s, instant until);

/*
 * From now on the work has to be done so long before the deadline (a fifth of what is left of it at
 * most), because something has to be cleaned up afterwards. Until conn_leave().
 */
void conn_reserve(struct session *s, span reserve);

/*
 * Begins the goodbye: from now on nothing is a finding, and the deadline is one second from now at
 * the latest. For a probe's .bye, before it says anything.
 */
void conn_leave(struct session *s);

/*
 * Makes once what all runs with these complete options, or a copy, can share: opts->tls_context,
 * which stays NULL where they want no TLS, and the machine's name. False with `usage` or `local` in
 * `*cause` and a sentence in `error`. conn_unshare() lets go of it; runs that have it keep it.
 */
bool conn_share(struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error);
void conn_unshare(struct probe_opts *opts);

/* The TLS context of this session, for runs beside it that end before it does. */
struct ssl_ctx_st *conn_context(const struct session *s);

/*
 * For the runner. conn_new() makes s->conn with what the options ask for of TLS, before the clock
 * starts: loading our own certificates is not the server's time. False with a `local` or `usage`
 * finding. conn_close() lets go of everything and does not wait.
 */
bool conn_new(struct session *s);
void conn_close(struct session *s);

/*
 * Makes OpenSSL ready as sessions want it: without its texts and its configuration file, which cost
 * more than what they are for. A connection does so itself; who computes before the first calls it.
 */
void tls_library(void);

#endif
