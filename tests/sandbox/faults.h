/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The ways to break a listener on purpose: faults.def is the table, a fault_set is what one
 * listener was asked for. Texts in a set point into the argument it was parsed from.
 */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum verb {
#define VERB(id, name) VERB_##id,
#include "verbs.def"
#undef VERB
	VERB_COUNT
};

enum fault {
#define FAULT(id, name, kind, number, where, help) FAULT_##id,
#include "faults.def"
#undef FAULT
	FAULT_COUNT
};

enum fault_kind {
	KIND_NONE,
	KIND_MS,                /* a delay of the answer */
	KIND_INTERVAL,          /* milliseconds between two bytes */
	KIND_DAYS,
	KIND_SECONDS,
	KIND_NUMBER,
	KIND_TEXT,              /* required */
	KIND_CODE,              /* a response code of IMAP or POP3 */
	KIND_RESULT,            /* of an authentication (RFC 8601) */
	KIND_STATUS,            /* of a failure (RFC 3463) */
	KIND_PLACE,             /* a verb; several add up */
	KIND_REPLY,             /* PLACE=TEXT; one for each place */
};

struct fault_set {
	bool any;
	struct {
		bool on;
		uint64_t places;        /* a bit for each verb */
		long number;
		const char *text;
	} of[FAULT_COUNT];
	const char *replies[VERB_COUNT];
};

/* Adds NAME[:VALUE]. On failure writes one sentence to `error`. The text must outlive the set. */
bool faults_parse(struct fault_set *set, const char *text, char *error, size_t size);
/* Adds what `more` has and `set` has not. */
void faults_merge(struct fault_set *set, const struct fault_set *more);
bool fault_on(const struct fault_set *set, enum fault f);
bool fault_at(const struct fault_set *set, enum fault f, enum verb v);
long fault_number(const struct fault_set *set, enum fault f);
const char *fault_text(const struct fault_set *set, enum fault f);
const char *fault_name(enum fault f);
/* The answer there comes this many milliseconds late, all faults together. */
long fault_delay(const struct fault_set *set, enum verb v);
void faults_print(FILE *out);

#endif
