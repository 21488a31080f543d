/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef B64_H
#define B64_H

/* Base64 with the standard alphabet and padding (RFC 4648 section 4), as SASL profiles use it. */

#include "str.h"

/* Adds the encoding of `bytes` to `out`: one line, padded. */
void b64_encode(struct str *out, slice bytes);

/*
 * Adds what `text` encodes to `out`. Strict: whole groups of four, padding only at the end, unused
 * bits zero, no white space. False, and `out` as it was, otherwise.
 */
bool b64_decode(struct str *out, slice text);

#endif
