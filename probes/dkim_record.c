/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The record of a DKIM key: RFC 6376 section 3.6.1, RFC 8301, RFC 8463. What may surprise: an RSA
 * key is taken in two forms, as SubjectPublicKeyInfo, which all the world publishes and the RFC's
 * own examples have, and as the bare RSAPublicKey that its text asks for; and padding of its base64
 * may be missing, as it may by the ABNF.
 */
#include "dkim_record.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "b64.h"

enum { ED25519_OCTETS = 32 };

static void
unusable(struct dkim_record *dkim, slice why)
{
	dkim->use = DKIM_UNUSABLE;
	dkim->error = why;
}

static void
broken(struct dkim_record *dkim, slice why)
{
	dkim->status = TXT_BROKEN;
	unusable(dkim, why);
}

/* Whether a list "a:b:c" with blanks around its words has the word. */
static bool
listed(slice list, slice word)
{
	while (list.at)
		if (slice_eq(slice_trim(slice_cut(&list, ':')), word))
			return true;
	return false;
}

/*
 * base64string = ALPHADIGITPS *([FWS] ALPHADIGITPS) [ [FWS] "=" [ [FWS] "=" ] ]
 *
 * False where it is none, or longer than any key.
 */
static bool
base64string(struct arena *arena, slice text, slice *der)
{
	struct str plain = str_in(arena), out = str_in(arena);

	if (text.n > 2 * DKIM_KEY_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i] != ' ' && text.at[i] != '\t')
			str_addc(&plain, text.at[i]);
	if (slice_find(str_slice(&plain), S("=")) == plain.n)
		while (plain.n % 4 > 1)
			str_addc(&plain, '=');
	if (!b64_decode(&out, str_slice(&plain)) || out.n == 0 || out.n > DKIM_KEY_MAX)
		return false;
	*der = str_slice(&out);
	return true;
}

/* Either form, with nothing behind it. */
static EVP_PKEY *
rsa_key(slice der)
{
	const unsigned char *begin = (const unsigned char *)der.at, *at = begin;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.n);

	if (!key) {
		at = begin;
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.n);
	}
	if (key && at == begin + der.n && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static void
rsa(struct arena *arena, slice der, struct dkim_record *dkim)
{
	EVP_PKEY *key = rsa_key(der);

	if (!key) {
		ERR_clear_error();
		broken(dkim, S("p= is no RSA key"));
		return;
	}
	dkim->bits = (unsigned)EVP_PKEY_get_bits(key);
	EVP_PKEY_free(key);
	ERR_clear_error();
	dkim->use = dkim->bits < DKIM_BITS_GOOD ? DKIM_WEAK : DKIM_USABLE;
	if (dkim->bits < DKIM_BITS_MIN)
		unusable(dkim,
		    str_f(arena, "its RSA key has %u bits, and verifiers want %d", dkim->bits,
		        DKIM_BITS_MIN));
	else if (dkim->use == DKIM_WEAK)
		dkim->error = str_f(
		    arena, "its RSA key has %u bits, fewer than %d", dkim->bits, DKIM_BITS_GOOD);
}

/* RFC 8463 section 4.2: the octets of RFC 8032, base64 of 256 bits, without any structure. */
static void
ed25519(slice octets, struct dkim_record *dkim)
{
	EVP_PKEY *key = octets.n == ED25519_OCTETS ? EVP_PKEY_new_raw_public_key(
	                    EVP_PKEY_ED25519, NULL, (const unsigned char *)octets.at, octets.n)
	                                           : NULL;

	if (!key) {
		ERR_clear_error();
		broken(dkim, S("p= is no Ed25519 key, which has 32 octets"));
		return;
	}
	EVP_PKEY_free(key);
	dkim->bits = 8 * ED25519_OCTETS;
	dkim->use = DKIM_USABLE;
}

/* An empty value means that this public key has been revoked. */
static void
public_key(struct arena *arena, slice p, struct dkim_record *dkim)
{
	slice key;

	if (p.n == 0) {
		dkim->use = DKIM_REVOKED;
		dkim->error = S("its key is revoked: p= is empty");
	} else if (!slice_eq(dkim->type, S("rsa")) && !slice_eq(dkim->type, S("ed25519"))) {
		unusable(dkim, S("k= is neither rsa nor ed25519"));
	} else if (!base64string(arena, p, &key)) {
		broken(dkim, S("p= is no base64"));
	} else if (slice_eq(dkim->type, S("rsa"))) {
		rsa(arena, key, dkim);
	} else {
		ed25519(key, dkim);
	}
}

/* What keeps verifiers from using a key that is in order; `use` is what there is without it. */
static void
restrictions(const struct txt_tags *tags, struct dkim_record *dkim)
{
	slice h = txt_value(tags, S("h")), s = txt_value(tags, S("s"));

	if (dkim->status != TXT_GOOD || dkim->use == DKIM_REVOKED || dkim->use == DKIM_UNUSABLE)
		return;
	if (h.at && !listed(h, S("sha256")))
		unusable(dkim, S("h= does not have sha256, and verifiers take no other"));
	else if (s.at && !listed(s, S("*")) && !listed(s, S("email")))
		unusable(dkim, S("s= has neither \"*\" nor email: it is not for mail"));
}

/*
 * key-v-tag = %x76 [FWS] "=" [FWS] %x44.4B.49.4D.31 ; if there, the first tag
 * key-k-tag = %x6b [FWS] "=" [FWS] key-k-tag-type    ; "rsa" without it
 */
static void
tags_of_key(struct arena *arena, slice record, struct dkim_record *dkim)
{
	struct txt_tags tags;
	slice v, k, p, t;

	txt_tags(record, &tags);
	v = txt_value(&tags, S("v"));
	k = txt_value(&tags, S("k"));
	p = txt_value(&tags, S("p"));
	t = txt_value(&tags, S("t"));
	dkim->type = k.at ? k : S("rsa");
	dkim->testing = listed(t, S("y"));
	dkim->same_domain = listed(t, S("s"));
	if (tags.fault)
		broken(dkim, txt_fault(arena, tags.field, tags.fault));
	else if (v.at && (!slice_eq(v, S("DKIM1")) || !slice_eq(tags.at[0].name, S("v"))))
		broken(dkim, S("v= is not DKIM1, or not the first tag"));
	else if (!p.at)
		broken(dkim, S("it has no p="));
	else
		public_key(arena, p, dkim);
	restrictions(&tags, dkim);
}

void
dkim_record_parse(struct arena *arena, const struct list *records, struct dkim_record *dkim)
{
	*dkim = (struct dkim_record){ .status = records->n > 0 ? TXT_GOOD : TXT_NONE };
	if (records->n == 1)
		tags_of_key(arena, records->items[0], dkim);
	else if (records->n == 0)
		dkim->error = S("there is no record");
	else
		broken(dkim, txt_several(arena, records->n));
}
