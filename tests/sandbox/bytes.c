/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Buffers, slices, base64. A buffer keeps at most KEEP bytes of memory when it becomes empty, so
 * that thousands of idle connections cost next to nothing.
 */
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#define KEEP 1024

void *
make(size_t size)
{
	void *p = calloc(1, size);

	if (!p) {
		fputs("mailprobe-sandbox: out of memory\n", stderr);
		abort();
	}
	return p;
}

char *
make_text(const char *at, size_t len)
{
	char *text = make(len + 1);

	memcpy(text, at, len);
	return text;
}

static void
reserve(struct bytes *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 256;

	if (b->len + more <= b->cap)
		return;
	while (cap < b->len + more)
		cap *= 2;
	b->at = realloc(b->at, cap);
	if (!b->at) {
		fputs("mailprobe-sandbox: out of memory\n", stderr);
		abort();
	}
	b->cap = cap;
}

void
bytes_add(struct bytes *b, const void *at, size_t len)
{
	if (!len)
		return;
	reserve(b, len);
	memcpy(b->at + b->len, at, len);
	b->len += len;
}

void
bytes_text(struct bytes *b, const char *text)
{
	bytes_add(b, text, strlen(text));
}

void
bytes_vformat(struct bytes *b, const char *format, va_list args)
{
	va_list again;
	int need;

	va_copy(again, args);
	reserve(b, 128);
	need = vsnprintf(b->at + b->len, b->cap - b->len, format, args);
	if (need > 0 && (size_t)need >= b->cap - b->len) {
		reserve(b, (size_t)need + 1);
		vsnprintf(b->at + b->len, b->cap - b->len, format, again);
	}
	va_end(again);
	if (need > 0)
		b->len += (size_t)need;
}

void
bytes_format(struct bytes *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bytes_vformat(b, format, args);
	va_end(args);
}

void
bytes_drop(struct bytes *b, size_t len)
{
	if (len < b->len) {
		memmove(b->at, b->at + len, b->len - len);
		b->len -= len;
	} else if (b->cap > KEEP) {
		bytes_free(b);
	} else {
		b->len = 0;
	}
}

void
bytes_insert(struct bytes *b, size_t where, const void *at, size_t len)
{
	reserve(b, len);
	memmove(b->at + where + len, b->at + where, b->len - where);
	memcpy(b->at + where, at, len);
	b->len += len;
}

void
bytes_free(struct bytes *b)
{
	free(b->at);
	*b = (struct bytes){ 0 };
}

struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

bool
slice_equals(struct slice s, const char *text)
{
	return s.len == strlen(text) && !memcmp(s.at, text, s.len);
}

bool
slice_is(struct slice s, const char *word)
{
	return s.len == strlen(word) && !strncasecmp(s.at, word, s.len);
}

struct slice
slice_until(struct slice *s, char end)
{
	const char *stop = s->len ? memchr(s->at, end, s->len) : NULL;
	struct slice part = { s->at, stop ? (size_t)(stop - s->at) : s->len };
	size_t taken = part.len + (stop != NULL);

	s->at += taken;
	s->len -= taken;
	return part;
}

bool
slice_skip(struct slice *s, const char *prefix)
{
	size_t len = strlen(prefix);

	if (s->len < len || strncasecmp(s->at, prefix, len))
		return false;
	s->at += len;
	s->len -= len;
	return true;
}

bool
list_has(const char *list, char by, const char *word)
{
	struct slice rest = slice_of(list);

	while (rest.len)
		if (slice_is(slice_until(&rest, by), word))
			return true;
	return false;
}

void
base64_add(struct bytes *b, const void *at, size_t len)
{
	reserve(b, (len + 2) / 3 * 4 + 1);
	b->len += (size_t)EVP_EncodeBlock((unsigned char *)b->at + b->len, at, (int)len);
}

static bool
base64_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
	    || c == '+' || c == '/';
}

bool
base64_decode(struct bytes *b, struct slice text)
{
	size_t letters = text.len;

	if (text.len % 4)
		return false;
	while (letters && letters + 2 > text.len && text.at[letters - 1] == '=')
		letters--;
	for (size_t i = 0; i < letters; i++)
		if (!base64_letter(text.at[i]))
			return false;
	if (!text.len)
		return true;
	reserve(b, text.len / 4 * 3);
	if (EVP_DecodeBlock((unsigned char *)b->at + b->len, (const unsigned char *)text.at,
	    (int)text.len) < 0)
		return false;
	b->len += text.len / 4 * 3 - (text.len - letters);
	return true;
}
