/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GATE_H
#define GATE_H

/*
 * A prober is a guest: no host is probed more often, nor by more probes at a time, than the
 * configuration allows, whoever asks and by whatever module. A host is its name as it was asked
 * for, in any letter case.
 */

#include "clock.h"

struct gate;

enum gate_answer { GATE_OPEN, GATE_BUSY, GATE_RATE };

/* NULL without memory. */
struct gate *gate_new(void);
void gate_free(struct gate *gate);

/* From now on so many probes of one host at a time, and a second; 0: any number. */
void gate_limits(struct gate *gate, unsigned probes, double rate);

/*
 * Asks to probe `host`. GATE_OPEN has to be followed by gate_leave(); the others come with how long
 * it will take at least until the answer may be another one. gate_leave() says whether anybody was
 * told GATE_BUSY since a probe of that host last ended: whoever comes back for another should let
 * them have their turn.
 */
enum gate_answer gate_enter(struct gate *gate, const char *host, span *wait);
bool gate_leave(struct gate *gate, const char *host);

#endif
