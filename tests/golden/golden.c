/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * golden [--update] FOLDER: renders each case in each format, holds it against FOLDER/CASE.FORMAT
 * and against the strict reader of that format. --update writes the files instead, for a human to
 * review. Prints a line per case and format; exits 1 when any is not ok.
 */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>

#include "render.h"

enum { PLENTY = 8 << 20 };

struct rendered {
	struct result *result;
	struct thresholds thresholds;
	struct str out;
};

static void
as_nagios(struct rendered *r)
{
	render_nagios(r->result, &r->thresholds, 1, &r->out);
}

static void
as_json(struct rendered *r)
{
	render_json(r->result, &r->out);
}

static void
as_openmetrics(struct rendered *r)
{
	render_openmetrics(r->result, &r->out);
}

static void
as_waterfall(struct rendered *r)
{
	render_waterfall(r->result, 80, true, &r->out);
}

static void
as_ascii(struct rendered *r)
{
	render_waterfall(r->result, 40, false, &r->out);
}

static const char *
check_waterfall(const char *text, size_t n)
{
	return strict_waterfall(text, n, 80);
}

static const char *
check_ascii(const char *text, size_t n)
{
	return strict_ascii(text, n, 40);
}

static const struct {
	const char *name;
	void (*render)(struct rendered *r);
	const char *(*check)(const char *text, size_t n);
} formats[] = {
	{ .name = "nagios", .render = as_nagios, .check = strict_nagios },
	{ .name = "json", .render = as_json, .check = strict_json },
	{ .name = "om", .render = as_openmetrics, .check = strict_openmetrics },
	{ .name = "waterfall", .render = as_waterfall, .check = check_waterfall },
	{ .name = "ascii", .render = as_ascii, .check = check_ascii },
};

static bool
update(const char *path, slice got)
{
	FILE *file = fopen(path, "w");
	bool written = file && fwrite(got.at, 1, got.n, file) == got.n;

	if (file && fclose(file) != 0)
		written = false;
	if (!written)
		printf("# cannot write %s\n", path);
	return written;
}

/* The lines in which `got` and `wanted` begin to differ. */
static void
explain(slice got, slice wanted)
{
	unsigned number = 0;

	while (got.at || wanted.at) {
		slice g = slice_cut(&got, '\n'), w = slice_cut(&wanted, '\n');

		number++;
		if (slice_eq(g, w) && !got.at == !wanted.at)
			continue;
		printf("# line %u\n# got    %.*s\n# wanted %.*s\n", number, (int)g.n,
		    g.at ? g.at : "", (int)w.n, w.at ? w.at : "");
		return;
	}
}

static bool
compare(const char *path, slice got)
{
	char *wanted = malloc(PLENTY);
	FILE *file = wanted ? fopen(path, "r") : NULL;
	bool same = false;

	if (file) {
		size_t n = fread(wanted, 1, PLENTY, file);

		same = slice_eq(got, (slice){ wanted, n });
		if (!same)
			explain(got, (slice){ wanted, n });
		fclose(file);
	} else
		printf("# cannot read %s\n", path);
	free(wanted);
	return same;
}

/* Without -v there is just the first line of what there is with it. */
static const char *
status_line_alone(struct rendered *r)
{
	struct str brief = str_in(r->out.arena);
	slice all = str_slice(&r->out), line = slice_cut(&all, '\n');

	render_nagios(r->result, &r->thresholds, 0, &brief);
	if (brief.n != line.n + 1 || !slice_starts(str_slice(&brief), line))
		return "the status line differs without -v";
	return NULL;
}

static bool
judged(struct rendered *r, size_t format, const char *path, bool updating)
{
	slice got = str_slice(&r->out);
	const char *wrong = formats[format].check(got.at, got.n);

	if (!wrong && arena_failed(r->out.arena))
		wrong = "the output's arena ran out";
	if (!wrong && format == 0)
		wrong = status_line_alone(r);
	if (wrong)
		printf("# %s\n", wrong);
	return (updating ? update(path, got) : compare(path, got)) && !wrong;
}

/* The case, built, judged and rendered; false when there was no memory for a result at all. */
static bool
prepare(struct rendered *r, struct arena *memory, const struct golden_case *c, size_t format)
{
	if (!(r->result = result_new(memory, "smtp", "SMTP")))
		return false;
	r->result->start = r->result->end = (instant){ 1000000000 };
	r->result->timeout = span_ms(10000);
	c->build(r->result, &r->thresholds);
	judge(r->result, &r->thresholds);
	formats[format].render(r);
	return true;
}

static bool
run(const struct golden_case *c, size_t format, const char *folder, bool updating)
{
	struct arena *memory = arena_new(c->ceiling ? c->ceiling : PLENTY),
	             *out = arena_new(PLENTY);
	struct rendered r = { .out = str_in(out) };
	char path[4096];
	bool good;

	snprintf(path, sizeof path, "%s/%s.%s", folder, c->name, formats[format].name);
	good =
	    memory && out && prepare(&r, memory, c, format) && judged(&r, format, path, updating);
	printf("%sok golden %s.%s\n", good ? "" : "not ", c->name, formats[format].name);
	arena_free(memory);
	arena_free(out);
	return good;
}

/*
 * With too little memory for the run, and then for the output, nothing crashes, and what comes out
 * of a run that was cut short is still well-formed and says `local`.
 */
static bool
starved(const struct golden_case *c, size_t format)
{
	bool good = true;

	for (size_t n = 64; n < 1 << 18; n += n / 4) {
		struct arena *memory = arena_new(n), *out = arena_new(PLENTY),
		             *little = arena_new(n);
		struct rendered r = { .out = str_in(out) }, cut = { .out = str_in(little) };
		const char *wrong = NULL;

		if (memory && out && little && prepare(&r, memory, c, format)) {
			wrong = formats[format].check(r.out.at, r.out.n);
			if (!wrong && arena_failed(memory)
			    && r.result->verdict.cause != CAUSE_LOCAL)
				wrong = "not local";
			cut.result = r.result;
			formats[format].render(&cut);
		}
		if (wrong)
			printf("# with %zu bytes: %s\n", n, wrong);
		good = good && !wrong;
		arena_free(memory);
		arena_free(out);
		arena_free(little);
	}
	printf("%sok starved %s.%s\n", good ? "" : "not ", c->name, formats[format].name);
	return good;
}

int
main(int argc, char **argv)
{
	bool updating = argc == 3 && strcmp(argv[1], "--update") == 0;
	bool good = true;

	if (argc != 2 && !updating) {
		fprintf(stderr, "usage: golden [--update] FOLDER\n");
		return 2;
	}
	for (size_t i = 0; i < golden_case_count; i++)
		for (size_t format = 0; format < sizeof formats / sizeof *formats; format++) {
			good &= run(&golden_cases[i], format, argv[argc - 1], updating);
			good &= starved(&golden_cases[i], format);
		}
	return good ? 0 : 1;
}
