/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the common options mean together. Each check has one sentence for the person who wrote the
 * options, naming the option and what to write instead. Combinations in which one option would be
 * without effect are refused: whoever writes --ca-file beside --insecure believes to be verifying.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>

#include "file.h"
#include "opts_value.h"
#include "probe_opts.h"
#include "sasl.h"

/* RFC 1035 section 2.3.4, in the form without the root's dot. */
enum { NAME_LIMIT = 253, LABEL_LIMIT = 63 };

struct completion {
	struct probe_opts *opts;
	struct arena *arena;
	enum cause cause;
	struct str *error;
};

static bool
wrong(struct completion *c, slice what)
{
	str_add(c->error, what);
	c->cause = CAUSE_USAGE;
	return false;
}

static bool
wrong_value(struct completion *c, const char *option, slice value, const char *what)
{
	str_addf(c->error, "%s: ", option);
	opts_quote(c->error, value);
	str_addf(c->error, " %s", what);
	c->cause = CAUSE_USAGE;
	return false;
}

/* What an unset macro of the monitoring system leaves behind. */
static bool
none_empty(struct completion *c)
{
	for (size_t i = 0; i < common_option_count; i++) {
		const struct opt *opt = &common_options[i];
		const char *value;

		if (opt->kind != OPT_KIND_STRING)
			continue;
		value = *(const char **)((char *)c->opts + opt->at);
		if (value && !*value)
			return wrong(c,
			    str_f(c->arena, "--%s: is empty: write %s, or leave the option out",
			        opt->name, opt->arg));
	}
	return true;
}

/* FAMILY_4 or _6 for an address, FAMILY_ANY for what is none. */
static enum family
address_family(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char plain[INET6_ADDRSTRLEN + 1];
	size_t n = strcspn(text, "%");

	if (inet_pton(AF_INET, text, bytes) == 1)
		return FAMILY_4;
	if (n >= sizeof plain)
		return FAMILY_ANY;
	memcpy(plain, text, n);
	plain[n] = '\0';
	return inet_pton(AF_INET6, plain, bytes) == 1 ? FAMILY_6 : FAMILY_ANY;
}

static bool
name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	    || c == '-' || c == '_';
}

/* Why `name` cannot be looked up, or NULL. Underscores are no host's (RFC 952), and yet in use. */
static const char *
name_error(slice name)
{
	slice rest = name, label = { NULL, 0 };
	uint64_t number;

	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.at[i] > 0x7e)
			return "is not ASCII: write the A-label form of the name (xn--...)";
	if (name.n > 0 && name.at[name.n - 1] == '.')
		rest.n--;
	if (rest.n > NAME_LIMIT || rest.n == 0)
		return "is not a host name: it must have 1 to 253 characters";
	if (slice_find(name, S(":")) < name.n || slice_find(name, S("/")) < name.n)
		return "is not a host name: write the name or address alone, and the port with -p";
	while (rest.at) {
		label = slice_cut(&rest, '.');
		if (label.n == 0 || label.n > LABEL_LIMIT || label.at[0] == '-')
			return "is not a host name: write one like mail.example.org, or an address";
		for (size_t i = 0; i < label.n; i++)
			if (!name_character(label.at[i]))
				return "is not a host name: write one like mail.example.org, or an "
				       "address";
	}
	if (slice_number(label, UINT64_MAX, &number))
		return "is not an IPv4 address: write four numbers from 0 to 255";
	return NULL;
}

/* The zone of "fe80::1%eth0" must be an interface of this machine. */
static bool
zone_known(struct completion *c, const char *option, slice text)
{
	const char *zone = strchr(text.at, '%');

	/* What stands behind a colon would be an alias, which the kernel passes over. */
	return !zone || (!strchr(zone, ':') && if_nametoindex(zone + 1) > 0)
	    || wrong_value(
	        c, option, text, "names a network interface that this machine does not have");
}

