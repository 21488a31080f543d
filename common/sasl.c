/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The SASL mechanisms (RFC 4422). Each is a function that answers the challenge of one turn; what
 * all have in common (who speaks first, how many turns there are, how long a challenge may be, what
 * running out of memory means) is looked at once, in sasl_step(). SCRAM has a file of its own.
 *
 * What may surprise: user name and password are prepared (SASLprep, RFC 4013) only where they are
 * not ASCII, and taken as they are where they cannot be prepared: a server with such an account has
 * stored those bytes.
 */
#include "sasl.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stringprep.h>
#include <sys/random.h>

#include "b64.h"
#include "scram.h"

/* What fits the longest line of base64 that RFC 4954 section 4 allows, 12,288 octets. */
enum { CHALLENGE_LIMIT = 9216 };

enum {
	SCRAM_SHA_256_PLUS,
	SCRAM_SHA_256,
	SCRAM_SHA_1_PLUS,
	SCRAM_SHA_1,
	CRAM_MD5,
	PLAIN,
	LOGIN,
	EXTERNAL,
	OAUTHBEARER,
	XOAUTH2,
	MECHANISMS
};

const struct sasl_mechanism sasl_mechanisms[] = {
	[SCRAM_SHA_256_PLUS] = { .name = "SCRAM-SHA-256-PLUS",
	    .password = true,
	    .user = true,
	    .initial = true,
	    .binding = true },
	[SCRAM_SHA_256] = { .name = "SCRAM-SHA-256",
	    .password = true,
	    .user = true,
	    .initial = true },
	[SCRAM_SHA_1_PLUS] = { .name = "SCRAM-SHA-1-PLUS",
	    .password = true,
	    .user = true,
	    .initial = true,
	    .binding = true },
	[SCRAM_SHA_1] = { .name = "SCRAM-SHA-1", .password = true, .user = true, .initial = true },
	[CRAM_MD5] = { .name = "CRAM-MD5", .password = true, .user = true, .revealing = true },
	[PLAIN] = { .name = "PLAIN",
	    .password = true,
	    .user = true,
	    .initial = true,
	    .revealing = true },
	[LOGIN] = { .name = "LOGIN",
	    .password = true,
	    .user = true,
	    .revealing = true,
	    .prompting = true },
	[EXTERNAL] = { .name = "EXTERNAL", .certificate = true, .initial = true },
	[OAUTHBEARER] = { .name = "OAUTHBEARER",
	    .token = true,
	    .initial = true,
	    .revealing = true },
	[XOAUTH2] = { .name = "XOAUTH2",
	    .token = true,
	    .user = true,
	    .initial = true,
	    .revealing = true },
	[MECHANISMS] = { .name = NULL },
};

struct sasl {
	struct arena *arena;
	const struct sasl_mechanism *mechanism;
	struct sasl_credentials credentials;
	struct scram scram;
	unsigned
	    turn;  /* how many challenges were answered, the missing one of a client-first too */
	bool over; /* a turn has failed */
	bool sensitive;
	slice error;
};

static enum cause
refuse(struct sasl *sasl, enum cause cause, slice why)
{
	sasl->error = why;
	return cause;
}

static enum cause
scram(struct sasl *sasl, slice challenge, struct str *answer)
{
	if (sasl->turn == 0)
		return scram_first(&sasl->scram, answer, &sasl->error);
	if (sasl->turn == 2)
		return scram_verify(&sasl->scram, challenge, &sasl->error);
	/* The proof can be tried against a list of passwords by whoever has read both sides. */
	sasl->sensitive = true;
	return scram_final(&sasl->scram, challenge, answer, &sasl->error);
}

