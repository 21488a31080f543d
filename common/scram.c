/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SCRAM (RFC 5802) with SHA-1 and SHA-256 (RFC 7677), with and without channel binding (RFC 5929,
 * RFC 9266), on OpenSSL's one-shot primitives: a SASL library would cost a check more start-up
 * time than the exchange itself. A message is taken apart by one function per grammar rule, the
 * arithmetic stands together in prove(). What may surprise: the server's signature is computed
 * together with our proof, so that the salted password need not be kept between the turns.
 */
#include "scram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "b64.h"

/*
 * An iteration costs half a microsecond or one, and no deadline is looked at while they run:
 * 200,000 take a tenth of a second or two. Servers use 4,096 to 15,000 (RFC 5802 section 5.1,
 * RFC 7677 section 4).
 */
enum { ITERATION_LIMIT = 200000 };

struct first {
	slice nonce;
	slice salt;
	int iterations;
};

static enum cause
refuse(slice *error, enum cause cause, slice why)
{
	*error = why;
	return cause;
}

static const EVP_MD *
digest(enum scram_hash hash)
{
	return hash == SCRAM_HASH_SHA_1 ? EVP_sha1() : EVP_sha256();
}

static size_t
digest_size(enum scram_hash hash)
{
	return hash == SCRAM_HASH_SHA_1 ? 20 : 32;
}

/*
 * gs2-header = gs2-cbind-flag "," [ authzid ] ","
 * The flag "y" lets a server that does offer a -PLUS form see that somebody took it off the list on
 * its way to us (RFC 5802 section 6).
 */
static void
gs2_header(const struct scram *scram, struct str *out)
{
	if (scram->plus) {
		str_addz(out, "p=");
		str_add(out, scram->identity.binding_type);
	} else {
		bool seen = scram->identity.binding_type.at && !scram->identity.plus_offered;

		str_addc(out, seen ? 'y' : 'n');
	}
	str_addz(out, ",,");
}

void
scram_saslname(struct str *out, slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.at[i] == ',')
			str_addz(out, "=2C");
		else if (name.at[i] == '=')
			str_addz(out, "=3D");
		else
			str_addc(out, name.at[i]);
	}
}

enum cause
scram_first(struct scram *scram, struct str *answer, slice *error)
{
	struct str bare = str_in(scram->arena);

	if (slice_find(scram->identity.user, (slice){ "", 1 }) < scram->identity.user.n)
		return refuse(error, CAUSE_USAGE, S("a user name cannot have a NUL in it"));
	str_addz(&bare, "n=");
	scram_saslname(&bare, scram->identity.user);
	str_addz(&bare, ",r=");
	str_add(&bare, scram->nonce);
	scram->first_bare = str_slice(&bare);
	gs2_header(scram, answer);
	str_add(answer, scram->first_bare);
	return CAUSE_NONE;
}

