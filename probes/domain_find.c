/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who takes a domain's mail (RFC 5321 section 5.1, RFC 7505), and where they are. All questions of
 * one kind are asked side by side: a slow name server delays its own answer only.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdlib.h>

#include "dns_text.h"
#include "domain.h"

enum { TLSA = 52 };

static struct domain *
of(struct session *s)
{
	return s->protocol;
}

struct list
domain_texts(struct session *s, const struct dns_answer *answer)
{
	struct list texts = { 0 };

	for (size_t i = 0; answer->outcome == DNS_FOUND && i < answer->records.n; i++) {
		struct str text = str_in(s->arena);

		if (txt_rdata(answer->records.items[i], &text))
			list_add(s->arena, &texts, str_slice(&text));
	}
	return texts;
}

static const char *
below(struct session *s, const char *label)
{
	return str_f(s->arena, "%s.%s", label, of(s)->name).at;
}

static bool
first_questions(struct session *s)
{
	struct domain *d = of(s);
	const struct list *selectors = &d->opts->dkim_selectors;
	size_t n = 5 + selectors->n;
	struct dns_question *questions = arena_array(s->arena, n, sizeof *questions);
	struct dns_answer *answers = arena_array(s->arena, n, sizeof *answers);

	if (!questions || !answers)
		return false;
	questions[0] = (struct dns_question){ d->name, ns_t_mx };
	questions[1] = (struct dns_question){ d->name, ns_t_txt };
	questions[2] = (struct dns_question){ below(s, "_dmarc"), ns_t_txt };
	questions[3] = (struct dns_question){ below(s, "_mta-sts"), ns_t_txt };
	questions[4] = (struct dns_question){ below(s, "_smtp._tls"), ns_t_txt };
	for (size_t i = 0; i < selectors->n; i++)
		questions[5 + i] = (struct dns_question){
			str_f(s->arena, "%s._domainkey.%s", selectors->items[i].at, d->name).at,
			ns_t_txt
		};
	if (!dns_ask(s, questions, n, answers))
		return false;
	d->mx_answer = answers[0];
	d->txt = answers[1];
	d->dmarc = answers[2];
	d->sts = answers[3];
	d->rpt = answers[4];
	d->dkim = answers + 5;
	return true;
}

static int
by_preference(const void *a, const void *b)
{
	const struct domain_mx *left = a, *right = b;

	if (left->preference != right->preference)
		return left->preference < right->preference ? -1 : 1;
	return strcmp(left->name, right->name);
}

static bool
read_mx(struct session *s)
{
	struct domain *d = of(s);
	const struct list *records = &d->mx_answer.records;

	for (size_t i = 0; i < records->n && d->mx_count < DOMAIN_MX_MAX; i++) {
		struct domain_mx *mx = &d->mx[d->mx_count];
		struct str name = str_in(s->arena);

		if (!mx_rdata(records->items[i], &mx->preference, &name)) {
			note(s, CAUSE_RECORD_BROKEN, "one of its MX records is no MX record");
			continue;
		}
		mx->name = str_z(&name);
		if (strcmp(mx->name, ".") != 0)
			d->mx_count++;
		else if (records->n == 1)
			return fail(s, CAUSE_REJECTED,
			    "the domain takes no mail: its MX is the null MX (RFC 7505)");
		else
			note(s, CAUSE_RECORD_BROKEN, "a null MX stands beside others (RFC 7505)");
	}
	qsort(d->mx, d->mx_count, sizeof d->mx[0], by_preference);
	return d->mx_count > 0 || fail(s, CAUSE_DNS_NOT_FOUND, "none of its MX can be used");
}

static bool
choose_mx(struct session *s)
{
	struct domain *d = of(s);
	const struct dns_answer *answer = &d->mx_answer;

	d->secure = answer->security == DNS_SECURE;
	switch (answer->outcome) {
	case DNS_FOUND:
		return read_mx(s);
	case DNS_NO_NAME:
		return fail(s, CAUSE_DNS_NOT_FOUND, "there is no domain %s", d->name);
	case DNS_NO_DATA: /* RFC 5321 section 5.1: the implicit MX */
		d->implicit = true;
		d->mx[d->mx_count++] = (struct domain_mx){ .name = d->name };
		return true;
	default:
		return fail(s, CAUSE_DNS_FAILURE, "MX records of %s: %s%.*s", d->name,
		    answer->security == DNS_BOGUS ? "bogus: " : "", (int)answer->why.n,
		    answer->why.at ? answer->why.at : "");
	}
}

