/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SPF as a receiver evaluates it: RFC 7208 sections 4.5, 4.6, 5 and 6. The syntax of a whole record
 * is looked at first (section 4.6), then its terms from left to right as for a stranger's mail,
 * into includes and the redirect. What may surprise: beyond ten lookups it goes on for a while, so
 * that it can be said how many there are; the verdict stands by then. Recursion is bounded, because
 * each step down is a lookup, and none goes deeper than the limit of those.
 */
#include "spf.h"

#include "spf_term.h"

/* One record on the way down. */
struct frame {
	slice domain;
	bool included; /* by "include", here or above */
	bool passes;   /* what passes here passes at the top */
};

struct walk {
	struct arena *arena;
	const struct spf_dns *dns;
	struct spf *spf;
	struct frame path[SPF_LOOKUPS_MAX + 1];
	size_t depth; /* of the present record */
};

static char evaluate(struct walk *w, slice record);

static const struct frame *
here(const struct walk *w)
{
	return &w->path[w->depth];
}

/* The first error is the verdict, what follows it is not looked at. Returns false. */
static bool
error(struct walk *w, enum spf_status status, const struct spf_term *term, const char *why)
{
	struct str out = str_in(w->arena);

	if (w->spf->error.at)
		return false;
	str_add(&out, txt_fault(w->arena, term->text, why));
	if (w->depth > 0) {
		str_addz(&out, ", in the record of ");
		str_add(&out, here(w)->domain);
	}
	w->spf->status = status;
	w->spf->error = str_slice(&out);
	return false;
}

/*
 * Section 4.5: records begin with "v=spf1", and then a blank or their end. How many there are; the
 * first of them in `*record`.
 */
static size_t
choose(const struct list *records, slice *record)
{
	slice version = S("v=spf1");
	size_t n = 0;

	for (size_t i = records->n; i-- > 0;) {
		slice text = records->items[i];

		if (!slice_startsi(text, version)
		    || (text.n > version.n && text.at[version.n] != ' '))
			continue;
		*record = text;
		n++;
	}
	return n;
}

/* Section 6: both at most once. */
static bool
only_once(struct walk *w, const struct spf_term *term, unsigned *seen)
{
	unsigned bit = term->kind == SPF_TERM_REDIRECT ? 1 : term->kind == SPF_TERM_EXP ? 2 : 0;

	if (*seen & bit)
		return error(w, SPF_PERMERROR, term, "is the second of its kind");
	*seen |= bit;
	return true;
}

/*
 * Section 4.6: a syntax error anywhere in the record is the end. `*redirect` has text when it is to
 * be followed: "all" takes its effect (section 5.1), wherever they stand.
 */
static bool
well_formed(struct walk *w, slice terms, struct spf_term *redirect)
{
	struct spf_term term, found = { .text = { NULL, 0 } };
	unsigned seen = 0;
	bool all = false;
	const char *why;
	slice text;

	while (spf_term_next(&terms, &text)) {
		term.text = text;
		if (!spf_term_parse(text, &term, &why))
			return error(w, SPF_PERMERROR, &term, why);
		if (term.domain.n > SPF_SPEC_MAX)
			return error(w, SPF_PERMERROR, &term, "is too long");
		if (!only_once(w, &term, &seen))
			return false;
		all = all || term.kind == SPF_TERM_ALL;
		if (term.kind == SPF_TERM_REDIRECT)
			found = term;
	}
	*redirect = all ? (struct spf_term){ .text = { NULL, 0 } } : found;
	return true;
}

/* False when it is not worth counting on. */
static bool
lookup(struct walk *w, const struct spf_term *term)
{
	if (++w->spf->lookups == SPF_LOOKUPS_MAX + 1)
		error(w, SPF_PERMERROR, term, "is the eleventh DNS lookup, and ten are allowed");
	return w->spf->lookups < SPF_LOOKUPS_SEEN;
}

static void
void_lookup(struct walk *w, const struct spf_term *term)
{
	if (++w->spf->voids == SPF_VOIDS_MAX + 1)
		error(w, SPF_PERMERROR, term,
		    "is the third DNS lookup with an empty answer, and two are allowed");
}

/* The name that a term is about; false where it depends on the sender. */
static bool
target(struct walk *w, const struct spf_term *term, slice *name)
{
	*name = here(w)->domain;
	return !term->domain.at
	    || spf_term_expand(w->arena, term->domain, here(w)->domain, w->path[0].domain, name);
}

/* The record of a domain that an include or a redirect leads to. */
static bool
record_of(struct walk *w, const struct spf_term *term, slice domain, slice *record)
{
	struct list records = { .n = 0 };
	size_t n;

	for (size_t i = 0; i <= w->depth; i++)
		if (slice_eqi(w->path[i].domain, domain))
			return error(w, SPF_PERMERROR, term, "leads back to where it came from");
	if (!spf_term_is_name(domain))
		return error(w, SPF_PERMERROR, term, "leads to what is no domain name");
	if (!w->dns->txt(w->dns->data, domain, &records))
		return error(w, SPF_TEMPERROR, term, "leads to where the DNS fails");
	if (records.n == 0)
		void_lookup(w, term);
	if ((n = choose(&records, record)) == 0)
		return error(w, SPF_PERMERROR, term, "leads to a domain that has no SPF record");
	return n == 1
	    || error(w, SPF_PERMERROR, term, "leads to a domain that has several SPF records");
}

