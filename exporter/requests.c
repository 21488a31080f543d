/* SPDX-License-Identifier: BSD-2-Clause */
/* How many requests have been answered, by what was asked for and status; and how many are open. */
#include <stdlib.h>

#include "request.h"

static const struct {
	const char *name, *codes; /* the codes that are usual */
} handlers[HANDLERS] = {
#define HANDLER(id, name, codes) [HANDLER_##id] = { name, codes },
#include "handlers.def"
#undef HANDLER
};

const char *
handler_name(enum handler handler)
{
	return handlers[handler].name;
}

static void
count(struct http *http, enum handler handler, unsigned status, unsigned n)
{
	struct counted *more;
	size_t i = 0;

	pthread_mutex_lock(&http->lock);
	while (i < http->count_count
	    && (http->counts[i].handler != handler || http->counts[i].status != status))
		i++;
	if (i == http->count_count
	    && (more = realloc(http->counts, (i + 1) * sizeof *http->counts))) {
		http->counts = more;
		more[http->count_count++] = (struct counted){ handler, status, 0 };
	}
	if (i < http->count_count)
		http->counts[i].n += n;
	pthread_mutex_unlock(&http->lock);
}

/* rate() does not see the first of a series that appears with it: what is usual is there at 0. */
void
requests_setup(struct http *http)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&http->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&http->settled, &monotonic);
	pthread_condattr_destroy(&monotonic);
	for (enum handler handler = 0; handler < HANDLERS; handler++)
		for (slice codes = slice_z(handlers[handler].codes); codes.at;) {
			uint64_t code = 0;

			slice_number(slice_cut(&codes, ' '), 999, &code);
			count(http, handler, (unsigned)code, 0);
		}
}

void
requests_count(struct http *http, enum handler handler, unsigned status)
{
	count(http, handler, status, 1);
}

void
requests_lines(void *data, struct buffer *out)
{
	struct http *http = data;

	pthread_mutex_lock(&http->lock);
	for (size_t i = 0; i < http->count_count; i++)
		buffer_addf(out, "%s{handler=\"%s\",code=\"%u\"} %llu\n",
		    metric_infos[METRIC_HTTP_REQUESTS].name, handler_name(http->counts[i].handler),
		    http->counts[i].status, (unsigned long long)http->counts[i].n);
	pthread_mutex_unlock(&http->lock);
}

void
requests_begin(struct http *http)
{
	pthread_mutex_lock(&http->lock);
	http->open++;
	pthread_mutex_unlock(&http->lock);
}

void
requests_end(struct http *http)
{
	pthread_mutex_lock(&http->lock);
	if (--http->open == 0)
		pthread_cond_signal(&http->settled);
	pthread_mutex_unlock(&http->lock);
}

void
http_settle(struct http *http, instant until)
{
	struct timespec bound = { until.ns / 1000000000, until.ns % 1000000000 };

	pthread_mutex_lock(&http->lock);
	while (http->open > 0 && pthread_cond_timedwait(&http->settled, &http->lock, &bound) == 0)
		;
	pthread_mutex_unlock(&http->lock);
}
