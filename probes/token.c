/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens: a few numbers, and the HMAC over their text. */
#include "token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { NUMBERS = 5, SIGNATURE = 16, TEXT_MAX = 160 };

#define BEGIN "mp1-"

static uint64_t
first_64(const unsigned char *digest)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | digest[i];
	return number;
}

/* Without a provider of HMAC nothing is signed, and nothing is believed. */
static bool
sign(slice key, slice text, unsigned char digest[EVP_MAX_MD_SIZE])
{
	return HMAC(EVP_sha256(), key.at, (int)key.n, (const unsigned char *)text.at, text.n,
	           digest, NULL)
	    != NULL;
}

slice
token_make(struct arena *arena, slice key, const struct token *token)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct str text = str_in(arena);

	str_addf(&text, BEGIN "%016llx-%llx-%llx-%llx-%016llx", (unsigned long long)token->instance,
	    (unsigned long long)token->sequence, (unsigned long long)token->sent,
	    (unsigned long long)token->until, (unsigned long long)token->body);
	if (!sign(key, str_slice(&text), digest))
		return (slice){ NULL, 0 };
	str_addc(&text, '-');
	for (int i = 0; i < SIGNATURE; i++)
		str_addf(&text, "%02x", digest[i]);
	return str_slice(&text);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 1*16HEXDIG in lower case, up to the next hyphen. */
static bool
number(slice *rest, uint64_t *value)
{
	slice digits = slice_cut(rest, '-');

	*value = 0;
	if (digits.n == 0 || digits.n > 16)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digit(digits.at[i]) < 0)
			return false;
		*value = *value << 4 | (uint64_t)digit(digits.at[i]);
	}
	return true;
}

static bool
signature(slice text, unsigned char bytes[SIGNATURE])
{
	if (text.n != 2 * SIGNATURE)
		return false;
	for (int i = 0; i < SIGNATURE; i++) {
		int high = digit(text.at[2 * i]), low = digit(text.at[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool
token_read(slice key, slice value, struct token *token)
{
	unsigned char digest[EVP_MAX_MD_SIZE], claimed[SIGNATURE];
	size_t at = slice_find(value, S(BEGIN)), n = 0;
	uint64_t numbers[NUMBERS];
	slice text = slice_skip(value, at), rest;

	while (n < text.n && n < TEXT_MAX
	    && (digit(text.at[n]) >= 0 || text.at[n] == '-' || n < sizeof BEGIN - 1))
		n++;
	text = slice_head(text, n);
	rest = slice_skip(text, sizeof BEGIN - 1);
	for (int i = 0; i < NUMBERS; i++)
		if (!rest.at || !number(&rest, &numbers[i]))
			return false;
	if (!rest.at || !signature(rest, claimed)
	    || !sign(key, slice_head(text, text.n - rest.n - 1), digest)
	    || CRYPTO_memcmp(digest, claimed, SIGNATURE) != 0)
		return false;
	*token = (struct token){ .instance = numbers[0],
		.sequence = numbers[1],
		.sent = (time_t)numbers[2],
		.until = (time_t)numbers[3],
		.body = numbers[4] };
	return true;
}

slice
token_prefix(struct arena *arena, uint64_t instance)
{
	return str_f(arena, BEGIN "%016llx-", (unsigned long long)instance);
}

uint64_t
token_digest(slice body)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t empty = 0;
	bool good = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL);

	while (good && body.n > 0) {
		slice line = slice_cut(&body, '\n');

		if (line.n > 0 && line.at[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0) {
			empty++;
			continue;
		}
		for (; good && empty > 0; empty--)
			good = EVP_DigestUpdate(context, "\n", 1);
		good = good && EVP_DigestUpdate(context, line.at, line.n)
		    && EVP_DigestUpdate(context, "\n", 1);
	}
	good = good && EVP_DigestFinal_ex(context, digest, NULL);
	EVP_MD_CTX_free(context);
	return good ? first_64(digest) : 0;
}

uint64_t
token_instance(slice key)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	return sign(key, S("instance"), digest) ? first_64(digest) : 0;
}
