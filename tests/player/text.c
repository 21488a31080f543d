/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes, words and patterns: what a reader of scripts and a judge of output need and C does not
 * bring along.  Lengths travel with the bytes, since scripts are full of NULs on purpose.
 */
#include "player.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *
need(void *allocated)
{
	if (!allocated) {
		fputs("player: out of memory\n", stderr);
		abort();
	}
	return allocated;
}

void
text_add(struct text *t, const void *bytes, size_t len)
{
	if (t->len + len + 1 > t->room) {
		t->room = (t->len + len + 1) * 2;
		t->at = need(realloc(t->at, t->room));
	}
	if (len)
		memcpy(t->at + t->len, bytes, len);
	t->len += len;
	t->at[t->len] = '\0';
}

void
text_str(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_printf(struct text *t, const char *format, ...)
{
	char *s;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&s, format, args);
	va_end(args);
	if (len < 0)
		need(NULL);
	text_add(t, s, (size_t)len);
	free(s);
}

bool
text_unescape(struct text *t, const char *s)
{
	static const char from[] = "rnt0\\", to[] = "\r\n\t\0\\";
	const char *found;
	unsigned byte;
	char c;

	for (; *s; s++) {
		c = *s;
		if (c == '\\') {
			s++;
			if (*s == 'x' && isxdigit((unsigned char)s[1]) &&
			    isxdigit((unsigned char)s[2])) {
				sscanf(s + 1, "%2x", &byte);
				c = (char)byte;
				s += 2;
			} else {
				found = *s ? strchr(from, *s) : NULL;
				if (!found)
					return false;
				c = to[found - from];
			}
		}
		text_add(t, &c, 1);
	}
	return true;
}

void
text_show(struct text *t, const void *bytes, size_t len)
{
	const unsigned char *s = bytes;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\r')
			text_str(t, "\\r");
		else if (s[i] == '\n')
			text_str(t, "\\n");
		else if (s[i] < 0x20 || s[i] > 0x7e)
			text_printf(t, "\\x%02x", s[i]);
		else
			text_add(t, s + i, 1);
	}
}

void
text_base64(struct text *t, const void *bytes, size_t len)
{
	char *coded = need(malloc((len + 2) / 3 * 4 + 1));

	text_add(t, coded, (size_t)EVP_EncodeBlock((unsigned char *)coded, bytes, (int)len));
	free(coded);
}

bool
text_unbase64(struct text *t, const char *s, size_t len)
{
	unsigned char *plain;
	int got;
	size_t pad = 0;

	if (len == 0)
		return true;
	if (len % 4 || memchr(s, ' ', len) || memchr(s, '\n', len) || memchr(s, '\r', len))
		return false;
	while (pad < 2 && s[len - 1 - pad] == '=')
		pad++;
	plain = need(malloc(len));
	got = EVP_DecodeBlock(plain, (const unsigned char *)s, (int)len);
	if (got >= 0)
		text_add(t, plain, (size_t)got - pad);
	free(plain);
	return got >= 0;
}

char *
text_word(const char **s, bool *broken)
{
	struct text word = {0};
	char quote = '\0';
	const char *c = *s;

	*broken = false;
	c += strspn(c, " \t");
	if (!*c)
		return NULL;
	for (; *c && (quote || (*c != ' ' && *c != '\t')); c++) {
		if (quote ? *c == quote : *c == '\'' || *c == '"')
			quote = quote ? '\0' : *c;
		else if (*c == '\\' && quote != '\'' && c[1])
			text_add(&word, ++c, 1);
		else
			text_add(&word, c, 1);
	}
	*s = c;
	*broken = quote != '\0';
	text_add(&word, "", 0);
	return *broken ? NULL : word.at;
}

const char *
text_option(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len))
		return NULL;
	return word[len] == '=' ? word + len + 1 : word[len] ? NULL : "";
}

/* On a mismatch the last star is given one byte more: enough, since an earlier one cannot help. */
bool
text_glob(const char *pattern, const char *s, size_t len)
{
	const char *star = NULL, *resume = NULL, *end = s + len;

	while (s < end) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = s;
		} else if (*pattern && *pattern == *s) {
			pattern++;
			s++;
		} else if (star) {
			pattern = star;
			s = ++resume;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool
text_holds(const struct text *t, const char *needle, size_t len)
{
	return len && t->len >= len && memmem(t->at, t->len, needle, len);
}

/* RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF. */
bool
text_utf8(const char *s, size_t len)
{
	static const unsigned long least[] = { 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s, *end = u + len;
	unsigned long point;
	int more;

	while (u < end) {
		more = *u < 0x80 ? 0 : *u < 0xc0 ? -1 : *u < 0xe0 ? 1 : *u < 0xf0 ? 2 :
		    *u < 0xf8 ? 3 : -1;
		if (more < 0 || end - u <= more)
			return false;
		point = more ? *u & (0x3fu >> more) : *u;
		u++;
		for (int i = 0; i < more; i++, u++) {
			if ((*u & 0xc0) != 0x80)
				return false;
			point = point << 6 | (*u & 0x3f);
		}
		if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return false;
	}
	return true;
}

void
text_file(struct text *t, int fd)
{
	char part[65536];
	ssize_t got;

	lseek(fd, 0, SEEK_SET);
	while ((got = read(fd, part, sizeof(part))) > 0)
		text_add(t, part, (size_t)got);
	text_add(t, "", 0);
}
