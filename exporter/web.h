/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WEB_H
#define WEB_H

/*
 * Who may talk to the exporter, and how: --web.config.file in the format of Prometheus'
 * exporter-toolkit, with TLS, client certificates, users with bcrypt passwords, a limit of
 * requests, and headers for each answer. One snapshot; a reload makes another. Nothing of it is
 * ever shown.
 *
 * It is stricter than the toolkit where that would protect less than the file seems to ask for: no
 * empty list of users, no client certificates that nobody verifies by name, no cipher suites
 * besides those that are named. Of TLS 1.3 there are those suites whose cipher is named.
 */

#include <microhttpd.h>

#include "tree.h"

struct web;

/*
 * Reads and checks the file; without one (`path` NULL) all is in clear and open to everybody. NULL
 * with at least one problem. Whoever calls holds the reference. Relative names of files are looked
 * for in $CREDENTIALS_DIRECTORY, then beside the file.
 */
struct web *web_read(const char *path, struct problems *problems);

struct web *web_hold(struct web *web);
void web_drop(struct web *web); /* NULL is accepted */

/* Whether it wants TLS: a daemon that has begun with or without cannot change over. */
bool web_tls(const struct web *web);

/*
 * What MHD_start_daemon() needs for TLS: MHD_USE_TLS or 0, and options for MHD_OPTION_ARRAY, ended
 * by MHD_OPTION_END. MHD_OPTION_NOTIFY_CONNECTION is among them, and nobody else's then. The
 * options live as long as `web`.
 */
unsigned web_flags(const struct web *web);
const struct MHD_OptionItem *web_options(struct web *web);

/*
 * From now on handshakes go by this snapshot in all they do, which has to be held until the next
 * call, or until no daemon runs; without a call they all fail. A certificate or key that has
 * changed in its file is read again at the next handshake; the old pair stays where the new one is
 * no good, and the log says so. The CA's file is read with the snapshot only.
 */
void web_present(struct web *web);

/*
 * Adds the headers that the file names, in the place of those of the same name; only a
 * Content-Security-Policy stands beside another, and both bind.
 */
void web_headers(const struct web *web, struct MHD_Response *response);

enum web_access {
	WEB_GRANTED,
	WEB_DENIED, /* 401 */
	WEB_UNKNOWN,
	WEB_FORBIDDEN, /* 403, and the connection has to end: its certificate is no good any more */
	WEB_LIMITED,   /* 429 */
};

/* A user name and password that somebody has shown. */
struct web_claim;

/*
 * Whether this request may pass: the limit, its client certificate, and its Authorization header.
 * Never blocks: WEB_UNKNOWN comes with a claim that web_verify() has to look at. There are at most
 * eight of them at a time; what comes then is WEB_LIMITED.
 */
enum web_access web_access(
    struct web *web, struct MHD_Connection *connection, struct web_claim **claim);

/*
 * Whether the claim is true; takes tens of milliseconds of bcrypt, of unknown users as long as of
 * known ones, and one claim after the other. The outcome is remembered for a while. Frees the
 * claim.
 */
bool web_verify(struct web *web, struct web_claim *claim);

#endif
