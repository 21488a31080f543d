/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From Go's names of TLS versions, cipher suites and curves to a priority string of GnuTLS. That
 * knows key exchanges, ciphers and MACs, and allows them in every combination; so it is asked what
 * a string comes to, and a set of suites that it would enlarge is refused. TLS 1.3 has no suites of
 * its own there: it takes the ciphers that the others bring.
 */
#include "web_private.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { TLS10, TLS11, TLS12, TLS13, VERSIONS };

static const struct {
	const char *name, *priority;
} versions[VERSIONS] = {
	[TLS10] = { .name = "TLS10", .priority = "VERS-TLS1.0" },
	[TLS11] = { .name = "TLS11", .priority = "VERS-TLS1.1" },
	[TLS12] = { .name = "TLS12", .priority = "VERS-TLS1.2" },
	[TLS13] = { .name = "TLS13", .priority = "VERS-TLS1.3" },
};

/* As in IANA's registry; in the order of preference where none is named. */
static const struct suite {
	const char *name;
	const char *exchange, *cipher, *mac;
	unsigned char id[2];
} suites[] = {
	{ .name = "TLS_AES_128_GCM_SHA256",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-128-GCM",
	    .mac = "AEAD",
	    .id = { 0x13, 0x01 } },
	{ .name = "TLS_AES_256_GCM_SHA384",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-256-GCM",
	    .mac = "AEAD",
	    .id = { 0x13, 0x02 } },
	{ .name = "TLS_CHACHA20_POLY1305_SHA256",
	    .exchange = "ECDHE-RSA",
	    .cipher = "CHACHA20-POLY1305",
	    .mac = "AEAD",
	    .id = { 0x13, 0x03 } },
	{ .name = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
	    .exchange = "ECDHE-ECDSA",
	    .cipher = "AES-128-GCM",
	    .mac = "AEAD",
	    .id = { 0xc0, 0x2b } },
	{ .name = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-128-GCM",
	    .mac = "AEAD",
	    .id = { 0xc0, 0x2f } },
	{ .name = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
	    .exchange = "ECDHE-ECDSA",
	    .cipher = "AES-256-GCM",
	    .mac = "AEAD",
	    .id = { 0xc0, 0x2c } },
	{ .name = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-256-GCM",
	    .mac = "AEAD",
	    .id = { 0xc0, 0x30 } },
	{ .name = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
	    .exchange = "ECDHE-ECDSA",
	    .cipher = "CHACHA20-POLY1305",
	    .mac = "AEAD",
	    .id = { 0xcc, 0xa9 } },
	{ .name = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
	    .exchange = "ECDHE-RSA",
	    .cipher = "CHACHA20-POLY1305",
	    .mac = "AEAD",
	    .id = { 0xcc, 0xa8 } },
	{ .name = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
	    .exchange = "ECDHE-ECDSA",
	    .cipher = "AES-128-CBC",
	    .mac = "SHA1",
	    .id = { 0xc0, 0x09 } },
	{ .name = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-128-CBC",
	    .mac = "SHA1",
	    .id = { 0xc0, 0x13 } },
	{ .name = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
	    .exchange = "ECDHE-ECDSA",
	    .cipher = "AES-256-CBC",
	    .mac = "SHA1",
	    .id = { 0xc0, 0x0a } },
	{ .name = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
	    .exchange = "ECDHE-RSA",
	    .cipher = "AES-256-CBC",
	    .mac = "SHA1",
	    .id = { 0xc0, 0x14 } },
};

static const struct {
	const char *name, *priority;
} curves[CURVES_MAX] = {
	{ .name = "X25519", .priority = "GROUP-X25519" },
	{ .name = "CurveP256", .priority = "GROUP-SECP256R1" },
	{ .name = "CurveP384", .priority = "GROUP-SECP384R1" },
	{ .name = "CurveP521", .priority = "GROUP-SECP521R1" },
};

_Static_assert(COUNT(suites) <= SUITES_MAX, "web_suites has no room for all of them");

void
web_suites_defaults(struct web_suites *s)
{
	*s = (struct web_suites){ .min = TLS12, .max = TLS13, .server_order = true };
}

