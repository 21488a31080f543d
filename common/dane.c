/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DANE (RFC 6698, RFC 7671; for SMTP RFC 7672): what the DNS says of a server's certificate, where
 * it is signed. The TLSA records are asked for together with the addresses, whose answers have to
 * be signed too, or somebody could lead us to another host whose records match it.
 *
 * The handshake knows nothing of it. Each record is held against the chain afterwards by a
 * verification of its own, so that it can be told which of them match: in a rollover one is the
 * next key's, and a stale one is waiting for the day when it is the only one.
 */
#include <arpa/nameser.h>

#include <openssl/err.h>

#include "conn_private.h"
#include "dnssec.h"

enum { RECORDS_MAX = 100, SHOWN = 8, TLSA = 52, DANE_TA = 2, DANE_EE = 3 };

struct dane {
	slice base; /* the name that the records are of: of the certificate, too */
	struct list records;
	unsigned usable; /* once they were held against a chain */
};

/* "_25._tcp.mx.example.org" */
static const char *
name_of(struct session *s, const char *host)
{
	return str_f(s->arena, "_%u._tcp.%s", s->common->port.number, host).at;
}

/* What stands in the way of a name's records, for a server that would send mail there. */
static bool
reason(struct session *s, const char *name, const struct dns_answer *answer)
{
	bool proved = answer->security == DNS_SECURE;

	switch (answer->outcome) {
	case DNS_FOUND:
		if (proved)
			return true;
		return note(s, CAUSE_DANE_MISMATCH,
		    "there are TLSA records at %s, but the zone is not signed: nobody may rely on "
		    "them",
		    name);
	case DNS_FAILED:
		return fail(s, CAUSE_DNS_FAILURE, "TLSA records of %s: %s%.*s", name,
		    answer->security == DNS_BOGUS ? "bogus: " : "", (int)answer->why.n,
		    answer->why.at ? answer->why.at : "");
	default:
		return note(s, CAUSE_DANE_MISMATCH, "there are no TLSA records at %s, %s", name,
		    proved ? "as its zone proves" : "and the zone is not signed");
	}
}

static void
keep(struct session *s, slice host, const struct list *records)
{
	struct dane *dane = arena_alloc(s->arena, sizeof *dane);

	if (!dane)
		return;
	dane->base = arena_copy(s->arena, host);
	for (size_t i = 0; i < records->n && i < RECORDS_MAX; i++)
		list_add(s->arena, &dane->records, records->items[i]);
	s->conn->dane = dane;
}

/* RFC 7672 section 2.2.2: of a host whose addresses are not signed the records do not count. */
static bool
addresses_proved(struct session *s, const char *host, const struct dns_answer answers[2])
{
	for (int i = 0; i < 2; i++) {
		if (answers[i].security == DNS_BOGUS)
			return fail(s, CAUSE_DNS_FAILURE, "addresses of %s: bogus: %.*s", host,
			    (int)answers[i].why.n, answers[i].why.at ? answers[i].why.at : "");
		if (answers[i].outcome == DNS_FOUND && answers[i].security != DNS_SECURE) {
			note(s, CAUSE_DANE_MISMATCH,
			    "the addresses of %s are not signed: its TLSA records do not count",
			    host);
			return false;
		}
	}
	return true;
}

