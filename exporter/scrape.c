/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All lines of a metric have to stand together, while what they say is kept target by target. So
 * each metric gets a text of its own, and one walk over the targets adds to all of them; each
 * record is locked once, and what is said of it belongs to one moment. Most of a line is copied:
 * labels are escaped when a target is loaded, numbers of a run written when it ends.
 */
#include "scrape.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "escape.h"

/* What the lines of one scrape have in common. */
struct scraping {
	struct buffer *pieces;
	struct arena *arena;
	const struct config *config;
	struct buffer prefix;
	slice les[BUCKETS_MAX + 1]; /* `",le="0.005"} ` for each bucket */
};

/* `NAME{LABELS`, for what follows. */
static void
begin(struct buffer *out, enum metric metric, const char *suffix, const char *labels)
{
	buffer_addz(out, metric_infos[metric].name);
	buffer_addz(out, suffix);
	buffer_add(out, S("{"));
	buffer_addz(out, labels);
}

static void
end_number(struct buffer *out, uint64_t number)
{
	buffer_add(out, S("} "));
	buffer_number(out, number);
	buffer_add(out, S("\n"));
}

/* Seconds with nine decimals. */
static void
add_seconds(struct buffer *out, int64_t ns)
{
	uint64_t fraction = (uint64_t)ns % 1000000000;
	char digits[10] = ".";

	for (int i = 9; i > 0; i--, fraction /= 10)
		digits[i] = (char)('0' + fraction % 10);
	buffer_number(out, (uint64_t)ns / 1000000000);
	buffer_add(out, (slice){ digits, sizeof digits });
}

/* The beginning that the lines of a series share: `NAME_bucket{LABELS,phase="ehlo`. */
static slice
prefix(struct scraping *s, const struct record *record, const struct series *series)
{
	s->prefix.n = 0;
	begin(&s->prefix, METRIC_PHASE_HISTOGRAM, "_bucket", record->labels);
	buffer_add(&s->prefix, S(",phase=\""));
	buffer_addz(&s->prefix, series->name);
	return buffer_slice(&s->prefix);
}

/* Most of /metrics is made here. */
static void
histogram(struct scraping *s, const struct record *record, const struct series *series)
{
	struct buffer *out = &s->pieces[METRIC_PHASE_HISTOGRAM];
	slice shared = prefix(s, record, series);
	uint64_t sum = 0;

	for (size_t i = 0; i <= record->bucket_count; i++) {
		sum += series->buckets[i];
		buffer_add(out, shared);
		buffer_add(out, s->les[i]);
		buffer_number(out, sum);
		buffer_add(out, S("\n"));
	}
	begin(out, METRIC_PHASE_HISTOGRAM, "_sum", record->labels);
	buffer_add(out, S(",phase=\""));
	buffer_addz(out, series->name);
	buffer_add(out, S("\"} "));
	add_seconds(out, series->sum);
	buffer_add(out, S("\n"));
	begin(out, METRIC_PHASE_HISTOGRAM, "_count", record->labels);
	buffer_add(out, S(",phase=\""));
	buffer_addz(out, series->name);
	buffer_add(out, S("\""));
	end_number(out, sum);
}

static void
runs(struct scraping *s, const struct record *record)
{
	static const char *const states[] = { "ok", "warning", "critical", "unknown" };
	struct buffer *out = &s->pieces[METRIC_RUNS];

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		begin(out, METRIC_RUNS, "", record->labels);
		buffer_add(out, S(",state=\""));
		buffer_addz(out, states[i]);
		buffer_add(out, S("\""));
		end_number(out, record->runs[i]);
	}
}

static void
failures(struct scraping *s, const struct record *record)
{
	struct buffer *out = &s->pieces[METRIC_FAILURES];

	for (size_t i = 0; i < record->failure_count; i++) {
		const struct failure_count *count = &record->failures[i];

		begin(out, METRIC_FAILURES, "", record->labels);
		buffer_add(out, S(",phase=\""));
		buffer_add(out, record_phase(record, count->phase));
		buffer_add(out, S("\",cause=\""));
		buffer_addz(out, cause_infos[count->cause].name);
		buffer_add(out, S("\""));
		end_number(out, count->n);
	}
}

