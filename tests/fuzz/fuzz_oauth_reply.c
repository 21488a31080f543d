/* SPDX-License-Identifier: BSD-2-Clause */
/* A token endpoint's reply: what is taken out of it must have been in it, and twice the same. */
#include "fuzz.h"
#include "oauth_reply.h"

static void
part_of(slice whole, slice part)
{
	/* An escape is longer than what it stands for. */
	demand(part.n <= whole.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice json = { (const char *)data, n };
	struct arena *arena = arena_new(16 << 20);
	struct oauth_reply reply = { .expires_in = 42 }, again;

	demand(arena != NULL);
	if (!oauth_reply_parse(arena, json, &reply))
		demand(reply.expires_in == 42 && !reply.access_token.at && !reply.error.at);
	else {
		part_of(json, reply.access_token);
		part_of(json, reply.token_type);
		part_of(json, reply.refresh_token);
		part_of(json, reply.error);
		part_of(json, reply.description);
		demand(reply.limited || reply.expires_in == 0);
		demand(reply.expires_in <= 366 * 86400);
		demand(oauth_reply_parse(arena, json, &again));
		demand(slice_eq(again.access_token, reply.access_token));
	}
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
