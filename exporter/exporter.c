/* SPDX-License-Identifier: BSD-2-Clause */
/* A new configuration is made whole beside the old one, and takes its place in one step. */
#include "exporter.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "log.h"

struct config *
exporter_config(struct exporter *exporter)
{
	struct config *config;

	pthread_mutex_lock(&exporter->lock);
	config = config_hold(exporter->config);
	pthread_mutex_unlock(&exporter->lock);
	return config;
}

struct web *
exporter_web(struct exporter *exporter)
{
	struct web *web;

	pthread_mutex_lock(&exporter->lock);
	web = web_hold(exporter->web);
	pthread_mutex_unlock(&exporter->lock);
	return web;
}

/* Puts the new snapshots in the place of the old ones, and leaves those in the variables. */
static void
swap(struct exporter *exporter, struct config **config, struct web **web)
{
	struct config *old_config;
	struct web *old_web;

	pthread_mutex_lock(&exporter->lock);
	old_config = exporter->config;
	old_web = exporter->web;
	exporter->config = *config;
	exporter->web = *web;
	exporter->reload_successful = true;
	exporter->reload_time = wall_now();
	free(exporter->reload_error);
	exporter->reload_error = NULL;
	pthread_mutex_unlock(&exporter->lock);
	*config = old_config;
	*web = old_web;
}

/* All sentences, a line each. */
static char *
joined(const struct problems *problems)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < problems->sentences.n; i++) {
		buffer_addz(&text, i > 0 ? "\n" : "");
		buffer_add(&text, problems->sentences.items[i]);
	}
	buffer_add(&text, (slice){ "", 1 });
	return text.at;
}

static void
refuse(struct exporter *exporter, const struct problems *problems)
{
	char *error = joined(problems);

	for (size_t i = 0; i < problems->sentences.n; i++)
		LOG(ERROR, "configuration refused", { "error", problems->sentences.items[i] }, );
	pthread_mutex_lock(&exporter->lock);
	exporter->reload_successful = false;
	free(exporter->reload_error);
	exporter->reload_error = error;
	pthread_mutex_unlock(&exporter->lock);
}

static bool
apply(struct exporter *exporter, struct config *config, struct web *web, struct problems *problems)
{
	const char *why = NULL;

	if (exporter->web && web_tls(exporter->web) != web_tls(web))
		why = "TLS cannot be switched on or off without a restart";
	else if (!schedule_load(exporter->schedule, config))
		why = "there is no memory for the schedule";
	if (!why)
		return true;
	list_add(problems->arena, &problems->sentences, slice_z(why));
	return false;
}

/*
 * Each run wants a thread and a descriptor, each request one more: what the system does not give
 * shows when it is needed most, when all servers are slow.
 */
static void
tell_shortage(const struct config *config, struct arena *arena)
{
	rlim_t wanted = (rlim_t)config->workers + config->probes + config->queue;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted)
		LOG(WARN, "too few descriptors for all runs and requests at once",
		    { "limit", str_f(arena, "%llu", (unsigned long long)limit.rlim_cur) },
		    { "wanted", str_f(arena, "%llu", (unsigned long long)wanted) }, );
	if (getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur < config->workers)
		LOG(WARN, "too few threads for all runs at once",
		    { "limit", str_f(arena, "%llu", (unsigned long long)limit.rlim_cur) },
		    { "wanted", str_f(arena, "%u", config->workers) }, );
}

bool
exporter_reload(struct exporter *exporter, struct problems *problems)
{
	struct config *config;
	struct web *web;
	bool good;

	pthread_mutex_lock(&exporter->reloading);
	config = config_read(exporter->config_path, problems);
	web = web_read(exporter->web_path, problems);
	problems_end(problems);
	good = config && web && apply(exporter, config, web, problems);
	if (good) {
		gate_limits(exporter->gate, config->host_probes, config->host_rate);
		pool_limit(exporter->pool, config->workers);
		web_present(web);
		LOG(INFO, "configuration loaded", { "file", slice_z(exporter->config_path) },
		    { "modules", str_f(problems->arena, "%zu", config->module_count) },
		    { "targets", str_f(problems->arena, "%zu", config->target_count) }, );
		tell_shortage(config, problems->arena);
		swap(exporter, &config, &web);
	} else
		refuse(exporter, problems);
	config_drop(config);
	web_drop(web);
	pthread_mutex_unlock(&exporter->reloading);
	return good;
}
