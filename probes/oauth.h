/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OAUTH_H
#define OAUTH_H

/* OAuth 2.0 access tokens from a token endpoint, RFC 6749 sections 4.4 and 6. */

#include "conn.h"

/*
 * Where the options name an endpoint, gets the token that the login will use into s->token: from
 * the cache, or from the endpoint, in the phase `token`. To be called before the connection is
 * opened, each time; a token that this run has got already is used again while it lives. False with
 * a finding: `oauth_token` names the endpoint's host and its error code, no secret is in it.
 */
bool oauth_token(struct session *s);

/*
 * For a login that was refused: a token that the server does not take is not kept for the next run.
 * Records nothing; returns false.
 */
bool oauth_refused(struct session *s);

#endif