/* "[2001:db8::1]", "192.0.2.1" or a name, in place; `literal` where a name will not do. */
static bool
host(struct completion *c, const char *option, const char **field, bool literal)
{
	slice text = slice_z(*field);
	const char *why;

	if (!text.at)
		return true;
	if (text.n > 2 && text.at[0] == '[' && text.at[text.n - 1] == ']') {
		const char *inner = arena_copy(c->arena, (slice){ text.at + 1, text.n - 2 }).at;

		if (!inner || address_family(inner) != FAMILY_6)
			return wrong_value(c, option, text, "is not an IPv6 address in brackets");
		*field = inner;
		return zone_known(c, option, slice_z(inner));
	}
	if (address_family(*field) != FAMILY_ANY)
		return zone_known(c, option, text);
	if (literal)
		return wrong_value(
		    c, option, text, "is not an address: write an IPv4 or IPv6 address");
	why = name_error(text);
	return !why || wrong_value(c, option, text, why);
}

static bool
one_family(struct completion *c, const char *option, const char *address)
{
	enum family family = address ? address_family(address) : FAMILY_ANY;
	const char *wanted = c->opts->family == FAMILY_4 ? "-4" : "-6";

	if (c->opts->family == FAMILY_ANY || family == FAMILY_ANY || family == c->opts->family)
		return true;
	return wrong(c,
	    str_f(c->arena, "%s: the address of %s is IPv%d: leave out %s", wanted, option,
	        family == FAMILY_4 ? 4 : 6, wanted));
}

static bool
resolver(struct completion *c)
{
	slice rest = slice_z(c->opts->resolver), address, copy;
	uint64_t port = 0;

	if (!rest.at)
		return true;
	address = slice_cut(&rest, '@');
	copy = arena_copy(c->arena, address);
	if (!copy.at || slice_find(address, S("%")) < address.n
	    || address_family(copy.at) == FAMILY_ANY
	    || (rest.at && (!slice_number(rest, UINT16_MAX, &port) || port == 0)))
		return wrong_value(c, "--resolver", slice_z(c->opts->resolver),
		    "is not an address: write one like 192.0.2.53 or 2001:db8::53@5353");
	return true;
}

static bool
where(struct completion *c)
{
	struct probe_opts *o = c->opts;
	const char *peer;

	if (!host(c, "-H", &o->host, false) || !host(c, "-I", &o->address, false)
	    || !host(c, "--server-name", &o->server_name, false)
	    || !host(c, "--source-address", &o->source_address, true) || !resolver(c))
		return false;
	if (!o->host)
		o->host = o->address;
	if (!o->host)
		return wrong(c, S("-H is required: write -H HOST, the server's name or address"));
	peer = o->address ? o->address : o->host;
	if (!one_family(c, o->address ? "-I" : "-H", peer)
	    || !one_family(c, "--source-address", o->source_address))
		return false;
	if (o->source_address && address_family(peer) != FAMILY_ANY
	    && address_family(peer) != address_family(o->source_address))
		return wrong_value(c, "--source-address", slice_z(o->source_address),
		    "is not of the family of the server's address: write one that is");
	return true;
}

bool
probe_opts_aim(struct probe_opts *opts, const char *host, unsigned port, struct arena *arena,
    struct str *error)
{
	struct completion c = { .opts = opts, .arena = arena, .error = error };

	opts->host = host;
	if (port > 0) {
		opts->port.number = (uint16_t)port;
		opts->tls = opts->tls_asked;
		if (!probe_opts_transport(
		        opts, opts->own_port, opts->own_tls_port, &c.cause, error))
			return false;
	}
	return where(&c);
}

static bool
until(struct completion *c)
{
	const char *probe = c->opts->thresholds.probe;
	struct str what = str_in(c->arena);
	struct lap lap;

	if (!c->opts->until || lap_called(probe, slice_z(c->opts->until), &lap))
		return true;
	str_addz(&what, "is not a phase: write one of ");
	phase_names(&what, probe, ", ");
	return wrong_value(c, "--until", slice_z(c->opts->until), str_z(&what));
}

