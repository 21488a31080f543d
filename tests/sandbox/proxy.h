/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The PROXY protocol's header, versions 1 and 2, as a listener behind a load balancer reads it.
 */
#ifndef SANDBOX_PROXY_H
#define SANDBOX_PROXY_H

#include "server.h"

enum proxy_state { PROXY_DONE, PROXY_MORE, PROXY_WRONG };

/* Takes the header, and nothing behind it, off the socket; the client it names goes to `peer`. */
enum proxy_state proxy_header(int fd, union address *peer);

#endif