/* RFC 2195: the user name, a blank, the challenge's HMAC under the password in lower-case hex. */
static enum cause
cram_md5(struct sasl *sasl, slice challenge, struct str *answer)
{
	slice user = sasl->credentials.user, password = sasl->credentials.password;
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned n;

	if (challenge.n == 0)
		return refuse(sasl, CAUSE_PROTOCOL, S("an empty CRAM-MD5 challenge"));
	if (!HMAC(EVP_md5(), password.at ? password.at : "", (int)password.n,
	        (const unsigned char *)challenge.at, challenge.n, mac, &n))
		return refuse(sasl, CAUSE_LOCAL, S("OpenSSL cannot compute this hash"));
	str_add(answer, user);
	str_addc(answer, ' ');
	for (unsigned i = 0; i < n; i++)
		str_addf(answer, "%02x", mac[i]);
	OPENSSL_cleanse(mac, sizeof mac);
	sasl->sensitive = true;
	return CAUSE_NONE;
}

static bool
has(slice s, char c)
{
	return s.n > 0 && memchr(s.at, c, s.n);
}

/* RFC 4616: message = [authzid] NUL authcid NUL passwd; without authzid one acts as oneself. */
static enum cause
plain(struct sasl *sasl, slice challenge, struct str *answer)
{
	slice user = sasl->credentials.user, password = sasl->credentials.password;

	(void)challenge;
	if (has(user, '\0') || has(password, '\0'))
		return refuse(sasl, CAUSE_USAGE, S("PLAIN cannot carry a NUL"));
	str_addc(answer, '\0');
	str_add(answer, user);
	str_addc(answer, '\0');
	str_add(answer, password);
	sasl->sensitive = true;
	return CAUSE_NONE;
}

/* Never standardized (draft-murchison-sasl-login): servers word their prompts as they please. */
static enum cause
login(struct sasl *sasl, slice challenge, struct str *answer)
{
	(void)challenge;
	sasl->sensitive = sasl->turn == 1;
	str_add(answer, sasl->turn == 0 ? sasl->credentials.user : sasl->credentials.password);
	return CAUSE_NONE;
}

/* RFC 4422 appendix A: the identity to act as, empty for the one of the certificate. */
static enum cause
external(struct sasl *sasl, slice challenge, struct str *answer)
{
	(void)challenge;
	if (has(sasl->credentials.user, '\0'))
		return refuse(sasl, CAUSE_USAGE, S("EXTERNAL cannot carry a NUL"));
	str_add(answer, sasl->credentials.user);
	return CAUSE_NONE;
}

/* The separator of both OAuth mechanisms must not come out of what an option says. */
static bool
bearable(const struct sasl *sasl)
{
	const struct sasl_credentials *c = &sasl->credentials;

	return !has(c->user, '\1') && !has(c->user, '\0') && !has(c->host, '\1')
	    && !has(c->token, '\1') && !has(c->token, '\0');
}

/* RFC 7628 section 3.1; an error challenge is answered by the separator alone (section 3.2.3). */
static enum cause
oauthbearer(struct sasl *sasl, slice challenge, struct str *answer)
{
	const struct sasl_credentials *c = &sasl->credentials;

	if (sasl->turn == 1) {
		str_addc(answer, '\1');
		return refuse(sasl, CAUSE_NONE, arena_copy(sasl->arena, challenge));
	}
	if (!bearable(sasl))
		return refuse(sasl, CAUSE_USAGE, S("OAUTHBEARER cannot carry control characters"));
	str_addz(answer, "n,");
	if (c->user.n > 0) {
		str_addz(answer, "a=");
		scram_saslname(answer, c->user);
	}
	str_addz(answer, ",\1");
	if (c->host.n > 0) {
		str_addz(answer, "host=");
		str_add(answer, c->host);
		str_addc(answer, '\1');
	}
	if (c->port > 0)
		str_addf(answer, "port=%u\1", c->port);
	str_addz(answer, "auth=Bearer ");
	str_add(answer, c->token);
	str_addz(answer, "\1\1");
	sasl->sensitive = true;
	return CAUSE_NONE;
}

