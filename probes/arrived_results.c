/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Authentication-Results: RFC 8601 section 2.2. Anybody on the way can write such a field, so
 * only one host is believed, which stamped the topmost, and only what it stamped before the
 * message reached anybody else: below that host's own Received fields stands what was sent to it.
 */
#include "arrived_scan.h"

static const slice separators = SLICE(";=/");

/*
 * methodspec = [CFWS] method [CFWS] "=" [CFWS] result
 * method     = Keyword [ [CFWS] "/" [CFWS] method-version ]
 */
static bool
methodspec(slice clause, slice *method, slice *result)
{
	struct arrived_token token;
	slice version;

	if (!arrived_word(&clause, separators, method))
		return false;
	token = arrived_token_proper(&clause, separators);
	if (slice_eq(token.text, S("/"))) {
		if (!arrived_word(&clause, separators, &version))
			return false;
		token = arrived_token_proper(&clause, separators);
	}
	return slice_eq(token.text, S("=")) && arrived_word(&clause, separators, result);
}

/*
 * authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo )
 *                   [CFWS]
 *
 * Takes the authserv-id off. Microsoft leaves it out: then it is empty, and resinfo begins at
 * once.
 */
static bool
authserv_id(struct arena *arena, slice *rest, slice *id)
{
	slice behind = *rest, clause = arrived_clause(&behind), word, result;

	if (methodspec(clause, &word, &result)) {
		*id = S("");
		return true;
	}
	if (!arrived_word(&clause, S(""), &word))
		return false;
	*id = arrived_unquote(arena, word);
	*rest = behind;
	return id->at;
}

/* resinfo = [CFWS] ";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ] ; of our methods */
static void
resinfo(slice clause, slice results[ARRIVED_METHODS])
{
	static const slice names[] = {
		[ARRIVED_SPF] = SLICE("spf"),
		[ARRIVED_DKIM] = SLICE("dkim"),
		[ARRIVED_DMARC] = SLICE("dmarc"),
	};
	slice method, result;

	if (!methodspec(clause, &method, &result))
		return;
	for (size_t i = 0; i < ARRIVED_METHODS; i++) {
		if (!slice_eqi(method, names[i]))
			continue;
		if (!results[i].at || (i == ARRIVED_DKIM && slice_eqi(result, S("pass"))))
			results[i] = result;
	}
}

/* What one field says, for the methods of which no field above it spoke. */
static void
field(struct arena *arena, slice value, struct arrived *arrived)
{
	slice results[ARRIVED_METHODS] = { { NULL, 0 } }, rest = value, id;

	if (!authserv_id(arena, &rest, &id))
		return;
	if (!arrived->judge.at)
		arrived->judge = id;
	if (!slice_eqi(id, arrived->judge))
		return;
	while (rest.n > 0)
		resinfo(arrived_clause(&rest), results);
	for (size_t i = 0; i < ARRIVED_METHODS; i++)
		if (!arrived->results[i].at && results[i].at)
			arrived->results[i] = arrived_lower(arena, results[i]);
}

/* Whether it is a name at all, and one of the two. */
static bool
one_of(slice name, slice a, slice b)
{
	return name.n > 0 && (slice_eqi(name, a) || slice_eqi(name, b));
}

/*
 * Host and judge are one where a Received field stands next to the topmost of the results:
 * filters put theirs above and below it. One of any other host came with the message.
 */
void
arrived_results(struct arena *arena, struct arrived *arrived)
{
	slice header = arrived->header, name, value, host = { NULL, 0 };
	struct arrived_hop hop;

	while (arrived_next(&header, &name, &value)) {
		if (slice_eqi(name, S("Authentication-Results"))) {
			field(arena, value, arrived);
		} else if (slice_eqi(name, S("Received"))) {
			arrived_received(value, &hop);
			if (arrived->judge.at && host.at && !one_of(hop.by, host, arrived->judge))
				return;
			if (!arrived->judge.at || !host.at)
				host = hop.by.at ? hop.by : S("");
		}
	}
}
