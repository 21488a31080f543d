/* SPDX-License-Identifier: BSD-2-Clause */
/* check_mail_domain in prose and in examples. */
#include "pages.h"

static const char *const description[] = {
	"Looks at a domain as a server does that has mail for it: what its MX are, whether each of "
	"them takes mail and by which TLS, and what the domain publishes of DANE, MTA-STS, "
	"TLSRPT, SPF, DKIM and DMARC.",
	"All addresses of all MX are looked at side by side, and take as long as the slowest. Each "
	"is told, with its own state: one that nobody answers at is a finding although the others "
	"do, and the worst is the state of the whole.",
	"What a domain does not publish is none of our business unless --require-policies names "
	"it: then that it is not there is a WARNING, or what --unexpected says. What it publishes "
	"has to be right: servers that a signed TLSA record or an enforced MTA-STS policy does "
	"not fit are CRITICAL, for mail stays away by it; a record that cannot be used is a "
	"WARNING.",
	NULL,
};

static const char *const steps[] = {
	"The MX records are asked for, with DNSSEC. A domain without any is its own MX (RFC 5321 "
	"section 5.1); one with a null MX (RFC 7505) takes no mail, which is CRITICAL. Then come "
	"the addresses of each MX, its TLSA records, and the names of the addresses. An MX that "
	"is an alias is a WARNING, one without an address CRITICAL; an address without a name, or "
	"with one that leads elsewhere, is told in ptr.",
	"The TXT records are read: SPF, with the lookups that RFC 7208 section 4.6.4 counts; the "
	"DKIM keys of the selectors that are named; DMARC, of the domain or of one above it; "
	"MTA-STS and TLSRPT. Where MTA-STS is announced its policy is fetched by HTTPS from "
	"mta-sts.DOMAIN. A policy that cannot be had is as none to a sender, and a WARNING.",
	"Each server is connected to: banner, EHLO, STARTTLS where it is offered, EHLO again, "
	"QUIT. Where its signed TLSA records are there its certificate has to match one of them. "
	"Otherwise it is verified by the CAs and its name, and that it does not verify, or that "
	"there is no TLS, is told in servers: senders take such a server all the same, unless "
	"an MTA-STS policy is in force.",
	NULL,
};

static const char *const changes[] = {
	"Nothing. Each server sees a connection that greets and takes leave, as from any server "
	"that has changed its mind.",
	NULL,
};

/* clang-format off: a question, and the options that answer it */
static const struct example examples[] = {
	{ "Could mail for the domain come in, at every one of its servers?", "example.org" },
	{ "The same, and it has to have what receivers ask for today.",
	    "example.org --dkim-selector=2026a --require-policies=starttls,spf,dkim,dmarc" },
	{ "DANE and MTA-STS are in force, reports are asked for, and certificates are good for two "
	  "weeks yet.",
	    "-H example.org --require-policies=dane,mta-sts,tls-rpt -D 14,3" },
	{ "From a machine without IPv6, through a resolver of its own.",
	    "example.org -4 --resolver=192.0.2.53" },
	{ NULL, NULL },
};

static const struct command commands[] = {
	{ "check_mail_domain", "The domain $ARG1$. $ARG2$: more options.", "-H '$ARG1$' $ARG2$" },
	{ NULL, NULL, NULL },
};
/* clang-format on */

const struct page page_domain = {
	.description = description,
	.steps = steps,
	.changes = changes,
	.values = "servers counts the addresses of all MX, servers_well those without a finding.",
	.examples = examples,
	.commands = commands,
	.see_also =
	    "check_mail_smtp(8), mailprobe.yml(5), RFC 5321 (SMTP), RFC 7505 (null MX), RFC 7672 "
	    "(DANE for SMTP), RFC 8461 (MTA-STS), RFC 8460 (TLSRPT), RFC 7208 (SPF), RFC 6376 "
	    "(DKIM), RFC 7489 (DMARC)",
};
