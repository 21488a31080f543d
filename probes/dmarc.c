/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMARC policy records: RFC 7489 sections 6.3, 6.4 and 6.6.3. What may surprise: but for the policy
 * nothing in a record makes it broken. Receivers take defaults for what they do not understand
 * (section 6.3), so that is a fault to be told, and the record goes on.
 */
#include "dmarc.h"

enum {
	URIS_MAX = 100,
	LABELS_MAX = 8,
};

static const slice policies[] = {
	[DMARC_UNSAID] = SLICE(""),
	[DMARC_NO_ACTION] = SLICE("none"),
	[DMARC_QUARANTINE] = SLICE("quarantine"),
	[DMARC_REJECT] = SLICE("reject"),
};

slice
dmarc_policy_name(enum dmarc_policy policy)
{
	return policy == DMARC_UNSAID ? (slice){ NULL, 0 } : policies[policy];
}

static void
fault(struct arena *arena, struct dmarc *dmarc, slice what, const char *why)
{
	if (!dmarc->fault.at)
		dmarc->fault = txt_fault(arena, what, why);
}

/* "none" / "quarantine" / "reject" */
static enum dmarc_policy
policy(slice value)
{
	for (size_t i = DMARC_NO_ACTION; i <= DMARC_REJECT; i++)
		if (slice_eqi(value, policies[i]))
			return (enum dmarc_policy)i;
	return DMARC_UNSAID;
}

/* dmarc-adkim = "adkim" *WSP "=" *WSP ( "r" / "s" ) */
static bool
strict(struct arena *arena, struct dmarc *dmarc, slice value)
{
	if (value.at && !slice_eqi(value, S("r")) && !slice_eqi(value, S("s")))
		fault(arena, dmarc, value, "is no alignment: r or s");
	return slice_eqi(value, S("s"));
}

/* dmarc-percent = "pct" *WSP "=" *WSP 1*3DIGIT ; 0 to 100 */
static unsigned
percent(struct arena *arena, struct dmarc *dmarc, slice value)
{
	uint64_t n = 100;

	if (value.at && (value.n > 3 || !slice_number(value, 100, &n)))
		fault(arena, dmarc, value, "is no percentage");
	return (unsigned)n;
}

/* [ "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] ] */
static bool
size_limit(slice size)
{
	uint64_t n;

	if (size.at && size.n > 0 && memchr("kmgtKMGT", size.at[size.n - 1], 8))
		size.n--;
	return !size.at || slice_number(size, UINT64_MAX, &n);
}

/* dmarc-auri = "rua" *WSP "=" *WSP dmarc-uri *(*WSP "," *WSP dmarc-uri) */
static void
uris(struct arena *arena, struct dmarc *dmarc, slice value, struct list *list)
{
	while (value.at) {
		slice whole = slice_trim(slice_cut(&value, ',')), size = whole;
		slice uri = slice_cut(&size, '!');

		if (!txt_uri(uri) || !size_limit(size))
			fault(arena, dmarc, whole, "is no URI to report to");
		else if (list->n < URIS_MAX)
			list_add(arena, list, uri);
	}
}

/* RFC 7489 section 6.6.3: without a valid policy it asks for reports, or is no record. */
static void
no_policy(struct dmarc *dmarc, slice why)
{
	dmarc->p = dmarc->sp = dmarc->np = DMARC_UNSAID;
	if (dmarc->rua.n > 0) {
		dmarc->p = DMARC_NO_ACTION;
		dmarc->fault = why;
	} else {
		dmarc->fault = (slice){ NULL, 0 };
		dmarc->status = TXT_BROKEN;
		dmarc->error = why;
	}
}

/* dmarc-record = dmarc-version dmarc-sep [dmarc-request] ... ; v= and p= are the first two */
static void
tags_of_policy(struct arena *arena, struct dmarc *dmarc)
{
	struct txt_tags tags;
	slice p, sp, np;

	txt_tags(dmarc->record, &tags);
	if (tags.fault)
		fault(arena, dmarc, tags.field, tags.fault);
	p = txt_value(&tags, S("p"));
	dmarc->p = policy(p);
	if (dmarc->p != DMARC_UNSAID && !slice_eq(tags.at[1].name, S("p")))
		fault(arena, dmarc, S("p="), "is not the second tag");
	dmarc->sp = policy(sp = txt_value(&tags, S("sp")));
	dmarc->np = policy(np = txt_value(&tags, S("np")));
	if (np.at && dmarc->np == DMARC_UNSAID)
		fault(arena, dmarc, np, "is no policy");
	dmarc->adkim_strict = strict(arena, dmarc, txt_value(&tags, S("adkim")));
	dmarc->aspf_strict = strict(arena, dmarc, txt_value(&tags, S("aspf")));
	dmarc->pct = percent(arena, dmarc, txt_value(&tags, S("pct")));
	uris(arena, dmarc, txt_value(&tags, S("rua")), &dmarc->rua);
	uris(arena, dmarc, txt_value(&tags, S("ruf")), &dmarc->ruf);
	if (dmarc->p == DMARC_UNSAID)
		no_policy(dmarc, p.at ? S("p= is no policy") : S("it has no p="));
	else if (sp.at && dmarc->sp == DMARC_UNSAID)
		no_policy(dmarc, S("sp= is no policy"));
}

void
dmarc_parse(struct arena *arena, const struct list *records, struct dmarc *dmarc)
{
	slice record;
	size_t n = txt_select(records, S("DMARC1"), &record);

	*dmarc = (struct dmarc){ .pct = 100 };
	if (n == 0)
		return;
	dmarc->record = record;
	dmarc->status = n == 1 ? TXT_GOOD : TXT_BROKEN;
	if (n == 1)
		tags_of_policy(arena, dmarc);
	else
		dmarc->error = txt_several(arena, n);
}

static size_t
labels(slice domain)
{
	size_t n = 0;

	for (; domain.at; n++)
		slice_cut(&domain, '.');
	return n;
}

static slice
without_dot(slice domain)
{
	if (domain.n > 0 && domain.at[domain.n - 1] == '.')
		domain.n--;
	return domain;
}

bool
dmarc_parent(slice *domain)
{
	slice parent = without_dot(*domain);
	size_t n = labels(parent);

	if (n < 3)
		return false;
	do
		slice_cut(&parent, '.');
	while (n-- > LABELS_MAX);
	*domain = parent;
	return true;
}
