/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judging the server's certificate: chain and dates as OpenSSL verifies them, the name by RFC 9525
 * (SAN only, `*` only as a whole first label), revocation by a stapled OCSP response or a CRL file,
 * and how soon any certificate of the chain ends, the trust anchor included.
 */
#include <arpa/inet.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "conn_private.h"

enum { NAMES_MAX = 1000, NAMES_TEXT = 200 };

static const double DAY = 86400;

static slice
name_text(struct arena *arena, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	slice text = { NULL, 0 };
	char *bytes;
	long n;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		n = BIO_get_mem_data(bio, &bytes);
		text = arena_copy(arena, (slice){ bytes, (size_t)n });
	}
	BIO_free(bio);
	return text.at ? text : S("");
}

static bool
time_of(const ASN1_TIME *asn1, time_t *when)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(asn1, &tm))
		return false;
	*when = timegm(&tm);
	return true;
}

static slice
date_text(struct arena *arena, const ASN1_TIME *asn1)
{
	struct tm tm;
	char text[32];

	if (!ASN1_TIME_to_tm(asn1, &tm)
	    || !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm))
		return S("an unreadable date");
	return arena_copy(arena, slice_z(text));
}

static enum cause
cause_of(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return CAUSE_CERT_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return CAUSE_CERT_NOT_YET_VALID;
	case X509_V_ERR_CERT_REVOKED:
		return CAUSE_CERT_REVOKED;
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_CRL_HAS_EXPIRED:
	case X509_V_ERR_CRL_NOT_YET_VALID:
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
	case X509_V_ERR_OUT_OF_MEM:
		return CAUSE_LOCAL;
	default:
		return CAUSE_CERT_UNTRUSTED;
	}
}

/* One verification error in words: what is wrong, with whose certificate, since when. */
static slice
error_text(struct session *s, int error, X509 *cert)
{
	const char *says = X509_verify_cert_error_string(error);
	slice subject = cert ? name_text(s->arena, X509_get_subject_name(cert)) : S("");

	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return str_f(s->arena, "%s ended on %s", subject.at,
		    date_text(s->arena, X509_get0_notAfter(cert)).at);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return str_f(s->arena, "%s begins on %s", subject.at,
		    date_text(s->arena, X509_get0_notBefore(cert)).at);
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return str_f(s->arena, "--crl-file: \"%s\" has no CRL of the issuer of %s",
		    s->common->crl_file, subject.at);
	default:
		return str_f(s->arena, "%s (%s)", says, subject.at);
	}
}

int
cert_callback(int ok, X509_STORE_CTX *context)
{
	SSL *tls = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct session *s = SSL_get_app_data(tls);
	struct cert_errors *errors = &s->conn->errors;
	int error = X509_STORE_CTX_get_error(context);
	enum cause cause = cause_of(error);

	if (ok)
		return 1;
	/*
	 * A CRL file need not cover the authorities above: the one who issued the server's must be
	 * there.
	 */
	if (error == X509_V_ERR_UNABLE_TO_GET_CRL && X509_STORE_CTX_get_error_depth(context) > 0)
		return 1;
	for (size_t i = 0; i < errors->n; i++)
		if (errors->items[i].cause == cause)
			return 1;
	if (errors->n == sizeof errors->items / sizeof errors->items[0])
		return 1;
	errors->items[errors->n].cause = cause;
	errors->items[errors->n++].text = error_text(
	    s, error, X509_STORE_CTX_get_current_cert(context));
	return 1;
}

bool
cert_load_crl(struct session *s)
{
	SSL_CTX *context = s->conn->context;
	const char *path = s->common->crl_file;
	BIO *bio = BIO_new_file(path, "r");
	X509_CRL *crl;
	bool stale = false;
	int n = 0;

	while (bio && (crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL))) {
		const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);

		if (next && X509_cmp_current_time(next) < 0) {
			stale = true;
			fail(s, CAUSE_LOCAL,
			    "--crl-file: a CRL in \"%s\" ended on %s: fetch a new one", path,
			    date_text(s->arena, next).at);
		}
		n += X509_STORE_add_crl(SSL_CTX_get_cert_store(context), crl);
		X509_CRL_free(crl);
	}
	BIO_free(bio);
	if (n == 0)
		return fail(
		    s, CAUSE_LOCAL, "--crl-file: no CRL in PEM form can be read from \"%s\"", path);
	ERR_clear_error();
	/*
	 * Not in the store: a stapled response is verified with it, and signed by who has no CRL
	 * here.
	 */
	X509_VERIFY_PARAM_set_flags(
	    SSL_CTX_get0_param(context), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	return !stale;
}

