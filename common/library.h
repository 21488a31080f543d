/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LIBRARY_H
#define LIBRARY_H

/*
 * Shared libraries that few runs need, opened when one does: the others do not pay for loading
 * them. Once open they stay so for the life of the process, and opening one again costs little.
 */

#include "str.h"

struct library_symbol {
	const char *name;
	void *to; /* a pointer to function, to be set */
};

/*
 * Opens the library `file` ("libunbound.so.8") and looks its symbols up, of which the last has no
 * name. False with a sentence in `error`, which says that `package` has it; so always in a program
 * that is linked statically.
 */
bool library_open(
    const char *file, const char *package, const struct library_symbol *symbols, struct str *error);

#endif
