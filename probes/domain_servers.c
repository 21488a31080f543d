/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each address of each MX, as a sending server talks to it: greeting, EHLO, STARTTLS where it is
 * offered, QUIT. Each is a run of the SMTP probe by itself, on a thread of its own, so that all
 * take as long as the slowest; a thread ends by its run's deadline, which is within ours.
 */
#include <pthread.h>

#include "domain.h"
#include "judge.h"
#include "probes.h"

enum { CHILD_CEILING = 64 << 20, KEPT_BACK_MS = 200 };

static struct domain *
of(struct session *s)
{
	return s->protocol;
}

static bool
prepare(struct session *s, struct domain_server *server)
{
	const struct domain *d = of(s);
	struct smtp_opts *o = &server->opts;
	struct str error = str_in(s->arena);
	enum cause cause = CAUSE_USAGE;
	slice machine = conn_machine_name(s);

	memcpy(o, probe_smtp.defaults, sizeof *o);
	o->common = *s->common;
	o->common.thresholds = (struct thresholds){ .probe = "smtp" };
	o->common.until = NULL;
	o->common.host = server->mx->name;
	o->common.address = server->address;
	o->common.dane = server->mx->dane;
	o->common.machine_name = machine.at ? machine.at : "";
	o->common.tls_context = conn_context(s);
	o->common.timeout.after = span_between(
	    clock_now(), instant_after(s->deadline, span_ms(-KEPT_BACK_MS)));
	o->fqdn = d->opts->fqdn;
	return probe_smtp.complete(o, s->arena, &cause, &error)
	    || fail(s, cause, "%s", str_z(&error));
}

static void *
talk(void *data)
{
	struct domain_server *server = data;
	struct result *result;

	server->arena = arena_new(CHILD_CEILING);
	result = server->arena ? session_run(&probe_smtp, &server->opts, server->arena) : NULL;
	if (result)
		judge(result, &server->opts.common.thresholds);
	server->result = result;
	return NULL;
}

/* A thread that cannot be had is no reason to leave a server out: it is talked to right here. */
static bool
talk_to_all(struct session *s)
{
	struct domain *d = of(s);
	pthread_t *threads = arena_array(s->arena, d->server_count, sizeof *threads);
	bool *running = arena_array(s->arena, d->server_count, sizeof *running);

	if (!threads || !running)
		return false;
	for (size_t i = 0; i < d->server_count; i++)
		if (!prepare(s, &d->servers[i]))
			return false;
	for (size_t i = 0; i < d->server_count; i++)
		running[i] = pthread_create(&threads[i], NULL, talk, &d->servers[i]) == 0;
	for (size_t i = 0; i < d->server_count; i++)
		if (running[i])
			pthread_join(threads[i], NULL);
		else
			talk(&d->servers[i]);
	return true;
}

static slice
known(const struct domain_server *server, enum fact fact)
{
	const struct fact_value *value = &server->result->facts[fact];

	return value->known ? value->text : (slice){ NULL, 0 };
}

static const char *
who(struct session *s, const struct domain_server *server)
{
	return str_f(s->arena, "%s [%s]", server->mx->name, server->address).at;
}

/* Whether this machine has no way to any IPv6 address: then none of them is to blame. */
static bool
no_way(const struct domain *d)
{
	bool six = false, four = false;

	for (size_t i = 0; i < d->server_count; i++) {
		const struct result *result = d->servers[i].result;
		bool unreachable = result && result->verdict.cause == CAUSE_CONNECT_UNREACHABLE;

		if (!d->servers[i].six)
			four |= !unreachable;
		else if (!unreachable)
			return false;
		else
			six = true;
	}
	return six && four;
}

/* ", DANE (3 1 1 0123456789abcdef...: matches)" */
static void
add_dane(struct str *text, const struct fact_value *records)
{
	str_addz(text, ", DANE");
	for (size_t i = 0; records->known && i < records->list.n; i++)
		str_addf(text, "%s%.*s", i == 0 ? " (" : "; ", (int)records->list.items[i].n,
		    records->list.items[i].at);
	if (records->known && records->list.n > 0)
		str_addc(text, ')');
}

