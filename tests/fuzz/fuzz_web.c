/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the file of --web.config.file. Certificates and keys that they name are looked for
 * in the working folder and nowhere else.
 */
#include "scratch.h"
#include "web_private.h"

static void
examine_tls(const struct web_tls *tls)
{
	const struct web_suites *suites = &tls->suites;

	demand(tls->pair && tls->priority && tls->cert.node && tls->key.node);
	demand(suites->min <= suites->max);
	demand(tls->client_auth < CLIENT_AUTH_VERIFY_GIVEN || tls->trust);
	demand(!tls->sans.n || tls->client_auth >= CLIENT_AUTH_VERIFY_GIVEN);
}

static void
examine(struct web *web)
{
	const struct MHD_OptionItem *option = web_options(web);

	demand(web_tls(web) == (web_flags(web) != 0));
	while (option->option != MHD_OPTION_END)
		option++;
	if (web->tls)
		examine_tls(web->tls);
	for (size_t i = 0; i < web->user_count; i++)
		demand(web->users[i].cost >= 4 && web->users[i].cost <= web->cost && web->cost <= 15
		    && web->users[i].name.n > 0 && strlen(web->users[i].hash) == 60);
	for (size_t i = 0; i < web->header_count; i++)
		demand_readable(slice_z(web->headers[i].value));
	demand(web->interval.ns == 0 || web->burst >= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct problems problems = { .arena = arena_new(16 << 20) };
	struct web *web;

	demand(problems.arena != NULL);
	scratch_write("web.yml", data, n);
	web = web_read("web.yml", &problems);
	demand((web == NULL) == (problems.sentences.n > 0));
	for (size_t i = 0; i < problems.sentences.n; i++)
		demand_readable(problems.sentences.items[i]);
	if (web)
		examine(web);
	web_drop(web);
	arena_free(problems.arena);
	return 0;
}
