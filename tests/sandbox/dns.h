/* SPDX-License-Identifier: BSD-2-Clause */

/* The name server, over UDP alone: its answers are short. */
#ifndef SANDBOX_DNS_H
#define SANDBOX_DNS_H

#include "bytes.h"

struct listener;

/* The answer to one datagram, appended; nothing if there is none. */
void dns_answer(const struct listener *l, struct slice datagram, struct bytes *answer);

#endif
