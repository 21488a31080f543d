/* SPDX-License-Identifier: BSD-2-Clause */

/* The command line. */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "server.h"

struct options {
	uint64_t exit_after;            /* nanoseconds, zero for never */
	bool spool, with_parent;
	uint32_t messages;              /* in the first account's INBOX */
	size_t message_size;
};

/* Fills in the server's listeners, accounts, host name and folder. Ends the program after --help
 * and the like (0) and after a mistake (2, one line on standard error). */
void options_parse(struct options *o, struct server *s, int argc, char **argv);

/* One line on standard error, exit status 2. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
