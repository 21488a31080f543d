/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A greylist without time: it forgets everything when it is full. Triplets are kept in a list
 * that is searched from one end to the other, for it exists to make a verdict change once.
 */
#include "greylist.h"

#include <stdlib.h>
#include <string.h>

#define MOST 4096

struct greylist {
	char *seen[MOST];
	size_t count;
};

struct greylist *
greylist_new(void)
{
	return make(sizeof(struct greylist));
}

static void
empty(struct greylist *g)
{
	while (g->count)
		free(g->seen[--g->count]);
}

void
greylist_free(struct greylist *g)
{
	empty(g);
	free(g);
}

bool
greylist_first(struct greylist *g, const union address *peer, const char *from, struct slice to)
{
	struct bytes key = { 0 };
	char host[INET6_ADDRSTRLEN];
	bool known = false;

	address_text(peer, host, sizeof(host));
	bytes_format(&key, "%s %s %.*s", host, from, (int)to.len, to.at);
	for (size_t i = 0; i < g->count && !known; i++)
		known = slice_is((struct slice){ key.at, key.len }, g->seen[i]);
	if (!known) {
		if (g->count == MOST)
			empty(g);
		g->seen[g->count++] = make_text(key.at, key.len);
	}
	bytes_free(&key);
	return !known;
}
