/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line against a table, with the rules of getopt_long(3): clusters of letters, values
 * attached or in the next word, long names cut short where that is unambiguous, "--". Its own
 * scanner, because getopt keeps its place in globals and writes to standard error, and because
 * secrets have to be found again in argv.
 *
 * Two passes: options files first, wherever --extra-opts stands, so that the command line has the
 * last word over a file; then the rest. After an error the second pass goes on, to wipe what
 * secrets follow.
 */
#include "opts.h"

#include "extra_opts.h"
#include "opts_value.h"

enum { LONGEST_NAME = 48 };

struct parse {
	const struct opt_table *table;
	void *opts;
	int argc;
	char **argv;
	int at;          /* the word that comes next */
	char *cluster;   /* letters left of a word like -vv4; NULL or "" when it is done */
	bool only_words; /* behind "--" */
	bool files;      /* in the first pass, where only what options files say counts as wrong */
	bool in_file;
	bool operand_option; /* what an operand sets was set by its option */
	bool hush;           /* the last option was a secret: a stray word may be the rest of it */
	struct arena *arena;
	struct str *error;
	enum opts_outcome outcome; /* the first that is not OPTS_RUN stays */
	const char *operand;
	bool operand_hush;
};

/* One option as it was found. */
struct given {
	const struct opt *opt;
	slice spelled;
	int word; /* where its value stands in argv; 0: it has none */
	char *value;
};

/* Ends the run with a sentence, unless there has been one. */
static bool
stop(struct parse *p, enum opts_outcome outcome, slice subject, const char *what)
{
	if (p->outcome != OPTS_RUN || (p->files && !p->in_file))
		return false;
	p->outcome = outcome;
	str_add(p->error, subject);
	str_addz(p->error, what);
	return false;
}

