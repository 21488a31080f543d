/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a name to a connected socket. Each address gets an equal share of the time left, so that one
 * that swallows packets does not hide that the next one works; the last one's share is all that is
 * left.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "conn_private.h"

bool
address_parse(const char *text, struct address *address)
{
	struct sockaddr_in *four = &address->at.four;
	struct sockaddr_in6 *six = &address->at.six;
	const char *zone = strchr(text, '%');
	char plain[INET6_ADDRSTRLEN + 1];
	size_t n = zone ? (size_t)(zone - text) : strlen(text);

	*address = (struct address){ 0 };
	if (n >= sizeof plain)
		return false;
	memcpy(plain, text, n);
	plain[n] = '\0';
	if (!zone && inet_pton(AF_INET, plain, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		address->size = sizeof *four;
		return true;
	}
	if (inet_pton(AF_INET6, plain, &six->sin6_addr) != 1)
		return false;
	six->sin6_family = AF_INET6;
	six->sin6_scope_id = zone ? if_nametoindex(zone + 1) : 0;
	address->size = sizeof *six;
	return !zone || six->sin6_scope_id != 0;
}

static const void *
address_bytes(const struct address *address, size_t *n)
{
	bool four = address->at.any.sa_family == AF_INET;

	*n = four ? 4 : 16;
	return four ? (const void *)&address->at.four.sin_addr
	            : (const void *)&address->at.six.sin6_addr;
}

static in_port_t *
address_port(struct address *address)
{
	return address->at.any.sa_family == AF_INET ? &address->at.four.sin_port
	                                            : &address->at.six.sin6_port;
}

/* "192.0.2.1", "2001:db8::1" in the arena. */
static slice
address_text(struct arena *arena, const struct address *address)
{
	char text[INET6_ADDRSTRLEN];
	size_t n;

	if (!inet_ntop(address->at.any.sa_family, address_bytes(address, &n), text, sizeof text))
		return (slice){ NULL, 0 };
	return arena_copy(arena, slice_z(text));
}

bool
conn_loopback(const struct session *s)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t n;
	const unsigned char *bytes = address_bytes(&s->conn->peer, &n);

	if (n == 4)
		return bytes[0] == 127;
	return memcmp(bytes, &in6addr_loopback, 16) == 0
	    || (memcmp(bytes, mapped, 12) == 0 && bytes[12] == 127);
}

slice
conn_own_literal(struct session *s)
{
	struct address own = { .size = sizeof own.at };

	if (getsockname(s->conn->fd, &own.at.any, &own.size) < 0)
		return S("localhost");
	return str_f(s->arena, own.at.any.sa_family == AF_INET ? "[%s]" : "[IPv6:%s]",
	    address_text(s->arena, &own).at);
}

/* Binds to --source-address. False with a finding. */
static bool
bind_source(struct session *s, int fd)
{
	struct address source;

	if (!s->common->source_address)
		return true;
	if (!address_parse(s->common->source_address, &source))
		return fail(s, CAUSE_USAGE,
		    "--source-address: \"%s\" is not an address of this machine",
		    s->common->source_address);
	if (bind(fd, &source.at.any, source.size) == 0)
		return true;
	return fail(
	    s, CAUSE_LOCAL, "--source-address: cannot use %s: %m", s->common->source_address);
}

/* The outcome of one attempt in words of errno; 0 connected, -1 a finding was recorded. */
static int
attempt(struct session *s, const struct address *address, instant until)
{
	struct conn *conn = s->conn;
	struct pollfd fd = { .events = POLLOUT };
	int error = 0, ready;
	socklen_t size = sizeof error;

	conn->fd = fd.fd = socket(
	    address->at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd.fd < 0)
		return errno;
	if (!bind_source(s, fd.fd))
		return -1;
	if (connect(fd.fd, &address->at.any, address->size) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	ready = conn_wait(s, &fd, 1, &until);
	if (ready <= 0)
		return ready < 0 ? -1 : ETIMEDOUT;
	if (fd.revents & (POLLERR | POLLHUP))
		getsockopt(fd.fd, SOL_SOCKET, SO_ERROR, &error, &size);
	return error == ECONNRESET ? 0
	                           : error; /* accepted, and reset since: the next read will tell */
}

static enum cause
cause_of(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return CAUSE_CONNECT_REFUSED;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EPERM:
	case EACCES:
	case EADDRNOTAVAIL:
		return CAUSE_LOCAL;
	default:
		return CAUSE_CONNECT_UNREACHABLE;
	}
}

