/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a domain's TXT records say of its mail: each is a fact, and one that is broken a finding.
 * That there is none is no finding: a domain may do without, unless --require-policies wants it.
 */
#include <arpa/nameser.h>

#include "dkim_record.h"
#include "dmarc.h"
#include "domain.h"
#include "https.h"
#include "spf.h"
#include "tls_rpt.h"

enum { PARENTS_MAX = 8 };

static struct domain *
of(struct session *s)
{
	return s->protocol;
}

static void
has(struct session *s, enum domain_policy policy)
{
	of(s)->present |= 1u << policy;
}

static bool
broken(struct session *s, const char *what, slice why)
{
	return note(s, CAUSE_RECORD_BROKEN, "%s: %.*s", what, (int)why.n, why.at ? why.at : "");
}

/* An answer that is none. Whether there is one. */
static bool
answered(struct session *s, const char *what, const struct dns_answer *answer)
{
	if (answer->outcome != DNS_FAILED)
		return true;
	note(s, CAUSE_DNS_FAILURE, "%s: %s%.*s", what,
	    answer->security == DNS_BOGUS ? "bogus: " : "", (int)answer->why.n,
	    answer->why.at ? answer->why.at : "");
	return false;
}

static bool
ask_text(void *data, slice domain, struct list *records)
{
	struct session *s = data;
	struct dns_question question = { arena_copy(s->arena, domain).at, ns_t_txt };
	struct dns_answer answer;
	struct list texts;

	if (!question.name || !dns_ask(s, &question, 1, &answer) || answer.outcome == DNS_FAILED)
		return false;
	texts = domain_texts(s, &answer);
	for (size_t i = 0; i < texts.n; i++)
		list_add(s->arena, records, texts.items[i]);
	return true;
}

static bool
ask_count(void *data, enum spf_query query, slice domain, size_t *n)
{
	struct session *s = data;
	const char *name = arena_copy(s->arena, domain).at;
	struct dns_question questions[2] = { { name, query == SPF_MX ? ns_t_mx : ns_t_a },
		{ name, ns_t_aaaa } };
	size_t asked = query == SPF_ADDRESS ? 2 : 1;
	struct dns_answer answers[2];

	if (!name || !dns_ask(s, questions, asked, answers))
		return false;
	*n = 0;
	for (size_t i = 0; i < asked; i++) {
		if (answers[i].outcome == DNS_FAILED)
			return false;
		*n += answers[i].outcome == DNS_FOUND ? answers[i].records.n : 0;
	}
	return true;
}

static void
spf(struct session *s)
{
	struct domain *d = of(s);
	const struct spf_dns dns = { .data = s, .txt = ask_text, .count = ask_count };
	struct list texts = domain_texts(s, &d->txt);
	struct spf spf;

	if (!answered(s, "SPF", &d->txt))
		return;
	spf_check(s->arena, slice_z(d->name), &texts, &dns, &spf);
	if (spf.status == SPF_NONE)
		return;
	has(s, DOMAIN_SPF);
	if (spf.record.at)
		fact_text(s, FACT_SPF_RECORD, spf.record);
	fact_number(s, FACT_SPF_LOOKUPS, spf.lookups);
	if (spf.status == SPF_PERMERROR)
		broken(s, "SPF", spf.error);
	else if (spf.status == SPF_TEMPERROR)
		note(s, CAUSE_DNS_FAILURE, "SPF: %.*s", (int)spf.error.n,
		    spf.error.at ? spf.error.at : "the DNS failed");
	else if (spf.open.at)
		note(s, CAUSE_RECORD_BROKEN, "SPF: everybody may send in its name, by %.*s",
		    (int)spf.open.n, spf.open.at);
}

static void
dkim(struct session *s)
{
	struct domain *d = of(s);
	const struct list *selectors = &d->opts->dkim_selectors;

	fact_list(s, FACT_DKIM_KEYS);
	for (size_t i = 0; i < selectors->n; i++) {
		const char *what = str_f(s->arena, "DKIM, %s", selectors->items[i].at).at;
		struct list texts = domain_texts(s, &d->dkim[i]);
		struct dkim_record key;

		if (!answered(s, what, &d->dkim[i]))
			continue;
		dkim_record_parse(s->arena, &texts, &key);
		if (key.status == TXT_NONE) {
			broken(s, what, S("there is no such selector"));
			continue;
		}
		fact_add(s, FACT_DKIM_KEYS,
		    str_f(s->arena, "%s: %.*s, %u bits%s%s", selectors->items[i].at,
		        (int)key.type.n, key.type.at ? key.type.at : "", key.bits,
		        key.use == DKIM_REVOKED ? ", revoked" : "",
		        key.testing ? ", testing" : ""));
		if (key.use == DKIM_USABLE || key.use == DKIM_WEAK)
			has(s, DOMAIN_DKIM);
		if (key.use != DKIM_USABLE)
			broken(s, what, key.error);
	}
}