static bool
alpha(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* attr-val = ALPHA "=" value, taken off the front of `rest` together with the comma behind it. */
static bool
attribute(slice *rest, char *name, slice *value)
{
	slice whole;

	if (!rest->at)
		return false;
	whole = slice_cut(rest, ',');
	if (whole.n < 2 || !alpha(whole.at[0]) || whole.at[1] != '=')
		return false;
	*name = whole.at[0];
	*value = slice_skip(whole, 2);
	return true;
}

/* The attribute that must come next. */
static bool
expected(slice *rest, char name, slice *value)
{
	char found;

	return attribute(rest, &found, value) && found == name;
}

/* extensions: passed over, but for those that must not be (m=, RFC 5802 section 5.1). */
static bool
extensions(slice rest)
{
	char name;
	slice value;

	while (rest.at)
		if (!attribute(&rest, &name, &value) || name == 'm'
		    || memchr(value.at, '\0', value.n))
			return false;
	return true;
}

/* nonce = "r=" 1*( %x21-2B / %x2D-7E ) */
static bool
printable(slice nonce)
{
	for (size_t i = 0; i < nonce.n; i++)
		if (nonce.at[i] < 0x21 || nonce.at[i] > 0x7e)
			return false;
	return nonce.n > 0;
}

/* salt = "s=" base64 */
static bool
salt(struct arena *arena, slice text, slice *bytes)
{
	struct str decoded = str_in(arena);

	if (text.n == 0 || !b64_decode(&decoded, text))
		return false;
	*bytes = str_slice(&decoded);
	return true;
}

/* iteration-count = "i=" posit-number, which does not begin with a zero */
static bool
iteration_count(slice text, int *iterations)
{
	uint64_t number;

	if (slice_starts(text, S("0")) || !slice_number(text, ITERATION_LIMIT, &number))
		return false;
	*iterations = (int)number;
	return true;
}

/*
 * server-first-message = [ reserved-mext "," ] nonce "," salt "," iteration-count
 *     [ "," extensions ]
 */
static enum cause
server_first(struct scram *scram, slice message, struct first *first, slice *error)
{
	slice rest = message, text;

	if (slice_starts(message, S("m=")))
		return refuse(error, CAUSE_PROTOCOL, S("the server demands a SCRAM extension"));
	if (!expected(&rest, 'r', &first->nonce) || !printable(first->nonce))
		return refuse(error, CAUSE_PROTOCOL, S("no nonce where SCRAM has it"));
	if (!expected(&rest, 's', &text) || !salt(scram->arena, text, &first->salt))
		return refuse(error, CAUSE_PROTOCOL, S("no valid salt where SCRAM has it"));
	if (!expected(&rest, 'i', &text) || !iteration_count(text, &first->iterations))
		return refuse(error, CAUSE_PROTOCOL,
		    str_f(scram->arena, "no SCRAM iteration count from 1 to %d", ITERATION_LIMIT));
	if (!extensions(rest))
		return refuse(error, CAUSE_PROTOCOL, S("a malformed or mandatory SCRAM extension"));
	if (!slice_starts(first->nonce, scram->nonce) || first->nonce.n == scram->nonce.n)
		return refuse(
		    error, CAUSE_AUTH_SERVER, S("the server's SCRAM nonce does not extend ours"));
	return CAUSE_NONE;
}

/* client-final-message-without-proof = channel-binding "," nonce */
static void
without_proof(const struct scram *scram, slice nonce, struct str *out)
{
	struct str binding = str_in(scram->arena);

	gs2_header(scram, &binding);
	if (scram->plus)
		str_add(&binding, scram->identity.binding_data);
	str_addz(out, "c=");
	b64_encode(out, str_slice(&binding));
	str_addz(out, ",r=");
	str_add(out, nonce);
}

static bool
keyed(const struct scram *scram, const unsigned char *key, slice text, unsigned char *out)
{
	return HMAC(digest(scram->hash), key, (int)digest_size(scram->hash),
	           (const unsigned char *)text.at, text.n, out, NULL)
	    != NULL;
}

/*
 * The formulas of RFC 5802 section 3: ClientProof into `proof`, ServerSignature into the exchange.
 * False when OpenSSL refuses (a policy without SHA-1).
 */
static bool
prove(struct scram *scram, const struct first *first, slice auth_message, unsigned char *proof)
{
	struct {
		unsigned char salted[SCRAM_DIGEST_MAX], client[SCRAM_DIGEST_MAX];
		unsigned char stored[SCRAM_DIGEST_MAX], server[SCRAM_DIGEST_MAX];
	} key;
	size_t size = digest_size(scram->hash);
	const EVP_MD *md = digest(scram->hash);
	slice password = scram->identity.password;
	bool done;

	done = PKCS5_PBKDF2_HMAC(password.at ? password.at : "", (int)password.n,
	           (const unsigned char *)first->salt.at, (int)first->salt.n, first->iterations, md,
	           (int)size, key.salted)
	        == 1
	    && keyed(scram, key.salted, S("Client Key"), key.client)
	    && EVP_Digest(key.client, size, key.stored, NULL, md, NULL) == 1
	    && keyed(scram, key.stored, auth_message, proof)
	    && keyed(scram, key.salted, S("Server Key"), key.server)
	    && keyed(scram, key.server, auth_message, scram->signature);
	for (size_t i = 0; done && i < size; i++)
		proof[i] ^= key.client[i];
	OPENSSL_cleanse(&key, sizeof key);
	return done;
}

enum cause
scram_final(struct scram *scram, slice challenge, struct str *answer, slice *error)
{
	struct first first;
	struct str unproven = str_in(scram->arena), auth_message = str_in(scram->arena);
	unsigned char proof[SCRAM_DIGEST_MAX];
	enum cause cause = server_first(scram, challenge, &first, error);

	if (cause != CAUSE_NONE)
		return cause;
	without_proof(scram, first.nonce, &unproven);
	str_add(&auth_message, scram->first_bare);
	str_addc(&auth_message, ',');
	str_add(&auth_message, challenge);
	str_addc(&auth_message, ',');
	str_add(&auth_message, str_slice(&unproven));
	if (!prove(scram, &first, str_slice(&auth_message), proof))
		return refuse(error, CAUSE_LOCAL, S("OpenSSL cannot compute this hash"));
	str_add(answer, str_slice(&unproven));
	str_addz(answer, ",p=");
	b64_encode(answer, (slice){ (const char *)proof, digest_size(scram->hash) });
	OPENSSL_cleanse(proof, sizeof proof);
	return CAUSE_NONE;
}

/* server-final-message = ( "e=" server-error-value / "v=" base64 ) [ "," extensions ] */
enum cause
scram_verify(struct scram *scram, slice challenge, slice *error)
{
	struct str signature = str_in(scram->arena);
	slice rest = challenge, value;
	char name;

	if (challenge.n == 0)
		return refuse(error, CAUSE_AUTH_SERVER, S("the server shows no SCRAM signature"));
	if (!attribute(&rest, &name, &value) || (name != 'e' && name != 'v') || !extensions(rest))
		return refuse(
		    error, CAUSE_PROTOCOL, S("neither a SCRAM signature nor a SCRAM error"));
	if (name == 'e')
		return refuse(error, CAUSE_NONE, arena_copy(scram->arena, value));
	if (!b64_decode(&signature, value))
		return refuse(error, CAUSE_PROTOCOL, S("a SCRAM signature that is not base64"));
	if (signature.n != digest_size(scram->hash)
	    || CRYPTO_memcmp(signature.at, scram->signature, signature.n) != 0)
		return refuse(error, CAUSE_AUTH_SERVER, S("the server's SCRAM signature is wrong"));
	scram->proven = true;
	return CAUSE_NONE;
}
