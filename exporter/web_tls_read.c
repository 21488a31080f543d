/* SPDX-License-Identifier: BSD-2-Clause */
/* tls_server_config: what stands there, and whether it makes sense together. */
#include "web_private.h"

#include "file.h"

enum { PEM_BYTES = 1 << 20, SAN_BYTES = 1024 };

static const char *const client_auths[] = {
	[CLIENT_AUTH_NONE] = "NoClientCert",
	[CLIENT_AUTH_REQUEST] = "RequestClientCert",
	[CLIENT_AUTH_REQUIRE_ANY] = "RequireAnyClientCert",
	[CLIENT_AUTH_VERIFY_GIVEN] = "VerifyClientCertIfGiven",
	[CLIENT_AUTH_REQUIRE_VERIFY] = "RequireAndVerifyClientCert",
};

static struct web_tls *
tls_of(void *into)
{
	return ((struct web_reader *)into)->web->tls;
}

bool
web_pem_text(const struct web_pem *pem, struct arena *arena, slice *text, struct str *error)
{
	if (pem->path)
		return file_read(arena, pem->path, PEM_BYTES, text, error);
	*text = pem->text;
	return true;
}

static bool
first_of_both(struct web_reader *r, struct web_pem *pem, const struct node *node)
{
	if (pem->node)
		return tree_wrong(
		    r->problems, node, "stands beside %s: write one of both", pem->node->key.at);
	pem->node = node;
	return true;
}

static bool
read_path(struct web_reader *r, struct web_pem *pem, const struct node *node)
{
	const char *name;

	if (!first_of_both(r, pem, node) || !tree_text(node, &name, r->problems))
		return false;
	pem->path = tree_file(r->problems, r->arena, name);
	return pem->path != NULL;
}

static bool
read_inline(struct web_reader *r, struct web_pem *pem, const struct node *node)
{
	if (!first_of_both(r, pem, node))
		return false;
	if (node->kind != NODE_SCALAR || slice_find(node->text, S("-----BEGIN ")) == node->text.n)
		return tree_wrong(r->problems, node, "is no PEM text: write -----BEGIN and so on");
	pem->text = node->text;
	return true;
}

static bool
read_cert(void *into, const struct node *node)
{
	return read_inline(into, &tls_of(into)->cert, node);
}

static bool
read_cert_file(void *into, const struct node *node)
{
	return read_path(into, &tls_of(into)->cert, node);
}

static bool
read_key(void *into, const struct node *node)
{
	return read_inline(into, &tls_of(into)->key, node);
}

static bool
read_key_file(void *into, const struct node *node)
{
	return read_path(into, &tls_of(into)->key, node);
}

static bool
read_client_ca(void *into, const struct node *node)
{
	return read_inline(into, &tls_of(into)->client_ca, node);
}

static bool
read_client_ca_file(void *into, const struct node *node)
{
	return read_path(into, &tls_of(into)->client_ca, node);
}

static bool
read_client_auth(void *into, const struct node *node)
{
	struct web_reader *r = into;
	struct str choice = str_in(r->arena);
	const char *word;

	r->web->tls->client_auth_node = node;
	if (!tree_text(node, &word, r->problems))
		return false;
	if (strcmp(word, "RequireClientCert") == 0) /* its older name */
		word = client_auths[CLIENT_AUTH_REQUIRE_ANY];
	for (size_t i = 0; i < sizeof client_auths / sizeof client_auths[0]; i++) {
		if (strcmp(word, client_auths[i]) == 0) {
			r->web->tls->client_auth = (enum client_auth)i;
			return true;
		}
		str_addf(&choice, "%s%s", i > 0 ? ", " : "", client_auths[i]);
	}
	return tree_wrong(r->problems, node, "is \"%.80s\": write one of %s", word, str_z(&choice));
}

static bool
read_sans(void *into, const struct node *node)
{
	struct web_reader *r = into;
	bool good = true;

	r->web->tls->sans_node = node;
	if (node->kind != NODE_LIST || !node->first)
		return tree_wrong(r->problems, node, "has no names: write - NAME for each");
	for (const struct node *item = node->first; item; item = item->next) {
		const char *name;

		if (!tree_text(item, &name, r->problems))
			good = false;
		else if (item->text.n > SAN_BYTES)
			good = tree_wrong(r->problems, item, "is longer than %d bytes", SAN_BYTES);
		else
			list_add(r->arena, &r->web->tls->sans, item->text);
	}
	return good;
}