static void
target(struct scraping *s, struct record *record, span interval)
{
	const struct run *last;

	pthread_mutex_lock(&record->lock);
	for (size_t i = 0; i < record->tail_count; i++) {
		const struct tail *tail = &record->tails[i];

		begin(&s->pieces[tail->metric], tail->metric, "", record->labels);
		buffer_add(&s->pieces[tail->metric], tail->text);
	}
	for (size_t i = 0; i < record->phase_count; i++)
		histogram(s, record, &record->phases[i]);
	runs(s, record);
	failures(s, record);
	begin(&s->pieces[METRIC_SKIPPED], METRIC_SKIPPED, "", record->labels);
	end_number(&s->pieces[METRIC_SKIPPED], record->skipped);
	begin(&s->pieces[METRIC_LAST_RUN], METRIC_LAST_RUN, "", record->labels);
	last = record_last(record);
	buffer_add(&s->pieces[METRIC_LAST_RUN], S("} "));
	add_seconds(&s->pieces[METRIC_LAST_RUN], last ? (int64_t)(last->time * 1e9) : 0);
	buffer_add(&s->pieces[METRIC_LAST_RUN], S("\n"));
	begin(&s->pieces[METRIC_INTERVAL], METRIC_INTERVAL, "", record->labels);
	buffer_add(&s->pieces[METRIC_INTERVAL], S("} "));
	add_seconds(&s->pieces[METRIC_INTERVAL], interval.ns);
	buffer_add(&s->pieces[METRIC_INTERVAL], S("\n"));
	pthread_mutex_unlock(&record->lock);
}

/* One line of the exporter's own. `labels` in braces, or NULL. */
static void
own(struct scraping *s, enum metric metric, const char *labels, double number)
{
	struct buffer *out = &s->pieces[metric];
	struct str text = str_in(s->arena);

	escape_number(&text, number);
	buffer_addf(
	    out, "%s%s %s\n", metric_infos[metric].name, labels ? labels : "", str_z(&text));
}

static void
program(struct scraping *s, struct exporter *exporter, const struct scrape_extra *extra)
{
	struct pool_state pool = pool_state(exporter->pool);
	bool successful;
	double time;

	pthread_mutex_lock(&exporter->lock);
	successful = exporter->reload_successful;
	time = exporter->reload_time;
	pthread_mutex_unlock(&exporter->lock);
	own(s, METRIC_BUILD,
	    str_f(s->arena, "{version=\"%s\",openssl=\"%s\"}", VERSION,
	        OpenSSL_version(OPENSSL_VERSION_STRING))
	        .at,
	    1);
	own(s, METRIC_RELOAD_SUCCESSFUL, NULL, successful);
	own(s, METRIC_RELOAD_TIME, NULL, time);
	own(s, METRIC_TARGETS, NULL, (double)s->config->target_count);
	own(s, METRIC_WORKERS, NULL, pool.threads);
	own(s, METRIC_WORKERS_BUSY, NULL, pool.busy);
	own(s, METRIC_WORKERS_LIMIT, NULL, pool.limit);
	own(s, METRIC_QUEUE_LENGTH, NULL, extra->queue_length);
	own(s, METRIC_QUEUE_LIMIT, NULL, s->config->queue);
	own(s, METRIC_START_TIME, NULL, exporter->started);
	schedule_lateness(exporter->schedule, &s->pieces[METRIC_LATENESS]);
	extra->requests(extra->data, &s->pieces[METRIC_HTTP_REQUESTS]);
	extra->refused(extra->data, &s->pieces[METRIC_REFUSED]);
}

static void
open_fds(struct scraping *s)
{
	DIR *folder = opendir("/proc/self/fd");
	double n = -3; /* ".", "..", and the one that reads */

	if (!folder)
		return;
	while (readdir(folder))
		n++;
	closedir(folder);
	own(s, METRIC_OPEN_FDS, NULL, n);
}

