/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The protocols a listener can speak, one row each: a new one is a dialect and its rows here, or
 * what answers its datagrams.
 */
#include "server.h"

#include <string.h>

#include "dns.h"
#include "imap.h"
#include "pop3.h"
#include "smtp.h"

static const struct protocol table[] = {
	{ .name = "smtp", .dialect = &smtp_dialect },
	{ .name = "submission", .dialect = &smtp_dialect, .submission = true },
	{ .name = "smtps", .dialect = &smtp_dialect, .implicit_tls = true },
	{ .name = "submissions", .dialect = &smtp_dialect, .submission = true,
	  .implicit_tls = true },
	{ .name = "lmtp", .dialect = &smtp_dialect, .lmtp = true },
	{ .name = "imap", .dialect = &imap_dialect },
	{ .name = "imaps", .dialect = &imap_dialect, .implicit_tls = true },
	{ .name = "pop3", .dialect = &pop3_dialect },
	{ .name = "pop3s", .dialect = &pop3_dialect, .implicit_tls = true },
	{ .name = "dns", .answer = dns_answer },
};

#define COUNT (sizeof(table) / sizeof(*table))

const struct protocol *
protocol_find(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strlen(table[i].name) == len && !memcmp(table[i].name, name, len))
			return &table[i];
	return NULL;
}

const char *
protocol_name(size_t index)
{
	return index < COUNT ? table[index].name : NULL;
}
