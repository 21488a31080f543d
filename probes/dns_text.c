/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data of DNS records: RFC 1035 sections 3.1 and 3.3, RFC 6698 section 2.1. What may surprise:
 * a compression pointer is an error, since the resolver has undone them, and one that it left would
 * point at bytes that are not here.
 */
#include "dns_text.h"

static unsigned
octet(slice s, size_t i)
{
	return (unsigned char)s.at[i];
}

static void
add_label(struct str *out, slice label)
{
	for (size_t i = 0; i < label.n; i++) {
		unsigned c = octet(label, i);

		if (c <= ' ' || c > '~')
			str_addf(out, "\\%03u", c);
		else if (c == '.' || c == '\\')
			str_addf(out, "\\%c", (int)c);
		else
			str_addc(out, (char)c);
	}
}

/* A domain name is labels, each a length octet and that many octets, the root's of length 0. */
bool
name_rdata(slice rdata, struct str *name)
{
	size_t at = 0;

	if (rdata.n > DNS_NAME_MAX)
		return false;
	while (at < rdata.n && octet(rdata, at) > 0) {
		if (octet(rdata, at) > DNS_LABEL_MAX)
			return false;
		at += 1 + octet(rdata, at);
	}
	if (at + 1 != rdata.n)
		return false;
	if (rdata.n == 1)
		str_addc(name, '.');
	for (at = 0; octet(rdata, at) > 0; at += 1 + octet(rdata, at)) {
		if (at > 0)
			str_addc(name, '.');
		add_label(name, slice_head(slice_skip(rdata, at + 1), octet(rdata, at)));
	}
	return true;
}

/* TXT-DATA: one or more <character-string>s, each a length octet and that many octets. */
bool
txt_rdata(slice rdata, struct str *out)
{
	size_t at = 0;

	while (at < rdata.n)
		at += 1 + octet(rdata, at);
	if (rdata.n == 0 || at != rdata.n)
		return false;
	for (at = 0; at < rdata.n; at += 1 + octet(rdata, at))
		str_add(out, slice_head(slice_skip(rdata, at + 1), octet(rdata, at)));
	return true;
}

/* PREFERENCE: a 16 bit integer ; EXCHANGE: a <domain-name> */
bool
mx_rdata(slice rdata, unsigned *preference, struct str *name)
{
	if (rdata.n < 3 || !name_rdata(slice_skip(rdata, 2), name))
		return false;
	*preference = octet(rdata, 0) << 8 | octet(rdata, 1);
	return true;
}