/* Google's and Microsoft's forerunner of OAUTHBEARER; its error challenge gets an empty answer. */
static enum cause
xoauth2(struct sasl *sasl, slice challenge, struct str *answer)
{
	if (sasl->turn == 1)
		return refuse(sasl, CAUSE_NONE, arena_copy(sasl->arena, challenge));
	if (!bearable(sasl))
		return refuse(sasl, CAUSE_USAGE, S("XOAUTH2 cannot carry control characters"));
	str_addz(answer, "user=");
	str_add(answer, sasl->credentials.user);
	str_addz(answer, "\1auth=Bearer ");
	str_add(answer, sasl->credentials.token);
	str_addz(answer, "\1\1");
	sasl->sensitive = true;
	return CAUSE_NONE;
}

static const struct dialogue {
	enum cause (*answer)(struct sasl *sasl, slice challenge, struct str *answer);
	unsigned turns;
	unsigned needed; /* turns until all is said that proves who we are */
	enum scram_hash hash;
} dialogues[MECHANISMS] = {
	[SCRAM_SHA_256_PLUS] = { .answer = scram,
	    .turns = 3,
	    .needed = 2,
	    .hash = SCRAM_HASH_SHA_256 },
	[SCRAM_SHA_256] = { .answer = scram, .turns = 3, .needed = 2, .hash = SCRAM_HASH_SHA_256 },
	[SCRAM_SHA_1_PLUS] = { .answer = scram, .turns = 3, .needed = 2, .hash = SCRAM_HASH_SHA_1 },
	[SCRAM_SHA_1] = { .answer = scram, .turns = 3, .needed = 2, .hash = SCRAM_HASH_SHA_1 },
	[CRAM_MD5] = { .answer = cram_md5, .turns = 1, .needed = 1 },
	[PLAIN] = { .answer = plain, .turns = 1, .needed = 1 },
	[LOGIN] = { .answer = login, .turns = 2, .needed = 2 },
	[EXTERNAL] = { .answer = external, .turns = 1, .needed = 1 },
	[OAUTHBEARER] = { .answer = oauthbearer, .turns = 2, .needed = 1 },
	[XOAUTH2] = { .answer = xoauth2, .turns = 2, .needed = 1 },
};

static const struct dialogue *
dialogue(const struct sasl *sasl)
{
	return &dialogues[sasl->mechanism - sasl_mechanisms];
}

const struct sasl_mechanism *
sasl_mechanism(slice name)
{
	for (const struct sasl_mechanism *m = sasl_mechanisms; m->name; m++)
		if (slice_eqi(name, slice_z(m->name)))
			return m;
	return NULL;
}

slice
sasl_prepare(struct arena *arena, slice s)
{
	/*
	 * NFKC makes one character of three octets eleven of up to three (U+FDFA): no other grows
	 * more.
	 */
	size_t size = s.n * 11 + 1, i = 0;
	char *buffer;

	while (i < s.n && (unsigned char)s.at[i] < 128)
		i++;
	if (i == s.n || has(s, '\0') || s.n > CHALLENGE_LIMIT
	    || !(buffer = arena_alloc(arena, size)))
		return arena_copy(arena, s);
	memcpy(buffer, s.at, s.n);
	if (stringprep(buffer, size, 0, stringprep_saslprep) != STRINGPREP_OK || !*buffer)
		return arena_copy(arena, s);
	return slice_z(buffer);
}

static slice
kept(struct arena *arena, slice s)
{
	return s.at ? arena_copy(arena, s) : s;
}

/* Tokens and the identities that go with them are opaque: RFC 7628 has nothing prepared. */
static void
keep_credentials(struct sasl *sasl, const struct sasl_credentials *from)
{
	struct arena *arena = sasl->arena;
	bool password = sasl->mechanism->password;

	sasl->credentials = *from;
	sasl->credentials.user = password && from->user.at ? sasl_prepare(arena, from->user)
	                                                   : kept(arena, from->user);
	sasl->credentials.password = password && from->password.at
	    ? sasl_prepare(arena, from->password)
	    : (slice){ NULL, 0 };
	sasl->credentials.token = kept(arena, from->token);
	sasl->credentials.host = kept(arena, from->host);
	sasl->credentials.binding_type = kept(arena, from->binding_type);
	sasl->credentials.binding_data = kept(arena, from->binding_data);
}

