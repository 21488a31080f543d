/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IMAP_NAME_H
#define IMAP_NAME_H

/*
 * Mailbox names beyond ASCII: modified UTF-7, RFC 3501 section 5.1.3. Servers of IMAP4rev1 speak
 * it, and those of IMAP4rev2 (RFC 9051 appendix A.1) until a client has enabled that.
 */

#include "str.h"

/*
 * How a name that a user has written goes to the server. One that is all ASCII goes as it stands:
 * it may be in that form already. Any other is UTF-8 and is encoded, its "&" too; false when it
 * is not UTF-8.
 */
bool imap_name_encode(struct str *out, slice name);

/* How a server's name is shown: decoded, or as it stands where it is not in that form. */
void imap_name_decode(struct str *out, slice name);

#endif