static const struct opt *
find_letter(const struct opt_table *table, char letter)
{
	for (size_t i = 0; i < opts_count(table); i++)
		if (opts_row(table, i)->letter == letter)
			return opts_row(table, i);
	return NULL;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How far two names are apart, in letters added, left out, changed, or swapped with a neighbour. */
static size_t
distance(slice a, slice b)
{
	size_t d[LONGEST_NAME + 1][LONGEST_NAME + 1];

	if (a.n > LONGEST_NAME || b.n > LONGEST_NAME)
		return SIZE_MAX;
	for (size_t i = 0; i <= a.n; i++) {
		for (size_t j = 0; j <= b.n; j++) {
			bool swapped = i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2]
			    && a.at[i - 2] == b.at[j - 1];

			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = d[i - 1][j - 1] + (a.at[i - 1] != b.at[j - 1]);
			d[i][j] = least(d[i][j], least(d[i - 1][j], d[i][j - 1]) + 1);
			if (swapped)
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[a.n][b.n];
}

static bool
unknown(struct parse *p, slice spelled, slice name)
{
	size_t nearest = 4;
	const char *like = NULL;
	struct str what = str_in(p->arena);

	for (size_t i = 0; i < opts_count(p->table); i++) {
		const char *other = opts_row(p->table, i)->name;
		size_t far = other ? distance(name, slice_z(other)) : SIZE_MAX;

		if (far < nearest && far < name.n) {
			nearest = far;
			like = other;
		}
	}
	if (like)
		str_addf(&what, ": there is no such option: write --%s, or see --help", like);
	else
		str_addz(&what, ": there is no such option: see --help");
	return stop(p, OPTS_WRONG, spelled, str_z(&what));
}

static bool
same_meaning(const struct opt *a, const struct opt *b)
{
	return a->kind == b->kind && a->at == b->at && !a->arg == !b->arg
	    && slice_eq(slice_z(a->set), slice_z(b->set));
}

/* By its whole name, or by a beginning that fits one option only. NULL after an error. */
static const struct opt *
find_name(struct parse *p, slice spelled, slice name)
{
	const struct opt *found = NULL;
	struct str several = str_in(p->arena);
	bool ambiguous = false;

	for (size_t i = 0; name.n > 0 && i < opts_count(p->table); i++) {
		const struct opt *opt = opts_row(p->table, i);
		slice its = slice_z(opt->name);

		if (slice_eq(its, name))
			return opt;
		if (!its.at || !slice_starts(its, name))
			continue;
		ambiguous |= found && !same_meaning(found, opt);
		str_addf(&several, "%s--%s", found ? ", " : "", opt->name);
		found = opt;
	}
	if (!found)
		unknown(p, spelled, name);
	if (!ambiguous)
		return found;
	stop(p, OPTS_WRONG, spelled,
	    str_f(p->arena, ": fits more than one option: write one of %s", str_z(&several)).at);
	return NULL;
}

/* Two words of a command line follow each other in memory, until somebody sets argv anew. */
static bool
adjacent(char *const *argv, int i)
{
	return argv[i] + strlen(argv[i]) + 1 == argv[i + 1];
}

/*
 * Removes a secret from what ps(1) shows, and its length with it: what stands behind it moves up
 * and the bytes that are left over go to the end, where NULs are not seen.
 */
static void
wipe(struct parse *p, struct given *given)
{
	size_t n = strlen(given->value);
	int last = given->word;
	char *end;

	while (last + 1 < p->argc && adjacent(p->argv, last))
		last++;
	end = p->argv[last] + strlen(p->argv[last]) + 1;
	explicit_bzero(given->value, n);
	memmove(given->value, given->value + n, (size_t)(end - given->value) - n);
	explicit_bzero(end - n, n);
	for (int i = given->word + 1; i <= last; i++)
		p->argv[i] -= n;
}

static void
extra_line(struct parse *p, const char *path, const struct extra_opt *line)
{
	slice key = line->key;
	slice rest = key;
	slice spelled = str_f(p->arena, "%s:%u: %s%s", path, line->line, key.n == 1 ? "-" : "--",
	    opts_plain(p->arena, slice_cut(&rest, ' '))); /* behind a blank may be a secret */
	const struct opt *opt = key.n == 1 ? find_letter(p->table, *key.at)
	                                   : find_name(p, spelled, key);
	const char *value = line->value;

	if (!opt) {
		unknown(p, spelled, key);
		return;
	}
	if (value && !*value && !opt->arg)
		value = NULL; /* "verbose=" is how the Monitoring Plugins have flags written */
	if (!opts_value(opt, p->opts, value, spelled, p->arena, p->error))
		p->outcome = OPTS_WRONG;
}

static void
extra(struct parse *p, const char *spec)
{
	struct extra_opts found = { .n = 0 };
	struct str error = str_in(p->arena);
	enum opts_outcome outcome = OPTS_WRONG;

	p->in_file = true;
	if (opts_printable(spec))
		outcome = extra_opts_read(spec, p->table->program, p->arena, &found, &error);
	else
		str_addz(&error, "--extra-opts: there is a control character in it: leave it out");
	if (outcome != OPTS_RUN)
		stop(p, outcome, str_slice(&error), "");
	for (size_t i = 0; i < found.n && p->outcome == OPTS_RUN; i++)
		extra_line(p, found.path, &found.items[i]);
	p->in_file = false;
}

/* Does what one option says, if it is this pass's. */
static void
apply(struct parse *p, struct given *given)
{
	const struct opt *opt = given->opt;

	p->hush = opt->secret;
	p->operand_option |= opt->kind == OPT_KIND_STRING && opt->at == p->table->operand;
	if (p->files) {
		if (opt->kind == OPT_KIND_EXTRA && p->outcome == OPTS_RUN)
			extra(p, given->value ? given->value : "");
		return;
	}
	if (p->outcome == OPTS_RUN && opt->kind == OPT_KIND_HELP)
		p->outcome = OPTS_HELP;
	else if (p->outcome == OPTS_RUN && opt->kind == OPT_KIND_VERSION)
		p->outcome = OPTS_VERSION;
	else if (p->outcome == OPTS_RUN && opt->kind != OPT_KIND_EXTRA
	    && !opts_value(opt, p->opts, given->value, given->spelled, p->arena, p->error))
		p->outcome = OPTS_WRONG;
	if (opt->secret && given->value)
		wipe(p, given);
}

/* The next word, as the value of an option that had none attached. */
static void
take_word(struct parse *p, struct given *given)
{
	const struct opt *opt = given->opt;

	if (given->value || !opt->arg || p->at >= p->argc)
		return;
	/* --extra-opts may go without, and yet takes a word that does not look like an option. */
	if (opt->kind == OPT_KIND_EXTRA ? p->argv[p->at][0] == '-' : opt->bare != NULL)
		return;
	given->word = p->at++;
	given->value = p->argv[given->word];
}

static void
long_option(struct parse *p, int word)
{
	slice name = slice_cut(&(slice){ p->argv[word], strlen(p->argv[word]) }, '=');
	char *equals = p->argv[word] + name.n;
	struct given given = { .word = word };

	given.spelled = slice_z(opts_plain(p->arena, name));
	given.value = *equals ? equals + 1 : NULL;
	if (!(given.opt = find_name(p, given.spelled, slice_skip(name, 2))))
		return;
	take_word(p, &given);
	apply(p, &given);
}

static void
letter_option(struct parse *p, int word)
{
	char letter = *p->cluster++;
	struct given given = { .word = word, .opt = find_letter(p->table, letter) };

	given.spelled = str_f(p->arena, "-%c", letter >= '!' && letter <= '~' ? letter : '?');
	if (!given.opt) {
		unknown(p, given.spelled, S(""));
		p->cluster = NULL;
		return;
	}
	if (given.opt->arg && *p->cluster) {
		given.value = p->cluster;
		p->cluster = NULL;
	}
	take_word(p, &given);
	apply(p, &given);
}

static void
operand(struct parse *p, const char *word)
{
	struct str what = str_in(p->arena);

	if (p->files)
		return;
	if (!p->operand && !p->operand_option) {
		p->operand = word;
		p->operand_hush = p->hush;
		return;
	}
	if (p->hush || (p->operand == word && p->operand_hush))
		str_addz(&what, "the word behind the secret");
	else
		opts_quote(&what, slice_z(word));
	stop(p, OPTS_WRONG, str_slice(&what),
	    " is one word too many: put quotes around a value with blanks");
}

/* The ancient -to, -wt and -ct, which check_smtp and its like read as -t, -w and -c to this day. */
static void
modernize(char *word)
{
	if (strcmp(word, "-to") == 0 || strcmp(word, "-wt") == 0 || strcmp(word, "-ct") == 0)
		word[2] = '\0';
}

static void
next_word(struct parse *p)
{
	char *word = p->argv[p->at++];

	modernize(word);
	if (p->only_words || word[0] != '-' || !word[1])
		operand(p, word);
	else if (word[1] != '-')
		p->cluster = word + 1;
	else if (!word[2])
		p->only_words = true;
	else
		long_option(p, p->at - 1);
}

static void
pass(struct parse *p)
{
	p->at = 1;
	p->cluster = NULL;
	p->only_words = p->hush = p->operand_option = false;
	for (;;) {
		if (p->cluster && *p->cluster)
			letter_option(p, p->at - 1);
		else if (p->at < p->argc)
			next_word(p);
		else
			break;
	}
}

/* The word without a dash, which every check takes for the host. */
static void
set_operand(struct parse *p)
{
	struct str what = str_in(p->arena);

	for (size_t i = 0; i < opts_count(p->table); i++) {
		const struct opt *opt = opts_row(p->table, i);

		if (opt->kind != OPT_KIND_STRING || opt->at != p->table->operand)
			continue;
		if (!opts_value(
		        opt, p->opts, p->operand, opts_name(opt, p->arena), p->arena, p->error))
			p->outcome = OPTS_WRONG;
		return;
	}
	opts_quote(&what, slice_z(p->operand));
	stop(p, OPTS_WRONG, str_slice(&what), " is no option: see --help");
}

enum opts_outcome
opts_parse(const struct opt_table *table, void *opts, int argc, char **argv, struct arena *arena,
    struct str *error)
{
	struct parse p = { .table = table,
		.opts = opts,
		.argc = argc,
		.argv = argv,
		.arena = arena,
		.error = error,
		.files = true };

	pass(&p);
	p.files = false;
	pass(&p);
	if (p.outcome != OPTS_RUN)
		return p.outcome;
	if (p.operand && p.operand_option)
		operand(&p, p.operand);
	else if (p.operand)
		set_operand(&p);
	if (p.outcome == OPTS_RUN && arena_failed(arena))
		stop(&p, OPTS_LOCAL, S("there is no memory for the options"), "");
	return p.outcome;
}
