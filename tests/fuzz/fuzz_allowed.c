/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may be probed: the first line is the name that is asked for, the second an address it has,
 * the others are allowed_targets. Judged again here, from the header's words.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "allowed.h"
#include "fuzz.h"

enum { ENTRIES = 32 };

struct asked {
	const char *host;
	unsigned char bytes[16]; /* IPv4 as IPv4-mapped */
	bool special, loopback;
};

static bool
parse_address(const char *text, unsigned char *bytes)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(bytes, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, bytes + 12) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* Whether an entry is a network, and has the address within. */
static bool
covers(const char *entry, const unsigned char *bytes, bool *network)
{
	const char *slash = strchr(entry, '/');
	char address[64] = "";
	unsigned char base[16];
	unsigned bits = slash ? (unsigned)atoi(slash + 1) : 128;

	strncat(address, entry, slash ? (size_t)(slash - entry) : sizeof address - 1);
	*network = parse_address(address, base);
	if (!*network)
		return false;
	/* A prefix counts in what the entry is, and IPv4 is that as well which came mapped. */
	if (slash && memcmp(base, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0)
		bits += 96;
	else if (memcmp(base, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) != 0
	    && memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0)
		return false; /* IPv4 is in no network of IPv6 */
	for (unsigned i = 0; i < bits; i++)
		if (((base[i / 8] ^ bytes[i / 8]) >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

static bool
name_matches(const char *pattern, const char *name)
{
	size_t n = strlen(name), m = strlen(pattern);

	n -= n > 1 && name[n - 1] == '.';
	m -= m > 1 && pattern[m - 1] == '.';
	if (m == 1 && *pattern == '*')
		return true;
	if (m > 1 && pattern[0] == '*' && pattern[1] == '.')
		return n >= m && strncasecmp(name + n - (m - 1), pattern + 1, m - 1) == 0;
	return n == m && strncasecmp(name, pattern, n) == 0;
}

static bool
local(const char *host)
{
	return name_matches("localhost", host) || name_matches("*.localhost", host);
}

static void
judge(const struct allowed *allowed, const char *const *entries, size_t n,
    const struct asked *asked, const struct sockaddr *at)
{
	unsigned char bytes[16];
	bool bare = parse_address(asked->host, bytes) || strchr(asked->host, ':');
	bool named = false, within = false, network;
	size_t networks = 0, names;

	for (size_t i = 0; i < n; i++) {
		bool covered = covers(entries[i], asked->bytes, &network);

		networks += network;
		within |= covered;
		named |= !network && name_matches(entries[i], asked->host);
	}
	names = n - networks;
	demand(allowed->n == networks && allowed->names.n == names);
	demand(allowed_name(allowed, asked->host) == (bare || names == 0 ? networks > 0 : named));
	if (networks > 0)
		demand(allowed_address(allowed, asked->host, at) == within);
	else if (names == 0)
		demand(!allowed_address(allowed, asked->host, at));
	else if (asked->loopback)
		demand(allowed_address(allowed, asked->host, at) == local(asked->host));
	else
		demand(allowed_address(allowed, asked->host, at) == !asked->special);
}

/* Fills both; false for what is no address. */
static bool
address_of(const char *text, struct asked *asked, struct sockaddr_storage *at)
{
	struct sockaddr_in *four = (struct sockaddr_in *)at;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)at;
	struct in6_addr address;

	if (!parse_address(text, asked->bytes))
		return false;
	memcpy(&address, asked->bytes, sizeof address);
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
		at->ss_family = AF_INET;
	else {
		at->ss_family = AF_INET6;
		six->sin6_addr = address;
	}
	if (IN6_IS_ADDR_V4MAPPED(&address)) {
		const unsigned char *b = asked->bytes + 12;

		asked->loopback = b[0] == 127;
		asked->special = b[0] == 0 || b[0] >= 224 || (b[0] == 169 && b[1] == 254);
		return true;
	}
	asked->loopback = IN6_IS_ADDR_LOOPBACK(&address);
	asked->special = IN6_IS_ADDR_MULTICAST(&address) || IN6_IS_ADDR_LINKLOCAL(&address)
	    || IN6_IS_ADDR_V4COMPAT(&address) || IN6_IS_ADDR_UNSPECIFIED(&address);
	return true;
}

/* A second address with the same meaning in another dress gets the same answer. */
static void
disguised(const struct allowed *allowed, const struct asked *asked, const struct sockaddr *at)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	memcpy(&six.sin6_addr, asked->bytes, 16);
	demand(allowed_address(allowed, asked->host, at)
	    == allowed_address(allowed, asked->host, (const struct sockaddr *)&six));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *arena = arena_new(1 << 20);
	struct allowed allowed = { .given = true };
	const char *entries[ENTRIES];
	struct asked asked = { 0 };
	struct sockaddr_storage at = { 0 };
	slice rest = { (const char *)data, n };
	size_t count = 0;
	bool good;

	asked.host = arena_copy(arena, slice_cut(&rest, '\n')).at;
	good = rest.at && address_of(arena_copy(arena, slice_cut(&rest, '\n')).at, &asked, &at);
	while (good && rest.at && count < ENTRIES) {
		const char *entry = arena_copy(arena, slice_cut(&rest, '\n')).at;
		struct str error = str_in(arena);
		size_t before = allowed.n + allowed.names.n;
		bool added = allowed_add(&allowed, arena, entry, &error);

		demand(added == (error.n == 0) && allowed.n + allowed.names.n == before + added);
		if (added)
			entries[count++] = entry;
	}
	if (good) {
		judge(&allowed, entries, count, &asked, (const struct sockaddr *)&at);
		disguised(&allowed, &asked, (const struct sockaddr *)&at);
	}
	arena_free(arena);
	return 0;
}