/* The n-th number of a line of /proc, counted behind the command's name. */
static uint64_t
proc_number(slice line, size_t n)
{
	uint64_t number = 0;
	slice word = { NULL, 0 };

	while (n-- > 0)
		word = slice_cut(&line, ' ');
	slice_number(word, UINT64_MAX, &number);
	return number;
}

/*
 * proc(5), /proc/self/stat: behind the name's ")" comes field 3. What only /proc knows is left out
 * where there is none: 0 would be a lie.
 */
static void
process(struct scraping *s)
{
	char text[1024];
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;
	slice line = { text, n > 0 ? (size_t)n : 0 };
	struct rusage usage;
	struct rlimit limit;

	if (fd >= 0)
		close(fd);
	for (size_t i = line.n; i > 1; i--)
		if (text[i - 1] == ')') {
			line = slice_skip(line, i + 1);
			break;
		}
	getrusage(RUSAGE_SELF, &usage);
	getrlimit(RLIMIT_NOFILE, &limit);
	own(s, METRIC_CPU, NULL,
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
	        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	own(s, METRIC_MAX_FDS, NULL, (double)limit.rlim_cur);
	open_fds(s);
	if (n <= 0)
		return;
	own(s, METRIC_VIRTUAL_MEMORY, NULL, (double)proc_number(line, 21));
	own(s, METRIC_RESIDENT_MEMORY, NULL,
	    (double)proc_number(line, 22) * (double)sysconf(_SC_PAGESIZE));
	own(s, METRIC_THREADS, NULL, (double)proc_number(line, 18));
}

/* `",le="0.5"} `, in OpenMetrics' spelling, in which a whole number has a decimal, too. */
static void
prepare_les(struct scraping *s)
{
	for (size_t i = 0; i < s->config->bucket_count; i++) {
		double bound = span_as_seconds(s->config->buckets[i]);
		struct str text = str_in(s->arena);

		escape_number(&text, bound);
		s->les[i] = str_f(s->arena, "\",le=\"%s%s\"} ", str_z(&text),
		    bound == (double)(int64_t)bound ? ".0" : "");
	}
	s->les[s->config->bucket_count] = S("\",le=\"+Inf\"} ");
}

/* What the pieces of the last scrape took. */
static _Atomic size_t sizes[METRICS];

void
scrape(struct exporter *exporter, const struct scrape_extra *extra, bool openmetrics,
    struct buffer pieces[METRICS])
{
	struct arena *arena = arena_new(1 << 20);
	struct schedule_view *view = schedule_view(exporter->schedule);
	struct scraping s = { .pieces = pieces, .arena = arena, .config = view->config };

	if (!arena) {
		pieces[0].failed = true;
		schedule_view_drop(view);
		return;
	}
	for (enum metric metric = 0; metric < METRICS; metric++) {
		struct str family = str_in(arena);

		if (metric_infos[metric].scope == METRIC_ONCE)
			continue;
		/* As much as last time, so that a large text grows in one step. */
		buffer_room(&pieces[metric], atomic_load(&sizes[metric]));
		metric_family(&family, metric, openmetrics);
		buffer_add(&pieces[metric], str_slice(&family));
	}
	prepare_les(&s);
	for (size_t i = 0; i < view->n; i++)
		target(&s, view->records[i], view->config->targets[i]->interval);
	program(&s, exporter, extra);
	process(&s);
	pieces[0].failed |= s.prefix.failed;
	buffer_free(&s.prefix);
	if (openmetrics)
		buffer_addz(&pieces[METRICS - 1], "# EOF\n");
	for (enum metric metric = 0; metric < METRICS; metric++)
		atomic_store(&sizes[metric], pieces[metric].n + pieces[metric].n / 64);
	pieces[0].failed |= arena_failed(arena);
	schedule_view_drop(view);
	arena_free(arena);
}
