/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines of the file, and the file:
 *
 *     line = whose SP origin SP obtained SP expires SP access SP refresh SP check LF
 *
 * `access` and `refresh` are in base64, "-" for none; `check` begins the digest of all before it,
 * so that damage is seen. A line that cannot be read is left where it is: it may hold somebody's
 * only refresh token. The lock is flock(2)'s, which belongs to a descriptor: POSIX locks would not
 * keep the threads of a process apart.
 */
#include "oauth_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "b64.h"

enum { CHECK_DIGITS = 16, FILE_MAX = 1 << 20, ROOM = 65536 };

static const slice MISSING = { NULL, 0 };

bool
oauth_digest(struct arena *arena, const slice *parts, size_t n, slice *digest)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	struct str text = str_in(arena), hex = str_in(arena);
	unsigned size = 0;

	for (size_t i = 0; i < n; i++) {
		str_add(&text, parts[i]);
		str_addc(&text, '\0');
	}
	if (!EVP_Digest(str_z(&text), text.n, bytes, &size, EVP_sha256(), NULL))
		return false;
	for (unsigned i = 0; i < size; i++)
		str_addf(&hex, "%02x", bytes[i]);
	*digest = str_slice(&hex);
	return true;
}

/* What stands at the end of a line that begins so; missing without SHA-256. */
static slice
check_of(struct arena *arena, slice begin)
{
	slice digest;

	return oauth_digest(arena, &begin, 1, &digest) ? slice_head(digest, CHECK_DIGITS) : MISSING;
}

static bool
token(struct arena *arena, slice field, slice *token)
{
	struct str decoded = str_in(arena);

	*token = MISSING;
	if (slice_eq(field, S("-")))
		return true;
	if (field.n == 0 || !b64_decode(&decoded, field))
		return false;
	*token = str_slice(&decoded);
	return true;
}

static bool
moment(slice field, time_t *moment)
{
	uint64_t number;

	if (!slice_number(field, INT64_MAX, &number))
		return false;
	*moment = (time_t)number;
	return true;
}

/* One line, without its line end. */
static bool
line(struct arena *arena, slice text, struct oauth_key *key, struct oauth_entry *entry)
{
	slice rest = text;

	key->whose = slice_cut(&rest, ' ');
	key->origin = slice_cut(&rest, ' ');
	if (slice_eq(key->origin, S("-")))
		key->origin = MISSING;
	if (!moment(slice_cut(&rest, ' '), &entry->obtained)
	    || !moment(slice_cut(&rest, ' '), &entry->expires)
	    || !token(arena, slice_cut(&rest, ' '), &entry->access)
	    || !token(arena, slice_cut(&rest, ' '), &entry->refresh) || rest.n != CHECK_DIGITS)
		return false;
	return slice_eq(rest, check_of(arena, slice_head(text, text.n - CHECK_DIGITS - 1)));
}

/* Takes off the next line that is not empty; missing at the end. */
static slice
next_line(slice *rest)
{
	slice text = MISSING;

	while (rest->n > 0 && text.n == 0)
		text = slice_cut(rest, '\n');
	return text.n > 0 ? text : MISSING;
}

enum oauth_found
oauth_find(
    struct arena *arena, slice content, const struct oauth_key *key, struct oauth_entry *entry)
{
	enum oauth_found found = OAUTH_NONE;
	slice text;

	while ((text = next_line(&content)).at) {
		struct oauth_key its;
		struct oauth_entry read;

		if (!line(arena, text, &its, &read))
			found = OAUTH_DAMAGED;
		else if (slice_eq(its.whose, key->whose)) {
			if (!slice_eq(its.origin, key->origin))
				return OAUTH_NONE;
			*entry = read;
			return OAUTH_ENTRY;
		}
	}
	return found;
}

static void
add_token(struct str *out, slice token)
{
	str_addc(out, ' ');
	if (token.n > 0)
		b64_encode(out, token);
	else
		str_addc(out, '-');
}

static void
add_line(struct str *out, const struct oauth_key *key, const struct oauth_entry *entry)
{
	struct str text = str_in(out->arena);
	slice check;

	str_add(&text, key->whose);
	str_addc(&text, ' ');
	str_add(&text, key->origin.at ? key->origin : S("-"));
	str_addf(&text, " %lld %lld", (long long)entry->obtained, (long long)entry->expires);
	add_token(&text, entry->access);
	add_token(&text, entry->refresh);
	check = check_of(out->arena, str_slice(&text));
	str_add(out, str_slice(&text));
	str_addc(out, ' ');
	str_add(out, check);
	str_addc(out, '\n');
}

