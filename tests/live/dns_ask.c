/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows what dns_ask() says: dns_ask [OPTION of a check...] NAME TYPE [NAME TYPE...] prints a JSON object
 * for each question, or one of the finding that ended the run. With --times=N in front, asks N times over
 * on each of N threads and prints the last.
 */
#include <arpa/nameser.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "dnssec.h"
#include "escape.h"

enum { QUESTIONS_MAX = 64, THREADS_MAX = 64 };

static const struct {
	const char *name;
	int type;
} types[] = {
	{ "A", ns_t_a },
	{ "AAAA", ns_t_aaaa },
	{ "CNAME", ns_t_cname },
	{ "MX", ns_t_mx },
	{ "NS", ns_t_ns },
	{ "PTR", ns_t_ptr },
	{ "SOA", ns_t_soa },
	{ "SRV", ns_t_srv },
	{ "TLSA", ns_t_tlsa },
	{ "TXT", ns_t_txt },
};

static const char *const outcomes[] = {
	[DNS_FAILED] = "failed",
	[DNS_FOUND] = "found",
	[DNS_NO_DATA] = "no data",
	[DNS_NO_NAME] = "no name",
};

static const char *const securities[] = {
	[DNS_INSECURE] = "insecure",
	[DNS_SECURE] = "secure",
	[DNS_BOGUS] = "bogus",
};

struct job {
	struct probe_opts common;
	struct dns_question questions[QUESTIONS_MAX];
	size_t n;
	struct dns_answer answers[QUESTIONS_MAX];
	bool done;
};

static bool
transaction(struct session *s)
{
	struct job *job = (struct job *)s->opts;

	if (!phase(s, PHASE_DNS))
		return false;
	job->done = dns_ask(s, job->questions, job->n, job->answers);
	return job->done;
}

static bool
prepare(struct session *s)
{
	(void)s;
	return true;
}

static void
plan(const void *opts, struct arena *arena, struct plan *to)
{
	(void)opts;
	(void)arena;
	(void)to;
}

static void
bye(struct session *s)
{
	(void)s;
}

static const struct probe_type dns = {
	.name = "dns",
	.label = "DNS",
	.plan = plan,
	.prepare = prepare,
	.transaction = transaction,
	.bye = bye,
};

static void
member(struct str *out, const char *name, slice value)
{
	str_addf(out, ", \"%s\": ", name);
	if (value.at)
		escape_json(out, value);
	else
		str_addz(out, "null");
}

static void
show(struct str *out, const struct dns_answer *answer)
{
	str_addf(out, "{\"outcome\": \"%s\", \"security\": \"%s\", \"ttl\": %u, \"records\": [",
	    outcomes[answer->outcome], securities[answer->security], answer->ttl);
	for (size_t i = 0; i < answer->records.n; i++) {
		str_addz(out, i > 0 ? ", \"" : "\"");
		for (size_t j = 0; j < answer->records.items[i].n; j++)
			str_addf(out, "%02x", (unsigned char)answer->records.items[i].at[j]);
		str_addc(out, '"');
	}
	str_addc(out, ']');
	member(out, "canonical", answer->canonical);
	member(out, "why", answer->why);
	str_addz(out, "}\n");
}

static int
run(struct job *job, FILE *to)
{
	struct arena *arena = arena_new(64 << 20);
	struct str out = str_in(arena);
	struct session *s = session_talk(&dns, job, arena);

	if (!s)
		return 2;
	for (size_t i = 0; job->done && i < job->n; i++)
		show(&out, &job->answers[i]);
	for (size_t i = 0; i < s->result->finding_count; i++) {
		str_addf(
		    &out, "{\"cause\": \"%s\"", cause_infos[s->result->findings[i].cause].name);
		member(&out, "text", s->result->findings[i].text);
		str_addz(&out, "}\n");
	}
	if (to)
		fwrite(str_z(&out), 1, out.n, to);
	session_close(s);
	arena_free(arena);
	return job->done ? 0 : 1;
}

static void *
again(void *data)
{
	struct job *job = data;
	size_t times = job->common.port.number;
	bool good = true;

	for (size_t i = 0; i < times; i++) {
		struct job own = *job;

		good = run(&own, NULL) == 0 && good;
	}
	return good ? data : NULL;
}

static bool
side_by_side(struct job *job)
{
	pthread_t threads[THREADS_MAX];
	size_t n = job->common.port.number;
	bool good = true;

	for (size_t i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, again, job) != 0)
			exit(2);
	for (size_t i = 0; i < n; i++) {
		void *result;

		pthread_join(threads[i], &result);
		good = good && result;
	}
	return good;
}

static bool
question(struct job *job, const char *name, const char *type)
{
	for (size_t i = 0; job->n < QUESTIONS_MAX && i < sizeof types / sizeof types[0]; i++)
		if (slice_eqi(slice_z(type), slice_z(types[i].name))) {
			job->questions[job->n++] = (struct dns_question){ name, types[i].type };
			return true;
		}
	fprintf(stderr, "dns_ask: %s: unknown type, or too many questions\n", type);
	return false;
}

static const struct opt own[] = {
	OPT(struct job, common.port, .name = "times", .arg = "N", .help = "see above"),
};

/* The command line into a job. False when it cannot be meant. */
static bool
read_line(struct job *job, int argc, char **argv, struct arena *arena)
{
	const struct opt_table table = {
		.program = "dns_ask",
		.own = own,
		.own_count = 1,
		.common = common_options,
		.common_count = &common_option_count,
		.operand = NO_OPERAND,
	};
	struct str error = str_in(arena);
	int options = 1;

	while (options < argc && argv[options][0] == '-')
		options++;
	if (opts_parse(&table, job, options, argv, arena, &error) != OPTS_RUN) {
		fprintf(stderr, "dns_ask: %s\n", str_z(&error));
		return false;
	}
	for (int i = options; i + 1 < argc; i += 2)
		if (!question(job, argv[i], argv[i + 1]))
			return false;
	job->common.host = "dns";
	job->common.tls = TLS_NONE;
	return job->common.port.number <= THREADS_MAX;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new(1 << 20);
	struct job job = { .common = PROBE_OPTS_DEFAULTS("smtp") };
	int status = 2;

	if (read_line(&job, argc, argv, arena)
	    && (job.common.port.number == 0 || side_by_side(&job)))
		status = run(&job, stdout);
	arena_free(arena);
	return status;
}
