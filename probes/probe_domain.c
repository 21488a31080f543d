/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The probe of a domain: its options and its transaction. It has no server of its own; what it
 * finds out by the DNS decides whom it talks to.
 */
#include "domain.h"
#include "planning.h"
#include "probes.h"

#define ROW(field, ...) OPT(struct domain_opts, field, __VA_ARGS__)

const char *const domain_policies[DOMAIN_POLICIES + 1] = { "starttls", "dane", "mta-sts", "tls-rpt",
	"spf", "dkim", "dmarc", NULL };

static const struct opt domain_options[] = {
	ROW(common.host, .name = "hostname", .letter = 'H', .arg = "DOMAIN", .group = "Domain",
	    .help =
	        "the domain: what stands behind the @ of its addresses. A word without a dash is "
	        "taken as DOMAIN."),
	ROW(dkim_selectors, .name = "dkim-selector", .arg = "NAME",
	    .help = "a DKIM selector that must have a usable key; repeatable: nothing in the DNS "
	            "tells which there are"),
	ROW(require_policies, .name = "require-policies", .arg = "NAME[,...]", .separator = ',',
	    .help =
	        "what must be there: starttls (of all servers), dane, mta-sts, tls-rpt, spf, dkim, "
	        "dmarc; repeatable. Without it what is not there is none of our business."),
	ROW(fqdn, .name = "fqdn", .letter = 'F', .arg = "NAME",
	    .help = "the name to greet its servers with (default: the machine's full name)"),
	ROW(common.port, .name = "port", .letter = 'p', .arg = "PORT",
	    .help = "connect to this port of its servers instead of 25"),
	ROW(common.family, .name = "use-ipv4", .letter = '4', .set = "4", .words = family_words,
	    .help = "use IPv4 only"),
	ROW(common.family, .name = "use-ipv6", .letter = '6', .set = "6", .words = family_words,
	    .help = "use IPv6 only"),
	ROW(common.source_address, .name = "source-address", .arg = "ADDR",
	    .help = "connect from this address of the machine"),
	ROW(common.resolver, .name = "resolver", .arg = "ADDR[@PORT]",
	    .help = "ask this resolver, instead of those of resolv.conf"),
	ROW(common.dnssec_anchor, .name = "dnssec-anchor", .arg = "FILE",
	    .help = "the trust anchor of DNSSEC (default: the root's, where Debian has it)"),

	ROW(common.ca_file, .name = "ca-file", .arg = "FILE", .group = "TLS",
	    .help = "trust the CA certificates in this PEM file, instead of the system's"),
	ROW(common.ca_path, .name = "ca-path", .arg = "DIR",
	    .help = "trust the CA certificates in this hashed folder, instead of the system's"),
	ROW(common.tls_min, .name = "tls-min", .arg = "VERSION", .words = version_words,
	    .help = "the lowest TLS version to accept: 1.0, 1.1, 1.2 or 1.3 (default: OpenSSL's)"),
	ROW(common.certificate, .name = "certificate", .letter = 'D', .arg = "WARN[,CRIT]",
	    .help =
	        "WARNING when a certificate of a server ends in less than WARN days, CRITICAL in "
	        "less than CRIT"),
};

static const struct domain_opts domain_defaults = {
	.common = PROBE_OPTS_DEFAULTS("domain"),
};

static const struct opt_table domain_table = {
	.program = "check_mail_domain",
	.usage = "DOMAIN [OPTION]...",
	.probe = "domain",
	.about = "looks at a domain as a server does that has mail for it",
	.own = domain_options,
	.own_count = sizeof domain_options / sizeof domain_options[0],
	.common = run_options,
	.common_count = &run_option_count,
	.operand = offsetof(struct domain_opts, common.host),
};

static bool
wrong(enum cause *cause, struct str *error, const char *what)
{
	str_addz(error, what);
	*cause = CAUSE_USAGE;
	return false;
}

static bool
policies(const struct domain_opts *opts, enum cause *cause, struct str *error)
{
	const struct list *list = &opts->require_policies;

	for (size_t i = 0; i < list->n; i++) {
		const char *const *word = domain_policies;

		while (*word && !slice_eqi(list->items[i], slice_z(*word)))
			word++;
		if (!*word)
			return wrong(cause, error,
			    "--require-policies: write a list of starttls, dane, mta-sts, tls-rpt, "
			    "spf, dkim, dmarc");
		if (word == &domain_policies[DOMAIN_DKIM] && opts->dkim_selectors.n == 0)
			return wrong(cause, error,
			    "--require-policies: dkim needs --dkim-selector=NAME, as nothing in "
			    "the DNS tells which there are");
	}
	return true;
}

static void plan(const void *options, struct arena *arena, struct plan *plan);

static bool
complete(void *options, struct arena *arena, enum cause *cause, struct str *error)
{
	struct domain_opts *opts = options;

	opts->common.tls = TLS_OPPORTUNISTIC; /* as a sending server has it */
	opts->common.dane = true;             /* so far as its records are there */
	if (!probe_opts_transport(&opts->common, 25, 0, cause, error)
	    || !policies(opts, cause, error))
		return false;
	return plan_counts(plan, opts, arena, cause, error);
}

static void
plan(const void *options, struct arena *arena, struct plan *plan)
{
	static const enum fact values[] = { FACT_SERVERS_FOUND, FACT_SERVERS_WELL, FACT_SPF_LOOKUPS,
		FACT_CERT_DAYS };
	const struct domain_opts *opts = options;
	struct planning p = { .arena = arena, .plan = plan, .until = opts->common.until };

	plan_phase(&p, PHASE_MX);
	plan_phase(&p, PHASE_HOSTS);
	plan_phase(&p, PHASE_RECORDS);
	plan_phase(&p, PHASE_POLICY);
	plan_phase(&p, PHASE_SERVERS);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		plan_value(&p, values[i], (slice){ NULL, 0 });
}

static bool
prepare(struct session *s)
{
	struct domain *d = arena_alloc(s->arena, sizeof *d);
	slice name = slice_z(s->common->host);

	if (!d)
		return false;
	if (name.n > 1 && name.at[name.n - 1] == '.') /* the root's */
		name.n--;
	d->opts = s->opts;
	d->name = arena_copy(s->arena, name).at;
	s->protocol = d;
	return d->name != NULL;
}

static bool
transaction(struct session *s)
{
	bool done = domain_find(s) && domain_hosts(s) && domain_records(s) && domain_servers(s);

	if (done)
		domain_compare(s);
	return done;
}

/* Each run has said its own. */
static void
bye(struct session *s)
{
	(void)s;
}

const struct probe_type probe_domain = {
	.name = "domain",
	.label = "DOMAIN",
	.options = &domain_table,
	.defaults = &domain_defaults,
	.opts_size = sizeof domain_defaults,
	.complete = complete,
	.plan = plan,
	.prepare = prepare,
	.transaction = transaction,
	.bye = bye,
};
