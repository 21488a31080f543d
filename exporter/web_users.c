/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Users by Basic authentication (RFC 7617) and bcrypt. A claim costs bcrypt once; then its outcome
 * is remembered under a keyed digest of user, password and stored hash, so that no password is kept
 * and a changed hash is a new claim. Right and wrong outcomes are kept apart: who guesses cannot
 * push out those who know.
 *
 * Every claim takes the same time. A hash of cost c is 2^c rounds, so that a user of cost c is
 * followed by hashes of costs c, c + 1 and so on below the highest of all users: together 2^highest
 * rounds, which is what an unknown user takes at once.
 */
#include <crypt.h>
#include <gnutls/crypto.h>

#include "b64.h"
#include "web_private.h"

enum { COST_MIN = 4, COST_MAX = 15, HASH_LENGTH = 60, SETTING_LENGTH = 29 };

/* Limits of what a client may make us keep, or do. */
enum { HEADER_MAX = 4096, CLAIM_CEILING = 1 << 17, CLAIMS_MAX = 8, REMEMBERED = 64 };

enum { RIGHT_SECONDS = 600, WRONG_SECONDS = 60, DIGEST = 32 };

struct outcome {
	unsigned char digest[DIGEST];
	instant until;
};

static struct {
	pthread_mutex_t turn; /* one bcrypt at a time, whoever asks */
	pthread_mutex_t lock; /* guards what follows */
	bool keyed;
	unsigned char key[DIGEST];
	struct outcome right[REMEMBERED], wrong[REMEMBERED];
	unsigned claims;
} memory = { .turn = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER };

struct web_claim {
	struct arena *arena;         /* holds the claim as well, and is wiped with it */
	const struct web_user *user; /* NULL: unknown */
	const char *password;
	struct crypt_data *work;
	unsigned char digest[DIGEST];
};

/* "$2b$", two digits of cost, "$", 22 characters of salt and 31 of hash. */
static bool
bcrypt_good(slice hash)
{
	if (hash.n != HASH_LENGTH || !slice_starts(hash, S("$2")) || hash.at[3] != '$'
	    || hash.at[6] != '$')
		return false;
	if (hash.at[2] != 'a' && hash.at[2] != 'b' && hash.at[2] != 'y')
		return false;
	for (size_t i = 7; i < hash.n; i++) {
		char c = hash.at[i], letter = c | 0x20;

		if (!(letter >= 'a' && letter <= 'z') && !(c >= '.' && c <= '9'))
			return false;
	}
	return true;
}

static bool
read_user(struct web_reader *r, const struct node *node, struct web_user *user)
{
	slice hash = node->kind == NODE_SCALAR ? node->text : (slice){ NULL, 0 };
	uint64_t cost;

	if (node->key.n == 0 || memchr(node->key.at, ':', node->key.n)
	    || memchr(node->key.at, 0, node->key.n))
		return tree_wrong(r->problems, node,
		    "is a name that nobody can give: it is empty or has a colon in it");
	if (!bcrypt_good(hash) || !slice_number((slice){ hash.at + 4, 2 }, 99, &cost))
		return tree_wrong(r->problems, node,
		    "is no bcrypt hash: write what `htpasswd -nB NAME` prints behind the colon");
	if (cost < COST_MIN || cost > COST_MAX)
		return tree_wrong(r->problems, node,
		    "has a hash of cost %u: write one of cost %d to %d", (unsigned)cost, COST_MIN,
		    COST_MAX);
	*user = (struct web_user){ node->key, hash.at, (unsigned)cost };
	return true;
}

bool
web_read_users(void *reader, const struct node *node)
{
	struct web_reader *r = reader;
	struct web *web = r->web;
	size_t n = 0;
	bool good = true;

	if (node->kind != NODE_MAP || !node->first)
		return tree_wrong(r->problems, node,
		    "has no users: write NAME: HASH, or leave the key out to let everybody in");
	for (const struct node *child = node->first; child; child = child->next)
		n++;
	web->users = arena_array(r->arena, n, sizeof *web->users);
	for (const struct node *child = node->first; child && web->users; child = child->next) {
		struct web_user *user = &web->users[web->user_count];

		if (!read_user(r, child, user)) {
			good = false;
			continue;
		}
		web->user_count++;
		web->cost = user->cost > web->cost ? user->cost : web->cost;
	}
	return good && web->users;
}

/* Whether there is a key to remember outcomes under. Called with the lock. */
static bool
keyed(void)
{
	if (!memory.keyed)
		memory.keyed = gnutls_rnd(GNUTLS_RND_KEY, memory.key, sizeof memory.key) == 0;
	return memory.keyed;
}

/* Lengths go in as well, so that no two claims have the same bytes. */
static bool
digest(struct web_claim *claim, slice user, slice password)
{
	slice parts[] = { user, password, slice_z(claim->user ? claim->user->hash : "") };
	gnutls_hmac_hd_t hmac;
	bool good;

	pthread_mutex_lock(&memory.lock);
	good = keyed()
	    && gnutls_hmac_init(&hmac, GNUTLS_MAC_SHA256, memory.key, sizeof memory.key) == 0;
	pthread_mutex_unlock(&memory.lock);
	if (!good)
		return false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		uint64_t n = parts[i].n;

		good &= gnutls_hmac(hmac, &n, sizeof n) == 0
		    && gnutls_hmac(hmac, parts[i].at, parts[i].n) == 0;
	}
	gnutls_hmac_deinit(hmac, claim->digest);
	return good;
}