struct sasl *
sasl_start_nonce(struct arena *arena, const struct sasl_mechanism *mechanism,
    const struct sasl_credentials *credentials, slice nonce)
{
	struct sasl *sasl = arena_alloc(arena, sizeof *sasl);

	assert(!mechanism->binding || credentials->binding_type.at);
	if (!sasl)
		return NULL;
	sasl->arena = arena;
	sasl->mechanism = mechanism;
	keep_credentials(sasl, credentials);
	sasl->scram = (struct scram){
		.arena = arena,
		.hash = dialogue(sasl)->hash,
		.plus = mechanism->binding,
		.identity = sasl->credentials,
		.nonce = arena_copy(arena, nonce),
	};
	return arena_failed(arena) ? NULL : sasl;
}

struct sasl *
sasl_start(struct arena *arena, const struct sasl_mechanism *mechanism,
    const struct sasl_credentials *credentials)
{
	unsigned char random[18];
	struct str nonce = str_in(arena);

	if (dialogues[mechanism - sasl_mechanisms].answer != scram)
		return sasl_start_nonce(arena, mechanism, credentials, S(""));
	/* Base64 without padding has no comma, which a nonce must not have. */
	if (getrandom(random, sizeof random, GRND_NONBLOCK) != sizeof random)
		return NULL;
	b64_encode(&nonce, (slice){ (const char *)random, sizeof random });
	return sasl_start_nonce(arena, mechanism, credentials, str_slice(&nonce));
}

static enum cause
turn(struct sasl *sasl, slice challenge, struct str *answer)
{
	if (sasl->over || sasl->turn >= dialogue(sasl)->turns)
		return refuse(
		    sasl, CAUSE_PROTOCOL, S("the server asks for more than the mechanism has"));
	if (challenge.n > CHALLENGE_LIMIT)
		return refuse(sasl, CAUSE_PROTOCOL,
		    str_f(sasl->arena, "a challenge of more than %d octets", CHALLENGE_LIMIT));
	if (sasl->turn == 0 && sasl->mechanism->initial && challenge.n > 0)
		return refuse(sasl, CAUSE_PROTOCOL, S("a challenge where the client speaks first"));
	return dialogue(sasl)->answer(sasl, challenge, answer);
}

enum cause
sasl_step(struct sasl *sasl, slice challenge, struct str *response)
{
	struct str answer = str_in(sasl->arena);
	enum cause cause;

	sasl->sensitive = false;
	sasl->error = (slice){ NULL, 0 };
	cause = turn(sasl, challenge, &answer);
	if (cause == CAUSE_NONE && !arena_failed(sasl->arena))
		str_add(response, str_slice(&answer));
	if (arena_failed(sasl->arena) || arena_failed(response->arena))
		cause = refuse(sasl, CAUSE_LOCAL, S("out of memory"));
	sasl->turn++;
	sasl->over |= cause != CAUSE_NONE;
	return cause;
}

bool
sasl_sensitive(const struct sasl *sasl)
{
	return sasl->sensitive;
}

bool
sasl_spoken(const struct sasl *sasl)
{
	return sasl->turn >= dialogue(sasl)->needed;
}

slice
sasl_proof(const struct sasl *sasl, slice response)
{
	size_t at = slice_find(response, S(",p="));

	if (dialogue(sasl)->answer == scram)
		return slice_skip(response, at + 3);
	if (dialogue(sasl)->answer == cram_md5 && response.n > 32)
		return slice_skip(response, response.n - 32); /* an MD5 in hex */
	return (slice){ NULL, 0 };
}

bool
sasl_proven(const struct sasl *sasl)
{
	return dialogue(sasl)->answer != scram || (sasl->scram.proven && !sasl->over);
}

slice
sasl_error(const struct sasl *sasl)
{
	return sasl->error;
}
