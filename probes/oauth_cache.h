/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OAUTH_CACHE_H
#define OAUTH_CACHE_H

/*
 * Access and refresh tokens between runs: a text file of mode 0600, a line for each kind of token,
 * which several checks, users and endpoints may share. It is written anew to FILE.new, which then
 * takes its place, so that a reader needs no lock; who fetches a token holds FILE.lock.
 */

#include <time.h>

#include "file.h"

struct oauth_entry {
	slice access;  /* missing: there is none */
	slice refresh; /* that was handed out last, in place of the one it began with */
	time_t obtained, expires;
};

/* Whose token it is: lower case digests in hexadecimal. */
struct oauth_key {
	slice whose;  /* of endpoint, client, scope and user */
	slice origin; /* of the refresh token that it all began with; missing where there is none */
};

enum oauth_found {
	OAUTH_NONE,
	OAUTH_ENTRY,
	OAUTH_DAMAGED, /* a line is damaged, which may have been this one */
};

/* Digests of `parts`, each of which ends somewhere. False where OpenSSL has no SHA-256. */
bool oauth_digest(struct arena *arena, const slice *parts, size_t n, slice *digest);

/* Looks into a file's content. An entry of another origin counts for nothing. */
enum oauth_found oauth_find(
    struct arena *arena, slice content, const struct oauth_key *key, struct oauth_entry *entry);

/* The content with this entry in the place of the one it had; other lines stay as they are. */
slice oauth_replaced(struct arena *arena, slice content, const struct oauth_key *key,
    const struct oauth_entry *entry);

struct oauth_cache {
	struct arena *arena;
	const char *place; /* these by oauth_cache_open() */
	int lock;          /* descriptor of FILE.lock; -1: it is not held */
	int fresh;         /* of FILE.new, once room was made there; -1 */
};

/*
 * Finds the file, or makes an empty one. False with a sentence in `error`, as the others: links and
 * folders as in file_state(), or others may read it. Needs oauth_cache_close(), which also lets go
 * of the lock, whatever it returns.
 */
bool oauth_cache_open(
    struct oauth_cache *cache, struct arena *arena, const char *path, struct str *error);
void oauth_cache_close(struct oauth_cache *cache);

bool oauth_cache_read(struct oauth_cache *cache, slice *content, struct str *error);

/* Tries to get the lock, without waiting: `*held` says whether it is. */
bool oauth_cache_lock(struct oauth_cache *cache, bool *held, struct str *error);

/*
 * Makes FILE.new with room on the disk, before a token is asked for that could not be kept
 * otherwise. With the lock.
 */
bool oauth_cache_prepare(struct oauth_cache *cache, struct str *error);

/* Writes it, and waits for the disk. After oauth_cache_prepare(). */
bool oauth_cache_write(struct oauth_cache *cache, slice content, struct str *error);

#endif
