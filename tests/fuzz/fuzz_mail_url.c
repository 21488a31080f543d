/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs of mail servers: what is taken has all its parts, and no sentence repeats what may be a password. */
#include <string.h>

#include "fuzz.h"
#include "mail_url.h"

/* A part stands in the URL as it is, but for what was percent-encoded. */
static void
decoded(const char *text, slice part)
{
	demand(part.n <= strlen(text));
	for (size_t i = 0; i < part.n; i++)
		demand(part.at[i] != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);
	struct mail_url url;
	char *text = strndup((const char *)data, n);

	demand(text != NULL);
	if (mail_url_parse(arena, text, &url, &error)) {
		demand(error.n == 0);
		demand(strstr(text, "://") && url.host && *url.host);
		demand(url.port >= 1 && url.port <= 65535);
		decoded(text, slice_z(url.host));
		demand(!url.user || *url.user);
		if (url.user)
			decoded(text, slice_z(url.user));
		demand(!url.mailbox.at || url.protocol == MAIL_IMAP);
		decoded(text, url.mailbox);
	} else {
		demand(error.n > 0);
		demand(!strstr(text, "hunter2") || !strstr(str_z(&error), "hunter2"));
	}
	free(text);
	arena_free(arena);
	return 0;
}
