/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as mailprobe.yml. Files that they name are looked for in the working folder and nowhere
 * else. What is taken must be such as the schedule and /probe rely on.
 */
#include "config.h"
#include "scratch.h"

static void
examine_module(const struct config *config, const struct module *module)
{
	demand(config_module(config, slice_z(module->name)) == module);
	demand(module->type && module->opts && module->opts->timeout.after.ns > 0);
	demand(module->opts->port.number > 0 && module->opts->tls != TLS_AUTO);
	demand(!module->credentials || module->allowed.given);
}

static void
examine_target(const struct config *config, const struct target *target)
{
	struct arena *arena = arena_new(1 << 20);
	struct str error = str_in(arena);

	demand(config_target(config, slice_z(target->name)) == target && *target->name);
	demand(config->targets[target->index] == target && target->port <= 65535);
	demand(target->interval.ns >= 1000000000);
	demand(target->module->opts->timeout.after.ns <= target->interval.ns);
	demand(config_aim(target->module, target->host, target->port, arena, &error));
	demand_readable(slice_z(target->name));
	demand_readable(slice_z(target->host));
	for (size_t i = 0; i < target->label_count; i++)
		demand_readable(slice_z(target->labels[i].value));
	arena_free(arena);
}

static void
examine(const struct config *config)
{
	for (size_t i = 0; i < config->module_count; i++)
		examine_module(config, config->modules[i]);
	for (size_t i = 0; i < config->target_count; i++)
		examine_target(config, config->targets[i]);
	demand(config->bucket_count <= BUCKETS_MAX);
	for (size_t i = 0; i < config->bucket_count; i++)
		demand(config->buckets[i].ns > (i > 0 ? config->buckets[i - 1].ns : 0));
	demand(config->history >= 1 && config->history <= 10000);
	demand(config->workers > 0 && config->workers <= 30000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct problems problems = { .arena = arena_new(16 << 20) };
	struct config *config;

	demand(problems.arena != NULL);
	scratch_write("config.yml", data, n);
	config = config_read("config.yml", &problems);
	demand((config == NULL) == (problems.sentences.n > 0));
	for (size_t i = 0; i < problems.sentences.n; i++)
		demand_readable(problems.sentences.items[i]);
	if (config)
		examine(config);
	config_drop(config);
	arena_free(problems.arena);
	return 0;
}
