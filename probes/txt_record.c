/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tags and URIs in TXT records: RFC 6376 section 3.2, RFC 3986. What may surprise: a field that is
 * wrong does not end the list, because what follows from it differs: RFC 6376 throws the record
 * away, RFC 7489 section 6.3 the field.
 */
#include "txt_record.h"

enum { SHOWN = 80 };

static bool
alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
alphanumeric(char c)
{
	return alpha(c) || (c >= '0' && c <= '9');
}

static bool
among(char c, slice set)
{
	return memchr(set.at, c, set.n) != NULL;
}

/*
 * tag-name  = ALPHA *ALNUMPUNC ; ALNUMPUNC = ALPHA / DIGIT / "_"
 *
 * With the first character and the punctuation of RFC 8461's sts-ext-name, which has more.
 */
static bool
tag_name(slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!alphanumeric(name.at[i]) && (i == 0 || !among(name.at[i], S("_-."))))
			return false;
	return name.n > 0;
}

/* tval = 1*VALCHAR ; VALCHAR = %x21-3A / %x3C-7E, with blanks between; no ";" comes here */
static bool
tag_value(slice value)
{
	for (size_t i = 0; i < value.n; i++)
		if ((value.at[i] < ' ' || value.at[i] > '~') && value.at[i] != '\t')
			return false;
	return true;
}

/* tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS] ; what is wrong with it, or NULL */
static const char *
tag_spec(slice field, struct txt_tag *tag)
{
	slice value = field, name = slice_cut(&value, '=');

	*tag = (struct txt_tag){ .name = slice_trim(name), .value = slice_trim(value) };
	tag->tight = tag->name.n == name.n && tag->value.n == value.n;
	if (!value.at)
		return "has no \"=\"";
	if (!tag_name(tag->name))
		return "has no name of a tag";
	return tag_value(tag->value) ? NULL : "has bytes that are not visible ASCII";
}

static void
add(struct txt_tags *tags, slice field)
{
	struct txt_tag tag;
	const char *fault = tag_spec(field, &tag);

	if (!fault && txt_value(tags, tag.name).at)
		fault = "is not the first of its name";
	if (!fault && tags->n == TXT_TAGS_MAX)
		fault = "is one tag too many";
	if (!fault) {
		tags->at[tags->n++] = tag;
	} else if (!tags->fault) {
		tags->fault = fault;
		tags->field = field;
	}
}

/* tag-list = tag-spec *( ";" tag-spec ) [ ";" ] */
void
txt_tags(slice record, struct txt_tags *tags)
{
	tags->n = 0;
	tags->fault = NULL;
	tags->field = (slice){ NULL, 0 };
	while (record.at) {
		slice field = slice_trim(slice_cut(&record, ';'));

		if (field.n > 0)
			add(tags, field);
	}
}

slice
txt_value(const struct txt_tags *tags, slice name)
{
	for (size_t i = 0; i < tags->n; i++)
		if (slice_eq(tags->at[i].name, name))
			return tags->at[i].value;
	return (slice){ NULL, 0 };
}

void
txt_tight(struct txt_tags *tags)
{
	for (size_t i = 0; i < tags->n && !tags->fault; i++)
		if (!tags->at[i].tight) {
			tags->fault = "has a blank around its \"=\"";
			tags->field = tags->at[i].name;
		}
}

slice
txt_fault(struct arena *arena, slice what, const char *why)
{
	struct str out = str_in(arena);

	str_addc(&out, '"');
	str_add(&out, slice_head(what, SHOWN));
	str_addf(&out, "%s\" %s", what.n > SHOWN ? "..." : "", why);
	return str_slice(&out);
}

slice
txt_several(struct arena *arena, size_t n)
{
	return str_f(arena, "there are %zu records, and one is allowed", n);
}

size_t
txt_select(const struct list *records, slice version, slice *record)
{
	size_t n = 0;

	for (size_t i = records->n; i-- > 0;) {
		slice rest = records->items[i], value = slice_cut(&rest, ';');
		slice name = slice_trim(slice_cut(&value, '='));

		if (!slice_eq(name, S("v")) || !slice_eq(slice_trim(value), version))
			continue;
		*record = records->items[i];
		n++;
	}
	return n;
}

static bool
hexadecimal(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* unreserved / reserved / pct-encoded, but for "," and "!" and ";", which end a URI here */
static bool
uri_characters(slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '%') {
			if (s.n - i < 3 || !hexadecimal(s.at[i + 1]) || !hexadecimal(s.at[i + 2]))
				return false;
		} else if (!alphanumeric(s.at[i]) && !among(s.at[i], S("-._~:/?#[]@$&'()*+="))) {
			return false;
		}
	}
	return s.n > 0;
}

/* scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
static bool
scheme_characters(slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!alpha(s.at[i])
		    && (i == 0 || !(alphanumeric(s.at[i]) || among(s.at[i], S("+-.")))))
			return false;
	return s.n > 0;
}

/* RFC 6068: to = local-part "@" domain, one address here; what is behind "?" is not looked at */
static bool
has_address(slice rest)
{
	slice domain = slice_cut(&rest, '?'), local = slice_cut(&domain, '@');

	return local.n > 0 && domain.n > 0 && slice_find(domain, S("@")) == domain.n;
}

/* RFC 3986 section 3.2: "//" authority, up to "/", "?" or "#"; with a host before a port */
static bool
has_host(slice rest)
{
	return slice_starts(rest, S("//")) && rest.n > 2 && !among(rest.at[2], S("/?#:@"));
}

/* URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ] */
bool
txt_uri(slice uri)
{
	slice rest = uri, scheme = slice_cut(&rest, ':');

	if (!scheme_characters(scheme) || !uri_characters(rest))
		return false;
	if (slice_eqi(scheme, S("mailto")))
		return has_address(rest);
	return !slice_eqi(scheme, S("https")) || has_host(rest);
}