/* The record, whose it is, and what that comes to for this domain. */
static slice
describe(struct session *s, const struct dmarc *dmarc, slice domain)
{
	bool above = !slice_eqi(domain, slice_z(of(s)->name));
	slice policy = dmarc_policy_name(
	    above && dmarc->sp != DMARC_UNSAID ? dmarc->sp : dmarc->p);

	return str_f(s->arena, "%.*s (of %.*s: %.*s; aligned by SPF %s, by DKIM %s)",
	    (int)dmarc->record.n, dmarc->record.at, (int)domain.n, domain.at, (int)policy.n,
	    policy.at ? policy.at : "", dmarc->aspf_strict ? "strict" : "relaxed",
	    dmarc->adkim_strict ? "strict" : "relaxed");
}

/* RFC 7489 section 6.6.3: where the domain has none, one above it may. */
static void
dmarc(struct session *s)
{
	struct domain *d = of(s);
	struct dns_answer answer = d->dmarc;
	slice domain = slice_z(d->name);
	struct dmarc dmarc;

	for (int i = 0; i < PARENTS_MAX; i++) {
		struct list texts = domain_texts(s, &answer);
		struct dns_question question = { .type = ns_t_txt };

		if (!answered(s, "DMARC", &answer))
			return;
		dmarc_parse(s->arena, &texts, &dmarc);
		if (dmarc.status != TXT_NONE || !dmarc_parent(&domain))
			break;
		question.name = str_f(s->arena, "_dmarc.%.*s", (int)domain.n, domain.at).at;
		if (!dns_ask(s, &question, 1, &answer))
			return;
	}
	if (dmarc.status == TXT_NONE)
		return;
	has(s, DOMAIN_DMARC);
	if (dmarc.status == TXT_BROKEN) {
		broken(s, "DMARC", dmarc.error);
		return;
	}
	fact_text(s, FACT_DMARC_RECORD, describe(s, &dmarc, domain));
	if (dmarc.fault.at)
		broken(s, "DMARC", dmarc.fault);
}

static void
tls_rpt(struct session *s)
{
	struct domain *d = of(s);
	struct list texts = domain_texts(s, &d->rpt);
	struct tls_rpt rpt;

	if (!answered(s, "TLSRPT", &d->rpt))
		return;
	tls_rpt_parse(s->arena, &texts, &rpt);
	if (rpt.status == TXT_NONE)
		return;
	has(s, DOMAIN_TLS_RPT);
	if (rpt.status == TXT_BROKEN)
		broken(s, "TLSRPT", rpt.error);
	else
		fact_text(s, FACT_TLS_RPT, rpt.record);
}

/* RFC 8461 section 3.3. A policy that cannot be had is as none for a sender: WARNING. */
static bool
policy(struct session *s, slice id)
{
	struct domain *d = of(s);
	struct https_request request = {
		.url = str_f(s->arena, "https://mta-sts.%s/.well-known/mta-sts.txt", d->name).at
	};
	struct https_reply reply = { 0 };
	struct str why = str_in(s->arena);
	size_t before = s->result->finding_count;
	slice error;

	if (!phase(s, PHASE_POLICY))
		return false;
	if (!https_get(s, &request, &reply, &why))
		return s->result->finding_count == before
		    && note_state(s, STATE_WARNING, CAUSE_MTA_STS_MISMATCH,
		        "the policy cannot be fetched from mta-sts.%s: %s", d->name, str_z(&why));
	if (reply.status != 200)
		return note_state(s, STATE_WARNING, CAUSE_MTA_STS_MISMATCH,
		    "the policy cannot be fetched from mta-sts.%s: status %u", d->name,
		    reply.status);
	if (!mta_sts_policy_parse(s->arena, reply.body, &d->policy, &error))
		return note_state(s, STATE_WARNING, CAUSE_MTA_STS_MISMATCH,
		    "the policy of mta-sts.%s: %.*s", d->name, (int)error.n, error.at);
	d->has_policy = true;
	has(s, DOMAIN_MTA_STS);
	fact_text(s, FACT_MTA_STS,
	    str_f(s->arena, "%.*s, for %llu s, id %.*s", (int)mta_sts_mode_name(d->policy.mode).n,
	        mta_sts_mode_name(d->policy.mode).at, (unsigned long long)d->policy.max_age,
	        (int)id.n, id.at));
	return true;
}

static bool
mta_sts(struct session *s)
{
	struct domain *d = of(s);
	struct list texts = domain_texts(s, &d->sts);
	struct mta_sts_record record;

	if (!answered(s, "MTA-STS", &d->sts))
		return true;
	mta_sts_record_parse(s->arena, &texts, &record);
	if (record.status == TXT_BROKEN)
		return broken(s, "MTA-STS", record.error);
	return record.status == TXT_NONE || policy(s, record.id);
}

bool
domain_records(struct session *s)
{
	if (!phase(s, PHASE_RECORDS))
		return false;
	spf(s);
	dkim(s);
	dmarc(s);
	tls_rpt(s);
	return mta_sts(s);
}

void
domain_compare(struct session *s)
{
	struct domain *d = of(s);
	const struct list *required = &d->opts->require_policies;

	for (size_t i = 0; i < required->n; i++)
		for (int policy = 0; policy < DOMAIN_POLICIES; policy++)
			if (slice_eqi(required->items[i], slice_z(domain_policies[policy]))
			    && !(d->present >> policy & 1))
				note(s, CAUSE_RECORD_MISSING, "%s is required, and not there",
				    domain_policies[policy]);
}
