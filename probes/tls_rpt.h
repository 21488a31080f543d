/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TLS_RPT_H
#define TLS_RPT_H

/* TLSRPT records, at _smtp._tls.DOMAIN: RFC 8460 section 3. No I/O. */

#include "txt_record.h"

struct tls_rpt {
	enum txt_status status;
	slice record;
	struct list rua; /* mailto: and https:, a hundred at most; one at least when it is good */
	slice error;     /* why it is broken; missing when it is not */
};

/*
 * `records` are the TXT records of that name; those of other kinds are passed over. Several of
 * TLSRPT's count for none to a sender, and are TXT_BROKEN. Sentences and lists are in the arena,
 * all else a part of the record.
 */
void tls_rpt_parse(struct arena *arena, const struct list *records, struct tls_rpt *rpt);

#endif
