/* SPDX-License-Identifier: BSD-2-Clause */
/* The URLs of mail servers. Percent-encoding is taken off after the parts are told apart. */
#include "mail_url.h"

static const struct {
	const char *scheme;
	enum mail_protocol protocol;
	enum tls_mode tls;
	unsigned port;
} schemes[] = {
	{ "smtp", MAIL_SMTP, TLS_OPPORTUNISTIC, 25 },
	{ "smtps", MAIL_SMTP, TLS_IMPLICIT, 465 },
	{ "submission", MAIL_SMTP, TLS_STARTTLS, 587 },
	{ "submissions", MAIL_SMTP, TLS_IMPLICIT, 465 },
	{ "lmtp", MAIL_LMTP, TLS_NONE, 24 },
	{ "imap", MAIL_IMAP, TLS_STARTTLS, 143 },
	{ "imaps", MAIL_IMAP, TLS_IMPLICIT, 993 },
	{ "pop3", MAIL_POP3, TLS_STARTTLS, 110 },
	{ "pop3s", MAIL_POP3, TLS_IMPLICIT, 995 },
};

static bool
wrong(struct str *error, const char *what)
{
	str_addz(error, what);
	return false;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'a' && c <= 'f'  ? c - 'a' + 10
	    : c >= 'A' && c <= 'F'  ? c - 'A' + 10
	                            : -1;
}

/* pct-encoded = "%" HEXDIG HEXDIG */
static bool
decode(struct arena *arena, slice raw, slice *decoded)
{
	struct str text = str_in(arena);

	for (size_t i = 0; i < raw.n; i++) {
		int high, low;

		if (raw.at[i] != '%') {
			str_addc(&text, raw.at[i]);
			continue;
		}
		if (i + 2 >= raw.n || (high = hex_digit(raw.at[i + 1])) < 0
		    || (low = hex_digit(raw.at[i + 2])) < 0 || high * 16 + low < ' ')
			return false;
		str_addc(&text, (char)(high * 16 + low));
		i += 2;
	}
	*decoded = arena_copy(arena, str_slice(&text));
	return true;
}

static bool
scheme(slice name, struct mail_url *url, struct str *error)
{
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (slice_eqi(name, slice_z(schemes[i].scheme))) {
			url->protocol = schemes[i].protocol;
			url->tls = schemes[i].tls;
			url->port = schemes[i].port;
			return true;
		}
	str_addz(error, "does not begin as a mail server's URL: write one of");
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		str_addf(error, "%s %s://", i > 0 ? "," : "", schemes[i].scheme);
	return false;
}

/* host = IP-literal / IPv4address / reg-name; port = *DIGIT */
static bool
host_and_port(struct arena *arena, slice text, struct mail_url *url, struct str *error)
{
	slice host = text, port = { NULL, 0 };
	size_t close = slice_find(text, S("]"));
	uint64_t number;

	if (text.n > 0 && text.at[0] == '[' && close < text.n) {
		host = slice_head(text, close + 1);
		port = slice_skip(text, close + 1);
		if (port.n > 0 && port.at[0] != ':')
			return wrong(error, "has something behind the address in brackets");
		port = port.n > 0 ? slice_skip(port, 1) : (slice){ NULL, 0 };
	} else {
		port = text;
		host = slice_cut(&port, ':');
	}
	if (host.n == 0)
		return wrong(error, "has no host in it");
	if (port.at && (!slice_number(port, 65535, &number) || number == 0))
		return wrong(error, "has a port that is no number from 1 to 65535");
	if (port.at)
		url->port = (unsigned)number;
	url->host = arena_copy(arena, host).at;
	return true;
}

bool
mail_url_parse(struct arena *arena, const char *text, struct mail_url *url, struct str *error)
{
	slice rest = slice_z(text), authority, user, decoded;
	size_t at = slice_find(rest, S("://")), slash;

	*url = (struct mail_url){ .port = 0 };
	if (!scheme(slice_head(rest, at < rest.n ? at : 0), url, error))
		return false;
	rest = slice_skip(rest, at + 3);
	slash = slice_find(rest, S("/"));
	authority = slice_head(rest, slash);
	rest = slice_skip(rest, slash < rest.n ? slash + 1 : slash);
	at = authority.n;
	while (at > 0 && authority.at[at - 1] != '@')
		at--;
	if (at > 0) {
		user = slice_head(authority, at - 1);
		authority = slice_skip(authority, at);
		if (slice_find(user, S(":")) < user.n)
			return wrong(error,
			    "has a password in it, which every user of the machine can see: "
			    "leave it out, and write a password file");
		if (!decode(arena, user, &decoded) || decoded.n == 0)
			return wrong(error, "has a user in it that is no name");
		url->user = decoded.at;
	}
	if (!host_and_port(arena, authority, url, error))
		return false;
	if (rest.n == 0)
		return true;
	if (url->protocol != MAIL_IMAP)
		return wrong(error, "has a path: only a mailbox of IMAP can stand there");
	if (!decode(arena, rest, &url->mailbox))
		return wrong(error, "has a mailbox that is no name");
	return true;
}
