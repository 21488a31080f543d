/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MTA_STS_H
#define MTA_STS_H

/*
 * MTA-STS (RFC 8461): the TXT record at _mta-sts.DOMAIN, the policy that is fetched from
 * https://mta-sts.DOMAIN/.well-known/mta-sts.txt, and which MX it covers. No I/O.
 */

#include "txt_record.h"

/* Limits: of the policy in octets, which the caller keeps, and of its patterns. */
enum { MTA_STS_POLICY_MAX = 65536, MTA_STS_PATTERNS_MAX = 1000 };

/* Section 3.2: about a year, in seconds. */
#define MTA_STS_AGE_MAX 31557600

struct mta_sts_record {
	enum txt_status status;
	slice record, id; /* 1 to 32 letters and digits */
	slice error;      /* why it is broken; missing when it is not */
};

enum mta_sts_mode { MTA_STS_NO_POLICY, MTA_STS_TESTING, MTA_STS_ENFORCE };

struct mta_sts_policy {
	enum mta_sts_mode mode;
	uint64_t max_age;
	struct list mx; /* patterns, as they stand there; none only with MTA_STS_NO_POLICY */
};

/*
 * `records` are the TXT records of that name; those of other kinds are passed over. Several of
 * MTA-STS's count for none to a sender, and are TXT_BROKEN. Sentences are in the arena, all else
 * a part of the record.
 */
void mta_sts_record_parse(
    struct arena *arena, const struct list *records, struct mta_sts_record *sts);

/*
 * Reads a policy. Lines end in LF or CRLF; unknown keys and empty lines are passed over; of keys
 * but mx that come twice the first counts. False, with a sentence in `*error` and `*policy`
 * untouched, for what a sender must not take for one.
 */
bool mta_sts_policy_parse(
    struct arena *arena, slice text, struct mta_sts_policy *policy, slice *error);

/* "none", "testing", "enforce". */
slice mta_sts_mode_name(enum mta_sts_mode mode);

/*
 * Whether a pattern matches the name of an MX, letter case and a final dot ignored. "*." stands
 * for just one label (section 4.1).
 */
bool mta_sts_covers(const struct mta_sts_policy *policy, slice mx);

#endif
