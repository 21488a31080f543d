/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MTA-STS: RFC 8461 sections 3.1, 3.2 and 4.1. What may surprise: the policy's ABNF has no empty
 * lines, and they are passed over; but a line without a key breaks the policy, since it may be the
 * half of one that mattered.
 */
#include "mta_sts.h"

enum {
	ID_MAX = 32,
	KEY_MAX = 32,
	DOMAIN_MAX = 253,
	LABEL_MAX = 63,
};

/* Of these each must be there. */
enum { HAS_VERSION = 1, HAS_MODE = 2, HAS_MAX_AGE = 4 };

static const slice modes[] = {
	[MTA_STS_NO_POLICY] = SLICE("none"),
	[MTA_STS_TESTING] = SLICE("testing"),
	[MTA_STS_ENFORCE] = SLICE("enforce"),
};

slice
mta_sts_mode_name(enum mta_sts_mode mode)
{
	return modes[mode];
}

static bool
alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* sts-id-value = 1*32(ALPHA / DIGIT) */
static bool
id_value(slice id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!alphanumeric(id.at[i]))
			return false;
	return id.n > 0 && id.n <= ID_MAX;
}

static void
broken(struct mta_sts_record *sts, slice why)
{
	sts->status = TXT_BROKEN;
	sts->error = why;
}

/* sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim] */
static void
fields(struct arena *arena, struct mta_sts_record *sts)
{
	struct txt_tags tags;
	slice id;

	txt_tags(sts->record, &tags);
	txt_tight(&tags);
	id = txt_value(&tags, S("id"));
	if (tags.fault)
		broken(sts, txt_fault(arena, tags.field, tags.fault));
	else if (!id.at)
		broken(sts, S("it has no id="));
	else if (!id_value(id))
		broken(sts, S("id= is not one to 32 letters and digits"));
	else
		sts->id = id;
}

void
mta_sts_record_parse(struct arena *arena, const struct list *records, struct mta_sts_record *sts)
{
	slice record;
	size_t n = txt_select(records, S("STSv1"), &record);

	*sts = (struct mta_sts_record){ .status = n > 0 ? TXT_GOOD : TXT_NONE };
	if (n == 0)
		return;
	sts->record = record;
	if (n == 1)
		fields(arena, sts);
	else
		broken(sts, txt_several(arena, n));
}

/* RFC 5321: sub-domain = Let-dig [Ldh-str] ; what people have named with "_" is let through */
static bool
sub_domain(slice label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!alphanumeric(label.at[i]) && label.at[i] != '-' && label.at[i] != '_')
			return false;
	return label.n > 0 && label.n <= LABEL_MAX && label.at[0] != '-'
	    && label.at[label.n - 1] != '-';
}

/* sts-policy-mx-value = ["*."] Domain ; Domain = sub-domain *("." sub-domain) */
static bool
mx_value(slice pattern)
{
	if (slice_starts(pattern, S("*.")))
		pattern = slice_skip(pattern, 2);
	if (pattern.n > DOMAIN_MAX)
		return false;
	while (pattern.at)
		if (!sub_domain(slice_cut(&pattern, '.')))
			return false;
	return true;
}

/* sts-policy-ext-name = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".") */
static bool
key_name(slice key)
{
	for (size_t i = 0; i < key.n; i++)
		if (!alphanumeric(key.at[i]) && (i == 0 || !memchr("_-.", key.at[i], 3)))
			return false;
	return key.n > 0 && key.n <= KEY_MAX;
}

/* sts-policy-mode-value = %s"testing" / %s"enforce" / %s"none" */
static bool
mode_value(slice value, enum mta_sts_mode *mode)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (!slice_eq(value, modes[i]))
			continue;
		*mode = (enum mta_sts_mode)i;
		return true;
	}
	return false;
}

/* One field; what is wrong with it, or NULL. */
static const char *
policy_field(
    struct arena *arena, slice key, slice value, unsigned *seen, struct mta_sts_policy *policy)
{
	static const struct {
		slice key;
		unsigned bit;
	} once[] = {
		{ .key = SLICE("version"), .bit = HAS_VERSION },
		{ .key = SLICE("mode"), .bit = HAS_MODE },
		{ .key = SLICE("max_age"), .bit = HAS_MAX_AGE },
	};
	unsigned bit = 0;

	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		if (slice_eq(key, once[i].key))
			bit = once[i].bit;
	if (*seen & bit)
		return NULL;
	*seen |= bit;
	if (bit == HAS_VERSION)
		return slice_eq(value, S("STSv1")) ? NULL : "is not version STSv1";
	if (bit == HAS_MODE)
		return mode_value(value, &policy->mode) ? NULL : "is no mode";
	if (bit == HAS_MAX_AGE)
		return slice_number(value, MTA_STS_AGE_MAX, &policy->max_age)
		    ? NULL
		    : "is no number of seconds up to 31557600";
	if (!slice_eq(key, S("mx")))
		return NULL;
	if (!mx_value(value))
		return "is no name of an MX and no pattern";
	if (policy->mx.n == MTA_STS_PATTERNS_MAX)
		return "is one MX too many";
	list_add(arena, &policy->mx, value);
	return NULL;
}

/* sts-policy-field-delim = ":" *WSP ; sts-policy-term = LF / CRLF, with *WSP before it */
static const char *
policy_line(struct arena *arena, slice line, unsigned *seen, struct mta_sts_policy *policy)
{
	slice value = line, key = slice_cut(&value, ':');

	if (line.n == 0)
		return NULL;
	if (!value.at || !key_name(key))
		return "is no key and value";
	return policy_field(arena, key, slice_trim(value), seen, policy);
}

bool
mta_sts_policy_parse(struct arena *arena, slice text, struct mta_sts_policy *policy, slice *error)
{
	struct mta_sts_policy found = { .mode = MTA_STS_NO_POLICY };
	unsigned seen = 0;
	const char *missing;

	while (text.at) {
		slice line = slice_cut(&text, '\n');
		const char *why;

		if (line.n > 0 && line.at[line.n - 1] == '\r')
			line.n--;
		line = slice_trim(line);
		if ((why = policy_line(arena, line, &seen, &found))) {
			*error = txt_fault(arena, line, why);
			return false;
		}
	}
	missing = !(seen & HAS_VERSION)                          ? "version"
	    : !(seen & HAS_MODE)                                 ? "mode"
	    : !(seen & HAS_MAX_AGE)                              ? "max_age"
	    : found.mode != MTA_STS_NO_POLICY && found.mx.n == 0 ? "mx"
	                                                         : NULL;
	if (missing) {
		*error = str_f(arena, "it has no \"%s\"", missing);
		return false;
	}
	*policy = found;
	return true;
}

static bool
matches(slice pattern, slice mx)
{
	if (slice_starts(pattern, S("*."))) {
		if (slice_cut(&mx, '.').n == 0)
			return false;
		pattern = slice_skip(pattern, 2);
	}
	return mx.n > 0 && slice_eqi(pattern, mx);
}

bool
mta_sts_covers(const struct mta_sts_policy *policy, slice mx)
{
	if (mx.n > 0 && mx.at[mx.n - 1] == '.')
		mx.n--;
	for (size_t i = 0; i < policy->mx.n; i++)
		if (matches(policy->mx.items[i], mx))
			return true;
	return false;
}
