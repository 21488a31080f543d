/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_H
#define FUZZ_H

/*
 * What the fuzzers share: a demand that ends the process, so that the input is kept, and a feed of
 * bytes.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What must hold, in its own words, which the report then has. */
#define demand(held) \
	do { \
		if (!(held)) { \
			fprintf(stderr, "%s:%d: not held: %s\n", __FILE__, __LINE__, #held); \
			abort(); \
		} \
	} while (0)

/* The next byte of what is left, 0 behind the end. */
static inline unsigned char
feed_byte(slice *rest)
{
	unsigned char byte = rest->n > 0 ? (unsigned char)rest->at[0] : 0;

	*rest = slice_skip(*rest, 1);
	return byte;
}

/* A piece of what is left, of a length that it says itself in one byte. */
static inline slice
feed_piece(slice *rest)
{
	size_t n = feed_byte(rest);
	slice piece = slice_head(*rest, n);

	*rest = slice_skip(*rest, piece.n);
	return piece;
}

#endif
