/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CHECK_H
#define CHECK_H

/* What the unit tests share: cmocka with the headers it wants, and comparisons that say more. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "slice.h"

static inline void
check_print(const char *label, slice s)
{
	print_error("  %s ", label);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];

		print_error(c < 32 || c > 126 || c == '\\' ? "\\x%02x" : "%c", c);
	}
	print_error(s.at ? "| (%zu)\n" : " missing (%zu)\n", s.n);
}

/* Fails, naming the case, unless both are the same bytes; missing and empty are the same. */
static inline void
check_slice(const char *name, const char *what, slice got, slice wanted)
{
	if (slice_eq(got, wanted))
		return;
	print_error("%s: %s\n", name, what);
	check_print("got   ", got);
	check_print("wanted", wanted);
	fail();
}

static inline void
check_number(const char *name, const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	print_error("%s: %s\n  got    %lld\n  wanted %lld\n", name, what, got, wanted);
	fail();
}

#endif
