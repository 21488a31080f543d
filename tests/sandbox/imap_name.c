/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Mailbox names: modified UTF-7, or UTF-8 under IMAP4rev2 (RFC 9051 section 5.1), the delimiters
 * that faults put in place of `/`, and the wildcards of LIST.
 */
#include "imap.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "imap_utf7.h"

#define NAME_MOST 255

char
imap_delimiter(const struct conn *c)
{
	if (conn_faulty(c, FAULT_LIST_NIL))
		return 0;
	return conn_faulty(c, FAULT_LIST_DOT) || conn_faulty(c, FAULT_LIST_INBOX) ? '.' : '/';
}

static const char *
wrong_with(const struct conn *c, struct slice name)
{
	char delimiter = imap_delimiter(c);

	if (!name.len || name.len > NAME_MOST)
		return "[CANNOT] A name has 1 to 255 octets";
	if (!utf7_good(name))
		return "[CANNOT] A name is in modified UTF-7";
	if (memchr(name.at, '%', name.len) || memchr(name.at, '*', name.len))
		return "[CANNOT] No wildcards in a name";
	for (size_t i = 0; delimiter && i < name.len; i++)
		if (name.at[i] == delimiter && (!i || name.at[i - 1] == delimiter))
			return "[CANNOT] A level of the name is empty";
	if (conn_faulty(c, FAULT_LIST_INBOX) && !slice_is(name, "INBOX")
	    && (name.len < 7 || strncasecmp(name.at, "INBOX.", 6)))
		return "[CANNOT] All mailboxes are below INBOX";
	return NULL;
}

static bool
take_name(const struct conn *c, struct slice name, struct bytes *out, const char **why)
{
	char delimiter = imap_delimiter(c);

	if (name.len && name.at[name.len - 1] == delimiter)
		name.len--;             /* CREATE may say so that there will be some below */
	*why = wrong_with(c, name);
	if (*why)
		return false;
	if (conn_faulty(c, FAULT_LIST_INBOX))
		slice_skip(&name, "INBOX.");
	bytes_add(out, name.at, name.len);
	for (size_t i = out->len - name.len; delimiter && i < out->len; i++)
		if (out->at[i] == delimiter)
			out->at[i] = '/';
	bytes_add(out, "", 1);
	out->len--;
	return true;
}

bool
imap_name_in(const struct conn *c, struct slice name, struct bytes *out, const char **why)
{
	struct bytes encoded = { 0 };
	bool good;

	if (!conn_faulty(c, FAULT_IMAP4REV2))
		return take_name(c, name, out, why);
	*why = "[CANNOT] A name is in UTF-8";
	good = utf7_encode(name, &encoded)
	    && take_name(c, (struct slice){ encoded.at, encoded.len }, out, why);
	bytes_free(&encoded);
	return good;
}

void
imap_name_out(const struct conn *c, const char *name, struct bytes *out)
{
	char delimiter = imap_delimiter(c);
	size_t start;

	if (conn_faulty(c, FAULT_LIST_INBOX) && strcmp(name, "INBOX"))
		bytes_text(out, "INBOX.");
	start = out->len;
	if (conn_faulty(c, FAULT_IMAP4REV2))
		utf7_decode(slice_of(name), out);
	else
		bytes_text(out, name);
	for (size_t i = start; delimiter && i < out->len; i++)
		if (out->at[i] == '/')
			out->at[i] = delimiter;
}

/* "*" matches all, "%" all but the delimiter (RFC 9051 section 6.3.9). */
static bool
matches(char delimiter, struct slice p, struct slice name)
{
	while (p.len) {
		char c = *p.at++;

		p.len--;
		if (c == '*' || c == '%') {
			for (;;) {
				if (matches(delimiter, p, name))
					return true;
				if (!name.len || (c == '%' && delimiter && *name.at == delimiter))
					return false;
				name.at++;
				name.len--;
			}
		}
		if (!name.len || c != *name.at)
			return false;
		name.at++;
		name.len--;
	}
	return !name.len;
}

/* INBOX is the same in any case, also before a delimiter. */
bool
imap_name_matches(const struct conn *c, struct slice pattern, struct slice name)
{
	struct bytes copy = { 0 };
	bool match;

	bytes_add(&copy, pattern.at, pattern.len);
	if (slice_skip(&pattern, "INBOX"))
		memcpy(copy.at, "INBOX", 5);
	for (size_t i = 0; slice_equals(name, "INBOX") && i < copy.len; i++)
		copy.at[i] = (char)toupper((unsigned char)copy.at[i]);
	match = matches(imap_delimiter(c), (struct slice){ copy.at, copy.len }, name);
	bytes_free(&copy);
	return match;
}