static bool
read_server_order(void *into, const struct node *node)
{
	return tree_flag(
	    node, &tls_of(into)->suites.server_order, ((struct web_reader *)into)->problems);
}

/* Loads the CA that client certificates are judged by. */
static bool
settle_trust(struct web_reader *r, struct web_tls *tls)
{
	struct str error = str_in(r->arena);
	slice text;
	gnutls_datum_t pem;

	if (!tls->client_ca.node)
		return true;
	if (!web_pem_text(&tls->client_ca, r->arena, &text, &error))
		return tree_wrong(r->problems, tls->client_ca.node, "%s", str_z(&error));
	tls->client_ca.text = text;
	pem = (gnutls_datum_t){ (unsigned char *)text.at, (unsigned)text.n };
	if (gnutls_x509_trust_list_init(&tls->trust, 0) < 0) {
		tls->trust = NULL;
		return tree_wrong(r->problems, tls->client_ca.node, "there is no memory for it");
	}
	if (gnutls_x509_trust_list_add_trust_mem(tls->trust, &pem, NULL, GNUTLS_X509_FMT_PEM, 0, 0)
	    > 0)
		return true;
	gnutls_x509_trust_list_deinit(tls->trust, 1);
	tls->trust = NULL;
	return tree_wrong(r->problems, tls->client_ca.node, "%s%shas no certificate in it",
	    tls->client_ca.path ? tls->client_ca.path : "", tls->client_ca.path ? ": " : "");
}

/* Whether client certificates come to what they seem to. */
static bool
settle_clients(struct web_reader *r, struct web_tls *tls)
{
	bool verify = tls->client_auth >= CLIENT_AUTH_VERIFY_GIVEN, good = true;

	if (verify && !tls->client_ca.node)
		good = tree_wrong(r->problems, tls->client_auth_node,
		    "needs a CA to verify by: write client_ca_file");
	if (tls->client_ca.node && tls->client_auth == CLIENT_AUTH_NONE)
		good = tree_wrong(r->problems, tls->client_ca.node,
		    "is asked for by nobody: write client_auth_type: RequireAndVerifyClientCert");
	if (tls->sans_node && !verify)
		good = tree_wrong(r->problems, tls->sans_node,
		    "anybody can write any name into a certificate that is not verified: write "
		    "client_auth_type: RequireAndVerifyClientCert");
	return settle_trust(r, tls) && good;
}

/* Whether there is something to read: a wrong value has been told already. */
static bool
given(const struct web_pem *pem)
{
	return pem->path || pem->text.at;
}

static bool
settle_pair(struct web_reader *r, struct web_tls *tls, const struct node *node)
{
	bool good = true;

	if (!tls->cert.node)
		good = tree_wrong(r->problems, node, "cert_file is missing");
	if (!tls->key.node)
		good = tree_wrong(r->problems, node, "key_file is missing");
	return good && given(&tls->cert) && given(&tls->key) && web_pair_settle(r, tls);
}

bool
web_read_tls(void *reader, const struct node *node)
{
	static const struct tree_key keys[] = {
		{ "cert", read_cert },
		{ "key", read_key },
		{ "client_ca", read_client_ca },
		{ "cert_file", read_cert_file },
		{ "key_file", read_key_file },
		{ "client_auth_type", read_client_auth },
		{ "client_ca_file", read_client_ca_file },
		{ "client_allowed_sans", read_sans },
		{ "min_version", web_read_min_version },
		{ "max_version", web_read_max_version },
		{ "cipher_suites", web_read_cipher_suites },
		{ "prefer_server_cipher_suites", read_server_order },
		{ "curve_preferences", web_read_curves },
		{ NULL, NULL },
	};
	struct web_reader *r = reader;
	struct web_tls *tls = arena_alloc(r->arena, sizeof *tls);
	bool good;

	if (!tls || r->web->tls) /* the key stands twice: told already */
		return false;
	r->web->tls = tls;
	tls->web = r->web;
	web_suites_defaults(&tls->suites);
	pthread_mutex_init(&tls->lock, NULL);
	/* What makes no sense alone is not looked at together. */
	good = tree_map(node, keys, r, r->problems);
	if (good) {
		good = settle_clients(r, tls);
		good &= web_suites_settle(r, tls, node);
	}
	return node->kind == NODE_MAP && settle_pair(r, tls, node) && good;
}
