/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Who may log in, with a password or with an OAuth access token. User names are compared without
 * regard to case.
 */
#ifndef SANDBOX_ACCOUNTS_H
#define SANDBOX_ACCOUNTS_H

#include "bytes.h"

#define SCRAM_ITERATIONS 4096
#define SCRAM_SALT       16

struct accounts;

/* What a server keeps of a password for SCRAM (RFC 5802 section 3). */
struct scram_keys {
	bool made;
	unsigned char salt[SCRAM_SALT], stored[64], server[64];
};

struct accounts *accounts_new(void);
void accounts_free(struct accounts *a);
/* USER:SECRET; false if there is no colon, or nothing before it. */
bool accounts_add(struct accounts *a, const char *spec);
bool accounts_add_token(struct accounts *a, const char *spec);
/* One USER:PASSWORD a line, blank lines and those that begin with # apart. The bad line's number,
 * 0 if there is none, -1 with errno if the file cannot be read. */
long accounts_add_file(struct accounts *a, const char *file);
/* What is tried when nothing was said: a user, and an account and a token if there are none. */
const char *accounts_default(struct accounts *a);

bool accounts_has(const struct accounts *a, struct slice user);
bool accounts_check(const struct accounts *a, struct slice user, struct slice password);
bool accounts_token(const struct accounts *a, struct slice user, struct slice token);
bool accounts_have_tokens(const struct accounts *a);
const char *accounts_password(const struct accounts *a, struct slice user);
/* The keys for a digest, made when they are first asked for; NULL for an unknown user. */
const struct scram_keys *accounts_scram(struct accounts *a, struct slice user,
    const char *digest);

#endif