const char *
domain_mx_text(struct session *s, const struct domain_mx *mx)
{
	return of(s)->implicit ? str_f(s->arena, "%s (no MX: the domain itself)", mx->name).at
	                       : str_f(s->arena, "%u %s", mx->preference, mx->name).at;
}

bool
domain_find(struct session *s)
{
	struct domain *d = of(s);

	if (!phase(s, PHASE_MX) || !first_questions(s) || !choose_mx(s))
		return false;
	fact_flag(s, FACT_DNSSEC, d->secure);
	fact_list(s, FACT_MX);
	for (size_t i = 0; i < d->mx_count; i++)
		fact_add(s, FACT_MX, slice_z(domain_mx_text(s, &d->mx[i])));
	achieved(s, "servers found");
	return true;
}

static void
add_server(struct session *s, const struct domain_mx *mx, slice rdata, bool six)
{
	struct domain *d = of(s);
	char text[INET6_ADDRSTRLEN];

	if (rdata.n != (six ? 16 : 4) || d->server_count == DOMAIN_SERVERS_MAX
	    || s->common->family == (six ? FAMILY_4 : FAMILY_6)
	    || !inet_ntop(six ? AF_INET6 : AF_INET, rdata.at, text, sizeof text))
		return;
	d->servers[d->server_count++] = (struct domain_server){
		.mx = mx, .address = arena_copy(s->arena, slice_z(text)).at, .six = six
	};
}

/* RFC 7672 section 2.2.2: without signed addresses there is no DANE. */
static bool
proved(const struct dns_answer *answer)
{
	return answer->outcome != DNS_FOUND || answer->security == DNS_SECURE;
}

/* What was found of one MX. */
static void
take_host(struct session *s, struct domain_mx *mx)
{
	struct domain *d = of(s);
	const struct dns_answer *a = mx->addresses;
	size_t before = d->server_count;

	for (int six = 0; six < 2; six++) {
		if (a[six].outcome == DNS_FAILED)
			note(s, CAUSE_DNS_FAILURE, "addresses of %s: %s%.*s", mx->name,
			    a[six].security == DNS_BOGUS ? "bogus: " : "", (int)a[six].why.n,
			    a[six].why.at ? a[six].why.at : "");
		for (size_t i = 0; a[six].outcome == DNS_FOUND && i < a[six].records.n; i++)
			add_server(s, mx, a[six].records.items[i], six);
	}
	if ((a[0].canonical.at || a[1].canonical.at) && !d->implicit)
		note(s, CAUSE_RECORD_BROKEN, "the MX %s is an alias (RFC 5321 section 5.1)",
		    mx->name);
	if (d->server_count == before && a[0].outcome != DNS_FAILED && a[1].outcome != DNS_FAILED)
		note(s, CAUSE_DNS_NOT_FOUND, "the MX %s has no %saddress", mx->name,
		    s->common->family == FAMILY_6       ? "IPv6 "
		        : s->common->family == FAMILY_4 ? "IPv4 "
		                                        : "");
	mx->dane = d->secure && mx->tlsa.outcome == DNS_FOUND && mx->tlsa.security == DNS_SECURE
	    && proved(&a[0]) && proved(&a[1]);
	if (mx->tlsa.outcome == DNS_FAILED && mx->tlsa.security == DNS_BOGUS)
		note(s, CAUSE_DNS_FAILURE, "TLSA records of %s: bogus: %.*s", mx->name,
		    (int)mx->tlsa.why.n, mx->tlsa.why.at ? mx->tlsa.why.at : "");
}

