/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Getting a token: the cache is looked into without a lock; where it has none that lives long
 * enough, the lock is taken, so that of many runs one asks the endpoint, and those that waited find
 * its answer. A refresh token that was handed out anew is on the disk before anything else is done:
 * the one before may be void already.
 */
#include "oauth.h"

#include "b64.h"
#include "https.h"
#include "https_url.h"
#include "oauth_cache.h"
#include "oauth_reply.h"

enum {
	LEAST_LIFE = 60, /* seconds that a token must have left, and the part of its life */
	LEAST_PART = 10,
	STEP = 20, /* ms between two looks whether the lock is free */
	TOKEN_MAX = 32768,
};

static const slice MISSING = { NULL, 0 };

static bool
local(struct session *s, const struct str *why)
{
	return fail(s, CAUSE_LOCAL, "--oauth-cache: %s", str_z(why));
}

static const char *
endpoint_host(struct session *s)
{
	struct str why = str_in(s->arena);
	struct https_url url;

	return https_url_parse(s->arena, s->common->oauth_endpoint, &url, &why) && url.host
	    ? url.host
	    : "the endpoint";
}

/* application/x-www-form-urlencoded, RFC 6749 appendix B */
static void
encode(struct str *out, slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		    || strchr("-._~", c))
			str_addc(out, c);
		else
			str_addf(out, "%%%02X", (unsigned char)c);
	}
}

static void
add(struct str *form, const char *name, slice value)
{
	if (!value.at)
		return;
	str_addf(form, "%s%s=", form->n > 0 ? "&" : "", name);
	encode(form, value);
}

/* RFC 6749 section 2.3.1: identifier and secret encoded as in a form, then as Basic has it. */
static slice
basic(struct session *s)
{
	const struct probe_opts *o = s->common;
	struct str pair = str_in(s->arena), field = str_in(s->arena);

	encode(&pair, slice_z(o->oauth_client_id));
	str_addc(&pair, ':');
	encode(&pair, slice_z(o->oauth_client_secret));
	str_addz(&field, "Authorization: Basic ");
	b64_encode(&field, str_slice(&pair));
	secret(s, str_slice(&pair));
	return str_slice(&field);
}

static void
make_request(struct session *s, slice refresh, struct https_request *request)
{
	const struct probe_opts *o = s->common;
	struct str form = str_in(s->arena);
	bool apart = o->oauth_client_auth == OAUTH_CLIENT_BASIC && o->oauth_client_secret;

	*request = (struct https_request){ .url = o->oauth_endpoint };
	list_add(s->arena, &request->fields, S("Accept: application/json"));
	add(&form, "grant_type", refresh.at ? S("refresh_token") : S("client_credentials"));
	add(&form, "refresh_token", refresh);
	add(&form, "scope", slice_z(o->oauth_scope));
	if (apart)
		list_add(s->arena, &request->fields, basic(s));
	else {
		add(&form, "client_id", slice_z(o->oauth_client_id));
		add(&form, "client_secret", slice_z(o->oauth_client_secret));
	}
	request->form = str_slice(&form);
}

/* error = 1*NQSCHAR: what a code has of them, so that no text comes in its place. */
static bool
is_code(slice error)
{
	for (size_t i = 0; i < error.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
		        error.at[i])
		    || !error.at[i])
			return false;
	return error.n > 0 && error.n <= 64;
}

/* What is no token, and says why or does not. */
static bool
refused(struct session *s, const struct https_reply *http, const struct oauth_reply *reply)
{
	const char *host = endpoint_host(s);

	if (is_code(reply->error) && !s->common->jail)
		return fail_reply(s, CAUSE_OAUTH_TOKEN, reply->description, "%s answers %s", host,
		    reply->error.at);
	return fail(s, CAUSE_OAUTH_TOKEN, "%s answers with HTTP status %u%s", host, http->status,
	    http->status >= 300 && http->status < 400 ? ", a redirect, which is not followed" : "");
}

