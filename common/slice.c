/* SPDX-License-Identifier: BSD-2-Clause */
/* Slices: no allocation, no locale, no assumption about what stands behind the last byte. */
#include "slice.h"

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
slice_eq(slice a, slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

bool
slice_eqi(slice a, slice b)
{
	return a.n == b.n && slice_startsi(a, b);
}

bool
slice_starts(slice s, slice prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.at, prefix.at, prefix.n) == 0);
}

bool
slice_startsi(slice s, slice prefix)
{
	if (s.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++)
		if (lower(s.at[i]) != lower(prefix.at[i]))
			return false;
	return true;
}

size_t
slice_find(slice s, slice needle)
{
	const char *found;

	if (needle.n == 0)
		return 0;
	if (s.n == 0)
		return s.n;
	found = memmem(s.at, s.n, needle.at, needle.n);
	return found ? (size_t)(found - s.at) : s.n;
}

slice
slice_trim(slice s)
{
	while (s.n > 0 && blank(s.at[0]))
		s = slice_skip(s, 1);
	while (s.n > 0 && blank(s.at[s.n - 1]))
		s.n--;
	return s;
}

/* Where `separator` first stands in `s`, or `s.n`. */
static size_t
first(slice s, char separator)
{
	const char *found;
	size_t i = 0;

	if (separator != ' ') {
		found = s.n > 0 ? memchr(s.at, separator, s.n) : NULL;
		return found ? (size_t)(found - s.at) : s.n;
	}
	while (i < s.n && !blank(s.at[i]))
		i++;
	return i;
}

slice
slice_cut(slice *rest, char separator)
{
	slice head = *rest;
	size_t i = first(head, separator), behind = i + 1;

	if (i == head.n) {
		*rest = (slice){ NULL, 0 };
		return head;
	}
	while (separator == ' ' && behind < head.n && blank(head.at[behind]))
		behind++;
	*rest = slice_skip(head, behind);
	head.n = i;
	return head;
}

bool
slice_number(slice s, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.at[i] - '0';

		if (digit > 9 || value > (max - digit) / 10 || max < digit)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}
