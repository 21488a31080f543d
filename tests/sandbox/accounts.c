/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Accounts, in a list: a sandbox has a handful. The expensive part of SCRAM, PBKDF2, is done once
 * for each account and digest, or the server would be the slow part of a benchmark.
 */
#include "accounts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define DEFAULT_ACCOUNT "probe@sandbox.test:correct-horse"
#define DEFAULT_TOKEN   "probe@sandbox.test:sandbox-token"

struct secret {
	char *user, *value;
	struct secret *next;
	struct scram_keys sha1, sha256;
};

struct accounts {
	struct secret *passwords, *tokens;
};

static bool
add(struct secret **list, const char *spec)
{
	const char *colon = strchr(spec, ':');
	struct secret *s;

	if (!colon || colon == spec || !colon[1])
		return false;
	s = make(sizeof(*s));
	s->user = make_text(spec, (size_t)(colon - spec));
	s->value = make_text(colon + 1, strlen(colon + 1));
	while (*list)
		list = &(*list)->next;
	*list = s;
	return true;
}

static struct secret *
find(struct secret *list, struct slice user)
{
	while (list && !slice_is(user, list->user))
		list = list->next;
	return list;
}

static bool
matches(const struct secret *s, struct slice value)
{
	return s && strlen(s->value) == value.len && !CRYPTO_memcmp(s->value, value.at, value.len);
}

struct accounts *
accounts_new(void)
{
	return make(sizeof(struct accounts));
}

static void
free_list(struct secret *s)
{
	while (s) {
		struct secret *next = s->next;

		free(s->user);
		free(s->value);
		free(s);
		s = next;
	}
}

void
accounts_free(struct accounts *a)
{
	free_list(a->passwords);
	free_list(a->tokens);
	free(a);
}

bool
accounts_add(struct accounts *a, const char *spec)
{
	return add(&a->passwords, spec);
}

bool
accounts_add_token(struct accounts *a, const char *spec)
{
	return add(&a->tokens, spec);
}

long
accounts_add_file(struct accounts *a, const char *file)
{
	FILE *in = fopen(file, "re");
	char *line = NULL;
	size_t cap = 0;
	long number = 0, bad = 0;

	if (!in)
		return -1;
	errno = 0;
	while (!bad && getline(&line, &cap, in) > 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (*line && *line != '#' && !accounts_add(a, line))
			bad = number;
	}
	if (ferror(in))
		bad = -1;
	free(line);
	fclose(in);
	return bad;
}

const char *
accounts_default(struct accounts *a)
{
	if (!a->passwords)
		accounts_add(a, DEFAULT_ACCOUNT);
	if (!a->tokens)
		accounts_add_token(a, DEFAULT_TOKEN);
	return a->passwords->user;
}

bool
accounts_has(const struct accounts *a, struct slice user)
{
	return find(a->passwords, user);
}

bool
accounts_check(const struct accounts *a, struct slice user, struct slice password)
{
	return matches(find(a->passwords, user), password);
}

bool
accounts_token(const struct accounts *a, struct slice user, struct slice token)
{
	return matches(find(a->tokens, user), token);
}

bool
accounts_have_tokens(const struct accounts *a)
{
	return a->tokens;
}

const char *
accounts_password(const struct accounts *a, struct slice user)
{
	const struct secret *s = find(a->passwords, user);

	return s ? s->value : NULL;
}

static void
make_keys(struct scram_keys *k, const char *password, const EVP_MD *md)
{
	unsigned char salted[EVP_MAX_MD_SIZE], client[EVP_MAX_MD_SIZE];
	int len = EVP_MD_get_size(md);

	RAND_bytes(k->salt, sizeof(k->salt));
	PKCS5_PBKDF2_HMAC(password, -1, k->salt, sizeof(k->salt), SCRAM_ITERATIONS, md, len,
	    salted);
	HMAC(md, salted, len, (const unsigned char *)"Client Key", 10, client, NULL);
	EVP_Digest(client, (size_t)len, k->stored, NULL, md, NULL);
	HMAC(md, salted, len, (const unsigned char *)"Server Key", 10, k->server, NULL);
	k->made = true;
}

const struct scram_keys *
accounts_scram(struct accounts *a, struct slice user, const char *digest)
{
	struct secret *s = find(a->passwords, user);
	struct scram_keys *k;

	if (!s)
		return NULL;
	k = strcmp(digest, "SHA1") ? &s->sha256 : &s->sha1;
	if (!k->made)
		make_keys(k, s->value, strcmp(digest, "SHA1") ? EVP_sha256() : EVP_sha1());
	return k;
}
