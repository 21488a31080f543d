/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token bucket and a count for each host that was probed of late, in a table of chains. Tokens
 * are not counted up: `full` is the moment at which the bucket will be full again, a second's worth
 * of probes from empty. A host whose bucket is full and who has no probe is forgotten.
 */
#include "gate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHAINS = 4096, HOST_MAX = 320 };

struct host {
	struct host *next;
	unsigned probes;
	bool wanted; /* somebody was told that it is busy */
	instant full;
	char name[];
};

struct gate {
	pthread_mutex_t lock;
	unsigned most;
	double rate;
	struct host *chains[CHAINS];
};

struct gate *
gate_new(void)
{
	struct gate *gate = calloc(1, sizeof *gate);

	if (gate)
		pthread_mutex_init(&gate->lock, NULL);
	return gate;
}

void
gate_free(struct gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < CHAINS; i++)
		while (gate->chains[i]) {
			struct host *host = gate->chains[i];

			gate->chains[i] = host->next;
			free(host);
		}
	pthread_mutex_destroy(&gate->lock);
	free(gate);
}

void
gate_limits(struct gate *gate, unsigned probes, double rate)
{
	pthread_mutex_lock(&gate->lock);
	gate->most = probes;
	gate->rate = rate;
	pthread_mutex_unlock(&gate->lock);
}

/*
 * One spelling for all of a host's: an IPv6 address in its canonical form and without its zone, an
 * IPv4 address that is dressed as one undressed; a name in lower case, without the root's dot.
 */
static void
spell(const char *name, char spelt[HOST_MAX])
{
	struct in6_addr address;
	size_t n = 0;

	for (; name[n] && name[n] != '%' && n < HOST_MAX - 1; n++)
		spelt[n] = (char)tolower((unsigned char)name[n]);
	if (n > 1 && spelt[n - 1] == '.')
		n--;
	spelt[n] = '\0';
	if (inet_pton(AF_INET6, spelt, &address) != 1)
		return;
	if (IN6_IS_ADDR_V4MAPPED(&address))
		inet_ntop(AF_INET, &address.s6_addr[12], spelt, HOST_MAX);
	else
		inet_ntop(AF_INET6, &address, spelt, HOST_MAX);
}

/* FNV-1a */
static struct host **
chain_of(struct gate *gate, const char *spelt)
{
	uint32_t hash = 2166136261u;

	for (; *spelt; spelt++)
		hash = (hash ^ (unsigned char)*spelt) * 16777619u;
	return &gate->chains[hash % CHAINS];
}

/* The link that points to the host, or the end of its chain; drops those that are forgotten. */
static struct host **
find(struct host **link, const char *spelt, instant now)
{
	struct host **found = NULL;

	while (*link) {
		struct host *host = *link;

		if (strcmp(host->name, spelt) == 0)
			found = link;
		else if (host->probes == 0 && !instant_before(now, host->full)) {
			*link = host->next;
			free(host);
			continue;
		}
		link = &host->next;
	}
	return found ? found : link;
}

static struct host *
add(struct host **link, const char *spelt, instant now)
{
	size_t n = strlen(spelt) + 1;
	struct host *host = calloc(1, sizeof *host + n);

	if (!host)
		return NULL;
	memcpy(host->name, spelt, n);
	host->full = now;
	return *link = host;
}

/* Whether there is a token; takes it. */
static bool
take_token(struct gate *gate, struct host *host, instant now, span *wait)
{
	span token = span_seconds(1 / gate->rate);
	span burst = span_seconds(gate->rate < 1 ? 1 / gate->rate : 1);
	instant from = instant_before(host->full, now) ? now : host->full;
	instant full = instant_after(from, token);

	wait->ns = span_between(instant_after(now, burst), full).ns;
	if (wait->ns > 0)
		return false;
	host->full = full;
	return true;
}

enum gate_answer
gate_enter(struct gate *gate, const char *name, span *wait)
{
	instant now = clock_now();
	enum gate_answer answer = GATE_OPEN;
	struct host **link, *host;
	char spelt[HOST_MAX];

	spell(name, spelt);
	pthread_mutex_lock(&gate->lock);
	link = find(chain_of(gate, spelt), spelt, now);
	host = *link ? *link : add(link, spelt, now);
	*wait = span_ms(100);
	if (!host || (gate->most > 0 && host->probes >= gate->most)) {
		answer = GATE_BUSY;
		if (host)
			host->wanted = true;
	} else if (gate->rate > 0 && !take_token(gate, host, now, wait))
		answer = GATE_RATE;
	else
		host->probes++;
	pthread_mutex_unlock(&gate->lock);
	return answer;
}

bool
gate_leave(struct gate *gate, const char *name)
{
	struct host **link;
	bool wanted = false;
	char spelt[HOST_MAX];

	spell(name, spelt);
	pthread_mutex_lock(&gate->lock);
	link = find(chain_of(gate, spelt), spelt, clock_now());
	if (*link && (*link)->probes > 0) {
		(*link)->probes--;
		wanted = (*link)->wanted;
		(*link)->wanted = false;
	}
	pthread_mutex_unlock(&gate->lock);
	return wanted;
}