bool
dane_ask(struct session *s)
{
	const char *host = s->common->host, *name = name_of(s, host);
	const struct dns_question questions[] = { { host, ns_t_a }, { host, ns_t_aaaa },
		{ name, TLSA } };
	struct dns_answer answers[3];
	slice base = slice_z(host);
	size_t before = s->result->finding_count;
	struct address address;

	if (!s->common->dane)
		return true;
	if (address_parse(host, &address))
		return fail(
		    s, CAUSE_USAGE, "--dane: %s is an address: TLSA records are of names", host);
	if (!dns_ask(s, questions, 3, answers))
		return false;
	if (!s->common->address && !addresses_proved(s, host, answers))
		return s->result->finding_count == before
		    || s->result->findings[before].cause == CAUSE_DANE_MISMATCH;
	/* RFC 7672 section 2.1.3: first at the end of the aliases, then at the name itself. */
	if (answers[0].canonical.at || answers[1].canonical.at) {
		slice canonical = arena_copy(s->arena,
		    answers[0].canonical.at ? answers[0].canonical : answers[1].canonical);
		const char *there = name_of(s, canonical.at ? canonical.at : host);
		struct dns_answer answer;

		if (!dns_ask(s, &(struct dns_question){ there, TLSA }, 1, &answer))
			return false;
		if (answer.outcome == DNS_FOUND && answer.security == DNS_SECURE) {
			answers[2] = answer;
			base = canonical;
			name = there;
		}
	}
	if (!reason(s, name, &answers[2]))
		return false;
	if (answers[2].outcome == DNS_FOUND && answers[2].security == DNS_SECURE)
		keep(s, base, &answers[2].records);
	return true;
}

bool
conn_dane(const struct session *s)
{
	return s->conn->dane;
}

/* Whether the chain is the one that the record is about; `*usable`: whether it can be of any. */
static bool
matches(struct session *s, slice record, bool *usable)
{
	SSL *tls = s->conn->tls, *one = SSL_new(s->conn->context);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	const unsigned char *bytes = (const unsigned char *)record.at;
	bool match = false;

	*usable = record.n > 3 && (bytes[0] == DANE_TA || bytes[0] == DANE_EE);
	if (!one || !context || !*usable || SSL_dane_enable(one, s->conn->dane->base.at) <= 0)
		goto out;
	SSL_dane_set_flags(one, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	*usable = SSL_dane_tlsa_add(one, bytes[0], bytes[1], bytes[2], bytes + 3, record.n - 3) > 0;
	if (!*usable
	    || !X509_STORE_CTX_init(context, SSL_CTX_get_cert_store(s->conn->context),
	        SSL_get0_peer_certificate(tls), SSL_get_peer_cert_chain(tls))
	    || !X509_STORE_CTX_set_default(context, "ssl_server")
	    || !X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(context), SSL_get0_param(one)))
		goto out;
	X509_STORE_CTX_set0_dane(context, SSL_get0_dane(one));
	match = X509_verify_cert(context) == 1;
out:
	X509_STORE_CTX_free(context);
	SSL_free(one);
	ERR_clear_error();
	return match;
}

/* "3 1 1 0123456789abcdef...: matches" */
static slice
record_text(struct session *s, slice record, bool usable, bool match)
{
	struct str text = str_in(s->arena);

	for (size_t i = 0; i < record.n && i < 3; i++)
		str_addf(&text, "%u ", (unsigned char)record.at[i]);
	for (size_t i = 3; i < record.n && i < 3 + SHOWN; i++)
		str_addf(&text, "%02x", (unsigned char)record.at[i]);
	str_addf(&text, "%s: %s", record.n > 3 + SHOWN ? "..." : "",
	    match        ? "matches"
	        : usable ? "does not match"
	                 : "cannot be used for mail");
	return str_slice(&text);
}

bool
dane_matches(struct session *s)
{
	struct dane *dane = s->conn->dane;
	unsigned matching = 0;

	fact_list(s, FACT_TLSA);
	for (size_t i = 0; i < dane->records.n; i++) {
		bool usable, match = matches(s, dane->records.items[i], &usable);

		matching += match;
		dane->usable += usable;
		fact_add(s, FACT_TLSA, record_text(s, dane->records.items[i], usable, match));
	}
	if (matching > 0)
		return true;
	if (dane->usable > 0)
		note(s, CAUSE_DANE_MISMATCH, "none of %u TLSA record%s matches what is served",
		    dane->usable, dane->usable == 1 ? "" : "s");
	else
		note(s, CAUSE_DANE_MISMATCH, "none of the TLSA records can be used for mail");
	return false;
}
