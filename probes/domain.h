/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DOMAIN_H
#define DOMAIN_H

/*
 * A domain as a sending server finds it: its MX and their addresses, what it publishes of DANE,
 * MTA-STS, TLSRPT, SPF, DKIM and DMARC, and each of its servers, all of them side by side.
 */

#include "conn.h"
#include "dnssec.h"
#include "mta_sts.h"
#include "smtp.h"

enum {
	DOMAIN_MX_MAX = 50,      /* MX that are looked at, the best first */
	DOMAIN_SERVERS_MAX = 64, /* addresses of them all that are connected to */
};

struct domain_opts {
	struct probe_opts common; /* host: the domain */
	const char *fqdn;
	struct list dkim_selectors, require_policies;
};

struct domain_mx {
	unsigned preference;
	const char *name; /* without last dot */
	struct dns_answer addresses[2], tlsa;
	bool dane; /* it has signed TLSA records, and all that led to them is signed */
};

/* One address of one MX. */
struct domain_server {
	const struct domain_mx *mx;
	const char *address;
	bool six;
	const char *ptr; /* the first name that its PTR records have; NULL without */
	bool confirmed;  /* and that name has the address */

	struct smtp_opts opts;
	struct arena *arena;
	const struct result *result; /* NULL without memory */
};

struct domain {
	const struct domain_opts *opts;
	const char *name;
	bool secure; /* the answer about its MX is signed */
	bool implicit;

	/* Answers to the first questions. */
	struct dns_answer mx_answer, txt, dmarc, sts, rpt;
	struct dns_answer *dkim; /* for each selector */

	struct domain_mx mx[DOMAIN_MX_MAX];
	size_t mx_count;
	struct domain_server servers[DOMAIN_SERVERS_MAX];
	size_t server_count;

	struct mta_sts_policy policy;
	bool has_policy;
	unsigned present; /* of the policies that can be required, by the bits of their numbers */
};

/* What can be required: the words of --require-policies, in this order, ended by NULL. */
enum domain_policy {
	DOMAIN_STARTTLS,
	DOMAIN_DANE,
	DOMAIN_MTA_STS,
	DOMAIN_TLS_RPT,
	DOMAIN_SPF,
	DOMAIN_DKIM,
	DOMAIN_DMARC,
	DOMAIN_POLICIES
};

extern const char *const domain_policies[DOMAIN_POLICIES + 1];

/*
 * The first questions, and the MX; phase `mx`. False with a finding where there is nobody to ask.
 */
bool domain_find(struct session *s);

/* Addresses, TLSA and PTR records of the servers; phase `hosts`. */
bool domain_hosts(struct session *s);

/* What the domain's TXT records say; phase `records`, and `policy` for the one of MTA-STS. */
bool domain_records(struct session *s);

/* All servers side by side; phase `servers`. And what policies say of what was found. */
bool domain_servers(struct session *s);

/* Whether all that --require-policies names is there. For the end. */
void domain_compare(struct session *s);

/* "10 mx1.example.org" */
const char *domain_mx_text(struct session *s, const struct domain_mx *mx);

/* The texts of TXT answers, joined. */
struct list domain_texts(struct session *s, const struct dns_answer *answer);

#endif
