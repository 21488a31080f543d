/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Growable byte buffers, slices of bytes that belong to somebody else, and base64. Running out of
 * memory ends the program: a sandbox has nobody to apologize to.
 */
#ifndef SANDBOX_BYTES_H
#define SANDBOX_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct slice {
	const char *at;
	size_t len;
};

struct bytes {
	char *at;
	size_t len, cap;
};

/* calloc and strdup that do not fail. */
void *make(size_t size);
char *make_text(const char *at, size_t len);

void bytes_add(struct bytes *b, const void *at, size_t len);
void bytes_text(struct bytes *b, const char *text);
void bytes_format(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bytes_vformat(struct bytes *b, const char *format, va_list args);
/* Removes the first len bytes; an emptied buffer that had grown gives its memory back. */
void bytes_drop(struct bytes *b, size_t len);
void bytes_insert(struct bytes *b, size_t where, const void *at, size_t len);
void bytes_free(struct bytes *b);

struct slice slice_of(const char *text);
/* Equality: byte for byte, and without regard to the case of ASCII letters. */
bool slice_equals(struct slice s, const char *text);
bool slice_is(struct slice s, const char *word);
/* Takes what stands before the first `end` off the front of s, the `end` with it; all if none. */
struct slice slice_until(struct slice *s, char end);
/* Takes a prefix off the front, letters in any case. */
bool slice_skip(struct slice *s, const char *prefix);
/* Whether `word` is among the parts of `list`, which are separated by `by`. */
bool list_has(const char *list, char by, const char *word);

void base64_add(struct bytes *b, const void *at, size_t len);
/* Strict RFC 4648: padding in place, no other characters. Appends to b, false if malformed. */
bool base64_decode(struct bytes *b, struct slice text);

#endif