static bool
thresholds(struct completion *c, const struct list *list, enum state state)
{
	for (size_t i = 0; i < list->n; i++)
		if (!thresholds_add(
		        &c->opts->thresholds, c->arena, list->items[i], state, c->error)) {
			c->cause = CAUSE_USAGE;
			return false;
		}
	return true;
}

static bool
capabilities(struct completion *c)
{
	const struct probe_opts *o = c->opts;

	for (size_t i = 0; i < o->require.n; i++)
		for (size_t j = 0; j < o->forbid.n; j++)
			if (slice_eqi(o->require.items[i], o->forbid.items[j]))
				return wrong_value(c, "--forbid", o->forbid.items[j],
				    "is also in --require: leave out one of them");
	return true;
}

static void
find_file(struct completion *c, const char **path)
{
	if (*path)
		*path = file_path(c->arena, *path);
}

static bool
tls(struct completion *c)
{
	struct probe_opts *o = c->opts;
	const char *unused = o->ca_file ? "--ca-file"
	    : o->ca_path                ? "--ca-path"
	    : o->crl_file               ? "--crl-file"
	    : o->dane                   ? "--dane"
	                                : NULL;

	if (o->insecure && unused)
		return wrong(c,
		    str_f(c->arena,
		        "--insecure and %s: nothing is verified with "
		        "--insecure: leave out one of them",
		        unused));
	if (o->tls_min && o->tls_max && o->tls_min > o->tls_max)
		return wrong(c, S("--tls-min: is above --tls-max: write a lower version"));
	if (o->client_key && !o->client_cert)
		return wrong(c,
		    S("--client-key: there is no certificate for it: write "
		      "--client-cert=FILE too"));
	if (!o->client_key)
		o->client_key = o->client_cert;
	find_file(c, &o->ca_file);
	find_file(c, &o->crl_file);
	find_file(c, &o->dnssec_anchor);
	find_file(c, &o->client_cert);
	find_file(c, &o->client_key);
	return true;
}

static bool
one_credential(struct completion *c)
{
	const struct probe_opts *o = c->opts;
	const struct {
		const char *option, *value;
	} sources[] = {
		{ "--password", o->password },
		{ "--password-file", o->password_file },
		{ "--password-env", o->password_env },
		{ "--token-file", o->token_file },
		{ "--oauth-endpoint", o->oauth_endpoint },
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		if (!sources[i].value)
			continue;
		if (first)
			return wrong(c,
			    str_f(c->arena, "%s and %s: write one of them only", first,
			        sources[i].option));
		first = sources[i].option;
	}
	return true;
}

static bool
secret_file(struct completion *c, const char *option, const char *path, const char **secret)
{
	if (!path)
		return true;
	str_addf(c->error, "%s: ", option);
	c->cause = CAUSE_LOCAL;
	if (!file_secret(c->arena, path, secret, c->error))
		return false;
	*c->error = str_in(c->error->arena);
	return true;
}