static bool
ask_hosts(struct session *s)
{
	struct domain *d = of(s);
	struct dns_question *questions = arena_array(s->arena, 3 * d->mx_count, sizeof *questions);
	struct dns_answer *answers = arena_array(s->arena, 3 * d->mx_count, sizeof *answers);

	if (!questions || !answers)
		return false;
	for (size_t i = 0; i < d->mx_count; i++) {
		const char *name = d->mx[i].name;

		questions[3 * i] = (struct dns_question){ name, ns_t_a };
		questions[3 * i + 1] = (struct dns_question){ name, ns_t_aaaa };
		questions[3 * i + 2] = (struct dns_question){
			str_f(s->arena, "_%u._tcp.%s", s->common->port.number, name).at, TLSA
		};
	}
	if (!dns_ask(s, questions, 3 * d->mx_count, answers))
		return false;
	for (size_t i = 0; i < d->mx_count; i++) {
		d->mx[i].addresses[0] = answers[3 * i];
		d->mx[i].addresses[1] = answers[3 * i + 1];
		d->mx[i].tlsa = answers[3 * i + 2];
		take_host(s, &d->mx[i]);
	}
	return true;
}

/* "1.2.0.192.in-addr.arpa", RFC 1035 section 3.5; for IPv6 RFC 3596 section 2.5. */
static const char *
reverse(struct session *s, const struct domain_server *server)
{
	unsigned char bytes[16];
	struct str name = str_in(s->arena);

	inet_pton(server->six ? AF_INET6 : AF_INET, server->address, bytes);
	for (int i = server->six ? 15 : 3; i >= 0; i--)
		if (server->six)
			str_addf(&name, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4u);
		else
			str_addf(&name, "%u.", bytes[i]);
	str_addz(&name, server->six ? "ip6.arpa" : "in-addr.arpa");
	return str_z(&name);
}

static bool
has_address(const struct domain_server *server, const struct dns_answer *answer)
{
	unsigned char bytes[16];
	size_t n = server->six ? 16 : 4;

	inet_pton(server->six ? AF_INET6 : AF_INET, server->address, bytes);
	for (size_t i = 0; answer->outcome == DNS_FOUND && i < answer->records.n; i++)
		if (answer->records.items[i].n == n
		    && memcmp(answer->records.items[i].at, bytes, n) == 0)
			return true;
	return false;
}

/* The names of the addresses, and whether those have them. It is no finding where they do not. */
static bool
ask_names(struct session *s)
{
	struct domain *d = of(s);
	size_t n = d->server_count;
	struct dns_question *questions = arena_array(s->arena, n, sizeof *questions);
	struct dns_answer *answers = arena_array(s->arena, n, sizeof *answers);

	if (n == 0 || !questions || !answers)
		return n == 0;
	for (size_t i = 0; i < n; i++)
		questions[i] = (struct dns_question){ reverse(s, &d->servers[i]), ns_t_ptr };
	if (!dns_ask(s, questions, n, answers))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct str name = str_in(s->arena);

		if (answers[i].outcome == DNS_FOUND && answers[i].records.n > 0
		    && name_rdata(answers[i].records.items[0], &name))
			d->servers[i].ptr = str_z(&name);
		questions[i] = (struct dns_question){ d->servers[i].ptr ? d->servers[i].ptr
			                                                : d->name,
			d->servers[i].six ? ns_t_aaaa : ns_t_a };
	}
	if (!dns_ask(s, questions, n, answers))
		return false;
	fact_list(s, FACT_PTR);
	for (size_t i = 0; i < n; i++) {
		struct domain_server *server = &d->servers[i];

		server->confirmed = server->ptr && has_address(server, &answers[i]);
		fact_add(s, FACT_PTR,
		    str_f(s->arena, "%s: %s%s", server->address,
		        server->ptr ? server->ptr : "no name",
		        !server->ptr            ? ""
		            : server->confirmed ? ", which has this address"
		                                : ", which has not this address"));
	}
	return true;
}

bool
domain_hosts(struct session *s)
{
	struct domain *d = of(s);

	return phase(s, PHASE_HOSTS) && ask_hosts(s) && ask_names(s)
	    && (d->server_count > 0
	        || (s->result->finding_count == 0
	            && fail(s, CAUSE_DNS_NOT_FOUND, "there is no address of a server")));
}