/* What the record there comes to; 0 where that cannot be said. */
static char
follow(struct walk *w, const struct spf_term *term, slice domain)
{
	bool include = term->kind == SPF_TERM_INCLUDE;
	struct frame next = {
		.domain = domain,
		.included = here(w)->included || include,
		.passes = here(w)->passes && term->qualifier == '+',
	};
	slice record;
	char result;

	if (w->depth == SPF_LOOKUPS_MAX || !record_of(w, term, domain, &record))
		return 0;
	w->path[++w->depth] = next;
	result = evaluate(w, record);
	w->depth--;
	return result;
}

/* Section 5.2: it matches when what is included passes, and not for any other result. */
static bool
include(struct walk *w, const struct spf_term *term, char *result)
{
	slice domain;
	char inner;

	*result = 0;
	if (!lookup(w, term))
		return true;
	if (!target(w, term, &domain)) {
		w->spf->depends = true;
		return false;
	}
	inner = follow(w, term, domain);
	if (inner == '+')
		*result = term->qualifier;
	return inner == '+' || inner == 0;
}

/* Section 6.1: the result is that of the record there. */
static char
redirected(struct walk *w, const struct spf_term *term)
{
	slice domain;

	if (!lookup(w, term))
		return 0;
	if (!target(w, term, &domain)) {
		w->spf->depends = true;
		return 0;
	}
	return follow(w, term, domain);
}

/* What "a", "mx", "exists" cost; whether they match a sender is not ours to know. */
static bool
queried(struct walk *w, const struct spf_term *term)
{
	enum spf_query query = term->kind == SPF_TERM_MX ? SPF_MX
	    : term->kind == SPF_TERM_EXISTS              ? SPF_ADDRESS_4
	                                                 : SPF_ADDRESS;
	slice name;
	size_t n;

	if (!lookup(w, term))
		return false;
	if (term->kind == SPF_TERM_PTR || !w->dns->count || w->spf->error.at
	    || !target(w, term, &name) || !spf_term_is_name(name))
		return true;
	if (!w->dns->count(w->dns->data, query, name, &n))
		return error(w, SPF_TEMPERROR, term, "leads to where the DNS fails");
	if (n == 0)
		void_lookup(w, term);
	if (query == SPF_MX && n > SPF_MX_MAX)
		return error(w, SPF_PERMERROR, term, "leads to more than ten names");
	return true;
}

static void
opens(struct walk *w, const struct spf_term *term)
{
	if (here(w)->passes && term->qualifier == '+' && !w->spf->open.at)
		w->spf->open = term->text;
}

/* True when the evaluation ends here, with `*result`. */
static bool
directive(struct walk *w, const struct spf_term *term, char *result)
{
	switch (term->kind) {
	case SPF_TERM_ALL:
		if (!here(w)->included)
			w->spf->all = term->qualifier;
		opens(w, term);
		*result = term->qualifier;
		return true;
	case SPF_TERM_INCLUDE:
		return include(w, term, result);
	case SPF_TERM_A:
	case SPF_TERM_MX:
	case SPF_TERM_PTR:
	case SPF_TERM_EXISTS:
		*result = 0;
		return !queried(w, term);
	case SPF_TERM_IP4:
	case SPF_TERM_IP6:
		if (term->everyone)
			opens(w, term);
		return false;
	case SPF_TERM_REDIRECT:
	case SPF_TERM_EXP:
	case SPF_TERM_UNKNOWN:
		break;
	}
	return false;
}

static char
evaluate(struct walk *w, slice record)
{
	slice terms = slice_skip(record, sizeof "v=spf1" - 1), text;
	struct spf_term term, redirect;
	const char *why;
	char result = 0;

	if (!well_formed(w, terms, &redirect))
		return 0;
	while (spf_term_next(&terms, &text))
		if (spf_term_parse(text, &term, &why) && directive(w, &term, &result))
			return result;
	return redirect.text.at ? redirected(w, &redirect) : '?';
}

void
spf_check(struct arena *arena, slice domain, const struct list *records, const struct spf_dns *dns,
    struct spf *spf)
{
	struct walk w = { .arena = arena, .dns = dns, .spf = spf };
	size_t n;

	*spf = (struct spf){ .status = SPF_NONE };
	if ((n = choose(records, &spf->record)) == 0)
		return;
	spf->status = SPF_GOOD;
	if (domain.n > 0 && domain.at[domain.n - 1] == '.')
		domain.n--;
	w.path[0] = (struct frame){ .domain = domain, .passes = true };
	if (n > 1) {
		spf->status = SPF_PERMERROR;
		spf->error = txt_several(arena, n);
		return;
	}
	spf->stranger = evaluate(&w, spf->record);
	if (spf->status != SPF_GOOD)
		spf->all = spf->stranger = 0;
}
