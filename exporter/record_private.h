/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef RECORD_PRIVATE_H
#define RECORD_PRIVATE_H

/* What record.c and record_run.c share. All but the first under the record's lock. */

#include "record.h"

/* A terminated copy that the caller frees; NULL without memory. */
char *record_copy(slice s);

/* The series of that name, which is added if need be; PHASE_NONE without memory. */
int record_phase_index(struct record *record, slice name);

/* Counts `n` failures; 0 to have the counter there. */
void record_count_failure(struct record *record, int phase, enum cause cause, uint32_t n);

#endif
