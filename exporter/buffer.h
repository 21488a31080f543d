/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BUFFER_H
#define BUFFER_H

/*
 * Text of any size under construction, in malloc'ed memory that its owner frees: what is handed to
 * libmicrohttpd, or kept between runs. Without memory it keeps what it had and remembers `failed`.
 */

#include "slice.h"

struct buffer {
	char *at;
	size_t n, size;
	bool failed;
};

/* Room for `n` more bytes; false without memory. */
bool buffer_room(struct buffer *buffer, size_t n);

static inline void
buffer_add(struct buffer *buffer, slice s)
{
	if (buffer->size - buffer->n < s.n && !buffer_room(buffer, s.n))
		return;
	if (s.n > 0)
		memcpy(buffer->at + buffer->n, s.at, s.n);
	buffer->n += s.n;
}

static inline slice
buffer_slice(const struct buffer *buffer)
{
	return (slice){ buffer->at ? buffer->at : "", buffer->n };
}

static inline void
buffer_addz(struct buffer *buffer, const char *z)
{
	buffer_add(buffer, slice_z(z));
}

void buffer_addf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A number in decimal digits. /metrics has hundreds of thousands of them. */
void buffer_number(struct buffer *buffer, uint64_t number);

/* Frees what it holds, and leaves it empty. */
void buffer_free(struct buffer *buffer);

/* The pieces, one behind the other, in gzip's form (RFC 1952). False without memory. */
bool buffer_gzip(struct buffer *out, const slice *pieces, size_t n);

#endif
