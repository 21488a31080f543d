/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SPF: lines of the input are the records of the domain and of all that it leads to: a record that
 * begins with "NAME " is NAME's, one that does not is the domain's own. Whatever they say, the
 * questions are bounded and about names, and an error has a reason; a term and its macros for themselves.
 */
#include "records.h"
#include "spf.h"
#include "spf_term.h"

struct zone {
	struct arena *arena;
	struct list lines;
	unsigned asked;
};

static void
add_records(struct zone *zone, slice domain, struct list *records)
{
	for (size_t i = 0; i < zone->lines.n; i++) {
		slice rest = zone->lines.items[i], name = slice_cut(&rest, ' ');

		if (slice_eqi(name, domain) && rest.at)
			list_add(zone->arena, records, rest);
	}
}

static bool
txt(void *data, slice domain, struct list *records)
{
	struct zone *zone = data;

	demand(spf_term_is_name(domain) && ++zone->asked <= SPF_LOOKUPS_SEEN);
	add_records(zone, domain, records);
	return !slice_startsi(domain, S("fail"));
}

static bool
count(void *data, enum spf_query query, slice domain, size_t *n)
{
	struct zone *zone = data;

	demand(spf_term_is_name(domain) && ++zone->asked <= SPF_LOOKUPS_SEEN);
	*n = domain.n % 8 + (query == SPF_MX ? domain.n % 8 : 0);
	return !slice_startsi(domain, S("fail"));
}

static void
check_result(const struct spf *spf, slice text)
{
	demand((spf->status == SPF_PERMERROR || spf->status == SPF_TEMPERROR) == (spf->error.at != NULL));
	demand(spf->lookups <= SPF_LOOKUPS_SEEN && spf->voids <= spf->lookups);
	if (spf->status == SPF_GOOD) {
		demand(spf->lookups <= SPF_LOOKUPS_MAX && spf->voids <= SPF_VOIDS_MAX);
		demand(spf->depends || spf->stranger);
	} else {
		demand(!spf->all && !spf->stranger);
	}
	demand(part_of(spf->record, text) && part_of(spf->open, text));
	demand(spf->stranger != '+' || spf->open.at);
}

static void
check_terms(struct arena *arena, slice text)
{
	slice word, name = { NULL, 0 };
	struct spf_term term;
	const char *why = NULL;

	while (spf_term_next(&text, &word)) {
		if (!spf_term_parse(word, &term, &why)) {
			demand(why != NULL);
			continue;
		}
		demand(part_of(term.domain, word) && memchr("+-~?", term.qualifier, 4));
		demand(!term.domain.at || term.domain.n > 0);
		if (term.domain.n > 0 && term.domain.n <= SPF_SPEC_MAX
		    && spf_term_expand(arena, term.domain, S("a.b.example"), S("c-d.example"), &name))
			demand(name.n <= 253);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	slice text = { (const char *)data, n };
	struct zone zone = { .arena = arena_new(32 << 20) };
	struct spf_dns dns = { .data = &zone, .txt = txt, .count = n % 4 ? count : NULL };
	struct spf spf;

	demand(zone.arena != NULL);
	zone.lines = records_of(zone.arena, text);
	spf_check(zone.arena, S("d.test"), &zone.lines, &dns, &spf);
	check_result(&spf, text);
	check_terms(zone.arena, text);
	demand(!arena_failed(zone.arena));
	arena_free(zone.arena);
	return 0;
}
