/* SPDX-License-Identifier: BSD-2-Clause */
/* Growing text; large ones move by page tables, so that doubling costs no copies to speak of. */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

enum { FIRST = 512, LARGE = 4 << 20 };

/*
 * Asks for large pages, where the system has them for those who ask: making small ones, one by one,
 * takes more time than writing /metrics of 10,000 targets into them.
 */
static void
enlarge_pages(const struct buffer *buffer)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)buffer->at + page - 1) / page * page;

	madvise((void *)from, (uintptr_t)buffer->at + buffer->size - from, MADV_HUGEPAGE);
}

bool
buffer_room(struct buffer *buffer, size_t n)
{
	size_t size = buffer->size ? buffer->size : n > FIRST ? n : FIRST;
	char *larger;

	while (!buffer->failed && size - buffer->n < n)
		buffer->failed = __builtin_mul_overflow(size, 2, &size);
	if (buffer->failed || !(larger = realloc(buffer->at, size))) {
		buffer->failed = true;
		return false;
	}
	buffer->at = larger;
	buffer->size = size;
	if (size >= LARGE)
		enlarge_pages(buffer);
	return true;
}

void
buffer_addf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n < 0 || !buffer_room(buffer, (size_t)n + 1))
		return;
	va_start(arguments, format);
	vsnprintf(buffer->at + buffer->n, (size_t)n + 1, format, arguments);
	va_end(arguments);
	buffer->n += (size_t)n;
}

void
buffer_number(struct buffer *buffer, uint64_t number)
{
	char text[20], *at = text + sizeof text;

	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	buffer_add(buffer, (slice){ at, (size_t)(text + sizeof text - at) });
}

void
buffer_free(struct buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct buffer){ 0 };
}

static bool
deflate_piece(z_stream *z, struct buffer *out, slice piece, bool last)
{
	z->next_in = (unsigned char *)piece.at;
	z->avail_in = (unsigned)piece.n;
	do {
		if (!buffer_room(out, 4096))
			return false;
		z->next_out = (unsigned char *)out->at + out->n;
		z->avail_out = (unsigned)(out->size - out->n);
		deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
		out->n = out->size - z->avail_out;
	} while (z->avail_out == 0);
	return true;
}

/*
 * The fastest level; a small text gets a small window, because making a large one ready takes
 * longer than packing a page of metrics.
 */
bool
buffer_gzip(struct buffer *out, const slice *pieces, size_t n)
{
	enum { GZIP = 16, PART = 1 << 20 };
	z_stream z = { 0 };
	size_t total = 0;
	bool done;

	for (size_t i = 0; i < n; i++)
		total += pieces[i].n;
	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, (total < 16384 ? 12 : 15) + GZIP,
	        total < 16384 ? 5 : 8, Z_DEFAULT_STRATEGY)
	    != Z_OK)
		return false;
	done = true;
	for (size_t i = 0; i < n && done; i++)
		for (slice rest = pieces[i]; rest.n > 0 && done; rest = slice_skip(rest, PART))
			done = deflate_piece(&z, out, slice_head(rest, PART), false);
	done = done && deflate_piece(&z, out, S(""), true);
	deflateEnd(&z);
	return done;
}
