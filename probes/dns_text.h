/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef DNS_TEXT_H
#define DNS_TEXT_H

/*
 * The data of DNS records as a resolver hands it out (RFC 1035 section 3.3): wire form, names not
 * compressed. Bytes in, text or struct out. Each takes the whole of `rdata`: what is cut short or
 * has bytes left over is false, with the output untouched.
 *
 * Names are added in the form of RFC 1035 section 5.1: dots between the labels and none at the
 * end, "." for the root alone, letter case as it came; "\." and "\\" for these two within a label,
 * "\DDD" for what is not visible ASCII. A name with a backslash is no host's name.
 */

#include "str.h"

/* RFC 1035 section 2.3.4: in wire form, the root's zero included. */
enum { DNS_NAME_MAX = 255, DNS_LABEL_MAX = 63 };

/* TXT: the character strings, one behind the other with nothing between. */
bool txt_rdata(slice rdata, struct str *out);

/* MX: a null MX (RFC 7505) has the name ".". */
bool mx_rdata(slice rdata, unsigned *preference, struct str *name);

/* PTR, CNAME, NS: one name. */
bool name_rdata(slice rdata, struct str *name);

#endif
