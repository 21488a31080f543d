/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the text of a value to the field it belongs to, one function for each kind of field.
 * Numbers are read digit by digit: strtod() takes hexadecimal, "inf", and a comma where the locale
 * has it so. Nothing that holds a control character gets through, in whatever option: a line end
 * in a recipient would be a command of the attacker's in the conversation.
 */
#include "opts_value.h"

enum { QUOTED = 80 };

struct setting {
	const struct opt *opt;
	void *field;
	const char *value;
	slice spelled;
	struct arena *arena;
	struct str *error;
};

static bool
control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

bool
opts_printable(const char *text)
{
	while (*text && !control(*text))
		text++;
	return !*text;
}

const char *
opts_plain(struct arena *arena, slice s)
{
	struct str out = str_in(arena);
	slice shown = slice_head(s, QUOTED);

	for (size_t i = 0; i < shown.n; i++)
		str_addc(&out, control(shown.at[i]) ? '?' : shown.at[i]);
	str_addz(&out, shown.n < s.n ? "..." : "");
	return str_z(&out);
}

void
opts_quote(struct str *out, slice s)
{
	str_addf(out, "\"%s\"", opts_plain(out->arena, s));
}

slice
opts_name(const struct opt *opt, struct arena *arena)
{
	return opt->name ? str_f(arena, "--%s", opt->name) : str_f(arena, "-%c", opt->letter);
}

static bool
complain(const struct setting *s, const char *what)
{
	str_add(s->error, s->spelled);
	str_addz(s->error, ": ");
	if (s->opt->secret)
		str_addz(s->error, "the value");
	else
		opts_quote(s->error, slice_z(s->value));
	str_addc(s->error, ' ');
	str_addz(s->error, what);
	return false;
}

/* digits [ "." digits ], up to nine of each. */
static bool
decimal(slice text, double *number)
{
	slice fraction = text;
	slice whole = slice_cut(&fraction, '.');
	uint64_t value = 0, parts = 0;
	double unit = 1;

	if (!slice_number(whole, 999999999, &value))
		return false;
	if (fraction.at && !slice_number(fraction, 999999999, &parts))
		return false;
	for (size_t i = 0; i < fraction.n; i++)
		unit *= 10;
	*number = (double)value + (double)parts / unit;
	return true;
}

static bool
set_flag(const struct setting *s)
{
	*(bool *)s->field = true;
	return true;
}

/* "one of a, b, c": each value under its first word. */
static bool
complain_words(const struct setting *s, const struct opt_word *words)
{
	struct str what = str_in(s->arena);

	str_addz(&what, "is unknown: write ");
	for (const struct opt_word *w = words; w->word; w++) {
		bool alias = false;

		for (const struct opt_word *earlier = words; earlier < w; earlier++)
			alias |= earlier->value == w->value;
		if (!alias)
			str_addf(&what, "%s%s", w == words ? "" : ", ", w->word);
	}
	return complain(s, str_z(&what));
}

static bool
set_word(const struct setting *s)
{
	if (!s->value) {
		++*(unsigned *)s->field;
		return true;
	}
	for (const struct opt_word *w = s->opt->words; w->word; w++) {
		if (slice_eqi(slice_z(w->word), slice_z(s->value))) {
			*(unsigned *)s->field = w->value;
			return true;
		}
	}
	return complain_words(s, s->opt->words);
}

static bool
set_string(const struct setting *s)
{
	*(const char **)s->field = arena_copy(s->arena, slice_z(s->value)).at;
	return true;
}

static bool
set_list(const struct setting *s)
{
	slice rest = arena_copy(s->arena, slice_z(s->value));
	slice check = rest, item;

	if (!s->opt->separator) {
		list_add(s->arena, s->field, rest);
		return true;
	}
	while (check.at) {
		item = slice_cut(&check, s->opt->separator);
		if (slice_trim(item).n == 0)
			return complain(s,
			    rest.n == 0 ? "is empty: write at least one name"
			                : "has an empty name between commas: leave it out");
	}
	while (rest.at)
		list_add(s->arena, s->field, slice_trim(slice_cut(&rest, s->opt->separator)));
	return true;
}

static bool
set_port(const struct setting *s)
{
	uint64_t number;

	if (!slice_number(slice_z(s->value), 65535, &number) || number == 0)
		return complain(s, "is not a port: write a number from 1 to 65535");
	((struct port *)s->field)->number = (uint16_t)number;
	return true;
}

