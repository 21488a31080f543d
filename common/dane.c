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
#include <openssl/x509v3.h>

#include "conn_private.h"
#include "dnssec.h"

enum { RECORDS_MAX = 100, SHOWN = 8, TLSA = 52 };
enum { DANE_TA = 2, DANE_EE = 3, SHA2_256 = 1, SHA2_512 = 2 };

struct record {
	slice data;
	bool usable, match;
};

struct dane {
	const char *base; /* the name that the records are of: of the certificate, too */
	struct record records[RECORDS_MAX];
	size_t n;
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

/* RFC 7672 section 8.1: SNI names whom the records are of. */
bool
dane_keep(struct session *s, const char *base, const struct list *records)
{
	struct dane *dane = arena_alloc(s->arena, sizeof *dane);

	if (!dane || !base)
		return false;
	dane->base = base;
	for (size_t i = 0; i < records->n && i < RECORDS_MAX; i++)
		dane->records[dane->n++].data = records->items[i];
	if (!s->common->server_name)
		s->conn->name = base;
	s->conn->dane = dane;
	return true;
}

/*
 * RFC 7672 section 2.2.2: of a host whose addresses are not signed the records do not count, unless
 * it is an alias, itself signed, of one that is not: then its own do.
 */
static bool
addresses_proved(
    struct session *s, const char *host, const struct dns_answer answers[2], bool *proved)
{
	*proved = true;
	for (int i = 0; i < 2; i++) {
		struct dns_answer alias = { .outcome = DNS_FAILED };

		if (answers[i].security == DNS_BOGUS)
			return fail(s, CAUSE_DNS_FAILURE, "addresses of %s: bogus: %.*s", host,
			    (int)answers[i].why.n, answers[i].why.at ? answers[i].why.at : "");
		if (answers[i].outcome != DNS_FOUND || answers[i].security == DNS_SECURE)
			continue;
		if (answers[i].canonical.at
		    && !dns_ask(s, &(struct dns_question){ host, ns_t_cname }, 1, &alias))
			return false;
		*proved = alias.outcome == DNS_FOUND && alias.security == DNS_SECURE;
		return *proved
		    || note(s, CAUSE_DANE_MISMATCH,
		        "the addresses of %s are not signed: its TLSA records do not count", host);
	}
	return true;
}

/*
 * RFC 7672 section 2.1.3: what is at the end of the aliases goes before what is at the name itself.
 * Of aliases that are not signed anybody could have made the end.
 */
static bool
ask_end(struct session *s, const struct dns_answer addresses[2], const char **base,
    struct dns_answer *tlsa)
{
	for (int i = 0; i < 2; i++) {
		struct dns_answer answer;
		const char *end;

		if (!addresses[i].canonical.at || addresses[i].security != DNS_SECURE)
			continue;
		end = arena_copy(s->arena, addresses[i].canonical).at;
		if (!end
		    || !dns_ask(s, &(struct dns_question){ name_of(s, end), TLSA }, 1, &answer))
			return false;
		if (answer.outcome == DNS_FAILED
		    || (answer.outcome == DNS_FOUND && answer.security == DNS_SECURE)) {
			*base = end;
			*tlsa = answer;
		}
		break;
	}
	return true;
}

bool
dane_ask(struct session *s)
{
	slice host = slice_z(s->common->host);
	const char *base;
	struct dns_answer answers[3], *tlsa = &answers[2];
	struct address address;
	bool proved = true;

	if (!s->common->dane)
		return true;
	if (address_parse(host.at, &address))
		return fail(
		    s, CAUSE_USAGE, "--dane: %s is an address: TLSA records are of names", host.at);
	if (host.n > 1 && host.at[host.n - 1] == '.')
		host.n--;
	base = arena_copy(s->arena, host).at;
	if (!base
	    || !dns_ask(s,
	        (const struct dns_question[]){
	            { base, ns_t_a }, { base, ns_t_aaaa }, { name_of(s, base), TLSA } },
	        3, answers))
		return false;
	if (!s->common->address && !addresses_proved(s, base, answers, &proved))
		return false;
	if (!proved)
		return true;
	if (!ask_end(s, answers, &base, tlsa) || !reason(s, name_of(s, base), tlsa))
		return false;
	return tlsa->outcome != DNS_FOUND || tlsa->security != DNS_SECURE
	    || dane_keep(s, base, &tlsa->records);
}

bool
conn_dane(const struct session *s)
{
	return s->conn->dane;
}

/* Whether the record can be about a chain at all, and whether it is about this one. */
static void
hold(struct session *s, struct record *record)
{
	SSL *tls = s->conn->tls, *one = SSL_new(s->conn->context);
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	const unsigned char *bytes = (const unsigned char *)record->data.at;
	size_t n = record->data.n;

	if (!one || !context || n <= 3 || (bytes[0] != DANE_TA && bytes[0] != DANE_EE)
	    || SSL_dane_enable(one, s->conn->dane->base) <= 0)
		goto out;
	SSL_dane_set_flags(one, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
	SSL_set_hostflags(
	    one, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	record->usable = SSL_dane_tlsa_add(one, bytes[0], bytes[1], bytes[2], bytes + 3, n - 3) > 0;
	if (!record->usable
	    || !X509_STORE_CTX_init(context, SSL_CTX_get_cert_store(s->conn->context),
	        SSL_get0_peer_certificate(tls), SSL_get_peer_cert_chain(tls))
	    || !X509_STORE_CTX_set_default(context, "ssl_server")
	    || !X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(context), SSL_get0_param(one)))
		goto out;
	X509_STORE_CTX_set0_dane(context, SSL_get0_dane(one));
	record->match = X509_verify_cert(context) == 1;
out:
	X509_STORE_CTX_free(context);
	SSL_free(one);
	ERR_clear_error();
}

/*
 * RFC 7671 section 9: who publishes a stronger digest too does not want the weaker one believed.
 */
static bool
outdone(const struct dane *dane, const struct record *record)
{
	const char *weak = record->data.at;

	for (size_t i = 0; record->usable && weak[2] == SHA2_256 && i < dane->n; i++) {
		const char *other = dane->records[i].data.at;

		if (dane->records[i].usable && other[2] == SHA2_512 && memcmp(other, weak, 2) == 0)
			return true;
	}
	return false;
}

/* "3 1 1 0123456789abcdef...: matches" */
static slice
told(struct session *s, slice data, const char *what)
{
	struct str text = str_in(s->arena);

	for (size_t i = 0; i < data.n && i < 3; i++)
		str_addf(&text, "%u ", (unsigned char)data.at[i]);
	for (size_t i = 3; i < data.n && i < 3 + SHOWN; i++)
		str_addf(&text, "%02x", (unsigned char)data.at[i]);
	str_addf(&text, "%s: %s", data.n > 3 + SHOWN ? "..." : "", what);
	return str_slice(&text);
}

bool
dane_matches(struct session *s)
{
	struct dane *dane = s->conn->dane;
	unsigned matching = 0, usable = 0;

	/* A hundred records times a chain of long keys can take seconds. */
	for (size_t i = 0; i < dane->n; i++) {
		instant now = clock_now();

		if (conn_wait(s, NULL, 0, &now) < 0)
			return false;
		hold(s, &dane->records[i]);
	}
	fact_list(s, FACT_TLSA);
	for (size_t i = 0; i < dane->n; i++) {
		const struct record *record = &dane->records[i];
		bool weaker = outdone(dane, record);

		usable += record->usable && !weaker;
		matching += record->match && !weaker;
		fact_add(s, FACT_TLSA,
		    told(s, record->data,
		        weaker               ? "does not count beside a stronger digest"
		            : record->match  ? "matches"
		            : record->usable ? "does not match"
		                             : "cannot be used for mail"));
	}
	if (matching > 0)
		return true;
	if (usable > 0)
		note(s, CAUSE_DANE_MISMATCH, "none of %u TLSA record%s matches what is served",
		    usable, usable == 1 ? "" : "s");
	else
		note(s, CAUSE_DANE_MISMATCH, "none of the TLSA records can be used for mail");
	return false;
}
