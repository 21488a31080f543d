/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of the repository as bytes of the program, by the assembler's .incbin: what is written is
 * what is served, and no tool has to be built first. The Makefile knows that this depends on them.
 */
#include "assets.h"

#include <stdio.h>

#include "request.h"

#define ASSET(id, file, path, type) \
	__asm__(".section .rodata\n" \
	        ".global asset_" #id "\n.global asset_" #id "_end\n" \
	        "asset_" #id ":\n.incbin \"exporter/page/" file "\"\n" \
	        "asset_" #id "_end:\n.byte 0\n.previous\n"); \
	extern const char asset_##id[], asset_##id##_end[];
#include "assets.def"
#undef ASSET

const struct asset assets[] = {
#define ASSET(id, file, path, type) { path, type, asset_##id, asset_##id##_end },
#include "assets.def"
#undef ASSET
	{ NULL, NULL, NULL, NULL },
};

static void
release_nothing(void *nothing)
{
	(void)nothing;
}

/* FNV-1a: whoever has a file of that sum need not get it again. */
static uint64_t
sum(slice bytes)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < bytes.n; i++)
		hash = (hash ^ (unsigned char)bytes.at[i]) * 1099511628211u;
	return hash;
}

bool
handle_asset(struct request *request, const char *path)
{
	const struct asset *asset = assets;
	const char *known = MHD_lookup_connection_value(
	    request->connection, MHD_HEADER_KIND, "If-None-Match");
	char tag[24];
	slice body;

	while (asset->path && strcmp(asset->path, path) != 0)
		asset++;
	if (!asset->path)
		return false;
	body = (slice){ asset->begin, (size_t)(asset->end - asset->begin) };
	snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)sum(body));
	if (known && strcmp(known, tag) == 0) {
		body.n = 0;
		answer(
		    request, MHD_HTTP_NOT_MODIFIED, asset->type, &body, 1, release_nothing, NULL);
	} else
		answer(request, MHD_HTTP_OK, asset->type, &body, 1, release_nothing, NULL);
	add_header(request, "ETag", tag);
	return true;
}
