/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A throwaway certification authority: certificates as a plan describes them, revocation lists,
 * OCSP responses. Nothing of it outlives the process but the files in the state directory, whose
 * keys are of no worth to anybody.
 */
#ifndef SANDBOX_PKI_H
#define SANDBOX_PKI_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

struct pki;

enum pki_issuer { BY_CA, BY_ITSELF, BY_OTHER_CA, BY_INTERMEDIATE };
enum pki_names { NAMES_ALL, NAMES_OTHER, NAMES_NONE, NAMES_WILDCARD };

struct pki_plan {
	long from, to;                  /* seconds from now */
	enum pki_issuer issuer;
	enum pki_names names;
	bool for_clients;               /* not for servers */
	bool weak;
	long issuer_to;                 /* when an intermediate ends, seconds from now */
};

struct pki_identity {
	X509 *certificate, *issuer;     /* the issuer is to be sent along, or NULL */
	EVP_PKEY *key;
};

#define DAY 86400L

/* NULL if OpenSSL fails, which it does not. */
struct pki *pki_new(const char *hostname);
void pki_free(struct pki *p);
X509 *pki_ca(const struct pki *p);
bool pki_issue(struct pki *p, const struct pki_plan *plan, struct pki_identity *made);
void pki_identity_free(struct pki_identity *i);
/* An OCSP response about a certificate of the CA, DER, to be freed by OPENSSL_free. */
bool pki_ocsp(struct pki *p, X509 *certificate, bool revoked, bool stale, unsigned char **der,
    int *len);
/* ca.pem, client.pem, client.key, crl-clean.pem, crl-revoked.pem; the last of these revokes each
 * server certificate issued so far. On failure the name of the file is left in errno's company. */
const char *pki_write(struct pki *p, const char *folder, const char *client);

#endif
