/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPORTER_H
#define EXPORTER_H

/*
 * The program as a whole: what its parts share, and the one way to a new configuration. The
 * threads: main waits for signals, one hands out the schedule, libmicrohttpd's own takes requests,
 * and the pool's do all that takes time.
 */

#include "schedule.h"
#include "web.h"

struct exporter {
	const char *config_path, *web_path; /* the latter may be NULL */
	struct pool *pool;                  /* of the runs */
	struct pool *pages;     /* of requests that take time: they do not wait behind runs */
	struct pool *passwords; /* that are looked at: nothing waits behind who guesses them */
	struct gate *gate;
	struct schedule *schedule;
	double started;

	pthread_mutex_t reloading; /* one at a time */
	pthread_mutex_t lock;      /* guards what follows */
	struct config *config;
	struct web *web;
	bool reload_successful;
	double reload_time; /* of the last that was */
	char *reload_error; /* of the last that was not; NULL after one that was */
};

/*
 * Reads both files anew. Where one has an error nothing changes, and all errors are in `problems`;
 * they are logged besides.
 */
bool exporter_reload(struct exporter *exporter, struct problems *problems);

/* What holds now; to be dropped. */
struct config *exporter_config(struct exporter *exporter);
struct web *exporter_web(struct exporter *exporter);

#endif