/* One name of a subjectAltName as text; missing for kinds that cannot name a host. */
static slice
alternative_name(struct arena *arena, const GENERAL_NAME *name)
{
	const ASN1_STRING *string = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
	char text[INET6_ADDRSTRLEN];
	int family;

	if (name->type == GEN_DNS)
		return arena_copy(arena,
		    (slice){ (const char *)ASN1_STRING_get0_data(string),
		        (size_t)ASN1_STRING_length(string) });
	if (name->type != GEN_IPADD)
		return (slice){ NULL, 0 };
	family = ASN1_STRING_length(string) == 4 ? AF_INET : AF_INET6;
	if (family == AF_INET6 && ASN1_STRING_length(string) != 16)
		return (slice){ NULL, 0 };
	inet_ntop(family, ASN1_STRING_get0_data(string), text, sizeof text);
	return arena_copy(arena, slice_z(text));
}

/*
 * Whether a presented DNS name is the reference name: RFC 9525 section 6.3, "*" being a whole first
 * label and standing for exactly one. OpenSSL's own comparison refuses "*.lan".
 */
static bool
dns_name_matches(slice presented, slice reference)
{
	slice rest = reference;

	if (!slice_starts(presented, S("*.")))
		return slice_eqi(presented, reference);
	return slice_cut(&rest, '.').n > 0 && rest.n > 0
	    && slice_eqi(slice_skip(presented, 2), rest);
}

/*
 * The names the certificate is for, as facts, in one line for the text of `cert_name`; `matches`
 * says whether ours is among them. Only the subjectAltName counts, never the subject's CN.
 */
static slice
record_names(struct session *s, X509 *cert, bool *matches)
{
	const struct conn *conn = s->conn;
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	struct str all = str_in(s->arena);

	*matches = conn->name_is_address && X509_check_ip_asc(cert, conn->name, 0) == 1;
	fact_list(s, FACT_CERT_NAMES);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < NAMES_MAX; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		slice text = alternative_name(s->arena, name);

		if (text.n == 0)
			continue;
		*matches |= name->type == GEN_DNS && !conn->name_is_address
		    && dns_name_matches(text, slice_z(conn->name));
		fact_add(s, FACT_CERT_NAMES, text);
		if (all.n < NAMES_TEXT) {
			str_addz(&all, all.n ? ", " : "");
			str_add(&all, text);
		}
	}
	GENERAL_NAMES_free(names);
	return all.n ? str_slice(&all) : S("no name at all");
}

/* The chain that was verified, else what the server sent. Not ours to free. */
static STACK_OF(X509) * chain_of(SSL *tls)
{
	STACK_OF(X509) *verified = SSL_get0_verified_chain(tls);

	return verified ? verified : SSL_get_peer_cert_chain(tls);
}

/* The certificate of a chain that ends first, and when. NULL where no date can be read. */
static X509 *
first_to_end(const STACK_OF(X509) * chain, time_t *when)
{
	X509 *first = NULL;
	time_t end = 0;

	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *cert = sk_X509_value(chain, i);

		if (time_of(X509_get0_notAfter(cert), &end) && (!first || end < *when)) {
			first = cert;
			*when = end;
		}
	}
	return first;
}

/*
 * Facts of both ends, and the finding that -D asks for. A certificate that has ended is
 * `cert_expired`; `judged`: the chain's errors were findings, that one with them.
 */
static void
judge_end(struct session *s, bool judged)
{
	const struct expiry *limit = &s->common->certificate;
	time_t end = 0, sent = 0;
	X509 *first = first_to_end(chain_of(s->conn->tls), &end);
	double days;
	bool critical, told;

	if (first_to_end(SSL_get_peer_cert_chain(s->conn->tls), &sent))
		fact_time(s, FACT_CERT_SENT_NOT_AFTER, sent);
	if (!first)
		return;
	days = difftime(end, s->result->wall) / DAY;
	fact_time(s, FACT_CERT_NOT_AFTER, end);
	fact_number(s, FACT_CERT_DAYS, (double)(int64_t)(days * 1000) / 1000);
	told = judged && days < 0 && !s->common->insecure && s->common->tls != TLS_OPPORTUNISTIC;
	if (!limit->given || s->common->ignore_certificate_expiration || told)
		return;
	critical = days < 0 || (limit->has_critical && days < limit->critical);
	if (!critical && days >= limit->warning)
		return;
	note_state(s, critical ? STATE_CRITICAL : STATE_WARNING,
	    days < 0 ? CAUSE_CERT_EXPIRED : CAUSE_CERT_EXPIRING, "%s ends in %.1f days, on %s",
	    name_text(s->arena, X509_get_subject_name(first)).at, days,
	    date_text(s->arena, X509_get0_notAfter(first)).at);
}