/* One line of what came of it. */
static slice
line(struct session *s, const struct domain_server *server, bool reachable)
{
	const struct result *result = server->result;
	struct str text = str_in(s->arena);
	slice version = known(server, FACT_TLS_VERSION), error = known(server, FACT_CERT_ERROR);
	slice clear = known(server, FACT_STARTTLS_ERROR);

	str_addf(&text, "%u %s: ", server->mx->preference, who(s, server));
	if (!reachable) {
		str_addz(&text, "there is no IPv6 here");
		return str_slice(&text);
	}
	str_addz(&text, state_name(result->verdict.state));
	if (result->verdict.cause != CAUSE_NONE)
		str_addf(&text, ", %s", cause_infos[result->verdict.cause].name);
	if (version.at)
		str_addf(&text, ", %.*s", (int)version.n, version.at);
	if (clear.at)
		str_addf(&text, ", in clear: STARTTLS %.*s", (int)clear.n, clear.at);
	if (error.at)
		str_addf(&text, ", its certificate does not verify: %.*s", (int)error.n, error.at);
	if (server->mx->dane)
		add_dane(&text, &result->facts[FACT_TLSA]);
	return str_slice(&text);
}

/* The worst first; those that nobody here has a way to are the last. */
static void
tell_servers(struct session *s, bool unreachable)
{
	static const enum state order[] = { STATE_CRITICAL, STATE_UNKNOWN, STATE_WARNING,
		STATE_OK };
	const size_t orders = sizeof order / sizeof order[0];
	struct domain *d = of(s);

	fact_list(s, FACT_SERVERS);
	for (size_t j = 0; j <= orders; j++)
		for (size_t i = 0; i < d->server_count; i++) {
			const struct domain_server *server = &d->servers[i];
			bool reachable = !unreachable || !server->six;

			if (!server->result || reachable != (j < orders))
				continue;
			if (!reachable || server->result->verdict.state == order[j])
				fact_add(s, FACT_SERVERS, line(s, server, reachable));
		}
}

/* Each MX with the worst state of its addresses, in place of what was known before. */
static void
tell_mx(struct session *s, bool unreachable)
{
	struct domain *d = of(s);

	fact_list(s, FACT_MX);
	for (size_t i = 0; i < d->mx_count; i++) {
		enum state worst = STATE_OK;
		size_t n = 0;

		for (size_t j = 0; j < d->server_count; j++) {
			const struct domain_server *server = &d->servers[j];

			if (server->mx != &d->mx[i] || (unreachable && server->six))
				continue;
			n++;
			worst = state_worse(worst,
			    server->result ? server->result->verdict.state : STATE_UNKNOWN);
		}
		fact_add(s, FACT_MX,
		    str_f(s->arena, "%s: %s", domain_mx_text(s, &d->mx[i]),
		        n > 0 ? state_name(worst) : "CRITICAL, no address"));
	}
}

/* Its own findings are ours, with its name and the step that failed. */
static void
take_findings(struct session *s, const struct domain_server *server)
{
	const struct result *result = server->result;

	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *f = &result->findings[i];
		slice step = f->lap >= 0 ? lap_name(s->arena, &result->laps[f->lap]) : S("");

		note_reply(s, f->cause, f->reply.at ? arena_copy(s->arena, f->reply) : f->reply,
		    "%s%s%.*s%s%.*s", who(s, server), step.n > 0 ? ", " : "", (int)step.n, step.at,
		    f->text.n > 0 ? ": " : "", (int)f->text.n, f->text.at ? f->text.at : "");
	}
}

static void
take_transcript(struct session *s, const struct domain_server *server)
{
	if (!s->common->transcript)
		return;
	transcript(s, '*', slice_z(who(s, server)));
	for (size_t i = 0; i < server->result->transcript_count; i++) {
		struct transcript_line kept = server->result->transcript[i];

		kept.text = arena_copy(s->arena, kept.text);
		result_add_transcript(s->result, kept);
	}
}

/* What makes one server of an MX like another: its certificate, and what it offers. */
static slice
likeness(struct session *s, const struct domain_server *server)
{
	const struct list *offers = &server->result->facts[FACT_CAPABILITIES].list;
	slice subject = known(server, FACT_CERT_SUBJECT);
	struct str text = str_in(s->arena);

	str_addf(&text, "%.*s", (int)subject.n, subject.at ? subject.at : "");
	for (size_t i = 0; server->result->facts[FACT_CAPABILITIES].known && i < offers->n; i++)
		str_addf(&text, " %.*s", (int)offers->items[i].n, offers->items[i].at);
	return str_slice(&text);
}

