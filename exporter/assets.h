/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ASSETS_H
#define ASSETS_H

/* The files of the page, as they stand in exporter/page/, built in. */

#include "slice.h"

struct asset {
	const char *path, *type;
	const char *begin, *end;
};

/* Ended by a NULL path. */
extern const struct asset assets[];

#endif