static const char *
suite_name(size_t row)
{
	return row < COUNT(suites) ? suites[row].name : NULL;
}

static const char *
curve_name(size_t row)
{
	return row < COUNT(curves) ? curves[row].name : NULL;
}

static const char *
version_name(size_t row)
{
	return row < VERSIONS ? versions[row].name : NULL;
}

/* The row that a node names. */
static bool
read_word(
    struct web_reader *r, const struct node *node, const char *(*name)(size_t row), unsigned *row)
{
	struct str choice = str_in(r->arena);
	const char *word;

	if (!tree_text(node, &word, r->problems))
		return false;
	for (size_t i = 0; name(i); i++) {
		if (strcmp(name(i), word) == 0) {
			*row = (unsigned)i;
			return true;
		}
		str_addf(&choice, "%s%s", i > 0 ? ", " : "", name(i));
	}
	return tree_wrong(r->problems, node, "is \"%.80s\": write one of %s", word, str_z(&choice));
}

/* Words that are said again change nothing. */
static bool
read_words(struct web_reader *r, const struct node *node, const char *(*name)(size_t row),
    unsigned *rows, size_t *count)
{
	bool good = true;

	if (node->kind != NODE_LIST)
		return tree_wrong(r->problems, node, "is no list: write - %s", name(0));
	for (const struct node *item = node->first; item; item = item->next) {
		size_t i = 0;
		unsigned row;

		if (!read_word(r, item, name, &row)) {
			good = false;
			continue;
		}
		while (i < *count && rows[i] != row)
			i++;
		rows[i] = row;
		*count += i == *count;
	}
	return good;
}

bool
web_read_min_version(void *reader, const struct node *node)
{
	struct web_reader *r = reader;
	struct web_suites *s = &r->web->tls->suites;

	s->min_node = node;
	return read_word(r, node, version_name, &s->min);
}

bool
web_read_max_version(void *reader, const struct node *node)
{
	struct web_reader *r = reader;
	struct web_suites *s = &r->web->tls->suites;

	s->max_node = node;
	return read_word(r, node, version_name, &s->max);
}

bool
web_read_cipher_suites(void *reader, const struct node *node)
{
	struct web_reader *r = reader;
	struct web_suites *s = &r->web->tls->suites;

	s->suites_node = node;
	return read_words(r, node, suite_name, s->suites, &s->suite_count);
}

bool
web_read_curves(void *reader, const struct node *node)
{
	struct web_reader *r = reader;
	struct web_suites *s = &r->web->tls->suites;

	s->curves_node = node;
	return read_words(r, node, curve_name, s->curves, &s->curve_count);
}

static void
add_once(struct str *priorities, const char *word)
{
	slice all = str_slice(priorities), one;
	bool there = false;

	while (all.at) {
		one = slice_cut(&all, ':');
		there |= one.n > 0 && slice_eq(slice_skip(one, 1), slice_z(word));
	}
	if (!there)
		str_addf(priorities, ":+%s", word);
}

static bool
is_tls13(const struct suite *suite)
{
	return suite->id[0] == 0x13;
}

/*
 * TLS 1.3's own suites count where there is no older version. Where there is, a cipher that only
 * they have would come to the older versions too.
 */
static bool
counts(const struct web_suites *s, const struct suite *suite)
{
	return s->min == TLS13 || !is_tls13(suite);
}

/*
 * What an empty list means, and what a list of TLS 1.3's suites alone does: no older version. False
 * with a problem.
 */
static bool
settle_list(struct web_reader *r, struct web_suites *s, const struct node *node)
{
	bool old = false, new = false;

	if (s->min > s->max)
		return tree_wrong(r->problems, s->min_node ? s->min_node : s->max_node,
		    "%s up to %s is no version at all", versions[s->min].name,
		    versions[s->max].name);
	if (s->suite_count == 0)
		for (; s->suite_count < COUNT(suites); s->suite_count++)
			s->suites[s->suite_count] = (unsigned)s->suite_count;
	for (size_t i = 0; i < s->suite_count; i++)
		old |= !is_tls13(&suites[s->suites[i]]);
	if (!old && s->max < TLS13)
		return tree_wrong(r->problems, s->suites_node ? s->suites_node : node,
		    "has suites of TLS 1.3 only, which max_version leaves out");
	if (!old)
		s->min = TLS13;
	for (size_t i = 0; i < s->suite_count; i++)
		new |= counts(s, &suites[s->suites[i]])
		    && strcmp(suites[s->suites[i]].mac, "AEAD") == 0;
	if (!new && s->max == TLS13)
		return tree_wrong(r->problems, s->suites_node,
		    "TLS 1.3 needs a cipher of theirs with GCM or CHACHA20: name one, or write "
		    "max_version: TLS12");
	return true;
}

