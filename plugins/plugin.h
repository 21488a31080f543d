/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "session.h"

/*
 * A check binary's whole main: options in, one probe, its result out. Returns the exit status: 0
 * OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Wipes passwords from argv and forbids core dumps first.
 */
int plugin_main(const struct probe_type *type, int argc, char **argv);

#endif
