/* SPDX-License-Identifier: BSD-2-Clause */
/* An ini file of --extra-opts. It is a file in memory, named by its descriptor. */
#include <sys/mman.h>
#include <unistd.h>

#include "extra_opts.h"
#include "fuzz.h"

static size_t
count(slice text, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.at[i] == c;
	return n;
}

static void
examine(const struct extra_opts *extra, slice content)
{
	demand(
	    slice_find(content, S("[")) < content.n && slice_find(content, S("probe")) < content.n);
	demand(extra->n <= count(content, '\n') + 1);
	for (size_t i = 0; i < extra->n; i++) {
		const struct extra_opt *item = &extra->items[i];

		demand(item->key.n > 0 && item->key.at[0] != '-');
		demand(slice_eq(item->key, slice_trim(item->key)) && count(item->key, '\n') == 0);
		demand(item->line > 1 && item->line <= count(content, '\n') + 1);
		demand(i == 0 || item->line > extra->items[i - 1].line);
		demand(!item->value || slice_find(content, slice_z(item->value)) < content.n
		       || !*item->value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int fd = -1;
	slice content = { (const char *)data, n };
	struct arena *arena = arena_new(16 << 20);
	struct str error = str_in(arena);
	struct extra_opts extra;
	enum opts_outcome outcome;

	demand(arena != NULL);
	if (fd < 0)
		fd = memfd_create("ini", MFD_CLOEXEC);
	demand(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	outcome = extra_opts_read(
	    str_f(arena, "probe@/proc/self/fd/%d", fd).at, "check", arena, &extra, &error);
	demand(outcome == OPTS_RUN || outcome == OPTS_WRONG);
	demand((outcome == OPTS_RUN) == (error.n == 0));
	if (outcome == OPTS_RUN)
		examine(&extra, content);
	demand(!arena_failed(arena));
	arena_free(arena);
	return 0;
}
