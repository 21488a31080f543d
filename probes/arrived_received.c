/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Received fields: RFC 5321 section 4.4, RFC 5322 section 3.6.7, keywords of RFC 3848, RFC 6531
 * and RFC 8314. Few programs keep to the grammar, so only its skeleton decides: clauses begin
 * with their keyword, comments say more, and the date stands behind a semicolon. Of words that
 * are too many the first count.
 */
#include "arrived_scan.h"

enum clause { NONE, FROM, BY, VIA, WITH, ID, FOR, TLS };

/*
 * From-domain = "FROM" FWS Extended-Domain
 * By-domain   = CFWS "BY" FWS Extended-Domain
 * Opt-info    = [Via] [With] [ID] [For] [Additional-Registered-Clauses] ; of these "tls"
 */
static bool
keyword(slice word, enum clause *clause)
{
	static const slice words[] = {
		[NONE] = SLICE(""),
		[FROM] = SLICE("from"),
		[BY] = SLICE("by"),
		[VIA] = SLICE("via"),
		[WITH] = SLICE("with"),
		[ID] = SLICE("id"),
		[FOR] = SLICE("for"),
		[TLS] = SLICE("tls"),
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (slice_eqi(word, words[i])) {
			*clause = (enum clause)i;
			return true;
		}
	}
	return false;
}

/*
 * Protocol = "ESMTP" / "SMTP" / Attdl-Protocol
 *
 * RFC 3848: ESMTP and LMTP, with S under TLS, with A after AUTH; RFC 6531: the same behind UTF8.
 * Exim has "smtps" and had "asmtp"; qmail has protocols of its own.
 */
static bool
protocol(slice word, bool *tls)
{
	static const slice stems[] = { SLICE("SMTP"), SLICE("ESMTP"), SLICE("LMTP"),
		SLICE("ASMTP") };
	slice rest;

	*tls = false;
	if (slice_eqi(word, S("QMTP")) || slice_eqi(word, S("QMQP")))
		return true;
	if (slice_startsi(word, S("UTF8")))
		word = slice_skip(word, 4);
	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		if (!slice_startsi(word, stems[i]))
			continue;
		rest = slice_skip(word, stems[i].n);
		*tls = slice_eqi(rest, S("S")) || slice_eqi(rest, S("SA"));
		return rest.n == 0 || *tls || slice_eqi(rest, S("A"));
	}
	return false;
}

static void
with(slice word, struct arrived_hop *hop)
{
	bool tls;

	if (!hop->network && protocol(word, &tls)) {
		hop->network = true;
		hop->tls |= tls;
		hop->with = word;
	} else if (!hop->with.at) {
		hop->with = word;
	}
}

/* A word that is no keyword. */
static void
value(enum clause clause, slice word, struct arrived_hop *hop)
{
	if (word.n > ARRIVED_NAME_MAX)
		return;
	if (clause == FROM && !hop->from.at)
		hop->from = word;
	else if (clause == BY && !hop->by.at)
		hop->by = word;
	else if (clause == WITH)
		with(word, hop);
	else if (clause == TLS)
		hop->tls = true;
}

/*
 * A protocol's version as OpenSSL spells it, for "TLSv1.3", "TLS1.3" and "TLS1_3". Exchange once
 * said only "TLS", and OpenSSL once "TLSv1/SSLv3" of all versions that were not SSLv2: no version
 * then.
 */
static bool
tls_version(slice word, slice *version)
{
	static const slice names[] = { SLICE("TLSv1"), SLICE("TLSv1.1"), SLICE("TLSv1.2"),
		SLICE("TLSv1.3") };
	slice number = slice_skip(word, slice_startsi(word, S("TLSv")) ? 4 : 3);

	*version = (slice){ NULL, 0 };
	if (slice_eqi(word, S("TLS")) || slice_eqi(word, S("TLSv1/SSLv3")))
		return true;
	if (!slice_startsi(word, S("TLS")) || !slice_starts(number, S("1")))
		return false;
	if (number.n == 1)
		*version = names[0];
	else if (number.n == 3 && (number.at[1] == '.' || number.at[1] == '_')
	    && number.at[2] >= '0' && number.at[2] <= '3')
		*version = names[number.at[2] - '0'];
	return version->at;
}

/* The word up to what servers put behind a version. */
static slice
up_to_delimiter(slice word)
{
	size_t n = 0;

	while (n < word.n && !memchr(",:;", word.at[n], 3))
		n++;
	return slice_head(word, n);
}

/*
 * What has no RFC: comments that say TLS. Postfix "using TLSv1.3 with cipher ...", Sendmail,
 * Exchange and Gmail "version=TLS1_3 ...", Courier "AUTH: ..., TLS: TLSv1.3,256bits,...",
 * OpenSMTPD "TLSv1.3:TLS_AES_256_GCM_SHA384:256:NO", Exim "TLS1.3". Only in these places:
 * anywhere else it may be a name that the client gave itself.
 */
static void
comment_of_tls(slice text, struct arrived_hop *hop)
{
	static const slice equals = SLICE("version=");
	slice word, version;

	if (!arrived_word(&text, S(""), &word))
		return;
	if (slice_eqi(word, S("AUTH:")))
		while (!slice_eqi(word, S("TLS:")))
			if (!arrived_word(&text, S(""), &word))
				return;
	if (slice_startsi(word, equals))
		word = slice_skip(word, equals.n);
	else if (!slice_eqi(word, S("using")) && !slice_eqi(word, S("TLS:"))) {
		if (arrived_token(&text, S("")).kind != ARRIVED_END)
			return;
	} else if (!arrived_word(&text, S(""), &word)) {
		return;
	}
	if (!tls_version(up_to_delimiter(word), &version))
		return;
	hop->tls = true;
	if (!hop->tls_version.at)
		hop->tls_version = version;
}

/* Up to the next semicolon, where there is one, so that nothing is read again for each of many. */
static bool
date_behind(slice text, time_t *when)
{
	return arrived_date(arrived_clause(&text), when);
}

/*
 * Time-stamp-line = "Received:" FWS Stamp <CRLF>
 * Stamp           = From-domain By-domain Opt-info [CFWS] ";" FWS date-time
 */
void
arrived_received(slice text, struct arrived_hop *hop)
{
	enum clause clause = NONE;
	struct arrived_token token;

	*hop = (struct arrived_hop){ 0 };
	while (!hop->dated && (token = arrived_token(&text, S(";"))).kind != ARRIVED_END) {
		if (token.kind == ARRIVED_COMMENT)
			comment_of_tls(token.text, hop);
		else if (token.kind == ARRIVED_SPECIAL)
			hop->dated = date_behind(text, &hop->time);
		else if (!keyword(token.text, &clause))
			value(clause, token.text, hop);
	}
}
