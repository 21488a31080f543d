/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The records, made anew for each question: there are few, and faults alter them. See zone.h.
 */
#include "zone.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "pki_file.h"
#include "server.h"

#define DOMAIN "sandbox.test"

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* The length of a label is never taken for a letter. */
static bool
same(const unsigned char *a, const unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

bool
name_is(const struct domain_name *a, const struct domain_name *b)
{
	return a->len == b->len && same(a->at, b->at, a->len);
}

bool
name_below(const struct domain_name *a, const struct domain_name *b)
{
	size_t at = 0;

	while (a->len - at > b->len)
		at += 1u + a->at[at];
	return a->len - at == b->len && same(a->at + at, b->at, b->len);
}

/* Of a text that is short, as all of ours are; "." and "" are the root. */
static struct domain_name
name_of(const char *text)
{
	struct domain_name name = { .len = 0 };

	while (*text) {
		size_t len = strcspn(text, ".");

		if (len && len <= LABEL_MOST && name.len + len + 2 <= NAME_MOST) {
			name.at[name.len++] = (unsigned char)len;
			memcpy(name.at + name.len, text, len);
			name.len += len;
		}
		text += len + (text[len] == '.');
	}
	name.at[name.len++] = 0;
	return name;
}

static struct bytes *
add(struct zone *z, const char *owner, enum record_type type)
{
	struct record *r = &z->records[z->count++];

	r->owner = name_of(owner);
	r->type = type;
	return &r->data;
}

static void
put_name(struct bytes *b, const char *text)
{
	struct domain_name name = name_of(text);

	bytes_add(b, name.at, name.len);
}

static void
add_text(struct zone *z, const char *owner, const char *text)
{
	struct bytes *b = add(z, owner, TYPE_TXT);
	unsigned char len = (unsigned char)strlen(text);

	bytes_add(b, &len, 1);
	bytes_add(b, text, len);
}

static void
add_mx(struct zone *z, unsigned char preference, const char *host)
{
	struct bytes *b = add(z, DOMAIN, TYPE_MX);

	bytes_add(b, (unsigned char[]){ 0, preference }, 2);
	put_name(b, host);
}

/* Its five numbers are a minute each: nobody shall keep what a fault has made of a name. */
static void
add_soa(struct zone *z, const char *host)
{
	struct bytes *b = add(z, DOMAIN, TYPE_SOA);

	z->soa = &z->records[z->count - 1];
	put_name(b, host);
	put_name(b, "postmaster." DOMAIN);
	for (int i = 0; i < 5; i++)
		bytes_add(b, (unsigned char[]){ 0, 0, 0, 60 }, 4);
}

static const struct listener *
first_smtp(const struct server *s)
{
	for (size_t i = 0; i < s->listener_count; i++)
		if (!strcmp(s->listeners[i].protocol->name, "smtp"))
			return &s->listeners[i];
	return NULL;
}

/* RFC 1035 section 3.5; for IPv6 RFC 3596 section 2.5. */
static void
add_pointer(struct zone *z, const unsigned char *address, bool six, const char *host)
{
	struct bytes owner = { 0 };

	for (int i = six ? 15 : 3; i >= 0; i--)
		if (six)
			bytes_format(&owner, "%x.%x.", address[i] & 15u, address[i] >> 4u);
		else
			bytes_format(&owner, "%u.", address[i]);
	bytes_text(&owner, six ? "ip6.arpa" : "in-addr.arpa");
	bytes_add(&owner, "", 1);
	put_name(add(z, owner.at, TYPE_PTR), host);
	bytes_free(&owner);
}

static void
add_address(struct zone *z, const struct listener *smtp, const char *host)
{
	unsigned char address[16];
	bool six = inet_pton(AF_INET, smtp->address, address) != 1;

	if (six && inet_pton(AF_INET6, smtp->address, address) != 1)
		return;
	bytes_add(add(z, host, six ? TYPE_AAAA : TYPE_A), address, six ? 16 : 4);
	add_pointer(z, address, six, host);
}

void
zone_make(struct zone *z, const struct listener *l)
{
	const char *host = l->server->hostname;
	const struct listener *smtp = first_smtp(l->server);
	const struct fault_set *faults = &l->faults;

	*z = (struct zone){ .count = 0 };
	add_soa(z, host);
	put_name(add(z, DOMAIN, TYPE_NS), host);
	if (fault_on(faults, FAULT_DNS_NULL_MX))
		add_mx(z, 0, ".");
	else
		add_mx(z, 10, host);
	if (fault_on(faults, FAULT_DNS_MX_GONE))
		add_mx(z, 20, "gone." DOMAIN);
	add_text(z, DOMAIN, fault_on(faults, FAULT_DNS_SPF_MANY)
	    ? "v=spf1 mx mx mx mx mx mx mx mx mx mx mx -all" : "v=spf1 mx -all");
	add_text(z, "_dmarc." DOMAIN, fault_on(faults, FAULT_DNS_DMARC_BROKEN)
	    ? "v=DMARC1; p=refuse" : "v=DMARC1; p=reject");
	add_text(z, "_smtp._tls." DOMAIN, "v=TLSRPTv1; rua=mailto:postmaster@" DOMAIN);
	if (smtp)
		add_address(z, smtp, host);
}

void
zone_free(struct zone *z)
{
	for (size_t i = 0; i < z->count; i++)
		bytes_free(&z->records[i].data);
}

static bool
write_anchor(FILE *out, void *what)
{
	(void)what;
	return fprintf(out, "signed.invalid. IN DS 12345 13 2 ") > 0
	    && fprintf(out, "%064d\n", 0) > 0;
}

bool
zone_write_anchor(const char *folder)
{
	return write_file(folder, "anchor", 0644, write_anchor, NULL);
}
