/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HTTP_H
#define HTTP_H

/*
 * The HTTP side. libmicrohttpd's thread reads requests and writes answers and does nothing that
 * takes time: what does is a job for the pool, the request being suspended meanwhile.
 */

#include "exporter.h"

struct http;

/*
 * Serves on these listening sockets, which it owns from now on. NULL with a sentence in `error`.
 */
struct http *http_start(struct exporter *exporter, const int *sockets, size_t n, struct str *error);

/* To be called some times a second: answers those who have waited for a probe for too long. */
void http_tick(struct http *http);

/* From now on /-/ready says so. */
void http_ready(struct http *http);

/*
 * Takes no more connections, and answers those that wait for a probe that has not begun. What is
 * under way is still answered, as long as the process lasts: libmicrohttpd cannot be stopped while
 * requests are suspended.
 */
void http_stop(struct http *http);

/* Waits until all requests have been answered, but no longer than until then. */
void http_settle(struct http *http, instant until);

#endif
