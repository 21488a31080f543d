/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of the DNS: the first byte of the input is the type that is asked for, the rest the message.
 * What was unpacked must be whole names and no longer than names can be.
 */
#include <arpa/nameser.h>

#include "dns_message.h"
#include "fuzz.h"

/* What is left behind a name, which must be there. */
static slice
behind_name(slice data)
{
	size_t n = 0;

	while (n < data.n && data.at[n] != 0) {
		demand((unsigned char)data.at[n] < 64);
		n += 1U + (unsigned char)data.at[n];
	}
	demand(n < data.n && n < NS_MAXCDNAME);
	return slice_skip(data, n + 1);
}

static void
look_at(slice data, unsigned type)
{
	switch (type) {
	case ns_t_mx:
		demand(behind_name(slice_skip(data, 2)).n == 0);
		break;
	case ns_t_srv:
		demand(behind_name(slice_skip(data, 6)).n == 0);
		break;
	case ns_t_ns:
	case ns_t_cname:
	case ns_t_ptr:
		demand(behind_name(data).n == 0);
		break;
	case ns_t_soa:
		demand(behind_name(behind_name(data)).n == 20);
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice input = { (const char *)data, n };
	unsigned type = feed_byte(&input);
	struct arena *arena = arena_new(4 << 20);
	struct dns_message message = { .rcode = 99 };

	demand(arena != NULL);
	if (dns_message_read(arena, input, type, &message)) {
		demand(message.rcode < 16 && message.ttl <= INT32_MAX);
		demand(message.canonical.n < NS_MAXDNAME);
		demand(message.records.n <= 500);
		for (size_t i = 0; i < message.records.n; i++)
			look_at(message.records.items[i], type);
	} else {
		demand(message.rcode == 99 && message.records.n == 0);
	}
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