static void
connected(struct session *s, const struct address *address)
{
	struct conn *conn = s->conn;
	struct tcp_info info;
	socklen_t size = sizeof info;

	conn->peer = *address;
	s->result->address = address_text(s->arena, address);
	setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	if (getsockopt(conn->fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
		fact_number(s, FACT_TCP_RTT, info.tcpi_rtt / 1e6);
	if (s->common->transcript)
		transcript(s, '*',
		    str_f(s->arena, "connected to %s port %u", s->result->address.at,
		        s->common->port.number));
}

static bool
try_each(struct session *s, struct addresses *addresses)
{
	struct str tried = str_in(s->arena);
	int error = 0;

	for (size_t i = 0; i < addresses->n; i++) {
		struct address *address = &addresses->items[i];
		span left = span_between(clock_now(), s->deadline);
		bool last = i + 1 == addresses->n;
		instant until = last
		    ? instant_after(s->deadline, span_ms(1))
		    : instant_after(clock_now(), (span){ left.ns / (int64_t)(addresses->n - i) });

		*address_port(address) = htons(s->common->port.number);
		error = attempt(s, address, until);
		if (error == 0) {
			connected(s, address);
			return true;
		}
		s->result->address = address_text(s->arena, address);
		if (s->conn->fd >= 0)
			close(s->conn->fd);
		s->conn->fd = -1;
		if (error < 0)
			return false;
		str_addf(&tried, "%s%s: %s", i ? ", " : "", address_text(s->arena, address).at,
		    strerror(error));
	}
	return fail(s, cause_of(error), "%s", str_z(&tried));
}

/* Asks about every address of the name: who owns one of them may own the others, too. */
static bool
permitted(struct session *s, const struct addresses *addresses)
{
	const struct permit *permit = s->common->permit;

	for (size_t i = 0; permit && i < addresses->n; i++)
		if (!permit->allows(permit->data, &addresses->items[i].at.any))
			return fail(s, CAUSE_USAGE, "the address %s is not allowed as a target",
			    address_text(s->arena, &addresses->items[i]).at);
	return true;
}

/* Leaves only the addresses of the family that --source-address has. */
static void
match_source(const char *source_address, struct addresses *addresses)
{
	struct address source;
	size_t kept = 0;

	if (!source_address || !address_parse(source_address, &source))
		return;
	for (size_t i = 0; i < addresses->n; i++)
		if (addresses->items[i].at.any.sa_family == source.at.any.sa_family)
			addresses->items[kept++] = addresses->items[i];
	addresses->n = kept;
}

/* PROXY protocol version 1, a line of text. */
static slice
proxy_1(struct session *s, struct address *from, struct address *to)
{
	bool four = from->at.any.sa_family == AF_INET;

	return str_f(s->arena, "PROXY %s %s %s %u %u\r\n", four ? "TCP4" : "TCP6",
	    address_text(s->arena, from).at, address_text(s->arena, to).at,
	    ntohs(*address_port(from)), ntohs(*address_port(to)));
}

/* Version 2: signature, version and command, family, length, addresses, ports. */
static slice
proxy_2(struct session *s, struct address *from, struct address *to)
{
	struct str header = str_in(s->arena);
	const void *source, *target;
	size_t n;

	source = address_bytes(from, &n);
	target = address_bytes(to, &n);
	str_add(&header, S("\r\n\r\n\0\r\nQUIT\n\x21"));
	str_addc(&header, n == 4 ? 0x11 : 0x21);
	str_addc(&header, 0);
	str_addc(&header, (char)(2 * n + 4));
	str_add(&header, (slice){ source, n });
	str_add(&header, (slice){ target, n });
	str_add(&header, (slice){ (const char *)address_port(from), 2 });
	str_add(&header, (slice){ (const char *)address_port(to), 2 });
	return str_slice(&header);
}

/* The HAProxy project's "The PROXY protocol", versions 1 and 2: our own addresses, as they are. */
static bool
proxy(struct session *s)
{
	struct address from = { .size = sizeof from.at };

	if (!s->common->proxy_protocol)
		return true;
	if (!phase(s, PHASE_PROXY))
		return false;
	if (getsockname(s->conn->fd, &from.at.any, &from.size) < 0)
		return fail(s, CAUSE_LOCAL, "getsockname: %m");
	return conn_send(s,
	    s->common->proxy_protocol == 1 ? proxy_1(s, &from, &s->conn->peer)
	                                   : proxy_2(s, &from, &s->conn->peer));
}

bool
conn_resolve(struct session *s, const char *host, struct list *texts)
{
	struct addresses addresses = { .n = 1 };

	if (!address_parse(host, &addresses.items[0])) {
		addresses.n = 0;
		if (!dns_addresses(s, host, &addresses))
			return false;
	}
	for (size_t i = 0; i < addresses.n; i++)
		list_add(s->arena, texts, address_text(s->arena, &addresses.items[i]));
	return !arena_failed(s->arena);
}

void
conn_plan(const struct probe_opts *opts, enum side side, struct arena *arena, struct plan *plan)
{
	const char *prefix = side_infos[side].prefix;
	struct address address;
	const enum phase phases[] = { PHASE_DNS, PHASE_CONNECT, PHASE_PROXY };
	const enum fact facts[] = { FACT_TCP_RTT, FACT_CERT_DAYS };
	bool occurs[] = { opts->dane
		    || !address_parse(opts->address ? opts->address : opts->host, &address),
		true, opts->proxy_protocol };

	for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
		if (occurs[i])
			list_add(arena, &plan->phases,
			    lap_name(arena, &(struct lap){ .side = side, .phase = phases[i] }));
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		if (facts[i] != FACT_CERT_DAYS || opts->tls != TLS_NONE)
			list_add(arena, &plan->values,
			    str_f(arena, "%s%s", prefix, fact_infos[facts[i]].value));
}

bool
conn_open(struct session *s)
{
	const struct probe_opts *opts = s->common;
	const char *target = opts->address ? opts->address : opts->host;
	struct addresses addresses = { .n = 1 };

	bool literal = address_parse(target, &addresses.items[0]);

	if ((!literal || opts->dane) && !phase(s, PHASE_DNS))
		return false;
	if (!literal) {
		addresses.n = 0;
		if (!dns_addresses(s, target, &addresses))
			return false;
	}
	if (!dane_ask(s))
		return false;
	if (!permitted(s, &addresses))
		return false;
	match_source(opts->source_address, &addresses);
	if (!phase(s, PHASE_CONNECT))
		return false;
	if (addresses.n == 0)
		return fail(
		    s, CAUSE_LOCAL, "%s has no address of --source-address's family", target);
	return try_each(s, &addresses) && proxy(s);
}
