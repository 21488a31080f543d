/* SPDX-License-Identifier: BSD-2-Clause */

/* Modified UTF-7 (RFC 3501 section 5.1.3), in which IMAP4rev1 writes mailbox names. */
#ifndef SANDBOX_IMAP_UTF7_H
#define SANDBOX_IMAP_UTF7_H

#include "bytes.h"

/* Strictly: nothing encoded that could be plain, no superfluous shift, no bit left over. */
bool utf7_good(struct slice name);
/* From modified UTF-7 that is good to UTF-8, and back from UTF-8, false if that is not good. */
void utf7_decode(struct slice name, struct bytes *utf8);
bool utf7_encode(struct slice utf8, struct bytes *name);

#endif
