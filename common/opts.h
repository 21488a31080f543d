/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OPTS_H
#define OPTS_H

/*
 * Options as tables. A row takes its place and its type from the field of an options struct, so
 * that they cannot disagree. The row serves the command line, --help, the manual page, the command
 * definitions for Nagios and Icinga, and the configuration key of the same name.
 */

#include "clock.h"
#include "result.h"

/* Types of fields that are not a C type of their own. */
struct port {
	uint16_t number; /* 0: not given */
};

struct deadline {
	span after;
	enum state state; /* of the cause `timeout`; CRITICAL unless "10:warning" says otherwise */
};

struct state_choice {
	bool given;
	enum state state;
};

struct expiry {
	bool given, has_critical;
	double warning, critical; /* days of 86,400 s */
};

enum tls_version {
	TLS_VERSION_DEFAULT,
	TLS_VERSION_1_0,
	TLS_VERSION_1_1,
	TLS_VERSION_1_2,
	TLS_VERSION_1_3
};

/* What options of several names ask to be done, in the order in which they stand. */
struct step {
	const char *option; /* "examine": the name in its row */
	slice value;        /* missing where it takes none */
};

struct steps {
	struct step *items;
	size_t n, size;
};

enum opt_kind {
	OPT_KIND_FLAG,   /* bool */
	OPT_KIND_WORD,   /* an enum: one of .words; without .arg and .set a counter (-v -v) */
	OPT_KIND_STRING, /* const char * */
	OPT_KIND_LIST,   /* struct list: repeatable; several in one where .separator is set */
	OPT_KIND_PORT,
	OPT_KIND_DEADLINE, /* SECONDS[:STATE], decimal fractions allowed */
	OPT_KIND_STATE,
	OPT_KIND_EXPIRY, /* WARN[,CRIT] */
	OPT_KIND_STEPS,  /* one more thing to do, in the order of the command line */
	OPT_KIND_HELP,   /* these three have no field */
	OPT_KIND_VERSION,
	OPT_KIND_EXTRA, /* --extra-opts */
};

struct opt_word {
	const char *word;
	unsigned value;
};

struct opt {
	const char *name; /* long name; NULL for a letter alone */
	char letter;      /* short name; 0 for a long name alone */
	const char *arg;  /* what its argument is called in --help; NULL: it takes none */
	const char *bare; /* the value without argument (--tls: implicit); NULL: it must be there */
	const char *set;  /* of a row without one: it means this value (-S: --tls=starttls) */
	const char *group; /* heading in --help and manual: set on the first row of a group */
	const char *help;  /* one or more sentences */
	const struct opt_word *words; /* ended by a NULL word */
	char separator;               /* of a list: ',' or 0 */
	bool secret; /* wiped from argv once copied, and never repeated in an error */
	bool compat; /* there for old configurations: listed last */
	size_t at;   /* offset of the field in the options struct */
	enum opt_kind kind;
};

#define OPT_KIND(type, field) \
	_Generic(((type *)0)->field, \
	bool: OPT_KIND_FLAG, \
	int: OPT_KIND_WORD, \
	unsigned: OPT_KIND_WORD, \
	const char *: OPT_KIND_STRING, \
	struct list: OPT_KIND_LIST, \
	struct port: OPT_KIND_PORT, \
	struct deadline: OPT_KIND_DEADLINE, \
	struct state_choice: OPT_KIND_STATE, \
	struct expiry: OPT_KIND_EXPIRY, \
	struct steps: OPT_KIND_STEPS)

#define OPT(type, field, ...) \
	{ \
		.at = offsetof(type, field), .kind = OPT_KIND(type, field), __VA_ARGS__ \
	}

/* Of a program that takes no word without a dash. */
#define NO_OPERAND SIZE_MAX

/*
 * A probe's whole table: its own rows, then the common ones; either may redefine nothing of the
 * other.
 */
struct opt_table {
	const char *program; /* "check_mail_smtp": also the default section of --extra-opts */
	const char *usage;   /* what stands behind the program's name; NULL: that of a check */
	const char *probe;   /* "smtp": whose phases and values it has; NULL: of no probe */
	const char *about;   /* one line */
	const struct opt *own;
	size_t own_count;
	const struct opt *common;
	const size_t *common_count; /* the number is no constant expression outside its own file */
	/* Offset of the const char * that a word without a dash sets (the host), or NO_OPERAND. */
	size_t operand;
};

/* All its rows, its own first. */
static inline size_t
opts_count(const struct opt_table *table)
{
	return table->own_count + *table->common_count;
}

static inline const struct opt *
opts_row(const struct opt_table *table, size_t i)
{
	return i < table->own_count ? &table->own[i] : &table->common[i - table->own_count];
}

enum opts_outcome { OPTS_RUN, OPTS_HELP, OPTS_VERSION, OPTS_WRONG, OPTS_LOCAL };

/*
 * Reads `argv` into the options struct at `opts`, which holds the defaults, copying every string
 * into `arena`. Secrets are wiped from argv. OPTS_WRONG comes with a sentence in `error` that names
 * the option and says what to write instead; OPTS_LOCAL with one about a file that cannot be read.
 */
enum opts_outcome opts_parse(const struct opt_table *table, void *opts, int argc, char **argv,
    struct arena *arena, struct str *error);

/*
 * Sets one option as `--name=value` on the command line would. `value` NULL for one without
 * argument. For options files, configuration and tests. False with a sentence in `error`.
 */
bool opts_set(
    const struct opt *opt, void *opts, const char *value, struct arena *arena, struct str *error);

/* What --help prints. */
void opts_help(const struct opt_table *table, struct str *out);

#endif
