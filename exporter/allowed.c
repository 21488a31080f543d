/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Targets that come from a URL are hostile input (CVE-2020-16248 and its kind). Names are compared
 * here; addresses as the bytes that connect(2) gets, so that no spelling makes a difference.
 */
#include "allowed.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* An address as bytes, IPv4 where that is what it reaches. */
static struct network
normal(int family, const unsigned char *bytes)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct network at = { .family = family, .bits = family == AF_INET ? 32 : 128 };

	if (family == AF_INET6 && memcmp(bytes, mapped, sizeof mapped) == 0)
		return normal(AF_INET, bytes + sizeof mapped);
	memcpy(at.bytes, bytes, at.bits / 8);
	return at;
}

static bool
parse_address(const char *text, struct network *address)
{
	unsigned char bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1)
		*address = normal(AF_INET, bytes);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		*address = normal(AF_INET6, bytes);
	else
		return false;
	return true;
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, whole) == 0
	    && (rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0);
}

static bool
within(const struct network *network, const struct network *address)
{
	return network->family == address->family
	    && same_bits(network->bytes, address->bytes, network->bits);
}

/* True for what looks like an address or network; `*good` whether it is one. */
static bool
parse_network(struct arena *arena, const char *text, struct network *network, bool *good)
{
	slice length = slice_z(text);
	const char *address = arena_copy(arena, slice_cut(&length, '/')).at;
	unsigned char none[16] = { 0 };
	uint64_t bits;
	bool whole = address && parse_address(address, network);

	if (!whole && !length.at)
		return false;
	*good = whole;
	if (!whole || !length.at)
		return true;
	*good = slice_number(length, network->bits, &bits);
	if (!*good)
		return true;
	for (unsigned i = 0; i < (unsigned)bits; i++) /* what the mask keeps */
		none[i / 8] |= network->bytes[i / 8] & (unsigned char)(0x80 >> i % 8);
	*good = memcmp(none, network->bytes, sizeof none) == 0;
	network->bits = (unsigned)bits;
	return true;
}

static bool
name_good(slice name)
{
	if (slice_eq(name, S("*")))
		return true;
	if (slice_starts(name, S("*.")))
		name = slice_skip(name, 2);
	for (size_t i = 0; i < name.n; i++) {
		char c = name.at[i] | 0x20;

		if (!((c >= 'a' && c <= 'z') || (name.at[i] >= '0' && name.at[i] <= '9')
		        || name.at[i] == '-' || name.at[i] == '_' || name.at[i] == '.'
		        || (unsigned char)name.at[i] >= 0x80))
			return false;
	}
	return name.n > 0;
}

bool
allowed_add(struct allowed *allowed, struct arena *arena, const char *text, struct str *error)
{
	struct network network;
	size_t size = allowed->size ? allowed->size * 2 : 8;
	bool good;

	if (!parse_network(arena, text, &network, &good)) {
		if (name_good(slice_z(text))) {
			list_add(arena, &allowed->names, slice_z(text));
			return true;
		}
		str_addf(error,
		    "\"%s\" is no target: write a name, *.example.org, an address or a network",
		    text);
		return false;
	}
	if (!good) {
		str_addf(error,
		    "\"%s\" is no network: write 192.0.2.0/24, with zeros behind the prefix", text);
		return false;
	}
	if (allowed->n == allowed->size) {
		struct network *more = arena_array(arena, size, sizeof *more);

		if (!more)
			return true; /* the arena remembers */
		if (allowed->n > 0)
			memcpy(more, allowed->networks, allowed->n * sizeof *more);
		allowed->networks = more;
		allowed->size = size;
	}
	allowed->networks[allowed->n++] = network;
	return true;
}

static slice
without_dot(slice name)
{
	return name.n > 1 && name.at[name.n - 1] == '.' ? slice_head(name, name.n - 1) : name;
}

static bool
matches(slice pattern, slice name)
{
	pattern = without_dot(pattern);
	if (slice_eq(pattern, S("*")))
		return true;
	if (!slice_starts(pattern, S("*.")))
		return slice_eqi(pattern, name);
	pattern = slice_skip(pattern, 1); /* ".example.org" */
	return name.n > pattern.n && slice_eqi(pattern, slice_skip(name, name.n - pattern.n));
}

/* An address in whatever form our options take one: a zone is no name either. */
static bool
is_address(const char *host)
{
	struct network address;

	return parse_address(host, &address) || strchr(host, ':');
}

bool
allowed_name(const struct allowed *allowed, const char *host)
{
	slice name = without_dot(slice_z(host));

	if (!allowed->given)
		return true;
	if (is_address(host) || allowed->names.n == 0)
		return allowed->n > 0;
	for (size_t i = 0; i < allowed->names.n; i++)
		if (matches(allowed->names.items[i], name))
			return true;
	return false;
}

enum special { ORDINARY, LOOPBACK, RESERVED };

/* What nobody's mail server is reached by, unless it is on this machine. */
static enum special
special(const struct network *address)
{
	static const struct {
		struct network network;
		enum special what;
	} nets[] = {
		{ { AF_INET, { 127 }, 8 }, LOOPBACK },
		{ { AF_INET6, { [15] = 1 }, 128 }, LOOPBACK },
		{ { AF_INET, { 0 }, 8 }, RESERVED },
		{ { AF_INET, { 169, 254 }, 16 }, RESERVED },
		{ { AF_INET, { 224 }, 3 }, RESERVED }, /* multicast, broadcast */
		{ { AF_INET6, { 0 }, 96 }, RESERVED }, /* "::", and IPv4 in its oldest disguise */
		{ { AF_INET6, { 0xfe, 0x80 }, 10 }, RESERVED },
		{ { AF_INET6, { 0xff }, 8 }, RESERVED },
	};

	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
		if (within(&nets[i].network, address))
			return nets[i].what;
	return ORDINARY;
}

/* RFC 6761 section 6.3. */
static bool
is_localhost(const char *host)
{
	slice name = without_dot(slice_z(host));

	return slice_eqi(name, S("localhost")) || matches(S("*.localhost"), name);
}

bool
allowed_address(const struct allowed *allowed, const char *host, const struct sockaddr *address)
{
	struct network at = address->sa_family == AF_INET
	    ? normal(
	        AF_INET, (const unsigned char *)&((const struct sockaddr_in *)address)->sin_addr)
	    : normal(AF_INET6,
	        (const unsigned char *)&((const struct sockaddr_in6 *)address)->sin6_addr);
	enum special what = special(&at);

	if (!allowed->given)
		return true;
	for (size_t i = 0; i < allowed->n; i++)
		if (within(&allowed->networks[i], &at))
			return true;
	return allowed->n == 0 && allowed->names.n > 0
	    && (what == ORDINARY || (what == LOOPBACK && is_localhost(host)));
}