static struct outcome *
find(struct outcome *outcomes, const struct web_claim *claim)
{
	instant now = clock_now();

	for (size_t i = 0; i < REMEMBERED; i++)
		if (instant_before(now, outcomes[i].until)
		    && gnutls_memcmp(outcomes[i].digest, claim->digest, DIGEST) == 0)
			return &outcomes[i];
	return NULL;
}

static instant
in_seconds(double seconds)
{
	return instant_after(clock_now(), span_seconds(seconds));
}

/* A right claim that is made again and again stays; a wrong one is looked at anew each minute. */
static enum web_access
recall(const struct web_claim *claim)
{
	enum web_access access = WEB_UNKNOWN;
	struct outcome *right;

	pthread_mutex_lock(&memory.lock);
	if ((right = find(memory.right, claim))) {
		right->until = in_seconds(RIGHT_SECONDS);
		access = WEB_GRANTED;
	} else if (find(memory.wrong, claim))
		access = WEB_DENIED;
	pthread_mutex_unlock(&memory.lock);
	return access;
}

/* In the place of the outcome that would be forgotten first, or has been. */
static void
remember(const struct web_claim *claim, bool right)
{
	struct outcome *outcomes = right ? memory.right : memory.wrong, *place = outcomes;

	pthread_mutex_lock(&memory.lock);
	for (size_t i = 1; i < REMEMBERED; i++)
		if (instant_before(outcomes[i].until, place->until))
			place = &outcomes[i];
	memcpy(place->digest, claim->digest, DIGEST);
	place->until = in_seconds(right ? RIGHT_SECONDS : WRONG_SECONDS);
	pthread_mutex_unlock(&memory.lock);
}

/* credentials = "Basic" 1*SP token68; within it user-id ":" password. */
static bool
parse(slice header, struct str *decoded, slice *user, slice *password)
{
	slice rest = slice_trim(header), scheme;

	if (rest.n > HEADER_MAX)
		return false;
	scheme = slice_cut(&rest, ' ');
	if (!slice_eqi(scheme, S("Basic")) || !rest.at || !b64_decode(decoded, slice_trim(rest)))
		return false;
	*password = str_slice(decoded);
	if (memchr(password->at, 0, password->n)) /* crypt() would stop there */
		return false;
	*user = slice_cut(password, ':');
	return password->at != NULL;
}

static const struct web_user *
known(const struct web *web, slice name)
{
	const struct web_user *found = NULL;

	for (size_t i = 0; i < web->user_count; i++)
		if (slice_eq(web->users[i].name, name))
			found = &web->users[i];
	return found;
}

/* Takes a place among the claims that wait; false when there is none. */
static bool
queue(struct web_claim *claim)
{
	bool room;

	claim->work = arena_alloc(claim->arena, sizeof *claim->work);
	pthread_mutex_lock(&memory.lock);
	room = claim->work && memory.claims < CLAIMS_MAX;
	memory.claims += room;
	pthread_mutex_unlock(&memory.lock);
	return room;
}

enum web_access
web_users_access(struct web *web, slice header, struct web_claim **claim)
{
	enum web_access access = WEB_DENIED;
	struct arena *arena;
	struct web_claim *new;
	struct str decoded;
	slice user, password;

	if (web->user_count == 0)
		return WEB_GRANTED;
	if (!header.at || !(arena = arena_new(CLAIM_CEILING)))
		return WEB_DENIED;
	decoded = str_in(arena);
	if ((new = arena_alloc(arena, sizeof *new)) && parse(header, &decoded, &user, &password)) {
		new->arena = arena;
		new->user = known(web, user);
		new->password = password.at;
		if (digest(new, user, password))
			access = recall(new);
		if (access == WEB_UNKNOWN && !queue(new))
			access = WEB_LIMITED;
	}
	if (access == WEB_UNKNOWN)
		*claim = new;
	else
		arena_free(arena);
	return access;
}

/* A hash that nobody compares: for the time it takes. */
static void
burn(struct web_claim *claim, unsigned cost)
{
	char setting[] = "$2b$00$......................";

	setting[4] = (char)('0' + cost / 10);
	setting[5] = (char)('0' + cost % 10);
	crypt_rn(claim->password, setting, claim->work, sizeof *claim->work);
}

static bool
bcrypt(const struct web *web, struct web_claim *claim)
{
	bool right = false;
	const char *hash;

	if (!claim->user) {
		burn(claim, web->cost);
		return false;
	}
	/*
	 * Not crypt_r(): the sanitizers have one of their own, so that the library is left out, and
	 * then they call nothing.
	 */
	hash = crypt_rn(claim->password, claim->user->hash, claim->work, sizeof *claim->work);
	/* Unused bits in the last character of the salt are cleared: hash with hash only. */
	if (hash && strlen(hash) == HASH_LENGTH)
		right = gnutls_memcmp(hash + SETTING_LENGTH, claim->user->hash + SETTING_LENGTH,
		            HASH_LENGTH - SETTING_LENGTH)
		    == 0;
	for (unsigned cost = claim->user->cost; cost < web->cost; cost++)
		burn(claim, cost);
	return right;
}

bool
web_verify(struct web *web, struct web_claim *claim)
{
	enum web_access access;

	pthread_mutex_lock(&memory.turn);
	access = recall(claim); /* the same may have been looked at meanwhile */
	if (access == WEB_UNKNOWN) {
		access = bcrypt(web, claim) ? WEB_GRANTED : WEB_DENIED;
		remember(claim, access == WEB_GRANTED);
	}
	pthread_mutex_unlock(&memory.turn);
	pthread_mutex_lock(&memory.lock);
	memory.claims--;
	pthread_mutex_unlock(&memory.lock);
	arena_free(claim->arena);
	return access == WEB_GRANTED;
}
