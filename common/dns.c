/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names to addresses by c-ares: it hands out its descriptors and timers, so that resolving waits in
 * conn_wait() under the session's deadline like everything else. It reads /etc/hosts, resolv.conf
 * and sorts by RFC 6724 itself.
 */
#include <ares.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "conn_private.h"

enum {
	HOSTS_MAX = 8192, /* the machine's own name stands near the top of its hosts(5) */
	TRIES = 2,
};

struct lookup {
	struct addresses *addresses;
	int status;
	bool done;
};

static void
found(void *data, int status, int timeouts, struct ares_addrinfo *info)
{
	struct lookup *lookup = data;
	struct addresses *to = lookup->addresses;

	(void)timeouts;
	lookup->status = status;
	lookup->done = true;
	if (!info)
		return;
	for (struct ares_addrinfo_node *node = info->nodes; node; node = node->ai_next) {
		if (to->n == ADDRESSES_MAX || node->ai_addrlen > sizeof to->items[0].at)
			break;
		memcpy(&to->items[to->n].at, node->ai_addr, node->ai_addrlen);
		to->items[to->n++].size = node->ai_addrlen;
	}
	ares_freeaddrinfo(info);
}

static bool
fail_status(struct session *s, const char *name, int status)
{
	switch (status) {
	case ARES_SUCCESS: /* and nothing in it */
	case ARES_ENOTFOUND:
	case ARES_ENODATA:
	case ARES_EBADNAME:
		return fail(s, CAUSE_DNS_NOT_FOUND, "%s has no address%s%s", name,
		    status == ARES_ENOTFOUND ? ": " : "",
		    status == ARES_ENOTFOUND ? ares_strerror(status) : "");
	case ARES_ENOMEM:
	case ARES_EFILE:
		return fail(s, CAUSE_LOCAL, "resolver: %s", ares_strerror(status));
	default:
		return fail(s, CAUSE_DNS_FAILURE, "resolving %s: %s", name, ares_strerror(status));
	}
}

/* One round: waits for the resolver's descriptors or its next timer, and lets it work. */
static bool
turn(struct session *s, ares_channel channel)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	struct timeval tv;
	nfds_t n = 0;
	instant until = instant_after(clock_now(), span_ms(1000));
	unsigned bits = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);

	if (ares_timeout(channel, NULL, &tv))
		until = instant_after(clock_now(),
		    (span){ (int64_t)tv.tv_sec * 1000000000 + tv.tv_usec * 1000 + 1000000 });
	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* As ARES_GETSOCK_READABLE and _WRITABLE, which shift a signed 1 by 31. */
		short events = (short)((bits >> i & 1 ? POLLIN : 0)
		    | (bits >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));

		if (events)
			fds[n++] = (struct pollfd){ .fd = sockets[i], .events = events };
	}
	if (conn_wait(s, fds, n, &until) < 0)
		return false;
	for (nfds_t i = 0; i < n; i++)
		ares_process_fd(channel,
		    fds[i].revents & (POLLIN | POLLERR | POLLHUP) ? fds[i].fd : ARES_SOCKET_BAD,
		    fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	return true;
}

/* RFC 6761 section 6.3: such a name is this machine, and no resolver is asked for it. */
static bool
is_localhost(slice name)
{
	slice end;

	if (name.n > 0 && name.at[name.n - 1] == '.')
		name.n--;
	end = slice_skip(name, name.n > 10 ? name.n - 10 : 0);
	return slice_eqi(name, S("localhost")) || slice_eqi(end, S(".localhost"));
}

static void
add_loopback(struct addresses *addresses, enum family family)
{
	if (family != FAMILY_4)
		address_parse("::1", &addresses->items[addresses->n++]);
	if (family != FAMILY_6)
		address_parse("127.0.0.1", &addresses->items[addresses->n++]);
}

/*
 * How long the first try waits, in ms; each further one waits twice as long. A tenth of what there
 * is, so that a resolver that never answers one of the two queries (A and AAAA) does not cost the
 * other's answer.
 */
