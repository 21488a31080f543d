/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TLSRPT records: RFC 8460 section 3. What may surprise: a URI of another scheme than mailto: and
 * https: breaks the record, since no sender could report there.
 */
#include "tls_rpt.h"

enum { URIS_MAX = 100 };

static void
broken(struct tls_rpt *rpt, slice why)
{
	rpt->status = TXT_BROKEN;
	rpt->error = why;
}

/* tlsrpt-rua = %s"rua=" tlsrpt-uri *(*WSP "," *WSP tlsrpt-uri) */
static void
uris(struct arena *arena, struct tls_rpt *rpt, slice value)
{
	while (value.at) {
		slice uri = slice_trim(slice_cut(&value, ','));

		if (!txt_uri(uri)
		    || !(slice_startsi(uri, S("mailto:")) || slice_startsi(uri, S("https:")))) {
			broken(rpt, txt_fault(arena, uri, "is no mailto: or https: URI"));
			return;
		}
		if (rpt->rua.n < URIS_MAX)
			list_add(arena, &rpt->rua, uri);
	}
}

/* tlsrpt-record = tlsrpt-version 1*(field-delim tlsrpt-field) [field-delim] */
static void
fields(struct arena *arena, struct tls_rpt *rpt)
{
	struct txt_tags tags;
	slice rua;

	txt_tags(rpt->record, &tags);
	txt_tight(&tags);
	rua = txt_value(&tags, S("rua"));
	if (tags.fault)
		broken(rpt, txt_fault(arena, tags.field, tags.fault));
	else if (!rua.at)
		broken(rpt, S("it has no rua="));
	else
		uris(arena, rpt, rua);
}

void
tls_rpt_parse(struct arena *arena, const struct list *records, struct tls_rpt *rpt)
{
	slice record;
	size_t n = txt_select(records, S("TLSRPTv1"), &record);

	*rpt = (struct tls_rpt){ .status = n > 0 ? TXT_GOOD : TXT_NONE };
	if (n == 0)
		return;
	rpt->record = record;
	if (n == 1)
		fields(arena, rpt);
	else
		broken(rpt, txt_several(arena, n));
}
