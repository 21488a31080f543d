/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ALLOWED_H
#define ALLOWED_H

/*
 * Who may be probed on demand by a module: names, and networks of addresses. A list that has names
 * wants the name that was asked for to be one of them; a list that has networks wants every address
 * of the target to be in one of them. A list of names alone takes no bare address, and none of
 * loopback, link-local, multicast or unspecified but localhost's own: whoever owns a name may point
 * it there.
 */

#include <sys/socket.h>

#include "result.h"

struct network {
	int family;
	unsigned char bytes[16];
	unsigned bits;
};

struct allowed {
	bool given;        /* without a list all are allowed */
	struct list names; /* "mail.example.org", "*.example.org", "*" */
	struct network *networks;
	size_t n, size;
};

/* Adds one of either kind. False with a sentence in `error`. */
bool allowed_add(struct allowed *allowed, struct arena *arena, const char *text, struct str *error);

/* Whether `host`, a name or an address without brackets, may be asked for by that name. */
bool allowed_name(const struct allowed *allowed, const char *host);

/*
 * Whether the target `host` may be at `address`. IPv4-mapped IPv6 addresses are the IPv4 addresses
 * that they reach.
 */
bool allowed_address(
    const struct allowed *allowed, const char *host, const struct sockaddr *address);

#endif