/* access_token = 1*VSCHAR; what is not, no SASL mechanism could carry either. */
static bool
is_token(slice token)
{
	for (size_t i = 0; i < token.n; i++)
		if (token.at[i] <= ' ' || token.at[i] > '~')
			return false;
	return token.n > 0 && token.n <= TOKEN_MAX;
}

static bool
judge_reply(struct session *s, const struct https_reply *http, struct oauth_reply *reply)
{
	const char *host = endpoint_host(s);
	bool parsed = oauth_reply_parse(s->arena, http->body, reply);

	if (!parsed)
		*reply = (struct oauth_reply){ .limited = false };
	secret(s, reply->access_token);
	secret(s, reply->refresh_token);
	if (http->status != 200 || reply->error.at)
		return refused(s, http, reply);
	if (!parsed)
		return fail(
		    s, CAUSE_OAUTH_TOKEN, "%s answers with what is no JSON of RFC 6749", host);
	if (!is_token(reply->access_token))
		return fail(
		    s, CAUSE_OAUTH_TOKEN, "the answer of %s has no access token in it", host);
	if (!slice_eqi(reply->token_type, S("bearer")))
		return fail(s, CAUSE_OAUTH_TOKEN, "%s gives a token that is no bearer token", host);
	if (reply->refresh_token.at && !is_token(reply->refresh_token))
		return fail(s, CAUSE_OAUTH_TOKEN, "%s gives a refresh token that is none", host);
	return true;
}

/* Asks the endpoint. `entry` has the refresh token that is used, and what comes of it. */
static bool
ask(struct session *s, struct oauth_entry *entry)
{
	struct str why = str_in(s->arena);
	struct https_request request;
	struct https_reply http;
	struct oauth_reply reply;
	const char *host = endpoint_host(s);
	time_t now = time(NULL);

	make_request(s, entry->refresh, &request);
	if (arena_failed(s->arena))
		return false;
	if (!https_post(s, &request, &http, &why))
		return why.n > 0 && fail(s, CAUSE_OAUTH_TOKEN, "%s: %s", host, str_z(&why));
	if (!judge_reply(s, &http, &reply))
		return false;
	entry->access = reply.access_token;
	entry->obtained = now;
	entry->expires = now + (time_t)reply.expires_in;
	if (reply.refresh_token.n > 0)
		entry->refresh = reply.refresh_token;
	if (s->common->transcript)
		transcript(s, '*',
		    str_f(s->arena, "%s gave an access token for %llu s", host,
		        (unsigned long long)reply.expires_in));
	return !arena_failed(s->arena);
}

/* Whether there is enough left of it. A clock that was set back makes none live longer. */
static bool
lives(const struct oauth_entry *entry, time_t now)
{
	time_t left = entry->expires - now;

	return entry->access.at && entry->obtained <= now && left >= LEAST_LIFE
	    && left >= (entry->expires - entry->obtained) / LEAST_PART;
}

static bool
use(struct session *s, const struct oauth_entry *entry)
{
	time_t left = entry->expires - time(NULL);

	secret(s, entry->access);
	s->token = entry->access;
	s->token_until = instant_after(clock_now(), span_seconds(left > 0 ? (double)left : 0));
	return true;
}

static bool
whose(struct session *s, struct oauth_key *key)
{
	const struct probe_opts *o = s->common;
	const slice parts[] = { slice_z(o->oauth_endpoint), slice_z(o->oauth_client_id),
		slice_z(o->oauth_scope), slice_z(o->user) };
	slice origin = slice_z(o->oauth_refresh_token);

	key->origin = MISSING;
	if (oauth_digest(s->arena, parts, sizeof parts / sizeof parts[0], &key->whose)
	    && (!origin.at || oauth_digest(s->arena, &origin, 1, &key->origin)))
		return true;
	return fail(s, CAUSE_LOCAL, "OpenSSL has no SHA-256");
}

/* With the lock: makes sure that an answer can be kept, asks, and keeps it. */
static bool
renew(struct session *s, struct oauth_cache *cache, slice content, const struct oauth_key *key,
    struct oauth_entry *entry, enum oauth_found found)
{
	struct str why = str_in(s->arena);