static int
first_try(const struct session *s)
{
	int64_t ms = span_between(clock_now(), s->deadline).ns / 10000000;

	return ms < 50 ? 50 : ms > 5000 ? 5000 : (int)ms;
}

/* The channel asks --resolver, which probe_opts_complete() has looked at. */
static int
use_resolver(struct session *s, ares_channel channel)
{
	slice port = slice_z(s->common->resolver), address;
	slice servers;

	if (!port.at)
		return ARES_SUCCESS;
	address = slice_cut(&port, '@');
	servers = str_f(s->arena,
	    slice_find(address, S(":")) < address.n ? "[%.*s]:%.*s" : "%.*s:%.*s", (int)address.n,
	    address.at, port.at ? (int)port.n : 2, port.at ? port.at : "53");
	return ares_set_servers_ports_csv(channel, servers.at);
}

bool
dns_addresses(struct session *s, const char *name, struct addresses *addresses)
{
	static const int families[] = {
		[FAMILY_ANY] = AF_UNSPEC, [FAMILY_4] = AF_INET, [FAMILY_6] = AF_INET6
	};
	struct ares_addrinfo_hints hints = {
		.ai_family = families[s->common->family],
		.ai_socktype = SOCK_STREAM,
	};
	struct lookup lookup = { .addresses = addresses };
	struct ares_options options = { .tries = TRIES, .timeout = first_try(s) };
	ares_channel channel;
	bool waited = true;
	int status;

	if (is_localhost(slice_z(name))) {
		add_loopback(addresses, s->common->family);
		return true;
	}
	status = ares_init_options(&channel, &options, ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS);
	if (status != ARES_SUCCESS)
		return fail_status(s, name, status);
	status = use_resolver(s, channel);
	if (status != ARES_SUCCESS) {
		ares_destroy(channel);
		return fail_status(s, name, status);
	}
	do { /* a resolver that says nothing is asked until the deadline */
		lookup.done = false;
		ares_getaddrinfo(channel, name, NULL, &hints, found, &lookup);
		while (!lookup.done && waited)
			waited = turn(s, channel);
	} while (waited && lookup.status == ARES_ETIMEOUT && addresses->n == 0);
	ares_destroy(channel);
	if (!waited)
		return false;
	return addresses->n > 0 || fail_status(s, name, lookup.status);
}

/*
 * One line of hosts(5): the first of its names where `name` is among them and that one has a dot.
 */
static slice
hosts_line(slice line, slice name)
{
	slice rest = slice_cut(&line, '#'), full = { NULL, 0 };

	rest = slice_trim(rest);
	slice_cut(&rest, ' '); /* the address */
	while (rest.at) {
		slice word = slice_cut(&rest, ' ');

		if (!full.at)
			full = word;
		if (slice_eqi(word, name))
			return slice_find(full, S(".")) < full.n ? full : (slice){ NULL, 0 };
	}
	return (slice){ NULL, 0 };
}

/*
 * As `hostname --fqdn` mostly answers, but from /etc/hosts alone: a greeting is not worth a query,
 * nor starting the resolver.
 */
slice
conn_machine_name(struct session *s)
{
	char own[HOST_NAME_MAX + 1];
	char hosts[HOSTS_MAX];
	slice name, rest, full = { NULL, 0 };
	ssize_t n;
	int fd;

	if (s->common->machine_name)
		return *s->common->machine_name ? slice_z(s->common->machine_name) : full;
	if (gethostname(own, sizeof own) < 0)
		return full;
	own[sizeof own - 1] = '\0';
	name = slice_z(own);
	if (slice_find(name, S(".")) < name.n)
		return arena_copy(s->arena, name);
	if ((fd = open("/etc/hosts", O_RDONLY | O_CLOEXEC)) < 0)
		return full;
	n = read(fd, hosts, sizeof hosts);
	close(fd);
	rest = (slice){ hosts, n > 0 ? (size_t)n : 0 };
	while (rest.at && !full.at)
		full = hosts_line(slice_cut(&rest, '\n'), name);
	return full.at ? arena_copy(s->arena, full) : full;
}