static bool
secrets(struct completion *c)
{
	struct probe_opts *o = c->opts;
	const char *value;

	if (!one_credential(c) || !probe_opts_oauth(o, c->arena, &c->cause, c->error)
	    || !secret_file(c, "--oauth-client-secret-file", o->oauth_client_secret_file,
	        &o->oauth_client_secret)
	    || !secret_file(c, "--oauth-refresh-token-file", o->oauth_refresh_token_file,
	        &o->oauth_refresh_token)
	    || !secret_file(c, "--password-file", o->password_file, &o->password)
	    || !secret_file(c, "--token-file", o->token_file, &o->token))
		return false;
	if (!o->password_env)
		return true;
	value = getenv(o->password_env);
	if (!value || !*value)
		return wrong_value(c, "--password-env", slice_z(o->password_env),
		    value ? "is empty in the environment: put the password into it"
		          : "is not in the environment: write the name of a variable that is");
	for (const char *at = value; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return wrong_value(c, "--password-env", slice_z(o->password_env),
			    "has a control character in it: put the bare password into it");
	o->password = arena_copy(c->arena, slice_z(value)).at;
	return true;
}

static bool
auth_word(const struct probe_opts *o, slice name)
{
	for (const char *const *word = o->auth_words; word && *word; word++)
		if (slice_eqi(name, slice_z(*word)))
			return true;
	return false;
}

static bool
known_mechanisms(struct completion *c)
{
	const struct probe_opts *o = c->opts;
	struct str what = str_in(c->arena);

	for (size_t i = 0; i < o->auth.n; i++) {
		if (sasl_mechanism(o->auth.items[i]) || auth_word(o, o->auth.items[i]))
			continue;
		str_addz(&what, "is not a mechanism that we speak: write one of");
		for (const struct sasl_mechanism *m = sasl_mechanisms; m->name; m++)
			str_addf(&what, "%s %s", m == sasl_mechanisms ? "" : ",", m->name);
		for (const char *const *word = o->auth_words; word && *word; word++)
			str_addf(&what, ", %s", *word);
		return wrong_value(c, "--auth", o->auth.items[i], str_z(&what));
	}
	return true;
}

static bool
fits(const struct probe_opts *o, const struct sasl_mechanism *m)
{
	return (m->password && o->password) || (m->token && (o->token || o->oauth_endpoint))
	    || (m->certificate && o->client_cert);
}

/*
 * Whether a login is possible by the mechanisms that --auth allows, and in `user` whether each of
 * those that are possible needs a name or some does.
 */
static bool
possible(const struct probe_opts *o, bool *user)
{
	bool any = false;

	for (const struct sasl_mechanism *m = sasl_mechanisms; m->name; m++) {
		bool allowed = o->auth.n == 0;

		for (size_t i = 0; i < o->auth.n; i++)
			allowed |= slice_eqi(o->auth.items[i], slice_z(m->name));
		if (allowed && fits(o, m)) {
			any = true;
			*user |= m->user;
		}
	}
	for (size_t i = 0; i < o->auth.n; i++)
		if (o->password && auth_word(o, o->auth.items[i]))
			any = *user = true;
	return any;
}

static bool
login(struct completion *c)
{
	const struct probe_opts *o = c->opts;
	bool user = false, credential = o->password || o->token || o->oauth_endpoint;
	bool any;

	if (!known_mechanisms(c))
		return false;
	any = possible(o, &user);
	if (o->auth.n > 0 && !any)
		return wrong(c,
		    S("--auth: none of these mechanisms works with what was given: "
		      "PLAIN and the like need --password-file, OAUTHBEARER and "
		      "XOAUTH2 --token-file or --oauth-endpoint, EXTERNAL --client-cert"));
	if (credential && user && !o->user)
		return wrong(c, S("-U is required with a password or token: write -U USER"));
	if (o->user && !credential && !probe_opts_login(o))
		return wrong(c, S("-U: there is no password for it: write --password-file=FILE"));
	return true;
}

bool
probe_opts_complete(
    struct probe_opts *opts, struct arena *arena, enum cause *cause, struct str *error)
{
	struct completion c = {
		.opts = opts, .arena = arena, .cause = CAUSE_USAGE, .error = error
	};
	bool good = none_empty(&c) && (opts->sides || where(&c)) && until(&c)
	    && thresholds(&c, &opts->warning, STATE_WARNING)
	    && thresholds(&c, &opts->critical, STATE_CRITICAL) && capabilities(&c) && tls(&c)
	    && secrets(&c) && login(&c);

	if (good && arena_failed(arena)) {
		str_addz(error, "there is no memory for the options");
		c.cause = CAUSE_LOCAL;
		good = false;
	}
	if (!good)
		*cause = c.cause;
	return good;
}