static bool
set_deadline(const struct setting *s)
{
	struct deadline deadline = { .state = STATE_CRITICAL };
	slice state = slice_z(s->value);
	slice seconds = slice_cut(&state, ':');
	double number;

	if (!decimal(seconds, &number) || number > 86400 || span_seconds(number).ns <= 0)
		return complain(s, "is not a time limit: write SECONDS, above 0 and up to 86400");
	if (state.at && !state_of(state, &deadline.state))
		return complain(s,
		    "does not end in a state: write SECONDS:STATE, "
		    "STATE being ok, warning, critical or unknown");
	deadline.after = span_seconds(number);
	*(struct deadline *)s->field = deadline;
	return true;
}

static bool
set_state(const struct setting *s)
{
	struct state_choice choice = { .given = true };

	if (!state_of(slice_z(s->value), &choice.state))
		return complain(s, "is not a state: write ok, warning, critical or unknown");
	*(struct state_choice *)s->field = choice;
	return true;
}

static bool
set_expiry(const struct setting *s)
{
	struct expiry expiry = { .given = true };
	slice critical = slice_z(s->value);
	slice warning = slice_cut(&critical, ',');

	expiry.has_critical = critical.at != NULL;
	if (!decimal(warning, &expiry.warning)
	    || (expiry.has_critical && !decimal(critical, &expiry.critical)))
		return complain(s, "is not a number of days: write WARN or WARN,CRIT, as in 30,7");
	*(struct expiry *)s->field = expiry;
	return true;
}

static bool
add_step(const struct setting *s)
{
	struct steps *steps = s->field;
	size_t size = steps->size ? steps->size * 2 : 8;
	struct step *items = steps->items;

	if (steps->n == steps->size) {
		if (!(items = arena_array(s->arena, size, sizeof *items)))
			return true; /* the arena remembers */
		if (steps->n > 0)
			memcpy(items, steps->items, steps->n * sizeof *items);
		*steps = (struct steps){ .items = items, .n = steps->n, .size = size };
	}
	items[steps->n].option = s->opt->name;
	items[steps->n++].value = s->value ? arena_copy(s->arena, slice_z(s->value))
	                                   : (slice){ NULL, 0 };
	return true;
}

static bool
needs_value(const struct setting *s)
{
	const struct opt *opt = s->opt;
	bool is_long = slice_find(s->spelled, S("--")) < s->spelled.n;

	str_add(s->error, s->spelled);
	if (is_long || !opt->letter)
		str_addf(s->error, ": needs a value: write --%s=%s", opt->name, opt->arg);
	else
		str_addf(s->error, ": needs a value: write -%c %s", opt->letter, opt->arg);
	return false;
}

static bool
set_field(const struct setting *s)
{
	switch (s->opt->kind) {
	case OPT_KIND_FLAG:
		return set_flag(s);
	case OPT_KIND_WORD:
		return set_word(s);
	case OPT_KIND_STRING:
		return set_string(s);
	case OPT_KIND_LIST:
		return set_list(s);
	case OPT_KIND_PORT:
		return set_port(s);
	case OPT_KIND_DEADLINE:
		return set_deadline(s);
	case OPT_KIND_STATE:
		return set_state(s);
	case OPT_KIND_EXPIRY:
		return set_expiry(s);
	case OPT_KIND_STEPS:
		return add_step(s);
	case OPT_KIND_HELP:
	case OPT_KIND_VERSION:
	case OPT_KIND_EXTRA:
		break;
	}
	str_add(s->error, s->spelled);
	str_addz(s->error, ": can stand on the command line only: leave it out");
	return false;
}

bool
opts_value(const struct opt *opt, void *opts, const char *value, slice spelled, struct arena *arena,
    struct str *error)
{
	struct setting s = { .opt = opt,
		.field = (char *)opts + opt->at,
		.spelled = spelled,
		.arena = arena,
		.error = error };

	if (!opt->arg && value) {
		str_add(error, spelled);
		str_addz(error, ": takes no value: leave out everything from the = on");
		return false;
	}
	s.value = opt->arg ? value ? value : opt->bare : opt->set;
	if (opt->arg && !s.value)
		return needs_value(&s);
	if (s.value && !opts_printable(s.value))
		return complain(&s, "has a control character: write printable text only");
	return set_field(&s);
}

bool
opts_set(
    const struct opt *opt, void *opts, const char *value, struct arena *arena, struct str *error)
{
	return opts_value(opt, opts, value, opts_name(opt, arena), arena, error);
}
