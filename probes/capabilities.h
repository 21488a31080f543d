/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

/* What a server advertises: what all protocols do with it. */

#include "session.h"

/*
 * Whether one of the lines has this keyword, and this parameter among its own unless `parameter` is
 * empty; both in any letter case. `split` takes a line apart as the protocol writes it.
 */
bool capabilities_have(const struct list *lines, slice (*split)(slice line, slice *parameters),
    slice keyword, slice parameter);

/*
 * Holds --require and --forbid against what is advertised. A finding stands in `lap`, in which the
 * list came; LAP_NONE: there was none, and nothing is compared.
 */
void capabilities_compare(
    struct session *s, int lap, bool (*advertised)(struct session *s, slice wanted));

#endif