static void
add_suites(struct str *priorities, const struct web_suites *s)
{
	str_addz(priorities, ":-KX-ALL:-CIPHER-ALL:-MAC-ALL");
	for (size_t i = 0; i < s->suite_count; i++) {
		const struct suite *suite = &suites[s->suites[i]];

		if (!counts(s, suite))
			continue;
		add_once(priorities, suite->exchange);
		add_once(priorities, suite->cipher);
		add_once(priorities, suite->mac);
	}
}

static const char *
compose(struct web_reader *r, const struct web_suites *s)
{
	struct str priorities = str_in(r->arena);

	str_addz(&priorities, "NORMAL:-VERS-ALL");
	for (unsigned version = s->max + 1; version-- > s->min;)
		add_once(&priorities, versions[version].priority);
	add_suites(&priorities, s);
	if (s->curve_count > 0)
		str_addz(&priorities, ":-GROUP-ALL");
	for (size_t i = 0; i < s->curve_count; i++)
		add_once(&priorities, curves[s->curves[i]].priority);
	if (s->server_order)
		str_addz(&priorities, ":%SERVER_PRECEDENCE");
	return str_z(&priorities);
}

static const struct suite *
suite_of(const unsigned char *id)
{
	for (size_t i = 0; i < COUNT(suites); i++)
		if (memcmp(suites[i].id, id, sizeof suites[i].id) == 0)
			return &suites[i];
	return NULL;
}

static bool
named(const struct web_suites *s, const struct suite *suite)
{
	for (size_t i = 0; i < s->suite_count; i++)
		if (suite == &suites[s->suites[i]])
			return true;
	return false;
}

/* What GnuTLS would allow, against what is named. */
static bool
compare(struct web_reader *r, const struct web_tls *tls, const struct node *node)
{
	const struct web_suites *s = &tls->suites;
	struct str more = str_in(r->arena);
	unsigned index;
	bool old = false;
	int status;

	for (unsigned i = 0;
	     (status = gnutls_priority_get_cipher_suite_index(tls->priority, i, &index))
	     != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	     i++) {
		unsigned char id[2];
		gnutls_protocol_t version;
		const char *name;
		const struct suite *suite;

		if (status < 0
		    || !(name = gnutls_cipher_suite_info(index, id, NULL, NULL, NULL, &version)))
			continue;
		suite = suite_of(id);
		old |= version != GNUTLS_TLS1_3;
		if (version != GNUTLS_TLS1_3 && (!suite || !named(s, suite)))
			str_addf(&more, "%s%s", more.n > 0 ? ", " : "", suite ? suite->name : name);
	}
	if (s->min < TLS13 && more.n > 0)
		return tree_wrong(r->problems, node,
		    "GnuTLS combines what they are made of, and would allow %s as well: name it "
		    "too, or fewer",
		    str_z(&more));
	if (s->min < TLS13 && !old)
		return tree_wrong(r->problems, node, "none of them goes with these versions");
	return true;
}

bool
web_suites_settle(struct web_reader *r, struct web_tls *tls, const struct node *node)
{
	struct web_suites *s = &tls->suites;

	if (!settle_list(r, s, node))
		return false;
	tls->priorities = compose(r, s);
	if (gnutls_priority_init(&tls->priority, tls->priorities, NULL) < 0) {
		tls->priority = NULL;
		return tree_wrong(r->problems, node, "GnuTLS does not take %s", tls->priorities);
	}
	return compare(r, tls, s->suites_node ? s->suites_node : node);
}
