/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The PROXY header. It is peeked at until it is whole and then read to the byte, because what
 * follows may be a ClientHello that belongs to OpenSSL.
 */
#define _GNU_SOURCE 1    /* memmem */

#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define V1_MOST 107             /* the longest version 1 header, CRLF included */
#define V2_HEAD 16
#define V2_MOST (V2_HEAD + 4096)

static const unsigned char v2_magic[12] = "\r\n\r\n\0\r\nQUIT\n";

static bool
numeric(const char *host, unsigned port, union address *a)
{
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons((uint16_t)port);
		return port <= 65535;
	}
	if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons((uint16_t)port);
		return port <= 65535;
	}
	return false;
}

/* "PROXY TCP4 source destination sport dport\r\n", or "PROXY UNKNOWN ...\r\n" */
static enum proxy_state
version_1(const char *at, size_t len, size_t *used, union address *peer)
{
	const char *end = memmem(at, len, "\r\n", 2);
	char line[V1_MOST + 1], family[8], from[64], to[64];
	unsigned sport, dport;

	if (!end)
		return len < V1_MOST ? PROXY_MORE : PROXY_WRONG;
	*used = (size_t)(end - at) + 2;
	if (*used > V1_MOST)
		return PROXY_WRONG;
	memcpy(line, at, *used - 2);
	line[*used - 2] = '\0';
	if (!strncmp(line, "PROXY UNKNOWN", 13))
		return PROXY_DONE;
	if (sscanf(line, "PROXY %7s %63s %63s %u %u", family, from, to, &sport, &dport) != 5
	    || (strcmp(family, "TCP4") && strcmp(family, "TCP6")) || dport > 65535)
		return PROXY_WRONG;
	return numeric(from, sport, peer) ? PROXY_DONE : PROXY_WRONG;
}

static enum proxy_state
version_2(const unsigned char *at, size_t len, size_t *used, union address *peer)
{
	size_t body;

	if (len < V2_HEAD)
		return PROXY_MORE;
	body = (size_t)at[14] << 8 | at[15];
	*used = V2_HEAD + body;
	if (at[12] >> 4 != 2 || (at[12] & 15) > 1 || *used > V2_MOST)
		return PROXY_WRONG;
	if (len < *used)
		return PROXY_MORE;
	if ((at[12] & 15) == 0)         /* LOCAL: the proxy's own connection */
		return PROXY_DONE;
	memset(peer, 0, sizeof(*peer));
	if (at[13] == 0x11 && body >= 12) {
		peer->v4.sin_family = AF_INET;
		memcpy(&peer->v4.sin_addr, at + V2_HEAD, 4);
		memcpy(&peer->v4.sin_port, at + V2_HEAD + 8, 2);
		return PROXY_DONE;
	}
	if (at[13] == 0x21 && body >= 36) {
		peer->v6.sin6_family = AF_INET6;
		memcpy(&peer->v6.sin6_addr, at + V2_HEAD, 16);
		memcpy(&peer->v6.sin6_port, at + V2_HEAD + 32, 2);
		return PROXY_DONE;
	}
	return PROXY_WRONG;
}

enum proxy_state
proxy_header(int fd, union address *peer)
{
	char head[V2_MOST];
	ssize_t n = recv(fd, head, sizeof(head), MSG_PEEK);
	size_t len = n > 0 ? (size_t)n : 0, used = 0;
	enum proxy_state state;

	if (n < 0)
		return errno == EAGAIN ? PROXY_MORE : PROXY_WRONG;
	if (!memcmp(head, v2_magic, len < sizeof(v2_magic) ? len : sizeof(v2_magic)))
		state = version_2((unsigned char *)head, len, &used, peer);
	else if (!memcmp(head, "PROXY ", len < 6 ? len : 6))
		state = version_1(head, len, &used, peer);
	else
		return PROXY_WRONG;
	if (state == PROXY_DONE && recv(fd, head, used, 0) != (ssize_t)used)
		return PROXY_WRONG;
	return state;
}
