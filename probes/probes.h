/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PROBES_H
#define PROBES_H

/* All kinds of probes. */

#include "session.h"

#define PROBE(name) extern const struct probe_type probe_##name;
#include "probes.def"
#undef PROBE

#endif