/*
 * What a stapled response says of the certificate, in a word, and whether it counts as "revoked".
 */
static const char *
staple(SSL *tls, X509 *cert, OCSP_BASICRESP *response, bool *revoked)
{
	STACK_OF(X509) *chain = chain_of(tls);
	X509 *issuer = sk_X509_num(chain) > 1 ? sk_X509_value(chain, 1) : cert;
	ASN1_GENERALIZEDTIME *from, *until;
	int status = -1, found = 0;

	if (OCSP_basic_verify(response, chain, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(tls)), 0)
	    <= 0)
		return "not signed by the issuer";
	for (int i = 0; i < 2 && !found; i++) {
		OCSP_CERTID *id = OCSP_cert_to_id(i ? EVP_sha256() : EVP_sha1(), cert, issuer);

		found = OCSP_resp_find_status(response, id, &status, NULL, NULL, &from, &until);
		OCSP_CERTID_free(id);
	}
	if (!found)
		return "about another certificate";
	if (!OCSP_check_validity(from, until, 300, -1))
		return "outdated";
	*revoked = status == V_OCSP_CERTSTATUS_REVOKED;
	return OCSP_cert_status_str(status);
}

/* RFC 6961's single stapling. One that cannot be relied on is no finding: nothing was promised. */
static bool
stapled_revocation(struct session *s, X509 *cert)
{
	const unsigned char *bytes;
	long n = SSL_get_tlsext_status_ocsp_resp(s->conn->tls, &bytes);
	OCSP_RESPONSE *outer = n > 0 ? d2i_OCSP_RESPONSE(NULL, &bytes, n) : NULL;
	OCSP_BASICRESP *response = outer ? OCSP_response_get1_basic(outer) : NULL;
	const char *says = "unreadable";
	bool revoked = false;

	if (n <= 0)
		return false;
	if (outer && OCSP_response_status(outer) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		says = OCSP_response_status_str(OCSP_response_status(outer));
	else if (response)
		says = staple(s->conn->tls, cert, response, &revoked);
	fact_text(s, FACT_OCSP, slice_z(says));
	OCSP_BASICRESP_free(response);
	OCSP_RESPONSE_free(outer);
	ERR_clear_error();
	return revoked;
}

/*
 * One thing that is wrong with the certificate: a finding, or under --insecure and opportunistic
 * TLS a fact, the first one of them.
 */
static void
wrong(struct session *s, enum cause cause, slice text)
{
	const struct probe_opts *opts = s->common;

	s->conn->verified = false;
	if (!opts->insecure && opts->tls != TLS_OPPORTUNISTIC)
		note(s, cause, "%s", text.at);
	else if (!s->result->facts[FACT_CERT_ERROR].known)
		fact_text(s, FACT_CERT_ERROR, text);
}

static void
judge_chain(struct session *s)
{
	const struct cert_errors *errors = &s->conn->errors;

	for (size_t i = 0; i < errors->n; i++) {
		enum cause cause = errors->items[i].cause;

		if (cause == CAUSE_CERT_EXPIRED && s->common->ignore_certificate_expiration)
			continue;
		wrong(s, cause, errors->items[i].text);
	}
}

bool
cert_judge(struct session *s)
{
	struct conn *conn = s->conn;
	X509 *cert = SSL_get0_peer_certificate(conn->tls);
	slice names;
	bool named;

	if (!cert)
		return fail(s, CAUSE_TLS_ERROR, "the server showed no certificate");
	fact_text(s, FACT_CERT_SUBJECT, name_text(s->arena, X509_get_subject_name(cert)));
	fact_text(s, FACT_CERT_ISSUER, name_text(s->arena, X509_get_issuer_name(cert)));
	names = record_names(s, cert, &named);
	conn->verified = true;
	/* RFC 7671 section 5.1: who is matched by DNS needs neither chain nor date nor name. */
	if (conn->dane && dane_matches(s)) {
		judge_end(s, false);
		return true;
	}
	judge_chain(s);
	if (!named)
		wrong(s, CAUSE_CERT_NAME,
		    str_f(s->arena, "the certificate is for %.*s, not for %s", (int)names.n,
		        names.at, conn->name));
	if (stapled_revocation(s, cert))
		wrong(s, CAUSE_CERT_REVOKED, S("the stapled OCSP response says revoked"));
	judge_end(s, true);
	conn->verified &= !conn->dane;
	return conn->verified || s->common->insecure
	    || (s->common->tls == TLS_OPPORTUNISTIC && !conn->dane);
}