/* Who is unlike most of the servers of the same MX. */
static void
odd_ones(struct session *s)
{
	struct domain *d = of(s);

	for (size_t i = 0; i < d->server_count; i++) {
		size_t same = 0, all = 0;

		if (!d->servers[i].result || d->servers[i].result->verdict.state != STATE_OK)
			continue;
		for (size_t j = 0; j < d->server_count; j++) {
			if (d->servers[j].mx != d->servers[i].mx || !d->servers[j].result
			    || d->servers[j].result->verdict.state != STATE_OK)
				continue;
			all++;
			same += slice_eq(likeness(s, &d->servers[i]), likeness(s, &d->servers[j]));
		}
		if (all > 2 && same * 2 < all)
			fact_add(s, FACT_ODD,
			    str_f(s->arena, "%s: another certificate or other capabilities",
			        who(s, &d->servers[i])));
	}
}

/*
 * RFC 8461 section 4: with a policy to enforce, mail goes to servers that it names and that TLS
 * proves to be those, or nowhere.
 */
static void
hold_against_policy(struct session *s)
{
	struct domain *d = of(s);
	enum state state = d->policy.mode == MTA_STS_ENFORCE ? STATE_CRITICAL : STATE_WARNING;

	if (!d->has_policy || d->policy.mode == MTA_STS_NO_POLICY)
		return;
	for (size_t i = 0; i < d->mx_count; i++)
		if (!mta_sts_covers(&d->policy, slice_z(d->mx[i].name)))
			note_state(s, state, CAUSE_MTA_STS_MISMATCH,
			    "the MX %s is not among those of the policy", d->mx[i].name);
	for (size_t i = 0; i < d->server_count; i++) {
		const struct domain_server *server = &d->servers[i];
		slice clear, error;

		if (!server->result || server->result->verdict.state != STATE_OK)
			continue;
		clear = known(server, FACT_STARTTLS_ERROR);
		error = known(server, FACT_CERT_ERROR);
		if (clear.at || error.at)
			note_state(s, state, CAUSE_MTA_STS_MISMATCH, "%s: %.*s", who(s, server),
			    (int)(clear.at ? clear.n : error.n), clear.at ? clear.at : error.at);
	}
}

static void
count(struct session *s)
{
	struct domain *d = of(s);
	size_t well = 0;
	bool tls = true, dane = true;

	for (size_t i = 0; i < d->server_count; i++) {
		const struct domain_server *server = &d->servers[i];
		bool good = server->result && server->result->verdict.state == STATE_OK;

		well += good;
		tls &= !good || known(server, FACT_TLS_VERSION).at;
		dane &= server->mx->dane;
	}
	fact_number(s, FACT_SERVERS_FOUND, (double)d->server_count);
	fact_number(s, FACT_SERVERS_WELL, (double)well);
	if (well > 0 && tls)
		d->present |= 1u << DOMAIN_STARTTLS;
	if (dane)
		d->present |= 1u << DOMAIN_DANE;
}

/* The certificate that ends first is the domain's; -D is each run's own. */
static void
earliest_end(struct session *s)
{
	struct domain *d = of(s);
	const struct fact_value *first = NULL;

	for (size_t i = 0; i < d->server_count; i++) {
		const struct fact_value *end = d->servers[i].result
		    ? &d->servers[i].result->facts[FACT_CERT_NOT_AFTER]
		    : NULL;

		if (end && end->known && (!first || end->time < first->time))
			first = end;
	}
	if (!first)
		return;
	fact_time(s, FACT_CERT_NOT_AFTER, first->time);
	fact_number(s, FACT_CERT_DAYS,
	    (double)(int64_t)(difftime(first->time, s->result->wall) / 86.4) / 1000);
}

bool
domain_servers(struct session *s)
{
	struct domain *d = of(s);
	bool unreachable;

	if (!phase(s, PHASE_SERVERS) || !talk_to_all(s))
		return false;
	unreachable = no_way(d);
	tell_servers(s, unreachable);
	tell_mx(s, unreachable);
	for (size_t i = 0; i < d->server_count; i++) {
		struct domain_server *server = &d->servers[i];
		bool reachable = !unreachable || !server->six;

		if (!server->result) {
			fail(s, CAUSE_LOCAL, "no memory to talk to %s", who(s, server));
			continue;
		}
		take_transcript(s, server);
		if (reachable)
			take_findings(s, server);
	}
	odd_ones(s);
	hold_against_policy(s);
	count(s);
	earliest_end(s);
	for (size_t i = 0; i < d->server_count; i++)
		arena_free(d->servers[i].arena);
	achieved(s, "domain looked at");
	return true;
}