slice
oauth_replaced(struct arena *arena, slice content, const struct oauth_key *key,
    const struct oauth_entry *entry)
{
	struct str out = str_in(arena);
	slice text;

	while ((text = next_line(&content)).at) {
		slice rest = text;

		if (slice_eq(slice_cut(&rest, ' '), key->whose))
			continue;
		str_add(&out, text);
		str_addc(&out, '\n');
	}
	add_line(&out, key, entry);
	return str_slice(&out);
}

static bool
complain(struct str *error, const char *place, const char *what)
{
	str_addf(error, "%s: %s", place, what);
	return false;
}

bool
oauth_cache_open(
    struct oauth_cache *cache, struct arena *arena, const char *path, struct str *error)
{
	struct stat st;

	*cache = (struct oauth_cache){ .arena = arena, .lock = -1, .fresh = -1 };
	if (!file_state(arena, path, &cache->place, error))
		return false;
	if (stat(cache->place, &st) != 0)
		return complain(error, cache->place, strerror(errno));
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return complain(error, cache->place, "others may read it: chmod 600 it");
	return true;
}

static const char *
beside(const struct oauth_cache *cache, const char *end)
{
	return str_f(cache->arena, "%s%s", cache->place, end).at;
}

void
oauth_cache_close(struct oauth_cache *cache)
{
	if (cache->fresh >= 0) {
		const char *left = beside(cache, ".new");

		close(cache->fresh);
		if (left)
			unlink(left);
	}
	if (cache->lock >= 0)
		close(cache->lock);
	cache->lock = cache->fresh = -1;
}

bool
oauth_cache_read(struct oauth_cache *cache, slice *content, struct str *error)
{
	return file_read(cache->arena, cache->place, FILE_MAX, content, error);
}

bool
oauth_cache_lock(struct oauth_cache *cache, bool *held, struct str *error)
{
	const char *name = beside(cache, ".lock"), *place;

	if (cache->lock < 0) {
		if (!name || !file_state(cache->arena, name, &place, error))
			return false;
		cache->lock = open(place, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (cache->lock < 0)
			return complain(error, place, strerror(errno));
	}
	*held = flock(cache->lock, LOCK_EX | LOCK_NB) == 0;
	return *held || errno == EWOULDBLOCK || errno == EINTR
	    || complain(error, name, strerror(errno));
}

bool
oauth_cache_prepare(struct oauth_cache *cache, struct str *error)
{
	const char *name = beside(cache, ".new");
	struct stat st;
	int why;

	if (!name || stat(cache->place, &st) != 0)
		return complain(error, cache->place, strerror(errno));
	unlink(name); /* of a run that was killed: we have the lock */
	cache->fresh = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (cache->fresh < 0)
		return complain(error, name, strerror(errno));
	why = posix_fallocate(cache->fresh, 0, st.st_size + ROOM);
	return why == 0 || why == EOPNOTSUPP || why == EINVAL
	    || complain(error, name, strerror(why));
}

static bool
put(int fd, slice bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.at, bytes.n);

		if (n < 0 && errno != EINTR)
			return false;
		bytes = slice_skip(bytes, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* A name that was given is on the disk when its folder is. */
static bool
sync_folder(const struct oauth_cache *cache)
{
	slice folder = slice_z(cache->place);
	const char *path;
	bool done;
	int fd;

	while (folder.n > 1 && folder.at[folder.n - 1] != '/')
		folder.n--;
	path = arena_copy(cache->arena, folder).at;
	fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
	if (fd >= 0)
		close(fd);
	return done;
}

bool
oauth_cache_write(struct oauth_cache *cache, slice content, struct str *error)
{
	const char *name = beside(cache, ".new");
	bool kept;

	if (!name || arena_failed(cache->arena))
		return complain(error, cache->place, "there is no memory for it");
	kept = put(cache->fresh, content) && ftruncate(cache->fresh, (off_t)content.n) == 0
	    && fsync(cache->fresh) == 0 && rename(name, cache->place) == 0;
	if (!kept)
		return complain(error, name, strerror(errno));
	close(cache->fresh);
	cache->fresh = -1;
	return sync_folder(cache) || complain(error, cache->place, strerror(errno));
}
