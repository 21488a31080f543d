/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DNSSEC_H
#define DNSSEC_H

/*
 * Questions to the DNS whose answers are validated here, by libunbound and a trust anchor from a
 * file: a resolver that lies, or somebody on the way to it, cannot pass off an answer of a signed
 * zone. The questions go to the resolver of --resolver, or those of resolv.conf; nothing is cached
 * beyond one call.
 */

#include "conn.h"

struct dns_question {
	const char *name; /* absolute, with or without its last dot */
	int type;         /* ns_t_mx and the like of <arpa/nameser.h> */
};

enum dns_outcome {
	DNS_FAILED,  /* no answer that counts; `why` says it */
	DNS_FOUND,   /* there are records */
	DNS_NO_DATA, /* the name is there, the type is not */
	DNS_NO_NAME, /* there is no such name */
};

enum dns_security {
	DNS_INSECURE, /* no anchor covers it, or a zone above says that it is not signed */
	DNS_SECURE,   /* the answer, or that there is none, is proved from the anchor down */
	DNS_BOGUS,    /* it should be proved, and is not: `outcome` is DNS_FAILED then */
};

struct dns_answer {
	enum dns_outcome outcome;
	enum dns_security security; /* of the whole chain, aliases included */
	struct list records;        /* raw RDATA, names in it not compressed */
	slice canonical; /* the name at the end of the aliases, without last dot; missing if none */
	uint32_t ttl;
	slice why; /* of DNS_FAILED, in words, those of libunbound for DNS_BOGUS; may quote names */
};

/*
 * Asks all of them side by side and waits until each has its answer, in the arena. What goes wrong
 * with one question is in its answer and no finding. False with a finding: `timeout` when the
 * deadline came first, `local` for no libunbound, no trust anchor, no memory.
 */
bool dns_ask(
    struct session *s, const struct dns_question *questions, size_t n, struct dns_answer *answers);

#endif
