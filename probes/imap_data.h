/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IMAP_DATA_H
#define IMAP_DATA_H

/*
 * What stands behind the word of an untagged response, and the blanks behind that. For
 * imap_response.c alone, which looks at the end of the line.
 */

#include "imap_scan.h"

bool data_esearch(struct scan *s, struct imap_response *r);
bool data_fetch(struct scan *s, struct imap_response *r);
bool data_flags(struct scan *s, struct imap_response *r);
bool data_list(struct scan *s, struct imap_response *r);
bool data_namespace(struct scan *s, struct imap_response *r);
bool data_quota(struct scan *s, struct imap_response *r);
bool data_quotaroot(struct scan *s, struct imap_response *r);
bool data_search(struct scan *s, struct imap_response *r);
bool data_status(struct scan *s, struct imap_response *r);

#endif
