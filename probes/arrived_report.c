/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery status notifications: RFC 3464, in a multipart/report (RFC 6522, RFC 2046 section
 * 5.1), with the types of RFC 6533 too. Whether it is one is told by the part that makes it one,
 * not by the parameter report-type, which some leave out. Parts of parts are not looked into:
 * what a report returns is the sender's text, and may itself look like a report.
 */
#include "arrived_scan.h"

/*
 * content    = "Content-Type" ":" type "/" subtype *(";" parameter)
 *
 * Whether it is that; `*rest` are its parameters.
 */
static bool
content_is(slice value, slice type, slice subtype, slice *rest)
{
	slice clause, word;

	*rest = value;
	clause = arrived_clause(rest);
	return arrived_word(&clause, S("/"), &word) && slice_eqi(word, type)
	    && slice_eq(arrived_token_proper(&clause, S("/")).text, S("/"))
	    && arrived_word(&clause, S("/"), &word) && slice_eqi(word, subtype);
}

/*
 * parameter = attribute "=" value ; value = token / quoted-string
 *
 * Some do not quote values that they should: all up to a blank is one.
 */
static slice
parameter(struct arena *arena, slice parameters, slice name)
{
	slice clause, word;

	while (parameters.n > 0) {
		clause = arrived_clause(&parameters);
		if (arrived_word(&clause, S("="), &word) && slice_eqi(word, name)
		    && slice_eq(arrived_token_proper(&clause, S("=")).text, S("="))
		    && arrived_word(&clause, S(""), &word))
			return arrived_unquote(arena, word);
	}
	return (slice){ NULL, 0 };
}

/*
 * delimiter       = CRLF "--" boundary
 * close-delimiter = delimiter "--" ; both with transport-padding = *LWSP-char behind
 */
static bool
delimiter(slice line, slice boundary, bool *closes)
{
	slice behind;

	if (!slice_starts(line, S("--")) || !slice_starts(slice_skip(line, 2), boundary))
		return false;
	behind = slice_skip(line, 2 + boundary.n);
	*closes = slice_starts(behind, S("--"));
	return slice_trim(*closes ? slice_skip(behind, 2) : behind).n == 0;
}

/*
 * multipart-body = [preamble CRLF] dash-boundary ... body-part *encapsulation close-delimiter ...
 *
 * Takes off all before the next delimiter, and that. `*rest` is missing behind the last; without
 * a close-delimiter the last part goes on to the end.
 */
static slice
up_to_delimiter(slice *rest, slice boundary)
{
	slice whole = *rest, line;
	bool closes = true;

	while (rest->n > 0) {
		line = arrived_line(rest);
		if (!delimiter(line, boundary, &closes))
			continue;
		if (closes)
			*rest = (slice){ NULL, 0 };
		return slice_head(whole, (size_t)(line.at - whole.at));
	}
	*rest = (slice){ NULL, 0 };
	return whole;
}

/*
 * diagnostic-code-field = "Diagnostic-Code" ":" diagnostic-type ";" *text
 * final-recipient-field = "Final-Recipient" ":" address-type ";" generic-address
 *
 * What has no type is returned whole; missing where nothing is said.
 */
static slice
without_type(struct arena *arena, slice value)
{
	slice text = arrived_unfold(arena, value), behind = text, word, more;
	slice type = arrived_clause(&behind);

	if (type.n < text.n && arrived_word(&type, S(""), &word)
	    && !arrived_word(&type, S(""), &more))
		text = slice_trim(behind);
	return text.n > 0 ? text : (slice){ NULL, 0 };
}

static bool
digits(slice s, size_t most)
{
	uint64_t number;

	return s.n <= most && slice_number(s, 999, &number);
}

/* status-code = DIGIT "." 1*3DIGIT "." 1*3DIGIT ; a comment may follow. Missing if none. */
static slice
status_code(slice value)
{
	slice code, rest;

	if (!arrived_word(&value, S(""), &code))
		return (slice){ NULL, 0 };
	rest = code;
	if (digits(slice_cut(&rest, '.'), 1) && digits(slice_cut(&rest, '.'), 3) && digits(rest, 3))
		return code;
	return (slice){ NULL, 0 };
}