	if (found == OAUTH_DAMAGED && s->common->oauth_refresh_token)
		return fail(s, CAUSE_LOCAL,
		    "--oauth-cache: %s: has a damaged line, which may be the only refresh token: "
		    "put a new one into --oauth-refresh-token-file and remove the line",
		    cache->place);
	if (found != OAUTH_ENTRY)
		*entry = (struct oauth_entry){ .obtained = 0 };
	secret(s, entry->refresh);
	if (!entry->refresh.at)
		entry->refresh = slice_z(s->common->oauth_refresh_token);
	if (!oauth_cache_prepare(cache, &why))
		return local(s, &why);
	if (!ask(s, entry))
		return false;
	if (!s->common->oauth_refresh_token)
		entry->refresh = MISSING;
	return oauth_cache_write(cache, oauth_replaced(s->arena, content, key, entry), &why)
	    || local(s, &why);
}

/* Looks, and takes the lock where there is nothing to use, waiting for who has it. */
static bool
by_cache(struct session *s, struct oauth_cache *cache, const struct oauth_key *key)
{
	struct str why = str_in(s->arena);
	enum oauth_found found;
	struct oauth_entry entry;
	bool held = false;
	slice content;

	for (bool first = true;; first = false) {
		/* First without the lock, at last with it: what was waited for may be there. */
		if (!first && !oauth_cache_lock(cache, &held, &why))
			return local(s, &why);
		if (!oauth_cache_read(cache, &content, &why))
			return local(s, &why);
		found = oauth_find(s->arena, content, key, &entry);
		if (found == OAUTH_ENTRY && lives(&entry, time(NULL)))
			return use(s, &entry);
		if (held)
			break;
		if (!first && conn_pause(s, instant_after(clock_now(), span_ms(STEP))) < 0)
			return false;
	}
	return renew(s, cache, content, key, &entry, found) && use(s, &entry);
}

bool
oauth_token(struct session *s)
{
	const struct probe_opts *o = s->common;
	struct oauth_entry entry = { .refresh = slice_z(o->oauth_refresh_token) };
	struct str why = str_in(s->arena);
	struct oauth_cache cache;
	struct oauth_key key;
	bool done;

	if (!o->oauth_endpoint || (s->token.at && instant_before(clock_now(), s->token_until)))
		return true;
	if (!phase(s, PHASE_TOKEN))
		return false;
	if (!o->oauth_cache)
		return ask(s, &entry) && use(s, &entry);
	if (!whose(s, &key))
		return false;
	done = oauth_cache_open(&cache, s->arena, o->oauth_cache, &why) ? by_cache(s, &cache, &key)
	                                                                : local(s, &why);
	oauth_cache_close(&cache);
	return done;
}

/* Takes the access token out of the cache, unless it is another by now. */
static void
forget(struct session *s, struct oauth_cache *cache, const struct oauth_key *key)
{
	struct str why = str_in(s->arena);
	struct oauth_entry entry;
	bool held = false;
	slice content;

	if (!oauth_cache_lock(cache, &held, &why) || !held
	    || !oauth_cache_read(cache, &content, &why)
	    || oauth_find(s->arena, content, key, &entry) != OAUTH_ENTRY
	    || !slice_eq(entry.access, s->token) || !oauth_cache_prepare(cache, &why))
		return;
	entry.access = MISSING;
	oauth_cache_write(cache, oauth_replaced(s->arena, content, key, &entry), &why);
}

bool
oauth_refused(struct session *s)
{
	const struct probe_opts *o = s->common;
	const struct result *result = s->result;
	struct str why = str_in(s->arena);
	struct oauth_cache cache;
	struct oauth_key key;

	if (!o->oauth_cache || !s->token.at || result->finding_count == 0
	    || result->findings[result->finding_count - 1].cause != CAUSE_AUTH_REJECTED
	    || !whose(s, &key))
		return false;
	if (oauth_cache_open(&cache, s->arena, o->oauth_cache, &why))
		forget(s, &cache, &key);
	oauth_cache_close(&cache);
	return false;
}
