/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MASK_H
#define MASK_H

/*
 * Secrets are recognised by value wherever they turn up, in the server's words too. A mask is a
 * list of byte strings; what is found of them is replaced by "****".
 */

#include "result.h"

/*
 * Adds to `masks` the bytes themselves, their base64 in each of the three alignments it can have
 * inside a longer text (without the characters that the neighbours decide) and in both alphabets,
 * and their hexadecimal, percent-encoded, backslash-quoted and HTML forms. Nothing for an empty
 * secret. Masks are found in any letter case.
 */
void mask_add(struct arena *arena, struct list *masks, slice secret);

/* `text` with all masks applied: the same slice where none occurs, else a new one in the arena. */
slice mask_apply(struct arena *arena, const struct list *masks, slice text);

#endif
