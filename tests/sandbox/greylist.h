/* SPDX-License-Identifier: BSD-2-Clause */

/* Who has been seen before: the triplets of address, sender and recipient. */
#ifndef SANDBOX_GREYLIST_H
#define SANDBOX_GREYLIST_H

#include "bytes.h"
#include "server.h"

struct greylist;

struct greylist *greylist_new(void);
void greylist_free(struct greylist *g);
/* Whether this triplet is new; it is not the next time. */
bool greylist_first(struct greylist *g, const union address *peer, const char *from,
    struct slice to);

#endif
