/* SPDX-License-Identifier: BSD-2-Clause */
/* https-URI = "https" "://" authority path-abempty [ "?" query ] (RFC 9110, RFC 3986) */
#include "https_url.h"

enum { HTTPS_PORT = 443, URL_LIMIT = 2048 };

static bool
wrong(struct str *error, const char *what)
{
	str_addz(error, what);
	return false;
}

/* Of a name or IPv4 address; between brackets of an IPv6 address. */
static bool
host_characters(slice host, bool bracketed)
{
	static const slice name = SLICE("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                "0123456789-._"),
	                   six = SLICE("0123456789abcdefABCDEF:.");
	slice allowed = bracketed ? six : name;

	for (size_t i = 0; i < host.n; i++)
		if (!memchr(allowed.at, host.at[i], allowed.n))
			return false;
	return host.n > 0;
}

/* authority = host [ ":" port ] */
static bool
authority(struct arena *arena, slice text, struct https_url *url, struct str *error)
{
	slice host, port = text;
	uint64_t number;

	if (slice_find(text, S("@")) < text.n)
		return wrong(error, "has a user in it: leave it out");
	url->bracketed = text.n > 0 && text.at[0] == '[';
	if (url->bracketed) {
		port = slice_skip(text, 1);
		host = slice_cut(&port, ']');
		if (port.at && port.n > 0 && port.at[0] != ':')
			return wrong(error, "has something behind the address in brackets");
		if (!port.at)
			return wrong(error, "has a bracket that is not closed");
		port = port.n > 0 ? slice_skip(port, 1) : (slice){ NULL, 0 };
	} else
		host = slice_cut(&port, ':');
	if (!host_characters(host, url->bracketed))
		return wrong(error, "has no host in it that is a name or an address");
	if (port.at && (!slice_number(port, 65535, &number) || number == 0))
		return wrong(error, "has a port that is no number from 1 to 65535");
	url->port = port.at ? (unsigned)number : HTTPS_PORT;
	url->host = arena_copy(arena, host).at;
	return true;
}

bool
https_url_parse(struct arena *arena, const char *text, struct https_url *url, struct str *error)
{
	slice rest = slice_z(text);
	struct https_url parsed;

	if (!slice_startsi(rest, S("https://")))
		return wrong(error, "is no URL that begins with https://");
	if (rest.n > URL_LIMIT)
		return wrong(error, "is too long for a URL");
	for (size_t i = 0; i < rest.n; i++)
		if (rest.at[i] <= ' ' || rest.at[i] > '~' || strchr("#\\\"<>", rest.at[i]))
			return wrong(error, "has a character in it that no such URL can have");
	rest = slice_skip(rest, 8);
	if (!authority(arena, slice_head(rest, strcspn(rest.at, "/?")), &parsed, error))
		return false;
	*url = parsed;
	return true;
}
