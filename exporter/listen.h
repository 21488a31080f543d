/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef LISTEN_H
#define LISTEN_H

#include "result.h"

enum { LISTEN_MAX = 32 };

/*
 * Opens a listening socket: "127.0.0.1:10821", "[::1]:10821", "localhost:10821", or ":10821" for
 * every address of the machine; port 0 is any that is free. -1 with a sentence in `error`.
 */
int listen_on(slice address, struct arena *arena, struct str *error);

/* Where a socket listens, "127.0.0.1:10821". */
slice listen_name(int socket, struct arena *arena);

#endif
