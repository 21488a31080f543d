/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DKIM_RECORD_H
#define DKIM_RECORD_H

/*
 * The record of a DKIM key, at SELECTOR._domainkey.DOMAIN: RFC 6376 section 3.6.1, with RFC 8301
 * (no SHA-1, bits of RSA keys) and RFC 8463 (Ed25519). No I/O; the key is decoded by OpenSSL.
 */

#include "txt_record.h"

enum {
	DKIM_KEY_MAX = 4096,   /* octets of a decoded key: RSA of 16,384 bits has 2,100 */
	DKIM_BITS_MIN = 1024,  /* RFC 8301 section 3.2: verifiers take no shorter ones */
	DKIM_BITS_GOOD = 2048, /* the same: signers should use so many */
};

enum dkim_use {
	DKIM_UNUSABLE,
	DKIM_USABLE,
	DKIM_WEAK,   /* usable, and of fewer bits than DKIM_BITS_GOOD */
	DKIM_REVOKED /* the record is right, and its key is empty */
};

struct dkim_record {
	enum txt_status status; /* good: verifiers know what the record says; see `use` */
	enum dkim_use use;      /* by a verifier, for mail that is signed now */
	slice type;             /* "rsa", "ed25519", or what stands there */
	unsigned bits;          /* of the key; 0 where there is none to measure */
	bool testing;           /* t=y: verifiers treat such mail as if it were not signed */
	bool same_domain;       /* t=s: no subdomain of DOMAIN in i= */
	slice error;            /* why it is not DKIM_USABLE; missing when it is */
};

/*
 * `records` are the TXT records of that name. More than one is TXT_BROKEN, whatever they say
 * (section 3.6.2.2). Sentences are in the arena, all else a part of the record.
 */
void dkim_record_parse(struct arena *arena, const struct list *records, struct dkim_record *dkim);

#endif
