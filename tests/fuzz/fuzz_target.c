/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody asks /probe for as ?target=: taken apart and put together it is the same, and what
 * a module then aims at is a host and a port or a sentence.
 */
#include "config.h"
#include "probes.h"
#include "scratch.h"

static void
aim(struct arena *arena, const char *host, unsigned port)
{
	const struct module module = { .type = &probe_smtp, .opts = (void *)probe_smtp.defaults };
	struct str error = str_in(arena);
	const struct probe_opts *aimed = config_aim(&module, host, port, arena, &error);

	demand((aimed == NULL) == (error.n > 0));
	if (!aimed) {
		demand_readable(str_slice(&error));
		return;
	}
	demand_readable(slice_z(aimed->host));
	demand(!strpbrk(aimed->host, " []/"));
	demand(port == 0 || aimed->port.number == port);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	slice text = { (const char *)data, n };
	const char *host = NULL, *again;
	unsigned port = 65536, number;

	if (!target_parse(text, arena, &host, &port, &error)) {
		demand(error.n > 0 && !host && port == 65536);
		arena_free(arena);
		return 0;
	}
	demand(error.n == 0 && host && port <= 65535);
	demand(slice_starts(text, slice_z(host)));
	if (port > 0 && strlen(host) + 1 < n && !memchr(data, 0, n)) {
		slice joined = str_f(arena, "%s:%u", host, port);

		demand(target_parse(joined, arena, &again, &number, &error));
		demand(strcmp(again, host) == 0 && number == port);
	}
	aim(arena, host, port);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
