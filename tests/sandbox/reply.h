/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Answers, and the faults that spoil them: every byte a dialect says goes through here, with the
 * place of the conversation it answers.
 */
#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

#include "conn.h"

/* Appends an answer, whole with its CRLFs, and applies the faults that sit at this place. */
void reply(struct conn *c, enum verb v, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void reply_bytes(struct conn *c, enum verb v, const struct bytes *text);
/* What goes on from an answer that is too long for one piece. Faults spoil the first only. */
void reply_more(struct conn *c, const struct bytes *text);
/* If a fault refuses this verb, refuses it and returns true; nothing else must be done then. */
bool reply_refused(struct conn *c, enum verb v);

#endif