/*
 * per-recipient-fields = [ original-recipient-field CRLF ] final-recipient-field CRLF
 *                        action-field CRLF status-field CRLF ...
 *                        [ diagnostic-code-field CRLF ] ...
 *
 * False for fields with neither action nor status, as those of the whole message are.
 */
static bool
per_recipient_fields(slice fields, slice *action, slice *status)
{
	slice value = arrived_raw(fields, S("Action"));

	*action = (slice){ NULL, 0 };
	arrived_word(&value, S(""), action);
	*status = status_code(arrived_raw(fields, S("Status")));
	return action->at || status->at;
}

/* delivery-status-content = per-message-fields 1*( CRLF per-recipient-fields ) */
static bool
delivery_status(struct arena *arena, slice body, struct arrived_report *report)
{
	slice fields, action, status, counts = { NULL, 0 };
	bool failed = false;

	while (body.n > 0 && !failed) {
		arrived_split(body, &fields, &body);
		if (!per_recipient_fields(fields, &action, &status))
			continue;
		failed = slice_eqi(action, S("failed"));
		if (!counts.at || failed)
			counts = fields;
	}
	if (!counts.at)
		return false;
	per_recipient_fields(counts, &action, &report->status);
	if (action.at)
		report->action = arrived_lower(arena, action);
	report->diagnostic = without_type(arena, arrived_raw(counts, S("Diagnostic-Code")));
	report->recipient = without_type(arena, arrived_raw(counts, S("Final-Recipient")));
	return true;
}

/* msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS] ; the first of those that stand there */
static slice
msg_id(slice value)
{
	slice word;
	size_t end;

	if (!arrived_word(&value, S(""), &word) || !slice_starts(word, S("<")))
		return (slice){ NULL, 0 };
	end = slice_find(word, S(">"));
	return end < word.n ? slice_head(word, end + 1) : (slice){ NULL, 0 };
}

/* The part that has the message, or its header only. */
static bool
returned(slice value)
{
	static const struct {
		slice type, subtype;
	} types[] = {
		{ .type = SLICE("message"), .subtype = SLICE("rfc822") },
		{ .type = SLICE("text"), .subtype = SLICE("rfc822-headers") },
		{ .type = SLICE("message"), .subtype = SLICE("global") },
		{ .type = SLICE("message"), .subtype = SLICE("global-headers") },
	};
	slice rest;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (content_is(value, types[i].type, types[i].subtype, &rest))
			return true;
	return false;
}

/* body-part = MIME-part-headers [CRLF *OCTET] ; the first of each kind counts */
static void
body_part(struct arena *arena, slice part, struct arrived_report *report, bool *found, slice *id)
{
	slice header, body, type, rest;

	arrived_split(part, &header, &body);
	type = arrived_raw(header, S("Content-Type"));
	if (!*found
	    && (content_is(type, S("message"), S("delivery-status"), &rest)
	        || content_is(type, S("message"), S("global-delivery-status"), &rest))) {
		*found = delivery_status(arena, body, report);
	} else if (!id->at && returned(type)) {
		arrived_split(body, &header, &rest);
		*id = msg_id(arrived_raw(header, S("Message-ID")));
	}
}

bool
arrived_report(struct arena *arena, slice message, struct arrived_report *report)
{
	slice header, body, parameters, boundary, id = { NULL, 0 };
	struct arrived_report read = { 0 };
	bool found = false;

	arrived_split(message, &header, &body);
	if (!content_is(
	        arrived_raw(header, S("Content-Type")), S("multipart"), S("report"), &parameters))
		return false;
	boundary = parameter(arena, parameters, S("boundary"));
	if (boundary.n == 0)
		return false;
	for (up_to_delimiter(&body, boundary); body.at;)
		body_part(arena, up_to_delimiter(&body, boundary), &read, &found, &id);
	if (!found)
		return false;
	if (!id.at)
		id = msg_id(arrived_raw(header, S("In-Reply-To")));
	if (!id.at)
		id = msg_id(arrived_raw(header, S("References")));
	*report = read;
	report->returned_id = id;
	return true;
}
