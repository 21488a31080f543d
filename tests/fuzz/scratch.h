/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SCRATCH_H
#define SCRATCH_H

/*
 * For what reads a file that names other files. From the first scratch_write() on no file is opened
 * by a name that leads out of the working folder, whatever the bytes have made of it.
 */

#include "fuzz.h"

/* Makes these bytes the whole content of a file in the working folder. One name for all calls. */
void scratch_write(const char *name, const uint8_t *data, size_t n);

/* One line for people: something in it, and no control characters. */
void demand_readable(slice sentence);

#endif
