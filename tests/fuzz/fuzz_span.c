/* SPDX-License-Identifier: BSD-2-Clause */
/* Lengths of time, against a reading by the C library's numbers. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "fuzz.h"
#include "tree.h"

/* The sum of its parts, in seconds; `text` is terminated and has been taken. */
static double
summed(const char *text)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{ "ms", 0.001 },
		{ "s", 1 },
		{ "m", 60 },
		{ "h", 3600 },
		{ "d", 86400 },
		{ "w", 604800 },
		{ "y", 31536000 },
		{ "", 1 },
	};
	double sum = 0, last = INFINITY;

	while (*text) {
		char *end;
		double number = strtod(text, &end);
		size_t letters = strspn(end, "mshdwy"), i = 0;

		demand(isdigit((unsigned char)*text) && end > text);
		demand(strspn(text, "0123456789.") == (size_t)(end - text));
		while (strlen(units[i].name) != letters || memcmp(units[i].name, end, letters) != 0)
			demand(++i < sizeof units / sizeof units[0]);
		demand(units[i].seconds < last && (letters > 0 || !*end));
		last = units[i].seconds;
		sum += number * units[i].seconds;
		text = end + letters;
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	span length = { -1 };
	char *copy;

	if (!span_parse((slice){ (const char *)data, n }, &length)) {
		demand(length.ns == -1);
		return 0;
	}
	demand(n > 0 && length.ns >= 0 && length.ns <= 315360000000000000);
	copy = strndup((const char *)data, n);
	demand(copy && strlen(copy) == n);
	demand(fabs(summed(copy) - span_as_seconds(length)) < 1e-6);
	free(copy);
	return 0;
}
